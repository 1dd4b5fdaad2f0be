//! What the columns of a table hold: each head is a fact's name or its label in either language.

use std::sync::Arc;

use crate::expr::types::Type;
use crate::lang::Text;
use crate::policy::Policy;
use crate::rows::Fault;
use crate::rows::asked::{self, Asked, Field, ListFields};
use crate::rows::cell::As;
use crate::source::{folded, of_unseen, unseen_in_lines};

/// So many faults of one line of heads are told.
const MOST_TOLD: usize = 20;

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
    /// A fact, by its name; with the place of the policy and of its input wherever it is asked for, and its type there first.
    Fact(String, Vec<(usize, usize)>, Type),
    /// A field of the records of a list.
    Field(Field),
    /// Nothing that is asked for.
    Ignored,
}

impl Column {
    /// What its cells are read as.
    pub(super) fn read_as(&self) -> As<'_> {
        match self {
            Column::AsOf => As::Day,
            Column::Field(field) => field.read_as(),
            Column::Fact(_, _, ty) => As::Fact(ty),
            _ => As::Fact(&Type::Text),
        }
    }
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

impl Heads {
    /// Reads heads against the policies. `ignore`: columns that no policy asks for are passed over.
    pub fn read(
        names: Vec<String>,
        policies: &[&Policy],
        ignore: bool,
        file: &Arc<str>,
        line: u64,
    ) -> Result<Heads, Vec<Fault>> {
        let column = |name: &str| match asked::asked(name, policies)? {
            Ok(Asked::Column(column)) => Some(Ok(column)),
            Ok(Asked::List(list)) => Some(Err(list.of_its_own())),
            Err(reason) => Some(Err(reason)),
        };
        let unknown = |name: &str| asked::unknown(name, policies);
        Heads::of(names, &column, &unknown, ignore, file, line)
    }

    /// Reads the heads of a table of a list's records: the applicant's id, and the list's fields.
    pub fn of_list(
        names: Vec<String>,
        list: &ListFields,
        ignore: bool,
        file: &Arc<str>,
        line: u64,
    ) -> Result<Heads, Vec<Fault>> {
        let column = |name: &str| {
            if asked::is_id(name) || folded(name).eq_ignore_ascii_case("applicant") || folded(name) == "申请人" {
                return Some(Ok(Column::Id));
            }
            list.field(name).map(|field| Ok(Column::Field(field.clone())))
        };
        let unknown = |name: &str| list.unknown(name);
        let heads = Heads::of(names, &column, &unknown, ignore, file, line)?;
        if heads.place(&Column::Id).is_none() {
            let reason = Text::new(
                "缺少申请人编号列：列名写 id、编号、applicant 或 申请人",
                "the column of the applicant's id is missing; its head is id or applicant",
            );
            return Err(vec![Fault::of_line(file, line, reason)]);
        }
        Ok(heads)
    }

    fn of(
        names: Vec<String>,
        column: &dyn Fn(&str) -> Option<Result<Column, Text>>,
        unknown: &dyn Fn(&str) -> Text,
        ignore: bool,
        file: &Arc<str>,
        line: u64,
    ) -> Result<Heads, Vec<Fault>> {
        let (mut faults, mut more) = (Vec::new(), 0_u64);
        let mut columns: Vec<Column> = Vec::new();
        // A line of a million commas has a million heads that are nothing.
        let mut fault = |name: &str, reason: &dyn Fn() -> Text| {
            if faults.len() < MOST_TOLD {
                faults.push(Fault::of_line(file, line, reason()).in_column(name, ""));
            } else {
                more += 1;
            }
        };
        for (place, name) in names.iter().enumerate() {
            let name = name.trim();
            // A head may be of several lines.
            let column = match unseen_in_lines(name) {
                _ if name.is_empty() => None,
                Some(character) => Some(Err(of_unseen(character))),
                None => column(name),
            };
            match column {
                Some(Err(reason)) => {
                    fault(name, &|| reason.clone());
                    columns.push(Column::Ignored);
                }
                Some(Ok(column)) => {
                    if let Some(first) = columns.iter().position(|known| *known == column) {
                        let reason = Text::made(
                            format!("与第 {} 列重复；删去一列", first + 1),
                            format!("the same as column {}; delete one of them", first + 1),
                        );
                        fault(name, &|| reason.clone());
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
                    fault("", &|| reason.clone());
                    columns.push(Column::Ignored);
                }
                None => {
                    fault(name, &|| unknown(name));
                    columns.push(Column::Ignored);
                }
            }
        }
        let own = [Column::Id, Column::Name].map(|column| columns.iter().position(|known| *known == column));
        if more > 0 {
            let reason = Text::made(format!("另有 {more} 列也不能用"), format!("{more} more columns cannot be used"));
            faults.push(Fault::of_line(file, line, reason));
        }
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
