//! The column of reasons in a workbook that goes back, which is passed over when it is read again.

use crate::lang::Text;
use crate::source::folded;

/// What stands over it.
pub const REASON: Text = Text::new("退回原因", "Reason for return");

/// Whether a head is that of the reasons.
pub fn is_reason(head: &str) -> bool {
    let head = folded(head.trim());
    *head == *REASON.zh || head.eq_ignore_ascii_case(&REASON.en)
}
