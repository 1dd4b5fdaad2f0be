//! A clause's own steps for one record: event and window, conditions, amount.

use crate::assess::draft::{Draft, Part, Told, Trace};
use crate::assess::kept::{Keep, Key, Part as Kept};
use crate::assess::model::Step;
use crate::assess::step::{accrual, amount, condition, installments};
use crate::clause::kind::Measures;
use crate::clause::{Clause, Each};
use crate::expr::context::{Cause, Context, Local, Reads, RecordAt};
use crate::expr::program::Node;
use crate::expr::steps;
use crate::lang::Text;
use crate::policy::Policy;
use crate::value::{Day, DayRange, Interval, Record, Truth, Value};

/// What a clause's own amount comes to.
#[derive(Clone, Debug)]
pub(in crate::assess) struct Own {
    /// To date, before floor and cap.
    pub entitled: Interval,
    /// All that can still come, before floor and cap.
    pub entitled_in_all: Interval,
    /// To date, after rounding.
    pub to_date: Interval,
    /// All that can still come, after rounding.
    pub lifetime: Interval,
    /// Whether it grows for ever, whatever is known: all that can come has no end.
    pub endless: bool,
    /// Whether rounding brought it above the cap.
    pub over_cap: Truth,
    /// Whether rounding brought it below the floor.
    pub under_floor: Truth,
    /// Its parts with their own triggers.
    pub parts: Vec<Part>,
}

impl Own {
    /// Nothing is known of it.
    pub const ANY: Own = Own {
        entitled: Interval::ANY,
        entitled_in_all: Interval::ANY,
        to_date: Interval::ANY,
        lifetime: Interval::ANY,
        endless: false,
        over_cap: Truth::OPEN,
        under_floor: Truth::OPEN,
        parts: Vec::new(),
    };
}

/// What a clause adds to the names for one record.
pub fn local<'c>(clause: &'c Clause, each: Option<RecordAt<'c>>) -> Local<'c> {
    Local {
        lets: &clause.let_nodes,
        named: &clause.let_named,
        each,
        window: clause.window,
        event: clause.event.as_ref(),
        accrued: Interval::ZERO,
    }
}

/// Whether an event happens at all, lies in the window, and is not after the evaluation date.
pub fn standing(event: DayRange, window: DayRange, as_of: Day) -> (Truth, Truth, Truth) {
    let happened = event.before(DayRange::point(Day::NEVER));
    let inside = DayRange::point(window.lo).not_after(event).and(event.not_after(DayRange::point(window.hi)));
    (happened, inside, event.not_after(DayRange::point(as_of)))
}

/// What a line takes beside its expressions, in their steps.
const OF_A_LINE: u64 = 16;

