//! Lines of JSON that are written in the plainest way, read straight into the values of a policy's inputs.
//!
//! Most lines have the keys of the line before, in the same order, and plain values without faults. Such a line needs neither a
//! document nor places. **Nothing is judged here**: a line that is written in any other way, that says something twice, holds
//! a fault, or contradicts itself, is not read; [`Lines`] and the applicant's reader then read it, or say what is wrong with
//! it. A property test holds the two against each other.

mod scan;
mod value;

use std::collections::HashMap;
use std::sync::Arc;

use scan::{Plain, Scan};
use value::Reader;

use crate::applicant::keys::RECORD;
use crate::applicant::{Applicant, MOST_TIMES, agreed};
use crate::expr::types::Type;
use crate::lang::Text;
use crate::policy::{PAID, Policy};
use crate::rows::asked::Asked;
use crate::rows::{Column, Line, Lines, Setup};
use crate::source::{clean, unseen, visible};
use crate::value::{Day, List, Record, Value};

/// So many records of one list are read here.
const MOST_RECORDS: usize = 1_000;
/// So many keys are remembered: they come from outside.
const MOST_KEYS: usize = 4_096;

/// The memory of so many lines is kept.
const MOST_SPARE: usize = 256;

/// Reads lines against one policy.
#[derive(Debug)]
pub struct Quick<'a> {
    policy: &'a Policy,
    setup: &'a Setup<'a>,
    /// Says what keys ask for.
    lines: Lines<'a>,
    /// What keys are for, by the names that a document has for them.
    targets: Vec<(String, Target)>,
    /// The place of each key's target; none: lines that have it are not read here.
    keys: HashMap<String, Option<usize>>,
    /// The keys of the line before, with the places of their targets.
    before: Vec<(String, usize)>,
    /// For each target the number of the line that had it last.
    had: Vec<u64>,
    number: u64,
    /// The inputs of who says nothing.
    absent: Vec<Value>,
    /// Memory for the inputs of the next lines.
    spare: Vec<Vec<Value>>,
    /// The file of the line before, and how it is shown.
    file: (Arc<str>, String),
}

/// What a key is for.
#[derive(Debug)]
enum Target {
    Id,
    Name,
    Kind,
    AsOf,
    Fact {
        slot: usize,
        reader: Box<Reader>,
    },
    List {
        slot: usize,
        list: usize,
        /// Whether a clause is worked out for each of its records.
        one_by_one: bool,
        fields: Fields,
    },
    /// A list of which only that it is empty is read here, and the input that is then empty.
    Empty(Option<usize>),
}

/// The fields of a list's records.
#[derive(Debug)]
struct Fields {
    readers: Vec<Reader>,
    /// Keys, as they were met, with the places of their fields; in the order of the record before.
    before: Vec<(String, usize)>,
    /// For each field the number of the record that had it last; behind them, for how many it stands.
    had: Vec<u64>,
    number: u64,
}

