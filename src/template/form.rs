//! The template as a workbook to fill in: what its sheets and columns are.

use crate::expr::measure::Measure;
use crate::expr::names::{Input, Names};
use crate::expr::types::Type;
use crate::lang::{Lang, Text};
use crate::rows::form::{APPLICANTS, Known, NUMBER, STATED, Stated};
use crate::source::clean;
use crate::template::uses::categories_of_others;
use crate::template::{Template, fact};
use crate::value::{Number, Value};

/// A sheet of applicants or records.
#[derive(Debug)]
pub(super) struct Table {
    /// `applicants`, or the name of the list.
    pub name: String,
    /// What the sheet is called.
    pub sheet: String,
    /// Its columns.
    pub columns: Vec<Column>,
}

/// A column of such a sheet.
#[derive(Debug)]
pub(super) struct Column {
    /// How it was made.
    pub known: Known,
    /// What stands over it.
    pub head: String,
    /// What its cells hold.
    pub holds: Holds,
    /// The question that it asks, or what to fill in.
    pub ask: String,
    /// A cell as it could be; never among the data.
    pub example: String,
}

/// What the cells of a column hold.
#[derive(Debug)]
pub(super) enum Holds {
    /// A text, however it looks.
    Text,
    /// One of these words.
    Words(Vec<String>),
    /// A day.
    Day {
        /// Whether it may be one that never came.
        never: bool,
    },
    /// A number of the head's unit, between bounds.
    Number(Option<Number>, Option<Number>, bool),
}

/// The tables of a form, the applicants first.
pub(super) fn tables(template: &Template<'_>, lang: Lang) -> Vec<Table> {
    let names = &template.policy.names;
    let mut applicants = own(template, lang);
    let mut lists = Vec::new();
    for input in template.uses.inputs.keys().filter_map(|place| names.inputs.get(*place)) {
        let Type::List(place) = input.ty else {
            applicants.push(of_fact(APPLICANTS, input, names, lang));
            continue;
        };
        let may_be_unknown = !matches!(&input.absent, Value::List(list) if !list.open);
        applicants.push(listed(&input.name, &input.label, input.ask.as_ref(), may_be_unknown, lang));
        let Some(list) = names.lists.get(place) else { continue };
        let fields = list.fields.iter().enumerate();
        let used = fields.filter(|(field, _)| template.uses.fields.contains(&(place, *field))).map(|(_, field)| field);
        let mut columns = vec![id(&input.name, lang)];
        columns.extend(used.map(|field| of_fact(&input.name, field, names, lang)));
        columns.push(times(&input.name, lang));
        lists.push((input.label.clone(), Table { name: input.name.clone(), sheet: String::new(), columns }));
    }
    if let Some(columns) = paid(template, lang) {
        let label = Text::new("此前已发", "Earlier payments");
        applicants.push(listed("paid", &label, None, false, lang));
        lists.push((label, Table { name: "paid".to_owned(), sheet: String::new(), columns }));
    }
    if let Some(columns) = others(template, lang) {
        let label = Text::new("其他政策待遇", "Other schemes");
        applicants.push(listed("other_benefits", &label, None, false, lang));
        lists.push((label, Table { name: "other_benefits".to_owned(), sheet: String::new(), columns }));
    }
    let label = Text::new("申请人", "Applicants");
    let all =
        std::iter::once((label, Table { name: APPLICANTS.to_owned(), sheet: String::new(), columns: applicants }));
    let mut tables: Vec<Table> = Vec::new();
    for (label, table) in all.chain(lists) {
        let taken: Vec<&str> = tables.iter().map(|table| table.sheet.as_str()).collect();
        let sheet = sheet_name(label.get(lang), &taken);
        tables.push(Table { sheet, ..table });
    }
    tables.iter_mut().for_each(|table| tell_apart(&mut table.columns));
    tables
}

