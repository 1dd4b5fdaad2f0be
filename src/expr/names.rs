//! What the names of a policy mean: its facts, parameters, readings, enums, units and definitions.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

use crate::diagnostic::did_you_mean;
use crate::expr::formula::UnitName;
use crate::expr::lexer::Figure;
use crate::expr::measure::Measure;
use crate::expr::program::{Belongs, Node, Texts};
use crate::expr::since::Since;
use crate::expr::steps;
use crate::expr::types::Type;
use crate::lang::Text;
use crate::source::{Span, folded};
use crate::value::{Number, Record, Unit, Value};

/// Everything that can be named in an expression of one policy.
#[derive(Debug, Default)]
pub struct Names {
    /// Facts, parameters and readings: what a calculation is given. An input is known by its place here.
    pub inputs: Vec<Input>,
    /// Place of each fact and parameter by its name, and of each reading by `reading.<id>`.
    pub input_places: BTreeMap<String, usize>,
    /// The facts' places by their labels in either language, as words are compared; made when first asked for.
    by_label: OnceLock<HashMap<String, Vec<usize>>>,
    /// Enums, readings included.
    pub enums: Vec<Enum>,
    /// Place of each declared enum by its id; a reading's enum has none.
    pub enum_places: BTreeMap<String, usize>,
    /// Texts that one can be held against.
    pub texts: Vec<Arc<Texts>>,
    /// Names whose own declaration has a fault: who uses them is not told that they are unknown.
    pub faulty: BTreeSet<String>,
    /// Lists of records.
    pub lists: Vec<List>,
    /// How many parts of expressions were written out where names for some records stand.
    pub written_out: AtomicUsize,
    /// The policy's own definitions, each using only earlier ones.
    pub defines: Vec<Define>,
    /// Units by every word for them.
    pub units: BTreeMap<String, UnitWord>,
    /// What is paid in.
    pub money: Money,
    /// Kinds of applicants: id and label.
    pub applicant_kinds: Vec<(String, Text)>,
    /// Categories: id and label.
    pub categories: Vec<(String, Text)>,
}

impl Names {
    /// The places of the facts that a word names, by their name or by their label in either language. The word is as words are
    /// compared: full-width forms as plain ones; capitals count but in English labels.
    pub fn facts(&self, word: &str) -> Vec<usize> {
        let is_fact = |place: &usize| self.inputs.get(*place).is_some_and(|input| input.origin == Origin::Fact);
        let by_label = self.by_label.get_or_init(|| {
            let mut places: HashMap<String, Vec<usize>> = HashMap::new();
            for (place, input) in self.inputs.iter().enumerate().filter(|(place, _)| is_fact(place)) {
                for label in [&input.label.zh, &input.label.en] {
                    places.entry(folded(label).to_ascii_lowercase()).or_default().push(place);
                }
            }
            places
        });
        let labelled = by_label.get(&word.to_ascii_lowercase()).into_iter().flatten().copied();
        let is_it = |place: &usize| self.inputs.get(*place).is_some_and(|input| is_label(&input.label, word));
        let named = self.input_places.get(word).copied().filter(is_fact);
        let mut places: Vec<usize> = labelled.filter(is_it).chain(named).collect();
        places.sort_unstable();
        places.dedup();
        places
    }
}

/// Whether a folded word is a label in either language.
pub fn is_label(label: &Text, word: &str) -> bool {
    folded(&label.zh) == word || folded(&label.en).eq_ignore_ascii_case(word)
}

/// The currency of a policy: there is one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Money {
    /// Its base unit: `元`.
    pub word: String,
    /// The smallest amount that can be paid in it: 0.01.
    pub coin: Number,
}

impl Default for Money {
    fn default() -> Money {
        Money { word: "元".to_owned(), coin: Number::fraction(1, 100).unwrap_or(Number::ONE) }
    }
}

impl Money {
    /// Its unit.
    pub fn unit(&self) -> Unit {
        Unit::base(&self.word)
    }

    /// The type of an amount.
    pub fn ty(&self) -> Type {
        Type::Quantity(self.unit())
    }
}

