//! Statements as rows. Only pages that this program wrote are read: whatever else stands in them is one more difference.

use super::Row;
use crate::lang::Text;
use crate::report::record::{Record, is_label};

/// A statement of a page.
#[derive(Debug, Default)]
pub struct Statement {
    /// What it says it was worked out from; `None`: nothing, or nothing that can be read.
    pub record: Option<Record>,
    /// Its tables and paragraphs, without what it was worked out from.
    pub rows: Vec<Row>,
    /// What it names, for people, as that.
    pub basis: String,
}

/// The statements of a page.
pub fn statements(page: &str) -> Vec<Statement> {
    let mut found: Vec<Statement> = Vec::new();
    let mut reader = Reader::default();
    for piece in page.split('<').skip(1) {
        // A text has no `<` and no `>` of its own.
        let (tag, text) = piece.split_once('>').unwrap_or((piece, ""));
        let (name, attributes) = tag.split_once(char::is_whitespace).unwrap_or((tag, ""));
        if name == "article" {
            let record = attributes.split_once("data-record=\"").and_then(|(_, rest)| rest.split('"').next());
            let record = record.and_then(|record| serde_json::from_str(&plain(record)).ok());
            found.push(Statement { record, ..Statement::default() });
        }
        let Some(statement) = found.last_mut() else { continue };
        reader.tag(name, statement);
        reader.text.push_str(&plain(text));
    }
    found
}

/// The row that is being read.
#[derive(Default)]
struct Reader {
    heading: String,
    /// The heads of the table, where its rows have some.
    heads: Vec<String>,
    in_head: bool,
    in_table: bool,
    cells: Vec<String>,
    text: String,
}

impl Reader {
    fn tag(&mut self, name: &str, statement: &mut Statement) {
        match name {
            "table" => {
                self.heads.clear();
                self.in_table = true;
            }
            "/table" => self.in_table = false,
            "thead" => self.in_head = true,
            "/thead" => self.in_head = false,
            "tr" => self.cells.clear(),
            "th" | "td" | "h1" | "h2" | "h3" => self.text.clear(),
            "/th" | "/td" => {
                let cell = self.taken();
                self.cells.push(cell);
            }
            "/tr" if self.in_head => self.heads = std::mem::take(&mut self.cells),
            "/tr" => self.row(statement),
            "/h1" | "/h2" | "/h3" => self.heading = self.taken(),
            // A paragraph of a cell is part of the cell.
            "/p" | "/section" | "/article" if !self.in_table => self.paragraph(statement),
            _ => {}
        }
    }

    fn taken(&mut self) -> String {
        std::mem::take(&mut self.text).split_whitespace().collect::<Vec<_>>().join(" ")
    }

    fn row(&mut self, statement: &mut Statement) {
        let cells = std::mem::take(&mut self.cells);
        let first = cells.first().cloned().unwrap_or_default();
        if is_label(&first) {
            statement.basis.push_str(&cells.join(" "));
            statement.basis.push('\n');
            return;
        }
        let named = cells.into_iter().enumerate().map(|(place, cell)| {
            let head = self.heads.get(place).filter(|head| !head.is_empty()).cloned();
            (Text::same(head.unwrap_or_else(|| (place + 1).to_string())), cell)
        });
        let place = Text::same(format!("{} {first}", self.heading).trim());
        statement.rows.push(Row { place, cells: named.collect() });
    }

    fn paragraph(&mut self, statement: &mut Statement) {
        let text = self.taken();
        if !text.is_empty() {
            let what = Text::new("文字", "words");
            statement.rows.push(Row { place: Text::same(self.heading.clone()), cells: vec![(what, text)] });
        }
    }
}

/// What the writer of statements escaped, as it was.
fn plain(text: &str) -> String {
    let marks = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")];
    marks.iter().fold(text.to_owned(), |text, (escaped, mark)| text.replace(escaped, mark))
}
