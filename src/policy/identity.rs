//! What makes a record of a list the same thing: `unique_by`, `identity` and `no_overlap` of a list.

use std::collections::HashSet;

use crate::clause::{Clause, Each};
use crate::diagnostic::{Code, Diagnostic, codes, did_you_mean};
use crate::document::{Entry, Item, Table};
use crate::expr::check::{Scope, Wanted, compile};
use crate::expr::names::{List, Names};
use crate::expr::program::{Node, Op};
use crate::expr::snippet::Snippet;
use crate::expr::types::Type;
use crate::lang::Text;
use crate::policy::declare::{check_name, expression};
use crate::policy::keys;
use crate::policy::{Identity, NoOverlap, Pairs, Policy, walk};

codes! {
    static BAD_IDENTITY: Code = Code::new("bad-identity", "名单的同一性写法不对", "the list's identity is not written like this");
    pub(super) static BAD_PAIRS: Code = Code::new("bad-pairs", "`pairs` 写法不对", "`pairs` is not written like this");
}

/// What the lists of these files say of their records.
pub(super) fn read(files: &[&Table], names: &Names, diagnostics: &mut Vec<Diagnostic>) -> Vec<Identity> {
    let mut all = Vec::new();
    for file in files {
        let Some(facts) = file.get("facts").and_then(|item| item.table(diagnostics)) else { continue };
        for entry in facts.entries() {
            all.extend(one(entry, names, diagnostics));
        }
    }
    all
}

/// For each list that says what makes its records the same, and each kind of applicant, the first clause that looks at it.
pub(super) fn claimed_by(policy: &Policy) -> Vec<Vec<Option<usize>>> {
    if policy.identities.is_empty() {
        return Vec::new();
    }
    let lists_of = |clause: &Clause| {
        let mut lists: HashSet<usize> = clause.each.iter().map(|each| each.input).collect();
        walk::each(policy, clause.expressions(), &mut |node| {
            if let Op::Aggregate(over) = &node.op {
                lists.insert(over.input);
            }
        });
        lists
    };
    let lists: Vec<HashSet<usize>> = policy.clauses.iter().map(lists_of).collect();
    let first = |input: usize, kind: usize| {
        let mut clauses = policy.clauses.iter().zip(&lists);
        clauses.position(|(clause, lists)| clause.is_for(Some(kind)) && lists.contains(&input))
    };
    let kinds = 0..policy.names.applicant_kinds.len();
    policy.identities.iter().map(|identity| kinds.clone().map(|kind| first(identity.input, kind)).collect()).collect()
}

fn one(entry: &Entry, names: &Names, diagnostics: &mut Vec<Diagnostic>) -> Option<Identity> {
    let table = entry.item.table(&mut Vec::new())?;
    let (unique, number, apart) = (table.get("unique_by"), table.get("identity"), table.get("no_overlap"));
    if unique.is_none() && number.is_none() && apart.is_none() {
        return None;
    }
    let place = names.lists.iter().position(|list| list.name == entry.key)?;
    let list = names.lists.get(place)?;
    let scope = Scope { beside: Some((None, place)), ..Scope::default() };
    let mut unique_by = unique.map_or_else(Vec::new, |item| several(item, names, &scope, diagnostics));
    let number = number.and_then(|item| told_apart(item, list, diagnostics));
    if let Some((name, number)) = number {
        list.seen.insert(number);
        if unique_by.is_empty() {
            // Without more the name alone says which.
            let item = table.get("label_by")?;
            unique_by.extend(expression(item, names, &scope, &Wanted::Anything, diagnostics));
        } else if !unique_by.iter().any(|node| matches!(node.op, Op::Field(0, field) if field == name)) {
            let label = Text::new(
                "`unique_by` 须含名称字段（label_by），`identity` 才能区分同名者",
                "`identity` tells apart those of one name, so `unique_by` must have the field that names a record (label_by)",
            );
            diagnostics.push(BAD_IDENTITY.at(table.get("identity")?.span.clone(), label));
        }
    }
    let no_overlap = apart.and_then(|item| no_overlap(item, names, &scope, diagnostics));
    Some(Identity { input: list.input, list: place, unique_by, number, no_overlap, claimed_by: Vec::new() })
}

