//! A gap between ranges: `under 30` and `over 30`, and nobody thought of 30.

use std::collections::BTreeMap;

use crate::check::{Check, walk};
use crate::clause::Clause;
use crate::diagnostic::{Code, Diagnostic};
use crate::expr::measure::Measure;
use crate::expr::program::{Node, Op};
use crate::expr::syntax::Binary;
use crate::lang::Text;
use crate::policy::Policy;
use crate::value::{Number, Value};

pub(super) static CHECK: Check = Check {
    code: Code::warning("gap-between-ranges", "区间之间有空档", "there is a gap between ranges"),
    page: Text::new(
        "一串 `if … else if …`，或同一类别的几个条款，按同一个数分段，段与段之间却漏了一个值或一截，\
         例如“30岁以下”“30岁以上”漏了刚好30岁。改用 `<=` 或 `>=` 补上；原文确实漏掉的，接受并写明。",
        "A chain of `if … else if …`, or several clauses of one category, go by ranges of the same value and leave out what lies between \
         two of them: “under 30” and “over 30” leave out 30. Close it with `<=` or `>=`; where the text itself has the gap, accept it \
         and say so.",
    ),
    bad: r#"
[facts.age]
type  = "quantity"
unit  = "岁"
min   = 0
label = { zh = "年龄", en = "Age" }

[[clauses]]
id       = "1"
cite     = "第一条"
title    = { zh = "青年购房补贴", en = "Housing subsidy for the young" }
for      = "person"
category = "housing"
requires = [{ test = "age < 30岁", zh = "不满30岁", en = "under 30" }]
amount   = "2万元"

[[clauses]]
id       = "2"
cite     = "第二条"
title    = { zh = "其他人员购房补贴", en = "Housing subsidy for others" }
for      = "person"
category = "housing"
requires = [{ test = "age > 30岁", zh = "超过30岁", en = "over 30" }]
amount   = "1万元"
"#,
    good: r#"
[facts.age]
type  = "quantity"
unit  = "岁"
min   = 0
label = { zh = "年龄", en = "Age" }

[[clauses]]
id       = "1"
cite     = "第一条"
title    = { zh = "青年购房补贴", en = "Housing subsidy for the young" }
for      = "person"
category = "housing"
requires = [{ test = "age < 30岁", zh = "不满30岁", en = "under 30" }]
amount   = "2万元"

[[clauses]]
id       = "2"
cite     = "第二条"
title    = { zh = "其他人员购房补贴", en = "Housing subsidy for others" }
for      = "person"
category = "housing"
requires = [{ test = "age >= 30岁", zh = "满30岁", en = "30 or older" }]
amount   = "1万元"
"#,
    find,
};

/// A range of an expression's values: each end with whether it belongs to it; none where it has no end.
#[derive(Clone)]
struct Range<'p> {
    lo: Option<(Number, bool)>,
    hi: Option<(Number, bool)>,
    node: &'p Node,
}

fn find(policy: &Policy) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for clause in &policy.clauses {
        let mut inner: Vec<*const Node> = Vec::new();
        walk::own(clause, &mut |node| {
            let Op::If(_, _, no) = &node.op else { return };
            // Before the first day nothing is laid down, and that is told where it matters.
            if node.since().is_some() {
                return;
            }
            // What follows `else` is part of the chain that was looked at from its head.
            if inner.contains(&std::ptr::from_ref(node)) {
                inner.push(std::ptr::from_ref(&**no));
                return;
            }
            inner.push(std::ptr::from_ref(&**no));
            found.extend(chain(policy, clause, node));
        });
    }
    found.extend(between_clauses(policy));
    found
}

/// The ranges of one chain of `if`, as long as every condition is a range of the same expression.
fn chain(policy: &Policy, clause: &Clause, node: &Node) -> Option<Diagnostic> {
    let mut ranges: Vec<Range<'_>> = Vec::new();
    let mut subject: Option<(String, &Node)> = None;
    let mut at = node;
    while let Op::If(condition, _, no) = &at.op {
        let (of, ty, range) = range(condition)?;
        if subject.as_ref().is_some_and(|(known, _)| *known != of) {
            return None;
        }
        subject = Some((of, ty));
        ranges.push(range);
        at = no;
    }
    let (subject, ty) = subject?;
    gap(policy, &subject, ty, ranges, &clause.id)
}

/// A clause with its range, and the expression.
type Member<'p> = (&'p Clause, &'p Node, Range<'p>);

