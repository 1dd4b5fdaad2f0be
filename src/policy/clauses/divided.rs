//! `parts`: who bears how much of what a clause awards, or how much of it is of which calendar year.

use super::{BAD_CHOICE, BAD_PARTS, Reader};
use crate::clause::kind::Measures;
use crate::clause::{Part, Parts, PartsOf, YEAR};
use crate::diagnostic::did_you_mean;
use crate::document::{Entry, Item};
use crate::expr::check::Wanted;
use crate::expr::program::{Node, Op};
use crate::expr::types::Type;
use crate::lang::Text;
use crate::policy::keys;
use crate::source::Span;
use crate::value::{Number, Unit, Value};

impl Reader<'_> {
    /// The parts of what the clause awards.
    pub(super) fn divided(&mut self, measures: Measures) -> Vec<Parts> {
        let Some(item) = self.table.get("parts") else { return Vec::new() };
        if measures != Measures::Money {
            let label = Text::new("只有发放的金额才分担", "only money that is paid is divided");
            self.diagnostics.push(BAD_PARTS.at(item.span.clone(), label));
            return Vec::new();
        }
        let entries = self.entries("parts");
        entries
            .iter()
            .filter_map(|entry| if entry.key == YEAR { self.years(entry) } else { self.words(entry) })
            .collect()
    }

    fn years(&mut self, entry: &Entry) -> Option<Parts> {
        let table = entry.item.table(self.diagnostics)?;
        table.only(&keys::YEARS.names(), self.diagnostics);
        table.need("from", self.diagnostics);
        table.need("until", self.diagnostics);
        let monthly = self.one_of(table, "per", &["day", "month"]) == Some("month");
        let date = Wanted::Exactly(Type::Date);
        let span = (self.of(table, "from", &date)?, self.of(table, "until", &date)?);
        let label = Text::new("按年", "by year");
        Some(Parts { by: YEAR.to_owned(), label, of: PartsOf::Years(Box::new(span), monthly) })
    }

    fn words(&mut self, entry: &Entry) -> Option<Parts> {
        let names = self.names;
        let Some(declared) = names.enum_places.get(&entry.key).and_then(|place| names.enums.get(*place)) else {
            let known = names.enum_places.keys().map(String::as_str).chain([YEAR]);
            let help = did_you_mean(&entry.key, known).unwrap_or_else(|| {
                Text::new(
                    "先在 `[enums]` 里写明有谁分担；按年分的写 `parts.year`",
                    "declare in `[enums]` who they are; calendar years are `parts.year`",
                )
            });
            let label = Text::new("没有这组选项", "there is no such enum");
            self.diagnostics.push(BAD_PARTS.at(entry.key_span.clone(), label).help(Some(help)));
            return None;
        };
        let items = entry.item.array(self.diagnostics)?;
        let before = self.diagnostics.len();
        let mut parts: Vec<Part> = Vec::new();
        for item in items {
            let Some((part, span)) = self.part(item, &declared.words) else { continue };
            if parts.iter().any(|other| other.word == part.word) {
                self.bad(&span, Text::new("写了两次", "it is named before"), None);
            }
            parts.push(part);
        }
        if self.diagnostics.len() == before {
            self.add_up(&entry.item, &parts);
        }
        Some(Parts { by: entry.key.clone(), label: declared.label.clone(), of: PartsOf::Words(parts) })
    }

    fn part(&mut self, item: &Item, words: &[(String, Text)]) -> Option<(Part, Span)> {
        let table = item.table(self.diagnostics)?;
        table.only(&keys::PART.names(), self.diagnostics);
        let named = table.need("of", self.diagnostics)?;
        let word = named.text(self.diagnostics)?;
        let Some((word, label)) = words.iter().find(|(known, _)| known == word) else {
            let help = did_you_mean(word, words.iter().map(|(known, _)| known.as_str()));
            self.diagnostics.push(BAD_CHOICE.at(named.span.clone(), Text::default()).help(help));
            return None;
        };
        let share = self.of(table, "share", &Wanted::Exactly(Type::Quantity(Unit::none())));
        let at_most = self.of(table, "at_most", &Wanted::Exactly(self.names.money.ty()));
        let rest = table.get("rest").and_then(|item| item.bool(self.diagnostics)).unwrap_or(false);
        if rest && let Some(cap) = table.get("at_most") {
            let label = Text::new("其余全归它，不能再有上限", "it takes whatever is left, so it has no cap");
            self.bad(&cap.span, label, None);
        }
        if !rest && table.get("share").is_none() && table.get("at_most").is_none() {
            let label = Text::new("没有写分多少", "how much it takes is missing");
            let help = Text::new(
                "写 `share`（占几成）或 `at_most`（依次，至多多少）；其余全归它的写 `rest = true`",
                "give `share` (how much of the whole), `at_most` (in turn, so much at most), or `rest = true` for what the others leave",
            );
            self.bad(&item.span, label, Some(help));
        }
        Some((Part { word: word.clone(), label: label.clone(), share, at_most, rest }, named.span.clone()))
    }

    /// One takes what is left, and shares that are figures are no more than the whole.
    fn add_up(&mut self, item: &Item, parts: &[Part]) {
        if parts.iter().filter(|part| part.rest).count() != 1 {
            let label = Text::new("要有一方、也只有一方承担其余", "one of them, and only one, takes what is left");
            let help = Text::new(
                "给它写 `rest = true`：其他各方分剩的都归它",
                "write `rest = true` for it: whatever the caps of the others leave is its own",
            );
            self.bad(&item.span, label, Some(help));
            return;
        }
        let figures: Vec<Option<Number>> = parts.iter().filter_map(|part| part.share.as_ref()).map(figure).collect();
        let sum = figures.iter().flatten().try_fold(Number::ZERO, |sum, share| sum.plus(*share));
        let whole = figures.len() == parts.len() && figures.iter().all(Option::is_some);
        let negative = figures.iter().flatten().any(|share| share.is_negative());
        if negative || sum.is_none_or(|sum| sum > Number::ONE || whole && sum != Number::ONE) {
            let label = Text::new("各方所占之和应为100%", "the shares must add up to 100%");
            self.bad(&item.span, label, None);
        }
    }

    fn bad(&mut self, span: &Span, label: Text, help: Option<Text>) {
        self.diagnostics.push(BAD_PARTS.at(span.clone(), label).help(help));
    }
}

/// A figure that stands there as it is.
fn figure(node: &Node) -> Option<Number> {
    match &node.op {
        Op::Constant(Value::Quantity(range), _) => range.as_point(),
        _ => None,
    }
}
