//! `instead_of` over all clauses: none may displace itself, directly or in a circle, for then nothing is paid at all.

use super::circle::way;
use super::{DISPLACED, NAMED_TWICE, NOT_OF_FIGURES};
use crate::clause::Clause;
use crate::diagnostic::Diagnostic;
use crate::lang::Text;

/// Says which clauses displace themselves, or another one twice. Links with a condition of their own may exclude each other:
/// whether they do is for the checks.
pub(in crate::policy) fn displaced(clauses: &[Clause], diagnostics: &mut Vec<Diagnostic>) {
    let links = |at: usize| -> Vec<usize> {
        let links = clauses.get(at).into_iter().flat_map(|clause| &clause.instead_of);
        links.filter(|link| link.when.is_none()).map(|link| link.clause).collect()
    };
    for (place, clause) in clauses.iter().enumerate() {
        for (at, link) in clause.instead_of.iter().enumerate() {
            if clauses.get(link.clause).is_some_and(Clause::is_figure) {
                let help = Text::new("把条件写进它的 `requires`", "write the condition into its `requires`");
                diagnostics.push(NOT_OF_FIGURES.at(link.span.clone(), Text::default()).help(help));
            }
            let before = clause.instead_of.iter().take(at);
            if before
                .filter(|other| other.clause == link.clause)
                .any(|other| other.when.is_none() || link.when.is_none())
            {
                let label = Text::new("前面已经写过", "it is named before");
                diagnostics.push(NAMED_TWICE.at(link.span.clone(), label));
            }
            let circle =
                if link.clause == place { Some(Vec::new()) } else { way(clauses.len(), &links, link.clause, place) };
            // A circle is told at the first clause of it.
            let Some(circle) = circle.filter(|circle| {
                (link.when.is_none() || link.clause == place) && circle.iter().all(|other| *other > place)
            }) else {
                continue;
            };
            let ids: Vec<&str> = std::iter::once(place)
                .chain((link.clause != place).then_some(link.clause))
                .chain(circle)
                .chain([place])
                .filter_map(|place| clauses.get(place))
                .map(|clause| clause.id.as_str())
                .collect();
            let ids = ids.join(" → ");
            let label = Text::made(format!("{ids}：谁也领不到"), format!("{ids}: nobody is paid anything"));
            let help = Text::new(
                "只写一个方向；按情况互相取代的，用 `when` 写明互斥的情况；只给最高的，用 `[[highest_only]]`",
                "write one direction only; where each displaces the other in other cases, say in `when` in which; where only the highest counts, use `[[highest_only]]`",
            );
            diagnostics.push(DISPLACED.at(link.span.clone(), label).help(help));
        }
    }
}
