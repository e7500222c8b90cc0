//! The other party of a record: whoever has what it refers to. The seller of an order is who offered the goods: `卖家调的`,
//! `买家卖家都可以看`, 我卖出的订单.
//!
//! In: collections with their references and owners, and the words beside the endpoints. Out: for a collection the reference
//! through which it has another party, and for each endpoint which of the two may call it.

use crate::behavior::collection::items::gather::Gathering;
use crate::behavior::collection::nouns::group::Group;
use crate::behavior::collection::prose::remarks;
use crate::behavior::collection::{Collection, OnRecords, Reference};
use crate::behavior::login::sessions::bracketed;
use crate::behavior::operation::path_of;
use crate::behavior::{Confidence, Evidence};
use crate::lexicon::{Lexicon, Operation};
use crate::source::Place;
use std::sync::Arc;

/// Whoever has what a record refers to has to do with the record.
#[derive(Clone, Debug)]
pub struct Counterpart {
    /// The field that names what they have, and its collection.
    pub field: Arc<str>,
    pub collection: usize,
    pub because: Evidence,
}

/// Whose records an endpoint is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Party {
    #[default]
    Maker,
    /// Who has what the record refers to.
    Other,
    Both,
    /// Anybody: whoever calls becomes the other party.
    Anybody,
}

/// The words that call the two parties of a record.
#[derive(Clone, Debug)]
pub(in crate::behavior::collection) struct Sides<'a> {
    pub(in crate::behavior::collection) lexicon: &'a Lexicon,
    /// Topics: who has to do with a record beside its maker, and its maker.
    pub(in crate::behavior::collection) other: &'static str,
    pub(in crate::behavior::collection) maker: &'static str,
    /// What the documents call them beside those.
    pub(in crate::behavior::collection) others: Vec<&'a str>,
    pub(in crate::behavior::collection) makers: Vec<&'a str>,
}

impl<'a> Sides<'a> {
    /// Who has what a record refers to, and who made the record.
    fn offered(lexicon: &'a Lexicon) -> Self {
        Self { lexicon, other: "other-party", maker: "maker-party", others: Vec::new(), makers: Vec::new() }
    }

    /// Who takes what another made, and who made it.
    pub(in crate::behavior::collection) fn peers(lexicon: &'a Lexicon) -> Self {
        Self { lexicon, other: "taker-side", maker: "publisher-side", others: Vec::new(), makers: Vec::new() }
    }

    /// Whom a record names to act on it, and who made it.
    pub(in crate::behavior::collection) fn appointed(lexicon: &'a Lexicon, label: &'a str) -> Self {
        let others = (label.chars().count() > 1).then_some(label).into_iter().collect();
        Self { lexicon, other: "appointed", maker: "maker-party", others, makers: Vec::new() }
    }

    pub(in crate::behavior::collection) fn other_in<'t>(&self, clause: &'t str) -> Option<&'t str> {
        let own = self.others.iter().find_map(|word| clause.match_indices(word).next());
        let word = || self.lexicon.word_of(self.other, clause).filter(|word| !self.makers.contains(word));
        own.map(|(_, word)| word).or_else(word)
    }

    pub(in crate::behavior::collection) fn maker_in<'t>(&self, clause: &'t str) -> Option<&'t str> {
        let own = self.makers.iter().find_map(|word| clause.match_indices(word).next());
        let word = || self.lexicon.word_of(self.maker, clause).filter(|word| !self.others.contains(word));
        own.map(|(_, word)| word).or_else(word)
    }
}

