//! Ways from one thing to another by links between them: a way back to where it began is a circle.

use std::collections::VecDeque;

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
