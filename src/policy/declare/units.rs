//! `[units]`, and the units of the language itself.

use super::{DUPLICATE, Declaring, UNKNOWN_UNIT};
use crate::document::Table;
use crate::expr::formula::UnitName;
use crate::expr::lexer::figure_of;
use crate::expr::names::UnitWord;
use crate::lang::Text;
use crate::policy::keys;
use crate::value::{Number, Unit};

impl Declaring<'_> {
    /// The units that the functions of the language speak of.
    pub fn base_units(&mut self) {
        let mut add = |words: &[&str], base: &str, factor: i64, zh: &str, one: &str, many: &str| {
            let name = UnitName { zh: zh.to_owned(), en_one: one.to_owned(), en_many: many.to_owned() };
            for word in words {
                let unit = Unit::base(base);
                let found = UnitWord { unit, factor: Number::whole(factor), name: name.clone(), counts: false };
                self.names.units.insert((*word).to_owned(), found);
            }
        };
        add(&["元"], "元", 1, "元", "yuan", "yuan");
        add(&["月", "个月"], "月", 1, "个月", "month", "months");
        add(&["年"], "月", 12, "年", "year", "years");
        add(&["天", "日"], "天", 1, "天", "day", "days");
        add(&["岁", "周岁"], "岁", 1, "周岁", "year of age", "years of age");
        if let Some(hundredth) = Number::fraction(1, 100) {
            let name = UnitName { zh: "%".to_owned(), en_one: "%".to_owned(), en_many: "%".to_owned() };
            let percent = UnitWord { unit: Unit::none(), factor: hundredth, name, counts: false };
            self.names.units.insert("%".to_owned(), percent);
        }
    }

    /// `[units."人"]`
    pub fn units(&mut self, document: &Table) {
        for entry in self.sections(document, "units") {
            let Some(table) = entry.item.table(self.diagnostics) else { continue };
            table.only(&keys::UNIT.names(), self.diagnostics);
            let Some(en) = table.need("en", self.diagnostics).and_then(|en| en.table(self.diagnostics)) else {
                continue;
            };
            en.only(&keys::UNIT_NAMES.names(), self.diagnostics);
            let one = en.need_text("one", self.diagnostics).map(str::to_owned);
            let many = en.need_text("many", self.diagnostics).map(str::to_owned);
            let (Some(en_one), Some(en_many)) = (one, many) else { continue };
            let counts = table.get("counts").and_then(|item| item.bool(self.diagnostics)).unwrap_or(false);
            let (unit, factor) = match table.get("equals") {
                None => (Unit::base(&entry.key), Number::ONE),
                Some(item) => {
                    let figure = item.text(self.diagnostics).and_then(figure_of);
                    match figure.map(|figure| self.names.figure(&figure)) {
                        Some(Ok((number, unit))) => (unit, number),
                        _ => {
                            self.diagnostics.push(UNKNOWN_UNIT.at(item.span.clone(), Text::default()));
                            continue;
                        }
                    }
                }
            };
            let name = UnitName { zh: entry.key.clone(), en_one, en_many };
            let found = UnitWord { unit, factor, name, counts };
            let aliases = table.get("aliases").map(|item| item.texts(self.diagnostics)).unwrap_or_default();
            let words = std::iter::once((entry.key.clone(), entry.key_span.clone())).chain(aliases);
            for (word, span) in words {
                if self.names.units.insert(word.clone(), found.clone()).is_some() {
                    let label = Text::made(format!("单位“{word}”已有"), format!("the unit “{word}” exists already"));
                    self.diagnostics.push(DUPLICATE.at(span, label));
                }
            }
        }
    }
}
