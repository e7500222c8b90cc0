//! Which checks an operation makes, which classes of failure fit each, and in which order they are made.

use super::choose::{Chooser, Reach, Subject, Wanted};
use super::collection::LinesFrom;
use super::demands::Plan;
use super::login::tries::Tries;
use super::{Check, Demand, Evidence, Failure, Form, Input, InputRule, Origin, Reply};
use crate::lexicon::{Class, Operation, Role};
use std::collections::BTreeSet;
use std::sync::Arc;

/// The kinds of checks that `docsim.toml` can give a code, in the order in which unlisted checks are made.
pub(super) const KINDS: [&str; 12] = [
    "login",
    "deleted",
    "missing",
    "malformed",
    "reference",
    "exists",
    "not-found",
    "passcode",
    "credentials",
    "identity",
    "state",
    "interval",
];

impl Demand {
    /// Whether it asks for accounts, passcodes or passwords, which there are only where there is a way in.
    pub(super) fn needs_accounts(&self) -> bool {
        match self {
            Self::When { demand, .. } => demand.needs_accounts(),
            // Somebody else may have made the account that is there already.
            Self::IdentityFree(_)
            | Self::Found { .. }
            | Self::Owned { .. }
            | Self::NotOwn { .. }
            | Self::Welcome { .. }
            | Self::Referenced { .. }
            | Self::Unlike { .. }
            | Self::Apart(_)
            | Self::InState { .. }
            | Self::Rested { .. }
            | Self::Tied { .. }
            | Self::NotWaiting { .. }
            | Self::Untaken { .. }
            | Self::Room { .. }
            | Self::NoMoreListed { .. }
            | Self::SomeListed { .. }
            | Self::Unused { .. }
            | Self::NotChosen { .. }
            | Self::Timely { .. }
            | Self::Places { .. }
            | Self::FewerThan { .. }
            | Self::Within(_)
            | Self::Changed
            | Self::Worth { .. }
            | Self::SomeLines(_)
            | Self::LinesNamed(_)
            | Self::Enough(_) => false,
            other => !matches!(other.kind(), "missing" | "malformed" | "interval" | "login"),
        }
    }

