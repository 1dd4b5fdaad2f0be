//! The lines of one policy: worked out in every case, explained once, concluded.

use crate::applicant::{Applicant, Paid};
use crate::assess::conclusion::{Conclusion, Verdict};
use crate::assess::draft::{Draft, Loss, Told, Trace};
use crate::assess::model::{
    Amounts, Ends, FactName, Installment, InstallmentState, Line, ReadingEffect, RecordName, Status, Step, Term,
    Working,
};
use crate::assess::payment::{self, Payment};
use crate::assess::purse::{Budget, Purse};
use crate::assess::slot::{Completion, Slot};
use crate::assess::split::Settled;
use crate::assess::world::{Look, World};
use crate::assess::{Detail, grounds, linked, naming, step};
use crate::clause::kind::{Counted, Measures};
use crate::clause::{Clause, Limit, Note};
use crate::expr::context::Asked;
use crate::expr::explain::{show, show_input};
use crate::expr::formula::Shown;
use crate::expr::measure::Measure;
use crate::expr::names::Input;
use crate::expr::types::Type;
use crate::expr::watch::Watch;
use crate::lang::Text;
use crate::policy::Policy;
use crate::source::clean;
use crate::value::{Interval, Number, Value};

/// A line that was worked out, before it is put into words.
pub(super) struct Worked {
    pub settled: Settled,
    pub trace: Trace,
    pub payment: Payment,
}

/// Clauses that must be worked out together.
pub(super) struct Group {
    /// Which, in the order of the policy.
    pub clauses: Vec<usize>,
    /// What was asked for on the way.
    pub asked: Asked,
}

/// The lines of one policy.
pub(super) struct PolicyLines<'a> {
    pub policy: &'a Policy,
    pub world: World<'a>,
    /// The clauses for this kind of applicant that are wanted, and those that they depend on.
    pub clauses: Vec<usize>,
    /// For every clause of the policy whether it is wanted.
    wanted: Vec<bool>,
    /// Clauses that must be worked out together.
    pub groups: Vec<Group>,
    /// What was asked for to settle them with other policies.
    pub asked_across: Asked,
    /// What was paid under this policy.
    pub payments: Vec<Paid>,
    /// In the order of the policy.
    pub worked: Vec<Worked>,
    /// Whether a line was settled with another policy's.
    pub adjusted: bool,
    /// Who looks on.
    pub watch: Option<&'a Watch>,
}

impl<'a> PolicyLines<'a> {
    /// Works out the clauses that are for this kind of applicant.
    pub fn work_out(
        policy: &'a Policy,
        place: usize,
        inputs: Vec<Value>,
        applicant: &Applicant,
        wanted: &dyn Fn(usize, usize) -> bool,
        detail: Detail,
        (watch, purse): (Option<&'a Watch>, &Purse),
    ) -> PolicyLines<'a> {
        let mut world = World::new(policy, inputs, applicant.as_of);
        let clauses = linked::of_kind(policy, &applicant.kind);
        let wanted: Vec<bool> = (0..policy.clauses.len()).map(|clause| wanted(place, clause)).collect();
        let is_wanted = |clause: &usize| wanted.get(*clause).copied().unwrap_or(false);
        let mut groups = linked::groups(&world, &clauses);
        groups.retain(|group| group.iter().any(is_wanted));
        let of = |clauses| Group { clauses, asked: Asked::default() };
        let groups: Vec<Group> = groups.into_iter().map(of).collect();
        let mut clauses: Vec<usize> = groups.iter().flat_map(|group| &group.clauses).copied().collect();
        clauses.sort_unstable();
        let told = if detail >= Detail::Steps { Told::Everything } else { Told::Failures };
        let mut pairs: Vec<(Settled, Trace)> = Vec::new();
        for Group { clauses, asked } in &groups {
            let shown = world.lines(clauses, None, told, Look { watch, asked: Some(asked), ..Look::default() });
            if !shown.iter().any(Draft::is_open) {
                pairs.extend(shown.into_iter().map(|mut draft| {
                    let trace = draft.trace.take().unwrap_or_default();
                    (Settled::plain(draft), trace)
                }));
                continue;
            }
            let settled = world.settle_from(
                shown,
                clauses,
                told,
                Budget::of_lines(purse),
                Look { asked: Some(asked), ..Look::default() },
            );
            pairs.extend(settled.into_iter().map(|mut settled| {
                let trace = settled.shown();
                (settled, trace)
            }));
        }
        world.learn(pairs.iter().map(|(settled, _)| &settled.draft));
        pairs.retain(|(settled, _)| is_wanted(&settled.draft.clause));
        // What is only perhaps there comes behind what is.
        let turn = |draft: &Draft| (draft.clause, draft.record.is_none(), draft.record);
        pairs.sort_by_key(|(settled, _)| turn(&settled.draft));
        let drafts: Vec<&Draft> = pairs.iter().map(|(settled, _)| &settled.draft).collect();
        let payments: Vec<Paid> =
            applicant.paid.iter().filter(|payment| payment.policy == Some(place)).cloned().collect();
        let settled = payment::settle(policy, &drafts, &payments);
        let of = |((settled, trace), payment)| Worked { settled, trace, payment };
        let worked = pairs.into_iter().zip(settled).map(of).collect();
        let asked_across = Asked::default();
        PolicyLines { policy, world, clauses, wanted, groups, payments, worked, adjusted: false, watch, asked_across }
    }

