//! What the tables of a file may hold: one description, by which a file is read and from which editors get their schemas.

use crate::lang::Text;

/// The keys of a table, and no others.
#[derive(Debug)]
pub struct Keys {
    /// What a schema calls the table.
    pub id: &'static str,
    /// Where such tables stand: the keys that lead to them, `*` for a name that the file chooses. Entries of a list add
    /// nothing.
    pub at: &'static [&'static str],
    /// Its keys, in the order in which they are written.
    pub keys: &'static [Key],
}

/// A key.
#[derive(Debug)]
pub struct Key {
    /// As it is written.
    pub name: &'static str,
    /// Whether it must be there.
    pub needed: bool,
    /// What its value is.
    pub kind: Kind,
    /// What it means.
    pub about: Text,
}

/// What a value is.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// A string.
    Text,
    /// One string or several.
    Texts,
    /// `{ zh = "…", en = "…" }`
    Words,
    /// true or false.
    Bool,
    /// A date.
    Day,
    /// An expression.
    Expression,
    /// A figure with its unit, or a bare number where one is allowed.
    Number,
    /// A whole number from 1 on, without a unit.
    Count,
    /// About so many: `{ at_least, at_most }`.
    Range,
    /// One of these words.
    OneOf(&'static [&'static str]),
    /// One word of a set that is known elsewhere.
    Chosen(Set),
    /// One word of such a set, or several.
    ChosenSeveral(Set),
    /// One of several kinds.
    Either(&'static [Kind]),
    /// Several of a kind.
    List(&'static Kind),
    /// A table with these keys.
    Table(&'static Keys),
    /// A table with the keys of several; the first gives it its name.
    Joined(&'static [&'static Keys]),
    /// A declaration, which has some of these keys only for some types.
    Declared(&'static Keys),
    /// A table of named entries of one kind.
    Named(&'static Kind),
    /// Whatever the declaration allows.
    Anything,
}

/// Words that are listed elsewhere: in the program, or in a policy and its vocabularies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Set {
    /// Kinds of benefit.
    Kinds,
    /// Whether a policy is in force.
    Standings,
    /// Kinds of applicants.
    Applicants,
    /// What benefits are for.
    Categories,
    /// Whose money it is: the words of the enum `level`.
    Levels,
    /// What a line can come to.
    Conclusions,
    /// Types: those of the language, and enums by their ids.
    Types,
}

impl Key {
    /// A key that may be left out.
    pub const fn new(name: &'static str, kind: Kind, zh: &'static str, en: &'static str) -> Key {
        Key { name, needed: false, kind, about: Text::new(zh, en) }
    }

    /// A key that must be there.
    pub const fn needed(name: &'static str, kind: Kind, zh: &'static str, en: &'static str) -> Key {
        Key { name, needed: true, kind, about: Text::new(zh, en) }
    }
}

impl Keys {
    /// The names of the keys.
    pub fn names(&self) -> Vec<&'static str> {
        self.keys.iter().map(|key| key.name).collect()
    }

    /// Whether such a table stands at a path.
    pub fn stands_at(&self, path: &[&str]) -> bool {
        let fits = |pattern: &str| {
            pattern.split('.').count() == path.len()
                && pattern.split('.').zip(path).all(|(wanted, key)| wanted == "*" || wanted == *key)
        };
        self.at.iter().any(|pattern| fits(pattern))
    }
}
