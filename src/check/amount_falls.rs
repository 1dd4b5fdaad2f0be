//! An amount that falls when a fact improves: one more hire, one more month, and less is paid.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::assess::slot::Slot;
use crate::assess::world::World;
use crate::check::periods::Periods;
use crate::check::possible::declared;
use crate::check::witness::{Search, Verdict};
use crate::check::{Check, place};
use crate::clause::Clause;
use crate::clause::kind::Counted;
use crate::diagnostic::{Code, Diagnostic};
use crate::expr::context::Cause;
use crate::expr::names::{Input, Names};
use crate::expr::types::Type;
use crate::lang::Text;
use crate::policy::Policy;
use crate::source::Span;
use crate::value::{Bound, Day, DayRange, Interval, Number, Value, Words};

pub(super) static CHECK: Check = Check {
    code: Code::warning("amount-falls", "事实变好，金额反而降低", "an amount falls when a fact improves"),
    page: Text::new(
        "多聘一人、多满一个月、学位更高，应发总额反而变少。找法：先找出一位能领到钱的申请人，再把每项事实沿分档和界限逐一变动，\
         看各条合计（含取代、从高）。只看前后都符合条件的情形；一路下降的（如费用、名次）不算，日期只看计时的起止（止日晚、起日早为好）。\
         分段费率写成了整段（应用 `mode = \"marginal\"` 或累加）、取代规则选错了条款，都会这样；原文确实如此的，接受并写明。",
        "One more hire, one more month, a higher degree, and the total is lower. Found by trial: for an applicant who is paid, every fact is \
         moved over the thresholds of the clause, and the sums of all clauses that displace or limit each other are compared. Only where \
         the conditions hold on both sides; what falls all the way (costs, places in a contest) is no fault, and of dates only those count that begin or end a \
         time (an earlier beginning and a later end are better). A slice's rate taken for the \
         whole (`mode = \"marginal\"`), or a rule that displaces the wrong clause, do this; where the text says so, accept it.",
    ),
    bad: r#"
[facts.hired]
type    = "quantity"
unit    = "人"
min     = 0
integer = true
label   = { zh = "新聘人数", en = "People hired" }

[[clauses]]
id     = "1"
cite   = "第一条"
title  = { zh = "引才奖励", en = "Reward for hiring" }
for    = "enterprise"
amount = "if hired < 10人 then 2000元/人 × hired else 1500元/人 × hired"
"#,
    good: r#"
[facts.hired]
type    = "quantity"
unit    = "人"
min     = 0
integer = true
label   = { zh = "新聘人数", en = "People hired" }

[[clauses]]
id     = "1"
cite   = "第一条"
title  = { zh = "引才奖励", en = "Reward for hiring" }
for    = "enterprise"
scale.support = { mode = "marginal", "0人" = "2000元/人", "10人" = "1500元/人" }
amount = "support(hired)"
"#,
    find,
};

/// How many applicants a clause's facts are moved for.
const MOST_BASES: usize = 8;
/// How many facts of an applicant are moved.
const MOST_FACTS: usize = 40;
/// How many values of one fact are looked at: those at the first forty thresholds.
const MOST_VALUES: usize = 160;
/// How far a date is moved, in months.
const MONTHS: i64 = 36;

fn find(policy: &Policy) -> Vec<Diagnostic> {
    let clauses = policy.clauses.iter().enumerate();
    let paid = clauses.filter(|(_, clause)| clause.kind.counted == Counted::Total);
    paid.flat_map(|(place, clause)| of_clause(policy, place, clause)).collect()
}

fn of_clause(policy: &Policy, place: usize, clause: &Clause) -> Vec<Diagnostic> {
    let mut found: Vec<(Slot, Diagnostic)> = Vec::new();
    let periods = Periods::of(policy, clause);
    for kind in &clause.applies_to {
        let search = Search::new(policy, place, clause, *kind);
        // Where another clause of the group comes first, the same falls are found there.
        for base in bases(&search, place) {
            for slot in slots(&search, &base).into_iter().take(MOST_FACTS) {
                let told = found.iter().any(|(known, _)| same_fact(*known, slot));
                if !told && let Some(fall) = fall(&search, &periods, place, &base, slot) {
                    found.push((slot, report(&search, clause, &base, slot, &fall)));
                }
            }
        }
    }
    found.into_iter().map(|(_, diagnostic)| diagnostic).collect()
}

