//! The styles of a document, as far as they number or hide.

use std::collections::BTreeMap;

use super::xml::{Walked, walk};

/// A style stands on another, and that on the next; not on more than these.
const DEEPEST: usize = 20;

#[derive(Debug, Default)]
struct Style {
    based_on: Option<String>,
    number: Option<u32>,
    level: Option<u32>,
    hidden: Option<bool>,
}

/// All styles, by their ids.
#[derive(Debug, Default)]
pub(super) struct Styles {
    all: BTreeMap<String, Style>,
    /// The style of a paragraph that names none.
    default: Option<String>,
}

impl Styles {
    pub fn of(text: &str) -> Styles {
        let mut styles = Styles::default();
        let mut own: Option<(String, Style)> = None;
        walk(text, |event| match event {
            Walked::Begin(tag) if tag.name == "style" => {
                let id = tag.value("styleId").unwrap_or_default();
                let is_default = tag.value("default").is_some_and(|value| value == "1" || value == "true");
                if is_default && tag.value("type").as_deref() == Some("paragraph") {
                    styles.default = Some(id.clone());
                }
                own = Some((id, Style::default()));
            }
            Walked::End("style") => styles.all.extend(own.take()),
            Walked::Begin(tag) | Walked::Whole(tag) => {
                let Some((_, style)) = &mut own else { return };
                match tag.name {
                    "basedOn" => style.based_on = tag.value("val"),
                    "numId" => style.number = tag.number("val"),
                    "ilvl" => style.level = tag.number("val"),
                    "vanish" => style.hidden = Some(tag.is_on()),
                    _ => {}
                }
            }
            _ => {}
        });
        styles
    }

    fn chain<'s>(&'s self, id: Option<&'s str>) -> impl Iterator<Item = (&'s str, &'s Style)> {
        let first = id.or(self.default.as_deref());
        let next = |id: &&'s str| self.all.get(*id)?.based_on.as_deref();
        std::iter::successors(first, next).take(DEEPEST).filter_map(|id| Some((id, self.all.get(id)?)))
    }

    /// The list that a style belongs to: the style that says so, its number, and its level where it says that too.
    pub fn numbered<'s>(&'s self, id: Option<&'s str>) -> Option<(&'s str, u32, Option<u32>)> {
        let level = self.chain(id).find_map(|(_, style)| style.level);
        self.chain(id).find_map(|(id, style)| Some((id, style.number?, level)))
    }

    /// Whether text in a style is hidden.
    pub fn hides(&self, id: Option<&str>) -> bool {
        self.chain(id).find_map(|(_, style)| style.hidden).unwrap_or(false)
    }
}
