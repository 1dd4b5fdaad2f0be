//! The changes of a policy, found in its checked expressions and, for what is none (thresholds, windows), in its file.

use crate::clause::Clause;
use crate::clause::kind::Measures;
use crate::coverage::{self, DEFINE, POLICY};
use crate::document::{Item, Raw, Table, parse};
use crate::expr::program::{Node, Op, Threshold};
use crate::expr::syntax::Binary;
use crate::mutation::{Change, Kind, figure};
use crate::policy::Policy;
use crate::source::Span;
use crate::value::{Day, Value};

/// Every change of a policy, in the order of its file. What stands in a supplement is not changed.
pub fn changes(policy: &Policy) -> Vec<Change> {
    let mut found = Found { policy, changes: Vec::new() };
    for clause in &policy.clauses {
        for node in coverage::nodes(clause) {
            found.expression(&clause.id, node);
        }
        let when = clause.limits.iter().filter_map(|limit| limit.when.as_ref());
        let when = when.chain(clause.instead_of.iter().filter_map(|displaces| displaces.when.as_ref()));
        for test in clause.requires.iter().map(|condition| &condition.test).chain(when) {
            found.add(Kind::Condition, &clause.id, &test.span, "true".to_owned(), Some(test));
        }
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

struct Found<'a> {
    policy: &'a Policy,
    changes: Vec<Change>,
}

impl Found<'_> {
    fn add(&mut self, kind: Kind, clause: &str, span: &Span, new: String, touches: Option<&Node>) {
        let own = std::sync::Arc::ptr_eq(&span.source, &self.policy.source);
        let change = Change {
            kind,
            clause: clause.to_owned(),
            span: span.clone(),
            new,
            reached: false,
            touches: touches.map(|node| node.span.clone()),
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
            Op::And(left, right) => self.between(Kind::Condition, clause, node, (left, right), &[("and", "or")]),
            Op::Or(left, right) => self.between(Kind::Condition, clause, node, (left, right), &[("or", "and")]),
            Op::Not(inner) => {
                let start = node.span.range.start;
                let text = node.span.source.text.get(start..inner.span.range.start).unwrap_or("");
                if text.starts_with("not ") {
                    let span = Span::new(&node.span.source, start..start + "not ".len());
                    self.add(Kind::Condition, clause, &span, String::new(), Some(node));
                }
            }
            Op::Aggregate(aggregate) => {
                if let Some(filter) = &aggregate.filter {
                    self.add(Kind::Condition, clause, &filter.span, "true".to_owned(), Some(node));
                }
            }
            _ => {}
        }
        for child in node.children() {
            self.expression(clause, child);
        }
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
        let Some(gap) = node.span.source.text.get(start..end) else { return };
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
        let Some(Item { value: Raw::Array(clauses), .. }) = document.get("clauses") else { return };
        for item in clauses {
            let Raw::Table(clause) = &item.value else { continue };
            let Some(id) = clause.get("id").and_then(|item| item.text(&mut Vec::new())).map(str::to_owned) else {
                continue;
            };
            self.window(&id, clause);
            for scale in table(clause, "scale").iter().flat_map(|scales| scales.entries()) {
                let Raw::Table(steps) = &scale.item.value else { continue };
                for step in steps.entries().iter().filter(|step| step.key != "mode") {
                    self.quoted(&id, &step.key_span, Threshold::key(&step.key).1);
                }
            }
            if let Some(item) = table(clause, "rounding").and_then(|rounding| rounding.get("to"))
                && let Raw::Text(text) = &item.value
            {
                self.quoted(&id, &item.span, text);
            }
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

fn table<'t>(owner: &'t Table, key: &str) -> Option<&'t Table> {
    match owner.get(key).map(|item| &item.value) {
        Some(Raw::Table(table)) => Some(table),
        _ => None,
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
