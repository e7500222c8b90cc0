//! Failures that no endpoint shows and a line tells for all of them: `没登录：{"code": 0, "info": "请登录"}`, `缺参数统一返回「参数不全」`.
//!
//! In: the lines outside of the blocks. Out: failures as a table for the whole set has them.

use crate::behavior::Failure;
use crate::behavior::failure::Origin;
use crate::json::Step;
use crate::lexicon::{Class, Lexicon};
use crate::source::FileId;
use crate::spec::envelope::Envelope;
use crate::spec::sentence;
use crate::spec::{DocSet, Endpoint, Note};
use crate::syntax::json;
use std::collections::HashMap;
use std::sync::Arc;

/// A line with more than a condition and a reply tells of something else.
const LONGEST: usize = 40;
/// A reply that is nothing but a failure is short.
const LINES: usize = 12;

pub(in crate::behavior) fn read(set: &DocSet, own: &[Vec<Failure>], lexicon: &Lexicon) -> Vec<Failure> {
    let Some(first) = set.endpoints.first() else { return Vec::new() };
    let notes = crate::behavior::collection::prose::lines(set, lexicon);
    let mut envelopes: HashMap<FileId, &Envelope> = HashMap::new();
    for endpoint in &set.endpoints {
        envelopes.entry(endpoint.place.file).or_insert_with(|| set.envelope(endpoint));
    }
    let only_code = super::left_over::only_code(own.iter().flatten());
    let found = notes.iter().enumerate().flat_map(|(at, note)| {
        let envelope = || envelopes.get(&note.place.file).copied().unwrap_or_else(|| set.envelope(first));
        if note.text.starts_with('{') {
            let told = match commented(&note.text) {
                Some((reply, condition)) => of_reply(reply, condition, note, envelope(), lexicon),
                None => below(&notes, at, envelope(), lexicon),
            };
            return told.into_iter().collect();
        }
        let told = |note: &Note| {
            keyed(note, envelope(), only_code.as_deref(), lexicon)
                .or_else(|| bracketed(note, envelope(), lexicon))
                .or_else(|| quoted(note, &set.endpoints, only_code.as_deref(), lexicon))
                .or_else(|| coded(note, envelope(), lexicon))
                .or_else(|| said(note, envelope(), lexicon))
        };
        let read = |note: &Note| if note.text.contains('{') { shown(note, envelope(), lexicon) } else { told(note) };
        let parts = parts(&note.text, envelope());
        if parts.len() < 2 {
            return read(note).into_iter().collect();
        }
        let parts = parts.into_iter().map(|part| Note { text: part.to_owned(), place: note.place });
        let found: Vec<Failure> = parts.filter_map(|part| read(&part)).collect();
        if found.is_empty() { read(note).into_iter().collect() } else { found }
    });
    let mut found: Vec<Failure> = found.collect();
    // What has no message of its own gives way to one that has.
    let told: Vec<Arc<str>> =
        found.iter().filter(|failure| !failure.approximated).map(|failure| Arc::clone(&failure.code)).collect();
    found.retain(|failure| !failure.approximated || !told.contains(&failure.code));
    // A row of a list of codes has its message under its own code.
    let rows = || set.tables.iter().flat_map(|table| &table.rows);
    let places: HashMap<(FileId, &str), u32> =
        rows().map(|row| ((row.place.file, row.text.as_str()), row.place.span.start)).collect();
    found.retain(|failure| {
        let start = places.get(&(failure.place.file, failure.message.as_str()));
        start.is_none_or(|start| *start < failure.place.span.start || *start >= failure.place.span.end)
    });
    found.into_iter().map(|failure| Failure { approximated: false, ..failure }).collect()
}

/// What a line says one after the other: its sentences, and the clauses of one that names the member for the message more than
/// once. What a reply shows is no sentence.
fn parts<'t>(text: &'t str, envelope: &Envelope) -> Vec<&'t str> {
    let message = envelope.message.first().and_then(key);
    let mut parts = Vec::new();
    for sentence in cut(text, &['；', ';', '。']) {
        let told = |clause: &&str| message.as_ref().is_some_and(|message| word_in(clause, message).is_some());
        let clauses = cut(sentence, &['，', ',']);
        if clauses.iter().filter(|clause| told(clause)).count() > 1 {
            parts.extend(clauses);
        } else {
            parts.push(sentence);
        }
    }
    parts
}

