//! Small random policies. Expressions are made for the type that is wanted and from what their place may name, so that
//! nearly every policy is correct; literals come from few values, so that ends are met exactly.

use std::cell::RefCell;
use std::rc::Rc;

use duixian::expr::came_to::What;
use duixian::value::Day;

use crate::choices::Choices;
use crate::policy::{
    Accrual, Amount, Clause, HighestOnly, Installment, InsteadOf, Kind, Limit, OverClauses, Overlap, Policy, Rounding,
    Scale, Table, Window,
};
use crate::ratio::Direction;
use crate::schema::{FACTS, FIELDS, Fact, OTHER, READINGS, TEXTS, Type, Unit, Words};
use crate::syntax::{Aggregate, Comparison, Expr, Figure, Function, Operator, Records};

/// What an expression may name.
#[derive(Clone, Debug, Default)]
struct Scope {
    window: bool,
    event: bool,
    accrued: bool,
    /// Inside `where` and before `of`.
    field: bool,
    each: bool,
    other: bool,
    defines: Vec<Type>,
    lets: Vec<Type>,
    /// Whether some of the records have a name of their own.
    some: bool,
    /// Steps that all clauses share, once the event is known.
    shared: Vec<Type>,
    /// The words of the index and the type of the cells.
    tables: Vec<(Words, Type)>,
    /// The types of what holds from a day on.
    by_day: Vec<Type>,
    /// The unit of the argument and of the result.
    scales: Vec<(Unit, Unit)>,
    /// The clauses before this one: whether each has a line for each record, and whether it has an amount.
    before: Vec<(bool, bool)>,
    /// Those of which something is asked, and whether that is the award.
    asks: Rc<RefCell<Vec<(usize, bool)>>>,
    /// Whether what they came to may be asked here.
    may_ask: bool,
    /// Whether nothing may depend on the evaluation date but what has accrued or fallen due, and no clause takes another's place.
    calm: bool,
}

/// Days around the ends of months, years and windows.
const DAYS: &[(i32, u32, u32)] = &[
    (2024, 1, 1),
    (2023, 12, 31),
    (2024, 2, 29),
    (2023, 2, 28),
    (2023, 3, 1),
    (2024, 6, 15),
    (2022, 1, 30),
    (2022, 1, 31),
    (2025, 6, 30),
    (2021, 10, 7),
    (2026, 12, 31),
    (2020, 2, 29),
    (2027, 1, 1),
];

/// A day from the few that are used.
pub fn day(c: &mut Choices<'_>) -> Day {
    let (year, month, day) = c.of(DAYS);
    Day::of(year, month, day).unwrap()
}

/// A number of hundredths, as people write them in a unit.
pub fn hundredths(unit: Unit, c: &mut Choices<'_>) -> i64 {
    match unit {
        Unit::Yuan => c.of(&[100_000, 0, 500_000, 1_000_000, 3_000_000, 1_250, 33_333]),
        Unit::Months => c.of(&[600, 0, 100, 1_200, 3_600]),
        Unit::Days => c.of(&[100, 0, 3_000, 36_500]),
        Unit::Persons => c.of(&[100, 0, 200, 500, 1_000]),
        Unit::Years => c.of(&[3_000, 2_900, 3_500]),
        Unit::Pure => c.of(&[100, 0, 50, 200, 300, 20]),
        Unit::YuanPerMonth => c.of(&[30_000, 200_000, 10_050]),
        Unit::YuanPerPerson => c.of(&[200_000, 100_000]),
    }
}

const UNITS: &[Unit] = &[Unit::Yuan, Unit::Months, Unit::Persons, Unit::Pure, Unit::Days, Unit::Years];
const WORDS: &[Words] = &[Words::Grade, Words::Colour, Words::First, Words::Second];

/// Any type that can be compared.
fn any_type(c: &mut Choices<'_>) -> Type {
    match c.below(6) {
        0 => Type::Truth,
        1 => Type::Number(c.of(UNITS)),
        2 => Type::Date,
        3 => Type::Word(c.of(WORDS)),
        4 => Type::Number(Unit::Yuan),
        _ => Type::Text,
    }
}

fn figure(unit: Unit, c: &mut Choices<'_>) -> Expr {
    Expr::Figure(Figure { hundredths: hundredths(unit, c), unit })
}

impl Scope {
    /// What a cell, a `let` or a definition sees of it.
    fn outside_records(&self) -> Scope {
        Scope { field: false, ..self.clone() }
    }

