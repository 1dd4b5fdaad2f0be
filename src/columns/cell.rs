//! Cells as numbers in a column. A cell that is written in any but the plainest way goes the general way, which reads it or
//! says what is wrong with it.

use crate::columns::build::Shape;
use crate::columns::calendar;
use crate::columns::lanes::{ASK, BLOCK, Lane};
use crate::columns::source::{denominator_of, number_of, scaled};
use crate::expr::lexer::figure_of;
use crate::expr::measure::Measure;
use crate::expr::names::{Input, Names};
use crate::expr::types::Type;
use crate::value::{Bound, Day, Number, Unit, Value};

/// Reads the cells of one column.
#[derive(Clone, Debug)]
pub struct CellReader {
    plain: Plain,
    /// What a blank stands for; none: it is not known.
    blank: Option<i64>,
}

#[derive(Clone, Debug)]
enum Plain {
    Truth,
    Words(Vec<Vec<(String, i64)>>),
    Day { never: bool },
    Number(Numbers),
}

#[derive(Clone, Debug)]
struct Numbers {
    denominator: i64,
    lo: i64,
    hi: i64,
    whole: bool,
    /// What may stand behind the digits, and by how much it multiplies; an empty one where none is needed.
    units: Vec<(String, i64)>,
    /// By how much a bare number is multiplied; none: only 0 is read.
    bare: Option<i64>,
}

impl CellReader {
    /// A reader for the cells of an input, and what its column holds; `None` for texts and lists. `blank` is the input's value
    /// where nothing is said.
    /// `head`: the unit that the column's head has, which stands behind numbers without one of their own.
    pub fn new(input: &Input, names: &Names, blank: &Value, head: Option<&str>) -> Option<(CellReader, Shape)> {
        let (plain, shape) = match &input.ty {
            Type::Bool => (Plain::Truth, Shape::Truth),
            Type::Date => (Plain::Day { never: input.may_be_never }, Shape::Day),
            Type::Enum(place) => {
                let words = &names.enums.get(*place)?.words;
                // By length: comparing lengths rules out most.
                let mut by_length: Vec<Vec<(String, i64)>> = Vec::new();
                for (value, (word, label)) in words.iter().enumerate() {
                    for text in [word.as_str(), label.zh.as_ref()] {
                        if by_length.len() <= text.len() {
                            by_length.resize(text.len() + 1, Vec::new());
                        }
                        let value = i64::try_from(value).ok()?;
                        // The first of two words with one label is meant.
                        by_length.get_mut(text.len())?.push((text.to_owned(), value));
                    }
                }
                by_length.iter_mut().for_each(|words| words.sort_by_key(|(_, value)| *value));
                (Plain::Words(by_length), Shape::Word)
            }
            // What is declared in another unit than it is reckoned in is read by the general way.
            Type::Quantity(unit) if input.measure(names).is_some_and(|measure| measure.factor == Number::ONE) => {
                let counts = Measure::base(unit, names).counts(unit, names);
                let bare = unit.is_none() || counts;
                let denominator = denominator_of(input.integer, unit, names);
                let Value::Quantity(domain) = input.domain else { return None };
                let end = |bound: Bound, otherwise: i64| match bound {
                    Bound::At(number) => scaled(number, denominator),
                    Bound::Below | Bound::Above => Some(otherwise),
                };
                let mut units = spellings(unit, names, denominator);
                let bare = match head {
                    None => bare.then_some(denominator),
                    Some(head) => {
                        // A number with nothing but 万 behind it would get the head's unit too.
                        units.retain(|(written, _)| !matches!(written.as_str(), "" | "万" | "亿"));
                        one(head, unit, names, denominator)
                    }
                };
                let numbers = Numbers {
                    denominator,
                    lo: end(domain.lo, i64::MIN)?,
                    hi: end(domain.hi, i64::MAX)?,
                    whole: input.integer,
                    units,
                    bare,
                };
                (Plain::Number(numbers), Shape::Number(denominator))
            }
            Type::Text | Type::List(_) | Type::Quantity(_) => return None,
        };
        let blank = number_of(blank, shape);
        Some((CellReader { plain, blank }, shape))
    }

    /// Fills a column with what its cells say, from the first row on; a blank is what it stands for. Marks rows whose cell is
    /// for the general way.
    pub(super) fn fill<'c>(&self, cells: impl Iterator<Item = &'c [u8]>, lane: &mut Lane, general: &mut [bool; BLOCK]) {
        match &self.plain {
            Plain::Truth => self.each(cells, lane, general, truth),
            Plain::Words(words) => self.each(cells, lane, general, |cell| {
                // The first byte rules out most of what is left.
                let is_this = |word: &[u8]| word.first() == cell.first() && word == cell;
                let same = words.get(cell.len())?.iter().find(|(word, _)| is_this(word.as_bytes()));
                same.map(|(_, value)| *value)
            }),
            Plain::Day { never } => self.each(cells, lane, general, |cell| day(cell, *never)),
            Plain::Number(numbers) => self.each(cells, lane, general, |cell| numbers.read(cell)),
        }
    }

    fn each<'c>(
        &self,
        cells: impl Iterator<Item = &'c [u8]>,
        lane: &mut Lane,
        general: &mut [bool; BLOCK],
        read: impl Fn(&[u8]) -> Option<i64>,
    ) {
        lane.marked = false;
        let rows = lane.values.iter_mut().zip(&mut lane.unknown).zip(general);
        for (((value, mark), general), cell) in rows.zip(cells) {
            let found = if cell.is_empty() { self.blank } else { read(cell) };
            *value = found.unwrap_or(0);
            *mark = if found.is_none() { ASK } else { 0 };
            lane.marked |= found.is_none();
            *general |= found.is_none() && !cell.is_empty();
        }
    }
}

