//! One loaded document set with all that is worked out of it. Immutable: a request holds one from first byte to last.

use crate::behavior::{self, Model, Overrides};
use crate::diagnostic::Diagnostic;
use crate::engine::request::{Request, Value};
use crate::engine::{self, Call, Outcome};
use crate::lexicon::{Lexicon, Role};
use crate::source::Source;
use crate::spec::route::{PathValues, Routed, Router};
use crate::spec::{self, DocSet, Settings};
use crate::world::{Millis, World};
use std::sync::Arc;

#[derive(Debug)]
pub struct Generation {
    /// Counts the document sets taken into service, from 1.
    pub number: u64,
    pub set: DocSet,
    pub model: Model,
    router: Router,
    pub lexicon: Arc<Lexicon>,
    /// What `check` finds, policies applied.
    pub diagnostics: Vec<Diagnostic>,
}

impl Generation {
    /// Works a set out. `overrides` is asked once the endpoints are known.
    pub fn compile(
        sources: Vec<Source>,
        settings: &Settings,
        lexicon: Arc<Lexicon>,
        overrides: impl FnOnce(&DocSet) -> Overrides,
    ) -> Self {
        let set = spec::lower(sources, settings, &lexicon);
        Self::of_set(set, settings, lexicon, overrides)
    }

    /// The same, from a set that is lowered already.
    pub fn of_set(
        set: DocSet,
        settings: &Settings,
        lexicon: Arc<Lexicon>,
        overrides: impl FnOnce(&DocSet) -> Overrides,
    ) -> Self {
        let overrides = overrides(&set);
        let model = behavior::infer(&set, &lexicon, &overrides);
        let bases = std::iter::once(settings.base_path()).chain(settings.groups.values().map(Settings::base_path));
        let router = Router::new(&set.endpoints, bases, |at| declared(&model, at));
        Self { number: 1, set, model, router, lexicon, diagnostics: Vec::new() }
    }

    /// Which endpoint a request asks for.
    pub fn route<'r>(&self, request: &'r Request<'r>) -> Routed<'r> {
        let query = || form_urlencoded::parse(request.query.as_bytes());
        let lookup = |name: &str| {
            let in_body =
                request.body.iter().rev().find(|(known, _)| known == name).and_then(|(_, value)| match value {
                    Value::Text(text) => Some(text.to_string()),
                    Value::Json(json) => json.scalar_text().map(str::to_owned),
                    Value::File(_) => None,
                });
            in_body.or_else(|| query().filter(|(known, _)| known == name).last().map(|(_, value)| value.into_owned()))
        };
        self.router.find(request.method, request.path, &lookup)
    }

    /// Takes a request's parameters for an endpoint that was found.
    pub fn call<'r>(&self, endpoint: usize, request: &'r Request<'r>, values: &PathValues<'r>) -> Call<'r> {
        Call::new(&self.model.behaviors[endpoint], &self.model.tokens, request, values)
    }

    /// Decides and applies. `apply` is false for HEAD.
    pub fn step<'g>(
        &'g self,
        endpoint: usize,
        call: &Call<'_>,
        world: &mut World,
        now: Millis,
        apply: bool,
    ) -> Outcome<'g> {
        engine::step(&self.model, endpoint, call, world, now, apply)
    }
}

/// The names that may stand as pairs in an endpoint's path: its parameters, and a token where it needs one.
fn declared(model: &Model, at: usize) -> Vec<String> {
    let behavior = &model.behaviors[at];
    let mut names: Vec<String> = behavior.inputs.iter().map(|input| input.name.to_string()).collect();
    let needs_token = !matches!(behavior.auth, behavior::Auth::Anyone);
    if needs_token && !behavior.inputs.iter().any(|input| input.role == Role::Token) {
        names.extend(model.tokens.params.iter().cloned());
    }
    names
}
