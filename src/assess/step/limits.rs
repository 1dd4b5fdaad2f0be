//! How many lines, or how much money, there is for each value of a key, among one applicant's own lines: of one clause, or of several
//! together.

use std::collections::BTreeMap;

use crate::allot::{self, Became, Keys, Outcome, Seat, Turn, some_of, whole_places};
use crate::assess::claims::key_part;
use crate::assess::draft::{Draft, Joint, Loss};
use crate::assess::step::amount::money_step;
use crate::assess::step::order::rank;
use crate::assess::world::World;
use crate::clause::{Clause, Limit, Pool};
use crate::expr::context::{Cause, Context, Reads, tidy};
use crate::expr::program::Node;
use crate::lang::Text;
use crate::value::number::Rounding;
use crate::value::{Bound, Interval, Number, Truth};

/// What a limit asks of one line.
struct Claim {
    /// The line's place among the drafts.
    at: usize,
    /// The limit's place among those of its clause, and the clause's turn.
    limit: usize,
    turn: usize,
    /// What it asks for, to date and in all.
    asks: (Interval, Interval),
    /// Whether the limit applies to it.
    applies: Truth,
    /// Whether it stands for records that are perhaps there.
    many: bool,
    /// The place of the key it is counted under.
    key: usize,
    /// Who comes first; without an order all alike, and the order of the file decides.
    order: Interval,
    /// How much there is.
    at_most: Interval,
    causes: Vec<Cause>,
    reads: Reads,
}

impl Seat for Claim {
    fn place(&self) -> usize {
        self.at
    }
    fn limit(&self) -> usize {
        self.limit
    }
    fn turn(&self) -> Turn {
        let turn = |place: usize| u32::try_from(place).unwrap_or(u32::MAX);
        (0, turn(self.turn), turn(self.at))
    }
    fn key(&self) -> usize {
        self.key
    }
    fn applies(&self) -> Truth {
        self.applies
    }
    fn stands(&self) -> Truth {
        let asked = self.asked();
        Truth { may_hold: asked.hi > Bound::ZERO, may_fail: asked.lo <= Bound::ZERO }
    }
    fn many(&self) -> bool {
        self.many
    }
    fn order(&self) -> Interval {
        self.order
    }
    fn at_most(&self) -> Interval {
        self.at_most
    }
    fn left(&self) -> (Interval, Interval) {
        self.asks
    }
}

/// Applies the own limits of a clause to its lines. Those over all applicants cannot be seen from here.
pub fn of_clause<'a>(clause: &'a Clause, drafts: &mut [Draft], world: &'a World<'a>, context: &mut Context<'a>) {
    for limit in clause.limits.iter().filter(|limit| !limit.across && !limit.is_over_clauses()) {
        share_out(limit.pool, drafts, world, context);
    }
}

/// Applies the limits over several clauses to their lines, as what is between clauses left them.
pub fn over_clauses<'a>(drafts: &mut [Draft], world: &'a World<'a>, context: &mut Context<'a>) {
    for (place, _) in world.policy.limits.iter().enumerate().filter(|(_, limit)| !limit.across) {
        share_out(Pool::Over(place), drafts, world, context);
    }
}

fn share_out<'a>(pool: Pool, drafts: &mut [Draft], world: &'a World<'a>, context: &mut Context<'a>) {
    let members = world.policy.members(pool);
    let (Some(rule), Some((.., limit))) = (world.policy.rule(pool), members.first()) else { return };
    let (claims, keys) = claims(&members, drafts, world, context);
    let mut became = Vec::with_capacity(claims.len());
    allot::share_out(rule, &claims, &keys, &mut |one| became.push(one));
    became.sort_unstable_by_key(|became| became.place);
    let depends = Depends::new(&claims, &keys, limit, drafts);
    for (claim, became) in claims.iter().zip(&became) {
        if let (Some(draft), Some(depends)) = (drafts.get_mut(became.place), depends.of(claim)) {
            take_over(limit, claim, became, depends, draft, context);
        }
    }
    let open = became.iter().any(|became| became.settled.outcome == Outcome::Open);
    join((limit, rule.step), &claims, &keys, open, drafts);
}

