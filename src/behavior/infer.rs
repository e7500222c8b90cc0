//! From a document set to what it does, endpoint by endpoint, in the light of the whole set.

use super::account::{self, Accounts};
use super::by_shape::{self, Shapes};
use super::checks;
use super::choose::Chooser;
use super::collection::gather::Gathering;
use super::collection::group::Grouping;
use super::collection::headed::Headed;
use super::collection::item::Items;
use super::collection::kin::Kin;
use super::collection::listing::Listing;
use super::collection::making::Making;
use super::collection::prose::Said;
use super::collection::section::Sections;
use super::collection::views::Views;
use super::collection::{self, noun, shape};
use super::demands::Plan;
use super::elsewhere::Elsewhere;
use super::failure::Catalog;
use super::operation::{self, Clues};
use super::own_ties;
use super::prolonging;
use super::records::Records;
use super::replies::Replies;
use super::showing::Showing;
use super::unit_bounds;
use super::upload;
use super::wallet::{Reading, Wallet};
use super::written::Written;
use super::{
    Action, Auth, Behavior, Confidence, Effect, EndpointOverrides, Evidence, Input, Model, Overrides, back_office,
    enumeration, forms, kinds, made_up, others, purposes, role, word_lists,
};
use crate::lexicon::{Lexicon, Operation, Role, label_head};
use crate::spec::{DocSet, Endpoint, Note};
use std::cell::OnceCell;
use std::sync::Arc;

/// Works out what every endpoint does.
pub fn infer(set: &DocSet, lexicon: &Lexicon, overrides: &Overrides) -> Model {
    let owners = noun::owners(set, lexicon);
    if owners.is_empty() { model(set, lexicon, overrides) } else { model(set, &lexicon.with_owners(owners), overrides) }
}

fn model(set: &DocSet, lexicon: &Lexicon, overrides: &Overrides) -> Model {
    let stars = set.endpoints.iter().flat_map(|endpoint| &endpoint.params).any(|param| param.listed && param.starred);
    let catalog = Catalog::new(set, lexicon);
    let mut inputs = role::all_inputs(set, lexicon, stars);
    let mut nouns = noun::read(set, lexicon);
    let operations = operations(set, lexicon, overrides, (&catalog, stars), &mut nouns, &mut inputs);
    let kinds: Vec<Operation> = operations.iter().map(|(operation, _)| *operation).collect();
    let mut accounts = account::gather(set, &kinds, &inputs, &nouns, lexicon);
    let prose = collection::prose::lines(set);
    let wallet =
        Wallet::new(&Reading { set, lexicon, operations: &kinds, inputs: &inputs, prose: &prose }, &mut accounts);
    for at in (0..kinds.len()).filter(|at| kinds[*at] == Operation::Register) {
        collection::defaults::of_accounts(&set.endpoints[at], &inputs[at], &mut accounts, lexicon);
    }
    let chinese = overrides.chinese.unwrap_or_else(|| is_chinese(set));
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
    accounts.kinds = kinds::Kinds::of(&words, &accounts);
    made_up::of_accounts(set, &kinds, &inputs, &prose, &mut accounts, lexicon);
    let groups = groups(&words, overrides, &nouns, accounts.kinds.as_ref());
    let things: Vec<Vec<String>> = groups.iter().map(collection::group::Group::things).collect();
    state_forms(&catalog, (set, lexicon), (chinese, stars), &kinds, &groups, &prose, &mut inputs);
    let only_of = kinds::all_conditional(set, &mut inputs, lexicon);
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
    let (tokens, passcodes) = (set_wide.tokens(), set_wide.passcodes());
    let auths = set_wide.auths(tokens.1, &groups, &nouns);
    let said = Said::new(&prose, lexicon);
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
        making: &Making::new(&kinds, &nouns, &groups),
        headed: &Headed::new(&kinds, &shown, lexicon),
        groups: &groups,
        overrides,
    };
    let (mut collections, mut on_records) = collection::gather(&gathering, &groups);
    let written = Written::new(&gathering, &mut collections, &on_records);
    super::moot::let_go(&gathering, &operations, &collections, &mut on_records);
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
        moved: super::records::Moved::default(),
        passcode_tries: set_wide.passcode_tries(),
        lists: collection::prose::all_lists(set, &prose, &said),
        written,
    };
    let drafts: Vec<Draft> = (0..kinds.len()).map(|at| set_wide.draft(at, auths[at], &known)).collect();
    let behaviors = drafts.into_iter().zip(operations).zip(inputs).zip(auths).zip(on_records);
    let behaviors = behaviors.map(|((((draft, kind), inputs), auth), on)| draft.behavior(kind, inputs, auth, on));
    let behaviors = behaviors.collect();
    Model {
        behaviors,
        accounts,
        passcodes,
        tokens: tokens.0,
        collections,
        utc_offset: overrides.utc_offset.unwrap_or(8 * 3600),
        uploads: overrides.uploads.clone(),
        pictures: upload::pictures(set),
    }
    .noted()
}

