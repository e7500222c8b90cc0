//! Which records are shown to whom, by their status: lists that have only what is on sale (`只返回在售的`), drafts that nobody
//! but their author sees (`草稿只有自己能看`).
//!
//! In: remarks beside the endpoints of a collection, and what its statuses are called. Out: the statuses that lists show, and
//! those that others see at all.

use crate::behavior::collection::items::gather::Gathering;
use crate::behavior::collection::machine::moves::{names, says};
use crate::behavior::collection::nouns::group::Group;
use crate::behavior::collection::prose::{remarks, sentences, words};
use crate::behavior::collection::{Collection, Standing};
use crate::behavior::{Confidence, Evidence, Machine, StatusValue};
use crate::json::Json;
use crate::lexicon::{Lexicon, Operation, label_head};
use crate::source::{FileId, Place};
use crate::spec::Note;
use std::collections::BTreeSet;
use std::sync::Arc;

impl Gathering<'_> {
    /// What others see of a collection, and what its lists show, where that is said beside other endpoints than the lists.
    pub(in crate::behavior::collection) fn settle_public(&self, group: &Group, collection: &mut Collection) {
        if !collection.owned || collection.private || collection.relation.is_some() {
            return;
        }
        let mut notes: Vec<(Operation, &Note)> = Vec::new();
        for &at in &group.endpoints {
            notes.extend(remarks(self.prose, self.endpoint(at)).map(|note| (self.operations[at], note)));
        }
        let lexicon = self.lexicon;
        collection.public = collection.machines.iter().find_map(|machine| {
            let hidden = machine.values.iter().filter(|value| lexicon.speaks_of("own-eyes-only", &value.words));
            let hidden: Vec<&StatusValue> = hidden.collect();
            if let (Some(values), Some(first)) = (all_but(machine, &hidden), hidden.first()) {
                return Some(standing(machine, values, &first.words, machine.place));
            }
            let page = ["own-eyes-only", "everyones-eyes"]
                .into_iter()
                .flat_map(|topic| self.told_beside(group, &collection.titles, topic));
            notes.iter().map(|(_, note)| *note).chain(page).find_map(|note| {
                let values = sentences(&note.text).find_map(|text| seen_by_others(text, machine, lexicon))?;
                Some(standing(machine, values, &note.text, note.place))
            })
        });
        let writes = [Operation::Create, Operation::Save, Operation::Update, Operation::Transition];
        let mut told = notes.iter().filter(|(operation, _)| writes.contains(operation));
        let told = told.find_map(|(_, note)| listed(note, &collection.machines, lexicon));
        collection.listed = told.or_else(|| {
            let called = |note: &&Note| {
                let mut titles = collection.titles.iter().filter(|title| title.chars().count() > 1);
                titles.any(|title| note.text.contains(title.as_str()))
            };
            let page = ["shows-only", "hides"]
                .into_iter()
                .flat_map(|topic| self.told_beside(group, &collection.titles, topic));
            page.filter(called).find_map(|note| listed(note, &collection.machines, lexicon))
        });
        // What an example shows to everybody without a status has one that everybody may see.
        let open = collection.listed.as_ref().or(collection.public.as_ref());
        if let Some((field, value)) = open.and_then(|open| Some((&open.field, open.values.first()?))) {
            let bare = collection.seeds.iter_mut().filter(|seed| seed.fields.get(field).is_none());
            bare.for_each(|seed| seed.fields.set(field, Some(value.clone())));
        }
    }

    /// What is said of a topic on the pages of a collection's endpoints, and of its things on pages that have none.
    fn told_beside(&self, group: &Group, titles: &[String], topic: &'static str) -> Vec<&Note> {
        let files: BTreeSet<FileId> = group.endpoints.iter().map(|at| self.endpoint(*at).place.file).collect();
        let calls =
            |note: &Note| titles.iter().any(|title| title.chars().count() > 1 && note.text.contains(title.as_str()));
        let beside = |note: &&Note| {
            let file = note.place.file;
            files.contains(&file) || (!self.said.has_endpoints(self.set, file) && calls(note))
        };
        let lines = self.said.on(topic);
        lines.iter().map(|at| &self.prose[*at]).filter(beside).collect()
    }
}

fn standing(machine: &Machine, values: Vec<Json>, text: &str, place: Place) -> Standing {
    let because = Evidence::new(format!("`{text}`"), place, Confidence::Likely);
    Standing { field: Arc::clone(&machine.field), values, because }
}

/// What a list has, by a remark.
pub(in crate::behavior::collection) fn listed(
    note: &Note,
    machines: &[Machine],
    lexicon: &Lexicon,
) -> Option<Standing> {
    machines
        .iter()
        .find_map(|machine| Some(standing(machine, listed_in(&note.text, machine, lexicon)?, &note.text, note.place)))
}

/// The statuses that a list has, by a remark: `只返回在售的`, `下架的不显示`.
fn listed_in(text: &str, machine: &Machine, lexicon: &Lexicon) -> Option<Vec<Json>> {
    let clauses = text.split([',', '，', ';', '；', '。', '!', '！', '(', '（', ')', '）']);
    clauses.into_iter().find_map(|clause| {
        let hides = lexicon.speaks_of("hides", clause);
        if !hides && !lexicon.speaks_of("shows-only", clause) {
            return None;
        }
        let said = statuses(clause, machine, lexicon);
        // `审核通过才展示` where the status is called 已通过, `下架的不显示` where it is called 已下架.
        let done = |value: &&StatusValue| {
            let head = label_head(&value.words);
            let stem = lexicon.without_done(head);
            stem != head && stem.chars().count() > 1 && says(clause, stem, lexicon)
        };
        let said = if said.is_empty() { machine.values.iter().filter(done).collect() } else { said };
        if hides { all_but(machine, &said) } else { these(machine, &said) }
    })
}

