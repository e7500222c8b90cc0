//! Which documented failure answers a check that is not met.
//!
//! Each check has classes in order of fitness. The sources are tried in turn: the endpoint's table, its examples, the
//! quote above it, the document set. A class outside the list never stands in, and a borrowed message may not name
//! another thing than the one meant. If nothing fits, the set's general failure in docsim's own words.

mod bend;
mod borrow;
mod bounds;
mod fit;
mod general;
mod named_inputs;

pub(super) use fit::{Fit, is_about_account};
pub(super) use named_inputs::{THINGS, longest_common};

use super::Input;
use super::failure::{Catalog, Failure, Origin};
use super::failures::lend::{Lenders, Systems};
use super::failures::things::Things;
use super::inputs::consent;
use crate::lexicon::{Class, Lexicon, Role, label_head};
use crate::spec::DocSet;
use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

/// What a check is about.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Subject {
    /// Nothing in particular: a token.
    None,
    /// How a record stands: a message about an account does not fit.
    Standing,
    /// An account: a message about another kind of thing does not fit.
    Account,
    /// The same, and a message that is about nothing in particular does not fit either.
    AccountAlone,
    /// The same of who calls, which hardly any document speaks of: what is not understood is about something else.
    Caller,
    /// One of the endpoint's inputs.
    Input(usize),
    /// A record of that collection.
    Record(usize),
    /// Its list, of which a message can say that there is nothing on it yet.
    Listed(usize),
}

/// How far away a failure may be documented.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reach {
    /// By the endpoint itself.
    Own,
    /// Also by a table for the whole set, where it speaks of one of these subjects, or of any if there are none.
    Shared(&'static [&'static str]),
    /// Anywhere in the set; where nothing fits, the set's general failure.
    Set,
}

/// What failure is looked for.
pub(super) struct Wanted<'w> {
    pub(super) classes: &'w [Class],
    pub(super) subject: Subject,
    pub(super) reach: Reach,
}

/// The inputs that a message names, by endpoint and message.
type Named = HashMap<usize, HashMap<String, Rc<[usize]>>>;

pub(super) struct Chooser<'a> {
    pub(super) set: &'a DocSet,
    pub(super) lexicon: &'a Lexicon,
    pub(super) catalog: &'a Catalog,
    pub(super) inputs: &'a [Vec<Input>],
    pub(super) chinese: bool,
    things: Things<'a>,
    /// What has been found so far.
    named: RefCell<Named>,
    lenders: OnceCell<Lenders>,
    systems: OnceCell<Systems>,
    pub(super) all_missing: OnceCell<Option<Failure>>,
}

/// Where the lexicon's messages have the label of what is meant.
const LABEL: &str = "{label}";

impl<'a> Chooser<'a> {
    /// `things` is what titles call the records of each collection, and paths.
    pub(super) fn new(
        set: &'a DocSet,
        lexicon: &'a Lexicon,
        catalog: &'a Catalog,
        inputs: &'a [Vec<Input>],
        chinese: bool,
        things: &'a [Vec<String>],
    ) -> Self {
        Self {
            set,
            lexicon,
            catalog,
            inputs,
            chinese,
            things: Things::new(lexicon, things),
            named: RefCell::default(),
            lenders: OnceCell::new(),
            systems: OnceCell::new(),
            all_missing: OnceCell::new(),
        }
    }

    /// The failure for a check of the endpoint; none if it must be the endpoint's own and there is none.
    pub(super) fn choose(&self, at: usize, wanted: &Wanted<'_>) -> Option<Failure> {
        let mut found = self.chosen(at, wanted)?;
        // A rule without a message leaves the label to be filled in.
        if let (true, Subject::Input(input)) = (found.message.contains(LABEL), wanted.subject) {
            found.message = found.message.replace(LABEL, self.called(at, input));
        }
        Some(found)
    }

