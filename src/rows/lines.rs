//! A line of JSON Lines: an applicant, an object whose keys are facts.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::document::{Entry, Item, Raw, Table};
use crate::expr::types::Type;
use crate::lang::Text;
use crate::policy::Policy;
use crate::rows::asked::{self, Asked};
use crate::rows::cell::{self, As};
use crate::rows::json::Line;
use crate::rows::{Column, Content, Document, Fault};
use crate::source::{Source, Span, of_unseen, unseen};
use crate::value::Day;

/// Brackets within brackets within brackets: more than this is no applicant.
const DEEPEST: usize = 8;

/// Reads lines of JSON as the documents that they stand for.
#[derive(Debug)]
pub struct Lines<'a> {
    policies: &'a [&'a Policy],
    /// Whether keys that no policy asks for are passed over.
    ignore: bool,
    /// What keys mean, as they were met.
    keys: HashMap<String, Option<Result<Arc<Asked>, Text>>>,
}

impl<'a> Lines<'a> {
    /// Reads them against policies.
    pub fn new(policies: &'a [&'a Policy]) -> Lines<'a> {
        Lines { policies, ignore: false, keys: HashMap::new() }
    }

    /// What a key asks for.
    pub(super) fn asked(&mut self, key: &str) -> Option<Result<Arc<Asked>, Text>> {
        // Keys come from outside: only so many are remembered.
        if self.keys.len() > 4096 {
            self.keys.clear();
        }
        let (policies, ignore) = (self.policies, self.ignore);
        // A key that was met before needs no copy.
        if let Some(found) = self.keys.get(key) {
            return found.clone();
        }
        let found = match asked::asked(key, policies) {
            // Nor is one passed over that only looks like another.
            None if unseen(key).is_some() => unseen(key).map(|character| Err(of_unseen(character))),
            None if ignore => None,
            None => Some(Err(asked::unknown(key, policies))),
            Some(found) => Some(found.map(Arc::new)),
        };
        self.keys.insert(key.to_owned(), found.clone());
        found
    }

    /// What a line of a file holds.
    pub fn content(&mut self, of: &Line, line: u64, file: &Arc<str>) -> Content {
        self.of(of);
        let found = self.document(of, line, file);
        found.map_or_else(Content::Faulty, |document| Content::Document(Box::new(document)))
    }

    /// Turns to a line: what keys mean hangs on whether some are passed over.
    /// Says whether that is no longer so.
    pub(super) fn of(&mut self, line: &Line) -> bool {
        let changed = self.ignore != line.ignore;
        if changed {
            (self.ignore, self.keys) = (line.ignore, HashMap::new());
        }
        changed
    }

    /// The document that a line stands for.
    fn document(&mut self, of: &Line, line: u64, file: &Arc<str>) -> Result<Document, Vec<Fault>> {
        let source = Source::new(&**file, of.text.as_str());
        let text = source.text.as_str();
        let object: Object<'_> = serde_json::from_str(text).map_err(|error| vec![syntax(&error, text, file, line)])?;
        let (mut own, mut facts, mut top) = (Vec::new(), Vec::new(), Vec::new());
        let mut id = None;
        let mut faults: Vec<Fault> = Vec::new();
        let mut known: Vec<Arc<Asked>> = Vec::with_capacity(object.0.len());
        for (key, raw) in &object.0 {
            let reader = Reader { source: &source, text };
            let fault = |reason: Text| Fault::of_line(file, line, reason).in_column(key, raw.get());
            let asked = match self.asked(key) {
                None => continue,
                Some(Ok(asked)) => asked,
                Some(Err(reason)) => {
                    faults.push(fault(reason));
                    continue;
                }
            };
            let name = asked.name();
            if known.iter().any(|known| known.name() == name) {
                faults.push(fault(Text::new("这一项写了两次", "this is written twice")));
                continue;
            }
            let item = match reader.asked(raw, &asked) {
                Ok(item) => item,
                Err(reason) => {
                    faults.push(fault(reason));
                    known.push(asked);
                    continue;
                }
            };
            let entry = |key: &str, item: Item| Entry { key: key.to_owned(), key_span: item.span.clone(), item };
            if let Some(item) = item {
                match &*asked {
                    Asked::Column(Column::Id) => match &item.value {
                        Raw::Text(text) if unseen(text).is_some() => {
                            faults.extend(unseen(text).map(|character| fault(of_unseen(character))));
                        }
                        Raw::Text(text) => id = Some(text.trim().to_owned()).filter(|id| !id.is_empty()),
                        Raw::Integer(number) => id = Some(number.clone()),
                        _ => faults
                            .push(fault(Text::new("编号应为文字或整数", "the id must be a text or a whole number"))),
                    },
                    Asked::Column(Column::Fact(..)) => facts.push(entry(name, item)),
                    Asked::Column(_) => own.push(entry(name, item)),
                    Asked::List(list) if list.is_a_fact() => facts.push(entry(name, item)),
                    Asked::List(_) => top.push(entry(name, item)),
                }
            } else if matches!(*asked, Asked::Column(Column::Id)) {
                id = None;
            }
            known.push(asked);
        }
        if known.iter().any(|asked| asked.name() == "id") && id.is_none() && faults.is_empty() {
            faults.push(Fault::of_line(file, line, asked::no_id()).in_column("id", ""));
        }
        if !faults.is_empty() {
            faults.iter_mut().for_each(|fault| fault.id.clone_from(&id));
            return Err(faults);
        }
        let whole = Span::new(&source, 0..text.len());
        Ok(Document { table: asked::document(&whole, own, facts, top), id, file: None })
    }
}

