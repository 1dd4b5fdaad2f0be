//! A new name for a thing, in every file that names it. What the policy would not bear is refused before anything is changed.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use crate::lang::Lang;
use crate::lsp::definition::{everywhere, site};
use crate::lsp::files::{Content, Files};
use crate::lsp::index::{Sort, Thing};
use crate::policy::read;
use crate::source::Source;

fn words(lang: Lang, zh: &str, en: &str) -> String {
    if lang == Lang::Zh { zh.to_owned() } else { en.to_owned() }
}

/// Whether what stands at a position has a name that can be changed, and where it stands.
pub(super) fn prepare(files: &mut Files<'_>, path: &str, position: &Value, lang: Lang) -> Result<Value, String> {
    let Some((doc, known, site)) = site(files, path, position) else { return Ok(Value::Null) };
    if !known.things.contains_key(&site.thing) {
        return Err(words(lang, "这个名称由程序规定，不能改", "this name is the program's own and stays as it is"));
    }
    let range = doc.lines.range(&doc.source.text, &site.range, files.bytes);
    Ok(json!({ "range": range, "placeholder": site.thing.name }))
}

/// The edits that give what stands at a position a new name.
pub(super) fn rename(
    files: &mut Files<'_>,
    path: &str,
    position: &Value,
    name: &str,
    lang: Lang,
) -> Result<Value, String> {
    let Some((doc, known, site)) = site(files, path, position) else {
        return Err(words(lang, "这里没有可改的名称", "there is no name here"));
    };
    let thing = site.thing;
    if !known.things.contains_key(&thing) {
        return Err(words(lang, "这个名称由程序规定，不能改", "this name is the program's own and stays as it is"));
    }
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let fits = match thing.sort {
        Sort::Clause => !name.is_empty() && !name.contains(['"', '\\', '#', '/', '\n']),
        Sort::Unit => !name.is_empty() && name.chars().all(|c| c == '%' || (!c.is_ascii() && c.is_alphabetic())),
        _ => name.starts_with(|c: char| c.is_ascii_lowercase()) && name.chars().all(plain),
    };
    if !fits {
        return Err(match thing.sort {
            Sort::Clause => words(lang, "条款编号不能含引号、# 和 /", "a clause's id has no quotes, `#` or `/`"),
            Sort::Unit => words(lang, "单位只用汉字", "a unit is written in 汉字 alone"),
            _ => words(lang, "名称用小写英文字母、数字和 `_`", "a name has lower-case ASCII letters, digits and `_`"),
        });
    }
    let taken = Thing::new(thing.sort, &thing.owner, name);
    if known.things.contains_key(&taken) {
        return Err(words(
            lang,
            &format!("`{name}` 已另有所指"),
            &format!("`{name}` stands for something else already"),
        ));
    }
    let found = everywhere(files, &doc, &thing, &known);
    let mut changes = Map::new();
    let mut texts: Vec<(String, String)> = Vec::new();
    for (other, sites) in &found {
        let mut text = other.source.text.clone();
        let mut edits = Vec::new();
        for site in sites.iter().rev() {
            // `19.2` as a key is quoted already; a plain key stays one.
            let quoted = needs_quotes(name) && is_plain_key(&text, site.range.start);
            let new = if quoted { format!("\"{name}\"") } else { name.to_owned() };
            let range = other.lines.range(&other.source.text, &site.range, files.bytes);
            edits.push(json!({ "range": range, "newText": new }));
            text.replace_range(site.range.clone(), &new);
        }
        edits.reverse();
        changes.insert(files.uri(&other.path), Value::Array(edits));
        texts.push((other.path.clone(), text));
    }
    verify(files, &texts, lang)?;
    Ok(json!({ "changes": changes }))
}

fn needs_quotes(name: &str) -> bool {
    !name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-')
}

fn is_plain_key(text: &str, at: usize) -> bool {
    let before = text.get(..at).and_then(|before| before.chars().next_back());
    before.is_none_or(|before| matches!(before, '\n' | '.' | '[' | ' ' | '{'))
        && text
            .get(at..)
            .is_some_and(|rest| rest.split(['\n', '"']).next().is_some_and(|line| line.contains(['=', ']'])))
}

/// A policy that could be read must be readable under its new names, and its cases must name nothing that is gone.
fn verify(files: &mut Files<'_>, texts: &[(String, String)], lang: Lang) -> Result<(), String> {
    let new = |path: &str| texts.iter().find(|(known, _)| known == path).map(|(_, text)| text.clone());
    let mut policies: Vec<String> = Vec::new();
    for (path, _) in texts {
        let Some(doc) = files.doc(path) else { continue };
        policies.extend(files.policy_of(&doc));
        if doc.content() == Content::Vocabulary {
            policies.extend(files.users(path));
        }
    }
    policies.sort();
    policies.dedup();
    for path in policies {
        let Some(doc) = files.doc(&path) else { continue };
        if files.policy(&path, None).is_none_or(|held| held.policy.is_none()) {
            return Err(words(
                lang,
                &format!("{path} 有错误，改名前请先改正"),
                &format!("{path} has errors; mend them before anything is renamed"),
            ));
        }
        let vocabularies: Vec<(String, String)> = files
            .vocabularies(&doc)
            .iter()
            .map(|doc| (doc.path.clone(), new(&doc.path).unwrap_or_else(|| doc.source.text.clone())))
            .collect();
        let find = |name: &str| {
            let is_it = |path: &str| path == format!("{name}.toml") || path.ends_with(&format!("/{name}.toml"));
            let found = vocabularies.iter().find(|(path, _)| is_it(path));
            found.map(|(path, text)| Source::new(path.as_str(), text.as_str()))
        };
        let text = new(&path).unwrap_or_else(|| doc.source.text.clone());
        let source: Arc<Source> = Source::new(path.as_str(), text);
        let (_, faults) = read(&source, &find);
        if let Some(fault) = faults.first() {
            return Err(words(
                lang,
                &format!("改名后政策不能使用，未予改动：\n{}", fault.render(lang)),
                &format!("the policy could not be used under that name; nothing is changed:\n{}", fault.render(lang)),
            ));
        }
    }
    Ok(())
}
