//! What the names in an expression stand for, without a whole policy that could be checked.

use std::ops::Range;

use crate::expr::lexer::{Placed, Token, tokens};
use crate::expr::snippet::Snippet;
use crate::lsp::index::{Known, Phrase, Site, Sort, Thing};
use crate::source::{Source, Span};

/// The names of records and their lists: `"hires as hire"`, `"titles as one, another"`.
pub(super) fn records(text: &str) -> Vec<(String, String)> {
    let Some((list, names)) = text.split_once(" as ") else { return Vec::new() };
    names.split(',').map(|name| (name.trim().to_owned(), list.trim().to_owned())).collect()
}

/// The tokens of an expression in a file, at their places in it.
pub(super) fn placed(range: &Range<usize>, source: &std::sync::Arc<Source>) -> Vec<Placed> {
    let text = source.text.get(range.clone()).unwrap_or("");
    let snippet = Snippet::new(text, Span::new(source, range.clone()));
    let shift = |(token, own): Placed| (token, range.start + own.start..range.start + own.end);
    tokens(&snippet, &|_| false, &mut Vec::new()).into_iter().map(shift).collect()
}

/// For each token the bracket it is in, and for each bracket the one around it and the list behind its `of`.
struct Brackets {
    of_token: Vec<usize>,
    all: Vec<(Option<usize>, Option<String>)>,
}

fn brackets(tokens: &[Placed]) -> Brackets {
    let mut found = Brackets { of_token: Vec::new(), all: vec![(None, None)] };
    let mut here = 0;
    let mut after_of = false;
    for (token, _) in tokens {
        if let Token::Sign("(" | "[") = token {
            found.all.push((Some(here), None));
            here = found.all.len() - 1;
        }
        found.of_token.push(here);
        match token {
            Token::Sign(")" | "]") => here = found.all.get(here).and_then(|(around, _)| *around).unwrap_or(0),
            // `of own spans`: the list stands behind.
            Token::Name(name) if after_of && name == "own" => continue,
            Token::Name(name) if after_of => {
                if let Some((_, list)) = found.all.get_mut(here) {
                    *list = Some(name.clone());
                }
            }
            _ => {}
        }
        after_of = matches!(token, Token::Name(name) if name == "of");
    }
    // `count(hires where …)`: the list stands first.
    for (at, (token, _)) in tokens.iter().enumerate() {
        if !matches!(token, Token::Name(name) if name == "where") {
            continue;
        }
        let bracket = found.of_token.get(at).copied().unwrap_or(0);
        let before = at.checked_sub(1).and_then(|at| tokens.get(at));
        if let (Some((Token::Name(list), _)), Some((_, slot @ None))) = (before, found.all.get_mut(bracket)) {
            *slot = Some(list.clone());
        }
    }
    found
}

/// The named things of an expression. Of a word that several enums have, the enum is that of the nearest name with such a type.
pub(super) fn sites(phrase: &Phrase, source: &std::sync::Arc<Source>, known: &Known) -> Vec<Site> {
    let tokens = placed(&phrase.range, source);
    let mut brackets = brackets(&tokens);
    for (_, list) in &mut brackets.all {
        let of = list.as_deref().and_then(|list| known.list(list, &phrase.clause));
        *list = of.or_else(|| list.take());
    }
    let mut found: Vec<Site> = Vec::new();
    let mut words: Vec<(usize, String, Range<usize>)> = Vec::new();
    let mut types: Vec<(usize, String)> = Vec::new();
    let is_point =
        |at: Option<usize>| at.and_then(|at| tokens.get(at)).is_some_and(|(token, _)| *token == Token::Sign("."));
    for (at, (token, range)) in tokens.iter().enumerate() {
        let name = match token {
            Token::Name(name) => name,
            Token::Figure(figure) => {
                found.extend(units(figure, range, source));
                continue;
            }
            Token::Text(id) if is_bracketed(&tokens, at) && known.has(Sort::Clause, "", id) => {
                let inside = range.start + 1..range.end.saturating_sub(1).max(range.start + 1);
                found.push(Site { thing: Thing::new(Sort::Clause, "", id), range: inside, declares: false });
                continue;
            }
            _ => continue,
        };
        let thing = if is_point(at.checked_sub(1)) {
            let owner = at.checked_sub(2).and_then(|at| tokens.get(at));
            let Some((Token::Name(owner), _)) = owner else { continue };
            member(owner, name, phrase, known)
        } else {
            plain(name, at, phrase, &brackets, known)
        };
        match thing {
            Some(thing) => {
                let ty = match thing.sort {
                    Sort::Reading => thing.name.clone(),
                    _ => known.things.get(&thing).map(|own| own.ty.clone()).unwrap_or_default(),
                };
                types.push((at, ty));
                found.push(Site { thing, range: range.clone(), declares: false });
            }
            None if !is_point(Some(at + 1)) => words.push((at, name.clone(), range.clone())),
            None => {}
        }
    }
    for (at, word, range) in words {
        let homes = known.homes(&word);
        let near = types.iter().filter(|(_, ty)| homes.iter().any(|home| home.owner == *ty));
        let near = near.min_by_key(|(place, _)| place.abs_diff(at)).map(|(_, ty)| ty.as_str());
        let home = match (homes.as_slice(), near) {
            ([only], _) => Some(*only),
            (_, Some(near)) => homes.iter().find(|home| home.owner == near).copied(),
            _ => None,
        };
        if let Some(home) = home {
            found.push(Site { thing: home.clone(), range, declares: false });
        }
    }
    found.sort_by_key(|site| site.range.start);
    found
}

