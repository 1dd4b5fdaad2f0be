//! Two editions of a text: which article of the one became which of the other, and what is different in it.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use similar::{Algorithm, DiffOp, capture_diff_slices};

use crate::audit::figure::Figure;
use crate::audit::numeral::ordinal;
use crate::audit::passage::{self, Key, Passage};
use crate::source::Source;

/// More pairs of articles are not compared by their words, only by their numbers.
const MOST_PAIRS: usize = 90_000;
/// So much of an article is looked at to see which it is.
const MOST_SIGNS: usize = 2000;
/// More figures of one article are compared one by one.
const MOST_FIGURES: usize = 4000;
/// From so many of a thousand pairs of signs in common on, two articles are the same; with the same number already from fewer.
const ALIKE: u64 = 500;
const ALIKE_OF_ONE_NUMBER: u64 = 250;
/// So much of what is different is shown, with so much before it.
const SHOWN: usize = 24;
const BEFORE: usize = 6;

/// A figure as it stands in a text.
#[derive(Clone, Debug)]
pub struct Written {
    /// How much of what; none where nobody can tell.
    pub figure: Option<Figure>,
    /// As it is written.
    pub written: String,
    /// The line on which it stands, from 1.
    pub line: usize,
    /// The column at which it begins, from 1.
    pub column: usize,
    range: Range<usize>,
}

/// A figure that is new, gone, or another.
#[derive(Clone, Debug)]
pub struct Changed {
    /// In the old edition.
    pub old: Option<Written>,
    /// In the new one.
    pub new: Option<Written>,
}

/// An article in both editions, or in one.
#[derive(Debug)]
pub struct Pair {
    /// Its place among the passages of the old edition.
    pub old: Option<usize>,
    /// Its place among those of the new one.
    pub new: Option<usize>,
    /// Its figures that are not the same.
    pub figures: Vec<Changed>,
    /// Words that are not the same, figures aside: as they were, and as they are.
    pub words: Option<(String, String)>,
}

/// An edition, taken apart.
pub struct Edition {
    /// The text.
    pub text: Arc<Source>,
    /// Its passages; the first is what stands before any number.
    pub passages: Vec<Passage>,
}

impl Edition {
    /// Takes a text apart.
    pub fn of(text: &Arc<Source>) -> Edition {
        Edition { text: Arc::clone(text), passages: passage::passages(text) }
    }

    fn articles(&self) -> Vec<usize> {
        (0..self.passages.len()).filter(|at| self.passages.get(*at).is_some_and(Passage::is_article)).collect()
    }

    fn figures(&self, at: usize) -> Vec<Written> {
        let Some(passage) = self.passages.get(at) else { return Vec::new() };
        let one = |found: crate::audit::reader::Found| {
            let place = self.text.place(found.range.start);
            Written {
                figure: found.figure,
                written: found.meant,
                line: place.line,
                column: place.column,
                range: found.range,
            }
        };
        passage.read(&self.text).into_iter().map(one).collect()
    }

    fn body(&self, at: usize) -> Range<usize> {
        self.passages.get(at).map_or(0..0, |passage| passage.head.end..passage.range.end)
    }

    /// The words of a passage without blanks.
    fn words(&self, at: usize) -> String {
        self.text.text.get(self.body(at)).unwrap_or("").split_whitespace().collect()
    }

    /// The same, each figure a mere mark, and the numbers of articles as `called` calls them.
    fn frame(&self, at: usize, called: &BTreeMap<u32, u32>) -> String {
        let body = self.body(at);
        let mut text = String::new();
        let mut from = body.start;
        for figure in self.figures(at) {
            text.push_str(self.text.text.get(from..figure.range.start).unwrap_or(""));
            text.push('＃');
            from = figure.range.end.max(from);
        }
        text.push_str(self.text.text.get(from..body.end).unwrap_or(""));
        let text: String = text.split_whitespace().collect();
        renumbered(&text, |number| Some(called.get(&number).copied().unwrap_or(number))).unwrap_or(text)
    }

    fn number(&self, at: usize) -> Option<u32> {
        match self.passages.get(at)?.key {
            Some(Key::Article(number)) => Some(number),
            _ => None,
        }
    }
}

