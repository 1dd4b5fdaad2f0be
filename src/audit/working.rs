//! The figures that a clause works with, each with its place: those of its expressions, of the definitions, parameters, tables
//! and scales that they use, of its windows and its rounding. Words say nothing here.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use std::sync::Arc;

use crate::audit::figure::{CODE, Figure};
use crate::audit::reader;
use crate::clause::{Clause, Limit};
use crate::document::{Entry, Item, Raw};
use crate::expr::context::{Context, Local};
use crate::expr::measure::Measure;
use crate::expr::names::{Input, Origin};
use crate::expr::program::{Node, Op, Scale, Threshold, Written};
use crate::expr::syntax::Binary;
use crate::expr::types::Type;
use crate::policy::{Policy, place};
use crate::source::{Source, Span};
use crate::value::{Bound, Day, DayRange, Interval, Number, Truth, Value};

/// A figure that a clause works with.
#[derive(Clone, Debug)]
pub struct Working {
    /// How much of what.
    pub figure: Figure,
    /// As it is written.
    pub written: String,
    /// Its place in the policy file.
    pub span: Span,
    /// Whether it counts under the readings as they are taken by default.
    pub taken: bool,
    /// How it stands to the text.
    pub role: Role,
    /// The limit over several clauses that works with it, whose articles must have it.
    pub limit: Option<usize>,
}

impl Working {
    /// Whether it stands at this place.
    pub fn is_at(&self, span: &Span) -> bool {
        self.span.range == span.range && std::sync::Arc::ptr_eq(&self.span.source, &span.source)
    }

    /// Whether it counts for the whole policy, wherever it stands: days of windows and of definitions.
    pub fn is_for_all(&self) -> bool {
        self.role == Role::Window || self.role == Role::Shared && matches!(self.figure, Figure::Day(_))
    }
}

/// How a figure stands to the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// The clause's own: its article must have it.
    Own,
    /// Of a definition or parameter: the article of one of the clauses that use it must have it.
    Shared,
    /// A day of a window: the text must have it somewhere.
    Window,
    /// A word of the law with a number in it (`二级`), or a bound of a fact: it answers for a figure, and needs none.
    Answers,
}

/// The figures of the clause at this place.
pub fn of_clause(policy: &Policy, place: usize) -> Vec<Working> {
    let Some(clause) = policy.clauses.get(place) else { return Vec::new() };
    let mut walk = Walk::new(policy, Some(clause));
    let lets: Vec<*const Node> = clause.let_nodes.iter().map(std::ptr::from_ref).collect();
    // What a limit does that does not apply under the readings taken is no work.
    let mut idle: Vec<*const Node> = Vec::new();
    for limit in &clause.limits {
        if limit.when.as_ref().is_some_and(|when| walk.under_readings(when).is_false()) {
            let parts = limit.per.iter().chain(&limit.order).chain([&limit.at_most]);
            idle.extend(parts.map(std::ptr::from_ref));
        }
    }
    // What several clauses share may stand in the article of any of them, or in one of its own.
    let shared = clause.limits.iter().filter(|limit| limit.is_over_clauses()).flat_map(Limit::expressions);
    let shared: Vec<*const Node> = shared.map(std::ptr::from_ref).collect();
    for node in clause.expressions() {
        let place = std::ptr::from_ref(node);
        if !lets.contains(&place) {
            let role = if shared.contains(&place) { Role::Answers } else { Role::Own };
            walk.visit(node, !idle.contains(&place), role);
        }
    }
    walk.keys(clause);
    walk.found.sort_by_key(|found| (found.span.range.start, !found.taken));
    walk.found
}

/// The figures of the rules outside clauses, and the days of the policy's window.
pub fn of_policy(policy: &Policy) -> Vec<Working> {
    let mut walk = Walk::new(policy, None);
    let overlap =
        policy.overlap.iter().flat_map(|rule| [&rule.counts, &rule.method, &rule.by_installment].into_iter().flatten());
    let when = policy.highest_only.iter().filter_map(|rule| rule.when.as_ref());
    for node in policy.triggers_until.iter().chain(&policy.payable_until).chain(overlap).chain(when) {
        walk.visit(node, true, Role::Shared);
    }
    if let Some(Item { value: Raw::Table(head), .. }) = policy.document.get("policy") {
        walk.window(head.get("effective"));
    }
    for (place, (clause, limit)) in policy.limits_over_clauses().enumerate() {
        let mut own = Walk::new(policy, Some(clause));
        let applies = !limit.when.as_ref().is_some_and(|when| own.under_readings(when).is_false());
        limit.expressions().for_each(|node| own.visit(node, applies, Role::Shared));
        walk.found.extend(own.found.into_iter().map(|found| Working { limit: Some(place), ..found }));
    }
    walk.found
}

