//! What a text says of itself: title, issuer, number, standing, and from when to when it is in force.

use std::sync::Arc;

use crate::audit::figure::Figure;
use crate::audit::passage::Passage;
use crate::audit::{reader, standing};
use crate::source::Source;
use crate::value::Day;

/// What a text says of itself; what it does not say is none.
#[derive(Debug, Default)]
pub struct Head {
    /// Its title.
    pub title: Option<String>,
    /// Who issued it.
    pub issuer: Option<String>,
    /// Its number: `某政发〔2025〕12号`.
    pub number: Option<String>,
    /// `draft` or `trial`, where its title says so.
    pub status: Option<&'static str>,
    /// The first day.
    pub from: Option<Day>,
    /// The last day.
    pub to: Option<Day>,
}

/// Lines that can hold a title, and the longest that is one.
const LINES: usize = 60;
const LONGEST: usize = 60;

/// What documents are called: the last word of their titles.
const CALLED: &[&str] = &[
    "措施",
    "办法",
    "意见",
    "方案",
    "计划",
    "规定",
    "细则",
    "通知",
    "政策",
    "条例",
    "指引",
    "若干规定",
    "公告",
    "规则",
];

/// The last words of the name of an authority.
const AUTHORITIES: &[&str] =
    &["人民政府", "办公室", "委员会", "管委会", "局", "厅", "部", "委", "人才办", "党工委", "中心"];

impl Head {
    pub(super) fn of(text: &Arc<Source>, passages: &[Passage]) -> Head {
        let whole = text.text.as_str();
        let first =
            passages.iter().find(|passage| passage.key.is_some()).map_or(whole.len(), |passage| passage.head.start);
        let before = whole.get(..first).unwrap_or("");
        let lines: Vec<&str> = before.lines().map(str::trim).filter(|line| !line.is_empty()).take(LINES).collect();
        let (from, to) = days(whole);
        Head {
            title: title(&lines),
            issuer: issuer(&lines),
            number: lines.iter().find_map(|line| number(line)),
            status: standing::said(text).map(|(status, _)| status),
            from,
            to,
        }
    }
}

/// A line without a stop in it.
fn is_short(line: &str) -> bool {
    line.chars().count() <= LONGEST && !line.contains(['。', '；', '：', ':'])
}

/// The last line before the articles that ends with what documents are called; of a notice what it sends out.
fn title(lines: &[&str]) -> Option<String> {
    let bare = |line: &str| {
        let end = line.find(['（', '(']).filter(|at| *at > 0 && line.trim_end().ends_with(['）', ')']));
        line.get(..end.unwrap_or(line.len())).unwrap_or(line).trim().to_owned()
    };
    let is_title = |line: &str| {
        let bare = bare(line);
        is_short(line) && bare.chars().count() > 4 && CALLED.iter().any(|word| bare.ends_with(word))
    };
    let own = lines
        .iter()
        .enumerate()
        .rev()
        .find(|(_, line)| is_title(line) && !line.contains("印发") && !line.starts_with("关于征求"));
    if let Some((place, line)) = own {
        // A title that is broken over two lines: 关于…支持 / …的实施方案
        let above = place.checked_sub(1).and_then(|place| lines.get(place));
        let goes_on = |above: &&&str| {
            is_short(above)
                && (above.starts_with("关于") || above.starts_with("《关于"))
                && !line.contains("关于")
                && !above.contains("印发")
                && !is_title(above)
        };
        return Some(above.filter(goes_on).map_or_else(|| (*line).to_owned(), |above| format!("{above}{line}")));
    }
    // 关于印发《…》的通知
    let quoted = |line: &&str| Some(line.split_once('《')?.1.split_once('》')?.0.to_owned());
    lines.iter().filter(|line| is_short(line) && line.contains("关于")).find_map(quoted)
}

/// A short line that is the name of an authority, or begins with one: `某市人民政府关于…`.
fn issuer(lines: &[&str]) -> Option<String> {
    for line in lines.iter().filter(|line| is_short(line)) {
        let line = line.trim_end_matches("文件").trim();
        if AUTHORITIES.iter().any(|word| line.ends_with(word)) && !line.contains(['《', '，', '、']) {
            return Some(line.trim_end_matches("印发").to_owned());
        }
        if let Some((before, _)) = line.split_once("关于")
            && AUTHORITIES.iter().any(|word| before.ends_with(word))
        {
            return Some(before.to_owned());
        }
    }
    None
}

/// `某政发〔2025〕12号`
fn number(line: &str) -> Option<String> {
    let open = line.find(['〔', '['])?;
    let end = line.get(open..)?.find('号')? + open + "号".len();
    let found = line.get(..end)?.rsplit([' ', '　', '（', '(']).next()?;
    (found.chars().count() <= 24).then(|| found.to_owned())
}

/// From 自…起施行 and 有效期….
fn days(text: &str) -> (Option<Day>, Option<Day>) {
    let day = |figure: &Option<Figure>| match figure {
        Some(Figure::Day(day)) => Some(*day),
        _ => None,
    };
    let around = |at: usize, before: bool| {
        let signs = 40;
        let part = if before { text.get(..at) } else { text.get(at..) }.unwrap_or("");
        let stop = |c: char| matches!(c, '。' | '\n' | '；');
        match before {
            true => {
                let start = part.char_indices().rev().take(signs).take_while(|(_, c)| !stop(*c)).last();
                part.get(start.map_or(part.len(), |(at, _)| at)..).unwrap_or("")
            }
            false => {
                let end = part.char_indices().take(signs).find(|(_, c)| stop(*c));
                part.get(
                    ..end.map_or_else(|| part.char_indices().nth(signs).map_or(part.len(), |(at, _)| at), |(at, _)| at),
                )
                .unwrap_or("")
            }
        }
    };
    let starts = ["起施行", "起执行", "起实施", "起生效"];
    let from = starts.iter().find_map(|word| {
        let at = text.rfind(word)?;
        reader::read(around(at, true), 0).iter().rev().find_map(|found| day(&found.figure))
    });
    let to = text.rfind("有效期").and_then(|at| {
        let behind = reader::read(around(at, false), 0);
        if let Some(day) = behind.iter().find_map(|found| day(&found.figure)) {
            return Some(day);
        }
        let months = behind.iter().find_map(|found| match &found.figure {
            Some(Figure::Amount(amount)) if amount.unit.as_deref() == Some("月") => amount.number.to_i64(),
            _ => None,
        })?;
        Some(from?.end_of_months(months))
    });
    (from, to)
}
