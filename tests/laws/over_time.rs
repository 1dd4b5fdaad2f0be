//! What is awarded to date never exceeds the whole term. And where no clause takes another's place and nothing asks for the
//! evaluation date, what is awarded never falls as that date moves on, and what is paid as advised was never too much and never
//! goes beyond a limit.

use std::collections::HashMap;

use duixian::applicant::{Applicant as Told, Paid};
use duixian::assess::model::{Assessment, Counted};
use duixian::assess::{Detail, assess_some};
use duixian::policy::Policy as Read;
use duixian::value::{Bound, Day, Interval, Number};
use proptest::collection::vec;
use proptest::prelude::Strategy;

use crate::applicant::{Applicant, Telling, applicant};
use crate::case::{Law, PolicyNumbers, amounts, name, numbers, policy_numbers, read, run, shown};
use crate::generate;
use crate::plain::Value;
use crate::policy::{Kind, Policy, id};
use crate::ratio::Ratio;

/// Evaluation dates, from before everything to after everything.
const DATES: &[(i32, u32, u32)] = &[
    (2020, 1, 15),
    (2021, 10, 7),
    (2022, 6, 30),
    (2023, 3, 1),
    (2023, 12, 31),
    (2024, 6, 15),
    (2025, 6, 30),
    (2026, 12, 31),
    (2027, 1, 1),
    (2029, 6, 1),
];

/// What makes a policy of these numbers.
type Make = fn(&[u32], &[(Vec<u32>, Vec<u32>)]) -> Policy;

/// One policy or two, and an applicant of whom everything is known.
struct Case {
    policies: Vec<Policy>,
    read: Vec<Read>,
    applicant: Applicant,
    told: Told,
}

impl std::fmt::Debug for Case {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("as shown above")
    }
}

impl Case {
    fn new(make: Make, policies: &[PolicyNumbers], facts: &[u32], records: &[Vec<u32>]) -> Case {
        let policies: Vec<Policy> = policies.iter().map(|(front, clauses)| make(front, clauses)).collect();
        let read = policies.iter().enumerate().map(|(place, policy)| read(as_own(policy, place))).collect::<Vec<_>>();
        let clauses: Vec<_> = policies.iter().flat_map(|policy| policy.clauses.clone()).collect();
        let mut applicant = applicant(facts, records, &clauses);
        applicant.paid.clear();
        applicant
            .others
            .iter_mut()
            .for_each(|other| other.clause = other.clause.filter(|place| *place < fewest(&policies)));
        let told = applicant.read_with(&Telling::all(&applicant), &read.iter().collect::<Vec<_>>());
        Case { policies, read, applicant, told }
    }

    /// On a day, with so much paid.
    fn on(&self, day: Day, paid: &[Paid]) -> Assessment {
        let told = Told { as_of: day, paid: paid.to_vec(), ..self.told.clone() };
        let read: Vec<&Read> = self.read.iter().collect();
        assess_some(&read, &told, &|_, _| true, Detail::Brief)
    }

    fn broken(&self, what: &str) -> String {
        let policies = self.policies.iter().enumerate().map(|(place, policy)| as_own(policy, place));
        let policies = policies.collect::<Vec<_>>().join("\n# ---- policy\n");
        let applicant = self.applicant.write(&Telling::all(&self.applicant));
        format!("{what}\n\n# ---- policy\n{policies}\n# ---- applicant\n{applicant}\n")
    }
}

fn fewest(policies: &[Policy]) -> usize {
    policies.iter().map(|policy| policy.clauses.len()).min().unwrap_or(0)
}

/// The text of the policy at a place.
fn as_own(policy: &Policy, place: usize) -> String {
    policy.write().replacen("id = \"laws\"", &format!("id = \"laws{place}\""), 1)
}

fn days() -> impl Iterator<Item = Day> {
    DATES.iter().map(|(year, month, day)| Day::of(*year, *month, *day).unwrap())
}

/// Tries a law on one policy or two at a time.
fn hold(usual: u32, make: Make, law: impl Fn(&Case) -> Law) {
    let all = (vec(policy_numbers(3), 1..=2), numbers(60), vec(numbers(14), 0..5));
    let cases = all.prop_map(move |(policies, facts, records)| Case::new(make, &policies, &facts, &records));
    run(usual, &cases, |case| law(case).map_err(|what| case.broken(&what)));
}

/// What is awarded is within the whole term.
fn within(assessment: &Assessment, day: Day) -> Law {
    for line in &assessment.lines {
        // A figure is no award: it may be below 0, and its whole term is what it will be.
        let Some(amounts) = line.amounts.as_ref().filter(|_| line.kind != "figure") else { continue };
        if let (Some(awarded), Some(whole)) = (amounts.awarded.as_point(), amounts.lifetime.as_point())
            && awarded > whole
        {
            return Err(format!("{}/{} on {day}: {awarded} is awarded, of {whole} in all", line.policy, name(line)));
        }
    }
    let (awarded, whole) = (assessment.totals.awarded, assessment.totals.lifetime);
    match (awarded.as_point(), whole.as_point()) {
        (Some(all), Some(most)) if all > most => Err(format!("on {day} {all} is awarded in total, of {most} in all")),
        _ => Ok(()),
    }
}

#[test]
fn what_is_awarded_is_within_the_whole_term() {
    hold(150, generate::policy, |case| days().try_for_each(|day| within(&case.on(day, &[]), day)));
}

/// The amount of each line, by its policy, clause and record.
type Amounts = HashMap<(String, String, Option<usize>), Number>;

