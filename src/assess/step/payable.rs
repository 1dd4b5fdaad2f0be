//! `payable_until`: with an evaluation date after it nothing is paid, accrued or not.

use crate::assess::draft::{Draft, Loss};
use crate::assess::step::own;
use crate::assess::world::World;
use crate::expr::context::Context;
use crate::lang::Text;
use crate::policy::was_paid;
use crate::value::{DayRange, Interval};

/// Takes everything away after the last day of payment.
pub fn apply<'a>(drafts: &mut [Draft], world: &'a World<'a>, context: &mut Context<'a>) {
    let Some(node) = &world.policy.payable_until else { return };
    for draft in drafts.iter_mut() {
        // A figure is not paid, so its payment does not end.
        let clause = world.policy.clauses.get(draft.clause).filter(|clause| !clause.is_figure());
        let Some(clause) = clause else { continue };
        context.enter(world.local(clause, None));
        let (last, asked) = context.aside(|context| own::until(node, context));
        let in_time = DayRange::point(world.as_of).not_after(last);
        // Where there is nothing to lose, nothing hangs on it.
        let has_amount = clause.amount.is_some() || !clause.installments.is_empty();
        let nothing = draft.holds().is_false() && draft.can_hold().is_false();
        if has_amount && !(nothing && draft.to_date == Interval::ZERO && draft.lifetime == Interval::ZERO) {
            context.ask(&asked);
        }
        let (causes, reads) = (std::mem::take(&mut context.causes), std::mem::take(&mut context.reads));
        draft.reads.extend(&reads);
        // What has no amount loses nothing, and nothing of it is open.
        if !has_amount && !in_time.is_point() {
            continue;
        }
        let something = draft.to_date != Interval::ZERO || draft.lifetime != Interval::ZERO;
        let is_paid = was_paid(&clause.id, &world.policy.names, &world.inputs);
        draft.earned = is_paid.then_some(draft.to_date);
        draft.keep(in_time, Loss::NoLongerPaid);
        if let Some(last) = last.as_point() {
            draft.because(Loss::NoLongerPaid, || Text::same(last.to_string()));
        }
        if !in_time.is_point() {
            draft.causes.extend(causes);
        }
        if something && !in_time.is_true() {
            let label = Text::new("已过最后发放日", "after the last day of payment");
            draft.show_left("payable_until", || label, world.policy);
        }
    }
}