    /// Its kind, by the name that `docsim.toml` uses.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Token | Self::TokenFresh => "login",
            Self::AccountKept => "deleted",
            Self::Present(_) | Self::PresentSome(_) => "missing",
            Self::WellFormed(_) | Self::Equal(..) | Self::InOrder { .. } => "malformed",
            Self::IdentityFree(_) | Self::FieldFree { .. } | Self::Unlike { .. } | Self::Apart(_) => "exists",
            Self::IdentityKnown(_)
            | Self::Known(_)
            | Self::AccountFound(_)
            | Self::Found { .. }
            | Self::Owned { .. }
            | Self::SomeListed { .. } => "not-found",
            Self::Referenced { .. } | Self::LinesNamed(_) => "reference",
            Self::Passcode { .. } | Self::PasscodeFresh { .. } | Self::PasscodeTries { .. } => "passcode",
            Self::Password { .. } | Self::Usable { .. } | Self::Unlocked { .. } => "credentials",
            Self::CardValid(_) | Self::CardFree(_) | Self::Unverified => "identity",
            Self::Submitted
            | Self::NotRejected
            | Self::NotPending
            | Self::NotOneself(_)
            | Self::NotOwn { .. }
            | Self::Welcome { .. }
            | Self::Prior(_)
            | Self::Changed
            | Self::PasswordNew { .. }
            | Self::InState { .. }
            | Self::Rested { .. }
            | Self::Tied { .. }
            | Self::NotWaiting { .. }
            | Self::Untaken { .. }
            | Self::OfKind { .. }
            | Self::Unused { .. }
            | Self::NotChosen { .. }
            | Self::Timely { .. }
            | Self::Places { .. }
            | Self::FewerThan { .. }
            | Self::Within(_)
            | Self::Room { .. }
            | Self::NoMoreListed { .. }
            | Self::Funds { .. }
            | Self::HasFlag { .. }
            | Self::NoneOpen { .. }
            | Self::NotDone { .. }
            | Self::Worth { .. }
            | Self::SomeLines(_)
            | Self::Enough(_) => "state",
            Self::SendInterval { .. } | Self::SendCap { .. } => "interval",
            Self::When { demand, .. } => demand.kind(),
        }
    }

    /// The classes of failure that fit, best first.
    fn classes(&self) -> &'static [Class] {
        use Class::{
            AlreadyVerified, BadCredentials, BadPasscode, Exists, Expired, Failed, ForbiddenStatus, IdentityExists,
            IdentityInvalid, IdentityRejected, Insufficient, Malformed, Missing, NotFound, NotLoggedIn, NotSubmitted,
            NotYours, Oneself, Rejected, TooFrequent, Unchanged, Unequal, WrongState,
        };
        match self {
            Self::Token | Self::TokenFresh => &[NotLoggedIn],
            Self::AccountKept => &[NotFound, ForbiddenStatus],
            Self::Present(_) => &[Missing, Malformed],
            Self::PresentSome(_) => &[Missing, Unchanged, Malformed],
            Self::WellFormed(_) => &[Malformed, IdentityInvalid],
            Self::Equal(..) => &[Unequal, Malformed],
            Self::InOrder { .. } => &[Malformed],
            Self::IdentityFree(_) => &[Exists, WrongState, Failed],
            Self::FieldFree { .. } => &[Exists, Failed],
            Self::NotOneself(_) | Self::NotOwn { .. } => &[Oneself],
            Self::Welcome { .. } => &[],
            Self::Prior(_) => &[NotSubmitted, WrongState, Missing, ForbiddenStatus],
            Self::Owned { .. } => &[NotYours],
            Self::IdentityKnown(_) => &[NotFound, BadCredentials, Malformed, Failed],
            Self::Known(_) => &[NotFound, BadCredentials, Failed],
            Self::Passcode { .. } => &[BadPasscode, Expired, Malformed, Failed],
            Self::PasscodeFresh { .. } => &[Expired, BadPasscode, Malformed, Failed],
            Self::Password { .. } => &[BadCredentials, NotFound, Malformed, Failed],
            Self::Usable { .. } => &[ForbiddenStatus, BadCredentials, NotFound, Failed],
            Self::PasswordNew { .. } | Self::Changed => &[Unchanged],
            Self::CardValid(_) => &[IdentityInvalid, IdentityRejected, Malformed, Failed],
            Self::CardFree(_) => &[IdentityExists, AlreadyVerified, IdentityRejected, Exists, IdentityInvalid, Failed],
            Self::Submitted => &[NotSubmitted, NotFound, WrongState, Failed],
            Self::NotRejected => &[Rejected, IdentityRejected, WrongState, Failed],
            Self::NotPending => &[WrongState],
            Self::Unverified => &[AlreadyVerified],
            Self::SendInterval { .. } | Self::SendCap { .. } => &[TooFrequent],
            Self::Unlocked { .. } => &[TooFrequent, ForbiddenStatus, BadCredentials, Failed],
            Self::PasscodeTries { .. } => &[TooFrequent, BadPasscode, Expired, Failed],
            Self::AccountFound(_) | Self::Found { .. } | Self::Referenced { .. } | Self::LinesNamed(_) => {
                &[NotFound, Malformed, Failed]
            }
            Self::SomeLines(_) => &[NotFound, Missing, NotSubmitted],
            Self::SomeListed { .. } => &[NotFound, NotSubmitted],
            Self::Unlike { .. } | Self::Apart(_) => &[Exists, IdentityExists, Unchanged, WrongState, Failed],
            Self::InState { .. } => &[WrongState, ForbiddenStatus, Exists, Unchanged, NotYours, Failed],
            Self::Rested { .. } => &[TooFrequent, Exists, WrongState],
            Self::Unused { .. } | Self::NotChosen { .. } | Self::Timely { .. } => &[WrongState, Expired, Failed],
            Self::OfKind { .. } => &[NotYours, ForbiddenStatus],
            Self::Within(_) => &[WrongState, Malformed, Failed],
            Self::Untaken { .. } => &[Exists, NotYours, WrongState],
            Self::Places { .. } | Self::FewerThan { .. } => &[Insufficient, TooFrequent, Exists],
            Self::NotWaiting { .. } | Self::Tied { tied: false, .. } => &[Exists, WrongState, TooFrequent],
            Self::Tied { tied: true, .. } => &[NotSubmitted, NotFound, WrongState],
            Self::Worth { .. } => &[WrongState, ForbiddenStatus, Malformed, Failed],
            Self::Room { .. } | Self::NoMoreListed { .. } => &[TooFrequent, Insufficient, Malformed],
            Self::Funds { .. } | Self::Enough(_) => &[Insufficient],
            Self::HasFlag { .. } | Self::NoneOpen { .. } | Self::NotDone { .. } => {
                &[WrongState, Exists, NotSubmitted, Unchanged, TooFrequent]
            }
            Self::When { demand, .. } => demand.classes(),
        }
    }

    fn subject(&self) -> Subject {
        match self {
            Self::Present(input)
            | Self::WellFormed(input)
            | Self::IdentityFree(input)
            | Self::FieldFree { input, .. } => Subject::Input(*input),
            Self::AccountFound(_) => Subject::AccountAlone,
            Self::AccountKept => Subject::Caller,
            Self::PresentSome(inputs) => inputs.first().map_or(Subject::None, |input| Subject::Input(*input)),
            Self::IdentityKnown(_) | Self::Known(_) | Self::Password { .. } | Self::Usable { .. } => Subject::Account,
            Self::When { demand, .. } => demand.subject(),
            Self::Found { collection, .. } | Self::Referenced { collection, .. } => Subject::Record(*collection),
            Self::SomeListed { collection } => Subject::Listed(*collection),
            Self::LinesNamed(lines) => Subject::Record(lines.things),
            Self::SomeLines(lines) => match &lines.from {
                LinesFrom::Basket { collection, .. } => Subject::Listed(*collection),
                _ => Subject::None,
            },
            _ => Subject::None,
        }
    }

    /// Whose documents can make the demand: some are made only where the endpoint itself documents a failure for them,
    /// some also where a table for the whole set does.
    fn reach(&self, operation: Operation) -> Reach {
        match self {
            Self::When { demand, .. } => demand.reach(operation),
            Self::PasswordNew { .. } if operation == Operation::ChangePassword => Reach::Shared(&["new-password"]),
            Self::AccountKept | Self::Changed | Self::Submitted | Self::NotRejected | Self::PasswordNew { .. } => {
                Reach::Own
            }
            // A list of nobody's is empty, unless its own words say that there is nobody.
            Self::AccountFound(_) if operation == Operation::List => Reach::Own,
            Self::NotOneself(_)
            | Self::NotOwn { .. }
            | Self::Welcome { .. }
            | Self::Prior(_)
            | Self::Owned { .. }
            | Self::Funds { .. }
            | Self::HasFlag { .. }
            | Self::NoneOpen { .. }
            | Self::NotDone { .. }
            | Self::Tied { .. }
            | Self::NotWaiting { .. }
            | Self::Room { .. }
            | Self::NoMoreListed { .. }
            | Self::SomeListed { .. }
            | Self::Unlike { .. }
            | Self::Enough(_) => Reach::Own,
            Self::NotPending => Reach::Shared(&["review", "identity"]),
            Self::SendInterval { .. } | Self::SendCap { .. } | Self::Unverified => Reach::Shared(&[]),
            // A sender without purposes serves whatever its own failures tell of.
            Self::IdentityFree(_) | Self::IdentityKnown(_) if operation == Operation::SendPasscode => Reach::Own,
            _ => Reach::Set,
        }
    }
}

