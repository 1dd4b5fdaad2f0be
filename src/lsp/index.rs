//! What is declared and named in a file, and where. Read from as much of the text as can be made out.

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::ops::Range;
use std::sync::Arc;

use crate::document::{Entry, Item, Raw, Table};
use crate::expr::parser::parse;
use crate::expr::snippet::Snippet;
use crate::keys::{Key, Keys, Kind, Set};
use crate::lang::Text;
use crate::lsp::names;
use crate::policy::keys;
use crate::source::{Source, Span};

/// What a name is a name of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Sort {
    /// A fact or a parameter.
    Input,
    /// A field of a list; its owner is the list.
    Field,
    Reading,
    /// An option of a reading, its owner.
    Choice,
    Enum,
    /// A word of an enum, its owner.
    Word,
    Unit,
    Define,
    Applicant,
    Category,
    Clause,
    /// A `let`, a table or a scale of a clause, its owner.
    Local,
}

/// A thing with a name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Thing {
    pub sort: Sort,
    pub owner: String,
    pub name: String,
}

impl Thing {
    pub(super) fn new(sort: Sort, owner: &str, name: &str) -> Thing {
        Thing { sort, owner: owner.to_owned(), name: name.to_owned() }
    }
}

/// A place where a thing is named.
#[derive(Clone, Debug)]
pub(super) struct Site {
    pub thing: Thing,
    /// The bytes of the name itself.
    pub range: Range<usize>,
    pub declares: bool,
}

/// A declaration.
#[derive(Clone, Debug)]
pub(super) struct Declared {
    pub source: Arc<Source>,
    pub range: Range<usize>,
    pub label: Text,
    pub ask: Option<Text>,
    pub ty: String,
    pub unit: String,
    /// Least and most, and what a blank means, as written.
    pub bounds: String,
    /// The expression or value, as written.
    pub written: String,
}

/// An expression: its text in the file, and the scope it stands in.
#[derive(Clone, Debug)]
pub(super) struct Phrase {
    /// The bytes of the expression inside its quotes.
    pub range: Range<usize>,
    /// The clause, by id or place.
    pub clause: String,
    /// The record's names and their lists.
    pub records: Vec<(String, String)>,
    /// A list whose fields stand for themselves.
    pub bare: Option<String>,
}

/// Everything that is declared where a file can see it.
#[derive(Debug, Default)]
pub(super) struct Known {
    pub things: BTreeMap<Thing, Declared>,
    /// What is a word of several things by its name; and what tells these names from others. Made when first asked for.
    words: OnceCell<BTreeMap<String, Vec<Thing>>>,
    mark: OnceCell<u64>,
}

/// So many names may stand for each other.
const MOST_NAMES: usize = 8;

impl Known {
    /// What is of a sort and an owner.
    pub(super) fn of<'k>(&'k self, sort: Sort, owner: &'k str) -> impl Iterator<Item = (&'k Thing, &'k Declared)> {
        self.things.iter().filter(move |(thing, _)| thing.sort == sort && thing.owner == owner)
    }

    pub(super) fn has(&self, sort: Sort, owner: &str, name: &str) -> bool {
        self.things.contains_key(&Thing::new(sort, owner, name))
    }

    /// The list that a name stands for in a clause: its own, or that of what a `let` or definition stands for.
    pub(super) fn list(&self, name: &str, clause: &str) -> Option<String> {
        let mut name = name.to_owned();
        // Names that stand for each other are no list.
        for _ in 0..MOST_NAMES {
            if let Some(own) = self.things.get(&Thing::new(Sort::Input, "", &name)) {
                return Some(name).filter(|_| own.ty == "list");
            }
            let scopes = [(Sort::Local, clause), (Sort::Local, ""), (Sort::Define, "")];
            let own = scopes.iter().find_map(|(sort, owner)| self.things.get(&Thing::new(*sort, owner, &name)))?;
            let whole = 0..own.written.len();
            let snippet = Snippet::new(&own.written, Span::new(&Source::new("", own.written.clone()), whole));
            name = parse(&snippet, &|_| true, &mut Vec::new())?.list()?.to_owned();
        }
        None
    }

    /// The enums that have a word.
    pub(super) fn homes(&self, word: &str) -> Vec<&Thing> {
        let by_name = self.words.get_or_init(|| {
            let mut found: BTreeMap<String, Vec<Thing>> = BTreeMap::new();
            for thing in self.things.keys().filter(|thing| matches!(thing.sort, Sort::Word | Sort::Choice)) {
                found.entry(thing.name.clone()).or_default().push(thing.clone());
            }
            found
        });
        by_name.get(word).into_iter().flatten().collect()
    }

    /// The same for all that give a text the same index: of what is declared only the names, their types, and which lists some of
    /// them stand for.
    pub(super) fn mark(&self) -> u64 {
        *self.mark.get_or_init(|| {
            let mut hash = DefaultHasher::new();
            for (thing, own) in &self.things {
                let stands_for = matches!(thing.sort, Sort::Local | Sort::Define);
                let list = if stands_for { self.list(&thing.name, &thing.owner) } else { None };
                (thing.sort as u8, &thing.owner, &thing.name, &own.ty, list).hash(&mut hash);
            }
            hash.finish()
        })
    }
}

