//! What is called: a scale, a built-in function, `known`, or something over the records of a list.

use std::sync::Arc;

use super::came_to;
use super::{BAD_ARGUMENTS, Checker, UNKNOWN_FUNCTION};
use crate::diagnostic::did_you_mean;
use crate::expr::function::{self, Builtin, months_type};
use crate::expr::program::{Aggregate, AggregateKind, Node, Op};
use crate::expr::syntax::{Call, Syntax};
use crate::expr::types::Type;
use crate::lang::Text;
use crate::value::Unit;

/// The one function that asks not for a value but whether there is one.
const KNOWN: &str = "known";

/// Everything that every expression may call.
pub fn callable() -> Vec<&'static str> {
    let functions = Builtin::EVERY.iter().map(|builtin| builtin.function().name);
    let over_lists = AggregateKind::EVERY.iter().map(|kind| kind.word());
    functions.chain(over_lists).chain([KNOWN]).collect()
}

impl Checker<'_> {
    pub(super) fn call(&mut self, call: &Call, syntax: &Syntax) -> Option<Node> {
        let scope = self.scope;
        if let Some(found) = scope.scales.iter().find(|scale| scale.name == call.name) {
            let [argument] = call.arguments.as_slice() else { return self.bad_call(call, "scale(x)") };
            let (_, first) = found.all.first()?;
            let argument = self.want(argument, &first.over)?;
            let mut all = Vec::new();
            for (since, scale) in &found.all {
                let ty = match (&scale.ty, &scale.over, scale.marginal) {
                    (Type::Quantity(rate), Type::Quantity(over), true) => Type::Quantity(rate.times(over)),
                    (ty, _, _) => ty.clone(),
                };
                let node = self.node(Op::Scale(Arc::clone(scale), Box::new(argument.clone())), ty, syntax)?;
                all.push((since.clone(), node));
            }
            return self.of_versions(&call.name, all, syntax);
        }
        let aggregate = AggregateKind::EVERY.into_iter().find(|kind| kind.word() == call.name);
        let plain = call.of.is_none() && call.filter.is_none();
        match aggregate {
            Some(AggregateKind::Min | AggregateKind::Max) if plain => {}
            Some(kind) if kind.of_spans() => return self.spans(kind, call, syntax),
            Some(kind) => return self.aggregate(kind, call, syntax),
            None => {}
        }
        if call.name == KNOWN {
            let ([argument], true) = (call.arguments.as_slice(), plain) else { return self.bad_call(call, "known(x)") };
            let argument = self.check(argument, None)?;
            return self.node(Op::Known(Box::new(argument)), Type::Bool, syntax);
        }
        let Some(builtin) = function::find(&call.name) else {
            if self.is_faulty(&call.name) {
                return None;
            }
            let mut known = callable();
            known.extend(self.scope.scales.iter().map(|scale| scale.name.as_str()));
            let help = came_to::help(syntax).or_else(|| did_you_mean(&call.name, known));
            let diagnostic = UNKNOWN_FUNCTION.at(self.span(&call.name_range), Text::default()).help(help);
            return self.fault(diagnostic);
        };
        let found = builtin.function();
        if !plain {
            return self.bad_call(call, found.usage);
        }
        let arguments: Vec<Option<Node>> = call.arguments.iter().map(|argument| self.check(argument, None)).collect();
        let arguments = arguments.into_iter().collect::<Option<Vec<Node>>>()?;
        let types: Vec<Type> = arguments.iter().map(|argument| argument.ty.clone()).collect();
        let Some(ty) = (found.result)(&types) else {
            let given: Vec<Text> = types.iter().map(|ty| self.names.describe(ty)).collect();
            let given = Text::join(&given, "、", ", ");
            let label = Text::made(format!("这里给的是：{}", given.zh), format!("given: {}", given.en));
            let diagnostic = BAD_ARGUMENTS.at(self.span(&syntax.range), label).help(Text::made(
                format!("用法：{}，{}", found.usage, found.page.zh),
                format!("usage: {}, {}", found.usage, found.page.en),
            ));
            return self.fault(diagnostic);
        };
        self.node(Op::Call(builtin, arguments), ty, syntax)
    }

    fn bad_call(&mut self, call: &Call, usage: &str) -> Option<Node> {
        let diagnostic = BAD_ARGUMENTS
            .at(self.span(&call.name_range), Text::default())
            .help(Text::made(format!("用法：{usage}"), format!("usage: {usage}")));
        self.fault(diagnostic)
    }

    fn aggregate(&mut self, kind: AggregateKind, call: &Call, syntax: &Syntax) -> Option<Node> {
        use AggregateKind::{All, Any, Count, Days, Max, Min, Reached, Records, Run, Sum, Union};
        let usage = match kind {
            Count => "count(list) · count(list where condition)",
            Sum => "sum(expression of list where condition)",
            Min => "min(a, b, …) · min(expression of list where condition)",
            Max => "max(a, b, …) · max(expression of list where condition)",
            Any => "any(condition of list) · any(list where condition)",
            All => "all(condition of list where condition)",
            Run | Union | Days | Reached | Records => return self.spans(kind, call, syntax),
        };
        let [first] = call.arguments.as_slice() else { return self.bad_call(call, usage) };
        let (list, body) = match (&call.of, kind) {
            (Some(list), Sum | Min | Max | Any | All) => (list.as_ref(), Some(first)),
            (None, Count | Any) => (first, None),
            _ => return self.bad_call(call, usage),
        };
        let of = self.of(list)?;
        let list = of.list;
        self.records.push(list);
        let body = body.map(|body| match kind {
            Any | All => self.want(body, &Type::Bool),
            _ => self.check(body, None),
        });
        let filter = call.filter.as_ref().map(|filter| self.want(filter, &Type::Bool));
        self.records.pop();
        let body = body.map_or(Some(None), |found| found.map(Some))?;
        let filter = filter.map_or(Some(None), |found| found.map(Some))?;
        let declared = self.names.lists.get(list)?;
        let ty = match (kind, &body) {
            (Count, _) => Type::Quantity(declared.unit.clone()),
            (Any | All, _) => Type::Bool,
            (Sum, Some(Node { ty: ty @ Type::Quantity(_), .. })) => ty.clone(),
            (Min | Max, Some(Node { ty: ty @ (Type::Quantity(_) | Type::Date), .. })) => ty.clone(),
            (_, Some(node)) => return self.not_a_quantity(&node.clone()),
            (_, None) => return self.bad_call(call, usage),
        };
        let of = of.only(filter);
        self.over_records(Aggregate { kind, body: body.map(Box::new), ..of }, ty, syntax)
    }

    /// `run(from, until, gap of list where condition)`: the records as spans.
    fn spans(&mut self, kind: AggregateKind, call: &Call, syntax: &Syntax) -> Option<Node> {
        let (usage, figures, ty) = match kind {
            AggregateKind::Run => {
                ("run(from, until of list where condition) · run(from, until, gap of list …)", 0, months_type())
            }
            AggregateKind::Union => {
                ("union(from, until of list where condition) · union(from, until, gap of list …)", 0, months_type())
            }
            AggregateKind::Days => ("days(from, until of list where condition)", 0, Type::Quantity(Unit::base("天"))),
            _ => (
                "reached(12个月, from, until of list where condition) · reached(12个月, from, until, gap of list …)",
                1,
                Type::Date,
            ),
        };
        let Some(list) = &call.of else { return self.bad_call(call, usage) };
        let Some((wanted, dates)) = call.arguments.split_at_checked(figures) else { return self.bad_call(call, usage) };
        let (from, until, gap) = match dates {
            [from, until] => (from, until, None),
            [from, until, gap] if kind != AggregateKind::Days => (from, until, Some(gap)),
            _ => return self.bad_call(call, usage),
        };
        let of = self.of(list)?;
        // How long a run must be, and which gap breaks none, is one for all records.
        let mut figures = Vec::new();
        for wanted in wanted {
            figures.push(self.want(wanted, &months_type())?);
        }
        if let Some(gap) = gap {
            let gap = self.check(gap, None)?;
            if gap.ty != months_type() && gap.ty != Type::Quantity(Unit::base("天")) {
                return self.bad_call(call, usage);
            }
            figures.push(gap);
        }
        self.records.push(of.list);
        let (from, until) = (self.want(from, &Type::Date), self.want(until, &Type::Date));
        let filter = call.filter.as_ref().map(|filter| self.want(filter, &Type::Bool));
        self.records.pop();
        let filter = filter.map_or(Some(None), |found| found.map(Some))?;
        let (from, until) = (from?, until?);
        let rest = std::iter::once(until).chain(figures).collect();
        let of = of.only(filter);
        self.over_records(Aggregate { kind, body: Some(Box::new(from)), rest, ..of }, ty, syntax)
    }

    fn over_records(&self, mut aggregate: Aggregate, ty: Type, syntax: &Syntax) -> Option<Node> {
        aggregate.by_line = aggregate.nodes().into_iter().any(Node::asks_for_lines);
        self.node(Op::Aggregate(aggregate), ty, syntax)
    }
}
