//! The body of a document: its paragraphs and tables, in the order in which they are read.

use std::collections::BTreeMap;

use super::numbering::Numbering;
use super::styles::Styles;
use super::xml::{Tag, Walked, walk};
use crate::lang::Text;
use crate::paper::page::{Down, Page};
use crate::paper::told::Told;

/// The texts of footnotes and endnotes, by their kind and id.
pub(super) type Notes = BTreeMap<(&'static str, String), String>;

/// Text boxes in paragraphs in text boxes; more nobody can read.
const DEEPEST: usize = 32;

/// What is passed over with all that is in it: what was deleted or moved away, how something was before it was changed, the second
/// description of what has two, and what is no text of the document.
const PASSED_OVER: &[&str] = &[
    "del",
    "moveFrom",
    "pPrChange",
    "rPrChange",
    "sectPrChange",
    "tblPrChange",
    "tblGridChange",
    "tblPrExChange",
    "trPrChange",
    "tcPrChange",
    "numberingChange",
    "Fallback",
    "rt",
    "instrText",
    "delText",
    "delInstrText",
    "binData",
];

#[derive(Default)]
struct Paragraph {
    text: String,
    style: Option<String>,
    number: Option<u32>,
    level: Option<u32>,
    /// Whether its end was deleted: it goes on in the next.
    goes_on: bool,
    has_hidden: bool,
    notes: Vec<(&'static str, String)>,
}

#[derive(Default)]
struct Run {
    hidden: bool,
    struck: bool,
}

pub(super) struct Body<'s> {
    styles: &'s Styles,
    numbering: Numbering,
    page: Page,
    told: Told,
    paragraphs: Vec<Paragraph>,
    /// The text of paragraphs whose end was deleted.
    carried: String,
    run: Run,
    /// How deep inside something that is passed over.
    passed: usize,
    /// Inside the properties of a paragraph, of text, of a row.
    of_paragraph: usize,
    of_text: usize,
    of_row: usize,
    /// The rows that are open, and whether each was deleted.
    rows: Vec<bool>,
    /// Inside text proper.
    in_text: usize,
}

impl<'s> Body<'s> {
    /// `told` is what other parts had to tell already.
    pub fn new(styles: &'s Styles, numbering: Numbering, told: Told) -> Body<'s> {
        Body {
            styles,
            numbering,
            page: Page::default(),
            told,
            paragraphs: Vec::new(),
            carried: String::new(),
            run: Run::default(),
            passed: 0,
            of_paragraph: 0,
            of_text: 0,
            of_row: 0,
            rows: Vec::new(),
            in_text: 0,
        }
    }

    /// Reads the document itself.
    pub fn read(&mut self, text: &str, notes: &Notes) -> Result<(), ()> {
        let whole = walk(text, |event| self.take(event, notes));
        if !self.carried.is_empty() {
            let rest = std::mem::take(&mut self.carried);
            self.page.add(&rest);
        }
        if whole { Ok(()) } else { Err(()) }
    }

    /// Reads the part that holds notes of a kind.
    pub fn notes(mut self, kind: &'static str, text: &str, notes: &mut Notes) -> Told {
        let none = Notes::new();
        let mut own: Option<(String, usize)> = None;
        walk(text, |event| {
            match &event {
                Walked::Begin(tag) if tag.name == kind => {
                    // The line above the notes is one too.
                    let is_text = tag.value("type").is_none_or(|kind| kind == "normal");
                    own = tag.value("id").filter(|_| is_text).map(|id| (id, self.page.len()));
                }
                Walked::End(name) if *name == kind => {
                    if let Some((id, from)) = own.take() {
                        notes.insert((kind, id), self.page.take_from(from).join(" "));
                    }
                }
                _ => {}
            }
            self.take(event, &none);
        });
        self.told
    }

    /// The text, and what is to be told of it.
    pub fn finish(mut self) -> Result<(String, Vec<Text>), Text> {
        self.told.unknown_numbers = self.numbering.unknown.iter().cloned().collect();
        let (text, united) = self.page.finish()?;
        self.told.united = united;
        Ok((text, self.told.texts()))
    }

    fn take(&mut self, event: Walked<'_>, notes: &Notes) {
        match event {
            Walked::Begin(tag) if self.passed > 0 || self.is_passed_over(&tag) => self.passed += 1,
            Walked::Whole(_) if self.passed > 0 => {}
            Walked::End(_) if self.passed > 0 => self.passed -= 1,
            Walked::Text(text) if self.passed == 0 && self.in_text > 0 => self.text(text),
            Walked::Text(_) => {}
            Walked::Begin(tag) => self.begin(&tag),
            Walked::Whole(tag) => {
                if !self.is_passed_over(&tag) {
                    self.begin(&tag);
                    self.end(tag.name, notes);
                }
            }
            Walked::End(name) => self.end(name, notes),
        }
    }

    /// Whether what a tag begins is no text; that a paragraph's end or a row was deleted is noted.
    fn is_passed_over(&mut self, tag: &Tag<'_>) -> bool {
        let deletes = matches!(tag.name, "del" | "moveFrom");
        self.told.deletions += usize::from(deletes);
        if deletes
            && self.of_row > 0
            && let Some(deleted) = self.rows.last_mut()
        {
            *deleted = true;
        }
        if deletes
            && self.of_paragraph > 0
            && self.of_text > 0
            && let Some(paragraph) = self.paragraphs.last_mut()
        {
            paragraph.goes_on = true;
        }
        PASSED_OVER.contains(&tag.name)
    }

    fn begin(&mut self, tag: &Tag<'_>) {
        match tag.name {
            "p" if self.paragraphs.len() < DEEPEST => self.paragraphs.push(Paragraph::default()),
            "pPr" => self.of_paragraph += 1,
            "rPr" => self.of_text += 1,
            "trPr" => self.of_row += 1,
            "t" => self.in_text += 1,
            "r" => {
                let style = self.paragraphs.last().and_then(|paragraph| paragraph.style.as_deref());
                self.run = Run { hidden: self.styles.hides(style), struck: false };
            }
            "ins" | "moveTo" => self.told.insertions += 1,
            "tbl" => self.page.open_table(),
            "tr" => {
                self.rows.push(false);
                self.page.open_row();
            }
            "tc" => self.page.open_cell(1, Down::Rows(1)),
            "gridSpan" => self.page.merge_cell(tag.number("val").map(|across| across as usize), None),
            "vMerge" if tag.value("val").as_deref() != Some("restart") => {
                self.page.merge_cell(None, Some(Down::FromAbove));
            }
            "tab" | "ptab" if self.of_paragraph == 0 => self.text(" "),
            "br" | "cr" => self.text("\n"),
            "noBreakHyphen" => self.text("-"),
            "txbxContent" => self.told.boxes += 1,
            "commentReference" => self.told.comments += 1,
            "pic" | "imagedata" | "OLEObject" | "chart" | "relIds" => self.told.pictures += 1,
            "altChunk" => self.told.embedded += 1,
            "footnoteReference" => self.note("footnote", tag),
            "endnoteReference" => self.note("endnote", tag),
            _ if self.of_text > 0 && self.of_paragraph == 0 => match tag.name {
                "vanish" => self.run.hidden = tag.is_on(),
                "strike" | "dstrike" => self.run.struck = tag.is_on(),
                "rStyle" => self.run.hidden |= self.styles.hides(tag.value("val").as_deref()),
                _ => {}
            },
            _ if self.of_paragraph > 0 => {
                let Some(paragraph) = self.paragraphs.last_mut() else { return };
                match tag.name {
                    "pStyle" => paragraph.style = tag.value("val"),
                    "numId" => paragraph.number = tag.number("val"),
                    "ilvl" => paragraph.level = tag.number("val"),
                    _ => {}
                }
            }
            _ => {}
        }
    }

    fn end(&mut self, name: &str, notes: &Notes) {
        let less = |count: &mut usize| *count = count.saturating_sub(1);
        match name {
            "p" => self.paragraph(notes),
            "pPr" => less(&mut self.of_paragraph),
            "rPr" => less(&mut self.of_text),
            "trPr" => less(&mut self.of_row),
            "t" => less(&mut self.in_text),
            "tr" if self.rows.pop() == Some(true) => self.page.drop_row(),
            "tbl" => self.page.close_table(),
            _ => {}
        }
    }

    fn note(&mut self, kind: &'static str, tag: &Tag<'_>) {
        if let (Some(paragraph), Some(id)) = (self.paragraphs.last_mut(), tag.value("id")) {
            paragraph.notes.push((kind, id));
        }
    }

    fn text(&mut self, text: &str) {
        let Some(paragraph) = self.paragraphs.last_mut() else { return };
        if self.run.hidden {
            paragraph.has_hidden |= !text.trim().is_empty();
            return;
        }
        self.told.struck += usize::from(self.run.struck && !text.trim().is_empty());
        paragraph.text.push_str(text);
    }

    /// A paragraph is over.
    fn paragraph(&mut self, notes: &Notes) {
        let Some(own) = self.paragraphs.pop() else { return };
        self.told.hidden += usize::from(own.has_hidden);
        let text = format!("{}{}", std::mem::take(&mut self.carried), own.text);
        if own.goes_on {
            self.carried = text;
            return;
        }
        let is_blank = text.trim().is_empty();
        let style = self.styles.numbered(own.style.as_deref());
        let (number, level) = match (own.number, style) {
            (Some(number), style) => (Some(number), own.level.or(style.and_then(|(_, _, level)| level))),
            (None, Some((id, number, level))) => {
                (Some(number), own.level.or(level).or(Some(self.numbering.level_of(number, id))))
            }
            (None, None) => (None, None),
        };
        // Number 0 takes a paragraph out of its style's list. One that is hidden altogether is not counted.
        let number = number.filter(|number| *number != 0 && !(is_blank && own.has_hidden));
        let before = number.map(|number| self.numbering.next(number, level.unwrap_or(0))).unwrap_or_default();
        if !is_blank {
            self.told.numbered += usize::from(!before.is_empty());
            self.page.add(&format!("{before}{}", text.trim()));
        }
        for (kind, id) in own.notes {
            if let Some(text) = notes.get(&(kind, id)).filter(|text| !text.is_empty()) {
                self.told.notes += 1;
                self.page.add(&format!("注：{text}"));
            }
        }
    }
}
