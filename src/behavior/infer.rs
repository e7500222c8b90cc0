//! From a document set to what it does, endpoint by endpoint, in the light of the whole set.

use super::account::{self, Accounts};
use super::checks::{self, Plan};
use super::choose::Chooser;
use super::collection::gather::Gathering;
use super::collection::group::Grouping;
use super::collection::item::Items;
use super::collection::kin::Kin;
use super::collection::listing::Listing;
use super::collection::making::Making;
use super::collection::prose::Said;
use super::collection::section::Sections;
use super::collection::{self, noun, shape};
use super::elsewhere::Elsewhere;
use super::failure::Catalog;
use super::operation::{self, Clues};
use super::records::Records;
use super::replies::Replies;
use super::rule;
use super::showing::Showing;
use super::signs::Signs;
use super::upload;
use super::{
    Action, Auth, Behavior, Confidence, Effect, EndpointOverrides, Evidence, Form, Input, InputRule, Model, Overrides,
    Slot, enumeration, others, role,
};
use crate::lexicon::{Class, Lexicon, Operation, Role, StatusKind, label_head};
use crate::source::Place;
use crate::spec::{DocSet, Endpoint, In, Note};
use std::cell::OnceCell;
use std::sync::Arc;

/// Works out what every endpoint does.
pub fn infer(set: &DocSet, lexicon: &Lexicon, overrides: &Overrides) -> Model {
    let stars = set.endpoints.iter().flat_map(|endpoint| &endpoint.params).any(|param| param.listed && param.starred);
    let catalog = Catalog::new(set, lexicon);
    let mut inputs: Vec<Vec<Input>> =
        set.endpoints.iter().map(|endpoint| role::inputs(endpoint, lexicon, stars)).collect();
    let nouns = noun::read(&set.endpoints, lexicon);
    let operations = operations(set, lexicon, overrides, (&catalog, &nouns, stars), &mut inputs);
    let kinds: Vec<Operation> = operations.iter().map(|(operation, _)| *operation).collect();
    let mut accounts = account::gather(set, &kinds, &inputs, lexicon);
    accounts.shown_ids = others::shown_ids(set, &accounts, lexicon);
    let chinese = overrides.chinese.unwrap_or_else(|| is_chinese(set));
    let told = |at: usize| overrides.endpoints.get(at).and_then(|known| known.collection.as_deref());
    let groups = collection::group(&Grouping {
        nouns: &nouns,
        operations: &kinds,
        inputs: &inputs,
        titles: set.endpoints.iter().map(|endpoint| endpoint.title.as_str()).collect(),
        lexicon,
        told: (0..kinds.len()).map(told).collect(),
        shown: set.endpoints.iter().map(|endpoint| shape::members_shown(set, endpoint, lexicon)).collect(),
    });
    let things: Vec<Vec<String>> = groups.iter().map(collection::group::Group::things).collect();
    require_what_failures_name(set, lexicon, &catalog, &mut inputs, chinese, stars);
    add_stated_forms(set, lexicon, &catalog, &mut inputs, chinese);
    inherit_rules(&kinds, &groups, &mut inputs);
    add_role_rules(set, &kinds, &mut inputs);
    let prose = collection::gather::prose(set);
    let sections = Sections::of(&prose, &set.sources);
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
    };
    let tokens = set_wide.tokens();
    let passcodes = set_wide.passcodes();
    let auths = set_wide.auths(tokens.1, &groups, &nouns);
    let said = Said::new(&prose, lexicon);
    let making = Making::new(&kinds, &nouns);
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
        making: &making,
        overrides,
    };
    let (collections, on_records) = collection::gather(&gathering, &groups);
    let known = Known {
        gathering: &gathering,
        collections: &collections,
        on_records: &on_records,
        sent: sent(&gathering, collections.len(), &on_records),
        kin: Kin::new(&collections),
        balance: set_wide.balance(),
        purposes: set_wide.all_purposes(),
        elsewhere: Elsewhere::new(set, &catalog),
    };
    let drafts: Vec<Draft> = (0..kinds.len()).map(|at| set_wide.draft(at, auths[at], &known)).collect();
    let behaviors = drafts.into_iter().zip(operations).zip(inputs).zip(auths).zip(on_records);
    let behaviors: Vec<Behavior> = behaviors
        .map(|((((draft, operation), inputs), auth), record)| draft.behavior(operation, inputs, auth, record))
        .collect();
    let utc_offset = overrides.utc_offset.unwrap_or(8 * 3600);
    let mut model = Model {
        behaviors,
        accounts,
        passcodes,
        tokens: tokens.0,
        collections,
        utc_offset,
        uploads: overrides.uploads.clone(),
        pictures: upload::pictures(set),
    };
    model.note_submitted();
    model.note_given_back();
    model
}

