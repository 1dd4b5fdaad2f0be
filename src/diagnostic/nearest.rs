//! The nearest known word for a misspelt one.

use crate::diagnostic::Diagnostic;
use crate::lang::Text;
use crate::source::{of_unseen, unseen};

/// How many single-character changes (a swap of neighbours is one) lead from one word to the other, at most `limit`.
fn distance(a: &str, b: &str, limit: usize) -> Option<usize> {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    if a.len().abs_diff(b.len()) > limit || a.len() > 64 || b.len() > 64 {
        return None;
    }
    let get = |row: &[usize], at: usize| row.get(at).copied().unwrap_or(usize::MAX / 2);
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, left) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, right) in b.iter().enumerate() {
            let mut best =
                (get(&last, j) + usize::from(left != right)).min(get(&last, j + 1) + 1).min(get(&row, j) + 1);
            let swapped = i > 0 && j > 0 && a.get(i - 1) == Some(right) && b.get(j - 1) == Some(left);
            if swapped {
                best = best.min(get(&before, j - 1) + 1);
            }
            row.push(best);
        }
        before = std::mem::replace(&mut last, row);
    }
    last.last().copied().filter(|&found| found <= limit)
}

/// The known word that is nearest, if one is near enough to have been meant.
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let length = word.chars().count();
    // One change makes any single character into any other, and of two 汉字 another word: 本科 is no slip of 专科.
    let shortest = if word.is_ascii() { 1 } else { 2 };
    let limit = if length <= shortest { 0 } else { (length / 3).max(1) };
    let word = word.to_lowercase();
    known
        .into_iter()
        .filter_map(|candidate| Some((distance(&word, &candidate.to_lowercase(), limit)?, candidate)))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// With so many faults in a list, nobody reads what was meant by the next one, and looking for it takes its time.
const MOST_HELPED: usize = 200;

/// "Did you mean …?" for the next fault of this list, unless it is long already.
pub fn help_for<'a>(word: &str, known: impl IntoIterator<Item = &'a str>, diagnostics: &[Diagnostic]) -> Option<Text> {
    if diagnostics.len() > MOST_HELPED { None } else { did_you_mean(word, known) }
}

/// What cannot be seen in the word; "did you mean …?"; or, where nothing is near and few words are known, the list of them.
pub fn did_you_mean<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<Text> {
    if let Some(character) = unseen(word) {
        return Some(of_unseen(character));
    }
    let mut known: Vec<&str> = known.into_iter().collect();
    // Records that are told apart by more than their names.
    known.dedup();
    if let Some(found) = nearest(word, known.iter().copied()) {
        return Some(Text::made(format!("是否应为 `{found}`？"), format!("did you mean `{found}`?")));
    }
    if known.is_empty() || known.len() > 24 {
        return None;
    }
    let list = known.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>();
    Some(Text::made(format!("可用：{}", list.join("、")), format!("known: {}", list.join(", "))))
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn a_slip_finds_its_word_and_a_stranger_none() {
        let known = ["insured_months", "degree", "hired_on"];
        assert_eq!(nearest("insured_month", known), Some("insured_months"));
        assert_eq!(nearest("dergee", known), Some("degree"));
        assert_eq!(nearest("banana", known), None);
        assert_eq!(nearest("本科", ["专科", "学士"]), None);
        assert_eq!(nearest("博士厚", ["博士后", "学士"]), Some("博士后"));
    }
}
