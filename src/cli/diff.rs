//! `duixian diff OLD NEW`: what is different between two policies, clause by clause.

use clap::{Args, ValueEnum};

use crate::cli::asking::Looking;
use crate::cli::choice;
use crate::cli::shelf::Shelf;
use crate::cli::{Exit, Surroundings, say};
use crate::diff::{Side, diff};
use crate::lang::{Lang, Text};
use crate::policy::Policy;
use crate::report::Form;
use crate::report::diff::differences;
use crate::value::Value;

/// Say what is different between two policies, clause by clause / 两版政策逐条对照
#[derive(Debug, Args)]
pub(super) struct Diff {
    /// The old policy: a built-in one's id, a file or a folder / 旧政策
    #[arg(value_name = "OLD")]
    old: String,
    /// The new one; the same may be given twice, with other readings or supplements / 新政策
    #[arg(value_name = "NEW")]
    new: String,
    /// A supplement of the old one / 旧政策的补充文件
    #[arg(long, value_name = "FILE")]
    old_with: Vec<String>,
    /// A supplement of the new one / 新政策的补充文件
    #[arg(long, value_name = "FILE")]
    new_with: Vec<String>,
    /// Take an option of a reading of the old one / 旧政策选定一种读法
    #[arg(long = "old-reading", value_name = "READING=OPTION")]
    old_readings: Vec<String>,
    /// Take an option of a reading of the new one / 新政策选定一种读法
    #[arg(long = "new-reading", value_name = "READING=OPTION")]
    new_readings: Vec<String>,
    /// How it is written / 输出格式
    #[arg(long, value_enum, default_value = "table")]
    format: FormatName,
    #[command(flatten)]
    looking: Looking,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum FormatName {
    Table,
    Json,
}

impl Diff {
    /// Prints what is different; the exit status says whether anything is.
    pub fn run(&self, lang: Lang, around: &mut Surroundings<'_>) -> Exit {
        let lang = self.looking.lang(lang);
        if self.old == "-" && self.new == "-" {
            let text = Text::new(
                "标准输入只能读一次；另一份请给出文件",
                "standard input can be read once; give a file for the other",
            );
            say(around, lang, text.get(lang));
            return Exit::Unusable;
        }
        let (mut old_shelf, mut new_shelf) = (Shelf::default(), Shelf::default());
        let Some(old) = opened(&self.old, &self.old_with, &mut old_shelf, lang, around) else { return Exit::Unusable };
        let Some(new) = opened(&self.new, &self.new_with, &mut new_shelf, lang, around) else { return Exit::Unusable };
        let Some(old_taken) = taken(&self.old_readings, old, lang, around) else { return Exit::Unusable };
        let Some(new_taken) = taken(&self.new_readings, new, lang, around) else { return Exit::Unusable };
        let found = diff(Side { policy: old, taken: &old_taken }, Side { policy: new, taken: &new_taken });
        let form = match self.format {
            FormatName::Table => Form::Text,
            FormatName::Json => Form::Json,
        };
        let look = self.looking.look(lang, false, around);
        // A reader that has gone away wants no more.
        let _ = write!(around.output, "{}", differences(&found, form, &look));
        if found.is_empty() { Exit::Done } else { Exit::Open }
    }
}

/// A policy with its supplements; what is wrong with them was said.
fn opened<'s>(
    asked: &str,
    with: &[String],
    shelf: &'s mut Shelf,
    lang: Lang,
    around: &mut Surroundings<'_>,
) -> Option<&'s Policy> {
    let asked: Vec<String> = std::iter::once(asked.to_owned()).chain(with.iter().cloned()).collect();
    let places = shelf.asked(&asked, lang, around)?;
    let &[place] = places.as_slice() else {
        let text = Text::new("每一边只能是一件政策和它的补充文件", "each side is one policy and what supplements it");
        say(around, lang, text.get(lang));
        return None;
    };
    let shelf: &'s Shelf = shelf;
    shelf.get(place)
}

fn taken(asked: &[String], policy: &Policy, lang: Lang, around: &mut Surroundings<'_>) -> Option<Vec<(usize, Value)>> {
    match choice::taken(asked, false, &[policy], lang) {
        Ok(mut taken) => Some(taken.pop().unwrap_or_default()),
        Err(error) => {
            say(around, lang, &format!("{error:#}"));
            None
        }
    }
}
