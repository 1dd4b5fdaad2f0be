//! What is compared of a policy as a whole.

use crate::clause::Condition;
use crate::diff::aspect::Aspect;
use crate::diff::meaning::{Known, constant};
use crate::expr::names::{Enum, Input, Origin};
use crate::expr::types::Type;
use crate::lang::Text;
use crate::policy::{Consistent, Identity, Pairs, Policy, told};
use crate::value::Value;

/// Everything that a policy says outside its clauses. `taken`: the options of readings that are taken instead of its own.
pub fn aspects<'p>(known: &Known<'p>, taken: &[(usize, Value)]) -> Vec<Aspect<'p>> {
    let policy = known.policy;
    let names = &policy.names;
    let window = policy.window;
    let mut all = vec![
        Aspect::words("policy.title", Text::new("标题", "title"), &policy.title),
        Aspect::words("policy.issuer", Text::new("发文机关", "issuer"), &policy.issuer),
        Aspect::plain("policy.status", Text::new("状态", "status"), policy.status.name, policy.status.label.clone()),
        Aspect::plain(
            "policy.effective",
            Text::new("有效期", "validity"),
            format!("{:?} {:?}", window.lo, window.hi),
            told::days(window),
        ),
    ];
    let texts = [
        ("policy.office", Text::new("责任单位", "responsible"), &policy.office),
        ("policy.place", Text::new("适用地区", "place"), &policy.place),
    ];
    all.extend(
        texts.into_iter().filter_map(|(key, name, text)| {
            text.as_ref().map(|text| Aspect::plain(key, name, &*text.zh, text.clone()))
        }),
    );
    let levels = names.enum_places.get("level").and_then(|level| names.enums.get(*level));
    let level = policy.level.and_then(|level| levels?.words.get(level));
    all.extend(level.map(|(id, label)| Aspect::plain("policy.level", Text::new("层级", "level"), id, label.clone())));
    let ends = [
        ("policy.triggers_until", Text::new("触发截止日", "triggers until"), &policy.triggers_until),
        ("policy.payable_until", Text::new("发放截止日", "payable until"), &policy.payable_until),
    ];
    all.extend(ends.into_iter().filter_map(|(key, name, node)| Aspect::perhaps(key, name, node.as_ref())));
    all.extend(policy.overlap.as_ref().map(|rule| {
        let parts = [
            ("counts", Text::new("计入的其他待遇", "what counts"), &rule.counts),
            ("method", Text::new("扣减方法", "method"), &rule.method),
            ("by_installment", Text::new("分期对应", "part against part"), &rule.by_installment),
        ];
        let parts = parts.into_iter().filter_map(|(key, name, node)| Aspect::perhaps(key, name, node.as_ref()));
        Aspect::group("overlap", Text::new("与其他待遇的重复", "overlap with other benefits"), parts.collect())
    }));
    let highest = policy.highest_only.iter().map(|rule| {
        let ids = rule.clauses.iter().filter_map(|place| policy.clauses.get(*place)).map(|clause| clause.id.as_str());
        let ids = ids.collect::<Vec<_>>().join("、");
        let mut parts = vec![Aspect::plain("clauses", Text::new("条款", "clauses"), ids.clone(), Text::same(ids))];
        parts.extend(Aspect::perhaps("when", Text::new("适用条件", "when"), rule.when.as_ref()));
        parts.push(Aspect::words("words", Text::new("措辞", "wording"), &rule.text));
        Aspect::group("", Text::same(rule.cite.clone()), parts)
    });
    all.push(Aspect::list("highest_only", Text::new("从高不重复", "only the highest of several"), highest.collect()));
    let consistent = policy.consistent.iter().map(consistent);
    all.push(Aspect::list("consistent", Text::new("相互矛盾的事实", "facts that must agree"), consistent.collect()));
    all.extend(policy.identities.iter().map(|found| identity(policy, found)));
    all.extend(names.defines.iter().map(|define| {
        let name = Text::made(format!("定义 {}", define.name), format!("definition {}", define.name));
        Aspect::expression(&format!("define.{}", define.name), name, &define.node)
    }));
    for (place, found) in names.inputs.iter().enumerate() {
        all.extend(input(known, place, found, taken));
    }
    let enums = names.enums.iter().filter(|found| names.enum_places.contains_key(&found.id));
    all.extend(enums.map(words));
    all.extend(names.applicant_kinds.iter().map(|(id, label)| {
        let name = Text::made(format!("申请人类型 {id}"), format!("kind of applicant {id}"));
        Aspect::group(&format!("applicants.{id}"), name, vec![Aspect::words("label", Text::default(), label)])
    }));
    let notes = policy.notes.iter().map(|note| Aspect { wording: true, ..Aspect::words("", Text::default(), note) });
    all.push(Aspect::list("policy.notes", Text::new("说明", "note"), notes.collect()));
    all.extend(policy.supplements.iter().map(|supplement| {
        let name = Text::new("补充文件", "supplement");
        Aspect::plain(&format!("supplement.{}", supplement.id), name, "", supplement.title.clone())
    }));
    all
}

