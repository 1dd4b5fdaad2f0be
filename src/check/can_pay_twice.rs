//! Clauses that can both pay for the same thing, without a rule between them.

use crate::assess::draft::Draft;
use crate::assess::world::World;
use crate::check::possible::{Question, all_of};
use crate::check::witness::{Search, Verdict};
use crate::check::{Check, place, walk};
use crate::clause::Clause;
use crate::clause::kind::Counted;
use crate::diagnostic::{Code, Diagnostic};
use crate::expr::context::Cause;
use crate::lang::Text;
use crate::policy::Policy;
use crate::value::{Bound, Number, Truth};

pub(super) static CHECK: Check = Check {
    code: Code::warning("can-pay-twice", "同一事项可能重复给付", "clauses can both pay for the same thing"),
    page: Text::new(
        "同一类别（`category`）、同一种申请人的几个条款可以同时给付，而政策没有写它们之间的关系。\
         原文有“不重复享受”“从高”“取代”的，写成 `[[highest_only]]` 或 `instead_of`；原文确实允许同时享受、或针对不同对象的，\
         用 `[[accepted]]` 写明理由（`of = \"1+2\"`）；用途本来不同的，改 `category`。",
        "Several clauses of one category, for one kind of applicant, can pay at the same time, and the policy says nothing of how they \
         stand to each other. Where the text has a rule, write it as `[[highest_only]]` or `instead_of`; where it lets both be paid, or \
         they are for different things, accept the finding with the reason (`of = \"1+2\"`), or give them different categories.",
    ),
    bad: r#"
[facts.bought_home]
type  = "bool"
label = { zh = "已购房", en = "Bought a home" }

[facts.rents_home]
type  = "bool"
label = { zh = "租房", en = "Rents a home" }

[[clauses]]
id       = "1"
cite     = "第一条"
title    = { zh = "购房补贴", en = "Subsidy for buyers" }
for      = "person"
category = "housing"
requires = [{ test = "bought_home", zh = "已购房", en = "bought a home" }]
amount   = "5万元"

[[clauses]]
id       = "2"
cite     = "第二条"
title    = { zh = "租房补贴", en = "Subsidy for tenants" }
for      = "person"
category = "housing"
requires = [{ test = "rents_home", zh = "租房", en = "rents a home" }]
amount   = "1万元"
"#,
    good: r#"
[facts.bought_home]
type  = "bool"
label = { zh = "已购房", en = "Bought a home" }

[facts.rents_home]
type  = "bool"
label = { zh = "租房", en = "Rents a home" }

[[clauses]]
id       = "1"
cite     = "第一条"
title    = { zh = "购房补贴", en = "Subsidy for buyers" }
for      = "person"
category = "housing"
requires = [{ test = "bought_home", zh = "已购房", en = "bought a home" }]
amount   = "5万元"

[[clauses]]
id       = "2"
cite     = "第二条"
title    = { zh = "租房补贴", en = "Subsidy for tenants" }
for      = "person"
category = "housing"
requires = [{ test = "rents_home", zh = "租房", en = "rents a home" }]
amount   = "1万元"

[[highest_only]]
clauses = ["1", "2"]
cite    = "第三条"
zh      = "购房、租房补贴不重复享受"
en      = "only one of the two subsidies is paid"
"#,
    find,
};

/// A clause is held against so many that follow it in its category; that the others were not asked is told.
const MOST_BEHIND: usize = 16;

/// Two clauses that one applicant is paid by, with that applicant.
struct Pair<'p> {
    first: &'p Clause,
    second: &'p Clause,
    shown: (Text, String),
}

impl Pair<'_> {
    fn about(&self) -> String {
        format!("{}+{}", self.first.id, self.second.id)
    }

    fn has(&self, id: &str) -> bool {
        self.first.id == id || self.second.id == id
    }
}

