//! Whether one reply of a real server is one that the documents have.
//!
//! In: a generation, an endpoint, a reply. Out: how it differs, each difference with its place in the documents and with
//! how plainly they say so. Knows neither what was asked nor what would have been right: only what replies may look like.
//!
//! An example shows form, not values: types and members count, and of the values only codes, messages and what says how the
//! call went. Nothing (`null`, `""`, an empty list) may stand where something could be.

pub mod handed;
mod shape;
mod values;
mod words;

use crate::behavior::collection::Initial;
use crate::client::Reply;
use crate::generation::Generation;
use crate::json::{Json, Step};
use crate::lexicon::Role;
use crate::scenario::ast::Basis;
use crate::scenario::run;
use crate::source::Place;
use crate::spec::{Endpoint, Example, SectionKind};
use std::fmt;
use std::sync::Arc;

/// One difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    pub kind: Kind,
    /// What the documents' word for it is worth.
    pub basis: Basis,
    /// The line of the documents that says otherwise.
    pub place: Place,
    /// Where in the reply: `$.data.token`, `HTTP status`.
    pub at: String,
    pub expected: String,
    pub got: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// It cannot be read as what the documents show.
    Body,
    HttpStatus,
    /// JSON that is not called so. No document says it: only beside the server's other replies it is odd.
    ContentType,
    Type,
    Missing,
    Extra,
    /// A code that the endpoint does not list.
    Code,
    /// Other words than the documents have for that code.
    Message,
    /// A member that says how the call went says another thing than the examples.
    Marker,
    /// A status that the documents' enumeration does not have.
    Value,
}

