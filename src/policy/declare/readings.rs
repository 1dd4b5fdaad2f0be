//! `[readings]`: questions that the text leaves open, each an input with the options as its words.

use super::{Declaring, UNKNOWN_OPTION, check_name};
use crate::diagnostic::did_you_mean;
use crate::document::Table;
use crate::expr::names::{Enum, InTables, Input, Origin, Reading};
use crate::expr::types::Type;
use crate::lang::Text;
use crate::policy::keys;
use crate::value::{Value, Words};

impl Declaring<'_> {
    /// `[readings.article5_cap]`
    pub fn readings(&mut self, document: &Table) {
        for entry in self.sections(document, "readings") {
            if !check_name(&entry.key, &entry.key_span, self.diagnostics) {
                continue;
            }
            let Some(table) = entry.item.table(self.diagnostics) else { continue };
            table.only(&keys::READING.names(), self.diagnostics);
            let label = table.need_words("question", self.diagnostics).unwrap_or_default();
            let because = table.need_words("because", self.diagnostics).unwrap_or_default();
            let options = table.need("options", self.diagnostics).and_then(|item| item.table(self.diagnostics));
            let Some(words) = options.map(|options| self.words(options)) else { continue };
            let Some(default_item) = table.need("default", self.diagnostics) else { continue };
            let Some(default) = default_item.text(self.diagnostics) else { continue };
            let Some(default) = words.iter().position(|(word, _)| word == default) else {
                let help = did_you_mean(default, words.iter().map(|(word, _)| word.as_str()));
                self.diagnostics.push(UNKNOWN_OPTION.at(default_item.span.clone(), Text::default()).help(help));
                continue;
            };
            let name = format!("reading.{}", entry.key);
            if self.names.input_places.contains_key(&name) {
                self.taken(entry);
                continue;
            }
            let domain = Value::Words(Words::all(words.len()));
            let ty = Type::Enum(self.names.enums.len());
            self.names.enums.push(Enum {
                id: name.clone(),
                label: label.clone(),
                ordered: false,
                words,
                in_tables: InTables::default(),
            });
            let reading = Reading { id: entry.key.clone(), default, because };
            self.add_input(Input {
                name,
                label,
                ask: None,
                ty,
                origin: Origin::Reading(reading),
                domain,
                absent: Value::Words(Words::one(default)),
                versions: Vec::new(),
                written_in: None,
                integer: false,
                measure: None,
                may_be_never: false,
            });
        }
    }
}
