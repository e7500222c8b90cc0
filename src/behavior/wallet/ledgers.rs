//! Entries that the system makes when an account's money or points change: `余额明细`, `wallet/bills`.
//!
//! In: the collections that nobody makes records of and that are called so. Out: how an entry is written, as data.

use crate::behavior::collection::items::gather::Gathering;
use crate::behavior::collection::prose::{remarks, sentences, words};
use crate::behavior::collection::{Collection, Initial};
use crate::behavior::inputs::word_lists;
use crate::behavior::{Action, Auth, Machine, StatusValue};
use crate::json::Json;
use crate::lexicon::{Lexicon, Operation, Role, compact, label_head};
use std::sync::Arc;

/// How a change of an account is entered.
#[derive(Clone, Debug, PartialEq)]
pub struct Ledger {
    pub collection: usize,
    /// The account's field whose changes are entered.
    pub of: Arc<str>,
    pub amount: Arc<str>,
    /// What is taken is entered with a minus.
    pub signed: bool,
    /// What is left after it.
    pub after: Option<Arc<str>>,
    /// Fields with their values for what comes in and for what goes out.
    pub kinds: Vec<(Arc<str>, Json, Json)>,
    /// The field that an example fills with the title of what moved the money.
    pub titled: Option<Arc<str>>,
    /// Words of the examples for either.
    pub words: Vec<(Arc<str>, Json, Json)>,
    /// Values that say that something was given back.
    pub backs: Vec<(Arc<str>, Json)>,
    /// Fields whose values each name a deed: `1买卡 2预约 3取消退回`.
    pub deeds: Vec<(Arc<str>, Vec<StatusValue>)>,
}

impl Ledger {
    /// The one value of a field that says that something was given back: `3退款` beside 1充值 and 2消费.
    pub(in crate::behavior) fn paid_back(&self, field: &Arc<str>) -> Option<Json> {
        let mut backs = self.backs.iter().filter(|(known, _)| known == field);
        let only = backs.next()?;
        backs.next().is_none().then(|| only.1.clone())
    }

    /// The values that name what a title calls a deed; of what gives back what was paid, the one for that: `4退款` of 取消订场.
    pub(in crate::behavior) fn of_deed(&self, title: &str, back: bool) -> Vec<(Arc<str>, Json)> {
        let best = |field: &Arc<str>, values: &[StatusValue]| {
            if let (true, Some(only)) = (back, self.paid_back(field)) {
                return Some(only);
            }
            let points = |value: &StatusValue| likeness(label_head(&value.words), title);
            let most = values.iter().map(points).max().filter(|most| *most >= HALF)?;
            values.iter().find(|value| points(value) == most).map(|value| value.value.clone())
        };
        self.deeds.iter().filter_map(|(field, values)| Some((Arc::clone(field), best(field, values)?))).collect()
    }
}

/// Of what `likeness` tells: half of what a value says stands in the title.
const HALF: usize = 50;

/// How much of a value's words stands in a title, in their order; what both begin with counts most.
fn likeness(words: &str, title: &str) -> usize {
    let words: Vec<char> = words.chars().filter(|c| c.is_alphanumeric()).collect();
    if words.is_empty() {
        return 0;
    }
    let prefix = title.chars().zip(&words).take_while(|(one, other)| one == *other).count();
    let mut left = title.chars();
    let within =
        words.iter().filter(|word| left.clone().any(|c| c == **word) && left.by_ref().any(|c| c == **word)).count();
    let prefix = if prefix > 1 { prefix } else { 0 };
    prefix * 100 + within * 100 / words.len()
}

impl Action {
    /// The collection whose record says how much it gives back.
    pub(in crate::behavior) fn pays_back(&self) -> Option<usize> {
        match self {
            Self::AddFunds { amount: crate::behavior::Amount::Of { collection, .. }, takes: false, .. }
            | Self::Settle { collection, takes: false, taker: false, .. } => Some(*collection),
            _ => None,
        }
    }

    /// The field of an account that it changes, whosesoever that is.
    pub(in crate::behavior) fn enters(&self) -> Option<&Arc<str>> {
        match self {
            Self::Settle { balance, taker: false, .. } => Some(balance),
            other => other.moves_funds(),
        }
    }

    /// The account's field that it adds to or takes from.
    pub(in crate::behavior) fn moves_funds(&self) -> Option<&Arc<str>> {
        match self {
            Self::Charge { balance, .. } | Self::AddFunds { balance, .. } => Some(balance),
            _ => None,
        }
    }
}

