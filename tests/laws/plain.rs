//! The plain calculation over complete values: what the documentation says, written a second time without the program's
//! evaluator. `None` is "has no value"; the program then says that the result is open, and nothing is compared.

use duixian::expr::came_to::What;
use duixian::value::Day;

use crate::applicant::{Applicant, Other, Record};
use crate::policy::{Accrual, Amount, Clause, Limit, Policy, Scale, Table};
use crate::ratio::{Direction, Ratio};
use crate::schema::{LISTED, TEXTS};
use crate::syntax::{Aggregate, Comparison, Expr, Function, Operator, Records};

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value {
    Truth(bool),
    Word(usize),
    Date(Day),
    Number(Ratio),
    Text(usize),
}

/// What the names in an expression mean.
#[derive(Clone, Copy)]
struct Scope<'a> {
    policy: &'a Policy,
    applicant: &'a Applicant,
    clause: &'a Clause,
    each: Option<&'a Record>,
    record: Option<&'a Record>,
    other: Option<&'a Other>,
    event: Day,
    /// The day that `as_of` means: for what can still come, the last day on which something can.
    as_of: Day,
    accrued: Ratio,
    /// Whether what clauses come to is taken over their whole term.
    whole: bool,
}

/// What a clause comes to by itself.
#[derive(Clone, Copy, Debug)]
pub struct Line {
    pub met: Met,
    /// Whether its conditions hold and its event has come, and whether that is so or is known to come.
    pub holds: (bool, bool),
    pub entitled: Option<Ratio>,
    pub entitled_in_all: Option<Ratio>,
    pub awarded: Option<Ratio>,
    pub lifetime: Option<Ratio>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Met {
    /// Its conditions hold on the evaluation date.
    Yes,
    /// They do not, or not yet.
    No,
    /// The event lies outside the window.
    Outside,
    /// Something has no value.
    Undefined,
}

fn ordering(left: Value, right: Value) -> Option<std::cmp::Ordering> {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => Some(left.cmp(&right)),
        (Value::Date(left), Value::Date(right)) => Some(left.cmp(&right)),
        (Value::Word(left), Value::Word(right)) => Some(left.cmp(&right)),
        (Value::Truth(left), Value::Truth(right)) => Some(left.cmp(&right)),
        _ => None,
    }
}

fn compare(comparison: Comparison, left: Value, right: Value) -> Option<bool> {
    Some(match comparison {
        Comparison::Equal => left == right,
        Comparison::NotEqual => left != right,
        Comparison::Less => ordering(left, right)?.is_lt(),
        Comparison::AtMost => ordering(left, right)?.is_le(),
        Comparison::Greater => ordering(left, right)?.is_gt(),
        Comparison::AtLeast => ordering(left, right)?.is_ge(),
    })
}

fn extreme(a: Value, b: Value, smallest: bool) -> Option<Value> {
    Some(if ordering(a, b)?.is_lt() == smallest { a } else { b })
}

/// At the ends of its calendar the program stops; what it makes of days beyond is not compared.
fn inside(day: Day) -> Option<Day> {
    (day == Day::NEVER || (Day::FIRST < day && day < Day::LAST.plus_days(-1))).then_some(day)
}

fn whole(number: i64) -> Value {
    Value::Number(Ratio::whole(number))
}

