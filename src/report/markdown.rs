//! The breakdown as Markdown (tables as GitHub and GitLab have them), for issues, wikis and mails. Nothing in a file's text
//! is taken for a mark of Markdown, a link or HTML.

use super::ink::{Ink, JOINER, NO_BREAK_BLANK, pieces};
use super::layout::{Block, Role};
use super::told::line::Rows;
use super::told::shape::{Content, Part, Shape};
use super::told::{below, brief, head, left_out, shown};
use super::{Format, Look, words};
use crate::assess::model::Assessment;
use crate::lang::Text;

/// The breakdown as Markdown.
pub static MARKDOWN: Format = Format {
    name: "markdown",
    about: Text::new("Markdown，可贴入工单、文档和邮件", "Markdown, for issues, wikis and mails"),
    names_record: false,
    begin: |_| String::new(),
    one: |assessment, look, _| render(assessment, look),
    between: "\n",
    end: "",
};

/// No width to share: words stand in two columns, each amount in its own.
static SHAPE: Shape = &[
    (&words::CLAUSE, Content::Place, &[Part::Place]),
    (&words::WORKING, Content::Words, &[Part::Title, Part::Calculation]),
    (&words::ENTITLED, Content::Amounts, &[Part::Entitled]),
    (&words::AWARDED, Content::Amounts, &[Part::Awarded]),
    (&words::PAID, Content::Amounts, &[Part::Paid]),
    (&words::DUE, Content::Amounts, &[Part::Due]),
    (&words::CONCLUSION, Content::Words, &[Part::Conclusion]),
];

fn render(assessment: &Assessment, look: &Look) -> String {
    let lang = look.lang;
    let lines = shown(assessment, look);
    let mut rows = Rows::new(lang, SHAPE);
    let mut parts = Vec::new();
    for (place, block) in head::blocks(assessment, lang).iter().enumerate() {
        let text = paragraph(&block.text);
        match (place, block.role) {
            // The first says who asks.
            (0, _) => parts.push(format!("# {}", heading(&block.text))),
            (_, Role::Under) => parts.last_mut().into_iter().for_each(|title: &mut String| {
                title.push_str("  \n");
                title.push_str(&text);
            }),
            _ => parts.push(text),
        }
    }
    if !look.all && !lines.is_empty() {
        parts.extend(brief::totals(assessment, lang).iter().map(entry));
    }
    for of_policy in lines.chunk_by(|one, next| one.policy == next.policy) {
        if let (Some(first), true) = (of_policy.first(), assessment.policies.len() > 1) {
            parts.push(format!("## {}", heading(&head::caption(assessment, &first.policy, lang).text)));
        }
        let arranged = brief::arranged(assessment, of_policy, look, &brief::HINT);
        if !arranged.full.is_empty() {
            let heads = SHAPE.iter().map(|(head, _, _)| inline(head.get(lang)));
            let ruled = SHAPE.iter().map(|(_, content, _)| if *content == Content::Amounts { "---:" } else { "---" });
            let mut table = vec![cells(heads), cells(ruled.map(str::to_owned))];
            table.extend(arranged.full.iter().map(|line| cells(rows.cells(line).iter().map(|blocks| cell(blocks)))));
            parts.push(table.join("\n"));
        }
        for (heading, blocks) in arranged.brief {
            parts.push(inline(&Ink::Bold.on(&heading)));
            parts.push(blocks.iter().map(entry).collect::<Vec<_>>().join("\n"));
        }
    }
    parts.extend(left_out(assessment, &lines, lang, true).map(|text| paragraph(&text)));
    for section in below::sections(assessment, &rows.notes, lang) {
        parts.push(format!("## {}", inline(&section.title)));
        if *section.heading == words::TOTALS {
            let figures = below::totals::figures(assessment, lang);
            let heads = cells(figures.iter().map(|(label, _)| inline(label)));
            let ruled = cells(figures.iter().map(|_| "---:".to_owned()));
            parts.push([heads, ruled, cells(figures.iter().map(|(_, figure)| inline(figure)))].join("\n"));
        } else {
            parts.push(section.blocks.iter().map(entry).collect::<Vec<_>>().join("\n"));
        }
    }
    parts.join("\n\n") + "\n"
}

/// A row of a table.
fn cells(cells: impl Iterator<Item = String>) -> String {
    format!("| {} |", cells.collect::<Vec<_>>().join(" | "))
}

/// Paragraphs in a cell, which has no line breaks of its own.
fn cell(blocks: &[Block]) -> String {
    let line = |block: &Block| match block.role {
        Role::Bullet => format!("· {}", inline(&block.text)),
        _ => inline(&block.text),
    };
    blocks.iter().map(line).collect::<Vec<_>>().join("<br>")
}

/// A line of a section.
fn entry(block: &Block) -> String {
    match block.role {
        Role::Bullet => format!("- {}", paragraph(&block.text)),
        Role::UnderBullet => format!("  - {}", paragraph(&block.text)),
        Role::Numbered(number) => format!("- \\[{number}\\] {}", paragraph(&block.text)),
        Role::Plain | Role::Under | Role::Behind(_) => paragraph(&block.text),
    }
}

/// A text at the beginning of a line: nothing there makes it a heading, a list or a quotation.
fn paragraph(text: &str) -> String {
    let text = inline(text);
    let digits = text.chars().take_while(char::is_ascii_digit).count();
    let numbered = digits > 0 && text.get(digits..).is_some_and(|rest| rest.starts_with(['.', ')']));
    if numbered {
        return format!("{}\\{}", text.get(..digits).unwrap_or(""), text.get(digits..).unwrap_or(""));
    }
    if text.starts_with(['#', '+', '-', '=']) { format!("\\{text}") } else { text }
}

/// A text as a heading, which has weight enough.
fn heading(text: &str) -> String {
    pieces(text).iter().map(|(_, piece)| escape(piece)).collect()
}

/// A text inside a line, its weight kept and every mark escaped.
fn inline(text: &str) -> String {
    let piece = |(ink, piece): (Option<Ink>, String)| {
        let piece = escape(&piece);
        if ink == Some(Ink::Bold) { format!("**{piece}**") } else { piece }
    };
    pieces(text).into_iter().map(piece).collect()
}

fn escape(text: &str) -> String {
    let text = text.replace(JOINER, "").replace(NO_BREAK_BLANK, " ");
    let mut out = String::with_capacity(text.len());
    for (at, character) in text.char_indices() {
        let after = text.get(at..).unwrap_or("");
        let before = text.get(..at).unwrap_or("");
        // What GitHub makes a link of without being asked.
        let linked = after.starts_with("://") || (character == '.' && before.to_ascii_lowercase().ends_with("www"));
        if linked || matches!(character, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '~' | '&' | '$' | '@') {
            out.push('\\');
        }
        out.push(character);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_of_a_file_is_a_mark() {
        assert_eq!(
            inline("<b>*a*</b> | [x](http://y) & www.z"),
            "\\<b\\>\\*a\\*\\</b\\> \\| \\[x\\](http\\://y) \\& www\\.z"
        );
        for (text, escaped) in
            [("# a", "\\# a"), ("1. a", "1\\. a"), ("- a", "\\- a"), ("19.1 a", "19\\.1 a"), ("林晓", "林晓")]
        {
            assert_eq!(paragraph(text), escaped);
        }
        assert_eq!(inline(&Ink::Bold.on("a*")), "**a\\***");
    }
}
