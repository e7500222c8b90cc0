//! Passcodes sent by SMS: which code is good for which phone and purpose, and the inbox that a tester reads.
//! Does not know how codes look, how long they live, or how often one may be sent.

use super::clock::Millis;
use super::index::TextIndex;
use super::record::number;
use crate::json::Json;
use std::sync::Arc;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passcode {
    /// Order of sending in the world, from 1.
    pub id: u64,
    pub phone: Arc<str>,
    pub code: Arc<str>,
    /// What it was sent for; one without a purpose serves any.
    pub purpose: Option<Arc<str>>,
    pub issued_at: Millis,
    /// The first moment at which it is no longer good.
    pub expires_at: Millis,
    pub spent_at: Option<Millis>,
    /// How often something else was sent in its place.
    pub wrong: u64,
    /// A newer one was sent to the same phone for the same purpose.
    pub replaced: bool,
}

/// What a passcode in a request is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasscodeCheck {
    /// Good, and this is the one to spend.
    Good(u64),
    /// Nothing was ever sent to this phone that would serve this purpose.
    NoneIssued,
    /// Something was sent, but not this, or it was replaced since.
    Wrong,
    Spent,
    Expired,
}

/// The newest passcodes of a world. A clone is a few pointers.
#[derive(Clone)]
pub struct Passcodes {
    /// At most [`KEPT`]. More than the inbox shows, since thousands of clients may wait for theirs at once.
    kept: imbl::OrdMap<u64, Arc<Passcode>>,
    /// By phone, only those that nothing replaced: at most one for each purpose, at most [`PURPOSES`].
    current: TextIndex,
    /// By phone, all that are kept.
    sent: TextIndex,
    next_id: u64,
}

/// A client decides how many there are, so there is an end: about 30 MB in the worst case.
const KEPT: usize = 100_000;
/// How many the inbox shows.
const SHOWN: usize = 1_000;
/// A purpose is what a client sends; with more than this for one phone the oldest counts as replaced.
const PURPOSES: usize = 32;

impl Default for Passcodes {
    fn default() -> Self {
        Self { kept: imbl::OrdMap::new(), current: TextIndex::default(), sent: TextIndex::default(), next_id: 1 }
    }
}

impl Passcode {
    fn serves(&self, purpose: Option<&str>) -> bool {
        match (purpose, &self.purpose) {
            (Some(wanted), Some(purpose)) => wanted == &**purpose,
            _ => true,
        }
    }

    pub fn to_json(&self) -> Json {
        let mut members = vec![
            ("id".into(), number(self.id)),
            ("phone".into(), Json::String(Arc::clone(&self.phone))),
            ("code".into(), Json::String(Arc::clone(&self.code))),
            ("purpose".into(), self.purpose.clone().map_or(Json::Null, Json::String)),
            ("issued_at".into(), Json::integer(self.issued_at)),
            ("expires_at".into(), Json::integer(self.expires_at)),
        ];
        members.extend(self.spent_at.map(|at| ("spent_at".into(), Json::integer(at))));
        members.extend((self.wrong > 0).then(|| ("wrong".into(), number(self.wrong))));
        members.push(("replaced".into(), Json::Bool(self.replaced)));
        Json::Object(members)
    }
}

impl Passcodes {
    /// The number that the next passcode gets.
    pub fn next_id(&self) -> u64 {
        self.next_id
    }

    /// What a tester sees: the newest thousand, newest first, also those that are spent, replaced or expired.
    pub fn inbox(&self) -> impl Iterator<Item = &Arc<Passcode>> {
        self.kept.values().rev().take(SHOWN)
    }

    /// A passcode for a purpose serves that purpose, one without a purpose any; a request without a purpose accepts the
    /// newest of each. Good is while `now < expires_at`. What was spent or has expired is told only to who knows the code.
    pub fn check(&self, phone: &str, purpose: Option<&str>, code: &str, now: Millis) -> PasscodeCheck {
        let mut outcome = PasscodeCheck::NoneIssued;
        for passcode in self.current(phone).filter(|passcode| passcode.serves(purpose)) {
            let this = if *passcode.code != *code {
                PasscodeCheck::Wrong
            } else if passcode.spent_at.is_some() {
                PasscodeCheck::Spent
            } else if now >= passcode.expires_at {
                PasscodeCheck::Expired
            } else {
                return PasscodeCheck::Good(passcode.id);
            };
            // The newest that has this code says why it is no good; any other only says that there was one.
            if matches!(outcome, PasscodeCheck::NoneIssued | PasscodeCheck::Wrong) {
                outcome = this;
            }
        }
        outcome
    }

    /// When a passcode was last sent to that phone for exactly that purpose.
    pub fn last_sent(&self, phone: &str, purpose: Option<&str>) -> Option<Millis> {
        self.current(phone).find(|passcode| passcode.purpose.as_deref() == purpose).map(|passcode| passcode.issued_at)
    }