    /// Whether a group that asked for an input may come out otherwise with another value of it.
    pub fn may_change(&self, group: &Group, input: usize) -> bool {
        let own = |clause: &usize| group.clauses.contains(clause);
        let names_others = |clause: &usize| self.policy.clauses.get(*clause).is_none_or(|of| !of.uses.is_empty());
        let mut drafts = self.worked.iter().map(|worked| &worked.settled.draft).filter(|draft| own(&draft.clause));
        group.asked.contains(input)
            && (group.clauses.iter().any(names_others)
                || drafts.any(|draft| draft.hangs_on.as_ref().is_none_or(|reads| reads.contains(input))))
    }

    /// Sets the payments against what is awarded now.
    pub fn settle_payments(&mut self) {
        let drafts: Vec<&Draft> = self.worked.iter().map(|worked| &worked.settled.draft).collect();
        let payments = payment::settle(self.policy, &drafts, &self.payments);
        for (worked, payment) in self.worked.iter_mut().zip(payments) {
            worked.payment = payment;
        }
    }

    /// The lines in words, in the order of the policy, those for other kinds of applicants included; `effects` are those of
    /// other readings on each worked line.
    pub fn lines(&self, effects: &[Vec<ReadingEffect>]) -> Vec<Line> {
        let count = self.worked.len() + self.wanted.iter().filter(|wanted| **wanted).count();
        let mut lines = Vec::with_capacity(count);
        let mut others = Others::default();
        for (place, clause) in self.policy.clauses.iter().enumerate() {
            if !self.is_wanted(place) {
                continue;
            }
            if !self.clauses.contains(&place) {
                lines.push(others.line(self.policy, clause));
                continue;
            }
            let own = self.worked.iter().zip(effects).filter(|(worked, _)| worked.settled.draft.clause == place);
            let before = lines.len();
            for (worked, effects) in own {
                let mut line = self.line(clause, worked);
                line.readings.clone_from(effects);
                if line.record.is_none() && lines.len() > before {
                    line.title = Text::made(
                        format!("{}（可能另有的）", line.title.zh),
                        format!("{} (others, perhaps)", line.title.en),
                    );
                }
                lines.push(line);
            }
            if lines.len() == before {
                lines.push(self.without_records(clause));
            }
        }
        lines
    }

    /// Whether a clause is among those asked for.
    pub fn is_wanted(&self, clause: usize) -> bool {
        self.wanted.get(clause).copied().unwrap_or(false)
    }

    fn blank(&self, clause: &Clause) -> Line {
        blank(self.policy, clause)
    }