    /// An expression of a type.
    fn expr(&self, ty: Type, depth: usize, c: &mut Choices<'_>) -> Expr {
        // Readings stand in every place.
        if c.chance(8) {
            return self.by_reading(ty, c);
        }
        if depth == 0 || c.chance(15) {
            return self.leaf(ty, c);
        }
        let (cond, same) = (Type::Truth, ty);
        match c.below(8) {
            0 => self.leaf(ty, c),
            1 => {
                let condition = self.boxed(cond, depth, c);
                Expr::If(condition, self.boxed(same, depth, c), self.boxed(same, depth, c))
            }
            2 => self.lookup(ty, depth, c),
            _ => match ty {
                Type::Truth => self.truth(depth, c),
                Type::Date => self.date(depth, c),
                Type::Number(unit) => self.number(unit, depth, c),
                Type::Word(_) | Type::Text => self.leaf(ty, c),
            },
        }
    }

    /// Something else under each reading.
    fn by_reading(&self, ty: Type, c: &mut Choices<'_>) -> Expr {
        let reading = c.below(READINGS.len());
        let words = READINGS[reading].1;
        let option = Expr::Word(words, c.below(words.words().len()));
        let taken = Expr::Compare(Comparison::Equal, Box::new(Expr::Reading(reading)), Box::new(option));
        match ty {
            Type::Truth => taken,
            _ => Expr::If(Box::new(taken), Box::new(self.leaf(ty, c)), Box::new(self.leaf(ty, c))),
        }
    }

    fn boxed(&self, ty: Type, depth: usize, c: &mut Choices<'_>) -> Box<Expr> {
        Box::new(self.expr(ty, depth - 1, c))
    }

    /// A fact, a field, a name or a literal.
    fn leaf(&self, ty: Type, c: &mut Choices<'_>) -> Expr {
        let literal = self.literal(ty, c);
        let of = |facts: &[Fact], make: fn(usize) -> Expr| -> Vec<Expr> {
            let fits = |(place, fact): (usize, &Fact)| (fact.ty == ty).then(|| make(place));
            facts.iter().enumerate().filter_map(fits).collect()
        };
        let named = |types: &[Type], make: fn(usize) -> Expr| -> Vec<Expr> {
            types.iter().enumerate().filter(|(_, known)| **known == ty).map(|(place, _)| make(place)).collect()
        };
        let mut all = of(FACTS, Expr::Fact);
        all.extend(self.field.then(|| of(FIELDS, Expr::Field)).into_iter().flatten());
        all.extend(self.each.then(|| of(FIELDS, Expr::EachField)).into_iter().flatten());
        all.extend(self.other.then(|| of(OTHER, Expr::OtherField)).into_iter().flatten());
        all.extend(named(&self.lets, Expr::Let));
        all.extend(named(&self.defines, Expr::Define));
        all.extend(self.event.then(|| named(&self.shared, Expr::Shared)).into_iter().flatten());
        match ty {
            Type::Date => {
                all.extend((!self.calm).then_some(Expr::AsOf));
                all.extend(self.event.then_some(Expr::Event));
                all.extend(self.window.then_some([Expr::WindowFrom, Expr::WindowTo]).into_iter().flatten());
            }
            Type::Word(words) => {
                let reading = READINGS.iter().position(|(_, set)| *set == words);
                all.extend(reading.map(Expr::Reading));
            }
            Type::Number(Unit::Months) if self.accrued => all.extend([Expr::Accrued, Expr::Accrued]),
            _ => {}
        }
        let came_to = self.came_to(ty);
        if !came_to.is_empty() && c.chance(35) {
            let made = c.of(&came_to);
            if let Expr::CameTo { clause, what } = &made {
                self.asks.borrow_mut().push((*clause, *what == What::Awarded));
            }
            return made;
        }
        if all.is_empty() || c.chance(30) { literal } else { c.of(&all) }
    }

    /// What may be asked of earlier clauses.
    fn came_to(&self, ty: Type) -> Vec<Expr> {
        let whats: &[What] = match ty {
            Type::Truth => &[What::Eligible],
            Type::Number(Unit::Yuan) => &[What::Awarded, What::Awarded, What::Entitled],
            _ => &[],
        };
        let places = self.before.iter().enumerate().filter(|_| self.may_ask);
        let fits = places.filter(|(_, (each, amount))| (!each || self.field) && (*amount || ty == Type::Truth));
        fits.flat_map(|(clause, _)| whats.iter().map(move |what| Expr::CameTo { clause, what: *what })).collect()
    }