fn call(function: Function, arguments: &[Value]) -> Option<Value> {
    let round = |direction| match arguments {
        [Value::Number(x), Value::Number(step)] => x.round(*step, direction).map(Value::Number),
        _ => None,
    };
    match (function, arguments) {
        (Function::Months, [Value::Date(from), Value::Date(to)]) => complete(*from, *to).map(whole),
        (Function::Age, [Value::Date(birth), Value::Date(on)]) => birth.age_on(*on, false).map(whole),
        (Function::Age, [Value::Date(birth), Value::Date(on), Value::Truth(early)]) => {
            birth.age_on(*on, *early).map(whole)
        }
        (Function::Year, [Value::Date(day)]) => day.year().map(whole),
        (Function::Month, [Value::Date(day)]) => written(*day).map(|parts| whole(parts[1])),
        (Function::Day, [Value::Date(day)]) => written(*day).map(|parts| whole(parts[2])),
        (Function::MonthStart, [Value::Date(day)]) => Some(Value::Date(day.month_start())),
        (Function::MonthEnd, [Value::Date(day)]) => Some(Value::Date(day.month_end())),
        (Function::PeriodEnd, [Value::Date(from), Value::Number(months)]) => {
            Some(Value::Date(inside(from.end_of_months(months.to_whole()?.max(0)))?))
        }
        (Function::Min | Function::Max, [first, rest @ ..]) => {
            rest.iter().try_fold(*first, |so_far, next| extreme(so_far, *next, function == Function::Min))
        }
        (Function::Round, _) => round(Direction::HalfUp),
        (Function::Floor, _) => round(Direction::Down),
        (Function::Ceil, _) => round(Direction::Up),
        _ => None,
    }
}

impl<'a> Scope<'a> {
    fn eval(&self, expr: &Expr) -> Option<Value> {
        Some(match expr {
            Expr::Figure(figure) => Value::Number(figure.number()),
            Expr::Truth(truth) => Value::Truth(*truth),
            Expr::Date(day) => Value::Date(*day),
            Expr::Word(_, place) => Value::Word(*place),
            Expr::Text(place) => Value::Text(*place),
            Expr::Fact(place) => self.applicant.facts[*place].value(),
            Expr::Reading(place) => Value::Word(self.applicant.readings[*place]),
            Expr::Field(place) => self.record?.fields[*place].value(),
            Expr::EachField(place) => self.each?.fields[*place].value(),
            Expr::OtherField(place) => self.other?.fields[*place].value(),
            Expr::AsOf => Value::Date(self.as_of),
            Expr::WindowFrom => Value::Date(self.clause.window.from),
            Expr::WindowTo => Value::Date(self.clause.window.to),
            Expr::Event => Value::Date(self.event),
            Expr::Accrued => Value::Number(self.accrued),
            Expr::Let(place) => self.alone(&self.clause.lets[*place])?,
            Expr::Define(place) => self.alone(&self.policy.defines[*place])?,
            Expr::Shared(place) => self.alone(&self.policy.shared[*place])?,
            Expr::CameTo { clause, what } => self.came_to(*clause, *what)?,
            Expr::Not(inner) => Value::Truth(!self.truth(inner)?),
            Expr::Negate(inner) => Value::Number(self.number(inner)?.negate()),
            Expr::And(left, right) => Value::Truth(self.truth(left)? && self.truth(right)?),
            Expr::Or(left, right) => Value::Truth(self.truth(left)? || self.truth(right)?),
            Expr::Compare(comparison, left, right) => {
                Value::Truth(compare(*comparison, self.eval(left)?, self.eval(right)?)?)
            }
            Expr::In { value, options, negated } => {
                let value = self.eval(value)?;
                let options: Vec<Value> = options.iter().map(|option| self.eval(option)).collect::<Option<_>>()?;
                Value::Truth(options.contains(&value) != *negated)
            }
            Expr::Among { value, negated } => {
                let listed = |place: usize| LISTED.contains(&TEXTS[place].to_uppercase().as_str());
                Value::Truth(matches!(self.eval(value)?, Value::Text(place) if listed(place)) != *negated)
            }
            Expr::Arithmetic(operator, left, right) => {
                let (left, right) = (self.number(left)?, self.number(right)?);
                Value::Number(match operator {
                    Operator::Add => left.add(right),
                    Operator::Subtract => left.subtract(right),
                    Operator::Multiply => left.multiply(right),
                    Operator::Divide => left.divide(right),
                }?)
            }
            Expr::Shift { date, by, months, back } => {
                let (date, by) = (self.date(date)?, self.number(by)?.to_whole()?);
                let by = if *back { -by } else { by };
                Value::Date(inside(if *months { date.plus_months(by) } else { date.plus_days(by) })?)
            }
            Expr::DaysBetween(left, right) => whole(self.date(left)?.number()? - self.date(right)?.number()?),
            Expr::If(condition, yes, no) => self.eval(if self.truth(condition)? { yes } else { no })?,
            Expr::Lookup(table, index) => self.cell(&self.clause.tables[*table], self.eval(index)?)?,
            Expr::OnDay(table, day) => self.last_begun(&self.clause.by_day[*table], self.date(day)?)?,
            Expr::Versions(all) => self.last_begun(all, self.event)?,
            Expr::Scale(scale, argument) => self.scale(&self.clause.scales[*scale], self.number(argument)?)?,
            Expr::Call(function, arguments) => {
                let arguments: Vec<Value> =
                    arguments.iter().map(|argument| self.eval(argument)).collect::<Option<_>>()?;
                call(*function, &arguments)?
            }
            Expr::Aggregate { kind, of, body, filter } => {
                self.aggregate(*kind, of, body.as_deref(), filter.as_deref())?
            }
            Expr::Known(inner) => Value::Truth(self.eval(inner)? != Value::Date(Day::NEVER)),
        })
    }