    fn without_records(&self, clause: &Clause) -> Line {
        let paid = payment::of_clause_without_lines(clause, &self.payments);
        let nothing = Amounts {
            entitled: Interval::ZERO,
            awarded: Interval::ZERO,
            paid,
            due: Interval::ZERO,
            overpaid: Interval::point(paid),
            lifetime: Interval::ZERO,
        };
        let amounts = (clause.kind.measures == Measures::Money).then_some(nothing);
        let unit = amounts.as_ref().map(|_| self.policy.names.money_name());
        let Verdict { status, reason, .. } = without_records(self.policy, clause);
        Line { status, reason, amounts, unit, ..self.blank(clause) }
    }

    /// The limits over all applicants that apply, or may: one calculation cannot check them.
    pub fn unchecked_limits<'c>(&self, clause: &'c Clause) -> Vec<&'c Limit> {
        let mut context = self.world.context();
        context.enter(self.world.local(clause, None));
        context.take_whole(true);
        let mut applies = |limit: &&Limit| {
            limit.across && limit.when.as_ref().is_none_or(|when| !when.truth(&mut context).is_false())
        };
        clause.limits.iter().filter(|limit| applies(limit)).collect()
    }

    /// The status of a line, and its amounts in the unit that they are told in, whether the clause applies or not; `None` for
    /// a kind without amount.
    pub fn comes_to(&self, clause: &Clause, draft: &Draft, payment: &Payment) -> (Status, Option<Amounts>) {
        let status = Conclusion::of(clause, draft, self.world.as_of).status();
        if !has_amount(clause) || clause.kind.measures == Measures::Nothing {
            return (status, None);
        }
        let amounts = match draft.used {
            Some(_) => not_paid(draft),
            None if clause.is_figure() => not_paid(draft),
            None => Amounts {
                entitled: draft.entitled,
                awarded: draft.to_date,
                paid: payment.paid,
                // What may be borrowed, or is a share, is nobody's debt.
                due: match clause.kind.counted {
                    Counted::Total => payment.due,
                    Counted::Apart | Counted::Not => Interval::ZERO,
                },
                // Of records that are perhaps there nobody can say which was paid too much.
                overpaid: match (&clause.each, draft.record) {
                    (Some(_), None) => payment.overpaid.hull(Interval::ZERO),
                    _ => payment.overpaid,
                },
                lifetime: draft.lifetime,
            },
        };
        (status, Some(clause.measure.as_ref().map_or(amounts.clone(), |measure| amounts.in_unit(measure))))
    }

    /// No effects of readings on any line.
    pub fn without_effects(&self) -> Vec<Vec<ReadingEffect>> {
        vec![Vec::new(); self.worked.len()]
    }

    fn line(&self, clause: &Clause, worked: &Worked) -> Line {
        let draft = &worked.settled.draft;
        let causes: &[_] = if draft.is_open() { &draft.causes } else { &[] };
        let missing = naming::facts(self.policy, &self.world.inputs, causes);
        let failed = worked.trace.failed.iter().map(|failed| &failed.text);
        let as_of = self.world.as_of;
        let conclusion = Conclusion::of(clause, draft, as_of);
        let grounds = grounds::grounds(&self.world, clause, draft, conclusion);
        let Verdict { status, reason, gist, .. } = Verdict::of(conclusion, clause, failed, &grounds, as_of);
        let (_, amounts) = self.comes_to(clause, draft, &worked.payment);
        let amounts = amounts.filter(|_| status != Status::NotApplicable);
        let measure = clause.measure.as_ref().filter(|_| has_amount(clause));
        let unit = measure.map(|measure| measure.name.clone());
        let mut steps = worked.trace.steps.clone();
        if let (Some(amounts), Some(measure)) = (&amounts, measure) {
            steps.extend(last_step(&steps, draft, amounts.awarded, measure));
        }
        let term = draft.used.zip(measure).filter(|_| amounts.is_some());
        let term = term.map(|(used, measure)| term_of(draft, used, measure));
        if let (Some(term), Some(unit)) = (term, &unit) {
            let shown = |interval| Shown::Quantity { interval, unit: unit.clone(), written: None };
            let step = |kind, label, interval| Step { kind, label, formula: None, value: shown(interval) };
            steps.push(step("used", Text::new("已用", "used"), term.used));
            steps.push(step("left", Text::new("剩余", "left"), term.left));
        }
        // What to know of a clause matters only where it may pay.
        let refused = matches!(status, Status::NotEligible | Status::NotApplicable);
        let mut notes = if refused { Vec::new() } else { self.notes(clause, draft) };
        let over = Text::new("取整后的金额高于封顶金额，请核对", "rounding brings the amount above its cap");
        let under = Text::new("取整后的金额低于保底金额，请核对", "rounding brings the amount below its floor");
        notes.extend((draft.over_cap.is_true() && !refused).then_some(over));
        notes.extend((draft.under_floor.is_true() && !refused).then_some(under));
        notes.extend(naming::problems(causes));
        let awards = amounts.as_ref().is_some_and(|amounts| amounts.awarded.hi > crate::value::Bound::ZERO);
        let (divisions, undivided) =
            if awards { self.world.divisions(clause, draft.record) } else { Default::default() };
        notes.extend(undivided);
        notes.extend(worked.trace.notes.iter().cloned());
        notes.extend(self.supplement_notes(clause, draft));
        notes.extend(self.later_payments(clause, draft));
        notes.extend(worked.settled.loose.then(|| {
            Text::new(
                "待补事项过多，未逐一核算各种情形：区间必含实际结果，但两端未必都能达到",
                "too much is missing for every case to be worked out: the bounds hold whatever comes, but perhaps not both ends can be reached",
            )
        }));
        if draft.lifetime.hi > crate::value::Bound::ZERO {
            notes.extend(self.unchecked_limits(clause).iter().map(|limit| unchecked(limit)));
        }
        let settled = &worked.settled;
        let open = draft.is_open() && !settled.lowest.is_empty();
        let ends = open.then(|| Ends { lowest: self.named(&settled.lowest), highest: self.named(&settled.highest) });
        Line {
            record: self.record(clause, draft),
            status,
            conclusion: Some(conclusion),
            reason,
            because: grounds
                .because
                // Of a figure that is 0 nothing is left, and nothing is gone.
                .filter(|_| matches!(conclusion, Conclusion::ComesToNothing | Conclusion::CappedToNothing))
                .filter(|_| !clause.is_figure()),
            gist,
            unit,
            amounts,
            term,
            installments: standing(&worked.trace.installments, conclusion, draft),
            divisions,
            steps,
            failed: if status == Status::NotEligible { worked.trace.failed.clone() } else { Vec::new() },
            missing,
            ends,
            notes,
            working: worked.trace.working.clone(),
            claims: self.world.claims(clause, draft, Look { watch: self.watch, ..Look::default() }),
            ..self.blank(clause)
        }
    }

    /// The notes of the clause that apply to a line, or may.
    fn notes(&self, clause: &Clause, draft: &Draft) -> Vec<Text> {
        let mut context = self.world.context();
        context.enter(self.world.local(clause, draft.record));
        let mut applies = |note: &&Note| note.when.as_ref().is_none_or(|when| !when.truth(&mut context).is_false());
        clause.notes.iter().filter(|note| applies(note)).map(|note| note.text.clone()).collect()
    }

    /// Which supplements the line rests on: the clause's own, and those that give values it used.
    fn supplement_notes(&self, clause: &Clause, draft: &Draft) -> Vec<Text> {
        let own = clause.supplement.and_then(|place| self.policy.supplements.get(place));
        let own = own.map(|found| {
            Text::made(
                format!("本条据补充文件《{}》", found.title.zh),
                format!("this clause stands in the supplement {}", found.title.en),
            )
        });
        let inputs = self.policy.names.inputs.iter().enumerate();
        let values = inputs.filter(|(place, _)| draft.reads.contains(*place)).filter_map(|(_, input)| {
            let written_in = clean(input.written_in.as_deref()?);
            Some(Text::made(
                format!("{}据{written_in}", input.label.zh),
                format!("{}: as written in {written_in}", input.label.en),
            ))
        });
        own.into_iter().chain(values).collect()
    }

    /// Payments that are counted though they were made after the evaluation date.
    fn later_payments(&self, clause: &Clause, draft: &Draft) -> Vec<Text> {
        let own = self.payments.iter().filter(|paid| paid.clause == clause.id);
        let own = own.filter(|paid| paid.record.is_none() || paid.record == draft.record);
        let later = own.filter_map(|paid| paid.on.filter(|on| *on > self.world.as_of).map(|on| (paid, on)));
        let tell = |(paid, on): (&Paid, crate::value::Day)| {
            let amount = self.policy.names.money_told(paid.amount);
            Text::made(
                format!("{on}发放的{}在评估日期之后，已计入已发", amount.zh),
                format!("{} paid on {on}, after the evaluation date, is counted as paid", amount.en),
            )
        };
        later.map(tell).collect()
    }

    fn record(&self, clause: &Clause, draft: &Draft) -> Option<RecordName> {
        let each = clause.each.as_ref()?;
        let index = draft.record?;
        let label = match self.world.inputs.get(each.input) {
            Some(Value::List(list)) => list.records.get(index).and_then(|record| record.label.clone()),
            _ => None,
        };
        Some(RecordName { index: index + 1, label })
    }

    fn named(&self, completion: &Completion) -> Vec<(FactName, Shown)> {
        let show = |(slot, value): &(Slot, Value)| {
            let fact = naming::slot(self.policy, &self.world.inputs, *slot);
            (fact, self.show(*slot, value))
        };
        completion.iter().rev().map(show).collect()
    }

    /// A value of a slot as it is shown.
    pub fn show(&self, slot: Slot, value: &Value) -> Shown {
        let names = &self.policy.names;
        let input: Option<&Input> = match slot {
            Slot::Input(place) => names.inputs.get(place),
            Slot::Field(_, _, list, field) => names.lists.get(list).and_then(|list| list.fields.get(field)),
        };
        match (input, slot) {
            (Some(input), _) => show_input(value, input, names),
            // How many a record stands for.
            (None, Slot::Field(_, _, list, _)) => {
                let unit = names.lists.get(list).map(|list| Type::Quantity(list.unit.clone()));
                show(value, &unit.unwrap_or(Type::Text), names)
            }
            (None, Slot::Input(_)) => Shown::Text(None),
        }
    }
}

