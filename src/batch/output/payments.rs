//! The lines of a payment list: what is due for certain, and apart from it what is not. They come as CSV, each with the place
//! of its sheet before it.

use super::sheets::{self, Column, Kind, Sheet, column};
use super::{Applicant, cell};
use crate::batch::{LineView, Plan, Summary};
use crate::lang::{Lang, Text};
use crate::policy::Policy;
use crate::report::payment;
use crate::report::words::{self, say};
use crate::rows::payment_list;
use crate::source::clean;
use crate::value::{Bound, Day, Interval};

/// The sheets: what is paid, and what is open.
pub(super) fn sheets(plan: &Plan<'_>) -> Vec<Sheet> {
    let lang = plan.lang;
    let own = |text: &Text, kind, width| column(text, lang, kind, width);
    let who = |more: Vec<Column>| {
        let mut columns = vec![own(&payment_list::ID, Kind::Text, 20), own(&payment_list::NAME, Kind::Text, 12)];
        columns.extend(sheets::kept(plan));
        columns.push(own(&payment_list::CLAUSE, Kind::Text, 16));
        columns.push(own(&payment_list::RECORD, Kind::Text, 10));
        columns.extend(more);
        columns.push(own(&payment_list::TITLE, Kind::Long, 24));
        columns.push(own(&payment_list::PERIOD, Kind::Long, 30));
        columns.push(own(&payment_list::MARK, Kind::Long, 22));
        columns
    };
    let of_money = |head: &Text, kind| Column { head: sheets::in_money(head, plan), ..own(head, kind, 14) };
    let paid = vec![of_money(&payment_list::AMOUNT, Kind::Money), own(&payment_list::ON, Kind::Text, 12)];
    let open = vec![
        of_money(&Text::new("至少", "at least"), Kind::Least),
        of_money(&Text::new("至多", "at most"), Kind::Most),
        own(&Text::new("理由", "Reason"), Kind::Long, 36),
        own(&words::TO_SUPPLY, Kind::Long, 24),
    ];
    let above = no_basis(plan, &Summary::default());
    let sheet = |name, columns| Sheet { name, columns, frozen: 2, above: above.clone() };
    vec![sheet(Text::new("发放", "Payments"), who(paid)), sheet(Text::new("待定", "Open"), who(open))]
}

/// Why nothing may be paid by the list, where that is so: a policy of the run is not in force, or its last day is past.
pub(super) fn no_basis(plan: &Plan<'_>, summary: &Summary) -> Option<Text> {
    let as_of = plan.setup.when.as_of.unwrap_or(plan.setup.when.today);
    let (mut zh, mut en): (Vec<String>, Vec<String>) = Default::default();
    for (place, policy) in plan.setup.policies.iter().enumerate() {
        let expired =
            plan.setup.when.as_of.is_some() && policy.is_expired(as_of) || summary.expired.contains_key(&place);
        if !payment::no_basis(policy.status.name, expired) {
            continue;
        }
        let standing = |lang: Lang| {
            let words = if expired { &words::EXPIRED } else { &policy.status.label };
            words.get(lang).to_owned()
        };
        zh.push(format!("《{}》{}", say(&policy.title, Lang::Zh), standing(Lang::Zh)));
        en.push(format!("{}: {}", say(&policy.title, Lang::En), standing(Lang::En)));
    }
    (!zh.is_empty()).then(|| {
        let (no_zh, no_en) = (words::NO_BASIS.get(Lang::Zh), words::NO_BASIS.get(Lang::En));
        Text::made(format!("{no_zh}：{}", zh.join("；")), format!("{no_en} ({})", en.join("; ")))
    })
}

/// What is paid, what is open, and what both come to, which is what is due in the run.
pub fn sums(summary: &Summary) -> [(Text, Interval); 3] {
    let open = summary.due.0.minus(summary.paid.0).unwrap_or(Interval::ANY);
    [
        (Text::new("列入发放", "Paid by the list"), summary.paid.0),
        (Text::new("待定，未列入", "Open, not paid by it"), open),
        (Text::new("本次应发合计", "Due now in all"), summary.due.0),
    ]
}

/// The heads of one of the sheets, as CSV, with what must stand above them.
pub fn heads(plan: &Plan<'_>, sheet: usize) -> Vec<u8> {
    let mut out = Vec::new();
    let Some(Sheet { columns, above, .. }) = sheets(plan).into_iter().nth(sheet) else { return out };
    if let Some(above) = above {
        cell::text(above.get(plan.lang), &mut out);
        out.push(b'\n');
    }
    for (place, column) in columns.iter().enumerate() {
        if place > 0 {
            out.push(b',');
        }
        cell::text(&column.head, &mut out);
    }
    out.push(b'\n');
    out
}

