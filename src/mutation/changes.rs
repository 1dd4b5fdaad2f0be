//! The changes of a policy, found in its checked expressions and, for what is none (thresholds, windows), in its file.

use std::ops::Range;

use crate::clause::Clause;
use crate::clause::kind::Measures;
use crate::coverage::{self, DEFINE, POLICY};
use crate::document::{Item, Raw, Table, parse};
use crate::expr::came_to::What;
use crate::expr::function::Builtin;
use crate::expr::program::{Node, Op, Threshold};
use crate::expr::syntax::Binary;
use crate::mutation::{Change, Kind, Touches, figure};
use crate::policy::Policy;
use crate::source::Span;
use crate::value::{Day, Interval, Number, Value};

/// Every change of a policy, in the order of its file. What stands in a supplement is not changed.
pub fn changes(policy: &Policy) -> Vec<Change> {
    let amounts = policy.clauses.iter().filter(|clause| !clause.signed).filter_map(|clause| clause.amount.as_ref());
    let mut found = Found { policy, changes: Vec::new(), floored: amounts.flat_map(outcomes).collect() };
    for clause in &policy.clauses {
        for node in coverage::nodes(clause) {
            found.expression(&clause.id, node);
        }
        let own = || clause.limits.iter().filter(|limit| !limit.is_over_clauses());
        let when = own().filter_map(|limit| limit.when.as_ref());
        let when = when.chain(clause.instead_of.iter().filter_map(|displaces| displaces.when.as_ref()));
        for test in clause.requires.iter().map(|condition| &condition.test).chain(when) {
            found.add(Kind::Condition, &clause.id, &test.span, "true".to_owned(), Some(test));
        }
        found.moved(clause);
        own().for_each(|limit| found.limit(&clause.id, limit));
        if clause.kind.measures != Measures::Nothing {
            found.dropped(clause);
        }
    }
    for define in &policy.names.defines {
        found.expression(DEFINE, &define.node);
    }
    for node in coverage::rules(policy) {
        found.expression(POLICY, node);
    }
    for (_, limit) in policy.limits_over_clauses() {
        found.limit(POLICY, limit);
        if let Some(test) = &limit.when {
            found.add(Kind::Condition, POLICY, &test.span, "true".to_owned(), Some(test));
        }
    }
    for rule in &policy.consistent {
        found.contradiction(&rule.condition.test);
    }
    if let Some(document) = parse(&policy.source, &mut Vec::new()) {
        found.outside_expressions(&document);
    }
    let mut changes = found.changes;
    changes.sort_by(|a, b| {
        (a.span.range.start, a.span.range.end, &a.new).cmp(&(b.span.range.start, b.span.range.end, &b.new))
    });
    changes.dedup_by(|a, b| a.span.range == b.span.range && a.new == b.new);
    changes
}

pub(super) struct Found<'a> {
    policy: &'a Policy,
    changes: Vec<Change>,
    /// What an amount comes to that is never below nothing: a `max` with nothing there changes nothing.
    floored: Vec<*const Node>,
}

/// What a value comes to: itself, or what the branches of an `if` come to.
fn outcomes(node: &Node) -> Vec<*const Node> {
    match &node.op {
        Op::If(_, yes, no) => [outcomes(yes), outcomes(no)].concat(),
        _ => vec![std::ptr::from_ref(node)],
    }
}

