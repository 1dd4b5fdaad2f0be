//! What is compared of a policy and of a clause, each by a name that stays where it is moved.

use crate::expr::program::Node;
use crate::lang::Text;
use crate::source::Span;

/// One thing that a policy says, or several that belong together.
pub struct Aspect<'p> {
    /// By which it is found on the other side: `amount`, `table.rate.doctor`.
    pub key: String,
    /// In words.
    pub name: Text,
    /// What it says.
    pub content: Content<'p>,
    /// Whether it only says it in words: nothing is worked out with it.
    pub wording: bool,
}

/// What an aspect says.
pub enum Content<'p> {
    /// A plain value: what is compared, and how it is told.
    Plain(String, Text),
    /// An expression.
    Expression(Expression<'p>),
    /// Parts that have keys.
    Group(Vec<Aspect<'p>>),
    /// Parts without names, which are matched by what they say.
    List(Vec<Aspect<'p>>),
}

/// An expression of a file.
pub struct Expression<'p> {
    /// The expression.
    pub node: &'p Node,
    /// The lists whose records it looks at by their fields alone.
    pub records: Vec<usize>,
    /// The words that stand beside it and say what it requires.
    pub words: Option<&'p Text>,
}

impl<'p> Aspect<'p> {
    /// A plain value; `same`: what is compared.
    pub fn plain(key: &str, name: Text, same: impl Into<String>, text: Text) -> Aspect<'p> {
        Aspect { key: key.to_owned(), name, content: Content::Plain(same.into(), text), wording: false }
    }

    /// Words, which may change without anything being worked out otherwise.
    pub fn words(key: &str, name: Text, text: &Text) -> Aspect<'p> {
        let same = format!("{}\n{}", text.zh, text.en);
        Aspect { wording: true, ..Aspect::plain(key, name, same, text.clone()) }
    }

    /// An expression.
    pub fn expression(key: &str, name: Text, node: &'p Node) -> Aspect<'p> {
        Aspect::over(key, name, node, Vec::new(), None)
    }

    /// An expression over the records of lists, or with words beside it.
    pub fn over(key: &str, name: Text, node: &'p Node, records: Vec<usize>, words: Option<&'p Text>) -> Aspect<'p> {
        let content = Content::Expression(Expression { node, records, words });
        Aspect { key: key.to_owned(), name, content, wording: false }
    }

    /// An expression, where there is one.
    pub fn perhaps(key: &str, name: Text, node: Option<&'p Node>) -> Option<Aspect<'p>> {
        node.map(|node| Aspect::expression(key, name, node))
    }

    /// Parts that have keys.
    pub fn group(key: &str, name: Text, parts: Vec<Aspect<'p>>) -> Aspect<'p> {
        Aspect { key: key.to_owned(), name, content: Content::Group(parts), wording: false }
    }

    /// Parts without names.
    pub fn list(key: &str, name: Text, parts: Vec<Aspect<'p>>) -> Aspect<'p> {
        Aspect { key: key.to_owned(), name, content: Content::List(parts), wording: false }
    }

    /// Where it stands, if that is one place.
    pub fn span(&self) -> Option<&'p Span> {
        match &self.content {
            Content::Expression(expression) => Some(&expression.node.span),
            Content::Plain(..) => None,
            Content::Group(parts) | Content::List(parts) => parts.iter().find_map(Aspect::span),
        }
    }
}