/// What is wrong with a line that is no JSON object.
fn syntax(error: &serde_json::Error, text: &str, file: &Arc<str>, line: u64) -> Fault {
    // The parser counts bytes, and is behind the one that is wrong.
    let before = error.column().saturating_sub(1).min(text.len());
    let before = text.get(..before).unwrap_or(text);
    let column = before.chars().count() + 1;
    let stands = text.get(before.len()..).and_then(|rest| rest.chars().next());
    let hidden =
        stands.filter(|stands| !stands.is_ascii() && (stands.is_whitespace() || unseen(text) == Some(*stands)));
    let words = error.to_string();
    let words = words.split(" at line ").next().unwrap_or_default();
    // The parser's name for one of the words that JSON has.
    let words = if words == "expected ident" { "expected true, false or null" } else { words };
    const WORDS: [(&str, &str); 10] = [
        ("expected true", "文字要写在一对 `\"` 内"),
        ("invalid escape", "`\\` 之后的字符不对"),
        ("invalid number", "数字写法不对"),
        ("trailing characters", "对象之后还有别的内容；一行一个对象"),
        ("trailing comma", "末尾多了逗号"),
        ("expected `,`", "缺少逗号或右括号"),
        ("expected `:`", "键后缺少冒号"),
        ("key must be a string", "键要写在一对 `\"` 内"),
        ("control character", "文字中有控制字符"),
        ("expected value", "这里缺少值，或值不是 JSON 的写法"),
    ];
    let is_array = text.trim_start().starts_with('[');
    let zh = if is_array {
        "应为一个对象 {…}，这里是数组；去掉 [ ] 和对象之间的逗号，每行一个对象"
    } else if error.is_eof() {
        "没有写完"
    } else if error.is_data() {
        "应为一个对象 {…}"
    } else {
        // Else the parser's own words, which are English only.
        WORDS.iter().find(|(known, _)| words.starts_with(known)).map_or(words, |(_, zh)| zh)
    };
    let en = if is_array {
        "one object {…} is wanted, and this is an array; take out [ ] and the commas between objects, one object a line"
    } else if error.is_eof() {
        "it ends too early"
    } else if error.is_data() {
        "one object {…} is wanted"
    } else {
        words
    };
    let reason = Text::made(
        format!("第 {column} 字处不是正确的 JSON：{zh}"),
        format!("this is not valid JSON at character {column}: {en}"),
    );
    let reason = match hidden {
        Some(hidden) => Text::join(&[reason, of_unseen(hidden)], "；", "; "),
        None => reason,
    };
    Fault::of_line(file, line, reason)
}

/// Keys and values in their order, values as they are written.
struct Object<'a>(Vec<(Cow<'a, str>, &'a RawValue)>);

impl<'de> Deserialize<'de> for Object<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Keys;
        impl<'de> Visitor<'de> for Keys {
            type Value = Object<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Object<'de>, A::Error> {
                let mut entries = Vec::new();
                while let Some((Key(key), value)) = map.next_entry::<Key<'de>, &'de RawValue>()? {
                    entries.push((key, value));
                }
                Ok(Object(entries))
            }
        }
        deserializer.deserialize_map(Keys)
    }
}

/// A key, which stands in the line as it is unless it has escapes.
struct Key<'a>(Cow<'a, str>);

impl<'de> Deserialize<'de> for Key<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;
        impl<'de> Visitor<'de> for Text {
            type Value = Key<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }

            fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Key<'de>, E> {
                Ok(Key(Cow::Borrowed(text)))
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Key<'de>, E> {
                Ok(Key(Cow::Owned(text.to_owned())))
            }
        }
        deserializer.deserialize_str(Text)
    }
}

/// Reads values of one line.
struct Reader<'s> {
    source: &'s Arc<Source>,
    text: &'s str,
}

