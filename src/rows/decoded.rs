//! A table's bytes as UTF-8, whether they are UTF-8 or GB18030.

use std::io::{self, Read};

use encoding_rs::{Decoder, DecoderResult, Encoding, GB18030, UTF_8};

use crate::lang::Text;

/// So much of the text from its first byte that is not ASCII decides what it is.
const WINDOW: usize = 8 * 1024;
/// So many tell what it is that is no text.
pub(super) const LOOKED_AT: usize = 80;
/// Bytes that are read at a time.
const BLOCK: usize = 1 << 16;
/// What stands for bytes that mean nothing: it is no UTF-8, so that the row is refused.
const BROKEN: u8 = 0xFF;

/// Reads text as UTF-8. A byte order mark says what it is, and is passed over; else the first bytes that are not ASCII do.
/// What the encoding does not know becomes a byte that is no UTF-8.
pub struct Decoded<R> {
    inner: R,
    /// What was read and not yet given, from `given` on.
    held: Vec<u8>,
    given: usize,
    ended: bool,
    state: State,
    /// Decoded text that was not yet given, from `taken` on.
    text: Vec<u8>,
    taken: usize,
}

enum State {
    /// Only ASCII so far.
    Ascii,
    /// UTF-8, which is given as it is.
    Plain,
    /// Something else.
    Other(Box<Decoder>),
}

impl<R: Read> Decoded<R> {
    /// Reads the beginning, which says at once where it is no text at all.
    pub fn open(inner: R) -> io::Result<Result<Decoded<R>, Text>> {
        let (held, text) = (Vec::with_capacity(BLOCK), Vec::new());
        let mut opened = Decoded { inner, held, given: 0, ended: false, state: State::Ascii, text, taken: 0 };
        // A pipe may give its first bytes one by one.
        while opened.held.len() < LOOKED_AT && opened.more()? {}
        if let Some((encoding, mark)) = Encoding::for_bom(&opened.held) {
            opened.given = mark;
            opened.state = State::of(encoding);
        } else if let Some(text) = no_text(&opened.held) {
            return Ok(Err(text));
        }
        Ok(Ok(opened))
    }

    /// The first byte that is no blank; none where there is nothing else.
    pub fn first(&mut self) -> io::Result<Option<u8>> {
        loop {
            let held = self.held.get(self.given..).unwrap_or_default();
            if let Some(first) = held.iter().find(|byte| !byte.is_ascii_whitespace()) {
                return Ok(Some(*first));
            }
            // So many blanks are no table, and shall not be held.
            if held.len() > WINDOW || !self.more()? {
                return Ok(None);
            }
        }
    }

    /// Reads more behind what is held; says whether there was anything.
    fn more(&mut self) -> io::Result<bool> {
        if self.ended {
            return Ok(false);
        }
        let before = self.held.len();
        self.held.resize(before + BLOCK, 0);
        let read = loop {
            match self.inner.read(self.held.get_mut(before..).unwrap_or_default()) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                read => break read,
            }
        };
        self.held.truncate(before + read.as_ref().copied().unwrap_or(0));
        self.ended = read? == 0;
        Ok(!self.ended)
    }

    /// Gives from what is held.
    fn give(&mut self, into: &mut [u8], most: usize) -> usize {
        let held = self.held.get(self.given..).unwrap_or_default();
        let count = held.len().min(into.len()).min(most);
        if let (Some(into), Some(held)) = (into.get_mut(..count), held.get(..count)) {
            into.copy_from_slice(held);
        }
        self.given += count;
        if self.given == self.held.len() {
            self.held.clear();
            self.given = 0;
        }
        count
    }

    /// Where only ASCII came so far: gives more of it, or finds out what it is.
    fn ascii(&mut self, into: &mut [u8]) -> io::Result<Option<usize>> {
        if self.held.is_empty() && !self.more()? {
            return Ok(Some(0));
        }
        let held = self.held.get(self.given..).unwrap_or_default();
        let ascii = Encoding::ascii_valid_up_to(held);
        if ascii > 0 {
            return Ok(Some(self.give(into, ascii)));
        }
        while self.held.len() - self.given < WINDOW && self.more()? {}
        let window = self.held.get(self.given..).unwrap_or_default();
        self.state = State::of(guess(window.get(..WINDOW).unwrap_or(window), self.ended));
        Ok(None)
    }

    /// Decodes some more of what is held.
    fn decode(&mut self) -> io::Result<bool> {
        if self.held.is_empty() {
            self.more()?;
        }
        let State::Other(decoder) = &mut self.state else { return Ok(false) };
        let held = self.held.get(self.given..).unwrap_or_default();
        self.text.resize(BLOCK, 0);
        self.taken = 0;
        let (result, read, written) = decoder.decode_to_utf8_without_replacement(held, &mut self.text, self.ended);
        self.text.truncate(written);
        let bad = matches!(result, DecoderResult::Malformed(..));
        if bad {
            self.text.push(BROKEN);
        }
        self.given += read;
        if self.given >= self.held.len() {
            self.held.clear();
            self.given = 0;
        }
        let over = self.ended && self.held.is_empty() && result == DecoderResult::InputEmpty;
        if over {
            // A decoder that was told of the end is not asked again.
            self.state = State::Plain;
        }
        Ok(!over)
    }
}

impl State {
    fn of(encoding: &'static Encoding) -> State {
        if encoding == UTF_8 {
            State::Plain
        } else {
            State::Other(Box::new(encoding.new_decoder_without_bom_handling()))
        }
    }
}

