//! What a line that says nothing of it means: `没写选填的都是必填`, said once for all parameters.
//!
//! In: what the documents say outside of their blocks. Out: the inputs that are demanded by it.

use crate::behavior::Input;
use crate::behavior::collection::prose::sentences;
use crate::lexicon::Lexicon;
use crate::spec::{DocSet, In, Note};

pub(in crate::behavior) fn demand(set: &DocSet, prose: &[Note], inputs: &mut [Vec<Input>], lexicon: &Lexicon) {
    // `带 * 的参数都是必填` says what a mark means.
    let says = |text: &&str| {
        let marked = text.contains('*') || lexicon.speaks_of("mark-of-required", text);
        !marked && lexicon.speaks_of("unmarked-required", text)
    };
    if !prose.iter().any(|note| sentences(&note.text).any(|text| says(&text))) {
        return;
    }
    for (endpoint, inputs) in set.endpoints.iter().zip(inputs) {
        for (param, input) in endpoint.params.iter().zip(inputs) {
            let words = param.all_words();
            let excepted = ["optional", "conditional"].iter().any(|topic| lexicon.speaks_of(topic, &words));
            let sent = param.listed && !param.discriminates && !matches!(param.location, In::Header | In::Path);
            input.required |= sent && !excepted;
        }
    }
}
