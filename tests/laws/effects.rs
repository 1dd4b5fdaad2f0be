//! What another reading would change is told, and nothing else is: every reading is changed to each of its options, the others
//! as they are, and every line is held against what it says of itself.

use duixian::applicant::Applicant as Read;
use duixian::assess::model::{Amounts, Assessment, Line, Status};
use duixian::assess::{Detail, assess_some};
use duixian::lang::Lang;
use duixian::policy::{self, Policy};
use duixian::source::Source;
use duixian::value::{Bound, Interval, Value, Words};

use crate::applicant::Telling;
use crate::case::{Case, Law, hold, name};
use crate::generate;
use crate::schema::READINGS;

/// What a line comes to, as far as it is told.
fn outcome(status: Status, amounts: Option<&Amounts>) -> String {
    // To the places that are shown.
    let end = |end: Bound| end.number().map_or_else(|| "…".to_owned(), |number| number.grouped());
    let shown = |amount: Interval| format!("{}–{}", end(amount.lo), end(amount.hi));
    let amounts = amounts.filter(|_| status != Status::NotApplicable).map(|of| {
        let all = [of.entitled, of.awarded, Interval::point(of.paid), of.due, of.overpaid, of.lifetime];
        all.map(shown)
    });
    format!("{status:?} {amounts:?}")
}

/// What a line says of an option of a reading.
fn said(line: &Line, policy: &str, reading: &str, option: &str) -> Option<String> {
    let effect = line.readings.iter().find(|effect| effect.policy == policy && effect.id == reading)?;
    let mut others = effect.others.iter().filter(|other| other.option == option && other.is_told);
    let other = others.next();
    let found = other.map(|other| outcome(other.status, other.amounts.as_ref()));
    // What only the lines of a limit come to together is told at the first of them, which comes to what it came to.
    let together = other.and_then(|other| other.together);
    if let Some(told) = together {
        assert!(told.awarded.0 != told.awarded.1 || told.lifetime.0 != told.lifetime.1, "nothing is otherwise");
    }
    let found = found.filter(|found| together.is_none() || *found != outcome(line.status, line.amounts.as_ref()));
    assert!(others.next().is_none(), "an option is told twice");
    found
}

/// Holds the lines against those under another option.
fn held(now: &Assessment, then: &Assessment, policy: &str, reading: &str, option: &str) -> Law {
    for (line, then) in now.lines.iter().zip(&then.lines) {
        let of = |line: &Line| outcome(line.status, line.amounts.as_ref());
        let wanted = Some(of(then)).filter(|then| *then != of(line));
        let said = said(line, policy, reading, option);
        if said != wanted {
            let name = name(line);
            return Err(format!(
                "{}/{name}: under {policy}/{reading} = {option}\nnow:    {}\nthen:   {wanted:?}\nlisted: {said:?}",
                line.policy,
                of(line)
            ));
        }
    }
    Ok(())
}

/// Every reading of every policy that is taken, changed to each of its options.
fn law(policies: &[&Policy], applicant: &Read) -> Law {
    let assess = |applicant: &Read, detail| assess_some(policies, applicant, &|_, _| true, detail);
    let now = assess(applicant, Detail::Compared);
    for (place, policy) in policies.iter().enumerate() {
        for (reading, words) in READINGS {
            let slot = policy.names.input(&format!("reading.{reading}")).unwrap();
            let taken = |applicant: &Read| match &applicant.inputs[place][slot] {
                Value::Words(words) => words.point(),
                _ => None,
            };
            let Some(used) = taken(applicant) else { continue };
            for option in (0..words.words().len()).filter(|option| *option != used) {
                let mut other = applicant.clone();
                other.inputs[place][slot] = Value::Words(Words::one(option));
                held(&now, &assess(&other, Detail::Brief), &policy.id, reading, words.words()[option])?;
            }
        }
    }
    Ok(())
}

#[test]
fn what_another_reading_would_change_is_told() {
    hold(200, |case| {
        for telling in tellings(case) {
            let applicant = case.applicant.read(&telling, &case.read);
            law(&[&case.read], &applicant).map_err(|what| case.broken(&what, &telling))?;
        }
        Ok(())
    });
}

/// Everything, and less.
fn tellings(case: &Case) -> impl Iterator<Item = Telling> {
    let less = case.unsaid.iter().map(|numbers| Telling::some(&case.applicant, numbers));
    std::iter::once(Telling::all(&case.applicant)).chain(less)
}

/// A second policy from what a case has besides.
fn second(case: &Case) -> (String, Policy) {
    let numbers = |place: usize| case.unsaid.get(place).unwrap_or(&case.unsaid[0]).clone();
    let made = generate::policy(&numbers(0), &[(numbers(1), numbers(2)), (numbers(2), numbers(1))]);
    let text = made.write().replace("id = \"laws\"", "id = \"more\"");
    let (read, faults) = policy::read(&Source::new("more.toml", text.clone()), &|_| None);
    let shown: String = faults.iter().map(|fault| fault.render(Lang::En)).collect();
    (text, read.unwrap_or_else(|| panic!("{shown}")))
}

#[test]
fn what_another_reading_would_change_of_another_policy_is_told() {
    hold(150, |case| {
        let (text, more) = second(case);
        let policies = [&case.read, &more];
        for telling in tellings(case) {
            let applicant = case.applicant.read_with(&telling, &policies);
            let broken = |what: String| case.broken(&format!("{what}\n\n# ---- the other policy\n{text}"), &telling);
            law(&policies, &applicant).map_err(broken)?;
        }
        Ok(())
    });
}
