//! A conversation with an API as a text, run in process: what is asked, and what is expected of each reply.
//!
//! ```text
//! # A remark.
//! sms 15507898841 -> passcode
//! POST /Api/User/login phone=15507898841 json:password="abc12345" header:token=x cookie:token=x => 1000 登录成功
//!     data.authenticationState = 0
//!     data.token like "90a7575397a7b2cd74901e0c5c3e72d0ce2631"
//!     data.token -> token
//! force 1009 POST /Api/User/register => 1009 注册失败
//! HEAD /Api/User/exit_login?token=${token} => 1000
//! PUT /Api/User/login => http 405
//! POST /v1/login => http 401 BAD_LOGIN Wrong email or password
//! clock +11m
//! account 15507898841 freeze
//! account 15507898841 freeze => refused
//! account 15507898841 is 1
//! ```
//!
//! `cases/applications/FORMS.md` has the others. Without `code at` a reply's code is where the documents have it, and its
//! HTTP status is 200 unless the line says another.

mod line;
mod member;

use crate::talk::{Answer, Ask, Talk};
use docsim::behavior::account::lifecycle::OfficeAction;
use docsim::generation::Generation;
use docsim::json::Json;
use docsim::world::{Millis, parse_duration};
use line::{Part, json, json_or_text, plain, words};
use member::{Claim, at, beginning};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What was reached: an endpoint's title with the code that it answered.
pub(crate) type Reached = BTreeSet<(String, String)>;

pub(crate) struct Conversation {
    talk: Talk,
    names: BTreeMap<String, String>,
    /// Where the lines say that code and message are; the first that a reply has counts.
    code_at: Vec<String>,
    message_at: Option<String>,
    always: Vec<Part>,
    last: Last,
    /// What the last reply says beside its code.
    message: String,
    /// The line of the last request, with its number.
    asked: String,
    pub(crate) reached: Reached,
    pub(crate) forced: Reached,
    /// Each with the number of its line. What the office does to records is not among them.
    pub(crate) steps: Vec<(usize, Step)>,
    at: usize,
    pub(crate) count: Count,
}

/// How many lines there were that could go otherwise.
#[derive(Default)]
pub(crate) struct Count {
    pub(crate) passed: usize,
    /// Those that ask for what only the server has.
    pub(crate) skipped: usize,
    pub(crate) total: usize,
}

/// What was done, and what came of it.
pub(crate) enum Step {
    Sms { phone: String, passcode: String },
    Clock(Millis),
    Act { identity: String, action: OfficeAction, done: bool },
    Ask { ask: Ask, answer: Answer },
}

/// What the lines below a request are about.
#[derive(Default)]
enum Last {
    /// No endpoint answered.
    #[default]
    Nothing,
    /// A reply that only the server gives.
    Skipped,
    Empty,
    Body(Json),
}

/// What became of a line.
enum Went {
    /// It only says how the lines that follow are meant.
    Noted,
    Well,
    Skipped,
}

/// `http 401 40101 未登录`, `not 0`, `0 保存成功`.
struct Expected<'l> {
    http_status: Option<&'l str>,
    code: Option<&'l str>,
    other_code: bool,
    message: &'l str,
}

impl<'l> Expected<'l> {
    fn read(text: &'l str) -> Result<Self, String> {
        let split = |text: &'l str| text.split_once(' ').unwrap_or((text, ""));
        let (http_status, rest) = match text.strip_prefix("http ").map(split) {
            Some((status, rest)) => (Some(status), rest),
            None => (None, text),
        };
        let (other_code, rest) = rest.strip_prefix("not ").map_or((false, rest), |rest| (true, rest));
        let (code, message) = split(rest);
        let code = Some(code).filter(|code| !code.is_empty());
        if http_status.is_none() && code.is_none() {
            return Err("a request needs => and a code".to_owned());
        }
        Ok(Self { http_status, code, other_code, message })
    }
}