/// A name that a sheet can have, and that no other has.
fn sheet_name(label: &str, taken: &[&str]) -> String {
    const LONGEST: usize = 28;
    let plain = |character: &char| !matches!(character, '[' | ']' | ':' | '*' | '?' | '/' | '\\' | '\'' | '!' | '.');
    let name: String = clean(label).chars().filter(plain).take(LONGEST).collect();
    let name = if name.trim().is_empty() { "list".to_owned() } else { name.trim().to_owned() };
    let is_free = |name: &String| !taken.iter().any(|taken| taken.eq_ignore_ascii_case(name));
    let numbered = (2..).map(|number| format!("{name}{number}"));
    std::iter::once(name.clone()).chain(numbered).find(is_free).unwrap_or_default()
}

/// Puts the fact's name behind heads that stand twice.
fn tell_apart(columns: &mut [Column]) {
    let heads: Vec<String> = columns.iter().map(|column| column.head.clone()).collect();
    for (place, column) in columns.iter_mut().enumerate() {
        if heads.iter().enumerate().any(|(other, head)| other != place && *head == column.head) {
            column.head = format!("{} {}", column.head, column.known.key);
        }
    }
}

fn known(table: &str, key: &str, unit: &str, holds: &str) -> Known {
    let own = str::to_owned;
    Known { table: own(table), key: own(key), unit: own(unit), holds: own(holds) }
}

fn plain(table: &str, key: &str, head: Text, holds: Holds, ask: Text, example: Text, lang: Lang) -> Column {
    let kind = match holds {
        Holds::Text | Holds::Words(_) => "text",
        Holds::Day { .. } => "date",
        Holds::Number(..) => NUMBER,
    };
    let said = |text: &Text| text.get(lang).to_owned();
    Column { known: known(table, key, "", kind), head: said(&head), holds, ask: said(&ask), example: said(&example) }
}

fn id(table: &str, lang: Lang) -> Column {
    let ask = if table == APPLICANTS {
        Text::new("每位申请人一个编号，不重复；名单各表以此对应", "one for each applicant; the lists are joined by it")
    } else {
        Text::new("申请人表中的编号", "as on the sheet of applicants")
    };
    plain(table, "id", Text::new("编号", "ID"), Holds::Text, ask, Text::new("001", "001"), lang)
}

fn times(table: &str, lang: Lang) -> Column {
    let ask = Text::new(
        "几条完全相同的记为一行时的条数；不填即一条",
        "for how many equal records the row stands; one if left open",
    );
    let holds = Holds::Number(Some(Number::ONE), None, true);
    plain(table, "times", Text::new("相同条数", "Equal records"), holds, ask, Text::default(), lang)
}

/// The applicant's own columns.
fn own(template: &Template<'_>, lang: Lang) -> Vec<Column> {
    let names = &template.policy.names;
    let kinds = template.kinds.iter().filter_map(|place| names.applicant_kinds.get(*place));
    let kinds: Vec<String> = kinds.map(|(_, label)| clean(label.get(lang))).collect();
    let name = plain(
        APPLICANTS,
        "name",
        Text::new("姓名", "Name"),
        Holds::Text,
        Text::new("姓名或单位名称", "the name of the person or body"),
        Text::new("林听澜", "Lin Tinglan"),
        lang,
    );
    let mut columns = vec![id(APPLICANTS, lang), name];
    if kinds.len() > 1 {
        let example = Text::same(kinds.first().cloned().unwrap_or_default());
        let ask = Text::new("从下拉中选", "choose from the list");
        let head = Text::new("申请人类型", "Kind");
        columns.push(plain(APPLICANTS, "kind", head, Holds::Words(kinds), ask, example, lang));
    }
    columns.push(plain(
        APPLICANTS,
        "as_of",
        Text::new("评估日期", "Evaluation date"),
        Holds::Day { never: false },
        Text::new("计算到哪一天；不填即为当天", "the day up to which to calculate; today if left open"),
        Text::new("2025-06-30", "2025-06-30"),
        lang,
    ));
    columns
}

