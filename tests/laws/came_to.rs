//! What one clause says of another is what that one's line says: to date and in all, record by record, also where nothing but a
//! limit tells records apart; and whatever is left unsaid, the complete value stays possible.

use duixian::assess::model::{Assessment, Line};
use duixian::value::{Interval, Number};

use crate::applicant::{Applicant, Telling};
use crate::case::{Case, Law, hold, read, shown};
use crate::policy::{Kind, id};
use crate::schema::LIST;

/// So many records at least look alike: few are looked at one by one.
const ALIKE: usize = 6;

/// A clause for each that comes to an amount: what it says of that one.
fn sayings(case: &Case) -> String {
    let mut out = String::new();
    for (place, clause) in case.policy.clauses.iter().enumerate().filter(|(_, clause)| clause.kind != Kind::Status) {
        for what in ["awarded", "entitled"] {
            let named = format!("clause.{}.{what}", id(place));
            let amount = if clause.each { format!("sum({named} of {LIST})") } else { named };
            let own = format!("{what}_{}", id(place));
            out += &format!("\n[[clauses]]\nid = \"{own}\"\ncite = \"{own}\"\ntitle = {{ zh = \"s\", en = \"s\" }}\n");
            // Said on any day, also after the policy's last.
            let event = case.policy.window.from;
            out += &format!(
                "for = \"person\"\nkind = \"figure\"\nsigned = true\nevent = '{event}'\namount = '{amount}'\n"
            );
        }
    }
    out
}

/// The same amount of the lines of a clause together.
fn sum(assessment: &Assessment, clause: &str, of: fn(&Line) -> Option<Interval>) -> Option<Interval> {
    let lines = assessment.lines.iter().filter(|line| line.clause == clause);
    Interval::sum(lines.map(|line| of(line).unwrap_or(Interval::ZERO)))
}

fn awarded(line: &Line) -> Option<Interval> {
    line.amounts.as_ref().map(|amounts| amounts.awarded)
}

fn lifetime(line: &Line) -> Option<Interval> {
    line.amounts.as_ref().map(|amounts| amounts.lifetime)
}

fn entitled(line: &Line) -> Option<Interval> {
    line.amounts.as_ref().map(|amounts| amounts.entitled)
}

/// To the last hundredth, which a figure in 元 is rounded to.
fn to_a_hundredth(amount: Interval) -> Option<Number> {
    amount.as_point()?.round(Number::fraction(1, 100)?, duixian::value::number::Rounding::HalfUp)
}

fn says(place: usize, assessment: &Assessment) -> Law {
    let own = id(place);
    for (what, of, said) in [
        ("awarded", awarded as fn(&Line) -> Option<Interval>, awarded as fn(&Line) -> Option<Interval>),
        ("awarded", lifetime, lifetime),
        ("entitled", entitled, awarded),
    ] {
        let told = sum(assessment, &format!("{what}_{own}"), said).and_then(to_a_hundredth);
        let is = sum(assessment, &own, of).and_then(to_a_hundredth);
        if is.is_some() && told != is {
            return Err(format!("{what} of {own} is {is:?}, and is said to be {told:?}"));
        }
    }
    Ok(())
}

#[test]
fn what_is_said_of_a_clause_is_what_its_line_says() {
    hold(150, |case| {
        let with = read(case.policy.write() + &sayings(case));
        let mut applicant: Applicant = case.applicant.clone();
        if let Some(first) = applicant.records.first().cloned() {
            while applicant.records.len() < ALIKE {
                applicant.records.push(first.clone());
            }
        }
        let assess = |telling: &Telling| duixian::assess::assess(&[&with], &applicant.read(telling, &with));
        let all = Telling::all(&applicant);
        let complete = assess(&all);
        for (place, _) in case.policy.clauses.iter().enumerate() {
            says(place, &complete)
                .map_err(|what| format!("{what}\n\n{}\n{}", with.source.text, applicant.write(&all)))?;
        }
        for numbers in &case.unsaid {
            let telling = Telling::finite(&applicant, numbers);
            let told = assess(&telling);
            for (line, known) in told.lines.iter().zip(&complete.lines) {
                let (Some(told), Some(known)) = (awarded(line), awarded(known)) else { continue };
                if known.is_point() && told.hull(known) != told {
                    let what = format!("{}: {} is outside {}", line.clause, shown(known), shown(told));
                    let (text, told) = (&with.source.text, applicant.write(&telling));
                    return Err(format!(
                        "{what}\n\n{text}\n# ---- told\n{told}\n# ---- complete\n{}",
                        applicant.write(&all)
                    ));
                }
            }
        }
        Ok(())
    });
}
