//! What is put in the place of a figure: amounts are multiplied and divided by ten, other numbers have their digits turned
//! round, or become one more where that gives nothing new. Nothing and one of something (`0元`, `1天`, `0.01元`) serve the
//! calculation and are no figures.

/// The other figures, with the same unit.
pub(super) fn others(figure: &str) -> Vec<String> {
    let end = figure.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(figure.len());
    let (digits, unit) = figure.split_at(end);
    let serves =
        digits.trim_matches(['0', '.']).is_empty() || digits == "1" && !unit.contains('万') || digits == "0.01";
    if serves {
        return Vec::new();
    }
    let numbers = if unit.contains('元') { moved(digits).to_vec() } else { vec![turned(digits)] };
    numbers.into_iter().map(|number| format!("{number}{unit}")).collect()
}

/// The point a place to the right and to the left.
fn moved(digits: &str) -> [String; 2] {
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let mut rest = fraction.chars();
    let up = match rest.next() {
        None => format!("{whole}0"),
        Some(first) => format!("{whole}{first}.{}0", rest.as_str()),
    };
    let (head, last) = whole.split_at(whole.len().saturating_sub(1));
    let down = format!("{}.{last}{fraction}", if head.is_empty() { "0" } else { head });
    [up, down]
}

fn turned(digits: &str) -> String {
    let turned: String = digits.chars().rev().collect();
    let turned = turned.trim_start_matches('0');
    if turned != digits && !digits.contains('.') {
        return turned.to_owned();
    }
    digits.parse::<u64>().map_or_else(|_| format!("{digits}1"), |number| number.saturating_add(1).to_string())
}

#[cfg(test)]
mod tests {
    use super::others;

    #[test]
    fn figures_are_changed_and_what_serves_the_calculation_is_not() {
        for (figure, wanted) in [
            ("5万元", &["50万元", "0.5万元"][..]),
            ("2000元/人", &["20000元/人", "200.0元/人"]),
            ("1.5万元", &["15.0万元", "0.15万元"]),
            ("36个月", &["63个月"]),
            ("22天/月", &["23天/月"]),
            ("50%", &["5%"]),
            ("8人", &["9人"]),
            ("1万元", &["10万元", "0.1万元"]),
            ("0元", &[]),
            ("1天", &[]),
            ("0.01元", &[]),
        ] {
            assert_eq!(others(figure), wanted, "{figure}");
        }
    }
}
