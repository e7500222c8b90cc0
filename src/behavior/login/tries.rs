//! How often somebody may be wrong, and how often be sent something: `密码连续输错5次锁定30分钟`, `验证码错误3次需重新获取`, `每天最多5条`.
//!
//! In: the failures and remarks of an endpoint, of its part, of the set. Out: numbers, and which failure speaks of them. A number
//! is made up only where a failure says that there is one without saying which.

use crate::behavior::Reply;
use crate::behavior::choose::Chooser;
use crate::behavior::collection::prose::remarks;
use crate::behavior::failure::{Failure, Origin};
use crate::behavior::infer::SetWide;
use crate::behavior::inputs::rule;
use crate::lexicon::{Class, Lexicon, Operation, Role};

/// How often a secret may be wrong.
#[derive(Clone, Debug)]
pub struct Tries {
    /// With this many wrong ones in a row it is over.
    pub most: u64,
    /// For how long nobody gets in then; none where it is a passcode that is over.
    pub locked_ms: Option<i64>,
    /// The refusal by how many tries are left, where the failure tells: the first where none is left.
    pub left: Vec<Reply>,
}

/// What the documents state of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::behavior) struct Stated {
    pub(in crate::behavior) most: u64,
    pub(in crate::behavior) locked_ms: i64,
}

/// Where a failure says that there is an end, and nothing says which.
const MOST: u64 = 5;
const LOCKED_MS: i64 = 30 * 60_000;

impl SetWide<'_> {
    /// How many wrong passwords lock an account out, where a login's failures or remarks say that some do.
    pub(in crate::behavior) fn locks(&self, at: usize) -> Option<Stated> {
        if self.kinds[at] != Operation::Login || !self.inputs[at].iter().any(|input| input.role == Role::Password) {
            return None;
        }
        let locks = |text: &&str| self.lexicon.speaks_of("locked-out", text) && !about_passcode(self.lexicon, text);
        let of_all = self.locks_of_all.get_or_init(|| {
            let shared = self.catalog.shared.iter().map(|failure| failure.message.as_str());
            shared.chain(self.prose.iter().map(|note| note.text.as_str())).filter(locks).collect()
        });
        let told: Vec<&str> = self.said(at).filter(locks).chain(of_all.iter().copied()).collect();
        let counts = told.iter().find_map(|text| wrong_tries(self.lexicon, text));
        let for_how_long = told.iter().find_map(|text| locked_for(self.lexicon, text));
        // That an account is locked may be said of one that the back office froze.
        let after_tries = told.iter().any(|text| self.lexicon.speaks_of("wrong-again", text));
        (counts.is_some() || (after_tries && !told.is_empty()))
            .then(|| Stated { most: counts.unwrap_or(MOST), locked_ms: for_how_long.unwrap_or(LOCKED_MS) })
    }

    /// How many wrong passcodes void the one that was sent.
    pub(in crate::behavior) fn passcode_tries(&self) -> Option<u64> {
        let secret = |at: &usize| {
            self.kinds[*at] == Operation::SendPasscode
                || self.inputs[*at].iter().any(|input| input.word == Role::Passcode)
        };
        let own = (0..self.kinds.len()).filter(secret).flat_map(|at| self.said(at));
        let notes = self.prose.iter().map(|note| note.text.as_str());
        let shared = self.catalog.shared.iter().map(|failure| failure.message.as_str());
        let voids = |text: &&str| {
            let about = about_passcode(self.lexicon, text) || self.lexicon.speaks_of("the-code", text);
            self.lexicon.speaks_of("passcode-void", text) && about
        };
        let told: Vec<&str> = own.chain(notes).chain(shared).filter(voids).collect();
        let counted = told.iter().find_map(|text| wrong_tries(self.lexicon, text));
        let again = told.iter().any(|text| self.lexicon.speaks_of("wrong-again", text));
        counted.or_else(|| again.then_some(MOST))
    }

    /// How many passcodes a day are sent to one phone.
    pub(in crate::behavior) fn daily(&self, at: usize) -> Option<u64> {
        if self.kinds[at] != Operation::SendPasscode {
            return None;
        }
        let shared = self.catalog.shared.iter().map(|failure| failure.message.as_str());
        let shared = shared.filter(|text| about_passcode(self.lexicon, text) || self.lexicon.speaks_of("resend", text));
        self.said(at).chain(shared).find_map(|text| {
            let clauses = text.split([',', '，', ';', '；', '。', '、']);
            let mut daily = clauses.filter(|clause| self.lexicon.speaks_of("each-day", clause));
            daily.find_map(|clause| rule::count(clause, &self.lexicon.rules().counts))
        })
    }

    /// The title, the remarks and the failures of an endpoint.
    fn said(&self, at: usize) -> impl Iterator<Item = &str> {
        let endpoint = &self.set.endpoints[at];
        let remarks = remarks(self.prose, endpoint).map(|note| note.text.as_str());
        let failures = self.catalog.own[at].iter().map(|failure| failure.message.as_str());
        std::iter::once(endpoint.title.as_str()).chain(remarks).chain(failures)
    }
}

