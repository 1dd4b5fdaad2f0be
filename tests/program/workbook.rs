//! Workbooks, filled in and changed as no library would.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Cursor, Read as _, Write as _};
use std::path::Path;

use calamine::{Data, Reader, Xlsx, open_workbook};
use duixian::rows::form::letters;
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use Put::{Error, Formula, Number, Text};

/// What is put into a cell.
#[derive(Clone, Copy)]
pub enum Put {
    Text(&'static str),
    Number(&'static str),
    /// A formula of which no result was saved.
    Formula,
    /// `#N/A`
    Error,
}

/// A row of a sheet: its cells from the first column on.
pub type Row<'a> = &'a [Option<Put>];

/// Rewrites the parts of a workbook.
pub fn rewrite(path: &Path, change: &dyn Fn(&str, String) -> String) {
    let mut archive = ZipArchive::new(Cursor::new(fs::read(path).unwrap())).unwrap();
    let mut written = ZipWriter::new(Cursor::new(Vec::new()));
    for place in 0..archive.len() {
        let mut part = archive.by_index(place).unwrap();
        let name = part.name().unwrap().into_owned();
        let mut text = String::new();
        part.read_to_string(&mut text).unwrap();
        written.start_file(&name, SimpleFileOptions::default()).unwrap();
        written.write_all(change(&name, text).as_bytes()).unwrap();
    }
    fs::write(path, written.finish().unwrap().into_inner()).unwrap();
}

/// Fills in the sheets of a form by their order among all, from the second row on.
pub fn fill(path: &Path, sheets: &[(usize, &[Row<'_>])]) {
    let cell = |line: usize, (column, put): (usize, &Option<Put>)| {
        let place = format!("{}{line}", letters(column));
        match put {
            None => String::new(),
            Some(Text(text)) => format!("<c r=\"{place}\" t=\"inlineStr\"><is><t>{text}</t></is></c>"),
            Some(Number(number)) => format!("<c r=\"{place}\"><v>{number}</v></c>"),
            Some(Formula) => format!("<c r=\"{place}\"><f>1+1</f></c>"),
            Some(Error) => format!("<c r=\"{place}\" t=\"e\"><v>#N/A</v></c>"),
        }
    };
    let mut rows: BTreeMap<String, String> = BTreeMap::new();
    for (sheet, own) in sheets {
        let lines = own.iter().enumerate().map(|(place, row)| {
            let line = place + 2;
            let cells: String = row.iter().enumerate().map(|put| cell(line, put)).collect();
            format!("<row r=\"{line}\">{cells}</row>")
        });
        rows.insert(format!("xl/worksheets/sheet{sheet}.xml"), lines.collect());
    }
    rewrite(path, &|name, text| match rows.get(name) {
        Some(rows) => text.replace("</sheetData>", &format!("{rows}</sheetData>")),
        None => text,
    });
}

/// Puts something else into cells of a sheet, by its place among all, that are there already.
pub fn correct(path: &Path, cells: &[(usize, &str, Put)]) {
    rewrite(path, &|name, mut text| {
        for (sheet, place, put) in cells {
            if name != format!("xl/worksheets/sheet{sheet}.xml") {
                continue;
            }
            let start = text.find(&format!("<c r=\"{place}\""));
            assert!(start.is_some(), "{name} {place}");
            let start = start.unwrap_or_default();
            let open = start + text[start..].find('>').unwrap();
            let end =
                if text[..open].ends_with('/') { open + 1 } else { start + text[start..].find("</c>").unwrap() + 4 };
            let cell = match put {
                Text(text) => format!("<c r=\"{place}\" t=\"inlineStr\"><is><t>{text}</t></is></c>"),
                Number(number) => format!("<c r=\"{place}\"><v>{number}</v></c>"),
                Formula | Error => String::new(),
            };
            text.replace_range(start..end, &cell);
        }
        text
    });
}

/// The cells of a sheet, by line and column from 0.
pub fn cells(path: &Path, sheet: &str) -> Vec<Vec<String>> {
    let mut book: Xlsx<_> = open_workbook(path).unwrap();
    let range = book.worksheet_range(sheet).unwrap();
    let (height, width) = range.end().unwrap();
    let cell = |row, column| match range.get_value((row, column)) {
        None | Some(Data::Empty) => String::new(),
        Some(other) => other.to_string(),
    };
    (0..=height).map(|row| (0..=width).map(|column| cell(row, column)).collect()).collect()
}

/// Which sheet it is among all, from 1.
pub fn number_of(path: &Path, sheet: &str) -> usize {
    let book: Xlsx<_> = open_workbook(path).unwrap();
    book.sheet_names().iter().position(|name| name == sheet).unwrap() + 1
}

/// Corrects cells of a workbook that went back: the sheet, the row that it came from, the head, and what is put there.
pub fn corrected(path: &Path, all: &[(&str, &str, &str, Put)]) {
    let mut places: Vec<(usize, String, Put)> = Vec::new();
    for (sheet, from, head, put) in all {
        let rows = cells(path, sheet);
        let column = |wanted: &str| rows.first().unwrap().iter().position(|head| head == wanted).unwrap();
        let (source, column) = (column("原行"), column(head));
        let row = rows.iter().position(|row| row.get(source).is_some_and(|cell| cell == from));
        assert!(row.is_some(), "{from} in {rows:?}");
        let row = row.unwrap_or_default();
        places.push((number_of(path, sheet), format!("{}{}", letters(column), row + 1), *put));
    }
    let places: Vec<(usize, &str, Put)> =
        places.iter().map(|(sheet, place, put)| (*sheet, place.as_str(), *put)).collect();
    correct(path, &places);
}
