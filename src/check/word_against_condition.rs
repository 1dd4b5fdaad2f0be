//! 未受处罚 in the words and no `not` in the test; 或 in the words and `and` in the test.

use crate::check::{Check, words};
use crate::clause::{Clause, Condition};
use crate::diagnostic::{Code, Diagnostic};
use crate::document::Table;
use crate::expr::program::{Node, Op};
use crate::expr::types::Type;
use crate::lang::Text;
use crate::policy::Policy;

pub(super) static CHECK: Check = Check {
    code: Code::warning(
        "word-against-condition",
        "条件的文字与算式相反",
        "the words of a condition say the opposite of its test",
    ),
    page: Text::new(
        "条件的文字写“未、不、没有”，而算式直接要一项“是/否”的事实（或者反过来，算式有 `not` 而文字没有否定）；\
         文字写“或”，算式用 `and`，或者文字写“且、同时”，算式用 `or`。只看一项事实或两项事实相连的条件；事实的名称本身带否定的不看。",
        "The words of a condition deny (未, 不, 没有), and its test asks for a yes, or the test has `not` and the words deny nothing; the words say 或 \
         (or) and the test `and`, or 且, 同时 (and) and the test `or`. Only tests of one fact, or of two joined ones, are looked at; facts whose \
         names deny something themselves are left alone.",
    ),
    bad: r#"
[facts.punished]
type  = "bool"
label = { zh = "受过处罚", en = "Was punished" }

[[clauses]]
id       = "1"
cite     = "第一条"
title    = { zh = "引才奖励", en = "Reward for hiring" }
for      = "enterprise"
requires = [{ test = "punished", zh = "未受处罚", en = "never punished" }]
amount   = "5万元"
"#,
    good: r#"
[facts.punished]
type  = "bool"
label = { zh = "受过处罚", en = "Was punished" }

[[clauses]]
id       = "1"
cite     = "第一条"
title    = { zh = "引才奖励", en = "Reward for hiring" }
for      = "enterprise"
requires = [{ test = "not punished", zh = "未受处罚", en = "never punished" }]
amount   = "5万元"
"#,
    find,
};

fn find(policy: &Policy) -> Vec<Diagnostic> {
    words::in_clauses(policy, |_, clause, own| {
        let conditions = words::beside(own, "requires", &clause.requires);
        conditions.filter_map(|(table, condition)| of_condition(policy, clause, table, condition)).collect()
    })
}

fn of_condition(policy: &Policy, clause: &Clause, table: &Table, condition: &Condition) -> Option<Diagnostic> {
    let against = against(policy, clause, &condition.test, &condition.text.zh)?;
    let mut found = CHECK.code.at(condition.test.span.clone(), against);
    if let Some(said) = words::both(table).find(|said| said.chinese) {
        found = found.and(said.item.span.clone(), Text::new("文字", "the words"));
    }
    let help = Text::new("核对条文，改算式或改文字", "see the text, and mend the test or the words");
    Some(found.help(help).about(&clause.id))
}

fn against(policy: &Policy, clause: &Clause, test: &Node, words: &str) -> Option<Text> {
    let denied = matches!(test.op, Op::Not(_));
    let asked = match &test.op {
        Op::Not(inner) => inner,
        _ => test,
    };
    if let Some(label) = label(policy, clause, asked) {
        return match (denied, denies(words), denies(label)) {
            (false, true, false) => {
                Some(Text::new("文字是否定的，算式要“是”", "the words deny what the test asks for"))
            }
            (true, false, false) => Some(Text::new("算式是否定的，文字不是", "the test denies what the words ask for")),
            _ => None,
        };
    }
    // 及以上或 and the like join figures.
    let plain = words.replace("或以上", "").replace("或以下", "").replace("或者", "或");
    let both =
        |left: &Node, right: &Node| label(policy, clause, left).is_some() && label(policy, clause, right).is_some();
    let joined = ["且", "同时", "均", "都"].iter().any(|word| plain.contains(word));
    match &test.op {
        Op::And(left, right) if both(left, right) && plain.contains('或') && !joined => {
            Some(Text::new("文字写“或”，算式用 `and`", "the words say “or”, the test `and`"))
        }
        Op::Or(left, right) if both(left, right) && joined && !plain.contains('或') => {
            Some(Text::new("文字写“且、同时”，算式用 `or`", "the words say “and”, the test `or`"))
        }
        _ => None,
    }
}

fn denies(text: &str) -> bool {
    ["未", "没有", "没", "不", "无", "非"].iter().any(|word| text.contains(word))
}

/// The label of a yes/no that is asked for as it stands.
fn label<'p>(policy: &'p Policy, clause: &Clause, node: &Node) -> Option<&'p str> {
    let input = match node.op {
        _ if node.ty != Type::Bool => None,
        Op::Input(place) => policy.names.inputs.get(place),
        Op::EachField(field) => {
            let list = clause.each.as_ref().and_then(|each| policy.names.lists.get(each.list));
            list.and_then(|list| list.fields.get(field))
        }
        _ => None,
    };
    input.map(|input| input.label.zh.as_ref())
}
