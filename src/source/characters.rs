//! What characters are to whoever reads a text: one table, by which data are refused, texts made visible, and ids compared.
//!
//! | | in ids, keys, heads, words and values | in free text, wherever it goes |
//! | --- | --- | --- |
//! | blanks of any kind | around: no part of it; inside: one is like another | stay |
//! | line breaks, tabs | a head or a text may have them | stay; in what is one line, line breaks become `�`, tabs four blanks |
//! | selectors of variants, behind what has variants | stay; not compared | stay |
//! | all others that cannot be seen | refused, with place and code | become `�` |

use std::borrow::Cow;

use crate::lang::Text;

/// What stands for a character that cannot be seen.
const STANDS_FOR_HIDDEN: char = '\u{fffd}';

/// Characters that take no room, or no more than a blank does, and are no blanks: what Unicode calls default ignorable (without
/// selectors of variants), what turns or joins, and fillers. Controls are told by their kind.
const HIDDEN: [(char, char); 21] = [
    ('\u{ad}', '\u{ad}'),
    ('\u{34f}', '\u{34f}'),
    ('\u{61c}', '\u{61c}'),
    ('\u{115f}', '\u{1160}'),
    ('\u{17b4}', '\u{17b5}'),
    ('\u{180b}', '\u{180f}'),
    ('\u{200b}', '\u{200f}'),
    ('\u{2028}', '\u{202e}'),
    ('\u{2060}', '\u{206f}'),
    ('\u{2800}', '\u{2800}'),
    ('\u{3164}', '\u{3164}'),
    ('\u{feff}', '\u{feff}'),
    ('\u{ffa0}', '\u{ffa0}'),
    ('\u{fff0}', '\u{fffb}'),
    ('\u{fffe}', '\u{ffff}'),
    ('\u{13430}', '\u{13440}'),
    ('\u{1bca0}', '\u{1bca3}'),
    ('\u{1d159}', '\u{1d159}'),
    ('\u{1d173}', '\u{1d17a}'),
    ('\u{e0000}', '\u{e00ff}'),
    ('\u{e01f0}', '\u{e0fff}'),
];

/// Picks a variant of the character before it.
fn selects(character: char) -> bool {
    matches!(character, '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}')
}

/// Whether a character behind another (none: at the beginning) cannot be seen.
fn hides(before: Option<char>, character: char) -> bool {
    if character.is_ascii() {
        return character.is_ascii_control();
    }
    if selects(character) {
        // 汉字 and pictures have variants; a letter, a blank or nothing at all has none.
        return before.is_none_or(|before| before.is_ascii() || before.is_whitespace() || selects(before));
    }
    character.is_control() || HIDDEN.iter().any(|(first, last)| (*first..=*last).contains(&character))
}

/// Line breaks as they are typed, and tabs.
fn breaks(character: char) -> bool {
    matches!(character, '\n' | '\r' | '\t')
}

/// Each character with whether it cannot be seen.
fn looked_at(text: &str) -> impl Iterator<Item = (char, bool)> + '_ {
    let mut before = None;
    text.chars().map(move |character| {
        let hidden = hides(before, character);
        before = Some(character);
        (character, hidden)
    })
}

/// The first character of a text that cannot be seen and is no blank around it.
pub fn unseen(text: &str) -> Option<char> {
    looked_at(text.trim()).find(|(_, hidden)| *hidden).map(|(character, _)| character)
}

/// The same for a text that may be of several lines.
pub fn unseen_in_lines(text: &str) -> Option<char> {
    looked_at(text.trim()).find(|(character, hidden)| *hidden && !breaks(*character)).map(|(character, _)| character)
}

/// What to say of a character that cannot be seen.
pub fn of_unseen(character: char) -> Text {
    let code = u32::from(character);
    Text::made(
        format!("其中有看不见的字符 U+{code:04X}；删去它，或重新输入这一格"),
        format!("it holds a character that cannot be seen (U+{code:04X}); take it out, or type this anew"),
    )
}

