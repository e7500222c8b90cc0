//! What a step did to a world, as data: applied by the world, shown by the journal. Each carries what was before and what
//! is after, so it can be read without the world, and undone by reading it backwards.
//!
//! A password's hash and a file's bytes are in their changes, since a world is the fold of its changes, but never in what is
//! shown.

use super::clock::{Clock, Millis};
use super::fault::Fault;
use super::passcode::Passcode;
use super::password::PasswordHash;
use super::record::{Mark, Record, Seq, number};
use super::token::Token;
use super::upload::Upload;
use crate::json::Json;
use serde::{Serialize, Serializer};
use std::sync::Arc;

#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    RecordCreated {
        collection: Arc<str>,
        record: Arc<Record>,
    },
    /// Its tokens and the records that it owns stay, unless changes of their own remove them.
    RecordRemoved {
        collection: Arc<str>,
        record: Arc<Record>,
    },
    /// `None` is a field that is not there.
    FieldSet {
        collection: Arc<str>,
        seq: Seq,
        field: Arc<str>,
        from: Option<Json>,
        to: Option<Json>,
    },
    /// Gives a key (`from` is none), takes it away (`to` is none), or gives one in place of another.
    KeySet {
        collection: Arc<str>,
        seq: Seq,
        space: Arc<str>,
        from: Option<Arc<str>>,
        to: Option<Arc<str>>,
    },
    MarkSet {
        collection: Arc<str>,
        seq: Seq,
        from: Mark,
        to: Mark,
    },
    BeforeFreezeSet {
        collection: Arc<str>,
        seq: Seq,
        from: Option<Json>,
        to: Option<Json>,
    },
    PasswordSet {
        collection: Arc<str>,
        seq: Seq,
        from: Option<PasswordHash>,
        to: Option<PasswordHash>,
    },
    /// Replaces the older one of the same phone and purpose.
    PasscodeIssued(Arc<Passcode>),
    PasscodeSpent {
        id: u64,
        at: Millis,
    },
    /// Something else was sent in its place, after so many times before.
    PasscodeTried {
        id: u64,
        from: u64,
    },
    TokenIssued(Arc<Token>),
    TokenRevoked(Arc<Token>),
    FileKept(Arc<Upload>),
    FaultAdded(Arc<Fault>),
    FaultRemoved(Arc<Fault>),
    /// It has struck once more; it is gone where that was the last of its times.
    FaultUsed {
        id: u64,
        from: u64,
    },
    ClockSet {
        from: Clock,
        to: Clock,
    },
}

/// Changes of a record, with what was before read from it.
impl Change {
    pub fn field(collection: &Arc<str>, record: &Record, field: &Arc<str>, to: Option<Json>) -> Self {
        let from = record.field(field).cloned();
        Self::FieldSet { collection: Arc::clone(collection), seq: record.seq, field: Arc::clone(field), from, to }
    }

    pub fn mark(collection: &Arc<str>, record: &Record, to: Mark) -> Self {
        Self::MarkSet { collection: Arc::clone(collection), seq: record.seq, from: record.mark, to }
    }

    pub fn before_freeze(collection: &Arc<str>, record: &Record, to: Option<Json>) -> Self {
        let from = record.before_freeze.clone();
        Self::BeforeFreezeSet { collection: Arc::clone(collection), seq: record.seq, from, to }
    }

    pub fn password(collection: &Arc<str>, record: &Record, to: Option<PasswordHash>) -> Self {
        Self::PasswordSet { collection: Arc::clone(collection), seq: record.seq, from: record.password, to }
    }
}

impl Change {
    /// Whether it only keeps how often a secret was wrong.
    pub fn is_of_tries(&self) -> bool {
        match self {
            Self::PasscodeTried { .. } => true,
            Self::FieldSet { field, .. } => field.starts_with('$'),
            _ => false,
        }
    }

