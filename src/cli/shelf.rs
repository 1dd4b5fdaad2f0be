//! The policies of a run: which ones are asked for or fit an applicant, each read once.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::{Arc, LazyLock};

use crate::assess::model::Warning;
use crate::cli::{Surroundings, files, say, show};
use crate::document::{Raw, Table, parse};
use crate::lang::{Lang, Text};
use crate::policy::builtin::Fits;
use crate::policy::{self, Policy, builtin};
use crate::source::{Source, clean, folded};

/// How a policy is read with its supplements.
type Reading = dyn Fn(
    &Arc<Source>,
    &[Arc<Source>],
    &dyn Fn(&str) -> Option<Arc<Source>>,
) -> (Option<Policy>, Vec<crate::diagnostic::Diagnostic>);

/// Policies that were read.
#[derive(Default)]
pub(super) struct Shelf {
    /// What was asked for, and the policy; `None` where it could not be used, which was then said.
    read: Vec<(String, Option<Policy>)>,
}

/// The policies for one applicant: places on the shelf, and what was left out and why.
#[derive(Default)]
pub(super) struct Chosen {
    pub places: Vec<usize>,
    pub left_out: Vec<(String, Text, Text)>,
    /// Those that may not hold where the applicant is: id and region.
    pub perhaps: Vec<(&'static str, &'static Text)>,
}

impl Shelf {
    /// The policy at a place.
    pub fn get(&self, place: usize) -> Option<&Policy> {
        self.read.get(place).and_then(|(_, policy)| policy.as_ref())
    }

    /// The place of a policy: a built-in one's id, a file or a folder. Says what is wrong with it.
    fn take(&mut self, asked: &str, lang: Lang, around: &mut Surroundings<'_>) -> Option<usize> {
        if let Some(place) = self.read.iter().position(|(known, _)| known == asked) {
            return self.get(place).map(|_| place);
        }
        let policy = match files::policy(asked, &around.folder, around.input, lang) {
            Ok(source) => {
                let (policy, diagnostics) =
                    policy::read(&source, &|name| files::vocabulary(name, &source, &around.folder));
                show(&diagnostics, lang, around);
                policy
            }
            Err(error) => {
                say(around, lang, &format!("{error:#}"));
                None
            }
        };
        self.read.push((asked.to_owned(), policy));
        let place = self.read.len() - 1;
        self.get(place).map(|_| place)
    }

    /// The policies that were asked for, each with the supplements that were asked for with it; `None` where one cannot be
    /// used.
    pub fn asked(&mut self, asked: &[String], lang: Lang, around: &mut Surroundings<'_>) -> Option<Vec<usize>> {
        self.taken(asked, &policy::read_with, lang, around)
    }

    /// The same, whether or not everything in them is confirmed: for what holds them against a text.
    pub fn unfinished(&mut self, asked: &[String], lang: Lang, around: &mut Surroundings<'_>) -> Option<Vec<usize>> {
        self.taken(asked, &policy::read_unfinished, lang, around)
    }

    fn taken(
        &mut self,
        asked: &[String],
        read: &Reading,
        lang: Lang,
        around: &mut Surroundings<'_>,
    ) -> Option<Vec<usize>> {
        let mut sources: Vec<(Arc<Source>, Vec<Arc<Source>>)> = Vec::new();
        let mut supplements: Vec<(String, Arc<Source>)> = Vec::new();
        for asked in asked {
            match files::policy(asked, &around.folder, around.input, lang) {
                Ok(source) => match supplemented(&source) {
                    Some(id) => supplements.push((id, source)),
                    None => sources.push((source, Vec::new())),
                },
                Err(error) => {
                    say(around, lang, &format!("{error:#}"));
                    return None;
                }
            }
        }
        for (id, source) in supplements {
            let base = sources.iter().position(|(base, _)| own_id(base).as_deref() == Some(id.as_str()));
            let is_built_in = builtin::policies().iter().any(|known| known.id == id);
            // Where nothing that was asked for is supplemented, reading it with the first tells where it says so.
            let base = base.or((!is_built_in).then_some(0)).and_then(|place| sources.get_mut(place));
            match base {
                Some((_, own)) => own.push(source),
                // A supplement of a built-in policy brings it along.
                None => match files::policy(&id, &around.folder, around.input, lang) {
                    Ok(base) => sources.push((base, vec![source])),
                    Err(error) => {
                        say(around, lang, &format!("{error:#}"));
                        return None;
                    }
                },
            }
        }
        let mut places: Vec<usize> = Vec::new();
        let mut usable = true;
        for (source, supplements) in sources {
            let (policy, diagnostics) =
                read(&source, &supplements, &|name| files::vocabulary(name, &source, &around.folder));
            show(&diagnostics, lang, around);
            let Some(policy) = policy else {
                usable = false;
                continue;
            };
            if places.iter().any(|known| self.get(*known).is_some_and(|known| known.id == policy.id)) {
                let id = clean(&policy.id);
                let text = match lang {
                    Lang::Zh => format!("政策 {id} 给了两次"),
                    Lang::En => format!("the policy {id} is given twice"),
                };
                say(around, lang, &text);
                usable = false;
            }
            places.push(self.read.len());
            self.read.push((source.name.clone(), Some(policy)));
        }
        usable.then_some(places)
    }

