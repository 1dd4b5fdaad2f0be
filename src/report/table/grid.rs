//! Rows and columns: who gets how much of the width, and the rules between them.

use comfy_table::{Cell, CellAlignment, LineStyle, Row, Table, TableStyle};

use crate::report::ink::Ink;
use crate::report::layout::{Block, share};
use crate::report::told::shape::Content;
use crate::source::width;

/// A column: its head, and how it takes its share.
pub struct Column {
    /// The words above it.
    pub head: String,
    /// What stands in it.
    pub content: Content,
}

/// Blanks between two columns.
const GAP: usize = 2;

/// The widest a place gets.
const WIDEST_PLACE: usize = 10;

const STYLE: TableStyle =
    TableStyle::new().header_separator(LineStyle::none().fill('─')).row_separator(LineStyle::none().fill('┄'));

/// The table, no line of it wider than `total`. A cell is its paragraphs.
pub fn draw(columns: &[Column], rows: Vec<Vec<Vec<Block>>>, total: usize) -> String {
    let widths = widths(columns, &rows, total);
    let fit = |block: &Block, wide: usize| block.lines(wide).join("\n");
    let mut table = Table::new();
    table.load_style(STYLE);
    let heads = columns.iter().zip(&widths);
    table.set_header(Row::from(heads.map(|(column, &wide)| fit(&Block::plain(Ink::Bold.on(&column.head)), wide))));
    for row in rows {
        let cells = row.iter().zip(columns).zip(&widths).map(|((cell, column), &wide)| {
            let text = cell.iter().map(|block| fit(block, wide)).collect::<Vec<_>>().join("\n");
            Cell::new(text).set_alignment(alignment(column.content))
        });
        table.add_row(Row::from(cells.collect::<Vec<_>>()));
    }
    let last = columns.len().saturating_sub(1);
    for (place, (column, shape)) in table.column_iter_mut().zip(columns).enumerate() {
        column.set_padding((0, if place == last { 0 } else { GAP as u16 }));
        column.set_cell_alignment(alignment(shape.content));
    }
    let text = table.to_string();
    let ruled = text.lines().map(width).max().unwrap_or(0);
    format!("{text}\n{}", "─".repeat(ruled))
}

fn alignment(content: Content) -> CellAlignment {
    if content == Content::Amounts { CellAlignment::Right } else { CellAlignment::Left }
}

/// Amounts take what they need up to five eighths of the width; places and words share the rest.
fn widths(columns: &[Column], rows: &[Vec<Vec<Block>>], total: usize) -> Vec<usize> {
    let mut wants: Vec<usize> = columns.iter().map(|column| width(&column.head)).collect();
    for row in rows {
        for (want, cell) in wants.iter_mut().zip(row) {
            *want = cell.iter().map(Block::natural).max().unwrap_or(0).max(*want);
        }
    }
    for (want, column) in wants.iter_mut().zip(columns) {
        if column.content == Content::Place {
            *want = (*want).min(WIDEST_PLACE);
        }
    }
    let room = total.saturating_sub(GAP * columns.len().saturating_sub(1));
    let of = |amounts: bool| -> Vec<usize> {
        let chosen = wants.iter().zip(columns).filter(|(_, column)| (column.content == Content::Amounts) == amounts);
        chosen.map(|(&want, _)| want).collect()
    };
    let amounts = share(room * 5 / 8, &of(true));
    let words = share(room.saturating_sub(amounts.iter().sum()), &of(false));
    let (mut amounts, mut words) = (amounts.into_iter(), words.into_iter());
    let next = |column: &Column| if column.content == Content::Amounts { amounts.next() } else { words.next() };
    columns.iter().map(next).map(|wide| wide.unwrap_or(1)).collect()
}
