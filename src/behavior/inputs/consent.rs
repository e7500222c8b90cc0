//! Inputs by which who calls agrees to terms: `"agree": true` beside the failure `请先同意用户协议`.
//!
//! In: the inputs, and the endpoints' own failures. Out: the same, where such an input has to say yes.

use crate::behavior::failure::{Catalog, Failure};
use crate::behavior::{Confidence, Evidence, Form, Input, InputRule};
use crate::lexicon::Lexicon;
use crate::spec::DocSet;

pub(in crate::behavior) fn bind(set: &DocSet, lexicon: &Lexicon, catalog: &Catalog, inputs: &mut [Vec<Input>]) {
    for (at, inputs) in inputs.iter_mut().enumerate() {
        let asks = |failure: &&Failure| asks(failure.says(), lexicon);
        let Some(failure) = catalog.own[at].iter().find(asks) else { continue };
        let Some(input) = inputs.iter_mut().find(|input| is_consent(input, lexicon)) else { continue };
        let param = set.endpoints[at].params.iter().find(|param| *param.name == *input.name);
        let optional = param.is_some_and(|param| lexicon.speaks_of("optional", &param.description));
        input.required |= !optional;
        let listed = input.rules.iter().find_map(|rule| match &rule.form {
            Form::OneOf(values) => Some(values.clone()),
            _ => None,
        });
        let usual = || YES.map(str::to_owned).to_vec();
        let mut values = listed.unwrap_or_else(usual);
        values.retain(|value| !lexicon.is_named("says-no", value));
        if values.is_empty() {
            continue;
        }
        input.rules.retain(|rule| !matches!(rule.form, Form::OneOf(_)));
        let because = Evidence::new(&*failure.message, failure.place, Confidence::Likely);
        input.rules.push(InputRule { form: Form::OneOf(values), because });
    }
}

/// `请先同意《用户协议》`, `You must accept the terms`.
pub(in crate::behavior) fn asks(message: &str, lexicon: &Lexicon) -> bool {
    lexicon.speaks_of("asks-consent", message)
}

/// `agree`, `is_agree`, `acceptTerms`, `是否同意协议`.
pub(in crate::behavior) fn is_consent(input: &Input, lexicon: &Lexicon) -> bool {
    !input.discriminates && (lexicon.is_named("consent", &input.name) || lexicon.speaks_of("consent", &input.label))
}

/// As requests say it.
const YES: [&str; 2] = ["true", "1"];