    fn chosen(&self, at: usize, wanted: &Wanted<'_>) -> Option<Failure> {
        if let Some(found) = self.of_bounds(at, wanted) {
            return Some(found);
        }
        let own = &self.catalog.own[at];
        if let Some(found) = self.of_consent(at, wanted) {
            return Some(found);
        }
        let is_table = |failure: &&Failure| matches!(failure.origin, Origin::Table(_));
        let has_table = own.iter().any(|failure| is_table(&failure));
        if !has_table && wanted.reach == Reach::Set {
            // `手机号或密码不对` is said of either, so that nobody learns which phones are known.
            let either = own.iter().filter(|failure| self.says_either(at, failure));
            let says_none = |failure: &Failure| {
                failure.classes.first() == Some(&Class::NotFound)
                    && self.fits_account(failure, Class::NotFound) == Fit::Exact
            };
            let says_none = || own.iter().any(says_none);
            if wanted.subject == Subject::Account && wanted.classes.first() == Some(&Class::NotFound) && !says_none() {
                let found = self.best(at, &either, wanted, true);
                if found.is_some() {
                    return found;
                }
            }
            // A table for the whole set is this endpoint's table too: what says exactly what is wrong comes before an
            // example that is only near it.
            let exact = Wanted { classes: wanted.classes.get(..1).unwrap_or_default(), ..*wanted };
            let found = self
                .best(at, &own.iter(), &exact, true)
                .filter(|failure| !failure.approximated)
                .or_else(|| self.of_just_this(at, wanted))
                .or_else(|| self.best(at, &self.shared(at, wanted.subject), &exact, false));
            // `读者证号或密码错误` of a table for all says it of whoever logs in.
            let either = || {
                let either = self.shared(at, wanted.subject).filter(|failure| self.says_either(at, failure));
                self.best(at, &either, wanted, false)
            };
            let asks = wanted.subject == Subject::Account && wanted.classes.first() == Some(&Class::NotFound);
            let found = found.or_else(|| if asks { either() } else { None });
            if found.is_some() {
                return found;
            }
        }
        if let (Subject::Record(collection), Some(Class::NotFound)) = (wanted.subject, wanted.classes.first()) {
            let missing = Wanted { classes: &[Class::NotFound], ..*wanted };
            let names_it = |failure: &&Failure| self.fits_record(failure, collection) == Fit::Exact;
            let found = self
                .best(at, &own.iter(), &missing, true)
                .or_else(|| self.best(at, &self.shared(at, wanted.subject).filter(names_it), &missing, false));
            if found.is_some() && wanted.reach == Reach::Set {
                return found;
            }
        }
        let found = self
            .best(at, &own.iter().filter(is_table), wanted, true)
            .map(|row| self.as_shown(at, row, wanted))
            .or_else(|| self.best(at, &own.iter().filter(|failure| failure.origin == Origin::Example), wanted, true))
            .or_else(|| self.best(at, &own.iter().filter(|failure| failure.origin == Origin::Quote), wanted, true));
        // What is missing is told by the set's rule for it before by a message of the endpoint's about another thing.
        let found = match found {
            Some(bent) if bent.approximated && wanted.classes.first() == Some(&Class::Missing) => {
                let exact = Wanted { classes: &[Class::Missing], ..*wanted };
                let told = self.best(at, &self.shared(at, wanted.subject), &exact, false);
                let rule = || self.catalog.missing.clone().filter(|_| bent.classes.first() != Some(&Class::Missing));
                // `无效的验证码` says it of a passcode that is missing before `无效的手机号` can be bent to.
                let passcode = || {
                    let wrong = Wanted { classes: &[Class::BadPasscode], ..*wanted };
                    let bends = bent.classes.first() != Some(&Class::Missing);
                    let found = bends.then(|| self.best(at, &own.iter(), &wrong, true)).flatten();
                    found.filter(|failure| !failure.approximated)
                };
                Some(told.or_else(rule).or_else(passcode).unwrap_or(bent))
            }
            None if self.tells_missing(at, wanted) => self.catalog.missing.clone(),
            Some(other) if !other.classes.contains(&Class::Missing) && self.tells_missing(at, wanted) => {
                // The endpoint's own failure says it more surely where the code is the same.
                self.catalog.missing.clone().filter(|missing| missing.code != other.code).or(Some(other))
            }
            found => found,
        };
        let found = self.gone(at, wanted, found.as_ref(), has_table).or(found);
        let found = found.or_else(|| self.left_over(at, wanted));
        let about = match wanted.reach {
            _ if found.is_some() => return found,
            Reach::Own => return None,
            Reach::Shared(_) if has_table => return None,
            Reach::Shared(about) => Some(about),
            Reach::Set => None,
        };
        if let Some(about) = about {
            let speaks = |failure: &&Failure| {
                about.is_empty() || failure.subjects.iter().any(|subject| about.contains(&subject.as_str()))
            };
            return self.best(at, &self.catalog.shared.iter().filter(speaks), wanted, false);
        }
        // `failed` is too vague to be borrowed: another endpoint's failure says that *that* failed. What only stands in
        // for a check in its own endpoint's words says something else in another's.
        let lent = |(at, class): (usize, &Class)| {
            let stands_in = matches!(class, Class::NotFound | Class::BadCredentials)
                || (*class == Class::WrongState && wanted.classes.first() == Some(&Class::Exists));
            (*class != Class::Failed && (at == 0 || !stands_in)).then_some(*class)
        };
        let classes: Vec<Class> = wanted.classes.iter().enumerate().filter_map(lent).collect();
        let borrowed = Wanted { classes: &classes, ..*wanted };
        let file = self.set.endpoints[at].place.file;
        let found = self
            .borrow(at, &borrowed, Some(file))
            .or_else(|| self.borrow(at, &borrowed, None))
            .or_else(|| self.best(at, &self.shared(at, wanted.subject), &borrowed, false));
        Some(found.unwrap_or_else(|| self.general(at, wanted)))
    }

