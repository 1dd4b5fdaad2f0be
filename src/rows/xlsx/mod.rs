//! Workbooks as office programs save them: the first sheet that is shown, with its heads in the first row.
//!
//! A workbook cannot be read as a stream: its texts are kept apart from its cells. It is held in memory, so its size is bounded.

use std::collections::VecDeque;
use std::io::{self, Read, Seek, SeekFrom};
use std::sync::Arc;

use calamine::{
    DataRef, Dimensions, ExcelDateTime, ExcelDateTimeType, Reader, SheetType, SheetVisible, Xlsx as Workbook, XlsxError,
};
use csv::ByteRecord;
use rust_decimal::Decimal;

use crate::expr::types::Type;
use crate::lang::Text;
use crate::rows::cell::As;
use crate::rows::{Column, Content, Fault, Heads, Next, Row, Rows, Sheet, decoded};
use crate::source::clean;

/// Workbooks of more bytes than this are refused.
pub const LARGEST: u64 = 32 << 20;
/// And those of which more than this comes when they are unpacked.
const LARGEST_UNPACKED: u64 = 512 << 20;
/// A spreadsheet keeps no more digits of a number than these.
const DIGITS: usize = 15;
/// 1 January 1920: a bare number below this is no date that anybody meant.
const FIRST_DAY: i64 = 7306;
/// 31 December 2199.
const LAST_DAY: i64 = 109_574;

/// Rows of a workbook.
pub struct Xlsx {
    sheet: Arc<Sheet>,
    rows: VecDeque<Row>,
}

impl Xlsx {
    /// Reads a workbook. `heads` reads the first row.
    pub fn open<R: Read + Seek>(
        mut input: R,
        file: &Arc<str>,
        heads: impl FnOnce(Vec<String>) -> Result<Heads, Vec<Fault>>,
    ) -> Result<Xlsx, Vec<Fault>> {
        let whole = |reason: Text| vec![Fault::of_line(file, 1, reason)];
        let unreadable = |error: &dyn std::fmt::Display| {
            let error = clean(&error.to_string());
            whole(Text::made(
                format!("不是可读的 XLSX 文件（{error}）"),
                format!("this is no XLSX file that can be read ({error})"),
            ))
        };
        bounded(&mut input).map_err(|error| unreadable(&error))?.map_err(whole)?;
        let mut book = Workbook::new(input).map_err(|error: XlsxError| unreadable(&error))?;
        let shown = book
            .sheets_metadata()
            .iter()
            .find(|sheet| sheet.typ == SheetType::WorkSheet && sheet.visible == SheetVisible::Visible)
            .map(|sheet| sheet.name.clone());
        let Some(name) = shown else {
            return Err(whole(Text::new("其中没有可见的工作表", "it has no sheet that is shown")));
        };
        let mut merged = book.merge_cells_by_sheet_name(&name).map_err(|error| unreadable(&error))?;
        merged.sort_by_key(|merged| merged.start);
        let in_1904 = book.has_1904_epoch();
        let mut cells = book.worksheet_cells_reader(&name).map_err(|error| unreadable(&error))?;
        let (merged, here, rows) = (merged.into(), Vec::new(), VecDeque::new());
        let mut reading = Reading { file, heads: Some(heads), sheet: None, merged, here, in_1904, rows };
        let (mut at, mut raw): (u32, Vec<(u32, Cell)>) = (0, Vec::new());
        while let Some(cell) = cells.next_cell_with_formula_metadata().map_err(|error| unreadable(&error))? {
            let (line, column) = cell.pos;
            if line != at {
                reading.take(at, std::mem::take(&mut raw))?;
                at = line;
            }
            let made = Cell::of(&cell.value, cell.formula.is_some());
            if !matches!(made, Cell::Empty) {
                raw.push((column, made));
            }
        }
        reading.take(at, raw)?;
        match reading.sheet {
            Some(sheet) => Ok(Xlsx { sheet, rows: reading.rows }),
            None => Err(whole(Text::new(
                "工作表是空的，第一行应为列名",
                "the sheet is empty; its first row must be the heads",
            ))),
        }
    }
}

impl Rows for Xlsx {
    fn sheet(&self) -> &Arc<Sheet> {
        &self.sheet
    }

    fn next(&mut self, _: Vec<u8>) -> Option<Next> {
        self.rows.pop_front().map(Next::Row)
    }
}