/// What inputs must look like, in the light of failures, roles, and of what else the set says.
fn state_forms(
    catalog: &Catalog,
    (set, lexicon): (&DocSet, &Lexicon),
    (chinese, stars): (bool, bool),
    kinds: &[Operation],
    groups: &[collection::group::Group],
    prose: &[Note],
    inputs: &mut [Vec<Input>],
) {
    forms::require_what_failures_name(set, lexicon, catalog, inputs, chinese, stars);
    forms::add_stated_forms(set, lexicon, catalog, inputs, chinese);
    unit_bounds::stated(set, lexicon, catalog, prose, inputs);
    forms::inherit_rules(kinds, groups, inputs);
    forms::add_role_rules(set, lexicon, kinds, inputs);
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
) -> Vec<collection::group::Group> {
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
    });
    match kinds {
        Some(kinds) => Views { set, lexicon, operations, inputs, kinds, shown }.merge(&mut groups),
        None => collection::views::merge_mine(set, lexicon, operations, shown, &mut groups),
    }
    let told: Vec<bool> = (0..operations.len()).map(|at| told(at).is_some()).collect();
    collection::controllers::Controllers { set, lexicon, operations, inputs, shown, told: &told }.join(&mut groups);
    collection::nested::add_nested(set, lexicon, operations, inputs, &mut groups);
    groups
}

/// What each endpoint does; its inputs are settled in the light of it.
fn operations(
    set: &DocSet,
    lexicon: &Lexicon,
    overrides: &Overrides,
    (catalog, stars): (&Catalog, bool),
    nouns: &mut [noun::Nouns],
    inputs: &mut [Vec<Input>],
) -> Vec<(Operation, Evidence)> {
    let mut operations = Vec::new();
    let mut is_open = Vec::new();
    let statuses = OnceCell::new();
    for (at, endpoint) in set.endpoints.iter().enumerate() {
        let told = overrides.endpoints.get(at).and_then(|known| {
            // Who says where it leads says that it moves a status.
            known.operation.or(known.transition.as_ref().map(|_| Operation::Transition))
        });
        let shown = shape::of_endpoint(set, endpoint, lexicon);
        let (inputs, failures) = (&inputs[at][..], &catalog.own[at][..]);
        let clues = Clues { set, endpoint, inputs, failures, nouns: &nouns[at], shown: &shown };
        let by_words = match operation::operation(&clues, lexicon) {
            (Operation::Create | Operation::Update | Operation::Save | Operation::Answer | Operation::Detail, _)
                if !shown.is(crate::lexicon::Shows::List)
                    && collection::chosen_deeds::chosen_deeds(endpoint, inputs, lexicon).is_some() =>
            {
                let because = "an input says which deed is done to a record";
                (Operation::Transition, Evidence::new(because, endpoint.place, Confidence::Likely))
            }
            (Operation::Update, because) if prolonging::prolongs(&clues, lexicon) => {
                let because = Evidence::new(because.text, because.place, Confidence::Likely);
                (Operation::Transition, because)
            }
            (Operation::Answer, because) if because.confidence == Confidence::Guess => {
                let statuses = statuses.get_or_init(|| statuses_of(set, lexicon));
                operation::named_by_status(&clues, statuses, lexicon).unwrap_or((Operation::Answer, because))
            }
            found => found,
        };
        // What the words leave open the settings may say: which noun is meant is seen as without them.
        is_open.push(by_shape::is_open(&by_words));
        let told = told.map(|told| (told, Evidence::new("docsim.toml says so", endpoint.place, Confidence::Certain)));
        operations.push(told.unwrap_or(by_words));
    }
    let told = |at: usize| overrides.endpoints.get(at).is_some_and(|known| known.operation.is_some());
    let shapes = Shapes { set, lexicon, catalog, nouns, inputs };
    let settled = shapes.settle(&mut operations, &told, &is_open);
    back_office::Office { set, lexicon, nouns, inputs }.settle(&mut operations, &told);
    let ties = by_shape::name_ties(&shapes, &operations);
    by_shape::name_deeds(nouns, &settled);
    for (at, word) in ties {
        nouns[at].words.push(word);
    }
    for (at, endpoint) in set.endpoints.iter().enumerate() {
        let operation = operations[at].0;
        if operation == Operation::SendPasscode {
            purposes::find_purpose(endpoint, &mut inputs[at], lexicon);
        }
        let unstated: Vec<bool> =
            endpoint.params.iter().map(|param| role::is_unstated(param, lexicon, stars)).collect();
        role::settle(&mut inputs[at], operation, &unstated);
    }
    operations
}

