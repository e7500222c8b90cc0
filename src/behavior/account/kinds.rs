//! Accounts of several kinds (`1业主 2师傅`): which kinds there are, and whose an endpoint is.
//!
//! In: what registering asks for, and the words of titles, headings, remarks and failures. Out: the kinds, for each endpoint
//! the one that may call it. What the kinds do with records is not known here.

use super::Accounts;
use crate::behavior::collection::nouns::noun::id_stem;
use crate::behavior::collection::prose::section::Sections;
use crate::behavior::collection::prose::{self, sentences};
use crate::behavior::failure::{Catalog, Failure, Origin};
pub(in crate::behavior) use crate::behavior::inputs::only_of::OnlyOf;
use crate::behavior::{Auth, Confidence, Demand, Evidence, Input, enumeration};
use crate::lexicon::{Class, Lexicon, Operation, Role, compact, label_head};
use crate::source::Place;
use crate::spec::{DocSet, Endpoint, Note};
use std::sync::Arc;

/// The kinds of accounts of a set; none where all are alike.
#[derive(Clone, Debug, Default)]
pub struct Kinds {
    /// The account's field that says of which kind it is.
    pub field: Arc<str>,
    pub kinds: Vec<Kind>,
    /// What one is where nothing was sent.
    pub default: Option<String>,
    /// Parallel to the endpoints: which kind one makes or lets in, where each kind has its own.
    pub(in crate::behavior) entries: Vec<Option<usize>>,
    /// Parallel to the endpoints: whose accounts one makes, lets in or gives a new password, where each kind has its own.
    pub(in crate::behavior) sides: Vec<Option<usize>>,
    /// The same name can be that of an account of each kind.
    pub(in crate::behavior) separate: bool,
    /// By what a sender of passcodes is told for which kind one is: `client # farmer农户 driver机手`.
    pub(in crate::behavior) senders: Vec<(String, usize)>,
    /// Parallel to the endpoints: who may call.
    pub(in crate::behavior) bound: Vec<Option<Bound>>,
    /// One of the kinds runs the place.
    pub(in crate::behavior) office: Option<super::office_side::Office>,
    /// What says that the token of one kind opens nothing of another's.
    pub(in crate::behavior) apart: Option<Note>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kind {
    pub value: String,
    pub words: String,
    /// It serves the others: a rider, a doctor, a shop.
    pub serves: bool,
}

/// To which kind an endpoint belongs.
#[derive(Clone, Debug)]
pub(in crate::behavior) struct Bound {
    pub(in crate::behavior) kind: usize,
    /// The documents say that others are refused, and maybe how.
    pub(in crate::behavior) refuses: bool,
    pub(in crate::behavior) code: Option<(String, String)>,
    pub(in crate::behavior) because: Evidence,
}

/// What words are looked at with.
pub(in crate::behavior) struct Words<'a> {
    pub(in crate::behavior) set: &'a DocSet,
    pub(in crate::behavior) lexicon: &'a Lexicon,
    pub(in crate::behavior) operations: &'a [Operation],
    pub(in crate::behavior) inputs: &'a [Vec<Input>],
    pub(in crate::behavior) catalog: &'a Catalog,
    pub(in crate::behavior) prose: &'a [Note],
    pub(in crate::behavior) sections: &'a Sections,
    /// The members of the items that the endpoints show.
    pub(in crate::behavior) shown: &'a [Vec<Arc<str>>],
}

impl Accounts {
    /// Marks what tells senders of passcodes for which kind of account one is.
    pub(in crate::behavior) fn settle_senders(
        &mut self,
        set: &DocSet,
        of: &[Operation],
        inputs: &mut [Vec<Input>],
        lexicon: &Lexicon,
    ) {
        if let Some(kinds) = &mut self.kinds {
            kinds.settle_senders(set, of, inputs, lexicon);
        }
    }
}

