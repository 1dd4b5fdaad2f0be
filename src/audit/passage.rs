//! The articles of an official text, by the ways in which such texts are numbered: `第八条`, `8.`, `三、` with `（二）`.

use std::ops::Range;
use std::sync::Arc;

use crate::audit::numeral::ordinal;
use crate::audit::reader::{self, Found, chinese_number};
use crate::source::Source;
use crate::value::numeral::chinese;

/// The number of an article.
#[derive(Clone, Debug)]
pub enum Key {
    /// `第八条`
    Article(u32),
    /// `8.`
    Item(u32),
    /// `三、`, and under it `（二）`.
    Section(u32, Option<u32>),
}

/// A numbered part of a text, or what stands before the first.
#[derive(Clone, Debug)]
pub struct Passage {
    /// Its number; none for what stands before the first.
    pub key: Option<Key>,
    /// Which of several numberings it belongs to.
    pub part: usize,
    /// Its number as written.
    pub name: String,
    /// The words behind the number, where they are a mere title.
    pub title: String,
    /// Where its heading stands.
    pub head: Range<usize>,
    /// Where it stands, heading included.
    pub range: Range<usize>,
    /// Whether it says anything beyond a title.
    has_body: bool,
    /// Whether it can hold text that no number governs: what stands first, and what follows the last number of a part.
    pub may_be_unnumbered: bool,
}

/// A longer heading line is an article of its own.
const LONGEST_TITLE: usize = 24;

impl Passage {
    /// Whether it must have a clause: a number with more than a title.
    pub fn is_article(&self) -> bool {
        match self.key {
            None => false,
            Some(Key::Article(_) | Key::Item(_)) => true,
            Some(Key::Section(..)) => self.has_body,
        }
    }

    /// Its figures, and what looks like one, with their places.
    pub fn read(&self, text: &Arc<Source>) -> Vec<Found> {
        // The number itself is no figure.
        let start = if self.key.is_some() { self.head.end } else { self.range.start };
        reader::read(text.text.get(start..self.range.end).unwrap_or(""), start)
    }
}

struct Heading {
    key: Key,
    /// The number as written, and where the words behind it begin.
    name: String,
    head: Range<usize>,
}

/// A number at the head of `line`: the key without its section, the number as written, and its length.
fn heading(line: &str) -> Option<(Key, usize)> {
    let trimmed = line.trim_start_matches(|c: char| c.is_whitespace() || c == '*');
    let skipped = line.len() - trimmed.len();
    if let Some(rest) = trimmed.strip_prefix('第') {
        // 第八条, 第8条, 第 ８ 条
        let (number, length) = ordinal(rest)?;
        let after = rest.get(length..)?;
        let blank = after.len() - after.trim_start().len();
        let length = length + blank;
        return after
            .trim_start()
            .starts_with('条')
            .then(|| (Key::Article(number), skipped + "第".len() + length + "条".len()));
    }
    for open in ['（', '('] {
        if let Some(rest) = trimmed.strip_prefix(open) {
            let (number, length) = chinese_number(rest)?;
            let close = rest.get(length..)?.chars().next().filter(|c| matches!(c, '）' | ')'))?;
            return Some((Key::Section(0, Some(number)), skipped + open.len_utf8() + length + close.len_utf8()));
        }
    }
    let digits = trimmed.len() - trimmed.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    if (1..=2).contains(&digits) {
        let rest = trimmed.get(digits..)?;
        let point = rest.chars().next().filter(|c| matches!(c, '.' | '．'))?;
        let number = trimmed.get(..digits)?.parse().ok()?;
        let follows = rest.get(point.len_utf8()..)?.chars().next();
        return follows
            .is_none_or(|c| !c.is_ascii_digit())
            .then_some((Key::Item(number), skipped + digits + point.len_utf8()));
    }
    let (number, length) = chinese_number(trimmed)?;
    let after = trimmed.get(length..)?;
    after.starts_with('、').then(|| (Key::Section(number, None), skipped + length + "、".len()))
}

/// Line beginnings and cell beginnings of tables, where numbers stand.
fn starts(text: &str) -> Vec<usize> {
    let behind = |c: char| matches!(c, '\n' | '\t');
    std::iter::once(0).chain(text.char_indices().filter(|(_, c)| behind(*c)).map(|(at, c)| at + c.len_utf8())).collect()
}

/// Whether the items of a text are numbered anew in every section: then they are parts of it, and nobody can cite them by their numbers.
fn begin_anew(candidates: &[(usize, Key, usize)]) -> bool {
    let (mut anew, mut going_on, mut is_new_section) = (0, 0, false);
    for (_, key, _) in candidates {
        match key {
            Key::Section(..) => is_new_section = true,
            Key::Item(number) if is_new_section => {
                is_new_section = false;
                *(if *number == 1 { &mut anew } else { &mut going_on }) += 1;
            }
            _ => {}
        }
    }
    anew > 1 && going_on == 0
}

