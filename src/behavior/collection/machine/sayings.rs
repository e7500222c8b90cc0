//! What sentences say of deeds and statuses: `待入场才能入场`, `付款后变成待入场`, `取消或者离场车位加1`; and the deeds that the
//! statuses themselves name: 揽收 where there are 待揽收 and 已揽收.

use super::moves::{names, says};
use crate::behavior::collection::Collection;
use crate::behavior::collection::items::gather::Gathering;
use crate::behavior::collection::nouns::group::Group;
use crate::behavior::operation::titles::bare;
use crate::behavior::{Case, CaseOf, Machine, StatusValue, enumeration};
use crate::lexicon::{Lexicon, Operation, Role, Verb, compact, label_head};
use crate::spec::{Endpoint, Note};
use std::collections::HashSet;
use std::rc::Rc;
use std::sync::Arc;

/// Of a page that is longer, an endpoint is told by its beginning and by what stands nearest.
const PAGE: usize = 256;
const BEGINNING: usize = 64;

/// Of more endpoints that make the same records, those count that stand nearest.
const MAKERS: usize = 8;

/// Longer titles are sentences.
const MOST_OF_A_DEED: usize = 6;

impl Gathering<'_> {
    /// The clauses of the page that an endpoint stands on, and of its own remarks.
    pub(in crate::behavior) fn clauses(&self, at: usize) -> impl Iterator<Item = &str> {
        let endpoint = self.endpoint(at);
        let notes = endpoint.notes.iter().chain(self.lines_around(endpoint));
        notes.flat_map(|note| note.text.split([',', '，', ';', '；', '。']))
    }

    /// The same, each with whether it stands among the endpoint's own remarks.
    fn clauses_told(&self, at: usize) -> impl Iterator<Item = (&str, bool)> {
        let own: usize =
            self.endpoint(at).notes.iter().map(|note| note.text.split([',', '，', ';', '；', '。']).count()).sum();
        self.clauses(at).enumerate().map(move |(number, clause)| (clause, number < own))
    }

    /// The lines of the page that an endpoint stands on.
    pub(in crate::behavior) fn lines_around(&self, endpoint: &Endpoint) -> impl Iterator<Item = &Note> {
        let file = endpoint.place.file;
        let begins = self.prose.partition_point(|note| note.place.file < file);
        let ends = self.prose.partition_point(|note| note.place.file <= file);
        let page = &self.prose[begins..ends];
        let (beginning, rest) = page.split_at(if page.len() > PAGE { BEGINNING } else { page.len() });
        let own = rest.partition_point(|note| note.place.span.start < endpoint.place.span.start);
        let near = PAGE - BEGINNING;
        let from = own.saturating_sub(near / 2).min(rest.len().saturating_sub(near));
        beginning.iter().chain(rest.iter().skip(from).take(near))
    }

    /// The endpoints that make the records that another one is about, in order.
    pub(in crate::behavior) fn makers(&self, at: usize, records: &Collection) -> Vec<usize> {
        let names = records.names.iter().filter(|name| !name.is_empty()).chain([&self.nouns[at].path]);
        let makers = names.flat_map(|name| self.making.of(name)).copied();
        let mut makers: Vec<usize> = makers.filter(|at| self.operations[*at] == Operation::Create).collect();
        makers.sort_by_key(|maker| (maker.abs_diff(at), *maker));
        makers.dedup();
        makers.truncate(MAKERS);
        makers.sort_unstable();
        makers
    }

    /// What the last words of the paths that tie a caller to a record are: `fond` of `piano/fond`.
    pub(in crate::behavior::collection) fn path_deeds(&self, group: &Group) -> Vec<String> {
        let toggles = group.endpoints.iter().filter(|at| self.operations[**at] == Operation::Toggle);
        toggles.filter_map(|at| self.nouns[*at].words.last().cloned()).collect()
    }

    /// The words by which a title calls a deed, the longest first.
    pub(in crate::behavior) fn deeds<'v>(&'v self, at: usize, verb: &'v Verb) -> Vec<&'v str> {
        let title = self.endpoint(at).title.as_str();
        let mut words: Vec<&str> = verb.words.iter().map(String::as_str).filter(|word| title.contains(word)).collect();
        words.sort_by_key(|word| std::cmp::Reverse(word.len()));
        // `退地`: what no list knows is called as its title is.
        let short = (2..=MOST_OF_A_DEED).contains(&title.chars().count()) && !title.is_ascii();
        if words.is_empty() && short {
            words.push(title);
        }
        words
    }

    /// The statuses of which a clause says that they allow the deed: `停车中才能离场`.
    pub(in crate::behavior::collection) fn sources_said<'m>(
        &self,
        at: usize,
        verb: &Verb,
        machine: &'m Machine,
    ) -> Vec<&'m StatusValue> {
        let deeds = self.deeds(at, verb);
        let permissions = &self.lexicon.rules().deeds.permissions;
        let mut found = Vec::new();
        for (clause, own) in self.clauses_told(at) {
            let permitted = permissions.iter().find_map(|word| clause.split_once(word.as_str()));
            let Some((before, after)) = permitted else { continue };
            let deed = deeds.iter().find(|deed| after.trim_start().starts_with(**deed));
            // `打印完成以后才能点` says of no other deed than its own when it can be done.
            let pressed = own && deed.is_none() && self.lexicon.is_nothing_but("pressed", after);
            if let Some(listed) = deed.and_then(|deed| self.in_brackets(after.trim_start(), deed, machine)) {
                let more = listed.into_iter().filter(|value| !found.contains(value)).collect::<Vec<_>>();
                found.extend(more);
                continue;
            }
            if pressed {
                found.extend(machine.values.iter().filter(|value| names(before, value, self.lexicon)));
                continue;
            }
            if deed.is_none()
                || self.lexicon.speaks_of("denial-of-deed", clause)
                || self.lexicon.speaks_of("only-after", clause)
            {
                continue;
            }
            for value in machine.values.iter().filter(|value| names(before, value, self.lexicon)) {
                // A quote above a block is a line of the page as well.
                if !found.contains(&value) {
                    found.push(value);
                }
            }
        }
        found
    }

    /// `取消（待支付、待打印）`: the statuses that brackets right behind an allowed deed list, and nothing else.
    fn in_brackets<'m>(&self, after: &str, deed: &str, machine: &'m Machine) -> Option<Vec<&'m StatusValue>> {
        let inner = after.strip_prefix(deed)?.trim_start().strip_prefix(['（', '('])?.split(['）', ')']).next()?;
        let pieces = self.lexicon.rules().joints.words_of(inner).map(str::trim).filter(|piece| !piece.is_empty());
        let named = pieces.map(|piece| machine.values.iter().find(|value| names(piece, value, self.lexicon)));
        named.collect::<Option<Vec<_>>>().filter(|named| !named.is_empty())
    }

    /// Whether a value of a field is chosen when a record is made: no deed leads there.
    pub(in crate::behavior) fn is_sent(&self, at: usize, field: &str) -> bool {
        let noun = &self.nouns[at].path;
        let known = self.asked.sent.borrow().get(noun).map(Rc::clone);
        let sent = known.unwrap_or_else(|| {
            let makers = self.making.of(noun).iter().filter(|maker| self.operations[**maker] == Operation::Create);
            let inputs = makers.flat_map(|maker| &self.inputs[*maker]).filter(|input| input.word != Role::Status);
            let sent: Rc<HashSet<String>> = Rc::new(inputs.map(|input| compact(&input.name)).collect());
            self.asked.sent.borrow_mut().insert(noun.clone(), Rc::clone(&sent));
            sent
        });
        sent.contains(&compact(field))
    }

    /// What clauses say that a deed leads to: `付款后变成待入场`, `未付款的取消后变为已关闭`.
    pub(in crate::behavior::collection) fn sayings<'m>(
        &self,
        at: usize,
        verb: &Verb,
        machine: &'m Machine,
        collection: &'m Collection,
    ) -> Vec<Saying<'m>> {
        let deeds = self.deeds(at, verb);
        let lexicon = self.lexicon;
        let saying = |(clause, own): (&str, bool)| {
            let becomes = lexicon.after("becomes", clause);
            let end = becomes.or_else(|| lexicon.after("then", clause))?;
            let (before, after) = clause.split_at(end);
            let (when, bare) = out_of(before, collection, lexicon);
            let deed = deeds.iter().any(|deed| bare.contains(deed) || (!verb.aside && self.is_short_of(deed, &bare)));
            // `点完变成已取件` beside an endpoint is said of what it does.
            let told = || lexicon.before("becomes", clause).and_then(|start| clause.get(..start));
            let deed = deed || (own && told().is_some_and(|text| lexicon.is_nothing_but("pressed", text)));
            let to =
                said_status(after, machine, lexicon).filter(|_| deed && (becomes.is_some() || !when.is_empty()))?;
            Some(Saying { when, to })
        };
        self.clauses_told(at).filter_map(saying).collect()
    }

    /// Whether a text says in short that a deed of two characters is done: `付完` of 付款. A deed of other endpoints that begins
    /// alike is another's.
    fn is_short_of(&self, deed: &str, text: &str) -> bool {
        let Some(first) = deed.chars().next().filter(|first| !first.is_ascii() && deed.chars().count() == 2) else {
            return false;
        };
        let ended = &self.lexicon.rules().deeds.ended;
        ended.iter().any(|end| text.contains(&format!("{first}{end}")))
    }

    /// Where a deed leads elsewhere than it does mostly, by the status that a record has before.
    pub(in crate::behavior::collection) fn cases(
        &self,
        at: usize,
        verb: &Verb,
        machine: &Machine,
        collection: &Collection,
    ) -> Vec<Case> {
        let mut cases: Vec<Case> = Vec::new();
        for Saying { when, to } in self.sayings(at, verb, machine, collection) {
            for (source, value) in when {
                let known = cases.iter_mut().find_map(|case| match &mut case.of {
                    CaseOf::Field { field, from } if *field == source.field && case.to == to.value => Some(from),
                    _ => None,
                });
                match known {
                    Some(from) if from.contains(&value.value) => {}
                    Some(from) => from.push(value.value.clone()),
                    None => {
                        let (field, from) = (Arc::clone(&source.field), vec![value.value.clone()]);
                        cases.push(Case { of: CaseOf::Field { field, from }, to: to.value.clone() });
                    }
                }
            }
        }
        cases.extend(self.cases_sent(at, machine));
        cases
    }

    /// Where a deed leads by what is sent: `验收通过变为已完成，不通过退回处理中` beside `pass # 1通过 0不通过`. None where a value is
    /// left without a status.
    fn cases_sent(&self, at: usize, machine: &Machine) -> Vec<Case> {
        let lexicon = self.lexicon;
        let inputs = self.inputs[at].iter().zip(&self.endpoint(at).params).enumerate();
        let mut found =
            inputs.filter(|(_, (input, _))| input.required && !input.discriminates).map(|(number, (_, param))| {
                let items = enumeration::read(&param.all_words(), &lexicon.rules().enumerations);
                let others =
                    |own: &str| items.iter().filter(|item| item.words != own && item.words.contains(own)).count() > 0;
                let to = |item: &enumeration::Item| {
                    let words = label_head(&item.words);
                    // `不通过` holds `通过`.
                    let held = |clause: &str| {
                        others(&item.words)
                            && items.iter().any(|o| o.words != item.words && clause.contains(label_head(&o.words)))
                    };
                    let said = self.clauses(at).filter(|clause| clause.contains(words) && !held(clause));
                    let mut said = said.filter_map(|clause| said_status(clause.split_once(words)?.1, machine, lexicon));
                    let called = || machine.values.iter().find(|value| says(label_head(&value.words), words, lexicon));
                    said.next().or_else(called)
                };
                let cases = items.iter().map(|item| {
                    let of = CaseOf::Input { input: number, values: vec![item.value.clone()], from: Vec::new() };
                    Some(Case { of, to: to(item)?.value.clone() })
                });
                cases
                    .collect::<Option<Vec<Case>>>()
                    .filter(|cases| cases.len() > 1 && cases.windows(2).any(|pair| pair[0].to != pair[1].to))
            });
        found.find_map(|cases| cases).unwrap_or_default()
    }

    /// Whether a title speaks of something about a deed: `设置就诊时间`.
    pub(in crate::behavior) fn is_about(&self, title: &str, deed: &str) -> bool {
        let rest = title.split_once(deed).map_or("", |(_, rest)| rest.trim_start());
        let end = self.lexicon.word_of("object-of-deed", rest);
        end.is_some_and(|word| rest.starts_with(word))
    }

    /// The deed of a title that statuses are called by.
    pub(in crate::behavior) fn own_verb(&self, at: usize, machines: &[Machine]) -> Option<(Arc<str>, Verb)> {
        let heads = machines.iter().flat_map(|machine| &machine.values).map(|value| label_head(&value.words));
        let title = &self.endpoint(at).title;
        let stem = stem_in(title, heads.clone(), self.lexicon).or_else(|| short_stem(title, heads, self.lexicon))?;
        if self.is_about(title, &stem) {
            return None;
        }
        let with = |words: &[String]| words.iter().map(|word| word.replace('*', &stem)).collect();
        let words = &self.lexicon.rules().deeds;
        let verb =
            Verb { leads: with(&words.had), leaves: with(&words.due), words: vec![stem.clone()], ..Verb::default() };
        Some((stem.into(), verb))
    }
}

