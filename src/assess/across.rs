//! Several policies for one applicant (从高、从优、不重复): of those that pay for the same thing only the highest counts, decided
//! once, over the whole term of each; and what another has paid already is set off.

use crate::assess::draft::{Draft, Loss};
use crate::assess::line::{PolicyLines, Worked};
use crate::assess::model::{Counted, Step};
use crate::assess::step::set_off::set_off;
use crate::expr::context::{Context, Local, Reads, RecordAt};
use crate::expr::formula::Shown;
use crate::lang::Text;
use crate::policy::{Overlap, Policy};
use crate::value::{Interval, Number, Record, Truth, Value, Words};

/// What one policy pays in a category.
struct Share {
    /// The policy's place.
    part: usize,
    /// Its lines in the category.
    lines: Vec<usize>,
    /// What they come to in all.
    lifetime: Interval,
    paid: Number,
}

/// How a policy's rule sees another policy.
struct Rule {
    /// Whether what it pays is set off.
    counts: Truth,
    /// Whether nothing more is paid once anything was drawn.
    excludes: Truth,
    reads: Reads,
}

/// Settles the lines of several policies with each other, category by category.
pub(super) fn settle(parts: &mut [PolicyLines<'_>]) {
    if parts.len() < 2 || parts.iter().all(|part| part.policy.overlap.is_none()) {
        return;
    }
    let mut categories: Vec<String> = Vec::new();
    for part in parts.iter() {
        categories.extend(part.policy.names.categories.iter().map(|(id, _)| id.clone()));
    }
    categories.sort();
    categories.dedup();
    for category in categories {
        let shares: Vec<Share> =
            parts.iter().enumerate().filter_map(|(place, part)| share(place, part, &category)).collect();
        if shares.len() > 1 {
            one_category(parts, &shares, &category);
        }
    }
    for part in parts.iter_mut().filter(|part| part.adjusted) {
        part.settle_payments();
    }
}

/// Whether policies are settled with each other in a category of one of these clauses of a policy; `rule`: or in any of its
/// categories.
pub(super) fn are_linked(parts: &[PolicyLines<'_>], place: usize, clauses: &[usize], rule: bool) -> bool {
    if parts.len() < 2 || parts.iter().all(|part| part.policy.overlap.is_none()) {
        return false;
    }
    let category = |part: &PolicyLines<'_>, clause: usize| {
        let found = part.policy.clauses.get(clause).filter(|clause| clause.kind.counted == Counted::Total)?;
        part.policy.names.categories.get(found.category?).map(|(id, _)| id.clone())
    };
    let has = |part: &PolicyLines<'_>, id: &str| {
        let mut own = part.worked.iter().filter_map(|worked| category(part, worked.settled.draft.clause));
        own.any(|own| own == id)
    };
    let Some(own) = parts.get(place) else { return false };
    let touched = own.worked.iter().map(|worked| worked.settled.draft.clause);
    let mut touched = touched.filter(|clause| rule || clauses.contains(clause)).filter_map(|of| category(own, of));
    touched.any(|id| parts.iter().enumerate().any(|(other, part)| other != place && has(part, &id)))
}

fn share(place: usize, part: &PolicyLines<'_>, category: &str) -> Option<Share> {
    let names = &part.policy.names;
    let of = |worked: &Worked| {
        let clause = part.policy.clauses.get(worked.settled.draft.clause)?;
        let (id, _) = names.categories.get(clause.category?)?;
        Some(id == category && clause.kind.counted == Counted::Total)
    };
    let lines: Vec<usize> =
        part.worked.iter().enumerate().filter(|(_, worked)| of(worked) == Some(true)).map(|(line, _)| line).collect();
    let drafts = || lines.iter().filter_map(|line| part.worked.get(*line));
    let lifetime = Interval::sum(drafts().map(|worked| worked.settled.draft.lifetime));
    let lifetime = lifetime.unwrap_or(Interval::ANY).floor_at_zero();
    let paid = drafts().fold(Number::ZERO, |sum, worked| sum.plus(worked.payment.paid).unwrap_or(sum));
    let pays = lifetime != Interval::ZERO || paid != Number::ZERO;
    pays.then_some(Share { part: place, lines, lifetime, paid })
}

