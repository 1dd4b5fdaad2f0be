//! The workbook that `duixian template --xlsx` makes: applicants and their lists, each a sheet.
//!
//! What a column holds is kept in a defined name, which office programs move and rename with the column and its sheet.

use std::collections::BTreeMap;
use std::io::{Read, Seek};
use std::sync::Arc;

use crate::lang::Text;
use crate::policy::Policy;
use crate::rows::heads::FormColumn;
use crate::rows::reserved::sheet_name;
use crate::rows::xlsx::Book;
use crate::rows::{Fault, Heads, ListFields, Others, Xlsx};

/// What the first cell of the hidden sheet says.
pub const SCHEMA: &str = "duixian/form@1";
/// The hidden sheet, as it is made.
pub const HIDDEN: &str = "duixian";
/// The table of the applicants; others go by the names of their lists.
pub const APPLICANTS: &str = "applicants";

/// The defined name of a column: `duixian__applicants__degree`.
pub fn defined_name(table: &str, key: &str) -> String {
    format!("duixian__{table}__{key}")
}

/// The defined name that leads to the hidden sheet.
pub fn about_name() -> String {
    defined_name("form", "about")
}

/// The defined name that leads to the sheet of instructions.
pub fn instructions_name() -> String {
    defined_name("form", "instructions")
}

/// What is defined of a list's sheet in a workbook that goes back and is no form.
const RETURNED: &str = "returned";

/// The defined name that says which list it is whose rows go back on a sheet.
pub fn returned_name(list: &str) -> String {
    defined_name(list, RETURNED)
}

/// The lists that are on sheets of a workbook which went back, by its defined names, with the sheets.
pub fn returned_lists(names: &[(String, String)]) -> Vec<(String, String)> {
    let list = |(name, refers): &(String, String)| {
        let (list, key) = name.strip_prefix("duixian__")?.rsplit_once("__")?;
        Some((list.to_owned(), place(refers).filter(|_| key == RETURNED)?.0))
    };
    names.iter().filter_map(list).collect()
}

/// What an applicant's row says of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stated {
    /// Its records stand on the list's own sheet.
    Sheet,
    /// There is none.
    None,
    /// It is not known.
    Unknown,
    /// Nothing is said.
    Blank,
}

/// The words for these, the blank apart.
pub static STATED: [(Stated, Text); 3] = [
    (Stated::Sheet, Text::new("见表", "see sheet")),
    (Stated::None, Text::new("无", "none")),
    (Stated::Unknown, Text::new("不清楚", "not known")),
];

impl Stated {
    /// What a cell says; `None` where it is none of the words.
    pub(super) fn read(text: &str) -> Option<Stated> {
        let text = text.trim();
        if text.is_empty() {
            return Some(Stated::Blank);
        }
        let same = |(_, word): &&(Stated, Text)| word.zh == text || word.en.eq_ignore_ascii_case(text);
        STATED.iter().find(same).map(|(stated, _)| *stated)
    }
}

/// What a form was made for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct About {
    /// The policy's id.
    pub policy: String,
    /// The SHA-256 digest of its file, in hexadecimal.
    pub digest: String,
    /// The clauses that it was made for; none: all.
    pub clauses: Vec<String>,
    /// The kind of applicant, where all are of one.
    pub kind: Option<String>,
    /// Its columns, as they were made.
    pub columns: Vec<Known>,
}

/// A column, as it was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// Its table.
    pub table: String,
    /// The name of its fact or field.
    pub key: String,
    /// The unit of its numbers; empty where it has none.
    pub unit: String,
    /// What it holds, in short.
    pub holds: String,
}

/// A form that was opened.
pub struct Form<R> {
    book: Book<R>,
    file: Arc<str>,
    about: About,
    /// By table and sheet the columns whose places are known.
    sheets: BTreeMap<(String, String), BTreeMap<usize, String>>,
    instructions: Option<String>,
    hidden: String,
}

