//! Completions in a real shell, where there is one, and manual pages for every verb.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail")]

mod program;

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use duixian::cli::Exit;
use duixian::policy::builtin;

fn folder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("duixian-{name}-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    folder
}

fn run(arguments: &[&str]) -> String {
    let outcome = program::run_in(Path::new(""), arguments, &mut std::io::empty());
    assert_eq!((outcome.exit, outcome.errors.as_str()), (Exit::Done, ""), "{arguments:?}");
    outcome.output
}

/// The verbs, as help lists them.
fn verbs() -> Vec<String> {
    let help = run(&["--help"]);
    let listed =
        help.lines().skip_while(|line| !line.starts_with("Commands:")).skip(1).take_while(|line| !line.is_empty());
    let verbs: Vec<String> = listed
        .filter(|line| line.starts_with("  ") && !line.starts_with("   "))
        .filter_map(|line| line.split_whitespace().next().map(str::to_owned))
        .filter(|verb| verb != "help")
        .collect();
    assert!(verbs.len() >= 7, "{help}");
    verbs
}

/// Whether the shell is there; says so where it is not.
fn installed(shell: &str) -> bool {
    let found = Command::new(shell).arg("--version").output().is_ok_and(|output| output.status.success());
    if !found {
        // Past the capture of tests' output.
        let mut errors = std::io::stderr();
        writeln!(errors, "SKIPPED: no {shell} on this machine, its completions were not tried").unwrap();
    }
    found
}

#[test]
fn every_script_knows_every_verb_and_is_a_script() {
    let folder = folder("scripts");
    for shell in ["bash", "zsh", "fish", "powershell"] {
        let script = run(&["completions", shell]);
        for verb in verbs() {
            assert!(script.contains(&verb), "{shell}: {verb}");
        }
        if shell != "powershell" {
            assert!(builtin::policies().iter().all(|policy| script.contains(policy.id)), "{shell}");
            let path = folder.join(shell);
            fs::write(&path, &script).unwrap();
            if installed(shell) {
                let output = Command::new(shell).arg("-n").arg(&path).output().unwrap();
                assert!(output.status.success(), "{shell}: {}", String::from_utf8_lossy(&output.stderr));
            }
        }
    }
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn bash_completes_verbs_options_words_and_policies() {
    if !installed("bash") {
        return;
    }
    let folder = folder("bash");
    let script = run(&["completions", "bash"])
        + "try() { COMP_WORDS=(\"$@\"); COMP_CWORD=$(($#-1)); COMPREPLY=(); \
           _duixian duixian \"${COMP_WORDS[COMP_CWORD]}\" \"${COMP_WORDS[COMP_CWORD-1]}\"; echo \"${COMPREPLY[*]}\"; }\n\
           try duixian tem\ntry duixian calc --pol\ntry duixian calc --policy q\ntry duixian policies show ji\n\
           try duixian template li\ntry duixian calc --format m\ntry duixian calc --policy ./\n";
    let path = folder.join("try");
    fs::write(&path, script).unwrap();
    let output = Command::new("bash").arg(&path).output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    // With no word of its own it leaves the place to file names.
    assert_eq!(said, "template\n--policy\nqingyuan\njianghai\nlinxia\nmarkdown\n\n");
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn every_verb_has_a_manual_page_with_its_options() {
    let folder = folder("man");
    let written = run(&["man", &folder.display().to_string()]);
    assert_eq!(written.lines().count(), fs::read_dir(&folder).unwrap().count());
    for verb in verbs() {
        let page = fs::read_to_string(folder.join(format!("duixian-{verb}.1"))).unwrap();
        let help = run(&[verb.as_str(), "--help"]);
        for option in help.split_whitespace().filter(|word| word.starts_with("--") && word.len() > 2) {
            let option = option.trim_end_matches([',', '.', ']', ')', '`']).replace('-', "\\-");
            assert!(page.contains(&option), "{verb}: {option}\n{page}");
        }
    }
    assert!(fs::read_to_string(folder.join("duixian.1")).unwrap() == run(&["man"]));
    fs::remove_dir_all(folder).unwrap();
}
