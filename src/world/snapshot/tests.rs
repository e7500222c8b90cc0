use super::{from_json, to_json};
use crate::json::Json;
use crate::world::{
    Change, Clock, Fault, Fields, Key, Mark, Owner, Passcode, PasscodeCheck, Record, Token, Upload, World, WorldName,
};
use serde_json::{Value, json};
use std::sync::Arc;

/// A world with one of everything, also of what JSON has no good form for.
fn full() -> World {
    let mut world = World::new(WorldName::default(), u64::MAX, Clock::starting_at(1_000, 5_000));
    world.now(1_001);
    let accounts: Arc<str> = "accounts".into();
    let number = |lexeme: &str| Json::Number(lexeme.into());
    let odd = |name: &str, value: Json| Json::Object(vec![(name.into(), value)]);
    let fields: Fields = [
        ("plain", number("2")),
        ("price", number("1.10")),
        ("big", number("123456789012345678901234567890")),
        ("huge", number("1e400")),
        ("zero", number("-0")),
        ("null", Json::Null),
        (
            "nested",
            Json::Array(vec![odd("$number", Json::string("5")), odd("$$number", number("1.0")), odd("$n", Json::Null)]),
        ),
    ]
    .into_iter()
    .map(|(name, value)| (name.into(), value))
    .collect();
    let account = Record {
        seq: 1,
        id: "261".into(),
        owner: None,
        created_at: -5,
        fields,
        password: Some(world.password_key().hash("secret1")),
        mark: Mark::Frozen,
        before_freeze: Some(Json::Null),
        keys: vec![Key::new("identity", "138"), Key::new("identity", "a@b"), Key::new("card", "440")],
    };
    let owner = Some(Owner { collection: Arc::clone(&accounts), seq: 1 });
    let address = Record {
        seq: 4,
        id: "a".into(),
        owner,
        created_at: 6,
        fields: Fields::default(),
        password: None,
        mark: Mark::Active,
        before_freeze: None,
        keys: Vec::new(),
    };
    world.apply(&Change::RecordCreated { collection: Arc::clone(&accounts), record: Arc::new(account) });
    let address = Arc::new(address);
    world.apply(&Change::RecordCreated { collection: "addresses".into(), record: Arc::clone(&address) });
    let gone = Arc::new(Record { seq: 9, id: "b".into(), ..(*address).clone() });
    world.apply(&Change::RecordCreated { collection: "addresses".into(), record: Arc::clone(&gone) });
    world.apply(&Change::RecordRemoved { collection: "addresses".into(), record: gone });
    for number in 1..=3 {
        let token = world.new_token("00000000000000000000000000000000");
        let token =
            Token { token, collection: Arc::clone(&accounts), account: 1, issued_at: 5, expires_at: 9_000, number };
        world.apply(&Change::TokenIssued(Arc::new(token)));
    }
    let last = world.tokens_of("accounts", 1).next_back().cloned().unwrap();
    world.apply(&Change::TokenRevoked(last));
    for (id, purpose) in [(1, Some("login")), (2, Some("login")), (3, None)] {
        let passcode = Passcode {
            id,
            phone: "138".into(),
            code: id.to_string().into(),
            purpose: purpose.map(Arc::from),
            issued_at: 0,
            expires_at: 9_000,
            spent_at: None,
            wrong: 0,
            replaced: false,
        };
        world.apply(&Change::PasscodeIssued(Arc::new(passcode)));
    }
    world.apply(&Change::PasscodeSpent { id: 3, at: 7 });
    let upload = Upload { number: 4, path: "a/图.png".into(), bytes: bytes::Bytes::from_static(b"\x89PNG"), at: 8 };
    world.apply(&Change::FileKept(Arc::new(upload)));
    let order = odd("delay", Json::string("2s"));
    for id in [2, 3] {
        let fault = Fault::read(id, &|name| order.get(name).cloned()).unwrap();
        world.apply(&Change::FaultAdded(Arc::new(Fault { when: vec![("a".into(), number("1.10"))], ..fault })));
    }
    world.apply(&Change::FaultUsed { id: 2, from: 0 });
    world.apply(&Change::FaultRemoved(world.faults().get(3).cloned().unwrap()));
    world
}

