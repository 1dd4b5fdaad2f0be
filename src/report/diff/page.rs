//! What a change does, as one page that needs nothing else. Its charts are bars in cells of tables: drawn by hand, since the
//! libraries for charts bring a browser's engine along, or set their words by the fonts of this machine.

use crate::diff::effect::{Counts, Effect, OfPart, STEPS};
use crate::diff::{Change, Diff};
use crate::lang::{Lang, Text};
use crate::report::amount::money;
use crate::report::diff::effect::{concerns, counts, loose, signed, step, turns};
use crate::report::diff::human;
use crate::report::html::markup::{element, escape, row};
use crate::source::clean;
use crate::value::number::Rounding;
use crate::value::{Bound, Interval, Number};

/// Half the width of a chart that has gains on one side and losses on the other.
const HALF: i64 = 1000;

/// The whole page.
pub fn page(effect: &Effect, diff: &Diff<'_>, lang: Lang) -> String {
    let say = |zh: &'static str, en: &'static str| Text::new(zh, en).get(lang).to_owned();
    let title = say("政策改动的影响", "What a change of policy does");
    let unit = clean(if lang == Lang::Zh { &effect.money.zh } else { &effect.money.en_many });
    let mut body = element("h1", "", &escape(&title));
    let sides = [diff.old, diff.new].map(|policy| {
        let (title, id, file) = (clean(policy.title.get(lang)), clean(&policy.id), clean(&policy.source.name));
        escape(&format!("{title} ({id}, {file})"))
    });
    body.push_str(&element("p", "quiet", &sides.join(" → ")));
    body.push_str(&sums(effect, &unit, lang));
    body.push_str(&element("p", "", &escape(&counts(effect.counts, lang))));
    if let Some(loose) = loose(effect) {
        body.push_str(&element("p", "", &escape(loose.get(lang))));
    }
    let [old, new, none] = effect.refused;
    let rows = match lang {
        Lang::Zh => format!(
            "两版都能核算的 {} 人；只有旧版能核算 {old} 人，只有新版能核算 {new} 人，两版均退回 {none} 人；名单中 {} 行没有对应的申请人",
            effect.rows, effect.left
        ),
        Lang::En => format!(
            "{} applicants under both; {old} only under the old one, {new} only under the new one, {none} rejected by both; {} rows of lists belong to no applicant",
            effect.rows, effect.left
        ),
    };
    body.push_str(&element("p", "quiet", &escape(&rows)));
    body.push_str(&key(lang));
    if let Some((parts, rest)) = &effect.by_change {
        body.push_str(&element("h2", "", &say("哪处改动动了多少钱", "Which change moves which money")));
        body.push_str(&by_change(parts, *rest, lang));
    } else if !diff.changes.is_empty() {
        body.push_str(&element("h2", "", &say("改了什么", "What is different")));
        body.push_str(&element("ul", "", &changes(&diff.changes, lang)));
    }
    body.push_str(&element("h2", "", &say("各条款", "Clause by clause")));
    body.push_str(&clauses(effect, lang));
    if effect.spread.iter().any(|count| *count > 0) {
        body.push_str(&element("h2", "", &say("差额分布", "How the differences are distributed")));
        body.push_str(&spread(effect, lang));
    }
    let heads = [("增加最多", "Who gains most"), ("减少最多", "Who loses most")];
    for (list, (zh, en)) in effect.most.iter().zip(heads).filter(|(list, _)| !list.is_empty()) {
        body.push_str(&element("h2", "", &say(zh, en)));
        body.push_str(&most(list, lang));
    }
    let code = if lang == Lang::Zh { "zh-CN" } else { "en" };
    format!(
        "<!DOCTYPE html>\n<html lang=\"{code}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n\
         <title>{}</title>\n<style>\n{}</style>\n</head>\n<body>\n{body}</body>\n</html>\n",
        escape(&title),
        include_str!("page.css")
    )
}

