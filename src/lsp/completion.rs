//! What may stand at a place: keys where a key is written, and names where a value or an expression is.

use serde_json::{Value, json};

use crate::applicant;
use crate::assess::model::Status;
use crate::clause::kind::KINDS;
use crate::expr::came_to::What;
use crate::expr::function::Builtin;
use crate::expr::program::AggregateKind;
use crate::keys::{Key, Kind, Set};
use crate::lang::Lang;
use crate::lsp::cursor::{self, Cursor};
use crate::lsp::files::{Content, Doc, Files};
use crate::lsp::index::{Declared, Known, Sort, Thing, sort_of};
use crate::lsp::{hover, names};
use crate::policy::{STANDINGS, keys};

/// Words of the language itself.
pub(super) const KEYWORDS: &[&str] = &[
    "if", "then", "else", "and", "or", "not", "in", "of", "where", "true", "false", "never", "as_of", "event",
    "accrued", "window", "reading", "clause",
];

/// Words that are such only where a list is taken apart.
const OF_LISTS: &[&str] = &["highest", "lowest", "by", "own"];

const VARIABLE: u8 = 6;
const FUNCTION: u8 = 3;
const PROPERTY: u8 = 10;
const UNIT: u8 = 11;
const KEYWORD: u8 = 14;
const MEMBER: u8 = 20;

/// The keys of the table at a path of a document.
pub(super) fn keys_at(doc: &Doc, path: &[String]) -> Vec<&'static Key> {
    let path: Vec<&str> = path.iter().map(String::as_str).collect();
    let tables: Vec<&'static crate::keys::Keys> = match doc.content() {
        Content::Cases | Content::Applicant => {
            vec![&applicant::keys::FILE, &applicant::keys::HEAD, &applicant::keys::PAID]
        }
        content => {
            let whole = match content {
                Content::Vocabulary => keys::VOCABULARY_DOCUMENT.id,
                Content::Supplement => keys::SUPPLEMENT_DOCUMENT.id,
                _ => keys::DOCUMENT.id,
            };
            let other = |id: &str| id != whole && id.ends_with("-file");
            let supplement = content == Content::Supplement;
            let fits = |keys: &&&crate::keys::Keys| match keys.id {
                id if other(id) => false,
                "supplement" | "supplement-clause" | "given-parameter" => supplement,
                "policy" | "parameter" => !supplement,
                _ => true,
            };
            keys::ALL.iter().filter(fits).copied().collect()
        }
    };
    let stands = tables.into_iter().filter(|keys| keys.stands_at(&path));
    let mut found: Vec<&'static Key> = Vec::new();
    for key in stands.flat_map(|keys| keys.keys) {
        if !found.iter().any(|known| known.name == key.name) {
            found.push(key);
        }
    }
    found
}

struct Offers<'o> {
    known: &'o Known,
    lang: Lang,
    all: Vec<Value>,
}

impl Offers<'_> {
    fn put(&mut self, label: &str, kind: u8, detail: &str, insert: Option<String>) {
        let mut item = json!({ "label": label, "kind": kind, "detail": detail });
        if let (Some(insert), Some(item)) = (insert, item.as_object_mut()) {
            item.insert("insertText".to_owned(), Value::String(insert));
        }
        self.all.push(item);
    }

    fn things(&mut self, sort: Sort, owner: &str, kind: u8, quoted: bool) {
        let known = self.known;
        let of = |thing: &Thing, own: &Declared, lang| {
            let label = own.label.get(lang);
            if label.is_empty() { hover::sort(thing, lang) } else { label.to_owned() }
        };
        for (thing, own) in known.of(sort, owner) {
            let insert = quoted.then(|| format!("\"{}\"", thing.name));
            let detail = of(thing, own, self.lang);
            self.put(&thing.name, kind, &detail, insert);
        }
    }

    fn words<'w>(&mut self, words: impl IntoIterator<Item = (&'w str, &'w str)>, quoted: bool) {
        for (word, label) in words {
            self.put(word, MEMBER, label, quoted.then(|| format!("\"{word}\"")));
        }
    }
}

