//! The numbers that Word puts before paragraphs itself: 第一条, （一）, 1. as `numbering.xml` describes them.

use std::collections::{BTreeMap, BTreeSet};

use super::xml::{Tag, Walked, walk};
use crate::paper::number::written;

/// A list has nine levels.
const LEVELS: usize = 9;

/// A level of a list.
#[derive(Clone, Debug)]
struct Level {
    start: u32,
    form: String,
    /// With `%1` … `%9` for the numbers of the levels.
    text: String,
    /// Whether nothing stands between the number and the text.
    close: bool,
    /// After which level it begins anew, from 1; 0 is never. By default after any above it.
    restart: Option<u32>,
    /// Whether all its numbers are in digits.
    legal: bool,
    /// The style whose paragraphs are of this level.
    style: Option<String>,
}

impl Default for Level {
    fn default() -> Level {
        Level {
            start: 1,
            form: "decimal".to_owned(),
            text: String::new(),
            close: false,
            restart: None,
            legal: false,
            style: None,
        }
    }
}

#[derive(Clone, Debug, Default)]
struct List {
    levels: BTreeMap<u32, Level>,
    /// It is defined by the style of this name.
    through: Option<String>,
    /// It defines the style of this name.
    defines: Option<String>,
}

/// What paragraphs name: a list, with levels that differ.
#[derive(Debug, Default)]
struct Use {
    list: u32,
    starts: BTreeMap<u32, u32>,
    levels: BTreeMap<u32, Level>,
}

/// The lists of a document, and how far they have come.
#[derive(Debug, Default)]
pub(super) struct Numbering {
    lists: BTreeMap<u32, List>,
    uses: BTreeMap<u32, Use>,
    counts: BTreeMap<u32, [Option<u32>; LEVELS]>,
    /// Whose own start was taken.
    begun: BTreeSet<(u32, u32)>,
    /// Forms of numbers that are not known here.
    pub unknown: BTreeSet<String>,
}

impl Numbering {
    pub fn of(text: &str) -> Numbering {
        let mut read = Reading::default();
        walk(text, |event| match event {
            Walked::Begin(tag) => read.tag(&tag),
            Walked::Whole(tag) => {
                read.tag(&tag);
                read.end(tag.name);
            }
            Walked::End(name) => read.end(name),
            Walked::Text(_) => {}
        });
        read.numbering
    }

    /// The list that a paragraph's number leads to.
    fn list(&self, id: u32) -> Option<(u32, &List)> {
        let list = self.uses.get(&id)?.list;
        let found = self.lists.get(&list)?;
        let through = found.through.as_ref().and_then(|style| {
            self.lists.iter().find(|(_, other)| other.defines.as_ref() == Some(style)).map(|(id, list)| (*id, list))
        });
        Some(through.unwrap_or((list, found)))
    }

    /// The level that belongs to a style.
    pub fn level_of(&self, id: u32, style: &str) -> u32 {
        let levels = self.list(id).map(|(_, list)| &list.levels);
        let found = levels.and_then(|levels| levels.iter().find(|(_, level)| level.style.as_deref() == Some(style)));
        found.map_or(0, |(place, _)| *place)
    }

    fn level(&self, id: u32, place: u32) -> Option<&Level> {
        let own = self.uses.get(&id).and_then(|used| used.levels.get(&place));
        own.or_else(|| self.list(id)?.1.levels.get(&place))
    }

