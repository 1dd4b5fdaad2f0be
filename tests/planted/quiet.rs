//! Mistakes that change nothing in the shape of a file: another day, another direction, another owner. What shows them is a
//! sentence of the text, the words of the clause, or what the clauses beside it do.

use std::ops::Range;

use crate::kinds::{Kind, Planted, clauses, each, in_clauses, keys, pays, planted, tables, words};

/// The names of the facts that are dates, in the order of the file.
fn dates(text: &str) -> Vec<&str> {
    let is_date = |block: &Range<usize>| {
        keys(text, block, "type").first().is_some_and(|key| text[key.clone()].contains("\"date\""))
    };
    let named = |block: &Range<usize>| text[block.start + "[facts.".len()..].split(']').next().unwrap();
    tables(text, "[facts.").iter().filter(|block| is_date(block)).map(named).collect()
}

/// Parts of expressions that look so, each up to what ends it.
fn parts(text: &str, within: &[Range<usize>], from: &str, until: char) -> Vec<Range<usize>> {
    let places = words(text, within, from);
    places.into_iter().map(|place| place.start..place.end + text[place.end..].find(until).unwrap() + 1).collect()
}

/// The second argument of every `age(…)`.
fn age_days(text: &str) -> Vec<Range<usize>> {
    let mut within = in_clauses(text, &["requires", "let.", "amount"]);
    within.extend(tables(text, "[define]"));
    let arguments = |place: Range<usize>| {
        let from = place.end + text[place.end..].find(", ")? + 2;
        let name = text[from..].find(|c: char| !c.is_ascii_alphanumeric() && c != '_')?;
        Some(from..from + name)
    };
    words(text, &within, "age(").into_iter().filter_map(arguments).collect()
}

/// Keys of the declarations of facts left out, in a table of their own or of a field of a list.
fn of_facts(text: &str, key: &str) -> Vec<Planted> {
    let mut places = Vec::new();
    for block in tables(text, "[facts.") {
        places.extend(keys(text, &block, key));
        for field in keys(text, &block, "fields.") {
            let inline = words(text, std::slice::from_ref(&field), &format!(", {key} = "));
            places.extend(inline.into_iter().map(|place| {
                place.start
                    ..place.end
                        + text[place.end..]
                            .find([',', '}'])
                            .map_or(0, |end| text[place.end..place.end + end].trim_end().len())
            }));
        }
    }
    each(text, places, |_| Some(String::new()))
}

/// The value of a key exchanged for that of another clause that has another one.
fn of_another(text: &str, key: &str) -> Vec<Planted> {
    let paying = clauses(text).into_iter().filter(|block| pays(text, block));
    let all: Vec<Range<usize>> = paying.filter_map(|block| keys(text, &block, key).into_iter().next()).collect();
    let value = |part: &Range<usize>| text[part.clone()].split_once('=').unwrap().1.trim().to_owned();
    let other = |at: usize| {
        let behind = all[at..].iter().chain(&all[..at]);
        behind.map(value).find(|other| *other != value(&all[at]))
    };
    let new = |at: usize| Some((all[at].clone(), format!("{key} = {}\n", other(at)?)));
    (0..all.len()).filter_map(new).map(|(part, new)| planted(text, part, &new)).collect()
}

