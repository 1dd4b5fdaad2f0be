//! Declarations: units, enums, kinds of applicants, categories, facts, parameters, readings, definitions.

use std::sync::Arc;

use crate::diagnostic::{Code, Diagnostic, codes, did_you_mean};
use crate::document::{Entry, Item, Raw, Table};
use crate::expr::check::{Scope, Wanted, compile};
use crate::expr::formula::UnitName;
use crate::expr::lexer::figure_of;
use crate::expr::names::{Define, Enum, Input, List, Names, Origin, Reading, UnitWord};
use crate::expr::parser::is_keyword;
use crate::expr::program::Node;
use crate::expr::snippet::Snippet;
use crate::expr::types::Type;
use crate::lang::Text;
use crate::policy::given::given;
use crate::policy::keys;
use crate::source::Span;
use crate::value::words::MOST_WORDS;
use crate::value::{self, Bound, Day, DayRange, Interval, Number, Record, Truth, Unit, Value, Words};

codes! {
    static BAD_ID: Code = Code::new("bad-name", "名称写法不对", "this cannot be a name");
    static DUPLICATE: Code = Code::new("duplicate-name", "名称重复", "this name is taken");
    static UNKNOWN_TYPE: Code = Code::new("unknown-type", "类型不认识", "there is no such type");
    static UNKNOWN_UNIT: Code = Code::new("unknown-unit", "单位不认识", "this unit is not known");
    static TOO_MANY_WORDS: Code = Code::new("too-many-words", "选项过多", "this enum has too many words");
    static BAD_ABSENT: Code = Code::new("bad-absent", "空缺的含义不对", "absence cannot mean this");
    static UNKNOWN_FIELD: Code = Code::new("unknown-field", "没有这个字段", "there is no such field");
    static UNKNOWN_OPTION: Code = Code::new("unknown-option", "读法没有这个选项", "the reading has no such option");
}

/// Names that the language itself gives a meaning to.
const TAKEN: &[&str] = &["as_of", "event", "accrued", "reading", "window", "other", "known", "other_benefits"];

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