/// The pieces between such signs, where these stand in no braces, brackets or quotes.
fn cut<'t>(text: &'t str, signs: &[char]) -> Vec<&'t str> {
    let mut pieces = Vec::new();
    let (mut from, mut depth, mut quoted) = (0, 0_usize, false);
    for (at, c) in text.char_indices() {
        match c {
            '"' => quoted = !quoted,
            '{' | '（' | '(' | '“' | '「' => depth += 1,
            '}' | '）' | ')' | '”' | '」' => depth = depth.saturating_sub(1),
            _ if depth == 0 && !quoted && signs.contains(&c) => {
                pieces.push(&text[from..at]);
                from = at + c.len_utf8();
            }
            _ => {}
        }
    }
    pieces.push(&text[from..]);
    pieces.retain(|piece| piece.chars().any(char::is_alphanumeric));
    pieces
}

fn key(path: &crate::spec::envelope::Path) -> Option<Arc<str>> {
    match path.last() {
        Some(Step::Key(key)) => Some(Arc::clone(key)),
        _ => None,
    }
}

/// A reply behind the words for when it comes.
fn shown(note: &Note, envelope: &Envelope, lexicon: &Lexicon) -> Option<Failure> {
    let (condition, reply) = note.text.split_at(note.text.find('{')?);
    of_reply(reply, condition, note, envelope, lexicon)
}

/// `{"ok": 0, "tip": "缺少参数"}   打星号的没传`: a reply and behind it, as a remark or in a column of its own, when it comes.
fn commented(text: &str) -> Option<(&str, &str)> {
    let (reply, behind) = text.split_at(text.rfind('}')? + 1);
    let is_mark = |c: char| c.is_whitespace() || "/#*-—–>→=＝<←:：;；,，|`".contains(c);
    let condition = behind.trim_matches(is_mark).trim_matches(|c| "()（）".contains(c));
    condition.chars().any(char::is_alphanumeric).then_some((reply, condition))
}

/// A reply on lines of its own, in marks for code or without, below the line that says when it comes.
fn below(notes: &[Note], at: usize, envelope: &Envelope, lexicon: &Lexicon) -> Option<Failure> {
    let is_mark = |note: &Note| ["```", "~~~", "+++"].iter().any(|mark| note.text.starts_with(mark));
    let file = notes[at].place.file;
    let above = notes[..at].iter().rev().take(2).find(|note| !is_mark(note)).filter(|note| note.place.file == file)?;
    let mut reply = String::new();
    for line in notes[at..].iter().take(LINES).take_while(|note| note.place.file == file && !is_mark(note)) {
        reply.push_str(&line.text);
        reply.push('\n');
        if line.text.starts_with('}') || (line.text.starts_with('{') && line.text.ends_with('}')) {
            break;
        }
    }
    // A sample of just any failure says nothing of when it comes.
    let when = lexicon.meaning(&above.text).classes.iter().any(|class| is_of_all(*class));
    // `未登录时 HTTP 状态码 401，内容：`
    let with_status = super::elsewhere::status_in(&above.text).is_some();
    let note = if with_status { above } else { &notes[at] };
    let failure = of_reply(&reply, &without_status(&above.text), note, envelope, lexicon)?;
    (when || failure.classes.first() == Some(&Class::NotLoggedIn)).then_some(failure)
}

/// `没带 token，HTTP 状态码 401，内容` without what is said of the status: the words for when it comes stand in the other clauses.
fn without_status(text: &str) -> String {
    let clauses: Vec<&str> = text.split_inclusive(['，', ',', '。']).collect();
    let Some(at) = clauses.iter().position(|clause| super::elsewhere::status_in(clause).is_some()) else {
        return text.to_owned();
    };
    let has_words = clauses[..at].iter().any(|clause| clause.chars().any(char::is_alphanumeric));
    if has_words { clauses[..at].concat().trim_end_matches(['，', ',', '。']).to_owned() } else { text.to_owned() }
}

fn of_reply(reply: &str, condition: &str, note: &Note, envelope: &Envelope, lexicon: &Lexicon) -> Option<Failure> {
    // Of several sentences the last says when.
    let condition = condition.rsplit(['。', '；', ';']).find(|text| !text.trim().is_empty()).unwrap_or_default();
    // `token 7天有效，其他接口都放在请求头，过期或错误返回`: what leads on to the reply stands last.
    let condition = if condition.chars().count() > LONGEST {
        condition.rsplit([',', '，']).find(|text| !text.trim().is_empty()).unwrap_or_default()
    } else {
        condition
    };
    if condition.trim().is_empty() || condition.chars().count() > LONGEST {
        return None;
    }
    let value = json::parse(reply).values.first()?.to_json();
    let (_, message) = envelope.message_of(&value).filter(|(_, text)| !text.is_empty())?;
    let code = envelope.code_of(&value).map_or("", |(_, code)| code);
    let is_failure = envelope.is_success(&value).is_none_or(|success| !success);
    is_failure.then(|| failure(code, message, condition, note, lexicon)).flatten()
}

