//! `records`: what there is of each collection, and the back office's hand on it.

use super::accounts;
use super::call::{Answer, Call, json, json_as, nothing};
use super::members::{Members, wrong};
use crate::behavior::account::COLLECTION;
use crate::engine::office::{self, RecordEdit, RecordError};
use crate::engine::seed;
use crate::http::app::real_time;
use crate::http::problem::Problem;
use crate::json::Json;
use crate::world::World;
use hyper::StatusCode;
use serde_json::json;

pub(super) fn collections(call: &Call<'_>) -> Answer {
    call.takes(&["limit", "after"])?;
    let world = seeded(call)?;
    let model = &call.generation.model;
    let own = model.collections.iter().filter(|collection| !collection.holds_accounts());
    let mut names: Vec<&str> = own.map(|collection| &*collection.name).collect();
    if model.accounts.any && !names.contains(&COLLECTION) {
        names.insert(0, COLLECTION);
    }
    let numbered = (1..).zip(names);
    let count = |name: &str| world.collection(name).map_or(0, crate::world::Collection::len);
    json(&call.paging()?.in_order(numbered).map(|name| json!({ "name": name, "count": count(name) })))
}

pub(super) fn all(call: &Call<'_>) -> Answer {
    if is_accounts(call) {
        return accounts::all(call);
    }
    let model = &call.generation.model;
    if !call.is_get() {
        call.takes(&[])?;
        let edit = edit(call)?;
        let real = real_time();
        let made = call.with(|world| {
            let now = world.now(real);
            seed(model, world, now);
            let (at, record, _) = office::create_record(model, world, collection(call), &edit, now)?;
            Ok(office::shown_record(model, world, at, &record))
        })?;
        return json_as(StatusCode::CREATED, &made.map_err(|error| refused(&error))?);
    }
    call.takes(&["limit", "after"])?;
    let paging = call.paging()?;
    let world = seeded(call)?;
    let at =
        model.collection(collection(call)).ok_or_else(|| refused(&office::no_collection(model, collection(call))))?;
    let records = world.collection(&model.collections[at].name).into_iter().flat_map(|all| all.iter().rev());
    let list = paging.newest_first(records.map(|record| (record.seq, record)));
    let list = list.within(|record| record.weight(), |record| record.seq);
    json(&list.map(|record| office::shown_record(model, &world, at, record)))
}

pub(super) fn one(call: &Call<'_>) -> Answer {
    if is_accounts(call) {
        return match call.method {
            "PUT" => Err(Problem::method_not_allowed("PUT", &["GET", "PATCH", "DELETE"])),
            _ => accounts::one(call),
        };
    }
    call.takes(&[])?;
    let (model, id) = (&call.generation.model, call.captured());
    if call.is_get() {
        let world = seeded(call)?;
        let (at, record) = office::find_record(model, &world, collection(call), id).map_err(|error| refused(&error))?;
        return json(&office::shown_record(model, &world, at, record));
    }
    let edit = if call.method == "DELETE" { RecordEdit::default() } else { edit(call)? };
    let real = real_time();
    let done = call.with(|world| {
        let now = world.now(real);
        seed(model, world, now);
        if call.method == "DELETE" {
            return office::remove_record(model, world, collection(call), id).map(|_| None);
        }
        office::put_record(model, world, collection(call), id, &edit, call.method == "PUT")?;
        let (at, record) = office::find_record(model, world, collection(call), id)?;
        Ok(Some(office::shown_record(model, world, at, record)))
    })?;
    match done.map_err(|error| refused(&error))? {
        Some(record) => json(&record),
        None => Ok(nothing()),
    }
}

fn collection<'c>(call: &'c Call<'_>) -> &'c str {
    call.captured.first().map_or("", String::as_str)
}

/// Accounts are records with a resource of their own.
fn is_accounts(call: &Call<'_>) -> bool {
    let model = &call.generation.model;
    collection(call) == COLLECTION && model.collection(COLLECTION).is_none()
}

/// The world as the next request will find it: with the records of the examples, which only that request puts there.
fn seeded(call: &Call<'_>) -> Result<World, Problem> {
    let mut world = call.look()?;
    let now = world.now(real_time());
    seed(&call.generation.model, &mut world, now);
    Ok(world)
}

/// What a tester wrote; the documents' own name of the id means the id.
fn edit(call: &Call<'_>) -> Result<RecordEdit, Problem> {
    let members: Members = call.open_members()?;
    let model = &call.generation.model;
    let shape = model.collection(collection(call)).and_then(|at| model.collections.get(at));
    let key = shape.and_then(|shape| shape.id.key.as_deref()).unwrap_or("id");
    let id = members.text("id")?.or(members.text(key)?).map(str::to_owned);
    if id.as_deref().is_some_and(|id| id.trim().is_empty() || id.chars().count() > 200) {
        return Err(wrong("id", "a string that is not empty, of at most 200 characters"));
    }
    let owner = members.get("owner").cloned();
    if !owner.as_ref().is_none_or(Json::is_scalar) {
        return Err(wrong("owner", "the identity or the id of an account, or null"));
    }
    let fields = members.except(&["id", "owner", key]).map(|(name, value)| (name.to_string(), value.clone())).collect();
    Ok(RecordEdit { id, owner, fields })
}

fn refused(error: &RecordError) -> Problem {
    if let RecordError::NoRoom(too_large) = error {
        return Problem::no_room(too_large);
    }
    let status = match error {
        RecordError::NoCollection { .. } | RecordError::NoRecord { .. } => StatusCode::NOT_FOUND,
        RecordError::Taken { .. } => StatusCode::CONFLICT,
        RecordError::NoField { .. }
        | RecordError::BadValue { .. }
        | RecordError::NoAccount(_)
        | RecordError::NoRoom(_) => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let problem = Problem::new(status, error.to_string());
    match error {
        RecordError::NoCollection { known, .. } => problem.member("known", known.clone()),
        RecordError::NoField { name, known } | RecordError::BadValue { field: name, known, .. } => {
            problem.member("member", name.as_str()).member("known", known.clone())
        }
        RecordError::NoAccount(_) => problem.member("member", "owner"),
        RecordError::NoRecord { .. } | RecordError::Taken { .. } | RecordError::NoRoom(_) => problem,
    }
}
