//! A tree of paragraphs, with lines that lead from each to what belongs to it.

use super::layout::Block;
use crate::source::width;

/// The least width that is left for the words of a branch.
const LEAST: usize = 24;

/// A paragraph and what belongs to it.
#[derive(Clone, Debug, Default)]
pub struct Branch {
    /// The text, already cleaned.
    pub text: String,
    /// What belongs to it.
    pub under: Vec<Branch>,
}

impl Branch {
    /// A paragraph by itself.
    pub fn leaf(text: impl Into<String>) -> Branch {
        Branch { text: text.into(), under: Vec::new() }
    }

    /// A paragraph with what belongs to it.
    pub fn new(text: impl Into<String>, under: Vec<Branch>) -> Branch {
        Branch { text: text.into(), under }
    }

    /// Its lines, none wider than `wide` as long as there is room for words at all.
    pub fn lines(&self, wide: usize) -> Vec<String> {
        let mut lines = Block::plain(self.text.as_str()).lines(wide);
        self.below("", wide, &mut lines);
        lines
    }

    fn below(&self, before: &str, wide: usize, lines: &mut Vec<String>) {
        for (place, branch) in self.under.iter().enumerate() {
            let last = place + 1 == self.under.len();
            let (first, rest) = if last { ("└ ", "  ") } else { ("├ ", "│ ") };
            let rest = format!("{before}{rest}");
            let room = wide.saturating_sub(width(&rest)).max(LEAST);
            // The line to what belongs to a branch runs on beside its own text.
            let own = if branch.under.is_empty() { rest.clone() } else { format!("{rest}│ ") };
            let room = if branch.under.is_empty() { room } else { room.saturating_sub(2).max(LEAST) };
            for (at, line) in Block::plain(branch.text.as_str()).lines(room).into_iter().enumerate() {
                lines.push(if at == 0 { format!("{before}{first}{line}") } else { format!("{own}{line}") });
            }
            branch.below(&rest, wide, lines);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_lead_past_what_is_broken() {
        let inner = Branch::new("three four five six seven eight", vec![Branch::leaf("end")]);
        let tree = Branch::new("one", vec![inner, Branch::leaf("two")]);
        let wanted = "one\n├ three four five six seven\n│ │ eight\n│ └ end\n└ two";
        assert_eq!(tree.lines(30).join("\n"), wanted);
    }
}
