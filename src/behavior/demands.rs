//! What an endpoint demands of a call before it does what it does.
//!
//! In: an operation with its inputs, and what the documents state of passcodes, locks and ways to log in. Out: demands, each
//! with why. Which failure answers one that is not met is not known here.

use super::login::tries::Stated;
use super::{Confidence, Demand, Evidence, Failure, Input};
use crate::lexicon::{Operation, Role};
use crate::source::Place;
use std::collections::BTreeMap;
use std::sync::Arc;

/// An input that says by which secret someone logs in, with its values for either.
pub(super) struct Ways {
    pub(super) input: usize,
    pub(super) password: Vec<String>,
    pub(super) passcode: Vec<String>,
    /// The value that counts where none is sent.
    pub(super) default: Option<String>,
}

impl Ways {
    /// Without the input and without a default, whichever secret is sent has to be right.
    fn when(&self, values: &[String], demand: Demand) -> Demand {
        let absent = match &self.default {
            Some(default) => values.contains(default),
            None => demand.kind() != "missing",
        };
        Demand::When { input: self.input, values: values.to_vec(), absent, demand: Box::new(demand) }
    }

    fn by_password(&self, demand: Demand) -> Demand {
        self.when(&self.password, demand)
    }

    fn by_passcode(&self, demand: Demand) -> Demand {
        self.when(&self.passcode, demand)
    }
}

/// What an endpoint does beside what its operation says.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Beside {
    Nothing,
    /// A login that makes an account where there is none.
    MakesAccount,
    /// A sender that hands out what takes the place of a name.
    GivesTicket,
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
    /// The input and its values for which alone somebody has to be logged in.
    pub(super) gated: Option<(usize, Vec<String>)>,
    /// The token's parameter where the endpoint has a failure that names it as missing.
    pub(super) token_named: Option<(usize, Failure)>,
    /// Passcodes are sent by some endpoint, or the title says that this one compares them.
    pub(super) verifies: bool,
    pub(super) beside: Beside,
    /// The input that names the account that it is about, instead of the caller's.
    pub(super) subject: Option<usize>,
    /// Fields of accounts of which no two have the same, by the inputs that bring them.
    pub(super) unique: Vec<(Arc<str>, usize)>,
    /// A login whose input says by which secret.
    pub(super) ways: Option<Ways>,
    /// How many wrong passwords lock an account.
    pub(super) locks: Option<Stated>,
    /// How many wrong passcodes void one.
    pub(super) passcode_tries: Option<u64>,
    /// How many passcodes a day a sender sends to one.
    pub(super) daily: Option<u64>,
    /// Inputs that are demanded only in a case that their lines name.
    pub(super) only_of: Vec<super::inputs::only_of::OnlyOf>,
    /// The lines outside of the blocks.
    pub(super) prose: &'a [crate::spec::Note],
    /// What it demands of records, and the failure where that is known.
    pub(super) on_records: Vec<(Demand, Evidence, Option<Failure>)>,
}

