//! `duixian man [DIR]`: the manual, one page a verb.

use std::path::PathBuf;

use clap::{Args, CommandFactory};
use clap_mangen::Man as Page;

use crate::cli::asking::LangName;
use crate::cli::batch::save::written;
use crate::cli::{Arguments, Exit, Surroundings, say};
use crate::lang::Lang;

/// Print the manual page, or write all pages to a folder / 打印手册页，或将全部手册页写入文件夹
#[derive(Debug, Args)]
pub(super) struct Man {
    /// The folder, which must be there; without it the main page is printed / 文件夹
    #[arg(value_name = "DIR")]
    folder: Option<PathBuf>,
    /// The language of messages: zh or en / 提示的语言
    #[arg(long, value_enum)]
    lang: Option<LangName>,
}

impl Man {
    /// Prints or writes the pages, and names each file written.
    pub fn run(&self, lang: Lang, around: &mut Surroundings<'_>) -> Exit {
        let lang = self.lang.map_or(lang, LangName::lang);
        let mut command = Arguments::command();
        command.build();
        let Some(folder) = &self.folder else {
            // A reader that has gone away wants no more.
            let _ = around.output.write_all(&page(command));
            return Exit::Done;
        };
        for command in all(command) {
            let path = folder.join(format!("{}.1", name(&command)));
            if let Err(text) = written(&path, &around.folder, &page(command), lang) {
                say(around, lang, &text);
                return Exit::Unusable;
            }
            let _ = writeln!(around.output, "{}", path.display());
        }
        Exit::Done
    }
}

/// The command and all below it that have a page. They were built, so each knows how it is called.
fn all(command: clap::Command) -> Vec<clap::Command> {
    let below: Vec<clap::Command> =
        command.get_subcommands().filter(|below| below.get_name() != "help").cloned().collect();
    std::iter::once(command).chain(below.into_iter().flat_map(all)).collect()
}

/// `duixian-calc`
fn name(command: &clap::Command) -> &str {
    command.get_display_name().unwrap_or_else(|| command.get_name())
}

fn page(command: clap::Command) -> Vec<u8> {
    let mut text = Vec::new();
    // Pages are written to memory, which cannot fail.
    let written = Page::new(command).render(&mut text);
    if written.is_ok() { text } else { Vec::new() }
}
