//! Two sets of aspects, one against the other.

use crate::diff::Change;
use crate::diff::aspect::{Aspect, Content, Expression};
use crate::diff::meaning::{Known, Meanings, what};
use crate::expr::program::{Node, Op};
use crate::lang::Text;
use crate::policy::told;
use crate::source::Span;
use crate::value::Day;

/// The sides, and what their expressions mean.
pub struct Comparer<'m, 'p> {
    pub meanings: &'m mut Meanings,
    pub old: &'m Known<'p>,
    pub new: &'m Known<'p>,
    /// Where the expressions stand that are compared.
    wholes: Option<(Span, Span)>,
}

/// The name of the list, other than the whole expression, whose condition a part of it is: it stands where the list has its name,
/// and is told of there.
fn named<'p>(known: &Known<'p>, whole: &Span, part: &Node) -> Option<&'p str> {
    let is_in = |part: &Span, whole: &Span| {
        part.source.name == whole.source.name
            && whole.range.start <= part.range.start
            && part.range.end <= whole.range.end
    };
    // What is asked of a list that has conditions already joins both, and stands in two places.
    if is_in(&part.span, whole) || matches!(part.op, Op::And(..)) {
        return None;
    }
    let lets = known.clause.into_iter().flat_map(|clause| clause.lets.iter().zip(&clause.let_nodes));
    let lets = lets.map(|(rule, node)| (rule.name.as_str(), node));
    let defines = known.policy.names.defines.iter().map(|define| (define.name.as_str(), &define.node));
    lets.chain(defines).find(|(_, node)| is_in(&part.span, &node.span)).map(|(name, _)| name)
}

/// What a part is called: behind what it is a part of.
fn within(name: &Text, of: &Text) -> Text {
    let join =
        |one: &str, other: &str| [one, other].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
    Text::made(join(&of.zh, &name.zh), join(&of.en, &name.en))
}

impl<'m, 'p> Comparer<'m, 'p> {
    /// For two policies, or a clause of each.
    pub fn new(meanings: &'m mut Meanings, old: &'m Known<'p>, new: &'m Known<'p>) -> Comparer<'m, 'p> {
        Comparer { meanings, old, new, wholes: None }
    }
}

impl Comparer<'_, '_> {
    /// What is new, gone or different among parts that have keys. `under`, `name`: of what they are parts.
    pub fn keyed(&mut self, under: &str, name: &Text, old: &[Aspect<'_>], new: &[Aspect<'_>], found: &mut Vec<Change>) {
        let mut added: Vec<&Aspect<'_>> =
            new.iter().filter(|aspect| !old.iter().any(|other| other.key == aspect.key)).collect();
        for aspect in old {
            match new.iter().find(|other| other.key == aspect.key) {
                Some(other) => self.both(&path(under, &aspect.key), name, aspect, other, found),
                None => {
                    if let Some(place) = added.iter().position(|other| self.is_renamed(aspect, other)) {
                        added.remove(place);
                    } else if let Some(place) = added.iter().position(|other| self.is_moved(aspect, other)) {
                        let (was, is) = (day(aspect), day(added.remove(place)));
                        let text = |day: Option<(&str, Day)>| {
                            day.map(|(_, day)| Text::made(format!("自 {day} 起"), format!("from {day}")))
                        };
                        let change = self.single(under, name, aspect, true);
                        found.push(Change { old: text(was), new: text(is), ..change });
                    } else {
                        found.push(self.single(under, name, aspect, true));
                    }
                }
            }
        }
        for aspect in added {
            found.push(self.single(under, name, aspect, false));
        }
    }

    /// Whether two are the same from another day on.
    fn is_moved(&mut self, one: &Aspect<'_>, other: &Aspect<'_>) -> bool {
        let named = |aspect: &'_ Aspect<'_>| day(aspect).map(|(name, _)| name.to_owned());
        named(one).is_some() && named(one) == named(other) && {
            let mut apart = Vec::new();
            self.both("", &Text::default(), one, other, &mut apart);
            apart.is_empty()
        }
    }

