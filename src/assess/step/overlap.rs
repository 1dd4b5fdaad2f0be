//! Other schemes' money for the same thing (从高、从优、不重复): what they paid in a clause's category is set off.

use crate::assess::draft::{Draft, Loss, Part};
use crate::assess::step::set_off::set_off;
use crate::assess::world::World;
use crate::clause::kind::Counted;
use crate::expr::context::{Cause, Context, Local, Reads, RecordAt};
use crate::expr::names::Names;
use crate::lang::Text;
use crate::policy::Overlap;
use crate::source::folded;
use crate::value::{Bound, Interval, Number, Record, Truth, Value};

/// Places of the fields that the program itself declares for an entry of `[[other_benefits]]`.
const CATEGORY: usize = 0;
const AMOUNT: usize = 1;
const INSTALLMENT: usize = 4;
const CLAUSE: usize = 5;

/// What an entry says that is for no part alone.
const WHOLE: [&str; 2] = ["whole", "全部"];
/// In how many ways entries that do not say their part are tried.
const MOST_WAYS: usize = 256;

/// One entry of another scheme that may be set off.
struct Other {
    category: String,
    /// Whether it stands for several entries.
    several: bool,
    /// The part that it is for; empty: for none of them alone; `None`: nobody knows.
    installment: Option<String>,
    /// Where that stands.
    part: Cause,
    /// The clause that it is for, where the entry names one; otherwise empty.
    clause: String,
    amount: Interval,
}

/// Sets other schemes' money off against the lines of its category, in the order of the policy.
pub fn apply<'a>(drafts: &mut [Draft], world: &'a World<'a>, context: &mut Context<'a>) {
    let Some(rule) = &world.policy.overlap else { return };
    let Some(Value::List(list)) = world.inputs.get(rule.input) else { return };
    if list.records.is_empty() {
        return;
    }
    let mut causes = Vec::new();
    let mut reads = Reads::default();
    let mut others = Vec::new();
    for (index, record) in list.records.iter().enumerate() {
        let at = RecordAt { input: rule.input, list: rule.list, index, record };
        others.extend(entry(rule, at, context));
        causes.append(&mut context.causes);
        reads.extend(&context.reads);
    }
    context.enter(Local::NONE);
    let excludes = rule.method.as_ref().map_or(Truth::FALSE, |method| match method.eval(context) {
        Value::Words(words) => Truth { may_hold: words.highest() == 1, may_fail: words.lowest() == 0 },
        _ => Truth::OPEN,
    });
    let by_part = rule.by_installment.as_ref().map_or(Truth::FALSE, |node| node.truth(context));
    causes.append(&mut context.causes);
    reads.extend(&context.reads);
    let categories: Vec<(usize, &str)> =
        world.policy.names.categories.iter().enumerate().map(|(place, (id, _))| (place, id.as_str())).collect();
    // What names a clause is set off against that clause, and then the rest against the whole category.
    let mut pools: Vec<(usize, &str)> = Vec::new();
    for other in others
        .iter()
        .filter(|other| !other.clause.is_empty())
        .chain(others.iter().filter(|other| other.clause.is_empty()))
    {
        let category = categories.iter().find(|(_, id)| *id == other.category);
        let pool = category.map(|(category, _)| (*category, other.clause.as_str()));
        pools.extend(pool.filter(|pool| !pools.contains(pool)));
    }
    for (category, named) in pools {
        let of_category: Vec<&Other> = others
            .iter()
            .filter(|other| {
                categories.get(category).is_some_and(|(_, id)| *id == other.category) && other.clause == named
            })
            .collect();
        let lines: Vec<usize> = (0..drafts.len())
            .filter(|&place| {
                let clause = drafts.get(place).and_then(|draft| world.policy.clauses.get(draft.clause));
                clause.is_some_and(|clause| {
                    clause.category == Some(category)
                        && clause.kind.counted == Counted::Total
                        && (named.is_empty() || clause.id == named)
                })
            })
            .collect();
        if lines.is_empty() {
            continue;
        }
        let paid = Interval::sum(of_category.iter().map(|other| other.amount)).and_then(Interval::as_point);
        let (settled, parts_matter) = settle(&lines, drafts, &of_category, excludes, by_part);
        let unsaid = of_category.iter().filter(|other| parts_matter && other.installment.is_none());
        let unsaid: Vec<Cause> = unsaid.map(|other| other.part.clone()).collect();
        // What is left for one line depends on what those before it took, and on whether any has parts to set off against.
        let mut before: (Vec<Cause>, Reads) = Default::default();
        let of_lines = lines.iter().filter_map(|place| drafts.get(*place));
        for draft in of_lines.filter(|draft| !draft.parts.is_empty() && !draft.parts_add_up) {
            before.0.extend_from_slice(&draft.causes);
            before.1.extend(&draft.reads);
        }
        for (place, (to_date, lifetime)) in lines.into_iter().zip(settled) {
            let Some(draft) = drafts.get_mut(place) else { continue };
            let own = (draft.causes.clone(), draft.reads.clone());
            let (changed, touched) = (draft.to_date != to_date, (draft.to_date, draft.lifetime) != (to_date, lifetime));
            draft.reduce(to_date, lifetime, Loss::Overlap);
            draft.because(Loss::Overlap, || paid_elsewhere(&rule.title, paid, &world.policy.names));
            draft.reads.extend(&reads);
            if draft.is_open() {
                draft.causes.extend_from_slice(&causes);
                draft.causes.extend_from_slice(&unsaid);
            }
            if touched {
                draft.depend(&before.0, &before.1);
            }
            before.0.extend(own.0);
            before.1.extend(&own.1);
            if changed {
                draft.show_left("overlap", || rule.title.clone(), world.policy);
            }
        }
    }
}

