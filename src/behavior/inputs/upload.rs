//! Endpoints that take a file and answer where it is: which inputs carry it, where the success shows its address, and in
//! which form new addresses are written. And which pictures the examples name, for a page that asks for them.

use crate::behavior::account::Accounts;
use crate::behavior::replies::address::{self, AddressForm};
use crate::behavior::{Confidence, Evidence, Input, Slot};
use crate::json::{Json, Step};
use crate::lexicon::{Lexicon, Role, compact};
use crate::source::Place;
use crate::spec::{DocSet, Endpoint, Example, In};
use std::cell::OnceCell;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// How much a world keeps of files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UploadRules {
    /// The largest file, in bytes.
    pub file_bytes: usize,
    /// All files of a world together, in bytes.
    pub world_bytes: usize,
}

impl Default for UploadRules {
    fn default() -> Self {
        Self { file_bytes: 8 << 20, world_bytes: 64 << 20 }
    }
}

/// The pictures that the success examples name, each by its path (see [`address::path_of`]).
pub type Pictures = HashMap<String, NamedPicture>;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NamedPicture {
    /// Where it is named first.
    pub place: Place,
    /// Its address does not begin at a root, so anything may stand before it.
    pub is_relative: bool,
}

pub(in crate::behavior) fn pictures(set: &DocSet) -> Pictures {
    let mut found = Pictures::new();
    for endpoint in &set.endpoints {
        for example in endpoint.successes() {
            for text in texts(&example.value) {
                for written in text.1.split(',') {
                    let Some(path) = address::path_of(written).filter(|path| address::is_picture(path)) else {
                        continue;
                    };
                    let is_relative = !written.contains('/') || !(written.starts_with('/') || written.contains("://"));
                    let named = NamedPicture { place: example.place_of(&text.0), is_relative };
                    found.entry(path).or_insert(named);
                }
            }
        }
    }
    found
}

/// What an endpoint does with files.
pub(in crate::behavior) struct Files {
    /// The inputs that may carry one, each with the form of its address.
    pub(in crate::behavior) inputs: Vec<(usize, AddressForm)>,
    /// Where the success shows the addresses.
    shown: Vec<(Vec<Step>, Shown)>,
    pub(in crate::behavior) because: Evidence,
}

enum Shown {
    One(usize),
    /// A list of them.
    All,
}

impl Files {
    /// Whether the success names the addresses: then a picture may also come as text (base64, a data URI).
    pub(in crate::behavior) fn are_shown(&self) -> bool {
        !self.shown.is_empty()
    }

    /// Puts what was uploaded where the success shows it. A member that shows the very field that the input fills is left
    /// to that: it has a value where nothing is sent, too.
    pub(in crate::behavior) fn fill(
        &self,
        slots: &mut BTreeMap<Vec<Step>, Slot>,
        inputs: &[Input],
        accounts: &Accounts,
    ) {
        for (path, shown) in &self.shown {
            let slot = match shown {
                Shown::One(input) => Slot::Input(*input),
                Shown::All => Slot::Inputs(self.inputs.iter().map(|(input, _)| *input).collect()),
            };
            let kept_by = |key: &Arc<str>| inputs.iter().any(|input| accounts.key_for(input) == *key);
            let has_own = matches!(slots.get(path), Some(Slot::Field(key)) if kept_by(key));
            if !has_own {
                slots.insert(path.clone(), slot);
            }
        }
    }
}

/// None where an endpoint takes no file, and where no example says how the address of one looks.
pub(in crate::behavior) fn files(
    endpoint: &Endpoint,
    inputs: &[Input],
    lexicon: &Lexicon,
    elsewhere: &Elsewhere<'_>,
) -> Option<Files> {
    let carriers = carriers(endpoint, inputs, lexicon);
    own(endpoint, inputs, &carriers, lexicon).or_else(|| elsewhere.files(inputs, &carriers))
}

/// None also where another endpoint has to say it: then none of its own members shows the address.
pub(in crate::behavior) fn shown_files(endpoint: &Endpoint, inputs: &[Input], lexicon: &Lexicon) -> Option<Files> {
    own(endpoint, inputs, &carriers(endpoint, inputs, lexicon), lexicon)
}

/// The inputs that may carry a file.
fn carriers(endpoint: &Endpoint, inputs: &[Input], lexicon: &Lexicon) -> Vec<usize> {
    let takes = |at: usize| {
        let input = &inputs[at];
        let typed = endpoint.params.get(at).and_then(|param| param.type_name.as_deref());
        let is_file = is_file(input.word) || typed.is_some_and(|name| lexicon.is_nothing_but("file-type", name));
        is_file && !input.discriminates && matches!(input.location, In::Body | In::Query)
    };
    (0..inputs.len()).filter(|at| takes(*at)).collect()
}

