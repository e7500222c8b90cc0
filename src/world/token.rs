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
    by_number: imbl::OrdMap<u64, Arc<Token>>,
    texts: TextIndex,
    /// For each collection the tokens of its accounts, in the order of issue.
    by_account: imbl::OrdMap<Arc<str>, imbl::OrdSet<(Seq, u64)>>,
    next_number: u64,
}

impl Default for Tokens {
    fn default() -> Self {
        Self {
            by_number: imbl::OrdMap::new(),
            texts: TextIndex::default(),
            by_account: imbl::OrdMap::new(),
            next_number: 1,
        }
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
        self.by_number.len()
    }

    pub fn is_empty(&self) -> bool {
        self.by_number.is_empty()
    }

    /// The number that the next token gets.
    pub fn next_number(&self) -> u64 {
        self.next_number
    }

    /// The token of that text, expired or not.
    pub fn get(&self, text: &str) -> Option<&Arc<Token>> {
        self.texts
            .candidates(&[text])
            .filter_map(|number| self.by_number.get(&number))
            .find(|token| &*token.token == text)
    }

    /// An account's tokens, expired ones included, oldest first.
    pub fn of(&self, collection: &str, account: Seq) -> impl DoubleEndedIterator<Item = &Arc<Token>> {
        self.numbers_of(collection, account).filter_map(|number| self.by_number.get(&number))
    }

    /// How many tokens an account has, expired ones included.
    pub fn count_of(&self, collection: &str, account: Seq) -> usize {
        self.numbers_of(collection, account).count()
    }

    fn numbers_of(&self, collection: &str, account: Seq) -> impl DoubleEndedIterator<Item = u64> {
        let accounts = self.by_account.get(collection).into_iter();
        accounts.flat_map(move |accounts| accounts.range((account, 0)..=(account, u64::MAX))).map(|(_, number)| *number)
    }

    /// In the order of issue; `.rev()` gives the newest first.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Arc<Token>> + ExactSizeIterator {
        self.by_number.values()
    }

    /// Refuses a text that is in use and a number that was given.
    pub(super) fn issue(&mut self, token: &Arc<Token>) -> bool {
        if token.number < self.next_number || self.get(&token.token).is_some() {
            return false;
        }
        self.texts.insert(&[&token.token], token.number);
        self.by_account.entry(Arc::clone(&token.collection)).or_default().insert((token.account, token.number));
        self.by_number.insert(token.number, Arc::clone(token));
        self.reserve(token.number.saturating_add(1));
        true
    }

    /// Whatever token has that one's text; mostly that one.
    pub(super) fn revoke(&mut self, revoked: &Token) -> bool {
        let known = self.by_number.get(&revoked.number).filter(|known| known.token == revoked.token);
        let Some(token) = known.or_else(|| self.get(&revoked.token)).cloned() else {
            return false;
        };
        self.texts.remove(&[&token.token], token.number);
        if let Some(accounts) = self.by_account.get_mut(&token.collection) {
            accounts.remove(&(token.account, token.number));
        }
        self.by_number.remove(&token.number);
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
            tokens.of("accounts", account).map(|token| token.token.to_string()).collect()
        };
        assert_eq!(of(&tokens, 1), ["a", "c", "d"]);
        assert_eq!(tokens.of("others", 1).count(), 0);
        assert_eq!(tokens.count_of("accounts", 1), 3);
        assert!(tokens.revoke(&token(9, "c", 1)), "the text counts");
        assert!(!tokens.revoke(&token(3, "c", 1)));
        assert_eq!((of(&tokens, 1), of(&tokens, 2)), (vec!["a".to_owned(), "d".to_owned()], vec!["b".to_owned()]));
        assert_eq!(tokens.get("c"), None);
        assert_eq!((tokens.len(), tokens.next_number()), (3, 5));
        assert_eq!((tokens.texts.len(), tokens.by_account["accounts"].len()), (3, 3), "nothing is left behind");
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
