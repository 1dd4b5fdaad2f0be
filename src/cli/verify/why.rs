//! Which change of the policy makes a result another than it was.

use super::open::{self, Held};
use super::rerun::Again;
use super::{Said, policies_of};
use crate::cli::Surroundings;
use crate::cli::choice;
use crate::cli::shelf::Shelf;
use crate::diff::{Change, Side, diff};
use crate::lang::{Lang, Text};
use crate::policy::Policy;
use crate::report::again::Differences;
use crate::report::diff::line;
use crate::report::record::{OfPolicy, Record};
use crate::source::clean;
use crate::value::Value;

/// What the old policy explains: whether the result is what comes of it, and what is otherwise in the policies of now.
pub(super) fn why(
    old: &str,
    policies: &[String],
    (held, found): (&Held, &Differences),
    again: &dyn Fn(&[String]) -> Again,
    lang: Lang,
    around: &mut Surroundings<'_>,
) -> Said<String> {
    let unusable = || {
        let text = Text::new("--old-policy 用不了，原因见上", "--old-policy cannot be used, for the reasons above");
        text.get(lang).to_owned()
    };
    let (mut old_shelf, mut new_shelf) = (Shelf::default(), Shelf::default());
    let places = old_shelf.asked(std::slice::from_ref(&old.to_owned()), lang, around).ok_or_else(unusable)?;
    let old_policy = places.first().and_then(|place| old_shelf.get(*place)).ok_or_else(unusable)?;
    let places = new_shelf.asked(policies, lang, around).ok_or_else(unusable)?;
    let new_policies: Vec<&Policy> = places.iter().filter_map(|place| new_shelf.get(*place)).collect();
    let named = held.record.policies.iter().find(|known| known.id == old_policy.id);
    let new_policy = new_policies.iter().find(|policy| policy.id == old_policy.id);
    let (Some(named), Some(new_policy)) = (named, new_policy) else {
        let id = clean(&old_policy.id);
        let text = Text::made(
            format!("--old-policy：结果没有用到政策 {id}"),
            format!("--old-policy: the result has nothing of the policy {id}"),
        );
        return Err(text.get(lang).to_owned());
    };
    let mut told: Vec<String> = Vec::new();
    let shown = clean(old);
    if named.fingerprint != old_policy.fingerprint() {
        let text = Text::made(
            format!("{shown} 不是结果所记的政策（指纹不符）"),
            format!("{shown} is not the policy that the result names (another fingerprint)"),
        );
        told.push(text.get(lang).to_owned());
    }
    // The policies of now, but for this one.
    let now = again(policies).work_out(held, lang, around)?;
    let with_old: Vec<String> = replaced(&now.record, &old_policy.id, old);
    let then = again(&with_old).work_out(held, lang, around)?;
    let mut left = Differences::default();
    open::compare(held, &then, &mut left, lang)?;
    let text = match (left.count, found.count) {
        (0, 0) => Text::made(format!("按 {shown} 核算也是这一结果"), format!("under {shown} it comes to the same")),
        (0, _) => Text::made(
            format!("按 {shown} 核算与结果一致：不一致全由政策的改动引起"),
            format!("under {shown} it is the same: all of it comes of what changed in the policy"),
        ),
        (count, _) => Text::made(
            format!("按 {shown} 核算仍有 {count} 处不一致：这些不是（或不只是）政策的改动引起"),
            format!(
                "under {shown} it is not the same either, in {count}: not all of it comes of what changed in the policy"
            ),
        ),
    };
    told.push(text.get(lang).to_owned());
    let (old_taken, new_taken) = (taken(named, old_policy, lang), taken(named, new_policy, lang));
    let changes = diff(Side { policy: old_policy, taken: &old_taken }, Side { policy: new_policy, taken: &new_taken });
    let matter = changes.changes.iter().filter(|change| !change.wording);
    let concerns = |change: &&Change| match &change.clause {
        None => true,
        Some(clause) => found.first.iter().any(|difference| {
            let mut words = difference.place.zh.split([' ', '“', '”', '/']);
            words.any(|word| word == clause.id || word == clause.cite)
        }),
    };
    let (first, rest): (Vec<&Change>, Vec<&Change>) = matter.partition(concerns);
    let heading = match (first.is_empty() && rest.is_empty(), first.is_empty() || found.count == 0) {
        (true, _) => Text::new("两版政策含义相同", "the two policies mean the same"),
        (false, true) => Text::new("政策的改动：", "what changed in the policy:"),
        (false, false) => {
            Text::new("政策的改动，涉及不一致之处的：", "what changed in the policy, of what is not the same:")
        }
    };
    told.push(heading.get(lang).to_owned());
    let listed = if first.is_empty() || found.count == 0 { [first, rest].concat() } else { first.clone() };
    told.extend(listed.iter().map(|change| format!("  {}", line(change, lang))));
    let others = changes.changes.iter().filter(|change| !change.wording).count() - listed.len();
    if others > 0 {
        told.push(match lang {
            Lang::Zh => format!("另有 {others} 处改动在其他条款；duixian diff 可全部列出"),
            Lang::En if others == 1 => "one more change is in another clause; `duixian diff` tells it".to_owned(),
            Lang::En => format!("{others} more changes are in other clauses; `duixian diff` lists them all"),
        });
    }
    Ok(told.iter().map(|text| format!("  {text}\n")).collect())
}

/// The policies of a record as a command line names them, with one of them by another file.
fn replaced(record: &Record, id: &str, by: &str) -> Vec<String> {
    let of = |policy: &OfPolicy| {
        let one = Record { policies: vec![policy.clone()], ..Record::default() };
        let mut names = policies_of(&one);
        if let (true, Some(first)) = (policy.id == id, names.first_mut()) {
            by.clone_into(first);
        }
        names
    };
    record.policies.iter().flat_map(of).collect()
}

/// The readings that were chosen, as far as a policy has them.
fn taken(named: &OfPolicy, policy: &Policy, lang: Lang) -> Vec<(usize, Value)> {
    let chosen = named.readings.iter().filter(|taken| taken.chosen);
    let asked = chosen.filter_map(|taken| Some(format!("{}={}", taken.id, taken.option.as_deref()?)));
    let one = |asked: String| choice::taken(&[asked], false, &[policy], lang).ok().and_then(|mut taken| taken.pop());
    asked.filter_map(one).flatten().collect()
}
