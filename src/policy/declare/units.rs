//! `[units]`, and the units of the language itself.

use super::{BAD_UNIT, DUPLICATE, Declaring, UNKNOWN_UNIT};
use crate::document::Table;
use crate::expr::formula::UnitName;
use crate::expr::lexer::{figure_of, is_unit_word};
use crate::expr::names::UnitWord;
use crate::lang::Text;
use crate::policy::keys;
use crate::source::{Span, clean};
use crate::value::{Number, Unit};

impl Declaring<'_> {
    /// The units that the functions of the language speak of.
    pub fn base_units(&mut self) {
        let mut add = |words: &[&str], base: &str, factor: i64, zh: &str, one: &str, many: &str| {
            let (zh, en_one, en_many) = (zh.to_owned(), one.to_owned(), many.to_owned());
            let name = UnitName { zh, en_one, en_many, money: base == "元" };
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
        for (sign, parts) in [("%", 100), ("‰", 1000)] {
            let Some(factor) = Number::fraction(1, parts) else { continue };
            let name =
                UnitName { zh: sign.to_owned(), en_one: sign.to_owned(), en_many: sign.to_owned(), money: false };
            let found = UnitWord { unit: Unit::none(), factor, name, counts: false };
            self.names.units.insert(sign.to_owned(), found);
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
                    let Some(text) = item.text(self.diagnostics) else { continue };
                    let Some((number, unit)) = self.unit_figure(text, &item.span) else { continue };
                    (unit, number)
                }
            };
            let money = self.money(&entry.key, table);
            let name = UnitName { zh: entry.key.clone(), en_one, en_many, money };
            let found = UnitWord { unit, factor, name, counts };
            let aliases = table.get("aliases").map(|item| item.texts(self.diagnostics)).unwrap_or_default();
            let words = std::iter::once((entry.key.clone(), entry.key_span.clone())).chain(aliases);
            for (word, span) in words {
                if !is_unit_word(&word) {
                    let help = Text::new(
                        "单位以字母、汉字或 %、€、㎡ 一类符号开头，其后可有字母，拉丁字母后可有数字（m2）；不含空格和斜杠，\
                         不以“万”“亿”开头，也不用语言自身的词",
                        "a unit begins with a letter of any script or a sign such as %, €, ㎡; letters may follow, and digits \
                         behind a Latin letter (m2). It has no blank and no slash, does not begin with 万 or 亿, which \
                         multiply, and is no word of the language",
                    );
                    self.diagnostics.push(BAD_UNIT.at(span, Text::default()).help(help));
                    continue;
                }
                if self.names.units.insert(word.clone(), found.clone()).is_some() {
                    let label = Text::made(format!("单位“{word}”已有"), format!("the unit “{word}” exists already"));
                    self.diagnostics.push(DUPLICATE.at(span, label));
                }
            }
        }
    }

    /// A figure of known units, such as what a unit `equals`; its number in base units.
    pub(super) fn unit_figure(&mut self, text: &str, span: &Span) -> Option<(Number, Unit)> {
        let Some(figure) = figure_of(text) else {
            let help = Text::new(
                "写成数字带单位，如 \"12个月\"；复合单位写作 \"元/㎡/月\"",
                "a number with its unit is wanted, such as \"12个月\"; compound units are written \"元/㎡/月\"",
            );
            self.diagnostics.push(BAD_UNIT.at(span.clone(), Text::default()).help(help));
            return None;
        };
        let word = match self.names.figure(&figure) {
            Ok(found) => return Some(found),
            Err(word) => word,
        };
        let label = Text::made(format!("单位“{}”", clean(&word)), format!("the unit “{}”", clean(&word)));
        let declared = Text::new("单位在 [units] 中声明", "units are declared in [units]");
        self.diagnostics.push(UNKNOWN_UNIT.at(span.clone(), label).help(self.names.unit_help(&word)).help(declared));
        None
    }
}
