//! What the command line itself says, in either language.

use std::ffi::OsString;

use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::lang::Lang;
use crate::source::clean;

/// The language that `--lang` asks for, found before the command line is parsed, so that its own faults are told in it.
pub(super) fn asked(arguments: &[OsString]) -> Option<Lang> {
    let texts: Vec<&str> = arguments.iter().map(|argument| argument.to_str().unwrap_or("")).collect();
    let behind = texts.iter().position(|text| *text == "--lang").and_then(|place| texts.get(place + 1)).copied();
    let joined = texts.iter().find_map(|text| text.strip_prefix("--lang="));
    match behind.or(joined) {
        Some("zh") => Some(Lang::Zh),
        Some("en") => Some(Lang::En),
        _ => None,
    }
}

/// The columns of a terminal, by the variable `COLUMNS` or by the terminal itself.
pub(super) fn columns(variable: &str) -> usize {
    let asked = variable.parse().ok().filter(|columns| *columns > 0);
    asked.or_else(|| terminal_size::terminal_size().map(|(width, _)| usize::from(width.0))).unwrap_or(80)
}

/// A fault of the command line in words.
pub(super) fn usage_error(error: &clap::Error, lang: Lang) -> String {
    if lang == Lang::En {
        return error.render().to_string();
    }
    let text = |kind: ContextKind| match error.get(kind) {
        Some(ContextValue::String(text)) => clean(text),
        Some(ContextValue::Strings(texts)) => texts.iter().map(|text| clean(text)).collect::<Vec<_>>().join("、"),
        _ => String::new(),
    };
    let (argument, value) = (text(ContextKind::InvalidArg), text(ContextKind::InvalidValue));
    let mut message = match error.kind() {
        ErrorKind::InvalidValue | ErrorKind::ValueValidation if value.is_empty() => format!("`{argument}` 缺少值"),
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => format!("`{argument}` 不接受“{value}”"),
        ErrorKind::UnknownArgument => format!("没有参数 `{argument}`"),
        ErrorKind::InvalidSubcommand => format!("没有命令 `{}`", text(ContextKind::InvalidSubcommand)),
        ErrorKind::MissingRequiredArgument => format!("缺少参数：{argument}"),
        ErrorKind::ArgumentConflict if text(ContextKind::PriorArg) == argument => format!("`{argument}` 只能给一次"),
        ErrorKind::TooManyValues => format!("`{argument}` 不带值"),
        ErrorKind::ArgumentConflict => format!("`{argument}` 不能与其他参数同用"),
        ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            "缺少命令，例如：duixian calc 申请人.toml".to_owned()
        }
        _ => "命令行有误".to_owned(),
    };
    if error.kind() == ErrorKind::ValueValidation {
        message.push_str(match argument.split(' ').next() {
            Some("--as-of") => "；日期写作 2024-03-01，1900 年至 2199 年",
            Some("--width") => "；应为 40 至 1000 的整数",
            _ => "",
        });
    }
    let known = text(ContextKind::ValidValue);
    if !known.is_empty() {
        message.push_str(&format!("；可用：{known}"));
    }
    let near = [ContextKind::SuggestedArg, ContextKind::SuggestedValue, ContextKind::SuggestedSubcommand];
    if let Some(near) = near.into_iter().map(text).find(|near| !near.is_empty()) {
        message.push_str(&format!("\n  提示：是否应为 `{near}`？"));
    }
    format!("错误：{message}\n  详见 duixian --help\n")
}
