//! One endpoint in the light of the whole set: its demands, effects and replies.

use super::SetWide;
use crate::behavior::account::kinds;
use crate::behavior::collection::items::gather::Gathering;
use crate::behavior::collection::items::item::Items;
use crate::behavior::collection::lists::listing::Listing;
use crate::behavior::collection::nouns::kin::Kin;
use crate::behavior::demands::Plan;
use crate::behavior::failures::elsewhere::Elsewhere;
use crate::behavior::inputs::upload;
use crate::behavior::notices::written::Written;
use crate::behavior::records::{Records, Wish, WorkedOut};
use crate::behavior::replies::Replies;
use crate::behavior::replies::showing::Showing;
use crate::behavior::wallet::Wallet;
use crate::behavior::{
    Action, Auth, Behavior, Check, Effect, EndpointOverrides, Evidence, Input, ListPlan, Outcome, Reply, checks,
    collection,
};
use crate::lexicon::{Operation, Role};
use std::cell::OnceCell;
use std::sync::Arc;

/// What is known of records.
pub(super) struct Known<'a> {
    pub(super) gathering: &'a Gathering<'a>,
    pub(super) collections: &'a [collection::Collection],
    pub(super) on_records: &'a [Option<collection::OnRecords>],
    pub(super) sent: Vec<Vec<Input>>,
    pub(super) kin: Kin,
    /// The account's field that holds money.
    pub(super) balance: Option<Arc<str>>,
    /// What deeds do to the caller's account.
    pub(super) wallet: Wallet,
    /// What is demanded only in some cases, by endpoints.
    pub(super) only_of: Vec<Vec<kinds::OnlyOf>>,
    /// What senders of passcodes serve, with the values that say so.
    pub(super) purposes: Vec<(String, Operation)>,
    pub(super) elsewhere: Elsewhere<'a>,
    pub(super) files: upload::Elsewhere<'a>,
    pub(super) worked_out: WorkedOut,
    /// How many wrong passcodes void one.
    pub(super) passcode_tries: Option<u64>,
    pub(super) lists: collection::prose::AllLists,
    pub(super) written: Written,
}

impl Known<'_> {
    fn records(&self, at: usize) -> Records<'_> {
        let (on, balance) = (self.on_records[at].as_ref(), self.balance.clone());
        let Self { gathering, collections, kin, worked_out, .. } = self;
        Records { gathering, collections, kin, at, on, balance, worked_out }
    }

    /// What an endpoint does to the caller's account beside what it is for, and what the system writes of it.
    fn add_besides(&self, records: &Records<'_>, plan: &Plan<'_>, effects: &mut Vec<Effect>) {
        records.pay(&self.wallet, &plan.on_records, effects);
        self.written.add_to(effects, plan.at, self.collections);
    }

    /// The purpose under which a sender of the set names this operation: `find_password` for resetting one.
    fn purpose(&self, operation: Operation) -> Option<Arc<str>> {
        let listed = self.purposes.iter().find(|(_, serves)| *serves == operation);
        listed.map(|(value, _)| value.as_str().into())
    }
}

pub(super) struct Draft {
    entry: Option<usize>,
    names: Option<Arc<str>>,
    subject: Option<usize>,
    checks: Vec<Check>,
    effects: Vec<Effect>,
    list: Option<ListPlan>,
    undone: Option<Reply>,
    office: bool,
    outcomes: Vec<Outcome>,
    success: Reply,
    forced: Vec<(String, Reply)>,
}

impl Draft {
    pub(super) fn behavior(
        self,
        (operation, operation_because): (Operation, Evidence),
        inputs: Vec<Input>,
        auth: Auth,
        record: Option<collection::OnRecords>,
    ) -> Behavior {
        Behavior {
            operation,
            operation_because,
            auth,
            inputs,
            checks: self.checks,
            effects: self.effects,
            record,
            subject: self.subject,
            entry: self.entry,
            names: self.names,
            office: self.office,
            list: self.list,
            success: self.success,
            undone: self.undone,
            outcomes: self.outcomes,
            forced: self.forced,
        }
    }
}

