//! One endpoint for several deeds: `act # pay付款 finish确认完成 cancel取消` with the id of the record to which it is done.
//!
//! In: an input whose values are deeds, and what is said of each (`付款：待付款→待发货；取消：仅待付款`). Out: that the endpoint moves a
//! status, with where each value leads and out of which statuses.

use super::allowed::Told;
use super::may_leave::sources;
use super::moves::{ARROWS, Move, names, says};
use crate::behavior::collection::items::gather::Gathering;
use crate::behavior::collection::{Collection, prose};
use crate::behavior::operation::by_shape;
use crate::behavior::{Case, CaseOf, Confidence, Demand, Evidence, Input, Machine, RecordId, StatusValue, enumeration};
use crate::json::Json;
use crate::lexicon::{Lexicon, Verb, compact, label_head};
use crate::spec::{Endpoint, In};
use std::collections::BTreeMap;

/// A value that names a deed.
pub(in crate::behavior) struct Deed {
    pub(in crate::behavior) value: String,
    pub(in crate::behavior) words: String,
    /// What the lexicon knows the deed by.
    pub(in crate::behavior) verb: Option<(String, Verb)>,
}

/// The input of an endpoint that says which deed is done, with the deeds; none where it names no record.
pub(in crate::behavior) fn chosen_deeds(
    endpoint: &Endpoint,
    inputs: &[Input],
    lexicon: &Lexicon,
) -> Option<(usize, Vec<Deed>)> {
    let sent = |input: &Input| !input.discriminates && !input.routes && input.location != In::Header;
    if !inputs.iter().any(|input| sent(input) && by_shape::is_id(input, lexicon)) {
        return None;
    }
    let titled = lexicon.speaks_of("handles-title", &endpoint.title);
    inputs.iter().zip(&endpoint.params).enumerate().find_map(|(number, (input, param))| {
        let label = label_head(&input.label);
        let named = lexicon.is_named("deed-input", &input.name) || lexicon.is_named("deed-input", label);
        let reviews = input.word == crate::lexicon::Role::Status && lexicon.speaks_of("reviews-title", &endpoint.title);
        if !sent(input) || !(named || titled || reviews) || by_shape::is_id(input, lexicon) {
            return None;
        }
        let items = enumeration::read(&param.all_words(), &lexicon.rules().enumerations);
        let deed = |item: enumeration::Item| {
            let name = [item.value.to_lowercase()];
            let verb = lexicon
                .verbs()
                .verb(label_head(&item.words), &name)
                .map(|(known, verb)| (known.to_owned(), verb.clone()));
            Deed { value: item.value, words: label_head(&item.words).to_owned(), verb }
        };
        let deeds: Vec<Deed> = items.into_iter().map(deed).collect();
        // `2已完成` is a status to be set, and no deed.
        let is_deed = |deed: &&Deed| {
            deed.verb.as_ref().is_some_and(|(_, verb)| {
                let status = verb.leads.iter().chain(&verb.leaves).any(|word| *word == deed.words);
                !status || verb.words.contains(&deed.words)
            })
        };
        let refuses = |deed: &Deed| lexicon.speaks_of("refused-outcome", &deed.words);
        let known = deeds.iter().filter(is_deed).count();
        // `1打款 2驳回` of what audits: one of two gives nothing.
        let decides = reviews && deeds.len() == 2 && deeds.iter().filter(|deed| refuses(deed)).count() == 1;
        // What is called an action says one, also where half of them are words of the trade.
        let mostly = known * 2 > deeds.len() || (named && known * 2 == deeds.len());
        (decides || (known > 1 && mostly)).then_some((number, deeds))
    })
}

impl Move {
    /// Whether each value that is sent leaves statuses of its own.
    pub(in crate::behavior) fn is_chosen(&self) -> bool {
        self.cases.iter().any(|case| matches!(&case.of, CaseOf::Input { from, .. } if !from.is_empty()))
    }

    /// That the record is in a status which the value sent may leave.
    pub(in crate::behavior) fn chosen(&self, collection: usize, id: &RecordId) -> Vec<Demand> {
        let demands = self.cases.iter().filter_map(|case| {
            let CaseOf::Input { input, values, from } = &case.of else { return None };
            let state = Demand::InState { collection, id: id.clone(), field: self.field.clone(), from: from.clone() };
            let demand = Demand::When { input: *input, values: values.clone(), absent: false, demand: Box::new(state) };
            (!from.is_empty()).then_some(demand)
        });
        demands.collect()
    }
}

