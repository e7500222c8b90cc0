//! Which checks an operation makes, which classes of failure fit each, and in which order they are made.

use super::choose::{Chooser, Subject, Wanted};
use super::{Check, Confidence, Demand, Evidence, Failure, Form, Input, Origin, Reply};
use crate::lexicon::{Class, Operation, Role};
use crate::source::Place;
use std::collections::BTreeMap;
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
    /// Its kind, by the name that `docsim.toml` uses.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Token => "login",
            Self::AccountKept => "deleted",
            Self::Present(_) | Self::PresentEither(..) => "missing",
            Self::WellFormed(_) | Self::Equal(..) => "malformed",
            Self::IdentityFree(_) => "exists",
            Self::IdentityKnown(_) | Self::Known(_) => "not-found",
            Self::Passcode { .. } | Self::PasscodeFresh { .. } => "passcode",
            Self::Password { .. } | Self::Usable { .. } => "credentials",
            Self::CardValid(_) | Self::CardFree(_) => "identity",
            Self::Submitted | Self::NotRejected | Self::Changed | Self::PasswordNew { .. } => "state",
            Self::SendInterval { .. } => "interval",
            Self::When { demand, .. } => demand.kind(),
        }
    }

    /// The classes of failure that fit, best first.
    fn classes(&self) -> &'static [Class] {
        use Class::{
            BadCredentials, BadPasscode, Exists, Expired, Failed, ForbiddenStatus, IdentityExists, IdentityInvalid,
            IdentityRejected, Malformed, Missing, NotFound, NotLoggedIn, NotSubmitted, Rejected, TooFrequent,
            Unchanged, Unequal, WrongState,
        };
        match self {
            Self::Token => &[NotLoggedIn],
            Self::AccountKept => &[NotFound, ForbiddenStatus],
            Self::Present(_) | Self::PresentEither(..) => &[Missing, Malformed],
            Self::WellFormed(_) => &[Malformed, IdentityInvalid],
            Self::Equal(..) => &[Unequal, Malformed],
            Self::IdentityFree(_) => &[Exists, Failed],
            Self::IdentityKnown(_) => &[NotFound, BadCredentials, Malformed, Failed],
            Self::Known(_) => &[NotFound, BadCredentials, Failed],
            Self::Passcode { .. } => &[BadPasscode, Expired, Malformed, Failed],
            Self::PasscodeFresh { .. } => &[Expired, BadPasscode, Malformed, Failed],
            Self::Password { .. } => &[BadCredentials, NotFound, Malformed, Failed],
            Self::Usable { .. } => &[ForbiddenStatus, BadCredentials, NotFound, Failed],
            Self::PasswordNew { .. } | Self::Changed => &[Unchanged],
            Self::CardValid(_) => &[IdentityInvalid, IdentityRejected, Malformed, Failed],
            Self::CardFree(_) => &[IdentityExists, IdentityRejected, Exists, IdentityInvalid, Failed],
            Self::Submitted => &[NotSubmitted, NotFound, WrongState, Failed],
            Self::NotRejected => &[Rejected, IdentityRejected, WrongState, Failed],
            Self::SendInterval { .. } => &[TooFrequent],
            Self::When { demand, .. } => demand.classes(),
        }
    }

    fn subject(&self) -> Subject {
        match self {
            Self::Present(input)
            | Self::PresentEither(input, _)
            | Self::WellFormed(input)
            | Self::IdentityFree(input) => Subject::Input(*input),
            Self::AccountKept => Subject::AccountAlone,
            Self::IdentityKnown(_) | Self::Known(_) | Self::Password { .. } | Self::Usable { .. } => Subject::Account,
            Self::When { demand, .. } => demand.subject(),
            _ => Subject::None,
        }
    }

    /// Demands that only the endpoint's own documents can make.
    fn own_only(&self) -> bool {
        matches!(
            self,
            Self::AccountKept
                | Self::Changed
                | Self::PasswordNew { .. }
                | Self::SendInterval { .. }
                | Self::Submitted
                | Self::When { .. }
                | Self::NotRejected
        )
    }
}

/// What an endpoint's checks are drawn up from.
pub(super) struct Plan<'a> {
    pub(super) at: usize,
    pub(super) operation: Operation,
    pub(super) inputs: &'a [Input],
    pub(super) authenticated: bool,
    pub(super) place: Place,
    /// Codes that `docsim.toml` gives, by kind.
    pub(super) codes: &'a BTreeMap<String, String>,
    pub(super) purpose: Option<Arc<str>>,
    /// For a sender: the values of its purpose with the operation that each serves; without values, what its words say.
    pub(super) purposes: Vec<(String, Operation)>,
    /// A login that makes an account where there is none.
    pub(super) ensures: bool,
}

