//! `duixian template POLICY`: an applicant file to fill in, or the heads of tables.

use std::path::{Path, PathBuf};

use clap::Args;

use crate::cli::asking::{LangName, is_wanted, known_clauses};
use crate::cli::batch::save::written;
use crate::cli::outputs::in_words;
use crate::cli::shelf::Shelf;
use crate::cli::{Exit, Surroundings, files, say};
use crate::diagnostic::did_you_mean;
use crate::lang::{Lang, Text};
use crate::policy::Policy;
use crate::report::csv;
use crate::source::clean;
use crate::template::Template as Sheet;

/// Print an applicant file to fill in, with the facts that a policy asks for / 打印待填的申请人文件
#[derive(Debug, Args)]
pub(super) struct Template {
    /// A built-in policy's id, a policy file, or its folder / 内置编号、文件或文件夹
    #[arg(value_name = "POLICY")]
    policy: String,
    /// Only what this clause asks for / 只列此条款所需
    #[arg(long = "clause", value_name = "ID")]
    clauses: Vec<String>,
    /// The kind of applicant: person, enterprise… / 申请人类别
    #[arg(long = "for", value_name = "KIND")]
    kind: Option<String>,
    /// The head of a table of applicants instead / 改为批量表格的表头
    #[arg(long)]
    csv: bool,
    /// The head of this list's table / 某份名单的表头
    #[arg(long, value_name = "NAME", requires = "csv")]
    list: Option<String>,
    /// Labels as heads instead of names / 表头用中文（或英文）名称
    #[arg(long, requires = "csv")]
    labels: bool,
    /// A workbook to fill in: applicants, their lists, and instructions; needs -o / 待填的工作簿
    #[arg(long, requires = "output", conflicts_with = "csv")]
    xlsx: bool,
    /// Where the workbook goes / 工作簿文件
    #[arg(short, long, value_name = "FILE", requires = "xlsx")]
    output: Option<PathBuf>,
    /// The language: zh or en / 语言
    #[arg(long, value_enum)]
    lang: Option<LangName>,
}

impl Template {
    /// Prints the template; which further tables there are is told beside it.
    pub fn run(&self, lang: Lang, around: &mut Surroundings<'_>) -> Exit {
        let lang = self.lang.map_or(lang, LangName::lang);
        let mut shelf = Shelf::default();
        let places = shelf.asked(std::slice::from_ref(&self.policy), lang, around);
        let Some(policy) = places.and_then(|places| places.first().and_then(|place| shelf.get(*place))) else {
            return Exit::Unusable;
        };
        if let (true, Some(path)) = (self.xlsx, &self.output) {
            return self.form(policy, path, lang, around);
        }
        let text = match self.text(policy, lang, around) {
            Ok(text) => text,
            Err(text) => {
                say(around, lang, text.get(lang));
                return Exit::Unusable;
            }
        };
        // A reader that has gone away wants no more.
        let _ = write!(around.output, "{text}");
        Exit::Done
    }

    /// Writes the workbook; what was there stays where it cannot be made.
    fn form(&self, policy: &Policy, path: &Path, lang: Lang, around: &mut Surroundings<'_>) -> Exit {
        let made = self.sheet(policy).and_then(|sheet| {
            let digest = files::digest(&policy.source);
            sheet.form(&digest, &self.clauses, around.today, lang).map_err(|error| {
                let error = clean(&in_words(&error, lang));
                Text::made(format!("申请表做不出来（{error}）"), format!("the form cannot be made ({error})"))
            })
        });
        let bytes = match made {
            Ok(bytes) => bytes,
            Err(text) => {
                say(around, lang, text.get(lang));
                return Exit::Unusable;
            }
        };
        match written(path, &around.folder, &bytes, lang) {
            Ok(()) => Exit::Done,
            Err(text) => {
                say(around, lang, &text);
                Exit::Unusable
            }
        }
    }

    fn sheet<'p>(&self, policy: &'p Policy) -> Result<Sheet<'p>, Text> {
        known_clauses(&self.clauses, &[policy])?;
        let kind = self.kind.as_deref().map(|kind| applicant_kind(policy, kind)).transpose()?;
        let wanted = |id: &str| is_wanted(&self.clauses, &policy.id, id);
        Sheet::new(policy, &wanted, kind).ok_or_else(|| {
            Text::new("所选条款都不适用于这类申请人", "none of these clauses is for this kind of applicant")
        })
    }

    fn text(&self, policy: &Policy, lang: Lang, around: &mut Surroundings<'_>) -> Result<String, Text> {
        let sheet = self.sheet(policy)?;
        if !self.csv {
            return Ok(sheet.toml(lang));
        }
        let labels = self.labels.then_some(lang);
        if let Some(name) = &self.list {
            return sheet.list_head(name, labels).map(csv::row).ok_or_else(|| {
                let near = did_you_mean(name, sheet.lists()).unwrap_or_default();
                let name = clean(name);
                Text::made(
                    format!("所选条款用不到名单“{name}” {}", near.zh),
                    format!("these clauses use no list “{name}” {}", near.en),
                )
            });
        }
        let lists = sheet.lists();
        if !lists.is_empty() {
            // On standard error, so that the head can go to a file.
            let lists = lists.join(", ");
            let _ = match lang {
                Lang::Zh => writeln!(around.errors, "名单各用一张表，表头用 --csv --list 名称：{lists}"),
                Lang::En => {
                    writeln!(around.errors, "each list is a table of its own, its head by --csv --list NAME: {lists}")
                }
            };
        }
        Ok(csv::row(sheet.head(labels)))
    }
}

/// The place of a kind of applicant, by its id or label.
fn applicant_kind(policy: &Policy, asked: &str) -> Result<usize, Text> {
    let kinds = &policy.names.applicant_kinds;
    let same = |(id, label): &(String, Text)| id == asked || label.zh == asked || label.en.eq_ignore_ascii_case(asked);
    kinds.iter().position(same).ok_or_else(|| {
        let near = did_you_mean(asked, kinds.iter().map(|(id, _)| id.as_str())).unwrap_or_default();
        let asked = clean(asked);
        Text::made(
            format!("没有这种申请人：“{asked}” {}", near.zh),
            format!("there is no such kind of applicant: “{asked}” {}", near.en),
        )
    })
}
