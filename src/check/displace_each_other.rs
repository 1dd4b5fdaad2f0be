//! Two clauses that displace each other in the same case: then neither is paid.

use crate::check::Check;
use crate::check::possible::{Question, all_of};
use crate::clause::{Clause, Displaces};
use crate::diagnostic::{Code, Diagnostic};
use crate::expr::program::Node;
use crate::lang::Text;
use crate::policy::Policy;

pub(super) static CHECK: Check = Check {
    code: Code::new("displace-each-other", "两个条款互相取代", "two clauses displace each other"),
    page: Text::new(
        "两个条款各用 `instead_of` 取代对方，而两边的 `when` 看不出互斥：两个条件都成立时，谁也领不到。\
         两边写互斥的条件（一边 `x`，另一边 `not (x)`）；只给较高的，用 `[[highest_only]]`。",
        "Two clauses displace each other with `instead_of`, and the two `when` do not exclude each other: where both hold, neither is paid. Write \
         conditions that exclude each other (`x` here, `not (x)` there); where the higher one counts, use `[[highest_only]]`.",
    ),
    bad: r#"
[facts.chosen]
type  = "bool"
label = { zh = "选择一次性补助", en = "Chooses the one-off grant" }

[[clauses]]
id         = "1"
cite       = "第一条"
title      = { zh = "一次性补助", en = "One-off grant" }
for        = "person"
amount     = "5万元"
instead_of = [{ clause = "2", when = "chosen" }]

[[clauses]]
id         = "2"
cite       = "第二条"
title      = { zh = "分期补助", en = "Grant in parts" }
for        = "person"
amount     = "6万元"
instead_of = [{ clause = "1" }]
"#,
    good: r#"
[facts.chosen]
type  = "bool"
label = { zh = "选择一次性补助", en = "Chooses the one-off grant" }

[[clauses]]
id         = "1"
cite       = "第一条"
title      = { zh = "一次性补助", en = "One-off grant" }
for        = "person"
amount     = "5万元"
instead_of = [{ clause = "2", when = "chosen" }]

[[clauses]]
id         = "2"
cite       = "第二条"
title      = { zh = "分期补助", en = "Grant in parts" }
for        = "person"
amount     = "6万元"
instead_of = [{ clause = "1", when = "not chosen" }]
"#,
    find,
};

fn find(policy: &Policy) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (place, clause) in policy.clauses.iter().enumerate() {
        for link in &clause.instead_of {
            let Some(other) = policy.clauses.get(link.clause).filter(|_| link.clause > place) else { continue };
            let back =
                other.instead_of.iter().find(|back| back.clause == place && !exclude(policy, clause, link, back));
            if let Some(back) = back {
                let label = Text::made(
                    format!("{} 与 {} 互相取代，都成立时谁也领不到", clause.id, other.id),
                    format!("{} and {} displace each other: where both do, neither is paid", clause.id, other.id),
                );
                let help = Text::new(
                    "两边的 `when` 写成互斥的；只给较高的，用 `[[highest_only]]`",
                    "let the two `when` exclude each other; where the higher one counts, use `[[highest_only]]`",
                );
                let diagnostic = CHECK
                    .code
                    .at(link.span.clone(), label)
                    .and(back.span.clone(), Text::new("反过来", "the other way round"));
                found.push(diagnostic.help(help).about(&format!("{}+{}", clause.id, other.id)));
            }
        }
    }
    found
}

fn exclude(policy: &Policy, clause: &Clause, link: &Displaces, back: &Displaces) -> bool {
    let both: Vec<&Node> = link.when.iter().chain(&back.when).collect();
    all_of(both).is_some_and(|both| Question::of_clause(policy, clause).truth(&both).is_false())
}