/// The passages of a text, in order; the first is what stands before any number.
pub fn passages(source: &Arc<Source>) -> Vec<Passage> {
    let text = source.text.as_str();
    let starts = starts(text);
    let at_line = |at: usize| at == 0 || text.as_bytes().get(at - 1) == Some(&b'\n');
    let candidates: Vec<(usize, Key, usize)> = starts
        .iter()
        .filter_map(|&at| {
            let line = text.get(at..)?.split('\n').next()?;
            let (key, length) = heading(line)?;
            // In a table's cell only items are numbered.
            (at_line(at) || matches!(key, Key::Item(_))).then_some((at, key, length))
        })
        .collect();
    let items_begin_anew = begin_anew(&candidates);
    let by_article = candidates.iter().filter(|(_, key, _)| matches!(key, Key::Article(_))).count() > 2;
    let mut headings: Vec<(Heading, usize)> = Vec::new();
    let (mut part, mut section, mut item) = (0, 0, 0);
    let mut annexes = starts.iter().copied().filter(|&at| {
        let line = text.get(at..).unwrap_or("").split('\n').next().unwrap_or("").trim();
        at_line(at) && line == "附件"
    });
    let mut annex = annexes.next();
    for (at, key, length) in candidates {
        if annex.is_some_and(|annex| annex < at) {
            (part, section, item) = (part + 1, 0, 0);
            annex = annexes.next();
        }
        let key = match key {
            Key::Article(number) => Key::Article(number),
            Key::Item(_) if by_article || items_begin_anew => continue,
            // Lists inside an item begin anew; the text's own numbers go on.
            Key::Item(number) if number == item + 1 => {
                item = number;
                Key::Item(number)
            }
            Key::Item(_) => continue,
            Key::Section(number, None) => {
                if number == 1 && section > 0 {
                    part += 1;
                    item = 0;
                }
                section = number;
                Key::Section(number, None)
            }
            // Under an article it is a part of that.
            Key::Section(_, Some(_))
                if by_article && matches!(headings.last(), Some((Heading { key: Key::Article(_), .. }, _))) =>
            {
                continue;
            }
            Key::Section(_, Some(number)) => Key::Section(section, Some(number)),
        };
        let name = match &key {
            Key::Section(section, Some(_)) => {
                format!("{}{}", chinese(*section), text.get(at..at + length).unwrap_or("").trim())
            }
            _ => text.get(at..at + length).unwrap_or("").trim().trim_end_matches(['、', '.', '．']).to_owned(),
        };
        headings.push((Heading { key, name, head: at..at + length }, part));
    }
    let first = headings.first().map_or(text.len(), |(heading, _)| heading.head.start);
    let mut passages = vec![Passage {
        key: None,
        part: 0,
        name: "正文之前".to_owned(),
        title: String::new(),
        head: 0..0,
        range: 0..first,
        has_body: false,
        may_be_unnumbered: true,
    }];
    for (place, (heading, part)) in headings.iter().enumerate() {
        let next = headings.get(place + 1);
        let end = next.map_or(text.len(), |(next, _)| next.head.start);
        let body = text.get(heading.head.end..end).unwrap_or("").trim();
        let line = body.split('\n').next().unwrap_or("").trim();
        let is_title = line.chars().count() <= LONGEST_TITLE && !line.contains('。');
        passages.push(Passage {
            key: Some(heading.key.clone()),
            part: *part,
            name: heading.name.clone(),
            title: if is_title { line.to_owned() } else { String::new() },
            head: heading.head.clone(),
            range: heading.head.start..end,
            has_body: !is_title || body.contains('\n'),
            may_be_unnumbered: next.is_none_or(|(_, other)| other != part),
        });
    }
    passages
}

/// The number that a clause cites, and what stands before it: `第十九条第一项`, `第8项`, `附件第6项`, `基地指引三（一）`.
pub fn cited(cite: &str) -> Option<(String, Key)> {
    for (at, _) in cite.match_indices('第') {
        let rest = cite.get(at + "第".len()..)?;
        let Some((number, length)) = ordinal(rest) else { continue };
        let digits = rest.trim_start().starts_with(|c: char| c.is_numeric());
        let prefix = cite.get(..at)?.to_owned();
        match rest.get(length..)?.trim_start().chars().next() {
            Some('条') => return Some((prefix, Key::Article(number))),
            Some('项') if digits => return Some((prefix, Key::Item(number))),
            _ => {}
        }
    }
    // `三（二）` at the end.
    for (at, _) in cite.char_indices() {
        let rest = cite.get(at..)?;
        let Some((section, length)) = chinese_number(rest) else { continue };
        let after = rest.get(length..)?;
        let prefix = cite.get(..at)?.to_owned();
        if after.is_empty() {
            return Some((prefix, Key::Section(section, None)));
        }
        let inner = after.strip_prefix('（').or(after.strip_prefix('('));
        let inner = inner.and_then(|inner| inner.strip_suffix('）').or(inner.strip_suffix(')')));
        if let Some((sub, used)) = inner.and_then(chinese_number)
            && inner.is_some_and(|inner| inner.len() == used)
        {
            return Some((prefix, Key::Section(section, Some(sub))));
        }
    }
    None
}

