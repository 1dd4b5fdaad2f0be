//! The parts of what a line is awarded: who bears how much of it, or how much of it is of which calendar year.

use crate::allot::{self, Portion};
use crate::assess::model::{Amounts, FactName};
use crate::assess::world::World;
use crate::clause::{Clause, Part, Parts, PartsOf, YEAR};
use crate::expr::program::Node;
use crate::lang::Text;
use crate::value::{Day, Interval, Number};

/// How what a line is awarded is divided into parts that add up to it, whatever limits leave of it later.
#[derive(Clone, Debug, PartialEq)]
pub struct Division {
    /// By what: an enum's id, or `year`.
    pub by: FactName,
    /// The parts in order, and what each takes.
    pub parts: Vec<(FactName, Portion)>,
    /// Whether what was paid filled the earlier parts first; otherwise it is divided as the whole is.
    pub in_turn: bool,
    /// The smallest amount that is paid.
    pub step: Number,
}

/// What a part comes to.
#[derive(Clone, Debug, PartialEq)]
pub struct PartSum {
    /// Its word, or its year.
    pub name: FactName,
    /// Of what is awarded.
    pub awarded: Interval,
    /// Of what is due now.
    pub due: Interval,
}

/// Sums over lines that are divided alike.
#[derive(Clone, Debug)]
pub struct PartSums {
    /// By what.
    pub by: FactName,
    /// The parts.
    pub parts: Vec<PartSum>,
}

impl Division {
    /// The parts of a line's amounts.
    pub fn of(&self, amounts: &Amounts) -> Vec<PartSum> {
        let portions: Vec<Portion> = self.parts.iter().map(|(_, portion)| *portion).collect();
        let awarded = allot::parts(amounts.awarded, &portions, self.step);
        let paid = match self.in_turn {
            true => allot::in_turn(amounts.paid, &awarded),
            false => allot::parts(Interval::point(amounts.paid), &portions, self.step),
        };
        let due = allot::left(&awarded, &paid, amounts.due, self.step);
        let sums = self.parts.iter().zip(awarded).zip(due);
        sums.map(|(((name, _), awarded), due)| PartSum { name: name.clone(), awarded, due }).collect()
    }
}

/// Adds the parts of a line to sums.
pub fn add(sums: &mut Vec<PartSums>, divisions: &[Division], amounts: &Amounts) {
    for division in divisions {
        extend(sums, std::iter::once(PartSums { by: division.by.clone(), parts: division.of(amounts) }));
    }
}

/// Adds sums to sums; parts keep the order in which they came, years theirs.
pub fn extend(sums: &mut Vec<PartSums>, more: impl IntoIterator<Item = PartSums>) {
    for more in more {
        let Some(own) = sums.iter_mut().find(|own| own.by == more.by) else {
            sums.push(more);
            continue;
        };
        for part in more.parts {
            let plus = |a: Interval, b: Interval| a.plus(b).unwrap_or(Interval::ANY);
            match own.parts.iter_mut().find(|own| own.name == part.name) {
                Some(own) => (own.awarded, own.due) = (plus(own.awarded, part.awarded), plus(own.due, part.due)),
                None => own.parts.push(part),
            }
        }
        if more.by.name == YEAR {
            own.parts.sort_by(|a, b| a.name.name.cmp(&b.name.name));
        }
    }
}

impl World<'_> {
    /// How a line of a clause is divided, and what to know where that cannot be said.
    pub(super) fn divisions(&self, clause: &Clause, record: Option<usize>) -> (Vec<Division>, Vec<Text>) {
        let (mut divisions, mut notes) = (Vec::new(), Vec::new());
        for rule in &clause.parts {
            let Some((parts, in_turn)) = self.portions(rule, clause, record) else {
                notes.push(Text::new("起止日期未定，未按年划分", "not divided by year: its days are open"));
                continue;
            };
            let by = FactName { name: rule.by.clone(), label: rule.label.clone() };
            divisions.push(Division { by, parts, in_turn, step: self.policy.names.money.coin });
        }
        (divisions, notes)
    }

    fn portions(
        &self,
        rule: &Parts,
        clause: &Clause,
        record: Option<usize>,
    ) -> Option<(Vec<(FactName, Portion)>, bool)> {
        let mut context = self.context();
        context.enter(self.local(clause, record));
        match &rule.of {
            PartsOf::Words(parts) => {
                let mut portion = |part: &Part| {
                    let mut of =
                        |node: &Option<Node>| node.as_ref().map(|node| node.quantity(&mut context).floor_at_zero());
                    let portion = Portion { share: of(&part.share), at_most: of(&part.at_most), rest: part.rest };
                    (FactName { name: part.word.clone(), label: part.label.clone() }, portion)
                };
                Some((parts.iter().map(&mut portion).collect(), false))
            }
            PartsOf::Years(span, monthly) => {
                let from = span.0.date(&mut context).as_point()?;
                let until = span.1.date(&mut context).as_point()?;
                let years = years(from, until, *monthly)?;
                let all = Number::whole(years.iter().map(|(_, weight)| weight).sum());
                let portion = |(year, weight): &(i64, i64)| {
                    let share = Interval::point(Number::whole(*weight).divide(all)?);
                    let label = Text::made(format!("{year}年"), year.to_string());
                    let name = FactName { name: year.to_string(), label };
                    Some((name, Portion { share: Some(share), at_most: None, rest: false }))
                };
                Some((years.iter().map(portion).collect::<Option<_>>()?, true))
            }
        }
    }
}

/// The calendar years of a span, both ends included, with its days in each, or the calendar months that it touches.
fn years(from: Day, until: Day, monthly: bool) -> Option<Vec<(i64, i64)>> {
    let ((first, ..), (last, ..)) = (from.parts()?, until.parts()?);
    let mut years = Vec::new();
    for year in first..=last {
        let begin = Day::of(i32::try_from(year).ok()?, 1, 1)?.max(from);
        let end = Day::of(i32::try_from(year).ok()?, 12, 31)?.min(until);
        let weight = match monthly {
            true => end.parts()?.1 - begin.parts()?.1 + 1,
            false => end.number()? - begin.number()? + 1,
        };
        years.push((year, weight));
    }
    (from <= until && !years.is_empty()).then_some(years)
}

/// The parts of sums, with what no part takes: lines that are not divided.
pub fn with_the_rest(parts: &PartSums, (awarded, due): (Interval, Interval)) -> PartSums {
    let rest = |total: Interval, of: fn(&PartSum) -> Interval| {
        let sum = Interval::sum(parts.parts.iter().map(of)).unwrap_or(Interval::ANY);
        let left = total.minus(sum).unwrap_or(Interval::ANY).floor_at_zero();
        if total == sum { Interval::ZERO } else { left }
    };
    let (awarded, due) = (rest(awarded, |part| part.awarded), rest(due, |part| part.due));
    let mut with = parts.clone();
    if (awarded, due) != (Interval::ZERO, Interval::ZERO) {
        let name = FactName { name: String::new(), label: Text::new("未划分", "not divided") };
        with.parts.push(PartSum { name, awarded, due });
    }
    with
}
