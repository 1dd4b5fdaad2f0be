//! Rows that cannot be used, among results as JSON Lines: an object a row.

use serde::Serialize;

use crate::lang::Text;
use crate::rows::Fault;

/// The version of the shape.
const SCHEMA: &str = "duixian/reject@1";

#[derive(Serialize)]
struct Of<'a> {
    schema: &'static str,
    file: &'a str,
    line: u64,
    id: Option<&'a str>,
    faults: Vec<OfFault<'a>>,
}

#[derive(Serialize)]
struct OfFault<'a> {
    column: Option<&'a str>,
    value: Option<&'a str>,
    reason: &'a Text,
}

impl<'a> OfFault<'a> {
    fn of(fault: &'a Fault) -> OfFault<'a> {
        OfFault { column: fault.column.as_deref(), value: fault.value.as_deref(), reason: &fault.reason }
    }
}

/// Writes what is wrong with rows; faults of one row stand together.
pub fn rejected(faults: &[Fault], out: &mut Vec<u8>) {
    // Two rows stand on one line where a lone carriage return ends the first: nobody is told under another's id.
    let is_same_row = |one: &Fault, next: &Fault| {
        let of_one = one.id.is_none() || next.id.is_none() || one.id == next.id;
        of_one && (&one.file, one.line) == (&next.file, next.line)
    };
    for row in faults.chunk_by(is_same_row) {
        let Some(first) = row.first() else { continue };
        let of = Of {
            schema: SCHEMA,
            file: &first.file,
            line: first.line,
            id: row.iter().find_map(|fault| fault.id.as_deref()),
            faults: row.iter().map(OfFault::of).collect(),
        };
        // Texts, numbers and lists always have a JSON form, and memory does not refuse to be written to.
        let _ = serde_json::to_writer(&mut *out, &of);
        out.push(b'\n');
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    #[test]
    fn rows_of_two_applicants_on_one_line_are_two() {
        let reason = Text::new("这一行有 5 格，列名有 6 个", "this row has 5 cells where there are 6 heads");
        let of = |id: &str| Fault { id: Some(id.to_owned()), ..Fault::of_line(&Arc::from("a.csv"), 3, reason.clone()) };
        let mut out = Vec::new();
        rejected(&[of("p2"), of("p2"), of("p4")], &mut out);
        let text = String::from_utf8_lossy(&out);
        assert_eq!(text.lines().map(|line| line.matches("this row").count()).collect::<Vec<_>>(), [2, 1]);
        assert!(text.contains("\"id\":\"p4\""), "{text}");
    }
}