    /// The number before the next paragraph of a list, as it is shown, with what stands between it and the text.
    pub fn next(&mut self, id: u32, place: u32) -> String {
        let at = place as usize;
        let Some((list, _)) = self.list(id).filter(|_| at < LEVELS) else { return String::new() };
        let Some(level) = self.level(id, place).cloned() else { return String::new() };
        let begins = self.begun.insert((id, place));
        let anew = self.uses.get(&id).and_then(|used| used.starts.get(&place)).copied().filter(|_| begins);
        let below: Vec<bool> = (0..LEVELS)
            .map(|other| {
                let restart =
                    u32::try_from(other).ok().and_then(|other| self.level(id, other)).and_then(|level| level.restart);
                // A level begins anew after every one above it, or after the one that it names and those above that.
                other > at && restart.is_none_or(|after| after as usize > at)
            })
            .collect();
        let counts = self.counts.entry(list).or_default();
        if let Some(count) = counts.get_mut(at) {
            *count = Some(anew.or(count.map(|count| count.saturating_add(1))).unwrap_or(level.start));
        }
        for (count, _) in counts.iter_mut().zip(below).filter(|(_, resets)| *resets) {
            *count = None;
        }
        let counts = *counts;
        let mut text = String::new();
        let mut signs = level.text.chars().peekable();
        while let Some(sign) = signs.next() {
            let shown = (sign == '%').then(|| signs.peek().and_then(|c| c.to_digit(10))).flatten();
            let Some(shown) = shown.and_then(|shown| shown.checked_sub(1)) else {
                text.push(sign);
                continue;
            };
            signs.next();
            let other = self.level(id, shown).cloned().unwrap_or_default();
            let number = counts.get(shown as usize).copied().flatten().unwrap_or(other.start);
            let form = if level.legal { "decimal" } else { &other.form };
            text.push_str(&written(number, form).unwrap_or_else(|| {
                self.unknown.insert(form.to_owned());
                number.to_string()
            }));
        }
        // A bullet is no number.
        if level.form == "bullet" {
            return String::new();
        }
        if !level.close && !text.is_empty() {
            text.push(' ');
        }
        text
    }
}

/// Where the reading of the part stands.
#[derive(Default)]
struct Reading {
    numbering: Numbering,
    list: Option<(u32, List)>,
    used: Option<(u32, Use)>,
    level: Option<(u32, Level)>,
    /// The level whose start is given anew.
    overridden: Option<u32>,
}

impl Reading {
    fn tag(&mut self, tag: &Tag<'_>) {
        match tag.name {
            "abstractNum" => self.list = Some((tag.number("abstractNumId").unwrap_or(0), List::default())),
            "num" => self.used = Some((tag.number("numId").unwrap_or(0), Use::default())),
            "lvlOverride" => self.overridden = tag.number("ilvl"),
            "lvl" => self.level = Some((tag.number("ilvl").unwrap_or(0), Level::default())),
            _ => {}
        }
        if let Some((_, level)) = &mut self.level {
            match tag.name {
                "start" => level.start = tag.number("val").unwrap_or(1),
                "numFmt" => level.form = tag.value("val").unwrap_or_default(),
                "lvlText" => level.text = tag.value("val").unwrap_or_default(),
                "suff" => level.close = tag.value("val").as_deref() == Some("nothing"),
                "lvlRestart" => level.restart = tag.number("val"),
                "isLgl" => level.legal = tag.is_on(),
                "pStyle" => level.style = tag.value("val"),
                _ => {}
            }
        } else if let Some((_, used)) = &mut self.used {
            match tag.name {
                "abstractNumId" => used.list = tag.number("val").unwrap_or(0),
                "startOverride" => {
                    used.starts.extend(self.overridden.zip(tag.number("val")));
                }
                _ => {}
            }
        } else if let Some((_, list)) = &mut self.list {
            match tag.name {
                "numStyleLink" => list.through = tag.value("val"),
                "styleLink" => list.defines = tag.value("val"),
                _ => {}
            }
        }
    }

    fn end(&mut self, name: &str) {
        match name {
            "lvl" => {
                let level = self.level.take();
                match (&mut self.used, &mut self.list) {
                    (Some((_, used)), _) => used.levels.extend(level),
                    (_, Some((_, list))) => list.levels.extend(level),
                    _ => {}
                }
            }
            "abstractNum" => self.numbering.lists.extend(self.list.take()),
            "num" => self.numbering.uses.extend(self.used.take()),
            "lvlOverride" => self.overridden = None,
            _ => {}
        }
    }
}
