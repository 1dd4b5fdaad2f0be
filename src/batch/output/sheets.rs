//! The rows of an office's workbook: 核定表, a row an applicant, and 明细, a row a line that applies. They come as CSV, each with
//! the place of its sheet before it.

use super::{Applicant, cell, marks, readings};
use crate::assess::Detail;
use crate::assess::model::{Amounts, Counted, Status};
use crate::assess::warnings::OF_APPLICANT;
use crate::batch::{KnownSums, LineView, Plan, Sums, TotalsView};
use crate::clause::Clause;
use crate::lang::{Lang, Text};
use crate::policy::Policy;
use crate::report::calculation;
use crate::report::words::{self, bracketed, say, status_as};
use crate::source::clean;
use crate::value::{Bound, Day, Interval, Number};

/// How much of an amount without a known bound there is, on this side.
pub(super) const NO_BOUND: &str = "?";

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A text on one line.
    Text,
    /// A text that may take several lines.
    Long,
    /// A day.
    Day,
    /// An amount that is known.
    Money,
    /// An amount, or the least that it can be; the next column has the most.
    Least,
    /// The most that the amount before it can be.
    Most,
}

/// A column of a sheet.
pub(super) struct Column {
    /// What stands over it and its neighbours.
    pub group: Option<String>,
    /// Its head.
    pub head: String,
    /// What it holds.
    pub kind: Kind,
    /// How wide it is, in characters.
    pub width: u32,
    /// The places of the policy and clause that it is of.
    pub clause: Option<(usize, usize)>,
}

/// A sheet, before anything is in it.
pub(super) struct Sheet {
    /// Its name; where it is full the next one has a number behind it.
    pub name: Text,
    /// Its columns.
    pub columns: Vec<Column>,
    /// How many of them stay in sight.
    pub frozen: u16,
    /// What stands above the heads, of a sheet whose columns have no groups.
    pub above: Option<Text>,
}

/// The sheets of a run: the second only where each line is asked for.
pub(super) fn sheets(plan: &Plan<'_>) -> Vec<Sheet> {
    let lang = plan.lang;
    let decided = Text::new("核定表", "Assessment");
    let lines = Text::new("明细", "Lines");
    let mut sheets = vec![Sheet { name: decided, columns: applicants(plan), frozen: 2, above: None }];
    if !plan.is_wide {
        sheets.push(Sheet { name: lines, columns: of_lines(plan, lang), frozen: 2, above: None });
    }
    sheets
}

/// A head that is carried along, and is one of the sheets' own, too.
pub(super) fn in_use<'p>(plan: &'p Plan<'_>) -> Option<&'p str> {
    let sheets = sheets(plan);
    let twice = |head: &&String| {
        let own = |sheet: &Sheet| {
            let own = sheet.columns.iter().filter(|column| column.group.is_none() && column.head == clean(head));
            own.count() > 1
        };
        sheets.iter().any(own)
    };
    plan.kept.iter().find(twice).map(String::as_str)
}

pub(super) fn column(head: &Text, lang: Lang, kind: Kind, width: u32) -> Column {
    Column { group: None, head: head.get(lang).to_owned(), kind, width, clause: None }
}

/// An amount's two columns.
fn both(head: &Text, lang: Lang) -> [Column; 2] {
    let most = Text::made(format!("{}上限", head.zh), format!("{}, at most", head.en));
    [column(head, lang, Kind::Least, 14), column(&most, lang, Kind::Most, 14)]
}

/// The columns that say who it is.
fn who(plan: &Plan<'_>, lang: Lang) -> Vec<Column> {
    let id = Text::new("编号", "Id");
    let name = Text::new("姓名", "Name");
    let mut columns = vec![column(&id, lang, Kind::Long, 12), column(&name, lang, Kind::Long, 12)];
    columns.extend(kept(plan));
    columns.push(column(&words::AS_OF, lang, Kind::Day, 11));
    columns
}

/// A heading with the currency of the run behind it: `合计（元）`.
pub fn in_money(heading: &Text, plan: &Plan<'_>) -> String {
    let unit = plan.money_name();
    match plan.lang {
        Lang::Zh => format!("{}（{}）", heading.zh, clean(&unit.zh)),
        Lang::En => format!("{} ({})", heading.en, clean(&unit.en_many)),
    }
}

/// The columns that are carried along.
pub(super) fn kept(plan: &Plan<'_>) -> impl Iterator<Item = Column> {
    let of = |head: &String| Column { group: None, head: clean(head), kind: Kind::Text, width: 20, clause: None };
    plan.kept.iter().map(of)
}

