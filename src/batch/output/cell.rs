//! Cells of CSV.

use crate::report::csv::is_formula;
use crate::value::{Bound, Interval, Number};

/// A text, quoted where it must be. What a spreadsheet would take for a formula gets an apostrophe before it.
pub fn text(text: &str, out: &mut Vec<u8>) {
    let formula = is_formula(text);
    if !formula && !text.bytes().any(|byte| matches!(byte, b',' | b'"' | b'\n' | b'\r')) {
        out.extend_from_slice(text.as_bytes());
        return;
    }
    out.push(b'"');
    if formula {
        out.push(b'\'');
    }
    for byte in text.bytes() {
        if byte == b'"' {
            out.push(b'"');
        }
        out.push(byte);
    }
    out.push(b'"');
}

/// A cell's text without the apostrophe that made it harmless.
pub fn unguarded(text: &str) -> &str {
    if is_formula(text) { text.strip_prefix('\'').unwrap_or(text) } else { text }
}

/// An amount known to the 分, with two places.
pub fn fen(fen: i64, out: &mut Vec<u8>) {
    let mut digits = itoa::Buffer::new();
    if fen < 0 {
        out.push(b'-');
    }
    let digits = digits.format(fen.unsigned_abs()).as_bytes();
    match digits.split_last_chunk() {
        Some((yuan, [tens, ones])) if !yuan.is_empty() => {
            out.extend_from_slice(yuan);
            out.extend_from_slice(&[b'.', *tens, *ones]);
        }
        // Below 1 元.
        _ => {
            out.extend_from_slice(if digits.len() == 1 { b"0.0" } else { b"0." });
            out.extend_from_slice(digits);
        }
    }
}

/// The two ends of an amount, in two cells; an end without bound is empty.
pub fn range(range: Interval, out: &mut Vec<u8>) {
    end(range.lo, out);
    out.push(b',');
    end(range.hi, out);
}

fn end(bound: Bound, out: &mut Vec<u8>) {
    let Some(number) = bound.number() else { return };
    match number.whole_fen() {
        Some(whole) => fen(whole, out),
        None => out.extend_from_slice(number.money().as_bytes()),
    }
}

/// The same amount at both ends.
pub fn both(amount: Number, out: &mut Vec<u8>) {
    if amount == Number::ZERO {
        out.extend_from_slice(b"0.00,0.00");
        return;
    }
    let start = out.len();
    end(Bound::At(amount), out);
    let end = out.len();
    out.push(b',');
    out.extend_from_within(start..end);
}

/// The cells that are carried along, each with a comma before it.
pub fn kept<'c>(cells: impl Iterator<Item = &'c str>, out: &mut Vec<u8>) {
    for cell in cells {
        out.push(b',');
        text(cell, out);
    }
}

/// The applicant's id, or the line where there is none.
pub fn id(id: Option<&str>, line: u64, out: &mut Vec<u8>) {
    match id {
        Some(id) => text(id, out),
        None => out.extend_from_slice(itoa::Buffer::new().format(line).as_bytes()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_have_two_places() {
        for (amount, written) in
            [(1, "0.01"), (50, "0.50"), (100, "1.00"), (123_456, "1234.56"), (-5, "-0.05"), (-200, "-2.00")]
        {
            let mut out = Vec::new();
            fen(amount, &mut out);
            assert_eq!(String::from_utf8(out).unwrap(), written);
        }
        let least = i64::MIN;
        let mut out = Vec::new();
        fen(least, &mut out);
        assert_eq!(String::from_utf8(out).unwrap(), "-92233720368547758.08");
    }
}
