//! A clause's steps as operations: the same steps in the same order as the general evaluation takes them
//! ([`crate::assess::step`]), for the clauses whose steps need no other line.

use crate::assess::grounds::name;
use crate::clause::kind::{Counted, Measures};
use crate::clause::part_periods::{COMPLETE, DAILY, STARTED, TOUCHED};
use crate::clause::{Accrual, Clause, Limit};
use crate::columns::build::{Builder, Column, Scope, Shape};
use crate::columns::calendar::lane;
use crate::columns::op::{Op, Reg};
use crate::columns::quantity::common_multiple;
use crate::columns::source::local;
use crate::columns::why::Why;
use crate::expr::context::Local;
use crate::expr::program::Node;
use crate::expr::syntax::Binary;
use crate::lang::Text;
use crate::policy::Policy;
use crate::value::number::Rounding;
use crate::value::{Bound, Day, DayRange, Number, Value};

/// The columns that a clause's line is concluded from.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Compiled {
    /// The day of the event.
    pub event: Reg,
    /// What the event is called.
    pub event_name: Text,
    /// Whether the event ever happens.
    pub happened: Reg,
    /// Whether it lies in the window.
    pub inside: Reg,
    /// Whether it is not after the evaluation date.
    pub reached: Reg,
    /// How the event stands where it is open.
    pub doubt: Option<Reg>,
    /// Each condition.
    pub conditions: Vec<Reg>,
    /// How each stands where what it asks for is open.
    pub doubts: Vec<Option<Reg>>,
    /// The amounts, where there are any.
    pub amounts: Option<Amounts>,
    /// The last day of payment, where it has passed: nothing is paid of what there is.
    pub ended: Option<Text>,
    /// Whether it has an amount, where it applies.
    pub has_amount: bool,
    /// Why only the general evaluation can say what it comes to where it is met, or may still be.
    pub open: Option<Why>,
    /// Of lines for records: what they may come to together.
    pub limits: Vec<Capped>,
}

/// A limit of a clause that has a line for each record.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Capped {
    /// Whether it applies.
    pub applies: Reg,
    /// How much there is.
    pub at_most: Reg,
    /// Of places: how much of that one takes. None: it is money, in 分.
    pub place: Option<i64>,
    /// What is alike in those who share it, as far as it has columns.
    pub per: Vec<Reg>,
}

/// The amounts of a clause whose conditions hold.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Amounts {
    /// Whether anything is owed by the clause's own words, to date.
    pub entitled: Reg,
    /// What is awarded to date, in parts of the unit in which it is told.
    pub to_date: Reg,
    /// All that can still come, in the same.
    pub lifetime: Reg,
    /// How many of these are one such unit: 100 分 a 元, where nothing is less than a 分.
    pub parts: i64,
}

impl Compiled {
    /// How many parts of the unit in which its amounts are told are one of that.
    pub fn parts(&self) -> i64 {
        self.amounts.as_ref().map_or(100, |amounts| amounts.parts)
    }

    /// The columns that the line is concluded from.
    pub fn columns(&mut self) -> impl Iterator<Item = &mut Reg> {
        let amounts = self.amounts.iter_mut();
        let amounts = amounts.flat_map(|of| [&mut of.entitled, &mut of.to_date, &mut of.lifetime]);
        let limits = self.limits.iter_mut();
        let limits = limits.flat_map(|of| [&mut of.applies, &mut of.at_most].into_iter().chain(&mut of.per));
        [&mut self.event, &mut self.happened, &mut self.inside, &mut self.reached]
            .into_iter()
            .chain(&mut self.doubt)
            .chain(&mut self.conditions)
            .chain(self.doubts.iter_mut().flatten())
            .chain(amounts)
            .chain(limits)
    }
}

/// The amounts on the way.
struct Own {
    entitled: Column,
    to_date: Column,
    lifetime: Column,
}

/// Every amount that is added up must be whole in these parts of a 元: days of any month, a third, a twelfth.
const PARTS: i64 = 100 * DAYS_OF_MONTHS;
/// The least number that the lengths of all months divide.
const DAYS_OF_MONTHS: i64 = 4 * 3 * 5 * 7 * 29 * 31;

impl<'a> Builder<'a> {
    /// Turns to a clause, or to none.
    pub fn turn_to(&mut self, clause: Option<&'a Clause>) {
        self.named.clear();
        self.context.enter(clause.map_or(Local::NONE, |clause| local(clause, None)));
    }

