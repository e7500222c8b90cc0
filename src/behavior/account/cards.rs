//! ID cards of others than the account that proves itself with one: visitors, patients, members of a family.
//!
//! In: an endpoint that keeps one with a record or a profile. Out: that its check digit is looked at, where a failure or a line
//! tells that a card can be wrong, and the failure that names it.

use crate::behavior::choose::Chooser;
use crate::behavior::collection::Collection;
use crate::behavior::infer::SetWide;
use crate::behavior::inputs::id_card;
use crate::behavior::{Confidence, Demand, Evidence, Failure};
use crate::lexicon::{Class, Operation, Role};

impl SetWide<'_> {
    pub(in crate::behavior) fn cards(
        &self,
        at: usize,
        records: Option<&Collection>,
        chooser: &Chooser<'_>,
    ) -> Option<(Demand, Evidence, Option<Failure>)> {
        if !is_kept_by(self.kinds[at]) {
            return None;
        }
        let (input, known) = self.inputs[at].iter().enumerate().find(|(_, input)| input.role == Role::IdCard)?;
        let param = self.set.endpoints[at].params.get(input)?;
        let words = param.all_words();
        let told = self.lexicon.speaks_of("check-digit", &words);
        // A card of the documents' own that is wrong shows that nobody looks.
        let shown =
            records.and_then(|records| records.field(&known.name)).and_then(|field| field.example.scalar_text());
        let wrong = |text: &str| id_card::has_form(text) && !id_card::is_valid(text);
        if !told && param.default.as_deref().into_iter().chain(shown).any(wrong) {
            return None;
        }
        let failure = chooser.of_card(at, input);
        if !told && failure.is_none() {
            return None;
        }
        let confidence = if told { Confidence::Certain } else { Confidence::Likely };
        let because = Evidence::new("birth date and check digit of the card (GB 11643)", known.place, confidence);
        Some((Demand::CardValid(input), because, failure))
    }
}

fn is_kept_by(operation: Operation) -> bool {
    matches!(operation, Operation::Create | Operation::Save | Operation::Update | Operation::EditProfile)
}

impl Chooser<'_> {
    /// The failure that says that this very card is wrong: the endpoint's own, else one of a table for all.
    pub(in crate::behavior) fn of_card(&self, at: usize, input: usize) -> Option<Failure> {
        const WRONG: [Class; 2] = [Class::IdentityInvalid, Class::Malformed];
        let says = |failure: &&Failure| failure.classes.iter().any(|class| WRONG.contains(class));
        self.naming(at, input).find(says).cloned()
    }
}