/// A free text as it goes into data: what cannot be seen becomes `�`, lines stay.
pub fn visible(text: &str) -> Cow<'_, str> {
    let bad = |(character, hidden): (char, bool)| hidden && !breaks(character);
    // Of most texts nothing is hidden.
    if text.bytes().all(|byte| byte.is_ascii_graphic() || byte == b' ') || !looked_at(text).any(bad) {
        return Cow::Borrowed(text);
    }
    let shown = |(character, hidden)| if hidden && !breaks(character) { STANDS_FOR_HIDDEN } else { character };
    Cow::Owned(looked_at(text).map(shown).collect())
}

/// A free text as it goes into one line, to a terminal above all: what cannot be seen becomes `�`, so does the end of a line; a
/// tab becomes four blanks.
pub fn clean(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for (character, hidden) in looked_at(text) {
        match character {
            '\t' => out.push_str("    "),
            _ if hidden => out.push(STANDS_FOR_HIDDEN),
            other => out.push(other),
        }
    }
    out
}

/// A text as it is compared with others: full-width forms as plain ones, every blank as a plain one, none around it, and no
/// selectors of variants. Figures and days of data are read from it, too.
pub fn folded(text: &str) -> Cow<'_, str> {
    let text = text.trim();
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    // As most are written already.
    let is_plain = |character: char| match character {
        '\u{4e00}'..='\u{9fff}' | '!'..='~' | ' ' => true,
        '\u{ff01}'..='\u{ff5e}' => false,
        other => !selects(other) && !other.is_whitespace(),
    };
    if text.chars().all(is_plain) {
        return Cow::Borrowed(text);
    }
    let plain = |character: char| match character {
        selector if selects(selector) => None,
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(character) - 0xfee0),
        other if other.is_whitespace() => Some(' '),
        other => Some(other),
    };
    Cow::Owned(text.chars().filter_map(plain).collect())
}

/// The same with small letters: how two texts of a policy and an applicant are held against each other.
pub fn alike(text: &str) -> Cow<'_, str> {
    let text = folded(text);
    if text.chars().any(char::is_uppercase) { Cow::Owned(text.to_lowercase()) } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_moves_the_cursor_gets_through() {
        assert_eq!(clean("a\u{1b}[31m\u{9b}b\u{202e}\r"), "a\u{fffd}[31m\u{fffd}b\u{fffd}\u{fffd}");
    }

    #[test]
    fn what_is_refused_is_what_is_made_visible() {
        for character in '\0'..=char::MAX {
            let text = format!("甲{character}乙");
            let refused = unseen(&text).is_some();
            assert_eq!(
                clean(&text).contains(STANDS_FOR_HIDDEN),
                (refused && character != '\t') || character == STANDS_FOR_HIDDEN
            );
            let shown = visible(&text).contains(STANDS_FOR_HIDDEN);
            assert_eq!(shown, (refused && !breaks(character)) || character == STANDS_FOR_HIDDEN, "{character:?}");
        }
    }

    #[test]
    fn variants_of_a_character_stay_and_stray_selectors_do_not() {
        assert_eq!(unseen("葛\u{e0100}城"), None);
        assert_eq!(visible("葛\u{e0100}"), "葛\u{e0100}");
        assert_eq!(unseen("A\u{fe00}"), Some('\u{fe00}'));
        assert_eq!(folded("葛\u{e0100}"), "葛");
    }

    #[test]
    fn around_a_text_only_blanks_fall_away() {
        assert_eq!(folded("\u{3000}\u{a0}Ａ１\u{2003}\u{205f}"), "A1");
        assert_eq!(unseen("\u{3000}A\u{a0}"), None);
        assert_eq!(unseen("\u{200b}A"), Some('\u{200b}'));
        assert_eq!(visible("\u{85}A"), "\u{fffd}A");
    }
}
