//! What is compared of a clause.

use std::sync::Arc;

use crate::clause::{Clause, Limit, Parts, PartsOf};
use crate::diff::aspect::Aspect;
use crate::expr::measure::Measure;
use crate::expr::names::Names;
use crate::expr::program::{Node, Op, Scale, Table};
use crate::expr::types::Type;
use crate::lang::Text;
use crate::policy::Policy;
use crate::value::Day;

/// Everything that a clause says.
pub fn aspects<'p>(policy: &'p Policy, clause: &'p Clause) -> Vec<Aspect<'p>> {
    let names = &policy.names;
    let kinds: Vec<(&str, &Text)> = clause
        .applies_to
        .iter()
        .filter_map(|kind| names.applicant_kinds.get(*kind))
        .map(|(id, label)| (id.as_str(), label))
        .collect();
    let mut ids: Vec<&str> = kinds.iter().map(|(id, _)| *id).collect();
    ids.sort_unstable();
    let category = clause.category.and_then(|category| names.categories.get(category));
    let window = clause.window;
    let mut all = vec![
        Aspect::words("title", Text::new("标题", "title"), &clause.title),
        Aspect::words("cite", Text::new("出处", "place in the document"), &Text::same(clause.cite.clone())),
        Aspect::plain("kind", Text::new("类型", "kind"), clause.kind.name, clause.kind.title.clone()),
        Aspect::plain(
            "for",
            Text::new("对象", "for"),
            ids.join(" "),
            Text::join(kinds.iter().map(|(_, label)| *label), "、", ", "),
        ),
    ];
    // A window's end that is the policy's is told of there.
    let ends = [
        ("effective.from", Text::new("有效期首日", "first day of validity"), window.lo, policy.window.lo),
        ("effective.to", Text::new("有效期末日", "last day of validity"), window.hi, policy.window.hi),
    ];
    all.extend(ends.into_iter().filter(|(_, _, own, whole)| own != whole).map(|(key, name, own, _)| {
        let text = if own == Day::NEVER { Text::new("无", "none") } else { Text::same(own.to_string()) };
        Aspect::plain(key, name, format!("{own:?}"), text)
    }));
    all.extend(clause.summary.iter().map(|text| Aspect::words("summary", Text::new("概要", "summary"), text)));
    all.extend(
        clause
            .office
            .iter()
            .map(|office| Aspect::plain("office", Text::new("责任单位", "responsible"), &*office.zh, office.clone())),
    );
    all.extend(
        category.map(|(id, label)| Aspect::plain("category", Text::new("用途类别", "category"), id, label.clone())),
    );
    all.extend(clause.each.as_ref().and_then(|each| names.lists.get(each.list)).map(|list| {
        let label = names.inputs.get(list.input).map(|input| input.label.clone()).unwrap_or_default();
        Aspect::plain("each", Text::new("逐条核算的名单", "worked out for each of"), &list.name, label)
    }));
    all.extend(Aspect::perhaps("event", Text::new("事由日期", "event date"), clause.event.as_ref()));
    all.push(Aspect::list(
        "requires",
        Text::new("条件", "condition"),
        clause.requires.iter().map(|rule| condition("", &rule.test, &rule.text)).collect(),
    ));
    let lets = clause.lets.iter().zip(&clause.let_nodes).filter(|(_, node)| !clause.leaves_out(node));
    all.extend(lets.map(|(rule, node)| {
        let name = match &rule.label {
            Some(label) => label.clone(),
            None if rule.name == "[values_on]" => Text::new("取值日", "the day on which values are taken"),
            None if rule.name.starts_with('[') => {
                let (table, day) = rule.name.trim_matches(['[', ']']).split_once(' ').unwrap_or_default();
                Text::made(format!("表 {table}（自 {day} 起）"), format!("table {table} (from {day} on)"))
            }
            None => Text::made(format!("中间值 {}", rule.name), format!("intermediate value {}", rule.name)),
        };
        Aspect::expression(&format!("let.{}", rule.name), name, node)
    }));
    let (tables, scales) = tables(clause);
    all.extend(tables.iter().map(|(found, index)| table(names, clause, *found, *index)));
    all.extend(scales.iter().map(|found| scale(clause, *found)));
    let amounts = [
        ("amount", Text::new("金额", "amount"), &clause.amount),
        ("at_least", Text::new("保底", "floor"), &clause.at_least),
        ("at_most", Text::new("封顶", "cap"), &clause.at_most),
        ("used", Text::new("已用", "used"), &clause.used),
    ];
    all.extend(amounts.into_iter().filter_map(|(key, name, node)| Aspect::perhaps(key, name, node.as_ref())));
    if clause.signed {
        let text = Text::new("可以", "it may");
        all.push(Aspect::plain("signed", Text::new("可否为负", "whether it may be negative"), "", text));
    }
    all.extend(clause.accrual.as_ref().map(|rule| {
        let per = if rule.yearly { Text::new("按年", "by the year") } else { Text::new("按月", "by the month") };
        let mut parts = vec![
            Aspect::plain("per", Text::new("计法", "grows"), per.en.to_string(), per),
            Aspect::expression("from", Text::new("起计日", "from"), &rule.from),
        ];
        let rest = [
            ("until", Text::new("止计日", "until"), &rule.until),
            ("at_most", Text::new("最长", "for at most"), &rule.at_most),
            ("part", Text::new("不足一期", "incomplete periods"), &rule.part),
            ("counts_from", Text::new("计算起日", "counts from"), &rule.counts_from),
            ("counts_until", Text::new("计算止日", "counts until"), &rule.counts_until),
        ];
        parts.extend(rest.into_iter().filter_map(|(key, name, node)| Aspect::perhaps(key, name, node.as_ref())));
        Aspect::group("accrual", Text::new("累计", "accrual"), parts)
    }));
    all.extend(clause.installments.iter().map(|part| {
        let parts = vec![
            Aspect::expression("amount", Text::new("金额", "amount"), &part.amount),
            Aspect::expression("due", Text::new("应发日", "due"), &part.due),
            Aspect::words("words", Text::new("措辞", "wording"), &part.text),
        ];
        let name = Text::made(format!("分期“{}”", part.text.zh), format!("part “{}”", part.text.en));
        Aspect::group(&format!("installments.{}", part.id), name, parts)
    }));
    all.extend(clause.rounding.map(|rule| {
        let same = format!("{} {:?}", rule.to.exact(), rule.direction);
        Aspect::plain("rounding", Text::new("取整", "rounding"), same, rule.words(names))
    }));
    all.push(Aspect::list(
        "limits",
        Text::new("限额", "limit"),
        clause.limits.iter().map(|own| limit(policy, own)).collect(),
    ));
    all.extend(clause.parts.iter().map(|rule| parts(rule)));
    all.extend(clause.instead_of.iter().map(|displaced| {
        let id = policy.clauses.get(displaced.clause).map_or("", |clause| clause.id.as_str());
        let name = Text::made(format!("取代 {id}"), format!("displaces {id}"));
        let when = Aspect::perhaps("when", Text::new("适用条件", "when"), displaced.when.as_ref());
        Aspect::group(&format!("instead_of.{id}"), name, when.into_iter().collect())
    }));
    all.push(Aspect::list(
        "notes",
        Text::new("注", "note"),
        clause
            .notes
            .iter()
            .map(|note| {
                let mut parts = vec![Aspect::words("words", Text::default(), &note.text)];
                parts.extend(Aspect::perhaps("when", Text::new("适用条件", "when"), note.when.as_ref()));
                Aspect { wording: true, ..Aspect::group("", Text::default(), parts) }
            })
            .collect(),
    ));
    all.extend(clause.supplement.and_then(|place| policy.supplements.get(place)).map(|supplement| {
        Aspect::plain("supplement", Text::new("补充文件", "supplement"), &supplement.id, supplement.title.clone())
    }));
    all
}