impl Kinds {
    /// The kinds that an input of registering lists, and whose each endpoint is.
    pub(in crate::behavior) fn of(words: &Words<'_>, accounts: &Accounts) -> Option<Self> {
        let lexicon = words.lexicon;
        let enters = [Operation::Register, Operation::Login];
        let found = enters.into_iter().find_map(|wanted| {
            let endpoints = (0..words.operations.len()).filter(|at| words.operations[*at] == wanted);
            endpoints.flat_map(|at| (0..words.inputs[at].len()).map(move |input| (at, input))).find_map(
                |(at, input)| {
                    let known = &words.inputs[at][input];
                    let named = lexicon.is_named("account-kind", &known.name)
                        || lexicon.is_nothing_but("account-kind", label_head(&known.label));
                    let param = words.set.endpoints[at].params.get(input).filter(|_| named && !known.discriminates)?;
                    let said = param.all_words();
                    let items = enumeration::read(&said, &lexicon.rules().enumerations);
                    let default = enumeration::default(&said, &items, &lexicon.rules().enumerations);
                    (items.len() > 1).then(|| (accounts.key_for(known), items, default.filter(|_| !known.required)))
                },
            )
        });
        let Some((field, items, default)) = found else {
            let known = super::entries::kinds(words.set, words.operations, words.prose, words.sections, lexicon);
            let mut found = known.or_else(|| super::office_side::kinds(words, accounts))?;
            found.settle(words);
            return Some(found);
        };
        let kinds = items.into_iter().map(|item| {
            let head = label_head(&item.words).to_owned();
            let called = lexicon.ends_with("worker-end", &head) && !lexicon.ends_with("no-worker-end", &head);
            let serves =
                called || lexicon.speaks_of("serving-side", &head) || lexicon.is_named("serving-side", &item.value);
            Kind { value: item.value, words: head, serves }
        });
        let mut found = Self { field, kinds: kinds.collect(), default, ..Self::default() };
        found.settle(words);
        Some(found)
    }

    fn settle(&mut self, words: &Words<'_>) {
        self.apart = words.prose.iter().find(|note| self.says_apart(&note.text, words.lexicon)).cloned();
        self.bound = (0..words.operations.len()).map(|at| self.bind(words, at)).collect();
    }

    /// `两端的 token 不通用`, `顾客的token不能调技师端的接口`: of tokens, and of both kinds.
    fn says_apart(&self, text: &str, lexicon: &Lexicon) -> bool {
        let is_named = |kind: &Kind| kind.words.chars().count() > 1 && text.contains(&kind.words);
        let both = self.kinds.len() > 1 && self.kinds.iter().filter(|kind| is_named(kind)).count() > 1;
        let both = both || lexicon.speaks_of("both-kinds", text);
        both && lexicon.speaks_of("proof-of-login", text) && lexicon.speaks_of("opens-nothing", text)
    }

    /// Of which kind an account is that has this value.
    pub fn is(&self, kind: usize, value: Option<&str>) -> bool {
        let value = value.filter(|text| !text.is_empty()).or(self.default.as_deref());
        self.kinds.get(kind).is_some_and(|known| value == Some(known.value.as_str()))
    }

    /// Whether a name in a path is one of the kinds.
    pub(in crate::behavior) fn is_called(&self, name: &str, lexicon: &Lexicon) -> bool {
        let own = |kind: &Kind| kind.value.len() > 2 && compact(&kind.value) == compact(name);
        self.kinds.iter().any(own) || (self.serving().is_some() && lexicon.is_named("serving-side", name))
    }

    /// The kind of the accounts that an endpoint makes or lets in.
    pub(in crate::behavior) fn entry(&self, at: usize) -> Option<usize> {
        self.entries.get(at).copied().flatten()
    }

    /// Whose accounts an endpoint deals with.
    fn deals_with(&self, at: usize) -> Option<usize> {
        self.sides.get(at).copied().flatten().or_else(|| self.caller(at))
    }

    /// The space of names in which an endpoint looks for accounts, where each kind has its own.
    pub(in crate::behavior) fn space(&self, at: usize) -> Option<Arc<str>> {
        let kind = self.deals_with(at).filter(|kind| *kind > 0)?;
        self.spaces().nth(kind - 1)
    }

    /// The spaces of names beside the usual one.
    pub fn spaces(&self) -> impl Iterator<Item = Arc<str>> {
        let others = self.kinds.iter().skip(1).filter(|_| self.separate);
        others.map(|kind| format!("{}:{}", super::IDENTITY, kind.value).into())
    }

    /// For what a sender was told that a passcode is which an endpoint takes.
    pub(in crate::behavior) fn purpose(&self, at: usize) -> Option<Arc<str>> {
        let kind = self.deals_with(at)?;
        self.senders.iter().find(|(_, known)| *known == kind).map(|(value, _)| value.as_str().into())
    }

