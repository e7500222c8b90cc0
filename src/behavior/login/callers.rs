//! Which endpoints want somebody to be logged in, as words outside of the blocks say: in a line for all of them, above the part that
//! they stand in, beside each.

use super::login_free::{self, Need};
use super::sessions::bracketed;
use super::told_login::{Reader, Rule, Strength};
use crate::behavior::Input;
use crate::behavior::collection::nouns::group::Group;
use crate::behavior::collection::nouns::noun::Nouns;
use crate::behavior::collection::prose::{self, remarks};
use crate::behavior::infer::SetWide;
use crate::behavior::operation::titles::bare;
use crate::lexicon::{Class, Lexicon, Operation, Role, compact};
use crate::source::Place;
use crate::spec::{Endpoint, In};
use std::collections::HashSet;

/// Characters between what a part is called and the word for a part.
const NEAR: usize = 3;
/// Characters of what numbers a heading: `十二、`.
const LONGEST_NUMBER: usize = 3;
/// Lines that say it of all endpoints are few.
const MOST_RULES: usize = 12;

/// What words outside of the blocks say of who has to be logged in.
#[allow(clippy::struct_excessive_bools, reason = "each is one thing that the documents say or leave unsaid")]
pub(in crate::behavior) struct Said<'a> {
    rules: Vec<Asked>,
    /// Endpoints list the token among their parameters: one that does not takes none.
    lists_token: bool,
    /// The names of tokens of which lines say whether they are required.
    stated: HashSet<String>,
    /// The endpoints that need no login, where a line lists or marks them.
    pub(in crate::behavior) told: Option<Vec<Need>>,
    /// The documents have a failure for who is not.
    pub(in crate::behavior) refuses: bool,
    /// Somebody gets in by a passcode.
    pub(in crate::behavior) by_passcode: bool,
    /// A header carries the token of all requests, so that no endpoint says whether it wants one.
    pub(in crate::behavior) by_header: bool,
    pub(in crate::behavior) nouns: &'a [Nouns],
    /// Endpoints of collections to which callers add.
    made: HashSet<usize>,
    /// Some endpoint says it of itself.
    selective: bool,
    /// No endpoint is known to register.
    nobody_registers: bool,
}

/// A rule with the endpoints that it excepts.
struct Asked {
    rule: Rule,
    excepted: Vec<bool>,
}

