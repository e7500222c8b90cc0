//! By what a record is named: the member that shows its id, and the input that takes it.

use super::group::Group;
use super::headed;
use super::noun::{id_stem, is_numbered};
use crate::behavior::Input;
use crate::behavior::account::others;
use crate::behavior::collection::items::gather::Gathering;
use crate::behavior::collection::items::seeing::Sight;
use crate::behavior::collection::items::shape;
use crate::behavior::collection::sides::invited::Part;
use crate::behavior::collection::{Collection, RecordId};
use crate::json::Json;
use crate::lexicon::{Lexicon, Operation, Role, compact, label_head};
use crate::spec::In;
use std::sync::Arc;

impl Gathering<'_> {
    /// The member that shows a record's id.
    pub(in crate::behavior::collection) fn id_key(
        &self,
        group: &Group,
        groups: &[Group],
        sights: &[Sight<'_>],
    ) -> Option<Arc<str>> {
        let keys = || sights.iter().flat_map(|sight| self.members(sight));
        let scalar = |(key, value): &(&Arc<str>, &Json)| value.is_scalar() && shape::is_id(key);
        let exactly = || keys().find(|(key, value)| matches!(compact(key).as_str(), "id") && value.is_scalar());
        let named =
            || keys().filter(scalar).find(|(key, _)| id_stem(key).is_some_and(|stem| group.names.contains(&stem)));
        let asked = || {
            let inputs = group.endpoints.iter().flat_map(|at| self.inputs[*at].iter().map(move |input| (*at, input)));
            let mut own = inputs.filter(|(at, input)| {
                let takes_one =
                    self.lexicon.operation_words(self.operations[*at]).is_some_and(|words| words.id == Some(true));
                (takes_one || matches!(self.operations[*at], Operation::Delete | Operation::Transition))
                    && (input.word == Role::RecordId
                        || is_numbered(&input.name, self.lexicon)
                        || self.is_short_id(input))
                    && !self.is_how_many(input)
                    && !id_stem(&input.name).is_some_and(|stem| {
                        groups.iter().any(|other| !std::ptr::eq(other, group) && other.names.contains(&stem))
                    })
            });
            own.find_map(|(_, input)| {
                keys().find(|(key, value)| compact(key) == compact(&input.name) && value.is_scalar())
            })
        };
        // `cai_id` heads the items of `caidan`, and nothing that makes such takes it.
        let heads = || {
            let makes = |at: &&usize| matches!(self.operations[**at], Operation::Create | Operation::Save);
            let takes = |key: &str| {
                let mut makers = group.endpoints.iter().filter(makes);
                makers.any(|at| self.inputs[*at].iter().any(|input| compact(&input.name) == compact(key)))
            };
            let is_others = |stem: &String| groups.iter().any(|other| other.names.contains(stem));
            let heading = sights.iter().filter_map(|sight| self.members(sight).next());
            heading.filter(scalar).find(|(key, _)| {
                let stem = id_stem(key).filter(|stem| stem.len() > 2 && !is_others(stem) && !takes(key));
                stem.is_some_and(|stem| group.names.iter().any(|name| name.starts_with(&stem) || name.ends_with(&stem)))
            })
        };
        // `lendNo` of lends that have no other id.
        let numbered = || {
            let own = |key: &Arc<str>| {
                is_numbered(key, self.lexicon) && id_stem(key).is_some_and(|stem| group.names.contains(&stem))
            };
            keys().find(|(key, value)| own(key) && value.is_scalar())
        };
        let granted = || self.granted_id(group, groups, sights);
        let found =
            exactly().or_else(named).or_else(asked).or_else(heads).or_else(numbered).map(|(key, _)| Arc::clone(key));
        found.or_else(granted).or_else(|| self.leading_id(group, groups, sights))
    }

    /// `hid`, which alone heads the list of what making one answers with it; `spid`, which heads goods that nobody makes. No maker
    /// takes it, and no other list has it first.
    fn leading_id(&self, group: &Group, groups: &[Group], sights: &[Sight<'_>]) -> Option<Arc<str>> {
        if group.relation.is_some() {
            return None;
        }
        let of = |wanted: &[Operation]| -> Vec<&Sight<'_>> {
            sights.iter().filter(|sight| wanted.contains(&self.operations[sight.endpoint])).collect()
        };
        let (listed, answered) = (of(&[Operation::List]), of(&[Operation::Create, Operation::Save]));
        let (key, _) = self.members(listed.first()?).next().filter(|(_, value)| value.is_scalar())?;
        let stem = id_stem(key);
        let of_another = || stem.as_ref().is_some_and(|stem| groups.iter().any(|other| other.names.contains(stem)));
        // Callers are tied to these, or name one in what they make.
        let refers = |list: &usize| {
            let own = groups.iter().find(|other| other.endpoints.contains(list));
            own.is_some_and(|own| own.relation.is_some() || self.is_taken_by_makers(own, key))
        };
        let apart = self.headed.by(key).iter().all(|list| group.endpoints.contains(list) || refers(list));
        if !headed::says_more(key, self.lexicon) || !apart || of_another() {
            return None;
        }
        let heads = listed.iter().all(|sight| self.members(sight).next().is_some_and(|(first, _)| first == key));
        let makes = |at: &&usize| matches!(self.operations[**at], Operation::Create | Operation::Save);
        let mut makers = group.endpoints.iter().filter(makes).peekable();
        let makable = makers.peek().is_some();
        let taken = makers.next().is_some() && self.is_taken_by_makers(group, key);
        let shown: Vec<&str> = listed.iter().filter_map(|sight| sight.item.get(key)?.scalar_text()).collect();
        let mut apart: Vec<&str> = shown.clone();
        apart.sort_unstable();
        apart.dedup();
        let answers = answered.iter().any(|sight| self.members(sight).any(|(name, _)| name == key));
        let telling = if makable { answers } else { apart.len() == shown.len() && shown.len() > 1 };
        (heads && !taken && telling).then(|| Arc::clone(key))
    }

    /// `rid`, and no account's.
    fn is_short_id(&self, input: &Input) -> bool {
        let bare = id_stem(&input.name).is_none() && compact(&input.name) != "id";
        bare && shape::is_id(&input.name) && !self.lexicon.is_named("account-id", &input.name)
    }

    fn is_taken_by_makers(&self, group: &Group, key: &str) -> bool {
        let makes = |at: &&usize| matches!(self.operations[**at], Operation::Create | Operation::Save);
        let mut makers = group.endpoints.iter().filter(makes);
        makers.any(|at| self.inputs[*at].iter().any(|input| compact(&input.name) == compact(key)))
    }

    /// `userCouponId` of what making one answers, or what heads the list beside the `couponId` that makes it: nobody sends it.
    fn granted_id(&self, group: &Group, groups: &[Group], sights: &[Sight<'_>]) -> Option<Arc<str>> {
        let makes = |at: usize| matches!(self.operations[at], Operation::Create | Operation::Save);
        let makers = || group.endpoints.iter().filter(|at| makes(**at));
        let taken: Vec<String> = makers().flat_map(|at| &self.inputs[*at]).map(|input| compact(&input.name)).collect();
        if taken.is_empty() {
            return None;
        }
        let stem = |key: &str| id_stem(key).filter(|stem| stem.len() > 2);
        let is_own = |(key, value): &(&Arc<str>, &Json)| {
            let others = |stem: &String| {
                groups.iter().any(|other| other.names.contains(stem))
                    || self.lexicon.is_named("account-id", key)
                    || self.lexicon.is_named("author", stem)
            };
            value.scalar_text().is_some_and(|text| !text.is_empty())
                && shape::is_id(key)
                && !taken.contains(&compact(key))
                && stem(key).is_some_and(|stem| !others(&stem))
        };
        let listed = || sights.iter().filter(|sight| self.operations[sight.endpoint] == Operation::List);
        let mut answered = sights.iter().filter(|sight| makes(sight.endpoint)).filter_map(|sight| {
            let mut own = self.members(sight).filter(is_own);
            let (key, _) = own.next()?;
            let shown = listed().next().is_none()
                || listed().any(|sight| self.members(sight).next().is_some_and(|(first, _)| first == key));
            (own.next().is_none() && shown).then(|| Arc::clone(key))
        });
        let of_offer = |key: &str| {
            let own = stem(key).unwrap_or_default();
            let mut offers = taken.iter().filter_map(|taken| stem(taken));
            offers.any(|offer| own != offer && (own.ends_with(&offer) || own.starts_with(&offer)))
        };
        let heads = || {
            let mut first = listed().filter_map(|sight| self.members(sight).next().filter(is_own));
            first.find(|(key, _)| of_offer(key)).map(|(key, _)| Arc::clone(key))
        };
        answered.next().or_else(heads)
    }

    /// The input that names a record of the endpoint's own collection.
    /// `number=1#数量`, `number#改成几件`: how many, and no number by which a record goes.
    fn is_how_many(&self, input: &Input) -> bool {
        let label = label_head(&input.label);
        self.lexicon.is_named("quantity", &input.name) && self.lexicon.speaks_of("how-many", label)
    }

    pub(in crate::behavior::collection) fn id_input(
        &self,
        at: usize,
        collection: &Collection,
        groups: &[Group],
    ) -> Option<RecordId> {
        let operation = self.operations[at];
        if let Some(input) = self.told_id(at) {
            let name = &self.inputs[at][input].name;
            let own =
                compact(name) == "id" || collection.id.key.as_deref().is_some_and(|key| compact(key) == compact(name));
            let via = collection.field(name).filter(|_| !own).map(|field| Arc::clone(&field.key));
            return Some(RecordId { input, via });
        }
        if matches!(operation, Operation::List | Operation::Create | Operation::Count) {
            return None;
        }
        let inputs: Vec<(usize, &Input)> = self.inputs[at]
            .iter()
            .enumerate()
            .filter(|(_, input)| {
                !input.discriminates && !input.routes && input.location != In::Header && input.word != Role::Token
            })
            .collect();
        let plain = |input: usize| Some(RecordId { input, via: None });
        let find = |test: &dyn Fn(&Input) -> bool| inputs.iter().find(|(_, input)| test(input)).map(|(at, _)| *at);
        match self.invited.parts.get(&at) {
            Some(Part::Join(input)) => {
                let via = Some(Arc::clone(&self.inputs[at][*input].name));
                return Some(RecordId { input: *input, via });
            }
            Some(Part::Admit(input)) => return plain(*input),
            _ => {}
        }
        if let Some(relation) = &collection.relation {
            // None where accounts are tied.
            let target = groups.get(relation.target);
            let names_target = |input: &Input| {
                let by_stem = |target: &Group| id_stem(&input.name).is_some_and(|stem| target.names.contains(&stem));
                compact(&input.name) == compact(&relation.field)
                    || target.map_or_else(|| others::names_account(input, self.lexicon), by_stem)
            };
            let bare =
                |input: &Input| matches!(compact(&input.name).as_str(), "id" | "ids") || input.location == In::Path;
            let any = |input: &Input| input.word == Role::RecordId;
            return find(&names_target).or_else(|| find(&bare)).or_else(|| find(&any)).and_then(plain);
        }
        let bare = |input: &Input| matches!(compact(&input.name).as_str(), "id" | "ids");
        let own = |input: &Input| id_stem(&input.name).is_some_and(|stem| collection.is_called(&stem));
        // A cart's line is named by the goods that it holds.
        let held = |input: &Input| collection.private && collection.reference(&input.name).is_some();
        let same = |input: &Input| collection.id.key.as_deref().is_some_and(|key| compact(key) == compact(&input.name));
        if let Some(found) = find(&bare).or_else(|| find(&own)).or_else(|| find(&same)) {
            // `order_no` shares the stem of `order_id`, and is a field of its own.
            let name = &self.inputs[at][found].name;
            let via =
                collection.field(name).filter(|_| !same(&self.inputs[at][found])).map(|field| Arc::clone(&field.key));
            return Some(RecordId { input: found, via });
        }
        let person = |input: &Input| input.word == Role::UserId;
        let people = || collection.names.iter().any(|name| self.lexicon.is_named("people-noun", name));
        if let Some(input) = find(&person).filter(|_| people()) {
            return plain(input);
        }
        let numbered = inputs.iter().find_map(|(input, known)| {
            let field = collection.field(&known.name)?;
            (is_numbered(&known.name, self.lexicon) && !self.is_how_many(known))
                .then(|| (*input, Arc::clone(&field.key)))
        });
        if let Some((input, via)) = numbered {
            return Some(RecordId { input, via: Some(via) });
        }
        let needs = self.lexicon.operation_words(operation).is_some_and(|words| words.id == Some(true))
            || matches!(operation, Operation::Transition | Operation::Delete);
        let by_reference = find(&held).and_then(|input| {
            let reference = collection.reference(&self.inputs[at][input].name)?;
            Some(RecordId { input, via: Some(Arc::clone(&reference.field)) })
        });
        let foreign = |input: &Input| {
            id_stem(&input.name).is_some_and(|stem| groups.iter().any(|group| group.names.contains(&stem)))
        };
        let path = |input: &Input| input.location == In::Path;
        let any = |input: &Input| input.word == Role::RecordId && !foreign(input);
        let labelled = |input: &Input| {
            collection.titles.iter().any(|title| input.label.starts_with(title.as_str()))
                && (shape::is_id(&input.name) || input.word == Role::RecordId)
        };
        let own = find(&path).or_else(|| find(&labelled)).or_else(|| find(&any).filter(|_| needs));
        own.and_then(plain).or(by_reference.filter(|_| needs))
    }
}

/// A label of an id without what says that it is one: `联系人` of `联系人id`.
pub(in crate::behavior) fn bare_label(label: &str, lexicon: &Lexicon) -> String {
    let bare = lexicon.without("title-filler", crate::lexicon::label_head(label));
    let bare: String = bare.chars().filter(|c| c.is_alphabetic() && !c.is_ascii()).collect();
    // What says that it is a name: `运单号`, `订单编号`.
    lexicon.before_end("id-word", &bare).to_owned()
}