    fn literal(&self, ty: Type, c: &mut Choices<'_>) -> Expr {
        match ty {
            Type::Truth => Expr::Truth(!c.chance(50)),
            Type::Date if c.chance(10) => Expr::Date(Day::NEVER),
            Type::Date => Expr::Date(day(c)),
            Type::Word(words) => Expr::Word(words, c.below(words.words().len())),
            Type::Text => Expr::Text(c.below(TEXTS.len())),
            Type::Number(unit) => figure(unit, c),
        }
    }

    /// A table's cell or a scale's step, where there is one of the type.
    fn lookup(&self, ty: Type, depth: usize, c: &mut Choices<'_>) -> Expr {
        let tables: Vec<usize> = (0..self.tables.len()).filter(|place| self.tables[*place].1 == ty).collect();
        let by_day: Vec<usize> = (0..self.by_day.len()).filter(|place| self.by_day[*place] == ty).collect();
        if !by_day.is_empty() && c.chance(50) {
            return Expr::OnDay(c.of(&by_day), self.boxed(Type::Date, depth, c));
        }
        let scales: Vec<usize> =
            (0..self.scales.len()).filter(|place| Type::Number(self.scales[*place].1) == ty).collect();
        if !tables.is_empty() && (scales.is_empty() || c.chance(50)) {
            let table = c.of(&tables);
            return Expr::Lookup(table, self.boxed(Type::Word(self.tables[table].0), depth, c));
        }
        if scales.is_empty() {
            return self.leaf(ty, c);
        }
        let scale = c.of(&scales);
        Expr::Scale(scale, self.boxed(Type::Number(self.scales[scale].0), depth, c))
    }

    fn truth(&self, depth: usize, c: &mut Choices<'_>) -> Expr {
        let truth = |c: &mut Choices<'_>| self.boxed(Type::Truth, depth, c);
        match c.below(9) {
            0 => {
                // The program compares two truths and two texts for equality only, words in their order if they have one.
                let ty = any_type(c);
                let ordered = matches!(ty, Type::Number(_) | Type::Date | Type::Word(Words::Grade));
                let comparison = if ordered {
                    use Comparison::{AtLeast, AtMost, Equal, Greater, Less, NotEqual};
                    c.of(&[AtLeast, AtMost, Less, Greater, Equal, NotEqual])
                } else {
                    c.of(&[Comparison::Equal, Comparison::NotEqual])
                };
                Expr::Compare(comparison, self.boxed(ty, depth, c), self.boxed(ty, depth, c))
            }
            1 | 2 => Expr::And(truth(c), truth(c)),
            3 => Expr::Or(truth(c), truth(c)),
            4 => Expr::Not(truth(c)),
            5 if c.chance(15) => Expr::Among { value: self.boxed(Type::Text, depth, c), negated: c.chance(30) },
            5 => {
                let ty = any_type(c);
                let value = self.boxed(ty, depth, c);
                let options = c.several(1, 3, |c| self.expr(ty, depth.saturating_sub(2), c));
                Expr::In { value, options, negated: c.chance(30) }
            }
            6 => Expr::Known(self.boxed(any_type(c), depth, c)),
            _ => {
                let kind = c.of(&[Aggregate::Any, Aggregate::All]);
                self.aggregate(kind, Some(Type::Truth), depth, c)
            }
        }
    }

    fn aggregate(&self, kind: Aggregate, body: Option<Type>, depth: usize, c: &mut Choices<'_>) -> Expr {
        let inner = Scope { field: true, ..self.clone() };
        let body = body.map(|ty| inner.boxed(ty, depth, c));
        let filter = c.maybe(50, |c| inner.boxed(Type::Truth, depth, c));
        let named = self.some && self.event && c.chance(40);
        let only = c.maybe(25, |c| inner.boxed(Type::Truth, depth, c));
        let best = c.maybe(25, |c| (1 + c.below(3), inner.order(c)));
        Expr::Aggregate { kind, of: Records { named, only, best }, body, filter }
    }

    /// What records are put in order by, and whether the highest come first.
    fn order(&self, c: &mut Choices<'_>) -> Vec<(Expr, bool)> {
        let mut keys = c.several(1, 2, |c| {
            let ordered = [Type::Number(Unit::Yuan), Type::Date, Type::Word(Words::Grade), Type::Truth];
            let ty = c.of(&ordered);
            (if c.chance(30) { self.expr(ty, 2, c) } else { self.leaf(ty, c) }, c.chance(60))
        });
        // Behind a word for the order a bracket would be a call.
        let leads = keys[0].1;
        let plain = |key: &Expr| key.write().starts_with(|c: char| c.is_ascii_alphanumeric() && c != '(');
        keys.iter_mut().filter(|(key, _)| !plain(key)).for_each(|(_, highest)| *highest = leads);
        keys
    }