fn find(policy: &Policy) -> Vec<Diagnostic> {
    let pays = |clause: &&Clause| clause.category.is_some() && clause.kind.counted == Counted::Total;
    let own: Vec<(usize, &Clause)> = policy.clauses.iter().enumerate().filter(|(_, clause)| pays(clause)).collect();
    let (mut pairs, mut unasked) = (Vec::new(), Vec::new());
    for (at, first) in own.iter().enumerate() {
        let behind = own.iter().skip(at + 1).filter(|(_, other)| other.category == first.1.category);
        for (turn, second) in behind.take(MOST_BEHIND + 1).enumerate() {
            if turn == MOST_BEHIND {
                unasked.push((first.1, second.1));
            } else if !is_ruled(policy, *first, *second)
                && can_both(policy, first.1, second.1)
                && let Some(shown) = shown(policy, *first, *second)
            {
                pairs.push(Pair { first: first.1, second: second.1, shown });
            }
        }
    }
    // What the policy accepts it accepts pair by pair; of the rest, clauses that hang together are told once.
    let is_accepted = |pair: &Pair<'_>| {
        policy.accepted.iter().any(|accepted| accepted.check == CHECK.code.name && accepted.of == pair.about())
    };
    let (accepted, open): (Vec<_>, Vec<_>) = pairs.into_iter().partition(is_accepted);
    let mut groups: Vec<Vec<Pair<'_>>> = accepted.into_iter().map(|pair| vec![pair]).collect();
    let mut together: Vec<Vec<Pair<'_>>> = Vec::new();
    for pair in open {
        let meets =
            |group: &Vec<Pair<'_>>| group.iter().any(|other| other.has(&pair.first.id) || other.has(&pair.second.id));
        let (mut joined, apart): (Vec<_>, Vec<_>) = together.into_iter().partition(meets);
        together = apart;
        let mut group: Vec<Pair<'_>> = joined.drain(..).flatten().collect();
        group.push(pair);
        together.push(group);
    }
    groups.extend(together);
    let found = groups.into_iter().filter_map(|group| report(policy, group));
    found.chain(not_asked(policy, &unasked)).collect()
}

/// That a category has too many clauses for all pairs of them.
fn not_asked(policy: &Policy, unasked: &[(&Clause, &Clause)]) -> Option<Diagnostic> {
    let (first, second) = unasked.first()?;
    let count = unasked.len();
    let text = Text::made(
        format!(
            "这个类别的条款太多：每个条款只与其后 {MOST_BEHIND} 个逐对检查，{count} 个条款与更后面的未检查（{} 与 {} 起）",
            first.id, second.id
        ),
        format!(
            "this category has too many clauses: each was held against the {MOST_BEHIND} behind it, and {count} of them not against those further on (from {} and {})",
            first.id, second.id
        ),
    );
    let help = Text::new("按用途分成几个类别", "give what is for different things categories of its own");
    Some(
        CHECK
            .code
            .at(place::key(policy, first, "category"), text)
            .help(help)
            .about(&format!("{}+{}", first.id, second.id)),
    )
}

fn report(policy: &Policy, group: Vec<Pair<'_>>) -> Option<Diagnostic> {
    let head = group.first()?;
    let mut clauses: Vec<&Clause> = Vec::new();
    for clause in group.iter().flat_map(|pair| [pair.first, pair.second]) {
        if !clauses.iter().any(|known| known.id == clause.id) {
            clauses.push(clause);
        }
    }
    let category = head.first.category.and_then(|category| policy.names.categories.get(category));
    let (id, label) = category.map_or(("", Text::default()), |(id, label)| (id.as_str(), label.clone()));
    let others: Vec<&str> = clauses.iter().skip(1).map(|clause| clause.id.as_str()).collect();
    let text = if let [only] = others.as_slice() {
        Text::made(
            format!("条款 {only} 也给付“{}”（`{id}`），可以同时享受", label.zh),
            format!("clause {only} pays for “{}” (`{id}`) too, and both can be had", label.en),
        )
    } else {
        Text::made(
            format!("条款 {} 也给付“{}”（`{id}`），可以同时享受（{}）", others.join("、"), label.zh, told(&group)),
            format!(
                "clauses {} pay for “{}” (`{id}`) too, and can be had together ({})",
                others.join(", "),
                label.en,
                told(&group)
            ),
        )
    };
    let first = &head.first.id;
    let other = Text::made(format!("条款 {first} 也是"), format!("so does clause {first}"));
    let quoted: Vec<String> = group.iter().map(|pair| format!("\"{}\"", pair.about())).collect();
    let of = if let [only] = quoted.as_slice() { only.clone() } else { format!("[{}]", quoted.join(", ")) };
    let help = Text::made(
        format!(
            "原文有规则的，写 `[[highest_only]]` 或 `instead_of`；可以同时享受的，在 `[[accepted]]` 写明理由（`of = {of}`）"
        ),
        format!(
            "write the text's rule as `[[highest_only]]` or `instead_of`; where both may be paid, say why in `[[accepted]]`, with `of = {of}`"
        ),
    );
    let mut found = CHECK.code.at(place::key(policy, head.first, "category"), text);
    for clause in clauses.iter().skip(1) {
        found = found.and(place::key(policy, clause, "category"), other.clone());
    }
    let about: Vec<String> = group.iter().map(Pair::about).collect();
    found = found.help(help).about(&about.join(" "));
    Some(group.into_iter().fold(found, |found, pair| found.shown_by(pair.shown.0, pair.shown.1)))
}

