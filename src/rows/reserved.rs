//! The columns that a workbook which goes back has of its own, and which are passed over when it is read again.

use crate::lang::Text;
use crate::source::folded;

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

/// What a row is called, wherever its file lies: `form.xlsx 申请人!17`.
pub fn row_name(file: &str, line: u64) -> String {
    let name = file.rsplit(['/', '\\']).next().unwrap_or(file);
    format!("{name}!{line}")
}