fn same_fact(a: Slot, b: Slot) -> bool {
    match (a, b) {
        (Slot::Field(list, _, _, field), Slot::Field(other, _, _, same)) => list == other && field == same,
        (a, b) => a == b,
    }
}

/// What the group comes to where the clause is met; none where it is not, or where something is open.
fn total(search: &Search<'_>, place: usize, world: &World<'_>) -> Option<Number> {
    let drafts = search.drafts(world);
    let own = drafts.iter().find(|draft| draft.clause == place)?;
    if !own.holds().is_true() {
        return None;
    }
    Interval::sum(drafts.iter().map(|draft| draft.to_date))?.as_point()
}

/// Applicants that are paid: the first that is found, and the same with one word or truth changed.
fn bases<'p>(search: &Search<'p>, place: usize) -> Vec<World<'p>> {
    let goal = |world: &World<'p>| {
        let drafts = search.drafts(world);
        let Some(own) = drafts.iter().find(|draft| draft.clause == place) else { return Verdict::Hopeless };
        if own.holds().is_false() || own.to_date.hi <= Bound::ZERO {
            return Verdict::Hopeless;
        }
        let open = |draft: &&crate::assess::draft::Draft| draft.is_open() || !draft.to_date.is_point();
        // The clause's own facts first.
        let mut causes: Vec<Cause> = if open(&own) { own.causes.clone() } else { Vec::new() };
        causes.extend(drafts.iter().filter(open).flat_map(|draft| draft.causes.clone()));
        if causes.is_empty() { Verdict::Found } else { Verdict::Open(causes) }
    };
    let Some(first) = search.find(&goal) else { return Vec::new() };
    let mut all = vec![first.clone()];
    for slot in slots(search, &first) {
        let Some(input) = declared(&search.policy.names, slot) else { continue };
        let others = match &input.domain {
            Value::Truth(_) | Value::Words(_) => input.domain.cases().unwrap_or_default(),
            _ => Vec::new(),
        };
        for other in others.into_iter().filter(|other| Some(other) != first.value(slot)) {
            let world = first.with(slot, other);
            if all.len() < MOST_BASES && total(search, place, &world).is_some() {
                all.push(world);
            }
        }
    }
    all
}

/// The facts that the search has given a value.
fn slots(search: &Search<'_>, world: &World<'_>) -> Vec<Slot> {
    let start = search.start();
    let mut all = Vec::new();
    for (place, (value, before)) in world.inputs.iter().zip(&start.inputs).enumerate() {
        if value == before {
            continue;
        }
        all.push(Slot::Input(place));
        let input = search.policy.names.inputs.get(place);
        if let (Value::List(list), Some(Type::List(declared))) = (value, input.map(|input| &input.ty)) {
            for (index, record) in list.records.iter().enumerate() {
                let known = record.fields.iter().enumerate().filter(|(_, value)| value.is_point());
                all.extend(known.map(|(field, _)| Slot::Field(place, index, *declared, field)));
            }
        }
    }
    all
}

