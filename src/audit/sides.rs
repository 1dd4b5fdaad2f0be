//! On which side of a boundary the figure itself lies: 不少于 and 以上 take it in from below, 超过 leaves it out. Words, and the
//! comparisons and thresholds that they describe.

use std::collections::HashSet;
use std::ops::Range;

use crate::audit::figure::Figure;
use crate::clause::Clause;
use crate::expr::program::{Node, Op};
use crate::expr::syntax::Binary;
use crate::policy::Policy;
use crate::source::Span;
use crate::value::{Number, Value};

/// Where the boundary lies, and which side is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Side {
    /// Whether the figure itself belongs to what is above: `≥` and `<` cut there, `>` and `≤` above it.
    pub with_above: bool,
    /// Whether what is above is meant.
    pub above: bool,
}

const AT_LEAST: Side = Side { with_above: true, above: true };
const MORE: Side = Side { with_above: false, above: true };
const AT_MOST: Side = Side { with_above: false, above: false };
const LESS: Side = Side { with_above: true, above: false };

/// Words right before a figure; of several that fit the longest counts.
const BEFORE: &[(&str, Side)] = &[
    ("不少于", AT_LEAST),
    ("不低于", AT_LEAST),
    ("不小于", AT_LEAST),
    ("至少", AT_LEAST),
    ("最少", AT_LEAST),
    ("达到", AT_LEAST),
    ("达", AT_LEAST),
    ("满", AT_LEAST),
    ("年满", AT_LEAST),
    ("超过", MORE),
    ("多于", MORE),
    ("高于", MORE),
    ("大于", MORE),
    ("超出", MORE),
    ("逾", MORE),
    ("不超过", AT_MOST),
    ("不得超过", AT_MOST),
    ("不超", AT_MOST),
    ("不高于", AT_MOST),
    ("不多于", AT_MOST),
    ("不大于", AT_MOST),
    ("至多", AT_MOST),
    ("最多", AT_MOST),
    ("不满", LESS),
    ("未满", LESS),
    ("低于", LESS),
    ("少于", LESS),
    ("小于", LESS),
    ("不足", LESS),
    ("不到", LESS),
    ("未达到", LESS),
    ("未达", LESS),
];

/// Words right behind a figure.
const BEHIND: &[(&str, Side)] = &[
    ("以上", AT_LEAST),
    ("及以上", AT_LEAST),
    ("或以上", AT_LEAST),
    ("（含）以上", AT_LEAST),
    ("(含)以上", AT_LEAST),
    ("以上（不含", MORE),
    ("以上(不含", MORE),
    ("以下", AT_MOST),
    ("及以下", AT_MOST),
    ("或以下", AT_MOST),
    ("（含）以下", AT_MOST),
    ("(含)以下", AT_MOST),
    ("以内", AT_MOST),
    ("以下（不含", LESS),
    ("以下(不含", LESS),
];

const ENGLISH_BEFORE: &[(&str, Side)] = &[
    ("at least", AT_LEAST),
    ("no fewer than", AT_LEAST),
    ("not fewer than", AT_LEAST),
    ("no less than", AT_LEAST),
    ("not less than", AT_LEAST),
    ("not below", AT_LEAST),
    ("not under", AT_LEAST),
    ("more than", MORE),
    ("over", MORE),
    ("above", MORE),
    ("exceeding", MORE),
    ("older than", MORE),
    ("at most", AT_MOST),
    ("no more than", AT_MOST),
    ("not more than", AT_MOST),
    ("not over", AT_MOST),
    ("not above", AT_MOST),
    ("not older than", AT_MOST),
    ("no older than", AT_MOST),
    ("not exceeding", AT_MOST),
    ("up to", AT_MOST),
    ("below", LESS),
    ("under", LESS),
    ("less than", LESS),
    ("fewer than", LESS),
    ("younger than", LESS),
];

const ENGLISH_BEHIND: &[(&str, Side)] = &[
    ("or more", AT_LEAST),
    ("or older", AT_LEAST),
    ("or over", AT_LEAST),
    ("or above", AT_LEAST),
    ("or longer", AT_LEAST),
    ("or fewer", AT_MOST),
    ("or less", AT_MOST),
    ("or younger", AT_MOST),
    ("or under", AT_MOST),
    ("or below", AT_MOST),
];

