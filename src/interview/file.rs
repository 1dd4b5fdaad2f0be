//! The applicant file of an interview: answers are written into it, and what was there stays as it was, comments included.

use toml_edit::{Array, ArrayOfTables, DocumentMut, Item, Table, TomlError, Value, value};

/// The file.
#[derive(Clone, Debug, Default)]
pub struct File(DocumentMut);

impl File {
    /// What an earlier interview, or somebody, has written. An error where it is no TOML.
    pub fn read(text: &str) -> Result<File, TomlError> {
        text.parse().map(File)
    }

    /// As it is written.
    pub fn text(&self) -> String {
        self.0.to_string()
    }

    /// Whether a key of `[applicant]` is there.
    pub fn has(&self, key: &str) -> bool {
        self.0.get("applicant").and_then(|head| head.get(key)).is_some()
    }

    /// Writes a key of `[applicant]`.
    pub fn put_head(&mut self, key: &str, is: Value) {
        if let Some(head) = section(&mut self.0, "applicant") {
            head.insert(key, value(is));
        }
    }

    /// Writes a fact, `degree` or `hires[2].degree` of a record that is there.
    pub fn put(&mut self, name: &str, is: Value) {
        let Some(facts) = section(&mut self.0, "facts") else { return };
        let Some((list, rest)) = name.split_once('[') else {
            facts.insert(name, value(is));
            return;
        };
        let Some((number, field)) = rest.split_once("].") else { return };
        let Some(place) = number.parse::<usize>().ok().and_then(|number| number.checked_sub(1)) else { return };
        match facts.get_mut(list) {
            Some(Item::ArrayOfTables(records)) => {
                if let Some(record) = records.get_mut(place) {
                    record.insert(field, value(is));
                }
            }
            Some(Item::Value(Value::Array(records))) => {
                if let Some(record) = records.get_mut(place).and_then(Value::as_inline_table_mut) {
                    record.insert(field, is);
                }
            }
            _ => {}
        }
    }

    /// Says that a list has no record.
    pub fn put_none(&mut self, list: &str) {
        if let Some(facts) = section(&mut self.0, "facts") {
            facts.insert(list, value(Array::new()));
        }
    }

    /// Adds a record to a list.
    pub fn add(&mut self, list: &str, fields: Vec<(String, Value)>) {
        let Some(facts) = section(&mut self.0, "facts") else { return };
        if facts.get(list).is_none_or(|item| item.as_array().is_some_and(Array::is_empty)) {
            facts.insert(list, Item::ArrayOfTables(ArrayOfTables::new()));
        }
        match facts.get_mut(list) {
            Some(Item::ArrayOfTables(records)) => {
                records.push(fields.into_iter().map(|(field, is)| (field, value(is))).collect::<Table>());
            }
            Some(Item::Value(Value::Array(records))) => records.push(Value::from_iter(fields)),
            _ => {}
        }
    }
}

/// A section, made where it is not there; `None` where something else has its name, which the reader of the file refuses.
fn section<'d>(document: &'d mut DocumentMut, name: &str) -> Option<&'d mut Table> {
    document.entry(name).or_insert_with(|| Item::Table(Table::new())).as_table_mut()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_join_what_is_there() {
        let mut file = File::read("# 先前\n[applicant]\nkind = \"enterprise\"\n\n[facts]\na = 1 # 已核\n").unwrap();
        file.put("b", true.into());
        file.add("hires", vec![("degree".to_owned(), "master".into())]);
        file.add("hires", Vec::new());
        file.put("hires[2].degree", "doctor".into());
        file.put_none("grants");
        let expected = "# 先前\n[applicant]\nkind = \"enterprise\"\n\n[facts]\na = 1 # 已核\nb = true\ngrants = []\n\n\
                        [[facts.hires]]\ndegree = \"master\"\n\n[[facts.hires]]\ndegree = \"doctor\"\n";
        assert_eq!(file.text(), expected);
    }
}
