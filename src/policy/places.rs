//! Where a policy holds: what its region and the places around and inside it are called.

use std::cmp::Reverse;

use crate::diagnostic::{Code, Diagnostic, codes, did_you_mean};
use crate::document::Table;
use crate::lang::Text;
use crate::policy::keys;

codes! {
    static UNKNOWN_PLACE: Code = Code::new("unknown-place", "没有这个地名", "there is no such place");
    static NAMED_PLACE: Code = Code::new("place-named-twice", "一个名称用于两地", "two places have this name");
}

/// A place, by all its names.
#[derive(Debug)]
pub struct Place {
    /// What it is called, in any language.
    pub names: &'static [&'static str],
    /// The place that it lies in, which stands before it.
    pub within: Option<usize>,
}

/// How a stated place lies to the region of a policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lies {
    /// It is the region, or lies in it.
    Inside,
    /// The region is only a part of it, or of what it may mean.
    Around,
    /// Somewhere else, or nobody knows where.
    Elsewhere,
}

/// Names are the same whatever the blanks, hyphens and capitals.
fn key(text: &str) -> String {
    text.chars().filter(|sign| !sign.is_whitespace() && *sign != '-').flat_map(char::to_lowercase).collect()
}

/// How a place that somebody states lies to the place `own`. A statement is a chain of names in any order, run together or
/// parted by commas; what follows a known name and is not known itself is taken to lie inside that place, and nobody knows where.
pub fn lies(places: &[Place], own: usize, stated: &str) -> Lies {
    let keys =
        places.iter().enumerate().flat_map(|(place, known)| known.names.iter().map(move |name| (key(name), place)));
    let mut names: Vec<(String, usize)> = keys.filter(|(name, _)| !name.is_empty()).collect();
    // Of names that begin alike the longest is meant: 临夏市 is not 临夏.
    names.sort_by_key(|(name, _)| Reverse(name.len()));
    let (mut named, mut more) = (Vec::new(), false);
    for piece in stated.split([',', '，', '、', '/', ';', '；', '·']) {
        let piece = key(piece);
        let mut rest = piece.as_str();
        while let Some((left, place)) = names.iter().find_map(|(name, place)| Some((rest.strip_prefix(name)?, *place)))
        {
            named.push(place);
            rest = left;
        }
        more |= !rest.is_empty();
    }
    let lies_in = |place: usize, around: usize| chain(places, place).any(|known| known == around);
    if named.iter().any(|place| lies_in(*place, own)) {
        return Lies::Inside;
    }
    if !named.is_empty() && !more && named.iter().all(|place| lies_in(own, *place)) {
        return Lies::Around;
    }
    // 高新区 alone may be this one.
    let stated = key(stated);
    let is_part = names.iter().any(|(name, place)| *place == own && name.contains(&stated));
    if is_part && stated.chars().count() > 1 { Lies::Around } else { Lies::Elsewhere }
}

/// A place, what it lies in, and so on.
fn chain(places: &[Place], place: usize) -> impl Iterator<Item = usize> {
    // A place lies in an earlier one, so that this ends.
    std::iter::successors(Some(place), |place| places.get(*place)?.within.filter(|around| around < place))
}

/// Checks `places` of `[policy]`: each lies in an earlier one, no name is used twice, and the policy's own place is among them.
pub(super) fn check(head: &Table, own: Option<&Text>, diagnostics: &mut Vec<Diagnostic>) {
    let Some(item) = head.get("places") else { return };
    let mut known: Vec<String> = Vec::new();
    for item in item.array(diagnostics).unwrap_or_default() {
        let Some(table) = item.table(diagnostics) else { continue };
        table.only(&keys::PLACE.names(), diagnostics);
        if let Some(item) = table.get("within")
            && let Some(around) = item.text(diagnostics)
            && !known.iter().any(|name| name == around)
        {
            let help = did_you_mean(around, known.iter().map(String::as_str));
            let label = Text::new("应是前面某一地的名称", "it must be a name of an earlier place");
            diagnostics.push(UNKNOWN_PLACE.at(item.span.clone(), label).help(help));
        }
        let Some(names) = table.need("names", diagnostics) else { continue };
        for (name, span) in names.texts(diagnostics) {
            if known.iter().any(|known| key(known) == key(&name)) {
                diagnostics.push(NAMED_PLACE.at(span, Text::default()));
            }
            known.push(name);
        }
    }
    let own = own.map(|own| own.zh.as_ref());
    if !own.is_some_and(|own| known.iter().any(|name| own.ends_with(name.as_str()))) {
        let label = Text::new(
            "适用地域 place 的中文须以其中一地的名称结尾",
            "the Chinese words of `place` must end with one of the names",
        );
        diagnostics.push(UNKNOWN_PLACE.at(item.span.clone(), label));
    }
}

#[cfg(test)]
mod tests {
    use super::Lies::{Around, Elsewhere, Inside};
    use super::{Place, lies};

    static PLACES: [Place; 4] = [
        Place { names: &["甲省", "甲", "Jia"], within: None },
        Place { names: &["甲市", "Jia City"], within: Some(0) },
        Place { names: &["甲市高新区", "甲高新区", "Jia High-tech Zone"], within: Some(1) },
        Place { names: &["东园", "East Park"], within: Some(2) },
    ];

    #[test]
    fn a_place_is_known_by_each_name_alone_and_in_a_chain() {
        let expected = [
            ("甲高新区", Inside),
            ("甲省甲市高新区", Inside),
            ("甲市 甲高新区 管委会", Inside),
            ("甲市东园3号", Inside),
            ("East Park, Jia High-tech Zone, Jia City", Inside),
            ("jia high-tech zone", Inside),
            ("甲市", Around),
            ("甲", Around),
            ("甲省甲市", Around),
            ("Jia City, Jia", Around),
            ("高新区", Around),
            ("甲市乙区", Elsewhere),
            ("甲省丙市", Elsewhere),
            ("乙省", Elsewhere),
            ("乙省甲高新区", Elsewhere),
            ("区", Elsewhere),
        ];
        for (stated, lie) in expected {
            assert_eq!(lies(&PLACES, 2, stated), lie, "{stated}");
        }
    }
}
