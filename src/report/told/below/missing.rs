//! The missing facts that matter, and what each would settle.

use crate::assess::model::{Assessment, Missing};
use crate::lang::Lang;
use crate::report::amount::money;
use crate::report::layout::Block;
use crate::report::told::clause_name;
use crate::report::words::{self, bracketed, say};
use crate::source::clean;

/// For each fact what to ask, what it bears on, and what its values would lead to.
pub fn blocks(assessment: &Assessment, lang: Lang) -> Vec<Block> {
    assessment.missing.iter().flat_map(|missing| fact(assessment, missing, lang)).collect()
}

fn fact(assessment: &Assessment, missing: &Missing, lang: Lang) -> Vec<Block> {
    let name = bracketed(&clean(&missing.fact.name), lang);
    // A question says more than the fact's label.
    let words = missing.ask.as_ref().unwrap_or(&missing.fact.label);
    let mut blocks = vec![Block::bullet(format!("{}{name}", say(words, lang)))];
    let mut clauses: Vec<String> = Vec::new();
    for (policy, clause) in &missing.clauses {
        let name = clause_name(assessment, policy, clause, lang);
        if !clauses.contains(&name) {
            clauses.push(name);
        }
    }
    if !clauses.is_empty() {
        let lead = if lang == Lang::Zh { "涉及" } else { "bears on " };
        blocks.push(Block::under_bullet(format!("{lead}{}", clauses.join(words::LISTED.get(lang)))));
    }
    if !missing.settles.is_empty() {
        let settled = missing.settles.iter().map(|(value, awarded)| match lang {
            Lang::Zh => format!("若“{}”，{}", say(value, lang), money(*awarded, lang)),
            Lang::En => format!("if {}, {}", say(value, lang), money(*awarded, lang)),
        });
        let lead = if lang == Lang::Zh { "核定合计：" } else { "awarded in all: " };
        let settled = settled.collect::<Vec<_>>().join(words::SEMICOLON.get(lang));
        blocks.push(Block::under_bullet(format!("{lead}{settled}")));
    }
    blocks
}
