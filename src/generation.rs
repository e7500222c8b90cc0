//! One loaded document set with all that is worked out of it. Immutable: a request holds one from first byte to last.

use crate::behavior::{self, Model, Overrides};
use crate::config::{self, Config, Level};
use crate::diagnostic::Diagnostic;
use crate::engine::request::{Request, Value};
use crate::engine::{self, Call, Outcome};
use crate::lexicon::{Lexicon, Role, Script};
use crate::lint::{self, Policy};
use crate::load::Loaded;
use crate::source::Source;
use crate::spec::route::{PathValues, Routed, Router};
use crate::spec::{self, DocSet, Endpoint, Settings};
use crate::world::{Millis, World};
use std::collections::HashMap;
use std::sync::Arc;

#[derive(Debug)]
pub struct Generation {
    /// Counts the document sets taken into service, from 1.
    pub number: u64,
    pub set: DocSet,
    pub model: Model,
    router: Router,
    pub lexicon: Arc<Lexicon>,
    pub config: Config,
    /// Put before every path; empty if there is none.
    pub base_path: String,
    /// What `check` finds, policies applied.
    pub diagnostics: Vec<Diagnostic>,
}

impl Generation {
    /// Works out what was loaded. What no longer parses stays as it was in `previous`, and so does a configuration that
    /// no longer can be read.
    pub fn of_loaded(loaded: &Loaded, previous: Option<&Self>) -> Self {
        let rules: Vec<&str> = lint::RULES.iter().map(|rule| rule.name).collect();
        let (config, mut found) = match loaded.config.as_ref().filter(|file| file.problem.is_none()) {
            Some(file) => config::read(&file.source, loaded.config_id(), &rules),
            None => (Config::default(), Vec::new()),
        };
        let unreadable = loaded.config.as_ref().is_some_and(|file| file.problem.is_some());
        let broken = found.iter_mut().find(|found| found.rule == config::SYNTAX);
        let is_broken = unreadable || broken.is_some();
        if let (Some(_), Some(broken)) = (previous, broken) {
            broken.message.push_str("; what it said before still holds");
        }
        let config = previous.filter(|_| is_broken).map_or(config, |previous| previous.config.clone());
        let additions = config.additions();
        // The reader of the configuration lets nothing through that the lexicon would not take.
        let script = Script::of(loaded.texts());
        let own = (!additions.is_empty()).then(|| Lexicon::with(&additions, script).ok()).flatten();
        let lexicon = own.map_or_else(|| Lexicon::for_script(script), Arc::new);
        let settings = loaded.settings(config.settings());
        let mut set = loaded.document_set(&settings, &lexicon);
        if let Some(previous) = previous {
            spec::keep_last_good(&mut set, &previous.set);
        }
        let names: Vec<(&str, &str)> =
            set.endpoints.iter().map(|endpoint| (endpoint.id.as_str(), endpoint.title.as_str())).collect();
        found.extend(config.check_endpoints(&names));
        set.diagnostics.extend(found);
        let overrides = config.overrides(&set);
        let number = previous.map_or(1, |previous| previous.number + 1);
        let mut generation = Self { number, config, ..Self::of_set(set, &settings, lexicon, &overrides) };
        let of_records = generation.config.check_collections(&generation.set, &generation.model);
        generation.set.diagnostics.extend(of_records);
        generation.diagnostics = generation.check();
        generation.lexicon.forget();
        generation
    }

    /// Works sources out, without a configuration and without a look at what is odd.
    pub fn compile(sources: Vec<Source>, settings: &Settings, lexicon: Arc<Lexicon>, overrides: &Overrides) -> Self {
        let set = spec::lower(sources, settings, &lexicon);
        let generation = Self::of_set(set, settings, lexicon, overrides);
        generation.lexicon.forget();
        generation
    }

    fn of_set(set: DocSet, settings: &Settings, lexicon: Arc<Lexicon>, overrides: &Overrides) -> Self {
        let names = behavior::flow::names(&set, &lexicon);
        let lexicon = if names.is_empty() { lexicon } else { Arc::new(lexicon.with_names(names)) };
        let model = behavior::infer(&set, &lexicon, overrides);
        let bases = std::iter::once(settings.base_path()).chain(settings.groups.values().map(Settings::base_path));
        let bases = bases.chain(set.bases.iter().map(|base| base.path.as_str()));
        let router = Router::new(&set.endpoints, bases, |at| declared(&model, at));
        let told = set.bases.first().filter(|_| settings.url.is_none());
        let base_path = told.map_or(settings.base_path(), |base| base.path.as_str()).to_owned();
        Self { number: 1, set, model, router, lexicon, config: Config::default(), base_path, diagnostics: Vec::new() }
    }

