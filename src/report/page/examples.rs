//! The cases of a clause as worked examples, and what the cases of a policy cover.

use super::model::{Entry, Piece, Table};
use super::{Words, Worked, formulas};
use crate::applicant::Applicant;
use crate::assess::model::Line;
use crate::cases::Ran;
use crate::clause::Clause;
use crate::coverage::{Coverage, State};
use crate::expr::names::{Input, Names, Origin};
use crate::expr::types::Type;
use crate::lang::Lang;
use crate::policy::{Policy, told};
use crate::report::layout::Block;
use crate::report::testing;
use crate::report::told::line::{Rows, record};
use crate::report::told::shape::{Content, Part, Shape};
use crate::report::words::{self, bracketed};
use crate::source::clean;
use crate::value::Value;

/// What of a line is told in an example.
static SHAPE: Shape = &[(&words::WORKING, Content::Words, &[Part::Calculation, Part::Sums, Part::Conclusion])];

/// The examples of a clause: the cases that expect something of it and come to that.
pub(super) fn of_clause(policy: &Policy, clause: &Clause, worked: Option<&Worked>, words: Words) -> Vec<Piece> {
    let Some(worked) = worked else { return Vec::new() };
    let about = worked.ran.iter().filter_map(|ran| {
        let lines: Vec<&Line> = ran.lines.iter().filter(|line| line.clause == clause.id).collect();
        (!lines.is_empty()).then_some((ran, lines))
    });
    let (right, wrong): (Vec<_>, Vec<_>) = about.partition(|(ran, _)| ran.passed());
    let mut asked = clause.expressions();
    asked.extend(policy.triggers_until.iter().chain(&policy.payable_until));
    let asked = formulas::used(policy, asked).inputs;
    let entry = |(number, (ran, lines)): (usize, &(&Ran, Vec<&Line>))| {
        let mut pieces = Vec::new();
        if let Some(applicant) = &ran.given {
            pieces.push(given(policy, applicant, &|place| asked.contains(&place), words));
        }
        for line in lines {
            let mut blocks: Vec<Block> = Rows::new(words.0, SHAPE).cells(line).into_iter().flatten().collect();
            // What else it could be is told with the readings.
            blocks.retain(|block| block.text != words::READ_OTHERWISE.get(words.0));
            pieces.extend(record(line, words.0).map(Piece::Text));
            pieces.push(Piece::Working(blocks));
        }
        // A case has one name, in the language of its file, and is told in both.
        let heading =
            format!("{} {}{}", words.of("算例", "Example"), number + 1, bracketed(&clean(&ran.name), words.0));
        Entry { anchor: String::new(), heading, pieces }
    };
    let mut pieces = Vec::new();
    let mut what = match words.0 {
        Lang::Zh => format!("算例 {} 个", right.len()),
        Lang::En => format!("worked examples: {}", right.len()),
    };
    if let Some(part) = covered(worked.coverage.as_ref(), &clause.id) {
        let (reached, unreachable, missing) = part.counts();
        let all = reached + unreachable + missing;
        what.push_str(&match words.0 {
            Lang::Zh => format!("；结果 {all} 种，有算例 {reached} 种"),
            Lang::En => format!("; {reached} of {all} outcomes have one"),
        });
    }
    if !right.is_empty() || clause.amount.is_some() || !clause.installments.is_empty() {
        pieces.push(Piece::Folded(what, right.iter().enumerate().map(entry).collect()));
    }
    if !wrong.is_empty() {
        let text = match words.0 {
            Lang::Zh => format!("另有 {} 个案例与预期不符，未列为算例", wrong.len()),
            Lang::En => format!("{} more do not come to what is expected, and are no examples", wrong.len()),
        };
        pieces.push(Piece::Text(text));
    }
    pieces
}

fn covered<'c>(coverage: Option<&'c Coverage>, id: &str) -> Option<&'c crate::coverage::Part> {
    coverage?.parts.iter().find(|part| part.id == id)
}