fn applicants(plan: &Plan<'_>) -> Vec<Column> {
    let lang = plan.lang;
    let mut columns = who(plan, lang);
    let mut sums: Vec<Column> = both(&words::AWARDED, lang).into();
    sums.push(column(&words::PAID, lang, Kind::Money, 14));
    for head in [&words::DUE, &words::OVERPAID, &words::WHOLE_TERM] {
        sums.extend(both(head, lang));
    }
    sums.iter_mut().for_each(|column| column.group = Some(in_money(&words::TOTALS, plan)));
    columns.extend(sums);
    columns.push(column(&words::CONCLUSION, lang, Kind::Long, 40));
    columns.push(column(&words::WARNINGS, lang, Kind::Long, 14));
    for place in plan.clauses() {
        let Some(clause) = plan.clause(place.0, place.1) else { continue };
        let mut own = vec![column(&words::CONCLUSION, lang, Kind::Text, 10)];
        if clause.measure.is_some() {
            own.extend(both(&words::AWARDED, lang));
            if is_money(clause) {
                own.push(column(&words::PAID, lang, Kind::Money, 14));
                own.extend(both(&words::DUE, lang));
                own.extend(both(&words::OVERPAID, lang));
            }
        }
        let unit = clause.measure.as_ref().map(|measure| unit(&measure.name, lang));
        let unit = unit.map(|unit| bracketed(&unit, lang)).unwrap_or_default();
        let group = format!("{} {}{unit}", name(plan, place), say(&clause.title, lang));
        for column in &mut own {
            // More clauses go on a page.
            column.width -= 1;
            column.group = Some(group.clone());
            column.clause = Some(place);
        }
        columns.extend(own);
    }
    columns
}

/// A unit behind nothing.
fn unit(name: &crate::expr::formula::UnitName, lang: Lang) -> String {
    clean(if lang == Lang::Zh { &name.zh } else { &name.en_many })
}

fn is_money(clause: &Clause) -> bool {
    clause.kind.counted != Counted::Not
}

/// What a clause is called: of several policies with the policy's id before it.
pub(super) fn name(plan: &Plan<'_>, (policy, clause): (usize, usize)) -> String {
    let id = plan.clause(policy, clause).map_or("", |clause| &clause.id);
    match plan.setup.policies.as_slice() {
        [_] => clean(id),
        policies => format!("{}/{}", policies.get(policy).map_or("", |policy| &policy.id), clean(id)),
    }
}

fn of_lines(plan: &Plan<'_>, lang: Lang) -> Vec<Column> {
    let mut columns = who(plan, lang);
    if plan.setup.policies.len() > 1 {
        columns.push(column(&words::POLICY, lang, Kind::Text, 14));
    }
    columns.push(column(&words::CLAUSE, lang, Kind::Text, 9));
    columns.push(column(&Text::new("依据", "Article"), lang, Kind::Long, 14));
    columns.push(column(&words::TITLE, lang, Kind::Long, 22));
    columns.push(column(&Text::new("名单记录", "Record"), lang, Kind::Text, 12));
    columns.push(column(&words::CONCLUSION, lang, Kind::Text, 10));
    columns.push(column(&Text::new("理由", "Reason"), lang, Kind::Long, 40));
    columns.push(column(&words::TO_SUPPLY, lang, Kind::Long, 24));
    if plan.detail >= Detail::Steps {
        columns.push(column(&words::CALCULATION, lang, Kind::Long, 48));
    }
    columns.push(column(&Text::new("单位", "Unit"), lang, Kind::Text, 7));
    columns.extend(both(&words::AWARDED, lang));
    columns.push(column(&words::PAID, lang, Kind::Money, 14));
    for head in [&words::DUE, &words::OVERPAID, &words::WHOLE_TERM] {
        columns.extend(both(head, lang));
    }
    columns.push(column(&Text::new("另有读法", "Other readings"), lang, Kind::Long, 18));
    columns.push(column(&words::WARNINGS, lang, Kind::Long, 24));
    columns
}

