//! What a new record has where nothing was sent: what a line says counts then, and what a member has only later.
//!
//! In: the words beside parameters (`标签，不填默认为其他`, `数量 默认1`) and beside members (`支付时间，未支付为空`). Out: initial values.

use super::gather::{Gathering, key_for};
use crate::behavior::Input;
use crate::behavior::collection::lists::paging::stated;
use crate::behavior::collection::{Collection, Initial, ItemField};
use crate::json::Json;
use crate::lexicon::{Lexicon, Operation, Role, compact};
use crate::spec::DocSet;
use std::collections::BTreeSet;

impl Gathering<'_> {
    /// `num=1 #数量 默认1`: what counts where nothing is sent.
    pub(in crate::behavior::collection) fn settle_defaults(&self, creators: &[usize], collection: &mut Collection) {
        for &at in creators.iter().filter(|at| self.operations[**at] != Operation::Toggle) {
            for (input, param) in self.inputs[at].iter().zip(&self.endpoint(at).params) {
                let Some(key) = key_for(collection, input).filter(|_| !input.required) else { continue };
                if collection.default_flag.as_ref() == Some(&key) {
                    continue;
                }
                if same_as(&param.all_words(), &self.inputs[at], self.lexicon).is_some() {
                    continue;
                }
                let Some(text) = default_in(&param.all_words(), self.lexicon) else { continue };
                // `上级分类id，不传就是一级` says what it is then, and not whose id it has.
                if super::shape::is_id(&input.name) && !text.is_ascii() {
                    continue;
                }
                let Some(field) = collection.fields.iter_mut().find(|field| field.key == key) else { continue };
                let is_number = matches!(field.example, Json::Number(_)) && text.parse::<f64>().is_err();
                if field.initial == Initial::Value(field.example.emptied()) && field.example.is_scalar() && !is_number {
                    field.initial = Initial::Value(field.example.in_form(&text));
                }
            }
        }
    }
}

/// What is shown of a number that is written as text where a record has none: nought in its form, where the example is
/// nought, and where it is a sum of money that nobody sends.
pub(in crate::behavior::collection) fn settle_blanks(
    sent: &BTreeSet<String>,
    collection: &mut Collection,
    lexicon: &Lexicon,
) {
    for field in &mut collection.fields {
        let Json::String(text) = &field.example else { continue };
        let Ok(number) = text.parse::<f64>() else { continue };
        let is_sum = || field.role == Role::Amount && !sent.contains(&compact(&field.key)) && !is_later(field, lexicon);
        if text.starts_with('0') && number == 0.0 {
            field.blank = Some(field.example.clone());
        } else if text.starts_with(|c: char| c.is_ascii_digit()) && is_sum() {
            let places = text.split_once('.').map(|(_, places)| places.len());
            let form = places.map_or_else(|| "0".to_owned(), |places| format!("0.{}", "0".repeat(places)));
            field.blank = Some(Json::string(form));
        }
    }
}

/// The same of accounts: `头像 不传默认空`, `room 不传默认未登记`.
pub(in crate::behavior) fn of_accounts(
    set: &DocSet,
    kinds: &[Operation],
    inputs: &[Vec<Input>],
    accounts: &mut crate::behavior::Accounts,
    lexicon: &Lexicon,
) {
    let registering = kinds.iter().zip(&set.endpoints).zip(inputs);
    for ((_, endpoint), inputs) in registering.filter(|((kind, _), _)| **kind == Operation::Register) {
        of_registering(endpoint, inputs, accounts, lexicon);
    }
}

fn of_registering(
    endpoint: &crate::spec::Endpoint,
    inputs: &[Input],
    accounts: &mut crate::behavior::Accounts,
    lexicon: &Lexicon,
) {
    for (input, param) in inputs.iter().zip(&endpoint.params).filter(|(input, _)| !input.required) {
        let key = accounts.key_for(input);
        let Some(field) = accounts.fields.iter_mut().find(|field| field.key == key) else { continue };
        let words = param.all_words();
        if same_as(&words, inputs, lexicon).is_some() {
            field.initial = field.initial.emptied();
            continue;
        }
        match default_in(&words, lexicon) {
            Some(text) if field.initial.is_scalar() => field.initial = field.initial.in_form(&text),
            None if lexicon.speaks_of("empty-if-not-sent", &words) => field.initial = field.initial.emptied(),
            None if is_free_text(field, &words, lexicon) => field.initial = field.initial.emptied(),
            _ => {}
        }
    }
}

/// Whether a field holds what somebody wrote, of which nobody who wrote nothing has any: no status, and nothing of which its
/// own words tell with what it begins.
fn is_free_text(field: &crate::behavior::Field, words: &str, lexicon: &Lexicon) -> bool {
    let of_system = matches!(field.role, Role::Status | Role::Verified | Role::Amount | Role::Time);
    let text = field.initial.as_str();
    let stock = text.is_some_and(|text| lexicon.speaks_of("stock-value", text));
    // `不传用默认头像`: there is one, and the example shows it.
    let empty =
        |rest: &str| lexicon.speaks_of("empty-if-not-sent", rest) || lexicon.is_nothing_but("nothing-word", rest);
    let tells = |text: &str| {
        let mut told = lexicon.rules().enumerations.defaults.found_in(text);
        told.any(|(start, word)| !empty(&text[start + word.len()..]))
    };
    let defaulted = tells(words) || tells(&field.words);
    text.is_some() && !of_system && !stock && !defaulted
}

