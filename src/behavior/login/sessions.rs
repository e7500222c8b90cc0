//! How the set knows its callers: its tokens and passcodes, and which endpoints want somebody to be logged in.

use super::callers::{self, Said};
use crate::behavior::account;
use crate::behavior::account::back_office;
use crate::behavior::collection;
use crate::behavior::collection::nouns::noun::{self, Nouns};
use crate::behavior::collection::prose::sentences;
use crate::behavior::infer::SetWide;
use crate::behavior::inputs::rule;
use crate::behavior::replies;
use crate::behavior::{Auth, Input, TokenRules};
use crate::lexicon::{Class, Operation, Role, StatusKind, compact, label_head};
use crate::source::{FileId, Place};
use crate::spec::{DocSet, In, Note};
use std::collections::{HashMap, HashSet};

/// What can be said in seconds of how long a token lives.
const SHORTEST_MS: i64 = 60_000;
const LONGEST_MS: i64 = 400 * 86_400_000;

/// What stands in brackets: `登录` of `2.1 发起拼车 [登录]`.
pub(in crate::behavior) fn bracketed(title: &str) -> impl Iterator<Item = &str> {
    let pieces = title.split(['[', '【', '(', '（', '〔']).skip(1);
    pieces.filter_map(|piece| piece.split([']', '】', ')', '）', '〕']).next()).map(str::trim)
}

