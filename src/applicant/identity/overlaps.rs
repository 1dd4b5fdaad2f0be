//! Periods of one thing that share a day.

use std::collections::BTreeMap;

use super::{Found, numbered, record_at};
use crate::expr::context::{Context, Local};
use crate::expr::program::Node;
use crate::policy::{Identity, NoOverlap};
use crate::value::{Day, List};

/// The last day of those so far, and the place of the one that has it.
type Last = Option<(Day, usize)>;

/// Periods that share a day for sure, within what is the same: by the number where there is one. Of one name of which a number
/// is missing nobody can say.
pub(super) fn overlaps<'a>(
    periods: &'a NoOverlap,
    identity: &Identity,
    list: &'a List,
    within: Vec<Vec<Option<String>>>,
    context: &mut Context<'a>,
    found: &mut Found,
) {
    let name_part = identity.name_part(&periods.within);
    let mut sure: BTreeMap<Vec<String>, Vec<(Day, Day, usize)>> = BTreeMap::new();
    let mut named: BTreeMap<Vec<String>, Vec<(Day, Day, usize)>> = BTreeMap::new();
    for (place, (record, keys)) in list.records.iter().zip(within).enumerate() {
        let by_name: Option<Vec<String>> = keys.iter().cloned().collect();
        let by_number = name_part.and_then(|part| numbered(&keys, part, identity.number_of(record)));
        if by_name.is_none() && by_number.is_none() || !record.is_there() {
            continue;
        }
        let mut date = |node: &'a Node| {
            context.enter(Local::NONE);
            context.put_beside(Some(record_at(identity, place, record)));
            node.date(context)
        };
        // The days that it has for sure.
        let (from, until) = (date(&periods.from).hi, date(&periods.until).lo);
        if from > until || from == Day::NEVER {
            continue;
        }
        if record.times > 1 {
            found.overlapping.push((place, place));
        }
        let period = (from, until, place);
        let known = if name_part.is_some() { by_number } else { by_name.clone() };
        known.into_iter().for_each(|keys| sure.entry(keys).or_default().push(period));
        let name = by_name.filter(|_| name_part.is_some());
        name.into_iter().for_each(|keys| named.entry(keys).or_default().push(period));
    }
    for group in sure.values_mut() {
        group.sort_unstable();
        let mut last: Option<(Day, usize)> = None;
        for (from, until, place) in group {
            if let Some((reached, first)) = last.filter(|(reached, _)| *from <= *reached) {
                // In the order of the file.
                found.overlapping.push((first.min(*place), first.max(*place)));
                if reached >= *until {
                    continue;
                }
            }
            last = Some((*until, *place));
        }
    }
    for group in named.values_mut() {
        group.sort_unstable();
        // The last days of those so far, and of those without a number.
        let (mut all, mut unnumbered): (Last, Last) = (None, None);
        for (from, until, place) in group {
            let record = list.records.get(*place);
            let has_number = record.is_some_and(|record| identity.number_of(record).is_some());
            let before = if has_number { unnumbered } else { all };
            if let Some((_, other)) = before.filter(|(reached, _)| *from <= *reached) {
                let places = vec![other.min(*place), other.max(*place)];
                found.name = found.name.take().or_else(|| Some((record?.label.clone()?, places)));
            }
            let this = Some((*until, *place));
            all = all.max(this);
            unnumbered = if has_number { unnumbered } else { unnumbered.max(this) };
        }
    }
}