/// The column of a fact or field.
fn of_fact(table: &str, input: &Input, names: &Names, lang: Lang) -> Column {
    let label = clean(input.label.get(lang));
    let measure = input.measure(names).filter(|measure| !measure.name.zh.is_empty());
    let holds = holds(input, names, measure.as_ref(), lang);
    let head = match (&measure, lang) {
        (Some(measure), Lang::Zh) => format!("{label}（{}）", measure.name.zh),
        (Some(measure), Lang::En) => format!("{label} ({})", measure.name.en_many),
        (None, _) => label,
    };
    let example = match (&holds, &input.domain) {
        (Holds::Text, _) => Text::new("甲", "A").get(lang).to_owned(),
        (Holds::Words(words), _) => words.first().cloned().unwrap_or_default(),
        (Holds::Day { .. }, _) => "2024-03-01".to_owned(),
        (Holds::Number(lo, hi, _), _) => {
            let three = Number::whole(3);
            let low = lo.filter(|lo| *lo > three);
            low.or(hi.filter(|hi| *hi < three)).unwrap_or(three).to_string()
        }
    };
    let ask = input.ask.as_ref().map(|ask| clean(ask.get(lang)));
    let blank = fact::blank(input);
    let ask = format!("{}{}", ask.unwrap_or_default(), blank.get(lang)).trim_start_matches(['；', ';', ' ']).to_owned();
    let unit = measure.map_or_else(String::new, |measure| measure.name.zh);
    let known = known(table, &input.name, &unit, &kind(input, names));
    Column { known, head, holds, ask, example }
}

/// What a fact is, in short; a form fits a policy as long as this is the same.
pub(super) fn kind(input: &Input, names: &Names) -> String {
    match &input.ty {
        Type::Bool => "bool".to_owned(),
        Type::Date => "date".to_owned(),
        Type::Text => "text".to_owned(),
        Type::Enum(place) => {
            let words = names.enums.get(*place).map_or(&[][..], |found| found.words.as_slice());
            let words: Vec<&str> = words.iter().map(|(word, _)| word.as_str()).collect();
            format!("word {}", words.join("|"))
        }
        Type::Quantity(unit) => format!("{NUMBER} {}", unit.symbol()),
        Type::List(_) => "list".to_owned(),
    }
}

fn holds(input: &Input, names: &Names, measure: Option<&Measure>, lang: Lang) -> Holds {
    match &input.ty {
        Type::Bool => {
            Holds::Words([("是", "yes"), ("否", "no")].map(|(zh, en)| Text::new(zh, en).get(lang).to_owned()).to_vec())
        }
        Type::Date => Holds::Day { never: input.may_be_never },
        Type::Enum(place) => {
            let words = names.enums.get(*place).map_or(&[][..], |found| found.words.as_slice());
            let label = |(word, label): &(String, Text)| {
                let text = clean(label.get(lang));
                let twice = words.iter().filter(|(_, other)| other.get(lang) == label.get(lang)).count() > 1;
                if twice { word.clone() } else { text }
            };
            Holds::Words(words.iter().map(label).collect())
        }
        Type::Quantity(_) => {
            let Value::Quantity(domain) = &input.domain else { return Holds::Text };
            let domain = measure.map_or(*domain, |measure| measure.interval(*domain));
            Holds::Number(domain.lo.number(), domain.hi.number(), input.integer)
        }
        Type::Text | Type::List(_) => Holds::Text,
    }
}