/// Whether a token is the id in `clause["19.1"]`.
fn is_bracketed(tokens: &[(Token, Range<usize>)], at: usize) -> bool {
    let before = |back: usize| at.checked_sub(back).and_then(|at| tokens.get(at)).map(|(token, _)| token);
    before(1) == Some(&Token::Sign("[")) && matches!(before(2), Some(Token::Name(name)) if name == "clause")
}

/// Whether a text ends with a clause whose result is named: `clause.x`, `clause["19.1"]`.
pub(super) fn is_of_clause(before: &str) -> bool {
    let name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let owner = match before.strip_suffix(']') {
        Some(inside) => inside.rfind('[').and_then(|open| before.get(..open)),
        None => before.trim_end_matches(name).strip_suffix('.'),
    };
    owner.and_then(|owner| owner.strip_suffix("clause")).is_some_and(|rest| !rest.ends_with(name))
}

fn member(owner: &str, name: &str, phrase: &Phrase, known: &Known) -> Option<Thing> {
    if owner == "reading" {
        return Some(Thing::new(Sort::Reading, "", name));
    }
    if owner == "clause" && known.has(Sort::Clause, "", name) {
        return Some(Thing::new(Sort::Clause, "", name));
    }
    let (_, list) = phrase.records.iter().find(|(record, _)| record == owner)?;
    let list = known.list(list, &phrase.clause)?;
    known.has(Sort::Field, &list, name).then(|| Thing::new(Sort::Field, &list, name))
}

fn plain(name: &str, at: usize, phrase: &Phrase, brackets: &Brackets, known: &Known) -> Option<Thing> {
    let mut here = brackets.of_token.get(at).copied();
    while let Some((around, list)) = here.and_then(|here| brackets.all.get(here)) {
        if let Some(list) = list
            && known.has(Sort::Field, list, name)
        {
            return Some(Thing::new(Sort::Field, list, name));
        }
        here = *around;
    }
    let bare = phrase.bare.as_deref().map(|list| (Sort::Field, list));
    let local = [(Sort::Local, phrase.clause.as_str()), (Sort::Local, "")];
    let scopes = bare.into_iter().chain(local).chain([(Sort::Define, ""), (Sort::Input, "")]);
    scopes
        .into_iter()
        .find(|(sort, owner)| known.has(*sort, owner, name))
        .map(|(sort, owner)| Thing::new(sort, owner, name))
}

fn units(figure: &crate::expr::lexer::Figure, range: &Range<usize>, source: &Source) -> Vec<Site> {
    let mut from = range.start;
    let mut found = Vec::new();
    for word in figure.above.iter().chain(&figure.below) {
        let rest = source.text.get(from..range.end).unwrap_or("");
        let Some(at) = rest.find(word.as_str()) else { continue };
        let own = from + at..from + at + word.len();
        from = own.end;
        found.push(Site { thing: Thing::new(Sort::Unit, "", word), range: own, declares: false });
    }
    found
}
