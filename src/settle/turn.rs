//! The order of ids, which decides where a limit's own order does not.

use std::cmp::Ordering;

/// Ids that are numbers by their size and before all others; others as texts.
pub(super) fn compare(a: &str, b: &str) -> Ordering {
    match (number(a), number(b)) {
        (Some(left), Some(right)) => left.len().cmp(&right.len()).then_with(|| left.cmp(right)).then_with(|| a.cmp(b)),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => a.cmp(b),
    }
}

/// The digits of a number without leading zeros.
fn number(id: &str) -> Option<&str> {
    let is_number = !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| id.trim_start_matches('0'))
}

#[cfg(test)]
mod tests {
    use super::compare;

    #[test]
    fn numbers_go_by_size_and_before_texts() {
        let mut ids = ["b", "10", "9", "a2", "a10", "007"];
        ids.sort_by(|a, b| compare(a, b));
        assert_eq!(ids, ["007", "9", "10", "a10", "a2", "b"]);
    }
}