fn is_of_all(class: Class) -> bool {
    matches!(class, Class::NotLoggedIn | Class::Missing | Class::Malformed)
}

/// `参数少了或不符合要求一律 1000"参数不对"`: a code with its message in marks behind the words for when it comes.
fn said(note: &Note, envelope: &Envelope, lexicon: &Lexicon) -> Option<Failure> {
    if note.text.contains(['{', '|']) {
        return None;
    }
    let told = sentence::codes(&note.text, 0, lexicon).into_iter();
    let mut told = told.filter(|told| {
        let fails = !envelope.success.iter().any(|value| value.scalar_text() == Some(told.code));
        let short = !told.when.is_empty() && told.when.chars().count() <= LONGEST;
        sentence::is_answered(&note.text, told, lexicon) && fails && short
    });
    told.find_map(|told| failure(told.code, told.said, told.when, note, lexicon))
}

/// `必填的没填一律 status 为 3，info 为「请填写完整」`: a code and a message behind the names of the members that carry them, and before
/// them or between them when they come: `ok=-1 登录失效（err："登录失效"）`. Where all failures have one code, it need not be named:
/// `没登录 reason 是 "请先登录"`; nor need a message that says no more than when it comes: `没登录 ok=-1`.
fn keyed(note: &Note, envelope: &Envelope, only_code: Option<&str>, lexicon: &Lexicon) -> Option<Failure> {
    let text = note.text.trim_start_matches('|');
    let (code_key, message_key) = (key(envelope.code.first()?)?, key(envelope.message.first()?)?);
    let (code_at, message_at) = (word_in(text, &code_key), word_in(text, &message_key));
    let first = [code_at, message_at].into_iter().flatten().map(|(at, _)| at).min()?;
    let is_sign = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    let sent = code_at.map(|(_, end)| {
        let rest = behind_joint(&text[end..], lexicon);
        rest.split_at(rest.find(|c| !is_sign(c)).unwrap_or(rest.len()))
    });
    let code = sent.map(|(code, _)| code).or(only_code)?;
    let class = |text: &str| lexicon.meaning(text).classes.into_iter().find(|class| is_of_all(*class));
    // What stands behind the code, up to the member for the message or the end of the clause.
    let behind = sent.map_or("", |(_, rest)| {
        let until = message_at.map_or(text.len(), |(at, _)| at);
        let from = rest.as_ptr() as usize - text.as_ptr() as usize;
        let behind = text.get(from..until).unwrap_or_default();
        behind.split(['，', ',', '（', '(']).find(|piece| piece.chars().any(char::is_alphanumeric)).unwrap_or_default()
    });
    let before = &text[..first];
    let condition = if before.chars().any(char::is_alphanumeric) { before } else { behind }.trim();
    // `除了登录，其它接口都要带，没带或者失效了返回 ret 9，hint 是 "请登录"`: of a long sentence the last clause leads to the reply.
    let condition = if condition.chars().count() > LONGEST {
        condition.trim_end_matches(['，', ',']).rsplit(['，', ',']).next().unwrap_or_default().trim()
    } else {
        condition
    };
    let short = !condition.is_empty() && condition.chars().count() <= LONGEST;
    let (message, quoted) = match message_at {
        Some((_, end)) => {
            let quoted = text[end..].contains(['"', '“', '「', '`']);
            (sentence::message(behind_joint(&text[end..], lexicon), lexicon), quoted)
        }
        None => (if behind.trim().is_empty() { condition } else { behind.trim() }, false),
    };
    let telling = !code.is_empty() && message.chars().count() > 1 && (!message.is_ascii() || message.contains(' '));
    // The head of a table names both.
    let names_member = message_at.is_some_and(|(at, end)| text[at..end] == *code);
    let fails = !names_member && !envelope.success.iter().any(|value| value.scalar_text() == Some(code));
    let when = match (code_at, message_at) {
        (Some(_), Some(_)) => {
            let of_any = || class(message).is_some() && lexicon.speaks_of("any-parameter", condition);
            class(condition).is_some() || class(message) == Some(Class::NotLoggedIn) || of_any()
        }
        // Less is said: what is meant has to be plain, and not one parameter's.
        (None, Some(_)) if class(condition) == Some(Class::NotLoggedIn) => quoted,
        (None, Some(_)) => quoted && class(message).is_some() && lexicon.speaks_of("any-parameter", condition),
        _ => [condition, message].iter().any(|text| class(text) == Some(Class::NotLoggedIn)),
    };
    let weakly = |found: Failure, weak: bool| Failure { approximated: weak, ..found };
    if telling && fails && short && when {
        return failure(code, message, condition, note, lexicon).map(|found| weakly(found, message_at.is_none()));
    }
    let (_, end) = code_at?;
    let (code, condition) = listed(&text[end..], lexicon)?;
    let said = message_at.filter(|(at, _)| text[end..].find(condition).is_some_and(|found| end + found < *at));
    let message = said.map(|(_, end)| sentence::message(behind_joint(&text[end..], lexicon), lexicon));
    let message = message.filter(|text| !text.is_empty());
    let found = failure(code, message.unwrap_or(condition), condition, note, lexicon);
    found.map(|found| weakly(found, message.is_none()))
}

