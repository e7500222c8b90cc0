//! What the benches measure on: the driver app's document, and accounts to log in to.

use docsim::behavior::{Model, Overrides};
use docsim::engine::office::{self, AccountEdit};
use docsim::generation::Generation;
use docsim::lexicon::Lexicon;
use docsim::source::Source;
use docsim::spec::Settings;
use docsim::world::World;

const DOCUMENT: &str = include_str!("../../tests/cases/documents/driver_app.md");
pub(crate) const PASSWORD: &str = "abc12345";

pub(crate) fn generation() -> Generation {
    let sources = vec![Source::new("driver_app.md", DOCUMENT)];
    Generation::compile(sources, &Settings::default(), Lexicon::standard(), &Overrides::default())
}

pub(crate) fn phone(account: u64) -> String {
    (15_500_000_000 + account).to_string()
}

/// Makes the accounts of the first so many phones.
pub(crate) fn fill(model: &Model, world: &mut World, accounts: u64) {
    for account in 0..accounts {
        let edit = AccountEdit {
            identity: Some(phone(account)),
            password: Some(PASSWORD.to_owned()),
            ..AccountEdit::default()
        };
        office::create(model, world, &edit, 0).expect("each phone is given once");
    }
}
