//! The facts, lists, words and readings that every generated policy declares. What varies is what the clauses do with them.

/// A unit of the generated policies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    Yuan,
    Months,
    Days,
    Persons,
    Years,
    Pure,
    YuanPerMonth,
    YuanPerPerson,
}

/// A set of words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Words {
    Grade,
    Colour,
    Level,
    First,
    Second,
    Parts,
    Method,
}

/// The type of an expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    Truth,
    Word(Words),
    Date,
    Number(Unit),
    Text,
}

/// A fact, or a field of a record.
#[derive(Debug)]
pub struct Fact {
    pub name: &'static str,
    pub ty: Type,
    /// Bounds in base units.
    pub min: Option<i64>,
    pub max: Option<i64>,
    pub integer: bool,
    /// Whether the date may be "never".
    pub never: bool,
    /// What a blank means, where it means something.
    pub absent: Option<&'static str>,
}

impl Unit {
    /// Behind a number.
    pub fn symbol(self) -> &'static str {
        match self {
            Unit::Yuan => "元",
            Unit::Months => "个月",
            Unit::Days => "天",
            Unit::Persons => "人",
            Unit::Years => "岁",
            Unit::Pure => "",
            Unit::YuanPerMonth => "元/月",
            Unit::YuanPerPerson => "元/人",
        }
    }
}

impl Words {
    /// The words, each in one set only, so that an expression may use it anywhere.
    pub fn words(self) -> &'static [&'static str] {
        match self {
            Words::Grade => &["low", "mid", "high", "top"],
            Words::Colour => &["red", "green", "blue"],
            Words::Level => &["city", "province"],
            Words::First => &["wide", "narrow"],
            Words::Second => &["once", "twice", "thrice"],
            Words::Parts => &["complete", "started", "touched", "daily"],
            Words::Method => &["difference", "nothing_more"],
        }
    }

    fn name(self) -> &'static str {
        match self {
            Words::Grade => "grade",
            Words::Colour => "colour",
            Words::Level => "level",
            Words::First | Words::Second | Words::Parts | Words::Method => "",
        }
    }
}

const fn fact(name: &'static str, ty: Type) -> Fact {
    Fact { name, ty, min: None, max: None, integer: false, never: false, absent: None }
}

const fn quantity(name: &'static str, unit: Unit, min: i64, max: i64, integer: bool) -> Fact {
    Fact { min: Some(min), max: Some(max), integer, ..fact(name, Type::Number(unit)) }
}

/// The facts that are no lists.
pub const FACTS: &[Fact] = &[
    fact("able", Type::Truth),
    fact("settled", Type::Truth),
    Fact { absent: Some("false"), ..fact("signed", Type::Truth) },
    fact("rank", Type::Word(Words::Grade)),
    fact("paint", Type::Word(Words::Colour)),
    quantity("income", Unit::Yuan, 0, 100_000, false),
    fact("balance", Type::Number(Unit::Yuan)),
    quantity("staff", Unit::Persons, 0, 100, true),
    quantity("portion", Unit::Pure, 0, 1, false),
    quantity("term", Unit::Months, 0, 60, true),
    quantity("delay", Unit::Days, 0, 400, true),
    fact("born", Type::Date),
    Fact { never: true, ..fact("came", Type::Date) },
    Fact { never: true, absent: Some("\"never\""), ..fact("left_on", Type::Date) },
    fact("town", Type::Text),
];

/// The one list, and the fields of its records.
pub const LIST: &str = "items";

/// The name of some of its records.
pub const SOME: &str = "some";
pub const FIELDS: &[Fact] = &[
    fact("flag", Type::Truth),
    fact("class", Type::Word(Words::Grade)),
    quantity("worth", Unit::Yuan, 0, 50_000, false),
    quantity("spell", Unit::Months, 0, 24, true),
    fact("since", Type::Date),
    Fact { never: true, ..fact("ended", Type::Date) },
    fact("tag", Type::Text),
];

