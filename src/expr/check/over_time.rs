//! What changes with time: a parameter, table or scale as it is on a day.

use super::{Checker, NOT_HERE, TYPE_MISMATCH};
use crate::expr::measure::Measured;
use crate::expr::names::Input;
use crate::expr::program::{Node, Op, Print};
use crate::expr::since::{Since, chain, nothing};
use crate::expr::syntax::Syntax;
use crate::expr::types::Type;
use crate::lang::Text;

impl Checker<'_> {
    /// A parameter whose value changes, on the clause's day.
    pub(super) fn on_its_day(&mut self, place: usize, input: &Input, syntax: &Syntax) -> Option<Node> {
        let day = self.its_day(&input.name, syntax)?;
        Some(self.on(&day, place, input, syntax))
    }

    /// The same on a day that is named: `standard[applied_on]`.
    pub(super) fn on_a_day(&mut self, place: usize, input: &Input, day: &Syntax, syntax: &Syntax) -> Option<Node> {
        let day = self.want(day, &Type::Date)?;
        Some(self.on(&day, place, input, syntax))
    }

    fn on(&self, day: &Node, place: usize, input: &Input, syntax: &Syntax) -> Node {
        let leaf = |place: usize| Node {
            op: Op::Input(place),
            ty: input.ty.clone(),
            span: self.span(&syntax.range),
            measured: Measured::of(input.measure(self.names)),
            print: Print::default(),
        };
        let values = input.versions.iter().map(|version| (version.since.clone(), leaf(version.input)));
        chain(day, values.collect(), leaf(place))
    }

    /// The clause's day for what changes with time.
    fn its_day(&mut self, name: &str, syntax: &Syntax) -> Option<Node> {
        if let Some(day) = &self.scope.day {
            return Some(day.clone());
        }
        let label = Text::made(format!("`{name}` 随时间变化"), format!("`{name}` changes with time"));
        let help = Text::made(
            format!("这里没有事件日期，写明取哪一天的值：`{name}[as_of]`"),
            format!("there is no event here; say on which day it is taken: `{name}[as_of]`"),
        );
        let diagnostic = NOT_HERE.at(self.span(&syntax.range), label).help(help);
        self.fault(diagnostic)
    }

    /// What each version gives, as it is on the clause's day; a single one without a day is that.
    pub(super) fn of_versions(
        &mut self,
        name: &str,
        mut all: Vec<(Option<Since>, Node)>,
        syntax: &Syntax,
    ) -> Option<Node> {
        if let [(None, _)] = all.as_slice() {
            return all.pop().map(|(_, node)| node);
        }
        let day = self.its_day(name, syntax)?;
        let values: Vec<(Since, Node)> = all.into_iter().filter_map(|(since, node)| Some((since?, node))).collect();
        let ty = values.first().map(|(_, node)| node.ty.clone())?;
        let before = nothing(ty, &self.span(&syntax.range));
        Some(chain(&day, values, before))
    }

    /// A table whose keys are days: `standard[applied_on]`.
    pub(super) fn by_day(&mut self, values: Vec<(Since, Node)>, day: &Syntax, syntax: &Syntax) -> Option<Node> {
        let index = self.check(day, None)?;
        if index.ty != Type::Date {
            let stands = self.names.describe(&index.ty);
            let label = Text::made(
                format!("这里是{}；这张表按日期查", stands.zh),
                format!("this is {}; this table is looked up by a day", stands.en),
            );
            let diagnostic = TYPE_MISMATCH.at(index.span.clone(), label);
            return self.fault(diagnostic);
        }
        let ty = values.first().map(|(_, node)| node.ty.clone())?;
        let before = nothing(ty, &self.span(&syntax.range));
        Some(chain(&index, values, before))
    }
}
