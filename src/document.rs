//! A TOML document in which every key and value knows its place, and the questions that policies and applicants ask of it.
//! A question that finds the wrong kind of value says so, with the place, and gives `None`.

mod packed;

use std::borrow::Cow;
use std::sync::Arc;

pub use packed::unpack;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::diagnostic::{Code, Diagnostic, codes, help_for};
use crate::lang::Text;
use crate::source::{Source, Span, folded, of_unseen, unseen, unseen_in_lines, visible};
use crate::value::Day;

codes! {
    static BAD_TOML: Code = Code::new("bad-toml", "文件不是正确的 TOML", "this is not valid TOML");
    static UNKNOWN_KEY: Code = Code::new("unknown-key", "没有这个键", "there is no such key");
    static MISSING_KEY: Code = Code::new("missing-key", "缺少必需的键", "a key that is needed is missing");
    static UNSEEN: Code = Code::new("unseen-character", "有看不见的字符", "a character cannot be seen");
    static WRONG_KIND: Code = Code::new("wrong-kind", "值的类型不对", "this is not the kind of value that is wanted here");
}

/// More faults in one file than this are not listed one by one.
const MOST_SYNTAX_FAULTS: usize = 20;

/// A value and its place.
#[derive(Clone, Debug)]
pub struct Item {
    /// The value.
    pub value: Raw,
    /// Its place.
    pub span: Span,
}

/// What TOML knows.
#[derive(Clone, Debug)]
pub enum Raw {
    /// A string.
    Text(String),
    /// A whole number as written, in base ten.
    Integer(String),
    /// A number with a point or exponent, as written.
    Float(String),
    /// true or false.
    Bool(bool),
    /// A date or time as written.
    Date(String),
    /// Several values.
    Array(Vec<Item>),
    /// Keys and values.
    Table(Table),
}

/// Keys and values in the order of the file.
#[derive(Clone, Debug)]
pub struct Table {
    /// The table's place.
    pub span: Span,
    entries: Vec<Entry>,
}

/// A key with its value.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The key.
    pub key: String,
    /// Its place.
    pub key_span: Span,
    /// The value.
    pub item: Item,
}

/// Reads a document; `None` where it is no TOML, with every fault among `diagnostics`.
pub fn parse(source: &Arc<Source>, diagnostics: &mut Vec<Diagnostic>) -> Option<Table> {
    let (table, errors) = DeTable::parse_recoverable(&source.text);
    for error in errors.iter().take(MOST_SYNTAX_FAULTS) {
        let range = error.span().unwrap_or(0..0);
        let (label, help) = in_words(error.message(), source.text.get(range.clone()).unwrap_or(""));
        // A blank that is no ASCII, or something that cannot be seen, is not found by looking.
        let line = source.line(source.place(range.start).line - 1);
        let hidden = || unseen(line).or_else(|| line.chars().find(|c| c.is_whitespace() && !c.is_ascii()));
        let help = help.or_else(|| hidden().map(of_unseen));
        diagnostics.push(BAD_TOML.at(Span::new(source, range), label).help(help));
    }
    errors.is_empty().then(|| convert_table(source, table.span(), table.get_ref()))
}

/// As much of a document as can be made out, whatever is wrong with it, and whether it is whole: for editors, whose text is seldom
/// finished.
pub fn recovered(source: &Arc<Source>) -> (Table, bool) {
    let (table, errors) = DeTable::parse_recoverable(&source.text);
    (convert_table(source, table.span(), table.get_ref()), errors.is_empty())
}