/// What an example is given: the day, the facts that the clause asks for, the readings that are not the usual ones.
fn given(policy: &Policy, applicant: &Applicant, is_asked: &dyn Fn(usize) -> bool, words: Words) -> Piece {
    let names = &policy.names;
    let (colon, next) = (words.of("：", ": "), words.of("；", "; "));
    let mut parts = vec![format!("{}{colon}{}", words.of("评估日期", "as of"), applicant.as_of)];
    let values = applicant.inputs.first().map_or(&[][..], Vec::as_slice);
    for (place, (input, value)) in names.inputs.iter().zip(values).enumerate() {
        let is_told = is_asked(place)
            && match input.origin {
                Origin::Fact => *value != input.domain,
                Origin::Reading(_) | Origin::Parameter(_) => *value != input.absent,
                Origin::Paid => matches!(value, Value::List(list) if !list.records.is_empty()),
            };
        if is_told {
            parts.push(format!("{}{colon}{}", words.say(&input.label), told_value(input, value, names, words)));
        }
    }
    Piece::named(words.of("已知", "given"), parts.join(next))
}

/// A value, of a list its records.
fn told_value(input: &Input, value: &Value, names: &Names, words: Words) -> String {
    let plain = |input: &Input, value: &Value| words.say(&told::value(value, &input.ty, input.measure.as_ref(), names));
    let (Value::List(list), Type::List(place)) = (value, &input.ty) else { return plain(input, value) };
    let fields = names.lists.get(*place).map_or(&[][..], |list| list.fields.as_slice());
    let record = |record: &crate::value::Record| {
        let known = record.fields.iter().zip(fields).filter(|(value, field)| **value != field.domain);
        let known: Vec<String> =
            known.map(|(value, field)| format!("{} {}", words.say(&field.label), plain(field, value))).collect();
        format!("[{}]", known.join(words.of("，", ", ")))
    };
    if list.records.is_empty() {
        return plain(input, value);
    }
    list.records.iter().map(record).collect::<Vec<_>>().join(" ")
}

/// What the cases cover: a row for each clause, and everything that none of them reaches.
pub(super) fn coverage(worked: &Worked, words: Words) -> Vec<Piece> {
    let failing = worked.ran.iter().filter(|ran| !ran.passed()).count();
    if worked.ran.is_empty() {
        return vec![Piece::Text(words.of("没有案例", "there is no case").to_owned())];
    }
    let Some(found) = &worked.coverage else {
        return vec![Piece::Text(match words.0 {
            Lang::Zh => format!("{failing} 个案例与预期不符，覆盖情况未统计"),
            Lang::En => format!("{failing} cases do not come to what is expected; coverage is not counted"),
        })];
    };
    let row = |id: String, title: String, (reached, unreachable, missing): (usize, usize, usize)| {
        let counts = [reached + unreachable + missing, reached, unreachable, missing];
        [id, title].into_iter().chain(counts.map(|count| count.to_string())).collect::<Vec<_>>()
    };
    let mut rows: Vec<Vec<String>> =
        found.parts.iter().map(|part| row(clean(&part.id), words.say(&part.title), part.counts())).collect();
    rows.push(row(String::new(), words.of("合计", "total").to_owned(), found.counts()));
    let heads = [
        ("条款", "clause"),
        ("标题", "title"),
        ("结果", "outcomes"),
        ("达到", "reached"),
        ("不可达", "unreachable"),
        ("缺", "missing"),
    ];
    let heads = heads.map(|(zh, en)| words.of(zh, en).to_owned()).to_vec();
    let cases = match words.0 {
        Lang::Zh => format!("案例 {} 个，全部通过", worked.ran.len()),
        Lang::En => format!("cases: {}, all of which pass", worked.ran.len()),
    };
    let mut pieces = vec![Piece::Text(cases), Piece::Table(Table { caption: String::new(), heads, rows })];
    for part in &found.parts {
        for outcome in &part.outcomes {
            let name = format!("{} {}", clean(&part.id), testing::named(outcome, words.0));
            match &outcome.state {
                State::Reached => {}
                State::Missing => pieces.push(Piece::named(words.of("没有案例", "no case reaches"), name)),
                State::Unreachable(why) => {
                    let text = format!("{name}{}{}", words.of("：", ": "), words.say(why));
                    pieces.push(Piece::named(words.of("不可达", "cannot be reached"), text));
                }
            }
        }
    }
    pieces
}
