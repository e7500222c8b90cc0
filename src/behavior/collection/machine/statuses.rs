//! The machines of a collection: which of its fields are statuses, and where their values are listed.

use crate::behavior::account::{enumerated, machine_kinds};
use crate::behavior::collection::items::gather::Gathering;
use crate::behavior::collection::nouns::group::Group;
use crate::behavior::collection::{Collection, ItemField, prose};
use crate::behavior::inputs::date::DateForm;
use crate::behavior::inputs::own_rules;
use crate::behavior::{Machine, StatusValue, enumeration};
use crate::json::{Json, Step};
use crate::lexicon::{Operation, Role, compact, label_head};
use crate::source::Place;
use crate::spec::Note;
use crate::syntax::line;
use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

impl Gathering<'_> {
    /// The fields that have an enumeration: in their comment, a parameter's line, a table or a remark.
    pub(in crate::behavior::collection) fn machines(&self, group: &Group, collection: &Collection) -> Vec<Machine> {
        let mut machines = Vec::new();
        for field in &collection.fields {
            let (mut items, mut place) = (enumerated(&field.words, &field.example, self.lexicon), field.place);
            // What a filter lists can be some of them: `20已接单 30作业中` beside a table that begins with 10.
            let unfit = !items.is_empty() && !fits(&items, &field.example);
            let some = unfit || (items.len() > 1 && field.role == Role::Status);
            let told = if items.is_empty() || some { self.enumerated_elsewhere(group, field) } else { None };
            if let Some((found, at)) = told {
                // What calls the same values otherwise is another thing's list.
                let same = |known: &enumeration::Item, item: &enumeration::Item| {
                    known.value == item.value && label_head(&known.words) == label_head(&item.words)
                };
                let holds = |item: &enumeration::Item| found.iter().any(|known| same(known, item));
                // `1打款 2驳回` beside a record that shows 0: some of `0待审核 1已打款 2已驳回`.
                let listed = |text: &str| items.iter().any(|item| item.value == text);
                let shows_more = || {
                    let sights = self.sights(group);
                    let mut shown = sights.iter().filter_map(|sight| sight.item.get(&field.key)?.scalar_text());
                    field.role == Role::Status && shown.any(|text| !listed(text))
                };
                let covers = || items.iter().all(|item| found.iter().any(|known| known.value == item.value));
                let more = found.len() > items.len();
                if items.is_empty() || (more && (items.iter().all(holds) || (covers() && shows_more()))) {
                    (items, place) = (found, at);
                }
            }
            if items.is_empty()
                && let Some((found, at)) = self.values_of_moves(group, field)
            {
                (items, place) = (found, at);
            }
            if items.is_empty()
                && let Some((found, at)) = self.worded_values(field)
            {
                (items, place) = (found, at);
            }
            if items.is_empty() {
                items = self.shown_values(group, field);
            }
            // `2022-05-01 办 3 个月` tells of a day, and lists no values.
            let is_day = |item: &enumeration::Item| DateForm::of_sample(&item.value).is_some();
            if items.len() < 2 || items.iter().any(is_day) || !fits(&items, &field.example) {
                continue;
            }
            let all: BTreeSet<&str> = ["", "null"].into();
            let called: Vec<&str> = group.titles.iter().chain([&field.words]).map(String::as_str).collect();
            let values: Vec<StatusValue> = items
                .into_iter()
                .filter(|item| {
                    let is_all = own_rules::stands_for_all(&item.value, &item.words, &called, self.lexicon);
                    !is_all && !all.contains(item.value.as_str())
                })
                .map(|item| StatusValue {
                    value: field.example.in_form(&item.value),
                    kind: machine_kinds(&item.words, self.lexicon).last().copied(),
                    words: item.words,
                })
                .collect();
            if values.len() >= 2 {
                let stated = self.stated_first(group, field, &values);
                let initial = stated.or_else(|| values.first().map(|value| value.value.clone())).unwrap_or_default();
                machines.push(Machine { field: Arc::clone(&field.key), values, initial, place });
            }
        }
        machines
    }

    /// `是否发布 0先存着 1发布 默认1`: what a new record has where none is sent.
    fn stated_first(&self, group: &Group, field: &ItemField, values: &[StatusValue]) -> Option<Json> {
        let words = &self.lexicon.rules().enumerations;
        let makes = |at: &&usize| matches!(self.operations[**at], Operation::Create | Operation::Save);
        let params = group.endpoints.iter().filter(makes).flat_map(|at| &self.endpoint(*at).params);
        let said = params.filter(|param| compact(&param.name) == compact(&field.key)).find_map(|param| {
            let text = param.all_words();
            enumeration::default(&text, &enumeration::read(&text, words), words)
        })?;
        values.iter().find(|value| value.value.scalar_text() == Some(&said)).map(|value| value.value.clone())
    }

    /// In the tables and remarks of the group's own endpoints.
    fn enumerated_beside(
        &self,
        group: &Group,
        names: &dyn Fn(&str) -> bool,
    ) -> Option<(Vec<enumeration::Item>, Place)> {
        for &at in &group.endpoints {
            let endpoint = self.endpoint(at);
            for table in &endpoint.tables {
                let header = table.rows.first().map_or_else(String::new, |row| row.join(" "));
                if table.heading.as_deref().is_some_and(names) || names(&header) {
                    let rows = table.rows.iter().skip(1).filter_map(|row| Some((row.first()?, row.get(1)?)));
                    let items: Vec<enumeration::Item> = rows
                        .map(|(value, words)| enumeration::Item {
                            value: value.trim().to_owned(),
                            words: words.trim().to_owned(),
                        })
                        .filter(|item| !item.value.is_empty() && item.value.len() <= 24)
                        .collect();
                    if items.len() > 1 {
                        return Some((items, table.place));
                    }
                }
            }
            for note in endpoint.notes.iter().filter(|note| names(&note.text)) {
                let items = enumeration::read(&note.text, &self.lexicon.rules().enumerations);
                if items.len() > 1 {
                    return Some((items, note.place));
                }
            }
        }
        None
    }

    /// A table under a heading that names the field, or a remark that does; of a status, any remark that lists values.
    pub(in crate::behavior::collection) fn enumerated_elsewhere(
        &self,
        group: &Group,
        field: &ItemField,
    ) -> Option<(Vec<enumeration::Item>, Place)> {
        let names = |text: &str| {
            let own = prose::words(text).any(|word| compact(word) == compact(&field.key));
            own || (field.role == Role::Status && prose::speaks_of_status(self.lexicon, text))
        };
        let beside = self.enumerated_beside(group, &names);
        if beside.is_some() {
            return beside;
        }
        // Above the blocks: `订单状态 status：-1已取消 0待付款`. What names the records comes before what only names a status.
        let files: BTreeSet<_> = group.endpoints.iter().map(|at| self.endpoint(*at).place.file).collect();
        let mut naming = self.said.naming(&field.key, field.role == Role::Status);
        // A page without endpoints speaks of all: `通用约定`. Where only a status is spoken of, the example's word has to be listed.
        let exactly = |note: &Note| prose::words(&note.text).any(|word| compact(word) == compact(&field.key));
        let is_word =
            field.example.scalar_text().is_some_and(|text| text.starts_with(|c: char| c.is_ascii_alphabetic()));
        let free = |note: &Note| !self.said.has_endpoints(self.set, note.place.file);
        // `status=1 成功，status=0 失败` tells replies apart, and no records.
        let outer = group.endpoints.first().map(|at| self.set.envelope(self.endpoint(*at)));
        let outer: Vec<String> = outer
            .into_iter()
            .flat_map(|envelope| envelope.marker.iter().chain(&envelope.code))
            .filter_map(|path| match path.last()? {
                Step::Key(key) => Some(compact(key)).filter(|key| *key != compact(&field.key)),
                Step::Index(_) => None,
            })
            .collect();
        // `## 作业单状态` on the page of what holds for all, where some endpoints stand, too.
        let about_these = |note: &Note| {
            let heading = self.sections.over(note.place).and_then(|lines| self.prose.get(lines)?.first());
            let titled = |heading: &Note| group.titles.iter().any(|title| heading.text.contains(title.as_str()));
            let at_none = || self.said.stands_at(self.set, note.place).is_none();
            exactly(note)
                && heading
                    .is_some_and(|heading| titled(heading) && prose::speaks_of_status(self.lexicon, &heading.text))
                && at_none()
        };
        let of_replies = |note: &Note| prose::words(&note.text).any(|word| outer.contains(&compact(word)));
        naming.retain(|at| {
            let note = &self.prose[*at];
            if of_replies(note) && !exactly(note) {
                return false;
            }
            files.contains(&note.place.file) || (free(note) && (is_word || exactly(note))) || about_these(note)
        });
        let is_own = |note: &Note| files.contains(&note.place.file) || free(note) || is_row(note);
        // What stands above the group's own endpoints comes first, what is said of another group's last.
        let above = self.lines_above(group);
        let is_above = |at: usize| above.iter().any(|lines| lines.contains(&at));
        let is_foreign = |at: usize| {
            let owner = self.said.stands_at(self.set, self.prose[at].place);
            owner.is_some_and(|owner| group.endpoints.binary_search(&owner).is_err())
        };
        naming.sort_by_key(|at| (is_foreign(*at), !is_above(*at), free(&self.prose[*at]), *at));
        let lines = || naming.iter().map(|at| &self.prose[*at]);
        let listing = |note: &&Note| {
            let items = enumerated(&note.text, &field.example, self.lexicon);
            items.len() > 1 && fits(&items, &field.example)
        };
        let exact = |note: &&Note| prose::words(&note.text).any(|word| compact(word) == compact(&field.key));
        let titled = |note: &&Note| group.titles.iter().any(|title| note.text.contains(title.as_str()));
        let told = lines().filter(listing).find(titled);
        let told = told.or_else(|| lines().filter(exact).find(listing)).or_else(|| lines().find(listing));
        // `status 1正常 2冻结` under an endpoint of another group yields to the table of these.
        let of_another = |note: &Note| {
            let key = |place: Place| (place.file, place.span.start);
            let after = self.set.endpoints.partition_point(|endpoint| key(endpoint.place) <= key(note.place));
            let owner = after
                .checked_sub(1)
                .filter(|owner| self.endpoint(*owner).notes.iter().any(|own| own.place == note.place));
            owner.is_some_and(|owner| group.endpoints.binary_search(&owner).is_err())
        };
        let line = told.map(|found| (enumerated(&found.text, &field.example, self.lexicon), found.place));
        if let Some(found) = told.filter(|found| !of_another(found)) {
            return Some((enumerated(&found.text, &field.example, self.lexicon), found.place));
        }
        // A table whose header names it.
        let headed = naming.iter().filter(|at| is_row(&self.prose[**at])).find_map(|at| {
            let rows: Vec<&Note> = prose::one_table(&self.prose[*at..]).iter().filter(|note| is_own(note)).collect();
            let is_header = rows.get(1).is_some_and(|note| note.text.contains("--"));
            listed(&rows).filter(|(items, _)| is_header && fits(items, &field.example))
        });
        if headed.is_some() {
            return headed;
        }
        // A table or a list under a line that names the field.
        let below = naming.iter().filter(|at| !is_row(&self.prose[**at])).find_map(|at| {
            let rest = &self.prose[at + 1..];
            let below = || rest.iter().take_while(|note| note.place.file == self.prose[*at].place.file);
            let items = || below().map_while(|note| Some((item(&note.text)?, note.place))).collect::<Vec<_>>();
            let table = listed(&prose::one_table(rest).iter().collect::<Vec<_>>());
            let table =
                table.filter(|_| rest.first().is_some_and(|first| first.place.file == self.prose[*at].place.file));
            // A line of another page that speaks of some status can stand above anything.
            let table = table.filter(|(items, _)| !free(&self.prose[*at]) || fits(items, &field.example));
            table.or_else(|| {
                let (items, places): (Vec<_>, Vec<Place>) = items().into_iter().unzip();
                Some((items, *places.first()?)).filter(|(items, _)| items.len() > 1 && fits(items, &field.example))
            })
        });
        below.or(line)
    }

    /// The lines under the headings that a group's endpoints stand under, but for those of whole documents.
    pub(in crate::behavior::collection) fn lines_above(&self, group: &Group) -> Vec<Range<usize>> {
        let mut found: Vec<Range<usize>> = Vec::new();
        for title in group.endpoints.iter().filter_map(|at| self.endpoint(*at).title_place) {
            for lines in self.sections.above(title).take(1) {
                if !found.contains(&lines) {
                    found.push(lines);
                }
            }
        }
        found
    }

    /// The values of a status that the examples show, where no words list them: a new record's, and what deeds make of it.
    fn shown_values(&self, group: &Group, field: &ItemField) -> Vec<enumeration::Item> {
        let is_word = |text: &str| {
            text.len() > 1 && text.bytes().all(|byte| byte.is_ascii_alphabetic() || matches!(byte, b'_' | b'-'))
        };
        let mut items: Vec<enumeration::Item> = Vec::new();
        let mut moved = false;
        if field.role != Role::Status {
            return items;
        }
        let mut sights = self.sights(group);
        sights.sort_by_key(|sight| self.operations[sight.endpoint] == Operation::Transition);
        for sight in sights {
            let Some(value) = sight.item.get(&field.key).and_then(Json::scalar_text).filter(|text| is_word(text))
            else {
                continue;
            };
            if !items.iter().any(|item| item.value == value) {
                moved |= self.operations[sight.endpoint] == Operation::Transition;
                items.push(enumeration::Item { value: value.to_owned(), words: value.to_owned() });
            }
        }
        if moved && items.iter().all(|item| !matches!(item.value.as_str(), "true" | "false")) {
            items
        } else {
            Vec::new()
        }
    }
}

