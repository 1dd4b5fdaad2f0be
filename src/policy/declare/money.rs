//! A unit that a policy pays in instead of 元.

use super::Declaring;
use crate::diagnostic::{Code, codes};
use crate::document::{Raw, Table};
use crate::expr::names::Money;
use crate::lang::Text;
use crate::source::Span;
use crate::value::Number;

codes! {
    static BAD_MONEY: Code = Code::new("bad-money", "货币的写法不对", "this cannot be the money of a policy");
}

impl Declaring<'_> {
    /// `money = true`: the policy pays in this unit and in no other. Whether it does.
    pub(super) fn money(&mut self, word: &str, table: &Table) -> bool {
        let decimals = table.get("decimals");
        let is_money = table.get("money").and_then(|item| item.bool(self.diagnostics)).unwrap_or(false);
        let mut fault = |span: &Span, zh: &'static str, en: &'static str| {
            self.diagnostics.push(BAD_MONEY.at(span.clone(), Text::new(zh, en)));
        };
        if !is_money {
            if let Some(item) = decimals {
                fault(
                    &item.span,
                    "只有货币才写小数位数；加上 `money = true`",
                    "only money has decimals: add `money = true`",
                );
            }
            return false;
        }
        for key in ["equals", "counts"] {
            if let Some(item) = table.get(key) {
                fault(
                    &item.span,
                    "货币不是别的单位，也不能只写数字",
                    "money is no other unit, and is not written without its unit",
                );
            }
        }
        let coin = match decimals.map(|item| (&item.value, &item.span)) {
            None => self.names.money.coin,
            Some((Raw::Integer(digits), span)) => match digits.as_str() {
                "0" => Number::ONE,
                "1" => Number::fraction(1, 10).unwrap_or(Number::ONE),
                "2" => Number::fraction(1, 100).unwrap_or(Number::ONE),
                _ => {
                    fault(span, "小数位数为 0、1 或 2", "there are 0, 1 or 2 decimals");
                    return false;
                }
            },
            Some((_, span)) => {
                fault(span, "小数位数为 0、1 或 2", "there are 0, 1 or 2 decimals");
                return false;
            }
        };
        let before = Money::default().word;
        if self.names.money.word != before {
            let label = Text::made(
                format!("本政策已以{}计；一份政策只有一种货币", self.names.money.word),
                format!("this policy is in {} already; it has one currency", self.names.money.word),
            );
            let help = Text::new(
                "另一种货币的金额分列另一份政策；只作比较的，声明为不带 `money` 的单位",
                "amounts in another currency go into another policy; what is only compared is a unit without `money`",
            );
            self.diagnostics.push(BAD_MONEY.at(table.head(), label).help(help));
            return false;
        }
        // Nothing of it is in 元 any more.
        self.names.units.retain(|_, known| known.unit.powers().all(|(base, _)| base != before));
        self.names.money = Money { word: word.to_owned(), coin };
        true
    }
}
