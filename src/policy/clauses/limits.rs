//! What other lines and other clauses take away: `limits`, `instead_of`.

use super::over_clauses::{self, Over};
use super::{BAD_CHOICE, BAD_LIMIT, Reader, clause_place};
use crate::clause::{Displaces, Limit, Pool};
use crate::diagnostic::did_you_mean;
use crate::document::{Item, Raw, Table};
use crate::expr::check::Wanted;
use crate::expr::program::Node;
use crate::expr::types::Type;
use crate::lang::Text;
use crate::policy::declare::expression;
use crate::policy::keys;
use crate::value::Unit;

impl Reader<'_> {
    /// Its own limits, then those that it shares with other clauses: in this order they are shared out.
    pub(super) fn limits(&mut self, over: &[Over<'_>]) -> Vec<Limit> {
        let table = self.table;
        let items = table.get("limits").and_then(|item| item.array(self.diagnostics)).unwrap_or_default();
        let own = items.iter().enumerate();
        let own = own.filter_map(|(at, item)| self.limit(item, (Pool::Own(self.place, at), 0), &keys::LIMIT.names()));
        let mut limits: Vec<Limit> = own.collect();
        for (number, Over { item, rule }) in over.iter().enumerate() {
            let Some(turn) = rule.clauses.iter().position(|place| *place == self.place) else { continue };
            let before = self.diagnostics.len();
            limits.extend(self.limit(item, (Pool::Over(number), turn), &over_clauses::keys()));
            let id = self.ids.get(self.place).map_or("", String::as_str);
            over_clauses::tell_once(item, id, before, self.diagnostics);
        }
        limits
    }

    fn limit(&mut self, item: &Item, (pool, turn): (Pool, usize), keys: &[&'static str]) -> Option<Limit> {
        let table = item.table(self.diagnostics)?;
        table.only(keys, self.diagnostics);
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
            _ => self.over_time(at_most_item, &Wanted::Anything),
        }?;
        let money = at_most.ty == self.names.money.ty();
        if !money && at_most.ty != Type::Quantity(Unit::none()) {
            let money = &self.names.money.word;
            let label = Text::made(
                format!("应为条数或以{money}计的金额"),
                format!("a number of lines or an amount in {money} is wanted"),
            );
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
        let coin = self.names.money.coin;
        Some(Limit {
            pool,
            turn,
            at_most,
            money,
            coin,
            per,
            order,
            highest_first,
            in_proportion,
            when,
            across,
            text: text?,
        })
    }

    /// The word under a key, which must be one of these.
    pub(super) fn one_of(&mut self, table: &Table, key: &str, words: &[&'static str]) -> Option<&'static str> {
        let item = table.get(key)?;
        let found = item.text(self.diagnostics)?;
        let known = words.iter().find(|word| **word == found).copied();
        if known.is_none() {
            let help = did_you_mean(found, words.iter().copied());
            self.diagnostics.push(BAD_CHOICE.at(item.span.clone(), Text::default()).help(help));
        }
        known
    }

    pub(super) fn instead_of(&mut self) -> Vec<Displaces> {
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
            found.push(Displaces { clause, when, span: named.span.clone() });
        }
        found
    }
}
