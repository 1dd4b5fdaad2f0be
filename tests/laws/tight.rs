//! Where only truths, words and readings are missing, and few of them, both ends of every amount are reached, and the
//! values that are shown reach them.

use std::collections::HashMap;

use duixian::assess::model::{Assessment, FactName, Line};
use duixian::assess::warnings::LOOSE_TOTALS;
use duixian::expr::formula::Shown;
use duixian::value::Interval;

use crate::applicant::{Applicant, Known, Said, Telling};
use crate::case::{Case, Law, amounts, hold, name, shown};
use crate::schema::{FACTS, FIELDS, LIST, READINGS, Type};

/// One of the totals.
type Total = fn(&Assessment) -> Interval;

/// More cases than this are left to the program's own budget, beyond which it promises no tight bounds.
pub const MOST_CASES: usize = 64;

/// Something that is not said.
#[derive(Clone, Copy)]
pub enum Missing {
    Fact(usize),
    Field(usize, usize),
    Reading(usize),
    /// How many a record stands for: from so many to so many.
    Times(usize, u32, u32),
}

pub fn missing(telling: &Telling) -> Vec<Missing> {
    let unsaid = |said: &[Said]| -> Vec<usize> {
        said.iter().enumerate().filter(|(_, said)| **said == Said::Nothing).map(|(place, _)| place).collect()
    };
    let fields = telling.fields.iter().enumerate();
    let fields = fields.flat_map(|(record, said)| unsaid(said).into_iter().map(move |field| (record, field)));
    let readings = telling.readings.iter().enumerate().filter(|(_, taken)| !**taken);
    let facts = unsaid(&telling.facts).into_iter().map(Missing::Fact);
    let fields = fields.map(|(record, field)| Missing::Field(record, field));
    let times = telling.times.iter().enumerate();
    let times = times.filter_map(|(record, said)| said.map(|(lo, hi)| Missing::Times(record, lo, hi.unwrap())));
    facts.chain(fields).chain(times).chain(readings.map(|(place, _)| Missing::Reading(place))).collect()
}

impl Missing {
    pub fn values(self) -> Vec<Known> {
        let ty = match self {
            Missing::Fact(place) => FACTS[place].ty,
            Missing::Field(_, field) => FIELDS[field].ty,
            Missing::Reading(place) => Type::Word(READINGS[place].1),
            Missing::Times(_, lo, hi) => return (lo..=hi).map(|times| Known::Hundredths(i64::from(times))).collect(),
        };
        match ty {
            Type::Word(words) => (0..words.words().len()).map(Known::Word).collect(),
            _ => vec![Known::Truth(true), Known::Truth(false)],
        }
    }

    fn name(self) -> String {
        match self {
            Missing::Fact(place) => FACTS[place].name.to_owned(),
            Missing::Field(record, field) => format!("{LIST}[{}].{}", record + 1, FIELDS[field].name),
            Missing::Reading(place) => format!("reading.{}", READINGS[place].0),
            Missing::Times(record, ..) => format!("{LIST}[{}].times", record + 1),
        }
    }

    fn set(self, known: Known, applicant: &mut Applicant) {
        match (self, known) {
            (Missing::Fact(place), known) => applicant.facts[place] = known,
            (Missing::Field(record, field), known) => applicant.records[record].fields[field] = known,
            (Missing::Reading(place), Known::Word(word)) => applicant.readings[place] = word,
            (Missing::Times(record, ..), Known::Hundredths(times)) => {
                applicant.records[record].times = u32::try_from(times).unwrap();
            }
            (Missing::Reading(_) | Missing::Times(..), _) => {}
        }
    }
}

/// The applicant in every case of what is missing.
pub fn cases(applicant: &Applicant, missing: &[Missing]) -> Vec<Applicant> {
    let mut all = vec![applicant.clone()];
    for slot in missing {
        let one = |applicant: &Applicant, value: Known| {
            let mut applicant = applicant.clone();
            slot.set(value, &mut applicant);
            applicant
        };
        all = all.iter().flat_map(|so_far| slot.values().into_iter().map(|value| one(so_far, value))).collect();
    }
    all
}

/// The smallest interval that holds the same amount in every case; `None` where it has no value in one of them.
fn hull<'a>(all: &'a [Assessment], of: impl Fn(&'a Assessment) -> Interval) -> Option<Interval> {
    let points: Option<Vec<Interval>> =
        all.iter().map(|one| Some(of(one)).filter(|amount| amount.is_point())).collect();
    points?.into_iter().reduce(Interval::hull)
}

