//! Which figure stands beside which word: `硕士2万元、博士5万元`, `按博士、硕士分别给予5万元、2万元`, `达到20人、10人的，奖励5万元、2万元`;
//! against the cells of tables, the arms of choices by word, the steps of scales and the parts of a sum.

use std::ops::Range;

use crate::audit::figure::{Amount, Figure};
use crate::audit::reader;
use crate::clause::{Clause, Installment};
use crate::expr::program::{Node, Op, Threshold};
use crate::expr::syntax::Binary;
use crate::expr::types::Type;
use crate::policy::Policy;
use crate::source::Span;
use crate::value::Value;

/// A text has no list of more words with as many figures.
const MOST_ENTRIES: usize = 64;

/// What the parts of a sum are called, the first, the second and the third.
const ORDER: &[&[&str]] = &[
    &["第一年", "第1年", "首年", "第一期", "首期", "首笔", "第一次", "首次", "第一笔"],
    &["第二年", "第2年", "次年", "第二期", "第二笔", "第二次", "余款"],
    &["第三年", "第3年", "第三期", "第三笔", "第三次"],
];

/// What a table, a choice, a scale or a part of a sum says of one word or threshold.
#[derive(Clone)]
pub struct Entry {
    /// The word's labels, the second a short form; or none, for a threshold.
    words: Vec<String>,
    /// The threshold.
    threshold: Option<Figure>,
    /// What it gives.
    value: Figure,
    /// Where that stands.
    pub span: Span,
}

/// A figure of a text that stands beside another word than the policy has it.
pub struct Mismatch {
    /// The figure's place in the text.
    pub range: Range<usize>,
    /// The word, or the threshold, beside it.
    pub beside: String,
    /// What the policy gives there.
    pub entry: Entry,
}

/// The tables, choices and scales of a clause, each with two entries or more.
pub fn of_clause(policy: &Policy, clause: &Clause) -> Vec<Vec<Entry>> {
    let mut found: Vec<Vec<Entry>> = Vec::new();
    let mut waiting: Vec<&Node> = clause.expressions();
    let mut seen: Vec<*const Node> = Vec::new();
    while let Some(node) = waiting.pop() {
        let entries = match &node.op {
            Op::Lookup(table, _, index) => {
                let entry = |(word, cell): &(String, Node)| {
                    let Type::Enum(place) = index.ty else { return None };
                    let words = &policy.names.enums.get(place)?.words;
                    let (_, label) = words.iter().find(|(id, _)| id == word)?;
                    Some(Entry {
                        words: vec![label.zh.to_string()],
                        threshold: None,
                        value: value(cell)?,
                        span: cell.span.clone(),
                    })
                };
                table.cells.iter().filter_map(entry).collect()
            }
            Op::Scale(scale, _) => {
                let measure = &scale.over_measure;
                let entry = |(threshold, step): &(Threshold, Node)| {
                    let threshold = Figure::amount(measure.number(threshold.at), &measure.name.zh);
                    Some(Entry {
                        words: Vec::new(),
                        threshold: Some(threshold),
                        value: value(step)?,
                        span: step.span.clone(),
                    })
                };
                scale.steps.iter().filter_map(entry).collect()
            }
            Op::If(..) if !seen.contains(&std::ptr::from_ref(node)) => choices(policy, node, &mut seen),
            _ => Vec::new(),
        };
        if (2..=MOST_ENTRIES).contains(&entries.len()) {
            found.push(entries);
        }
        waiting.extend(node.children());
    }
    let part = |(at, part): (usize, &Installment)| {
        let mut words = vec![part.text.zh.to_string()];
        words.extend(ORDER.get(at).into_iter().flat_map(|words| words.iter().map(|word| (*word).to_owned())));
        Some(Entry { words, threshold: None, value: value(&part.amount)?, span: part.amount.span.clone() })
    };
    let parts: Vec<Entry> = clause.installments.iter().enumerate().filter_map(part).collect();
    if (2..=MOST_ENTRIES).contains(&parts.len()) {
        found.push(parts);
    }
    for entries in &mut found {
        let firsts: Vec<String> =
            entries.iter().filter_map(|entry| entry.words.first().map(|word| word.chars().take(2).collect())).collect();
        for entry in entries {
            let short: String = entry.words.first().map(|word| word.chars().take(2).collect()).unwrap_or_default();
            if short.chars().count() == 2 && firsts.iter().filter(|first| **first == short).count() == 1 {
                entry.words.push(short);
            }
        }
    }
    found
}

