//! How much an endpoint's words, roles and shapes say for each operation, in points.

use super::Clues;
use super::deed_path::is_deed_by_path;
use super::in_and_out::{bends, is_data, names_thing, refuses, takes_own_id};
use super::path_words::path_words;
use crate::behavior::collection::items::shape::Shown;
use crate::behavior::failure::Failure;
use crate::lexicon::{Class, Lexicon, Operation, OperationWords, Role, Shows, compact};

/// More than a title, a path and failures together say for making or for changing alone.
const SAVES: usize = 30;

/// As a title says that names a deed in two characters.
const RATES: usize = 8;

/// What speaks of a passcode that was sent was told to a sender.
const SENDS: usize = 6;

pub(super) struct Scored {
    pub(super) operation: Operation,
    pub(super) points: usize,
    pub(super) reasons: Vec<String>,
}

/// The endpoint's words, looked up once for all operations.
pub(super) struct Texts {
    pub(super) title: String,
    titled: bool,
    /// Operations that the title names, with the points for it.
    pub(super) in_title: Vec<(Operation, usize)>,
    in_messages: Vec<Operation>,
    /// The last segment's words and their joins, then those of the segments before it.
    pub(super) path: (Vec<String>, Vec<String>),
    pub(super) takes_id: bool,
    is_tie: bool,
}

impl Texts {
    pub(super) fn of(clues: &Clues<'_>, lexicon: &Lexicon) -> Self {
        let title = clues.endpoint.title.as_str();
        let (outside, inside) = brackets(title);
        let mut in_title: Vec<(Operation, usize)> = lexicon
            .operations_in(&outside)
            .into_iter()
            // The name of the file stands in where no heading does, and was not written to say it.
            .map(|(operation, length)| (operation, if clues.endpoint.titled { 6 + length.min(8) } else { 3 }))
            .collect();
        in_title.extend(lexicon.operations_in(&inside).into_iter().map(|(operation, _)| (operation, 3)));
        let envelope = clues.set.envelope(clues.endpoint);
        let messages = clues.endpoint.successes().filter_map(|example| envelope.message_of(&example.value));
        let in_messages =
            messages.flat_map(|(_, text)| lexicon.operations_in(text)).map(|(operation, _)| operation).collect();
        Self {
            title: title.to_owned(),
            titled: clues.endpoint.titled,
            in_title,
            in_messages,
            path: path_words(clues.endpoint, lexicon),
            takes_id: takes_own_id(clues, lexicon),
            is_tie: lexicon.verbs().relation(title, &clues.nouns.words).is_some(),
        }
    }

    /// The title as a reason.
    pub(super) fn called(&self) -> String {
        let what = if self.titled { "the title" } else { "the file's name" };
        format!("{what} {}", self.title)
    }

    /// None where the endpoint takes what the operation never takes, or lacks what it needs.
    pub(super) fn score(&self, words: &OperationWords, clues: &Clues<'_>, lexicon: &Lexicon) -> Option<Scored> {
        let takes = |role: Role| clues.inputs.iter().any(|input| role.covers(input.word));
        let possible = words.takes.iter().all(|either| either.iter().any(|role| takes(*role)));
        let refused = words.never.iter().any(|role| clues.inputs.iter().any(|input| refuses(*role, input)));
        if !possible || refused {
            return None;
        }
        if words.reads && clues.endpoint.sections.is_empty() {
            return None;
        }
        if words.writes && !clues.inputs.iter().any(is_data) {
            return None;
        }
        if words.needs.as_deref().is_some_and(|topic| !self.speaks_of(topic, clues, lexicon)) {
            return None;
        }
        let on_records = words.operation.is_on_records();
        let takes_id = self.takes_id;
        let saves = words.operation == Operation::Save && self.makes_and_changes(clues, lexicon);
        let relates = words.operation == Operation::Toggle
            || *clues.shown == Shown::Nothing
            || clues.shown.is(Shows::List)
            || self.shows_tie(clues, lexicon);
        let is_tie = relates && self.is_tie;
        if on_records
            && ((!names_thing(clues) && !is_tie)
                || words.id.is_some_and(|id| id != takes_id && !saves && !bends(words, clues)))
        {
            return None;
        }
        // `Repair/evaluate` rates the repair that it takes, `ticket/comment` makes a comment on it.
        let of_another = !clues.nouns.path.is_empty() && !lexicon.is_nothing_but("remark-on", &clues.nouns.path);
        let rates = takes_id && of_another && self.is_rating_of(clues, lexicon);
        if rates && words.operation == Operation::Create {
            return None;
        }
        if words.shows.is_some_and(|shows| *clues.shown != Shown::Nothing && !clues.shown.is(shows)) {
            return None;
        }
        if self.goes_against(words.operation, clues, lexicon) {
            return None;
        }
        // What shows a list lists, whatever deed its title names: `我报名的活动`.
        if on_records && words.shows.is_none() && clues.shown.is(Shows::List) {
            return None;
        }
        let mut points = 0;
        let mut reasons = Vec::new();
        if let Some((_, found)) =
            self.in_title.iter().filter(|(operation, _)| *operation == words.operation).max_by_key(|(_, p)| *p)
        {
            points += found;
            reasons.push(self.called());
        }
        if saves {
            points += SAVES;
            reasons.push("that it makes as well as changes".to_owned());
        }
        if rates && words.operation == Operation::Transition {
            points += RATES;
            reasons.push(self.called());
        }
        if words.operation == Operation::Transition && self.moves(clues, lexicon) {
            points += RATES;
            reasons.push(format!("the title {} with its path", self.title));
        }
        if self.in_messages.contains(&words.operation) {
            // Without a title nothing else was written to say what is done to an account.
            points += if self.titled || on_records { 3 } else { 6 };
            reasons.push("what its success says".to_owned());
        }
        points += self.path_points(words, clues, &mut reasons);
        if words.operation == Operation::Toggle && self.shows_tie(clues, lexicon) {
            points += RATES;
            reasons.push("what its success shows".to_owned());
        }
        if on_records {
            points += shape_points(words, clues, takes_id, &mut reasons, lexicon);
        }
        if words.operation == Operation::SendPasscode && clues.failures.iter().any(is_of_sent_passcode) {
            points += SENDS;
            reasons.push("a passcode that it sent is still good, or cannot be sent".to_owned());
        }
        if reasons.is_empty() {
            return None;
        }
        if !words.takes.is_empty() {
            points += 2;
            reasons.push("what it takes".to_owned());
        }
        points += words.likes.iter().filter(|role| takes(**role)).count();
        let says = |class: &Class| clues.failures.iter().any(|failure| failure.classes.contains(class));
        if words.failures.iter().any(says) {
            points += 3;
            reasons.push("its failures".to_owned());
        }
        Some(Scored { operation: words.operation, points, reasons })
    }