    fn date(&self, depth: usize, c: &mut Choices<'_>) -> Expr {
        let date = |c: &mut Choices<'_>| self.boxed(Type::Date, depth, c);
        match c.below(7) {
            0 | 1 => {
                let months = !c.chance(40);
                let date = date(c);
                let by = self.boxed(Type::Number(if months { Unit::Months } else { Unit::Days }), depth, c);
                Expr::Shift { date, by, months, back: c.chance(40) }
            }
            2 => Expr::Call(Function::MonthStart, vec![*date(c)]),
            3 => Expr::Call(Function::MonthEnd, vec![*date(c)]),
            4 => Expr::Call(Function::PeriodEnd, vec![*date(c), *self.boxed(Type::Number(Unit::Months), depth, c)]),
            5 => {
                let function = c.of(&[Function::Min, Function::Max]);
                Expr::Call(function, c.several(2, 3, |c| *date(c)))
            }
            _ => {
                let kind = c.of(&[Aggregate::Min, Aggregate::Max]);
                self.aggregate(kind, Some(Type::Date), depth, c)
            }
        }
    }

    fn number(&self, unit: Unit, depth: usize, c: &mut Choices<'_>) -> Expr {
        let of = |unit: Unit, c: &mut Choices<'_>| self.boxed(Type::Number(unit), depth, c);
        let times = |a: Unit, b: Unit, c: &mut Choices<'_>| Expr::Arithmetic(Operator::Multiply, of(a, c), of(b, c));
        let own = c.below(11);
        match own {
            0 => Expr::Arithmetic(Operator::Add, of(unit, c), of(unit, c)),
            1 => Expr::Arithmetic(Operator::Subtract, of(unit, c), of(unit, c)),
            2 => times(unit, Unit::Pure, c),
            3 => Expr::Arithmetic(Operator::Divide, of(unit, c), of(Unit::Pure, c)),
            4 => {
                let function = c.of(&[Function::Min, Function::Max]);
                Expr::Call(function, c.several(2, 3, |c| *of(unit, c)))
            }
            5 => {
                let function = c.of(&[Function::Round, Function::Floor, Function::Ceil]);
                let step = if c.chance(10) { *of(unit, c) } else { figure(unit, c) };
                Expr::Call(function, vec![*of(unit, c), step])
            }
            6 => self.aggregate(Aggregate::Sum, Some(Type::Number(unit)), depth, c),
            7 => {
                let kind = c.of(&[Aggregate::Min, Aggregate::Max]);
                self.aggregate(kind, Some(Type::Number(unit)), depth, c)
            }
            8 if c.chance(40) => Expr::Negate(of(unit, c)),
            _ => match unit {
                Unit::Yuan if c.chance(50) => times(Unit::YuanPerPerson, Unit::Persons, c),
                Unit::Yuan => times(Unit::YuanPerMonth, Unit::Months, c),
                Unit::Months => Expr::Call(
                    Function::Months,
                    vec![*self.boxed(Type::Date, depth, c), *self.boxed(Type::Date, depth, c)],
                ),
                Unit::Days => Expr::DaysBetween(self.boxed(Type::Date, depth, c), self.boxed(Type::Date, depth, c)),
                Unit::Persons => self.aggregate(Aggregate::Count, None, depth, c),
                Unit::Years => {
                    let mut arguments = vec![*self.boxed(Type::Date, depth, c), *self.boxed(Type::Date, depth, c)];
                    arguments.extend(c.maybe(30, |c| *self.boxed(Type::Truth, depth, c)));
                    Expr::Call(Function::Age, arguments)
                }
                Unit::Pure if c.chance(50) => Expr::Arithmetic(Operator::Divide, of(Unit::Yuan, c), of(Unit::Yuan, c)),
                Unit::Pure => Expr::Call(
                    c.of(&[Function::Year, Function::Month, Function::Day]),
                    vec![*self.boxed(Type::Date, depth, c)],
                ),
                Unit::YuanPerMonth => Expr::Arithmetic(Operator::Divide, of(Unit::Yuan, c), of(Unit::Months, c)),
                Unit::YuanPerPerson => Expr::Arithmetic(Operator::Divide, of(Unit::Yuan, c), of(Unit::Persons, c)),
            },
        }
    }

