//! Whatever an input is and whatever is wrong with it, each of its lines and files is worked out, refused by its place, blank, or told:
//! of tables, lines of JSON and folders alike. What is given twice does not count twice.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail")]

mod program;

use std::fs;
use std::path::Path;

use duixian::cli::Exit;
use program::{Outcome, demo, run_in};

/// `name=amount` of each applicant who was worked out; every line that is refused is in the messages.
fn run(folder: &Path, arguments: &[&str], input: &str) -> (Vec<String>, Outcome) {
    let asking = ["--policy", "policy.toml", "--kind", "person", "--wide", "--lang", "en"];
    let run = run_in(folder, &[&["batch"], arguments, &asking].concat(), &mut input.as_bytes());
    let amount = |row: &str| {
        let cells: Vec<&str> = row.split(',').collect();
        Some(format!("{}={}", cells.first()?, cells.get(4)?))
    };
    (run.output.lines().skip(1).filter_map(amount).collect(), run)
}

/// A line of an input, and what becomes of it.
enum Line {
    /// Worked out: the rent of twelve months.
    Out(&'static str),
    /// Refused, with these words.
    Refused(&'static str),
    Blank,
}

#[test]
fn every_line_of_json_is_worked_out_refused_or_blank() {
    use Line::{Blank, Out, Refused};
    let folder = demo::folder(&demo::policy());
    // 800 × 12 = 9,600.
    let lines = [
        (r#"{"id": "1", "rent": "800元/月"}"#, Out("1=9600.00")),
        (r#"{"id": "2", "rent": "800元/月", "rent": "900元/月"}"#, Refused("written twice")),
        (r#"{"id": "3", "rent": "800元/月", "月租金": "900元/月"}"#, Refused("written twice")),
        (r#"{"id": "4", "rent": "800元/月", "\u0072ent": "900元/月"}"#, Refused("written twice")),
        (r#"{"id": "5", "编号": "6", "rent": "800元/月"}"#, Refused("written twice")),
        (r#"{"id": "7", "rent": "800元/月"}{"id": "8", "rent": "800元/月"}"#, Refused("not valid JSON")),
        (r#"{"id": "9", "rent": "800元/月"} x"#, Refused("not valid JSON")),
        ("", Blank),
        (" \u{3000}\t\u{a0}", Blank),
        ("{\"id\": \"10\", \"rent\": \"800元/月\"}\r", Out("10=9600.00")),
        (
            "{\"id\": \"11\", \"rent\": \"800元/月\"}\r{\"id\": \"12\", \"rent\": \"800元/月\"}",
            Refused("not valid JSON"),
        ),
        ("\u{feff}{\"id\": \"13\", \"rent\": \"800元/月\"}", Refused("U+FEFF")),
        (r#"{"id": "", "rent": "800元/月"}"#, Refused("the id is missing")),
        (r#"{"id": " 　", "rent": "800元/月"}"#, Refused("the id is missing")),
        (r#"{"id": 1.0, "rent": "800元/月"}"#, Refused("a text or a whole number")),
        (r#"{"id": "１", "rent": "800元/月"}"#, Refused("stands at -:1 already")),
        (r#"{"id": "17", "rent": "99999999999999999999999999999元/月"}"#, Refused("at most 28 of them")),
        (r#"{"id": "18", "rent": "8 00元/月"}"#, Refused("not a number")),
        (r#"{"id": "19", "rent": "８００元/月"}"#, Out("19=9600.00")),
        (r#"[{"id": "20"}]"#, Refused("one object {…} is wanted")),
        ("null", Refused("one object {…} is wanted")),
        (r#"{"id": "22", "rent": "800元/月""#, Refused("it ends too early")),
    ];
    let input: Vec<&str> = lines.iter().map(|(text, _)| *text).collect();
    let (found, run) = run(folder.path(), &["-", "--from", "jsonl"], &input.join("\n"));
    let out: Vec<&str> = lines.iter().filter_map(|(_, is)| if let Out(is) = is { Some(*is) } else { None }).collect();
    assert_eq!(found, out, "{}", run.errors);
    let mut refused = 0;
    for (place, (text, is)) in lines.iter().enumerate() {
        let start = format!("-:{}: ", place + 1);
        let told = run.errors.lines().find(|line| line.starts_with(&start));
        let wanted = if let Refused(words) = is { Some(*words) } else { None };
        refused += usize::from(wanted.is_some());
        assert_eq!(told.is_some(), wanted.is_some(), "{text}\n{}", run.errors);
        assert!(told.is_none_or(|told| wanted.is_some_and(|words| told.contains(words))), "{text}\n{told:?}");
    }
    let count = format!("{} rows read: {} assessed, {refused} rejected", out.len() + refused, out.len());
    assert!(run.errors.contains(&count), "{count}\n{}", run.errors);
    assert_eq!(run.exit, Exit::Open);
}

/// A row of blanks of whatever kind is blank, with ids and without; one that holds anything is not.
#[test]
fn a_row_of_blanks_is_blank_in_every_table() {
    let folder = demo::folder(&demo::policy());
    let blanks =
        [",,", " ,\t,\u{b}", "\u{3000},\u{a0},", "\"\",\u{2003},", "\"\u{3000}\",,\" \"", ",,,,,,", "\u{3000}"];
    for (heads, row, id) in [("id,name,rent", "7,a,800元/月", "7"), ("name,kind,rent", "a,person,800元/月", "9")] {
        let table = format!("{heads}\n{}\n{row}\n,x,\n", blanks.join("\n"));
        let (found, run) = run(folder.path(), &["-"], &table);
        match heads.starts_with("id") {
            true => {
                assert_eq!(found, [format!("{id}=9600.00")], "{}", run.errors);
                assert!(run.errors.contains("-:10: column “id”: the id is missing"), "{}", run.errors);
            }
            false => {
                assert_eq!(found, [format!("{id}=9600.00")], "{}", run.errors);
                assert!(run.errors.contains("-:10: column “kind”"), "{}", run.errors);
            }
        }
        assert!(run.errors.contains("2 rows read: 1 assessed, 1 rejected"), "{}", run.errors);
        // The same rows in a list belong to nobody and are nobody's loss.
        fs::write(folder.path().join("paid.csv"), format!("id,clause,amount\n{}\n7,1,600元\n", blanks.join("\n")))
            .unwrap();
        if heads.starts_with("id") {
            let (found, run) =
                self::run(folder.path(), &["-", "--list", "paid=paid.csv"], &format!("{heads}\n{row}\n"));
            assert_eq!(found, ["7=9600.00"], "{}", run.errors);
            assert!(run.errors.contains("due now 9,000 yuan"), "{}", run.errors);
        }
    }
}

/// Of 9,600 with 600 paid 9,000 are due. With the payments taken twice it would be 8,400.
#[test]
fn a_list_that_is_given_twice_does_not_count_twice() {
    let folder = demo::folder(&demo::policy());
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    write("people.csv", "id,rent\n7,800元/月\n");
    write("paid.csv", "id,clause,amount\n7,1,600元\n");
    write("copy.csv", "id,clause,amount\r\n7,1,600元\r\n\r\n");
    write("more.csv", "id,clause,amount\n7,1,100元\n");
    write("none.csv", "id,clause,amount\n");
    for again in ["paid=paid.csv", "已发放=./paid.csv", "paid=copy.csv"] {
        let (found, run) = run(folder.path(), &["people.csv", "--list", "paid=paid.csv", "--list", again], "");
        assert_eq!((found.len(), run.exit), (0, Exit::Unusable), "{again}: {}", run.errors);
        assert!(run.errors.contains("the very records of paid.csv"), "{again}: {}", run.errors);
    }
    // 9,600 − 600 − 100.
    let lists = ["people.csv", "--list", "paid=paid.csv", "--list", "paid=more.csv"];
    let (_, both) = run(folder.path(), &lists, "");
    assert!(both.errors.contains("due now 8,900 yuan"), "{}", both.errors);
    let lists = ["people.csv", "--list", "paid=none.csv", "--list", "paid=none.csv"];
    let (_, none) = run(folder.path(), &lists, "");
    assert!(none.errors.contains("due now 9,600 yuan"), "{}", none.errors);
}

#[cfg(unix)]
#[test]
fn every_file_of_a_folder_is_worked_out_refused_or_told() {
    let folder = demo::folder(&demo::policy());
    let people = folder.path().join("people");
    fs::create_dir_all(people.join("folder.toml")).unwrap();
    fs::create_dir_all(people.join("more")).unwrap();
    let file = |rent: &str| format!("[applicant]\nkind = \"person\"\n[facts]\nrent = \"{rent}元/月\"\n");
    let write = |name: &str, bytes: &[u8]| fs::write(people.join(name), bytes).unwrap();
    write("a.toml", file("800").as_bytes());
    write("b.TOML", format!("\u{feff}{}", file("100").replace('\n', "\r\n")).as_bytes());
    write("twice.toml", format!("{}rent = \"1元/月\"\n", file("100")).as_bytes());
    write("ａ.toml", file("100").as_bytes());
    write("u\u{200b}.toml", file("100").as_bytes());
    write(" .toml", file("100").as_bytes());
    write(".toml", file("100").as_bytes());
    write("utf16.toml", b"\xFF\xFE[\x00");
    write("notes.txt", b"");
    std::os::unix::fs::symlink("nowhere", people.join("link.toml")).unwrap();
    let (found, run) = run(folder.path(), &["people"], "");
    // 800 × 12 and 100 × 12.
    assert_eq!(found, ["a=9600.00", "b=1200.00"], "{}", run.errors);
    for told in [
        "people/ .toml: the id is missing",
        "people/.toml: the id is missing",
        "people/folder.toml:1: this is a folder",
        "people/link.toml:1: there is no such file",
        "people/twice.toml:5: ",
        "people/u�.toml: ",
        "people/utf16.toml:1: this is not UTF-8",
        "people/ａ.toml:1: this id stands at people/a.toml:1 already",
        "note: people: of a folder *.toml is read; what else is in it is not: 2, the first of them more",
        "10 rows read: 2 assessed, 8 rejected",
    ] {
        assert!(run.errors.contains(told), "{told}\n{}", run.errors);
    }
}

#[test]
fn a_file_of_another_form_is_called_what_it_is() {
    let folder = demo::folder(&demo::policy());
    for (line, input, said) in [
        (&["-", "--from", "csv"], "id;kind;rent\n7;person;800元/月\n", "seem to be separated by “;”"),
        (&["-", "--from", "csv"], "[\n {\"id\": \"7\"}\n]\n", "looks like JSON"),
        (&["-", "--from", "jsonl"], "[{\"id\": \"7\", \"rent\": \"800元/月\"}]\n", "this is an array; take out [ ]"),
    ] {
        let (found, run) = run(folder.path(), line, input);
        assert!(found.is_empty() && run.errors.contains(said), "{input}: {}", run.errors);
    }
}