/// A text in which the numbers of articles (第五条) are others; none where one of them has none.
pub fn renumbered(text: &str, number: impl Fn(u32) -> Option<u32>) -> Option<String> {
    let mut changed = String::new();
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once('第') {
        changed.push_str(before);
        changed.push('第');
        rest = behind;
        let Some((own, length)) = ordinal(behind) else { continue };
        let Some(after) = behind.get(length..).filter(|after| after.trim_start().starts_with('条')) else { continue };
        let other = number(own)?;
        let written = behind.get(..length).unwrap_or("");
        if other == own {
            changed.push_str(written);
        } else if written.trim().chars().all(|c| c.is_ascii_digit()) {
            changed.push_str(&other.to_string());
        } else {
            changed.push_str(&crate::value::numeral::chinese(other));
        }
        rest = after;
    }
    changed.push_str(rest);
    Some(changed)
}

/// The articles of both editions, in the order of the new one; what is gone stands where it stood.
pub fn pairs(old: &Edition, new: &Edition) -> Vec<Pair> {
    let (before, after) = (old.articles(), new.articles());
    let became = matched(old, new, &before, &after);
    let called: BTreeMap<u32, u32> =
        became.iter().filter_map(|(old_at, new_at)| Some((old.number(*old_at)?, new.number(*new_at)?))).collect();
    let came_from: BTreeMap<usize, usize> = became.iter().map(|(old, new)| (*new, *old)).collect();
    let mut pairs: Vec<Pair> = Vec::new();
    let none = |old, new| Pair { old, new, figures: Vec::new(), words: None };
    // How far the old edition has been told.
    let mut told = 0;
    for new_at in after {
        let old_at = came_from.get(&new_at).copied();
        // What is gone stands before what came instead.
        while let Some(at) = before.get(told).copied() {
            let is_gone = !became.contains_key(&at);
            if is_gone {
                pairs.push(none(Some(at), None));
            } else if old_at.is_none_or(|old_at| at >= old_at) {
                break;
            }
            told += 1;
        }
        let Some(old_at) = old_at else {
            pairs.push(none(None, Some(new_at)));
            continue;
        };
        told = told.max(before.iter().position(|at| *at == old_at).map_or(told, |place| place + 1));
        let figures = changed(old.figures(old_at), new.figures(new_at));
        let (frame, other) = (old.frame(old_at, &called), new.frame(new_at, &BTreeMap::new()));
        let words = (frame != other).then(|| difference(&frame, &other));
        pairs.push(Pair { old: Some(old_at), new: Some(new_at), figures, words });
    }
    let rest = before.iter().skip(told).filter(|at| !became.contains_key(at));
    pairs.extend(rest.map(|at| none(Some(*at), None)));
    // What stands before the first article, and under mere titles, is told by its figures alone.
    let figures = changed(old.figures(0), new.figures(0));
    if !figures.is_empty() {
        pairs.insert(0, Pair { old: Some(0), new: Some(0), figures, words: None });
    }
    pairs
}

/// Which old article became which new one: the same words first, then those most alike.
fn matched(old: &Edition, new: &Edition, before: &[usize], after: &[usize]) -> BTreeMap<usize, usize> {
    let mut became = BTreeMap::new();
    let mut taken: BTreeSet<usize> = BTreeSet::new();
    let by_words = |edition: &Edition, all: &[usize]| {
        let mut places: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for at in all {
            places.entry(edition.words(*at)).or_default().push(*at);
        }
        places
    };
    let (theirs, ours) = (by_words(old, before), by_words(new, after));
    for (words, places) in &theirs {
        if let ([own], Some([other])) = (places.as_slice(), ours.get(words).map(Vec::as_slice)) {
            became.insert(*own, *other);
            taken.insert(*other);
        }
    }
    let left: Vec<usize> = before.iter().copied().filter(|at| !became.contains_key(at)).collect();
    let right: Vec<usize> = after.iter().copied().filter(|at| !taken.contains(at)).collect();
    let same = |own: usize, other: usize| {
        let key =
            |edition: &Edition, at: usize| edition.passages.get(at).map(|passage| (passage.part, passage.key.clone()));
        key(old, own) == key(new, other)
    };
    let is_small = left.len().saturating_mul(right.len()) <= MOST_PAIRS;
    let signs = |edition: &Edition, all: &[usize]| -> Vec<Vec<(char, char)>> {
        all.iter().map(|at| pairs_of_signs(&edition.words(*at))).collect()
    };
    let (lefts, rights) = (signs(old, &left), signs(new, &right));
    let mut scores: Vec<(u64, usize, usize)> = Vec::new();
    for (own, words) in left.iter().zip(&lefts) {
        for (other, others) in right.iter().zip(&rights) {
            let same = same(*own, *other);
            if !same && !is_small {
                continue;
            }
            let alike = alike(words, others);
            if alike >= if same { ALIKE_OF_ONE_NUMBER } else { ALIKE } {
                scores.push((alike + if same { 100 } else { 0 }, *own, *other));
            }
        }
    }
    scores.sort_by_key(|(score, own, other)| (std::cmp::Reverse(*score), *own, *other));
    for (_, own, other) in scores {
        if !became.contains_key(&own) && !taken.contains(&other) {
            became.insert(own, other);
            taken.insert(other);
        }
    }
    became
}

