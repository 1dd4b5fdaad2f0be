//! What a change does, for people, as data, and as a table of who is concerned.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::diff::effect::{Counts, Effect, Moved, OfClause, OfPart, STEPS, State};
use crate::lang::{Lang, Text};
use crate::report::amount::money;
use crate::report::csv;
use crate::report::diff::{human, json};
use crate::source::clean;
use crate::value::{Bound, Interval, Number};

/// The version of the shape.
pub(super) const SCHEMA: &str = "duixian/effect@1";

/// A difference with its sign.
pub(super) fn signed(interval: Interval, lang: Lang) -> String {
    let end = |number: Number| {
        let text = money(Interval::point(number), lang);
        if number > Number::ZERO { format!("+{text}") } else { text }
    };
    match (interval.lo, interval.hi) {
        (Bound::At(lo), Bound::At(hi)) if lo == hi => end(lo),
        // A dash between two signs would be a third.
        (Bound::At(lo), Bound::At(hi)) => match lang {
            Lang::Zh => format!("{} 至 {}", end(lo), end(hi)),
            Lang::En => format!("{} to {}", end(lo), end(hi)),
        },
        _ => money(interval, lang),
    }
}

pub(super) fn counts(counts: Counts, lang: Lang) -> String {
    let Counts { gain, lose, same, open } = counts;
    match lang {
        Lang::Zh => format!("增加 {gain} 人，减少 {lose} 人，不变 {same} 人，待定 {open} 人"),
        Lang::En => format!("{gain} gain, {lose} lose, {same} stay, {open} open"),
    }
}

/// That bounds are perhaps wider than what can be.
pub(super) fn loose(effect: &Effect) -> Option<Text> {
    let loose = effect.loose;
    let told = || {
        Text::made(
            format!("其中 {loose} 人未能逐一区分各种情形：区间必含实际差额，但两端未必都能达到"),
            format!(
                "of {loose} of them not every case was told apart: the bounds hold, but perhaps not both ends can be reached"
            ),
        )
    };
    (loose > 0).then(told)
}

/// For people, with a line break at its end.
pub fn table(effect: &Effect, lang: Lang) -> String {
    let mut text = String::new();
    let Effect { rows, refused: [old, new, none], .. } = effect;
    let unit = clean(if lang == Lang::Zh { &effect.money.zh } else { &effect.money.en_many });
    let [before, after, difference] = effect.sums;
    let _ = match lang {
        Lang::Zh => writeln!(
            text,
            "两版都能核算的 {rows} 人；只有旧版能核算 {old} 人，只有新版能核算 {new} 人，两版均退回 {none} 人"
        ),
        Lang::En => writeln!(
            text,
            "{rows} applicants under both; {old} only under the old one, {new} only under the new one, {none} rejected by both"
        ),
    };
    if effect.left > 0 {
        let left = effect.left;
        let _ = match lang {
            Lang::Zh => writeln!(text, "名单中 {left} 行没有对应的申请人"),
            Lang::En => writeln!(text, "{left} rows of lists belong to no applicant"),
        };
    }
    let (before, after, difference) = (money(before, lang), money(after, lang), signed(difference, lang));
    let _ = match lang {
        Lang::Zh => writeln!(text, "核定合计（{unit}）：旧 {before}，新 {after}，相差 {difference}"),
        Lang::En => {
            writeln!(text, "awarded in all ({unit}): {before} before, {after} after, a difference of {difference}")
        }
    };
    let _ = writeln!(text, "{}", counts(effect.counts, lang));
    if let Some(loose) = loose(effect) {
        let _ = writeln!(text, "{}", loose.get(lang));
    }
    for clause in effect.clauses.iter().filter(|clause| concerns(clause)) {
        let [before, after, difference] = clause.sums;
        let (before, after, difference) = (money(before, lang), money(after, lang), signed(difference, lang));
        let title = clean(clause.title.get(lang));
        let _ = match lang {
            Lang::Zh => writeln!(
                text,
                "\n{} {title}\n  核定（{unit}）：旧 {before}，新 {after}，相差 {difference}",
                clean(&clause.id)
            ),
            Lang::En => writeln!(
                text,
                "\n{} {title}\n  awarded ({unit}): {before} before, {after} after, a difference of {difference}",
                clean(&clause.id)
            ),
        };
        let _ = writeln!(text, "  {}", counts(clause.counts, lang));
        for (turn, count) in turns(clause) {
            let _ = match lang {
                Lang::Zh => writeln!(text, "  {}：{count} 人", turn.zh),
                Lang::En => writeln!(text, "  {}: {count}", turn.en),
            };
        }
    }
    by_change(&mut text, effect, lang);
    spread(&mut text, effect, lang);
    let heads = [Text::new("增加最多", "gain most"), Text::new("减少最多", "lose most")];
    for (list, head) in effect.most.iter().zip(heads).filter(|(list, _)| !list.is_empty()) {
        let _ = writeln!(text, "\n{}", head.get(lang));
        for (id, name, difference) in list {
            let _ = writeln!(text, "  {}  {}  {}", clean(id), clean(name), signed(*difference, lang));
        }
    }
    text
}

