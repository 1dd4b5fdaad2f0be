//! A line of results as `batch --to jsonl` writes it.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::assess::model::{self, FactName, RecordName, Status, Verdict, Warning};
use crate::assess::warnings::OF_APPLICANT;
use crate::batch::Plan;
use crate::batch::output::SCHEMA;
use crate::diagnostic::nearest;
use crate::lang::Text;
use crate::policy::among;
use crate::settle::{Alternative, OfApplicant, OfLine, Otherwise};
use crate::value::{Bound, Day, Interval, Number, Truth};

/// One applicant's results.
pub(super) struct OfResult {
    pub id: String,
    pub name: String,
    pub as_of: Day,
    pub kept: Map<String, Value>,
    pub warnings: Vec<Warning>,
    pub of: OfApplicant,
}

#[derive(Deserialize)]
struct Root {
    schema: String,
    id: String,
    name: String,
    as_of: String,
    #[serde(default)]
    kept: Map<String, Value>,
    for_settling: Option<ForSettling>,
    lines: Vec<Line>,
    totals: Amounts,
    #[serde(default)]
    warnings: Vec<Remark>,
}

#[derive(Deserialize)]
struct Remark {
    code: String,
    text: Words,
}

#[derive(Deserialize)]
struct ForSettling {
    claims: usize,
    policies: BTreeMap<String, String>,
}

#[derive(Deserialize)]
struct Line {
    policy: String,
    clause: String,
    record: Option<String>,
    status: String,
    reason: Words,
    #[serde(default)]
    failed: Vec<Words>,
    missing: Vec<String>,
    counted: bool,
    amounts: Option<Amounts>,
    #[serde(default)]
    claims: Vec<Claim>,
    #[serde(default)]
    settled: Vec<serde::de::IgnoredAny>,
    #[serde(default)]
    readings: Vec<Reading>,
}

#[derive(Deserialize)]
struct Reading {
    policy: String,
    id: String,
    taken: String,
    others: Vec<Other>,
}

#[derive(Deserialize)]
struct Other {
    option: String,
    status: String,
    amounts: Option<Amounts>,
    claims: Option<Vec<Claim>>,
}

#[derive(Deserialize)]
struct Words {
    zh: String,
    en: String,
}

#[derive(Deserialize)]
struct Amounts {
    awarded: Range,
    paid: String,
    due: Range,
    overpaid: Range,
    lifetime: Range,
}

/// An interval as results have it; an end that is not there is open.
#[derive(Debug, Deserialize)]
pub struct Range {
    at_least: Option<String>,
    at_most: Option<String>,
}

#[derive(Deserialize)]
struct Claim {
    limit: usize,
    applies: Option<bool>,
    stands: Option<bool>,
    many: bool,
    overlaps: bool,
    key: Vec<Option<String>>,
    order: Range,
    limited_to: Range,
    to_date: Range,
    lifetime: Range,
    missing: Vec<String>,
}

fn number(text: &str) -> Result<Number, Text> {
    Number::read(text).ok_or_else(|| {
        let shown = crate::source::clean(text.get(..40).unwrap_or(text));
        Text::made(format!("“{shown}”不是数"), format!("“{shown}” is no number"))
    })
}

fn status(name: &str) -> Result<Status, Text> {
    Status::EVERY.into_iter().find(|status| status.name() == name).ok_or_else(|| {
        let status = crate::source::clean(name);
        Text::made(format!("没有结论“{status}”"), format!("there is no status “{status}”"))
    })
}

impl Range {
    /// What it says, or why it is none.
    ///
    /// # Errors
    /// Where an end is no number, or the lower one is above the upper.
    pub fn get(&self) -> Result<Interval, Text> {
        let end =
            |text: &Option<String>, open: Bound| text.as_ref().map_or(Ok(open), |text| number(text).map(Bound::At));
        let range = Interval { lo: end(&self.at_least, Bound::Below)?, hi: end(&self.at_most, Bound::Above)? };
        if range.lo > range.hi {
            return Err(Text::new("下限大于上限", "a lower end is above its upper end"));
        }
        Ok(range)
    }
}

impl Words {
    fn text(self) -> Text {
        Text::made(self.zh, self.en)
    }
}

fn truth(known: Option<bool>) -> Truth {
    known.map_or(Truth::OPEN, Truth::of)
}

fn facts(names: Vec<String>) -> Vec<FactName> {
    names.into_iter().map(|name| FactName { name, label: Text::default() }).collect()
}

