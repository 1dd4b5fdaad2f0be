//! What has to be known before the first question: the policy, the kind of applicant, the name and the day.

use crate::applicant::When;
use crate::cli::ask::front::{Command, Prompt, Said, put};
use crate::cli::{Exit, Surroundings, say};
use crate::interview::answer;
use crate::interview::file::File;
use crate::lang::{Lang, Text};
use crate::policy::{Policy, builtin};
use crate::source::clean;

/// Asks for a built-in policy where the file has no place, and writes down where it holds: a later run then finds the same.
pub(super) fn region(file: &mut File, lang: Lang, around: &mut Surroundings<'_>) -> Result<(), Exit> {
    if file.has("place") {
        return Ok(());
    }
    let text = Text::new("按哪一项政策测算？", "Which policy is it about?");
    let known: Vec<_> = builtin::policies().iter().filter(|known| known.own < known.places.len()).collect();
    let choices = known.iter().map(|known| format!("{}（{}）", known.title.get(lang), known.place.get(lang)));
    let prompt = Prompt {
        standing: String::new(),
        text: text.get(lang).to_owned(),
        hint: String::new(),
        choices: choices.collect(),
        commands: &[Command::End],
    };
    loop {
        let Said::Answer(typed) = put(&prompt, lang, around) else { return Err(stopped(lang, around)) };
        let words = known.iter().map(|known| [known.id, &*known.title.zh, &*known.title.en]);
        match answer::chosen(&typed, words).and_then(|place| known.get(place)) {
            Some(chosen) => {
                file.put_head("place", chosen.place.get(Lang::Zh).into());
                return Ok(());
            }
            None => nothing_like_it(lang, around),
        }
    }
}

/// Asks for the evaluation date, which is today if nothing is said: written down, so that a later run gives the same.
pub(super) fn date(file: &mut File, when: When, lang: Lang, around: &mut Surroundings<'_>) {
    while when.as_of.is_none() && !file.has("as_of") {
        let prompt = Prompt {
            standing: String::new(),
            text: Text::new("按哪一天评估？", "As of which day?").get(lang).to_owned(),
            hint: match lang {
                Lang::Zh => format!("直接回车为今天 {}", when.today),
                Lang::En => format!("empty: today, {}", when.today),
            },
            choices: Vec::new(),
            commands: &[],
        };
        let typed = match put(&prompt, lang, around) {
            Said::Answer(typed) if !typed.is_empty() => typed,
            Said::Answer(_) => when.today.to_string(),
            Said::Command(_) => return,
        };
        match answer::day(&typed).filter(|day| day.is_datetime()) {
            Some(day) => file.put_head("as_of", day),
            None => {
                let text = Text::new("  ✗ 日期写作 2024-03-01", "  ✗ a date is written 2024-03-01");
                let _ = writeln!(around.errors, "{}", text.get(lang));
            }
        }
    }
}

/// Name and kind, where the file has none.
pub(super) fn head(
    file: &mut File,
    policies: &[&Policy],
    lang: Lang,
    around: &mut Surroundings<'_>,
) -> Result<(), Exit> {
    let mut kinds: Vec<&(String, Text)> = Vec::new();
    for policy in policies {
        let used = |place: &usize| policy.clauses.iter().any(|clause| clause.applies_to.contains(place));
        let own = policy.names.applicant_kinds.iter().enumerate().filter(|(place, _)| used(place));
        for (_, kind) in own {
            if !kinds.iter().any(|(id, _)| *id == kind.0) {
                kinds.push(kind);
            }
        }
    }
    while !file.has("kind") {
        let prompt = Prompt {
            standing: String::new(),
            text: Text::new("申请人是哪一类？", "What kind of applicant is it?").get(lang).to_owned(),
            hint: String::new(),
            choices: kinds.iter().map(|(_, label)| clean(label.get(lang))).collect(),
            commands: &[Command::End],
        };
        let Said::Answer(typed) = put(&prompt, lang, around) else { return Err(stopped(lang, around)) };
        let words = kinds.iter().map(|(id, label)| [id.as_str(), &*label.zh, &*label.en]);
        match answer::chosen(&typed, words).and_then(|place| kinds.get(place)) {
            Some((id, _)) => file.put_head("kind", id.as_str().into()),
            None => nothing_like_it(lang, around),
        }
    }
    if !file.has("name") {
        let prompt = Prompt {
            standing: String::new(),
            text: Text::new("姓名或单位名称？", "The name?").get(lang).to_owned(),
            hint: String::new(),
            choices: Vec::new(),
            commands: &[Command::Skip],
        };
        if let Said::Answer(name) = put(&prompt, lang, around) {
            file.put_head("name", name.into());
        }
    }
    Ok(())
}

/// Says that nothing can be worked out yet.
fn stopped(lang: Lang, around: &mut Surroundings<'_>) -> Exit {
    let text = Text::new(
        "问答中止：还不知道按哪项政策、是哪类申请人，无从核定",
        "stopped before policy and kind of applicant were known; nothing can be worked out",
    );
    say(around, lang, text.get(lang));
    Exit::Unusable
}

/// Says that a choice is none.
pub(super) fn nothing_like_it(lang: Lang, around: &mut Surroundings<'_>) {
    let text = Text::new("  ✗ 没有这一项，请按序号选择", "  ✗ there is no such choice; take one by its number");
    let _ = writeln!(around.errors, "{}", text.get(lang));
}