    /// The failures of tables for the whole set that can be this endpoint's: where its own envelope shows other codes, the
    /// tables are another system's; and what names a parameter that it does not have is another endpoint's.
    pub(super) fn shared(&self, at: usize, subject: Subject) -> impl Iterator<Item = &Failure> + Clone {
        let applies = self.systems().tables_apply(self.set.endpoints[at].envelope);
        let inputs = &self.inputs[at];
        let is_own = move |name: &String| {
            !matches!(subject, Subject::Input(_)) || inputs.iter().any(|input| label_head(&input.label) == name)
        };
        let named = self.catalog.shared.iter().zip(&self.catalog.shared_names);
        let fitting = named.filter(move |(_, name)| applies && name.as_ref().is_none_or(is_own));
        fitting.map(|(failure, _)| failure)
    }

    /// `该工号已激活` of what gives a 工号 its account says so of that name, before any table says it of something else.
    fn of_just_this(&self, at: usize, wanted: &Wanted<'_>) -> Option<Failure> {
        let Subject::Input(input) = wanted.subject else { return None };
        let names = self.inputs[at].get(input).is_some_and(|input| input.role == Role::Identity);
        let asks = names && wanted.classes.first() == Some(&Class::Exists);
        let open = |failure: &&Failure| matches!(failure.classes.first(), None | Some(Class::WrongState));
        let just = |failure: &&Failure| self.fit(at, failure, wanted.subject, Class::Exists) == Fit::Exact;
        self.catalog.own[at].iter().filter(open).find(just).filter(|_| asks).cloned()
    }

    /// `请先同意用户协议` answers an `agree` that does not.
    fn of_consent(&self, at: usize, wanted: &Wanted<'_>) -> Option<Failure> {
        let Subject::Input(input) = wanted.subject else { return None };
        let says = matches!(wanted.classes.first(), Some(Class::Missing | Class::Malformed))
            && consent::is_consent(self.inputs[at].get(input)?, self.lexicon);
        let asks = |failure: &&Failure| consent::asks(failure.says(), self.lexicon);
        says.then(|| self.catalog.own[at].iter().find(asks).cloned()).flatten()
    }

    /// A failure that leaves open whether the account or its password is wrong: what stands before a joint and the password names
    /// the account (`昵称或密码错误`), whatever it is called.
    fn says_either(&self, at: usize, failure: &Failure) -> bool {
        let by_name = || {
            let mut secrets = self.lexicon.subjects_in(failure.says()).filter(|(name, _)| *name == "password");
            let secret = secrets.next().and_then(|(_, place)| failure.says().get(..place.start));
            let before = secret.filter(|before| self.lexicon.ends_with("either-joint", before.trim_end()));
            let identity = self.inputs[at].iter().find(|input| input.role == Role::Identity);
            before.is_some() && identity.is_some()
        };
        is_either(failure) || (failure.classes.contains(&Class::BadCredentials) && by_name())
    }