/// The things of one file.
#[derive(Debug, Default)]
pub(super) struct Index {
    pub sites: Vec<Site>,
    pub phrases: Vec<Phrase>,
}

fn text_of(item: Option<&Item>) -> &str {
    match item.map(|item| &item.value) {
        Some(Raw::Text(text)) => text,
        _ => "",
    }
}

/// The inside of a string, of a quoted or a plain key.
pub(super) fn inside(source: &Source, range: &Range<usize>) -> Range<usize> {
    let raw = source.text.get(range.clone()).unwrap_or("");
    let triple = raw.starts_with("\"\"\"") || raw.starts_with("'''");
    let quote = if triple { 3 } else { usize::from(raw.starts_with(['"', '\''])) };
    if raw.len() < 2 * quote { range.clone() } else { range.start + quote..range.end - quote }
}

/// The document's kind of keys.
pub(super) fn keys_of(document: &Table) -> Option<&'static Keys> {
    let head = match document.get("policy").map(|item| &item.value) {
        Some(Raw::Table(head)) => Some(head),
        _ => None,
    };
    if document.get("vocabulary").is_some() {
        return Some(&keys::VOCABULARY_DOCUMENT);
    }
    if head.is_some_and(|head| head.get("supplements").is_some()) {
        return Some(&keys::SUPPLEMENT_DOCUMENT);
    }
    if document.get("policy").is_some() || document.get("clauses").is_some() || document.get("readings").is_some() {
        return Some(&keys::DOCUMENT);
    }
    None
}

pub(super) fn sort_of(key: &str) -> Option<Sort> {
    Some(match key {
        "units" => Sort::Unit,
        "enums" => Sort::Enum,
        "applicants" => Sort::Applicant,
        "categories" => Sort::Category,
        "facts" | "parameters" => Sort::Input,
        "readings" => Sort::Reading,
        "define" | "texts" => Sort::Define,
        "fields" => Sort::Field,
        "words" => Sort::Word,
        "options" => Sort::Choice,
        "let" | "table" | "scale" => Sort::Local,
        _ => return None,
    })
}

fn words_of(table: &Table, key: Option<&str>) -> Option<Text> {
    let table = match key {
        Some(key) => match &table.get(key)?.value {
            Raw::Table(inner) => inner,
            _ => return None,
        },
        None => table,
    };
    let (zh, en) = (text_of(table.get("zh")), text_of(table.get("en")));
    (!zh.is_empty() || !en.is_empty()).then(|| Text::made(zh, en))
}

