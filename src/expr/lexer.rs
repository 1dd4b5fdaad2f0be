//! Text to tokens.

use std::ops::Range;

use crate::diagnostic::{Code, Diagnostic, codes};
use crate::expr::snippet::Snippet;
use crate::lang::Text;
use crate::source::folded;
use crate::value::{Day, Number};

/// How it is written what a clause comes to.
pub(super) static OF_CLAUSE: Text = Text::new(
    "条款的结果写作 `clause.income_tax.awarded`；编号不是名称的写作 `clause[\"19.1\"].awarded`，整个表达式放在单引号里",
    "what a clause comes to is written `clause.income_tax.awarded`, or `clause[\"19.1\"].awarded` where the id is no name, the whole expression in single quotes",
);

codes! {
    static STRANGE_CHARACTER: Code =
        Code::new("strange-character", "表达式中有不认识的字符", "this character has no meaning in an expression");
    static BAD_NUMBER: Code = Code::new("bad-number", "数字无法识别", "this is not a number that can be used");
    static BAD_DATE: Code = Code::new("bad-date", "日期不存在", "there is no such date");
    static OPEN_TEXT: Code = Code::new("open-text", "引号没有结束", "this text has no closing quote");
}

const KEYWORDS: &[&str] = &["and", "or", "not", "in", "if", "then", "else", "of", "where", "true", "false", "never"];

/// Whether a name is one of the language's own words.
pub fn is_keyword(name: &str) -> bool {
    KEYWORDS.contains(&name)
}

/// What a token is.
#[derive(Clone, Debug, PartialEq)]
pub enum Token {
    /// A figure with its unit as written.
    Figure(Figure),
    /// A date.
    Date(Day),
    /// A text in quotes.
    Text(String),
    /// A name or a keyword.
    Name(String),
    /// An operator, a bracket or a comma, in its plain form (`≤` is `<=`, `×` is `*`).
    Sign(&'static str),
    /// Behind the last token.
    End,
}

/// `5万元`, `22天/月`, `20%`, `3`.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    /// The number with its multiplier.
    pub number: Number,
    /// Unit words above the line.
    pub above: Vec<String>,
    /// Unit words below it.
    pub below: Vec<String>,
    /// As written.
    pub written: String,
}

/// A token and where it stands in the expression.
pub type Placed = (Token, Range<usize>);

const SIGNS: &[(&str, &str)] = &[
    ("==", "=="),
    ("!=", "!="),
    ("<=", "<="),
    (">=", ">="),
    ("≤", "<="),
    ("≥", ">="),
    ("≠", "!="),
    ("<", "<"),
    (">", ">"),
    ("+", "+"),
    ("-", "-"),
    ("−", "-"),
    ("*", "*"),
    ("×", "*"),
    ("/", "/"),
    ("÷", "/"),
    ("(", "("),
    (")", ")"),
    ("[", "["),
    ("]", "]"),
    (",", ","),
    (".", "."),
];

/// What a sign of other languages, or a full-width one, was probably meant to be.
fn meant(sign: char) -> Option<&'static str> {
    Some(match sign {
        '=' | '＝' => "==",
        '&' => "and",
        '|' => "or",
        '!' => "not",
        '（' => "(",
        '）' => ")",
        '，' | '、' => ",",
        '＋' => "+",
        '－' | '—' => "-",
        '＊' => "×",
        '／' => "/",
        '＜' => "<",
        '＞' => ">",
        _ => return None,
    })
}

/// Whether a comma stands as in `20,000`: between digits, three of them behind it.
fn splits_thousands(text: &str, at: usize) -> bool {
    let (before, behind) = (text.get(..at).unwrap_or(""), text.get(at + 1..).unwrap_or(""));
    let digits = take(behind, |c| c.is_ascii_digit());
    before.ends_with(|c: char| c.is_ascii_digit()) && digits.len() == 3
}

/// Signs that stand for a unit: `%`, `€`, `℃`, `㎡`.
fn is_unit_sign(character: char) -> bool {
    matches!(character, '%' | '‰' | '$' | '°' | '¢'..='¥' | '₠'..='⃏' | '℀'..='⅏' | '㌀'..='㏿' | '￠'..='￦')
}

