//! Words that stand in one language only.

use std::collections::HashSet;

use crate::check::{Check, place};
use crate::diagnostic::{Code, Diagnostic};
use crate::document::{Item, Raw, Table};
use crate::lang::Text;
use crate::policy::Policy;
use crate::source::Span;

pub(super) static CHECK: Check = Check {
    code: Code::warning("one-language", "只有一种语言", "words stand in one language only"),
    page: Text::new(
        "`zh` 里没有汉字而与 `en` 相同（漏译），`zh` 或 `en` 是空的，或 `en` 里夹着汉字（计量单位和书名号内的原名除外）。\
         两种语言都要写全：每份输出都可能用其中任何一种。",
        "`zh` is the same Latin text as `en` (not translated), one of the two is empty, or there is Chinese in `en` (units, and names in \
         《…》 or “…”, are no fault). Both must be complete: every output can be asked for in either language.",
    ),
    bad: r#"
[facts.highest]
type  = "degree"
label = { zh = "Highest degree", en = "Highest degree" }

[[clauses]]
id            = "1"
cite          = "第一条"
title         = { zh = "安家补贴", en = "Settling 补贴" }
for           = "person"
table.support = { bachelor = "1万元", master = "2万元", doctor = "5万元" }
amount        = "support[highest]"
"#,
    good: r#"
[facts.highest]
type  = "degree"
label = { zh = "最高学位", en = "Highest degree" }

[[clauses]]
id            = "1"
cite          = "第一条"
title         = { zh = "安家补贴", en = "Settling allowance" }
for           = "person"
table.support = { bachelor = "1万元", master = "2万元", doctor = "5万元" }
amount        = "support[highest]"
"#,
    find,
};

fn find(policy: &Policy) -> Vec<Diagnostic> {
    let units: HashSet<char> =
        policy.names.units.keys().flat_map(|word| word.chars()).chain(['万', '亿']).filter(|c| is_han(*c)).collect();
    let mut found = Vec::new();
    for entry in policy.document.entries() {
        below(&entry.item, &units, &mut Vec::new(), &mut |span, label, path| {
            let help = Text::new("两种语言都写全", "write both languages out");
            let of_clause = policy
                .clauses
                .iter()
                .filter(|clause| place::clause(policy, clause).is_some_and(|own| path.contains(&&own.span.range)));
            let about = of_clause.map(|clause| clause.id.as_str()).next().unwrap_or(&entry.key);
            found.push(CHECK.code.at(span, label).help(help).about(about));
        });
    }
    found
}

type Path<'t> = Vec<&'t std::ops::Range<usize>>;

/// Every pair of words below an item; `path` holds where the tables around it stand.
fn below<'t>(item: &'t Item, units: &HashSet<char>, path: &mut Path<'t>, tell: &mut dyn FnMut(Span, Text, &Path<'t>)) {
    match &item.value {
        Raw::Array(items) => items.iter().for_each(|item| below(item, units, path, tell)),
        Raw::Table(table) => {
            path.push(&table.span.range);
            if let Some((span, label)) = fault(table, units) {
                tell(span, label, path);
            }
            table.entries().iter().for_each(|entry| below(&entry.item, units, path, tell));
            path.pop();
        }
        _ => {}
    }
}

/// What is wrong with a table's own words, if it has some.
fn fault(table: &Table, units: &HashSet<char>) -> Option<(Span, Text)> {
    let text = |key: &str| match table.get(key) {
        Some(Item { value: Raw::Text(text), span }) => Some((text, span.clone())),
        _ => None,
    };
    let ((zh, zh_span), (en, en_span)) = (text("zh")?, text("en")?);
    if zh.trim().is_empty() {
        return Some((zh_span, Text::new("中文是空的", "the Chinese is empty")));
    }
    if en.trim().is_empty() {
        return Some((en_span, Text::new("英文是空的", "the English is empty")));
    }
    let words = |text: &str| text.chars().any(char::is_alphabetic);
    if zh == en && words(zh) {
        return Some((zh_span, Text::new("两种语言相同", "both languages say the same")));
    }
    if !zh.chars().any(is_han) && words(zh) {
        return Some((zh_span, Text::new("没有汉字", "there is no Chinese in it")));
    }
    let foreign: String = without_document_numbers(en).chars().filter(|c| is_han(*c) && !units.contains(c)).collect();
    (!foreign.is_empty()).then(|| {
        let label = Text::made(format!("英文里有“{foreign}”"), format!("the English has “{foreign}”"));
        (en_span, label)
    })
}

/// The text without what stands in 《…》 or “…”, and without numbers of documents such as 甘政办发〔2021〕23号: they have no
/// English.
fn without_document_numbers(text: &str) -> String {
    let (mut kept, mut quoted, mut number) = (String::new(), 0usize, false);
    for c in text.chars() {
        match c {
            '《' | '“' | '「' => quoted += 1,
            '》' | '”' | '」' => quoted = quoted.saturating_sub(1),
            '"' => quoted = if quoted == 0 { 1 } else { quoted - 1 },
            '〔' => {
                let name = kept.trim_end_matches(is_han).len();
                kept.truncate(name);
                number = true;
            }
            '号' if number => number = false,
            _ if quoted == 0 && !number => kept.push(c),
            _ => {}
        }
    }
    kept
}

fn is_han(c: char) -> bool {
    matches!(c, '\u{4e00}'..='\u{9fff}' | '\u{3400}'..='\u{4dbf}')
}
