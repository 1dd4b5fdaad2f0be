//! What is told of a workbook. Hidden rows are read: who filters a list and saves it has not taken anybody off it. So they are told.

use std::collections::VecDeque;
use std::sync::Arc;

use super::parts::Hidden;
use crate::lang::Text;
use crate::rows::{Column, Fault, Heads, Row};
use crate::source::clean;

/// So many stretches of rows, columns or sheets are named.
const MOST_NAMED: usize = 12;

/// What of a sheet is hidden and was read, and the other sheets, which were not.
pub(super) fn notes(
    file: &Arc<str>,
    sheet: &str,
    hidden: Option<&Hidden>,
    others: &[String],
    heads: &Heads,
    rows: &VecDeque<Row>,
) -> Vec<Fault> {
    let sheet = clean(sheet);
    let mut notes = Vec::new();
    let Some(hidden) = hidden else {
        notes.push(Text::made(
            format!("看不出工作表“{sheet}”有没有隐藏的行和列"),
            format!("whether rows or columns of the sheet “{sheet}” are hidden cannot be told"),
        ));
        return faults(file, notes);
    };
    let (count, stretches) = read(&hidden.rows, rows);
    if count > 0 {
        let (zh, en) = (named(&stretches, "、", "等"), named(&stretches, ", ", " and more"));
        let (rows, was) = if count == 1 { ("row", "was") } else { ("rows", "were") };
        notes.push(Text::made(
            format!("工作表“{sheet}”有 {count} 行是隐藏的（含筛选掉的），已一并读入：第 {zh} 行；不应读入的请删去"),
            format!(
                "{count} {rows} of the sheet “{sheet}” are hidden, or filtered out, and {was} read all the same: {en}; delete what is not to be read"
            ),
        ));
    }
    let is_hidden = |place: usize| {
        let place = place + 1;
        hidden.columns.iter().any(|(first, last)| (*first as usize..=*last as usize).contains(&place))
    };
    let columns = heads.columns.iter().zip(&heads.names).enumerate();
    let columns: Vec<String> = columns
        .filter(|(place, (column, _))| !matches!(column, Column::Ignored) && is_hidden(*place))
        .map(|(_, (_, name))| clean(name.trim()))
        .collect();
    if !columns.is_empty() {
        let (zh, en) = (named(&columns, "、", "等"), named(&columns, ", ", " and more"));
        notes.push(Text::made(
            format!("工作表“{sheet}”有隐藏的列，已一并读入：{zh}"),
            format!("the sheet “{sheet}” has hidden columns, which were read all the same: {en}"),
        ));
    }
    if !others.is_empty() {
        let others: Vec<String> = others.iter().map(|name| format!("“{}”", clean(name))).collect();
        let (zh, en) = (named(&others, "", "等"), named(&others, ", ", " and more"));
        notes.push(Text::made(
            format!("只读第一张可见的工作表“{sheet}”；没有读：{zh}"),
            format!("only the first sheet that is shown, “{sheet}”, was read; not read: {en}"),
        ));
    }
    faults(file, notes)
}

fn faults(file: &Arc<str>, notes: Vec<Text>) -> Vec<Fault> {
    notes.into_iter().map(|note| Fault::of_line(file, 0, note)).collect()
}

/// How many of the rows that were read are hidden, and where.
fn read(hidden: &[(u32, u32)], rows: &VecDeque<Row>) -> (usize, Vec<String>) {
    let mut ordered = hidden.to_vec();
    ordered.sort_unstable();
    let is_hidden = |row: &&Row| {
        let place = ordered.partition_point(|(first, _)| u64::from(*first) <= row.line);
        let before = place.checked_sub(1).and_then(|before| ordered.get(before));
        before.is_some_and(|(_, last)| row.line <= u64::from(*last))
    };
    let mut stretches: Vec<(u64, u64)> = Vec::new();
    let mut count = 0;
    for row in rows.iter().filter(is_hidden) {
        count += 1;
        match stretches.last_mut() {
            Some((_, last)) if *last + 1 == row.line => *last = row.line,
            _ => stretches.push((row.line, row.line)),
        }
    }
    let name = |(first, last): &(u64, u64)| if first == last { first.to_string() } else { format!("{first}–{last}") };
    (count, stretches.iter().map(name).collect())
}

fn named(all: &[String], separator: &str, more: &str) -> String {
    let first: Vec<&str> = all.iter().take(MOST_NAMED).map(String::as_str).collect();
    format!("{}{}", first.join(separator), if all.len() > MOST_NAMED { more } else { "" })
}
