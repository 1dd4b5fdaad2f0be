//! From sources to a [`Policy`], or to every fault that keeps it from being one.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::clause::Clause;
use crate::diagnostic::{Code, Diagnostic, codes, did_you_mean};
use crate::document::{Item, Raw, Table, parse};
use crate::expr::check::{Scope, Wanted};
use crate::expr::names::{Names, Origin};
use crate::expr::program::{Node, Op};
use crate::expr::types::Type;
use crate::lang::Text;
use crate::policy::ages::Dates;
use crate::policy::clauses::{check_results, clauses, displaced, shared, tied, window};
use crate::policy::declare::{Declaring, expression, paid};
use crate::policy::touched::touched;
use crate::policy::{Policy, STANDINGS, Standing, builtin, keys, places, rules, supplement, walk};
use crate::source::Source;
use crate::value::DayRange;

codes! {
    static UNKNOWN_VOCABULARY: Code = Code::new("unknown-vocabulary", "找不到这份词汇", "this vocabulary cannot be found");
    static UNKNOWN_STATUS: Code = Code::new("unknown-status", "没有这种状态", "there is no such status");
    static UNKNOWN_LEVEL: Code = Code::new("unknown-word", "没有这个选项", "there is no such word");
    pub(crate) static NO_POLICY: Code = Code::new("no-policy", "这不是政策文件", "this is not a policy file");
    pub(crate) static TODO: Code =
        Code::new("not-confirmed", "政策中有尚未核定的内容", "something in the policy has not been confirmed");
    static NO_CLAUSES: Code = Code::new("no-clauses", "政策没有任何条款", "the policy has no clause");
}

/// Reads a policy. `find` gives the text of a vocabulary by its name. The policy is there only if nothing is wrong;
/// otherwise every fault is in the list.
pub fn read(source: &Arc<Source>, find: &dyn Fn(&str) -> Option<Arc<Source>>) -> (Option<Policy>, Vec<Diagnostic>) {
    read_with(source, &[], find)
}

/// The same with its supplements. A policy of which something is not confirmed yet (`todo`) is none.
pub fn read_with(
    source: &Arc<Source>,
    supplements: &[Arc<Source>],
    find: &dyn Fn(&str) -> Option<Arc<Source>>,
) -> (Option<Policy>, Vec<Diagnostic>) {
    confirmed(read_unfinished(source, supplements, find), source, supplements)
}

/// The same of a source that was parsed before, of which nothing was wrong as TOML.
pub fn read_parsed(
    source: &Arc<Source>,
    document: Table,
    supplements: &[Arc<Source>],
    find: &dyn Fn(&str) -> Option<Arc<Source>>,
) -> (Option<Policy>, Vec<Diagnostic>) {
    let mut diagnostics = Vec::new();
    let policy = assemble(source, document, supplements, find, &mut diagnostics);
    confirmed((policy.filter(|_| diagnostics.is_empty()), diagnostics), source, supplements)
}

/// None where something is not confirmed yet.
fn confirmed(
    (policy, mut diagnostics): (Option<Policy>, Vec<Diagnostic>),
    source: &Arc<Source>,
    supplements: &[Arc<Source>],
) -> (Option<Policy>, Vec<Diagnostic>) {
    let known = policy.as_ref().map(|policy| &policy.document);
    let known = std::iter::once(known).chain(std::iter::repeat(None));
    for (source, known) in std::iter::once(source).chain(supplements).zip(known) {
        // Only a draft has the word, or a file that spells it with escapes; and sources are read often.
        let may_have = source.text.contains("todo") || source.text.contains('\\');
        let parsed = (may_have && known.is_none()).then(|| parse(source, &mut Vec::new())).flatten();
        diagnostics.extend(known.or(parsed.as_ref()).map(unconfirmed).unwrap_or_default());
    }
    (policy.filter(|_| diagnostics.is_empty()), diagnostics)
}

/// The same, whether or not everything is confirmed: to hold it against a text, and for nothing that calculates.
pub fn read_unfinished(
    source: &Arc<Source>,
    supplements: &[Arc<Source>],
    find: &dyn Fn(&str) -> Option<Arc<Source>>,
) -> (Option<Policy>, Vec<Diagnostic>) {
    let mut diagnostics = Vec::new();
    let policy = parsed(source, &mut diagnostics).and_then(|document| {
        let policy = assemble(source, document, supplements, find, &mut diagnostics);
        policy.filter(|_| diagnostics.is_empty())
    });
    (policy, diagnostics)
}