/// A line of which nothing is known but its clause.
fn blank(policy: &Policy, clause: &Clause) -> Line {
    Line {
        policy: policy.id.clone(),
        clause: clause.id.clone(),
        cite: clause.cite.clone(),
        title: clause.title.clone(),
        office: clause.office.as_ref().or(policy.office.as_ref()).cloned(),
        kind: clause.kind.name,
        kind_label: clause.kind.title.clone(),
        counted: clause.kind.counted,
        record: None,
        status: Status::NotApplicable,
        conclusion: None,
        reason: Text::default(),
        because: None,
        gist: None,
        unit: None,
        amounts: None,
        term: None,
        installments: Vec::new(),
        divisions: Vec::new(),
        steps: Vec::new(),
        failed: Vec::new(),
        missing: Vec::new(),
        ends: None,
        readings: Vec::new(),
        notes: Vec::new(),
        working: Working::default(),
        claims: Vec::new(),
    }
}

/// What is said of clauses for other kinds of applicants: of those for the same kinds in the same words.
#[derive(Default)]
struct Others<'c>(Vec<(&'c [usize], Verdict)>);

impl<'c> Others<'c> {
    fn line(&mut self, policy: &Policy, clause: &'c Clause) -> Line {
        let kinds = clause.applies_to.as_slice();
        let known = self.0.iter().find(|(known, _)| *known == kinds).map(|(_, verdict)| verdict.clone());
        let verdict = known.unwrap_or_else(|| {
            let verdict = for_others(policy, clause);
            self.0.push((kinds, verdict.clone()));
            verdict
        });
        Line { status: verdict.status, reason: verdict.reason, ..blank(policy, clause) }
    }
}