impl Plan<'_> {
    /// The failure that names the token's own parameter as missing, where that is what is demanded.
    pub(super) fn of_token(&self, demand: &Demand) -> Option<Failure> {
        let (token, failure) = self.token_named.as_ref()?;
        (*demand == Demand::Present(*token)).then(|| failure.clone())
    }

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

    /// Where a passcode was sent: the phone or the e-mail among the names of an account; where neither is a name, the one that stands
    /// beside the passcode; else what names the account.
    pub(super) fn addressee(&self) -> Option<usize> {
        let reached = |input: &Input| matches!(input.word, Role::Phone | Role::Email) && !input.discriminates;
        let named = self.inputs.iter().position(|input| input.role == Role::Identity && reached(input));
        named.or_else(|| self.beside_passcode()).or_else(|| self.identity())
    }

    /// The one phone or e-mail of what makes an account or sets its password, though it is known by another name.
    fn beside_passcode(&self) -> Option<usize> {
        let sets = matches!(self.operation, Operation::Register | Operation::ResetPassword);
        let names = |input: &Input| matches!(input.word, Role::Phone | Role::Email) && input.role != Role::Identity;
        let mut found = self.inputs.iter().enumerate().filter(|(_, input)| names(input) && !input.discriminates);
        let (at, _) = found.next().filter(|_| sets && self.input(Role::Passcode).is_some())?;
        found.next().is_none().then_some(at)
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
            demands.push((Demand::TokenFresh, because("a failure tells of a login that is over")));
            demands.push((Demand::AccountKept, because("a deleted account's tokens still name it")));
        }
        if let Some((input, values)) =
            self.gated.clone().filter(|(_, values)| !self.authenticated && !values.is_empty())
        {
            let place = self.inputs[input].place;
            let because = Evidence::new("only these values ask for a caller", place, Confidence::Likely);
            let demand = Box::new(Demand::Token);
            demands.push((Demand::When { input, values, absent: false, demand }, because));
        }
        for (at, input) in self.inputs.iter().enumerate() {
            // That it was not sent is told apart from that it is no good.
            let told = self.token_named.as_ref().is_some_and(|(token, _)| *token == at);
            let skipped = input.discriminates || (input.role == Role::Token && self.authenticated && !told);
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
        demands.extend(self.only_of.iter().map(|only| only.demand(self.inputs)));
        if let (Some(password), Some(confirm)) = (self.new_password(), self.input(Role::ConfirmPassword)) {
            demands.push((Demand::Equal(password, confirm), because("the two passwords are one")));
        }
        for (field, input) in &self.unique {
            let demand = Demand::FieldFree { input: *input, field: Arc::clone(field) };
            demands.push((demand, because("no two accounts have the same")));
        }
        if let Some(subject) = self.subject {
            demands.push((Demand::AccountFound(subject), because("who is looked at has an account")));
        }
        self.of_operation(&mut demands);
        demands
    }

    fn of_operation(&self, demands: &mut Vec<(Demand, Evidence)>) {
        let certain = |text: &str| self.certain(text);
        let likely = |text: &str| self.likely(text);
        let identity = self.identity();
        match self.operation {
            Operation::Register => {
                let named =
                    |(_, input): &(usize, &Input)| input.role == Role::Identity && self.beside != Beside::MakesAccount;
                for (at, _) in self.inputs.iter().enumerate().filter(named) {
                    demands.push((Demand::IdentityFree(at), certain("an account is registered once")));
                }
                self.of_passcode(identity, demands);
            }
            Operation::Login => self.of_login(demands),
            Operation::ResetPassword => {
                if let Some(known) = identity {
                    demands.push((Demand::IdentityKnown(known), certain("only an account's password can be set")));
                }
                self.of_passcode(identity, demands);
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
            Operation::DeleteAccount | Operation::AccountDeed => {
                if let Some(password) = self.input(Role::Password) {
                    let demand = Demand::Password { identity: None, password };
                    demands.push((demand, certain("the password is the account's")));
                }
                self.of_passcode(None, demands);
            }
            Operation::BindIdentity => {
                if let Some(free) = identity {
                    demands.push((Demand::IdentityFree(free), certain("an identity belongs to one account")));
                }
                self.of_passcode(identity, demands);
            }
            Operation::SendPasscode => self.of_sender(demands),
            Operation::VerifyIdentity => {
                if let Some(card) = self.input(Role::IdCard) {
                    demands
                        .push((Demand::CardValid(card), certain("birth date and check digit of the card (GB 11643)")));
                    demands.push((Demand::Unverified, likely("who has verified is told so")));
                    demands.push((Demand::CardFree(card), certain("one card, one account")));
                }
                demands.push((Demand::NotPending, likely("what is under review is not sent again")));
            }
            Operation::VerificationStatus => {
                demands.push((Demand::Submitted, certain("something has to be verified or uploaded first")));
                demands.push((Demand::NotRejected, likely("a review that was refused")));
            }
            Operation::SubmitReview => {
                if let Some(card) = self.input(Role::IdCard) {
                    demands
                        .push((Demand::CardValid(card), certain("birth date and check digit of the card (GB 11643)")));
                }
                demands.push((Demand::NotPending, likely("what is under review is not sent again")));
            }
            Operation::Answer => self.of_verifier(demands),
            Operation::EditProfile => demands.push((Demand::Changed, likely("something has to change"))),
            _ => {}
        }
    }

    fn certain(&self, text: &str) -> Evidence {
        Evidence::new(text, self.place, Confidence::Certain)
    }

    fn likely(&self, text: &str) -> Evidence {
        Evidence::new(text, self.place, Confidence::Likely)
    }

    fn of_passcode(&self, identity: Option<usize>, demands: &mut Vec<(Demand, Evidence)>) {
        let Some(passcode) = self.input(Role::Passcode) else { return };
        let purpose = self.purpose.clone();
        let identity = identity.and(self.addressee());
        let unsent = identity.filter(|at| self.inputs[*at].role != Role::Identity && !self.inputs[*at].required);
        demands
            .extend(unsent.map(|at| {
                (Demand::Present(at), self.likely("there is nobody to compare the passcode for without it"))
            }));
        if let Some(most) = self.passcode_tries {
            let demand = Demand::PasscodeTries { identity, purpose: purpose.clone(), most };
            demands.push((demand, self.likely("a passcode is guessed at so often and no more")));
        }
        let demand = Demand::Passcode { identity, passcode, purpose: purpose.clone() };
        demands.push((demand, self.certain("a passcode is compared with the newest that was sent")));
        let demand = Demand::PasscodeFresh { identity, passcode, purpose };
        demands.push((demand, self.certain("a passcode lives for a limited time")));
    }

    /// What does nothing but take a passcode and the name to which it was sent compares them, and uses none up: it is asked before
    /// something else is done with the same passcode.
    fn of_verifier(&self, demands: &mut Vec<(Demand, Evidence)>) {
        let words =
            |wanted: &[Role]| self.inputs.iter().position(|input| wanted.contains(&input.word) && !input.discriminates);
        let (Some(identity), Some(passcode)) =
            (words(&[Role::Phone, Role::Email]).or_else(|| words(&[Role::Account])), words(&[Role::Passcode]))
        else {
            return;
        };
        if !self.verifies {
            return;
        }
        for input in [identity, passcode].into_iter().filter(|input| !self.inputs[*input].required) {
            demands.push((Demand::Present(input), self.likely("there is nothing to compare without it")));
        }
        let purpose = None;
        let because = || self.likely("it takes a passcode and to whom it was sent");
        let demand = Demand::Passcode { identity: Some(identity), passcode, purpose: purpose.clone() };
        demands.push((demand, because()));
        let demand = Demand::PasscodeFresh { identity: Some(identity), passcode, purpose };
        demands.push((demand, because()));
    }

    fn of_login(&self, demands: &mut Vec<(Demand, Evidence)>) {
        let identity = self.identity();
        if let Some(known) = identity.filter(|_| self.beside != Beside::MakesAccount) {
            demands.push((Demand::Known(known), self.certain("who logs in has an account")));
        }
        if self.locks.is_some() {
            demands.push((Demand::Unlocked { identity }, self.likely("wrong passwords lock an account for a time")));
        }
        let before = demands.len();
        self.of_passcode(identity, demands);
        if let Some(ways) = &self.ways {
            for (demand, _) in &mut demands[before..] {
                *demand = ways.by_passcode(demand.clone());
            }
            self.of_ways(ways, demands);
        } else if let Some(password) = self.input(Role::Password) {
            if let Some(code) = self.input(Role::Passcode) {
                let either = Demand::PresentSome(vec![password, code]);
                demands.push((either, self.certain("nobody gets in without a secret")));
            }
            demands.push((Demand::Password { identity, password }, self.certain("the password is the account's")));
        }
        demands.push((Demand::Usable { identity }, self.certain("a frozen or deleted account does not log in")));
    }

    /// Whoever logs in one way needs the secret of that way.
    fn of_ways(&self, ways: &Ways, demands: &mut Vec<(Demand, Evidence)>) {
        let (Some(password), Some(code)) = (self.input(Role::Password), self.input(Role::Passcode)) else { return };
        let certain = |text: &str| Evidence::new(text, self.inputs[ways.input].place, Confidence::Certain);
        demands.push((Demand::PresentSome(vec![password, code]), certain("nobody gets in without a secret")));
        demands.push((ways.by_password(Demand::Present(password)), certain("this way of logging in takes a password")));
        demands.push((ways.by_passcode(Demand::Present(code)), certain("this way of logging in takes a passcode")));
        let demand = Demand::Password { identity: self.identity(), password };
        demands.push((ways.by_password(demand), certain("the password is the account's")));
    }

    fn of_sender(&self, demands: &mut Vec<(Demand, Evidence)>) {
        let Some(identity) = self.identity() else { return };
        let purpose = self.input(Role::Purpose);
        let documented = || Evidence::new("the endpoint documents a failure for it", self.place, Confidence::Likely);
        demands.push((Demand::SendInterval { identity, purpose }, documented()));
        if self.beside == Beside::GivesTicket {
            demands.push((Demand::Known(identity), self.likely("who has lost a password has an account")));
        }
        if let Some(most) = self.daily {
            demands.push((Demand::SendCap { identity, most }, documented()));
        }
        // A passcode for registering goes to who has no account, one for a lost password to who has one.
        let serving = |wanted: &[Operation]| {
            let values = self.purposes.iter().filter(|(_, operation)| wanted.contains(operation));
            values.map(|(value, _)| value.clone()).collect::<Vec<_>>()
        };
        if self.purposes.is_empty() {
            demands.push((Demand::IdentityFree(identity), documented()));
            demands.push((Demand::IdentityKnown(identity), documented()));
        }
        let free = serving(&[Operation::Register, Operation::BindIdentity]);
        let known = serving(&[Operation::ResetPassword, Operation::ChangePassword, Operation::Login]);
        for (values, demand) in [(free, Demand::IdentityFree(identity)), (known, Demand::IdentityKnown(identity))] {
            if !values.is_empty() {
                let input = purpose.unwrap_or(identity);
                demands.push((Demand::When { input, values, absent: false, demand: Box::new(demand) }, documented()));
            }
        }
    }
}
