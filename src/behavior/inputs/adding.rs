//! What is demanded only of what is added, where one endpoint adds and edits: `新增时必填` of a line, or stars beside `没传的不动`.
//!
//! In: an endpoint that makes a record without an id and changes one with it. Out: the inputs that it needs without the id.

use super::only_of::{self, OnlyOf};
use crate::behavior::Input;
use crate::behavior::operation::by_shape;
use crate::lexicon::{Lexicon, Operation, Role};
use crate::spec::{DocSet, Endpoint};

/// By endpoints what is demanded only at times: where another input or the caller's kind says so, and where no id is sent.
pub(in crate::behavior) fn all_conditional(
    set: &DocSet,
    operations: &[Operation],
    inputs: &mut [Vec<Input>],
    lexicon: &Lexicon,
) -> Vec<Vec<OnlyOf>> {
    let mut only_of = only_of::all_conditional(set, inputs, lexicon);
    for (at, endpoint) in set.endpoints.iter().enumerate() {
        match operations[at] {
            Operation::Save => only_of[at].extend(required(endpoint, &mut inputs[at], lexicon)),
            Operation::Update => {
                for (input, param) in inputs[at].iter_mut().zip(&endpoint.params) {
                    input.required &= !says_adding(&param.all_words(), lexicon) || by_shape::is_id(input, lexicon);
                }
            }
            _ => {}
        }
    }
    only_of
}

/// Whether words demand something of what is added, and so not of what is edited.
pub(in crate::behavior) fn says_adding(words: &str, lexicon: &Lexicon) -> bool {
    lexicon.speaks_of("required-to-add", words)
}

fn required(endpoint: &Endpoint, inputs: &mut [Input], lexicon: &Lexicon) -> Vec<OnlyOf> {
    let Some(id) = id_to_edit(endpoint, inputs, lexicon) else { return Vec::new() };
    let of_lines = endpoint.params.get(id).map(crate::spec::Param::all_words).into_iter();
    let notes = || endpoint.notes.iter().map(|note| note.text.clone());
    let mut texts = of_lines.chain([endpoint.title.clone()]).chain(notes());
    // What is not sent stays as it was, so the stars are about what is added.
    let keeps = texts.find(|text| lexicon.speaks_of("keeps-unsent", text));
    let mut found = Vec::new();
    for (at, param) in endpoint.params.iter().enumerate().take(inputs.len()) {
        let input = &inputs[at];
        let data = at != id && input.word != Role::Token && !input.discriminates && !input.routes;
        let words = param.all_words();
        let adds = says_adding(&words, lexicon);
        if !data || !(adds || (input.required && keeps.is_some())) {
            continue;
        }
        let text = if adds { words } else { keeps.clone().unwrap_or_default() };
        found.push(OnlyOf { input: at, on: id, values: Vec::new(), place: param.place, text });
    }
    for known in &found {
        inputs[known.input].required = false;
    }
    found
}

/// The input that names the record to change, where one is to be changed.
fn id_to_edit(endpoint: &Endpoint, inputs: &[Input], lexicon: &Lexicon) -> Option<usize> {
    let may_name = |at: &usize| inputs[*at].word == Role::RecordId && !inputs[*at].required && !inputs[*at].routes;
    let mut ids = (0..inputs.len()).filter(may_name);
    let told =
        |at: &usize| endpoint.params.get(*at).is_some_and(|param| lexicon.speaks_of("id-to-edit", &param.all_words()));
    let plain = |at: &usize| inputs[*at].name.eq_ignore_ascii_case("id");
    ids.clone().find(told).or_else(|| ids.clone().find(plain)).or_else(|| ids.next().filter(|_| ids.next().is_none()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_added_needs_more_than_what_is_edited() {
        let lexicon = Lexicon::standard();
        for words in
            ["小区，添加时必填", "收货人，新增必填", "标题 没有id时必传", "修改时可不传", "required when creating"]
        {
            assert!(says_adding(words, &lexicon), "{words}");
        }
        for words in ["必填", "添加时间，必填", "修改时必填", "新增时不传", "创建人，必填"] {
            assert!(!says_adding(words, &lexicon), "{words}");
        }
    }
}