/// What the words around a figure say; none where they say nothing, or two things.
pub fn in_words(text: &str, figure: &Range<usize>, chinese: bool) -> Option<Side> {
    // A line is enough; a long one would be looked through for every figure in it.
    let before = text.get(..figure.start).unwrap_or("");
    let near = before.char_indices().rev().nth(40).map_or(0, |(at, _)| at);
    let before = before.get(near..).unwrap_or("").trim_end();
    let behind = text.get(figure.end..).unwrap_or("");
    let near = behind.char_indices().nth(40).map_or(behind.len(), |(at, _)| at);
    let behind = behind.get(..near).unwrap_or("");
    if chinese {
        let first = longest(BEFORE, |word| before.ends_with(word));
        let second = longest(BEHIND, |word| behind.trim_start().starts_with(word));
        return one(first, second);
    }
    let before = before.to_lowercase();
    let word_before = |word: &str| {
        let rest = before.strip_suffix(word);
        rest.is_some_and(|rest| !rest.ends_with(|c: char| c.is_alphabetic()))
    };
    // `10 persons or more`: the unit stands between.
    let behind = behind.to_lowercase();
    let skipped = behind.trim_start();
    let past_unit = skipped.split_once(' ').map_or("", |(_, rest)| rest);
    let second = longest(ENGLISH_BEHIND, |word| skipped.starts_with(word) || past_unit.starts_with(word));
    one(longest(ENGLISH_BEFORE, word_before), second)
}

fn longest(words: &[(&str, Side)], fits: impl Fn(&str) -> bool) -> Option<Side> {
    words.iter().filter(|(word, _)| fits(word)).max_by_key(|(word, _)| word.len()).map(|(_, side)| *side)
}

fn one(first: Option<Side>, second: Option<Side>) -> Option<Side> {
    match (first, second) {
        (Some(a), Some(b)) if a != b => None,
        (first, second) => first.or(second),
    }
}

/// A comparison with a figure, or a threshold.
pub struct Compared {
    /// The figure.
    pub figure: Figure,
    /// Where the boundary lies.
    pub side: Side,
    /// Whether it must hold as it stands: it is no part of a negation, a choice or an alternative.
    pub must_hold: bool,
    /// Where the comparison stands.
    pub span: Span,
}

/// The comparisons of these expressions of a clause with figures, its `let`s and definitions followed.
pub fn compared<'p>(policy: &'p Policy, clause: Option<&'p Clause>, nodes: Vec<(&'p Node, bool)>) -> Vec<Compared> {
    let mut found = Vec::new();
    let mut seen: HashSet<(*const Node, bool)> = HashSet::new();
    let mut waiting = nodes;
    while let Some((node, must_hold)) = waiting.pop() {
        if !seen.insert((std::ptr::from_ref(node), must_hold)) {
            continue;
        }
        match &node.op {
            Op::Compare(operator, left, right) => {
                let (figure, turned) = match (constant(left), constant(right)) {
                    (None, Some(figure)) => (Some(figure), false),
                    (Some(figure), None) => (Some(figure), true),
                    _ => (None, false),
                };
                let side = match operator {
                    Binary::AtLeast => Some(if turned { AT_MOST } else { AT_LEAST }),
                    Binary::Greater => Some(if turned { LESS } else { MORE }),
                    Binary::AtMost => Some(if turned { AT_LEAST } else { AT_MOST }),
                    Binary::Less => Some(if turned { MORE } else { LESS }),
                    _ => None,
                };
                if let (Some(figure), Some(side)) = (figure, side) {
                    found.push(Compared { figure, side, must_hold, span: node.span.clone() });
                }
            }
            Op::Scale(scale, _) => {
                let measure = &scale.over_measure;
                found.extend(scale.steps.iter().map(|(threshold, step)| Compared {
                    figure: Figure::amount(measure.number(threshold.at), &measure.name.zh),
                    side: if threshold.above { MORE } else { AT_LEAST },
                    must_hold: false,
                    span: step.span.clone(),
                }));
            }
            Op::Define(place) => {
                waiting.extend(policy.names.defines.get(*place).map(|define| (&define.node, must_hold)));
            }
            Op::Let(place) => {
                waiting.extend(clause.and_then(|clause| clause.let_nodes.get(*place)).map(|node| (node, must_hold)));
            }
            _ => {}
        }
        let holds = must_hold && matches!(node.op, Op::And(..));
        waiting.extend(node.children().into_iter().map(|child| (child, holds)));
    }
    found
}

fn constant(node: &Node) -> Option<Figure> {
    match &node.op {
        Op::Constant(Value::Quantity(_), Some(written)) => {
            (written.number != Number::ZERO).then(|| Figure::amount(written.number, &written.measure.name.zh))
        }
        _ => None,
    }
}

/// The comparison that says something else than the words: one with the same figure whose boundary lies elsewhere, where
/// none with this figure lies as the words say; or one that must hold and takes the other side.
pub fn against<'c>(compared: &'c [Compared], figure: &Figure, said: Side) -> Option<&'c Compared> {
    let own: Vec<&Compared> = compared.iter().filter(|known| known.figure.agrees(figure)).collect();
    if own.iter().all(|known| known.side.with_above != said.with_above) {
        return own.first().copied();
    }
    let turned = |known: &&&Compared| known.must_hold && known.side.above != said.above;
    own.iter().find(turned).copied().filter(|_| own.iter().all(|known| known.side != said))
}
