//! `duixian explain-code [NAME]`: the page of a check or of any other code, or the list of all.

use clap::Args;

use crate::check::{self, CHECKS, Check};
use crate::cli::asking::LangName;
use crate::cli::{Exit, Surroundings, say};
use crate::diagnostic::{Code, Page, did_you_mean};
use crate::lang::{Lang, Text};
use crate::source::{clean, width};
use crate::{applicant, audit, cases, document, expr, fmt, policy};

/// A room that raises codes: where they come up, what that means, and what to do.
struct Room {
    title: Text,
    page: Text,
    codes: &'static [&'static [&'static Code]],
    /// Pages of its codes, with examples.
    pages: &'static [Page],
}

/// Every code of the program beside those of the checks, which have their own table. A file's codes are declared and listed
/// in one place ([`codes!`](crate::diagnostic)), and a list that is left out here is unused, which does not pass the lints.
static ROOMS: &[Room] = &[
    Room {
        title: Text::new("读取 TOML 文件", "Reading TOML"),
        page: Text::new(
            "文件因此不能使用，什么也不计算。消息指出行、列，写明这里是什么、应当是什么；照“提示”改，再运行一次。",
            "The file is refused, and nothing is worked out. The message names line and column, and says what stands there and what is \
             wanted; do what `help` says and run again.",
        ),
        codes: &[document::CODES],
        pages: &[],
    },
    Room {
        title: Text::new("算式", "Expressions"),
        page: Text::new(
            "政策文件里的一个算式不能用，整份政策因此不能使用。下划线处是出错的部分；写法、函数和单位见 docs/language.md。",
            "An expression of a policy cannot be used, and the whole policy is refused for it. What is wrong is underlined; \
             docs/language.md has the grammar, the functions and the units.",
        ),
        codes: expr::CODES,
        pages: &[],
    },
    Room {
        title: Text::new("政策文件", "Policy files"),
        page: Text::new(
            "政策文件（或申请人文件中按声明填写的值）有误，文件因此不能使用。各个键的写法见 docs/language.md。",
            "A policy file, or a value that is written by its declaration, is wrong, and the file is refused. docs/language.md has every key.",
        ),
        codes: policy::CODES,
        pages: policy::pages::PAGES,
    },
    Room {
        title: Text::new("申请人文件", "Applicant files"),
        page: Text::new(
            "申请人文件有误，什么也不计算：填错的事实会得出看似可靠的错误金额。改正后再运行；不清楚的事实不写即可。",
            "The applicant's file is wrong, and nothing is worked out: a fact that is wrong gives a wrong amount that looks right. Mend it \
             and run again; a fact that is not known is left out.",
        ),
        codes: applicant::CODES,
        pages: &[],
    },
    Room {
        title: Text::new("与官方文本核对（duixian audit）", "Against the official text (duixian audit)"),
        page: Text::new(
            "政策文件与官方文本对不上。政策仍可使用，但在改正或声明（`not_computed`、`derived`）之前，不能说它忠实于文本。",
            "The policy and the official text differ. The policy can be used; but until it is mended, or the difference declared \
             (`not_computed`, `derived`), nobody can say that it is true to the text.",
        ),
        codes: audit::ALL_CODES,
        pages: audit::pages::PAGES,
    },
    Room {
        title: Text::new("政策文件的排版", "The layout of policy files"),
        page: Text::new(
            "排版前后的内容须完全一致；不一致的不写入，文件保持原样。",
            "A new layout must say exactly the same as before; where it would not, nothing is written and the file stays as it is.",
        ),
        codes: &[fmt::CODES],
        pages: &[],
    },
    Room {
        title: Text::new("手工核算的案例", "Cases worked out by hand"),
        page: Text::new(
            "案例的结果与手工核算的不同，或案例写错。先判断哪一边错：条文、政策文件、案例；写法见 docs/testing.md。",
            "A case did not come out as worked out by hand, or is not written well. See first which is wrong: the reading of the text, the \
             policy, or the case; docs/testing.md says how cases are written.",
        ),
        codes: cases::CODES,
        pages: &[],
    },
];

/// Columns of a page.
const PAGE_WIDTH: usize = 80;

/// Explain a code such as `condition-never-holds`, or list all of them / 说明一个错误或检查的名称
#[derive(Debug, Args)]
pub(super) struct ExplainCode {
    /// The name in the brackets of a message; all are listed if it is not given / 消息方括号中的名称
    #[arg(value_name = "NAME")]
    name: Option<String>,
    /// The language: zh or en / 语言
    #[arg(long, value_enum)]
    lang: Option<LangName>,
}

impl ExplainCode {
    /// Prints the page or the list.
    pub fn run(&self, lang: Lang, around: &mut Surroundings<'_>) -> Exit {
        let lang = self.lang.map_or(lang, LangName::lang);
        let text = match &self.name {
            None => list(lang),
            Some(name) => match page_of(name, lang) {
                Some(text) => text,
                None => {
                    let others = ROOMS.iter().flat_map(Room::codes).map(|code| code.name);
                    let near = did_you_mean(name, CHECKS.iter().map(|check| check.code.name).chain(others));
                    let (near, name) = (near.unwrap_or_default(), clean(name));
                    let text = match lang {
                        Lang::Zh => format!("没有名称“{name}” {}", near.zh),
                        Lang::En => format!("there is no code “{name}” {}", near.en),
                    };
                    say(around, lang, text.trim_end());
                    return Exit::Unusable;
                }
            },
        };
        // A reader that has gone away wants no more.
        let _ = write!(around.output, "{text}");
        Exit::Done
    }
}

/// The page of a code by its name.
pub(super) fn page_of(name: &str, lang: Lang) -> Option<String> {
    check::find(name).map_or_else(|| other(name, lang), |check| Some(page(check, lang)))
}

impl Room {
    /// Its codes by name; one that is raised in several places with the same words stands once.
    fn codes(&self) -> Vec<&'static Code> {
        let mut all: Vec<&Code> = self.codes.iter().flat_map(|file| file.iter()).copied().collect();
        all.sort_by_key(|code| code.name);
        all.dedup_by(|a, b| a == b);
        all
    }
}

