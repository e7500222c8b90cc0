//! Accounts as a back office has them: `user/add` makes one that can log in, `user/list` are the accounts, `user/delete` takes
//! one away. And what registers something for a caller, who has an account already.
//!
//! In: the endpoints with what words and shapes said of them. Out: better operations, and which endpoints are about accounts.

use crate::behavior::collection::items::shape;
use crate::behavior::collection::nouns::noun::Nouns;
use crate::behavior::operation::path_words::path_words;
use crate::behavior::{Confidence, Evidence, Input};
use crate::lexicon::{Lexicon, Operation, Role};
use crate::spec::{DocSet, Endpoint, In};

/// What operations are settled by.
pub(in crate::behavior) struct Office<'a> {
    pub(in crate::behavior) set: &'a DocSet,
    pub(in crate::behavior) lexicon: &'a Lexicon,
    pub(in crate::behavior) nouns: &'a [Nouns],
    pub(in crate::behavior) inputs: &'a [Vec<Input>],
}

impl Office<'_> {
    /// Tells making an account from registering something for one.
    pub(in crate::behavior) fn settle(&self, operations: &mut [(Operation, Evidence)], told: &dyn Fn(usize) -> bool) {
        let enters = |(operation, _): &(Operation, Evidence)| *operation == Operation::Login;
        let any = operations.iter().any(enters);
        for at in (0..operations.len()).filter(|at| !told(*at)) {
            let (operation, because) = match operations[at].0 {
                Operation::Create if any && self.adds(at) => {
                    (Operation::Register, "it adds what names an account, and what it logs in with")
                }
                Operation::Register if self.is_for_caller(at) => {
                    (Operation::Create, "it takes the caller's token, and no secret")
                }
                _ => continue,
            };
            let place = self.set.endpoints[at].title_place.unwrap_or(self.set.endpoints[at].place);
            operations[at] = (operation, Evidence::new(because, place, Confidence::Likely));
        }
        let adds = |at: usize| adds_other(&self.set.endpoints[at], &self.nouns[at], operations[at].0, self.lexicon);
        if (0..operations.len()).any(adds) {
            let open = |at: &usize| matches!(operations[*at].0, Operation::Answer | Operation::EditProfile);
            let all = (0..operations.len()).filter(|at| !told(*at) && open(at) && self.changes(*at));
            for at in all.collect::<Vec<_>>() {
                let place = self.set.endpoints[at].title_place.unwrap_or(self.set.endpoints[at].place);
                let because =
                    Evidence::new("it takes an account's id and what is kept of one", place, Confidence::Likely);
                operations[at] = (Operation::Update, because);
            }
        }
    }

    /// `user/add` with a name and a password, or 添加用户 with a name.
    fn adds(&self, at: usize) -> bool {
        let has = |test: &dyn Fn(Role) -> bool| self.inputs[at].iter().any(|input| test(input.word));
        let title = &self.set.endpoints[at].title;
        let named = || self.nouns[at].title.is_empty() && self.lexicon.speaks_of("adds-account", title);
        is_people(&self.nouns[at], self.lexicon)
            && has(&|role| matches!(role, Role::Account | Role::Phone | Role::Email))
            && (has(&|role| role == Role::Password) || named())
    }

    /// `user/edit` with the id of one.
    fn changes(&self, at: usize) -> bool {
        let endpoint = &self.set.endpoints[at];
        let (last, _) = path_words(endpoint, self.lexicon);
        let words = self.lexicon.operation_words(Operation::Update).map_or(&[] as &[String], |words| &words.path);
        let takes = |role: Role| self.inputs[at].iter().any(|input| input.word == role && input.required);
        is_people(&self.nouns[at], self.lexicon)
            && last.iter().any(|word| words.contains(word))
            && (takes(Role::UserId) || takes(Role::RecordId))
            && !self.lexicon.speaks_of("mine", &endpoint.title)
    }

    /// `注册推客员` of a caller: nobody who logs in is made.
    fn is_for_caller(&self, at: usize) -> bool {
        let inputs = &self.inputs[at];
        let carries = |input: &Input| input.word == Role::Token && input.required && input.location != In::Header;
        let noun = &self.nouns[at].path;
        inputs.iter().any(carries)
            && !inputs.iter().any(|input| input.word.is_secret())
            && !noun.is_empty()
            && !self.lexicon.is_named("account-noun", noun)
    }
}

/// Whether accounts are all that a path names.
pub(in crate::behavior) fn is_people(nouns: &Nouns, lexicon: &Lexicon) -> bool {
    lexicon.is_named("people-noun", &nouns.path)
}

/// Whether an endpoint makes an account for somebody else.
pub(in crate::behavior) fn adds_other(
    endpoint: &Endpoint,
    nouns: &Nouns,
    operation: Operation,
    lexicon: &Lexicon,
) -> bool {
    let oneself = || lexicon.operations_in(&endpoint.title).iter().any(|(known, _)| *known == Operation::Register);
    operation == Operation::Register && is_people(nouns, lexicon) && !oneself()
}

/// The endpoints that list accounts or show one, where others than themselves make accounts.
pub(in crate::behavior) fn shows(
    set: &DocSet,
    nouns: &[Nouns],
    operations: &[Operation],
    lexicon: &Lexicon,
) -> Vec<usize> {
    let adds = |at: usize| adds_other(&set.endpoints[at], &nouns[at], operations[at], lexicon);
    if !(0..operations.len()).any(adds) {
        return Vec::new();
    }
    let looks = |at: &usize| matches!(operations[*at], Operation::List | Operation::Detail);
    let all = (0..operations.len()).filter(looks).filter(|at| is_people(&nouns[*at], lexicon));
    all.filter(|at| !shape::item_shown(set, &set.endpoints[*at], lexicon).is_empty()).collect()
}
