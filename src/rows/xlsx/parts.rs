//! A workbook before it is read: whether it can be held, and what of it is hidden. It is a folder of XML files, packed; what it says of
//! its sizes is not believed.
//!
//! The budget, part by part, so that what is read of it afterwards takes no more than some ten times its size:
//!
//! | | at most |
//! | --- | --- |
//! | the file | 32 MiB, 512 MiB unpacked |
//! | the text of one cell, a comment, a tag | 1 MiB |
//! | the table of texts | 64 MiB, 2 million texts |
//! | styles, names of sheets, relationships | 16 MiB each, a million tags |
//! | merged cells | 100,000 |

use std::collections::BTreeMap;
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};

use memchr::{memchr, memchr2};

use super::tag::{attribute, name_of};
use crate::lang::Text;
use crate::rows::decoded;

/// Workbooks of more bytes than this are refused.
pub const LARGEST: u64 = 32 << 20;
/// And those of which more than this comes when they are unpacked.
const LARGEST_UNPACKED: u64 = 512 << 20;
/// The table of texts.
const LARGEST_TEXTS: u64 = 64 << 20;
const MOST_TEXTS: u64 = 2 << 20;
/// A part that is read whole, but for the table of texts.
const LARGEST_OTHER: u64 = 16 << 20;
const MOST_TAGS: u64 = 1 << 20;
/// A text, a comment, a tag.
const LONGEST: usize = 1 << 20;
const MOST_MERGED: u64 = 100_000;
/// The number of a shared formula, of which the reader keeps a table.
const MOST_FORMULAS: u64 = 1 << 20;

/// The last row of a sheet, and the letters of its last column (XFD).
const LAST_ROW: u32 = 1 << 20;
const LONGEST_COLUMN: usize = 3;
/// A number of so many digits is that of a row, whatever they are.
const DIGITS_OF_A_ROW: usize = 6;

/// What is hidden of a sheet: rows and columns, from 1, as they follow on each other.
#[derive(Debug, Default)]
pub(super) struct Hidden {
    pub rows: Vec<(u32, u32)>,
    pub columns: Vec<(u32, u32)>,
}

/// What the parts of a workbook say.
#[derive(Debug, Default)]
pub(super) struct Parts {
    /// Whether any cells are merged; the reader goes through a whole sheet to find them.
    pub has_merged: bool,
    /// By the name of the part.
    hidden: BTreeMap<String, Hidden>,
    /// For the sheets in their order, by the part that names them, the relationship that leads to their part.
    sheets: BTreeMap<String, Vec<String>>,
    /// Relationships by the part that has them: the id, the kind and the target.
    targets: BTreeMap<String, Vec<[String; 3]>>,
}

impl Parts {
    /// What is hidden of a sheet, by its place among all; none where nobody can tell which part it is.
    pub fn hidden(&self, sheet: usize) -> Option<&Hidden> {
        let of_all = self.targets.get("_rels/.rels")?;
        let [_, _, book] = of_all.iter().find(|[_, kind, _]| kind.ends_with("/officeDocument"))?;
        let book = book.trim_start_matches('/');
        let (folder, file) = book.rsplit_once('/').unwrap_or(("", book));
        let below = |name: &str| if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") };
        let id = self.sheets.get(book)?.get(sheet)?;
        let of_book = self.targets.get(&below(&format!("_rels/{file}.rels")))?;
        let [_, _, target] = of_book.iter().find(|[known, _, _]| known == id)?;
        let part = target.strip_prefix('/').map_or_else(|| below(target), str::to_owned);
        self.hidden.iter().find(|(name, _)| name.eq_ignore_ascii_case(&part)).map(|(_, hidden)| hidden)
    }
}

