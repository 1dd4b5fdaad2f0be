//! The skeleton as a policy file in the layout of `fmt`.

use std::fmt::Write as _;

use crate::draft::{Article, Draft, Placed};
use crate::fmt;
use crate::lang::{Lang, Text};
use crate::source::{Source, clean};

/// Of an article so many lines are quoted, and so much of each.
const MOST_LINES: usize = 12;
const LONGEST: usize = 300;

/// A comment is one line, however long.
fn comment(text: &mut String, words: &str) {
    let _ = writeln!(text, "# {}", clean(words));
}

/// A TOML string.
fn string(words: &str) -> String {
    toml::Value::String(clean(words)).to_string()
}

fn words(zh: &str, en: &str) -> String {
    format!("{{ zh = {}, en = {} }}", string(zh), string(en))
}

fn list(parts: &[&str]) -> String {
    let parts: Vec<String> = parts.iter().map(|part| string(part)).collect();
    format!("[{}]", parts.join(", "))
}

pub(super) fn policy(draft: &Draft, id: &str, lang: Lang) -> String {
    let say = |zh: &'static str, en: &'static str| Text::new(zh, en).get(lang).to_owned();
    let head = &draft.head;
    let mut text = String::new();
    comment(
        &mut text,
        &say(
            "由原文拟出的骨架，尚无一项经人核定：逐条对照原文，改好一项删去一项 `todo`。",
            "A skeleton drawn up from the text; nothing in it is confirmed. Article by article: hold it against the text, mend it, take its `todo` away.",
        ),
    );
    comment(
        &mut text,
        &say(
            "有 `todo` 的政策不核算。随时用 `duixian audit` 对照原文，删完后用 `duixian check` 检查。",
            "A policy with a `todo` calculates nothing. `duixian audit` holds it against the text at any time, `duixian check` when all are gone.",
        ),
    );
    if let Some(number) = &head.number {
        comment(&mut text, &format!("{}{number}", say("文号：", "number: ")));
    }
    let _ = writeln!(text, "\n[policy]\nid = {}", string(id));
    let unknown = say("（原文中未找到）", "(not found in the text)");
    let title = head.title.as_deref().unwrap_or(&unknown);
    let issuer = head.issuer.as_deref().unwrap_or(&unknown);
    let _ = writeln!(text, "title = {}\nissuer = {}", words(title, title), words(issuer, issuer));
    let _ = writeln!(text, "status = {}", string(head.status.unwrap_or("unknown")));
    let mut window = Vec::new();
    window.extend(head.from.map(|day| format!("from = {day}")));
    window.extend(head.to.map(|day| format!("to = {day}")));
    if !window.is_empty() {
        let _ = writeln!(text, "effective = {{ {} }}", window.join(", "));
    }
    let mut open = vec!["id", "title", "issuer", "status", "place", "level"];
    open.push("effective");
    let _ = writeln!(text, "uses = [\"vocabulary\"]\ntodo = {}", list(&open));
    if !draft.outside.is_empty() {
        text.push('\n');
        comment(&mut text, &say("不在任何一条中的数字：", "figures that stand in no article:"));
        figures(&mut text, &draft.outside, lang);
        let (title, everybody) = (words("引言", "Preamble"), list(&["person", "enterprise"]));
        let _ = writeln!(text, "[[clauses]]\nid = \"0\"\ncite = \"引言\"\ntodo = [\"figures\"]");
        let _ = writeln!(text, "title = {title}\nfor = {everybody}\nkind = \"principle\"");
    }
    for article in &draft.articles {
        clause(&mut text, article, lang);
    }
    // What cannot be laid out is still what was drawn up.
    fmt::format(&Source::new("draft", text.as_str())).unwrap_or(text)
}

/// Each with its place and what it probably is.
fn figures(text: &mut String, figures: &[Placed], lang: Lang) {
    for figure in figures {
        comment(
            text,
            &format!("  {}:{}  {}  {}", figure.line, figure.column, figure.written, figure.guess.text.get(lang)),
        );
    }
}

pub(super) fn clause(text: &mut String, article: &Article, lang: Lang) {
    let say = |zh: &'static str, en: &'static str| Text::new(zh, en).get(lang).to_owned();
    let separator = if lang == Lang::Zh { "、" } else { ", " };
    text.push('\n');
    comment(
        text,
        &match lang {
            Lang::Zh => format!("{}，原文第 {} 行", article.name, article.line),
            Lang::En => format!("{}, line {} of the text", article.name, article.line),
        },
    );
    // The words themselves, so that nobody goes back and forth.
    for line in article.body.lines().map(str::trim).filter(|line| !line.is_empty()).take(MOST_LINES) {
        let said: String = line.chars().take(LONGEST).collect();
        comment(text, &format!("  “{said}{}”", if said.len() < line.len() { "…" } else { "" }));
    }
    figures(text, &article.figures, lang);
    if !article.documents.is_empty() {
        comment(
            text,
            &format!(
                "{}{}",
                say("  另见（parameters、stands_in）：", "  other documents (parameters, stands_in): "),
                article.documents.join("")
            ),
        );
    }
    if !article.vague.is_empty() {
        comment(
            text,
            &format!(
                "{}{}",
                say("  没有尺度的词，由人判断：", "  words without a measure, for somebody to judge: "),
                article.vague.join(separator)
            ),
        );
    }
    if !article.doubtful.is_empty() {
        comment(
            text,
            &format!(
                "{}{}",
                say("  可能有两种读法的词（readings）：", "  words that may be read in two ways (readings): "),
                article.doubtful.join(separator)
            ),
        );
    }
    let zh = article.title.as_deref().unwrap_or(&article.name);
    let everybody = ["person", "enterprise"];
    let applicants = if article.applicants.is_empty() { &everybody[..] } else { &article.applicants };
    let applicants = match applicants {
        [one] => string(one),
        several => list(several),
    };
    let _ = writeln!(text, "[[clauses]]\nid = {}\ncite = {}", string(&article.id), string(&article.cite));
    let mut open = vec!["title", "for", "kind"];
    if !article.figures.is_empty() {
        open.push("figures");
    }
    let _ = writeln!(text, "todo = {}", list(&open));
    let _ = writeln!(text, "title = {}\nfor = {applicants}", words(zh, &format!("Article {}", article.id)));
    let _ = writeln!(text, "kind = {}", string(article.kind));
}
