//! A day that nothing in the clause speaks of: an age on another day than the event, an event that is another matter's, records
//! counted until today in a clause whose day is over.

use std::collections::BTreeSet;

use crate::check::{Check, walk, words};
use crate::clause::kind::Measures;
use crate::clause::{Clause, Limit};
use crate::diagnostic::{Code, Diagnostic};
use crate::document::Table;
use crate::expr::function::Builtin;
use crate::expr::names::Origin;
use crate::expr::program::{Node, Op};
use crate::expr::types::Type;
use crate::lang::Text;
use crate::policy::{Policy, place};
use crate::value::Value;

pub(super) static CHECK: Check = Check {
    code: Code::warning("day-of-another", "日期像是另一件事的", "a day seems to be that of another matter"),
    page: Text::new(
        "三种情形：年龄不按本条的事件日计算，本条文字也没有提到那一天；`event` 的日期在本条别处没有用到，文字也没有提到，而文字、名额或计算用的是另一个日期；\
         `event` 已定在某一天，人数或金额却一直数到今天（`<= as_of`），事后发生的也算进去。改用本条的日期，或在条件文字中写明是哪一天。",
        "Three of them: an age on a day that is not the clause's event and that none of its words name; an event that the clause uses nowhere else and whose \
         name none of its words have, while its words, limits or times are about another day; records that are counted until today (`<= as_of`) although the event fixes the day, \
         so that what happens later counts too. Take the clause's day, or name the other one in the words of the condition.",
    ),
    bad: r#"
[facts.born_on]
type  = "date"
label = { zh = "出生日期", en = "Born on" }

[facts.employed_on]
type  = "date"
label = { zh = "入职日期", en = "Employed on" }

[[clauses]]
id       = "1"
cite     = "第一条"
title    = { zh = "安家补贴", en = "Settling allowance" }
for      = "person"
event    = "employed_on"
requires = [{ test = "age(born_on, as_of) <= 35岁", zh = "不超过35周岁", en = "not over 35" }]
amount   = "5万元"
"#,
    good: r#"
[facts.born_on]
type  = "date"
label = { zh = "出生日期", en = "Born on" }

[facts.employed_on]
type  = "date"
label = { zh = "入职日期", en = "Employed on" }

[[clauses]]
id       = "1"
cite     = "第一条"
title    = { zh = "安家补贴", en = "Settling allowance" }
for      = "person"
event    = "employed_on"
requires = [{ test = "age(born_on, employed_on) <= 35岁", zh = "不超过35周岁", en = "not over 35" }]
amount   = "5万元"
"#,
    find,
};

fn find(policy: &Policy) -> Vec<Diagnostic> {
    words::in_clauses(policy, |_, clause, own| {
        if clause.kind.measures == Measures::Nothing { Vec::new() } else { of_clause(policy, clause, own) }
    })
}

fn of_clause(policy: &Policy, clause: &Clause, own: &Table) -> Vec<Diagnostic> {
    let Some(event) = &clause.event else { return Vec::new() };
    let said = words::all_chinese(own);
    let of_event = Days::of(policy, clause, event);
    let mut found = Vec::new();
    walk::each(policy, clause.expressions(), &mut |node| {
        if let Op::Call(Builtin::Age, arguments) = &node.op
            && let [birth, day, ..] = arguments.as_slice()
            && is_of_another(policy, clause, [birth, day], &of_event, &said)
        {
            let label =
                Text::new("不是本条的事件日，文字也没有提到", "neither the clause's event nor named in its words");
            found.push(told(clause, day, label));
        }
        if let Op::Aggregate(aggregate) = &node.op
            && let Some(filter) = &aggregate.filter
            && !of_event.today
            && let Some(until) = until_today(filter)
        {
            let label =
                Text::new("一直数到今天，而事件日已经确定", "counts until today, though the event fixes the day");
            found.push(told(clause, until, label));
        }
    });
    found.extend(event_of_another(policy, clause, event, &said));
    found.dedup_by_key(|found| found.labels.first().map(|(span, _)| span.range.clone()));
    found
}

fn told(clause: &Clause, node: &Node, label: Text) -> Diagnostic {
    let help = Text::new(
        "改用本条的日期，或在条件文字中写明是哪一天",
        "take the clause's day, or name this one in the words of the condition",
    );
    CHECK.code.at(node.span.clone(), label).help(help).about(&clause.id)
}

/// What days an expression is made of.
#[derive(Default)]
struct Days {
    inputs: BTreeSet<usize>,
    fields: BTreeSet<usize>,
    today: bool,
    window: bool,
    fixed: bool,
}

impl Days {
    fn of(policy: &Policy, clause: &Clause, node: &Node) -> Days {
        let mut days = Days::default();
        let mut waiting = vec![node];
        while let Some(node) = waiting.pop() {
            match &node.op {
                Op::Input(input) if node.ty == Type::Date => drop(days.inputs.insert(*input)),
                Op::EachField(field) | Op::Field(_, field) if node.ty == Type::Date => drop(days.fields.insert(*field)),
                Op::AsOf => days.today = true,
                Op::WindowFrom | Op::WindowTo => days.window = true,
                Op::Constant(Value::Date(_), _) => days.fixed = true,
                Op::Event => waiting.extend(&clause.event),
                // A `let` uses earlier ones only, so this ends.
                Op::Let(place) => waiting.extend(clause.let_nodes.get(*place)),
                Op::Define(place) => waiting.extend(policy.names.defines.get(*place).map(|define| &define.node)),
                _ => {}
            }
            waiting.extend(node.children());
        }
        days
    }
}

