//! A page as HTML: one file without outside parts, that can be searched without a network and printed.

use super::model::{Entry, Named, Page, Piece, Section, Table};
use super::{Words, brief};
use crate::lang::Lang;
use crate::policy::Policy;
use crate::report::html::markup::{element, escape, joined, paragraph};

/// Everything that a page looks like. Nothing is fetched.
const STYLE: &str = include_str!("page.css");
/// The search.
const SCRIPT: &str = include_str!("page.js");
/// What the file says of itself, by which it is known again.
pub const GENERATOR: &str = concat!("duixian ", env!("CARGO_PKG_VERSION"), " book");

/// Another page that this one leads to.
#[derive(Clone, Debug)]
pub struct Link {
    /// Its path from here.
    pub path: String,
    /// What it is called.
    pub shown: String,
}

/// One policy; `links`: the other pages of its book.
pub fn one(page: &Page, links: &[Link], lang: Lang) -> String {
    let words = Words(lang);
    let steps = page.sections.iter().find(|section| section.anchor == "steps");
    let steps: Vec<(&str, &str)> = steps.map_or_else(Vec::new, |steps| {
        let entries = steps.pieces.iter().filter_map(|piece| match piece {
            Piece::Entry(entry) => Some((entry.heading.as_str(), entry.anchor.as_str())),
            _ => None,
        });
        entries.collect()
    });
    let writer = Writer { steps, lang };
    let contents = page.sections.iter().map(|section| {
        let class = if section.is_clause { "" } else { "part" };
        element("li", class, &to(&section.anchor, &section.heading))
    });
    let contents = element("nav", "", &element("ol", "", &contents.collect::<String>()));
    let below: String = page.below.iter().map(|text| element("p", "", &joined(text))).collect();
    let head = format!("{}{below}", element("h1", "", &escape(&page.title)));
    let sections: String = page.sections.iter().map(|section| writer.section(section)).collect();
    let body = format!("{}{contents}<main>\n{sections}</main>\n", element("header", "", &head));
    whole(&page.title, &body, links, words)
}

/// The first page of a book: its policies with their clauses, each leading to where it is told.
pub fn index(policies: &[&Policy], links: &[Link], lang: Lang) -> String {
    let words = Words(lang);
    let title = words.of("政策汇编", "Book of policies");
    let of = |policy: &&Policy| {
        let path = format!("{}.html", policy.id);
        let heading =
            element("h2", "", &format!("<a href=\"{}\">{}</a>", escape(&path), escape(&words.say(&policy.title))));
        let about: String = brief(policy, lang).iter().map(|text| element("p", "", &joined(text))).collect();
        let clauses = policy.clauses.iter().map(|clause| {
            let (anchor, shown) = super::link(clause, words);
            let summary = clause.summary.as_ref().map(|text| words.say(text)).unwrap_or_default();
            let link = format!(
                "<a href=\"{}#{}\">{} {}</a>",
                escape(&path),
                escape(&anchor),
                escape(&shown),
                escape(&words.say(&clause.title))
            );
            format!("<li data-find>{link} <span class=\"quiet\">{}</span></li>\n", escape(&summary))
        });
        let clauses = element("ul", "clauses", &clauses.collect::<String>());
        format!("<section data-holds>\n{heading}{about}{clauses}</section>\n")
    };
    let sections: String = policies.iter().map(of).collect();
    let head = element("header", "", &element("h1", "", title));
    whole(title, &format!("{head}<main class=\"index\">\n{sections}</main>\n"), links, words)
}

fn whole(title: &str, body: &str, links: &[Link], words: Words) -> String {
    let lang = if words.0 == Lang::Zh { "zh-CN" } else { "en" };
    let title = escape(title);
    let links: String =
        links.iter().map(|link| format!("<a href=\"{}\">{}</a>\n", escape(&link.path), escape(&link.shown))).collect();
    let hint = words.of("查找：条号、词语、金额", "Search: numbers, words, sums");
    let bar = format!(
        "<div class=\"bar\">\n{links}<input type=\"search\" id=\"find\" placeholder=\"{hint}\" aria-label=\"{hint}\">\
         <output id=\"found\"></output>\n</div>\n"
    );
    // The policy lets nothing be loaded, and only the script with this mark be run, whatever stands in the page.
    format!(
        "<!DOCTYPE html>\n<html lang=\"{lang}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; script-src 'nonce-book'\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"generator\" content=\"{GENERATOR}\">\n\
         <title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n{bar}{body}\
         <script nonce=\"book\">\n{SCRIPT}</script>\n</body>\n</html>\n"
    )
}

