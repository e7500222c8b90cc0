//! What is written about a record that somebody has: when it may be, how often, and what it makes of the record.
//!
//! In: an endpoint that makes a record (a comment) and takes the id of another (an order). Out: demands on that other and the
//! move of its status. `签到后才能评价`, `只有已完成的订单可以评价`, `已经评价过了`.

use crate::behavior::collection::items::gather::key_for;
use crate::behavior::collection::machine::moves::names;
use crate::behavior::collection::machine::sayings::said_status;
use crate::behavior::collection::nouns::noun::is_numbered;
use crate::behavior::collection::prose::remarks;
use crate::behavior::collection::{Collection, Initial, RecordId};
use crate::behavior::failure::Failure;
use crate::behavior::records::{Records, Wish};
use crate::behavior::{Action, Confidence, Demand, Effect, Evidence, Machine, StatusValue};
use crate::json::Json;
use crate::lexicon::{Class, Lexicon, Operation, Role, label_head};
use crate::spec::Note;
use std::sync::Arc;

/// What is rated: a record whose status says whether it may be.
struct Rated<'r> {
    collection: usize,
    id: RecordId,
    machine: &'r Machine,
    /// The status that it has after that.
    to: Option<&'r StatusValue>,
}

impl Records<'_> {
    fn what_is_rated(&self) -> Option<Rated<'_>> {
        let lexicon = self.gathering.lexicon;
        let on = self.on?;
        let remarks = lexicon.speaks_of("remark-on", &self.endpoint().title);
        if !remarks && !self.is_claim() {
            return None;
        }
        let rated_status = |machine: &&StatusValue| lexicon.is_nothing_but("rated-status", label_head(&machine.words));
        // What is said of it is kept in the record itself.
        if remarks && matches!(self.operation(), Operation::Update | Operation::Transition) {
            let known = &self.collections[on.collection];
            let machine = self.course(known)?;
            let to = machine.values.iter().find(rated_status);
            return Some(Rated { collection: on.collection, id: on.id.clone()?, machine, to });
        }
        if self.operation() != Operation::Create {
            return None;
        }
        (0..self.inputs().len()).find_map(|input| {
            let collection = self.referred(input, Some(on.collection))?;
            let known = &self.collections[collection];
            let machine = self.course(known)?;
            let name = &self.inputs()[input].name;
            let via = known.field(name).filter(|_| is_numbered(name, lexicon));
            let id = RecordId { input, via: via.map(|field| Arc::clone(&field.key)) };
            let to = machine.values.iter().find(rated_status).filter(|_| remarks).or_else(|| self.claimed(machine));
            Some(Rated { collection, id, machine, to })
        })
    }

    /// Whether an endpoint applies for something because of another record: 申请售后.
    fn is_claim(&self) -> bool {
        self.gathering.lexicon.speaks_of("claim", &self.endpoint().title)
    }

    /// The status that a clause says the record has after the application: `申请后订单变为待退款`.
    fn claimed<'m>(&self, machine: &'m Machine) -> Option<&'m StatusValue> {
        let lexicon = self.gathering.lexicon;
        self.gathering.clauses(self.at).find_map(|clause| {
            let (before, after) = clause.split_at(lexicon.after("becomes", clause)?);
            let deed = self.speaks_of_deed(before);
            said_status(after, machine, lexicon).filter(|_| deed)
        })
    }

    /// Whether a text speaks of the deed: in a word of the title, or as an application.
    fn speaks_of_deed(&self, text: &str) -> bool {
        let lexicon = self.gathering.lexicon;
        let title = self.endpoint().title.as_str();
        let mut words = lexicon.rules().deeds.remarks.iter().filter(|deed| title.contains(deed.as_str())).peekable();
        if words.peek().is_some() {
            return words.any(|deed| text.contains(deed.as_str()));
        }
        text.contains(title) || (lexicon.speaks_of("applies", title) && lexicon.speaks_of("applies", text))
    }

    /// How a record of somebody's stands: its statuses, and no kind that is chosen when it is made.
    fn course<'c>(&self, known: &'c Collection) -> Option<&'c Machine> {
        let open = |machine: &&Machine| {
            known.owned && machine.values.len() > 2 && !self.gathering.is_sent(self.at, &machine.field)
        };
        let is_status =
            |machine: &&Machine| known.field(&machine.field).is_some_and(|field| field.role == Role::Status);
        let mut machines = known.machines.iter().filter(open);
        machines.clone().find(is_status).or_else(|| machines.next())
    }

    /// The statuses from which a record may be rated, and the failure for all others.
    fn rated_from(&self, rated: &Rated<'_>) -> Option<(Vec<Json>, Evidence, Option<Failure>)> {
        let lexicon = self.gathering.lexicon;
        let Rated { machine, to, .. } = rated;
        let others = || machine.values.iter().filter(|value| Some(*value) != *to);
        let values = |found: Vec<&StatusValue>| found.into_iter().map(|value| value.value.clone()).collect::<Vec<_>>();
        let claims = self.is_claim() && !lexicon.speaks_of("remark-on", &self.endpoint().title);
        let is_own = |failure: &&Failure| failure.classes.first() != Some(&Class::Exists);
        let about = |failure: &&Failure| self.speaks_of_deed(&failure.message);
        let own = || self.failures().iter().filter(is_own);
        let shared = || self.gathering.chooser.catalog.shared.iter().filter(is_own).filter(about);
        let said = |failure: &Failure| {
            let from = allowed(&failure.message, machine, rated.to, lexicon);
            (!from.is_empty()).then(|| (values(from), failure.clone()))
        };
        if let Some((from, failure)) = own().chain(shared()).find_map(said) {
            let because = Evidence::new(format!("`{}`", failure.message), failure.place, Confidence::Certain);
            return Some((from, because, Some(failure)));
        }
        let once_more = |failure: &&Failure| claims && lexicon.speaks_of("once-more", failure.says());
        let of =
            |class: Class| own().filter(|failure| !once_more(failure)).find(|failure| failure.classes.contains(&class));
        let early = |failure: &&Failure| claims && not_yet(&failure.message, machine, lexicon).is_some();
        let refusal = own()
            .find(early)
            .or_else(|| of(Class::WrongState))
            .or_else(|| of(Class::NotSubmitted))
            .or_else(|| self.unread_refusal(claims));
        let refusal = refusal.cloned();
        let above = self.endpoint().title_place.into_iter().flat_map(|title| self.gathering.sections.above(title));
        let above = above.filter_map(|lines| self.gathering.prose.get(lines)).flatten();
        let notes = remarks(self.gathering.prose, self.endpoint()).chain(above);
        let told = notes.filter(|note: &&Note| self.speaks_of_deed(&note.text)).find_map(|note| {
            let mut clauses = note.text.split([',', '，', ';', '；', '。']);
            let from = clauses.find_map(|clause| {
                let mut from = allowed(clause, machine, rated.to, lexicon);
                if from.is_empty() && claims && lexicon.granted(clause).is_some() {
                    from = others().filter(|value| names(clause, value, lexicon)).collect();
                }
                if from.is_empty() {
                    from.extend(self.come_about(clause, rated));
                }
                (self.speaks_of_deed(clause) && !from.is_empty()).then_some(from)
            });
            from.map(|from| (values(from), Evidence::new(format!("`{}`", note.text), note.place, Confidence::Likely)))
        });
        if let Some((from, because)) = told {
            return Some((from, because, refusal));
        }
        // A failure alone says that there is such a status: what waits for it, else what is finished.
        let refusal = refusal.filter(|refusal| !claims || early(&refusal))?;
        if let Some(value) = not_yet(&refusal.message, machine, lexicon) {
            let because = Evidence::new(format!("`{}`", refusal.message), refusal.place, Confidence::Likely);
            return Some((vec![value.value.clone()], because, Some(refusal)));
        }
        let waits = |value: &&StatusValue| lexicon.is_nothing_but("to-be-rated-status", label_head(&value.words));
        let finished = |value: &&StatusValue| lexicon.is_nothing_but("finished-status", label_head(&value.words));
        let mut from: Vec<&StatusValue> = others().filter(waits).collect();
        if from.is_empty() {
            from = others().filter(finished).collect();
        }
        if from.is_empty() {
            // What is neither finished nor waits by name is done with where nothing comes after it.
            let undone = |value: &&StatusValue| lexicon.is_nothing_but("undone-status", label_head(&value.words));
            from = others().rfind(|value| !undone(value)).into_iter().collect();
        }
        let because = Evidence::new(format!("`{}`", refusal.message), refusal.place, Confidence::Likely);
        (!from.is_empty()).then(|| (values(from), because, Some(refusal)))
    }

    /// The status after a deed that a clause names: `确认收货以后才能申请`.
    fn come_about<'m>(&self, clause: &str, rated: &Rated<'m>) -> Option<&'m StatusValue> {
        let gathering = self.gathering;
        let end = gathering.lexicon.before("only-after", clause)?;
        let before = &clause[..end];
        let group = gathering.groups.get(rated.collection)?;
        let titled = |at: &&usize| {
            let title = crate::behavior::wallet::ledgers::title(&gathering.set.endpoints[**at].title);
            gathering.operations[**at] == Operation::Transition && title.chars().count() > 1 && before.contains(&title)
        };
        let deed = group.endpoints.iter().find(titled)?;
        let moved = gathering.movement(*deed, &self.collections[rated.collection])?;
        let same = moved.field == rated.machine.field;
        rated.machine.values.iter().find(|value| same && value.value == moved.to)
    }

    /// The one failure that is not understood, which must say that it is too early.
    fn unread_refusal(&self, claims: bool) -> Option<&Failure> {
        let shut_out = |failure: &Failure| self.gathering.lexicon.speaks_of("shut-out-by", &failure.message);
        let mut unread = self.failures().iter().filter(|failure| failure.classes.is_empty() && !shut_out(failure));
        let first = unread.next().filter(|failure| !claims && !failure.message.is_empty())?;
        unread.all(|other| other.code == first.code).then_some(first)
    }

    /// What is demanded of the record that is rated.
    pub(in crate::behavior) fn rated(&self, wishes: &mut Vec<Wish>) {
        let Some(rated) = self.what_is_rated() else { return };
        let Rated { collection, machine, .. } = rated;
        let demand = |from: Vec<Json>| Demand::InState {
            collection,
            id: rated.id.clone(),
            field: Arc::clone(&machine.field),
            from,
        };
        let again = rated.to.zip(self.first_exists()).filter(|_| !self.is_claim());
        if let Some((to, failure)) = again {
            let others = machine.values.iter().filter(|value| value.value != to.value);
            let because = Evidence::new(format!("`{}`", failure.message), failure.place, Confidence::Certain);
            wishes.push((demand(others.map(|value| value.value.clone()).collect()), because, Some(failure.clone())));
        }
        // Where no status says so, what is kept of the first time does.
        if let (None, Some((field, before)), Some(failure)) = (again, self.kept_rating(&rated), self.first_exists()) {
            let because = Evidence::new(format!("`{}`", failure.message), failure.place, Confidence::Likely);
            let demand = Demand::InState { collection, id: rated.id.clone(), field, from: vec![before] };
            wishes.push((demand, because, Some(failure.clone())));
        }
        // Else what is listed of it.
        let listed = || self.listed_with().filter(|_| again.is_none() && self.kept_rating(&rated).is_none());
        if let Some((failure, (ratings, reference, input))) =
            self.first_exists().and_then(|failure| Some((failure, listed()?)))
        {
            let because = Evidence::new(format!("`{}`", failure.message), failure.place, Confidence::Likely);
            let demand = Demand::Unlike { collection: ratings, fields: vec![(reference, input)], own: false, id: None };
            wishes.push((demand, because, Some(failure.clone())));
        }
        if let Some((mut from, because, failure)) = self.rated_from(&rated) {
            from.extend(again.map(|(to, _)| to.value.clone()));
            if !self.moves_from_others(&rated, &from) {
                wishes.push((demand(from), because, failure));
            }
        }
    }

    /// Whether the rating itself moves the record, out of none of these: `待验收 → 已完成` of 验收并评价.
    fn moves_from_others(&self, rated: &Rated<'_>, from: &[Json]) -> bool {
        let moved = self.gathering.movement(self.at, &self.collections[rated.collection]);
        let same = moved.filter(|moved| moved.field == rated.machine.field && !moved.from.is_empty());
        same.is_some_and(|moved| !moved.from.iter().any(|value| from.contains(value)))
    }

    fn first_exists(&self) -> Option<&Failure> {
        self.failures().iter().find(|failure| failure.classes.first() == Some(&Class::Exists))
    }

    /// The field of a record in which its rating is kept, with what it has before.
    fn kept_rating(&self, rated: &Rated<'_>) -> Option<(Arc<str>, Json)> {
        let known = &self.collections[rated.collection];
        let own = self.on.is_some_and(|on| on.collection == rated.collection);
        let inputs =
            self.inputs().iter().enumerate().filter(|(at, input)| own && *at != rated.id.input && input.required);
        inputs.filter_map(|(_, input)| key_for(known, input)).find_map(|key| {
            let field = known.field(&key)?;
            let Initial::Value(before) = &field.initial else { return None };
            Some((key, before.clone()))
        })
    }

    /// What rating makes of the record.
    pub(in crate::behavior) fn moved_by_rating(&self) -> Option<Effect> {
        let rated = self.what_is_rated()?;
        let to = rated.to?;
        let from = self.rated_from(&rated).map_or_else(Vec::new, |(from, ..)| from);
        let action = Action::MoveRecords {
            collection: rated.collection,
            id: Some(rated.id),
            field: Arc::clone(&rated.machine.field),
            from,
            to: to.value.clone(),
            cases: Vec::new(),
            stamps: Vec::new(),
        };
        Some(Effect { action, because: self.because(format!("{} is a status", label_head(&to.words))) })
    }

    /// The collection in which a rating is listed, its field that names what is rated, and the input that does.
    fn listed_with(&self) -> Option<(usize, Arc<str>, usize)> {
        let on = self.on.filter(|_| self.operation() == Operation::Transition)?;
        let collection = ratings_of(self.collections, on.collection, self.gathering.lexicon)?;
        let id = on.id.as_ref().filter(|_| is_rating(&self.endpoint().title, self.gathering.lexicon))?;
        let references = &self.collections[collection].references;
        let reference = references.iter().find(|reference| reference.collection == on.collection)?;
        Some((collection, Arc::clone(&reference.field), id.input))
    }

    /// A rating that moves an order is listed among the ratings of what was ordered.
    pub(in crate::behavior) fn listed_rating(&self) -> Option<Effect> {
        let (collection, reference, id) = self.listed_with()?;
        let known = &self.collections[collection];
        let inputs = self.inputs().iter().enumerate();
        let mut fields: Vec<(Arc<str>, usize)> =
            inputs.filter_map(|(at, input)| Some((key_for(known, input)?, at))).filter(|(_, at)| *at != id).collect();
        if fields.is_empty() {
            return None;
        }
        fields.push((reference, id));
        let action = Action::CreateRecord { collection, fields, merge: None, lines: None };
        Some(Effect { action, because: self.because("what is said of it is listed") })
    }
}