/// All the numbers that a clause cites: `第一条、第三条`, `第二条至第四条`; what names no number of its own (`第一条、第二款`) is a part
/// of the one before it.
pub fn all_cited(cite: &str) -> Vec<(String, Key)> {
    let mut all: Vec<(String, Key)> = Vec::new();
    for part in cite.split(['、', '，', ',', '；', ';', '和', '及', '与']) {
        for (end, part) in part.split(['至', '—', '~', '～']).enumerate() {
            let Some((prefix, key)) = cited(part) else { continue };
            let before = all.last().map(|(prefix, key)| (prefix.clone(), key.clone()));
            // 附件第6项、第7项: both are of the annex.
            let prefix = match &before {
                Some((outer, Key::Item(_))) if prefix.is_empty() && matches!(key, Key::Item(_)) => outer.clone(),
                _ => prefix,
            };
            let from = match (end, before, &key) {
                (1.., Some((_, Key::Article(from))), Key::Article(to)) => from + 1..*to,
                (1.., Some((_, Key::Item(from))), Key::Item(to)) => from + 1..*to,
                _ => 0..0,
            };
            for number in from.take(MOST_CITED) {
                let between = if matches!(key, Key::Article(_)) { Key::Article(number) } else { Key::Item(number) };
                all.push((prefix.clone(), between));
            }
            all.push((prefix, key));
        }
    }
    if all.is_empty() { cited(cite).into_iter().collect() } else { all }
}

/// More articles no clause speaks of.
const MOST_CITED: usize = 200;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_three_kinds() {
        let text = "引言 5万元\n第一条 甲。\n第二条 乙\n1.子项\n（一）丑。\n二行。\n第三条 丙\n四、附则\n有效期至2026年12月31日\n";
        let passages = passages(&Source::new("x", text));
        let names: Vec<&str> = passages.iter().map(|passage| passage.name.as_str()).collect();
        assert_eq!(names, ["正文之前", "第一条", "第二条", "第三条", "四"]);
        assert_eq!(passages.last().map(|passage| passage.title.as_str()), Some("附则"));
        assert!(passages.iter().skip(1).all(Passage::is_article));
    }

    #[test]
    fn a_title_alone_is_no_article_and_inner_lists_do_not_count() {
        let text = "一、总则\n（一）原则\n1.甲\n1.子\n2.子\n2.乙\n附件\n表\t1.丙\n";
        let passages = passages(&Source::new("x", text));
        let found: Vec<(String, usize, bool)> =
            passages.iter().map(|passage| (passage.name.clone(), passage.part, passage.is_article())).collect();
        let expected = [
            ("正文之前", 0, false),
            ("一", 0, false),
            ("一（一）", 0, false),
            ("1", 0, true),
            ("2", 0, true),
            ("1", 1, true),
        ];
        assert_eq!(found, expected.map(|(name, part, article)| (name.to_owned(), part, article)));
    }

    #[test]
    fn items_of_every_section_are_parts_of_it() {
        let text = "一、甲\n（一）补贴。\n1.子。\n2.丑。\n（二）奖励。\n1.寅。\n2.卯。\n二、乙。其他\n";
        let names = |text: &str| -> Vec<String> {
            passages(&Source::new("x", text)).into_iter().filter(Passage::is_article).map(|own| own.name).collect()
        };
        assert_eq!(names(text), ["一（一）", "一（二）", "二"]);
        // Those that go on from section to section are the text's own.
        assert_eq!(names("一、甲\n1.子。\n2.丑。\n二、乙\n3.寅。\n1.内。\n"), ["1", "2", "3"]);
    }

    #[test]
    fn cites() {
        let key = |cite: &str| cited(cite).map(|(prefix, key)| format!("{prefix}|{key:?}"));
        assert_eq!(key("第十九条第一项").as_deref(), Some("|Article(19)"));
        assert_eq!(key("附件第6项").as_deref(), Some("附件|Item(6)"));
        assert_eq!(key("基地指引三（一）").as_deref(), Some("基地指引|Section(3, Some(1))"));
        assert_eq!(key("附则第一款"), None);
        assert_eq!(key("引言"), None);
        let all = |cite: &str| -> Vec<String> {
            all_cited(cite).iter().map(|(prefix, key)| format!("{prefix}|{key:?}")).collect()
        };
        assert_eq!(all("第一条、第三条第二项"), ["|Article(1)", "|Article(3)"]);
        assert_eq!(all("第二条至第四条"), ["|Article(2)", "|Article(3)", "|Article(4)"]);
        assert_eq!(all("附件第6项和第7项"), ["附件|Item(6)", "附件|Item(7)"]);
        assert_eq!(all("第一条、第二款"), ["|Article(1)"]);
    }
}
