//! Sums over the lines that count, and what is not in them.

use crate::assess::draft::{Draft, Joint};
use crate::assess::line::PolicyLines;
use crate::assess::model::{Counted, Line, NotCounted, Status, Totals};
use crate::assess::payment;
use crate::assess::purse::{Budget, Purse};
use crate::assess::slot::Slot;
use crate::lang::Text;
use crate::value::{Interval, Number};

/// Adds up; a sum out of range is open.
fn sum(amounts: impl Iterator<Item = Interval>) -> Interval {
    Interval::sum(amounts).unwrap_or(Interval::ANY)
}

/// The sums of awarded, due, overpaid and lifetime over one policy's drafts.
fn sums<'d>(part: &PolicyLines<'_>, drafts: impl Iterator<Item = &'d Draft>) -> Vec<Interval> {
    let counts = |draft: &&Draft| {
        let clause = part.policy.clauses.get(draft.clause);
        part.is_wanted(draft.clause) && clause.is_some_and(|clause| clause.kind.counted == Counted::Total)
    };
    let drafts: Vec<&Draft> = drafts.filter(counts).collect();
    let to_date = together(&drafts, |draft| draft.to_date, |(to_date, _)| to_date);
    let lifetime = || together(&drafts, |draft| draft.lifetime, |(_, lifetime)| lifetime);
    if part.payments.is_empty() {
        return vec![to_date, to_date, Interval::ZERO, lifetime()];
    }
    let payments = payment::settle(part.policy, &drafts, &part.payments);
    let unpaid = payments.iter().all(|payment| payment.paid == Number::ZERO);
    vec![
        to_date,
        // Where nothing was paid, what is awarded is due.
        if unpaid { to_date } else { sum(payments.iter().map(|payment| payment.due)) },
        sum(payments.iter().map(|payment| payment.overpaid)),
        lifetime(),
    ]
}

/// The sum over lines; of those that share a limit, and are as it left them, what they come to together.
fn together(drafts: &[&Draft], of: fn(&Draft) -> Interval, joint_of: fn((Interval, Interval)) -> Interval) -> Interval {
    let mut total = Interval::ZERO;
    let mut groups: Vec<(Joint, Vec<Interval>)> = Vec::new();
    for draft in drafts {
        let joint = draft.joint.filter(|joint| joint.own == (draft.to_date, draft.lifetime));
        let Some(joint) = joint else {
            total = total.plus(of(draft)).unwrap_or(Interval::ANY);
            continue;
        };
        match groups.iter_mut().find(|(known, _)| known.group == joint.group) {
            Some((_, amounts)) => amounts.push(of(draft)),
            None => groups.push((joint, vec![of(draft)])),
        }
    }
    for (joint, amounts) in groups {
        let whole = amounts.len() == joint.lines;
        let apart = sum(amounts.into_iter());
        // Both are sound, so what both leave possible is too.
        let both = if whole { apart.meet(joint_of(joint.sum)).unwrap_or(apart) } else { apart };
        total = total.plus(both).unwrap_or(Interval::ANY);
    }
    total
}

/// Groups of clauses that the same missing facts keep open, put together: their amounts rise and fall with each other. What is
/// known, or open for reasons of its own, stays apart.
fn clusters(part: &PolicyLines<'_>) -> Vec<Vec<usize>> {
    let mut clusters: Vec<(Vec<Slot>, Vec<usize>)> = Vec::new();
    for group in &part.groups {
        let own = part
            .worked
            .iter()
            .map(|worked| &worked.settled.draft)
            .filter(|draft| group.clauses.contains(&draft.clause));
        let mut slots: Vec<Slot> =
            own.filter(|draft| draft.is_open()).flat_map(|draft| &draft.causes).filter_map(Slot::of).collect();
        let mut clauses = group.clauses.clone();
        clusters.retain_mut(|(others, members)| {
            let shared = others.iter().any(|slot| slots.contains(slot));
            if shared {
                slots.append(others);
                clauses.append(members);
            }
            !shared
        });
        clauses.sort_unstable();
        clusters.push((slots, clauses));
    }
    clusters.into_iter().map(|(_, clauses)| clauses).collect()
}

