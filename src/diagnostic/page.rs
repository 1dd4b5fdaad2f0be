//! The page of a code that has an example of its own.

use crate::lang::Text;

/// A code explained, with what it finds fault with and the same mended. Both are run as tests.
#[derive(Debug)]
pub struct Page {
    /// The name of the code.
    pub name: &'static str,
    /// What it is about, and what to do.
    pub about: Text,
    /// The articles of the official text; empty where the policy alone is wrong.
    pub text: &'static str,
    /// The same where it is the text that was taken for another; empty: as above.
    pub good_text: &'static str,
    /// A policy that is at fault, without the head that all examples share.
    pub bad: &'static str,
    /// The same, mended.
    pub good: &'static str,
}
