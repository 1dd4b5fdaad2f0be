//! The JSON Schemas against the files that the program reads: every shipped policy, vocabulary, supplement and sample fits,
//! and what is broken is refused by both.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail")]

mod program;

use std::fs;
use std::path::{Path, PathBuf};

use duixian::cli::Exit;
use duixian::policy::builtin;
use jsonschema::Validator;
use serde_json::{Map, Value};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn schema(arguments: &[&str]) -> Validator {
    let line = [&["schema"], arguments].concat();
    let outcome = program::run_in(root(), &line, &mut std::io::empty());
    assert_eq!((outcome.exit, outcome.errors.as_str()), (Exit::Done, ""), "{arguments:?}");
    let schema: Value = serde_json::from_str(&outcome.output).unwrap();
    jsonschema::draft202012::meta::validate(&schema).unwrap_or_else(|error| panic!("{arguments:?}: {error}"));
    jsonschema::draft202012::new(&schema).unwrap()
}

/// TOML as an editor hands it to a validator: dates are texts.
fn json(toml: &toml::Value) -> Value {
    match toml {
        toml::Value::String(text) => Value::from(text.as_str()),
        toml::Value::Integer(number) => Value::from(*number),
        toml::Value::Float(number) => Value::from(*number),
        toml::Value::Boolean(truth) => Value::from(*truth),
        toml::Value::Datetime(date) => Value::from(date.to_string()),
        toml::Value::Array(items) => items.iter().map(json).collect(),
        toml::Value::Table(table) => {
            Value::Object(table.iter().map(|(key, value)| (key.clone(), json(value))).collect::<Map<_, _>>())
        }
    }
}

fn parsed(text: &str) -> Value {
    json(&toml::Value::Table(text.parse().unwrap()))
}

#[track_caller]
fn fits(validator: &Validator, text: &str, name: &str) {
    let file = parsed(text);
    let faults: Vec<String> =
        validator.iter_errors(&file).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(faults.is_empty(), "{name}:\n{}", faults.join("\n"));
}

fn toml_files(folder: &Path, found: &mut Vec<PathBuf>) {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            toml_files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "toml") {
            found.push(path);
        }
    }
}

#[test]
fn every_shipped_policy_and_vocabulary_fits() {
    let any = schema(&["policy"]);
    for policy in builtin::policies() {
        fits(&any, policy.text, policy.path);
        fits(&schema(&["policy", "--policy", policy.id]), policy.text, policy.path);
    }
    let (path, text) = builtin::vocabulary("vocabulary").unwrap();
    fits(&schema(&["vocabulary"]), text, path);
}

#[test]
fn every_sample_fits() {
    let (any, supplement) = (schema(&["applicant"]), schema(&["supplement"]));
    for id in builtin::policies().iter().map(|known| known.id) {
        let own = schema(&["applicant", "--policy", id]);
        let mut paths = Vec::new();
        toml_files(&root().join("samples").join(id), &mut paths);
        assert!(!paths.is_empty());
        for path in paths {
            let (text, name) = (fs::read_to_string(&path).unwrap(), path.display().to_string());
            if text.contains("supplements") {
                fits(&supplement, &text, &name);
            } else {
                fits(&any, &text, &name);
                fits(&own, &text, &name);
            }
        }
    }
}

#[test]
fn every_case_fits() {
    let any = schema(&["case"]);
    for id in builtin::policies().iter().map(|known| known.id) {
        let own = schema(&["case", "--policy", id]);
        let mut paths = Vec::new();
        toml_files(&root().join("policies").join(id).join("cases"), &mut paths);
        assert!(!paths.is_empty());
        for path in paths {
            let (text, name) = (fs::read_to_string(&path).unwrap(), path.display().to_string());
            fits(&any, &text, &name);
            fits(&own, &text, &name);
        }
    }
    for bad in [
        "cases = [{ name = \"x\", expect.\"15\" = { stat = \"eligible\" } }]",
        "cases = [{ name = \"x\", expect.\"15\" = { status = \"paid\" } }]",
        "cases = [{ name = \"x\", expect.totals = { status = \"eligible\" } }]",
        "cases = [{ name = \"x\", facts.hirings = 3 }]",
        "cases = [{ name = \"x\", readings.article9_period = \"yearly\" }]",
        "cases = [{ name = \"x\", applicants = [{ facts = {} }] }]",
        "cases = [{ facts = {} }]",
        "case = []",
    ] {
        assert!(!any.is_valid(&parsed(bad)), "{bad}");
    }
}

const HEAD: &str = "[applicant]\nkind = \"enterprise\"\n";

