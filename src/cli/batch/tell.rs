//! What a run came to, in words, for standard error.

use std::fmt::Write;

use crate::batch::output::payments::sums;
use crate::batch::{Across, Counts, Plan, Summary};
use crate::clause::Clause;
use crate::expr::formula::UnitName;
use crate::lang::{Lang, Text};
use crate::value::{Interval, Number};

/// The summary; clauses that applied to nobody are left out.
pub(in crate::cli) fn summary(plan: &Plan<'_>, summary: &Summary, lang: Lang) -> String {
    let mut out = String::new();
    let Summary { read, assessed, rejected, open, .. } = summary;
    let (awarded, due) = (money(plan, summary.awarded.0, lang), money(plan, summary.due.0, lang));
    let rows = if *read == 1 { "row" } else { "rows" };
    // Writing into a string does not fail.
    let _ = match lang {
        Lang::Zh => writeln!(
            out,
            "读入 {read} 行：已核算 {assessed}，退回 {rejected}；其中有待定事项 {open} 人\n核定合计 {awarded}，本次应发 {due}"
        ),
        Lang::En => writeln!(
            out,
            "{read} {rows} read: {assessed} assessed, {rejected} rejected; {open} with something undetermined\nawarded {awarded}, due now {due}"
        ),
    };
    if summary.loose {
        let text = Text::new(
            "合计的区间必含实际结果，但可能偏宽（待补事项过多，或几项限额互相牵制）",
            "the sums hold whatever comes, but may be wider than need be (too much is missing, or limits depend on each other)",
        );
        let _ = writeln!(out, "{}", text.get(lang));
    }
    for look in summary.looks() {
        let (colon, comma) = if lang == Lang::Zh { ("：", "，") } else { (": ", ", ") };
        let colon = if look.places.is_empty() { "" } else { colon };
        let _ = writeln!(out, "{}{colon}{}", look.text.get(lang), look.places.join(comma));
    }
    if summary.elsewhere > 0 {
        let count = summary.elsewhere;
        let _ = match lang {
            Lang::Zh => writeln!(out, "有 {count} 笔已发属于未计算的政策，未计入"),
            Lang::En if count == 1 => {
                writeln!(out, "1 payment belongs to a policy that was not applied, and was left out")
            }
            Lang::En => writeln!(out, "{count} payments belong to policies that were not applied, and were left out"),
        };
    }
    if summary.later > 0 {
        let count = summary.later;
        let _ = match lang {
            Lang::Zh => writeln!(out, "有 {count} 笔已发在评估日期之后，已计入已发"),
            Lang::En if count == 1 => {
                writeln!(out, "1 payment was made after the evaluation date, and is counted as paid")
            }
            Lang::En => writeln!(out, "{count} payments were made after the evaluation date, and are counted as paid"),
        };
    }
    // What an officer must know of a policy before anything is signed.
    let applied = |place: usize| summary.clauses.keys().any(|(policy, _)| *policy == place);
    for (_, policy) in plan.setup.policies.iter().enumerate().filter(|(place, _)| applied(*place)) {
        if let Some(warning) = &policy.status.warning {
            let _ = match lang {
                Lang::Zh => writeln!(out, "注意：《{}》{}", policy.title.zh, warning.zh),
                Lang::En => writeln!(out, "note: {}: {}", policy.title.en, warning.en),
            };
        }
    }
    for (place, count) in &summary.expired {
        let Some(policy) = plan.setup.policies.get(*place) else { continue };
        let (last, title) = (policy.window.hi, policy.title.get(lang));
        let _ = match lang {
            Lang::Zh => writeln!(out, "注意：《{title}》有效期至 {last}，{count} 人的评估日期在此之后"),
            Lang::En if *count == 1 => {
                writeln!(out, "note: {title}: it ended on {last}; 1 applicant was worked out as of a later day")
            }
            Lang::En => {
                writeln!(out, "note: {title}: it ended on {last}; {count} applicants were worked out as of a later day")
            }
        };
    }
    let together = [
        (
            brief(plan, summary, |clause, _| clause.asks_nothing),
            "没有条件、只作列示",
            "only stated, without conditions",
        ),
        (
            brief(plan, summary, |clause, counts| !clause.asks_nothing && counts.refused == counts.applying()),
            "无人符合",
            "nobody is eligible by",
        ),
    ];
    for ((policy, clause), of) in &summary.clauses {
        if together.iter().any(|(places, ..)| places.contains(&(*policy, *clause))) {
            continue;
        }
        let Some(policy) = plan.setup.policies.get(*policy) else { continue };
        let Some(clause) = policy.clauses.get(*clause) else { continue };
        let Counts { eligible, refused, undetermined, .. } = of.counts;
        if of.counts.applying() == 0 {
            continue;
        }
        let unit = clause.measure.as_ref().map_or_else(|| plan.money_name(), |measure| measure.name.clone());
        let sum = if of.awarded.0 == Interval::ZERO { String::new() } else { sum(of.awarded.0, &unit, lang) };
        let head = match (clause.is_figure(), lang) {
            (true, Lang::Zh) => "数值合计",
            (true, Lang::En) => "the figures add up to",
            (false, Lang::Zh) => "核定",
            (false, Lang::En) => "awarded",
        };
        let (id, title) = (&clause.id, clause.title.get(lang));
        let _ = match lang {
            Lang::Zh => writeln!(
                out,
                "  {}/{id} {title}：符合 {eligible}，不符合 {refused}，待定 {undetermined}{}",
                policy.id,
                if sum.is_empty() { sum } else { format!("；{head} {sum}") }
            ),
            Lang::En => writeln!(
                out,
                "  {}/{id} {title}: {eligible} eligible, {refused} refused, {undetermined} undetermined{}",
                policy.id,
                if sum.is_empty() { sum } else { format!("; {head} {sum}") }
            ),
        };
        let mut reasons: Vec<_> = of.reasons.values().collect();
        reasons.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        for (reason, count) in reasons {
            let _ = match lang {
                Lang::Zh => writeln!(out, "      不符合 {count}：{}", reason.zh),
                Lang::En => writeln!(out, "      {count} refused: {}", reason.en),
            };
        }
    }
    for (places, zh, en) in together.iter().filter(|(places, ..)| !places.is_empty()) {
        let name = |(policy, clause): &(usize, usize)| {
            let policy = plan.setup.policies.get(*policy)?;
            Some(format!("{}/{}", policy.id, policy.clauses.get(*clause)?.id))
        };
        let names: Vec<String> = places.iter().filter_map(name).collect();
        let _ = match lang {
            Lang::Zh => writeln!(out, "  {zh}的条款 {} 条：{}", names.len(), names.join("、")),
            Lang::En => writeln!(out, "  {en}: {} clauses, {}", names.len(), names.join(", ")),
        };
    }
    for parts in summary.parts(plan) {
        crate::report::parts(&parts, lang).into_iter().for_each(|text| out.push_str(&format!("{text}\n")));
    }
    out.push_str(&readings(plan, summary, lang));
    out
}

