//! What the checks of policies found, as people or programs read it.

mod github;
mod human;
mod json;

use crate::check::Findings;
use crate::diagnostic::Severity;
use crate::lang::Lang;
use crate::policy::Policy;

/// A policy with what was found in it.
pub type Checked<'p> = (&'p Policy, Findings<'p>);

/// An output format of findings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FindingsFormat {
    /// For people.
    Human,
    /// The same as data, in both languages.
    Json,
    /// Workflow commands, which GitHub shows beside the lines of a change.
    Github,
}

/// The whole output, with a line break at its end. `accepted`: people are shown what was accepted too; data always has it.
pub fn findings(checked: &[Checked<'_>], format: FindingsFormat, lang: Lang, accepted: bool) -> String {
    match format {
        FindingsFormat::Human => human::render(checked, lang, accepted),
        FindingsFormat::Json => json::render(checked),
        FindingsFormat::Github => github::render(checked, lang),
    }
}

/// How many findings are open, by what they weigh.
fn count(found: &Findings<'_>, severity: Severity) -> usize {
    found.open.iter().filter(|finding| finding.code.severity == severity).count()
}
