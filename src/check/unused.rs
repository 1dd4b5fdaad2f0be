//! Something that is declared and never used.

use std::collections::HashSet;

use crate::check::{Check, place, walk};
use crate::diagnostic::{Code, Diagnostic};
use crate::document::{Entry, Raw};
use crate::expr::names::Origin;
use crate::expr::program::{Node, Op};
use crate::lang::Text;
use crate::policy::{Pairs, Policy};
use crate::source::Span;
use crate::value::Value;

pub(super) static CHECK: Check = Check {
    code: Code::warning("unused", "声明后没有用到", "something is declared and never used"),
    page: Text::new(
        "事实、名单字段、参数、读法、类别、清单、定义、`let`、`table` 或 `scale` 声明了，却没有任何条款、规则用到它。\
         申请人被要求填写无用的事实，或条款漏写了一个条件。用上它，或删去。共用词表里的不在此列。",
        "A fact, a field of a list, a parameter, a reading, a category, a list of texts, a definition, a `let`, a `table` or a `scale` is declared, and no clause or \
         rule uses it. People are asked for a fact that changes nothing, or a condition was forgotten. Use it, or take it out. What stands \
         in a vocabulary is for other policies too and is not reported.",
    ),
    bad: r#"
[facts.highest]
type  = "degree"
label = { zh = "最高学位", en = "Highest degree" }

[facts.shoe_size]
type  = "quantity"
min   = 0
label = { zh = "鞋码", en = "Shoe size" }

[[clauses]]
id            = "1"
cite          = "第一条"
title         = { zh = "安家补贴", en = "Settling allowance" }
for           = "person"
table.support = { bachelor = "1万元", master = "2万元", doctor = "5万元" }
table.rent    = { bachelor = "500元", master = "800元", doctor = "1000元" }
amount        = "support[highest]"
"#,
    good: r#"
[facts.highest]
type  = "degree"
label = { zh = "最高学位", en = "Highest degree" }

[[clauses]]
id            = "1"
cite          = "第一条"
title         = { zh = "安家补贴", en = "Settling allowance" }
for           = "person"
table.support = { bachelor = "1万元", master = "2万元", doctor = "5万元" }
amount        = "support[highest]"
"#,
    find,
};

/// What the policy's expressions use.
#[derive(Default)]
struct Used {
    inputs: HashSet<usize>,
    defines: HashSet<usize>,
    /// Words as they are written.
    words: HashSet<String>,
    /// Names of lists of texts.
    texts: HashSet<String>,
    /// Lists' places with fields' places.
    fields: HashSet<(usize, usize)>,
}

impl Used {
    /// What a node and all below it use; `lists` are those whose records the node is among, outermost first.
    fn look(&mut self, node: &Node, each: Option<usize>, lists: &mut Vec<usize>) {
        match &node.op {
            Op::Input(place) => drop(self.inputs.insert(*place)),
            Op::Define(place) => drop(self.defines.insert(*place)),
            Op::Constant(Value::Words(_) | Value::Text(_), _) => {
                let word = node.span.source.text.get(node.span.range.clone()).unwrap_or("");
                self.words.insert(word.trim_matches(['"', '\'']).to_owned());
            }
            Op::Among(_, texts) => drop(self.texts.insert(texts.name.clone())),
            Op::EachField(field) => drop(each.map(|list| self.fields.insert((list, *field)))),
            Op::Field(depth, field) => drop(lists.get(*depth).map(|list| self.fields.insert((*list, *field)))),
            Op::Aggregate(aggregate) => {
                self.inputs.insert(aggregate.input);
                if let Some(by) = aggregate.owner.as_ref().map(|owner| &owner.by) {
                    for (mine, theirs) in std::iter::once(by.name).chain(by.number) {
                        self.fields.extend([(aggregate.list, mine), (by.list, theirs)]);
                    }
                }
                lists.push(aggregate.list);
            }
            _ => {}
        }
        match &node.op {
            // Cells and steps are expressions of their own, out of sight of the records around them.
            Op::Lookup(_, _, index) => {
                self.look(index, each, lists);
                node.children().into_iter().skip(1).for_each(|cell| self.look(cell, each, &mut Vec::new()));
            }
            _ => node.children().into_iter().for_each(|child| self.look(child, each, lists)),
        }
        if matches!(node.op, Op::Aggregate(_)) {
            lists.pop();
        }
    }
}

