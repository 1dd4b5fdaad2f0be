//! Where questions are put: lists to choose from on a terminal, lines everywhere else.

use std::fmt;
use std::io::IsTerminal;

use inquire::{InquireError, Select, Text as Line};

use crate::cli::Surroundings;
use crate::lang::{Lang, Text};

/// A question as it is put.
pub(super) struct Prompt {
    /// Where things stand.
    pub standing: String,
    /// The question.
    pub text: String,
    /// What can be typed, where there is no choice.
    pub hint: String,
    /// What can be chosen, in this order.
    pub choices: Vec<String>,
    /// What else can be said.
    pub commands: &'static [Command],
}

/// What can be said instead of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Command {
    /// It is not known.
    Skip,
    /// What is it asked for?
    Why,
    /// Back to the question before.
    Back,
    /// That was all.
    End,
}

impl Command {
    /// What it is called in a list, how it is typed, in words; and everything that is taken for it, in small letters.
    fn words(self) -> (Text, Text, &'static [&'static str]) {
        match self {
            Command::Skip => (
                Text::new("不知道", "not known"),
                Text::new("不知道直接回车", "empty if it is not known"),
                &["", "-", "不知道", "不清楚", "未知", "not known", "unknown", "skip"],
            ),
            Command::Why => (
                Text::new("为什么问", "why is this asked"),
                Text::new("? 为什么问", "? why"),
                &["?", "？", "为什么", "为什么问", "why"],
            ),
            Command::Back => (Text::new("返回", "back"), Text::new("< 返回", "< back"), &["<", "《", "返回", "back"]),
            Command::End => (Text::new("结束", "end"), Text::new("q 结束", "q end"), &["q", "结束", "end", "quit"]),
        }
    }
}

/// What came of a question.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Said {
    /// An answer; a choice is its number, from 1.
    Answer(String),
    /// Something else.
    Command(Command),
}

/// A line of a list on a terminal.
struct Row {
    text: String,
    said: Said,
}

impl fmt::Display for Row {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str(&self.text)
    }
}

/// Puts a question and waits for what is said; the end of the input is the end of the interview.
pub(super) fn put(prompt: &Prompt, lang: Lang, around: &mut Surroundings<'_>) -> Said {
    // A prompt library wants both ends of a terminal, and a test has none.
    if around.progress && std::io::stdin().is_terminal() {
        return on_terminal(prompt, lang, around).unwrap_or(Said::Command(Command::End));
    }
    let _ = writeln!(around.errors, "\n{}{}", standing(prompt), prompt.text);
    for (place, choice) in prompt.choices.iter().enumerate() {
        let _ = writeln!(around.errors, "  {}. {choice}", place + 1);
    }
    let help = help(prompt, lang);
    if !help.is_empty() {
        let _ = writeln!(around.errors, "  {help}");
    }
    let _ = write!(around.errors, "> ");
    let line = line(around);
    let _ = writeln!(around.errors);
    line.map_or(Said::Command(Command::End), |line| meant(&line, prompt))
}

fn standing(prompt: &Prompt) -> String {
    if prompt.standing.is_empty() { String::new() } else { format!("{}\n", prompt.standing) }
}

/// The hint, and what else can be typed.
fn help(prompt: &Prompt, lang: Lang) -> String {
    let hint = Some(prompt.hint.clone()).filter(|hint| !hint.is_empty());
    let commands = prompt.commands.iter().map(|command| command.words().1.get(lang).to_owned());
    let parts: Vec<String> = hint.into_iter().chain(commands).collect();
    let mark = if lang == Lang::Zh { "；" } else { "; " };
    parts.join(mark)
}

fn meant(line: &str, prompt: &Prompt) -> Said {
    let line = line.trim();
    let small = line.to_lowercase();
    let command = prompt.commands.iter().find(|command| command.words().2.contains(&small.as_str()));
    command.map_or_else(|| Said::Answer(line.to_owned()), |command| Said::Command(*command))
}

/// One line of the input, and not a byte more: what follows belongs to the next question. `None` at its end.
fn line(around: &mut Surroundings<'_>) -> Option<String> {
    /// Nobody types more.
    const LONGEST: usize = 64 * 1024;
    let (mut bytes, mut byte) = (Vec::new(), [0]);
    let _ = around.errors.flush();
    loop {
        match around.input.read(&mut byte) {
            Ok(1..) if byte == *b"\n" || bytes.len() > LONGEST => break,
            Ok(1..) => bytes.extend_from_slice(&byte),
            _ if bytes.is_empty() => return None,
            _ => break,
        }
    }
    Some(String::from_utf8_lossy(&bytes).trim_start_matches('\u{feff}').to_owned())
}

fn on_terminal(prompt: &Prompt, lang: Lang, around: &mut Surroundings<'_>) -> Result<Said, InquireError> {
    let _ = write!(around.errors, "\n{}", standing(prompt));
    let _ = around.errors.flush();
    if prompt.choices.is_empty() {
        let help = help(prompt, lang);
        let line = Line::new(&prompt.text).with_help_message(&help).prompt()?;
        return Ok(meant(&line, prompt));
    }
    let choices = prompt.choices.iter().enumerate();
    let mut rows: Vec<Row> =
        choices.map(|(place, text)| Row { text: text.clone(), said: Said::Answer((place + 1).to_string()) }).collect();
    for command in prompt.commands {
        let text = format!("({})", command.words().0.get(lang));
        rows.push(Row { text, said: Said::Command(*command) });
    }
    let help = Text::new("上下键选择，回车确认，输入文字可筛选", "arrow keys and return; type to narrow down");
    let shown = rows.len().min(15);
    let chosen = Select::new(&prompt.text, rows).with_page_size(shown).with_help_message(help.get(lang)).prompt()?;
    Ok(chosen.said)
}
