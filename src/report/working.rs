//! What a clause works with, for the page of a policy: its steps, tables, scales and what it accrues over.

use crate::clause::Clause;
use crate::diff::{Aspect, Content, aspects};
use crate::expr::program::Op;
use crate::lang::Lang;
use crate::policy::Policy;
use crate::report::layout::Block;
use crate::report::page;
use crate::report::words::{bracketed, say};
use crate::source::clean;

/// The aspects of a clause that a page shows here, by the beginnings of their keys, in their order.
const SHOWN: &[&str] = &["let.", "table.", "scale.", "accrual"];

/// A line for each of them.
pub fn blocks(policy: &Policy, clause: &Clause, lang: Lang) -> Vec<Block> {
    let all = aspects(policy, clause);
    let is_event = |aspect: &Aspect<'_>| match &aspect.content {
        Content::Expression(expression) => matches!(expression.node.op, Op::Event),
        _ => false,
    };
    let is_shown = |aspect: &&Aspect<'_>| SHOWN.iter().any(|key| aspect.key.starts_with(key)) && !is_event(aspect);
    let shown = all.iter().filter(is_shown);
    let colon = if lang == Lang::Zh { "：" } else { ": " };
    let line = |aspect| format!("{}{colon}{}", name(aspect, lang), content(policy, clause, aspect, lang));
    shown.map(|aspect| Block::under(line(aspect))).collect()
}

/// What a table or scale is called where it is looked into, and everything else in words.
fn name(aspect: &Aspect<'_>, lang: Lang) -> String {
    let mut parts = aspect.key.split('.');
    let (Some(what @ ("table" | "scale")), Some(own)) = (parts.next(), parts.next()) else {
        return say(&aspect.name, lang);
    };
    let what = match (what, lang) {
        ("table", Lang::Zh) => "表",
        (_, Lang::Zh) => "分档",
        (what, Lang::En) => what,
    };
    let since = parts.next().map_or_else(String::new, |day| match lang {
        Lang::Zh => bracketed(&format!("自 {day} 起"), lang),
        Lang::En => bracketed(&format!("from {day} on"), lang),
    });
    format!("{what} {}{since}", clean(own))
}

fn content(policy: &Policy, clause: &Clause, aspect: &Aspect<'_>, lang: Lang) -> String {
    match &aspect.content {
        Content::Plain(_, text) => say(text, lang),
        Content::Expression(expression) => page::over_time(policy, clause, expression.node, &expression.records, lang),
        Content::Group(parts) | Content::List(parts) => {
            let part = |part: &Aspect<'_>| {
                // A step is told by its value: where it begins is its name.
                let inner = match &part.content {
                    Content::Group(inner) => {
                        inner.last().map_or_else(String::new, |last| content(policy, clause, last, lang))
                    }
                    _ => content(policy, clause, part, lang),
                };
                let name = say(&part.name, lang);
                if name.is_empty() { inner } else { format!("{name} {inner}") }
            };
            parts.iter().map(part).collect::<Vec<_>>().join(if lang == Lang::Zh { "；" } else { "; " })
        }
    }
}
