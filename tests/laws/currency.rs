//! A policy in another currency comes to the same numbers, whatever is said and left unsaid.

use duixian::assess::assess;

use crate::applicant::Telling;
use crate::case::{Case, amounts, hold, name, read, shown};

/// The currency that takes the place of 元.
const OTHER: &str = "\n[units.\"欧元\"]\nen    = { one = \"euro\", many = \"euros\" }\nmoney = true\n";

fn in_euros(text: &str) -> String {
    text.replace('元', "欧元")
}

#[test]
fn another_currency_comes_to_the_same_numbers() {
    hold(150, |case: &Case| {
        let other = read(format!("{}{OTHER}", in_euros(&case.policy.write())));
        let tellings = case.unsaid.iter().map(|numbers| Telling::some(&case.applicant, numbers));
        for telling in std::iter::once(Telling::all(&case.applicant)).chain(tellings) {
            let own = case.assess(&case.applicant, &telling);
            let applicant = case.applicant.read_as(&telling, &[&other], &|text| in_euros(&text));
            let then = assess(&[&other], &applicant);
            let told = |lines: &[duixian::assess::model::Line]| -> Vec<String> {
                let amounts =
                    |line| amounts(line).map(|all| all.map(|(what, amount)| format!("{what} {}", shown(amount))));
                lines.iter().map(|line| format!("{} {:?} {:?}", name(line), line.status, amounts(line))).collect()
            };
            let (own, then) = (told(&own.lines), told(&then.lines));
            if own != then {
                return Err(case.broken(&format!("in yuan: {own:#?}\nin euros: {then:#?}"), &telling));
            }
        }
        Ok(())
    });
}
