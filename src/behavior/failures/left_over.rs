//! Failures of an endpoint's own that no class finds, and that answer what nothing else of its own does.

use crate::behavior::choose::{Chooser, Fit, Subject, Wanted, is_about_account};
use crate::behavior::{Failure, Form, Input};
use crate::lexicon::{Class, Role, label_head};

impl Chooser<'_> {
    /// The one failure of the endpoint's own whose words are not understood, where there has to be one for the case: what is
    /// said where a phone is taken can be said in any way.
    pub(in crate::behavior) fn left_over(&self, at: usize, wanted: &Wanted<'_>) -> Option<Failure> {
        let has_one = match wanted.classes.first()? {
            Class::Exists => !matches!(wanted.subject, Subject::Record(_) | Subject::Listed(_)),
            Class::WrongState => true,
            Class::NotFound => matches!(wanted.subject, Subject::Account | Subject::AccountAlone),
            Class::Malformed => return self.no_such_value(at, wanted),
            _ => false,
        };
        let asks = |failure: &Failure| crate::behavior::inputs::consent::asks(failure.says(), self.lexicon);
        let open = || {
            let all = self.catalog.own[at].iter();
            all.filter(|failure| failure.classes.is_empty() && has_one && !asks(failure))
        };
        // Of several the one that speaks of what accounts are known by: `这个手机号已经是会员`.
        let of_account = matches!(wanted.subject, Subject::None | Subject::Account | Subject::AccountAlone)
            && wanted.classes.first() != Some(&Class::WrongState);
        let named = || only(open().filter(|failure| of_account && is_about_account(failure)));
        only(open()).or_else(named).cloned()
    }

    /// `没有这种卡` answers a value that is none of those that are listed, where no record can be meant.
    fn no_such_value(&self, at: usize, wanted: &Wanted<'_>) -> Option<Failure> {
        let Subject::Input(input) = wanted.subject else { return None };
        let listed = |input: &Input| input.rules.iter().any(|rule| matches!(rule.form, Form::OneOf(_)));
        let inputs = &self.inputs[at];
        let mut all = inputs.iter().enumerate().filter(|(_, known)| listed(known));
        let alone = all.next().is_some_and(|(first, _)| first == input) && all.next().is_none();
        let named = inputs.iter().any(|known| matches!(known.word, Role::RecordId) || known.role == Role::Identity);
        let missing = |failure: &&Failure| {
            failure.classes.first() == Some(&Class::NotFound)
                && !is_about_account(failure)
                && !crate::behavior::choose::longest_common(&failure.message, label_head(&inputs[input].label))
                    .is_empty()
        };
        only(self.catalog.own[at].iter().filter(missing)).filter(|_| alone && !named).cloned()
    }

    /// Whether a rule for all tells what answers a missing parameter.
    pub(in crate::behavior) fn tells_missing(&self, at: usize, wanted: &Wanted<'_>) -> bool {
        wanted.classes.first() == Some(&Class::Missing)
            && self.catalog.missing.is_some()
            && self.systems().tables_apply(self.set.endpoints[at].envelope)
    }

    /// `商品已下架` answers whatever is not there to be ordered, where nothing of the endpoint's own says that it is not there; and
    /// where there is no table, nothing of another's that names the thing either: examples show only some of what can go wrong.
    pub(in crate::behavior) fn gone(
        &self,
        at: usize,
        wanted: &Wanted<'_>,
        found: Option<&Failure>,
        has_table: bool,
    ) -> Option<Failure> {
        let (Subject::Record(collection), Some(Class::NotFound)) = (wanted.subject, wanted.classes.first()) else {
            return None;
        };
        let names_it = |failure: &Failure| self.fits_record(failure, collection) == Fit::Exact;
        let is_gone = |failure: &&Failure| {
            let open = failure
                .classes
                .iter()
                .all(|class| matches!(class, Class::WrongState | Class::Expired | Class::ForbiddenStatus));
            open && names_it(failure) && (failure.classes.is_empty() || self.lexicon.speaks_of("gone", failure.says()))
        };
        if found.is_some_and(|failure| failure.classes.contains(&Class::NotFound)) {
            return None;
        }
        let gone = only(self.catalog.own[at].iter().filter(is_gone))?;
        let missing = Wanted { classes: &[Class::NotFound], ..*wanted };
        let borrowed = if has_table { None } else { self.borrow(at, &missing, None) };
        // `购物车里没有这个商品` of another's is about what is in the basket.
        let names_just_it = |failure: &Failure| names_it(failure) && self.names_nothing_else(failure, collection);
        Some(borrowed.filter(names_just_it).unwrap_or_else(|| gone.clone()))
    }
}

/// The failure that there is, however often it is written.
pub(in crate::behavior) fn only<'f>(mut failures: impl Iterator<Item = &'f Failure>) -> Option<&'f Failure> {
    let first = failures.next()?;
    failures.all(|failure| failure.code == first.code && failure.message == first.message).then_some(first)
}

/// The code that all failures carry.
pub(in crate::behavior) fn only_code<'f>(
    mut failures: impl Iterator<Item = &'f Failure>,
) -> Option<std::sync::Arc<str>> {
    let first = failures.next()?;
    failures.all(|failure| failure.code == first.code).then(|| std::sync::Arc::clone(&first.code))
}
