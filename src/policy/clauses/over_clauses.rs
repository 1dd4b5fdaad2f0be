//! `[[limits]]`: one limit over several clauses. Each of them reads it in its own terms, as it reads a limit of its own.

use std::ops::Range;

use super::{BAD_LIMIT, NAMED_TWICE, NOT_OF_FIGURES, clause_place};
use crate::clause::{Clause, Limit, Pool};
use crate::diagnostic::Diagnostic;
use crate::document::{Item, Table};
use crate::expr::names::Names;
use crate::keys::Key;
use crate::lang::Text;
use crate::policy::{OverClauses, keys};
use crate::source::visible;

/// One of them, and where it stands.
pub(super) struct Over<'t> {
    pub item: &'t Item,
    pub rule: OverClauses,
}

/// The keys of such a limit.
pub(super) fn keys() -> Vec<&'static str> {
    keys::OVER_CLAUSES.keys.iter().chain(keys::LIMIT.keys).map(|key: &Key| key.name).collect()
}

/// All of a policy; `ids` are those of its clauses.
pub(super) fn read<'t>(document: &'t Table, ids: &[String], diagnostics: &mut Vec<Diagnostic>) -> Vec<Over<'t>> {
    let items = document.get("limits").and_then(|item| item.array(diagnostics)).unwrap_or_default();
    items.iter().filter_map(|item| Some(Over { item, rule: rule(item, ids, diagnostics)? })).collect()
}

fn rule(item: &Item, ids: &[String], diagnostics: &mut Vec<Diagnostic>) -> Option<OverClauses> {
    let table = item.table(diagnostics)?;
    let cite = table.need_text("cite", diagnostics).map(|cite| visible(cite).into_owned());
    let item = table.need("clauses", diagnostics)?;
    let mut clauses: Vec<usize> = Vec::new();
    let named = item.array(diagnostics).unwrap_or_default();
    for item in named {
        let Some(place) = clause_place(item, ids, diagnostics) else { continue };
        if clauses.contains(&place) {
            diagnostics.push(NAMED_TWICE.at(item.span.clone(), Text::new("前面已经写过", "it is named before")));
        }
        clauses.push(place);
    }
    if named.len() < 2 {
        let label = Text::new("至少要有两个条款", "two clauses at least share a limit");
        let help = Text::new("只限一个条款的，写进它的 `limits`", "a limit of one clause stands in its own `limits`");
        diagnostics.push(BAD_LIMIT.at(item.span.clone(), label).help(help));
    }
    let text = table.own_words(diagnostics)?;
    let applicants = table.get("across").is_some();
    Some(OverClauses { clauses, cite: cite?, text, across: applicants })
}

/// Of what was found from `before` on, while a clause read such a limit, leaves what no other clause found in it, and says of its
/// expressions in which clause that was.
pub(super) fn tell_once(item: &Item, clause: &str, before: usize, diagnostics: &mut Vec<Diagnostic>) {
    let found = diagnostics.split_off(before);
    for one in found {
        let place = |one: &Diagnostic| one.labels.first().map(|(span, _)| (one.code.name, span.range.clone()));
        if diagnostics.iter().any(|known| place(known) == place(&one)) {
            continue;
        }
        let values = item.table(&mut Vec::new()).map_or(&[][..], Table::entries).iter().map(|entry| &entry.item.span);
        let inside = |all: &Range<usize>, one: &Range<usize>| all.start <= one.start && one.end <= all.end;
        let is_value = place(&one).is_some_and(|(_, range)| values.into_iter().any(|all| inside(&all.range, &range)));
        diagnostics.push(one.help(is_value.then(|| {
            Text::made(
                format!("此处按条款 {clause} 读；所列各条款都要读得通"),
                format!("this is as clause {clause} reads it; it must hold in every clause that is named"),
            )
        })));
    }
}

/// Says what the clauses of a limit do not agree on, and which of them cannot have part in it.
pub(super) fn check(over: &[Over<'_>], clauses: &[Clause], names: &Names, diagnostics: &mut Vec<Diagnostic>) {
    for (number, Over { item, rule }) in over.iter().enumerate() {
        let named = item.table(&mut Vec::new()).and_then(|table| table.get("clauses"));
        let named = named.and_then(|item| item.array(&mut Vec::new())).unwrap_or_default();
        let mut first: Option<(&Clause, &Limit)> = None;
        for (place, item) in rule.clauses.iter().zip(named) {
            let Some(clause) = clauses.get(*place) else { continue };
            if clause.is_figure() {
                let help = Text::new("把它移出 `[[limits]]`", "take it out of `[[limits]]`");
                diagnostics.push(NOT_OF_FIGURES.at(item.span.clone(), Text::default()).help(help));
                continue;
            }
            let own = clause.limits.iter().find(|limit| limit.pool == Pool::Over(number));
            let Some(own) = own else { continue };
            let pays = clause.amount.as_ref().map(|amount| amount.ty == names.money.ty());
            if own.money && !pays.unwrap_or(!clause.installments.is_empty()) {
                let money = &names.money.word;
                let label = Text::made(
                    format!("此条款不以{money}计，不占这笔限额"),
                    format!("this clause pays no {money}, and takes nothing of this limit"),
                );
                let help = Text::new("把它移出 `clauses`", "take it out of `clauses`");
                diagnostics.push(BAD_LIMIT.at(item.span.clone(), label).help(help));
            }
            let Some((one, other)) = first else {
                first = Some((clause, own));
                continue;
            };
            for (a, b) in other.expressions().zip(own.expressions()).filter(|(a, b)| a.ty != b.ty) {
                let label = Text::made(
                    format!("在条款 {} 与 {} 中不是同一种值", one.id, clause.id),
                    format!("this is not the same kind of value in clauses {} and {}", one.id, clause.id),
                );
                let help = Text::new(
                    "各条款取同一类值才能一起分；可在各条款用同名的 `let` 取同一种值",
                    "what is shared must be of one kind; a `let` of one name in each clause can give it",
                );
                let same = |known: &Diagnostic| {
                    known.labels.first().is_some_and(|(span, _)| span.range == a.span.range && known.code == &BAD_LIMIT)
                };
                if !diagnostics.iter().any(same) {
                    diagnostics.push(BAD_LIMIT.at(b.span.clone(), label).help(help));
                }
            }
        }
    }
}
