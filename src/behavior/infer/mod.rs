//! From a document set to what it does, endpoint by endpoint, in the light of the whole set.

mod draft;
mod operations;

use super::account::{self, Accounts};
use super::account::{kinds, office_side, others};
use super::choose::Chooser;
use super::collection;
use super::collection::items::gather::{Asked, Gathering};
use super::collection::items::shape;
use super::collection::lists::bins::Bins;
use super::collection::nouns::group::Grouping;
use super::collection::nouns::headed::Headed;
use super::collection::nouns::kin::Kin;
use super::collection::nouns::making::Making;
use super::collection::nouns::noun;
use super::collection::nouns::views::Views;
use super::collection::prose::Said;
use super::collection::prose::section::Sections;
use super::collection::sides::invited::Invitations;
use super::failure::Catalog;
use super::failures::elsewhere::Elsewhere;
use super::inputs::{self, adding, forms, made_up, role, steps, unit_bounds, unmarked, upload, word_lists};
use super::notices::written::Written;
use super::tying::own_ties;
use super::wallet::{Reading, Wallet, shortages};
use super::{Action, Auth, Behavior, Evidence, Input, Model, OnRecords, Overrides};
use crate::lexicon::{Lexicon, Operation};
use crate::spec::{DocSet, Note};
use draft::{Draft, Known};
use operations::operations;
use std::cell::{OnceCell, RefCell};
use std::collections::HashSet;
use std::sync::Arc;

/// Works out what every endpoint does.
pub fn infer(set: &DocSet, lexicon: &Lexicon, overrides: &Overrides) -> Model {
    let owners = noun::owners(set, lexicon);
    if owners.is_empty() { model(set, lexicon, overrides) } else { model(set, &lexicon.with_owners(owners), overrides) }
}

fn model(set: &DocSet, lexicon: &Lexicon, overrides: &Overrides) -> Model {
    let stars = set.endpoints.iter().flat_map(|endpoint| &endpoint.params).any(|param| param.listed && param.starred);
    let catalog = Catalog::new(set, lexicon);
    let mut inputs = role::all_inputs(set, lexicon, &catalog.own, stars);
    let (prose, mut nouns) = (collection::prose::lines(set, lexicon), noun::read(set, lexicon));
    unmarked::demand(set, &prose, &mut inputs, lexicon);
    let (operations, invited) = operations(set, lexicon, overrides, (&catalog, stars), &mut nouns, &mut inputs);
    let kinds: Vec<Operation> = operations.iter().map(|known| known.0).collect();
    let mut accounts = account::gather(set, &kinds, &inputs, &nouns, lexicon);
    accounts.tickets = crate::behavior::login::two_step::names(&kinds, &inputs);
    let told = Reading { set, lexicon, operations: &kinds, inputs: &inputs, prose: &prose, short: shortages(&catalog) };
    let wallet = Wallet::new(&told, &mut accounts);
    collection::items::defaults::of_accounts(set, &kinds, &inputs, &mut accounts, lexicon);
    let chinese = overrides.chinese.unwrap_or_else(|| is_chinese(set, &catalog));
    let (sections, shown) = (Sections::of(&prose, &set.sources), shape::all_members_shown(set, lexicon));
    let words = kinds::Words {
        set,
        lexicon,
        operations: &kinds,
        inputs: &inputs,
        catalog: &catalog,
        prose: &prose,
        sections: &sections,
        shown: &shown,
    };
    settle_accounts(&words, &mut accounts);
    let groups = groups(&words, overrides, &nouns, accounts.kinds.as_ref(), &invited);
    let things: Vec<Vec<String>> = groups.iter().map(collection::nouns::group::Group::things).collect();
    accounts.settle_senders(set, &kinds, &mut inputs, lexicon);
    state_forms(&catalog, (set, lexicon), (chinese, stars), &kinds, &groups, &prose, &mut inputs);
    inputs::bind_lists(set, lexicon, &prose, &sections, &mut inputs);
    let only_of = adding::all_conditional(set, &kinds, &mut inputs, lexicon);
    let chooser = Chooser::new(set, lexicon, &catalog, &inputs, chinese, &things);
    others::find_unique(&kinds, &chooser, &mut accounts);
    let set_wide = SetWide {
        set,
        lexicon,
        catalog: &catalog,
        accounts: &accounts,
        inputs: &inputs,
        kinds: &kinds,
        overrides,
        prose: &prose,
        sections: &sections,
        locks_of_all: OnceCell::new(),
    };
    let (mut tokens, passcodes, said) = (set_wide.tokens(), set_wide.passcodes(), Said::new(&prose, lexicon));
    let auths = set_wide.auths(&mut tokens, &groups, &nouns);
    let gathering = Gathering {
        accounts: &accounts,
        set,
        lexicon,
        operations: &kinds,
        inputs: &inputs,
        auths: &auths,
        nouns: &nouns,
        chooser: &chooser,
        prose: &prose,
        sections: &sections,
        said: &said,
        making: &Making::new(&kinds, &nouns, &groups, &inputs),
        headed: &Headed::new(&kinds, &shown, lexicon),
        groups: &groups,
        overrides,
        invited: &invited,
        joined: collection::sides::admission::joined(&groups, &kinds, (&inputs, &nouns), lexicon),
        asked: &Asked::default(),
    };
    let (mut collections, mut on_records) = collection::gather(&gathering, &groups);
    let written = Written::new(&gathering, &mut collections, &on_records);
    super::failures::moot::let_go(&gathering, &operations, &collections, &mut on_records);
    let known = Known {
        gathering: &gathering,
        collections: &collections,
        on_records: &on_records,
        sent: sent(&gathering, collections.len(), &on_records),
        kin: Kin::new(&collections),
        balance: set_wide.balance(),
        wallet,
        only_of,
        purposes: set_wide.all_purposes(),
        elsewhere: Elsewhere::new(set, &catalog, &prose, lexicon),
        files: upload::Elsewhere::new(set, lexicon),
        worked_out: super::records::WorkedOut::default(),
        passcode_tries: set_wide.passcode_tries(),
        lists: collection::prose::all_lists(set, &prose, &said),
        written,
    };
    let drafts: Vec<Draft> = (0..kinds.len()).map(|at| set_wide.draft(at, auths[at], &known)).collect();
    Model {
        behaviors: behaviors(drafts, (operations, inputs), (auths, on_records)),
        accounts,
        passcodes,
        tokens: tokens.0,
        collections,
        utc_offset: overrides.utc_offset.unwrap_or(8 * 3600),
        uploads: overrides.uploads.clone(),
        pictures: upload::pictures(set),
        of_all: super::replies::of_all::OfAll::read(set, &prose, lexicon),
    }
    .noted()
}