impl SetWide<'_> {
    /// How tokens look and where they are carried, and whether the set knows tokens at all.
    pub(in crate::behavior) fn tokens(&self) -> (TokenRules, bool) {
        let mut rules = TokenRules::default();
        let mut known = false;
        let tickets = &self.accounts.tickets;
        let carries = |input: &&Input| input.word == Role::Token && !tickets.contains(&compact(&input.name));
        for input in self.inputs.iter().flatten().filter(carries) {
            known = true;
            let carried = rules.carried.iter().any(|(name, at, _)| *name == *input.name && *at == input.location);
            if !carried && !input.routes {
                rules.carried.push((input.name.to_string(), input.location, input.place));
            }
            let names = if input.location == In::Header { &mut rules.headers } else { &mut rules.params };
            if !names.iter().any(|name| *name == *input.name) {
                names.push(input.name.to_string());
            }
        }
        let lets_in = |at: &usize| matches!(self.kinds[*at], Operation::Login | Operation::Register);
        let example = (0..self.kinds.len()).filter(lets_in).find_map(|at| {
            let endpoint = &self.set.endpoints[at];
            endpoint.successes().find_map(|example| {
                let shown = account::shown(self.set, endpoint, example, self.lexicon);
                let token = shown.iter().find(|member| member.role == Role::Token);
                let token =
                    token.or_else(|| shown.iter().find(|m| m.role == Role::Plain && replies::is_opaque(m.value)));
                let token =
                    token.and_then(|member| Some((member.name.to_owned(), member.value.scalar_text()?.to_owned())));
                token.filter(|(_, text)| !text.is_empty())
            })
        });
        rules.issued = (0..self.kinds.len()).any(|at| lets_in(&at));
        rules.told_header = self.header_by_label().filter(|(name, _)| !rules.headers.contains(name));
        rules.headers.extend(rules.told_header.iter().map(|(name, _)| name.clone()));
        if let Some((name, example)) = example {
            known = true;
            rules.shown_as = Some(name);
            rules.example = example.into();
        }
        let gives_cookies = |at: usize| {
            let notes = self.set.endpoints[at].notes.iter().any(|note| self.lexicon.speaks_of("cookie", &note.text));
            self.kinds[at] == Operation::Login && notes
        };
        if !known && (0..self.kinds.len()).any(gives_cookies) {
            rules.cookie = true;
            known = true;
        }
        let owners = Owners::new(self.set, self.prose);
        let names = self.names_of_issued(&lets_in);
        if let Some(lifetime) = self.lifetime_beside_token() {
            rules.lifetime_ms = lifetime;
        }
        for note in self.prose {
            let says = |topic: &str, text: &str| self.lexicon.speaks_of(topic, text);
            // `重置成功后之前的 token 全部失效` under 忘记密码 is said of resetting alone.
            let told = sentences(&note.text).any(|text| {
                says("single-session", text)
                    && !says("logins-stay", text)
                    && self.is_said_of_logging_in(text, owners.of(self.set, note))
            });
            if told && rules.because.is_none() {
                rules.per_account = 1;
                rules.because = Some((note.text.clone(), note.place));
            }
            // `没登录、token不对或者过期（7天）`
            for clause in note.text.split([',', '，', ';', '；', '。']) {
                let named = || collection::prose::words(clause).any(|word| names.contains(&compact(word)));
                let of_token = |subject: &String| subject == "token" || subject == "login-state";
                let about = || self.lexicon.meaning(clause).subjects.iter().any(of_token);
                if says("lifetime", clause)
                    && (about() || named())
                    && let Some(lifetime) = rule::time_span(clause, &self.lexicon.rules().times)
                {
                    rules.lifetime_ms = lifetime;
                }
            }
        }
        rules.anywhere = rules.issued && !rules.cookie && rules.told_header.is_none() && !self.is_way_told();
        if let Some(lifetime) = self.overrides.token_lifetime_ms {
            rules.lifetime_ms = lifetime;
        }
        if let Some(count) = self.overrides.tokens_per_account {
            rules.per_account = count;
        }
        (rules, known)
    }

    /// What the tokens are called that logging in shows.
    fn names_of_issued(&self, lets_in: &dyn Fn(&usize) -> bool) -> Vec<String> {
        let entries = (0..self.kinds.len()).filter(lets_in);
        let shown = entries.flat_map(|at| {
            let endpoint = &self.set.endpoints[at];
            endpoint.successes().flat_map(|example| account::shown(self.set, endpoint, example, self.lexicon))
        });
        let mut names: Vec<String> =
            shown.filter(|member| member.role == Role::Token).map(|member| compact(member.name)).collect();
        names.dedup();
        names
    }

    /// `在请求头里带上登录标识`, where a login hands out a member that is called so: the header has that member's name.
    fn header_by_label(&self) -> Option<(String, Place)> {
        let says = |topic: &str, text: &str| self.lexicon.speaks_of(topic, text);
        let sends = |note: &&Note| says("headers-heading", &note.text) && says("carries", &note.text);
        let told: Vec<&Note> = self.prose.iter().filter(sends).filter(|note| !says("login-free", &note.text)).collect();
        if told.is_empty() {
            return None;
        }
        let lets_in = |at: &usize| matches!(self.kinds[*at], Operation::Login | Operation::Register);
        (0..self.kinds.len()).filter(lets_in).find_map(|at| {
            let endpoint = &self.set.endpoints[at];
            let in_tables = |name: &str| {
                let rows = endpoint.tables.iter().flat_map(|table| &table.rows);
                let row = rows.filter(|row| row.first().is_some_and(|cell| cell == name));
                row.filter_map(|row| row.get(1)).map(|cell| label_head(cell).to_owned()).next()
            };
            endpoint.successes().find_map(|example| {
                let shown = account::shown(self.set, endpoint, example, self.lexicon);
                let tokens = shown.iter().filter(|member| member.role == Role::Token);
                tokens.into_iter().find_map(|member| {
                    let own = Some(label_head(&member.words).to_owned()).filter(|label| !label.is_empty());
                    let label = own.or_else(|| in_tables(member.name)).filter(|label| label.chars().count() > 1)?;
                    let note = told.iter().find(|note| note.text.contains(&label))?;
                    Some((member.name.to_owned(), note.place))
                })
            })
        })
    }

    /// `"expire_in": 604800` beside a token, where a line says that tokens expire.
    fn lifetime_beside_token(&self) -> Option<i64> {
        let about = |text: &str| {
            let meaning = self.lexicon.meaning(text);
            let of_login = meaning.subjects.iter().any(|subject| subject == "token" || subject == "login-state");
            (of_login || meaning.classes.contains(&Class::NotLoggedIn)) && self.lexicon.speaks_of("lifetime", text)
        };
        let told = || self.prose.iter().any(|note| note.text.split(['，', ',', '。', '；', ';']).any(about));
        let lets_in = |at: &usize| matches!(self.kinds[*at], Operation::Login | Operation::Register);
        let shown = (0..self.kinds.len()).filter(lets_in).find_map(|at| {
            let endpoint = &self.set.endpoints[at];
            endpoint.successes().find_map(|example| {
                let shown = account::shown(self.set, endpoint, example, self.lexicon);
                shown.iter().find(|member| member.role == Role::Token)?;
                let lasts = |member: &&account::Shown<'_>| {
                    self.lexicon.speaks_of("lifetime", &format!("{} {}", member.name, member.words))
                };
                let text = shown.iter().find(lasts)?.value.scalar_text()?;
                text.parse::<i64>().ok().and_then(|seconds| seconds.checked_mul(1000))
            })
        });
        shown.filter(|lifetime| (SHORTEST_MS..=LONGEST_MS).contains(lifetime) && told())
    }

    /// Whether a line or a parameter tells how callers send their token.
    fn is_way_told(&self) -> bool {
        let carries = |input: &Input| input.word == Role::Token;
        let listed =
            |(at, inputs): (usize, &Vec<Input>)| self.kinds[at] != Operation::Logout && inputs.iter().any(carries);
        self.inputs.iter().enumerate().any(listed)
    }

    /// Whether a sentence about tokens that die speaks of logging in: the deed that it names is that, or the endpoint that it
    /// stands under lets somebody in; a line of the set that names no deed does, too.
    fn is_said_of_logging_in(&self, sentence: &str, owner: Option<usize>) -> bool {
        let anew = self.lexicon.word_of("login-anew", sentence).unwrap_or_default();
        let rest = if anew.is_empty() { sentence.to_owned() } else { sentence.replace(anew, " ") };
        let lets_in = |operation: &Operation| matches!(operation, Operation::Login | Operation::Register);
        let on_accounts = |operation: &Operation| !operation.is_on_records() && *operation != Operation::Answer;
        let named: Vec<Operation> =
            self.lexicon.operations_in(&rest).into_iter().map(|(operation, _)| operation).filter(on_accounts).collect();
        // `改完以后以前登录的全部踢下线` under a reset, `后台冻结以后之前的token也失效`: another deed ends them.
        let ends = |at: usize| {
            matches!(self.kinds[at], Operation::ResetPassword | Operation::ChangePassword | Operation::Logout)
        };
        match owner {
            _ if owner.is_some_and(ends) || self.lexicon.statuses(sentence).contains(&StatusKind::Frozen) => false,
            _ if named.iter().any(lets_in) => true,
            Some(at) => lets_in(&self.kinds[at]) && named.is_empty(),
            None => named.is_empty(),
        }
    }

    pub(in crate::behavior) fn auth(&self, at: usize, tokens_known: bool, said: &Said<'_>) -> Auth {
        let operation = self.kinds[at];
        let inputs = &self.inputs[at];
        let adds = back_office::adds_other(&self.set.endpoints[at], &said.nouns[at], operation, self.lexicon);
        if matches!(operation, Operation::Register | Operation::Login) && !adds {
            return Auth::Anyone;
        }
        let token = inputs.iter().find(|input| input.word == Role::Token);
        let takes_token = token.is_some_and(|token| token.required && token.location != In::Header);
        // `请先登录` of a sender of which one scene asks for a caller is said of that scene.
        let gated = self.gated(at).is_some();
        let documents =
            !gated && self.catalog.own[at].iter().any(|failure| failure.classes.first() == Some(&Class::NotLoggedIn));
        let marked = callers::is_marked(&self.set.endpoints[at].title, self.lexicon);
        if tokens_known && said.is_for_either(at) && !takes_token && !documents {
            return Auth::Optional;
        }
        if takes_token
            || documents
            || (adds && said.by_header && said.refuses)
            || (tokens_known && (marked || said.demands_login(self, at)))
        {
            return Auth::Required;
        }
        let has_identity = inputs.iter().any(|input| input.role == Role::Identity);
        let on_caller = match operation {
            Operation::Logout | Operation::DeleteAccount => true,
            Operation::Register | Operation::Login => false,
            Operation::ChangePassword => !has_identity,
            _ => account::shows_account(operation),
        };
        if !tokens_known {
            let named = inputs.iter().position(|input| matches!(input.word, Role::Openid | Role::UserId));
            return named.filter(|_| on_caller || !has_identity).map_or(Auth::Anyone, Auth::Named);
        }
        match () {
            // Whose profile is shown is said by an input: everybody may look.
            () if self.subject(at).is_some_and(|subject| inputs[subject].required) => Auth::Optional,
            () if on_caller && self.accounts.any => Auth::Required,
            () if operation == Operation::ResetPassword || operation == Operation::SendPasscode => Auth::Anyone,
            () => Auth::Optional,
        }
    }

    /// Whether passcodes are taken from those who are not logged in yet.
    fn proves_by_passcode(&self) -> bool {
        let before = [Operation::Register, Operation::Login, Operation::ResetPassword];
        let mut entries = self.kinds.iter().zip(self.inputs).filter(|(operation, _)| before.contains(operation));
        entries.any(|(_, inputs)| inputs.iter().any(|input| input.word == Role::Passcode))
    }

    /// Who may call each endpoint; the rules of tokens come to know the line that asks all of them for a caller.
    pub(in crate::behavior) fn auths(
        &self,
        (tokens, known): &mut (TokenRules, bool),
        groups: &[collection::nouns::group::Group],
        nouns: &[Nouns],
    ) -> Vec<Auth> {
        // Where endpoints list the token as a parameter of theirs, one that does not list it takes none.
        let lists_token = self.inputs.iter().flatten().any(callers::is_listed);
        let names = tokens.shown_as.iter().map(|name| compact(name)).collect();
        let mut said = Said::read(self, (groups, nouns), names, lists_token);
        said.by_passcode = self.proves_by_passcode();
        // Of a header that is a token's only by what is said of it, endpoints say themselves whether they want it.
        let called_so = |input: &Input| {
            let named = self.lexicon.role(&input.name, &input.label);
            input.word == Role::Token && named.is_some_and(|(role, points)| role == Role::Token && points >= 4)
        };
        said.by_header = !lists_token && self.inputs.iter().flatten().any(called_so);
        let mut auths: Vec<Auth> = (0..self.kinds.len()).map(|at| self.auth(at, *known, &said)).collect();
        if *known {
            if said.by_header && said.refuses && said.told.is_none() {
                let joined =
                    collection::sides::admission::joined(groups, self.kinds, (self.inputs, nouns), self.lexicon);
                self.keep_to_owners(groups, &joined, &mut auths, &said);
            }
            demand_callers(self.kinds, groups, &mut auths, &said);
            if let Some(known) = &self.accounts.kinds {
                known.settle_auths(&mut auths);
            }
        }
        tokens.asked = said.because().filter(|_| *known);
        auths
    }

    /// Whether a title or a remark says that an endpoint needs no login.
    fn is_said_free(&self, at: usize) -> bool {
        let endpoint = &self.set.endpoints[at];
        let remarks = collection::prose::remarks(self.prose, endpoint).map(|note| note.text.as_str());
        std::iter::once(endpoint.title.as_str()).chain(remarks).any(|text| self.lexicon.speaks_of("login-free", text))
    }

    /// Whether a remark of an endpoint, or of the part that it stands in, lets everybody look: `用户自己发的，所有人可以看`.
    fn is_for_all(&self, at: usize) -> bool {
        let endpoint = &self.set.endpoints[at];
        let part = endpoint.title_place.and_then(|place| self.sections.above(place).next());
        let part = part.and_then(|lines| self.prose.get(lines)).unwrap_or_default();
        let mut lines = collection::prose::remarks(self.prose, endpoint).chain(part);
        lines.any(|note| self.lexicon.speaks_of("everyones-eyes", &note.text))
    }

    /// Whether the records that an endpoint shows say whose they are.
    pub(in crate::behavior) fn shows_somebody(&self, at: usize) -> bool {
        let shown = collection::items::shape::item_shown(self.set, &self.set.endpoints[at], self.lexicon);
        shown.iter().any(|(name, value)| {
            let role = self.lexicon.role(name, "").map(|(role, _)| role);
            matches!(role, Some(Role::Nickname | Role::Avatar | Role::UserId))
                || collection::sides::people::is_of_author(name, self.lexicon)
                || noun::id_stem(name).is_some_and(|stem| self.lexicon.is_named("author", &stem))
                || collection::sides::people::is_somebody(value, self.lexicon)
        })
    }

    /// What callers make and nobody is shown to have made is seen by its owner: the lists of an address book demand a caller
    /// where adding to it does. A comment shows whose it is, or stands under an article.
    fn keep_to_owners(
        &self,
        groups: &[collection::nouns::group::Group],
        joined: &HashSet<String>,
        auths: &mut [Auth],
        said: &Said<'_>,
    ) {
        let has = |at: usize, wanted: &[Operation]| wanted.contains(&self.kinds[at]);
        for group in groups.iter().filter(|group| group.relation.is_none()) {
            let of = |wanted: &'static [Operation]| group.endpoints.iter().copied().filter(move |at| has(*at, wanted));
            let mut makers = of(&[Operation::Create, Operation::Save]).peekable();
            let made = makers.peek().is_some() && makers.all(|at| auths[at] == Auth::Required);
            let shows = || of(&[Operation::List, Operation::Detail]);
            let by_someone = || shows().any(|at| self.shows_somebody(at));
            let mut lists = of(&[Operation::List]);
            let under_another = |at: usize| self.inputs[at].iter().any(|input| input.word == Role::RecordId);
            if shows().any(|at| self.is_for_all(at)) || group.names.iter().any(|name| joined.contains(name)) {
                continue;
            }
            if made && !by_someone() && !lists.any(under_another) {
                let open =
                    |at: &usize| auths[*at] == Auth::Optional && !self.is_said_free(*at) && !said.is_told_free(*at);
                for at in shows().filter(open).collect::<Vec<_>>() {
                    auths[at] = Auth::Required;
                }
            }
        }
    }
}

