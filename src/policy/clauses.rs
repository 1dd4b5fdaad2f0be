//! `[[clauses]]`: from TOML to [`Clause`].

use std::sync::Arc;

use crate::clause::kind::{self, KINDS, Measures};
use crate::clause::{Accrual, Clause, Condition, Displaces, Each, Installment, Let, Limit, RoundingRule};
use crate::diagnostic::{Code, Diagnostic, codes, did_you_mean};
use crate::document::{Item, Raw, Table, wrong_kind};
use crate::expr::check::{Scope, Wanted};
use crate::expr::function::months_type;
use crate::expr::lexer::figure_of;
use crate::expr::names::Names;
use crate::expr::program::{Node, Scale, Table as Lookup};
use crate::expr::types::Type;
use crate::keys::Keys;
use crate::lang::Text;
use crate::policy::declare::{check_name, expression};
use crate::policy::keys;
use crate::policy::read_figure;
use crate::value::number::Rounding;
use crate::value::{DayRange, Number, Unit};

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
    static NO_AMOUNT: Code = Code::new("no-amount", "这类条款不应有金额", "a clause of this kind has no amount");
    static MISSING_AMOUNT: Code = Code::new("missing-amount", "条款没有金额", "the clause has no amount");
    static EMPTY_WINDOW: Code = Code::new("empty-window", "有效期为空", "the window is empty");
}

/// `{ from = DATE, to = DATE }`, inside the window around it.
pub(super) fn window(item: Option<&Item>, around: DayRange, diagnostics: &mut Vec<Diagnostic>) -> DayRange {
    let mut window = around;
    let Some(item) = item else { return window };
    let Some(table) = item.table(diagnostics) else { return window };
    table.only(&keys::WINDOW.names(), diagnostics);
    if let Some(day) = table.get("from").and_then(|item| item.day(diagnostics)) {
        window.lo = window.lo.max(day);
    }
    if let Some(day) = table.get("to").and_then(|item| item.day(diagnostics)) {
        window.hi = window.hi.min(day);
    }
    if window.lo > window.hi {
        let label = Text::new(
            "起日晚于止日，或不在政策有效期内",
            "it ends before it begins, or lies outside the policy's window",
        );
        diagnostics.push(EMPTY_WINDOW.at(item.span.clone(), label));
        return around;
    }
    window
}

/// `"classes as class"`
pub(super) fn each(item: &Item, names: &Names, diagnostics: &mut Vec<Diagnostic>) -> Option<Each> {
    let text = item.text(diagnostics)?;
    let words: Vec<&str> = text.split_whitespace().collect();
    let [list, "as", record] = words.as_slice() else {
        let help = Text::new("写作 \"classes as class\"", "write it as \"classes as class\"");
        diagnostics.push(BAD_EACH.at(item.span.clone(), Text::default()).help(help));
        return None;
    };
    check_name(record, &item.span, diagnostics);
    let Some((place, found)) = names.lists.iter().enumerate().find(|(_, known)| known.name == *list) else {
        let help = did_you_mean(list, names.lists.iter().map(|list| list.name.as_str()));
        let label = Text::new("没有这份名单", "there is no such list");
        diagnostics.push(BAD_EACH.at(item.span.clone(), label).help(help));
        return None;
    };
    Some(Each { name: (*record).to_owned(), list: place, input: found.input })
}

