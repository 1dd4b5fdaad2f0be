//! Which clause speaks of which passage.

use crate::audit::passage::{self, Key, Passage};
use crate::policy::Policy;

/// Which clause speaks of which passage.
pub struct Places {
    /// For each clause the passages that it cites.
    of_clause: Vec<Vec<usize>>,
    /// For each limit over several clauses likewise.
    of_limit: Vec<Vec<usize>>,
    /// For each clause what it cites and the text does not have.
    not_there: Vec<Vec<String>>,
    /// Clauses that cite no number: of the preamble, or of closing words.
    pub unnumbered: Vec<usize>,
}

impl Places {
    /// By what the clauses cite.
    pub fn of(policy: &Policy, passages: &[Passage]) -> Places {
        let mut parts: Vec<String> = Vec::new();
        let (mut of_clause, mut not_there) = (Vec::new(), Vec::new());
        let mut unnumbered = Vec::new();
        for (place, clause) in policy.clauses.iter().enumerate() {
            let (found, missing) = cited(&clause.cite, passages, &mut parts).unwrap_or_else(|| {
                let titled = |passage: &Passage| !passage.title.is_empty() && clause.cite.starts_with(&passage.title);
                let found: Vec<usize> =
                    passages.iter().enumerate().filter(|(_, passage)| titled(passage)).map(|(at, _)| at).collect();
                unnumbered.extend(found.is_empty().then_some(place));
                (found, Vec::new())
            });
            of_clause.push(found);
            not_there.push(missing);
        }
        let limits = policy.limits.iter();
        let of_limit = limits.map(|limit| cited(&limit.cite, passages, &mut parts).unwrap_or_default().0).collect();
        Places { of_clause, of_limit, not_there, unnumbered }
    }

    /// The clauses that cite a passage.
    pub fn clauses_of(&self, passage: usize) -> Vec<usize> {
        let speaks = |(_, passages): &(usize, &Vec<usize>)| passages.contains(&passage);
        self.of_clause.iter().enumerate().filter(speaks).map(|(clause, _)| clause).collect()
    }

    /// What a clause cites and the text does not have, where it has other articles that the clause cites.
    pub fn not_there(&self, clause: usize) -> &[String] {
        let some = !self.passages_of(clause).is_empty();
        self.not_there.get(clause).filter(|_| some).map_or(&[], Vec::as_slice)
    }

    /// The passages that a limit over several clauses cites.
    pub fn passages_of_limit(&self, limit: usize) -> &[usize] {
        self.of_limit.get(limit).map_or(&[], Vec::as_slice)
    }

    /// The passages that a clause cites.
    pub fn passages_of(&self, clause: usize) -> &[usize] {
        self.of_clause.get(clause).map_or(&[], Vec::as_slice)
    }
}

/// The passages that are cited by their numbers, and what the text does not have; `None` where no number is. What stands before a
/// number (基地指引, 附件) tells `parts` apart; they come in the order of the text.
fn cited(cite: &str, passages: &[Passage], parts: &mut Vec<String>) -> Option<(Vec<usize>, Vec<String>)> {
    let cited = passage::all_cited(cite);
    if cited.is_empty() {
        return None;
    }
    let (mut all, mut missing) = (Vec::new(), Vec::new());
    for (prefix, key) in cited {
        let part = parts.iter().position(|known| *known == prefix).unwrap_or_else(|| {
            parts.push(prefix.clone());
            parts.len() - 1
        });
        let same = |passage: &Passage| passage.part == part && passage.key.as_ref() == Some(&key);
        let before = all.len();
        all.extend(passages.iter().enumerate().filter(|(_, passage)| same(passage)).map(|(at, _)| at));
        missing.extend((all.len() == before).then(|| format!("{prefix}{}", key.written())));
    }
    Some((all, missing))
}

impl Key {
    /// As a clause cites it.
    pub(super) fn written(&self) -> String {
        match self {
            Key::Article(number) => format!("第{number}条"),
            Key::Item(number) => format!("第{number}项"),
            Key::Section(section, None) => section.to_string(),
            Key::Section(section, Some(sub)) => format!("{section}（{sub}）"),
        }
    }
}

impl PartialEq for Key {
    fn eq(&self, other: &Key) -> bool {
        match (self, other) {
            (Key::Article(a), Key::Article(b)) | (Key::Item(a), Key::Item(b)) => a == b,
            (Key::Section(a, b), Key::Section(c, d)) => a == c && b == d,
            // 第8条 may be what a text numbers `8.`
            (Key::Article(a), Key::Item(b)) | (Key::Item(a), Key::Article(b)) => a == b,
            _ => false,
        }
    }
}