/// Words that say that something is counted on the day of the application.
const TODAY: &[&str] = &["申报", "申请", "目前", "当前", "现年", "今日", "评估日", "截至"];
const FIRST_OR_LAST: &[&str] = &["施行", "印发", "实施", "有效期", "截至", "发布", "公布"];

/// Whether the day of an age is neither that of the event nor one that the words name.
fn is_of_another(policy: &Policy, clause: &Clause, [birth, day]: [&Node; 2], of_event: &Days, said: &str) -> bool {
    let (birth, days) = (Days::of(policy, clause, birth), Days::of(policy, clause, day));
    // A birthday is the day itself.
    if !days.inputs.is_disjoint(&birth.inputs) || !days.fields.is_disjoint(&birth.fields) {
        return false;
    }
    let shares = !days.inputs.is_disjoint(&of_event.inputs) || !days.fields.is_disjoint(&of_event.fields);
    let alike = days.today && of_event.today || days.window && of_event.window || days.fixed && of_event.fixed;
    if shares || alike && days.inputs.is_empty() && days.fields.is_empty() {
        return false;
    }
    let says = |words: &[&str]| words.iter().any(|word| said.contains(word));
    let list = clause.each.as_ref().and_then(|each| policy.names.lists.get(each.list));
    let fields = days.fields.iter().filter_map(|field| list?.fields.get(*field));
    let mut asked = days.inputs.iter().filter_map(|place| policy.names.inputs.get(*place)).chain(fields);
    let named = asked.any(|input| words::names(said, &input.label.zh))
        || days.today && says(TODAY)
        || days.window && says(FIRST_OR_LAST)
        || days.fixed && said.chars().any(|sign| sign.is_ascii_digit()) && said.contains('日');
    !named
}

/// The `as_of` to which the records of a filter are counted.
fn until_today(filter: &Node) -> Option<&Node> {
    match &filter.op {
        Op::And(left, right) => until_today(left).or_else(|| until_today(right)),
        Op::Compare(_, left, right) if matches!((&left.op, &right.op), (Op::Field(..), Op::AsOf)) => Some(filter),
        _ => None,
    }
}

/// The event, where nothing else in the clause asks for its day or speaks of it, and something does of another.
fn event_of_another(policy: &Policy, clause: &Clause, event: &Node, said: &str) -> Option<Diagnostic> {
    let Op::Input(own) = event.op else { return None };
    let input = policy.names.inputs.get(own)?;
    let mut used: BTreeSet<usize> = BTreeSet::new();
    let rest = || clause.expressions().into_iter().filter(|node| !std::ptr::eq(*node, event));
    let mut again = false;
    walk::each(policy, rest().collect(), &mut |node| {
        again |= matches!(node.op, Op::Event);
        if let (Op::Input(place), Type::Date) = (&node.op, &node.ty) {
            used.insert(*place);
        }
    });
    let at = || place::key(policy, clause, "event");
    let help = Text::new("核对 `event` 是哪一天", "see which day the event is");
    // What ends the time that is counted, and a later part of a sum, is not how it begins.
    let is_of = |node: &Node| Days::of(policy, clause, node).inputs.contains(&own);
    let ends = clause.accrual.iter().any(|rule| rule.until.as_ref().is_some_and(is_of) && !is_of(&rule.from));
    if ends {
        let label = Text::new("这是计算截止的一天", "this is the day on which the time ends");
        return Some(CHECK.code.at(at(), label).help(help).about(&clause.id));
    }
    if let [first, rest @ ..] = clause.installments.as_slice()
        && rest.iter().any(|part| is_of(&part.due))
        && !is_of(&first.due)
    {
        let label = Text::made(
            format!("第一期（{}）在另一天给付", first.text.zh),
            format!("the first part ({}) is owed on another day", first.text.en),
        );
        return Some(
            CHECK
                .code
                .at(at(), label)
                .and(first.due.span.clone(), Text::new("第一期", "the first part"))
                .help(help)
                .about(&clause.id),
        );
    }
    if again || used.contains(&own) || words::names(said, &input.label.zh) {
        return None;
    }
    // What is shared out, counted or paid by another day; or what the words speak of and the clause does not ask for.
    let mut by: BTreeSet<usize> = clause
        .limits
        .iter()
        .flat_map(Limit::expressions)
        .flat_map(|node| Days::of(policy, clause, node).inputs)
        .collect();
    by.extend(clause.accrual.iter().flat_map(|rule| Days::of(policy, clause, &rule.from).inputs));
    by.extend(clause.installments.first().iter().flat_map(|part| Days::of(policy, clause, &part.due).inputs));
    let displaced = clause.instead_of.iter().filter_map(|displaced| displaced.when.as_ref());
    by.extend(displaced.flat_map(|when| Days::of(policy, clause, when).inputs));
    walk::each(policy, rest().collect(), &mut |node| {
        if let Op::Aggregate(aggregate) = &node.op {
            by.extend(aggregate.filter.iter().flat_map(|filter| Days::of(policy, clause, filter).inputs));
        }
    });
    let stated = |place: &usize| {
        policy.names.inputs.get(*place).filter(|input| input.origin == Origin::Fact && input.ty == Type::Date)
    };
    let named =
        |place: &usize| !used.contains(place) && stated(place).is_some_and(|input| words::names(said, &input.label.zh));
    let other = by.into_iter().chain((0..policy.names.inputs.len()).filter(named)).find_map(|place| stated(&place))?;
    let label = Text::made(
        format!("本条的文字和算式都没有提到“{}”，提到的是“{}”", input.label.zh, other.label.zh),
        format!("nothing in the clause speaks of “{}”, and something does of “{}”", input.label.en, other.label.en),
    );
    Some(CHECK.code.at(at(), label).help(help).about(&clause.id))
}