/// Works out one clause for one record.
pub(in crate::assess) fn draft<'a>(
    policy: &'a Policy,
    place: usize,
    clause: &'a Clause,
    each: Option<RecordAt<'a>>,
    (told, keep): (Told, Option<Keep<'_>>),
    context: &mut Context<'a>,
) -> Draft {
    steps::take(OF_A_LINE);
    let window = clause.window;
    context.enter(local(clause, each));
    let event = context.event();
    let (happened, inside, reached) = standing(event, window, context.as_of);
    let of_event = context.causes.len();
    let event_reads = context.reads.clone();
    let (last_paid, asked) = context.aside(|context| last_paid(policy, context));
    let in_time = event.not_after(last_paid);
    // An event that has surely not been reached may still come, inside the window or not.
    if happened.and(inside).is_point() && happened.and(inside).and(reached).is_point() && in_time.is_point() {
        context.causes.drain(..of_event);
    }
    let mut trace = (told != Told::Nothing).then(Trace::default);
    // Where the event did not happen, or lies outside, nothing hangs on the conditions.
    let shows = context.only_shows();
    context.show_only(shows || happened.and(inside).is_false());
    let key = |amount: bool| Key { clause: place, record: each.map(|at| at.index), amount };
    let mut fails = None;
    // What fails is to be shown each time.
    let meets = match keep.filter(|_| trace.is_none() && !context.only_shows()) {
        Some(keep) => {
            let work = |context: &mut Context<'a>| Kept::Meets(condition::all(clause, context, None, &mut None));
            keep.part(key(false), context, work).meets()
        }
        None => condition::all(clause, context, trace.as_mut(), &mut fails),
    };
    let hangs_on = if happened.and(inside).is_false() {
        Some(event_reads)
    } else {
        fails.filter(|_| meets.is_false() && happened.and(inside).is_true()).map(|mut reads| {
            reads.extend(&event_reads);
            reads
        })
    };
    context.show_only(shows);
    let mut draft = Draft {
        clause: place,
        record: each.map(|at| at.index),
        happened,
        inside,
        reached,
        meets,
        in_time,
        entitled: Interval::ZERO,
        entitled_in_all: Interval::ZERO,
        to_date: Interval::ZERO,
        lifetime: Interval::ZERO,
        if_held: Interval::ZERO,
        endless: false,
        earned: None,
        used: None,
        // A part of a clause that is not met is a part all the same: what another scheme paid for it is for nothing else.
        parts: parts(clause, Interval::ZERO),
        parts_add_up: clause.at_least.is_none() && clause.at_most.is_none(),
        losses: Vec::new(),
        because: Vec::new(),
        over_cap: Truth::FALSE,
        under_floor: Truth::FALSE,
        refused: Truth::FALSE,
        causes: Vec::new(),
        reads: Reads::default(),
        hangs_on,
        joint: None,
        loose: false,
        trace: None,
    };
    let holds = draft.holds();
    let can_hold = draft.can_hold();
    let has_amount = clause.amount.is_some() || !clause.installments.is_empty();
    // Nothing hangs on the last day of payment where nothing can be paid, and no other clause gives way.
    if (has_amount || !clause.instead_of.is_empty()) && !happened.and(inside).and(meets).is_false() {
        context.ask(&asked);
    }
    if has_amount && !(holds.is_false() && can_hold.is_false()) {
        let mut shown = trace.as_mut().filter(|_| told == Told::Everything);
        if let Some(shown) = shown.as_deref_mut() {
            shown.steps.extend(lets(clause, context));
        }
        let mut own_shown = shown;
        let shown = own_shown.as_deref_mut();
        let own = if clause.installments.is_empty() {
            match &clause.accrual {
                Some(rule) => accrual::amount(policy, clause, rule, last_paid, context, shown),
                None => match keep.filter(|_| shown.is_none() && !context.only_shows()) {
                    Some(keep) => {
                        let work =
                            |context: &mut Context<'a>| Kept::Amount(Box::new(amount::plain(clause, context, None)));
                        keep.part(key(true), context, work).amount()
                    }
                    None => amount::plain(clause, context, shown),
                },
            }
        } else {
            installments::amount(policy, clause, last_paid, context, shown)
        };
        draft.used = clause.used.as_ref().map(|used| used.quantity(context));
        draft.entitled = own.entitled.given(holds);
        draft.entitled_in_all = own.entitled_in_all.given(holds.or(can_hold));
        draft.to_date = own.to_date.given(holds);
        draft.if_held = own.to_date;
        if let Some(shown) = own_shown.filter(|_| draft.to_date != own.to_date) {
            shown.steps.push(amount::step("conditions", unmet(holds), None, draft.to_date, clause));
        }
        // What was had once is in the whole term, whatever the words come to later.
        draft.lifetime = match clause.kind.measures {
            // It is no payment that could be lost, and may be below 0.
            Measures::Figure => own.lifetime.given(holds.or(can_hold)),
            _ => own.lifetime.given(can_hold).max(draft.to_date),
        };
        draft.endless = own.endless;
        (draft.over_cap, draft.under_floor) = (own.over_cap, own.under_floor);
        draft.parts = own.parts.into_iter().map(|part| part.given(holds, can_hold)).collect();
    }
    if holds.is_false() && can_hold.is_false() {
        context.causes.clear();
    }
    draft.causes = std::mem::take(&mut context.causes);
    draft.reads = std::mem::take(&mut context.reads);
    draft.trace = trace;
    draft
}

/// The last day on which anything can be paid, where it is one day; what comes later can never be paid.
fn last_paid<'a>(policy: &'a Policy, context: &mut Context<'a>) -> DayRange {
    let Some(node) = policy.payable_until.as_ref().filter(|_| policy.payable_to_one_day) else {
        return DayRange::point(Day::NEVER);
    };
    let mark = context.causes.len();
    let last = until(node, context);
    if last.is_point() {
        context.causes.truncate(mark);
    }
    last
}