    /// Whether two are the same under names that only their own file uses.
    fn is_renamed(&mut self, one: &Aspect<'_>, other: &Aspect<'_>) -> bool {
        let own = |aspect: &Aspect<'_>| {
            let (kind, _) = aspect.key.split_once('.')?;
            ["let", "define", "table", "scale"].into_iter().find(|known| *known == kind)
        };
        own(one).is_some()
            && own(one) == own(other)
            && day(one).map(|(_, day)| day) == day(other).map(|(_, day)| day)
            && {
                let mut apart = Vec::new();
                self.both("", &Text::default(), one, other, &mut apart);
                apart.is_empty()
            }
    }

    fn both(&mut self, key: &str, under: &Text, old: &Aspect<'_>, new: &Aspect<'_>, found: &mut Vec<Change>) {
        let name = within(&old.name, under);
        match (&old.content, &new.content) {
            (Content::Plain(one, _), Content::Plain(other, _)) if one == other => {}
            (Content::Expression(one), Content::Expression(other)) if !self.apart(one, other) => {
                if let (Some(one), Some(other)) = (one.words, other.words)
                    && one != other
                {
                    let change = self.change(key, name, Some(old), Some(new));
                    found.push(Change { wording: true, old: Some(one.clone()), new: Some(other.clone()), ..change });
                }
            }
            (Content::Group(one), Content::Group(other)) => {
                let before = found.len();
                self.keyed(key, &name, one, other, found);
                // The words beside what has changed say the same change once more.
                let said = || one.iter().any(|part| part.key == "words");
                if said() && found.iter().skip(before).any(|change| !change.wording) {
                    let mut place = 0;
                    found.retain(|change| {
                        place += 1;
                        place <= before || !change.wording
                    });
                }
            }
            (Content::List(one), Content::List(other)) => self.listed(key, &name, one, other, found),
            _ => found.push(self.change(key, name, Some(old), Some(new))),
        }
        let all = old.wording && new.wording;
        found.iter_mut().rev().take_while(|change| change.key == key).for_each(|change| change.wording |= all);
    }

    /// Parts without names: what is the same, then what has the same words, then what has the same shape belongs together.
    fn listed(&mut self, key: &str, name: &Text, old: &[Aspect<'_>], new: &[Aspect<'_>], found: &mut Vec<Change>) {
        let mut left: Vec<(usize, &Aspect<'_>)> = old.iter().enumerate().collect();
        let mut right: Vec<&Aspect<'_>> = new.iter().collect();
        for pass in 0..4 {
            left.retain(|(place, one)| {
                let Some(at) = right.iter().position(|other| self.belong(pass, one, other)) else { return true };
                let other = right.remove(at);
                self.both(&path(key, &place.to_string()), name, one, other, found);
                false
            });
        }
        for (_, aspect) in left {
            found.push(self.single(key, name, aspect, true));
        }
        for aspect in right {
            found.push(self.single(key, name, aspect, false));
        }
    }

    fn belong(&mut self, pass: usize, one: &Aspect<'_>, other: &Aspect<'_>) -> bool {
        let mut apart = Vec::new();
        match pass {
            0 => self.both("", &Text::default(), one, other, &mut apart),
            1 => {
                self.both("", &Text::default(), one, other, &mut apart);
                apart.retain(|change| !change.wording);
            }
            2 => return words(one).is_some_and(|words_of| words(other) == Some(words_of)),
            _ => return self.alike(one, other),
        }
        apart.is_empty()
    }

    fn alike(&mut self, one: &Aspect<'_>, other: &Aspect<'_>) -> bool {
        match (&one.content, &other.content) {
            (Content::Expression(one), Content::Expression(other)) => self.shape(one.node, other.node, one, other),
            (Content::Group(parts), Content::Group(others)) => {
                let mut apart = Vec::new();
                self.keyed("", &Text::default(), parts, others, &mut apart);
                apart.retain(|change| !change.wording);
                apart.len() * 2 <= parts.len().max(others.len())
            }
            _ => false,
        }
    }

    /// Whether two expressions are the same but for their figures.
    fn shape(&self, a: &Node, b: &Node, one: &Expression<'_>, other: &Expression<'_>) -> bool {
        let (children, others) = (a.children(), b.children());
        let same = match (&a.op, &b.op) {
            (Op::Constant(..), Op::Constant(..)) => a.ty == b.ty,
            _ => self.same_by_itself(a, b, one, other),
        };
        same && children.len() == others.len()
            && children.into_iter().zip(others).all(|(a, b)| self.shape(a, b, one, other))
    }

    fn same_by_itself(&self, a: &Node, b: &Node, one: &Expression<'_>, other: &Expression<'_>) -> bool {
        let named = |known: &Known<'_>, node: &Node| match &node.op {
            Op::Let(place) => known.clause.and_then(|clause| clause.lets.get(*place)).map(|found| found.name.clone()),
            Op::Define(place) => known.policy.names.defines.get(*place).map(|found| found.name.clone()),
            Op::Lookup(table, ..) => Some(table.name.clone()),
            Op::Scale(scale, _) => Some(scale.name.clone()),
            _ => None,
        };
        std::mem::discriminant(&a.op) == std::mem::discriminant(&b.op)
            && match (named(self.old, a), named(self.new, b)) {
                (None, None) => what(self.old, a, &one.records) == what(self.new, b, &other.records),
                (one, other) => one == other,
            }
    }

    /// Whether two expressions differ, but for what is told of by its own name: `let`s, definitions, tables and scales that
    /// stand on both sides.
    fn apart(&mut self, one: &Expression<'_>, other: &Expression<'_>) -> bool {
        let mut records = one.records.clone();
        let mut others = other.records.clone();
        self.wholes = Some((one.node.span.clone(), other.node.span.clone()));
        self.differ(one.node, other.node, &mut records, &mut others)
    }

    fn differ(&mut self, a: &Node, b: &Node, records: &mut Vec<usize>, others: &mut Vec<usize>) -> bool {
        if self.meanings.of(self.old, a, records) == self.meanings.of(self.new, b, others) {
            return false;
        }
        // A table or scale that changes with time is told of from each day on.
        let taken = |node: &'_ Node| node.taken_on().map(|(on, value)| (on.clone(), value.clone()));
        let (one, other) = (taken(a), taken(b));
        if one.is_some() || other.is_some() {
            let value = |taken: &Option<(Node, Node)>, node: &Node| {
                taken.as_ref().map_or_else(|| node.clone(), |(_, value)| value.clone())
            };
            let (first, second) = (value(&one, a), value(&other, b));
            let on = one.zip(other).is_some_and(|((on, _), (against, _))| self.differ(&on, &against, records, others));
            if let Some(index) = self.index(&first, &second, records, others) {
                return on || index;
            }
        }
        if let Some(differ) = self.index(a, b, records, others) {
            return differ;
        }
        match (&a.op, &b.op) {
            (Op::Let(one), Op::Let(other)) => {
                let name = |known: &Known<'_>, place: usize| {
                    known.clause.and_then(|clause| clause.lets.get(place)).map(|found| found.name.clone())
                };
                return name(self.old, *one) != name(self.new, *other);
            }
            (Op::Define(one), Op::Define(other)) => {
                let name = |known: &Known<'_>, place: usize| {
                    known.policy.names.defines.get(place).map(|found| found.name.clone())
                };
                return name(self.old, *one) != name(self.new, *other);
            }
            _ => {}
        }
        if what(self.old, a, records) != what(self.new, b, others)
            || std::mem::discriminant(&a.op) != std::mem::discriminant(&b.op)
        {
            return true;
        }
        let (parts, against) = (a.children(), b.children());
        if parts.is_empty() || parts.len() != against.len() {
            return true;
        }
        let looks_at = |node: &Node| if let Op::Aggregate(aggregate) = &node.op { Some(aggregate.list) } else { None };
        records.extend(looks_at(a));
        others.extend(looks_at(b));
        let differ = parts.into_iter().zip(against).any(|(part, other)| {
            let wholes = self.wholes.as_ref();
            let names = wholes.and_then(|(was, is)| named(self.old, was, part).zip(named(self.new, is, other)));
            names.map_or_else(|| self.differ(part, other, records, others), |(one, other)| one != other)
        });
        if looks_at(a).is_some() {
            records.pop();
            others.pop();
        }
        differ
    }

    /// Of two that look into one table or scale, by its name: whether they look for different things.
    fn index(&mut self, a: &Node, b: &Node, records: &mut Vec<usize>, others: &mut Vec<usize>) -> Option<bool> {
        match (&a.op, &b.op) {
            (Op::Lookup(one, _, index), Op::Lookup(other, _, against)) if one.name == other.name => {
                Some(self.differ(index, against, records, others))
            }
            (Op::Scale(one, index), Op::Scale(other, against)) if one.name == other.name => {
                Some(self.differ(index, against, records, others))
            }
            _ => None,
        }
    }

    /// What stands on one side only.
    fn single(&mut self, under: &str, name: &Text, aspect: &Aspect<'_>, is_old: bool) -> Change {
        let key = path(under, &aspect.key);
        let name = within(&aspect.name, name);
        let (old, new) = if is_old { (Some(aspect), None) } else { (None, Some(aspect)) };
        self.change(&key, name, old, new)
    }

    fn change(&self, key: &str, name: Text, old: Option<&Aspect<'_>>, new: Option<&Aspect<'_>>) -> Change {
        let wording = old.or(new).is_some_and(|aspect| aspect.wording);
        Change {
            clause: None,
            key: key.to_owned(),
            name,
            old: old.map(|aspect| text(self.old, aspect)),
            new: new.map(|aspect| text(self.new, aspect)),
            old_at: old.and_then(Aspect::span).cloned(),
            new_at: new.and_then(Aspect::span).cloned(),
            wording,
        }
    }
}

