//! One clause of a page: whom it is for, what must hold, what it comes to and how, and its cases.

use super::formulas::{self, lines, tables, used};
use super::model::{Named, Piece, Section};
use super::{Words, Worked, anchor, examples, link, responsible, window};
use crate::clause::{Clause, Limit, Part, Parts, PartsOf, RoundingRule};
use crate::expr::names::Origin;
use crate::expr::program::{Node, Op};
use crate::lang::Text;
use crate::policy::{Policy, told};
use crate::report::words::bracketed;
use crate::source::clean;
use crate::value::Number;
use crate::value::number::Rounding;

/// Everything about a clause; `alone`: it stands without the others, so that what they share is told with it.
pub(super) fn section(policy: &Policy, clause: &Clause, alone: bool, worked: Option<&Worked>, words: Words) -> Section {
    let heading = format!("{}  {}  {}", clean(&clause.id), clean(&clause.cite), words.say(&clause.title));
    let mut of = Of { policy, clause, words, pieces: Vec::new() };
    of.head();
    of.conditions();
    of.amounts();
    of.time();
    of.bounds();
    of.steps(alone);
    of.refers();
    for (figure, why) in &clause.not_computed {
        let why = bracketed(&words.say(why), words.0);
        of.named(words.of("不核算", "not computed"), format!("{}{why}", clean(figure)));
    }
    for (figure, why) in &clause.derived {
        let why = bracketed(&words.say(why), words.0);
        of.named(words.of("推得", "derived"), format!("{}{why}", clean(figure)));
    }
    for note in &clause.notes {
        let when = note.when.as_ref().map(|when| lines(policy, Some(clause), when, words)).unwrap_or_default();
        of.pieces.push(Piece::Named(Named {
            lead: words.of("注", "note").to_owned(),
            text: words.say(&note.text),
            formulas: when.into_iter().map(|when| format!("{}{when}", words.of("仅当 ", "only where "))).collect(),
            leads_to: Vec::new(),
        }));
    }
    let mut pieces = of.pieces;
    pieces.extend(examples::of_clause(policy, clause, worked, words));
    Section { anchor: anchor(clause), is_clause: true, heading, pieces }
}

struct Of<'p> {
    policy: &'p Policy,
    clause: &'p Clause,
    words: Words,
    pieces: Vec<Piece>,
}

