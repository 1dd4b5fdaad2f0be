//! What a new layout changes, as a unified diff, at a cost that grows with the file and not with its square: headings stay in
//! their order, so each section is compared with its own, and there only the lines that both have.

use std::collections::HashSet;
use std::fmt::Write;
use std::ops::Range;

use similar::{Algorithm, DiffOp, capture_diff_slices, group_diff_ops};

/// Lines around a change.
const CONTEXT: usize = 3;

/// The difference between two texts of one file.
pub fn unified(name: &str, old: &str, new: &str) -> String {
    let old: Vec<&str> = old.split_inclusive('\n').collect();
    let new: Vec<&str> = new.split_inclusive('\n').collect();
    let mut text = format!("--- {name}\n+++ {name}\n");
    for hunk in group_diff_ops(operations(&old, &new), CONTEXT) {
        let (Some(first), Some(last)) = (hunk.first(), hunk.last()) else { continue };
        let _ = writeln!(
            text,
            "@@ -{} +{} @@",
            range(first.old_range().start..last.old_range().end),
            range(first.new_range().start..last.new_range().end)
        );
        for operation in hunk {
            let is_kept = matches!(operation, DiffOp::Equal { .. });
            lines(if is_kept { ' ' } else { '-' }, old.get(operation.old_range()), &mut text);
            if !is_kept {
                lines('+', new.get(operation.new_range()), &mut text);
            }
        }
    }
    text
}

fn lines(sign: char, lines: Option<&[&str]>, text: &mut String) {
    for line in lines.unwrap_or_default() {
        text.push(sign);
        text.push_str(line);
        if !line.ends_with('\n') {
            text.push_str("\n\\ No newline at end of file\n");
        }
    }
}

/// Lines as a hunk's head counts them.
fn range(lines: Range<usize>) -> String {
    match lines.len() {
        0 => format!("{},0", lines.start),
        1 => (lines.start + 1).to_string(),
        count => format!("{},{count}", lines.start + 1),
    }
}

/// Which lines stay, go and come.
fn operations(old: &[&str], new: &[&str]) -> Vec<DiffOp> {
    let (mut left, mut right) = (sections(old), sections(new));
    // Where headings do not correspond, all is one section.
    let headings = |sections: &[Range<usize>], lines: &[&str]| -> Vec<String> {
        sections.iter().skip(1).filter_map(|of| lines.get(of.start)).map(|line| (*line).trim().to_owned()).collect()
    };
    if headings(&left, old) != headings(&right, new) {
        let whole = |lines: &[&str]| std::iter::once(0..lines.len()).collect();
        (left, right) = (whole(old), whole(new));
    }
    let mut kept = Vec::new();
    for (left, right) in left.into_iter().zip(right) {
        let (old_at, new_at) = (left.start, right.start);
        let (old, new) = (old.get(left).unwrap_or_default(), new.get(right).unwrap_or_default());
        kept.extend(same(old, new).into_iter().map(|(old, new)| (old + old_at, new + new_at)));
    }
    kept.push((old.len(), new.len()));
    let (mut operations, mut old_at, mut new_at) = (Vec::new(), 0, 0);
    for (old_index, new_index) in kept {
        let (old_len, new_len) = (old_index - old_at, new_index - new_at);
        match (old_len, new_len) {
            (0, 0) => {}
            (_, 0) => operations.push(DiffOp::Delete { old_index: old_at, old_len, new_index: new_at }),
            (0, _) => operations.push(DiffOp::Insert { old_index: old_at, new_index: new_at, new_len }),
            _ => operations.push(DiffOp::Replace { old_index: old_at, old_len, new_index: new_at, new_len }),
        }
        if old_index < old.len() && new_index < new.len() {
            match operations.last_mut() {
                Some(DiffOp::Equal { len, .. }) => *len += 1,
                _ => operations.push(DiffOp::Equal { old_index, new_index, len: 1 }),
            }
        }
        (old_at, new_at) = (old_index + 1, new_index + 1);
    }
    operations
}

/// What stands before the first heading, then each heading with what is below it.
fn sections(lines: &[&str]) -> Vec<Range<usize>> {
    let heads = lines.iter().enumerate().filter(|(_, line)| line.starts_with('[')).map(|(place, _)| place);
    let mut starts: Vec<usize> = std::iter::once(0).chain(heads).collect();
    starts.push(lines.len());
    starts.windows(2).map(|pair| pair.first().copied().unwrap_or(0)..pair.last().copied().unwrap_or(0)).collect()
}

/// The lines that two sections share, in order. A line that only one of them has need not be looked for in the other.
fn same(old: &[&str], new: &[&str]) -> Vec<(usize, usize)> {
    let shared = |lines: &[&str], others: &[&str]| -> Vec<usize> {
        let others: HashSet<&str> = others.iter().copied().collect();
        lines.iter().enumerate().filter(|(_, line)| others.contains(*line)).map(|(place, _)| place).collect()
    };
    let (left, right) = (shared(old, new), shared(new, old));
    let of = |places: &[usize], lines: &[&'_ str]| -> Vec<String> {
        places.iter().filter_map(|place| lines.get(*place)).map(|line| (*line).to_owned()).collect()
    };
    let mut pairs = Vec::new();
    for operation in capture_diff_slices(Algorithm::Myers, &of(&left, old), &of(&right, new)) {
        if let DiffOp::Equal { old_index, new_index, len } = operation {
            let left = left.iter().skip(old_index).take(len).copied();
            pairs.extend(left.zip(right.iter().skip(new_index).copied()));
        }
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_stand_with_the_lines_around_them() {
        let old = "a\nb\nc\nd\ne\nf\n[x]\nk=1\nl = 2\n";
        let new = "a\nb\nc\nd\ne\nf\n[x]\nk = 1\nl = 2\n";
        let said = "--- p\n+++ p\n@@ -5,5 +5,5 @@\n e\n f\n [x]\n-k=1\n+k = 1\n l = 2\n";
        assert_eq!(unified("p", old, new), said);
        assert_eq!(unified("p", "a", "a\n"), "--- p\n+++ p\n@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+a\n");
        assert_eq!(unified("p", "", "a\n"), "--- p\n+++ p\n@@ -0,0 +1 @@\n+a\n");
        assert_eq!(unified("p", "[a]\nx\n", "[b]\nx\n"), "--- p\n+++ p\n@@ -1,2 +1,2 @@\n-[a]\n+[b]\n x\n");
    }

    #[test]
    fn a_file_of_which_every_line_changes_is_compared_at_once() {
        let old: String = (0..200_000).map(|line| format!("let.a{line}=1\n")).collect();
        let new = old.replace('=', " = ");
        assert_eq!(unified("p", &old, &new).lines().count(), 3 + 400_000);
    }
}