impl Found<'_> {
    pub(super) fn add(&mut self, kind: Kind, clause: &str, span: &Span, new: String, touches: Option<&Node>) {
        let own = std::sync::Arc::ptr_eq(&span.source, &self.policy.source);
        let change = Change {
            kind,
            clause: clause.to_owned(),
            span: span.clone(),
            new,
            reached: false,
            touches: touches.map_or(Touches::Clause, |node| Touches::Part(node.span.clone())),
        };
        // What is as before is no change; what has escapes has no place of its own.
        if own && change.old() != change.new && !change.old().starts_with(['"', '\'']) {
            self.changes.push(change);
        }
    }

    fn expression(&mut self, clause: &str, node: &Node) {
        match &node.op {
            Op::Constant(Value::Quantity(_), Some(written)) => {
                let stands = node.span.source.text.get(node.span.range.clone()).unwrap_or("");
                if stands == written.text {
                    self.figure(clause, &node.span, stands, Some(node));
                }
            }
            Op::Constant(Value::Date(range), _) => {
                if let Some(day) = range.as_point().filter(|day| *day != Day::NEVER) {
                    self.add(Kind::Figure, clause, &node.span, day.plus_days(1).to_string(), Some(node));
                }
            }
            Op::Compare(operator, left, right) => {
                self.between(Kind::Comparison, clause, node, (left, right), comparisons(*operator));
            }
            Op::And(left, right) => {
                self.between(Kind::Condition, clause, node, (left, right), &[("and", "or")]);
                self.part_left_out(clause, node, (left, right), "true");
            }
            Op::Or(left, right) => {
                self.between(Kind::Condition, clause, node, (left, right), &[("or", "and")]);
                self.part_left_out(clause, node, (left, right), "false");
            }
            Op::In(_, options) => {
                let entries: Vec<&Span> = options.iter().map(|option| &option.span).collect();
                self.entries_left_out(Kind::Condition, clause, &entries, Some(node));
            }
            Op::Among(_, texts) if texts.file.is_none() => {
                for (text, span) in &texts.written {
                    let inside = span.range.start + 1..span.range.end.saturating_sub(1);
                    if span.source.text.get(inside.clone()) == Some(text) {
                        let span = Span::new(&span.source, inside);
                        self.add(Kind::Condition, clause, &span, format!("…{text}"), Some(node));
                    }
                }
            }
            Op::Arithmetic(operator, left, right) => {
                self.between(Kind::Calculation, clause, node, (left, right), calculations(*operator));
            }
            Op::Shift { date, by, back, .. } => {
                let operator = if *back { Binary::Subtract } else { Binary::Add };
                self.between(Kind::Calculation, clause, node, (date, by), calculations(operator));
            }
            Op::Call(Builtin::Min | Builtin::Max, arms) => self.arm_left_out(clause, node, arms),
            Op::Not(inner) => {
                let start = node.span.range.start;
                let text = node.span.source.text.get(start..inner.span.range.start).unwrap_or("");
                if text.starts_with("not ") {
                    let span = Span::new(&node.span.source, start..start + "not ".len());
                    self.add(Kind::Condition, clause, &span, String::new(), Some(node));
                }
            }
            Op::CameTo(named) if named.what == What::Awarded => self.before_what_is_lost(clause, node, named.clause),
            Op::Aggregate(aggregate) => {
                if let Some(filter) = &aggregate.filter {
                    // What has a name is asked where it is used, and never by itself.
                    self.add(Kind::Condition, clause, &filter.span, "true".to_owned(), Some(filter));
                }
                aggregate.best.iter().for_each(|best| self.order(clause, best, node));
            }
            _ => {}
        }
        for child in node.children() {
            self.expression(clause, child);
        }
    }

    /// What another clause comes to by its own words, where that is more than what is left of it.
    fn before_what_is_lost(&mut self, clause: &str, node: &Node, named: usize) {
        let Some(other) = self.policy.clauses.get(named) else { return };
        let set = self.policy.tied.get(named);
        let is_tied = self.policy.tied.iter().filter(|other| Some(*other) == set).count() > 1;
        let is_same = other.at_least.is_none() && other.at_most.is_none() && other.limits.is_empty() && !is_tied;
        let (end, word) = (node.span.range.end, What::Awarded.word());
        let span = Span::new(&node.span.source, end.saturating_sub(word.len())..end);
        if !is_same && span.source.text.get(span.range.clone()) == Some(word) {
            self.add(Kind::Calculation, clause, &span, What::Entitled.word().to_owned(), Some(node));
        }
    }

    /// A part of a condition that is not asked: what stands there holds, or fails, for itself.
    fn part_left_out(&mut self, clause: &str, node: &Node, (left, right): (&Node, &Node), neutral: &str) {
        let same = |side: &Node| std::mem::discriminant(&side.op) == std::mem::discriminant(&node.op);
        for side in [left, right].into_iter().filter(|side| !same(side)) {
            self.add(Kind::Condition, clause, &side.span, neutral.to_owned(), Some(side));
        }
    }

    /// An entry of a list, with the comma beside it.
    pub(super) fn entries_left_out(&mut self, kind: Kind, clause: &str, entries: &[&Span], touches: Option<&Node>) {
        for (place, own) in entries.iter().enumerate().filter(|_| entries.len() > 1) {
            let range = match place.checked_sub(1).and_then(|before| entries.get(before)) {
                Some(before) => before.range.end..own.range.end,
                None => own.range.start..entries.get(1).map_or(own.range.end, |next| next.range.start),
            };
            let span = Span::new(&own.source, range);
            if touches.is_none() || is_whole(&span) {
                self.add(kind, clause, &span, String::new(), touches);
            }
        }
    }

    /// An arm of `min` or `max` that does not count: another stands in its place as well.
    fn arm_left_out(&mut self, clause: &str, node: &Node, arms: &[Node]) {
        let source = &node.span.source;
        let text = |range: Range<usize>| source.text.get(range).unwrap_or("");
        let Some(open) = text(node.span.range.clone()).find('(') else { return };
        let mut commas = arms.windows(2).filter_map(|pair| match pair {
            [left, right] => {
                let gap = left.span.range.end..right.span.range.start;
                text(gap.clone()).find(',').map(|comma| gap.start + comma)
            }
            _ => None,
        });
        let mut start = node.span.range.start + open + 1;
        let mut found: Vec<Span> = Vec::new();
        for _ in arms {
            let end = commas.next().unwrap_or(node.span.range.end.saturating_sub(1)).max(start);
            let arm = text(start..end);
            let lead = arm.len() - arm.trim_start().len();
            found.push(Span::new(source, start + lead..start + lead + arm.trim().len()));
            start = end + 1;
        }
        let floored = matches!(node.op, Op::Call(Builtin::Max, _)) && self.floored.contains(&std::ptr::from_ref(node));
        let is_nothing = |arm: &Node| matches!(&arm.op, Op::Constant(value, _) if *value == Value::Quantity(Interval::point(Number::ZERO)));
        for (place, arm) in found.iter().enumerate() {
            // Less than nothing is nothing anyway.
            if floored && arms.get(place).is_some_and(is_nothing) {
                continue;
            }
            let Some(other) = found.get(usize::from(place == 0)) else { continue };
            if is_whole(arm) && is_whole(other) {
                self.add(Kind::Calculation, clause, arm, text(other.range.clone()).to_owned(), Some(node));
            }
        }
    }

    /// A rule on facts that contradict each other: a case notices by being refused, or accepted.
    fn contradiction(&mut self, test: &Node) {
        let before = self.changes.len();
        self.expression(POLICY, test);
        self.add(Kind::Condition, POLICY, &test.span, "true".to_owned(), Some(test));
        self.changes.iter_mut().skip(before).for_each(|change| change.touches = Touches::Facts);
    }

    fn figure(&mut self, clause: &str, span: &Span, stands: &str, touches: Option<&Node>) {
        for new in figure::others(stands) {
            self.add(Kind::Figure, clause, span, new, touches);
        }
    }

    /// Another operator between two sides.
    fn between(
        &mut self,
        kind: Kind,
        clause: &str,
        node: &Node,
        (left, right): (&Node, &Node),
        signs: &[(&str, &str)],
    ) {
        let (start, end) = (left.span.range.end, right.span.range.start);
        // What a name for records stands for, and what is asked of them besides, stand in two places.
        let own = &node.span.range;
        let Some(gap) = node.span.source.text.get(start..end).filter(|_| own.start <= start && end <= own.end) else {
            return;
        };
        let found = signs.iter().find_map(|(sign, new)| Some((gap.find(sign)?, sign, new)));
        if let Some((at, sign, new)) = found {
            let span = Span::new(&node.span.source, start + at..start + at + sign.len());
            self.add(kind, clause, &span, (*new).to_owned(), Some(node));
        }
    }

    /// A clause that is no longer there: from its head to the next.
    fn dropped(&mut self, clause: &Clause) {
        let source = &clause.span.source;
        let start = clause.span.range.start;
        let rest = source.text.get(start..).unwrap_or("");
        let end = rest.find("\n[").map_or(source.text.len(), |length| start + length + 1);
        self.add(Kind::Clause, &clause.id, &Span::new(source, start..end), String::new(), None);
    }

    fn outside_expressions(&mut self, document: &Table) {
        if let Some(head) = table(document, "policy") {
            self.window(POLICY, head);
        }
        for parameter in table(document, "parameters").iter().flat_map(|all| all.entries()) {
            if let Raw::Table(declared) = &parameter.item.value
                && let Some(value) = declared.get("value")
            {
                self.value(value);
            }
        }
        self.thresholds(POLICY, document);
        self.shares(POLICY, document);
        let Some(Item { value: Raw::Array(clauses), .. }) = document.get("clauses") else { return };
        for item in clauses {
            let Raw::Table(clause) = &item.value else { continue };
            let Some(id) = clause.get("id").and_then(|item| item.text(&mut Vec::new())).map(str::to_owned) else {
                continue;
            };
            self.window(&id, clause);
            self.thresholds(&id, clause);
            let rounding = table(clause, "rounding");
            if let Some(item) = rounding.and_then(|rounding| rounding.get("to"))
                && let Raw::Text(text) = &item.value
            {
                self.quoted(&id, &item.span, text);
            }
            if let Some(item) = rounding.and_then(|rounding| rounding.get("direction"))
                && let Some(inner) = within_quotes(item)
            {
                let other = if item.text(&mut Vec::new()) == Some("down") { "up" } else { "down" };
                self.add(Kind::Calculation, &id, &inner, other.to_owned(), None);
            }
            self.shares(&id, clause);
        }
    }

    /// A parameter's value, or what it is from each day on.
    fn value(&mut self, item: &Item) {
        let a_day_later = |found: &mut Self, item: &Item| {
            if let Some(day) = item.day(&mut Vec::new()) {
                found.add(Kind::Figure, POLICY, &item.span, day.plus_days(1).to_string(), None);
            }
        };
        match &item.value {
            Raw::Text(text) => self.quoted(POLICY, &item.span, text),
            Raw::Integer(text) => self.figure(POLICY, &item.span, text, None),
            Raw::Date(_) => a_day_later(self, item),
            Raw::Array(versions) => {
                for version in versions {
                    let Raw::Table(version) = &version.value else { continue };
                    version.get("is").into_iter().for_each(|is| self.value(is));
                    version.get("from").into_iter().for_each(|from| a_day_later(self, from));
                }
            }
            _ => {}
        }
    }

    /// The thresholds of scales, at all times.
    fn thresholds(&mut self, clause: &str, owner: &Table) {
        for scale in table(owner, "scale").iter().flat_map(|scales| scales.entries()) {
            match &scale.item.value {
                Raw::Table(steps) => self.steps(clause, steps),
                Raw::Array(versions) => {
                    for version in versions {
                        if let Raw::Table(version) = &version.value
                            && let Some(steps) = table(version, "is")
                        {
                            self.steps(clause, steps);
                        }
                    }
                }
                _ => {}
            }
        }
    }

    fn steps(&mut self, clause: &str, steps: &Table) {
        for step in steps.entries().iter().filter(|step| step.key != "mode") {
            self.quoted(clause, &step.key_span, Threshold::key(&step.key).1);
        }
    }

    /// A figure in quotes.
    fn quoted(&mut self, clause: &str, span: &Span, text: &str) {
        // The text is the last thing inside the quotes; a sign may stand before it.
        let quote = usize::from(span.range.len() > text.len());
        let end = span.range.end.saturating_sub(quote);
        let inner = Span::new(&span.source, end.saturating_sub(text.len())..end);
        if span.source.text.get(inner.range.clone()) == Some(text) {
            self.figure(clause, &inner, text, None);
        }
    }

    /// The first day a day later, the last a day earlier.
    fn window(&mut self, clause: &str, owner: &Table) {
        let Some(window) = table(owner, "effective") else { return };
        for (key, by) in [("from", 1), ("to", -1)] {
            let Some(item) = window.get(key) else { continue };
            if let Some(day) = item.day(&mut Vec::new()) {
                self.add(Kind::Figure, clause, &item.span, day.plus_days(by).to_string(), None);
            }
        }
    }
}