/// Refuses a result that does not say that it was made to be settled with these policies, or of which claims are missing: places
/// would be given twice.
fn made_for_settling(
    made: Option<ForSettling>,
    lines: &[OfLine],
    plan: &Plan<'_>,
    fingerprints: &[String],
) -> Result<(), Text> {
    let Some(made) = made else {
        // Where no clause has a limit over all applicants there is nothing to be settled.
        let is_limited =
            |line: &OfLine| plan.clause(line.policy, line.clause).is_some_and(|clause| clause.is_limited_across());
        if !lines.iter().any(is_limited) {
            return Ok(());
        }
        return Err(Text::new(
            "这一行不是为核定限额写出的；请用 batch --unsettled --to jsonl 重新写出",
            "this line was not made to be settled; write it anew with batch --unsettled --to jsonl",
        ));
    };
    for line in lines {
        let Some(policy) = plan.setup.policies.get(line.policy) else { continue };
        if made.policies.get(&policy.id) != fingerprints.get(line.policy) {
            let id = &policy.id;
            return Err(Text::made(
                format!("核算时的政策 {id} 与这里的不是同一版；请以 --policy 给出核算时所用的，或重新核算"),
                format!(
                    "the batch used another version of the policy {id}; give that one with --policy, or run the batch again"
                ),
            ));
        }
    }
    let (found, claims) = (lines.iter().map(|line| line.claims.len()).sum::<usize>(), made.claims);
    if found != claims {
        return Err(Text::made(
            format!("这一行应有 {claims} 项限额申报，只有 {found} 项；请重新核算"),
            format!("this line should have {claims} claims and has {found}; run the batch again"),
        ));
    }
    Ok(())
}

impl OfResult {
    /// Reads a line, made with the policies of these fingerprints; otherwise what is wrong with it, and what to do.
    pub fn read(line: &[u8], plan: &Plan<'_>, fingerprints: &[String]) -> Result<OfResult, Text> {
        let root: Root = serde_json::from_slice(line).map_err(|error| {
            let (column, error) = (error.column(), error.to_string());
            let error = error.split(" at line ").next().unwrap_or("").to_owned();
            Text::made(
                format!("不是 `batch --to jsonl` 写出的一行（第 {column} 个字节：{error}）"),
                format!("this is no line that `batch --to jsonl` wrote (byte {column}: {error})"),
            )
        })?;
        if root.schema != SCHEMA {
            let schema = crate::source::clean(&root.schema);
            return Err(Text::made(
                format!("格式是“{schema}”，应为 {SCHEMA}"),
                format!("its schema is “{schema}”; {SCHEMA} is wanted"),
            ));
        }
        let as_of = Day::parse(&root.as_of).ok_or_else(|| Text::new("`as_of` 不是日期", "`as_of` is no date"))?;
        let lines = root.lines.into_iter().map(|line| line.read(plan)).collect::<Result<Vec<OfLine>, Text>>()?;
        let totals = root.totals.read()?;
        let totals = model::Totals {
            awarded: totals.awarded,
            paid: totals.paid,
            due: totals.due,
            overpaid: totals.overpaid,
            lifetime: totals.lifetime,
            not_counted: Vec::new(),
        };
        made_for_settling(root.for_settling, &lines, plan, fingerprints)?;
        // What a batch of this version writes; a code that is not known is not its own.
        let remark = |remark: Remark| {
            let code = OF_APPLICANT.into_iter().find(|code| *code == remark.code);
            code.map(|code| Warning { code, text: remark.text.text() })
        };
        let warnings = root.warnings.into_iter().filter_map(remark).collect();
        Ok(OfResult {
            id: root.id,
            name: root.name,
            as_of,
            kept: root.kept,
            warnings,
            of: OfApplicant { lines, totals },
        })
    }
}

impl Amounts {
    fn read(&self) -> Result<model::Amounts, Text> {
        let awarded = self.awarded.get()?;
        Ok(model::Amounts {
            entitled: awarded,
            awarded,
            paid: number(&self.paid)?,
            due: self.due.get()?,
            overpaid: self.overpaid.get()?,
            lifetime: self.lifetime.get()?,
        })
    }
}

