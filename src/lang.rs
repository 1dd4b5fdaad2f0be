//! The two languages, and words that stand in both.

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use serde::{Serialize, Serializer};

/// A language of the output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lang {
    /// Chinese, the default.
    Zh,
    /// English.
    En,
}

/// English numbers in words, from 0 on.
pub const ONES: &[&str] = &[
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
];

/// English tens in words, from 20 on.
pub const TENS: &[&str] = &["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];

impl Lang {
    /// The language of a locale name (`en_GB.UTF-8`); anything that is not English is Chinese.
    pub fn of_locale(locale: &str) -> Lang {
        let english = locale == "en" || locale.starts_with("en_") || locale.starts_with("en-");
        if english { Lang::En } else { Lang::Zh }
    }
}

/// Words in one language, shared by all that say the same: what is put together once for a policy stands in thousands of lines.
#[derive(Clone)]
pub enum Said {
    /// Known when the program is written.
    Fixed(&'static str),
    /// Put together at run time.
    Shared(Arc<str>),
}

impl Deref for Said {
    type Target = str;

    fn deref(&self) -> &str {
        match self {
            Said::Fixed(text) => text,
            Said::Shared(text) => text,
        }
    }
}

impl AsRef<str> for Said {
    fn as_ref(&self) -> &str {
        self
    }
}

impl Default for Said {
    fn default() -> Said {
        Said::Fixed("")
    }
}

impl From<String> for Said {
    fn from(text: String) -> Said {
        Said::Shared(text.into())
    }
}

impl PartialEq for Said {
    fn eq(&self, other: &Said) -> bool {
        **self == **other
    }
}

impl Eq for Said {}

impl PartialEq<str> for Said {
    fn eq(&self, other: &str) -> bool {
        **self == *other
    }
}

impl PartialEq<&str> for Said {
    fn eq(&self, other: &&str) -> bool {
        **self == **other
    }
}

impl PartialEq<String> for Said {
    fn eq(&self, other: &String) -> bool {
        **self == **other
    }
}

impl fmt::Display for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&**self, f)
    }
}

impl fmt::Debug for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&**self, f)
    }
}

impl Serialize for Said {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self)
    }
}

/// The same words in both languages. Leaving one out does not compile.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Text {
    /// In Chinese.
    pub zh: Said,
    /// In English.
    pub en: Said,
}

impl Text {
    /// Words known when the program is written.
    pub const fn new(zh: &'static str, en: &'static str) -> Text {
        Text { zh: Said::Fixed(zh), en: Said::Fixed(en) }
    }

    /// Words put together at run time.
    pub fn made(zh: impl Into<String>, en: impl Into<String>) -> Text {
        Text { zh: Said::from(zh.into()), en: Said::from(en.into()) }
    }

    /// The same in both languages: a name, a number, a piece of a file.
    pub fn same(text: impl Into<String>) -> Text {
        let text = Said::from(text.into());
        Text { zh: text.clone(), en: text }
    }

    /// The words in one language.
    pub fn get(&self, lang: Lang) -> &str {
        match lang {
            Lang::Zh => &self.zh,
            Lang::En => &self.en,
        }
    }

    /// Several texts in a row, with a separator in each language.
    pub fn join<'a>(texts: impl IntoIterator<Item = &'a Text>, zh: &str, en: &str) -> Text {
        let (mut all_zh, mut all_en) = (Vec::new(), Vec::new());
        for text in texts {
            all_zh.push(text.zh.as_ref());
            all_en.push(text.en.as_ref());
        }
        Text::made(all_zh.join(zh), all_en.join(en))
    }
}
