//! Which of several tokens that a request brings is the caller's: `user_token` beside `parent_token`.
//!
//! In: the inputs of all endpoints. Out: the same, where all tokens of an endpoint but the caller's are plain values.

use crate::behavior::Input;
use crate::lexicon::{Role, compact};
use crate::spec::In;
use std::collections::HashMap;

/// The name that stands alone in most endpoints is the caller's, else a bare one, else the first; a header is another way to send it.
pub(in crate::behavior) fn settle(all: &mut [Vec<Input>]) {
    let is_token = |input: &Input| input.word == Role::Token && input.location != In::Header && !input.routes;
    let names = |inputs: &[Input]| {
        let mut names: Vec<String> =
            inputs.iter().filter(|input| is_token(input)).map(|input| compact(&input.name)).collect();
        names.dedup();
        names
    };
    let mut alone: HashMap<String, usize> = HashMap::new();
    for inputs in all.iter() {
        if let [only] = &names(inputs)[..] {
            *alone.entry(only.clone()).or_default() += 1;
        }
    }
    for inputs in all.iter_mut() {
        let several = names(inputs);
        if several.len() < 2 {
            continue;
        }
        let rank = |name: &String| (alone.get(name).copied().unwrap_or(0), name == "token");
        let Some(own) = several.iter().rev().max_by_key(|name| rank(name)) else { continue };
        for input in inputs.iter_mut().filter(|input| is_token(input) && compact(&input.name) != *own) {
            (input.word, input.role) = (Role::Plain, Role::Plain);
        }
    }
}
