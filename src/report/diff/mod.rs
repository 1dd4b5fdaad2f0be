//! What is different between two policies, as people or programs read it.

pub mod effect;
mod human;
mod json;
mod page;
mod schema;

pub use page::page;

use super::{Form, Look};
use crate::diff::{Change, Diff};
use crate::lang::Lang;

/// The JSON Schema of both documents that `--format json` gives.
pub fn schema() -> serde_json::Value {
    schema::schema()
}

/// A difference on one line.
pub fn line(change: &Change, lang: Lang) -> String {
    human::line(change, lang)
}

/// The whole output, with a line break at its end.
pub fn differences(diff: &Diff<'_>, form: Form, look: &Look) -> String {
    match form {
        Form::Text => human::render(diff, look),
        Form::Json => json::render(diff),
    }
}