impl Of<'_> {
    fn named(&mut self, lead: &str, text: String) {
        self.pieces.push(Piece::named(lead, text));
    }

    fn formula(&mut self, lead: &str, node: Option<&Node>) {
        if let Some(node) = node {
            self.pieces.push(Piece::formulas(lead, lines(self.policy, Some(self.clause), node, self.words)));
        }
    }

    fn head(&mut self) {
        let (policy, clause, words) = (self.policy, self.clause, self.words);
        let names = &policy.names;
        let kinds = clause.applies_to.iter().filter_map(|kind| names.applicant_kinds.get(*kind));
        let kinds: Vec<Text> = kinds.map(|(_, label)| label.clone()).collect();
        let mut head = vec![clause.kind.title.get(words.0).to_owned(), words.say(&Text::join(&kinds, "、", ", "))];
        let category = clause.category.and_then(|place| names.categories.get(place));
        head.extend(category.map(|(_, label)| words.say(label)));
        self.pieces.push(Piece::Text(head.join(" · ")));
        self.pieces.extend(clause.summary.iter().map(|summary| Piece::Text(words.say(summary))));
        self.pieces.extend(clause.office.iter().map(|office| Piece::Text(responsible(office, words))));
        if clause.window != policy.window {
            self.named(words.of("有效期", "window"), window(clause.window, words.0));
        }
    }

    fn conditions(&mut self) {
        let (policy, clause, words) = (self.policy, self.clause, self.words);
        if let Some(list) = clause.each.as_ref().and_then(|each| policy.names.inputs.get(each.input)) {
            self.named(words.of("逐项", "for each of"), words.say(&list.label));
        }
        for condition in &clause.requires {
            // A fact that must be so says no more than the words do.
            let is_plain = matches!(condition.test.op, Op::Input(_) | Op::EachField(_));
            let formulas = if is_plain { Vec::new() } else { lines(policy, Some(clause), &condition.test, words) };
            self.pieces.push(Piece::Named(Named {
                lead: words.of("条件", "requires").to_owned(),
                text: words.say(&condition.text),
                formulas,
                leads_to: Vec::new(),
            }));
        }
        self.formula(words.of("事由日期", "event date"), clause.event.as_ref());
    }

    fn amounts(&mut self) {
        let (policy, clause, words) = (self.policy, self.clause, self.words);
        self.formula(words.of("金额", "amount"), clause.amount.as_ref());
        for part in &clause.installments {
            let mut formulas = lines(policy, Some(clause), &part.amount, words);
            let due = lines(policy, Some(clause), &part.due, words).join(words.of("；", "; "));
            formulas.push(format!("{}{due}", words.of("应发日期：", "due on: ")));
            self.pieces.push(Piece::Named(Named {
                lead: words.of("分期", "part").to_owned(),
                text: words.say(&part.text),
                formulas,
                leads_to: Vec::new(),
            }));
        }
        self.formula(words.of("不低于", "at least"), clause.at_least.as_ref());
        self.formula(words.of("封顶", "at most"), clause.at_most.as_ref());
        self.formula(words.of("已用", "used"), clause.used.as_ref());
        let usual =
            |rule: &RoundingRule| rule.direction == Rounding::HalfUp && Some(rule.to) == Number::fraction(1, 100);
        if let Some(rule) = clause.rounding.filter(|rule| clause.amount.is_some() && !usual(rule)) {
            let rounding = rule.words(&policy.names);
            self.named(words.of("取整", "rounding"), words.say(&rounding));
        }
    }

    fn time(&mut self) {
        let (clause, words) = (self.clause, self.words);
        let Some(rule) = &clause.accrual else { return };
        let per = if rule.yearly { words.of("按年", "by the year") } else { words.of("按月", "by the month") };
        self.named(words.of("累计", "accrues"), per.to_owned());
        let parts = [
            (words.of("自", "from"), Some(&rule.from)),
            (words.of("至", "until"), rule.until.as_ref()),
            (words.of("最长", "for at most"), rule.at_most.as_ref()),
            (words.of("不足一期", "incomplete periods"), rule.part.as_ref()),
            (words.of("计入自", "counted from"), rule.counts_from.as_ref()),
            (words.of("计入至", "counted until"), rule.counts_until.as_ref()),
        ];
        parts.into_iter().for_each(|(lead, node)| self.formula(lead, node));
    }

    fn bounds(&mut self) {
        let (policy, clause, words) = (self.policy, self.clause, self.words);
        for limit in &clause.limits {
            let members = policy.members(limit.pool).into_iter();
            let others =
                members.filter_map(|(place, ..)| policy.clauses.get(place)).filter(|other| other.id != clause.id);
            let lead = match limit.is_over_clauses() {
                true => words.of("合计限额", "limit together with"),
                false => words.of("限额", "limit"),
            };
            self.pieces.push(Piece::Named(Named {
                lead: lead.to_owned(),
                text: words.say(&limit.text),
                formulas: self.limit(limit),
                leads_to: others.map(|other| link(other, words)).collect(),
            }));
        }
        for rule in &clause.parts {
            let formulas = self.parts(rule);
            self.pieces.push(Piece::Named(Named {
                lead: words.of("分担", "divided").to_owned(),
                text: words.say(&rule.label),
                formulas,
                leads_to: Vec::new(),
            }));
        }
        for displaced in &clause.instead_of {
            let Some(other) = policy.clauses.get(displaced.clause) else { continue };
            let when = displaced.when.as_ref().map(|when| lines(policy, Some(clause), when, words));
            self.pieces.push(Piece::Named(Named {
                lead: words.of("取代", "instead of").to_owned(),
                text: String::new(),
                formulas: when.unwrap_or_default(),
                leads_to: vec![link(other, words)],
            }));
        }
    }

    fn parts(&self, rule: &Parts) -> Vec<String> {
        let words = self.words;
        let text = |node: &Node| lines(self.policy, Some(self.clause), node, words).join(words.of("；", "; "));
        match &rule.of {
            PartsOf::Words(parts) => {
                let one = |part: &Part| {
                    let share = part.share.as_ref().map(&text);
                    let most = part.at_most.as_ref().map(|most| format!("≤ {}", text(most)));
                    let rest = part.rest.then(|| words.of("其余", "the rest").to_owned());
                    let takes: Vec<String> = share.into_iter().chain(most).chain(rest).collect();
                    format!("{} {}", words.say(&part.label), takes.join(words.of("，", ", ")))
                };
                parts.iter().map(one).collect()
            }
            PartsOf::Years(span, monthly) => {
                let per =
                    if *monthly { words.of("按历月", "by calendar months") } else { words.of("按天", "by days") };
                vec![format!("{} – {}{}{per}", text(&span.0), text(&span.1), words.of("，", ", "))]
            }
        }
    }

    fn limit(&self, limit: &Limit) -> Vec<String> {
        let words = self.words;
        let text = |node: &Node| lines(self.policy, Some(self.clause), node, words).join(words.of("；", "; "));
        let mut told = format!("≤ {}", text(&limit.at_most));
        if !limit.per.is_empty() {
            let per: Vec<String> = limit.per.iter().map(text).collect();
            told.push_str(&format!("{}{}", words.of("，每个 ", ", for each "), per.join(" × ")));
        }
        if limit.across {
            told.push_str(words.of("，各申请人合计", ", over all applicants"));
        }
        if let Some(order) = &limit.order {
            let way = if limit.highest_first {
                words.of("，从高到低：", ", highest first: ")
            } else {
                words.of("，先后依：", ", in the order of: ")
            };
            told.push_str(&format!("{way}{}", text(order)));
        }
        if limit.in_proportion {
            told.push_str(words.of("，超出按比例核减", ", shared in proportion"));
        }
        let mut lines = vec![told];
        lines.extend(limit.when.as_ref().map(|when| format!("{}{}", words.of("仅当 ", "only where "), text(when))));
        lines
    }

    /// Its own steps, with the tables that they and the rest read.
    fn steps(&mut self, alone: bool) {
        let (policy, clause, words) = (self.policy, self.clause, self.words);
        let own = clause.let_nodes.len();
        let mut nodes: Vec<&Node> = clause.expressions().into_iter().skip(own).collect();
        let mut steps: Vec<(String, &Node)> = Vec::new();
        for place in formulas::steps(clause) {
            let (Some(step), Some(node)) = (clause.lets.get(place), clause.let_nodes.get(place)) else { continue };
            nodes.push(node);
            // What `values_on` and versions of tables are kept under has no name of its own.
            let label = match (&step.label, step.name.as_str()) {
                (Some(label), _) => format!("{}{}", words.of("步骤 ", "step "), words.say(label)),
                (None, "[values_on]") => words.of("取值日期", "the day values are taken on").to_owned(),
                (None, name) if name.starts_with('[') => continue,
                (None, _) => words.say(&told::step(place)),
            };
            steps.push((label, node));
        }
        let defined: Vec<_> = used(policy, nodes.clone()).defines.into_iter().collect();
        let defined = defined.iter().filter_map(|place| Some((*place, policy.names.defines.get(*place)?)));
        let (alone, linked): (Vec<_>, Vec<_>) = defined.partition(|_| alone);
        for (step, node) in steps {
            self.pieces.push(Piece::formulas(step, lines(policy, Some(clause), node, words)));
        }
        for (place, define) in alone {
            let step = words.say(&told::shared(place));
            self.pieces.push(Piece::formulas(step, lines(policy, None, &define.node, words)));
            nodes.push(&define.node);
        }
        let leads_to: Vec<_> = linked
            .iter()
            .map(|(place, define)| (format!("step-{}", define.name), words.say(&told::shared(*place))))
            .collect();
        if !leads_to.is_empty() {
            let lead = words.of("共用步骤", "shared steps").to_owned();
            self.pieces.push(Piece::Named(Named { lead, leads_to, ..Named::default() }));
        }
        self.pieces.extend(tables(policy, Some(clause), &nodes, words));
    }

    /// The questions, readings and unknown figures that it asks for.
    fn refers(&mut self) {
        let (policy, words) = (self.policy, self.words);
        let inputs = used(policy, self.clause.expressions()).inputs;
        let of = |wanted: fn(&Origin) -> bool| -> Vec<(String, String)> {
            let inputs = inputs.iter().filter(|place| !formulas::is_version(policy, **place));
            let inputs = inputs.filter_map(|place| policy.names.inputs.get(*place));
            let found = inputs.filter(|input| wanted(&input.origin));
            found.map(|input| (format!("input-{}", input.name), words.say(&input.label))).collect()
        };
        let parts = [
            (words.of("读法", "readings"), of(|origin| matches!(origin, Origin::Reading(_)))),
            (words.of("须填", "asks for"), of(|origin| matches!(origin, Origin::Fact))),
            (words.of("参数", "parameters"), of(|origin| matches!(origin, Origin::Parameter(_)))),
        ];
        for (lead, leads_to) in parts.into_iter().filter(|(_, leads_to)| !leads_to.is_empty()) {
            self.pieces.push(Piece::Named(Named { lead: lead.to_owned(), leads_to, ..Named::default() }));
        }
    }
}