/// The word of a unit at the head of `text`; empty where there is none. It begins with a letter of any script or a sign;
/// raised digits belong to it, and plain ones right behind a Latin letter (`m2`). The language's own words are none.
fn unit_word(text: &str) -> &str {
    let mut before = None;
    let goes_on = |character: char| {
        let part = character.is_alphabetic()
            || is_unit_sign(character)
            || (before.is_some() && matches!(character, '²' | '³'))
            || (character.is_ascii_digit() && before.is_some_and(|before: char| before.is_ascii_alphanumeric()));
        before = Some(character);
        part
    };
    Some(take(text, goes_on)).filter(|word| !is_keyword(word)).unwrap_or("")
}

fn take(text: &str, mut wanted: impl FnMut(char) -> bool) -> &str {
    let end = text.find(|character| !wanted(character)).unwrap_or(text.len());
    text.get(..end).unwrap_or("")
}

/// Reads a figure at the head of `text`: what it is, or `None` where its digits are no usable number; and its length.
/// `is_unit` says of a Latin word behind `/` or `·` whether it is a unit: it may also be a name that is divided by.
fn figure(text: &str, is_unit: &dyn Fn(&str) -> bool) -> (Option<Figure>, usize) {
    let digits = take(text, |c| c.is_ascii_digit() || c == '.' || c == '_');
    let rest = text.get(digits.len()..).unwrap_or("");
    let word = unit_word(rest);
    let mut length = digits.len() + word.len();
    let (multiplier, unit) = match word.chars().next() {
        Some('万') => (10_000, word.strip_prefix('万').unwrap_or(word)),
        Some('亿') => (100_000_000, word.strip_prefix('亿').unwrap_or(word)),
        _ => (1, word),
    };
    let mut above: Vec<String> = Vec::new();
    let mut below: Vec<String> = Vec::new();
    if !unit.is_empty() {
        above.push(unit.to_owned());
    }
    // `/` and `·` go on the unit only where a unit follows without a blank.
    loop {
        let rest = text.get(length..).unwrap_or("");
        let Some(sign) = rest.chars().next().filter(|sign| matches!(sign, '/' | '·')) else { break };
        let word = unit_word(rest.get(sign.len_utf8()..).unwrap_or(""));
        let divides = word.starts_with(|c: char| c.is_ascii_alphabetic()) && !is_unit(word);
        if word.is_empty() || divides || (above.is_empty() && below.is_empty()) {
            break;
        }
        length += sign.len_utf8() + word.len();
        if sign == '/' { below.push(word.to_owned()) } else { above.push(word.to_owned()) }
    }
    let number = Number::parse(&digits.replace('_', ""))
        .filter(|_| !digits.ends_with('.') && !digits.starts_with('.'))
        .and_then(|number| number.multiply(Number::whole(multiplier)));
    let written = text.get(..length).unwrap_or("").to_owned();
    (number.map(|number| Figure { number, above, below, written }), length)
}

/// Reads a whole text as one figure; `None` where it is none.
pub fn figure_of(text: &str) -> Option<Figure> {
    let text = text.trim();
    let (sign, digits) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
    if !digits.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let (figure, length) = figure(digits, &|_| true);
    let mut figure = figure.filter(|_| length == digits.len())?;
    if sign < 0 {
        figure.number = figure.number.negate();
        figure.written = text.to_owned();
    }
    Some(figure)
}

/// Whether a word can be declared as a unit: behind a digit it must be read as this unit and nothing else.
pub fn is_unit_word(word: &str) -> bool {
    figure_of(&format!("1{word}"))
        .is_some_and(|figure| figure.number == Number::ONE && figure.above == [word] && figure.below.is_empty())
}

