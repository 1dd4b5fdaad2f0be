//! The texts: as they are open in the editor, else as they lie on the disk; and which belong together.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;

use serde_json::Value;

use crate::diagnostic::Diagnostic;
use crate::document::{Item, Raw, Table, recovered};
use crate::lsp::Host;
use crate::lsp::index::{Index, Known, Walk, declarations};
use crate::lsp::text::{Lines, path_of, uri_of};
use crate::policy::{Policy, builtin, places_of_vocabulary, read_parsed, read_with};
use crate::source::Source;

/// Deeper nobody keeps cases below their policy.
const DEEPEST: usize = 4;

/// A larger text is none that people write; the command line refuses it too.
const LARGEST: usize = 4 * 1024 * 1024;

/// A text, and what could be made out of it.
#[derive(Debug)]
pub(super) struct Doc {
    pub path: String,
    pub source: Arc<Source>,
    pub lines: Lines,
    pub table: Table,
    /// Whether nothing of it is wrong as TOML.
    pub whole: bool,
}

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Content {
    Policy,
    Supplement,
    Vocabulary,
    Cases,
    Applicant,
}

impl Doc {
    fn new(path: &str, text: &str) -> Rc<Doc> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let source = Source::new(path, if text.len() > LARGEST { "" } else { text });
        let (table, whole) = recovered(&source);
        Rc::new(Doc { path: path.to_owned(), lines: Lines::of(&source.text), source, table, whole })
    }

    pub(super) fn content(&self) -> Content {
        let head = match self.table.get("policy").map(|item| &item.value) {
            Some(Raw::Table(head)) => Some(head),
            _ => None,
        };
        let has = |key: &str| self.table.get(key).is_some();
        if head.is_some_and(|head| head.get("supplements").is_some()) {
            Content::Supplement
        } else if head.is_some() || has("clauses") {
            Content::Policy
        } else if has("vocabulary") {
            Content::Vocabulary
        } else if has("cases") {
            Content::Cases
        } else {
            Content::Applicant
        }
    }
}

/// A policy as it was last read, with what was wrong with it.
pub(super) struct Held {
    pub policy: Option<Policy>,
    pub faults: Vec<Diagnostic>,
}

/// Every text.
pub(super) struct Files<'h> {
    pub host: &'h dyn Host,
    /// Whether positions are counted in bytes.
    pub bytes: bool,
    pub opened: BTreeMap<String, Rc<Doc>>,
    /// Paths whose faults are to be told anew.
    pub stale: BTreeSet<String>,
    /// Paths on which everything is looked for: opened or saved, not merely typed in.
    pub thorough: BTreeSet<String>,
    /// The addresses as the client writes them.
    uris: BTreeMap<String, String>,
    disk: BTreeMap<String, Option<Rc<Doc>>>,
    held: BTreeMap<String, Rc<Held>>,
    /// What can be named, by the policy or by the file of its own, as the texts are.
    named: BTreeMap<String, Rc<Known>>,
    /// What files name. One stays as long as its text, and what can be named in it.
    indexes: BTreeMap<String, (Arc<Source>, u64, Rc<Index>)>,
    /// What a policy and its vocabularies declared when they could last be read whole.
    good: BTreeMap<String, Rc<Known>>,
}

