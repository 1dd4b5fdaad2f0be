//! A policy as a page to read, from its file and cases: articles, conditions, amounts, readings, what is not known, and worked
//! examples. One model ([`model`]), written as text for a terminal and as HTML.

mod clause;
mod examples;
mod formulas;
mod html;
pub mod model;
mod text;
mod whole;

use crate::cases::Ran;
use crate::clause::Clause;
use crate::coverage::Coverage;
use crate::lang::{Lang, Text};
use crate::policy::{Policy, told};
use crate::report::layout::Block;
use crate::report::words::say;
use crate::source::clean;
use crate::value::{Day, DayRange};
use model::Page;

pub use html::{GENERATOR, Link, index, one as html};
pub use text::written as text;

/// What the cases of a policy come to.
#[derive(Debug)]
pub struct Worked {
    /// Every case that was run.
    pub ran: Vec<Ran>,
    /// What they reach; `None` where a case fails.
    pub coverage: Option<Coverage>,
}

/// Words of a page.
#[derive(Clone, Copy)]
struct Words(Lang);

impl Words {
    fn of(self, zh: &'static str, en: &'static str) -> &'static str {
        match self.0 {
            Lang::Zh => zh,
            Lang::En => en,
        }
    }

    fn say(self, text: &Text) -> String {
        say(text, self.0)
    }
}

/// A whole policy, or the clauses that are wanted, by their ids; `worked`: what their cases come to.
pub fn page(policy: &Policy, wanted: &dyn Fn(&str) -> bool, worked: Option<&Worked>, lang: Lang) -> Page {
    let words = Words(lang);
    let mut below = vec![format!(
        "{} · {} · {}",
        words.say(&policy.issuer),
        policy.status.label.get(lang),
        window(policy.window, lang)
    )];
    below.extend(policy.status.warning.iter().map(|text| words.say(text)).filter(|_| worked.is_some()));
    below.extend(policy.office.iter().map(|office| responsible(office, words)));
    below.extend(policy.notes.iter().map(|note| words.say(note)));
    let chosen: Vec<&Clause> = policy.clauses.iter().filter(|clause| wanted(&clause.id)).collect();
    let mut sections: Vec<_> = chosen
        .iter()
        .map(|clause| clause::section(policy, clause, chosen.len() < policy.clauses.len(), worked, words))
        .collect();
    sections.extend(whole::sections(policy, &chosen, worked, words));
    Page { id: clean(&policy.id), title: words.say(&policy.title), below, sections }
}

/// One line a policy: id, title, issuer, status, window, articles, and how many of them compute an amount.
pub fn list(policies: &[&Policy], lang: Lang, width: usize) -> String {
    let words = Words(lang);
    let mut blocks = Vec::new();
    for policy in policies {
        blocks.push(Block::plain(format!("{}  {}", clean(&policy.id), words.say(&policy.title))));
        blocks.extend(brief(policy, lang).into_iter().map(Block::under));
    }
    if policies.is_empty() {
        blocks.push(Block::plain(words.of("没有内置政策", "there is no built-in policy")));
    }
    text::lines(&blocks, width)
}

/// A policy in two lines.
fn brief(policy: &Policy, lang: Lang) -> [String; 2] {
    let computes = |clause: &&Clause| clause.amount.is_some() || !clause.installments.is_empty();
    let computed = policy.clauses.iter().filter(computes).count();
    let count = policy.clauses.len();
    let head =
        format!("{} · {} · {}", say(&policy.issuer, lang), policy.status.label.get(lang), window(policy.window, lang));
    let clauses = match lang {
        Lang::Zh => format!("条款 {count} 个，其中 {computed} 个核算金额"),
        Lang::En => format!("{count} clauses, {computed} of which compute an amount"),
    };
    [head, clauses]
}

fn window(window: DayRange, lang: Lang) -> String {
    if window == (DayRange { lo: Day::FIRST, hi: Day::NEVER }) {
        return Words(lang).of("未写有效期", "no window stated").to_owned();
    }
    told::days(window).get(lang).to_owned()
}

fn responsible(office: &Text, words: Words) -> String {
    format!("{}{}", words.of("责任单位：", "responsible: "), words.say(office))
}

/// What a clause is called where something leads to it.
fn link(clause: &Clause, words: Words) -> (String, String) {
    let shown = match words.0 {
        Lang::Zh if !clause.cite.is_empty() => format!("{}（{}）", clean(&clause.cite), clean(&clause.id)),
        _ => clean(&clause.id),
    };
    (anchor(clause), shown)
}

fn anchor(clause: &Clause) -> String {
    format!("clause-{}", clean(&clause.id))
}