/// Values of a fact from its worst to its best, where that can be said; whether only a fall after a rise counts.
fn values(
    search: &Search<'_>,
    periods: &Periods,
    slot: Slot,
    input: &Input,
    now: &Value,
) -> Option<(Vec<Value>, bool)> {
    let names: &Names = &search.policy.names;
    match (&input.ty, now) {
        (Type::Enum(place), _) => {
            let words = names.enums.get(*place).filter(|known| known.ordered)?.words.len();
            Some(((0..words).map(|word| Value::Words(Words::one(word))).collect(), false))
        }
        (Type::Quantity(_), Value::Quantity(now)) => {
            let Value::Quantity(domain) = input.domain else { return None };
            let mut all: BTreeSet<Number> = BTreeSet::new();
            let ends = [domain.lo, domain.hi, now.lo].into_iter().filter_map(Bound::number);
            for cut in search.cuts.of_type(&input.ty).into_iter().chain(ends) {
                let steps = [-1, 0, 1].into_iter().filter_map(|by| cut.plus(Number::whole(by)));
                all.extend(steps.chain(cut.plus(cut)));
            }
            all.retain(|number| domain.contains(*number) && (!input.integer || number.is_whole()));
            Some((all.into_iter().map(|number| Value::Quantity(Interval::point(number))).collect(), true))
        }
        (Type::Date, Value::Date(now)) => {
            // A later end is a longer time, and so is an earlier beginning; of any other day nobody can say what improves it.
            let later_is_better = periods.grows_with(slot)?;
            let day = now.as_point().filter(|day| *day != Day::NEVER)?;
            let Value::Date(domain) = input.domain else { return None };
            let mut all: BTreeSet<Day> = (-MONTHS..=MONTHS).map(|months| day.plus_months(months)).collect();
            all.extend(search.cuts.days.iter().flat_map(|cut| [cut.plus_days(-1), *cut, cut.plus_days(1)]));
            all.retain(|day| domain.lo <= *day && *day <= domain.hi);
            let mut days: Vec<Value> = all.into_iter().map(|day| Value::Date(DayRange::point(day))).collect();
            if !later_is_better {
                days.reverse();
            }
            Some((days, true))
        }
        (Type::List(place), Value::List(list)) => {
            let [record] = list.records.as_slice() else { return None };
            let unit = names.lists.get(*place)?.unit.clone();
            let mut counts: BTreeSet<u32> = BTreeSet::from([1, 2, 3, record.times]);
            for cut in search.cuts.of_type(&Type::Quantity(unit)) {
                let Some(cut) = cut.to_i64().and_then(|cut| u32::try_from(cut).ok()) else { continue };
                counts.extend([cut.saturating_sub(1), cut, cut.saturating_add(1), cut.saturating_mul(2)]);
            }
            counts.retain(|count| (1..=1000).contains(count));
            let several = |times: u32| {
                let mut list = (**list).clone();
                list.records.iter_mut().for_each(|record| record.times = times);
                Value::List(Arc::new(list))
            };
            Some((counts.into_iter().map(several).collect(), true))
        }
        _ => None,
    }
}

/// Two neighbouring values of a fact, and what is paid with each.
struct Fall {
    before: (Value, Number),
    after: (Value, Number),
    /// Whether the sums are those of the whole calculation; otherwise those of the clauses that belong together.
    whole: bool,
}

impl Fall {
    /// The fall as `calc` has it; none where it says otherwise, or nothing certain.
    fn calculated(search: &Search<'_>, base: &World<'_>, slot: Slot, before: &Value, after: &Value) -> Option<Fall> {
        let a = search.assessment(&base.with(slot, before.clone()), true)?;
        let b = search.assessment(&base.with(slot, after.clone()), true)?;
        let fall = |a: Option<Number>, b: Option<Number>, whole: bool| {
            let (a, b) = a.zip(b).filter(|(a, b)| b < a)?;
            Some(Fall { before: (before.clone(), a), after: (after.clone(), b), whole })
        };
        match (a.totals.awarded.as_point(), b.totals.awarded.as_point()) {
            (Some(a), Some(b)) => fall(Some(a), Some(b), true),
            _ => fall(search.awarded(&a, &search.group), search.awarded(&b, &search.group), false),
        }
    }
}