/// A condition with its words.
pub fn condition<'p>(key: &str, test: &'p Node, words: &'p Text) -> Aspect<'p> {
    Aspect::over(key, Text::default(), test, Vec::new(), Some(words))
}

/// How what is awarded is divided.
fn parts(rule: &Parts) -> Aspect<'_> {
    let name = Text::made(format!("分担“{}”", rule.label.zh), format!("parts “{}”", rule.label.en));
    let of = match &rule.of {
        PartsOf::Words(parts) => parts
            .iter()
            .map(|part| {
                let rest = part.rest.then(|| Text::new("其余", "the rest"));
                let mut own: Vec<Aspect<'_>> = Vec::new();
                own.extend(Aspect::perhaps("share", Text::new("占", "share"), part.share.as_ref()));
                own.extend(Aspect::perhaps("at_most", Text::new("上限", "at most"), part.at_most.as_ref()));
                own.extend(rest.map(|text| Aspect::plain("rest", Text::new("承担", "takes"), "rest", text)));
                Aspect::group(&part.word, part.label.clone(), own)
            })
            .collect(),
        PartsOf::Years(span, monthly) => {
            let per = if *monthly { Text::new("按月数", "by months") } else { Text::new("按天数", "by days") };
            vec![
                Aspect::expression("from", Text::new("首日", "from"), &span.0),
                Aspect::expression("until", Text::new("末日", "until"), &span.1),
                Aspect::plain("per", Text::new("分法", "divided"), per.en.to_string(), per),
            ]
        }
    };
    Aspect::group(&format!("parts.{}", rule.by), name, of)
}

