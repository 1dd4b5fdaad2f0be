//! An update in words.

use std::fmt::Write as _;

use crate::draft::update::{Moved, Update};
use crate::lang::Lang;

impl Moved {
    /// What is different of it, a line each, without the places.
    pub(super) fn lines(&self, lang: Lang) -> Vec<String> {
        let zh = lang == Lang::Zh;
        let mut lines = Vec::new();
        lines.push(match (&self.old, &self.new) {
            (Some((old, _)), Some((new, line))) if old == new => {
                if zh {
                    format!("{new}（新文本第 {line} 行）")
                } else {
                    format!("{new} (line {line} of the new text)")
                }
            }
            (Some((old, _)), Some((new, line))) => {
                if zh {
                    format!("{old} → {new}（新文本第 {line} 行）")
                } else {
                    format!("{old} → {new} (line {line} of the new text)")
                }
            }
            (Some((old, line)), None) => {
                if zh {
                    format!("{old}：新文本没有了（原文本第 {line} 行）")
                } else {
                    format!("{old}: gone (line {line} of the old text)")
                }
            }
            (None, Some((new, line))) => {
                if zh {
                    format!("{new}：新增（新文本第 {line} 行）")
                } else {
                    format!("{new}: new (line {line} of the new text)")
                }
            }
            (None, None) => String::new(),
        });
        for changed in &self.figures {
            lines.push(match (&changed.figure.old, &changed.figure.new) {
                (Some(old), Some(new)) => format!("  {} → {}", old.written, new.written),
                (Some(old), None) => {
                    if zh {
                        format!("  {}：没有了", old.written)
                    } else {
                        format!("  {}: gone", old.written)
                    }
                }
                (None, Some(new)) => {
                    if zh {
                        format!("  {}：新增", new.written)
                    } else {
                        format!("  {}: new", new.written)
                    }
                }
                (None, None) => String::new(),
            });
        }
        if let Some((old, new)) = &self.words {
            lines.push(if zh {
                format!("  文字：“{old}” → “{new}”")
            } else {
                format!("  words: “{old}” → “{new}”")
            });
        }
        lines
    }
}

impl Update {
    /// What is different, and what in the policy it touches.
    pub fn render(&self, lang: Lang) -> String {
        let zh = lang == Lang::Zh;
        let mut text = String::new();
        let none = if zh { "（无）" } else { "(none)" };
        let colon = if zh { "：" } else { ": " };
        for (key, old, new) in &self.head {
            let shown = |word: &str| if word.is_empty() { none.to_owned() } else { word.to_owned() };
            let _ = writeln!(text, "{}{colon}{} → {}", label(key, zh), shown(old), shown(new));
        }
        for article in &self.articles {
            let lines = article.lines(lang);
            let mut lines = lines.into_iter();
            let _ = writeln!(text, "{}", lines.next().unwrap_or_default());
            let mut changed = article.figures.iter();
            for line in lines {
                let _ = writeln!(text, "{line}");
                let Some(figure) = changed.next() else { continue };
                for place in &figure.places {
                    let at = place.span.place();
                    let (key, file) = (&place.key, &place.span.source.name);
                    let whose = match (place.clause.is_empty(), zh) {
                        (true, true) => "政策，".to_owned(),
                        (true, false) => "policy, ".to_owned(),
                        (false, true) => format!("条款 {}，", place.clause),
                        (false, false) => format!("clause {}, ", place.clause),
                    };
                    let _ = writeln!(text, "    {whose}{key}{colon}{file}:{}:{}", at.line, at.column);
                }
                if figure.places.is_empty() && figure.figure.old.is_some() && !article.clauses.is_empty() {
                    let _ =
                        writeln!(text, "    {}", if zh { "条款中没有这个数字" } else { "no clause has this figure" });
                }
            }
            if article.clauses.is_empty() && article.old.as_ref().is_some_and(|_| article.new.is_some()) {
                continue;
            }
            for id in &article.clauses {
                let Some(clause) = self.clauses.iter().find(|clause| clause.id == *id) else { continue };
                let at = clause.span.place();
                let place = format!("{}:{}", clause.span.source.name, at.line);
                let (old, new) = &clause.cite;
                let what = match (old == new, clause.open.is_empty(), article.new.is_some()) {
                    (_, _, false) => if zh {
                        "条文没有了，请核定是否删去"
                    } else {
                        "its article is gone: see whether it goes too"
                    }
                    .to_owned(),
                    (false, true, _) => format!("cite{colon}{old} → {new}"),
                    (false, false, _) => {
                        format!("cite{colon}{old} → {new}{}", if zh { "，待核定" } else { ", to be confirmed" })
                    }
                    (true, _, _) => if zh { "待核定" } else { "to be confirmed" }.to_owned(),
                };
                let _ = match lang {
                    Lang::Zh => writeln!(text, "  条款 {id}（{place}）：{what}"),
                    Lang::En => writeln!(text, "  clause {id} ({place}): {what}"),
                };
            }
            if article.old.is_none()
                && let Some(new) = &article.new
                && let Some(own) = self.new.iter().find(|own| own.line == new.1)
            {
                let _ = match lang {
                    Lang::Zh => writeln!(text, "  拟为条款 {}（{}），待核定", own.id, own.kind),
                    Lang::En => writeln!(text, "  proposed as clause {} ({}), to be confirmed", own.id, own.kind),
                };
            }
        }
        text
    }

    /// How much is different, in one line.
    pub fn summary(&self, lang: Lang) -> String {
        let count = |is: &dyn Fn(&&Moved) -> bool| self.articles.iter().filter(is).count();
        let new = count(&|article| article.old.is_none());
        let gone = count(&|article| article.new.is_none());
        let name = |side: &Option<(String, usize)>| side.as_ref().map(|(name, _)| name.clone());
        let moved = count(&|article| {
            article.old.is_some() && article.new.is_some() && name(&article.old) != name(&article.new)
        });
        let figures: usize = self.articles.iter().map(|article| article.figures.len()).sum();
        let words = count(&|article| article.words.is_some());
        let open = self.clauses.iter().filter(|clause| !clause.open.is_empty()).count() + self.new.len();
        match lang {
            Lang::Zh => format!(
                "新增 {new} 条，删去 {gone} 条，改号 {moved} 条，数字变动 {figures} 个，文字变动 {words} 条；待核定条款 {open} 个"
            ),
            Lang::En => format!(
                "{new} new, {gone} gone, {moved} renumbered; {figures} figures and the words of {words} articles changed; {open} clauses to be confirmed"
            ),
        }
    }
}

fn label(key: &str, zh: bool) -> &str {
    match key {
        "title" if zh => "标题",
        "issuer" if zh => "发文单位",
        "number" if zh => "文号",
        "status" if zh => "状态",
        "effective" if zh => "起止日期",
        other => other,
    }
}
