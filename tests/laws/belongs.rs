//! What belongs to a record is what names it: the same as the list filtered by hand, record by record.

use std::sync::Arc;

use duixian::policy::{self, Policy};
use duixian::source::Source;
use duixian::value::{Day, DayRange, Interval, List, Record, Truth, Value};
use proptest::collection::vec;
use proptest::prelude::any;

use crate::case::run;
use crate::choices::Choices;
use crate::spans::{place, work_out};

fn invented() -> Policy {
    let text = r#"
[policy]
id        = "invented"
title     = { zh = "试", en = "Trial" }
issuer    = { zh = "试", en = "Trial" }
status    = "in_force"
effective = { from = 2024-01-01, to = 2026-12-31 }
[applicants.person]
label = { zh = "个人", en = "Person" }
[facts.people]
type     = "list"
label_by = "name"
identity = "card"
label    = { zh = "人员", en = "People" }
fields.name = { type = "text", label = { zh = "姓名", en = "Name" } }
fields.card = { type = "text", label = { zh = "证号", en = "Card" } }
fields.here = { type = "bool", label = { zh = "在此", en = "Here" } }
[facts.periods]
type  = "list"
of    = "people"
label = { zh = "期间", en = "Periods" }
fields.name  = { type = "text", label = { zh = "姓名", en = "Name" } }
fields.card  = { type = "text", label = { zh = "证号", en = "Card" } }
fields.from  = { type = "date", label = { zh = "起", en = "From" } }
fields.until = { type = "date", label = { zh = "止", en = "Until" } }
fields.score = { type = "quantity", label = { zh = "分", en = "Points" } }
[[clauses]]
id    = "1"
cite  = "第一条"
title = { zh = "试", en = "Trial" }
for   = "person"
kind  = "target"
"#;
    policy::read(&Source::new("policy.toml", text), &|_| None).0.unwrap()
}

fn text(text: Option<&str>) -> Value {
    Value::Text(text.map(Into::into))
}

/// What is asked of the periods of one person; `{}` is the list.
const QUESTIONS: [&str; 5] = [
    "run(from, until of {}) ÷ 1个月",
    "union(from, until, 10天 of {}) ÷ 1个月",
    "sum(score of {} where until >= 2024-03-01)",
    "sum(score of (highest 2 of {} by score))",
    "count({})",
];

fn check(policy: &Policy, c: &mut Choices<'_>) -> Result<(), String> {
    // Two of one name have a number each; the others may have one.
    let people: Vec<(&str, Option<&str>)> =
        vec![("甲", Some("1")), ("甲", Some("2")), ("乙", if c.chance(50) { Some("3") } else { None }), ("丙", None)];
    let people = &people[c.below(3)..];
    let periods = c.several(0, 5, |c| {
        let (name, card) = c.of(people);
        let given = if name == "甲" || c.chance(50) { card } else { None };
        let from = Day::parse("2024-01-01").unwrap().plus_days(c.below(90) as i64);
        let until = from.plus_days(c.below(80) as i64);
        let wide = if c.chance(30) { c.below(40) as i64 } else { 0 };
        let score = Interval::whole(c.below(5) as i64);
        let score = if c.chance(20) { score.hull(Interval::whole(6)) } else { score };
        (name, card, given, from, (until, until.plus_days(wide)), score)
    });
    let record = |fields: Vec<Value>| Record { fields, times: 1, ..Record::default() };
    let list = |records: Vec<Record>| Value::List(Arc::new(List { records, open: false }));
    let mut inputs: Vec<Value> = policy.names.inputs.iter().map(|input| input.domain.clone()).collect();
    let owners: Vec<Record> = people
        .iter()
        .map(|(name, card)| record(vec![text(Some(name)), text(*card), Value::Truth(Truth::TRUE)]))
        .collect();
    let period = |name: Option<&str>, card: Option<&str>, from: Day, (lo, hi): (Day, Day), score: Interval| {
        let until = Value::Date(DayRange { lo, hi });
        record(vec![text(name), text(card), Value::Date(DayRange::point(from)), until, Value::Quantity(score)])
    };
    let all =
        periods.iter().map(|(name, _, given, from, until, score)| period(Some(name), *given, *from, *until, *score));
    inputs[place(policy, "people")] = list(owners.clone());
    inputs[place(policy, "periods")] = list(all.collect());
    for question in QUESTIONS {
        let own = format!("sum({} of people where here)", question.replace("{}", "own periods"));
        let together = work_out(policy, &own, &inputs);
        let mut sum = Interval::ZERO;
        for (name, card) in people {
            let his = periods.iter().filter(|(other, of, ..)| other == name && of == card);
            let his = his.map(|(_, _, _, from, until, score)| period(None, None, *from, *until, *score));
            let mut alone = inputs.clone();
            alone[place(policy, "periods")] = list(his.collect());
            let Value::Quantity(one) = work_out(policy, &question.replace("{}", "periods"), &alone) else { panic!() };
            sum = sum.plus(one).unwrap();
        }
        if together != Value::Quantity(sum) {
            return Err(format!("{own} gives {together:?} over {periods:?}, one by one {sum:?}"));
        }
        // One more without a name may have anything, unless nothing is listed for anybody: what is known stays in it.
        let mut more = inputs.clone();
        let stranger = record(vec![text(None), text(None), Value::Truth(Truth::OPEN)]);
        more[place(policy, "people")] = list([owners.clone(), vec![stranger]].concat());
        let Value::Quantity(open) = work_out(policy, &own, &more) else { panic!() };
        if open.lo > sum.lo
            || open.hi < sum.hi
            || if periods.is_empty() {
                open != sum
            } else {
                open.hi != duixian::value::Bound::Above && question != QUESTIONS[0] && question != QUESTIONS[1]
            }
        {
            return Err(format!("{own} gives {open:?} with one of whom nothing is known, without {sum:?}"));
        }
    }
    Ok(())
}

#[test]
fn what_belongs_to_one_is_what_a_list_of_his_own_gives() {
    let policy = invented();
    run(400, &vec(any::<u32>(), 0..64), |numbers| check(&policy, &mut Choices::new(numbers)));
}
