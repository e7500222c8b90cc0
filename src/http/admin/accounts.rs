//! `accounts`: who has one, a tester's own hand, and customer service.

use super::call::{Answer, Call, json, json_as, nothing};
use super::members::{Members, unknown, wrong};
use crate::behavior::Model;
use crate::behavior::account::lifecycle::OfficeAction;
use crate::behavior::account::{COLLECTION, identity};
use crate::engine::accounts_named;
use crate::engine::office::{self, AccountEdit, EditError};
use crate::http::app::real_time;
use crate::http::problem::Problem;
use crate::json::Json;
use crate::lexicon::Role;
use crate::world::{Change, Mark, Record, World};
use hyper::StatusCode;
use std::sync::Arc;

const IDENTITY: &str = "identity";
/// Members that are not fields of the documents.
const OWN: [&str; 6] = ["id", IDENTITY, "status", "password", "status_words", "actions"];

pub(super) fn all(call: &Call<'_>) -> Answer {
    if !call.is_get() {
        return create(call);
    }
    call.takes(&["identity", "limit", "after"])?;
    let paging = call.paging()?;
    let world = call.look()?;
    let model = &call.generation.model;
    let list = match (world.collection(COLLECTION), call.param("identity")) {
        (None, _) => paging.newest_first(std::iter::empty()),
        (Some(_), Some(identity)) => {
            let found = accounts_named(model, &world, identity).into_iter();
            paging.newest_first(found.map(|account| (account.seq, account)))
        }
        (Some(all), None) => paging.newest_first(all.iter().rev().map(|account| (account.seq, account))),
    };
    let list = list.within(|account| account.weight(), |account| account.seq);
    json(&list.map(|account| shown(model, account)))
}

fn create(call: &Call<'_>) -> Answer {
    call.takes(&[])?;
    let model = &call.generation.model;
    let members = call.open_members()?;
    members.required_text(IDENTITY)?;
    let edit = edit(model, &members)?;
    let real = real_time();
    let created = call.with(|world| {
        let now = world.now(real);
        office::create(model, world, &edit, now).map(|(account, _)| account)
    })?;
    json_as(StatusCode::CREATED, &shown(model, &created.map_err(refused)?))
}

pub(super) fn one(call: &Call<'_>) -> Answer {
    call.takes(&[])?;
    let model = &call.generation.model;
    match call.method {
        "GET" => json(&shown(model, &find(call, &call.look()?)?)),
        "PATCH" => {
            let edit = edit(model, &call.open_members()?)?;
            let account = call.with(|world| {
                let account = find(call, world)?;
                office::edit(model, world, &account, &edit).map_err(refused)?;
                find(call, world)
            })??;
            json(&shown(model, &account))
        }
        _ => {
            call.with(|world| find(call, world).map(|account| remove(world, &account)))??;
            Ok(nothing())
        }
    }
}

pub(super) fn act(call: &Call<'_>) -> Answer {
    call.takes(&[])?;
    let model = &call.generation.model;
    let members = call.members(&["action"])?;
    let name = members.required_text("action")?;
    let known = OfficeAction::ALL.map(OfficeAction::name);
    let action = OfficeAction::parse(name)
        .ok_or_else(|| wrong("action", &format!("one of {}", known.join(", "))).member("known", known.to_vec()))?;
    let account = call.with(|world| {
        let account = find(call, world)?;
        office::act(model, world, &account, action).map_err(|reason| Problem::new(StatusCode::CONFLICT, reason))?;
        find(call, world)
    })??;
    json(&shown(model, &account))
}

fn find(call: &Call<'_>, world: &World) -> Result<Arc<Record>, Problem> {
    let id = call.captured();
    world.record_by_id(COLLECTION, id).cloned().ok_or_else(|| {
        let shown: String = id.chars().take(80).collect();
        Problem::not_found(format!("this world has no account with the id {shown}; GET accounts?identity= finds one"))
    })
}

/// Takes an account away without a trace, unlike the action `delete`, which leaves a deleted account.
fn remove(world: &mut World, account: &Arc<Record>) {
    let revoked: Vec<Change> = world.tokens_of(COLLECTION, account.seq).cloned().map(Change::TokenRevoked).collect();
    let removed = Change::RecordRemoved { collection: COLLECTION.into(), record: Arc::clone(account) };
    for change in revoked.iter().chain([&removed]) {
        world.apply(change);
    }
}

