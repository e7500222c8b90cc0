//! Verbs and statuses: where a verb leads to, which statuses it may leave, and with which a record begins.
//!
//! In: an enumeration (`0待付款 1待发货 2待收货 3已完成 -1已取消`), the verb of a title or path, what the success shows and what the
//! failures say (`只有待付款订单可以取消`). Out: a `Move`.

use super::may_leave::{only_from, sources};
use crate::behavior::collection::items::gather::Gathering;
use crate::behavior::collection::items::shape::{self, Shown};
use crate::behavior::collection::nouns::group::Group;
use crate::behavior::collection::prose;
use crate::behavior::collection::{Collection, Initial};
use crate::behavior::{Case, CaseOf, Confidence, Evidence, Machine, StatusValue};
use crate::json::Json;
use crate::lexicon::{Lexicon, Operation, Role, Verb, label_head};

/// What a verb does to a record's status.
#[derive(Clone, Debug)]
pub(in crate::behavior) struct Move {
    pub(in crate::behavior) field: std::sync::Arc<str>,
    pub(in crate::behavior) to: Json,
    pub(in crate::behavior) from: Vec<Json>,
    /// Where it leads elsewhere.
    pub(in crate::behavior) cases: Vec<Case>,
    /// Doing it again is no mistake.
    pub(in crate::behavior) again: bool,
    pub(in crate::behavior) because: Evidence,
}

pub(in crate::behavior) const ARROWS: [&str; 8] = ["-->", "->", "==>", "=>", "——>", "—>", "→", "⇒"];