/// The lines of clauses that are not for a kind of applicant, with the clauses' places.
pub(super) fn for_other_kinds(policy: &Policy, kind: &str) -> Vec<(usize, Line)> {
    let kind = policy.kind(kind);
    let mut others = Others::default();
    let clauses = policy.clauses.iter().enumerate().filter(|(_, clause)| !clause.is_for(kind));
    clauses.map(|(place, clause)| (place, others.line(policy, clause))).collect()
}

/// The parts as they stand once the line is concluded: of what is refused nothing is due, and nothing will be.
fn standing(parts: &[Installment], conclusion: Conclusion, draft: &Draft) -> Vec<Installment> {
    let nothing_more = draft.lifetime.is_point() && draft.lifetime == draft.to_date;
    let stands = |part: &Installment| match (conclusion, part.state) {
        // Nothing of it is ever paid, whatever took it.
        _ if draft.lifetime == Interval::ZERO => InstallmentState::Lost,
        (_, InstallmentState::NotYet) if nothing_more && part.amount != Interval::ZERO => InstallmentState::Lost,
        (Conclusion::NotReached | Conclusion::NotYetInForce, InstallmentState::Due) => InstallmentState::NotYet,
        (_, state) => state,
    };
    parts.iter().map(|part| Installment { state: stands(part), ..part.clone() }).collect()
}