    /// `record-created`, `field-set`, …
    pub fn name(&self) -> &'static str {
        match self {
            Self::RecordCreated { .. } => "record-created",
            Self::RecordRemoved { .. } => "record-removed",
            Self::FieldSet { .. } => "field-set",
            Self::KeySet { .. } => "key-set",
            Self::MarkSet { .. } => "mark-set",
            Self::BeforeFreezeSet { .. } => "before-freeze-set",
            Self::PasswordSet { .. } => "password-set",
            Self::PasscodeIssued(_) => "passcode-issued",
            Self::PasscodeSpent { .. } => "passcode-spent",
            Self::PasscodeTried { .. } => "passcode-tried",
            Self::TokenIssued(_) => "token-issued",
            Self::TokenRevoked(_) => "token-revoked",
            Self::FileKept(_) => "file-kept",
            Self::FaultAdded(_) => "fault-added",
            Self::FaultRemoved(_) => "fault-removed",
            Self::FaultUsed { .. } => "fault-used",
            Self::ClockSet { .. } => "clock-set",
        }
    }

    /// `{"change":NAME, …}`. `from` and `to` are absent where there was or is nothing; of a password only `true` is shown.
    pub fn to_json(&self) -> Json {
        let text = |text: &Arc<str>| Json::String(Arc::clone(text));
        let password = |hash: &Option<PasswordHash>| hash.as_ref().map(|_| Json::Bool(true));
        let mut members = vec![("change".into(), Json::string(self.name()))];
        let mut put = |name: &str, value: Option<Json>| members.extend(value.map(|value| (name.into(), value)));
        match self {
            Self::RecordCreated { collection, record } | Self::RecordRemoved { collection, record } => {
                put("collection", Some(text(collection)));
                put("record", Some(record.to_json()));
            }
            Self::FieldSet { collection, seq, .. }
            | Self::KeySet { collection, seq, .. }
            | Self::MarkSet { collection, seq, .. }
            | Self::BeforeFreezeSet { collection, seq, .. }
            | Self::PasswordSet { collection, seq, .. } => {
                put("collection", Some(text(collection)));
                put("seq", Some(number(*seq)));
            }
            Self::PasscodeIssued(passcode) => put("passcode", Some(passcode.to_json())),
            Self::PasscodeSpent { id, at } => {
                put("id", Some(number(*id)));
                put("at", Some(Json::integer(*at)));
            }
            Self::TokenIssued(token) | Self::TokenRevoked(token) => put("token", Some(token.to_json())),
            Self::FileKept(upload) => put("file", Some(upload.to_json())),
            Self::FaultAdded(fault) | Self::FaultRemoved(fault) => put("fault", Some(fault.to_json())),
            Self::FaultUsed { id, .. } | Self::PasscodeTried { id, .. } => put("id", Some(number(*id))),
            Self::ClockSet { .. } => {}
        }
        let (from, to) = match self {
            Self::FieldSet { field, from, to, .. } => {
                put("field", Some(text(field)));
                (from.clone(), to.clone())
            }
            Self::KeySet { space, from, to, .. } => {
                put("space", Some(text(space)));
                (from.as_ref().map(text), to.as_ref().map(text))
            }
            Self::MarkSet { from, to, .. } => (Some(Json::string(from.name())), Some(Json::string(to.name()))),
            Self::BeforeFreezeSet { from, to, .. } => (from.clone(), to.clone()),
            Self::PasswordSet { from, to, .. } => (password(from), password(to)),
            Self::FaultUsed { from, .. } | Self::PasscodeTried { from, .. } => {
                (Some(number(*from)), Some(number(from.saturating_add(1))))
            }
            Self::ClockSet { from, to } => (Some(from.to_json()), Some(to.to_json())),
            _ => (None, None),
        };
        put("from", from);
        put("to", to);
        Json::Object(members)
    }
}

impl Serialize for Change {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.to_json().serialize(serializer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::{Fields, Key, Owner, PasswordKey, WorldName};

    fn account() -> Record {
        Record {
            seq: 7,
            id: "261".into(),
            owner: Some(Owner { collection: "shops".into(), seq: 2 }),
            created_at: 5,
            fields: [("status".into(), Json::integer(2))].into_iter().collect::<Fields>(),
            password: Some(PasswordKey::derive(1, &WorldName::default()).hash("secret1")),
            mark: Mark::Active,
            before_freeze: None,
            keys: vec![Key::new("identity", "138")],
        }
    }

    #[test]
    fn says_what_was_and_what_is() {
        let check = |change: Change, expected: &str| {
            assert_eq!(serde_json::to_string(&change).unwrap(), expected);
        };
        let (accounts, status): (Arc<str>, Arc<str>) = ("accounts".into(), "status".into());
        let record = account();
        check(
            Change::field(&accounts, &record, &status, Some(Json::integer(4))),
            r#"{"change":"field-set","collection":"accounts","seq":7,"field":"status","from":2,"to":4}"#,
        );
        check(
            Change::field(&accounts, &record, &"new".into(), Some(Json::Null)),
            r#"{"change":"field-set","collection":"accounts","seq":7,"field":"new","to":null}"#,
        );
        check(
            Change::mark(&accounts, &record, Mark::Frozen),
            r#"{"change":"mark-set","collection":"accounts","seq":7,"from":"active","to":"frozen"}"#,
        );
        check(
            Change::before_freeze(&accounts, &record, Some(Json::integer(2))),
            r#"{"change":"before-freeze-set","collection":"accounts","seq":7,"to":2}"#,
        );
        check(
            Change::password(&accounts, &record, None),
            r#"{"change":"password-set","collection":"accounts","seq":7,"from":true}"#,
        );
        check(Change::PasscodeSpent { id: 3, at: 9 }, r#"{"change":"passcode-spent","id":3,"at":9}"#);
        check(Change::FaultUsed { id: 3, from: 0 }, r#"{"change":"fault-used","id":3,"from":0,"to":1}"#);
        check(
            Change::ClockSet { from: Clock::default(), to: Clock::starting_at(1, 4) },
            r#"{"change":"clock-set","from":{"offset_ms":0},"to":{"offset_ms":3,"last":4}}"#,
        );
        let key = Change::KeySet {
            collection: Arc::clone(&accounts),
            seq: 7,
            space: "card".into(),
            from: None,
            to: Some("1".into()),
        };
        check(key, r#"{"change":"key-set","collection":"accounts","seq":7,"space":"card","to":"1"}"#);
        check(
            Change::RecordCreated { collection: accounts, record: Arc::new(record) },
            concat!(
                r#"{"change":"record-created","collection":"accounts","record":{"seq":7,"id":"261","#,
                r#""owner":{"collection":"shops","seq":2},"created_at":5,"mark":"active","password":true,"#,
                r#""keys":[{"space":"identity","value":"138"}],"fields":{"status":2}}}"#
            ),
        );
    }
}
