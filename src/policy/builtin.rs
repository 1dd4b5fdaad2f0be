//! The policies that are part of the program, found by the build in `policies/`.

use crate::lang::Text;
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
    /// Its title.
    pub title: Text,
    /// Where it holds; empty: everywhere.
    pub place: Text,
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
    VOCABULARIES.iter().find(|(known, _, _)| *known == name).map(|(_, path, text)| (*path, *text))
}

/// Why a built-in policy is not for an applicant of this kind and these places; `None` where it is, or may be.
pub fn left_out(builtin: &Builtin, kind: Option<&str>, places: &[String]) -> Option<Text> {
    let same = |place: &String| {
        let known = [builtin.place.zh.as_ref(), builtin.place.en.as_ref(), builtin.id];
        let within = |known: &str| known.contains(place.trim()) || place.contains(known);
        place.trim().chars().count() > 1 && known.iter().any(|known| !known.is_empty() && within(known))
    };
    if !builtin.place.zh.is_empty() && !places.is_empty() && !places.iter().any(same) {
        let place = &builtin.place;
        return Some(Text::made(format!("适用于{}", place.zh), format!("it holds in {}", place.en)));
    }
    let kind = kind.filter(|kind| !builtin.kinds.contains(kind))?;
    Some(Text::made(format!("没有适用于{kind}的条款"), format!("no clause is for the kind {kind}")))
}

/// Whether the source is a built-in policy's own text.
pub fn is_builtin(source: &Source) -> bool {
    POLICIES.iter().any(|known| known.path == source.name && known.text == source.text)
}