impl Kind {
    pub fn name(self) -> &'static str {
        match self {
            Self::Body => "body",
            Self::HttpStatus => "http-status",
            Self::ContentType => "content-type",
            Self::Type => "type",
            Self::Missing => "missing-member",
            Self::Extra => "extra-member",
            Self::Code => "code",
            Self::Message => "message",
            Self::Marker => "marker",
            Self::Value => "value",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The members that are null in examples of an endpoint's records which nobody has taken yet.
fn nobody(generation: &Generation, endpoint: usize) -> Vec<Arc<str>> {
    let model = &generation.model;
    let on = model.behaviors.get(endpoint).and_then(|behavior| behavior.record.as_ref());
    let Some(collection) = on.and_then(|on| model.collections.get(on.collection)) else { return Vec::new() };
    let shown = collection.taker.iter().flat_map(|taker| taker.shown.iter().map(|(key, _)| key));
    let empty =
        |key: &&Arc<str>| collection.field(key).is_some_and(|field| field.initial == Initial::Value(Json::Null));
    shown.filter(empty).cloned().collect()
}

/// How a reply differs from all that the endpoint's documents show; nothing where one of them fits.
pub fn check(generation: &Generation, endpoint: usize, reply: &Reply) -> Vec<Finding> {
    let documented = &generation.set.endpoints[endpoint];
    let mut found = Vec::new();
    let body = serde_json::from_slice::<serde_json::Value>(trimmed(&reply.body));
    let examples: Vec<&Example> = documented.successes().chain(documented.errors()).filter(|e| !e.is_table).collect();
    let Ok(body) = body else {
        // Without an example anything is right, and 204 has no body.
        let is_bare = reply.http_status == 204 && reply.body.is_empty();
        if !examples.is_empty() && !is_bare {
            found.push(Finding {
                kind: Kind::Body,
                basis: Basis::Stated,
                place: examples[0].place,
                at: "the body".to_owned(),
                expected: "JSON as in the example".to_owned(),
                got: format!("HTTP {} {}", reply.http_status, words::cut(&String::from_utf8_lossy(&reply.body))),
            });
        }
        return found;
    };
    let body = Json::from(&body);
    let outcome = run::outcome(generation, endpoint, reply);
    let kind = if outcome.is_success { SectionKind::Success } else { SectionKind::Error };
    http_status(generation, endpoint, kind, outcome.code.as_deref(), reply, &mut found);
    if kind == SectionKind::Error {
        words::code(generation, endpoint, outcome.code.as_deref(), &mut found);
    }
    words::message(generation, endpoint, kind, &body, outcome.code.as_deref(), &mut found);
    words::markers(generation, endpoint, kind, &body, &mut found);
    if kind == SectionKind::Success {
        values::statuses(generation, endpoint, &body, &mut found);
    }
    let own: Vec<&Example> = documented.examples(kind).filter(|example| !example.is_table).collect();
    let envelope = generation.set.envelope(documented);
    let of_code =
        |example: &&Example| envelope.code_of(&example.value).map(|(_, code)| code.to_owned()) == outcome.code;
    let mut alike: Vec<&Example> = own.iter().copied().filter(of_code).collect();
    if alike.is_empty() {
        alike = own;
    }
    if alike.is_empty() && kind == SectionKind::Error {
        // No error of this endpoint is shown: its neighbors' envelope holds for it, too.
        let others = generation.set.endpoints.iter().filter(|other| other.envelope == documented.envelope);
        alike = others.flat_map(Endpoint::errors).filter(|example| !example.is_table).take(4).collect();
    }
    let data = envelope.data.as_deref();
    let nobody = nobody(generation, endpoint);
    let differences =
        alike.iter().map(|example| shape::differences(example, &body, kind, data, &nobody, &generation.lexicon));
    if let Some(least) = differences.min_by_key(Vec::len) {
        found.extend(least.into_iter().map(|finding| secrets(generation, finding)));
    }
    found
}

/// A member more does no harm, unless it is a secret that no example shows.
fn secrets(generation: &Generation, mut finding: Finding) -> Finding {
    let name = finding.at.rsplit('.').next().unwrap_or_default();
    let role = generation.lexicon.role(name, "").map(|(role, _)| role);
    if finding.kind == Kind::Extra && role.is_some_and(Role::is_password) {
        finding.basis = Basis::Inferred;
    }
    finding
}

/// Without a byte order mark, as some servers send it.
fn trimmed(body: &[u8]) -> &[u8] {
    body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body)
}

/// A status that the documents give for this very code is meant; without one a success is 2xx, and a failure may be anything
/// but the server's own.
fn http_status(
    generation: &Generation,
    endpoint: usize,
    kind: SectionKind,
    code: Option<&str>,
    reply: &Reply,
    found: &mut Vec<Finding>,
) {
    let documented = &generation.set.endpoints[endpoint];
    let envelope = generation.set.envelope(documented);
    let is_alike = |example: &&Example| {
        let own = envelope.code_of(&example.value).map(|(_, code)| code);
        !example.is_table && (kind == SectionKind::Success || (own.is_some() && own == code))
    };
    let of = |endpoint: &Endpoint| -> Vec<(u16, Place)> {
        let examples = endpoint.examples(kind).filter(is_alike);
        examples.filter_map(|example| Some((example.http_status?, example.place))).collect()
    };
    let own = of(documented);
    let status = reply.http_status;
    let is_fine = (200..300).contains(&status);
    let place = documented.sections.iter().find(|section| section.kind == kind).map_or(documented.place, |s| s.place);
    if kind == SectionKind::Error && own.is_empty() {
        // A row of the endpoint's own table before those of the set's, and examples elsewhere.
        let in_table = |table: &crate::spec::CodeTable| {
            let rows = table.rows.iter().filter(|row| Some(&*row.code) == code);
            rows.filter_map(|row| Some((row.http_status?, row.place))).collect::<Vec<_>>()
        };
        let mut others = in_table(&documented.codes);
        if others.is_empty() {
            others = self::others(generation, of);
            others.extend(generation.set.tables.iter().flat_map(in_table));
        }
        let settled = match others.first() {
            // Wherever this failure is shown, it has that status.
            Some((first, _)) if others.iter().all(|(known, _)| known == first) => others.first().copied(),
            Some(_) => None,
            None => named_by_code(generation, code),
        };
        // Another reading of the endpoint's own words goes before.
        let checks = &generation.model.behaviors[endpoint].checks;
        let mut same = checks.iter().filter(|check| Some(&*check.reply.code) == code);
        let settled = settled.filter(|(wanted, _)| same.all(|check| check.reply.http_status == Some(*wanted)));
        if let Some((wanted, place)) = settled {
            if wanted != status {
                found.push(Finding {
                    kind: Kind::HttpStatus,
                    basis: Basis::Inferred,
                    place,
                    at: "the HTTP status".to_owned(),
                    expected: wanted.to_string(),
                    got: status.to_string(),
                });
            }
            return;
        }
    }
    if let Some((wanted, place)) = generation.model.of_all.http_status.filter(|_| own.is_empty()) {
        if wanted != status {
            found.push(Finding {
                kind: Kind::HttpStatus,
                basis: Basis::Stated,
                place,
                at: "the HTTP status".to_owned(),
                expected: wanted.to_string(),
                got: status.to_string(),
            });
        }
        return;
    }
    let elsewhere = || others(generation, of).iter().any(|(known, _)| *known == status);
    let (expected, basis, place) = match own.as_slice() {
        [] if kind == SectionKind::Success && is_fine && status != 200 && !elsewhere() => {
            // Who takes 200 for success alone does not take this.
            ("200".to_owned(), Basis::Convention, place)
        }
        [] if is_fine || elsewhere() => return,
        [] if kind == SectionKind::Success => ("2xx".to_owned(), Basis::Inferred, place),
        // No document says that a failure is 200; many servers answer it with a status of its own.
        [] if status < 500 => ("200".to_owned(), Basis::Convention, place),
        [] => ("200, not a failure of the server itself".to_owned(), Basis::Inferred, place),
        said if said.iter().any(|(known, _)| *known == status) => return,
        said => (said[0].0.to_string(), Basis::Stated, said[0].1),
    };
    found.push(Finding {
        kind: Kind::HttpStatus,
        basis,
        place,
        at: "the HTTP status".to_owned(),
        expected,
        got: status.to_string(),
    });
}

fn others(generation: &Generation, of: impl Fn(&Endpoint) -> Vec<(u16, Place)>) -> Vec<(u16, Place)> {
    generation.set.endpoints.iter().flat_map(of).collect()
}

/// Where the codes of failures are HTTP statuses, as all examples that say both have it, a code is the status.
fn named_by_code(generation: &Generation, code: Option<&str>) -> Option<(u16, Place)> {
    const ENOUGH: usize = 2;
    let wanted = code?.parse::<u16>().ok().filter(|code| (400..600).contains(code))?;
    let mut seen: Vec<(u16, Place)> = Vec::new();
    for endpoint in &generation.set.endpoints {
        let envelope = generation.set.envelope(endpoint);
        for example in endpoint.errors().filter(|example| !example.is_table) {
            let Some((status, (_, code))) = example.http_status.zip(envelope.code_of(&example.value)) else { continue };
            if code != status.to_string() {
                return None;
            }
            if !seen.iter().any(|(known, _)| *known == status) {
                seen.push((status, example.place));
            }
        }
    }
    (seen.len() >= ENOUGH).then(|| (wanted, seen[0].1))
}

/// `$.data.list[*].id`: items of a list are all alike.
fn path(steps: &[Step]) -> String {
    let mut text = "$".to_owned();
    for step in steps {
        match step {
            Step::Key(key) => {
                text.push('.');
                text.push_str(key);
            }
            Step::Index(_) => text.push_str("[*]"),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::behavior::Overrides;
    use crate::lexicon::Lexicon;
    use crate::source::Source;
    use crate::spec::Settings;
    use std::time::Duration;

    const DOCUMENT: &str = "## 登录\n+++\npost:/login\n*phone=手机号 #\n*password=密码 #\n<<<\nsuccess\n\
        {\"data\":{\"token\":\"ab\",\"n\":1,\"list\":[{\"id\":\"1\"}]},\"info\":\"登录成功\",\"code\":1000,\"state\":1}\n<<<\nerror\n\
        {\"data\":\"\",\"info\":\"密码错误\",\"code\":1010,\"state\":2}\n可能返回的错误:\n代号 错误\n1006 格式不正确\n\
        1010 账号或密码错误,请重试\n+++\n## 二\n+++\nget:/b\n<<<\nsuccess\n{\"data\":\"\",\"info\":\"成功\",\"code\":1000,\"state\":1}\n\
        <<<\nerror\n{\"data\":\"\",\"info\":\"未登录\",\"code\":999,\"state\":2}\n可能返回的错误:\n代号 错误\n999 未登录\n+++\n";

    fn check_reply(status: u16, body: &str, expected: &str) {
        let sources = vec![Source::new("a.md", DOCUMENT)];
        let generation = Generation::compile(sources, &Settings::default(), Lexicon::standard(), &Overrides::default());
        let reply =
            Reply { http_status: status, headers: Vec::new(), body: body.to_owned().into(), took: Duration::ZERO };
        let found = check(&generation, 0, &reply);
        let shown: Vec<String> = found
            .iter()
            .map(|finding| {
                format!(
                    "{} {} {} {} / {}",
                    finding.basis.name(),
                    finding.kind,
                    finding.at,
                    finding.expected,
                    finding.got
                )
            })
            .collect();
        assert_eq!(shown.join("; "), expected, "{body}");
    }

    #[test]
    fn values_are_free_and_forms_are_not() {
        let success = |data: &str| format!("{{\"data\":{data},\"info\":\"登录成功\",\"code\":1000,\"state\":1}}");
        check_reply(200, &success(r#"{"token":"other","n":7.5,"list":[]}"#), "");
        check_reply(
            200,
            &success(r#"{"token":null,"n":null,"list":[]}"#),
            "convention type $.data.token string / null",
        );
        check_reply(200, &success(r#"{"token":"x","n":1,"list":null}"#), "inferred type $.data.list list / null");
        check_reply(
            200,
            &success(r#"{"token":"x","n":"1","list":[{"id":7}]}"#),
            "stated type $.data.n number / string \"1\"; stated type $.data.list[*].id string / number 7",
        );
        check_reply(
            200,
            &success(r#"{"token":"x","n":1,"list":[],"more":1}"#),
            "convention extra-member $.data.more nothing / number 1",
        );
        check_reply(
            200,
            &success(r#"{"token":"x","n":1,"list":[],"password":"p"}"#),
            "inferred extra-member $.data.password nothing / string \"p\"",
        );
        check_reply(200, &success(r#"{"n":1,"list":[]}"#), "stated missing-member $.data.token string / nothing");
        check_reply(200, &success("\"\""), "stated missing-member $.data object / \"\"");
    }

    #[test]
    fn failures_are_those_that_are_listed_in_words_that_are_there() {
        let error = |info: &str, code: &str, state: &str| {
            format!("{{\"data\":\"\",\"info\":\"{info}\",\"code\":{code},\"state\":{state}}}")
        };
        check_reply(200, &error("密码错误", "1010", "2"), "");
        check_reply(200, &error("账号或密码错误", "1010", "2"), "");
        check_reply(200, &error("格式不正确", "1006", "2"), "");
        check_reply(400, &error("格式不正确", "1006", "2"), "convention http-status the HTTP status 200 / 400");
        check_reply(
            200,
            &error("别的", "1010", "2"),
            "stated message $.info 密码错误, or 账号或密码错误,请重试 / 别的",
        );
        check_reply(200, &error("密码错误", "1010", "1"), "stated marker $.state 2 / 1");
        check_reply(200, &error("未登录", "999", "2"), "inferred code $.code one of 1006, 1010 / 999");
        check_reply(200, &error("密码错误", "\"1010\"", "2"), "stated type $.code number / string \"1010\"");
        check_reply(404, "<html>", "stated body the body JSON as in the example / HTTP 404 <html>");
    }

    #[test]
    fn a_failure_has_the_status_that_it_has_everywhere() {
        let check = |text: &str, status: u16, code: u16, expected: &str| {
            let sources = vec![Source::new("a.md", text)];
            let lexicon = Lexicon::standard();
            let generation = Generation::compile(sources, &Settings::default(), lexicon, &Overrides::default());
            let body = format!("{{\"code\":{code},\"msg\":\"没有\"}}");
            let reply = Reply { http_status: status, headers: Vec::new(), body: body.into(), took: Duration::ZERO };
            let found = super::check(&generation, 0, &reply);
            let found: Vec<String> = found
                .iter()
                .filter(|finding| finding.kind == Kind::HttpStatus)
                .map(|finding| format!("{} {} / {}", finding.basis.name(), finding.expected, finding.got))
                .collect();
            assert_eq!(found.join("; "), expected, "{status} {code}");
        };
        let error = |status: &str, code: u16| format!("<<<\nerror\n{status}\n{{\"code\":{code},\"msg\":\"没有\"}}\n");
        let page = |own: &str, other: &str| {
            format!(
                "## 一\n+++\nget:/a\n<<<\nsuccess\n{{\"code\":0,\"msg\":\"ok\"}}\n{own}+++\n\
                 ## 二\n+++\nget:/b\n<<<\nsuccess\n{{\"code\":0,\"msg\":\"ok\"}}\n{other}+++\n"
            )
        };
        let elsewhere = page("", &error("404", 7));
        check(&elsewhere, 404, 7, "");
        check(&elsewhere, 400, 7, "inferred 404 / 400");
        let by_code = page(&error("404", 404), &error("401", 401));
        check(&by_code, 400, 404, "stated 404 / 400");
        check(&by_code, 403, 403, "");
        check(&by_code, 400, 403, "inferred 403 / 400");
        check(&page("", ""), 400, 7, "convention 200 / 400");
    }
}
