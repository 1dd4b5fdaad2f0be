//! A policy as a page to read, from its file alone: articles, conditions, amounts, readings, and what is not known.

use crate::clause::Clause;
use crate::expr::names::Origin;
use crate::expr::program::{Node, Op};
use crate::expr::types::Type;
use crate::lang::{Lang, Text};
use crate::policy::{Policy, told, walk};
use crate::report::ink::finish;
use crate::report::layout::Block;
use crate::report::words::{bracketed, say};
use crate::report::working;
use crate::source::clean;
use crate::value::{Day, DayRange, Value};

/// Words of a page.
struct Words(Lang);

impl Words {
    fn of(&self, zh: &'static str, en: &'static str) -> &'static str {
        match self.0 {
            Lang::Zh => zh,
            Lang::En => en,
        }
    }
}

/// One line a policy: id, title, issuer, status, window, articles, and how many of them compute an amount.
pub fn list(policies: &[&Policy], lang: Lang, width: usize) -> String {
    let words = Words(lang);
    let mut blocks = Vec::new();
    for policy in policies {
        let computed = policy.clauses.iter().filter(|clause| computes(clause)).count();
        let count = policy.clauses.len();
        blocks.push(Block::plain(format!("{}  {}", clean(&policy.id), say(&policy.title, lang))));
        blocks.push(Block::under(format!(
            "{} · {} · {}",
            say(&policy.issuer, lang),
            policy.status.label.get(lang),
            window(policy.window, lang)
        )));
        blocks.push(Block::under(match lang {
            Lang::Zh => format!("条款 {count} 个，其中 {computed} 个核算金额"),
            Lang::En => format!("{count} clauses, {computed} of which compute an amount"),
        }));
    }
    if policies.is_empty() {
        blocks.push(Block::plain(words.of("没有内置政策", "there is no built-in policy")));
    }
    written(&blocks, width)
}

fn computes(clause: &Clause) -> bool {
    clause.amount.is_some() || !clause.installments.is_empty()
}

fn window(window: DayRange, lang: Lang) -> String {
    if window == (DayRange { lo: Day::FIRST, hi: Day::NEVER }) {
        return Words(lang).of("未写有效期", "no window stated").to_owned();
    }
    told::days(window).get(lang).to_owned()
}

/// A whole policy, or the clauses that are wanted, by their ids.
pub fn policy(policy: &Policy, wanted: &dyn Fn(&str) -> bool, lang: Lang, width: usize) -> String {
    let words = Words(lang);
    let mut blocks = vec![
        Block::plain(say(&policy.title, lang)),
        Block::under(format!(
            "{} · {} · {}",
            say(&policy.issuer, lang),
            policy.status.label.get(lang),
            window(policy.window, lang)
        )),
    ];
    blocks.extend(policy.office.iter().map(|text| office(text, lang)));
    blocks.extend(policy.notes.iter().map(|note| Block::under(say(note, lang))));
    for clause in policy.clauses.iter().filter(|clause| wanted(&clause.id)) {
        blocks.push(Block::plain(""));
        blocks.extend(clause_blocks(policy, clause, lang));
    }
    let nodes = policy.clauses.iter().filter(|clause| wanted(&clause.id)).flat_map(Clause::expressions).collect();
    let mut used: Vec<usize> = Vec::new();
    walk::each(policy, nodes, &mut |node| {
        if let Op::Input(place) = node.op {
            used.push(place);
        }
    });
    let inputs = || policy.names.inputs.iter().enumerate().filter(|(place, _)| used.contains(place));
    let open: Vec<Block> = inputs()
        .filter_map(|(_, input)| match &input.origin {
            Origin::Parameter(stands_in) if !input.absent.is_point() && input.versions.is_empty() => {
                let lead = words.of("见", "stands in ");
                let told = |stands_in: &String| bracketed(&format!("{lead}{}", clean(stands_in)), lang);
                let stands_in = stands_in.as_ref().map_or_else(String::new, told);
                Some(Block::bullet(format!("{}{stands_in}", say(&input.label, lang))))
            }
            _ => None,
        })
        .collect();
    if !open.is_empty() {
        blocks.push(Block::plain(""));
        blocks.push(Block::plain(words.of("尚不知道的参数", "Parameters still unknown")));
        blocks.extend(open);
    }
    let readings: Vec<Block> = inputs()
        .flat_map(|(_, input)| match &input.origin {
            Origin::Reading(reading) => {
                let Type::Enum(place) = input.ty else { return Vec::new() };
                let options = policy.names.enums.get(place).map_or(&[][..], |found| found.words.as_slice());
                let taken = match input.absent {
                    Value::Words(words) => words.point(),
                    _ => None,
                };
                let mut blocks =
                    vec![Block::bullet(format!("{}{}", say(&input.label, lang), bracketed(&reading.id, lang)))];
                for (place, (id, label)) in options.iter().enumerate() {
                    let mark =
                        if Some(place) == taken { words.of("默认", "default") } else { words.of("另可", "or") };
                    blocks.push(Block::under_bullet(format!(
                        "{mark} {id}{}{}",
                        words.of("：", ": "),
                        say(label, lang)
                    )));
                }
                blocks.push(Block::under_bullet(format!(
                    "{}{}",
                    words.of("理由：", "because: "),
                    say(&reading.because, lang)
                )));
                blocks
            }
            _ => Vec::new(),
        })
        .collect();
    if !readings.is_empty() {
        blocks.push(Block::plain(""));
        blocks.push(Block::plain(words.of("读法", "Readings")));
        blocks.extend(readings);
    }
    written(&blocks, width)
}

