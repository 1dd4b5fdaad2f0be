//! The cells of a table as they stand, and where its heads are.

use std::io::{Read, Seek};
use std::sync::Arc;

use csv::ReaderBuilder;
use memchr::memchr_iter;

use crate::lang::Text;
use crate::rows::Fault;
use crate::rows::cell::date;
use crate::rows::form::about_name;
use crate::rows::map::{Layout, begins_with, names};
use crate::rows::strange::BESIDE;
use crate::rows::xlsx::Book;

/// More of a text is not looked at.
const MOST: u64 = 64 << 20;
/// So many lines from the top, and so many from the end.
const TOP: usize = 2000;
const END: usize = 50;
/// The heads begin among so many lines, and there are no more of them than these.
const SEARCHED: usize = 40;
const MOST_HEADS: usize = 3;
/// Columns further to the right are not looked at.
const MOST_COLUMNS: usize = 1 << 12;
/// The cells of a table.
#[derive(Debug, Default)]
pub struct Grid {
    /// Lines with something in them, by their numbers from 1.
    lines: Vec<(u64, Vec<String>)>,
    /// The sheet, of a workbook.
    pub sheet: Option<String>,
    /// Cells that are merged, of a workbook.
    merged: Vec<Merged>,
}

/// Merged cells: lines from 1, columns from 0.
#[derive(Clone, Copy, Debug)]
struct Merged {
    first: u64,
    last: u64,
    is_wide: bool,
}

impl Grid {
    /// Those of a text with separators.
    pub fn of_text(input: impl Read, file: &Arc<str>) -> Result<Grid, Vec<Fault>> {
        let mut bytes = Vec::new();
        let read = input.take(MOST).read_to_end(&mut bytes);
        read.map_err(|error| {
            vec![Fault::of_line(
                file,
                0,
                Text::made(format!("无法读取（{error}）"), format!("cannot be read ({error})")),
            )]
        })?;
        let tabs = memchr_iter(b'\t', &bytes).count() > memchr_iter(b',', &bytes).count();
        let separator = if tabs { b'\t' } else { b',' };
        let reader = ReaderBuilder::new().has_headers(false).flexible(true).delimiter(separator).from_reader(&*bytes);
        let (mut grid, mut line, mut counted) = (Grid::default(), 1, 0);
        for record in reader.into_byte_records() {
            let Ok(record) = record else { break };
            let mut at = record.position().map_or(0, |place| usize::try_from(place.byte()).unwrap_or(usize::MAX));
            // Blank lines stand before a record.
            while matches!(bytes.get(at), Some(b'\n' | b'\r')) {
                at += 1;
            }
            line += memchr_iter(b'\n', bytes.get(counted..at).unwrap_or_default()).count() as u64;
            counted = at.max(counted);
            grid.add(line, record.iter().map(|cell| String::from_utf8_lossy(cell).into_owned()).collect());
        }
        Ok(grid)
    }

    /// Those of the first sheet of a workbook that is shown.
    pub fn of_workbook<R: Read + Seek>(input: R, file: &Arc<str>) -> Result<Grid, Vec<Fault>> {
        let mut book = Book::open(input, file)?;
        if book.names().iter().any(|(name, _)| *name == about_name()) {
            let reason = Text::new(
                "这是本程序生成的申请表，各列已知，不用对照表；直接用 duixian batch 核算",
                "this is a form of this program, whose columns are known; it needs no map: work it out with duixian batch",
            );
            return Err(vec![Fault::of_line(file, 0, reason)]);
        }
        let Some((name, _)) = book.sheets().into_iter().find(|(_, is_shown)| *is_shown) else {
            let reason = Text::new("其中没有可见的工作表", "it has no sheet that is shown");
            return Err(vec![Fault::of_line(file, 1, reason)]);
        };
        let merged = book.merged(&name, file)?.into_iter().map(|merged| Merged {
            first: u64::from(merged.start.0) + 1,
            last: u64::from(merged.end.0) + 1,
            is_wide: merged.start.1 < merged.end.1,
        });
        let mut grid = Grid { sheet: Some(name.clone()), merged: merged.collect(), ..Grid::default() };
        let mut cells: Vec<String> = Vec::new();
        let mut at = 0;
        // They come row by row.
        for ((row, column), text) in book.texts(&name, file)? {
            if row != at {
                grid.add(u64::from(at) + 1, std::mem::take(&mut cells));
                at = row;
            }
            let column = column as usize;
            if column < MOST_COLUMNS {
                cells.resize(column, String::new());
                cells.push(text);
            }
        }
        grid.add(u64::from(at) + 1, cells);
        Ok(grid)
    }

    /// What stands on the first lines, as far as there are that many.
    pub fn first_lines(&self, count: u64) -> Vec<Vec<String>> {
        let cells = |line| self.lines.iter().find(|(own, _)| *own == line).map(|(_, cells)| cells.clone());
        (1..=count).map(|line| cells(line).unwrap_or_default()).collect()
    }

    fn add(&mut self, line: u64, cells: Vec<String>) {
        if cells.iter().all(|cell| cell.trim().is_empty()) {
            return;
        }
        if self.lines.len() >= TOP + END {
            self.lines.remove(TOP);
        }
        self.lines.push((line, cells));
    }

