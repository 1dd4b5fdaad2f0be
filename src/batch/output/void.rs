//! The last line of results that do not count.

use serde::Serialize;

use super::{Shape, cell};
use crate::lang::{Lang, Text};

/// The version of the shape.
const SCHEMA: &str = "duixian/void@1";

#[derive(Serialize)]
struct Of<'a> {
    schema: &'static str,
    reason: &'a Text,
}

/// Writes that the results before it do not count, and why.
pub fn void(shape: Shape, reason: &Text, lang: Lang, out: &mut Vec<u8>) {
    match shape {
        Shape::Json => {
            // Texts always have a JSON form, and memory does not refuse to be written to.
            let _ = serde_json::to_writer(&mut *out, &Of { schema: SCHEMA, reason });
        }
        Shape::Long | Shape::Wide | Shape::Sheets => {
            let before = if lang == Lang::Zh { "以上结果作废：" } else { "the results above do not count: " };
            cell(&format!("{before}{}", reason.get(lang)), out);
        }
    }
    out.push(b'\n');
}
