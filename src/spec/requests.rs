//! Examples of a request: a section that shows what is sent and not what comes back, a sample in the prose before a block.
//! Where nothing else lists the parameters, its members are they.

use super::{BodyForm, Endpoint, Example, In, Param, Section, SectionKind};
use crate::json::{Json, Step};
use crate::lexicon::Lexicon;
use crate::source::Place;
use crate::syntax::ast::Block;
use std::collections::HashSet;

/// Takes the sections that show the request out of an endpoint, and gives what they send.
pub(super) fn take(endpoint: &mut Endpoint, block: &Block<'_>, lexicon: &Lexicon) -> Vec<Param> {
    let sends: Vec<bool> = (0..endpoint.sections.len()).map(|at| is_request(endpoint, at, block, lexicon)).collect();
    if !sends.contains(&true) {
        return Vec::new();
    }
    let mut sent = Vec::new();
    let mut kept = Vec::new();
    for (at, section) in std::mem::take(&mut endpoint.sections).into_iter().enumerate() {
        if !sends[at] {
            kept.push(section);
            continue;
        }
        let elsewhere = where_sent(endpoint);
        for example in &section.examples {
            sent.extend(members(example, elsewhere));
        }
        let body = block.sections.get(at).map_or("", |section| section.body);
        if section.examples.is_empty() {
            sent.extend(pairs(body, section.place, elsewhere));
        } else if elsewhere == In::Body {
            endpoint.body = BodyForm::Json;
        }
    }
    endpoint.sections = kept;
    sent
}

/// Adds what an example sends, where no line and no table lists the parameters.
pub(super) fn settle(endpoint: &mut Endpoint, sent: Vec<Param>) {
    let is_listed = |param: &Param| {
        param.listed || (param.is_told() && matches!(param.location, In::Body | In::Query) && !param.public)
    };
    for param in &sent {
        if let Some(value) =
            param.default.as_ref().filter(|_| !endpoint.sample.iter().any(|(name, _)| *name == param.name))
        {
            endpoint.sample.push((param.name.clone(), value.clone()));
        }
    }
    if sent.is_empty() || endpoint.params.iter().any(is_listed) {
        // What is listed without a value has the one that the example sends, where that is in words.
        let in_words = |text: &str| !text.is_empty() && text.parse::<f64>().is_err() && text.parse::<bool>().is_err();
        for shown in sent {
            let Some(value) = shown.default.filter(|text| in_words(text)) else { continue };
            let bare = |param: &&mut Param| param.name == shown.name && param.default.is_none();
            if let Some(param) = endpoint.params.iter_mut().find(bare) {
                param.default = Some(value);
            }
        }
        return;
    }
    for param in sent {
        if endpoint.param(&param.name).is_none() {
            endpoint.params.push(param);
        }
    }
}

/// What is sent goes in the query where the method has no body.
pub(super) fn where_sent(endpoint: &Endpoint) -> In {
    let bare = endpoint.method.as_deref().is_some_and(|method| matches!(method, "GET" | "HEAD" | "DELETE"));
    if bare { In::Query } else { In::Body }
}

/// Whether a section shows what is sent: its label says so; or it says `示例` and no more, and the line below speaks of the
/// request, or all that it shows is what the parameters are called and nothing that another section answers with.
fn is_request(endpoint: &Endpoint, at: usize, block: &Block<'_>, lexicon: &Lexicon) -> bool {
    let section = &endpoint.sections[at];
    let Some(label) = section.label.as_deref() else { return false };
    let says = |topic: &str| lexicon.speaks_of(topic, label);
    if says("success-label") || says("error-label") || says("reply-heading") {
        return false;
    }
    if says("request-label") || lexicon.is_nothing_but("request-alone", label) {
        return true;
    }
    if !lexicon.is_nothing_but("example-label", label.trim_end_matches(|c: char| c.is_ascii_digit())) {
        return false;
    }
    let body = block.sections.get(at).map_or("", |section| section.body);
    let said = body.split(['{', '[']).next().unwrap_or_default();
    if lexicon.speaks_of("request-said", said) && !lexicon.speaks_of("reply-heading", said) {
        return true;
    }
    let shown: Vec<&str> = keys(section).collect();
    let elsewhere: HashSet<&str> = others(endpoint, at).flat_map(keys).collect();
    let answers = others(endpoint, at).any(|other| other.kind == SectionKind::Success);
    answers && !shown.is_empty() && shown.iter().all(|key| endpoint.param(key).is_some() && !elsewhere.contains(key))
}

fn others(endpoint: &Endpoint, at: usize) -> impl Iterator<Item = &Section> {
    endpoint.sections.iter().enumerate().filter(move |(other, _)| *other != at).map(|(_, section)| section)
}

fn keys(section: &Section) -> impl Iterator<Item = &str> {
    section.examples.iter().filter_map(|example| example.value.as_object()).flatten().map(|(key, _)| &**key)
}

/// The members of an example as parameters: the value it shows, and the comment beside it.
pub(super) fn members(example: &Example, location: In) -> Vec<Param> {
    let members = example.value.as_object().into_iter().flatten();
    let param = |(key, value): &(std::sync::Arc<str>, Json)| {
        let path = [Step::Key(key.clone())];
        let said: Vec<&str> =
            example.comments.iter().filter(|note| note.path == path).map(|note| note.text.as_str()).collect();
        sent(key, value.scalar_text().unwrap_or_default(), &said.join(" "), location, example.place_of(&path))
    };
    members.filter(|(key, _)| is_name(key)).map(param).collect()
}

