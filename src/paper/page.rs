//! Plain text as it grows out of a document: paragraphs, one a line, and tables, one row a line, whose cells stay with their heads.

use crate::lang::Text;
use crate::paper::number::{begins_with_number, with_unit};

/// A text of more bytes is refused. (In the tests of this room less, which takes less time.)
pub(super) const MOST: usize = if cfg!(test) { 1 << 20 } else { 16 << 20 };
/// What a line, a cell or a row takes besides its text.
const BESIDES: usize = 64;
/// Office programs have no more columns in a table.
const MOST_COLUMNS: usize = 63;
/// Tables in tables; more nobody can read.
const DEEPEST: usize = 32;
/// A longer cell is no head.
const LONGEST_HEAD: usize = 24;

/// A text that grows.
#[derive(Default)]
pub(super) struct Page {
    lines: Vec<String>,
    tables: Vec<Table>,
    held: usize,
    /// How many numbers took their unit from the head of their column.
    pub united: usize,
}

/// How far down a cell goes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Down {
    /// So many rows.
    Rows(usize),
    /// It is the one above, gone on with.
    FromAbove,
}

struct Cell {
    lines: Vec<String>,
    across: usize,
    down: Down,
}

#[derive(Default)]
struct Table {
    rows: Vec<Vec<Cell>>,
}

impl Page {
    fn hold(&mut self, bytes: usize) {
        self.held = self.held.saturating_add(bytes + BESIDES);
    }

    /// Whether there is more than anybody reads.
    pub fn is_full(&self) -> bool {
        self.held > MOST || self.tables.len() > DEEPEST
    }

    /// How many lines stand outside of tables.
    pub fn len(&self) -> usize {
        self.lines.len()
    }

    /// Takes the lines from a place on away again.
    pub fn take_from(&mut self, place: usize) -> Vec<String> {
        self.lines.split_off(place.min(self.lines.len()))
    }

    /// Adds a paragraph where the text goes on: in the cell that is open, or below.
    pub fn add(&mut self, text: &str) {
        for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
            if self.is_full() {
                return;
            }
            self.hold(line.len());
            let cell = self.tables.iter_mut().rev().find_map(|table| table.rows.last_mut()?.last_mut());
            cell.map_or(&mut self.lines, |cell| &mut cell.lines).push(line.to_owned());
        }
    }

    pub fn open_table(&mut self) {
        if !self.is_full() {
            self.tables.push(Table::default());
        }
    }

    pub fn open_row(&mut self) {
        if self.is_full() {
            return;
        }
        self.hold(0);
        if let Some(table) = self.tables.last_mut() {
            table.rows.push(Vec::new());
        }
    }

    /// Opens a cell that goes over so many columns.
    pub fn open_cell(&mut self, across: usize, down: Down) {
        if self.is_full() {
            return;
        }
        self.hold(0);
        if let Some(row) = self.tables.last_mut().and_then(|table| table.rows.last_mut()) {
            row.push(Cell { lines: Vec::new(), across: across.clamp(1, MOST_COLUMNS), down });
        }
    }

    /// Says of the open cell how it is merged, where that is told inside it.
    pub fn merge_cell(&mut self, across: Option<usize>, down: Option<Down>) {
        if let Some(cell) = self.tables.last_mut().and_then(|table| table.rows.last_mut()?.last_mut()) {
            cell.across = across.unwrap_or(cell.across).clamp(1, MOST_COLUMNS);
            cell.down = down.unwrap_or(cell.down);
        }
    }

    /// Takes the open row away: it was deleted.
    pub fn drop_row(&mut self) {
        if let Some(table) = self.tables.last_mut() {
            table.rows.pop();
        }
    }

    pub fn close_table(&mut self) {
        let Some(table) = self.tables.pop() else { return };
        let (lines, united) = table.lines();
        self.united += united;
        for line in lines {
            // A tab in front says that the first cell is empty.
            self.add(&line);
        }
    }

    /// The whole text.
    ///
    /// # Errors
    /// It is longer than any official text.
    pub fn finish(mut self) -> Result<(String, usize), Text> {
        while !self.tables.is_empty() && !self.is_full() {
            self.close_table();
        }
        if self.is_full() {
            return Err(too_large());
        }
        let mut text = self.lines.join("\n");
        text.push('\n');
        Ok((text, self.united))
    }
}

