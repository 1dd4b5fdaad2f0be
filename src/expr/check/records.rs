//! Records of a list: all of them, those of which something holds, or the first so many by an order. They can have a name.

use std::sync::atomic::Ordering;

use super::{Checker, NO_ORDER, NOT_HERE, TYPE_MISMATCH, UNKNOWN_NAME};
use crate::diagnostic::did_you_mean;
use crate::expr::names::List;
use crate::expr::parser::TOO_DEEP;
use crate::expr::program::{Aggregate, AggregateKind, Belongs, Best, By, Node, Op, Owner};
use crate::expr::syntax::{Part, Syntax};
use crate::expr::types::Type;
use crate::lang::Text;
use crate::value::Unit;

/// So many parts of expressions may be written out where names for lists stand, in one policy.
const MOST_WRITTEN_OUT: usize = 100_000;

impl Aggregate {
    /// All records of a list.
    fn all(input: usize, list: usize) -> Aggregate {
        let (filter, body, rest) = (None, None, Vec::new());
        Aggregate {
            kind: AggregateKind::Records,
            input,
            list,
            filter,
            body,
            rest,
            best: None,
            owner: None,
            by_line: false,
        }
    }

    /// The same inside so many further records.
    fn inside(&mut self, records: usize) {
        if let Some(Owner { record: Some(record), .. }) = &mut self.owner {
            *record += records;
        }
        self.nodes_mut().into_iter().for_each(|node| node.inside(records));
    }

    /// Those of them of which this holds as well.
    pub(super) fn only(mut self, filter: Option<Node>) -> Aggregate {
        self.filter = match (self.filter, filter) {
            (Some(known), Some(more)) => {
                let (ty, span) = (Type::Bool, known.span.clone());
                let (measured, print) = (known.measured.clone(), crate::expr::program::Print::default());
                Some(Box::new(Node { op: Op::And(known, Box::new(more)), ty, span, measured, print }))
            }
            (known, more) => known.or(more.map(Box::new)),
        };
        self
    }
}

impl Node {
    /// How many parts it has.
    fn size(&self) -> usize {
        1 + self.children().into_iter().map(Node::size).sum::<usize>()
    }

    /// The same inside so many further records. What is written outside all records looks at its own only.
    fn inside(&mut self, records: usize) {
        match &mut self.op {
            Op::Field(depth, _) => *depth += records,
            Op::Aggregate(aggregate) => aggregate.inside(records),
            _ => self.children_mut().into_iter().for_each(|child| child.inside(records)),
        }
    }

    /// A condition on the record of a count, asked of the record that a clause is worked out for.
    pub fn of_each(&mut self) {
        match &mut self.op {
            Op::Field(0, field) => self.op = Op::EachField(*field),
            Op::Field(depth, _) => *depth -= 1,
            Op::Aggregate(aggregate) => {
                if let Some(owner) = &mut aggregate.owner {
                    owner.record = owner.record.and_then(|record| record.checked_sub(1));
                }
                aggregate.nodes_mut().into_iter().for_each(Node::of_each);
            }
            _ => self.children_mut().into_iter().for_each(Node::of_each),
        }
    }
}