/// `` `wait` 等交琴``, `1. paid：已付款`: a value and its words in a line of a list, with or without what marks it as one.
fn item(text: &str) -> Option<enumeration::Item> {
    let listed = line::listed(text).unwrap_or(text);
    let (value, words) = match listed.strip_prefix('`') {
        Some(rest) => rest.split_once('`')?,
        None => listed.split_at(listed.find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '_' | '-'))?),
    };
    let words = words.trim_matches(|c: char| c.is_whitespace() || ":：=-—，,".contains(c));
    let is_value = !value.is_empty() && value.len() <= 24 && value.is_ascii();
    (is_value && !words.is_empty()).then(|| enumeration::Item { value: value.to_owned(), words: words.to_owned() })
}

fn is_row(note: &Note) -> bool {
    note.text.starts_with('|')
}

/// Whether an enumeration can be that of a field: it lists what the example shows.
pub(in crate::behavior) fn fits(items: &[enumeration::Item], example: &Json) -> bool {
    let shown = example.scalar_text().filter(|text| !text.is_empty());
    shown.is_none_or(|shown| shown == "0" || items.iter().any(|item| item.value == shown))
}

/// What the rows of a Markdown table list below their header: a value and its words.
fn listed(rows: &[&Note]) -> Option<(Vec<enumeration::Item>, Place)> {
    let cells =
        |text: &str| -> Vec<String> { text.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect() };
    let items: Vec<enumeration::Item> = rows
        .iter()
        .skip(2)
        .filter_map(|row| {
            let cells = cells(&row.text);
            let (value, words) = (cells.first()?.trim_matches('`'), cells.get(1)?);
            (!value.is_empty() && value.is_ascii() && value.len() <= 24 && !words.is_empty())
                .then(|| enumeration::Item { value: value.to_owned(), words: words.clone() })
        })
        .collect();
    Some((items, rows.first()?.place)).filter(|(items, _)| items.len() > 1)
}
