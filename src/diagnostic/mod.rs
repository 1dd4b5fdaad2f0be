//! What is wrong with a file: where, what stands there, what was wanted, and what to do about it.
//!
//! A [`Code`] is declared beside the check that raises it, inside [`codes!`], which also lists it; this room knows only how
//! a diagnostic looks.

mod nearest;
mod page;
mod render;

pub use nearest::{did_you_mean, help_for, nearest};
pub use page::Page;

use crate::lang::Text;
use crate::source::Span;

/// How much a fault weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Worth knowing; nothing has to be done.
    Note,
    /// Probably not what was meant.
    Warning,
    /// Wrong.
    Error,
}

impl Severity {
    /// As it is written in formats for programs.
    pub fn name(self) -> &'static str {
        match self {
            Severity::Note => "note",
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }

    /// In words.
    pub fn label(self) -> Text {
        match self {
            Severity::Note => Text::new("提醒", "note"),
            Severity::Warning => Text::new("警告", "warning"),
            Severity::Error => Text::new("错误", "error"),
        }
    }
}

/// The name of a fault (`unit-mismatch`) and its headline.
#[derive(Debug, PartialEq, Eq)]
pub struct Code {
    /// Kebab case; names the fault, not the cure.
    pub name: &'static str,
    /// One line, without a full stop.
    pub title: Text,
    /// How much it weighs.
    pub severity: Severity,
}

/// Declares the codes of a file and lists them: `codes! { static BAD_DATE: Code = Code::new(…); … }`. The list, `CODES`, is
/// what `explain-code` finds them by, so none can be declared and forgotten there.
macro_rules! codes {
    ($($visible:vis static $name:ident: Code = $code:expr;)+) => {
        $($visible static $name: Code = $code;)+
        /// Every code that this file raises.
        pub(crate) static CODES: &[&Code] = &[$(&$name),+];
    };
}
pub(crate) use codes;

impl Code {
    /// An error.
    pub const fn new(name: &'static str, zh: &'static str, en: &'static str) -> Code {
        Code { name, title: Text::new(zh, en), severity: Severity::Error }
    }

    /// A warning.
    pub const fn warning(name: &'static str, zh: &'static str, en: &'static str) -> Code {
        Code { name, title: Text::new(zh, en), severity: Severity::Warning }
    }

    /// A note.
    pub const fn note(name: &'static str, zh: &'static str, en: &'static str) -> Code {
        Code { name, title: Text::new(zh, en), severity: Severity::Note }
    }

    /// A diagnostic of this code at a place.
    pub fn at(&'static self, span: Span, label: Text) -> Diagnostic {
        Diagnostic { code: self, labels: vec![(span, label)], help: Vec::new(), about: None, shown_by: Vec::new() }
    }
}

/// One fault.
#[derive(Clone, Debug)]
pub struct Diagnostic {
    /// Which fault.
    pub code: &'static Code,
    /// The places, each with what stands there; the first is the fault's own.
    pub labels: Vec<(Span, Text)>,
    /// What to do about it.
    pub help: Vec<Text>,
    /// What it is about, by its name in the file: a clause's id, a fact's name.
    pub about: Option<String>,
    /// Files that show it, each with what comes of it.
    pub shown_by: Vec<(Text, String)>,
}

impl Diagnostic {
    /// Shows a second place.
    pub fn and(mut self, span: Span, label: Text) -> Diagnostic {
        self.labels.push((span, label));
        self
    }

    /// Says what to do.
    pub fn help(mut self, help: impl Into<Option<Text>>) -> Diagnostic {
        self.help.extend(help.into());
        self
    }

    /// Says what it is about.
    pub fn about(mut self, name: &str) -> Diagnostic {
        self.about = Some(name.to_owned());
        self
    }

    /// Adds a file that shows it, with what comes of it.
    pub fn shown_by(mut self, what: Text, file: String) -> Diagnostic {
        self.shown_by.push((what, file));
        self
    }
}
