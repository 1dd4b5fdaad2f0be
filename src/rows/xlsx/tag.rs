//! Tags of XML, as far as sheets need them.

/// A tag's name, without the prefix of its namespace.
pub(super) fn name_of(tag: &[u8]) -> &str {
    let end = tag.iter().position(|byte| byte.is_ascii_whitespace() || *byte == b'/').unwrap_or(tag.len());
    let name = tag.get(..end).and_then(|name| std::str::from_utf8(name).ok()).unwrap_or_default();
    local(name)
}

/// The value of an attribute, as it is written.
pub(super) fn attribute<'t>(tag: &'t [u8], wanted: &str) -> Option<&'t str> {
    let mut rest = std::str::from_utf8(tag).ok()?;
    while let Some((before, behind)) = rest.split_once('=') {
        let name = before.trim_end().rsplit(|c: char| c.is_whitespace()).next()?;
        let behind = behind.trim_start();
        let quote = behind.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
        let (value, more) = behind.get(1..)?.split_once(quote)?;
        if local(name) == wanted {
            return Some(value.trim());
        }
        rest = more;
    }
    None
}

fn local(name: &str) -> &str {
    name.rsplit_once(':').map_or(name, |(_, local)| local)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_attributes_are_found_whatever_their_prefix_and_quotes() {
        let tag = br#"x:row r="5" spans='1:3'	x14ac:dyDescent="0.2" hidden = "1" /"#;
        assert_eq!(name_of(tag), "row");
        assert_eq!(attribute(tag, "r"), Some("5"));
        assert_eq!(attribute(tag, "hidden"), Some("1"));
        assert_eq!(attribute(tag, "ht"), None);
        assert_eq!(attribute(b"a b", "b"), None);
    }
}
