//! The parts of an amount, by who bears them or by year, of a line and of all lines.

use crate::assess::model::{PartSum, PartSums};
use crate::lang::Lang;
use crate::report::amount::money;
use crate::report::words::{self, say};
use crate::value::Interval;

/// `出资单位：省级 50,000、市级 30,000`, and once more for what is due where that is something else.
pub fn texts(parts: &PartSums, lang: Lang) -> Vec<String> {
    let listed = |of: fn(&PartSum) -> Interval| {
        let told = parts.parts.iter().filter(|part| of(part) != Interval::ZERO);
        let told = told.map(|part| format!("{} {}", say(&part.name.label, lang), money(of(part), lang)));
        told.collect::<Vec<_>>().join(words::SEMICOLON.get(lang))
    };
    let (awarded, due) = (listed(|part| part.awarded), listed(|part| part.due));
    let (label, colon) = (say(&parts.by.label, lang), words::COLON.get(lang));
    let mut texts = Vec::new();
    if !awarded.is_empty() {
        texts.push(format!("{label}{colon}{awarded}"));
    }
    if !due.is_empty() && due != awarded {
        texts.push(format!("{label}{}{colon}{due}", words::bracketed(words::DUE.get(lang), lang)));
    }
    texts
}