/// The parser's message in words, for the faults that people make most, by what stands there.
fn in_words(message: &str, stands: &str) -> (Text, Option<Text>) {
    const WORDS: &[(&str, &str, &str)] = &[
        ("duplicate key", "这个键已经写过", "this key stands here already"),
        (
            "invalid basic string",
            "字符串没有在本行结束，缺少 `\"`",
            "the text does not end on this line; a `\"` is missing",
        ),
        (
            "invalid unquoted key",
            "键只用英文字母、数字、`_` 和 `-`",
            "a key has only ASCII letters, digits, `_` and `-`",
        ),
        ("key with no value", "键后缺少 `= 值`", "`= value` is missing behind the key"),
        ("missing value", "`=` 后缺少值", "the value is missing behind `=`"),
        ("string values must be quoted", "文字要写在一对 `\"` 内", "a text stands between two `\"`"),
        ("recurs", "括号嵌套过深", "the brackets are nested too deeply"),
        ("unclosed array", "缺少 `]`", "a `]` is missing"),
        ("unclosed inline table", "缺少 `}`", "a `}` is missing"),
        ("unclosed table", "缺少 `]`", "a `]` is missing"),
        ("invalid date", "没有这个日期", "there is no such date"),
        ("invalid time", "时间有误", "there is no such time"),
        ("out of range", "数值超出范围", "this number is out of range"),
        ("unexpected key or value", "这里应另起一行", "a new line should begin here"),
    ];
    let dated = stands.starts_with(|c: char| c.is_ascii_digit()) && stands.contains(['-', '/', '年']);
    let help = if stands.contains(['“', '”', '‘', '’', '＂']) {
        Some(Text::new("中文引号改为英文引号 `\"`", "write straight quotes `\"` for the curly ones"))
    } else if stands.contains(['＝', '，', '：', '［', '］', '【', '】', '｛', '｝']) {
        Some(Text::new(
            "全角符号改为半角，如 `=`、`,`",
            "write ASCII signs such as `=` and `,` for the full-width ones",
        ))
    } else if dated {
        Some(Text::new("日期写作 2024-03-01，不加引号", "a date is written 2024-03-01, without quotes"))
    } else {
        None
    };
    let found = WORDS.iter().find(|(parser, _, _)| message.contains(parser));
    // Else the parser's own words, which are English only.
    let other = || Text::made(format!("不符合 TOML 的写法（{message}）"), message.to_owned());
    (found.map_or_else(other, |(_, zh, en)| Text::new(zh, en)), help)
}

fn convert_table(source: &Arc<Source>, range: std::ops::Range<usize>, table: &DeTable<'_>) -> Table {
    let entries = table
        .iter()
        .map(|(key, value)| Entry {
            key: key.get_ref().to_string(),
            key_span: Span::new(source, key.span()),
            item: convert(source, value),
        })
        .collect();
    Table { span: Span::new(source, range), entries }
}

fn convert(source: &Arc<Source>, value: &Spanned<DeValue<'_>>) -> Item {
    let raw = match value.get_ref() {
        DeValue::String(text) => Raw::Text(text.to_string()),
        DeValue::Integer(number) if number.radix() == 10 => Raw::Integer(number.as_str().to_owned()),
        DeValue::Integer(number) => Raw::Float(number.as_str().to_owned()),
        DeValue::Float(number) => Raw::Float(number.as_str().to_owned()),
        DeValue::Boolean(truth) => Raw::Bool(*truth),
        DeValue::Datetime(date) => Raw::Date(date.to_string()),
        DeValue::Array(items) => Raw::Array(items.iter().map(|item| convert(source, item)).collect()),
        DeValue::Table(table) => Raw::Table(convert_table(source, value.span(), table)),
    };
    Item { value: raw, span: Span::new(source, value.span()) }
}

/// A blank stands between 汉字 and what begins in another script.
fn spaced(text: &str) -> String {
    let gap = if text.starts_with(|c: char| c.is_ascii_alphanumeric()) { " " } else { "" };
    format!("{gap}{text}")
}

/// A fault: this is not what is wanted.
pub fn wrong_kind(item: &Item, wanted: &Text, diagnostics: &mut Vec<Diagnostic>) {
    if item.shows(diagnostics).is_none() {
        return;
    }
    let stands = item.describe();
    let label = Text::made(
        format!("这里是{}，应为{}", spaced(&stands.zh), spaced(&wanted.zh)),
        format!("this is {}; {} is wanted", stands.en, wanted.en),
    );
    diagnostics.push(WRONG_KIND.at(item.span.clone(), label));
}

impl Item {
    /// What stands here, in words.
    pub fn describe(&self) -> Text {
        match &self.value {
            Raw::Text(_) => Text::new("文字", "a text"),
            Raw::Integer(_) => Text::new("整数", "a whole number"),
            Raw::Float(_) => Text::new("小数", "a number with a point"),
            Raw::Bool(_) => Text::new("true/false", "true/false"),
            Raw::Date(date) if date.contains(':') => Text::new("带时间的日期", "a date with a time"),
            Raw::Date(date) if Day::parse(date).is_none() => Text::new("范围以外的日期", "a date out of range"),
            Raw::Date(_) => Text::new("日期", "a date"),
            Raw::Array(_) => Text::new("数组", "an array"),
            Raw::Table(_) => Text::new("表", "a table"),
        }
    }

    /// A string.
    pub fn text(&self, diagnostics: &mut Vec<Diagnostic>) -> Option<&str> {
        if let Raw::Text(text) = &self.value {
            return Some(text);
        }
        wrong_kind(self, &Text::new("加引号的文字", "a text in quotes"), diagnostics);
        None
    }

