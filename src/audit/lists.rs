//! Lists and ranges of figures: what one member says for the others.

use std::ops::Range;

use crate::audit::dates;
use crate::audit::figure::{Amount, Figure, SHARE};
use crate::audit::numeral::{Signs, numeral};
use crate::audit::reader::{Item, Kind, unit_at};
use crate::value::Number;

/// What joins two members of a list or the ends of a range.
pub(super) fn joiner(signs: &Signs, between: Range<usize>) -> Option<char> {
    let text = signs.text(between);
    let mut rest = text.chars().filter(|c| *c != ' ');
    match (rest.next(), rest.next()) {
        (Some(c @ ('、' | '或' | '和' | '及' | '与' | '-' | '~' | '至' | '到' | '/')), None) => Some(c),
        (Some('-'), Some('-')) if rest.next().is_none() => Some('-'),
        _ => None,
    }
}

/// Members of a list have the unit of the next that has one, and the times of the one before: `20、10人`, `每月3000元、2500元`.
pub(super) fn inherit(signs: &Signs, items: &mut [Item]) {
    for at in (1..items.len()).rev() {
        let (head, tail) = items.split_at_mut(at);
        let (Some(item), Some(next)) = (head.last_mut(), tail.first()) else { continue };
        let Kind::Bare(bare) = &item.kind else { continue };
        if joiner(signs, item.range.end..next.range.start).is_none() {
            continue;
        }
        match &next.kind {
            Kind::Figure(Figure::Amount(amount)) => {
                let whole =
                    bare.factor == Number::ONE && next.factor != Number::ONE && bare.number < Number::whole(100);
                let by = if whole { next.factor } else { Number::ONE };
                let written = amount.unit.as_deref().unwrap_or("");
                // The unit as it is written behind the next: 2、3年 are years.
                let unit = unit_of(signs, next).unwrap_or(written);
                if let (Some(number), Figure::Amount(own)) =
                    (bare.number.multiply(by), Figure::amount(Number::ONE, unit))
                {
                    let number = number.multiply(own.number).unwrap_or(number);
                    let figure =
                        Amount { number, unit: amount.unit.clone(), per: amount.per.clone(), around: Vec::new() };
                    (item.kind, item.factor) = (Kind::Figure(Figure::Amount(figure)), by);
                    item.lent = lent(signs, next, whole);
                }
            }
            Kind::Figure(Figure::Year(_)) if bare.plain => {
                if let Some(year) = bare.number.to_i64().and_then(|year| i32::try_from(year).ok()) {
                    item.kind = Kind::Figure(Figure::Year(year));
                    item.lent = lent(signs, next, false);
                }
            }
            _ => {}
        }
    }
    for at in 1..items.len() {
        let unit = items.get(at).and_then(|item| match &item.lent {
            Some((unit, _)) => Some(unit.clone()),
            None => unit_of(signs, item).map(str::to_owned),
        });
        let (head, tail) = items.split_at_mut(at);
        let (Some(Item { kind: Kind::Figure(first), range, .. }), Some(next)) = (head.last(), tail.first_mut()) else {
            continue;
        };
        // 2024年1—6月
        if let (Figure::Year(year), true) = (first, range.end == next.range.start) {
            let (from, lent) = (Figure::Month(*year, 1), next.lent.is_some());
            if let Kind::Figure(second) = &mut next.kind
                && let Some(figure) = dates::in_year_of(&from, second, unit.as_deref().filter(|_| lent))
            {
                *second = figure;
                head.last_mut().into_iter().for_each(|item| item.kind = Kind::Name);
            }
            continue;
        }
        let Some(sign) = joiner(signs, range.end..next.range.start) else { continue };
        // 百分之五到十
        if let (Figure::Amount(share), Kind::Bare(bare)) = (first, &next.kind)
            && signs.text(range.clone()).starts_with("百分之")
            && share.per.is_empty()
        {
            next.kind = Kind::Figure(Figure::amount(bare.number, SHARE));
            continue;
        }
        let Kind::Figure(second) = &mut next.kind else { continue };
        match (first, second) {
            (Figure::Amount(first), Figure::Amount(second)) if second.per.is_empty() && first.unit == second.unit => {
                second.per.clone_from(&first.per);
            }
            (first, second) if matches!(sign, '至' | '到' | '-' | '~') => {
                if let Some(figure) = dates::in_year_of(first, second, unit.as_deref()) {
                    *second = figure;
                }
            }
            _ => {}
        }
    }
}

/// The unit that an item is written with.
fn unit_of(signs: &Signs, item: &Item) -> Option<&'static str> {
    let found = numeral(signs, item.range.start)?;
    unit_at(signs, found.end).map(|(unit, _)| unit)
}

/// What the member before takes from an item: its unit as it is written, with its 万 where that is meant too; and where that ends.
fn lent(signs: &Signs, item: &Item, with_factor: bool) -> Option<(String, usize)> {
    let is_factor = |c: char| matches!(c, '百' | '千' | '万' | '亿' | ' ');
    if let Some((unit, end)) = &item.lent {
        let unit = if with_factor { unit.as_str() } else { unit.trim_start_matches(is_factor) };
        return Some((unit.to_owned(), *end));
    }
    let number = numeral(signs, item.range.start)?.end;
    let factors = (item.range.start..number).rev().take_while(|at| is_factor(signs.get(*at))).count();
    let from = if with_factor { number - factors } else { number };
    let end = item.range.end;
    Some((signs.text(from..end).trim().to_owned(), end))
}
