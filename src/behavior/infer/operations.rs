//! What each endpoint does: by its words, by what it is among its neighbours, and by what the settings say.

use crate::behavior::account::{back_office, by_code, known_as, one_secret, registering};
use crate::behavior::collection;
use crate::behavior::collection::items::shape;
use crate::behavior::collection::lists::bins::Bins;
use crate::behavior::collection::nouns::noun;
use crate::behavior::collection::sides::invited::{Invitations, Inviting};
use crate::behavior::failure::Catalog;
use crate::behavior::inputs::role;
use crate::behavior::login::{purposes, two_step};
use crate::behavior::operation::by_shape::{self, Shapes};
use crate::behavior::operation::said_moves::SaidMoves;
use crate::behavior::operation::{self, Clues};
use crate::behavior::records::copying;
use crate::behavior::wallet::prolonging;
use crate::behavior::{Confidence, Evidence, Input, Overrides};
use crate::lexicon::{Class, Lexicon, Operation, Role, Shows, compact};
use crate::spec::DocSet;
use std::cell::OnceCell;

/// What each endpoint does; its inputs are settled in the light of it.
pub(super) fn operations(
    set: &DocSet,
    lexicon: &Lexicon,
    overrides: &Overrides,
    (catalog, stars): (&Catalog, bool),
    nouns: &mut [noun::Nouns],
    inputs: &mut [Vec<Input>],
) -> (Vec<(Operation, Evidence)>, Invitations) {
    let mut operations = Vec::new();
    let mut is_open = Vec::new();
    let said = OnceCell::new();
    for (at, endpoint) in set.endpoints.iter().enumerate() {
        let told = overrides.endpoints.get(at).and_then(|known| {
            // Who says where it leads says that it moves a status.
            known.operation.or(known.transition.as_ref().map(|_| Operation::Transition))
        });
        let shown = shape::of_endpoint(set, endpoint, lexicon);
        let (inputs, failures) = (&inputs[at][..], &catalog.own[at][..]);
        let clues = Clues { set, endpoint, inputs, failures, nouns: &nouns[at], shown: &shown };
        let by_words = match operation::operation(&clues, lexicon) {
            (found, _) if (found.is_on_records() || found == Operation::Answer) && copying::copies(&clues, lexicon) => {
                let because = "its title or its path says that it copies the record that it names";
                (Operation::Transition, Evidence::new(because, endpoint.place, Confidence::Likely))
            }
            (Operation::Create | Operation::Update | Operation::Save | Operation::Answer | Operation::Detail, _)
                if !shown.is(Shows::List)
                    && collection::machine::chosen_deeds::chosen_deeds(endpoint, inputs, lexicon).is_some() =>
            {
                let because = "an input says which deed is done to a record";
                (Operation::Transition, Evidence::new(because, endpoint.place, Confidence::Likely))
            }
            (Operation::Update, because) if prolonging::prolongs(&clues, lexicon) => {
                let because = Evidence::new(because.text, because.place, Confidence::Likely);
                (Operation::Transition, because)
            }
            (Operation::Answer, because) if because.confidence == Confidence::Guess => {
                let said = said.get_or_init(|| SaidMoves::of(set, lexicon));
                operation::named_by_status(&clues, &said.heads, lexicon).unwrap_or((Operation::Answer, because))
            }
            // `预订` that shows how the record stands then looks at nothing, where a status is called 已预订.
            (Operation::Detail, because) if operation::shows_what_became(&clues, lexicon) => {
                let said = said.get_or_init(|| SaidMoves::of(set, lexicon));
                let heads = said.heads_beside(endpoint, lexicon);
                operation::named_by_status(&clues, &heads, lexicon).unwrap_or((Operation::Detail, because))
            }
            (Operation::Update, because) => {
                let said = said.get_or_init(|| SaidMoves::of(set, lexicon));
                let told = said.moves(&clues, true, lexicon);
                told.map_or((Operation::Update, because), |told| (Operation::Transition, told))
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
    let mut steps = two_step::steps(&shapes, &operations);
    steps.retain(|step| !told(step.gives) && !told(step.takes));
    two_step::settle(&shapes, &mut operations, &steps);
    // What neither words nor shapes tell may be told of in so many words.
    for (at, endpoint) in set.endpoints.iter().enumerate() {
        let (operation, because) = &operations[at];
        if told(at) || *operation != Operation::Answer || because.confidence != Confidence::Guess {
            continue;
        }
        let shown = shape::of_endpoint(set, endpoint, lexicon);
        let (inputs, failures) = (&inputs[at][..], &catalog.own[at][..]);
        let clues = Clues { set, endpoint, inputs, failures, nouns: &nouns[at], shown: &shown };
        if let Some(because) = said.get_or_init(|| SaidMoves::of(set, lexicon)).moves(&clues, false, lexicon) {
            operations[at] = (Operation::Transition, because);
        }
    }
    Bins::settle_all((set, lexicon), nouns, inputs, &mut operations, &told);
    let kinds: Vec<Operation> = operations.iter().map(|(operation, _)| *operation).collect();
    let inviting = Inviting { set, lexicon, nouns, inputs };
    let invited = inviting.find(&kinds, &|| shape::all_members_shown(set, lexicon)).unwrap_or_default();
    inviting.settle(&invited, &mut operations, &told);
    let ties = by_shape::name_ties(&shapes, &operations);
    by_shape::name_deeds(nouns, &settled);
    collection::nouns::beside::name_lists(set, nouns, &operations, inputs, lexicon);
    for (at, word) in ties {
        nouns[at].words.push(word);
    }
    let is_code =
        |name: &str| operation::split_words(name).last().is_some_and(|word| lexicon.is_named("code-word", word));
    two_step::bind(&steps, inputs, is_code);
    settle_inputs(set, lexicon, (catalog, stars), &operations, inputs);
    one_secret::settle(set, lexicon, &operations, inputs);
    (operations, invited)
}

/// What inputs are for, in the light of what each endpoint does.
fn settle_inputs(
    set: &DocSet,
    lexicon: &Lexicon,
    (catalog, stars): (&Catalog, bool),
    operations: &[(Operation, Evidence)],
    inputs: &mut [Vec<Input>],
) {
    // Who logs in is known by then when it is asked who registers.
    let registers = |at: &usize| operations[*at].0 == Operation::Register;
    let mut logins: Vec<String> = Vec::new();
    let mut either = false;
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
        role::settle(&mut inputs[at], operation, &stated, &role::Names { logins: &logins, numbers, either });
        require_passcode(operation, endpoint, &catalog.own[at], &mut inputs[at], &stated);
        if operation == Operation::Login {
            let named = inputs[at].iter().filter(|input| input.role == Role::Identity);
            logins.extend(named.map(|input| compact(&input.name)));
            let words = endpoint.params.iter().map(crate::spec::Param::all_words);
            either |= words.into_iter().any(|words| known_as::offers_either(&words, lexicon));
        }
    }
}

/// What registers and refuses wrong passcodes wants one, where no line of it says what has to be sent.
fn require_passcode(
    operation: Operation,
    endpoint: &crate::spec::Endpoint,
    failures: &[crate::behavior::Failure],
    inputs: &mut [Input],
    stated: &[role::Stated],
) {
    let refuses = || failures.iter().any(|failure| failure.classes.first() == Some(&Class::BadPasscode));
    let bare = endpoint.params.iter().all(|param| !param.starred);
    if operation != Operation::Register || !bare || !refuses() {
        return;
    }
    let codes =
        inputs.iter_mut().zip(stated).filter(|(input, stated)| input.word == Role::Passcode && !stated.optional);
    codes.for_each(|(input, _)| input.required = true);
}
