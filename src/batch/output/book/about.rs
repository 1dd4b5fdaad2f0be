//! 说明: what the results were worked out by and from, and how the sheets are to be read.

use rust_xlsxwriter::{Worksheet, XlsxError};

use super::cells::{self, Formats};
use crate::batch::output::payments;
use crate::batch::output::sheets::in_money;
use crate::batch::{Plan, Summary};
use crate::lang::Text;
use crate::report::again;
use crate::report::amount::money;
use crate::report::record::Record;
use crate::report::words::{self, say};
use crate::source::clean;

const WIDTHS: [u32; 3] = [24, 44, 78];

pub(super) fn write(
    sheet: &mut Worksheet,
    plan: &Plan<'_>,
    summary: &Summary,
    record: &Record,
    (hidden, pays): (bool, bool),
    formats: &Formats,
) -> Result<(), XlsxError> {
    let lang = plan.lang;
    sheet.set_name(Text::new("说明", "About").get(lang))?;
    sheet.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0);
    sheet.set_margins(0.4, 0.4, 0.5, 0.6, 0.3, 0.3).set_footer("&C&A · &P / &N");
    for (place, width) in (0_u16..).zip(WIDTHS) {
        sheet.set_column_width(place, width)?;
    }
    let mut row = 0;
    let mut line = |first: &str, second: &str, third: &str| {
        cells::text(sheet, row, 0, first, &formats.head)?;
        cells::text(sheet, row, 1, second, &formats.long)?;
        cells::text(sheet, row, 2, third, &formats.long)?;
        let lines = [first, second, third].iter().zip(WIDTHS).map(|(text, width)| cells::lines(text, width)).max();
        sheet.set_row_height(row, cells::height(lines.unwrap_or(1)))?;
        row += 1;
        Ok::<(), XlsxError>(())
    };
    let own = Text::new("各行自己的日期", "each row's own");
    let as_of = record.as_of.map_or_else(|| own.get(lang).to_owned(), |day| day.to_string());
    line(words::AS_OF.get(lang), &as_of, "")?;
    for [label, what, value] in record.head(lang) {
        line(&label, &what, &value)?;
    }
    for (place, of) in record.policies.iter().enumerate() {
        let Some(policy) = plan.setup.policies.get(place) else { continue };
        if !summary.clauses.keys().any(|(policy, _)| *policy == place) {
            continue;
        }
        let status = policy.status.warning.as_ref().map_or_else(
            || policy.status.label.get(lang).to_owned(),
            |warning| format!("{}{}{}", policy.status.label.get(lang), words::COLON.get(lang), warning.get(lang)),
        );
        line(words::POLICY.get(lang), &format!("{} {}", clean(&policy.id), say(&policy.title, lang)), &status)?;
        if let Some(count) = summary.expired.get(&place) {
            let last = policy.window.hi;
            let text = Text::made(
                format!("有效期至 {last}，{count} 人的评估日期在此之后"),
                format!("valid until {last}; applicants worked out as of a later day: {count}"),
            );
            line("", words::EXPIRED.get(lang), text.get(lang))?;
        }
        for [label, what, value] in of.told(lang) {
            line(&label, &what, &value)?;
        }
    }
    for file in &record.inputs {
        let [label, what, value] = file.told(lang);
        line(&label, &what, &value)?;
    }
    if pays {
        for (label, amount) in payments::sums(summary) {
            line(&in_money(&label, plan), &money(amount, lang), "")?;
        }
        if let Some(text) = payments::no_basis(plan, summary) {
            line(words::WARNINGS.get(lang), text.get(lang), "")?;
        }
    }
    for text in notes(hidden) {
        line(Text::new("看法", "How to read it").get(lang), text.get(lang), "")?;
    }
    Ok(())
}

/// The same for programs, on a sheet that nobody is shown.
pub(super) fn keep(sheet: &mut Worksheet, record: &Record) -> Result<(), XlsxError> {
    sheet.set_name(again::sheet::RECORD)?.set_very_hidden(true);
    for (row, piece) in (0..).zip(again::sheet::in_cells(record)) {
        sheet.write_string(row, 0, piece)?;
    }
    Ok(())
}

/// How the sheets are to be read.
fn notes(hidden: bool) -> Vec<Text> {
    let mut notes = vec![
        Text::new(
            "有底色的金额尚未确定：“≥”为至少，“≤”为至多，“待定”为没有上限或下限可说；要发的只能是已经确定的金额",
            "shaded amounts are not settled: “≥” is the least, “≤” the most, “open” without a known bound; only what is settled may be paid",
        ),
        Text::new(
            "空格：该条款对该申请人不适用，或者没有金额",
            "an empty cell: the clause does not apply to the applicant, or has no amount",
        ),
    ];
    if hidden {
        notes.push(Text::new(
            "无人适用的条款和没有待定金额的“上限”列已隐藏，取消隐藏即可看到",
            "columns of clauses that apply to nobody, and “at most” columns in which nothing is open, are hidden; unhide them to see them",
        ));
    }
    notes
}
