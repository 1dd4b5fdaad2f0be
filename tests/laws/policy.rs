//! A generated policy, and how it is written.

use duixian::value::Day;

use crate::ratio::Direction;
use crate::schema::{CATEGORIES, LIST, SOME, Words, declarations, label};
use crate::syntax::{Expr, Figure};

#[derive(Clone, Debug)]
pub struct Policy {
    pub window: Window,
    pub triggers_until: Option<Expr>,
    pub payable_until: Option<Expr>,
    pub defines: Vec<Expr>,
    /// What holds of the records that have a name of their own.
    pub some: Option<Expr>,
    /// Steps that all clauses share.
    pub shared: Vec<Expr>,
    pub overlap: Option<Overlap>,
    pub highest_only: Option<HighestOnly>,
    /// Limits over several clauses.
    pub limits: Vec<OverClauses>,
    pub clauses: Vec<Clause>,
}

/// A window, possibly without end.
#[derive(Clone, Copy, Debug)]
pub struct Window {
    pub from: Day,
    pub to: Day,
}

#[derive(Clone, Debug)]
pub struct Overlap {
    pub counts: Option<Expr>,
    pub method: Option<Expr>,
    pub by_installment: Option<Expr>,
}

#[derive(Clone, Debug)]
pub struct HighestOnly {
    pub clauses: Vec<usize>,
    pub when: Option<Expr>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Grant,
    Loan,
    Status,
    /// Nobody is paid it; whether it may be below 0.
    Figure(bool),
}

#[derive(Clone, Debug)]
pub struct Clause {
    /// The clauses of which it asks something, and whether that is the award.
    pub asks: Vec<(usize, bool)>,
    pub kind: Kind,
    pub category: Option<usize>,
    /// Inside the policy's.
    pub window: Window,
    pub event: Option<Expr>,
    /// Whether there is a line for each record of the list.
    pub each: bool,
    /// Whether only for those that have a name of their own.
    pub each_of_some: bool,
    pub tables: Vec<Table>,
    /// Tables whose keys are days.
    pub by_day: Vec<Vec<(Day, Expr)>>,
    pub scales: Vec<Scale>,
    pub lets: Vec<Expr>,
    pub requires: Vec<Expr>,
    pub amount: Amount,
    pub at_least: Option<Expr>,
    pub at_most: Option<Expr>,
    pub rounding: Rounding,
    pub limits: Vec<Limit>,
    pub instead_of: Vec<InsteadOf>,
}

#[derive(Clone, Debug)]
pub enum Amount {
    None,
    Plain(Expr),
    Accrual(Expr, Accrual),
    Installments(Vec<Installment>),
}

#[derive(Clone, Debug)]
pub struct Accrual {
    pub yearly: bool,
    pub from: Expr,
    pub until: Option<Expr>,
    pub at_most: Option<Expr>,
    pub part: Option<Expr>,
    pub counts_from: Option<Expr>,
    pub counts_until: Option<Expr>,
}

#[derive(Clone, Debug)]
pub struct Installment {
    pub amount: Expr,
    pub due: Expr,
}

#[derive(Clone, Debug)]
pub struct Table {
    pub index: Words,
    /// By the places of the words.
    pub cells: Vec<(usize, Expr)>,
}

#[derive(Clone, Debug)]
pub struct Scale {
    pub marginal: bool,
    /// In ascending order.
    pub steps: Vec<(Figure, Expr)>,
    /// The places of steps that only what lies above the figure reaches.
    pub above: Vec<bool>,
}

#[derive(Clone, Copy, Debug)]
pub struct Rounding {
    /// In hundredths of a 元.
    pub to: i64,
    pub direction: Direction,
}

#[derive(Clone, Debug)]
pub struct Limit {
    pub at_most: Expr,
    pub per: Vec<Expr>,
    pub order: Option<Expr>,
    /// Of money: whether all get the same part of what they ask for.
    pub in_proportion: bool,
    pub when: Option<Expr>,
}

#[derive(Clone, Debug)]
pub struct OverClauses {
    pub clauses: Vec<usize>,
    pub limit: Limit,
}

#[derive(Clone, Debug)]
pub struct InsteadOf {
    pub clause: usize,
    pub when: Option<Expr>,
}

impl Default for Rounding {
    fn default() -> Rounding {
        Rounding { to: 1, direction: Direction::HalfUp }
    }
}

