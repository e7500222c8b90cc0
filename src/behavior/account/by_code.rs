//! Logins by a code that another platform gave: `code=0a3xYz000#wx.login拿到的code`. It was never sent to anybody, it names
//! somebody: the same code is the same account.
//!
//! In: the inputs of a login, before it is settled who they name. Out: a code that names the account instead of proving it.

use crate::behavior::Input;
use crate::behavior::account;
use crate::behavior::operation::{is_data, path_of};
use crate::lexicon::{Lexicon, Role, compact};
use crate::spec::{DocSet, Endpoint, Param};

pub(in crate::behavior) fn settle(set: &DocSet, endpoint: &Endpoint, inputs: &mut [Input], lexicon: &Lexicon) {
    let names = |input: &Input| matches!(input.word, Role::Phone | Role::Email | Role::Account | Role::UserId);
    if inputs.iter().any(|input| input.word == Role::Password || names(input)) {
        return;
    }
    let mut secrets = (0..inputs.len()).filter(|at| inputs[*at].word == Role::Passcode);
    let code = secrets.next().filter(|_| secrets.next().is_none()).filter(|code| {
        let alone = !inputs.iter().enumerate().any(|(at, input)| at != *code && input.required && is_data(input));
        let param = endpoint.params.get(*code).map(Param::all_words).unwrap_or_default();
        let platform = |text: &str| lexicon.speaks_of("other-platform", text);
        // `code#短信验证码` was sent to somebody, even where the line of whom is lost.
        let label = inputs[*code].label.as_str();
        let is_sent =
            label != &*inputs[*code].name && lexicon.role("", label).is_some_and(|(role, _)| role == Role::Passcode);
        let goes_on = inputs.iter().any(|input| input.word == Role::Token && input.required);
        let has_name = is_sent || goes_on || inputs.iter().any(|input| input.word == Role::Openid);
        let told = platform(&param) || platform(&endpoint.title) || path_of(endpoint).iter().any(|word| platform(word));
        !has_name && (alone || told)
    });
    // `js_code` where the reply shows the `openid` that it stands for.
    let given = || {
        let shown = |name: &str| {
            let mut members = endpoint.successes().flat_map(|example| account::shown(set, endpoint, example, lexicon));
            members.any(|member| member.role == Role::Openid && compact(member.name) != compact(name))
        };
        let shows_itself = |name: &str| lexicon.is_named("platform-name", name);
        inputs.iter().position(|input| input.word == Role::Openid && !shows_itself(&input.name) && shown(&input.name))
    };
    if let Some(input) = code.or_else(given).and_then(|at| inputs.get_mut(at)) {
        (input.word, input.role, input.required) = (Role::Account, Role::Account, true);
    }
}