impl<R: Read + Seek> Form<R> {
    /// Opens a workbook; `None` where it is no form.
    pub fn open(mut input: R, file: &Arc<str>) -> Result<Option<Form<R>>, Vec<Fault>> {
        if !looks_like_one(&mut input) {
            return Ok(None);
        }
        let whole = |reason: Text| vec![Fault::of_line(file, 0, reason)];
        let mut book = Book::open(input, file)?;
        let mut sheets: BTreeMap<(String, String), BTreeMap<usize, String>> = BTreeMap::new();
        let (mut hidden, mut instructions) = (None, None);
        for (name, refers) in book.names() {
            let Some((table, key)) = name.strip_prefix("duixian__").and_then(|name| name.split_once("__")) else {
                continue;
            };
            let Some((sheet, column)) = place(&refers) else { continue };
            match (table, key) {
                ("form", "about") => hidden = Some(sheet),
                ("form", _) => instructions = Some(sheet),
                _ => {
                    sheets.entry((table.to_owned(), sheet)).or_default().insert(column, key.to_owned());
                }
            }
        }
        let broken = || {
            whole(Text::new(
                "申请表的隐藏页“duixian”被删改，无法核对；重新生成申请表，把数据按列贴过去",
                "the form's hidden sheet “duixian” was deleted or changed; make the form anew and paste the data over",
            ))
        };
        let sheets_there = book.sheets();
        let is_there = |sheet: &String| sheets_there.iter().any(|(name, _)| name == sheet);
        let hidden = hidden.filter(is_there).ok_or_else(broken)?;
        let cells = book.texts(&hidden, file)?;
        let about = about(&cells).ok_or_else(broken)?;
        sheets.retain(|(_, sheet), _| is_there(sheet));
        Ok(Some(Form { book, file: Arc::clone(file), about, sheets, instructions, hidden }))
    }

    /// What it was made for.
    pub fn about(&self) -> &About {
        &self.about
    }

    /// The lists that have a sheet.
    pub fn lists(&self) -> Vec<String> {
        let mut lists: Vec<String> = self.sheets.keys().map(|(table, _)| table.clone()).collect();
        lists.retain(|table| table != APPLICANTS);
        lists.dedup();
        lists
    }

    /// Sheets with something on them that are no part of the form, and are not read: those that are shown, which are faults, and
    /// those that are hidden, which are told.
    pub fn strangers(&mut self) -> Result<(Vec<Fault>, Vec<Fault>), Vec<Fault>> {
        let (mut faults, mut notes) = (Vec::new(), Vec::new());
        for (sheet, is_shown) in self.book.sheets() {
            let known = self.sheets.keys().any(|(_, own)| *own == sheet) || sheet == self.hidden;
            if known || self.instructions.as_ref() == Some(&sheet) {
                continue;
            }
            // Of a hidden sheet that cannot be read, nothing says that it is blank.
            let is_blank = match self.book.is_blank(&sheet, &self.file) {
                Err(_) if !is_shown => false,
                read => read?,
            };
            if is_blank {
                continue;
            }
            if is_shown {
                let reason = Text::new(
                    "这张工作表不属于申请表，没有读取；要核算的行请移到申请表的各表中，其余可隐藏",
                    "this sheet is no part of the form and was not read; move rows that are meant to count into the form's sheets, and hide the rest",
                );
                faults.push(Fault::of_line(&sheet_name(&self.file, &sheet), 0, reason));
            } else {
                let reason = Text::new(
                    "这张隐藏的工作表不属于申请表，没有读取",
                    "this hidden sheet is no part of the form and was not read",
                );
                notes.push(Fault::of_line(&sheet_name(&self.file, &sheet), 0, reason));
            }
        }
        Ok((faults, notes))
    }

    /// The applicants' sheets, of which there are several where one was copied.
    pub fn applicants(&mut self, policies: &[&Policy], others: Others<'_>) -> Result<Vec<Xlsx>, Vec<Fault>> {
        let tables = self.tables(APPLICANTS, None, policies, others)?;
        if tables.is_empty() {
            let reason = Text::new(
                "申请人的工作表已被删除，或由不随之改定义名称的程序改了名；恢复原名，或重新生成申请表",
                "the sheet of applicants was deleted, or renamed by a program that leaves defined names as they were; give it its name back, or make the form anew",
            );
            return Err(vec![Fault::of_line(&self.file, 0, reason)]);
        }
        Ok(tables)
    }

    /// The sheets of a list.
    pub fn list(
        &mut self,
        list: &ListFields,
        policies: &[&Policy],
        others: Others<'_>,
    ) -> Result<Vec<Xlsx>, Vec<Fault>> {
        self.tables(&list.name, Some(list), policies, others)
    }