/// What the applicant's row says of a list.
fn listed(name: &str, label: &Text, ask: Option<&Text>, may_be_unknown: bool, lang: Lang) -> Column {
    let words = STATED.iter().filter(|(stated, _)| may_be_unknown || *stated != Stated::Unknown);
    let words: Vec<String> = words.map(|(_, word)| word.get(lang).to_owned()).collect();
    let how = match (may_be_unknown, lang) {
        (true, Lang::Zh) => "有的填“见表”并在该表逐条填写；没有填“无”；不知道填“不清楚”",
        (false, Lang::Zh) => "有的填“见表”并在该表逐条填写；没有填“无”",
        (true, Lang::En) => {
            "“see sheet” where its sheet has the records, “none” where there is none, “not known” otherwise"
        }
        (false, Lang::En) => "“see sheet” where its sheet has the records, “none” where there is none",
    };
    let ask = ask.map_or_else(|| how.to_owned(), |ask| format!("{} {how}", clean(ask.get(lang))));
    let example = words.get(1).cloned().unwrap_or_default();
    Column {
        known: known(APPLICANTS, name, "", "list"),
        head: clean(label.get(lang)),
        holds: Holds::Words(words),
        ask,
        example,
    }
}

/// Earlier payments, where a clause pays.
fn paid(template: &Template<'_>, lang: Lang) -> Option<Vec<Column>> {
    let clauses = || template.clauses.iter().filter_map(|place| template.policy.clauses.get(*place));
    let paying = clauses().filter(|clause| clause.amount.is_some() || !clause.installments.is_empty());
    let words: Vec<String> =
        paying.map(|clause| format!("{} {}", clean(&clause.id), clean(clause.title.get(lang)))).collect();
    let example = Text::same(words.first()?.clone());
    let column = |key: &str, zh: &'static str, en: &'static str, holds: Holds, ask: Text, example: Text| {
        plain("paid", key, Text::new(zh, en), holds, ask, example, lang)
    };
    let mut columns = vec![
        id("paid", lang),
        column(
            "clause",
            "条款",
            "Clause",
            Holds::Words(words),
            Text::new("从下拉中选", "choose from the list"),
            example,
        ),
    ];
    if clauses().any(|clause| clause.each.is_some()) {
        let ask = Text::new(
            "按记录核定的条款：第几条，或其名称",
            "where a clause has records: the number or name of the one",
        );
        columns.push(column("record", "记录", "Record", Holds::Text, ask, Text::default()));
    }
    let amount = Holds::Number(Some(Number::ZERO), None, false);
    let money = template.policy.names.money_name();
    let label = Text::made(format!("金额（{}）", clean(&money.zh)), format!("Amount ({})", clean(&money.en_many)));
    let amount = plain("paid", "amount", label, amount, Text::default(), Text::new("1200", "1200"), lang);
    columns.push(Column { known: known("paid", "amount", &template.policy.names.money.word, NUMBER), ..amount });
    let day = Text::new("2024-03-01", "2024-03-01");
    columns.push(column("on", "发放日期", "Paid on", Holds::Day { never: false }, Text::default(), day));
    let ask = Text::new(
        "一次核定分次发放的：各次写相同的核定日期或文号",
        "where one award is paid in parts: the same day or number for each",
    );
    columns.push(column("award", "所属核定", "Award", Holds::Text, ask, Text::default()));
    columns.push(column("note", "备注", "Note", Holds::Text, Text::default(), Text::default()));
    Some(columns)
}

/// Other schemes' money, where the policy sets it off or looks at it.
fn others(template: &Template<'_>, lang: Lang) -> Option<Vec<Column>> {
    let names = &template.policy.names;
    let used = categories_of_others(template.policy, &template.clauses);
    if used.is_empty() {
        return None;
    }
    let list = names.lists.iter().find(|list| list.name == "other_benefits")?;
    let words = used.iter().filter_map(|place| names.categories.get(*place));
    let words: Vec<String> = words.map(|(_, label)| clean(label.get(lang))).collect();
    let mut columns = vec![id(&list.name, lang)];
    for field in &list.fields {
        let column = of_fact(&list.name, field, names, lang);
        columns.push(if field.name == "category" {
            let example = words.first().cloned().unwrap_or_default();
            Column { holds: Holds::Words(words.clone()), example, ..column }
        } else {
            column
        });
    }
    Some(columns)
}