impl Conversation {
    pub(crate) fn new(generation: &Arc<Generation>) -> Self {
        Self::of_seed(generation, 1)
    }

    pub(crate) fn of_seed(generation: &Arc<Generation>, seed: u64) -> Self {
        Self {
            talk: Talk::of_seed(generation, seed),
            names: BTreeMap::new(),
            code_at: Vec::new(),
            message_at: None,
            always: Vec::new(),
            last: Last::default(),
            message: String::new(),
            asked: String::new(),
            reached: Reached::new(),
            forced: Reached::new(),
            steps: Vec::new(),
            at: 0,
            count: Count::default(),
        }
    }

    fn did(&mut self, step: Step) {
        self.steps.push((self.at, step));
    }

    /// All lines; those that went otherwise than they say.
    pub(crate) fn lines(&mut self, text: &str) -> Vec<String> {
        let mut failures = Vec::new();
        for (at, line) in text.lines().enumerate() {
            self.at = at + 1;
            let went = self.line(line.trim());
            self.count.total += usize::from(!matches!(went, Ok(Went::Noted)));
            match went {
                Ok(Went::Noted) => {}
                Ok(Went::Well) => self.count.passed += 1,
                Ok(Went::Skipped) => self.count.skipped += 1,
                Err(what) => failures.push(format!("{}: {}\n    {what}", self.at, line.trim())),
            }
        }
        failures
    }

    /// One line; what went otherwise than it says.
    fn line(&mut self, raw: &str) -> Result<Went, String> {
        if raw.is_empty() || raw.starts_with('#') {
            return Ok(Went::Noted);
        }
        let line = self.filled(raw)?;
        let (said, expected) = line.split_once(" => ").map_or((&*line, None), |(said, more)| (said, Some(more.trim())));
        let words = words(said);
        match words.as_slice() {
            ["code", "at", paths @ ..] => {
                let paths = paths.iter().filter(|word| **word != "or");
                self.code_at = paths.map(|path| (*path).to_owned()).collect();
                Ok(Went::Noted)
            }
            ["message", "at", path] => {
                self.message_at = Some((*path).to_owned());
                Ok(Went::Noted)
            }
            ["let", name, value] => {
                self.names.insert((*name).to_owned(), plain(value).to_owned());
                Ok(Went::Noted)
            }
            ["always", parts @ ..] => {
                self.always = parts.iter().map(|word| Part::read(word)).collect::<Result<_, _>>()?;
                Ok(Went::Noted)
            }
            ["sms", phone, "->", name] => {
                let passcode = self.talk.sms(phone);
                self.did(Step::Sms { phone: (*phone).to_owned(), passcode: passcode.clone() });
                self.names.insert((*name).to_owned(), passcode);
                Ok(Went::Well)
            }
            ["inbox", phone, "->", name] => {
                let newest = self.talk.inbox(phone);
                self.take(name, newest.ok_or_else(|| format!("nothing was sent to {phone}")))
            }
            ["clock", by] => {
                let by = by.strip_prefix('+').ok_or("time only goes on")?;
                let by = parse_duration(by).map_err(|error| format!("{error:?}"))?;
                self.talk.advance(by);
                self.did(Step::Clock(by));
                Ok(Went::Well)
            }
            ["account", identity, "is", status] => {
                let found = self.talk.status(identity).unwrap_or_default();
                same(&found, status).map(|()| Went::Well)
            }
            ["account", identity, action] => self.act(identity, action, expected),
            ["record", noun, id, values @ ..] => {
                let value = |word: &&str| {
                    let (name, value) = word.split_once('=').ok_or_else(|| format!("no = in {word}"))?;
                    Ok((name.to_owned(), json_or_text(value)))
                };
                let fields = values.iter().map(value).collect::<Result<Vec<_>, String>>()?;
                self.talk.edit_record(noun, id, &fields).map(|()| Went::Well)
            }
            ["header", _, "contains", ..] => Ok(Went::Skipped),
            ["force", code, method, target] => self.force(code, method, target, expected.unwrap_or_default()),
            [method, target, values @ ..] if method.bytes().all(|byte| byte.is_ascii_uppercase()) => {
                // The address of a file: if no endpoint has it, the server may.
                let is_address = raw.strip_prefix("GET ${").is_some_and(|rest| {
                    rest.split(' ').next().is_some_and(|name| name.find('}') == Some(name.len() - 1))
                });
                self.asked = format!("{}: {line}", self.at);
                let parts = values.iter().map(|word| Part::read(word)).collect::<Result<Vec<_>, _>>()?;
                let mut all: Vec<Part> = self.always.clone();
                all.retain(|part| !parts.iter().any(|own| own.is_in_place_of(part)));
                all.extend(parts);
                let ask = line::ask(method, target, &all)?;
                self.request(&ask, expected.unwrap_or_default(), is_address)
            }
            [path, rest @ ..] => {
                let went = self.below(path, rest, &said[path.len()..]);
                went.map_err(|what| format!("{what}\n    to {}", self.asked))
            }
            [] => Ok(Went::Noted),
        }
    }

