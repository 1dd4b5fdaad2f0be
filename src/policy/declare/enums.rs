//! `[enums]`, and the enums that keys of the language choose from.

use super::{BAD_TEXTS, DUPLICATE, Declaring, TOO_MANY_WORDS, UNKNOWN_WORD, check_name};
use crate::diagnostic::did_you_mean;
use crate::document::Table;
use crate::expr::names::{Enum, InTables};
use crate::lang::Text;
use crate::policy::keys;
use crate::source::{Span, folded};
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
                in_tables: InTables::default(),
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
            let in_tables = table.get("in_tables").and_then(|item| item.table(self.diagnostics));
            let in_tables = in_tables.map(|table| self.in_tables(table, &words)).unwrap_or_default();
            self.names.enums.push(Enum { id: entry.key.clone(), label, ordered, words, in_tables });
        }
    }

    /// `[enums.degree.in_tables]`; no text means two words.
    fn in_tables(&mut self, table: &Table, words: &[(String, Text)]) -> InTables {
        table.only(&keys::IN_TABLES.names(), self.diagnostics);
        let mut known: Vec<String> =
            words.iter().flat_map(|(id, label)| [id.clone(), folded(&label.zh).into_owned()]).collect();
        let beside = table.get("beside").map(|item| item.texts(self.diagnostics)).unwrap_or_default();
        // What changes nothing beside a word may be one by itself: 研究生.
        let mut alone = Vec::new();
        let beside = beside.into_iter().filter_map(|text| self.in_table(text, &mut alone)).collect();
        let [same, perhaps] = ["same", "perhaps"].map(|key| {
            let mut texts = Vec::new();
            let of = table.get(key).and_then(|item| item.table(self.diagnostics));
            for entry in of.iter().flat_map(|of| of.entries()) {
                let Some(place) = words.iter().position(|(id, _)| *id == entry.key) else {
                    let help = did_you_mean(&entry.key, words.iter().map(|(id, _)| id.as_str()));
                    self.diagnostics.push(UNKNOWN_WORD.at(entry.key_span.clone(), Text::default()).help(help));
                    continue;
                };
                let own = entry.item.texts(self.diagnostics);
                texts.extend(own.into_iter().filter_map(|text| Some((self.in_table(text, &mut known)?, place))));
            }
            texts
        });
        InTables { beside, same, perhaps }
    }

    /// A text as it is compared, if it is one and no other.
    fn in_table(&mut self, (text, span): (String, Span), known: &mut Vec<String>) -> Option<String> {
        let text = folded(&text).into_owned();
        if text.is_empty() {
            self.diagnostics.push(BAD_TEXTS.at(span, Text::new("空白的一项", "this text is blank")));
            return None;
        }
        if known.contains(&text) {
            let label = Text::new("已有这一项", "this text has a meaning already");
            self.diagnostics.push(DUPLICATE.at(span, label));
            return None;
        }
        known.push(text.clone());
        Some(text)
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
