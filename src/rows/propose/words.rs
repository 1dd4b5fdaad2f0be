//! What the cells of a column say of it: whether they can be of a type, and what words mean that the type does not know.

use crate::expr::names::{Enum, InTables};
use crate::expr::types::Type;
use crate::lang::Text;
use crate::policy::Policy;
use crate::rows::cell::{As, date};
use crate::source::folded;

/// More different words than this are no words of a type.
const MOST: usize = 40;
/// Marks for yes and no that mean nothing else.
const MARKS: [(&str, &str); 10] = [
    ("√", "yes"),
    ("✓", "yes"),
    ("✔", "yes"),
    ("×", "no"),
    ("✗", "no"),
    ("✘", "no"),
    ("Y", "yes"),
    ("N", "no"),
    ("是", ""),
    ("否", ""),
];
/// Words for yes and no that may also be about something else.
const PERHAPS: [(&str, &str); 4] = [("有", "yes"), ("无", "no"), ("1", "yes"), ("0", "no")];
/// What cells say.
pub(super) struct Says {
    /// Words with what they mean.
    pub words: Vec<(String, String)>,
    /// Why somebody has to look at them.
    pub doubt: Option<Text>,
    /// Whether every number has a unit of its own.
    pub units: bool,
}

/// What cells say of a column that is read so by this policy, whose the type is; `None` where they cannot be that.
pub(super) fn says<'c>(cells: impl Iterator<Item = &'c str>, read_as: As<'_>, policy: Option<&Policy>) -> Option<Says> {
    let mut different: Vec<&str> = Vec::new();
    let mut count = 0;
    for cell in cells.filter(|cell| !cell.is_empty()) {
        count += 1;
        if different.len() <= MOST && !different.contains(&cell) {
            different.push(cell);
        }
    }
    let nothing = || Some(Says { words: Vec::new(), doubt: None, units: false });
    if count == 0 {
        return nothing();
    }
    match read_as {
        As::Day | As::Fact(Type::Date) => {
            let fits = different.iter().filter(|cell| date(cell).is_some() || **cell == "never").count();
            (fits * 2 > different.len()).then_some(()).and_then(|()| nothing())
        }
        As::Fact(Type::Quantity(_)) | As::Whole => {
            let begins = |cell: &&&str| folded(cell).starts_with(|character: char| character.is_ascii_digit());
            let bare = |cell: &&str| folded(cell).chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ','));
            let fits = different.iter().filter(begins).count() * 2 > different.len();
            fits.then(|| Says { words: Vec::new(), doubt: None, units: !different.iter().any(bare) })
        }
        As::Fact(Type::Bool) => known(&different, &|cell| {
            let same = |(word, _): &&(&str, &str)| *word == cell;
            let sure = MARKS.iter().find(same).map(|(_, meaning)| (*meaning, true));
            sure.or_else(|| PERHAPS.iter().find(same).map(|(_, meaning)| (*meaning, false)))
                .map(|(meaning, is_sure)| (meaning.to_owned(), is_sure))
        }),
        As::Fact(Type::Enum(place)) => {
            let found = policy?.names.enums.get(*place)?;
            known(&different, &|cell| word(cell, found))
        }
        As::Fact(Type::Text) => nothing(),
        As::Fact(_) => None,
    }
}

/// What words mean; `None` where most of them mean nothing.
fn known(different: &[&str], meaning: &dyn Fn(&str) -> Option<(String, bool)>) -> Option<Says> {
    if different.len() > MOST {
        return None;
    }
    let (mut words, mut doubtful, mut none) = (Vec::new(), Vec::new(), Vec::new());
    for cell in different {
        match meaning(&folded(cell)) {
            // It is the type's own word.
            Some((meaning, _)) if meaning.is_empty() => {}
            Some((meaning, is_sure)) => {
                if !is_sure {
                    doubtful.push(format!("{cell} → {meaning}"));
                }
                words.push(((*cell).to_owned(), meaning));
            }
            None => none.push((*cell).to_owned()),
        }
    }
    if none.len() * 2 > different.len() {
        return None;
    }
    let doubt = (!doubtful.is_empty() || !none.is_empty()).then(|| {
        let (doubtful, none) = (doubtful.join("、"), none.join("、"));
        let part = |words: &str, zh: &str, en: &str| {
            (!words.is_empty()).then(|| Text::made(format!("{zh}{words}"), format!("{en}{words}")))
        };
        let parts = [
            part(&doubtful, "核对字样：", "look at these words: "),
            part(&none, "不知含义，补入 words：", "of unknown meaning, to be put under words: "),
        ];
        Text::join(&parts.into_iter().flatten().collect::<Vec<_>>(), "；", "; ")
    });
    Some(Says { words, doubt, units: false })
}

/// The word of an enum that a cell means, empty where it is that itself, and whether that is sure.
fn word(cell: &str, of: &Enum) -> Option<(String, bool)> {
    let InTables { beside, same, perhaps } = &of.in_tables;
    if of.words.iter().any(|(id, label)| id == cell || folded(&label.zh) == cell || label.en.eq_ignore_ascii_case(cell))
    {
        return Some((String::new(), true));
    }
    let bare = |text: &str| {
        let rest = beside.iter().fold(folded(text).into_owned(), |rest, beside| rest.replace(beside, ""));
        rest.trim().to_owned()
    };
    let listed = |texts: &[(String, usize)], cell: &str| {
        texts.iter().find(|(text, _)| text == cell).and_then(|(_, place)| Some(of.words.get(*place)?.0.clone()))
    };
    let rest = bare(cell);
    // As it stands first: 研究生 is a word where 硕士研究生 is 硕士.
    for (cell, is_whole) in [(cell, true), (rest.as_str(), false)] {
        if let Some(id) = listed(same, cell) {
            return Some((id, true));
        }
        if let Some(id) = listed(perhaps, cell) {
            return Some((id, false));
        }
        let mut alike = of.words.iter().filter(|(_, label)| !is_whole && !cell.is_empty() && bare(&label.zh) == cell);
        if let (Some((id, _)), None) = (alike.next(), alike.next()) {
            return Some((id.clone(), true));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn degrees() -> Enum {
        let words = [("none", "无"), ("bachelor", "学士"), ("master", "硕士研究生学历")];
        Enum {
            id: "degree".to_owned(),
            label: Text::new("学位", "degree"),
            ordered: true,
            words: words.map(|(id, zh)| (id.to_owned(), Text::new(zh, id))).into(),
            in_tables: InTables {
                beside: ["研究生", "学历", "全日制"].map(str::to_owned).into(),
                same: vec![("MA".to_owned(), 2)],
                perhaps: vec![("本科".to_owned(), 1), ("研究生".to_owned(), 2)],
            },
        }
    }

    #[test]
    fn words_of_tables_mean_what_the_vocabulary_says() {
        let of = degrees();
        for (cell, meaning) in [
            ("学士", Some(("", true))),
            ("master", Some(("", true))),
            ("MA", Some(("master", true))),
            ("全日制硕士", Some(("master", true))),
            ("硕士", Some(("master", true))),
            ("全日制本科", Some(("bachelor", false))),
            ("研究生", Some(("master", false))),
            ("全日制", None),
            ("中专", None),
        ] {
            assert_eq!(word(cell, &of), meaning.map(|(id, is_sure)| (id.to_owned(), is_sure)), "{cell}");
        }
    }
}
