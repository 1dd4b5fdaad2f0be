//! What is probably wrong with a policy although every expression of it can be worked out: one check, one file, all listed in
//! one table. A check's file has its page, with a policy that it finds fault with and one that it is content with; both are
//! run as tests.
//!
//! What the checks look with: [`walk`] (every expression), [`possible`] (what an expression can
//! come to over all facts), [`witness`] (an applicant that shows it).
//!
//! **Only what is sure is reported**: a condition that perhaps never holds is left alone.

mod accepted;
mod always_holds;
mod amount_falls;
mod blank_in_words;
mod can_pay_twice;
mod conditions;
mod day_of_another;
mod declared_figure;
mod displace_each_other;
mod event_outside_window;
mod example;
mod figure_in_words;
mod gap;
mod id_not_of_article;
mod limit_without_effect;
mod never_holds;
mod no_bound;
mod no_category;
mod no_event;
mod no_identity;
mod no_meaning_of_absence;
mod not_among_others;
mod one_language;
mod periods;

mod possible;
mod rounding_past_bound;
mod runs_on;
mod steps_out_of_order;
mod uncovered_word;
mod unreachable_step;
mod unused;
mod walk;
mod window_outside_policy;
mod witness;
mod word_against_cell;
mod word_against_comparison;
mod word_against_condition;
mod word_against_limit;
mod word_against_manner;
mod words;

use crate::diagnostic::{Code, Diagnostic};
use crate::lang::Text;
use crate::policy::{Accepted, Policy, place};

pub use accepted::CHECK as ACCEPTED;
pub use example::whole as example;

/// A static check.
#[derive(Debug)]
pub struct Check {
    /// Its name, its headline, and how much a finding weighs.
    pub code: Code,
    /// What it looks for, why that matters, and what to do.
    pub page: Text,
    /// A policy that it finds fault with, without the head that all examples share.
    pub bad: &'static str,
    /// The same, mended: no check has anything to say about it.
    pub good: &'static str,
    /// What it finds.
    pub find: fn(&Policy) -> Vec<Diagnostic>,
}

/// Every check.
pub static CHECKS: &[&Check] = &[
    &never_holds::CHECK,
    &always_holds::CHECK,
    &unreachable_step::CHECK,
    &steps_out_of_order::CHECK,
    &uncovered_word::CHECK,
    &gap::CHECK,
    &window_outside_policy::CHECK,
    &event_outside_window::CHECK,
    &can_pay_twice::CHECK,
    &amount_falls::CHECK,
    &rounding_past_bound::CHECK,
    &unused::CHECK,
    &no_meaning_of_absence::CHECK,
    &no_identity::CHECK,
    &one_language::CHECK,
    &figure_in_words::CHECK,
    &word_against_comparison::CHECK,
    &word_against_condition::CHECK,
    &word_against_cell::CHECK,
    &word_against_limit::CHECK,
    &id_not_of_article::CHECK,
    &no_event::CHECK,
    &no_category::CHECK,
    &not_among_others::CHECK,
    &day_of_another::CHECK,
    &runs_on::CHECK,
    &no_bound::CHECK,
    &blank_in_words::CHECK,
    &limit_without_effect::CHECK,
    &word_against_manner::CHECK,
    &displace_each_other::CHECK,
    &declared_figure::CHECK,
    &accepted::CHECK,
];

/// The check of this name.
pub fn find(name: &str) -> Option<&'static Check> {
    CHECKS.iter().find(|check| check.code.name == name).copied()
}

/// What all checks find.
#[derive(Debug)]
pub struct Findings<'p> {
    /// What is open, in the order of the file.
    pub open: Vec<Diagnostic>,
    /// What the policy accepts, each with the reason.
    pub accepted: Vec<(Diagnostic, &'p Accepted)>,
}

/// Runs every check.
pub fn all(policy: &Policy) -> Findings<'_> {
    let found = CHECKS.iter().flat_map(|check| (check.find)(policy)).collect();
    accepted::sort_out(policy, found)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail")]

    use super::*;
    use crate::lang::Lang;
    use crate::policy;
    use crate::source::Source;

    fn codes(text: &str) -> (Vec<&'static str>, String) {
        let source = Source::new("example.toml", example::whole(text));
        let (policy, faults) = policy::read(&source, &|_| None);
        let shown: String = faults.iter().map(|fault| fault.render(Lang::En)).collect();
        let policy = policy.unwrap_or_else(|| panic!("{shown}\n{text}"));
        let found = all(&policy).open;
        let shown = found.iter().map(|fault| fault.render(Lang::En)).collect();
        (found.iter().map(|fault| fault.code.name).collect(), shown)
    }

    #[test]
    fn every_check_finds_its_bad_example_and_nothing_else_in_it() {
        for check in CHECKS {
            let (found, shown) = codes(check.bad);
            let name = check.code.name;
            assert!(!found.is_empty() && found.iter().all(|code| *code == name), "{name}: {found:?}\n{shown}");
        }
    }

    #[test]
    fn every_check_is_silent_on_every_good_example() {
        for check in CHECKS {
            let (found, shown) = codes(check.good);
            assert!(found.is_empty(), "{}: {shown}", check.code.name);
        }
    }

    #[test]
    fn every_check_has_its_own_name() {
        let mut names: Vec<&str> = CHECKS.iter().map(|check| check.code.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), CHECKS.len());
    }
}
