//! Applicants made from a policy's own declarations: every fact over its domain, its boundaries among them, as far as the
//! policy's rules on facts that contradict each other allow.

use std::fmt::Write as _;
use std::sync::Arc;

use duixian::applicant::agree;
use duixian::expr::names::{Input, Names, Origin};
use duixian::expr::types::Type;
use duixian::policy::Policy;
use duixian::value::{Bound, Day, DayRange, Interval, List, Number, Record, Value, Words};

/// Xorshift: the same numbers on every machine.
pub struct Dice(pub u64);

impl Dice {
    pub fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from((self.0 >> 11) % limit as u64).unwrap()
    }

    fn of<T: Copy>(&mut self, some: &[T]) -> T {
        some[self.below(some.len())]
    }
}

/// What an applicant says: for each fact that is given its place, and the value as it is written.
pub struct Applicant {
    pub kind: String,
    pub facts: Vec<(usize, Said)>,
}

/// A value as it is written.
pub enum Said {
    /// A truth or a word, a day, a number with its unit.
    One(String),
    /// Records: for each the fields.
    List(Vec<Vec<(usize, String)>>),
}

/// The money of other schemes, as a fact.
pub const OTHERS: &str = "other_benefits";

/// So often a value is drawn anew before the fact stays out.
const TRIES: usize = 12;

/// One applicant of a kind, all of whose facts are given that the rules allow, but for so many; other schemes' money is none of
/// them.
pub fn applicant(policy: &Policy, kind: &str, as_of: Day, lacking: usize, dice: &mut Dice) -> Applicant {
    applicant_with(policy, (kind, as_of), lacking, &|input| input.name != OTHERS, dice)
}

/// The same of the inputs that are wanted.
pub fn applicant_with(
    policy: &Policy,
    (kind, as_of): (&str, Day),
    lacking: usize,
    wanted: &dyn Fn(&Input) -> bool,
    dice: &mut Dice,
) -> Applicant {
    let names = &policy.names;
    let mut inputs: Vec<Value> = names.inputs.iter().map(|input| input.absent.clone()).collect();
    let mut facts = Vec::new();
    let is_fact = |input: &Input| input.origin == Origin::Fact && wanted(input);
    let places: Vec<usize> = (0..names.inputs.len()).filter(|place| is_fact(&names.inputs[*place])).collect();
    let lacking = if places.is_empty() { 0 } else { lacking };
    let left_out: Vec<usize> = (0..lacking).map(|_| dice.of(&places)).collect();
    let days = turning_points(policy, as_of);
    for place in places {
        if left_out.contains(&place) {
            continue;
        }
        for _ in 0..TRIES {
            let Some((value, said)) = fact(names, (&names.inputs[place], &inputs), &days, dice) else { break };
            let before = std::mem::replace(&mut inputs[place], value);
            if agree(policy, &inputs, as_of) {
                facts.push((place, said));
                break;
            }
            inputs[place] = before;
        }
    }
    Applicant { kind: kind.to_owned(), facts }
}

/// The days on which something begins or ends.
fn turning_points(policy: &Policy, as_of: Day) -> Vec<Day> {
    let windows = policy.clauses.iter().map(|clause| clause.window).chain([policy.window]);
    let mut days: Vec<Day> = windows.flat_map(|window| [window.lo, window.hi]).chain([as_of]).collect();
    days.retain(|day| (Day::FIRST..Day::LAST).contains(day));
    days.sort_unstable();
    days.dedup();
    days
}

/// A value of a fact, which is one of those given so far.
fn fact(names: &Names, (input, given): (&Input, &[Value]), days: &[Day], dice: &mut Dice) -> Option<(Value, Said)> {
    let Type::List(list) = &input.ty else {
        let (value, said) = one(names, input, days, dice)?;
        return Some((value, Said::One(said)));
    };
    let declared = &names.lists[*list];
    let mut records = Vec::new();
    let mut said = Vec::new();
    // Whose records belong to those of another list has only such.
    let owners = declared.of.as_ref().map(|of| match &given[names.lists[of.list].input] {
        Value::List(list) => list.records.as_slice(),
        _ => &[],
    });
    let most = if owners.is_some_and(<[Record]>::is_empty) { 1 } else { 4 };
    for _ in 0..dice.below(most) {
        let owner = owners.map(|owners| &owners[dice.below(owners.len())]);
        let owner = declared.of.as_ref().zip(owner);
        let (mut fields, mut words) = (Vec::new(), Vec::new());
        for (place, field) in declared.fields.iter().enumerate() {
            // Of other schemes' money a category is one that is declared; what other policies call things by is left out.
            if input.name == OTHERS && matches!(field.ty, Type::Text) {
                if names.categories.is_empty() {
                    return None;
                }
                let category = &names.categories[dice.below(names.categories.len())].0;
                let value = declared.any.fields[place].clone();
                let is_category = field.name == "category";
                fields.push(if is_category { Value::Text(Some(category.as_str().into())) } else { value });
                words.extend(is_category.then(|| (place, category.clone())));
                continue;
            }
            let of_owner = owner.and_then(|(of, owner)| {
                let number = of.number.filter(|(own, _)| *own == place).map(|(_, there)| there);
                let there = if of.name.0 == place { of.name.1 } else { number? };
                match owner.fields.get(there)? {
                    Value::Text(Some(text)) => Some((owner.fields[there].clone(), text.to_string())),
                    _ => None,
                }
            });
            let (value, text) = of_owner.or_else(|| one(names, field, days, dice))?;
            fields.push(value);
            words.push((place, text));
        }
        records.push(Record { fields, times: 1, ..declared.any.clone() });
        said.push(words);
    }
    records.iter_mut().for_each(|record| (record.more, record.unlisted) = (0, false));
    Some((Value::List(Arc::new(List { records, open: false })), Said::List(said)))
}

