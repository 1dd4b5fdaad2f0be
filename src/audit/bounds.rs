//! Ceilings and floors of what is paid: 最高, 不超过 or 最低, 不少于 in the words; `at_most`, `min` or `at_least`, `max` in the clause.

use std::collections::HashSet;
use std::ops::Range;

use crate::audit::figure::Figure;
use crate::clause::Clause;
use crate::expr::function::Builtin;
use crate::expr::program::{Node, Op};
use crate::lang::Text;
use crate::policy::Policy;
use crate::source::Span;
use crate::value::{Number, Value};

/// A figure that bounds what a clause pays.
pub struct Bound {
    figure: Figure,
    floor: bool,
    /// Where it stands.
    pub span: Span,
}

/// What is told of a ceiling that the words have as a floor.
pub const CEILING_HERE: Text =
    Text::new("文字是最低、不少于，这里作了上限", "the words make a floor of it, and here it is a ceiling");
/// What is told of a floor that the words have as a ceiling.
pub const FLOOR_HERE: Text =
    Text::new("文字是最高、不超过，这里作了下限", "the words make a ceiling of it, and here it is a floor");

const CEILING: &[&str] =
    &["最高", "最多", "至多", "最长", "不超过", "不得超过", "不超", "封顶", "上限", "上限为", "最高可达", "最高给予"];
const FLOOR: &[&str] = &["最低", "最少", "至少", "不低于", "不少于", "保底", "下限", "下限为"];

/// Whether the words before a figure make a floor of it, or a ceiling; none where they say neither.
pub fn in_words(text: &str, figure: &Range<usize>) -> Option<bool> {
    let before = text.get(..figure.start).unwrap_or("").trim_end();
    let ends = |words: &[&str]| words.iter().any(|word| before.ends_with(word));
    match (ends(CEILING), ends(FLOOR)) {
        (true, false) => Some(false),
        (false, true) => Some(true),
        _ => None,
    }
}

/// The figures that bound what a clause pays, its `let`s and definitions followed.
pub fn of(policy: &Policy, clause: &Clause) -> Vec<Bound> {
    let accrued = clause.accrual.as_ref().and_then(|rule| rule.at_most.as_ref());
    let starts = [
        (clause.at_least.as_ref(), Some(true)),
        (clause.at_most.as_ref(), Some(false)),
        (accrued, Some(false)),
        (clause.amount.as_ref(), None),
    ];
    let mut waiting: Vec<(&Node, Option<bool>)> =
        starts.into_iter().filter_map(|(node, floor)| Some((node?, floor))).collect();
    let (mut found, mut seen) = (Vec::new(), HashSet::new());
    while let Some((node, floor)) = waiting.pop() {
        if !seen.insert((std::ptr::from_ref(node), floor)) {
            continue;
        }
        match &node.op {
            Op::Constant(Value::Quantity(_), Some(written)) => {
                if let Some(floor) = floor.filter(|_| written.number != Number::ZERO) {
                    let figure = Figure::amount(written.number, &written.measure.name.zh);
                    found.push(Bound { figure, floor, span: node.span.clone() });
                }
            }
            Op::Call(function @ (Builtin::Min | Builtin::Max), arms) => {
                waiting.extend(arms.iter().map(|arm| (arm, Some(*function == Builtin::Max))));
            }
            Op::If(_, yes, no) => waiting.extend([(&**yes, floor), (&**no, floor)]),
            Op::Define(place) => waiting.extend(policy.names.defines.get(*place).map(|found| (&found.node, floor))),
            Op::Let(place) => waiting.extend(clause.let_nodes.get(*place).map(|node| (node, floor))),
            _ => waiting.extend(node.children().into_iter().map(|child| (child, None))),
        }
    }
    found
}

/// The bound that is the other one than the words say, where none with this figure is as they say.
pub fn against<'b>(bounds: &'b [Bound], figure: &Figure, floor: bool) -> Option<&'b Bound> {
    let mut own = bounds.iter().filter(|bound| bound.figure.agrees(figure));
    let first = own.next()?;
    (first.floor != floor && own.all(|bound| bound.floor != floor)).then_some(first)
}