/// The offers at a position.
pub(super) fn at(files: &mut Files<'_>, path: &str, position: &Value, lang: Lang) -> Value {
    let Some(doc) = files.doc(path) else { return json!([]) };
    let place = doc.lines.offset(&doc.source.text, position, files.bytes);
    let cursor = cursor::at(&doc.source.text, place);
    if cursor.comment {
        return json!([]);
    }
    let known = files.known(&doc);
    let mut offers = Offers { known: &known, lang, all: Vec::new() };
    if matches!(doc.content(), Content::Cases | Content::Applicant) {
        applicant(&mut offers, &doc, &cursor);
    } else {
        policy(&mut offers, &doc, &cursor, place);
    }
    Value::Array(offers.all)
}

fn key_offers(offers: &mut Offers<'_>, keys: &[&'static Key]) {
    for key in keys {
        let detail = key.about.get(offers.lang).to_owned();
        offers.put(key.name, PROPERTY, &detail, None);
    }
}

fn policy(offers: &mut Offers<'_>, doc: &Doc, cursor: &Cursor, place: usize) {
    let Some(key) = &cursor.key else {
        let keys = keys_at(doc, &cursor.path);
        key_offers(offers, &keys);
        if keys.is_empty() {
            // The cells of a table: words of every enum.
            let words: Vec<Thing> =
                offers.known.things.keys().filter(|thing| thing.sort == Sort::Word).cloned().collect();
            words.iter().for_each(|word| offers.put(&word.name, MEMBER, &word.owner, None));
        }
        return;
    };
    let quoted = cursor.string.is_none();
    let kind = keys_at(doc, &cursor.path).into_iter().find(|known| known.name == key).map(|key| key.kind);
    let clause = clause_before(doc, place);
    match (key.as_str(), kind) {
        ("unit", _) => offers.things(Sort::Unit, "", UNIT, quoted),
        ("clause" | "revises" | "clauses", _) => offers.things(Sort::Clause, "", MEMBER, quoted),
        ("of", _) => {
            let lists = offers.known.of(Sort::Input, "").filter(|(_, own)| own.ty == "list");
            let lists: Vec<String> = lists.map(|(thing, _)| thing.name.clone()).collect();
            lists.iter().for_each(|list| offers.put(list, VARIABLE, "list", quoted.then(|| format!("\"{list}\""))));
        }
        ("each" | "pairs", _) => {
            let known = offers.known;
            let declared = known.of(Sort::Input, "").filter(|(_, own)| own.ty == "list");
            let named = [known.of(Sort::Local, &clause.id), known.of(Sort::Local, "")].into_iter().flatten();
            let named = named.filter(|(thing, _)| key == "each" && known.list(&thing.name, &clause.id).is_some());
            let lists: Vec<String> = declared.chain(named).map(|(thing, _)| thing.name.clone()).collect();
            lists.iter().for_each(|list| offers.put(list, VARIABLE, "list", quoted.then(|| format!("\"{list} as \""))));
        }
        ("default", _) => {
            let owner = cursor.path.last().cloned().unwrap_or_default();
            offers.things(Sort::Choice, &owner, MEMBER, quoted);
        }
        ("label_by" | "identity" | "unique_by", _) => {
            let owner = cursor.path.last().cloned().unwrap_or_default();
            offers.things(Sort::Field, &owner, VARIABLE, quoted);
        }
        (_, Some(kind)) => value(offers, &kind, doc, place, &clause, quoted, cursor),
        // `let.x`, `table.x.y`, `define.x`: the file chooses the key.
        (_, None) if cursor.path.iter().any(|part| matches!(sort_of(part), Some(Sort::Local | Sort::Define))) => {
            expression(offers, doc, place, &clause, cursor);
        }
        _ => {}
    }
}