/// What each endpoint does; its inputs are settled in the light of it.
fn operations(
    set: &DocSet,
    lexicon: &Lexicon,
    overrides: &Overrides,
    (catalog, nouns, stars): (&Catalog, &[noun::Nouns], bool),
    inputs: &mut [Vec<Input>],
) -> Vec<(Operation, Evidence)> {
    let mut operations = Vec::new();
    let statuses = OnceCell::new();
    for (at, endpoint) in set.endpoints.iter().enumerate() {
        let told = overrides.endpoints.get(at).and_then(|known| {
            // Who says where it leads says that it moves a status.
            known.operation.or(known.transition.as_ref().map(|_| Operation::Transition))
        });
        let (operation, because) = match told {
            Some(operation) => (operation, Evidence::new("docsim.toml says so", endpoint.place, Confidence::Certain)),
            None => {
                let shown = shape::of_endpoint(set, endpoint, lexicon);
                let (inputs, failures) = (&inputs[at][..], &catalog.own[at][..]);
                let clues = Clues { set, endpoint, inputs, failures, nouns: &nouns[at], shown: &shown };
                match operation::operation(&clues, lexicon) {
                    (Operation::Answer, because) if because.confidence == Confidence::Guess => {
                        let statuses = statuses.get_or_init(|| statuses_of(set, lexicon));
                        operation::named_by_status(&clues, statuses, lexicon).unwrap_or((Operation::Answer, because))
                    }
                    found => found,
                }
            }
        };
        if operation == Operation::SendPasscode {
            find_purpose(endpoint, &mut inputs[at], lexicon);
        }
        let unstated: Vec<bool> =
            endpoint.params.iter().map(|param| role::is_unstated(param, lexicon, stars)).collect();
        role::settle(&mut inputs[at], operation, &unstated);
        operations.push((operation, because));
    }
    operations
}

/// What the statuses of a set are called, wherever one is explained.
fn statuses_of(set: &DocSet, lexicon: &Lexicon) -> Vec<String> {
    let endpoints = || set.endpoints.iter();
    let params = endpoints().flat_map(|endpoint| &endpoint.params).map(|param| param.description.as_str());
    let examples = endpoints().flat_map(Endpoint::successes).flat_map(|example| &example.comments);
    let notes = endpoints().flat_map(|endpoint| &endpoint.notes);
    let prose = collection::gather::prose(set);
    let texts = params.chain(examples.map(|note| note.text.as_str()));
    let texts = texts.chain(notes.chain(&prose).map(|note| note.text.as_str()));
    let items = texts.flat_map(|text| enumeration::read(text, &lexicon.rules().enumerations));
    let mut heads: Vec<String> = items.map(|item| label_head(&item.words).to_owned()).collect();
    heads.sort();
    heads.dedup();
    heads
}

