//! A generated applicant of whom everything is known, and what of it a file may leave unsaid.

use duixian::applicant::{self, Applicant as Read, When};
use duixian::lang::Lang;
use duixian::policy::Policy;
use duixian::source::Source;
use duixian::value::{self, Day};

use crate::choices::Choices;
use crate::generate::{day, hundredths};
use crate::plain::Value;
use crate::policy::{Clause, id};
use crate::ratio::Ratio;
use crate::schema::{CATEGORIES, FACTS, FIELDS, Fact, LIST, OTHER, READINGS, TEXTS, Type, Words};
use crate::syntax::decimal;

/// What is the case.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Known {
    Truth(bool),
    Word(usize),
    Date(Day),
    Hundredths(i64),
    Text(usize),
}

#[derive(Clone, Debug)]
pub struct Applicant {
    pub as_of: Day,
    /// In the order of [`FACTS`].
    pub facts: Vec<Known>,
    pub records: Vec<Record>,
    pub others: Vec<Other>,
    /// The option of each reading.
    pub readings: Vec<usize>,
    pub paid: Vec<Paid>,
}

#[derive(Clone, Debug)]
pub struct Record {
    /// In the order of [`FIELDS`].
    pub fields: Vec<Known>,
    pub times: u32,
}

/// An entry of the other benefits.
#[derive(Clone, Debug)]
pub struct Other {
    pub category: usize,
    /// The clause that it names, and the part.
    pub clause: Option<usize>,
    pub installment: Option<usize>,
    /// In the order of [`OTHER`].
    pub fields: Vec<Known>,
}

#[derive(Clone, Debug)]
pub struct Paid {
    pub clause: usize,
    pub record: Option<usize>,
    pub hundredths: i64,
}

/// How much of a fact the file says.
#[derive(Clone, Debug, PartialEq)]
pub enum Said {
    All,
    Nothing,
    Words(Vec<usize>),
    /// From one word of an order to another.
    Between(Option<usize>, Option<usize>),
    Dates(Option<Day>, Option<Day>),
    Hundredths(Option<i64>, Option<i64>),
    /// So many years old on a day.
    Age(i64, Day),
}

/// How much of everything the file says.
#[derive(Clone, Debug)]
pub struct Telling {
    pub facts: Vec<Said>,
    /// Whether the list is there.
    pub list: bool,
    pub fields: Vec<Vec<Said>>,
    /// How many each record stands for, where that is not said exactly: at least and at most.
    pub times: Vec<Option<(u32, Option<u32>)>>,
    /// From which record on nothing is listed, and how many more there are said to be.
    pub hidden: Option<(usize, u32, Option<u32>)>,
    pub others: Vec<Vec<Said>>,
    /// Whether each of them says which part it is for.
    pub parts: Vec<bool>,
    /// Whether the option of a reading is taken.
    pub readings: Vec<bool>,
}

fn known(fact: &Fact, c: &mut Choices<'_>) -> Known {
    match fact.ty {
        Type::Truth => Known::Truth(!c.chance(40)),
        Type::Word(words) => Known::Word(c.below(words.words().len())),
        Type::Date if fact.never && c.chance(30) => Known::Date(Day::NEVER),
        Type::Date => Known::Date(day(c).plus_days(c.of(&[0, 0, 0, 1, -1, 200]))),
        Type::Text => Known::Text(c.below(TEXTS.len())),
        Type::Number(unit) => {
            let near = hundredths(unit, c) + c.of(&[0, 0, 100, -100]);
            let (min, max) = (fact.min.unwrap_or(-1_000_000), fact.max.unwrap_or(1_000_000));
            Known::Hundredths(near.clamp(min * 100, max * 100))
        }
    }
}

fn all_known(facts: &[Fact], c: &mut Choices<'_>) -> Vec<Known> {
    facts.iter().map(|fact| known(fact, c)).collect()
}

