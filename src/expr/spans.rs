//! Periods: the records of a list as spans from a day until a day, both included, drawn together where they overlap or meet.
//!
//! Every answer grows with the spans, and so does `reached`, which comes earlier: the least comes from what is sure of every
//! record, the most from all that is possible.

use crate::expr::best::Share;
use crate::expr::context::{Cause, Context, Problem, RecordAt};
use crate::expr::eval::anything;
use crate::expr::program::{Aggregate, AggregateKind, Node};
use crate::expr::types::Type;
use crate::value::{Bound, Day, DayRange, Interval, Number, Truth, Unit, Value};

/// A gap that does not break a run.
#[derive(Clone, Copy)]
struct Gap {
    by: i64,
    months: bool,
}

/// Spans without overlap, in order: what meets, or is parted by no more than the gap, is one.
fn runs(mut spans: Vec<(Day, Day)>, gap: Gap) -> Vec<(Day, Day)> {
    spans.retain(|(from, until)| from <= until && *from != Day::NEVER);
    spans.sort_unstable();
    let mut runs: Vec<(Day, Day)> = Vec::new();
    for (from, until) in spans {
        let goes_on = |end: Day| {
            let next = end.plus_days(1);
            from <= if gap.months { next.plus_months(gap.by) } else { next.plus_days(gap.by) }
        };
        match runs.last_mut() {
            Some((_, end)) if goes_on(*end) => *end = until.max(*end),
            _ => runs.push((from, until)),
        }
    }
    runs
}

/// The months, or days, of each run. Of one that never ends the calendar holds so many at least.
fn lengths(runs: &[(Day, Day)], months: bool) -> impl Iterator<Item = (i64, Bound)> {
    runs.iter().map(move |(from, until)| {
        let length = |until: Day| {
            if months { from.months_to(until) } else { Some(until.number()? - from.number()? + 1) }
        };
        let most = length(*until).map_or(Bound::Above, |length| Bound::At(Number::whole(length)));
        (length((*until).min(Day::LAST)).unwrap_or(0), most)
    })
}

/// Whole numbers of an interval, from its ends.
pub(super) fn whole(interval: Interval) -> Option<(i64, i64)> {
    let end = |bound: Bound| match bound {
        Bound::Below => Some(0),
        Bound::At(number) => number.to_i64().map(|number| number.max(0)),
        Bound::Above => Some(i64::from(i32::MAX)),
    };
    Some((end(interval.lo)?, end(interval.hi)?))
}

/// The spans that are sure, and all that are possible: their first days and their last.
#[derive(Debug, Default)]
pub struct Spans {
    /// Those that are sure.
    pub sure: Vec<(Day, Day)>,
    /// All that are possible.
    pub possible: Vec<(Day, Day)>,
}

impl Aggregate {
    /// What is asked of the spans of the records.
    pub(super) fn of_spans(&self, node: &Node, context: &mut Context<'_>) -> Value {
        context.read(self.input);
        let mut spans = Spans::default();
        let list = match context.inputs.get(self.input) {
            Some(Value::List(list)) => Some(list),
            _ => None,
        };
        let shares = match &self.best {
            Some(best) => match best.shares(self, context) {
                Some(shares) => Some(shares),
                None => {
                    context.problem(Problem::Fraction, &best.span);
                    return anything(&node.ty);
                }
            },
            None => None,
        };
        // Of the first so many: whether the record is among them.
        let is_among = |index: usize| {
            let share = shares.as_ref().map(|shares| shares.of.get(index).copied());
            share.map_or(Truth::TRUE, |share| share.map_or(Truth::FALSE, Share::is_there))
        };
        for (index, record) in list.iter().flat_map(|list| list.records.iter().enumerate()) {
            let at = RecordAt { input: self.input, list: self.list, index, record };
            self.span(at, is_among(index), false, &mut spans, context);
        }
        if self.is_open(list.map(|list| &**list), context) {
            context.causes.push(Cause::Input(self.input));
            let mark = context.causes.len();
            if let Some(declared) = context.names.lists.get(self.list) {
                let at = RecordAt { input: self.input, list: self.list, index: 0, record: &declared.any };
                self.span(at, is_among(list.map_or(0, |list| list.records.len())), true, &mut spans, context);
            }
            // What one more record could say is not what is missing: the list is.
            context.causes.truncate(mark);
        }
        let mut rest = self.rest.iter().skip(1);
        let wanted = if self.kind == AggregateKind::Reached { rest.next() } else { None };
        let found = self.answer(spans, wanted, rest.next(), context);
        found.unwrap_or_else(|| {
            context.problem(Problem::Fraction, &node.span);
            anything(&node.ty)
        })
    }