/// What a tester wrote, its names held against those that the documents know.
fn edit(model: &Model, members: &Members) -> Result<AccountEdit, Problem> {
    let text = |name: &str| Ok(members.text(name)?.map(str::to_owned));
    if members.get("id").is_some() {
        return Err(Problem::unprocessable("id is given by the server").member("member", "id"));
    }
    let status = match members.get("status") {
        None | Some(Json::Null) => None,
        Some(status) if status.is_scalar() => Some(status.clone()),
        Some(_) => return Err(wrong("status", "one of the documents' values")),
    };
    let identity = text(IDENTITY)?;
    if identity.as_deref().is_some_and(|identity| identity.trim().is_empty()) {
        return Err(wrong(IDENTITY, "a string that is not empty"));
    }
    let mut password = text("password")?;
    let mut fields = Vec::new();
    for (name, value) in members.except(&OWN) {
        match password_role(model, name) {
            None => {}
            Some(Role::PayPassword) => {
                let detail =
                    format!("{name} is a password for paying; docsim asks for none and keeps none, so leave it out");
                return Err(Problem::unprocessable(detail).member("member", &**name));
            }
            // What the documents call the password.
            Some(_) => {
                password = password.or(text(name)?);
                continue;
            }
        }
        if !is_known(model, name) {
            let mut known: Vec<&str> = OWN.to_vec();
            known.extend(model.accounts.fields.iter().map(|field| &*field.key).filter(|key| !OWN.contains(key)));
            return Err(unknown(name, &known));
        }
        fields.push((name.to_string(), value.clone()));
    }
    Ok(AccountEdit { status, password, identity, fields })
}

/// Which password a member is, by the documents' parameters and examples. The text of one is kept nowhere.
fn password_role(model: &Model, name: &str) -> Option<Role> {
    let mut inputs = model.behaviors.iter().flat_map(|behavior| &behavior.inputs);
    let of_input = inputs.find(|input| *input.name == *name && input.role.is_password()).map(|input| input.role);
    of_input.or_else(|| model.accounts.field(name).map(|field| field.role).filter(|role| role.is_password()))
}

/// Whether an account can have such a field: an example shows it, a parameter brings it, or it says of which kind the account is.
fn is_known(model: &Model, name: &str) -> bool {
    let is_field = |role: Role| !role.is_password() && role != Role::Token;
    let mut inputs = model.behaviors.iter().flat_map(|behavior| &behavior.inputs);
    let is_kind = model.accounts.kinds.as_ref().is_some_and(|kinds| *kinds.field == *name);
    is_kind || model.accounts.field(name).is_some() || inputs.any(|input| *input.name == *name && is_field(input.role))
}

fn refused(error: EditError) -> Problem {
    match error {
        EditError::IdentityTaken(identity) => {
            Problem::new(StatusCode::CONFLICT, format!("another account is known by {identity}"))
        }
        EditError::NoRoom(too_large) => Problem::no_room(&too_large),
        EditError::NoSuchStatus { status, known } => {
            Problem::unprocessable(format!("the documents have no status {status}; they have {}", known.join(", ")))
                .member("member", "status")
                .member("known", known)
        }
    }
}

/// `id`, `identity`, `status`, and the fields by the documents' names.
fn shown(model: &Model, account: &Arc<Record>) -> Json {
    let text = |text: &Arc<str>| Json::String(Arc::clone(text));
    let status = match account.mark {
        Mark::Active => office::status(model, account).unwrap_or_else(|| Json::string(account.mark.name())),
        Mark::Frozen | Mark::Deleted => Json::string(account.mark.name()),
    };
    let mut members: Vec<(Arc<str>, Json)> = vec![
        ("id".into(), text(&account.id)),
        (IDENTITY.into(), identity(account).map_or(Json::Null, text)),
        ("status".into(), status),
    ];
    members.push(("status_words".into(), Json::string(office::status_words(model, account))));
    let actions = office::possible(model, account).into_iter().map(|action| Json::string(action.name()));
    members.push(("actions".into(), Json::Array(actions.collect())));
    let fields = office::fields(model, account);
    members.extend(fields.into_iter().filter(|(name, _)| !OWN.contains(&&**name)));
    Json::Object(members)
}
