//! The tables of `--list`, opened.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;
use std::sync::Arc;

use crate::cli::batch::correcting::Corrected;
use crate::cli::batch::open::{Form, decoded, stands, unreadable};
use crate::cli::batch::returning::TableRead;
use crate::cli::batch::standing::Sifted;
use crate::cli::batch::stored::stored;
use crate::lang::Text;
use crate::policy::Policy;
use crate::rows::form::returned_lists;
use crate::rows::map::{Beside, Layout};
use crate::rows::propose::Grid;
use crate::rows::{Content, Csv, Fault, Heads, ListFields, Lists, MOST_NAMED, Row, Rows, Xlsx, names_of, payment_list};
use crate::source::clean;

/// Whether a table is a payment list is seen in so many bytes.
const MOST_LOOKED_AT: u64 = 1 << 16;

/// The table of a list, opened.
pub(in crate::cli) struct List<'r> {
    pub fields: ListFields,
    pub rows: Box<dyn Rows + 'r>,
    /// How it is laid out, where it is more than heads and records.
    pub layout: Option<Layout>,
    /// Where it stands.
    pub stands: TableRead,
    /// What is to be told of it.
    pub notes: Vec<Fault>,
}

/// What is read of lists before a run, and what is to be told of it.
pub(in crate::cli) struct Gathered {
    pub lists: Lists,
    pub notes: Vec<Fault>,
    /// Where they stand.
    pub stands: Vec<TableRead>,
}

impl Default for Gathered {
    fn default() -> Gathered {
        Gathered { lists: Lists::outside(stored), notes: Vec::new(), stands: Vec::new() }
    }
}

impl Gathered {
    /// Takes a list, to its last row; others may stand in for its rows.
    pub fn take(&mut self, mut list: List<'_>, corrected: Option<&Corrected>) -> Result<(), Vec<Fault>> {
        self.notes.append(&mut list.notes);
        self.stands.push(list.stands.clone());
        let (fields, layout) = (list.fields.clone(), list.layout.take());
        let Some(by) = corrected else { return self.lists.take(fields, layout.as_ref(), list.rows.as_mut()) };
        let mut sifted = Sifted::new(list, by);
        self.lists.take(fields, layout.as_ref(), &mut sifted)?;
        let faults = |row: &Row| if let Content::Faulty(faults) = &row.content { faults.clone() } else { Vec::new() };
        let refused: Vec<Fault> = sifted.refused.iter().flat_map(faults).take(MOST_NAMED).collect();
        if refused.is_empty() { Ok(()) } else { Err(refused) }
    }
}

/// Reads the table of a list, `NAME=FILE`, and adds it to the others; says what is wrong with it.
pub(in crate::cli) fn list(
    asked: &str,
    policies: &[&Policy],
    ignore: bool,
    folder: &Path,
) -> Result<List<'static>, Vec<Fault>> {
    let fault = |name: &str, reason: Text| vec![Fault::of_line(&clean(name).into(), 0, reason)];
    let Some((name, path)) = asked.split_once('=') else {
        return Err(fault(asked, Text::new("应写作 --list 名单=文件", "write --list NAME=FILE")));
    };
    let Some(fields) = ListFields::of(name, policies) else {
        let known = ListFields::names(policies);
        let near = crate::diagnostic::did_you_mean(name, known.iter().copied());
        let reason = Text::new("所用政策没有这份名单", "no policy in use asks for this list");
        let reason = Text::join(&std::iter::once(reason).chain(near).collect::<Vec<_>>(), "；", "; ");
        return Err(fault(&format!("--list {name}"), reason));
    };
    let (path, file): (_, Arc<str>) = (Path::new(path), clean(path).into());
    let open = || File::open(folder.join(path)).map_err(|error| unreadable(&file, &error));
    let opened = open()?;
    // A payment list that was paid has what no table of records has: sums, and that nothing may be paid by it.
    let again = if name == "paid" && folder.join(path).is_file() { Some(open()?) } else { None };
    let layout = match (again, Form::of(path)) {
        (Some(again), Form::Xlsx) => payment_list::layout(&Grid::of_workbook(again, &file)?.first_lines(2)),
        (Some(again), Form::Csv) => {
            let beginning = decoded(again, &file)?.take(MOST_LOOKED_AT);
            payment_list::layout(&Grid::of_text(beginning, &file)?.first_lines(2))
        }
        _ => None,
    };
    let (mut beside, mut sheet, mut notes) = (Beside::default(), None, Vec::new());
    let line = layout.as_ref().map_or(1, Layout::last_head);
    let heads = |names| Heads::of_list(names, policies, &fields, ignore, &file, line);
    let rows: Box<dyn Rows> = match Form::of(path) {
        Form::Xlsx => {
            let by = layout.as_ref().map(|layout| (layout, &mut beside));
            let mut table = Xlsx::open_by(by, opened, &file, heads)?;
            notes = table.notes();
            sheet = Some(table.name().to_owned());
            Box::new(table)
        }
        Form::Csv => {
            let input = decoded(opened, &file)?;
            Box::new(match &layout {
                Some(layout) => Csv::open_by(layout, &mut beside, input, &file, heads)?,
                None => Csv::open(input, &file, heads)?,
            })
        }
        Form::Json | Form::Toml => {
            let reason = Text::new("名单应为 CSV 或 XLSX", "the table of a list must be CSV or XLSX");
            return Err(vec![Fault::of_line(&file, 0, reason)]);
        }
    };
    notes.extend(beside.above(&file));
    let stands = (path.to_owned(), stands(rows.sheet(), sheet.as_deref(), layout.as_ref(), Some(name)));
    Ok(List { fields, rows, layout, stands, notes })
}

/// The lists of `--list` in a workbook that went back and was corrected.
pub(super) fn returned(
    asked: &[String],
    path: &Path,
    policies: &[&Policy],
    ignore: bool,
    folder: &Path,
) -> Result<Vec<List<'static>>, Vec<Fault>> {
    let mut found = Vec::new();
    if asked.is_empty() || Form::of(path) != Form::Xlsx {
        return Ok(found);
    }
    let file: Arc<str> = clean(&path.display().to_string()).into();
    let open = || File::open(folder.join(path)).map_err(|error| unreadable(&file, &error));
    for (name, sheet) in returned_lists(&names_of(open()?, &file)?) {
        let is_it = |asked: &&String| asked.split_once('=').is_some_and(|(known, _)| known == name);
        let Some(asked) = asked.iter().find(is_it) else { continue };
        // It is laid out as the table that its rows came from.
        let List { fields, layout, .. } = list(asked, policies, ignore, folder)?;
        let layout = Layout { sheet: Some(sheet), ..layout.unwrap_or_default() };
        let mut beside = Beside::default();
        let heads = |names| Heads::of_list(names, policies, &fields, ignore, &file, layout.last_head());
        let mut table = Xlsx::open_by(Some((&layout, &mut beside)), open()?, &file, heads)?;
        let notes = table.notes();
        let stands = (path.to_owned(), stands(table.sheet(), Some(table.name()), Some(&layout), Some(&name)));
        found.push(List { fields, rows: Box::new(table), layout: Some(layout), stands, notes });
    }
    Ok(found)
}
