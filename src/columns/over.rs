//! Counts, sums, extremes, truths and spans over the records of a list: the records of a block's rows are rows of a few operations
//! of their own, and what these come to is drawn together row by row.
//!
//! What does not hang on the record is a column of the rows, spread over their records.

use std::collections::HashMap;

use crate::columns::build::{Builder, Column, Scope, Shape};
use crate::columns::calendar::{day, lane};
use crate::columns::lanes::{ASK, BLOCK, Lane, work};
use crate::columns::op::{Op, Reg};
use crate::columns::simpler::only_needed;
use crate::columns::source::{number_of, shape_of_input};
use crate::expr::context::RecordAt;
use crate::expr::program::{Aggregate, AggregateKind, Node, Op as Expression};
use crate::expr::spans::{Spans, Within};
use crate::value::{Day, List, Value};

/// Something over the records of a list.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Over {
    /// The place of the list among those whose records are in columns.
    pub list: usize,
    kind: AggregateKind,
    /// Operations of which the rows are records.
    ops: Vec<Op>,
    /// Where those of their columns come from that are given.
    given: Vec<(Reg, From)>,
    /// Which records count; none: all.
    filter: Option<Reg>,
    /// What of each; of spans the first day and the last.
    body: Vec<Reg>,
    within: Within,
}

/// Where a column of records comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum From {
    /// A field, by its place among the columns of the list.
    Field(usize),
    /// A column of the rows.
    Row(Reg),
}

/// A list whose records are in columns: its input, and the fields that are asked for.
#[derive(Clone, Debug)]
pub(super) struct Listed {
    input: usize,
    fields: Vec<(usize, Shape)>,
}

/// The records of a block of rows.
#[derive(Clone, Debug)]
pub(super) struct Columns {
    /// For each record its row, and how many it stands for.
    rows: Vec<(usize, i64)>,
    /// For each field the values, and where they are not known.
    fields: Vec<(Vec<i64>, Vec<u8>)>,
    /// Rows of which not all records are known.
    open: [u8; BLOCK],
}

impl Listed {
    /// Room for the records of a block of rows.
    pub fn columns(&self) -> Columns {
        let fields = self.fields.iter().map(|_| Default::default()).collect();
        Columns { rows: Vec::new(), fields, open: [0; BLOCK] }
    }

    /// Puts the records of a row in.
    pub fn put(&self, row: usize, inputs: &[Value], columns: &mut Columns) {
        let list = match inputs.get(self.input) {
            Some(Value::List(list)) if is_known(list) => Some(list),
            _ => None,
        };
        columns.open.get_mut(row).into_iter().for_each(|open| *open = if list.is_none() { ASK } else { 0 });
        for record in list.iter().flat_map(|list| &list.records) {
            columns.rows.push((row, i64::from(record.times)));
            for ((field, shape), (values, marks)) in self.fields.iter().zip(&mut columns.fields) {
                let value = record.fields.get(*field).and_then(|value| number_of(value, *shape));
                values.push(value.unwrap_or(0));
                marks.push(if value.is_none() { ASK } else { 0 });
            }
        }
    }
}

/// Whether all records of a list are surely there, and no more.
fn is_known(list: &List) -> bool {
    !list.open && list.records.iter().all(|record| record.times > 0 && record.more == 0 && !record.unlisted)
}

impl Columns {
    /// Forgets the records that were put in.
    pub fn begin(&mut self) {
        self.rows.clear();
        for (values, marks) in &mut self.fields {
            values.clear();
            marks.clear();
        }
    }
}

/// What one row has come to so far: the value, once there is one, and whether something of it is not known.
#[derive(Clone, Copy)]
struct Row {
    value: Option<i64>,
    open: bool,
}

impl Over {
    /// The columns of the rows that it reads.
    pub fn each_operand(&mut self, look: &mut dyn FnMut(&mut Reg)) {
        for (_, from) in &mut self.given {
            if let From::Row(reg) = from {
                look(reg);
            }
        }
    }