/// Looks through a workbook; says why it is refused.
pub(super) fn look<R: Read + Seek>(input: &mut R) -> io::Result<Result<Parts, Text>> {
    let size = input.seek(SeekFrom::End(0))?;
    if size > LARGEST {
        return Ok(Err(too_large()));
    }
    input.rewind()?;
    let mut start = Vec::new();
    input.by_ref().take(decoded::LOOKED_AT as u64).read_to_end(&mut start)?;
    input.rewind()?;
    if !start.starts_with(b"PK") || decoded::is_open_document(&start) {
        // One with a password is kept in the form of an old one.
        if start.starts_with(b"\xD0\xCF\x11\xE0") {
            let mut whole = Vec::new();
            input.read_to_end(&mut whole)?;
            let name: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
            if memchr::memmem::find(&whole, &name).is_some() {
                return Ok(Err(Text::new(
                    "工作簿加了密码；用表格软件打开，取消密码后重新保存",
                    "this workbook has a password; open it, take the password off, and save it again",
                )));
            }
        }
        let other = decoded::no_text(&start);
        return Ok(Err(other.unwrap_or(Text::new("这不是 XLSX 文件", "this is no XLSX file"))));
    }
    let mut archive = zip::ZipArchive::new(&mut *input)?;
    let (mut parts, mut left) = (Parts::default(), LARGEST_UNPACKED);
    for place in 0..archive.len() {
        let entry = archive.by_index(place)?;
        let name = entry.name()?.replace('\\', "/");
        let is_whole = [".rels", "styles.xml", "theme1.xml"].iter().any(|end| name.to_ascii_lowercase().ends_with(end));
        let mut part = Part { name, parts: &mut parts, read: 0, counts: Counts::default(), text: 0, row: 0, is_whole };
        let looked = part.look(&mut BufReader::with_capacity(1 << 16, entry.take(left + 1)))?;
        let read = part.read;
        if let Err(reason) = looked {
            return Ok(Err(reason));
        }
        match left.checked_sub(read) {
            Some(less) => left = less,
            None => return Ok(Err(too_large())),
        }
    }
    input.rewind()?;
    Ok(Ok(parts))
}

/// How often something was met in a part.
#[derive(Default)]
struct Counts {
    tags: u64,
    texts: u64,
    merged: u64,
}

/// One part, as it is looked through.
struct Part<'p> {
    name: String,
    parts: &'p mut Parts,
    /// How many bytes of it came.
    read: u64,
    counts: Counts,
    /// Bytes of text since the last cell began.
    text: usize,
    /// The last row.
    row: u32,
    /// Whether it is held in memory while the workbook is read.
    is_whole: bool,
}