    /// A clause: `c` decides on its own amount, `between` on what it has to do with other lines.
    fn clause(&mut self, policy: Window, place: usize, places: usize, numbers: &(Vec<u32>, Vec<u32>)) -> Clause {
        let (c, between) = (&mut Choices::new(&numbers.0), &mut Choices::new(&numbers.1));
        let kinds = [Kind::Grant, Kind::Loan, Kind::Status, Kind::Figure(false), Kind::Figure(true)];
        let kind = *kinds.get(c.below(14).saturating_sub(9)).unwrap_or(&Kind::Grant);
        // What goes only with money that is paid is refused of a figure.
        let paid = !matches!(kind, Kind::Figure(_));
        let category = between.maybe(70, |c| c.below(2)).filter(|_| paid);
        let window = if c.chance(30) { inner_window(policy, c) } else { policy };
        let each = c.chance(if self.calm { 70 } else { 35 });
        let each_of_some = each && self.some && c.chance(30);
        let (defines, shared, some, before) =
            (self.defines.clone(), self.shared.clone(), self.some, self.before.clone());
        *self = Scope { window: true, each, defines, shared, some, before, calm: self.calm, ..Scope::default() };
        let event = c.maybe(40, |c| self.expr(Type::Date, 2, c));
        // Without an event the evaluation date is one.
        let event = event.or_else(|| self.calm.then(|| Expr::Date(day(c))));
        self.event = true;
        self.may_ask = !self.calm;
        let tables = c.several(0, 2, |c| self.table(c));
        let by_day = c.several(0, 1, |c| self.by_day(c));
        let scales = c.several(0, 2, |c| self.scale(c));
        let lets = c.several(0, 3, |c| {
            let ty = if c.chance(50) { any_type(c) } else { Type::Number(Unit::Yuan) };
            let made = self.over_time(ty, 3, c);
            self.lets.push(ty);
            made
        });
        let requires = c.several(0, 2, |c| self.expr(Type::Truth, 3, c));
        let amount = match kind {
            Kind::Status => Amount::None,
            Kind::Figure(_) => Amount::Plain(self.over_time(Type::Number(Unit::Yuan), 4, c)),
            Kind::Grant | Kind::Loan => self.amount(c),
        };
        self.accrued = matches!(amount, Amount::Accrual(..)) && !self.calm;
        let bounded = kind != Kind::Status;
        let at_least = c.maybe(25, |c| self.expr(Type::Number(Unit::Yuan), 2, c)).filter(|_| bounded);
        let at_most = c.maybe(35, |c| self.over_time(Type::Number(Unit::Yuan), 2, c)).filter(|_| bounded);
        self.accrued = false;
        let rounding = c.maybe(30, |c| Rounding {
            to: c.of(&[100, 10, 30, 10_000]),
            direction: c.of(&[Direction::HalfUp, Direction::Down, Direction::Up]),
        });
        let limited = between.chance(if each && self.calm {
            90
        } else if each {
            70
        } else {
            15
        });
        let limits = if limited && paid { between.several(1, 2, |c| self.limit(c)) } else { Vec::new() };
        let instead_of = between.maybe(35, |c| {
            let clause = c.below(places);
            InsteadOf { clause, when: c.maybe(50, |c| self.expr(Type::Truth, 2, c)) }
        });
        // A clause that takes its own place would be gone whenever it is met.
        let instead_of = instead_of.into_iter().filter(|rule| paid && rule.clause != place).collect();
        let rounding = rounding.unwrap_or_default();
        self.before.push((each, kind != Kind::Status));
        let asks = self.asks.take();
        Clause {
            asks,
            kind,
            category,
            window,
            event,
            each,
            each_of_some,
            tables,
            by_day,
            scales,
            lets,
            requires,
            amount,
            at_least,
            at_most,
            rounding,
            limits,
            instead_of,
        }
    }

    /// An expression, or now and then one for each time.
    fn over_time(&self, ty: Type, depth: usize, c: &mut Choices<'_>) -> Expr {
        if !c.chance(20) {
            return self.expr(ty, depth, c);
        }
        Expr::Versions(self.since_days(ty, depth - 1, c))
    }