fn own(endpoint: &Endpoint, inputs: &[Input], carriers: &[usize], lexicon: &Lexicon) -> Option<Files> {
    if carriers.is_empty() {
        return None;
    }
    let shown = addresses(endpoint.successes().next()?, lexicon);
    let form = shown.first()?.2.clone();
    let mut files = Files { inputs: Vec::new(), shown: Vec::new(), because: Evidence::default() };
    let mut singles = 0;
    for (path, is_list, form) in &shown {
        let carrier = if *is_list {
            files.shown.push((path.clone(), Shown::All));
            carriers.iter().find(|at| !files.inputs.iter().any(|(known, _)| known == *at)).copied()
        } else {
            let named = name(path).map(compact);
            let same = carriers.iter().find(|at| named.as_ref() == Some(&compact(&inputs[**at].name)));
            let carrier = same.or_else(|| carriers.get(singles.min(carriers.len() - 1))).copied();
            singles += 1;
            files.shown.extend(carrier.map(|at| (path.clone(), Shown::One(at))));
            carrier
        };
        if let Some(at) = carrier.filter(|at| !files.inputs.iter().any(|(known, _)| known == at)) {
            files.inputs.push((at, form.clone()));
        }
    }
    for at in carriers {
        if !files.inputs.iter().any(|(known, _)| known == at) {
            files.inputs.push((*at, form.clone()));
        }
    }
    let place = endpoint.successes().next().map_or(endpoint.place, |example| example.place_of(&shown[0].0));
    files.because = Evidence::new("the address in its success", place, Confidence::Likely);
    Some(files)
}

/// Whether an endpoint takes a file and its own success says where it is.
pub(in crate::behavior) fn answers_address(endpoint: &Endpoint, inputs: &[Input], lexicon: &Lexicon) -> bool {
    shown_files(endpoint, inputs, lexicon).is_some_and(|files| files.are_shown())
}

/// Where the set shows files, by the names of the members. Read when it is first asked for.
pub(in crate::behavior) struct Elsewhere<'a> {
    set: &'a DocSet,
    lexicon: &'a Lexicon,
    /// By name, compact: which of all addresses is the first of that name, its form, and where it stands.
    named: OnceCell<HashMap<String, (usize, AddressForm, Place)>>,
}

impl<'a> Elsewhere<'a> {
    pub(in crate::behavior) fn new(set: &'a DocSet, lexicon: &'a Lexicon) -> Self {
        Self { set, lexicon, named: OnceCell::new() }
    }

    fn named(&self) -> &HashMap<String, (usize, AddressForm, Place)> {
        self.named.get_or_init(|| {
            let mut named = HashMap::new();
            let examples = self.set.endpoints.iter().flat_map(Endpoint::successes);
            let all = examples.flat_map(|example| {
                addresses(example, self.lexicon).into_iter().map(move |(path, _, form)| (example, path, form))
            });
            for (at, (example, path, form)) in all.enumerate() {
                if let Some(name) = name(&path) {
                    named.entry(compact(name)).or_insert_with(|| (at, form, example.place_of(&path)));
                }
            }
            named
        })
    }

    /// Without an address in an endpoint's own success, another one may show a file of that name.
    fn files(&self, inputs: &[Input], carriers: &[usize]) -> Option<Files> {
        let mut found: Vec<_> =
            carriers.iter().filter_map(|at| Some((self.named().get(&compact(&inputs[*at].name))?, *at))).collect();
        found.sort_by_key(|((first, ..), _)| *first);
        let place = found.first()?.0.2;
        let because = Evidence::new("the address of that name in another reply", place, Confidence::Likely);
        let inputs = found.into_iter().map(|((_, form, _), at)| (at, form.clone())).collect();
        Some(Files { inputs, shown: Vec::new(), because })
    }
}

fn is_file(role: Role) -> bool {
    matches!(role, Role::Picture | Role::Avatar | Role::File)
}

/// The texts of an example that are addresses, and lists of nothing else, in the order written.
fn addresses(example: &Example, lexicon: &Lexicon) -> Vec<(Vec<Step>, bool, AddressForm)> {
    let read = |path: &[Step], text: &str| {
        let named = name(path).is_some_and(|name| {
            lexicon.is_nothing_but("file-address", name)
                || lexicon.role(name, "").is_some_and(|(role, points)| points >= 4 && is_file(role))
        });
        AddressForm::read(text, named)
    };
    let mut found: Vec<(Vec<Step>, bool, AddressForm)> = Vec::new();
    for (path, text) in texts(&example.value) {
        let Some(form) = read(&path, text) else { continue };
        match path.split_last() {
            Some((Step::Index(at), list)) if example.value.at(list).is_some_and(is_text_list) => {
                if *at == 0 {
                    found.push((list.to_vec(), true, form));
                }
            }
            _ => found.push((path, false, form)),
        }
    }
    found
}

fn is_text_list(value: &Json) -> bool {
    value.as_array().is_some_and(|items| items.iter().all(|item| item.as_str().is_some()))
}

/// The last name on a path; that of the list for an item.
fn name(path: &[Step]) -> Option<&str> {
    path.iter().rev().find_map(|step| match step {
        Step::Key(key) => Some(&**key),
        Step::Index(_) => None,
    })
}

/// All texts of a value with their paths, in the order written.
fn texts(value: &Json) -> Vec<(Vec<Step>, &str)> {
    let mut found = Vec::new();
    let mut open = vec![(Vec::new(), value)];
    while let Some((path, value)) = open.pop() {
        let below = |step: Step| [path.as_slice(), &[step]].concat();
        match value {
            Json::String(text) => found.push((path, &**text)),
            Json::Array(items) => {
                open.extend(items.iter().enumerate().rev().map(|(at, item)| (below(Step::Index(at)), item)));
            }
            Json::Object(members) => {
                open.extend(members.iter().rev().map(|(key, inner)| (below(Step::Key(Arc::clone(key))), inner)));
            }
            _ => {}
        }
    }
    found
}
