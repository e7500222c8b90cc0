//! What passcodes serve: the purposes of their senders, and the ways of logging in with one.

use super::demands::Ways;
use super::infer::SetWide;
use super::{Input, enumeration};
use crate::lexicon::{Lexicon, Operation, Role};
use crate::spec::Endpoint;

impl SetWide<'_> {
    /// What all senders serve.
    pub(super) fn all_purposes(&self) -> Vec<(String, Operation)> {
        let senders = (0..self.kinds.len()).filter(|at| self.kinds[*at] == Operation::SendPasscode);
        senders.filter(|at| self.purpose_input(*at).is_some()).flat_map(|at| self.purposes(at)).collect()
    }

    pub(super) fn purpose_input(&self, at: usize) -> Option<usize> {
        self.inputs[at].iter().position(|input| input.word == Role::Purpose)
    }

    /// The values of a sender's purpose with what each serves, from the parameter's words or a table beside the block.
    pub(super) fn purposes(&self, at: usize) -> Vec<(String, Operation)> {
        let endpoint = &self.set.endpoints[at];
        let Some(input) = self.purpose_input(at) else { return Vec::new() };
        let words = endpoint.params[input].all_words();
        let items = enumeration::read(&words, &self.lexicon.rules().enumerations);
        let rows = endpoint.tables.iter().flat_map(|table| &table.rows);
        let rows = rows.filter_map(|row| Some((row.first()?.as_str(), row.get(1)?.as_str())));
        let listed = items.iter().map(|item| (item.value.as_str(), item.words.as_str())).chain(rows);
        let serves = |words: &str| self.lexicon.operations_in(words).first().map(|(operation, _)| *operation);
        listed.filter_map(|(value, words)| Some((value.to_owned(), serves(words)?))).collect()
    }

    /// `登录方式 1-密码 2-动态码`: the values of an input that stand for one secret or the other.
    pub(super) fn ways(&self, at: usize) -> Option<Ways> {
        let has = |role: Role| self.inputs[at].iter().any(|input| input.role == role);
        if self.kinds[at] != Operation::Login || !has(Role::Password) || !has(Role::Passcode) {
            return None;
        }
        let params = self.set.endpoints[at].params.iter().enumerate();
        let mut ways = params.filter(|(input, _)| self.inputs[at][*input].word == Role::Plain).map(|(input, param)| {
            let items = enumeration::read(&param.all_words(), &self.lexicon.rules().enumerations);
            let role = |item: &enumeration::Item| self.lexicon.role("", &item.words).map(|(role, _)| role);
            let of = |wanted: Role| {
                let values = items.iter().filter(|item| role(item) == Some(wanted));
                values.map(|item| item.value.clone()).collect::<Vec<_>>()
            };
            let default = enumeration::default(&param.all_words(), &items, &self.lexicon.rules().enumerations);
            Ways { input, password: of(Role::Password), passcode: of(Role::Passcode), default }
        });
        ways.find(|ways| !ways.password.is_empty() && !ways.passcode.is_empty())
    }

    /// A login by passcode makes an account where the words say so, or where nothing else of the set makes accounts.
    pub(super) fn ensures(&self, at: usize) -> bool {
        if self.kinds[at] != Operation::Login || !self.inputs[at].iter().any(|input| input.role == Role::Passcode) {
            return false;
        }
        let endpoint = &self.set.endpoints[at];
        let remarks = || super::collection::prose::remarks(self.prose, endpoint).map(|note| &note.text);
        if remarks().any(|text| self.lexicon.speaks_of("no-auto-register", text)) {
            return false;
        }
        let mut words = std::iter::once(&endpoint.title).chain(remarks());
        let by_passcode_alone = !self.inputs[at].iter().any(|input| input.role == Role::Password);
        let says = |topic: &str, text: &str| self.lexicon.speaks_of(topic, text);
        words.any(|text| says("auto-register", text) && !says("not-auto-register", text))
            || (by_passcode_alone && !self.kinds.contains(&Operation::Register))
    }
}

/// A sender's input whose values name operations (`1注册 2找回密码`) is its purpose, however it is called.
pub(super) fn find_purpose(endpoint: &Endpoint, inputs: &mut [Input], lexicon: &Lexicon) {
    if inputs.iter().any(|input| input.word == Role::Purpose) {
        return;
    }
    let names_operations = |at: usize| {
        let items = enumeration::read(&endpoint.params[at].all_words(), &lexicon.rules().enumerations);
        items.iter().any(|item| !lexicon.operations_in(&item.words).is_empty())
    };
    if let Some(at) = (0..inputs.len()).find(|at| inputs[*at].word == Role::Plain && names_operations(*at)) {
        inputs[at].word = Role::Purpose;
        inputs[at].role = Role::Purpose;
    }
}