fn key(line: &duixian::assess::model::Line) -> (String, String, Option<usize>) {
    (line.policy.clone(), line.clause.clone(), line.record.as_ref().map(|record| record.index - 1))
}

/// Whether something may take another's place: a clause, the highest of several, or of two policies that pay for the same thing.
fn is_displaced(case: &Case) -> bool {
    let several = case.policies.len() > 1;
    case.policies.iter().any(|policy| {
        let displaces = policy.clauses.iter().any(|clause| !clause.instead_of.is_empty());
        displaces || policy.highest_only.is_some() || (several && policy.overlap.is_some())
    })
}

/// What is awarded to date never falls.
fn never_falls(case: &Case) -> Law {
    let mut before = Amounts::new();
    for day in days() {
        let now = case.on(day, &[]);
        within(&now, day)?;
        for line in &now.lines {
            if line.kind == "figure" {
                continue;
            }
            let Some(awarded) = line.amounts.as_ref().map_or(Some(Number::ZERO), |all| all.awarded.as_point()) else {
                continue;
            };
            let was = before.insert(key(line), awarded);
            if let Some(was) = was.filter(|was| awarded < *was) {
                return Err(format!("{}/{}: {awarded} is awarded on {day}, and {was} before", line.policy, name(line)));
            }
        }
    }
    Ok(())
}

/// What is paid as advised, date by date; `None` where something has no value.
fn pay(case: &Case) -> Result<Option<Vec<Paid>>, String> {
    let mut paid: Vec<Paid> = Vec::new();
    for day in days() {
        let now = case.on(day, &paid);
        within(&now, day)?;
        for line in &now.lines {
            let Some((_, overpaid)) = amounts(line).map(|all| all[3]) else { continue };
            if overpaid.hi > Bound::ZERO {
                return Err(format!("{}/{} on {day}: {} is overpaid", line.policy, name(line), shown(overpaid)));
            }
        }
        if now.totals.overpaid != Interval::ZERO {
            return Err(format!("on {day} {} is overpaid in total", shown(now.totals.overpaid)));
        }
        for line in now.lines.iter().filter(|line| line.counted == Counted::Total) {
            let Some((_, due)) = amounts(line).map(|all| all[2]) else { continue };
            let Some(amount) = due.as_point() else { return Ok(None) };
            if amount > Number::ZERO {
                let policy = case.read.iter().position(|read| read.id == line.policy);
                let (_, clause, record) = key(line);
                paid.push(Paid { policy, clause, record, amount, on: Some(day), award: None });
            }
        }
    }
    Ok(Some(paid))
}

fn add(sum: &mut Number, amount: Number) {
    *sum = sum.plus(amount).unwrap();
}

/// The lines and the money that were paid under each key of each limit are within it, and no line is above its cap.
fn within_limits(case: &Case, paid: &[Paid]) -> Law {
    let mut lines: HashMap<(usize, String, Option<usize>), Number> = HashMap::new();
    for one in paid {
        let key = (one.policy.unwrap(), one.clause.clone(), one.record);
        add(lines.entry(key).or_insert(Number::ZERO), one.amount);
    }
    for (place_of, policy) in case.policies.iter().enumerate() {
        for (clause, _) in policy.clauses.iter().enumerate().filter(|(_, own)| own.kind == Kind::Grant) {
            let of_clause = || lines.iter().filter(|((of, known, _), _)| *of == place_of && *known == id(clause));
            for ((.., record), sum) in of_clause() {
                let cap = policy.cap(clause, *record, &case.applicant);
                if let Some(cap) = cap.filter(|cap| *sum > cap.number()) {
                    return Err(format!("laws{place_of}/{}: {sum} was paid, above its cap of {cap:?}", id(clause)));
                }
            }
        }
        let read = &case.read[place_of];
        let own = policy.clauses.iter().zip(&read.clauses).enumerate().flat_map(|(clause, (own, read))| {
            own.limits.iter().zip(&read.limits).map(move |(limit, read)| (vec![clause], limit, read.money))
        });
        let over = policy.limits.iter().zip(read.limits_over_clauses());
        let over = over.map(|(over, (_, read))| (over.clauses.clone(), &over.limit, read.money));
        for (clauses, limit, money) in own.chain(over) {
            // Who comes first says how much there is.
            let mut groups: Vec<(Vec<Value>, Ratio, usize, Number)> = Vec::new();
            for ((of, clause, record), sum) in &lines {
                let Some(clause) = clauses.iter().find(|place| *of == place_of && id(**place) == *clause) else {
                    continue;
                };
                let Some((key, most)) = policy.limit(*clause, limit, *record, &case.applicant) else { continue };
                match groups.iter_mut().find(|(known, ..)| *known == key) {
                    Some((_, pool, count, all)) => {
                        *pool = most.max(*pool);
                        *count += 1;
                        add(all, *sum);
                    }
                    None => groups.push((key, most, 1, *sum)),
                }
            }
            for (key, most, count, sum) in groups {
                let used = if money { sum } else { Number::whole(i64::try_from(count).unwrap() - 1) };
                let beyond = if money { used > most.number() } else { used >= most.number() };
                if beyond {
                    let what = format!("{count} lines and {sum} were paid under {key:?} of the limit of {most:?}");
                    return Err(format!("laws{place_of}/{clauses:?}: {what}"));
                }
            }
        }
    }
    Ok(())
}

#[test]
fn what_is_awarded_once_is_not_taken_back() {
    hold(150, generate::calm, |case| {
        if !is_displaced(case) {
            never_falls(case)?;
        }
        match pay(case)? {
            Some(paid) => within_limits(case, &paid),
            None => Ok(()),
        }
    });
}