/// An applicant: one list of numbers for the facts, one for each record.
pub fn applicant(facts: &[u32], records: &[Vec<u32>], clauses: &[Clause]) -> Applicant {
    let c = &mut Choices::new(facts);
    let as_of = if c.chance(20) { day(c) } else { Day::of(2025, 6, 30).unwrap() };
    let readings = READINGS.iter().map(|(_, words)| c.below(words.words().len())).collect();
    let others = c.maybe(60, |c| {
        c.several(1, 2, |c| Other {
            category: c.below(CATEGORIES.len()),
            clause: c.maybe(30, |c| c.below(clauses.len())),
            installment: c.maybe(50, |c| c.below(2)),
            fields: all_known(OTHER, c),
        })
    });
    let paid = c.maybe(40, |c| {
        c.several(1, 2, |c| {
            let clause = c.below(clauses.len());
            let named = clauses[clause].each && !records.is_empty() && c.chance(50);
            let record = named.then(|| c.below(records.len()));
            Paid { clause, record, hundredths: c.of(&[100_000, 1, 500_000, 2_000_000]) }
        })
    });
    // What was paid was paid under a clause that pays.
    let paid = paid.map(|paid| paid.into_iter().filter(|paid| !clauses[paid.clause].is_figure()).collect());
    let facts = all_known(FACTS, c);
    // Where a clause has a line for each record, the program makes several records of one that stands for several; left out
    // of one of them, a field could then have several values, which the laws here do not follow.
    let single = clauses.iter().any(|clause| clause.each);
    let records = records.iter().map(|numbers| {
        let c = &mut Choices::new(numbers);
        Record { fields: all_known(FIELDS, c), times: if single { 1 } else { c.of(&[1, 1, 3]) } }
    });
    let (others, paid) = (others.unwrap_or_default(), paid.unwrap_or_default());
    Applicant { as_of, facts, records: records.collect(), others, readings, paid }
}

/// Leaves part of a fact unsaid. What a blank means something for cannot be left out.
fn part(fact: &Fact, known: Known, c: &mut Choices<'_>) -> Said {
    if fact.absent.is_none() && c.chance(50) {
        return Said::Nothing;
    }
    let ends = |c: &mut Choices<'_>| c.of(&[(true, true), (true, false), (false, true)]);
    match (known, fact.ty) {
        (Known::Word(word), Type::Word(words)) if words == Words::Grade && c.chance(40) => {
            let (lower, upper) = ends(c);
            let far = c.of(&[1, 0, 2]);
            let lo = word.saturating_sub(far);
            Said::Between(lower.then_some(lo), upper.then_some((word + far).min(words.words().len() - 1)))
        }
        (Known::Word(word), Type::Word(words)) => {
            let others = (0..words.words().len()).filter(|other| *other == word || c.chance(50));
            Said::Words(others.collect())
        }
        (Known::Date(day), _) if day != Day::NEVER && c.chance(25) => {
            let on = day.plus_days(c.of(&[10_000, 0, 364, 365, 366, 1_461]));
            Said::Age(day.age_on(on, c.chance(50)).unwrap(), on)
        }
        (Known::Date(day), _) => {
            let (lower, upper) = ends(c);
            let far = [0, 1, 31, 400];
            let lo = if day == Day::NEVER { crate::generate::day(c) } else { day.plus_days(-c.of(&far)) };
            let hi = if day == Day::NEVER { day } else { day.plus_days(c.of(&far)) };
            Said::Dates(lower.then_some(lo), upper.then_some(hi).filter(|hi| *hi != Day::NEVER))
        }
        (Known::Hundredths(number), _) => {
            let (lower, upper) = ends(c);
            let far = [0, 100, 10_000, 1_000_000];
            let lo = (number - c.of(&far)).max(fact.min.map_or(i64::MIN, |min| min * 100));
            let hi = (number + c.of(&far)).min(fact.max.map_or(i64::MAX, |max| max * 100));
            Said::Hundredths(lower.then_some(lo), upper.then_some(hi))
        }
        _ if fact.absent.is_some() => Said::All,
        _ => Said::Nothing,
    }
}

