//! What rules look at: the set, the words of the trade, and what several rules need to know of them.

use super::codes::Codes;
use crate::behavior::{Action, Behavior, Input, Model};
use crate::lexicon::{Class, Lexicon, Role};
use crate::spec::{DocSet, Endpoint, In, Param};
use std::cell::OnceCell;
use std::collections::HashSet;

pub(super) struct Look<'a> {
    pub(super) set: &'a DocSet,
    pub(super) lexicon: &'a Lexicon,
    pub(super) codes: Codes<'a>,
    model: &'a Model,
    explained: OnceCell<HashSet<&'a str>>,
}

impl<'a> Look<'a> {
    pub(super) fn new(set: &'a DocSet, model: &'a Model, lexicon: &'a Lexicon) -> Self {
        Self { set, lexicon, codes: Codes::of(set, lexicon), model, explained: OnceCell::new() }
    }

    /// Every endpoint, with what it does.
    pub(super) fn endpoints(&self) -> impl Iterator<Item = (&'a Endpoint, &'a Behavior)> {
        self.set.endpoints.iter().zip(&self.model.behaviors)
    }

    /// Whether a table says what a code means, or a failure shows it.
    pub(super) fn is_explained(&self, code: &str) -> bool {
        let explained = self.explained.get_or_init(|| {
            let told = self.codes.told.iter().filter(|row| !row.text.is_empty()).map(|row| row.code);
            let shown = self.set.endpoints.iter().flat_map(|endpoint| {
                let envelope = self.set.envelope(endpoint);
                endpoint.errors().filter_map(|example| envelope.code_of(&example.value)).map(|(_, code)| code)
            });
            told.chain(shown).collect()
        });
        explained.contains(code)
    }

    /// Whether the endpoint changes anything. In a set that shows no account, the operation alone tells.
    pub(super) fn changes(&self, behavior: &Behavior) -> bool {
        let writes = self.lexicon.operation_words(behavior.operation).is_some_and(|words| words.writes);
        writes || !behavior.effects.is_empty()
    }

    /// The inputs whose values the endpoint keeps.
    pub(super) fn kept<'b>(&self, behavior: &'b Behavior) -> impl Iterator<Item = &'b Input> {
        let by_effects: Vec<usize> = behavior.effects.iter().flat_map(|effect| kept_by(&effect.action)).collect();
        let by_operation = behavior.effects.is_empty() && self.changes(behavior);
        let kept = move |at: &usize| by_operation || by_effects.contains(at);
        let inputs = behavior.inputs.iter().enumerate().filter(move |(at, _)| kept(at));
        inputs.map(|(_, input)| input).filter(|input| !only_names(input))
    }

    pub(super) fn role(&self, param: &Param) -> Option<Role> {
        self.lexicon.role(&param.name, &param.label).map(|(role, _)| role)
    }

    /// What takes the caller's token, if the endpoint declares it.
    pub(super) fn token<'e>(&self, endpoint: &'e Endpoint) -> Option<&'e Param> {
        endpoint.params.iter().find(|param| self.role(param) == Some(Role::Token))
    }

    /// Whether this is what the text says first: what follows (`手机号已注册,请直接登录`) may be advice.
    pub(super) fn says(&self, text: &str, class: Class) -> bool {
        self.lexicon.meaning(text).classes.first() == Some(&class)
    }
}

/// The inputs whose values an effect keeps, by index.
fn kept_by(action: &Action) -> Vec<usize> {
    match action {
        Action::CreateAccount { identities, password, fields }
        | Action::EnsureAccount { identities, password, fields } => {
            identities.iter().copied().chain(*password).chain(fields.iter().map(|(_, input)| *input)).collect()
        }
        Action::SetPassword { password, .. } => vec![*password],
        Action::SetFields(fields)
        | Action::CreateRecord { fields, .. }
        | Action::UpdateRecord { fields, .. }
        | Action::SaveRecord { fields, .. } => fields.iter().map(|(_, input)| *input).collect(),
        Action::SetIdentity(identity) => vec![*identity],
        Action::KeepFiles { inputs, .. } => inputs.iter().map(|(input, _)| *input).collect(),
        Action::Verify { name, card } => name.iter().copied().chain([*card]).collect(),
        Action::SpendPasscode { .. }
        | Action::IssueToken
        | Action::RevokeToken
        | Action::RevokeTokens
        | Action::DeleteAccount
        | Action::Submit { .. }
        | Action::SendPasscode { .. }
        | Action::RemoveRecords { .. }
        | Action::CopyRecord(_)
        | Action::RemoveChildren { .. }
        | Action::ChooseRecord { .. }
        | Action::MoveRecords { .. }
        | Action::TakeRecord { .. }
        | Action::LeaveRecord { .. }
        | Action::Tie { .. }
        | Action::AdjustRecord { .. }
        | Action::CountView { .. }
        | Action::PutOff { .. }
        | Action::ChargeLate { .. }
        | Action::Meter { .. }
        | Action::MoveNamed { .. }
        | Action::MarkRecord { .. }
        | Action::GiveBack { .. }
        | Action::TakeAway { .. }
        | Action::ReturnVoucher { .. }
        | Action::TakeLines { .. }
        | Action::Charge { .. }
        | Action::AddFunds { .. }
        | Action::Settle { .. }
        | Action::SetFlag { .. }
        | Action::Give { .. }
        | Action::MarkCaller { .. }
        | Action::CountDays(_)
        | Action::UseVoucher { .. }
        | Action::TakeFrom { .. }
        | Action::Notify(_)
        | Action::Enter(_)
        | Action::Fine(_)
        | Action::CountDeed { .. } => Vec::new(),
    }
}

/// Whether an input says who calls or what is meant, and brings nothing to be kept.
fn only_names(input: &Input) -> bool {
    let names = matches!(
        input.role,
        Role::Token
            | Role::Openid
            | Role::UserId
            | Role::RecordId
            | Role::Page
            | Role::PageSize
            | Role::Keyword
            | Role::Purpose
    );
    names || input.discriminates || matches!(input.location, In::Path | In::Header)
}

/// Enough of a text to know it again.
pub(super) fn brief(text: &str) -> String {
    const LONGEST: usize = 40;
    let mut short: String = text.trim().chars().take(LONGEST).collect();
    if short.len() < text.trim().len() {
        short.push('…');
    }
    short
}
