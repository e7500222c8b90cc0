//! What to try first: commands that can be pasted one after the other, each of which is answered with a success.
//!
//! In: a generation. Out: lines for a shell. Each command is tried in a world of its own before it is shown; of several that would do
//! what the documents themselves send comes first.

use crate::behavior::{Auth, Form, Input};
use crate::engine::request::{Headers, Request, Value};
use crate::engine::{self, Decision, office};
use crate::explain::visible;
use crate::generation::Generation;
use crate::json::Json;
use crate::lexicon::{Operation, Role};
use crate::scenario::generate::fresh::Fresh;
use crate::scenario::request::{as_member, quoted};
use crate::spec::route::Routed;
use crate::spec::{BodyForm, In, Param, Segment};
use crate::world::{Clock, Millis, World, WorldName};
use std::borrow::Cow;
use std::fmt::Write as _;

/// When it is tried: any time does.
const NOW: Millis = 1_767_225_600_000;
const PHONE: &str = "13800000000";
const PASSWORD: &str = "abc12345";
/// What stands for a passcode that has to be looked up.
const CODE: &str = "CODE";
/// So many values of a list are tried, and so many endpoints.
const CHOICES: usize = 6;
const ENDPOINTS: usize = 40;

/// Where the values of a request come from, the best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum From {
    /// A sample of the request, and the examples beside the parameters.
    Sample,
    /// Usual values for what each is for, and the examples for what has none.
    Usual,
    /// The same with what the first record has where a list leaves others out.
    Seed,
    /// The same with this of the values that a parameter lists.
    Choice(usize),
}

/// A request as it can be pasted and tried.
struct Command {
    path: String,
    /// By name, with the value as text.
    pairs: Vec<(String, String)>,
}

struct NoHeaders;

impl Headers for NoHeaders {
    fn get(&self, _: &str) -> Option<&str> {
        None
    }

    fn all(&self) -> Vec<&str> {
        Vec::new()
    }
}

struct Trial<'g> {
    generation: &'g Generation,
    base: &'g str,
    world: World,
    /// Who it is from the first command on, and by what they prove it.
    identity: Option<String>,
    /// What kind of name that is.
    known_as: Role,
    password: Option<String>,
}

/// Commands that can be pasted: a passcode has to come from somewhere.
pub(super) fn try_first(generation: &Generation, base: &str, token: Option<&str>) -> String {
    tried_first(generation, base, token).0
}

/// The same, and whether the last of them is answered with a success.
fn tried_first(generation: &Generation, base: &str, token: Option<&str>) -> (String, bool) {
    let model = &generation.model;
    let all = |operation: Operation| {
        let found = model.behaviors.iter().enumerate().filter(move |(_, behavior)| behavior.operation == operation);
        found.map(|(at, _)| at).take(ENDPOINTS)
    };
    let bearer = token.map_or_else(String::new, |token| format!(" -H 'Authorization: Bearer {token}'"));
    let admin = |path: &str, body: &Json| {
        let body = pasted(&body.to_string());
        format!("  curl {base}/__docsim/{path}{bearer} -H 'Content-Type: application/json' -d {body}\n")
    };
    let takes_passcode =
        model.behaviors.iter().flat_map(|behavior| &behavior.inputs).any(|input| input.role == Role::Passcode);
    let mut trial = Trial::new(generation, base);
    let mut out = String::new();
    let sends = all(Operation::SendPasscode).next().is_some();
    let sent = all(Operation::SendPasscode).find_map(|at| trial.accepted(at));
    let has_sent = sent.is_some();
    if let Some(line) = sent {
        out.push_str(&line);
        let _ = writeln!(out, "  The SMS inbox:\n  curl {base}/__docsim/codes{bearer}");
    } else if takes_passcode {
        let said = if sends { "Ask for a passcode" } else { "No endpoint sends a passcode, so ask for one" };
        let _ = writeln!(out, "  {said}; it works for any purpose:");
        let phone = trial.who();
        office::issue_passcode(model, &mut trial.world, &phone, NOW);
        out.push_str(&admin("codes", &object(&[("phone", &phone)])));
    }
    let enters = |line: &str| if line.contains(CODE) { "  and put it in the place of CODE:\n" } else { "" };
    if let Some(line) = all(Operation::Register).find_map(|at| trial.accepted(at)) {
        return (out + enters(&line) + &line, true);
    }
    let by_passcode = |at: &usize| model.behaviors[*at].inputs.iter().any(|input| input.role == Role::Passcode);
    let (first, second): (Vec<usize>, Vec<usize>) =
        all(Operation::Login).partition(|at| by_passcode(at) || !takes_passcode);
    let logins = || first.iter().chain(&second).copied();
    if let Some(at) = logins().next() {
        if let Some(line) = logins().find_map(|at| trial.accepted(at)) {
            return (out + enters(&line) + &line, true);
        }
        let (identity, password) = trial.founder(at);
        let edit = office::AccountEdit {
            identity: Some(identity.clone()),
            password: Some(password.clone()),
            ..office::AccountEdit::default()
        };
        if office::create(model, &mut trial.world, &edit, NOW).is_ok()
            && let Some(line) = logins().find_map(|at| trial.accepted(at))
        {
            let open = if all(Operation::Register).next().is_some() { " for who has none" } else { "" };
            let _ = writeln!(out, "  No endpoint registers accounts{open}, so make one:");
            out.push_str(&admin("accounts", &object(&[("identity", &identity), ("password", &password)])));
            return (out + enters(&line) + &line, true);
        }
    }
    let is_open = |at: &usize| {
        let again = has_sent && model.behaviors[*at].operation == Operation::SendPasscode;
        generation.set.endpoints[*at].is_served() && !again
    };
    let first = (0..model.behaviors.len()).filter(is_open).take(ENDPOINTS).find_map(|at| trial.accepted(at));
    let accepted = has_sent || first.is_some();
    let shown = || if has_sent { String::new() } else { trial.shown(0, &trial.command(0, From::Usual)) };
    (out + &first.unwrap_or_else(shown), accepted)
}

