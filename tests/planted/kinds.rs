//! The mistakes that policy writers make, as changes of a policy's text.

use std::ops::Range;

/// Who may see a mistake.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum By {
    /// The policy is refused.
    Reader,
    /// A check finds it in the file alone.
    Check,
    /// The audit finds it against the text.
    Audit,
    /// A case comes out otherwise.
    Cases,
}

/// A kind of mistake.
pub struct Kind {
    pub name: &'static str,
    /// Why only the text shows it, where the clauses pay nothing or nothing is calculated with what was changed.
    pub by_text: Option<&'static str>,
    /// Every place of a policy where it can be made.
    pub plant: fn(&str) -> Vec<Planted>,
}

/// A policy with one mistake.
pub struct Planted {
    pub text: String,
    /// The clause that it is in, where it is in one.
    pub clause: Option<String>,
    /// What was changed.
    pub note: String,
}

pub fn planted(text: &str, range: Range<usize>, new: &str) -> Planted {
    let line = text[..range.start].matches('\n').count() + 1;
    let old: String = text[range.clone()].chars().take(60).collect();
    let note = format!(
        "line {line}: {} → {}",
        old.replace('\n', " "),
        new.chars().take(60).collect::<String>().replace('\n', " ")
    );
    let head = text[..range.start].rfind("\n[").map_or(0, |at| at + 1);
    let block = &text[head..];
    let id = block.strip_prefix("[[clauses]]").and_then(|block| block.lines().find(|line| line.starts_with("id ")));
    Planted {
        text: format!("{}{new}{}", &text[..range.start], &text[range.end..]),
        clause: id.and_then(|id| id.split('"').nth(1)).map(str::to_owned),
        note,
    }
}

/// The tables of an array or the sections of this head, each from its head to the next.
pub fn tables(text: &str, head: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if line.starts_with(head) {
            let rest = &text[at + line.len()..];
            let end = rest.find("\n[").map_or(rest.len(), |end| end + 1);
            found.push(at..at + line.len() + end);
        }
        at += line.len();
    }
    found
}

pub fn clauses(text: &str) -> Vec<Range<usize>> {
    tables(text, "[[clauses]]")
}

/// A key with its value, as the layout has it: to the next line that begins with a key.
pub fn keys(text: &str, block: &Range<usize>, key: &str) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut at = block.start;
    let mut open = false;
    let mut quoted = false;
    for line in text[block.clone()].split_inclusive('\n') {
        let begins = !quoted && line.starts_with(|c: char| c.is_ascii_lowercase());
        if begins || line.starts_with('#') && !quoted || line.trim().is_empty() && !quoted {
            let name = line.split(['=', ' ']).next().unwrap();
            open = begins && (name == key || key.ends_with('.') && name.starts_with(key));
            if open {
                found.push(at..at + line.len());
            }
        } else if open {
            found.last_mut().unwrap().end = at + line.len();
        }
        if line.matches("\"\"\"").count() % 2 == 1 {
            quoted = !quoted;
        }
        at += line.len();
    }
    found
}

pub fn in_clauses(text: &str, wanted: &[&str]) -> Vec<Range<usize>> {
    clauses(text)
        .iter()
        .flat_map(|block| wanted.iter().flat_map(|key| keys(text, block, key)).collect::<Vec<_>>())
        .collect()
}

/// The places of a word in some parts of a text.
pub fn words(text: &str, parts: &[Range<usize>], word: &str) -> Vec<Range<usize>> {
    let inside = |part: &Range<usize>| -> Vec<Range<usize>> {
        text[part.clone()].match_indices(word).map(|(at, _)| part.start + at..part.start + at + word.len()).collect()
    };
    parts.iter().flat_map(inside).collect()
}

const WORKING: &[&str] =
    &["amount", "at_most", "at_least", "let.", "table.", "scale.", "requires", "installments", "accrual", "used"];
const TESTED: &[&str] = &["requires", "let.", "amount", "event", "instead_of", "limits"];

/// Whether a place is inside the words of a condition, part or limit.
fn is_worded(text: &str, at: usize) -> bool {
    let line = text[..at].rfind('\n').map_or(0, |end| end + 1);
    let before = &text[line..at];
    let open = |mark: &&str| before.rfind(*mark).is_some_and(|from| !before[from + mark.len()..].contains('"'));
    ["zh = \"", "en = \""].iter().any(open)
}