impl<R: Read> Read for Decoded<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if into.is_empty() {
            return Ok(0);
        }
        loop {
            if self.taken < self.text.len() {
                let text = self.text.get(self.taken..).unwrap_or_default();
                let count = text.len().min(into.len());
                if let (Some(into), Some(text)) = (into.get_mut(..count), text.get(..count)) {
                    into.copy_from_slice(text);
                }
                self.taken += count;
                return Ok(count);
            }
            match self.state {
                State::Plain if self.held.is_empty() => return self.inner.read(into),
                State::Plain => return Ok(self.give(into, usize::MAX)),
                State::Ascii => {
                    if let Some(count) = self.ascii(into)? {
                        return Ok(count);
                    }
                }
                State::Other(_) => {
                    self.decode()?;
                }
            }
        }
    }
}

/// UTF-8, unless most of what is not ASCII breaks its rules and keeps those of GB18030.
fn guess(window: &[u8], ended: bool) -> &'static Encoding {
    let (mut kept, mut broken) = (0, 0);
    for chunk in window.utf8_chunks() {
        kept += chunk.valid().chars().filter(|character| !character.is_ascii()).count();
        // What the window cuts off is not broken.
        let cut = !ended && chunk.invalid().as_ptr_range().end == window.as_ptr_range().end;
        broken += usize::from(!chunk.invalid().is_empty() && !cut);
    }
    if kept > broken || broken == 0 {
        return UTF_8;
    }
    let (mut decoder, mut text, mut rest) = (GB18030.new_decoder_without_bom_handling(), [0; 1024], window);
    let (mut kept, mut broken) = (0, 0);
    loop {
        let (result, read, written) = decoder.decode_to_utf8_without_replacement(rest, &mut text, false);
        let decoded = text.get(..written).and_then(|text| std::str::from_utf8(text).ok()).unwrap_or("");
        kept += decoded.chars().filter(|character| !character.is_ascii()).count();
        rest = rest.get(read..).unwrap_or_default();
        match result {
            DecoderResult::InputEmpty => break,
            DecoderResult::OutputFull => {}
            DecoderResult::Malformed(..) => broken += 1,
        }
    }
    if kept > broken * 8 { GB18030 } else { UTF_8 }
}

/// What a file is that is no text, or no table: its mark, and where that stands.
type Mark = (usize, &'static [u8], &'static str, &'static str);

/// What other programs keep otherwise.
const OPEN_DOCUMENT: Mark = (
    30,
    b"mimetypeapplication/vnd.oasis.opendocument",
    "这是 OpenDocument 文件（.ods），程序不读；用表格软件打开，另存为 .xlsx",
    "this is an OpenDocument file (.ods), which is not read; open it in a spreadsheet and save it as .xlsx",
);
const MARKS: [Mark; 6] = [
    OPEN_DOCUMENT,
    (
        0,
        b"PK\x03\x04",
        "这是 XLSX 或压缩文件，不是 CSV；XLSX 文件请以 .xlsx 结尾",
        "this is an XLSX or ZIP file, no CSV; the name of an XLSX file must end in .xlsx",
    ),
    (
        0,
        b"\xD0\xCF\x11\xE0",
        "这是旧式表格文件（.xls、.et），程序不读；用 Excel 或 WPS 打开（有密码的取消密码），另存为“Excel 工作簿（.xlsx）”",
        "this is an old Excel file (.xls) or one of WPS (.et), which is not read; open it, take off a password if it has one, \
         and save it as .xlsx",
    ),
    (0, b"\x1F\x8B", "这是 gzip 压缩文件；请先解压", "this is a gzip file; unpack it first"),
    (0, b"\x28\xB5\x2F\xFD", "这是 zstd 压缩文件；请先解压", "this is a zstd file; unpack it first"),
    (0, b"%PDF", "这是 PDF 文件，不是表格", "this is a PDF file, no table"),
];
/// How web pages and XML begin: what offices' systems export as `.xls` is often one.
const PAGES: [&[u8]; 5] = [b"<html", b"<!doctype", b"<table", b"<meta", b"<?xml"];

fn bears(start: &[u8], (place, mark, ..): &Mark) -> bool {
    start.get(*place..).is_some_and(|rest| rest.starts_with(mark))
}

/// Whether a ZIP file is no workbook in the format of Excel, but one of another program.
pub(super) fn is_open_document(start: &[u8]) -> bool {
    bears(start, &OPEN_DOCUMENT)
}

/// What a file is that is no text, or no table.
pub(super) fn no_text(start: &[u8]) -> Option<Text> {
    let is_page = |mark: &&[u8]| {
        let text = start.trim_ascii_start();
        text.get(..mark.len()).is_some_and(|beginning| beginning.eq_ignore_ascii_case(mark))
    };
    let (zh, en) = match MARKS.iter().find(|mark| bears(start, mark)) {
        Some((.., zh, en)) => (*zh, *en),
        None if PAGES.iter().any(is_page) => (
            "这是网页或 XML，不是表格（有的系统导出的 .xls 就是网页）；用表格软件打开，另存为 .xlsx",
            "this is a web page or XML, no table (what some systems export as .xls is one); open it in a spreadsheet and save it \
             as .xlsx",
        ),
        None if start.contains(&0) => ("这不是文本文件（含有空字节）", "this is no text file (it has NUL bytes)"),
        None => return None,
    };
    Some(Text::new(zh, en))
}