fn consistent(rule: &Consistent) -> Aspect<'_> {
    let Condition { test, text } = &rule.condition;
    let records = rule.each.iter().map(|each| each.list).collect();
    let mut aspect = Aspect::over("", Text::default(), test, records, Some(text));
    if let Some(Pairs::Next(next)) = &rule.pairs {
        let records = rule.each.iter().map(|each| each.list).collect();
        let next = Aspect::over("next_by", Text::new("先后依据", "order"), next, records, None);
        aspect = Aspect::group("", Text::default(), vec![Aspect { key: "test".to_owned(), ..aspect }, next]);
    }
    aspect
}

fn identity<'p>(policy: &'p Policy, identity: &'p Identity) -> Aspect<'p> {
    let list = policy.names.lists.get(identity.list);
    let id = list.map_or("", |list| list.name.as_str());
    let label = policy.names.inputs.get(identity.input).map(|input| input.label.clone()).unwrap_or_default();
    let name = Text::made(format!("{}：同一记录", label.zh), format!("{}: the same record", label.en));
    let nodes = identity.expressions().into_iter().enumerate();
    let mut parts: Vec<Aspect<'p>> = nodes
        .map(|(place, node)| Aspect::over(&format!("{place}"), Text::default(), node, vec![identity.list], None))
        .collect();
    let field = |place: usize| list.and_then(|list| list.fields.get(place)).map_or("", |field| field.name.as_str());
    let number = identity.number.map_or(String::new(), |(name, number)| format!("{} {}", field(name), field(number)));
    let shape = format!("{} {} {number}", identity.unique_by.len(), identity.no_overlap.is_some());
    parts.push(Aspect::plain("shape", Text::new("辨认方法", "how told apart"), shape.clone(), Text::same(shape)));
    Aspect::group(&format!("identity.{id}"), name, parts)
}

fn words(found: &Enum) -> Aspect<'_> {
    let mut parts: Vec<Aspect<'_>> = found
        .words
        .iter()
        .map(|(id, label)| Aspect::group(id, label.clone(), vec![Aspect::words("label", Text::default(), label)]))
        .collect();
    if found.ordered {
        let ids: Vec<&str> = found.words.iter().map(|(id, _)| id.as_str()).collect();
        let labels = Text::join(found.words.iter().map(|(_, label)| label), " < ", " < ");
        parts.push(Aspect::plain("ordered", Text::new("高低次序", "order"), ids.join(" "), labels));
    }
    Aspect::group(&format!("enums.{}", found.id), found.label.clone(), parts)
}