/// The rows of sums, below everything else: what is paid, and what is open.
pub fn totals(plan: &Plan<'_>, summary: &Summary) -> Vec<u8> {
    let [(_, paid), (_, open), _] = sums(summary);
    let mut out = Vec::new();
    for (place, (sheet, sum)) in sheets(plan).into_iter().zip([paid, open]).enumerate() {
        out.extend_from_slice(place.to_string().as_bytes());
        for (place, column) in sheet.columns.iter().enumerate() {
            out.push(b',');
            match column.kind {
                Kind::Money | Kind::Least => out.extend_from_slice(end(sum.lo).as_bytes()),
                Kind::Most => out.extend_from_slice(end(sum.hi).as_bytes()),
                _ if place == 0 => cell::text(payment_list::TOTAL.get(plan.lang), &mut out),
                // A payment that nobody was found for may have been to one of these.
                _ if summary.left > 0 && column.head == payment_list::MARK.get(plan.lang) => {
                    cell::text(nobodys(summary.left).get(plan.lang), &mut out);
                }
                _ => {}
            }
        }
        out.push(b'\n');
    }
    out
}

/// What to say of rows of lists that nobody was found for.
fn nobodys(count: u64) -> Text {
    Text::made(
        format!("名单中有 {count} 行不知属于谁，未计入；改正后重新核算，再按此发放"),
        format!(
            "rows of the lists that belong to nobody ({count}) are not counted; correct them and run again before paying"
        ),
    )
}

fn end(bound: Bound) -> String {
    match bound {
        Bound::At(number) => number.money(),
        Bound::Below | Bound::Above => sheets::NO_BOUND.to_owned(),
    }
}

/// A head that is carried along, and is one of the payment list's own, too.
pub fn in_use<'p>(plan: &'p Plan<'_>) -> Option<&'p str> {
    let sheets = sheets(plan);
    let twice = |head: &&String| {
        sheets.iter().any(|sheet| sheet.columns.iter().filter(|column| column.head == clean(head)).count() > 1)
    };
    plan.kept.iter().find(twice).map(String::as_str)
}

/// Whether nothing may be paid by a policy, as of a day.
pub fn is_no_basis(policy: &Policy, as_of: Day) -> bool {
    payment::no_basis(policy.status.name, policy.is_expired(as_of))
}

/// Writes the lines of one applicant by which something is due, or may be.
pub(in crate::batch) fn rows(
    plan: &Plan<'_>,
    applicant: &Applicant<'_>,
    lines: &[LineView<'_>],
    out: &mut Vec<u8>,
    summary: &mut Summary,
) {
    let lang = plan.lang;
    for view in lines.iter().filter(|line| line.counted) {
        let due = view.sums.as_ref().map_or(Interval::ZERO, |sums| sums.due());
        let Some(policy) = plan.setup.policies.get(view.policy) else { continue };
        let Some(clause) = policy.clauses.get(view.clause) else { continue };
        if due == Interval::ZERO {
            continue;
        }
        let certain = due.as_point();
        match certain {
            Some(_) => {
                summary.paid.add(due);
                summary.paid_lines += 1;
            }
            None => summary.open_lines += 1,
        }
        out.push(if certain.is_some() { b'0' } else { b'1' });
        let mut text = |words: &str| {
            out.push(b',');
            cell::text(words, out);
        };
        text(&applicant.id_or_line());
        text(applicant.name);
        applicant.kept.iter().for_each(|cell| text(cell));
        text(&format!("{}/{}", policy.id, clause.id));
        text(&record(view, lines));
        match certain {
            Some(amount) => {
                text(&amount.money());
                text("");
            }
            None => {
                text(&end(due.lo));
                text(&end(due.hi));
                text(super::long::reason(plan, view).get(lang));
                let missing: Vec<String> = view.missing.iter().map(|fact| say(&fact.label, lang)).collect();
                text(&missing.join(words::LISTED.get(lang)));
            }
        }
        text(&say(&clause.title, lang));
        text(&view.working.map_or_else(String::new, |line| payment::period(line, lang)));
        text(&mark(policy, applicant, lang));
        out.push(b'\n');
    }
}

/// What a record is called where it comes back: by its name, or else by its place.
fn record(view: &LineView<'_>, lines: &[LineView<'_>]) -> String {
    let Some(record) = view.record else { return String::new() };
    let own = |line: &&LineView<'_>| (line.policy, line.clause) == (view.policy, view.clause);
    let is_alone = |label: &&String| {
        let same = |line: &&LineView<'_>| line.record.and_then(|other| other.label.as_ref()) == Some(*label);
        lines.iter().filter(own).filter(same).count() == 1
    };
    // A name that is a number would be taken for a place.
    let named = record.label.as_ref().filter(|label| label.parse::<u64>().is_err()).filter(is_alone);
    named.cloned().unwrap_or_else(|| record.index.to_string())
}

/// What must be known before this line is paid: that there is no basis for it, and what is to be known of the applicant.
fn mark(policy: &Policy, applicant: &Applicant<'_>, lang: Lang) -> String {
    let mut told = sheets::standing(policy, applicant.as_of, lang);
    told.extend(is_no_basis(policy, applicant.as_of).then(|| words::NO_BASIS.get(lang).to_owned()));
    told.extend(sheets::of_applicant(applicant, lang));
    told.join(words::SEMICOLON.get(lang))
}
