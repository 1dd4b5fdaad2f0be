//! Elements and escaped text. Text gets into the page only through here.

use crate::report::ink::{Ink, JOINER, pieces};
use crate::report::layout::{Block, Role, keep_figures};

/// A text as HTML: nothing in it is an element or ends an attribute.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
    out
}

/// A text whose figures are not broken: what joiners hold together becomes one span, so that whoever copies a figure gets
/// its characters and nothing else.
pub fn joined(text: &str) -> String {
    let mut groups: Vec<(String, bool)> = Vec::new();
    let in_date = |c: char| c.is_ascii_digit() || c == '-';
    let (mut glued, mut before) = (false, ' ');
    for character in text.chars() {
        if character == JOINER {
            glued = true;
            continue;
        }
        // A date is not broken at its hyphens either.
        let run = in_date(character) && in_date(before);
        match groups.last_mut() {
            Some((group, is_joined)) if glued || run => {
                group.push(character);
                *is_joined |= glued || character == '-';
            }
            _ => groups.push((String::from(character), false)),
        }
        (glued, before) = (false, character);
    }
    let group = |(group, is_joined): (String, bool)| {
        let group = escape(&group);
        if is_joined { format!("<span class=\"whole\">{group}</span>") } else { group }
    };
    groups.into_iter().map(group).collect()
}

/// A text with its weights.
pub fn inked(text: &str) -> String {
    let piece = |(ink, piece): (Option<Ink>, String)| {
        let piece = joined(&piece);
        match ink {
            Some(Ink::Dim) => format!("<span class=\"quiet\">{piece}</span>"),
            // Paper has no colours: what would be coloured is bold.
            Some(_) => format!("<b>{piece}</b>"),
            None => piece,
        }
    };
    pieces(&keep_figures(text)).into_iter().map(piece).collect()
}

/// A paragraph.
pub fn paragraph(block: &Block) -> String {
    let text = inked(&block.text);
    match block.role {
        Role::Plain => format!("<p class=\"plain\">{text}</p>"),
        Role::Under | Role::UnderBullet | Role::Behind(_) => format!("<p class=\"under\">{text}</p>"),
        Role::Bullet => format!("<p class=\"bullet\">· {text}</p>"),
        Role::Numbered(number) => format!("<p class=\"note\">[{number}] {text}</p>"),
    }
}

/// An element around HTML, on a line of its own; `class` may be empty.
pub fn element(name: &str, class: &str, inside: &str) -> String {
    let class = if class.is_empty() { String::new() } else { format!(" class=\"{class}\"") };
    format!("<{name}{class}>{inside}</{name}>\n")
}

/// A row of cells that are HTML: the kind of each (`th` or `td`), its class, and what it holds.
pub fn row<'a>(cells: impl IntoIterator<Item = (&'a str, &'a str, String)>) -> String {
    let cells: String = cells.into_iter().map(|(name, class, inside)| element(name, class, &inside)).collect();
    element("tr", "", &format!("\n{cells}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_of_a_file_is_an_element() {
        assert_eq!(escape("<b a='x'>\"&"), "&lt;b a=&#39;x&#39;&gt;&quot;&amp;");
        assert_eq!(inked("共 15,000元"), "共 <span class=\"whole\">15,000元</span>");
        assert_eq!(joined("至 2026-12-31 止 1200"), "至 <span class=\"whole\">2026-12-31</span> 止 1200");
        assert_eq!(inked(&format!("{}<", Ink::Bold.on("<i>"))), "<b>&lt;i&gt;</b>&lt;");
    }
}
