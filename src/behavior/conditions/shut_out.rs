//! What those may not do whom somebody has shut out: `对方已将你拉黑` of following, commenting and writing to them.
//!
//! In: an endpoint with such a failure, beside a relation that shuts out (`拉黑`). Out: the demand that whoever the request names, or
//! whose record it names, has not tied the caller so.

use crate::behavior::Demand;
use crate::behavior::account::others;
use crate::behavior::collection::Collection;
use crate::behavior::failure::Failure;
use crate::behavior::records::{Records, Wish};

impl Records<'_> {
    pub(in crate::behavior) fn welcome(&self, records: &Collection, wishes: &mut Vec<Wish>) {
        let lexicon = self.gathering.lexicon;
        let says = |failure: &&Failure| lexicon.speaks_of("shut-out-by", &failure.message);
        let Some(failure) = self.failures().iter().find(says) else { return };
        let shuts = |known: &Collection| {
            let relation = known.relation.as_ref()?;
            let of_people = self.collections.get(relation.target).is_some_and(Collection::holds_accounts);
            let mut relations = lexicon.verbs().relations();
            let shuts = relations.any(|(name, relation_of)| name == relation.name && relation_of.shuts_out);
            (of_people && shuts).then_some(())
        };
        let Some(relation) = self.collections.iter().position(|known| shuts(known).is_some()) else { return };
        if shuts(records).is_some() {
            return;
        }
        let person = self.inputs().iter().position(|input| others::names_account(input, lexicon));
        let own = self.on.map(|on| on.collection);
        let record = || {
            let of = |input: usize| self.referred(input, own).filter(|at| self.collections[*at].owned);
            let named = (0..self.inputs().len()).find_map(|input| Some((input, of(input)?)));
            named.or_else(|| Some((self.on?.id.as_ref()?.input, own?)))
        };
        let found = person.map(|input| (input, None)).or_else(|| record().map(|(input, of)| (input, Some(of))));
        let Some((input, of)) = found else { return };
        let because = self.because("a failure says that somebody can be shut out");
        wishes.push((Demand::Welcome { relation, input, of }, because, Some(failure.clone())));
    }
}
