//! How much there is to spend.

use crate::expr::lexer::figure_of;
use crate::lang::Text;
use crate::policy::Policy;
use crate::source::clean;
use crate::value::Number;

/// The budget that was asked for, in the currency of the policies.
pub(in crate::cli) fn asked(text: Option<&str>, policies: &[&Policy]) -> Result<Option<Number>, Text> {
    let (Some(text), Some(policy)) = (text, policies.first()) else { return Ok(None) };
    let names = &policy.names;
    let read = figure_of(text).and_then(|figure| names.figure(&figure).ok());
    match read.filter(|(sum, unit)| *unit == names.money.unit() && !sum.is_negative()) {
        Some((sum, _)) => Ok(Some(sum)),
        None => {
            let (text, word) = (clean(text), &names.money.word);
            Err(Text::made(
                format!("--budget {text}：不是金额；写作 --budget 500万{word}"),
                format!("--budget {text}: this is no amount of money; write --budget 500万{word}"),
            ))
        }
    }
}