    fn filled(&self, line: &str) -> Result<String, String> {
        let mut filled = String::new();
        let mut rest = line;
        while let Some((before, after)) = rest.split_once("${") {
            let (name, more) = after.split_once('}').ok_or("a name without }")?;
            filled += before;
            filled += self.names.get(name).ok_or_else(|| format!("nothing is called {name}"))?;
            rest = more;
        }
        Ok(filled + rest)
    }

    /// Gives a name to a value; where there is none, the name must not go on standing for an older one.
    fn take(&mut self, name: &str, value: Result<String, String>) -> Result<Went, String> {
        self.names.remove(name);
        self.names.insert(name.to_owned(), value?);
        Ok(Went::Well)
    }

    fn act(&mut self, identity: &str, action: &str, expected: Option<&str>) -> Result<Went, String> {
        let action = OfficeAction::parse(action).ok_or("no such action")?;
        let done = self.talk.act(identity, action);
        self.did(Step::Act { identity: identity.to_owned(), action, done: done.is_ok() });
        match (done, expected) {
            (Ok(()), None) | (Err(_), Some("refused")) => Ok(Went::Well),
            (Ok(()), Some(_)) => Err("it was not refused".to_owned()),
            (Err(reason), _) => Err(reason),
        }
    }

    fn request(&mut self, ask: &Ask, expected: &str, is_address: bool) -> Result<Went, String> {
        self.last = Last::Nothing;
        let answer = self.talk.ask(ask);
        self.did(Step::Ask { ask: ask.clone(), answer: answer.clone() });
        match answer {
            Answer::Reply { endpoint, refused, http_status, changes, body } => {
                let found = self.reply(endpoint, &body)?;
                if (refused.is_some() || ask.method == "HEAD") && changes > 0 {
                    return Err(format!("{changes} changes"));
                }
                let mut wanted = Expected::read(expected)?;
                if self.code_at.is_empty() {
                    wanted.http_status.get_or_insert("200");
                    if let Some(code) = refused {
                        same(&found.1, &code)?;
                    }
                }
                self.reached.insert(found.clone());
                self.outcome(&http_status.to_string(), &found.1, &body, &wanted)
            }
            Answer::WrongMethod(_) => same("http 405", expected).map(|()| Went::Well),
            Answer::NotFound if is_address => {
                self.last = Last::Skipped;
                Ok(Went::Skipped)
            }
            Answer::NotFound => same("http 404", expected).map(|()| Went::Well),
        }
    }