impl Gathering<'_> {
    /// The move that an endpoint makes in its collection; none where no status fits its verb.
    pub(in crate::behavior) fn movement(&self, at: usize, collection: &Collection) -> Option<Move> {
        if let Some(told) = self.told_move(at, collection) {
            return Some(told);
        }
        let endpoint = &self.set.endpoints[at];
        if let Some(chosen) = self.chosen_move(at, collection) {
            return Some(chosen);
        }
        if let Some(shown) = self.arrow(at, collection) {
            return Some(shown);
        }
        let known = self.lexicon.verbs().verb(&endpoint.title, &self.nouns[at].words);
        let known = known
            .filter(|(_, verb)| !self.deeds(at, verb).first().is_some_and(|deed| self.is_about(&endpoint.title, deed)));
        let own = || self.own_verb(at, &collection.machines);
        let named = known.and_then(|known| self.moved_by(at, known, collection));
        let named = named.or_else(|| own().and_then(|(name, verb)| self.moved_by(at, (&name, &verb), collection)));
        // What no word names is named by its title, and leads where its success shows.
        let named = named.or_else(|| {
            let title = self.lexicon.without_past(&endpoint.title);
            let aside = known.is_some_and(|(_, verb)| verb.aside);
            let verb = Verb { words: vec![title.clone()], aside, ..Verb::default() };
            self.moved_by(at, (&title, &verb), collection)
        });
        named.or_else(|| self.own_turn(at, collection))
    }

    fn moved_by(&self, at: usize, (name, verb): (&str, &Verb), collection: &Collection) -> Option<Move> {
        let mut best: Option<(usize, &Machine, &StatusValue, Confidence)> = None;
        let sent = |machine: &&Machine| !self.is_sent(at, &machine.field);
        for machine in collection.machines.iter().filter(sent) {
            let target = self.target(at, (name, verb), machine, collection);
            let Some((rank, value, confidence)) = target else { continue };
            if best.as_ref().is_none_or(|(known, ..)| rank < *known) {
                best = Some((rank, machine, value, confidence));
            }
        }
        let (rank, machine, to, confidence) = best?;
        // `只有已完成的订单可以评价` where nothing is called 已评价: it stays as it is.
        if rank > 0 && (self.stays(at, name, machine, to) || self.is_over(name, machine, to)) {
            return None;
        }
        let failures = &self.chooser.catalog.own[at];
        let mut told = self.sources_told(at, name, machine);
        // `| 90 | 已取消 | 业主取消 |` says who cancels, and not that what is cancelled can be.
        told.retain(|value| *value != to.value);
        let mut cases = Vec::new();
        let rows = self.table_moves(at, name, machine);
        let listed = super::allowed::sources(&rows, to);
        // `| 10待拆线、20缝制中 | 90不修了 | mend/quit |` begins with one of two.
        if told.len() < listed.len() && told.iter().all(|value| listed.contains(value)) {
            told = listed;
            cases = super::allowed::cases(&rows, machine, to);
        }
        if told.is_empty() {
            let said = self.sources_said(at, verb, machine).into_iter().filter(|value| *value != to);
            told = said.map(|value| value.value.clone()).collect();
            if told.is_empty() {
                told = self.sources_turned(at, machine, to);
            }
            if told.is_empty() {
                told = self.sources_remarked(at, name, machine, to);
            }
            if told.is_empty() {
                told = self.sources_left(at, verb, machine, to);
            }
        }
        // `只有待支付的订单才能支付` says it more plainly than a sentence about other deeds, too.
        let (only, why) = only_from(machine, to, failures, self.lexicon);
        if !why.is_empty() && told.iter().any(|value| only.contains(value)) {
            told.retain(|value| only.contains(value));
        }
        let (from, said) = if told.is_empty() {
            let (from, said) = sources(verb, machine, to, failures, self.lexicon);
            let from = if said.is_empty() { self.once_begun(at, name, (machine, to), collection, from) } else { from };
            (from, said)
        } else {
            (told, ", from where a remark says".to_owned())
        };
        if cases.is_empty() {
            cases = self.cases(at, verb, machine, collection);
        }
        let own = cases.iter().filter_map(|case| match &case.of {
            CaseOf::Field { field, from } if *field == machine.field => Some(from.clone()),
            _ => None,
        });
        let own: Vec<Json> = own.flatten().collect();
        let (from, said) = if own.is_empty() { (from, said) } else { (own, ", from where a remark says".to_owned()) };
        let because = Evidence::new(
            format!("`{name}` leads to {} {}{said}", to.value.scalar_text().unwrap_or_default(), label_head(&to.words)),
            machine.place,
            confidence,
        );
        Some(Move { field: machine.field.clone(), to: to.value.clone(), from, cases, again: verb.again, because })
    }

    /// `待就诊 --> 已就诊` beside an endpoint.
    fn arrow(&self, at: usize, collection: &Collection) -> Option<Move> {
        self.set.endpoints[at].notes.iter().find_map(|note| {
            let (arrow, length) = ARROWS.iter().find_map(|arrow| Some((note.text.find(arrow)?, arrow.len())))?;
            let (before, after) = (&note.text[..arrow], &note.text[arrow + length..]);
            collection.machines.iter().find_map(|machine| {
                let named = |text: &str| -> Vec<&StatusValue> {
                    machine.values.iter().filter(|value| names(text, value, self.lexicon)).collect()
                };
                let (from, to) = (named(before), named(after));
                let [to] = to[..] else { return None };
                let from: Vec<Json> = from.into_iter().map(|value| value.value.clone()).collect();
                (!from.is_empty()).then(|| Move {
                    field: machine.field.clone(),
                    to: to.value.clone(),
                    from,
                    cases: Vec::new(),
                    again: false,
                    because: Evidence::new(format!("`{}`", note.text), note.place, Confidence::Certain),
                })
            })
        })
    }

    /// The value that a verb leads to, with how well it fits: what the success shows, else what its words match.
    fn target<'m>(
        &self,
        at: usize,
        (name, verb): (&str, &Verb),
        machine: &'m Machine,
        collection: &'m Collection,
    ) -> Option<(usize, &'m StatusValue, Confidence)> {
        let endpoint = &self.set.endpoints[at];
        let envelope = self.set.envelope(endpoint);
        let shown = endpoint.successes().find_map(|example| match shape::of_example(envelope, example, self.lexicon) {
            Shown::Item { path } | Shown::Numbers { path } => example.value.at(&path)?.get(&machine.field).cloned(),
            _ => None,
        });
        if let Some(value) = shown.and_then(|shown| machine.known(&shown)) {
            return Some((0, value, Confidence::Certain));
        }
        let sayings = self.sayings(at, verb, machine, collection);
        if let Some(saying) = sayings.iter().find(|saying| saying.when.is_empty()).or(sayings.first()) {
            return Some((0, saying.to, Confidence::Certain));
        }
        let told = self.sources_told(at, name, machine);
        let failures = &self.chooser.catalog.own[at];
        let only = failures.iter().filter(|failure| self.lexicon.speaks_of("only-from", failure.says()));
        let is_source = |value: &&StatusValue| {
            told.contains(&value.value)
                || verb.leaves.contains(&label_head(&value.words).to_lowercase())
                || only.clone().any(|failure| names(&failure.message, value, self.lexicon))
        };
        let source = machine.values.iter().position(|value| is_source(&value)).filter(|_| !verb.aside);
        // What waits for one thing comes after what waits for another: who pays last does not wait for the worker then.
        let waits = |at: usize| self.lexicon.is_due(label_head(&machine.values[at].words));
        let is_past = |at: usize| source.is_some_and(|source| at < source && waits(source) && waits(at));
        let matches = |exact: bool| {
            verb.leads.iter().enumerate().find_map(|(rank, word)| {
                let fits = |value: &StatusValue| {
                    let head = label_head(&value.words).to_lowercase();
                    if exact { head == *word } else { says(&head, word, self.lexicon) }
                };
                let mut values = machine.values.iter().enumerate();
                values.find(|(at, value)| fits(value) && !is_past(*at)).map(|(_, value)| (rank, value))
            })
        };
        // `付款` out of 待付款 leads to what comes next, whatever that is called. Saying something of a record leads nowhere,
        // but from what waits for it.
        let next = || {
            let source = source?;
            let is = |topic: &str, value: &StatusValue| self.lexicon.speaks_of(topic, label_head(&value.words));
            let next = machine.values.get(source + 1).filter(|value| !is_negative(&value.value))?;
            let remarks = self.lexicon.speaks_of("remark-on", &endpoint.title);
            let waited = is("to-be-rated-status", &machine.values[source]) || is("remark-on", next);
            (!remarks || waited).then_some(next)
        };
        if let Some(to) = self.table_moves(at, name, machine).into_iter().find_map(|told| told.to) {
            return Some((0, to, Confidence::Certain));
        }
        // `作废` leads to 已作废 where 已撤回 is a status, too.
        let titled = || {
            machine.values.iter().find(|value| {
                let head = label_head(&value.words);
                let stem = self.lexicon.without_done(head);
                let own = stem != head && stem.chars().count() > 1 && endpoint.title.contains(stem);
                // `作废` leads to what is called just so.
                let same =
                    head.chars().count() > 1 && endpoint.title.trim_start_matches(|c: char| !c.is_alphabetic()) == head;
                same || (own && verb.leads.contains(&head.to_lowercase()))
            })
        };
        if let Some(value) = titled() {
            return Some((1, value, Confidence::Certain));
        }
        // `完工` out of 作业中 leads to 待验收 where that comes next and another endpoint is for what it waits for.
        let waiting = || {
            let left = self.table_moves(at, name, machine).into_iter().flat_map(|row| row.from);
            let left: Vec<Json> = left.map(|value| value.value.clone()).collect();
            let [left] = &left[..] else { return None };
            let source = machine.values.iter().position(|value| value.value == *left)?;
            let next = machine.values.get(source + 1)?;
            let head = label_head(&next.words);
            let waited = self.lexicon.awaited(head)?;
            let is_other = |other: &usize| *other != at && self.endpoint(*other).title.contains(waited);
            let group = self.groups.iter().find(|group| group.endpoints.contains(&at))?;
            let own = endpoint.title.contains(waited);
            (name == "finish" && !own && group.endpoints.iter().any(is_other)).then_some(next)
        };
        if let Some(value) = waiting() {
            return Some((1, value, Confidence::Likely));
        }
        let by_word = matches(true).map(|(rank, value)| (rank + 1, value, Confidence::Certain));
        let by_part = || matches(false).map(|(rank, value)| (rank + 50, value, Confidence::Likely));
        by_word.or_else(by_part).or_else(|| next().map(|value| (90, value, Confidence::Guess)))
    }
}

