//! What clauses came to, for those that name them: noted as they are worked out, and told where they are used.

use std::collections::BTreeMap;

use crate::assess::draft::{Draft, Told};
use crate::assess::model::Step;
use crate::assess::world::World;
use crate::clause::{Clause, Use};
use crate::expr::came_to::{OfClause, OfLine, Results, What};
use crate::expr::context::{Context, tidy};
use crate::expr::formula::Shown;
use crate::lang::Text;
use crate::value::{Interval, Value};

/// The kind of a step that says what another clause came to.
const CLAUSE: &str = "clause";
/// The kind of one that shows how it did.
const OF_CLAUSE: &str = "of_clause";
/// So many steps of others are told before a line's own, those next to it.
const MOST_STEPS: usize = 48;
/// Of a clause with a line for each record so many lines are told where it is named.
const MOST_LINES: usize = 4;

impl OfLine {
    /// A line by its clause's own words.
    pub(super) fn own(draft: &Draft) -> OfLine {
        // Each once: clauses that name each other would otherwise hand on twice as many, each to the next.
        let mut causes = draft.causes.clone();
        tidy(&mut causes);
        OfLine {
            record: draft.record,
            eligible: (draft.holds(), draft.can_hold()),
            entitled: (draft.entitled, draft.entitled_in_all),
            awarded: None,
            endless: draft.endless,
            causes,
        }
    }

    /// A line after all that can take something from it.
    fn awarded(draft: &Draft) -> OfLine {
        OfLine { awarded: Some((draft.to_date, draft.lifetime)), ..OfLine::own(draft) }
    }
}