pub(super) fn table<'t>(owner: &'t Table, key: &str) -> Option<&'t Table> {
    match owner.get(key).map(|item| &item.value) {
        Some(Raw::Table(table)) => Some(table),
        _ => None,
    }
}

/// A text without its quotes; none where it has escapes.
pub(super) fn within_quotes(item: &Item) -> Option<Span> {
    let Raw::Text(text) = &item.value else { return None };
    let quotes = item.span.range.len().checked_sub(text.len())? / 2;
    let inner = Span::new(&item.span.source, item.span.range.start + quotes..item.span.range.end - quotes);
    (inner.source.text.get(inner.range.clone()) == Some(text)).then_some(inner)
}

/// Whether every bracket that opens closes, so that what stands there can be taken out or put elsewhere.
pub(super) fn is_whole(span: &Span) -> bool {
    let text = span.source.text.get(span.range.clone()).unwrap_or("(");
    let depth = text.chars().try_fold(0_usize, |depth, c| match c {
        '(' | '[' => Some(depth + 1),
        ')' | ']' => depth.checked_sub(1),
        _ => Some(depth),
    });
    depth == Some(0)
}

/// How an operation is written, and what is put in its place.
fn calculations(operator: Binary) -> &'static [(&'static str, &'static str)] {
    match operator {
        Binary::Add => &[("+", "-")],
        Binary::Subtract => &[("-", "+"), ("−", "+")],
        Binary::Multiply => &[("×", "÷"), ("*", "/")],
        Binary::Divide => &[("÷", "×"), ("/", "*")],
        _ => &[],
    }
}

/// How a comparison is written, and what is put in its place.
fn comparisons(operator: Binary) -> &'static [(&'static str, &'static str)] {
    match operator {
        Binary::AtLeast => &[(">=", ">"), ("≥", ">")],
        Binary::AtMost => &[("<=", "<"), ("≤", "<")],
        Binary::Greater => &[(">", ">=")],
        Binary::Less => &[("<", "<=")],
        Binary::Equal => &[("==", "!=")],
        Binary::NotEqual => &[("!=", "=="), ("≠", "==")],
        _ => &[],
    }
}