impl Reader<'_> {
    fn span(&self, raw: &RawValue) -> Span {
        // A raw value is a part of the line.
        let start = (raw.get().as_ptr() as usize).saturating_sub(self.text.as_ptr() as usize);
        Span::new(self.source, start..start + raw.get().len())
    }

    /// A value for what it is asked as; `None` for null.
    fn asked(&self, raw: &RawValue, asked: &Asked) -> Result<Option<Item>, Text> {
        let list = match asked {
            Asked::Column(column) => {
                let ty = column.read_as();
                return Ok(self.value(raw, 0)?.map(|item| typed(item, ty)));
            }
            Asked::List(list) => list,
        };
        let span = self.span(raw);
        if raw.get() == "null" {
            return Ok(None);
        }
        let Ok(records) = serde_json::from_str::<Vec<&RawValue>>(raw.get()) else {
            return Err(Text::new("应为对象的数组 [{…}, …]", "an array of objects [{…}, …] is wanted"));
        };
        let mut items = Vec::with_capacity(records.len());
        for (place, record) in records.iter().enumerate() {
            let number = place + 1;
            let within = |reason: &Text| {
                Text::made(format!("第{number}条：{}", reason.zh), format!("record {number}: {}", reason.en))
            };
            let Ok(object) = serde_json::from_str::<Object<'_>>(record.get()) else {
                return Err(within(&Text::new("应为对象 {…}", "an object {…} is wanted")));
            };
            let mut entries: Vec<Entry> = Vec::new();
            for (key, raw) in &object.0 {
                let field = list.field(key).ok_or_else(|| within(&list.unknown(key)))?;
                let here = |reason: Text| {
                    within(&Text::made(format!("“{key}”：{}", reason.zh), format!("“{key}”: {}", reason.en)))
                };
                if entries.iter().any(|entry| entry.key == field.name) {
                    return Err(here(Text::new("这一项写了两次", "this is written twice")));
                }
                if let Some(item) = self.value(raw, 1).map_err(here)? {
                    let item = typed(item, field.read_as());
                    entries.push(Entry { key: field.name.clone(), key_span: item.span.clone(), item });
                }
            }
            let span = self.span(record);
            items.push(Item { value: Raw::Table(Table::new(&span, entries)), span });
        }
        Ok(Some(Item { value: Raw::Array(items), span }))
    }

    /// A value as TOML has it; `None` for null.
    fn value(&self, raw: &RawValue, depth: usize) -> Result<Option<Item>, Text> {
        if depth > DEEPEST {
            return Err(Text::new("括号嵌套过深", "the brackets are nested too deeply"));
        }
        let text = raw.get();
        let bad = |_| Text::new("文字中有无法识别的转义", "there is an escape in the text that means nothing");
        let value = match text.as_bytes().first() {
            Some(b'n') => return Ok(None),
            Some(b't') => Raw::Bool(true),
            Some(b'f') => Raw::Bool(false),
            // Between its quotes it stands as it is, unless it has escapes.
            Some(b'"') => match text.strip_prefix('"').and_then(|text| text.strip_suffix('"')) {
                Some(text) if !text.contains('\\') => Raw::Text(text.to_owned()),
                _ => Raw::Text(serde_json::from_str(text).map_err(bad)?),
            },
            Some(b'[') => {
                let parts: Vec<&RawValue> = serde_json::from_str(text).map_err(bad)?;
                let parts = parts.into_iter().filter_map(|part| self.value(part, depth + 1).transpose());
                Raw::Array(parts.collect::<Result<_, Text>>()?)
            }
            Some(b'{') => {
                let object: Object<'_> = serde_json::from_str(text).map_err(bad)?;
                let mut entries: Vec<Entry> = Vec::new();
                for (key, raw) in object.0 {
                    if entries.iter().any(|entry| entry.key == key.trim()) {
                        return Err(Text::made(format!("“{key}”写了两次"), format!("“{key}” is written twice")));
                    }
                    if let Some(item) = self.value(raw, depth + 1)? {
                        let key = key.trim().to_owned();
                        entries.push(Entry { key, key_span: item.span.clone(), item });
                    }
                }
                Raw::Table(Table::new(&self.span(raw), entries))
            }
            _ if text.contains(['.', 'e', 'E']) => Raw::Float(text.to_owned()),
            _ => Raw::Integer(text.to_owned()),
        };
        Ok(Some(Item { value, span: self.span(raw) }))
    }
}

/// JSON has no dates: a text is one where one is asked for.
fn typed(item: Item, read_as: As<'_>) -> Item {
    let value = match (item.value, read_as) {
        // As most have it.
        (Raw::Text(text), As::Day) if Day::parse(&text).is_some() => Raw::Date(text),
        (Raw::Text(text), As::Fact(Type::Date)) if Day::parse(&text).is_some() => Raw::Text(text),
        (Raw::Text(text), As::Day) => cell::day(&text),
        (Raw::Text(text), As::Fact(Type::Date)) => cell::date(&text).map_or(Raw::Text(text), Raw::Text),
        (value, _) => value,
    };
    Item { value, ..item }
}