impl Part<'_> {
    fn look(&mut self, input: &mut dyn BufRead) -> io::Result<Result<(), Text>> {
        let start = input.fill_buf()?;
        if start.starts_with(&[0xFF, 0xFE]) || start.starts_with(&[0xFE, 0xFF]) {
            return Ok(Err(Text::new(
                "工作簿内部不是 UTF-8；用表格软件打开后重新保存",
                "inside, this workbook is not UTF-8; open it in a spreadsheet and save it again",
            )));
        }
        let start = start.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(start).trim_ascii_start();
        if !start.starts_with(b"<") {
            // A picture, or whatever: only its size matters.
            self.read = io::copy(input, &mut io::sink())?;
            return Ok(Ok(()));
        }
        let mut tag = Vec::new();
        loop {
            let bytes = input.fill_buf()?;
            match self.plain(bytes) {
                Err(reason) => return Ok(Err(reason)),
                Ok(count) => input.consume(count),
            }
            // What is left is cut by the end of what was read, or has to be looked at character by character.
            if let Err(reason) = self.text(input)? {
                return Ok(Err(reason));
            }
            tag.clear();
            match self.tag(input, &mut tag)? {
                Err(reason) => return Ok(Err(reason)),
                Ok(false) => return Ok(Ok(())),
                Ok(true) => {}
            }
            if let Err(reason) = self.take(&tag) {
                return Ok(Err(reason));
            }
        }
    }

    fn pass(&mut self, input: &mut dyn BufRead, count: usize) {
        input.consume(count);
        self.read += count as u64;
    }

    /// Passes over text, up to the next tag.
    fn text(&mut self, input: &mut dyn BufRead) -> io::Result<Result<(), Text>> {
        loop {
            let bytes = input.fill_buf()?;
            let end = memchr(b'<', bytes);
            let count = end.unwrap_or(bytes.len());
            let over = end.is_some() || bytes.is_empty();
            self.text += count;
            self.pass(input, count);
            if self.text > LONGEST {
                return Ok(Err(self.too_long()));
            }
            if over {
                return Ok(Ok(()));
            }
        }
    }

    /// Takes the tags that are whole in these bytes and special in nothing, where they stand, with the text before each; gives how many
    /// bytes they are.
    fn plain(&mut self, bytes: &[u8]) -> Result<usize, Text> {
        let mut rest = bytes;
        while let Some(text) = memchr(b'<', rest)
            && let Some((_, tag)) = rest.split_at_checked(text + 1)
        {
            // Most tags of a sheet are these.
            let known = [&b"v>"[..], b"/v>", b"/c>"].into_iter().find(|known| tag.starts_with(known));
            let Some(length) = known.map(|known| known.len() - 1).or_else(|| memchr(b'>', tag)) else { break };
            let (Some(tag), Some(behind)) = (tag.get(..length), tag.get(length + 1..)) else { break };
            // A bracket in quotes ends nothing.
            let quotes = |quote: u8| tag.iter().filter(|byte| **byte == quote).count();
            if known.is_none() && (tag.first() == Some(&b'!') || quotes(b'"') % 2 != 0 || quotes(b'\'') != 0) {
                break;
            }
            self.text += text;
            self.read += (text + length + 2) as u64;
            if self.text > LONGEST {
                return Err(self.too_long());
            }
            self.take(tag)?;
            rest = behind;
        }
        self.is_bearable()?;
        Ok(bytes.len() - rest.len())
    }

    /// Takes a tag, without its brackets; whether there was one.
    fn tag(&mut self, input: &mut dyn BufRead, tag: &mut Vec<u8>) -> io::Result<Result<bool, Text>> {
        if input.fill_buf()?.is_empty() {
            return Ok(Ok(false));
        }
        self.pass(input, 1);
        let mut quote = None;
        loop {
            let bytes = input.fill_buf()?;
            if bytes.is_empty() {
                return Ok(Ok(false));
            }
            // Comments and the like end in their own way; in a tag, a bracket in quotes ends nothing.
            let special = tag.first() == Some(&b'!') || (tag.is_empty() && bytes.first() == Some(&b'!'));
            let end = match quote {
                Some(quote) => memchr(quote, bytes),
                None if special => memchr(b'>', bytes),
                None => {
                    // Only as far as the bracket: what is behind it is looked at later.
                    let bracket = memchr(b'>', bytes);
                    let before = bytes.get(..bracket.unwrap_or(bytes.len())).unwrap_or_default();
                    memchr2(b'"', b'\'', before).or(bracket)
                }
            };
            let count = end.map_or(bytes.len(), |end| end + 1);
            tag.extend_from_slice(bytes.get(..count).unwrap_or_default());
            self.pass(input, count);
            if tag.len() > LONGEST {
                return Ok(Err(self.too_long()));
            }
            if end.is_none() {
                continue;
            }
            match (quote, tag.last()) {
                (Some(_), _) => quote = None,
                (None, Some(b'>')) if !is_cut(tag) => {
                    tag.pop();
                    return Ok(Ok(true));
                }
                (None, Some(b'>')) => {}
                (None, opened) => quote = opened.copied(),
            }
        }
    }

    /// Takes note of a tag.
    fn take(&mut self, tag: &[u8]) -> Result<(), Text> {
        self.counts.tags += 1;
        if tag.starts_with(b"![CDATA[") {
            self.text += tag.len();
        }
        match tag {
            // Most of a sheet.
            [b'c', b' ', ..] => {
                self.text = 0;
                return if stands_on_a_sheet(tag) { Ok(()) } else { is_on_a_sheet(tag, "r") };
            }
            [b'/', b'v' | b'c'] | [b'v'] => return Ok(()),
            [b'/', ..] => return self.is_bearable(),
            _ => {}
        }
        match name_of(tag) {
            "c" | "row" => is_on_a_sheet(tag, "r")?,
            "dimension" | "mergeCell" | "table" | "f" => is_on_a_sheet(tag, "ref")?,
            _ => {}
        }
        match name_of(tag) {
            "c" => self.text = 0,
            "row" => self.row(tag),
            "si" => {
                self.counts.texts += 1;
                self.text = 0;
            }
            "col" if hides(tag, "width") => {
                let end = |name: &str| attribute(tag, name).and_then(|end| end.parse::<u32>().ok());
                if let (Some(min), Some(max)) = (end("min"), end("max")) {
                    self.hidden().columns.push((min, max));
                }
            }
            "f" => {
                let number = attribute(tag, "si").map(|number| number.parse::<u64>().unwrap_or(u64::MAX));
                if number.is_some_and(|number| number >= MOST_FORMULAS) {
                    return Err(unusual());
                }
            }
            "mergeCell" => {
                self.counts.merged += 1;
                self.parts.has_merged = true;
            }
            "sheet" => {
                self.is_whole = true;
                let id = attribute(tag, "id").unwrap_or_default().to_owned();
                self.parts.sheets.entry(self.name.clone()).or_default().push(id);
            }
            "Relationship" => {
                let word = |name: &str| attribute(tag, name).unwrap_or_default().to_owned();
                let all = self.parts.targets.entry(self.name.clone()).or_default();
                all.push([word("Id"), word("Type"), word("Target")]);
            }
            _ => {}
        }
        self.is_bearable()
    }

    /// Whether what was met so far can be held.
    fn is_bearable(&self) -> Result<(), Text> {
        let is_whole = self.is_whole;
        if self.counts.texts > 0 && (self.read > LARGEST_TEXTS || self.counts.texts > MOST_TEXTS)
            || is_whole && (self.read > LARGEST_OTHER || self.counts.tags > MOST_TAGS)
        {
            return Err(too_large());
        }
        if self.counts.merged > MOST_MERGED { Err(unusual()) } else { Ok(()) }
    }

    fn row(&mut self, tag: &[u8]) {
        self.text = 0;
        let number = attribute(tag, "r").and_then(|number| number.parse::<u32>().ok());
        self.row = number.unwrap_or(self.row.saturating_add(1));
        let row = self.row;
        if !hides(tag, "ht") {
            // Whatever is hidden of it, this is a sheet.
            if !self.parts.hidden.contains_key(&self.name) {
                self.hidden();
            }
            return;
        }
        let rows = &mut self.hidden().rows;
        match rows.last_mut() {
            Some((_, last)) if last.checked_add(1) == Some(row) => *last = row,
            _ => rows.push((row, row)),
        }
    }

    fn hidden(&mut self) -> &mut Hidden {
        self.parts.hidden.entry(self.name.clone()).or_default()
    }

    fn too_long(&self) -> Text {
        let (zh, en) = match self.row {
            0 => (String::new(), String::new()),
            row => (format!("第{row}行附近"), format!(" at row {row}")),
        };
        Text::made(
            format!("工作簿{zh}有一段文字超过 1 MiB，表格软件的单元格放不下；删去它，或另存为 CSV"),
            format!(
                "the workbook has a text of more than 1 MiB{en}, which no spreadsheet has in a cell; take it out, or save the sheet as CSV"
            ),
        )
    }
}

