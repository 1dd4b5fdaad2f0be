//! Policy files laid out in one way: keys in the order of the reference, `=` signs below each other, long records broken
//! at the same places whoever wrote them. Values, expressions among them, and comments stay as they are written.

mod difference;
mod layout;
mod order;
mod same;
mod tree;
mod value;

use std::sync::Arc;

use crate::diagnostic::{Code, Diagnostic, codes};
use crate::document::parse;
use crate::lang::Text;
use crate::policy::NO_POLICY;
use crate::source::{Source, Span};

pub use difference::unified;

codes! {
    static NOT_THE_SAME: Code =
        Code::new("layout-changes-meaning", "排版会改变内容，未予改动", "a new layout would change what this file says");
}

/// The file's text in its layout. Where it cannot be had, every fault is in the list: the text is no TOML, no policy or
/// vocabulary, or would not say the same.
pub fn format(source: &Arc<Source>) -> Result<String, Vec<Diagnostic>> {
    let mut diagnostics = Vec::new();
    let Some(document) = parse(source, &mut diagnostics) else { return Err(diagnostics) };
    if document.get("policy").is_none() && document.get("vocabulary").is_none() {
        let label = Text::new("缺少 [policy] 或 [vocabulary]", "[policy] or [vocabulary] is missing");
        return Err(vec![NO_POLICY.at(document.head(), label)]);
    }
    let mut tree = tree::read(&source.text);
    let comments: Vec<String> = same::comments(&tree).into_iter().map(str::to_owned).collect();
    order::sort(&mut tree);
    let text = layout::text(&tree);
    drop(tree);
    let laid_out = Source::new(source.name.as_str(), text.as_str());
    let same = parse(&laid_out, &mut Vec::new()).is_some_and(|other| same::documents(&document, &other));
    if !same || same::comments(&tree::read(&text)) != comments {
        let help = Text::new("请把这个文件报告给维护者", "please report this file to the maintainers");
        return Err(vec![NOT_THE_SAME.at(Span::new(source, 0..0), Text::default()).help(help)]);
    }
    Ok(text)
}
