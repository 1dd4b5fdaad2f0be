//! Ways from one thing to another by links between them: a way back to where it began is a circle.

use std::collections::{BTreeSet, VecDeque};

/// The things between two of `count`, by links; `None` where no way leads there. Nothing lies between where the first leads there
/// by itself.
pub(super) fn way(count: usize, links: &dyn Fn(usize) -> Vec<usize>, from: usize, to: usize) -> Option<Vec<usize>> {
    let mut before: Vec<Option<usize>> = vec![None; count];
    let mut waiting = VecDeque::from([from]);
    let mut seen = vec![false; count];
    while let Some(at) = waiting.pop_front() {
        for link in links(at) {
            if link == to {
                let back = std::iter::successors(Some(at), |at| before.get(*at).copied().flatten());
                let mut way: Vec<usize> = back.filter(|at| *at != from).collect();
                way.reverse();
                return Some(way);
            }
            if let (Some(false), Some(slot)) = (seen.get(link).copied(), before.get_mut(link)) {
                *slot = Some(at);
                waiting.push_back(link);
                if let Some(seen) = seen.get_mut(link) {
                    *seen = true;
                }
            }
        }
    }
    None
}

/// Things in an order in which each comes after those that it links to, without those that are in a circle or lead to one.
pub(super) fn in_order(count: usize, links: &dyn Fn(usize) -> Vec<usize>) -> Vec<usize> {
    let mut linked_from: Vec<Vec<usize>> = vec![Vec::new(); count];
    let mut waits_for = vec![0_usize; count];
    for (place, waits) in waits_for.iter_mut().enumerate() {
        for to in links(place) {
            if let Some(from) = linked_from.get_mut(to) {
                from.push(place);
                *waits += 1;
            }
        }
    }
    let mut ready: BTreeSet<usize> = (0..count).filter(|place| waits_for.get(*place) == Some(&0)).collect();
    let mut ordered = Vec::with_capacity(count);
    while let Some(place) = ready.pop_first() {
        ordered.push(place);
        for from in linked_from.get(place).into_iter().flatten() {
            let Some(waits) = waits_for.get_mut(*from) else { continue };
            *waits -= 1;
            if *waits == 0 {
                ready.insert(*from);
            }
        }
    }
    ordered
}
