//! How passcodes look, how long they live and how often they are sent, wherever the documents state it: the sender's remarks, a
//! quote above it, its success text and the comments in it, a passcode parameter's words, a page of conventions.

use crate::behavior::account;
use crate::behavior::collection::prose;
use crate::behavior::infer::SetWide;
use crate::behavior::inputs::rule;
use crate::behavior::{Input, PasscodeRules};
use crate::lexicon::{Operation, Role};
use crate::source::Place;
use crate::spec::{Endpoint, Param};

/// A text that may state something of passcodes, and whether it is about them whatever it says.
type Line = (String, Place, bool);

impl SetWide<'_> {
    pub(in crate::behavior) fn passcodes(&self) -> PasscodeRules {
        let mut rules = PasscodeRules::default();
        let senders = |at: &usize| self.kinds[*at] == Operation::SendPasscode;
        for at in 0..self.kinds.len() {
            if senders(&at) {
                self.example_passcode(&self.set.endpoints[at], &mut rules);
            }
            // `captcha=1234` says four digits.
            let shown = self.passcode_lines(at).filter_map(|(_, param)| param.default.as_deref()).map(str::trim);
            let mut shown = shown.filter(|text| is_code(text));
            if let Some(shown) = shown.next() {
                rules.digits = shown.len();
            }
        }
        // What is said beside the sender counts most, what is said for all least.
        for note in self.prose.iter().filter(|note| self.may_state(&note.text)) {
            self.read_line(&(note.text.clone(), note.place, false), &mut rules);
        }
        let (sending, others): (Vec<usize>, Vec<usize>) = (0..self.kinds.len()).partition(senders);
        for at in others.into_iter().chain(sending) {
            for line in self.lines_of(at) {
                self.read_line(&line, &mut rules);
            }
        }
        let overrides = self.overrides;
        rules.digits = overrides.passcode_digits.unwrap_or(rules.digits);
        rules.lifetime_ms = overrides.passcode_lifetime_ms.unwrap_or(rules.lifetime_ms);
        rules.interval_ms = overrides.passcode_interval_ms.unwrap_or(rules.interval_ms);
        rules.universal.clone_from(&overrides.universal_passcode);
        rules
    }

    fn passcode_lines(&self, at: usize) -> impl Iterator<Item = (&Input, &Param)> {
        let lines = self.inputs[at].iter().zip(&self.set.endpoints[at].params);
        lines.filter(|(input, _)| input.word == Role::Passcode)
    }

    fn lines_of(&self, at: usize) -> Vec<Line> {
        let endpoint = &self.set.endpoints[at];
        let sends = self.kinds[at] == Operation::SendPasscode;
        let params = self.passcode_lines(at).map(|(_, param)| (param.all_words(), param.place, true));
        let notes = endpoint.notes.iter().map(|note| (note.text.clone(), note.place, sends));
        let mut lines: Vec<Line> = params.chain(notes).collect();
        if sends {
            let remarks = prose::remarks(self.prose, endpoint);
            lines.extend(remarks.map(|note| (note.text.clone(), note.place, true)));
            let envelope = self.set.envelope(endpoint);
            for example in endpoint.successes() {
                let message = envelope.message_of(&example.value);
                lines.extend(message.map(|(path, text)| (text.to_owned(), example.place_of(path), true)));
                lines.extend(example.comments.iter().map(|note| (note.text.clone(), note.place, true)));
                let shown = account::shown(self.set, endpoint, example, self.lexicon).into_iter();
                lines.extend(shown.filter_map(|member| {
                    let text = member.value.scalar_text().filter(|text| text.parse::<f64>().is_err())?;
                    Some((text.to_owned(), member.place, true))
                }));
            }
        }
        lines
    }

    /// Whether it is worth asking what a line is about.
    fn may_state(&self, text: &str) -> bool {
        let words = self.lexicon.rules();
        rule::digits(text, words).is_some() || rule::time_span(text, &words.times).is_some()
    }

    /// `60秒内只能发一次,验证码4位数字,5分钟内有效`: each clause speaks of its own.
    fn read_line(&self, (text, place, sends): &Line, rules: &mut PasscodeRules) {
        let words = self.lexicon.rules();
        let is_passcode = |text: &str| {
            let drawn = self.lexicon.speaks_of("drawn-passcode", text);
            !drawn && self.lexicon.meaning(text).subjects.iter().any(|subject| subject == "passcode")
        };
        if !self.may_state(text) || !(*sends || is_passcode(text)) {
            return;
        }
        for clause in text.split([',', '，', ';', '；', '。']).flat_map(|clause| clause.split(". ")) {
            if !is_passcode(clause) && self.names_another(clause) {
                continue;
            }
            if let Some(digits) = rule::digits(clause, words) {
                rules.digits = digits;
            }
            let Some(milliseconds) = rule::time_span(clause, &words.times) else { continue };
            if self.lexicon.speaks_of("interval", clause) {
                rules.interval_ms = milliseconds;
            } else if self.lexicon.speaks_of("lifetime", clause) {
                rules.lifetime_ms = milliseconds;
                rules.because = Some((text.clone(), *place));
            }
        }
    }

    /// `密码6位数字`, `token 7天内有效`
    fn names_another(&self, clause: &str) -> bool {
        let others = ["password", "new-password", "token", "login-state", "identity", "card", "picture"];
        let drawn = self.lexicon.speaks_of("drawn-passcode", clause);
        drawn || self.lexicon.meaning(clause).subjects.iter().any(|subject| others.contains(&subject.as_str()))
    }

    /// `"captcha": "302918"` says six digits; `"ttl": 300` says five minutes.
    fn example_passcode(&self, endpoint: &Endpoint, rules: &mut PasscodeRules) {
        for example in endpoint.successes() {
            for member in account::shown(self.set, endpoint, example, self.lexicon) {
                let text = member.value.scalar_text().unwrap_or("");
                if member.role == Role::Passcode && is_code(text) && !super::secrets::is_lifetime(&member, self.lexicon)
                {
                    rules.digits = text.len();
                } else if self.lexicon.speaks_of("lifetime", &format!("{} {}", member.name, member.words))
                    && let Some(milliseconds) = self.lifetime_shown(text, &member.words)
                {
                    rules.lifetime_ms = milliseconds;
                    rules.because = Some((text.to_owned(), member.place));
                }
            }
        }
    }

    /// `"ttl": 300`, `"valid": 5 // 有效期，分钟`, `"tip": "" // 5分钟内有效`, `"tip": "5分钟内有效"`.
    fn lifetime_shown(&self, text: &str, words: &str) -> Option<i64> {
        let times = &self.lexicon.rules().times;
        let number = text.parse::<i64>().ok();
        let units = times.units.iter().filter(|(unit, _)| !unit.is_ascii() && words.contains(unit.as_str()));
        let unit = units.max_by_key(|(unit, _)| unit.len()).map(|(_, milliseconds)| *milliseconds);
        let shown = number.and_then(|number| number.checked_mul(unit.unwrap_or(1000)));
        let told = || rule::time_span(words, times);
        let likely = |milliseconds: &i64| (10_000..=86_400_000).contains(milliseconds);
        shown.filter(likely).or_else(|| told().filter(likely))
    }
}

fn is_code(text: &str) -> bool {
    (4..=8).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}
