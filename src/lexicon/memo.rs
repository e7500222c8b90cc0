//! What has been found in texts. The same labels and messages are asked for many words, one after the other, while a document
//! set is worked out; who has done that forgets them.

use super::words::Hit;
use foldhash::fast::FixedState;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// Shared by the copies of a finder, since they have the same words.
#[derive(Clone, Debug)]
pub(super) struct Memo(OnceLock<Arc<Mutex<Texts>>>);

type Texts = HashMap<Box<str>, Arc<Found>, FixedState>;

/// The words in one text.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) all: Vec<Hit>,
    /// Without those that longer ones cover; worked out when it is asked for.
    pub(super) longest: OnceLock<Vec<Hit>>,
}

impl Memo {
    #[allow(clippy::declare_interior_mutable_const, reason = "each finder begins with nothing in its memory")]
    pub(super) const NEW: Self = Self(OnceLock::new());

    pub(super) fn find(&self, text: &str, work: impl FnOnce() -> Vec<Hit>) -> Arc<Found> {
        let new = |all| Arc::new(Found { all, longest: OnceLock::new() });
        if text.len() > LONGEST {
            return new(work());
        }
        let mut texts = self.texts().lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = texts.get(text) {
            return found.clone();
        }
        if texts.len() >= MOST {
            texts.clear();
        }
        let found = new(work());
        texts.insert(text.into(), found.clone());
        found
    }

    pub(super) fn forget(&self) {
        *self.texts().lock().unwrap_or_else(PoisonError::into_inner) = Texts::default();
    }

    fn texts(&self) -> &Mutex<Texts> {
        self.0.get_or_init(Arc::default)
    }
}

/// Of a text that is kept, in bytes.
const LONGEST: usize = 1 << 10;

/// Of the texts of one finder: the same ones are asked for soon or never again, and more of them fit into no cache.
const MOST: usize = 1 << 12;
