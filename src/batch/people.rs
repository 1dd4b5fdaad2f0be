//! One person or thing in the records of several applicants. No applicant's own file shows it, and it may be right (who changed the
//! employer, two of one name): so it is told and changes nothing.

use std::collections::hash_map::RandomState;
use std::collections::{BTreeSet, HashMap};
use std::hash::BuildHasher;
use std::sync::Arc;

use crate::applicant::identity::called;
use crate::lang::Text;
use crate::policy::Policy;
use crate::rows::{Heads, Place, Tables, citizen_id};
use crate::source::clean;
use crate::value::{Day, Value};

/// So many places are named; what comes after is counted.
const NAMED: usize = 10;
/// So many are remembered, which bounds the memory; what comes later is compared with these.
const MOST: usize = 4_000_000;

/// Somebody or something that a record stands for, as it is compared over applicants.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Who {
    key: String,
    /// What it is called; none: a person, by the citizen identity number.
    name: Option<String>,
    /// Whether the number is stated that tells apart those of one name.
    numbered: bool,
}

/// Who stands in one applicant's lists whose records have a field for a number, each once: by their citizen identity numbers, and,
/// where a clause looks at the list, by their names.
pub(super) fn of<'p>(
    policies: impl Iterator<Item = (&'p Policy, &'p [Value])>,
    kind: &str,
    as_of: Day,
) -> BTreeSet<Who> {
    let mut found = BTreeSet::new();
    for (policy, inputs) in policies {
        let kind = policy.kind(kind);
        for identity in &policy.identities {
            let (Some((_, number)), Some(Value::List(list))) = (identity.number, inputs.get(identity.input)) else {
                continue;
            };
            let persons = list.records.iter().filter_map(|record| match record.fields.get(number) {
                Some(Value::Text(Some(text))) => citizen_id(text),
                _ => None,
            });
            found.extend(persons.map(|key| Who { key, name: None, numbered: false }));
            let clause = kind.and_then(|kind| identity.claimed_by.get(kind).copied().flatten());
            let Some(clause) = clause.and_then(|clause| policy.clauses.get(clause)) else { continue };
            // Kinds of applicants that draw on different clauses, as a school and an enterprise for one class, take nothing from
            // each other.
            let of = format!("{}\n{}\n{}\n", policy.id, identity.list, clause.id);
            found.extend(called(identity, policy, inputs, as_of).into_iter().map(|called| Who {
                key: format!("{of}{}", called.key),
                name: Some(called.name),
                numbered: called.numbered,
            }));
        }
    }
    found
}

/// The people and things of the rows of a chunk.
#[derive(Debug, Default)]
pub(super) struct People(Vec<(usize, u64, Who)>);

impl People {
    /// Adds those of a row, by its place and line.
    pub fn add(&mut self, row: usize, line: u64, found: BTreeSet<Who>) {
        self.0.extend(found.into_iter().map(|who| (row, line, who)));
    }

    /// Where a row has somebody who was met with another applicant.
    pub fn met<'f>(self, known: &mut Known, heads: &Heads, file: impl Fn(usize) -> &'f Arc<str>) -> Met {
        let mut met = Met::default();
        for (row, line, who) in self.0 {
            let here = known.tables.place(file(row), heads, line);
            if let Some(there) = known.met(&who, here) {
                let shared = if who.name.is_none() { &mut met.same } else { &mut met.alike };
                shared.count += 1;
                if !shared.more {
                    let name = who.name.map(|name| format!("{} ", clean(&name))).unwrap_or_default();
                    shared.name(format!("{name}{} = {}", known.tables.words(there), known.tables.words(here)));
                }
            }
        }
        met
    }
}

/// Remembers who was met, by a fingerprint of 64 bits and a key that nobody knows beforehand.
#[derive(Debug, Default)]
pub(super) struct Known {
    key: RandomState,
    tables: Tables,
    /// The first row in which each was met without a number, and the first with one.
    rows: HashMap<u64, [Option<Place>; 2]>,
    /// How many records came when no more were remembered.
    past: u64,
}

impl Known {
    /// What could not be compared with what came later, given of how many ids that is so.
    pub fn left_out(&self, ids: u64) -> Met {
        Met { ids, records: self.past, ..Met::default() }
    }

