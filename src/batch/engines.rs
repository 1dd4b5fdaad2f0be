//! Which compiled policy works a row out. Rows whose cells are plain go straight into columns; the others are read, like any
//! applicant, and seated in the columns of a program for all that have their kind and evaluation date in common.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use crate::applicant::{Applicant, replace};
use crate::batch::Plan;
use crate::batch::engine::{Engine, Made};
use crate::batch::summary::Summary;
use crate::columns::BLOCK;
use crate::rows::{Column, Records, Sheet};
use crate::value::{Day, Value};

/// More kinds of rows than this are not told apart: the rest goes the general way.
const MOST_KINDS: usize = 64;
/// Where fewer rows of one kind than this follow on each other, they are read: a block is worked out whole.
const FEW: usize = 8;

/// What rows of cells have in common: the cells of their kind, place and evaluation date.
type Key = Vec<u8>;
/// What applicants have in common who were read: the policy, their kind, and the evaluation date.
type Alike = (usize, usize, Day);

/// The programs of a run.
pub(super) struct Engines<'p> {
    plan: &'p Plan<'p>,
    sheet: Option<Arc<Sheet>>,
    /// The columns that make the key.
    keys: Vec<usize>,
    of_cells: HashMap<Key, Option<Engine<'p>>>,
    /// What the rows of the last block have in common, where they go straight into columns.
    current: Option<Key>,
    of_read: Vec<(Alike, Option<Engine<'p>>)>,
}

/// Where an applicant is seated: by whom it is worked out, and the row.
#[derive(Clone, Copy, Debug)]
pub(super) struct Seat {
    engine: usize,
    pub row: usize,
}

impl<'p> Engines<'p> {
    pub fn new(plan: &'p Plan<'p>) -> Engines<'p> {
        Engines { plan, sheet: None, keys: Vec::new(), of_cells: HashMap::new(), current: None, of_read: Vec::new() }
    }

    /// How many of the rows can be worked out together, and by whose columns of cells; `None`: they are read.
    pub fn block(
        &mut self,
        records: &Records,
        rows: Range<usize>,
        sheet: &Arc<Sheet>,
    ) -> (usize, Option<&mut Engine<'p>>) {
        if !self.sheet.as_ref().is_some_and(|known| Arc::ptr_eq(known, sheet)) {
            self.sheet = Some(Arc::clone(sheet));
            self.of_cells.clear();
            let keys = [Column::Kind, Column::Place, Column::AsOf];
            self.keys = keys.iter().filter_map(|column| sheet.heads.place(column)).collect();
        }
        self.current = None;
        let all = rows.len().min(BLOCK);
        // Records that are joined to a row are no columns of its table.
        let has_lists = !self.plan.setup.lists.is_empty() || !sheet.heads.lists().is_empty();
        let first = rows.start;
        if !self.compiles() || has_lists || sheet.heads.is_of_a_form() || !records.is_cells(first) {
            return (all, None);
        }
        let is_alike = |row: &usize| {
            records.is_cells(*row)
                && self.keys.iter().all(|column| records.cell(*row, *column) == records.cell(first, *column))
        };
        let count = rows.take(BLOCK).take_while(is_alike).count();
        if count < FEW && count < all {
            return (all, None);
        }
        let mut key = Key::new();
        for place in &self.keys {
            key.extend_from_slice(records.cell(first, *place).unwrap_or_default());
            key.push(0);
        }
        if !self.of_cells.contains_key(&key) {
            if self.of_cells.len() >= MOST_KINDS {
                return (count, None);
            }
            match Engine::of_cells(self.plan, &records.row(first, sheet), sheet) {
                Made::Engine(engine) => self.of_cells.insert(key.clone(), Some(*engine)),
                Made::Never => self.of_cells.insert(key.clone(), None),
                // This row tells nothing about the others.
                Made::NotYet => return (1, None),
            };
        }
        let found = self.of_cells.get_mut(&key).and_then(Option::as_mut);
        self.current = found.is_some().then_some(key);
        (count, found)
    }

    /// By whose columns of cells the last block was worked out.
    pub fn last(&self) -> Option<&Engine<'p>> {
        self.of_cells.get(self.current.as_ref()?)?.as_ref()
    }

    fn compiles(&self) -> bool {
        self.plan.compile && !self.plan.tells_steps()
    }

    /// Seats an applicant who was read against the policies of these places; `None`: it goes the general way.
    pub fn seat(&mut self, applicant: &mut Applicant, places: &[usize]) -> Option<Seat> {
        let [place] = *places else { return None };
        if !self.compiles() || !applicant.paid.is_empty() {
            return None;
        }
        let policy = self.plan.setup.policies.get(place)?;
        let alike = (place, policy.kind(&applicant.kind)?, applicant.as_of);
        let inputs = applicant.inputs.first_mut()?;
        let is_none = |value: &Value| matches!(value, Value::List(list) if list.records.is_empty());
        if policy.overlap.as_ref().is_some_and(|rule| !inputs.get(rule.input).is_some_and(is_none)) {
            return None;
        }
        replace(inputs, self.plan.readings.get(place).map_or(&[], Vec::as_slice));
        let found = self.of_read.iter().position(|(known, _)| *known == alike);
        let engine = match found {
            Some(engine) => engine,
            None if self.of_read.len() >= MOST_KINDS => return None,
            None => {
                let (place, kind, as_of) = alike;
                self.of_read.push((alike, Engine::of_read(self.plan, place, kind, as_of, inputs)));
                self.of_read.len() - 1
            }
        };
        let row = self.of_read.get_mut(engine)?.1.as_mut()?.seat(inputs)?;
        Some(Seat { engine, row })
    }

    /// Works out all who are seated.
    pub fn run_seated(&mut self) {
        self.of_read.iter_mut().filter_map(|(_, engine)| engine.as_mut()).for_each(Engine::run_seated);
    }

    /// Who works out a seat.
    pub fn of(&self, seat: Seat) -> Option<&Engine<'p>> {
        self.of_read.get(seat.engine)?.1.as_ref()
    }

    /// Tells the summary what rows came to since the last time.
    pub fn tell(&mut self, summary: &mut Summary) {
        let read = self.of_read.iter_mut().map(|(_, engine)| engine);
        self.of_cells.values_mut().chain(read).flatten().for_each(|engine| engine.tell(summary));
    }
}
