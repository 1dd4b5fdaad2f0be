//! Differences, one a line: `第十九条（19.1）：月标准 博士 3000元/月 → 2500元/月`.

use crate::diff::{Change, Diff};
use crate::lang::{Lang, Text};
use crate::report::Look;
use crate::report::ink::finish;
use crate::report::layout::Block;
use crate::report::words::{bracketed, say};
use crate::source::clean;

pub(super) fn render(diff: &Diff<'_>, look: &Look) -> String {
    let lang = look.lang;
    let mut blocks: Vec<Block> = heads(diff, lang).into_iter().map(Block::plain).collect();
    if !diff.shares_nothing() {
        blocks.extend(diff.changes.iter().map(|change| Block::plain(line(change, lang))));
        blocks.push(Block::plain(end(diff, lang)));
    }
    let lines = blocks.iter().flat_map(|block| block.lines(look.width));
    let mut text = lines.collect::<Vec<_>>().join("\n");
    text.push('\n');
    finish(&text, look.color)
}

/// What must be known of the two: where they are not two versions of one.
fn heads(diff: &Diff<'_>, lang: Lang) -> Option<String> {
    let (old, new) = (clean(&diff.old.id), clean(&diff.new.id));
    let text = match (diff.shares_nothing(), old == new, lang) {
        (true, _, Lang::Zh) => format!("注意：{old} 与 {new} 没有共同的条款，无从逐条对照；请核对是不是给错了文件"),
        (true, _, Lang::En) => {
            format!(
                "note: {old} and {new} have no clause in common, so there is nothing to compare clause by clause; perhaps one is another file"
            )
        }
        (false, false, Lang::Zh) => format!("注意：{old} 与 {new} 编号不同；编号与标题都相同的条款才对照"),
        (false, false, Lang::En) => {
            format!(
                "note: {old} and {new} are two policies by their ids; clauses are compared where id and title agree"
            )
        }
        (false, true, _) => return None,
    };
    Some(text)
}

/// One line, with what stands on both sides.
pub(super) fn line(change: &Change, lang: Lang) -> String {
    let place = match &change.clause {
        Some(clause) => format!("{}{}", clean(&clause.cite), bracketed(&clean(&clause.id), lang)),
        None => Text::new("政策", "policy").get(lang).to_owned(),
    };
    let side = |text: &Option<Text>| text.as_ref().map(|text| shown(text, lang));
    let name = say(&change.name, lang);
    let what = match (lang, change.key == "clause", side(&change.old), side(&change.new)) {
        (Lang::Zh, true, old, None) => format!("删去条款“{}”", old.unwrap_or_default()),
        (Lang::Zh, true, _, Some(new)) => format!("新增条款“{new}”"),
        (Lang::En, true, old, None) => format!("clause gone, “{}”", old.unwrap_or_default()),
        (Lang::En, true, _, Some(new)) => format!("new clause, “{new}”"),
        (_, false, Some(old), Some(new)) => {
            let words = if change.wording { Text::new("（仅措辞）", " (wording only)") } else { Text::default() };
            let between = Text::new(" ", ": ");
            format!("{name}{}{}{old} → {new}", words.get(lang), between.get(lang))
        }
        (Lang::Zh, false, Some(old), None) => joined("删去", &name, "：", &old),
        (Lang::Zh, false, None, new) => joined("新增", &name, "：", &new.unwrap_or_default()),
        (Lang::En, false, Some(old), None) => joined("gone: ", &name, ", ", &old),
        (Lang::En, false, None, new) => joined("new: ", &name, ", ", &new.unwrap_or_default()),
    };
    let colon = Text::new("：", ": ");
    format!("{place}{}{what}", colon.get(lang))
}

fn joined(lead: &str, name: &str, between: &str, text: &str) -> String {
    let between = if name.is_empty() || text.is_empty() { "" } else { between };
    format!("{lead}{name}{between}{text}")
}

/// Words of a file on one line.
fn shown(text: &Text, lang: Lang) -> String {
    clean(&text.get(lang).split_whitespace().collect::<Vec<_>>().join(" "))
}

fn end(diff: &Diff<'_>, lang: Lang) -> String {
    let count = diff.changes.len();
    let words = diff.changes.iter().filter(|change| change.wording).count();
    match (lang, count, words) {
        (Lang::Zh, 0, _) => "两者含义相同".to_owned(),
        (Lang::En, 0, _) => "both mean the same".to_owned(),
        (Lang::Zh, _, 0) => format!("共 {count} 处不同"),
        (Lang::Zh, ..) => format!("共 {count} 处不同，其中 {words} 处仅措辞"),
        (Lang::En, 1, 0) => "1 difference".to_owned(),
        (Lang::En, 1, _) => "1 difference, of wording only".to_owned(),
        (Lang::En, _, 0) => format!("{count} differences"),
        (Lang::En, ..) => format!("{count} differences, {words} of them of wording only"),
    }
}
