//! 在职不填 in the words of a fact, and nothing says what a blank means.

use crate::check::Check;
use crate::diagnostic::{Code, Diagnostic};
use crate::expr::names::{Input, Origin};
use crate::expr::types::Type;
use crate::lang::Text;
use crate::policy::{Policy, place};

pub(super) static CHECK: Check = Check {
    code: Code::warning(
        "blank-in-words",
        "文字说不填，声明没有写空缺的含义",
        "the words say to leave it blank, and a blank means nothing",
    ),
    page: Text::new(
        "事实的名称或提问写“在职不填、没有的留空”，而声明没有写 `absent`：照着不填的人，相关条款全部待定。写上 `absent`；空缺不表示“没有”的，改文字。",
        "The label or question of a fact says to leave it out where there is nothing (在职不填), and its declaration has no `absent`: for whoever does as told, the clauses \
         stay open. Write `absent`, or mend the words where a blank does not mean no.",
    ),
    bad: r#"
[facts.hired_on]
type  = "date"
label = { zh = "入职日期", en = "Employed on" }

[facts.left_on]
type  = "date"
never = true
label = { zh = "离职日期（在职不填）", en = "Left on (still there: leave out)" }

[[clauses]]
id       = "1"
cite     = "第一条"
title    = { zh = "安家补贴", en = "Settling allowance" }
for      = "person"
event    = "hired_on"
requires = [{ test = "left_on > as_of", zh = "在职", en = "employed" }]
amount   = "5万元"
"#,
    good: r#"
[facts.hired_on]
type  = "date"
label = { zh = "入职日期", en = "Employed on" }

[facts.left_on]
type   = "date"
absent = "never"
label  = { zh = "离职日期（在职不填）", en = "Left on (still there: leave out)" }

[[clauses]]
id       = "1"
cite     = "第一条"
title    = { zh = "安家补贴", en = "Settling allowance" }
for      = "person"
event    = "hired_on"
requires = [{ test = "left_on > as_of", zh = "在职", en = "employed" }]
amount   = "5万元"
"#,
    find,
};

const BLANK: &[&str] = &[
    "不填",
    "不用填",
    "不必填",
    "不需填",
    "免填",
    "留空",
    "空着",
    "可空",
    "leave out",
    "leave blank",
    "leave empty",
    "left blank",
];

fn find(policy: &Policy) -> Vec<Diagnostic> {
    let names = &policy.names;
    let mut found = Vec::new();
    for input in names.inputs.iter().filter(|input| matches!(input.origin, Origin::Fact | Origin::Parameter(_))) {
        let Some(entry) = place::input(policy, &input.name, &input.origin) else { continue };
        let fields = match input.ty {
            Type::List(list) => names.lists.get(list).map_or(&[][..], |list| list.fields.as_slice()),
            _ => &[],
        };
        for asked in std::iter::once(input).chain(fields).filter(|asked| says_blank(asked)) {
            let label = Text::made(
                format!("“{}”，而没有 `absent`", asked.label.zh),
                format!("“{}”, and there is no `absent`", asked.label.en),
            );
            let help = Text::new("写上 `absent`，或改文字", "write `absent`, or mend the words");
            found.push(CHECK.code.at(entry.key_span.clone(), label).help(help).about(&asked.name));
        }
    }
    found
}

/// Whether the words say to leave it out, where a blank leaves it unknown.
fn says_blank(input: &Input) -> bool {
    let words = std::iter::once(&input.label).chain(&input.ask).flat_map(|words| [&words.zh, &words.en]);
    let could = matches!(input.ty, Type::Bool | Type::Date | Type::List(_));
    let mut says = words.filter(|text| BLANK.iter().any(|word| text.contains(word)));
    could && !input.absent.is_point() && says.next().is_some()
}
