//! What changes with time: `[{ from = 2010-01-01, is = "1000元" }, …]`, each from its day on, in the order of the days.

use crate::diagnostic::{Code, Diagnostic, codes};
use crate::document::Item;
use crate::expr::names::{Input, Names, Version};
use crate::expr::since::Since;
use crate::lang::Text;
use crate::policy::given::given;
use crate::policy::keys;
use crate::source::Span;
use crate::value::{Day, Value};

codes! {
    static BAD_VERSIONS: Code =
        Code::new("bad-versions", "随时间变化的值写法不对", "what changes with time is not written like this");
}

/// Something that holds from a day on.
pub(super) struct From<T> {
    pub since: Since,
    pub is: T,
}

/// The parts of a list of versions, in the order of their days; `None` where a fault was found.
pub(super) fn versions<'t>(item: &'t Item, diagnostics: &mut Vec<Diagnostic>) -> Option<Vec<From<&'t Item>>> {
    let before = diagnostics.len();
    let mut found: Vec<From<&Item>> = Vec::new();
    for part in item.array(diagnostics)? {
        let Some(table) = part.table(diagnostics) else { continue };
        table.only(&keys::VERSION.names(), diagnostics);
        let from = table.need("from", diagnostics).and_then(|from| since(from, diagnostics));
        let is = table.need("is", diagnostics);
        let Some((since, is)) = from.zip(is) else { continue };
        follows(found.last().map(|last| last.since.day), &since, diagnostics);
        found.push(From { since, is });
    }
    if found.is_empty() && diagnostics.len() == before {
        let label = Text::new("一个值也没有", "there is no value");
        diagnostics.push(BAD_VERSIONS.at(item.span.clone(), label));
    }
    (diagnostics.len() == before).then_some(found)
}

/// A day from which something holds, or until which.
pub(super) fn since(item: &Item, diagnostics: &mut Vec<Diagnostic>) -> Option<Since> {
    Some(Since { day: item.day(diagnostics)?, span: item.span.clone() })
}

/// Says so where a day does not come after the one before it.
pub(super) fn follows(earlier: Option<Day>, since: &Since, diagnostics: &mut Vec<Diagnostic>) {
    let Some(earlier) = earlier.filter(|earlier| *earlier >= since.day) else { return };
    let label = Text::made(format!("前面已写到 {earlier}"), format!("{earlier} stands before it"));
    let help = Text::new("按日期先后写，一天只写一次", "write them in the order of their days, each day once");
    diagnostics.push(BAD_VERSIONS.at(since.span.clone(), label).help(help));
}

/// Says that a key should be a day as the others are.
pub(super) fn no_day(span: &Span, diagnostics: &mut Vec<Diagnostic>) {
    let label = Text::new("这张表按日期查，这里也应是日期", "the keys of this table are days, and this should be one");
    diagnostics.push(BAD_VERSIONS.at(span.clone(), label));
}

/// Gives a parameter a value from a day on: a value is an input of its own. Gives the day if there is such a value already.
pub(super) fn add(
    names: &mut Names,
    parameter: usize,
    since: Since,
    (value, span): (Value, &Span),
    written_in: Option<String>,
) -> Option<Span> {
    let input = names.inputs.len();
    let slot = names.inputs.get_mut(parameter)?;
    if let Some(same) = slot.versions.iter().find(|known| known.since.day == since.day) {
        return Some(same.since.span.clone());
    }
    let own = Input { absent: value, versions: Vec::new(), written_in, ..slot.clone() };
    slot.versions.push(Version { since, input, span: span.clone() });
    slot.versions.sort_by_key(|known| known.since.day);
    names.inputs.push(own);
    None
}

/// The values that a policy gives a parameter, each from a day on.
pub(super) fn of_parameter(
    item: &Item,
    parameter: usize,
    names: &mut Names,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<()> {
    for version in versions(item, diagnostics)? {
        let value = given(version.is, names.inputs.get(parameter)?, names, diagnostics);
        if let Some(value) = value {
            add(names, parameter, version.since, (value, &version.is.span), None);
        }
    }
    Some(())
}
