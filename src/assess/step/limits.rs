//! How many lines, or how much money, there is for each value of a key, among one applicant's own lines.

use crate::assess::draft::{Draft, Joint, Loss};
use crate::assess::step::amount::money_step;
use crate::assess::step::order::rank;
use crate::assess::step::share_out::{grant, has_place, some_of, whole_places};
use crate::assess::world::World;
use crate::clause::{Clause, Limit};
use crate::expr::context::{Cause, Context, Reads};
use crate::value::{Bound, Interval, Truth, Value};

/// What a limit asks of one line.
struct Claim {
    /// The line's place among the clause's drafts.
    at: usize,
    /// Whether the limit applies to it.
    applies: Truth,
    /// The key it is counted under.
    key: Vec<Value>,
    /// Who comes first.
    order: Option<Interval>,
    /// How much there is.
    limit: Interval,
    causes: Vec<Cause>,
    reads: Reads,
}

/// Applies the limits of a clause to its lines. Those over all applicants cannot be seen from here.
pub fn apply<'a>(clause: &'a Clause, drafts: &mut [Draft], world: &'a World<'a>, context: &mut Context<'a>) {
    for (place, limit) in clause.limits.iter().enumerate().filter(|(_, limit)| !limit.across) {
        let claims = claims(clause, limit, drafts, world, context);
        for (number, group) in groups(claims).into_iter().enumerate() {
            let (Group::Clear(claims) | Group::Unclear(claims)) = &group;
            let sum = together(limit, claims, drafts, matches!(group, Group::Unclear(_)));
            match &group {
                Group::Clear(claims) => within(limit, claims, drafts, context),
                Group::Unclear(claims) => unclear(limit, claims, drafts),
            }
            let lines = claims.len();
            for claim in claims.iter().filter(|_| lines > 1) {
                let Some(draft) = drafts.get_mut(claim.at) else { continue };
                let own = (draft.to_date, draft.lifetime);
                draft.joint = sum.map(|sum| Joint { group: (place, number), lines, sum, own });
            }
        }
    }
}

fn claims<'a>(
    clause: &'a Clause,
    limit: &'a Limit,
    drafts: &[Draft],
    world: &'a World<'a>,
    context: &mut Context<'a>,
) -> Vec<Claim> {
    let mut claims = Vec::new();
    for (at, draft) in drafts.iter().enumerate() {
        if draft.lifetime == Interval::ZERO && draft.to_date == Interval::ZERO {
            continue;
        }
        context.enter(world.local(clause, draft.record));
        let applies = limit.when.as_ref().map_or(Truth::TRUE, |when| when.truth(context));
        if applies.is_false() {
            continue;
        }
        let key = limit.per.iter().map(|part| part.eval(context)).collect();
        let order = limit.order.as_ref().map(|order| rank(&order.eval(context), limit.highest_first));
        let at_most = limit.at_most.quantity(context);
        let (causes, reads) = (std::mem::take(&mut context.causes), std::mem::take(&mut context.reads));
        claims.push(Claim { at, applies, key, order, limit: at_most, causes, reads });
    }
    claims
}

enum Group {
    /// It is known who is in it and in which order.
    Clear(Vec<Claim>),
    /// It is not.
    Unclear(Vec<Claim>),
}

fn is_clear(order: &Option<Interval>) -> bool {
    order.is_none_or(Interval::is_point)
}

/// Lines by key, each group in its order.
fn groups(claims: Vec<Claim>) -> Vec<Group> {
    if claims.iter().any(|claim| !claim.key.iter().all(Value::is_point)) {
        return vec![Group::Unclear(claims)];
    }
    let mut groups: Vec<Vec<Claim>> = Vec::new();
    for claim in claims {
        match groups.iter_mut().find(|group| group.first().is_some_and(|first| first.key == claim.key)) {
            Some(group) => group.push(claim),
            None => groups.push(vec![claim]),
        }
    }
    groups
        .into_iter()
        .map(|mut group| {
            if group.len() > 1 && group.iter().any(|claim| !is_clear(&claim.order)) {
                return Group::Unclear(group);
            }
            // Lines of one place in the order stay in the order of the file.
            group.sort_by_key(|claim| claim.order.map(|order| order.lo));
            Group::Clear(group)
        })
        .collect()
}

