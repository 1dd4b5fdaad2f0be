//! Who issues a statement, and who signs it: a small file, or the usual four.

use std::sync::Arc;

use crate::diagnostic::Diagnostic;
use crate::document::{Table, parse};
use crate::keys::{Key, Keys, Kind};
use crate::lang::Text;
use crate::source::Source;

/// The file.
pub static FILE: Keys = Keys {
    id: "signing-file",
    at: &[],
    keys: &[
        Key::new("office", Kind::Text, "出具单位", "the office that issues the statement"),
        Key::new("lines", Kind::List(&Kind::Table(&LINE)), "签章各行，自上而下", "who signs, from top to bottom"),
    ],
};

/// A line to be signed.
pub static LINE: Keys = Keys {
    id: "signing-line",
    at: &["lines"],
    keys: &[
        Key::needed("role", Kind::Text, "角色：经办、复核、审批、盖章", "the role: handled, checked, approved, sealed"),
        Key::new("title", Kind::Text, "职务", "the title"),
        Key::new("name", Kind::Text, "姓名", "the name"),
    ],
};

/// Who issues a statement, and who signs it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signing {
    /// The office.
    pub office: Option<Text>,
    /// The lines to be signed.
    pub lines: Vec<Signed>,
}

/// A line to be signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed {
    /// In which role.
    pub role: Text,
    /// The title of who signs.
    pub title: Option<Text>,
    /// Who signs, where that is known beforehand.
    pub name: Option<Text>,
}

impl Default for Signing {
    fn default() -> Signing {
        let roles = [
            Text::new("经办（签字）", "Handled by (signature)"),
            Text::new("复核（签字）", "Checked by (signature)"),
            Text::new("审批（签字）", "Approved by (signature)"),
            Text::new("单位（盖章）", "Office (seal)"),
        ];
        let line = |role| Signed { role, title: None, name: None };
        Signing { office: None, lines: roles.map(line).into() }
    }
}

impl Signing {
    /// Reads the file.
    pub fn read(source: &Arc<Source>) -> Result<Signing, Vec<Diagnostic>> {
        let mut diagnostics = Vec::new();
        let mut signing = Signing::default();
        if let Some(table) = parse(source, &mut diagnostics) {
            table.only(&FILE.names(), &mut diagnostics);
            signing.office = text(&table, "office", &mut diagnostics);
            if let Some(item) = table.get("lines") {
                signing.lines.clear();
                for item in item.array(&mut diagnostics).unwrap_or_default() {
                    let Some(line) = item.table(&mut diagnostics) else { continue };
                    line.only(&LINE.names(), &mut diagnostics);
                    let role = line.need_text("role", &mut diagnostics).map(as_written);
                    let (title, name) = (text(line, "title", &mut diagnostics), text(line, "name", &mut diagnostics));
                    signing.lines.extend(role.map(|role| Signed { role, title, name }));
                }
            }
        }
        if diagnostics.is_empty() { Ok(signing) } else { Err(diagnostics) }
    }
}

/// Words of the office's own, which are the same in every language.
fn as_written(text: &str) -> Text {
    Text::made(text.to_owned(), text.to_owned())
}

/// A text; who is not named yet may stand there with nothing behind.
fn text(table: &Table, key: &str, diagnostics: &mut Vec<Diagnostic>) -> Option<Text> {
    table.get(key).and_then(|item| item.text(diagnostics)).filter(|text| !text.trim().is_empty()).map(as_written)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_names_who_signs() {
        let read = |text: &str| Signing::read(&Source::new("signing.toml", text));
        let signing = read("office = \"人才办\"\n[[lines]]\nrole = \"经办\"\ntitle = \"科员\"\nname = \"\"\n").unwrap();
        let line = Signed { role: as_written("经办"), title: Some(as_written("科员")), name: None };
        assert_eq!(signing, Signing { office: Some(as_written("人才办")), lines: vec![line] });
        assert_eq!(read("").unwrap(), Signing::default());
        for wrong in ["line = 1", "[[lines]]\ntitle = \"科员\"", "[[lines]]\nrole = \"经办\"\nseal = true", "lines = 1"]
        {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }
}
