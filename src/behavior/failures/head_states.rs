//! What a line above the endpoints says of whatever the state of a thing does not allow: `状态不对的操作返回 E1004`,
//! `不在表里的流转一律 {"status": 0, "info": "状态已变化"}`.
//!
//! In: the lines before the first block of a page, and the failures of tables for the whole set. Out: the failure of a wrong state
//! for all endpoints that have none of their own.

use crate::behavior::Failure;
use crate::behavior::failure::Origin;
use crate::json::{Json, Step};
use crate::lexicon::{Class, Lexicon};
use crate::source::FileId;
use crate::spec::{DocSet, Note, sentence};
use crate::syntax::json;
use std::collections::HashMap;
use std::sync::Arc;

/// In characters: what is said before leads to it.
const LONGEST: usize = 30;

pub(in crate::behavior) fn read(
    set: &DocSet,
    own: &[Vec<Failure>],
    shared: &[Failure],
    lexicon: &Lexicon,
) -> Option<Failure> {
    let mut first: HashMap<FileId, u32> = HashMap::new();
    for endpoint in &set.endpoints {
        let start = first.entry(endpoint.block.file).or_insert(u32::MAX);
        *start = (*start).min(endpoint.block.span.start);
    }
    let is_head = |note: &Note| first.get(&note.place.file).is_none_or(|start| note.place.span.end <= *start);
    let notes = crate::behavior::collection::prose::lines(set, lexicon);
    let only_code = super::left_over::only_code(own.iter().flatten());
    let reader = Reader { set, shared, only_code, lexicon };
    notes.iter().filter(|note| is_head(note)).find_map(|note| reader.of_note(note))
}

struct Reader<'a> {
    set: &'a DocSet,
    shared: &'a [Failure],
    only_code: Option<Arc<str>>,
    lexicon: &'a Lexicon,
}

impl Reader<'_> {
    fn of_note(&self, note: &Note) -> Option<Failure> {
        let end = self.lexicon.after("any-state", &note.text).filter(|_| !note.text.starts_with('|'))?;
        let (before, rest) = note.text.split_at(end);
        let clause = before.rsplit(['。', '；', ';', '，', ',']).next().unwrap_or_default();
        if clause.chars().count() > LONGEST {
            return None;
        }
        let rest = rest.split(['。', '；', ';']).next().unwrap_or_default();
        let (code, message) = match note.text[end..].find('{') {
            Some(open) => self.shown(&note.text[end + open..])?,
            None => self.told(note, rest)?,
        };
        let known = self.shared.iter().find(|known| known.code == code && !code.is_empty());
        let (message, origin) = match (message.is_empty(), known) {
            (true, known) => (known?.message.clone(), Origin::Set),
            // Its words are all there.
            (false, _) => (message, Origin::Example),
        };
        Some(Failure {
            subjects: self.lexicon.meaning(&message).subjects,
            code,
            message,
            captioned: None,
            classes: vec![Class::WrongState],
            origin,
            place: note.place,
            endpoint: None,
            approximated: false,
            states_rule: false,
        })
    }

    /// A reply.
    fn shown(&self, reply: &str) -> Option<(Arc<str>, String)> {
        let value: Json = json::parse(reply).values.first()?.to_json();
        self.set.envelopes.iter().find_map(|envelope| {
            let (_, message) = envelope.message_of(&value).filter(|(_, text)| !text.is_empty())?;
            let fails = envelope.is_success(&value).is_none_or(|success| !success);
            let code = envelope.code_of(&value).map_or("", |(_, code)| code);
            fails.then(|| (Arc::from(code), message.to_owned()))
        })
    }

    /// `info=状态不对`: words behind the member that carries them.
    fn keyed<'t>(&self, rest: &'t str) -> Option<&'t str> {
        let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let keys = self.set.envelopes.iter().filter_map(|envelope| match envelope.message.first()?.last()? {
            Step::Key(key) => Some(key),
            Step::Index(_) => None,
        });
        keys.into_iter().find_map(|key| {
            let at = rest.find(&**key).filter(|at| !rest[..*at].ends_with(is_word))?;
            let behind = rest[at + key.len()..].trim_start_matches([' ', '`']);
            let valued = behind.starts_with(['=', ':', '：', '＝']) || self.lexicon.begins_with("value-joint", behind);
            let message = sentence::message(&rest[at..], self.lexicon);
            let message = if message.starts_with(&**key) { sentence::message(behind, self.lexicon) } else { message };
            (valued && message.chars().count() > 1).then_some(message)
        })
    }

    /// A code, with words or without; words in quotes where all failures have one code.
    fn told(&self, note: &Note, rest: &str) -> Option<(Arc<str>, String)> {
        let at = rest.as_ptr() as usize - note.text.as_ptr() as usize;
        let text = &note.text[..at + rest.len()];
        let told = sentence::codes(text, at, self.lexicon);
        if let Some(told) = told.first() {
            let is_listed = self.shared.iter().any(|known| *known.code == *told.code);
            let said = if !is_listed || sentence::is_answered(text, told, self.lexicon) { told.said } else { "" };
            return Some((Arc::from(told.code), said.to_owned()));
        }
        if let Some(message) = self.keyed(rest) {
            return Some((self.only_code.clone()?, message.to_owned()));
        }
        let behind = &rest[self.lexicon.after("told-failure", rest)?..];
        let mut pieces = behind.split(['「', '」', '“', '”', '"', '『', '』']);
        let (joint, message) = (pieces.next()?, pieces.next()?);
        let whole = pieces.next().is_some() && joint.chars().count() <= 4 && message.chars().count() > 1;
        let code = self.only_code.clone().filter(|_| whole)?;
        Some((code, message.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use crate::lexicon::{Class, Lexicon};
    use crate::source::Source;
    use crate::spec::{Settings, lower};

    fn check(head: &str, expected: Option<(&str, &str)>) {
        let text = format!(
            "# 说明\n\n40009 | 不可以\n--- | ---\n40010 | 手机号错误\n\n{head}\n\n## 注册\n+++\npost:/join\n*name#用户名\n<<<\nsuccess\n{{\"code\":0,\"msg\":\"\"}}\n<<<\nerror\n{{\"code\":1,\"msg\":\"用户名已存在\"}}\n+++\n"
        );
        let lexicon = Lexicon::standard();
        let set = lower(vec![Source::new("a.md", text)], &Settings::default(), &lexicon);
        let catalog = crate::behavior::failure::Catalog::new(&set, &lexicon);
        let found = catalog.shared.iter().find(|failure| failure.classes.first() == Some(&Class::WrongState));
        assert_eq!(found.map(|failure| (&*failure.code, failure.message.as_str())), expected, "{head}");
    }

    #[test]
    fn what_no_state_allows() {
        let moved = Some(("1", "工单状态已变化"));
        check("不在表里的流转一律 `{\"code\":1,\"msg\":\"工单状态已变化\"}`", moved);
        check("状态不对的一律返回 {\"code\":1,\"msg\":\"工单状态已变化\"}", moved);
        check("其他流转都返回 code 1，msg「工单状态已变化」", moved);
        check("状态不符时一律提示「工单状态已变化」", moved);
        check("状态不对的操作返回 4009 操作无效。", Some(("4009", "操作无效")));
        check("打×的失败：msg=工单状态已变化", moved);
        check("状态不对的可以联系客服", None);
        check("状态不对就是 0", None);
    }
}
