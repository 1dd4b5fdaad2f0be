//! A map held against the heads of a table.

use std::sync::Arc;

use crate::diagnostic::did_you_mean;
use crate::expr::types::Type;
use crate::lang::Text;
use crate::policy::Policy;
use crate::rows::asked::{self, Asked};
use crate::rows::cell::As;
use crate::rows::map::layout::compared;
use crate::rows::map::{Map, Reading, To, Use};
use crate::rows::reserved::is_reserved;
use crate::rows::units::{self, HeadUnit};
use crate::rows::{Column, Fault, Heads, ListFields};
use crate::source::clean;

/// What becomes of the columns of one table.
#[derive(Debug)]
pub struct Mapping {
    /// The columns as the table has them.
    pub inner: Heads,
    /// The columns as they are used, and for each where it comes from.
    pub(super) outer: Heads,
    pub(super) steps: Vec<Step>,
}

/// Where a column that is used comes from.
#[derive(Clone, Debug)]
pub(super) struct Step {
    pub from: usize,
    pub reading: Reading,
    pub words: Vec<(String, String)>,
}

impl Map {
    /// Holds the map against a table with these heads. `ignore`: columns that it does not speak of are passed over.
    pub fn against(
        &self,
        names: Vec<String>,
        policies: &[&Policy],
        ignore: bool,
        file: &Arc<str>,
    ) -> Result<Mapping, Vec<Fault>> {
        let mut faults = Vec::new();
        let mut inner: Vec<(Column, Option<HeadUnit>)> = vec![(Column::Ignored, None); names.len()];
        let mut outer: Vec<(String, Column, Option<HeadUnit>)> = Vec::new();
        let mut steps = Vec::new();
        let mut is_used = vec![false; names.len()];
        for own in &self.uses {
            let mut fault = |reason: Text| faults.push(Fault::of_line(&self.file, own.line, reason));
            let Some(from) = names.iter().position(|name| compared(name) == compared(&own.from)) else {
                fault(self.no_head(&own.from, &names, file));
                continue;
            };
            if let Some(used) = is_used.get_mut(from) {
                *used = true;
            }
            let column = match self.column(own, policies) {
                Ok(column) => column,
                Err(reason) => {
                    fault(reason);
                    continue;
                }
            };
            if own.reading == Reading::CitizenId && !matches!(column.read_as(), As::Fact(Type::Date) | As::Day) {
                fault(Text::new(
                    "身份证号给出的是出生日期，这一项不是日期",
                    "an identity number gives a day of birth, and this is no date",
                ));
            }
            let name = names.get(from).cloned().unwrap_or_default();
            if column != Column::Kept
                && let Some((first, ..)) = outer.iter().find(|(_, known, _)| *known == column)
            {
                let first = clean(first);
                fault(Text::made(
                    format!("这一项已取自“{first}”列；只留一处"),
                    format!("this is taken from the column “{first}” already; leave one of them"),
                ));
            }
            let unit = match unit(own, &name, column.ty(), policies) {
                Ok(unit) => unit,
                Err(reason) => {
                    fault(reason);
                    None
                }
            };
            if let Some(slot) = inner.get_mut(from) {
                // What is read in two ways is read as a text, but for the way that says most of it.
                let (is_text, known) =
                    (own.reading == Reading::CitizenId, slot.0 != Column::Ignored && slot.0 != Column::Kept);
                if column == Column::Id || !known {
                    *slot = if is_text { (Column::Kept, None) } else { (column.clone(), unit.clone()) };
                }
            }
            outer.push((name, column, unit));
            steps.push(Step { from, reading: own.reading, words: own.words.clone() });
        }
        for (place, name) in names.iter().enumerate() {
            let is_left = || self.leave.iter().any(|(head, _)| compared(head) == compared(name));
            if name.is_empty()
                || is_used.get(place).copied().unwrap_or(false)
                || ignore
                || is_left()
                || is_reserved(name)
            {
                continue;
            }
            let map = &self.file;
            let reason = Text::made(
                format!("{map} 没有写这一列怎么用；写入 columns、keep 或 leave"),
                format!("{map} does not say what becomes of this column; put it under columns, keep or leave"),
            );
            faults.push(Fault::of_line(file, self.layout.last_head(), reason).in_column(name, ""));
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        let lists = self.lists(&outer);
        let cells = steps.iter().map(|step: &Step| step.from).collect();
        let (columns, of_heads) = inner.into_iter().unzip();
        let inner = Heads::made(names, columns, of_heads);
        let (mut own, mut columns, mut of_heads) = (Vec::new(), Vec::new(), Vec::new());
        for (name, column, unit) in outer {
            own.push(name);
            columns.push(column);
            of_heads.push(unit);
        }
        Ok(Mapping { inner, outer: Heads::made(own, columns, of_heads).mapped(lists, cells), steps })
    }

    /// The lists whose records stand in a row, and whether there is none where all of their columns are empty.
    fn lists(&self, outer: &[(String, Column, Option<HeadUnit>)]) -> Vec<(String, bool)> {
        let mut lists: Vec<(String, bool)> = Vec::new();
        for (own, (_, column, _)) in self.uses.iter().zip(outer) {
            if let (To::Field(written, ..), Column::Part { list, .. }) = (&own.to, column)
                && !lists.iter().any(|(known, _)| known == list)
            {
                lists.push((list.clone(), self.none_if_blank.contains(written)));
            }
        }
        lists
    }

    fn no_head(&self, head: &str, names: &[String], file: &Arc<str>) -> Text {
        let lines: Vec<String> = self.layout.heads.iter().map(u64::to_string).collect();
        let (head, lines) = (clean(head), lines.join("–"));
        let none = Text::made(
            format!("{file} 的列名（第 {lines} 行）中没有“{head}”"),
            format!("{file} has no head “{head}” (line {lines})"),
        );
        let near = did_you_mean(&head, names.iter().map(String::as_str));
        Text::join(&std::iter::once(none).chain(near).collect::<Vec<_>>(), "；", "; ")
    }

    fn column(&self, own: &Use, policies: &[&Policy]) -> Result<Column, Text> {
        match &own.to {
            To::Kept => Ok(Column::Kept),
            To::Fact(name) => match asked::asked(name, policies) {
                Some(Ok(Asked::Column(column))) => Ok(column),
                Some(Ok(Asked::List(_))) => Err(Text::new(
                    "这是一份名单，其各列写在 [[lists.名单]] 之下",
                    "this is a list, whose columns stand under [[lists.<list>]]",
                )),
                Some(Err(reason)) => Err(reason),
                None => {
                    let known = Text::new(
                        "所用政策没有这一项；改正名称，或把这一列写入 keep 或 leave",
                        "no policy in use asks for this; correct it, or put the column under keep or leave",
                    );
                    let near = asked::near(name, policies);
                    Err(Text::join(&near.into_iter().chain([known]).collect::<Vec<_>>(), "；", "; "))
                }
            },
            To::Field(list, number, field) => {
                let Some(fields) = ListFields::of(list, policies) else {
                    let near = did_you_mean(list, ListFields::names(policies));
                    let list = clean(list);
                    let none = Text::made(
                        format!("所用政策没有名单“{list}”"),
                        format!("no policy in use asks for the list “{list}”"),
                    );
                    return Err(Text::join(&std::iter::once(none).chain(near).collect::<Vec<_>>(), "；", "; "));
                };
                let known = fields.field(field).ok_or_else(|| fields.unknown(field))?;
                Ok(Column::Part { list: fields.name.clone(), number: *number, field: known.clone() })
            }
        }
    }
}

/// The unit of a column: that of its head, or the one that the map gives; these must not differ.
fn unit(own: &Use, name: &str, ty: Option<&Type>, policies: &[&Policy]) -> Result<Option<HeadUnit>, Text> {
    let is_a_number = matches!(ty, Some(Type::Quantity(_)));
    let mut found: Option<HeadUnit> = None;
    for words in brackets(name).into_iter().filter(|words| is_a_number && units::is_a_unit(words, policies)) {
        let Some(read) = units::unit(words, ty, policies) else { continue };
        let read = read?;
        match &found {
            Some(known) if !known.is(read.name()) => {
                return Err(Text::made(
                    format!("列名中有两个单位：{} 和 {}", known.name(), read.name()),
                    format!("the head has two units, {} and {}", known.name(), read.name()),
                ));
            }
            _ => found = Some(read),
        }
    }
    let Some(given) = &own.unit else { return Ok(found) };
    let read = units::unit(given, ty, policies).unwrap_or_else(|| {
        let given = clean(given);
        Err(Text::made(format!("“{given}”不是单位"), format!("“{given}” is no unit")))
    })?;
    match found {
        Some(found) if !found.is(read.name()) => Err(Text::made(
            format!("列名的单位是{}，这里写的是{}；改成一致的", found.name(), read.name()),
            format!("the head has the unit {}, and here stands {}; make them one", found.name(), read.name()),
        )),
        _ => Ok(Some(read)),
    }
}

/// What stands in the brackets of a head.
pub(in crate::rows) fn brackets(name: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut open = None;
    for (at, character) in name.char_indices() {
        match character {
            '(' | '（' | '[' | '［' | '【' => open = Some(at + character.len_utf8()),
            ')' | '）' | ']' | '］' | '】' => {
                found.extend(
                    open.take().and_then(|open: usize| name.get(open..at)).filter(|within| !within.trim().is_empty()),
                );
            }
            _ => {}
        }
    }
    found
}
