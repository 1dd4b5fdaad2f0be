//! Rules over the whole policy: `[[consistent]]`, `[overlap]`, `[[highest_only]]`; and `[[accepted]]`.

use crate::clause::Clause;
use crate::diagnostic::Diagnostic;
use crate::document::{Item, Table};
use crate::expr::check::{Scope, Wanted};
use crate::expr::names::Names;
use crate::expr::types::Type;
use crate::lang::Text;
use crate::policy::clauses::{BAD_LIMIT, NAMED_TWICE, NOT_OF_FIGURES, clause_place, condition, each};
use crate::policy::declare::expression;
use crate::policy::{Accepted, Consistent, HighestOnly, Overlap, identity, keys};
use crate::source::visible;

fn items(document: &Table, key: &str, diagnostics: &mut Vec<Diagnostic>) -> Vec<Item> {
    document.get(key).and_then(|item| item.array(diagnostics)).unwrap_or_default().to_vec()
}

/// `[[consistent]]`
pub(super) fn consistent(document: &Table, names: &Names, diagnostics: &mut Vec<Diagnostic>) -> Vec<Consistent> {
    let mut rules = Vec::new();
    for item in items(document, "consistent", diagnostics) {
        let Some(table) = item.table(diagnostics) else { continue };
        let (each_item, pairs_item) = (table.get("each"), table.get("pairs"));
        let found = match (each_item, pairs_item) {
            (None, None) => Some((None, None)),
            (Some(item), None) => each(item, names, diagnostics).map(|each| (Some(each), None)),
            (None, Some(item)) => {
                identity::pairs(item, names, diagnostics).map(|(each, other)| (Some(each), Some(other)))
            }
            (Some(_), Some(item)) => {
                let label = Text::new("`each` 与 `pairs` 只写一个", "`each` or `pairs`, not both");
                diagnostics.push(identity::BAD_PAIRS.at(item.span.clone(), label));
                None
            }
        };
        // Every field of the record would only repeat the fault.
        let Some((each, other)) = found else { continue };
        if let (None, Some(item)) = (&other, table.get("next_by")) {
            let label = Text::new("`next_by` 只与 `pairs` 并用", "`next_by` goes with `pairs`");
            diagnostics.push(identity::BAD_PAIRS.at(item.span.clone(), label));
        }
        let list = each.as_ref().map(|each| each.list);
        let pairs = match (list, &other) {
            (Some(list), Some(_)) => identity::next_by(table.get("next_by"), list, names, diagnostics),
            _ => None,
        };
        let scope = Scope {
            each: each.as_ref().map(|each| (each.name.clone(), each.list)),
            beside: other.zip(list).map(|(other, list)| (Some(other), list)),
            ..Scope::default()
        };
        let condition = condition(&item, &keys::CONSISTENT, names, &scope, diagnostics);
        rules.extend(condition.map(|condition| Consistent { condition, each, pairs }));
    }
    rules
}

/// `[overlap]`, over the other benefits at these places.
pub(super) fn overlap(
    document: &Table,
    names: &Names,
    (input, list): (usize, usize),
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Overlap> {
    let table = document.get("overlap")?.table(diagnostics)?;
    table.only(&keys::OVERLAP.names(), diagnostics);
    let cite = table.need_text("cite", diagnostics).map(|cite| visible(cite).into_owned());
    let title = table.need_words("title", diagnostics);
    let outside = Scope::default();
    let record = Scope { each: Some(("other".to_owned(), list)), ..Scope::default() };
    let mut of = |key: &str, scope: &Scope, ty: Type| {
        let item = table.get(key)?;
        expression(item, names, scope, &Wanted::Exactly(ty), diagnostics)
    };
    let counts = of("counts", &record, Type::Bool);
    let method = names.enum_places.get("overlap_method").and_then(|&place| of("method", &outside, Type::Enum(place)));
    let by_installment = of("by_installment", &outside, Type::Bool);
    Some(Overlap { cite: cite?, title: title?, input, list, counts, method, by_installment })
}

/// `[[highest_only]]`
pub(super) fn highest_only(
    document: &Table,
    names: &Names,
    all: &[Clause],
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<HighestOnly> {
    let ids: Vec<String> = all.iter().map(|clause| clause.id.clone()).collect();
    let mut rules = Vec::new();
    for item in items(document, "highest_only", diagnostics) {
        let Some(table) = item.table(diagnostics) else { continue };
        table.only(&keys::HIGHEST_ONLY.names(), diagnostics);
        let text = table.own_words(diagnostics);
        let cite = table.need_text("cite", diagnostics).map(|cite| visible(cite).into_owned());
        let named = table.need("clauses", diagnostics).and_then(|item| item.array(diagnostics)).unwrap_or_default();
        let mut clauses = Vec::new();
        for item in named {
            let Some(place) = clause_place(item, &ids, diagnostics) else { continue };
            if all.get(place).is_some_and(Clause::is_limited_across) {
                let label = Text::new(
                    "此条款有涉及全部申请人的限额，留下多少要看全部申请人，不能与别的条款比高低",
                    "this clause has a limit over all applicants; what that leaves is not seen from one of them, so it cannot be compared",
                );
                let help = Text::new(
                    "把它移出 `highest_only`，或去掉该限额",
                    "take it out of `highest_only`, or leave that limit out",
                );
                diagnostics.push(BAD_LIMIT.at(item.span.clone(), label).help(help));
            }
            if all.get(place).is_some_and(Clause::is_figure) {
                let help = Text::new("把它移出 `highest_only`", "take it out of `highest_only`");
                diagnostics.push(NOT_OF_FIGURES.at(item.span.clone(), Text::default()).help(help));
            }
            if clauses.contains(&place) {
                let label = Text::new("前面已经写过", "it is named before");
                diagnostics.push(NAMED_TWICE.at(item.span.clone(), label));
            }
            clauses.push(place);
        }
        if let ([_], Some(item)) = (named, table.get("clauses")) {
            let label = Text::new("至少要有两个条款可比", "two clauses at least are compared");
            diagnostics.push(BAD_LIMIT.at(item.span.clone(), label));
        }
        let when = table
            .get("when")
            .and_then(|item| expression(item, names, &Scope::default(), &Wanted::Exactly(Type::Bool), diagnostics));
        if let (Some(text), Some(cite)) = (text, cite) {
            rules.push(HighestOnly { clauses, when, cite, text });
        }
    }
    rules
}

/// `[[accepted]]`: whether there is such a check, and such a finding, is told by the checks.
pub(super) fn accepted(document: &Table, diagnostics: &mut Vec<Diagnostic>) -> Vec<Accepted> {
    let mut all = Vec::new();
    for item in items(document, "accepted", diagnostics) {
        let Some(table) = item.table(diagnostics) else { continue };
        table.only(&keys::ACCEPTED.names(), diagnostics);
        let check = table.need_text("check", diagnostics).map(str::to_owned);
        let of = table.need("of", diagnostics).map(|item| item.texts(diagnostics)).unwrap_or_default();
        let because = table.own_words(diagnostics);
        let (Some(check), Some(because)) = (check, because) else { continue };
        let one = |(of, span)| Accepted { check: check.clone(), of, because: because.clone(), span };
        all.extend(of.into_iter().map(one));
    }
    all
}