/// Whether a title is that of writing about something.
pub(in crate::behavior) fn is_rating(title: &str, lexicon: &Lexicon) -> bool {
    lexicon.speaks_of("remark-on", title)
}

/// The collection that lists what is written about the things which a collection's records name.
pub(in crate::behavior) fn ratings_of(collections: &[Collection], rated: usize, lexicon: &Lexicon) -> Option<usize> {
    let things: Vec<usize> = collections[rated].references.iter().map(|reference| reference.collection).collect();
    // `课程评价` of what names a 课程.
    let of_thing = |known: &Collection, name: &str| {
        let thing = lexicon.before_end("remark-on", name).trim_end_matches('的');
        let mut named = known.references.iter().flat_map(|reference| &collections[reference.collection].titles);
        thing.len() < name.len() && named.any(|title| title == thing)
    };
    let called = |known: &Collection| {
        let mut names = known.titles.iter().chain(&known.names);
        names.any(|name| lexicon.is_nothing_but("remark-on", name) || of_thing(known, name))
    };
    collections.iter().enumerate().position(|(at, known)| {
        let about = known.references.iter().any(|reference| things.contains(&reference.collection));
        at != rated && known.relation.is_none() && about && called(known)
    })
}

/// The status of which a text says that it has not come about: `地还没退` 已退地, `you have not returned it` returned.
fn not_yet<'m>(text: &str, machine: &'m Machine, lexicon: &Lexicon) -> Option<&'m StatusValue> {
    let text = text.to_lowercase();
    let after = text.get(lexicon.after("not-yet", &text)?..)?.trim_start();
    let common = |value: &StatusValue| {
        let head = label_head(&value.words).to_lowercase();
        let stem = lexicon.without_done(&head).to_owned();
        if stem.is_ascii() {
            return if stem.len() > 2 && after.contains(&stem) { stem.len() } else { 0 };
        }
        let alike = after.chars().zip(stem.chars()).take_while(|(one, other)| one == other).count();
        if stem.len() < head.len() { alike } else { 0 }
    };
    let most = machine.values.iter().map(common).max().filter(|most| *most > 0)?;
    let mut best = machine.values.iter().filter(|value| common(value) == most);
    best.next().filter(|_| best.next().is_none())
}