/// `key = 'expression'`, in literal quotes because expressions hold texts; or what it is from each day on.
fn key(name: &str, expr: &Expr) -> String {
    if let Expr::Versions(all) = expr {
        let all: Vec<String> =
            all.iter().map(|(from, expr)| format!("{{ from = {from}, {} }}", key("is", expr))).collect();
        return format!("{name} = [{}]", all.join(", "));
    }
    format!("{name} = '{}'", expr.write())
}

fn keys(pairs: &[(&str, &Option<Expr>)]) -> Vec<String> {
    pairs.iter().filter_map(|(name, expr)| expr.as_ref().map(|expr| key(name, expr))).collect()
}

/// `name = [ …, one a line ]`
fn array(name: &str, items: Vec<String>) -> String {
    if items.is_empty() { String::new() } else { format!("{name} = [\n  {},\n]\n", items.join(",\n  ")) }
}

/// The id of the clause at a place.
pub fn id(place: usize) -> String {
    format!("c{place}")
}

fn effective(window: Window) -> String {
    let to = if window.to == Day::NEVER { String::new() } else { format!(", to = {}", window.to) };
    format!("effective = {{ from = {}{to} }}\n", window.from)
}

impl Policy {
    /// As a TOML file.
    pub fn write(&self) -> String {
        let name = label("laws");
        let mut out = format!("[policy]\nid = \"laws\"\ntitle = {name}\nissuer = {name}\nstatus = \"in_force\"\n");
        out += &effective(self.window);
        for line in keys(&[("triggers_until", &self.triggers_until), ("payable_until", &self.payable_until)]) {
            out += &(line + "\n");
        }
        out += &format!("\n{}\n[define]\n", declarations());
        for (place, define) in self.defines.iter().enumerate() {
            out += &(key(&format!("define_{place}"), define) + "\n");
        }
        out += "\n[let]\n";
        if let Some(some) = &self.some {
            out += &format!("{SOME} = '{LIST} where {}'\n", some.write());
        }
        for (place, expr) in self.shared.iter().enumerate() {
            let words = format!("zh = \"s{place}\", en = \"s{place}\"");
            out += &match place % 2 {
                0 => format!("shared_{place} = {{ {}, {words} }}\n", key("is", expr)),
                _ => key(&format!("shared_{place}"), expr) + "\n",
            };
        }
        if let Some(overlap) = &self.overlap {
            out += &format!("\n[overlap]\ncite = \"o\"\ntitle = {}\n", label("overlap"));
            let all =
                [("counts", &overlap.counts), ("method", &overlap.method), ("by_installment", &overlap.by_installment)];
            out += &(keys(&all).join("\n") + "\n");
        }
        if let Some(rule) = &self.highest_only {
            let ids: Vec<String> = rule.clauses.iter().map(|place| format!("\"{}\"", id(*place))).collect();
            out += "\n[[highest_only]]\ncite = \"h\"\nzh = \"h\"\nen = \"h\"\n";
            out += &format!("clauses = [{}]\n{}\n", ids.join(", "), keys(&[("when", &rule.when)]).join("\n"));
        }
        for (place, over) in self.limits.iter().enumerate() {
            let ids: Vec<String> = over.clauses.iter().map(|place| format!("\"{}\"", id(*place))).collect();
            let keys = over.limit.write(&format!("o{place}"));
            out += &format!("\n[[limits]]\nclauses = [{}]\ncite = \"l\"\n{}\n", ids.join(", "), keys.join("\n"));
        }
        for (place, clause) in self.clauses.iter().enumerate() {
            out += &clause.write(place);
        }
        out
    }
}

impl Limit {
    /// Its keys; each by a name of its own, as its step is known by it.
    fn write(&self, name: &str) -> Vec<String> {
        let per: Vec<String> = self.per.iter().map(|per| format!("'{}'", per.write())).collect();
        let mut all = vec![key("at_most", &self.at_most), format!("zh = \"{name}\""), format!("en = \"{name}\"")];
        all.extend((!per.is_empty()).then(|| format!("per = [{}]", per.join(", "))));
        all.extend(keys(&[("order", &self.order), ("when", &self.when)]));
        all.extend(self.in_proportion.then(|| "share = \"in_proportion\"".to_owned()));
        all
    }
}

impl Clause {
    /// Whether nobody is paid what it comes to.
    pub fn is_figure(&self) -> bool {
        matches!(self.kind, Kind::Figure(_))
    }

    /// Whether it may be below 0.
    pub fn is_signed(&self) -> bool {
        self.kind == Kind::Figure(true)
    }

