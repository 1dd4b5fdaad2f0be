//! Tokens to syntax.
//!
//! ```text
//! whole      = expression [ "where" expression ]
//! expression = or
//! or         = and { "or" and }
//! and        = not { "and" not }
//! not        = "not" not | comparison
//! comparison = sum [ ("==" | "!=" | "<" | "<=" | "≤" | ">" | ">=" | "≥") sum | ["not"] "in" ( name | "[" sum { "," sum } "]" ) ]
//! sum        = product { ("+" | "-") product }
//! product    = unary { ("*" | "×" | "/" | "÷") unary }
//! unary      = "-" unary | lookup
//! lookup     = primary { "[" expression "]" | "." name }
//! primary    = figure | date | text | "true" | "false" | "never" | name
//!            | name "(" [ expression { "," expression } ] [ "of" lookup ] [ "where" expression ] ")"
//!            | "own" name
//!            | ("highest" | "lowest") sum "of" lookup [ "where" expression ] "by" key { "," key }
//!            | "if" expression "then" expression "else" expression
//!            | "(" whole ")"
//! key        = [ "highest" | "lowest" ] sum
//! ```

use std::ops::Range;

use crate::diagnostic::{Code, Diagnostic, codes};
use crate::expr::lexer::{Placed, Token, is_keyword, tokens};
use crate::expr::snippet::Snippet;
use crate::expr::syntax::{Binary, By, Call, Part, Syntax, Unary};
use crate::lang::Text;
use crate::value::Day;

codes! {
    static UNEXPECTED: Code =
        Code::new("unexpected-token", "表达式在这里读不下去", "the expression cannot go on like this");
    pub(super) static TOO_DEEP: Code =
        Code::new("too-deep", "表达式嵌套过深或过长", "this expression is nested too deeply or too long");
    static CHAINED: Code = Code::new("chained-comparison", "比较不能连写", "comparisons cannot be chained");
}

/// Deeper than anything a person would write, and far from the end of the stack.
const DEEPEST: usize = 120;
/// The same for brackets, each of which takes the parser through every level of the grammar.
const MOST_BRACKETS: usize = 48;
/// Longer than any expression in a readable policy.
const LONGEST: usize = 16_000;

/// Reads an expression; `is_unit` knows the units declared. `None` where a fault was found; it is then among `diagnostics`.
pub fn parse(snippet: &Snippet, is_unit: &dyn Fn(&str) -> bool, diagnostics: &mut Vec<Diagnostic>) -> Option<Syntax> {
    if snippet.text.len() > LONGEST {
        let whole = snippet.span(&(0..snippet.text.len()));
        diagnostics.push(
            TOO_DEEP.at(whole, Text::default()).help(Text::new("用 let 分成几步", "split it into steps with `let`")),
        );
        return None;
    }
    let before = diagnostics.len();
    let tokens = tokens(snippet, is_unit, diagnostics);
    if diagnostics.len() > before {
        return None;
    }
    let mut parser = Parser { snippet, tokens, at: 0, depth: 0 };
    let parsed = parser.whole().and_then(|syntax| match parser.peek() {
        Token::End => Ok(syntax),
        _ => Err(parser.unexpected(&Text::new("表达式到此应已结束", "the expression should have ended here"))),
    });
    parsed.map_err(|diagnostic| diagnostics.push(*diagnostic)).ok()
}

/// What is written here in the manner of another language, by the token before and the one that nobody expects.
fn foreign(before: Option<&Token>, found: &Token) -> Option<Text> {
    let list = Text::new(
        "名单要说怎样合成一个数：`sum(cost of courses)`、`max(cost of courses)`；表格查一格写 `rate[degree]`",
        "of a list it is said what its records come to: `sum(cost of courses)`, `max(cost of courses)`; a cell of a table is \
         `rate[degree]`",
    );
    if matches!((before, found), (Some(Token::Sign("[")), Token::Sign("]"))) {
        return Some(list);
    }
    let word = |token: Option<&Token>| match token {
        Some(Token::Name(word)) => of_another_language(word),
        _ => None,
    };
    word(Some(found)).or_else(|| word(before))
}

