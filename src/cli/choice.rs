//! `--reading` and `--readings open`: which options of readings are taken.

use anyhow::{Result, bail};

use crate::diagnostic::did_you_mean;
use crate::expr::names::Origin;
use crate::expr::types::Type;
use crate::lang::{Lang, Text};
use crate::policy::Policy;
use crate::source::clean;
use crate::value::{Value, Words};

/// A fault of `--reading`, with the nearest known word.
fn fault<T>(lang: Lang, what: &Text, near: Option<Text>) -> Result<T> {
    let near = near.map_or(String::new(), |near| format!("\n  {}", near.get(lang)));
    bail!("{}{near}", what.get(lang))
}

/// For each policy the inputs that are given other values than their own.
pub(super) type Taken = Vec<Vec<(usize, Value)>>;

/// The options that are asked for: `policy.reading=option`, or `reading=option` where only one policy has it; `open` leaves
/// all others open.
pub(super) fn taken(asked: &[String], open: bool, policies: &[&Policy], lang: Lang) -> Result<Taken> {
    let left_open = |policy: &&Policy| -> Vec<(usize, Value)> {
        let inputs = policy.names.inputs.iter().enumerate();
        let readings = inputs.filter(|(_, input)| open && matches!(input.origin, Origin::Reading(_)));
        readings.map(|(place, input)| (place, input.domain.clone())).collect()
    };
    let mut taken: Taken = policies.iter().map(left_open).collect();
    for asked in asked {
        choose(asked, policies, &mut taken, lang)?;
    }
    Ok(taken)
}

fn choose(asked: &str, policies: &[&Policy], taken: &mut Taken, lang: Lang) -> Result<()> {
    let Some((name, option)) = asked.split_once('=') else {
        let asked = clean(asked);
        let what = Text::made(
            format!("--reading 写作 政策.读法=选项，这里是“{asked}”"),
            format!("--reading is written policy.reading=option; this is “{asked}”"),
        );
        return fault(lang, &what, None);
    };
    let (policy_id, reading) = match name.split_once('.') {
        Some((policy, reading)) => (Some(policy), reading),
        None => (None, name),
    };
    if let Some(id) = policy_id
        && !policies.iter().any(|policy| policy.id == id)
    {
        let what = Text::made(
            format!("--reading：本次计算没有政策“{}”", clean(id)),
            format!("--reading: the policy “{}” is not applied here", clean(id)),
        );
        return fault(lang, &what, did_you_mean(id, policies.iter().map(|policy| policy.id.as_str())));
    }
    let mut found = false;
    for (policy, own) in policies.iter().zip(taken) {
        if policy_id.is_some_and(|id| id != policy.id) {
            continue;
        }
        let place = policy.names.input(&format!("reading.{reading}"));
        let input = place.and_then(|place| policy.names.inputs.get(place));
        let (Some(place), Some(Type::Enum(words))) = (place, input.map(|input| &input.ty)) else { continue };
        found = true;
        let words = policy.names.enums.get(*words).map_or(&[][..], |found| found.words.as_slice());
        let Some(option_place) = words.iter().position(|(word, _)| word == option) else {
            let what = Text::made(
                format!("--reading：读法 {reading} 没有选项“{}”", clean(option)),
                format!("--reading: the reading {reading} has no option “{}”", clean(option)),
            );
            return fault(lang, &what, did_you_mean(option, words.iter().map(|(word, _)| word.as_str())));
        };
        own.push((place, Value::Words(Words::one(option_place))));
    }
    if !found {
        let names = policies.iter().flat_map(|policy| policy.names.inputs.iter());
        let known: Vec<&str> = names.filter_map(|input| input.name.strip_prefix("reading.")).collect();
        let what = Text::made(
            format!("--reading：没有读法“{}”", clean(reading)),
            format!("--reading: there is no reading “{}”", clean(reading)),
        );
        return fault(lang, &what, did_you_mean(reading, known));
    }
    Ok(())
}
