//! `duixian completions SHELL`: what the shell needs to complete verbs, options, files and the ids of built-in policies.

use clap::{Args, CommandFactory};
use clap_complete::Shell;

use crate::cli::{Arguments, Exit, POLICY_NAMES, Surroundings};
use crate::policy::builtin;

/// Print completions for a shell / 打印命令行补全脚本
#[derive(Debug, Args)]
pub(super) struct Completions {
    /// The shell / 哪种 shell
    #[arg(value_enum)]
    shell: Shell,
}

impl Completions {
    /// Prints the script.
    pub fn run(&self, around: &mut Surroundings<'_>) -> Exit {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut with_ids(Arguments::command()), "duixian", &mut script);
        let script = with_files(self.shell, &String::from_utf8(script).unwrap_or_default());
        // A reader that has gone away wants no more.
        let _ = write!(around.output, "{script}");
        Exit::Done
    }
}

/// The script with files offered beside the ids: zsh and fish would offer nothing but the ids. Bash does so by itself where
/// no id fits.
fn with_files(shell: Shell, script: &str) -> String {
    let ids: Vec<&str> = builtin::policies().iter().map(|known| known.id).collect();
    let (first, ids) = (ids.first().copied().unwrap_or_default(), ids.join(" "));
    match shell {
        Shell::Zsh => script.replace(
            &format!(":({ids})"),
            &format!(r#":{{_alternative "ids\:built-in policy\:({ids})" "files\:file\:_files"}}"#),
        ),
        Shell::Fish => script.replace(&format!(" -r -f -a \"{first}\\t"), &format!(" -r -F -a \"{first}\\t")),
        _ => script.to_owned(),
    }
}

/// The command line as the shell shall know it: where a policy is wanted, the ids of the built-in ones are offered. The
/// program itself takes files and folders there too.
fn with_ids(command: clap::Command) -> clap::Command {
    let ids = || builtin::policies().iter().map(|known| clap::builder::PossibleValue::new(known.id));
    let offer = |argument: clap::Arg| {
        let names = argument.get_value_names().unwrap_or_default();
        if names.iter().any(|name| POLICY_NAMES.contains(&name.as_str())) {
            argument.value_parser(clap::builder::PossibleValuesParser::new(ids()))
        } else {
            argument
        }
    };
    command.mut_args(offer).mut_subcommands(with_ids)
}