impl Plan<'_> {
    pub(super) fn input(&self, role: Role) -> Option<usize> {
        self.inputs.iter().position(|input| input.role == role)
    }

    /// The password that an operation sets: the new one, else the only one.
    pub(super) fn new_password(&self) -> Option<usize> {
        self.input(Role::NewPassword).or_else(|| self.input(Role::Password))
    }

    pub(super) fn identity(&self) -> Option<usize> {
        self.input(Role::Identity)
    }

    /// The demands of this endpoint with the reason for each.
    pub(super) fn demands(&self) -> Vec<(Demand, Evidence)> {
        let mut demands: Vec<(Demand, Evidence)> = Vec::new();
        let because = |text: &str| Evidence::new(text, self.place, Confidence::Certain);
        if self.authenticated {
            demands.push((
                Demand::Token,
                because("the endpoint takes a token or documents a caller who is not logged in"),
            ));
            demands.push((Demand::AccountKept, because("a deleted account's tokens still name it")));
        }
        for (at, input) in self.inputs.iter().enumerate() {
            let skipped = input.discriminates || (input.role == Role::Token && self.authenticated);
            if input.required && !skipped {
                demands.push((
                    Demand::Present(at),
                    Evidence::new("the parameter is required", input.place, Confidence::Certain),
                ));
            }
            if !input.rules.is_empty() {
                let reasons: Vec<&str> = input.rules.iter().map(|rule| rule.because.text.as_str()).collect();
                let place = input.rules[0].because.place;
                let confidence = input.rules.iter().map(|rule| rule.because.confidence).min().unwrap_or_default();
                demands.push((Demand::WellFormed(at), Evidence::new(reasons.join("; "), place, confidence)));
            }
        }
        if let (Some(password), Some(confirm)) = (self.new_password(), self.input(Role::ConfirmPassword)) {
            demands.push((Demand::Equal(password, confirm), because("the two passwords are one")));
        }
        self.of_operation(&mut demands);
        demands
    }

    fn of_operation(&self, demands: &mut Vec<(Demand, Evidence)>) {
        let certain = |text: &str| Evidence::new(text, self.place, Confidence::Certain);
        let likely = |text: &str| Evidence::new(text, self.place, Confidence::Likely);
        let identity = self.identity();
        let passcode = |identity: Option<usize>, demands: &mut Vec<(Demand, Evidence)>| {
            if let Some(passcode) = self.input(Role::Passcode) {
                let purpose = self.purpose.clone();
                let demand = Demand::Passcode { identity, passcode, purpose: purpose.clone() };
                demands.push((demand, certain("a passcode is compared with the newest that was sent")));
                let demand = Demand::PasscodeFresh { identity, passcode, purpose };
                demands.push((demand, certain("a passcode lives for a limited time")));
            }
        };
        match self.operation {
            Operation::Register => {
                for (at, _) in self.inputs.iter().enumerate().filter(|(_, input)| input.role == Role::Identity) {
                    demands.push((Demand::IdentityFree(at), certain("an account is registered once")));
                }
                passcode(identity, demands);
            }
            Operation::Login => {
                if let Some(known) = identity.filter(|_| !self.ensures) {
                    demands.push((Demand::Known(known), certain("who logs in has an account")));
                }
                passcode(identity, demands);
                if let Some(password) = self.input(Role::Password) {
                    if let Some(code) = self.input(Role::Passcode) {
                        let either = Demand::PresentEither(password, code);
                        demands.push((either, certain("nobody gets in without a secret")));
                    }
                    demands.push((Demand::Password { identity, password }, certain("the password is the account's")));
                }
                demands.push((Demand::Usable { identity }, certain("a frozen or deleted account does not log in")));
            }
            Operation::ResetPassword => {
                if let Some(known) = identity {
                    demands.push((Demand::IdentityKnown(known), certain("only an account's password can be set")));
                }
                passcode(identity, demands);
                if let Some(password) = self.new_password() {
                    demands.push((Demand::PasswordNew { identity, password }, likely("the new password is another")));
                }
            }
            Operation::ChangePassword => {
                if let Some(password) = self.input(Role::OldPassword) {
                    let demand = Demand::Password { identity, password };
                    demands.push((demand, certain("the old password is the account's")));
                }
                if let Some(password) = self.new_password() {
                    let demand = Demand::PasswordNew { identity, password };
                    demands.push((demand, likely("the new password is another")));
                }
            }
            Operation::DeleteAccount => {
                if let Some(password) = self.input(Role::Password) {
                    let demand = Demand::Password { identity: None, password };
                    demands.push((demand, certain("the password is the account's")));
                }
                passcode(None, demands);
            }
            Operation::BindIdentity => {
                if let Some(free) = identity {
                    demands.push((Demand::IdentityFree(free), certain("an identity belongs to one account")));
                }
                passcode(identity, demands);
            }
            Operation::SendPasscode => self.of_sender(demands),
            Operation::VerifyIdentity => {
                if let Some(card) = self.input(Role::IdCard) {
                    demands
                        .push((Demand::CardValid(card), certain("birth date and check digit of the card (GB 11643)")));
                    demands.push((Demand::CardFree(card), certain("one card, one account")));
                }
            }
            Operation::VerificationStatus => {
                demands.push((Demand::Submitted, certain("something has to be verified or uploaded first")));
                demands.push((Demand::NotRejected, likely("a review that was refused")));
            }
            Operation::EditProfile => demands.push((Demand::Changed, likely("something has to change"))),
            _ => {}
        }
    }

    fn of_sender(&self, demands: &mut Vec<(Demand, Evidence)>) {
        let Some(identity) = self.identity() else { return };
        let purpose = self.input(Role::Purpose);
        let documented = || Evidence::new("the endpoint documents a failure for it", self.place, Confidence::Likely);
        demands.push((Demand::SendInterval { identity, purpose }, documented()));
        // A passcode for registering goes to who has no account, one for a lost password to who has one.
        let serving = |wanted: &[Operation]| {
            let values = self.purposes.iter().filter(|(_, operation)| wanted.contains(operation));
            values.map(|(value, _)| value.clone()).collect::<Vec<_>>()
        };
        let free = serving(&[Operation::Register, Operation::BindIdentity]);
        let known = serving(&[Operation::ResetPassword, Operation::ChangePassword, Operation::Login]);
        for (values, demand) in [(free, Demand::IdentityFree(identity)), (known, Demand::IdentityKnown(identity))] {
            if !values.is_empty() {
                let input = purpose.unwrap_or(identity);
                demands.push((Demand::When { input, values, demand: Box::new(demand) }, documented()));
            }
        }
    }
}