fn declared(entry: &Entry, source: &Arc<Source>) -> Declared {
    let written =
        |item: Option<&Item>| item.and_then(|item| source.text.get(item.span.range.clone())).unwrap_or("").to_owned();
    let mut declared = Declared {
        source: Arc::clone(source),
        range: entry.key_span.range.clone(),
        label: Text::default(),
        ask: None,
        ty: String::new(),
        unit: String::new(),
        bounds: String::new(),
        written: String::new(),
    };
    match &entry.item.value {
        Raw::Table(table) => {
            let label = ["label", "question"].iter().find_map(|key| words_of(table, Some(key)));
            declared.label = label.or_else(|| words_of(table, None)).unwrap_or_default();
            declared.ask = words_of(table, Some("ask")).or_else(|| words_of(table, Some("because")));
            declared.ty = text_of(table.get("type")).to_owned();
            declared.unit = text_of(table.get("unit")).to_owned();
            let bound = |key: &&str| table.get(key).map(|item| format!("{key} = {}", written(Some(item))));
            let bounds = ["min", "max", "integer", "absent", "never", "value", "default", "equals"];
            declared.bounds = bounds.iter().filter_map(bound).collect::<Vec<_>>().join(", ");
            declared.written = written(table.get("is"));
        }
        _ => declared.written = written(Some(&entry.item)),
    }
    declared
}

/// Notes what a document declares.
pub(super) fn declarations(document: &Table, source: &Arc<Source>, known: &mut Known) {
    // Values that a supplement gives to parameters declare nothing.
    let supplement = keys_of(document).is_some_and(|keys| keys.id == keys::SUPPLEMENT_DOCUMENT.id);
    for group in document.entries() {
        let named = match (&group.item.value, sort_of(&group.key)) {
            (Raw::Table(named), Some(sort)) if !(supplement && group.key == "parameters") => Some((named, sort)),
            _ => None,
        };
        for (entry, sort) in
            named.iter().flat_map(|(named, sort)| named.entries().iter().map(move |entry| (entry, *sort)))
        {
            let put = |known: &mut Known, sort, owner: &str, entry: &Entry| {
                known.things.insert(Thing::new(sort, owner, &entry.key), declared(entry, source));
            };
            put(known, sort, "", entry);
            let Raw::Table(table) = &entry.item.value else { continue };
            for inner in table.entries() {
                let (Some(sort), Raw::Table(named)) = (sort_of(&inner.key), &inner.item.value) else { continue };
                named.entries().iter().for_each(|field| put(known, sort, &entry.key, field));
            }
            if let Some(Raw::Array(items)) = table.get("aliases").map(|item| &item.value) {
                let own = declared(entry, source);
                for alias in items.iter().map(|item| text_of(Some(item))) {
                    known.things.insert(Thing::new(sort, "", alias), own.clone());
                }
            }
        }
    }
    let Some(Raw::Array(clauses)) = document.get("clauses").map(|item| &item.value) else { return };
    for clause in clauses {
        let Raw::Table(table) = &clause.value else { continue };
        let Some(id) = table.get("id") else { continue };
        let name = text_of(Some(id)).to_owned();
        let cite = text_of(table.get("cite")).to_owned();
        let own = Declared {
            source: Arc::clone(source),
            range: inside(source, &id.span.range),
            label: words_of(table, Some("title")).unwrap_or_default(),
            ask: words_of(table, Some("summary")),
            ty: text_of(table.get("kind")).to_owned(),
            unit: String::new(),
            bounds: cite,
            written: String::new(),
        };
        known.things.insert(Thing::new(Sort::Clause, "", &name), own);
        for group in table.entries() {
            let (Some(Sort::Local), Raw::Table(named)) = (sort_of(&group.key), &group.item.value) else { continue };
            for entry in named.entries() {
                known.things.insert(Thing::new(Sort::Local, &name, &entry.key), declared(entry, source));
            }
        }
    }
}

/// A walk over one document.
pub(super) struct Walk<'w> {
    pub source: &'w Arc<Source>,
    pub known: &'w Known,
    pub index: Index,
    clause: String,
    records: Vec<(String, String)>,
    owner: String,
}