/// The last day of payment, the same for all clauses of one window.
pub(super) fn until(node: &Node, context: &mut Context<'_>) -> DayRange {
    match context.of_window(node) {
        Value::Date(range) => range,
        _ => DayRange::ANY,
    }
}

/// Why an amount that was worked out is perhaps not had, or not yet.
pub(in crate::assess) fn unmet(holds: Truth) -> Text {
    if holds.is_false() {
        Text::new("所依据的事项尚未到", "what it depends on has not come yet")
    } else {
        Text::new("条件待核", "whether the conditions hold is open")
    }
}

/// The intermediate values that have a name for people, as steps.
fn lets(clause: &Clause, context: &mut Context<'_>) -> Vec<Step> {
    let mut steps = Vec::new();
    for (rule, node) in clause.lets.iter().zip(&clause.let_nodes) {
        let Some(label) = &rule.label else { continue };
        let mark = context.causes.len();
        let reads = context.reads.clone();
        let (value, formula) = node.explain(context);
        // Showing a value is not using it.
        context.causes.truncate(mark);
        context.reads = reads;
        steps.push(Step {
            kind: "let",
            label: label.clone(),
            formula: Some(formula),
            value: node.show(&value, context.names),
        });
    }
    steps
}

/// The parts of a clause, each of this amount.
fn parts(clause: &Clause, amount: Interval) -> Vec<Part> {
    let part = |id: &String| Part { id: id.clone(), to_date: amount, lifetime: amount };
    clause.installments.iter().map(|rule| part(&rule.id)).collect()
}

/// Adds a record that is perhaps there, once or several times, to the line for all of these; `one` is what it comes to once.
pub fn perhaps(one: Draft, at: RecordAt<'_>, clause: &Clause, each: &Each, others: Option<Draft>) -> Draft {
    let many = at.record.count().hull(Interval::ZERO);
    let up_to = |amount: Interval| {
        let most = amount.multiply(many).unwrap_or(Interval::ANY);
        clause.floored(most.hull(Interval::ZERO))
    };
    let missing = if at.record.unlisted {
        vec![Cause::Input(each.input)]
    } else {
        let field = Record::TIMES;
        let number = Cause::Field { input: at.input, record: at.index, list: at.list, field };
        one.causes.into_iter().chain([number]).collect()
    };
    let own = [one.entitled, one.entitled_in_all, one.to_date, one.lifetime].map(up_to);
    let mut line = others.unwrap_or_else(|| {
        let [entitled, entitled_in_all, to_date, lifetime] = [Interval::ZERO; 4];
        let (parts, causes) = (Vec::new(), Vec::new());
        Draft { entitled, entitled_in_all, to_date, lifetime, parts, causes, ..unlisted(one.clause, clause, each) }
    });
    let sums = [&mut line.entitled, &mut line.entitled_in_all, &mut line.to_date, &mut line.lifetime];
    for (sum, own) in sums.into_iter().zip(own) {
        *sum = sum.plus(own).unwrap_or(clause.floored(Interval::ANY));
    }
    line.parts = parts(clause, line.lifetime);
    line.causes.extend(missing);
    line.reads.extend(&one.reads);
    line
}

/// The line for records that are perhaps there: nothing is known of them but that the list is missing.
pub fn unlisted(place: usize, clause: &Clause, each: &Each) -> Draft {
    let anything = clause.floored(Interval::ANY);
    Draft {
        clause: place,
        record: None,
        happened: Truth::OPEN,
        inside: Truth::TRUE,
        reached: Truth::TRUE,
        meets: Truth::OPEN,
        in_time: Truth::TRUE,
        entitled: anything,
        entitled_in_all: anything,
        to_date: anything,
        lifetime: anything,
        if_held: anything,
        endless: false,
        earned: None,
        used: None,
        parts: parts(clause, anything),
        parts_add_up: false,
        losses: Vec::new(),
        because: Vec::new(),
        over_cap: Truth::FALSE,
        under_floor: Truth::FALSE,
        refused: Truth::FALSE,
        causes: vec![Cause::Input(each.input)],
        reads: Reads::default(),
        hangs_on: None,
        joint: None,
        loose: false,
        trace: Some(Trace::default()),
    }
}