    fn since_days(&self, ty: Type, depth: usize, c: &mut Choices<'_>) -> Vec<(Day, Expr)> {
        let mut all: Vec<(Day, Expr)> = c.several(1, 3, |c| (day(c), self.expr(ty, depth, c)));
        // Before the first there is no value; a first that is there from the start on leaves more to see.
        if c.chance(60) {
            all.push((Day::of(1900, 1, 1).unwrap(), self.expr(ty, depth, c)));
        }
        all.sort_by_key(|(from, _)| *from);
        all.dedup_by_key(|(from, _)| *from);
        all
    }

    fn by_day(&mut self, c: &mut Choices<'_>) -> Vec<(Day, Expr)> {
        let ty = if c.chance(30) { any_type(c) } else { Type::Number(Unit::Yuan) };
        let values = self.outside_records().since_days(ty, 1, c);
        self.by_day.push(ty);
        values
    }

    fn table(&mut self, c: &mut Choices<'_>) -> Table {
        let index = c.of(WORDS);
        let units = [Unit::Yuan, Unit::YuanPerMonth, Unit::Months, Unit::Pure];
        let ty = match c.below(6) {
            0 => Type::Date,
            1 => Type::Truth,
            _ => Type::Number(c.of(&units)),
        };
        let mut words: Vec<usize> = (0..index.words().len()).collect();
        // A table without a cell for a word has no value there.
        if c.chance(20) {
            words.remove(c.below(words.len()));
        }
        let outside = self.outside_records();
        let cells = words.into_iter().map(|word| (word, outside.expr(ty, c.below(3), c))).collect();
        self.tables.push((index, ty));
        Table { index, cells }
    }

    fn scale(&mut self, c: &mut Choices<'_>) -> Scale {
        let marginal = c.chance(40);
        let (over, value, result) = if marginal {
            c.of(&[
                (Unit::Yuan, Unit::Pure, Unit::Yuan),
                (Unit::Persons, Unit::YuanPerPerson, Unit::Yuan),
                (Unit::Months, Unit::YuanPerMonth, Unit::Yuan),
            ])
        } else {
            c.of(&[
                (Unit::Persons, Unit::Yuan, Unit::Yuan),
                (Unit::Yuan, Unit::Yuan, Unit::Yuan),
                (Unit::Months, Unit::YuanPerMonth, Unit::YuanPerMonth),
                (Unit::Pure, Unit::Pure, Unit::Pure),
            ])
        };
        let outside = self.outside_records();
        let mut steps: Vec<(Figure, Expr)> = c.several(1, 3, |c| {
            let threshold = Figure { hundredths: hundredths(over, c), unit: over };
            (threshold, outside.expr(Type::Number(value), c.below(2), c))
        });
        steps.sort_by_key(|(threshold, _)| threshold.hundredths);
        steps.dedup_by_key(|(threshold, _)| threshold.hundredths);
        self.scales.push((over, result));
        let above = steps.iter().map(|_| !marginal && c.chance(30)).collect();
        Scale { marginal, steps, above }
    }

    fn amount(&mut self, c: &mut Choices<'_>) -> Amount {
        let yuan = Type::Number(Unit::Yuan);
        // What grows shares a limit in another way than what is there at once.
        let own = if self.calm { c.of(&[0, 4, 4, 3]) } else { c.below(5) };
        match own {
            0..=2 => Amount::Plain(self.over_time(yuan, 4, c)),
            3 => {
                let date = |c: &mut Choices<'_>| self.expr(Type::Date, 1, c);
                let rule = Accrual {
                    yearly: c.chance(25),
                    from: date(c),
                    until: c.maybe(50, date),
                    at_most: c.maybe(60, |c| self.expr(Type::Number(Unit::Months), 1, c)),
                    part: c.maybe(40, |c| self.expr(Type::Word(Words::Parts), 1, c)),
                    counts_from: c.maybe(15, date),
                    counts_until: c.maybe(15, date),
                };
                self.accrued = true;
                let amount = if self.calm {
                    let rate = Box::new(figure(Unit::YuanPerMonth, c));
                    Expr::Arithmetic(Operator::Multiply, rate, Box::new(Expr::Accrued))
                } else if c.chance(60) {
                    let rate = Box::new(self.expr(Type::Number(Unit::YuanPerMonth), 2, c));
                    Expr::Arithmetic(Operator::Multiply, rate, Box::new(Expr::Accrued))
                } else {
                    self.expr(yuan, 3, c)
                };
                Amount::Accrual(amount, rule)
            }
            _ => Amount::Installments(c.several(1, 3, |c| {
                let (amount, due) = (self.expr(yuan, 2, c), self.expr(Type::Date, 2, c));
                Installment { amount, due }
            })),
        }
    }