impl Gathering<'_> {
    /// Where the deed that is sent leads.
    pub(in crate::behavior::collection) fn chosen_move(&self, at: usize, collection: &Collection) -> Option<Move> {
        let endpoint = self.endpoint(at);
        let (input, deeds) = chosen_deeds(endpoint, &self.inputs[at], self.lexicon)?;
        let sent = |machine: &&Machine| !self.is_sent(at, &machine.field);
        let own = compact(&self.inputs[at][input].name);
        if let Some(machine) = collection.machines.iter().find(|machine| compact(&machine.field) == own) {
            return self.reviewed_as(at, input, &deeds, machine);
        }
        let mut machines = collection.machines.iter().filter(sent).filter(|machine| compact(&machine.field) != own);
        machines.find_map(|machine| {
            let told = self.told_of_deeds(at, &deeds, machine);
            let mut cases = Vec::new();
            for (deed, told) in deeds.iter().zip(&told) {
                let rows = self.rows_of_deed(at, deed, machine);
                let Some((from, to)) = self.led_by(at, deed, (told, &rows), machine) else { continue };
                let of = CaseOf::Input { input, values: vec![deed.value.clone()], from };
                cases.push(Case { of, to: to.value.clone() });
            }
            let to = cases.first().filter(|_| cases.len() > 1)?.to.clone();
            let name = &self.inputs[at][input].name;
            let because = Evidence::new(format!("`{name}` names the deed"), machine.place, Confidence::Likely);
            Some(Move { field: machine.field.clone(), to, from: Vec::new(), cases, again: false, because })
        })
    }

    /// `status # 1通过 2驳回` of what audits: the deeds are called by the very statuses to which they lead.
    fn reviewed_as(&self, at: usize, input: usize, deeds: &[Deed], machine: &Machine) -> Option<Move> {
        let known = |deed: &Deed| machine.values.iter().find(|value| value.value.scalar_text() == Some(&*deed.value));
        let led: Vec<&StatusValue> = deeds.iter().filter_map(known).collect();
        let open = |value: &&StatusValue| led.iter().all(|known| known.value != value.value);
        let from: Vec<Json> = machine.values.iter().filter(open).take(1).map(|value| value.value.clone()).collect();
        if led.len() < deeds.len() || from.is_empty() {
            return None;
        }
        let case = |value: &&StatusValue| {
            let sent = vec![value.value.scalar_text().unwrap_or_default().to_owned()];
            Case { of: CaseOf::Input { input, values: sent, from: from.clone() }, to: value.value.clone() }
        };
        let name = &self.inputs[at][input].name;
        Some(Move {
            field: machine.field.clone(),
            to: led.first()?.value.clone(),
            from: Vec::new(),
            cases: led.iter().map(case).collect(),
            again: false,
            because: Evidence::new(format!("`{name}` names the deed"), machine.place, Confidence::Likely),
        })
    }

    /// What the remarks, the failures and the input itself say of each deed.
    fn told_of_deeds(&self, at: usize, deeds: &[Deed], machine: &Machine) -> Vec<Vec<String>> {
        let endpoint = self.endpoint(at);
        let mut told: Vec<Vec<String>> = vec![Vec::new(); deeds.len()];
        let notes = prose::remarks(self.prose, endpoint).map(|note| note.text.as_str());
        let failures = self.chooser.catalog.own[at].iter().map(|failure| failure.message.as_str());
        let words = endpoint.params.iter().map(crate::spec::Param::all_words).collect::<Vec<_>>();
        // `- cancel：pending、paid → canceled` beside the statuses.
        let beside = self.sections.over(machine.place).and_then(|lines| self.prose.get(lines)).unwrap_or_default();
        let arrows = beside
            .iter()
            .map(|note| note.text.as_str())
            .filter(|text| !text.starts_with('|') && ARROWS.iter().any(|arrow| text.contains(arrow)));
        let texts = notes.chain(arrows).chain(failures).chain(words.iter().map(String::as_str));
        for sentence in texts.flat_map(|text| text.split([';', '；', '。', '\n'])) {
            let mut current = None;
            for clause in sentence.split([',', '，']) {
                let found = self.mentions(clause, deeds, machine);
                let first = found.keys().next().copied();
                // `待付款时可付款或取消`: what stands before all of them is said of each.
                let named = |text: &str| machine.values.iter().any(|value| names(text, value, self.lexicon));
                let shared =
                    found.len() > 1 && first.is_some_and(|first| named(&clause[..first]) && !named(&clause[first..]));
                let starts: Vec<(usize, usize)> = found.into_iter().collect();
                if starts.is_empty()
                    && let Some(deed) = current
                {
                    let texts: &mut Vec<String> = &mut told[deed];
                    texts.push(clause.to_owned());
                }
                for (place, (start, deed)) in starts.iter().enumerate() {
                    let begin = if place == 0 { 0 } else { *start };
                    let end = starts.get(place + 1).map_or(clause.len(), |(next, _)| *next);
                    let piece = if shared { clause } else { &clause[begin..end] };
                    told[*deed].push(piece.to_owned());
                    current = Some(*deed);
                }
            }
        }
        told
    }

    /// Where a clause names deeds; the words of statuses (待付款, 已取消) name none.
    fn mentions(&self, clause: &str, deeds: &[Deed], machine: &Machine) -> BTreeMap<usize, usize> {
        // Places in it are places in the clause.
        let mut plain = clause.to_ascii_lowercase();
        let heads = machine.values.iter().map(|value| label_head(&value.words).to_lowercase());
        for head in heads.filter(|head| head.chars().count() > 2) {
            plain = plain.replace(&head, &"\u{1}".repeat(head.len()));
        }
        let mut found = BTreeMap::new();
        for (number, deed) in deeds.iter().enumerate() {
            let value = deed.value.to_lowercase();
            let code = value.bytes().any(|byte| byte.is_ascii_alphabetic()).then_some(value.as_str());
            let alone = |start: usize, word: &str| {
                let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
                !word.is_ascii()
                    || !(plain[..start].ends_with(is_part) || plain[start + word.len()..].starts_with(is_part))
            };
            let place = |word: &str| plain.match_indices(word).map(|(start, _)| start).find(|at| alone(*at, word));
            let words = deed.words.to_lowercase();
            let own = || Some(words.as_str()).filter(|word| word.chars().count() > 1).and_then(place);
            let alike = || {
                let words = self.lexicon.verbs().words_in(&deed.words);
                words.into_iter().filter(|word| word.chars().count() > 1).find_map(place)
            };
            if let Some(start) = code.and_then(place).or_else(own).or_else(alike) {
                found.entry(start).or_insert(number);
            }
        }
        found
    }

    /// Out of which statuses a deed leads, and where.
    fn led_by<'m>(
        &self,
        at: usize,
        deed: &Deed,
        (told, rows): (&[String], &[Told<'m>]),
        machine: &'m Machine,
    ) -> Option<(Vec<Json>, &'m StatusValue)> {
        let lexicon = self.lexicon;
        let named = |text: &str| -> Vec<&'m StatusValue> {
            machine.values.iter().filter(|value| names(text, value, lexicon)).collect()
        };
        let arrow = told.iter().find_map(|text| {
            let (start, length) = ARROWS.iter().find_map(|arrow| Some((text.find(arrow)?, arrow.len())))?;
            let [to] = named(&text[start + length..])[..] else { return None };
            Some((named(&text[..start]), to))
        });
        let becomes = || {
            told.iter().find_map(|text| {
                let end = lexicon.after("becomes", text)?;
                let [to] = named(&text[end..])[..] else { return None };
                Some((named(&text[..end]), to))
            })
        };
        let said = arrow.or_else(becomes);
        let tabled = rows.iter().find_map(|row| row.to);
        let to = said.as_ref().map(|(_, to)| *to).or(tabled).or_else(|| self.called_by(deed, machine))?;
        let mut from = said.map_or_else(Vec::new, |(from, _)| from);
        if from.is_empty() {
            from = rows.iter().flat_map(|row| row.from.iter().copied()).collect();
        }
        if from.is_empty() {
            let allows =
                |text: &&String| !lexicon.speaks_of("denied", text) && !lexicon.speaks_of("denial-of-deed", text);
            let mut told = told.iter().filter(allows).map(|text| named(text));
            from = told.find(|from| !from.is_empty()).unwrap_or_default();
        }
        from.retain(|value| value.value != to.value);
        let mut from: Vec<Json> = from.into_iter().map(|value| value.value.clone()).collect();
        if from.is_empty() {
            let verb = deed.verb.clone().map(|(_, verb)| verb).unwrap_or_default();
            from = sources(&verb, machine, to, &self.chooser.catalog.own[at], lexicon).0;
        }
        Some((from, to))
    }

    /// The status that a deed leads to by its words.
    fn called_by<'m>(&self, deed: &Deed, machine: &'m Machine) -> Option<&'m StatusValue> {
        let head = |value: &StatusValue| label_head(&value.words).to_lowercase();
        let done = |value: &&StatusValue| {
            let head = head(value);
            let stem = self.lexicon.without_done(&head);
            stem.len() < head.len() && stem.chars().count() > 1 && deed.words.to_lowercase().contains(stem)
        };
        let verb = deed.verb.as_ref().map(|(_, verb)| verb);
        let leads = || verb.into_iter().flat_map(|verb| &verb.leads);
        let exact = || leads().find_map(|word| machine.values.iter().find(|value| head(value) == *word));
        let part =
            || leads().find_map(|word| machine.values.iter().find(|value| says(&head(value), word, self.lexicon)));
        let next = || {
            let leaves = &verb?.leaves;
            let source = machine.values.iter().position(|value| leaves.contains(&head(value)))?;
            machine.values.get(source + 1)
        };
        machine.values.iter().find(done).or_else(exact).or_else(part).or_else(next)
    }
}