fn limit<'p>(policy: &Policy, limit: &'p Limit) -> Aspect<'p> {
    let share =
        if limit.in_proportion { Text::new("按比例", "in proportion") } else { Text::new("按先后", "in order") };
    let order = if limit.highest_first {
        Text::new("从高到低", "highest first")
    } else {
        Text::new("从低到高", "lowest first")
    };
    let over = if limit.across {
        Text::new("全部申请人", "all applicants")
    } else {
        Text::new("一位申请人", "one applicant")
    };
    let mut parts = vec![
        Aspect::expression("at_most", Text::new("上限", "at most"), &limit.at_most),
        Aspect::plain("across", Text::new("范围", "over"), over.en.to_string(), over),
        Aspect::plain("share", Text::new("分配", "shared"), share.en.to_string(), share),
    ];
    if limit.is_over_clauses() {
        let members = policy.members(limit.pool).into_iter();
        let ids: Vec<&str> =
            members.filter_map(|(place, ..)| policy.clauses.get(place)).map(|clause| clause.id.as_str()).collect();
        let ids = ids.join("、");
        parts.push(Aspect::plain("clauses", Text::new("合计条款", "clauses together"), ids.clone(), Text::same(ids)));
    }
    if let Some(node) = &limit.order {
        parts.push(Aspect::expression("order", Text::new("先后依据", "order"), node));
        parts.push(Aspect::plain("order_by", Text::new("先后次序", "direction"), order.en.to_string(), order));
    }
    let per = limit.per.iter().enumerate();
    parts.extend(per.map(|(place, node)| Aspect::expression(&format!("per.{place}"), Text::new("每", "per"), node)));
    parts.extend(Aspect::perhaps("when", Text::new("适用条件", "when"), limit.when.as_ref()));
    parts.push(Aspect::words("words", Text::new("措辞", "wording"), &limit.text));
    Aspect::group("", Text::made(format!("“{}”", limit.text.zh), format!("“{}”", limit.text.en)), parts)
}

/// A table or scale with the day from which on it holds, where it changes with time.
type Dated<'p, T> = (&'p Arc<T>, Option<Day>);

/// The tables and scales that the expressions of a clause look into; of a table with the enum that it is looked up by.
type Tables<'p> = (Vec<(Dated<'p, Table>, usize)>, Vec<Dated<'p, Scale>>);

