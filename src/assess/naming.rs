//! Causes by name and in words.

use crate::assess::model::FactName;
use crate::assess::slot::Slot;
use crate::expr::context::{Cause, Problem};
use crate::expr::names::Origin;
use crate::expr::steps;
use crate::lang::Text;
use crate::policy::Policy;
use crate::value::{Record, Value};

/// What it takes to write a name down, in steps of expressions.
const OF_A_NAME: u64 = 8;

/// A slot by name and in words.
pub fn slot(policy: &Policy, inputs: &[Value], slot: Slot) -> FactName {
    steps::take(OF_A_NAME);
    let names = &policy.names;
    let input = |place: usize| names.inputs.get(place);
    match slot {
        Slot::Input(place) => {
            let Some(input) = input(place) else { return FactName { name: String::new(), label: Text::default() } };
            let label = match &input.origin {
                Origin::Parameter(Some(stands_in)) => Text::made(
                    format!("{}（见{stands_in}）", input.label.zh),
                    format!("{} (stands in {stands_in})", input.label.en),
                ),
                _ => input.label.clone(),
            };
            let label = match input.versions.first().map(|version| version.since.day) {
                Some(day) => {
                    Text::made(format!("{}（{day} 之前的）", label.zh), format!("{} (before {day})", label.en))
                }
                None => label,
            };
            FactName { name: input.name.clone(), label }
        }
        Slot::Field(place, record, list, field) => {
            let times =
                || (field == Record::TIMES).then(|| ("times".to_owned(), Text::new("条数", "how many there are")));
            let list_name = input(place).map_or("", |input| input.name.as_str());
            let declared = names.lists.get(list).and_then(|list| list.fields.get(field));
            let (field_name, field_label) =
                declared.map(|field| (field.name.clone(), field.label.clone())).or_else(times).unwrap_or_default();
            let record_label = match inputs.get(place) {
                Some(Value::List(list)) => list.records.get(record).and_then(|record| record.label.clone()),
                _ => None,
            };
            let of = record_label.map_or_else(
                || Text::made(format!("第{}条", record + 1), format!("record {}", record + 1)),
                Text::same,
            );
            let list_label = input(place).map_or_else(Text::default, |input| input.label.clone());
            FactName {
                name: format!("{list_name}[{}].{field_name}", record + 1),
                label: Text::made(
                    format!("{}（{}）：{}", list_label.zh, of.zh, field_label.zh),
                    format!("{} ({}): {}", list_label.en, of.en, field_label.en),
                ),
            }
        }
    }
}

/// The facts behind causes, each once.
pub(super) fn facts(policy: &Policy, inputs: &[Value], causes: &[Cause]) -> Vec<FactName> {
    let mut slots: Vec<Slot> = causes.iter().filter_map(Slot::of).collect();
    slots.sort_unstable();
    slots.dedup();
    slots.into_iter().map(|found| slot(policy, inputs, found)).collect()
}

/// What has no value, in words, each once.
pub(super) fn problems(causes: &[Cause]) -> Vec<Text> {
    let mut found: Vec<Text> = Vec::new();
    for cause in causes {
        let Cause::Problem(problem, span) = cause else { continue };
        let (zh, en) = match problem {
            Problem::OutOfRange => ("数值超出可计算的范围", "a number beyond what can be reckoned with"),
            Problem::DivisionByZero => ("除数为零或可能为零", "a division by zero, or by what may be zero"),
            Problem::NoCell => ("表中没有对应的一格", "the table has no cell for this"),
            Problem::EmptyList => ("没有可比较的记录", "there is no record to take the smallest or largest of"),
            Problem::Fraction => ("日期不能移动零碎的月或天", "a date cannot move by a fraction of a month or day"),
            Problem::NoValue => ("函数在此没有值", "the function has no value here"),
            Problem::Tied => (
                "几条记录并列，没有写明谁在前；在 `by` 后再写一项",
                "several records are equal and nothing says which comes first; name a further thing behind `by`",
            ),
            Problem::NotYet => ("这一天还没有规定值", "for such an early day nothing is laid down"),
        };
        let (name, place) = (&span.source.name, span.place());
        let at = format!("{name}:{}:{}", place.line, place.column);
        let text = Text::made(format!("不能计算：{zh}（{at}）"), format!("cannot be computed: {en} ({at})"));
        if !found.contains(&text) {
            found.push(text);
        }
    }
    found
}
