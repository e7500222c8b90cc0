//! What no two records have alike, as failures and lines say.

use super::gather::{Gathering, is_data, key_for};
use crate::behavior::collection::prose::{remarks, sentences};
use crate::behavior::collection::{Collection, Unique};
use crate::behavior::{Failure, Form, Input};
use crate::lexicon::{Class, Role, compact};
use std::sync::Arc;

impl Gathering<'_> {
    /// `片区名称重复` says what two records cannot have alike.
    pub(in crate::behavior::collection) fn find_unique(&self, creators: &[usize], collection: &mut Collection) {
        for &at in creators {
            self.find_stated_unique(at, collection);
            // `请勿重复申请` says so of an application.
            let claims = self.lexicon.speaks_of("claim", &self.endpoint(at).title);
            let said = self.chooser.catalog.own[at].iter().find(|failure| {
                let once_more = claims && self.lexicon.speaks_of("once-more", failure.says());
                let cards = self.inputs[at].iter().any(|input| input.word == Role::IdCard);
                // `该身份证号的就诊人已存在` is about a record, `该身份证已认证` about who calls.
                let named = || {
                    let mut titles = collection.titles.iter().filter(|title| title.chars().count() > 1);
                    titles.any(|title| failure.message.contains(title.as_str()))
                };
                let taken = failure.classes.first() == Some(&Class::IdentityExists) && (!cards || named());
                let again = failure.classes.first() == Some(&Class::Exists) || self.is_done_before(at, failure);
                (again || taken || once_more)
                    && !self.is_of_voucher(at, failure)
                    && !self.goes_on(at, failure, collection)
            });
            let Some(failure) = said else { continue };
            // `已经评价过了` of 评价 says what is done twice, and nothing of a 评价内容.
            let deed = self.nouns[at].title.as_str();
            // `牌` of 绑定车牌 is no deed.
            let said =
                if deed.chars().count() < 2 { failure.message.clone() } else { failure.message.replace(deed, "\n") };
            let named = self.chooser.named_inputs(at, &said);
            let inputs = &self.inputs[at];
            let referring = inputs.iter().find(|input| collection.reference(&input.name).is_some());
            let parent = self.parent_field(at, collection).filter(|_| collection.owned && named.is_empty());
            let texts = || {
                inputs.iter().find(|input| {
                    input.required
                        && !input.rules.iter().any(|rule| matches!(rule.form, Form::Range(..)))
                        && matches!(
                            input.word,
                            Role::Plain | Role::Nickname | Role::RealName | Role::Account | Role::Phone
                        )
                        && key_for(collection, input).is_some()
                })
            };
            let input = named.first().map(|input| &inputs[*input]).filter(|input| is_data(input, true));
            // `该车牌已被绑定`: by whomsoever.
            let mut notes = remarks(self.prose, self.endpoint(at));
            let by_anyone = self.lexicon.speaks_of("taken-by-anyone", failure.says())
                || notes.any(|note| self.lexicon.speaks_of("taken-by-anyone", &note.text));
            // `每门课只能评一次` of `courses/:id/reviews`: once for what the path names.
            if let (Some(field), None) = (parent, referring) {
                let unique = Unique { fields: vec![field], own: !by_anyone, day: None };
                if !collection.unique.contains(&unique) {
                    collection.unique.push(unique);
                }
                continue;
            }
            let (input, own) = match (input, referring) {
                // `您已评价过该商品`: everybody has one go at what is everybody's.
                (Some(input), _) => {
                    let refers = collection.reference(&input.name).is_some() && collection.owned;
                    (input, (collection.private || refers) && !by_anyone)
                }
                (None, Some(reference)) if collection.owned => (reference, true),
                _ => match texts() {
                    Some(input) => (input, collection.private && !by_anyone),
                    None => continue,
                },
            };
            let key = |input: &Input| key_for(collection, input).unwrap_or_else(|| Arc::clone(&input.name));
            let stated = self.stated_alike(at, failure, collection, by_anyone);
            if !stated.is_empty() {
                for unique in stated {
                    if !collection.unique.contains(&unique) {
                        collection.unique.push(unique);
                    }
                }
                continue;
            }
            if let Some(unique) = self.combined(at, failure, collection, collection.private && !by_anyone) {
                if !collection.unique.contains(&unique) {
                    collection.unique.push(unique);
                }
                continue;
            }
            if let Some(unique) = self.taken_slot(at, failure, collection) {
                if !collection.unique.contains(&unique) {
                    collection.unique.push(unique);
                }
                continue;
            }
            // `那天已经有人约了`: one thing on one day.
            let with_day = referring.filter(|_| by_anyone).map(|reference| {
                let days = inputs.iter().filter(|input| input.required && has_day(input));
                std::iter::once(reference).chain(days).map(key).collect::<Vec<_>>()
            });
            let unique = match with_day.filter(|fields| fields.len() > 1) {
                Some(fields) => Unique { fields, own: false, day: None },
                None => Unique { fields: vec![key(input)], own, day: None },
            };
            if !collection.unique.contains(&unique) {
                collection.unique.push(unique);
            }
        }
    }

    /// The field that names what a path has before a record: `course_id` of a review at `courses/:id/reviews`.
    pub(in crate::behavior) fn parent_field(&self, at: usize, collection: &Collection) -> Option<Arc<str>> {
        let is_before = |field: &str| self.nouns[at].before.iter().any(|name| field.strip_suffix("_id") == Some(name));
        let bare = self.inputs[at].iter().any(|input| compact(&input.name) == "id");
        let field = collection.references.iter().map(|reference| &reference.field).find(|field| is_before(field));
        field.filter(|_| bare).map(Arc::clone)
    }

    /// Whether a failure says that the endpoint's deed was done before: `该订单已投诉` of 投诉订单.
    pub(in crate::behavior) fn is_done_before(&self, at: usize, failure: &Failure) -> bool {
        let open = failure.classes.is_empty() || failure.classes.first() == Some(&Class::WrongState);
        let title = self.endpoint(at).title.as_str();
        let plain = self.lexicon.plain(&failure.message);
        let done = |word: &String| {
            let mut after = plain.match_indices(word.as_str()).map(|(at, _)| plain[at + word.len()..].trim_start());
            after.any(|rest| {
                let deed: String = rest.chars().take(2).collect();
                deed.chars().count() == 2 && !deed.is_ascii() && title.contains(&deed)
            })
        };
        // `该时段已被预约` of 约课.
        let hour =
            || self.lexicon.speaks_of("slot-taken", failure.says()) && self.slot_spoken_of(at, failure).is_some();
        open && (self.lexicon.rules().deeds.done.iter().any(done) || hour())
    }

    /// What the words around a failure say that two records have alike: `自己名下楼栋、单元、房号三个都相同才算重复` all of it
    /// together, `姓名、手机号不能重复` each by itself.
    fn stated_alike(&self, at: usize, failure: &Failure, collection: &Collection, by_anyone: bool) -> Vec<Unique> {
        let endpoint = self.endpoint(at);
        let rows = endpoint.codes.rows.iter().chain(&endpoint.quoted).filter(|row| row.code == failure.code);
        let rows = rows.map(|row| row.text.as_str()).filter(|text| *text != failure.message);
        let notes = remarks(self.prose, endpoint).map(|note| note.text.as_str());
        let says = |topic: &str, text: &str| self.lexicon.speaks_of(topic, text);
        let told = rows.chain(notes).flat_map(sentences).filter(|text| says("same-again", text));
        for text in told {
            let inputs = &self.inputs[at];
            let is_kept = |input: &Input| is_data(input, true) || collection.reference(&input.name).is_some();
            let mut named: Vec<usize> =
                self.chooser.named_inputs(at, text).into_iter().filter(|input| is_kept(&inputs[*input])).collect();
            if named.is_empty() {
                continue;
            }
            named.sort_unstable();
            let key = |input: &usize| {
                let input = &inputs[*input];
                key_for(collection, input).unwrap_or_else(|| Arc::clone(&input.name))
            };
            let own = says("one-owner", text) || (collection.private && !by_anyone);
            let fields: Vec<Arc<str>> = named.iter().map(key).collect();
            if says("all-alike", text) || fields.len() == 1 {
                return vec![Unique { fields, own, day: None }];
            }
            return fields.into_iter().map(|field| Unique { fields: vec![field], own, day: None }).collect();
        }
        Vec::new()
    }
}

/// Whether an input brings a day or a time.
pub(in crate::behavior) fn has_day(input: &Input) -> bool {
    input.word == Role::Time || input.rules.iter().any(|rule| matches!(rule.form, Form::Date(_) | Form::NotPast(_)))
}
