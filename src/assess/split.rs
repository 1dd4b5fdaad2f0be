//! Tight bounds: where what is missing is finite (truths, words, readings left open), every case is worked out.

use crate::assess::draft::{Draft, Told};
use crate::assess::world::World;
use crate::expr::context::Cause;
use crate::value::{Interval, Value};

/// A fact, or a field of a record, that is given a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Slot {
    /// An input.
    Input(usize),
    /// A field: the list's input, the record's place, the list's declaration, the field.
    Field(usize, usize, usize, usize),
}

/// Values given to what was missing.
pub type Completion = Vec<(Slot, Value)>;

/// Drafts over all cases, each with the completions that reach its ends.
#[derive(Clone, Debug)]
pub struct Settled {
    /// What every case leaves possible.
    pub draft: Draft,
    /// Reaches the lower end of what is awarded to date.
    pub lowest: Completion,
    /// Reaches the upper end.
    pub highest: Completion,
    /// What is left of the missing facts where the clause can pay; `None` where it cannot.
    pub alive: Option<Completion>,
}

impl Slot {
    /// What a cause speaks of, where that is something that can be given.
    pub fn of(cause: &Cause) -> Option<Slot> {
        match cause {
            Cause::Input(place) => Some(Slot::Input(*place)),
            Cause::Field { input, record, list, field } => Some(Slot::Field(*input, *record, *list, *field)),
            Cause::Problem(..) => None,
        }
    }
}

impl World<'_> {
    /// The value in a slot.
    pub fn value(&self, slot: Slot) -> Option<&Value> {
        match slot {
            Slot::Input(place) => self.inputs.get(place),
            Slot::Field(input, record, _, field) => match self.inputs.get(input)? {
                Value::List(list) => list.records.get(record)?.fields.get(field),
                _ => None,
            },
        }
    }

    /// The same with another value in a slot.
    pub fn with(&self, slot: Slot, value: Value) -> Self {
        let mut world = self.clone();
        match slot {
            Slot::Input(place) => {
                if let Some(input) = world.inputs.get_mut(place) {
                    *input = value;
                }
            }
            Slot::Field(input, record, _, field) => {
                if let Some(Value::List(list)) = world.inputs.get_mut(input)
                    && let Some(record) = std::sync::Arc::make_mut(list).records.get_mut(record)
                    && let Some(slot) = record.fields.get_mut(field)
                {
                    *slot = value;
                }
            }
        }
        world
    }

    /// The first thing among the reasons of open drafts that has few cases.
    fn cut(&self, drafts: &[Draft]) -> Option<(Slot, Vec<Value>)> {
        let slots = || {
            let open = drafts.iter().filter(|draft| draft.is_open());
            open.flat_map(|draft| draft.causes.iter()).filter_map(Slot::of)
        };
        // What concerns the whole applicant settles more than what concerns one record.
        let inputs = slots().filter(|slot| matches!(slot, Slot::Input(_)));
        let fields = slots().filter(|slot| matches!(slot, Slot::Field(..)));
        inputs.chain(fields).find_map(|slot| Some((slot, self.value(slot)?.cases()?)))
    }

    /// Works out these clauses in every case of what is missing and finite, as long as the budget of runs lasts; beyond it
    /// the bounds are sound but perhaps not reached.
    pub fn settle(&self, clauses: &[usize], budget: &mut usize) -> Vec<Settled> {
        let drafts = self.run(clauses, Told::Nothing);
        *budget = budget.saturating_sub(1);
        let cut = self.cut(&drafts).filter(|(_, cases)| cases.len() <= *budget);
        let Some((slot, cases)) = cut else {
            return drafts.into_iter().map(Settled::plain).collect();
        };
        let mut all: Option<Vec<Settled>> = None;
        for case in cases {
            let mut settled = self.with(slot, case.clone()).settle(clauses, budget);
            for line in &mut settled {
                line.lowest.push((slot, case.clone()));
                line.highest.push((slot, case.clone()));
                if let Some(alive) = &mut line.alive {
                    alive.push((slot, case.clone()));
                }
            }
            all = Some(match all {
                None => settled,
                Some(so_far) => so_far.into_iter().zip(settled).map(|(a, b)| a.hull(b)).collect(),
            });
        }
        let mut all = all.unwrap_or_default();
        for (line, whole) in all.iter_mut().zip(&drafts) {
            if line.draft.is_open() {
                // What was cut is a reason as well; problems count only where a case still has them.
                let unknown = whole.causes.iter().filter(|cause| !matches!(cause, Cause::Problem(..)));
                line.draft.causes.extend(unknown.cloned());
            }
        }
        all
    }

    /// The sum over all lines of what `of` gives, in every case of what is missing and finite.
    pub fn sum(&self, clauses: &[usize], budget: &mut usize, of: &dyn Fn(&[Draft]) -> Vec<Interval>) -> Vec<Interval> {
        let drafts = self.run(clauses, Told::Nothing);
        *budget = budget.saturating_sub(1);
        let cut = self.cut(&drafts).filter(|(_, cases)| cases.len() <= *budget);
        let Some((slot, cases)) = cut else { return of(&drafts) };
        let mut all: Option<Vec<Interval>> = None;
        for case in cases {
            let sums = self.with(slot, case).sum(clauses, budget, of);
            all = Some(match all {
                None => sums,
                Some(so_far) => so_far.into_iter().zip(sums).map(|(a, b)| a.hull(b)).collect(),
            });
        }
        all.unwrap_or_default()
    }
}

impl Settled {
    /// A draft of which no cases were worked out.
    pub fn plain(draft: Draft) -> Settled {
        let alive = (!draft.meets.is_false()).then(Vec::new);
        Settled { draft, lowest: Vec::new(), highest: Vec::new(), alive }
    }

    fn hull(self, other: Settled) -> Settled {
        let lowest = if other.draft.to_date.lo < self.draft.to_date.lo { other.lowest } else { self.lowest };
        let highest = if other.draft.to_date.hi > self.draft.to_date.hi { other.highest } else { self.highest };
        let alive = match (self.alive, other.alive) {
            (Some(a), Some(b)) => Some(either(a, b)),
            (a, b) => a.or(b),
        };
        Settled { draft: self.draft.hull(other.draft), lowest, highest, alive }
    }
}

/// What either of two completions leaves possible. What only one of them speaks of can have any value.
fn either(a: Completion, b: Completion) -> Completion {
    a.into_iter()
        .filter_map(|(slot, value)| {
            let (_, other) = b.iter().find(|(known, _)| *known == slot)?;
            Some((slot, value.hull(other)))
        })
        .collect()
}

impl Draft {
    fn hull(mut self, other: Draft) -> Draft {
        self.happened = self.happened.hull(other.happened);
        self.inside = self.inside.hull(other.inside);
        self.reached = self.reached.hull(other.reached);
        self.meets = self.meets.hull(other.meets);
        self.entitled = self.entitled.hull(other.entitled);
        if self.earned.is_some() || other.earned.is_some() {
            let earned = self.earned.unwrap_or(self.to_date);
            self.earned = Some(earned.hull(other.earned.unwrap_or(other.to_date)));
        }
        self.to_date = self.to_date.hull(other.to_date);
        self.lifetime = self.lifetime.hull(other.lifetime);
        self.used = self.used.zip(other.used).map(|(a, b)| a.hull(b)).or(self.used).or(other.used);
        self.losses.retain(|loss| other.losses.contains(loss));
        self.refused = self.refused.hull(other.refused);
        self.depend(&other.causes, &other.reads);
        self
    }
}
