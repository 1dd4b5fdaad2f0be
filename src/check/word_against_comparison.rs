//! 不少于 in the words and `>` in the test; 超过 and `>=`; 最高 and a floor.

use crate::audit::bounds;
use crate::audit::sides::{self, Compared};
use crate::check::Check;
use crate::check::words::{self, Words};
use crate::clause::Clause;
use crate::diagnostic::{Code, Diagnostic};
use crate::document::Table;
use crate::expr::program::Node;
use crate::lang::Text;
use crate::policy::Policy;

pub(super) static CHECK: Check = Check {
    code: Code::warning(
        "word-against-comparison",
        "文字与比较的边界不符",
        "the words and the comparison draw the line elsewhere",
    ),
    page: Text::new(
        "条件、标题、概述中写“不少于、满、以上、不满”的，本数算在上面（`>=`、`<`）；写“超过、不超过、以下、以内”的，本数算在下面（`>`、`<=`）。\
         同一个数在算式里的比较不是这样，刚好达到的人就会判错。改算式或改文字；分档（`scale`）一律是“达到”。",
        "不少于, 满, 以上, 不满 (at least, under) take the figure itself to what is above it (`>=`, `<`); 超过, 不超过, 以下, 以内 (more than, at \
         most) to what is below (`>`, `<=`). Where the comparison with the same figure draws the line on the other side, whoever is exactly \
         there is judged wrongly. Mend the test or the words; the steps of a scale are always reached at their figure.",
    ),
    bad: r#"
[facts.hired]
type    = "quantity"
unit    = "人"
min     = 0
integer = true
label   = { zh = "新聘人数", en = "People hired" }

[[clauses]]
id       = "1"
cite     = "第一条"
title    = { zh = "引才奖励", en = "Reward for hiring" }
for      = "enterprise"
requires = [{ test = "hired > 10人", zh = "新聘不少于10人", en = "ten people hired" }]
amount   = "5万元"
"#,
    good: r#"
[facts.hired]
type    = "quantity"
unit    = "人"
min     = 0
integer = true
label   = { zh = "新聘人数", en = "People hired" }

[[clauses]]
id       = "1"
cite     = "第一条"
title    = { zh = "引才奖励", en = "Reward for hiring" }
for      = "enterprise"
requires = [{ test = "hired >= 10人", zh = "新聘不少于10人", en = "at least 10 people hired" }]
amount   = "5万元"
"#,
    find,
};

fn find(policy: &Policy) -> Vec<Diagnostic> {
    words::in_clauses(policy, |_, clause, own| of_clause(policy, clause, own))
}

fn of_clause(policy: &Policy, clause: &Clause, own: &Table) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    // The words of a condition speak of its own test, the others of the whole clause.
    for (table, condition) in words::beside(own, "requires", &clause.requires) {
        let compared = sides::compared(policy, Some(clause), vec![(&condition.test, true)]);
        found.extend(words::both(table).filter_map(|said| against(clause, &said, &compared)));
    }
    let all: Vec<(&Node, bool)> = clause.expressions().into_iter().map(|node| (node, false)).collect();
    let compared = sides::compared(policy, Some(clause), all);
    let others = words::of(own, &["title", "summary"]);
    let bounds = bounds::of(policy, clause);
    found.extend(others.iter().filter(|said| said.chinese).filter_map(|said| bound(clause, said, &bounds)));
    found.extend(others.iter().filter_map(|said| against(clause, said, &compared)));
    // In both languages, and in the summary as well: told once.
    let at = |found: &Diagnostic| found.labels.first().map(|(span, _)| span.range.clone());
    found.sort_by_key(|found| at(found).map(|range| range.start));
    found.dedup_by_key(|found| at(found));
    found
}

/// 最高 beside a figure that is a floor.
fn bound(clause: &Clause, words: &Words<'_>, bounds: &[bounds::Bound]) -> Option<Diagnostic> {
    words.figures().into_iter().find_map(|(figure, range)| {
        let floor = bounds::in_words(words.text, &range)?;
        let other = bounds::against(bounds, &figure, floor)?;
        let label = if floor { bounds::CEILING_HERE } else { bounds::FLOOR_HERE };
        let found = CHECK.code.at(other.span.clone(), label);
        Some(found.and(words.inside(range), Text::new("文字这样写", "the words say so")).about(&clause.id))
    })
}

fn against(clause: &Clause, words: &Words<'_>, compared: &[Compared]) -> Option<Diagnostic> {
    words.figures().into_iter().find_map(|(figure, range)| {
        let said = sides::in_words(words.text, &range, words.chinese)?;
        let other = sides::against(compared, &figure, said)?;
        let label = Text::new("文字这样写", "the words say so");
        let help = Text::new(
            "“不少于、满、以上”用 `>=`，“超过”用 `>`，“不超过、以下”用 `<=`，“不满、低于”用 `<`",
            "`>=` for at least, `>` for more than, `<=` for at most, `<` for under",
        );
        let found = CHECK.code.at(other.span.clone(), Text::new("比较在另一边", "the comparison says something else"));
        Some(found.and(words.inside(range), label).help(help).about(&clause.id))
    })
}