impl Telling {
    /// Everything.
    pub fn all(applicant: &Applicant) -> Telling {
        Telling {
            facts: vec![Said::All; FACTS.len()],
            list: true,
            fields: vec![vec![Said::All; FIELDS.len()]; applicant.records.len()],
            times: vec![None; applicant.records.len()],
            hidden: None,
            others: vec![vec![Said::All; OTHER.len()]; applicant.others.len()],
            parts: vec![true; applicant.others.len()],
            readings: vec![true; READINGS.len()],
        }
    }

    /// Less than everything.
    pub fn some(applicant: &Applicant, numbers: &[u32]) -> Telling {
        let c = &mut Choices::new(numbers);
        let percent = c.of(&[15, 5, 40, 80]);
        let part = |fact: &Fact, known: Known, c: &mut Choices<'_>| {
            if c.chance(percent) { part(fact, known, c) } else { Said::All }
        };
        let parts = |facts: &[Fact], known: &[Known], c: &mut Choices<'_>| -> Vec<Said> {
            facts.iter().zip(known).map(|(fact, known)| part(fact, *known, c)).collect()
        };
        let mut telling = Telling {
            facts: parts(FACTS, &applicant.facts, c),
            // A payment for a record needs the record.
            list: !c.chance(percent / 2) || applicant.paid.iter().any(|paid| paid.record.is_some()),
            readings: READINGS.iter().map(|_| !c.chance(percent)).collect(),
            fields: applicant.records.iter().map(|record| parts(FIELDS, &record.fields, c)).collect(),
            others: applicant.others.iter().map(|other| parts(OTHER, &other.fields, c)).collect(),
            parts: applicant.others.iter().map(|_| !c.chance(percent)).collect(),
            ..Telling::all(applicant)
        };
        telling.leave_numbers(applicant, percent, c);
        telling
    }

    /// Leaves open how many there are: of the records listed, and of those at the end, which are perhaps not there or not listed.
    fn leave_numbers(&mut self, applicant: &Applicant, percent: u64, c: &mut Choices<'_>) {
        let records = &applicant.records;
        // A payment for a record needs the record.
        let needed = applicant.paid.iter().filter_map(|paid| Some(paid.record? + 1)).max().unwrap_or(0);
        let cut = needed + c.below(records.len() - needed + 1);
        let at_most = |count: u32, c: &mut Choices<'_>| c.of(&[Some(0), Some(1), None, Some(4)]).map(|by| count + by);
        for (place, record) in records.iter().enumerate() {
            if c.chance(percent) {
                let least =
                    if place < cut { 1 + c.below(record.times as usize) } else { c.below(record.times as usize + 1) };
                self.times[place] = Some((u32::try_from(least).unwrap(), at_most(record.times, c)));
            }
        }
        // Those that are perhaps not there stand behind the others.
        let last = (0..records.len()).rfind(|place| self.times[*place].is_none_or(|(least, _)| least > 0));
        let first = self.times.iter().position(|times| times.is_some_and(|(least, _)| least == 0));
        if let (Some(first), Some(last)) = (first, last)
            && first < last
        {
            self.times.iter_mut().for_each(|times| *times = times.map(|(least, most)| (least.max(1), most)));
        }
        if c.chance(percent) {
            let count: u32 = records[cut..].iter().map(|record| record.times).sum();
            let most = at_most(count, c).filter(|most| *most > 0);
            self.hidden = Some((cut, u32::try_from(c.below(count as usize + 1)).unwrap(), most));
        }
    }

    /// Leaves out a few truths, words and readings.
    pub fn finite(applicant: &Applicant, numbers: &[u32]) -> Telling {
        let c = &mut Choices::new(numbers);
        let mut telling = Telling::all(applicant);
        let finite = |fact: &Fact| matches!(fact.ty, Type::Truth | Type::Word(_)) && fact.absent.is_none();
        for _ in 0..1 + c.below(4) {
            let record = c.below(applicant.records.len() + 2);
            match applicant.records.get(record) {
                Some(known) if known.times > 1 && c.chance(40) => {
                    telling.times[record] = Some((known.times - 2, Some(known.times + 1)));
                }
                Some(_) => {
                    let fields: Vec<usize> = (0..FIELDS.len()).filter(|place| finite(&FIELDS[*place])).collect();
                    telling.fields[record][c.of(&fields)] = Said::Nothing;
                }
                None if c.chance(40) => telling.readings[c.below(READINGS.len())] = false,
                None => {
                    let facts: Vec<usize> = (0..FACTS.len()).filter(|place| finite(&FACTS[*place])).collect();
                    telling.facts[c.of(&facts)] = Said::Nothing;
                }
            }
        }
        telling
    }
}