    /// What another clause came to. What other lines take from it is not reckoned here.
    fn came_to(&self, clause: usize, what: What) -> Option<Value> {
        let of = |record: &Record| self.applicant.records.iter().position(|other| std::ptr::eq(other, record));
        let record = if self.policy.clauses[clause].each { Some(of(self.record?)?) } else { None };
        let line = self.policy.line(clause, record, self.applicant);
        let pick = |to_date, whole| if self.whole { whole } else { to_date };
        match what {
            What::Eligible if line.met == Met::Undefined => None,
            What::Eligible => Some(Value::Truth(if self.whole { line.holds.1 } else { line.holds.0 })),
            What::Entitled => pick(line.entitled, line.entitled_in_all).map(Value::Number),
            What::Awarded if !self.policy.is_alone(clause, self.applicant) => None,
            What::Awarded => pick(line.awarded, line.lifetime).map(Value::Number),
        }
    }

    fn truth(&self, expr: &Expr) -> Option<bool> {
        if let Value::Truth(truth) = self.eval(expr)? { Some(truth) } else { None }
    }

    fn number(&self, expr: &Expr) -> Option<Ratio> {
        if let Value::Number(number) = self.eval(expr)? { Some(number) } else { None }
    }

    fn date(&self, expr: &Expr) -> Option<Day> {
        if let Value::Date(day) = self.eval(expr)? { Some(day) } else { None }
    }

    /// Out of sight of the record that is looked at.
    fn alone(&self, expr: &Expr) -> Option<Value> {
        Scope { record: None, ..*self }.eval(expr)
    }

    /// The last of several that has begun by a day; none before the first.
    fn last_begun(&self, all: &[(Day, Expr)], on: Day) -> Option<Value> {
        self.alone(&all.iter().rev().find(|(from, _)| *from <= on)?.1)
    }

    fn cell(&self, table: &Table, index: Value) -> Option<Value> {
        self.alone(&table.cells.iter().find(|(word, _)| Value::Word(*word) == index)?.1)
    }

    fn scale(&self, scale: &Scale, argument: Ratio) -> Option<Value> {
        let step = |step: &Expr| match self.alone(step)? {
            Value::Number(number) => Some(number),
            _ => None,
        };
        if !scale.marginal {
            let is_reached = |from: Ratio, above: bool| from < argument || (!above && from == argument);
            let mut steps = scale.steps.iter().zip(&scale.above).rev();
            let reached = steps.find(|((from, _), above)| is_reached(from.number(), **above));
            return reached.map_or(Some(Ratio::ZERO), |((_, value), _)| step(value)).map(Value::Number);
        }
        let mut sum = Ratio::ZERO;
        for (place, (from, rate)) in scale.steps.iter().enumerate() {
            let to = scale.steps.get(place + 1).map_or(argument, |(next, _)| next.number().min(argument));
            let slice = to.subtract(from.number())?.max(Ratio::ZERO);
            sum = sum.add(slice.multiply(step(rate)?)?)?;
        }
        Some(Value::Number(sum))
    }