/// A value of a fact or field that is no list.
fn one(names: &Names, input: &Input, days: &[Day], dice: &mut Dice) -> Option<(Value, String)> {
    match (&input.ty, &input.domain) {
        (Type::Bool, _) => {
            let truth = dice.below(4) > 0;
            Some((Value::Truth(duixian::value::Truth::of(truth)), truth.to_string()))
        }
        (Type::Enum(place), _) => {
            let words = &names.enums[*place].words;
            let word = dice.below(words.len());
            Some((Value::Words(Words::one(word)), words[word].0.clone()))
        }
        (Type::Date, Value::Date(domain)) => {
            if input.may_be_never && dice.below(4) == 0 {
                return Some((Value::Date(DayRange::point(Day::NEVER)), "never".to_owned()));
            }
            // Mostly a day of these years; now and then one of a life before, or one around which things change.
            let day = if !days.is_empty() && dice.below(8) == 0 {
                dice.of(days).plus_days(dice.below(3) as i64 - 1)
            } else if dice.below(6) == 0 {
                Day::of(1975 + i32::try_from(dice.below(35)).unwrap(), 1, 1)?.plus_days(dice.below(365) as i64)
            } else {
                Day::of(2020, 1, 1)?.plus_days(dice.below(6 * 365) as i64)
            };
            let day = day.max(domain.lo).min(domain.hi);
            Some((Value::Date(DayRange::point(day)), day.to_string()))
        }
        (Type::Quantity(unit), Value::Quantity(domain)) => {
            let ends = [domain.lo, domain.hi].into_iter().filter_map(Bound::number);
            // A day's, a month's or a place's neighbours are whole.
            let next = |number: Number| [number.minus(Number::ONE), number.plus(Number::ONE)].into_iter().flatten();
            let ends: Vec<Number> = ends.flat_map(|end| next(end).chain([end])).collect();
            let usual = [0, 1, 2, 3, 12, 30, 100, 1_000, 5_000, 10_000, 50_000, 200_000, 3_000_000].map(Number::whole);
            let within = |number: &Number| domain.contains(*number);
            let some: Vec<Number> = usual.into_iter().chain(ends).filter(within).collect();
            let number = dice.of(if some.is_empty() { return None } else { &some });
            let name = names.unit_name(unit).zh;
            Some((Value::Quantity(Interval::point(number)), format!("{}{name}", number.exact())))
        }
        (Type::Text, _) => {
            let text = format!("第{}单位", dice.below(1_000));
            Some((Value::Text(Some(text.as_str().into())), text))
        }
        _ => None,
    }
}

/// An applicant as a line of JSON.
pub fn json(policy: &Policy, applicant: &Applicant, number: usize, out: &mut String) {
    let names = &policy.names;
    let quoted = |text: &str| serde_json::to_string(text).unwrap();
    let value = |ty: &Type, text: &str| match ty {
        Type::Bool => text.to_owned(),
        _ => quoted(text),
    };
    write!(out, "{{\"id\": \"P{number:07}\", \"kind\": {}", quoted(&applicant.kind)).unwrap();
    for (place, said) in &applicant.facts {
        let input = &names.inputs[*place];
        write!(out, ", {}: ", quoted(&input.name)).unwrap();
        match (said, &input.ty) {
            (Said::List(records), Type::List(list)) => {
                let fields = &names.lists[*list].fields;
                let record = |record: &Vec<(usize, String)>| {
                    let field = |(place, text): &(usize, String)| {
                        format!("{}: {}", quoted(&fields[*place].name), value(&fields[*place].ty, text))
                    };
                    format!("{{{}}}", record.iter().map(field).collect::<Vec<_>>().join(", "))
                };
                write!(out, "[{}]", records.iter().map(record).collect::<Vec<_>>().join(", ")).unwrap();
            }
            (Said::One(text), ty) => out.push_str(&value(ty, text)),
            (Said::List(_), _) => {}
        }
    }
    out.push_str("}\n");
}