impl Gathering<'_> {
    /// Finds the other parties of all collections, once it is known whose the records are.
    pub(in crate::behavior::collection) fn settle_parties(
        &self,
        groups: &[Group],
        collections: &mut [Collection],
        on_records: &mut [Option<OnRecords>],
    ) {
        for (at, group) in groups.iter().enumerate() {
            self.settle_appointed(group, &mut collections[at], on_records);
            let Some(offered) = offered(at, collections).cloned() else {
                let told = self.told_of(collections, at).is_some_and(|told| told.private.is_some());
                self.settle_peers(group, &mut collections[at], on_records, told);
                continue;
            };
            for &endpoint in &group.endpoints {
                let Some((party, place, text)) = self.party(endpoint) else { continue };
                if let Some(on) = &mut on_records[endpoint] {
                    on.party = party;
                }
                if party != Party::Maker && collections[at].counterpart.is_none() {
                    collections[at].counterpart = Some(Counterpart {
                        field: Arc::clone(&offered.field),
                        collection: offered.collection,
                        because: Evidence::new(format!("`{text}`"), place, Confidence::Likely),
                    });
                }
            }
        }
    }

    /// Who calls an endpoint, as its title or a remark beside it says.
    fn party(&self, at: usize) -> Option<(Party, Place, &str)> {
        let endpoint = self.endpoint(at);
        let title = endpoint.title.as_str();
        let operation = self.operations[at];
        let sides = Sides::offered(self.lexicon);
        let acts = matches!(operation, Operation::Transition | Operation::Update | Operation::Delete);
        let called = self.lexicon.begins_with("other-party", title) && acts;
        let theirs = operation == Operation::List
            && (self.lexicon.speaks_of("others-made", title)
                || path_of(endpoint).iter().any(|word| self.lexicon.is_named("others-made", word)));
        let mut found =
            (called || theirs).then(|| (Party::Other, endpoint.title_place.unwrap_or(endpoint.place), title));
        if !acts && !matches!(operation, Operation::Detail | Operation::List) {
            return found;
        }
        let mut aside =
            bracketed(title).filter_map(|aside| whose_aside(aside, acts, &sides).map(|party| (party, aside)));
        if let Some((party, aside)) = aside.next() {
            return Some((party, endpoint.title_place.unwrap_or(endpoint.place), aside));
        }
        for note in remarks(self.prose, endpoint) {
            for clause in clauses(&note.text) {
                match told(clause, &sides) {
                    Some(Party::Both) => return Some((Party::Both, note.place, clause)),
                    Some(party) if found.is_none() => found = Some((party, note.place, clause)),
                    _ => {}
                }
            }
        }
        let refusals = self.chooser.catalog.own[at].iter();
        found.or_else(|| {
            // `只有卖家可以发货` is what a buyer is told.
            let mut refusals = refusals.filter(|failure| told(&failure.message, &sides) == Some(Party::Other));
            refusals.next().map(|failure| (Party::Other, failure.place, failure.message.as_str()))
        })
    }
}

/// Whose an endpoint is by what its title has in brackets: `发货（卖家）`, `取消订单（买家卖家都行）`, `【房东】预约列表`.
fn whose_aside(aside: &str, acts: bool, sides: &Sides<'_>) -> Option<Party> {
    let lexicon = sides.lexicon;
    let both = lexicon.speaks_of("both-parties", aside);
    let other = sides.other_in(aside).filter(|word| !lexicon.is_named("account-noun", word));
    if both || (other.is_some() && sides.maker_in(aside).is_some()) {
        return (both || lexicon.speaks_of("party-both", aside)).then_some(Party::Both);
    }
    // `卖家可见` of a deed says who sees what it does.
    let rest = aside.strip_prefix(other?)?.trim();
    let may = if acts { "party-acts" } else { "party-may" };
    let sees = acts && lexicon.speaks_of("party-sees", rest);
    let says = rest.is_empty() || lexicon.begins_with(may, rest) || lexicon.begins_with("party-acts", rest);
    (says && !sees && !lexicon.speaks_of("party-refused", rest)).then_some(Party::Other)
}

/// The reference of a collection to what others offer.
fn offered(at: usize, collections: &[Collection]) -> Option<&Reference> {
    let known = &collections[at];
    if !known.owned || known.relation.is_some() || known.taker.is_some() || known.recipient.is_some() {
        return None;
    }
    known.references.iter().find(|reference| {
        !reference.many && reference.collection != at && is_offered(&collections[reference.collection])
    })
}