fn tables(clause: &Clause) -> Tables<'_> {
    let (mut tables, mut scales): Tables<'_> = (Vec::new(), Vec::new());
    let mut waiting: Vec<(&Node, Option<Day>)> = clause.expressions().into_iter().map(|node| (node, None)).collect();
    waiting.extend(clause.notes.iter().filter_map(|note| note.when.as_ref()).map(|node| (node, None)));
    while let Some((node, day)) = waiting.pop() {
        match (&node.op, node.children().first().map(|index| &index.ty)) {
            (Op::Lookup(found, ..), Some(Type::Enum(index)))
                if !tables.iter().any(|((known, since), _)| known.name == found.name && *since == day) =>
            {
                tables.push(((found, day), *index));
            }
            (Op::Scale(found, _), _)
                if !scales.iter().any(|(known, since)| known.name == found.name && *since == day) =>
            {
                scales.push((found, day));
            }
            _ => {}
        }
        if let (Some(day), Op::If(condition, value, earlier)) = (node.since(), &node.op) {
            waiting.extend([(&**condition, None), (&**value, Some(day)), (&**earlier, None)]);
            continue;
        }
        waiting.extend(node.children().into_iter().map(|node| (node, None)));
    }
    tables.sort_by(|((one, since), _), ((other, until), _)| one.name.cmp(&other.name).then(since.cmp(until)));
    scales.sort_by(|(one, since), (other, until)| one.name.cmp(&other.name).then(since.cmp(until)));
    (tables, scales)
}

/// The key and the words of what holds from a day on.
fn since(key: String, name: Text, day: Option<Day>) -> (String, Text) {
    match day {
        Some(day) => {
            let name = Text::made(format!("{}（自 {day} 起）", name.zh), format!("{} (from {day})", name.en));
            (format!("{key}.{day}"), name)
        }
        None => (key, name),
    }
}

/// What a table or scale is called: as the one value that is looked up in it, where that has a label.
fn name_of(clause: &Clause, is_it: &dyn Fn(&Op) -> bool, otherwise: Text) -> Text {
    let lets = clause.lets.iter().zip(&clause.let_nodes);
    let named = lets.filter(|(_, node)| is_it(&node.op)).find_map(|(rule, _)| rule.label.clone());
    named.unwrap_or(otherwise)
}

fn table<'p>(names: &'p Names, clause: &'p Clause, (table, day): Dated<'p, Table>, index: usize) -> Aspect<'p> {
    let words = names.enums.get(index).map_or(&[][..], |found| found.words.as_slice());
    let label = |word: &str| {
        words.iter().find(|(id, _)| id == word).map_or_else(|| Text::same(word), |(_, label)| label.clone())
    };
    let cells = table.cells.iter().map(|(word, cell)| Aspect::expression(word, label(word), cell)).collect();
    let is_it = |op: &Op| matches!(op, Op::Lookup(found, ..) if found.name == table.name);
    let otherwise = Text::made(format!("表 {}", table.name), format!("table {}", table.name));
    let (key, name) = since(format!("table.{}", table.name), name_of(clause, &is_it, otherwise), day);
    Aspect::group(&key, name, cells)
}

fn scale<'p>(clause: &'p Clause, (scale, day): Dated<'p, Scale>) -> Aspect<'p> {
    let measure: &Measure = &scale.over_measure;
    let steps = scale.steps.iter().map(|(threshold, value)| {
        let at = measure.told(threshold.at);
        let (from, name) = if threshold.above {
            let from = Text::made(format!("超过{}", at.zh), format!("above {}", at.en));
            (from.clone(), from)
        } else {
            (at.clone(), Text::made(format!("{}档", at.zh), format!("step of {}", at.en)))
        };
        let same = format!("{} {}", threshold.above, threshold.at.exact());
        let parts = vec![
            Aspect::plain("from", Text::new("起点", "threshold"), same, from),
            Aspect::expression("value", Text::default(), value),
        ];
        Aspect::group("", name, parts)
    });
    let mode = if scale.marginal {
        Text::new("超额累进", "each slice at its own rate")
    } else {
        Text::new("全额", "by the step reached")
    };
    let parts = vec![
        Aspect::plain("mode", Text::new("计法", "mode"), mode.en.to_string(), mode),
        Aspect::list("steps", Text::default(), steps.collect()),
    ];
    let is_it = |op: &Op| matches!(op, Op::Scale(found, _) if found.name == scale.name);
    let otherwise = Text::made(format!("分档 {}", scale.name), format!("scale {}", scale.name));
    let (key, name) = since(format!("scale.{}", scale.name), name_of(clause, &is_it, otherwise), day);
    Aspect::group(&key, name, parts)
}
