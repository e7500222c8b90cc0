//! Which deeds the statuses of a record allow, as tables of moves and sentences say.
//!
//! In: `| 当前状态 | 操作 | 变为 |`, `| 状态 | 支付 | 取消 |` with marks, `已入馆、已取消的不能取消`, `待受理、维修中的单子可以催`. Out: statuses that
//! a deed leaves, where it leads, or those in which it is allowed and leaves everything as it is.

use super::chosen_deeds::Deed;
use super::moves::{names, says, sentences};
use crate::behavior::collection::Collection;
use crate::behavior::collection::items::gather::Gathering;
use crate::behavior::collection::prose::{self, Columns, MoveTable};
use crate::behavior::{Case, CaseOf, Confidence, Evidence, Machine, StatusValue, enumeration};
use crate::json::Json;
use crate::lexicon::{Operation, Verb, compact, label_head};
use crate::source::Place;
use std::sync::Arc;

/// What a row of a table says of a deed.
pub(in crate::behavior) struct Told<'m> {
    pub(in crate::behavior) from: Vec<&'m StatusValue>,
    pub(in crate::behavior) to: Option<&'m StatusValue>,
    /// It speaks of the deed where an input has this value: `审批（驳回）`.
    sent: Option<(usize, String)>,
}

/// The statuses that the rows let a deed leave.
pub(in crate::behavior::collection) fn sources(rows: &[Told<'_>], to: &StatusValue) -> Vec<Json> {
    let mut found: Vec<Json> = Vec::new();
    for value in rows.iter().flat_map(|row| &row.from).filter(|value| value.value != to.value) {
        if !found.contains(&value.value) {
            found.push(value.value.clone());
        }
    }
    found
}

/// Where rows lead elsewhere than mostly.
pub(in crate::behavior::collection) fn cases(rows: &[Told<'_>], machine: &Machine, to: &StatusValue) -> Vec<Case> {
    let elsewhere = rows.iter().filter(|row| row.to.is_some_and(|led| led.value != to.value));
    if elsewhere.clone().next().is_none() {
        return Vec::new();
    }
    let told = rows.iter().filter_map(|row| Some((row, row.to?)));
    let case = |(row, led): (&Told<'_>, &StatusValue)| {
        let of = match &row.sent {
            Some((input, value)) => CaseOf::Input { input: *input, values: vec![value.clone()], from: Vec::new() },
            None => {
                let from = row.from.iter().map(|value| value.value.clone()).collect();
                CaseOf::Field { field: Arc::clone(&machine.field), from }
            }
        };
        Case { of, to: led.value.clone() }
    };
    told.map(case).collect()
}

/// In which statuses something is allowed that changes none.
pub(in crate::behavior) struct Standing {
    pub(in crate::behavior) field: Arc<str>,
    pub(in crate::behavior) from: Vec<Json>,
    pub(in crate::behavior) because: Evidence,
}

impl Gathering<'_> {
    /// Whether words call what an endpoint does, as its title, its path or a verb of the lexicon has it.
    pub(in crate::behavior::collection) fn is_deed(&self, at: usize, verb: &str, deed: &str) -> bool {
        let deed = self.lexicon.without_permission(self.without_actor(at, deed));
        let in_path = || {
            let last = self.nouns[at].words.last();
            deed.is_ascii() && prose::words(deed).last().is_some_and(|word| Some(&compact(word)) == last)
        };
        !deed.is_empty()
            && !self.lexicon.speaks_of("denial-of-deed", deed)
            && (self.endpoint(at).title.contains(deed)
                || in_path()
                || self.lexicon.verbs().verb(deed, &[]).is_some_and(|(known, found)| {
                    // `业主取消` tells who did it.
                    known == verb && found.words.iter().any(|word| deed.starts_with(word.as_str()))
                }))
    }

    /// A deed without who does it, where that is whoever may call the endpoint: `机手可接单`, `农户验收`.
    fn without_actor<'t>(&self, at: usize, deed: &'t str) -> &'t str {
        let deed = deed.split(['（', '(']).next().unwrap_or(deed).trim();
        let Some(kinds) = self.accounts.kinds.as_ref() else { return deed };
        let caller = kinds.caller(at).and_then(|kind| kinds.kinds.get(kind));
        let called = caller.map(|kind| kind.words.as_str()).filter(|words| !words.is_empty());
        called.and_then(|words| deed.strip_prefix(words)).unwrap_or(deed).trim()
    }

    /// What the tables of moves say of an endpoint's deed.
    pub(in crate::behavior) fn table_moves<'m>(&self, at: usize, verb: &str, machine: &'m Machine) -> Vec<Told<'m>> {
        let file = self.endpoint(at).place.file;
        let mut found = Vec::new();
        for table in self
            .said
            .move_tables(self.set)
            .iter()
            .filter(|table| table.is_free || table.file == file || table.file == machine.place.file)
        {
            // What the title has word for word is meant by no other row: `撤回` beside `作废`, which undo alike.
            let titled = |cell: &str| {
                let parts = self.lexicon.rules().joints.words_of(cell).chain([cell]).map(str::trim);
                parts.into_iter().any(|deed| {
                    // `提交` in the title of handing in again is another deed.
                    let same = || self.lexicon.verbs().verb(deed, &[]).is_some_and(|(known, _)| known == verb);
                    deed.chars().count() > 1 && self.endpoint(at).title.contains(deed) && same()
                })
            };
            let column = table.columns.and_then(|columns| columns.deed);
            let cells = table.rows.iter().filter_map(|row| row.get(column?));
            let exact = cells.clone().any(|cell| titled(cell));
            let deeds = |cell: &str| {
                let mut parts = self.lexicon.rules().joints.words_of(cell).map(str::trim);
                let mut called =
                    || parts.any(|deed| self.is_deed(at, verb, deed)) || self.is_deed(at, verb, cell.trim());
                if exact { titled(cell) } else { called() }
            };
            // Of a deed with several outcomes each row names one by what is sent.
            let outcomes = self.outcomes(at);
            let outcome = |cell: &str| self.outcome_in(at, &outcomes, cell);
            let several = !exact && cells.filter_map(|cell| outcome(cell)).map(|(_, value)| value).nth(1).is_some();
            let mut rows = match &table.columns {
                Some(columns) => {
                    let cell = |row: &'_ [String], column: Option<usize>| column.and_then(|at| row.get(at).cloned());
                    let rows = table.rows.iter().filter_map(|row| {
                        let deed = cell(row, columns.deed);
                        let to = cell(row, columns.to).map(|cell| self.statuses_in(&cell, machine));
                        let to = to.and_then(|found| <[_; 1]>::try_from(found).ok()).map(|[to]| to);
                        let sent = deed.as_deref().filter(|_| several).and_then(outcome);
                        let is_own = match &deed {
                            _ if several => sent.is_some(),
                            Some(deed) => deeds(deed),
                            None => to.is_some_and(|to| self.is_called_alike(at, verb, to)),
                        };
                        let from =
                            cell(row, columns.from).map_or_else(Vec::new, |cell| self.statuses_in(&cell, machine));
                        (is_own && (!from.is_empty() || to.is_some())).then_some(Told { from, to, sent })
                    });
                    rows.collect()
                }
                None => self.marked(table, &deeds, machine),
            };
            found.append(&mut rows);
        }
        if found.is_empty() {
            found.extend(self.listed_sources(at, verb, machine).map(|from| Told { from, to: None, sent: None }));
        }
        found
    }

    /// What the tables of moves say of one of the deeds that an input names: by its value, else by its words.
    pub(in crate::behavior::collection) fn rows_of_deed<'m>(
        &self,
        at: usize,
        deed: &Deed,
        machine: &'m Machine,
    ) -> Vec<Told<'m>> {
        let file = self.endpoint(at).place.file;
        let own = |part: &str| {
            let part = part.split(['（', '(']).next().unwrap_or(part);
            let part = self.lexicon.without_permission(part.trim_matches(|c: char| c.is_whitespace() || c == '`'));
            let named = || deed.verb.as_ref().is_some_and(|(_, verb)| verb.words.iter().any(|word| word == part));
            !part.is_empty() && (deed.value.eq_ignore_ascii_case(part) || deed.words == part || named())
        };
        let is_deed = |cell: &str| self.lexicon.rules().joints.words_of(cell).any(own);
        let tables = self.said.move_tables(self.set).iter();
        let tables = tables.filter(|table| table.is_free || table.file == file || table.file == machine.place.file);
        let rows = tables.flat_map(|table| match &table.columns {
            Some(Columns { from, to, deed: Some(deed) }) => {
                let cell = |row: &'_ [String], column: Option<usize>| column.and_then(|at| row.get(at).cloned());
                let named = table.rows.iter().filter(|row| row.get(*deed).is_some_and(|cell| is_deed(cell)));
                let rows = named.map(|row| {
                    let statuses = |column: Option<usize>| {
                        cell(row, column).map_or_else(Vec::new, |cell| self.statuses_in(&cell, machine))
                    };
                    let to = <[_; 1]>::try_from(statuses(*to)).ok().map(|[to]| to);
                    Told { from: statuses(*from), to, sent: None }
                });
                rows.collect()
            }
            Some(_) => Vec::new(),
            None => self.marked(table, &is_deed, machine),
        });
        rows.collect()
    }

    /// What an endpoint can be told to come to, by the values of an input that it needs: `decision # AGREE同意 REJECT驳回`.
    fn outcomes(&self, at: usize) -> Vec<(usize, enumeration::Item)> {
        let inputs = self.inputs[at].iter().zip(&self.endpoint(at).params).enumerate();
        let needed = inputs.filter(|(_, (input, _))| input.required && !input.discriminates);
        let listed = needed.flat_map(|(number, (_, param))| {
            let items = enumeration::read(&param.all_words(), &self.lexicon.rules().enumerations);
            items.into_iter().map(move |item| (number, item))
        });
        listed.collect()
    }

    /// The outcome that a cell names beside the deed, or alone: `审批（同意）`, `审批-驳回`, `同意`.
    fn outcome_in(&self, at: usize, outcomes: &[(usize, enumeration::Item)], cell: &str) -> Option<(usize, String)> {
        let named = outcomes.iter().filter(|(_, item)| {
            let head = label_head(&item.words);
            head.chars().count() > 1 && says(cell, head, self.lexicon)
        });
        // `不通过` holds `通过`.
        let (input, item) = named.max_by_key(|(_, item)| label_head(&item.words).len())?;
        let rest = cell.replace(label_head(&item.words), "");
        let rest = rest.trim_matches(|c: char| !c.is_alphanumeric());
        (rest.is_empty() || self.endpoint(at).title.contains(rest)).then(|| (*input, item.value.clone()))
    }

    /// `| 待支付 | √ | × |` under `| 状态 | 支付 | 取消 |`, or the same turned round.
    fn marked<'m>(&self, table: &MoveTable, deeds: &dyn Fn(&str) -> bool, machine: &'m Machine) -> Vec<Told<'m>> {
        let yes = |cell: Option<&String>| cell.is_some_and(|cell| self.lexicon.is_mark("yes-mark", cell));
        let by_column = table.header.iter().skip(1).position(|cell| deeds(cell)).map(|at| at + 1);
        let mut from = Vec::new();
        if let Some(column) = by_column {
            for row in table.rows.iter().filter(|row| yes(row.get(column))) {
                from.extend(row.first().map_or_else(Vec::new, |cell| self.statuses_in(cell, machine)));
            }
        } else if let Some(row) = table.rows.iter().find(|row| row.first().is_some_and(|cell| deeds(cell))) {
            for (_, head) in table.header.iter().enumerate().skip(1).filter(|(at, _)| yes(row.get(*at))) {
                from.extend(self.statuses_in(head, machine));
            }
        }
        if from.is_empty() { Vec::new() } else { vec![Told { from, to: None, sent: None }] }
    }

    /// `取消：仅限待付款、待观测`, `可取消的状态：待付款、待观测`.
    fn listed_sources<'m>(&self, at: usize, verb: &str, machine: &'m Machine) -> Option<Vec<&'m StatusValue>> {
        let lexicon = self.lexicon;
        let page = self.lines_around(self.endpoint(at));
        let notes = self.endpoint(at).notes.iter().chain(page).filter(|note| !note.text.starts_with('|'));
        let mut listed = notes.flat_map(|note| note.text.split(['；', ';', '。'])).filter_map(|text| {
            let (left, right) = text.split_once(['：', ':'])?;
            let left = crate::syntax::line::listed(left).unwrap_or(left);
            let deed = lexicon.without("status-word", lexicon.without_permission(left.trim()));
            let deed = deed.trim();
            let says_else =
                ["becomes", "denied", "denial-of-deed", "then"].iter().any(|topic| lexicon.speaks_of(topic, right));
            // `订单状态：1待付款 2待发货` lists what there is.
            let is_thing = self.nouns[at].title.contains(deed);
            let is_own = deed.chars().count() > 1 && !says_else && !is_thing && self.is_deed(at, verb, deed);
            let from: Vec<&StatusValue> =
                machine.values.iter().filter(|value| is_own && names(right, value, lexicon)).collect();
            (!from.is_empty() && from.len() < machine.values.len()).then_some(from)
        });
        listed.next()
    }

    /// Whether a status is one that the verb leads to.
    fn is_called_alike(&self, at: usize, verb: &str, to: &StatusValue) -> bool {
        let head = label_head(&to.words);
        let known = self
            .lexicon
            .verbs()
            .named(verb)
            .is_some_and(|known| known.leads.iter().any(|word| *word == head.to_lowercase()));
        let stem = self.lexicon.without_done(head);
        known || (stem.chars().count() > 1 && self.endpoint(at).title.contains(stem))
    }

    /// The statuses that a cell lists, by their words or their values.
    pub(in crate::behavior) fn statuses_in<'m>(&self, cell: &str, machine: &'m Machine) -> Vec<&'m StatusValue> {
        let cell = cell.replace('`', "");
        let parts: Vec<&str> = self.lexicon.rules().joints.words_of(&cell).collect();
        let listed = |value: &&StatusValue| {
            let code = value.value.scalar_text().unwrap_or_default();
            let head = label_head(&value.words);
            let begins = |part: &str| {
                let rest = part.strip_prefix(code).filter(|_| !code.is_empty());
                rest.is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_'))
            };
            parts.iter().any(|part| begins(part) || *part == head) || names(&cell, value, self.lexicon)
        };
        let all = self.lexicon.is_nothing_but("all-values", &cell);
        machine.values.iter().filter(|value| all || listed(value)).collect()
    }

    /// `已入馆、已取消、已过期不能取消`: what comes before the first of these may be cancelled.
    pub(in crate::behavior::collection) fn sources_left(
        &self,
        at: usize,
        verb: &Verb,
        machine: &Machine,
        to: &StatusValue,
    ) -> Vec<Json> {
        let deeds = self.deeds(at, verb);
        let mut blocked: Vec<&StatusValue> = Vec::new();
        for clause in self.clauses(at) {
            let Some(end) = self.lexicon.after("denied", clause) else { continue };
            let rest = clause[end..].trim_start();
            if deeds.iter().any(|deed| rest.starts_with(deed)) {
                blocked.extend(machine.values.iter().filter(|value| names(&clause[..end], value, self.lexicon)));
            }
        }
        let open = |value: &&StatusValue| value.value != to.value;
        let is_blocked = |value: &StatusValue| blocked.iter().any(|known| known.value == value.value);
        if !machine.values.iter().filter(open).any(is_blocked) {
            return Vec::new();
        }
        let before = machine.values.iter().filter(open).take_while(|value| !is_blocked(value));
        before.map(|value| value.value.clone()).collect()
    }

    /// Whether what is said of the deed allows it in the very status that its words would lead to.
    pub(in crate::behavior::collection) fn stays(
        &self,
        at: usize,
        verb: &str,
        machine: &Machine,
        to: &StatusValue,
    ) -> bool {
        self.allowed(at, verb, machine).is_some_and(|(from, _)| from.contains(&to.value))
    }

    /// Whether rating leaves what is finished as it is: no status waits for it.
    pub(in crate::behavior::collection) fn is_over(&self, verb: &str, machine: &Machine, to: &StatusValue) -> bool {
        let is = |topic: &str, value: &StatusValue| self.lexicon.is_nothing_but(topic, label_head(&value.words));
        let waits = || machine.values.iter().any(|value| is("to-be-rated-status", value));
        verb == "rate" && is("finished-status", to) && !waits()
    }

    /// The statuses in which an endpoint's deed is allowed, where it moves none.
    pub(in crate::behavior) fn standing(&self, at: usize, collection: &Collection) -> Option<Standing> {
        let title = self.endpoint(at).title.as_str();
        let verb = self.lexicon.verbs().verb(title, &self.nouns[at].words).map_or(title, |(name, _)| name);
        collection.machines.iter().filter(|machine| !self.is_sent(at, &machine.field)).find_map(|machine| {
            let (from, because) = self.allowed(at, verb, machine).or_else(|| self.barred(at, machine))?;
            Some(Standing { field: Arc::clone(&machine.field), from, because })
        })
    }

    /// The statuses of which failures, tables or sentences say that they allow the deed.
    fn allowed(&self, at: usize, verb: &str, machine: &Machine) -> Option<(Vec<Json>, Evidence)> {
        let lexicon = self.lexicon;
        let named = |text: &str| -> Vec<Json> {
            machine.values.iter().filter(|value| names(text, value, lexicon)).map(|value| value.value.clone()).collect()
        };
        let evidence = |text: &str, place: Place, confidence| Evidence::new(format!("`{text}`"), place, confidence);
        let refusals = self.chooser.catalog.own[at].iter();
        let mut only = refusals.filter(|failure| lexicon.speaks_of("only-from", failure.says()));
        if let Some((from, failure)) =
            only.find_map(|failure| Some((named(failure.says()), failure)).filter(|(from, _)| !from.is_empty()))
        {
            return Some((from, evidence(&failure.message, failure.place, Confidence::Certain)));
        }
        let rows = self.table_moves(at, verb, machine);
        let listed: Vec<Json> = rows.iter().flat_map(|row| &row.from).map(|value| value.value.clone()).collect();
        if !listed.is_empty() {
            return Some((listed, Evidence::new("a table of moves", machine.place, Confidence::Likely)));
        }
        let notes = prose::remarks(self.prose, self.endpoint(at));
        let notes = notes.chain(self.lines_around(self.endpoint(at)));
        for note in notes {
            let mut before: &str = "";
            for clause in sentences(&note.text) {
                let permitted =
                    lexicon.rules().deeds.permissions.iter().find_map(|word| clause.split_once(word.as_str()));
                let only = lexicon.after("only-from", clause).is_some();
                let granted = permitted.is_some_and(|(_, deed)| self.is_granted(at, deed.trim()));
                if granted && !lexicon.speaks_of("denial-of-deed", clause) && !lexicon.speaks_of("denied", clause) {
                    let (allowing, _) = permitted.unwrap_or_default();
                    let mut from = named(allowing);
                    if from.is_empty() && !only {
                        from = named(before);
                    }
                    // `只能修改待到店的预约`
                    if from.is_empty() && only {
                        from = permitted.map(|(_, deed)| named(deed)).unwrap_or_default();
                    }
                    if !from.is_empty() {
                        return Some((from, evidence(&note.text, note.place, Confidence::Likely)));
                    }
                }
                before = clause;
            }
        }
        None
    }

    /// All statuses but those of which a sentence, or a row of codes, says that they do not allow the deed: `归档的不能打卡`.
    fn barred(&self, at: usize, machine: &Machine) -> Option<(Vec<Json>, Evidence)> {
        let lexicon = self.lexicon;
        let notes = prose::remarks(self.prose, self.endpoint(at)).chain(self.lines_around(self.endpoint(at)));
        let texts = notes.map(|note| (note.text.as_str(), note.place));
        let own = self.chooser.catalog.own[at].iter().filter(|failure| failure.classes.is_empty());
        texts.chain(own.map(|failure| (failure.message.as_str(), failure.place))).find_map(|(text, place)| {
            let clauses = sentences(text).flat_map(|text| text.split('|')).map(str::trim);
            clauses.into_iter().find_map(|clause| {
                let end = lexicon.after("denied", clause)?;
                let (before, deed) = (&clause[..lexicon.before("denied", clause)?], clause[end..].trim());
                if deed.is_empty() || !self.is_granted(at, deed) {
                    return None;
                }
                let mut barred: Vec<&StatusValue> =
                    machine.values.iter().filter(|value| names(before, value, lexicon)).collect();
                if barred.is_empty() {
                    barred.extend(super::sayings::said_status(before, machine, lexicon));
                }
                let rest = machine.values.iter().filter(|value| barred.iter().all(|known| known.value != value.value));
                let rest: Vec<Json> = rest.map(|value| value.value.clone()).collect();
                let because = Evidence::new(format!("`{clause}`"), place, Confidence::Likely);
                (!barred.is_empty() && !rest.is_empty()).then_some((rest, because))
            })
        })
    }

    /// Whether what is allowed is what the title calls: `催` of `催办`, `取消` of `取消预约`.
    pub(in crate::behavior) fn is_granted(&self, at: usize, deeds: &str) -> bool {
        // `只有草稿才能修改和删除`
        self.lexicon.rules().joints.things_of(deeds).any(|deed| self.is_one_granted(at, deed.trim()))
    }

    fn is_one_granted(&self, at: usize, deed: &str) -> bool {
        let title = self.endpoint(at).title.as_str();
        let mut common = 0;
        for (start, c) in deed.char_indices() {
            if !title.contains(&deed[..start + c.len_utf8()]) {
                break;
            }
            common = start + c.len_utf8();
        }
        let whole = common == deed.len() && common > 0;
        if whole || deed[..common].chars().count() >= 2 {
            return true;
        }
        // `改日期和时间段` of 改预约, which takes a 日期; `修改` of whatever changes a record.
        let named = |rest: &str| {
            self.inputs[at].iter().any(|input| {
                let label = label_head(&input.label);
                label.chars().count() > 1 && rest.starts_with(label)
            })
        };
        let changes = matches!(self.operations[at], Operation::Update | Operation::Save);
        let by_word = || {
            let rest = self.lexicon.behind_start("altering", deed);
            rest.len() < deed.len() && (rest.is_empty() || !self.lexicon.speaks_of("changes-data", rest))
        };
        (changes && by_word()) || (common > 0 && named(&deed[common..]))
    }
}