fn sums(effect: &Effect, unit: &str, lang: Lang) -> String {
    let [before, after, difference] = effect.sums;
    let heads = [("核定合计，旧版", "Awarded before"), ("核定合计，新版", "Awarded after"), ("相差", "Difference")];
    let figures = [money(before, lang), money(after, lang), signed(difference, lang)];
    let one = |((zh, en), figure): ((&'static str, &'static str), String)| {
        let head = escape(&format!("{} ({unit})", Text::new(zh, en).get(lang)));
        element("div", "", &format!("{head}<b>{}</b>", escape(&figure)))
    };
    element("div", "sums", &heads.into_iter().zip(figures).map(one).collect::<String>())
}

fn key(lang: Lang) -> String {
    let words = [
        ("more", Text::new("增加", "more")),
        ("less", Text::new("减少", "less")),
        ("more open", Text::new("浅色：待定", "pale: open")),
    ];
    let one = |(class, words): &(&str, Text)| format!("<i class=\"{class}\"></i>{}", escape(words.get(lang)));
    element("p", "key", &words.iter().map(one).collect::<String>())
}

fn changes(changes: &[Change], lang: Lang) -> String {
    changes.iter().map(|change| element("li", "", &escape(&human::line(change, lang)))).collect()
}

/// The largest end of these, so that all bars have one scale.
fn scale(intervals: impl Iterator<Item = Interval>) -> Number {
    let ends = intervals.flat_map(|interval| [interval.lo, interval.hi]).filter_map(Bound::number);
    ends.map(|end| end.max(end.negate())).max().unwrap_or(Number::ZERO)
}

/// A number as a place on a chart; what has no end goes to the edge.
fn place(bound: Bound, most: Number) -> i64 {
    match bound {
        Bound::Below => -HALF,
        Bound::Above => HALF,
        Bound::At(number) => {
            let share = number.multiply(Number::whole(HALF)).and_then(|number| number.divide(most));
            let share = share.and_then(|share| share.round(Number::ONE, Rounding::HalfUp)).and_then(Number::to_i64);
            share.unwrap_or(0).clamp(-HALF, HALF)
        }
    }
}

/// A difference as a bar: what is sure in full colour, what is open in pale.
fn bar(difference: Interval, most: Number) -> String {
    let (lo, hi) = (place(difference.lo, most), place(difference.hi, most));
    let piece = |from: i64, to: i64, class: &str| {
        let wide = to - from;
        if wide <= 0 {
            String::new()
        } else {
            format!("<rect class=\"{class}\" x=\"{from}\" y=\"2\" width=\"{wide}\" height=\"14\"/>")
        }
    };
    let sure = (lo.max(0), hi.min(0));
    let inside = [
        piece(0, sure.0, "more"),
        piece(sure.1, 0, "less"),
        piece(sure.0, hi, "more open"),
        piece(lo, sure.1, "less open"),
    ];
    format!(
        "<svg viewBox=\"-{HALF} 0 {} 18\" preserveAspectRatio=\"none\" aria-hidden=\"true\">{}<line class=\"axis\" x1=\"0\" x2=\"0\" y1=\"0\" y2=\"18\"/></svg>",
        2 * HALF,
        inside.concat()
    )
}

fn head(cells: &[(&str, Text)], lang: Lang) -> String {
    element("thead", "", &row(cells.iter().map(|(class, text)| ("th", *class, escape(text.get(lang))))))
}

