//! The caller's own page: an endpoint that is asked for nothing and shows an account's fields, whatever it is called.

use crate::behavior::account;
use crate::behavior::operation::{Clues, is_data, path_of};
use crate::lexicon::{Lexicon, Role};

/// Whether an endpoint shows who calls: two of an account's fields at least, under a name that means accounts or oneself.
pub(in crate::behavior) fn shows_caller(clues: &Clues<'_>, lexicon: &Lexicon) -> bool {
    if clues.inputs.iter().any(is_data) || clues.shown.is(crate::lexicon::Shows::List) {
        return false;
    }
    let named = path_of(clues.endpoint).iter().any(|word| {
        lexicon.is_named("account-noun", word) || lexicon.is_named("own-page", word) || lexicon.is_named("mine", word)
    });
    let titled = ["own-page", "mine"].iter().any(|topic| lexicon.speaks_of(topic, &clues.endpoint.title));
    let known = |role: Role| {
        clues.endpoint.successes().any(|example| {
            let mut shown = account::shown(clues.set, clues.endpoint, example, lexicon).into_iter();
            shown.any(|member| member.role == role)
        })
    };
    let fields = [Role::Nickname, Role::Avatar, Role::Phone, Role::Email, Role::Account, Role::RealName];
    (named || titled) && fields.into_iter().filter(|role| known(*role)).count() >= 2
}