/// Asks a policy's rule about another policy that pays in the same category. A policy without a rule is bound by the other's.
fn rule(parts: &[PolicyLines<'_>], own: &Share, other: &Share, category: &str) -> Option<Rule> {
    let (a, b) = (parts.get(own.part)?, parts.get(other.part)?);
    let asked = a.policy.overlap.as_ref().map(|rule| (a, rule, b, other));
    let (part, overlap, counted, share) = asked.or_else(|| b.policy.overlap.as_ref().map(|rule| (b, rule, a, own)))?;
    let record = entry(part.policy, overlap, counted.policy, share, category);
    let mut context = Context::new(&part.policy.names, &part.world.inputs, part.world.as_of);
    let at = RecordAt { input: overlap.input, list: overlap.list, index: 0, record: &record };
    context.enter(Local { each: Some(at), ..Local::NONE });
    let counts = overlap.counts.as_ref().map_or(Truth::TRUE, |counts| counts.truth(&mut context));
    let excludes = overlap.method.as_ref().map_or(Truth::FALSE, |method| match method.eval(&mut context) {
        Value::Words(words) => Truth { may_hold: words.highest() == 1, may_fail: words.lowest() == 0 },
        _ => Truth::OPEN,
    });
    part.asked_across.take_in(&context);
    Some(Rule { counts, excludes, reads: context.reads })
}

/// Another policy as an entry of `[[other_benefits]]`; what is not known of it stays open.
fn entry(policy: &Policy, overlap: &Overlap, other: &Policy, share: &Share, category: &str) -> Record {
    let declared = policy.names.lists.get(overlap.list);
    let mut record = declared.map(|list| list.any.clone()).unwrap_or_default();
    let fields = declared.map_or(&[][..], |list| list.fields.as_slice());
    for (field, slot) in fields.iter().zip(&mut record.fields) {
        let known = match field.name.as_str() {
            "category" => Some(Value::Text(Some(category.into()))),
            "amount" => Some(Value::Quantity(share.lifetime)),
            "source" => Some(Value::Text(Some(other.title.zh.as_ref().into()))),
            "installment" | "clause" => Some(Value::Text(Some("".into()))),
            "level" => other.level.map(|level| Value::Words(Words::one(level))),
            _ => None,
        };
        if let Some(known) = known {
            *slot = known;
        }
    }
    record
}

/// What the rules say of each policy and each other: those of the first row see it from the first policy.
type Rules = Vec<Vec<Option<Rule>>>;

/// For each policy whether it is the highest of those that count it as it counts them; an earlier one wins a tie.
fn highest(shares: &[Share], rules: &Rules) -> Vec<Truth> {
    let one = |(place, own): (usize, &Share)| {
        let mut highest = Truth::TRUE;
        for (other_place, other) in shares.iter().enumerate() {
            let (Some(rule), Some(back)) = (at(rules, place, other_place), at(rules, other_place, place)) else {
                continue;
            };
            let above = if other_place < place {
                other.lifetime.below(own.lifetime)
            } else {
                other.lifetime.at_most(own.lifetime)
            };
            highest = highest.and(rule.counts.and(back.counts).negate().or(above));
        }
        highest
    };
    shares.iter().enumerate().map(one).collect()
}

fn at(rules: &Rules, own: usize, other: usize) -> Option<&Rule> {
    rules.get(own)?.get(other)?.as_ref()
}

fn one_category(parts: &mut [PolicyLines<'_>], shares: &[Share], category: &str) {
    let row = |(place, own): (usize, &Share)| {
        let others = shares.iter().enumerate();
        others.map(|(at, other)| rule(parts, own, other, category).filter(|_| at != place)).collect()
    };
    let rules: Rules = shares.iter().enumerate().map(row).collect();
    let highest = highest(shares, &rules);
    let mut settled = Vec::new();
    for (place, own_highest) in highest.iter().enumerate() {
        let mut elsewhere = Interval::ZERO;
        let (mut drawn, mut reads) = (Truth::FALSE, Reads::default());
        let mut against: Vec<Text> = Vec::new();
        for ((other_place, other), highest) in shares.iter().enumerate().zip(&highest) {
            let (Some(rule), Some(back)) = (at(&rules, place, other_place), at(&rules, other_place, place)) else {
                continue;
            };
            reads.extend(&rule.reads);
            if rule.counts.is_false() {
                continue;
            }
            reads.extend(&back.reads);
            // Another that does not count this one is paid whatever this one pays: all of it is set off, paid already or not.
            let all = other.lifetime.given(highest.and(rule.counts).and(back.counts.negate()));
            let paid = Interval::point(other.paid).given(rule.counts).max(all);
            elsewhere = elsewhere.plus(paid).unwrap_or(Interval::ANY);
            drawn = drawn.or(rule.excludes.and(Interval::ZERO.below(paid)));
            against.extend(parts.get(other.part).map(|part| part.policy.title.clone()));
        }
        settled.push((*own_highest, elsewhere, drawn, reads, against));
    }
    for (own, (highest, elsewhere, drawn, reads, against)) in shares.iter().zip(settled) {
        let Some(part) = parts.get_mut(own.part) else { continue };
        if against.is_empty() {
            continue;
        }
        let amounts = |of: fn(&Draft) -> Interval| -> Vec<Interval> {
            own.lines.iter().filter_map(|line| part.worked.get(*line)).map(|worked| of(&worked.settled.draft)).collect()
        };
        let to_date = set_off(&amounts(|draft| draft.to_date), elsewhere);
        let lifetime = set_off(&amounts(|draft| draft.lifetime), elsewhere);
        let titles = Text::join(&against, "》《", ", ");
        let label =
            Text::made(format!("与《{}》从高不重复", titles.zh), format!("the higher of this and {}", titles.en));
        let unit = part.policy.names.money_name();
        let adjusted = own.lines.iter().zip(to_date).zip(lifetime);
        for ((line, to_date), lifetime) in adjusted {
            let Some(worked) = part.worked.get_mut(*line) else { continue };
            // Where another policy is higher, what this one has paid stays, and nothing comes on top.
            let kept = |gross: Interval, rest: Interval| {
                let rest = rest.given(drawn.negate());
                let stays = gross.min(Interval::point(worked.payment.paid));
                if highest.is_true() {
                    rest
                } else if highest.is_false() {
                    stays
                } else {
                    rest.hull(stays)
                }
            };
            let draft = &worked.settled.draft;
            let (to_date, lifetime) = (kept(draft.to_date, to_date), kept(draft.lifetime, lifetime));
            let changed = (draft.to_date, draft.lifetime) != (to_date, lifetime);
            let draft = &mut worked.settled.draft;
            draft.reads.extend(&reads);
            if changed {
                draft.reduce(to_date, lifetime, Loss::Overlap);
                draft.because(Loss::Overlap, || label.clone());
                let value = Shown::Quantity { interval: to_date, unit: unit.clone(), written: None };
                worked.trace.steps.push(Step { kind: "overlap", label: label.clone(), formula: None, value });
                part.adjusted = true;
            }
        }
    }
}