fn truth(cell: &[u8]) -> Option<i64> {
    match cell {
        b"true" | b"TRUE" => Some(1),
        b"false" | b"FALSE" => Some(0),
        _ if cell == "是".as_bytes() => Some(1),
        _ if cell == "否".as_bytes() => Some(0),
        _ => None,
    }
}

/// `2024-03-01`, and `never` where it may be.
fn day(cell: &[u8], never: bool) -> Option<i64> {
    const ZEROS: [u8; 8] = *b"0000-00-";
    /// Added to what differs from these zeros, a digit above 9 and anything in place of a dash reach the highest bit.
    const ABOVE: [u8; 8] = [0x76, 0x76, 0x76, 0x76, 0x7F, 0x76, 0x76, 0x7F];
    let Some((first, &[g, h])) = cell.split_first_chunk::<8>() else {
        return (never && cell == b"never").then(|| calendar::lane(Day::NEVER));
    };
    let digits = u64::from_le_bytes(*first) ^ u64::from_le_bytes(ZEROS);
    let (g, h) = (g.wrapping_sub(b'0'), h.wrapping_sub(b'0'));
    let wrong = (digits.wrapping_add(u64::from_le_bytes(ABOVE)) | digits) & 0x8080_8080_8080_8080;
    if wrong != 0 || g > 9 || h > 9 {
        return None;
    }
    let [a, b, c, d, _, e, f, _] = digits.to_le_bytes().map(i64::from);
    calendar::date(a * 1000 + b * 100 + c * 10 + d, e * 10 + f, i64::from(g) * 10 + i64::from(h))
}

/// The ways in which a unit is commonly written behind digits, and the numerator of one of each.
fn spellings(unit: &Unit, names: &Names, denominator: i64) -> Vec<(String, i64)> {
    let name = names.unit_name(unit).zh;
    let mut found = Vec::new();
    for before in ["", "万", "亿"] {
        let written = format!("{before}{name}");
        if let Some(one) = one(&written, unit, names, denominator) {
            found.push((written, one));
        }
    }
    found
}

/// The numerator of one of a unit as it is written.
fn one(written: &str, unit: &Unit, names: &Names, denominator: i64) -> Option<i64> {
    let (one, of) = names.figure(&figure_of(&format!("1{written}"))?).ok()?;
    if of == *unit { scaled(one, denominator) } else { None }
}

impl Numbers {
    fn read(&self, cell: &[u8]) -> Option<i64> {
        let mut number: i64 = 0;
        let mut places: Option<u32> = None;
        let mut length = 0;
        for byte in cell {
            match byte {
                b'0'..=b'9' => {
                    number = number.checked_mul(10)?.checked_add(i64::from(byte - b'0'))?;
                    places = places.map(|places| places + 1);
                }
                b'.' if places.is_none() && length > 0 => places = Some(0),
                _ => break,
            }
            length += 1;
        }
        let (digits, unit) = cell.split_at_checked(length)?;
        if !digits.last()?.is_ascii_digit() {
            return None;
        }
        let one = if unit.is_empty() {
            match self.bare {
                Some(one) => one,
                None if number == 0 => self.denominator,
                None => return None,
            }
        } else {
            self.units.iter().find(|(written, _)| written.as_bytes() == unit)?.1
        };
        let scaled = number.checked_mul(one)?;
        let by = 10i64.checked_pow(places.unwrap_or(0))?;
        if by != 1 && scaled % by != 0 {
            return None;
        }
        let value = scaled / by;
        let whole = !self.whole || value % self.denominator == 0;
        (whole && self.lo <= value && value <= self.hi).then_some(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::columns::calendar::lane;

    #[test]
    fn a_day_is_read_only_where_it_is_written_plainly() {
        for text in ["2024-03-01", "1900-01-01", "2199-12-31", "2024-02-29"] {
            assert_eq!(day(text.as_bytes(), false), Day::parse(text).map(lane), "{text}");
        }
        assert_eq!(day(b"never", true), Some(lane(Day::NEVER)));
        assert_eq!(day(b"never", false), None);
        // Any one byte that is none of a date's makes it something else, which the general way reads.
        for place in 0..10 {
            for byte in 0..=u8::MAX {
                let mut text = *b"2024-03-01";
                text[place] = byte;
                let expected = std::str::from_utf8(&text).ok().and_then(Day::parse).map(lane);
                assert_eq!(day(&text, false), expected, "{text:?}");
            }
        }
        for text in ["", "2024-3-1", "2024/03/01", "2023-02-29", "2024-03-011", "2024年3月"] {
            assert_eq!(day(text.as_bytes(), false), None, "{text}");
        }
    }
}