fn about_passcode(lexicon: &Lexicon, text: &str) -> bool {
    lexicon.meaning(text).subjects.iter().any(|subject| subject == "passcode")
}

/// The number of tries in a clause about being wrong: `输错5次`, `after 3 wrong passwords`.
fn wrong_tries(lexicon: &Lexicon, text: &str) -> Option<u64> {
    let mut clauses = text.split([',', '，', ';', '；', '。']);
    clauses.find_map(|clause| {
        lexicon.speaks_of("wrong-try", clause).then(|| rule::count(clause, &lexicon.rules().counts)).flatten()
    })
}

fn locked_for(lexicon: &Lexicon, text: &str) -> Option<i64> {
    let clauses = || text.split([',', '，', ';', '；', '。']);
    let times = &lexicon.rules().times;
    let locked = clauses().filter(|clause| lexicon.speaks_of("locked-out", clause));
    locked.chain(clauses()).find_map(|clause| rule::time_span(clause, times))
}

impl Chooser<'_> {
    fn own_or_shared(&self, at: usize, fits: impl Fn(&&Failure) -> bool) -> Option<Failure> {
        let own = self.catalog.own.get(at)?.iter().find(|failure| fits(failure)).cloned();
        own.or_else(|| {
            let shared = self.shared(at, crate::behavior::choose::Subject::None).find(|failure| fits(failure)).cloned();
            shared.map(|failure| Failure { origin: Origin::Set, ..failure })
        })
    }

    /// The failure for an account that is locked for a time.
    pub(in crate::behavior) fn locked_out(&self, at: usize) -> Option<Failure> {
        let class = |failure: &Failure| {
            let classes = [Class::TooFrequent, Class::ForbiddenStatus, Class::WrongState];
            failure.classes.iter().any(|class| classes.contains(class))
        };
        let says = |failure: &&Failure, topic: &str| self.lexicon.speaks_of(topic, &failure.message);
        let passcode = |failure: &&Failure| about_passcode(self.lexicon, &failure.message);
        let exact =
            self.own_or_shared(at, |failure| says(failure, "locked-out") && class(failure) && !passcode(failure));
        exact.or_else(|| self.own_or_shared(at, |failure| says(failure, "wrong-again") && !passcode(failure)))
    }

    /// The failure for a passcode that was guessed at too often.
    pub(in crate::behavior) fn passcode_void(&self, at: usize) -> Option<Failure> {
        self.own_or_shared(at, |failure| {
            let says = |topic: &str| self.lexicon.speaks_of(topic, &failure.message);
            about_passcode(self.lexicon, &failure.message) && says("wrong-again")
        })
    }

    /// The failure for the interval between two passcodes, or for the number of a day.
    pub(in crate::behavior) fn too_often(&self, at: usize, daily: bool) -> Option<Failure> {
        self.own_or_shared(at, |failure| {
            failure.classes.contains(&Class::TooFrequent) && self.lexicon.speaks_of("each-day", failure.says()) == daily
        })
    }

    /// What is answered by how many tries are left, where a failure tells.
    pub(in crate::behavior) fn left(&self, failure: &Failure, most: u64) -> Vec<Failure> {
        let Some(after) = self.lexicon.after("tries-left", &failure.message) else { return Vec::new() };
        let message = &failure.message;
        let digits = |c: char| c.is_ascii_digit();
        // `还剩3次`, `2 attempts left`: the number next to the words.
        let before = message[..after].rfind(digits).map(|end| {
            let start = message[..end]
                .rfind(|c: char| !c.is_ascii_digit())
                .map_or(0, |at| at + message[at..].chars().next().map_or(1, char::len_utf8));
            (start, end + 1)
        });
        let behind = message[after..].find(digits).map(|start| {
            let length = message[after + start..].bytes().take_while(u8::is_ascii_digit).count();
            (after + start, after + start + length)
        });
        let near = |(start, _): &(usize, usize)| start.saturating_sub(after) <= 12;
        let Some((start, end)) = behind.filter(near).or(before) else { return Vec::new() };
        let with = |left: u64| Failure {
            message: format!("{}{left}{}", &message[..start], &message[end..]),
            ..failure.clone()
        };
        (0..most).map(with).collect()
    }
}
