//! Declarations: units, enums, kinds of applicants, categories, facts, parameters, readings, definitions.

mod enums;
mod facts;
mod input;
pub mod money;
mod other_benefits;
pub(in crate::policy) mod paid;
mod readings;
mod texts;
mod units;

use crate::diagnostic::{Code, Diagnostic, codes};
use crate::document::{Entry, Item, Table};
use crate::expr::check::{Scope, Wanted, compile, depth};
use crate::expr::lexer::is_keyword;
use crate::expr::names::{Define, Input, Names};
use crate::expr::program::Node;
use crate::expr::snippet::Snippet;
use crate::lang::Text;
use crate::policy::keys;
use crate::policy::read::TEXTS;
use crate::source::Span;

codes! {
    static BAD_ID: Code = Code::new("bad-name", "名称写法不对", "this cannot be a name");
    static DUPLICATE: Code = Code::new("duplicate-name", "名称重复", "this name is taken");
    static UNKNOWN_TYPE: Code = Code::new("unknown-type", "类型不认识", "there is no such type");
    static UNKNOWN_UNIT: Code = Code::new("unknown-unit", "单位不认识", "this unit is not known");
    static BAD_UNIT: Code = Code::new("bad-unit", "单位写法不对", "this cannot be a unit");
    static TOO_MANY_WORDS: Code = Code::new("too-many-words", "选项过多", "this enum has too many words");
    static SAID_TWICE: Code =
        Code::new("value-said-twice", "值有两个来源", "a value has two sources");
    static BAD_ABSENT: Code = Code::new("bad-absent", "空缺的含义不对", "absence cannot mean this");
    static BAD_TEXTS: Code = Code::new("bad-texts", "清单写法不对", "these texts cannot be read");
    static BAD_OF: Code = Code::new("bad-of", "名单的所属写法不对", "what the list belongs to is not written like this");
    static UNKNOWN_FIELD: Code = Code::new("unknown-field", "没有这个字段", "there is no such field");
    static UNKNOWN_WORD: Code = Code::new("unknown-word", "没有这个选项", "there is no such word");
    static UNKNOWN_OPTION: Code = Code::new("unknown-option", "读法没有这个选项", "the reading has no such option");
}

/// Names that the language itself gives a meaning to.
const TAKEN: &[&str] =
    &["as_of", "event", "accrued", "reading", "window", "other", "known", "other_benefits", "paid", "values_on"];

/// Whether a name can be one: lower-case ASCII, no keyword, not taken. Says so where it cannot.
pub(super) fn check_name(name: &str, span: &Span, diagnostics: &mut Vec<Diagnostic>) -> bool {
    let shaped = name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    if !shaped {
        let help = Text::new(
            "用小写英文字母、数字和下划线，以字母开头",
            "lower-case ASCII letters, digits and underscores, a letter first",
        );
        diagnostics.push(BAD_ID.at(span.clone(), Text::default()).help(help));
        return false;
    }
    if is_keyword(name) || TAKEN.contains(&name) {
        let label =
            Text::made(format!("`{name}` 是语言自身的词"), format!("`{name}` is a word of the language itself"));
        let help = Text::new("换一个名称", "give it another name");
        diagnostics.push(BAD_ID.at(span.clone(), label).help(help));
        return false;
    }
    true
}

/// Reads an expression of a TOML value.
pub(super) fn expression(
    item: &Item,
    names: &Names,
    scope: &Scope,
    wanted: &Wanted,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Node> {
    let text = item.text(diagnostics)?;
    compile(&Snippet::new(text, item.span.clone()), names, scope, wanted, diagnostics)
}

/// Puts the declarations of one file into `names`. Order does not matter across sections, as units and enums come first.
pub(super) struct Declaring<'a> {
    pub names: &'a mut Names,
    pub diagnostics: &'a mut Vec<Diagnostic>,
}

impl Declaring<'_> {
    fn sections<'t>(&mut self, document: &'t Table, key: &str) -> &'t [Entry] {
        let Some(item) = document.get(key) else { return &[] };
        item.table(self.diagnostics).map_or(&[], Table::entries)
    }

    fn taken(&mut self, entry: &Entry) {
        let label = Text::made(format!("`{}` 已经声明过", entry.key), format!("`{}` is declared already", entry.key));
        self.diagnostics.push(DUPLICATE.at(entry.key_span.clone(), label));
    }

    /// `[applicants.person]`, `[categories.housing]`
    pub fn labels(&mut self, document: &Table) {
        for key in ["applicants", "categories"] {
            for entry in self.sections(document, key) {
                check_name(&entry.key, &entry.key_span, self.diagnostics);
                let Some(table) = entry.item.table(self.diagnostics) else { continue };
                table.only(&keys::LABEL.names(), self.diagnostics);
                let label = table.need_words("label", self.diagnostics).unwrap_or_default();
                let list =
                    if key == "applicants" { &mut self.names.applicant_kinds } else { &mut self.names.categories };
                if list.iter().any(|(known, _)| *known == entry.key) {
                    self.taken(entry);
                } else {
                    list.push((entry.key.clone(), label));
                }
            }
        }
    }

    fn add_input(&mut self, input: Input) -> usize {
        let place = self.names.inputs.len();
        self.names.input_places.insert(input.name.clone(), place);
        self.names.inputs.push(input);
        place
    }

    /// `[define]`, each using only earlier ones.
    pub fn defines(&mut self, document: &Table) {
        for entry in self.sections(document, "define") {
            if !check_name(&entry.key, &entry.key_span, self.diagnostics) {
                continue;
            }
            let node = expression(&entry.item, self.names, &Scope::default(), &Wanted::Anything, self.diagnostics);
            let Some(node) = node else {
                self.names.faulty.insert(entry.key.clone());
                continue;
            };
            let taken = self.names.input_places.contains_key(&entry.key)
                || self.names.defines.iter().any(|define| define.name == entry.key);
            if taken {
                self.taken(entry);
                continue;
            }
            let depth = depth(&node, self.names, &Scope::default());
            self.names.defines.push(Define { name: entry.key.clone(), node, depth });
        }
    }
}