    /// The records that are looked at, each with how often.
    fn records(&self, of: &Records) -> Option<Vec<(&'a Record, u32)>> {
        let mut all: Vec<(&Record, u32)> = Vec::new();
        for record in &self.applicant.records {
            let inner = Scope { record: Some(record), ..*self };
            let named = self.policy.some.as_ref().filter(|_| of.named);
            // What is named stands outside the records that are looked at where the name is used.
            if named.is_none_or(|some| inner.truth(some) == Some(true))
                && of.only.as_ref().is_none_or(|only| inner.truth(only) == Some(true))
            {
                all.push((record, record.times));
            }
            if named.is_some_and(|some| inner.truth(some).is_none())
                || of.only.as_ref().is_some_and(|only| inner.truth(only).is_none())
            {
                return None;
            }
        }
        let Some((count, by)) = &of.best else { return Some(all) };
        let mut ranked: Vec<(Vec<Value>, &Record, u32)> = Vec::new();
        for (record, times) in all {
            let inner = Scope { record: Some(record), ..*self };
            let keys: Option<Vec<Value>> = by.iter().map(|(key, _)| inner.eval(key)).collect();
            ranked.push((keys?, record, times));
        }
        let order = |one: &[Value], other: &[Value]| {
            let mut all = by.iter().zip(one.iter().zip(other)).map(|((_, highest), (one, other))| {
                let order = ordering(*one, *other).unwrap();
                if *highest { order.reverse() } else { order }
            });
            all.find(|order| order.is_ne()).unwrap_or(std::cmp::Ordering::Equal)
        };
        ranked.sort_by(|(one, _, _), (other, _, _)| order(one, other));
        let mut left = u32::try_from(*count).unwrap();
        let mut first = Vec::new();
        for (place, (keys, record, times)) in ranked.iter().enumerate() {
            let tied: u32 =
                ranked.iter().filter(|(other, _, _)| order(keys, other).is_eq()).map(|(_, _, times)| *times).sum();
            let before = ranked[..place].iter().any(|(other, _, _)| order(keys, other).is_eq());
            // Several are equal and not all of them are among the first: which of them is not said.
            if !before && tied > *times && left > 0 && tied > left {
                return None;
            }
            let taken = left.min(*times);
            left -= taken;
            first.extend((taken > 0).then_some((*record, taken)));
        }
        Some(first)
    }

    fn aggregate(&self, kind: Aggregate, of: &Records, body: Option<&Expr>, filter: Option<&Expr>) -> Option<Value> {
        let (mut sum, mut found, mut held, mut most) = (Ratio::ZERO, 0usize, 0usize, None);
        for (record, times) in self.records(of)? {
            let inner = Scope { record: Some(record), ..*self };
            if !filter.map_or(Some(true), |filter| inner.truth(filter))? {
                continue;
            }
            found += 1;
            match body.map(|body| inner.eval(body)) {
                None => sum = sum.add(Ratio::whole(i64::from(times)))?,
                Some(value) => match (kind, value?) {
                    (Aggregate::Sum, Value::Number(each)) => {
                        sum = sum.add(each.multiply(Ratio::whole(i64::from(times)))?)?;
                    }
                    (_, Value::Truth(holds)) => held += usize::from(holds),
                    (_, value) => {
                        most = Some(most.map_or(Some(value), |so_far| extreme(so_far, value, kind == Aggregate::Min))?);
                    }
                },
            }
        }
        match kind {
            Aggregate::Count | Aggregate::Sum => Some(Value::Number(sum)),
            Aggregate::Any => Some(Value::Truth(held > 0)),
            Aggregate::All => Some(Value::Truth(held == found)),
            Aggregate::Min | Aggregate::Max => most,
        }
    }
}

