//! What was understood, drawn for people: an endpoint a screen.

use super::text::{fit, pad, visible, width};
use super::{collections, confidence, is_authenticated, roles, settle, touch};
use crate::behavior::account::Field;
use crate::behavior::collection::Order;
use crate::behavior::inputs::made_up;
use crate::behavior::{Action, Auth, Behavior, Check, Confidence, Model, Slot};
use crate::generation::Generation;
use crate::source::Place;
use crate::spec::{Endpoint, In};
use std::fmt::Write;

/// Draws one endpoint, or all where `only` is none.
pub fn draw(generation: &Generation, only: Option<usize>) -> String {
    let mut out = String::new();
    for at in 0..generation.set.endpoints.len() {
        if only.is_none_or(|only| only == at) {
            if !out.is_empty() {
                out.push('\n');
            }
            endpoint(generation, at, &mut out);
        }
    }
    if only.is_none() {
        for at in collections::told(generation) {
            out.push('\n');
            collections::draw(generation, at, &mut out);
        }
        accounts(generation, &mut out);
        bases(generation, &mut out);
    }
    out
}

/// One line an endpoint: what a start-up screen shows.
pub fn draw_list(generation: &Generation) -> String {
    let endpoints = &generation.set.endpoints;
    let column =
        |text: &dyn Fn(&Endpoint) -> String| endpoints.iter().map(|e| width(&text(e))).max().unwrap_or(0).min(60);
    let method = |endpoint: &Endpoint| endpoint.method.clone().unwrap_or_else(|| "ANY".to_owned());
    let path =
        |endpoint: &Endpoint| visible(endpoint.id.split_once(' ').map_or(endpoint.id.as_str(), |(_, path)| path));
    let title = |endpoint: &Endpoint| visible(&endpoint.title);
    let (methods, paths, titles) = (column(&method), column(&path), column(&title));
    let mut out = String::new();
    for (endpoint, behavior) in endpoints.iter().zip(&generation.model.behaviors) {
        let line = format!(
            "  {} {}  {}  {}",
            pad(&method(endpoint), methods),
            pad(&fit(&path(endpoint), 60), paths),
            pad(&title(endpoint), titles),
            behavior.operation
        );
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}

fn endpoint(generation: &Generation, at: usize, out: &mut String) {
    let (endpoint, behavior) = (&generation.set.endpoints[at], &generation.model.behaviors[at]);
    let place = |place: Place| visible(&generation.set.file_line(place));
    let _ = writeln!(out, "{}  {}", visible(&endpoint.id), visible(&endpoint.title));
    let because = &behavior.operation_because;
    let _ = writeln!(out, "  {}", place(endpoint.place));
    let _ = writeln!(out, "  does    {} ({}: {})", behavior.operation, because.confidence, visible(&because.text));
    about(generation, behavior, out);
    let _ = writeln!(out, "  caller  {}", caller(behavior, generation.model.tokens.issued));
    takes(behavior, out);
    checks(generation, behavior, out);
    for (number, effect) in behavior.effects.iter().enumerate() {
        let label = if number == 0 { "then" } else { "" };
        let what = visible(&effect.action.describe(&behavior.inputs));
        let _ = writeln!(out, "  {label:<6}  {what}{}", unsure(effect.because.confidence));
    }
    let filled: Vec<String> = behavior.success.body.slots().map(|(slot, _)| slot_name(slot, behavior)).collect();
    let shown = if filled.is_empty() { String::new() } else { format!(", with {} filled in", filled.join(", ")) };
    let _ = writeln!(out, "  answers {}{shown}", place(behavior.success.place));
    for outcome in &behavior.outcomes {
        let input = behavior.inputs.get(outcome.input).map_or("", |input| &*input.name);
        let (name, value, words) = (visible(input), visible(&outcome.value), visible(&outcome.words));
        let _ = writeln!(out, "          where `{name}` is {value} {words}: {}", place(outcome.reply.place));
    }
    if let Some((list, because)) = behavior.list.as_ref().and_then(|list| Some((list, list.ordered_because.as_ref()?)))
    {
        let orders: Vec<String> = list.orders.iter().map(Order::describe).collect();
        let told = format!("{}{}", place(because.place), unsure(because.confidence));
        let _ = writeln!(out, "  sorted  {}  {told}", visible(&orders.join(", then ")));
    }
    let names = |label: &str, names: Vec<String>| match names.as_slice() {
        [] => String::new(),
        names => format!("  {label:<6}  {}\n", names.iter().map(|name| visible(name)).collect::<Vec<_>>().join(", ")),
    };
    out.push_str(&names("reads", touch::reads(&generation.model, behavior)));
    out.push_str(&names("writes", touch::writes(&generation.model, behavior)));
    settled_by(&settle::endpoint(generation, at), out);
}

/// The collection, and what names the record.
fn about(generation: &Generation, behavior: &Behavior, out: &mut String) {
    let Some(on) = &behavior.record else { return };
    let name = generation.model.collections.get(on.collection).map_or("", |collection| &*collection.name);
    let input = on.id.as_ref().and_then(|id| behavior.inputs.get(id.input));
    let by = input.map_or_else(String::new, |input| format!(", the one that `{}` names", visible(&input.name)));
    let via = on.id.as_ref().and_then(|id| id.via.as_ref());
    let via = via.map_or_else(String::new, |field| format!(" by its `{}`", visible(field)));
    let _ = writeln!(out, "  about   {}{by}{via}{}", visible(name), unsure(on.confidence));
}

/// Lines for `docsim.toml`, each as it can be pasted.
pub(super) fn settled_by(lines: &[String], out: &mut String) {
    for (number, line) in lines.iter().enumerate() {
        if number == 0 {
            let _ = writeln!(out, "  unsure  docsim.toml settles it, as it is understood now:");
        }
        let _ = writeln!(out, "          {}", visible(line));
    }
}

fn caller(behavior: &Behavior, issued: bool) -> String {
    match behavior.auth {
        Auth::Anyone => "anyone".to_owned(),
        Auth::Optional if issued => "anyone; a live token says who".to_owned(),
        Auth::Required if issued => "who has a live token".to_owned(),
        Auth::Optional => "anyone; no endpoint issues tokens, so any counts".to_owned(),
        Auth::Required => "who sends a token; no endpoint issues any, so any counts".to_owned(),
        Auth::Named(input) => format!("whom `{}` names", visible(&behavior.inputs[input].name)),
    }
}

fn takes(behavior: &Behavior, out: &mut String) {
    let names: Vec<String> = behavior
        .inputs
        .iter()
        .map(|input| format!("{}{}", visible(&input.name), if input.required { "*" } else { "" }))
        .collect();
    let column = names.iter().map(|name| width(name)).max().unwrap_or(0);
    let labels = behavior.inputs.iter().map(|input| width(&visible(&input.label))).max().unwrap_or(0).min(30);
    for (at, (input, name)) in behavior.inputs.iter().zip(&names).enumerate() {
        let label = if at == 0 { "takes" } else { "" };
        let rules: Vec<String> = input.rules.iter().map(|rule| visible(&rule.form.to_string())).collect();
        let line = format!(
            "  {label:<6}  {}  {:<16}  {}  {}",
            pad(name, column),
            roles::of_input(behavior, at).name(),
            pad(&fit(&visible(&input.label), 30), labels),
            rules.join(", ")
        );
        let _ = writeln!(out, "{}", line.trim_end());
    }
}

fn checks(generation: &Generation, behavior: &Behavior, out: &mut String) {
    let codes = behavior.checks.iter().map(|check| width(&visible(&check.failure.code))).max().unwrap_or(0);
    let message = |check: &Check| fit(&visible(&check.failure.message), 36);
    let messages = behavior.checks.iter().map(|check| width(&message(check))).max().unwrap_or(0);
    let reason = |check: &Check| visible(&check.demand.refusal(&behavior.inputs));
    let reasons = behavior.checks.iter().map(|check| width(&reason(check))).max().unwrap_or(0);
    for (at, check) in behavior.checks.iter().enumerate() {
        let label = if at == 0 { "checks" } else { "" };
        let line = format!(
            "  {label:<6}  {}  {}  {}  {}{}",
            pad(&visible(&check.failure.code), codes),
            pad(&message(check), messages),
            pad(&reason(check), reasons),
            visible(&generation.set.file_line(check.failure.place)),
            unsure(confidence(check)),
        );
        let _ = writeln!(out, "{}", line.trim_end());
    }
}

pub(super) fn unsure(confidence: Confidence) -> String {
    if confidence == Confidence::Certain { String::new() } else { format!("  ({confidence})") }
}

fn slot_name(slot: &Slot, behavior: &Behavior) -> String {
    match slot {
        Slot::Token => "the token".to_owned(),
        Slot::AccountId => "the account's id".to_owned(),
        Slot::Identity => "what the account is known by".to_owned(),
        Slot::Field(key) => format!("`{}`", visible(key)),
        Slot::Passcode => "the passcode".to_owned(),
        Slot::PasscodeSeconds => "the passcode's seconds".to_owned(),
        Slot::Now => "the time".to_owned(),
        Slot::Gained(field) => format!("how much `{field}` has grown"),
        Slot::IsNew { .. } => "whether the account is new".to_owned(),
        Slot::Inputs(inputs) => {
            let names: Vec<String> =
                inputs.iter().map(|input| format!("`{}`", visible(&behavior.inputs[*input].name))).collect();
            format!("{} as sent", names.join(", "))
        }
        Slot::Input(input) => format!("`{}` as sent", visible(&behavior.inputs[*input].name)),
        Slot::Items { .. } => "the records".to_owned(),
        Slot::Item(_) => "the record".to_owned(),
        Slot::RecordId => "the record's id".to_owned(),
        Slot::Moved(_) => "how much it moved".to_owned(),
        Slot::Affected => "how many it removed".to_owned(),
        Slot::Listed(number) => number.words().to_owned(),
        Slot::Summed { fields, .. } => {
            format!("the sum of {}", fields.iter().map(|field| visible(field)).collect::<Vec<_>>().join(" × "))
        }
        Slot::Counted { only: None, .. } | Slot::TieCount(_) => "a count".to_owned(),
        Slot::Tied(_) => "whether the caller is tied to it".to_owned(),
        Slot::Counted { only: Some((field, values)), .. } => {
            let values: Vec<String> = values.iter().map(ToString::to_string).collect();
            format!("a count where `{}` is {}", visible(field), values.join(" or "))
        }
    }
}

/// What a new account has in a field; none where the field is neither sent nor shown.
fn beginning(model: &Model, field: &Field) -> Option<String> {
    let sent = model.behaviors.iter().find_map(|behavior| {
        let fields = behavior.effects.iter().find_map(|effect| match &effect.action {
            Action::CreateAccount { fields, .. } | Action::EnsureAccount { fields, .. } => Some(fields),
            _ => None,
        })?;
        let (_, input) = fields.iter().find(|(key, _)| *key == field.key)?;
        Some(behavior.inputs[*input].required)
    });
    let is_it = |slot: &Slot| matches!(slot, Slot::Field(key) if *key == field.key);
    let shown =
        || model.behaviors.iter().flat_map(|behavior| behavior.success.body.slots()).any(|(slot, _)| is_it(slot));
    let otherwise = if field.made_of.is_empty() { field.initial.to_string() } else { made_up::shown(&field.made_of) };
    match sent {
        Some(true) => Some("what is sent".to_owned()),
        Some(false) => Some(format!("what is sent, else {otherwise}")),
        None => shown().then_some(otherwise),
    }
}

/// What may stand before all paths.
fn bases(generation: &Generation, out: &mut String) {
    for (number, base) in generation.set.bases.iter().enumerate() {
        let label = if number == 0 { "\nbase   " } else { "       " };
        let _ = writeln!(out, "{label} {}  {}", visible(&base.path), visible(&generation.set.file_line(base.place)));
    }
}

/// What holds for all endpoints: accounts with their statuses, passcodes, tokens.
fn accounts(generation: &Generation, out: &mut String) {
    let model = &generation.model;
    if !model.accounts.any {
        return;
    }
    let place = |place: Place| visible(&generation.set.file_line(place));
    let _ = writeln!(out, "\naccounts");
    for field in &model.accounts.fields {
        let Some(begins) = beginning(model, field) else { continue };
        let words =
            if field.words.is_empty() { String::new() } else { format!("  {}", fit(&visible(&field.words), 40)) };
        let name = visible(&field.key);
        let _ = writeln!(out, "  {name}  begins as {}{words}  {}", visible(&begins), place(field.place));
    }
    if let Some(kinds) = &model.accounts.kinds {
        let named = kinds.kinds.iter().map(|kind| format!("{} {}", kind.value, kind.words));
        let named = named.collect::<Vec<_>>().join(", ");
        let _ = writeln!(out, "  kinds   `{}`: {}", visible(&kinds.field), visible(&named));
    }
    for machine in model.accounts.machine.iter().chain(&model.accounts.review) {
        let _ = writeln!(out, "  statuses in {}, {}", visible(&machine.field), place(machine.place));
        for value in &machine.values {
            let kind = value.kind.map_or("unknown", crate::lexicon::StatusKind::name);
            let start = if value.value == machine.initial { "  a new account" } else { "" };
            let _ =
                writeln!(out, "    {}  {}  {kind}{start}", visible(&value.value.to_string()), visible(&value.words));
        }
    }
    let passcodes = &model.passcodes;
    let _ = writeln!(
        out,
        "  passcodes have {} digits and live {} s; tokens live {} days, the newest {} of an account",
        passcodes.digits,
        passcodes.lifetime_ms / 1000,
        model.tokens.lifetime_ms / 86_400_000,
        model.tokens.per_account
    );
    if let Some((words, at)) = &model.tokens.because {
        let _ = writeln!(out, "  a new token ends older ones: {}  {}", visible(words), place(*at));
    }
    for (name, location, at) in &model.tokens.carried {
        let kind = if *location == In::Header { "header" } else { "parameter" };
        let _ = writeln!(out, "  tokens are sent in the {kind} `{}`  {}", visible(name), place(*at));
    }
    if let Some((name, at)) = &model.tokens.told_header {
        let _ = writeln!(out, "  tokens are sent in the header `{}`  {}", visible(name), place(*at));
    }
    if model.tokens.anywhere {
        let _ = writeln!(
            out,
            "  no document tells how tokens are sent: a live one counts in any header or parameter (guess)"
        );
    }
    let callers = model.behaviors.iter().filter(|behavior| is_authenticated(behavior)).count();
    let asked = model.tokens.asked.map_or_else(String::new, |at| format!(", as all do but some  {}", place(at)));
    let _ = writeln!(out, "  {callers} of {} endpoints need a caller{asked}", model.behaviors.len());
}
