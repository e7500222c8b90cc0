//! How the set knows its callers: its tokens and passcodes, and which endpoints want somebody to be logged in.

use super::account::{self};
use super::back_office;
use super::collection::noun::{self, Nouns};
use super::collection::prose::sentences;
use super::collection::{self};
use super::failure::Failure;
use super::infer::SetWide;
use super::login_free;
use super::replies::{self};
use super::rule;
use super::{Auth, Input, TokenRules};
use crate::lexicon::{Class, Lexicon, Operation, Role, StatusKind, compact, label_head};
use crate::source::{FileId, Place};
use crate::spec::{DocSet, Endpoint, In, Note};
use std::collections::HashMap;

/// What can be said in seconds of how long a token lives.
const SHORTEST_MS: i64 = 60_000;
const LONGEST_MS: i64 = 400 * 86_400_000;

/// What stands in brackets: `登录` of `2.1 发起拼车 [登录]`.
pub(super) fn bracketed(title: &str) -> impl Iterator<Item = &str> {
    let pieces = title.split(['[', '【', '(', '（', '〔']).skip(1);
    pieces.filter_map(|piece| piece.split([']', '】', ')', '）', '〕']).next()).map(str::trim)
}

impl SetWide<'_> {
    /// How tokens look and where they are carried, and whether the set knows tokens at all.
    pub(super) fn tokens(&self) -> (TokenRules, bool) {
        let mut rules = TokenRules::default();
        let mut known = false;
        for input in self.inputs.iter().flatten().filter(|input| input.word == Role::Token) {
            known = true;
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

    pub(super) fn auth(&self, at: usize, tokens_known: bool, said: &Said<'_>) -> Auth {
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
        let title = self.set.endpoints[at].title.as_str();
        let marked = self.lexicon.speaks_of("login-marked", title)
            || bracketed(title).any(|mark| self.lexicon.is_nothing_but("login-mark", mark));
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

    /// `除登录外，每个接口地址上都要 ?session_key=xxx`: all others carry what is a token by its name.
    fn says_others_log_in(&self, text: &str) -> bool {
        let is_token =
            |word: &str| self.lexicon.role(word, "").is_some_and(|(role, points)| role == Role::Token && points >= 4);
        self.lexicon.speaks_of("others-need-login", text)
            || (self.lexicon.speaks_of("others-carry", text)
                && !self.lexicon.speaks_of("optional", text)
                && collection::prose::words(text).any(is_token))
    }

    /// Whether passcodes are taken from those who are not logged in yet.
    fn proves_by_passcode(&self) -> bool {
        let before = [Operation::Register, Operation::Login, Operation::ResetPassword];
        let mut entries = self.kinds.iter().zip(self.inputs).filter(|(operation, _)| before.contains(operation));
        entries.any(|(_, inputs)| inputs.iter().any(|input| input.word == Role::Passcode))
    }

    /// Who may call each endpoint.
    pub(super) fn auths(&self, tokens_known: bool, groups: &[collection::group::Group], nouns: &[Nouns]) -> Vec<Auth> {
        let refuses = |failure: &Failure| failure.classes.first() == Some(&Class::NotLoggedIn);
        // Where endpoints list the token as a parameter of theirs, one that does not list it takes none.
        let carried = |input: &Input| input.word == Role::Token && input.location != In::Header && !input.routes;
        let lists_token = self.inputs.iter().flatten().any(carried);
        let others = self.prose.iter().filter(|note| self.says_others_log_in(&note.text));
        let said = Said {
            nouns,
            others: if lists_token {
                Vec::new()
            } else {
                others.map(|note| exception(&note.text, self.lexicon)).collect()
            },
            free: login_free::listed(&self.set.endpoints, self.prose, self.lexicon),
            refuses: self.catalog.shared.iter().chain(self.catalog.own.iter().flatten()).any(refuses),
            by_passcode: self.proves_by_passcode(),
            by_header: !lists_token && self.inputs.iter().flatten().any(|input| input.word == Role::Token),
        };
        let mut auths: Vec<Auth> = (0..self.kinds.len()).map(|at| self.auth(at, tokens_known, &said)).collect();
        if tokens_known {
            if said.by_header && said.refuses && said.free.is_none() {
                self.keep_to_owners(groups, &mut auths);
            }
            demand_callers(self.kinds, groups, &mut auths);
            if let Some(known) = &self.accounts.kinds {
                known.settle_auths(&mut auths);
            }
        }
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

    /// What callers make and nobody is shown to have made is seen by its owner: the lists of an address book demand a caller
    /// where adding to it does. A comment shows whose it is, or stands under an article.
    fn keep_to_owners(&self, groups: &[collection::group::Group], auths: &mut [Auth]) {
        let has = |at: usize, wanted: &[Operation]| wanted.contains(&self.kinds[at]);
        for group in groups.iter().filter(|group| group.relation.is_none()) {
            let of = |wanted: &'static [Operation]| group.endpoints.iter().copied().filter(move |at| has(*at, wanted));
            let mut makers = of(&[Operation::Create, Operation::Save]).peekable();
            let made = makers.peek().is_some() && makers.all(|at| auths[at] == Auth::Required);
            let shows = || of(&[Operation::List, Operation::Detail]);
            let by_someone = || {
                shows()
                    .flat_map(|at| collection::shape::item_shown(self.set, &self.set.endpoints[at], self.lexicon))
                    .any(|(name, value)| {
                        let role = self.lexicon.role(name, "").map(|(role, _)| role);
                        matches!(role, Some(Role::Nickname | Role::Avatar | Role::UserId))
                            || collection::people::is_of_author(name, self.lexicon)
                            || noun::id_stem(name).is_some_and(|stem| self.lexicon.is_named("author", &stem))
                            || collection::people::is_somebody(value, self.lexicon)
                    })
            };
            let mut lists = of(&[Operation::List]);
            let under_another = |at: usize| self.inputs[at].iter().any(|input| input.word == Role::RecordId);
            if shows().any(|at| self.is_for_all(at)) {
                continue;
            }
            if made && !by_someone() && !lists.any(under_another) {
                let open = |at: &usize| auths[*at] == Auth::Optional && !self.is_said_free(*at);
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

/// What words outside of the blocks say of who has to be logged in.
pub(super) struct Said<'a> {
    nouns: &'a [Nouns],
    /// `除了登录注册、资讯，其余接口都要带 token`
    /// Each with what it excepts, in lower case.
    others: Vec<Option<String>>,
    /// The endpoints that need no login, where a line lists them.
    free: Option<Vec<bool>>,
    /// The documents have a failure for who is not.
    refuses: bool,
    /// Somebody gets in by a passcode.
    by_passcode: bool,
    /// A header carries the token of all requests, so that no endpoint says whether it wants one.
    by_header: bool,
}

impl Said<'_> {
    fn demands_login(&self, set_wide: &SetWide<'_>, at: usize) -> bool {
        let SetWide { set, lexicon, kinds, prose, .. } = set_wide;
        let endpoint = &set.endpoints[at];
        let clauses = || {
            let remarks = collection::prose::remarks(prose, endpoint).map(|note| note.text.as_str());
            let all = std::iter::once(endpoint.title.as_str()).chain(remarks);
            all.flat_map(|text| text.split([',', '，', ';', '；', '。']))
        };
        if clauses().any(|clause| lexicon.speaks_of("login-free", clause)) {
            return false;
        }
        if clauses().any(|clause| lexicon.speaks_of("login-needed", clause)) {
            return true;
        }
        if let Some(needed) = said_above(set_wide, endpoint) {
            return needed;
        }
        if let Some(free) = self.free.as_ref().filter(|_| self.refuses) {
            return !free[at];
        }
        // Where no way in takes a passcode, whoever wants one is in already.
        let before_login = match kinds[at] {
            Operation::SendPasscode => self.by_passcode,
            operation => operation == Operation::ResetPassword,
        };
        let excepted = |told: &String| {
            let noun = self.nouns[at].title.as_str();
            // `除了门店列表` lets everybody look at shops, and nobody keep one.
            let reads = matches!(kinds[at], Operation::List | Operation::Detail | Operation::Count | Operation::Answer);
            let named = reads && noun.chars().count() > 1 && told.contains(&noun.to_lowercase());
            let title = endpoint.title.trim().to_lowercase();
            let titled = title.chars().count() >= if title.is_ascii() { 4 } else { 2 } && told.contains(&title);
            named || titled || excepted_deeds(told, lexicon).any(|operation| operation == kinds[at])
        };
        if !before_login && !self.others.is_empty() {
            return !self.others.iter().flatten().any(excepted);
        }
        // What is the caller's own, or tied to the caller, needs one, where the documents refuse who is nobody.
        let own = matches!(kinds[at], Operation::List | Operation::Count) && lexicon.speaks_of("mine", &endpoint.title);
        let writes =
            kinds[at].is_on_records() && !matches!(kinds[at], Operation::List | Operation::Detail | Operation::Count);
        self.refuses && (own || kinds[at] == Operation::Toggle || (writes && self.by_header))
    }
}

/// What a sentence excepts from a rule; a word of the rule can stand on either side of it: `all endpoints but the catalogue
/// need a token`, `所有接口都要登录，登录除外`.
fn exception(text: &str, lexicon: &Lexicon) -> Option<String> {
    let mut ends = text.match_indices([' ', ',', '，', '、', '。']).map(|(end, _)| end).chain([text.len()]);
    let after = ends.find_map(|end| lexicon.after("except", &text[..end]))?;
    let rest = &text[after..];
    Some(if rest.chars().filter(|c| c.is_alphabetic()).count() > 3 { rest } else { text }.to_lowercase())
}

/// The operations that a sentence excepts by name. One on records is only meant where it stands alone: `除了登录、面包列表` lets nobody
/// look at any other list.
fn excepted_deeds<'t>(text: &'t str, lexicon: &'t Lexicon) -> impl Iterator<Item = Operation> + 't {
    let parts = lexicon.rules().joints.things_of(text);
    parts.flat_map(|part| part.split(" and ")).flat_map(move |part| {
        let part = part.trim();
        let part = lexicon.after("except", part).map_or(part, |end| part[end..].trim_start_matches('了').trim());
        let whole = part.chars().count();
        let named = lexicon.operations_in(part).into_iter();
        named
            .filter(move |(operation, length)| !operation.is_on_records() || length + 1 >= whole)
            .map(|(found, _)| found)
    })
}

/// What the headings that an endpoint stands under say, the inmost first: `## 四、预约（需登录）`.
fn said_above(set_wide: &SetWide<'_>, endpoint: &Endpoint) -> Option<bool> {
    let SetWide { lexicon, prose, sections, .. } = set_wide;
    sections.above(endpoint.title_place?).find_map(|lines| {
        let mut lines = prose.get(lines)?.iter().map(|note| note.text.as_str());
        let heading = lines.next()?;
        // What leaves some out is read with the lines of the whole set.
        let whole = lines.filter(|line| !lexicon.speaks_of("except", line)).filter(|line| {
            let mut clauses = line.split([',', '，', ';', '；', '。']).map(str::trim);
            lexicon.speaks_of("whole-section", line) || clauses.any(|clause| lexicon.begins_with("all-of-them", clause))
        });
        let clauses = std::iter::once(heading).chain(whole).flat_map(|text| text.split([',', '，', ';', '；', '。']));
        clauses
            .map(|clause| (lexicon.speaks_of("login-free", clause), lexicon.speaks_of("login-needed", clause)))
            .find_map(|said| match said {
                (true, _) => Some(false),
                (_, true) => Some(true),
                _ => None,
            })
    })
}

/// Where the lists of a collection demand a caller, all that is done to its records does.
fn demand_callers(kinds: &[Operation], groups: &[collection::group::Group], auths: &mut [Auth]) {
    for group in groups.iter().filter(|group| group.relation.is_none()) {
        let mut lists = group.endpoints.iter().filter(|at| kinds[**at] == Operation::List).peekable();
        if lists.peek().is_none() || !lists.all(|at| auths[*at] == Auth::Required) {
            continue;
        }
        for at in &group.endpoints {
            if auths[*at] == Auth::Optional {
                auths[*at] = Auth::Required;
            }
        }
    }
}