    /// Finds the inputs by which senders of passcodes are told for which kind one is, and marks them as what it is for.
    pub(in crate::behavior) fn settle_senders(
        &mut self,
        set: &DocSet,
        of: &[Operation],
        inputs: &mut [Vec<Input>],
        lexicon: &Lexicon,
    ) {
        let senders = (0..of.len()).filter(|at| of[*at] == Operation::SendPasscode && !self.sides.is_empty());
        for at in senders.collect::<Vec<_>>() {
            if inputs[at].iter().any(|input| input.word == Role::Purpose) {
                continue;
            }
            for (input, param) in set.endpoints[at].params.iter().enumerate() {
                let items = enumeration::read(&param.all_words(), &lexicon.rules().enumerations);
                let told = items.iter().map(|item| Some((item.value.clone(), self.named(&item.words, lexicon)?)));
                let Some(told) = told.collect::<Option<Vec<_>>>() else { continue };
                let all = (0..self.kinds.len()).all(|kind| told.iter().any(|(_, known)| *known == kind));
                if all && told.len() == self.kinds.len() {
                    (inputs[at][input].word, inputs[at][input].role) = (Role::Purpose, Role::Purpose);
                    self.senders = told;
                    break;
                }
            }
        }
    }

    /// The kind that people call so: `技师`.
    pub(in crate::behavior) fn called(&self, name: &str) -> Option<usize> {
        self.kinds.iter().position(|kind| kind.words == name || short(&kind.words) == Some(name))
    }

    /// The kind that may call an endpoint.
    pub fn caller(&self, at: usize) -> Option<usize> {
        self.bound.get(at)?.as_ref().map(|bound| bound.kind)
    }

    /// The one kind that a text names.
    fn named(&self, text: &str, lexicon: &Lexicon) -> Option<usize> {
        let lower = text.to_lowercase();
        let names = |kind: &Kind| {
            let word = kind.value.len() > 2 && kind.value.bytes().any(|byte| byte.is_ascii_alphabetic());
            (kind.words.chars().count() > 1 && lower.contains(&kind.words.to_lowercase()))
                || short(&kind.words).is_some_and(|short| text.contains(short))
                || (word && prose::words(&lower).any(|known| known == kind.value.to_lowercase()))
        };
        let mut found = (0..self.kinds.len()).filter(|at| names(&self.kinds[*at]));
        match (found.next(), found.next()) {
            (Some(first), None) => Some(first),
            (Some(_), Some(_)) => None,
            (None, _) => {
                let in_short = |at: &usize| short(&self.kinds[*at].words).is_some_and(|short| text.contains(short));
                let mut found = (0..self.kinds.len()).filter(in_short);
                let alone = found.next().filter(|_| found.next().is_none());
                alone.or_else(|| self.serving().filter(|_| lexicon.speaks_of("serving-side", text)))
            }
        }
    }

    /// The one kind that serves the others.
    fn serving(&self) -> Option<usize> {
        let mut serving = (0..self.kinds.len()).filter(|at| self.kinds[*at].serves);
        let first = serving.next();
        first.filter(|_| serving.next().is_none())
    }

    /// What is said of an endpoint itself comes before what is said of its page, and that before its path.
    fn bind(&self, words: &Words<'_>, at: usize) -> Option<Bound> {
        let (lexicon, endpoint) = (words.lexicon, &words.set.endpoints[at]);
        let enters = matches!(words.operations[at], Operation::Register | Operation::Login);
        if enters {
            // Whom people of a kind let in is still theirs to do: `没有管理员权限`.
            return self.refused(words, at);
        }
        if self.office.is_some() {
            return self.by_office(words, at);
        }
        let own: Vec<&Note> = prose::remarks(words.prose, endpoint).collect();
        if own.iter().any(|note| lexicon.speaks_of("all-callers", &note.text)) {
            return None;
        }
        if let Some(bound) = own.iter().find_map(|note| self.said(words, note)) {
            return Some(bound);
        }
        let refused = words.catalog.own[at].iter().find_map(|failure| {
            let note = Note { text: failure.says().to_owned(), place: failure.place };
            self.said(words, &note).map(|bound| Bound { code: Some(coded(failure)), ..bound })
        });
        if let Some(bound) = refused.or_else(|| self.refused(words, at)) {
            return Some(bound);
        }
        let title = self.side(lexicon, &endpoint.title).or_else(|| {
            let deed = words.operations[at] == Operation::Transition;
            self.named(&endpoint.title, lexicon)
                .filter(|kind| deed && endpoint.title.starts_with(self.kinds[*kind].words.as_str()))
        });
        if let Some(kind) = title {
            return Some(bound(kind, &endpoint.title, endpoint.title_place.unwrap_or(endpoint.place)));
        }
        self.page(words, endpoint).or_else(|| self.path(words, at))
    }

