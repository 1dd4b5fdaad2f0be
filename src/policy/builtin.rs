//! The policies that are part of the program, found by the build in `policies/`.

use std::sync::Arc;

use crate::document::{Table, unpack};
use crate::lang::Text;
use crate::policy::places::{self, Lies, Place};
use crate::source::Source;

include!(concat!(env!("OUT_DIR"), "/builtin.rs"));

/// A built-in policy, before it is read.
#[derive(Debug)]
pub struct Builtin {
    /// Its id.
    pub id: &'static str,
    /// Its path, as messages name it.
    pub path: &'static str,
    /// Its file's text.
    pub text: &'static str,
    /// The same, taken apart when the program was built.
    packed: &'static [u8],
    /// Its title.
    pub title: Text,
    /// Where it holds; empty: everywhere.
    pub place: Text,
    /// The places that its file names; none: it holds everywhere.
    pub places: &'static [Place],
    /// The place of `places` where it holds.
    pub own: usize,
    /// The kinds of applicants that its clauses are for.
    pub kinds: &'static [&'static str],
    /// Its files of cases: path and text.
    pub cases: &'static [(&'static str, &'static str)],
    /// What its cases cannot reach or notice: path and text.
    pub untested: Option<(&'static str, &'static str)>,
}

/// Every built-in policy, in the order of their ids.
pub fn policies() -> &'static [Builtin] {
    POLICIES
}

/// A built-in policy by its id.
pub fn policy(id: &str) -> Option<&'static Builtin> {
    POLICIES.iter().find(|known| known.id == id)
}

/// The path and text of a built-in vocabulary.
pub fn vocabulary(name: &str) -> Option<(&'static str, &'static str)> {
    VOCABULARIES.iter().find(|(known, ..)| *known == name).map(|(_, path, text, _)| (*path, *text))
}

/// The document of a source that is the text of a built-in policy or vocabulary: nothing needs to be parsed.
pub(super) fn document(source: &Arc<Source>) -> Option<Table> {
    let policies = POLICIES.iter().map(|known| (known.path, known.text, known.packed));
    let vocabularies = VOCABULARIES.iter().map(|(_, path, text, packed)| (*path, *text, *packed));
    let mut all = policies.chain(vocabularies);
    let (.., packed) = all.find(|(path, text, _)| *path == source.name && *text == source.text)?;
    unpack(source, packed)
}

/// The path and text of a list of texts beside a built-in policy's file.
pub fn texts(name: &str, policy: &str) -> Option<(&'static str, &'static str)> {
    let beside = |path: &str| path.rsplit_once('/').map(|(folder, _)| folder.to_owned());
    let is_it = |path: &str| path.ends_with(&format!("/{name}")) && beside(path) == beside(policy);
    TEXTS.iter().find(|(path, _)| is_it(path)).copied()
}

/// Whether a built-in policy is for an applicant, as far as kind and place tell.
#[derive(Debug)]
pub enum Fits {
    /// It is.
    Yes,
    /// It may be: no place is stated, or one of which its region is only a part.
    Perhaps,
    /// It is not, and why.
    No(Text),
}

/// Whether a built-in policy is for an applicant of this kind and these places.
pub fn fits(builtin: &Builtin, kind: Option<&str>, places: &[String]) -> Fits {
    let lies = |place: &String| match place.trim() == builtin.id {
        true => Lies::Inside,
        false => places::lies(builtin.places, builtin.own, place),
    };
    let is_anywhere = |wanted: Lies| places.iter().any(|place| lies(place) == wanted);
    let holds = if builtin.places.is_empty() || is_anywhere(Lies::Inside) {
        Fits::Yes
    } else if places.is_empty() || is_anywhere(Lies::Around) {
        Fits::Perhaps
    } else {
        let place = &builtin.place;
        Fits::No(Text::made(format!("适用于{}", place.zh), format!("it holds in {}", place.en)))
    };
    match kind.filter(|kind| !builtin.kinds.contains(kind)) {
        Some(kind) if !matches!(holds, Fits::No(_)) => {
            Fits::No(Text::made(format!("没有适用于{kind}的条款"), format!("no clause is for the kind {kind}")))
        }
        _ => holds,
    }
}

/// Whether the source is a built-in policy's own text.
pub fn is_builtin(source: &Source) -> bool {
    POLICIES.iter().any(|known| known.path == source.name && known.text == source.text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Item, Raw, parse};

    fn same_items(a: &Item, b: &Item) -> bool {
        let same = match (&a.value, &b.value) {
            (Raw::Text(a), Raw::Text(b)) | (Raw::Integer(a), Raw::Integer(b)) => a == b,
            (Raw::Float(a), Raw::Float(b)) | (Raw::Date(a), Raw::Date(b)) => a == b,
            (Raw::Bool(a), Raw::Bool(b)) => a == b,
            (Raw::Array(a), Raw::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same_items(a, b)),
            (Raw::Table(a), Raw::Table(b)) => same(a, b),
            _ => false,
        };
        same && a.span.is(&b.span)
    }

    fn same(a: &Table, b: &Table) -> bool {
        let mut entries = a.entries().iter().zip(b.entries());
        a.span.is(&b.span)
            && a.entries().len() == b.entries().len()
            && entries.all(|(a, b)| a.key == b.key && a.key_span.is(&b.key_span) && same_items(&a.item, &b.item))
    }

    #[test]
    fn what_is_packed_is_what_is_written() {
        let policies = POLICIES.iter().map(|known| (known.path, known.text));
        for (path, text) in policies.chain(VOCABULARIES.iter().map(|(_, path, text, _)| (*path, *text))) {
            let source = Source::new(path, text);
            let (packed, parsed) = (document(&source).unwrap(), parse(&source, &mut Vec::new()).unwrap());
            assert!(same(&packed, &parsed), "{path}");
            // What is otherwise by a blank is no longer the program's own.
            assert!(document(&Source::new(path, format!("{text}\n"))).is_none(), "{path}");
        }
    }
}