impl Known {
    /// For the plain calculation.
    pub fn value(self) -> Value {
        match self {
            Known::Truth(truth) => Value::Truth(truth),
            Known::Word(word) => Value::Word(word),
            Known::Date(day) => Value::Date(day),
            Known::Hundredths(number) => Value::Number(Ratio::new(i128::from(number), 100).unwrap()),
            Known::Text(place) => Value::Text(place),
        }
    }
}

fn date(day: Day) -> String {
    if day == Day::NEVER { "\"never\"".to_owned() } else { day.to_string() }
}

/// A fact as the file gives it; `None` where it is left out.
fn entry(fact: &Fact, known: Known, said: &Said) -> Option<String> {
    let number = |hundredths: i64| match fact.ty {
        Type::Number(unit) => format!("\"{}{}\"", decimal(hundredths), unit.symbol()),
        _ => String::new(),
    };
    let word = |place: usize| match fact.ty {
        Type::Word(words) => format!("\"{}\"", words.words()[place]),
        _ => String::new(),
    };
    let range = |ends: [(&str, Option<String>); 2]| {
        let ends = ends.into_iter().filter_map(|(key, end)| Some(format!("{key} = {}", end?)));
        format!("{{ {} }}", ends.collect::<Vec<_>>().join(", "))
    };
    let value = match (said, known) {
        (Said::Nothing, _) => return None,
        (Said::Words(words), _) => {
            let words: Vec<String> = words.iter().map(|place| word(*place)).collect();
            format!("{{ one_of = [{}] }}", words.join(", "))
        }
        (Said::Between(lo, hi), _) => range([("at_least", lo.map(word)), ("at_most", hi.map(word))]),
        (Said::Dates(lo, hi), _) => range([("not_before", lo.map(date)), ("not_after", hi.map(date))]),
        (Said::Hundredths(lo, hi), _) => range([("at_least", lo.map(number)), ("at_most", hi.map(number))]),
        (Said::Age(age, on), _) => format!("{{ age = \"{age}岁\", on = {on} }}"),
        (Said::All, Known::Truth(truth)) => truth.to_string(),
        (Said::All, Known::Word(place)) => word(place),
        (Said::All, Known::Date(day)) => date(day),
        (Said::All, Known::Hundredths(hundredths)) => number(hundredths),
        (Said::All, Known::Text(place)) => format!("\"{}\"", TEXTS[place]),
    };
    Some(format!("{} = {value}", fact.name))
}

fn entries(facts: &[Fact], known: &[Known], said: &[Said]) -> Vec<String> {
    let all = facts.iter().zip(known).zip(said);
    all.filter_map(|((fact, known), said)| entry(fact, *known, said)).collect()
}