/// What the statuses of a set are called, wherever one is explained.
fn statuses_of(set: &DocSet, lexicon: &Lexicon) -> Vec<String> {
    let endpoints = || set.endpoints.iter();
    let params = endpoints().flat_map(|endpoint| &endpoint.params).map(|param| param.description.as_str());
    let examples = endpoints().flat_map(Endpoint::successes).flat_map(|example| &example.comments);
    let notes = endpoints().flat_map(|endpoint| &endpoint.notes);
    let prose = collection::prose::lines(set);
    let texts = params.chain(examples.map(|note| note.text.as_str()));
    let texts = texts.chain(notes.chain(&prose).map(|note| note.text.as_str()));
    let items = texts.flat_map(|text| enumeration::read(text, &lexicon.rules().enumerations));
    let mut heads: Vec<String> = items.map(|item| label_head(&item.words).to_owned()).collect();
    heads.sort();
    heads.dedup();
    heads
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

/// Whether the set speaks Chinese: any message or title with a character beyond Latin.
fn is_chinese(set: &DocSet) -> bool {
    let messages = set.endpoints.iter().flat_map(|endpoint| &endpoint.codes.rows).any(|row| !row.text.is_ascii());
    messages
        || set
            .endpoints
            .iter()
            .any(|endpoint| !endpoint.title.is_ascii() || endpoint.params.iter().any(|p| !p.label.is_ascii()))
}

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

/// What is known of records.
struct Known<'a> {
    gathering: &'a Gathering<'a>,
    collections: &'a [collection::Collection],
    on_records: &'a [Option<collection::OnRecords>],
    sent: Vec<Vec<Input>>,
    kin: Kin,
    /// The account's field that holds money.
    balance: Option<Arc<str>>,
    /// What deeds do to the caller's account.
    wallet: Wallet,
    /// What is demanded only in some cases, by endpoints.
    only_of: Vec<Vec<kinds::OnlyOf>>,
    /// What senders of passcodes serve, with the values that say so.
    purposes: Vec<(String, Operation)>,
    elsewhere: Elsewhere<'a>,
    files: upload::Elsewhere<'a>,
    moved: super::records::Moved,
    /// How many wrong passcodes void one.
    passcode_tries: Option<u64>,
    lists: collection::prose::AllLists,
    written: Written,
}

impl Known<'_> {
    fn records(&self, at: usize) -> Records<'_> {
        let (on, balance) = (self.on_records[at].as_ref(), self.balance.clone());
        let Self { gathering, collections, kin, moved, .. } = self;
        Records { gathering, collections, kin, at, on, balance, moved }
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