fn to(anchor: &str, shown: &str) -> String {
    format!("<a href=\"#{}\">{}</a>", escape(anchor), escape(shown))
}

struct Writer<'p> {
    /// The shared steps, to which formulas lead, and where they stand.
    steps: Vec<(&'p str, &'p str)>,
    lang: Lang,
}

impl Writer<'_> {
    fn section(&self, section: &Section) -> String {
        let heading = element("h2", "", &escape(&section.heading));
        let class = if section.is_clause { "clause" } else { "part" };
        let pieces = self.pieces(&section.pieces);
        let anchor = escape(&section.anchor);
        format!("<section id=\"{anchor}\" class=\"{class}\" data-find>\n{heading}{pieces}</section>\n")
    }

    /// Pieces; what stands under words for what it is, is one list as long as nothing else comes between.
    fn pieces(&self, pieces: &[Piece]) -> String {
        let mut text = String::new();
        for group in pieces.chunk_by(|one, next| matches!((one, next), (Piece::Named(_), Piece::Named(_)))) {
            let inside: String = group.iter().map(|piece| self.piece(piece)).collect();
            let is_list = matches!(group.first(), Some(Piece::Named(_)));
            text.push_str(&if is_list { element("dl", "", &format!("\n{inside}")) } else { inside });
        }
        text
    }

    fn piece(&self, piece: &Piece) -> String {
        match piece {
            Piece::Text(text) => element("p", "", &joined(text)),
            Piece::Named(named) => self.named(named),
            Piece::Table(table) => self.table(table),
            Piece::Entry(entry) => self.entry(entry),
            Piece::Working(blocks) => {
                let inside: String = blocks.iter().map(|block| paragraph(block) + "\n").collect();
                element("div", "working", &format!("\n{inside}"))
            }
            Piece::Folded(what, entries) if entries.is_empty() => element("p", "quiet", &escape(what)),
            Piece::Folded(what, entries) => {
                let inside: String = entries.iter().map(|entry| self.entry(entry)).collect();
                element("details", "", &format!("{}{inside}", element("summary", "", &escape(what))))
            }
        }
    }

    fn entry(&self, entry: &Entry) -> String {
        let id = if entry.anchor.is_empty() { String::new() } else { format!(" id=\"{}\"", escape(&entry.anchor)) };
        let heading = element("h3", "", &joined(&entry.heading));
        format!("<div class=\"entry\"{id}>\n{heading}{}</div>\n", self.pieces(&entry.pieces))
    }

    fn named(&self, named: &Named) -> String {
        let mut inside = joined(&named.text);
        let leads_to: Vec<String> = named.leads_to.iter().map(|(anchor, shown)| to(anchor, shown)).collect();
        if !leads_to.is_empty() {
            inside.push_str(if named.text.is_empty() { "" } else { " " });
            inside.push_str(&leads_to.join(Words(self.lang).of("、", ", ")));
        }
        inside.extend(named.formulas.iter().map(|formula| element("p", "formula", &self.formula(formula))));
        format!("{}{}", element("dt", "", &escape(&named.lead)), element("dd", "", &inside))
    }

    fn table(&self, table: &Table) -> String {
        let caption =
            if table.caption.is_empty() { String::new() } else { element("caption", "", &escape(&table.caption)) };
        let cells = |name: &str, cells: &[String]| -> String {
            cells.iter().map(|cell| element(name, "", &self.formula(cell))).collect()
        };
        let heads = element("thead", "", &element("tr", "", &cells("th", &table.heads)));
        let rows: String = table.rows.iter().map(|row| element("tr", "", &cells("td", row))).collect();
        element("table", "", &format!("\n{caption}{heads}{}", element("tbody", "", &rows)))
    }

    /// A formula, in which shared steps lead to where they stand.
    fn formula(&self, text: &str) -> String {
        let (mut out, mut rest) = (String::new(), text);
        loop {
            // The first that is named, and not one whose number it begins with.
            let is_whole =
                |end: usize| !rest.get(end..).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
            let of = |(step, anchor): &(&str, &str)| {
                let mut found = rest.match_indices(step).map(|(at, step)| (at, at + step.len()));
                found.find(|(_, end)| is_whole(*end)).map(|(at, end)| (at, end, (*anchor).to_owned()))
            };
            let Some((at, end, anchor)) = self.steps.iter().filter_map(of).min() else { break };
            let (before, step) = (rest.get(..at).unwrap_or(""), rest.get(at..end).unwrap_or(""));
            out.push_str(&format!("{}<var>{}</var>", escape(before), to(&anchor, step)));
            rest = rest.get(end..).unwrap_or("");
        }
        out + &escape(rest)
    }
}
