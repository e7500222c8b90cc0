//! What numbers in a profile count of the caller's own: `favorite_count`, `post_count`, `open_tickets`, `待体验数`.
//!
//! In: a member with what is said of it. Out: whose records are counted, and in which statuses.

use crate::behavior::collection::Collection;
use crate::behavior::collection::ItemField;
use crate::behavior::collection::items::example_forms::is_flag;
use crate::behavior::collection::items::item::{Items, Source};
use crate::behavior::{Slot, StatusValue};
use crate::json::Json;
use crate::lexicon::{Lexicon, compact, label_head};
use std::sync::Arc;

/// A field, and the values of it that are counted.
type Only = (Arc<str>, Vec<Json>);

impl Items<'_> {
    /// What a member of a profile counts of the caller's own.
    pub(in crate::behavior) fn owned_count(&self, name: &str, words: &str, value: &Json) -> Option<Slot> {
        value.scalar_text()?.parse::<u32>().ok()?;
        // `每核销一单+1`: what a deed makes grow is kept, and counts no records.
        let may_still = self.lexicon.speaks_of("may-still", words);
        if may_still || self.lexicon.speaks_of("grows-by-deed", words) || self.is_held(name, words) {
            return None;
        }
        let name = compact(name);
        if let Some(slot) = self.tied_accounts(&name, words) {
            return Some(slot);
        }
        if let Some(collection) = self.tied_count(&name, words) {
            return Some(Slot::Counted { collection, mine: true, only: None });
        }
        let counted = |(collection, only): (usize, Option<Only>)| Slot::Counted { collection, mine: true, only };
        let all = || self.collections.iter().enumerate().filter(|(_, known)| known.owned && known.relation.is_none());
        // `租地单数（已取消的不算）`: the words in brackets are about those that the others name.
        let (outside, left_out) = self.left_out(words);
        if left_out.is_some() {
            let found = all().find(|(_, known)| self.is_counted(known, &name, outside));
            let only = |known: &Collection| others(known, left_out.unwrap_or_default(), self.lexicon);
            return found.map(|(collection, known)| counted((collection, only(known))));
        }
        // `待付款的订单数`, `没用过的券有几张`: those that are called so and have that status; then `待体验数`, those with that status.
        let is_titled = |known: &Collection| known.titles.iter().any(|title| words.contains(title.as_str()));
        let counts = self.lexicon.speaks_of("count-of", words);
        let in_status = |titled: bool| {
            let mut known = all().filter(|(_, known)| counts && (!titled || is_titled(known)));
            known.find_map(|(collection, known)| Some((collection, Some(self.said(known, words, titled)?))))
        };
        if let Some(found) = in_status(true).or_else(|| in_status(false)) {
            return Some(counted(found));
        }
        all().find_map(|(collection, known)| {
            if self.is_counted(known, &name, words) {
                return Some(counted((collection, None)));
            }
            let only = called(known, &name)?;
            Some(counted((collection, Some(only))))
        })
    }

    /// Whether a number says what an account has to use up, and counts no records: `剩余课时`.
    fn is_held(&self, name: &str, words: &str) -> bool {
        let label = label_head(words);
        let held = ["times-left", "points-name"].iter().any(|topic| {
            self.lexicon.is_named(topic, name) || (!label.is_empty() && self.lexicon.is_nothing_but(topic, label))
        });
        (held || self.lexicon.ends_with("times-remaining", label)) && self.accounts.field(name).is_some()
    }

    /// `comment_count`, `comments`, `评论数`: the number of records of a collection that name this one.
    pub(in crate::behavior::collection) fn child_count(&self, at: usize, name: &str, example: &Json) -> Option<Source> {
        example.scalar_text()?.parse::<u32>().ok()?;
        if let Some(answers) =
            self.collections[at].answers.as_ref().filter(|_| self.lexicon.is_named("counts-answers", name))
        {
            return Some(Source::ChildCount(at, Arc::clone(&answers.field)));
        }
        self.kin.children(at).iter().find_map(|&other| {
            let child = &self.collections[other];
            let parent = child.references.iter().find(|reference| reference.collection == at && !reference.many)?;
            // `评论数` where the name says nothing.
            let label = self.collections[at].field(name).map_or("", |field| label_head(&field.words));
            let said = || {
                let rest = child.titles.iter().filter_map(|title| label.strip_prefix(title.as_str()));
                rest.into_iter().any(|rest| {
                    self.lexicon.is_nothing_but("counter-word", rest) || self.lexicon.is_nothing_but("count-of", rest)
                })
            };
            let counted = child.relation.is_none()
                && (child.names.iter().any(|own| {
                    name.strip_prefix(own.as_str()).is_some_and(|rest| self.lexicon.is_named("count-end", rest))
                }) || said());
            counted.then(|| Source::ChildCount(other, Arc::clone(&parent.field)))
        })
    }

    /// Whether a number is that of a collection's records, by its name or by its words.
    fn is_counted(&self, known: &Collection, name: &str, words: &str) -> bool {
        let counts = |rest: &str| self.lexicon.is_named("count-end", rest);
        let by_name = known.names.iter().any(|own| name.strip_prefix(own.as_str()).is_some_and(counts));
        let titled = |title: &String| words.contains(title.as_str());
        by_name || (known.titles.iter().any(titled) && self.lexicon.speaks_of("count-of", words))
    }

    /// The status that words name: as its own list of values does, or where they name the collection, too, in other words.
    fn said(&self, known: &Collection, words: &str, titled: bool) -> Option<Only> {
        let several = known.machines.iter().find_map(|machine| {
            let values = all_said(&machine.values, words);
            (values.len() > 1).then(|| (Arc::clone(&machine.field), values))
        });
        if several.is_some() {
            return several;
        }
        let find = |test: &dyn Fn(&StatusValue) -> bool| {
            known.machines.iter().find_map(|machine| {
                let found = machine.values.iter().find(|value| test(value))?;
                Some((Arc::clone(&machine.field), vec![found.value.clone()]))
            })
        };
        let alike = |value: &StatusValue| {
            let said = self.lexicon.verbs().alike(label_head(&value.words));
            said.iter().any(|other| other.chars().count() > 1 && words.contains(other))
        };
        let by_flag = || {
            let flag = |field: &&ItemField| self.lexicon.is_named("read-flag", &field.key) && is_flag(&field.example);
            let field = known.fields.iter().find(flag).filter(|_| titled && self.lexicon.speaks_of("unread", words))?;
            let no = match field.example {
                Json::Bool(_) => Json::Bool(false),
                _ => field.example.in_form("0"),
            };
            Some((Arc::clone(&field.key), vec![no]))
        };
        find(&|value| is_said(value, words)).or_else(|| find(&alike).filter(|_| titled)).or_else(by_flag)
    }

    /// The words before what says that some are not counted, and that.
    fn left_out<'w>(&self, words: &'w str) -> (&'w str, Option<&'w str>) {
        let start = words.find(['(', '（', ',', '，', ';', '；']);
        let (before, after) = start.map_or((words, ""), |start| words.split_at(start));
        if self.lexicon.speaks_of("left-out", after) { (before, Some(after)) } else { (words, None) }
    }

    /// The relation whose ties are counted: `fav_count`, `收藏课程数`.
    pub(in crate::behavior) fn tied_count(&self, name: &str, words: &str) -> Option<usize> {
        let verbs = self.lexicon.verbs();
        let said = verbs.relation(words, &[]).filter(|(.., off)| !off && self.lexicon.speaks_of("count-of", words));
        self.collections.iter().position(|known| {
            let relation = known.relation.as_ref();
            let words = relation.and_then(|own| verbs.relations().find(|(named, _)| *named == own.name));
            let by_name = words.is_some_and(|(_, words)| words.counts.iter().any(|count| *count == name));
            by_name || relation.zip(said).is_some_and(|(own, (said, ..))| own.name == said)
        })
    }
}