/// What another scheme has paid, and the rule that sets it off.
fn paid_elsewhere(rule: &Text, paid: Option<Number>, names: &Names) -> Text {
    match paid.map(|paid| names.money_told(paid)) {
        Some(paid) => {
            Text::made(format!("已付 {}，{}", paid.zh, rule.zh), format!("{} were paid; {}", paid.en, rule.en))
        }
        None => rule.clone(),
    }
}

fn entry<'a>(rule: &'a Overlap, at: RecordAt<'a>, context: &mut Context<'a>) -> Option<Other> {
    context.enter(Local { each: Some(at), ..Local::NONE });
    let counts = rule.counts.as_ref().map_or(Truth::TRUE, |counts| counts.truth(context));
    let amount = match at.record.fields.get(AMOUNT) {
        Some(Value::Quantity(amount)) => *amount,
        _ => return None,
    };
    if !amount.is_point() {
        context.causes.push(Cause::Field { input: at.input, record: at.index, list: at.list, field: AMOUNT });
    }
    let text = |field: usize| match at.record.fields.get(field) {
        Some(Value::Text(text)) => text.as_ref().map(|text| folded(text).into_owned()),
        _ => None,
    };
    let (category, clause) = (text(CATEGORY).unwrap_or_default(), text(CLAUSE).unwrap_or_default());
    let installment = text(INSTALLMENT).map(|part| if WHOLE.contains(&part.as_str()) { String::new() } else { part });
    let part = Cause::Field { input: at.input, record: at.index, list: at.list, field: INSTALLMENT };
    let number = at.record.count();
    if at.record.more > 0 {
        context.causes.push(Cause::Field { input: at.input, record: at.index, list: at.list, field: Record::TIMES });
    }
    let amount = amount.given(counts).multiply(number).unwrap_or(Interval::ANY);
    let several = !at.record.is_one();
    (!counts.is_false()).then_some(Other { category, several, installment, part, clause, amount })
}

/// What is left of each line, to date and for all that can still come: whichever part those are for that do not say it, and
/// whether that matters.
fn settle(
    lines: &[usize],
    drafts: &[Draft],
    others: &[&Other],
    excludes: Truth,
    by_part: Truth,
) -> (Vec<(Interval, Interval)>, bool) {
    let of = |parts: &[&str]| settle_as(lines, drafts, others, parts, excludes, by_part);
    let own = || lines.iter().filter_map(|place| drafts.get(*place));
    let mut options = vec![""];
    for part in own().flat_map(|draft| &draft.parts) {
        if !options.contains(&part.id.as_str()) {
            options.push(&part.id);
        }
    }
    let unsaid = others.iter().filter(|other| other.installment.is_none()).count();
    let said: Vec<&str> = others.iter().map(|other| other.installment.as_deref().unwrap_or("")).collect();
    let whole = of(&said);
    if unsaid == 0 || by_part.is_false() || options.len() == 1 {
        return (whole, false);
    }
    // Several equal ones may be for different parts.
    let together = others.iter().any(|other| other.several && other.installment.is_none());
    let ways = u32::try_from(unsaid).ok().filter(|_| !together).and_then(|unsaid| options.len().checked_pow(unsaid));
    let Some(ways) = ways.filter(|ways| *ways <= MOST_WAYS) else {
        // Nothing may be taken from a line, or all that there is.
        let pool = Interval::sum(others.iter().map(|other| other.amount)).unwrap_or(Interval::ANY).floor_at_zero();
        let any = |amount: Interval| {
            let least = amount.minus(pool).unwrap_or(Interval::ANY).floor_at_zero();
            Interval { lo: if excludes.is_false() { least.lo } else { Bound::ZERO }, hi: amount.hi }
        };
        return (own().map(|draft| (any(draft.to_date), any(draft.lifetime))).collect(), true);
    };
    let (mut all, mut matters) = (whole.clone(), false);
    for way in 1..ways {
        let mut way = way;
        let mut parts = said.clone();
        for (part, _) in parts.iter_mut().zip(others).filter(|(_, other)| other.installment.is_none()) {
            *part = options.get(way % options.len()).copied().unwrap_or("");
            way /= options.len();
        }
        let found = of(&parts);
        matters |= found != whole;
        for (all, found) in all.iter_mut().zip(found) {
            *all = (all.0.hull(found.0), all.1.hull(found.1));
        }
    }
    (all, matters)
}

