//! The rows of a table, as a map says.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;
use std::sync::Arc;

use csv::ByteRecord;

use crate::lang::Text;
use crate::rows::map::against::Step;
use crate::rows::map::layout::compared;
use crate::rows::map::{Layout, Mapping, Reading};
use crate::rows::records::is_blank;
use crate::rows::{Column, Content, Fault, Next, Piece, Records, Row, Rows, Sheet, citizen};
use crate::source::clean;

/// Of lines that are no applicants', so many are named.
const MOST_NAMED: usize = 20;

/// The lines of a table that are no applicants', known when it was read to its end.
#[derive(Debug, Default)]
pub struct Beside {
    /// Those with a word that says so, between heads and data, and above the heads with what stands there.
    totals: Lines,
    between: Lines,
    titles: Vec<(u64, String)>,
    /// Columns without a head that hold something.
    unnamed: Vec<usize>,
}

#[derive(Debug, Default)]
struct Lines {
    named: Vec<u64>,
    more: u64,
}

impl Lines {
    fn add(&mut self, line: u64) {
        if self.named.len() < MOST_NAMED {
            self.named.push(line);
        } else {
            self.more += 1;
        }
    }

    fn words(&self) -> Option<Text> {
        let lines: Vec<String> = self.named.iter().map(u64::to_string).collect();
        let (zh, en, more) = (lines.join("、"), lines.join(", "), self.more);
        match (lines.is_empty(), more) {
            (true, _) => None,
            (false, 0) => Some(Text::made(zh, en)),
            (false, _) => Some(Text::made(format!("{zh} 及另外 {more} 行"), format!("{en} and {more} more"))),
        }
    }
}

impl Beside {
    /// A line above the heads.
    pub fn title<'c>(&mut self, line: u64, cells: impl Iterator<Item = &'c str>) {
        let text: Vec<&str> = cells.map(str::trim).filter(|cell| !cell.is_empty()).collect();
        if !text.is_empty() && self.titles.len() < MOST_NAMED {
            self.titles.push((line, clean(&text.join(" ").chars().take(60).collect::<String>())));
        }
    }

    /// A line between heads and data.
    pub fn between(&mut self, line: u64) {
        self.between.add(line);
    }

    /// A line that a word says is no applicant's.
    pub fn total(&mut self, line: u64) {
        self.totals.add(line);
    }

    /// A cell in a column without a head.
    pub fn unnamed(&mut self, column: usize) {
        if !self.unnamed.contains(&column) && self.unnamed.len() < MOST_NAMED {
            self.unnamed.push(column);
        }
    }

    /// What stands above the heads.
    pub fn above(&self, file: &Arc<str>) -> Vec<Fault> {
        let told = |(line, text): &(u64, String)| {
            let text = Text::made(
                format!("第 {line} 行在列名之上，作为标题略过：“{text}”"),
                format!("line {line} stands above the heads and was passed over as a title: “{text}”"),
            );
            Fault::of_line(file, 0, text)
        };
        self.titles.iter().map(told).collect()
    }

    /// What is to be told of them.
    pub fn notes(&self, file: &Arc<str>, layout: &Layout) -> Vec<Fault> {
        let mut notes = Vec::new();
        let heads: Vec<String> = layout.heads.iter().map(u64::to_string).collect();
        notes.push(Text::made(
            format!("列名在第 {} 行，数据从第 {} 行起", heads.join("、"), layout.first),
            format!("the heads are line {}, the data begin at line {}", heads.join(", "), layout.first),
        ));
        notes.extend(self.between.words().map(|lines| {
            Text::made(
                format!("第 {} 行在列名与数据之间，没有读入", lines.zh),
                format!("not read, between heads and data: line {}", lines.en),
            )
        }));
        notes.extend(self.totals.words().map(|lines| {
            let words = layout.beside.iter().map(|word| clean(word)).collect::<Vec<_>>();
            Text::made(
                format!("不是申请人（{}）、没有核算的行：{}", words.join("、"), lines.zh),
                format!("no applicants ({}), and not worked out: line {}", words.join(", "), lines.en),
            )
        }));
        for column in &self.unnamed {
            let number = column + 1;
            notes.push(Text::made(
                format!("第 {number} 列没有列名而有内容，没有读入"),
                format!("column {number} has no head but holds something, which was not read"),
            ));
        }
        self.above(file).into_iter().chain(notes.into_iter().map(|note| Fault::of_line(file, 0, note))).collect()
    }
}

/// The rows of a table, each column put where the map says.
pub struct Mapped<'a> {
    table: Box<dyn Rows + 'a>,
    sheet: Arc<Sheet>,
    steps: Vec<Step>,
    layout: Layout,
    beside: Rc<RefCell<Beside>>,
    records: Records,
    waiting: VecDeque<Row>,
    unmasked: bool,
}

