//! Official texts as they are handed round, as plain text with the numbers at the heads of lines.

use std::sync::Arc;

use encoding_rs::GB18030;

use crate::lang::Text;
use crate::source::Source;

/// The text of a file's bytes: UTF-8, or GB18030.
///
/// # Errors
/// What is no text, and what to do about it.
pub fn text(name: &str, bytes: Vec<u8>) -> Result<Arc<Source>, Text> {
    if bytes.starts_with(b"%PDF") {
        return Err(Text::new(
            "这是 PDF，不是文本；请用 `pdftotext -layout` 导出文本，扫描件先做文字识别并校对",
            "this is a PDF, not text; get its text with `pdftotext -layout`, of a scan by recognition, and read it over",
        ));
    }
    if bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        return Err(Text::new(
            "这是旧版 Word 文件（.doc）；请另存为文本",
            "this is an old Word file (.doc); save it as text",
        ));
    }
    let text = match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => {
            let decoded = GB18030.decode_without_bom_handling_and_without_replacement(error.as_bytes());
            decoded.map(std::borrow::Cow::into_owned).filter(|text| !text.contains('\0')).ok_or(Text::new(
                "既不是 UTF-8 也不是 GB18030 文本；请另存为文本文件",
                "this is neither UTF-8 nor GB18030 text; save it as a text file",
            ))?
        }
    };
    if text.contains('\0') {
        return Err(Text::new("这不是文本文件；请另存为文本文件", "this is no text; save it as a text file"));
    }
    let text = text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text);
    Ok(Source::new(name, text.replace("\r\n", "\n").replace('\r', "\n")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> Result<String, &'static str> {
        text("text.txt", bytes.to_vec()).map(|source| source.text.clone()).map_err(|_| "refused")
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