fn clause_blocks(policy: &Policy, clause: &Clause, lang: Lang) -> Vec<Block> {
    let words = Words(lang);
    let names = &policy.names;
    let kinds: Vec<Text> = clause
        .applies_to
        .iter()
        .filter_map(|kind| names.applicant_kinds.get(*kind))
        .map(|(_, label)| label.clone())
        .collect();
    let kinds = Text::join(&kinds, "、", ", ");
    let head = format!("{}  {}  {}", clean(&clause.id), clean(&clause.cite), say(&clause.title, lang));
    let mut blocks =
        vec![Block::plain(head), Block::under(format!("{} · {}", clause.kind.title.get(lang), say(&kinds, lang)))];
    blocks.extend(clause.summary.iter().map(|summary| Block::under(say(summary, lang))));
    blocks.extend(clause.office.iter().map(|text| office(text, lang)));
    if clause.window != policy.window {
        blocks.push(Block::under(format!("{}{}", words.of("有效期：", "window: "), window(clause.window, lang))));
    }
    for condition in &clause.requires {
        blocks.push(Block::under(format!("{}{}", words.of("条件：", "requires: "), say(&condition.text, lang))));
    }
    blocks.extend(working::blocks(policy, clause, lang));
    let figures = [
        (words.of("金额：", "amount: "), clause.amount.as_ref()),
        (words.of("不低于：", "at least: "), clause.at_least.as_ref()),
        (words.of("封顶：", "at most: "), clause.at_most.as_ref()),
    ];
    for (lead, node) in figures {
        blocks.extend(node.map(|node| Block::under(format!("{lead}{}", over_time(policy, clause, node, &[], lang)))));
    }
    for part in &clause.installments {
        let colon = words.of("：", ": ");
        let part_text = format!(
            "{}{}{colon}{}",
            words.of("分期：", "part: "),
            say(&part.text, lang),
            over_time(policy, clause, &part.amount, &[], lang)
        );
        blocks.push(Block::under(part_text));
    }
    for limit in &clause.limits {
        blocks.push(Block::under(format!("{}{}", words.of("限额：", "limit: "), say(&limit.text, lang))));
    }
    for (figure, why) in &clause.not_computed {
        let lead = words.of("不核算：", "not computed: ");
        blocks.push(Block::under(format!("{lead}{}{}", clean(figure), bracketed(&say(why, lang), lang))));
    }
    blocks.extend(
        clause
            .notes
            .iter()
            .map(|note| Block::under(format!("{}{}", words.of("注：", "note: "), say(&note.text, lang)))),
    );
    blocks
}

fn office(text: &Text, lang: Lang) -> Block {
    Block::under(format!("{}{}", Words(lang).of("责任单位：", "responsible: "), say(text, lang)))
}

/// An expression, or what it is from each day on.
pub(super) fn over_time(policy: &Policy, clause: &Clause, node: &Node, records: &[usize], lang: Lang) -> String {
    let text = |node: &Node| told::expression(policy, Some(clause), records, node).get(lang).to_owned();
    let one = |(day, node): (Option<Day>, &Node)| match (day, lang) {
        (None, _) => text(node),
        (Some(day), Lang::Zh) => format!("{}（{day} 起）", text(node)),
        (Some(day), Lang::En) => format!("{} (from {day} on)", text(node)),
    };
    node.over_time().into_iter().map(one).collect::<Vec<_>>().join(Words(lang).of("；", "; "))
}

fn written(blocks: &[Block], width: usize) -> String {
    let lines = blocks.iter().flat_map(|block| block.lines(width));
    let mut text = lines.collect::<Vec<_>>().join("\n");
    text.push('\n');
    finish(&text, false)
}