    /// A documented reply asked for by its code.
    fn force(&mut self, code: &str, method: &str, target: &str, expected: &str) -> Result<Went, String> {
        let Answer::Reply { endpoint, .. } = self.talk.ask(&Ask::new(method, target, &[])) else {
            return Err("no such endpoint".to_owned());
        };
        let forced = &self.talk.generation.model.behaviors[endpoint].forced;
        let (_, reply) = forced.iter().find(|(name, _)| name == code).ok_or("no such reply")?;
        let mut body = Vec::new();
        reply.body.render(&mut body, |_, example, out| example.write(out));
        let body = String::from_utf8(body).map_err(|error| error.to_string())?;
        let found = self.reply(endpoint, &body)?;
        self.forced.insert(found.clone());
        self.outcome("200", &found.1, &body, &Expected::read(expected)?)
    }

    /// Remembers a reply for the lines that follow; the endpoint's title and the reply's code.
    fn reply(&mut self, endpoint: usize, body: &str) -> Result<(String, String), String> {
        let body = if body.is_empty() { None } else { Some(json(body)?) };
        let endpoint = &self.talk.generation.set.endpoints[endpoint];
        let envelope = self.talk.generation.set.envelope(endpoint);
        let code = body.as_ref().and_then(|body| {
            if self.code_at.is_empty() {
                return envelope.code_of(body).map(|(_, code)| code);
            }
            self.code_at.iter().find_map(|path| at(body, path)?.scalar_text())
        });
        let message = body.as_ref().and_then(|body| match &self.message_at {
            Some(path) => at(body, path)?.scalar_text(),
            None => envelope.message_of(body).map(|(_, text)| text),
        });
        self.message = message.unwrap_or_default().to_owned();
        let found = (endpoint.title.clone(), code.unwrap_or_default().to_owned());
        self.last = body.map_or(Last::Empty, Last::Body);
        Ok(found)
    }

    fn outcome(&self, http_status: &str, code: &str, body: &str, wanted: &Expected<'_>) -> Result<Went, String> {
        let message = &self.message;
        let code_holds = wanted.code.is_none_or(|wanted_code| (wanted_code == code) != wanted.other_code);
        let status_holds = wanted.http_status.is_none_or(|wanted| wanted == http_status);
        if code_holds && status_holds && (wanted.message.is_empty() || wanted.message == *message) {
            return Ok(Went::Well);
        }
        let status = wanted.http_status.map_or(String::new(), |status| format!("http {status} "));
        let not = if wanted.other_code { "not " } else { "" };
        let (code_wanted, message_wanted) = (wanted.code.unwrap_or_default(), wanted.message);
        Err(format!(
            "expected {status}{not}{code_wanted} {message_wanted}\n    found    http {http_status} {code} {message}\n    in {}",
            beginning(body)
        ))
    }

    /// What a line below a request says of the reply.
    fn below(&mut self, path: &str, words: &[&str], text: &str) -> Result<Went, String> {
        let claim = Claim::read(words, text).transpose()?;
        let body = match &self.last {
            Last::Skipped => return Ok(Went::Skipped),
            Last::Nothing => return Err("there is no reply".to_owned()),
            Last::Empty => None,
            Last::Body(body) => Some(body),
        };
        match (claim, words, body) {
            (None, ["empty"], None) if path == "reply" => Ok(Went::Well),
            (None, ["empty"], Some(body)) if path == "reply" => {
                Err(format!("found    {}", beginning(&body.to_string())))
            }
            (Some(_), _, None) | (None, ["->", _], None) => Err("the reply is empty".to_owned()),
            (Some(claim), _, Some(body)) => claim.holds(body, path).map(|()| Went::Well),
            (None, ["->", name], Some(body)) => {
                let value = at(body, path).and_then(Json::scalar_text);
                let value = value.map(str::to_owned);
                let value = value.ok_or_else(|| format!("no value {path} in {}", beginning(&body.to_string())));
                self.take(name, value)
            }
            _ => Err("no such form of line".to_owned()),
        }
    }
}

fn same(found: &str, wanted: &str) -> Result<(), String> {
    if found == wanted { Ok(()) } else { Err(format!("expected {wanted}\n    found    {found}")) }
}
