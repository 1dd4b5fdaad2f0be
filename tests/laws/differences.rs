//! What a change does to an applicant, whatever is left unsaid: an unchanged policy differs by exactly nothing; after a change
//! the difference of the complete applicant lies inside what is told without what is unsaid; and where few truths and words are
//! missing, both ends are reached.

use duixian::applicant::Applicant as Read;
use duixian::assess::model::Counted;
use duixian::assess::pair::{Both, assess_both};
use duixian::assess::twins::Twins;
use duixian::diff::{Side, diff, twins};
use duixian::mutation::{changes, sample};
use duixian::policy::{self, Policy};
use duixian::value::{Interval, Number};

use crate::applicant::{Applicant, Telling};
use crate::case::{Case, hold, read, shown};
use crate::policy::id;
use crate::tight::{MOST_CASES, Missing, cases, missing};

/// The difference of each clause, by its place among those of both; 0 where no change reaches it.
fn differences(twins: &Twins<'_>, applicants: [&Read; 2]) -> Vec<Option<Interval>> {
    assess_both(twins, applicants, [&|_| true, &|_| true]).clauses
}

/// By how much a clause differs between the two assessments, where both are known: what `calc` would say of each.
fn apart(twins: &Twins<'_>, both: &Both, place: usize) -> Option<Number> {
    let awarded = |side: usize, policy: &Policy| {
        let clause = twins.clauses[place].places[side];
        let lines = both.sides[side].lines.iter();
        let own = lines.filter(|line| clause.is_some_and(|clause| policy.clauses[clause].id == line.clause));
        let counted = own.filter(|line| line.counted == Counted::Total);
        Interval::sum(counted.filter_map(|line| line.amounts.as_ref().map(|amounts| amounts.awarded))).unwrap()
    };
    let [was, is] = [awarded(0, twins.old), awarded(1, twins.new)].map(Interval::as_point);
    is?.minus(was?)
}

/// The policy of a case with one change planted in it that means something, where there is one; what was paid must have been paid
/// under a clause of both.
fn changed(case: &Case) -> Option<Policy> {
    let seed = u64::from(*case.unsaid.first()?.first()?);
    let changed =
        sample(changes(&case.read), 1, seed).into_iter().find_map(|change| policy::read(&change.made(), &|_| None).0);
    changed.filter(|new| case.applicant.paid.iter().all(|paid| new.clause(&id(paid.clause)).is_some()))
}

#[test]
fn an_unchanged_policy_differs_by_nothing_whatever_is_unsaid() {
    hold(60, |case: &Case| {
        // The same again, as if from another file.
        let again = read(case.policy.write());
        let found = diff(Side { policy: &case.read, taken: &[] }, Side { policy: &again, taken: &[] });
        let twins = twins(&found, true);
        for numbers in &case.unsaid {
            let telling = Telling::some(&case.applicant, numbers);
            let applicants = [&case.read, &again].map(|policy| case.applicant.read(&telling, policy));
            let [old, new] = &applicants;
            if let Some(found) = differences(&twins, [old, new]).into_iter().flatten().next() {
                return Err(case.broken(&format!("a change of {}", shown(found)), &telling));
            }
        }
        Ok(())
    });
}

#[test]
fn the_difference_of_a_complete_applicant_lies_inside_what_is_told() {
    hold(40, |case: &Case| {
        let Some(new) = changed(case) else { return Ok(()) };
        let found = diff(Side { policy: &case.read, taken: &[] }, Side { policy: &new, taken: &[] });
        let twins = twins(&found, true);
        let both = |telling: &Telling| {
            let [old, new] = [&case.read, &new].map(|policy| case.applicant.read(telling, policy));
            assess_both(&twins, [&old, &new], [&|_| true, &|_| true])
        };
        let complete = both(&Telling::all(&case.applicant));
        for numbers in &case.unsaid {
            let telling = Telling::some(&case.applicant, numbers);
            for (place, told) in both(&telling).clauses.into_iter().enumerate() {
                let Some(apart) = apart(&twins, &complete, place) else { continue };
                let told = told.unwrap_or(Interval::ZERO);
                if !told.contains(apart) {
                    let text = &new.source.text;
                    let what = format!("{apart} is not in {}\n\n# ---- changed\n{text}", shown(told));
                    return Err(case.broken(&what, &telling));
                }
            }
        }
        Ok(())
    });
}

#[test]
fn both_ends_of_a_difference_are_reached_where_few_truths_and_words_are_missing() {
    hold(40, |case: &Case| {
        let Some(new) = changed(case) else { return Ok(()) };
        let found = diff(Side { policy: &case.read, taken: &[] }, Side { policy: &new, taken: &[] });
        let twins = twins(&found, true);
        for numbers in &case.unsaid {
            let telling = Telling::finite(&case.applicant, numbers);
            let missing = missing(&telling);
            // How many a record stands for is not told apart.
            if missing.iter().any(|slot| matches!(slot, Missing::Times(..)))
                || missing.iter().map(|slot| slot.values().len()).product::<usize>() > MOST_CASES
            {
                continue;
            }
            let both = |applicant: &Applicant, telling: &Telling| {
                let [old, new] = [&case.read, &new].map(|policy| applicant.read(telling, policy));
                assess_both(&twins, [&old, &new], [&|_| true, &|_| true])
            };
            let all: Vec<Both> = cases(&case.applicant, &missing)
                .iter()
                .map(|applicant| both(applicant, &Telling::all(applicant)))
                .collect();
            for (place, told) in both(&case.applicant, &telling).clauses.into_iter().enumerate() {
                let points: Option<Vec<Number>> = all.iter().map(|one| apart(&twins, one, place)).collect();
                let reached = points.and_then(|points| points.into_iter().map(Interval::point).reduce(Interval::hull));
                let told = told.unwrap_or(Interval::ZERO);
                if let Some(reached) = reached.filter(|reached| *reached != told) {
                    let text = &new.source.text;
                    let (told, reached) = (shown(told), shown(reached));
                    let what = format!("{told} is told, and only {reached} is reached\n\n# ---- changed\n{text}");
                    return Err(case.broken(&what, &telling));
                }
            }
        }
        Ok(())
    });
}
