//! One applicant's statement, from head to signatures.

use super::markup::{element, escape, inked, joined, paragraph, row};
use super::{Beside, paying};
use crate::assess::model::{Assessment, Line, PolicyHead};
use crate::lang::{Lang, Text};
use crate::report::layout::Block;
use crate::report::record::{PROGRAM, Record};
use crate::report::signing::Signed;
use crate::report::told::line::Rows;
use crate::report::told::shape::{Content, Part, Shape};
use crate::report::told::{below, brief, head, left_out, shown};
use crate::report::words::{self, say};
use crate::report::{Look, layout::Role, payment};
use crate::source::clean;

/// The columns that fit on A4 upright. The amount by the clause's own words is seen in the calculation.
static SHAPE: Shape = &[
    (&words::CLAUSE, Content::Place, &[Part::Place]),
    (&words::WORKING, Content::Words, &[Part::Title, Part::Office, Part::Calculation]),
    (&words::AWARDED, Content::Amounts, &[Part::Awarded]),
    (&words::PAID, Content::Amounts, &[Part::Paid]),
    (&words::DUE, Content::Amounts, &[Part::Due]),
    (&words::CONCLUSION, Content::Words, &[Part::Conclusion]),
];

/// The whole statement.
pub fn write(assessment: &Assessment, look: &Look, beside: &Beside) -> String {
    let lang = look.lang;
    let lines = shown(assessment, look);
    let mut rows = Rows::new(lang, SHAPE);
    let breakdown = breakdown(assessment, &lines, &mut rows, look);
    let sections = below::sections(assessment, &rows.notes, lang);
    let (first, rest): (Vec<_>, Vec<_>) = sections.into_iter().partition(|part| *part.heading == words::WARNINGS);
    let written = |part: &below::Section| {
        let paragraphs: String = part.blocks.iter().map(|block| paragraph(block) + "\n").collect();
        let heading = element("h2", "", &escape(&part.title));
        let class = if *part.heading == words::WARNINGS { "warnings" } else { "" };
        element("section", class, &format!("\n{heading}{paragraphs}"))
    };
    // A draft or an expired policy is said before any figure.
    let mut parts = vec![element("h1", "", words::STATEMENT.get(lang))];
    parts.extend(standing(assessment, lang));
    parts.extend(beside.signing.office.as_ref().map(|office| element("p", "office", &escape(&say(office, lang)))));
    parts.extend([who(assessment, beside, lang), policies(assessment, lang)]);
    parts.extend(first.iter().map(written));
    parts.push(breakdown);
    for part in &rest {
        if *part.heading == words::TOTALS {
            parts.extend([sums(part, assessment, lang), paying::section(assessment, lang)]);
        } else {
            parts.push(written(part));
        }
    }
    // Nobody signs a page with nothing else on it.
    parts.push(element(
        "div",
        "signed",
        &format!("\n{}{}", basis(beside.record.as_ref(), lang), signatures(beside, lang)),
    ));
    let class = if assessment.policies.iter().any(payment::is_no_basis) { "no-basis" } else { "" };
    // Programs read it from here; people, below the figures.
    let record = beside
        .record
        .as_ref()
        .map_or_else(String::new, |record| format!(" data-record=\"{}\"", escape(&record.as_data())));
    let article = element("article", class, &format!("\n{}", parts.concat()));
    article.replacen("<article", &format!("<article{record}"), 1)
}

fn th(text: &Text, lang: Lang) -> (&'static str, &'static str, String) {
    ("th", "", escape(text.get(lang)))
}

fn td(text: &str) -> (&'static str, &'static str, String) {
    ("td", "", joined(text))
}

/// What of the policies is no plain basis for payment, in large letters.
fn standing(assessment: &Assessment, lang: Lang) -> Option<String> {
    let mut marks: Vec<String> = Vec::new();
    let no_basis = assessment.policies.iter().any(payment::is_no_basis).then(|| words::NO_BASIS.get(lang).to_owned());
    for mark in assessment.policies.iter().flat_map(|policy| head::marks(policy, lang)).chain(no_basis) {
        if !marks.contains(&mark) {
            marks.push(mark);
        }
    }
    let text = match lang {
        Lang::Zh => format!("【{}】", marks.join(words::LISTED.get(lang))),
        Lang::En => format!("[{}]", marks.join(words::LISTED.get(lang)).to_uppercase()),
    };
    (!marks.is_empty()).then(|| element("p", "standing", &escape(&text)))
}

/// Who asks, for which day, in which currency, and what is carried along.
fn who(assessment: &Assessment, beside: &Beside, lang: Lang) -> String {
    let label = |text: &Text| text.get(lang).to_owned();
    let mut cells = vec![
        (label(&words::APPLICANT), head::name(assessment)),
        (label(&words::KIND), say(&assessment.applicant.kind_label, lang)),
        (label(&words::AS_OF), assessment.as_of.to_string()),
        (label(&words::UNIT), head::currency(assessment, lang)),
    ];
    cells.extend(beside.id.as_ref().map(|id| (label(&words::ID), clean(id))));
    cells.extend(beside.kept.iter().map(|(head, cell)| (clean(head), clean(cell))));
    let rows: String = cells
        .chunks(2)
        .map(|pair| {
            let mut cells: Vec<_> =
                pair.iter().flat_map(|(label, text)| [("th", "", escape(label)), td(text)]).collect();
            cells.resize(4, ("td", "", String::new()));
            row(cells)
        })
        .collect();
    element("table", "who", &format!("\n{rows}"))
}

