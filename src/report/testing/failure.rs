//! A case that failed: every difference, and the step from which on the line is not as expected.

use crate::assess::model::{Line, Step};
use crate::cases::{Difference, Differing, Parting, Ran, Values};
use crate::lang::{Lang, Text};
use crate::report::layout::Block;
use crate::report::testing::{at, text};
use crate::report::told::line::fault;
use crate::report::words::{self, bracketed, say};
use crate::report::{amount, formula};
use crate::source::clean;
use crate::value::Interval;

/// Everything that is wrong with a case.
pub fn failure(ran: &Ran, lang: Lang, width: usize) -> String {
    let failed = match lang {
        Lang::Zh => "未通过",
        Lang::En => "FAILED",
    };
    let mut blocks =
        vec![Block::plain(format!("{failed}  {}", clean(&ran.name))), Block::under(format!("--> {}", at(&ran.span)))];
    for differing in &ran.differing {
        blocks.extend(line(differing, lang));
    }
    let faults: Vec<String> = ran.faults.iter().map(|fault| fault.render(lang)).collect();
    text(&blocks, width) + &faults.join("\n")
}

fn deep(text: impl Into<String>) -> Block {
    Block::behind("      ", text)
}

fn line(differing: &Differing, lang: Lang) -> Vec<Block> {
    let colon = words::COLON.get(lang);
    let title = match (&differing.line, lang) {
        (None, Lang::Zh) => "合计".to_owned(),
        (None, Lang::En) => "Totals".to_owned(),
        (Some(line), _) => {
            let record = line.record.as_ref().map_or(String::new(), |record| {
                let label = record.label.as_deref().map_or(String::new(), |label| format!(" {}", clean(label)));
                format!(" #{}{label}", record.index)
            });
            format!("{}{record}  {}", clean(&line.clause), say(&line.title, lang))
        }
    };
    let whose = differing.applicant.as_deref().map_or(String::new(), |whose| format!("{}{colon}", clean(whose)));
    let mut blocks = vec![Block::under(format!("{whose}{title}"))];
    let kind = differing.line.as_ref().map_or("", |line| line.kind);
    for difference in &differing.differences {
        let (expected, actual) = sides(difference, kind, lang);
        let text = match lang {
            Lang::Zh => format!("{}：预期 {expected}，实际 {actual}", key(difference).zh),
            Lang::En => format!("{}: expected {expected}, got {actual}", key(difference).en),
        };
        blocks.push(Block::behind("    · ", text));
        blocks.push(deep(format!("--> {}", at(&difference.span))));
    }
    let lead = match lang {
        Lang::Zh => "分歧始于",
        Lang::En => "they part at",
    };
    let parts = |what: &Text| Block::behind("    ", format!("{lead}{colon}{}", what.get(lang)));
    let Some(line) = &differing.line else { return blocks };
    match differing.parting {
        Parting::Conditions => {
            blocks.push(parts(&Text::new("条件", "the conditions")));
            let failed: Vec<Block> = line.failed.iter().map(|failed| deep(fault(failed, lang))).collect();
            if failed.is_empty() {
                blocks.push(deep(say(&line.reason, lang)));
            }
            blocks.extend(failed);
        }
        Parting::Step(place) => {
            let label = line.steps.get(place).map(|step| step.label.clone()).unwrap_or_default();
            blocks.push(parts(&Text::made(clean(&label.zh), clean(&label.en))));
            blocks.extend(line.steps.iter().enumerate().map(|(at, step)| shown(step, at == place, lang)));
        }
        Parting::Payments => {
            blocks.push(parts(&Text::new("已发金额的抵减", "what was paid before")));
            blocks.extend(paid(line, lang));
        }
        Parting::Future => blocks.push(parts(&Text::new("以后还能发生的部分", "what can still come"))),
        Parting::Sums => {}
    }
    blocks
}

/// A step with its numbers; an arrow before the one at which line and expectation part.
fn shown(step: &Step, parts: bool, lang: Lang) -> Block {
    let value = formula::value(&step.value, lang);
    let written = step.formula.as_ref().map(|formula| formula::write(formula, lang)).filter(|text| *text != value);
    let working = written.map_or(value.clone(), |written| format!("{written} = {value}"));
    let lead = if parts { "    > " } else { "      " };
    Block::behind(lead, format!("{}{}{working}", say(&step.label, lang), words::COLON.get(lang)))
}

