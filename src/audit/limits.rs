//! What words say of a limit: for each year, for each of something, who comes first, over which articles; against how it is written.

use std::ops::Range;

use crate::audit::figure::Figure;
use crate::audit::wording::{OTHER_LIMIT, key_span};
use crate::audit::{Held, NO_PASSAGE, passage};
use crate::clause::{Clause, Limit};
use crate::diagnostic::Diagnostic;
use crate::document::{Item, Raw, Table};
use crate::expr::function::Builtin;
use crate::expr::program::{Node, Op};
use crate::expr::syntax::Binary;
use crate::lang::Text;
use crate::policy::{Policy, place};
use crate::value::Value;

const YEARS: &[&str] = &["每年", "每年度", "年度", "当年", "同一年", "每学年", "一年内", "每自然年"];
const EACH: &[&str] = &[
    "每家",
    "每个企业",
    "每所",
    "每户",
    "每校",
    "同一",
    "一家",
    "一所",
    "每单位",
    "每个单位",
    "每人",
    "每个平台",
    "每个项目",
];
const HIGHEST: &[&str] =
    &["从高到低", "由高到低", "高者优先", "最高者", "高分优先", "多者优先", "从多到少", "晚者优先", "择优"];
const LOWEST: &[&str] =
    &["从低到高", "由低到高", "先到先得", "先后", "先报", "早者优先", "名次", "从早到晚", "从少到多", "低者优先"];

const ALL: &[&str] = &["全市", "全区", "全州", "全县", "全省", "全国", "评选", "遴选", "择优", "名额"];

/// Words of sums over several articles.
const TOGETHER: &[&str] = &["合计", "累计", "总计", "之和", "总额", "总共", "共计", "加起来"];

impl Held<'_> {
    /// 每年 beside the figure of a limit of the clause, and no year in its key.
    pub(super) fn other_limits(&self, at: usize, clause: &Clause) -> Vec<Diagnostic> {
        let items = match place::clause(self.policy, clause).and_then(|own| own.get("limits")).map(|item| &item.value) {
            Some(Raw::Array(items)) => items.as_slice(),
            _ => &[],
        };
        clause.limits.iter().zip(items).flat_map(|(limit, item)| self.other_limit(at, limit, item)).collect()
    }

    fn other_limit(&self, at: usize, limit: &Limit, item: &Item) -> Vec<Diagnostic> {
        // What only holds under a reading is one way to read the text.
        if limit.when.as_ref().is_some_and(|when| self.asks_reading(when)) {
            return Vec::new();
        }
        let (start, text) = self.text_of(at);
        let (Raw::Table(table), Some(figure)) = (&item.value, at_most(limit)) else { return Vec::new() };
        let read = self.read.get(at).into_iter().flatten();
        let said = read.filter(|found| found.figure.as_ref().is_some_and(|said| figure.agrees(said)));
        // Every place where the figure stands says something else.
        let segments: Vec<Range<usize>> = said.map(|found| segment(text, found.range.start - start, PARTS)).collect();
        let against =
            |segment: &Range<usize>| against(self.policy, limit, text.get(segment.clone()).unwrap_or(""), text);
        let all: Vec<_> = segments.iter().map(against).collect();
        let Some((first, keys)) = segments.first().zip(all.first()) else { return Vec::new() };
        if all.iter().any(Vec::is_empty) {
            return Vec::new();
        }
        let told = |(key, label): &(&'static str, Text)| {
            let place = key_span(table, key).unwrap_or_else(|| item.span.clone());
            let said = self.span(start + first.start..start + first.end);
            OTHER_LIMIT.at(place, label.clone()).and(said, Text::new("条文", "the text"))
        };
        keys.iter().map(told).collect()
    }

    /// The limits over several clauses: where they stand, what they count, and over which articles.
    pub(super) fn shared_limits(&self) -> Vec<Diagnostic> {
        let mut found = Vec::new();
        let items = match self.policy.document.get("limits").map(|item| &item.value) {
            Some(Raw::Array(items)) => items.as_slice(),
            _ => &[],
        };
        for (at, item) in items.iter().enumerate() {
            let Raw::Table(table) = &item.value else { continue };
            let passages = self.places.passages_of_limit(at);
            if passages.is_empty() {
                let cite = self.policy.limits.get(at).map_or("", |limit| &limit.cite);
                let place = key_span(table, "cite").unwrap_or_else(|| item.span.clone());
                found.push(NO_PASSAGE.at(place, Text::same(format!("“{cite}”"))));
            }
            let Some((_, limit)) = self.policy.limits_over_clauses().nth(at) else { continue };
            found.extend(passages.iter().flat_map(|passage| self.other_limit(*passage, limit, item)));
            found.extend(passages.iter().filter_map(|passage| self.other_clauses(at, *passage, table)));
        }
        found
    }

    /// 第三条、第四条合计 in the text, and a limit over the clauses of other articles.
    fn other_clauses(&self, limit: usize, at: usize, table: &Table) -> Option<Diagnostic> {
        let (start, text) = self.text_of(at);
        let head = self.passages.get(at)?.head.end - start;
        let sentences = TOGETHER.iter().flat_map(|word| text.match_indices(word));
        let mut sentences = sentences.map(|(at, _)| segment(text, at, SENTENCES)).filter(|range| range.end > head);
        // What several sentences add up is told apart by nobody.
        let said = sentences.next()?;
        let from = said.start.max(head);
        let body = text.get(from..said.end)?;
        let named = body.get(body.find('第')?..body.rfind('条')? + '条'.len_utf8())?;
        let keys = passage::all_cited(named);
        if keys.len() < 2 || sentences.any(|other| other != said) {
            return None;
        }
        let is_of = |clause: usize, key: &passage::Key| {
            let own = self.places.passages_of(clause).iter().filter_map(|own| self.passages.get(*own));
            own.filter_map(|own| own.key.as_ref()).any(|own| own == key)
        };
        let clauses = &self.policy.limits.get(limit)?.clauses;
        let strays = clauses.iter().filter(|clause| {
            !self.places.passages_of(**clause).contains(&at) && !keys.iter().any(|(_, key)| is_of(**clause, key))
        });
        let strays: Vec<&str> =
            strays.filter_map(|clause| Some(self.policy.clauses.get(*clause)?.id.as_str())).collect();
        let missing = keys.iter().filter(|(_, key)| !clauses.iter().any(|clause| is_of(*clause, key)));
        let missing: Vec<String> = missing.map(|(_, key)| key.written()).collect();
        let (strays, missing) = (strays.join("、"), missing.join("、"));
        let label = match (strays.is_empty(), missing.is_empty()) {
            (true, true) => return None,
            (false, true) => {
                Text::made(format!("条文没有说到条款 {strays}"), format!("the text does not name {strays}"))
            }
            (true, false) => Text::made(format!("缺{missing}的条款"), format!("no clause of {missing}")),
            (false, false) => Text::made(
                format!("条文没有说到条款 {strays}，又缺{missing}的条款"),
                format!("the text does not name {strays}, and there is no clause of {missing}"),
            ),
        };
        let said = self.span(start + from..start + said.end);
        Some(OTHER_LIMIT.at(key_span(table, "clauses")?, label).and(said, Text::new("条文", "the text")))
    }
}

