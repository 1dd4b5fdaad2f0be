//! Number formats of a workbook's cells: `0"元"` shows a number with its unit, `0,` one that is a thousand times as large.

use rust_decimal::Decimal;

use crate::lang::Text;
use crate::source::clean;

/// What a format makes of the numbers of a cell: for those above zero, below it, and zero itself.
#[derive(Debug, Default)]
pub(super) struct Format {
    code: String,
    sections: Vec<Section>,
    /// So many digits are shown at least, where it is nothing but zeros: `000000`.
    digits: usize,
}

#[derive(Debug, Default)]
struct Section {
    /// What stands behind the digits.
    unit: String,
    /// Whether hundredths are shown.
    percent: bool,
    /// Whether the number that is shown is another than that which is stored.
    is_another: bool,
    /// Whether it shows a number at all.
    digits: bool,
}

impl Format {
    /// Reads a format; `None` where it shows a number as it is.
    pub fn of(code: &str) -> Option<Format> {
        let mut sections = vec![Section::default()];
        let (mut characters, mut behind, mut commas) = (code.chars().peekable(), false, 0);
        let mut literal = String::new();
        while let Some(character) = characters.next() {
            let section = sections.last_mut()?;
            match character {
                '"' => literal.extend(characters.by_ref().take_while(|character| *character != '"')),
                '\\' | '!' => literal.extend(characters.next()),
                '_' | '*' => {
                    characters.next();
                }
                '[' => {
                    let within: String = characters.by_ref().take_while(|character| *character != ']').collect();
                    // A condition makes a section stand for other numbers than its place says.
                    section.is_another |= within.starts_with(['<', '>', '=']);
                }
                ';' => {
                    section.end(&mut literal, commas);
                    (behind, commas) = (false, 0);
                    sections.push(Section::default());
                }
                '0' | '#' | '?' => {
                    // What stands between digits is shown as a part of the number: `0!.0` of 123 is 12.3.
                    section.is_another |= behind && !literal.trim().is_empty();
                    section.digits = true;
                    literal.clear();
                    (behind, commas) = (true, 0);
                }
                ',' if behind => commas += 1,
                '.' if behind && commas > 0 => {
                    section.is_another = true;
                }
                '%' => section.percent = true,
                'G' | 'g' => {
                    // `General`, and what it is called in Chinese.
                    let rest: String = characters.clone().take(6).collect();
                    let known = ["eneral", "/通用格式"].iter().find(|known| rest.starts_with(**known));
                    for _ in known.map_or("", |known| known).chars() {
                        characters.next();
                    }
                    section.digits = true;
                    (behind, commas) = (true, 0);
                    literal.clear();
                }
                // The exponent of a scientific number.
                'E' | 'e' if behind => {
                    characters.next_if(|sign| matches!(sign, '+' | '-'));
                }
                other if !other.is_ascii() => literal.push(other),
                _ => {}
            }
        }
        if let Some(section) = sections.last_mut() {
            section.end(&mut literal, commas);
        }
        let plain = |section: &Section| section.unit.is_empty() && !section.percent && !section.is_another;
        let all = sections.iter().all(|section| !section.digits || plain(section));
        // As ids and accounts are shown.
        let digits = if code.len() > 1 && code.bytes().all(|byte| byte == b'0') { code.len() } else { 0 };
        (!all || digits > 0).then(|| Format { code: code.to_owned(), sections, digits })
    }

    /// A whole number that is a text, such as an id, with the zeros that are shown before it.
    pub fn padded(&self, number: String) -> String {
        let is_whole = number.bytes().all(|byte| byte.is_ascii_digit());
        if is_whole { format!("{number:0>width$}", width = self.digits) } else { number }
    }

    /// A number as it is shown, with its unit; an error where it is shown as another. An empty unit: it has none.
    pub fn shown(&self, number: Decimal) -> Result<(Decimal, &str), Text> {
        let place = if number.is_sign_negative() && !number.is_zero() {
            1
        } else if number.is_zero() {
            2
        } else {
            0
        };
        let own = self.sections.get(place).filter(|section| section.digits);
        let Some(section) = own.or(self.sections.first()) else { return Ok((number, "")) };
        if self.sections.iter().any(|section| section.is_another) {
            let code = clean(&self.code);
            return Err(Text::made(
                format!("单元格格式 {code} 显示的数与保存的不同；改为“常规”，单位写进列名"),
                format!(
                    "the format {code} shows another number than is stored; format the cell as General, and put the unit into the head"
                ),
            ));
        }
        match section.percent {
            true => Ok((number.checked_mul(Decimal::ONE_HUNDRED).unwrap_or(number), "%")),
            false => Ok((number, &section.unit)),
        }
    }
}

impl Section {
    fn end(&mut self, literal: &mut String, commas: usize) {
        if self.digits {
            self.is_another |= commas > 0;
            self.unit = literal.trim().to_owned();
        }
        literal.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The number and unit that a format shows; none: it is as it stands.
    fn shown(code: &str, number: &str) -> Option<String> {
        let format = Format::of(code)?;
        let number: Decimal = number.parse().unwrap();
        Some(
            format.shown(number).map_or("refused".to_owned(), |(number, unit)| format!("{}{unit}", number.normalize())),
        )
    }

    #[test]
    fn a_unit_is_what_stands_behind_the_digits() {
        for plain in [
            "General",
            "0",
            "0.00",
            "0000.0",
            "#,##0",
            "#,##0.00_);(#,##0.00)",
            "_(* #,##0_);_(* (#,##0);_(* \"-\"_);_(@_)",
            "@",
        ] {
            assert_eq!(shown(plain, "5"), None, "{plain}");
        }
        for (code, number, expected) in [
            ("0\"元\"", "5", "5元"),
            ("#,##0.00\" 万元\"", "5.5", "5.5万元"),
            ("0\\元", "5", "5元"),
            ("0元", "5", "5元"),
            ("General\"个月\"", "36", "36个月"),
            ("G/通用格式\"元\"", "5", "5元"),
            ("[Red]0\"元\"", "5", "5元"),
            ("0\"元\";[Red]\\-0\"元\"", "-5", "-5元"),
            ("0\"元\";;\"无\"", "0", "0元"),
            ("0%", "0.2", "20%"),
            ("0.00%", "0.2", "20%"),
            // 12345 is shown as 12, as 1.2, and as 12.
            ("0,", "12345", "refused"),
            ("0!.0,\"万元\"", "12345", "refused"),
            ("0.0,\"千元\"", "12345", "refused"),
            ("[>=10000]0!.0,\"万元\";0\"元\"", "5", "refused"),
            // 123 is shown as 12.3.
            ("0\".\"0", "123", "refused"),
        ] {
            assert_eq!(shown(code, number).as_deref(), Some(expected), "{code}");
        }
    }
}