fn of_another_language(word: &str) -> Option<Text> {
    match word.to_ascii_lowercase().as_str() {
        "for" | "each" | "foreach" => Some(Text::new(
            "逐条汇总写 `sum(cost of courses where heads > 3人)`",
            "over the records of a list: `sum(cost of courses where heads > 3人)`",
        )),
        "if" | "then" | "else" | "when" | "case" | "unless" | "elif" | "end" => Some(Text::new(
            "分情形写 `if 条件 then 甲 else 乙`，都用小写，`else` 不能省",
            "a choice is `if … then … else …`, in small letters, and `else` is never left out",
        )),
        "and" | "or" | "not" | "in" | "of" | "where" if word.contains(|c: char| c.is_ascii_uppercase()) => {
            let plain = word.to_ascii_lowercase();
            Some(Text::made(format!("写小写 `{plain}`"), format!("write it in small letters: `{plain}`")))
        }
        "is" | "equals" | "eq" => Some(Text::new("相等写 `==`", "equal is `==`")),
        "mod" | "div" | "pow" => Some(Text::new("没有这种运算", "there is no such operation")),
        _ => None,
    }
}

struct Parser<'a> {
    snippet: &'a Snippet,
    tokens: Vec<Placed>,
    at: usize,
    depth: usize,
}

type Parsed = Result<Syntax, Box<Diagnostic>>;

