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
    for row in faults.chunk_by(|one, next| (&one.file, one.line) == (&next.file, next.line)) {
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
