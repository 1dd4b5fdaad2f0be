//! Parts that stand in clauses and in the rules over the whole policy: a window, a condition, a clause's id.

use super::{EMPTY_WINDOW, UNKNOWN_CLAUSE};
use crate::clause::Condition;
use crate::diagnostic::{Diagnostic, did_you_mean};
use crate::document::{Item, Raw, wrong_kind};
use crate::expr::check::{Scope, Wanted};
use crate::expr::names::Names;
use crate::expr::types::Type;
use crate::keys::Keys;
use crate::lang::Text;
use crate::policy::declare::expression;
use crate::policy::keys;
use crate::value::DayRange;

/// `{ from = DATE, to = DATE }`, inside the window around it.
pub(in crate::policy) fn window(item: Option<&Item>, around: DayRange, diagnostics: &mut Vec<Diagnostic>) -> DayRange {
    let mut window = around;
    let Some(item) = item else { return window };
    let Some(table) = item.table(diagnostics) else { return window };
    table.only(&keys::WINDOW.names(), diagnostics);
    if let Some(day) = table.get("from").and_then(|item| item.day(diagnostics)) {
        window.lo = window.lo.max(day);
    }
    if let Some(day) = table.get("to").and_then(|item| item.day(diagnostics)) {
        window.hi = window.hi.min(day);
    }
    if window.lo > window.hi {
        let label = Text::new(
            "起日晚于止日，或不在政策有效期内",
            "it ends before it begins, or lies outside the policy's window",
        );
        diagnostics.push(EMPTY_WINDOW.at(item.span.clone(), label));
        return around;
    }
    window
}

/// `{ test, zh, en }`
pub(in crate::policy) fn condition(
    item: &Item,
    keys: &Keys,
    names: &Names,
    scope: &Scope,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Condition> {
    let Raw::Table(table) = &item.value else {
        let wanted = Text::new("条件 { test, zh, en }", "a condition { test, zh, en }");
        wrong_kind(item, &wanted, diagnostics);
        return None;
    };
    table.only(&keys.names(), diagnostics);
    let text = table.own_words(diagnostics);
    let test = table.need("test", diagnostics)?;
    let test = expression(test, names, scope, &Wanted::Exactly(Type::Bool), diagnostics);
    Some(Condition { test: test?, text: text? })
}

/// The place of the clause that a string names.
pub(in crate::policy) fn clause_place(item: &Item, ids: &[String], diagnostics: &mut Vec<Diagnostic>) -> Option<usize> {
    let name = item.text(diagnostics)?;
    let found = ids.iter().position(|id| id == name);
    if found.is_none() {
        let help = did_you_mean(name, ids.iter().map(String::as_str));
        diagnostics.push(UNKNOWN_CLAUSE.at(item.span.clone(), Text::default()).help(help));
    }
    found
}