    /// Works it out for a block of rows. `scratch`: memory for the columns of records.
    pub fn work(&self, rows: &[Lane], records: &Columns, scratch: &mut Vec<Lane>, out: &mut Lane) {
        if scratch.len() < self.ops.len() {
            scratch.resize(self.ops.len(), Lane::BLANK);
        }
        for (place, op) in self.ops.iter().enumerate() {
            if let (Op::Constant(value), Some(lane)) = (op, scratch.get_mut(place)) {
                (lane.values, lane.unknown, lane.marked) = ([*value; BLOCK], [0; BLOCK], false);
            }
            if let (Op::Unknown, Some(lane)) = (op, scratch.get_mut(place)) {
                (lane.unknown, lane.marked) = ([ASK; BLOCK], true);
            }
        }
        let nothing = match self.kind {
            AggregateKind::Min | AggregateKind::Max | AggregateKind::Reached => None,
            AggregateKind::All => Some(1),
            _ => Some(0),
        };
        let mut found = [Row { value: nothing, open: false }; BLOCK];
        let mut spans: Vec<(usize, Day, Day)> = Vec::new();
        for (block, of) in records.rows.chunks(BLOCK).enumerate() {
            for (reg, from) in &self.given {
                if let Some(lane) = scratch.get_mut(*reg) {
                    give(*from, (block * BLOCK, of), rows, records, lane);
                }
            }
            for (place, op) in self.ops.iter().enumerate() {
                work(scratch, place, op, of.len());
            }
            let lane = |reg: &Reg| scratch.get(*reg);
            let (filter, body) = (self.filter.as_ref().and_then(lane), self.body.first().and_then(lane));
            let until = self.body.get(1).and_then(lane);
            let at = |lane: Option<&Lane>, record: usize| {
                let lane = lane?;
                Some((*lane.values.get(record)?, *lane.unknown.get(record)? != 0))
            };
            for (record, (row, times)) in of.iter().enumerate() {
                let (counts, mut open) = at(filter, record).unwrap_or((1, false));
                if counts == 0 && !open {
                    continue;
                }
                let (value, open_value) = at(body, record).unwrap_or((1, false));
                let (until, open_until) = at(until, record).unwrap_or_default();
                open |= open_value | open_until;
                let Some(row_found) = found.get_mut(*row) else { continue };
                if !open && self.kind.of_spans() {
                    match (day(value), day(until)) {
                        (Some(from), Some(until)) => spans.push((*row, from, until)),
                        _ => open = true,
                    }
                }
                self.add(row_found, (value, open), *times);
            }
        }
        if self.kind.of_spans() {
            self.of_spans(&spans, &mut found);
        }
        out.marked = false;
        for (((value, mark), found), open) in out.values.iter_mut().zip(&mut out.unknown).zip(&found).zip(&records.open)
        {
            *value = found.value.unwrap_or(0);
            *mark = if *open != 0 || found.open || found.value.is_none() { ASK } else { 0 };
            out.marked |= *mark != 0;
        }
    }

    /// Adds what one record gives, which perhaps is not known.
    fn add(&self, row: &mut Row, (value, open): (i64, bool), times: i64) {
        // One that decides is enough, known or not the others.
        let decides = match self.kind {
            AggregateKind::Any => Some(1),
            AggregateKind::All => Some(0),
            _ => None,
        };
        if decides.is_some() && row.value != decides.map(|decides| 1 - decides) {
            return;
        }
        if open {
            row.open = true;
            return;
        }
        match (self.kind, row.value) {
            (AggregateKind::Any | AggregateKind::All, _) if Some(value) == decides => {
                *row = Row { value: decides, open: false };
            }
            (AggregateKind::Count | AggregateKind::Sum, Some(sum)) => {
                let sum = value.checked_mul(times).and_then(|more| sum.checked_add(more));
                row.open |= sum.is_none();
                row.value = sum.or(Some(0));
            }
            (AggregateKind::Min, so_far) => row.value = Some(so_far.map_or(value, |so_far| so_far.min(value))),
            (AggregateKind::Max, so_far) => row.value = Some(so_far.map_or(value, |so_far| so_far.max(value))),
            _ => {}
        }
    }