fn at_most(limit: &Limit) -> Option<Figure> {
    match &limit.at_most.op {
        Op::Constant(Value::Quantity(_), Some(written)) => {
            Some(Figure::amount(written.number, &written.measure.name.zh))
        }
        _ => None,
    }
}

/// Where parts of sentences end, and where sentences do.
const PARTS: &[char] = &['，', ',', '。', '；', ';', '（', '）', '(', ')', '\n'];
const SENTENCES: &[char] = &['。', '；', ';', '\n'];

/// The part of a text around a place, from end to end.
fn segment(text: &str, at: usize, ends: &[char]) -> Range<usize> {
    let before = text.get(..at).and_then(|before| before.rfind(ends));
    let start = before
        .map_or(0, |start| start + text.get(start..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8));
    let end = text.get(at..).and_then(|rest| rest.find(ends)).map_or(text.len(), |length| at + length);
    start..end
}

/// The keys of a limit that are against some words, and how; `around` is all that is said of it.
pub fn against(policy: &Policy, limit: &Limit, text: &str, around: &str) -> Vec<(&'static str, Text)> {
    // Over one applicant's own lines, the same applicant is all that there is: `同一企业` of what enterprises apply for.
    let kinds = policy.names.applicant_kinds.iter().filter(|_| !limit.across);
    let text = kinds.fold(text.to_owned(), |text, (_, label)| text.replace(&format!("同一{}", label.zh), ""));
    let says = |words: &[&str]| words.iter().any(|word| text.contains(word));
    let by_year = limit.per.iter().any(|node| is_year(policy, node));
    let by_other = limit.per.iter().any(|node| !is_year(policy, node));
    let mut found = Vec::new();
    let mut add = |key: &'static str, zh: &'static str, en: &'static str| {
        found.push((key, Text::new(zh, en)));
    };
    if says(YEARS) && !by_year {
        add("per", "文字写“每年”，`per` 里没有年份", "the words say each year, and `per` has no year");
    }
    if by_year && !YEARS.iter().any(|word| around.contains(word)) {
        add("per", "`per` 里有年份，文字没有写“每年”", "`per` has a year, and the words say nothing of years");
    }
    // Over one applicant's own lines, each enterprise has its own anyway.
    if (says(EACH) && limit.across || says(&["同一"])) && !by_other {
        add(
            "per",
            "文字写“每家、同一”，`per` 里没有相应的一项",
            "the words say for each of something, and `per` does not",
        );
    }
    if says(ALL) && !limit.across {
        add(
            "across",
            "文字写的是全体申请人的名额，这里只限一个申请人自己的",
            "the words share out among all applicants, this limits one applicant's own lines",
        );
    }
    let says = |words: &[&str]| words.iter().any(|word| around.contains(word));
    if limit.order.is_some() {
        if says(HIGHEST) && !says(LOWEST) && !limit.highest_first {
            add("order_by", "文字写高者在先，这里从低到高", "the words put the highest first, here the lowest is");
        }
        if says(LOWEST) && !says(HIGHEST) && limit.highest_first {
            add(
                "order_by",
                "文字写低者（先者）在先，这里从高到低",
                "the words put the lowest or the earliest first, here the highest is",
            );
        }
    }
    found
}

/// Whether a key tells years apart: `year(…)`, or a fact that is a year by its name.
fn is_year(policy: &Policy, node: &Node) -> bool {
    match &node.op {
        Op::Call(Builtin::Year, _) => true,
        Op::Define(place) => policy.names.defines.get(*place).is_some_and(|define| is_year(policy, &define.node)),
        Op::Input(place) => policy
            .names
            .inputs
            .get(*place)
            .is_some_and(|input| input.label.zh.contains("年度") || input.label.zh.contains("年份")),
        Op::Arithmetic(Binary::Add | Binary::Subtract, left, right) => is_year(policy, left) || is_year(policy, right),
        _ => false,
    }
}
