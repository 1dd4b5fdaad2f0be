//! An applicant that shows something: facts are tried one after the other, by what keeps the answer open, until it is shown.

use std::sync::Arc;

use crate::applicant::{self, When};
use crate::assess::draft::{Draft, Told};
use crate::assess::model::{Assessment, Line, Status};
use crate::assess::slot::Slot;
use crate::assess::world::World;
use crate::assess::{Detail, assess_some};
use crate::check::possible::{Cuts, declared};
use crate::clause::Clause;
use crate::clause::kind::Counted;
use crate::expr::context::Cause;
use crate::expr::function::Builtin;
use crate::expr::names::{Input, Origin};
use crate::expr::program::Op;
use crate::expr::types::Type;
use crate::policy::Policy;
use crate::source::Source;
use crate::value::{Bound, Day, DayRange, Interval, List, Number, Truth, Unit, Value};

/// Worlds that one search is worth.
const WORLDS: usize = 2000;
/// Facts that one applicant is given.
const MOST_FACTS: usize = 120;
/// Values of one fact that are tried.
const MOST_VALUES: usize = 24;

/// What a world says of what is looked for.
pub enum Verdict {
    /// This is it.
    Found,
    /// Nothing that is still open can lead to it.
    Hopeless,
    /// It depends on these.
    Open(Vec<Cause>),
}

/// A search for one clause.
pub struct Search<'p> {
    pub policy: &'p Policy,
    /// The clause, and those that give to it or take from it, in the order of the policy.
    pub group: Vec<usize>,
    /// The kind of applicant, by its place.
    pub kind: usize,
    pub cuts: Cuts,
    as_of: Day,
    from: Day,
    each: Vec<usize>,
    /// Facts that an age is counted from.
    births: Vec<usize>,
    /// Worlds that it is worth.
    worlds: usize,
}

