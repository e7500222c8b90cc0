//! The forms of single pieces, one nom parser each. They know no position: whether a form is meant is asked elsewhere.

use nom::branch::alt;
use nom::bytes::complete::{tag, take_until, take_while, take_while_m_n, take_while1};
use nom::character::complete::{char, digit1, one_of};
use nom::combinator::{map, opt, recognize, value};
use nom::{IResult, Parser};

pub(super) const BOM: char = '\u{feff}';

/// The two kinds of container, by their brackets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Bracket {
    Brace,
    Square,
}

impl Bracket {
    pub(super) fn opening(self) -> char {
        match self {
            Self::Brace => '{',
            Self::Square => '[',
        }
    }

    pub(super) fn closing(self) -> char {
        match self {
            Self::Brace => '}',
            Self::Square => ']',
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    Open(Bracket),
    Close(Bracket),
    Comma,
    Colon,
}

/// A structural mark, also in its full-width form.
pub(super) fn mark(c: char) -> Option<Mark> {
    Some(match c {
        '{' | '｛' => Mark::Open(Bracket::Brace),
        '}' | '｝' => Mark::Close(Bracket::Brace),
        '[' | '［' => Mark::Open(Bracket::Square),
        ']' | '］' => Mark::Close(Bracket::Square),
        ',' | '，' => Mark::Comma,
        ':' | '：' => Mark::Colon,
        _ => return None,
    })
}

impl Mark {
    pub(super) fn ascii(self) -> char {
        match self {
            Self::Open(bracket) => bracket.opening(),
            Self::Close(bracket) => bracket.closing(),
            Self::Comma => ',',
            Self::Colon => ':',
        }
    }
}

/// Unicode white space and what is as invisible: people paste from web pages.
pub(super) fn is_blank(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{200b}'..='\u{200d}' | '\u{2060}' | BOM)
}

pub(super) fn blanks(text: &str) -> IResult<&str, &str> {
    take_while(is_blank).parse(text)
}

/// `text` after the blanks on this line.
pub(super) fn after_line_blanks(text: &str) -> &str {
    text.trim_start_matches(|c| c != '\n' && is_blank(c))
}

/// Whether nothing more stands on this line.
pub(super) fn at_line_end(text: &str) -> bool {
    let rest = after_line_blanks(text);
    rest.is_empty() || rest.starts_with('\n')
}

/// A scalar of RFC 8259 that is no string.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scalar<'t> {
    Null,
    Bool(bool),
    Number(&'t str),
}

pub(super) fn scalar(text: &str) -> IResult<&str, Scalar<'_>> {
    alt((
        value(Scalar::Null, tag("null")),
        value(Scalar::Bool(true), tag("true")),
        value(Scalar::Bool(false), tag("false")),
        map(number, Scalar::Number),
    ))
    .parse(text)
}

fn number(text: &str) -> IResult<&str, &str> {
    let whole = alt((tag("0"), digit1));
    let fraction = (char('.'), digit1);
    let exponent = (one_of("eE"), opt(one_of("+-")), digit1);
    recognize((opt(char('-')), whole, opt(fraction), opt(exponent))).parse(text)
}

/// `...`, `……` and their like, for what was left out.
pub(super) fn ellipsis(text: &str) -> IResult<&str, &str> {
    let (_, dot) = one_of(".…⋯·。").parse(text)?;
    let least = match dot {
        '…' | '⋯' => 1,
        '.' => 2,
        _ => 3,
    };
    take_while_m_n(least, usize::MAX, |c| c == dot).parse(text)
}

/// `=>` or `=`, where others write a colon.
pub(super) fn arrow(text: &str) -> IResult<&str, &str> {
    alt((tag("=>"), tag("="))).parse(text)
}

/// A name that needs no quotes elsewhere, as in scripts.
pub(super) fn identifier(text: &str) -> IResult<&str, &str> {
    take_while1(|c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '$' | '-' | '.')).parse(text)
}