/// The statuses that a sentence lets something be done in: `签到后才能评价` that and what comes after it, `已完成的才能评价` just
/// those that it names.
fn allowed<'m>(text: &str, machine: &'m Machine, to: Option<&StatusValue>, lexicon: &Lexicon) -> Vec<&'m StatusValue> {
    let others = || machine.values.iter().filter(|value| Some(*value) != to);
    let is_only = lexicon.speaks_of("only-from", text) || lexicon.speaks_of("only-after", text);
    let named: Vec<&StatusValue> = others().filter(|value| is_only && names(text, value, lexicon)).collect();
    // What lists several is no moment after which it can be done.
    if named.len() > 1 {
        return named;
    }
    if lexicon.speaks_of("only-after", text) {
        let stem = |value: &&StatusValue| {
            let head = label_head(&value.words);
            let stem = lexicon.without_done(head);
            // `还了才能评` is 已还.
            let past = &lexicon.rules().deeds.past;
            let done = || past.iter().any(|end| text.contains(&format!("{stem}{end}")));
            stem.len() < head.len() && if stem.chars().count() > 1 { text.contains(stem) } else { done() }
        };
        let from = machine.values.iter().position(|value| stem(&value));
        let later = |value: &&StatusValue| !lexicon.is_nothing_but("undone-status", label_head(&value.words));
        let found: Vec<&StatusValue> = from
            .into_iter()
            .flat_map(|from| &machine.values[from..])
            .enumerate()
            .filter(|(at, value)| Some(*value) != to && (*at == 0 || later(value)))
            .map(|(_, value)| value)
            .collect();
        if !found.is_empty() {
            return found;
        }
    }
    named
}
