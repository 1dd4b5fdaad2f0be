//! Where in a table the heads and the rows stand.

use crate::source::folded;

/// Where in a table the heads and the rows stand; lines count from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout {
    /// The sheet of a workbook; the first that is shown, if none.
    pub sheet: Option<String>,
    /// The lines of the heads, from top to bottom; at least one.
    pub heads: Vec<u64>,
    /// The first line of data.
    pub first: u64,
    /// Words with which rows begin that are no applicants.
    pub beside: Vec<String>,
}

impl Default for Layout {
    fn default() -> Layout {
        Layout { sheet: None, heads: vec![1], first: 2, beside: Vec::new() }
    }
}

impl Layout {
    /// Whether a line is one of heads.
    pub fn is_head(&self, line: u64) -> bool {
        self.heads.contains(&line)
    }

    /// The last line of heads.
    pub fn last_head(&self) -> u64 {
        self.heads.last().copied().unwrap_or(1)
    }

    /// Whether a row is no applicant's: it begins with one of the words, and has no id but that word. `id` is the column of ids.
    pub fn is_beside<'c>(&self, cells: impl Iterator<Item = &'c str>, id: Option<usize>) -> bool {
        if self.beside.is_empty() {
            return false;
        }
        let (mut begins, mut is_first) = (false, true);
        for (place, cell) in cells.enumerate().filter(|(_, cell)| !cell.trim().is_empty()) {
            if is_first {
                begins = self.beside.iter().any(|word| begins_with(cell, word));
                is_first = false;
            } else if id == Some(place) {
                return false;
            }
            if !begins {
                return false;
            }
        }
        begins
    }
}

/// Whether a cell is a word, however it is spaced, or the word with a colon and something behind it.
pub(in crate::rows) fn begins_with(cell: &str, word: &str) -> bool {
    let closed = |text: &str| folded(text).chars().filter(|c| !c.is_whitespace()).collect::<String>();
    closed(cell).strip_prefix(&closed(word)).is_some_and(|rest| rest.is_empty() || rest.starts_with(':'))
}

/// The names of columns over which several lines of heads stand: `申请人/姓名`. What stands over several columns is in the
/// first of them, and is that of those to the right which have a name of their own below it. Equal names are numbered: `备注#2`.
pub fn names(lines: &[Vec<String>]) -> Vec<String> {
    let width = lines.iter().map(Vec::len).max().unwrap_or(0);
    let cell = |line: usize, column: usize| lines.get(line).and_then(|line| line.get(column)).map_or("", |c| c.trim());
    let mut names: Vec<String> = Vec::new();
    for column in 0..width {
        let mut parts: Vec<&str> = Vec::new();
        for line in 0..lines.len() {
            let own = cell(line, column);
            let named_below = || (line + 1..lines.len()).any(|below| !cell(below, column).is_empty());
            let part = match own {
                "" if named_below() => (0..column).rev().map(|left| cell(line, left)).find(|left| !left.is_empty()),
                "" => None,
                own => Some(own),
            };
            parts.extend(part.filter(|part| parts.last() != Some(part)));
        }
        let name = parts.join("/");
        let before = names.iter().filter(|known| {
            !name.is_empty() && (**known == name || known.rsplit_once('#').is_some_and(|(known, _)| known == name))
        });
        let number = before.count() + 1;
        names.push(if number > 1 { format!("{name}#{number}") } else { name });
    }
    names
}

/// The column's own part of a name.
pub(in crate::rows) fn last_part(name: &str) -> &str {
    name.rsplit_once('/').map_or(name, |(_, own)| own).trim()
}

/// A head as it is compared: on one line, in plain forms.
pub(super) fn compared(head: &str) -> String {
    folded(head).split_whitespace().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_over_several_columns_is_in_the_names_of_all() {
        let lines = [
            vec!["序号", "申请人", "", "子女1", "", "备注", "备注"],
            vec!["", "姓名", "证件号", "姓名", "出生日期", "", ""],
        ];
        let lines = lines.map(|line| line.into_iter().map(str::to_owned).collect());
        let expected = ["序号", "申请人/姓名", "申请人/证件号", "子女1/姓名", "子女1/出生日期", "备注", "备注#2"];
        assert_eq!(names(&lines), expected);
    }

    #[test]
    fn a_row_with_an_id_is_never_beside() {
        let layout = Layout { beside: vec!["合计".to_owned(), "制表人".to_owned()], ..Layout::default() };
        let beside = |cells: &[&str], id| layout.is_beside(cells.iter().copied(), id);
        assert!(beside(&["合计", "", "5"], Some(1)));
        assert!(beside(&["合　计", "", "5"], Some(1)));
        assert!(beside(&["", "合计", "5"], Some(1)));
        assert!(beside(&["制表人：张三", "", ""], Some(1)));
        assert!(!beside(&["合计", "7", "5"], Some(1)));
        assert!(!beside(&["合计部", "", "5"], Some(1)));
        assert!(!beside(&["1", "合计", "5"], Some(0)));
        assert!(!beside(&["", "", ""], Some(0)));
    }
}