/// Chooses each demand's failure and puts the checks in order: as the endpoint's own table lists their codes; what it does
/// not list by kind, before the first listed check of a later kind.
pub(super) fn draw_up(plan: &Plan<'_>, chooser: &Chooser<'_>, reply: &dyn Fn(&Failure) -> Reply) -> Vec<Check> {
    let mut listed: Vec<(usize, usize, Check)> = Vec::new();
    let mut unlisted: Vec<(usize, Check)> = Vec::new();
    let mut login: Option<Failure> = None;
    let demands = plan.demands().into_iter().map(|(demand, because)| (demand, because, None));
    let demands: Vec<_> = demands.chain(plan.on_records.iter().cloned()).collect();
    // `收信人不存在` speaks of whom a message goes to, and not of who calls.
    let about_others = demands.iter().any(|(demand, ..)| matches!(demand, Demand::AccountFound(_)));
    let told = told_kinds(plan, chooser, &demands);
    for (demand, because, known) in demands {
        // What a failure says of a record it does not say of the caller.
        let of_records = |failure: &Failure| {
            plan.on_records.iter().any(|(_, _, known)| {
                known.as_ref().is_some_and(|known| known.code == failure.code && known.message == failure.message)
            })
        };
        let known = known.or_else(|| login.clone().filter(|_| about_others && demand == Demand::AccountKept));
        let of_token = plan.of_token(&demand);
        let first = of_token.is_some();
        let known = known.or(of_token);
        let known = known.or_else(|| match demand {
            Demand::Present(_) => chooser.told_missing(plan.at, plan.prose),
            Demand::WellFormed(input) if is_record_card(plan, input) => chooser.of_card(plan.at, input),
            Demand::WellFormed(input) => {
                let told = chooser.told_malformed(plan.at, input, plan.prose);
                told.or_else(|| chooser.stating(plan.at, input)).or_else(|| chooser.of_no_choice(plan.at, input))
            }
            _ => None,
        });
        let found = || failure_for(plan, chooser, &demand, (login.as_ref(), !told.contains(demand.kind())));
        let Some(mut failure) = known.or_else(found) else { continue };
        if let (Demand::AccountKept, true, Some(login)) = (&demand, of_records(&failure), &login) {
            failure = login.clone();
        }
        if demand == Demand::Token {
            login = Some(failure.clone());
        }
        let rank =
            if first { 0 } else { 1 + KINDS.iter().position(|kind| *kind == demand.kind()).unwrap_or(KINDS.len()) };
        let configured = plan.codes.get(demand.kind());
        if let Some(code) = configured {
            failure = configured_failure(chooser, plan.at, failure, code);
        }
        if let Subject::Input(input) = demand.subject() {
            failure = chooser.filled_in(plan.at, input, failure);
        }
        let tries = tries(plan, chooser, &demand, &failure, reply);
        let also = match demand.subject() {
            Subject::Input(input) => chooser.alike(plan.at, input, demand.classes(), &failure),
            _ => Vec::new(),
        };
        let classes = demand.classes().to_vec();
        let check = Check { classes, reply: reply(&failure), demand, failure, also, because, tries };
        match check.failure.origin {
            Origin::Table(position) => listed.push((position, rank, check)),
            _ => unlisted.push((rank, check)),
        }
    }
    // A sender that tells of accounts that are there and of such that are not serves several purposes without saying which.
    let asks = |check: &Check| matches!(check.demand, Demand::IdentityFree(_) | Demand::IdentityKnown(_));
    let both =
        listed.iter().map(|(.., check)| check).chain(unlisted.iter().map(|(_, check)| check)).filter(|c| asks(c));
    if plan.operation == Operation::SendPasscode && both.count() > 1 {
        listed.retain(|(.., check)| !asks(check));
        unlisted.retain(|(_, check)| !asks(check));
    }
    // What says that whatever is referred to is not there says nothing of a list that is empty.
    let all = || listed.iter().map(|(.., check)| check).chain(unlisted.iter().map(|(_, check)| check));
    let refers = |check: &&Check| matches!(check.demand, Demand::Referenced { .. } | Demand::AccountFound(_));
    let missing: Vec<(Arc<str>, String)> =
        all().filter(refers).map(|check| (Arc::clone(&check.failure.code), check.failure.message.clone())).collect();
    let stays = |check: &Check| {
        let is_same =
            |(code, message): &(Arc<str>, String)| *code == check.failure.code && *message == check.failure.message;
        !matches!(check.demand, Demand::SomeListed { .. }) || !missing.iter().any(is_same)
    };
    listed.retain(|(.., check)| stays(check));
    unlisted.retain(|(_, check)| stays(check));
    listed.sort_by_key(|(position, rank, _)| (*position, *rank));
    unlisted.sort_by_key(|(rank, _)| *rank);
    // Each before the first of the table that comes after its kind.
    let mut checks = Vec::with_capacity(listed.len() + unlisted.len());
    let mut unlisted = unlisted.into_iter().peekable();
    for (_, rank, check) in listed {
        while let Some((_, earlier)) = unlisted.next_if(|(kind, _)| *kind < rank) {
            checks.push(earlier);
        }
        checks.push(check);
    }
    checks.extend(unlisted.map(|(_, check)| check));
    // Whoever may not call at all is told so before anything is looked at.
    let at_door = |check: &Check| matches!(check.demand.kind(), "login" | "deleted");
    if let Some(at) = checks.iter().position(|check| matches!(check.demand, Demand::OfKind { .. })) {
        let door = checks.iter().rposition(at_door).map_or(0, |last| last + 1);
        if door < at {
            checks[door..=at].rotate_right(1);
        }
    }
    // Who is locked out is not asked for more, wherever the table lists it.
    let closes = |check: &Check| matches!(check.demand, Demand::Unlocked { .. } | Demand::PasscodeTries { .. });
    let opens = |check: &Check| check.tries.is_some();
    if let Some(first) = checks.iter().position(opens) {
        let (closing, rest): (Vec<Check>, Vec<Check>) = checks.into_iter().partition(closes);
        checks = rest;
        let first = checks.iter().position(opens).unwrap_or(first.min(checks.len()));
        checks.splice(first..first, closing);
    }
    checks
}