/// Figures with a unit outside words: `5万元`, `36个月`.
fn figures(text: &str, parts: &[Range<usize>], units: &[&str]) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    for part in parts {
        let mut rest = part.start;
        while let Some(at) = text[rest..part.end].find(|c: char| c.is_ascii_digit()).map(|at| rest + at) {
            let length = text[at..].find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(0);
            let behind = &text[at + length..];
            let free = !text[..at].ends_with(|c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-');
            if let Some(unit) =
                units.iter().find(|unit| behind.starts_with(**unit)).filter(|_| free && !is_worded(text, at))
            {
                found.push(at..at + length + unit.len());
            }
            rest = at + length.max(1);
        }
    }
    found
}

pub fn each(text: &str, places: Vec<Range<usize>>, new: impl Fn(&str) -> Option<String>) -> Vec<Planted> {
    places
        .into_iter()
        .filter_map(|place| {
            let new = new(&text[place.clone()])?;
            (new != text[place.clone()]).then(|| planted(text, place, &new))
        })
        .collect()
}

/// Keys of clauses left out.
fn dropped(text: &str, key: &str) -> Vec<Planted> {
    each(text, in_clauses(text, &[key]), |_| Some(String::new()))
}

/// One member of an array of tables on lines of their own.
fn member_dropped(text: &str, key: &str) -> Vec<Planted> {
    let mut found = Vec::new();
    for part in in_clauses(text, &[key]) {
        let mut at = part.start;
        for line in text[part.clone()].split_inclusive('\n') {
            if line.starts_with("  { ") && line.trim_end().ends_with("},") {
                found.push(at..at + line.len());
            }
            at += line.len();
        }
    }
    each(text, found, |_| Some(String::new()))
}

/// The values of neighbouring entries of `{ a = "1", b = "2" }` exchanged.
fn exchanged(text: &str, key: &str) -> Vec<Planted> {
    let mut found = Vec::new();
    for part in in_clauses(text, &[key]) {
        let start = text[part.clone()].find('{').map_or(part.start, |at| part.start + at);
        let mut values: Vec<Range<usize>> = Vec::new();
        let mut rest = start;
        while let Some(at) = text[rest..part.end].find(" = \"").map(|at| rest + at + 4) {
            let Some(end) = text[at..part.end].find('"').map(|end| at + end) else { break };
            if !text[..at - 4].ends_with("mode") {
                values.push(at..end);
            }
            rest = end;
        }
        for pair in values.windows(2) {
            let (a, b) = (&text[pair[0].clone()], &text[pair[1].clone()]);
            if a != b && !text[pair[0].start..pair[1].start].contains("zh =") {
                let new = format!("{b}{}{a}", &text[pair[0].end..pair[1].start]);
                found.push(planted(text, pair[0].start..pair[1].end, &new));
            }
        }
    }
    found
}

/// The value of a key exchanged between neighbouring clauses.
fn swapped(text: &str, key: &str) -> Vec<Planted> {
    let all: Vec<Range<usize>> =
        clauses(text).iter().filter_map(|block| keys(text, block, key).into_iter().next()).collect();
    let mut found = Vec::new();
    for pair in all.windows(2) {
        let (a, b) = (text[pair[0].clone()].to_owned(), text[pair[1].clone()].to_owned());
        if a != b {
            found.push(planted(
                text,
                pair[0].start..pair[1].end,
                &format!("{b}{}{a}", &text[pair[0].end..pair[1].start]),
            ));
        }
    }
    found
}

fn operators(text: &str, from: &str, to: &str) -> Vec<Planted> {
    let places = words(text, &in_clauses(text, TESTED), from);
    let places = places.into_iter().filter(|place| !is_worded(text, place.end)).collect();
    each(text, places, |_| Some(to.to_owned()))
}

fn turned(digits: &str) -> String {
    let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
    let (number, unit) = digits.split_at(end);
    let other: String = number.chars().rev().collect();
    let other = other.trim_start_matches('0');
    if other.is_empty() || other == number {
        let more = number.parse::<u64>().map_or(2, |number| number + 1);
        return format!("{more}{unit}");
    }
    format!("{other}{unit}")
}

