//! A documented reply as constant text with a few slots: what state decides is spliced in, all else goes out as written.

use crate::behavior::Amount;
use crate::behavior::collection::{ItemTemplate, Numbered};
use crate::json::{Json, Step, write_string};
use std::sync::Arc;

/// The pieces of a reply's body, in order.
#[derive(Clone, Debug, Default)]
pub struct Template {
    pieces: Vec<Piece>,
}

#[derive(Clone, Debug)]
enum Piece {
    Text(Vec<u8>),
    /// What fills it, and the example's value, whose form it takes.
    Slot(Slot, Json),
}

/// What state decides in a reply.
#[derive(Clone, Debug, PartialEq)]
pub enum Slot {
    /// The token that this request issued, else the caller's.
    Token,
    AccountId,
    /// What the account is known by.
    Identity,
    Field(Arc<str>),
    /// By how much a field of the account has grown.
    Gained(Arc<str>),
    /// The passcode that this request sent.
    Passcode,
    /// Its lifetime in seconds.
    PasscodeSeconds,
    /// The world's time in the example's form.
    Now,
    /// Whether this request made the account.
    IsNew {
        yes: Json,
        no: Json,
    },
    /// A parameter of this request, given back.
    Input(usize),
    /// The list, as an object by ids if it is `keyed`.
    Items {
        template: Arc<ItemTemplate>,
        keyed: Option<KeyedBy>,
    },
    Item(Arc<ItemTemplate>),
    RecordId,
    /// How much the request added to what the caller has, or took of it.
    Moved(Box<Amount>),
    /// How many records the request removed.
    Affected,
    /// What the list says of itself.
    Listed(Numbered),
    /// The sum over the list of these fields multiplied; a referred record lends what a line lacks.
    Summed {
        collection: usize,
        fields: Vec<Arc<str>>,
        /// Only where this flag is up.
        only: Option<Arc<str>>,
    },
    /// How many records there are whose field is one of these.
    Counted {
        collection: usize,
        /// Only those of the account that the reply is about.
        mine: bool,
        only: Option<(Arc<str>, Vec<Json>)>,
    },
    /// Whether the caller is tied to the account by this relation, and how many are.
    Tied(usize),
    TieCount(usize),
    /// Those of these parameters that were sent, as a list.
    Inputs(Vec<usize>),
}

/// By what the members of a list that is an object are called.
#[derive(Clone, Debug, PartialEq)]
pub enum KeyedBy {
    Id,
    Field(Arc<str>),
}

impl Template {
    /// `slot` says for each member and item of the example whether state decides it.
    pub fn new(example: &Json, slot: &dyn Fn(&[Step], &Json) -> Option<Slot>) -> Self {
        let mut template = Self::default();
        template.add(example, &mut Vec::new(), slot);
        template
    }

    pub fn constant(example: &Json) -> Self {
        Self::new(example, &|_, _| None)
    }

    /// Appends the body; `fill` writes one slot as JSON.
    pub fn render(&self, out: &mut Vec<u8>, mut fill: impl FnMut(&Slot, &Json, &mut Vec<u8>)) {
        for piece in &self.pieces {
            match piece {
                Piece::Text(text) => out.extend_from_slice(text),
                Piece::Slot(slot, example) => fill(slot, example, out),
            }
        }
    }

    /// The slots with the example's value in each.
    pub fn slots(&self) -> impl Iterator<Item = (&Slot, &Json)> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Slot(slot, example) => Some((slot, example)),
            Piece::Text(_) => None,
        })
    }

    /// A rough size of what is rendered, for allocation.
    pub fn size(&self) -> usize {
        let size = |piece: &Piece| match piece {
            Piece::Text(text) => text.len(),
            Piece::Slot(..) => 48,
        };
        self.pieces.iter().map(size).sum()
    }

    fn add(&mut self, value: &Json, path: &mut Vec<Step>, slot: &dyn Fn(&[Step], &Json) -> Option<Slot>) {
        if let Some(slot) = slot(path, value) {
            self.pieces.push(Piece::Slot(slot, value.clone()));
            return;
        }
        match value {
            Json::Object(members) => {
                self.text(b"{");
                for (at, (key, value)) in members.iter().enumerate() {
                    let text = self.open_text();
                    if at > 0 {
                        text.push(b',');
                    }
                    write_string(key, text);
                    text.push(b':');
                    path.push(Step::Key(key.clone()));
                    self.add(value, path, slot);
                    path.pop();
                }
                self.text(b"}");
            }
            Json::Array(items) => {
                self.text(b"[");
                for (at, item) in items.iter().enumerate() {
                    if at > 0 {
                        self.text(b",");
                    }
                    path.push(Step::Index(at));
                    self.add(item, path, slot);
                    path.pop();
                }
                self.text(b"]");
            }
            scalar => scalar.write(self.open_text()),
        }
    }

    fn text(&mut self, text: &[u8]) {
        self.open_text().extend_from_slice(text);
    }

    /// The last piece, if it is text, else a new one.
    fn open_text(&mut self) -> &mut Vec<u8> {
        if !matches!(self.pieces.last(), Some(Piece::Text(_))) {
            self.pieces.push(Piece::Text(Vec::new()));
        }
        match self.pieces.last_mut() {
            Some(Piece::Text(text)) => text,
            _ => unreachable!("a text was just put there"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn constant_text_around_slots() {
        let example = Json::from(&serde_json::json!({"a": "\"x\"", "b": [1, {"t": "old"}], "c": null}));
        let is_token = |path: &[Step], _: &Json| (path.last() == Some(&Step::Key("t".into()))).then_some(Slot::Token);
        let template = Template::new(&example, &is_token);
        let mut out = Vec::new();
        template.render(&mut out, |_, _, out| out.extend_from_slice(b"\"new\""));
        assert_eq!(String::from_utf8_lossy(&out), r#"{"a":"\"x\"","b":[1,{"t":"new"}],"c":null}"#);
    }
}