/// What changes with time, and the day from which on this holds.
fn day<'a>(aspect: &'a Aspect<'_>) -> Option<(&'a str, Day)> {
    let (name, day) = aspect.key.rsplit_once('.')?;
    Some((name, Day::parse(day)?))
}

fn path(under: &str, key: &str) -> String {
    [under, key].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(".")
}

fn words<'a>(aspect: &Aspect<'a>) -> Option<String> {
    match &aspect.content {
        Content::Expression(expression) => expression.words.map(|words| words.zh.to_string()),
        Content::Group(parts) | Content::List(parts) => parts.iter().find_map(words),
        Content::Plain(same, _) => aspect.wording.then(|| same.clone()),
    }
}

/// What an aspect says, in words.
fn text(known: &Known<'_>, aspect: &Aspect<'_>) -> Text {
    match &aspect.content {
        Content::Plain(_, text) => text.clone(),
        Content::Expression(found) => {
            let text = told::expression(known.policy, known.clause, &found.records, found.node);
            match found.words {
                Some(words) => {
                    Text::made(format!("“{}”（{}）", words.zh, text.zh), format!("“{}” ({})", words.en, text.en))
                }
                None => text,
            }
        }
        Content::Group(parts) | Content::List(parts) => {
            // Words that name the whole are not said again.
            let is_said = |part: &&Aspect<'_>| part.key != "words" || part.name.zh.is_empty();
            let parts: Vec<Text> =
                parts.iter().filter(is_said).map(|part| within(&text(known, part), &part.name)).collect();
            Text::join(&parts, "，", ", ")
        }
    }
}
