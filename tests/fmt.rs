//! The layout of policy files: the shipped ones have it, it is its own layout, and it changes nothing that a file says.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may fail")]

mod program;

use std::fs;
use std::path::{Path, PathBuf};

use duixian::cli::Exit;
use duixian::fmt::format;
use duixian::lang::Lang;
use duixian::source::Source;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

/// The text in its layout.
fn laid_out(text: &str) -> String {
    format(&Source::new("policy.toml", text)).unwrap_or_else(|faults| {
        let faults: String = faults.iter().map(|fault| fault.render(Lang::En)).collect();
        panic!("{faults}\n{text}")
    })
}

fn shipped() -> Vec<PathBuf> {
    let entries = fs::read_dir("policies").unwrap().map(|entry| entry.unwrap().path());
    let files = entries.map(|path| if path.is_dir() { path.join("policy.toml") } else { path });
    files.collect()
}

#[test]
fn the_shipped_policies_are_laid_out() {
    let outcome = program::run_in(Path::new("."), &["fmt", "--check", "policies"], &mut std::io::empty());
    assert!(outcome.exit == Exit::Done, "duixian fmt policies\n{}{}", outcome.output, outcome.errors);
    assert!(shipped().len() > 5);
}

/// The shipped policies with every run of blanks and line breaks outside texts and comments squeezed, so that nothing of
/// their layout is left to lean on.
fn squeezed(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    let mut depth = 0_usize;
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '"' if rest.starts_with("\"\"\"") => rest[3..].find("\"\"\"").unwrap() + 6,
            '"' => rest[1..].find('"').unwrap() + 2,
            '#' => rest.find('\n').unwrap(),
            other => other.len_utf8(),
        };
        match first {
            '[' | '{' => depth += 1,
            ']' | '}' => depth -= 1,
            _ => {}
        }
        match first {
            ' ' => {}
            '\n' if depth > 0 => {}
            _ => out.push_str(&rest[..length]),
        }
        rest = &rest[length..];
    }
    out
}

#[test]
fn the_layout_depends_on_nothing_but_what_a_file_says() {
    for path in shipped() {
        let text = fs::read_to_string(&path).unwrap();
        let again = laid_out(&squeezed(&text));
        let differs = text.lines().zip(again.lines()).find(|(stands, came)| stands != came);
        assert_eq!(differs, None, "{}", path.display());
        assert_eq!(text.len(), again.len(), "{}", path.display());
    }
}

/// A text in quotes, short or too long for a line, with what a layout could trip over.
fn quoted() -> impl Strategy<Value = String> {
    const PIECES: &[&str] = &["a", "# no comment", "=", "元/月", "人才", " ", "{", "]", ", ", "\\\"", "\\\\", "'"];
    let text = |most: usize| vec(select(PIECES), 0..most).prop_map(|pieces| pieces.concat());
    prop_oneof![
        text(40).prop_map(|text| format!("\"{text}\"")),
        text(6).prop_map(|text| format!("'{}'", text.replace('\'', ""))),
        (text(6), text(6)).prop_map(|(a, b)| format!("\"\"\"\n  {a}\n    {b}\"\"\"")),
        text(6).prop_map(|text| format!("'''{}\n'''", text.replace('\'', ""))),
    ]
}

fn scalar() -> impl Strategy<Value = String> {
    prop_oneof![
        quoted(),
        select(&["0", "-1_000", "2.50", "1e3", "0x1F", "true", "2024-02-29"][..]).prop_map(str::to_owned)
    ]
}

/// Blanks, and where line breaks may stand, these and comments too.
fn gap(lines: bool) -> BoxedStrategy<String> {
    let blanks = ["", "", " ", "  ", "\t"];
    let broken = ["", " ", "\n", "\n\n \n", " # why\n", "\n  # 说明 = { [\n\n", "\n# a\n# b \n"];
    let all: Vec<&str> = if lines { broken.to_vec() } else { blanks.to_vec() };
    select(all).prop_map(str::to_owned).boxed()
}

fn name() -> impl Strategy<Value = String> {
    const KNOWN: &[&str] =
        &["zh", "en", "test", "type", "label", "ask", "is", "fields", "let", "figure", "id", "a", "\"甲\"", "'b'"];
    select(KNOWN).prop_map(str::to_owned)
}