/// Whether an input is the ID card of somebody that a record is about.
fn is_record_card(plan: &Plan<'_>, input: usize) -> bool {
    let on_record = plan.operation.is_on_records() || plan.operation == Operation::EditProfile;
    on_record && plan.inputs[input].role == Role::IdCard
}

/// How often a secret may be wrong, and what is answered then.
fn tries(
    plan: &Plan<'_>,
    chooser: &Chooser<'_>,
    demand: &Demand,
    failure: &Failure,
    reply: &dyn Fn(&Failure) -> Reply,
) -> Option<Tries> {
    let (most, locked_ms) = match demand {
        Demand::When { demand, .. } => return tries(plan, chooser, demand, failure, reply),
        Demand::Password { .. } => plan.locks.map(|stated| (stated.most, Some(stated.locked_ms)))?,
        Demand::Passcode { .. } => (plan.passcode_tries?, None),
        _ => return None,
    };
    let mut left = chooser.left(failure, most);
    // With nothing left it is over.
    let over = if locked_ms.is_some() { chooser.locked_out(plan.at) } else { chooser.passcode_void(plan.at) };
    if let (Some(first), Some(over)) = (left.first_mut(), over) {
        *first = over;
    }
    Some(Tries { most, locked_ms, left: left.iter().map(reply).collect() })
}

