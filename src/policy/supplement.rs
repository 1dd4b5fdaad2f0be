//! Supplements: policy files with `supplements = "<id>"`. They give parameters values, add clauses, or revise one.

use std::borrow::Cow;
use std::sync::Arc;

use crate::diagnostic::{Code, Diagnostic, codes, did_you_mean};
use crate::document::{Item, Raw, Table, parse};
use crate::expr::names::{Input, Names, Origin};
use crate::expr::types::Type;
use crate::lang::Text;
use crate::policy::given::given;
use crate::policy::{Policy, keys, versions};
use crate::source::{Source, Span};

codes! {
    static NO_SUPPLEMENT: Code =
        Code::new("not-a-supplement", "这不是该政策的补充文件", "this does not supplement that policy");
    static UNKNOWN_PARAMETER: Code = Code::new("unknown-parameter", "没有这个参数", "there is no such parameter");
    static REVISED_TWICE: Code =
        Code::new("revised-twice", "同一处被补充两次", "two supplements say the same thing");
    static UNKNOWN_REVISED: Code = Code::new("unknown-clause", "没有这个条款", "there is no such clause");
}

/// A supplement, as the breakdown names it.
#[derive(Clone, Debug)]
pub struct Supplement {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: Text,
    /// Whether its figures are invented, to show how supplements work.
    pub invented: bool,
}

/// A supplement that was parsed.
pub(super) struct Parsed {
    pub document: Table,
    pub head: Supplement,
}

/// The id of the policy that a document supplements, if it is a supplement.
pub fn supplements(document: &Table) -> Option<(String, Span)> {
    let Raw::Table(head) = &document.get("policy")?.value else { return None };
    let item = head.get("supplements")?;
    match &item.value {
        Raw::Text(id) => Some((id.clone(), item.span.clone())),
        _ => None,
    }
}

/// Parses a supplement of the policy with this id.
pub(super) fn read(source: &Arc<Source>, policy: &str, diagnostics: &mut Vec<Diagnostic>) -> Option<Parsed> {
    let document = parse(source, diagnostics)?;
    document.only(&keys::SUPPLEMENT_DOCUMENT.names(), diagnostics);
    let Some((of, span)) = supplements(&document) else {
        let label = Text::new("[policy] 中应写 `supplements`", "`supplements` is wanted in [policy]");
        diagnostics.push(NO_SUPPLEMENT.at(document.head(), label));
        return None;
    };
    if of != policy {
        let label = Text::made(format!("政策是 `{policy}`"), format!("the policy is `{policy}`"));
        diagnostics.push(NO_SUPPLEMENT.at(span, label));
        return None;
    }
    let head = document.get("policy")?.table(diagnostics)?;
    head.only(&keys::SUPPLEMENT.names(), diagnostics);
    let id = head.need_text("id", diagnostics).map(str::to_owned);
    let title = head.need_words("title", diagnostics);
    let invented = head.get("invented").and_then(|item| item.bool(diagnostics)).unwrap_or(false);
    let head = Supplement { id: id?, title: title?, invented };
    Some(Parsed { document, head })
}

/// How a supplement gives a parameter its value, with the lines to write.
pub fn how_to_supplement(policy: &Policy, input: &Input) -> [Text; 3] {
    let value = match (&input.ty, input.measure(&policy.names)) {
        (Type::Quantity(_), Some(measure)) => format!("\"…{}\"", measure.name.zh),
        (Type::Date, _) => "2025-01-01".to_owned(),
        (Type::Bool, _) => "true".to_owned(),
        _ => "\"…\"".to_owned(),
    };
    let head = "[policy] id = \"…\", title = { zh = \"…\", en = \"…\" }";
    [
        Text::new(
            "由补充文件给出，与政策一并以 `--policy` 加载；补充文件写两段：",
            "a supplement gives it, loaded beside the policy with `--policy`; it has two parts:",
        ),
        Text::same(format!("{head}, supplements = \"{}\"", policy.id)),
        Text::same(format!("[parameters.{}] value = {value}, written_in = \"《…》第…条\"", input.name)),
    ]
}

