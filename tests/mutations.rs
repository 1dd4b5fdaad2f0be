//! Files with slips of the pen: characters deleted, doubled, swapped or replaced at random places. Whatever comes of them,
//! a result or messages, it comes without a panic and without anything that moves the cursor.
//!
//! `DUIXIAN_MUTATIONS=20000 cargo test --release --test mutations` tries many more; `DUIXIAN_SEED` begins elsewhere.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may fail")]

mod program;

use std::fs;
use std::path::{Path, PathBuf};

use duixian::cli::Exit;
use program::run_in;

/// A small generator of numbers (xorshift), the same on every machine.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(end.max(1)).unwrap()).unwrap()
    }
}

/// Characters that mean something in a policy or an applicant file, and some that should not be there.
const SLIPS: &[char] = &[
    '"', '\'', '\\', '[', ']', '{', '}', '(', ')', '=', ',', '.', '-', '+', '×', '÷', '/', '<', '>', '0', '9', 'e',
    '_', ' ', '\n', '\t', '#', '元', '万', '月', '人', '%', '“', '，', '（', '\u{0}', '\u{1b}', '\u{202e}', '\u{feff}',
    '😀',
];

fn mutate(text: &str, dice: &mut Dice) -> String {
    let mut characters: Vec<char> = text.chars().collect();
    for _ in 0..=dice.below(3) {
        let at = dice.below(characters.len() - 1);
        match dice.below(6) {
            0 => drop(characters.remove(at)),
            1 => characters.insert(at, characters[at]),
            2 => characters.swap(at, at + 1),
            3 => characters[at] = SLIPS[dice.below(SLIPS.len())],
            4 => characters.insert(at, SLIPS[dice.below(SLIPS.len())]),
            // A whole piece is lost, or put where it does not belong.
            _ => {
                let end = (at + 1 + dice.below(40)).min(characters.len());
                let piece: Vec<char> = characters.drain(at..end).collect();
                if dice.below(2) == 0 {
                    let to = dice.below(characters.len());
                    characters.splice(to..to, piece);
                }
            }
        }
    }
    characters.into_iter().collect()
}

fn samples() -> Vec<PathBuf> {
    let mut found = Vec::new();
    for folder in fs::read_dir("samples").unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()) {
        found.extend(fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()));
    }
    found.retain(|path| path.extension().is_some_and(|extension| extension == "toml"));
    found.sort();
    found
}

fn number(variable: &str, otherwise: usize) -> usize {
    std::env::var(variable).ok().and_then(|value| value.parse().ok()).unwrap_or(otherwise)
}

/// Runs on mutated applicants, or on a mutated policy, as often as asked; how many were still calculated.
fn try_out(name: &str, rounds: usize, policy: Option<&str>) -> usize {
    let folder = std::env::temp_dir().join(format!("duixian-mutations-{name}-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let mut dice = Dice(u64::try_from(number("DUIXIAN_SEED", 20_240_301)).unwrap() | 1);
    let samples: Vec<String> = samples().iter().map(|path| fs::read_to_string(path).unwrap()).collect();
    let mut calculated = 0;
    for round in 0..rounds {
        let mut applicant = samples[round % samples.len()].clone();
        let mut arguments = vec!["calc", "-", "--policy"];
        match policy {
            Some(text) => {
                let text = mutate(text, &mut dice);
                fs::write(folder.join("policy.toml"), text).unwrap();
                arguments.push("policy.toml");
            }
            None => {
                applicant = mutate(&applicant, &mut dice);
                arguments.push("qingyuan");
            }
        }
        arguments.extend([["--lang", "zh"], ["--lang", "en"], ["--format", "json"]][round % 3]);
        // Kept for whoever looks into a panic.
        fs::write(folder.join("applicant.toml"), &applicant).unwrap();
        let outcome = run_in(&folder, &arguments, &mut applicant.as_bytes());
        calculated += usize::from(outcome.exit == Exit::Done);
        assert_eq!(outcome.exit == Exit::Done, !outcome.output.is_empty(), "{name} {round}: see {}", folder.display());
        assert_eq!(outcome.exit == Exit::Done, outcome.errors.is_empty(), "{name} {round}: see {}", folder.display());
        let moves =
            |c: char| (c.is_control() && c != '\n') || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        let (output, errors) = (outcome.output, outcome.errors);
        assert!(!output.contains(moves) && !errors.contains(moves), "{name} {round}: see {}", folder.display());
    }
    fs::remove_dir_all(folder).unwrap();
    calculated
}

#[test]
fn slips_in_an_applicant() {
    let rounds = number("DUIXIAN_MUTATIONS", 100);
    let calculated = try_out("applicant", rounds, None);
    assert!(calculated > 0 && calculated < rounds, "{calculated} of {rounds} were calculated: these are no slips");
}

#[test]
fn slips_in_a_policy() {
    let text = fs::read_to_string(Path::new("policies/qingyuan/policy.toml")).unwrap();
    let rounds = number("DUIXIAN_MUTATIONS", 30);
    let calculated = try_out("policy", rounds, Some(&text));
    assert!(calculated > 0 && calculated < rounds, "{calculated} of {rounds} were calculated: these are no slips");
}
