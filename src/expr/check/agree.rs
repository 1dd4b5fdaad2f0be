//! Whether two sides agree in type and unit, and what usually mends them where they do not.

use super::{Checker, NO_ORDER, TYPE_MISMATCH, UNIT_MISMATCH};
use crate::expr::measure::Measured;
use crate::expr::program::{Node, Op};
use crate::expr::syntax::{Binary, Syntax};
use crate::expr::types::Type;
use crate::lang::Text;
use crate::value::Unit;

impl Checker<'_> {
    pub(super) fn arithmetic(
        &mut self,
        operator: Binary,
        left: &Syntax,
        right: &Syntax,
        syntax: &Syntax,
    ) -> Option<Node> {
        let (left, right) = (self.check(left, None), self.check(right, None));
        let (left, right) = (left?, right?);
        let boxed = |left: Node, right: Node| (Box::new(left), Box::new(right));
        match (operator, &left.ty.clone(), &right.ty.clone()) {
            (Binary::Add | Binary::Subtract, Type::Date, Type::Quantity(unit)) => {
                let months = *unit == Unit::base("月");
                if !months && *unit != Unit::base("天") {
                    let label = self.names.describe(&right.ty);
                    let diagnostic = UNIT_MISMATCH
                        .at(right.span.clone(), label)
                        .help(Text::new("日期只能加减月、年或天", "a date moves by 月, 年 or 天"));
                    return self.fault(diagnostic);
                }
                let back = operator == Binary::Subtract;
                let (date, by) = boxed(left, right);
                self.node(Op::Shift { date, by, months, back }, Type::Date, syntax)
            }
            (Binary::Subtract, Type::Date, Type::Date) => {
                let (left, right) = boxed(left, right);
                self.node(Op::DaysBetween(left, right), Type::Quantity(Unit::base("天")), syntax)
            }
            (_, Type::Quantity(a), Type::Quantity(b)) => {
                let unit = match operator {
                    Binary::Multiply => a.times(b),
                    Binary::Divide => a.per(b),
                    _ if a == b => a.clone(),
                    _ => return self.disagree(&left, &right),
                };
                let (left, right) = boxed(left, right);
                self.node(Op::Arithmetic(operator, left, right), Type::Quantity(unit), syntax)
            }
            (_, Type::Quantity(_), _) => self.not_a_quantity(&right),
            _ => self.not_a_quantity(&left),
        }
    }

    /// A part in words: a quantity by the unit that it is written in.
    pub(super) fn describe(&self, node: &Node) -> Text {
        match (&node.ty, &node.measured) {
            (Type::Quantity(unit), Measured::In(measure)) if !unit.is_none() => Text::same(measure.name.zh.clone()),
            (ty, _) => self.names.describe(ty),
        }
    }

    pub(super) fn disagree(&mut self, left: &Node, right: &Node) -> Option<Node> {
        let both_quantities = matches!((&left.ty, &right.ty), (Type::Quantity(_), Type::Quantity(_)));
        let code = if both_quantities { &UNIT_MISMATCH } else { &TYPE_MISMATCH };
        let diagnostic = code
            .at(left.span.clone(), self.describe(left))
            .and(right.span.clone(), self.describe(right))
            .help(self.cure(&left.ty, &right.ty));
        self.fault(diagnostic)
    }

    /// What usually mends two types that do not agree.
    fn cure(&self, left: &Type, right: &Type) -> Option<Text> {
        if let list @ Type::List(_) = if matches!(left, Type::List(_)) { left } else { right } {
            return self.of_records(list);
        }
        let (Type::Quantity(left), Type::Quantity(right)) = (left, right) else { return None };
        if left.is_none() || right.is_none() {
            return Some(Text::new(
                "给没有单位的数写上单位，例如 `0元`",
                "give the bare number its unit, for instance `0元`",
            ));
        }
        let quotient = right.per(left);
        let other = left.per(right);
        let missing = if quotient.powers().all(|(_, power)| power > 0) { quotient } else { other };
        missing.powers().all(|(_, power)| power > 0).then(|| {
            let unit = missing.symbol();
            Text::made(format!("是否漏乘了以“{unit}”计的量？"), format!("is a factor in {unit} missing?"))
        })
    }

    /// How something is worked out of a list, where a value is wanted and the list stands: by its records and their fields.
    pub(super) fn of_records(&self, ty: &Type) -> Option<Text> {
        let Type::List(list) = ty else { return None };
        let list = self.names.lists.get(*list)?;
        let (name, count) = (&list.name, format!("count({})", list.name));
        let field = list.fields.iter().find(|field| matches!(field.ty, Type::Quantity(_)));
        Some(match field.map(|field| format!("sum({} of {name} where …)", field.name)) {
            Some(sum) => Text::made(
                format!("名单要逐条计算：条数写作 `{count}`，合计写作 `{sum}`"),
                format!("work something out of its records: `{count}` is how many, `{sum}` adds up"),
            ),
            None => Text::made(format!("记录的条数写作 `{count}`"), format!("`{count}` is the number of its records")),
        })
    }

    pub(super) fn not_a_quantity(&mut self, node: &Node) -> Option<Node> {
        let stands = self.describe(node);
        let label = Text::made(
            format!("这里是{}，不能计算", stands.zh),
            format!("this is {} and cannot be computed with", stands.en),
        );
        let diagnostic = TYPE_MISMATCH.at(node.span.clone(), label).help(self.of_records(&node.ty));
        self.fault(diagnostic)
    }

    pub(super) fn comparable(&mut self, operator: Binary, left: &Node, right: &Node) -> Option<()> {
        if left.ty != right.ty {
            self.disagree(left, right);
            return None;
        }
        let equality = matches!(operator, Binary::Equal | Binary::NotEqual);
        let ordered = match &left.ty {
            Type::Quantity(_) | Type::Date => true,
            Type::Enum(place) => self.names.enums.get(*place).is_some_and(|found| found.ordered),
            Type::Bool | Type::Text => false,
            Type::List(_) => {
                self.not_a_quantity(left);
                return None;
            }
        };
        if equality || ordered {
            return Some(());
        }
        let diagnostic = NO_ORDER
            .at(left.span.clone(), self.names.describe(&left.ty))
            .help(Text::new("用 `==`、`!=` 或 `in` 比较", "compare with `==`, `!=` or `in`"));
        self.diagnostics.push(diagnostic);
        None
    }
}
