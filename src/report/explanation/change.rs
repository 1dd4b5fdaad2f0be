//! What would change the answer, as it was found by trying.

use super::{conditions::measured, of};
use crate::assess::model::{Counted, Line};
use crate::explain::model::{Change, Condition, Derivation, Outcome, Supply, What};
use crate::explain::outcome_of;
use crate::expr::formula::{Shown, UnitName};
use crate::lang::Lang;
use crate::report::amount::sum;
use crate::report::formula;
use crate::report::ink::Ink;
use crate::report::tree::Branch;
use crate::report::words::{self, bracketed, say};
use crate::source::clean;
use crate::value::Interval;

/// For each condition that does not hold what would meet it, then what betters the result otherwise, then what to supply.
pub fn branch(derivation: &Derivation, lang: Lang) -> Option<Branch> {
    if derivation.evaluations == 0 && !derivation.cut_short {
        return None;
    }
    let line = &derivation.line;
    let mut under = Vec::new();
    let mut told: Vec<String> = Vec::new();
    for condition in derivation.conditions.iter().filter(|condition| condition.holds.is_false()) {
        under.push(unmet(line, condition, &mut told, lang));
    }
    if let Some(together) = &derivation.together {
        let mut changes: Vec<Branch> = together.changes.iter().map(|one| Branch::leaf(what(one, lang))).collect();
        changes.push(Branch::leaf(outcome(line, &together.outcome, lang)));
        under.push(Branch::new(
            of(lang, "以上各改一项，一并改动", "one of these for each condition, all at once"),
            changes,
        ));
    }
    let more: Vec<Branch> = derivation
        .changes
        .iter()
        .map(|change| (what(&change.what, lang), change))
        .filter(|(text, _)| !told.contains(text))
        .map(|(text, change)| Branch::leaf(with_outcome(line, &text, change, lang)))
        .collect();
    if !more.is_empty() {
        let heading = match under.is_empty() {
            true => of(lang, "只改一项", "one change alone"),
            false => of(lang, "只改一项，还有", "one change alone, besides"),
        };
        under.push(Branch::new(heading, more));
    }
    under.extend(derivation.supply.iter().map(|supply| to_supply(line, supply, lang)));
    if under.is_empty() && derivation.evaluations > 0 {
        under.push(Branch::leaf(of(
            lang,
            "逐项改动，没有一项改善结果",
            "no single change was found that betters the result",
        )));
    }
    let count = derivation.evaluations;
    let how = match (lang, derivation.cut_short) {
        (Lang::Zh, false) => format!("逐项改动并重新核算 {count} 次得出；其余事实不变"),
        (Lang::Zh, true) if count == 0 => "条款的项数太多，本项没有逐项改动".to_owned(),
        (Lang::En, true) if count == 0 => "the clause has too many lines; nothing was tried for this one".to_owned(),
        (Lang::Zh, true) => format!("重新核算 {count} 次后停止，可能有遗漏；其余事实不变"),
        (Lang::En, false) => format!("found by {count} evaluations, with one thing changed and all else as it is"),
        (Lang::En, true) => format!("the search ended after {count} evaluations and may have missed something"),
    };
    under.push(Branch::leaf(Ink::Dim.on(&how)));
    Some(Branch::new(Ink::Bold.on(&of(lang, "怎样会改变结果", "What would change the answer")), under))
}

/// A condition that fails, how far off it is, and what would meet it.
fn unmet(line: &Line, condition: &Condition, told: &mut Vec<String>, lang: Lang) -> Branch {
    let text = say(&condition.text, lang);
    let measured = measured(condition, lang);
    let head = match lang {
        Lang::Zh => format!("不满足“{text}”{measured}"),
        Lang::En => format!("fails “{text}”{measured}"),
    };
    let met_by = condition.met_by.iter().map(|change| {
        let text = what(&change.what, lang);
        told.push(text.clone());
        Branch::leaf(with_outcome(line, &text, change, lang))
    });
    let mut under: Vec<Branch> = met_by.collect();
    if under.is_empty() {
        under.push(Branch::leaf(of(lang, "没有找到一项改动能使其满足", "no single change was found that meets it")));
    }
    Branch::new(head, under)
}