/// What a calculation is given under one name.
#[derive(Clone, Debug)]
pub struct Input {
    /// `degree`; a reading is `reading.article5_cap`.
    pub name: String,
    /// In words.
    pub label: Text,
    /// The question to put.
    pub ask: Option<Text>,
    /// What it is.
    pub ty: Type,
    /// Where it comes from.
    pub origin: Origin,
    /// Every value it can have.
    pub domain: Value,
    /// What it is when nothing is said: unknown (its domain), or what absence means.
    pub absent: Value,
    /// Of a parameter whose value changes with time: from which days on it has which values, in the order of those days.
    pub versions: Vec<Version>,
    /// The document that has the value, where a supplement gives it.
    pub written_in: Option<String>,
    /// Whether only whole numbers are accepted.
    pub integer: bool,
    /// Of a quantity: the unit that it was declared in, where that is no base unit.
    pub measure: Option<Measure>,
    /// Whether the date may be "never".
    pub may_be_never: bool,
}

/// A value that holds from a day on.
#[derive(Clone, Debug)]
pub struct Version {
    /// The day, and where it is written.
    pub since: Since,
    /// The place of the input that is this value.
    pub input: usize,
    /// Where the value is written.
    pub span: Span,
}

/// Where an input comes from.
#[derive(Clone, Debug, PartialEq)]
pub enum Origin {
    /// The applicant's file.
    Fact,
    /// The policy or a supplement; the text names the document that has it.
    Parameter(Option<String>),
    /// A choice between readings.
    Reading(Reading),
    /// What was paid before.
    Paid,
}

/// A sentence of the law that can be read in several ways.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// Its id.
    pub id: String,
    /// Which option is taken unless the user says otherwise.
    pub default: usize,
    /// Why.
    pub because: Text,
}

/// A set of words.
#[derive(Debug)]
pub struct Enum {
    /// Its id; `reading.<id>` for a reading.
    pub id: String,
    /// In words.
    pub label: Text,
    /// Whether the words stand in ascending order.
    pub ordered: bool,
    /// The words: id and label.
    pub words: Vec<(String, Text)>,
    /// What tables have in place of them.
    pub in_tables: InTables,
}

/// What tables that somebody keeps have in place of the words of an enum.
#[derive(Debug, Default)]
pub struct InTables {
    /// What may stand beside a word and changes nothing.
    pub beside: Vec<String>,
    /// What means a word, with its place.
    pub same: Vec<(String, usize)>,
    /// What probably does, and is to be looked at.
    pub perhaps: Vec<(String, usize)>,
}

/// A list of records.
#[derive(Debug)]
pub struct List {
    /// The input that holds it.
    pub input: usize,
    /// Its name.
    pub name: String,
    /// What counting its records gives.
    pub unit: Unit,
    /// The field that names a record.
    pub label_by: Option<usize>,
    /// The fields; `origin` is a fact's.
    pub fields: Vec<Input>,
    /// The field that tells apart records of one name.
    pub number: Option<usize>,
    /// The list to whose records those of this one belong.
    pub of: Option<Belongs>,
    /// A record of which nothing is known.
    pub any: Record,
    /// The fields that an expression names.
    pub seen: Seen,
}

impl List {
    /// What a record with these fields is called, where its list says by what.
    pub fn label_of(&self, fields: &[Value]) -> Option<String> {
        match fields.get(self.label_by?)? {
            Value::Text(Some(text)) => Some(text.to_string()),
            Value::Date(range) => range.as_point().map(|day| day.to_string()),
            // A year, or a number on a list.
            Value::Quantity(range) => range.as_point()?.to_i64().map(|number| number.to_string()),
            _ => None,
        }
    }

    /// Whether expressions cannot tell two of its records apart.
    pub fn alike(&self, one: &Record, other: &Record) -> bool {
        let mut fields = one.fields.iter().zip(&other.fields).enumerate();
        (one.times, one.more, one.unlisted) == (other.times, other.more, other.unlisted)
            && fields.all(|(field, (one, other))| !self.seen.contains(field) || one == other)
    }