    /// Reports what cannot be seen in a string that is no free text, or in those that it holds.
    pub fn shows(&self, diagnostics: &mut Vec<Diagnostic>) -> Option<()> {
        match &self.value {
            Raw::Text(text) => {
                // A text may have several lines.
                let Some(character) = unseen_in_lines(text) else { return Some(()) };
                diagnostics.push(UNSEEN.at(self.span.clone(), of_unseen(character)));
                None
            }
            Raw::Array(items) => items.iter().try_for_each(|item| item.shows(diagnostics)),
            Raw::Table(table) => table.entries.iter().try_for_each(|entry| entry.item.shows(diagnostics)),
            _ => Some(()),
        }
    }

    /// A string that is a word or an id, as it is compared: without blanks around it, in plain forms.
    pub fn word(&self, diagnostics: &mut Vec<Diagnostic>) -> Option<Cow<'_, str>> {
        let text = self.text(diagnostics)?;
        self.shows(diagnostics)?;
        Some(folded(text))
    }

    /// The same value, with figures and days in plain forms where they were typed in full-width ones: data may have them.
    pub fn in_plain_forms(&self) -> Cow<'_, Item> {
        let value = match &self.value {
            Raw::Text(text) => match folded(text) {
                plain if plain == *text => return Cow::Borrowed(self),
                plain => Raw::Text(plain.into_owned()),
            },
            Raw::Table(table) => Raw::Table(table.clone().at_home(|item| item.in_plain_forms().into_owned())),
            _ => return Cow::Borrowed(self),
        };
        Cow::Owned(Item { value, span: self.span.clone() })
    }

    /// true or false.
    pub fn bool(&self, diagnostics: &mut Vec<Diagnostic>) -> Option<bool> {
        if let Raw::Bool(truth) = &self.value {
            return Some(*truth);
        }
        wrong_kind(self, &Text::new("true 或 false", "true or false"), diagnostics);
        None
    }

    /// A calendar date.
    pub fn day(&self, diagnostics: &mut Vec<Diagnostic>) -> Option<Day> {
        if let Raw::Date(date) = &self.value
            && let Some(day) = Day::parse(date)
        {
            return Some(day);
        }
        wrong_kind(
            self,
            &Text::new("日期（2024-03-01，1900 年至 2199 年）", "a date (2024-03-01, from 1900 to 2199)"),
            diagnostics,
        );
        None
    }

    /// A table.
    pub fn table(&self, diagnostics: &mut Vec<Diagnostic>) -> Option<&Table> {
        if let Raw::Table(table) = &self.value {
            return Some(table);
        }
        wrong_kind(self, &Text::new("表", "a table"), diagnostics);
        None
    }

    /// Several values.
    pub fn array(&self, diagnostics: &mut Vec<Diagnostic>) -> Option<&[Item]> {
        if let Raw::Array(items) = &self.value {
            return Some(items);
        }
        wrong_kind(self, &Text::new("数组", "an array"), diagnostics);
        None
    }

    /// One string, or several.
    pub fn texts(&self, diagnostics: &mut Vec<Diagnostic>) -> Vec<(String, Span)> {
        match &self.value {
            Raw::Text(text) => vec![(text.clone(), self.span.clone())],
            Raw::Array(items) => {
                items.iter().filter_map(|item| Some((item.text(diagnostics)?.to_owned(), item.span.clone()))).collect()
            }
            _ => {
                wrong_kind(self, &Text::new("文字或文字的数组", "a text or an array of texts"), diagnostics);
                Vec::new()
            }
        }
    }

    /// `{ zh = "…", en = "…" }`
    pub fn words(&self, diagnostics: &mut Vec<Diagnostic>) -> Option<Text> {
        let Raw::Table(table) = &self.value else {
            let wanted = Text::new(
                "两种语言的文字 { zh = \"…\", en = \"…\" }",
                "a text in both languages, { zh = \"…\", en = \"…\" },",
            );
            wrong_kind(self, &wanted, diagnostics);
            return None;
        };
        table.only(&["zh", "en"], diagnostics);
        table.own_words(diagnostics)
    }

    /// A list of words.
    pub fn words_list(&self, diagnostics: &mut Vec<Diagnostic>) -> Vec<Text> {
        let items = self.array(diagnostics).unwrap_or_default();
        items.iter().filter_map(|item| item.words(diagnostics)).collect()
    }
}