fn spread(text: &mut String, effect: &Effect, lang: Lang) {
    if effect.spread.iter().all(|count| *count == 0) {
        return;
    }
    let unit = clean(if lang == Lang::Zh { &effect.money.zh } else { &effect.money.en_many });
    let _ = match lang {
        Lang::Zh => writeln!(text, "\n差额分布（{unit}，人数）"),
        Lang::En => writeln!(text, "\ndistribution of the differences ({unit}, applicants)"),
    };
    for (place, count) in effect.spread.iter().enumerate().filter(|(_, count)| **count > 0) {
        let _ = writeln!(text, "  {}  {count}", step(place, lang));
    }
}

/// A place of the distribution in words.
pub(super) fn step(place: usize, lang: Lang) -> String {
    let end = |place: usize| STEPS.get(place).map(|step| money(Interval::whole(*step), lang));
    match (place.checked_sub(1).and_then(end), end(place), lang) {
        (Some(from), Some(to), Lang::Zh) => format!("{from} 至 {to} 以下"),
        (Some(from), Some(to), Lang::En) => format!("{from} to under {to}"),
        (None, Some(to), Lang::Zh) => format!("{to} 以下"),
        (None, Some(to), Lang::En) => format!("under {to}"),
        (Some(from), None, Lang::Zh) => format!("{from} 及以上"),
        (Some(from), None, Lang::En) => format!("{from} and more"),
        (None, None, _) => String::new(),
    }
}

/// Which part of the change moves which money.
fn by_change(text: &mut String, effect: &Effect, lang: Lang) {
    let Some((parts, rest)) = &effect.by_change else { return };
    let _ = writeln!(text, "\n{}", Text::new("各处改动单独的影响", "what each change does alone").get(lang));
    for (place, part) in parts.iter().enumerate() {
        for (at, change) in part.changes.iter().enumerate() {
            let lead = if at == 0 { format!("{:>3}. ", place + 1) } else { " ".repeat(5) };
            let _ = writeln!(text, "{lead}{}", human::line(change, lang));
        }
        let (difference, counts) = (signed(part.difference, lang), counts(part.counts, lang));
        let _ = match lang {
            Lang::Zh => writeln!(text, "     相差 {difference}；{counts}"),
            Lang::En => writeln!(text, "     a difference of {difference}; {counts}"),
        };
    }
    let rest = signed(*rest, lang);
    let _ = match lang {
        Lang::Zh => writeln!(text, "  各处共同作用（余数）：{rest}"),
        Lang::En => writeln!(text, "  together, beyond each alone (remainder): {rest}"),
    };
}

/// Whether anything about a clause is or may be different.
pub(super) fn concerns(clause: &OfClause) -> bool {
    let [_, _, difference] = clause.sums;
    let Counts { gain, lose, open, .. } = clause.counts;
    difference != Interval::ZERO || gain + lose + open > 0 || !turns(clause).is_empty()
}

const STATES: [(State, Text); 3] = [
    (State::Nothing, Text::new("不发", "nothing")),
    (State::Open, Text::new("待定", "open")),
    (State::Paid, Text::new("符合", "met")),
];