    /// Where somebody was met first who may be this one; a citizen identity number alone says that it is.
    fn met(&mut self, who: &Who, here: Place) -> Option<Place> {
        let key = self.key.hash_one(&who.key);
        if self.rows.len() >= MOST && !self.rows.contains_key(&key) {
            self.past += 1;
            return None;
        }
        let [bare, numbered] = self.rows.entry(key).or_default();
        // Two that both state their numbers are the same or not by these, and limits over all applicants look at them.
        let met = if who.numbered { *bare } else { bare.or(*numbered) };
        (if who.numbered { numbered } else { bare }).get_or_insert(here);
        met.filter(|met| *met != here)
    }
}

/// Who stands in the records of several applicants: for sure, by the citizen identity number; and perhaps, by a name alone.
#[derive(Clone, Debug, Default)]
pub struct Met {
    same: Shared,
    alike: Shared,
    /// How many ids came when no more were remembered,
    ids: u64,
    /// and how many records.
    records: u64,
}

#[derive(Clone, Debug, Default)]
struct Shared {
    /// How often somebody was met with another applicant.
    count: u64,
    /// The first of them: the name, and the rows of both applicants.
    named: Vec<String>,
    /// Whether there are more such rows.
    more: bool,
}

impl Shared {
    fn name(&mut self, pair: String) {
        if self.named.contains(&pair) {
            return;
        }
        self.more |= self.named.len() >= NAMED;
        if !self.more {
            self.named.push(pair);
        }
    }

    fn extend(&mut self, other: Shared) {
        self.count += other.count;
        other.named.into_iter().for_each(|pair| self.name(pair));
        self.more |= other.more;
    }

    fn places(&self) -> Vec<String> {
        self.named.iter().cloned().chain(self.more.then(|| "…".to_owned())).collect()
    }
}

/// Something to be looked at, and where.
#[derive(Clone, Debug)]
pub struct Look {
    /// What.
    pub text: Text,
    /// The places, one beside the other.
    pub places: Vec<String>,
}

impl Met {
    /// Adds those of later rows.
    pub fn extend(&mut self, other: Met) {
        self.same.extend(other.same);
        self.alike.extend(other.alike);
        self.ids += other.ids;
        self.records += other.records;
    }

    /// What is to be looked at.
    pub fn looks(&self) -> Vec<Look> {
        let mut looks = Vec::new();
        if self.same.count > 0 {
            let count = self.same.count;
            let zh = format!("有 {count} 处同一公民身份号码登记在两位申请人的名单中，请核对是否重复申报");
            let en = match count {
                1 => "1 identity number stands in the lists of two applicants; see whether both may claim".to_owned(),
                _ => format!(
                    "{count} times an identity number stands in the lists of two applicants; see whether both may claim"
                ),
            };
            looks.push(Look { text: Text::made(zh, en), places: self.same.places() });
        }
        if self.alike.count > 0 {
            let count = self.alike.count;
            let zh = format!("有 {count} 处同名记录登记在两位申请人的名单中，编号没有都填，是否同一个无从核对");
            let en = match count {
                1 => "1 name stands in the lists of two applicants, not both with its number: whether it is the same cannot be seen"
                    .to_owned(),
                _ => format!(
                    "{count} times a name stands in the lists of two applicants, not both with its number: whether it is the same cannot be seen"
                ),
            };
            looks.push(Look { text: Text::made(zh, en), places: self.alike.places() });
        }
        if self.ids > 0 {
            let count = self.ids;
            let zh = format!("编号未排序且超过 {MOST} 个，其后 {count} 个彼此是否重复没有核对；按编号排序后再算即可");
            let en = format!(
                "there are more than {MOST} ids, not in their order: whether the {count} after them repeat each other was not \
                 checked; sort the rows by id, and it need not be"
            );
            looks.push(Look { text: Text::made(zh, en), places: Vec::new() });
        }
        if self.records > 0 {
            let count = self.records;
            let zh = format!("名单记录超过 {MOST} 条，其后 {count} 条是否在两位申请人名下没有核对");
            let en = format!(
                "there are more than {MOST} records in lists: whether the {count} after them stand with two applicants was not checked"
            );
            looks.push(Look { text: Text::made(zh, en), places: Vec::new() });
        }
        looks
    }
}
