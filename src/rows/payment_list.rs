//! The heads of a payment list, by which one that was paid is known again when it comes back as earlier payments: what else
//! stands in it (names, accounts, periods) was carried along for whoever paid, and says nothing of what was paid.

use crate::lang::Text;
use crate::rows::map::Layout;
use crate::rows::units;
use crate::source::folded;

/// The applicant's id.
pub static ID: Text = Text::new("编号", "id");
/// The applicant's name.
pub static NAME: Text = Text::new("姓名", "name");
/// The policy and the clause.
pub static CLAUSE: Text = Text::new("条款", "clause");
/// Which record.
pub static RECORD: Text = Text::new("记录", "record");
/// What is paid; the currency stands behind it in brackets.
pub static AMOUNT: Text = Text::new("金额", "amount");
/// When it was paid: left open, for whoever pays.
pub static ON: Text = Text::new("发放日期", "paid on");
/// What the clause pays for.
pub static TITLE: Text = Text::new("发放项目", "paid for");
/// The time that it is for.
pub static PERIOD: Text = Text::new("所属期间", "period");
/// What must be known before it is paid.
pub static MARK: Text = Text::new("注意", "to be known");

/// What the row of sums begins with.
pub static TOTAL: Text = Text::new("合计", "Total");

/// Where heads and payments stand, if these lines begin a payment list, and whether one says above the heads that nothing may
/// be paid by it. Its row of sums is no payment.
pub fn layout(lines: &[Vec<String>]) -> Option<Layout> {
    let at = lines.iter().take(2).position(|heads| is_one(heads))? as u64 + 1;
    let beside = vec![TOTAL.zh.to_string(), TOTAL.en.to_string()];
    Some(Layout { sheet: None, heads: vec![at], first: at + 1, beside })
}

/// Whether these are the heads of a payment list, in one language.
pub(super) fn is_one(heads: &[String]) -> bool {
    let own = [&ID, &NAME, &CLAUSE, &RECORD, &AMOUNT, &ON, &TITLE, &PERIOD, &MARK];
    let plain = |head: &str| units::split(head).map_or(head, |(before, _)| before).trim().to_owned();
    let has = |word: &str| heads.iter().any(|head| folded(&plain(head)) == folded(word));
    own.iter().all(|text| has(&text.zh)) || own.iter().all(|text| has(&text.en))
}