/// Of which kinds accounts are, which are there from the start, and with what they begin.
fn settle_accounts(words: &kinds::Words<'_>, accounts: &mut Accounts) {
    accounts.kinds = kinds::Kinds::of(words, accounts);
    accounts.given = office_side::given(words, accounts);
    made_up::of_accounts(words.set, words.operations, words.inputs, words.prose, accounts, words.lexicon);
}

/// Each draft with what is known of its endpoint.
fn behaviors(
    drafts: Vec<Draft>,
    (operations, inputs): (Vec<(Operation, Evidence)>, Vec<Vec<Input>>),
    (auths, on_records): (Vec<Auth>, Vec<Option<OnRecords>>),
) -> Vec<Behavior> {
    let parts = drafts.into_iter().zip(operations).zip(inputs).zip(auths).zip(on_records);
    parts.map(|((((draft, kind), inputs), auth), on)| draft.behavior(kind, inputs, auth, on)).collect()
}

/// What inputs must look like, in the light of failures, roles, and of what else the set says.
fn state_forms(
    catalog: &Catalog,
    (set, lexicon): (&DocSet, &Lexicon),
    (chinese, stars): (bool, bool),
    kinds: &[Operation],
    groups: &[collection::nouns::group::Group],
    prose: &[Note],
    inputs: &mut [Vec<Input>],
) {
    forms::require_what_failures_name(set, lexicon, catalog, inputs, chinese, stars);
    forms::add_stated_forms(set, lexicon, catalog, inputs, chinese);
    unit_bounds::stated(set, lexicon, catalog, prose, inputs);
    steps::stated(set, lexicon, catalog, prose, inputs);
    forms::inherit_rules(kinds, groups, inputs);
    forms::add_role_rules(set, lexicon, kinds, inputs);
    inputs::consent::bind(set, lexicon, catalog, inputs);
    let closed = word_lists::close(&Chooser::new(set, lexicon, catalog, inputs, chinese, &[]), kinds, prose);
    for (at, input, rule) in closed {
        inputs[at][input].rules.push(rule);
    }
}

