//! What was paid before: a list that every policy has without declaring it, read from `[[paid]]`.

use std::sync::Arc;

use super::Declaring;
use crate::diagnostic::{Code, Diagnostic, codes, did_you_mean};
use crate::expr::names::{Input, List, Names, Origin, Seen};
use crate::expr::program::{Node, Op};
use crate::expr::syntax::Binary;
use crate::expr::types::Type;
use crate::lang::Text;
use crate::value::{Bound, Day, DayRange, Interval, Number, Record, Unit, Value};

codes! {
    static NO_SUCH_CATEGORY: Code =
        Code::new("other-benefits-of-no-category", "没有这个用途类别", "no benefit can be of this category");
    static NO_SUCH_CLAUSE: Code = Code::new("paid-under-no-clause", "没有这个条款", "no payment can be under this clause");
}

/// The name of the list.
pub const NAME: &str = "paid";

/// The place of the field that names the clause.
const CLAUSE: usize = 0;

/// The list of other schemes' money, and the places of its fields that name something of the policy.
const OTHERS: &str = "other_benefits";
const OTHERS_CATEGORY: usize = 0;
const OTHERS_CLAUSE: usize = 5;

impl Declaring<'_> {
    /// What was paid under the policy, as a list for its expressions.
    pub fn paid(&mut self) {
        let field = |name: &str, ty: Type, domain: Value, zh: &'static str, en: &'static str| Input {
            name: name.to_owned(),
            label: Text::new(zh, en),
            ask: None,
            ty,
            origin: Origin::Paid,
            absent: domain.clone(),
            domain,
            versions: Vec::new(),
            written_in: None,
            integer: false,
            measure: None,
            may_be_never: false,
        };
        let money = self.names.money.ty();
        let above_zero = Interval { lo: Bound::ZERO, hi: Bound::Above };
        let fields = vec![
            field("clause", Type::Text, Value::Text(None), "条款", "clause"),
            field("amount", money.clone(), Value::Quantity(above_zero), "金额", "amount"),
            field("on", Type::Date, Value::Date(DayRange { lo: Day::FIRST, hi: Day::LAST }), "发放日期", "paid on"),
            field("record", Type::Text, Value::Text(None), "所属记录", "record"),
            field("award", money.clone(), Value::Quantity(above_zero), "所属核定", "award it is a part of"),
        ];
        let any =
            Record { fields: fields.iter().map(|field| field.domain.clone()).collect(), times: 1, ..Record::default() };
        let list = self.names.lists.len();
        let none = Value::List(Arc::default());
        let input = self.add_input(field(NAME, Type::List(list), none, "此前已发的款项", "what was paid before"));
        let (name, unit) = (NAME.to_owned(), Unit::none());
        self.names.lists.push(List {
            input,
            name,
            unit,
            label_by: None,
            fields,
            number: None,
            of: None,
            any,
            seen: Seen::all(),
        });
    }
}

/// A payment as a record of the list; `name` is that of the record it was for, where it is known, and `award` what was paid in
/// all under the award that it is a part of.
pub fn record(clause: &str, amount: Number, on: Option<Day>, name: Option<&str>, award: Interval) -> Record {
    let on = on.map_or(DayRange { lo: Day::FIRST, hi: Day::LAST }, DayRange::point);
    let (clause, name) = (Value::Text(Some(clause.into())), Value::Text(name.map(Into::into)));
    let fields = vec![clause, Value::Quantity(Interval::point(amount)), Value::Date(on), name, Value::Quantity(award)];
    Record { fields, times: 1, ..Record::default() }
}

/// Whether something was paid under a clause.
pub fn is_under(clause: &str, names: &Names, inputs: &[Value]) -> bool {
    let list = names.lists.iter().find(|list| list.name == NAME);
    let Some(Value::List(list)) = list.and_then(|list| inputs.get(list.input)) else { return false };
    let is_its = |record: &Record| match record.fields.get(CLAUSE) {
        Some(Value::Text(Some(under))) => **under == *clause,
        _ => true,
    };
    list.records.iter().any(is_its)
}

/// A payment that is asked for under a clause that the policy does not have would never be found; nor would another scheme's
/// money of a category that it does not have, or for such a clause.
pub fn check<'n>(
    nodes: impl Iterator<Item = &'n Node>,
    clauses: &[&str],
    names: &Names,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let place = |name: &str| names.lists.iter().position(|list| list.name == name);
    let (paid, others) = (place(NAME), place(OTHERS));
    let categories: Vec<&str> = names.categories.iter().map(|(id, _)| id.as_str()).collect();
    // Of which list the records are that an expression looks at, outermost first.
    let mut waiting: Vec<(&Node, Vec<usize>)> = nodes.map(|node| (node, Vec::new())).collect();
    while let Some((node, within)) = waiting.pop() {
        // What a field of these lists can be: under which code, and the words there are.
        let known = |node: &Node| -> Option<(&'static Code, &[&str])> {
            let Op::Field(depth, field) = node.op else { return None };
            let list = within.get(depth).copied();
            match field {
                CLAUSE if list == paid => Some((&NO_SUCH_CLAUSE, clauses)),
                OTHERS_CATEGORY if list == others => Some((&NO_SUCH_CATEGORY, &categories)),
                OTHERS_CLAUSE if list == others => Some((&NO_SUCH_CLAUSE, clauses)),
                _ => None,
            }
        };
        type Known<'k> = Option<(&'static Code, &'k [&'k str])>;
        let asked: Vec<(&Node, Known<'_>)> = match &node.op {
            Op::Compare(Binary::Equal | Binary::NotEqual, left, right) => {
                vec![(&**right, known(left)), (&**left, known(right))]
            }
            Op::In(value, options) => options.iter().map(|option| (option, known(value))).collect(),
            _ => Vec::new(),
        };
        for (named, known) in asked {
            if let (Op::Constant(Value::Text(Some(id)), _), Some((code, words))) = (&named.op, known)
                && !words.contains(&&**id)
                && !id.is_empty()
            {
                let help = did_you_mean(id, words.iter().copied());
                diagnostics.push(code.at(named.span.clone(), Text::default()).help(help));
            }
        }
        let mut inner = within.clone();
        if let Op::Aggregate(aggregate) = &node.op {
            inner.push(aggregate.list);
        }
        waiting.extend(node.children().into_iter().map(|child| (child, inner.clone())));
    }
}
