//! What decides a line, by name: the fact that its date is from, and what took its amount.

use crate::assess::conclusion::{Conclusion, Grounds};
use crate::assess::draft::{Draft, Loss, Told, Trace};
use crate::assess::nothing;
use crate::assess::step;
use crate::assess::world::World;
use crate::clause::Clause;
use crate::expr::program::{Node, Op};
use crate::expr::types::Type;
use crate::lang::Text;
use crate::policy::Policy;
use crate::value::{DayRange, Interval, Number};

/// The date that stands where a clause has no event of its own.
pub(crate) const AS_OF: Text = Text::new("评估日期", "the evaluation date");
/// What an event is called that is worked out from several dates.
const SOME_DATE: Text = Text::new("所依据的日期", "the date it depends on");

/// What decides a line with this conclusion.
pub(super) fn grounds(world: &World<'_>, clause: &Clause, draft: &Draft, conclusion: Conclusion) -> Grounds {
    if !conclusion.is_of_one() {
        return Grounds { event: AS_OF, day: DayRange::ANY, because: None };
    }
    let mut context = world.context();
    context.enter(world.local(clause, draft.record));
    let day = context.event();
    let event = name(world.policy, clause);
    let because = match conclusion {
        Conclusion::Refused(Some(loss)) => draft.why_lost(loss),
        Conclusion::PaidElsewhere => draft.why_lost(Loss::Overlap),
        Conclusion::CappedToNothing | Conclusion::ComesToNothing => why_nothing(world, clause, draft),
        Conclusion::Overrun | Conclusion::UsedUp => used(clause, draft),
        _ => None,
    };
    Grounds { event, day, because }
}

/// How much of a term is used, of how much, and how much that is too much.
fn used(clause: &Clause, draft: &Draft) -> Option<Text> {
    let (measure, used, most) = (clause.measure.as_ref()?, draft.used?.as_point()?, draft.to_date.as_point()?);
    let (told, longest) = (measure.told(used), measure.told(most));
    let over = used.minus(most).filter(|over| *over > Number::ZERO).map(|over| measure.told(over));
    Some(match over {
        Some(over) => Text::made(
            format!("已用 {}，最长 {}，多 {}", told.zh, longest.zh, over.zh),
            format!("{} used of at most {}, {} too much", told.en, longest.en, over.en),
        ),
        None => Text::made(
            format!("已用 {}，最长 {}", told.zh, longest.zh),
            format!("{} used of at most {}", told.en, longest.en),
        ),
    })
}

/// What the event of a clause is called: by its fact, or by all those that it is worked out from.
pub(crate) fn name(policy: &Policy, clause: &Clause) -> Text {
    let Some(event) = &clause.event else { return AS_OF };
    let (mut waiting, mut seen, mut labels): (Vec<&Node>, Vec<*const Node>, Vec<Text>) = Default::default();
    waiting.push(event);
    while let Some(node) = waiting.pop() {
        match &node.op {
            Op::Let(place) => waiting.extend(clause.let_nodes.get(*place).filter(|node| is_new(node, &mut seen))),
            Op::Define(place) => {
                let define = policy.names.defines.get(*place).map(|define| &define.node);
                waiting.extend(define.filter(|node| is_new(node, &mut seen)));
            }
            Op::Input(place) if node.ty == Type::Date => {
                labels.extend(policy.names.inputs.get(*place).map(|input| input.label.clone()));
            }
            Op::EachField(field) if node.ty == Type::Date => {
                let list = clause.each.as_ref().and_then(|each| policy.names.lists.get(each.list));
                labels.extend(list.and_then(|list| list.fields.get(*field)).map(|field| field.label.clone()));
            }
            _ => waiting.extend(node.children().into_iter().rev()),
        }
    }
    let mut told: Vec<Text> = Vec::new();
    labels.into_iter().for_each(|label| {
        if !told.contains(&label) {
            told.push(label);
        }
    });
    match told.as_slice() {
        [] => SOME_DATE,
        [only] => only.clone(),
        several => {
            let list = Text::join(several, "、", ", ");
            Text::made(format!("{}（{}）", SOME_DATE.zh, list.zh), format!("{} ({})", SOME_DATE.en, list.en))
        }
    }
}

fn is_new(node: &Node, seen: &mut Vec<*const Node>) -> bool {
    let at = std::ptr::from_ref(node);
    let new = !seen.contains(&at);
    seen.extend(new.then_some(at));
    new
}

/// Why the calculation of a line whose amount is nothing gives that.
fn why_nothing(world: &World<'_>, clause: &Clause, draft: &Draft) -> Option<Text> {
    let mut context = world.context();
    let local = world.local(clause, draft.record);
    let trace =
        step::own::draft(world.policy, draft.clause, clause, local.each, (Told::Everything, None), &mut context)
            .trace?;
    context.enter(local);
    if let Some(time) = &trace.working.time {
        context.local.accrued = time.to_date;
    }
    let took = first_nothing(&trace)?;
    match took.kind {
        "amount" | "not_negative" => {
            clause.amount.as_ref().and_then(|node| nothing::why((world.policy, clause), node, &mut context))
        }
        "cap" => clause.at_most.as_ref().and_then(|node| nothing::why((world.policy, clause), node, &mut context)),
        "rounding" => {
            let before = trace.steps.iter().rev().skip_while(|step| !std::ptr::eq(*step, took)).skip(1);
            let before = before.filter_map(crate::assess::model::Step::money).next()?.as_point()?;
            let measure = clause.measure.as_ref()?;
            let told = measure.told(measure.in_base(before)?);
            let rule = clause.rounding?.words(context.names);
            Some(Text::made(format!("{}{}为 0", told.zh, rule.zh), format!("{} rounded {} is 0", told.en, rule.en)))
        }
        _ => None,
    }
}

/// The first step that leaves nothing.
fn first_nothing(trace: &Trace) -> Option<&crate::assess::model::Step> {
    let nothing = |amount: Interval| amount.floor_at_zero() == Interval::ZERO;
    trace.steps.iter().find(|step| step.money().is_some_and(nothing))
}
