//! What stands around blocks and after examples: tables of codes, codes named in a quote, enumerations.

use super::{CodeRow, CodeTable, In, Param, Table, rows};
use crate::lexicon::{EnvelopeKey, Lexicon, Role};
use crate::source::{FileId, Place, Source};
use crate::syntax::ast::Row;
use crate::syntax::line;

/// Turns slices of one source into values with places.
#[derive(Clone, Copy)]
pub(super) struct Reader<'a> {
    pub(super) source: &'a Source,
    pub(super) file: FileId,
    pub(super) lexicon: &'a Lexicon,
}

impl Reader<'_> {
    pub(super) fn place(&self, piece: &str) -> Place {
        Place { file: self.file, span: self.source.span_of(piece) }
    }

    /// The rows of a Markdown table that lists codes: its header says so, or every first cell is a code and something
    /// announces them, or every first cell can be nothing else.
    pub(super) fn code_table(&self, rows: &[Row<'_>], announced: bool) -> Option<CodeTable> {
        let rows = &self.uncounted(rows)[..];
        let (header, body) = rows.split_first()?;
        // Without a header the first row is one of the others.
        let is_row = |row: &Row<'_>| row.cells.first().is_some_and(|cell| is_code(line::unquoted(cell)));
        let body = if is_row(header) && body.iter().all(is_row) { rows } else { body };
        let status = header.cells.iter().position(|cell| self.lexicon.is_nothing_but("http-status", cell));
        // `error.code` names the member that carries it.
        let names_codes = |cell: &str| {
            let member = cell.rsplit('.').next().unwrap_or(cell);
            self.lexicon.is_nothing_but("code-table", cell) || self.lexicon.is_nothing_but("code-table", member)
        };
        let titled = header.cells.iter().enumerate().position(|(at, cell)| Some(at) != status && names_codes(cell));
        // `| error | message |`: the head names the members of a reply that carry the two.
        let is_member =
            |kind: EnvelopeKey, cell: &str| self.lexicon.envelope_rank(kind, line::unquoted(cell)).is_some();
        let named = header.cells.iter().position(|cell| is_member(EnvelopeKey::Code, cell)).filter(|code| {
            let mut others = header.cells.iter().enumerate().filter(|(at, _)| at != code);
            others.any(|(_, cell)| is_member(EnvelopeKey::Message, cell))
        });
        let titled = titled.or(named.filter(|at| {
            let cells = body.iter().filter_map(|row| row.cells.get(*at)).map(|cell| line::unquoted(cell));
            lists_codes(cells.clone(), is_named_code) && cells.filter(|cell| is_named_code(cell)).count() > 1
        }));
        // `| reason | tip |` over names in capitals, whatever carries them is called; beside statuses in any letters.
        let by_name = || {
            let is_name = |cell: &str| is_capital(cell) || (status.is_some() && is_named_code(cell));
            let lists = |at: &usize| {
                let cells = || body.iter().filter_map(|row| row.cells.get(*at)).map(|cell| line::unquoted(cell));
                let latin = header.cells[*at].is_ascii() && !header.cells[*at].is_empty();
                let several = status.is_some() || cells().filter(|cell| is_name(cell)).count() > 1;
                let names = several && lists_codes(cells(), is_name);
                let names = names && cells().any(|cell| is_name(cell) && cell.contains('_'));
                let others = (0..header.cells.len()).filter(|other| other != at && Some(*other) != status);
                let mut texts =
                    others.flat_map(|other| body.iter().filter_map(move |row| row.cells.get(other).copied()));
                latin && names && self.tells_one(&mut texts)
            };
            (0..header.cells.len()).filter(|at| Some(*at) != status).find(lists)
        };
        let named_column = titled.is_none().then(by_name).flatten();
        let titled = titled.or(named_column).or(status);
        let status = status.filter(|at| Some(*at) != titled);
        let column = titled.unwrap_or(0);
        // Under its title, beside statuses and beside other codes in words, a code can be any word in capitals; where the head
        // names members, any word.
        let by_members = named_column.is_some() || named == Some(column);
        let cells = || body.iter().filter_map(|row| row.cells.get(column)).map(|cell| line::unquoted(cell));
        let in_words = cells().filter(|cell| is_code(cell) && is_capital(cell)).count() * 2 > body.len();
        let is_code = |cell: &str| {
            let bare = line::unquoted(cell);
            let told = status.is_some() || bare.len() < cell.len() || in_words;
            is_code(bare) || (told && is_capital(bare)) || (by_members && is_named_code(bare))
        };
        let codes = body.iter().filter(|row| row.cells.get(column).is_some_and(|cell| is_code(cell))).count();
        let telling =
            || body.iter().all(|row| row.cells.get(column).is_some_and(|cell| is_telling(line::unquoted(cell))));
        let texts = || body.iter().filter_map(|row| row.cells.get(1).copied());
        let known = || announced || telling() || self.tells_failures(texts());
        let untold = titled.is_none() && (codes < body.len() || !known());
        if codes == 0 || codes * 2 < body.len() || untold {
            return None;
        }
        let message = header.cells.iter().position(|cell| self.lexicon.is_nothing_but("message-column", cell));
        let message = message.filter(|at| *at != column && Some(*at) != status);
        let rows = body.iter().filter_map(|row| {
            let code = line::unquoted(row.cells.get(column).filter(|cell| is_code(cell))?);
            let texts = row.cells.iter().enumerate().filter(|(at, _)| *at != column && Some(*at) != status);
            let told: Vec<(usize, &str)> =
                texts.map(|(at, cell)| (at, *cell)).filter(|(_, cell)| !cell.is_empty()).collect();
            let (at, text) =
                told.iter().find(|(at, _)| Some(*at) == message).or(told.first()).copied().unwrap_or_default();
            let others = told.iter().filter(|(other, _)| *other != at).map(|(_, cell)| *cell);
            let when = others.collect::<Vec<_>>().join("；");
            let http_status =
                status.and_then(|at| row.cells.get(at)?.parse().ok()).filter(|told| (100..600).contains(told));
            Some(CodeRow { code: code.into(), text: text.to_owned(), when, http_status, place: self.place(row.line) })
        });
        Some(CodeTable::new(rows.collect()))
    }

    /// The headers that a line speaks of, if it speaks of headers: `其余接口都要在请求头里带 X-Auth-Token`,
    /// `请求头:token`; under a heading about headers, `token: 登录后获得`.
    pub(super) fn headers(&self, line: &str, under_heading: bool) -> Vec<Param> {
        let topic = self.lexicon.after("headers-heading", line);
        let scheme = scheme(line);
        // `All other endpoints need a token, sent as X-Token`.
        let sends_token = || {
            let says = self.lexicon.meaning(line).subjects.iter().any(|subject| subject == "token");
            says && self.lexicon.speaks_of("sent-as", line)
        };
        // A header that carries a scheme and a token says itself that it is one.
        let is_told = topic.is_some() || under_heading || sends_token();
        if !is_told && scheme.is_empty() {
            return Vec::new();
        }
        let is_sign = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        let words = line.split(|c: char| !is_sign(c)).filter(|word| !word.is_empty());
        let is_first = |word: &str| {
            let start = word.as_ptr() as usize - line.as_ptr() as usize;
            let marks = |between: &str| between.chars().all(|c| !c.is_alphanumeric());
            let told = line[start + word.len()..].trim_start().starts_with([':', '：', '=', '＝']);
            // `请求头带 token`, `header 里要放 sid`: a few words may stand before what is known to name a token.
            let is_token =
                || self.lexicon.role(word, "").is_some_and(|(role, points)| role == Role::Token && points >= 8);
            // A name in marks is a name: ``请求头带一个 `pz-key` ``.
            let is_marked = || {
                let before = line[..start].chars().next_back();
                let after = line[start + word.len()..].chars().next();
                let marked = |c: Option<char>| c.is_some_and(|c| "`\"'“”‘’「」".contains(c));
                word.starts_with(|c: char| c.is_ascii_alphabetic()) && marked(before) && (marked(after) || told)
            };
            let after_topic = || {
                topic.and_then(|end| line.get(end..start)).is_some_and(|between| {
                    let near = || between.chars().count() <= NEAR && !between.contains(['。', '；', ';', '，', ',']);
                    (marks(between) && !between.trim().is_empty()) || (near() && (is_token() || is_marked()))
                })
            };
            (under_heading && told && marks(&line[..start])) || after_topic()
        };
        let is_written_so = |word: &str| {
            let parts = || word.split('-');
            parts().count() >= 2 && parts().all(|part| part.starts_with(|c: char| c.is_ascii_uppercase()))
                || word.get(..2).is_some_and(|start| start.eq_ignore_ascii_case("x-") && word.len() > 3)
        };
        // `ticket 放在请求头里`: what stands right before the header, where nothing stands behind it.
        let before_topic = |word: &&str| {
            let end = word.as_ptr() as usize - line.as_ptr() as usize + word.len();
            let head = self.lexicon.word_of("headers-heading", line);
            let at = head.map(|head| head.as_ptr() as usize - line.as_ptr() as usize);
            let between = at.and_then(|at| line.get(end..at));
            let near = between.is_some_and(|between| {
                between.chars().count() <= NEAR && !between.contains(['。', '；', ';', '，', ','])
            });
            let known = self.lexicon.role(word, "").is_some_and(|(role, points)| role == Role::Token && points >= 8);
            near && known
        };
        let all: Vec<&str> = words.collect();
        let mut named: Vec<&str> = all
            .iter()
            .copied()
            .filter(|word| {
                let telling =
                    word.eq_ignore_ascii_case(TOKEN_HEADER) || (is_told && (is_written_so(word) || is_first(word)));
                telling && !self.lexicon.is_nothing_but("ordinary-headers", word)
            })
            .collect();
        let is_row = line.trim_start().starts_with('|');
        if named.is_empty() && topic.is_some() && (is_row || self.lexicon.speaks_of("sent-as", line)) {
            named.extend(all.iter().copied().filter(before_topic).take(1));
        }
        named
            .into_iter()
            .map(|name| Param {
                values: String::new(),
                name: name.to_owned(),
                location: In::Header,
                type_name: None,
                starred: false,
                default: None,
                description: scheme_words(scheme),
                label: String::new(),
                discriminates: false,
                listed: false,
                public: false,
                place: self.place(name),
            })
            .collect()
    }

    /// What carries a token among the headers of a request that a piece of code shows: `Authorization: Bearer <token>` below
    /// `Content-Type: application/json`. `said` is the line above it.
    pub(super) fn sent_headers(&self, said: &str, code: &str) -> Vec<Param> {
        let lines = || code.lines().map(str::trim).filter(|line| !line.is_empty());
        let is_sign = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        let name = |line: &'_ str| {
            let (name, _) = line.split_once(':')?;
            (!name.is_empty() && name.chars().all(is_sign)).then_some(name.len())
        };
        let names = || lines().map(|line| name(line).map(|end| &line[..end]));
        let known = |name: &str| {
            name.eq_ignore_ascii_case(TOKEN_HEADER) || self.lexicon.is_nothing_but("ordinary-headers", name)
        };
        let told = self.lexicon.speaks_of("headers-heading", said) || names().flatten().any(known);
        if !told || !names().all(|name| name.is_some()) {
            return Vec::new();
        }
        let is_token =
            |name: &str| self.lexicon.role(name, "").is_some_and(|(role, points)| role == Role::Token && points >= 8);
        let all = lines().flat_map(|line| self.headers(line, true));
        all.filter(|header| carries_token(header) || is_token(&header.name)).collect()
    }

    pub(super) fn table(&self, heading: Option<&str>, rows: &[Row<'_>]) -> Table {
        let place = match (rows.first(), rows.last()) {
            (Some(first), Some(last)) => {
                let span = self.source.span_of(first.line).to(self.source.span_of(last.line));
                Place { file: self.file, span }
            }
            _ => Place { file: self.file, ..Place::default() },
        };
        let cells = |row: &Row<'_>| row.cells.iter().map(|cell| rows::plain(cell).into_owned()).collect();
        let rows = self.uncounted(rows);
        Table { heading: heading.map(str::to_owned), caption: None, rows: rows.iter().map(cells).collect(), place }
    }

    /// The rows without a first column that only counts them.
    fn uncounted<'r>(&self, rows: &[Row<'r>]) -> Vec<Row<'r>> {
        let cells: Vec<Vec<&str>> = rows.iter().map(|row| row.cells.clone()).collect();
        let from = usize::from(rows::first_counts(&cells, self.lexicon));
        rows.iter().map(|row| Row { line: row.line, cells: row.cells.iter().skip(from).copied().collect() }).collect()
    }
}

