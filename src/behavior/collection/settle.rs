//! What is settled once a collection is known: its owner, its initial values, what is unique, its demonstration records.

use super::items::blank_rows;
use super::items::gather::{Gathering, is_mine};
use super::machine::moves;
use super::nouns::group::Group;
use super::nouns::noun::{id_stem, is_numbered};
use super::prose::remarks;
use super::told::tell_records;
use super::{Collection, Inherited, Initial, OnRecords, Seed};
use crate::behavior::Auth;
use crate::behavior::notices::reading;
use crate::json::{Json, Step};
use crate::lexicon::{Operation, Role, compact};
use crate::spec::In;
use crate::world::Fields;
use std::collections::BTreeSet;
use std::sync::Arc;

impl Gathering<'_> {
    /// Whose the records are, and who sees them.
    pub(super) fn settle_owner(&self, group: &Group, collection: &mut Collection) {
        // An endpoint that takes a token makes its caller's records, whether or not it demands the token.
        let takes = |at: &usize| {
            matches!(self.auths[*at], Auth::Required | Auth::Named(_))
                || self.inputs[*at].iter().any(|input| input.word == Role::Token)
        };
        let of = |wanted: &[Operation]| -> Vec<usize> {
            group.endpoints.iter().copied().filter(|at| wanted.contains(&self.operations[*at])).collect()
        };
        let creators = of(&[Operation::Create, Operation::Save, Operation::Toggle]);
        let office = |at: &usize| self.accounts.kinds.as_ref().is_some_and(|kinds| kinds.is_office(*at));
        let (seen_by_office, shows): (Vec<usize>, Vec<usize>) =
            of(&[Operation::List, Operation::Detail]).into_iter().partition(office);
        let lexicon = self.lexicon;
        // A header that all requests carry does not say that only its caller's records are shown.
        let carried = |at: &usize| {
            self.inputs[*at]
                .iter()
                .any(|input| input.word == Role::Token && input.location != In::Header && !input.routes)
        };
        let shown_to_callers = |at: &usize| {
            matches!(self.auths[*at], Auth::Required | Auth::Named(_))
                || carried(at)
                || (takes(at) && is_mine(self.endpoint(*at), lexicon))
        };
        collection.owned = creators.iter().any(takes);
        let kinds = self.accounts.kinds.as_ref();
        let mut makers = creators.iter().map(|at| kinds.and_then(|kinds| kinds.caller(*at)));
        collection.made_by = makers.next().flatten().filter(|first| makers.all(|kind| kind == Some(*first)));
        // `收件人id` can name an entry of an address book.
        collection.recipient = self.recipient(group).and_then(|input| {
            let key = self.recipient_key(group, collection, input);
            collection.reference(&key).is_none().then_some(key)
        });
        collection.answers = self.answers(&creators, collection);
        // `userName` that is sent names who the record is about, and not whose it is.
        let sent = |field: &super::ItemField| {
            let mut inputs = creators.iter().flat_map(|at| &self.inputs[*at]);
            inputs.any(|input| input.required && compact(&input.name) == compact(&field.key))
        };
        let by_someone = collection.fields.iter().filter(|field| !sent(field)).any(|field| {
            matches!(field.role, Role::Nickname | Role::Avatar)
                || super::sides::people::is_of_author(&field.key, lexicon)
                || super::sides::people::is_somebody(&field.example, lexicon)
        });
        let lists: Vec<usize> = of(&[Operation::List]).into_iter().filter(|at| !office(at)).collect();
        let all_mine = !lists.is_empty() && lists.iter().all(|at| is_mine(self.endpoint(*at), lexicon));
        collection.owned |= collection.recipient.is_some();
        collection.private = collection.relation.is_some()
            || collection.recipient.is_some()
            || (collection.owned
                && shows.iter().all(shown_to_callers)
                && (!by_someone || all_mine || !seen_by_office.is_empty())
                && !self.is_joined(group)
                && !lists.iter().any(|at| self.is_everybodys(*at)));
    }

    /// `这个任务下所有人的留言`: a list shows what others made, too.
    fn is_everybodys(&self, at: usize) -> bool {
        let says = |note: &crate::spec::Note| {
            super::prose::sentences(&note.text).any(|text| self.lexicon.speaks_of("of-everybody", text))
        };
        self.accounts.kinds.is_none()
            && !is_mine(self.endpoint(at), self.lexicon)
            && remarks(self.prose, self.endpoint(at)).any(says)
    }

    /// What depends on who may call and on how the records are changed.
    pub(super) fn finish(
        &self,
        at: usize,
        group: &Group,
        collections: &mut [Collection],
        on_records: &[Option<OnRecords>],
    ) {
        let of = |wanted: &[Operation]| -> Vec<usize> {
            group.endpoints.iter().copied().filter(|at| wanted.contains(&self.operations[*at])).collect()
        };
        let creators = of(&[Operation::Create, Operation::Save, Operation::Toggle]);
        let (lexicon, told) = (self.lexicon, self.told_of(collections, at));
        let parent = group.within.as_ref().map(|within| collections[within.parent].id.key.clone());
        let lent = super::items::joins::lent_times(collections, at, lexicon);
        let collection = &mut collections[at];
        collection.default_flag = self.one_at_a_time(group, collection, !of(&[Operation::SetDefault]).is_empty());
        self.tell_default(group, collection);
        let sent: BTreeSet<String> =
            creators.iter().flat_map(|at| &self.inputs[*at]).map(|input| compact(&input.name)).collect();
        let referring: Vec<Arc<str>> = collection.references.iter().map(|known| Arc::clone(&known.field)).collect();
        let own_number =
            |key: &str| is_numbered(key, lexicon) && id_stem(key).is_none_or(|stem| collection.names.contains(&stem));
        let (flag, answers) = (collection.default_flag.clone(), collection.answers.clone());
        let time_shown = blank_rows::time_shown(&collection.fields);
        let is_in_use = |flag: &str| !lexicon.is_named("default-flag", flag) && lexicon.is_named("one-at-a-time", flag);
        for field in &mut collection.fields {
            let words = compact(&field.key);
            let label = crate::lexicon::label_head(&field.words);
            let is = |topic: &str| {
                lexicon.is_named(topic, &words) || (!label.is_empty() && lexicon.is_nothing_but(topic, label))
            };
            // The one of several is so by being the first, by saying so or by being switched to, whatever the example shows.
            let yes_or_no = matches!(field.example, Json::Bool(_)) || is_in_use(&field.key);
            if yes_or_no && flag.as_ref() == Some(&field.key) {
                field.role = Role::Plain;
                let down = match field.example {
                    Json::Bool(_) => Json::Bool(false),
                    _ => field.example.in_form("0"),
                };
                field.initial = Initial::Value(down);
                continue;
            }
            if let Some(value) = super::items::defaults::until_then(field, lexicon).filter(|_| !sent.contains(&words)) {
                field.initial = Initial::Value(value);
                continue;
            }
            if super::items::defaults::is_later(field, lexicon) && field.role != Role::Status {
                continue;
            }
            let is_made = |known: &str| is(known) && !sent.contains(&words);
            let blank_time = is_made("created-at").then(|| blank_rows::time_of(field, time_shown.as_ref())).flatten();
            if let Some(shown) = blank_time {
                field.example = shown;
                field.initial = Initial::Now;
                continue;
            }
            let timed = super::items::example_forms::time_form(&field.example).is_some() && !lent.contains(&field.key);
            if timed && (is("created-at") || is("updated-at")) && !sent.contains(&words) {
                field.initial = Initial::Now;
                field.is_updated = is("updated-at");
            } else if (is("record-number") || own_number(&field.key))
                && !referring.contains(&field.key)
                && !sent.contains(&words)
                && super::items::example_forms::is_numbered(&field.example)
            {
                field.initial = Initial::Number;
            } else if is_made("made-code")
                && !referring.contains(&field.key)
                && super::items::example_forms::is_code(&field.example)
            {
                field.initial = Initial::Drawn;
            } else if field.role == Role::Status && field.example.is_scalar() {
                field.initial = Initial::Value(field.example.clone());
            } else if lexicon.is_named("chosen-flag", &field.key) && field.example.is_scalar() {
                // What is put into a basket is to be ordered.
                field.initial = Initial::Value(field.example.clone());
            } else if !sent.contains(&words) && self.counts(field) {
                field.initial = Initial::Value(field.example.in_form("0"));
            }
        }
        self.settle_terms(group, &creators, collection);
        self.settle_ends(group, &creators, collection);
        self.settle_defaults(&creators, collection);
        super::items::defaults::settle_blanks(&sent, collection, lexicon);
        self.keep_shown(group, &creators, collection);
        // `不传就是新留言` says what comes of it, and not what it is then.
        if let Some(field) = answers.and_then(|told| collection.fields.iter_mut().find(|one| one.key == told.field)) {
            field.initial = Initial::Value(Json::string(""));
        }
        moves::settle_initials(self, group, collection, &creators);
        self.tell_lapse(group, collection);
        self.tell_free(group, collection);
        collection.begins = self.begin_cases(&creators, collection);
        self.find_unique(&creators, collection);
        collection.gone_at = self.gone_at_zero(group, collection);
        collection.over = self.over(group, &creators, collection);
        collection.had = self.counts_as_had(group, collection);
        let creatable = !of(&[Operation::Create, Operation::Save]).is_empty();
        if collection.relation.is_none() && (!creatable || !collection.private) {
            collection.seeds = self.seeds(group, collection, on_records, parent.flatten().as_deref());
        }
        if creatable && collection.owned && collection.relation.is_none() {
            self.drop_made(group, collection);
        }
        if creatable && (self.is_emptied(collection) || self.begins_empty(group)) {
            collection.seeds.clear();
        }
        if let Some(told) = told {
            tell_records(told, collection);
        }
    }

    /// The only example that lists and details show, where making one answers with its id, is what that call makes: it is not there
    /// from the start.
    fn drop_made(&self, group: &Group, collection: &mut Collection) {
        let (Some(key), [seed]) = (collection.id.key.as_ref(), &collection.seeds[..]) else { return };
        let makes = |at: usize| matches!(self.operations[at], Operation::Create | Operation::Save);
        let sights = self.sights(group);
        let mut made = sights.iter().filter(|sight| makes(sight.endpoint));
        let is_it = made.any(|sight| {
            let id = sight.item.get(key).and_then(Json::scalar_text);
            id.is_some() && id == seed.id.as_deref()
        });
        if is_it {
            collection.seeds.clear();
        }
    }

    /// `测试库每天早上清空，只留话题`: what callers make is not there from the start, unless the line names it.
    fn is_emptied(&self, collection: &Collection) -> bool {
        let told = self.said.on("emptied-data");
        let mut told = told.iter().map(|at| self.prose[*at].text.as_str()).peekable();
        let titled = |titles: &[String], text: &str| {
            titles.iter().any(|title| title.chars().count() > 1 && text.contains(title.as_str()))
        };
        let named = |text: &str| {
            let kept = text.find(['，', ',', '；', ';', '。']).map_or("", |end| &text[end..]);
            titled(&collection.titles, kept) && !self.lexicon.speaks_of("starts-empty", kept)
        };
        if told.peek().is_some() && !told.any(named) {
            return true;
        }
        // `任务大厅一开始是空的` is said of tasks; what names nothing is said of all.
        let empty = self.said.on("starts-empty");
        let mut clauses = empty.iter().flat_map(|at| self.prose[*at].text.split(['，', ',', '；', ';', '。']));
        clauses.any(|text| {
            let says = self.lexicon.speaks_of("starts-empty", text);
            says && (titled(&collection.titles, text) || !self.groups.iter().any(|group| titled(&group.titles, text)))
        })
    }

    /// `公告阅读` shows what is read, and marks it.
    fn opens(&self, at: usize) -> bool {
        let verb = || self.lexicon.verbs().verb(&self.endpoint(at).title, &self.nouns[at].words);
        self.operations[at] == Operation::Transition && verb().is_some_and(|(name, _)| name == "read")
    }

    /// `刚上线的时候列表是空的`, beside a list or above it.
    fn begins_empty(&self, group: &Group) -> bool {
        let lists = group.endpoints.iter().filter(|at| self.operations[**at] == Operation::List);
        let own = lists.flat_map(|at| remarks(self.prose, self.endpoint(*at)));
        let above = self.lines_above(group).into_iter().flat_map(|lines| &self.prose[lines]);
        // `刚启用时还没有帖子`
        let has_none = |text: &str| {
            let titles = group.titles.iter().filter(|title| title.chars().count() > 1);
            let mut before =
                titles.filter_map(|title| text.split_once(title.as_str())).map(|(before, _)| before.trim());
            before.any(|before| self.lexicon.ends_with("there-is-no", before))
        };
        let begun = |text: &str| {
            let nothing = self.lexicon.speaks_of("has-nothing", text) || has_none(text);
            nothing && self.lexicon.speaks_of("just-begun", text)
        };
        own.chain(above).any(|note| {
            self.lexicon.speaks_of("begins-empty", &note.text) || super::prose::sentences(&note.text).any(begun)
        })
    }

    /// The number of a basket's lines, where a remark says that a line leaves the basket when it comes to nothing.
    fn gone_at_zero(&self, group: &Group, collection: &super::Collection) -> Option<Arc<str>> {
        collection.basket.as_ref()?;
        let says = |text: &str| self.lexicon.speaks_of("gone-at-zero", text);
        let told = |at: &usize| {
            let params = &self.endpoint(*at).params;
            remarks(self.prose, self.endpoint(*at)).any(|note| says(&note.text))
                || params.iter().any(|param| says(&param.all_words()))
        };
        group.endpoints.iter().find(|at| told(at))?;
        let mut fields = collection.fields.iter();
        fields.find(|field| self.lexicon.is_named("quantity", &field.key)).map(|field| Arc::clone(&field.key))
    }

    /// Whether a field says how many there are or how often something was done: `view_num`, `浏览数`.
    fn counts(&self, field: &super::ItemField) -> bool {
        let number = field.example.as_str().is_some_and(|text| text.parse::<u32>().is_ok());
        let words = crate::behavior::operation::split_words(&field.key);
        let end = words.len() > 1 && words.last().is_some_and(|end| self.lexicon.is_named("counter-end", end));
        let named = end || self.lexicon.is_named("sort-views", &field.key);
        let label = crate::lexicon::label_head(&field.words);
        number
            && field.role == Role::Plain
            && (named || (!label.is_empty() && self.lexicon.ends_with("counter-word", label)))
    }

    fn seeds(
        &self,
        group: &Group,
        collection: &Collection,
        on_records: &[Option<OnRecords>],
        parent: Option<&str>,
    ) -> Vec<Seed> {
        let mut seeds: Vec<Seed> = Vec::new();
        // Whether something else than a list of the caller's own shows it.
        let mut opens: Vec<bool> = Vec::new();
        let mut sights = self.sights(group);
        let makes = |at: &usize| matches!(self.operations[*at], Operation::Create | Operation::Save);
        let creatable = group.endpoints.iter().any(makes);
        // The same id in several examples is one item, the detail's value first.
        sights.sort_by_key(|sight| self.operations[sight.endpoint] != Operation::Detail);
        for sight in sights {
            let shows = matches!(self.operations[sight.endpoint], Operation::List | Operation::Detail);
            if !shows && !self.opens(sight.endpoint) {
                continue;
            }
            if blank_rows::is_template(&sight, collection.id.key.as_deref(), creatable, self.lexicon) {
                continue;
            }
            let shown = collection.id.key.as_ref().and_then(|key| sight.item.get(key)).and_then(Json::scalar_text);
            let keyed = || match sight.path.last() {
                Some(Step::Key(key)) if self.operations[sight.endpoint] == Operation::List => Some(key.to_string()),
                _ => None,
            };
            let asked = || {
                let on = on_records[sight.endpoint].as_ref()?.id.as_ref()?;
                let value = self.endpoint(sight.endpoint).params.get(on.input)?.default.clone()?;
                (!value.is_empty() && value.is_ascii() && value != "\"\"").then_some(value)
            };
            let id = shown.map(str::to_owned).or_else(keyed).or_else(|| asked().filter(|_| group.within.is_none()));
            if self.operations[sight.endpoint] == Operation::Detail && id.is_none() {
                continue;
            }
            let own = |key: &Arc<str>| collection.id.key.as_ref() == Some(key);
            let known = id.as_ref().and_then(|id| seeds.iter().position(|seed| seed.id.as_ref() == Some(id)));
            let position = known.unwrap_or_else(|| {
                seeds.push(Seed {
                    id,
                    owner: None,
                    fields: Fields::default(),
                    place: sight.example.place_of(&sight.path),
                });
                seeds.len() - 1
            });
            if let Some(within) = &group.within {
                let outer = sight.path.len().checked_sub(2).and_then(|end| sight.example.value.at(&sight.path[..end]));
                let shown = parent.and_then(|key| outer?.get(key)?.scalar_text().map(str::to_owned));
                let reference = collection.references.iter().find(|known| known.collection == within.parent);
                if let (Some(reference), Some(id)) = (reference, shown.or_else(asked)) {
                    seeds[position].fields.set(&reference.field, Some(Json::string(id)));
                }
            }
            opens.resize(seeds.len(), false);
            opens[position] |= !is_mine(self.endpoint(sight.endpoint), self.lexicon);
            for (key, value) in self.members(&sight).filter(|(key, _)| !own(key)) {
                if seeds[position].fields.get(key).is_none() {
                    seeds[position].fields.set(key, Some(value.clone()));
                }
            }
        }
        if collection.owned && !collection.private && opens.contains(&true) {
            let mut opens = opens.into_iter();
            seeds.retain(|_| opens.next().unwrap_or(true));
        }
        // A message that the detail's example shows as read was not before it was looked at.
        if let Some(flag) = reading::read_flag(collection, self.lexicon).map(|field| Arc::clone(&field.key)) {
            for sight in self.sights(group).iter().filter(|sight| self.operations[sight.endpoint] == Operation::List) {
                let id = collection.id.key.as_ref().and_then(|key| sight.item.get(key)).and_then(Json::scalar_text);
                let seed = seeds.iter_mut().find(|seed| id.is_some() && seed.id.as_deref() == id);
                if let (Some(seed), Some(value)) = (seed, sight.item.get(&flag)) {
                    seed.fields.set(&flag, Some(value.clone()));
                }
            }
        }
        // In the order of the lists: a detail that came first gives only values.
        let order: Vec<String> = self
            .sights(group)
            .iter()
            .filter(|sight| self.operations[sight.endpoint] == Operation::List)
            .filter_map(|sight| {
                collection
                    .id
                    .key
                    .as_ref()
                    .and_then(|key| sight.item.get(key))
                    .and_then(Json::scalar_text)
                    .map(str::to_owned)
            })
            .collect();
        let rank = |seed: &Seed| {
            seed.id.as_ref().and_then(|id| order.iter().position(|known| known == id)).unwrap_or(order.len())
        };
        seeds.sort_by_key(rank);
        seeds
    }
}

