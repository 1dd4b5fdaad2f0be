//! `instead_of`: a clause that is met takes the place of another, decided once: also where its event is known to come.

use crate::assess::draft::{Draft, Loss};
use crate::assess::world::World;
use crate::expr::context::{Cause, Context, Reads};
use crate::lang::Text;
use crate::value::Truth;

/// Whether a clause stands in the place of another, and why that is open.
struct Verdict {
    displaced: usize,
    by: usize,
    holds: Truth,
    causes: Vec<Cause>,
    reads: Reads,
}

/// Takes the amounts of displaced clauses away. Whether a clause is met is asked before any is displaced, so that the
/// order of the file does not matter.
pub fn apply<'a>(drafts: &mut [Draft], world: &'a World<'a>, context: &mut Context<'a>) {
    let mut verdicts = Vec::new();
    let mut seen = None;
    for draft in drafts.iter() {
        if seen == Some(draft.clause) {
            continue;
        }
        seen = Some(draft.clause);
        let Some(clause) = world.policy.clauses.get(draft.clause) else { continue };
        for rule in &clause.instead_of {
            let (mut holds, mut causes, mut reads) = (Truth::FALSE, Vec::new(), Reads::default());
            // Of a clause for records, one that is met and to which the rule applies is enough.
            for own in drafts.iter().filter(|other| other.clause == draft.clause) {
                context.enter(world.local(clause, own.record));
                context.take_whole(true);
                let applies = rule.when.as_ref().map_or(Truth::TRUE, |when| when.truth(context));
                holds = holds.or(applies.and(own.can_hold()));
                causes.append(&mut context.causes);
                causes.extend_from_slice(&own.causes);
                reads.extend(&context.reads);
                reads.extend(&own.reads);
            }
            verdicts.push(Verdict { displaced: rule.clause, by: draft.clause, holds, causes, reads });
        }
    }
    for verdict in verdicts {
        let by = world.policy.clauses.get(verdict.by);
        let by = by.map_or(Text::default(), |clause| {
            Text::made(
                format!("由{}“{}”代替", clause.cite, clause.title.zh),
                format!("clause {} ({}) takes its place", clause.id, clause.title.en),
            )
        });
        for draft in drafts.iter_mut().filter(|draft| draft.clause == verdict.displaced) {
            draft.reads.extend(&verdict.reads);
            if verdict.holds.is_false() {
                continue;
            }
            let keeps = verdict.holds.negate();
            draft.keep(keeps, Loss::Displaced);
            draft.because(Loss::Displaced, || by.clone());
            if !verdict.holds.is_point() {
                draft.causes.extend_from_slice(&verdict.causes);
            }
            draft.show_left("displaced", || by.clone(), world.policy);
        }
    }
}