fn object(members: &[(&str, &str)]) -> Json {
    let mut object = Json::empty_object();
    for (name, value) in members {
        object.set(name, Json::string(*value));
    }
    object
}

impl<'g> Trial<'g> {
    fn new(generation: &'g Generation, base: &'g str) -> Self {
        let mut world = World::new(WorldName::default(), 0, Clock::starting_at(NOW, NOW));
        generation.found(&mut world, NOW);
        engine::seed(&generation.model, &mut world, NOW);
        Self { generation, base, world, identity: None, known_as: Role::Account, password: None }
    }

    fn who(&mut self) -> String {
        self.identity.get_or_insert_with(|| PHONE.to_owned()).clone()
    }

    /// Who the account is to be that a login's own sample lets in.
    fn founder(&mut self, login: usize) -> (String, String) {
        let behavior = &self.generation.model.behaviors[login];
        let command = self.command(login, From::Sample);
        let sent = |wanted: fn(&Input) -> bool| {
            let input = behavior.inputs.iter().find(|input| wanted(input))?;
            command.pairs.iter().find(|(name, _)| **name == *input.name).map(|(_, value)| value.clone())
        };
        let identity = sent(|input| input.role == Role::Identity).unwrap_or_else(|| PHONE.to_owned());
        let password = sent(|input| input.word == Role::Password).unwrap_or_else(|| PASSWORD.to_owned());
        (self.identity, self.password) = (Some(identity.clone()), Some(password.clone()));
        (identity, password)
    }

    /// The best request of an endpoint that is answered with a success; what it changes is changed from then on.
    fn accepted(&mut self, at: usize) -> Option<String> {
        let model = &self.generation.model;
        if model.behaviors[at].auth == Auth::Required && model.tokens.issued {
            return None;
        }
        let choices = [From::Sample, From::Usual, From::Seed].into_iter().chain((0..CHOICES).map(From::Choice));
        let mut empty = None;
        for from in choices {
            let command = self.command(at, from);
            let Some((world, full)) = self.tried(at, &command) else { continue };
            if full {
                return Some(self.taken(at, &command, world));
            }
            empty.get_or_insert((command, world));
        }
        empty.map(|(command, world)| self.taken(at, &command, world))
    }

    fn taken(&mut self, at: usize, command: &Command, world: World) -> String {
        let behavior = &self.generation.model.behaviors[at];
        self.world = world;
        for (name, value) in &command.pairs {
            let Some(input) = behavior.inputs.iter().find(|input| *input.name == **name) else { continue };
            match input.word {
                Role::Password => self.password = Some(value.clone()),
                _ if input.role == Role::Identity => (self.identity, self.known_as) = (Some(value.clone()), input.word),
                _ => {}
            }
        }
        self.shown(at, command)
    }

