//! Changes of what stands beside amount and conditions: when a clause is triggered, from when to when something accrues, and how a
//! limit is shared.

use crate::clause::{Clause, Limit};
use crate::document::{Item, Raw, Table};
use crate::expr::program::{Best, Node, Op};
use crate::mutation::Kind;
use crate::mutation::changes::{Found, is_whole, within_quotes};
use crate::source::Span;
use crate::value::{Interval, Number, Value};

impl Found<'_> {
    /// The event is the evaluation date; what accrues begins a month later, ends a month earlier.
    pub(super) fn moved(&mut self, clause: &Clause) {
        if let Some(event) = &clause.event
            && !matches!(event.op, Op::AsOf)
            && is_whole(&event.span)
        {
            self.add(Kind::Time, &clause.id, &event.span, "as_of".to_owned(), Some(event));
        }
        let Some(rule) = &clause.accrual else { return };
        let ends = [&rule.until, &rule.counts_until].into_iter().flatten().map(|end| (end, "-"));
        let starts = std::iter::once(&rule.from).chain(&rule.counts_from).map(|start| (start, "+"));
        for (node, sign) in starts.chain(ends) {
            if is_whole(&node.span) {
                let new = format!("({}) {sign} 1个月", text(&node.span));
                self.add(Kind::Time, &clause.id, &node.span, new, Some(node));
            }
        }
    }

    /// One place more where there is one; all under one key; no order.
    pub(super) fn limit(&mut self, clause: &str, limit: &Limit) {
        let one = Value::Quantity(Interval::point(Number::ONE));
        if matches!(&limit.at_most.op, Op::Constant(value, _) if *value == one) && text(&limit.at_most.span) == "1" {
            self.add(Kind::Figure, clause, &limit.at_most.span, "2".to_owned(), Some(&limit.at_most));
        }
        for node in limit.per.iter().chain(&limit.order).filter(|node| is_whole(&node.span)) {
            self.add(Kind::Limit, clause, &node.span, "1".to_owned(), Some(node));
        }
    }

    /// The first so many from the other end; what decides between equal ones left out.
    pub(super) fn order(&mut self, clause: &str, best: &Best, node: &Node) {
        for by in &best.by {
            let other = match text(&by.word) {
                "highest" => "lowest",
                "lowest" => "highest",
                _ => continue,
            };
            self.add(Kind::Limit, clause, &by.word, other.to_owned(), Some(node));
        }
        for pair in best.by.windows(2) {
            let [one, next] = pair else { continue };
            let span = Span::new(&next.key.span.source, one.key.span.range.end..next.key.span.range.end);
            if is_whole(&span) {
                self.add(Kind::Limit, clause, &span, String::new(), Some(node));
            }
        }
    }

    /// The order of a limit the other way round, that of its clauses where it has none, its share otherwise, over one applicant only, over
    /// fewer clauses, and none.
    pub(super) fn shares(&mut self, clause: &str, table: &Table) {
        let Some(Item { value: Raw::Array(limits), .. }) = table.get("limits") else { return };
        for limit in limits {
            let Raw::Table(limit) = &limit.value else { continue };
            for (key, words) in [
                ("order_by", &[("lowest_first", "highest_first"), ("highest_first", "lowest_first")]),
                ("share", &[("in_proportion", "in_order"), ("in_order", "in_proportion")]),
            ] {
                let Some(inner) = limit.get(key).and_then(within_quotes) else { continue };
                if let Some((_, other)) = words.iter().find(|(word, _)| *word == text(&inner)) {
                    self.add(Kind::Limit, clause, &inner, (*other).to_owned(), None);
                }
            }
            let inline = text(&limit.span).starts_with('{');
            if let (Some(named), None, None) = (limit.get("clauses"), limit.get("order"), limit.get("across"))
                && let Raw::Array(all) = &named.value
            {
                let ids: Vec<&str> = all.iter().rev().map(|item| text(&item.span)).collect();
                self.add(Kind::Limit, clause, &named.span, format!("[{}]", ids.join(", ")), None);
            }
            let mut beside = |key: &str, added: &str| {
                let Some(item) = limit.get(key) else { return };
                let end = item.span.range.end;
                let new = format!("{}{added}", if inline { ", " } else { "\n" });
                self.add(Kind::Limit, clause, &Span::new(&item.span.source, end..end), new, None);
            };
            if limit.get("order_by").is_none() {
                beside("order", "order_by = \"highest_first\"");
            }
            if limit.get("when").is_none() {
                beside("at_most", "when = \"false\"");
            }
            // Two clauses at least share a limit.
            if let Some(Raw::Array(all)) = limit.get("clauses").map(|item| &item.value).filter(|_| !inline) {
                let spans: Vec<&Span> = all.iter().filter(|_| all.len() > 2).map(|item| &item.span).collect();
                self.entries_left_out(Kind::Limit, clause, &spans, None);
            }
            let across = limit.entries().iter().find(|entry| entry.key == "across");
            if let Some(across) = across {
                let (mut start, mut end) = (across.key_span.range.start, across.item.span.range.end);
                let file = &across.item.span.source.text;
                let (before, rest) = (file.get(..start).unwrap_or(""), file.get(end..).unwrap_or(""));
                if inline && rest.trim_start().starts_with(',') {
                    end += rest.len() - rest.trim_start().len() + 1;
                } else if inline && before.trim_end().ends_with(',') {
                    start = before.trim_end().len() - 1;
                }
                let span = Span::new(&across.item.span.source, start..end);
                self.add(Kind::Limit, clause, &span, String::new(), None);
            }
        }
    }
}

fn text(span: &Span) -> &str {
    span.source.text.get(span.range.clone()).unwrap_or("")
}