/// Which endpoints share a collection, be they one kind of account's or another's.
fn groups(
    words: &kinds::Words<'_>,
    overrides: &Overrides,
    nouns: &[noun::Nouns],
    kinds: Option<&kinds::Kinds>,
    invited: &Invitations,
) -> Vec<collection::nouns::group::Group> {
    let kinds::Words { set, lexicon, operations, inputs, shown, .. } = *words;
    let told = |at: usize| overrides.endpoints.get(at).and_then(|known| known.collection.as_deref());
    let mut groups = collection::group(&Grouping {
        nouns,
        operations,
        inputs,
        titles: set.endpoints.iter().map(|endpoint| endpoint.title.as_str()).collect(),
        lexicon,
        told: (0..operations.len()).map(told).collect(),
        shown: shown.to_vec(),
        made: own_ties::nouns(operations, nouns),
        told_of_ties: OnceCell::new(),
        invited,
    });
    match kinds {
        Some(kinds) => {
            Views { set, lexicon, operations, inputs, kinds, shown }.merge(&mut groups);
            office_side::adopt(words, kinds, &mut groups);
        }
        None => collection::nouns::views::merge_mine(set, lexicon, operations, shown, &mut groups),
    }
    let told: Vec<bool> = (0..operations.len()).map(|at| told(at).is_some()).collect();
    collection::nouns::halls::Halls { set, lexicon, operations, inputs, nouns, shown, told: &told }.join(&mut groups);
    collection::sides::controllers::Controllers {
        set,
        lexicon,
        operations,
        inputs,
        shown,
        told: &told,
        answered: RefCell::default(),
    }
    .join(&mut groups);
    Bins { set, lexicon, nouns, inputs, shown }.part(operations, &mut groups);
    collection::nouns::nested::add_nested(set, lexicon, operations, inputs, &mut groups);
    groups
}

impl Model {
    /// What follows from all behaviors together.
    fn noted(mut self) -> Self {
        self.note_submitted();
        self.note_given_back();
        self.note_copied();
        self
    }

    fn note_submitted(&mut self) {
        let submits = self.behaviors.iter().filter(|behavior| behavior.operation == Operation::SubmitReview);
        let actions = submits.flat_map(|behavior| &behavior.effects).filter_map(|effect| match &effect.action {
            Action::SetFields(fields) => Some(fields),
            _ => None,
        });
        self.accounts.submitted = actions.flatten().map(|(key, _)| Arc::clone(key)).collect();
    }
}

/// Whether the set speaks Chinese: its failures do, else any title or label has a character beyond Latin.
fn is_chinese(set: &DocSet, catalog: &Catalog) -> bool {
    let mut messages = catalog.own.iter().flatten().chain(&catalog.shared).map(|failure| &failure.message);
    let mut spoken = messages.by_ref().filter(|message| message.chars().any(char::is_alphabetic)).peekable();
    if spoken.peek().is_some() {
        return spoken.any(|message| !message.is_ascii());
    }
    set.endpoints
        .iter()
        .any(|endpoint| !endpoint.title.is_ascii() || endpoint.params.iter().any(|p| !p.label.is_ascii()))
}

/// What is known of the whole set before its endpoints are drawn up one by one.
pub(super) struct SetWide<'a> {
    pub(super) set: &'a DocSet,
    pub(super) lexicon: &'a Lexicon,
    pub(super) catalog: &'a Catalog,
    pub(super) accounts: &'a Accounts,
    pub(super) inputs: &'a [Vec<Input>],
    pub(super) kinds: &'a [Operation],
    pub(super) overrides: &'a Overrides,
    /// The lines outside of the blocks.
    pub(super) prose: &'a [Note],
    pub(super) sections: &'a Sections,
    /// What is said to all of accounts that are locked for a time; read when it is first asked for.
    pub(super) locks_of_all: OnceCell<Vec<&'a str>>,
}

/// For each collection the inputs of the endpoints that make its records, those that are alike once.
fn sent(
    gathering: &Gathering<'_>,
    collections: usize,
    on_records: &[Option<collection::OnRecords>],
) -> Vec<Vec<Input>> {
    let mut sent: Vec<Vec<Input>> = vec![Vec::new(); collections];
    let mut known = HashSet::new();
    for (at, on) in on_records.iter().enumerate() {
        let makes = matches!(
            gathering.operations[at],
            Operation::Create | Operation::Save | Operation::Update | Operation::Toggle
        );
        if let Some(on) = on.as_ref().filter(|_| makes) {
            for input in &gathering.inputs[at] {
                let Input { name, role, word, label, location, required, discriminates, routes, .. } = input;
                let own = (on.collection, name, label, *role, *word, *location, [*required, *discriminates, *routes]);
                if known.insert(own) {
                    sent[on.collection].push(input.clone());
                }
            }
        }
    }
    sent
}

impl SetWide<'_> {
    /// The input that names whose profile is looked at, where that need not be the caller's.
    pub(super) fn subject(&self, at: usize) -> Option<usize> {
        if self.kinds[at] != Operation::Profile || !self.accounts.any {
            return None;
        }
        others::other(&self.set.endpoints[at], &self.inputs[at], self.lexicon).filter(|_| self.tokens().1)
    }
}