struct Walk<'p> {
    policy: &'p Policy,
    clause: Option<&'p Clause>,
    /// Everything open, the readings as they are taken by default.
    inputs: Vec<Value>,
    seen: BTreeSet<(*const Node, bool)>,
    /// Whether a node asks for a reading.
    asking: BTreeMap<*const Node, bool>,
    found: Vec<Working>,
    /// Those found at each place, by where they stand in `found`.
    at: BTreeMap<(*const Source, usize, usize), Vec<usize>>,
}

impl<'p> Walk<'p> {
    fn new(policy: &'p Policy, clause: Option<&'p Clause>) -> Walk<'p> {
        let value = |input: &Input| match (&input.ty, &input.origin) {
            (Type::List(_), _) => {
                Value::List(std::sync::Arc::new(crate::value::List { records: Vec::new(), open: true }))
            }
            (_, Origin::Fact) => input.domain.clone(),
            _ => input.absent.clone(),
        };
        let inputs = policy.names.inputs.iter().map(value).collect();
        let (seen, asking, at) = (BTreeSet::new(), BTreeMap::new(), BTreeMap::new());
        Walk { policy, clause, inputs, seen, asking, found: Vec::new(), at }
    }

    fn add(&mut self, figure: Figure, written: String, span: &Span, taken: bool, role: Role) {
        // The same place is looked at again where a table is looked up twice.
        let span = &unquoted(span);
        let role = if role == Role::Own && self.is_shared(span) { Role::Shared } else { role };
        let here = self.at.entry((Arc::as_ptr(&span.source), span.range.start, span.range.end)).or_default();
        let known =
            here.iter().copied().find(|place| self.found.get(*place).is_some_and(|known| known.figure == figure));
        match known.and_then(|place| self.found.get_mut(place)) {
            Some(known) => known.taken |= taken,
            None => {
                here.push(self.found.len());
                let limit = None;
                self.found.push(Working { figure, written, span: span.clone(), taken, role, limit });
            }
        }
    }

    /// Whether it stands in a table, scale or value that all clauses share.
    fn is_shared(&self, span: &Span) -> bool {
        let parts = ["table", "scale", "let"].into_iter().flat_map(|part| place::section(self.policy, part));
        let around = |own: &Span| own.range.start <= span.range.start && span.range.end <= own.range.end;
        Arc::ptr_eq(&span.source, &self.policy.source) && parts.map(|entry| &entry.item.span).any(around)
    }

    fn written(&self, span: &Span) -> String {
        span.source.text.get(span.range.clone()).unwrap_or("").trim_matches(['"', '\'']).to_owned()
    }

    fn visit(&mut self, node: &'p Node, taken: bool, role: Role) {
        if !self.seen.insert((std::ptr::from_ref(node), taken)) {
            return;
        }
        match &node.op {
            Op::If(condition, yes, no) => {
                self.visit(condition, taken, role);
                let holds = self.under_readings(condition);
                self.visit(yes, taken && holds.may_hold, role);
                return self.visit(no, taken && holds.may_fail, role);
            }
            // What a reading decides alone leaves the other side without work.
            Op::And(left, right) | Op::Or(left, right) => {
                let and = matches!(node.op, Op::And(..));
                for (own, other) in [(left, right), (right, left)] {
                    let decided = self.under_readings(other);
                    let idle = if and { decided.is_false() } else { decided.is_true() };
                    self.visit(own, taken && !idle, role);
                }
                return;
            }
            Op::Arithmetic(Binary::Divide, left, right) => {
                // 1 ÷ 3 is a third.
                if let (Op::Constant(Value::Quantity(above), Some(a)), Op::Constant(Value::Quantity(under), Some(b))) =
                    (&left.op, &right.op)
                    && a.measure.name.zh.is_empty()
                    && b.measure.name.zh.is_empty()
                    && let (Some(above), Some(under)) = (above.as_point(), under.as_point())
                    && let Some(share) = above.divide(under)
                {
                    return self.add(Figure::amount(share, ""), self.written(&node.span), &node.span, taken, role);
                }
            }
            Op::Constant(value, written) => self.constant(node, value, written.as_ref(), taken, role),
            Op::Scale(scale, _) => self.thresholds(scale, taken, role),
            Op::Lookup(_, _, index) => self.visit(index, taken, role),
            Op::Define(place) => {
                if let Some(define) = self.policy.names.defines.get(*place) {
                    self.visit(&define.node, taken, Role::Shared);
                }
            }
            Op::Let(place) => {
                if let Some(node) = self.clause.and_then(|clause| clause.let_nodes.get(*place)) {
                    self.visit(node, taken, role);
                }
            }
            Op::Input(place) => {
                if let Some(input) = self.policy.names.inputs.get(*place) {
                    self.parameter(*place, input, taken);
                    self.bounds(input, &node.span);
                }
            }
            Op::EachField(field) => {
                let list = self
                    .clause
                    .and_then(|clause| clause.each.as_ref())
                    .and_then(|each| self.policy.names.lists.get(each.list));
                if let Some(input) = list.and_then(|list| list.fields.get(*field)) {
                    self.bounds(input, &node.span);
                }
            }
            _ => {}
        }
        for child in node.children() {
            self.visit(child, taken, role);
        }
    }

    /// What a condition comes to when every reading is as by default; open where it asks for none.
    fn under_readings(&mut self, node: &'p Node) -> Truth {
        if !self.asks_reading(node) {
            return Truth::OPEN;
        }
        let mut context = Context::new(&self.policy.names, &self.inputs, Day::LAST);
        context.turn_to(DayRange { lo: Day::FIRST, hi: Day::LAST });
        context.enter(match self.clause {
            None => Local::NONE,
            Some(clause) => Local {
                lets: &clause.let_nodes,
                named: &clause.let_named,
                each: None,
                window: clause.window,
                event: clause.event.as_ref(),
                accrued: Interval::at_least(Number::ZERO),
            },
        });
        node.truth(&mut context)
    }

    fn asks_reading(&mut self, node: &'p Node) -> bool {
        if let Some(known) = self.asking.get(&std::ptr::from_ref(node)) {
            return *known;
        }
        let policy = self.policy;
        let below = match node.op {
            Op::Define(place) => policy.names.defines.get(place).map(|define| &define.node),
            Op::Let(place) => self.clause.and_then(|clause| clause.let_nodes.get(place)),
            _ => None,
        };
        let is_reading = |input: &Input| matches!(input.origin, Origin::Reading(_));
        let asks = match node.op {
            Op::Input(place) => policy.names.inputs.get(place).is_some_and(is_reading),
            _ => below.into_iter().chain(node.children()).any(|node| self.asks_reading(node)),
        };
        self.asking.insert(std::ptr::from_ref(node), asks);
        asks
    }

    fn constant(&mut self, node: &Node, value: &Value, written: Option<&Written>, taken: bool, role: Role) {
        let stands = self.written(&node.span);
        match (value, written) {
            (Value::Quantity(_), Some(written)) => {
                self.add(Figure::written(written, &self.policy.names), stands, &node.span, taken, role);
            }
            // A code is a figure of the words as well: 行业代码以78开头.
            (Value::Text(text), _) => {
                let number = text.as_deref().filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()));
                if let Some(number) = number.and_then(|text| text.parse().ok()).map(Number::whole) {
                    self.add(Figure::amount(number, CODE), stands, &node.span, taken, Role::Answers);
                }
            }
            (Value::Date(day), _) => {
                if let Some(day) = day.as_point().and_then(real) {
                    self.add(Figure::Day(day), stands, &node.span, taken, role);
                }
            }
            (Value::Words(words), _) => {
                let Type::Enum(place) = node.ty else { return };
                // What an option of a reading says of a figure is no work.
                if !self.policy.names.enum_places.values().any(|declared| *declared == place) {
                    return;
                }
                let label = words.point().and_then(|word| self.policy.names.enums.get(place)?.words.get(word));
                let figures = label.into_iter().flat_map(|(_, label)| reader::in_text(&label.zh, 0));
                for (figure, _) in figures.collect::<Vec<_>>() {
                    self.add(figure, stands.clone(), &node.span, taken, Role::Answers);
                }
            }
            _ => {}
        }
    }

    fn thresholds(&mut self, scale: &Scale, taken: bool, role: Role) {
        let keys = self.clause.map(|clause| place::part(self.policy, clause, "scale")).unwrap_or_default();
        let steps = keys.iter().find(|entry| entry.key == scale.name).map(|entry| &entry.item.value);
        // Each key is read once, however many there are.
        let keys: HashMap<(bool, String), &Entry> = match steps {
            Some(Raw::Table(steps)) => {
                let read = |step: &'_ Entry| {
                    let (above, written) = Threshold::key(&step.key);
                    Some((above, reader::whole(written)?.to_string()))
                };
                steps.entries().iter().rev().filter_map(|step| Some((read(step)?, step))).collect()
            }
            _ => HashMap::new(),
        };
        for (threshold, step) in &scale.steps {
            let figure = in_measure(threshold.at, Some(&scale.over_measure));
            let key = keys.get(&(threshold.above, figure.to_string()));
            let (span, written) = match key {
                Some(key) => (key.key_span.clone(), key.key.clone()),
                None => (step.span.clone(), figure.to_string()),
            };
            self.add(figure, written, &span, taken, role);
        }
    }

    /// What the policy itself says a parameter is; what a supplement says stands in another text.
    fn parameter(&mut self, place: usize, input: &Input, taken: bool) {
        if !matches!(input.origin, Origin::Parameter(_)) {
            return;
        }
        let figure = match &input.absent {
            Value::Quantity(range) => range.as_point().map(|number| in_measure(number, input.measure.as_ref())),
            Value::Date(day) => day.as_point().and_then(real).map(Figure::Day),
            _ => None,
        };
        let names = &self.policy.names;
        let declared = names.input(&input.name).and_then(|declared| names.inputs.get(declared));
        let version = declared.and_then(|declared| declared.versions.iter().find(|version| version.input == place));
        let entry = place::input(self.policy, &input.name, &input.origin);
        let value = entry.and_then(|entry| match &entry.item.value {
            Raw::Table(table) => table.get("value"),
            _ => None,
        });
        let span = version.map(|version| version.span.clone()).or(value.map(|value| value.span.clone()));
        let own = span.filter(|span| Arc::ptr_eq(&span.source, &self.policy.source));
        if let (Some(figure), Some(span)) = (figure, own) {
            self.add(figure, self.written(&span), &span, taken, Role::Shared);
        }
    }

    fn bounds(&mut self, input: &Input, span: &Span) {
        let Value::Quantity(domain) = input.domain else { return };
        for bound in [domain.lo, domain.hi] {
            if let Bound::At(number) = bound {
                self.add(in_measure(number, input.measure.as_ref()), String::new(), span, true, Role::Answers);
            }
        }
    }

    /// Keys that hold a figure without an expression.
    fn keys(&mut self, clause: &Clause) {
        for day in [clause.window.lo, clause.window.hi].into_iter().filter_map(real) {
            self.add(Figure::Day(day), day.to_string(), &clause.span, true, Role::Answers);
        }
        // 50万元, paid as 20万元 and 30万元
        let parts = clause.installments.iter().map(|part| most(&part.amount));
        if let Some(sum) = parts.collect::<Option<Vec<Number>>>().filter(|parts| parts.len() > 1)
            && let Some(sum) = sum.into_iter().try_fold(Number::ZERO, Number::plus)
        {
            self.add(
                Figure::amount(sum, &self.policy.names.money.word),
                String::new(),
                &clause.span,
                true,
                Role::Answers,
            );
        }
        let Some(own) = place::clause(self.policy, clause) else { return };
        self.window(own.get("effective"));
        if let Some(Raw::Table(rule)) = own.get("rounding").map(|item| &item.value)
            && let (Some(to), Some(rounding)) = (rule.get("to"), clause.rounding)
        {
            self.add(
                Figure::amount(rounding.to, &self.policy.names.money.word),
                self.written(&to.span),
                &to.span,
                true,
                Role::Own,
            );
        }
    }

    fn window(&mut self, window: Option<&Item>) {
        let Some(Raw::Table(window)) = window.map(|item| &item.value) else { return };
        for item in ["from", "to"].into_iter().filter_map(|key| window.get(key)) {
            if let Some(day) = item.day(&mut Vec::new()).and_then(real) {
                self.add(Figure::Day(day), day.to_string(), &item.span, true, Role::Window);
            }
        }
    }
}

