//! A quantity that may be below nothing, a share above the whole, a year of any length.

use crate::check::Check;
use crate::diagnostic::{Code, Diagnostic};
use crate::expr::names::{Input, Origin};
use crate::expr::types::Type;
use crate::lang::Text;
use crate::policy::{Policy, place};
use crate::value::{Bound, Number, Value};

pub(super) static CHECK: Check = Check {
    code: Code::warning("no-bound", "数量没有写上下限", "a quantity has no bound"),
    page: Text::new(
        "没有 `min` 的数量，误填的负数会照算；占比、份额没有 `max`，100% 以上照算；同一列表中同单位的各项都有 `max`、只缺这一项，多半是漏写；年份没有 `max`，`20244` 照收。\
         写上 `min`、`max`，填错的就会连同位置被拒收；确实可以为负的，写出最低是多少。",
        "A quantity without `min` is calculated with below 0 where somebody mistypes it; a share without `max` above 100%; where all other quantities of a list in this unit have `max`, \
         one was forgotten; a year without `max` may be 20244. Write `min` and `max`, and what is mistyped is refused with its place; for what can be negative, \
         write how far.",
    ),
    bad: r#"
[facts.rent]
type  = "quantity"
unit  = "元"
label = { zh = "租金", en = "Rent" }

[[clauses]]
id     = "1"
cite   = "第一条"
title  = { zh = "租房补贴", en = "Rent" }
for    = "person"
amount = "rent"
"#,
    good: r#"
[facts.rent]
type  = "quantity"
unit  = "元"
min   = 0
label = { zh = "租金", en = "Rent" }

[[clauses]]
id     = "1"
cite   = "第一条"
title  = { zh = "租房补贴", en = "Rent" }
for    = "person"
amount = "rent"
"#,
    find,
};

/// Words of labels of what is a part of a whole.
const SHARES: &[&str] = &["占比", "份额", "百分比", "满分", "合格率", "就业率", "出勤率", "完成率", "通过率"];

fn find(policy: &Policy) -> Vec<Diagnostic> {
    let names = &policy.names;
    let mut found = Vec::new();
    for input in names.inputs.iter().filter(|input| input.origin == Origin::Fact) {
        let entry = place::input(policy, &input.name, &input.origin);
        let Some(span) = entry.map(|entry| entry.key_span.clone()) else { continue };
        let mut tell = |input: &Input, missing: Option<(&'static str, Text)>| {
            let Some((key, why)) = missing else { return };
            let label = Text::made(
                format!("“{}”没有 `{key}`：{}", input.label.zh, why.zh),
                format!("“{}” has no `{key}`: {}", input.label.en, why.en),
            );
            let help = Text::made(format!("写上 `{key}`"), format!("write `{key}`"));
            found.push(CHECK.code.at(span.clone(), label).help(help).about(&input.name));
        };
        match input.ty {
            Type::List(list) => {
                let fields = names.lists.get(list).map_or(&[][..], |list| list.fields.as_slice());
                for field in fields {
                    tell(field, missing(field, fields));
                }
            }
            Type::Quantity(_) => tell(input, missing(input, &[])),
            _ => {}
        }
    }
    found
}

/// The bound that is missing, and what that does.
fn missing(input: &Input, fields: &[Input]) -> Option<(&'static str, Text)> {
    let Value::Quantity(domain) = &input.domain else { return None };
    let Bound::At(least) = domain.lo else {
        return Some(("min", Text::new("误填的负数会照算", "what is mistyped below 0 is calculated with")));
    };
    if matches!(domain.hi, Bound::At(_)) {
        return None;
    }
    let words = &input.label.zh;
    let share = SHARES.iter().any(|word| words.contains(word)) || words.contains('占') && words.ends_with("比例");
    if share {
        return Some(("max", Text::new("整体以上的照算", "more than the whole is calculated with")));
    }
    if least >= Number::whole(1900) && input.integer {
        return Some(("max", Text::new("哪一年都照收", "any year is accepted")));
    }
    let like = |field: &&Input| field.name != input.name && field.ty == input.ty;
    let mut others = fields.iter().filter(like).peekable();
    let bounded = |field: &Input| matches!(&field.domain, Value::Quantity(domain) if matches!(domain.hi, Bound::At(_)));
    let several = fields.iter().filter(like).count() > 1;
    others.peek()?;
    (several && others.all(bounded))
        .then(|| ("max", Text::new("同单位的其他各项都有", "all others in this unit have one")))
}