impl Parser<'_> {
    fn peek(&self) -> &Token {
        self.tokens.get(self.at).map_or(&Token::End, |(token, _)| token)
    }

    fn range(&self) -> Range<usize> {
        self.tokens.get(self.at).or(self.tokens.last()).map_or(0..0, |(_, range)| range.clone())
    }

    fn next(&mut self) -> Token {
        let token = self.peek().clone();
        self.at += 1;
        token
    }

    fn take_sign(&mut self, wanted: &str) -> bool {
        let found = matches!(self.peek(), Token::Sign(sign) if *sign == wanted);
        self.at += usize::from(found);
        found
    }

    fn take_word(&mut self, wanted: &str) -> bool {
        let found = matches!(self.peek(), Token::Name(name) if name == wanted);
        self.at += usize::from(found);
        found
    }

    fn unexpected(&self, wanted: &Text) -> Box<Diagnostic> {
        let range = self.range();
        let label = match self.peek() {
            Token::End => Text::made(format!("这里结束了；{}", wanted.zh), format!("it ends here; {}", wanted.en)),
            _ => wanted.clone(),
        };
        let before = self.at.checked_sub(1).and_then(|before| self.tokens.get(before)).map(|(token, _)| token);
        Box::new(UNEXPECTED.at(self.snippet.span(&range), label).help(foreign(before, self.peek())))
    }

    fn expect_sign(&mut self, wanted: &'static str) -> Result<(), Box<Diagnostic>> {
        if self.take_sign(wanted) {
            return Ok(());
        }
        Err(self.unexpected(&Text::made(format!("此处应有 `{wanted}`"), format!("`{wanted}` was wanted here"))))
    }

    fn expect_word(&mut self, wanted: &'static str) -> Result<(), Box<Diagnostic>> {
        if self.take_word(wanted) {
            return Ok(());
        }
        Err(self.unexpected(&Text::made(format!("此处应有 `{wanted}`"), format!("`{wanted}` was wanted here"))))
    }

    fn too_deep(&self, range: &Range<usize>) -> Box<Diagnostic> {
        let help = Text::new("用 let 分成几步", "split it into steps with `let`");
        Box::new(TOO_DEEP.at(self.snippet.span(range), Text::default()).help(help))
    }

    /// Puts a part together; its depth is one more than that of its deepest child.
    fn make(&self, part: Part, range: Range<usize>, below: usize) -> Parsed {
        let depth = below + 1;
        if depth > DEEPEST {
            return Err(self.too_deep(&range));
        }
        Ok(Syntax { part, range, depth })
    }

    fn expression(&mut self) -> Parsed {
        if self.depth >= MOST_BRACKETS {
            return Err(self.too_deep(&self.range()));
        }
        self.depth += 1;
        let parsed = self.chain(&[("or", Binary::Or)], Parser::and);
        self.depth -= 1;
        parsed
    }

    /// What stands by itself, or in brackets: an expression, or a list with what its records are like.
    fn whole(&mut self) -> Parsed {
        let left = self.expression()?;
        if !self.take_word("where") {
            return Ok(left);
        }
        let filter = self.expression()?;
        let (range, below) = (left.range.start..filter.range.end, left.depth.max(filter.depth));
        self.make(Part::Where(Box::new(left), Box::new(filter)), range, below)
    }

    /// `highest 2 of applications where fits by score, lowest applied_on`
    fn best(&mut self) -> Parsed {
        self.nested(|parser| {
            let word = parser.range();
            let start = word.start;
            let highest = parser.take_word("highest");
            parser.at += usize::from(!highest);
            let count = Box::new(parser.sum()?);
            parser.expect_word("of")?;
            let list = Box::new(parser.lookup()?);
            let filter = if parser.take_word("where") { Some(Box::new(parser.expression()?)) } else { None };
            parser.expect_word("by")?;
            let mut by: Vec<By> = Vec::new();
            while by.is_empty() || parser.take_sign(",") {
                let own = match parser.peek() {
                    Token::Name(name) if parser.begins_best(name) => Some(parser.range()),
                    _ => None,
                };
                let highest = if own.is_none() { highest } else { parser.take_word("highest") };
                parser.at += usize::from(own.is_some() && !highest);
                by.push(By { key: parser.sum()?, highest, word: own.unwrap_or_else(|| word.clone()) });
            }
            if matches!(parser.peek(), Token::Name(name) if name == "where") {
                let help = Text::new(
                    "先筛后取，写在 `by` 之前：`highest 2 of 名单 where … by …`；先取后筛，加括号：`(highest 2 of 名单 by …) where …`",
                    "the best of some: before `by`, `highest 2 of list where … by …`; some of the best: in brackets, \
                     `(highest 2 of list by …) where …`",
                );
                let label = Text::new("`where` 在这里有两种意思", "`where` could mean two things here");
                return Err(Box::new(UNEXPECTED.at(parser.snippet.span(&parser.range()), label).help(help)));
            }
            let end = by.last().map_or(start, |last| last.key.range.end);
            let parts = [&count, &list].into_iter().map(|part| &**part).chain(filter.as_deref()).chain(by.iter().map(|by| &by.key));
            let below = parts.map(|part| part.depth).max().unwrap_or(0);
            parser.make(Part::Best { count, list, filter, by }, start..end, below)
        })
    }

    /// Whether a name follows the next word.
    fn names_next(&self) -> bool {
        let next = self.tokens.get(self.at + 1).map(|(token, _)| token);
        matches!(next, Some(Token::Name(name)) if !is_keyword(name) && name != "by")
    }

    /// Whether a word begins `highest 2 of …`, and is no name: what follows is no operator.
    fn begins_best(&self, word: &str) -> bool {
        let next = self.tokens.get(self.at + 1).map(|(token, _)| token);
        matches!(word, "highest" | "lowest")
            && match next {
                Some(Token::Figure(_) | Token::Date(_) | Token::Text(_)) => true,
                Some(Token::Name(name)) if is_keyword(name) => {
                    matches!(name.as_str(), "true" | "false" | "never" | "if")
                }
                Some(Token::Name(name)) => name != "by",
                _ => false,
            }
    }

    fn and(&mut self) -> Parsed {
        self.chain(&[("and", Binary::And)], Parser::not)
    }

    /// One or more of the next tighter level with operators between them, from left to right.
    fn chain(&mut self, operators: &[(&str, Binary)], next: fn(&mut Self) -> Parsed) -> Parsed {
        let mut left = next(self)?;
        loop {
            let found = operators.iter().find(|(written, _)| match self.peek() {
                Token::Sign(sign) => sign == written,
                Token::Name(name) => name == written,
                _ => false,
            });
            let Some(&(_, operator)) = found else { return Ok(left) };
            self.at += 1;
            let right = next(self)?;
            let (range, below) = (left.range.start..right.range.end, left.depth.max(right.depth));
            left = self.make(Part::Binary(operator, Box::new(left), Box::new(right)), range, below)?;
        }
    }

    fn not(&mut self) -> Parsed {
        let start = self.range().start;
        if !self.take_word("not") {
            return self.comparison();
        }
        self.nested(|parser| {
            let inner = parser.not()?;
            let (range, below) = (start..inner.range.end, inner.depth);
            parser.make(Part::Unary(Unary::Not, Box::new(inner)), range, below)
        })
    }

    /// Guards a recursion that consumes one token a level.
    fn nested(&mut self, step: impl FnOnce(&mut Self) -> Parsed) -> Parsed {
        if self.depth >= MOST_BRACKETS {
            return Err(self.too_deep(&self.range()));
        }
        self.depth += 1;
        let parsed = step(self);
        self.depth -= 1;
        parsed
    }

    fn comparison(&mut self) -> Parsed {
        let left = self.sum()?;
        let operator = self.take_comparison();
        let Some(operator) = operator else { return self.membership(left) };
        let right = self.sum()?;
        let (range, below) = (left.range.start..right.range.end, left.depth.max(right.depth));
        let second = self.range();
        if self.take_comparison().is_some() {
            let help = Text::new("写成 `a <= x and x < b`", "write `a <= x and x < b`");
            return Err(Box::new(CHAINED.at(self.snippet.span(&second), Text::default()).help(help)));
        }
        self.make(Part::Binary(operator, Box::new(left), Box::new(right)), range, below)
    }

    fn take_comparison(&mut self) -> Option<Binary> {
        let Token::Sign(sign) = self.peek() else { return None };
        let operator = match *sign {
            "==" => Binary::Equal,
            "!=" => Binary::NotEqual,
            "<" => Binary::Less,
            "<=" => Binary::AtMost,
            ">" => Binary::Greater,
            ">=" => Binary::AtLeast,
            _ => return None,
        };
        self.at += 1;
        Some(operator)
    }

    fn membership(&mut self, left: Syntax) -> Parsed {
        let negated = self.take_word("not");
        if !self.take_word("in") {
            if negated {
                return Err(self.unexpected(&Text::new("此处应有 `in`", "`in` was wanted here")));
            }
            return Ok(left);
        }
        if let Token::Name(name) = self.peek().clone()
            && !is_keyword(&name)
        {
            let (own, below) = (self.range(), left.depth);
            self.at += 1;
            let range = left.range.start..own.end;
            return self.make(Part::Among(Box::new(left), name, own, negated), range, below);
        }
        self.expect_sign("[")?;
        let mut options = vec![self.sum()?];
        while self.take_sign(",") {
            options.push(self.sum()?);
        }
        let end = self.range().end;
        self.expect_sign("]")?;
        let below = options.iter().map(|option| option.depth).max().unwrap_or(0).max(left.depth);
        let range = left.range.start..end;
        self.make(Part::In(Box::new(left), options, negated), range, below)
    }

    fn sum(&mut self) -> Parsed {
        self.chain(&[("+", Binary::Add), ("-", Binary::Subtract)], Parser::product)
    }

    fn product(&mut self) -> Parsed {
        self.chain(&[("*", Binary::Multiply), ("/", Binary::Divide)], Parser::unary)
    }

    fn unary(&mut self) -> Parsed {
        let start = self.range().start;
        if !self.take_sign("-") {
            return self.lookup();
        }
        self.nested(|parser| {
            let inner = parser.unary()?;
            let (range, below) = (start..inner.range.end, inner.depth);
            parser.make(Part::Unary(Unary::Negate, Box::new(inner)), range, below)
        })
    }

    fn lookup(&mut self) -> Parsed {
        let mut left = self.primary()?;
        loop {
            if self.take_sign("[") {
                let index = self.expression()?;
                let end = self.range().end;
                self.expect_sign("]")?;
                let (range, below) = (left.range.start..end, left.depth.max(index.depth));
                left = self.make(Part::Index(Box::new(left), Box::new(index)), range, below)?;
            } else if self.take_sign(".") {
                let end = self.range().end;
                let wanted = Text::new("`.` 后面应是名称", "a name was wanted after `.`");
                // Behind a point even a keyword is a name: `window.to`, `reading.in`.
                let Token::Name(name) = self.peek().clone() else { return Err(self.unexpected(&wanted)) };
                self.at += 1;
                let (range, below) = (left.range.start..end, left.depth);
                left = self.make(Part::Member(Box::new(left), name), range, below)?;
            } else {
                return Ok(left);
            }
        }
    }

    fn primary(&mut self) -> Parsed {
        let range = self.range();
        let wanted = Text::new("此处应有数值、名称或括号", "a value, a name or a bracket was wanted here");
        let part = match self.peek() {
            Token::Figure(_) | Token::Date(_) | Token::Text(_) => match self.next() {
                Token::Figure(figure) => Part::Figure(figure),
                Token::Date(day) => Part::Date(day),
                Token::Text(text) => Part::Text(text),
                _ => return Err(self.unexpected(&wanted)),
            },
            Token::Sign("(") => {
                self.at += 1;
                let inner = self.whole()?;
                self.expect_sign(")")?;
                return Ok(inner);
            }
            Token::Name(name) => match name.as_str() {
                "true" => self.word(Part::Truth(true)),
                "false" => self.word(Part::Truth(false)),
                "never" => self.word(Part::Date(Day::NEVER)),
                "if" => return self.conditional(range.start),
                name if is_keyword(name) => return Err(self.unexpected(&wanted)),
                name if self.begins_best(name) => return self.best(),
                "own" if self.names_next() => {
                    self.at += 1;
                    let end = self.range().end;
                    let Token::Name(list) = self.next() else { return Err(self.unexpected(&wanted)) };
                    return self.make(Part::Own(list), range.start..end, 0);
                }
                name => {
                    let name = name.to_owned();
                    self.at += 1;
                    if self.take_sign("(") {
                        return self.call(name, range);
                    }
                    Part::Name(name)
                }
            },
            Token::Sign(_) | Token::End => return Err(self.unexpected(&wanted)),
        };
        self.make(part, range, 0)
    }

    fn word(&mut self, part: Part) -> Part {
        self.at += 1;
        part
    }

    fn conditional(&mut self, start: usize) -> Parsed {
        self.at += 1;
        let condition = self.expression()?;
        self.expect_word("then")?;
        let yes = self.expression()?;
        self.expect_word("else")?;
        let no = self.expression()?;
        let (range, below) = (start..no.range.end, condition.depth.max(yes.depth).max(no.depth));
        self.make(Part::If(Box::new(condition), Box::new(yes), Box::new(no)), range, below)
    }

    fn call(&mut self, name: String, name_range: Range<usize>) -> Parsed {
        let mut arguments = Vec::new();
        let at_end = |parser: &Self| matches!(parser.peek(), Token::Sign(")"));
        if !at_end(self) {
            arguments.push(self.expression()?);
            while self.take_sign(",") {
                arguments.push(self.expression()?);
            }
        }
        let of = if self.take_word("of") { Some(Box::new(self.lookup()?)) } else { None };
        let filter = if self.take_word("where") { Some(Box::new(self.expression()?)) } else { None };
        let end = self.range().end;
        self.expect_sign(")")?;
        let parts = arguments.iter().chain(of.as_deref()).chain(filter.as_deref());
        let below = parts.map(|part| part.depth).max().unwrap_or(0);
        let range = name_range.start..end;
        self.make(Part::Call(Call { name, name_range, arguments, of, filter }), range, below)
    }
}