/// What a clause says.
pub(in crate::behavior::collection) struct Saying<'m> {
    /// The statuses out of which it leads there; none where it always does.
    pub(in crate::behavior::collection) when: Vec<(&'m Machine, &'m StatusValue)>,
    pub(in crate::behavior::collection) to: &'m StatusValue,
}

/// The statuses that the beginning of a clause names, and what it says without their names.
fn out_of<'m>(
    before: &str,
    collection: &'m Collection,
    lexicon: &Lexicon,
) -> (Vec<(&'m Machine, &'m StatusValue)>, String) {
    let mut bare = before.to_owned();
    let all =
        || collection.machines.iter().flat_map(|machine| machine.values.iter().map(move |value| (machine, value)));
    let mut found: Vec<(&Machine, &StatusValue)> = all().filter(|(_, value)| names(before, value, lexicon)).collect();
    for (_, value) in &found {
        bare = bare.replace(label_head(&value.words), "");
    }
    if found.is_empty() {
        // `已付款的` where the status is called 待发货.
        let word_for = |value: &StatusValue| {
            let head = label_head(&value.words);
            let alike = lexicon.verbs().alike(head).into_iter();
            alike.filter(|word| word.chars().count() > 2 && *word != head).find(|word| says(before, word, lexicon))
        };
        for (machine, value) in all() {
            if let Some(word) = word_for(value) {
                bare = bare.replace(word, "");
                found.push((machine, value));
            }
        }
    }
    (found, bare)
}

