//! Conversations with the driver app's API, one situation a file (`cases/engine/*.txt`), in the words of whoever tests it;
//! and with documents in other manners, each beside its own (`cases/talks/*.md`, `*.txt`).
//!
//! ```text
//! # A remark.
//! sms 15507898841 -> passcode
//! POST /Api/User/login phone=15507898841 json:password="abc12345" header:token=x cookie:token=x => 1000 登录成功
//!     data.authenticationState = 0
//!     data.token like 90a7575397a7b2cd74901e0c5c3e72d0ce2631
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

use crate::talk::{Answer, Ask, Talk, case, driver_app, generation, read};
use docsim::behavior::lifecycle::OfficeAction;
use docsim::engine::request::Value;
use docsim::generation::Generation;
use docsim::json::Json;
use docsim::world::{Millis, parse_duration};
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

/// What was reached: an endpoint's title with the code that it answered.
type Reached = BTreeSet<(String, String)>;

pub(crate) struct Conversation {
    talk: Talk,
    names: BTreeMap<String, String>,
    last: Json,
    /// What the last reply says beside its code.
    message: String,
    reached: Reached,
    forced: Reached,
    /// Each with the number of its line.
    pub(crate) steps: Vec<(usize, Step)>,
    at: usize,
}

/// What was done, and what came of it.
pub(crate) enum Step {
    Sms { phone: String, passcode: String },
    Clock(Millis),
    Act { identity: String, action: OfficeAction, done: bool },
    Ask { ask: Ask, answer: Answer },
}

impl Conversation {
    pub(crate) fn new(generation: &Arc<Generation>) -> Self {
        Self::of_seed(generation, 1)
    }

    pub(crate) fn of_seed(generation: &Arc<Generation>, seed: u64) -> Self {
        Self {
            talk: Talk::of_seed(generation, seed),
            names: BTreeMap::new(),
            last: Json::Null,
            message: String::new(),
            reached: Reached::new(),
            forced: Reached::new(),
            steps: Vec::new(),
            at: 0,
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
            if let Err(what) = self.line(line) {
                failures.push(format!("{}: {}\n    {what}", self.at, line.trim()));
            }
        }
        failures
    }

