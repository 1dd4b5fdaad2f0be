//! What the columns of a table hold: each head is a fact's name or its label in either language.

use std::sync::Arc;

use crate::diagnostic::did_you_mean;
use crate::expr::names::Origin;
use crate::expr::types::Type;
use crate::lang::Text;
use crate::policy::Policy;
use crate::rows::Fault;

/// What a column holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Column {
    /// What the applicant is called in other tables and in the results.
    Id,
    /// The applicant's name.
    Name,
    /// The kind of applicant.
    Kind,
    /// Where the applicant is.
    Place,
    /// The evaluation date.
    AsOf,
    /// A fact, by its name; with the place of the policy and of its input wherever it is asked for.
    Fact(String, Vec<(usize, usize)>),
    /// Nothing that is asked for.
    Ignored,
}

/// The columns of a table.
#[derive(Debug, Default)]
pub struct Heads {
    /// As the table calls them.
    pub names: Vec<String>,
    /// What they hold, in the same order.
    pub columns: Vec<Column>,
    /// The column of the id, and that of the name.
    own: [Option<usize>; 2],
}

/// Words for the columns that are no facts.
const OWN: [(&str, &str, Column); 5] = [
    ("id", "编号", Column::Id),
    ("name", "姓名", Column::Name),
    ("kind", "申请人类型", Column::Kind),
    ("place", "地点", Column::Place),
    ("as_of", "评估日期", Column::AsOf),
];

impl Heads {
    /// Reads heads against the policies. `ignore`: columns that no policy asks for are passed over.
    pub fn read(
        names: Vec<String>,
        policies: &[&Policy],
        ignore: bool,
        file: &Arc<str>,
        line: u64,
    ) -> Result<Heads, Vec<Fault>> {
        let mut faults = Vec::new();
        let mut columns: Vec<Column> = Vec::new();
        let mut fault = |name: &str, reason: Text| {
            faults.push(Fault::of_line(file, line, reason).in_column(name, ""));
        };
        for (place, name) in names.iter().enumerate() {
            let name = name.trim();
            let column = if name.is_empty() { None } else { column(name, policies) };
            match column {
                Some(Err(reason)) => {
                    fault(name, reason);
                    columns.push(Column::Ignored);
                }
                Some(Ok(column)) => {
                    if let Some(first) = columns.iter().position(|known| *known == column) {
                        let reason = Text::made(
                            format!("与第 {} 列重复；删去一列", first + 1),
                            format!("the same as column {}; delete one of them", first + 1),
                        );
                        fault(name, reason);
                    }
                    columns.push(column);
                }
                None if ignore => columns.push(Column::Ignored),
                None if name.is_empty() => {
                    let number = place + 1;
                    let reason = Text::made(
                        format!("第 {number} 列没有列名；补上列名，或加 --ignore-columns"),
                        format!("column {number} has no head; name it, or use --ignore-columns"),
                    );
                    fault("", reason);
                    columns.push(Column::Ignored);
                }
                None => {
                    fault(name, unknown(name, policies));
                    columns.push(Column::Ignored);
                }
            }
        }
        let own = [Column::Id, Column::Name].map(|column| columns.iter().position(|known| *known == column));
        if faults.is_empty() { Ok(Heads { names, columns, own }) } else { Err(faults) }
    }

    /// The place of a column.
    pub fn place(&self, column: &Column) -> Option<usize> {
        // The two that are asked for row by row are known beforehand.
        match (column, self.own) {
            (Column::Id, [id, _]) => id,
            (Column::Name, [_, name]) => name,
            _ => self.columns.iter().position(|known| known == column),
        }
    }
}

/// What a head names; an error where it names something that cannot be a column.
fn column(name: &str, policies: &[&Policy]) -> Option<Result<Column, Text>> {
    let own = |(en, zh, _): &&(&str, &str, Column)| name.eq_ignore_ascii_case(en) || name == *zh;
    let mut found: Vec<(&str, usize, usize)> = Vec::new();
    let mut list = None;
    for (place, policy) in policies.iter().enumerate() {
        let facts = policy.names.inputs.iter().enumerate().filter(|(_, input)| input.origin == Origin::Fact);
        for (slot, input) in facts {
            let labelled = input.label.zh == name || input.label.en.eq_ignore_ascii_case(name);
            if input.name != name && !labelled {
                continue;
            }
            if matches!(input.ty, Type::List(_)) {
                list = Some(input.name.clone());
            } else {
                found.push((&input.name, place, slot));
            }
        }
    }
    // A fact's own name goes before a label that another fact happens to have.
    if found.iter().any(|(known, _, _)| *known == name) {
        found.retain(|(known, _, _)| *known == name);
    }
    let Some((first, _, _)) = found.first().copied() else {
        if let Some(list) = list {
            let reason = Text::made(
                format!("这是一份名单，另列一表：--list {list}=文件.csv"),
                format!("this is a list; give it as a table of its own: --list {list}=FILE.csv"),
            );
            return Some(Err(reason));
        }
        return OWN.iter().find(own).map(|(_, _, column)| Ok(column.clone()));
    };
    if let Some((other, _, _)) = found.iter().find(|(known, _, _)| *known != first) {
        let reason = Text::made(
            format!("可指 {first} 或 {other}；列名请写事实的英文名"),
            format!("this is the label of {first} and of {other}; use the fact's name as the head"),
        );
        return Some(Err(reason));
    }
    let places = found.iter().map(|(_, policy, slot)| (*policy, *slot)).collect();
    Some(Ok(Column::Fact(first.to_owned(), places)))
}

/// What to say of a head that names nothing.
fn unknown(name: &str, policies: &[&Policy]) -> Text {
    let inputs = policies.iter().flat_map(|policy| policy.names.inputs.iter());
    let facts = inputs.filter(|input| input.origin == Origin::Fact);
    let words = facts.flat_map(|input| [input.name.as_str(), input.label.zh.as_ref(), input.label.en.as_ref()]);
    let own = OWN.iter().flat_map(|(en, zh, _)| [*en, *zh]);
    let near = did_you_mean(name, words.chain(own));
    let known = Text::new(
        "所用政策没有这一项；改正列名，或加 --ignore-columns",
        "no policy in use asks for this; correct the head, or use --ignore-columns",
    );
    Text::join(&near.into_iter().chain([known]).collect::<Vec<_>>(), "；", "; ")
}