/// The complete months from one day to another, both included, counted one by one; `None` where they have no end.
fn complete(from: Day, to: Day) -> Option<i64> {
    if from == Day::NEVER || to < from {
        return Some(0);
    }
    if to == Day::NEVER {
        return None;
    }
    (1..).take_while(|months| from.end_of_months(*months) <= to).last().or(Some(0))
}

/// The months in one way of counting part periods; `None` where they have no end.
fn counted(part: usize, from: Day, to: Day) -> Option<Ratio> {
    if to < from || from == Day::NEVER {
        return Some(Ratio::ZERO);
    }
    if to == Day::NEVER {
        return None;
    }
    // Whole calendar months behind the first.
    let later = || (1..).map(|months| from.month_start().plus_months(months));
    match part {
        0 => complete(from, to).map(Ratio::whole),
        1 => (1..).find(|months| from.end_of_months(*months) >= to).map(Ratio::whole),
        2 => Some(Ratio::whole(1 + later().take_while(|start| *start <= to).count() as i64)),
        _ => {
            let days = |from: Day, to: Day| Some(i128::from(to.number()? - from.number()? + 1));
            let (start, end) = (from.month_start(), from.month_end());
            let first = Ratio::new(days(from, to.min(end))?, days(start, end)?)?;
            first.add(Ratio::whole(later().take_while(|start| start.month_end() <= to).count() as i64))
        }
    }
}