/// The place inside the quotes.
pub fn unquoted(span: &Span) -> Span {
    let text = span.source.text.get(span.range.clone()).unwrap_or("");
    let quoted =
        text.len() > 1 && text.starts_with(['"', '\'']) && text.ends_with(['"', '\'']) && !text.starts_with("\"\"\"");
    let by = usize::from(quoted);
    Span::new(&span.source, span.range.start + by..span.range.end - by)
}

/// The most that an amount of figures and conditions can be.
fn most(node: &Node) -> Option<Number> {
    match &node.op {
        Op::Constant(Value::Quantity(range), _) => range.as_point(),
        Op::If(_, yes, no) => Some(most(yes)?.max(most(no)?)),
        _ => None,
    }
}

/// A figure that only serves the calculation: nothing, one or all of something, a fen, the months of a year.
pub fn only_serves(figure: &Figure) -> bool {
    let Figure::Amount(amount) = figure else { return false };
    let year = amount.number == Number::whole(12) && amount.unit.as_deref() == Some("月");
    let fen = Number::fraction(1, 100) == Some(amount.number) && amount.unit.as_deref() == Some("元");
    amount.number == Number::ZERO || amount.number == Number::ONE || fen || year
}

/// A day that is neither the first nor the last there is.
fn real(day: Day) -> Option<Day> {
    (day > Day::FIRST && day < Day::LAST).then_some(day)
}

/// A number of base units, as it is declared.
fn in_measure(number: Number, measure: Option<&Measure>) -> Figure {
    match measure {
        Some(measure) => Figure::amount(measure.number(number), &measure.name.zh),
        None => Figure::amount(number, ""),
    }
}