/// All statuses but those that words name: `下架的不算` names 已下架, too.
fn others(known: &Collection, words: &str, lexicon: &Lexicon) -> Option<Only> {
    let done = |value: &StatusValue| {
        let stem = lexicon.without_done(label_head(&value.words));
        stem.len() < label_head(&value.words).len() && stem.chars().count() > 1 && words.contains(stem)
    };
    known.machines.iter().find_map(|machine| {
        let (named, left): (Vec<&StatusValue>, Vec<&StatusValue>) =
            machine.values.iter().partition(|value| is_said(value, words) || done(value));
        let left = left.into_iter().map(|value| value.value.clone()).collect();
        (!named.is_empty()).then(|| (Arc::clone(&machine.field), left))
    })
}

/// `待取件+租借中的单数`: all the statuses that words name, none of them by a part of another's name.
fn all_said(values: &[StatusValue], words: &str) -> Vec<Json> {
    let mut heads: Vec<&StatusValue> = values.iter().filter(|value| is_said(value, words)).collect();
    heads.sort_by_key(|value| std::cmp::Reverse(label_head(&value.words).len()));
    let mut left = words.to_lowercase();
    heads.retain(|value| {
        let head = label_head(&value.words).to_lowercase();
        let is_there = left.contains(&head);
        left = left.replace(&head, " ");
        is_there
    });
    heads.into_iter().map(|value| value.value.clone()).collect()
}

fn is_said(value: &StatusValue, words: &str) -> bool {
    let head = label_head(&value.words);
    let in_words = if head.is_ascii() { head.len() > 2 } else { head.chars().count() > 1 };
    in_words && words.to_lowercase().contains(&head.to_lowercase())
}

/// `open_tickets`: one status of them.
fn called(known: &Collection, name: &str) -> Option<Only> {
    let plural = |own: &String| name.strip_suffix(&format!("{own}s")).or_else(|| name.strip_suffix(own.as_str()));
    let status = known.names.iter().find_map(plural).filter(|status| !status.is_empty())?;
    known.machines.iter().find_map(|machine| {
        let fits = |value: &&StatusValue| {
            value.value.scalar_text().map(compact).as_deref() == Some(status) || compact(&value.words) == status
        };
        let found = machine.values.iter().find(fits)?;
        Some((Arc::clone(&machine.field), vec![found.value.clone()]))
    })
}
