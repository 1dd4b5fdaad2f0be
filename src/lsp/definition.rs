//! Where a thing is declared, and where it is named.

use std::collections::BTreeMap;
use std::ops::Range;
use std::rc::Rc;

use serde_json::{Value, json};

use crate::lsp::files::{Content, Doc, Files};
use crate::lsp::index::{Known, Site, Sort, Thing, inside};

/// What is named at a position.
pub(super) fn site(files: &mut Files<'_>, path: &str, position: &Value) -> Option<(Rc<Doc>, Rc<Known>, Site)> {
    let doc = files.doc(path)?;
    let at = doc.lines.offset(&doc.source.text, position, files.bytes);
    let (known, index) = files.index(&doc);
    let here = index.sites.iter().filter(|site| site.range.start <= at && at <= site.range.end);
    // The shortest: a unit inside a figure, a name inside a key.
    let site = here.min_by_key(|site| site.range.len())?.clone();
    Some((doc, known, site))
}

fn location(files: &mut Files<'_>, path: &str, range: &Range<usize>) -> Option<Value> {
    let doc = files.doc(path)?;
    let range = doc.lines.range(&doc.source.text, range, files.bytes);
    Some(json!({ "uri": files.uri(path), "range": range }))
}

/// The declaration of what is named at a position.
pub(super) fn definition(files: &mut Files<'_>, path: &str, position: &Value) -> Value {
    let found = site(files, path, position).and_then(|(_, known, site)| {
        let declared = known.things.get(&site.thing)?;
        let range = inside(&declared.source, &declared.range);
        location(files, &declared.source.name, &range)
    });
    found.unwrap_or(Value::Null)
}

/// Every file that can name what a file declares or names.
pub(super) fn around(files: &mut Files<'_>, doc: &Doc, thing: &Thing, known: &Known) -> Vec<Rc<Doc>> {
    let mut policies: Vec<String> = files.policy_of(doc).into_iter().collect();
    let home = known.things.get(thing).map(|declared| declared.source.name.clone()).unwrap_or_default();
    let mut all: BTreeMap<String, Rc<Doc>> = BTreeMap::new();
    // What a vocabulary declares, every policy beside it may name.
    if let Some(home) = files.doc(&home).filter(|home| home.content() == Content::Vocabulary) {
        policies.extend(files.users(&home.path));
        all.insert(home.path.clone(), home);
    }
    for policy in policies {
        if let Some(doc) = files.doc(&policy) {
            all.insert(policy.clone(), doc);
        }
        all.extend(files.belonging(&policy).into_iter().map(|doc| (doc.path.clone(), doc)));
    }
    if let Some(own) = files.doc(&doc.path) {
        all.insert(own.path.clone(), own);
    }
    all.into_values().collect()
}

/// Every place where a thing is named, file by file. The aliases of a unit are other names of it, and are not among them.
pub(super) fn everywhere(files: &mut Files<'_>, doc: &Doc, thing: &Thing, known: &Known) -> Vec<(Rc<Doc>, Vec<Site>)> {
    let home = known.things.get(thing).map(|declared| (declared.source.name.clone(), declared.range.start));
    let mut found = Vec::new();
    for other in around(files, doc, thing, known) {
        let (theirs, index) = files.index(&other);
        // Another policy may have something of its own under the same name.
        let there = theirs.things.get(thing).map(|declared| (declared.source.name.clone(), declared.range.start));
        let local = matches!(thing.sort, Sort::Clause | Sort::Local) && home.is_none();
        if there != home && !local {
            continue;
        }
        let sites: Vec<Site> = index.sites.iter().filter(|site| site.thing == *thing).cloned().collect();
        if !sites.is_empty() {
            found.push((other, sites));
        }
    }
    found
}

/// Every place where what stands at a position is named.
pub(super) fn references(files: &mut Files<'_>, path: &str, position: &Value, whole: bool) -> Value {
    let Some((doc, known, site)) = site(files, path, position) else { return json!([]) };
    let mut all = Vec::new();
    for (other, sites) in everywhere(files, &doc, &site.thing, &known) {
        for site in sites.iter().filter(|site| whole || !site.declares) {
            all.extend(location(files, &other.path, &site.range));
        }
    }
    Value::Array(all)
}

/// The same within the file.
pub(super) fn highlights(files: &mut Files<'_>, path: &str, position: &Value) -> Value {
    let Some((doc, _, site)) = site(files, path, position) else { return json!([]) };
    let (_, index) = files.index(&doc);
    let same = index.sites.iter().filter(|other| other.thing == site.thing);
    let range = |site: &Site| doc.lines.range(&doc.source.text, &site.range, files.bytes);
    same.map(|site| json!({ "range": range(site), "kind": if site.declares { 3 } else { 2 } })).collect()
}
