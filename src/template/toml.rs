//! The template as an applicant file. Nothing in it has a value but the kind of applicant; a line that is freed of its `#`
//! without a value is refused when it is read, so that no example is taken for an answer.

use textwrap::{Options, WordSeparator, WordSplitter};

use super::uses::categories_of_others;
use super::{Template, fact};
use crate::expr::names::{Input, List};
use crate::expr::types::Type;
use crate::lang::{Lang, Text};
use crate::source::clean;

/// The widest a comment gets, in columns.
const WIDTH: usize = 100;

/// More clauses than this are not named behind a fact.
const FEW: usize = 6;

/// The file.
pub fn write(template: &Template<'_>, lang: Lang) -> String {
    let mut parts = vec![head(template, lang), applicant(template, lang)];
    let inputs: Vec<(usize, &Input)> = template
        .uses
        .inputs
        .keys()
        .filter_map(|place| Some((*place, template.policy.names.inputs.get(*place)?)))
        .collect();
    let is_list = |input: &Input| matches!(input.ty, Type::List(_));
    parts.push("[facts]\n".to_owned());
    for (place, input) in inputs.iter().filter(|(_, input)| !is_list(input)) {
        parts.push(scalar(template, *place, input, lang));
    }
    let lists: Vec<&(usize, &Input)> = inputs.iter().filter(|(_, input)| is_list(input)).collect();
    if !lists.is_empty() {
        parts.push(no_records(&lists, lang));
    }
    for (place, input) in lists {
        let Type::List(list_place) = input.ty else { continue };
        if let Some(list) = template.policy.names.lists.get(list_place) {
            parts.push(records(template, (*place, input), (list_place, list), lang));
        }
    }
    parts.push(paid(template, lang));
    parts.push(other_benefits(template, lang));
    parts.retain(|part| !part.is_empty());
    parts.join("\n")
}

/// Lines of a comment, those after the first indented.
fn comment(text: &str, indent: &str) -> String {
    let (first, rest) = (format!("# {indent}"), format!("#   {indent}"));
    let options = Options::new(WIDTH)
        .initial_indent(&first)
        .subsequent_indent(&rest)
        .word_separator(WordSeparator::UnicodeBreakProperties)
        .word_splitter(WordSplitter::NoHyphenation);
    textwrap::wrap(text, options).iter().map(|line| format!("{line}\n")).collect()
}

fn said(lang: Lang, zh: &'static str, en: &'static str, indent: &str) -> String {
    comment(Text::new(zh, en).get(lang), indent)
}

/// What the file is for, and how to fill it in.
fn head(template: &Template<'_>, lang: Lang) -> String {
    let policy = template.policy;
    let (title, standing) = (clean(policy.title.get(lang)), policy.status.label.get(lang));
    let mut text = comment(
        &match lang {
            Lang::Zh => format!("申请人文件：{title}（{standing}）"),
            Lang::En => format!("Applicant file: {title} ({standing})"),
        },
        "",
    );
    if template.clauses.len() < policy.clauses.len() {
        let clauses = template.clauses.iter().filter_map(|place| policy.clauses.get(*place));
        let named: Vec<String> =
            clauses.map(|clause| format!("{} {}", clean(&clause.id), clean(clause.title.get(lang)))).collect();
        if named.len() <= FEW {
            text.push_str(&comment(
                &match lang {
                    Lang::Zh => format!("条款：{}", named.join("；")),
                    Lang::En => format!("Clauses: {}", named.join("; ")),
                },
                "",
            ));
        }
    }
    text.push_str("#\n");
    text.push_str(&said(
        lang,
        "知道的，删去行首的“# ”，在等号后填写；不知道的不要猜，留着“# ”，即按“未知”测算。",
        "What is known: take away the “# ” before it and write the value behind the sign. What is not known is left alone and \
         counts as unknown; do not guess.",
        "",
    ));
    text.push_str(&said(lang, "只知道一部分的：", "What is known in part:", ""));
    let money = clean(&policy.names.money.word);
    text.push_str(&match lang {
        Lang::Zh => format!("#   数额 {{ at_least = \"1万{money}\", at_most = \"3万{money}\" }}，两端可只写一端\n"),
        Lang::En => {
            format!("#   a quantity: {{ at_least = \"1万{money}\", at_most = \"3万{money}\" }}, or one of the two\n")
        }
    });
    text.push_str(match lang {
        Lang::Zh => "#   日期 { not_before = 2024-01-01, not_after = 2024-12-31 }\n",
        Lang::En => "#   a date: { not_before = 2024-01-01, not_after = 2024-12-31 }\n",
    });
    text.push_str(match lang {
        Lang::Zh => "#   出生日期 { age = \"29岁\", on = 2024-09-01 }，即这一天的年龄\n",
        Lang::En => "#   a day of birth: { age = \"29岁\", on = 2024-09-01 }, the age on that day\n",
    });
    text.push_str(match lang {
        Lang::Zh => "#   选项 { one_of = [\"…\", \"…\"] }，有高低的也可写 { at_least = \"…\", at_most = \"…\" }\n",
        Lang::En => "#   a word: { one_of = [\"…\", \"…\"] }; where words have an order, also { at_least = \"…\", at_most = \"…\" }\n",
    });
    text
}