    /// One line; what went otherwise than it says.
    fn line(&mut self, line: &str) -> Result<(), String> {
        let line = self.filled(line.trim())?;
        let (said, expected) = line.split_once(" => ").map_or((&*line, None), |(said, more)| (said, Some(more.trim())));
        let words = words(said);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        match words.as_slice() {
            [] => Ok(()),
            [first, ..] if first.starts_with('#') => Ok(()),
            ["sms", phone, "->", name] => {
                let passcode = self.talk.sms(phone);
                self.did(Step::Sms { phone: (*phone).to_owned(), passcode: passcode.clone() });
                self.names.insert((*name).to_owned(), passcode);
                Ok(())
            }
            ["clock", by] => {
                let by = by.strip_prefix('+').ok_or("time only goes on")?;
                let by = parse_duration(by).map_err(|error| format!("{error:?}"))?;
                self.talk.advance(by);
                self.did(Step::Clock(by));
                Ok(())
            }
            ["account", identity, "is", status] => {
                let found = self.talk.status(identity).unwrap_or_default();
                same(&found, status)
            }
            ["account", identity, action] => self.act(identity, action, expected),
            [path, "=", ..] => self.member(path, said.split_once(" = ").map_or("", |(_, value)| value)),
            [path, "like", example] => self.like(path, example),
            [path, "->", name] => {
                let text = self.text_at(path)?;
                self.names.insert((*name).to_owned(), text);
                Ok(())
            }
            ["force", code, method, target] => self.force(code, method, target, expected.unwrap_or_default()),
            [method, target, values @ ..] if method.bytes().all(|byte| byte.is_ascii_uppercase()) => {
                let ask = request(method, target, values)?;
                self.request(&ask, expected.unwrap_or_default())
            }
            _ => Err("no such form of line".to_owned()),
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

    fn act(&mut self, identity: &str, action: &str, expected: Option<&str>) -> Result<(), String> {
        let action = OfficeAction::parse(action).ok_or("no such action")?;
        let done = self.talk.act(identity, action);
        self.did(Step::Act { identity: identity.to_owned(), action, done: done.is_ok() });
        match (done, expected) {
            (Ok(()), None) | (Err(_), Some("refused")) => Ok(()),
            (Ok(()), Some(_)) => Err("it was not refused".to_owned()),
            (Err(reason), _) => Err(reason),
        }
    }

    fn request(&mut self, ask: &Ask, expected: &str) -> Result<(), String> {
        let answer = self.talk.ask(ask);
        self.did(Step::Ask { ask: ask.clone(), answer: answer.clone() });
        match answer {
            Answer::Reply { endpoint, refused, http_status, changes, body } => {
                if (refused.is_some() || ask.method == "HEAD") && changes > 0 {
                    return Err(format!("{changes} changes"));
                }
                // Without one, the HTTP status is 200.
                let status_and_code = expected.strip_prefix("http ").and_then(|rest| rest.split_once(' '));
                let (status, expected) = status_and_code.unwrap_or(("200", expected));
                same(&http_status.to_string(), status)?;
                let found = self.reply(endpoint, &body)?;
                if let Some(code) = refused {
                    same(&found.1, &code)?;
                }
                self.reached.insert(found.clone());
                self.outcome(&found.1, expected)
            }
            Answer::WrongMethod(_) => same("http 405", expected),
            Answer::NotFound => same("http 404", expected),
        }
    }

    /// A documented reply asked for by its code.
    fn force(&mut self, code: &str, method: &str, target: &str, expected: &str) -> Result<(), String> {
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
        self.outcome(&found.1, expected)
    }

    /// Remembers a reply for the lines that follow; the endpoint's title and the reply's code.
    fn reply(&mut self, endpoint: usize, body: &str) -> Result<(String, String), String> {
        let value: serde_json::Value = serde_json::from_str(body).map_err(|error| format!("{error} in {body}"))?;
        self.last = Json::from(&value);
        let endpoint = &self.talk.generation.set.endpoints[endpoint];
        let envelope = self.talk.generation.set.envelope(endpoint);
        let code = envelope.code_of(&self.last).map_or("", |(_, code)| code);
        self.message = envelope.message_of(&self.last).map_or("", |(_, text)| text).to_owned();
        Ok((endpoint.title.clone(), code.to_owned()))
    }

    fn outcome(&self, code: &str, expected: &str) -> Result<(), String> {
        let (wanted, message) = expected.split_once(' ').unwrap_or((expected, ""));
        let found = &self.message;
        if code == wanted && (message.is_empty() || message == found) {
            return Ok(());
        }
        Err(format!("answered {code} {found}"))
    }

    fn at(&self, path: &str) -> Result<&Json, String> {
        let member = path.split('.').try_fold(&self.last, |value, key| value.get(key));
        member.ok_or_else(|| format!("no {path} in {}", self.last))
    }

    fn text_at(&self, path: &str) -> Result<String, String> {
        let value = self.at(path)?;
        Ok(value.scalar_text().ok_or_else(|| format!("{path} is {value}"))?.to_owned())
    }

    /// Compared as JSON: `1` is not `"1"`.
    fn member(&self, path: &str, wanted: &str) -> Result<(), String> {
        same(&self.at(path)?.to_string(), wanted.trim())
    }

    /// As long, and of the same signs, but another.
    fn like(&self, path: &str, example: &str) -> Result<(), String> {
        let found = self.text_at(path)?;
        let hexadecimal = |text: &str| text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        let like = found.len() == example.len() && hexadecimal(&found) == hexadecimal(example) && found != example;
        if like { Ok(()) } else { Err(format!("{path} is {found}")) }
    }
}

fn same(found: &str, wanted: &str) -> Result<(), String> {
    if found == wanted { Ok(()) } else { Err(format!("found {found}")) }
}

/// Words apart by blanks, except between double quotes, which are dropped where they enclose a value after `=`.
fn words(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quoted = false;
    for sign in line.chars() {
        match sign {
            '"' if !line.contains("json:") => quoted = !quoted,
            ' ' if !quoted => words.push(String::new()),
            other => {
                if let Some(word) = words.last_mut() {
                    word.push(other);
                }
            }
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

fn request(method: &str, target: &str, values: &[&str]) -> Result<Ask, String> {
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let mut ask = Ask::new(method, path, &[]);
    let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    ask.query = pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    for word in values {
        let (name, value) = word.split_once('=').ok_or_else(|| format!("no = in {word}"))?;
        match name.split_once(':') {
            None => ask.put(name, value),
            Some(("query", name)) => ask.query.push((name.to_owned(), value.to_owned())),
            Some(("header", name)) => ask.headers.push((name.to_owned(), value.to_owned())),
            Some(("cookie", name)) => ask.headers.push(("Cookie".to_owned(), format!("a=b; {name}={value}"))),
            Some(("json", name)) => {
                let value: serde_json::Value = serde_json::from_str(value).map_err(|error| error.to_string())?;
                let value = match value {
                    serde_json::Value::String(text) => Value::Text(text.into()),
                    other => Value::Json(Json::from(&other)),
                };
                ask.body.push((name.to_owned(), value));
            }
            Some((place, _)) => return Err(format!("nothing is sent in {place}")),
        }
    }
    Ok(ask)
}

pub(crate) fn transcripts() -> Vec<PathBuf> {
    let folder = std::fs::read_dir(case("engine")).expect("the folder of transcripts");
    let mut paths: Vec<PathBuf> = folder.map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    assert!(paths.len() > 15, "{paths:?}");
    paths
}

/// Has every conversation with a document; what was reached, and by force.
fn converse(document: &str) -> (Reached, Reached) {
    let (mut reached, mut forced, mut failures) = (Reached::new(), Reached::new(), Vec::new());
    let generation = Arc::new(generation("api.md", document));
    for path in transcripts() {
        let mut conversation = Conversation::new(&generation);
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        failures.extend(conversation.lines(&read(&path)).into_iter().map(|failure| format!("{name}:{failure}")));
        reached.extend(conversation.reached);
        forced.extend(conversation.forced);
    }
    assert!(failures.is_empty(), "{} lines went otherwise:\n{}", failures.len(), failures.join("\n"));
    (reached, forced)
}

/// Only what the documents call a failure without a reason is out of reach; all else comes about by what is done.
fn reaches_every_documented_code(document: &str) {
    let (reached, forced) = converse(document);
    let generation = generation("api.md", document);
    let codes: BTreeSet<&str> = forced.iter().map(|(_, code)| code.as_str()).collect();
    assert_eq!((forced.len(), codes), (3, BTreeSet::from(["1009", "998"])));
    assert_eq!(forced.intersection(&reached).next(), None);
    let mut documented = Reached::new();
    for (endpoint, behavior) in generation.set.endpoints.iter().zip(&generation.model.behaviors) {
        let rows = endpoint.codes.rows.iter().chain(&endpoint.quoted).map(|row| row.code.to_string());
        let envelope = generation.set.envelope(endpoint);
        let examples = endpoint.successes().chain(endpoint.errors());
        let examples = examples.filter_map(|example| Some(envelope.code_of(&example.value)?.1.to_owned()));
        documented.extend(rows.chain(examples).map(|code| (endpoint.title.clone(), code)));
        for check in &behavior.checks {
            assert!(
                !forced.contains(&(endpoint.title.clone(), check.failure.code.to_string())),
                "{} {}",
                endpoint.title,
                check.failure.code
            );
        }
    }
    assert!(documented.len() > 30, "{documented:?}");
    let missed: Vec<_> = documented.iter().filter(|one| !reached.contains(one) && !forced.contains(one)).collect();
    assert!(missed.is_empty(), "{missed:?}");
}

#[test]
fn the_first_document_answers_as_its_author_means() {
    reaches_every_documented_code(&driver_app());
}

#[test]
fn the_documents_that_a_user_sees_first_answer_as_they_say() {
    reaches_every_documented_code(&read(concat!(env!("CARGO_MANIFEST_DIR"), "/api-docs/user.md")));
}

#[test]
fn documents_in_other_manners_answer_as_their_authors_mean() {
    let folder = std::fs::read_dir(case("talks")).expect("the folder of talks");
    let paths = folder.map(|entry| entry.expect("an entry").path());
    let talks: BTreeSet<PathBuf> = paths.filter(|path| path.extension().is_some_and(|end| end == "txt")).collect();
    assert!(talks.len() >= 3, "{talks:?}");
    for path in talks {
        let generation = Arc::new(generation("api.md", &read(path.with_extension("md"))));
        let failures = Conversation::new(&generation).lines(&read(&path));
        assert!(failures.is_empty(), "{}:\n{}", path.display(), failures.join("\n"));
    }
}

/// Where no star says what is required, who someone is and what proves it are required all the same.
#[test]
fn nobody_gets_in_with_half_of_it_where_no_star_says_what_is_required() {
    let document = driver_app().replace("\n*", "\n");
    let generation = Arc::new(generation("api.md", &document));
    let mut talk = Talk::new(&generation);
    let mut say = |path: &str, values: &[(&str, &str)]| match talk.ask(&Ask::new("POST", path, values)) {
        Answer::Reply { refused, .. } => refused,
        other => panic!("{other:?}"),
    };
    let doors: [(&str, &[(&str, &str)]); 3] = [
        ("/Api/User/register", &[("phone", "13800000001"), ("code", "123456"), ("password", "abc12345")]),
        ("/Api/User/login", &[("phone", "13800000001"), ("password", "abc12345")]),
        (
            "/Api/User/retrieve_password",
            &[("account", "13800000001"), ("phone_code", "123456"), ("new_password", "abc12345")],
        ),
    ];
    for (path, values) in doors {
        for left_out in 0..values.len() {
            let mut values = values.to_vec();
            let (name, _) = values.remove(left_out);
            assert!(say(path, &values).is_some(), "{path} without {name}");
        }
    }
}