    /// Compiles a clause that is worked out once, or once for each record, where rows are records; `None` where its event or a condition cannot be expressed. `until`: the last day
    /// of payment, where that is the same in every row, and in words where it has passed.
    pub fn clause(
        &mut self,
        policy: &'a Policy,
        clause: &'a Clause,
        as_of: Day,
        until: Option<(Day, Option<Text>)>,
    ) -> Option<Compiled> {
        self.turn_to(Some(clause));
        let today = self.constant(lane(as_of), Shape::Day);
        let scope = Scope { clause: Some(clause), accrued: None, as_of: today, later: false };
        let event = match &clause.event {
            Some(event) => self.node(event, &scope)?,
            None => today,
        };
        let (first, last) = self.window(clause.window);
        let happened = self.truth(Op::Comes(event.reg));
        let from = self.compare(Binary::AtMost, first, event)?;
        let to = self.compare(Binary::AtMost, event, last)?;
        let inside = self.truth(Op::And(from.reg, to.reg));
        let reached = self.compare(Binary::AtMost, event, today)?;
        let doubt = clause.event.as_ref().and_then(|event| self.doubt(event, Some(clause.window), &scope));
        let (mut conditions, mut doubts) = (Vec::new(), Vec::new());
        for condition in &clause.requires {
            conditions.push(self.node(&condition.test, &scope)?.reg);
            doubts.push(self.doubt(&condition.test, None, &scope));
        }
        let has_amount = clause.amount.is_some() || !clause.installments.is_empty();
        let ended = until.as_ref().and_then(|(_, ended)| ended.clone());
        let limits = self.limits(clause, &scope);
        let grows = clause.accrual.is_some() || !clause.installments.is_empty();
        // What is not met comes to nothing, whatever the amount is and whatever may be taken from it.
        let amounts = match until {
            None => Err(Why::Part),
            // What is used of a term is a reason of its own; and a figure has no last day of payment.
            _ if clause.used.is_some() || grows && clause.is_figure() => Err(Why::Kind),
            _ if limits.is_none() => Err(Why::Limits),
            _ if !has_amount => Ok(None),
            _ if clause.signed || clause.kind.measures == Measures::Nothing => Err(Why::Kind),
            _ if !clause.parts.is_empty() => Err(Why::Divided),
            Some((_, Some(_))) => Ok(None),
            Some((last_paid, None)) => {
                self.amounts(policy, clause, &scope, event, last_paid).map(Some).ok_or(Why::Part)
            }
        };
        Some(Compiled {
            event: event.reg,
            event_name: name(policy, clause),
            happened: happened.reg,
            inside: inside.reg,
            reached: reached.reg,
            doubt,
            conditions,
            doubts,
            open: amounts.as_ref().err().copied(),
            amounts: amounts.ok().flatten(),
            ended,
            has_amount: has_amount && clause.kind.measures != Measures::Nothing,
            limits: limits.unwrap_or_default(),
        })
    }

    /// The limits that may take something from lines of a clause; `None` where one of them cannot be expressed.
    fn limits(&mut self, clause: &'a Clause, scope: &Scope<'a>) -> Option<Vec<Capped>> {
        let mut found = Vec::new();
        for limit in &clause.limits {
            if self.never_matters(clause, limit) {
                continue;
            }
            if clause.each.is_none() || limit.across || limit.is_over_clauses() {
                return None;
            }
            found.push(self.capped(limit, scope)?);
        }
        Some(found)
    }

    /// A limit over the lines of one clause.
    fn capped(&mut self, limit: &'a Limit, scope: &Scope<'a>) -> Option<Capped> {
        let applies = match &limit.when {
            Some(when) => self.node(when, scope)?.reg,
            None => self.constant(1, Shape::Truth).reg,
        };
        let at_most = self.node(&limit.at_most, scope)?;
        let (at_most, place) = if limit.money {
            let at_most = self.rounded(at_most, limit.coin, Rounding::Down)?;
            (self.with_denominator(at_most, 100)?, None)
        } else {
            let Shape::Number(place) = at_most.shape else { return None };
            (at_most.reg, Some(place))
        };
        // Without a part of the key more lines share it than do, which leaves more of them to the general evaluation.
        let per = limit.per.iter().filter_map(|part| self.node(part, scope)).map(|column| column.reg).collect();
        Some(Capped { applies, at_most, place, per })
    }