impl Walk<'_> {
    /// The sites and expressions of a document.
    pub(super) fn over(document: &Table, source: &Arc<Source>, known: &Known) -> Index {
        let mut walk = Walk {
            source,
            known,
            index: Index::default(),
            clause: String::new(),
            records: Vec::new(),
            owner: String::new(),
        };
        match keys_of(document) {
            Some(keys) => walk.table(document, keys.keys),
            None => walk.applicant(document),
        }
        walk.index.sites.sort_by_key(|site| site.range.start);
        walk.index
    }

    pub(super) fn site(&mut self, thing: Thing, range: Range<usize>, declares: bool) {
        self.index.sites.push(Site { thing, range, declares });
    }

    fn key_site(&mut self, sort: Sort, owner: &str, entry: &Entry, declares: bool) {
        let range = inside(self.source, &entry.key_span.range);
        self.site(Thing::new(sort, owner, &entry.key), range, declares);
    }

    /// A string, or several, each the name of a thing.
    pub(super) fn named(&mut self, sort: Sort, owner: &str, item: &Item) {
        match &item.value {
            Raw::Text(name) => {
                let range = inside(self.source, &item.span.range);
                self.site(Thing::new(sort, owner, name), range, false);
            }
            Raw::Array(items) => items.iter().for_each(|item| self.named(sort, owner, item)),
            _ => {}
        }
    }

    fn table(&mut self, table: &Table, known: &'static [Key]) {
        for entry in table.entries() {
            let Some(key) = known.iter().find(|key| key.name == entry.key) else { continue };
            self.entry(entry, &key.kind, table);
        }
    }

    fn entry(&mut self, entry: &Entry, kind: &Kind, within: &Table) {
        let item = &entry.item;
        match (entry.key.as_str(), kind, &item.value) {
            (_, Kind::Named(inner), Raw::Table(named)) => {
                let Some(sort) = sort_of(&entry.key) else { return };
                self.names(sort, named, inner);
            }
            ("unit", Kind::Text, Raw::Text(text)) => {
                let range = inside(self.source, &item.span.range);
                self.unit(text, range.start);
            }
            ("of", Kind::Text, Raw::Text(_)) => self.named(Sort::Input, "", item),
            ("label_by" | "identity", Kind::Text, _) => {
                let owner = self.owner.clone();
                self.named(Sort::Field, &owner, item);
            }
            ("unique_by" | "within", Kind::Texts, _) => self.bare(item),
            ("clause" | "revises", Kind::Text, _) | ("clauses", Kind::List(Kind::Text), _) => {
                self.named(Sort::Clause, "", item);
            }
            ("default", Kind::Text, _) => {
                let owner = self.owner.clone();
                self.named(Sort::Choice, &owner, item);
            }
            ("each" | "pairs", Kind::Text, Raw::Text(text)) => self.each(text, item),
            _ => self.item(item, kind, within),
        }
    }

    fn item(&mut self, item: &Item, kind: &Kind, within: &Table) {
        match (kind, &item.value) {
            (Kind::Expression, Raw::Text(_)) => {
                let bare = within.get("from").filter(|_| !self.owner.is_empty() && self.clause.is_empty());
                let bare = bare.map(|_| self.owner.clone());
                self.phrase(item, bare);
            }
            (Kind::Number | Kind::Anything, Raw::Text(_)) => self.phrase(item, None),
            (Kind::Chosen(set) | Kind::ChosenSeveral(set), _) => match set {
                Set::Applicants => self.named(Sort::Applicant, "", item),
                Set::Categories => self.named(Sort::Category, "", item),
                Set::Levels => self.named(Sort::Word, "level", item),
                Set::Types if !keys::TYPES.contains(&text_of(Some(item))) => self.named(Sort::Enum, "", item),
                _ => {}
            },
            (Kind::Either(kinds), value) => {
                let fits = |kind: &&Kind| {
                    matches!(
                        (kind, value),
                        (Kind::List(_), Raw::Array(_))
                            | (Kind::Table(_), Raw::Table(_))
                            | (Kind::Expression | Kind::Number, Raw::Text(_))
                    )
                };
                if let Some(kind) = kinds.iter().find(fits) {
                    self.item(item, kind, within);
                }
            }
            (Kind::List(inner), Raw::Array(items)) => {
                for item in items {
                    self.scoped(item, inner, within);
                }
            }
            (Kind::Table(keys) | Kind::Declared(keys), Raw::Table(table)) => self.table(table, keys.keys),
            (Kind::Joined(several), Raw::Table(table)) => several.iter().for_each(|keys| self.table(table, keys.keys)),
            _ => {}
        }
    }

    /// An entry of a list: a clause or a rule has names of its own.
    fn scoped(&mut self, item: &Item, kind: &Kind, within: &Table) {
        let keys = match kind {
            Kind::Table(keys) => Some(keys.id),
            Kind::Joined(several) => several.last().map(|keys| keys.id),
            _ => None,
        };
        let kept = (self.clause.clone(), self.records.clone());
        if let Raw::Table(table) = &item.value {
            for key in ["each", "pairs"] {
                self.records.extend(names::records(text_of(table.get(key))));
            }
            if keys == Some(keys::CLAUSE.id)
                && let Some(id) = table.get("id")
            {
                self.clause = text_of(Some(id)).to_owned();
                let range = inside(self.source, &id.span.range);
                self.site(Thing::new(Sort::Clause, "", text_of(Some(id))), range, true);
            }
        }
        self.item(item, kind, within);
        (self.clause, self.records) = kept;
    }

    fn names(&mut self, sort: Sort, named: &Table, inner: &Kind) {
        for entry in named.entries() {
            let owner = match sort {
                Sort::Field | Sort::Word | Sort::Choice => self.owner.clone(),
                Sort::Local => self.clause.clone(),
                _ => String::new(),
            };
            let declares = self.known.things.get(&Thing::new(sort, &owner, &entry.key));
            let declares = declares.is_some_and(|own| own.range == entry.key_span.range);
            self.key_site(sort, &owner, entry, declares);
            let kept = self.owner.clone();
            self.owner.clone_from(&entry.key);
            match (inner, &entry.item.value) {
                // `table.x` and `scale.x`: what they are looked up by.
                (Kind::Named(cell), Raw::Table(cells)) => self.cells(cells, cell),
                _ => self.item(&entry.item, inner, named),
            }
            self.owner = kept;
        }
    }

    fn cells(&mut self, cells: &Table, kind: &Kind) {
        let words: Vec<&str> = cells.entries().iter().map(|entry| entry.key.as_str()).collect();
        let mut homes: Vec<Thing> =
            words.first().map_or(Vec::new(), |word| self.known.homes(word).into_iter().cloned().collect());
        homes.retain(|home| words.iter().all(|word| self.known.has(home.sort, &home.owner, word)));
        for entry in cells.entries() {
            if let [home] = homes.as_slice() {
                let (sort, owner) = (home.sort, home.owner.clone());
                self.key_site(sort, &owner, entry, false);
            } else if entry.key.starts_with(|c: char| c.is_ascii_digit()) {
                let range = inside(self.source, &entry.key_span.range);
                self.written(range, None);
            }
            self.item(&entry.item, kind, cells);
        }
    }

    /// Fields of the list that is being declared.
    fn bare(&mut self, item: &Item) {
        match &item.value {
            Raw::Text(_) => self.phrase(item, Some(self.owner.clone())),
            Raw::Array(items) => items.iter().for_each(|item| self.bare(item)),
            _ => {}
        }
    }

    fn each(&mut self, text: &str, item: &Item) {
        let list = text.split_whitespace().next().unwrap_or("");
        let start = inside(self.source, &item.span.range).start + text.find(list).unwrap_or(0);
        let own = [(Sort::Input, ""), (Sort::Local, self.clause.as_str()), (Sort::Local, "")];
        let own = own.iter().find(|(sort, owner)| self.known.has(*sort, owner, list));
        let thing =
            own.map_or_else(|| Thing::new(Sort::Input, "", list), |(sort, owner)| Thing::new(*sort, owner, list));
        self.site(thing, start..start + list.len(), false);
    }

    pub(super) fn phrase(&mut self, item: &Item, bare: Option<String>) {
        let range = inside(self.source, &item.span.range);
        self.written(range, bare);
    }

    fn written(&mut self, range: Range<usize>, bare: Option<String>) {
        let phrase = Phrase { range, clause: self.clause.clone(), records: self.records.clone(), bare };
        self.index.sites.extend(names::sites(&phrase, self.source, self.known));
        self.index.phrases.push(phrase);
    }

    fn unit(&mut self, text: &str, start: usize) {
        let mut at = start;
        for word in text.split_inclusive(['/', '·']) {
            let name = word.trim_end_matches(['/', '·']);
            self.site(Thing::new(Sort::Unit, "", name), at..at + name.len(), false);
            at += word.len();
        }
    }
}