impl Scope<'_> {
    /// The amount with floor, cap and rounding: by the words of the clause, and as it is paid.
    fn bounded(&self, amount: Ratio) -> Option<Ratio> {
        let mut amount = amount;
        if let Some(floor) = &self.clause.at_least {
            amount = amount.max(self.number(floor)?);
        }
        if let Some(cap) = &self.clause.at_most {
            amount = amount.min(self.number(cap)?);
        }
        self.rounded(self.floored(amount))
    }

    /// Nobody owes a negative grant, whatever the cap; a figure may be negative where it says so.
    fn floored(&self, amount: Ratio) -> Ratio {
        if self.clause.is_signed() { amount } else { amount.max(Ratio::ZERO) }
    }

    fn rounded(&self, amount: Ratio) -> Option<Ratio> {
        let rounding = self.clause.rounding;
        amount.round(Ratio::new(i128::from(rounding.to), 100)?, rounding.direction)
    }

    fn amount(&self, amount: &Expr) -> Option<Ratio> {
        self.number(amount).map(|amount| self.floored(amount))
    }

    fn triggers_until(&self) -> Option<Day> {
        self.policy.triggers_until.as_ref().map_or(Some(self.clause.window.to), |last| self.date(last))
    }

    /// The last day on which anything is paid, where that does not depend on the evaluation date.
    fn last_paid(&self) -> Option<Day> {
        let fixed = self.policy.payable_until.as_ref().filter(|last| !self.policy.asks_for_today(&last.write()));
        fixed.map_or(Some(Day::NEVER), |last| self.date(last))
    }

    /// The same on the day on which all that can come has come.
    fn in_the_end(&self, last: Day) -> Self {
        let as_of = if last == Day::NEVER { self.as_of } else { self.as_of.max(last) };
        Scope { as_of, whole: true, ..*self }
    }

    /// What has accrued, and what can, with its last day.
    fn accrued(&self, rule: &Accrual) -> Option<(Option<Ratio>, Option<Ratio>, Day)> {
        let or = |date: &Option<Expr>, otherwise: Option<Day>| match date {
            Some(date) => self.date(date),
            None => otherwise,
        };
        let from = self.date(&rule.from)?.max(or(&rule.counts_from, Some(self.clause.window.from))?);
        let until = or(&rule.until, Some(Day::NEVER))?.min(match &rule.counts_until {
            Some(date) => self.date(date)?,
            None => self.triggers_until()?,
        });
        let at_most = match &rule.at_most {
            Some(at_most) => Some(self.number(at_most)?.max(Ratio::ZERO)),
            None => None,
        };
        let part = match &rule.part {
            Some(part) => match self.eval(part)? {
                Value::Word(part) => part,
                _ => return None,
            },
            None => 0,
        };
        let months = |to: Day| {
            let months = match (counted(part, from, to), at_most) {
                (Some(months), Some(at_most)) => months.min(at_most),
                (Some(months), None) => months,
                (None, at_most) => at_most?,
            };
            // A year begun is a year where periods begun count.
            let direction = if part == 1 { Direction::Up } else { Direction::Down };
            if rule.yearly { months.round(Ratio::whole(12), direction) } else { Some(months) }
        };
        let last = until.min(self.last_paid()?);
        Some((months(until.min(self.as_of)), months(last), last))
    }

    /// By the clause's words to date and in all, as it is paid to date, and what it can come to.
    fn amounts(&self) -> [Option<Ratio>; 4] {
        let in_all = Scope { whole: true, ..*self };
        match &self.clause.amount {
            Amount::None => [Some(Ratio::ZERO); 4],
            Amount::Plain(amount) => {
                let of = |scope: &Self| {
                    let entitled = scope.amount(amount);
                    (entitled, entitled.and_then(|amount| scope.bounded(amount)))
                };
                let ((entitled, paid), (all, lifetime)) = (of(self), of(&in_all));
                [entitled, all, paid, lifetime]
            }
            Amount::Accrual(amount, rule) => {
                let Some((to_date, lifetime, last)) = self.accrued(rule) else { return [None; 4] };
                let of = |scope: &Self, accrued: Option<Ratio>| {
                    let inner = Scope { accrued: accrued?, ..*scope };
                    let entitled = inner.amount(amount)?;
                    Some((entitled, inner.bounded(entitled)))
                };
                let (to_date, lifetime) = (of(self, to_date), of(&self.in_the_end(last), lifetime));
                let apart =
                    |both: Option<(Ratio, Option<Ratio>)>| both.map_or((None, None), |(own, paid)| (Some(own), paid));
                let ((entitled, paid), (all, lifetime)) = (apart(to_date), apart(lifetime));
                [entitled, all, paid, lifetime]
            }
            Amount::Installments(parts) => {
                let (first, as_of) = (self.clause.window.from, self.as_of);
                let sums = parts.iter().try_fold((Ratio::ZERO, Ratio::ZERO), |(to_date, lifetime), part| {
                    let (last, due) = (self.triggers_until()?, self.date(&part.due)?);
                    let last_paid = self.last_paid()?;
                    let pays = last.min(last_paid);
                    let amount = self.rounded(self.amount(&part.amount)?)?;
                    let in_all = self.rounded(self.in_the_end(pays).amount(&part.amount)?)?;
                    let valid = first <= due && due <= last;
                    let owed = if valid && due <= as_of { amount } else { Ratio::ZERO };
                    let can_come = (valid && due <= last_paid) || (due == Day::NEVER && as_of <= pays);
                    let all = if can_come { in_all } else { Ratio::ZERO };
                    Some((to_date.add(owed)?, lifetime.add(all)?))
                });
                let Some((to_date, lifetime)) = sums else { return [None; 4] };
                [Some(to_date), Some(lifetime), self.bounded(to_date), in_all.bounded(lifetime)]
            }
        }
    }

    /// The date that must lie in the window.
    fn with_event(self) -> Option<Self> {
        let event = self.clause.event.as_ref().map_or(Some(self.applicant.as_of), |event| self.date(event))?;
        Some(Scope { event, ..self })
    }

    /// Conditions, then amount, then the last day of payment.
    fn line(self) -> Line {
        let of = |met: Met, all: Option<Ratio>| {
            let holds = (false, false);
            Line { met, holds, entitled: all, entitled_in_all: all, awarded: all, lifetime: all }
        };
        let (undefined, nothing) = (of(Met::Undefined, None), of(Met::No, Some(Ratio::ZERO)));
        let Some(scope) = self.with_event() else { return undefined };
        let (event, window, as_of) = (scope.event, scope.clause.window, scope.applicant.as_of);
        if event == Day::NEVER {
            return nothing;
        }
        if event < window.from || window.to < event {
            return Line { met: Met::Outside, ..nothing };
        }
        let some = scope.policy.some.iter().filter(|_| scope.clause.each_of_some);
        let belongs = some.map(|some| Scope { record: scope.each, ..scope }.truth(some));
        let tests = belongs.chain(scope.clause.requires.iter().map(|test| scope.truth(test)));
        let tests: Option<Vec<bool>> = tests.collect();
        let Some(tests) = tests else { return undefined };
        if event <= as_of && tests.contains(&false) {
            return nothing;
        }
        let [entitled, entitled_in_all, awarded, lifetime] = scope.amounts();
        let line = match (event <= as_of, tests.contains(&false)) {
            // What was had once is in the whole term, whatever the words come to later.
            (true, _) => {
                let most = awarded.and_then(|awarded| Some(lifetime?.max(awarded)));
                let lifetime = if scope.clause.is_figure() { lifetime } else { most };
                let comes = scope.last_paid().is_some_and(|last| event <= last);
                Line { met: Met::Yes, holds: (true, comes), entitled, entitled_in_all, awarded, lifetime }
            }
            (false, false) if scope.last_paid().is_some_and(|last| last < event) => nothing,
            (false, false) => Line { lifetime, entitled_in_all, holds: (false, true), ..nothing },
            (false, true) => nothing,
        };
        let nothing_to_pay = matches!(scope.clause.amount, Amount::None) || scope.clause.is_figure();
        let last = scope.policy.payable_until.as_ref().filter(|_| !nothing_to_pay);
        let last = last.map_or(Some(Day::NEVER), |last| scope.date(last));
        match last {
            Some(last) if as_of <= last => line,
            Some(_) if line.awarded.and(line.lifetime).is_some() => {
                Line { awarded: nothing.awarded, lifetime: nothing.lifetime, met: Met::No, ..line }
            }
            _ => Line { awarded: None, lifetime: None, met: Met::Undefined, ..line },
        }
    }
}

