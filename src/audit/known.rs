//! All figures that a clause works with or declares, for whoever holds words against them.

use crate::audit::figure::{Amount, Figure};
use crate::audit::{declared, working};
use crate::policy::Policy;

/// Figures of a clause.
pub struct Known(Vec<Figure>);

impl Known {
    /// Those of the clause at this place: its working ones under every reading, and what it declares.
    pub fn of(policy: &Policy, place: usize) -> Known {
        let mut figures: Vec<Figure> =
            working::of_clause(policy, place).into_iter().map(|found| found.figure).collect();
        figures.extend(working::of_policy(policy).into_iter().map(|found| found.figure));
        if let Some(clause) = policy.clauses.get(place) {
            let declared = ["not_computed", "derived"].into_iter().flat_map(|key| declared::of(policy, clause, key));
            figures.extend(declared.flat_map(|entry| entry.figures));
        }
        Known(figures)
    }

    /// Whether one of them is this figure of some words. Words may say for what time a sum is where the clause does not, and the
    /// other way round; where both say it, they must agree.
    pub fn has(&self, figure: &Figure) -> bool {
        self.0.iter().any(|known| {
            known.agrees(figure)
                || (is_timeless(known) || is_timeless(figure)) && timeless(known).agrees(&timeless(figure))
        })
    }
}

fn timeless(figure: &Figure) -> Figure {
    match figure {
        Figure::Amount(amount) => Figure::Amount(Amount { per: Vec::new(), around: Vec::new(), ..amount.clone() }),
        other => other.clone(),
    }
}

fn is_timeless(figure: &Figure) -> bool {
    matches!(figure, Figure::Amount(amount) if amount.times().is_empty())
}