/// `[parameters.station_grant]`: a value, the day from which it holds, and where it is written.
pub(super) fn values(supplement: &Parsed, names: &mut Names, diagnostics: &mut Vec<Diagnostic>) {
    let entries = supplement.document.get("parameters").and_then(|item| item.table(diagnostics)).cloned();
    for entry in entries.iter().flat_map(Table::entries) {
        let place = names.input(&entry.key);
        let known = place.and_then(|place| names.inputs.get(place));
        let Some(input) = known.filter(|input| matches!(input.origin, Origin::Parameter(_))) else {
            let known = names.inputs.iter().filter(|input| matches!(input.origin, Origin::Parameter(_)));
            let help = did_you_mean(&entry.key, known.map(|input| input.name.as_str()));
            diagnostics.push(UNKNOWN_PARAMETER.at(entry.key_span.clone(), Text::default()).help(help));
            continue;
        };
        let Some(table) = entry.item.table(diagnostics) else { continue };
        table.only(&keys::PARAMETER_VALUE.names(), diagnostics);
        let value = table.need("value", diagnostics).and_then(|item| given(item, input, names, diagnostics));
        let from = table.get("from").map(|item| versions::since(item, diagnostics));
        let written_in = table.need_text("written_in", diagnostics).map(str::to_owned);
        let (Some(place), Some(value), Some(written_in)) = (place, value, written_in) else { continue };
        let taken = match from {
            Some(Some(since)) => {
                versions::add(names, place, since, (value, &entry.item.span), Some(written_in)).is_some()
            }
            Some(None) => continue,
            // A value without a day holds before all others.
            None => names.inputs.get_mut(place).is_some_and(|slot| {
                slot.absent = value;
                slot.written_in.replace(written_in).is_some()
            }),
        };
        if taken {
            let label = Text::made(
                format!("`{}` 自同一天起已另有一个值", entry.key),
                format!("`{}` has another value from the same day on", entry.key),
            );
            let help = Text::new(
                "只加载其中一份，或用 `from` 写明各自从哪天起",
                "load only one of the two, or say in `from` from which day each holds",
            );
            diagnostics.push(REVISED_TWICE.at(entry.key_span.clone(), label).help(help));
        }
    }
}

/// The policy's clauses with those of the supplements: added behind them, or in the place of the one they revise. For each,
/// the place of the supplement that it comes from.
pub(super) fn clauses<'t>(
    own: &'t [Item],
    supplements: &'t [Parsed],
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<(Cow<'t, Item>, Option<usize>)> {
    let mut all: Vec<(Cow<'t, Item>, Option<usize>)> = own.iter().map(|item| (Cow::Borrowed(item), None)).collect();
    let mut revisions: Vec<(String, Span)> = Vec::new();
    for (place, supplement) in supplements.iter().enumerate() {
        let items = supplement.document.get("clauses").and_then(|item| item.array(diagnostics)).unwrap_or_default();
        for item in items {
            let Raw::Table(table) = &item.value else {
                all.push((Cow::Borrowed(item), Some(place)));
                continue;
            };
            let plain =
                Cow::Owned(Item { value: Raw::Table(table.without(&keys::REVISION.names())), span: item.span.clone() });
            let Some(revised) = table.get("revises") else {
                all.push((plain, Some(place)));
                continue;
            };
            let Some(id) = revised.text(diagnostics) else { continue };
            // A clause that was revised may have another id by now.
            if let Some((_, first)) = revisions.iter().find(|(known, _)| known == id) {
                let label = Text::made(format!("条款 {id} 已被修订过"), format!("clause {id} is revised already"));
                let help = Text::new(
                    "只加载其中一份，或把两处修订合成一条",
                    "load only one of the two, or make one clause of both revisions",
                );
                let first: &Span = first;
                diagnostics.push(
                    REVISED_TWICE
                        .at(revised.span.clone(), label)
                        .and(first.clone(), Text::new("先修订的", "the first revision"))
                        .help(help),
                );
                continue;
            }
            revisions.push((id.to_owned(), revised.span.clone()));
            match all.iter_mut().find(|(known, _)| id_of(known) == Some(id)) {
                Some(slot) => *slot = (plain, Some(place)),
                None => {
                    let known = own.iter().filter_map(id_of);
                    let help = did_you_mean(id, known);
                    diagnostics.push(UNKNOWN_REVISED.at(revised.span.clone(), Text::default()).help(help));
                }
            }
        }
    }
    all
}

fn id_of(item: &Item) -> Option<&str> {
    let Raw::Table(table) = &item.value else { return None };
    match &table.get("id")?.value {
        Raw::Text(id) => Some(id),
        _ => None,
    }
}