impl<'p> Search<'p> {
    /// For a clause and this kind of applicant.
    pub fn new(policy: &'p Policy, place: usize, clause: &'p Clause, kind: usize) -> Search<'p> {
        let mut search = Search {
            policy,
            group: vec![place],
            kind,
            cuts: Cuts::of(policy, clause.expressions()),
            as_of: last_day(clause),
            from: if clause.window.lo > Day::FIRST { clause.window.lo } else { last_day(clause).plus_months(-36) },
            each: clause.each.iter().map(|each| each.input).collect(),
            births: births(policy, clause),
            worlds: WORLDS,
        };
        let is_for = |place: &usize| policy.clauses.get(*place).is_some_and(|other| other.is_for(Some(kind)));
        let all: Vec<usize> = (0..policy.clauses.len()).filter(is_for).collect();
        let groups = crate::assess::linked::groups(&search.start(), &all);
        search.group = groups.into_iter().find(|group| group.contains(&place)).unwrap_or(search.group);
        // What a clause names decides as well.
        let named =
            search.group.iter().filter(|_| !clause.uses.is_empty()).filter_map(|place| policy.clauses.get(*place));
        for other in named.filter(|other| other.id != clause.id) {
            search.cuts.extend(Cuts::of(policy, other.expressions()));
            search.each.extend(other.each.iter().map(|each| each.input));
            search.births.extend(births(policy, other));
        }
        search
    }

    /// For two clauses at once.
    pub fn of_two(
        policy: &'p Policy,
        (place, clause): (usize, &'p Clause),
        (other_place, other): (usize, &'p Clause),
        kind: usize,
    ) -> Search<'p> {
        let mut search = Search::new(policy, place, clause, kind);
        let second = Search::new(policy, other_place, other, kind);
        search
            .group
            .extend(second.group.iter().filter(|place| !search.group.contains(place)).copied().collect::<Vec<_>>());
        search.group.sort_unstable();
        search.cuts.extend(second.cuts);
        search.each.extend(second.each);
        search.births.extend(second.births);
        search.worlds = WORLDS * 8;
        // A day on which both have happened.
        search.as_of = search.as_of.min(second.as_of);
        search.from = search.from.max(second.from);
        search
    }

    /// What `calc` says of a world, of all clauses or of this group; none where no file says it, or the policy's own rules
    /// refuse it.
    pub fn assessment(&self, world: &World<'p>, of_all: bool) -> Option<Assessment> {
        let file = Source::new("applicant.toml", self.file(world, &|_| None));
        let when = When { as_of: None, today: self.as_of, ignore_payments: false };
        let (read, faults) = applicant::read(&file, &[self.policy], when);
        let read = read.filter(|_| faults.is_empty())?;
        let is_own = |_: &str, id: &str| self.are(&self.group, id);
        Some(assess_some(&[self.policy], &read, &|policy, id| of_all || is_own(policy, id), Detail::Brief))
    }

    /// Whether an id is that of one of these few clauses.
    fn are(&self, clauses: &[usize], id: &str) -> bool {
        clauses.iter().filter_map(|place| self.policy.clauses.get(*place)).any(|clause| clause.id == id)
    }

    /// Whether `calc` leaves a line of the clause open.
    pub fn is_open(&self, world: &World<'p>, clause: &Clause) -> bool {
        let is_so = |line: &Line| line.clause == clause.id && line.status == Status::Undetermined;
        self.assessment(world, false).is_some_and(|assessment| assessment.lines.iter().any(is_so))
    }

    /// What `calc` awards to date under the clauses of the group together; none where that is open.
    pub fn awarded(&self, assessment: &Assessment, clauses: &[usize]) -> Option<Number> {
        let is_own = |line: &&Line| self.are(clauses, &line.clause);
        let counted = assessment.lines.iter().filter(|line| line.counted == Counted::Total).filter(is_own);
        Interval::sum(counted.filter_map(|line| Some(line.amounts.as_ref()?.awarded)))?.as_point()
    }

    /// The world in which nothing was tried yet.
    pub fn start(&self) -> World<'p> {
        let value = |(place, input): (usize, &Input)| match (&input.ty, &input.origin) {
            (Type::List(list), _) if self.each.contains(&place) => {
                let record = self.policy.names.lists.get(*list).map(|list| list.any.clone()).unwrap_or_default();
                Value::List(Arc::new(List { records: vec![record], open: false }))
            }
            (Type::List(_), _) if input.name == "other_benefits" => Value::List(Arc::default()),
            (_, Origin::Paid) => Value::List(Arc::default()),
            (Type::List(_), _) => Value::List(Arc::new(List { records: Vec::new(), open: true })),
            (_, Origin::Fact) => input.domain.clone(),
            (_, Origin::Parameter(_) | Origin::Reading(_)) => input.absent.clone(),
        };
        let inputs = self.policy.names.inputs.iter().enumerate().map(value).collect();
        World::new(self.policy, inputs, self.as_of)
    }

    /// A world that shows it, and that can be told in a file.
    pub fn find(&self, goal: &dyn Fn(&World<'p>) -> Verdict) -> Option<World<'p>> {
        // Where many clauses are worked out together, fewer worlds are tried.
        let mut budget = self.worlds / (1 + self.group.len() / 8);
        self.look(self.start(), goal, &mut budget, MOST_FACTS)
    }

    fn look(
        &self,
        world: World<'p>,
        goal: &dyn Fn(&World<'p>) -> Verdict,
        budget: &mut usize,
        depth: usize,
    ) -> Option<World<'p>> {
        *budget = budget.checked_sub(1)?;
        let deeper = depth.checked_sub(1)?;
        match goal(&world) {
            Verdict::Found => self.is_told(&world).then_some(world),
            Verdict::Open(causes) if self.is_consistent(&world) => {
                let (slot, values) = causes.iter().filter_map(Slot::of).find_map(|slot| {
                    let values = self.values(&world, slot);
                    (!values.is_empty()).then_some((slot, values))
                })?;
                values.into_iter().find_map(|value| self.look(world.with(slot, value), goal, budget, deeper))
            }
            Verdict::Hopeless | Verdict::Open(_) => None,
        }
    }

    /// Whether no rule of the policy is surely broken.
    fn is_consistent(&self, world: &World<'p>) -> bool {
        applicant::agree(self.policy, &world.inputs, world.as_of)
    }

    /// Values of an open slot that are worth a try; none where it is known, or not the applicant's to say.
    pub fn values(&self, world: &World<'_>, slot: Slot) -> Vec<Value> {
        let Some(input) = declared(&self.policy.names, slot).filter(|input| input.origin == Origin::Fact) else {
            return Vec::new();
        };
        match world.value(slot) {
            Some(value) if value.is_point() => Vec::new(),
            Some(Value::Quantity(range)) => self.numbers(input, *range),
            Some(Value::Date(range)) => {
                self.days(*range, matches!(slot, Slot::Input(place) if self.births.contains(&place)))
            }
            Some(Value::List(_)) => self.lists(input),
            Some(Value::Text(_)) => vec![Value::Text(Some("甲".into()))],
            Some(value) => value.cases().unwrap_or_default(),
            None => Vec::new(),
        }
    }

    fn numbers(&self, input: &Input, range: Interval) -> Vec<Value> {
        let mut all = self.cuts.of_type(&input.ty);
        all.reverse();
        // A number without a unit may be a year.
        let years = [self.as_of, self.from].into_iter().filter_map(Day::year);
        all.extend(years.filter(|_| input.ty == Type::Quantity(Unit::none())).map(Number::whole));
        all.extend([range.lo, range.hi].into_iter().filter_map(Bound::number));
        all.extend([100_000, 100, 10, 1, 0].map(Number::whole));
        all.retain(|number| range.contains(*number) && (!input.integer || number.is_whole()));
        all.dedup();
        all.truncate(MOST_VALUES);
        all.into_iter().map(|number| Value::Quantity(Interval::point(number))).collect()
    }

    fn days(&self, range: DayRange, is_birth: bool) -> Vec<Value> {
        let months = [0, 1, 12, 6, 24, 2, 30, 36];
        let mut all: Vec<Day> = Vec::new();
        if is_birth {
            all.extend([360, 300, 480].map(|months| self.as_of.plus_months(-months)));
        }
        all.extend(months.iter().map(|months| self.from.plus_months(*months)));
        all.extend([0, 12, 360].map(|months| self.as_of.plus_months(-months)));
        all.extend([self.from.plus_months(-6), self.from.plus_months(-24)]);
        all.extend(&self.cuts.days);
        all.push(Day::NEVER);
        all.retain(|day| range.lo <= *day && *day <= range.hi && (*day <= self.as_of || *day == Day::NEVER));
        let mut seen = Vec::new();
        for day in all {
            if !seen.contains(&day) {
                seen.push(day);
            }
        }
        seen.truncate(MOST_VALUES);
        seen.into_iter().map(|day| Value::Date(DayRange::point(day))).collect()
    }

    /// No record, or equal ones of which nothing else is known yet.
    fn lists(&self, input: &Input) -> Vec<Value> {
        let Type::List(list) = input.ty else { return Vec::new() };
        let Some(declared) = self.policy.names.lists.get(list) else { return Vec::new() };
        let counted = self.cuts.of_type(&Type::Quantity(declared.unit.clone()));
        let mut counts: Vec<u32> = counted.iter().filter_map(|count| u32::try_from(count.to_i64()?).ok()).collect();
        counts.reverse();
        counts.push(1);
        counts.retain(|count| (1..=1000).contains(count));
        counts.dedup();
        let records = |times: u32| {
            let mut record = declared.any.clone();
            record.times = times;
            Value::List(Arc::new(List { records: vec![record], open: false }))
        };
        let mut all: Vec<Value> = counts.into_iter().take(MOST_VALUES).map(records).collect();
        // Where a blank says that there is none, that is tried first: most who have nothing to list leave it out.
        let none = Value::List(Arc::default());
        let at = if input.absent == none { 0 } else { all.len() };
        all.insert(at, none);
        all
    }

    /// The lines of the group in a world.
    pub fn drafts(&self, world: &World<'_>) -> Vec<Draft> {
        world.run(&self.group, Told::Nothing)
    }

    /// Whether a file says this world, and contradicts no rule of the policy.
    fn is_told(&self, world: &World<'p>) -> bool {
        let file = Source::new("applicant.toml", self.file(world, &|_| None));
        let when = When { as_of: None, today: self.as_of, ignore_payments: false };
        let (read, faults) = applicant::read(&file, &[self.policy], when);
        read.is_some() && faults.is_empty()
    }

    /// The applicant's file, with remarks on facts.
    pub fn file(&self, world: &World<'_>, remark: &dyn Fn(Slot) -> Option<String>) -> String {
        let names = &self.policy.names;
        let kind = names.applicant_kinds.get(self.kind).map_or("", |(id, _)| id.as_str());
        let mut text = format!("[applicant]\nkind  = \"{kind}\"\nas_of = {}\n\n[facts]\n", world.as_of);
        let said = |slot: Slot| remark(slot).map(|remark| format!("  # {remark}")).unwrap_or_default();
        let mut records = String::new();
        for (place, (input, value)) in names.inputs.iter().zip(&world.inputs).enumerate() {
            if input.origin != Origin::Fact || input.name == "other_benefits" {
                continue;
            }
            let slot = Slot::Input(place);
            match (value, &input.ty) {
                (Value::List(list), Type::List(declared)) if !list.open => {
                    let fields = names.lists.get(*declared).map_or(&[][..], |list| list.fields.as_slice());
                    if list.records.is_empty() {
                        text.push_str(&format!("{} = []{}\n", input.name, said(slot)));
                    }
                    for (index, record) in list.records.iter().enumerate() {
                        records.push_str(&format!("\n[[facts.{}]]\n", input.name));
                        if record.times > 1 || remark(slot).is_some() {
                            records.push_str(&format!("times = {}{}\n", record.times, said(slot)));
                        }
                        for (field, (declaration, value)) in fields.iter().zip(&record.fields).enumerate() {
                            let slot = Slot::Field(place, index, *declared, field);
                            if let Some(value) = self.value(declaration, value) {
                                records.push_str(&format!("{} = {value}{}\n", declaration.name, said(slot)));
                            }
                        }
                    }
                }
                _ => {
                    if let Some(value) = self.value(input, value) {
                        text.push_str(&format!("{} = {value}{}\n", input.name, said(slot)));
                    }
                }
            }
        }
        text + &records
    }

    /// A known value as a file has it.
    pub fn value(&self, input: &Input, value: &Value) -> Option<String> {
        match (value, &input.ty) {
            (Value::Truth(truth), _) if truth.is_point() => Some((*truth == Truth::TRUE).to_string()),
            (Value::Words(words), Type::Enum(place)) => {
                let word = words.point()?;
                let (id, _) = self.policy.names.enums.get(*place)?.words.get(word)?;
                Some(format!("\"{id}\""))
            }
            (Value::Quantity(range), Type::Quantity(_)) => {
                let (number, measure) = (range.as_point()?, input.measure(&self.policy.names)?);
                Some(format!("\"{}{}\"", measure.number(number), measure.name.zh))
            }
            (Value::Date(range), _) => match range.as_point()? {
                Day::NEVER => Some("\"never\"".to_owned()),
                day => Some(day.to_string()),
            },
            (Value::Text(Some(text)), _) => Some(format!("\"{text}\"")),
            _ => None,
        }
    }
}

/// The facts that `age` is asked of: nobody is born yesterday where something else will do.
fn births(policy: &Policy, clause: &Clause) -> Vec<usize> {
    let mut found = Vec::new();
    super::walk::each(policy, clause.expressions(), &mut |node| {
        if let Op::Call(Builtin::Age, arguments) = &node.op
            && let Some(Op::Input(place)) = arguments.first().map(|birth| &birth.op)
        {
            found.push(*place);
        }
    });
    found
}

/// A day on which all of a clause that can be seen has happened.
fn last_day(clause: &Clause) -> Day {
    if clause.window.hi < Day::LAST {
        clause.window.hi
    } else if clause.window.lo > Day::FIRST {
        clause.window.lo.plus_months(36)
    } else {
        Day::of(2024, 12, 31).unwrap_or(Day::FIRST)
    }
}