    fn span<'a>(&self, at: RecordAt<'a>, among: Truth, more: bool, spans: &mut Spans, context: &mut Context<'a>) {
        let among = among.and(self.belongs(&at, context));
        if among.is_false() {
            return;
        }
        context.records.push(at);
        let mark = context.causes.len();
        let counts = self.filter.as_ref().map_or(among, |filter| filter.truth(context).and(among));
        if !counts.is_false() {
            let any = DayRange::ANY;
            let from = self.body.as_ref().map_or(any, |from| from.date(context));
            let until = self.rest.first().map_or(any, |until| until.date(context));
            spans.possible.push((from.lo, until.hi));
            if counts.is_true() && !more && at.record.is_there() {
                spans.sure.push((from.hi, until.lo));
            }
            at.uncounted(self.kind, context);
        }
        at.untold(mark, context);
        context.records.pop();
    }

    fn answer(
        &self,
        spans: Spans,
        wanted: Option<&Node>,
        gap: Option<&Node>,
        context: &mut Context<'_>,
    ) -> Option<Value> {
        let (narrow, wide) = gap.map_or(Some((0, 0)), |gap| whole(gap.quantity(context)))?;
        let wanted = match wanted {
            Some(wanted) => Some(whole(wanted.quantity(context))?),
            None => None,
        };
        spans.answer(self.kind, Within { wanted, gap: (narrow, wide), months: gap.is_some_and(is_in_months) })
    }
}

/// Whether a gap is written in months.
fn is_in_months(gap: &Node) -> bool {
    gap.ty == Type::Quantity(Unit::base("月"))
}

/// What is asked of spans besides: each at least and at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Within {
    /// For `reached`, how long a run must be.
    pub wanted: Option<(i64, i64)>,
    /// The gap that breaks no run.
    pub gap: (i64, i64),
    /// Whether that is in months; otherwise in days.
    pub months: bool,
}

impl Within {
    /// What is known: how long a run must be, and the gap that breaks none.
    pub fn known(wanted: Option<i64>, gap: Option<(i64, &Node)>) -> Within {
        let by = gap.map_or(0, |(by, _)| by);
        let wanted = wanted.map(|wanted| (wanted, wanted));
        Within { wanted, gap: (by, by), months: gap.is_some_and(|(_, gap)| is_in_months(gap)) }
    }
}

impl Spans {
    /// What they come to.
    pub fn answer(self, kind: AggregateKind, within: Within) -> Option<Value> {
        let Within { gap: (narrow, wide), months, .. } = within;
        let least = runs(self.sure, Gap { by: narrow, months });
        let most = runs(self.possible, Gap { by: wide, months });
        let in_months = kind != AggregateKind::Days;
        let (least_each, most_each) = (lengths(&least, in_months).map(|(least, _)| least), lengths(&most, in_months));
        let at = |number: i64| Bound::At(Number::whole(number));
        Some(match kind {
            AggregateKind::Run => {
                let hi = most_each.map(|(_, most)| most).max().unwrap_or(Bound::ZERO);
                Value::Quantity(Interval { lo: at(least_each.max().unwrap_or(0)), hi })
            }
            AggregateKind::Reached => {
                let (fewest, longest) = within.wanted?;
                let first = |runs: &[(Day, Day)], months: i64| {
                    let days = runs.iter().map(|(from, until)| (from.end_of_months(months).max(*from), until));
                    days.filter(|(day, until)| day <= until).map(|(day, _)| day).min().unwrap_or(Day::NEVER)
                };
                Value::Date(DayRange { lo: first(&most, fewest), hi: first(&least, longest) })
            }
            _ => {
                let lo = at(least_each.sum());
                let hi = most_each
                    .map(|(_, most)| most)
                    .try_fold(Interval::ZERO, |sum, most| sum.plus(Interval { lo: Bound::ZERO, hi: most }));
                Value::Quantity(Interval { lo, hi: hi?.hi })
            }
        })
    }
}
