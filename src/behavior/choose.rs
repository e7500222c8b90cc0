//! Which documented failure answers a check that is not met.
//!
//! Each check has classes in order of fitness. The sources are tried in turn: the endpoint's table, its examples, the
//! quote above it, the document set. A class outside the list never stands in, and a borrowed message may not name
//! another thing than the one meant. If nothing fits, the set's general failure in docsim's own words.

use super::failure::{Catalog, Failure, Origin};
use super::lend::{self, About, Lenders, Search, System, Systems};
use super::things::Things;
use super::{Form, Input};
use crate::lexicon::{Class, Lexicon, Role, label_head};
use crate::source::FileId;
use crate::spec::{DocSet, Endpoint};
use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

/// What a check is about.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Subject {
    /// Nothing in particular: a token, a state.
    None,
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

/// How well a message's subject fits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fit {
    /// It speaks of something else; only the endpoint's own failure may be bent to the case.
    Other,
    General,
    Exact,
}

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
            found.message = found.message.replace(LABEL, &self.inputs[at][input].label);
        }
        Some(found)
    }

    fn chosen(&self, at: usize, wanted: &Wanted<'_>) -> Option<Failure> {
        let own = &self.catalog.own[at];
        let is_table = |failure: &&Failure| matches!(failure.origin, Origin::Table(_));
        let has_table = own.iter().any(|failure| is_table(&failure));
        if !has_table && wanted.reach == Reach::Set {
            // `手机号或密码不对` is said of either, so that nobody learns which phones are known.
            let either = own.iter().filter(|failure| is_either(failure));
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
                .or_else(|| self.best(at, &self.shared(at, wanted.subject), &exact, false));
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
                Some(told.or_else(rule).unwrap_or(bent))
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
            let stands_in = matches!(class, Class::NotFound | Class::BadCredentials);
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

    pub(super) fn systems(&self) -> &Systems {
        self.systems.get_or_init(|| Systems::new(self.set, self.catalog))
    }

    /// The fittest failure of another endpoint in one envelope, and in one file if it is told.
    pub(super) fn borrow(&self, at: usize, wanted: &Wanted<'_>, file: Option<FileId>) -> Option<Failure> {
        let lenders =
            self.lenders.get_or_init(|| Lenders::new(self.set, self.catalog, |failure| self.speaks_of(failure)));
        let envelope = self.set.endpoints[at].envelope;
        let rules = wanted.classes.first() == Some(&Class::Malformed);
        let found = wanted.classes.iter().find_map(|class| {
            let mut fits = self.fits(at, wanted.subject, *class).into_iter();
            fits.find_map(|about| lenders.find(&Search { at, envelope, file, class: *class, about: &about, rules }))
        });
        found.map(|spot| Failure { origin: Origin::Set, ..self.failure_at(spot).clone() })
    }

    fn failure_at(&self, (endpoint, index): lend::Spot) -> &'a Failure {
        &self.catalog.own[endpoint][index]
    }

    /// What a failure of another endpoint has to speak of: exactly, and in general.
    fn fits(&self, at: usize, subject: Subject, class: Class) -> [Vec<About>; 2] {
        match subject {
            Subject::Account if class == Class::NotFound => [vec![About::Account], vec![About::Getting]],
            Subject::None | Subject::Account => [Vec::new(), vec![About::Anything]],
            Subject::AccountAlone | Subject::Caller => [vec![About::Account], Vec::new()],
            Subject::Record(collection) => {
                let nothing_yet = false;
                [vec![About::Record { collection, nothing_yet }], vec![About::NoRecord { nothing_yet }]]
            }
            Subject::Listed(collection) => [
                [false, true].map(|nothing_yet| About::Record { collection, nothing_yet }).into(),
                [false, true].map(|nothing_yet| About::NoRecord { nothing_yet }).into(),
            ],
            Subject::Input(input) => [about_input(&self.inputs[at][input]).collect(), vec![About::NoInput]],
        }
    }

    /// All that another endpoint can ask of what a failure speaks of.
    fn speaks_of(&self, failure: &Failure) -> Vec<About> {
        let mut about = match self.fits_account(failure, Class::NotFound) {
            Fit::Exact => vec![About::Account],
            Fit::General => vec![About::Getting],
            Fit::Other => Vec::new(),
        };
        if let Some(lender) = failure.endpoint {
            let named = self.named(lender, &failure.message);
            about.extend(named.iter().flat_map(|input| about_input(&self.inputs[lender][*input])));
            // `图最多3张` says of nothing else how much of it there may be.
            let is_limit = self.lexicon.speaks_of("at-most", &failure.message);
            let is_named = || super::names_param::named_param(&failure.message, self.lexicon).is_some();
            about.extend((named.is_empty() && !is_limit && !is_named()).then_some(About::NoInput));
        }
        let nothing_yet = self.lexicon.speaks_of("nothing-yet", &failure.message);
        let records = self.things.said_in(&failure.message);
        about.extend(records.iter().map(|collection| About::Record { collection: *collection, nothing_yet }));
        about.extend((records.is_empty() && !is_about_account(failure)).then_some(About::NoRecord { nothing_yet }));
        about
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
                    && super::unit_bounds::unit_bounds(&failure.message, &self.lexicon.rules().lengths).is_some()
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
                        let label = self.inputs[at][input].label.as_str();
                        let class = wanted.classes.first().copied().unwrap_or(*class);
                        self.lexicon.reply(self.chinese, class).replace("{label}", label)
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

    /// Whether a failure has more of an input's label than of any other's: `失效时间没填` where there is a 生效时间, too.
    fn names_most(&self, at: usize, failure: &Failure, subject: Subject) -> bool {
        let lender = failure.endpoint.unwrap_or(at);
        let Subject::Input(input) = subject else { return false };
        let named = self.named(lender, &failure.message);
        named.first().is_some_and(|first| self.inputs[lender][*first].name == self.inputs[at][input].name)
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

    fn fit(&self, at: usize, failure: &Failure, subject: Subject, class: Class) -> Fit {
        match subject {
            Subject::None => Fit::General,
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
            Subject::Record(_) if self.lexicon.speaks_of("nothing-yet", &failure.message) => Fit::Other,
            Subject::Record(collection) | Subject::Listed(collection) => self.fits_record(failure, collection),
            Subject::Input(input) => {
                let lender = failure.endpoint.unwrap_or(at);
                let named = self.named(lender, &failure.message);
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
                match named.first() {
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

    /// The one input of an endpoint whose own line states the rule that a message states: `评价最多100字` of `content # 内容，最多100字`.
    fn ruled(&self, at: usize, failure: &Failure) -> Option<usize> {
        if !failure.message.contains(|c: char| c.is_ascii_digit()) {
            return None;
        }
        let words = &self.lexicon.rules().lengths;
        let (length, range) =
            (super::rule::length(&failure.message, words), super::rule::range(&failure.message, words));
        let states = |form: &Form| match form {
            Form::Length(own) => length.as_ref() == Some(own),
            Form::Range(least, most) => range == Some((*least, *most)),
            _ => false,
        };
        let mut ruled = (0..self.inputs[at].len())
            .filter(|input| self.inputs[at][*input].rules.iter().any(|rule| states(&rule.form)));
        ruled.next().filter(|_| ruled.next().is_none())
    }

    /// `用户不存在` is about an account, `地址不存在` is not, `输入的信息有误` is about nothing in particular.
    fn fits_account(&self, failure: &Failure, class: Class) -> Fit {
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

    /// Whether a failure is the only one of its endpoint's own that says that something is not there, and names nothing.
    fn is_only_missing(&self, at: usize, failure: &Failure) -> bool {
        let missing = |failure: &&Failure| failure.classes.first() == Some(&Class::NotFound);
        failure.endpoint == Some(at)
            && missing(&failure)
            && failure.subjects.is_empty()
            && self.things.said_in(&failure.message).is_empty()
            && self.catalog.own[at].iter().filter(missing).count() == 1
    }

    /// `地址不存在` is about addresses, `用户不存在` is not, `数据不存在` is about nothing in particular.
    pub(super) fn fits_record(&self, failure: &Failure, collection: usize) -> Fit {
        let records = self.things.said_in(&failure.message);
        match () {
            () if records.contains(&collection) => Fit::Exact,
            () if is_about_account(failure) || !records.is_empty() => Fit::Other,
            () => Fit::General,
        }
    }

    /// The inputs of an endpoint that a message names, the one that it names most first.
    pub(super) fn named_inputs(&self, endpoint: usize, message: &str) -> Vec<usize> {
        self.named(endpoint, message).to_vec()
    }

    /// The inputs of an endpoint that a message names: those that its subjects mean, and the one whose label it has most of.
    /// Every check asks this of every failure, so it is worked out once for each message.
    fn named(&self, endpoint: usize, message: &str) -> Rc<[usize]> {
        let known = self.named.borrow().get(&endpoint).and_then(|known| known.get(message)).cloned();
        known.unwrap_or_else(|| {
            let named: Rc<[usize]> = self.find_named(endpoint, message).into();
            self.named.borrow_mut().entry(endpoint).or_default().insert(message.to_owned(), Rc::clone(&named));
            named
        })
    }

    fn find_named(&self, endpoint: usize, message: &str) -> Vec<usize> {
        let inputs = &self.inputs[endpoint];
        let subjects = self.lexicon.meaning(message).subjects;
        // `登录名不能为空` speaks of the name and not of the phone by which the account is known as well.
        let has_name = inputs.iter().any(|input| input.role == Role::Identity && input.word == Role::Account);
        let scored: Vec<(usize, bool, usize)> = inputs
            .iter()
            .enumerate()
            .filter(|(_, input)| !input.discriminates && input.word != Role::Token)
            .filter_map(|(at, input)| {
                let words = self.overlap(message, input);
                // `按栏目筛选` asks for a 栏目.
                let asked = || self.lexicon.without("filter-word", label_head(&input.label));
                // `价格为空` speaks of nothing but a part of 优惠券价格.
                let alone = || {
                    let (before, after) = message.split_once(longest_common(message, label_head(&input.label)))?;
                    let said = !before.chars().any(char::is_alphanumeric) && after.chars().count() <= MOST_SAID;
                    (said && !self.lexicon.meaning(after).classes.is_empty()).then_some(())
                };
                let half = || words * 2 >= asked().chars().filter(|c| !c.is_ascii()).count();
                let enough = words >= 2 && (half() || alone().is_some());
                let meant = subjects.iter().any(|subject| {
                    subject_is(subject, input) && !(subject == "account" && has_name && input.word != Role::Account)
                });
                let by_name = input.name.len() >= 2 && has_word(message, &input.name);
                let points = if enough { words } else { 0 } + usize::from(by_name) * 4;
                (points > 0 || meant).then_some((points, meant, at))
            })
            .collect();
        let most = scored.iter().map(|(points, ..)| *points).max().unwrap_or(0);
        let label = |at: usize| label_head(&inputs[at].label);
        // `姓名或身份证号格式错误` names both: what is left without the longest label still has all of the other.
        let longest = scored.iter().find(|(points, ..)| *points == most).map_or("", |(.., at)| label(*at));
        let left = message.replacen(longest_common(message, longest), "\n", 1);
        let mut named: Vec<&(usize, bool, usize)> = scored
            .iter()
            .filter(|(points, meant, at)| *meant || *points == most || left.contains(label(*at)))
            .collect();
        named.sort_by_key(|(points, _, at)| (std::cmp::Reverse(*points), *at));
        named.into_iter().map(|(.., at)| *at).collect()
    }

    /// How many characters of words (not Latin letters or digits) a message and a label have in common in a row. That both
    /// speak of logging in or registering is nothing in common: it only says where they stand.
    fn overlap(&self, message: &str, input: &Input) -> usize {
        let shared = longest_common(message, label_head(&input.label));
        let words = shared.chars().filter(|c| !c.is_ascii()).count();
        // `数量不对` speaks of a 数量 all the same.
        let whole = shared.len() == label_head(&input.label).len();
        let verb = !whole && self.lexicon.operations_in(shared).iter().any(|(_, length)| *length == words);
        if verb || self.is_of_another_thing(message, shared, input) { 0 } else { words }
    }

    /// `身份证号码` has 号码 in common with a label 手机号码, and is no phone.
    fn is_of_another_thing(&self, message: &str, shared: &str, input: &Input) -> bool {
        let Some(start) = message.find(shared) else { return false };
        let around = |(name, place): &(&str, std::ops::Range<usize>)| {
            THINGS.contains(name) && place.start <= start && start + shared.len() <= place.end
        };
        let mut names = self.lexicon.subjects_in(message).filter(around).map(|(name, _)| name).peekable();
        names.peek().is_some() && !names.any(|name| subject_is(name, input))
    }

    /// The failures of an endpoint's own that name one of its inputs as missing: words that decide what is required.
    pub(super) fn is_named_missing(&self, at: usize, input: usize) -> bool {
        self.catalog.own[at].iter().any(|failure| {
            failure.classes.first() == Some(&Class::Missing) && self.named(at, &failure.message).first() == Some(&input)
        })
    }

    /// A message that names another input, with this one's label in its place; none where that makes no sense.
    fn bent(&self, at: usize, message: &str, input: usize) -> Option<String> {
        let label = self.inputs[at][input].label.as_str();
        // A bare name (`kind`) makes nothing of `宠物种类不正确` that anyone would write.
        let bare = label.is_ascii() && !message.is_ascii();
        let Some(named) = self.named(at, message).first().copied() else { return Some(message.to_owned()) };
        let other = label_head(&self.inputs[at][named].label).to_owned();
        let shared = longest_common(message, &other);
        if shared.is_empty() {
            return Some(message.to_owned());
        }
        (!bare).then(|| message.replacen(shared, label, 1))
    }

    /// The set's general failure, worded by the lexicon.
    pub(super) fn general(&self, at: usize, wanted: &Wanted<'_>) -> Failure {
        let class = wanted.classes.first().copied().unwrap_or(Class::Failed);
        let label = match wanted.subject {
            Subject::Input(input) => Some(&self.inputs[at][input]),
            _ => self.inputs[at].iter().find(|input| input.role == Role::Identity),
        };
        let label = label.map_or("", |input| input.label.as_str());
        let message = self.lexicon.reply(self.chinese, class).replace(LABEL, label);
        let (code, place) = self.general_code(at, class);
        Failure {
            code,
            message,
            classes: vec![class],
            subjects: Vec::new(),
            origin: Origin::General,
            place,
            endpoint: None,
            approximated: true,
            states_rule: false,
        }
    }

    /// The endpoint's own vaguest code, else the set's, else one that is not the success value.
    fn general_code(&self, at: usize, class: Class) -> (Arc<str>, crate::source::Place) {
        let own = &self.catalog.own[at];
        let vague = |failure: &&Failure| lend::is_vague(failure);
        // What is wrong with the input is said by whatever says that, before anything else is lent.
        let about_input = matches!(class, Class::Missing | Class::Malformed | Class::Unequal);
        let input = |failure: &&Failure| about_input && lend::is_about_input(failure);
        let system = self.systems().get(self.set.endpoints[at].envelope);
        let lent = |first: fn(&System) -> Option<lend::Spot>| system.and_then(first).map(|spot| self.failure_at(spot));
        let same =
            one_code(own).map(|first| own.iter().find(input).or_else(|| own.iter().find(vague)).unwrap_or(first));
        let found = same
            .or_else(|| own.iter().find(input))
            .or_else(|| own.iter().find(vague))
            .or_else(|| lent(|system| system.about_input).filter(|_| about_input))
            .or_else(|| lent(|system| system.vague))
            .or_else(|| own.first())
            .or_else(|| lent(|system| system.example));
        match found {
            Some(failure) => (Arc::clone(&failure.code), failure.place),
            None => (self.not_success(&self.set.endpoints[at]).into(), self.set.endpoints[at].place),
        }
    }

    /// A code that no success carries, where no failure is documented at all.
    fn not_success(&self, endpoint: &Endpoint) -> &'static str {
        let envelope = self.set.envelope(endpoint);
        match envelope.success.first().and_then(|value| value.scalar_text()) {
            Some("1" | "0000" | "00000") => "0",
            Some("true") => "false",
            Some("200") => "400",
            Some(text) if text.parse::<i64>().is_err() => "error",
            _ => "1",
        }
    }
}

/// The most that a message says of what it names first: `不能为空`.
const MOST_SAID: usize = 6;

/// An input by what another endpoint's message may name it: by its name, or by what it is for. What one endpoint says of its
/// password holds for another's new one.
fn about_input(input: &Input) -> impl Iterator<Item = About> {
    let role = match input.word {
        Role::Plain | Role::RecordId => None,
        Role::NewPassword => Some(Role::Password),
        word => Some(word),
    };
    [About::Input(Arc::clone(&input.name))].into_iter().chain(role.map(About::Role))
}

pub(super) fn is_about_account(failure: &Failure) -> bool {
    let names = ["account", "phone", "email", "passcode", "password"];
    failure.subjects.iter().any(|subject| names.contains(&subject.as_str()))
}

/// A failure that leaves open whether the account or its password is wrong.
fn is_either(failure: &Failure) -> bool {
    let speaks = |names: &[&str]| failure.subjects.iter().any(|subject| names.contains(&subject.as_str()));
    failure.classes.contains(&Class::BadCredentials) && speaks(&["password"]) && speaks(&["account", "phone", "email"])
}

/// The failure whose code all of them carry.
fn one_code(failures: &[Failure]) -> Option<&Failure> {
    let (first, rest) = failures.split_first()?;
    rest.iter().all(|failure| failure.code == first.code).then_some(first)
}

/// `身份证号码校验不通过` in a table for the whole set says nothing of a phone, though the endpoint has no card to name.
fn names_another_thing(failure: &Failure, wanted: &Input) -> bool {
    let mut named = failure.subjects.iter().filter(|subject| THINGS.contains(&subject.as_str())).peekable();
    failure.endpoint.is_none() && named.peek().is_some() && !named.any(|subject| subject_is(subject, wanted))
}

/// Subjects that are one input and no other.
pub(super) const THINGS: [&str; 7] = ["identity", "passcode", "password", "phone", "email", "name", "picture"];

fn subject_is(subject: &str, input: &Input) -> bool {
    match subject {
        "phone" => input.word == Role::Phone,
        "email" => input.word == Role::Email,
        "account" => input.role == Role::Identity,
        "passcode" => input.word == Role::Passcode,
        "password" => matches!(input.word, Role::Password | Role::NewPassword),
        "new-password" => input.word == Role::NewPassword,
        "identity" => input.word == Role::IdCard,
        "name" => input.word == Role::RealName,
        "picture" => Role::Picture.covers(input.word),
        _ => false,
    }
}

fn has_word(message: &str, name: &str) -> bool {
    // `Subject is required` names `subject`.
    let (message, name) = (message.to_ascii_lowercase(), name.to_ascii_lowercase());
    message.match_indices(&name).any(|(at, _)| {
        let edge = |c: Option<char>| c.is_none_or(|c| !c.is_ascii_alphanumeric() && c != '_');
        edge(message[..at].chars().next_back()) && edge(message[at + name.len()..].chars().next())
    })
}

/// The longest piece of `a` that also stands at the beginning of `b`. Labels are short, so trying all pairs of places is cheap.
pub(super) fn longest_common<'a>(a: &'a str, b: &str) -> &'a str {
    let b = b.char_indices().nth(24).map_or(b, |(end, _)| &b[..end]);
    let mut best = "";
    for (from, _) in b.char_indices() {
        for (at, _) in a.char_indices() {
            let pairs = a[at..].chars().zip(b[from..].chars());
            let length: usize = pairs.take_while(|(a, b)| a == b).map(|(a, _)| a.len_utf8()).sum();
            if length > best.len() {
                best = &a[at..at + length];
            }
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_two_texts_share() {
        assert_eq!(longest_common("请选择所属诊所", "诊所ID"), "诊所");
        assert_eq!(longest_common("生效时间没填", "失效时间"), "效时间");
        assert_eq!(longest_common("缺少必须参数", "图片"), "");
        assert!(has_word("phone is required", "phone"));
        assert!(!has_word("telephone is required", "phone"));
    }
}