impl<'a> Quick<'a> {
    /// A reader for lines that are read with this; none where it takes more than one policy and the line itself.
    pub fn new(setup: &'a Setup<'a>) -> Option<Quick<'a>> {
        let [policy] = setup.policies.as_slice() else { return None };
        if !setup.lists.is_empty() || setup.place.is_some() {
            return None;
        }
        let mut absent: Vec<Value> = policy.names.inputs.iter().map(|input| input.absent.clone()).collect();
        if let Some(slot) = policy.names.input(PAID).and_then(|place| absent.get_mut(place)) {
            *slot = Value::List(Arc::default());
        }
        let lines = Lines::new(&setup.policies);
        let (targets, keys, before, had) = (Vec::new(), HashMap::new(), Vec::new(), Vec::new());
        let file = (Arc::from(""), String::new());
        let spare = Vec::new();
        Some(Quick { policy, setup, lines, targets, keys, before, had, number: 0, absent, spare, file })
    }

    /// The applicant of a line, and its id; `None`: it is not written in the plainest way, or something is wrong with it.
    pub fn read(&mut self, line: &Line, file: &Arc<str>) -> Option<(Option<String>, Applicant)> {
        if self.lines.of(line) {
            (self.keys, self.before) = (HashMap::new(), Vec::new());
        }
        let mut inputs = self.spare.pop().unwrap_or_default();
        inputs.clone_from(&self.absent);
        let mut head = Head::default();
        let read = self.object(&line.text, &mut head, &mut inputs);
        let found = read.and_then(|()| {
            let kind = head.kind.or(self.setup.kind.as_deref())?;
            let (kind, kind_label) = self.kind(kind)?;
            let as_of = self.setup.when.as_of.or(head.as_of).unwrap_or(self.setup.when.today);
            let is_empty =
                |input: usize| matches!(inputs.get(input), Some(Value::List(list)) if list.records.is_empty());
            let mut belonging = self.policy.names.lists.iter().filter(|list| list.of.is_some());
            // To which record another belongs is looked at with its place.
            let plain = belonging.all(|list| is_empty(list.input));
            let apart = plain.then(|| agreed(self.policy, &inputs, as_of)).flatten()?;
            Some((kind, kind_label, as_of, apart))
        });
        let Some((kind, kind_label, as_of, apart)) = found else {
            self.spare.push(inputs);
            return None;
        };
        if self.file.0 != *file {
            self.file = (Arc::clone(file), clean(file));
        }
        let name = head.name.map(|name| visible(name.trim()).into_owned());
        let (file, inputs, paid) = (self.file.1.clone(), vec![inputs], Vec::new());
        Some((head.id, Applicant { file, name, kind, kind_label, as_of, inputs, paid, apart }))
    }

    /// Takes the memory of an applicant that is no longer needed.
    pub fn take_back(&mut self, mut applicant: Applicant) {
        if self.spare.len() < MOST_SPARE {
            self.spare.extend(applicant.inputs.pop());
        }
    }

    /// Everything that a line says.
    fn object<'t>(&mut self, text: &'t str, head: &mut Head<'t>, inputs: &mut [Value]) -> Option<()> {
        self.number += 1;
        let mut scan = Scan::new(text);
        scan.sign(b'{')?;
        let mut place = 0;
        loop {
            let key = scan.string()?;
            scan.sign(b':')?;
            let at = self.target(place, key)?;
            place += 1;
            let had = self.had.get_mut(at)?;
            if std::mem::replace(had, self.number) == self.number {
                return None;
            }
            self.member(at, &mut scan, head, inputs)?;
            if !scan.more(b'}')? {
                break;
            }
        }
        scan.end()
    }

    /// The target of a key, which stands at this place of its line.
    fn target(&mut self, place: usize, key: &str) -> Option<usize> {
        if let Some((known, target)) = self.before.get(place)
            && known == key
        {
            return Some(*target);
        }
        if !self.keys.contains_key(key) {
            if self.keys.len() >= MOST_KEYS {
                return None;
            }
            let target = self.new_target(key);
            self.keys.insert(key.to_owned(), target);
        }
        let target = self.keys.get(key).copied().flatten()?;
        self.before.truncate(place);
        if self.before.len() == place {
            self.before.push((key.to_owned(), target));
        }
        Some(target)
    }

    /// What a key is for that was not met before. Another word for the same is the same target.
    fn new_target(&mut self, key: &str) -> Option<usize> {
        let asked = self.lines.asked(key)?.ok()?;
        let names = &self.policy.names;
        let target = match &*asked {
            Asked::Column(Column::Id) => Target::Id,
            Asked::Column(Column::Name) => Target::Name,
            Asked::Column(Column::Kind) => Target::Kind,
            Asked::Column(Column::AsOf) => Target::AsOf,
            Asked::Column(Column::Fact(name, ..)) => {
                let slot = names.input(name)?;
                Target::Fact { slot, reader: Box::new(Reader::new(names.inputs.get(slot)?, names)?) }
            }
            Asked::List(list) if !list.is_a_fact() => {
                Target::Empty(names.input(&list.name).filter(|_| list.name != PAID))
            }
            Asked::List(fields) => {
                let slot = names.input(&fields.name)?;
                let Type::List(list) = names.inputs.get(slot)?.ty else { return None };
                let readers = names.lists.get(list)?.fields.iter().map(|field| Reader::new(field, names));
                let readers = readers.collect::<Option<Vec<Reader>>>()?;
                let fields = Fields { had: vec![0; readers.len() + 1], readers, before: Vec::new(), number: 0 };
                let mut each = self.policy.clauses.iter().filter_map(|clause| clause.each.as_ref());
                Target::List { slot, list, one_by_one: each.any(|each| each.input == slot), fields }
            }
            Asked::Column(_) => return None,
        };
        let name = asked.name();
        let same = self.targets.iter().position(|(known, _)| known == name);
        Some(same.unwrap_or_else(|| {
            self.targets.push((name.to_owned(), target));
            self.had.push(0);
            self.targets.len() - 1
        }))
    }

    /// The value of a key.
    fn member<'t>(
        &mut self,
        target: usize,
        scan: &mut Scan<'t>,
        head: &mut Head<'t>,
        inputs: &mut [Value],
    ) -> Option<()> {
        let names = &self.policy.names;
        let text = |plain: Plain<'t>| match plain {
            Plain::Null => Some(None),
            Plain::Text(text) => Some(Some(text)),
            Plain::Truth(_) | Plain::Number(_) => None,
        };
        match &mut self.targets.get_mut(target)?.1 {
            Target::Id => {
                let Plain::Text(id) = scan.plain()? else { return None };
                let id = id.trim();
                head.id = (!id.is_empty() && unseen(id).is_none()).then(|| id.to_owned());
                head.id.as_ref()?;
            }
            Target::Name => head.name = text(scan.plain()?)?,
            Target::Kind => head.kind = text(scan.plain()?)?,
            Target::AsOf => {
                head.as_of = text(scan.plain()?)?.map(|text| Day::parse(text).ok_or(())).transpose().ok()?
            }
            Target::Fact { slot, reader } => match scan.plain()? {
                Plain::Null => {}
                plain => *inputs.get_mut(*slot)? = reader.read(plain, names)?,
            },
            Target::List { slot, list, one_by_one, fields } => {
                let declared = names.lists.get(*list)?;
                if scan.sign(b'[').is_none() {
                    return (scan.plain()? == Plain::Null).then_some(());
                }
                let mut records = Vec::new();
                if scan.sign(b']').is_none() {
                    loop {
                        let mut values: Vec<Value> = declared.fields.iter().map(|field| field.absent.clone()).collect();
                        let times = fields.record(scan, &mut values, self.policy, *list)?;
                        let label = declared.label_of(&values);
                        records.push(Record { fields: values, label, times, more: 0, unlisted: false });
                        // Where each has a line of its own, what stands for several becomes several.
                        if records.len() > MOST_RECORDS || (*one_by_one && times > 1) {
                            return None;
                        }
                        if !scan.more(b']')? {
                            break;
                        }
                    }
                }
                *inputs.get_mut(*slot)? = Value::List(Arc::new(List { records, open: false }));
            }
            Target::Empty(slot) => {
                if scan.sign(b'[').is_some() {
                    scan.sign(b']')?;
                    if let Some(slot) = slot.and_then(|slot| inputs.get_mut(slot)) {
                        *slot = Value::List(Arc::default());
                    }
                } else if scan.plain()? != Plain::Null {
                    return None;
                }
            }
        }
        Some(())
    }

    /// The kind of a word.
    fn kind(&self, word: &str) -> Option<(String, Text)> {
        // Others are compared by what they are folded to.
        if word.is_empty() || !word.bytes().all(|byte| byte.is_ascii_graphic()) {
            return None;
        }
        self.policy.kind_called(word).filter(|(id, _)| id == word).cloned()
    }
}

