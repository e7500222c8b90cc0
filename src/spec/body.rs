//! In which form requests carry what they send: a form, unless the words of the documents say JSON.
//!
//! In: the lines around the blocks, and the endpoints. Out: `Endpoint::body`. What is said beside an endpoint comes before
//! what its page says, and that before what another page says of all.

use super::{Endpoint, In};
use crate::lexicon::Lexicon;
use crate::source::FileId;
use std::collections::HashMap;

/// How a request's body is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum BodyForm {
    #[default]
    Form,
    Json,
}

impl BodyForm {
    pub fn name(self) -> &'static str {
        match self {
            Self::Form => "form",
            Self::Json => "json",
        }
    }
}

/// What pages say of all their endpoints.
#[derive(Debug, Default)]
pub(super) struct Said {
    pages: HashMap<FileId, BodyForm>,
    first: Option<BodyForm>,
}

impl Said {
    /// A line that belongs to no endpoint. The first that speaks of it stands.
    pub(super) fn hear(&mut self, file: FileId, line: &str, lexicon: &Lexicon) {
        let Some(said) = read(line, lexicon) else { return };
        self.pages.entry(file).or_insert(said);
        self.first.get_or_insert(said);
    }

    pub(super) fn settle(&self, endpoint: &mut Endpoint, lexicon: &Lexicon) {
        let header = |name: &str| name.eq_ignore_ascii_case("content-type");
        let headers = endpoint.params.iter().filter(|param| param.location == In::Header && header(&param.name));
        let words = headers.map(super::Param::all_words).find_map(|words| of_type(&words));
        let own = words.or_else(|| endpoint.notes.iter().find_map(|note| read(&note.text, lexicon)));
        let page = || self.pages.get(&endpoint.place.file).copied();
        endpoint.body = own.or_else(page).or(self.first).unwrap_or(endpoint.body);
    }
}

/// The form that a media type stands for.
fn of_type(words: &str) -> Option<BodyForm> {
    let words = words.to_ascii_lowercase();
    match () {
        () if words.contains("form") => Some(BodyForm::Form),
        () if words.contains("json") => Some(BodyForm::Json),
        () => None,
    }
}

/// The form that a line asks for. Where both will do, a form does; what it says of replies says nothing of requests.
fn read(line: &str, lexicon: &Lexicon) -> Option<BodyForm> {
    let clauses = || line.split([',', '，', ';', '；', '。']);
    if clauses().any(|clause| lexicon.speaks_of("form-body", clause)) {
        return Some(BodyForm::Form);
    }
    let asks = |clause: &str| {
        lexicon.speaks_of("json-body", clause)
            && (lexicon.speaks_of("of-request", clause) || !lexicon.speaks_of("reply-heading", clause))
    };
    clauses().any(asks).then_some(BodyForm::Json)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_say_how_bodies_are_written() {
        let lexicon = Lexicon::standard();
        let check = |line: &str, expected: Option<BodyForm>| assert_eq!(read(line, &lexicon), expected, "{line}");
        for line in [
            "POST 参数放 body 里用 json 提交，GET 拼在地址后面",
            "请求头 Content-Type: application/json",
            "请求体为 JSON",
            "所有接口的入参都是json格式",
            "请求和返回都是 JSON",
            "Requests send JSON in the body.",
        ] {
            check(line, Some(BodyForm::Json));
        }
        for line in
            ["返回格式统一为 JSON", "返回的 Content-Type: application/json", "请求成功返回 json", "数据用 json 保存"]
        {
            check(line, None);
        }
        check("本接口用 multipart/form-data 提交", Some(BodyForm::Form));
        check("POST 支持 json 和 form-data", Some(BodyForm::Form));
    }
}