    fn tables(
        &mut self,
        table: &str,
        list: Option<&ListFields>,
        policies: &[&Policy],
        others: Others<'_>,
    ) -> Result<Vec<Xlsx>, Vec<Fault>> {
        let own: Vec<(String, BTreeMap<usize, String>)> = (self.sheets.iter())
            .filter(|((known, _), _)| known == table)
            .map(|((_, sheet), columns)| (sheet.clone(), columns.clone()))
            .collect();
        let (mut found, mut faults) = (Vec::new(), Vec::new());
        for (sheet, columns) in own {
            let file = Arc::clone(&self.file);
            let column = |(place, key): (&usize, &String)| {
                let made = self.about.columns.iter().find(|made| made.table == table && made.key == *key);
                let (unit, holds) = made.map_or(("", ""), |made| (made.unit.as_str(), made.holds.as_str()));
                let is_a_number = holds.starts_with(NUMBER);
                (*place, FormColumn { key: key.clone(), unit: unit.to_owned(), is_a_number })
            };
            let known: BTreeMap<usize, FormColumn> = columns.iter().map(column).collect();
            let heads = |names| Heads::of_form(names, &known, list, policies, others, &file);
            match self.book.rows(&sheet, &[], &file, None, heads) {
                Ok(table) => found.push(table),
                Err(wrong) => faults.extend(wrong),
            }
        }
        if faults.is_empty() { Ok(found) } else { Err(faults) }
    }
}

/// What to say of a cell that says something else of a list.
pub(super) fn no_such_word() -> Text {
    Text::new("这里只填 见表、无 或 不清楚", "write “see sheet”, “none” or “not known” here")
}

/// What to say of a list's row where the applicants' sheet has lost the column that speaks of the list.
pub(super) fn no_column() -> Text {
    Text::new(
        "申请人表中没有这份名单的一列（见表、无、不清楚），不知这一行是否为全部；补回该列，或重新生成申请表",
        "the sheet of applicants has lost the column of this list, so that nobody says whether this is all; put it back, or make the form anew",
    )
}

/// What to say of a list that is not known where leaving it out means that there is none.
pub(super) fn closed() -> Text {
    Text::new(
        "政策规定此项不填即为没有，不能填“不清楚”；查明后填 见表 或 无",
        "left out, there is none of this by the policy, so “not known” cannot be written; find out, and write “see sheet” or “none”",
    )
}

/// How what a column of numbers holds begins.
pub const NUMBER: &str = "number";

/// Whether a workbook has the name that every form has; told without opening it.
fn looks_like_one<R: Read + Seek>(input: &mut R) -> bool {
    const MOST: u64 = 4 << 20;
    let mut text = Vec::new();
    let read = |text: &mut Vec<u8>, input: &mut R| {
        let mut archive = zip::ZipArchive::new(input).ok()?;
        let names = archive.by_name("xl/workbook.xml").ok()?;
        names.take(MOST).read_to_end(text).ok()
    };
    let read = read(&mut text, input).is_some();
    input.rewind().is_ok() && read && memchr::memmem::find(&text, about_name().as_bytes()).is_some()
}

/// `申请人!$D$1` as the sheet's name and the column, counted from 0.
pub fn place(refers: &str) -> Option<(String, usize)> {
    let (sheet, cell) = refers.trim_start_matches('=').rsplit_once(['!', '.'])?;
    let sheet = sheet.trim_start_matches('$');
    let quoted = sheet.strip_prefix('\'').and_then(|sheet| sheet.strip_suffix('\''));
    let sheet = quoted.map_or_else(|| sheet.to_owned(), |sheet| sheet.replace("''", "'"));
    let letters: String = cell.chars().filter(char::is_ascii_alphabetic).collect();
    let mut column = 0_usize;
    for letter in letters.bytes() {
        column = column.checked_mul(26)?.checked_add(usize::from(letter.to_ascii_uppercase() - b'A') + 1)?;
    }
    let column = column.checked_sub(1).filter(|column| *column < 1 << 14)?;
    (!refers.contains("#REF!")).then_some((sheet, column))
}

/// What the hidden sheet says.
fn about(cells: &BTreeMap<(u32, u32), String>) -> Option<About> {
    let cell = |row: u32, column: u32| cells.get(&(row, column)).map_or("", String::as_str);
    if cell(0, 0) != SCHEMA {
        return None;
    }
    let mut columns = Vec::new();
    for row in 0.. {
        if cell(row, 3).is_empty() {
            break;
        }
        let own = |column: u32| cell(row, column).to_owned();
        columns.push(Known { table: own(3), key: own(4), unit: own(5), holds: own(6) });
    }
    Some(About {
        policy: cell(1, 0).to_owned(),
        digest: cell(2, 0).to_owned(),
        clauses: cell(3, 0).split_whitespace().map(str::to_owned).collect(),
        kind: Some(cell(4, 0).to_owned()).filter(|kind| !kind.is_empty()),
        columns,
    })
}

/// `A`, `Z`, `AA`: a column, counted from 0.
pub fn letters(column: usize) -> String {
    let (mut letters, mut rest) = (String::new(), column + 1);
    while rest > 0 {
        letters.insert(0, char::from(b'A' + u8::try_from((rest - 1) % 26).unwrap_or(0)));
        rest = (rest - 1) / 26;
    }
    letters
}
