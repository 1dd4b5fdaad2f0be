//! A form that somebody fills in for many people.

#![allow(clippy::indexing_slicing, clippy::panic, reason = "a test may fail")]

use std::collections::BTreeMap;
use std::path::Path;

use super::form::{n, t};
use super::workbook::{Put, Row, cells, fill, number_of};

pub fn leaked(text: String) -> &'static str {
    Box::leak(text.into_boxed_str())
}

/// The form: applicants by their heads, and the rows of other sheets.
pub struct Filling {
    heads: Vec<String>,
    plain: Vec<Option<Put>>,
    people: Vec<Vec<Option<Put>>>,
    lists: BTreeMap<&'static str, Vec<Vec<Option<Put>>>>,
}

impl Filling {
    /// For a form where nobody is anything: what is not said otherwise is 否 or 无.
    pub fn of(form: &Path) -> Filling {
        let heads = cells(form, "申请人").remove(0);
        let known: Vec<Vec<String>> = cells(form, "duixian").into_iter().filter(|row| row[3] == "applicants").collect();
        assert_eq!(known.len(), heads.len());
        let plain = known.iter().map(|row| match row[6].as_str() {
            "bool" => t("否"),
            "list" => t("无"),
            number if number.starts_with("number") => n("0"),
            _ => None,
        });
        Filling { plain: plain.collect(), heads, people: Vec::new(), lists: BTreeMap::new() }
    }

    fn place(&self, head: &str) -> usize {
        self.heads.iter().position(|known| known == head).unwrap_or_else(|| panic!("{head}"))
    }

    pub fn person(&mut self, number: usize, own: &[(&str, Option<Put>)]) {
        let mut row = self.plain.clone();
        row[0] = t(leaked(format!("{number:03}")));
        row[1] = t(leaked(format!("申请人{number}")));
        self.people.push(row);
        own.iter().for_each(|(head, put)| self.put(number, head, *put));
    }

    /// Puts something into the row of the applicant of this number.
    pub fn put(&mut self, number: usize, head: &str, put: Option<Put>) {
        let place = self.place(head);
        self.people[number - 1][place] = put;
    }

    pub fn row(&mut self, list: &'static str, row: Vec<Option<Put>>) {
        self.lists.entry(list).or_default().push(row);
    }

    /// Puts something into a row of a list, by its line.
    pub fn put_in(&mut self, list: &str, line: usize, column: usize, put: Option<Put>) {
        self.lists.get_mut(list).unwrap()[line - 2][column] = put;
    }

    pub fn write(&self, form: &Path) {
        let people: Vec<Row<'_>> = self.people.iter().map(Vec::as_slice).collect();
        let lists: Vec<(usize, Vec<Row<'_>>)> = (self.lists.iter())
            .map(|(list, rows)| (number_of(form, list), rows.iter().map(Vec::as_slice).collect()))
            .collect();
        let mut sheets: Vec<(usize, &[Row<'_>])> = vec![(number_of(form, "申请人"), &people)];
        sheets.extend(lists.iter().map(|(sheet, rows)| (*sheet, rows.as_slice())));
        fill(form, &sheets);
    }
}

/// The id of the applicant of this number.
pub fn id(number: usize) -> Option<Put> {
    t(leaked(format!("{number:03}")))
}
