//! The figures of a clause: those it computes with, and those it only names.

use std::collections::HashSet;

use crate::audit::figure::{Figure, in_text};
use crate::clause::Clause;
use crate::expr::names::{Input, Names, Origin};
use crate::expr::program::{Node, Op};
use crate::expr::types::Type;
use crate::lang::Text;
use crate::policy::Policy;
use crate::source::Span;
use crate::value::{Bound, Day, Number, Value};

/// Every figure that a clause has, in whatever way.
pub struct Answers(Vec<Figure>);

impl Answers {
    /// The figures of the clause at this place.
    pub fn of(policy: &Policy, place: usize) -> Answers {
        let Some(clause) = policy.clauses.get(place) else { return Answers(Vec::new()) };
        let mut figures: Vec<Figure> = computed(policy, place).into_iter().map(|found| found.figure).collect();
        figures.extend(technical(policy, clause));
        let mut say = |text: &Text| figures.extend(in_text(&text.zh, 0).into_iter().map(|(figure, _)| figure));
        say(&clause.title);
        clause.summary.iter().for_each(&mut say);
        clause.notes.iter().for_each(&mut say);
        clause.requires.iter().for_each(|condition| say(&condition.text));
        clause.installments.iter().for_each(|part| say(&part.text));
        clause.limits.iter().for_each(|limit| say(&limit.text));
        for (figure, _) in &clause.not_computed {
            let found = in_text(figure, 0);
            figures.extend(found.into_iter().map(|(figure, _)| figure));
        }
        for day in [clause.window.lo, clause.window.hi, policy.window.lo, policy.window.hi] {
            figures.extend((day > Day::FIRST && day < Day::LAST).then_some(Figure::Day(day)));
        }
        Answers(figures)
    }

    /// Whether a figure of the text is among them.
    pub fn has(&self, figure: &Figure) -> bool {
        self.0.iter().any(|known| known.agrees(figure))
    }
}

/// The expressions of a clause, those of its `let`s included.
fn roots(clause: &Clause) -> impl Iterator<Item = &Node> {
    let parts = clause.installments.iter().flat_map(|part| [&part.amount, &part.due]);
    let limits = clause
        .limits
        .iter()
        .flat_map(|limit| limit.per.iter().chain([&limit.at_most]).chain(&limit.order).chain(&limit.when));
    let accrual = clause.accrual.iter().flat_map(|accrual| {
        [Some(&accrual.from), accrual.until.as_ref(), accrual.at_most.as_ref(), accrual.counts_from.as_ref()]
            .into_iter()
            .flatten()
            .chain(&accrual.counts_until)
    });
    let amounts = clause.amount.iter().chain(&clause.at_least).chain(&clause.at_most).chain(&clause.used);
    clause
        .let_nodes
        .iter()
        .chain(clause.requires.iter().map(|condition| &condition.test))
        .chain(&clause.event)
        .chain(amounts)
        .chain(parts)
        .chain(limits)
        .chain(accrual)
}

/// Every node below the clause's expressions, definitions followed.
fn walk<'a>(policy: &'a Policy, clause: &'a Clause, visit: &mut dyn FnMut(&'a Node, Reach)) {
    let mut seen: HashSet<usize> = HashSet::new();
    let mut waiting: Vec<(&Node, Reach)> = roots(clause).map(|node| (node, Reach::Clause)).collect();
    while let Some((node, reach)) = waiting.pop() {
        visit(node, reach);
        if let Op::Define(place) = node.op
            && seen.insert(place)
        {
            waiting.extend(policy.names.defines.get(place).map(|define| (&define.node, Reach::Policy)));
        }
        waiting.extend(node.children().into_iter().map(|child| (child, reach)));
    }
}

/// Where a figure may stand in the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// In the clause's own article.
    Clause,
    /// Anywhere: it is a definition's.
    Policy,
}

/// Figures that only serve the calculation: nothing, one of something, a fen, the months of a year.
fn is_technical(number: Number, unit: &str) -> bool {
    let year = number == Number::whole(12) && matches!(unit, "个月" | "月");
    number == Number::ZERO || number == Number::ONE || Number::fraction(1, 100) == Some(number) || year
}

/// A figure that a clause computes with.
pub struct Computed {
    /// How much of what.
    pub figure: Figure,
    /// As it is written.
    pub written: String,
    /// Its place in the policy file; for a parameter the place where it is used.
    pub span: Span,
    /// Where it may stand in the text.
    pub reach: Reach,
}

