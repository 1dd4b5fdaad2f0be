//! Lists the policies and vocabularies of `policies/` so that the program carries them, with what decides whether a policy
//! is for an applicant: its place and the kinds of applicants of its clauses. Each is taken apart here, so that no start has to
//! parse it: `src/document/packed.rs` says in which form.

use std::fmt::Write as _;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

use toml::de::{DeTable, DeValue};
use toml::{Spanned, Table, Value};

fn sorted(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut paths =
        fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path())).collect::<io::Result<Vec<_>>>()?;
    paths.sort();
    Ok(paths)
}

/// The files of cases in a folder, as messages name them and where they lie.
fn cases(folder: &Path, shown: &str) -> io::Result<String> {
    let mut list = String::new();
    let files = if folder.is_dir() { sorted(folder)? } else { Vec::new() };
    for path in files.iter().filter(|path| path.extension().is_some_and(|extension| extension == "toml")) {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let _ = write!(list, "({:?}, include_str!({path:?})), ", format!("{shown}/{name}"));
    }
    Ok(list)
}

/// The words of `{ zh = "…", en = "…" }`; empty where it is not there. A faulty policy is refused when it is read, not here.
fn words(table: Option<&Value>) -> (String, String) {
    let word =
        |key: &str| table.and_then(|table| table.get(key)).and_then(Value::as_str).unwrap_or_default().to_owned();
    (word("zh"), word("en"))
}

fn kinds(document: &Table) -> Vec<String> {
    let clauses = document.get("clauses").and_then(Value::as_array);
    let mut kinds: Vec<String> = Vec::new();
    for value in clauses.into_iter().flatten().filter_map(|clause| clause.get("for")) {
        match value {
            Value::String(kind) => kinds.push(kind.clone()),
            Value::Array(several) => kinds.extend(several.iter().filter_map(Value::as_str).map(str::to_owned)),
            _ => {}
        }
    }
    kinds.sort();
    kinds.dedup();
    kinds
}

/// The places that a policy names, each as its names and the place around it, and which of them is its own; its own names alone
/// where it lists none. Its own is the one by whose longest name it ends.
fn places(head: Option<&Value>, own: &(String, String)) -> (String, usize) {
    let texts = |value: Option<&Value>| -> Vec<String> {
        match value {
            Some(Value::String(text)) => vec![text.clone()],
            Some(Value::Array(several)) => several.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
            _ => Vec::new(),
        }
    };
    let listed = head.and_then(|head| head.get("places")).and_then(Value::as_array);
    let mut all: Vec<(Vec<String>, Option<usize>)> = Vec::new();
    for place in listed.into_iter().flatten() {
        let around = place.get("within").and_then(Value::as_str);
        let around = around.and_then(|name| all.iter().position(|(names, _)| names.iter().any(|known| known == name)));
        all.push((texts(place.get("names")), around));
    }
    let length = |names: &[String]| names.iter().filter(|name| own.0.ends_with(name.as_str())).map(String::len).max();
    let ends = all.iter().enumerate().filter_map(|(place, (names, _))| Some((length(names)?, place)));
    let found = ends.max().map(|(_, place)| place);
    if let (None, false) = (found, own.0.is_empty()) {
        all.push((vec![own.0.clone(), own.1.clone()], None));
    }
    let list: String =
        all.iter().map(|(names, around)| format!("Place {{ names: &{names:?}, within: {around:?} }}, ")).collect();
    (list, found.unwrap_or(all.len().saturating_sub(1)))
}

/// A number, seven bits a byte, the lowest first.
fn number(mut number: usize, out: &mut Vec<u8>) {
    while number >= 0x80 {
        out.push(u8::try_from(number & 0x7f).unwrap_or(0) | 0x80);
        number >>= 7;
    }
    out.push(u8::try_from(number).unwrap_or(0));
}

fn range(range: &Range<usize>, out: &mut Vec<u8>) {
    number(range.start, out);
    number(range.len(), out);
}

/// Words: where they stand at their place in the text, or written out.
fn text(words: &str, place: &Range<usize>, source: &str, out: &mut Vec<u8>) {
    let stands = |how: &usize| source.get(place.start + how..place.end).is_some_and(|there| there.starts_with(words));
    let how = [0, 1, 3].into_iter().find(stands).unwrap_or(2);
    out.push(u8::try_from(how).unwrap_or(2));
    number(words.len(), out);
    if how == 2 {
        out.extend_from_slice(words.as_bytes());
    }
}

