//! How an amount came about: named values, the formula, what bounded it, and its parts.

use super::{installments, parts};
use crate::assess::model::{Line, Status, Step};
use crate::expr::formula::{Formula, Shown};
use crate::lang::Lang;
use crate::report::layout::Block;
use crate::report::words::{self, bracketed, say};
use crate::report::{amount, formula};
use crate::value::Interval;

/// The paragraphs of a line's calculation.
pub fn blocks(line: &Line, lang: Lang) -> Vec<Block> {
    let named: Vec<String> = line.steps.iter().filter(|step| informs(step)).map(|step| labelled(step, lang)).collect();
    let mut texts = if named.is_empty() { Vec::new() } else { vec![named.join(words::SEMICOLON.get(lang))] };
    let mut so_far: Option<Interval> = None;
    for step in line.steps.iter().filter(|step| !matches!(step.kind, "clause" | "of_clause" | "let" | "accrued")) {
        let now = interval(&step.value);
        match words::bounding(step.kind) {
            // A bound that left the amount as it was did nothing.
            Some(_) if now.is_some() && now == so_far => {}
            Some(did) => texts.push(bounded(step, did.get(lang), lang)),
            None if step.kind == "amount" => texts.push(worked_out(step, lang)),
            None if now.is_some() && now == so_far && !matches!(step.kind, "used" | "left") => {}
            None => texts.push(labelled(step, lang)),
        }
        so_far = now.or(so_far);
    }
    texts.extend(whole_term(line, lang));
    let mut blocks: Vec<Block> = texts.into_iter().map(Block::plain).collect();
    blocks.extend(installments::texts(line, lang).into_iter().map(Block::under));
    blocks.extend(line.parts().iter().flat_map(|parts| parts::texts(parts, lang)).map(Block::under));
    blocks
}

/// The same as plain texts.
pub fn calculation(line: &Line, lang: Lang) -> Vec<String> {
    blocks(line, lang).into_iter().map(|block| block.text).collect()
}

fn interval(shown: &Shown) -> Option<Interval> {
    match shown {
        Shown::Quantity { interval, .. } => Some(*interval),
        _ => None,
    }
}

/// Whether a named value says more than the conditions do: a truth alone does not.
fn informs(step: &Step) -> bool {
    matches!(step.kind, "clause" | "let" | "accrued")
        && !(matches!(step.value, Shown::Truth(_)) && working(step).is_none())
}

/// The calculation, unless it is a mere value.
fn working(step: &Step) -> Option<&Formula> {
    step.formula.as_ref().filter(|formula| !matches!(formula, Formula::Value(_)))
}

/// `3000元/月 × 14个月 = 42,000元`; a mere figure as it is written.
pub fn worked_out(step: &Step, lang: Lang) -> String {
    let value = formula::value(&step.value, lang);
    match (&step.formula, working(step)) {
        (_, Some(working)) => format!("{} = {value}", formula::write(working, lang)),
        (Some(figure), None) => formula::write(figure, lang),
        (None, None) => value,
    }
}

/// The same with what it is called before it.
pub fn labelled(step: &Step, lang: Lang) -> String {
    format!("{}{}{}", say(&step.label, lang), words::COLON.get(lang), worked_out(step, lang))
}

/// `封顶至 300,000元`; a rule with a name of its own stands before what it left: `由第三条代替，余 0元`.
pub fn bounded(step: &Step, did: &str, lang: Lang) -> String {
    let value = formula::value(&step.value, lang);
    let open = interval(&step.value).is_none_or(|interval| !interval.is_point());
    let how = step.formula.as_ref().filter(|_| open || working(step).is_some());
    let how = how.map_or_else(String::new, |how| bracketed(&formula::write(how, lang), lang));
    if matches!(step.kind, "floor" | "cap") {
        return format!("{did} {value}{how}");
    }
    format!("{}{}{did} {value}{how}", say(&step.label, lang), words::COMMA.get(lang))
}

/// What the clause can still come to, where that is more than what is awarded to date.
pub fn whole_term(line: &Line, lang: Lang) -> Option<String> {
    let amounts = line.amounts.as_ref().filter(|amounts| amounts.lifetime != amounts.awarded)?;
    let lifetime = if line.is_endless() {
        words::WITHOUT_END.get(lang).to_owned()
    } else {
        amount::sum(amounts.lifetime, line.unit.as_ref(), lang)
    };
    (line.status != Status::NotEligible)
        .then(|| format!("{}{}{lifetime}", words::WHOLE_TERM.get(lang).to_lowercase(), words::COLON.get(lang)))
}
