//! Benefits from other schemes: a list that every policy has without declaring it.

use std::sync::Arc;

use super::Declaring;
use crate::expr::names::{Input, List, Origin, Seen};
use crate::expr::types::Type;
use crate::lang::Text;
use crate::value::{Bound, Day, DayRange, Interval, Record, Unit, Value, Words};

impl Declaring<'_> {
    /// The applicant's other benefits, as a list that the overlap rule looks at.
    pub fn other_benefits(&mut self) -> (usize, usize) {
        let field = |name: &str, ty: Type, domain: Value, zh: &'static str, en: &'static str| Input {
            name: name.to_owned(),
            label: Text::new(zh, en),
            ask: None,
            ty,
            origin: Origin::Fact,
            absent: domain.clone(),
            domain,
            versions: Vec::new(),
            written_in: None,
            integer: false,
            measure: None,
            may_be_never: false,
        };
        let money = self.names.money.ty();
        let at_least_zero = Interval { lo: Bound::ZERO, hi: Bound::Above };
        let mut fields = vec![
            field("category", Type::Text, Value::Text(None), "用途", "what it is for"),
            field("amount", money.clone(), Value::Quantity(at_least_zero), "金额", "amount"),
            field("on", Type::Date, Value::Date(DayRange { lo: Day::FIRST, hi: Day::LAST }), "日期", "date"),
            field("source", Type::Text, Value::Text(None), "依据", "source"),
            field("installment", Type::Text, Value::Text(None), "期次", "instalment"),
            field("clause", Type::Text, Value::Text(None), "对应条款", "the clause it is for"),
        ];
        for field in &mut fields {
            match field.name.as_str() {
                // An entry that names no clause is for the whole category; which part it is for, nobody knows.
                "clause" => field.absent = Value::Text(Some("".into())),
                "installment" => {
                    field.ask = Some(Text::new(
                        "对应哪一期？不专对某一期的写“全部”；不填即为不清楚",
                        "which instalment is it for? \"whole\" if for none of them alone; left out, nobody knows",
                    ));
                }
                _ => {}
            }
        }
        if let Some(&level) = self.names.enum_places.get("level") {
            let words = self.names.enums.get(level).map_or(0, |found| found.words.len());
            fields.push(field("level", Type::Enum(level), Value::Words(Words::all(words)), "层级", "level"));
        }
        let any =
            Record { fields: fields.iter().map(|field| field.domain.clone()).collect(), times: 1, ..Record::default() };
        let list = self.names.lists.len();
        let input = self.add_input(Input {
            name: "other_benefits".to_owned(),
            label: Text::new("其他政策已享受的待遇", "benefits from other schemes"),
            ask: None,
            ty: Type::List(list),
            origin: Origin::Fact,
            domain: Value::List(Arc::default()),
            absent: Value::List(Arc::default()),
            versions: Vec::new(),
            written_in: None,
            integer: false,
            measure: None,
            may_be_never: false,
        });
        self.names.lists.push(List {
            input,
            name: "other_benefits".to_owned(),
            unit: Unit::none(),
            label_by: Some(3),
            fields,
            any,
            // Set off by what stands in them, whether an expression names them or not.
            number: None,
            of: None,
            seen: Seen::all(),
        });
        (input, list)
    }
}