/// The ledgers of a set; their records begin with none, each account's own.
pub(in crate::behavior) fn ledgers(gathering: &Gathering<'_>, collections: &mut [Collection]) -> Vec<Ledger> {
    let mut found = Vec::new();
    for (at, known) in collections.iter_mut().enumerate().take(gathering.groups.len()) {
        let Some(ledger) = ledger(gathering, at, known) else { continue };
        (known.owned, known.private, known.written) = (true, true, true);
        known.seeds.clear();
        known.varied = 0;
        // The one time that an entry shows is when it was made.
        let dated = |field: &&mut crate::behavior::collection::ItemField| {
            crate::behavior::collection::items::example_forms::time_form(&field.example).is_some()
                && field.example.as_str().is_some()
        };
        let mut times = known.fields.iter_mut().filter(dated);
        if let (Some(field), None) = (times.next(), times.next()) {
            field.initial = Initial::Now;
        }
        found.push(ledger);
    }
    found
}

fn ledger(gathering: &Gathering<'_>, at: usize, known: &Collection) -> Option<Ledger> {
    let (lexicon, group) = (gathering.lexicon, &gathering.groups[at]);
    let is = |at: &usize, wanted: &[Operation]| wanted.contains(&gathering.operations[*at]);
    let lists: Vec<usize> = group.endpoints.iter().copied().filter(|at| is(at, &[Operation::List])).collect();
    let made = group.endpoints.iter().any(|at| is(at, &[Operation::Create, Operation::Save, Operation::Toggle]));
    let titles = || lists.iter().map(|at| gathering.set.endpoints[*at].title.as_str());
    let called = known.names.iter().any(|name| lexicon.is_named("ledger-name", name))
        || titles().any(|title| lexicon.speaks_of("ledger-name", title));
    let own = lists.iter().all(|at| matches!(gathering.auths[*at], Auth::Required | Auth::Named(_)));
    if lists.is_empty()
        || made
        || !called
        || !own
        || known.recipient.is_some()
        || known.written
        || group.relation.is_some()
    {
        return None;
    }
    let of_points = titles().any(|title| lexicon.speaks_of("points-name", title))
        || known.names.iter().any(|name| lexicon.speaks_of("points-name", name));
    let of_times = titles().any(|title| lexicon.speaks_of("times-left", title));
    let topic = match () {
        () if of_points => "points-name",
        () if of_times => "times-left",
        () => "balance",
    };
    let number = |value: &Json| value.scalar_text().and_then(|text| text.parse::<f64>().ok());
    let mut money = gathering.accounts.fields.iter().filter(|field| number(&field.initial).is_some());
    let of = money
        .find(|field| lexicon.is_named(topic, &field.key) || lexicon.is_nothing_but(topic, label_head(&field.words)))?;
    let is_field = |topic: &str, field: &crate::behavior::collection::ItemField| {
        lexicon.is_named(topic, &field.key) || lexicon.is_nothing_but(topic, label_head(&field.words))
    };
    let free = |field: &&crate::behavior::collection::ItemField| {
        number(&field.example).is_some() && known.machine(&field.key).is_none() && known.reference(&field.key).is_none()
    };
    let numbers = || known.fields.iter().filter(free);
    let after = numbers().find(|field| is_field("left-after", field) && (field.key != of.key || numbers().count() > 1));
    let amount = numbers()
        .filter(|field| after.is_none_or(|after| after.key != field.key))
        .find(|field| field.role == Role::Amount || is_field("change-amount", field))?;
    let sights = gathering.sights(group);
    let amounts = || sights.iter().filter_map(|sight| sight.item.get(&amount.key)?.scalar_text());
    let minus = amounts().any(|text| text.starts_with('-'));
    let kinds = sides(known, lexicon);
    let goes_out = |item: &Json| {
        let less = item.get(&amount.key).and_then(number).is_some_and(|number| number < 0.0);
        less || kinds.iter().any(|(field, _, out)| item.get(field).and_then(Json::scalar_text) == out.scalar_text())
    };
    let taken = |key: &str| {
        *amount.key == *key
            || after.is_some_and(|after| *after.key == *key)
            || kinds.iter().any(|(field, ..)| **field == *key)
    };
    let texts = known.fields.iter().filter(|field| {
        field.example.as_str().is_some()
            && !taken(&field.key)
            && known.reference(&field.key).is_none()
            && !matches!(field.role, Role::Time | Role::RecordId)
            && !matches!(field.initial, Initial::Now | Initial::Number)
    });
    let words = texts.map(|field| {
        let of = |out: bool| {
            let item = sights.iter().find(|sight| goes_out(sight.item) == out);
            item.and_then(|sight| sight.item.get(&field.key)).cloned().unwrap_or_else(|| field.example.emptied())
        };
        (Arc::clone(&field.key), of(false), of(true))
    });
    let words = words.collect();
    let told = told_words(gathering, group, known, &taken);
    let titles: Vec<String> = gathering.set.endpoints.iter().map(|known| title(&known.title)).collect();
    let titled = known.fields.iter().find(|field| {
        let shown = sights.iter().filter_map(|sight| sight.item.get(&field.key)?.as_str());
        let mut shown = shown.filter(|text| !text.is_empty());
        !taken(&field.key) && shown.any(|text| titles.iter().any(|title| title == text))
    });
    Some(Ledger {
        backs: backs(known, lexicon),
        titled: titled.map(|field| Arc::clone(&field.key)),
        collection: at,
        of: Arc::clone(&of.key),
        amount: Arc::clone(&amount.key),
        // Where each entry says what it was for, that says whether an amount came or went; a change has its sign.
        signed: minus || (kinds.is_empty() && (is_field("signed-change", amount) || deeds(known, &kinds).is_empty())),
        after: after.map(|field| Arc::clone(&field.key)).filter(|key| compact(key) != compact(&amount.key)),
        deeds: deeds(known, &kinds).into_iter().chain(told).collect(),
        kinds,
        words,
    })
}