impl Model {
    /// What lapses gives back what cancelling it does.
    fn note_given_back(&mut self) {
        for (at, shape) in self.collections.iter_mut().enumerate() {
            let Some(lapse) = &mut shape.lapse else { continue };
            let actions = self.behaviors.iter().flat_map(|behavior| &behavior.effects).map(|effect| &effect.action);
            lapse.gives_back = actions.into_iter().find_map(|action| match action {
                Action::GiveBack { collection, reference, stock, field, count, .. } if *collection == at => {
                    Some(collection::Taken {
                        reference: Arc::clone(reference),
                        collection: *stock,
                        field: Arc::clone(field),
                        count: count.clone(),
                    })
                }
                _ => None,
            });
        }
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

/// A sender's input whose values name operations (`1注册 2找回密码`) is its purpose, however it is called.
fn find_purpose(endpoint: &Endpoint, inputs: &mut [Input], lexicon: &Lexicon) {
    if inputs.iter().any(|input| input.word == Role::Purpose) {
        return;
    }
    let names_operations = |at: usize| {
        let items = enumeration::read(&endpoint.params[at].all_words(), &lexicon.rules().enumerations);
        items.iter().any(|item| !lexicon.operations_in(&item.words).is_empty())
    };
    if let Some(at) = (0..inputs.len()).find(|at| inputs[*at].word == Role::Plain && names_operations(*at)) {
        inputs[at].word = Role::Purpose;
        inputs[at].role = Role::Purpose;
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

/// Where stars say nothing, an input is required if a failure says that it is missing.
fn require_what_failures_name(
    set: &DocSet,
    lexicon: &Lexicon,
    catalog: &Catalog,
    inputs: &mut [Vec<Input>],
    chinese: bool,
    stars: bool,
) {
    if stars {
        return;
    }
    let chooser = Chooser::new(set, lexicon, catalog, inputs, chinese, &[]);
    let named: Vec<(usize, usize)> = (0..inputs.len())
        .flat_map(|at| (0..inputs[at].len()).map(move |input| (at, input)))
        .filter(|(at, input)| chooser.is_named_missing(*at, *input))
        .collect();
    for (at, input) in named {
        inputs[at][input].required = true;
    }
}

/// Rules that hold for a role everywhere: the form of phones and cards, the length of passwords.
fn add_role_rules(set: &DocSet, kinds: &[Operation], inputs: &mut [Vec<Input>]) {
    let stated = checks::password_rules(inputs);
    for (at, inputs) in inputs.iter_mut().enumerate() {
        let place = |input: &Input| if input.place == Place::default() { set.endpoints[at].place } else { input.place };
        for input in inputs.iter_mut().filter(|input| !input.discriminates) {
            let certain = |text: &str, form: Form, input: &Input| InputRule {
                form,
                because: Evidence::new(text, place(input), Confidence::Certain),
            };
            match input.word {
                // A phone is an identity in operations on accounts only; elsewhere only its own line binds it.
                Role::Phone if input.role == Role::Identity => {
                    input.rules.retain(|rule| !matches!(rule.form, Form::Length(_)));
                    input.rules.push(certain("a mainland mobile number", Form::Mobile, input));
                }
                Role::Email if input.role == Role::Identity => {
                    input.rules.push(certain("an e-mail address", Form::Email, input));
                }
                Role::IdCard if input.role == Role::IdCard => {
                    input.rules.retain(|rule| !matches!(rule.form, Form::Length(_)));
                    input.rules.push(certain("the form of an ID card", Form::IdCard, input));
                }
                Role::Password | Role::NewPassword => {
                    // Who changes a password gives the old one as it is, whatever the rules say now.
                    let sets = input.word == Role::NewPassword || kinds[at] != Operation::ChangePassword;
                    let has = |rules: &[InputRule], wanted: &Form| {
                        rules.iter().any(|rule| std::mem::discriminant(&rule.form) == std::mem::discriminant(wanted))
                    };
                    let own = has(&input.rules, &Form::Length(rule::Length::default()));
                    let elsewhere = stated.iter().filter(|rule| sets && !own && !has(&input.rules, &rule.form));
                    let elsewhere: Vec<InputRule> = elsewhere.cloned().collect();
                    input.rules.extend(elsewhere);
                }
                _ => {}
            }
            if matches!(input.word, Role::Passcode | Role::Token) {
                // How long a passcode is says how they are made, not what is refused.
                input.rules.clear();
            }
        }
    }
}

/// What an endpoint's own failures say of the form of an input: `手机号格式有误` of a phone that names no account, `密码为6-16位`.
fn add_stated_forms(set: &DocSet, lexicon: &Lexicon, catalog: &Catalog, inputs: &mut [Vec<Input>], chinese: bool) {
    let chooser = Chooser::new(set, lexicon, catalog, inputs, chinese, &[]);
    let mut stated: Vec<(usize, usize, InputRule)> = Vec::new();
    for (at, failures) in catalog.own.iter().enumerate() {
        for failure in failures.iter().filter(|failure| failure.classes.first() == Some(&Class::Malformed)) {
            let length = rule::length(&failure.message, &lexicon.rules().lengths);
            for input in chooser.named_inputs(at, &failure.message) {
                let known = &inputs[at][input];
                let because = Evidence::new(failure.message.clone(), failure.place, Confidence::Likely);
                let form = match length {
                    Some(length) if !known.rules.iter().any(|rule| matches!(rule.form, Form::Length(_))) => {
                        Form::Length(length)
                    }
                    None if known.word == Role::Phone && known.role == Role::Phone && known.rules.is_empty() => {
                        Form::Mobile
                    }
                    None if known.rules.iter().all(|rule| !matches!(rule.form, Form::MadeOf(_))) => {
                        match Signs::read(&failure.message, &lexicon.rules().signs) {
                            Some(signs) => Form::MadeOf(signs),
                            None => continue,
                        }
                    }
                    _ => continue,
                };
                stated.push((at, input, InputRule { form, because }));
            }
        }
    }
    for (at, input, rule) in stated {
        inputs[at][input].rules.push(rule);
    }
}

/// A line without a rule has that of a line of the same name in the same collection, accounts being one.
fn inherit_rules(kinds: &[Operation], groups: &[collection::group::Group], inputs: &mut [Vec<Input>]) {
    let accounts = (0..kinds.len()).filter(|at| !kinds[*at].is_on_records() && kinds[*at] != Operation::Answer);
    let groups = groups.iter().map(|group| group.endpoints.clone()).chain([accounts.collect()]);
    for group in groups {
        let writes = |at: &&usize| kinds[**at] != Operation::List;
        let stated: Vec<(Arc<str>, InputRule)> = group
            .iter()
            .filter(writes)
            .flat_map(|at| &inputs[*at])
            .filter(|input| !input.word.is_secret())
            .flat_map(|input| input.rules.iter().map(|rule| (Arc::clone(&input.name), rule.clone())))
            .collect();
        // What may be chosen when a record is made may be when it is changed; elsewhere a like name says other things.
        let keeps = |at: usize| {
            use Operation::{Create, EditProfile, Register, Save, Update};
            matches!(kinds[at], Create | Save | Update | Register | EditProfile)
        };
        let chosen: Vec<Arc<str>> = group
            .iter()
            .filter(|at| keeps(**at))
            .flat_map(|at| &inputs[*at])
            .filter(|input| input.rules.iter().any(|rule| matches!(rule.form, Form::OneOf(_))))
            .map(|input| Arc::clone(&input.name))
            .collect();
        for at in group.iter().filter(writes) {
            let passes = |name: &Arc<str>, form: &Form| match form {
                Form::Length(_) | Form::Range(..) => true,
                Form::OneOf(_) => keeps(*at) && chosen.contains(name),
                _ => false,
            };
            for input in inputs[*at].iter_mut().filter(|input| input.rules.is_empty() && !input.discriminates) {
                let known = stated.iter().find(|(name, rule)| *name == input.name && passes(name, &rule.form));
                if let Some((_, rule)) = known {
                    let because = Evidence { confidence: Confidence::Likely, ..rule.because.clone() };
                    input.rules.push(InputRule { form: rule.form.clone(), because });
                }
            }
        }
    }
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
    /// What senders of passcodes serve, with the values that say so.
    purposes: Vec<(String, Operation)>,
    elsewhere: Elsewhere<'a>,
}

impl Known<'_> {
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
            list: self.list,
            success: self.success,
            undone: self.undone,
            forced: self.forced,
        }
    }
}

impl SetWide<'_> {
    /// The account's field that holds money.
    fn balance(&self) -> Option<Arc<str>> {
        let mut fields = self.accounts.fields.iter();
        let found = fields.find(|field| self.lexicon.is_named("balance", &field.key) && field.initial.is_scalar())?;
        Some(Arc::clone(&found.key))
    }