/// `1成功 0失败 -1未登录（…）`: of the codes that stand one behind the other the one for who is not logged in, with its words.
fn listed<'t>(text: &'t str, lexicon: &Lexicon) -> Option<(&'t str, &'t str)> {
    let pieces = text.split(|c: char| c.is_whitespace() || "、，,；;/|".contains(c));
    pieces.map(|piece| piece.trim_start_matches([':', '：', '`'])).find_map(|piece| {
        let digits = piece.strip_prefix('-').unwrap_or(piece);
        let end = piece.len() - digits.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let (code, words) = piece.split_at(end);
        let words = words.trim_start_matches([':', '：', '=', '-']).split(['（', '(']).next()?.trim();
        let is_code = code.bytes().any(|byte| byte.is_ascii_digit());
        let plain = lexicon.meaning(words).classes.first() == Some(&Class::NotLoggedIn);
        (is_code && plain && words.chars().count() <= LONGEST).then_some((code, words))
    })
}

/// A text without the marks and words that lead from a member to its value: `统一为 3`.
fn behind_joint<'t>(text: &'t str, lexicon: &Lexicon) -> &'t str {
    let mut rest = text;
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || ":：=＝`\"'“”‘’「」『』|".contains(c));
        let word = lexicon.begins_with("value-joint", rest).then(|| lexicon.after("value-joint", rest)).flatten();
        match word.filter(|end| *end > 0).and_then(|end| rest.get(end..)) {
            Some(behind) => rest = behind,
            None => return rest,
        }
    }
}

/// ``必填没传统一 `INVALID_PARAM` ``: a code in marks for code behind the words for when it comes, and no message. What the message
/// says of the parameter is left to whoever answers.
fn coded(note: &Note, envelope: &Envelope, lexicon: &Lexicon) -> Option<Failure> {
    let marked = || {
        let mut pieces = note.text.splitn(3, '`');
        let (condition, code) = (pieces.next()?, pieces.next()?.trim());
        pieces.next().map(|_| (condition, code))
    };
    // `缺少必填参数固定返回 PARAM_MISSING`: words in capitals that are tied together are no words of a sentence.
    let bare = || {
        let is_sign = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let word = note.text.split(|c: char| !is_sign(c)).find(|word| {
            let capital = word.starts_with(|c: char| c.is_ascii_uppercase());
            capital && word.contains('_') && !word.contains(|c: char| c.is_ascii_lowercase())
        })?;
        note.text.split_once(word).map(|(condition, _)| (condition, word))
    };
    let (condition, code) = if note.text.contains('`') { marked()? } else { bare()? };
    let is_sign = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || matches!(c, '-' | '_');
    let is_code = code.len() > 1 && code.chars().all(is_sign);
    let fails = !envelope.success.iter().any(|value| value.scalar_text() == Some(code));
    let answers = ["told-failure", "value-joint"].iter().any(|topic| lexicon.speaks_of(topic, condition));
    let short = condition.chars().count() <= LONGEST;
    let when = lexicon.meaning(condition).classes.contains(&Class::Missing);
    let chinese = !condition.is_ascii();
    let message = lexicon.reply(chinese, Class::Missing);
    (is_code && fails && answers && short && when).then(|| failure(code, message, condition, note, lexicon)).flatten()
}