fn value(offers: &mut Offers<'_>, kind: &Kind, doc: &Doc, place: usize, clause: &Scope, quoted: bool, cursor: &Cursor) {
    let lang = offers.lang;
    match kind {
        Kind::Bool => offers.words([("true", ""), ("false", "")], false),
        Kind::OneOf(words) => offers.words(words.iter().map(|word| (*word, "")), quoted),
        Kind::Chosen(set) | Kind::ChosenSeveral(set) => match set {
            Set::Applicants => offers.things(Sort::Applicant, "", MEMBER, quoted),
            Set::Categories => offers.things(Sort::Category, "", MEMBER, quoted),
            Set::Levels => offers.things(Sort::Word, "level", MEMBER, quoted),
            Set::Kinds => offers.words(KINDS.iter().map(|kind| (kind.name, kind.title.get(lang))), quoted),
            Set::Conclusions => offers.words(Status::EVERY.map(|status| (status.name(), "")), quoted),
            Set::Standings => offers.words(STANDINGS.iter().map(|one| (one.name, one.label.get(lang))), quoted),
            Set::Types => {
                offers.words(keys::TYPES.iter().map(|ty| (*ty, "")), quoted);
                offers.things(Sort::Enum, "", MEMBER, quoted);
            }
        },
        Kind::Either(kinds) => kinds.iter().for_each(|kind| value(offers, kind, doc, place, clause, quoted, cursor)),
        Kind::List(inner) => value(offers, inner, doc, place, clause, quoted, cursor),
        Kind::Named(Kind::Expression) | Kind::Expression => expression(offers, doc, place, clause, cursor),
        Kind::Number => offers.things(Sort::Unit, "", UNIT, false),
        _ => {}
    }
}

/// What the clause around a place calls its own.
struct Scope {
    id: String,
    records: Vec<(String, String)>,
}

/// The clause, or rule, that a place is in: from the text alone.
fn clause_before(doc: &Doc, place: usize) -> Scope {
    let text = &doc.source.text;
    let start = text.get(..place).and_then(|before| before.rfind("\n[[")).unwrap_or(0);
    let body = text.get(start + usize::from(start > 0)..).unwrap_or("");
    let end = body.get(2..).and_then(|body| body.find("\n[")).map_or(body.len(), |end| end + 2);
    let mut scope = Scope { id: String::new(), records: Vec::new() };
    for line in body.get(..end).unwrap_or("").lines() {
        let Some((key, value)) = line.split_once('=') else { continue };
        let value = value.trim().trim_matches('"');
        match key.trim() {
            "id" => value.clone_into(&mut scope.id),
            "each" | "pairs" => scope.records.extend(names::records(value.split('"').next().unwrap_or(value))),
            _ => {}
        }
    }
    scope
}

fn expression(offers: &mut Offers<'_>, doc: &Doc, place: usize, scope: &Scope, cursor: &Cursor) {
    let start = cursor.string.unwrap_or(place);
    let written = doc.source.text.get(start..cursor.word.start.max(start)).unwrap_or("");
    if let Some(before) = written.strip_suffix('.') {
        let owner = before.rsplit(|c: char| !c.is_ascii_alphanumeric() && c != '_').next().unwrap_or("");
        match owner {
            "reading" => offers.things(Sort::Reading, "", VARIABLE, false),
            "window" => offers.words([("from", ""), ("to", "")], false),
            "clause" => offers.things(Sort::Clause, "", MEMBER, false),
            _ if names::is_of_clause(before) => offers.words(What::EVERY.map(|what| (what.word(), "")), false),
            _ => {
                for (_, list) in scope.records.iter().filter(|(record, _)| record == owner) {
                    let list = offers.known.list(list, &scope.id).unwrap_or_default();
                    offers.things(Sort::Field, &list, VARIABLE, false);
                }
            }
        }
        return;
    }
    let word = doc.source.text.get(cursor.word.clone()).unwrap_or("");
    if word.starts_with(|c: char| c.is_ascii_digit()) {
        let number: String = word.chars().take_while(|c| c.is_ascii_digit()).collect();
        let declared: Vec<&str> = offers.known.of(Sort::Unit, "").map(|(unit, _)| unit.name.as_str()).collect();
        for unit in OWN_UNITS.iter().copied().chain(declared) {
            offers.put(&format!("{number}{unit}"), UNIT, "", None);
        }
        return;
    }
    // Words of the enum on the other side of a comparison come first.
    let side = written.trim_end().trim_end_matches(['=', '<', '>', '!', '≥', '≤', '≠', '[', ',', ' ']);
    let name = side.rsplit(|c: char| !c.is_ascii_alphanumeric() && c != '_').next().unwrap_or("");
    let known = offers.known;
    let sides = known.things.iter().filter(|(thing, _)| thing.name == name);
    let enums: Vec<(Sort, String)> = sides
        .filter_map(|(thing, own)| match thing.sort {
            Sort::Input | Sort::Field => Some((Sort::Word, own.ty.clone())),
            Sort::Reading => Some((Sort::Choice, thing.name.clone())),
            _ => None,
        })
        .collect();
    enums.iter().for_each(|(sort, owner)| offers.things(*sort, owner, MEMBER, false));
    // Fields of the lists that the expression names.
    let named = written.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').filter(|name| !name.is_empty());
    let mut lists: Vec<String> = named.filter_map(|name| known.list(name, &scope.id)).collect();
    lists.sort_unstable();
    lists.dedup();
    lists.iter().for_each(|list| offers.things(Sort::Field, list, VARIABLE, false));
    scope.records.iter().for_each(|(record, list)| offers.put(record, VARIABLE, list, None));
    offers.things(Sort::Local, &scope.id, VARIABLE, false);
    offers.things(Sort::Local, "", VARIABLE, false);
    offers.things(Sort::Define, "", VARIABLE, false);
    offers.things(Sort::Input, "", VARIABLE, false);
    for function in Builtin::EVERY.iter().map(|builtin| builtin.function()) {
        offers.put(function.name, FUNCTION, function.usage, None);
    }
    for aggregate in AggregateKind::EVERY {
        offers.put(aggregate.word(), FUNCTION, "", None);
    }
    KEYWORDS.iter().chain(OF_LISTS).for_each(|word| offers.put(word, KEYWORD, "", None));
}