    /// `没有管理员权限`, `当前用户不是管理员`: a failure of the endpoint's own that says what kind the caller is not.
    fn refused(&self, words: &Words<'_>, at: usize) -> Option<Bound> {
        let lexicon = words.lexicon;
        let about_things =
            |class: &Class| matches!(class, Class::NotFound | Class::Missing | Class::Exists | Class::Malformed);
        let failures = words.catalog.own[at].iter().filter(|failure| !failure.classes.iter().any(about_things));
        failures.into_iter().find_map(|failure| {
            let clauses = sentences(failure.says()).flat_map(|text| text.split([',', '，', '、', '(', '（']));
            let mut kind = clauses.filter_map(|clause| clause.get(lexicon.after("lacks-kind", clause)?..));
            let kind = kind.find_map(|rest| self.named(rest, lexicon))?;
            let because = Evidence::new(format!("`{}`", failure.says()), failure.place, Confidence::Certain);
            Some(Bound { kind, refuses: true, code: Some(coded(failure)), because })
        })
    }

    /// `只有师傅可以调用`, with the code that a sentence gives to the others.
    pub(super) fn said(&self, words: &Words<'_>, note: &Note) -> Option<Bound> {
        let lexicon = words.lexicon;
        // What is said of both is said of none.
        if self.is_apart(note) {
            return None;
        }
        let mut clauses = sentences(&note.text).flat_map(|text| text.split([',', '，', '、', '(', '（']));
        let kind = clauses.find_map(|clause| {
            let only = lexicon.speaks_of("only-callers", clause);
            self.named(clause, lexicon).filter(|_| only)
        });
        let kind = kind.or_else(|| self.left(words, note))?;
        let code = code_in(words, &note.text);
        let because = Evidence::new(format!("`{}`", note.text), note.place, Confidence::Certain);
        Some(Bound { kind, refuses: true, code, because })
    }

    /// `骑手调返回 1405`: of two kinds, the one that is not refused.
    fn left(&self, words: &Words<'_>, note: &Note) -> Option<usize> {
        let clauses = sentences(&note.text).flat_map(|text| text.split([',', '，', '、', '(', '（', ';', '；']));
        let refused = clauses.filter(|clause| {
            // `别的师傅接的单返回 1406` refuses what is another's, and not the kind.
            let of_another = words.lexicon.speaks_of("another-of-kind", clause);
            let coded = || numbers_in(clause).any(|part| is_known(words, part));
            !of_another && words.lexicon.speaks_of("party-refused", clause) && coded()
        });
        let refused = refused.filter(|_| self.kinds.len() == 2).find_map(|clause| self.named(clause, words.lexicon))?;
        Some(1 - refused)
    }

    /// What stands at the top of the page, or over the part of it.
    fn page(&self, words: &Words<'_>, endpoint: &Endpoint) -> Option<Bound> {
        let lexicon = words.lexicon;
        let place = endpoint.title_place.unwrap_or(endpoint.place);
        for lines in words.sections.above(place) {
            let lines = words.prose.get(lines)?;
            let (heading, rest) = lines.split_first()?;
            let rest = || rest.iter().take_while(|note| note.place.span.end <= endpoint.block.span.start);
            if rest().any(|note| !self.is_apart(note) && lexicon.speaks_of("all-callers", &note.text)) {
                return None;
            }
            let said = rest().chain([heading]).find_map(|note| self.said(words, note));
            let side = || self.side(lexicon, &heading.text).map(|kind| bound(kind, &heading.text, heading.place));
            if let Some(found) = said.or_else(side) {
                return Some(found);
            }
        }
        let file = place.file;
        let first = words.set.endpoints.iter().filter(|known| known.place.file == file);
        let first = first.map(|known| known.title_place.unwrap_or(known.place).span.start).min()?;
        let top = words.prose.iter().filter(|note| note.place.file == file && note.place.span.start < first);
        let mut whole = top.filter(|note| lexicon.speaks_of("whole-page", &note.text));
        whole.find_map(|note| self.said(words, note))
    }