pub(super) fn too_large() -> Text {
    Text::new(
        "文字超过 16 MiB；没有这么长的官方文本，请核对是不是给错了文件",
        "its text is longer than 16 MiB, which no official text is; perhaps it is another file",
    )
}

/// A table as a grid: which text stands where, that of a merged cell in all its places.
struct Grid {
    texts: Vec<String>,
    rows: Vec<Vec<usize>>,
    /// Whether a cell holds several paragraphs of which one has its own number: the table is there for the layout.
    is_layout: bool,
}

impl Grid {
    fn of(table: &Table) -> Grid {
        let mut grid = Grid { texts: Vec::new(), rows: Vec::new(), is_layout: false };
        // What goes on from above: how many rows more, and which text.
        let mut above: Vec<(usize, usize)> = Vec::new();
        for cells in &table.rows {
            let mut row: Vec<usize> = Vec::new();
            let mut next: Vec<(usize, usize)> = Vec::new();
            let carry = |row: &mut Vec<usize>, next: &mut Vec<(usize, usize)>| {
                while let Some((left @ 1.., text)) = above.get(row.len()).copied() {
                    row.push(text);
                    next.push((left - 1, text));
                }
            };
            for cell in cells {
                carry(&mut row, &mut next);
                let from_above = match cell.down {
                    Down::FromAbove => grid.rows.last().and_then(|before: &Vec<usize>| before.get(row.len()).copied()),
                    Down::Rows(_) => None,
                };
                let place = from_above.unwrap_or_else(|| {
                    let numbered = cell.lines.iter().any(|line| begins_with_number(line));
                    grid.is_layout |= cell.lines.len() > 1 && numbered;
                    grid.texts.push(cell.lines.join(" "));
                    grid.texts.len() - 1
                });
                let rows = match cell.down {
                    Down::Rows(rows) => rows.saturating_sub(1),
                    Down::FromAbove => 0,
                };
                for _ in 0..cell.across {
                    if row.len() < MOST_COLUMNS {
                        row.push(place);
                        next.push((rows, place));
                    }
                }
            }
            carry(&mut row, &mut next);
            above = next;
            grid.rows.push(row);
        }
        grid
    }

    fn text(&self, place: usize) -> &str {
        self.texts.get(place).map_or("", String::as_str)
    }

    /// Whether a row is one cell over all columns: a caption.
    fn is_one(&self, row: &[usize]) -> bool {
        row.iter().all(|place| Some(place) == row.first())
    }

    /// Whether a row can be the heads of columns: short words, no figures, none empty.
    fn is_heads(&self, row: &[usize]) -> bool {
        let is_head = |place: &usize| {
            let text = self.text(*place);
            let counts = text.ends_with('元') || text.chars().any(|c| matches!(c, '%' | '％' | '‰'));
            let digits = text.replace("年", "").chars().filter(|c| c.is_numeric()).count();
            !text.is_empty()
                && text.chars().count() <= LONGEST_HEAD
                && !text.contains(['。', '；'])
                && (!counts || text.ends_with([')', '）']))
                && (digits == 0 || digits == 4 && text.contains('年'))
                && !begins_with_number(text)
        };
        row.len() > 1 && row.iter().all(is_head)
    }
}