/// The fields of an entry of `[[other_benefits]]` that the rule on overlap may ask for; the program declares them.
pub const OTHER: &[Fact] = &[
    Fact { min: Some(0), ..fact("amount", Type::Number(Unit::Yuan)) },
    fact("on", Type::Date),
    fact("level", Type::Word(Words::Level)),
];

/// The readings, each with its words; the first is the default.
pub const READINGS: &[(&str, Words)] = &[("first", Words::First), ("second", Words::Second)];

/// The categories.
pub const CATEGORIES: &[&str] = &["housing", "living"];

/// Texts that facts and expressions use.
pub const TEXTS: &[&str] = &["north", "south", "east"];
/// Those that one can be held against; capitals make no difference.
pub const LISTED: &[&str] = &["SOUTH", "EAST"];

/// `{ zh = "…", en = "…" }`
pub fn label(text: &str) -> String {
    format!("{{ zh = \"{text}\", en = \"{text}\" }}")
}

fn words(words: Words) -> String {
    let all: Vec<String> = words.words().iter().map(|word| format!("{word} = {}", label(word))).collect();
    format!("{{ {} }}", all.join(", "))
}

fn declaration(fact: &Fact) -> String {
    let mut keys = vec![format!("label = {}", label(fact.name))];
    keys.push(match fact.ty {
        Type::Truth => "type = \"bool\"".to_owned(),
        Type::Word(words) => format!("type = \"{}\"", words.name()),
        Type::Date => "type = \"date\"".to_owned(),
        Type::Text => "type = \"text\"".to_owned(),
        Type::Number(Unit::Pure) => "type = \"quantity\"".to_owned(),
        Type::Number(unit) => format!("type = \"quantity\", unit = \"{}\"", unit.symbol()),
    });
    keys.extend(fact.min.map(|min| format!("min = {min}")));
    keys.extend(fact.max.map(|max| format!("max = {max}")));
    keys.extend(fact.integer.then(|| "integer = true".to_owned()));
    keys.extend((fact.never && fact.absent.is_none()).then(|| "never = true".to_owned()));
    keys.extend(fact.absent.map(|absent| format!("absent = {absent}")));
    format!("{} = {{ {} }}\n", fact.name, keys.join(", "))
}

/// The declarations as they stand in every generated policy.
pub fn declarations() -> String {
    let mut out = format!(
        "[units.\"人\"]\nen = {{ one = \"person\", many = \"persons\" }}\ncounts = true\n\n[applicants]\nperson = {{ label = {} }}\n\n[categories]\n",
        label("person")
    );
    for category in CATEGORIES {
        out += &format!("{category} = {{ label = {} }}\n", label(category));
    }
    out += "\n[enums]\n";
    for set in [Words::Grade, Words::Colour, Words::Level] {
        let (name, ordered) = (set.name(), set == Words::Grade);
        out += &format!("{name} = {{ label = {}, ordered = {ordered}, words = {} }}\n", label(name), words(set));
    }
    out += &format!("\n[texts.listed]\nlabel = {{ zh = \"清单\", en = \"List\" }}\nis = {LISTED:?}\n");
    out += "\n[readings]\n";
    for (name, set) in READINGS {
        let (text, default) = (label(name), set.words()[0]);
        out += &format!(
            "{name} = {{ question = {text}, options = {}, default = \"{default}\", because = {text} }}\n",
            words(*set)
        );
    }
    out += "\n[facts]\n";
    for fact in FACTS {
        out += &declaration(fact);
    }
    out += &format!(
        "\n[facts.{LIST}]\ntype = \"list\"\nunit = \"人\"\nlabel_by = \"tag\"\nlabel = {}\n\n[facts.{LIST}.fields]\n",
        label(LIST)
    );
    for field in FIELDS {
        out += &declaration(field);
    }
    out
}