/// Each policy with its standing.
fn policies(assessment: &Assessment, lang: Lang) -> String {
    let heads = [&words::POLICY, &words::ISSUER, &words::STANDING, &words::WINDOW];
    let head_row = element("thead", "", &row(heads.map(|text| th(text, lang))));
    let standing = |policy: &PolicyHead| {
        let marks = head::marks(policy, lang);
        if marks.is_empty() {
            td(&say(&policy.status_label, lang))
        } else {
            ("td", "mark", escape(&marks.join(words::COMMA.get(lang))))
        }
    };
    let rows: String = assessment
        .policies
        .iter()
        .map(|policy| {
            let window = match (policy.from, policy.to, lang) {
                (None, None, _) => words::NOT_STATED.get(lang).to_owned(),
                (Some(from), Some(to), Lang::Zh) => format!("{from} 至 {to}"),
                (Some(from), Some(to), Lang::En) => format!("{from} to {to}"),
                _ => head::window(policy, lang).unwrap_or_default(),
            };
            row([td(&say(&policy.title, lang)), td(&say(&policy.issuer, lang)), standing(policy), td(&window)])
        })
        .collect();
    element("table", "policies", &format!("\n{head_row}{}", element("tbody", "", &rows)))
}

/// What it comes to, and for each policy a table of the lines that carry an amount or a question, and briefly the others.
fn breakdown(assessment: &Assessment, lines: &[&Line], rows: &mut Rows, look: &Look) -> String {
    let lang = look.lang;
    let class = |content: Content| match content {
        Content::Place => "place",
        Content::Words => "words",
        Content::Amounts => "amounts",
    };
    let columns: String = SHAPE.iter().map(|(_, content, _)| format!("<col class=\"{}\">", class(*content))).collect();
    let heads = row(SHAPE.iter().map(|(text, _, _)| th(text, lang)));
    let heads = format!("{}{}", element("colgroup", "", &columns), element("thead", "", &heads));
    let mut text = element("h2", "", words::BREAKDOWN.get(lang));
    let written = |blocks: &[Block]| blocks.iter().map(|block| paragraph(block) + "\n").collect::<String>();
    if !look.all && !lines.is_empty() {
        text.push_str(&element("section", "first", &format!("\n{}", written(&brief::totals(assessment, lang)))));
    }
    for of_policy in lines.chunk_by(|one, next| one.policy == next.policy) {
        if let (Some(first), true) = (of_policy.first(), assessment.policies.len() > 1) {
            text.push_str(&element("h3", "", &inked(&head::caption(assessment, &first.policy, lang).text)));
        }
        let arranged = brief::arranged(assessment, of_policy, look, &Text::default());
        let body: String = arranged
            .full
            .iter()
            .map(|line| {
                let cells = rows.cells(line);
                let cells = cells.iter().zip(SHAPE).map(|(blocks, (_, content, _))| {
                    let inside: String = blocks.iter().map(paragraph).collect();
                    ("td", class(*content), inside)
                });
                row(cells.collect::<Vec<_>>())
            })
            .collect();
        if !body.is_empty() {
            let body = element("tbody", "", &format!("\n{body}"));
            text.push_str(&element("table", "lines", &format!("\n{heads}{body}")));
        }
        for (heading, blocks) in arranged.brief {
            let heading = element("h3", "", &escape(&heading));
            text.push_str(&element("section", "brief", &format!("\n{heading}{}", written(&blocks))));
        }
    }
    let hidden = left_out(assessment, lines, lang, false);
    text.extend(hidden.map(|hidden| paragraph(&Block { role: Role::Plain, text: hidden }) + "\n"));
    text
}

/// The sums, side by side.
fn sums(part: &below::Section, assessment: &Assessment, lang: Lang) -> String {
    let figures = below::totals::figures(assessment, lang);
    let heads = row(figures.iter().map(|(label, _)| ("th", "", escape(label))));
    let values = row(figures.iter().map(|(_, figure)| td(figure)));
    let table = element("table", "sums", &format!("\n{heads}{values}"));
    element("section", "", &format!("\n{}{table}", element("h2", "", &escape(&part.title))))
}

/// What the figures were worked out by and from, so that they can be worked out again.
fn basis(record: Option<&Record>, lang: Lang) -> String {
    let rows = record.map_or_else(
        || vec![[words::PROGRAM.get(lang).to_owned(), PROGRAM.to_owned(), String::new()]],
        |record| record.told(lang),
    );
    let rows = rows
        .into_iter()
        .map(|[label, what, value]| row([("th", "", escape(&label)), td(&what), ("td", "digest", escape(&value))]));
    let table = element("table", "basis", &format!("\n{}", rows.collect::<String>()));
    element("section", "", &format!("\n{}{table}", element("h2", "", words::BASIS.get(lang))))
}

/// Room for those who sign.
fn signatures(beside: &Beside, lang: Lang) -> String {
    let line = |line: &Signed| {
        let date = ("th", "date", escape(words::DATE.get(lang)));
        let mut role = escape(&say(&line.role, lang));
        role.extend(line.title.as_ref().map(|title| format!("<br>{}", escape(&say(title, lang)))));
        let name = line.name.as_ref().map(|name| say(name, lang)).unwrap_or_default();
        row([("th", "", role), td(&name), date, ("td", "date", String::new())])
    };
    let lines: String = beside.signing.lines.iter().map(line).collect();
    element("table", "signatures", &format!("\n{lines}"))
}