impl Table {
    /// A table put together from entries, and the place to name for it.
    pub fn new(span: &Span, entries: Vec<Entry>) -> Table {
        Table { span: span.clone(), entries }
    }

    /// The same in another place, its values moved as told.
    pub fn at(self, span: &Span, moved: impl Fn(Item) -> Item) -> Table {
        let entry = |entry: Entry| Entry { key_span: span.clone(), item: moved(entry.item), ..entry };
        Table { span: span.clone(), entries: self.entries.into_iter().map(entry).collect() }
    }

    /// The same in its own place, its values changed.
    fn at_home(self, changed: impl Fn(Item) -> Item) -> Table {
        let entry = |entry: Entry| Entry { item: changed(entry.item), ..entry };
        Table { entries: self.entries.into_iter().map(entry).collect(), ..self }
    }

    /// The keys and values, in the order of the file.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&Item> {
        self.entries.iter().find(|entry| entry.key == key).map(|entry| &entry.item)
    }

    /// The value of a key that must be there.
    pub fn need(&self, key: &str, diagnostics: &mut Vec<Diagnostic>) -> Option<&Item> {
        let found = self.get(key);
        if found.is_none() {
            let label = Text::made(format!("这里缺少 `{key}`"), format!("`{key}` is missing here"));
            diagnostics.push(MISSING_KEY.at(self.head(), label));
        }
        found
    }

    /// Its place, without all that it holds.
    pub fn head(&self) -> Span {
        let text = self.span.source.text.get(self.span.range.clone()).unwrap_or("");
        let first_line = text.find('\n').unwrap_or(text.len());
        Span::new(&self.span.source, self.span.range.start..self.span.range.start + first_line)
    }

    /// The table that a key has, taken out; in its place an empty one stays. None where it has no table.
    pub fn take_table(&mut self, key: &str) -> Option<Table> {
        let entry = self.entries.iter_mut().find(|entry| entry.key == key)?;
        let Raw::Table(table) = &mut entry.item.value else { return None };
        let span = table.span.clone();
        Some(std::mem::replace(table, Table::new(&span, Vec::new())))
    }

    /// The same with these entries in place of its own of the same key, or behind them.
    pub fn with(mut self, entries: impl IntoIterator<Item = Entry>) -> Table {
        for entry in entries {
            match self.entries.iter_mut().find(|own| own.key == entry.key) {
                Some(own) => *own = entry,
                None => self.entries.push(entry),
            }
        }
        self
    }

    /// The same without the entries of these keys.
    pub fn without(&self, keys: &[&str]) -> Table {
        let kept = self.entries.iter().filter(|entry| !keys.contains(&entry.key.as_str()));
        Table { entries: kept.cloned().collect(), span: self.span.clone() }
    }

    /// Reports every key that is not one of these.
    pub fn only(&self, known: &[&str], diagnostics: &mut Vec<Diagnostic>) {
        self.only_or(known, &|_| None, diagnostics);
    }

    /// The same; `instead` knows what is to be written in place of some other keys.
    pub fn only_or(&self, known: &[&str], instead: &dyn Fn(&str) -> Option<Text>, diagnostics: &mut Vec<Diagnostic>) {
        for entry in &self.entries {
            if !known.contains(&entry.key.as_str()) {
                let near = || help_for(&entry.key, known.iter().copied(), diagnostics);
                let help = instead(&entry.key).or_else(near);
                diagnostics.push(UNKNOWN_KEY.at(entry.key_span.clone(), Text::default()).help(help));
            }
        }
    }

    /// The words of its keys `zh` and `en`, both needed.
    pub fn own_words(&self, diagnostics: &mut Vec<Diagnostic>) -> Option<Text> {
        let zh = self.need("zh", diagnostics);
        let en = self.need("en", diagnostics);
        let zh = zh?.text(diagnostics)?.to_owned();
        let en = en?.text(diagnostics)?.to_owned();
        // A free text is made visible where it comes in, so that it is wherever it goes out.
        Some(Text::made(visible(&zh).into_owned(), visible(&en).into_owned()))
    }

    /// The words of a key that must be there.
    pub fn need_words(&self, key: &str, diagnostics: &mut Vec<Diagnostic>) -> Option<Text> {
        self.need(key, diagnostics)?.words(diagnostics)
    }

    /// The string of a key that must be there.
    pub fn need_text(&self, key: &str, diagnostics: &mut Vec<Diagnostic>) -> Option<&str> {
        self.need(key, diagnostics)?.text(diagnostics)
    }
}