fn paid(line: &Line, lang: Lang) -> Option<Block> {
    let amounts = line.amounts.as_ref()?;
    let sum = |interval| amount::sum(interval, line.unit.as_ref(), lang);
    let parts = [
        (&words::AWARDED, amounts.awarded),
        (&words::PAID, Interval::point(amounts.paid)),
        (&words::DUE, amounts.due),
        (&words::OVERPAID, amounts.overpaid),
    ];
    let parts: Vec<String> = parts.iter().map(|(word, value)| format!("{} {}", word.get(lang), sum(*value))).collect();
    Some(deep(parts.join(words::COMMA.get(lang))))
}

fn key(difference: &Difference) -> Text {
    match &difference.values {
        Values::Let(values) => return Text::same(format!("let.{}", clean(&values.0))),
        Values::Step(values) => return Text::same(format!("{}.{}", difference.key, clean(&values.0))),
        _ => {}
    }
    match difference.key {
        "there" => Text::new("这一行", "the line"),
        "used" => Text::new("已用", "used"),
        "left" => Text::new("尚余", "left"),
        "over" => Text::new("超出", "over"),
        "status" => Text::new("结论", "status"),
        "failed" => Text::new("不满足的条件", "conditions that fail"),
        "missing" => Text::new("待补事实", "missing facts"),
        "entitled" => Text::new("应得", "entitled"),
        "awarded" => Text::new("核定", "awarded"),
        "due" => Text::new("本次应发", "due"),
        "overpaid" => Text::new("多发", "overpaid"),
        _ => Text::new("全期合计", "lifetime"),
    }
}

fn sides(difference: &Difference, kind: &str, lang: Lang) -> (String, String) {
    let none = || words::NO_AMOUNT.get(lang).to_owned();
    let listed = |names: Vec<String>| {
        if names.is_empty() { none() } else { names.join(words::LISTED.get(lang)) }
    };
    match &difference.values {
        Values::Status(expected, actual, reason) => {
            let word = |status| words::status_as(status, kind).0.get(lang).to_owned();
            (word(*expected), format!("{}{}", word(*actual), bracketed(&say(reason, lang), lang)))
        }
        Values::Amount(values) => {
            let (expected, actual, unit) = &**values;
            let shown = |interval: &Interval| amount::sum(*interval, Some(unit), lang);
            (shown(expected), actual.as_ref().map_or_else(none, shown))
        }
        Values::Step(values) => {
            let (_, expected, actual, unit) = &**values;
            let shown = |interval: &Interval| amount::sum(*interval, Some(unit), lang);
            (shown(expected), actual.as_ref().map_or_else(none, shown))
        }
        Values::Let(values) => (formula::value(&values.1, lang), formula::value(&values.2, lang)),
        Values::There => {
            let words = [Text::new("没有", "none"), Text::new("有", "there")];
            let [expected, actual] = words.map(|word| word.get(lang).to_owned());
            (expected, actual)
        }
        Values::Missing(expected, actual) => (
            listed(expected.iter().map(|name| clean(name)).collect()),
            listed(
                actual
                    .iter()
                    .map(|fact| format!("{}{}", clean(&fact.name), bracketed(&say(&fact.label, lang), lang)))
                    .collect(),
            ),
        ),
        Values::Failed(expected, actual) => {
            let texts: Vec<String> = actual.iter().map(|failed| fault(failed, lang)).collect();
            let actual = actual.len().to_string();
            let texts =
                if texts.is_empty() { String::new() } else { bracketed(&texts.join(words::SEMICOLON.get(lang)), lang) };
            (expected.to_string(), format!("{actual}{texts}"))
        }
    }
}

/// A golden output that is not as it stands: every line that differs.
pub fn golden(path: &str, stands: &str, came: &str, lang: Lang) -> String {
    let failed = match lang {
        Lang::Zh => "未通过",
        Lang::En => "FAILED",
    };
    let mut out = format!("{failed}  {}\n", clean(path));
    let (stands, came): (Vec<&str>, Vec<&str>) = (stands.lines().collect(), came.lines().collect());
    let before = stands.iter().zip(&came).take_while(|(a, b)| a == b).count();
    let (old, new) = (stands.get(before..).unwrap_or_default(), came.get(before..).unwrap_or_default());
    let after = old.iter().rev().zip(new.iter().rev()).take_while(|(a, b)| a == b).count();
    let legend = match lang {
        Lang::Zh => "（- 原有，+ 现为）",
        Lang::En => " (- stands there, + came out)",
    };
    out.push_str(&format!("  --> {}:{}{legend}\n", clean(path), before + 1));
    let mut rows = |mark: &str, lines: &[&str]| {
        for line in lines.iter().take(lines.len().saturating_sub(after)) {
            out.push_str(format!("    {mark} {}", clean(line)).trim_end());
            out.push('\n');
        }
    };
    rows("-", old);
    rows("+", new);
    out
}