    fn check(&self) -> Vec<Diagnostic> {
        let endpoints: HashMap<&str, &Endpoint> =
            self.set.endpoints.iter().rev().map(|endpoint| (endpoint.id.as_str(), endpoint)).collect();
        let policy = |rule: &str, id: Option<&str>| {
            let endpoint = id.and_then(|id| endpoints.get(id));
            let told = endpoint.and_then(|endpoint| {
                self.config.for_endpoint(&endpoint.id, &endpoint.title, config::method_and_path(&endpoint.id))
            });
            self.config.level(rule, told).map(|level| match level {
                Level::Allow => Policy::Allow,
                Level::Report(severity) => Policy::Report(severity),
            })
        };
        lint::check(&self.set, &self.model, &self.lexicon, &policy).diagnostics
    }

    /// Puts into a new world the accounts that exist from the start, as the documents and `docsim.toml` list them. `real` is the
    /// real time.
    pub fn found(&self, world: &mut World, real: Millis) {
        if !self.model.accounts.given.is_empty() {
            let now = world.now(real);
            engine::office::give_accounts(&self.model, world, now);
        }
        for account in &self.config.accounts {
            let edit = engine::office::AccountEdit {
                status: account.status.clone(),
                password: account.password.clone(),
                identity: Some(account.identity.clone()),
                fields: account.fields.iter().map(|(name, value)| (name.to_string(), value.clone())).collect(),
            };
            let now = world.now(real);
            // A second account of the same identity, or a status that no document has, was reported when it was read.
            let _ = engine::office::create(&self.model, world, &edit, now);
        }
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

    /// Decides and applies, the world's faults before all else. `apply` is false for HEAD.
    pub fn step<'g>(
        &'g self,
        endpoint: usize,
        call: &Call<'_>,
        world: &mut World,
        now: Millis,
        apply: bool,
    ) -> Outcome<'g> {
        if world.faults().is_empty() {
            return engine::step(&self.model, endpoint, call, world, now, apply);
        }
        let id = self.set.endpoints.get(endpoint).map_or("", |endpoint| endpoint.id.as_str());
        engine::fault::step(&self.model, (endpoint, id), call, world, now, apply)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load::load;
    use std::fs;

    #[test]
    fn a_configuration_that_breaks_leaves_the_one_before() {
        let folder = tempfile::tempdir().unwrap();
        let save = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
        let next = |previous: Option<&Generation>| {
            Generation::of_loaded(&load(&[folder.path().to_owned()], None).unwrap(), previous)
        };
        let said = |generation: &Generation| {
            let of_config = generation.diagnostics.iter().filter(|found| found.rule.starts_with("config-"));
            of_config
                .map(|found| (found.rule, found.message.ends_with("; what it said before still holds")))
                .collect::<Vec<_>>()
        };
        save("a.md", "## A\n+++\nget:/a\n<<<\nsuccess\n{\"code\":1}\n+++\n");
        save("docsim.toml", "base_path = \"/one\"\n");
        let first = next(None);
        assert_eq!((first.base_path.as_str(), said(&first)), ("/one", vec![]));
        save("docsim.toml", "base_path = \"/two\n");
        let broken = next(Some(&first));
        assert_eq!((broken.base_path.as_str(), said(&broken)), ("/one", vec![("config-syntax", true)]));
        assert_eq!(said(&next(None)), [("config-syntax", false)], "there is nothing before");
        fs::write(folder.path().join("docsim.toml"), [0, 1, 2].repeat(100)).unwrap();
        assert_eq!(next(Some(&broken)).base_path, "/one", "no text at all");
        save("docsim.toml", "base_path = \"/three\"\n[rules]\nconfig-unknown-key = \"error\"\n[zzz]\n");
        let mended = next(Some(&broken));
        assert_eq!((mended.base_path.as_str(), said(&mended)), ("/three", vec![("config-unknown-key", false)]));
        let unknown = mended.diagnostics.iter().find(|found| found.rule == "config-unknown-key").unwrap();
        assert_eq!(unknown.severity, crate::diagnostic::Severity::Error);
        fs::remove_file(folder.path().join("docsim.toml")).unwrap();
        assert_eq!(next(Some(&mended)).base_path, "", "a file that is gone says nothing");
    }
}