    /// The newest of those that were sent to that phone and can serve the purpose.
    pub fn newest(&self, phone: &str, purpose: Option<&str>) -> Option<&Arc<Passcode>> {
        self.current(phone).find(|passcode| passcode.serves(purpose))
    }

    /// How many were sent to that phone from a moment on.
    pub fn sent_since(&self, phone: &str, since: Millis) -> usize {
        let candidates = self.sent.candidates(&[phone]).filter_map(|id| self.kept.get(&id));
        let sent = candidates.take_while(|passcode| passcode.issued_at >= since);
        sent.filter(|passcode| &*passcode.phone == phone).count()
    }

    /// All that are kept, in the order of sending.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Arc<Passcode>> {
        self.kept.values()
    }

    /// Replaces the one before it of the same phone and purpose. Refuses a number that was given.
    pub(super) fn issue(&mut self, passcode: &Arc<Passcode>) -> bool {
        if passcode.id < self.next_id {
            return false;
        }
        let same = self.current(&passcode.phone).find(|older| older.purpose == passcode.purpose).map(|older| older.id);
        let surplus = self.current(&passcode.phone).nth(PURPOSES - 1).map(|oldest| oldest.id);
        if let Some(replaced) = same.or(surplus) {
            self.current.remove(&[&passcode.phone], replaced);
            self.edit(replaced, |older| older.replaced = true);
        }
        self.keep(passcode);
        true
    }

    pub(super) fn spend(&mut self, id: u64, at: Millis) -> bool {
        let unspent = self.kept.get(&id).is_some_and(|passcode| passcode.spent_at.is_none());
        unspent && self.edit(id, |passcode| passcode.spent_at = Some(at))
    }

    pub(super) fn tried(&mut self, id: u64) -> bool {
        self.edit(id, |passcode| passcode.wrong = passcode.wrong.saturating_add(1))
    }

    /// Takes it as it is, in the order of numbers. For `issue`, and for a snapshot, which says what was replaced.
    pub(super) fn keep(&mut self, passcode: &Arc<Passcode>) {
        if !passcode.replaced {
            self.current.insert(&[&passcode.phone], passcode.id);
        }
        self.sent.insert(&[&passcode.phone], passcode.id);
        self.kept.insert(passcode.id, Arc::clone(passcode));
        self.reserve(passcode.id.saturating_add(1));
        if self.kept.len() > KEPT
            && let Some((oldest, passcode)) = self.kept.get_min().cloned()
        {
            self.current.remove(&[&passcode.phone], oldest);
            self.sent.remove(&[&passcode.phone], oldest);
            self.kept.remove(&oldest);
        }
    }

    /// No passcode gets a number below that.
    pub(super) fn reserve(&mut self, next_id: u64) {
        self.next_id = self.next_id.max(next_id);
    }

    /// Those of a phone that nothing replaced, newest first.
    fn current(&self, phone: &str) -> impl Iterator<Item = &Arc<Passcode>> {
        let candidates = self.current.candidates(&[phone]);
        candidates.filter_map(|id| self.kept.get(&id)).filter(move |passcode| &*passcode.phone == phone)
    }

    fn edit(&mut self, id: u64, change: impl FnOnce(&mut Passcode)) -> bool {
        self.kept.get_mut(&id).map(|passcode| change(Arc::make_mut(passcode))).is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::PasscodeCheck::{Expired, Good, NoneIssued, Spent, Wrong};
    use super::*;

    /// Sends at 0, good until 100.
    fn send(passcodes: &mut Passcodes, phone: &str, purpose: Option<&str>, code: &str) -> u64 {
        let id = passcodes.next_id();
        let sent = Passcode {
            id,
            phone: phone.into(),
            code: code.into(),
            purpose: purpose.map(Arc::from),
            issued_at: 0,
            expires_at: 100,
            spent_at: None,
            wrong: 0,
            replaced: false,
        };
        assert!(passcodes.issue(&Arc::new(sent)));
        id
    }

    #[test]
    fn is_good_until_it_expires_to_the_millisecond() {
        let mut passcodes = Passcodes::default();
        assert_eq!(passcodes.check("138", None, "1", 0), NoneIssued);
        let id = send(&mut passcodes, "138", None, "1");
        let outcomes = [-1, 0, 99, 100, 101].map(|now| passcodes.check("138", None, "1", now));
        assert_eq!(outcomes, [Good(id), Good(id), Good(id), Expired, Expired]);
        assert_eq!(passcodes.check("139", None, "1", 0), NoneIssued);
        assert_eq!(passcodes.check("138", None, "2", 200), Wrong, "who does not know the code learns nothing more");
    }

    #[test]
    fn is_spent_once() {
        let mut passcodes = Passcodes::default();
        let id = send(&mut passcodes, "138", None, "1");
        assert!(passcodes.spend(id, 5));
        assert!(!passcodes.spend(id, 6));
        assert!(!passcodes.spend(id + 1, 6));
        assert_eq!([0, 100].map(|now| passcodes.check("138", None, "1", now)), [Spent, Spent]);
        assert_eq!(passcodes.inbox().next().and_then(|passcode| passcode.spent_at), Some(5));
    }

    #[test]
    fn a_newer_one_replaces_the_older_of_the_same_phone_and_purpose() {
        let mut passcodes = Passcodes::default();
        send(&mut passcodes, "138", Some("login"), "1");
        let other_purpose = send(&mut passcodes, "138", Some("register"), "2");
        let other_phone = send(&mut passcodes, "139", Some("login"), "3");
        let newer = send(&mut passcodes, "138", Some("login"), "4");
        assert_eq!(passcodes.check("138", Some("login"), "1", 0), Wrong);
        assert_eq!(passcodes.check("138", Some("login"), "4", 0), Good(newer));
        assert_eq!(passcodes.check("138", Some("register"), "2", 0), Good(other_purpose));
        assert_eq!(passcodes.check("139", Some("login"), "3", 0), Good(other_phone));
        assert_eq!(
            passcodes.inbox().map(|passcode| passcode.replaced).collect::<Vec<_>>(),
            [false, false, false, true]
        );
    }

    #[test]
    fn serves_the_purpose_it_was_sent_for() {
        let mut passcodes = Passcodes::default();
        let login = send(&mut passcodes, "138", Some("login"), "1");
        assert_eq!(passcodes.check("138", Some("register"), "1", 0), NoneIssued);
        assert_eq!(passcodes.check("138", None, "1", 0), Good(login), "a request without a purpose accepts any");
        let any = send(&mut passcodes, "138", None, "2");
        assert_eq!(passcodes.check("138", Some("register"), "2", 0), Good(any));
        assert_eq!(passcodes.check("138", Some("register"), "1", 0), Wrong);
        assert_eq!(passcodes.check("138", Some("login"), "1", 0), Good(login));
        assert_eq!(passcodes.check("138", Some("login"), "2", 0), Good(any));
    }

    #[test]
    fn of_two_with_one_code_the_good_one_counts() {
        let mut passcodes = Passcodes::default();
        let login = send(&mut passcodes, "138", Some("login"), "1");
        let any = send(&mut passcodes, "138", None, "1");
        assert!(passcodes.spend(any, 0));
        assert_eq!(passcodes.check("138", Some("login"), "1", 0), Good(login));
        assert!(passcodes.spend(login, 0));
        assert_eq!(passcodes.check("138", Some("login"), "1", 0), Spent);
    }

    #[test]
    fn the_last_sending_counts_for_each_purpose() {
        let mut passcodes = Passcodes::default();
        let id = send(&mut passcodes, "138", Some("login"), "1");
        assert!(passcodes.spend(id, 0));
        assert_eq!(passcodes.last_sent("138", Some("login")), Some(0));
        assert_eq!(passcodes.last_sent("138", None), None);
        assert_eq!(passcodes.last_sent("139", Some("login")), None);
    }

    #[test]
    fn a_number_that_was_given_is_refused() {
        let mut passcodes = Passcodes::default();
        let id = send(&mut passcodes, "138", None, "1");
        let again = Passcode { code: "2".into(), ..(**passcodes.inbox().next().unwrap()).clone() };
        assert!(!passcodes.issue(&Arc::new(again)));
        assert_eq!(passcodes.check("138", None, "1", 0), Good(id));
    }

    #[test]
    fn neither_purposes_nor_phones_grow_without_end() {
        let mut passcodes = Passcodes::default();
        for purpose in 0..40 {
            send(&mut passcodes, "138", Some(&purpose.to_string()), "1");
        }
        assert_eq!(passcodes.current("138").count(), PURPOSES);
        assert_eq!(passcodes.check("138", Some("7"), "1", 0), NoneIssued);
        assert_eq!(passcodes.check("138", Some("8"), "1", 0), Good(9));
        for phone in 0..KEPT - 1 {
            send(&mut passcodes, &format!("p{phone}"), None, "1");
        }
        assert_eq!((passcodes.kept.len(), passcodes.inbox().count()), (KEPT, SHOWN));
        assert_eq!(passcodes.check("138", Some("39"), "1", 0), Good(40));
        send(&mut passcodes, "last", None, "1");
        assert_eq!(passcodes.check("138", Some("39"), "1", 0), NoneIssued, "the oldest went");
        assert_eq!(passcodes.check("p0", None, "1", 0), Good(41));
    }
}
