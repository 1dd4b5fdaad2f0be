//! `[[clauses]]`: from TOML to [`Clause`].

mod amounts;
mod came_to;
mod circle;
mod displaced;
mod divided;
mod each;
mod head;
mod limits;
mod named;
mod over_clauses;
mod over_time;
mod parts;
mod shared;

pub(super) use came_to::{check as check_results, tied};
pub(super) use displaced::displaced;
pub(super) use each::each;
use over_clauses::Over;
pub(super) use parts::{clause_place, condition, window};
use shared::Shared;
pub(super) use shared::shared;

use std::sync::Arc;

use crate::clause::kind::Measures;
use crate::clause::{Clause, Condition, Let, Note};
use crate::diagnostic::{Code, Diagnostic, codes};
use crate::document::{Entry, Item, Raw, Table};
use crate::expr::check::{KnownClause, Scope, Wanted};
use crate::expr::function::months_type;
use crate::expr::names::Names;
use crate::expr::program::Node;
use crate::expr::types::Type;
use crate::lang::Text;
use crate::policy::{OverClauses, keys};
use crate::source::visible;
use crate::value::DayRange;

codes! {
    static UNKNOWN_KIND: Code = Code::new("unknown-kind", "没有这种条款类型", "there is no such kind of clause");
    static UNKNOWN_APPLICANT: Code =
        Code::new("unknown-applicant-kind", "没有这种申请人", "there is no such kind of applicant");
    static UNKNOWN_CATEGORY: Code = Code::new("unknown-category", "没有这个用途类别", "there is no such category");
    static UNKNOWN_CLAUSE: Code = Code::new("unknown-clause", "没有这个条款", "there is no such clause");
    static DUPLICATE_CLAUSE: Code = Code::new("duplicate-clause", "条款编号重复", "two clauses have this id");
    static BAD_EACH: Code = Code::new("bad-each", "`each` 写法不对", "`each` is not written like this");
    static BAD_SCALE: Code = Code::new("bad-scale", "分档写法不对", "the scale is not written like this");
    static BAD_CHOICE: Code = Code::new("bad-choice", "不在可选之列", "this is not one of the choices");
    pub(super) static BAD_LIMIT: Code = Code::new("bad-limit", "限额写法不对", "the limit is not written like this");
    static BAD_PARTS: Code = Code::new("bad-parts", "分担的写法不对", "the parts are not written like this");
    static NO_AMOUNT: Code = Code::new("no-amount", "这类条款不应有金额", "a clause of this kind has no amount");
    pub(super) static NOT_OF_FIGURES: Code =
        Code::new("not-of-figures", "数值不发放，不能这样写", "nobody is paid a figure, so this has no meaning");
    static MISSING_AMOUNT: Code = Code::new("missing-amount", "条款没有金额", "the clause has no amount");
    pub(super) static DISPLACED: Code =
        Code::new("displaces-itself", "条款取代了自己", "a clause displaces itself");
    pub(super) static NAMED_TWICE: Code = Code::new("named-twice", "同一条款写了两次", "a clause is named twice");
    static CIRCLE: Code = Code::new("circle", "条款的结果取决于自身", "a clause hangs on what it comes to itself");
    static NOT_FOR_ALL: Code =
        Code::new("not-for-all", "所问的条款不适用于同样的申请人", "the clause that is named is not for the same applicants");
    static UNSEEN_RESULT: Code =
        Code::new("unseen-result", "单个核算看不出这个结果", "this cannot be seen from one applicant");
    static SHADOWS: Code = Code::new("name-shadows", "名称遮住了另一个", "a name hides another");
    static EMPTY_WINDOW: Code = Code::new("empty-window", "有效期为空", "the window is empty");
}