/// Clauses of which nothing needs to be told one by one, where they are many.
fn brief(plan: &Plan<'_>, summary: &Summary, is_it: impl Fn(&Clause, &Counts) -> bool) -> Vec<(usize, usize)> {
    /// So many are told one by one.
    const FEW: usize = 4;
    let applying = summary.clauses.iter().filter(|(_, of)| of.counts.applying() > 0);
    let found = applying.filter(|((policy, clause), of)| {
        let clause = plan.setup.policies.get(*policy).and_then(|policy| policy.clauses.get(*clause));
        clause.is_some_and(|clause| is_it(clause, &of.counts))
    });
    let found: Vec<(usize, usize)> = found.map(|(place, _)| *place).collect();
    if found.len() > FEW { found } else { Vec::new() }
}

/// What other options of readings would change.
fn readings(plan: &Plan<'_>, summary: &Summary, lang: Lang) -> String {
    let mut out = String::new();
    if !plan.compares() && plan.setup.policies.iter().any(|policy| !policy.touched.is_empty()) {
        out.push_str(match lang {
            Lang::Zh => "注意：未比较其他读法（--taken-only）\n",
            Lang::En => "note: what other readings would change was not looked at (--taken-only)\n",
        });
    }
    for (alternative, of) in summary.changing() {
        let Some(named) = plan.reading(alternative.policy, alternative.reading) else { continue };
        let label = |option: usize| named.options.words.get(option).map_or("", |(_, label)| label.get(lang));
        let (id, option) = (format!("{}/{}", named.policy.id, named.id()), named.option(alternative.option));
        let (question, taken, other) =
            (named.input.label.get(lang), label(alternative.taken), label(alternative.option));
        let changes: Vec<String> = [("核定", "awarded", &of.awarded), ("本次应发", "due now", &of.due)]
            .into_iter()
            .filter(|(_, _, (now, then))| now.0 != then.0)
            .map(|(zh, en, (now, then))| {
                let (now, then) = (money(plan, now.0, lang), money(plan, then.0, lang));
                if lang == Lang::Zh { format!("；{zh} {now} → {then}") } else { format!("; {en} {now} → {then}") }
            })
            .collect();
        let (count, changes) = (of.applicants, changes.concat());
        let _ = match lang {
            Lang::Zh => writeln!(
                out,
                "  读法 {id}：{question}\n      取“{taken}”；若取“{other}”（{option}），{count} 人的结果不同{changes}"
            ),
            Lang::En => writeln!(
                out,
                "  reading {id}: {question}\n      “{taken}” is taken; under “{other}” ({option}) {count} {} out otherwise{changes}",
                if count == 1 { "applicant comes" } else { "applicants come" }
            ),
        };
    }
    out
}