/// The fields that say which way an amount went, each with its values for what came in and what went out.
fn sides(known: &Collection, lexicon: &Lexicon) -> Vec<(Arc<str>, Json, Json)> {
    let of = |machine: &Machine| {
        let find = |topic: &str| {
            let mut values = machine.values.iter();
            values.find(|value| lexicon.speaks_of(topic, &value.words)).map(|value| value.value.clone())
        };
        Some((Arc::clone(&machine.field), find("coming-in")?, find("going-out")?))
    };
    known.machines.iter().filter_map(of).collect()
}

/// The values that say of an entry that it was paid back.
fn backs(known: &Collection, lexicon: &Lexicon) -> Vec<(Arc<str>, Json)> {
    let values = known.machines.iter().flat_map(|machine| machine.values.iter().map(move |value| (machine, value)));
    let backs = values.filter(|(_, value)| lexicon.speaks_of("paid-back", &value.words));
    backs.map(|(machine, value)| (Arc::clone(&machine.field), value.value.clone())).collect()
}

/// Texts of entries that are one of a few words each: `remark 三种：充值、支付月卡、续费月卡`.
fn told_words(
    gathering: &Gathering<'_>,
    group: &crate::behavior::collection::nouns::group::Group,
    known: &Collection,
    taken: &dyn Fn(&str) -> bool,
) -> Vec<(Arc<str>, Vec<StatusValue>)> {
    let lexicon = gathering.lexicon;
    let notes = || group.endpoints.iter().flat_map(|at| remarks(gathering.prose, &gathering.set.endpoints[*at]));
    let fields = known
        .fields
        .iter()
        .filter(|field| field.example.as_str().is_some() && !taken(&field.key) && known.machine(&field.key).is_none());
    let list = |field: &crate::behavior::collection::ItemField, text: &str| {
        let list = word_lists::list_in(text, lexicon)?;
        list.iter().any(|word| Some(word.as_str()) == field.example.as_str()).then_some(list)
    };
    let told = fields.filter_map(|field| {
        let label = label_head(&field.words);
        let names = |text: &str| {
            words(text).any(|word| compact(word) == compact(&field.key))
                || (label.chars().count() > 1 && text.contains(label))
        };
        let said = || {
            let mut texts = notes().filter(|note| names(&note.text)).flat_map(|note| sentences(&note.text));
            texts.find_map(|text| list(field, text))
        };
        let found = list(field, &field.words).or_else(said)?;
        let value = |word: &String| StatusValue { value: Json::string(word.as_str()), words: word.clone(), kind: None };
        Some((Arc::clone(&field.key), found.iter().map(value).collect()))
    });
    told.collect()
}

/// The kinds that do not only say whether something came in or went out.
fn deeds(known: &Collection, kinds: &[(Arc<str>, Json, Json)]) -> Vec<(Arc<str>, Vec<StatusValue>)> {
    let machines = known.machines.iter().filter(|machine| kinds.iter().all(|(field, ..)| *field != machine.field));
    machines.map(|machine| (Arc::clone(&machine.field), machine.values.clone())).collect()
}

/// What people call a deed: its title without its number.
pub(in crate::behavior) fn title(title: &str) -> String {
    let numbered = |c: char| c.is_ascii_digit() || matches!(c, '.' | ' ' | '、' | '．');
    label_head(title.trim_start_matches(numbered)).to_owned()
}
