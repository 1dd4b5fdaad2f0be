//! The two languages, and words that stand in both.

use std::borrow::Cow;

use serde::Serialize;

/// A language of the output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lang {
    /// Chinese, the default.
    Zh,
    /// English.
    En,
}

impl Lang {
    /// The language of a locale name (`en_GB.UTF-8`); anything that is not English is Chinese.
    pub fn of_locale(locale: &str) -> Lang {
        let english = locale == "en" || locale.starts_with("en_") || locale.starts_with("en-");
        if english { Lang::En } else { Lang::Zh }
    }
}

/// The same words in both languages. Leaving one out does not compile.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Text {
    /// In Chinese.
    pub zh: Cow<'static, str>,
    /// In English.
    pub en: Cow<'static, str>,
}

impl Text {
    /// Words known when the program is written.
    pub const fn new(zh: &'static str, en: &'static str) -> Text {
        Text { zh: Cow::Borrowed(zh), en: Cow::Borrowed(en) }
    }

    /// Words put together at run time.
    pub fn made(zh: impl Into<String>, en: impl Into<String>) -> Text {
        Text { zh: Cow::Owned(zh.into()), en: Cow::Owned(en.into()) }
    }

    /// The same in both languages: a name, a number, a piece of a file.
    pub fn same(text: impl Into<String>) -> Text {
        let text = text.into();
        Text { zh: Cow::Owned(text.clone()), en: Cow::Owned(text) }
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
