//! Why a row or a column cannot be used.

use std::sync::Arc;

use crate::diagnostic::Diagnostic;
use crate::lang::{Lang, Text};
use crate::rows::masked;
use crate::rows::reserved::row_place;
use crate::source::{clean, unseen};

/// More of a value than this is not repeated.
const LONGEST_VALUE: usize = 200;

/// Something wrong with a row or a column, and where.
#[derive(Clone, Debug)]
pub struct Fault {
    /// The file, as the user called it; of a workbook with the sheet: `people.xlsx 花名册`.
    pub file: Arc<str>,
    /// The line, from 1; 0 where it is about the file.
    pub line: u64,
    /// The applicant's id, where the row has one.
    pub id: Option<String>,
    /// The cell, where it is on a sheet of a workbook: `D17`.
    pub cell: Option<String>,
    /// The head of the column, where it is about one.
    pub column: Option<String>,
    /// What stands there.
    pub value: Option<String>,
    /// What is wrong with it, and what to do.
    pub reason: Text,
}

impl Fault {
    /// A fault of a line as a whole.
    pub fn of_line(file: &Arc<str>, line: u64, reason: Text) -> Fault {
        // Reasons repeat words of the row.
        let reason = if [&reason.zh, &reason.en].iter().all(|words| unseen(words).is_none()) {
            reason
        } else {
            Text::made(clean(&reason.zh), clean(&reason.en))
        };
        Fault { file: Arc::clone(file), line, id: None, cell: None, column: None, value: None, reason }
    }

    /// The same in a column.
    pub fn in_column(self, column: &str, value: &str) -> Fault {
        let short = |text: &str| {
            let end = text.char_indices().nth(LONGEST_VALUE).map_or(text.len(), |(at, _)| at);
            let cut = if end < text.len() { "…" } else { "" };
            format!("{}{cut}", clean(text.get(..end).unwrap_or(text)))
        };
        Fault { column: Some(short(column)).filter(|column| !column.is_empty()), value: Some(short(value)), ..self }
    }

    /// The same with identity numbers masked, wherever in it they stand.
    pub fn masked(&self) -> Fault {
        let some = |text: &Option<String>| text.as_deref().map(|text| masked(text).into_owned());
        Fault {
            file: masked(&self.file).into(),
            line: self.line,
            id: some(&self.id),
            cell: self.cell.clone(),
            column: some(&self.column),
            value: some(&self.value),
            reason: Text::made(masked(&self.reason.zh).into_owned(), masked(&self.reason.en).into_owned()),
        }
    }

    /// What a diagnostic says, in one line.
    pub fn words(diagnostic: &Diagnostic) -> Text {
        let label = diagnostic.labels.first().map(|(_, label)| label).filter(|label| !label.zh.is_empty());
        let parts: Vec<Text> =
            std::iter::once(&diagnostic.code.title).chain(label).chain(&diagnostic.help).cloned().collect();
        let text = Text::join(&parts, "；", "; ");
        // A question has its mark.
        Text::made(text.zh.replace("？；", "？"), text.en.replace("?; ", "? "))
    }

    /// The file; with its sheet and cell where these are known: `form.xlsx 申请人!D17`.
    pub fn place(&self) -> String {
        match &self.cell {
            Some(cell) => format!("{}!{cell}", self.file),
            None => self.file.to_string(),
        }
    }

    /// As a message of one line: `applicants.csv:7: degree: …`.
    pub fn render(&self, lang: Lang) -> String {
        let (file, line, reason) = (&self.file, self.line, self.reason.get(lang));
        let column = match (&self.column, lang) {
            (Some(column), Lang::Zh) => format!("“{column}”列："),
            (Some(column), Lang::En) => format!("column “{column}”: "),
            (None, _) => String::new(),
        };
        let value = match (self.value.as_deref().filter(|value| !value.is_empty()), lang) {
            (Some(value), Lang::Zh) => format!("“{value}”："),
            (Some(value), Lang::En) => format!("“{value}”: "),
            (None, _) => String::new(),
        };
        match (line, lang) {
            (0, Lang::Zh) => format!("{file}：{reason}"),
            (0, Lang::En) => format!("{file}: {reason}"),
            _ if self.cell.is_some() => format!("{}: {column}{value}{reason}", self.place()),
            _ => format!("{}: {column}{value}{reason}", row_place(file, line)),
        }
    }
}
