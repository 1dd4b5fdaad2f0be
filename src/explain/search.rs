//! Finding the smallest step that does something, by trying: ever longer steps until one does it, then halving.

use std::collections::BTreeMap;

/// Steps of this many are the longest that are tried.
const LONGEST: i64 = 1 << 40;

/// Outcomes by how many steps were taken, each worked out once.
pub(super) struct Tried<'a, T> {
    outcomes: BTreeMap<i64, Option<T>>,
    try_out: &'a mut dyn FnMut(i64) -> Option<T>,
}

impl<'a, T: Clone> Tried<'a, T> {
    /// Nothing was tried yet; `try_out` gives `None` for steps that cannot be taken.
    pub fn new(try_out: &'a mut dyn FnMut(i64) -> Option<T>) -> Tried<'a, T> {
        Tried { outcomes: BTreeMap::new(), try_out }
    }

    /// The outcome of so many steps.
    pub fn at(&mut self, steps: i64) -> Option<T> {
        if let Some(known) = self.outcomes.get(&steps) {
            return known.clone();
        }
        let outcome = (self.try_out)(steps);
        self.outcomes.insert(steps, outcome.clone());
        outcome
    }

    /// The fewest steps, forward or back by `sign`, at most `most`, after which it is as wanted. First ever longer ones are
    /// tried, beginning with `first` and going through the `stops`; then the way between the last that did not do and the
    /// first that did is halved. The smallest there is wherever more steps never do less.
    pub fn fewest(
        &mut self,
        sign: i64,
        first: i64,
        most: i64,
        stops: &[i64],
        wanted: &dyn Fn(&T) -> bool,
    ) -> Option<i64> {
        let most = most.min(LONGEST);
        let longer = std::iter::successors(Some(first), |steps| steps.checked_mul(2));
        let mut tries: Vec<i64> = longer.take_while(|steps| *steps < most).collect();
        tries.extend(stops.iter().copied().filter(|steps| (1..most).contains(steps)));
        if most < LONGEST {
            tries.push(most);
        }
        tries.sort_unstable();
        tries.dedup();
        let mut before = 0;
        for steps in tries.into_iter().filter(|steps| *steps > 0) {
            if self.at(sign * steps).is_some_and(|outcome| wanted(&outcome)) {
                let mut found = steps;
                while found - before > 1 {
                    let middle = before + (found - before) / 2;
                    if self.at(sign * middle).is_some_and(|outcome| wanted(&outcome)) {
                        found = middle;
                    } else {
                        before = middle;
                    }
                }
                return Some(found);
            }
            before = steps;
        }
        None
    }
}

/// The places in ascending order where the outcome becomes another, between the `samples` (ascending): each the first of
/// its new outcome. `None` where there are more than `most`, so that it rather grows than steps.
pub(super) fn turns<T: PartialEq>(
    samples: &[i64],
    most: usize,
    try_out: &mut dyn FnMut(i64) -> Option<T>,
) -> Option<Vec<i64>> {
    let mut found = Vec::new();
    let mut samples = samples.iter().copied();
    let mut at = samples.next()?;
    let mut now = try_out(at);
    for next in samples {
        let then = try_out(next);
        while now != then {
            let (mut same, mut other, mut outcome) = (at, next, None);
            while other - same > 1 {
                let middle = same + (other - same) / 2;
                let between = try_out(middle);
                if between == now {
                    same = middle;
                } else {
                    other = middle;
                    outcome = Some(between);
                }
            }
            found.push(other);
            if found.len() > most {
                return None;
            }
            at = other;
            now = match outcome {
                Some(outcome) if other != next => outcome,
                _ => break,
            };
        }
        at = next;
        now = then;
    }
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fewest_steps_are_found_by_halving() {
        let mut count = 0;
        let mut try_out = |steps: i64| {
            count += 1;
            Some(steps)
        };
        let mut tried = Tried::new(&mut try_out);
        assert_eq!(tried.fewest(1, 1, 1000, &[], &|steps| *steps >= 37), Some(37));
        assert_eq!(tried.fewest(1, 1, 30, &[], &|steps| *steps >= 37), None);
        assert_eq!(tried.fewest(-1, 1, 1000, &[], &|steps| *steps <= -5), Some(5));
        // A short stretch between two tries is found where it is a stop.
        assert_eq!(tried.fewest(1, 1, 1000, &[300], &|steps| (300..310).contains(steps)), Some(300));
        assert!(count < 60, "{count}");
    }

    #[test]
    fn steps_of_a_scale_are_told_apart_and_what_grows_is_given_up() {
        let mut scale = |count: i64| Some([10, 20, 50, 80].iter().filter(|step| count >= **step).count());
        assert_eq!(turns(&[0, 16, 64, 256], 8, &mut scale), Some(vec![10, 20, 50, 80]));
        assert_eq!(turns(&[0, 256], 8, &mut |count| Some(count)), None);
        assert_eq!(turns(&[0, 256], 8, &mut |_| Some(1)), Some(vec![]));
    }
}