pub(in crate::behavior::collection) fn sentences(text: &str) -> impl Iterator<Item = &str> {
    text.split(['；', ';', '。', '，', ',', '：', ':'])
}

/// Whether the words of a status hold a word; `未支付` does not hold `支付`, nor `unpaid` `paid`.
pub(in crate::behavior::collection) fn says(status: &str, word: &str, lexicon: &Lexicon) -> bool {
    status.match_indices(word).any(|(at, _)| {
        let before = &status[..at];
        let denied = lexicon.ends_with("denial", before);
        let inside = word.is_ascii() && before.ends_with(|c: char| c.is_ascii_alphanumeric());
        !denied && !inside
    })
}

/// Whether a message names a status: `已受理的报修单不能取消`, `订单已支付`.
pub(in crate::behavior) fn names(message: &str, value: &StatusValue, lexicon: &Lexicon) -> bool {
    let head = label_head(&value.words);
    // ``只有 `wait` 的单子可以取消``
    let in_marks = || crate::syntax::line::quoted_pieces(message);
    if value.value.scalar_text().is_some_and(|code| code.len() > 1 && in_marks().contains(&code)) {
        return true;
    }
    // `unpaid 和 paid 都可以取消`: a word in other letters than the sentence's is the value itself.
    let code = value.value.scalar_text().filter(|code| code.len() > 2 && !message.is_ascii());
    if code.is_some_and(|code| {
        code.bytes().any(|byte| byte.is_ascii_alphabetic())
            && prose::words(message).any(|word| word.eq_ignore_ascii_case(code))
    }) {
        return true;
    }
    if head.is_ascii() {
        let message = message.to_lowercase();
        return !head.is_empty() && says(&message, &head.to_lowercase(), lexicon);
    }
    // `order already refunded` says REFUNDED 已退款 where the messages are in English.
    let code = value.value.scalar_text().filter(|code| code.len() > 3 && message.is_ascii());
    let code = code.filter(|code| code.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'_'));
    if code.is_some_and(|code| says(&message.to_lowercase(), &code.to_lowercase().replace('_', " "), lexicon)) {
        return true;
    }
    // `已经签到过了` says 已签到 as well.
    let plain = lexicon.plain(message);
    // `已经被领养了` says 已被领养.
    let alike = || says(&plain, &lexicon.plain(head), lexicon);
    head.chars().count() >= 2 && (says(message, head, lexicon) || says(&plain, head, lexicon) || alike())
}

