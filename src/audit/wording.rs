//! The words of an article against how its clauses are written: on which side of a boundary a figure lies, which figure stands
//! beside which word, what a limit counts, and whether the article is the clause's at all.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use crate::audit::figure::Figure;
use crate::audit::passage::Passage;
use crate::audit::{Held, bounds, manner, pairs, sides};
use crate::clause::Clause;
use crate::clause::kind::Counted;
use crate::diagnostic::{Code, Diagnostic, codes};
use crate::document::Table;
use crate::expr::names::Origin;
use crate::expr::program::{Node, Op};
use crate::lang::Text;
use crate::policy::Policy;
use crate::policy::place;
use crate::source::Span;

codes! {
    static OTHER_SIDE: Code = Code::new(
        "comparison-not-of-text",
        "比较的边界与条文不符",
        "a comparison draws the line where the text does not",
    );
    static OTHER_WORD: Code =
        Code::new("cell-not-of-text", "数字给了另一个词", "a figure belongs to another word in the text");
    pub(super) static OTHER_LIMIT: Code =
        Code::new("limit-not-of-text", "限额与条文不符", "a limit counts otherwise than the text");
    static OTHER_MANNER: Code =
        Code::new("manner-not-of-text", "计算办法与条文不符", "a clause counts, rounds or pays otherwise than the text");
    static OTHER_ARTICLE: Code =
        Code::new("clause-of-another-article", "条款像是另一条的", "a clause seems to be that of another article");
}