/// Units that the program knows by itself.
const OWN_UNITS: &[&str] = &["元", "万元", "个月", "年", "天", "日", "岁", "%"];

fn applicant(offers: &mut Offers<'_>, doc: &Doc, cursor: &Cursor) {
    let path: Vec<&str> = cursor.path.iter().map(String::as_str).collect();
    let inner = match path.as_slice() {
        ["cases", rest @ ..] => rest,
        rest => rest,
    };
    let quoted = cursor.string.is_none();
    match (inner, cursor.key.as_deref()) {
        ([], None) if path.is_empty() => {
            key_offers(offers, &keys_at(doc, &[]));
            offers.put("cases", PROPERTY, "", None);
        }
        ([], None) => {
            for key in ["name", "as_of", "facts", "unset", "paid", "other_benefits", "readings", "expect"] {
                offers.put(key, PROPERTY, "", None);
            }
        }
        (["facts"], None) | ([], Some("unset")) => {
            offers.things(Sort::Input, "", VARIABLE, quoted && cursor.key.is_some())
        }
        (["facts", list], None) => offers.things(Sort::Field, list, VARIABLE, false),
        (["facts"], Some(fact)) => fact_values(offers, Sort::Input, "", fact, quoted),
        (["facts", list], Some(field)) => fact_values(offers, Sort::Field, list, field, quoted),
        (["readings"], None) => offers.things(Sort::Reading, "", VARIABLE, false),
        (["readings"], Some(reading)) => offers.things(Sort::Choice, reading, MEMBER, quoted),
        (["expect"], None) => offers.things(Sort::Clause, "", MEMBER, true),
        (["paid" | "other_benefits"], Some("clause")) => offers.things(Sort::Clause, "", MEMBER, quoted),
        (["other_benefits"], Some("category")) => offers.things(Sort::Category, "", MEMBER, quoted),
        (["applicant"], Some("kind")) => offers.things(Sort::Applicant, "", MEMBER, quoted),
        (_, None) => key_offers(offers, &keys_at(doc, &cursor.path)),
        _ => {}
    }
}

fn fact_values(offers: &mut Offers<'_>, sort: Sort, owner: &str, name: &str, quoted: bool) {
    let Some(own) = offers.known.things.get(&Thing::new(sort, owner, name)) else { return };
    match own.ty.as_str() {
        "bool" => offers.words([("true", ""), ("false", "")], false),
        "date" => offers.words([("never", "")], quoted),
        "quantity" => offers.put(&own.unit, UNIT, "", None),
        ty => offers.things(Sort::Word, ty, MEMBER, quoted),
    }
}