impl Policy {
    /// Whether an expression asks for the evaluation date, by itself or through a definition.
    pub fn asks_for_today(&self, text: &str) -> bool {
        let defines = self.defines.iter().enumerate();
        let mut used = defines.filter(|(place, _)| text.contains(&format!("define_{place}")));
        text.contains("as_of") || used.any(|(_, define)| self.asks_for_today(&define.write()))
    }

    fn scope<'a>(&'a self, clause: &'a Clause, each: Option<&'a Record>, applicant: &'a Applicant) -> Scope<'a> {
        let (event, as_of, accrued) = (Day::NEVER, applicant.as_of, Ratio::ZERO);
        let whole = false;
        Scope { policy: self, applicant, clause, each, record: None, other: None, event, as_of, accrued, whole }
    }

    /// What a clause comes to by itself, for one record where it is worked out for records.
    pub fn line(&self, clause: usize, record: Option<usize>, applicant: &Applicant) -> Line {
        self.scope(&self.clauses[clause], record.map(|record| &applicant.records[record]), applicant).line()
    }

    /// Whether no other line, limit or scheme can take something from a clause.
    pub fn is_alone(&self, clause: usize, applicant: &Applicant) -> bool {
        let own = &self.clauses[clause];
        let displaced = self.clauses.iter().flat_map(|other| &other.instead_of).any(|rule| rule.clause == clause);
        let compared = self.highest_only.iter().any(|rule| rule.clauses.contains(&clause));
        let others = applicant.others.iter().any(|other| Some(other.category) == own.category);
        let overlaps = self.overlap.is_some() && others;
        !self.is_limited(clause) && !displaced && !compared && !overlaps
    }