/// The one status that the end of a clause names, in its own words or without what says that it has come about.
pub(in crate::behavior) fn said_status<'m>(
    after: &str,
    machine: &'m Machine,
    lexicon: &Lexicon,
) -> Option<&'m StatusValue> {
    let mut named = machine.values.iter().filter(|value| names(after, value, lexicon));
    if let Some(first) = named.next() {
        return named.next().is_none().then_some(first);
    }
    let words = &lexicon.rules().deeds;
    let bare = |value: &&StatusValue| {
        let head = label_head(&value.words);
        let forms = words.due.iter().chain(&words.had).filter_map(|form| {
            let (before, after) = form.split_once('*')?;
            let plain = before.is_empty() && after.is_empty();
            head.strip_prefix(before)?.strip_suffix(after).filter(|_| !plain)
        });
        forms.into_iter().any(|stem| stem.chars().count() > 1 && says(after, stem, lexicon))
    };
    machine.values.iter().find(bare)
}

/// The stem of one sign of a status that something has come about, where a short title begins with it: 退 of 退卡, and of 已退.
pub(in crate::behavior) fn short_stem<'t>(
    title: &str,
    mut statuses: impl Iterator<Item = &'t str>,
    lexicon: &Lexicon,
) -> Option<String> {
    let title = bare(title);
    if title.chars().count() > SHORT_TITLE {
        return None;
    }
    let stem = statuses.find_map(|status| {
        let stem = lexicon.without_done(status);
        let short = stem.len() < status.len() && stem.chars().count() == 1 && !stem.is_ascii();
        (short && title.starts_with(stem)).then_some(stem)
    });
    stem.map(str::to_owned)
}

/// In signs, of a title that is a deed and what it is done to.
const SHORT_TITLE: usize = 3;

/// The longest stem of statuses that a title holds: 揽收 of 待揽收 and 已揽收.
pub(in crate::behavior) fn stem_in<'t>(
    title: &str,
    statuses: impl Iterator<Item = &'t str>,
    lexicon: &Lexicon,
) -> Option<String> {
    let words = &lexicon.rules().deeds;
    let stems = statuses.flat_map(|status| {
        let forms = words.had.iter().chain(&words.due);
        forms.filter_map(move |form| {
            let (before, after) = form.split_once('*')?;
            let bare = before.is_empty() && after.is_empty();
            status.strip_prefix(before)?.strip_suffix(after).filter(|_| !bare)
        })
    });
    let fitting = stems.filter(|stem| stem.chars().count() > 1 && !stem.is_ascii() && title.contains(stem));
    fitting.max_by_key(|stem| stem.len()).map(str::to_owned)
}