    /// The built-in policies that fit an applicant's kind and place.
    pub fn fitting(&mut self, applicant: &Table, lang: Lang, around: &mut Surroundings<'_>) -> Option<Chosen> {
        let (kind, places) = stated(applicant);
        let mut chosen = Chosen::default();
        for builtin in builtin::policies() {
            match builtin::fits(builtin, kind.as_deref(), &places) {
                Fits::No(why) => {
                    chosen.left_out.push((builtin.id.to_owned(), builtin.title.clone(), why));
                    continue;
                }
                Fits::Perhaps => chosen.perhaps.push((builtin.id, &builtin.place)),
                Fits::Yes => {}
            }
            chosen.places.push(self.take(builtin.id, lang, around)?);
        }
        if chosen.places.is_empty() {
            let places = clean(&places.join("、"));
            let known = builtin::policies().iter().map(|builtin| (builtin.id, &builtin.place));
            let known: Vec<String> = known
                .map(|(id, place)| match lang {
                    Lang::Zh => format!("{id}（{}）", place.zh),
                    Lang::En => format!("{id} ({})", place.en),
                })
                .collect();
            let known = known.join(if lang == Lang::Zh { "、" } else { ", " });
            let text = match lang {
                Lang::Zh => format!("没有适合此申请人的内置政策（地点：{places}）；可用 --policy 指定：{known}"),
                Lang::En => {
                    format!("no built-in policy fits this applicant (place: {places}); name one with --policy: {known}")
                }
            };
            say(around, lang, &text);
            return None;
        }
        Some(chosen)
    }
}

impl Chosen {
    /// What to know where policies are applied although nobody says that the applicant is where they hold.
    pub fn unplaced(&self) -> Option<Warning> {
        let (zh, en): (Vec<String>, Vec<String>) = self
            .perhaps
            .iter()
            .map(|(id, place)| (format!("{}（{id}）", place.zh), format!("{} ({id})", place.en)))
            .unzip();
        let text = Text::made(
            format!(
                "未写明地点（[applicant] 的 place）或地点不够具体，以下地区的政策一并核算：{}；写明后只核算当地适用的",
                zh.join("、")
            ),
            format!(
                "no place is stated ([applicant] place), or too wide a one, so that the policies of these regions are applied: {}; \
                 state it to have only those that hold there",
                en.join(", ")
            ),
        );
        (!self.perhaps.is_empty()).then_some(Warning { code: "place-not-stated", text })
    }
}

/// The kind and the places that an applicant's document states.
fn stated(applicant: &Table) -> (Option<String>, Vec<String>) {
    let head = match applicant.get("applicant").map(|item| &item.value) {
        Some(Raw::Table(head)) => Some(head),
        _ => None,
    };
    let texts = |key: &str| {
        let item = head.and_then(|head| head.get(key));
        item.map(|item| item.texts(&mut Vec::new()))
            .unwrap_or_default()
            .into_iter()
            .map(|(text, _)| folded(&text).into_owned())
    };
    // A kind that no policy knows is a slip, and is told when the applicant is read.
    let is_known = |kind: &String| builtin::policies().iter().any(|builtin| builtin.kinds.contains(&kind.as_str()));
    let kind = texts("kind").next().filter(is_known);
    (kind, texts("place").collect())
}

/// The places, in the order of the built-in policies, of those that fit an applicant.
pub(super) fn fitting_places(applicant: &Table) -> Vec<usize> {
    let (kind, places) = stated(applicant);
    let known = builtin::policies().iter().enumerate();
    let fits = known.filter(|(_, builtin)| !matches!(builtin::fits(builtin, kind.as_deref(), &places), Fits::No(_)));
    fits.map(|(place, _)| place).collect()
}

/// The id of the policy that a source supplements, if it does. Faults are told when it is read.
fn supplemented(source: &Arc<Source>) -> Option<String> {
    // Only a supplement has the word, and most sources are large.
    let document = source.text.contains("supplements").then(|| parse(source, &mut Vec::new())).flatten()?;
    policy::supplements(&document).map(|(id, _)| id)
}

fn own_id(source: &Arc<Source>) -> Option<String> {
    let document = parse(source, &mut Vec::new())?;
    match &document.get("policy")?.value {
        Raw::Table(head) => head.get("id")?.text(&mut Vec::new()).map(str::to_owned),
        _ => None,
    }
}

/// Whether a built-in policy asks for a fact of this name.
pub(super) fn is_asked_for_somewhere(fact: &str) -> bool {
    /// Read once, and only where a fact is asked for by none of the policies in use.
    static FACTS: LazyLock<BTreeSet<String>> = LazyLock::new(|| {
        let read = |builtin: &builtin::Builtin| {
            let source = Source::new(builtin.path, builtin.text);
            policy::read(&source, &|name| files::vocabulary(name, &source, Path::new(""))).0
        };
        let policies = builtin::policies().iter().filter_map(read);
        policies.flat_map(|policy| policy.names.input_places.into_keys()).collect()
    });
    FACTS.contains(fact)
}
