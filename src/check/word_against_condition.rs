//! 未受处罚 in the words and no `not` in the test; 或 in the words and `and` in the test.

use crate::check::{Check, words};
use crate::clause::{Clause, Condition};
use crate::diagnostic::{Code, Diagnostic};
use crate::document::Table;
use crate::expr::program::{Node, Op};
use crate::expr::syntax::Binary;
use crate::expr::types::Type;
use crate::lang::Text;
use crate::policy::Policy;
use crate::value::Value;

pub(super) static CHECK: Check = Check {
    code: Code::warning(
        "word-against-condition",
        "条件的文字与算式相反",
        "the words of a condition say the opposite of its test",
    ),
    page: Text::new(
        "条件的文字写“未、不、没有”，而算式直接要一项“是/否”的事实（或者反过来，算式有 `not` 而文字没有否定）；\
         文字写“或”，算式用 `and`，或者文字写“且、同时”，算式用 `or`。文字点名的词（博士、硕士），算式却不收的也在内。只看一项事实或两项事实相连的条件；事实的名称本身带否定的不看。",
        "The words of a condition deny (未, 不, 没有), and its test asks for a yes, or the test has `not` and the words deny nothing; the words say 或 \
         (or) and the test `and`, or 且, 同时 (and) and the test `or`. So is a word that is named (doctor, master) and not accepted by the test. Only tests of one fact, or of two joined ones, are looked at; facts whose \
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
    if let Some(label) = left_out(policy, test, words) {
        return Some(Text::made(
            format!("文字里有“{}”，算式不收", label.zh),
            format!("the words name “{}”, and the test does not accept it", label.en),
        ));
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

/// A word that the words of a condition name and its test on one enum does not accept: 博士、硕士, and `degree > master`.
fn left_out<'p>(policy: &'p Policy, test: &Node, words: &str) -> Option<&'p Text> {
    let Op::Compare(operator, left, right) = &test.op else { return None };
    let (Op::Constant(Value::Words(word), _), Type::Enum(place)) = (&right.op, &left.ty) else { return None };
    let all = &policy.names.enums.get(*place)?.words;
    let at = word.point()?;
    let accepts = |own: usize| match operator {
        Binary::Equal => own == at,
        Binary::AtLeast => own >= at,
        Binary::Greater => own > at,
        Binary::AtMost => own <= at,
        Binary::Less => own < at,
        _ => true,
    };
    // 硕士以下, 高于硕士: the word itself may lie outside.
    let bounded = ["以下", "以上", "高于", "低于", "超过", "除", "外"].iter().any(|word| words.contains(word));
    let mut named = all.iter().enumerate().filter(|(_, (_, label))| words.contains(&*label.zh));
    named.find(|(own, _)| !accepts(*own)).filter(|_| !bounded && !denies(words)).map(|(_, (_, label))| label)
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