/// Which endpoint a line outside of the blocks belongs to, by its place.
struct Owners(HashMap<(FileId, usize), usize>);

impl Owners {
    fn new(set: &DocSet, prose: &[Note]) -> Self {
        let mut owners = HashMap::new();
        for (at, endpoint) in set.endpoints.iter().enumerate() {
            for note in collection::prose::remarks(prose, endpoint) {
                owners.entry(Self::line(set, note)).or_insert(at);
            }
        }
        Self(owners)
    }

    fn line(set: &DocSet, note: &Note) -> (FileId, usize) {
        let line = set.source(note.place.file).map_or(0, |source| source.line(note.place.span.start));
        (note.place.file, line)
    }

    fn of(&self, set: &DocSet, note: &Note) -> Option<usize> {
        self.0.get(&Self::line(set, note)).copied()
    }
}

/// Where the lists of a collection demand a caller, all that is done to its records does.
fn demand_callers(
    kinds: &[Operation],
    groups: &[collection::nouns::group::Group],
    auths: &mut [Auth],
    said: &Said<'_>,
) {
    for group in groups.iter().filter(|group| group.relation.is_none()) {
        let mut lists = group.endpoints.iter().filter(|at| kinds[**at] == Operation::List).peekable();
        if lists.peek().is_none() || !lists.all(|at| auths[*at] == Auth::Required) {
            continue;
        }
        for at in &group.endpoints {
            if auths[*at] == Auth::Optional && !said.is_told_free(*at) {
                auths[*at] = Auth::Required;
            }
        }
    }
}