/// Whether callers make its records and others see them.
pub(in crate::behavior) fn is_offered(known: &Collection) -> bool {
    known.owned && !known.private && known.relation.is_none() && !known.holds_accounts()
}

pub(in crate::behavior::collection) fn clauses(text: &str) -> impl Iterator<Item = &str> {
    let cut = text.split([',', '，', ';', '；', '。', '!', '！', '(', '（', ')', '）', '：', ':']);
    cut.map(str::trim).filter(|clause| !clause.is_empty())
}

/// Whose deed it is, as a clause says: `卖家调的`, `由房东确认`, `买家卖家都可以看`.
fn told(clause: &str, sides: &Sides<'_>) -> Option<Party> {
    let lexicon = sides.lexicon;
    let says = |topic: &str| lexicon.speaks_of(topic, clause);
    // What a set calls all its accounts is no party: `仅作者本人可操作`.
    let other = sides.other_in(clause).filter(|word| !lexicon.is_named("account-noun", word));
    let maker = sides.maker_in(clause).is_some();
    // `只能标自己收到的`
    if !maker && says("got-by-me") && says("only-from") && !says("party-refused") {
        return Some(Party::Other);
    }
    let both = says("both-parties");
    if (both || (other.is_some() && (maker || says("party-both")))) && says("party-may") && !says("party-refused") {
        return (both || says("party-both")).then_some(Party::Both);
    }
    (!maker && does(clause, other?, lexicon)).then_some(Party::Other)
}

/// Whether a clause says that this is somebody's to do: `只有卖家能操作`, `卖家调的`. `买家或其他人调提示无权操作` tells who may not.
pub(in crate::behavior::collection) fn does(clause: &str, somebody: &str, lexicon: &Lexicon) -> bool {
    let Some((before, after)) = clause.split_once(somebody) else { return false };
    let alone = lexicon.ends_with("party-only", before.trim_end());
    let by = lexicon.ends_with("party-by", before.trim_end()) && lexicon.begins_with("party-does", after.trim_start());
    let first = before.trim().is_empty();
    let acts = lexicon.begins_with("party-acts", after.trim_start());
    let denied = lexicon.speaks_of("party-refused", clause) && !alone;
    !denied && ((first && acts) || (alone && !after.is_empty()) || by)
}

/// Whether a refusal says whose deed it is, and nothing of how the record stands: `只有发布人可以操作`.
pub(in crate::behavior) fn says_whose(message: &str, lexicon: &Lexicon) -> bool {
    let topics = ["other-party", "maker-party", "taker-side", "publisher-side"];
    clauses(message).any(|clause| {
        let mut words = topics.iter().filter_map(|topic| lexicon.word_of(topic, clause));
        words.any(|word| {
            let Some((before, after)) = clause.split_once(word) else { return false };
            lexicon.ends_with("party-only", before.trim_end()) && lexicon.begins_with("party-acts", after.trim_start())
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(clause: &str, expected: Option<Party>) {
        let lexicon = Lexicon::standard();
        assert_eq!(told(clause, &Sides::offered(&lexicon)), expected, "{clause}");
    }

    #[test]
    fn a_clause_says_whose_deed_it_is() {
        check("卖家调的", Some(Party::Other));
        check("只有房东能确认", Some(Party::Other));
        check("由老师操作", Some(Party::Other));
        check("由出借人确认", Some(Party::Other));
        check("仅商家可调用", Some(Party::Other));
        check("买家卖家都可以看", Some(Party::Both));
        check("租赁双方都能取消", Some(Party::Both));
        check("房东也可以看", Some(Party::Both));
        check("only the seller may call this", Some(Party::Other));
        check("the seller can see it as well", Some(Party::Both));
    }

    #[test]
    fn who_is_only_spoken_of_does_not_call() {
        check("卖家发货后才能确认收货", None);
        check("给卖家留言", None);
        check("需要房东同意", None);
        check("运费由卖家承担", None);
        check("提醒卖家尽快发货", None);
        check("买家卖家都会收到通知", None);
        check("买家或其他人调提示无权操作", None);
        check("付款后通知房东", None);
        check("老师详情里有课程", None);
    }
}