/// ``格式不对统一 `PARAM_INVALID`（参数校验失败）``: a code in words, with its message in brackets right behind it.
fn bracketed(note: &Note, envelope: &Envelope, lexicon: &Lexicon) -> Option<Failure> {
    let told = sentence::codes(&note.text, 0, lexicon);
    let behind = |told: &sentence::Told<'_>| {
        let at = told.code.as_ptr() as usize - note.text.as_ptr() as usize + told.code.len();
        note.text[at..].trim_start_matches(['`', ' ', '*']).starts_with(['（', '('])
    };
    told.iter().any(|told| told.code.contains('_') && behind(told)).then(|| said(note, envelope, lexicon)).flatten()
}

/// Where a name stands as a word of its own, and where it ends.
fn word_in(text: &str, name: &str) -> Option<(usize, usize)> {
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    text.match_indices(name)
        .map(|(at, _)| (at, at + name.len()))
        .find(|(at, end)| !text[..*at].ends_with(is_word) && !text[*end..].starts_with(is_word))
}

/// A message in quotes behind the words for when it comes, where all failures of the set carry one code.
fn quoted(note: &Note, endpoints: &[Endpoint], only_code: Option<&str>, lexicon: &Lexicon) -> Option<Failure> {
    let end = lexicon.after("told-failure", &note.text)?;
    let (condition, rest) = note.text.split_at(end);
    let mut between = rest.split(['「', '」', '“', '”', '"', '『', '』']);
    let (joint, message) = (between.next()?, between.next()?);
    between.next()?;
    let is_of_all = condition.chars().count() <= LONGEST && joint.chars().count() <= LONGEST / 2;
    let is_title = endpoints.iter().any(|endpoint| condition.contains(endpoint.title.as_str()));
    (is_of_all && !is_title && !message.is_empty())
        .then(|| failure(only_code?, message, condition, note, lexicon))
        .flatten()
}

fn failure(code: &str, message: &str, condition: &str, note: &Note, lexicon: &Lexicon) -> Option<Failure> {
    let meaning = lexicon.meaning(message);
    let mut classes = meaning.classes;
    super::code_words::add(&mut classes, code, lexicon);
    classes.retain(|class| is_of_all(*class));
    // `参数错误` of what was left out, or of that and what has a wrong form alike.
    let mut told = lexicon.meaning(condition).classes;
    told.retain(|class| is_of_all(*class));
    // `参数没传全、格式/长度/取值不对` says one thing after the other.
    if matches!(told.first(), Some(Class::Missing | Class::Malformed)) {
        let more = condition.split(['、', '/']).flat_map(|piece| lexicon.meaning(piece).classes);
        let more: Vec<Class> = more.filter(|class| matches!(class, Class::Missing | Class::Malformed)).collect();
        told.extend(more);
    }
    told.sort_by_key(|class| *class != Class::Missing);
    told.dedup();
    if classes.first() != Some(&Class::NotLoggedIn) && !told.is_empty() {
        classes = told;
    }
    let both = classes == [Class::Missing, Class::Malformed];
    classes.truncate(if both { 2 } else { 1 });
    (!classes.is_empty()).then(|| Failure {
        code: Arc::from(code),
        message: message.to_owned(),
        captioned: None,
        classes,
        subjects: meaning.subjects,
        // Its words are all there: no example of the same code says it better.
        origin: Origin::Example,
        place: note.place,
        endpoint: None,
        approximated: false,
        states_rule: false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_that_stand_one_behind_the_other() {
        let lexicon = Lexicon::standard();
        assert_eq!(listed("：1成功 0失败 -1未登录（info 为 \"请重新登录\"）", &lexicon), Some(("-1", "未登录")));
        assert_eq!(listed("：0 正常、9请先登录", &lexicon), Some(("9", "请先登录")));
        assert_eq!(listed("：1成功 0失败", &lexicon), None);
    }

    #[test]
    fn a_condition_may_stand_behind_its_reply() {
        let check = |text: &str, expected: Option<&str>| {
            assert_eq!(commented(text).map(|(_, condition)| condition), expected, "{text}");
        };
        check(r#"{"ok":0,"tip":"缺少参数"}   打星号的没传"#, Some("打星号的没传"));
        check(r#"{"ok":0,"tip":"缺少参数"} // 打星号的没传"#, Some("打星号的没传"));
        check(r#"{"ok":0,"tip":"缺少参数"} ← 打星号的没传 |"#, Some("打星号的没传"));
        check(r#"{"ok":0,"tip":"缺少参数"}（打星号的没传）"#, Some("打星号的没传"));
        check(r#"{"ok":0,"tip":"缺少参数"}"#, None);
        check(r#"{"ok":0,"tip":"缺少参数"},"#, None);
        check(r#"{"ok":0,"#, None);
    }
}