/// `name=x&page=1`, with or without an address before it.
fn pairs(body: &str, place: Place, location: In) -> Vec<Param> {
    let line = body.trim();
    if line.is_empty() || line.contains(char::is_whitespace) {
        return Vec::new();
    }
    let query = line.split_once('?').map_or(line, |(_, query)| query);
    let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    pairs.filter(|(name, _)| is_name(name)).map(|(name, value)| sent(name, value, "", location, place)).collect()
}

fn is_name(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.'))
}

fn sent(name: &str, value: &str, said: &str, location: In, place: Place) -> Param {
    Param {
        values: String::new(),
        name: name.to_owned(),
        location,
        type_name: None,
        starred: false,
        default: Some(value.to_owned()).filter(|value| !value.is_empty()),
        description: said.to_owned(),
        label: said.to_owned(),
        discriminates: false,
        listed: true,
        public: false,
        place,
    }
}

/// What a sample in the prose above a block sends, and where a line or heading says that it is one.
pub(super) fn announced(said: &str, lexicon: &Lexicon) -> bool {
    lexicon.speaks_of("request-label", said) && !lexicon.speaks_of("reply-heading", said)
}

#[cfg(test)]
mod tests {
    use super::super::{DocSet, Settings, lower};
    use crate::lexicon::Lexicon;
    use crate::source::Source;

    fn read(text: &str) -> DocSet {
        lower(vec![Source::new("a.md", text.to_owned())], &Settings::default(), &Lexicon::standard())
    }

    /// `name=value …; sections` of the first endpoint.
    fn shape(text: &str) -> String {
        let set = read(text);
        let endpoint = &set.endpoints[0];
        let params = endpoint.params.iter().map(|p| format!("{}={}", p.name, p.default.as_deref().unwrap_or("-")));
        format!("{}; {}", params.collect::<Vec<_>>().join(" "), endpoint.sections.len())
    }

    fn labelled(params: &str, label: &str, body: &str) -> String {
        let reply = r#"{"code":0,"data":{"list":[{"id":3,"size":"XL"}]}}"#;
        shape(&format!("## 布料\n+++\npost:/cloth/find\n{params}<<<\n{label}\n{body}\n<<<\nsuccess\n{reply}\n+++\n"))
    }

    #[test]
    fn a_section_that_shows_the_request_gives_its_parameters() {
        let sent = r#"{"size":"XL","page":2}"#;
        for label in ["请求示例", "请求参数", "request", "入参", "Request Example", "提交数据", "请求", "参数示例"]
        {
            assert_eq!(labelled("", label, sent), "size=XL page=2; 1", "{label}");
            assert_eq!(labelled("*kind=1#种类\n", label, sent), "kind=1; 1", "{label}");
        }
        assert_eq!(labelled("", "示例", &format!("POST JSON数据\n{sent}")), "size=XL page=2; 1");
        assert_eq!(labelled("size#尺码\npage#页\n", "example", sent), "size=- page=-; 1");
        assert_eq!(labelled("", "请求示例", "/cloth/find?size=XL&page=2"), "size=XL page=2; 1");
    }

    #[test]
    fn a_section_that_shows_a_reply_stays_one() {
        let reply = r#"{"code":0,"data":[]}"#;
        assert_eq!(labelled("size#尺码\n", "示例", reply), "size=-; 2");
        assert_eq!(labelled("*code#验证码\n", "示例", r#"{"code":0}"#), "code=-; 2");
        assert_eq!(labelled("", "请求成功", reply), "; 2");
        assert_eq!(labelled("", "请求参数错误", r#"{"code":4}"#), "; 2");
        assert_eq!(labelled("", "请求返回示例", reply), "; 2");
    }

    fn posted(heading: &str, action: &str) -> String {
        format!(
            "### {action}布料\n{heading}\n```\n{{\"module\":\"cloth\",\"action\":\"{action}\",\"size\":\"XL\"}}\n```\n+++\npost:/app.php\n<<<\nsuccess\n{{\"code\":0}}\n+++\n"
        )
    }

    #[test]
    fn a_sample_above_a_block_gives_parameters_that_tell_endpoints_apart() {
        for heading in ["### POST内容示例", "#### 请求示例", "**发送参数**", "请求体：", "### Request body"]
        {
            let set = read(&format!("# 接口\n{}{}", posted(heading, "find"), posted(heading, "add")));
            let ids: Vec<&str> = set.endpoints.iter().map(|endpoint| endpoint.id.as_str()).collect();
            assert_eq!(ids, ["POST /app.php?action=find", "POST /app.php?action=add"], "{heading}");
            assert_eq!(set.endpoints[1].title, "add布料", "{heading}");
            assert!(set.diagnostics.is_empty(), "{heading} {:?}", set.diagnostics);
        }
        assert_eq!(shape(&posted("### 返回示例", "find")), "; 1");
        assert_eq!(shape(&posted("说明", "find")), "; 1");
    }
}
