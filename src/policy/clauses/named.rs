//! What only a clause's own expressions may name: `table`, `scale`, `let`.

use std::collections::BTreeSet;

use super::{BAD_CHOICE, BAD_SCALE, Reader, SHADOWS};
use crate::clause::Let;
use crate::diagnostic::did_you_mean;
use crate::document::{Entry, Raw, Table};
use crate::expr::check::{KnownLet, Wanted, depth};
use crate::expr::lexer::figure_of;
use crate::expr::measure::Measure;
use crate::expr::program::{Node, Op, Scale, Table as Lookup, Threshold};
use crate::expr::types::Type;
use crate::lang::Text;
use crate::policy::declare::check_name;
use crate::policy::keys;
use crate::source::Span;
use crate::value::{Day, Number, Unit};

impl Reader<'_> {
    pub(super) fn tables(&mut self) {
        for entry in self.entries("table") {
            check_name(&entry.key, &entry.key_span, self.diagnostics);
            self.hides(entry);
            let by_day = match &entry.item.value {
                Raw::Table(table) => self.by_day(&entry.key, table),
                _ => None,
            };
            let read = match by_day {
                Some(values) => values.map(|values| self.scope.by_day.push((entry.key.clone(), values))),
                None => self
                    .versions_of(entry, |reader, table, first| reader.table(&entry.key, table, first))
                    .map(|found| self.scope.tables.push(found)),
            };
            if read.is_none() {
                self.scope.faulty.insert(entry.key.clone());
            }
        }
    }

    fn table(&mut self, name: &str, table: &Table, first: Option<&Lookup>) -> Option<Lookup> {
        let mut cells: Vec<(String, Node)> = Vec::new();
        let mut ty = first.map(|first| first.ty.clone());
        for cell in table.entries() {
            // The first cell decides the type of all.
            let wanted = ty.clone().map_or(Wanted::Anything, Wanted::Exactly);
            let node = self.over_time(&cell.item, &wanted);
            ty = ty.or_else(|| node.as_ref().map(|node| node.ty.clone()));
            cells.extend(node.map(|node| (cell.key.clone(), node)));
        }
        let whole = cells.len() == table.entries().len();
        ty.filter(|_| whole).map(|ty| Lookup { name: name.to_owned(), cells, ty })
    }

    pub(super) fn scales(&mut self) {
        for entry in self.entries("scale") {
            check_name(&entry.key, &entry.key_span, self.diagnostics);
            self.hides(entry);
            match self.versions_of(entry, |reader, table, first| reader.scale(&entry.key, table, first)) {
                Some(found) => self.scope.scales.push(found),
                None => drop(self.scope.faulty.insert(entry.key.clone())),
            }
        }
    }

    fn scale(&mut self, name: &str, table: &Table, first: Option<&Scale>) -> Option<Scale> {
        let mut marginal = false;
        let mut over: Option<Unit> = None;
        let mut over_measure: Option<Measure> = None;
        let mut steps: Vec<(Threshold, Node)> = Vec::new();
        let mut thresholds: BTreeSet<Threshold> = BTreeSet::new();
        for step in table.entries() {
            if step.key == "mode" {
                let mode = step.item.text(self.diagnostics)?;
                marginal = mode == "marginal";
                if !marginal && mode != "highest" {
                    let help = did_you_mean(mode, ["marginal", "highest"]);
                    self.diagnostics.push(BAD_CHOICE.at(step.item.span.clone(), Text::default()).help(help));
                }
                continue;
            }
            let (above, figure) = Threshold::key(&step.key);
            let figure = figure_of(figure);
            let written = figure.as_ref().and_then(|figure| self.names.measure(figure));
            let threshold = figure.map(|figure| self.names.figure(&figure));
            let Some(Ok((at, unit))) = threshold else {
                let label = Text::new(
                    "档位应为带单位的数，如 \"10人\"；超过才算写作 \"> 10人\"",
                    "a threshold is a number with its unit, such as \"10人\", or \"> 10人\" for what lies above it",
                );
                let day = Day::parse(&step.key).is_some();
                let help = Text::made(
                    format!("按日期取值的写作表：`table.{name}`，查作 `{name}[…]`"),
                    format!("what is taken by day is a table: `table.{name}`, looked up as `{name}[…]`"),
                );
                let fault = BAD_SCALE.at(step.key_span.clone(), label);
                self.diagnostics.push(if day { fault.help(help) } else { fault });
                continue;
            };
            let threshold = Threshold { at, above };
            if over.as_ref().is_some_and(|over| *over != unit) {
                let label = Text::new("各档单位不一致", "the thresholds have different units");
                self.diagnostics.push(BAD_SCALE.at(step.key_span.clone(), label));
            }
            if thresholds.contains(&threshold) {
                let label = Text::new("档位重复", "this threshold stands twice");
                self.diagnostics.push(BAD_SCALE.at(step.key_span.clone(), label));
            }
            over = Some(unit);
            over_measure = written.filter(|_| at != Number::ZERO).or(over_measure);
            let like = steps.first().map(|(_, step)| &step.ty).or(first.map(|first| &first.ty));
            let wanted = like.map_or(Wanted::Anything, |ty| Wanted::Exactly(ty.clone()));
            let node = self.over_time(&step.item, &wanted);
            if let Some(node) = node {
                if !matches!(node.ty, Type::Quantity(_)) {
                    let label = Text::new("每档的值应为数额", "the value of a step is a quantity");
                    self.diagnostics.push(BAD_SCALE.at(step.item.span.clone(), label));
                }
                thresholds.insert(threshold);
                steps.push((threshold, node));
            }
        }
        steps.sort_by_key(|(threshold, _)| *threshold);
        if let Some(step) = table.entries().iter().find(|step| marginal && Threshold::key(&step.key).0) {
            let label = Text::new(
                "分段累进时界限归哪一段，结果都一样：去掉“>”",
                "of slices the end belongs to both, and gives the same: leave out the `>`",
            );
            self.diagnostics.push(BAD_SCALE.at(step.key_span.clone(), label));
        }
        let Some(ty) = steps.first().map(|(_, first)| first.ty.clone()) else {
            self.diagnostics.push(BAD_SCALE.at(table.head(), Text::new("没有任何档位", "there is no step")));
            return None;
        };
        let over = over?;
        if first.is_some_and(|first| first.over != Type::Quantity(over.clone()) || first.marginal != marginal) {
            let label = Text::new(
                "各期的档位单位和 `mode` 应一致",
                "the thresholds' unit and the `mode` are the same at all times",
            );
            self.diagnostics.push(BAD_SCALE.at(table.head(), label));
            return None;
        }
        let over_measure = over_measure.unwrap_or_else(|| Measure::base(&over, self.names));
        Some(Scale { name: name.to_owned(), over: Type::Quantity(over), over_measure, steps, ty, marginal })
    }

    /// A `let` that hides a definition, a fact or a parameter, or what all clauses share: the same word would mean two things in
    /// one policy.
    fn shadows(&mut self, name: &str, span: &Span) {
        let scope = &self.scope;
        let shared = scope.lets.iter().any(|known| known.name == name)
            || scope.tables.iter().any(|known| known.name == name)
            || scope.scales.iter().any(|known| known.name == name)
            || scope.by_day.iter().any(|(known, _)| known == name);
        let (zh, en) = if shared {
            ("前面已有", "another value, table or scale")
        } else if self.names.defines.iter().any(|define| define.name == name) {
            ("`[define]` 中已有", "a definition")
        } else if self.names.input(name).is_some() {
            ("已有同名的事实或参数", "a fact or parameter")
        } else {
            return;
        };
        let label = Text::made(format!("{zh} `{name}`"), format!("`{name}` is the name of {en} as well"));
        let help = Text::new("换一个名称", "give it another name");
        self.diagnostics.push(SHADOWS.at(span.clone(), label).help(help));
    }

    /// A table or scale by the name of one that all clauses share.
    fn hides(&mut self, entry: &Entry) {
        let shared =
            self.scope.tables.iter().map(|known| &known.name).chain(self.scope.scales.iter().map(|known| &known.name));
        if shared.chain(self.scope.by_day.iter().map(|(known, _)| known)).any(|known| *known == entry.key) {
            self.shadows(&entry.key, &entry.key_span);
        }
    }

    /// Keeps an intermediate value, and gives what names it.
    pub(super) fn keep(&mut self, named: Let, node: Node) -> Node {
        let place = Node { op: Op::Let(self.lets.len()), ..node.clone() };
        self.scope.lets.push(KnownLet {
            name: named.name.clone(),
            ty: node.ty.clone(),
            measured: node.measured.clone(),
            depth: depth(&node, self.names, &self.scope),
            records: node.records(),
        });
        self.lets.push(named);
        self.let_nodes.push(node);
        place
    }

    pub(super) fn lets(&mut self) {
        for entry in self.entries("let") {
            check_name(&entry.key, &entry.key_span, self.diagnostics);
            self.shadows(&entry.key, &entry.key_span);
            let (item, label) = match &entry.item.value {
                Raw::Table(table) => {
                    table.only(&keys::LET.names(), self.diagnostics);
                    let label = table.own_words(self.diagnostics);
                    let Some(item) = table.need("is", self.diagnostics) else {
                        self.scope.faulty.insert(entry.key.clone());
                        continue;
                    };
                    (item, label)
                }
                _ => (&entry.item, None),
            };
            let Some(node) = self.over_time(item, &Wanted::Anything) else {
                self.scope.faulty.insert(entry.key.clone());
                continue;
            };
            self.keep(Let { name: entry.key.clone(), label }, node);
        }
    }
}