fn with_outcome(line: &Line, text: &str, change: &Change, lang: Lang) -> String {
    let then = outcome(line, &change.outcome, lang);
    // What this line gains, another may lose.
    let own = |outcome: &Outcome| outcome.awarded.unwrap_or(Interval::ZERO);
    let gain = own(&change.outcome).minus(own(&outcome_of(line)));
    let gain = gain.filter(|gain| gain.is_point());
    let told = |(before, after): &(Interval, Interval)| match gain {
        Some(gain) => before.plus(gain) == Some(*after),
        None => before == after,
    };
    let elsewhere = change.total.filter(|total| line.counted == Counted::Total && !told(total));
    let elsewhere = elsewhere.map_or_else(String::new, |(before, after)| {
        let (before, after) = (sum(before, None, lang), sum(after, None, lang));
        match lang {
            Lang::Zh if before == after => "；各条核定合计不变".to_owned(),
            Lang::En if before == after => "; the total over all clauses stays the same".to_owned(),
            Lang::Zh => format!("；各条核定合计 {before} → {after}"),
            Lang::En => format!("; over all clauses {before} → {after}"),
        }
    });
    format!("{text} ⇒ {then}{elsewhere}")
}

/// What is changed: `当年新聘人员：增加 1人（与第1条“本科毕业生”相同）`.
fn what(what: &What, lang: Lang) -> String {
    let colon = words::COLON.get(lang);
    match what {
        What::Fact { fact, from, to, by, times } => {
            let (from_text, to_text) = (formula::value(from, lang), formula::value(to, lang));
            let by = by.as_ref().map(|(by, more)| difference(by, *more, matches!(to, Shown::Date(_)), lang));
            let times = (*times > 1).then(|| match lang {
                Lang::Zh => format!("{times}条相同记录一并"),
                Lang::En => format!("for all {times} equal records"),
            });
            let notes: Vec<String> = [by, times].into_iter().flatten().collect();
            let notes =
                if notes.is_empty() { String::new() } else { bracketed(&notes.join(words::COMMA.get(lang)), lang) };
            format!("{}{colon}{from_text} → {to_text}{notes}", say(&fact.label, lang))
        }
        What::Records { list, count, like } => {
            let (label, count) = (say(&list.label, lang), formula::value(count, lang));
            let like = match (like, lang) {
                (None, Lang::Zh) => "内容待填".to_owned(),
                (None, Lang::En) => "its content still open".to_owned(),
                (Some((index, None)), Lang::Zh) => format!("与第{index}条相同"),
                (Some((index, None)), Lang::En) => format!("like no. {index}"),
                (Some((index, Some(name))), Lang::Zh) => format!("与第{index}条“{}”相同", clean(name)),
                (Some((index, Some(name))), Lang::En) => format!("like no. {index}, {}", clean(name)),
            };
            match lang {
                Lang::Zh => format!("{label}{colon}增加 {count}{}", bracketed(&like, lang)),
                Lang::En => format!("{label}{colon}{count} more{}", bracketed(&like, lang)),
            }
        }
        What::Later { to, by } => {
            let by = formula::value(by, lang);
            match lang {
                Lang::Zh => format!("评估日期：{to}（{by}后）"),
                Lang::En => format!("evaluation date: {to} ({by} later)"),
            }
        }
    }
}

fn difference(by: &Shown, more: bool, is_day: bool, lang: Lang) -> String {
    let by = formula::value(by, lang);
    match (lang, is_day, more) {
        (Lang::Zh, true, true) => format!("晚 {by}"),
        (Lang::Zh, true, false) => format!("早 {by}"),
        (Lang::Zh, false, true) => format!("多 {by}"),
        (Lang::Zh, false, false) => format!("少 {by}"),
        (Lang::En, true, true) => format!("{by} later"),
        (Lang::En, true, false) => format!("{by} earlier"),
        (Lang::En, false, true) => format!("{by} more"),
        (Lang::En, false, false) => format!("{by} less"),
    }
}