fn table(table: &DeTable<'_>, source: &str, out: &mut Vec<u8>) {
    number(table.len(), out);
    for (key, value) in table.iter() {
        range(&key.span(), out);
        text(key.get_ref(), &key.span(), source, out);
        item(value, source, out);
    }
}

fn item(value: &Spanned<DeValue<'_>>, source: &str, out: &mut Vec<u8>) {
    let place = value.span();
    range(&place, out);
    let mut words = |kind: u8, words: &str| {
        out.push(kind);
        text(words, &place, source, out);
    };
    match value.get_ref() {
        DeValue::String(own) => words(0, own),
        DeValue::Integer(own) if own.radix() == 10 => words(1, own.as_str()),
        DeValue::Integer(own) => words(2, own.as_str()),
        DeValue::Float(own) => words(2, own.as_str()),
        DeValue::Datetime(own) => words(3, &own.to_string()),
        DeValue::Boolean(truth) => out.push(4 + u8::from(*truth)),
        DeValue::Array(items) => {
            out.push(6);
            number(items.len(), out);
            items.iter().for_each(|one| item(one, source, out));
        }
        DeValue::Table(inner) => {
            out.push(7);
            table(inner, source, out);
        }
    }
}

/// Takes a document apart, into a file of this name; a faulty one is left to be refused when it is read.
fn pack(source: &str, name: &str) -> io::Result<String> {
    let mut out = Vec::new();
    let (document, errors) = DeTable::parse_recoverable(source);
    if errors.is_empty() {
        range(&document.span(), &mut out);
        table(document.get_ref(), source, &mut out);
    }
    let path = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default()).join(format!("{name}.packed"));
    fs::write(&path, out)?;
    Ok(format!("include_bytes!({path:?})"))
}

fn main() -> io::Result<()> {
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default()).join("policies");
    println!("cargo::rerun-if-changed=policies");
    let (mut policies, mut vocabularies, mut texts) = (String::new(), String::new(), String::new());
    for path in sorted(&root)? {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let id = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let file = path.join("policy.toml");
        if file.is_file() {
            let source = fs::read_to_string(&file)?;
            let packed = pack(&source, &id)?;
            let document: Table = source.parse().unwrap_or_default();
            let head = document.get("policy");
            let (title, place) =
                (words(head.and_then(|head| head.get("title"))), words(head.and_then(|head| head.get("place"))));
            let (places, own) = places(head, &place);
            let (shown, kinds) = (format!("policies/{name}/policy.toml"), kinds(&document));
            let cases = cases(&path.join("cases"), &format!("policies/{name}/cases"))?;
            let untested = path.join("untested.toml");
            let untested = if untested.is_file() {
                format!("Some(({:?}, include_str!({untested:?})))", format!("policies/{name}/untested.toml"))
            } else {
                "None".to_owned()
            };
            for list in
                sorted(&path)?.iter().filter(|list| list.extension().is_some_and(|extension| extension == "txt"))
            {
                let file = list.file_name().unwrap_or_default().to_string_lossy();
                let _ = writeln!(texts, "    ({:?}, include_str!({list:?})),", format!("policies/{name}/{file}"));
            }
            let _ = writeln!(
                policies,
                "    Builtin {{ id: {id:?}, path: {shown:?}, text: include_str!({file:?}), packed: {packed}, \
                 title: Text::new({:?}, {:?}), place: Text::new({:?}, {:?}), places: &[{places}], own: {own}, kinds: &{kinds:?}, \
                 cases: &[{cases}], untested: {untested} }},",
                title.0, title.1, place.0, place.1
            );
        } else if path.extension().is_some_and(|extension| extension == "toml") {
            let packed = pack(&fs::read_to_string(&path)?, &id)?;
            let _ = writeln!(vocabularies, "    ({id:?}, \"policies/{name}\", include_str!({path:?}), {packed}),");
        }
    }
    let text = format!(
        "static POLICIES: &[Builtin] = &[\n{policies}];\n\
         static VOCABULARIES: &[(&str, &str, &str, &[u8])] = &[\n{vocabularies}];\n\
         static TEXTS: &[(&str, &str)] = &[\n{texts}];\n"
    );
    fs::write(PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default()).join("builtin.rs"), text)
}