/// `[applicant]`
fn applicant(template: &Template<'_>, lang: Lang) -> String {
    let names = &template.policy.names;
    let mut kinds = template.kinds.iter().filter_map(|place| names.applicant_kinds.get(*place));
    let Some((kind, label)) = kinds.next() else { return String::new() };
    let others: Vec<String> = kinds
        .map(|(id, label)| match lang {
            Lang::Zh => format!("\"{id}\"（{}）", label.zh),
            Lang::En => format!("\"{id}\" ({})", label.en),
        })
        .collect();
    let mut text = String::from("[applicant]\n");
    text.push_str(&said(lang, "姓名或单位名称，加引号", "the name, in quotes", ""));
    text.push_str("# name =\n");
    let label = label.get(lang);
    text.push_str(&comment(
        &match (lang, others.as_slice()) {
            (Lang::Zh, []) => format!("申请人类别：{label}"),
            (Lang::Zh, others) => format!("申请人类别：{label}；也可以是{}", others.join("、")),
            (Lang::En, []) => format!("the kind of applicant: {label}"),
            (Lang::En, others) => format!("the kind of applicant: {label}; or {}", others.join(", ")),
        },
        "",
    ));
    text.push_str(&format!("kind = \"{kind}\"\n"));
    if let Some(place) = &template.policy.place {
        let place = clean(place.get(lang));
        text.push_str(&comment(
            &match lang {
                Lang::Zh => format!("所在地，加引号，如“{place}”；不指明政策时据此选用"),
                Lang::En => format!("where, in quotes, such as “{place}”; it decides where no policy is named"),
            },
            "",
        ));
        text.push_str("# place =\n");
    }
    text.push_str(&said(
        lang,
        "评估日期，如 2025-06-30；不填即为当天",
        "the evaluation date, such as 2025-06-30; today if left out",
        "",
    ));
    text.push_str("# as_of =\n");
    text
}

/// What a fact is called, the question to put, and what can be written.
fn about(template: &Template<'_>, place: usize, input: &Input, lang: Lang) -> String {
    let policy = template.policy;
    let clauses = template.uses.inputs.get(&place).into_iter().flatten();
    let ids: Vec<String> =
        clauses.filter_map(|place| policy.clauses.get(*place)).map(|clause| clean(&clause.id)).collect();
    let label = clean(input.label.get(lang));
    let asked = match (lang, ids.len()) {
        (_, 0) => label,
        (Lang::Zh, 1..=FEW) => format!("{label}（条款 {}）", ids.join("、")),
        (Lang::Zh, count) => format!("{label}（{count} 个条款）"),
        (Lang::En, 1) => format!("{label} (clause {})", ids.join(", ")),
        (Lang::En, 2..=FEW) => format!("{label} (clauses {})", ids.join(", ")),
        (Lang::En, count) => format!("{label} ({count} clauses)"),
    };
    let mut text = comment(&asked, "");
    if let Some(ask) = &input.ask {
        text.push_str(&comment(&clean(ask.get(lang)), "  "));
    }
    text.push_str(&comment(&fact::describe(input, &policy.names, lang), "  "));
    text
}

fn scalar(template: &Template<'_>, place: usize, input: &Input, lang: Lang) -> String {
    format!("{}# {} =\n", about(template, place, input, lang), input.name)
}

