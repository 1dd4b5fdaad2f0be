//! What `duixian batch` is told on its command line, and what of it cannot go together.

use std::fs;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use crate::cli::asking::{Asking, LangName};
use crate::cli::batch::open::Form;
use crate::cli::batch::save::is_standard;
use crate::lang::Text;

/// No machine has more processors for one run, and each job has its own memory.
const MOST_JOBS: i64 = 256;

/// Work out a file of applicants, row by row / 逐行核算一份申请人名册
#[derive(Debug, Args)]
pub(in crate::cli) struct Batch {
    /// Applicants: tables (.csv, .xlsx, a row each), JSON Lines (.jsonl, .ndjson), TOML files or a folder of them; `-` is standard
    /// input / 申请人：表格、JSON Lines、TOML 文件或其文件夹；`-` 为标准输入
    #[arg(required = true, value_name = "INPUT")]
    pub(in crate::cli) inputs: Vec<PathBuf>,
    /// How inputs are written, whatever they are called / 输入格式（不看文件名）
    #[arg(long, value_enum)]
    pub(in crate::cli) from: Option<Form>,
    #[command(flatten)]
    pub(in crate::cli) asking: Asking,
    /// Only this clause / 只核此条款
    #[arg(long = "clause", value_name = "ID")]
    pub(in crate::cli) clauses: Vec<String>,
    /// The kind of applicant, where a row does not say it / 申请人类型（行内未写时）
    #[arg(long, value_name = "KIND")]
    pub(in crate::cli) kind: Option<String>,
    /// Where the applicants are, where a row does not say it / 地点（行内未写时）
    #[arg(long, value_name = "PLACE")]
    pub(in crate::cli) place: Option<String>,
    /// A list's records, a row each, with the applicant's id; it is the whole list: who has no row in it has no record / 名单表，按编号对应；表中没有的即为没有
    #[arg(long = "list", value_name = "NAME=FILE")]
    pub(in crate::cli) lists: Vec<String>,
    /// What the columns of the applicants' tables hold: a file that `duixian columns` proposes / 列名对照表，由 duixian columns 拟定
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) columns: Option<PathBuf>,
    /// Pass over columns that no policy asks for / 忽略各政策都不问的列
    #[arg(long)]
    pub(in crate::cli) ignore_columns: bool,
    /// Carry this column along to results, statements and payment lists, as text; repeatable / 把这一列原样带到结果、核定表和发放清单
    #[arg(long, value_name = "HEAD", conflicts_with = "columns")]
    pub(in crate::cli) keep: Vec<String>,
    /// How results are written / 输出格式
    #[arg(long, value_enum, default_value = "csv")]
    pub(in crate::cli) to: To,
    /// One row an applicant, with columns for each clause / 每位申请人一行，各条款分列
    #[arg(long)]
    pub(in crate::cli) wide: bool,
    /// Reasons with the figures that decide; in a workbook also how each line was worked out, and what other readings would make of every sum; slower (docs/batch.md) / 理由带上起决定作用的数字；工作簿中另写明各项的计算式和改取其他读法后的合计（较慢）
    #[arg(long, conflicts_with = "taken_only")]
    pub(in crate::cli) working: bool,
    /// Where the results go, instead of standard output; written beside it and renamed when complete / 结果文件
    #[arg(short, long, value_name = "FILE")]
    pub(in crate::cli) output: Option<PathBuf>,
    /// Name beside the results, in FILE.record.json, everything that went into them, for `verify` / 在结果旁写明由什么算出，供复核
    #[arg(long, requires = "output")]
    pub(in crate::cli) record: bool,
    /// Where the rows that cannot be used are listed; .xlsx: the rows themselves, to go back; `-`: among the results, with --to jsonl / 退回行清单；.xlsx 为原样退回的工作簿；`-` 为写在结果之中（--to jsonl）
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) rejects: Option<PathBuf>,
    /// Corrected rows, of a workbook that went back, which stand in for those that they came from; repeatable, a later one goes first / 改正后的退回表，替换原表中的相应各行；可多个，以后面的为准
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) corrected: Vec<PathBuf>,
    /// A statement for each applicant to print and sign, into a new folder / 每位申请人一份可打印、签章的核定表，写入新的文件夹
    #[arg(long, value_name = "FOLDER")]
    pub(in crate::cli) statements: Option<PathBuf>,
    /// Statements only for those to whom something is due, or who have something to pay back / 只为有应发或待收回的人出核定表
    #[arg(long, requires = "statements")]
    pub(in crate::cli) due_only: bool,
    /// Who issues and signs the statements: a small TOML file / 出具单位和签章各行
    #[arg(long, value_name = "FILE", requires = "statements")]
    pub(in crate::cli) signing: Option<PathBuf>,
    /// A payment list of what is due for certain, as a workbook or CSV; what is open stands apart / 发放清单，待定的另列
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) payments: Option<PathBuf>,
    /// Pay out this much in the order of the rows, and say at whom, or in which month, it ends, under each reading; rows are worked out one by one / 预算（如 500万元）：按先后发放，到谁、到哪个月不足，各读法分列（较慢）
    #[arg(long, value_name = "MONEY", conflicts_with_all = ["taken_only", "unsettled"])]
    pub(in crate::cli) budget: Option<String>,
    /// How many work at a time; as many as the machine has processors if not given / 并行数
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=MOST_JOBS))]
    pub(in crate::cli) jobs: Option<u16>,
    /// Leave limits over all applicants to `settle`, as is done for standard input / 涉及全部申请人的限额留待 settle 核定
    #[arg(long)]
    pub(in crate::cli) unsettled: bool,
    /// Only under the readings taken, which is faster: what others would change is not looked at / 只按所取读法核算，不比较其他读法（较快）
    #[arg(long)]
    pub(in crate::cli) taken_only: bool,
    /// Show identity numbers in messages and rejects as they are / 提示和退回清单中不遮盖公民身份号码
    #[arg(long)]
    pub(in crate::cli) unmasked: bool,
    /// Exit with 3 if something is undetermined / 有待定事项时以 3 退出
    #[arg(long)]
    pub(in crate::cli) strict: bool,
    /// The language: zh or en / 语言
    #[arg(long, value_enum)]
    pub(in crate::cli) lang: Option<LangName>,
}

