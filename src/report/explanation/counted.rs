//! Which records a count or sum is over.

use super::of;
use crate::explain::model::{Counted, Derivation, Few};
use crate::lang::Lang;
use crate::report::ink::Ink;
use crate::report::tree::Branch;
use crate::report::words::{self, bracketed, say};

/// The branch; none where nothing is counted.
pub fn branch(derivation: &Derivation, lang: Lang) -> Option<Branch> {
    let all: Vec<Branch> = derivation.counted.iter().map(|counted| one(counted, lang)).collect();
    let heading = Ink::Bold.on(&of(lang, "计入的记录", "Records that count"));
    (!all.is_empty()).then(|| Branch::new(heading, all))
}

fn one(counted: &Counted, lang: Lang) -> Branch {
    let mut under = vec![line(&of(lang, "计入", "counted"), &counted.counts, lang)];
    if counted.open.count > 0 {
        under.push(line(&of(lang, "是否计入待定", "open whether they count"), &counted.open, lang));
    }
    for (fails, records) in &counted.left_out {
        let why = fails.as_ref().map_or_else(String::new, |fails| {
            let fails = say(fails, lang);
            bracketed(&of(lang, &format!("不满足 {fails}"), &format!("fails {fails}")), lang)
        });
        under.push(line(&format!("{}{why}", of(lang, "未计入", "not counted")), records, lang));
    }
    Branch::new(say(&counted.what, lang), under.into_iter().map(Branch::leaf).collect())
}

/// `计入 6条：陈一、李二，另有1条`
fn line(lead: &str, records: &Few, lang: Lang) -> String {
    let names: Vec<String> = records.named.iter().map(|name| say(name, lang)).collect();
    let names = names.join(words::LISTED.get(lang));
    let more = match (records.more, lang) {
        (0, _) => String::new(),
        (more, Lang::Zh) => format!("，另有{more}条"),
        (more, Lang::En) => format!(", and {more} more"),
    };
    let colon = if names.is_empty() { "" } else { words::COLON.get(lang) };
    match lang {
        Lang::Zh => format!("{lead} {}条{colon}{names}{more}", records.count),
        Lang::En => format!("{lead} {}{colon}{names}{more}", records.count),
    }
}