/// What a record's own reference refers to the record refers to as well: the comment on a booking of a course is on the
/// course.
pub(super) fn inherit(collections: &mut [Collection]) {
    let all: &[Collection] = collections;
    let found: Vec<Vec<Inherited>> = all.iter().map(|known| inherited(known, all)).collect();
    for (collection, inherited) in collections.iter_mut().zip(found) {
        collection.inherited = inherited;
    }
}

fn inherited(known: &Collection, all: &[Collection]) -> Vec<Inherited> {
    let mut found = Vec::new();
    let single = || known.references.iter().filter(|reference| !reference.many && known.relation.is_none());
    for wanted in single() {
        for named in single().filter(|named| named.field != wanted.field) {
            let mut theirs = all[named.collection].references.iter();
            if let Some(theirs) = theirs.find(|theirs| theirs.collection == wanted.collection && !theirs.many) {
                found.push(Inherited {
                    field: Arc::clone(&wanted.field),
                    reference: Arc::clone(&named.field),
                    collection: named.collection,
                    from: Arc::clone(&theirs.field),
                });
            }
        }
    }
    found
}

/// A demonstration record whose example does not say of which record it is gets the one that its list asks for by default,
/// else the first there is.
pub(super) fn fill_parents(gathering: &Gathering<'_>, groups: &[Group], collections: &mut [Collection]) {
    for (at, group) in groups.iter().enumerate() {
        for reference in collections[at].references.clone() {
            if reference.many || collections[at].relation.is_some() {
                continue;
            }
            let asked =
                group.endpoints.iter().filter(|at| gathering.operations[**at] == Operation::List).find_map(|at| {
                    let position = gathering.inputs[*at]
                        .iter()
                        .position(|input| compact(&input.name) == compact(&reference.field))?;
                    Some(gathering.endpoint(*at).params.get(position)?.default.clone())
                });
            // Only a list that asks for the parent needs to know it.
            let Some(default) = asked else { continue };
            let known =
                |id: &String| collections[reference.collection].seeds.iter().any(|seed| seed.id.as_ref() == Some(id));
            let first = || collections[reference.collection].seeds.first().and_then(|seed| seed.id.clone());
            let Some(parent) = default.filter(known).or_else(first) else { continue };
            for seed in &mut collections[at].seeds {
                if seed.fields.get(&reference.field).is_none() {
                    seed.fields.set(&reference.field, Some(Json::string(parent.as_str())));
                }
            }
        }
    }
}
