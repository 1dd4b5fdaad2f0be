//! Word documents (.docx): a folder of XML files, packed. What it says of its sizes is not believed.
//!
//! Text is taken as it is when every tracked change is accepted; the numbers that Word makes itself are worked out ([`numbering`]).

mod body;
mod numbering;
mod styles;
mod xml;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::io::{Cursor, Read as _};

use zip::ZipArchive;

use crate::lang::Text;
use crate::paper::page::too_large;
use crate::paper::told::Told;
use body::Body;
use numbering::Numbering;
use styles::Styles;

/// Of one part, unpacked. (In the tests of this room less, which takes less time.)
const LARGEST_PART: u64 = if cfg!(test) { 1 << 20 } else { 64 << 20 };

type Package<'b> = ZipArchive<Cursor<&'b [u8]>>;

/// The text of a document, and what is to be told of it.
///
/// # Errors
/// It is damaged, too large, or no document.
pub(super) fn read(bytes: &[u8]) -> Result<(String, Vec<Text>), Text> {
    let damaged = || {
        Text::new(
            "文件损坏，解不开；请用 Word 或 WPS 打开后重新保存",
            "the file is damaged and cannot be unpacked; open it in Word or WPS and save it again",
        )
    };
    let mut package = ZipArchive::new(Cursor::new(bytes)).map_err(|_| damaged())?;
    let root = part(&mut package, "_rels/.rels")?;
    let main = root.as_deref().and_then(|root| target(root, "/officeDocument"));
    let Some(main) = main else { return Err(other(&mut package)) };
    let main = main.trim_start_matches('/').to_owned();
    let (folder, file) = main.rsplit_once('/').unwrap_or(("", &main));
    if folder == "xl" || folder == "ppt" {
        return Err(other(&mut package));
    }
    let relations = part(&mut package, &below(folder, &format!("_rels/{file}.rels")))?.unwrap_or_default();
    let mut named = |kind: &str| -> Result<String, Text> {
        let Some(target) = target(&relations, kind) else { return Ok(String::new()) };
        let place = target.strip_prefix('/').map_or_else(|| below(folder, &target), str::to_owned);
        Ok(part(&mut package, &place)?.unwrap_or_default())
    };
    let styles = Styles::of(&named("/styles")?);
    let numbering = Numbering::of(&named("/numbering")?);
    let (footnotes, endnotes) = (named("/footnotes")?, named("/endnotes")?);
    let whole = part(&mut package, &main)?.ok_or_else(damaged)?;
    let mut notes = BTreeMap::new();
    let mut told = Told::default();
    for (kind, text) in [("footnote", &footnotes), ("endnote", &endnotes)] {
        told = Body::new(&styles, Numbering::default(), told).notes(kind, text, &mut notes);
    }
    let mut body = Body::new(&styles, numbering, told);
    body.read(&whole, &notes).map_err(|()| damaged())?;
    body.finish()
}

fn below(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}

/// The text of a part; none where there is no such part.
fn part(package: &mut Package<'_>, name: &str) -> Result<Option<String>, Text> {
    let found =
        package.file_names().flatten().find(|known| known.eq_ignore_ascii_case(name)).map(|name| name.into_owned());
    let Some(entry) = found.and_then(|name| package.by_name(&name).ok()) else { return Ok(None) };
    let mut bytes = Vec::new();
    entry.take(LARGEST_PART + 1).read_to_end(&mut bytes).map_err(|error| {
        Text::made(
            format!("文件损坏（{error}）；请用 Word 或 WPS 打开后重新保存"),
            format!("the file is damaged ({error}); open it in Word or WPS and save it again"),
        )
    })?;
    if bytes.len() as u64 > LARGEST_PART {
        return Err(too_large());
    }
    // With a mark at its beginning it may be in another encoding; without one it is UTF-8.
    let text = match encoding_rs::Encoding::for_bom(&bytes) {
        Some((encoding, mark)) => {
            encoding.decode_without_bom_handling(bytes.get(mark..).unwrap_or_default()).0.into_owned()
        }
        None => String::from_utf8(bytes).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned()),
    };
    Ok(Some(text))
}

/// Where a relationship of a kind leads.
fn target(relations: &str, kind: &str) -> Option<String> {
    let mut found = None;
    xml::each(relations, |tag| {
        let is_it = tag.name == "Relationship" && tag.value("Type").is_some_and(|known| known.ends_with(kind));
        if is_it && found.is_none() {
            found = tag.value("Target");
        }
    });
    found
}

/// What a package is that is no document.
fn other(package: &mut Package<'_>) -> Text {
    let has = |start: &str| package.file_names().flatten().any(|name| name.starts_with(start));
    if has("xl/") {
        return Text::new(
            "这是工作簿（Excel），不是官方文本；请把正文存为 .docx 或文本",
            "this is a workbook, no official text; save the text as .docx or plain text",
        );
    }
    if has("ppt/") {
        return Text::new(
            "这是演示文稿，不是官方文本；请把正文存为 .docx 或文本",
            "these are slides, no official text; save the text as .docx or plain text",
        );
    }
    if has("content.xml") || has("OFD.xml") {
        return Text::new(
            "这是 ODT 或 OFD 文件；请另存为 .docx 或文本",
            "this is an ODT or OFD file; save it as .docx or plain text",
        );
    }
    Text::new(
        "这是压缩包，不是文本；请解压后给出其中的文本",
        "this is an archive, no text; unpack it and name the text in it",
    )
}