/// Writes one applicant's rows.
pub(super) fn row(
    plan: &Plan<'_>,
    applicant: &Applicant<'_>,
    lines: &[LineView<'_>],
    totals: &TotalsView<'_>,
    out: &mut Vec<u8>,
) {
    let mut head = Vec::new();
    cell::id(applicant.id, applicant.line, &mut head);
    head.push(b',');
    cell::text(applicant.name, &mut head);
    cell::kept(applicant.kept.iter().copied(), &mut head);
    head.push(b',');
    head.extend_from_slice(applicant.as_of.to_string().as_bytes());
    out.extend_from_slice(b"0,");
    out.extend_from_slice(&head);
    sums(totals, out);
    text(&conclusion(plan, lines), out);
    text(&warned(plan, applicant, lines), out);
    for place in plan.clauses() {
        let Some(clause) = plan.clause(place.0, place.1) else { continue };
        let mut own = lines.iter().filter(|line| (line.policy, line.clause) == place).peekable();
        if own.peek().is_none() {
            let cells = if clause.measure.is_none() {
                1
            } else if is_money(clause) {
                8
            } else {
                3
            };
            out.extend(std::iter::repeat_n(b',', cells));
            continue;
        }
        let own: Vec<&LineView<'_>> = own.collect();
        of_clause(plan, clause, &own, out);
    }
    out.push(b'\n');
    if plan.is_wide {
        return;
    }
    for line in lines.iter().filter(|line| line.verdict.status != Status::NotApplicable) {
        out.extend_from_slice(b"1,");
        out.extend_from_slice(&head);
        of_line(plan, applicant, line, out);
        out.push(b'\n');
    }
}

fn text(words: &str, out: &mut Vec<u8>) {
    out.push(b',');
    cell::text(words, out);
}

/// The two ends of an amount, each with a comma before it.
fn range(range: Interval, out: &mut Vec<u8>) {
    for bound in [range.lo, range.hi] {
        out.push(b',');
        match bound {
            Bound::At(number) => out.extend_from_slice(number.money().as_bytes()),
            Bound::Below | Bound::Above => out.extend_from_slice(NO_BOUND.as_bytes()),
        }
    }
}

fn sums(totals: &TotalsView<'_>, out: &mut Vec<u8>) {
    match totals {
        TotalsView::Known(sums) => known(sums, true, out),
        TotalsView::Exact(totals) => {
            range(totals.awarded, out);
            text(&totals.paid.money(), out);
            range(totals.due, out);
            range(totals.overpaid, out);
            range(totals.lifetime, out);
        }
    }
}

/// What somebody gets who was paid nothing.
fn known(sums: &KnownSums, with_lifetime: bool, out: &mut Vec<u8>) {
    out.push(b',');
    cell::both(sums.awarded, out);
    out.extend_from_slice(b",0.00,");
    cell::both(sums.due, out);
    out.extend_from_slice(b",0.00,0.00");
    if with_lifetime {
        out.push(b',');
        cell::both(sums.lifetime, out);
    }
}

/// The lines of one clause, added up.
fn of_clause(plan: &Plan<'_>, clause: &Clause, lines: &[&LineView<'_>], out: &mut Vec<u8>) {
    let status = lines.iter().map(|line| line.verdict.status).max_by_key(|status| super::wide::rank(*status));
    text(&status.map_or_else(String::new, |status| word(status, clause, plan.lang)), out);
    if clause.measure.is_none() {
        return;
    }
    let sums: Vec<&Sums<'_>> = lines.iter().filter_map(|line| line.sums.as_ref()).collect();
    let is_money = is_money(clause);
    match sums.as_slice() {
        [] => out.extend(std::iter::repeat_n(b',', if is_money { 7 } else { 2 })),
        [Sums::Known(sums)] if is_money => known(sums, false, out),
        sums => {
            let sum = |of: fn(&Sums<'_>) -> Interval| Interval::sum(sums.iter().map(|one| of(one)));
            let mut add = |of: fn(&Sums<'_>) -> Interval| range(sum(of).unwrap_or(Interval::ANY), out);
            add(|sums| sums.awarded());
            if is_money {
                let paid = sum(|sums| Interval::point(sums.paid())).and_then(Interval::as_point);
                text(&paid.unwrap_or(Number::ZERO).money(), out);
                let mut add = |of: fn(&Sums<'_>) -> Interval| range(sum(of).unwrap_or(Interval::ANY), out);
                add(|sums| sums.due());
                add(|sums| sums.overpaid());
            }
        }
    }
}

/// A status in words that suit a clause.
fn word(status: Status, clause: &Clause, lang: Lang) -> String {
    status_as(status, clause.kind.name).0.get(lang).to_owned()
}

/// What an officer must not overlook of a policy: that it is not in force, that it has ended.
pub(super) fn standing(policy: &Policy, as_of: Day, lang: Lang) -> Vec<String> {
    let mark = policy.status.warning.as_ref().map(|_| policy.status.label.get(lang).to_owned());
    let ended = policy.is_expired(as_of).then(|| words::EXPIRED.get(lang).to_owned());
    mark.into_iter().chain(ended).collect()
}

/// What must be known before anything is paid to an applicant.
fn warned(plan: &Plan<'_>, applicant: &Applicant<'_>, lines: &[LineView<'_>]) -> String {
    let lang = plan.lang;
    let several = plan.setup.policies.len() > 1;
    let mut told: Vec<String> = Vec::new();
    for (policy, _) in marks(plan, lines, applicant.as_of) {
        let standing = standing(policy, applicant.as_of, lang).join(words::COMMA.get(lang));
        if !standing.is_empty() {
            told.push(if several { format!("{} {standing}", clean(&policy.id)) } else { standing });
        }
    }
    told.extend(of_applicant(applicant, lang));
    told.join(words::SEMICOLON.get(lang))
}

/// What must be known of the applicant's own data.
pub(super) fn of_applicant(applicant: &Applicant<'_>, lang: Lang) -> impl Iterator<Item = String> {
    let own = applicant.warnings.iter().filter(|warning| OF_APPLICANT.contains(&warning.code));
    own.map(move |warning| say(&warning.text, lang))
}

/// The conclusion of all lines in words: which clauses are met, which are open and what is missing, and how many are refused.
fn conclusion(plan: &Plan<'_>, lines: &[LineView<'_>]) -> String {
    let lang = plan.lang;
    let (mut met, mut open, mut missing): (Vec<String>, Vec<String>, Vec<String>) = Default::default();
    let mut refused = 0_usize;
    for place in plan.clauses() {
        let own = || lines.iter().filter(|line| (line.policy, line.clause) == place);
        let Some(status) = own().map(|line| line.verdict.status).max_by_key(|status| super::wide::rank(*status)) else {
            continue;
        };
        match status {
            Status::Eligible | Status::Met => met.push(name(plan, place)),
            Status::Undetermined => {
                open.push(name(plan, place));
                for fact in own().flat_map(|line| line.missing) {
                    let label = say(&fact.label, lang);
                    if !missing.contains(&label) {
                        missing.push(label);
                    }
                }
            }
            Status::NotEligible => refused += 1,
            Status::Stated | Status::NotApplicable => {}
        }
    }
    let (colon, listed) = (words::COLON.get(lang), words::LISTED.get(lang));
    let mut parts = Vec::new();
    let mut part = |word: Text, of: &[String]| {
        if !of.is_empty() {
            parts.push(format!("{}{colon}{}", word.get(lang), of.join(listed)));
        }
    };
    part(Text::new("符合", "Eligible"), &met);
    part(Text::new("待定", "Undetermined"), &open);
    part(words::TO_SUPPLY.clone(), &missing);
    if refused > 0 {
        parts.push(match lang {
            Lang::Zh => format!("不符合 {refused} 条"),
            Lang::En if refused == 1 => "1 clause refused".to_owned(),
            Lang::En => format!("{refused} clauses refused"),
        });
    }
    if parts.is_empty() {
        parts.push(Text::new("没有适用的条款", "No clause applies").get(lang).to_owned());
    }
    parts.join(words::SEMICOLON.get(lang))
}

fn of_line(plan: &Plan<'_>, applicant: &Applicant<'_>, line: &LineView<'_>, out: &mut Vec<u8>) {
    let lang = plan.lang;
    let Some(policy) = plan.setup.policies.get(line.policy) else { return };
    let Some(clause) = policy.clauses.get(line.clause) else { return };
    if plan.setup.policies.len() > 1 {
        text(&policy.id, out);
    }
    text(&clause.id, out);
    text(&clause.cite, out);
    text(&say(&clause.title, lang), out);
    out.push(b',');
    if let Some(record) = line.record {
        match &record.label {
            Some(label) => cell::text(label, out),
            None => out.extend_from_slice(record.index.to_string().as_bytes()),
        }
    }
    text(&word(line.verdict.status, clause, lang), out);
    text(super::long::reason(plan, line).get(lang), out);
    let missing: Vec<String> = line.missing.iter().map(|fact| say(&fact.label, lang)).collect();
    text(&missing.join(words::LISTED.get(lang)), out);
    if plan.detail >= Detail::Steps {
        text(&line.working.map(|line| calculation(line, lang).join("\n")).unwrap_or_default(), out);
    }
    match &line.sums {
        None => out.extend_from_slice(b",,,,,,,,,,"),
        Some(Sums::Known(sums)) => {
            text(clause.measure.as_ref().map_or(String::new(), |measure| unit(&measure.name, lang)).as_str(), out);
            known(sums, true, out);
        }
        Some(Sums::Exact(amounts)) => {
            text(clause.measure.as_ref().map_or(String::new(), |measure| unit(&measure.name, lang)).as_str(), out);
            exact(amounts, out);
        }
    }
    text(&readings(plan, Some(line.policy), line.otherwise).join(" "), out);
    let standing = standing(policy, applicant.as_of, lang);
    text(&standing.join(words::COMMA.get(lang)), out);
}

fn exact(amounts: &Amounts, out: &mut Vec<u8>) {
    range(amounts.awarded, out);
    text(&amounts.paid.money(), out);
    for one in [amounts.due, amounts.overpaid, amounts.lifetime] {
        range(one, out);
    }
}