/// Shares a limit out over lines in their order.
fn within(limit: &Limit, claims: &[Claim], drafts: &mut [Draft], context: &Context<'_>) {
    let Some(pool) = pool(claims, drafts) else { return };
    let asked = |of: fn(&Draft) -> Interval, drafts: &[Draft]| -> Vec<Interval> {
        claims.iter().map(|claim| drafts.get(claim.at).map_or(Interval::ZERO, of)).collect()
    };
    let share = |asked: &[Interval]| -> Vec<Interval> {
        // What the limit does not apply to takes nothing of it, and is left as it is.
        let claimed: Vec<Interval> =
            asked.iter().zip(claims).map(|(asked, claim)| asked.given(claim.applies)).collect();
        let shares = if limit.money { grant(asked, &claimed, pool) } else { places(asked, &claimed, pool) };
        let whole = |((share, asked), claim): ((Interval, &Interval), &Claim)| {
            if claim.applies.is_true() { share } else { share.hull(*asked) }
        };
        shares.into_iter().zip(asked).zip(claims).map(whole).collect()
    };
    let to_date = share(&asked(|draft| draft.to_date, drafts));
    let lifetime = share(&asked(|draft| draft.lifetime, drafts));
    let tied = claims.windows(2).any(|pair| match pair {
        [a, b] => limit.order.is_some() && a.order == b.order,
        _ => false,
    });
    // What one line gets depends on all that come before it.
    let mut before: (Vec<Cause>, Reads) = Default::default();
    for ((claim, to_date), lifetime) in claims.iter().zip(to_date).zip(lifetime) {
        let Some(draft) = drafts.get_mut(claim.at) else { continue };
        before.0.extend_from_slice(&claim.causes);
        before.0.extend_from_slice(&draft.causes);
        before.1.extend(&claim.reads);
        before.1.extend(&draft.reads);
        draft.reads.extend(&before.1);
        let changed = (draft.to_date, draft.lifetime) != (to_date, lifetime);
        draft.reduce(to_date, lifetime, Loss::Limit);
        draft.because(Loss::Limit, || limit.text.clone());
        // A limit of which this line's own facts decide is a reason, even where what was open before stays as it was.
        let decides = !claim.applies.is_point() || !claim.limit.is_point();
        if draft.is_open() && (changed || decides) {
            draft.causes.extend_from_slice(&before.0);
        }
        if changed {
            let mut label = limit.text.clone();
            if tied {
                let (zh, en) = (label.zh.into_owned(), label.en.into_owned());
                label = crate::lang::Text::made(
                    format!("{zh}（次序相同，按填报先后）"),
                    format!("{en} (equal in order; taken in the order of the file)"),
                );
            }
            draft.show(|| money_step("limit", label, to_date, context));
        }
    }
}

/// How much there is: what the first line that claims of it says.
fn pool(claims: &[Claim], drafts: &[Draft]) -> Option<Interval> {
    let claims_for_sure = |claim: &Claim| {
        let something = |draft: &Draft| draft.to_date.lo > Bound::ZERO || draft.lifetime.lo > Bound::ZERO;
        claim.applies.is_true() && drafts.get(claim.at).is_some_and(something)
    };
    let sure = claims.iter().position(claims_for_sure).unwrap_or(claims.len());
    claims.iter().take(sure + 1).map(|claim| claim.limit).reduce(Interval::hull)
}

/// What each line keeps if the limit applies to it, where those before it claim so much.
fn places(asked: &[Interval], claimed: &[Interval], places: Interval) -> Vec<Interval> {
    let (mut sure, mut possible) = (0, 0);
    let lines = asked.iter().zip(claimed);
    lines
        .map(|(asked, claimed)| {
            let kept = asked.given(has_place((sure, possible), places));
            sure += i64::from(claimed.lo > Bound::ZERO);
            possible += i64::from(claimed.hi > Bound::ZERO);
            kept
        })
        .collect()
}

/// Who shares with whom, or who comes first, is not known: any of the lines may go empty, unless all fit.
fn unclear(limit: &Limit, claims: &[Claim], drafts: &mut [Draft]) {
    let least = claims.iter().map(|claim| claim.limit.lo).min().unwrap_or(Bound::Below);
    let all_fit = if limit.money {
        let most =
            |claim: &Claim| drafts.get(claim.at).map_or(Interval::ZERO, |draft| draft.lifetime.max(draft.to_date));
        let asked = Interval::sum(claims.iter().map(most));
        asked.is_some_and(|asked| asked.hi <= least)
    } else {
        Bound::At(crate::value::Number::whole(i64::try_from(claims.len()).unwrap_or(i64::MAX))) <= least
    };
    for claim in claims {
        let Some(draft) = drafts.get_mut(claim.at) else { continue };
        draft.reads.extend(&claim.reads);
        if !all_fit {
            draft.keep(Truth::OPEN, Truth::OPEN, Loss::Limit);
            for other in claims {
                draft.causes.extend_from_slice(&other.causes);
            }
        }
    }
}

/// What the lines come to together under a limit, whoever of them comes first: to date and in all. `None` where it is not known
/// that the limit applies to each of them. `unclear`: perhaps they do not all share with each other.
fn together(limit: &Limit, claims: &[Claim], drafts: &[Draft], unclear: bool) -> Option<(Interval, Interval)> {
    if claims.iter().any(|claim| !claim.applies.is_true()) {
        return None;
    }
    let key = claims.first().map(|claim| &claim.key)?;
    let share = !unclear || claims.iter().all(|claim| claim.key == *key && claim.key.iter().all(Value::is_point));
    let pool = claims.iter().map(|claim| claim.limit).reduce(Interval::hull)?;
    let sum = |of: fn(&Draft) -> Interval| {
        let asked: Vec<Interval> = claims.iter().filter_map(|claim| drafts.get(claim.at)).map(of).collect();
        let whole = Interval::sum(asked.iter().copied())?;
        let limited = if limit.money { whole.min(pool) } else { of_places(&asked, pool)? };
        // Whoever does not share with the others takes nothing from them.
        Some(if share { limited } else { Interval { lo: limited.lo, hi: whole.hi } })
    };
    Some((sum(|draft| draft.to_date)?, sum(|draft| draft.lifetime)?))
}

/// What those who get a place come to together, whoever they are; who asks for nothing takes no place.
fn of_places(asked: &[Interval], places: Interval) -> Option<Interval> {
    let lows: Vec<Bound> = asked.iter().map(|asked| asked.lo).filter(|lo| *lo > Bound::ZERO).collect();
    let highs: Vec<Bound> = asked.iter().map(|asked| asked.hi).filter(|hi| *hi > Bound::ZERO).collect();
    let perhaps = highs.len().saturating_sub(lows.len());
    let least = whole_places(places.lo)?.saturating_sub(perhaps);
    some_of(lows, least, highs, whole_places(places.hi)?)
}