fn has_amount(clause: &Clause) -> bool {
    clause.amount.is_some() || !clause.installments.is_empty()
}

/// What the last step is followed by where it leaves something else than is awarded: each case has its own steps, and only
/// all of them together say whether there is anything.
fn last_step(steps: &[Step], draft: &Draft, awarded: Interval, measure: &Measure) -> Option<Step> {
    let left = steps.iter().rev().find_map(Step::money)?;
    let label = match draft.losses.last() {
        _ if !draft.holds().is_true() => step::own::unmet(draft.holds()),
        Some(Loss::Limit) => Text::new("名额或限额待定", "what the limits leave is open"),
        Some(Loss::Displaced) => Text::new("是否由另一条款代替待定", "whether another clause takes its place is open"),
        Some(Loss::Lower) => Text::new("哪一条款较高待定", "which clause is the highest is open"),
        _ => Text::new("各种可能合并", "over all cases"),
    };
    (left != awarded).then(|| Step { kind: "conditions", label, formula: None, value: measure.shown(awarded) })
}

/// What to say of a clause that is for other kinds of applicants.
pub(crate) fn for_others(policy: &Policy, clause: &Clause) -> Verdict {
    let kinds = &policy.names.applicant_kinds;
    let labels: Vec<Text> =
        clause.applies_to.iter().filter_map(|kind| kinds.get(*kind)).map(|(_, label)| label.clone()).collect();
    let list = Text::join(&labels, "、", ", ");
    let reason = Text::made(format!("适用于{}", list.zh), format!("for another kind of applicant: {}", list.en));
    Verdict { status: Status::NotApplicable, reason, failed: Vec::new(), gist: None }
}

/// What to say of a clause for records of which there is none.
pub(crate) fn without_records(policy: &Policy, clause: &Clause) -> Verdict {
    let list = clause.each.as_ref().and_then(|each| policy.names.inputs.get(each.input));
    let label = list.map_or_else(Text::default, |list| list.label.clone());
    let reason = Text::made(format!("没有{}的记录", label.zh), format!("no record of: {}", label.en));
    Verdict { status: Status::NotEligible, reason, failed: Vec::new(), gist: None }
}

/// Of a term: its length; of a figure: its value. Nobody pays or owes either.
fn not_paid(draft: &Draft) -> Amounts {
    let (paid, due, overpaid) = (Number::ZERO, Interval::ZERO, Interval::ZERO);
    Amounts { entitled: draft.entitled, awarded: draft.to_date, paid, due, overpaid, lifetime: draft.lifetime }
}

/// Of a term: what is used, left and overrun.
fn term_of(draft: &Draft, used: Interval, measure: &Measure) -> Term {
    let less = |a: Interval, b: Interval| a.minus(b).unwrap_or(Interval::ANY).floor_at_zero();
    let (left, over) = (less(draft.to_date, used), less(used, draft.to_date));
    Term { used: measure.interval(used), left: measure.interval(left), over: measure.interval(over) }
}

/// That a limit over all applicants was not checked for one of them.
pub fn unchecked(limit: &Limit) -> Text {
    Text::made(
        format!("{}：涉及全部申请人，单个核算未核对", limit.text.zh),
        format!("{}: this is over all applicants and was not checked", limit.text.en),
    )
}