fn find(policy: &Policy) -> Vec<Diagnostic> {
    let used = used(policy);
    let names = &policy.names;
    let mut found = Vec::new();
    let mut tell = |entry: &Entry, about: &str, what: Text| {
        let help = Text::new("用上它，或删去", "use it, or take it out");
        let label = Text::made(format!("{}没有用到", what.zh), format!("{} is never used", what.en));
        found.push(CHECK.code.at(entry.key_span.clone(), label).help(help).about(about));
    };
    for (at, input) in names.inputs.iter().enumerate() {
        let Some(entry) = place::input(policy, &input.name, &input.origin) else { continue };
        if !used.inputs.contains(&at) {
            let what = match input.origin {
                Origin::Fact => Text::new("这项事实", "this fact"),
                Origin::Parameter(_) => Text::new("这个参数", "this parameter"),
                Origin::Reading(_) => Text::new("这个读法", "this reading"),
                Origin::Paid => continue,
            };
            tell(entry, &input.name, what);
        }
    }
    for (at, list) in names.lists.iter().enumerate().filter(|(_, list)| used.inputs.contains(&list.input)) {
        let entry = place::input(policy, &list.name, &Origin::Fact);
        let Some(Raw::Table(table)) = entry.map(|entry| &entry.item.value) else { continue };
        let Some(Raw::Table(fields)) = table.get("fields").map(|item| &item.value) else { continue };
        for (field, entry) in fields.entries().iter().enumerate() {
            if !used.fields.contains(&(at, field)) && list.label_by != Some(field) {
                tell(entry, &format!("{}.{}", list.name, entry.key), Text::new("这个字段", "this field"));
            }
        }
    }
    for entry in place::section(policy, "define") {
        let at = names.defines.iter().position(|define| define.name == entry.key);
        if at.is_none_or(|at| !used.defines.contains(&at)) {
            tell(entry, &entry.key, Text::new("这个定义", "this definition"));
        }
    }
    // Where no clause has one, categories are the head of a file that is being written.
    let some = policy.clauses.iter().any(|clause| clause.category.is_some());
    for entry in place::section(policy, "categories").iter().filter(|_| some) {
        let at = names.categories.iter().position(|(id, _)| *id == entry.key);
        let has = policy.clauses.iter().any(|clause| clause.category.is_some() && clause.category == at);
        if !has && !used.words.contains(&entry.key) {
            tell(entry, &entry.key, Text::new("这个类别", "this category"));
        }
    }
    for entry in place::section(policy, "texts").iter().filter(|entry| !used.texts.contains(entry.key.as_str())) {
        tell(entry, &entry.key, Text::new("这份清单", "this list of texts"));
    }
    let mut spans: Vec<Span> = Vec::new();
    for clause in &policy.clauses {
        walk::own(clause, &mut |node| spans.push(node.span.clone()));
    }
    for (part, what) in PARTS {
        for entry in place::section(policy, part).iter().filter(|entry| !is_among(entry, &spans)) {
            tell(entry, &entry.key, what.clone());
        }
    }
    for clause in &policy.clauses {
        let (mut lets, mut spans) = (HashSet::new(), Vec::new());
        walk::own(clause, &mut |node| {
            if let Op::Let(place) = &node.op {
                lets.insert(*place);
            }
            spans.push(node.span.clone());
        });
        for entry in place::part(policy, clause, "let") {
            let at = clause.lets.iter().position(|known| known.name == entry.key);
            // What a name for records stands for is written out where it is used, a second time.
            let records = at.and_then(|at| clause.let_nodes.get(at)?.records());
            if records.is_some_and(|records| {
                let own = records.nodes().first().map(|node| node.span.clone());
                own.is_none_or(|own| spans.iter().filter(|span| span.is(&own)).count() > 1)
            }) {
                continue;
            }
            // One that is shown as a step of its own is of use to who reads.
            if at.is_some_and(|at| !lets.contains(&at) && clause.let_named.get(at) == Some(&false)) {
                tell(entry, &clause.id, Text::new("这个中间值", "this value"));
            }
        }
        for (part, what) in PARTS.iter().filter(|(part, _)| *part != "let") {
            for entry in place::part(policy, clause, part).iter().filter(|entry| !is_among(entry, &spans)) {
                tell(entry, &clause.id, what.clone());
            }
        }
    }
    found
}

/// What clauses share, or have of their own.
const PARTS: &[(&str, Text)] = &[
    ("table", Text::new("这张表", "this table")),
    ("scale", Text::new("这个分档", "this scale")),
    ("let", Text::new("这个中间值", "this value")),
];

/// Whether something inside the entry is among what is worked out: of a table that is looked up the cells are.
fn is_among(entry: &Entry, spans: &[Span]) -> bool {
    spans.iter().any(|span| entry.item.span.holds(span))
}

fn used(policy: &Policy) -> Used {
    let mut used = Used::default();
    for clause in &policy.clauses {
        let each = clause.each.as_ref().map(|each| each.list);
        used.inputs.extend(clause.each.as_ref().map(|each| each.input));
        clause.expressions().into_iter().for_each(|node| used.look(node, each, &mut Vec::new()));
    }
    for rule in &policy.consistent {
        let list = rule.each.as_ref().map(|each| each.list);
        // A record beside the one that is tested is looked at from outside every count.
        let mut beside: Vec<usize> = list.filter(|_| rule.pairs.is_some()).into_iter().collect();
        used.look(&rule.condition.test, list, &mut beside);
        if let Some(Pairs::Next(by)) = &rule.pairs {
            used.look(by, None, &mut beside);
        }
        used.inputs.extend(rule.each.as_ref().map(|each| each.input));
    }
    for identity in &policy.identities {
        let of_number = identity.number.map(|(_, number)| (identity.list, number));
        used.fields.extend(of_number);
        identity.expressions().into_iter().for_each(|node| used.look(node, None, &mut vec![identity.list]));
    }
    let others = policy.overlap.as_ref().map(|rule| rule.list);
    walk::outside(policy).into_iter().for_each(|node| used.look(node, others, &mut Vec::new()));
    // A definition uses earlier ones only, so from the last to the first each is known to be used or not.
    for (place, define) in policy.names.defines.iter().enumerate().rev() {
        if used.defines.contains(&place) {
            used.look(&define.node, None, &mut Vec::new());
        }
    }
    used
}