    fn limit(&self, c: &mut Choices<'_>) -> Limit {
        let unit = if c.chance(if self.calm { 70 } else { 50 }) { Unit::Yuan } else { Unit::Pure };
        Limit {
            at_most: if c.chance(40) { self.expr(Type::Number(unit), 2, c) } else { figure(unit, c) },
            per: if c.chance(if self.calm { 20 } else { 50 }) {
                c.several(1, 2, |c| self.expr(any_type(c), 1, c))
            } else {
                Vec::new()
            },
            // Texts have no order.
            order: c.maybe(50, |c| match any_type(c) {
                Type::Text => self.expr(Type::Date, 1, c),
                ordered => self.expr(ordered, 1, c),
            }),
            when: c.maybe(if self.calm { 10 } else { 30 }, |c| self.expr(Type::Truth, 2, c)),
            in_proportion: unit == Unit::Yuan && c.chance(30),
        }
    }
}

fn inner_window(around: Window, c: &mut Choices<'_>) -> Window {
    let (a, b) = (day(c), day(c));
    let window = Window { from: a.min(b).max(around.from), to: a.max(b).min(around.to) };
    if window.from <= window.to { window } else { around }
}

/// What stands in front of the clauses, and what clauses may name of it.
fn head(c: &mut Choices<'_>, calm: bool) -> (Policy, Scope) {
    let from = Day::of(2020, 1, 1).unwrap();
    let to = if c.chance(15) { Day::NEVER } else { Day::of(2026, 12, 31).unwrap() };
    let mut scope = Scope { calm, ..Scope::default() };
    let defines = c.several(0, 2, |c| {
        let ty = any_type(c);
        let made = scope.expr(ty, 2, c);
        scope.defines.push(ty);
        made
    });
    let in_window = Scope { window: true, ..scope.clone() };
    let triggers_until = c.maybe(20, |c| in_window.expr(Type::Date, 2, c));
    let payable_until = c.maybe(15, |c| in_window.expr(Type::Date, 2, c)).filter(|_| !calm);
    let overlap = c.maybe(60, |c| Overlap {
        counts: c.maybe(50, |c| Scope { other: true, ..scope.clone() }.expr(Type::Truth, 2, c)),
        method: c.maybe(40, |c| scope.expr(Type::Word(Words::Method), 1, c)),
        by_installment: c.maybe(60, |c| scope.expr(Type::Truth, 1, c)),
    });
    let highest_only =
        c.maybe(40, |c| HighestOnly { clauses: Vec::new(), when: c.maybe(50, |c| scope.expr(Type::Truth, 2, c)) });
    let window = Window { from, to };
    let mut in_clause = Scope { window: true, event: true, ..scope };
    let some = c.maybe(50, |c| Scope { field: true, ..in_clause.clone() }.expr(Type::Truth, 2, c));
    in_clause.some = some.is_some();
    let shared = c.several(0, 2, |c| {
        let ty = if c.chance(60) { Type::Number(Unit::Yuan) } else { any_type(c) };
        let made = in_clause.over_time(ty, 3, c);
        in_clause.shared.push(ty);
        made
    });
    let (limits, clauses) = (Vec::new(), Vec::new());
    let policy =
        Policy { window, triggers_until, payable_until, defines, some, shared, overlap, highest_only, limits, clauses };
    (policy, in_clause)
}

/// Leaves out links without a condition that close a circle: such a policy is refused.
fn open_circles(clauses: &mut [Clause]) {
    let always = |clause: &Clause| -> Vec<usize> {
        clause.instead_of.iter().filter(|rule| rule.when.is_none()).map(|rule| rule.clause).collect()
    };
    for place in 0..clauses.len() {
        let (mut reached, mut waiting) = (Vec::new(), always(&clauses[place]));
        while let Some(at) = waiting.pop() {
            if !reached.contains(&at) {
                reached.push(at);
                waiting.extend(always(&clauses[at]));
            }
        }
        if reached.contains(&place) {
            clauses[place].instead_of.retain(|rule| rule.when.is_some());
        }
    }
}

/// A policy: one list of numbers for what stands in front, and two for each clause.
pub fn policy(front: &[u32], clauses: &[(Vec<u32>, Vec<u32>)]) -> Policy {
    made(front, clauses, false)
}