/// A line for each list that is known to have no record; it must stand before any `[[facts.…]]`.
fn no_records(lists: &[&(usize, &Input)], lang: Lang) -> String {
    let mut text = said(
        lang,
        "名单在下面逐条填写；确实一条也没有的，用这里的一行（不填是“未知”，不是“没有”）",
        "Lists are filled in below, record by record; for one that is known to be empty, free its line here (left out, it is \
         unknown, not empty)",
        "",
    );
    for (_, input) in lists {
        let label = clean(input.label.get(lang));
        text.push_str(&match lang {
            Lang::Zh => format!("# {} = []  # {label}：没有\n", input.name),
            Lang::En => format!("# {} = []  # {label}: none\n", input.name),
        });
    }
    text
}

/// One record of a list, as a comment.
fn records(
    template: &Template<'_>,
    (place, input): (usize, &Input),
    (list_place, list): (usize, &List),
    lang: Lang,
) -> String {
    let mut text = about(template, place, input, lang);
    text.push_str(&said(
        lang,
        "每条记录一段，可重复；几条完全相同的写一段，加 times = 条数（大约的写 { at_least = 45, at_most = 55 }）；名单不全的加一段，只写 more = true",
        "a section each record, repeated as needed; for several equal ones, one section with times = their number, or about so many \
         { at_least = 45, at_most = 55 }; where the list is not complete, one with more = true alone",
        "  ",
    ));
    text.push_str(&format!("# [[facts.{}]]\n", input.name));
    for (field_place, field) in list.fields.iter().enumerate() {
        if template.uses.fields.contains(&(list_place, field_place)) {
            text.push_str(&comment(&clean(field.label.get(lang)), "  "));
            if let Some(ask) = &field.ask {
                text.push_str(&comment(&clean(ask.get(lang)), "    "));
            }
            text.push_str(&comment(&fact::describe(field, &template.policy.names, lang), "    "));
            text.push_str(&format!("# {} =\n", field.name));
        }
    }
    text
}

/// `[[paid]]`, as a comment.
fn paid(template: &Template<'_>, lang: Lang) -> String {
    let each = template.clauses.iter().filter_map(|place| template.policy.clauses.get(*place));
    let by_record = each.clone().any(|clause| clause.each.is_some());
    let mut paying = each.clone().filter(|clause| clause.amount.is_some() || !clause.installments.is_empty());
    let Some(first) = paying.next() else { return String::new() };
    let example = format!("\"{}/{}\"", clean(&template.policy.id), clean(&first.id));
    let mut text = said(lang, "此前已发的款项，每笔一段，可重复", "What was paid before: a section each payment", "");
    text.push_str("# [[paid]]\n");
    text.push_str(&comment(
        &match lang {
            Lang::Zh => format!("条款，如 {example}"),
            Lang::En => format!("the clause, such as {example}"),
        },
        "  ",
    ));
    text.push_str("# clause =\n");
    if by_record {
        text.push_str(&said(
            lang,
            "按记录核定的条款：第几条，或其名称",
            "where a clause has records: the number or name of the one",
            "  ",
        ));
        text.push_str("# record =\n");
    }
    let money = clean(&template.policy.names.money.word);
    text.push_str(&comment(
        &match lang {
            Lang::Zh => format!("金额，如 \"3{money}\""),
            Lang::En => format!("the amount, such as \"3{money}\""),
        },
        "  ",
    ));
    text.push_str("# amount =\n");
    text.push_str(&said(lang, "发放日期，如 2024-03-01", "the day, such as 2024-03-01", "  "));
    text.push_str("# on =\n");
    text
}

/// `[[other_benefits]]`, as a comment.
fn other_benefits(template: &Template<'_>, lang: Lang) -> String {
    let names = &template.policy.names;
    let list = names.lists.iter().find(|list| list.name == "other_benefits");
    let used = categories_of_others(template.policy, &template.clauses);
    let (Some(list), false) = (list, used.is_empty()) else { return String::new() };
    let mut text = said(
        lang,
        "同一事项从其他政策已享受的待遇，每笔一段，可重复",
        "What other schemes paid for the same thing: a section each",
        "",
    );
    text.push_str("# [[other_benefits]]\n");
    for field in &list.fields {
        text.push_str(&comment(&clean(field.label.get(lang)), "  "));
        let what = if field.name == "category" {
            let categories = fact::one_of(used.iter().filter_map(|place| names.categories.get(*place)));
            clean(categories.get(lang))
        } else {
            fact::describe(field, names, lang)
        };
        text.push_str(&comment(&what, "    "));
        text.push_str(&format!("# {} =\n", field.name));
    }
    text
}
