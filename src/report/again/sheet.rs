//! Tables, in CSV or as sheets of a workbook, as rows.

use std::collections::BTreeMap;

use super::Row;
use crate::lang::Text;
use crate::report::record::{Record, is_label};
use crate::rows::Texts;
use crate::rows::form::letters;

/// The sheet of a workbook of results on which programs find what went into it. Nobody is shown it.
pub const RECORD: &str = "record";
/// A cell of a sheet has room for no more characters.
const LONGEST: usize = 32_000;

/// A record in pieces that a cell has room for.
pub fn in_cells(record: &Record) -> Vec<String> {
    let characters: Vec<char> = record.as_data().chars().collect();
    characters.chunks(LONGEST).map(|piece| piece.iter().collect()).collect()
}

/// A row of a table below its heads; its first cells, of these heads, tell it from others.
pub fn of_table(heads: &[String], cells: &[String]) -> Row {
    const TELLING: [&str; 5] = ["id", "编号", "policy", "clause", "record"];
    let telling = heads.iter().zip(cells).filter(|(head, cell)| TELLING.contains(&head.as_str()) && !cell.is_empty());
    let place: Vec<&str> = telling.map(|(_, cell)| cell.as_str()).collect();
    let named = cells.iter().enumerate().map(|(place, cell)| {
        let head = heads.get(place).filter(|head| !head.is_empty()).cloned();
        (Text::same(head.unwrap_or_else(|| (place + 1).to_string())), cell.clone())
    });
    Row { place: Text::same(place.join(" ")), cells: named.collect() }
}

/// A workbook of results.
#[derive(Debug, Default)]
pub struct Workbook {
    /// What it says it was worked out from.
    pub record: Option<Record>,
    /// What its sheets are called.
    pub sheets: Vec<String>,
    /// Its rows, without what it was worked out from.
    pub rows: Vec<Row>,
    /// What it names, for people, as that.
    pub basis: String,
}

/// The cells of a workbook, sheet by sheet, by row and column from 0.
pub fn workbook(sheets: Vec<Texts>) -> Workbook {
    let mut found = Workbook::default();
    for (name, cells) in sheets {
        if name == RECORD {
            let text: String = cells.into_values().collect();
            found.record = serde_json::from_str(&text).ok();
            continue;
        }
        found.sheets.push(name.clone());
        let mut rows: BTreeMap<u32, Vec<(u32, String)>> = BTreeMap::new();
        cells.into_iter().for_each(|((row, column), cell)| rows.entry(row).or_default().push((column, cell)));
        for cells in rows.into_values() {
            let first = cells.first().map_or("", |(_, cell)| cell.as_str());
            if is_label(first) {
                found.basis.extend(cells.iter().flat_map(|(_, cell)| [cell.as_str(), " "]));
                found.basis.push('\n');
                continue;
            }
            let telling: Vec<&str> = cells.iter().take(2).map(|(_, cell)| cell.as_str()).collect();
            let telling = telling.join(" ");
            let place = Text::made(format!("工作表“{name}”“{telling}”"), format!("sheet “{name}”, “{telling}”"));
            let named = cells.into_iter().map(|(column, cell)| {
                let letters = letters(column as usize);
                (Text::made(format!("{letters} 列"), format!("column {letters}")), cell)
            });
            found.rows.push(Row { place, cells: named.collect() });
        }
    }
    found
}
