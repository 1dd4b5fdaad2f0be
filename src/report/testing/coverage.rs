//! Coverage as a table: a row a clause, and below it what is missing.

use crate::cases::Exceptions;
use crate::coverage::{Coverage, Outcome, State};
use crate::lang::{Lang, Text};
use crate::policy::Policy;
use crate::report::ink::finish;
use crate::report::layout::Block;
use crate::report::table::{Column, draw};
use crate::report::testing::{placed, stale, text};
use crate::report::told::shape::Content;
use crate::report::words::{self, bracketed, say};
use crate::source::clean;

/// An outcome's name, which is a key in `untested.toml`; for a reader of Chinese with what it means, of English with the words of the
/// policy that it has.
pub(in crate::report) fn named(outcome: &Outcome, lang: Lang) -> String {
    let name = &outcome.name;
    let means = match name.split(' ').next().unwrap_or(name.as_str()) {
        "paid" => "核出金额",
        "met" => "符合",
        "undetermined" => "待定",
        "raised" => "保底生效",
        "capped" => "封顶生效",
        "limit" => "限额生效",
        "inside" => "在限额之内",
        "partly" => "限额内只得一部分",
        "left" => "限额已满",
        "open" => "由主管部门定",
        "refused" => "因此条件不符合",
        "true" => "成立",
        "false" => "不成立",
        "cell" => "表中一格",
        "step" => "一档",
        _ => "读法的选项",
    };
    match lang {
        Lang::Zh => format!("{}（{means}）", clean(name)),
        Lang::En => match &outcome.words {
            Some(words) => format!("{} ({})", clean(name), clean(&words.en)),
            None => clean(name),
        },
    }
}

/// The finished table; its rows are short, and need no rules between them.
fn table(drawn: &str) -> String {
    let lines: Vec<&str> = drawn.lines().filter(|line| !line.starts_with('┄')).collect();
    finish(&lines.join("\n"), false)
}

/// The table of a policy, then every outcome that is missing with its place, and every one that cannot be reached.
pub fn coverage(policy: &Policy, found: &Coverage, exceptions: &Exceptions, lang: Lang, width: usize) -> String {
    let word = |zh: &'static str, en: &'static str| Text::new(zh, en).get(lang).to_owned();
    let head = |head: String, content| Column { head, content };
    let columns = [
        head(words::CLAUSE.get(lang).to_owned(), Content::Place),
        head(words::TITLE.get(lang).to_owned(), Content::Words),
        head(word("结果", "Outcomes"), Content::Amounts),
        head(word("达到", "Reached"), Content::Amounts),
        head(word("不可达", "Unreachable"), Content::Amounts),
        head(word("缺", "Missing"), Content::Amounts),
    ];
    let numbers = |(reached, unreachable, missing): (usize, usize, usize)| {
        [reached + unreachable + missing, reached, unreachable, missing]
    };
    let row = |id: String, title: String, counts: (usize, usize, usize)| {
        let cells = [id, title].into_iter().chain(numbers(counts).map(|number| number.to_string()));
        cells.map(|text| vec![Block::plain(text)]).collect::<Vec<_>>()
    };
    let mut rows: Vec<Vec<Vec<Block>>> =
        found.parts.iter().map(|part| row(clean(&part.id), say(&part.title, lang), part.counts())).collect();
    rows.push(row(String::new(), word("合计", "total"), found.counts()));
    let title = format!("{}{}", say(&policy.title, lang), bracketed(&clean(&policy.id), lang));
    let mut out = text(&[Block::plain(title)], width) + &table(&draw(&columns, rows, width));
    let mut blocks = Vec::new();
    for (heading, wanted) in
        [(word("没有案例达到", "Reached by no case"), false), (word("不可达", "Cannot be reached"), true)]
    {
        let mut own = Vec::new();
        for part in &found.parts {
            for outcome in &part.outcomes {
                let why = match &outcome.state {
                    State::Missing if !wanted => String::new(),
                    State::Unreachable(why) if wanted => format!("{}{}", words::COLON.get(lang), say(why, lang)),
                    _ => continue,
                };
                own.push(placed(&outcome.span, &format!("{} {}{why}", clean(&part.id), named(outcome, lang))));
            }
        }
        if !own.is_empty() {
            blocks.extend([Block::plain(""), Block::plain(heading)]);
            blocks.extend(own);
        }
    }
    let stands: Vec<_> =
        found.stale.iter().filter_map(|place| exceptions.unreachable.get(*place)).map(|known| &known.span).collect();
    let what = Text::new("已达到，或没有这个结果：删去", "it is reached, or there is no such outcome: take it out");
    let stale = stale(&stands, &what, lang);
    if !stale.is_empty() {
        blocks.extend([Block::plain(""), Block::plain(word("多余的例外", "Exceptions that excuse nothing"))]);
        blocks.extend(stale);
    }
    out.push_str(&text(&blocks, width));
    out
}