    /// `师傅端`, `三、师傅`, `抢单（师傅）`: a name of a kind that is all there is, or stands before a word for its side.
    fn side(&self, lexicon: &Lexicon, text: &str) -> Option<usize> {
        let kind = self.named(text, lexicon)?;
        let own = self.kinds[kind].words.as_str();
        let bare = text.trim_matches(|c: char| !c.is_alphanumeric());
        let brackets = ["(", "（", "【", "["].iter().any(|open| text.contains(&format!("{open}{own}")));
        let Some((_, after)) = text.split_once(own) else {
            return lexicon.ends_with("kind-side", bare).then_some(kind);
        };
        let ends = after.trim_matches(|c: char| !c.is_alphanumeric()).is_empty() && bare.chars().count() < 10;
        let side = lexicon.after("kind-side", after).is_some_and(|end| end <= 12);
        // `评价机手` is done to one.
        let before = || text.split_once(own).map_or("", |(before, _)| before);
        let is_deed = || lexicon.verbs().verb(before(), &[]).is_some() || !lexicon.operations_in(before()).is_empty();
        let is_last = || ends && bare.ends_with(own) && text.trim().ends_with(own) && !is_deed();
        (brackets || side || is_last()).then_some(kind)
    }

    /// `worker/finish`: who works on what is called otherwise.
    fn path(&self, words: &Words<'_>, at: usize) -> Option<Bound> {
        let (lexicon, endpoint) = (words.lexicon, &words.set.endpoints[at]);
        let is_kind = |word: &str| {
            let named = self.kinds.iter().position(|kind| compact(&kind.value) == word && word.len() > 2);
            named.or_else(|| self.serving().filter(|_| lexicon.is_named("serving-side", word)))
        };
        let segments = crate::behavior::operation::path_of(endpoint);
        let (_, before) = segments.split_last()?;
        let (word, kind) = before.iter().find_map(|word| Some((word, is_kind(word)?)))?;
        let names = |stem: &String| stem == word || word.strip_suffix('s') == Some(stem);
        let stems = || words.inputs[at].iter().filter_map(|input| id_stem(&input.name));
        let shown = || words.shown[at].iter().filter_map(|key| id_stem(key));
        let mine = lexicon.speaks_of("mine", &endpoint.title);
        let others = match words.operations[at] {
            Operation::List => {
                // What only shows an `id` is not of the kind itself, unless its title says so.
                let bare = || words.shown[at].iter().any(|key| compact(key) == "id");
                let of_others = || bare() && self.named(&endpoint.title, lexicon).is_none();
                let shows = shown().next().map_or_else(of_others, |stem| !names(&stem));
                (shows || mine) && !stems().any(|s| names(&s))
            }
            Operation::Transition => !stems().any(|stem| names(&stem)),
            Operation::Detail | Operation::Update => stems().any(|stem| !names(&stem)),
            _ => false,
        };
        others.then(|| bound(kind, &format!("{word} in the path"), endpoint.place))
    }

