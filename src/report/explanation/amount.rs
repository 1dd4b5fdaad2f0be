//! How the amount came about, step by step, with what could have bounded it and did not.

use super::{lead, of};
use crate::assess::model::{AccruedTime, Line, Status};
use crate::explain::model::Derivation;
use crate::expr::formula::{Formula, UnitName};
use crate::lang::Lang;
use crate::report::ink::Ink;
use crate::report::told::line::calculation::{bounded, labelled, worked_out};
use crate::report::told::line::installments;
use crate::report::tree::Branch;
use crate::report::words::{self, say};
use crate::report::{amount as figures, formula};
use crate::value::{Day, Interval};

/// The steps; none where the clause has no amount.
pub fn branch(derivation: &Derivation, lang: Lang) -> Option<Branch> {
    let line = &derivation.line;
    line.unit.as_ref()?;
    let heading = of(lang, "金额", "Amount");
    if !line.steps.iter().any(|step| step.kind == "amount") {
        let why = match line.status {
            Status::NotEligible | Status::NotApplicable => of(lang, "不核算：条件不满足或不适用", "not worked out"),
            _ => of(lang, "尚不能核算", "cannot be worked out yet"),
        };
        return Some(Branch::leaf(format!("{}{}{why}", Ink::Bold.on(&heading), words::COLON.get(lang))));
    }
    let mut under = Vec::new();
    under.extend(line.working.time.as_ref().map(|time| Branch::leaf(accrued(time, line, lang))));
    // Where rounding did something, its step says how.
    let did = line.steps.iter().any(|step| step.kind == "rounding");
    let rounding = derivation.rounding.as_ref().filter(|_| !did).map(|rounding| {
        Branch::leaf(format!("{}{}{}", of(lang, "取整", "rounding"), words::COLON.get(lang), say(rounding, lang)))
    });
    let bounds = line.working.idle.iter().map(|step| {
        let limit = step.formula.as_ref().map_or_else(String::new, |limit| formula::write(limit, lang));
        Branch::leaf(match (lang, step.kind) {
            (Lang::Zh, "floor") => format!("保底 {limit}：未触及"),
            (Lang::Zh, _) => format!("封顶 {limit}：未触及"),
            (Lang::En, "floor") => format!("floor of {limit}: not reached"),
            (Lang::En, _) => format!("cap of {limit}: not reached"),
        })
    });
    // Rounding comes after floor and cap, and before what is shared with other lines.
    let mut own: Vec<Branch> = bounds.chain(rounding).collect();
    for step in &line.steps {
        if !matches!(
            step.kind,
            "clause" | "of_clause" | "let" | "accrued" | "amount" | "floor" | "cap" | "not_negative"
        ) {
            under.append(&mut own);
        }
        let text = match words::bounding(step.kind) {
            Some(did) => bounded(step, did.get(lang), lang),
            // What has accrued was told with its days.
            None if step.kind == "accrued" && line.working.time.is_some() => continue,
            None if step.kind == "amount" => {
                let how = matches!(step.formula, Some(Formula::Value(_)) | None);
                let text = if how { formula::value(&step.value, lang) } else { worked_out(step, lang) };
                format!("{}{}{text}", of(lang, "算式", "calculation"), words::COLON.get(lang))
            }
            None => labelled(step, lang),
        };
        under.push(Branch::leaf(text));
    }
    under.append(&mut own);
    let bound = |limit: &str| line.steps.iter().any(|step| step.kind == "limit" && say(&step.label, lang) == limit);
    for limit in derivation.limits.iter().map(|limit| say(limit, lang)).filter(|limit| !bound(limit)) {
        under.push(Branch::leaf(match lang {
            Lang::Zh => format!("限额“{limit}”：未减少本项"),
            Lang::En => format!("limit “{limit}”: took nothing from this"),
        }));
    }
    let parts = installments::texts(line, lang);
    if !parts.is_empty() {
        let heading = of(lang, "分期", "payments");
        under.push(Branch::new(heading, parts.into_iter().map(Branch::leaf).collect()));
    }
    let head = line.amounts.as_ref().map(|amounts| figures::sum(amounts.entitled, line.unit.as_ref(), lang));
    Some(Branch::new(lead(lang, "金额", "Amount", &head.unwrap_or_default()), under))
}

/// `计发时间：2025-01-10 至 2026-12-31，最长 36个月；截至评估日期 5个月，全期 23个月`
fn accrued(time: &AccruedTime, line: &Line, lang: Lang) -> String {
    let (zh, en_one, en_many) = ("个月".to_owned(), "month".to_owned(), "months".to_owned());
    let unit = UnitName { zh, en_one, en_many, money: false };
    let months = |interval: Interval| figures::quantity(interval, &unit, lang);
    let day = |range| figures::days(range, lang).unwrap_or_else(|| words::OPEN.get(lang).to_owned());
    let (from, until) = (day(time.from), day(time.until));
    let endless = time.until.lo == Day::NEVER;
    let known = time.from.is_point() && (endless || time.until.is_point());
    let span = match lang {
        Lang::Zh if !known => format!("起始 {from}，截止 {until}"),
        Lang::En if !known => format!("start {from}; end {until}"),
        Lang::Zh if endless => format!("自 {from} 起"),
        Lang::Zh => format!("{from} 至 {until}"),
        Lang::En if endless => format!("from {from} on"),
        Lang::En => format!("{from} to {until}"),
    };
    let span = if time.from.lo == Day::NEVER { of(lang, "没有开始", "never begun") } else { span };
    let label = line.steps.iter().find(|step| step.kind == "accrued");
    let label = label.map_or_else(|| of(lang, "已累计", "accrued"), |step| say(&step.label, lang));
    let longest = time.at_most.map(months);
    let (so_far, in_all) = (months(time.to_date), months(time.lifetime));
    match (lang, longest) {
        (Lang::Zh, Some(longest)) => {
            format!("计发时间：{span}，最长 {longest}；{label} {so_far}，全期可计 {in_all}")
        }
        (_, None) if endless && line.is_endless() => {
            let without_end = words::WITHOUT_END.get(lang);
            match lang {
                Lang::Zh => format!("计发时间：{span}；{label} {so_far}，{without_end}"),
                Lang::En => format!("time that counts: {span}; {label}: {so_far}, {without_end}"),
            }
        }
        (Lang::Zh, None) => format!("计发时间：{span}；{label} {so_far}，全期可计 {in_all}"),
        (Lang::En, Some(longest)) => {
            format!("time that counts: {span}, at most {longest}; {label}: {so_far}, of {in_all} in all")
        }
        (Lang::En, None) => format!("time that counts: {span}; {label}: {so_far}, of {in_all} in all"),
    }
}
