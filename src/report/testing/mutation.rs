//! Changes that no case notices.

use crate::cases::Exceptions;
use crate::lang::{Lang, Text};
use crate::mutation::{Kind, Tried};
use crate::policy::Policy;
use crate::report::layout::Block;
use crate::report::testing::{placed, stale, text};
use crate::report::words::{self, bracketed, say};
use crate::source::clean;

fn kind(kind: Kind) -> Text {
    match kind {
        Kind::Figure => Text::new("数字", "figures"),
        Kind::Comparison => Text::new("比较", "comparisons"),
        Kind::Condition => Text::new("条件", "conditions"),
        Kind::Calculation => Text::new("算法", "calculations"),
        Kind::Time => Text::new("起止时间", "times"),
        Kind::Limit => Text::new("限额的分法", "limits"),
        Kind::Clause => Text::new("整条", "whole clauses"),
    }
}

/// How many changes were tried, and every one that no case notices: where, what was changed, and the line.
pub fn mutation(policy: &Policy, tried: &Tried, exceptions: &Exceptions, lang: Lang, width: usize) -> String {
    let title = format!("{}{}", say(&policy.title, lang), bracketed(&clean(&policy.id), lang));
    let count: usize = tried.tried.iter().map(|(_, count)| count).sum();
    let unnoticed = tried.unnoticed.len();
    let aside = tried.unnoticed.iter().filter(|change| !change.reached).count();
    let by_kind = tried.tried.iter().filter(|(_, count)| *count > 0).map(|(which, count)| {
        let own = tried.unnoticed.iter().filter(|change| change.kind == *which).count();
        format!("{} {count}/{own}", kind(*which).get(lang))
    });
    let by_kind = by_kind.collect::<Vec<_>>().join(words::LISTED.get(lang));
    let equivalent = tried.equivalent;
    let aside = match lang {
        _ if aside == 0 => String::new(),
        Lang::Zh => format!("（其中 {aside} 处没有案例走到）"),
        Lang::En => format!(" ({aside} where no case comes by)"),
    };
    let sum = match lang {
        Lang::Zh => format!(
            "改动 {count} 处，无案例发现 {unnoticed} 处{aside}，已知等价 {equivalent} 处（{by_kind}：改动/未发现）"
        ),
        Lang::En => format!(
            "{count} changes, {unnoticed} noticed by no case{aside}, {equivalent} known to change nothing ({by_kind}: changes/unnoticed)"
        ),
    };
    let mut blocks = vec![Block::plain(title), Block::under(sum)];
    for change in &tried.unnoticed {
        let old = clean(change.old());
        let new = clean(&change.new);
        let what = match (change.kind, lang) {
            (Kind::Clause, Lang::Zh) => "删去整条".to_owned(),
            (Kind::Clause, Lang::En) => "dropped".to_owned(),
            (_, Lang::Zh) if old.is_empty() => format!("添上 {}", new.trim()),
            (_, Lang::En) if old.is_empty() => format!("{} added", new.trim()),
            (_, Lang::Zh) if new.is_empty() => format!("删去 {old}"),
            (_, Lang::En) if new.is_empty() => format!("{old} dropped"),
            _ => format!("{} → {new}", crate::coverage::written(&change.span)),
        };
        // No case for it is another thing to do than a case that does not look closely.
        let by = match (change.reached, lang) {
            (true, _) => "",
            (false, Lang::Zh) => "（没有案例走到）",
            (false, Lang::En) => " (no case comes by)",
        };
        blocks.push(placed(&change.span, &format!("{} {what}{by}", clean(&change.clause))));
        if change.kind != Kind::Clause {
            blocks.push(Block::behind("      ", clean(change.line().trim())));
        }
    }
    let stands: Vec<_> =
        tried.stale.iter().filter_map(|place| exceptions.equivalent.get(*place)).map(|known| &known.span).collect();
    let what =
        Text::new("有案例发现，或没有这处改动：删去", "a case notices it, or there is no such change: take it out");
    blocks.extend(stale(&stands, &what, lang));
    text(&blocks, width)
}