impl<'a> Mapped<'a> {
    /// The rows of a table that has the mapping's inner heads. `cells`: faults are told by their cells; `unmasked`: with identity
    /// numbers as they are.
    pub fn new(
        table: Box<dyn Rows + 'a>,
        mapping: Mapping,
        layout: &Layout,
        beside: Rc<RefCell<Beside>>,
        cells: bool,
        unmasked: bool,
    ) -> Mapped<'a> {
        let Mapping { outer, steps, .. } = mapping;
        let inner = table.sheet();
        let heads = if cells { outer } else { outer.without_cells() };
        let sheet = Arc::new(Sheet { file: Arc::clone(&inner.file), heads, separator: inner.separator });
        let (records, waiting) = (Records::default(), VecDeque::new());
        Mapped { table, sheet, steps, layout: layout.clone(), beside, records, waiting, unmasked }
    }

    /// Takes a row of the table, unless it is no applicant's.
    fn take(&mut self, row: Row) {
        let Content::Cells(record) = &row.content else {
            self.waiting.push_back(row);
            return;
        };
        let mut beside = self.beside.borrow_mut();
        if row.line < self.layout.first {
            beside.between(row.line);
            return;
        }
        let inner = self.table.sheet();
        let texts = || record.iter().map(|cell| std::str::from_utf8(cell).unwrap_or("�"));
        if self.layout.is_beside(texts(), inner.heads.place(&Column::Id)) {
            beside.total(row.line);
            return;
        }
        for (place, text) in texts().enumerate() {
            if !text.trim().is_empty() && inner.heads.names.get(place).is_some_and(String::is_empty) {
                beside.unnamed(place);
            }
        }
        drop(beside);
        let content = self.content(record, &row);
        self.waiting.push_back(Row { line: row.line, content });
    }

    fn content(&self, record: &ByteRecord, row: &Row) -> Content {
        let (mut cells, mut faults) = (ByteRecord::new(), Vec::new());
        for (step, name) in self.steps.iter().zip(&self.sheet.heads.names) {
            let cell = record.get(step.from).unwrap_or_default();
            let Ok(text) = std::str::from_utf8(cell) else {
                // That it is no text is told with the row.
                cells.push_field(cell);
                continue;
            };
            match step.reading {
                Reading::Plain if step.words.is_empty() => cells.push_field(cell),
                Reading::Plain => {
                    let own = compared(text);
                    let meaning = step.words.iter().find(|(word, _)| *word == own).map(|(_, meaning)| meaning.as_str());
                    cells.push_field(meaning.unwrap_or(text).as_bytes());
                }
                Reading::CitizenId if text.trim().is_empty() => cells.push_field(b""),
                Reading::CitizenId => match citizen::birth_date(text) {
                    Ok(day) => cells.push_field(day.to_string().as_bytes()),
                    Err(reason) => {
                        let fault = Fault::of_line(&self.sheet.file, row.line, reason);
                        // Whatever is wrong with it, it is somebody's number.
                        let shown = if self.unmasked { text.trim().to_owned() } else { citizen::hidden(text.trim()) };
                        faults.push(fault.in_column(name, &shown));
                    }
                },
            }
        }
        // An empty row would pass for a blank line; this one has something, where nobody looks.
        if faults.is_empty() && cells.iter().all(|cell| is_blank(cell, b' ')) {
            let reason = Text::new(
                "这一行只有不用的列（leave）有内容；补全，或删去这一行",
                "only columns that are not used (leave) hold something in this row; complete it, or delete it",
            );
            faults.push(Fault::of_line(&self.sheet.file, row.line, reason));
        }
        if faults.is_empty() {
            return Content::Cells(cells);
        }
        let id = row.id(self.table.sheet()).map(clean);
        faults.iter_mut().for_each(|fault| fault.id.clone_from(&id));
        Content::Faulty(faults)
    }
}

impl Rows for Mapped<'_> {
    fn sheet(&self) -> &Arc<Sheet> {
        &self.sheet
    }

    fn next(&mut self, memory: Vec<u8>) -> Option<Next> {
        let mut memory = memory;
        loop {
            if let Some(row) = self.waiting.pop_front() {
                return Some(Next::Row(row));
            }
            match self.table.next(std::mem::take(&mut memory))? {
                Next::Row(row) => self.take(row),
                Next::Stretch(stretch) => {
                    let inner = Arc::clone(self.table.sheet());
                    let mut records = std::mem::take(&mut self.records);
                    records.take(Piece::Stretch(stretch), &inner);
                    for place in records.rows() {
                        let row = records.row(place, &inner).into_owned();
                        self.take(row);
                    }
                    if let Piece::Stretch(stretch) = records.give_back() {
                        memory = stretch.bytes;
                    }
                    self.records = records;
                }
            }
        }
    }
}