    /// What spans come to, which stand row by row; of a row without any as well.
    fn of_spans(&self, spans: &[(usize, Day, Day)], found: &mut [Row; BLOCK]) {
        let of = |spans: Vec<(Day, Day)>| {
            let spans = Spans { possible: spans.clone(), sure: spans };
            match spans.answer(self.kind, self.within) {
                Some(Value::Quantity(number)) => number.as_point()?.to_i64(),
                Some(Value::Date(range)) => range.as_point().map(lane),
                _ => None,
            }
        };
        let none = of(Vec::new());
        found.iter_mut().for_each(|row| row.value = none);
        for spans in spans.chunk_by(|(one, ..), (other, ..)| one == other) {
            let own = spans.iter().map(|(_, from, until)| (*from, *until)).collect();
            if let Some(row) = spans.first().and_then(|(row, ..)| found.get_mut(*row)) {
                row.value = of(own);
            }
        }
    }
}

/// Fills a column of records, the first of which stands at a place.
fn give(from: From, (first, of): (usize, &[(usize, i64)]), rows: &[Lane], records: &Columns, lane: &mut Lane) {
    lane.marked = false;
    match from {
        From::Field(field) => {
            let Some((values, marks)) = records.fields.get(field) else { return };
            let given = values.iter().zip(marks).skip(first);
            for ((value, mark), (given, open)) in
                lane.values.iter_mut().zip(&mut lane.unknown).zip(given).take(of.len())
            {
                (*value, *mark) = (*given, *open);
                lane.marked |= *open != 0;
            }
        }
        From::Row(reg) => {
            let Some(given) = rows.get(reg) else { return };
            for ((value, mark), (row, _)) in lane.values.iter_mut().zip(&mut lane.unknown).zip(of) {
                *value = given.values.get(*row).copied().unwrap_or(0);
                *mark = given.unknown.get(*row).copied().unwrap_or(ASK);
                lane.marked |= *mark != 0;
            }
        }
    }
}

/// What is compiled for records, while it is.
pub(super) struct Inner {
    list: usize,
    given: Vec<From>,
    /// The operations on rows.
    outer: (Vec<Op>, HashMap<Op, Reg>),
}

impl<'a> Builder<'a> {
    /// Something over the records of a list that a row gives; `None` where it cannot be expressed.
    pub fn over(&mut self, aggregate: &'a Aggregate, scope: &Scope<'a>) -> Option<Column> {
        let is_plain = aggregate.best.is_none() && aggregate.owner.is_none() && !aggregate.by_line;
        if !self.may_ask || self.inner.is_some() || !is_plain || aggregate.kind == AggregateKind::Records {
            return None;
        }
        let (names, kind) = (self.names, aggregate.kind);
        let declared = names.lists.get(aggregate.list)?;
        let mut rest = aggregate.rest.iter();
        let until = rest.next();
        let wanted = if kind == AggregateKind::Reached { Some(self.whole_in_every_row(rest.next()?)?) } else { None };
        let gap = rest.next();
        let gap = match gap {
            Some(gap) => Some((self.whole_in_every_row(gap)?, gap)),
            None => None,
        };
        let within = Within::known(wanted, gap);
        let list = self.listed.iter().position(|known| known.input == aggregate.input).unwrap_or_else(|| {
            self.listed.push(Listed { input: aggregate.input, fields: Vec::new() });
            self.listed.len() - 1
        });
        let outer = (std::mem::take(&mut self.ops), std::mem::take(&mut self.known));
        self.inner = Some(Inner { list, given: Vec::new(), outer });
        let at = RecordAt { input: aggregate.input, list: aggregate.list, index: 0, record: &declared.any };
        self.context.put_beside(Some(at));
        let filter = aggregate.filter.as_ref().map(|filter| self.node(filter, scope));
        let body: Option<Vec<Column>> =
            aggregate.body.iter().map(|body| &**body).chain(until).map(|body| self.node(body, scope)).collect();
        self.context.put_beside(None);
        let Inner { given, outer, .. } = self.inner.take()?;
        let (mut ops, _) = (std::mem::replace(&mut self.ops, outer.0), std::mem::replace(&mut self.known, outer.1));
        let (filter, body) = (filter.map_or(Some(None), |filter| Some(Some(filter?.reg)))?, body?);
        let shape = match (kind, body.as_slice()) {
            (AggregateKind::Count, []) => Shape::Number(1),
            (AggregateKind::Any | AggregateKind::All, [] | [Column { shape: Shape::Truth, .. }]) => Shape::Truth,
            (AggregateKind::Sum, [Column { shape: shape @ Shape::Number(_), .. }]) => *shape,
            (
                AggregateKind::Min | AggregateKind::Max,
                [Column { shape: shape @ (Shape::Number(_) | Shape::Day), .. }],
            ) => *shape,
            (AggregateKind::Reached, [Column { shape: Shape::Day, .. }, Column { shape: Shape::Day, .. }]) => {
                Shape::Day
            }
            (_, [Column { shape: Shape::Day, .. }, Column { shape: Shape::Day, .. }]) if kind.of_spans() => {
                Shape::Number(1)
            }
            _ => return None,
        };
        let body: Vec<Reg> = body.iter().map(|column| column.reg).collect();
        let places = only_needed(&mut ops, filter.iter().chain(&body).copied());
        let to = |reg: &Reg| places.get(*reg).copied().flatten();
        let given = places.iter().flatten().copied().filter_map(|reg| match ops.get(reg)? {
            Op::Input(place) => Some((reg, *given.get(*place)?)),
            _ => None,
        });
        let given = given.collect();
        let filter = filter.as_ref().and_then(to);
        let body = body.iter().filter_map(to).collect();
        let over = Over { list, kind, ops, given, filter, body, within };
        Some(Column { reg: self.op(Op::Over(Box::new(over))), shape })
    }