fn value() -> impl Strategy<Value = String> {
    scalar().prop_recursive(3, 16, 5, |inner| {
        let element = (gap(true), inner.clone(), gap(true)).prop_map(|(before, value, after)| before + &value + &after);
        let array = (vec(element, 0..5), any::<bool>(), gap(true)).prop_map(|(elements, comma, end)| {
            let comma = if comma && !elements.is_empty() { "," } else { "" };
            format!("[{}{comma}{end}]", elements.join(","))
        });
        let entry = (gap(true), gap(false), gap(false), inner, gap(true));
        let table = (
            proptest::sample::subsequence(vec!["zh", "en", "test", "when", "type", "label", "\"甲\""], 0..5),
            vec(entry, 5),
            gap(true),
        )
            .prop_map(|(keys, entries, end)| {
                let entries = keys.iter().zip(entries).map(|(key, (before, left, right, value, after))| {
                    format!("{before}{key}{left}={right}{value}{after}")
                });
                format!("{{{}{end}}}", entries.collect::<Vec<_>>().join(","))
            });
        prop_oneof![array, table]
    })
}

/// A document of sections with keys of every kind, comments anywhere, and any layout; now and then it is no TOML.
fn document() -> impl Strategy<Value = String> {
    let heading = select(
        &[
            "[[clauses]]",
            "[facts.degree]",
            "[ define ] # names",
            "[[consistent]]",
            "[readings . x]",
            "[units.\"人\"]",
            "[other]",
        ][..],
    );
    let entry =
        (gap(true), name(), proptest::option::of(name()), gap(false), value(), select(&["", " # behind", "  "][..]))
            .prop_map(|(before, key, more, gap, value, behind)| {
                let key = more.map_or(key.clone(), |more| format!("{key} .{more}"));
                format!("{before}\n{key}{gap}={gap}{value}{behind}\n")
            });
    let section = (gap(true), heading, vec(entry, 0..7))
        .prop_map(|(before, heading, entries)| format!("{before}\n{heading}\n{}", entries.concat()));
    (gap(true), vec(section, 0..5), gap(true))
        .prop_map(|(before, sections, end)| format!("{before}\n[policy]\nid = 'x'\n{}{end}", sections.concat()))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, max_global_rejects: 60_000, ..ProptestConfig::default() })]

    #[test]
    fn a_layout_is_its_own_layout(text in document()) {
        // Repeated keys and the like: what is no TOML is refused, which other tests see to.
        prop_assume!(text.parse::<toml::Table>().is_ok());
        // That it says the same, and keeps every comment, is checked whenever a layout is made.
        let once = laid_out(&text);
        prop_assert_eq!(&laid_out(&once), &once);
        prop_assert!(once.lines().all(|line| !line.ends_with(' ') || once.contains("\"\"\"") || once.contains("'''")));
    }
}

#[test]
fn what_begins_with_the_same_unknown_key_keeps_its_order() {
    let text = "[policy]\nid = 'x'\n[[consistent]]\nzh = ''\nodd.en = ''\ntest = ''\nodd.zh = ''\n";
    assert!(laid_out(text).ends_with("test = ''\nzh   = ''\nodd.en = ''\nodd.zh = ''\n"), "{}", laid_out(text));
}

#[test]
fn a_file_is_replaced_whole_and_keeps_its_rights_and_its_links() {
    let folder = std::env::temp_dir().join(format!("duixian-fmt-{}", std::process::id()));
    fs::create_dir_all(folder.join("cases")).unwrap();
    fs::write(folder.join("policy.toml"), "[policy]\nid='x' # kept\n").unwrap();
    fs::write(folder.join("cases/a.toml"), "[[cases]]\nname='x'\n").unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::{PermissionsExt as _, symlink};
        fs::set_permissions(folder.join("policy.toml"), fs::Permissions::from_mode(0o640)).unwrap();
        symlink("policy.toml", folder.join("link.toml")).unwrap();
        let outcome = program::run_in(&folder, &["fmt", "link.toml", "--lang", "en"], &mut std::io::empty());
        assert_eq!((outcome.output.as_str(), outcome.exit), ("laid out link.toml\n", Exit::Done), "{}", outcome.errors);
        assert!(fs::symlink_metadata(folder.join("link.toml")).unwrap().is_symlink());
        assert_eq!(fs::metadata(folder.join("policy.toml")).unwrap().permissions().mode() & 0o777, 0o640);
    }
    let outcome = program::run_in(&folder, &["fmt", "."], &mut std::io::empty());
    assert_eq!(outcome.exit, Exit::Done, "{}", outcome.errors);
    assert_eq!(fs::read_to_string(folder.join("policy.toml")).unwrap(), "[policy]\nid = 'x' # kept\n");
    // Cases stand in the same folder, and are no policies.
    assert_eq!(fs::read_to_string(folder.join("cases/a.toml")).unwrap(), "[[cases]]\nname='x'\n");
    let left: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(
        left.iter().all(|name| ["policy.toml", "link.toml", "cases"].contains(&name.to_str().unwrap())),
        "{left:?}"
    );
    fs::remove_dir_all(&folder).unwrap();
}