    /// That the caller is of the kind whose the endpoint is, where the documents have a failure for others.
    pub(in crate::behavior) fn demand(
        &self,
        at: usize,
        auth: Auth,
        catalog: &Catalog,
        lexicon: &Lexicon,
    ) -> Option<crate::behavior::records::Wish> {
        let bound = self.bound.get(at)?.as_ref()?;
        let known = self.kinds.get(bound.kind)?;
        let demand = Demand::OfKind {
            field: Arc::clone(&self.field),
            value: known.value.clone(),
            default: self.default.clone(),
        };
        let text = format!("the endpoint is for {} {}: {}", known.value, known.words, bound.because.text);
        let because = Evidence::new(text, bound.because.place, bound.because.confidence);
        let own = || catalog.own[at].iter();
        let says = |failure: &&Failure| lexicon.speaks_of("wrong-kind", failure.says());
        let unlike = self.not_office(at, catalog, lexicon);
        let found = match &bound.code {
            _ if unlike.is_some() => unlike.cloned(),
            Some((code, message)) => {
                let all = own().chain(catalog.own.iter().flatten()).chain(&catalog.shared);
                let same = |failure: &&Failure| *failure.code == *code && !failure.message.is_empty();
                let just = all.clone().find(|failure| same(failure) && failure.message == *message);
                let known = just.or_else(|| all.clone().find(same)).cloned();
                let like = own().chain(catalog.own.iter().flatten()).chain(&catalog.shared).next().cloned();
                let message = if message.is_empty() { lexicon.reply(true, Class::NotYours) } else { message };
                known.or_else(|| Some(Failure { code: code.as_str().into(), message: message.to_owned(), ..like? }))
            }
            None => {
                let others = catalog.own.iter().flatten().filter(|_| bound.refuses);
                let told = own().chain(&catalog.shared).chain(others).find(says).cloned();
                let shut = self.shut_out(at, catalog).filter(|_| auth == Auth::Required);
                // Where tokens open nothing of another side's, a caller from there is nobody, unless words tell more.
                if bound.refuses { told.or(shut) } else { shut.or(told) }
            }
        };
        // It is asked before the record is looked at, wherever a table lists it.
        let found = found.map(|failure| Failure { origin: Origin::Quote, ..failure });
        (found.is_some() || bound.refuses).then_some((demand, because, found))
    }

    fn is_apart(&self, note: &Note) -> bool {
        self.apart.as_ref().is_some_and(|apart| apart.place == note.place)
    }

    /// What a caller of another kind is told where the documents say that its token opens nothing: the code that they give, else
    /// what they say of no login at all.
    fn shut_out(&self, at: usize, catalog: &Catalog) -> Option<Failure> {
        let apart = self.apart.as_ref()?;
        let all = || catalog.own[at].iter().chain(&catalog.shared).chain(catalog.own.iter().flatten());
        let coded = numbers_in(&apart.text).find_map(|code| all().find(|failure| *failure.code == *code));
        let login = || all().find(|failure| failure.classes.first() == Some(&Class::NotLoggedIn));
        coded.or_else(login).cloned()
    }

    /// Who an endpoint is for has to be told by a token.
    pub(in crate::behavior) fn settle_auths(&self, auths: &mut [Auth]) {
        for (auth, bound) in auths.iter_mut().zip(&self.bound) {
            if bound.as_ref().is_some_and(|bound| bound.refuses) && *auth == Auth::Optional {
                *auth = Auth::Required;
            }
        }
    }
}

fn bound(kind: usize, text: &str, place: Place) -> Bound {
    let because = Evidence::new(format!("`{text}`"), place, Confidence::Likely);
    Bound { kind, refuses: false, code: None, because }
}

fn coded(failure: &Failure) -> (String, String) {
    (failure.code.to_string(), failure.message.clone())
}

/// The numbers in a text that are no numbers of kinds.
fn numbers_in(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_ascii_digit()).filter(|part| part.len() >= 2)
}

/// Whether a failure has this code.
fn is_known(words: &Words<'_>, code: &str) -> bool {
    words.catalog.own.iter().flatten().chain(&words.catalog.shared).any(|failure| *failure.code == *code)
}

/// The code of a known failure, or another number of three digits at least, with the words in brackets after it.
fn code_in(words: &Words<'_>, text: &str) -> Option<(String, String)> {
    let known = numbers_in(text).find(|part| is_known(words, part));
    let code = known.or_else(|| numbers_in(text).find(|part| part.len() >= 3))?;
    let after = text.split_once(code).map_or("", |(_, after)| after).trim_start();
    let inner = after.strip_prefix(['（', '(', ':', '：', ' ', '，', ',']).unwrap_or("");
    let message = inner.split(['）', ')', '。', '；', ';']).next().unwrap_or("").trim();
    Some((code.to_owned(), message.to_owned()))
}

/// What a kind is called for short: 师傅 of 维修师傅.
pub(in crate::behavior) fn short(words: &str) -> Option<&str> {
    let (start, _) = words.char_indices().rev().nth(1)?;
    (start > 0 && !words[start..].is_ascii()).then_some(&words[start..])
}