/// Who goes from one state to another.
pub(super) fn turns(clause: &OfClause) -> Vec<(Text, u64)> {
    let mut found = Vec::new();
    for (was, from) in &STATES {
        for (is, to) in STATES.iter().filter(|(is, _)| is != was) {
            let count = clause.turns.get(*was as usize).and_then(|row| row.get(*is as usize)).copied().unwrap_or(0);
            if count > 0 {
                found.push((Text::made(format!("{} → {}", from.zh, to.zh), format!("{} → {}", from.en, to.en)), count));
            }
        }
    }
    found
}

fn ends(interval: Interval) -> Value {
    let end = |bound: Bound| bound.number().map(Number::money);
    json!({ "at_least": end(interval.lo), "at_most": end(interval.hi) })
}

fn sums([before, after, difference]: [Interval; 3]) -> Value {
    json!({ "before": ends(before), "after": ends(after), "difference": ends(difference) })
}

/// As data, with a line break at its end.
pub fn data(effect: &Effect) -> String {
    let of_counts =
        |counts: Counts| json!({ "gain": counts.gain, "lose": counts.lose, "same": counts.same, "open": counts.open });
    let clauses: Vec<Value> = effect
        .clauses
        .iter()
        .map(|clause| {
            let turns: Vec<Value> =
                turns(clause).into_iter().map(|(turn, count)| json!({ "turn": turn, "applicants": count })).collect();
            json!({
                "clause": clean(&clause.id), "title": clause.title, "awarded": sums(clause.sums),
                "applicants": of_counts(clause.counts), "turns": turns,
            })
        })
        .collect();
    let list = |list: &[(String, String, Interval)]| -> Vec<Value> {
        list.iter().map(|(id, name, difference)| json!({ "id": clean(id), "name": clean(name), "difference": ends(*difference) })).collect()
    };
    let [up, down] = &effect.most;
    let [old, new, none] = effect.refused;
    let mut document = json!({
        "schema": SCHEMA,
        "rows": { "both": effect.rows, "only_old": old, "only_new": new, "neither": none, "of_no_applicant": effect.left },
        "awarded": sums(effect.sums),
        "applicants": of_counts(effect.counts),
        "loose": effect.loose,
        "clauses": clauses,
        "distribution": { "steps": STEPS, "applicants": effect.spread },
        "gain_most": list(up),
        "lose_most": list(down),
    });
    if let (Some((parts, rest)), Some(document)) = (&effect.by_change, document.as_object_mut()) {
        let one = |part: &OfPart| {
            let changes: Vec<_> = part.changes.iter().map(json::one).collect();
            json!({ "changes": changes, "difference": ends(part.difference), "applicants": of_counts(part.counts) })
        };
        document.insert("by_change".to_owned(), parts.iter().map(one).collect());
        document.insert("remainder".to_owned(), ends(*rest));
    }
    format!("{document:#}\n")
}

/// The head of the table of who is concerned.
pub fn head() -> String {
    csv::row(
        [
            "id",
            "name",
            "clause",
            "before_state",
            "after_state",
            "before_at_least",
            "before_at_most",
            "after_at_least",
            "after_at_most",
            "difference_at_least",
            "difference_at_most",
        ]
        .map(str::to_owned),
    )
}

/// The rows of one applicant, a clause each.
pub fn rows(effect: &Effect, moved: &Moved) -> String {
    let mut text = String::new();
    let end = |bound: Bound| bound.number().map(Number::money).unwrap_or_default();
    for (place, was, is, difference) in &moved.clauses {
        let clause = effect.clauses.get(*place).map_or("", |clause| clause.id.as_str());
        let state = |state: State| STATES.get(state as usize).map_or("", |(_, text)| text.en.as_ref()).to_owned();
        text.push_str(&csv::row([
            moved.id.clone(),
            moved.name.clone(),
            clause.to_owned(),
            state(was.state),
            state(is.state),
            end(was.awarded.lo),
            end(was.awarded.hi),
            end(is.awarded.lo),
            end(is.awarded.hi),
            end(difference.lo),
            end(difference.hi),
        ]));
    }
    text
}