fn several(item: &Item, names: &Names, scope: &Scope, diagnostics: &mut Vec<Diagnostic>) -> Vec<Node> {
    let mut nodes = Vec::new();
    for (text, span) in item.texts(diagnostics) {
        nodes.extend(compile(&Snippet::new(&text, span), names, scope, &Wanted::Anything, diagnostics));
    }
    nodes
}

/// The field that names a record, and the one that tells apart those of one name.
fn told_apart(item: &Item, list: &List, diagnostics: &mut Vec<Diagnostic>) -> Option<(usize, usize)> {
    let name = item.text(diagnostics)?;
    let Some(found) = list.fields.iter().position(|field| field.name == name) else {
        let help = did_you_mean(name, list.fields.iter().map(|field| field.name.as_str()));
        let label = Text::new("名单没有这个字段", "the list has no such field");
        diagnostics.push(BAD_IDENTITY.at(item.span.clone(), label).help(help));
        return None;
    };
    let Some(label_by) = list.label_by.filter(|label_by| *label_by != found) else {
        let label = Text::new(
            "须另有名称字段（label_by），`identity` 用来区分同名者",
            "it tells apart those of one name, so another field must name a record (label_by)",
        );
        diagnostics.push(BAD_IDENTITY.at(item.span.clone(), label));
        return None;
    };
    Some((label_by, found))
}

fn no_overlap(item: &Item, names: &Names, scope: &Scope, diagnostics: &mut Vec<Diagnostic>) -> Option<NoOverlap> {
    let table = item.table(diagnostics)?;
    table.only(&keys::NO_OVERLAP.names(), diagnostics);
    let mut date = |key: &str| {
        let item = table.need(key, diagnostics)?;
        expression(item, names, scope, &Wanted::Exactly(Type::Date), diagnostics)
    };
    let (from, until) = (date("from"), date("until"));
    let within = table.get("within").map_or_else(Vec::new, |item| several(item, names, scope, diagnostics));
    Some(NoOverlap { from: from?, until: until?, within })
}

/// `pairs = "classes as one, another"`: the record and its name, and the name of the one beside it.
pub(super) fn pairs(item: &Item, names: &Names, diagnostics: &mut Vec<Diagnostic>) -> Option<(Each, String)> {
    let text = item.text(diagnostics)?;
    let words: Vec<&str> = text.split([' ', ',', '，']).filter(|word| !word.is_empty()).collect();
    let [name, "as", one, other] = words.as_slice() else {
        let help = Text::new("写作 \"classes as one, another\"", "write it as \"classes as one, another\"");
        diagnostics.push(BAD_PAIRS.at(item.span.clone(), Text::default()).help(help));
        return None;
    };
    for word in [one, other] {
        check_name(word, &item.span, diagnostics);
    }
    if one == other {
        let label = Text::new("两条记录须用两个名称", "two records need two names");
        diagnostics.push(BAD_PAIRS.at(item.span.clone(), label));
        return None;
    }
    let Some((list, found)) = names.lists.iter().enumerate().find(|(_, known)| known.name == *name) else {
        let help = did_you_mean(name, names.lists.iter().map(|list| list.name.as_str()));
        let label = Text::new("没有这份名单", "there is no such list");
        diagnostics.push(BAD_PAIRS.at(item.span.clone(), label).help(help));
        return None;
    };
    Some((Each { name: (*one).to_owned(), list, input: found.input }, (*other).to_owned()))
}

/// `next_by`, in terms of one record.
pub(super) fn next_by(
    item: Option<&Item>,
    list: usize,
    names: &Names,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Pairs> {
    let Some(item) = item else { return Some(Pairs::All) };
    let scope = Scope { beside: Some((None, list)), ..Scope::default() };
    expression(item, names, &scope, &Wanted::Anything, diagnostics).map(|node| Pairs::Next(Box::new(node)))
}