/// For each collection the inputs of the endpoints that make its records.
fn sent(
    gathering: &Gathering<'_>,
    collections: usize,
    on_records: &[Option<collection::OnRecords>],
) -> Vec<Vec<Input>> {
    let mut sent: Vec<Vec<Input>> = vec![Vec::new(); collections];
    for (at, on) in on_records.iter().enumerate() {
        let makes = matches!(
            gathering.operations[at],
            Operation::Create | Operation::Save | Operation::Update | Operation::Toggle
        );
        if let Some(on) = on.as_ref().filter(|_| makes) {
            sent[on.collection].extend(gathering.inputs[at].iter().cloned());
        }
    }
    sent
}

struct Draft {
    entry: Option<usize>,
    subject: Option<usize>,
    checks: Vec<super::Check>,
    effects: Vec<Effect>,
    list: Option<super::ListPlan>,
    undone: Option<super::Reply>,
    success: super::Reply,
    forced: Vec<(String, super::Reply)>,
}

impl Draft {
    fn behavior(
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
            list: self.list,
            success: self.success,
            undone: self.undone,
            forced: self.forced,
        }
    }
}

impl SetWide<'_> {
    /// What an endpoint demands beyond what its operation does, with the failures that are known.
    fn wishes(
        &self,
        at: usize,
        on: Option<&collection::OnRecords>,
        records: &Records<'_>,
        known: &Known<'_>,
    ) -> Vec<(super::Demand, Evidence, Option<super::Failure>)> {
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

    fn draft(&self, at: usize, auth: Auth, known: &Known<'_>) -> Draft {
        let endpoint = &self.set.endpoints[at];
        let none = EndpointOverrides::default();
        let overrides = self.overrides.endpoints.get(at).unwrap_or(&none);
        let on = known.on_records[at].as_ref();
        let records = known.records(at);
        let plan = Plan {
            at,
            operation: self.kinds[at],
            inputs: &self.inputs[at],
            authenticated: auth == Auth::Required || (matches!(auth, Auth::Named(_)) && self.accounts.any),
            place: endpoint.title_place.unwrap_or(endpoint.place),
            codes: &overrides.codes,
            purpose: known.purpose(self.kinds[at]),
            purposes: if self.kinds[at] == Operation::SendPasscode { self.purposes(at) } else { Vec::new() },
            gated: self.gated(at),
            token_named: known.gathering.chooser.token_named(at).map(|(input, failure)| (input, failure.clone())),
            ensures: self.ensures(at),
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
        let mut checks = checks::draw_up(&plan, known.gathering.chooser, &|failure| replies.failure(failure));
        if !self.accounts.any {
            // Without a way in there are no accounts to look for; what is sent is still looked at.
            checks.retain(|check| !check.demand.needs_accounts());
        }
        let success = replies.success();
        let on_accounts = self.accounts.any || self.kinds[at] == Operation::SendPasscode;
        let mut effects = match self.kinds[at] {
            kind if kind.is_on_records() => records.taking().into_iter().chain(records.effects()).collect(),
            _ if on_accounts => self.effects(&plan, &success),
            _ => Vec::new(),
        };
        let chosen = self.choice(at, auth, on, known.collections, &effects);
        effects.extend(chosen);
        known.add_besides(&records, &plan, &mut effects);
        if let Some(files) = upload::files(endpoint, plan.inputs, self.lexicon, &known.files) {
            let as_text = files.are_shown();
            let action = Action::KeepFiles { inputs: files.inputs, as_text };
            effects.insert(0, Effect { action, because: files.because });
        }
        let list = listing.as_ref().and_then(|listing| listing.settled(self.kinds[at], at, &success));
        Draft {
            entry: self.accounts.kinds.as_ref().and_then(|kinds| kinds.entry(at)),
            subject: plan.subject,
            effects,
            checks,
            list,
            undone: replies.undone(),
            success,
            forced: replies.forced(),
        }
    }

    /// The input that names whose profile is looked at, where that need not be the caller's.
    pub(super) fn subject(&self, at: usize) -> Option<usize> {
        if self.kinds[at] != Operation::Profile || !self.accounts.any {
            return None;
        }
        others::other(&self.set.endpoints[at], &self.inputs[at], self.lexicon).filter(|_| self.tokens().1)
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
