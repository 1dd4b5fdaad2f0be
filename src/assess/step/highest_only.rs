//! `[[highest_only]]`: of several clauses only the highest counts, decided once, over the whole term of each.

use crate::assess::draft::{Draft, Loss};
use crate::assess::world::World;
use crate::expr::context::{Cause, Context, Local, Reads};
use crate::lang::Text;
use crate::policy::HighestOnly;
use crate::value::{Interval, Truth};

/// Leaves, of each group, the clause that pays most; of equal ones the first.
pub fn apply<'a>(drafts: &mut [Draft], world: &'a World<'a>, context: &mut Context<'a>) {
    for rule in &world.policy.highest_only {
        let members: Vec<usize> =
            rule.clauses.iter().copied().filter(|clause| drafts.iter().any(|draft| draft.clause == *clause)).collect();
        if members.len() < 2 {
            continue;
        }
        context.enter(Local::NONE);
        let applies = rule.when.as_ref().map_or(Truth::TRUE, |when| when.truth(context));
        let reads = std::mem::take(&mut context.reads);
        let own_causes = std::mem::take(&mut context.causes);
        for draft in drafts.iter_mut().filter(|draft| members.contains(&draft.clause)) {
            draft.reads.extend(&reads);
        }
        if applies.is_false() {
            continue;
        }
        let (mut causes, mut all_reads): (Vec<Cause>, Reads) = (own_causes, reads);
        for draft in drafts.iter().filter(|draft| members.contains(&draft.clause)) {
            causes.extend_from_slice(&draft.causes);
            all_reads.extend(&draft.reads);
        }
        let winners = highest(&members, drafts);
        for (clause, highest) in members.iter().zip(&winners) {
            let keeps = highest.or(applies.negate());
            for draft in drafts.iter_mut().filter(|draft| draft.clause == *clause) {
                let before = draft.to_date;
                let higher = || higher(world, rule, &members, &winners);
                draft.keep(keeps, Loss::Lower);
                draft.because(Loss::Lower, higher);
                if draft.is_open() {
                    draft.depend(&causes, &all_reads);
                } else {
                    draft.reads.extend(&all_reads);
                }
                if before != draft.to_date {
                    draft.show_left("highest_only", || rule.text.clone(), world.policy);
                }
            }
        }
    }
}

/// The rule with the clause that is the highest, where that is known.
fn higher(world: &World<'_>, rule: &HighestOnly, members: &[usize], winners: &[Truth]) -> Text {
    let winner = members.iter().zip(winners).find(|(_, highest)| highest.is_true()).map(|(place, _)| *place);
    let Some(winner) = winner.and_then(|place| world.policy.clauses.get(place)) else { return rule.text.clone() };
    Text::made(
        format!("{}（{}“{}”）", rule.text.zh, winner.cite, winner.title.zh),
        format!("{} (clause {}, {})", rule.text.en, winner.id, winner.title.en),
    )
}

/// For each clause whether it is the highest in the end.
fn highest(members: &[usize], drafts: &[Draft]) -> Vec<Truth> {
    let sum = |clause: &usize| {
        let lines = drafts.iter().filter(|draft| draft.clause == *clause);
        Interval::sum(lines.map(|draft| draft.lifetime)).unwrap_or(Interval::ANY)
    };
    let sums: Vec<Interval> = members.iter().map(sum).collect();
    let one = |(place, own): (usize, &Interval)| {
        sums.iter().enumerate().filter(|(other, _)| *other != place).fold(Truth::TRUE, |so_far, (other, sum)| {
            // An earlier one wins a tie, unless it is a tie of nothing with nothing.
            let nothing = sum.equals(Interval::ZERO).and(own.equals(Interval::ZERO));
            so_far.and(if other < place { sum.below(*own).or(nothing) } else { sum.at_most(*own) })
        })
    };
    sums.iter().enumerate().map(one).collect()
}