/// A new record has the status that its creation shows, else the first that no verb leads to.
pub(in crate::behavior::collection) fn settle_initials(
    gathering: &Gathering<'_>,
    group: &Group,
    collection: &mut Collection,
    creators: &[usize],
) {
    let shown = |field: &str| {
        creators.iter().find_map(|at| {
            let endpoint = &gathering.set.endpoints[*at];
            let envelope = gathering.set.envelope(endpoint);
            endpoint.successes().find_map(|example| match shape::of_example(envelope, example, gathering.lexicon) {
                Shown::Item { path } if !path.is_empty() => {
                    let own = shape::envelope_members(envelope, &example.value, &path);
                    example.value.at(&path)?.get(field).filter(|_| !own.iter().any(|known| **known == *field)).cloned()
                }
                _ => None,
            })
        })
    };
    let movers = group.endpoints.iter().filter(|at| gathering.operations[**at] == Operation::Transition);
    let moves: Vec<Move> = movers.filter_map(|at| gathering.movement(*at, collection)).collect();
    let in_use = collection.default_flag.clone();
    for machine in &mut collection.machines {
        let own = || moves.iter().filter(|made| made.field == machine.field);
        let place = |value: &Json| machine.values.iter().position(|known| known.value == *value);
        // What goes back to a status that other deeds leave, as handing in again does, does not tell that something came before it.
        let goes_back = |made: &Move| {
            let before = made.from.iter().all(|from| place(from) > place(&made.to));
            before && own().any(|other| other.to != made.to && other.from.contains(&made.to))
        };
        let is_led_to = |value: &&StatusValue| own().any(|made| made.to == value.value && !goes_back(made));
        let is_no = |value: &StatusValue| matches!(value.value.scalar_text(), Some("0" | "false"));
        let is_flag = machine.values.len() == 2 && machine.values.iter().any(is_no);
        let first = || machine.values.iter().find(|value| !is_led_to(value) && !is_negative(&value.value));
        let zero = || machine.values.iter().find(|value| is_no(value));
        // `是否发布 0先存着 1发布 默认1`: what counts where nothing is sent.
        let kept = collection.fields.iter().find(|field| field.key == machine.field && field.role == Role::Plain);
        let told = kept.and_then(|field| match &field.initial {
            Initial::Value(value) if *value != field.example.emptied() => Some(value.clone()),
            _ => None,
        });
        let stated = || told.as_ref().and_then(|value| machine.known(value));
        // The example of what makes one shows the first, which is in use for being the first.
        let down = || zero().filter(|_| in_use.as_ref() == Some(&machine.field) && is_flag);
        let begun = || gathering.said_first(creators, group, machine);
        let begun = begun().and_then(|value| machine.known(&value.value));
        let chosen = match begun.or_else(down).or_else(|| shown(&machine.field).and_then(|value| machine.known(&value)))
        {
            Some(value) => Some(value),
            None if gathering.lexicon.is_named("chosen-flag", &machine.field) => collection
                .fields
                .iter()
                .find(|field| field.key == machine.field)
                .and_then(|field| machine.known(&field.example)),
            None if is_flag && own().next().is_none() => stated().or_else(zero),
            None => first(),
        };
        if let Some(value) = chosen {
            machine.initial = value.value.clone();
        }
        let initial = machine.initial.clone();
        if let Some(field) = collection.fields.iter_mut().find(|field| field.key == machine.field) {
            field.initial = Initial::Value(initial);
        }
    }
}

fn is_negative(value: &Json) -> bool {
    value.scalar_text().is_some_and(|text| text.starts_with('-'))
}