    fn draft(&self, at: usize, auth: Auth, known: &Known<'_>) -> Draft {
        let endpoint = &self.set.endpoints[at];
        let none = EndpointOverrides::default();
        let overrides = self.overrides.endpoints.get(at).unwrap_or(&none);
        let on = known.on_records[at].as_ref();
        let balance = known.balance.clone();
        let records =
            Records { gathering: known.gathering, collections: known.collections, kin: &known.kin, at, on, balance };
        let on_account = !self.kinds[at].is_on_records() && self.kinds[at] != Operation::Answer;
        let plan = Plan {
            at,
            operation: self.kinds[at],
            inputs: &self.inputs[at],
            authenticated: auth == Auth::Required || (matches!(auth, Auth::Named(_)) && self.accounts.any),
            place: endpoint.title_place.unwrap_or(endpoint.place),
            codes: &overrides.codes,
            purpose: known.purpose(self.kinds[at]),
            purposes: if self.kinds[at] == Operation::SendPasscode { self.purposes(at) } else { Vec::new() },
            ensures: self.ensures(at),
            ways: self.ways(at),
            subject: self.subject(at),
            unique: self.unique(at),
            on_records: if on_account { Vec::new() } else { records.demands() },
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
            kind if kind.is_on_records() => records.effects(),
            _ if on_accounts => self.effects(&plan, &success),
            _ => Vec::new(),
        };
        if let Some(files) = upload::files(self.set, endpoint, plan.inputs, self.lexicon) {
            let as_text = files.are_shown();
            let action = Action::KeepFiles { inputs: files.inputs, as_text };
            effects.insert(0, Effect { action, because: files.because });
        }
        let list = listing.as_ref().filter(|_| self.kinds[at] == Operation::List).map(Listing::plan);
        Draft {
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

    /// What all senders serve.
    fn all_purposes(&self) -> Vec<(String, Operation)> {
        let senders = (0..self.kinds.len()).filter(|at| self.kinds[*at] == Operation::SendPasscode);
        senders.filter(|at| self.purpose_input(*at).is_some()).flat_map(|at| self.purposes(at)).collect()
    }

    fn purpose_input(&self, at: usize) -> Option<usize> {
        self.inputs[at].iter().position(|input| input.word == Role::Purpose)
    }

    /// The values of a sender's purpose with what each serves, from the parameter's words or a table beside the block.
    fn purposes(&self, at: usize) -> Vec<(String, Operation)> {
        let endpoint = &self.set.endpoints[at];
        let Some(input) = self.purpose_input(at) else { return Vec::new() };
        let words = endpoint.params[input].all_words();
        let items = enumeration::read(&words, &self.lexicon.rules().enumerations);
        let rows = endpoint.tables.iter().flat_map(|table| &table.rows);
        let rows = rows.filter_map(|row| Some((row.first()?.as_str(), row.get(1)?.as_str())));
        let listed = items.iter().map(|item| (item.value.as_str(), item.words.as_str())).chain(rows);
        let serves = |words: &str| self.lexicon.operations_in(words).first().map(|(operation, _)| *operation);
        listed.filter_map(|(value, words)| Some((value.to_owned(), serves(words)?))).collect()
    }

    /// `登录方式 1-密码 2-动态码`: the values of an input that stand for one secret or the other.
    fn ways(&self, at: usize) -> Option<checks::Ways> {
        let has = |role: Role| self.inputs[at].iter().any(|input| input.role == role);
        if self.kinds[at] != Operation::Login || !has(Role::Password) || !has(Role::Passcode) {
            return None;
        }
        let params = self.set.endpoints[at].params.iter().enumerate();
        let mut ways = params.filter(|(input, _)| self.inputs[at][*input].word == Role::Plain).map(|(input, param)| {
            let items = enumeration::read(&param.all_words(), &self.lexicon.rules().enumerations);
            let role = |item: &enumeration::Item| self.lexicon.role("", &item.words).map(|(role, _)| role);
            let of = |wanted: Role| {
                let values = items.iter().filter(|item| role(item) == Some(wanted));
                values.map(|item| item.value.clone()).collect::<Vec<_>>()
            };
            let default = enumeration::default(&param.all_words(), &items, &self.lexicon.rules().enumerations);
            checks::Ways { input, password: of(Role::Password), passcode: of(Role::Passcode), default }
        });
        ways.find(|ways| !ways.password.is_empty() && !ways.passcode.is_empty())
    }

    /// A login by passcode makes an account where the words say so, or where nothing else of the set makes accounts.
    fn ensures(&self, at: usize) -> bool {
        if self.kinds[at] != Operation::Login || !self.inputs[at].iter().any(|input| input.role == Role::Passcode) {
            return false;
        }
        let endpoint = &self.set.endpoints[at];
        let mut words = std::iter::once(&endpoint.title).chain(endpoint.notes.iter().map(|note| &note.text));
        let by_passcode_alone = !self.inputs[at].iter().any(|input| input.role == Role::Password);
        words.any(|text| self.lexicon.speaks_of("auto-register", text))
            || (by_passcode_alone && !self.kinds.contains(&Operation::Register))
    }

    fn effects(&self, plan: &Plan<'_>, success: &super::Reply) -> Vec<Effect> {
        let mut actions: Vec<(Action, Option<Evidence>)> = Vec::new();
        let identity = plan.identity();
        let spend = plan.input(Role::Passcode).map(|passcode| Action::SpendPasscode {
            identity: plan.addressee(),
            passcode,
            purpose: plan.purpose.clone(),
        });
        let gives_token = success.body.slots().any(|(slot, _)| *slot == Slot::Token);
        match plan.operation {
            Operation::Register => {
                let is_identity = |at: &usize| plan.inputs[*at].role == Role::Identity;
                actions.push((
                    Action::CreateAccount {
                        identities: (0..plan.inputs.len()).filter(is_identity).collect(),
                        password: plan.input(Role::Password),
                        fields: self.fields(plan),
                    },
                    None,
                ));
                actions.extend(spend.map(|spend| (spend, None)));
                if gives_token {
                    actions.push((Action::IssueToken, None));
                }
            }
            Operation::Login => {
                if plan.ensures {
                    let is_identity = |at: &usize| plan.inputs[*at].role == Role::Identity;
                    let identities = (0..plan.inputs.len()).filter(is_identity).collect();
                    actions.push((Action::EnsureAccount { identities, fields: self.fields(plan) }, None));
                }
                actions.extend(spend.map(|spend| (spend, None)));
                actions.push((Action::IssueToken, None));
            }
            Operation::Logout => actions.push((Action::RevokeToken, None)),
            Operation::DeleteAccount => {
                let spend = plan.input(Role::Passcode);
                actions.extend(spend.map(|passcode| {
                    (Action::SpendPasscode { identity: None, passcode, purpose: plan.purpose.clone() }, None)
                }));
                actions.push((Action::DeleteAccount, None));
            }
            Operation::ResetPassword => {
                actions.extend(plan.new_password().map(|password| (Action::SetPassword { identity, password }, None)));
                actions.extend(spend.map(|spend| (spend, None)));
                actions.push((Action::RevokeTokens, None));
            }
            Operation::ChangePassword => {
                actions.extend(plan.new_password().map(|password| (Action::SetPassword { identity, password }, None)));
                // `修改成功，请重新登录`
                let envelope = self.set.envelope(&self.set.endpoints[plan.at]);
                let mut said =
                    self.set.endpoints[plan.at].successes().filter_map(|example| envelope.message_of(&example.value));
                // `修改后需要重新登录`
                let anew = |note: &Note| self.lexicon.speaks_of("login-anew", &note.text);
                let told = || collection::gather::remarks(self.prose, &self.set.endpoints[plan.at]).any(anew);
                if said.any(|(_, text)| self.lexicon.meaning(text).classes.contains(&Class::NotLoggedIn)) || told() {
                    actions.push((Action::RevokeTokens, None));
                }
            }
            Operation::BindIdentity => {
                actions.extend(identity.map(|identity| (Action::SetIdentity(identity), None)));
                actions.extend(spend.map(|spend| (spend, None)));
            }
            Operation::TopUp => {
                let input = plan.inputs.iter().position(|input| input.word == Role::Amount);
                actions.extend(
                    input.zip(self.balance()).map(|(input, balance)| (Action::AddFunds { input, balance }, None)),
                );
            }
            Operation::EditProfile => actions.push((Action::SetFields(self.fields(plan)), None)),
            Operation::VerifyIdentity => {
                if let Some(card) = plan.input(Role::IdCard) {
                    let action = Action::Verify { name: plan.input(Role::RealName), card };
                    actions.push((action, self.accounts.flag_evidence()));
                }
                if self.accounts.verified.is_none() && !self.kinds.contains(&Operation::SubmitReview) {
                    actions.extend(self.submission());
                }
            }
            Operation::SubmitReview => {
                actions.push((Action::SetFields(self.fields(plan)), None));
                actions.extend(self.submission());
            }
            Operation::SendPasscode => {
                let purpose = plan.input(Role::Purpose);
                actions.extend(identity.map(|identity| (Action::SendPasscode { identity, purpose }, None)));
            }
            _ => {}
        }
        let told = Evidence::new(plan.operation.name(), plan.place, Confidence::Certain);
        let effect = |(action, because): (Action, Option<Evidence>)| Effect {
            action,
            because: because.unwrap_or_else(|| told.clone()),
        };
        actions.into_iter().map(effect).collect()
    }

    /// From the statuses before a review, or after one that was refused, to the one in which it is under way.
    fn submission(&self) -> Option<(Action, Option<Evidence>)> {
        let machine = self.accounts.review_machine()?;
        let to = machine.value(StatusKind::Pending)?;
        let from = machine.of_kinds(&[StatusKind::Unreviewed, StatusKind::Rejected]);
        let words = machine.known(to).map_or_else(String::new, |value| value.words.clone());
        let because = Evidence::new(words, machine.place, Confidence::Certain);
        Some((Action::Submit { from, to: to.clone() }, Some(because)))
    }

    /// The inputs that are kept as fields of the account, each with its key.
    fn fields(&self, plan: &Plan<'_>) -> Vec<(Arc<str>, usize)> {
        let several = plan.inputs.iter().filter(|input| input.role == Role::Identity).count() > 1;
        let secret = [
            if several { Role::Password } else { Role::Identity },
            Role::Password,
            Role::NewPassword,
            Role::OldPassword,
            Role::ConfirmPassword,
            Role::Passcode,
            Role::Token,
            Role::Purpose,
            Role::PayPassword,
            Role::Openid,
            Role::UserId,
        ];
        let params = &self.set.endpoints[plan.at].params;
        let kept = |at: usize, input: &Input| {
            // A constant of the URL routes; it says nothing of the account.
            let routes = params.get(at).is_some_and(|param| !param.listed && param.location == In::Query);
            !routes && !secret.contains(&input.role) && !input.discriminates && input.location != In::Header
        };
        let inputs = plan.inputs.iter().enumerate().filter(|(at, input)| kept(*at, input));
        // `上传头像` with an `image`: the title says which picture it is.
        let title = &self.set.endpoints[plan.at].title;
        let of_title = self.lexicon.role("", title).map(|(role, _)| role).filter(|role| *role == Role::Avatar);
        let key = |input: &Input| {
            let picture = matches!(input.word, Role::Picture | Role::File);
            let titled = of_title.filter(|_| picture).and_then(|role| self.accounts.key_of_role(role).cloned());
            titled.unwrap_or_else(|| self.accounts.key_for(input))
        };
        inputs.map(|(at, input)| (key(input), at)).collect()
    }
}