/// The statuses in which others see a record, by a sentence: `私密的别人看不到`, `只有公开的别人才能看`.
fn seen_by_others(sentence: &str, machine: &Machine, lexicon: &Lexicon) -> Option<Vec<Json>> {
    let read = |text: &str| {
        let said = statuses(text, machine, lexicon);
        if lexicon.speaks_of("everyones-eyes", text) {
            return these(machine, &said);
        }
        if !lexicon.speaks_of("own-eyes-only", text) {
            return None;
        }
        // `published 的都能看，其余只有作者能看`
        if lexicon.speaks_of("the-rest", text) { these(machine, &said) } else { all_but(machine, &said) }
    };
    let mut clauses = sentence.split([',', '，', '!', '！', '(', '（', ')', '）']);
    // `只列出在售的，谁都能看` is said of a list: whatever else there is can be looked at all the same.
    let lists = || lexicon.speaks_of("shows-only", sentence);
    clauses.find_map(read).or_else(|| read(sentence).filter(|_| !lists()))
}

/// The statuses that a text speaks of; those that it does not deny, where it denies one: `非公开的`.
fn statuses<'m>(text: &str, machine: &'m Machine, lexicon: &Lexicon) -> Vec<&'m StatusValue> {
    let is_code = |value: &&StatusValue| {
        let code = value
            .value
            .scalar_text()
            .filter(|code| code.len() > 2 && code.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'_'));
        code.is_some_and(|code| words(text).any(|word| word == code))
    };
    let denies = |value: &&StatusValue| {
        let head = label_head(&value.words);
        let denied = |word: &str| {
            word.chars().count() > 1
                && text.match_indices(word).any(|(at, _)| {
                    lexicon.ends_with("none-but", &text[..at]) || !says(&text[..at + word.len()], word, lexicon)
                })
        };
        // `未发布的` where the status is called 已发布.
        let stem = lexicon.without_done(head);
        denied(head) || (stem != head && denied(stem))
    };
    let denied: Vec<&StatusValue> = machine.values.iter().filter(denies).collect();
    if denied.is_empty() {
        return machine.values.iter().filter(|value| names(text, value, lexicon) || is_code(value)).collect();
    }
    machine.values.iter().filter(|value| !denied.iter().any(|known| known.value == value.value)).collect()
}

fn these(machine: &Machine, said: &[&StatusValue]) -> Option<Vec<Json>> {
    let some = !said.is_empty() && said.len() < machine.values.len();
    some.then(|| said.iter().map(|value| value.value.clone()).collect())
}

fn all_but(machine: &Machine, said: &[&StatusValue]) -> Option<Vec<Json>> {
    let rest = machine.values.iter().filter(|value| !said.iter().any(|known| known.value == value.value));
    let rest: Vec<Json> = rest.map(|value| value.value.clone()).collect();
    (!said.is_empty() && !rest.is_empty()).then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn machine(words: &[&str]) -> Machine {
        let values = words.iter().enumerate().map(|(at, words)| StatusValue {
            value: Json::string(at.to_string()),
            words: (*words).to_owned(),
            kind: None,
        });
        Machine {
            field: "status".into(),
            values: values.collect(),
            initial: Json::string("0"),
            place: Place::default(),
        }
    }

    fn check(found: Option<Vec<Json>>, expected: &str) {
        let found: Vec<String> =
            found.unwrap_or_default().iter().filter_map(|value| value.scalar_text().map(str::to_owned)).collect();
        assert_eq!(found.join(" "), expected);
    }

    #[test]
    fn a_remark_says_what_a_list_has() {
        let lexicon = Lexicon::standard();
        let goods = machine(&["在售", "已下架", "已卖出"]);
        let listed = |text: &str| super::listed_in(text, &goods, &lexicon);
        check(listed("不用登录。只返回在售的,最新发布的在最前面"), "0");
        check(listed("已下架和已卖出的不显示"), "0");
        check(listed("不登录也能看,所有人发的都在,下架的不显示"), "0 2");
        check(listed("只返回自己的"), "");
        check(listed("按时间倒序,已卖出的排最后"), "");
        let posts = machine(&["待审核", "已通过", "未通过"]);
        check(super::listed_in("发布后要审核,审核通过才展示", &posts, &lexicon), "1");
    }

    #[test]
    fn a_sentence_says_what_others_see() {
        let lexicon = Lexicon::standard();
        let notes = machine(&["公开", "私密", "草稿"]);
        let seen = |text: &str| seen_by_others(text, &notes, &lexicon);
        check(seen("私密和草稿只有自己能看,别人看提示笔记不存在"), "0");
        check(seen("非公开的,别人看不到"), "0");
        check(seen("只有公开的别人才能看"), "0");
        check(seen("公开的大家都能看，其余只有作者能看"), "0");
        check(seen("公开后不能再改"), "");
        let stories = machine(&["草稿", "已发布"]);
        let seen = |text: &str| seen_by_others(text, &stories, &lexicon);
        check(seen("除作者本人外，任何人访问未发布的都按不存在处理"), "1");
        check(seen("未发布的故事，别人访问返回不存在"), "1");
        check(seen("草稿除作者外一律返回不存在"), "1");
        check(seen("已发布的不能再改成草稿"), "");
    }
}
