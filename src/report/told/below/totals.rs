//! The sums, and what is not in them.

use crate::assess::model::{Assessment, Counted, Line};
use crate::lang::{Lang, Text};
use crate::report::amount::money;
use crate::report::layout::Block;
use crate::report::told::clause_name;
use crate::report::words::{self, bracketed, say};
use crate::source::width;
use crate::value::{Bound, Interval};

/// What each sum is called, and its figure.
pub fn figures(assessment: &Assessment, lang: Lang) -> Vec<(&'static str, String)> {
    let totals = &assessment.totals;
    let mut sums: Vec<(&'static Text, Interval)> = vec![
        (&words::AWARDED, totals.awarded),
        (&words::PAID, Interval::point(totals.paid)),
        (&words::DUE, totals.due),
    ];
    sums.extend((totals.overpaid != Interval::ZERO).then_some((&words::OVERPAID, totals.overpaid)));
    sums.extend((totals.lifetime != totals.awarded).then_some((&words::WHOLE_TERM, totals.lifetime)));
    let mut open =
        assessment.lines.iter().filter(|line| line.counted == Counted::Total && has_no_bound(line)).peekable();
    let endless = totals.lifetime.hi == Bound::Above && open.peek().is_some() && open.all(Line::is_endless);
    let told = |label: &Text, sum| match endless && *label == words::WHOLE_TERM {
        true => words::WITHOUT_END.get(lang).to_owned(),
        false => money(sum, lang),
    };
    sums.into_iter().map(|(label, sum)| (label.get(lang), told(label, sum))).collect()
}

fn has_no_bound(line: &Line) -> bool {
    line.amounts.as_ref().is_some_and(|amounts| amounts.lifetime.hi == Bound::Above)
}

/// A line for each sum, the numbers one below the other.
pub fn sums(assessment: &Assessment, lang: Lang) -> Vec<Block> {
    let written = figures(assessment, lang);
    let labels = written.iter().map(|(label, _)| width(label)).max().unwrap_or(0);
    let numbers = written.iter().map(|(_, number)| width(number)).max().unwrap_or(0);
    let line = |(label, number): (&str, String)| {
        let blanks = (labels + 2 + numbers).saturating_sub(width(label) + width(&number));
        Block::under(format!("{label}{}{number}", " ".repeat(blanks)))
    };
    written.into_iter().map(line).collect()
}

/// The clauses that are not in the sums, those with the same reason together.
pub fn not_counted(assessment: &Assessment, lang: Lang) -> Vec<Block> {
    let mut groups: Vec<(String, Vec<String>)> = Vec::new();
    for clause in &assessment.totals.not_counted {
        let place = clause_name(assessment, &clause.policy, &clause.clause, lang);
        let name = format!("{}{}", say(&clause.title, lang), bracketed(&place, lang));
        let why = say(&clause.why, lang);
        match groups.iter_mut().find(|(known, _)| *known == why) {
            // A clause that is worked out once per record is named once.
            Some((_, names)) if names.contains(&name) => {}
            Some((_, names)) => names.push(name),
            None => groups.push((why, vec![name])),
        }
    }
    let colon = words::COLON.get(lang);
    let listed = |(why, names): (String, Vec<String>)| match lang {
        Lang::Zh => Block::bullet(format!("另有{}{colon}{why}", names.join(words::LISTED.get(lang)))),
        Lang::En => Block::bullet(format!("{}{colon}{why}", names.join(words::LISTED.get(lang)))),
    };
    groups.into_iter().map(listed).collect()
}
