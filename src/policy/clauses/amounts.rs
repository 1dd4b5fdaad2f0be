//! How much a clause gives: `accrual`, `installments`, `rounding`, and whether there is an amount where there should be.

use super::{BAD_CHOICE, MISSING_AMOUNT, NO_AMOUNT, NOT_OF_FIGURES, Reader};
use crate::clause::kind::Measures;
use crate::clause::{Accrual, Installment, RoundingRule};
use crate::diagnostic::did_you_mean;
use crate::document::Item;
use crate::expr::check::Wanted;
use crate::expr::function::months_type;
use crate::expr::lexer::figure_of;
use crate::expr::measure::{Measure, Measured};
use crate::expr::program::Node;
use crate::expr::types::Type;
use crate::lang::Text;
use crate::policy::{keys, read_figure};
use crate::value::Number;
use crate::value::number::Rounding;

impl Reader<'_> {
    pub(super) fn amount_fits(&mut self, measures: Measures) {
        let amount = self.table.get("amount").or(self.table.get("installments"));
        match (measures, amount) {
            (Measures::Nothing, Some(item)) => {
                self.diagnostics.push(NO_AMOUNT.at(item.span.clone(), Text::default()));
            }
            (Measures::Money | Measures::Anything | Measures::Figure, None) => {
                let help = Text::new(
                    "写明 `amount` 或 `installments`；没有金额的条款写 `kind`（service、discretion、principle…）",
                    "give `amount` or `installments`; a clause without one has a `kind` (service, discretion, principle…)",
                );
                self.diagnostics.push(MISSING_AMOUNT.at(self.table.head(), Text::default()).help(help));
            }
            _ => {}
        }
        if let (Some(_), Some(item)) = (self.table.get("installments"), self.table.get("amount")) {
            let label = Text::new("金额由各期相加，不再另写", "the parts give the amount; leave this out");
            self.diagnostics.push(NO_AMOUNT.at(item.span.clone(), label));
        }
    }

    /// What only goes with money that is paid is refused of a figure, and `signed` of everything else. Gives whether it is signed.
    pub(super) fn figure_fits(&mut self, measures: Measures) -> bool {
        let table = self.table;
        let signed = table.get("signed");
        if measures != Measures::Figure {
            if let Some(item) = signed {
                let label = Text::new("只用于 kind = \"figure\"", "this is for kind = \"figure\"");
                self.diagnostics.push(BAD_CHOICE.at(item.span.clone(), label));
            }
            return false;
        }
        for key in ["category", "accrual", "installments", "limits", "instead_of", "used"] {
            let Some(item) = table.get(key) else { continue };
            let help = Text::made(
                format!("去掉 `{key}`；要发放的写 kind = \"grant\""),
                format!("leave `{key}` out; what is paid is of kind = \"grant\""),
            );
            self.diagnostics.push(NOT_OF_FIGURES.at(item.span.clone(), Text::default()).help(help));
        }
        signed.and_then(|item| item.bool(self.diagnostics)).unwrap_or(false)
    }

    pub(super) fn accrual(&mut self) -> Option<Accrual> {
        let table = self.table;
        let table = table.get("accrual")?.table(self.diagnostics)?;
        table.only(&keys::ACCRUAL.names(), self.diagnostics);
        let per = table.need("per", self.diagnostics)?;
        let yearly = match per.text(self.diagnostics)? {
            "month" => false,
            "year" => true,
            other => {
                let help = did_you_mean(other, ["month", "year"]);
                self.diagnostics.push(BAD_CHOICE.at(per.span.clone(), Text::default()).help(help));
                return None;
            }
        };
        table.need("from", self.diagnostics)?;
        let date = Wanted::Exactly(Type::Date);
        let from = self.of(table, "from", &date);
        let until = self.of(table, "until", &date);
        let at_most = self.of(table, "at_most", &Wanted::Exactly(months_type()));
        let choice = self.names.enum_places.get("part_periods").map(|place| Wanted::Exactly(Type::Enum(*place)));
        let part = choice.and_then(|choice| self.of(table, "part", &choice));
        let counts_from = self.of(table, "counts_from", &date);
        let counts_until = self.of(table, "counts_until", &date);
        Some(Accrual { yearly, from: from?, until, at_most, part, counts_from, counts_until })
    }

    pub(super) fn installments(&mut self) -> Vec<Installment> {
        let table = self.table;
        let Some(item) = table.get("installments") else { return Vec::new() };
        let items = item.array(self.diagnostics).unwrap_or_default();
        items.iter().filter_map(|item| self.installment(item)).collect()
    }

    fn installment(&mut self, item: &Item) -> Option<Installment> {
        let table = item.table(self.diagnostics)?;
        table.only(&keys::INSTALLMENT.names(), self.diagnostics);
        let id = table.need_text("id", self.diagnostics).map(str::to_owned);
        let text = table.own_words(self.diagnostics);
        table.need("amount", self.diagnostics);
        table.need("due", self.diagnostics);
        let amount = self.of(table, "amount", &Wanted::Exactly(self.names.money.ty()));
        let due = self.of(table, "due", &Wanted::Exactly(Type::Date));
        Some(Installment { id: id?, amount: amount?, due: due?, text: text? })
    }

    /// The unit in which amounts are told: the one that all of them are written in, or else base units.
    pub(super) fn measure(&self, amounts: [&Option<Node>; 4], installments: &[Installment]) -> Option<Measure> {
        let money = || Measure::base(&self.names.money.unit(), self.names);
        let mut measures = amounts.into_iter().flatten().filter(|node| node.measured != Measured::Any);
        let Some(first) = measures.next() else {
            let nothing = amounts.into_iter().flatten().next();
            return nothing
                .map_or_else(|| (!installments.is_empty()).then(money), |nothing| nothing.measure(self.names));
        };
        let same = measures.all(|other| other.measured == first.measured);
        let Type::Quantity(unit) = &first.ty else { return None };
        if same && first.measured != Measured::Several {
            return first.measure(self.names);
        }
        // A share that is a pure number is told in percent, of which two places say enough.
        let percent = || figure_of("1%").and_then(|percent| self.names.measure(&percent));
        Some(if unit.is_none() { percent() } else { None }.unwrap_or_else(|| Measure::base(unit, self.names)))
    }

    /// How money is rounded; of a share or a term there is no smallest coin.
    pub(super) fn rounding(&mut self, amount: Option<&Node>) -> Option<RoundingRule> {
        let to = self.names.money.coin;
        let mut rule = RoundingRule { to, direction: Rounding::HalfUp };
        let table = self.table;
        let Some(item) = table.get("rounding") else {
            return amount.is_none_or(|amount| amount.ty == self.names.money.ty()).then_some(rule);
        };
        let Some(table) = item.table(self.diagnostics) else { return Some(rule) };
        table.only(&keys::ROUNDING.names(), self.diagnostics);
        if let Some(item) = table.get("to") {
            match read_figure(item, &self.names.money.unit(), self.names, self.diagnostics) {
                Some(step) if step > Number::ZERO && step.divide(to).is_some_and(Number::is_whole) => rule.to = step,
                Some(step) if step > Number::ZERO => {
                    let coin = self.names.money_told(to);
                    let label = Text::made(
                        format!("应为{}的整倍数，那是能发的最小金额", coin.zh),
                        format!("a multiple of {} is wanted, the smallest amount that can be paid", coin.en),
                    );
                    self.diagnostics.push(BAD_CHOICE.at(item.span.clone(), label));
                }
                Some(_) => {
                    let label = Text::new("应大于 0", "it must be above 0");
                    self.diagnostics.push(BAD_CHOICE.at(item.span.clone(), label));
                }
                None => {}
            }
        }
        if let Some(item) = table.get("direction") {
            match item.text(self.diagnostics) {
                Some("half_up") => rule.direction = Rounding::HalfUp,
                Some("up") => rule.direction = Rounding::Up,
                Some("down") => rule.direction = Rounding::Down,
                Some(other) => {
                    let help = did_you_mean(other, ["half_up", "up", "down"]);
                    self.diagnostics.push(BAD_CHOICE.at(item.span.clone(), Text::default()).help(help));
                }
                None => {}
            }
        }
        Some(rule)
    }
}
