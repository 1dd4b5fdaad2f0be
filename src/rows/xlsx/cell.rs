//! What stands in a cell of a workbook.

use std::borrow::Cow;

use calamine::{DataRef, ExcelDateTime, ExcelDateTimeType};
use rust_decimal::Decimal;

use crate::lang::Text;

/// A spreadsheet keeps no more digits of a number than these.
const DIGITS: usize = 15;
/// A number or a day takes about so many bytes.
const SHORT: usize = 10;
/// A cell has no more characters.
const LONGEST: usize = 32_767;
/// 1 January 1920: a bare number below this is no date that anybody meant.
const FIRST_DAY: f64 = 7306.0;
/// 31 December 2199.
const LAST_DAY: f64 = 109_574.0;

/// What stands in a cell.
pub(super) enum Cell<'t> {
    Empty,
    Text(Cow<'t, str>),
    Number(f64),
    Day(ExcelDateTime),
    /// Nothing that can be used, and why.
    Wrong(Text, String),
}

impl<'t> Cell<'t> {
    pub fn of(value: DataRef<'t>, formula: bool) -> Cell<'t> {
        match value {
            DataRef::Empty if formula => Cell::Wrong(
                Text::new(
                    "公式没有保存结果；用表格软件打开后重新保存",
                    "this formula has no saved result; open the file in a spreadsheet and save it again",
                ),
                String::new(),
            ),
            DataRef::Empty => Cell::Empty,
            DataRef::Int(number) => Cell::Text(number.to_string().into()),
            DataRef::Float(number) => Cell::Number(number),
            DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => Cell::text(text.into()),
            DataRef::SharedString(text) => Cell::text(text.into()),
            DataRef::Bool(truth) => Cell::Text(truth.to_string().into()),
            DataRef::DateTime(date) => Cell::Day(date),
            DataRef::Error(error) => Cell::Wrong(
                Text::new(
                    "单元格是错误值；改正公式，或直接填写",
                    "the cell holds an error value; correct the formula, or type what it should be",
                ),
                error.to_string(),
            ),
        }
    }

    fn text(text: Cow<'t, str>) -> Cell<'t> {
        if text.len() > LONGEST && (text.len() > LONGEST * 4 || text.chars().nth(LONGEST).is_some()) {
            let reason = Text::new(
                "单元格的文字超过 32767 字，表格软件的单元格放不下",
                "the cell has more than the 32,767 characters that a spreadsheet has in a cell",
            );
            return Cell::Wrong(reason, String::new());
        }
        if text.trim().is_empty() { Cell::Empty } else { Cell::Text(text) }
    }

    /// What stands in it, as it is shown to whoever looks for words.
    pub fn shown(&self) -> String {
        match self {
            Cell::Empty => String::new(),
            Cell::Text(text) => text.clone().into_owned(),
            Cell::Number(number) => decimal(*number).unwrap_or_else(|_| number.to_string()),
            Cell::Day(date) => day(*date).unwrap_or_else(|_| date.as_f64().to_string()),
            // Something stands there; it is told when the row is read.
            Cell::Wrong(_, value) if value.is_empty() => "#".to_owned(),
            Cell::Wrong(_, value) => value.clone(),
        }
    }

    /// About how many bytes its text takes.
    pub fn weight(&self) -> usize {
        match self {
            Cell::Text(text) => text.len(),
            Cell::Number(_) | Cell::Day(_) => SHORT,
            Cell::Empty | Cell::Wrong(..) => 0,
        }
    }

    /// Its text, in a column that holds dates or does not.
    pub fn read(self, is_a_date: bool, in_1904: bool) -> Result<Cow<'t, str>, (Text, String)> {
        match self {
            Cell::Empty => Ok(Cow::Borrowed("")),
            Cell::Text(text) => Ok(text),
            Cell::Wrong(reason, value) => Err((reason, value)),
            Cell::Day(date) => day(date).map(Cow::Owned).map_err(|reason| (reason, date.as_f64().to_string())),
            Cell::Number(number) if is_a_date => {
                if number.fract() != 0.0 || !(FIRST_DAY..=LAST_DAY).contains(&number) {
                    return Err((no_date(), number.to_string()));
                }
                let date = ExcelDateTime::new(number, ExcelDateTimeType::DateTime, in_1904);
                day(date).map(Cow::Owned).map_err(|reason| (reason, number.to_string()))
            }
            Cell::Number(number) => decimal(number).map(Cow::Owned).map_err(|reason| (reason, number.to_string())),
        }
    }
}

fn no_date() -> Text {
    Text::new(
        "这个数不是日期；写作 2024-03-01，或设为日期格式",
        "this number is no date; write 2024-03-01, or format the cell as a date",
    )
}

/// A date of a cell, without a time.
fn day(date: ExcelDateTime) -> Result<String, Text> {
    if date.is_duration() {
        return Err(Text::new("这是时长，不是日期", "this is a span of time, no date"));
    }
    // What is out of the calendar is shown as its end.
    if date.as_f64() > LAST_DAY {
        return Err(no_date());
    }
    let (year, month, day, hour, minute, second, milli) = date.to_ymd_hms_milli();
    if (hour, minute, second, milli) != (0, 0, 0, 0) {
        return Err(Text::new("日期带有时刻；只留日期", "this date has a time of day; keep the date alone"));
    }
    Ok(format!("{year:04}-{month:02}-{day:02}"))
}

/// A number as it was typed: of the binary fraction that the file has, the decimal that a spreadsheet shows.
fn decimal(number: f64) -> Result<String, Text> {
    // The shortest decimal that is this number, where it has no more digits, is the one that is shown.
    let shortest = number.to_string();
    let digits = shortest.bytes().filter(u8::is_ascii_digit).skip_while(|digit| *digit == b'0').count();
    if (1..=DIGITS).contains(&digits) && (1e-12..1e15).contains(&number.abs()) {
        return Ok(shortest);
    }
    let shown = format!("{:.*e}", DIGITS - 1, number);
    let exponent = shown.split_once('e').and_then(|(_, exponent)| exponent.parse::<i32>().ok());
    let too_long = || {
        Text::new(
            "数字超过 15 位，表格软件只保留 15 位；编号等请设为文本格式",
            "this number has more than the 15 digits that a spreadsheet keeps; format ids and the like as text",
        )
    };
    if exponent.is_none_or(|exponent| !(-12..15).contains(&exponent)) && number != 0.0 {
        return Err(too_long());
    }
    Decimal::from_scientific(&shown).map(|decimal| decimal.normalize().to_string()).map_err(|_| too_long())
}
