//! The world against a model that is too simple to be wrong: lists, searched from end to end.

use super::{
    Change, Clock, Collection, Fields, Key, Mark, Millis, Passcode, PasscodeCheck, Record, Seq, Token, World,
    WorldName, snapshot,
};
use proptest::prelude::*;
use std::sync::Arc;

/// Small domains, so that steps meet.
const VALUES: [&str; 4] = ["138", "139", "a@b", "440"];
const SPACES: [&str; 2] = ["identity", "card"];
const PURPOSES: [Option<&str>; 3] = [None, Some("login"), Some("register")];
const COLLECTION: &str = "accounts";

#[derive(Clone, Debug)]
enum Step {
    Create { id: usize, keys: Vec<(usize, usize)> },
    Remove { seq: Seq },
    SetKey { seq: Seq, space: usize, from: Option<usize>, to: Option<usize> },
    IssueToken { text: usize, account: Seq, lives: Millis },
    RevokeToken { text: usize },
    Send { phone: usize, purpose: usize, code: usize, lives: Millis },
    Spend { id: u64 },
    Pass { millis: Millis },
}

fn step() -> impl Strategy<Value = Step> {
    let some_value = || prop::option::of(0..VALUES.len());
    prop_oneof![
        (0..VALUES.len(), prop::collection::vec((0..SPACES.len(), 0..VALUES.len()), 0..3))
            .prop_map(|(id, keys)| Step::Create { id, keys }),
        (0..6_u64).prop_map(|seq| Step::Remove { seq }),
        (0..6_u64, 0..SPACES.len(), some_value(), some_value()).prop_map(|(seq, space, from, to)| Step::SetKey {
            seq,
            space,
            from,
            to
        }),
        (0..VALUES.len(), 0..4_u64, 1..9_i64).prop_map(|(text, account, lives)| Step::IssueToken {
            text,
            account,
            lives
        }),
        (0..VALUES.len()).prop_map(|text| Step::RevokeToken { text }),
        (0..2_usize, 0..PURPOSES.len(), 0..2_usize, 1..9_i64).prop_map(|(phone, purpose, code, lives)| Step::Send {
            phone,
            purpose,
            code,
            lives
        }),
        (0..8_u64).prop_map(|id| Step::Spend { id }),
        (0..4_i64).prop_map(|millis| Step::Pass { millis }),
    ]
}

/// Space and value of a key.
type Pair = (&'static str, &'static str);