    /// For each record the place of the first that is like it.
    pub fn first_alike(&self, records: &[Record]) -> Vec<usize> {
        steps::take(2 * records.len() as u64);
        let mut known: HashMap<u64, Vec<usize>> = HashMap::new();
        let mut first = Vec::with_capacity(records.len());
        for (place, record) in records.iter().enumerate() {
            let mut print = DefaultHasher::new();
            (record.times, record.more, record.unlisted).hash(&mut print);
            let seen = record.fields.iter().enumerate().filter(|(field, _)| self.seen.contains(*field));
            seen.for_each(|(_, value)| value.hash(&mut print));
            let same = known.entry(print.finish()).or_default();
            let is_like = |other: &&usize| records.get(**other).is_some_and(|other| self.alike(other, record));
            let found = same.iter().find(is_like).copied();
            first.push(found.unwrap_or(place));
            if found.is_none() {
                same.push(place);
            }
        }
        first
    }
}

impl Names {
    /// Checks expressions that are asked of a file when it is read and never in a calculation: what they name does not tell
    /// records apart there.
    pub fn aside<T>(&self, work: impl FnOnce() -> T) -> T {
        let noted: Vec<u64> = self.lists.iter().map(|list| list.seen.noted()).collect();
        let result = work();
        self.lists.iter().zip(noted).for_each(|(list, noted)| list.seen.back_to(noted));
        result
    }
}

/// Fields by their places, noted while expressions are checked: records that are the same in these count the same.
#[derive(Debug, Default)]
pub struct Seen(AtomicU64);

impl Seen {
    /// All of them.
    pub fn all() -> Seen {
        Seen(AtomicU64::new(u64::MAX))
    }

    fn bit(field: usize) -> Option<u64> {
        1u64.checked_shl(u32::try_from(field).ok()?)
    }

    /// Notes a field.
    pub fn insert(&self, field: usize) {
        self.0.fetch_or(Seen::bit(field).unwrap_or(0), Ordering::Relaxed);
    }

    /// What was noted so far, for [`Seen::back_to`].
    fn noted(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }

    /// Forgets what was noted since.
    fn back_to(&self, noted: u64) {
        self.0.store(noted, Ordering::Relaxed);
    }

    /// Whether it was noted; a field beyond the 64th always is.
    pub fn contains(&self, field: usize) -> bool {
        Seen::bit(field).is_none_or(|bit| self.0.load(Ordering::Relaxed) & bit != 0)
    }
}

/// `[define]`: a name for an expression.
#[derive(Debug)]
pub struct Define {
    /// The name.
    pub name: String,
    /// What it stands for.
    pub node: Node,
    /// How deep that is with all that the names in it stand for.
    pub depth: usize,
}

/// A word for a unit.
#[derive(Clone, Debug)]
pub struct UnitWord {
    /// In base units.
    pub unit: Unit,
    /// How many of those one of these is: 12 for 年.
    pub factor: Number,
    /// What it is called.
    pub name: UnitName,
    /// Whether bare whole numbers are accepted for it.
    pub counts: bool,
}

impl Names {
    /// Whether a list is that of payments.
    pub fn is_paid(&self, list: &List) -> bool {
        self.inputs.get(list.input).is_some_and(|input| matches!(input.origin, Origin::Paid))
    }

    /// The place of an input.
    pub fn input(&self, name: &str) -> Option<usize> {
        self.input_places.get(name).copied()
    }

    /// The number of a figure in base units, and its unit; the first word that is no unit as the error.
    pub fn figure(&self, figure: &Figure) -> Result<(Number, Unit), String> {
        let mut number = figure.number;
        let mut unit = Unit::none();
        let overflow = || figure.written.clone();
        for (words, above) in [(&figure.above, true), (&figure.below, false)] {
            for word in words {
                let Some(found) = self.units.get(word) else { return Err(word.clone()) };
                let moved = if above { number.multiply(found.factor) } else { number.divide(found.factor) };
                number = moved.ok_or_else(overflow)?;
                unit = if above { unit.times(&found.unit) } else { unit.per(&found.unit) };
            }
        }
        Ok((number, unit))
    }

