//! Web pages (.html) as text in reading order.

use html5gum::{DefaultEmitter, HtmlString, StartTag, Token, Tokenizer};

use crate::lang::Text;
use crate::paper::number::{begins_with_number, written};
use crate::paper::page::{Down, Page};
use crate::paper::told::Told;
use crate::source::clean;

/// What is passed over with all that is in it, because it is no text of the page.
const NO_TEXT: &[&str] = &["title", "script", "style", "template", "noscript", "svg", "iframe", "object", "rt", "rp"];
/// The same, because it stands around the text of the page.
const AROUND: &[&str] = &["nav", "footer", "aside", "button", "select", "textarea", "datalist", "dialog"];
/// What has no end.
const EMPTY: &[&str] =
    &["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"];
/// What the next of its kind ends, where nothing else does.
const ENDED_BY_NEXT: &[&str] = &["p", "li", "td", "th", "tr", "dt", "dd", "option"];
/// What stands in a line.
const INLINE: &[&str] = &[
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "dfn", "em", "font", "i", "ins", "kbd",
    "label", "mark", "o:p", "q", "ruby", "rb", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time",
    "tt", "u", "var", "wbr", "img", "input", "meta", "link", "del", "script", "style", "template", "noscript", "svg",
    "iframe", "object", "rt", "rp", "button", "select",
];
/// Lists in lists; more nobody can read.
const DEEPEST: usize = 32;

/// The text of a page, and what is to be told of it.
///
/// # Errors
/// It is longer than any official text.
pub(super) fn read(html: &str) -> Result<(String, Vec<Text>), Text> {
    let mut reading = Reading::default();
    let mut emitter = DefaultEmitter::<()>::default();
    // What looks like a tag in a script is none.
    emitter.naively_switch_states(true);
    for token in Tokenizer::new_with_emitter(html, emitter) {
        let Ok(token) = token;
        match token {
            Token::StartTag(tag) => reading.begin(&tag),
            Token::EndTag(tag) => reading.end(&of(&tag.name)),
            Token::String(text) => reading.text(&of(&text)),
            Token::Comment(_) | Token::Doctype(_) | Token::Error(_) => {}
        }
    }
    reading.flush();
    if let Some((name, _)) = &reading.passed {
        let name = clean(name);
        return Err(Text::made(
            format!("页面不完整：<{name}> 没有结束，其后的文字读不到；请用浏览器打开，复制为文本"),
            format!(
                "the page is not complete: <{name}> does not end, and what follows cannot be told from it; open it in a browser and copy its text"
            ),
        ));
    }
    let (text, united) = reading.page.finish()?;
    reading.told.united = united;
    Ok((text, reading.told.texts()))
}

fn of(text: &HtmlString) -> String {
    String::from_utf8_lossy(text).into_owned()
}

/// A list whose items are numbered, and the next number.
struct List {
    form: Option<&'static str>,
    next: u32,
}

#[derive(Default)]
struct Reading {
    page: Page,
    told: Told,
    line: String,
    lists: Vec<List>,
    /// The number before the next line.
    number: String,
    /// What is passed over: the name of the tag, and how many of that name are open in it.
    passed: Option<(String, usize)>,
    preformatted: usize,
}

impl Reading {
    fn begin<S: html5gum::SpanBound>(&mut self, tag: &StartTag<S>) {
        let name = of(&tag.name);
        let name = name.as_str();
        match &mut self.passed {
            Some((passed, _)) if passed == name && ENDED_BY_NEXT.contains(&name) => self.passed = None,
            Some((passed, depth)) => {
                *depth += usize::from(passed == name);
                return;
            }
            None => {}
        }
        if !INLINE.contains(&name) {
            self.flush();
        }
        let value = |key: &str| tag.attributes.get(key.as_bytes()).map(|value| of(value));
        let number = |key: &str| value(key).and_then(|value| value.trim().parse::<usize>().ok());
        if EMPTY.contains(&name) {
            self.told.pictures += usize::from(name == "img");
            return;
        }
        let style = value("style").unwrap_or_default().to_ascii_lowercase().replace(' ', "");
        let is_hidden =
            value("hidden").is_some() || style.contains("display:none") || style.contains("visibility:hidden");
        let deleted = name == "del";
        let around = AROUND.contains(&name);
        if is_hidden || deleted || around || NO_TEXT.contains(&name) {
            if !tag.self_closing {
                self.passed = Some((name.to_owned(), 1));
            }
            self.told.hidden += usize::from(is_hidden);
            self.told.deletions += usize::from(deleted);
            self.told.around += usize::from(around);
            return;
        }
        match name {
            "ins" => self.told.insertions += 1,
            "s" | "strike" => self.told.struck += 1,
            "pre" => self.preformatted += 1,
            "table" => self.page.open_table(),
            "tr" => self.page.open_row(),
            "td" | "th" => {
                let rows = number("rowspan").map_or(1, |rows| if rows == 0 { usize::MAX } else { rows });
                self.page.open_cell(number("colspan").unwrap_or(1), Down::Rows(rows));
            }
            "ol" | "ul" if self.lists.len() < DEEPEST => {
                let form = match value("type").as_deref() {
                    Some("a") => "lowerLetter",
                    Some("A") => "upperLetter",
                    Some("i") => "lowerRoman",
                    Some("I") => "upperRoman",
                    _ => "decimal",
                };
                let next = number("start").and_then(|start| u32::try_from(start).ok()).unwrap_or(1);
                self.lists.push(List { form: (name == "ol").then_some(form), next });
            }
            "li" => {
                let own = number("value").and_then(|value| u32::try_from(value).ok());
                if let Some(List { form: Some(form), next }) = self.lists.last_mut() {
                    let place = own.unwrap_or(*next);
                    *next = place.saturating_add(1);
                    self.number = written(place, form).map(|number| format!("{number}. ")).unwrap_or_default();
                }
            }
            _ => {}
        }
    }