/// The inputs that count where another is not sent: `签名 # 不填默认为昵称`. Each with the input that it stands in for.
pub(in crate::behavior) fn stand_ins(
    endpoint: &crate::spec::Endpoint,
    inputs: &[crate::behavior::Input],
    lexicon: &Lexicon,
) -> Vec<(usize, usize)> {
    let optional = inputs.iter().zip(&endpoint.params).enumerate().filter(|(_, (input, _))| !input.required);
    let found = optional.filter_map(|(at, (_, param))| Some((at, same_as(&param.all_words(), inputs, lexicon)?)));
    found.filter(|(at, other)| at != other).collect()
}

/// The input whose value a line says counts where none is sent.
pub(in crate::behavior) fn same_as(words: &str, inputs: &[Input], lexicon: &Lexicon) -> Option<usize> {
    same_of(words, |text| named_first(text, inputs), lexicon)
}

/// The same where `named` finds what a text names before anything else.
pub(in crate::behavior) fn same_of<T>(words: &str, named: impl Fn(&str) -> Option<T>, lexicon: &Lexicon) -> Option<T> {
    let rules = lexicon.rules();
    let mut told = rules.enumerations.defaults.found_in(words).chain(rules.made_up.defaults.found_in(words));
    let rest = told.next().map(|(start, word)| &words[start + word.len()..])?;
    let mut text = rest.trim_start_matches([' ', ':', '：', '=']);
    loop {
        if let Some(input) = named(text) {
            return Some(input);
        }
        // `就用用户名`: what leads to a name can be its beginning, too.
        let mut leads = lexicon.rules().made_up.leads.iter();
        text = leads.find_map(|lead| text.strip_prefix(lead.as_str()))?.trim_start();
    }
}

/// The input that a text names before anything else.
pub(in crate::behavior) fn named_first<'i>(text: &str, inputs: impl IntoIterator<Item = &'i Input>) -> Option<usize> {
    let named = text.split([',', '，', ';', '；', '。', ')', '）', '、', '|', '/', '\n']).next()?.trim();
    let named = named.trim_start_matches(['同', '跟', '与', '和']);
    let named = ["一样", "相同", "一致"].iter().fold(named, |text, end| text.trim_end_matches(end));
    let named = ["the ", "your ", "same as "].iter().fold(named, |text, start| text.trim_start_matches(start));
    let is_it = |input: &Input| {
        let label = crate::lexicon::label_head(&input.label);
        // What else the line says can stand after it.
        let is_named = |name: &str| {
            let rest = named.strip_prefix(name).filter(|_| name.chars().count() > 1);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(char::is_whitespace))
        };
        is_named(&input.name) || is_named(label)
    };
    inputs.into_iter().position(is_it)
}

/// The value that a line says counts where none is sent; none where it says that there is none then.
fn default_in(words: &str, lexicon: &Lexicon) -> Option<String> {
    // `默认` alone stands before other things than values: `默认地址`.
    let long = |word: &str| word.chars().count() > 2 && !word.ends_with("default");
    let worded = lexicon.rules().enumerations.defaults.found_in(words).find(|(_, word)| long(word));
    if let Some(rest) = worded.map(|(start, word)| &words[start + word.len()..]) {
        let rest = rest.trim_start_matches([' ', ':', '：', '=', '为', '是']);
        let word =
            rest.split([',', '，', ';', '；', '。', ')', '）', '、', ' ', '|', '/', '\n']).next().unwrap_or_default();
        let word = crate::syntax::line::unquoted(word.trim());
        let is_word = !word.is_empty() && word.chars().count() <= 10 && !word.starts_with(|c: char| c.is_ascii_digit());
        if !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit()) {
            return Some(word.to_owned());
        }
        if is_word && lexicon.is_nothing_but("nothing-word", word) {
            return None;
        }
        if is_word && !lexicon.speaks_of("relative-word", word) {
            return Some(word.to_owned());
        }
    }
    stated(lexicon, "stated-default", words).map(|number| number.to_string())
}

/// Whether a member is empty in a new record: its words say that it comes with a later step.
pub(in crate::behavior::collection) fn is_later(field: &ItemField, lexicon: &Lexicon) -> bool {
    !field.words.is_empty() && lexicon.speaks_of("filled-later", &field.words)
}

/// What a number is before the step with which it comes: `没结束是0`, `未支付为0.00`.
pub(in crate::behavior::collection) fn until_then(field: &ItemField, lexicon: &Lexicon) -> Option<Json> {
    let clauses = field.words.split([',', '，', ';', '；', '。', '(', '（', ')', '）']).map(str::trim);
    let value =
        clauses.filter_map(|clause| Some(&clause[lexicon.after("until-then", clause)?..])).find_map(|rest| {
            let rest = lexicon.before_end("money-unit", rest.trim()).trim();
            rest.parse::<f64>().is_ok().then_some(rest)
        })?;
    super::example_forms::is_number(&field.example).then(|| field.example.in_form(value))
}
