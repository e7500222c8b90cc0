//! What has been found in texts. The same labels and messages are asked for many words, one after the other, while a document
//! set is worked out; who has done that forgets them.

use super::words::Hit;
use foldhash::fast::FixedState;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// Shared by the copies of a finder, since they have the same words.
#[derive(Debug)]
pub(super) struct Memo<T>(OnceLock<Arc<Mutex<Texts<T>>>>);

type Texts<T> = HashMap<Box<str>, Arc<T>, FixedState>;

/// The words in one text.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) all: Vec<Hit>,
    /// Without those that longer ones cover; worked out when it is asked for.
    pub(super) longest: OnceLock<Vec<Hit>>,
}

impl<T> Memo<T> {
    #[allow(clippy::declare_interior_mutable_const, reason = "each finder begins with nothing in its memory")]
    pub(super) const NEW: Self = Self(OnceLock::new());

    pub(super) fn find(&self, text: &str, work: impl FnOnce() -> T) -> Arc<T> {
        if text.len() > LONGEST {
            return Arc::new(work());
        }
        let texts = || self.texts().lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = texts().get(text) {
            return Arc::clone(found);
        }
        let found = Arc::new(work());
        let mut texts = texts();
        if texts.len() >= MOST {
            texts.clear();
        }
        texts.insert(text.into(), Arc::clone(&found));
        found
    }

    pub(super) fn forget(&self) {
        *self.texts().lock().unwrap_or_else(PoisonError::into_inner) = Texts::default();
    }

    fn texts(&self) -> &Mutex<Texts<T>> {
        self.0.get_or_init(|| Arc::new(Mutex::new(Texts::default())))
    }
}

impl<T> Clone for Memo<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T> Default for Memo<T> {
    fn default() -> Self {
        Self::NEW
    }
}

/// Of a text that is kept, in bytes.
const LONGEST: usize = 1 << 10;

/// Of the texts of one finder: the same ones are asked for soon or never again, and more of them fit into no cache.
const MOST: usize = 1 << 12;