fn claims<'a>(
    members: &[(usize, usize, &'a Limit)],
    drafts: &[Draft],
    world: &'a World<'a>,
    context: &mut Context<'a>,
) -> (Vec<Claim>, Keys) {
    let mut claims = Vec::new();
    let mut keys = Keys::default();
    for (at, draft) in drafts.iter().enumerate() {
        let member = members.iter().find(|(clause, ..)| *clause == draft.clause);
        let clause = world.policy.clauses.get(draft.clause);
        let (Some((_, place, limit)), Some(clause)) = (member, clause) else { continue };
        if draft.lifetime == Interval::ZERO && draft.to_date == Interval::ZERO {
            continue;
        }
        context.enter(world.local(clause, draft.record));
        // Limits are decided over the whole term.
        context.take_whole(true);
        let applies = limit.when.as_ref().map_or(Truth::TRUE, |when| when.truth(context));
        if applies.is_false() {
            continue;
        }
        // Of records that nobody has listed nothing is known.
        let many = clause.each.is_some() && draft.record.is_none();
        let part = |part: &'a Node, context: &mut Context<'a>| {
            let value = part.eval(context);
            key_part(world.policy, part, value).filter(|_| !many)
        };
        let key: Vec<Option<String>> = limit.per.iter().map(|node| part(node, context)).collect();
        let key = keys.place(&key);
        let order = limit.order.as_ref().map(|order| rank(&order.eval(context), limit.highest_first));
        let order = order.map_or(Interval::ZERO, |order| if many { Interval::ANY } else { order });
        let at_most = limit.most(context);
        let (causes, reads) = (std::mem::take(&mut context.causes), std::mem::take(&mut context.reads));
        let asks = (draft.to_date, draft.lifetime);
        let (limit, turn) = (*place, limit.turn);
        claims.push(Claim { at, limit, turn, asks, applies, many, key, order, at_most, causes, reads });
    }
    // The first of those who share says how much there is; who that is, is not known where a key is not.
    if keys.any_unknown()
        && let Some(any) = claims.iter().map(|claim: &Claim| claim.at_most).reduce(Interval::hull)
    {
        claims.iter_mut().for_each(|claim| claim.at_most = any);
    }
    (claims, keys)
}

/// What each line depends on: all that are perhaps counted with it and do not surely come after it.
struct Depends {
    /// For each draft which of `parts` it depends on.
    of: Vec<usize>,
    parts: Vec<(Vec<Cause>, Reads)>,
}

impl Depends {
    fn new(claims: &[Claim], keys: &Keys, limit: &Limit, drafts: &[Draft]) -> Depends {
        let any_unknown = keys.any_unknown();
        let mut groups: BTreeMap<usize, Vec<&Claim>> = BTreeMap::new();
        for claim in claims {
            groups.entry(if any_unknown { 0 } else { claim.key }).or_default().push(claim);
        }
        let mut depends = Depends { of: vec![0; drafts.len()], parts: Vec::new() };
        for group in groups.into_values() {
            let clear = !any_unknown && !limit.in_proportion && group.iter().all(|claim| claim.order.is_point());
            depends.group(group, clear, drafts);
        }
        depends
    }

    /// One group: each on those before it where the order is clear, otherwise on all.
    fn group(&mut self, mut group: Vec<&Claim>, clear: bool, drafts: &[Draft]) {
        group.sort_by_key(|claim| (claim.order.lo, claim.turn()));
        let mut so_far: (Vec<Cause>, Reads) = Default::default();
        let last = self.parts.len() + group.len() - 1;
        for claim in group {
            so_far.0.extend_from_slice(&claim.causes);
            so_far.1.extend(&claim.reads);
            if let Some(draft) = drafts.get(claim.at) {
                so_far.0.extend_from_slice(&draft.causes);
                so_far.1.extend(&draft.reads);
            }
            tidy(&mut so_far.0);
            let own = self.parts.len();
            if let Some(of) = self.of.get_mut(claim.at) {
                *of = if clear { own } else { last };
            }
            self.parts.push(if clear || own == last { so_far.clone() } else { Default::default() });
        }
    }

    fn of(&self, claim: &Claim) -> Option<&(Vec<Cause>, Reads)> {
        self.of.get(claim.at).and_then(|part| self.parts.get(*part))
    }
}

/// Leaves a line what the limit leaves of it, and tells it.
fn take_over(
    limit: &Limit,
    claim: &Claim,
    became: &Became,
    (causes, reads): &(Vec<Cause>, Reads),
    draft: &mut Draft,
    context: &Context<'_>,
) {
    draft.reads.extend(reads);
    let changed = (draft.to_date, draft.lifetime) != became.left;
    let inside = became.settled.outcome == Outcome::Inside;
    if changed || !inside {
        draft.reduce(became.left.0, became.left.1, Loss::Limit);
        draft.because(Loss::Limit, || limit.text.clone());
    }
    // A limit of which this line's own facts decide is a reason, even where what was open before stays as it was.
    let decides = !claim.applies.is_point() || !claim.at_most.is_point() || !inside;
    if draft.is_open() && (changed || decides) {
        draft.causes.extend_from_slice(causes);
    }
    if changed {
        let mut label = limit.text.clone();
        if became.settled.tied {
            let (zh, en) = (&label.zh, &label.en);
            label = if limit.is_over_clauses() {
                Text::made(
                    format!("{zh}（次序相同，按所列条款、填报先后）"),
                    format!("{en} (equal in order; taken in the order of the clauses named, then of the file)"),
                )
            } else {
                Text::made(
                    format!("{zh}（次序相同，按填报先后）"),
                    format!("{en} (equal in order; taken in the order of the file)"),
                )
            };
        }
        draft.show(|| money_step("limit", label, became.left.0, context));
    }
}

/// Marks lines that share a limit with what they come to together.
fn join((limit, step): (&Limit, Number), claims: &[Claim], keys: &Keys, open: bool, drafts: &mut [Draft]) {
    let clear = !keys.any_unknown();
    let mut groups: BTreeMap<usize, Vec<&Claim>> = BTreeMap::new();
    for claim in claims {
        groups.entry(if clear { claim.key } else { 0 }).or_default().push(claim);
    }
    for (number, group) in groups.into_iter().filter(|(_, group)| group.len() > 1) {
        let sum = together((limit, step), &group, clear);
        for claim in &group {
            let Some(draft) = drafts.get_mut(claim.at) else { continue };
            let own = (draft.to_date, draft.lifetime);
            // Two limits that share lines cut across each other, and what the lines come to is then known for one of them only.
            draft.loose |= open && (sum.is_none() || !clear || draft.joint.is_some());
            draft.joint = sum.map(|sum| Joint { group: (limit.pool, number), lines: group.len(), sum, own });
        }
    }
}

/// What the lines come to together under a limit, whoever of them comes first: to date and in all. `None` where it is not known
/// that the limit applies to each of them. `share`: whether all share with each other.
fn together((limit, step): (&Limit, Number), claims: &[&Claim], share: bool) -> Option<(Interval, Interval)> {
    if claims.iter().any(|claim| claim.many || !claim.applies.is_true()) {
        return None;
    }
    let pool = claims.iter().map(|claim| claim.at_most).reduce(Interval::hull)?;
    let sum = |of: fn(&Claim) -> Interval| Interval::sum(claims.iter().map(|claim| of(claim)));
    let (to_date, asked) = (sum(|claim| claim.asks.0)?, sum(|claim| claim.asked())?);
    let (mut now, mut all) = if limit.money {
        let mut all = asked.min(pool);
        // In proportion the pool is taken down to whole steps, and so is what is due to date of each part.
        let steps = |each: i64| Number::whole(i64::try_from(claims.len()).ok()?.checked_mul(each)?).multiply(step);
        let in_part = limit.in_proportion && asked.hi > pool.lo;
        if in_part {
            let left = if step == limit.coin { Number::ZERO } else { steps(1)? };
            let down = pool.round(step, Rounding::Down)?.minus(Interval::point(left))?.floor_at_zero();
            all.lo = all.lo.min(down.lo);
        }
        // What has not accrued may be of those who come first.
        let gap = |claim: &&Claim| {
            let same = claim.asks.0 == claim.asked();
            if same { Some(Interval::ZERO) } else { Some(claim.asked().minus(claim.asks.0)?.floor_at_zero()) }
        };
        let mut gaps = Interval::sum(claims.iter().map(gap).collect::<Option<Vec<Interval>>>()?.into_iter())?;
        if in_part && gaps != Interval::ZERO {
            gaps = gaps.plus(Interval::point(steps(2)?))?;
        }
        let hi = to_date.hi.min(all.hi);
        (Interval { lo: all.minus(gaps)?.floor_at_zero().lo.min(hi), hi }, all)
    } else {
        (of_places(claims, |claim| claim.asks.0, pool)?, of_places(claims, |claim| claim.asks.1, pool)?)
    };
    // Whoever does not share with the others takes nothing from them.
    if !share {
        (now.hi, all.hi) = (to_date.hi, asked.hi);
    }
    Some((now, all))
}

/// What those who get a place come to together, whoever they are; who asks for nothing takes no place.
fn of_places(claims: &[&Claim], of: fn(&Claim) -> Interval, places: Interval) -> Option<Interval> {
    let ask = |is: fn(&Claim) -> bool| claims.iter().filter(move |claim| is(claim)).map(|claim| of(claim));
    let lows: Vec<Bound> = ask(|claim| claim.asked().lo > Bound::ZERO).map(|amount| amount.lo).collect();
    let highs: Vec<Bound> = ask(|claim| claim.asked().hi > Bound::ZERO).map(|amount| amount.hi).collect();
    let perhaps = highs.len().saturating_sub(lows.len());
    let least = whole_places(places.lo)?.saturating_sub(perhaps);
    some_of(lows.into_iter(), least, highs.into_iter(), whole_places(places.hi)?)
}
