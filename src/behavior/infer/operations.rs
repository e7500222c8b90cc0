//! What each endpoint does: by its words, by what it is among its neighbours, and by what the settings say.

use crate::behavior::by_shape::{self, Shapes};
use crate::behavior::collection::{self, noun, shape};
use crate::behavior::failure::Catalog;
use crate::behavior::operation::{self, Clues};
use crate::behavior::{
    Confidence, Evidence, Input, Overrides, back_office, by_code, enumeration, one_secret, prolonging, purposes,
    registering, role,
};
use crate::lexicon::{Lexicon, Operation, Role, Shows, compact, label_head};
use crate::spec::{DocSet, Endpoint};
use std::cell::OnceCell;

/// What each endpoint does; its inputs are settled in the light of it.
pub(super) fn operations(
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
                if !shown.is(Shows::List)
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
    // Who logs in is known by then when it is asked who registers.
    let registers = |at: &usize| operations[*at].0 == Operation::Register;
    let mut logins: Vec<String> = Vec::new();
    let (last, first): (Vec<usize>, Vec<usize>) = (0..operations.len()).partition(registers);
    for at in first.into_iter().chain(last) {
        let (endpoint, operation) = (&set.endpoints[at], operations[at].0);
        if operation == Operation::SendPasscode {
            purposes::find_purpose(endpoint, &mut inputs[at], lexicon);
        }
        if operation == Operation::Login {
            by_code::settle(set, endpoint, &mut inputs[at], lexicon);
        }
        let stated: Vec<role::Stated> =
            endpoint.params.iter().map(|param| role::stated(param, lexicon, stars)).collect();
        let numbers = operation == Operation::Register
            && registering::handed_out(set, endpoint, &inputs[at], &logins, lexicon).is_some();
        role::settle(&mut inputs[at], operation, &stated, &role::Names { logins: &logins, numbers });
        if operation == Operation::Login {
            let named = inputs[at].iter().filter(|input| input.role == Role::Identity);
            logins.extend(named.map(|input| compact(&input.name)));
        }
    }
    one_secret::settle(set, lexicon, &operations, inputs);
    operations
}

/// What the statuses of a set are called, wherever one is explained.
fn statuses_of(set: &DocSet, lexicon: &Lexicon) -> Vec<String> {
    let endpoints = || set.endpoints.iter();
    let params = endpoints().flat_map(|endpoint| &endpoint.params).map(|param| param.description.as_str());
    let examples = endpoints().flat_map(Endpoint::successes).flat_map(|example| &example.comments);
    let notes = endpoints().flat_map(|endpoint| &endpoint.notes);
    let prose = collection::prose::lines(set, lexicon);
    let texts = params.chain(examples.map(|note| note.text.as_str()));
    let texts = texts.chain(notes.chain(&prose).map(|note| note.text.as_str()));
    let items = texts.flat_map(|text| enumeration::read(text, &lexicon.rules().enumerations));
    let mut heads: Vec<String> = items.map(|item| label_head(&item.words).to_owned()).collect();
    heads.sort();
    heads.dedup();
    heads
}
