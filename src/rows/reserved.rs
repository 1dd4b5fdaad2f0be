//! The columns that a workbook which goes back has of its own, and which are passed over when it is read again.

use std::sync::Arc;

use crate::lang::Text;
use crate::source::{clean, folded};

/// What stands over the reasons.
pub const REASON: Text = Text::new("退回原因", "Reason for return");

/// What stands over the names of the rows from which they came.
pub const ROW: Text = Text::new("原行", "Row in the input");

fn is(head: &str, own: &Text) -> bool {
    let head = folded(head.trim());
    *head == *own.zh || head.eq_ignore_ascii_case(&own.en)
}

/// Whether a head is that of the reasons.
pub fn is_reason(head: &str) -> bool {
    is(head, &REASON)
}

/// Whether a head is that of the rows from which they came.
pub fn is_row(head: &str) -> bool {
    is(head, &ROW)
}

/// Whether a head is one of these.
pub fn is_reserved(head: &str) -> bool {
    is_reason(head) || is_row(head)
}

/// What a sheet of a workbook is called in messages: `form.xlsx 申请人`.
pub fn sheet_name(file: &str, sheet: &str) -> Arc<str> {
    format!("{file} {}", clean(sheet)).into()
}

/// Where a row stands: `people.csv:17`, and on a sheet of a workbook, by its first cell, `form.xlsx 申请人!A17`.
pub fn row_place(file: &str, line: u64) -> String {
    let is_of_a_sheet = [".xlsx ", ".xlsm "].iter().any(|ending| {
        let bytes = file.as_bytes();
        bytes.windows(ending.len()).any(|part| part.eq_ignore_ascii_case(ending.as_bytes()))
    });
    format!("{file}{}{line}", if is_of_a_sheet { "!A" } else { ":" })
}

/// What a row is called, wherever its file lies.
pub fn row_name(file: &str, line: u64) -> String {
    row_place(file.rsplit(['/', '\\']).next().unwrap_or(file), line)
}