/// The kinds for which a code is set, and of which the documents have a failure themselves.
fn told_kinds(
    plan: &Plan<'_>,
    chooser: &Chooser<'_>,
    demands: &[(Demand, Evidence, Option<Failure>)],
) -> BTreeSet<&'static str> {
    let is_told = |(demand, _, known): &&(Demand, Evidence, Option<Failure>)| {
        plan.codes.contains_key(demand.kind())
            && (known.is_some() || failure_for(plan, chooser, demand, (None, false)).is_some())
    };
    demands.iter().filter(is_told).map(|(demand, ..)| demand.kind()).collect()
}

/// None where the demand is made only if it is documented, and it is not. A code that is set for demands of its kind calls for it
/// only where it is `open` which of them is meant.
fn failure_for(
    plan: &Plan<'_>,
    chooser: &Chooser<'_>,
    demand: &Demand,
    (login, open): (Option<&Failure>, bool),
) -> Option<Failure> {
    let reach = demand.reach(plan.operation);
    let classes = match demand {
        // Who is sent a passcode is looked at only where a failure says just that.
        _ if reach == Reach::Own && asks_for_account(demand) => &demand.classes()[..1],
        _ => demand.classes(),
    };
    let wanted = Wanted { classes, subject: demand.subject(), reach };
    if *demand == Demand::TokenFresh {
        return chooser.expired_login(plan.at, login?);
    }
    let told = match demand {
        Demand::Unlocked { .. } => chooser.locked_out(plan.at),
        Demand::PasscodeTries { .. } => chooser.passcode_void(plan.at),
        Demand::SendInterval { .. } => chooser.too_often(plan.at, false),
        Demand::SendCap { .. } => chooser.too_often(plan.at, true).or_else(|| chooser.too_often(plan.at, false)),
        _ => None,
    };
    if told.is_some() {
        return told;
    }
    let mut chosen = chooser.choose(plan.at, &wanted);
    if *demand == Demand::Token {
        let absent = chosen.as_ref().and_then(|chosen| chooser.absent_login(plan.at, chosen));
        chosen = absent.or(chosen);
    }
    if *demand == Demand::Unverified {
        // `该身份证已被他人认证` and `您已实名认证` have to stand side by side to be told apart.
        let others = Wanted { classes: &[Class::IdentityExists], subject: Subject::None, reach };
        let others = chooser.choose(plan.at, &others);
        chosen = chosen.filter(|chosen| {
            others.is_some_and(|others| (&others.code, &others.message) != (&chosen.code, &chosen.message))
        });
    }
    match (demand, chosen) {
        // A deleted account's token answers as the endpoint says of such accounts, else as if nobody were logged in.
        (Demand::AccountKept, None) => login.cloned(),
        (_, None) if open && plan.codes.contains_key(demand.kind()) => {
            chooser.choose(plan.at, &Wanted { reach: Reach::Set, ..wanted })
        }
        (_, chosen) => chosen,
    }
}

