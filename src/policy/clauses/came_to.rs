//! Clauses that name what others came to (`clause.income_tax.awarded`): in which order they are read, and that none hangs on itself.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::circle::{in_order, way};
use super::over_clauses::Over;
use super::{CIRCLE, NOT_FOR_ALL, UNSEEN_RESULT};
use crate::clause::kind::Counted;
use crate::clause::{Clause, Use};
use crate::diagnostic::Diagnostic;
use crate::document::{Item, Raw};
use crate::expr::came_to::What;
use crate::expr::check::{Gives, KnownClause, named_clauses};
use crate::expr::measure::Measured;
use crate::expr::names::Names;
use crate::expr::parser::parse;
use crate::expr::program::{Node, Op};
use crate::expr::snippet::Snippet;
use crate::expr::types::Type;
use crate::lang::Text;
use crate::policy::{HighestOnly, OverClauses};
use crate::source::Span;

/// The clauses in an order in which each comes after those that it names. Those in a circle are told, and come last.
pub(super) fn order(
    items: &[&Item],
    over: &[Over<'_>],
    ids: &[String],
    names: &Names,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<usize> {
    let of = |(place, item): (usize, &&Item)| {
        let shared = over.iter().filter(|over| over.rule.clauses.contains(&place)).map(|over| over.item);
        named(std::iter::once(*item).chain(shared), ids, names)
    };
    let named: Vec<Vec<(usize, Span)>> = items.iter().enumerate().map(of).collect();
    let links = |at: usize| named.get(at).into_iter().flatten().map(|(to, _)| *to).collect();
    let mut ordered = in_order(items.len(), &links);
    let known: BTreeSet<usize> = ordered.iter().copied().collect();
    let rest: Vec<usize> = (0..items.len()).filter(|place| !known.contains(place)).collect();
    for place in rest.iter().copied() {
        for (to, span) in named.get(place).into_iter().flatten() {
            let circle = if *to == place { Some(Vec::new()) } else { way(items.len(), &links, *to, place) };
            let Some(circle) = circle else { continue };
            // A circle is told at the first clause of it.
            if *to >= place && circle.iter().all(|other| *other > place) {
                let between = (*to != place).then_some(*to).into_iter().chain(circle);
                tell(std::iter::once(place).chain(between), ids, None, span, diagnostics);
            }
        }
    }
    ordered.extend(rest);
    ordered
}

/// The clauses that the expressions of a clause and of its limits name, each with the first place.
fn named<'i>(items: impl Iterator<Item = &'i Item>, ids: &[String], names: &Names) -> Vec<(usize, Span)> {
    let mut found: Vec<(usize, Span)> = Vec::new();
    let mut waiting: Vec<&Item> = items.collect();
    waiting.reverse();
    while let Some(item) = waiting.pop() {
        match &item.value {
            Raw::Text(text) if text.contains("clause") => {
                let snippet = Snippet::new(text, item.span.clone());
                let syntax = parse(&snippet, &|word| names.units.contains_key(word), &mut Vec::new());
                for (id, range) in syntax.iter().flat_map(named_clauses) {
                    let place = ids.iter().position(|known| *known == id);
                    if let Some(place) = place.filter(|place| found.iter().all(|(known, _)| known != place)) {
                        found.push((place, snippet.span(&range)));
                    }
                }
            }
            Raw::Array(items) => waiting.extend(items.iter().rev()),
            Raw::Table(table) => waiting.extend(table.entries().iter().rev().map(|entry| &entry.item)),
            _ => {}
        }
    }
    found
}

fn tell(
    circle: impl Iterator<Item = usize>,
    ids: &[String],
    because: Option<Text>,
    span: &Span,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let mut told: Vec<&str> = circle.filter_map(|place| ids.get(place)).map(String::as_str).collect();
    told.dedup();
    told.extend(told.first().copied());
    let told = told.join(" → ");
    let because = because.unwrap_or_default();
    let label = Text::made(format!("{told}{}", because.zh), format!("{told}{}", because.en));
    let help = Text::new(
        "一个条款的结果不能取决于自身；两者共用的部分写成 [let]，或改问 `entitled`",
        "no clause can hang on itself: what both use is a step of [let]; or ask for `entitled`",
    );
    diagnostics.push(CIRCLE.at(span.clone(), label).help(help));
}

/// The clauses by their ids; what may be asked of each is learnt once it was read.
pub(super) fn known(ids: &[String]) -> Arc<Vec<KnownClause>> {
    Arc::new(ids.iter().map(|id| KnownClause { id: id.clone(), gives: None }).collect())
}

/// Learns what may be asked of a clause that was read.
pub(super) fn learn(known: &mut Arc<Vec<KnownClause>>, place: usize, clause: &Clause, names: &Names) {
    if let Some(slot) = Arc::make_mut(known).get_mut(place) {
        slot.gives = Some(gives(clause, names));
    }
}

fn gives(clause: &Clause, names: &Names) -> Gives {
    let amount = match &clause.amount {
        Some(amount) => Some(amount.ty.clone()),
        None => (!clause.installments.is_empty()).then(|| Type::Quantity(names.money.unit())),
    };
    let amount = amount.map(|ty| (ty, Measured::of(clause.measure.clone())));
    let list = |list: usize| names.lists.get(list).map_or_else(String::new, |list| list.name.clone());
    let each = clause.each.as_ref().map(|each| (list(each.list), each.list));
    Gives { amount, each, signed: clause.signed }
}

/// What the expressions of a clause ask of others, each once.
pub(super) fn uses(clause: &Clause) -> Vec<Use> {
    let mut found: Vec<Use> = Vec::new();
    let mut waiting: Vec<&Node> = clause.expressions();
    waiting.extend(clause.notes.iter().filter_map(|note| note.when.as_ref()));
    while let Some(node) = waiting.pop() {
        if let Op::CameTo(named) = &node.op
            && !found.iter().any(|known| (known.clause, known.what) == (named.clause, named.what))
        {
            found.push(Use { clause: named.clause, what: named.what, span: node.span.clone() });
        }
        waiting.extend(node.children());
    }
    found.sort_by_key(|one| (one.clause, one.what));
    found
}

/// Which clauses take something from each other, as the number of the set that each is in: by `instead_of`, `[[highest_only]]`, a
/// limit over one applicant's lines of several, or as other schemes' money is set off against all of a category.
pub(in crate::policy) fn tied(
    clauses: &[Clause],
    highest_only: &[HighestOnly],
    limits: &[OverClauses],
    overlap: bool,
) -> Vec<usize> {
    let mut tied: Vec<usize> = (0..clauses.len()).collect();
    let mut join = |one: usize, other: usize| {
        let (Some(one), Some(other)) = (tied.get(one).copied(), tied.get(other).copied()) else { return };
        tied.iter_mut().filter(|set| **set == other).for_each(|set| *set = one);
    };
    for (place, clause) in clauses.iter().enumerate() {
        clause.instead_of.iter().for_each(|link| join(place, link.clause));
        let is_set_off = |clause: &Clause| clause.category.filter(|_| overlap && clause.kind.counted == Counted::Total);
        let first =
            clauses.iter().position(|other| is_set_off(other).is_some() && is_set_off(other) == is_set_off(clause));
        first.into_iter().for_each(|first| join(first, place));
    }
    let limits = limits.iter().filter(|limit| !limit.across).map(|limit| &limit.clauses);
    for together in highest_only.iter().map(|rule| &rule.clauses).chain(limits) {
        together.windows(2).for_each(|pair| {
            if let [one, other] = pair {
                join(*one, *other);
            }
        });
    }
    tied
}

/// Says which clauses name what cannot be known of another.
pub(in crate::policy) fn check(clauses: &[Clause], tied: &[usize], names: &Names, diagnostics: &mut Vec<Diagnostic>) {
    let count = clauses.len();
    let mut sets: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    tied.iter().enumerate().for_each(|(place, set)| sets.entry(*set).or_default().push(place));
    // What a clause comes to by itself, and, behind those, what is left of it.
    let links = |at: usize| -> Vec<usize> {
        if at >= count {
            return tied.get(at - count).and_then(|set| sets.get(set)).cloned().unwrap_or_default();
        }
        let uses = clauses.get(at).into_iter().flat_map(|clause| &clause.uses);
        uses.map(|one| if one.what == What::Awarded { count + one.clause } else { one.clause }).collect()
    };
    let in_no_circle: BTreeSet<usize> = in_order(2 * count, &links).into_iter().collect();
    let ids: Vec<String> = clauses.iter().chain(clauses).map(|clause| clause.id.clone()).collect();
    for (place, clause) in clauses.iter().enumerate() {
        for one in &clause.uses {
            let Some(named) = clauses.get(one.clause) else { continue };
            if let Some(kind) = clause.applies_to.iter().find(|kind| !named.applies_to.contains(kind)) {
                let kind = names.applicant_kinds.get(*kind).map_or_else(Text::default, |(_, label)| label.clone());
                let label = Text::made(
                    format!("条款 {} 不适用于{}", named.id, kind.zh),
                    format!("clause {} is not for this kind of applicant: {}", named.id, kind.en),
                );
                let help = Text::new(
                    "两个条款的 `for` 应一致；按申请人分成两个条款",
                    "make both for the same kinds of applicants, or two clauses of this one",
                );
                diagnostics.push(NOT_FOR_ALL.at(one.span.clone(), label).help(help));
            }
            if one.what != What::Awarded {
                continue;
            }
            if named.is_limited_across() {
                let label = Text::new(
                    "此条款有涉及全部申请人的限额，核定多少要看全部申请人",
                    "this clause has a limit over all applicants; what that leaves is not seen from one of them",
                );
                let help = Text::new("改问 `entitled` 或 `eligible`", "ask for `entitled` or `eligible`");
                diagnostics.push(UNSEEN_RESULT.at(one.span.clone(), label).help(help));
            }
            if !in_no_circle.contains(&place)
                && let Some(circle) = way(2 * count, &links, count + one.clause, place)
                && circle.iter().filter(|other| **other < count).all(|other| *other >= place)
            {
                let because = Text::new(
                    "：互相取代、同类只取最高、共用限额或同类抵扣的条款，核定多少要看彼此",
                    ": what is awarded by clauses that displace each other, are compared, share a limit, or are set off in one category hangs on all of these",
                );
                let circle = [place, one.clause].into_iter().chain(circle);
                tell(circle, &ids, Some(because), &one.span, diagnostics);
            }
        }
    }
}