impl<'h> Files<'h> {
    pub(super) fn new(host: &'h dyn Host) -> Files<'h> {
        Files {
            host,
            bytes: false,
            opened: BTreeMap::new(),
            stale: BTreeSet::new(),
            thorough: BTreeSet::new(),
            uris: BTreeMap::new(),
            disk: BTreeMap::new(),
            held: BTreeMap::new(),
            named: BTreeMap::new(),
            indexes: BTreeMap::new(),
            good: BTreeMap::new(),
        }
    }

    /// Nothing that was made out of the texts holds any more.
    fn forget(&mut self) {
        self.held.clear();
        self.named.clear();
    }

    fn touched(&mut self, path: &str) {
        self.forget();
        // What depends on what changed is looked at again; files of no interest are few.
        let others: Vec<String> = self.opened.keys().cloned().collect();
        self.stale.insert(path.to_owned());
        let shared = self.doc(path).is_some_and(|doc| !matches!(doc.content(), Content::Cases | Content::Applicant));
        if shared {
            self.stale.extend(others);
        }
    }

    pub(super) fn open(&mut self, path: &str, text: &str) {
        self.opened.insert(path.to_owned(), Doc::new(path, text));
        self.thorough.insert(path.to_owned());
        self.touched(path);
    }

    pub(super) fn change(&mut self, path: &str, changes: &[Value]) {
        let Some(doc) = self.opened.get(path) else { return };
        let mut text = doc.source.text.clone();
        for change in changes {
            let Some(new) = change.get("text").and_then(Value::as_str) else { continue };
            match change.get("range") {
                None => new.clone_into(&mut text),
                Some(range) => {
                    let lines = Lines::of(&text);
                    let end = |key: &str| lines.offset(&text, range.get(key).unwrap_or(&Value::Null), self.bytes);
                    let (from, to) = (end("start"), end("end"));
                    text.replace_range(from.min(to)..from.max(to), new);
                }
            }
        }
        self.opened.insert(path.to_owned(), Doc::new(path, &text));
        self.touched(path);
    }

    pub(super) fn saved(&mut self, path: &str) {
        self.disk.clear();
        self.forget();
        if self.opened.contains_key(path) {
            self.thorough.insert(path.to_owned());
            self.touched(path);
        }
    }

    pub(super) fn close(&mut self, path: &str) {
        self.touched(path);
        self.opened.remove(path);
        self.thorough.remove(path);
        self.disk.clear();
    }

    /// Files that are not open may have changed.
    pub(super) fn forget_unopened(&mut self) {
        self.disk.clear();
        self.forget();
        self.stale.extend(self.opened.keys().cloned());
    }

    /// The address of a path.
    pub(super) fn uri(&self, path: &str) -> String {
        self.uris.get(path).cloned().unwrap_or_else(|| uri_of(path))
    }

    /// Notes how the client writes the address of a path.
    pub(super) fn note(&mut self, uri: &str) {
        self.uris.insert(path_of(uri), uri.to_owned());
    }

    /// A text: the open one, else the one on the disk, else a built-in one.
    pub(super) fn doc(&mut self, path: &str) -> Option<Rc<Doc>> {
        if let Some(doc) = self.opened.get(path) {
            return Some(Rc::clone(doc));
        }
        if let Some(known) = self.disk.get(path) {
            return known.clone();
        }
        let built_in =
            || builtin::policies().iter().find(|known| known.path == path).map(|known| known.text.to_owned());
        let doc = built_in().or_else(|| self.host.read(path)).map(|text| Doc::new(path, &text));
        self.disk.insert(path.to_owned(), doc.clone());
        doc
    }

    /// The vocabulary of this name for a policy: beside its folder or file, or the built-in one.
    fn vocabulary(&mut self, name: &str, policy: &str) -> Option<Rc<Doc>> {
        let places = places_of_vocabulary(name, Path::new(policy));
        let found = places.iter().find_map(|place| self.doc(place.to_str()?));
        found.or_else(|| {
            let (path, text) = builtin::texts(name, policy).or_else(|| builtin::vocabulary(name))?;
            let doc = Doc::new(path, text);
            self.disk.insert(path.to_owned(), Some(Rc::clone(&doc)));
            Some(doc)
        })
    }

    /// The policy that a file belongs to: itself, the one it supplements, or the one whose cases it has.
    pub(super) fn policy_of(&mut self, doc: &Doc) -> Option<String> {
        match doc.content() {
            Content::Policy => Some(doc.path.clone()),
            Content::Vocabulary => self.users(&doc.path).into_iter().next(),
            Content::Supplement => {
                let id = crate::policy::supplements(&doc.table).map(|(id, _)| id).unwrap_or_default();
                let mut folder = above(&doc.path);
                for _ in 0..DEEPEST {
                    for path in [
                        format!("{folder}/policy.toml"),
                        format!("{folder}/{id}/policy.toml"),
                        format!("{folder}/policies/{id}/policy.toml"),
                    ] {
                        if self.doc(&path).is_some_and(|doc| own_id(&doc.table) == id) {
                            return Some(path);
                        }
                    }
                    folder = above(folder);
                }
                builtin::policy(&id).map(|known| known.path.to_owned())
            }
            Content::Cases => {
                let mut folder = above(&doc.path);
                for _ in 0..DEEPEST {
                    let path = format!("{folder}/policy.toml");
                    if self.doc(&path).is_some() {
                        return Some(path);
                    }
                    folder = above(folder);
                }
                None
            }
            Content::Applicant => {
                let place = self.host.fitting(&doc.table).into_iter().next()?;
                let known = builtin::policies().get(place)?;
                // The one that lies beside, where the built-in one is being worked on.
                let mut folder = above(&doc.path);
                for _ in 0..DEEPEST {
                    let path = format!("{folder}/{}", known.path);
                    if self.doc(&path).is_some() {
                        return Some(path);
                    }
                    folder = above(folder);
                }
                Some(known.path.to_owned())
            }
        }
    }

    /// The policies beside a vocabulary.
    pub(super) fn users(&mut self, vocabulary: &str) -> Vec<String> {
        let folder = above(vocabulary).to_owned();
        let mut found = Vec::new();
        for path in self.host.list(&folder) {
            let inner = if path.ends_with(".toml") { path.clone() } else { format!("{path}/policy.toml") };
            if inner != vocabulary && self.doc(&inner).is_some_and(|doc| doc.content() == Content::Policy) {
                found.push(inner);
            }
        }
        found
    }

    /// The cases of a policy, and every open file that belongs to it.
    pub(super) fn belonging(&mut self, policy: &str) -> Vec<Rc<Doc>> {
        let mut paths: Vec<String> = self.host.list(&format!("{}/cases", above(policy)));
        let opened: Vec<Rc<Doc>> = self.opened.values().cloned().collect();
        for doc in opened {
            if doc.path != policy
                && doc.content() != Content::Vocabulary
                && self.policy_of(&doc).as_deref() == Some(policy)
            {
                paths.push(doc.path.clone());
            }
        }
        paths.sort();
        paths.dedup();
        paths.retain(|path| path.ends_with(".toml"));
        paths.iter().filter_map(|path| self.doc(path)).collect()
    }

    /// The files beside a policy that have its lists of texts, by their names.
    fn texts(&mut self, policy: &Doc) -> BTreeMap<String, Arc<Source>> {
        let Some(Raw::Table(lists)) = policy.table.get("texts").map(|item| &item.value) else { return BTreeMap::new() };
        let file = |item: &Item| match &item.value {
            Raw::Table(list) => list.get("file")?.text(&mut Vec::new()).map(str::to_owned),
            _ => None,
        };
        let names = lists.entries().iter().filter_map(|entry| file(&entry.item));
        names
            .filter_map(|name| Some((name.clone(), Arc::clone(&self.vocabulary(&name, &policy.path)?.source))))
            .collect()
    }

    /// The vocabularies of a policy.
    pub(super) fn vocabularies(&mut self, policy: &Doc) -> Vec<Rc<Doc>> {
        let head = match policy.table.get("policy").map(|item| &item.value) {
            Some(Raw::Table(head)) => head.get("uses"),
            _ => None,
        };
        let uses = head.map(|item| item.texts(&mut Vec::new())).unwrap_or_default();
        uses.iter().filter_map(|(name, _)| self.vocabulary(name, &policy.path)).collect()
    }

    /// Everything that is declared where a file can see it. Where the policy is broken, what it declared when it was whole
    /// stays known.
    pub(super) fn known(&mut self, doc: &Doc) -> Rc<Known> {
        let is_own = matches!(doc.content(), Content::Supplement | Content::Vocabulary);
        let policy = self.policy_of(doc);
        // Files of one policy share what it declares.
        let key = policy.clone().filter(|_| !is_own).unwrap_or_else(|| doc.path.clone());
        if let Some(known) = self.named.get(&key) {
            return Rc::clone(known);
        }
        let policy = policy.and_then(|path| self.doc(&path));
        let known = self.declared(doc, policy, is_own);
        self.named.insert(key, Rc::clone(&known));
        known
    }

    fn declared(&mut self, doc: &Doc, policy: Option<Rc<Doc>>, is_own: bool) -> Rc<Known> {
        let mut known = Known::default();
        let mut all: Vec<Rc<Doc>> = Vec::new();
        if let Some(policy) = &policy {
            all.extend(self.vocabularies(policy));
            all.push(Rc::clone(policy));
        }
        for one in &all {
            declarations(&one.table, &one.source, &mut known);
        }
        if is_own {
            declarations(&doc.table, &doc.source, &mut known);
        }
        let Some(policy) = policy else { return Rc::new(known) };
        if !policy.whole
            && let Some(good) = self.good.get(&policy.path)
        {
            for (thing, declared) in &good.things {
                known.things.entry(thing.clone()).or_insert_with(|| declared.clone());
            }
            return Rc::new(known);
        }
        let known = Rc::new(known);
        self.good.insert(policy.path.clone(), Rc::clone(&known));
        known
    }

    /// What a file names.
    pub(super) fn index(&mut self, doc: &Doc) -> (Rc<Known>, Rc<Index>) {
        let known = self.known(doc);
        if let Some((of, mark, index)) = self.indexes.get(&doc.path)
            && *mark == known.mark()
            && of.text == doc.source.text
        {
            return (known, Rc::clone(index));
        }
        let index = Rc::new(Walk::over(&doc.table, &doc.source, &known));
        self.indexes.insert(doc.path.clone(), (Arc::clone(&doc.source), known.mark(), Rc::clone(&index)));
        (known, index)
    }

    /// A policy, read as the command line reads it.
    pub(super) fn policy(&mut self, path: &str, supplement: Option<&Doc>) -> Option<Rc<Held>> {
        let name = format!("{path}+{}", supplement.map_or("", |doc| &doc.path));
        if let Some(held) = self.held.get(&name) {
            return Some(Rc::clone(held));
        }
        let doc = self.doc(path)?;
        let vocabularies = self.vocabularies(&doc);
        let texts = self.texts(&doc);
        let find = |name: &str| {
            let is_it =
                |doc: &&Rc<Doc>| doc.path == format!("{name}.toml") || doc.path.ends_with(&format!("/{name}.toml"));
            let found = vocabularies.iter().find(is_it).map(|doc| Arc::clone(&doc.source));
            found.or_else(|| texts.get(name).map(Arc::clone))
        };
        let supplements: Vec<Arc<Source>> = supplement.iter().map(|doc| Arc::clone(&doc.source)).collect();
        let (policy, faults) = match doc.whole {
            true => read_parsed(&doc.source, doc.table.clone(), &supplements, &find),
            false => read_with(&doc.source, &supplements, &find),
        };
        let held = Rc::new(Held { policy, faults });
        self.held.insert(name, Rc::clone(&held));
        Some(held)
    }
}

/// The folder of a path.
pub(super) fn above(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

fn own_id(document: &Table) -> String {
    match document.get("policy").map(|item| &item.value) {
        Some(Raw::Table(head)) => {
            head.get("id").and_then(|item| item.text(&mut Vec::new())).unwrap_or_default().to_owned()
        }
        _ => String::new(),
    }
}
