//! Official texts as they are handed round, as plain text with the numbers at the heads of lines: plain, in UTF-8 or GB18030, Word
//! documents and web pages. Whoever reads a text reads it here.

mod number;
mod page;
mod told;
mod web;
mod word;

use std::sync::Arc;

use encoding_rs::{Encoding, GB18030, UTF_8};

use crate::lang::Text;
use crate::source::Source;

/// An official text as it was read.
#[derive(Debug)]
pub struct Paper {
    /// The text; of a document or a page its lines are those of what was read out of it.
    pub text: Arc<Source>,
    /// What was left out or put in, and whoever relies on the text must know.
    pub notes: Vec<Text>,
    /// Whether the lines of the text are not those of the file.
    pub is_read_out: bool,
}

/// So far into a page it says in which encoding it is.
const SAID: usize = 2048;

/// The text of a file's bytes, by what they are, whatever the file is called.
///
/// # Errors
/// What is no text, and what to do about it.
pub fn read(name: &str, bytes: Vec<u8>) -> Result<Paper, Text> {
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        let (text, notes) = word::read(&bytes)?;
        return Ok(Paper { text: Source::new(name, text), notes, is_read_out: true });
    }
    refused(&bytes)?;
    let text = decoded(bytes)?;
    if !is_page(&text) {
        return Ok(Paper { text: Source::new(name, text), notes: Vec::new(), is_read_out: false });
    }
    let (text, notes) = web::read(&text)?;
    Ok(Paper { text: Source::new(name, text), notes, is_read_out: true })
}

/// What is no text, and how to get at its text.
fn refused(bytes: &[u8]) -> Result<(), Text> {
    let start = bytes.get(..8.min(bytes.len())).unwrap_or_default();
    let reason = if start.starts_with(b"%PDF") {
        Text::new(
            "这是 PDF，不是文本；请用 `pdftotext -layout` 导出文本，扫描件先做文字识别并校对",
            "this is a PDF, not text; get its text with `pdftotext -layout`, of a scan by recognition, and read it over",
        )
    } else if start.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        Text::new(
            "这是旧版 Word、WPS 文件（.doc、.wps）或加了密码的文件；请用 Word 或 WPS 打开，取消密码，另存为 .docx",
            "this is an old Word or WPS file (.doc, .wps), or one with a password; open it, take the password off, and save it as .docx",
        )
    } else if start.starts_with(b"{\\rtf") {
        Text::new("这是 RTF 文件；请用 Word 或 WPS 打开，另存为 .docx", "this is an RTF file; save it as .docx")
    } else if start.starts_with(b"MIME-Ver") {
        Text::new(
            "这是单个文件的网页（.mht）；请用浏览器打开，另存为“仅 HTML”",
            "this is a web archive (.mht); open it in a browser and save it as HTML only",
        )
    } else if start.starts_with(b"\x89PNG") || start.starts_with(&[0xff, 0xd8, 0xff]) {
        Text::new("这是图片；请先做文字识别并校对", "this is a picture; have its text recognized, and read it over")
    } else {
        return Ok(());
    };
    Err(reason)
}

/// The encoding that a page names for itself.
fn said(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = String::from_utf8_lossy(bytes.get(..SAID.min(bytes.len())).unwrap_or_default()).to_ascii_lowercase();
    if !head.contains('<') {
        return None;
    }
    let behind = head.split_once("charset=")?.1.trim_start_matches(['"', '\'', ' ']);
    let end = behind.find(|c: char| !c.is_ascii_alphanumeric() && c != '-' && c != '_').unwrap_or(behind.len());
    // GBK and GB2312 are parts of GB18030.
    Encoding::for_label(behind.get(..end)?.as_bytes()).filter(|encoding| *encoding != UTF_8)
}

fn decoded(bytes: Vec<u8>) -> Result<String, Text> {
    let encoding = Encoding::for_bom(&bytes).map(|(encoding, _)| encoding).filter(|encoding| *encoding != UTF_8);
    let decode = |encoding: &'static Encoding, bytes: &[u8]| {
        let text = encoding.decode_with_bom_removal(bytes).0;
        (!text.contains('\u{fffd}')).then(|| text.into_owned())
    };
    let text = match encoding {
        Some(encoding) => decode(encoding, &bytes),
        None => match String::from_utf8(bytes) {
            Ok(text) => Some(text),
            Err(error) => {
                let bytes = error.as_bytes();
                said(bytes).and_then(|encoding| decode(encoding, bytes)).or_else(|| decode(GB18030, bytes))
            }
        },
    };
    let text = text.ok_or(Text::new(
        "既不是 UTF-8 也不是 GB18030 文本；请另存为文本文件",
        "this is neither UTF-8 nor GB18030 text; save it as a text file",
    ))?;
    if text.contains('\0') {
        return Err(Text::new("这不是文本文件；请另存为文本文件", "this is no text; save it as a text file"));
    }
    let text = text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text);
    Ok(text.replace("\r\n", "\n").replace('\r', "\n"))
}

/// Whether a text is the source of a page.
fn is_page(text: &str) -> bool {
    let start: String = text.trim_start().chars().take(256).collect::<String>().to_ascii_lowercase();
    let opens =
        ["<!doctype html", "<html", "<head", "<body", "<!--", "<div", "<p>", "<p ", "<table", "<meta", "<h1", "<?xml"];
    opens.iter().any(|open| start.starts_with(open)) && text.contains('>')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> Result<String, &'static str> {
        super::read("text.txt", bytes.to_vec()).map(|paper| paper.text.text.clone()).map_err(|_| "refused")
    }

    #[test]
    fn texts_in_two_encodings_and_what_is_none() {
        let lines = "第一条 按价款给予补贴。\r\n第二条 5万元。\r";
        let wanted = Ok("第一条 按价款给予补贴。\n第二条 5万元。\n".to_owned());
        assert_eq!(read(lines.as_bytes()), wanted);
        assert_eq!(read(format!("\u{feff}{lines}").as_bytes()), wanted);
        assert_eq!(read(&GB18030.encode(lines).0), wanted);
        assert_eq!(read(b"%PDF-1.7"), Err("refused"));
        assert_eq!(read(&[0xd0, 0xcf, 0x11, 0xe0, 1, 2]), Err("refused"));
        assert_eq!(read(&[0xff, 0xff, 0xff]), Err("refused"));
        assert_eq!(read(b"a\0b"), Err("refused"));
        assert_eq!(read(b""), Ok(String::new()));
    }
}