/// The tokens of an expression, an `End` last; `is_unit` knows the units declared. Faults are added to `diagnostics`.
pub fn tokens(snippet: &Snippet, is_unit: &dyn Fn(&str) -> bool, diagnostics: &mut Vec<Diagnostic>) -> Vec<Placed> {
    let text = snippet.text.as_str();
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let first = rest.chars().next().unwrap_or(' ');
        let start = at;
        if first.is_whitespace() {
            at += first.len_utf8();
            continue;
        }
        if first.is_ascii_digit() {
            let shaped: Vec<bool> = rest.chars().take(10).map(|c| c.is_ascii_digit()).collect();
            let dated = rest.as_bytes().get(4) == Some(&b'-')
                && rest.as_bytes().get(7) == Some(&b'-')
                && shaped.iter().filter(|&&digit| digit).count() == 8;
            if dated {
                at += 10;
                let written = rest.get(..10).unwrap_or("");
                match Day::parse(written) {
                    Some(day) => tokens.push((Token::Date(day), start..at)),
                    None => diagnostics.push(
                        BAD_DATE
                            .at(snippet.span(&(start..at)), Text::new("日历中没有这一天", "not in the calendar"))
                            .help(Text::new(
                                "日期写作 2024-03-01，1900 年至 2199 年",
                                "write dates as 2024-03-01, from 1900 to 2199",
                            )),
                    ),
                }
                continue;
            }
            let (found, length) = figure(rest, is_unit);
            at += length.max(1);
            match found {
                Some(figure) => tokens.push((Token::Figure(figure), start..at)),
                None => {
                    let of_clause = snippet.text.get(..start).is_some_and(|before| before.ends_with("clause."));
                    let label = Text::new("位数过多或小数点有误", "too many digits, or a misplaced point");
                    let diagnostic = BAD_NUMBER.at(snippet.span(&(start..at)), label);
                    diagnostics.push(diagnostic.help(of_clause.then(|| OF_CLAUSE.clone())));
                }
            }
            continue;
        }
        if first.is_ascii_alphabetic() || first == '_' {
            let name = take(rest, |c| c.is_ascii_alphanumeric() || c == '_');
            at += name.len();
            tokens.push((Token::Name(name.to_owned()), start..at));
            continue;
        }
        if first == '"' || first == '\'' {
            let inner = rest.get(1..).unwrap_or("");
            match inner.find(first) {
                Some(length) => {
                    at += length + 2;
                    tokens.push((Token::Text(inner.get(..length).unwrap_or("").to_owned()), start..at));
                }
                None => {
                    diagnostics
                        .push(OPEN_TEXT.at(snippet.span(&(start..text.len())), Text::new("从这里开始", "begins here")));
                    break;
                }
            }
            continue;
        }
        if first == ',' && splits_thousands(text, at) {
            let help = Text::new(
                "数字里不写逗号：`20000元`；分开各项的逗号后面空一格",
                "no comma in a number: `20000元`; behind one that parts two things leave a blank",
            );
            let label = Text::new("这是千分位，还是分开两项？", "thousands, or two things?");
            diagnostics.push(BAD_NUMBER.at(snippet.span(&(at..at + 1)), label).help(help));
            at += 1;
            continue;
        }
        if let Some((written, sign)) = SIGNS.iter().find(|(written, _)| rest.starts_with(written)) {
            at += written.len();
            tokens.push((Token::Sign(sign), start..at));
            continue;
        }
        // A run of strangers is one fault.
        let run = match meant(first) {
            Some(_) => take(rest, |c| c == first),
            None => take(rest, |c| !c.is_ascii() && !c.is_whitespace() && meant(c).is_none()),
        };
        at += run.len().max(first.len_utf8());
        let help = match meant(first) {
            Some(sign) => Text::made(format!("是否应为 `{sign}`？"), format!("did you mean `{sign}`?")),
            None if matches!(first, '０'..='９') => {
                let plain = folded(run);
                Text::made(format!("改用半角数字：`{plain}`"), format!("write plain digits: `{plain}`"))
            }
            None if run.starts_with("百分之") || "零一二三四五六七八九十两".contains(first) => {
                Text::new("数字用阿拉伯数字：`5万元`、`50%`", "figures are written in digits: `5万元`, `50%`")
            }
            None if matches!(first, ';' | '；') => Text::new("各项用逗号分开", "things are parted by commas"),
            None if matches!(first, '?' | ':' | '？' | '：') => {
                Text::new("分情形写 `if 条件 then 甲 else 乙`", "a choice is `if … then … else …`")
            }
            None if first == '^' => Text::new("没有乘方，写成连乘", "there are no powers: write the product"),
            None => Text::new(
                "名称用小写英文字母；单位紧跟在数字后面",
                "names are lower-case ASCII; a unit stands right behind its number",
            ),
        };
        diagnostics.push(STRANGE_CHARACTER.at(snippet.span(&(start..at)), Text::default()).help(help));
    }
    tokens.push((Token::End, text.len()..text.len()));
    tokens
}