#[test]
fn a_restored_world_writes_the_same_document_and_works() {
    let world = full();
    let document = to_json(&world);
    let text = document.to_string();
    let mut restored = from_json(&serde_json::from_str(&text).unwrap(), WorldName::default()).unwrap();
    assert_eq!(to_json(&restored).to_string(), text);

    let account = restored.by_key("accounts", "identity", "a@b").unwrap();
    assert_eq!(**account, **world.record("accounts", 1).unwrap(), "lexemes, password and all");
    assert!(restored.password_key().verify("secret1", &account.password.unwrap()));
    let token = world.tokens_of("accounts", 1).next().unwrap();
    assert_eq!(restored.token(&token.token, 8_999).map(|token| token.account), Some(1));
    let check = |code| restored.check_passcode("138", None, code, 100);
    assert_eq!(
        [check("1"), check("2"), check("3")],
        [PasscodeCheck::Wrong, PasscodeCheck::Good(2), PasscodeCheck::Spent]
    );
    let owner = Owner { collection: "accounts".into(), seq: 1 };
    assert_eq!(
        restored.collection("addresses").map(|all| (all.owned_by(&owner).count(), all.next_seq())),
        Some((1, 10))
    );
    assert_eq!((restored.tokens().next_number(), restored.now(0)), (4, 5_001));
    let mut world = world;
    assert_eq!(restored.uploads().get("a/图.png"), world.uploads().get("a/图.png"));
    assert_eq!((restored.uploads().size(), restored.uploads().next_number()), (4, 5));
    assert_eq!((restored.faults().len(), restored.faults().next_id()), (1, 4));
    assert_eq!(restored.faults().get(2), world.faults().get(2));
    assert_eq!(restored.stream().number(), world.stream().number(), "randomness goes on from where it was");
}

#[test]
fn under_another_name_it_draws_its_own_tokens() {
    let mut world = full();
    let mut copy = from_json(&to_json(&world), WorldName::parse("copy").unwrap()).unwrap();
    assert_ne!(copy.stream().number(), world.stream().number());
    assert!(
        copy.record("accounts", 1).unwrap().password.is_some_and(|hash| copy.password_key().verify("secret1", &hash))
    );
}

#[test]
fn no_password_is_in_it_as_text() {
    assert!(!to_json(&full()).to_string().contains("secret1"));
}

/// Puts a value at a pointer and expects the complaint at another.
#[track_caller]
fn refused(at: &str, value: Value, complaint_at: &str, complaint: &str) {
    let mut document = to_json(&full());
    *document.pointer_mut(at).unwrap() = value;
    let error = from_json(&document, WorldName::default()).map(|_| ()).unwrap_err();
    assert_eq!(error.pointer(), complaint_at);
    assert!(error.to_string().contains(complaint), "{error}");
}

#[test]
fn says_what_is_wrong_and_where() {
    refused("", json!([]), "", "must be an object");
    refused("/format", json!("docsim-report"), "/format", "no `docsim-world`");
    refused("/version", json!(2), "/version", "reads version 1 only");
    refused("/seed", json!(-1), "/seed", "whole number from 0");
    refused("/key", json!("00"), "/key", "64 hexadecimal digits");
    refused("/key", json!("é".repeat(32)), "/key", "64 hexadecimal digits");
    refused("/clock/last", json!("noon"), "/clock/last", "whole number of 64 bits");
    refused("/collections/0/records/0/keys/1/value", Value::Null, "/collections/0/records/0/keys/1/value", "a string");
    refused("/collections/0/records/0/mark", json!("gone"), "/collections/0/records/0/mark", "`frozen`");
    refused("/collections/0/records/0/fields", json!([]), "/collections/0/records/0/fields", "an object");
    refused("/collections/0/records/0/password", json!("secret1"), "/collections/0/records/0/password", "hexadecimal");
    refused("/collections/1/name", json!("accounts"), "/collections/1", "two collections");
    refused("/tokens/1/number", json!(1), "/tokens/1", "comes twice");
    refused("/passcodes/2/id", json!(2), "/passcodes/2", "not greater");
    refused("/uploads/0/data", json!("?"), "/uploads/0/data", "base64");
    refused("/faults/0/delay", json!("61s"), "/faults/0/delay", "60s at most");
    refused("/faults/0/id", json!(0), "/faults/0", "not greater");
    let most = json!(u64::MAX);
    for at in [
        "/next_token",
        "/next_passcode",
        "/next_fault",
        "/sequence",
        "/collections/0/next_seq",
        "/collections/0/records/0/seq",
    ] {
        refused(at, most.clone(), at, "from 0 to 9007199254740992");
    }
    let key = to_json(&full())["collections"][0]["records"][0]["keys"][0].clone();
    let keys = "/collections/0/records/0/keys";
    refused(keys, json!([key, key, key]), &format!("{keys}/1"), "this key comes twice");
    refused("/passcodes/0/replaced", json!(0), "/passcodes/0/replaced", "true or false");
}

#[test]
fn refuses_two_records_with_one_key() {
    let mut document = to_json(&full());
    let twin = document["collections"][0]["records"][0].clone();
    document["collections"][0]["records"].as_array_mut().unwrap().push(twin);
    let error = from_json(&document, WorldName::default()).map(|_| ()).unwrap_err();
    assert_eq!(error.pointer(), "/collections/0/records/1");
}

#[test]
fn a_missing_member_is_named_and_pointers_are_escaped() {
    let mut document = to_json(&full());
    document.as_object_mut().unwrap().shift_remove("draws");
    let error = from_json(&document, WorldName::default()).map(|_| ()).unwrap_err();
    assert_eq!(error.to_string(), "the document is no snapshot of a world: at /draws: this is missing");
    let error = super::SnapshotError { path: vec!["a/b~c".to_owned(), "x".to_owned()], message: String::new() };
    assert_eq!(error.pointer(), "/x/a~1b~0c");
}
