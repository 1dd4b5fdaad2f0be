//! A unit is shown, asked for, hinted at and exported as it was declared: 元/年 never comes out as 元/月.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test that cannot go on should stop")]

mod program;

use std::fs;
use std::path::{Path, PathBuf};

use duixian::cli::Exit;
use duixian::expr::explain::show_input;
use duixian::expr::formula::Shown;
use duixian::expr::names::Input;
use duixian::expr::types::Type;
use duixian::policy::{self, Policy, builtin};
use duixian::source::Source;
use duixian::value::{Interval, Number, Value};

fn folder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("duixian-units-{name}-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    folder
}

fn run(folder: &Path, arguments: &[&str]) -> program::Outcome {
    program::run_in(folder, arguments, &mut std::io::empty())
}

/// The policies that ship, each with its text.
fn shipped() -> Vec<(Policy, String)> {
    let find = |name: &str| builtin::vocabulary(name).map(|(name, text)| Source::new(name, text));
    let read = |known: &builtin::Builtin| {
        let source = Source::new("policy.toml", known.text);
        (policy::read(&source, &find).0.unwrap(), known.text.to_owned())
    };
    builtin::policies().iter().map(read).collect()
}

/// The unit that the text declares for a fact, by its name and the key `unit`.
fn declared(text: &str, list: Option<&str>, name: &str) -> Option<String> {
    let file: toml::Table = text.parse().unwrap();
    let of = |section: &str| {
        let section = file.get(section)?.as_table()?;
        let table = match list {
            Some(list) => section.get(list)?.get("fields")?.get(name)?,
            None => section.get(name)?,
        };
        table.get("unit")?.as_str().map(str::to_owned)
    };
    of("facts").or_else(|| of("parameters"))
}

/// What a quantity of 7 of the declared unit is shown as.
fn seven(policy: &Policy, input: &Input) -> (Number, String) {
    let measure = input.measure(&policy.names).unwrap();
    let base = measure.in_base(Number::whole(7)).unwrap();
    match show_input(&Value::Quantity(Interval::point(base)), input, &policy.names) {
        Shown::Quantity { interval, unit, .. } => (interval.as_point().unwrap(), unit.zh),
        other => panic!("{other:?}"),
    }
}

#[test]
fn every_fact_of_every_shipped_policy_is_shown_in_its_unit() {
    // 个月 is what 月 is called by itself, 周岁 what 岁 is.
    let called = |unit: &str| match unit {
        "月" => "个月".to_owned(),
        "岁" => "周岁".to_owned(),
        other => other.to_owned(),
    };
    let mut seen = 0;
    for (policy, text) in shipped() {
        let vocabulary = builtin::vocabulary("vocabulary").map_or("", |(_, text)| text);
        let lists =
            policy.names.lists.iter().flat_map(|list| list.fields.iter().map(move |field| (Some(&list.name), field)));
        for (list, input) in policy.names.inputs.iter().map(|input| (None, input)).chain(lists) {
            if !matches!(input.ty, Type::Quantity(_)) {
                continue;
            }
            let list = list.map(String::as_str);
            let unit = declared(&text, list, &input.name).or_else(|| declared(vocabulary, list, &input.name));
            // A number without a unit may be told in percent, where its bounds are.
            let Some(unit) = unit else { continue };
            assert_eq!(seven(&policy, input), (Number::whole(7), called(&unit)), "{} {}", policy.id, input.name);
            seen += 1;
        }
    }
    assert!(seen > 40, "{seen}");
}

const UNITS: &str = r#"
[units."分钟"]
en = { one = "minute", many = "minutes" }

[units."课时"]
en     = { one = "lesson", many = "lessons" }
equals = "45分钟"

[units."人"]
en     = { one = "person", many = "people" }
counts = true

[units."学年"]
en     = { one = "school year", many = "school years" }
equals = "12个月"
"#;

/// A policy with one fact of this unit: a condition on it, a share of it, and what it is by itself.
fn sample(unit: &str) -> String {
    format!(
        r#"
[policy]
id        = "units"
title     = {{ zh = "单位", en = "Units" }}
issuer    = {{ zh = "示例", en = "Example" }}
status    = "in_force"
effective = {{ from = 2024-01-01, to = 2026-12-31 }}
{UNITS}
[applicants.person]
label = {{ zh = "个人", en = "Person" }}

[facts.much]
type  = "quantity"
unit  = "{unit}"
min   = 0
max   = 5000
label = {{ zh = "多少", en = "How much" }}

[[facts_list]]

[[clauses]]
id       = "1"
cite     = "第一条"
title    = {{ zh = "条件", en = "Condition" }}
for      = "person"
let.half = {{ is = "50% × much", zh = "一半", en = "half" }}
requires = [{{ test = "much >= 20{unit}", zh = "够多", en = "enough" }}]
kind     = "share"
amount   = "half"
at_most  = "40{unit}"
"#
    )
    .replace("[[facts_list]]\n", "")
}

