//! 在职不填 in the words of a fact, and nothing says what a blank means; or a blank is taken for no, and no words say so.

use crate::check::Check;
use crate::diagnostic::{Code, Diagnostic};
use crate::expr::names::{Input, Origin};
use crate::expr::types::Type;
use crate::lang::Text;
use crate::policy::{Policy, place};

pub(super) static CHECK: Check = Check {
    code: Code::warning("blank-in-words", "空缺的含义与文字不符", "what a blank means is not what the words say"),
    page: Text::new(
        "事实的名称或提问写“在职不填、没有的留空”，而声明没有写 `absent`：照着不填的人，相关条款全部待定。写上 `absent`；空缺不表示“没有”的，改文字。反过来，写了 `absent` 而文字没有说可以不填的，漏填就当作没有，填表的人并不知道：文字里写明。",
        "The label or question of a fact says to leave it out where there is nothing (在职不填), and its declaration has no `absent`: for whoever does as told, the clauses \
         stay open. Write `absent`, or mend the words where a blank does not mean no. The other way round, with `absent` and no such words, what somebody forgot is taken for no, and nobody told them: say so in the words.",
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
        for asked in std::iter::once(input).chain(fields).filter(|asked| is_silent(asked)) {
            let label = Text::made(
                format!("空着“{}”就当作没有，文字没有说可以不填", asked.label.zh),
                format!(
                    "left blank, “{}” is taken for no, and the words do not say that it may be left out",
                    asked.label.en
                ),
            );
            let help = Text::new(
                "名称里写明，如“（在职不填）”；空缺不表示没有的，删去 `absent`",
                "say so in the label, as in “(still there: leave out)”; where a blank does not mean no, take `absent` out",
            );
            found.push(CHECK.code.at(entry.key_span.clone(), label).help(help).about(&asked.name));
        }
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

/// Whether a blank is taken for no, and no words say so.
fn is_silent(input: &Input) -> bool {
    let could = input.origin == Origin::Fact && matches!(input.ty, Type::Bool | Type::Date);
    could && input.absent.is_point() && !says(input)
}

/// Whether the words say to leave it out, where a blank leaves it unknown.
fn says_blank(input: &Input) -> bool {
    let could = matches!(input.ty, Type::Bool | Type::Date | Type::List(_));
    could && !input.absent.is_point() && says(input)
}

/// Whether the words say that it may be left out.
fn says(input: &Input) -> bool {
    let mut words = std::iter::once(&input.label).chain(&input.ask).flat_map(|words| [&words.zh, &words.en]);
    words.any(|text| BLANK.iter().any(|word| text.contains(word)))
}