/// Chooses each demand's failure and puts the checks in order: as the endpoint's own table lists their codes; what it does
/// not list by kind, before the first listed check of a later kind.
pub(super) fn draw_up(plan: &Plan<'_>, chooser: &Chooser<'_>, reply: &dyn Fn(&Failure) -> Reply) -> Vec<Check> {
    let mut listed: Vec<(usize, usize, Check)> = Vec::new();
    let mut unlisted: Vec<(usize, Check)> = Vec::new();
    let mut login: Option<Failure> = None;
    for (demand, because) in plan.demands() {
        let Some(mut failure) = failure_for(plan, chooser, &demand, login.as_ref()) else { continue };
        if demand == Demand::Token {
            login = Some(failure.clone());
        }
        let rank = KINDS.iter().position(|kind| *kind == demand.kind()).unwrap_or(KINDS.len());
        let configured = plan.codes.get(demand.kind());
        if let Some(code) = configured {
            failure = configured_failure(chooser, plan.at, failure, code);
        }
        let check = Check { classes: demand.classes().to_vec(), reply: reply(&failure), demand, failure, because };
        match check.failure.origin {
            Origin::Table(position) => listed.push((position, rank, check)),
            _ => unlisted.push((rank, check)),
        }
    }
    listed.sort_by_key(|(position, rank, _)| (*position, *rank));
    unlisted.sort_by_key(|(rank, _)| *rank);
    let mut checks: Vec<(usize, Check)> = listed.into_iter().map(|(_, rank, check)| (rank, check)).collect();
    for (rank, check) in unlisted {
        let at = checks.iter().position(|(known, _)| *known > rank).unwrap_or(checks.len());
        checks.insert(at, (rank, check));
    }
    checks.into_iter().map(|(_, check)| check).collect()
}

/// None where the demand is made only if it is documented, and it is not.
fn failure_for(plan: &Plan<'_>, chooser: &Chooser<'_>, demand: &Demand, login: Option<&Failure>) -> Option<Failure> {
    let wanted = Wanted { classes: demand.classes(), subject: demand.subject(), own_only: demand.own_only() };
    let chosen = chooser.choose(plan.at, &wanted);
    match (demand, chosen) {
        // A deleted account's token answers as the endpoint says of such accounts, else as if nobody were logged in.
        (Demand::AccountKept, None) => login.cloned(),
        (_, None) if plan.codes.contains_key(demand.kind()) => {
            chooser.choose(plan.at, &Wanted { own_only: false, ..wanted })
        }
        (_, chosen) => chosen,
    }
}

/// The failure that `docsim.toml` names: its words if a document has them, else what would have been said.
fn configured_failure(chooser: &Chooser<'_>, at: usize, chosen: Failure, code: &str) -> Failure {
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

/// The rules that hold for a role wherever it stands, collected over the set.
pub(super) fn role_rules(inputs: &[Vec<Input>]) -> BTreeMap<Role, super::InputRule> {
    let mut rules = BTreeMap::new();
    for input in inputs.iter().flatten() {
        let role = match input.word {
            Role::NewPassword | Role::ConfirmPassword => Role::Password,
            role => role,
        };
        let stated = input.rules.iter().find(|rule| matches!(rule.form, Form::Length(_)));
        if let (Role::Password, Some(rule)) = (role, stated) {
            rules.entry(role).or_insert_with(|| rule.clone());
        }
    }
    rules
}