    fn best<'f>(
        &self,
        at: usize,
        failures: &(impl Iterator<Item = &'f Failure> + Clone),
        wanted: &Wanted<'_>,
        own: bool,
    ) -> Option<Failure> {
        for class in wanted.classes {
            let fitting = failures.clone().filter_map(|failure| {
                let position = failure.classes.iter().position(|known| known == class)?;
                let fit = self.fit(at, failure, wanted.subject, *class);
                if failure.states_rule && (fit == Fit::Other || wanted.classes.first() != Some(&Class::Malformed)) {
                    return None;
                }
                // `赏金不能少于5元` says of nothing else how much of it there has to be.
                if fit == Fit::Other
                    && super::inputs::unit_bounds::unit_bounds(&failure.message, &self.lexicon.rules().lengths)
                        .is_some()
                {
                    return None;
                }
                if let Subject::Input(input) = wanted.subject
                    && self.is_of_other_param(at, input, failure)
                {
                    return None;
                }
                if fit == Fit::Other && self.is_of_fixed(failure.endpoint.unwrap_or(at), failure) {
                    return None;
                }
                // Who has not agreed to terms is told so by nothing else that is wrong.
                if consent::asks(failure.says(), self.lexicon)
                    && self.inputs[at].iter().any(|input| consent::is_consent(input, self.lexicon))
                {
                    return None;
                }
                // What is borrowed has to mean just that first of all: `手机号已注册,请直接登录` tells nobody to log in.
                // That something is missing or malformed is one thing to say.
                let about_input = |class: &Class| matches!(class, Class::Missing | Class::Malformed);
                let first = position == 0 || failure.classes[..=position].iter().all(about_input);
                (own || (fit != Fit::Other && first)).then_some((failure, fit, position))
            });
            // The best fit, then the one that names it most, then the one that says this first, then the one that says little
            // else, then the first.
            let best = fitting
                .enumerate()
                .max_by_key(|(order, (failure, fit, position))| {
                    let most = *fit == Fit::Exact && self.names_most(at, failure, wanted.subject);
                    (*fit, most, std::cmp::Reverse((*position, failure.classes.len(), *order)))
                })
                .map(|(_, best)| best);
            if let Some((failure, fit, _)) = best {
                let mut failure = failure.clone();
                if !own {
                    failure.origin = Origin::Set;
                }
                if fit == Fit::Other {
                    // A message about another kind of thing cannot be bent; one about another input can.
                    let Subject::Input(input) = wanted.subject else { continue };
                    failure.message = self.bent(at, &failure.message, input).unwrap_or_else(|| {
                        let class = wanted.classes.first().copied().unwrap_or(*class);
                        self.lexicon.reply(self.chinese, class).replace(LABEL, self.called(at, input))
                    });
                    failure.approximated = true;
                }
                return Some(failure);
            }
        }
        None
    }

    /// A row of the endpoint's table in the words of its example of just that: `5101 字段校验不通过` is shown as 请选择类型.
    fn as_shown(&self, at: usize, row: Failure, wanted: &Wanted<'_>) -> Failure {
        let shows = |failure: &&Failure| {
            failure.origin == Origin::Example
                && failure.code == row.code
                && failure.classes.first().is_some_and(|class| wanted.classes.contains(class))
                && self.names_most(at, failure, wanted.subject)
        };
        match self.catalog.own[at].iter().find(shows).filter(|_| !self.names_most(at, &row, wanted.subject)) {
            Some(shown) => Failure { origin: row.origin, ..shown.clone() },
            None => row,
        }
    }

    /// The failures, the endpoint's own first, that speak of just this input.
    pub(super) fn naming(&self, at: usize, input: usize) -> impl Iterator<Item = &Failure> {
        let subject = Subject::Input(input);
        let exact = move |failure: &&Failure| self.fit(at, failure, subject, Class::Malformed) == Fit::Exact;
        self.catalog.own[at].iter().chain(self.shared(at, subject)).filter(exact)
    }

    /// The codes of other documented failures that say of an input what the chosen one says, or say it no less plainly. Whether
    /// something that is missing is called missing or wrong, and by which of several, the documents leave open.
    pub(super) fn alike(&self, at: usize, input: usize, classes: &[Class], chosen: &Failure) -> Vec<Arc<str>> {
        let wanted: &[Class] = match classes.first() {
            Some(Class::Missing) => &[Class::Missing, Class::Malformed],
            Some(Class::Malformed) => &[Class::Malformed],
            _ => return Vec::new(),
        };
        let subject = Subject::Input(input);
        let fit = |failure: &Failure| self.fit(at, failure, subject, wanted[0]);
        let least = match fit(chosen) {
            Fit::Exact if wanted.len() == 1 => Fit::Exact,
            _ => Fit::General,
        };
        let says = |failure: &&Failure| {
            failure.classes.first().is_some_and(|class| wanted.contains(class)) && fit(failure) >= least
        };
        let all = self.catalog.own[at].iter().chain(self.shared(at, subject)).filter(says);
        all.map(|failure| Arc::clone(&failure.code)).filter(|code| *code != chosen.code).collect()
    }
}

/// A failure that leaves open whether the account or its password is wrong.
fn is_either(failure: &Failure) -> bool {
    let speaks = |names: &[&str]| failure.subjects.iter().any(|subject| names.contains(&subject.as_str()));
    failure.classes.contains(&Class::BadCredentials) && speaks(&["password"]) && speaks(&["account", "phone", "email"])
}
