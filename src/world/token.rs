//! Sessions: which token speaks for which account, until when. Does not know how many an account may have.

use super::clock::Millis;
use super::index::TextIndex;
use super::record::{Seq, number};
use crate::json::Json;
use std::sync::Arc;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    pub token: Arc<str>,
    pub collection: Arc<str>,
    pub account: Seq,
    pub issued_at: Millis,
    /// The first moment at which it is dead.
    pub expires_at: Millis,
    /// Order of issue in the world, from 1.
    pub number: u64,
}

/// The tokens of a world that were issued and not revoked, expired ones included. A clone is a few pointers.
#[derive(Clone)]
pub struct Tokens {
    /// For each collection, for each account that has any, its tokens in the order of issue: one search finds them all.
    by_account: imbl::OrdMap<Arc<str>, imbl::OrdMap<Seq, Sessions>>,
    /// Whose a text may be.
    accounts: TextIndex,
    count: usize,
    next_number: u64,
}

/// Shared among clones of a world until one of them changes it.
type Sessions = Arc<Vec<Arc<Token>>>;

impl Default for Tokens {
    fn default() -> Self {
        Self { by_account: imbl::OrdMap::new(), accounts: TextIndex::default(), count: 0, next_number: 1 }
    }
}

impl Token {
    pub fn is_alive(&self, now: Millis) -> bool {
        now < self.expires_at
    }

    pub fn to_json(&self) -> Json {
        Json::Object(vec![
            ("token".into(), Json::String(Arc::clone(&self.token))),
            ("collection".into(), Json::String(Arc::clone(&self.collection))),
            ("account".into(), number(self.account)),
            ("issued_at".into(), Json::integer(self.issued_at)),
            ("expires_at".into(), Json::integer(self.expires_at)),
            ("number".into(), number(self.number)),
        ])
    }
}

impl Tokens {
    pub fn len(&self) -> usize {
        self.count
    }

    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// The number that the next token gets.
    pub fn next_number(&self) -> u64 {
        self.next_number
    }

    /// The token of that text, expired or not.
    pub fn get(&self, text: &str) -> Option<&Arc<Token>> {
        let mut owners =
            self.accounts.candidates(&[text]).flat_map(|seq| self.by_account.values().map(move |of| (of, seq)));
        owners.find_map(|(of, seq)| of.get(&seq)?.iter().rev().find(|token| &*token.token == text))
    }

    /// An account's tokens, expired ones included, oldest first.
    pub fn of(&self, collection: &str, account: Seq) -> &[Arc<Token>] {
        self.by_account.get(collection).and_then(|of| of.get(&account)).map_or(&[], |tokens| tokens)
    }

    /// In the order of issue, sorted when asked for. `.rev()` gives the newest first.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Arc<Token>> + ExactSizeIterator + use<'_> {
        let mut all: Vec<&Arc<Token>> =
            self.by_account.values().flat_map(imbl::OrdMap::values).flat_map(|tokens| &**tokens).collect();
        all.sort_unstable_by_key(|token| token.number);
        all.into_iter()
    }

    /// Refuses a text that is in use and a number that was given.
    pub(super) fn issue(&mut self, token: &Arc<Token>) -> bool {
        if token.number < self.next_number
            || self.get(&token.token).is_some()
            // Two texts of one account with the same hash could not be told apart when one goes.
            || !self.accounts.insert(&[&token.token], token.account)
        {
            return false;
        }
        let of = self.by_account.entry(Arc::clone(&token.collection)).or_default();
        match of.get_mut(&token.account) {
            Some(tokens) => Arc::make_mut(tokens).push(Arc::clone(token)),
            None => {
                of.insert(token.account, Arc::new(vec![Arc::clone(token)]));
            }
        }
        self.count += 1;
        self.reserve(token.number.saturating_add(1));
        true
    }

    /// Whatever token has that one's text; mostly that one.
    pub(super) fn revoke(&mut self, revoked: &Token) -> bool {
        let same = self
            .of(&revoked.collection, revoked.account)
            .iter()
            .find(|known| std::ptr::eq(Arc::as_ptr(known), revoked));
        let Some(token) = same.or_else(|| self.get(&revoked.token)).cloned() else {
            return false;
        };
        self.accounts.remove(&[&token.token], token.account);
        if let Some(of) = self.by_account.get_mut(&token.collection)
            && let Some(tokens) = of.get_mut(&token.account)
        {
            Arc::make_mut(tokens).retain(|known| !Arc::ptr_eq(known, &token));
            if tokens.is_empty() {
                of.remove(&token.account);
            }
        }
        self.count -= 1;
        true
    }

    /// No token gets a number below that.
    pub(super) fn reserve(&mut self, next_number: u64) {
        self.next_number = self.next_number.max(next_number);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(number: u64, text: &str, account: Seq) -> Arc<Token> {
        Arc::new(Token {
            token: text.into(),
            collection: "accounts".into(),
            account,
            issued_at: 0,
            expires_at: 100,
            number,
        })
    }

    #[test]
    fn lives_until_it_expires_to_the_millisecond() {
        let token = token(1, "t", 1);
        assert_eq!([99, 100, 101].map(|now| token.is_alive(now)), [true, false, false]);
    }

    #[test]
    fn an_account_has_its_tokens_oldest_first() {
        let mut tokens = Tokens::default();
        for (number, text, account) in [(1, "a", 1), (2, "b", 2), (3, "c", 1), (4, "d", 1)] {
            assert!(tokens.issue(&token(number, text, account)));
        }
        let of = |tokens: &Tokens, account| -> Vec<String> {
            tokens.of("accounts", account).iter().map(|token| token.token.to_string()).collect()
        };
        assert_eq!(of(&tokens, 1), ["a", "c", "d"]);
        assert!(tokens.of("others", 1).is_empty());
        assert_eq!(tokens.iter().rev().map(|token| token.number).collect::<Vec<_>>(), [4, 3, 2, 1]);
        assert!(tokens.revoke(&token(9, "c", 1)), "the text counts");
        assert!(!tokens.revoke(&token(3, "c", 1)));
        assert_eq!((of(&tokens, 1), of(&tokens, 2)), (vec!["a".to_owned(), "d".to_owned()], vec!["b".to_owned()]));
        assert_eq!(tokens.get("c"), None);
        assert_eq!((tokens.len(), tokens.next_number()), (3, 5));
        assert_eq!((tokens.accounts.len(), tokens.by_account["accounts"].len()), (3, 2));
        assert!(tokens.revoke(&token(2, "b", 2)));
        assert_eq!((tokens.accounts.len(), tokens.by_account["accounts"].len()), (2, 1), "nothing is left behind");
    }

    #[test]
    fn a_text_or_a_number_in_use_is_refused() {
        let mut tokens = Tokens::default();
        assert!(tokens.issue(&token(5, "a", 1)));
        assert!(!tokens.issue(&token(6, "a", 2)), "the same text");
        assert!(!tokens.issue(&token(5, "b", 2)), "the same number");
        assert!(!tokens.issue(&token(4, "b", 2)), "an older number");
        assert!(tokens.get("a").is_some_and(|token| token.account == 1));
    }
}