    fn end(&mut self, name: &str) {
        if let Some((passed, depth)) = &mut self.passed {
            *depth -= usize::from(passed == name);
            if *depth == 0 {
                self.passed = None;
            }
            return;
        }
        if !INLINE.contains(&name) {
            self.flush();
        }
        match name {
            "pre" => self.preformatted = self.preformatted.saturating_sub(1),
            "table" => self.page.close_table(),
            "ol" | "ul" => {
                self.lists.pop();
            }
            _ => {}
        }
    }

    fn text(&mut self, text: &str) {
        if self.passed.is_some() {
            return;
        }
        if self.preformatted > 0 {
            self.line.push_str(text);
            return;
        }
        for sign in text.chars() {
            let blank = matches!(sign, ' ' | '\t' | '\n' | '\r' | '\u{c}');
            if !blank {
                self.line.push(sign);
            } else if !self.line.is_empty() && !self.line.ends_with([' ', '\n']) {
                self.line.push(if sign == '\n' || sign == '\r' { '\n' } else { ' ' });
            }
        }
    }

    /// The line is over.
    fn flush(&mut self) {
        let line = std::mem::take(&mut self.line);
        if line.trim().is_empty() {
            return;
        }
        let line = if self.preformatted > 0 { line } else { joined(&line) };
        let number = std::mem::take(&mut self.number);
        // Pages switch the numbers of their lists off where the text has its own.
        self.page.add(&if begins_with_number(&line) { line } else { format!("{number}{line}") });
    }
}

/// One line of what is broken over several in the file: without anything between 汉字, with a blank between words.
fn joined(line: &str) -> String {
    let mut text = String::with_capacity(line.len());
    let mut signs = line.trim().chars().peekable();
    while let Some(sign) = signs.next() {
        if sign != '\n' {
            text.push(sign);
            continue;
        }
        let wide = |c: Option<char>| c.is_none_or(|c| !c.is_ascii());
        if !(wide(text.chars().next_back()) && wide(signs.peek().copied())) {
            text.push(' ');
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(html: &str) -> Vec<String> {
        read(html).unwrap().0.lines().map(str::to_owned).collect()
    }

    #[test]
    fn text_in_reading_order() {
        let page = "<!DOCTYPE html><html><head><title>某网</title><style>p{}</style></head><body><nav><a>首页</a></nav>
            <h1>某镇若干措施</h1><p>第一条&nbsp;给予
            <b>5</b>万元。<br>其中&lt;一次性&gt;。<p>第二条 <script>if (a<b) {}</script>每月\n500 元。
            <div hidden>隐藏</div><span style='display: none'>也隐藏</span><footer>版权 2025 年</footer>";
        let found = lines(page);
        assert_eq!(found, ["某镇若干措施", "第一条\u{a0}给予 5万元。", "其中<一次性>。", "第二条 每月 500 元。"]);
        let told = read(page).unwrap().1;
        assert_eq!(told.len(), 2, "{told:?}");
    }

    #[test]
    fn lists_and_tables() {
        let page = "<ol start=2><li>甲<li>乙<ul><li>子</ul><li>（一）丙</ol>
            <table><tr><th>类别<th>标准（万元）</tr><tr><td rowspan=2>博士<td>12</tr><tr><td>10</tr></table>";
        let wanted = [
            "2. 甲",
            "3. 乙",
            "子",
            "（一）丙",
            "类别：博士；标准（万元）：12万元",
            "类别：博士；标准（万元）：10万元",
        ];
        assert_eq!(lines(page), wanted);
    }

    #[test]
    fn nothing_is_lost_behind_what_does_not_end() {
        assert_eq!(lines("<head><title>题</title><body><p>甲"), ["甲"]);
        assert_eq!(lines("<p hidden>藏<p>乙</p><p>丙"), ["乙", "丙"]);
        assert!(read("<p>甲</p><nav><p>乙</p>").is_err());
        assert!(read("<p>甲</p><script>乙").is_err());
    }

    #[test]
    fn no_page_is_too_much() {
        assert!(read(&"<table><tr><td>".repeat(1000)).is_err());
        assert!(read(&"<ol>".repeat(100_000)).is_ok());
        assert!(read(&format!("<table>{}", "<tr><td rowspan=0 colspan=99999>".repeat(20_000))).is_err());
    }
}