/// `if degree == doctor then 5万元 else if degree == master then 2万元 else …`
fn choices(policy: &Policy, node: &Node, seen: &mut Vec<*const Node>) -> Vec<Entry> {
    let mut entries = Vec::new();
    let mut at = node;
    while let Op::If(condition, yes, no) = &at.op {
        seen.push(std::ptr::from_ref(at));
        if let Op::Compare(Binary::Equal | Binary::AtLeast, _, right) = &condition.op
            && let (Op::Constant(Value::Words(word), _), Type::Enum(place)) = (&right.op, &right.ty)
            && let Some((_, label)) = word.point().and_then(|word| policy.names.enums.get(*place)?.words.get(word))
            && let Some(value) = value(yes)
        {
            let words = vec![label.zh.to_string()];
            entries.push(Entry { words, threshold: None, value, span: yes.span.clone() });
        }
        at = no;
    }
    entries
}

fn value(node: &Node) -> Option<Figure> {
    match &node.op {
        Op::Constant(Value::Quantity(_), Some(written)) => {
            Some(timeless(&Figure::amount(written.number, &written.measure.name.zh)))
        }
        // 3000元/月 × accrued
        Op::Arithmetic(Binary::Multiply, left, right) => match (value(left), value(right)) {
            (Some(one), None) | (None, Some(one)) => Some(one),
            _ => None,
        },
        _ => None,
    }
}

fn timeless(figure: &Figure) -> Figure {
    match figure {
        Figure::Amount(amount) => Figure::Amount(Amount { per: Vec::new(), around: Vec::new(), ..amount.clone() }),
        other => other.clone(),
    }
}

/// Something that stands in a sentence: the entry at this place by its word or threshold, or a figure that is a value.
enum Mark {
    Word(usize),
    Value(Figure, Range<usize>),
}

/// The figures of a text that stand beside another word than these entries have them.
pub fn mismatches(text: &str, entries: &[Entry]) -> Vec<Mismatch> {
    let mut found = Vec::new();
    let mut start = 0;
    for sentence in text.split_inclusive(['。', '；', ';', '\n']) {
        found.extend(in_sentence(sentence, start, entries));
        start += sentence.len();
    }
    found
}

fn in_sentence(sentence: &str, offset: usize, entries: &[Entry]) -> Vec<Mismatch> {
    let mut marks: Vec<(usize, Mark)> = Vec::new();
    for (place, entry) in entries.iter().enumerate() {
        // The longest way to say it, wherever it stands.
        let word = entry.words.iter().find(|word| sentence.contains(word.as_str()));
        marks.extend(
            word.iter().flat_map(|word| sentence.match_indices(word.as_str())).map(|(at, _)| (at, Mark::Word(place))),
        );
    }
    for (figure, range) in reader::in_text(sentence, 0) {
        let plain = timeless(&figure);
        if let Some(place) = entries.iter().position(|entry| {
            entry.threshold.as_ref().is_some_and(|threshold| threshold.agrees(&plain) && has_unit(&plain))
        }) {
            marks.push((range.start, Mark::Word(place)));
        } else if entries.iter().any(|entry| entry.value.agrees(&plain)) {
            marks.push((range.start, Mark::Value(plain, range)));
        }
    }
    marks.sort_by_key(|(at, _)| *at);
    // Words in a row, then as many figures in a row; then the next such group.
    let mut found = Vec::new();
    let mut rest = marks.as_slice();
    while !rest.is_empty() {
        let words: Vec<usize> =
            rest.iter().map_while(|(_, mark)| if let Mark::Word(place) = mark { Some(*place) } else { None }).collect();
        let behind = rest.get(words.len()..).unwrap_or(&[]);
        let values: Vec<(&Figure, &Range<usize>)> = behind
            .iter()
            .map_while(|(_, mark)| if let Mark::Value(figure, range) = mark { Some((figure, range)) } else { None })
            .collect();
        let mut distinct = words.clone();
        distinct.dedup();
        if distinct.len() == values.len() {
            for (place, (figure, range)) in distinct.iter().zip(&values) {
                let Some(entry) = entries.get(*place) else { continue };
                if !entry.value.agrees(figure) {
                    let beside =
                        entry.words.first().cloned().or_else(|| entry.threshold.as_ref().map(ToString::to_string));
                    found.push(Mismatch {
                        range: offset + range.start..offset + range.end,
                        beside: beside.unwrap_or_default(),
                        entry: entry.clone(),
                    });
                }
            }
        }
        rest = behind.get(values.len()..).unwrap_or(&[]);
        if words.is_empty() && values.is_empty() {
            break;
        }
    }
    found
}

fn has_unit(figure: &Figure) -> bool {
    matches!(figure, Figure::Amount(amount) if amount.unit.is_some())
}