#[derive(Clone, Copy, Debug, PartialEq, ValueEnum)]
pub(in crate::cli) enum To {
    Csv,
    Jsonl,
    Xlsx,
}

impl Batch {
    /// What cannot be of what was asked for.
    pub(super) fn cannot_be(&self, folder: &Path) -> Option<Text> {
        if self.to != To::Jsonl && self.rejects.as_deref().is_some_and(is_standard) {
            let text = Text::new(
                "--rejects - 把退回行写在结果之中，只用于 --to jsonl；否则请给出文件",
                "--rejects - puts rejects among the results, which needs --to jsonl; else give a file",
            );
            return Some(text);
        }
        if let Some(text) = self.cannot_go_back(folder) {
            return Some(text);
        }
        let is_a_file = self.output.as_ref().is_some_and(|path| !is_standard(path));
        if self.record && !is_a_file {
            let text = Text::new("--record 要用 -o 指定结果文件", "--record needs a file for the results: -o FILE");
            return Some(text);
        }
        if self.to == To::Xlsx && !is_a_file {
            let text = Text::new("--to xlsx 要用 -o 指定结果文件", "--to xlsx needs a file for the results: -o FILE");
            return Some(text);
        }
        let is_no_file =
            |path: &PathBuf| is_standard(path) || fs::metadata(folder.join(path)).is_ok_and(|found| !found.is_file());
        if self.payments.as_ref().is_some_and(is_no_file) {
            let text = Text::new("--payments 要给出文件（.xlsx 或 .csv）", "--payments needs a file (.xlsx or .csv)");
            return Some(text);
        }
        None
    }
}