fn input<'p>(known: &Known<'p>, place: usize, input: &'p Input, taken: &[(usize, Value)]) -> Option<Aspect<'p>> {
    let names = &known.policy.names;
    let measure = input.measure(names);
    let value =
        |value: &Value| (constant(known, value, &input.ty), told::value(value, &input.ty, measure.as_ref(), names));
    let given = |key: &str, name: Text, of: &Value| {
        let (same, text) = value(of);
        Aspect::plain(key, name, same, text)
    };
    let mut parts = vec![Aspect::words("label", Text::new("名称", "label"), &input.label)];
    parts.extend(input.ask.iter().map(|ask| Aspect::words("ask", Text::new("问法", "question"), ask)));
    match &input.origin {
        Origin::Paid => return None,
        Origin::Reading(reading) => {
            let Type::Enum(place_of) = input.ty else { return None };
            let options = names.enums.get(place_of).map_or(&[][..], |found| found.words.as_slice());
            parts.extend(options.iter().map(|(id, label)| {
                let name = Text::made(format!("选项 {id}"), format!("option {id}"));
                Aspect::group(&format!("options.{id}"), name, vec![Aspect::words("label", Text::default(), label)])
            }));
            let taken = taken.iter().rev().find(|(slot, _)| *slot == place).map_or(&input.absent, |(_, value)| value);
            parts.push(given("taken", Text::new("所取", "taken"), taken));
            parts.push(Aspect::words("because", Text::new("理由", "because"), &reading.because));
            let name = Text::made(format!("读法 {}", reading.id), format!("reading {}", reading.id));
            return Some(Aspect::group(&input.name, name, parts));
        }
        Origin::Fact => {}
        Origin::Parameter(stands_in) => {
            let text = Text::same(stands_in.clone().unwrap_or_default());
            parts.push(Aspect {
                wording: true,
                ..Aspect::plain("stands_in", Text::new("载于", "stands in"), &*text.zh, text.clone())
            });
            // What it is from a day on is an input of its own.
            if names.input(&input.name) != Some(place) {
                return None;
            }
            for version in &input.versions {
                let Some(found) = names.inputs.get(version.input) else { continue };
                let day = version.since.day;
                let name = Text::made(format!("自 {day} 起"), format!("from {day}"));
                parts.push(given(&format!("from.{day}"), name, &found.absent));
            }
        }
    }
    parts.extend(declared(known, input));
    let is_fact = input.origin == Origin::Fact;
    let absent = if is_fact { Text::new("不填即为", "left out means") } else { Text::new("数值", "value") };
    if !matches!(input.ty, Type::List(_)) {
        // Unknown is what everything starts as.
        parts.extend((input.absent != input.domain).then(|| given("value", absent, &input.absent)));
    } else if input.absent.is_point() {
        parts.push(Aspect::plain("value", absent, "", Text::new("无", "none")));
    }
    if let Type::List(list) = input.ty {
        let list = names.lists.get(list)?;
        parts.extend(list.fields.iter().map(|field| {
            let mut own = declared(known, field);
            own.push(Aspect::words("label", Text::new("名称", "label"), &field.label));
            Aspect::group(&format!("fields.{}", field.name), field.label.clone(), own)
        }));
    }
    let (key, zh, en) = if is_fact { ("facts", "事实", "fact") } else { ("parameters", "参数", "parameter") };
    let name = Text::made(format!("{zh} {}", input.label.zh), format!("{en} {}", input.label.en));
    Some(Aspect::group(&format!("{key}.{}", input.name), name, parts))
}

/// What a fact, a parameter or a field may be.
fn declared<'p>(known: &Known<'p>, input: &'p Input) -> Vec<Aspect<'p>> {
    let names = &known.policy.names;
    let ty = names.describe(&input.ty);
    let same = match &input.ty {
        Type::Enum(place) => names.enums.get(*place).map_or(String::new(), |found| format!("enum {}", found.id)),
        Type::List(place) => {
            names.lists.get(*place).map_or(String::new(), |list| format!("list {}", list.unit.symbol()))
        }
        _ => ty.en.to_string(),
    };
    let mut parts = vec![Aspect::plain("type", Text::new("种类", "type"), same, ty)];
    if !matches!(input.ty, Type::List(_) | Type::Enum(_)) {
        let (same, text) = (
            constant(known, &input.domain, &input.ty),
            told::value(&input.domain, &input.ty, input.measure(names).as_ref(), names),
        );
        parts.push(Aspect::plain("domain", Text::new("取值", "range"), same, text));
    }
    if input.integer {
        parts.push(Aspect::plain("integer", Text::new("整数", "whole numbers"), "", Text::new("只收整数", "only")));
    }
    parts
}
