//! What stands in a list twice.

use std::collections::BTreeMap;

use super::{Found, key, numbered};
use crate::policy::Identity;
use crate::value::{Bound, List, Number, Record};

/// All that a record says, as keys; what it leaves open as it is left open.
fn says(record: &Record) -> Vec<String> {
    record.fields.iter().map(|field| key(field).unwrap_or_else(|| format!("{field:?}"))).collect()
}

/// What agrees in everything that makes it the same.
pub(super) fn twice(identity: &Identity, list: &List, all: &[Vec<Option<String>>], found: &mut Found) {
    let number = |record: &Record| identity.number_of(record);
    let name_part = identity.name_part(&identity.unique_by);
    let mut by_number: BTreeMap<Vec<String>, usize> = BTreeMap::new();
    let mut by_name: BTreeMap<Vec<&str>, Vec<usize>> = BTreeMap::new();
    let mut open: Vec<usize> = Vec::new();
    let all_numbered = list.records.iter().all(|record| number(record).is_some());
    for (place, (record, keys)) in list.records.iter().zip(all).enumerate() {
        let number = number(record);
        let known = match name_part {
            Some(part) => numbered(keys, part, number),
            None => keys.iter().cloned().collect(),
        };
        let named: Option<Vec<&str>> = keys.iter().map(Option::as_deref).collect();
        if record.count().hi > Bound::At(Number::ONE) && (known.is_some() || named.is_some()) {
            found.same.push((place, place));
            continue;
        }
        // What is only perhaps there is nothing twice for sure.
        if !record.is_there() {
            continue;
        }
        let has_number = known.is_some() && name_part.is_some();
        if let Some(known) = known.filter(|_| name_part.is_some()) {
            match by_number.get(&known) {
                Some(first) => {
                    found.numbered.push((*first, place));
                    continue;
                }
                None => drop(by_number.insert(known, place)),
            }
        }
        match named {
            Some(named) => by_name.entry(named).or_default().push(place),
            // By its number it is told from all that have one.
            None if has_number && all_numbered => {}
            None => open.push(place),
        }
    }
    for (names, places) in &by_name {
        let Some((first, rest)) = places.split_first().filter(|(_, rest)| !rest.is_empty()) else { continue };
        if name_part.is_none() {
            found.same.extend(rest.iter().map(|place| (*first, *place)));
            continue;
        }
        // What says all the same is the same slip; what differs may be another of that name.
        let mut said: BTreeMap<Vec<String>, usize> = BTreeMap::new();
        let mut unnumbered = 0;
        for place in places {
            let Some(record) = list.records.get(*place) else { continue };
            if number(record).is_none() {
                unnumbered += 1;
                let says = says(record);
                match said.get(&says) {
                    Some(first) => found.same.push((*first, *place)),
                    None => drop(said.insert(says, *place)),
                }
            }
        }
        if unnumbered > 0 {
            found.name = found.name.take().or_else(|| {
                let name = list.records.get(*first)?.label.clone();
                Some((name.or_else(|| names.first().map(|name| (*name).to_owned()))?, places.clone()))
            });
        }
    }
    let numbers: Vec<Option<String>> = list.records.iter().map(number).collect();
    found.unsure += alone(list, all, name_part.map(|part| (part, numbers.as_slice())), &open);
}

/// Of records that do not say all of what makes them the same: how many things may be the same as another of the list.
/// `numbers` are what tells apart those that agree in one part, the name.
fn alone(list: &List, all: &[Vec<Option<String>>], numbers: Option<(usize, &[Option<String>])>, open: &[usize]) -> u64 {
    let most = |record: &Record| u64::from(record.times) + u64::from(record.more);
    let parts = all.first().map_or(0, Vec::len);
    let part = |part: usize| Met::of(all.iter().map(|keys| keys.get(part).and_then(Option::as_deref)), list, most);
    let met: Vec<Met<'_>> = (0..parts).map(part).collect();
    let of_numbers = numbers.map(|(_, numbers)| Met::of(numbers.iter().map(Option::as_deref), list, most));
    let total: u64 = list.records.iter().map(most).fold(0, u64::saturating_add);
    let unsure = |place: &&usize| {
        let Some(keys) = all.get(**place) else { return false };
        // One part that nothing else of the list can have tells it from all of them.
        let apart = keys.iter().zip(&met).enumerate().any(|(part, (key, met))| {
            let by_key = met.only(key.as_deref());
            let number = numbers.filter(|(name, _)| *name == part).and_then(|(_, numbers)| numbers.get(**place));
            match (number.and_then(Option::as_deref), &of_numbers) {
                // The same number is the same thing, whatever the name; of what has none the name must tell it.
                (Some(number), Some(of)) => of.once(number) && (of.unknown == 0 || by_key),
                _ => by_key,
            }
        });
        !apart && total > 1
    };
    let times = |place: &usize| list.records.get(*place).map_or(0, |record| u64::from(record.times));
    open.iter().filter(unsure).map(times).sum()
}

/// How many things of a list have each key of one part, and how many a key that is not known.
struct Met<'k> {
    keys: BTreeMap<&'k str, u64>,
    unknown: u64,
}

impl<'k> Met<'k> {
    fn of(keys: impl Iterator<Item = Option<&'k str>>, list: &List, most: impl Fn(&Record) -> u64) -> Met<'k> {
        let mut met = Met { keys: BTreeMap::new(), unknown: 0 };
        for (key, record) in keys.zip(&list.records) {
            let count = match key {
                Some(key) => met.keys.entry(key).or_default(),
                None => &mut met.unknown,
            };
            *count = count.saturating_add(most(record));
        }
        met
    }

    fn once(&self, key: &str) -> bool {
        self.keys.get(key) == Some(&1)
    }

    /// Whether nothing else of the list can have this key.
    fn only(&self, key: Option<&str>) -> bool {
        self.unknown == 0 && key.is_some_and(|key| self.once(key))
    }
}