fn told(group: &[Pair<'_>]) -> String {
    group.iter().map(Pair::about).collect::<Vec<_>>().join("; ")
}

/// An applicant who is paid by both, as `calc` says.
fn shown(policy: &Policy, first: (usize, &Clause), second: (usize, &Clause)) -> Option<(Text, String)> {
    let (a, b) = (first.0, second.0);
    let kinds = first.1.applies_to.iter().filter(|kind| second.1.applies_to.contains(kind));
    kinds.into_iter().find_map(|kind| {
        let search = Search::of_two(policy, first, second, *kind);
        let goal = |world: &World<'_>| {
            let drafts = search.drafts(world);
            let own: Vec<_> = drafts.iter().filter(|draft| draft.clause == a || draft.clause == b).collect();
            let none = |place: usize| {
                own.iter()
                    .filter(|draft| draft.clause == place)
                    .all(|draft| draft.holds().is_false() || draft.to_date.hi <= Bound::ZERO)
            };
            if none(a) || none(b) {
                return Verdict::Hopeless;
            }
            let open = |draft: &&&Draft| draft.is_open() || !draft.to_date.is_point();
            let causes: Vec<Cause> = own.iter().filter(open).flat_map(|draft| draft.causes.clone()).collect();
            if causes.is_empty() { Verdict::Found } else { Verdict::Open(causes) }
        };
        let world = search.find(&goal)?;
        let assessment = search.assessment(&world, false)?;
        let paid = |place: usize| search.awarded(&assessment, &[place]).filter(|paid| *paid > Number::ZERO);
        let (one, two) = (paid(a)?.grouped(), paid(b)?.grouped());
        let money = policy.names.money_name();
        let (zh, en) = (money.zh, money.en_many);
        let what = Text::made(
            format!("这份申请人按 {} 得 {one} {zh}，按 {} 又得 {two} {zh}", first.1.id, second.1.id),
            format!("an applicant with {one} {en} under {} and {two} under {}", first.1.id, second.1.id),
        );
        Some((what, search.file(&world, &|_| None)))
    })
}

/// Whether a rule of the policy speaks of both.
fn is_ruled(policy: &Policy, (a, first): (usize, &Clause), (b, second): (usize, &Clause)) -> bool {
    let highest = policy.highest_only.iter().any(|rule| rule.clauses.contains(&a) && rule.clauses.contains(&b));
    let shared = policy.sharing(a, false).any(|other| other == b);
    let displaces = |clause: &Clause, other: usize| clause.instead_of.iter().any(|rule| rule.clause == other);
    highest || shared || displaces(first, b) || displaces(second, a)
}

/// Whether one applicant may be paid by both.
fn can_both(policy: &Policy, first: &Clause, second: &Clause) -> bool {
    let same_kind = first.applies_to.iter().any(|kind| second.applies_to.contains(kind));
    let windows_meet = first.window.lo.max(second.window.lo) <= first.window.hi.min(second.window.hi);
    same_kind && windows_meet && !exclude(policy, first, second)
}

/// Whether the conditions of the two surely never hold together. Conditions that name what only one clause knows (its `let`s,
/// event or window) are left out: without them more can hold.
fn exclude(policy: &Policy, first: &Clause, second: &Clause) -> bool {
    let list = |clause: &Clause| clause.each.as_ref().map(|each| each.list);
    // Of the same record both can be asked.
    let records = list(first) == list(second);
    let shared = |clause: &Clause| {
        let tests = clause.requires.iter().map(|condition| condition.test.clone());
        tests.filter(|test| !walk::is_local(test, records)).collect::<Vec<_>>()
    };
    let tests = [shared(first), shared(second)].concat();
    all_of(&tests).is_some_and(|all| Question::of_clause(policy, first).truth(&all) == Truth::FALSE)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may fail")]

    use super::*;
    use crate::check::example;
    use crate::lang::Lang;
    use crate::source::Source;

    #[test]
    fn clauses_too_many_to_be_held_against_each_other_are_told() {
        let clause = |number: usize| {
            format!(
                "[[clauses]]\nid = \"{number}\"\ncite = \"第一条\"\ntitle = {{ zh = \"补贴\", en = \"Subsidy\" }}\n\
                 for = \"person\"\ncategory = \"housing\"\namount = \"1万元\"\n\n"
            )
        };
        let told = |count: usize| {
            let text: String = (1..=count).map(clause).collect();
            let (policy, _) = crate::policy::read(&Source::new("example.toml", example::whole(&text)), &|_| None);
            let found = find(&policy.unwrap());
            found.iter().map(|found| found.render(Lang::En)).filter(|text| text.contains("too many clauses")).count()
        };
        // 17 clauses: each meets the 16 others. Of 18 the first does not meet the last.
        assert_eq!((told(MOST_BEHIND + 1), told(MOST_BEHIND + 2)), (0, 1));
    }
}