impl Checker<'_> {
    /// The records that are counted or added up.
    pub(super) fn of(&mut self, syntax: &Syntax) -> Option<Aggregate> {
        match &syntax.part {
            Part::Name(name) => self.of_name(name, syntax),
            Part::Own(name) => self.own(name, syntax),
            Part::Where(list, filter) => {
                let of = self.of(list)?;
                let filter = self.of_record(of.list, filter, &Type::Bool)?;
                Some(of.only(Some(filter)))
            }
            Part::Best { count, list, filter, by } => {
                let of = self.of(list)?;
                if of.best.is_some() {
                    let label =
                        Text::new("这份名单已经取过前几名", "of this list only the first so many are left already");
                    let help = Text::new("把两次取舍合成一次", "take them once");
                    self.diagnostics.push(TYPE_MISMATCH.at(self.span(&list.range), label).help(help));
                    return None;
                }
                let count = self.want(count, &Type::Quantity(Unit::none()));
                let filter = match filter {
                    Some(filter) => Some(self.of_record(of.list, filter, &Type::Bool)?),
                    None => None,
                };
                let of = of.only(filter);
                let mut keys = Vec::new();
                for by in by {
                    let key = self.order(of.list, &by.key);
                    keys.extend(key.map(|key| By { key, highest: by.highest, word: self.span(&by.word) }));
                }
                if keys.len() < by.len() {
                    return None;
                }
                let (among, span) = (of.filter.map(|filter| *filter), self.span(&syntax.range));
                let best = Best { count: count?, among, by: keys, span };
                Some(Aggregate { best: Some(Box::new(best)), owner: of.owner, ..Aggregate::all(of.input, of.list) })
            }
            _ => {
                let label = Text::new("此处应为名单", "a list is wanted here");
                self.diagnostics.push(TYPE_MISMATCH.at(self.span(&syntax.range), label));
                None
            }
        }
    }

    /// The records themselves, where they are to have a name.
    pub(super) fn some_records(&mut self, syntax: &Syntax) -> Option<Node> {
        let of = self.of(syntax)?;
        let ty = Type::List(of.list);
        self.node(Op::Aggregate(of), ty, syntax)
    }

    /// Those records of a list that belong to the record that is looked at.
    fn own(&mut self, name: &str, syntax: &Syntax) -> Option<Aggregate> {
        let names = self.names;
        let found = names.lists.iter().enumerate().find(|(_, list)| list.name == name);
        if let Some((place, list)) = found.filter(|(_, list)| names.is_paid(list)) {
            return self.own_paid(place, list, syntax);
        }
        let Some((by, (place, list))) = found.and_then(|(place, list)| Some((list.of.clone()?, (place, list)))) else {
            if !self.is_faulty(name) {
                let known = names.lists.iter().filter(|list| list.of.is_some()).map(|list| list.name.as_str());
                let label = Text::new("没有这样一份属于别的名单的名单", "no list of this name belongs to another one");
                let help = Text::new("所属名单写作 `of = \"…\"`", "a list says to which one it belongs: `of = \"…\"`");
                let fault = UNKNOWN_NAME.at(self.span(&syntax.range), label).help(did_you_mean(name, known)).help(help);
                self.diagnostics.push(fault);
            }
            return None;
        };
        let record = self.records.iter().rposition(|list| *list == by.list);
        let each = self.scope.each.as_ref().is_some_and(|(_, list)| *list == by.list);
        let owners = names.lists.get(by.list)?;
        if record.is_none() && !each {
            let of = &owners.name;
            let label = Text::made(format!("这里没有 `{of}` 的记录"), format!("no record of `{of}` is looked at here"));
            let help = Text::made(
                format!("用在 `… of {of} where …` 之内，或 `each = \"{of} as …\"` 的条款中"),
                format!("use it inside `… of {of} where …`, or in a clause with `each = \"{of} as …\"`"),
            );
            self.diagnostics.push(NOT_HERE.at(self.span(&syntax.range), label).help(help));
            return None;
        }
        // Records that belong to different ones, or have different ones of their own, are not alike.
        for (mine, theirs) in std::iter::once(by.name).chain(by.number) {
            list.seen.insert(mine);
            owners.seen.insert(theirs);
        }
        Some(Aggregate { owner: Some(Owner { record, by }), ..Aggregate::all(list.input, place) })
    }

    /// What was paid for the record of the clause: payments name it.
    fn own_paid(&mut self, place: usize, list: &List, syntax: &Syntax) -> Option<Aggregate> {
        let names = self.names;
        let each = self.scope.each.as_ref().and_then(|(_, each)| names.lists.get(*each).map(|owners| (*each, owners)));
        let named = each.and_then(|(each, owners)| Some((each, owners, owners.label_by?)));
        let record = list.fields.iter().position(|field| field.name == "record");
        let Some(((each, owners, theirs), mine)) = named.zip(record) else {
            let label = Text::new("这里没有可以有款项的记录", "no record is looked at here that payments could name");
            let help = Text::new(
                "用在 `each = \"… as …\"` 的条款中，且该名单有 `label_by`",
                "use it in a clause with `each = \"… as …\"`, over a list with `label_by`",
            );
            self.diagnostics.push(NOT_HERE.at(self.span(&syntax.range), label).help(help));
            return None;
        };
        list.seen.insert(mine);
        owners.seen.insert(theirs);
        let owner = Owner { record: None, by: Belongs { list: each, name: (mine, theirs), number: None } };
        Some(Aggregate { owner: Some(owner), ..Aggregate::all(list.input, place) })
    }

    fn of_record(&mut self, list: usize, syntax: &Syntax, ty: &Type) -> Option<Node> {
        self.records.push(list);
        let found = self.want(syntax, ty);
        self.records.pop();
        found
    }

    /// What records can be put in order by.
    fn order(&mut self, list: usize, syntax: &Syntax) -> Option<Node> {
        self.records.push(list);
        let found = self.check(syntax, None);
        self.records.pop();
        let found = found?;
        let ordered = match &found.ty {
            Type::Quantity(_) | Type::Date | Type::Bool => true,
            Type::Enum(place) => self.names.enums.get(*place).is_some_and(|known| known.ordered),
            Type::Text | Type::List(_) => false,
        };
        if !ordered {
            self.diagnostics.push(NO_ORDER.at(found.span.clone(), self.names.describe(&found.ty)));
        }
        Some(found).filter(|_| ordered)
    }

    /// What a name stands for, where it is used. It is written out there, so that what is used often and stands for much is
    /// refused before it takes all memory.
    fn placed(&mut self, mut of: Aggregate, syntax: &Syntax) -> Option<Aggregate> {
        let inside = self.records.len();
        let size: usize = of.nodes().into_iter().map(Node::size).sum();
        if self.names.written_out.fetch_add(size, Ordering::Relaxed) > MOST_WRITTEN_OUT {
            let help = Text::new(
                "以名称代指的名单用得太多，或层层相套：减少层数",
                "names for lists are used too often, or stand for each other too many times over: use fewer",
            );
            self.diagnostics.push(TOO_DEEP.at(self.span(&syntax.range), Text::default()).help(help));
            return None;
        }
        of.inside(inside);
        Some(of)
    }

    fn of_name(&mut self, name: &str, syntax: &Syntax) -> Option<Aggregate> {
        let names = self.names;
        if let Some(known) = self.scope.lets.iter().find(|known| known.name == name) {
            if let Some(records) = &known.records {
                return self.placed(records.clone(), syntax);
            }
            let label = Text::new("这个名称不是名单", "this name stands for no list");
            self.diagnostics.push(TYPE_MISMATCH.at(self.span(&syntax.range), label));
            return None;
        }
        let defined = names.defines.iter().find(|define| define.name == name).and_then(|define| define.node.records());
        if let Some(records) = defined {
            return self.placed(records, syntax);
        }
        if let Some((place, list)) = names.lists.iter().enumerate().find(|(_, list)| list.name == name) {
            return Some(Aggregate::all(list.input, place));
        }
        if !self.is_faulty(name) {
            let lets = self.scope.lets.iter().filter(|known| known.records.is_some()).map(|known| known.name.as_str());
            let known = names.lists.iter().map(|list| list.name.as_str()).chain(lets);
            let label = Text::new("没有这份名单", "there is no such list");
            let diagnostic = UNKNOWN_NAME.at(self.span(&syntax.range), label).help(did_you_mean(name, known));
            self.diagnostics.push(diagnostic);
        }
        None
    }
}

impl Node {
    /// The records that this stands for, where it is a list or some of one.
    pub fn records(&self) -> Option<Aggregate> {
        match (&self.op, &self.ty) {
            (Op::Aggregate(of), _) if of.kind == AggregateKind::Records => Some(of.clone()),
            (Op::Input(input), Type::List(list)) => Some(Aggregate::all(*input, *list)),
            _ => None,
        }
    }
}