impl Line {
    fn read(self, plan: &Plan<'_>) -> Result<OfLine, Text> {
        let (policy, clause) =
            plan.find(&self.policy, &self.clause, 0..plan.setup.policies.len()).ok_or_else(|| {
                let name = crate::source::clean(&format!("{}/{}", self.policy, self.clause));
                let unknown = Text::made(
                    format!("所用政策中没有条款 {name}；以 --policy 给出核算时所用的政策"),
                    format!("no policy in use has the clause {name}; give with --policy those of the batch"),
                );
                let policies = plan.setup.policies.iter();
                let ids = policies
                    .flat_map(|policy| policy.clauses.iter().map(|clause| format!("{}/{}", policy.id, clause.id)));
                let ids: Vec<String> = ids.collect();
                let near = nearest(&name, ids.iter().map(String::as_str));
                let near = near.map(|id| Text::made(format!("是否应为 {id}？"), format!("did you mean {id}?")));
                Text::join(&[unknown].into_iter().chain(near).collect::<Vec<_>>(), "；", "; ")
            })?;
        let name = format!("{}/{}", self.policy, self.clause);
        if !self.settled.is_empty() {
            return Err(Text::made(
                format!("{name} 的限额已经核定过；请给出未核限额的结果（batch --unsettled，或由标准输入核算）"),
                format!(
                    "the limits of {name} were settled already; give results without (batch --unsettled, or batch from standard input)"
                ),
            ));
        }
        let status = status(&self.status)?;
        let found = plan.clause(policy, clause);
        let unit = found.filter(|_| self.amounts.is_some()).and_then(Plan::unit_of);
        let claims: Vec<model::Claim> =
            self.claims.into_iter().map(|claim| claim.read(found, &name)).collect::<Result<_, Text>>()?;
        let mut otherwise = Vec::new();
        for reading in self.readings {
            reading.read(plan, found, &name, &claims, &mut otherwise)?;
        }
        Ok(OfLine {
            policy,
            clause,
            record: self.record.map(|label| RecordName { index: 0, label: Some(label) }),
            verdict: Verdict {
                status,
                reason: self.reason.text(),
                failed: self.failed.into_iter().map(Words::text).collect(),
                gist: None,
            },
            missing: facts(self.missing),
            counted: self.counted,
            amounts: self.amounts.map(|amounts| amounts.read()).transpose()?,
            divisions: Vec::new(),
            unit,
            claims,
            settled: Vec::new(),
            otherwise,
        })
    }
}

impl Reading {
    /// The line under each other option; `claims` are those of the line itself.
    fn read(
        self,
        plan: &Plan<'_>,
        clause: Option<&crate::clause::Clause>,
        name: &str,
        claims: &[model::Claim],
        otherwise: &mut Vec<Otherwise>,
    ) -> Result<(), Text> {
        let unknown = |what: &str| {
            let what = crate::source::clean(what);
            Text::made(
                format!("所用政策中没有读法 {what}；核算时所用的政策可能不同"),
                format!(
                    "no policy in use has the reading {what}; perhaps the batch used another version of the policy"
                ),
            )
        };
        let id = format!("{}/{}", self.policy, self.id);
        let named = among::find_reading(&plan.setup.policies, &self.policy, &self.id).ok_or_else(|| unknown(&id))?;
        let find = |option: &str| named.find(option).ok_or_else(|| unknown(&format!("{id} = {option}")));
        let taken = find(&self.taken)?;
        for other in self.others {
            let option = find(&other.option)?;
            let alternative = Alternative { policy: named.place, reading: named.reading, taken, option };
            let claims = match other.claims {
                Some(claims) => {
                    claims.into_iter().map(|claim| claim.read(clause, name)).collect::<Result<_, Text>>()?
                }
                None => claims.to_vec(),
            };
            let amounts = other.amounts.map(|amounts| amounts.read()).transpose()?;
            otherwise.push(Otherwise { alternative, status: status(&other.status)?, amounts, claims });
        }
        Ok(())
    }
}

impl Claim {
    fn read(self, clause: Option<&crate::clause::Clause>, name: &str) -> Result<model::Claim, Text> {
        let limit = self.limit.checked_sub(1);
        let found = limit.and_then(|limit| clause?.limits.get(limit)).filter(|limit| limit.across);
        let (Some(limit), Some(found)) = (limit, found) else {
            let number = self.limit;
            return Err(Text::made(
                format!("{name} 的第 {number} 项限额不是涉及全部申请人的限额；核算时所用的政策可能不同"),
                format!(
                    "limit {number} of {name} is none over all applicants; perhaps the batch used another version of the policy"
                ),
            ));
        };
        if found.per.len() != self.key.len() {
            return Err(Text::made(
                format!("{name} 的限额分组与政策不符；核算时所用的政策可能不同"),
                format!(
                    "the key of a limit of {name} is not the policy's; perhaps the batch used another version of it"
                ),
            ));
        }
        let (applies, stands) = (truth(self.applies), truth(self.stands));
        if applies.is_false() || stands.is_false() {
            return Err(Text::new("不适用的限额不应列出", "a claim that is known not to be one"));
        }
        Ok(model::Claim {
            limit,
            applies,
            stands,
            many: self.many,
            overlaps: self.overlaps,
            key: self.key,
            order: self.order.get()?,
            at_most: self.limited_to.get()?,
            to_date: self.to_date.get()?,
            lifetime: self.lifetime.get()?,
            missing: facts(self.missing),
        })
    }
}