/// What limits over all applicants came to, and what is still to be settled of them.
pub(in crate::cli) fn limits(plan: &Plan<'_>, summary: &Summary, lang: Lang) -> String {
    let mut out = String::new();
    if summary.unsettled > 0 {
        let lines = summary.unsettled;
        let _ = match lang {
            Lang::Zh => {
                writeln!(out, "有 {lines} 项涉及全部申请人的限额未核：以 --to jsonl 写出结果，再用 duixian settle 核定")
            }
            Lang::En => writeln!(
                out,
                "{lines} lines have limits over all applicants still to be settled: write the results with --to jsonl, then use duixian settle"
            ),
        };
    }
    let Across::Settled(decisions) = plan.across else { return out };
    for tally in &decisions.tallies {
        let Some(policy) = plan.setup.policies.get(tally.policy) else { continue };
        let Some(clause) = policy.clauses.get(tally.clause) else { continue };
        let Some(limit) = clause.limits.get(tally.limit) else { continue };
        let (policy, clause, text) = (&policy.id, &clause.id, limit.text.get(lang));
        let words = [
            (tally.inside, "在内", "inside"),
            (tally.reduced, "核减", "reduced"),
            (tally.left_out, "未入", "left out"),
            (tally.open, "待定", "open"),
            (tally.tied, "次序相同而按编号先后", "equal in order and decided by id"),
            (tally.order_unknown, "次序未知", "without a known place in the order"),
            (tally.key_unknown, "归组未知", "of which it is not known with whom they share"),
        ];
        let words = words.iter().enumerate().filter(|(place, (count, ..))| *place == 0 || *count > 0);
        let words: Vec<String> = words
            .map(
                |(_, (count, zh, en))| if lang == Lang::Zh { format!("{zh} {count}") } else { format!("{count} {en}") },
            )
            .collect();
        let _ = match lang {
            Lang::Zh => writeln!(out, "  限额 {policy}/{clause} {text}：{}", words.join("，")),
            Lang::En => writeln!(out, "  limit {policy}/{clause} {text}: {}", words.join(", ")),
        };
    }
    if summary.rejected > 0 && !decisions.tallies.is_empty() {
        let rejected = summary.rejected;
        let _ = match lang {
            Lang::Zh => writeln!(out, "  退回的 {rejected} 行没有参加限额核定；改正后须全部重核"),
            Lang::En => writeln!(
                out,
                "  rejected rows ({rejected}) had no part in the limits; when they are corrected, settle everything again"
            ),
        };
    }
    out
}

/// What a payment list comes to: what it pays and what is open are what is due in the run.
pub(super) fn payments(plan: &Plan<'_>, summary: &Summary, lang: Lang) -> String {
    let [paid, open, due] = sums(summary).map(|(_, sum)| money(plan, sum, lang));
    let (lines, left) = (summary.paid_lines, summary.open_lines);
    match lang {
        Lang::Zh => format!("发放清单：{lines} 笔，{paid}；待定未列 {left} 笔，{open}；两项合计即本次应发 {due}\n"),
        Lang::En => format!(
            "payment list: {paid} ({}); open and not in it: {open} ({}); together what is due now, {due}\n",
            of_lines(lines),
            of_lines(left)
        ),
    }
}

fn of_lines(count: u64) -> String {
    if count == 1 { "1 line".to_owned() } else { format!("{count} lines") }
}

/// An amount of money: `1,000元`, or from at least to at most.
fn money(plan: &Plan<'_>, range: Interval, lang: Lang) -> String {
    sum(range, &plan.money_name(), lang)
}

/// A sum in its unit: `1,000元`, `15%`, `6 to 9 months`.
fn sum(range: Interval, unit: &UnitName, lang: Lang) -> String {
    let name = match (lang, range.as_point() == Some(Number::ONE)) {
        (Lang::Zh, _) => &unit.zh,
        (Lang::En, true) => &unit.en_one,
        (Lang::En, false) => &unit.en_many,
    };
    let gap = if lang == Lang::En && name.starts_with(char::is_alphanumeric) { " " } else { "" };
    // Money has two places; of a rate nothing is left out.
    let figure = |number: Number| {
        let text = if unit.money || number.is_whole() { number.grouped() } else { number.to_string() };
        text.replace('-', "−")
    };
    match (range.as_point(), range.lo.number(), range.hi.number()) {
        (Some(point), _, _) => format!("{}{gap}{name}", figure(point)),
        (None, Some(lo), Some(hi)) => match lang {
            Lang::Zh => format!("{}至{}{name}", figure(lo), figure(hi)),
            Lang::En => format!("{} to {}{gap}{name}", figure(lo), figure(hi)),
        },
        (None, Some(lo), None) => match lang {
            Lang::Zh => format!("至少 {}{name}，上限待定", figure(lo)),
            Lang::En => format!("at least {}{gap}{name}, without a known upper end", figure(lo)),
        },
        _ => if lang == Lang::Zh { "待定" } else { "open" }.to_owned(),
    }
}
