//! `duixian` (兑现): a calculator for talent-subsidy policies that shows its working.
//!
//! ```text
//!   policy.toml ──▶ document ──▶ policy ──┐
//!    (text)         (places)    (checked) │
//!                     expr: text ▶ tokens ▶ syntax ▶ program
//!                                         ├──▶ assess ──▶ report ──▶ cli
//! applicant.toml ─▶ document ─▶ applicant ┘   (plain     (table,    (files,
//!                              (by the facts   data)      JSON)      streams)
//!                               declared)
//! ```
//!
//! The rooms, each using only those above it:
//!
//! | room | what is in it |
//! | --- | --- |
//! | [`lang`] | the two languages |
//! | [`source`] | texts and places in them |
//! | [`diagnostic`] | what is wrong with a file, and how that looks |
//! | [`value`] | exact numbers, days, truths, and sets of possible values |
//! | [`document`] | TOML with places |
//! | [`keys`] | what the tables of a file may hold |
//! | [`expr`] | the expression language |
//! | [`clause`] | what every clause has; the kinds of benefit |
//! | [`allot`] | who gets how much of a limit: one way for all limits |
//! | [`policy`] | policy files, checked |
//! | [`fmt`] | policy files laid out in one way |
//! | [`applicant`] | applicant files, read against policies |
//! | [`rows`] | files of many applicants, row by row |
//! | [`assess`] | the calculation; its result is one value, [`assess::model::Assessment`] |
//! | [`columns`] | the same calculation for many rows at once, on whole numbers |
//! | [`explain`] | how a line came about, what would change it, and which missing facts matter most |
//! | [`settle`] | limits over all applicants, settled on what each of them claims |
//! | [`paper`] | official texts as they are handed round: plain, Word documents, web pages |
//! | [`audit`] | a policy held against its official text |
//! | [`draft`] | a skeleton of a policy from its official text |
//! | [`cases`] | cases worked out by hand, of one applicant or of several |
//! | [`coverage`] | which outcomes of a policy its cases reach |
//! | [`mutation`] | changes planted in a policy, and which its cases notice |
//! | [`check`] | what is probably wrong with a policy that can be worked out |
//! | [`diff`] | what is different between two policies, clause by clause, in words |
//! | [`schema`] | JSON Schemas of policy, applicant and case files, for editors |
//! | [`template`] | applicant files to fill in |
//! | [`interview`] | an applicant file that is filled in by question and answer |
//! | [`report`] | output formats; nothing is calculated here |
//! | [`batch`] | a file of applicants: worked out row by row, in parallel, in order |
//! | [`lsp`] | a language server: what editors ask about these files |
//! | [`cli`] | the command line; the only room that touches files, streams and the clock |
//!
//! **The core cannot fail**: reading gives a value and all diagnostics, assessing is total. **Nothing is guessed**: what is
//! not known stays a set of possible values. **The law is data**: no document, article or city is known here.

pub mod allot;
pub mod applicant;
pub mod assess;
pub mod audit;
pub mod batch;
pub mod cases;
pub mod check;
pub mod clause;
pub mod cli;
pub mod columns;
pub mod coverage;
pub mod diagnostic;
pub mod diff;
pub mod document;
pub mod draft;
pub mod explain;
pub mod expr;
pub mod fmt;
pub mod interview;
pub mod keys;
pub mod lang;
pub mod lsp;
pub mod mutation;
pub mod paper;
pub mod policy;
pub mod report;
pub mod rows;
pub mod schema;
pub mod settle;
pub mod source;
pub mod template;
pub mod value;