impl Table {
    /// The table as lines, and how many numbers took their unit from a head.
    fn lines(&self) -> (Vec<String>, usize) {
        let grid = Grid::of(self);
        let captions = grid.rows.iter().take_while(|row| grid.is_one(row) && !row.is_empty()).count();
        let first = grid.rows.get(captions).map_or(&[][..], Vec::as_slice);
        if grid.is_layout || !grid.is_heads(first) || grid.rows.len() < captions + 2 {
            return (self.plain(), 0);
        }
        let mut lines: Vec<String> =
            grid.rows.iter().take(captions).filter_map(|row| Some(grid.text(*row.first()?).to_owned())).collect();
        let merged = first.iter().zip(first.iter().skip(1)).any(|(one, next)| one == next);
        let second = grid.rows.get(captions + 1).filter(|second| merged && grid.is_heads(second));
        let heads: Vec<String> = first
            .iter()
            .enumerate()
            .map(|(column, place)| match second.and_then(|second| second.get(column)) {
                Some(below) if below != place => format!("{}·{}", grid.text(*place), grid.text(*below)),
                _ => grid.text(*place).to_owned(),
            })
            .collect();
        let mut united = 0;
        for row in grid.rows.iter().skip(captions + 1 + usize::from(second.is_some())) {
            let mut cells: Vec<String> = Vec::new();
            let mut before = None;
            for (column, place) in row.iter().enumerate() {
                let (text, head) = (grid.text(*place), heads.get(column).map_or("", String::as_str));
                if before == Some(place) || text.is_empty() {
                    before = Some(place);
                    continue;
                }
                before = Some(place);
                let with = with_unit(text, head);
                united += usize::from(with.is_some());
                let text = with.as_deref().unwrap_or(text).trim_end_matches(['；', ';']);
                let bare = head.is_empty() || grid.is_one(row) || begins_with_number(text);
                cells.push(if bare { text.to_owned() } else { format!("{head}：{text}") });
            }
            lines.push(cells.join("；"));
        }
        (lines, united)
    }

    /// Row by row, the cells apart by tabs, with their own lines where they have several.
    fn plain(&self) -> Vec<String> {
        let row = |cells: &Vec<Cell>| {
            let cells: Vec<String> = cells.iter().map(|cell| cell.lines.join("\n")).collect();
            cells.join("\t")
        };
        self.rows.iter().map(row).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A table of cells, `|` between them, one row a line: `<` goes on from the left, `^` from above.
    fn table(rows: &[&str]) -> Vec<String> {
        let mut page = Page::default();
        page.open_table();
        for row in rows {
            page.open_row();
            let mut across = 1;
            for cell in row.split('|') {
                across = if cell == "<" { across + 1 } else { 1 };
                match cell {
                    "<" => page.merge_cell(Some(across), None),
                    "^" => page.open_cell(1, Down::FromAbove),
                    _ => {
                        page.open_cell(1, Down::Rows(1));
                        page.add(cell);
                    }
                }
            }
        }
        page.close_table();
        page.finish().unwrap().0.lines().map(str::to_owned).collect()
    }

    #[test]
    fn cells_stay_with_their_heads() {
        let found = table(&["类别|标准（万元）|期限", "博士|12|5年", "硕士|5.5|^"]);
        assert_eq!(
            found,
            ["类别：博士；标准（万元）：12万元；期限：5年", "类别：硕士；标准（万元）：5.5万元；期限：5年"]
        );
        // Heads on two levels, and a caption.
        let found = table(&["附表|<|<", "年度|补贴标准|<", "^|博士|硕士", "首年|3000元|1500元"]);
        assert_eq!(found, ["附表", "年度：首年；补贴标准·博士：3000元；补贴标准·硕士：1500元"]);
    }

    #[test]
    fn what_has_no_heads_stays_as_it_is() {
        assert_eq!(table(&["博士|12万元", "硕士|5万元"]), ["博士\t12万元", "硕士\t5万元"]);
        assert_eq!(table(&["事项|标准", "1.租房补贴|1000元"]), ["1.租房补贴；标准：1000元"]);
        assert_eq!(table(&["事项|标准"]), ["事项\t标准"]);
    }

    #[test]
    fn a_cell_over_several_rows_stands_in_each() {
        let mut page = Page::default();
        page.open_table();
        for (row, cells) in [["类别", "标准"], ["博士", "1万元"], ["", "2万元"]].iter().enumerate() {
            page.open_row();
            for (column, cell) in cells.iter().enumerate().filter(|(_, cell)| !cell.is_empty()) {
                page.open_cell(1, Down::Rows(if (row, column) == (1, 0) { 99 } else { 1 }));
                page.add(cell);
            }
        }
        assert_eq!(page.finish().unwrap().0, "类别：博士；标准：1万元\n类别：博士；标准：2万元\n");
    }

    #[test]
    fn more_than_anybody_reads_is_refused() {
        let mut page = Page::default();
        (0..100).for_each(|_| page.open_table());
        assert!(page.finish().is_err());
        let mut page = Page::default();
        let long = "长".repeat(1 << 20);
        (0..20).for_each(|_| page.add(&long));
        assert!(page.finish().is_err());
    }
}