/// Refuses what would not fit into memory: what it says of its size is not believed.
fn bounded<R: Read + Seek>(input: &mut R) -> io::Result<Result<(), Text>> {
    let size = input.seek(SeekFrom::End(0))?;
    if size > LARGEST {
        return Ok(Err(too_large()));
    }
    input.rewind()?;
    let mut start = Vec::new();
    input.by_ref().take(8).read_to_end(&mut start)?;
    input.rewind()?;
    if !start.starts_with(b"PK") {
        let other = decoded::no_text(&start);
        return Ok(Err(other.unwrap_or(Text::new("这不是 XLSX 文件", "this is no XLSX file"))));
    }
    let mut archive = zip::ZipArchive::new(&mut *input)?;
    let mut left = LARGEST_UNPACKED;
    for place in 0..archive.len() {
        let mut entry = archive.by_index(place)?;
        let read = io::copy(&mut entry.by_ref().take(left + 1), &mut io::sink())?;
        match left.checked_sub(read) {
            Some(less) => left = less,
            None => return Ok(Err(too_large())),
        }
    }
    input.rewind()?;
    Ok(Ok(()))
}

fn too_large() -> Text {
    let (packed, unpacked) = (LARGEST >> 20, LARGEST_UNPACKED >> 20);
    Text::made(
        format!("XLSX 文件超过 {packed} MiB（解压后 {unpacked} MiB）；请另存为 CSV，可以边读边算"),
        format!(
            "an XLSX file of more than {packed} MiB ({unpacked} MiB unpacked); save it as CSV, which is read as a stream"
        ),
    )
}

/// What stands in a cell.
enum Cell {
    Empty,
    Text(String),
    Number(f64),
    Day(ExcelDateTime),
    /// Nothing that can be used, and why.
    Wrong(Text, String),
}

impl Cell {
    fn of(value: &DataRef<'_>, formula: bool) -> Cell {
        match value {
            DataRef::Empty if formula => Cell::Wrong(
                Text::new(
                    "公式没有保存结果；用表格软件打开后重新保存",
                    "this formula has no saved result; open the file in a spreadsheet and save it again",
                ),
                String::new(),
            ),
            DataRef::Empty => Cell::Empty,
            DataRef::Int(number) => Cell::Text(number.to_string()),
            DataRef::Float(number) => Cell::Number(*number),
            DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => Cell::text(text),
            DataRef::SharedString(text) => Cell::text(text),
            DataRef::Bool(truth) => Cell::Text(truth.to_string()),
            DataRef::DateTime(date) => Cell::Day(*date),
            DataRef::Error(error) => {
                Cell::Wrong(Text::new("单元格是错误值", "the cell holds an error value"), error.to_string())
            }
        }
    }

    fn text(text: &str) -> Cell {
        if text.trim().is_empty() { Cell::Empty } else { Cell::Text(text.to_owned()) }
    }

    /// Its text, in a column that holds dates or does not.
    fn read(self, is_a_date: bool, in_1904: bool) -> Result<String, (Text, String)> {
        match self {
            Cell::Empty => Ok(String::new()),
            Cell::Text(text) => Ok(text),
            Cell::Wrong(reason, value) => Err((reason, value)),
            Cell::Day(date) => day(date).map_err(|reason| (reason, date.as_f64().to_string())),
            Cell::Number(number) if is_a_date => {
                let serial = i64::try_from(Decimal::from_scientific(&format!("{number:e}")).unwrap_or_default());
                let whole = number.fract() == 0.0;
                let serial = serial.ok().filter(|serial| whole && (FIRST_DAY..=LAST_DAY).contains(serial));
                if serial.is_none() {
                    let reason = Text::new(
                        "这个数不是日期；写作 2024-03-01，或设为日期格式",
                        "this number is no date; write 2024-03-01, or format the cell as a date",
                    );
                    return Err((reason, number.to_string()));
                }
                let date = ExcelDateTime::new(number, ExcelDateTimeType::DateTime, in_1904);
                day(date).map_err(|reason| (reason, number.to_string()))
            }
            Cell::Number(number) => decimal(number).map_err(|reason| (reason, number.to_string())),
        }
    }
}

/// A date of a cell, without a time.
fn day(date: ExcelDateTime) -> Result<String, Text> {
    if date.is_duration() {
        return Err(Text::new("这是时长，不是日期", "this is a span of time, no date"));
    }
    let (year, month, day, hour, minute, second, milli) = date.to_ymd_hms_milli();
    if (hour, minute, second, milli) != (0, 0, 0, 0) {
        return Err(Text::new("日期带有时刻；只留日期", "this date has a time of day; keep the date alone"));
    }
    Ok(format!("{year:04}-{month:02}-{day:02}"))
}

/// A number as it was typed: of the binary fraction that the file has, the decimal that a spreadsheet shows.
fn decimal(number: f64) -> Result<String, Text> {
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

/// What has been read of a sheet.
struct Reading<'f, H> {
    file: &'f Arc<str>,
    /// Reads the heads, once.
    heads: Option<H>,
    sheet: Option<Arc<Sheet>>,
    /// Merged cells of rows to come, in their order, and those of this row.
    merged: VecDeque<Dimensions>,
    here: Vec<Dimensions>,
    in_1904: bool,
    rows: VecDeque<Row>,
}