#[test]
fn what_an_applicant_file_may_say_is_known_to_both() {
    let schema = schema(&["applicant", "--policy", "qingyuan"]);
    let folder = std::env::temp_dir().join(format!("duixian-schema-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let agree = |text: &str, fine: bool| {
        fs::write(folder.join("a.toml"), text).unwrap();
        let outcome = program::run_in(&folder, &["calc", "a.toml", "--policy", "qingyuan"], &mut std::io::empty());
        assert_eq!(outcome.exit == Exit::Done, fine, "the reader:\n{text}\n{}", outcome.errors);
        assert_eq!(schema.is_valid(&parsed(text)), fine, "the schema:\n{text}");
    };
    for good in [
        "[facts]\nenterprise_in_zone = \"是\"\n",
        "[[facts.hiring_years]]\nyear = 2024\n",
        "[[facts.hiring_years]]\nyear = { at_least = 2024 }\n",
        "[facts]\nstation_approved_on = \"never\"\n",
        "[facts]\nstation_approved_on = { not_before = 2024-02-01 }\n",
        "[facts]\nhires = []\n",
        "[[facts.hires]]\neducation = \"硕士研究生学历\"\ntimes = 3\n",
        "[[facts.hires]]\neducation = { one_of = [\"master\", \"doctor\"] }\n",
        "[[facts.fund_grants]]\namount = \"18万元\"\n",
        "[[facts.fund_grants]]\namount = 0\n",
        "[[paid]]\nclause = \"qingyuan/15\"\namount = \"5万元\"\non = 2025-01-01\n",
        "[[other_benefits]]\ncategory = \"hiring\"\namount = \"1万元\"\nlevel = \"city\"\n",
    ] {
        agree(&format!("{HEAD}{good}"), true);
    }
    for bad in [
        "[facts]\nenterprise_in_zone = \"yes\"\n",
        "[facts]\nenterprise_in_zon = true\n",
        "[[facts.hiring_years]]\nyear = 1999\n",
        "[facts]\nstation_approved_on = \"early\"\n",
        "[facts]\nstation_approved_on = { at_least = 2024-02-01 }\n",
        "[facts]\nhires = \"none\"\n",
        "[[facts.hires]]\neducation = \"magister\"\n",
        "[[facts.hires]]\neducatio = \"master\"\n",
        "[[facts.fund_grants]]\namount = 18\n",
        "[[facts.fund_grants]]\namount = \"18万\"\n",
        "[[facts.fund_grants]]\namount = \"18个月\"\n",
        "[[paid]]\nclause = \"qingyuan/15\"\n",
        "[[other_benefits]]\ncategory = \"hire\"\namount = \"1万元\"\n",
        "[fact]\nenterprise_in_zone = true\n",
    ] {
        agree(&format!("{HEAD}{bad}"), false);
    }
    agree("[applicant]\nname = \"某\"\n", false);
    agree("[applicant]\nkind = \"factory\"\n", false);
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn what_is_broken_in_a_policy_is_refused_by_both() {
    let (any, own) = (schema(&["policy"]), schema(&["policy", "--policy", "qingyuan"]));
    let text = builtin::policy("qingyuan").unwrap().text;
    let folder = std::env::temp_dir().join(format!("duixian-schema-policy-{}", std::process::id()));
    fs::create_dir_all(folder.join("p")).unwrap();
    fs::write(folder.join("vocabulary.toml"), builtin::vocabulary("vocabulary").unwrap().1).unwrap();
    let refused = |from: &str, to: &str, by_any: bool| {
        assert!(text.contains(from), "{from}");
        let broken = text.replacen(from, to, 1);
        fs::write(folder.join("p/policy.toml"), &broken).unwrap();
        let outcome = program::run_in(&folder, &["policies", "show", "p"], &mut std::io::empty());
        assert_eq!(outcome.exit, Exit::Unusable, "the reader: {to}");
        let file = parsed(&broken);
        assert_eq!(any.is_valid(&file), !by_any, "without a policy's words: {to}");
        assert!(!own.is_valid(&file), "with them: {to}");
    };
    refused("\ncite ", "\ncites ", true);
    refused("\nissuer ", "\nissued_by ", true);
    refused("status    = \"draft\"", "status    = \"drafty\"", true);
    refused("type  = \"bool\"", "type  = \"bool\"\nmin = 3", true);
    refused("type  = \"bool\"", "type  = \"boolean\"", false);
    refused("for       = \"enterprise\"", "for       = \"enterprises\"", false);
    refused("category  = \"station\"", "category  = \"stations\"", false);
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn what_diff_gives_as_data_fits() {
    let folder = std::env::temp_dir().join(format!("duixian-schema-diff-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let old = builtin::policy("qingyuan").unwrap().text;
    fs::write(folder.join("old.toml"), old).unwrap();
    fs::write(
        folder.join("new.toml"),
        old.replacen("30万元", "35万元", 1).replacen("doctor = \"1500元/月\"", "doctor = \"1400元/月\"", 1),
    )
    .unwrap();
    // Of one nothing is known, of another too much: it is refused.
    fs::write(
        folder.join("people.csv"),
        "id,kind,as_of\na,enterprise,2026-06-30\nb,person,2026-06-30\nc,nobody,2026-06-30\n",
    )
    .unwrap();
    let given = schema(&["diff"]);
    for line in [
        "diff old.toml new.toml",
        "diff old.toml old.toml",
        "diff qingyuan linxia",
        "diff old.toml new.toml people.csv",
        "diff old.toml new.toml people.csv --by-change",
        "diff old.toml old.toml people.csv",
    ] {
        let words: Vec<&str> = line.split(' ').chain(["--format", "json"]).collect();
        let outcome = program::run_in(&folder, &words, &mut std::io::empty());
        let mut data: Value =
            serde_json::from_str(&outcome.output).unwrap_or_else(|_| panic!("{line}: {}", outcome.errors));
        let faults: Vec<String> = given.iter_errors(&data).map(|error| error.to_string()).collect();
        assert!(faults.is_empty(), "{line}: {faults:#?}");
        let table = data.as_object_mut().unwrap();
        table.insert("more".to_owned(), Value::Null);
        assert!(!given.is_valid(&data), "{line}: a key that is not told");
    }
    fs::remove_dir_all(folder).unwrap();
}
