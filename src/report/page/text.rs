//! A page as text for a terminal.

use super::Words;
use super::model::{Entry, Named, Page, Piece};
use crate::lang::Lang;
use crate::report::ink::finish;
use crate::report::layout::{Block, Role};

/// The page, no line of it wider than `width`; `folded`: what is told only where everything is, is counted.
pub fn written(page: &Page, folded: bool, lang: Lang, width: usize) -> String {
    let mut writer = Writer { words: Words(lang), folded, blocks: Vec::new() };
    writer.blocks.push(Block::plain(page.title.clone()));
    writer.blocks.extend(page.below.iter().cloned().map(Block::under));
    for section in &page.sections {
        writer.blocks.push(Block::plain(""));
        writer.blocks.push(Block::plain(section.heading.clone()));
        section.pieces.iter().for_each(|piece| writer.piece(piece, 0));
    }
    lines(&writer.blocks, width)
}

/// Paragraphs as lines, with a line break at the end.
pub(super) fn lines(blocks: &[Block], width: usize) -> String {
    let lines = blocks.iter().flat_map(|block| block.lines(width));
    let mut text = lines.collect::<Vec<_>>().join("\n");
    text.push('\n');
    finish(&text, false)
}

struct Writer {
    words: Words,
    folded: bool,
    blocks: Vec<Block>,
}

impl Writer {
    /// A paragraph so many levels down.
    fn put(&mut self, level: usize, text: String) {
        let role = if level == 0 { Role::Under } else { Role::UnderBullet };
        self.blocks.push(Block { role, text });
    }

    fn piece(&mut self, piece: &Piece, level: usize) {
        match piece {
            Piece::Text(text) => self.put(level, text.clone()),
            Piece::Named(named) => self.named(named, level),
            // A line each, as many columns would not fit.
            Piece::Table(table) if table.heads.len() > 2 => table.rows.iter().for_each(|row| {
                let (name, rest) = row.split_at(2.min(row.len()));
                let heads = table.heads.iter().skip(name.len());
                let rest: Vec<String> = rest.iter().zip(heads).map(|(cell, head)| format!("{head} {cell}")).collect();
                let rest = rest.join(self.words.of("，", ", "));
                self.put(level + 1, format!("{}{}{rest}", name.join(" ").trim(), self.words.of("：", ": ")));
            }),
            Piece::Table(table) => {
                let heads = table.heads.join(self.words.of(" → ", " → "));
                let rows: Vec<String> = table.rows.iter().map(|row| row.join(" → ")).collect();
                let (colon, semicolon) = (self.words.of("：", ": "), self.words.of("；", "; "));
                let name = format!("{}{}{heads}", table.caption, if table.caption.is_empty() { "" } else { colon });
                self.put(level, name);
                self.put(level + 1, rows.join(semicolon));
            }
            Piece::Entry(entry) => self.entry(entry),
            Piece::Working(blocks) => blocks.iter().for_each(|block| self.put(level, block.text.clone())),
            Piece::Folded(what, entries) => {
                self.put(level, what.clone());
                if !self.folded {
                    entries.iter().for_each(|entry| self.entry(entry));
                }
            }
        }
    }

    fn entry(&mut self, entry: &Entry) {
        self.blocks.push(Block::bullet(entry.heading.clone()));
        entry.pieces.iter().for_each(|piece| self.piece(piece, 1));
    }

    fn named(&mut self, named: &Named, level: usize) {
        let colon = self.words.of("：", ": ");
        let leads_to: Vec<&str> = named.leads_to.iter().map(|(_, shown)| shown.as_str()).collect();
        let leads_to = leads_to.join(self.words.of("、", ", "));
        let text = [named.text.as_str(), leads_to.as_str()];
        let text = text.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(colon);
        match (text.is_empty(), named.formulas.as_slice()) {
            (true, [only]) => self.put(level, format!("{}{colon}{only}", named.lead)),
            (_, formulas) => {
                self.put(level, format!("{}{colon}{text}", named.lead).trim_end().to_owned());
                formulas.iter().for_each(|formula| self.put(level + 1, formula.clone()));
            }
        }
    }
}