    fn write(&self, place: usize) -> String {
        let id = id(place);
        let kind = match self.kind {
            Kind::Grant => "grant",
            Kind::Loan => "loan",
            Kind::Status => "status",
            Kind::Figure(_) => "figure",
        };
        let mut out = format!("\n[[clauses]]\nid = \"{id}\"\ncite = \"{id}\"\ntitle = {}\n", label(&id));
        out += &format!("for = \"person\"\nkind = \"{kind}\"\n");
        if self.is_signed() {
            out += "signed = true\n";
        }
        out += &self.category.map_or_else(String::new, |place| format!("category = \"{}\"\n", CATEGORIES[place]));
        out += &effective(self.window);
        if self.each {
            out += &format!("each = \"{} as item\"\n", if self.each_of_some { SOME } else { LIST });
        }
        let mut lines = keys(&[("event", &self.event)]);
        for (place, table) in self.tables.iter().enumerate() {
            let cells: Vec<String> =
                table.cells.iter().map(|(word, cell)| key(table.index.words()[*word], cell)).collect();
            lines.push(format!("table.table_{place} = {{ {} }}", cells.join(", ")));
        }
        for (place, values) in self.by_day.iter().enumerate() {
            let values: Vec<String> = values.iter().map(|(from, value)| key(&from.to_string(), value)).collect();
            lines.push(format!("table.days_{place} = {{ {} }}", values.join(", ")));
        }
        for (place, scale) in self.scales.iter().enumerate() {
            let mut steps: Vec<String> = (scale.steps.iter().zip(&scale.above))
                .map(|((from, step), above)| {
                    key(&format!("\"{}{}\"", if *above { "> " } else { "" }, from.write()), step)
                })
                .collect();
            steps.extend(scale.marginal.then(|| "mode = \"marginal\"".to_owned()));
            lines.push(format!("scale.scale_{place} = {{ {} }}", steps.join(", ")));
        }
        // Every other one is a step of its own.
        lines.extend(self.lets.iter().enumerate().map(|(place, expr)| match place % 2 {
            0 => format!("let.let_{place} = {{ {}, zh = \"v{place}\", en = \"v{place}\" }}", key("is", expr)),
            _ => key(&format!("let.let_{place}"), expr),
        }));
        out += &(lines.join("\n") + "\n");
        let tests = self.requires.iter().map(|test| format!("{{ {}, zh = \"t\", en = \"t\" }}", key("test", test)));
        out += &array("requires", tests.collect());
        out += &self.write_amount();
        let limits = self.limits.iter().enumerate();
        let limits = limits.map(|(place, limit)| format!("{{ {} }}", limit.write(&format!("l{place}")).join(", ")));
        out += &array("limits", limits.collect());
        let displaced = self.instead_of.iter().map(|rule| {
            let mut all = vec![format!("clause = \"{}\"", crate::policy::id(rule.clause))];
            all.extend(keys(&[("when", &rule.when)]));
            format!("{{ {} }}", all.join(", "))
        });
        out + &array("instead_of", displaced.collect())
    }

    fn write_amount(&self) -> String {
        let mut out = String::new();
        match &self.amount {
            Amount::None => return out,
            Amount::Plain(amount) => out += &(key("amount", amount) + "\n"),
            Amount::Accrual(amount, rule) => {
                let mut all = vec![format!("per = \"{}\"", if rule.yearly { "year" } else { "month" })];
                all.push(key("from", &rule.from));
                all.extend(keys(&[
                    ("until", &rule.until),
                    ("at_most", &rule.at_most),
                    ("part", &rule.part),
                    ("counts_from", &rule.counts_from),
                    ("counts_until", &rule.counts_until),
                ]));
                out += &format!("accrual = {{ {} }}\n{}\n", all.join(", "), key("amount", amount));
            }
            Amount::Installments(parts) => {
                let parts = parts.iter().enumerate().map(|(place, part)| {
                    let (amount, due) = (key("amount", &part.amount), key("due", &part.due));
                    format!("{{ id = \"p{place}\", {amount}, {due}, zh = \"p\", en = \"p\" }}")
                });
                out += &array("installments", parts.collect());
            }
        }
        let bounds = keys(&[("at_least", &self.at_least), ("at_most", &self.at_most)]);
        out += &bounds.iter().map(|line| format!("{line}\n")).collect::<String>();
        let direction = match self.rounding.direction {
            Direction::HalfUp => "half_up",
            Direction::Up => "up",
            Direction::Down => "down",
        };
        let to = crate::syntax::decimal(self.rounding.to);
        out + &format!("rounding = {{ to = \"{to}元\", direction = \"{direction}\" }}\n")
    }
}