    /// What to do about a word that is no unit.
    pub fn unit_help(&self, word: &str) -> Option<Text> {
        let multiplied =
            word.strip_prefix(['十', '百', '千', '万', '亿']).filter(|rest| self.units.contains_key(*rest));
        if let Some(unit) = multiplied {
            let help = Text::made(
                format!("数目只带一个“万”或“亿”；其余写全，如 5000{unit}"),
                format!("a number takes one 万 or 亿 and nothing else; write it out, such as 5000{unit}"),
            );
            return Some(help);
        }
        let money = Money::default().word;
        if word.trim_start_matches(['十', '百', '千', '万', '亿']) == money && self.money.word != money {
            let own = &self.money.word;
            return Some(Text::made(
                format!("本政策以{own}计（`money = true`），一份政策只有一种货币"),
                format!("this policy is in {own} (`money = true`), and a policy has one currency"),
            ));
        }
        did_you_mean(word, self.units.keys().map(String::as_str))
    }

    /// What a figure's unit is called.
    pub fn figure_unit(&self, figure: &Figure) -> UnitName {
        let name = |word: &String| self.units.get(word).map(|unit| unit.name.clone()).unwrap_or_default();
        let above: Vec<UnitName> = figure.above.iter().map(name).collect();
        let below: Vec<UnitName> = figure.below.iter().map(name).collect();
        compound(&above, &below)
    }

    /// What a unit is called.
    pub fn unit_name(&self, unit: &Unit) -> UnitName {
        let (mut above, mut below) = (Vec::new(), Vec::new());
        for (base, power) in unit.powers() {
            let name = self.units.get(base).map(|unit| unit.name.clone()).unwrap_or_default();
            let side = if power > 0 { &mut above } else { &mut below };
            for _ in 0..power.unsigned_abs() {
                side.push(name.clone());
            }
        }
        // Money first, as people write it: 元/月, 元·天/月.
        above.sort_by_key(|name| !name.money);
        compound(&above, &below)
    }

    /// What its currency is called.
    pub fn money_name(&self) -> UnitName {
        self.unit_name(&self.money.unit())
    }

    /// An amount of money in words: `60元`, `−5 euros`.
    pub fn money_told(&self, amount: Number) -> Text {
        Measure::base(&self.money.unit(), self).told(amount)
    }

    /// A type in words, for messages.
    pub fn describe(&self, ty: &Type) -> Text {
        match ty {
            Type::Bool => Text::new("“是/否”", "a yes/no"),
            Type::Date => Text::new("日期", "a date"),
            Type::Text => Text::new("文本", "a text"),
            Type::Quantity(unit) if unit.is_none() => Text::new("纯数", "a pure number"),
            Type::Quantity(unit) => Text::same(unit.symbol()),
            Type::Enum(place) => match self.enums.get(*place) {
                Some(found) => Text::made(
                    format!("“{}”之一（{}）", found.label.zh, found.id),
                    format!("a word of `{}` ({})", found.id, found.label.en),
                ),
                None => Text::default(),
            },
            Type::List(place) => {
                let name = self.lists.get(*place).map_or("", |list| list.name.as_str());
                Text::made(format!("名单 `{name}`"), format!("the list `{name}`"))
            }
        }
    }
}

/// `元/月`: names above and below the line.
fn compound(above: &[UnitName], below: &[UnitName]) -> UnitName {
    if let ([only], []) = (above, below) {
        return only.clone();
    }
    // In a compound, 个月 is 月.
    let zh = |name: &UnitName| if name.zh == "个月" { "月".to_owned() } else { name.zh.clone() };
    let line = |names: &[UnitName], of: &dyn Fn(&UnitName) -> String, between: &str| {
        names.iter().map(of).collect::<Vec<_>>().join(between)
    };
    let put = |of: &dyn Fn(&UnitName) -> String, first: &dyn Fn(&UnitName) -> String| {
        let (top, bottom) = (line(above, first, "·"), line(below, of, "/"));
        match (top.is_empty(), bottom.is_empty()) {
            (_, true) => top,
            (true, false) => format!("/{bottom}"),
            (false, false) => format!("{top}/{bottom}"),
        }
    };
    let one = |name: &UnitName| name.en_one.clone();
    let many = |name: &UnitName| name.en_many.clone();
    UnitName { zh: put(&zh, &zh), en_one: put(&one, &one), en_many: put(&one, &many), money: false }
}