    /// `评价`, `评价课程`: the title is the deed, with or without what is rated behind it.
    fn is_rating_of(&self, clues: &Clues<'_>, lexicon: &Lexicon) -> bool {
        let title = self.title.trim_start_matches(|c: char| c.is_ascii_digit() || ".、 ）)".contains(c));
        let thing = clues.nouns.title.as_str();
        let behind = lexicon.after("rating-deed", title).filter(|_| lexicon.begins_with("rating-deed", title));
        lexicon.is_nothing_but("rating-deed", thing)
            || behind.is_some_and(|end| !thing.is_empty() && title[end..].trim() == thing)
    }

    fn path_points(&self, words: &OperationWords, clues: &Clues<'_>, reasons: &mut Vec<String>) -> usize {
        let (last, before) = &self.path;
        if let Some(word) = words.path.iter().find(|word| last.contains(word)) {
            reasons.push(format!("`{word}` in its path"));
            // `reviews/{id}/delete`: what stands behind an id is done to what has it.
            return if words.operation == Operation::Delete && is_deed_by_path(clues) { 7 } else { 5 };
        }
        let Some(word) = words.path.iter().find(|word| before.contains(word)) else { return 0 };
        reasons.push(format!("`{word}` in its path"));
        2
    }

    /// `新增地址、编辑地址`, or an id that is sent only to edit.
    fn makes_and_changes(&self, clues: &Clues<'_>, lexicon: &Lexicon) -> bool {
        let titled = |wanted: Operation| self.in_title.iter().any(|(operation, _)| *operation == wanted);
        let mut writes = clues.inputs.iter().zip(&clues.endpoint.params).filter(|(input, _)| !input.discriminates);
        let either = titled(Operation::Create) && titled(Operation::Update);
        either && !clues.shown.is(Shows::List)
            || writes.any(|(input, param)| {
                (input.word == Role::RecordId || compact(&input.name) == "id")
                    && lexicon.speaks_of("id-to-edit", &param.all_words())
            })
    }

    pub(super) fn says_in_path(&self, operation: Operation, lexicon: &Lexicon) -> bool {
        let words = lexicon.operation_words(operation).map_or(&[] as &[String], |words| &words.path);
        words.iter().any(|word| self.path.0.contains(word))
    }

    fn speaks_of(&self, topic: &str, clues: &Clues<'_>, lexicon: &Lexicon) -> bool {
        let envelope = clues.set.envelope(clues.endpoint);
        let messages = clues.endpoint.successes().filter_map(|example| envelope.message_of(&example.value));
        let labels = clues.inputs.iter().map(|input| input.label.as_str());
        let mut texts = std::iter::once(self.title.as_str()).chain(messages.map(|(_, text)| text)).chain(labels);
        texts.any(|text| lexicon.speaks_of(topic, text))
    }
}

/// What method, id and example say of an operation on records.
fn shape_points(
    words: &OperationWords,
    clues: &Clues<'_>,
    takes_id: bool,
    reasons: &mut Vec<String>,
    lexicon: &Lexicon,
) -> usize {
    let mut points = 0;
    let method = clues.endpoint.method.as_deref();
    if let Some(method) = method.filter(|method| words.method.iter().any(|known| known == method)) {
        // Most documents use GET and POST for everything; the others say what is done.
        points += if matches!(method, "GET" | "POST") { 2 } else { 5 };
        reasons.push(format!("the method {method}"));
    }
    // `{"stage": "out"}` shows what has become of a record, not the record.
    let is_whole = words.operation != Operation::Detail || clues.members(lexicon).len() > 1;
    if is_whole && words.shows.is_some_and(|shows| clues.shown.is(shows)) {
        points += 4;
        reasons.push("what its success shows".to_owned());
    }
    if words.id == Some(true) && takes_id {
        points += 2;
        reasons.push("it takes a record's id".to_owned());
    }
    points
}

/// The text outside of brackets, and the text inside.
fn brackets(title: &str) -> (String, String) {
    let mut depth = 0_usize;
    let (mut outside, mut inside) = (String::new(), String::new());
    for c in title.chars() {
        match c {
            '(' | '（' | '【' | '[' => depth += 1,
            ')' | '）' | '】' | ']' => depth = depth.saturating_sub(1),
            _ if depth > 0 => inside.push(c),
            _ => outside.push(c),
        }
    }
    (outside, inside)
}

/// `上一条验证码还没失效`, of what takes none.
fn is_of_sent_passcode(failure: &Failure) -> bool {
    let limits = matches!(failure.classes.first(), Some(Class::TooFrequent | Class::SendFailed));
    limits && failure.subjects.iter().any(|subject| subject == "passcode")
}
