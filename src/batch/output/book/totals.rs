//! 汇总: what the run came to, clause by clause and in all, and what other readings would make of it.

use rust_xlsxwriter::{Format, Worksheet, XlsxError};

use super::cells::{self, Formats};
use crate::assess::Detail;
use crate::batch::output::budget;
use crate::batch::output::sheets::{self, in_money};
use crate::batch::{Counts, Plan, Summary};
use crate::clause::Clause;
use crate::lang::{Lang, Text};
use crate::report::words::{self, say};
use crate::source::clean;
use crate::value::Interval;

/// The sheet, and the row that comes next.
struct Writing<'s> {
    sheet: &'s mut Worksheet,
    row: u32,
    /// How many lines this row takes.
    lines: u32,
    formats: &'s Formats,
    lang: Lang,
}

impl Writing<'_> {
    fn heads(&mut self, heads: &[Text]) -> Result<(), XlsxError> {
        for (place, head) in (0_u16..).zip(heads) {
            if !head.zh.is_empty() {
                cells::text(self.sheet, self.row, place, head.get(self.lang), &self.formats.head)?;
            }
        }
        self.next();
        Ok(())
    }

    fn next(&mut self) {
        (self.row, self.lines) = (self.row + 1, 1);
    }

    fn title(&mut self, title: &Text) -> Result<(), XlsxError> {
        self.next();
        self.text(0, title.get(self.lang), &self.formats.title.clone())?;
        self.next();
        Ok(())
    }

    fn text(&mut self, place: u16, text: &str, format: &Format) -> Result<(), XlsxError> {
        cells::text(self.sheet, self.row, place, text, format)
    }

    fn long(&mut self, place: u16, text: &str) -> Result<(), XlsxError> {
        let lines = cells::lines(text, WIDTHS.get(usize::from(place)).copied().unwrap_or(10));
        if lines > self.lines {
            self.lines = lines;
            self.sheet.set_row_height(self.row, cells::height(lines))?;
        }
        cells::text(self.sheet, self.row, place, text, &self.formats.long)
    }

    fn count(&mut self, place: u16, count: u64) -> Result<(), XlsxError> {
        cells::number(self.sheet, self.row, place, &count.to_string(), &self.formats.count)
    }

    fn counts(&mut self, place: u16, of: Counts) -> Result<(), XlsxError> {
        let counts = [of.eligible, of.refused, of.undetermined, of.not_applicable];
        (place..).zip(counts).try_for_each(|(place, count)| self.count(place, count))
    }

    /// The sum of a clause in two cells and its unit, if it has one.
    fn sum(&mut self, place: u16, clause: &Clause, sum: Interval) -> Result<(), XlsxError> {
        let Some(measure) = &clause.measure else { return Ok(()) };
        self.ends(place, sum)?;
        let unit = if self.lang == Lang::Zh { &measure.name.zh } else { &measure.name.en_many };
        self.long(place + 2, &clean(unit))
    }

    fn ends(&mut self, place: u16, sum: Interval) -> Result<(), XlsxError> {
        cells::ends(self.sheet, self.row, place, sum, self.formats, self.lang)
    }
}

const WIDTHS: [u32; 12] = [14, 14, 16, 34, 10, 10, 10, 10, 16, 16, 8, 10];

pub(super) fn write(
    sheet: &mut Worksheet,
    plan: &Plan<'_>,
    summary: &Summary,
    formats: &Formats,
) -> Result<(), XlsxError> {
    let lang = plan.lang;
    sheet.set_name(Text::new("汇总", "Totals").get(lang))?;
    sheet.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0).set_print_gridlines(true);
    sheet.set_margins(0.4, 0.4, 0.5, 0.6, 0.3, 0.3).set_footer("&C&A · &P / &N");
    for (place, width) in (0_u16..).zip(WIDTHS) {
        sheet.set_column_width(place, width)?;
    }
    let mut writing = Writing { sheet, row: 0, lines: 1, formats, lang };
    in_all(&mut writing, plan, summary)?;
    looks(&mut writing, summary)?;
    by_clause(&mut writing, plan, summary)?;
    refusals(&mut writing, plan, summary)?;
    readings(&mut writing, plan, summary)?;
    budget_of(&mut writing, plan, summary)?;
    if plan.detail >= Detail::Steps { under_others(&mut writing, plan, summary) } else { Ok(()) }
}

