//! What a caller chooses for good: `选择自提点` with an id that the profile shows under the same name.
//!
//! In: an endpoint that names a record which is nobody's. Out: that the account keeps what was chosen.

use crate::behavior::collection::{Collection, OnRecords};
use crate::behavior::infer::SetWide;
use crate::behavior::{Action, Auth, Confidence, Effect, Evidence};
use crate::lexicon::Operation;
use crate::spec::In;
use std::sync::Arc;

impl SetWide<'_> {
    pub(in crate::behavior) fn choice(
        &self,
        at: usize,
        auth: Auth,
        on: Option<&OnRecords>,
        collections: &[Collection],
        effects: &[Effect],
    ) -> Option<Effect> {
        let kind = self.kinds[at];
        let chooses = matches!(
            kind,
            Operation::SetDefault | Operation::Update | Operation::Transition | Operation::Answer | Operation::Toggle
        );
        let endpoint = &self.set.endpoints[at];
        if !chooses || auth == Auth::Anyone || !self.lexicon.speaks_of("choice", &endpoint.title) {
            return None;
        }
        if on.is_some_and(|on| collections[on.collection].private) {
            return None;
        }
        let inputs = self.inputs[at].iter().enumerate();
        let mut sent =
            inputs.filter(|(_, input)| !input.discriminates && !input.routes && input.location != In::Header);
        let (input, field) = sent.find_map(|(at, input)| Some((at, self.accounts.field(&input.name)?)))?;
        let kept = effects.iter().any(|effect| matches!(effect.action, Action::SetFields(_)));
        let because = Evidence::new(endpoint.title.clone(), field.place, Confidence::Likely);
        let action = Action::SetFields(vec![(Arc::clone(&field.key), input)]);
        (!kept).then_some(Effect { action, because })
    }
}
