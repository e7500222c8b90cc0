//! `faults`: trouble on order. What is ordered is held against the documents, so that a fault that could never strike is
//! refused, and the refusal says what there is.

use super::call::{Answer, Call, json, json_as, nothing};
use super::members::wrong;
use crate::config::{means, method_and_path};
use crate::generation::Generation;
use crate::http::problem::Problem;
use crate::world::{Change, Fault, Faults, Harm};
use hyper::StatusCode;
use serde_json::json;
use std::sync::Arc;

pub(super) fn all(call: &Call<'_>) -> Answer {
    match call.method {
        "GET" => list(call),
        "POST" => order(call),
        _ => {
            call.takes(&[])?;
            call.with(|world| {
                let all: Vec<Change> = world.faults().iter().cloned().map(Change::FaultRemoved).collect();
                for change in &all {
                    world.apply(change);
                }
            })?;
            Ok(nothing())
        }
    }
}

pub(super) fn one(call: &Call<'_>) -> Answer {
    call.takes(&[])?;
    let removed = call.with(|world| {
        let fault = world.faults().get(call.captured().parse().ok()?).cloned()?;
        world.apply(&Change::FaultRemoved(fault)).then_some(())
    })?;
    removed.ok_or_else(|| Problem::not_found("there is no such fault in this world"))?;
    Ok(nothing())
}

fn list(call: &Call<'_>) -> Answer {
    call.takes(&["limit", "after"])?;
    let world = call.look()?;
    let newest_first = world.faults().iter().rev().map(|fault| (fault.id, fault));
    json(&call.paging()?.newest_first(newest_first).map(|fault| fault.to_json()))
}

fn order(call: &Call<'_>) -> Answer {
    call.takes(&[])?;
    let members = call.members(&Fault::MEMBERS)?;
    let read = Fault::read(0, &|name| members.get(name).cloned());
    let mut ordered = read.map_err(|bad| wrong(bad.member, &bad.expected))?;
    let meant = meant(&call.generation, ordered.endpoint.as_deref())?;
    if let (Some(name), [at]) = (&mut ordered.endpoint, meant.as_slice()) {
        *name = call.generation.set.endpoints[*at].id.as_str().into();
    }
    check_params(&call.generation, &meant, &ordered)?;
    check_code(&call.generation, &meant, &ordered)?;
    let added = call.with(|world| {
        let fault = Arc::new(Fault { id: world.faults().next_id(), ..ordered });
        world.apply(&Change::FaultAdded(Arc::clone(&fault))).then_some(fault)
    })?;
    let limit = Faults::LIMIT;
    let full =
        || Problem::new(StatusCode::CONFLICT, format!("there are {limit} faults in this world, the most there may be"));
    json_as(StatusCode::CREATED, &added.ok_or_else(full)?.to_json())
}

/// The endpoints that a fault holds for: the one of that id, title, or `METHOD /path`; all without a name.
fn meant(generation: &Generation, name: Option<&str>) -> Result<Vec<usize>, Problem> {
    let endpoints = &generation.set.endpoints;
    let Some(name) = name else { return Ok((0..endpoints.len()).collect()) };
    let by = endpoints.iter().map(|endpoint| means(name, &endpoint.id, &endpoint.title, method_and_path(&endpoint.id)));
    let by: Vec<_> = by.collect();
    let best = by.iter().flatten().min();
    // Several endpoints may share a title, or a method and path; never an id.
    let found: Vec<usize> = (0..by.len()).filter(|at| best.is_some() && by[*at].as_ref() == best).collect();
    let ids = |of: &[usize]| of.iter().map(|at| endpoints[*at].id.clone()).collect::<Vec<_>>();
    match found.as_slice() {
        [_] => Ok(found),
        [] => {
            let known: Vec<&str> = endpoints.iter().map(|endpoint| endpoint.id.as_str()).collect();
            Err(unknown_name("endpoint", name, "the documents have no endpoint", &known))
        }
        several => {
            let ids = ids(several);
            let detail = format!("{} endpoints are called {name}; say which by its id: {}", ids.len(), ids.join(", "));
            Err(Problem::unprocessable(detail).member("member", "endpoint").member("known", ids))
        }
    }
}

/// Some endpoint that is meant has to take the parameters, all of them.
fn check_params(generation: &Generation, meant: &[usize], fault: &Fault) -> Result<(), Problem> {
    let behaviors = || meant.iter().map(|at| &generation.model.behaviors[*at]);
    for (name, _) in &fault.when {
        if !behaviors().any(|behavior| behavior.inputs.iter().any(|input| input.name == *name)) {
            let mut known: Vec<&str> = behaviors().flat_map(|of| of.inputs.iter().map(|input| &*input.name)).collect();
            known.sort_unstable();
            known.dedup();
            return Err(unknown_name("when", name, "it takes no parameter", &known));
        }
    }
    Ok(())
}

/// Some endpoint that is meant has to document the reply; a fault for all leaves the others alone.
fn check_code(generation: &Generation, meant: &[usize], fault: &Fault) -> Result<(), Problem> {
    let Some(Harm::Code(code)) = &fault.harm else { return Ok(()) };
    let mut known: Vec<&str> = Vec::new();
    for at in meant {
        known.extend(generation.model.behaviors[*at].forced.iter().map(|(name, _)| name.as_str()));
    }
    if known.contains(&&**code) {
        return Ok(());
    }
    let mut seen = std::collections::HashSet::new();
    known.retain(|name| seen.insert(*name));
    Err(unknown_name("code", code, "no reply is documented of the code", &known))
}

fn unknown_name(member: &str, name: &str, what: &str, known: &[&str]) -> Problem {
    let shown: String = name.chars().take(80).collect();
    let some = known.iter().take(20).copied().collect::<Vec<_>>().join(", ");
    let more = if known.len() > 20 { ", …" } else { "" };
    Problem::unprocessable(format!("{what} {shown}; there are {some}{more}"))
        .member("member", member)
        .member("known", json!(known))
}