/// `// …`, `# …` or, with one slash too few, `/ …`, up to the end of the line.
pub(super) fn line_comment(text: &str) -> IResult<&str, &str> {
    recognize((alt((tag("//"), tag("／／"), tag("#"), tag("/"))), take_while(|c| c != '\n'))).parse(text)
}

pub(super) fn block_comment(text: &str) -> IResult<&str, &str> {
    recognize((tag("/*"), take_until("*/"), tag("*/"))).parse(text)
}

/// What a comment says, without the signs that make it one.
pub(super) fn comment_text(whole: &str) -> String {
    let Some(block) = whole.strip_prefix("/*") else {
        return whole.trim_start_matches(['/', '／', '#']).trim_matches(is_blank).to_owned();
    };
    let lines = block.strip_suffix("*/").unwrap_or(block).lines();
    let lines = lines.map(|line| line.trim_matches(|c| c == '*' || is_blank(c))).filter(|line| !line.is_empty());
    lines.collect::<Vec<_>>().join("\n")
}

/// What follows the backslash: `None` where that is no escape of JSON or names no character. Consumes what is to be replaced.
pub(super) fn escape(text: &str) -> IResult<&str, Option<char>> {
    let simple = alt((
        value('"', char('"')),
        value('\\', char('\\')),
        value('/', char('/')),
        value('\u{8}', char('b')),
        value('\u{c}', char('f')),
        value('\n', char('n')),
        value('\r', char('r')),
        value('\t', char('t')),
    ));
    alt((map(simple, Some), unicode_escape)).parse(text)
}

/// `u4e2d`, or two of them for a character beyond 16 bits.
fn unicode_escape(text: &str) -> IResult<&str, Option<char>> {
    let (after_first, high) = code_unit(text)?;
    if let Some(single) = char::from_u32(high) {
        return Ok((after_first, Some(single)));
    }
    if let Ok((rest, (_, low))) = (char('\\'), code_unit).parse(after_first)
        && (0xd800..0xdc00).contains(&high)
        && (0xdc00..0xe000).contains(&low)
    {
        return Ok((rest, char::from_u32(0x1_0000 + ((high - 0xd800) << 10) + (low - 0xdc00))));
    }
    Ok((after_first, None))
}

fn code_unit(text: &str) -> IResult<&str, u32> {
    let (rest, (_, digits)) = (char('u'), take_while_m_n(4, 4, |c: char| c.is_ascii_hexdigit())).parse(text)?;
    Ok((rest, u32::from_str_radix(digits, 16).unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_ends_where_the_standard_ends_it() {
        for (text, rest) in [("1.10,", ","), ("-0.5e-3}", "}"), ("007", "07"), ("1.", "."), ("2e", "e")] {
            assert_eq!(scalar(text).unwrap().0, rest, "{text}");
        }
        assert!(scalar("+1").is_err());
    }

    #[test]
    fn an_escape_may_take_two_halves() {
        assert_eq!(escape("ud83d\\ude00!"), Ok(("!", Some('😀'))));
        assert_eq!(escape("ud83d!"), Ok(("!", None)), "half a character");
        assert_eq!(escape("u4e2d"), Ok(("", Some('中'))));
        assert!(escape("x").is_err());
        assert!(escape("u12").is_err());
    }

    #[test]
    fn a_comment_is_its_words() {
        assert_eq!(comment_text("//状态 0:正常\r"), "状态 0:正常");
        assert_eq!(comment_text("/** 状态\n  * 0 正常\n  */"), "状态\n0 正常");
        assert_eq!(comment_text("/ 大棚位置"), "大棚位置");
        assert_eq!(comment_text("## 标题"), "标题");
    }

    #[test]
    fn an_ellipsis_is_dots_of_one_kind() {
        for (text, rest) in [("......,", ","), ("……", ""), ("...更多", "更多")] {
            assert_eq!(ellipsis(text).unwrap().0, rest, "{text}");
        }
        assert!(ellipsis(".5").is_err());
    }
}
