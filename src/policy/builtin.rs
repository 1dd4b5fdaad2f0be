//! The policies that are part of the program, found by the build in `policies/`.

include!(concat!(env!("OUT_DIR"), "/builtin.rs"));

/// The path and text of every built-in policy, in the order of their ids.
pub fn policies() -> &'static [(&'static str, &'static str, &'static str)] {
    POLICIES
}

/// The path and text of a built-in policy.
pub fn policy(id: &str) -> Option<(&'static str, &'static str)> {
    POLICIES.iter().find(|(known, _, _)| *known == id).map(|(_, path, text)| (*path, *text))
}

/// The path and text of a built-in vocabulary.
pub fn vocabulary(name: &str) -> Option<(&'static str, &'static str)> {
    VOCABULARIES.iter().find(|(known, _, _)| *known == name).map(|(_, path, text)| (*path, *text))
}
