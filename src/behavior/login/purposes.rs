//! What passcodes serve: the purposes of their senders, and the ways of logging in with one.

use crate::behavior::demands::Ways;
use crate::behavior::failure::Failure;
use crate::behavior::infer::SetWide;
use crate::behavior::{Input, enumeration};
use crate::lexicon::{Class, Lexicon, Operation, Role, compact};
use crate::spec::Endpoint;

impl SetWide<'_> {
    /// What all senders serve.
    pub(in crate::behavior) fn all_purposes(&self) -> Vec<(String, Operation)> {
        let senders = (0..self.kinds.len()).filter(|at| self.kinds[*at] == Operation::SendPasscode);
        senders.filter(|at| self.purpose_input(*at).is_some()).flat_map(|at| self.purposes(at)).collect()
    }

    pub(in crate::behavior) fn purpose_input(&self, at: usize) -> Option<usize> {
        self.inputs[at].iter().position(|input| input.word == Role::Purpose)
    }

    /// The values of a sender's purpose with what each serves, from the parameter's words or a table beside the block.
    pub(in crate::behavior) fn purposes(&self, at: usize) -> Vec<(String, Operation)> {
        let endpoint = &self.set.endpoints[at];
        let Some(input) = self.purpose_input(at) else { return Vec::new() };
        let listed = listed(&endpoint.params[input].all_words(), self.lexicon);
        // `更改手机号(需要登录)` serves no logging in.
        let said = |words: &str| words.split(['(', '（']).next().unwrap_or_default().to_owned();
        let serves = |words: &str| self.lexicon.operations_in(&said(words)).first().map(|(operation, _)| *operation);
        let is_new = |value: &str| !listed.iter().any(|(known, _)| known == value);
        let rows = rows(endpoint).filter(|(value, _)| is_new(value));
        let rows: Vec<_> = rows.filter_map(|(value, words)| Some((value.to_owned(), serves(words)?))).collect();
        listed.into_iter().chain(rows).collect()
    }

    /// The input with the values for which alone a caller is asked for, where one is not for all: `change_phone 更改手机号(需要登录)`;
    /// of a sender's purposes, those that come after logging in.
    pub(in crate::behavior) fn gated(&self, at: usize) -> Option<(usize, Vec<String>)> {
        let endpoint = &self.set.endpoints[at];
        let purpose = self.purpose_input(at).filter(|_| self.kinds[at] == Operation::SendPasscode);
        let needs = |words: &str| self.lexicon.speaks_of("login-needed", words);
        let told = endpoint.params.iter().enumerate().find_map(|(input, param)| {
            let items = enumeration::read(&param.all_words(), &self.lexicon.rules().enumerations);
            let rows: Vec<_> = rows(endpoint).filter(|_| purpose == Some(input)).collect();
            let listed = items.iter().map(|item| (item.value.as_str(), item.words.as_str())).chain(rows);
            let (mut gated, mut free): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
            for (value, words) in listed {
                if needs(words) { &mut gated } else { &mut free }.push(value.to_owned());
            }
            gated.sort();
            gated.dedup();
            (!gated.is_empty() && free.iter().any(|value| !gated.contains(value))).then_some((input, gated))
        });
        told.or_else(|| {
            let purposes = self.purposes(at);
            let before = [Operation::Register, Operation::Login, Operation::ResetPassword];
            let (before, after): (Vec<_>, Vec<_>) =
                purposes.into_iter().partition(|(_, operation)| before.contains(operation));
            let values = after.into_iter().map(|(value, _)| value).collect();
            let refuses = |failure: &Failure| failure.classes.first() == Some(&Class::NotLoggedIn);
            let documented = self.catalog.own[at].iter().any(refuses);
            Some((purpose?, values)).filter(|_| documented && !before.is_empty())
        })
    }

    /// `登录方式 1-密码 2-动态码`: the values of an input that stand for one secret or the other.
    pub(in crate::behavior) fn ways(&self, at: usize) -> Option<Ways> {
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

    /// A login by passcode, or by a name alone, makes an account where the words say so, or where nothing else of the set
    /// makes accounts of that name.
    pub(super) fn ensures(&self, at: usize) -> bool {
        let has = |role: Role| self.inputs[at].iter().any(|input| input.role == role);
        let by_name_alone = has(Role::Identity) && !self.inputs[at].iter().any(|input| input.word.is_secret());
        // `没有注册过的自动注册`: who comes first with a password has that password.
        let by_password = !has(Role::Passcode) && has(Role::Identity) && has(Role::Password);
        if self.kinds[at] == Operation::Register {
            return has(Role::Passcode) && self.lets_in_known(at);
        }
        if self.kinds[at] != Operation::Login
            || !(has(Role::Passcode) || by_name_alone || (by_password && !self.registers_alike(at)))
        {
            return false;
        }
        let endpoint = &self.set.endpoints[at];
        let remarks = || crate::behavior::collection::prose::remarks(self.prose, endpoint).map(|note| &note.text);
        if remarks().any(|text| self.lexicon.speaks_of("no-auto-register", text)) {
            return false;
        }
        let mut words = std::iter::once(&endpoint.title).chain(remarks());
        // `该手机号还没有绑定账号` of the login itself: it lets in who is known.
        let unknown = |failure: &Failure| {
            let about = |subject: &String| matches!(subject.as_str(), "account" | "phone" | "email");
            failure.classes.first() == Some(&Class::NotFound) && failure.subjects.iter().any(about)
        };
        if self.catalog.own[at].iter().any(unknown) {
            return words.any(|text| self.lexicon.speaks_of("auto-register", text));
        }
        let by_passcode_alone = !self.inputs[at].iter().any(|input| input.role == Role::Password);
        words.any(|text| self.lexicon.speaks_of("auto-register", text))
            || (by_passcode_alone && !self.kinds.contains(&Operation::Register))
            || (by_name_alone && !self.registers_alike(at))
    }
}