/// The amount of this name in the line of the same place; nothing where that line does not apply.
fn amount_of(assessment: &Assessment, line: &Line, key: &str) -> Interval {
    let same = |other: &&Line| other.clause == line.clause && other.record == line.record;
    let found = assessment.lines.iter().find(same).and_then(amounts);
    found.map_or(Interval::ZERO, |all| {
        all.into_iter().find(|(name, _)| *name == key).map_or(Interval::ZERO, |(_, amount)| amount)
    })
}

/// The applicant with the values that are shown for an end.
fn with_end(applicant: &Applicant, missing: &[Missing], end: &[(FactName, Shown)]) -> Result<Applicant, String> {
    let places: HashMap<String, Missing> = missing.iter().map(|slot| (slot.name(), *slot)).collect();
    let mut applicant = applicant.clone();
    for (fact, value) in end {
        let slot = *places.get(&fact.name).ok_or_else(|| format!("`{}` is not missing", fact.name))?;
        let known = match (value, slot.values().first()) {
            (Shown::Truth(truth), _) => Known::Truth(truth.is_true()),
            (Shown::Words(words), Some(Known::Word(_))) => {
                let ty = match slot {
                    Missing::Fact(place) => FACTS[place].ty,
                    Missing::Field(_, field) => FIELDS[field].ty,
                    Missing::Reading(place) => Type::Word(READINGS[place].1),
                    Missing::Times(..) => return Err(format!("`{}` is no number", fact.name)),
                };
                let Type::Word(all) = ty else { return Err(format!("`{}` is no word", fact.name)) };
                let [label] = words.as_slice() else { return Err(format!("`{}` is left open", fact.name)) };
                Known::Word(all.words().iter().position(|word| label.en == *word).unwrap())
            }
            (Shown::Quantity { interval, .. }, Some(Known::Hundredths(_))) if interval.is_point() => {
                Known::Hundredths(interval.as_point().and_then(|times| times.to_i64()).unwrap())
            }
            _ => return Err(format!("`{}` is shown as {value:?}", fact.name)),
        };
        slot.set(known, &mut applicant);
    }
    Ok(applicant)
}

fn line(case: &Case, line: &Line, missing: &[Missing], all: &[Assessment]) -> Law {
    for (key, amount) in amounts(line).into_iter().flatten() {
        let Some(reached) = hull(all, |one| amount_of(one, line, key)) else { return Ok(()) };
        // Cases are worked out for what is awarded; nothing is promised of what leads to it and follows from it.
        if matches!(key, "awarded" | "lifetime") && amount != reached {
            return Err(format!("{key} is printed as {}, and only {} is reached", shown(amount), shown(reached)));
        }
    }
    let (Some(ends), Some(amounts)) = (&line.ends, &line.amounts) else { return Ok(()) };
    for (end, bound, name) in
        [(&ends.lowest, amounts.awarded.lo, "lowest"), (&ends.highest, amounts.awarded.hi, "highest")]
    {
        let applicant = with_end(&case.applicant, missing, end)?;
        let there = case.assess(&applicant, &Telling::all(&applicant));
        let found = amount_of(&there, line, "awarded");
        if found.lo != bound || found.hi != bound {
            return Err(format!("{:?} is shown for the {name} end, and gives {}", end, shown(found)));
        }
    }
    Ok(())
}

#[test]
fn both_ends_of_what_is_printed_are_reached() {
    hold(150, |case| {
        for numbers in &case.unsaid {
            let telling = Telling::finite(&case.applicant, numbers);
            let missing = missing(&telling);
            if missing.iter().map(|slot| slot.values().len()).product::<usize>() > MOST_CASES {
                continue;
            }
            let told = case.assess(&case.applicant, &telling);
            let all: Vec<Assessment> = cases(&case.applicant, &missing)
                .iter()
                .map(|applicant| case.assess(applicant, &Telling::all(applicant)))
                .collect();
            for found in &told.lines {
                let broken = |what: String| case.broken(&format!("{}: {what}", name(found)), &telling);
                line(case, found, &missing, &all).map_err(broken)?;
            }
            let lines =
                all.iter().all(|one| one.lines.iter().flat_map(amounts).flatten().all(|(_, amount)| amount.is_point()));
            // Nothing is looser than it says it is.
            let says_so = told.warnings.iter().any(|warning| warning.code == LOOSE_TOTALS);
            let totals: [(&str, Total); 4] = [
                ("awarded", |one| one.totals.awarded),
                ("due", |one| one.totals.due),
                ("overpaid", |one| one.totals.overpaid),
                ("lifetime", |one| one.totals.lifetime),
            ];
            for (key, total) in totals.into_iter().filter(|_| lines && !says_so) {
                let reached = hull(&all, total);
                if reached.is_some_and(|reached| reached != total(&told)) {
                    let what = format!("the total {key} is printed as {}, and not reached", shown(total(&told)));
                    return Err(case.broken(&what, &telling));
                }
            }
        }
        Ok(())
    });
}
