//! What a line asks of limits over all applicants. They are settled later, on the claims of all of them.

use crate::assess::draft::{Draft, Loss};
use crate::assess::line::PolicyLines;
use crate::assess::model::{Claim, Counted, Line};
use crate::assess::naming;
use crate::assess::step::order::rank;
use crate::assess::world::{Look, World};
use crate::clause::Clause;
use crate::expr::program::Node;
use crate::expr::types::Type;
use crate::policy::Policy;
use crate::source::folded;
use crate::value::{Bound, Interval, Truth, Value};

impl World<'_> {
    /// The claims of a line; none where it asks for nothing.
    pub(super) fn claims(&self, clause: &Clause, draft: &Draft, look: Look<'_>) -> Vec<Claim> {
        if !clause.is_limited_across() {
            return Vec::new();
        }
        let asked = draft.to_date.max(draft.lifetime);
        let stands = if clause.amount.is_some() || !clause.installments.is_empty() {
            Truth { may_hold: asked.hi > Bound::ZERO, may_fail: asked.lo <= Bound::ZERO }
        } else {
            draft.holds()
        };
        if stands.is_false() {
            return Vec::new();
        }
        let limits = clause.limits.iter().enumerate().filter(|(_, limit)| limit.across);
        let mut context = self.context();
        context.watch = look.watch;
        let mut claims = Vec::new();
        for (place, limit) in limits {
            context.enter(self.local(clause, draft.record));
            context.take_whole(true);
            let applies = limit.when.as_ref().map_or(Truth::TRUE, |when| when.truth(&mut context));
            if applies.is_false() {
                continue;
            }
            let many = clause.each.is_some() && draft.record.is_none();
            // Of records that nobody has listed nothing is known.
            let known = |text: Option<String>| text.filter(|_| !many);
            let key =
                limit.per.iter().map(|part| known(key_part(self.policy, part, part.eval(&mut context)))).collect();
            let order = limit.order.as_ref().filter(|_| !many);
            let order = order.map_or(Interval::ANY, |order| rank(&order.eval(&mut context), limit.highest_first));
            let at_most = limit.most(&mut context);
            let missing = naming::facts(self.policy, &self.inputs, &std::mem::take(&mut context.causes));
            let (to_date, lifetime) = (draft.to_date, draft.lifetime);
            claims.push(Claim {
                limit: place,
                applies,
                stands,
                many,
                overlaps: false,
                key,
                order,
                at_most,
                to_date,
                lifetime,
                missing,
            });
        }
        if let Some(asked) = look.asked {
            asked.take_in(&context);
        }
        claims
    }
}

/// A known value as a text that no other value of its type has; texts that are compared as one are one.
pub(in crate::assess) fn key_part(policy: &Policy, part: &Node, value: Value) -> Option<String> {
    match (value, &part.ty) {
        (Value::Text(text), _) => text.map(|text| folded(&text).into_owned()),
        (Value::Quantity(number), _) => number.as_point().map(|number| number.exact()),
        (Value::Date(range), _) => range.as_point().map(|day| day.to_string()),
        (Value::Truth(truth), _) => truth.is_point().then(|| truth.is_true().to_string()),
        (Value::Words(words), Type::Enum(place)) => {
            let declared = policy.names.enums.get(*place)?;
            declared.words.get(words.point()?).map(|(word, _)| word.clone())
        }
        _ => None,
    }
}

/// Notes on claims whose category was settled with another scheme: what a limit takes from them may fall to other lines.
pub(super) fn mark_overlaps(parts: &[PolicyLines<'_>], lines: &mut [Line]) {
    if lines.iter().all(|line| line.claims.is_empty()) {
        return;
    }
    let drafts = |part: &'_ PolicyLines<'_>| -> Vec<String> {
        let own = part.worked.iter().map(|worked| &worked.settled.draft);
        overlapping(part.policy, own).collect()
    };
    let overlapping: Vec<String> = parts.iter().flat_map(drafts).collect();
    for line in lines.iter_mut().filter(|line| !line.claims.is_empty() && line.counted == Counted::Total) {
        let part = parts.iter().find(|part| part.policy.id == line.policy);
        let own = part.and_then(|part| category(part.policy, part.policy.clause(&line.clause)?));
        if own.is_some_and(|own| overlapping.iter().any(|other| other == own)) {
            line.claims.iter_mut().for_each(|claim| claim.overlaps = true);
        }
    }
}

/// The id of a clause's category.
pub(super) fn category(policy: &Policy, clause: usize) -> Option<&str> {
    let place = policy.clauses.get(clause)?.category?;
    policy.names.categories.get(place).map(|(id, _)| id.as_str())
}

/// The categories of lines from which another scheme took something.
pub(super) fn overlapping<'d>(
    policy: &Policy,
    drafts: impl Iterator<Item = &'d Draft>,
) -> impl Iterator<Item = String> {
    let lost = drafts.filter(|draft| draft.losses.contains(&Loss::Overlap));
    lost.filter_map(|draft| category(policy, draft.clause).map(str::to_owned))
}
