//! Lines of a given width, broken where Chinese and English may be broken, and columns that share a width.

use std::borrow::Cow;

use textwrap::{Options, WordSeparator, WordSplitter, WrapAlgorithm};

use super::ink::{JOINER, NO_BREAK_BLANK, carry};
use crate::source::width;

/// What a paragraph is among others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// It stands by itself.
    Plain,
    /// It belongs to the one above.
    Under,
    /// An entry of a list.
    Bullet,
    /// It belongs to an entry of a list.
    UnderBullet,
    /// It is referred to by this number.
    Numbered(usize),
    /// It is part of an outline of text, behind these signs.
    Behind(&'static str),
}

/// A paragraph: its text, and what it is among others.
#[derive(Clone, Debug)]
pub struct Block {
    /// What it is.
    pub role: Role,
    /// The text, already cleaned.
    pub text: String,
}

impl Block {
    /// A paragraph without indentation.
    pub fn plain(text: impl Into<String>) -> Block {
        Block { role: Role::Plain, text: text.into() }
    }

    /// A paragraph below another.
    pub fn under(text: impl Into<String>) -> Block {
        Block { role: Role::Under, text: text.into() }
    }

    /// A paragraph with a bullet.
    pub fn bullet(text: impl Into<String>) -> Block {
        Block { role: Role::Bullet, text: text.into() }
    }

    /// A paragraph below one with a bullet.
    pub fn under_bullet(text: impl Into<String>) -> Block {
        Block { role: Role::UnderBullet, text: text.into() }
    }

    /// A paragraph with a number.
    pub fn numbered(number: usize, text: &str) -> Block {
        Block { role: Role::Numbered(number), text: text.to_owned() }
    }

    /// A paragraph behind these signs.
    pub fn behind(signs: &'static str, text: impl Into<String>) -> Block {
        Block { role: Role::Behind(signs), text: text.into() }
    }

    /// What stands before its first line: blanks, or a bullet. The lines after it are indented as far.
    fn lead(&self) -> Cow<'static, str> {
        match self.role {
            Role::Plain => Cow::Borrowed(""),
            Role::Under => Cow::Borrowed("  "),
            Role::Bullet => Cow::Borrowed("· "),
            Role::UnderBullet => Cow::Borrowed("    "),
            Role::Numbered(number) => Cow::Owned(format!("[{number}] ")),
            Role::Behind(signs) => Cow::Borrowed(signs),
        }
    }

    /// How wide it is on one line.
    pub fn natural(&self) -> usize {
        width(&self.lead()) + width(&self.text)
    }

    /// Its lines, none wider than `wide`.
    pub fn lines(&self, wide: usize) -> Vec<String> {
        let lead = self.lead();
        let rest = " ".repeat(width(&lead));
        let options = Options::new(wide.max(rest.len() + 2))
            .initial_indent(&lead)
            .subsequent_indent(&rest)
            .word_separator(WordSeparator::UnicodeBreakProperties)
            .word_splitter(WordSplitter::NoHyphenation)
            .wrap_algorithm(WrapAlgorithm::FirstFit);
        carry(textwrap::wrap(&keep_figures(&self.text), options).into_iter().map(String::from).collect())
    }
}

/// The text with joiners inside its figures, so that `3000元/月`, `14 months`, `= 42,000元` and `≤ 35岁` stay on one line.
pub fn keep_figures(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    let (mut in_figure, mut before) = (false, ' ');
    while let Some(character) = characters.next() {
        let next = characters.peek().copied().unwrap_or(' ');
        let of_figure = matches!(before, '=' | '≤' | '≥') || (before.is_ascii_digit() && next.is_ascii_lowercase());
        out.push(if character == ' ' && of_figure { NO_BREAK_BLANK } else { character });
        // A figure goes on through its 万, 个, 周 (周岁) and 人次, and through what stands below the line.
        let goes_on = matches!(character, '万' | '亿' | '个' | '周' | '/' | ',') || (character == '人' && next == '次');
        in_figure = character.is_ascii_digit() || (in_figure && goes_on);
        let open = !matches!(next, ' ' | '（' | '“' | '《');
        if open && (in_figure || character == '/' || character == '–' || next == '–') {
            out.push(JOINER);
        }
        // The unit right behind the number may have a part below the line.
        in_figure = in_figure || (next == '/' && open);
        before = character;
    }
    out
}

/// How many columns each gets of `budget`: what it wants, or an equal share of what those who want less leave over.
pub fn share(budget: usize, wants: &[usize]) -> Vec<usize> {
    let mut order: Vec<(usize, usize)> = wants.iter().copied().enumerate().collect();
    order.sort_by_key(|&(_, want)| want);
    let (mut left, mut waiting) = (budget, order.len());
    let mut given = Vec::with_capacity(order.len());
    for (place, want) in order {
        let gets = want.min(left / waiting.max(1)).max(1);
        left = left.saturating_sub(gets);
        waiting = waiting.saturating_sub(1);
        given.push((place, gets));
    }
    given.sort_by_key(|&(place, _)| place);
    given.into_iter().map(|(_, gets)| gets).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::ink::finish;

    #[test]
    fn no_line_begins_with_closing_punctuation_and_no_figure_is_torn() {
        let text = "按《清远高新区人才措施》，3000元/月 × 14个月，共5万元；36周岁、27人次；另有“其他”（未计）。";
        for wide in 14..60 {
            let lines = finish(&Block::plain(text).lines(wide).join("\n"), false);
            for line in lines.lines() {
                assert!(width(line) <= wide, "{line}");
                assert!(!line.starts_with(['，', '。', '；', '、', '》', '”', '）', '：']), "{lines}");
            }
            for figure in ["3000元/月", "14个月", "5万元", "36周岁", "27人次"] {
                assert!(lines.contains(figure), "{lines}");
            }
        }
    }

    #[test]
    fn those_who_want_little_leave_room_for_the_others() {
        assert_eq!(share(60, &[10, 100, 20]), [10, 30, 20]);
        assert_eq!(share(60, &[10, 10, 20]), [10, 10, 20]);
        assert_eq!(share(30, &[100, 100, 100]), [10, 10, 10]);
    }
}