/// The figures that a clause computes with; what it declares as derived left out.
pub fn computed(policy: &Policy, place: usize) -> Vec<Computed> {
    let Some(clause) = policy.clauses.get(place) else { return Vec::new() };
    let derived: Vec<Figure> =
        clause.derived.iter().flat_map(|(figure, _)| in_text(figure, 0)).map(|(figure, _)| figure).collect();
    let mut found: Vec<Computed> = Vec::new();
    let mut add = |figure: Figure, written: String, span: &Span, reach: Reach| {
        let known = found.iter().any(|known| known.figure == figure);
        if !known && !derived.iter().any(|known| known.agrees(&figure)) {
            found.push(Computed { figure, written, span: span.clone(), reach });
        }
    };
    walk(policy, clause, &mut |node, reach| {
        if let Some(figure) = literal(node) {
            let written = node.span.source.text.get(node.span.range.clone()).unwrap_or("");
            add(figure, written.to_owned(), &node.span, reach);
        }
        if let Op::Scale(scale, _) = &node.op {
            for (threshold, step) in &scale.steps {
                let written = format!("{threshold}{}", symbol(&scale.over));
                add(in_base(*threshold, &scale.over), written, &step.span, reach);
            }
        }
        if let Op::Input(place) = node.op
            && let Some(input) = policy.names.inputs.get(place)
            && let Some((figure, written)) = known_parameter(input)
        {
            add(figure, written, &node.span, Reach::Policy);
        }
    });
    found.sort_by_key(|found| found.span.range.start);
    found
}

/// The figure that a node is, if it is one of the law.
fn literal(node: &Node) -> Option<Figure> {
    match &node.op {
        Op::Constant(Value::Quantity(_), Some(written)) => {
            // 5万元 is 50000 of 元; 元/月 is compared by what stands first.
            let unit = written.unit.zh.split('/').next().unwrap_or("");
            let unit = unit.split('·').next().unwrap_or("");
            (!is_technical(written.number, unit)).then(|| match unit {
                "%" => Figure::amount(written.number.divide(Number::whole(100)).unwrap_or(written.number), ""),
                unit => Figure::amount(written.number, unit),
            })
        }
        Op::Constant(Value::Date(day), _) => day.as_point().and_then(real_day),
        _ => None,
    }
}

/// A day that is neither the first nor the last there is.
fn real_day(day: Day) -> Option<Figure> {
    (day > Day::FIRST && day < Day::LAST).then_some(Figure::Day(day))
}

/// What the policy itself says a parameter is; what a supplement says stands in another text.
fn known_parameter(input: &Input) -> Option<(Figure, String)> {
    if !matches!(input.origin, Origin::Parameter(_)) {
        return None;
    }
    match &input.absent {
        Value::Quantity(range) if range.is_point() => {
            let number = range.lo.number()?;
            let unit = symbol(&input.ty);
            let first = unit.split('/').next().unwrap_or("");
            (!is_technical(number, first)).then(|| (Figure::amount(number, first), format!("{number}{unit}")))
        }
        Value::Date(day) => {
            let day = day.as_point()?;
            real_day(day).map(|figure| (figure, day.to_string()))
        }
        _ => None,
    }
}

fn symbol(ty: &Type) -> String {
    match ty {
        Type::Quantity(unit) => unit.symbol(),
        _ => String::new(),
    }
}

fn in_base(number: Number, ty: &Type) -> Figure {
    Figure::amount(number, &symbol(ty))
}

/// Figures that stand in declarations: the bounds of facts that the clause uses.
fn technical(policy: &Policy, clause: &Clause) -> Vec<Figure> {
    let names: &Names = &policy.names;
    let mut found = Vec::new();
    let mut bounds = |value: &Value, ty: &Type| {
        if let Value::Quantity(domain) = value {
            for bound in [domain.lo, domain.hi] {
                if let Bound::At(number) = bound {
                    found.push(in_base(number, ty));
                }
            }
        }
    };
    walk(policy, clause, &mut |node, _| match &node.op {
        Op::Input(place) => {
            if let Some(input) = names.inputs.get(*place) {
                bounds(&input.domain, &input.ty);
            }
        }
        Op::EachField(field) => {
            let declared = clause.each.as_ref().and_then(|each| names.lists.get(each.list));
            if let Some(input) = declared.and_then(|list| list.fields.get(*field)) {
                bounds(&input.domain, &input.ty);
            }
        }
        _ => {}
    });
    found
}