/// What a line comes to otherwise: `符合，核定 0元 → 12,000元（+12,000元）`.
pub fn outcome(line: &Line, then: &Outcome, lang: Lang) -> String {
    let before = outcome_of(line);
    let mut parts = Vec::new();
    if then.status != before.status {
        let (status, ink) = words::status_as(then.status, line.kind);
        parts.push(ink.on(status.get(lang)));
    }
    let unit = line.unit.as_ref();
    let mut amount = |label: &crate::lang::Text, was: Option<Interval>, is: Option<Interval>| {
        let (was, is) = (was.unwrap_or(Interval::ZERO), is.unwrap_or(Interval::ZERO));
        if was == is {
            return;
        }
        let gain = is.minus(was).and_then(Interval::as_point).map_or_else(String::new, |gain| {
            let sign = if gain.is_negative() { "−" } else { "+" };
            let size = Interval::point(if gain.is_negative() { gain.negate() } else { gain });
            bracketed(&format!("{sign}{}", sum(size, unit, lang)), lang)
        });
        let label = label.get(lang).to_lowercase();
        parts.push(format!("{label} {} → {}{gain}", sum(was, None, lang), sum(is, unit, lang)));
    };
    amount(&words::AWARDED, before.awarded, then.awarded);
    let whole = |outcome: &Outcome| outcome.lifetime.filter(|lifetime| Some(*lifetime) != outcome.awarded);
    match (before.is_endless(), then.is_endless()) {
        (false, false) if whole(&before).is_some() || whole(then).is_some() => {
            amount(&words::WHOLE_TERM, before.lifetime, then.lifetime);
        }
        (was, is) if was != is => {
            let label = words::WHOLE_TERM.get(lang).to_lowercase();
            parts.push(format!("{label} {} → {}", whole_term(&before, None, lang), whole_term(then, unit, lang)));
        }
        _ => {}
    }
    if parts.is_empty() {
        let (status, _) = words::status_as(then.status, line.kind);
        return match lang {
            Lang::Zh => format!("仍为“{}”，金额不变", status.get(lang)),
            Lang::En => format!("still “{}”, the same amount", status.get(lang).to_lowercase()),
        };
    }
    parts.join(words::COMMA.get(lang))
}

/// A missing fact with what its values would give.
fn to_supply(line: &Line, supply: &Supply, lang: Lang) -> Branch {
    let name = bracketed(&clean(&supply.fact.name), lang);
    let text = supply.ask.as_ref().unwrap_or(&supply.fact.label);
    let head =
        format!("{}{}{}{name}", words::TO_SUPPLY.get(lang).to_lowercase(), words::COLON.get(lang), say(text, lang));
    // One range for all values: nothing inside it can be told apart.
    if let [(value, then)] = supply.values.as_slice()
        && !matches!(value, Shown::List { .. })
    {
        let then = standing(line, then, lang);
        let within = match lang {
            Lang::Zh => format!("随其值而定，总在此范围：{then}"),
            Lang::En => format!("whatever it is, within: {then}"),
        };
        return Branch::new(head, vec![Branch::leaf(within)]);
    }
    let values = supply.values.iter().map(|(value, then)| {
        let value = formula::value(value, lang);
        let then = standing(line, then, lang);
        Branch::leaf(match lang {
            Lang::Zh => format!("若为 {value}：{then}"),
            Lang::En => format!("if {value}: {then}"),
        })
    });
    let mut values: Vec<Branch> = values.collect();
    if values.is_empty() {
        values.push(Branch::leaf(of(lang, "结果随其值而变", "the result moves with its value")));
    }
    Branch::new(head, values)
}

/// What a line comes to: `符合，核定 12,000元`.
fn standing(line: &Line, then: &Outcome, lang: Lang) -> String {
    let (status, ink) = words::status_as(then.status, line.kind);
    let mut parts = vec![ink.on(status.get(lang))];
    let unit = line.unit.as_ref();
    let mut amount = |label: &crate::lang::Text, amount: Interval| {
        parts.push(format!("{} {}", label.get(lang).to_lowercase(), sum(amount, unit, lang)));
    };
    if let Some(awarded) = then.awarded {
        amount(&words::AWARDED, awarded);
    }
    if then.lifetime.is_some() && then.lifetime != then.awarded {
        let label = words::WHOLE_TERM.get(lang).to_lowercase();
        parts.push(format!("{label} {}", whole_term(then, unit, lang)));
    }
    parts.join(words::COMMA.get(lang))
}

/// All that can come, or that it has no end.
fn whole_term(outcome: &Outcome, unit: Option<&UnitName>, lang: Lang) -> String {
    if outcome.is_endless() {
        return words::WITHOUT_END.get(lang).to_owned();
    }
    sum(outcome.lifetime.unwrap_or(Interval::ZERO), unit, lang)
}