#[derive(Default)]
struct Model {
    now: Millis,
    created: Seq,
    /// Number, id, keys.
    records: Vec<(Seq, &'static str, Vec<Pair>)>,
    issued: u64,
    tokens: Vec<(&'static str, Seq, Millis)>,
    /// Phone, purpose, code, end of life, spent.
    passcodes: Vec<(&'static str, Option<&'static str>, &'static str, Millis, bool)>,
}

impl Model {
    fn has_key(&self, key: (&str, &str)) -> bool {
        self.records.iter().any(|(_, _, keys)| keys.contains(&key))
    }

    /// Whether it fits, and does it.
    fn take(&mut self, step: &Step) -> bool {
        match step {
            Step::Create { id, keys } => {
                let keys: Vec<_> = keys.iter().map(|(space, value)| (SPACES[*space], VALUES[*value])).collect();
                let taken = self.records.iter().any(|(_, other, _)| *other == VALUES[*id]);
                let twice = keys.iter().enumerate().any(|(at, key)| keys[..at].contains(key));
                if taken || twice || keys.iter().any(|key| self.has_key(*key)) {
                    return false;
                }
                self.created += 1;
                self.records.push((self.created, VALUES[*id], keys));
            }
            Step::Remove { seq } => {
                let before = self.records.len();
                self.records.retain(|(other, _, _)| other != seq);
                return self.records.len() < before;
            }
            Step::SetKey { seq, space, from, to } => {
                let key = |value: usize| (SPACES[*space], VALUES[value]);
                if to.is_some_and(|to| self.has_key(key(to))) {
                    return false;
                }
                let Some((_, _, keys)) = self.records.iter_mut().find(|(other, _, _)| other == seq) else {
                    return false;
                };
                if from.is_some_and(|from| !keys.contains(&key(from))) {
                    return false;
                }
                keys.retain(|other| from.map(key) != Some(*other));
                keys.extend(to.map(key));
            }
            Step::IssueToken { text, account, lives } => {
                if self.tokens.iter().any(|(other, _, _)| *other == VALUES[*text]) {
                    return false;
                }
                self.issued += 1;
                self.tokens.push((VALUES[*text], *account, self.now + lives));
            }
            Step::RevokeToken { text } => {
                let before = self.tokens.len();
                self.tokens.retain(|(other, _, _)| *other != VALUES[*text]);
                return self.tokens.len() < before;
            }
            Step::Send { phone, purpose, code, lives } => {
                self.passcodes.push((VALUES[*phone], PURPOSES[*purpose], VALUES[*code], self.now + lives, false));
            }
            Step::Spend { id } => {
                let at = usize::try_from(*id).unwrap().checked_sub(1);
                let Some(passcode) = at.and_then(|at| self.passcodes.get_mut(at)) else {
                    return false;
                };
                return !std::mem::replace(&mut passcode.4, true);
            }
            Step::Pass { millis } => self.now += millis,
        }
        true
    }

    fn check(&self, phone: &str, purpose: Option<&str>, code: &str) -> PasscodeCheck {
        let sent: Vec<_> = self.passcodes.iter().enumerate().filter(|(_, sent)| sent.0 == phone).collect();
        let newest = |of: Option<&str>| sent.iter().rev().find(|(_, sent)| sent.1 == of).copied();
        let served = PURPOSES.into_iter().filter(|of| purpose.is_none() || of.is_none() || *of == purpose);
        let mut current: Vec<_> = served.filter_map(newest).collect();
        current.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
        if current.is_empty() {
            return PasscodeCheck::NoneIssued;
        }
        let known: Vec<_> = current.into_iter().filter(|(_, sent)| sent.2 == code).collect();
        if let Some((at, _)) = known.iter().find(|(_, sent)| !sent.4 && self.now < sent.3) {
            return PasscodeCheck::Good(*at as u64 + 1);
        }
        known.first().map_or(
            PasscodeCheck::Wrong,
            |(_, sent)| {
                if sent.4 { PasscodeCheck::Spent } else { PasscodeCheck::Expired }
            },
        )
    }
}

/// The change that does the step, as the engine would make it.
fn change(step: &Step, world: &World, now: Millis) -> Option<Change> {
    let collection: Arc<str> = COLLECTION.into();
    let blank = |seq: Seq, id: &str, keys: Vec<Key>| {
        Arc::new(Record {
            seq,
            id: id.into(),
            owner: None,
            created_at: now,
            fields: Fields::default(),
            password: None,
            mark: Mark::Active,
            before_freeze: None,
            keys,
        })
    };
    Some(match step {
        Step::Create { id, keys } => {
            let keys = keys.iter().map(|(space, value)| Key::new(SPACES[*space], VALUES[*value])).collect();
            Change::RecordCreated { collection, record: blank(world.next_seq(COLLECTION), VALUES[*id], keys) }
        }
        Step::Remove { seq } => Change::RecordRemoved { collection, record: blank(*seq, "", Vec::new()) },
        Step::SetKey { seq, space, from, to } => {
            let [from, to] = [from, to].map(|value| value.map(|value| VALUES[value].into()));
            Change::KeySet { collection, seq: *seq, space: SPACES[*space].into(), from, to }
        }
        Step::IssueToken { text, account, lives } => Change::TokenIssued(Arc::new(Token {
            token: VALUES[*text].into(),
            collection,
            account: *account,
            issued_at: now,
            expires_at: now + lives,
            number: world.tokens().next_number(),
        })),
        Step::RevokeToken { text } => Change::TokenRevoked(Arc::new(Token {
            token: VALUES[*text].into(),
            collection,
            account: 0,
            issued_at: 0,
            expires_at: 0,
            number: 0,
        })),
        Step::Send { phone, purpose, code, lives } => Change::PasscodeIssued(Arc::new(Passcode {
            id: world.passcodes().next_id(),
            phone: VALUES[*phone].into(),
            code: VALUES[*code].into(),
            purpose: PURPOSES[*purpose].map(Arc::from),
            issued_at: now,
            expires_at: now + lives,
            spent_at: None,
            wrong: 0,
            replaced: false,
        })),
        Step::Spend { id } => Change::PasscodeSpent { id: *id, at: now },
        Step::Pass { .. } => return None,
    })
}

fn compare(world: &World, model: &Model) {
    for space in SPACES {
        for value in VALUES {
            let holder = model.records.iter().find(|(_, _, keys)| keys.contains(&(space, value)));
            let found = world.by_key(COLLECTION, space, value).map(|record| record.seq);
            assert_eq!(found, holder.map(|(seq, _, _)| *seq), "{space} {value}");
        }
    }
    for value in VALUES {
        let known = model.records.iter().find(|(_, id, _)| *id == value).map(|(seq, _, _)| *seq);
        assert_eq!(world.record_by_id(COLLECTION, value).map(|record| record.seq), known);
        let token = model.tokens.iter().find(|(text, _, _)| *text == value);
        let alive = token.filter(|(_, _, ends)| model.now < *ends).map(|(_, account, _)| *account);
        assert_eq!(world.token(value, model.now).map(|token| token.account), alive, "{value}");
    }
    for account in 0..4 {
        let expected = model.tokens.iter().filter(|(_, other, _)| *other == account).map(|(text, _, _)| *text);
        let found = world.tokens_of(COLLECTION, account).map(|token| &*token.token);
        assert_eq!(found.collect::<Vec<_>>(), expected.collect::<Vec<_>>());
    }
    for (phone, purpose, code) in VALUES[..2].iter().flat_map(|phone| {
        PURPOSES.into_iter().flat_map(move |purpose| VALUES[..2].iter().map(move |code| (*phone, purpose, *code)))
    }) {
        let found = world.check_passcode(phone, purpose, code, model.now);
        assert_eq!(found, model.check(phone, purpose, code), "{phone} {purpose:?} {code}");
    }
    let seqs: Vec<Seq> =
        world.collection(COLLECTION).into_iter().flat_map(Collection::iter).map(|each| each.seq).collect();
    let weight: usize =
        world.collection(COLLECTION).into_iter().flat_map(Collection::iter).map(|each| each.weight()).sum();
    assert_eq!(world.records_size(), weight);
    assert_eq!(seqs, model.records.iter().map(|(seq, _, _)| *seq).collect::<Vec<_>>());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_world_does_what_lists_would(steps in prop::collection::vec(step(), 0..40)) {
        let mut world = World::new(WorldName::default(), 1, Clock::default());
        let mut model = Model::default();
        let (mut changes, mut kept) = (Vec::new(), None);
        for step in &steps {
            let change = change(step, &world, model.now);
            let expected = model.take(step);
            if let Some(change) = change {
                assert_eq!(world.apply(&change), expected, "{step:?}");
                changes.push(change);
            }
            compare(&world, &model);
            if changes.len() == 20 && kept.is_none() {
                kept = Some((world.clone(), snapshot::to_json(&world)));
            }
        }
        assert_eq!(world.sequence(), changes.len() as u64);

        let mut folded = World::new(WorldName::default(), 1, Clock::default());
        for change in &changes {
            folded.apply(change);
        }
        assert_eq!(snapshot::to_json(&folded), snapshot::to_json(&world), "a world is the fold of its changes");

        let restored = snapshot::from_json(&snapshot::to_json(&world), WorldName::default()).unwrap();
        compare(&restored, &model);
        if let Some((past, then)) = kept {
            assert_eq!(snapshot::to_json(&past), then, "what came later does not reach a clone");
        }
    }
}