impl Applicant {
    /// As a TOML file that says so much. Readings are no part of it.
    pub fn write(&self, telling: &Telling) -> String {
        let mut out = format!("[applicant]\nkind = \"person\"\nas_of = {}\n\n[facts]\n", self.as_of);
        out += &(entries(FACTS, &self.facts, &telling.facts).join("\n") + "\n");
        if telling.list {
            let about = |(least, most): (u32, Option<u32>)| {
                let most = most.map_or_else(String::new, |most| format!(", at_most = {most}"));
                format!("{{ at_least = {least}{most} }}")
            };
            let told = self.records.iter().zip(&telling.fields).zip(&telling.times);
            let records =
                told.take(telling.hidden.map_or(usize::MAX, |(cut, ..)| cut)).map(|((record, said), times)| {
                    let mut all = entries(FIELDS, &record.fields, said);
                    all.push(format!("times = {}", times.map_or_else(|| record.times.to_string(), about)));
                    format!("\n  {{ {} }},", all.join(", "))
                });
            let more = telling.hidden.map(|(_, least, most)| match (least, most) {
                (0, None) => "\n  { more = true },".to_owned(),
                _ => format!("\n  {{ more = {} }},", about((least, most))),
            });
            out += &format!("{LIST} = [{}]\n", records.chain(more).collect::<String>());
        }
        for ((other, said), says_part) in self.others.iter().zip(&telling.others).zip(&telling.parts) {
            let mut all = entries(OTHER, &other.fields, said);
            all.extend(other.clause.map(|clause| format!("clause = \"{}\"", id(clause))));
            let part = other.installment.map_or("whole".to_owned(), |part| format!("p{part}"));
            all.extend(says_part.then(|| format!("installment = \"{part}\"")));
            // The amount is asked for; it may be anything, but it must be there.
            all.extend((said[0] == Said::Nothing).then(|| "amount = { at_least = \"0元\" }".to_owned()));
            let category = CATEGORIES[other.category];
            out += &format!("\n[[other_benefits]]\ncategory = \"{category}\"\n{}\n", all.join("\n"));
        }
        for paid in &self.paid {
            let record = paid.record.map_or_else(String::new, |record| format!("record = {}\n", record + 1));
            let (clause, amount) = (id(paid.clause), decimal(paid.hundredths));
            out += &format!("\n[[paid]]\nclause = \"{clause}\"\n{record}amount = \"{amount}元\"\n");
        }
        for ((name, words), (option, taken)) in READINGS.iter().zip(self.readings.iter().zip(&telling.readings)) {
            let option = if *taken { words.words()[*option] } else { "left open" };
            out += &format!("# reading.{name}: {option}\n");
        }
        out
    }

    /// The cells of a table that says so much: one for each of [`FACTS`].
    pub fn cells(&self, telling: &Telling) -> Vec<String> {
        let all = FACTS.iter().zip(&self.facts).zip(&telling.facts);
        all.map(|((fact, known), said)| {
            let entry = entry(fact, *known, said).unwrap_or_default();
            let value = entry.split_once(" = ").map_or("", |(_, value)| value);
            // A text in quotes stands in a cell without them.
            let plain = value.strip_prefix('"').and_then(|value| value.strip_suffix('"'));
            plain.unwrap_or(value).to_owned()
        })
        .collect()
    }

    /// As the program reads it.
    pub fn read(&self, telling: &Telling, policy: &Policy) -> Read {
        self.read_with(telling, &[policy])
    }

    /// The same for several policies, all of which take the same options.
    pub fn read_with(&self, telling: &Telling, policies: &[&Policy]) -> Read {
        self.read_as(telling, policies, &|text| text)
    }

    /// The same, with its file written otherwise.
    pub fn read_as(&self, telling: &Telling, policies: &[&Policy], written: &dyn Fn(String) -> String) -> Read {
        // With several policies a payment says whose it is.
        let own = policies.first().map_or("", |policy| &policy.id);
        let text = self.write(telling).replace("[[paid]]\nclause = \"", &format!("[[paid]]\nclause = \"{own}/"));
        let source = Source::new("applicant.toml", written(text));
        let (read, faults) =
            applicant::read(&source, policies, When { as_of: None, today: Day::FIRST, ignore_payments: false });
        let shown: String = faults.iter().map(|fault| fault.render(Lang::En)).collect();
        let mut read = read.unwrap_or_else(|| panic!("{shown}"));
        for (policy, inputs) in policies.iter().zip(&mut read.inputs) {
            for ((name, words), (option, taken)) in READINGS.iter().zip(self.readings.iter().zip(&telling.readings)) {
                let place = policy.names.input(&format!("reading.{name}")).unwrap();
                let open = value::Words::all(words.words().len());
                inputs[place] = value::Value::Words(if *taken { value::Words::one(*option) } else { open });
            }
        }
        read
    }
}