impl<H: FnOnce(Vec<String>) -> Result<Heads, Vec<Fault>>> Reading<'_, H> {
    /// Takes the cells of a row, counted from 0.
    fn take(&mut self, row: u32, cells: Vec<(u32, Cell)>) -> Result<(), Vec<Fault>> {
        if cells.is_empty() {
            return Ok(());
        }
        let line = u64::from(row) + 1;
        let Some(sheet) = &self.sheet else {
            let sheet = self.first(row, cells)?;
            self.sheet = Some(Arc::new(sheet));
            return Ok(());
        };
        let sheet = Arc::clone(sheet);
        let content = self.row(&sheet, row, cells);
        self.rows.push_back(Row { line, content });
        Ok(())
    }

    /// The heads.
    fn first(&mut self, row: u32, cells: Vec<(u32, Cell)>) -> Result<Sheet, Vec<Fault>> {
        let fault = |reason: Text| vec![Fault::of_line(self.file, u64::from(row) + 1, reason)];
        if row > 0 {
            return Err(fault(Text::new(
                "第一行是空的；列名应在第一行",
                "the first row is empty; the heads stand in the first row",
            )));
        }
        if let Some(merged) = self.merged.iter().find(|merged| merged.start.0 == 0) {
            let place = range(merged);
            return Err(fault(Text::made(
                format!("列名所在的第一行有合并单元格 {place}；取消合并，并删去标题行"),
                format!("the first row, of the heads, has merged cells {place}; unmerge them, and delete a title row"),
            )));
        }
        let width = cells.iter().map(|(column, _)| *column as usize + 1).max().unwrap_or(0);
        let mut names = vec![String::new(); width.min(1 << 14)];
        for (column, cell) in cells {
            if let Some(name) = names.get_mut(column as usize) {
                *name = cell.read(false, false).map_err(|(reason, _)| fault(reason))?;
            }
        }
        let heads = self.heads.take().map_or(Ok(Heads::default()), |heads| heads(names))?;
        Ok(Sheet { file: Arc::clone(self.file), heads, separator: b',' })
    }

    fn row(&mut self, sheet: &Sheet, row: u32, cells: Vec<(u32, Cell)>) -> Content {
        let heads = &sheet.heads;
        let line = u64::from(row) + 1;
        let (mut texts, mut faults) = (vec![String::new(); heads.names.len()], Vec::new());
        let ignored = |column: u32| matches!(heads.columns.get(column as usize), Some(Column::Ignored));
        while self.merged.front().is_some_and(|merged| merged.start.0 <= row)
            && let Some(merged) = self.merged.pop_front()
        {
            self.here.push(merged);
        }
        self.here.retain(|merged| merged.end.0 >= row);
        for merged in &self.here {
            if !(merged.start.1..=merged.end.1).all(ignored) {
                let place = range(merged);
                let reason = Text::made(
                    format!("合并单元格 {place}：取消合并，每行各填各的"),
                    format!("merged cells {place}: unmerge them, and fill in each row"),
                );
                faults.push(Fault::of_line(&sheet.file, line, reason));
            }
        }
        for (column, cell) in cells {
            let place = column as usize;
            let Some(text) = texts.get_mut(place) else {
                let value = cell.read(false, self.in_1904).unwrap_or_default();
                let (number, count) = (place + 1, heads.names.len());
                let reason = Text::made(
                    format!("第 {number} 列没有列名（列名有 {count} 个）"),
                    format!("column {number} has no head (there are {count} heads)"),
                );
                faults.push(Fault::of_line(&sheet.file, line, reason).in_column("", &value));
                continue;
            };
            if ignored(column) {
                continue;
            }
            let what = heads.columns.get(place);
            let is_a_date = what.is_some_and(|column| matches!(column.read_as(), As::Day | As::Fact(Type::Date)));
            match cell.read(is_a_date, self.in_1904) {
                Ok(read) => *text = read,
                Err((reason, value)) => {
                    let name = heads.names.get(place).map_or("", String::as_str);
                    faults.push(Fault::of_line(&sheet.file, line, reason).in_column(name, &value));
                }
            }
        }
        if faults.is_empty() {
            return Content::Cells(ByteRecord::from(texts));
        }
        let id = heads.place(&Column::Id).and_then(|place| texts.get(place)).map(|id| clean(id.trim()));
        let id = id.filter(|id| !id.is_empty());
        faults.iter_mut().for_each(|fault| fault.id.clone_from(&id));
        Content::Faulty(faults)
    }
}

/// `A3:B5`
fn range(merged: &Dimensions) -> String {
    let cell = |(row, column): (u32, u32)| {
        let (mut letters, mut rest) = (String::new(), column + 1);
        while rest > 0 {
            letters.insert(0, char::from(b'A' + u8::try_from((rest - 1) % 26).unwrap_or(0)));
            rest = (rest - 1) / 26;
        }
        format!("{letters}{}", row + 1)
    };
    format!("{}:{}", cell(merged.start), cell(merged.end))
}
