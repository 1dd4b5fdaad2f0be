//! Steps of a scale that do not stand in ascending order, or whose values fall.

use crate::check::{Check, place, walk};
use crate::clause::Clause;
use crate::diagnostic::{Code, Diagnostic};
use crate::document::{Entry, Raw};
use crate::expr::lexer::figure_of;
use crate::expr::program::{Node, Op, Scale, Threshold};
use crate::lang::Text;
use crate::policy::Policy;
use crate::source::Span;
use crate::value::{Number, Value};

pub(super) static CHECK: Check = Check {
    code: Code::warning("steps-out-of-order", "分档次序不对", "the steps of a scale are out of order"),
    page: Text::new(
        "`scale` 的门槛没有从低到高写，或门槛升高而给付反而降低。计算按门槛大小进行，次序不影响结果；\
         但次序乱了往往是某个数字抄错。逐段计（`mode = \"marginal\"`）的各段费率可以下降，不在此列。",
        "The thresholds of a `scale` are not written from low to high, or a higher threshold pays less. What is calculated goes by the \
         thresholds, not by the order in the file; but steps out of order mostly mean a figure copied wrongly. The rates of slices \
         (`mode = \"marginal\"`) may fall.",
    ),
    bad: r#"
[facts.hired]
type    = "quantity"
unit    = "人"
min     = 0
integer = true
label   = { zh = "新聘人数", en = "People hired" }

[[clauses]]
id            = "1"
cite          = "第一条"
title         = { zh = "引才奖励", en = "Reward for hiring" }
for           = "enterprise"
scale.support = { "10人" = "5万元", "50人" = "20万元", "20人" = "10万元" }
amount        = "support(hired)"
"#,
    good: r#"
[facts.hired]
type    = "quantity"
unit    = "人"
min     = 0
integer = true
label   = { zh = "新聘人数", en = "People hired" }

[[clauses]]
id            = "1"
cite          = "第一条"
title         = { zh = "引才奖励", en = "Reward for hiring" }
for           = "enterprise"
scale.support = { "10人" = "5万元", "20人" = "10万元", "50人" = "20万元" }
amount        = "support(hired)"
"#,
    find,
};

fn find(policy: &Policy) -> Vec<Diagnostic> {
    policy.clauses.iter().flat_map(|clause| [written(policy, clause), falling(clause)].concat()).collect()
}

/// Thresholds that do not ascend in the file.
fn written(policy: &Policy, clause: &Clause) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for scale in place::part(policy, clause, "scale") {
        let Raw::Table(steps) = &scale.item.value else { continue };
        let threshold = |entry: &Entry| -> Option<(Threshold, Span)> {
            let (above, figure) = Threshold::key(&entry.key);
            let (at, _) = policy.names.figure(&figure_of(figure)?).ok()?;
            Some((Threshold { at, above }, entry.key_span.clone()))
        };
        let thresholds: Vec<(Threshold, Span)> = steps.entries().iter().filter_map(threshold).collect();
        for pair in thresholds.windows(2) {
            if let [(before, above), (after, span)] = pair
                && after < before
            {
                let label = Text::new("门槛低于前一档", "this threshold is below the one before it");
                let help = Text::new(
                    "门槛从低到高写，并核对数字",
                    "write the thresholds from low to high, and compare them with the text",
                );
                let found_here =
                    CHECK.code.at(span.clone(), label).and(above.clone(), Text::new("前一档", "the one before it"));
                found.push(found_here.help(help).about(&clause.id));
            }
        }
    }
    found
}

/// Values that fall while thresholds rise.
fn falling(clause: &Clause) -> Vec<Diagnostic> {
    let mut scales: Vec<&Scale> = Vec::new();
    walk::own(clause, &mut |node| {
        if let Op::Scale(scale, _) = &node.op
            && !scale.marginal
            && !scales.iter().any(|known| known.name == scale.name)
        {
            scales.push(scale);
        }
    });
    let known = |node: &Node| match &node.op {
        Op::Constant(Value::Quantity(range), _) => range.as_point(),
        _ => None,
    };
    let mut found = Vec::new();
    for scale in scales {
        let help = Text::new("核对这一档的数字", "compare this step with the text");
        let same = |label: Text, higher: &Node, lower: &Node| {
            let lower = (lower.span.clone(), Text::new("较低的一档", "the lower step"));
            CHECK.code.at(higher.span.clone(), label).and(lower.0, lower.1).help(help.clone()).about(&clause.id)
        };
        let pairs: Vec<(&Node, &Node, Number, Number)> = scale
            .steps
            .windows(2)
            .filter_map(|pair| {
                let [(_, lower), (_, higher)] = pair else { return None };
                Some((lower, higher, known(lower)?, known(higher)?))
            })
            .collect();
        // Once for a scale, however many of its steps fall: a means test may be meant to.
        let falls = pairs.iter().filter(|(_, _, before, after)| after < before).count();
        if let Some((lower, higher, ..)) = pairs.iter().find(|(_, _, before, after)| after < before) {
            let label = if falls > 1 && falls == pairs.len() {
                Text::new("门槛升高，给付每档都降低", "with each threshold the value falls")
            } else {
                Text::new("门槛升高，给付反而降低", "the threshold rises, but the value falls")
            };
            found.push(same(label, higher, lower));
        }
        let equal = pairs.iter().filter(|(_, _, before, after)| after == before);
        found.extend(equal.map(|(lower, higher, ..)| {
            same(
                Text::new("与前一档相同，这一档不起作用", "the same as the step before it, so that it changes nothing"),
                higher,
                lower,
            )
        }));
    }
    found
}
