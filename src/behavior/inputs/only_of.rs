//! Inputs that are demanded only of some: `师傅必填，业主不用填`, `type=2 时必填`.
//!
//! In: the lines of an endpoint's inputs. Out: which input is demanded where which other one has which values; it is required no more
//! wherever else.

use crate::behavior::account::kinds::short;
use crate::behavior::{Confidence, Demand, Evidence, Input, enumeration};
use crate::lexicon::{Lexicon, Role, label_head};
use crate::source::Place;
use crate::spec::{DocSet, Endpoint};

/// An input that is demanded only where another one, or the caller's kind, is as its line says.
#[derive(Clone, Debug)]
pub(in crate::behavior) struct OnlyOf {
    pub(in crate::behavior) input: usize,
    pub(in crate::behavior) on: usize,
    /// None where it is demanded if the other one is not sent.
    pub(in crate::behavior) values: Vec<String>,
    pub(in crate::behavior) place: Place,
    pub(in crate::behavior) text: String,
}

impl OnlyOf {
    pub(in crate::behavior) fn demand(&self, inputs: &[Input]) -> (Demand, Evidence) {
        let demand = Demand::When {
            input: self.on,
            values: self.values.clone(),
            absent: self.values.is_empty(),
            demand: Box::new(Demand::Present(self.input)),
        };
        let on = &inputs[self.on].name;
        let text = if self.values.is_empty() {
            format!("required where no `{on}` is sent: {}", self.text)
        } else {
            format!("required where `{on}` is {}: {}", self.values.join(" or "), self.text)
        };
        (demand, Evidence::new(text, self.place, Confidence::Certain))
    }
}

/// `师傅必填，业主不用填`, `type=2 时必填`: of which value of another input a line says that it needs this one.
fn conditional(endpoint: &Endpoint, inputs: &mut [Input], lexicon: &Lexicon) -> Vec<OnlyOf> {
    let rules = &lexicon.rules().enumerations;
    let listed = |at: usize| {
        let said = endpoint.params.get(at).map_or_else(String::new, crate::spec::Param::all_words);
        enumeration::read(&said, rules)
    };
    let choices: Vec<(usize, Vec<enumeration::Item>)> = (0..inputs.len())
        .filter(|at| !inputs[*at].discriminates && !inputs[*at].routes)
        .map(|at| (at, listed(at)))
        .filter(|(_, items)| items.len() > 1)
        .collect();
    let mut found = Vec::new();
    for at in 0..inputs.len() {
        let Some(param) = endpoint.params.get(at).filter(|_| inputs[at].word != Role::Token) else { continue };
        let said = param.all_words();
        let marks = [',', '，', ';', '；', '。', '(', ')', '（', '）'];
        let clauses = said.split(marks).chain(said.split(marks).flat_map(|clause| clause.split(' ')));
        let demanding = |clause: &&str| {
            (lexicon.speaks_of("required", clause) || lexicon.speaks_of("conditional", clause))
                && !lexicon.speaks_of("optional", clause)
        };
        for clause in clauses.filter(demanding) {
            let of = choices.iter().filter(|(on, _)| *on != at).find_map(|(on, items)| {
                let fitting = |fits: &dyn Fn(&enumeration::Item) -> bool| -> Vec<String> {
                    items.iter().filter(|item| fits(item)).map(|item| item.value.clone()).collect()
                };
                let in_short = |item: &enumeration::Item| {
                    short(label_head(&item.words)).is_some_and(|short| clause.contains(short))
                };
                let whole = fitting(&|item| is_case(clause, &inputs[*on].name, item));
                let values = if whole.is_empty() { fitting(&in_short) } else { whole };
                (!values.is_empty() && values.len() < items.len()).then_some((*on, values))
            });
            if let Some((on, values)) = of {
                found.push(OnlyOf { input: at, on, values, place: param.place, text: said.clone() });
                break;
            }
        }
    }
    for known in &found {
        inputs[known.input].required = false;
    }
    found
}

/// The same of all endpoints.
pub(in crate::behavior) fn all_conditional(
    set: &DocSet,
    inputs: &mut [Vec<Input>],
    lexicon: &Lexicon,
) -> Vec<Vec<OnlyOf>> {
    set.endpoints.iter().zip(inputs).map(|(known, inputs)| conditional(known, inputs, lexicon)).collect()
}

/// Whether a clause names a value of an input, as `type=2` or in the value's words.
fn is_case(clause: &str, name: &str, item: &enumeration::Item) -> bool {
    let head = label_head(&item.words);
    let worded = head.chars().count() > 1 && clause.contains(head);
    let valued = clause.split_once(name).is_some_and(|(before, after)| {
        let after = after.trim_start_matches(['=', '＝', ' ', ':', '：', '为', '是', '等', '于', '"', '\'']);
        let rest = after.strip_prefix(item.value.as_str());
        let alone = !before.ends_with(|c: char| c.is_ascii_alphanumeric() || c == '_');
        alone && rest.is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_alphanumeric()))
    });
    worded || valued
}
