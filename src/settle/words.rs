//! What a limit over all applicants made of a line, in words.

use crate::clause::Limit;
use crate::lang::Text;
use crate::settle::{Outcome, Settled};

/// Why nothing is left, without what concerns one line only.
pub fn refusal(limit: &Limit) -> Text {
    let (zh, en) = head(limit, Outcome::LeftOut);
    Text::made(format!("{zh}：{}", limit.text.zh), format!("{en}: {}", limit.text.en))
}

fn head(limit: &Limit, outcome: Outcome) -> (&'static str, &'static str) {
    match (outcome, limit.money, limit.in_proportion) {
        (Outcome::Inside, false, _) => ("在名额之内", "within the limit"),
        (Outcome::Inside, true, _) => ("在限额之内", "within the limit"),
        (Outcome::Reduced, _, true) => {
            ("超出总额，按比例核减", "more is asked for than there is, so reduced in proportion")
        }
        (Outcome::Reduced, _, false) => ("限额所余不足，按余额核定", "reduced to what is left of the money"),
        (Outcome::LeftOut, false, _) => ("名额已满", "the places are taken"),
        (Outcome::LeftOut, true, _) => ("限额已用完", "the money is used up"),
        (Outcome::Open, false, _) => ("有无名额待定", "whether there is a place is open"),
        (Outcome::Open, true, _) => ("限额内可得多少待定", "how much of the money is left is open"),
    }
}

/// What a limit made of a line: a sentence without a full stop.
pub fn reason(limit: &Limit, settled: &Settled) -> Text {
    let (zh, en) = head(limit, settled.outcome);
    let about = [rank(settled), tie(limit, settled), why(settled)];
    let about: Vec<&Text> = about.iter().flatten().collect();
    let text = Text::made(format!("{zh}：{}", limit.text.zh), format!("{en}: {}", limit.text.en));
    if about.is_empty() {
        return text;
    }
    let about = Text::join(about, "；", "; ");
    Text::made(format!("{}（{}）", text.zh, about.zh), format!("{} ({})", text.en, about.en))
}

fn rank(settled: &Settled) -> Option<Text> {
    // Who asks alone has no rank.
    let (from, to) = settled.rank.filter(|_| settled.of != Some(1))?;
    let (zh, en) = if from == to {
        (format!("排第{from}位"), format!("rank {from}"))
    } else {
        (format!("排第{from}至{to}位"), format!("rank {from} to {to}"))
    };
    Some(match settled.of {
        Some(of) => Text::made(format!("{zh}，共{of}项申报"), format!("{en} of {of}")),
        None => Text::made(zh, en),
    })
}

fn tie(limit: &Limit, settled: &Settled) -> Option<Text> {
    settled.tied.then(|| match limit.is_over_clauses() {
        true => Text::new(
            "次序相同，按编号、再按所列条款先后",
            "equal in order, decided by id, then by the turn of the clauses",
        ),
        false => Text::new("次序相同，按编号先后", "equal in order, decided by id"),
    })
}

/// Why it is open, where it is.
fn why(settled: &Settled) -> Option<Text> {
    if settled.outcome != Outcome::Open {
        return None;
    }
    let mut why = Vec::new();
    if settled.applies_unknown {
        why.push(Text::new("该限额是否适用待定", "it is open whether this limit applies"));
    }
    if settled.limit_unknown {
        why.push(Text::new("限额数未知或各人不一", "the limit is not known, or not the same for all"));
    }
    if settled.key_unknown {
        why.push(Text::new("归入哪一组未知", "it is not known with whom it shares"));
    }
    if settled.order_unknown {
        why.push(Text::new("次序未知", "its place in the order is not known"));
    }
    if settled.unordered {
        why.push(Text::new("政策未定先后，由主管部门选定", "the policy names no order; the authority chooses"));
    } else if settled.open_before > 0 && !settled.key_unknown && !settled.order_unknown {
        let open = settled.open_before;
        let few = open < u32::MAX;
        why.push(if few {
            Text::made(format!("另有{open}项是否在先待定"), format!("{open} more may come before it or not"))
        } else {
            Text::new("另有未列明的记录待定", "others have records that are not listed")
        });
    }
    (!why.is_empty()).then(|| Text::join(&why, "，", ", "))
}

/// What to say of a line whose limits are still to be settled.
pub fn to_be_settled<'l>(limits: impl Iterator<Item = &'l Limit>) -> Text {
    let texts: Vec<&Text> = limits.map(|limit| &limit.text).collect();
    let texts = Text::join(texts, "、", ", ");
    Text::made(
        format!("限额待核（涉及全部申请人）：{}", texts.zh),
        format!("still to be settled over all applicants: {}", texts.en),
    )
}
