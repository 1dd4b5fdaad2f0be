//! A word of an enum that reaches a table and has no cell there.

use crate::assess::draft::Draft;
use crate::assess::world::World;
use crate::check::witness::{Search, Verdict};
use crate::check::{Check, walk};
use crate::clause::Clause;
use crate::diagnostic::{Code, Diagnostic};
use crate::expr::context::{Cause, Context, Problem};
use crate::expr::program::{Node, Op, Table};
use crate::expr::types::Type;
use crate::lang::Text;
use crate::policy::Policy;
use crate::value::{Value, Words};

pub(super) static CHECK: Check = Check {
    code: Code::new("uncovered-word", "表中缺少选项", "a word reaches a table that has no cell for it"),
    page: Text::new(
        "某个选项能通过全部条件，却在 `table` 中没有对应的格，结果只能是“无法核算”。补上这一格，或用条件把这个选项排除。\
         只有找到一份能走到这一步的申请人文件才报告，并附上该文件。",
        "A word gets past all conditions and finds no cell in the `table`: such an applicant cannot be worked out. Add the cell, or keep \
         the word out by a condition. Reported only with an applicant file that shows it.",
    ),
    bad: r#"
[facts.highest]
type  = "degree"
label = { zh = "最高学位", en = "Highest degree" }

[[clauses]]
id            = "1"
cite          = "第一条"
title         = { zh = "安家补贴", en = "Settling allowance" }
for           = "person"
table.support = { master = "2万元", doctor = "5万元" }
amount        = "support[highest]"
"#,
    good: r#"
[facts.highest]
type  = "degree"
label = { zh = "最高学位", en = "Highest degree" }

[[clauses]]
id            = "1"
cite          = "第一条"
title         = { zh = "安家补贴", en = "Settling allowance" }
for           = "person"
requires      = [{ test = "highest >= master", zh = "硕士及以上", en = "master's degree or higher" }]
table.support = { master = "2万元", doctor = "5万元" }
amount        = "support[highest]"
"#,
    find,
};

fn find(policy: &Policy) -> Vec<Diagnostic> {
    let clauses = policy.clauses.iter().enumerate();
    clauses.flat_map(|(place, clause)| of_clause(policy, place, clause)).collect()
}

fn of_clause(policy: &Policy, place: usize, clause: &Clause) -> Vec<Diagnostic> {
    let mut lookups: Vec<(&Table, &[Option<usize>], &Node)> = Vec::new();
    walk::own(clause, &mut |node| {
        if let Op::Lookup(table, cells, index) = &node.op
            && cells.iter().any(Option::is_none)
            && !lookups.iter().any(|(_, _, known)| known.span.range == index.span.range)
        {
            lookups.push((table, cells, index));
        }
    });
    let mut found = Vec::new();
    for (table, cells, index) in lookups {
        let missing = cells.iter().enumerate().filter(|(_, cell)| cell.is_none()).map(|(word, _)| word);
        for word in missing {
            let mut kinds = clause.applies_to.iter();
            let shown = kinds.find_map(|kind| shown(policy, place, clause, *kind, index, word));
            let (Some(file), Type::Enum(words)) = (shown, &index.ty) else { continue };
            let label = policy.names.enums.get(*words).and_then(|known| known.words.get(word));
            let Some((id, label)) = label else { continue };
            let table = &table.name;
            let here = Text::made(
                format!("这里可以是 `{id}`（{}），而表 `{table}` 没有它", label.zh),
                format!("this can be `{id}` ({}), which the table `{table}` does not have", label.en),
            );
            let help = Text::made(
                format!("在 `table.{table}` 中补上 `{id}`，或在 `requires` 中把它排除"),
                format!("add `{id}` to `table.{table}`, or keep it out by a condition in `requires`"),
            );
            let what = Text::new("这份申请人无法核算", "an applicant that cannot be worked out");
            found.push(CHECK.code.at(index.span.clone(), here).help(help).about(&clause.id).shown_by(what, file));
        }
    }
    found
}

/// An applicant with whom the word reaches the table.
fn shown(policy: &Policy, place: usize, clause: &Clause, kind: usize, index: &Node, word: usize) -> Option<String> {
    let search = Search::new(policy, place, clause, kind);
    let world = search.find(&|world| {
        let drafts = search.drafts(world);
        let own: Vec<&Draft> =
            drafts.iter().filter(|draft| draft.clause == place && !draft.holds().is_false()).collect();
        if !own.iter().any(|draft| reaches(world, clause, draft.record, index, word)) {
            return Verdict::Hopeless;
        }
        let here =
            |cause: &Cause| matches!(cause, Cause::Problem(Problem::NoCell, span) if span.range == index.span.range);
        let hit = own.iter().any(|draft| draft.causes.iter().any(here));
        let causes = own.iter().flat_map(|draft| &draft.causes);
        let open: Vec<Cause> = causes.filter(|cause| !matches!(cause, Cause::Problem(..))).cloned().collect();
        match (open.is_empty(), hit) {
            (true, true) if search.is_open(world, clause) => Verdict::Found,
            (true, _) => Verdict::Hopeless,
            // What a list that is not known yet would ask for does not show before it is.
            (false, _) => Verdict::Open(open),
        }
    })?;
    Some(search.file(&world, &|_| None))
}

/// Whether the index can still be the word.
fn reaches(world: &World<'_>, clause: &Clause, record: Option<usize>, index: &Node, word: usize) -> bool {
    if walk::is_of_a_record(index) {
        return true;
    }
    let mut context = Context::new(&world.policy.names, &world.inputs, world.as_of);
    context.enter(world.local(clause, record));
    match index.eval(&mut context) {
        Value::Words(words) => words.meets(Words::one(word)),
        _ => false,
    }
}