    /// Whether it has a limit, alone or with others.
    pub fn is_limited(&self, clause: usize) -> bool {
        !self.clauses[clause].limits.is_empty() || self.limits.iter().any(|over| over.clauses.contains(&clause))
    }

    /// What a limit says of a line: the key that it is counted under, and how much there is. `None` where it does not apply, or
    /// something has no value.
    pub fn limit(
        &self,
        clause: usize,
        limit: &Limit,
        record: Option<usize>,
        applicant: &Applicant,
    ) -> Option<(Vec<Value>, Ratio)> {
        let own = &self.clauses[clause];
        let scope = self.scope(own, record.map(|record| &applicant.records[record]), applicant).with_event()?;
        let scope = Scope { whole: true, ..scope };
        if limit.when.as_ref().is_some_and(|when| scope.truth(when) != Some(true)) {
            return None;
        }
        Some((limit.per.iter().map(|part| scope.eval(part)).collect::<Option<_>>()?, scope.number(&limit.at_most)?))
    }

    /// The cap of a line, in whole steps of what it is rounded to; `None` where there is none, or it has no value.
    pub fn cap(&self, clause: usize, record: Option<usize>, applicant: &Applicant) -> Option<Ratio> {
        let own = &self.clauses[clause];
        let scope = self.scope(own, record.map(|record| &applicant.records[record]), applicant).with_event()?;
        scope.number(own.at_most.as_ref()?).and_then(|cap| scope.rounded(cap.max(Ratio::ZERO)))
    }

    /// Whether everything has a value: every line by itself, and what decides between lines.
    pub fn is_defined(&self, applicant: &Applicant) -> bool {
        let between = self.clauses.iter().enumerate().all(|(place, clause)| {
            let records: Vec<Option<usize>> =
                if clause.each { (0..applicant.records.len()).map(Some).collect() } else { vec![None] };
            records.into_iter().all(|record| {
                let line = self.line(place, record, applicant);
                let amounts = line.entitled.and(line.awarded).and(line.lifetime);
                let scope = self.scope(clause, record.map(|record| &applicant.records[record]), applicant).with_event();
                let Some(scope) = scope.filter(|_| amounts.is_some() && line.met != Met::Undefined) else {
                    return false;
                };
                let over = self.limits.iter().filter(|over| over.clauses.contains(&place)).map(|over| &over.limit);
                let limits = clause.limits.iter().chain(over).flat_map(|limit| {
                    [&limit.at_most].into_iter().chain(&limit.per).chain(&limit.order).chain(&limit.when)
                });
                let displaced = clause.instead_of.iter().flat_map(|rule| &rule.when);
                let scope = Scope { whole: true, ..scope };
                limits.chain(displaced).all(|expr| scope.eval(expr).is_some())
            })
        });
        let Some(clause) = self.clauses.first() else { return between };
        let scope = self.scope(clause, None, applicant);
        let highest = self.highest_only.iter().flat_map(|rule| &rule.when);
        let overlap = self.overlap.iter().flat_map(|rule| rule.method.iter().chain(&rule.by_installment));
        let counts = self.overlap.iter().flat_map(|rule| &rule.counts);
        let mut others = counts.flat_map(|counts| applicant.others.iter().map(move |other| (counts, other)));
        between
            && highest.chain(overlap).all(|expr| scope.eval(expr).is_some())
            && others.all(|(counts, other)| Scope { other: Some(other), ..scope }.eval(counts).is_some())
    }
}

/// Year, month and day as they are written; `None` for never.
fn written(day: Day) -> Option<Vec<i64>> {
    day.to_string().split('-').map(|part| part.parse().ok()).collect()
}