fn in_all(writing: &mut Writing<'_>, plan: &Plan<'_>, summary: &Summary) -> Result<(), XlsxError> {
    let formats = writing.formats;
    let sums = [(Text::new("核定合计", "Awarded in all"), summary.awarded.0)];
    let due = [(Text::new("本次应发合计", "Due now in all"), summary.due.0)];
    for (text, sum) in sums.into_iter().chain(due) {
        writing.text(0, &in_money(&text, plan), &formats.head)?;
        writing.ends(8, sum)?;
        writing.next();
    }
    let counts = [
        (Text::new("读入行数", "Rows read"), summary.read),
        (Text::new("已核算", "Assessed"), summary.assessed),
        (Text::new("退回", "Rejected"), summary.rejected),
        (Text::new("有待定事项的人数", "With something undetermined"), summary.open),
    ];
    for (text, count) in counts {
        writing.text(0, text.get(writing.lang), &formats.head)?;
        writing.count(4, count)?;
        writing.next();
    }
    Ok(())
}

/// At whom the money ends, under the readings taken and under others.
fn budget_of(writing: &mut Writing<'_>, plan: &Plan<'_>, summary: &Summary) -> Result<(), XlsxError> {
    let Some(heading) = budget::heading(plan) else { return Ok(()) };
    writing.title(&heading)?;
    let none = || Text::new("", "");
    writing.heads(&[
        words::READINGS.clone(),
        none(),
        Text::new("若按", "If instead"),
        Text::new("发到哪里", "Where it ends"),
        none(),
        none(),
        none(),
        none(),
        words::DUE.clone(),
        Text::new("本次应发上限", "Due now, at most"),
    ])?;
    for budget::Outcome { reading, due, words } in budget::outcomes(plan, summary) {
        let taken = || (Text::new("现取读法", "Readings taken").get(writing.lang).to_owned(), String::new());
        let (id, label) = reading.unwrap_or_else(taken);
        writing.long(0, &id)?;
        writing.long(2, &label)?;
        writing.long(3, &words)?;
        writing.ends(8, due)?;
        writing.next();
    }
    if budget::is_open(summary) {
        writing.text(3, budget::OPEN.get(writing.lang).trim(), &writing.formats.text.clone())?;
        writing.next();
    }
    Ok(())
}

fn looks(writing: &mut Writing<'_>, summary: &Summary) -> Result<(), XlsxError> {
    let looks = summary.looks();
    if looks.is_empty() {
        return Ok(());
    }
    writing.title(&Text::new("请核对", "To be looked at"))?;
    let format = writing.formats.text.clone();
    for look in looks {
        writing.text(0, &say(&look.text, writing.lang), &format)?;
        writing.next();
        for place in &look.places {
            writing.text(2, &clean(place), &format)?;
            writing.next();
        }
    }
    Ok(())
}

fn by_clause(writing: &mut Writing<'_>, plan: &Plan<'_>, summary: &Summary) -> Result<(), XlsxError> {
    writing.title(&Text::new("逐条", "Clause by clause"))?;
    let who = [words::POLICY.clone(), words::CLAUSE.clone(), Text::new("依据", "Article"), words::TITLE.clone()];
    writing.heads(&[&who[..], &figures()].concat())?;
    for ((policy, clause), of) in &summary.clauses {
        let Some(policy) = plan.setup.policies.get(*policy) else { continue };
        let Some(clause) = policy.clauses.get(*clause) else { continue };
        for (place, text) in (0_u16..).zip([&policy.id, &clause.id, &clause.cite, &say(&clause.title, writing.lang)]) {
            writing.long(place, &clean(text))?;
        }
        writing.counts(4, of.counts)?;
        writing.sum(8, clause, of.awarded.0)?;
        writing.next();
    }
    Ok(())
}

/// The heads of counts and sums.
fn figures() -> [Text; 7] {
    [
        Text::new("符合", "Eligible"),
        Text::new("不符合", "Refused"),
        Text::new("待定", "Undetermined"),
        Text::new("不适用", "Not applicable"),
        words::AWARDED.clone(),
        Text::new("核定上限", "Awarded, at most"),
        Text::new("单位", "Unit"),
    ]
}