/// The document of a source; those of the built-in policies were taken apart when the program was built.
fn parsed(source: &Arc<Source>, diagnostics: &mut Vec<Diagnostic>) -> Option<Table> {
    builtin::document(source).or_else(|| parse(source, diagnostics))
}

/// What of a policy's document nobody has confirmed: the head, and clause by clause.
pub fn unconfirmed(document: &Table) -> Vec<Diagnostic> {
    let head = document.get("policy").and_then(|item| match &item.value {
        Raw::Table(head) => head.get("todo").map(|item| (None, item)),
        _ => None,
    });
    let clauses = match document.get("clauses").map(|item| &item.value) {
        Some(Raw::Array(clauses)) => clauses.as_slice(),
        _ => &[],
    };
    let clauses = clauses.iter().filter_map(|item| match &item.value {
        Raw::Table(clause) => {
            let id = clause.get("id").and_then(|item| item.text(&mut Vec::new()));
            clause.get("todo").map(|item| (Some(id.unwrap_or("?")), item))
        }
        _ => None,
    });
    head.into_iter()
        .chain(clauses)
        .map(|(id, item)| {
            let label = match id {
                Some(id) => Text::made(format!("条款 {id} 尚未核定"), format!("nobody has confirmed clause {id} yet")),
                None => Text::new("文件本身的各项尚未核定", "nobody has confirmed what is said of the document"),
            };
            let help = Text::new(
                "对照原文逐项核定，改好后删去 `todo`；未删之前不核算",
                "hold each against the text, mend it, and take `todo` away; until then nothing is calculated",
            );
            TODO.at(item.span.clone(), label).help(help)
        })
        .collect()
}
/// How the name of a file ends that has a list of texts.
pub(super) const TEXTS: &str = ".txt";

/// Where a vocabulary may stand that a policy's file uses, the nearest first: beside it, and, where it is its folder's
/// `policy.toml`, beside the folder. A name is never a path, so that a policy reaches for nothing elsewhere.
/// A list of texts, whose name ends with `.txt`, stands beside the policy's file.
pub fn places_of_vocabulary(name: &str, policy: &Path) -> Vec<PathBuf> {
    let (stem, texts) = name.strip_suffix(TEXTS).map_or((name, false), |stem| (stem, true));
    let is_a_name = !stem.is_empty() && stem.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-'));
    let Some(beside) = policy.parent().filter(|_| is_a_name) else { return Vec::new() };
    if texts {
        return vec![beside.join(name)];
    }
    let file = format!("{name}.toml");
    let mut places = vec![beside.join(&file)];
    if policy.file_name().is_some_and(|name| name == "policy.toml") {
        places.push(match (beside.file_name(), beside.parent()) {
            (Some(_), Some(above)) => above.join(&file),
            _ => beside.join("..").join(&file),
        });
    }
    places
}