#[test]
fn compound_units_come_out_as_they_went_in() {
    let folder = folder("compound");
    let (above, below) = (["元", "%", "人", "课时", "天", "年", "学年"], ["", "月", "年", "人", "天", "课时", "学年"]);
    let mut tried = 0;
    for (top, bottom) in above.iter().flat_map(|top| below.iter().map(move |bottom| (*top, *bottom))) {
        if top == bottom
            || (top, bottom) == ("年", "学年")
            || (top, bottom) == ("学年", "年")
            || (top, bottom) == ("年", "月")
            || (top, bottom) == ("学年", "月")
        {
            continue;
        }
        let unit = if bottom.is_empty() { top.to_owned() } else { format!("{top}/{bottom}") };
        fs::write(folder.join("p.toml"), sample(&unit)).unwrap();
        let write = |value: &str| {
            let file = format!("[applicant]\nkind = \"person\"\nas_of = 2025-06-30\n[facts]\n{value}\n");
            fs::write(folder.join("a.toml"), file).unwrap();
        };
        let done = |line: &[&str]| {
            let outcome = run(&folder, line);
            assert!(matches!(outcome.exit, Exit::Done), "{unit}: {line:?}: {}", outcome.errors);
            outcome.output
        };
        let holds = |output: &str, wanted: &str, what: &str| {
            assert!(output.contains(wanted), "{unit}: {what} has no {wanted}:\n{output}");
        };
        // Short of what is required: 19 of 20.
        write(&format!("much = \"19{unit}\""));
        let told = done(&["calc", "a.toml", "--policy", "p.toml", "--width", "200", "--lang", "zh"]);
        for wanted in [format!("≥ 20{unit}"), format!("实际 19{unit}"), format!("还差 1{unit}")] {
            holds(&told, &wanted, "calc");
        }
        holds(
            &done(&["explain", "a.toml", "1", "--policy", "p.toml", "--lang", "zh"]),
            &format!("19{unit} → 20{unit}"),
            "explain",
        );
        // 50% × 60 = 30, below the cap of 40.
        write(&format!("much = \"60{unit}\""));
        for format in ["table", "csv", "html", "markdown"] {
            let told = done(&["calc", "a.toml", "--policy", "p.toml", "--format", format, "--lang", "zh"]);
            // A page keeps the parts of a figure together.
            let told = told.replace("<span class=\"whole\">", "").replace("</span>", "");
            holds(&told, &format!("30{unit}"), format);
        }
        let told = done(&["calc", "a.toml", "--policy", "p.toml", "--format", "json"]);
        let json: serde_json::Value = serde_json::from_str(&told).unwrap();
        let line = &json["lines"][0];
        assert_eq!(
            (line["unit"]["zh"].as_str(), line["awarded"]["at_least"].as_str()),
            (Some(unit.as_str()), Some("30.00")),
            "{told}"
        );
        // 50% × 90 = 45, capped to 40.
        write(&format!("much = \"90{unit}\""));
        let told = done(&["calc", "a.toml", "--policy", "p.toml", "--lang", "zh"]);
        holds(&told, &format!("封顶至 40{unit}"), "the cap");
        // What is asked for, hinted at, and refused.
        holds(&done(&["template", "p.toml", "--lang", "zh"]), &format!("0 至 5000{unit}"), "template");
        if unit != "%" && unit != "人" {
            write("much = 7");
            holds(
                &run(&folder, &["calc", "a.toml", "--policy", "p.toml", "--lang", "zh"]).errors,
                &format!("\"7{unit}\""),
                "the hint",
            );
        }
        write(&format!("much = \"5001{unit}\""));
        let refused = run(&folder, &["calc", "a.toml", "--policy", "p.toml", "--lang", "zh"]);
        holds(&refused.errors, &format!("应在 0{unit} 至 5000{unit} 之间"), "the refusal");
        tried += 1;
    }
    fs::remove_dir_all(&folder).unwrap();
    assert!(tried > 35, "{tried}");
}
