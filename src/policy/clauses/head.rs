//! What a clause is and for whom: its kind, the applicants, the category.

use super::{Reader, UNKNOWN_APPLICANT, UNKNOWN_CATEGORY, UNKNOWN_KIND};
use crate::clause::kind::{self, KINDS};
use crate::diagnostic::did_you_mean;
use crate::lang::Text;

impl Reader<'_> {
    pub(super) fn kind(&mut self) -> &'static kind::Kind {
        let table = self.table;
        let Some(item) = table.get("kind") else { return kind::default() };
        let Some(name) = item.text(self.diagnostics) else { return kind::default() };
        kind::find(name).unwrap_or_else(|| {
            let help = did_you_mean(name, KINDS.iter().map(|kind| kind.name));
            self.diagnostics.push(UNKNOWN_KIND.at(item.span.clone(), Text::default()).help(help));
            kind::default()
        })
    }

    pub(super) fn applicants(&mut self) -> Vec<usize> {
        let Some(item) = self.table.need("for", self.diagnostics) else { return Vec::new() };
        let mut places = Vec::new();
        for (name, span) in item.texts(self.diagnostics) {
            match self.names.applicant_kinds.iter().position(|(known, _)| *known == name) {
                Some(place) => places.push(place),
                None => {
                    let known = self.names.applicant_kinds.iter().map(|(known, _)| known.as_str());
                    let help = did_you_mean(&name, known);
                    self.diagnostics.push(UNKNOWN_APPLICANT.at(span, Text::default()).help(help));
                }
            }
        }
        places
    }

    pub(super) fn category(&mut self) -> Option<usize> {
        let item = self.table.get("category")?;
        let name = item.text(self.diagnostics)?;
        let found = self.names.categories.iter().position(|(known, _)| known == name);
        if found.is_none() {
            let help = did_you_mean(name, self.names.categories.iter().map(|(known, _)| known.as_str()));
            self.diagnostics.push(UNKNOWN_CATEGORY.at(item.span.clone(), Text::default()).help(help));
        }
        found
    }
}