/// What was paid for clauses that count and turned out to have no record.
fn without_lines(part: &PolicyLines<'_>) -> Number {
    let has_line = |clause: usize| part.worked.iter().any(|worked| worked.settled.draft.clause == clause);
    let empty = part.clauses.iter().filter(|clause| part.is_wanted(**clause) && !has_line(**clause));
    let empty = empty.filter_map(|clause| part.policy.clauses.get(*clause));
    let counted = empty.filter(|clause| clause.kind.counted == Counted::Total);
    counted
        .map(|clause| payment::of_clause_without_lines(clause, &part.payments))
        .fold(Number::ZERO, |sum, paid| sum.plus(paid).unwrap_or(sum))
}

/// One policy's sums: line by line, and tighter where the cases of what is missing can be worked out for all at once.
fn of_policy(part: &PolicyLines<'_>, purse: &Purse) -> (Vec<Interval>, bool) {
    let counted = |draft: &Draft| {
        part.policy.clauses.get(draft.clause).is_some_and(|clause| clause.kind.counted == Counted::Total)
    };
    // A later step that changed a line that shares a limit leaves nothing known of the lines together.
    let changed = |draft: &Draft| draft.joint.is_some_and(|joint| joint.own != (draft.to_date, draft.lifetime));
    let of_limits = |draft: &Draft| draft.is_open() && counted(draft) && (draft.loose || changed(draft));
    let mut loose = false;
    let mut columns: Vec<Vec<Interval>> = Vec::new();
    for clauses in clusters(part) {
        let own =
            part.worked.iter().map(|worked| &worked.settled.draft).filter(|draft| clauses.contains(&draft.clause));
        let settled: Vec<&Draft> = own.collect();
        let apart = sums(part, settled.iter().copied());
        // What is settled between policies is not worked out again.
        if part.adjusted || settled.iter().filter(|draft| draft.is_open()).count() < 2 {
            loose |= settled.iter().copied().any(of_limits) && apart.iter().any(|sum| !sum.is_point());
            columns.push(apart);
            continue;
        }
        let (together, cut) = part.world.sum(&clauses, Budget::of_lines(purse), &|drafts| sums(part, drafts.iter()));
        // Both are sound, so what both leave possible is too.
        let both: Vec<Interval> = apart.into_iter().zip(together).map(|(a, b)| a.meet(b).unwrap_or(a)).collect();
        loose |= (cut || settled.iter().copied().any(of_limits)) && both.iter().any(|sum| !sum.is_point());
        columns.push(both);
    }
    let paid = Interval::point(without_lines(part));
    columns.push(vec![Interval::ZERO, Interval::ZERO, paid, Interval::ZERO]);
    let sums = (0..4).map(|place| sum(columns.iter().filter_map(|sums| sums.get(place).copied())));
    (sums.collect(), loose)
}

/// The sums over all policies, what each policy awards, and whether cases were left out, so that the sums are perhaps wider than
/// need be.
pub(super) fn totals(parts: &[PolicyLines<'_>], lines: &[Line], purse: &Purse) -> (Totals, Vec<Interval>, bool) {
    let (each, loose): (Vec<Vec<Interval>>, Vec<bool>) = parts.iter().map(|part| of_policy(part, purse)).unzip();
    let loose = loose.contains(&true);
    let awarded = each.iter().filter_map(|sums| sums.first().copied()).collect();
    let column = |place: usize| sum(each.iter().filter_map(|sums| sums.get(place).copied()));
    let paid = parts
        .iter()
        .flat_map(|part| &part.worked)
        .map(|worked| worked.payment.paid)
        .chain(parts.iter().map(without_lines))
        .fold(Number::ZERO, |sum, paid| sum.plus(paid).unwrap_or(sum));
    let totals = Totals {
        awarded: column(0),
        paid,
        due: column(1),
        overpaid: column(2),
        lifetime: column(3),
        not_counted: lines.iter().filter_map(not_counted).collect(),
    };
    (totals, awarded, loose)
}

/// A line of another kind that an officer might look for in the sums.
fn not_counted(line: &Line) -> Option<NotCounted> {
    let open = matches!(line.status, Status::Eligible | Status::Undetermined | Status::Met | Status::Stated);
    if line.counted == Counted::Total || !open || matches!(line.kind, "principle" | "target" | "service") {
        return None;
    }
    let why = Text::made(
        format!("{}：{}", line.kind_label.zh, line.reason.zh),
        format!("{}: {}", line.kind_label.en, line.reason.en),
    );
    let (policy, clause, title) = (line.policy.clone(), line.clause.clone(), line.title.clone());
    Some(NotCounted { policy, clause, title, why })
}