/// What a line says beside facts.
#[derive(Default)]
struct Head<'t> {
    id: Option<String>,
    name: Option<&'t str>,
    kind: Option<&'t str>,
    as_of: Option<Day>,
}

impl Fields {
    /// One record: its values in place of those of one that says nothing. Gives how many it stands for.
    fn record(&mut self, scan: &mut Scan<'_>, values: &mut [Value], policy: &Policy, list: usize) -> Option<u32> {
        self.number += 1;
        let (mut place, mut times) = (0, 1);
        scan.sign(b'{')?;
        if scan.sign(b'}').is_some() {
            return Some(times);
        }
        loop {
            let key = scan.string()?;
            scan.sign(b':')?;
            let field = self.field(place, key, policy, list)?;
            place += 1;
            match scan.plain()? {
                Plain::Null => {}
                plain => {
                    if std::mem::replace(self.had.get_mut(field)?, self.number) == self.number {
                        return None;
                    }
                    match self.readers.get_mut(field) {
                        Some(reader) => *values.get_mut(field)? = reader.read(plain, &policy.names)?,
                        None => times = several(plain)?,
                    }
                }
            }
            if !scan.more(b'}')? {
                return Some(times);
            }
        }
    }

    /// The field of a key, which stands at this place of its record.
    fn field(&mut self, place: usize, key: &str, policy: &Policy, list: usize) -> Option<usize> {
        if let Some((known, field)) = self.before.get(place)
            && known == key
        {
            return Some(*field);
        }
        // A label, and what no field has, are for others to read.
        let named = || policy.names.lists.get(list)?.fields.iter().position(|field| field.name == key);
        let field = match key {
            "times" => self.readers.len(),
            _ if RECORD.names().contains(&key) => return None,
            _ => named()?,
        };
        self.before.truncate(place);
        if self.before.len() == place {
            self.before.push((key.to_owned(), field));
        }
        Some(field)
    }
}

/// How many equal records one stands for, as it is written most.
fn several(plain: Plain<'_>) -> Option<u32> {
    let Plain::Number(digits) = plain else { return None };
    digits.parse().ok().filter(|times| (1..=MOST_TIMES).contains(times))
}