    /// Where heads and data stand, as far as that can be seen; and the names of the columns.
    pub fn layout(&self) -> Option<(Layout, Vec<String>)> {
        let top = || self.lines.iter().take(SEARCHED);
        let width = top().map(|(_, cells)| filled(cells).count()).max()?;
        let looks_like_heads = |cells: &[String]| {
            let count = filled(cells).count();
            count >= 2 && count * 2 >= width && !filled(cells).any(|(_, cell)| is_data(cell))
        };
        let mut at = top().position(|(_, cells)| looks_like_heads(cells))?;
        // A line of few heads that stand over many is known by the cells that reach down from it.
        while let (Some((above, cells)), Some((line, _))) = (self.lines.get(at.wrapping_sub(1)), self.lines.get(at))
            && above + 1 == *line
            && filled(cells).count() > 1
            && self.merged.iter().any(|merged| merged.first == *above && merged.last >= *line)
        {
            at -= 1;
        }
        let (first, cells) = self.lines.get(at)?;
        let (mut heads, mut lines) = (vec![*first], vec![cells.clone()]);
        while let Some((line, cells)) = self.lines.get(at + lines.len())
            && lines.len() < MOST_HEADS
            && *line == heads.last().map_or(0, |line| line + 1)
            && (self.reaches(heads.first().copied().unwrap_or(1), *line, cells)
                || is_below(&lines, cells, &|column| self.is_unlike(column, *line)))
        {
            heads.push(*line);
            lines.push(cells.clone());
        }
        let last = heads.last().copied()?;
        let first = self.lines.get(at + lines.len()).map_or(last + 1, |(line, _)| *line);
        let is_there = |word: &&&str| {
            self.after(first).any(|cells| {
                filled(cells)
                    .next()
                    .is_some_and(|(_, cell)| begins_with(cell, word) || begins_with(&cell.to_lowercase(), word))
            })
        };
        let beside = BESIDE.iter().filter(is_there).map(|word| (*word).to_owned()).collect();
        Some((Layout { sheet: self.sheet.clone(), heads, first, beside }, names(&lines)))
    }

    /// Whether cells that are merged reach from heads into a line, or stand over several of its columns.
    fn reaches(&self, first: u64, line: u64, cells: &[String]) -> bool {
        let of_heads = |merged: &&Merged| (first..line).contains(&merged.first);
        self.merged
            .iter()
            .filter(of_heads)
            .any(|merged| merged.last >= line || merged.is_wide && merged.last + 1 == line)
            && filled(cells).next().is_some()
            && !filled(cells).any(|(_, cell)| is_data(cell))
    }

    /// Whether what stands below a line in a column is data, and only that.
    fn is_unlike(&self, column: usize, line: u64) -> bool {
        let below = self.after(line + 1).filter_map(|cells| cells.get(column)).map(|cell| cell.trim());
        let mut below = below.filter(|cell| !cell.is_empty()).peekable();
        below.peek().is_some() && below.all(is_data)
    }

    fn after(&self, first: u64) -> impl Iterator<Item = &Vec<String>> {
        self.lines.iter().filter(move |(line, _)| *line >= first).map(|(_, cells)| cells)
    }

    /// What stands in a column, in the rows of applicants; empty cells, too.
    pub fn column<'g>(&'g self, layout: &'g Layout, place: usize) -> impl Iterator<Item = &'g str> {
        let rows = self.after(layout.first).filter(|cells| !layout.is_beside(cells.iter().map(String::as_str), None));
        rows.map(move |cells| cells.get(place).map_or("", |cell| cell.trim()))
    }

    /// What stands above the heads.
    pub fn titles(&self, layout: &Layout) -> String {
        let first = layout.heads.first().copied().unwrap_or(1);
        let above = self.lines.iter().filter(|(line, _)| *line < first).flat_map(|(_, cells)| cells);
        above.map(String::as_str).collect::<Vec<_>>().join(" ")
    }
}

fn filled(cells: &[String]) -> impl Iterator<Item = (usize, &str)> {
    cells.iter().enumerate().map(|(place, cell)| (place, cell.trim())).filter(|(_, cell)| !cell.is_empty())
}

/// Whether a cell is rather data than a head.
fn is_data(cell: &str) -> bool {
    let digits = cell.chars().filter(char::is_ascii_digit).count();
    date(cell).is_some()
        || digits >= 6
        || digits > 0 && digits * 2 >= cell.chars().count()
        || "√✓✔×✗是否".contains(cell)
}

/// Whether a line names what stands below the heads above it: where these leave room, or stand over several columns, and where
/// one of them stands over one column only, if others reach down, or the cells below are `unlike` the line's.
fn is_below(above: &[Vec<String>], cells: &[String], unlike: &dyn Fn(usize) -> bool) -> bool {
    let over = |column: usize| above.iter().any(|line| line.get(column).is_some_and(|cell| !cell.trim().is_empty()));
    let begins_a_group = |column: usize| over(column) && !over(column + 1);
    let (mut fills_room, mut alone) = (false, Vec::new());
    for (column, cell) in filled(cells) {
        if is_data(cell) {
            return false;
        }
        if over(column) && !begins_a_group(column) {
            alone.push(column);
        }
        fills_room |= !over(column);
    }
    // Heads that reach down from above leave room in the line; rows of applicants hold data.
    let leaves_room =
        || (0..cells.len()).any(|column| over(column) && cells.get(column).is_some_and(|c| c.trim().is_empty()));
    fills_room && (alone.is_empty() || leaves_room() || alone.into_iter().any(unlike))
}