pub static KINDS: &[Kind] = &[
    Kind {
        name: "an accrual without its last day",
        by_text: None,
        plant: |text| {
            each(text, parts(text, &in_clauses(text, &["accrual"]), ", until = \"", '"'), |_| Some(String::new()))
        },
    },
    Kind {
        name: "months begun for complete ones",
        by_text: None,
        plant: |text| {
            let whole =
                in_clauses(text, &["accrual"]).into_iter().filter(|part| !text[part.clone()].contains("part = "));
            let places = whole.map(|part| part.start + text[part.clone()].rfind(" }").unwrap());
            places.map(|at| planted(text, at..at, ", part = \"started\"")).collect()
        },
    },
    Kind {
        name: "complete months for those begun",
        by_text: None,
        plant: |text| {
            each(text, words(text, &in_clauses(text, &["accrual"]), ", part = \"started\""), |_| Some(String::new()))
        },
    },
    Kind {
        name: "the age today",
        by_text: None,
        plant: |text| each(text, age_days(text), |old| (old != "as_of").then(|| "as_of".to_owned())),
    },
    Kind {
        name: "the age on the day that another fact has",
        by_text: None,
        plant: |text| {
            let dates = dates(text);
            let other = |old: &str| {
                dates.iter().rev().find(|name| **name != old && !name.contains("birth") && !name.contains("born"))
            };
            each(text, age_days(text), |old| Some((*other(old)?).to_owned()))
        },
    },
    Kind {
        name: "the age on the first day of the window",
        by_text: None,
        plant: |text| each(text, age_days(text), |_| Some("window.from".to_owned())),
    },
    Kind {
        name: "today in place of the day of a fact",
        by_text: None,
        plant: |text| {
            let dates = dates(text);
            let within = in_clauses(text, &["amount", "let."]);
            let ends =
                |place: &Range<usize>| !text[place.end..].starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_');
            let found =
                dates.iter().flat_map(|name| words(text, &within, &format!("<= {name}"))).filter(ends).collect();
            each(text, found, |_| Some("<= as_of".to_owned()))
        },
    },
    Kind {
        name: "the event of another fact",
        by_text: None,
        plant: |text| {
            let dates = dates(text);
            let single = in_clauses(text, &["event"]).into_iter();
            let single = single.filter(|part| dates.contains(&text[part.clone()].split('"').nth(1).unwrap()));
            each(text, single.collect(), |old| {
                let now = old.split('"').nth(1)?;
                let at = dates.iter().position(|name| *name == now)?;
                let other = dates[at + 1..]
                    .iter()
                    .chain(&dates[..at])
                    .find(|name| !name.contains("born") && !name.contains("birth"))?;
                Some(format!("event = \"{other}\"\n"))
            })
        },
    },
    Kind {
        name: "the later for the earlier day",
        by_text: None,
        plant: |text| {
            let mut within = in_clauses(text, &["requires", "let.", "accrual", "amount"]);
            within.extend(tables(text, "[define]"));
            let dates = dates(text);
            let ends = |place: &Range<usize>| {
                let inside = text[place.end..].split(')').next().unwrap();
                inside.split(", ").any(|name| name == "as_of") && inside.split(", ").any(|name| dates.contains(&name))
            };
            each(text, words(text, &within, "min(").into_iter().filter(ends).collect(), |_| Some("max(".to_owned()))
        },
    },
    Kind {
        name: "rounded the other way",
        by_text: None,
        plant: |text| {
            each(text, in_clauses(text, &["rounding"]), |old| {
                let other = if old.contains("\"down\"") { "\"up\"" } else { "\"down\"" };
                let now = ["\"down\"", "\"up\"", "\"half_up\""].into_iter().find(|now| old.contains(now))?;
                Some(old.replace(now, other))
            })
        },
    },
    Kind {
        name: "a limit over everybody taken for one's own",
        by_text: None,
        plant: |text| {
            each(
                text,
                words(text, &in_clauses(text, &["limits"]), ", across = \"applicants\""),
                |_| Some(String::new()),
            )
        },
    },
    Kind {
        name: "the rule of other money left out",
        by_text: None,
        plant: |text| tables(text, "[overlap]").into_iter().map(|block| planted(text, block, "")).collect(),
    },
    Kind {
        name: "for somebody else as well",
        by_text: None,
        plant: |text| {
            let paying = clauses(text).into_iter().filter(|block| pays(text, block));
            let single =
                paying.flat_map(|block| keys(text, &block, "for")).filter(|part| !text[part.clone()].contains('['));
            let kinds = ["person", "enterprise"];
            each(text, single.collect(), |old| {
                let now = old.split('"').nth(1)?;
                let other = kinds.iter().find(|kind| **kind != now)?;
                Some(format!("for = [\"{now}\", \"{other}\"]\n"))
            })
        },
    },
    Kind { name: "the category of another clause", by_text: None, plant: |text| of_another(text, "category") },
    Kind {
        name: "amounts of two parts exchanged",
        by_text: None,
        plant: |text| {
            let mut found = Vec::new();
            for part in in_clauses(text, &["installments"]) {
                let all = parts(text, std::slice::from_ref(&part), "amount = \"", '"');
                for pair in all.windows(2) {
                    let (a, b) = (&text[pair[0].clone()], &text[pair[1].clone()]);
                    let new = format!("{b}{}{a}", &text[pair[0].end..pair[1].start]);
                    found.extend((a != b).then(|| planted(text, pair[0].start..pair[1].end, &new)));
                }
            }
            found
        },
    },
    Kind { name: "what a blank means left out", by_text: None, plant: |text| of_facts(text, "absent") },
    Kind { name: "the most that a fact can be left out", by_text: None, plant: |text| of_facts(text, "max") },
    Kind { name: "the least that a fact can be left out", by_text: None, plant: |text| of_facts(text, "min") },
    Kind {
        name: "a figure in place of a fact",
        by_text: None,
        plant: |text| {
            let names = tables(text, "[facts.")
                .into_iter()
                .map(|block| text[block.start + "[facts.".len()..].split(']').next().unwrap());
            let within = in_clauses(text, &["amount"]);
            let quantity = names.flat_map(|name| words(text, &within, &format!("{name} × ")));
            let places = quantity.map(|place| place.start..place.end - " × ".len());
            each(text, places.collect(), |_| Some("100万元".to_owned()))
        },
    },
    Kind {
        name: "an order left out",
        by_text: None,
        plant: |text| {
            let parts = tables(text, "[enums.").iter().flat_map(|block| keys(text, block, "ordered")).collect();
            each(text, parts, |_| Some(String::new()))
        },
    },
];