    /// What the world is afterwards, if the request succeeds, and whether it shows anything where it lists.
    fn tried(&self, at: usize, command: &Command) -> Option<(World, bool)> {
        let endpoint = &self.generation.set.endpoints[at];
        let mut world = self.world.clone();
        let method = endpoint.method.as_deref().unwrap_or("POST");
        let code = |value: &str| -> String {
            let newest = || world.passcodes().inbox().next().map(|passcode| passcode.code.to_string());
            if value == CODE { newest().unwrap_or_else(|| value.to_owned()) } else { value.to_owned() }
        };
        let pairs: Vec<(&str, String)> =
            command.pairs.iter().map(|(name, value)| (name.as_str(), code(value))).collect();
        let in_query = method == "GET";
        let query = if in_query { encoded(&pairs) } else { String::new() };
        let body = if in_query { &[][..] } else { &pairs[..] };
        let body = body.iter().map(|(name, value)| (Cow::Borrowed(*name), Value::Text(Cow::Borrowed(value.as_str()))));
        let request = Request { method, path: &command.path, query: &query, headers: &NoHeaders, body: body.collect() };
        let Routed::Found { endpoint: found, values } = self.generation.route(&request) else { return None };
        if found != at {
            return None;
        }
        let call = self.generation.call(at, &request, &values);
        let outcome = engine::step(&self.generation.model, at, &call, &mut world, NOW, true);
        let lists = self.generation.model.behaviors[at].list.is_some();
        let full = !lists || shows_items(&outcome.body);
        let accepted = matches!(outcome.decision, Decision::Accept(_));
        accepted.then_some((world, full))
    }

    fn command(&self, at: usize, from: From) -> Command {
        let (endpoint, behavior) = (&self.generation.set.endpoints[at], &self.generation.model.behaviors[at]);
        let sample =
            |name: &str| endpoint.sample.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
        let sent = |param: &Param, input: &Input| {
            let sampled = from == From::Sample && sample(&param.name).is_some() && !input.routes;
            (input.required || param.discriminates || sampled) && !matches!(param.location, In::Path | In::Header)
        };
        let pairs = endpoint.params.iter().zip(&behavior.inputs).filter(|(param, input)| sent(param, input));
        let pairs = pairs
            .map(|(param, input)| {
                let shown = sample(&param.name).or_else(|| example(param));
                let constant = || if param.discriminates { param.default.clone() } else { None };
                let seeded = if from == From::Seed { self.seeded(at, &input.name) } else { None };
                let value = seeded.or_else(constant);
                (param.name.clone(), value.unwrap_or_else(|| self.value(at, (input, param), shown, from)))
            })
            .collect();
        let path = endpoint.segments.iter().map(|segment| match segment {
            Segment::Literal(text) => format!("/{text}"),
            Segment::Param(name) => {
                let known = behavior.inputs.iter().zip(&endpoint.params).find(|(input, _)| *input.name == **name);
                let shown = known.and_then(|(_, param)| example(param));
                let value = known.map(|(input, param)| self.value(at, (input, param), shown, from));
                format!("/{}", value.unwrap_or_else(|| "1".to_owned()))
            }
        });
        Command { path: path.collect(), pairs }
    }

    /// What the first record of a list has where an input leaves others out.
    fn seeded(&self, at: usize, name: &str) -> Option<String> {
        let model = &self.generation.model;
        let plan = model.behaviors[at].list.as_ref()?;
        let filter = plan.filters.iter().find(|filter| *model.behaviors[at].inputs[filter.input].name == *name)?;
        let seed = model.collections.get(plan.collection)?.seeds.first()?;
        seed.fields.get(&filter.field)?.scalar_text().map(str::to_owned)
    }

    fn value(&self, at: usize, (input, param): (&Input, &Param), shown: Option<&str>, from: From) -> String {
        let known = match input.word {
            Role::Passcode => Some(CODE),
            Role::Password | Role::NewPassword | Role::ConfirmPassword => self.password.as_deref(),
            // Who is known by a phone is not let in by the id of another platform.
            _ if input.role == Role::Identity => {
                let like = [input.word, self.known_as].contains(&Role::Account) || input.word == self.known_as;
                self.identity.as_deref().filter(|_| like)
            }
            _ => None,
        };
        if let Some(known) = known {
            return known.to_owned();
        }
        let usual = match input.word {
            Role::Phone => Some(PHONE),
            Role::Password | Role::NewPassword | Role::ConfirmPassword => Some(PASSWORD),
            Role::Email => Some("me@example.com"),
            _ => None,
        };
        let listed = input.rules.iter().find_map(|rule| match (&rule.form, from) {
            (Form::OneOf(values), From::Choice(at)) => values.get(at.min(values.len().saturating_sub(1))),
            (Form::OneOf(values), _) => values.first().filter(|_| shown.is_none()),
            _ => None,
        });
        let listed = listed.map(String::as_str);
        let value = if from == From::Sample { shown.or(usual) } else { usual };
        let model = &self.generation.model;
        let of_records = || model.shown(&model.behaviors[at], &input.name);
        let made_up = || Fresh::new(0).plain(input, param, of_records(), &self.generation.lexicon);
        value.or(listed).or(shown).map_or_else(|| made_up().scalar_text().unwrap_or("1").to_owned(), str::to_owned)
    }