/// Reads all clauses, and the limits over several of them. A clause with a fault is left out; its faults are among `diagnostics`.
pub(super) fn clauses(
    (document, items): (&Table, &[&Item]),
    names: &Names,
    shared: &Shared,
    policy_window: DayRange,
    diagnostics: &mut Vec<Diagnostic>,
) -> (Vec<Clause>, Vec<OverClauses>) {
    let mut ids: Vec<String> = Vec::new();
    for item in items {
        let id = match &item.value {
            Raw::Table(table) => table.get("id").and_then(|item| match &item.value {
                Raw::Text(text) => Some((text.clone(), item.span.clone())),
                _ => None,
            }),
            _ => None,
        };
        let Some((id, span)) = id else {
            ids.push(String::new());
            continue;
        };
        if ids.contains(&id) {
            diagnostics.push(DUPLICATE_CLAUSE.at(span, Text::default()));
        }
        ids.push(id);
    }
    let over = over_clauses::read(document, &ids, diagnostics);
    // What a clause gives must be known before another names it.
    let order = came_to::order(items, &over, &ids, names, diagnostics);
    let mut read: Vec<Option<Clause>> = items.iter().map(|_| None).collect();
    let mut known = came_to::known(&ids);
    for place in order {
        let (Some(item), Some(slot)) = (items.get(place), read.get_mut(place)) else { continue };
        let Some(table) = item.table(diagnostics) else { continue };
        let (lets, let_nodes) = (Vec::new(), Vec::new());
        // The reader, which shares what is known, is gone before more is learnt.
        let clause = Reader { table, place, names, ids: &ids, scope: Scope::default(), lets, let_nodes, diagnostics }
            .clause(shared, &known, &over, policy_window);
        *slot = clause.map(|clause| clause.without_unused(shared.nodes.len()));
        if let Some(clause) = slot {
            clause.uses = came_to::uses(clause);
            came_to::learn(&mut known, place, clause, names);
        }
    }
    let clauses: Vec<Clause> = read.into_iter().flatten().collect();
    if clauses.len() == items.len() {
        over_clauses::check(&over, &clauses, names, diagnostics);
    }
    (clauses, over.into_iter().map(|over| over.rule).collect())
}

struct Reader<'a> {
    table: &'a Table,
    /// The clause's place.
    place: usize,
    names: &'a Names,
    /// The ids of all clauses, in order.
    ids: &'a [String],
    /// What the expressions read so far may name.
    scope: Scope,
    /// The intermediate values so far.
    lets: Vec<Let>,
    let_nodes: Vec<Node>,
    diagnostics: &'a mut Vec<Diagnostic>,
}

/// The keys whose expression may be one for each time.
const CHANGING: &[&str] = &["amount", "at_least", "at_most"];