/// Whether an account is there, in whatever case that is asked.
fn asks_for_account(demand: &Demand) -> bool {
    match demand {
        Demand::When { demand, .. } => asks_for_account(demand),
        Demand::IdentityFree(_) | Demand::IdentityKnown(_) => true,
        _ => false,
    }
}

/// The failure that `docsim.toml` names: its words if a document has them, else what would have been said.
fn configured_failure(chooser: &Chooser<'_>, at: usize, chosen: Failure, code: &str) -> Failure {
    // What was understood is confirmed: its words stay, which fit better than others of that code.
    if *chosen.code == *code {
        let is_own = matches!(chosen.origin, Origin::Table(_) | Origin::Example);
        let origin = if is_own { chosen.origin } else { Origin::Configured };
        return Failure { origin, approximated: false, ..chosen };
    }
    let own = chooser.catalog.own[at].iter().find(|failure| *failure.code == *code);
    let any =
        || chooser.catalog.own.iter().flatten().chain(&chooser.catalog.shared).find(|failure| *failure.code == *code);
    match own.or_else(any) {
        Some(known) => {
            let origin = if matches!(known.origin, Origin::Table(_)) && own.is_some() {
                known.origin
            } else {
                Origin::Configured
            };
            Failure { origin, approximated: false, ..known.clone() }
        }
        None => Failure { code: code.into(), origin: Origin::Configured, approximated: true, ..chosen },
    }
}

/// The rules for passwords wherever they stand, collected over the set: how long they are, and of what they are made.
pub(super) fn password_rules(inputs: &[Vec<Input>]) -> Vec<InputRule> {
    let is_password = |input: &&Input| matches!(input.word, Role::Password | Role::NewPassword | Role::ConfirmPassword);
    let stated = || inputs.iter().flatten().filter(is_password).flat_map(|input| &input.rules);
    let length = stated().find(|rule| matches!(rule.form, Form::Length(_)));
    let made_of = stated().find(|rule| matches!(rule.form, Form::LettersAndDigits | Form::MadeOf(_)));
    length.into_iter().chain(made_of).cloned().collect()
}