const TOKEN_HEADER: &str = "authorization";

/// Whether a header is one for a token, by its name or by what is said of it.
pub(super) fn is_of_token(header: &Param, lexicon: &Lexicon) -> bool {
    let named = lexicon.role(&header.name, &header.label).is_some_and(|(role, _)| role == Role::Token);
    let said = || ["login-proof", "proof-of-login"].iter().any(|topic| lexicon.speaks_of(topic, &header.all_words()));
    named || said()
}

/// Whether prose speaks of a token in headers without a word on what it is called: `请求头中带入 token` beside a list of headers
/// with another name for it.
pub(super) fn is_bare_token(header: &Param, lexicon: &Lexicon) -> bool {
    let named = lexicon.role(&header.name, "").is_some_and(|(role, points)| role == Role::Token && points >= 8);
    named
        && header.label.is_empty()
        && header.description.is_empty()
        && header.name.bytes().all(|byte| byte.is_ascii_lowercase())
}

/// Whether a header is the one that carries tokens and nothing else.
pub(super) fn carries_token(header: &Param) -> bool {
    header.name.eq_ignore_ascii_case(TOKEN_HEADER)
}

/// The word that stands before a token in its header, as a line has it: `Authorization: Bearer 登录拿到的token`,
/// `Authorization: Token <token>`.
pub(crate) fn scheme(line: &str) -> &str {
    let found = line.as_bytes().windows(SCHEME.len()).position(|piece| piece.eq_ignore_ascii_case(SCHEME.as_bytes()));
    let bearer = found.and_then(|at| line.get(at..at + SCHEME.len()));
    bearer.or_else(|| other_scheme(line)).unwrap_or_default()
}

