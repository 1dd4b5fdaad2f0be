//! Which dates an age can be told of: those whose age a policy asks for.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use crate::expr::function::Builtin;
use crate::expr::names::{Input, Names};
use crate::expr::program::{Node, Op};
use crate::lang::Text;
use crate::policy::Policy;

/// Words for what is no fact, as the day of birth is one.
const WORDS: [&str; 4] = ["age", "年龄", "周岁", "岁数"];

/// Whether a key asks for an age.
pub fn is_age(key: &str) -> bool {
    WORDS.iter().any(|word| key.eq_ignore_ascii_case(word))
}

/// How to state an age, where a key asks for one and a policy works out that of a date: of a fact, or, where a list is
/// named, of a field of its records.
pub fn instead_of_age(key: &str, list: Option<&str>, policies: &[&Policy]) -> Option<Text> {
    if !is_age(key) {
        return None;
    }
    let all: BTreeSet<&str> = policies.iter().flat_map(|policy| dates(policy, list)).collect();
    let say = |name: &&str| format!("`{name} = {{ age = \"29岁\", on = 2024-09-01 }}`");
    let ways: Vec<String> = all.iter().map(say).collect();
    (!ways.is_empty()).then(|| {
        Text::made(
            format!("年龄连同核定之日写在出生日期中：{}", ways.join(" 或 ")),
            format!("an age stands in the day of birth, with the day on which it was so: {}", ways.join(" or ")),
        )
    })
}

/// The dates of which a policy asks the age, looked up once: the place of the list whose field each is, if it is one, and its name.
#[derive(Debug, Default)]
pub(super) struct Dates(OnceLock<Vec<(Option<usize>, String)>>);

/// The names of those that are facts, or, where a list is named, fields of its records.
fn dates<'p>(policy: &'p Policy, list: Option<&str>) -> impl Iterator<Item = &'p str> {
    let all = policy.ages.0.get_or_init(|| all_dates(policy));
    let named = move |place: &Option<usize>| match (place, list) {
        (Some(place), Some(list)) => policy.names.lists.get(*place).is_some_and(|found| found.name == list),
        (place, list) => place.is_none() && list.is_none(),
    };
    all.iter().filter(move |(place, _)| named(place)).map(|(_, name)| name.as_str())
}

fn all_dates(policy: &Policy) -> Vec<(Option<usize>, String)> {
    let names = &policy.names;
    let mut found = Vec::new();
    let defines = names.defines.iter().map(|define| (&define.node, None));
    let of_clauses = policy.clauses.iter().flat_map(|clause| {
        let each = clause.each.as_ref().map(|each| each.list);
        clause.expressions().into_iter().map(move |node| (node, each))
    });
    let mut waiting: Vec<(&Node, Option<usize>)> = defines.chain(of_clauses).collect();
    while let Some((node, at)) = waiting.pop() {
        if let Op::Call(Builtin::Age, arguments) = &node.op
            && let Some((list, date)) = arguments.first().and_then(|birth| named(birth, at, names))
        {
            found.push((list, date.name.clone()));
        }
        let at = match &node.op {
            Op::Aggregate(aggregate) => Some(aggregate.list),
            _ => at,
        };
        waiting.extend(node.children().into_iter().map(|child| (child, at)));
    }
    found
}

/// The fact, or the field of a list, that a node is.
fn named<'p>(node: &Node, at: Option<usize>, names: &'p Names) -> Option<(Option<usize>, &'p Input)> {
    match &node.op {
        Op::Input(place) => Some((None, names.inputs.get(*place)?)),
        Op::Field(_, field) | Op::EachField(field) => Some((at, names.lists.get(at?)?.fields.get(*field)?)),
        _ => None,
    }
}