/// Every two signs that follow on each other, in order.
fn pairs_of_signs(words: &str) -> Vec<(char, char)> {
    let mut pairs: Vec<(char, char)> = words.chars().zip(words.chars().skip(1)).take(MOST_SIGNS).collect();
    pairs.sort_unstable();
    pairs
}

/// How much two texts have in common, of a thousand.
fn alike(one: &[(char, char)], other: &[(char, char)]) -> u64 {
    let (mut left, mut right) = (one.iter().peekable(), other.iter().peekable());
    let mut common: u64 = 0;
    while let (Some(a), Some(b)) = (left.peek(), right.peek()) {
        match a.cmp(b) {
            std::cmp::Ordering::Equal => {
                common += 1;
                left.next();
                right.next();
            }
            std::cmp::Ordering::Less => {
                left.next();
            }
            std::cmp::Ordering::Greater => {
                right.next();
            }
        }
    }
    let all = (one.len() + other.len()) as u64;
    (common * 2000).checked_div(all).unwrap_or(0)
}

/// The figures that are not the same, in the order of the text.
fn changed(old: Vec<Written>, new: Vec<Written>) -> Vec<Changed> {
    let key = |written: &Written| match &written.figure {
        Some(figure) => format!("{figure:?}"),
        None => written.written.clone(),
    };
    let (keys, others): (Vec<String>, Vec<String>) = (old.iter().map(key).collect(), new.iter().map(key).collect());
    let operations = if old.len() + new.len() > MOST_FIGURES {
        vec![DiffOp::Replace { old_index: 0, old_len: old.len(), new_index: 0, new_len: new.len() }]
    } else {
        capture_diff_slices(Algorithm::Myers, &keys, &others)
    };
    let mut all = Vec::new();
    for operation in operations {
        if matches!(operation, DiffOp::Equal { .. }) {
            continue;
        }
        let mut before = old.get(operation.old_range()).unwrap_or_default().iter();
        let mut after = new.get(operation.new_range()).unwrap_or_default().iter();
        loop {
            match (before.next(), after.next()) {
                (None, None) => break,
                (Some(one), Some(other)) if key(one) == key(other) => {}
                (one, other) => all.push(Changed { old: one.cloned(), new: other.cloned() }),
            }
        }
    }
    all
}

/// Where two texts part: what stands there in the one, and in the other.
fn difference(one: &str, other: &str) -> (String, String) {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let same = one.iter().zip(&other).take_while(|(a, b)| a == b).count();
    let most = one.len().min(other.len()) - same;
    let behind = one.iter().rev().zip(other.iter().rev()).take_while(|(a, b)| a == b).count().min(most);
    let part = |text: &[char]| {
        let from = same.saturating_sub(BEFORE);
        let end = (text.len() - behind + BEFORE).min(text.len());
        let shown: String = text.get(from..end.min(from + SHOWN)).unwrap_or_default().iter().collect();
        format!("{shown}{}", if end > from + SHOWN { "…" } else { "" })
    };
    (part(&one), part(&other))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_articles_in_a_text() {
        let next = |number: u32| (number != 9).then_some(number + 1);
        let moved = |text: &str| renumbered(text, next);
        assert_eq!(moved("第九条"), None);
        assert_eq!(moved("第四条、第19条第二项").as_deref(), Some("第五条、第20条第二项"));
        assert_eq!(moved("第三方按第八项").as_deref(), Some("第三方按第八项"));
    }

    #[test]
    fn what_is_different_is_shown() {
        let shown = difference("给予硕士每人＃补贴", "给予博士每人＃补贴");
        assert_eq!(shown, ("给予硕士每人＃补贴".to_owned(), "给予博士每人＃补贴".to_owned()));
        assert_eq!(difference("甲乙", "甲乙丙"), ("甲乙".to_owned(), "甲乙丙".to_owned()));
    }
}