    /// A whole number of months or days that is the same in every row.
    fn whole_in_every_row(&mut self, node: &Node) -> Option<i64> {
        match self.same_in_every_row(node)? {
            Value::Quantity(number) => number.as_point()?.to_i64().map(|number| number.max(0)),
            _ => None,
        }
    }

    /// A field of the record that is looked at.
    pub fn field_of_record(&mut self, depth: usize, field: usize) -> Option<Column> {
        let list = self.inner.as_ref().filter(|_| depth == 0)?.list;
        let names = self.names;
        let listed = self.listed.get_mut(list)?;
        let declared = names.lists.iter().find(|declared| declared.input == listed.input)?;
        let shape = shape_of_input(declared.fields.get(field)?, names)?;
        let place = listed.fields.iter().position(|(known, _)| *known == field).unwrap_or_else(|| {
            listed.fields.push((field, shape));
            listed.fields.len() - 1
        });
        self.given(From::Field(place), shape)
    }

    /// What does not hang on the record that is looked at: a column of the rows.
    pub fn of_rows(&mut self, node: &'a Node, scope: &Scope<'a>) -> Option<Column> {
        let mut inner = self.inner.take()?;
        let beside = self.context.beside();
        self.context.put_beside(None);
        self.swap(&mut inner);
        let column = self.node(node, scope);
        let fixed = column.and_then(|column| self.fixed_at(column.reg));
        self.swap(&mut inner);
        self.context.put_beside(beside);
        self.inner = Some(inner);
        let column = column?;
        match fixed {
            Some(value) => Some(self.constant(value, column.shape)),
            None => self.given(From::Row(column.reg), column.shape),
        }
    }

    fn swap(&mut self, inner: &mut Inner) {
        std::mem::swap(&mut self.ops, &mut inner.outer.0);
        std::mem::swap(&mut self.known, &mut inner.outer.1);
    }

    fn given(&mut self, from: From, shape: Shape) -> Option<Column> {
        let given = &mut self.inner.as_mut()?.given;
        let place = given.iter().position(|known| *known == from).unwrap_or_else(|| {
            given.push(from);
            given.len() - 1
        });
        Some(Column { reg: self.op(Op::Input(place)), shape })
    }
}

/// Whether a part hangs on a record that is looked at.
pub(super) fn hangs_on_record(node: &Node) -> bool {
    matches!(node.op, Expression::Field(..)) || node.children().into_iter().any(hangs_on_record)
}