    /// Whether a limit takes nothing from a clause.
    fn never_matters(&mut self, clause: &Clause, limit: &'a Limit) -> bool {
        let never = limit
            .when
            .as_ref()
            .is_some_and(|when| matches!(self.same_in_every_row(when), Some(Value::Truth(truth)) if truth.is_false()));
        let one_fits = clause.each.is_none()
            && !limit.money
            && !limit.across
            && !limit.is_over_clauses()
            && matches!(self.same_in_every_row(&limit.at_most), Some(Value::Quantity(most)) if most.lo >= Bound::At(Number::ONE));
        never || one_fits
    }

    fn amounts(
        &mut self,
        policy: &'a Policy,
        clause: &'a Clause,
        scope: &Scope<'a>,
        event: Column,
        last_paid: Day,
    ) -> Option<Amounts> {
        let last_paid = self.constant(lane(last_paid), Shape::Day);
        let own = if !clause.installments.is_empty() {
            self.installments(policy, clause, scope, last_paid)?
        } else if let Some(rule) = &clause.accrual {
            self.accrual(policy, clause, rule, scope, last_paid)?
        } else {
            let entitled = self.worked_out(clause, scope)?;
            let amount = self.bounded(clause, entitled, scope)?;
            Own { entitled, to_date: amount, lifetime: amount }
        };
        let zero = self.constant(0, own.entitled.shape);
        // What comes when nothing is paid any more is never paid.
        let in_time = self.compare(Binary::AtMost, event, last_paid)?;
        let nothing = self.constant(0, own.lifetime.shape);
        let in_all = self.op(Op::Select(in_time.reg, own.lifetime.reg, nothing.reg));
        let lifetime = Column { reg: in_all, shape: own.lifetime.shape };
        let (to_date, lifetime, shape) = self.alike(own.to_date, lifetime)?;
        let Shape::Number(denominator) = shape else { return None };
        // Told in another unit than it is reckoned in: divided by what makes one of those.
        let (above, below) = clause.measure.as_ref().map_or(Number::ONE, |measure| measure.factor).parts();
        let (above, below) = (i64::try_from(above).ok()?, i64::try_from(below).ok()?);
        let parts = common_multiple(denominator.checked_mul(above)?, 100)?;
        let times = (parts / (denominator * above)).checked_mul(below)?;
        if self.under.is_none() && clause.kind.counted == Counted::Total && PARTS % parts != 0 {
            return None;
        }
        let entitled = self.op(Op::Differ(own.entitled.reg, zero.reg));
        Some(Amounts { entitled, to_date: self.scaled(to_date, times), lifetime: self.scaled(lifetime, times), parts })
    }

    /// The amount by the clause's words, never below 0.
    fn worked_out(&mut self, clause: &'a Clause, scope: &Scope<'a>) -> Option<Column> {
        let Some(node) = &clause.amount else { return Some(self.constant(0, Shape::Number(1))) };
        let amount = self.node(node, scope)?;
        self.floor_at_zero(amount)
    }

    /// Floor, cap and rounding.
    fn bounded(&mut self, clause: &'a Clause, amount: Column, scope: &Scope<'a>) -> Option<Column> {
        let mut amount = amount;
        if let Some(node) = &clause.at_least {
            let floor = self.node(node, scope)?;
            amount = self.extreme(amount, floor, false)?;
        }
        if let Some(node) = &clause.at_most {
            let cap = self.node(node, scope)?;
            amount = self.extreme(amount, cap, true)?;
        }
        let amount = self.floor_at_zero(amount)?;
        let Some(rule) = clause.rounding else { return Some(amount) };
        self.rounded(amount, rule.to, rule.direction)
    }