impl World<'_> {
    /// Whether another clause names this one.
    pub(super) fn is_named(&self, clause: usize) -> bool {
        self.policy.clauses.iter().any(|other| other.uses.iter().any(|one| one.clause == clause))
    }

    /// Whether anything may take something from a clause's lines.
    fn may_lose(&self, place: usize) -> bool {
        let Some(clause) = self.policy.clauses.get(place) else { return true };
        let set = self.policy.tied.get(place);
        let is_tied = self.policy.tied.iter().filter(|other| Some(*other) == set).count() > 1;
        let overlaps = self.policy.overlap.is_some() && clause.category.is_some();
        let pays = !clause.is_figure() && self.policy.payable_until.is_some();
        !clause.limits.is_empty() || is_tied || overlaps || pays
    }

    /// Notes what a clause came to by its own words; `perhaps` are records that are perhaps there, each as it would be once.
    pub(super) fn note_own(&self, place: usize, drafts: &[Draft], perhaps: Vec<OfLine>, context: &mut Context<'_>) {
        let mut lines: Vec<OfLine> = drafts.iter().map(OfLine::own).collect();
        lines.extend(perhaps);
        let mut reads = crate::expr::context::Reads::default();
        drafts.iter().for_each(|draft| reads.extend(&draft.reads));
        let asked = context.asked_so_far().clone();
        context.results.note(place, OfClause { lines, reads, asked });
    }

    /// Notes what was left of a clause.
    pub(super) fn note_awarded(&self, place: usize, drafts: &[Draft], context: &mut Context<'_>) {
        let mut lines: Vec<OfLine> = drafts.iter().map(OfLine::awarded).collect();
        // Of records that are perhaps there each gets what one would, unless something takes it.
        let may_lose = self.may_lose(place);
        let left = |own: Interval| if may_lose { own.hull(Interval::ZERO) } else { own };
        let before = context.results.of(place);
        let perhaps = before.into_iter().flat_map(|of| &of.lines).filter(|line| line.awarded.is_some()).cloned();
        lines.extend(perhaps.map(|line| OfLine { awarded: line.awarded.map(|(a, b)| (left(a), left(b))), ..line }));
        let mut reads = crate::expr::context::Reads::default();
        drafts.iter().for_each(|draft| reads.extend(&draft.reads));
        let asked = context.asked_so_far().clone();
        context.results.note(place, OfClause { lines, reads, asked });
    }

    /// Puts the steps of the clauses that a line names before its own.
    pub(super) fn show_named(
        &self,
        clause: &Clause,
        draft: &mut Draft,
        worked: &BTreeMap<usize, Vec<Draft>>,
        context: &Context<'_>,
    ) {
        let Some(trace) = &mut draft.trace else { return };
        if trace.steps.is_empty() {
            return;
        }
        let (mut steps, mut told): (Vec<Step>, usize) = Default::default();
        for one in &clause.uses {
            let Some(named) = self.policy.clauses.get(one.clause) else { continue };
            let lines: Vec<&Draft> = worked.get(&one.clause).into_iter().flatten().collect();
            if named.each.is_some() {
                steps.extend(self.lines_of(named, one, &lines, context));
                continue;
            }
            let of = |step: &Step| {
                if matches!(step.kind, OF_CLAUSE | CLAUSE) {
                    return Step { kind: OF_CLAUSE, ..step.clone() };
                }
                let (zh, en) = (&step.label.zh, &step.label.en);
                let label = Text::made(
                    format!("{}“{}”：{zh}", named.cite, named.title.zh),
                    format!("clause {} ({}): {en}", named.id, named.title.en),
                );
                // What a bound left is not what the bound itself comes to.
                let formula = step.formula.clone().filter(|_| !matches!(step.kind, "floor" | "cap"));
                Step { kind: OF_CLAUSE, label, formula, value: step.value.clone() }
            };
            let own = lines.iter().filter_map(|draft| draft.trace.as_ref()).flat_map(|trace| &trace.steps);
            let own: Vec<&Step> = own.filter(|_| one.what != What::Eligible).collect();
            let room = MOST_STEPS.saturating_sub(told);
            for step in own.iter().skip(own.len().saturating_sub(room)).map(|step| of(step)) {
                if !steps.contains(&step) {
                    told += 1;
                    steps.push(step);
                }
            }
            steps.extend(
                lines.first().map(|draft| self.result(named, one.what, named.called(one.what), draft, context)),
            );
        }
        steps.append(&mut trace.steps);
        trace.steps = steps;
    }

    /// A few lines of a clause with a line for each record, and how many more there are.
    fn lines_of(&self, clause: &Clause, one: &Use, lines: &[&Draft], context: &Context<'_>) -> Vec<Step> {
        let record = |draft: &Draft| -> Option<Text> {
            let each = clause.each.as_ref()?;
            let index = draft.record?;
            let label = match self.inputs.get(each.input) {
                Some(Value::List(list)) => list.records.get(index).and_then(|record| record.label.clone()),
                _ => None,
            };
            let place = Text::made(format!("第{}条", index + 1), format!("record {}", index + 1));
            Some(label.map_or(place, Text::same))
        };
        let called = clause.called(one.what);
        let known = lines.iter().filter_map(|draft| Some((*draft, record(draft)?)));
        let mut steps: Vec<Step> = known
            .take(MOST_LINES)
            .map(|(draft, name)| {
                let label = Text::made(format!("{}（{}）", called.zh, name.zh), format!("{} ({})", called.en, name.en));
                Step { kind: OF_CLAUSE, ..self.result(clause, one.what, label, draft, context) }
            })
            .collect();
        let more = lines.iter().filter(|draft| draft.record.is_some()).count().saturating_sub(steps.len());
        if let (Some(last), true) = (steps.last_mut(), more > 0) {
            last.label =
                Text::made(format!("{}，另有 {more} 条", last.label.zh), format!("{}, and {more} more", last.label.en));
        }
        steps
    }

    fn result(&self, clause: &Clause, what: What, label: Text, draft: &Draft, context: &Context<'_>) -> Step {
        let amount = match what {
            What::Eligible => {
                return Step { kind: CLAUSE, label, formula: None, value: Shown::Truth(draft.holds()) };
            }
            What::Entitled => draft.entitled,
            What::Awarded => draft.to_date,
        };
        let shown = |measure: &crate::expr::measure::Measure| measure.shown(amount);
        let ty = clause.amount.as_ref().map(|node| node.ty.clone());
        let plain = || {
            let yuan = crate::expr::types::Type::Quantity(context.names.money.unit());
            crate::expr::explain::show(&Value::Quantity(amount), &ty.unwrap_or(yuan), context.names)
        };
        Step { kind: CLAUSE, label, formula: None, value: clause.measure.as_ref().map_or_else(plain, shown) }
    }

    /// What clauses came to in the end, for what is asked of the whole afterwards.
    pub(super) fn learn<'d>(&mut self, drafts: impl Iterator<Item = &'d Draft>) {
        let uses = self.policy.clauses.iter().flat_map(|clause| &clause.uses);
        let mut named: BTreeMap<usize, OfClause> = uses.map(|one| (one.clause, OfClause::default())).collect();
        if named.is_empty() {
            return;
        }
        for draft in drafts {
            let Some(found) = named.get_mut(&draft.clause) else { continue };
            found.lines.push(OfLine::awarded(draft));
            found.reads.extend(&draft.reads);
        }
        let mut results = Results::default();
        for (place, mut found) in named {
            found.asked = found.reads.clone();
            results.note(place, found);
        }
        self.results = results;
    }

    /// The same with what the clauses came to that this one names, for who asks single expressions of it; `clauses` are those for the
    /// applicant.
    pub fn with_results_of(mut self, clause: &Clause, clauses: &[usize]) -> Self {
        if clause.uses.is_empty() {
            return self;
        }
        let place = self.policy.clauses.iter().position(|other| other.id == clause.id);
        let groups = super::linked::groups(&self, clauses);
        let group = groups.into_iter().find(|group| place.is_some_and(|place| group.contains(&place)));
        let drafts = self.run(&group.unwrap_or_default(), Told::Nothing);
        self.learn(drafts.iter());
        self
    }
}
