//! What stands at a place: a declared thing, a function, a key; and the page of a fault that is told there.

use serde_json::{Value, json};

use crate::cases;
use crate::document::Raw;
use crate::expr::function::Builtin;
use crate::lang::Lang;
use crate::lsp::definition::{everywhere, site};
use crate::lsp::files::{Content, Doc, Files};
use crate::lsp::index::{Declared, Sort, Thing};
use crate::lsp::{completion, cursor, diagnostics};
use crate::report::working;

/// A clause worked out for each record has as many lines as there are; of more than these nobody reads all.
const MOST_LINES: usize = 10;

/// Markdown about a position.
pub(super) fn at(files: &mut Files<'_>, path: &str, position: &Value, lang: Lang) -> Value {
    let Some(doc) = files.doc(path) else { return Value::Null };
    let at = doc.lines.offset(&doc.source.text, position, files.bytes);
    let mut parts: Vec<String> = Vec::new();
    let mut range = None;
    if let Some((_, known, site)) = site(files, path, position) {
        if let Some(declared) = known.things.get(&site.thing) {
            parts.push(page(&site.thing, declared, lang));
            if let Some(uses) = uses(files, &doc, &site.thing, &known, lang) {
                parts.push(uses);
            }
        }
        parts.extend(came(files, &doc, at, &site.thing, lang));
        range = Some(site.range);
    }
    if parts.is_empty() {
        parts.extend(word(&doc, at, lang));
    }
    for fault in diagnostics::of(files, &doc, false) {
        let here = fault
            .labels
            .first()
            .is_some_and(|(span, _)| span.source.name == doc.path && span.range.start <= at && at <= span.range.end);
        if here && let Some(page) = files.host.page(fault.code.name, lang) {
            parts.push(format!("```text\n{}\n```", page.trim_end()));
            break;
        }
    }
    if parts.is_empty() {
        return Value::Null;
    }
    let mut answer = json!({ "contents": { "kind": "markdown", "value": parts.join("\n\n") } });
    if let (Some(range), Some(answer)) = (range, answer.as_object_mut()) {
        answer.insert("range".to_owned(), doc.lines.range(&doc.source.text, &range, files.bytes));
    }
    answer
}

/// What a thing is, in words.
pub(super) fn sort(thing: &Thing, lang: Lang) -> String {
    let (zh, en) = match thing.sort {
        Sort::Input => ("事实或参数", "fact or parameter"),
        Sort::Field => ("字段", "field"),
        Sort::Reading => ("读法", "reading"),
        Sort::Choice => ("读法选项", "option"),
        Sort::Enum => ("一组选项", "enum"),
        Sort::Word => ("选项", "word"),
        Sort::Unit => ("单位", "unit"),
        Sort::Define => ("定义", "definition"),
        Sort::Applicant => ("申请人类别", "kind of applicant"),
        Sort::Category => ("用途类别", "category"),
        Sort::Clause => ("条款", "clause"),
        Sort::Local => ("条款中的名称", "name in a clause"),
    };
    let word = if lang == Lang::Zh { zh } else { en };
    if thing.owner.is_empty() { word.to_owned() } else { format!("{word}, `{}`", thing.owner) }
}

fn page(thing: &Thing, declared: &Declared, lang: Lang) -> String {
    let mut lines = vec![format!("**`{}`** {}", thing.name, declared.label.get(lang)).trim_end().to_owned()];
    let mut facts = vec![sort(thing, lang)];
    for part in [&declared.ty, &declared.unit, &declared.bounds] {
        if !part.is_empty() {
            facts.push(format!("`{part}`"));
        }
    }
    lines.push(facts.join(" · "));
    if let Some(ask) = &declared.ask {
        lines.push(format!("> {}", ask.get(lang)));
    }
    if !declared.written.is_empty() {
        lines.push(format!("```toml\n{}\n```", declared.written));
    }
    lines.join("\n\n")
}

/// What a clause comes to in the case around a position, as a breakdown tells it.
fn came(files: &mut Files<'_>, doc: &Doc, at: usize, thing: &Thing, lang: Lang) -> Option<String> {
    if thing.sort != Sort::Clause || doc.content() != Content::Cases {
        return None;
    }
    let Some(Raw::Array(cases)) = doc.table.get("cases").map(|item| &item.value) else { return None };
    let place = cases.iter().rposition(|case| case.span.range.start <= at)?;
    let path = files.policy_of(doc)?;
    let held = files.policy(&path, None)?;
    let ran = cases::File::read(&doc.source).run_one(place, held.policy.as_ref()?, None)?;
    let lines = ran.lines.iter().filter(|line| line.clause == thing.name).take(MOST_LINES);
    let told: Vec<String> = lines.map(|line| working(line, lang)).collect();
    (!told.is_empty()).then(|| format!("```text\n{}\n```", told.join("\n\n")))
}

fn uses(
    files: &mut Files<'_>,
    doc: &Doc,
    thing: &Thing,
    known: &crate::lsp::index::Known,
    lang: Lang,
) -> Option<String> {
    // Units and words stand everywhere.
    if matches!(thing.sort, Sort::Unit | Sort::Enum | Sort::Applicant | Sort::Category) {
        return None;
    }
    let found = everywhere(files, doc, thing, known);
    let places: usize = found.iter().map(|(_, sites)| sites.iter().filter(|site| !site.declares).count()).sum();
    let count = found.len();
    Some(match lang {
        Lang::Zh => format!("用到 {places} 处，{count} 个文件"),
        Lang::En => format!("named in {places} places, {count} files"),
    })
}

/// A function, or a key.
fn word(doc: &Doc, at: usize, lang: Lang) -> Option<String> {
    let text = &doc.source.text;
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let rest = text.get(at..)?;
    let end = at + rest.find(|c| !is_name(c)).unwrap_or(rest.len());
    let before = text.get(..at)?;
    let start = before
        .rfind(|c| !is_name(c))
        .map_or(0, |place| place + before.get(place..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8));
    let word = text.get(start..end).filter(|word| !word.is_empty())?;
    let cursor = cursor::at(text, start);
    if cursor.comment {
        return None;
    }
    if cursor.string.is_some() {
        let function = Builtin::EVERY.iter().map(|builtin| builtin.function()).find(|known| known.name == word)?;
        return Some(format!("`{}`\n\n{}", function.usage, function.page.get(lang)));
    }
    let key = completion::keys_at(doc, &cursor.path).into_iter().find(|key| key.name == word)?;
    Some(format!("**`{word}`** {}", key.about.get(lang)))
}
