//! A container that is being read: its entries so far, the key that waits for its value, and the separators seen.

use super::form::Bracket;
use super::reader::Reader;
use super::repair::{self, Nameless};
use super::{Comment, Item, Kind, Member, Value};
use crate::source::Span;
use std::collections::HashMap;
use std::sync::Arc;

pub(super) struct Frame {
    pub(super) start: usize,
    pub(super) opening: Span,
    /// The bracket as written, and so the one that closes it.
    pub(super) bracket: Bracket,
    /// Square brackets may hold named entries, too.
    pub(super) is_object: bool,
    pub(super) members: Vec<Member>,
    pub(super) items: Vec<Item>,
    pub(super) key: Option<Key>,
    /// Comments on lines of their own, for the entry that follows.
    pub(super) leading: Option<Comment>,
    /// What will stand beside this container in the one around it.
    pub(super) comment: Option<Comment>,
    nameless: Vec<Value>,
    /// Where each key is among the members.
    places: HashMap<Arc<str>, usize>,
    /// The entry finished last, which a trailing comment means.
    latest: Option<usize>,
    begun: bool,
    comma: Option<Span>,
    filler: Filler,
}

pub(super) struct Key {
    pub(super) name: Arc<str>,
    pub(super) span: Span,
    pub(super) comment: Option<Comment>,
    pub(super) colon: bool,
}

/// What stands for nothing between two separators.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Filler {
    None,
    Note,
    Ellipsis,
}

impl Frame {
    pub(super) fn new(bracket: Bracket, opening: Span, comment: Option<Comment>) -> Self {
        Self {
            start: opening.start as usize,
            opening,
            bracket,
            is_object: bracket == Bracket::Brace,
            members: Vec::new(),
            items: Vec::new(),
            key: None,
            leading: None,
            comment,
            nameless: Vec::new(),
            places: HashMap::new(),
            latest: None,
            begun: false,
            comma: None,
            filler: Filler::None,
        }
    }

    /// An entry begins at `span`.
    pub(super) fn begin(&mut self, span: Span, reader: &mut Reader<'_>) {
        if self.begun && self.comma.is_none() && self.filler != Filler::Ellipsis {
            reader.repair(repair::missing_comma(span));
        }
        self.begun = true;
        self.comma = None;
        self.filler = Filler::None;
    }

    pub(super) fn comma(&mut self, span: Span, reader: &mut Reader<'_>) {
        if self.filler == Filler::None && (self.comma.is_some() || !self.begun) {
            return reader.repair(repair::double_comma(span));
        }
        self.comma = Some(span);
        self.filler = Filler::None;
    }

    pub(super) fn fill(&mut self, filler: Filler) {
        if self.filler != Filler::Ellipsis {
            self.filler = filler;
        }
    }

    /// Whether what comes now stands beside an entry, with no comma between.
    pub(super) fn beside_entry(&self) -> bool {
        self.begun && self.comma.is_none() && self.filler != Filler::Ellipsis
    }

    pub(super) fn after_comma(&self) -> bool {
        self.comma.is_some()
    }

    /// Puts an entry that has begun: under the waiting key, as an item, or without a name.
    pub(super) fn put(&mut self, value: Value, comment: Option<Comment>, reader: &mut Reader<'_>) {
        if !self.is_object {
            self.latest = Some(self.items.len());
            return self.items.push(Item { value, comment });
        }
        let Some(key) = self.key.take() else {
            self.latest = None;
            reader.parsed.comments.extend(comment);
            return self.nameless.push(value);
        };
        let Some(member) = self.places.get(&key.name).and_then(|place| self.members.get_mut(*place)) else {
            self.latest = Some(self.members.len());
            self.places.insert(Arc::clone(&key.name), self.members.len());
            return self.members.push(Member { key: key.name, key_span: key.span, value, comment });
        };
        self.latest = self.places.get(&key.name).copied();
        reader.repair(repair::duplicate_key(key.span, &key.name));
        member.value = value;
        member.key_span = key.span;
        if comment.is_some() {
            member.comment = comment;
        }
    }

    /// Where a comment goes that trails the entry finished last.
    pub(super) fn trailing(&mut self) -> Option<&mut Option<Comment>> {
        let latest = self.latest?;
        if self.is_object {
            self.members.get_mut(latest).map(|member| &mut member.comment)
        } else {
            self.items.get_mut(latest).map(|item| &mut item.comment)
        }
    }

    /// `['name' => …]` is an object; items before the first name are named by their number, as PHP does.
    pub(super) fn name_items(&mut self) {
        self.is_object = true;
        for (number, item) in std::mem::take(&mut self.items).into_iter().enumerate() {
            let key: Arc<str> = number.to_string().into();
            self.places.insert(Arc::clone(&key), number);
            self.members.push(Member { key, key_span: item.value.span, value: item.value, comment: item.comment });
        }
    }

    /// Forgets what does not stand before the cut.
    pub(super) fn cut(&mut self, before: impl Fn(Span) -> bool, reader: &mut Reader<'_>) {
        self.members.retain(|member| before(member.key_span));
        self.items.retain(|item| before(item.value.span));
        self.key.take_if(|key| !before(key.span));
        self.leading.take_if(|comment| !before(comment.span));
        self.comma.take_if(|comma| !before(*comma));
        // A key may stand before the cut and the words below it, which were taken for its value, behind.
        for member in self.members.iter_mut().filter(|member| !before(member.value.span)) {
            reader.repair(repair::missing_value(member.key_span, &member.key));
            let end = member.key_span.end as usize;
            member.value = Value::new(Span::new(end, end), Kind::Null);
        }
    }

    /// The container's value, and the comment that belongs beside it. `end` is where it ends.
    pub(super) fn finish(mut self, end: usize, reader: &mut Reader<'_>) -> (Value, Option<Comment>) {
        if let Some(comma) = self.comma
            && self.filler != Filler::Ellipsis
        {
            reader.repair(repair::trailing_comma(comma));
        }
        reader.parsed.comments.extend(self.leading.take());
        let span = Span::new(self.start, end.max(self.start));
        if !self.is_object {
            return (Value::new(span, Kind::Array(self.items)), self.comment);
        }
        let fate = match (self.members.len(), self.nameless.len()) {
            (0, 1) => Nameless::Replaces,
            (0, _) => Nameless::List,
            _ => Nameless::Joins,
        };
        for value in &self.nameless {
            let kept = fate != Nameless::Joins || matches!(value.kind, Kind::Object(_));
            reader.repair(repair::nameless(value.span, if kept { fate } else { Nameless::Dropped }));
        }
        let value = match fate {
            _ if self.nameless.is_empty() => Value::new(span, Kind::Object(self.members)),
            Nameless::Replaces => self.nameless.pop().unwrap_or(Value::new(span, Kind::Null)),
            Nameless::List => {
                let items = self.nameless.into_iter().map(|value| Item { value, comment: None });
                Value::new(span, Kind::Array(items.collect()))
            }
            Nameless::Joins | Nameless::Dropped => {
                for value in std::mem::take(&mut self.nameless) {
                    self.join(value);
                }
                self.members.sort_by_key(|member| member.key_span);
                Value::new(span, Kind::Object(self.members))
            }
        };
        (value, self.comment)
    }

    /// Takes in the entries of an object without a name, for its brackets are more likely wrong than its entries.
    fn join(&mut self, nameless: Value) {
        let Kind::Object(members) = nameless.kind else { return };
        for member in members {
            if !self.places.contains_key(&member.key) {
                self.places.insert(Arc::clone(&member.key), self.members.len());
                self.members.push(member);
            }
        }
    }
}