/// One without displacement, last day of payment and conditions on the evaluation date: what it awards can only grow.
pub fn calm(front: &[u32], clauses: &[(Vec<u32>, Vec<u32>)]) -> Policy {
    made(front, clauses, true)
}

/// A limit over several clauses that pay; who is worked out record by record may name the record, where all are.
fn over_clauses(policy: &Policy, scope: &Scope, c: &mut Choices<'_>) -> Option<OverClauses> {
    let pays = |clause: &Clause| matches!(clause.kind, Kind::Grant | Kind::Loan);
    let mut clauses: Vec<usize> = (0..policy.clauses.len()).filter(|place| pays(&policy.clauses[*place])).collect();
    if c.chance(30) {
        clauses.reverse();
    }
    clauses.truncate(2 + c.below(2));
    let each = clauses.iter().all(|place| policy.clauses[*place].each);
    let scope = Scope { each, some: policy.some.is_some(), ..scope.clone() };
    (clauses.len() > 1).then(|| OverClauses { limit: scope.limit(c), clauses })
}

fn made(front: &[u32], clauses: &[(Vec<u32>, Vec<u32>)], calm: bool) -> Policy {
    let c = &mut Choices::new(front);
    let (mut policy, mut scope) = head(c, calm);
    let in_all = scope.clone();
    for (place, numbers) in clauses.iter().enumerate() {
        let clause = scope.clause(policy.window, place, clauses.len(), numbers);
        policy.clauses.push(clause);
    }
    // One clause is compared with nothing.
    policy.highest_only = policy.highest_only.filter(|_| clauses.len() > 1);
    if let Some(rule) = &mut policy.highest_only {
        rule.clauses = (0..2).collect();
    }
    // Nothing takes the place of a figure, and none is the highest.
    let is_figure: Vec<bool> = policy.clauses.iter().map(Clause::is_figure).collect();
    policy.highest_only = policy.highest_only.filter(|rule| !rule.clauses.iter().any(|place| is_figure[*place]));
    for clause in &mut policy.clauses {
        clause.instead_of.retain(|rule| !is_figure[rule.clause]);
    }
    open_circles(&mut policy.clauses);
    if c.chance(60) {
        policy.limits = c.several(1, 2, |c| over_clauses(&policy, &in_all, c)).into_iter().flatten().collect();
    }
    untie(&mut policy);
    policy
}

/// Takes apart what would have a clause hang on what it comes to itself: who asks for an award takes nothing from that clause, nor from
/// those that it hangs on.
fn untie(policy: &mut Policy) {
    for place in 0..policy.clauses.len() {
        if !policy.clauses[place].asks.is_empty() && hangs_on_itself(policy, place) {
            policy.clauses[place].category = None;
        }
        if !policy.clauses[place].asks.is_empty() && hangs_on_itself(policy, place) {
            policy.clauses[place].instead_of.clear();
            policy.clauses.iter_mut().for_each(|other| other.instead_of.retain(|rule| rule.clause != place));
        }
        if !policy.clauses[place].asks.is_empty() && hangs_on_itself(policy, place) {
            policy.highest_only = None;
        }
        if !policy.clauses[place].asks.is_empty() && hangs_on_itself(policy, place) {
            policy.limits.clear();
        }
    }
}

fn hangs_on_itself(policy: &Policy, place: usize) -> bool {
    let clauses = &policy.clauses;
    let tied = |one: usize, other: usize| {
        let category = clauses[one].category.filter(|_| policy.overlap.is_some());
        one == other
            || (category.is_some() && category == clauses[other].category)
            || clauses[one].instead_of.iter().any(|rule| rule.clause == other)
            || clauses[other].instead_of.iter().any(|rule| rule.clause == one)
            || policy.highest_only.iter().any(|rule| rule.clauses.contains(&one) && rule.clauses.contains(&other))
            || policy.limits.iter().any(|rule| rule.clauses.contains(&one) && rule.clauses.contains(&other))
    };
    // What a clause comes to by its own words hangs on what it asks for, and an award on all that are tied.
    let (mut reached, mut waiting) = (Vec::new(), clauses[place].asks.clone());
    while let Some((at, award)) = waiting.pop() {
        if !reached.contains(&(at, award)) {
            reached.push((at, award));
            if award {
                waiting.extend((0..clauses.len()).filter(|other| tied(at, *other)).map(|other| (other, true)));
                waiting.push((at, false));
            } else {
                waiting.extend(&clauses[at].asks);
            }
        }
    }
    reached.contains(&(place, false))
}
