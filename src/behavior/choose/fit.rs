//! How well what a failure speaks of fits what a check is about.

use super::named_inputs::subject_is;
use super::{Chooser, Subject, THINGS};
use crate::behavior::failure::Failure;
use crate::behavior::inputs::rule;
use crate::behavior::{Form, Input};
use crate::lexicon::{Class, Role};

/// How well a message's subject fits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::behavior) enum Fit {
    /// It speaks of something else; only the endpoint's own failure may be bent to the case.
    Other,
    General,
    Exact,
}

impl Chooser<'_> {
    pub(super) fn fit(&self, at: usize, failure: &Failure, subject: Subject, class: Class) -> Fit {
        match subject {
            // `手机号已存在` of another's says nothing of how a record stands.
            Subject::Standing if failure.endpoint != Some(at) && is_about_account(failure) => Fit::Other,
            Subject::None | Subject::Standing => Fit::General,
            Subject::Account => match self.fits_account(failure, class) {
                Fit::Other if class == Class::NotFound && self.is_only_missing(at, failure) => Fit::General,
                fit => fit,
            },
            Subject::AccountAlone | Subject::Caller => match self.fits_account(failure, Class::NotFound) {
                Fit::Exact => Fit::Exact,
                // Of somebody who is looked up the endpoint itself may say so without a word for people: `查无此人`.
                _ if subject == Subject::AccountAlone && self.is_only_missing(at, failure) => Fit::General,
                _ => Fit::Other,
            },
            Subject::Record(_) if self.lexicon.speaks_of("nothing-yet", failure.says()) => Fit::Other,
            Subject::Record(collection) | Subject::Listed(collection) => self.fits_record(failure, collection),
            Subject::Input(input) => {
                let lender = failure.endpoint.unwrap_or(at);
                let named = self.named(lender, failure.says());
                let wanted = &self.inputs[at][input];
                // What one endpoint says of its password holds for another's new one.
                let kind = |input: &Input| match input.word {
                    Role::NewPassword if lender != at || failure.endpoint.is_none() => Role::Password,
                    word => word,
                };
                let is_meant = |named: &Input| {
                    named.name == wanted.name
                        || (kind(named) == kind(wanted) && !matches!(named.word, Role::Plain | Role::RecordId))
                };
                let ruled = || self.ruled(at, failure).filter(|_| class == Class::Malformed && lender == at);
                // `字数太多了` is about no input of which nothing says how long it may be.
                let other_length = || {
                    let ruled = wanted.rules.iter().any(|rule| matches!(rule.form, Form::Length(_)));
                    class == Class::Malformed && !ruled && self.lexicon.speaks_of("of-length", failure.says())
                };
                match named.first() {
                    _ if self.bounds_deed(lender, failure) => Fit::Other,
                    None if other_length() => Fit::Other,
                    None if names_another_thing(failure, wanted) => Fit::Other,
                    None if ruled().is_some_and(|ruled| ruled == input) => Fit::Exact,
                    None if ruled().is_some() => Fit::Other,
                    None => Fit::General,
                    Some(_) if named.iter().any(|named| is_meant(&self.inputs[lender][*named])) => Fit::Exact,
                    Some(_) => Fit::Other,
                }
            }
        }
    }

    /// `用户不存在` is about an account, `地址不存在` is not, `输入的信息有误` is about nothing in particular.
    pub(super) fn fits_account(&self, failure: &Failure, class: Class) -> Fit {
        let about = |names: &[&str]| failure.subjects.iter().any(|subject| names.contains(&subject.as_str()));
        if class != Class::NotFound {
            return Fit::General;
        }
        let lender = failure.endpoint.map(|lender| &self.inputs[lender]);
        let identity = lender.into_iter().flatten().find(|input| input.role == Role::Identity);
        let says_identity = identity.is_some_and(|input| self.overlap(&failure.message, input) >= 2);
        if about(&["account", "phone", "email"]) || says_identity {
            Fit::Exact
        } else if about(&["get"]) {
            Fit::General
        } else {
            Fit::Other
        }
    }

    /// `地址不存在` is about addresses, `用户不存在` is not, `数据不存在` is about nothing in particular.
    pub(in crate::behavior) fn fits_record(&self, failure: &Failure, collection: usize) -> Fit {
        let records = self.things.said_in(failure.says());
        match () {
            () if records.contains(&collection) => Fit::Exact,
            () if is_about_account(failure) || !records.is_empty() => Fit::Other,
            () => Fit::General,
        }
    }

    /// `只能取消待到店的预约` of 取消预约 says to what the deed may be done, and nothing of what is sent.
    fn bounds_deed(&self, at: usize, failure: &Failure) -> bool {
        let behind = self.lexicon.after("only-from", &failure.message).and_then(|end| failure.message.get(end..));
        let deed: String = behind.unwrap_or_default().chars().take(2).collect();
        deed.chars().count() == 2 && !deed.is_ascii() && self.set.endpoints[at].title.contains(&deed)
    }

    /// Whether a failure speaks of the records of one collection and of no others.
    pub(in crate::behavior) fn names_nothing_else(&self, failure: &Failure, collection: usize) -> bool {
        self.things.said_in(failure.says()).iter().all(|known| *known == collection)
    }

    /// Whether a failure is the only one of its endpoint's own that says that something is not there, and names nothing.
    fn is_only_missing(&self, at: usize, failure: &Failure) -> bool {
        let missing = |failure: &&Failure| failure.classes.first() == Some(&Class::NotFound);
        failure.endpoint == Some(at)
            && missing(&failure)
            && failure.subjects.is_empty()
            && self.things.said_in(failure.says()).is_empty()
            && self.catalog.own[at].iter().filter(missing).count() == 1
    }

    /// The one input of an endpoint whose own line states the rule that a message states: `评价最多100字` of `content # 内容，最多100字`.
    fn ruled(&self, at: usize, failure: &Failure) -> Option<usize> {
        if !failure.message.contains(|c: char| c.is_ascii_digit()) {
            return None;
        }
        let words = &self.lexicon.rules().lengths;
        let (length, range) = (rule::length(&failure.message, words), rule::range(&failure.message, words));
        let states = |form: &Form| match form {
            Form::Length(own) => length.as_ref() == Some(own),
            Form::Range(least, most) => range == Some((*least, *most)),
            _ => false,
        };
        let mut ruled = (0..self.inputs[at].len())
            .filter(|input| self.inputs[at][*input].rules.iter().any(|rule| states(&rule.form)));
        ruled.next().filter(|_| ruled.next().is_none())
    }
}

pub(in crate::behavior) fn is_about_account(failure: &Failure) -> bool {
    let names = ["account", "phone", "email", "passcode", "password"];
    failure.subjects.iter().any(|subject| names.contains(&subject.as_str()))
}

/// `身份证号码校验不通过` in a table for the whole set says nothing of a phone, though the endpoint has no card to name.
fn names_another_thing(failure: &Failure, wanted: &Input) -> bool {
    let mut named = failure.subjects.iter().filter(|subject| THINGS.contains(&subject.as_str())).peekable();
    failure.endpoint.is_none() && named.peek().is_some() && !named.any(|subject| subject_is(subject, wanted))
}