/// Whether a name can be one: lower-case ASCII, no keyword, not taken. Says so where it cannot.
pub(super) fn check_name(name: &str, span: &Span, diagnostics: &mut Vec<Diagnostic>) -> bool {
    let shaped = name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    if !shaped || is_keyword(name) || TAKEN.contains(&name) {
        let help = Text::new(
            "用小写英文字母、数字和下划线，以字母开头；不用语言自身的词",
            "lower-case ASCII letters, digits and underscores, a letter first; not a word of the language",
        );
        diagnostics.push(BAD_ID.at(span.clone(), Text::default()).help(help));
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
    /// The units that the functions of the language speak of.
    pub fn base_units(&mut self) {
        let mut add = |words: &[&str], base: &str, factor: i64, zh: &str, one: &str, many: &str| {
            let name = UnitName { zh: zh.to_owned(), en_one: one.to_owned(), en_many: many.to_owned() };
            for word in words {
                let unit = Unit::base(base);
                let found = UnitWord { unit, factor: Number::whole(factor), name: name.clone(), counts: false };
                self.names.units.insert((*word).to_owned(), found);
            }
        };
        add(&["元"], "元", 1, "元", "yuan", "yuan");
        add(&["月", "个月"], "月", 1, "个月", "month", "months");
        add(&["年"], "月", 12, "年", "year", "years");
        add(&["天", "日"], "天", 1, "天", "day", "days");
        add(&["岁", "周岁"], "岁", 1, "周岁", "year of age", "years of age");
        if let Some(hundredth) = Number::fraction(1, 100) {
            let name = UnitName { zh: "%".to_owned(), en_one: "%".to_owned(), en_many: "%".to_owned() };
            let percent = UnitWord { unit: Unit::none(), factor: hundredth, name, counts: false };
            self.names.units.insert("%".to_owned(), percent);
        }
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

    fn sections<'t>(&mut self, document: &'t Table, key: &str) -> &'t [Entry] {
        let Some(item) = document.get(key) else { return &[] };
        item.table(self.diagnostics).map_or(&[], Table::entries)
    }

    fn taken(&mut self, entry: &Entry) {
        let label = Text::made(format!("`{}` 已经声明过", entry.key), format!("`{}` is declared already", entry.key));
        self.diagnostics.push(DUPLICATE.at(entry.key_span.clone(), label));
    }

    /// `[units."人"]`
    pub fn units(&mut self, document: &Table) {
        for entry in self.sections(document, "units") {
            let Some(table) = entry.item.table(self.diagnostics) else { continue };
            table.only(&keys::UNIT.names(), self.diagnostics);
            let Some(en) = table.need("en", self.diagnostics).and_then(|en| en.table(self.diagnostics)) else {
                continue;
            };
            en.only(&keys::UNIT_NAMES.names(), self.diagnostics);
            let one = en.need_text("one", self.diagnostics).map(str::to_owned);
            let many = en.need_text("many", self.diagnostics).map(str::to_owned);
            let (Some(en_one), Some(en_many)) = (one, many) else { continue };
            let counts = table.get("counts").and_then(|item| item.bool(self.diagnostics)).unwrap_or(false);
            let (unit, factor) = match table.get("equals") {
                None => (Unit::base(&entry.key), Number::ONE),
                Some(item) => {
                    let figure = item.text(self.diagnostics).and_then(figure_of);
                    match figure.map(|figure| self.names.figure(&figure)) {
                        Some(Ok((number, unit))) => (unit, number),
                        _ => {
                            self.diagnostics.push(UNKNOWN_UNIT.at(item.span.clone(), Text::default()));
                            continue;
                        }
                    }
                }
            };
            let name = UnitName { zh: entry.key.clone(), en_one, en_many };
            let found = UnitWord { unit, factor, name, counts };
            let aliases = table.get("aliases").map(|item| item.texts(self.diagnostics)).unwrap_or_default();
            let words = std::iter::once((entry.key.clone(), entry.key_span.clone())).chain(aliases);
            for (word, span) in words {
                if self.names.units.insert(word.clone(), found.clone()).is_some() {
                    let label = Text::made(format!("单位“{word}”已有"), format!("the unit “{word}” exists already"));
                    self.diagnostics.push(DUPLICATE.at(span, label));
                }
            }
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

    fn words(&mut self, table: &Table) -> Vec<(String, Text)> {
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

    /// `[facts.degree]`
    pub fn facts(&mut self, document: &Table) {
        for entry in self.sections(document, "facts") {
            let Some(mut input) = self.input(entry, Origin::Fact) else { continue };
            if self.names.input_places.contains_key(&input.name) {
                self.taken(entry);
                continue;
            }
            if let Type::List(list) = input.ty {
                input.ty = Type::List(list);
                let place = self.add_input(input);
                if let Some(list) = self.names.lists.get_mut(list) {
                    list.input = place;
                }
            } else {
                self.add_input(input);
            }
        }
    }

    fn input(&mut self, entry: &Entry, origin: Origin) -> Option<Input> {
        let named = check_name(&entry.key, &entry.key_span, self.diagnostics);
        let table = entry.item.table(self.diagnostics)?;
        let ty_item = table.need("type", self.diagnostics)?;
        let ty_name = ty_item.text(self.diagnostics)?.to_owned();
        if ty_name == "list" {
            return self.list(entry, table).filter(|_| named);
        }
        let ty = match ty_name.as_str() {
            "bool" => Type::Bool,
            "date" => Type::Date,
            "text" => Type::Text,
            "quantity" => Type::Quantity(self.unit_of(table)?),
            other => match self.names.enum_places.get(other) {
                Some(place) => Type::Enum(*place),
                None => {
                    let mut known: Vec<&str> = keys::TYPES.to_vec();
                    known.extend(self.names.enum_places.keys().map(String::as_str));
                    let help = did_you_mean(other, known);
                    self.diagnostics.push(UNKNOWN_TYPE.at(ty_item.span.clone(), Text::default()).help(help));
                    return None;
                }
            },
        };
        let keys = if matches!(origin, Origin::Parameter(_)) { &keys::PARAMETER } else { &keys::FACT };
        table.only(&keys::names_of_type(keys, &ty_name), self.diagnostics);
        let label = table.need_words("label", self.diagnostics).unwrap_or_default();
        let ask = table.get("ask").and_then(|item| item.words(self.diagnostics));
        let flag = |key: &str, diagnostics: &mut Vec<Diagnostic>| {
            table.get(key).and_then(|item| item.bool(diagnostics)).unwrap_or(false)
        };
        let integer = flag("integer", self.diagnostics);
        let absent_never =
            matches!(table.get("absent").map(|item| &item.value), Some(Raw::Text(text)) if text == "never");
        let may_be_never = flag("never", self.diagnostics) || (absent_never && ty == Type::Date);
        let domain = match &ty {
            Type::Bool => Value::Truth(Truth::OPEN),
            Type::Enum(place) => {
                Value::Words(Words::all(self.names.enums.get(*place).map_or(0, |found| found.words.len())))
            }
            Type::Date => {
                Value::Date(DayRange { lo: Day::FIRST, hi: if may_be_never { Day::NEVER } else { Day::LAST } })
            }
            Type::Text | Type::List(_) => Value::Text(None),
            Type::Quantity(_) => Value::Quantity(Interval::ANY),
        };
        let name = entry.key.clone();
        let mut input = Input {
            name,
            label,
            ask,
            ty,
            origin,
            absent: domain.clone(),
            domain,
            dated: Vec::new(),
            integer,
            // By its unit, or by the way in which its bounds are written.
            percent: ["unit", "min", "max"]
                .into_iter()
                .filter_map(|key| table.get(key))
                .any(|item| matches!(&item.value, Raw::Text(text) if text.ends_with('%'))),
            may_be_never,
        };
        self.bounds(table, &mut input);
        input.absent = input.domain.clone();
        if let Some(absent) = table.get("absent").and_then(|item| self.absent(item, &input)) {
            input.absent = absent;
        }
        named.then_some(input)
    }

    fn unit_of(&mut self, table: &Table) -> Option<Unit> {
        let Some(item) = table.get("unit") else { return Some(Unit::none()) };
        let text = item.text(self.diagnostics)?;
        let found = figure_of(&format!("1{text}")).map(|figure| self.names.figure(&figure));
        match found {
            Some(Ok((_, unit))) => Some(unit),
            _ => {
                let known: Vec<&str> = self.names.units.keys().map(String::as_str).collect();
                let help = did_you_mean(text, known);
                self.diagnostics.push(UNKNOWN_UNIT.at(item.span.clone(), Text::default()).help(help));
                None
            }
        }
    }

    /// `min` and `max`: figures, or bare numbers in the unit declared.
    fn bounds(&mut self, table: &Table, input: &mut Input) {
        let Type::Quantity(unit) = input.ty.clone() else { return };
        let mut end = |key: &str| -> Option<Bound> {
            let item = table.get(key)?;
            if let Raw::Integer(text) = &item.value {
                return figure_of(text).map(|figure| Bound::At(figure.number));
            }
            super::given::read_figure(item, &unit, self.names, self.diagnostics).map(Bound::At)
        };
        let domain = Interval { lo: end("min").unwrap_or(Bound::Below), hi: end("max").unwrap_or(Bound::Above) };
        input.domain = Value::Quantity(domain);
    }

    /// What a blank means: `false`, `"never"`, `"empty"`.
    fn absent(&mut self, item: &Item, input: &Input) -> Option<Value> {
        let found = match (&item.value, &input.ty) {
            (Raw::Bool(false), Type::Bool) => Some(Value::Truth(Truth::FALSE)),
            (Raw::Text(text), Type::Date) if text == "never" => Some(Value::Date(DayRange::point(Day::NEVER))),
            (Raw::Text(text), Type::List(_)) if text == "empty" => Some(Value::List(Arc::default())),
            (Raw::Text(text), Type::Text) if text == "empty" => Some(Value::Text(Some("".into()))),
            _ => None,
        };
        if found.is_none() {
            let help = Text::new(
                "是/否类写 false，日期写 \"never\"，名单写 \"empty\"；数额和选项的空缺一律是未知",
                "false for a yes/no, \"never\" for a date, \"empty\" for a list; a blank amount or word is always unknown",
            );
            self.diagnostics.push(BAD_ABSENT.at(item.span.clone(), Text::default()).help(help));
        }
        found
    }

    fn list(&mut self, entry: &Entry, table: &Table) -> Option<Input> {
        table.only(&keys::names_of_type(&keys::FACT, "list"), self.diagnostics);
        let label = table.need_words("label", self.diagnostics).unwrap_or_default();
        let ask = table.get("ask").and_then(|item| item.words(self.diagnostics));
        let unit = self.unit_of(table)?;
        let fields = table.need("fields", self.diagnostics)?.table(self.diagnostics)?.clone();
        let fields: Vec<Input> = fields.entries().iter().filter_map(|field| self.input(field, Origin::Fact)).collect();
        let label_by = table.get("label_by").and_then(|item| {
            let name = item.text(self.diagnostics)?;
            let found = fields.iter().position(|field| field.name == name);
            if found.is_none() {
                let known: Vec<&str> = fields.iter().map(|field| field.name.as_str()).collect();
                let help = did_you_mean(name, known);
                self.diagnostics.push(UNKNOWN_FIELD.at(item.span.clone(), Text::default()).help(help));
            }
            found
        });
        let any = Record { fields: fields.iter().map(|field| field.domain.clone()).collect(), label: None, times: 1 };
        let place = self.names.lists.len();
        self.names.lists.push(List { input: usize::MAX, name: entry.key.clone(), unit, label_by, fields, any });
        let open = Value::List(Arc::new(value::List { records: Vec::new(), open: true }));
        let mut input = Input {
            name: entry.key.clone(),
            label,
            ask,
            ty: Type::List(place),
            origin: Origin::Fact,
            domain: open.clone(),
            absent: open,
            dated: Vec::new(),
            integer: false,
            percent: false,
            may_be_never: false,
        };
        if let Some(absent) = table.get("absent").and_then(|item| self.absent(item, &input)) {
            input.absent = absent;
        }
        Some(input)
    }

    /// `[parameters.station_grant]`
    pub fn parameters(&mut self, document: &Table) {
        for entry in self.sections(document, "parameters") {
            let stands_in = entry.item.table(self.diagnostics).and_then(|table| table.get("stands_in").cloned());
            let stands_in = stands_in.and_then(|item| item.text(self.diagnostics).map(str::to_owned));
            let Some(mut input) = self.input(entry, Origin::Parameter(stands_in)) else { continue };
            if self.names.input_places.contains_key(&input.name) {
                self.taken(entry);
                continue;
            }
            let value = match &entry.item.value {
                Raw::Table(table) => table.get("value"),
                _ => None,
            };
            if let Some(item) = value
                && let Some(value) = given(item, &input, self.names, self.diagnostics)
            {
                input.absent = value;
            }
            self.add_input(input);
        }
    }

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
            self.names.enums.push(Enum { id: name.clone(), label: label.clone(), ordered: false, words });
            let reading = Reading { id: entry.key.clone(), default, because };
            self.add_input(Input {
                name,
                label,
                ask: None,
                ty,
                origin: Origin::Reading(reading),
                domain,
                absent: Value::Words(Words::one(default)),
                dated: Vec::new(),
                integer: false,
                percent: false,
                may_be_never: false,
            });
        }
    }

    /// `[define]`, each using only earlier ones.
    pub fn defines(&mut self, document: &Table) {
        for entry in self.sections(document, "define") {
            if !check_name(&entry.key, &entry.key_span, self.diagnostics) {
                continue;
            }
            let node = expression(&entry.item, self.names, &Scope::default(), &Wanted::Anything, self.diagnostics);
            let Some(node) = node else { continue };
            let taken = self.names.input_places.contains_key(&entry.key)
                || self.names.defines.iter().any(|define| define.name == entry.key);
            if taken {
                self.taken(entry);
                continue;
            }
            self.names.defines.push(Define { name: entry.key.clone(), node });
        }
    }

    /// The applicant's other benefits, as a list that the overlap rule looks at.
    pub fn other_benefits(&mut self) -> (usize, usize) {
        let field = |name: &str, ty: Type, domain: Value, zh: &'static str, en: &'static str| Input {
            name: name.to_owned(),
            label: Text::new(zh, en),
            ask: None,
            ty,
            origin: Origin::Fact,
            absent: domain.clone(),
            domain,
            dated: Vec::new(),
            integer: false,
            percent: false,
            may_be_never: false,
        };
        let at_least_zero = Interval { lo: Bound::ZERO, hi: Bound::Above };
        let mut fields = vec![
            field("category", Type::Text, Value::Text(None), "用途", "what it is for"),
            field("amount", Type::Quantity(Unit::base("元")), Value::Quantity(at_least_zero), "金额", "amount"),
            field("on", Type::Date, Value::Date(DayRange { lo: Day::FIRST, hi: Day::LAST }), "日期", "date"),
            field("source", Type::Text, Value::Text(None), "依据", "source"),
            field("installment", Type::Text, Value::Text(None), "期次", "instalment"),
            field("clause", Type::Text, Value::Text(None), "对应条款", "the clause it is for"),
        ];
        // An entry that names no part and no clause is for the whole category.
        for field in fields.iter_mut().filter(|field| matches!(field.name.as_str(), "installment" | "clause")) {
            field.absent = Value::Text(Some("".into()));
        }
        if let Some(&level) = self.names.enum_places.get("level") {
            let words = self.names.enums.get(level).map_or(0, |found| found.words.len());
            fields.push(field("level", Type::Enum(level), Value::Words(Words::all(words)), "层级", "level"));
        }
        let any = Record { fields: fields.iter().map(|field| field.domain.clone()).collect(), label: None, times: 1 };
        let list = self.names.lists.len();
        let input = self.add_input(Input {
            name: "other_benefits".to_owned(),
            label: Text::new("其他政策已享受的待遇", "benefits from other schemes"),
            ask: None,
            ty: Type::List(list),
            origin: Origin::Fact,
            domain: Value::List(Arc::default()),
            absent: Value::List(Arc::default()),
            dated: Vec::new(),
            integer: false,
            percent: false,
            may_be_never: false,
        });
        self.names.lists.push(List {
            input,
            name: "other_benefits".to_owned(),
            unit: Unit::none(),
            label_by: Some(3),
            fields,
            any,
        });
        (input, list)
    }
}