/// `{ test, zh, en }`
pub(super) fn condition(
    item: &Item,
    keys: &Keys,
    names: &Names,
    scope: &Scope,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Condition> {
    let Raw::Table(table) = &item.value else {
        let wanted = Text::new("条件 { test, zh, en }", "a condition { test, zh, en }");
        wrong_kind(item, &wanted, diagnostics);
        return None;
    };
    table.only(&keys.names(), diagnostics);
    let text = table.own_words(diagnostics);
    let test = table.need("test", diagnostics)?;
    let test = expression(test, names, scope, &Wanted::Exactly(Type::Bool), diagnostics);
    Some(Condition { test: test?, text: text? })
}

/// Reads all clauses. A clause with a fault is left out; its faults are among `diagnostics`.
pub(super) fn clauses(
    items: &[&Item],
    names: &Names,
    policy_window: DayRange,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Clause> {
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
    let mut clauses = Vec::new();
    for item in items {
        let Some(table) = item.table(diagnostics) else { continue };
        let mut reader = Reader { table, names, ids: &ids, scope: Scope::default(), diagnostics };
        clauses.extend(reader.clause(policy_window));
    }
    clauses
}

struct Reader<'a> {
    table: &'a Table,
    names: &'a Names,
    /// The ids of all clauses, in order.
    ids: &'a [String],
    /// What the expressions read so far may name.
    scope: Scope,
    diagnostics: &'a mut Vec<Diagnostic>,
}

fn yuan() -> Type {
    Type::Quantity(Unit::base("元"))
}

impl<'a> Reader<'a> {
    fn clause(&mut self, policy_window: DayRange) -> Option<Clause> {
        let table = self.table;
        let before = self.diagnostics.len();
        table.only(&keys::CLAUSE.names(), self.diagnostics);
        let id = table.need_text("id", self.diagnostics).map(str::to_owned);
        let cite = table.need_text("cite", self.diagnostics).map(str::to_owned);
        let title = table.need_words("title", self.diagnostics);
        let summary = table.get("summary").and_then(|item| item.words(self.diagnostics));
        let kind = self.kind();
        let applies_to = self.applicants();
        let category = self.category();
        let window = window(table.get("effective"), policy_window, self.diagnostics);
        let each = table.get("each").and_then(|item| each(item, self.names, self.diagnostics));
        self.scope.each = each.as_ref().map(|each| (each.name.clone(), each.list));
        self.scope.window = true;
        let event = self.optional("event", &Wanted::Exactly(Type::Date));
        self.scope.event = true;
        self.tables();
        self.scales();
        let (lets, let_nodes) = self.lets();
        let let_named = lets.iter().map(|rule| rule.label.is_some()).collect();
        let requires = self.requires();
        let accrual = self.accrual();
        self.scope.accrued = table.get("accrual").is_some();
        let measure = match kind.measures {
            Measures::Money => Wanted::Exactly(yuan()),
            Measures::Anything | Measures::Nothing => Wanted::Anything,
        };
        let amount = self.optional("amount", &measure);
        let bound = amount.as_ref().map_or(measure, |amount| Wanted::Exactly(amount.ty.clone()));
        let at_least = self.optional("at_least", &bound);
        let at_most = self.optional("at_most", &bound);
        self.scope.accrued = false;
        let installments = self.installments();
        let rounding = self.rounding();
        let limits = self.limits();
        let instead_of = self.instead_of();
        let used = self.optional("used", &Wanted::Exactly(months_type()));
        let not_computed = self.declared_figures("not_computed");
        let derived = self.declared_figures("derived");
        let notes = table.get("notes").map(|item| item.words_list(self.diagnostics)).unwrap_or_default();
        self.amount_fits(kind.measures);
        // A clause is made only where everything in it was read.
        if self.diagnostics.len() > before {
            return None;
        }
        Some(Clause {
            id: id?,
            cite: cite?,
            title: title?,
            summary,
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
            at_least,
            at_most,
            accrual,
            installments,
            rounding,
            limits,
            instead_of,
            used,
            not_computed,
            derived,
            supplement: None,
            notes,
            span: table.head(),
        })
    }

    fn optional(&mut self, key: &str, wanted: &Wanted) -> Option<Node> {
        let item = self.table.get(key)?;
        expression(item, self.names, &self.scope, wanted, self.diagnostics)
    }

    fn of(&mut self, table: &Table, key: &str, wanted: &Wanted) -> Option<Node> {
        let item = table.get(key)?;
        expression(item, self.names, &self.scope, wanted, self.diagnostics)
    }

    fn amount_fits(&mut self, measures: Measures) {
        let amount = self.table.get("amount").or(self.table.get("installments"));
        match (measures, amount) {
            (Measures::Nothing, Some(item)) => {
                self.diagnostics.push(NO_AMOUNT.at(item.span.clone(), Text::default()));
            }
            (Measures::Money | Measures::Anything, None) => {
                let help = Text::new(
                    "写明 `amount` 或 `installments`；没有金额的条款写 `kind`（service、discretion、principle…）",
                    "give `amount` or `installments`; a clause without one has a `kind` (service, discretion, principle…)",
                );
                self.diagnostics.push(MISSING_AMOUNT.at(self.table.head(), Text::default()).help(help));
            }
            _ => {}
        }
        if let (Some(_), Some(item)) = (self.table.get("installments"), self.table.get("amount")) {
            let label = Text::new("金额由各期相加，不再另写", "the parts give the amount; leave this out");
            self.diagnostics.push(NO_AMOUNT.at(item.span.clone(), label));
        }
    }

    fn kind(&mut self) -> &'static kind::Kind {
        let table = self.table;
        let Some(item) = table.get("kind") else { return kind::default() };
        let Some(name) = item.text(self.diagnostics) else { return kind::default() };
        kind::find(name).unwrap_or_else(|| {
            let help = did_you_mean(name, KINDS.iter().map(|kind| kind.name));
            self.diagnostics.push(UNKNOWN_KIND.at(item.span.clone(), Text::default()).help(help));
            kind::default()
        })
    }

    fn applicants(&mut self) -> Vec<usize> {
        let Some(item) = self.table.need("for", self.diagnostics) else { return Vec::new() };
        let mut places = Vec::new();
        for (name, span) in item.texts(self.diagnostics) {
            match self.names.applicant_kinds.iter().position(|(known, _)| *known == name) {
                Some(place) => places.push(place),
                None => {
                    let known = self.names.applicant_kinds.iter().map(|(known, _)| known.as_str());
                    let help = did_you_mean(&name, known);
                    self.diagnostics.push(UNKNOWN_APPLICANT.at(span, Text::default()).help(help));
                }
            }
        }
        places
    }

    fn category(&mut self) -> Option<usize> {
        let item = self.table.get("category")?;
        let name = item.text(self.diagnostics)?;
        let found = self.names.categories.iter().position(|(known, _)| known == name);
        if found.is_none() {
            let help = did_you_mean(name, self.names.categories.iter().map(|(known, _)| known.as_str()));
            self.diagnostics.push(UNKNOWN_CATEGORY.at(item.span.clone(), Text::default()).help(help));
        }
        found
    }

    fn entries(&mut self, key: &str) -> &'a [crate::document::Entry] {
        let table = self.table;
        let Some(item) = table.get(key) else { return &[] };
        item.table(self.diagnostics).map_or(&[], Table::entries)
    }

    fn tables(&mut self) {
        for entry in self.entries("table") {
            check_name(&entry.key, &entry.key_span, self.diagnostics);
            let Some(table) = entry.item.table(self.diagnostics) else { continue };
            let mut cells: Vec<(String, Node)> = Vec::new();
            for cell in table.entries() {
                // The first cell decides the type of all.
                let wanted = cells.first().map_or(Wanted::Anything, |(_, first)| Wanted::Exactly(first.ty.clone()));
                let node = expression(&cell.item, self.names, &self.scope, &wanted, self.diagnostics);
                cells.extend(node.map(|node| (cell.key.clone(), node)));
            }
            if let Some(ty) = cells.first().map(|(_, first)| first.ty.clone()) {
                self.scope.tables.push(Arc::new(Lookup { name: entry.key.clone(), cells, ty }));
            }
        }
    }

    fn scales(&mut self) {
        for entry in self.entries("scale") {
            check_name(&entry.key, &entry.key_span, self.diagnostics);
            let Some(table) = entry.item.table(self.diagnostics) else { continue };
            if let Some(scale) = self.scale(&entry.key, table) {
                self.scope.scales.push(Arc::new(scale));
            }
        }
    }

    fn scale(&mut self, name: &str, table: &Table) -> Option<Scale> {
        let mut marginal = false;
        let mut over: Option<Unit> = None;
        let mut steps: Vec<(Number, Node)> = Vec::new();
        for step in table.entries() {
            if step.key == "mode" {
                let mode = step.item.text(self.diagnostics)?;
                marginal = mode == "marginal";
                if !marginal && mode != "highest" {
                    let help = did_you_mean(mode, ["marginal", "highest"]);
                    self.diagnostics.push(BAD_CHOICE.at(step.item.span.clone(), Text::default()).help(help));
                }
                continue;
            }
            let threshold = figure_of(&step.key).map(|figure| self.names.figure(&figure));
            let Some(Ok((threshold, unit))) = threshold else {
                let label = Text::new(
                    "档位应为带单位的数，如 \"10人\"",
                    "a threshold is a number with its unit, such as \"10人\"",
                );
                self.diagnostics.push(BAD_SCALE.at(step.key_span.clone(), label));
                continue;
            };
            if over.as_ref().is_some_and(|over| *over != unit) {
                let label = Text::new("各档单位不一致", "the thresholds have different units");
                self.diagnostics.push(BAD_SCALE.at(step.key_span.clone(), label));
            }
            if steps.iter().any(|(known, _)| *known == threshold) {
                let label = Text::new("档位重复", "this threshold stands twice");
                self.diagnostics.push(BAD_SCALE.at(step.key_span.clone(), label));
            }
            over = Some(unit);
            let wanted = steps.first().map_or(Wanted::Anything, |(_, first)| Wanted::Exactly(first.ty.clone()));
            let node = expression(&step.item, self.names, &self.scope, &wanted, self.diagnostics);
            if let Some(node) = node {
                if !matches!(node.ty, Type::Quantity(_)) {
                    let label = Text::new("每档的值应为数额", "the value of a step is a quantity");
                    self.diagnostics.push(BAD_SCALE.at(step.item.span.clone(), label));
                }
                steps.push((threshold, node));
            }
        }
        steps.sort_by_key(|(threshold, _)| *threshold);
        let Some(ty) = steps.first().map(|(_, first)| first.ty.clone()) else {
            self.diagnostics.push(BAD_SCALE.at(table.head(), Text::new("没有任何档位", "there is no step")));
            return None;
        };
        Some(Scale { name: name.to_owned(), over: Type::Quantity(over?), steps, ty, marginal })
    }

    fn lets(&mut self) -> (Vec<Let>, Vec<Node>) {
        let (mut lets, mut nodes) = (Vec::new(), Vec::new());
        for entry in self.entries("let") {
            check_name(&entry.key, &entry.key_span, self.diagnostics);
            let (item, label) = match &entry.item.value {
                Raw::Table(table) => {
                    table.only(&keys::LET.names(), self.diagnostics);
                    let label = table.own_words(self.diagnostics);
                    let Some(item) = table.need("is", self.diagnostics) else { continue };
                    (item, label)
                }
                _ => (&entry.item, None),
            };
            let node = expression(item, self.names, &self.scope, &Wanted::Anything, self.diagnostics);
            let Some(node) = node else { continue };
            self.scope.lets.push((entry.key.clone(), node.ty.clone()));
            lets.push(Let { name: entry.key.clone(), label });
            nodes.push(node);
        }
        (lets, nodes)
    }

    fn requires(&mut self) -> Vec<Condition> {
        let table = self.table;
        let Some(item) = table.get("requires") else { return Vec::new() };
        let items = item.array(self.diagnostics).unwrap_or_default();
        items
            .iter()
            .filter_map(|item| condition(item, &keys::CONDITION, self.names, &self.scope, self.diagnostics))
            .collect()
    }

    fn accrual(&mut self) -> Option<Accrual> {
        let table = self.table;
        let table = table.get("accrual")?.table(self.diagnostics)?;
        table.only(&keys::ACCRUAL.names(), self.diagnostics);
        let per = table.need("per", self.diagnostics)?;
        let yearly = match per.text(self.diagnostics)? {
            "month" => false,
            "year" => true,
            other => {
                let help = did_you_mean(other, ["month", "year"]);
                self.diagnostics.push(BAD_CHOICE.at(per.span.clone(), Text::default()).help(help));
                return None;
            }
        };
        table.need("from", self.diagnostics)?;
        let date = Wanted::Exactly(Type::Date);
        let from = self.of(table, "from", &date);
        let until = self.of(table, "until", &date);
        let at_most = self.of(table, "at_most", &Wanted::Exactly(months_type()));
        let choice = self.names.enum_places.get("part_periods").map(|place| Wanted::Exactly(Type::Enum(*place)));
        let part = choice.and_then(|choice| self.of(table, "part", &choice));
        let counts_from = self.of(table, "counts_from", &date);
        let counts_until = self.of(table, "counts_until", &date);
        Some(Accrual { yearly, from: from?, until, at_most, part, counts_from, counts_until })
    }

    fn installments(&mut self) -> Vec<Installment> {
        let table = self.table;
        let Some(item) = table.get("installments") else { return Vec::new() };
        let items = item.array(self.diagnostics).unwrap_or_default();
        items.iter().filter_map(|item| self.installment(item)).collect()
    }

    fn installment(&mut self, item: &Item) -> Option<Installment> {
        let table = item.table(self.diagnostics)?;
        table.only(&keys::INSTALLMENT.names(), self.diagnostics);
        let id = table.need_text("id", self.diagnostics).map(str::to_owned);
        let text = table.own_words(self.diagnostics);
        table.need("amount", self.diagnostics);
        table.need("due", self.diagnostics);
        let amount = self.of(table, "amount", &Wanted::Exactly(yuan()));
        let due = self.of(table, "due", &Wanted::Exactly(Type::Date));
        Some(Installment { id: id?, amount: amount?, due: due?, text: text? })
    }

    fn rounding(&mut self) -> RoundingRule {
        let to = Number::fraction(1, 100).unwrap_or(Number::ONE);
        let mut rule = RoundingRule { to, direction: Rounding::HalfUp };
        let table = self.table;
        let Some(item) = table.get("rounding") else { return rule };
        let Some(table) = item.table(self.diagnostics) else { return rule };
        table.only(&keys::ROUNDING.names(), self.diagnostics);
        if let Some(item) = table.get("to") {
            match read_figure(item, &Unit::base("元"), self.names, self.diagnostics) {
                Some(step) if step > Number::ZERO => rule.to = step,
                Some(_) => {
                    let label = Text::new("应大于 0", "it must be above 0");
                    self.diagnostics.push(BAD_CHOICE.at(item.span.clone(), label));
                }
                None => {}
            }
        }
        if let Some(item) = table.get("direction") {
            match item.text(self.diagnostics) {
                Some("half_up") => rule.direction = Rounding::HalfUp,
                Some("up") => rule.direction = Rounding::Up,
                Some("down") => rule.direction = Rounding::Down,
                Some(other) => {
                    let help = did_you_mean(other, ["half_up", "up", "down"]);
                    self.diagnostics.push(BAD_CHOICE.at(item.span.clone(), Text::default()).help(help));
                }
                None => {}
            }
        }
        rule
    }

    fn limits(&mut self) -> Vec<Limit> {
        let table = self.table;
        let Some(item) = table.get("limits") else { return Vec::new() };
        let items = item.array(self.diagnostics).unwrap_or_default();
        items.iter().filter_map(|item| self.limit(item)).collect()
    }

    fn limit(&mut self, item: &Item) -> Option<Limit> {
        let table = item.table(self.diagnostics)?;
        table.only(&keys::LIMIT.names(), self.diagnostics);
        let text = table.own_words(self.diagnostics);
        let across = self.one_of(table, "across", &["applicants"]).is_some();
        let highest_first = self.one_of(table, "order_by", &["lowest_first", "highest_first"]) == Some("highest_first");
        let in_proportion = self.one_of(table, "share", &["in_order", "in_proportion"]) == Some("in_proportion");
        if let (Some(by), None) = (table.get("order_by"), table.get("order")) {
            let label = Text::new("还要写 `order`：按什么排", "`order` is wanted too: what to go by");
            self.diagnostics.push(BAD_LIMIT.at(by.span.clone(), label));
        }
        if let (true, Some(item)) = (across, self.table.get("instead_of")) {
            let label = Text::new(
                "涉及全部申请人的限额，单个核算看不出留下多少，因此不能由它代替别的条款",
                "what a limit over all applicants leaves is not seen from one of them, so this clause cannot displace others",
            );
            let help = Text::new(
                "去掉 `instead_of`，或把条件写进两个条款的 `requires`",
                "leave `instead_of` out, or write the condition into `requires` of both clauses",
            );
            self.diagnostics.push(BAD_LIMIT.at(item.span.clone(), label).help(help));
        }
        let at_most_item = table.need("at_most", self.diagnostics)?;
        // A bare number of lines is an expression too.
        let at_most = match &at_most_item.value {
            Raw::Integer(number) => {
                let text = Item { value: Raw::Text(number.clone()), span: at_most_item.span.clone() };
                expression(&text, self.names, &self.scope, &Wanted::Anything, self.diagnostics)
            }
            _ => expression(at_most_item, self.names, &self.scope, &Wanted::Anything, self.diagnostics),
        }?;
        let money = at_most.ty == yuan();
        if !money && at_most.ty != Type::Quantity(Unit::none()) {
            let label = Text::new("应为条数或以元计的金额", "a number of lines or an amount in 元 is wanted");
            self.diagnostics.push(BAD_CHOICE.at(at_most.span.clone(), label));
        }
        let keys = match table.get("per") {
            None => Vec::new(),
            Some(Item { value: Raw::Array(items), .. }) => items.iter().collect(),
            Some(item) => vec![item],
        };
        let per: Vec<Option<Node>> = keys
            .iter()
            .map(|item| expression(item, self.names, &self.scope, &Wanted::Anything, self.diagnostics))
            .collect();
        let per = per.into_iter().collect::<Option<Vec<Node>>>()?;
        if let (true, false, Some(item)) = (in_proportion, money, table.get("share")) {
            let label = Text::new("名额不能按比例分", "places cannot be shared in proportion");
            let help = Text::new(
                "`at_most` 写金额，如 \"500万元\"；名额用 `order` 排先后",
                "give money for `at_most`, such as \"500万元\"; places go by `order`",
            );
            self.diagnostics.push(BAD_LIMIT.at(item.span.clone(), label).help(help));
        }
        if let (true, false, Some(item)) = (in_proportion, across, table.get("share")) {
            let label = Text::new("只用于涉及全部申请人的限额", "this is for limits over all applicants");
            let help = Text::new("加上 `across = \"applicants\"`", "add `across = \"applicants\"`");
            self.diagnostics.push(BAD_LIMIT.at(item.span.clone(), label).help(help));
        }
        let order = self.of(table, "order", &Wanted::Anything);
        if let Some(order) = &order
            && matches!(order.ty, Type::Text | Type::List(_))
        {
            let label = Text::new("文字没有先后", "texts have no order");
            let help = Text::new(
                "用日期、数、有序的词或真假；相同的按编号先后",
                "use a date, a number, a word of an enum or a truth; equal ones go by id",
            );
            self.diagnostics.push(BAD_LIMIT.at(order.span.clone(), label).help(help));
        }
        let when = self.of(table, "when", &Wanted::Exactly(Type::Bool));
        Some(Limit { at_most, money, per, order, highest_first, in_proportion, when, across, text: text? })
    }

    /// The word under a key, which must be one of these.
    fn one_of(&mut self, table: &Table, key: &str, words: &[&'static str]) -> Option<&'static str> {
        let item = table.get(key)?;
        let found = item.text(self.diagnostics)?;
        let known = words.iter().find(|word| **word == found).copied();
        if known.is_none() {
            let help = did_you_mean(found, words.iter().copied());
            self.diagnostics.push(BAD_CHOICE.at(item.span.clone(), Text::default()).help(help));
        }
        known
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

    fn instead_of(&mut self) -> Vec<Displaces> {
        let table = self.table;
        let Some(item) = table.get("instead_of") else { return Vec::new() };
        let items = item.array(self.diagnostics).unwrap_or_default();
        let mut found = Vec::new();
        for item in items {
            let Some(table) = item.table(self.diagnostics) else { continue };
            table.only(&keys::DISPLACES.names(), self.diagnostics);
            let Some(named) = table.need("clause", self.diagnostics) else { continue };
            let Some(clause) = clause_place(named, self.ids, self.diagnostics) else { continue };
            let when = self.of(table, "when", &Wanted::Exactly(Type::Bool));
            found.push(Displaces { clause, when });
        }
        found
    }
}

/// The place of the clause that a string names.
pub(super) fn clause_place(item: &Item, ids: &[String], diagnostics: &mut Vec<Diagnostic>) -> Option<usize> {
    let name = item.text(diagnostics)?;
    let found = ids.iter().position(|id| id == name);
    if found.is_none() {
        let help = did_you_mean(name, ids.iter().map(String::as_str));
        diagnostics.push(UNKNOWN_CLAUSE.at(item.span.clone(), Text::default()).help(help));
    }
    found
}
