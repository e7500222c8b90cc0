//! Failures that words name for a case: `低于10元提示 充值金额不能少于10元`, `不在这几个里返回 4007`.
//!
//! In: a sentence about an input. Out: the failure whose code or message it names; where no document has the message otherwise, one
//! with the set's code for what is wrong with an input.

use crate::behavior::choose::{Chooser, Subject, Wanted};
use crate::behavior::collection::prose::{remarks, sentences, words};
use crate::behavior::{Failure, Form, Origin};
use crate::lexicon::{Class, Role, label_head};
use crate::spec::{Note, sentence};

const SHORTEST: usize = 4;
const LONGEST: usize = 30;

impl Chooser<'_> {
    /// The failure that words name for an input that is not as it should be.
    pub(in crate::behavior) fn told_malformed(&self, at: usize, input: usize, prose: &[Note]) -> Option<Failure> {
        let endpoint = &self.set.endpoints[at];
        let param = endpoint.params.get(input)?;
        let label = label_head(&self.inputs[at][input].label);
        let own = format!("{}。{}", param.label, param.description);
        let own = sentences(&own).map(|text| (text.to_owned(), param.place)).collect::<Vec<_>>();
        let names = |text: &&str| {
            let by_label = label.chars().count() > 1 && text.contains(label);
            by_label || words(text).any(|word| *word == *param.name)
        };
        let notes = remarks(prose, endpoint)
            .flat_map(|note| sentences(&note.text).filter(names).map(move |text| (text.to_owned(), note.place)));
        own.into_iter().chain(notes).find_map(|(text, place)| {
            let end = self.lexicon.after("told-failure", &text)?;
            let condition = &text[..end];
            if sentence::codes(&text, 0, self.lexicon).len() > 1 && !names(&condition) {
                return None;
            }
            let says_wrong = self.lexicon.speaks_of("out-of-bounds", condition);
            let classes = self.lexicon.meaning(condition).classes;
            if !says_wrong && !classes.contains(&Class::Malformed) {
                return None;
            }
            self.told(at, input, &text[end..], place)
        })
    }

    /// The failure that words name for an id that names nothing: `商品id找不到就提示 商品已下架`.
    pub(in crate::behavior) fn told_absent(
        &self,
        at: usize,
        input: usize,
        titles: &[String],
        prose: &[Note],
    ) -> Option<Failure> {
        let endpoint = &self.set.endpoints[at];
        let param = endpoint.params.get(input)?;
        let label = label_head(&self.inputs[at][input].label);
        let named = |text: &str| {
            (label.chars().count() > 1 && text.contains(label))
                || words(text).any(|word| *word == *param.name)
                || titles.iter().any(|title| title.chars().count() > 1 && text.contains(title.as_str()))
        };
        let own = sentences(&param.description).map(|text| (text, param.place, true));
        let notes =
            remarks(prose, endpoint).flat_map(|note| sentences(&note.text).map(move |text| (text, note.place, false)));
        own.chain(notes).find_map(|(text, place, is_own)| {
            let end = self.lexicon.after("told-failure", text)?;
            let condition = &text[..end];
            let absent = self.lexicon.meaning(condition).classes.contains(&Class::NotFound)
                || self.lexicon.speaks_of("not-there", condition);
            if !absent || !(is_own || named(condition)) {
                return None;
            }
            let found = self.told(at, input, &text[end..], place)?;
            let known = self.catalog.own[at].iter().any(|own| own.message == found.message && own.code == found.code);
            let mut classes = found.classes.clone();
            if !classes.contains(&Class::NotFound) && !known {
                classes = vec![Class::NotFound];
            }
            Some(Failure { classes, ..found })
        })
    }

    /// `没有这个分类` for a value that is not on an input's list, where nothing says that it is malformed.
    pub(in crate::behavior) fn of_no_choice(&self, at: usize, input: usize) -> Option<Failure> {
        let known = self.inputs[at].get(input).filter(|known| known.word == Role::Plain)?;
        let listed = known.rules.iter().find_map(|rule| match &rule.form {
            Form::OneOf(list) => Some(list.len()),
            _ => None,
        });
        let first = |class: Class| {
            self.naming(at, input)
                .find(|failure| failure.endpoint == Some(at) && failure.classes.first() == Some(&class))
        };
        match listed? {
            _ if first(Class::Malformed).is_some() => None,
            1 => self.wrong(at, input).cloned(),
            _ => first(Class::NotFound).cloned(),
        }
    }

    /// Whether a failure of the endpoint's own says that an input is another than it has to be.
    pub(in crate::behavior) fn tells_wrong(&self, at: usize, input: usize) -> bool {
        self.wrong(at, input).is_some()
    }

    /// Whether a failure is about an input that has one value: `邀请码不对` says nothing of a password.
    pub(in crate::behavior) fn is_of_fixed(&self, endpoint: usize, failure: &Failure) -> bool {
        let named = self.named_inputs(endpoint, failure.says());
        let fixed = |form: &Form| matches!(form, Form::OneOf(list) if list.len() == 1);
        let first = named.first().and_then(|at| self.inputs[endpoint].get(*at));
        first.is_some_and(|input| input.rules.iter().any(|rule| fixed(&rule.form)))
    }

    /// What names an input, and is not that nothing was sent.
    fn wrong(&self, at: usize, input: usize) -> Option<&Failure> {
        let own = |failure: &&Failure| failure.endpoint == Some(at);
        self.naming(at, input).filter(own).find(|failure| failure.classes.first() != Some(&Class::Missing))
    }

    /// The failure that a line names for whatever is required and not sent, wherever that is: `必填参数缺失时返回 A0100`. What the endpoint
    /// itself says of what is missing comes first.
    pub(in crate::behavior) fn told_missing(&self, at: usize, prose: &[Note]) -> Option<Failure> {
        if self.catalog.own[at].iter().any(|failure| failure.classes.first() == Some(&Class::Missing)) {
            return None;
        }
        self.all_missing.get_or_init(|| self.find_told_missing(prose)).clone()
    }

    /// `xx不能为空` with what the input is called in the place of the sign for it.
    pub(in crate::behavior) fn filled_in(&self, at: usize, input: usize, failure: Failure) -> Failure {
        let Some(sign) = self.lexicon.word_of("label-sign", &failure.message) else { return failure };
        let input = &self.inputs[at][input];
        let label = Some(label_head(&input.label)).filter(|label| !label.is_empty()).unwrap_or(&input.name);
        Failure { message: failure.message.replacen(sign, label, 1), ..failure.clone() }
    }

    fn find_told_missing(&self, prose: &[Note]) -> Option<Failure> {
        let parts = prose.iter().flat_map(|note| sentences(&note.text)).filter(|text| {
            let end = self.lexicon.after("told-failure", text);
            end.is_some_and(|end| self.lexicon.speaks_of("not-sent", &text[..end]))
        });
        parts.into_iter().find_map(|text| {
            let rest =
                text[self.lexicon.after("told-failure", text)?..].trim_start_matches(|c: char| !c.is_alphanumeric());
            let code = words(rest).next().filter(|code| code.len() > 1 && rest.starts_with(code))?;
            let of_code =
                |failure: &&Failure| *failure.code == *code && failure.classes.first() == Some(&Class::Missing);
            let shared = self.catalog.shared.iter().find(of_code).cloned();
            shared.map(|failure| Failure { origin: Origin::Set, ..failure })
        })
    }

    fn told(&self, at: usize, input: usize, rest: &str, place: crate::source::Place) -> Option<Failure> {
        let marks = |c: char| c.is_whitespace() || ":：，,「」“”\"'`‘’=".contains(c);
        let is_quoted = rest.trim_start().starts_with(['「', '“', '"', '`', '\'']);
        let rest = rest.trim_start_matches(marks);
        let code = words(rest).next().filter(|word| rest.starts_with(word) && word.len() > 2);
        // What follows the code is its message: `400 参数错误（手机号不对是 4001）`.
        let message = sentence::message(&rest[code.map_or(0, str::len)..], self.lexicon);
        let message = message.split(['，', ',']).next().unwrap_or_default();
        let known = || self.catalog.own[at].iter().chain(self.shared(at, Subject::None));
        let by_code = code.and_then(|code| known().find(|failure| &*failure.code == code));
        let by_message = || known().find(|failure| failure.message == message && !message.is_empty());
        if let Some(failure) = by_code.or_else(by_message) {
            return Some(failure.clone());
        }
        let long = (SHORTEST..=LONGEST).contains(&message.chars().count());
        let mut classes = self.lexicon.meaning(message).classes;
        let lengths = &self.lexicon.rules().lengths;
        let says =
            !classes.is_empty() || is_quoted || crate::behavior::inputs::rule::bounds(message, lengths).is_some();
        let is_message = long && !message.is_ascii() && says;
        if classes.is_empty() {
            classes.push(Class::Malformed);
        }
        let wanted = Wanted {
            classes: &[Class::Malformed],
            subject: Subject::Input(input),
            reach: crate::behavior::choose::Reach::Set,
        };
        is_message.then(|| Failure {
            message: message.to_owned(),
            classes,
            // Another example of the same code says another thing.
            origin: Origin::Example,
            place,
            endpoint: Some(at),
            approximated: false,
            ..self.general(at, &wanted)
        })
    }
}