/// The vocabularies that the policy uses, each with its name's place in the policy.
fn vocabularies(
    head: &Table,
    find: &dyn Fn(&str) -> Option<Arc<Source>>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<(Arc<Source>, Table)> {
    let uses = head.get("uses").map(|item| item.texts(diagnostics)).unwrap_or_default();
    let mut documents = Vec::new();
    for (name, span) in uses {
        let Some(source) = find(&name) else {
            let help = Text::new(
                "词汇文件放在政策文件夹旁边，如 policies/vocabulary.toml",
                "a vocabulary stands beside the policy's folder, for instance policies/vocabulary.toml",
            );
            diagnostics.push(UNKNOWN_VOCABULARY.at(span, Text::default()).help(help));
            continue;
        };
        let Some(document) = parsed(&source, diagnostics) else { continue };
        document.only(&keys::VOCABULARY_DOCUMENT.names(), diagnostics);
        if let Some(head) = document.get("vocabulary").and_then(|item| item.table(diagnostics)) {
            head.only(&keys::VOCABULARY.names(), diagnostics);
        }
        documents.push((source, document));
    }
    documents
}

fn assemble(
    source: &Arc<Source>,
    whole_document: Table,
    supplement_sources: &[Arc<Source>],
    find: &dyn Fn(&str) -> Option<Arc<Source>>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Policy> {
    let document = &whole_document;
    let Some(Raw::Table(head)) = document.get("policy").map(|item| &item.value) else {
        let label = Text::new("缺少 [policy]", "[policy] is missing");
        diagnostics.push(NO_POLICY.at(document.head(), label));
        return None;
    };
    document.only(&keys::DOCUMENT.names(), diagnostics);
    head.only(&keys::POLICY.names(), diagnostics);
    let own_id = head.need_text("id", diagnostics).map(str::to_owned);
    let supplements: Vec<supplement::Parsed> = supplement_sources
        .iter()
        .filter_map(|source| supplement::read(source, own_id.as_deref().unwrap_or(""), diagnostics))
        .collect();
    let vocabularies = vocabularies(head, find, diagnostics);
    let beside = vocabularies.iter().map(|(source, _)| source).chain(supplement_sources).map(Arc::clone);
    let mut beside: Vec<Arc<Source>> = beside.collect();
    let mut names = Names::default();
    let mut declaring = Declaring { names: &mut names, diagnostics };
    declaring.base_units();
    declaring.base_enums();
    let all: Vec<&Table> = vocabularies
        .iter()
        .map(|(_, document)| document)
        .chain([document])
        .chain(supplements.iter().map(|found| &found.document))
        .collect();
    // Units and enums first: everything else is declared in their terms.
    all.iter().for_each(|document| declaring.units(document));
    all.iter().for_each(|document| declaring.enums(document));
    all.iter().for_each(|document| declaring.labels(document));
    all.iter().for_each(|document| declaring.facts(document));
    declaring.parameters(document);
    let texts = declaring.texts(document, find);
    declaring.readings(document);
    supplements.iter().for_each(|found| declaring.readings(&found.document));
    let other = declaring.other_benefits();
    declaring.paid();
    for found in &supplements {
        supplement::values(found, declaring.names, declaring.diagnostics);
    }
    declaring.defines(document);
    beside.extend(texts);
    let title = head.need_words("title", diagnostics);
    let issuer = head.need_words("issuer", diagnostics);

    let office = head.get("office").and_then(|item| item.words(diagnostics));
    let place = head.get("place").and_then(|item| item.words(diagnostics));
    places::check(head, place.as_ref(), diagnostics);
    let level = head.get("level").and_then(|item| level(item, &names, diagnostics));
    let status = head.need("status", diagnostics).and_then(|item| standing(item, diagnostics));
    let window = window(head.get("effective"), DayRange::ANY, diagnostics);
    let in_window = Scope { window: true, ..Scope::default() };
    let mut date = |key: &str| {
        let item = head.get(key)?;
        expression(item, &names, &in_window, &Wanted::Exactly(Type::Date), diagnostics)
    };
    let (triggers_until, payable_until) = (date("triggers_until"), date("payable_until"));
    let notes = head.get("notes").map(|item| item.words_list(diagnostics)).unwrap_or_default();
    let consistent = rules::consistent(document, &names, diagnostics);
    let identities = names.aside(|| super::identity::read(&all, &names, diagnostics));
    let overlap = rules::overlap(document, &names, other, diagnostics);
    let items = document.get("clauses").and_then(|item| item.array(diagnostics)).unwrap_or_default();
    if items.is_empty() {
        let label = Text::new("至少要有一个 [[clauses]]", "there must be at least one [[clauses]]");
        diagnostics.push(NO_CLAUSES.at(document.head(), label));
    }
    let all = supplement::clauses(items, &supplements, diagnostics);
    let (items, sources): (Vec<Cow<'_, Item>>, Vec<Option<usize>>) = all.into_iter().unzip();
    let items: Vec<&Item> = items.iter().map(AsRef::as_ref).collect();
    let shared = shared(document, &names, diagnostics);
    let (mut clauses, limits) = clauses((document, &items), &names, &shared, window, diagnostics);
    if clauses.len() == sources.len() {
        for (clause, source) in clauses.iter_mut().zip(sources) {
            clause.supplement = source;
        }
    }
    // Places of clauses are right only where every clause could be read.
    let whole = clauses.len() == items.len();
    if whole {
        displaced(&clauses, diagnostics);
        let ids: Vec<&str> = clauses.iter().map(|clause| clause.id.as_str()).collect();
        let of_clauses = clauses.iter().flat_map(|clause| clause.expressions());
        let all = names.defines.iter().map(|define| &define.node).chain(of_clauses);
        paid::check(all.chain(consistent.iter().map(|rule| &rule.condition.test)), &ids, &names, diagnostics);
    }
    let highest_only = if whole { rules::highest_only(document, &names, &clauses, diagnostics) } else { Vec::new() };
    let tied = tied(&clauses, &highest_only, &limits, overlap.is_some());
    if whole {
        check_results(&clauses, &tied, &names, diagnostics);
    }
    let accepted = rules::accepted(document, diagnostics);
    let mut policy = Policy {
        id: own_id?,
        title: title?,
        issuer: issuer?,
        office,
        place,
        level,
        status: status?,
        window,
        names,
        clauses,
        triggers_until,
        payable_until,
        payable_to_one_day: false,
        consistent,
        identities,
        overlap,
        highest_only,
        limits,
        tied,
        touched: Vec::new(),
        ages: Dates::default(),
        notes,
        supplements: supplements.into_iter().map(|found| found.head).collect(),
        accepted,
        source: Arc::clone(source),
        beside,
        document: whole_document,
    };
    policy.touched = touched(&policy);
    let claimed = super::identity::claimed_by(&policy);
    for (identity, claimed) in policy.identities.iter_mut().zip(claimed) {
        identity.claimed_by = claimed;
    }
    policy.payable_to_one_day = payable_to_one_day(&policy);
    let silent: Vec<bool> = policy.clauses.iter().map(|clause| asks_nothing(&policy, clause)).collect();
    for (clause, silent) in policy.clauses.iter_mut().zip(silent) {
        clause.asks_nothing = silent;
    }
    Some(policy)
}

/// Whether a clause has no record, and no condition or date that asks for a fact: a day or a reading alone tests nobody.
fn asks_nothing(policy: &Policy, clause: &Clause) -> bool {
    let mut asked = clause.each.is_some();
    let mut lets: BTreeSet<usize> = BTreeSet::new();
    let mut waiting: Vec<&Node> = clause.requires.iter().map(|one| &one.test).chain(&clause.event).collect();
    while !waiting.is_empty() {
        let mut named = Vec::new();
        walk::each(policy, waiting, &mut |node| match node.op {
            Op::Input(place) => {
                let origin = policy.names.inputs.get(place).map(|input| &input.origin);
                asked |= matches!(origin, Some(Origin::Fact | Origin::Paid));
            }
            Op::Aggregate(_) | Op::EachField(_) | Op::CameTo(_) => asked = true,
            Op::Let(place) if lets.insert(place) => named.extend(clause.let_nodes.get(place)),
            _ => {}
        });
        waiting = named;
    }
    !asked
}

/// Whether nothing that the last day of payment is worked out from asks for the evaluation date.
fn payable_to_one_day(policy: &Policy) -> bool {
    let mut asks = false;
    walk::each(policy, policy.payable_until.iter().collect(), &mut |node| asks |= matches!(node.op, Op::AsOf));
    !asks
}

/// A word of the enum `level`.
fn level(item: &Item, names: &Names, diagnostics: &mut Vec<Diagnostic>) -> Option<usize> {
    let name = item.text(diagnostics)?;
    let words = names.enum_places.get("level").and_then(|place| names.enums.get(*place));
    let words = words.map_or(&[][..], |found| found.words.as_slice());
    let found = words.iter().position(|(word, _)| word == name);
    if found.is_none() {
        let help = did_you_mean(name, words.iter().map(|(word, _)| word.as_str()));
        diagnostics.push(UNKNOWN_LEVEL.at(item.span.clone(), Text::default()).help(help));
    }
    found
}

fn standing(item: &Item, diagnostics: &mut Vec<Diagnostic>) -> Option<&'static super::Standing> {
    let name = item.text(diagnostics)?;
    let found = Standing::of(name);
    if found.is_none() {
        let help = did_you_mean(name, STANDINGS.iter().map(|standing| standing.name));
        diagnostics.push(UNKNOWN_STATUS.at(item.span.clone(), Text::default()).help(help));
    }
    found
}