impl SetWide<'_> {
    fn kept_files(&self, plan: &Plan<'_>, known: &Known<'_>) -> Option<Effect> {
        let files = upload::files(&self.set.endpoints[plan.at], plan.inputs, self.lexicon, &known.files)?;
        let as_text = files.are_shown();
        Some(Effect { action: Action::KeepFiles { inputs: files.inputs, as_text }, because: files.because })
    }

    pub(super) fn draft(&self, at: usize, auth: Auth, known: &Known<'_>) -> Draft {
        let endpoint = &self.set.endpoints[at];
        let none = EndpointOverrides::default();
        let overrides = self.overrides.endpoints.get(at).unwrap_or(&none);
        let (on, records) = (known.on_records[at].as_ref(), known.records(at));
        let plan = Plan {
            at,
            operation: self.kinds[at],
            inputs: &self.inputs[at],
            authenticated: auth == Auth::Required || (matches!(auth, Auth::Named(_)) && self.accounts.any),
            place: endpoint.title_place.unwrap_or(endpoint.place),
            codes: &overrides.codes,
            purpose: known.purpose(self.kinds[at]).or_else(|| self.accounts.kinds.as_ref()?.purpose(at)),
            purposes: if self.kinds[at] == Operation::SendPasscode { self.purposes(at) } else { Vec::new() },
            gated: self.gated(at),
            token_named: known.gathering.chooser.token_named(at).map(|(input, failure)| (input, failure.clone())),
            verifies: self.kinds.contains(&Operation::SendPasscode)
                || self.lexicon.speaks_of("compares-passcode", &endpoint.title),
            beside: self.beside(at),
            ways: self.ways(at),
            locks: self.locks(at),
            passcode_tries: known.passcode_tries,
            daily: self.daily(at),
            subject: self.subject(at),
            unique: self.unique(at),
            only_of: known.only_of[at].clone(),
            prose: self.prose,
            on_records: self.wishes(at, on, &records, known),
        };
        let items = Items {
            collections: known.collections,
            accounts: self.accounts,
            lexicon: self.lexicon,
            sent: &known.sent,
            kin: &known.kin,
        };
        let listing = on.map(|on| Listing {
            set: self.set,
            lexicon: self.lexicon,
            collections: known.collections,
            inputs: &self.inputs[at],
            endpoint,
            on,
            authenticated: plan.authenticated || auth == Auth::Optional,
            by_token: self.accounts.any && !matches!(auth, Auth::Named(_)),
            prose: self.prose,
            all: known.lists,
        });
        let showing = on.map(|on| Showing {
            set: self.set,
            lexicon: self.lexicon,
            collections: known.collections,
            items: &items,
            endpoint,
            operation: self.kinds[at],
            on,
            listing: listing.as_ref(),
        });
        let replies = Replies {
            set: self.set,
            lexicon: self.lexicon,
            catalog: self.catalog,
            accounts: self.accounts,
            at,
            operation: self.kinds[at],
            inputs: &self.inputs[at],
            http_status: [&overrides.http_status, &self.overrides.http_status],
            showing: showing.as_ref(),
            shown: OnceCell::new(),
            items: Some(&items),
            elsewhere: &known.elsewhere,
        };
        let checks = self.checks(&plan, known, &replies);
        let success = replies.success();
        let mut effects = match self.kinds[at] {
            kind if kind.is_on_records() => records.taking().into_iter().chain(records.effects()).collect(),
            kind if self.accounts.any || kind == Operation::SendPasscode => self.effects(&plan, &success),
            _ => Vec::new(),
        };
        let chosen = self.choice(at, auth, on, known.collections, &effects);
        effects.extend(chosen);
        known.add_besides(&records, &plan, &mut effects);
        if let Some(effect) = self.kept_files(&plan, known) {
            effects.insert(0, effect);
        }
        let office = self.accounts.kinds.as_ref().is_some_and(|kinds| kinds.is_office(at)) || self.is_open_to_all(at);
        let list = listing.as_ref().and_then(|listing| listing.settled(self.kinds[at], at, &success));
        let list = if office { list.map(ListPlan::of_everybody) } else { list };
        Draft {
            success: replies.success_after(&effects).unwrap_or(success),
            entry: self.accounts.kinds.as_ref().and_then(|kinds| kinds.entry(at)),
            names: self.accounts.kinds.as_ref().and_then(|kinds| kinds.space(at)),
            subject: plan.subject,
            office,
            effects,
            checks,
            list,
            undone: replies.undone(),
            outcomes: replies.outcomes(),
            forced: replies.forced(),
        }
    }

    /// In the order in which they are made.
    fn checks(&self, plan: &Plan<'_>, known: &Known<'_>, replies: &Replies<'_>) -> Vec<Check> {
        let mut checks = checks::draw_up(plan, known.gathering.chooser, &|failure| replies.failure(failure));
        if !self.accounts.any {
            // Without a way in there are no accounts to look for; what is sent is still looked at.
            let verifies = plan.operation == Operation::Answer;
            checks.retain(|check| !check.demand.needs_accounts() || (verifies && check.demand.kind() == "passcode"));
        }
        let office = self.accounts.kinds.as_ref().and_then(|kinds| kinds.login_failure(plan.at));
        if let Some((code, message)) = office {
            let mut all =
                self.catalog.own[plan.at].iter().chain(&self.catalog.shared).chain(self.catalog.own.iter().flatten());
            let known = all.find(|failure| *failure.code == *code && failure.message == message);
            let asks = |check: &&mut super::super::Check| matches!(check.demand.kind(), "login" | "deleted");
            for check in checks.iter_mut().filter(asks) {
                if let Some(failure) = known.filter(|failure| failure.code != check.failure.code) {
                    (check.reply, check.failure) = (replies.failure(failure), failure.clone());
                }
            }
        }
        crate::behavior::failures::told_order::sort(
            &mut checks,
            &self.set.endpoints[plan.at],
            self.prose,
            self.lexicon,
        );
        checks
    }

    /// What an endpoint demands beyond what its operation does, with the failures that are known.
    fn wishes(
        &self,
        at: usize,
        on: Option<&collection::OnRecords>,
        records: &Records<'_>,
        known: &Known<'_>,
    ) -> Vec<Wish> {
        let on_account = !self.kinds[at].is_on_records() && self.kinds[at] != Operation::Answer;
        let mut wishes = if on_account { Vec::new() } else { records.demands() };
        let kinds = self.accounts.kinds.as_ref();
        let auth = known.gathering.auths[at];
        wishes.extend(kinds.and_then(|kinds| kinds.demand(at, auth, self.catalog, self.lexicon)));
        records.afford(&known.wallet, &mut wishes);
        if self.kinds[at] == Operation::AccountDeed {
            records.first(&mut wishes);
            records.bought(&mut wishes);
        }
        wishes.extend(self.some_of(at));
        let collection = on.map(|on| &known.collections[on.collection]);
        wishes.extend(self.cards(at, collection, known.gathering.chooser));
        wishes
    }

    /// The inputs that bring what no two accounts have alike, with their fields.
    fn unique(&self, at: usize) -> Vec<(Arc<str>, usize)> {
        if !matches!(self.kinds[at], Operation::Register | Operation::EditProfile) {
            return Vec::new();
        }
        let inputs = self.inputs[at].iter().enumerate().filter(|(_, input)| input.role != Role::Identity);
        let keyed = inputs.map(|(number, input)| (self.accounts.key_for(input), number));
        keyed.filter(|(key, _)| self.accounts.unique.contains(key)).collect()
    }
}