impl Held<'_> {
    /// Everything that the words of the articles say against their clauses.
    pub(super) fn wording(&mut self) {
        let mut open = Vec::new();
        for at in 0..self.passages.len() {
            let clauses: Vec<&Clause> =
                self.places.clauses_of(at).into_iter().filter_map(|place| self.policy.clauses.get(place)).collect();
            open.extend(self.other_sides(at, &clauses));
            open.extend(self.other_bounds(at, &clauses));
            for clause in &clauses {
                open.extend(self.other_words(at, clause));
                open.extend(self.other_limits(at, clause));
                open.extend(self.other_manner(at, clause));
                open.extend(self.other_applicants(at, clause));
            }
            open.extend(self.other_money(at, &clauses));
        }
        open.extend(self.shared_limits());
        open.extend(self.other_articles());
        self.open.extend(open);
    }

    pub(super) fn text_of(&self, at: usize) -> (usize, &str) {
        let range = self.passages.get(at).map_or(0..0, |passage| passage.range.clone());
        (range.start, self.text.text.get(range).unwrap_or(""))
    }

    pub(super) fn span(&self, range: std::ops::Range<usize>) -> Span {
        Span::new(self.text, range)
    }

    /// The figures that are read in a passage, with their places.
    fn figures(&self, at: usize) -> impl Iterator<Item = (&Figure, &Range<usize>)> {
        let read = self.read.get(at).into_iter().flatten();
        read.filter_map(|found| Some((found.figure.as_ref()?, &found.range)))
    }

    /// What the words around each figure of a passage say, once: the same figure may stand there with several words.
    fn said<T: PartialEq>(&self, at: usize, say: impl Fn(&Range<usize>) -> T) -> BTreeMap<String, Vec<T>> {
        let mut said: BTreeMap<String, Vec<T>> = BTreeMap::new();
        for (figure, range) in self.figures(at) {
            let (all, one) = (said.entry(figure.to_string()).or_default(), say(range));
            if !all.contains(&one) {
                all.push(one);
            }
        }
        said
    }

    /// 不少于 in the text, and `>` wherever the clauses compare with this figure.
    fn other_sides(&self, at: usize, clauses: &[&Clause]) -> Vec<Diagnostic> {
        let compared = clauses.iter().flat_map(|clause| {
            let nodes = clause.expressions().into_iter().map(|node| (node, false)).collect();
            sides::compared(self.policy, Some(clause), nodes)
        });
        let compared: Vec<sides::Compared> = compared.collect();
        let read = || self.read.get(at).into_iter().flatten();
        let sides = self.said(at, |range| sides::in_words(&self.text.text, range, true));
        let wrong = read().filter_map(|found| {
            let said = sides::in_words(&self.text.text, &found.range, true)?;
            let figure = found.figure.as_ref()?;
            let other = sides::against(&compared, figure, said)?;
            // The same figure may stand in the article again, with other words.
            let again = sides.get(&figure.to_string()).is_some_and(|all| {
                all.iter().any(|side| side.is_none_or(|side| side.with_above == other.side.with_above))
            });
            if again {
                return None;
            }
            let label = Text::new("条文的边界在另一边", "the text draws the line on the other side");
            let help = Text::new(
                "“不少于、满、以上”用 `>=`，“超过”用 `>`，“不超过、以下”用 `<=`，“不满、低于”用 `<`",
                "`>=` for 不少于, 满, 以上; `>` for 超过; `<=` for 不超过, 以下; `<` for 不满, 低于",
            );
            let found = OTHER_SIDE
                .at(other.span.clone(), label)
                .and(self.span(found.range.clone()), Text::new("条文", "the text"));
            Some(found.help(help))
        });
        wrong.collect()
    }

    /// 最高5万元 in the text, and `at_least` or `max` in the clauses.
    fn other_bounds(&self, at: usize, clauses: &[&Clause]) -> Vec<Diagnostic> {
        let bounds: Vec<bounds::Bound> = clauses.iter().flat_map(|clause| bounds::of(self.policy, clause)).collect();
        let said = self.said(at, |range| bounds::in_words(&self.text.text, range));
        let mut found = Vec::new();
        for (figure, range) in self.figures(at) {
            let Some(floor) = bounds::in_words(&self.text.text, range) else { continue };
            // The same figure may stand in the article again, with other words.
            let again = said.get(&figure.to_string()).is_some_and(|all| all.len() > 1);
            let Some(other) = bounds::against(&bounds, figure, floor).filter(|_| !again) else { continue };
            let label = if floor { bounds::CEILING_HERE } else { bounds::FLOOR_HERE };
            let said = self.span(range.clone());
            found.push(OTHER_SIDE.at(other.span.clone(), label).and(said, Text::new("条文", "the text")));
        }
        found
    }

    /// 硕士5万元 in the text, and 2万元 in the cell.
    fn other_words(&self, at: usize, clause: &Clause) -> Vec<Diagnostic> {
        let (start, text) = self.text_of(at);
        let wrong =
            pairs::of_clause(self.policy, clause).into_iter().flat_map(|entries| pairs::mismatches(text, &entries));
        wrong
            .map(|wrong| {
                let range = start + wrong.range.start..start + wrong.range.end;
                let written = self.text.text.get(range.clone()).unwrap_or("");
                let label = Text::made(
                    format!("条文中“{}”旁边是 {written}", wrong.beside),
                    format!("beside “{}” the text has {written}", wrong.beside),
                );
                OTHER_WORD.at(wrong.entry.span.clone(), label).and(self.span(range), Text::new("条文", "the text"))
            })
            .collect()
    }

    /// 不足一个月的按一个月计 in the text, and only complete months in the clause.
    fn other_manner(&self, at: usize, clause: &Clause) -> Vec<Diagnostic> {
        let (start, text) = self.text_of(at);
        let Some(own) = place::clause(self.policy, clause) else { return Vec::new() };
        // An article of several clauses may speak of one of them.
        let alone = self.places.clauses_of(at).len() == 1;
        let told = |against: manner::Against| {
            let place = key_span(own, against.key).unwrap_or_else(|| clause.span.clone());
            let said = self.span(start..start + text.trim_end().len());
            OTHER_MANNER.at(place, against.label).and(said, Text::new("条文", "the text"))
        };
        manner::against(self.policy, clause, own, text).into_iter().filter(|_| alone).map(told).collect()
    }

    /// 与其他政策重复的，从高 in the text, and no rule that looks at other money.
    fn other_money(&self, at: usize, clauses: &[&Clause]) -> Option<Diagnostic> {
        let (start, text) = self.text_of(at);
        let said = manner::other_money(text).filter(|_| self.policy.overlap.is_none())?;
        let looks = |clause: &Clause| manner::looks_at_other_money(self.policy, clause);
        if self.policy.clauses.iter().any(looks) || clauses.is_empty() {
            return None;
        }
        let label = Text::new("政策没有管其他资金的规则", "the policy has no rule for other money");
        let help = Text::new(
            "写 `[overlap]`，或在条款中看 `other_benefits`",
            "write `[overlap]`, or look at `other_benefits` in the clauses",
        );
        Some(OTHER_MANNER.at(self.span(start + said.start..start + said.end), label).help(help))
    }

    /// 企业…的，给予 in the text, and a clause that pays persons as well.
    fn other_applicants(&self, at: usize, clause: &Clause) -> Vec<Diagnostic> {
        let (start, text) = self.text_of(at);
        let head = self.passages.get(at).map_or(0, |passage| passage.head.end - start);
        let body = text.get(head..).unwrap_or("").trim_start();
        let kinds = || clause.applies_to.iter().filter_map(|kind| self.policy.names.applicant_kinds.get(*kind));
        let pays =
            clause.kind.counted == Counted::Total && self.places.passages_of(place_of(self.policy, clause)).len() == 1;
        let Some((_, subject)) = kinds().find(|(_, label)| body.starts_with(&*label.zh)).filter(|_| pays) else {
            return Vec::new();
        };
        let named = |label: &Text| text.contains(&*label.zh);
        let told = |(_, label): &(String, Text)| {
            let says = Text::made(
                format!("条文讲的是“{}”，没有“{}”", subject.zh, label.zh),
                format!("the text speaks of “{}” and has no “{}”", subject.en, label.en),
            );
            let from = start + text.len() - text.get(head..).unwrap_or("").trim_start().len();
            let said = self.span(from..from + subject.zh.len());
            let place = place::key(self.policy, clause, "for");
            OTHER_MANNER.at(place, says).and(said, Text::new("条文", "the text"))
        };
        kinds().filter(|(_, label)| !named(label)).map(told).collect()
    }

    pub(super) fn asks_reading(&self, node: &Node) -> bool {
        let own = match node.op {
            Op::Input(place) => {
                self.policy.names.inputs.get(place).is_some_and(|input| matches!(input.origin, Origin::Reading(_)))
            }
            _ => false,
        };
        own || node.children().into_iter().any(|node| self.asks_reading(node))
    }

    /// Clauses whose title shares nothing with the article that they cite, and most of itself with another one.
    fn other_articles(&self) -> Vec<Diagnostic> {
        let bodies: Vec<BTreeSet<(char, char)>> =
            (0..self.passages.len()).map(|at| pairs_of_signs(self.text_of(at).1)).collect();
        let mut found = Vec::new();
        for (place, clause) in self.policy.clauses.iter().enumerate().filter(|(_, clause)| clause.supplement.is_none())
        {
            let own = self.places.passages_of(place);
            let title = pairs_of_signs(&clause.title.zh);
            let shared = |at: usize| bodies.get(at).map_or(0, |body| body.intersection(&title).count());
            if own.is_empty() || title.len() < 3 || own.iter().any(|at| shared(*at) > 0) {
                continue;
            }
            let best = (0..bodies.len())
                .filter(|at| self.passages.get(*at).is_some_and(Passage::is_article))
                .max_by_key(|at| shared(*at));
            let Some(best) = best.filter(|at| shared(*at) * 2 >= title.len()) else { continue };
            let name = self.passages.get(best).map_or("", |passage| passage.name.as_str());
            let label = Text::made(
                format!("标题与{}毫无相同之处，与“{name}”多处相同", clause.cite),
                format!("the title has nothing of {} and much of “{name}”", clause.cite),
            );
            let help = Text::new("核对 `cite` 和标题", "see `cite` and the title");
            found.push(OTHER_ARTICLE.at(place::key(self.policy, clause, "cite"), label).help(help));
        }
        found
    }
}

pub(super) fn key_span(table: &Table, key: &str) -> Option<Span> {
    table.get(key).map(|item| item.span.clone())
}

fn place_of(policy: &Policy, clause: &Clause) -> usize {
    policy.clause(&clause.id).unwrap_or(usize::MAX)
}

/// Neighbouring signs, without marks and blanks.
fn pairs_of_signs(text: &str) -> BTreeSet<(char, char)> {
    let signs: Vec<char> = text.chars().filter(|c| c.is_alphanumeric()).collect();
    signs.windows(2).filter_map(|pair| Some((*pair.first()?, *pair.last()?))).collect()
}