fn headline(code: &Code, lang: Lang) -> String {
    format!("{}[{}]: {}\n", code.severity.label().get(lang), code.name, code.title.get(lang))
}

/// Where a code comes up that is no check's, and what to do; none where there is no such code.
fn other(name: &str, lang: Lang) -> Option<String> {
    let mut found: Vec<String> = Vec::new();
    for room in ROOMS {
        let own: String =
            room.codes().into_iter().filter(|code| code.name == name).map(|code| headline(code, lang)).collect();
        if !own.is_empty() {
            let page = textwrap::fill(room.page.get(lang), PAGE_WIDTH);
            let example = room.pages.iter().find(|page| page.name == name).map(|page| example_of(page, lang));
            found.push(format!("{own}\n{}\n\n{page}\n{}", room.title.get(lang), example.unwrap_or_default()));
        }
    }
    (!found.is_empty()).then(|| found.join("\n"))
}

fn page(check: &Check, lang: Lang) -> String {
    let head = headline(&check.code, lang);
    let page = textwrap::fill(check.page.get(lang), PAGE_WIDTH);
    format!("{head}\n{page}\n{}", pair(check.bad, check.good, lang))
}

/// What a page of its own says of a code: what it is about, the text that the policy is held against, and the two policies.
fn example_of(page: &Page, lang: Lang) -> String {
    let about = textwrap::fill(page.about.get(lang), PAGE_WIDTH);
    let lead = match lang {
        Lang::Zh => "官方文本：",
        Lang::En => "The official text:",
    };
    let text = |articles: &str| match articles {
        "" => String::new(),
        articles => format!("{lead}\n\n{}\n", indented(&audit::pages::text(articles))),
    };
    let mended = match (page.good_text, lang) {
        ("", _) => String::new(),
        (_, Lang::Zh) => format!("\n改正后的文本：\n\n{}", indented(&audit::pages::text(page.good_text))),
        (_, Lang::En) => format!("\nThe text, mended:\n\n{}", indented(&audit::pages::text(page.good_text))),
    };
    let alone = match lang {
        Lang::Zh => "政策（省略共用的开头，其中 `status = \"in_force\"`）：",
        Lang::En => "The policy (its head is left out, with `status = \"in_force\"`):",
    };
    let policies = if page.bad == page.good {
        format!("\n{alone}\n\n{}", indented(page.bad))
    } else {
        pair(page.bad, page.good, lang)
    };
    format!("\n{about}\n\n{}{}{mended}", text(page.text), policies.trim_start_matches('\n'))
}

fn indented(text: &str) -> String {
    text.trim().lines().map(|line| format!("    {line}").trim_end().to_owned() + "\n").collect()
}

/// A policy that is found fault with, and the same, mended.
fn pair(bad: &str, good: &str, lang: Lang) -> String {
    let (first, second) = match lang {
        Lang::Zh => ("有问题的写法（省略共用的开头）：", "改正后："),
        Lang::En => ("A policy that it finds fault with (its head is left out):", "The same, mended:"),
    };
    format!("\n{first}\n\n{}\n{second}\n\n{}", indented(bad), indented(good))
}

fn list(lang: Lang) -> String {
    let row = |code: &Code| {
        let (severity, title) = (code.severity.label(), code.title.get(lang));
        let severity = severity.get(lang);
        let pad = " ".repeat(8usize.saturating_sub(width(severity)));
        format!("  {:24} {severity}{pad} {title}\n", code.name)
    };
    let mut text = match lang {
        Lang::Zh => "静态检查（duixian check）\n".to_owned(),
        Lang::En => "Static checks (duixian check)\n".to_owned(),
    };
    text.extend(CHECKS.iter().map(|check| row(&check.code)));
    for room in ROOMS {
        text.push_str(&format!("\n{}\n", room.title.get(lang)));
        text.extend(room.codes().into_iter().map(row));
    }
    text
}