    fn shown(&self, at: usize, command: &Command) -> String {
        let endpoint = &self.generation.set.endpoints[at];
        let url = format!("{}{}{}", self.base, self.generation.base_path, command.path);
        let title = visible(&endpoint.title).replace('\'', "");
        let pairs = &command.pairs;
        let method = endpoint.method.as_deref().unwrap_or("POST");
        if method == "GET" {
            let pairs: Vec<(&str, String)> = pairs.iter().map(|(name, value)| (name.as_str(), value.clone())).collect();
            let query = encoded(&pairs);
            let query = if query.is_empty() { String::new() } else { format!("?{query}") };
            return format!("  curl {}   # {title}\n", pasted(&format!("{url}{query}")));
        }
        let bare = pairs.is_empty() || method != "POST";
        let verb = if bare { format!(" -X {}", visible(method)) } else { String::new() };
        if endpoint.body == BodyForm::Json && !pairs.is_empty() {
            let mut object = Json::empty_object();
            for (name, value) in pairs {
                object.set(name, as_member(endpoint.param(name), Json::string(value.as_str())));
            }
            let json = " -H 'Content-Type: application/json' -d";
            return format!("  curl{verb} {}{json} {}   # {title}\n", pasted(&url), pasted(&object.to_string()));
        }
        let data: Vec<String> =
            pairs.iter().map(|(name, value)| format!(" -d {}", pasted(&format!("{name}={value}")))).collect();
        format!("  curl{verb} {}{}   # {title}\n", pasted(&url), data.concat())
    }
}

/// The example beside a parameter; a label that stands in its place is none.
fn example(param: &Param) -> Option<&str> {
    let text = param.default.as_deref().map(str::trim).filter(|text| !text.is_empty() && *text != "\"\"")?;
    let is_label = !text.is_ascii()
        && (param.label.contains(text) || param.description.contains(text) || text.contains(&param.label));
    (!is_label).then_some(text)
}

fn encoded(pairs: &[(&str, String)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
}

/// Whether any list in a reply has something in it.
fn shows_items(body: &[u8]) -> bool {
    fn has(value: &serde_json::Value) -> bool {
        match value {
            serde_json::Value::Array(items) => !items.is_empty(),
            serde_json::Value::Object(members) => members.values().any(has),
            _ => false,
        }
    }
    serde_json::from_slice(body).is_ok_and(|value| has(&value))
}

/// A word for a shell: what a document wrote is never more than a word in a line that is meant to be pasted.
fn pasted(word: &str) -> String {
    quoted(&visible(word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load::{self, Loaded, Selection};
    use std::path::PathBuf;

    /// Each application of the tests has something that can be tried, and a way in where it has accounts.
    #[test]
    fn what_is_shown_first_is_answered_with_a_success() {
        let folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases/applications"));
        let applications = folder.read_dir().expect("applications").map(|entry| entry.expect("an entry").path());
        let applications: Vec<PathBuf> = applications.filter(|path| path.is_dir()).collect();
        assert!(applications.len() > 50);
        for path in applications {
            let selection = Selection { paths: vec![path.clone()], config: None };
            let loaded = load::look(&selection, &Loaded::default()).0;
            let generation = Generation::of_loaded(&loaded, None);
            let (shown, accepted) = tried_first(&generation, "http://127.0.0.1:3000", None);
            assert!(accepted, "{}: {shown}", path.display());
            let enters =
                |operation: Operation| generation.model.behaviors.iter().any(|known| known.operation == operation);
            let mut lines = shown.lines().filter(|line| line.contains("curl "));
            let last = lines.next_back().unwrap_or_default();
            let titled = |operation: Operation| {
                let behaviors = generation.model.behaviors.iter().zip(&generation.set.endpoints);
                let mut titles = behaviors.filter(|(known, _)| known.operation == operation);
                titles.any(|(_, endpoint)| last.ends_with(&visible(&endpoint.title).replace('\'', "")))
            };
            let has_accounts = enters(Operation::Login) || enters(Operation::Register);
            let is_in = titled(Operation::Login) || titled(Operation::Register);
            assert!(!has_accounts || is_in, "{}: nobody gets in: {shown}", path.display());
        }
    }
}