fn add_to_clause(text: &str, line: impl Fn(&str, &str) -> Option<String>) -> Vec<Planted> {
    let all = clauses(text);
    let id = |block: &Range<usize>| {
        keys(text, block, "id").first().and_then(|id| text[id.clone()].split('"').nth(1)).unwrap_or("").to_owned()
    };
    let mut found = Vec::new();
    for (place, block) in all.iter().enumerate() {
        let next = all.get(place + 1).map(id).unwrap_or_default();
        let Some(line) = line(&id(block), &next) else { continue };
        let at =
            keys(text, block, "kind").first().or(keys(text, block, "for").first()).map_or(block.end, |key| key.end);
        found.push(planted(text, at..at, &line));
    }
    found
}

/// What a clause that pays has.
pub fn pays(text: &str, block: &Range<usize>) -> bool {
    !keys(text, block, "amount").is_empty() || !keys(text, block, "installments").is_empty()
}

pub static KINDS: &[Kind] = &[
    Kind {
        name: "a sum with a nought too many",
        by_text: None,
        plant: |text| {
            each(text, figures(text, &in_clauses(text, WORKING), &["万元", "元"]), |old| {
                let end = old.find(|c: char| !c.is_ascii_digit() && c != '.')?;
                (old[..end].parse::<u64>().is_ok_and(|number| number > 0))
                    .then(|| format!("{}0{}", &old[..end], &old[end..]))
            })
        },
    },
    Kind {
        name: "a sum without its 万",
        by_text: None,
        plant: |text| {
            each(text, figures(text, &in_clauses(text, WORKING), &["万元"]), |old| Some(old.replace('万', "")))
        },
    },
    Kind {
        name: "digits turned round",
        by_text: None,
        plant: |text| {
            each(text, figures(text, &in_clauses(text, WORKING), &["个月", "年", "岁", "人", "%", "天"]), |old| {
                Some(turned(old))
            })
        },
    },
    Kind {
        name: "a sum for a month taken for one of a year",
        by_text: None,
        plant: |text| each(text, words(text, &in_clauses(text, WORKING), "元/月"), |_| Some("元/年".to_owned())),
    },
    Kind {
        name: "a figure of a definition changed",
        by_text: None,
        plant: |text| {
            let parts = tables(text, "[define]");
            each(
                text,
                figures(text, &parts, &["个月", "年", "岁", "人", "%", "天", "次", "万元", "元"]),
                |old| Some(turned(old)),
            )
        },
    },
    Kind { name: "a cap dropped", by_text: None, plant: |text| dropped(text, "at_most") },
    Kind { name: "a floor dropped", by_text: None, plant: |text| dropped(text, "at_least") },
    Kind {
        name: "a time without its end",
        by_text: None,
        plant: |text| {
            let parts = in_clauses(text, &["accrual"]);
            let places = words(text, &parts, ", at_most = \"");
            let places = places
                .into_iter()
                .map(|place| place.start..place.end + text[place.end..].find('"').unwrap() + 1)
                .collect();
            each(text, places, |_| Some(String::new()))
        },
    },
    Kind {
        name: "two steps or cells exchanged",
        by_text: None,
        plant: |text| {
            let mut found = exchanged(text, "table.");
            found.extend(exchanged(text, "scale."));
            found
        },
    },
    Kind {
        name: "a step of a scale dropped",
        by_text: None,
        plant: |text| {
            let mut found = Vec::new();
            for part in in_clauses(text, &["scale."]) {
                let all = words(text, std::slice::from_ref(&part), "\", \"");
                for pair in all.windows(2) {
                    found.push(planted(text, pair[0].start + 1..pair[1].start + 1, ""));
                }
            }
            found
        },
    },
    Kind {
        name: "a step that is the one below it",
        by_text: None,
        plant: |text| {
            let mut found = Vec::new();
            for part in in_clauses(text, &["scale."]) {
                let values: Vec<Range<usize>> = words(text, std::slice::from_ref(&part), "元\"");
                for pair in values.windows(2) {
                    let value = |end: usize| text[..end].rfind('"').unwrap() + 1..end;
                    let (a, b) = (value(pair[0].start + "元".len()), value(pair[1].start + "元".len()));
                    found.push(planted(text, b, &text[a.clone()]));
                }
            }
            found
        },
    },
    Kind {
        name: "max for min",
        by_text: None,
        plant: |text| each(text, words(text, &in_clauses(text, &["amount"]), "min("), |_| Some("max(".to_owned())),
    },
    Kind {
        name: "floor and ceiling exchanged",
        by_text: None,
        plant: |text| {
            let mut found = Vec::new();
            for block in clauses(text) {
                for (key, other) in [("at_least", "at_most"), ("at_most", "at_least")] {
                    for part in keys(text, &block, key) {
                        let twin = keys(text, &block, other).into_iter().next();
                        let mut changed = planted(text, part.clone(), &text[part.clone()].replacen(key, other, 1));
                        if let Some(twin) = twin {
                            let old = &text[twin.clone()];
                            changed.text = changed.text.replacen(old, &old.replacen(other, key, 1), 1);
                        }
                        found.push(changed);
                    }
                }
            }
            found
        },
    },
    Kind { name: "> for >=", by_text: None, plant: |text| operators(text, " >= ", " > ") },
    Kind { name: "< for <=", by_text: None, plant: |text| operators(text, " <= ", " < ") },
    Kind { name: ">= for >", by_text: None, plant: |text| operators(text, " > ", " >= ") },
    Kind { name: "<= for <", by_text: None, plant: |text| operators(text, " < ", " <= ") },
    Kind { name: "a comparison turned round", by_text: None, plant: |text| operators(text, " >= ", " <= ") },
    Kind { name: "or for and", by_text: None, plant: |text| operators(text, " and ", " or ") },
    Kind { name: "and for or", by_text: None, plant: |text| operators(text, " or ", " and ") },
    Kind { name: "a not left out", by_text: None, plant: |text| operators(text, "\"not ", "\"") },
    Kind { name: "a condition left out", by_text: None, plant: |text| member_dropped(text, "requires") },
    Kind { name: "all conditions left out", by_text: None, plant: |text| dropped(text, "requires") },
    Kind { name: "an event left out", by_text: None, plant: |text| dropped(text, "event") },
    Kind { name: "a window of a clause left out", by_text: None, plant: |text| dropped(text, "effective") },
    Kind {
        name: "the first day some days later",
        by_text: None,
        plant: |text| {
            let mut parts = tables(text, "[policy]");
            parts.extend(in_clauses(text, &["effective"]));
            let places = words(text, &parts, "-01,")
                .into_iter()
                .chain(words(text, &parts, "-01 }"))
                .map(|place| place.start..place.start + 3)
                .collect();
            each(text, places, |_| Some("-10".to_owned()))
        },
    },
    Kind {
        name: "the last day a year too early",
        by_text: None,
        plant: |text| {
            let parts = tables(text, "[policy]");
            let places = words(text, &parts, "to = 20").into_iter().map(|place| place.end..place.end + 2).collect();
            each(text, places, |old| Some(format!("{:02}", old.parse::<u32>().ok()? - 1)))
        },
    },
    Kind {
        name: "another standing",
        by_text: Some("the standing is that of the text"),
        plant: |text| {
            let parts: Vec<Range<usize>> =
                tables(text, "[policy]").iter().flat_map(|block| keys(text, block, "status")).collect();
            each(text, parts, |old| {
                let now = old.split('"').nth(1)?;
                Some(old.replace(now, if now == "in_force" { "draft" } else { "in_force" }))
            })
        },
    },
    Kind {
        name: "cites of two clauses exchanged",
        by_text: Some("where an article stands is shown, and nothing is calculated with it"),
        plant: |text| swapped(text, "cite"),
    },
    Kind {
        name: "ids of two clauses exchanged",
        by_text: Some("an id of a clause that pays nothing is a name"),
        plant: |text| swapped(text, "id"),
    },
    Kind { name: "amounts of two clauses exchanged", by_text: None, plant: |text| swapped(text, "amount") },
    Kind {
        name: "a category left out",
        by_text: None,
        plant: |text| {
            let blocks = clauses(text).into_iter().filter(|block| pays(text, block) && text.contains("\n[overlap]"));
            let parts = blocks.flat_map(|block| keys(text, &block, "category")).collect();
            each(text, parts, |_| Some(String::new()))
        },
    },
    Kind { name: "instead_of left out", by_text: None, plant: |text| dropped(text, "instead_of") },
    Kind {
        name: "instead_of without its condition",
        by_text: None,
        plant: |text| {
            let parts = in_clauses(text, &["instead_of"]);
            let places = words(text, &parts, ", when = \"");
            let places = places
                .into_iter()
                .map(|place| place.start..place.end + text[place.end..].find('"').unwrap() + 1)
                .collect();
            each(text, places, |_| Some(String::new()))
        },
    },
    Kind {
        name: "a clause instead of itself",
        by_text: None,
        plant: |text| add_to_clause(text, |id, _| Some(format!("instead_of = [{{ clause = \"{id}\" }}]\n"))),
    },
    Kind {
        name: "one clause twice among the highest only",
        by_text: None,
        plant: |text| {
            tables(text, "[[highest_only]]")
                .iter()
                .flat_map(|block| keys(text, block, "clauses"))
                .map(|part| {
                    let first = text[part.clone()].split('"').nth(1).unwrap();
                    let second = text[part.clone()].split('"').nth(3).unwrap();
                    planted(
                        text,
                        part.clone(),
                        &text[part.clone()].replace(&format!("\"{second}\""), &format!("\"{first}\"")),
                    )
                })
                .collect()
        },
    },
    Kind {
        name: "a rule of the highest only left out",
        by_text: None,
        plant: |text| tables(text, "[[highest_only]]").into_iter().map(|block| planted(text, block, "")).collect(),
    },
    Kind {
        name: "a rule of the highest only without its condition",
        by_text: None,
        plant: |text| {
            let parts = tables(text, "[[highest_only]]").iter().flat_map(|block| keys(text, block, "when")).collect();
            each(text, parts, |_| Some(String::new()))
        },
    },
    Kind { name: "limits left out", by_text: None, plant: |text| dropped(text, "limits") },
    Kind {
        name: "a key of a limit left out",
        by_text: None,
        plant: |text| {
            let parts = in_clauses(text, &["limits"]);
            let mut places = Vec::new();
            for place in words(text, &parts, "per = [\"") {
                let end = place.end + text[place.end..].find("],").unwrap() + 3;
                places.push(place.start..end);
            }
            for place in words(text, &parts, "per = \"") {
                let end = place.end + text[place.end..].find("\",").unwrap() + 3;
                places.push(place.start..end);
            }
            each(text, places, |_| Some(String::new()))
        },
    },
    Kind {
        name: "one more place than there is",
        by_text: None,
        plant: |text| {
            let places = words(text, &in_clauses(text, &["limits"]), "at_most = ")
                .into_iter()
                .filter_map(|place| {
                    let digits = text[place.end..].find(|c: char| !c.is_ascii_digit()).filter(|length| *length > 0)?;
                    Some(place.end..place.end + digits)
                })
                .collect();
            each(text, places, |old| Some(format!("{}", old.parse::<u32>().ok()? + 1)))
        },
    },
    Kind {
        name: "the lowest first where the highest is",
        by_text: None,
        plant: |text| {
            each(text, words(text, &in_clauses(text, &["limits"]), "highest_first"), |_| {
                Some("lowest_first".to_owned())
            })
        },
    },
    Kind { name: "a rounding left out", by_text: None, plant: |text| dropped(text, "rounding") },
    Kind {
        name: "a coarser rounding",
        by_text: None,
        plant: |text| {
            each(text, figures(text, &in_clauses(text, &["rounding"]), &["元"]), |old| {
                Some(format!("{}0元", old.trim_end_matches('元')))
            })
        },
    },
    Kind { name: "a part of a sum left out", by_text: None, plant: |text| member_dropped(text, "installments") },
    Kind {
        name: "another reading taken by default",
        by_text: None,
        plant: |text| {
            let mut found = Vec::new();
            for block in tables(text, "[readings.") {
                let options: Vec<String> = text[block.clone()]
                    .lines()
                    .filter_map(|line| Some(line.strip_prefix("options.")?.split([' ', '=']).next()?.to_owned()))
                    .collect();
                for part in keys(text, &block, "default") {
                    let now = text[part.clone()].split('"').nth(1).unwrap().to_owned();
                    if let Some(other) = options.iter().find(|option| **option != now) {
                        found.push(planted(text, part, &format!("default = \"{other}\"\n")));
                    }
                }
            }
            found
        },
    },
    Kind {
        name: "a parameter with a value that stands elsewhere",
        by_text: None,
        plant: |text| {
            let mut found = Vec::new();
            for block in tables(text, "[parameters.") {
                let ty = keys(text, &block, "type")
                    .first()
                    .map(|part| text[part.clone()].split('"').nth(1).unwrap().to_owned());
                let unit = keys(text, &block, "unit")
                    .first()
                    .map_or(String::new(), |part| text[part.clone()].split('"').nth(1).unwrap().to_owned());
                let value = match ty.as_deref() {
                    Some("quantity") => format!("value = \"1{unit}\"\n"),
                    Some("date") => "value = 2024-01-01\n".to_owned(),
                    _ => continue,
                };
                if let (Some(part), true) =
                    (keys(text, &block, "stands_in").first(), keys(text, &block, "value").is_empty())
                {
                    found.push(planted(text, part.end..part.end, &value));
                }
            }
            found
        },
    },
    Kind {
        name: "a let that hides a fact",
        by_text: None,
        plant: |text| {
            let name = tables(text, "[facts.")
                .first()
                .map(|block| text[block.start + "[facts.".len()..].split(']').next().unwrap().to_owned());
            let Some(name) = name else { return Vec::new() };
            add_to_clause(text, |_, _| Some(format!("let.{name} = \"true\"\n"))).into_iter().collect()
        },
    },
    Kind {
        name: "a misspelt name",
        by_text: None,
        plant: |text| {
            let parts = in_clauses(text, &["event"]);
            each(text, parts, |old| {
                let end = old.rfind('"')?;
                old[..end]
                    .ends_with(|c: char| c.is_ascii_lowercase())
                    .then(|| format!("{}x{}", &old[..end], &old[end..]))
            })
        },
    },
    Kind {
        name: "one id twice",
        by_text: None,
        plant: |text| {
            let all: Vec<Range<usize>> =
                clauses(text).iter().filter_map(|block| keys(text, block, "id").into_iter().next()).collect();
            all.windows(2).map(|pair| planted(text, pair[1].clone(), &text[pair[0].clone()])).collect()
        },
    },
    Kind {
        name: "persons where sums are wanted",
        by_text: None,
        plant: |text| {
            each(text, figures(text, &in_clauses(text, &["amount"]), &["万元"]), |old| {
                Some(old.replace("万元", "人"))
            })
        },
    },
    Kind { name: "a list that is not gone through", by_text: None, plant: |text| dropped(text, "each") },
    Kind {
        name: "one language left out",
        by_text: None,
        plant: |text| {
            let parts = in_clauses(text, &["title"]);
            let places = words(text, &parts, ", en = \"")
                .into_iter()
                .map(|place| place.start..place.end + text[place.end..].find('"').unwrap() + 1)
                .collect();
            each(text, places, |_| Some(String::new()))
        },
    },
    Kind {
        name: "a figure of the words changed",
        by_text: None,
        plant: |text| {
            let mut found = Vec::new();
            for block in clauses(text).into_iter().filter(|block| pays(text, block)) {
                for part in keys(text, &block, "summary") {
                    let places = words(text, &[part], "万元");
                    for place in places {
                        let start = text[..place.start]
                            .rfind(|c: char| !c.is_ascii_digit() && c != '.')
                            .map_or(0, |at| at + text[at..].chars().next().unwrap().len_utf8());
                        if start < place.start {
                            found.push(planted(text, place.start..place.start, "7"));
                        }
                    }
                }
            }
            found
        },
    },
    Kind {
        name: "a clause left out",
        by_text: None,
        plant: |text| {
            clauses(text).into_iter().filter(|block| pays(text, block)).map(|block| planted(text, block, "")).collect()
        },
    },
    Kind {
        name: "a declared figure that is none",
        by_text: None,
        plant: |text| {
            let places = words(text, &in_clauses(text, &["not_computed", "derived"]), "figure = \"");
            let places =
                places.into_iter().map(|place| place.end..place.end + text[place.end..].find('"').unwrap()).collect();
            each(text, places, |_| Some("abc".to_owned()))
        },
    },
    Kind {
        name: "a declared figure that is another",
        by_text: Some("declarations speak of the text"),
        plant: |text| {
            let places = words(text, &in_clauses(text, &["not_computed", "derived"]), "figure = \"");
            let places =
                places.into_iter().map(|place| place.end..place.end + text[place.end..].find('"').unwrap()).collect();
            each(text, places, |_| Some("77777元".to_owned()))
        },
    },
];
