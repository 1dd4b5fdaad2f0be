//! The figures of a clause: those it computes with, and those it only names.

use std::collections::HashSet;

use crate::audit::figure::{Figure, in_text};
use crate::clause::Clause;
use crate::expr::names::{Input, Names, Origin};
use crate::expr::program::{Node, Op, Written};
use crate::expr::types::Type;
use crate::lang::Text;
use crate::policy::Policy;
use crate::source::Span;
use crate::value::{Bound, Day, Number, Value};

/// Every figure that a clause has, in whatever way.
pub struct Answers(Vec<Figure>);

impl Answers {
    /// The figures of the clause at this place, those of its words included.
    pub fn of(policy: &Policy, place: usize) -> Answers {
        let Some(clause) = policy.clauses.get(place) else { return Answers(Vec::new()) };
        let mut figures: Vec<Figure> = computed(policy, place).into_iter().map(|found| found.figure).collect();
        figures.extend(declared(policy, clause));
        let mut say = |text: &Text| figures.extend(in_text(&text.zh, 0).into_iter().map(|(figure, _)| figure));
        say(&clause.title);
        clause.summary.iter().for_each(&mut say);
        clause.notes.iter().for_each(&mut say);
        clause.requires.iter().for_each(|condition| say(&condition.text));
        clause.installments.iter().for_each(|part| say(&part.text));
        clause.limits.iter().for_each(|limit| say(&limit.text));
        Answers(figures)
    }

    /// What the clause at this place calculates with or declares, its words left out: figures that only serve the calculation
    /// are among them.
    pub fn calculated(policy: &Policy, place: usize) -> Answers {
        let Some(clause) = policy.clauses.get(place) else { return Answers(Vec::new()) };
        let mut figures = declared(policy, clause);
        figures.extend(clause.derived.iter().flat_map(|(figure, _)| in_text(figure, 0)).map(|(figure, _)| figure));
        walk(policy, clause, &mut |node, _| {
            figures.extend(literal(node));
            if let Op::Scale(scale, _) = &node.op {
                figures.extend(scale.steps.iter().map(|(threshold, _)| in_base(*threshold, &scale.over)));
            }
            let input = match node.op {
                Op::Input(place) => policy.names.inputs.get(place),
                _ => None,
            };
            figures.extend(input.and_then(known_parameter).map(|(figure, _)| figure));
        });
        Answers(figures)
    }

    /// Whether a figure of the text is among them.
    pub fn has(&self, figure: &Figure) -> bool {
        self.0.iter().any(|known| known.agrees(figure))
    }
}

/// Every node below the clause's expressions, definitions followed.
fn walk<'a>(policy: &'a Policy, clause: &'a Clause, visit: &mut dyn FnMut(&'a Node, Reach)) {
    let mut seen: HashSet<usize> = HashSet::new();
    let mut waiting: Vec<(&Node, Reach)> = clause.expressions().into_iter().map(|node| (node, Reach::Clause)).collect();
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
        if let Some(figure) = literal(node).filter(|_| !only_serves(node)) {
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

/// 5万元 is 50000 of 元; 元/月 is compared by what stands first.
fn first_unit(written: &Written) -> &str {
    let unit = written.measure.name.zh.split('/').next().unwrap_or("");
    unit.split('·').next().unwrap_or("")
}

/// Whether a node is a figure that only serves the calculation.
fn only_serves(node: &Node) -> bool {
    matches!(&node.op, Op::Constant(_, Some(written)) if is_technical(written.number, first_unit(written)))
}

/// The figure that a node is.
fn literal(node: &Node) -> Option<Figure> {
    match &node.op {
        Op::Constant(Value::Quantity(_), Some(written)) => {
            let unit = first_unit(written);
            Some(match unit {
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

/// Figures that a clause declares: what it does not compute, its window and the policy's, and the bounds of its facts.
fn declared(policy: &Policy, clause: &Clause) -> Vec<Figure> {
    let mut figures = technical(policy, clause);
    figures.extend(clause.not_computed.iter().flat_map(|(figure, _)| in_text(figure, 0)).map(|(figure, _)| figure));
    for day in [clause.window.lo, clause.window.hi, policy.window.lo, policy.window.hi] {
        figures.extend((day > Day::FIRST && day < Day::LAST).then_some(Figure::Day(day)));
    }
    figures
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