/// What is kept of it with the header: words from which it is known again.
pub(super) fn scheme_words(scheme: &str) -> String {
    let is_usual = scheme.is_empty() || scheme.eq_ignore_ascii_case(SCHEME);
    if is_usual { scheme.to_owned() } else { format!("{TOKEN_HEADER}: {scheme} <token>") }
}

/// Another word than the usual, between the header's name and a sign for the token.
fn other_scheme(line: &str) -> Option<&str> {
    let name = line
        .as_bytes()
        .windows(TOKEN_HEADER.len())
        .position(|piece| piece.eq_ignore_ascii_case(TOKEN_HEADER.as_bytes()))?;
    let behind = line.get(name + TOKEN_HEADER.len()..)?.trim_start_matches(['`', '"', '*', ' ']);
    let value = behind.strip_prefix([':', '：', '=', '＝'])?.trim_start_matches(['`', '"', '\'', ' ']);
    let end = value.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(value.len());
    let (word, rest) = value.split_at(end);
    let stands_for_token =
        rest.strip_prefix(' ').is_some_and(|rest| rest.trim_start().starts_with(['<', '{', '$', '[', '＜']));
    let is_word = word.len() > 1 && word.starts_with(|c: char| c.is_ascii_alphabetic());
    let is_other = OTHER_PROOFS.iter().any(|proof| word.eq_ignore_ascii_case(proof));
    (is_word && stands_for_token && !is_other).then_some(word)
}