/// Whether what was taken of something special is cut in the middle: a comment ends with `--`, a quoted part with `]]`.
fn is_cut(tag: &[u8]) -> bool {
    (tag.starts_with(b"!--") && !(tag.len() > 5 && tag.ends_with(b"-->")))
        || (tag.starts_with(b"![CDATA[") && !tag.ends_with(b"]]>"))
}

/// Whether a row or column is hidden, or has no size at all.
fn hides(tag: &[u8], size: &str) -> bool {
    matches!(attribute(tag, "hidden"), Some("1" | "true"))
        || attribute(tag, size)
            .is_some_and(|size| !size.is_empty() && size.bytes().all(|byte| matches!(byte, b'0' | b'.')))
}

/// Whether a cell's tag begins as nearly all do, with a place that there is: `c r="AB12"`, of no more digits than any row that there is.
fn stands_on_a_sheet(tag: &[u8]) -> bool {
    let Some(place) = tag.strip_prefix(b"c r=\"") else { return false };
    let letters = place.iter().take_while(|byte| byte.is_ascii_uppercase()).count();
    let digits = place.iter().skip(letters).take_while(|byte| byte.is_ascii_digit()).count();
    let is_whole = place.get(letters + digits) == Some(&b'"');
    is_whole && (1..=LONGEST_COLUMN).contains(&letters) && (1..=DIGITS_OF_A_ROW).contains(&digits)
}

/// Refuses a cell, or the corners of a range, that no sheet has: read as a number it could come round to a cell that there is.
fn is_on_a_sheet(tag: &[u8], reference: &str) -> Result<(), Text> {
    let reference = attribute(tag, reference).unwrap_or_default().as_bytes();
    for corner in reference.split(|byte| matches!(byte, b':' | b' ')) {
        let letters = corner.iter().filter(|byte| byte.is_ascii_alphabetic()).count();
        let number = std::str::from_utf8(corner).unwrap_or_default().trim_start_matches(|c: char| !c.is_ascii_digit());
        let row = if number.is_empty() { 1 } else { number.parse().unwrap_or(u32::MAX) };
        if letters > LONGEST_COLUMN || row > LAST_ROW {
            let shown: String = String::from_utf8_lossy(corner).chars().take(20).collect();
            return Err(Text::made(
                format!("工作簿里有一格写明在 {shown:?}，没有这样的位置；用表格软件打开后重新保存"),
                format!(
                    "a cell of the workbook says that it stands at {shown:?}, where no sheet has one; open it in a spreadsheet and save it again"
                ),
            ));
        }
    }
    Ok(())
}

pub(super) fn too_large() -> Text {
    let (packed, unpacked) = (LARGEST >> 20, LARGEST_UNPACKED >> 20);
    Text::made(
        format!("XLSX 文件超过 {packed} MiB（解压后 {unpacked} MiB，其中文字表 64 MiB）；请另存为 CSV，可以边读边算"),
        format!(
            "an XLSX file of more than {packed} MiB ({unpacked} MiB unpacked, 64 MiB of them texts); save it as CSV, which is read as a stream"
        ),
    )
}

pub(super) fn unusual() -> Text {
    Text::new(
        "工作簿的公式、合并单元格或一行的单元格多得不合常理；请另存为 CSV",
        "the workbook has more formulas, merged cells or cells in a row than any spreadsheet; save it as CSV",
    )
}
