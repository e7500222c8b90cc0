//! Conversations with a document, in process.

use docsim::behavior::Overrides;
use docsim::engine::request::{Headers, Request, Value};
use docsim::generation::Generation;
use docsim::lexicon::Lexicon;
use docsim::source::Source;
use docsim::spec::Settings;
use docsim::spec::route::Routed;
use docsim::world::{Clock, World, WorldName};

struct NoHeaders;

impl Headers for NoHeaders {
    fn get(&self, _: &str) -> Option<&str> {
        None
    }
}

pub fn generation(name: &str, text: &str) -> Generation {
    Generation::compile(vec![Source::new(name, text)], &Settings::default(), Lexicon::standard(), &Overrides::default())
}

pub fn say(generation: &Generation, world: &mut World, method: &str, target: &str, body: &str) -> String {
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let body = body.split('&').filter(|pair| !pair.is_empty()).map(|pair| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        (name.into(), Value::Text(value.into()))
    });
    let request = Request { method, path, query, headers: &NoHeaders, body: body.collect() };
    let Routed::Found { endpoint, values } = generation.route(&request) else { return "not routed".to_owned() };
    let call = generation.call(endpoint, &request, &values);
    let now = world.now(1_700_000_000_000);
    let outcome = generation.step(endpoint, &call, world, now, true);
    String::from_utf8(outcome.body).expect("replies are UTF-8")
}

#[test]
fn dev() {
    let Ok(path) = std::env::var("DOC") else { return };
    let text = std::fs::read_to_string(&path).unwrap();
    let generation = generation(&path, &text);
    for (endpoint, behavior) in generation.set.endpoints.iter().zip(&generation.model.behaviors) {
        println!(
            "== {} | {} | {} ({}: {}) auth {:?}",
            endpoint.id,
            endpoint.title,
            behavior.operation,
            behavior.operation_because.confidence,
            behavior.operation_because.text,
            behavior.auth
        );
        for input in &behavior.inputs {
            println!(
                "   in {} {} {} required={} {:?}",
                input.name,
                input.role,
                input.label,
                input.required,
                input.rules.iter().map(|r| r.form.to_string()).collect::<Vec<_>>()
            );
        }
        for check in &behavior.checks {
            println!(
                "   check {} | {} {} | {:?}{} | {}",
                check.demand.refusal(&behavior.inputs),
                check.failure.code,
                check.failure.message,
                check.failure.origin,
                if check.failure.approximated { " approx" } else { "" },
                generation.set.file_line(check.failure.place)
            );
        }
        for effect in &behavior.effects {
            println!("   effect {}", effect.action.describe(&behavior.inputs));
        }
        println!("   slots {:?}", behavior.success.body.slots().map(|(s, _)| s).collect::<Vec<_>>());
    }
    println!("accounts {:#?}", generation.model.accounts);
    println!("{:?} {:?}", generation.model.passcodes, generation.model.tokens);
    println!("{:?}", generation.set.envelopes);
    let mut world = World::new(WorldName::parse("default").unwrap(), 1, Clock::starting_at(0, 0));
    println!("{}", say(&generation, &mut world, "POST", "/Api/User/login", "phone=13800000000&password=abc12345"));
}
