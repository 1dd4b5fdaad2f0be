//! Whether what clauses declare about figures accounts for something.

use crate::audit::Held;
use crate::audit::declared::Declared;
use crate::audit::figure::Figure;
use crate::audit::working::{Role, Working};
use crate::diagnostic::{Code, Diagnostic, codes};
use crate::lang::Text;

codes! {
    static UNREADABLE: Code =
        Code::new("declared-figure-unreadable", "声明的数字读不出", "a declared figure cannot be read");
    static IDLE: Code =
        Code::new("declared-figure-unused", "声明的数字不起作用", "a declared figure accounts for nothing");
}

impl Held<'_> {
    /// Every declaration must account for something: `not_computed` for a figure of the text with which nothing works, `derived`
    /// for a working figure that the text does not have.
    pub(super) fn declarations(&mut self) {
        let mut open = Vec::new();
        for (place, own) in self.clauses.iter().enumerate() {
            let unnumbered = self.places.unnumbered.contains(&place);
            let passages: Vec<usize> = (0..self.passages.len())
                .filter(|at| {
                    self.places.passages_of(place).contains(at)
                        || unnumbered && self.passages.get(*at).is_some_and(|passage| passage.may_be_unnumbered)
                })
                .collect();
            let texts = || {
                passages
                    .iter()
                    .filter_map(|at| Some((*at, self.read.get(*at)?)))
                    .flat_map(|(at, found)| found.iter().map(move |found| (at, found)))
            };
            for entry in &own.not_computed {
                let stands = passages
                    .iter()
                    .filter_map(|at| self.passages.get(*at))
                    .any(|passage| entry.stands_in(self.text.text.get(passage.range.clone()).unwrap_or("")));
                if entry.figures.is_empty() && !entry.has_numeral() {
                    open.push(unreadable(entry));
                } else if entry.figures.is_empty() && !stands {
                    open.push(idle(entry, not_there(entry)));
                }
                for figure in &entry.figures {
                    let mut said = texts()
                        .filter_map(|(at, found)| Some((at, found.figure.as_ref()?)))
                        .filter(|(_, text)| entry.has(figure, text))
                        .peekable();
                    let label = if said.peek().is_none() {
                        // 十届二次: part of a name
                        if stands && entry.figures.len() == 1 {
                            continue;
                        }
                        not_there(entry)
                    } else if said.all(|(at, text)| self.works_at(at, text)) {
                        Text::made(
                            format!("条款已用“{}”计算，不必声明", entry.written),
                            format!("a clause works with “{}”: there is nothing to declare", entry.written),
                        )
                    } else {
                        continue;
                    };
                    open.push(idle(entry, label));
                }
            }
            for entry in &own.derived {
                if entry.figures.is_empty() {
                    open.push(unreadable(entry));
                    continue;
                }
                for figure in &entry.figures {
                    let all = own.working.iter().chain(&self.rules);
                    let mut used =
                        all.filter(|found| found.role != Role::Answers && found.figure.agrees(figure)).peekable();
                    let label = if used.peek().is_none() {
                        Text::made(
                            format!("本条没有用“{}”计算", entry.written),
                            format!("the clause does not work with “{}”", entry.written),
                        )
                    } else if used.all(|found| self.is_in_text(place, found)) {
                        Text::made(
                            format!("条文就有“{}”，不是推算的", entry.written),
                            format!("the article has “{}” itself", entry.written),
                        )
                    } else {
                        continue;
                    };
                    open.push(idle(entry, label));
                }
            }
        }
        self.open.extend(open);
    }

    fn works_at(&self, passage: usize, text: &Figure) -> bool {
        let clauses = self.clauses_of(passage);
        clauses.into_iter().filter_map(|place| self.clauses.get(place)).any(|own| own.works_with(text))
            || self.works_for_all(passage, text)
    }

    fn is_in_text(&self, place: usize, found: &Working) -> bool {
        let own = if found.is_for_all() { None } else { self.passages_of(place) };
        self.says(&found.figure, own)
    }
}

fn not_there(entry: &Declared) -> Text {
    Text::made(format!("本条条文没有“{}”", entry.written), format!("its article does not have “{}”", entry.written))
}

fn unreadable(entry: &Declared) -> Diagnostic {
    let label = Text::made(
        format!("“{}”不是数字或日期", entry.written),
        format!("“{}” is no figure and no date", entry.written),
    );
    let help = Text::new(
        "照条文写，如 `5万元`、`2026-01-01`、`三年`；日期也可写 `2026年1月1日`",
        "write it as the text does, such as `5万元`, `三年`, `2026-01-01` or `2026年1月1日`",
    );
    UNREADABLE.at(entry.span.clone(), label).help(help)
}

fn idle(entry: &Declared, label: Text) -> Diagnostic {
    let help = Text::new("改正数字，或删去这一条", "mend the figure, or leave the entry out");
    IDLE.at(entry.span.clone(), label).help(help)
}
