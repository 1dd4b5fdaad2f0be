//! `[enums]`, and the enums that keys of the language choose from.

use super::{Declaring, TOO_MANY_WORDS, check_name};
use crate::document::Table;
use crate::expr::names::Enum;
use crate::lang::Text;
use crate::policy::keys;
use crate::value::words::MOST_WORDS;

type Choice = (&'static str, &'static str, &'static str, &'static [(&'static str, &'static str, &'static str)]);

/// The enums that keys of the language choose from.
const CHOICES: &[Choice] = &[
    (
        "overlap_method",
        "重复的处理",
        "how overlap is settled",
        &[("difference", "补差", "the difference"), ("nothing_more", "不再发", "nothing more")],
    ),
    (
        "part_periods",
        "不满一期的计法",
        "how part periods count",
        &[
            ("complete", "只计完整期", "complete periods only"),
            ("started", "开始即计", "every period begun"),
            ("touched", "按涉及的日历月", "every calendar month touched"),
            ("daily", "首月按天、其余整日历月", "the first month by its days, then whole calendar months"),
        ],
    ),
];

impl Declaring<'_> {
    /// The enums that keys of the language choose from.
    pub fn base_enums(&mut self) {
        for (id, zh, en, words) in CHOICES {
            self.names.enum_places.insert((*id).to_owned(), self.names.enums.len());
            self.names.enums.push(Enum {
                id: (*id).to_owned(),
                label: Text::new(zh, en),
                ordered: false,
                words: words.iter().map(|(id, zh, en)| ((*id).to_owned(), Text::new(zh, en))).collect(),
            });
        }
    }

    /// `[enums.degree]`
    pub fn enums(&mut self, document: &Table) {
        for entry in self.sections(document, "enums") {
            if !check_name(&entry.key, &entry.key_span, self.diagnostics) {
                continue;
            }
            let Some(table) = entry.item.table(self.diagnostics) else { continue };
            table.only(&keys::ENUM.names(), self.diagnostics);
            let label = table.need_words("label", self.diagnostics).unwrap_or_default();
            let ordered = table.get("ordered").and_then(|item| item.bool(self.diagnostics)).unwrap_or(false);
            let words = table.need("words", self.diagnostics).and_then(|item| item.table(self.diagnostics));
            let Some(words) = words.map(|words| self.words(words)) else { continue };
            if self.names.enum_places.contains_key(&entry.key) {
                self.taken(entry);
                continue;
            }
            self.names.enum_places.insert(entry.key.clone(), self.names.enums.len());
            self.names.enums.push(Enum { id: entry.key.clone(), label, ordered, words });
        }
    }

    pub(super) fn words(&mut self, table: &Table) -> Vec<(String, Text)> {
        if table.entries().len() > MOST_WORDS {
            let label = Text::made(format!("最多 {MOST_WORDS} 个"), format!("at most {MOST_WORDS}"));
            self.diagnostics.push(TOO_MANY_WORDS.at(table.head(), label));
        }
        let entries = table.entries().iter().take(MOST_WORDS);
        entries
            .filter_map(|entry| {
                check_name(&entry.key, &entry.key_span, self.diagnostics);
                Some((entry.key.clone(), entry.item.words(self.diagnostics)?))
            })
            .collect()
    }
}