const SCHEME: &str = "bearer";
/// Schemes of HTTP that carry no token.
const OTHER_PROOFS: [&str; 2] = ["basic", "digest"];

/// Characters between what speaks of headers and the name of one.
const NEAR: usize = 8;

/// `1006`, `-1`, `E1001`, `USER_NOT_FOUND`.
pub(super) fn is_code(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let number = !digits.is_empty() && digits.len() <= 10 && digits.bytes().all(|byte| byte.is_ascii_digit());
    let name = text.len() >= 3
        && text.starts_with(|c: char| c.is_ascii_uppercase())
        && text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
        && text.contains(|c: char| c == '_' || c.is_ascii_digit());
    number || name
}

/// Whether a column has codes: a row with other words there, or with none (`see below`), is no failure, and is the exception.
fn lists_codes<'c>(cells: impl Iterator<Item = &'c str>, is_code: impl Fn(&str) -> bool) -> bool {
    let (mut codes, mut others) = (0, 0);
    for cell in cells {
        let points = || cell.contains(char::is_whitespace) || !cell.chars().any(|c| c.is_ascii_alphanumeric());
        match is_code(cell) {
            true => codes += 1,
            false if points() => others += 1,
            false => return false,
        }
    }
    codes > 0 && others * 2 <= codes
}

/// A code as any word in Latin letters, or a number: `user_not_found`, `Auth.Expired`.
pub(super) fn is_named_code(text: &str) -> bool {
    let is_sign = |byte: u8| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte);
    is_code(text)
        || (text.len() > 2
            && text.starts_with(|c: char| c.is_ascii_alphabetic())
            && text.ends_with(|c: char| c.is_ascii_alphanumeric())
            && text.bytes().all(is_sign))
}

pub(super) fn is_capital(text: &str) -> bool {
    text.len() > 2 && text.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_')
}

/// A code that is unlikely to be a value of an enumeration.
pub(super) fn is_telling(code: &str) -> bool {
    code.len() > 2 && is_code(code)
}