/// The same where each is for this part.
fn settle_as(
    lines: &[usize],
    drafts: &[Draft],
    others: &[&Other],
    named: &[&str],
    excludes: Truth,
    by_part: Truth,
) -> Vec<(Interval, Interval)> {
    let drafts: Vec<&Draft> = lines.iter().filter_map(|place| drafts.get(*place)).collect();
    let total = |others: &[&Other]| {
        Interval::sum(others.iter().map(|other| other.amount)).unwrap_or(Interval::ANY).floor_at_zero()
    };
    let whole = |of: &dyn Fn(&Draft) -> Interval, pool: Interval| {
        let amounts: Vec<Interval> = drafts.iter().map(|draft| of(draft)).collect();
        set_off(&amounts, pool)
    };
    // Part against part first; what names no part goes against what is left.
    let parted = |of_part: fn(&Part) -> Interval, of: fn(&Draft) -> Interval| {
        let mut used: Vec<Truth> = vec![Truth::FALSE; others.len()];
        let mut left = |draft: &Draft| {
            let parts = Interval::sum(draft.parts.iter().map(|part| part.lifetime)).unwrap_or(Interval::ANY);
            // Where floor, cap or limit changed the sum, its parts are no longer its parts: decided once, over the whole term.
            let add_up = if draft.parts_add_up { Truth::TRUE } else { parts.equals(draft.lifetime) };
            if draft.parts.is_empty() || add_up.is_false() {
                return of(draft);
            }
            let rest = draft.parts.iter().map(|part| {
                let own = others.iter().copied().zip(named).filter(|(_, named)| **named == part.id);
                let own: Vec<&Other> = own.map(|(other, _)| other).collect();
                of_part(part).minus(total(&own)).unwrap_or(Interval::ANY).floor_at_zero()
            });
            let rest = Interval::sum(rest).unwrap_or(Interval::ANY).min(of(draft));
            for (named, used) in named.iter().zip(&mut used) {
                if draft.parts.iter().any(|part| *named == part.id) {
                    *used = used.or(add_up);
                }
            }
            if add_up.is_true() { rest } else { rest.hull(of(draft)) }
        };
        let lefts: Vec<Interval> = drafts.iter().map(|draft| left(draft)).collect();
        let unnamed = others.iter().zip(&used).map(|(other, used)| other.amount.given(used.negate()));
        set_off(&lefts, Interval::sum(unnamed).unwrap_or(Interval::ANY).floor_at_zero())
    };
    let pool = total(others);
    let choose = |whole: Interval, parted: Interval, nothing: Truth| {
        let rest = if by_part.is_true() {
            parted
        } else if by_part.is_false() {
            whole
        } else {
            whole.hull(parted)
        };
        rest.given(nothing.negate())
    };
    // Once anything was drawn elsewhere, nothing more is paid.
    let drawn = excludes.and(Interval::ZERO.below(pool));
    let whole_to_date = whole(&|draft| draft.to_date, pool);
    let whole_lifetime = whole(&|draft| draft.lifetime, pool);
    let part_to_date = parted(|part| part.to_date, |draft| draft.to_date);
    let part_lifetime = parted(|part| part.lifetime, |draft| draft.lifetime);
    whole_to_date
        .into_iter()
        .zip(part_to_date)
        .zip(whole_lifetime.into_iter().zip(part_lifetime))
        .map(|((whole, part), (whole_all, part_all))| (choose(whole, part, drawn), choose(whole_all, part_all, drawn)))
        .collect()
}