impl<'a> Said<'a> {
    /// What is said where endpoints do not list the token themselves. `names` is what logging in calls it.
    pub(in crate::behavior) fn read(
        set_wide: &SetWide<'_>,
        (groups, nouns): (&[Group], &'a [Nouns]),
        names: Vec<String>,
        lists_token: bool,
    ) -> Self {
        let SetWide { set, lexicon, kinds, prose, catalog, .. } = set_wide;
        let reader = Reader { lexicon, names };
        // Where some lines of parameters say that a token is required, the others of its name say that theirs is not.
        let lines = || set_wide.inputs.iter().flatten().filter(|input| is_listed(input));
        let stated: HashSet<String> =
            lines().filter(|input| input.required).map(|input| compact(&input.name)).collect();
        let all_stated = lists_token && lines().all(|input| stated.contains(&compact(&input.name)));
        let rules = if all_stated { Vec::new() } else { rules(set_wide, &reader, nouns) };
        let needs_to_know =
            rules.iter().any(|asked| matches!(asked.rule.strength, Strength::OfEvery | Strength::AfterLogin));
        let makes = |at: &usize| matches!(kinds[*at], Operation::Create | Operation::Save);
        let made = groups.iter().filter(|group| group.endpoints.iter().any(makes));
        let refuses = |failure: &crate::behavior::Failure| failure.classes.first() == Some(&Class::NotLoggedIn);
        Self {
            rules,
            lists_token,
            stated,
            told: login_free::listed(set_wide, &reader),
            refuses: catalog.shared.iter().chain(catalog.own.iter().flatten()).any(refuses),
            by_passcode: false,
            by_header: false,
            nouns,
            made: made.flat_map(|group| group.endpoints.iter().copied()).collect(),
            selective: needs_to_know && (0..set.endpoints.len()).any(|at| says_of_itself(set_wide, at, prose)),
            nobody_registers: !kinds.contains(&Operation::Register),
        }
    }

    /// The line that asks all endpoints for a caller.
    pub(in crate::behavior) fn because(&self) -> Option<Place> {
        self.rules.iter().find(|asked| self.holds(asked)).map(|asked| asked.rule.place)
    }

    /// What is told of every endpoint alike is not what those say that speak for themselves.
    fn holds(&self, asked: &Asked) -> bool {
        match asked.rule.strength {
            Strength::Said | Strength::IfNamed => true,
            Strength::OfEvery | Strength::AfterLogin => self.refuses && !self.selective,
        }
    }

    /// Whether a line says that an endpoint serves everybody, with or without a token.
    pub(in crate::behavior) fn is_for_either(&self, at: usize) -> bool {
        self.told.as_ref().is_some_and(|told| told[at] == Need::Either)
    }

    /// Whether a line says so of it and of some others.
    pub(in crate::behavior) fn is_told_free(&self, at: usize) -> bool {
        self.told.as_ref().is_some_and(|told| told[at] != Need::Login)
            || self.rules.iter().any(|asked| self.holds(asked) && asked.excepted[at])
    }

    pub(in crate::behavior) fn demands_login(&self, set_wide: &SetWide<'_>, at: usize) -> bool {
        let SetWide { set, lexicon, kinds, prose, inputs, catalog, .. } = set_wide;
        let endpoint = &set.endpoints[at];
        match of_itself(endpoint, prose, lexicon) {
            Some(needed) => return needed,
            None => {
                if let Some(needed) = said_above(set_wide, endpoint) {
                    return needed;
                }
            }
        }
        if let Some(told) = self.told.as_ref().filter(|_| self.refuses) {
            return told[at] == Need::Login;
        }
        // Where no way in takes a passcode, whoever wants one is in already. Where nobody registers, what keeps a password for
        // somebody new lets them in.
        let takes_password = || inputs[at].iter().any(|input| input.word == Role::Password && input.required);
        let knows_nobody = || catalog.own[at].iter().any(|failure| failure.classes.first() == Some(&Class::NotFound));
        let before_login = match kinds[at] {
            Operation::SendPasscode => self.by_passcode || knows_nobody(),
            Operation::Create => self.nobody_registers && takes_password(),
            operation => operation == Operation::ResetPassword,
        };
        let listed = || {
            let mut carried = inputs[at].iter().zip(&endpoint.params).filter(|(input, _)| is_listed(input));
            !self.lists_token
                || carried.any(|(input, param)| {
                    !self.stated.contains(&compact(&input.name)) && !lexicon.speaks_of("optional", &param.all_words())
                })
        };
        if !before_login && !self.rules.is_empty() && listed() {
            let open = matches!(kinds[at], Operation::List | Operation::Detail | Operation::Count)
                && (!self.made.contains(&at) || set_wide.shows_somebody(at))
                && !lexicon.speaks_of("mine", &endpoint.title);
            let mut asked = self.rules.iter().filter(|asked| self.holds(asked)).peekable();
            let excepted = self.rules.iter().any(|asked| self.holds(asked) && asked.excepted[at]);
            let plain = asked.clone().any(|asked| asked.rule.strength != Strength::AfterLogin);
            if asked.peek().is_some() && (plain || excepted || !open) {
                return !excepted;
            }
        }
        // What is the caller's own, or tied to the caller, needs one, where the documents refuse who is nobody.
        let own = matches!(kinds[at], Operation::List | Operation::Count) && lexicon.speaks_of("mine", &endpoint.title);
        let writes =
            kinds[at].is_on_records() && !matches!(kinds[at], Operation::List | Operation::Detail | Operation::Count);
        self.refuses && (own || kinds[at] == Operation::Toggle || (writes && self.by_header))
    }
}

/// Whether an input is the token as a parameter.
pub(in crate::behavior) fn is_listed(input: &Input) -> bool {
    input.word == Role::Token && input.location != In::Header && !input.routes
}

/// The lines that ask all endpoints for a caller. What an endpoint's remark says of what comes after a login is said of that one.
fn rules(set_wide: &SetWide<'_>, reader: &Reader<'_>, nouns: &[Nouns]) -> Vec<Asked> {
    let SetWide { set, kinds, prose, .. } = set_wide;
    let found = prose.iter().filter_map(|note| reader.rule(&note.text, note.place));
    let found: Vec<Rule> = found.take(MOST_RULES).collect();
    if found.is_empty() {
        return Vec::new();
    }
    let lets_in = |at: usize| matches!(kinds[at], Operation::Login | Operation::Register);
    let weak = |rule: &Rule| rule.strength != Strength::Said;
    let others = (0..set.endpoints.len()).filter(|at| !lets_in(*at));
    let remarked: HashSet<Place> = if found.iter().any(weak) {
        others.flat_map(|at| remarks(prose, &set.endpoints[at])).map(|note| note.place).collect()
    } else {
        HashSet::new()
    };
    let parts = login_free::headings_of(set_wide);
    let titles: Vec<String> = set.endpoints.iter().map(|endpoint| bare(&endpoint.title).to_lowercase()).collect();
    let rules = found.into_iter().filter(|rule| !weak(rule) || !remarked.contains(&rule.place)).map(|rule| {
        let is_part =
            |at: usize, told: &str| parts[at].iter().any(|heading| is_part_of(heading, told, set_wide.lexicon));
        // A list of whole titles means no others that have a word of them.
        let listed = rule.excepts.as_ref().and_then(|told| whole_titles(told, &titles));
        let told = listed.as_ref().map(|(_, rest)| rest).or(rule.excepts.as_ref());
        let named = |at: usize| {
            listed.as_ref().is_some_and(|(listed, _)| listed.contains(&at))
                || told.is_some_and(|told| is_named(set_wide, &nouns[at], at, told) || is_part(at, told))
        };
        let excepted = (0..set.endpoints.len()).map(named).collect();
        Asked { rule, excepted }
    });
    rules
        .filter(|asked| {
            let named = asked.excepted.iter().filter(|named| **named).count();
            asked.rule.strength != Strength::IfNamed || (named > 0 && named < set.endpoints.len())
        })
        .collect()
}

/// So many whole titles make a list of them.
const SEVERAL: usize = 3;

/// The endpoints whose whole titles an exception lists, and what else it says; none where most of it is something else.
fn whole_titles(told: &str, titles: &[String]) -> Option<(Vec<usize>, String)> {
    let pieces = told.split(['、', '/', '，', ',', '|', '；', ';', ' ']).map(str::trim);
    let pieces: Vec<&str> = pieces.filter(|piece| piece.chars().any(char::is_alphanumeric)).collect();
    let is_title = |piece: &&str| titles.iter().any(|title| *title == bare(piece));
    let (whole, rest): (Vec<&str>, Vec<&str>) = pieces.iter().copied().partition(is_title);
    if whole.len() < SEVERAL || whole.len() < rest.len() * 2 {
        return None;
    }
    let whole: HashSet<String> = whole.into_iter().map(bare).collect();
    let listed = (0..titles.len()).filter(|at| whole.contains(&titles[*at])).collect();
    Some((listed, rest.join("、")))
}

/// `书城两个接口` names all that stands under `三、书城`: the word for a part stands right behind what the part is called. So does
/// a piece of a list that is called like the part: `everything except login and the knowledge base`.
fn is_part_of(heading: &str, told: &str, lexicon: &Lexicon) -> bool {
    let name = heading.split(['（', '(', '[', '【']).next().unwrap_or(heading);
    let numbered = name.split_once('、').filter(|(number, _)| number.chars().count() <= LONGEST_NUMBER);
    let name = numbered.map_or(name, |(_, name)| name);
    let name = name.trim_start_matches(|c: char| c.is_ascii_digit() || ".． ".contains(c)).trim().to_lowercase();
    if name.chars().count() < 2 || lexicon.speaks_of("part-word", &name) {
        return false;
    }
    let pieces = told.split(|c| lexicon.rules().joints.parts(c)).flat_map(|piece| piece.split(" and "));
    let mut pieces = pieces.map(|piece| piece.trim_matches(|c: char| !c.is_alphanumeric()));
    let called = pieces.any(|piece| piece.strip_prefix("the ").unwrap_or(piece) == name);
    let followed = told.match_indices(&name).any(|(at, _)| {
        let behind = &told[at + name.len()..];
        let between = lexicon.before("part-word", behind).map(|word| &behind[..word]);
        between
            .is_some_and(|between| between.chars().count() <= NEAR && !between.contains(['，', ',', '、', '。', ' ']))
    });
    called || followed
}

/// Whether an exception names an endpoint: by its title, by what it shows, by what it does, by its path.
fn is_named(set_wide: &SetWide<'_>, nouns: &Nouns, at: usize, told: &str) -> bool {
    let SetWide { set, lexicon, kinds, .. } = set_wide;
    let noun = nouns.title.as_str();
    // `除了门店列表` lets everybody look at shops, and nobody keep one.
    let reads = matches!(kinds[at], Operation::List | Operation::Detail | Operation::Count | Operation::Answer);
    let shown = reads && noun.chars().count() > 1 && told.contains(&noun.to_lowercase());
    let title = set.endpoints[at].title.trim().to_lowercase();
    let titled = title.chars().count() >= if title.is_ascii() { 4 } else { 2 } && told.contains(&title);
    shown
        || titled
        || login_free::is_path_of(&set.endpoints[at], told, lexicon)
        || excepted_deeds(told, lexicon).any(|operation| operation == kinds[at])
}

/// Whether an endpoint's title or a remark on it says that it needs a login, or that it does not.
fn of_itself(endpoint: &Endpoint, prose: &[crate::spec::Note], lexicon: &Lexicon) -> Option<bool> {
    let clauses = || {
        let remarks = prose::remarks(prose, endpoint).map(|note| note.text.as_str());
        let all = std::iter::once(endpoint.title.as_str()).chain(remarks);
        all.flat_map(|text| text.split([',', '，', ';', '；', '。']))
    };
    if clauses().any(|clause| lexicon.speaks_of("login-free", clause)) {
        return Some(false);
    }
    clauses().any(|clause| lexicon.speaks_of("login-needed", clause)).then_some(true)
}

/// Whether an endpoint that lets nobody in says for itself who may call it.
fn says_of_itself(set_wide: &SetWide<'_>, at: usize, prose: &[crate::spec::Note]) -> bool {
    let SetWide { set, lexicon, kinds, catalog, .. } = set_wide;
    let endpoint = &set.endpoints[at];
    if matches!(kinds[at], Operation::Login | Operation::Register | Operation::Logout) {
        return false;
    }
    let refuses = |failure: &crate::behavior::Failure| failure.classes.first() == Some(&Class::NotLoggedIn);
    is_marked(&endpoint.title, lexicon)
        || catalog.own[at].iter().any(refuses)
        || of_itself(endpoint, prose, lexicon).is_some()
        || said_above(set_wide, endpoint).is_some()
}

/// Whether a title or a heading has a mark for what needs a login: `2.1 发起拼车 [登录]`, `六、订单🔒`.
pub(in crate::behavior) fn is_marked(title: &str, lexicon: &Lexicon) -> bool {
    lexicon.speaks_of("login-marked", title) || bracketed(title).any(|mark| lexicon.is_nothing_but("login-mark", mark))
}

/// The same of a heading over a part, where `账号（登录）` can name what is in it.
fn is_part_marked(heading: &str, lexicon: &Lexicon) -> bool {
    let bare = heading.trim_end_matches(['）', ')', ']', '】', ' ', '\u{fe0f}']);
    let marks = |mark: &str| lexicon.is_nothing_but("login-mark", mark) && !lexicon.is_nothing_but("login-word", mark);
    lexicon.ends_with("login-marked", bare) || bracketed(heading).any(marks)
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
        if is_part_marked(heading, lexicon) {
            return Some(true);
        }
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