impl SetWide<'_> {
    /// `该手机号已注册，将直接登录` is a success: who is known already is let in by the passcode.
    fn lets_in_known(&self, at: usize) -> bool {
        let endpoint = &self.set.endpoints[at];
        let envelope = self.set.envelope(endpoint);
        let mut said = endpoint.successes().filter_map(|example| envelope.message_of(&example.value));
        let refused = self.catalog.own[at].iter().any(|failure| failure.classes.contains(&Class::Exists));
        !refused && said.any(|(_, text)| self.lexicon.meaning(text).classes.first() == Some(&Class::Exists))
    }

    /// Whether something registers accounts under the name that a login takes.
    fn registers_alike(&self, login: usize) -> bool {
        let names = |at: usize| self.inputs[at].iter().filter(|input| input.role == Role::Identity);
        let taken: Vec<String> = names(login).map(|input| compact(&input.name)).collect();
        let registers = (0..self.kinds.len()).filter(|at| self.kinds[*at] == Operation::Register);
        registers.flat_map(names).any(|input| taken.contains(&compact(&input.name)))
    }
}

/// The first two cells of the rows of the tables that stand beside a block.
fn rows(endpoint: &Endpoint) -> impl Iterator<Item = (&str, &str)> {
    let rows = endpoint.tables.iter().flat_map(|table| &table.rows);
    rows.filter_map(|row| Some((row.first()?.as_str(), row.get(1)?.as_str())))
}

/// The values that words list, each with what it serves: `1注册 2找回密码`, `用途：register 注册，reset 重置密码`, `login/register/reset`.
pub(in crate::behavior) fn listed(words: &str, lexicon: &Lexicon) -> Vec<(String, Operation)> {
    let serves = |words: &str| lexicon.operations_in(words).first().map(|(operation, _)| *operation);
    let items = enumeration::read(words, &lexicon.rules().enumerations);
    let known = items.into_iter().filter_map(|item| Some((item.value, serves(&item.words)?)));
    let known: Vec<(String, Operation)> = known.collect();
    if !known.is_empty() {
        return known;
    }
    let is_of_value = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    let mut found: Vec<(String, Operation)> = Vec::new();
    let mut rest = words;
    while let Some(start) = rest.find(is_of_value) {
        let value = rest.get(start..).unwrap_or_default();
        let end = value.find(|c| !is_of_value(c)).unwrap_or(value.len());
        let (value, after) = value.split_at(end);
        let called = after.split(is_of_value).next().unwrap_or_default();
        // What stands behind the next mark is said of all, or of another.
        let called = called.trim_start_matches(|c: char| {
            !c.is_alphanumeric() && !matches!(c, ',' | '，' | '、' | ';' | '；' | '/' | '。')
        });
        let called = called.split([',', '，', '、', ';', '；', '/', '。', '|']).next().unwrap_or_default();
        if let Some(operation) = serves(called).or_else(|| by_name(value, lexicon))
            && !found.iter().any(|(known, _)| known == value)
        {
            found.push((value.to_owned(), operation));
        }
        rest = after;
    }
    if found.len() > 1 { found } else { Vec::new() }
}

/// `reset_password` serves what paths with that word do.
fn by_name(value: &str, lexicon: &Lexicon) -> Option<Operation> {
    let served = [
        Operation::Register,
        Operation::Login,
        Operation::ResetPassword,
        Operation::ChangePassword,
        Operation::BindIdentity,
    ];
    let name = compact(value);
    let has =
        |operation: &Operation| lexicon.operation_words(*operation).is_some_and(|words| words.path.contains(&name));
    served.into_iter().find(has)
}

/// A sender's input whose values name operations (`1注册 2找回密码`) is its purpose, however it is called.
pub(in crate::behavior) fn find_purpose(endpoint: &Endpoint, inputs: &mut [Input], lexicon: &Lexicon) {
    if inputs.iter().any(|input| input.word == Role::Purpose) {
        return;
    }
    let names_operations = |at: usize| {
        let items = enumeration::read(&endpoint.params[at].all_words(), &lexicon.rules().enumerations);
        items.iter().any(|item| !lexicon.operations_in(&item.words).is_empty())
            || listed(&endpoint.params[at].all_words(), lexicon).len() > 1
    };
    if let Some(at) = (0..inputs.len()).find(|at| inputs[*at].word == Role::Plain && names_operations(*at)) {
        inputs[at].word = Role::Purpose;
        inputs[at].role = Role::Purpose;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(words: &str, expected: &[(&str, Operation)]) {
        let found = listed(words, &Lexicon::standard());
        let found: Vec<(&str, Operation)> = found.iter().map(|(value, serves)| (value.as_str(), *serves)).collect();
        assert_eq!(found, expected, "{words}");
    }

    #[test]
    fn values_serve_what_stands_behind_them_or_what_they_are_called_after() {
        use Operation::{Login, Register, ResetPassword};
        check("1注册 2重置密码", &[("1", Register), ("2", ResetPassword)]);
        check("用途：register 注册，reset 重置密码", &[("register", Register), ("reset", ResetPassword)]);
        check(
            "场景 register 注册 login 登录 reset 找回密码，各场景的验证码不通用",
            &[("register", Register), ("login", Login), ("reset", ResetPassword)],
        );
        check("register / reset", &[("register", Register), ("reset", ResetPassword)]);
        check("register", &[]);
        check("sms 或 voice", &[]);
    }
}
