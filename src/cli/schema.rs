//! `duixian schema policy|supplement|vocabulary|applicant|case|columns|diff`: JSON Schemas for editors and programs.

use clap::{Args, ValueEnum};

use crate::cli::asking::LangName;
use crate::cli::shelf::Shelf;
use crate::cli::{Exit, Surroundings, say};
use crate::lang::Lang;
use crate::policy::{Policy, builtin, keys};
use crate::report::diff;
use crate::rows::map;
use crate::schema;

/// Print a JSON Schema, with which editors complete and check / 打印 JSON Schema，供编辑器补全和检查
#[derive(Debug, Args)]
pub(super) struct Schema {
    /// Of which files / 哪种文件
    #[arg(value_enum)]
    of: Of,
    /// Know the words of this policy (its facts, for applicants); all built-in ones if not given / 按此政策的词汇
    #[arg(long = "policy", value_name = "ID|FILE|DIR")]
    policies: Vec<String>,
    /// The language: zh or en / 语言
    #[arg(long, value_enum)]
    lang: Option<LangName>,
}

#[derive(Clone, Copy, Debug, PartialEq, ValueEnum)]
enum Of {
    /// Policies / 政策
    Policy,
    /// Supplements of policies / 补充文件
    Supplement,
    /// Vocabularies that policies share / 词表
    Vocabulary,
    /// Applicants / 申请人
    Applicant,
    /// Cases worked out by hand / 手工核算的案例
    Case,
    /// Maps of columns / 列名对照表
    Columns,
    /// What `diff --format json` gives / `diff --format json` 的输出
    Diff,
}

impl Schema {
    /// Prints the schema. A policy's has the words of one policy at most: two may mean different things by one name.
    pub fn run(&self, lang: Lang, around: &mut Surroundings<'_>) -> Exit {
        let lang = self.lang.map_or(lang, LangName::lang);
        let by_facts = matches!(self.of, Of::Applicant | Of::Case);
        if !by_facts && self.policies.len() > 1 {
            let text = match lang {
                Lang::Zh => "这里只能给一个 --policy",
                Lang::En => "one --policy is taken here",
            };
            say(around, lang, text);
            return Exit::Unusable;
        }
        let asked = match (self.of, self.policies.as_slice()) {
            (Of::Applicant | Of::Case, []) => builtin::policies().iter().map(|known| known.id.to_owned()).collect(),
            (_, asked) => asked.to_vec(),
        };
        let mut shelf = Shelf::default();
        let Some(places) = shelf.asked(&asked, lang, around) else { return Exit::Unusable };
        let policies: Vec<&Policy> = places.iter().filter_map(|place| shelf.get(*place)).collect();
        let file = |keys| schema::of_file(keys, policies.first().map(|policy| &policy.names));
        let schema = match self.of {
            Of::Policy => file(&keys::DOCUMENT),
            Of::Supplement => file(&keys::SUPPLEMENT_DOCUMENT),
            Of::Vocabulary => file(&keys::VOCABULARY_DOCUMENT),
            Of::Applicant => schema::applicant(&policies),
            Of::Case => schema::cases(&policies),
            Of::Columns => schema::of_file(&map::keys::FILE, None),
            Of::Diff => diff::schema(),
        };
        // A reader that has gone away wants no more.
        let _ = writeln!(around.output, "{schema:#}");
        Exit::Done
    }
}
