//! Tags of XML, without their prefixes.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

/// A tag that begins something, or is all of it.
pub(super) struct Tag<'t> {
    pub name: &'t str,
    tag: &'t BytesStart<'t>,
}

impl<'t> Tag<'t> {
    pub fn of(tag: &'t BytesStart<'t>) -> Tag<'t> {
        Tag { name: tag.local_name().into_inner(), tag }
    }

    /// The value of an attribute, whatever its prefix.
    pub fn value(&self, name: &str) -> Option<String> {
        let mut all = self.tag.attributes();
        let found =
            all.with_checks(false).flatten().find(|attribute| attribute.key.local_name().into_inner() == name)?;
        Some(
            found
                .normalized_value(quick_xml::XmlVersion::Implicit1_0)
                .map_or_else(|_| found.value.to_string(), std::borrow::Cow::into_owned),
        )
    }

    /// The number that its `val` is.
    pub fn number(&self, name: &str) -> Option<u32> {
        self.value(name)?.parse().ok()
    }

    /// Whether it is said and not taken back: `<w:vanish/>`, and not `<w:vanish w:val="0"/>`.
    pub fn is_on(&self) -> bool {
        !matches!(self.value("val").as_deref(), Some("0" | "false" | "off" | "none"))
    }
}

/// Calls something for every tag that begins, as far as the text is XML.
pub(super) fn each(text: &str, mut call: impl FnMut(&Tag<'_>)) {
    walk(text, |event| {
        if let Walked::Begin(tag) | Walked::Whole(tag) = event {
            call(&tag);
        }
    });
}

/// What is met on the way through a part.
pub(super) enum Walked<'t> {
    Begin(Tag<'t>),
    Whole(Tag<'t>),
    End(&'t str),
    Text(&'t str),
}

/// Goes through a part; whether it came to its end.
pub(super) fn walk(text: &str, mut call: impl FnMut(Walked<'_>)) -> bool {
    let mut reader = Reader::from_str(text);
    reader.config_mut().check_end_names = false;
    loop {
        match reader.read_event() {
            Ok(Event::Start(tag)) => call(Walked::Begin(Tag::of(&tag))),
            Ok(Event::Empty(tag)) => call(Walked::Whole(Tag::of(&tag))),
            Ok(Event::End(tag)) => call(Walked::End(tag.local_name().into_inner())),
            Ok(Event::Text(text)) => call(Walked::Text(&text)),
            Ok(Event::CData(text)) => call(Walked::Text(&text)),
            Ok(Event::GeneralRef(name)) => {
                let sign = match name.resolve_char_ref() {
                    Ok(Some(sign)) => Some(sign),
                    _ => match &*name {
                        "amp" => Some('&'),
                        "lt" => Some('<'),
                        "gt" => Some('>'),
                        "quot" => Some('"'),
                        "apos" => Some('\''),
                        _ => None,
                    },
                };
                if let Some(sign) = sign {
                    call(Walked::Text(sign.encode_utf8(&mut [0; 4])));
                }
            }
            Ok(Event::Eof) => return true,
            Ok(_) => {}
            Err(_) => return false,
        }
    }
}