/// The first fall while a fact improves.
fn fall(search: &Search<'_>, periods: &Periods, place: usize, base: &World<'_>, slot: Slot) -> Option<Fall> {
    let names = &search.policy.names;
    let input = declared(names, slot)?;
    let now = base.value(slot)?;
    // Records that are worked out one by one are no number of anything.
    let lines = search.policy.clauses.get(place)?.each.as_ref().map(|each| each.input);
    if matches!((slot, now), (Slot::Input(input), Value::List(_)) if lines == Some(input)) {
        return None;
    }
    let (values, after_a_rise) = values(search, periods, slot, input, now)?;
    let totals: Vec<(Value, Option<Number>)> = values
        .into_iter()
        .take(MOST_VALUES)
        .map(|value| {
            let total = total(search, place, &base.with(slot, value.clone()));
            (value, total)
        })
        .collect();
    let mut risen = !after_a_rise;
    for pair in totals.windows(2) {
        let [(before, a), (after, b)] = pair else { continue };
        match (a, b) {
            (Some(a), Some(b)) if b < a && risen => {
                let fall = Fall::calculated(search, base, slot, before, after);
                if fall.is_some() {
                    return fall;
                }
            }
            // A higher class that loses everything by a condition: only where nothing else makes up for it.
            (Some(_), None) if matches!(before, Value::Words(_)) => {
                let fall = Fall::calculated(search, base, slot, before, after);
                if let Some(fall) = fall.filter(|fall| fall.whole) {
                    return Some(fall);
                }
            }
            (Some(a), Some(b)) => risen |= b > a,
            (None, Some(_)) => risen = true,
            _ => {}
        }
    }
    None
}

fn report(search: &Search<'_>, clause: &Clause, base: &World<'_>, slot: Slot, fall: &Fall) -> Diagnostic {
    let names = &search.policy.names;
    let (label, unit) = match declared(names, slot) {
        Some(input) => (input.label.clone(), input),
        None => return CHECK.code.at(clause.span.clone(), Text::default()),
    };
    let shown = |value: &Value| match value {
        Value::List(list) => list.records.iter().map(|record| record.times).sum::<u32>().to_string(),
        value => search.value(unit, value).unwrap_or_default().trim_matches('"').to_owned(),
    };
    let (before, after) = (shown(&fall.before.0), shown(&fall.after.0));
    let (a, b) = (fall.before.1.grouped(), fall.after.1.grouped());
    let money = search.policy.names.money_name();
    let (zh, en) = (money.zh, money.en_many);
    let ids: Vec<&str> =
        search.group.iter().filter_map(|place| Some(search.policy.clauses.get(*place)?.id.as_str())).collect();
    let (what_zh, what_en) = if fall.whole {
        ("合计".to_owned(), "the total".to_owned())
    } else {
        match ids.as_slice() {
            [only] => (format!("条款 {only} 的金额"), format!("what clause {only} pays")),
            several => (
                format!("条款 {} 合计", several.join("、")),
                format!("what clauses {} pay together", several.join(", ")),
            ),
        }
    };
    let here = Text::made(
        format!("“{}”从 {before} 到 {after}，{what_zh}从 {a} {zh}降到 {b} {zh}", label.zh),
        format!("“{}” from {before} to {after}: {what_en} falls from {a} to {b} {en}", label.en),
    );
    let help = Text::new(
        "核对分段、分档和取代规则；原文确实如此的，在 `[[accepted]]` 写明",
        "see the slices, the steps, and what displaces what; where the text has it so, say so in `[[accepted]]`",
    );
    let remark = |at: Slot| (at == slot).then(|| format!("{after}：{b} {zh} / {en}"));
    let world = base.with(slot, fall.before.0.clone());
    let what = Text::made(
        format!("这份申请人{what_zh} {a} {zh}；改为 {after} 后 {b} {zh}"),
        if fall.whole {
            format!("an applicant with {a} {en} in all; with {after} it is {b}")
        } else {
            format!("an applicant with {a} {en} under {}; with {after} it is {b}", ids.join(", "))
        },
    );
    CHECK
        .code
        .at(amount(search.policy, clause), here)
        .help(help)
        .about(&clause.id)
        .shown_by(what, search.file(&world, &remark))
}

fn amount(policy: &Policy, clause: &Clause) -> Span {
    let key = if clause.amount.is_some() { "amount" } else { "installments" };
    place::key(policy, clause, key)
}
