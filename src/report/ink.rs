//! Colours. While a text is laid out, its colours are marks without width that no file can contain, because
//! [`clean`](crate::source::clean) takes them out; only the finished text has escape sequences, or nothing in their place.

/// A colour or weight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ink {
    /// Eligible.
    Green,
    /// Not eligible, overpaid, expired.
    Red,
    /// Not decided, draft.
    Yellow,
    /// Of less weight.
    Dim,
    /// Of more weight.
    Bold,
}

/// Ends a colour. This and the marks of the colours combine with the character before them when lines are broken, so that
/// they never make a place for a break.
const END: char = '\u{206a}';

/// Keeps the characters on its sides on one line.
pub const JOINER: char = '\u{2060}';

/// A blank that keeps the words on its sides on one line.
pub const NO_BREAK_BLANK: char = '\u{a0}';

const INKS: [(Ink, char, &str); 5] = [
    (Ink::Green, '\u{206b}', "\u{1b}[32m"),
    (Ink::Red, '\u{206c}', "\u{1b}[31m"),
    (Ink::Yellow, '\u{206d}', "\u{1b}[33m"),
    (Ink::Dim, '\u{206e}', "\u{1b}[2m"),
    (Ink::Bold, '\u{206f}', "\u{1b}[1m"),
];

impl Ink {
    /// The text in this colour.
    pub fn on(self, text: &str) -> String {
        let mark = INKS.iter().find(|(ink, _, _)| *ink == self).map_or(END, |(_, mark, _)| *mark);
        format!("{mark}{text}{END}")
    }
}

/// Lines of one text, each made to end its own colour and to take up that of the line before.
pub fn carry(lines: Vec<String>) -> Vec<String> {
    let mut open: Option<char> = None;
    let begin_again = |line: String| {
        let mut whole = String::from_iter(open);
        whole.push_str(&line);
        for character in line.chars() {
            if character == END {
                open = None;
            } else if INKS.iter().any(|(_, mark, _)| *mark == character) {
                open = Some(character);
            }
        }
        whole.extend(open.map(|_| END));
        whole
    };
    lines.into_iter().map(begin_again).collect()
}

/// The text in pieces of one colour each, without the marks of colours. [`JOINER`]s stay.
pub fn pieces(text: &str) -> Vec<(Option<Ink>, String)> {
    let mut pieces: Vec<(Option<Ink>, String)> = vec![(None, String::new())];
    for character in text.chars() {
        match INKS.iter().find(|(_, mark, _)| *mark == character) {
            Some((ink, _, _)) => pieces.push((Some(*ink), String::new())),
            None if character == END => pieces.push((None, String::new())),
            None => pieces.last_mut().into_iter().for_each(|(_, piece)| piece.push(character)),
        }
    }
    pieces.retain(|(_, piece)| !piece.is_empty());
    pieces
}

/// The finished text: marks become escape sequences or nothing, and no line ends in blanks.
pub fn finish(text: &str, color: bool) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.lines() {
        for character in line.trim_end().chars() {
            match INKS.iter().find(|(_, mark, _)| *mark == character) {
                Some((_, _, code)) if color => out.push_str(code),
                Some(_) => {}
                None if character == END && color => out.push_str("\u{1b}[0m"),
                None if character == END || character == JOINER => {}
                None if character == NO_BREAK_BLANK => out.push(' '),
                None => out.push(character),
            }
        }
        out.push('\n');
    }
    out
}
