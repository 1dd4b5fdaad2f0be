//! Rounding that brings an amount above its own cap, or below its floor.

use std::collections::HashSet;

use crate::check::{Check, place};
use crate::clause::Clause;
use crate::diagnostic::{Code, Diagnostic};
use crate::expr::program::{Node, Op};
use crate::lang::Text;
use crate::policy::Policy;
use crate::value::{Number, Value};

pub(super) static CHECK: Check = Check {
    code: Code::warning("rounding-past-bound", "取整越过封顶或保底", "rounding goes past the cap or the floor"),
    page: Text::new(
        "取整在封顶、保底之后进行。封顶 10500元 而向上取整到 1000元，达到封顶的人得到 11000元，多于封顶；保底之于向下取整亦然。\
         把封顶写成取整单位的整数倍，或改用不越界的方向；原文确实如此的，接受并写明。",
        "Rounding comes after floor and cap. With a cap of 10,500 and rounding up to a multiple of 1,000, whoever reaches the cap gets \
         11,000, which is above it; so with a floor and rounding down. Make the bound a multiple of what is rounded to, or round the other \
         way; where the text has it so, accept it and say so.",
    ),
    bad: r#"
[facts.rent]
type  = "quantity"
unit  = "元"
min   = 0
label = { zh = "租金", en = "Rent" }

[[clauses]]
id       = "1"
cite     = "第一条"
title    = { zh = "租房补贴", en = "Rent subsidy" }
for      = "person"
amount   = "rent"
at_most  = "10500元"
rounding = { to = "1000元", direction = "up" }
"#,
    good: r#"
[facts.rent]
type  = "quantity"
unit  = "元"
min   = 0
label = { zh = "租金", en = "Rent" }

[[clauses]]
id       = "1"
cite     = "第一条"
title    = { zh = "租房补贴", en = "Rent subsidy" }
for      = "person"
amount   = "rent"
at_most  = "10500元"
rounding = { to = "1000元", direction = "down" }
"#,
    find,
};

fn find(policy: &Policy) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for clause in &policy.clauses {
        let Some(rule) = clause.rounding else { continue };
        let how = rule.words(&policy.names);
        let past = |bound: &Option<Node>, goes_past: fn(Number, Number) -> bool| {
            let bound = bound.as_ref()?;
            figures(policy, clause, bound).into_iter().find_map(|figure| {
                let rounded = figure.round(rule.to, rule.direction).filter(|rounded| goes_past(*rounded, figure))?;
                Some((bound.span.clone(), figure, rounded))
            })
        };
        let over = past(&clause.at_most, |rounded, cap| rounded > cap).map(|(span, cap, rounded)| {
            let (cap, rounded) = (policy.names.money_told(cap), policy.names.money_told(rounded));
            let label = Text::made(
                format!("封顶 {}，{}后为 {}", cap.zh, how.zh, rounded.zh),
                format!("capped at {}, which rounded {} is {}", cap.en, how.en, rounded.en),
            );
            (span, label)
        });
        let under = past(&clause.at_least, |rounded, floor| rounded < floor).map(|(span, floor, rounded)| {
            let (floor, rounded) = (policy.names.money_told(floor), policy.names.money_told(rounded));
            let label = Text::made(
                format!("保底 {}，{}后为 {}", floor.zh, how.zh, rounded.zh),
                format!("at least {}, which rounded {} is {}", floor.en, how.en, rounded.en),
            );
            (span, label)
        });
        let help = Text::made(
            format!("把它写成 {} 的整数倍，或改取整方向", policy.names.money_told(rule.to).zh),
            format!("make it a multiple of {}, or round the other way", policy.names.money_told(rule.to).en),
        );
        let at = place::key(policy, clause, "rounding");
        for (span, label) in [over, under].into_iter().flatten() {
            let here = Text::new("在此取整", "rounded here");
            let finding = CHECK.code.at(span, label).and(at.clone(), here);
            found.push(finding.help(help.clone()).about(&clause.id));
        }
    }
    found
}

/// The figures that a bound can come to by itself: those of its branches, cells and steps.
fn figures(policy: &Policy, clause: &Clause, bound: &Node) -> Vec<Number> {
    let mut seen: HashSet<*const Node> = HashSet::new();
    let (mut waiting, mut found) = (vec![bound], Vec::new());
    while let Some(node) = waiting.pop() {
        if !seen.insert(std::ptr::from_ref(node)) {
            continue;
        }
        match &node.op {
            Op::Constant(Value::Quantity(number), _) => found.extend(number.as_point()),
            Op::If(_, yes, no) => waiting.extend([&**no, &**yes]),
            Op::Lookup(table, ..) => waiting.extend(table.cells.iter().map(|(_, cell)| cell)),
            Op::Scale(scale, _) if !scale.marginal => waiting.extend(scale.steps.iter().map(|(_, step)| step)),
            Op::Let(place) => waiting.extend(clause.let_nodes.get(*place)),
            Op::Define(place) => waiting.extend(policy.names.defines.get(*place).map(|define| &define.node)),
            _ => {}
        }
    }
    found
}