    fn accrual(
        &mut self,
        policy: &'a Policy,
        clause: &'a Clause,
        rule: &'a Accrual,
        scope: &Scope<'a>,
        last_paid: Column,
    ) -> Option<Own> {
        let part = match &rule.part {
            Some(part) => match self.same_in_every_row(part)? {
                Value::Words(words) => words.point()?,
                _ => return None,
            },
            None => COMPLETE,
        };
        let (first, last) = self.window(clause.window);
        let mut day = |node: Option<&'a Node>, otherwise: Column| match node {
            Some(node) => self.node(node, scope),
            None => Some(otherwise),
        };
        let from = day(Some(&rule.from), first)?;
        let counts_from = day(rule.counts_from.as_ref(), first)?;
        let counts_until = day(rule.counts_until.as_ref().or(policy.triggers_until.as_ref()), last)?;
        let until = match &rule.until {
            Some(until) => Some(self.node(until, scope)?),
            None => None,
        };
        let start = self.extreme(from, counts_from, false)?;
        let end = match until {
            Some(until) => self.extreme(until, counts_until, true)?,
            None => counts_until,
        };
        let most = match &rule.at_most {
            Some(most) => {
                let most = self.node(most, scope)?;
                Some(self.as_whole(most)?)
            }
            None => None,
        };
        let accrued = |builder: &mut Self, end: Column| {
            let months = match most {
                _ if part != COMPLETE => builder.counted_in_part(part, (start, end), most)?,
                Some(most) => builder.whole(Op::MonthsUpTo(start.reg, end.reg, most.reg)),
                None => builder.whole(Op::Months(start.reg, end.reg)),
            };
            if !rule.yearly {
                return Some(months);
            }
            // A year begun is a year where periods begun count.
            let direction = if part == STARTED { Rounding::Up } else { Rounding::Down };
            builder.rounded(months, Number::whole(12), direction)
        };
        let so_far_end = self.extreme(end, scope.as_of, true)?;
        let so_far = accrued(self, so_far_end)?;
        let end = self.extreme(end, last_paid, true)?;
        let in_all = accrued(self, end)?;
        let own = Scope { accrued: Some(so_far), ..*scope };
        let entitled = self.worked_out(clause, &own)?;
        let to_date = self.bounded(clause, entitled, &own)?;
        let whole = Scope { accrued: Some(in_all), as_of: self.last_day(end, scope.as_of)?, later: true, ..*scope };
        let today = self.on_a_later_day();
        let lifetime = self.worked_out(clause, &whole).and_then(|all| self.bounded(clause, all, &whole));
        self.context.turn_to(today);
        Some(Own { entitled, to_date, lifetime: lifetime? })
    }

    /// The months from one day to another, at most so many, where part of a month counts as well.
    fn counted_in_part(&mut self, part: usize, (from, end): (Column, Column), most: Option<Column>) -> Option<Column> {
        let last = self.constant(lane(Day::LAST), Shape::Day);
        let to = self.extreme(end, last, true)?;
        let (zero, one) = (self.constant(0, Shape::Number(1)), self.constant(1, Shape::Number(1)));
        let months = match part {
            STARTED => {
                let complete = self.whole(Op::Months(from.reg, to.reg));
                let until = self.day(Op::EndOfMonths(from.reg, complete.reg));
                let none = self.op(Op::Equal(complete.reg, zero.reg));
                let more = self.op(Op::Less(until.reg, to.reg));
                let begun = Column { reg: self.op(Op::Or(none, more)), shape: Shape::Number(1) };
                self.plus(complete, begun)?
            }
            TOUCHED => {
                let (first, last) = (self.op(Op::MonthStart(from.reg)), self.op(Op::MonthEnd(to.reg)));
                self.whole(Op::Months(first, last))
            }
            // The first month by its days, then complete ones.
            DAILY => {
                let (first, last) = (self.op(Op::MonthStart(from.reg)), self.op(Op::MonthEnd(from.reg)));
                let earlier = self.op(Op::Minimum(to.reg, last));
                let (had, all) = (self.op(Op::DaysBetween(earlier, from.reg)), self.op(Op::DaysBetween(last, first)));
                let (had, all) = (self.op(Op::Add(had, one.reg)), self.op(Op::Add(all, one.reg)));
                let cells = (0..=31).map(|days| (days >= 28).then(|| DAYS_OF_MONTHS / days)).collect();
                let of_one = self.op(Op::Table { index: all, cells, number: true });
                let days = self.op(Op::Multiply(had, of_one));
                let next = self.op(Op::PlusDays(last, one.reg));
                let further = self.whole(Op::Months(next, to.reg));
                self.plus(Column { reg: days, shape: Shape::Number(DAYS_OF_MONTHS) }, further)?
            }
            _ => return None,
        };
        // What never begins counts nothing, even where it has no end.
        let begins = self.op(Op::AtMost(from.reg, to.reg));
        let nothing = self.constant(0, months.shape);
        let months = Column { reg: self.op(Op::Select(begins, months.reg, nothing.reg)), shape: months.shape };
        let (ends, never) = (self.op(Op::Comes(end.reg)), self.op(Op::Not(begins)));
        let ends = self.op(Op::Or(ends, never));
        let open = self.op(Op::Unknown);
        let Some(most) = most else {
            return Some(Column { reg: self.op(Op::Select(ends, months.reg, open)), shape: months.shape });
        };
        let reached = self.compare(Binary::AtMost, most, months)?;
        let months = self.extreme(months, most, true)?;
        let months = self.floor_at_zero(months)?;
        let known = self.op(Op::Or(ends, reached.reg));
        Some(Column { reg: self.op(Op::Select(known, months.reg, open)), shape: months.shape })
    }

    /// While what is compiled asks for a later evaluation date, no day from today on may be taken for it.
    fn on_a_later_day(&mut self) -> DayRange {
        self.context.turn_to(DayRange { lo: self.context.as_of, hi: Day::LAST })
    }

    /// The day on which all that can come has come; the evaluation date where that day never comes.
    fn last_day(&mut self, end: Column, as_of: Column) -> Option<Column> {
        let comes = self.truth(Op::Comes(end.reg));
        let end = self.day(Op::Select(comes.reg, end.reg, as_of.reg));
        self.extreme(end, as_of, false)
    }

    fn installments(
        &mut self,
        policy: &'a Policy,
        clause: &'a Clause,
        scope: &Scope<'a>,
        last_paid: Column,
    ) -> Option<Own> {
        let (first, last) = self.window(clause.window);
        let last = match &policy.triggers_until {
            Some(node) => self.node(node, scope)?,
            None => last,
        };
        let last_that_pays = self.extreme(last, last_paid, true)?;
        let later = Scope { as_of: self.last_day(last_that_pays, scope.as_of)?, later: true, ..*scope };
        let zero = self.constant(0, Shape::Number(1));
        let (mut to_date, mut lifetime) = (zero, zero);
        for rule in &clause.installments {
            let part = self.node(&rule.amount, scope)?;
            let part = self.part(clause, part)?;
            let today = self.on_a_later_day();
            let in_all = self.node(&rule.amount, &later);
            self.context.turn_to(today);
            let in_all = self.part(clause, in_all?)?;
            let due = self.node(&rule.due, scope)?;
            let from = self.compare(Binary::AtMost, first, due)?;
            let to = self.compare(Binary::AtMost, due, last)?;
            let valid = self.truth(Op::And(from.reg, to.reg));
            let reached = self.compare(Binary::AtMost, due, scope.as_of)?;
            let owed = self.truth(Op::And(valid.reg, reached.reg));
            let comes = self.truth(Op::Comes(due.reg));
            let never = self.truth(Op::Not(comes.reg));
            let still = self.compare(Binary::AtMost, scope.as_of, last_that_pays)?;
            let may_come = self.truth(Op::And(never.reg, still.reg));
            let paid = self.compare(Binary::AtMost, due, last_paid)?;
            let paid = self.truth(Op::And(valid.reg, paid.reg));
            let can_come = self.truth(Op::Or(paid.reg, may_come.reg));
            to_date = self.plus_given(to_date, part, owed)?;
            lifetime = self.plus_given(lifetime, in_all, can_come)?;
        }
        let entitled = to_date;
        let to_date = self.bounded(clause, to_date, scope)?;
        let lifetime = self.bounded(clause, lifetime, scope)?;
        Some(Own { entitled, to_date, lifetime })
    }

    /// What one part comes to.
    fn part(&mut self, clause: &'a Clause, amount: Column) -> Option<Column> {
        let amount = self.floor_at_zero(amount)?;
        let Some(rule) = clause.rounding else { return Some(amount) };
        self.rounded(amount, rule.to, rule.direction)
    }

    fn plus_given(&mut self, sum: Column, part: Column, holds: Column) -> Option<Column> {
        let nothing = self.constant(0, part.shape);
        let given = Column { reg: self.op(Op::Select(holds.reg, part.reg, nothing.reg)), shape: part.shape };
        self.plus(sum, given)
    }

    /// Whether a truth may hold in some row; one that is not written always holds.
    pub fn may_hold(&mut self, node: Option<&'a Node>) -> bool {
        let fails = |value: &Value| matches!(value, Value::Truth(truth) if truth.is_false());
        !node.is_some_and(|node| self.same_in_every_row(node).as_ref().is_some_and(fails))
    }
}