impl<'a> Reader<'a> {
    fn clause(
        &mut self,
        shared: &Shared,
        known: &Arc<Vec<KnownClause>>,
        over: &[Over<'_>],
        policy_window: DayRange,
    ) -> Option<Clause> {
        let table = self.table;
        let before = self.diagnostics.len();
        table.only(&keys::CLAUSE.names(), self.diagnostics);
        let id = table.need_text("id", self.diagnostics).map(str::to_owned);
        let cite = table.need_text("cite", self.diagnostics).map(|cite| visible(cite).into_owned());
        let title = table.need_words("title", self.diagnostics);
        let summary = table.get("summary").and_then(|item| item.words(self.diagnostics));
        let office = table.get("office").and_then(|item| item.words(self.diagnostics));
        let kind = self.kind();
        let applies_to = self.applicants();
        let category = self.category();
        let window = window(table.get("effective"), policy_window, self.diagnostics);
        let (each, some) = self.each(shared).map_or((None, None), |(each, some)| (Some(each), some));
        self.scope.each = each.as_ref().map(|each| (each.name.clone(), each.list));
        self.scope.window = true;
        let event = self.optional("event", &Wanted::Exactly(Type::Date));
        self.scope.event = true;
        self.values_on(shared);
        self.scope.clauses = Some(Arc::clone(known));
        self.tables();
        self.scales();
        self.lets();
        let belongs = some.and_then(|name| self.belongs(&name));
        let (lets, let_nodes) = (std::mem::take(&mut self.lets), std::mem::take(&mut self.let_nodes));
        let let_named = lets.iter().map(|rule| rule.label.is_some()).collect();
        let mut requires = self.requires();
        requires.splice(0..0, belongs);
        let accrual = self.accrual();
        self.scope.accrued = table.get("accrual").is_some();
        let measure = match kind.measures {
            Measures::Money => Wanted::Exactly(self.names.money.ty()),
            Measures::Anything | Measures::Figure | Measures::Nothing => Wanted::Anything,
        };
        let amount = self.optional("amount", &measure);
        let bound = amount.as_ref().map_or(measure, |amount| Wanted::Exactly(amount.ty.clone()));
        let at_least = self.optional("at_least", &bound);
        let at_most = self.optional("at_most", &bound);
        self.scope.accrued = false;
        let installments = self.installments();
        let limits = self.limits(over);
        let parts = self.divided(kind.measures);
        let instead_of = self.instead_of();
        let used = self.optional("used", &Wanted::Exactly(months_type()));
        let measure = self.measure([&amount, &at_least, &at_most, &used], &installments);
        let rounding = self.rounding(amount.as_ref());
        let not_computed = self.declared_figures("not_computed");
        let derived = self.declared_figures("derived");
        let notes = self.notes();
        // Of a draft nobody has confirmed the kind yet.
        if table.get("todo").is_none() {
            self.amount_fits(kind.measures);
        }
        let signed = self.figure_fits(kind.measures);
        // A clause is made only where everything in it was read.
        if self.diagnostics.len() > before {
            return None;
        }
        Some(Clause {
            id: id?,
            cite: cite?,
            title: title?,
            summary,
            office,
            applies_to,
            kind,
            category,
            window,
            event,
            each,
            requires,
            lets,
            let_nodes,
            let_named,
            amount,
            signed,
            at_least,
            at_most,
            accrual,
            installments,
            measure,
            rounding,
            limits,
            parts,
            instead_of,
            used,
            not_computed,
            derived,
            supplement: None,
            asks_nothing: false,
            uses: Vec::new(),
            notes,
            span: table.head(),
        })
    }

    fn optional(&mut self, key: &str, wanted: &Wanted) -> Option<Node> {
        self.of(self.table, key, wanted)
    }

    fn of(&mut self, table: &Table, key: &str, wanted: &Wanted) -> Option<Node> {
        let item = table.get(key)?;
        let changes = matches!(item.value, Raw::Array(_)) && CHANGING.contains(&key);
        if changes { self.over_time(item, wanted) } else { self.expression(item, wanted) }
    }

    fn entries(&mut self, key: &str) -> &'a [Entry] {
        let table = self.table;
        let Some(item) = table.get(key) else { return &[] };
        item.table(self.diagnostics).map_or(&[], Table::entries)
    }

    fn requires(&mut self) -> Vec<Condition> {
        let table = self.table;
        let Some(item) = table.get("requires") else { return Vec::new() };
        let items = item.array(self.diagnostics).unwrap_or_default();
        items
            .iter()
            .filter_map(|item| {
                let found = condition(item, &keys::CONDITION, self.names, &self.scope, self.diagnostics)?;
                self.in_force(item, found)
            })
            .collect()
    }

    fn notes(&mut self) -> Vec<Note> {
        let table = self.table;
        let Some(item) = table.get("notes") else { return Vec::new() };
        let items = item.array(self.diagnostics).unwrap_or_default();
        let mut notes = Vec::new();
        for item in items {
            let Some(table) = item.table(self.diagnostics) else { continue };
            table.only(&keys::NOTE.names(), self.diagnostics);
            let text = table.own_words(self.diagnostics);
            let when = self.of(table, "when", &Wanted::Exactly(Type::Bool));
            notes.extend(text.map(|text| Note { text, when }));
        }
        notes
    }

    fn declared_figures(&mut self, key: &str) -> Vec<(String, Text)> {
        let table = self.table;
        let Some(item) = table.get(key) else { return Vec::new() };
        let items = item.array(self.diagnostics).unwrap_or_default();
        let mut found = Vec::new();
        for item in items {
            let Some(table) = item.table(self.diagnostics) else { continue };
            table.only(&keys::FIGURE.names(), self.diagnostics);
            let figure = table.need_text("figure", self.diagnostics).map(str::to_owned);
            let why = table.own_words(self.diagnostics);
            found.extend(figure.zip(why));
        }
        found
    }
}