fn by_change(parts: &[OfPart], rest: Interval, lang: Lang) -> String {
    let most = scale(parts.iter().map(|part| part.difference).chain([rest]));
    let mut rows = head(
        &[
            ("", Text::new("改动", "change")),
            ("bar", Text::default()),
            ("figure", Text::new("相差", "difference")),
            ("wide", Text::new("人数", "applicants")),
        ],
        lang,
    );
    for part in parts {
        rows.push_str(&row([
            ("td", "", element("ul", "", &changes(&part.changes, lang))),
            ("td", "bar", bar(part.difference, most)),
            ("td", "figure", escape(&signed(part.difference, lang))),
            ("td", "wide", escape(&counts(part.counts, lang))),
        ]));
    }
    let words = Text::new("各处共同作用（余数）", "together, beyond each alone (remainder)");
    rows.push_str(&row([
        ("td", "quiet", escape(words.get(lang))),
        ("td", "bar", bar(rest, most)),
        ("td", "figure", escape(&signed(rest, lang))),
        ("td", "wide", String::new()),
    ]));
    element("table", "", &rows)
}

fn clauses(effect: &Effect, lang: Lang) -> String {
    let concerned: Vec<_> = effect.clauses.iter().filter(|clause| concerns(clause)).collect();
    if concerned.is_empty() {
        return element("p", "", Text::new("各条款均无变化", "no clause comes to anything else").get(lang));
    }
    let most = scale(concerned.iter().map(|clause| clause.sums[2]));
    let mut rows = head(
        &[
            ("", Text::new("条款", "clause")),
            ("bar", Text::default()),
            ("figure", Text::new("相差", "difference")),
            ("figure wide", Text::new("旧版", "before")),
            ("figure wide", Text::new("新版", "after")),
            ("", Text::new("人数", "applicants")),
        ],
        lang,
    );
    for clause in concerned {
        let [before, after, difference] = clause.sums;
        let Counts { gain, lose, open, .. } = clause.counts;
        let mut people = vec![match lang {
            Lang::Zh => format!("增 {gain}，减 {lose}，待定 {open}"),
            Lang::En => format!("{gain} more, {lose} less, {open} open"),
        }];
        people.extend(turns(clause).into_iter().map(|(turn, count)| format!("{} {count}", turn.get(lang))));
        let people: String = people.iter().map(|line| element("p", "", &escape(line))).collect();
        rows.push_str(&row([
            ("td", "", escape(&format!("{} {}", clean(&clause.id), clean(clause.title.get(lang))))),
            ("td", "bar", bar(difference, most)),
            ("td", "figure", escape(&signed(difference, lang))),
            ("td", "figure wide", escape(&money(before, lang))),
            ("td", "figure wide", escape(&money(after, lang))),
            ("td", "", people),
        ]));
    }
    element("table", "", &rows)
}

fn spread(effect: &Effect, lang: Lang) -> String {
    let most = effect.spread.iter().copied().max().unwrap_or(1).max(1);
    let mut rows = String::new();
    for (place, count) in effect.spread.iter().enumerate() {
        let wide = u128::from(*count) * 1000 / u128::from(most);
        let below = place.checked_sub(1).and_then(|below| STEPS.get(below)).is_some_and(|step| *step >= 0);
        let class = if below { "more" } else { "less" };
        let bar = format!(
            "<svg viewBox=\"0 0 1000 18\" preserveAspectRatio=\"none\" aria-hidden=\"true\"><rect class=\"{class}\" x=\"0\" y=\"2\" width=\"{wide}\" height=\"14\"/></svg>"
        );
        rows.push_str(&row([
            ("td", "", escape(&step(place, lang))),
            ("td", "bar", bar),
            ("td", "figure", count.to_string()),
        ]));
    }
    element("table", "", &rows)
}

fn most(list: &[(String, String, Interval)], lang: Lang) -> String {
    let most = scale(list.iter().map(|(.., difference)| *difference));
    let one = |(id, name, difference): &(String, String, Interval)| {
        row([
            ("td", "", escape(&clean(id))),
            ("td", "", escape(&clean(name))),
            ("td", "bar", bar(*difference, most)),
            ("td", "figure", escape(&signed(*difference, lang))),
        ])
    };
    element("table", "", &list.iter().map(one).collect::<String>())
}