fn refusals(writing: &mut Writing<'_>, plan: &Plan<'_>, summary: &Summary) -> Result<(), XlsxError> {
    if summary.clauses.values().all(|of| of.reasons.is_empty()) {
        return Ok(());
    }
    writing.title(&Text::new(
        "不符合的理由（一条有几项理由的，各计一次）",
        "Why clauses were refused (a line with several reasons counts for each)",
    ))?;
    let none = || Text::new("", "");
    writing.heads(&[
        words::POLICY.clone(),
        words::CLAUSE.clone(),
        none(),
        Text::new("理由", "Reason"),
        Text::new("次数", "Lines"),
    ])?;
    for ((policy, clause), of) in &summary.clauses {
        let Some(policy) = plan.setup.policies.get(*policy) else { continue };
        let Some(clause) = policy.clauses.get(*clause) else { continue };
        let mut reasons: Vec<_> = of.reasons.values().collect();
        reasons.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        for (reason, count) in reasons {
            writing.long(0, &clean(&policy.id))?;
            writing.long(1, &clean(&clause.id))?;
            writing.long(3, &say(reason, writing.lang))?;
            writing.count(4, *count)?;
            writing.next();
        }
    }
    Ok(())
}

fn readings(writing: &mut Writing<'_>, plan: &Plan<'_>, summary: &Summary) -> Result<(), XlsxError> {
    if !plan.compares() {
        writing.next();
        let text = Text::new(
            "未比较其他读法（--taken-only）",
            "what other readings would change was not looked at (--taken-only)",
        );
        return writing.text(0, text.get(writing.lang), &writing.formats.text.clone());
    }
    if summary.changing().next().is_none() {
        return Ok(());
    }
    writing.title(&words::READINGS)?;
    let none = || Text::new("", "");
    writing.heads(&[
        words::POLICY.clone(),
        Text::new("读法", "Reading"),
        Text::new("现按", "Taken"),
        Text::new("若按", "If instead"),
        Text::new("结果不同的人数", "Applicants that change"),
        none(),
        Text::new("现核定", "Awarded now"),
        Text::new("现核定上限", "Awarded now, at most"),
        Text::new("改取后核定", "Then awarded"),
        Text::new("改取后上限", "Then, at most"),
    ])?;
    for (alternative, of) in summary.changing() {
        let Some(named) = plan.reading(alternative.policy, alternative.reading) else { continue };
        let label = |option: usize| {
            let found = named.options.words.get(option);
            found.map_or_else(String::new, |(_, label)| say(label, writing.lang))
        };
        let texts = [clean(&named.policy.id), clean(named.id()), label(alternative.taken), label(alternative.option)];
        for (place, text) in (0_u16..).zip(texts) {
            writing.long(place, &text)?;
        }
        writing.count(4, of.applicants)?;
        writing.ends(6, of.awarded.0.0)?;
        writing.ends(8, of.awarded.1.0)?;
        writing.next();
    }
    Ok(())
}

/// What every other option of a reading would make of the sums: clause by clause as far as their lines change, and in all.
fn under_others(writing: &mut Writing<'_>, plan: &Plan<'_>, summary: &Summary) -> Result<(), XlsxError> {
    if summary.readings.is_empty() {
        return Ok(());
    }
    writing.title(&Text::new(
        "改取其他读法后的合计（逐条只列有变化的条款）",
        "The sums under other readings (of clauses, those that change)",
    ))?;
    let lines = Text::new("变化的项数", "Lines that change");
    let who =
        [words::POLICY.clone(), Text::new("读法", "Reading"), words::CLAUSE.clone(), Text::new("若按", "If instead")];
    writing.heads(&[&who[..], &figures(), &[lines]].concat())?;
    for (alternative, of) in &summary.readings {
        let Some(named) = plan.reading(alternative.policy, alternative.reading) else { continue };
        let option = named.options.words.get(alternative.option);
        let option = option.map_or_else(String::new, |(_, label)| say(label, writing.lang));
        let (policy, reading) = (clean(&named.policy.id), clean(named.id()));
        let begin = |writing: &mut Writing<'_>, clause: &str| {
            let texts = [&policy, &reading, clause, &option];
            (0_u16..).zip(texts).try_for_each(|(place, text)| writing.long(place, text))
        };
        for (place, changed) in &of.clauses {
            let Some(clause) = plan.clause(place.0, place.1) else { continue };
            begin(writing, &sheets::name(plan, *place))?;
            writing.counts(4, changed.counts.1)?;
            writing.sum(8, clause, changed.awarded.1.0)?;
            writing.count(11, changed.lines)?;
            writing.next();
        }
        let sums = [
            (Text::new("核定合计", "Awarded in all"), of.awarded_in_all.1),
            (Text::new("本次应发合计", "Due now in all"), of.due_in_all.1),
        ];
        for (text, sum) in sums {
            begin(writing, &in_money(&text, plan))?;
            writing.ends(8, sum.0)?;
            writing.next();
        }
    }
    Ok(())
}