/// Clauses of one category for one kind of applicant, each with a condition that is a range of the same expression.
fn between_clauses(policy: &Policy) -> Vec<Diagnostic> {
    // By expression, category and kind of applicant.
    let mut subjects: BTreeMap<(String, usize, usize), Vec<Member<'_>>> = BTreeMap::new();
    for clause in &policy.clauses {
        let Some(category) = clause.category else { continue };
        let own: Vec<_> = clause.requires.iter().filter_map(|condition| range(&condition.test)).collect();
        for (subject, ty, found) in &own {
            // A clause with two such conditions has a range of its own, and a `let` is known to one clause only.
            let once = own.iter().filter(|(other, _, _)| other == subject).count() == 1;
            if once && !subject.contains('.') && !is_local(clause, subject) {
                for kind in &clause.applies_to {
                    let key = (subject.clone(), category, *kind);
                    subjects.entry(key).or_default().push((clause, ty, found.clone()));
                }
            }
        }
    }
    let mut found: Vec<Diagnostic> = Vec::new();
    for ((subject, _, _), members) in subjects.into_iter().filter(|(_, members)| members.len() > 1) {
        let Some((clause, ty, _)) = members.first().map(|(clause, ty, _)| (*clause, *ty, ())) else { continue };
        let ranges = members.into_iter().map(|(_, _, range)| range).collect();
        found.extend(gap(policy, &subject, ty, ranges, &clause.id));
    }
    // Clauses for several kinds of applicants are together more than once.
    let place = |found: &Diagnostic| found.labels.first().map(|(span, _)| span.range.start);
    found.sort_by_key(place);
    found.dedup_by_key(|found| place(found));
    found
}

/// Whether the expression speaks of a `let`, which another clause does not have.
fn is_local(clause: &Clause, subject: &str) -> bool {
    clause.lets.iter().any(|known| subject.contains(&known.name))
}

/// The first gap inside the ranges.
fn gap(policy: &Policy, subject: &str, of: &Node, mut ranges: Vec<Range<'_>>, about: &str) -> Option<Diagnostic> {
    let whole = is_whole(policy, subject);
    let measure = of.measure(&policy.names)?;
    ranges.sort_by_key(|range| range.lo.map(|(number, included)| (number, !included)));
    let mut ranges = ranges.into_iter();
    let mut before = ranges.next()?;
    for next in ranges {
        let (end, end_in) = before.hi?;
        let Some((start, start_in)) = next.lo else {
            if next.hi.is_none_or(|(hi, _)| hi > end) {
                before = next;
            }
            continue;
        };
        let one_apart = whole && end_in && start_in && end.plus(measure.factor) == Some(start);
        let open = start > end && !one_apart || start == end && !end_in && !start_in;
        if open {
            return Some(report(&measure, (&before, end, end_in), (&next, start, start_in), about));
        }
        if next.hi.is_none_or(|(hi, _)| before.hi.is_some_and(|(end, _)| hi >= end)) {
            before = next;
        }
    }
    None
}

/// Whether a fact of this name has whole values only.
fn is_whole(policy: &Policy, subject: &str) -> bool {
    let input = policy.names.input(subject).and_then(|place| policy.names.inputs.get(place));
    input.is_some_and(|input| input.integer) || subject.starts_with("count(") || subject.starts_with("age(")
}

fn report(
    measure: &Measure,
    (before, end, end_in): (&Range<'_>, Number, bool),
    (next, start, start_in): (&Range<'_>, Number, bool),
    about: &str,
) -> Diagnostic {
    let zh = &measure.name.zh;
    let (end, start) = (measure.number(end), measure.number(start));
    let left_out = if start == end {
        Text::made(format!("{end}{zh}"), format!("{end}{zh}"))
    } else {
        let word = |included: bool, zh: &'static str| if included { zh } else { "" };
        Text::made(
            format!("{end}{zh}{}至 {start}{zh}{}", word(end_in, "以上"), word(start_in, "以下")),
            format!("what lies between {end}{zh} and {start}{zh}"),
        )
    };
    let label = Text::made(format!("与前一段之间漏了 {}", left_out.zh), format!("{} is in neither range", left_out.en));
    let help = Text::new("用 `<=` 或 `>=` 把空档并入其中一段", "close the gap with `<=` or `>=` on one side");
    let first = (before.node.span.clone(), Text::new("前一段", "the range before it"));
    CHECK.code.at(next.node.span.clone(), label).and(first.0, first.1).help(help).about(about)
}

/// A condition that is a range of one expression: that expression with its text, and the range.
fn range(node: &Node) -> Option<(String, &Node, Range<'_>)> {
    match &node.op {
        Op::And(left, right) => {
            let ((subject, ty, a), (other, _, b)) = (range(left)?, range(right)?);
            // Of two lower ends only one can be kept; such conditions are left alone.
            let both = (a.lo.is_some() && b.lo.is_some()) || (a.hi.is_some() && b.hi.is_some());
            (subject == other && !both).then(|| (subject, ty, Range { lo: a.lo.or(b.lo), hi: a.hi.or(b.hi), node }))
        }
        Op::Compare(operator, left, right) => {
            let number = |node: &Node| match &node.op {
                Op::Constant(Value::Quantity(range), _) => range.as_point(),
                _ => None,
            };
            let (subject, limit, upright) = match (number(left), number(right)) {
                (None, Some(limit)) => (left, limit, true),
                (Some(limit), None) => (right, limit, false),
                _ => return None,
            };
            let end = Some((limit, matches!(operator, Binary::AtMost | Binary::AtLeast)));
            let below = match operator {
                Binary::Less | Binary::AtMost => upright,
                Binary::Greater | Binary::AtLeast => !upright,
                _ => return None,
            };
            let (lo, hi) = if below { (None, end) } else { (end, None) };
            Some((walk::text(subject), subject, Range { lo, hi, node }))
        }
        _ => None,
    }
}
