//! Draws a record in the form of an example's item.

use super::records::{Sight, text_of};
use crate::behavior::ItemTemplate;
use crate::behavior::account::COLLECTION;
use crate::behavior::collection::{ItemMember, Source};
use crate::json::{Json, write_string};
use crate::lexicon::label_head;
use crate::world::Record;
use std::sync::Arc;

pub(super) fn write(sight: Sight<'_>, template: &ItemTemplate, record: &Record, out: &mut Vec<u8>) {
    members(sight, &template.members, template.collection, record, out);
}

fn members(sight: Sight<'_>, all: &[ItemMember], at: usize, record: &Record, out: &mut Vec<u8>) {
    out.push(b'{');
    for (number, member) in all.iter().enumerate() {
        if number > 0 {
            out.push(b',');
        }
        write_string(&member.key, out);
        out.push(b':');
        self::member(sight, member, at, record, out);
    }
    out.push(b'}');
}

/// What a member shows of a record, if that is a scalar.
pub(super) fn text(sight: Sight<'_>, member: &ItemMember, at: usize, record: &Record) -> Option<String> {
    let mut out = Vec::new();
    self::member(sight, member, at, record, &mut out);
    let value: serde_json::Value = serde_json::from_slice(&out).ok()?;
    Json::from(&value).scalar_text().map(str::to_owned)
}

fn member(sight: Sight<'_>, member: &ItemMember, at: usize, record: &Record, out: &mut Vec<u8>) {
    let example = &member.example;
    let own = || sight.seen(at, record, &member.key).filter(|value| !is_blank(value));
    match &member.source {
        Source::Constant => example.write(out),
        Source::Id => example.write_in_form(&record.id, out),
        Source::Field => {
            let blank = || sight.collection(at).field(&member.key)?.blank.as_ref();
            let kept = own().or_else(blank).or_else(|| record.field(&member.key));
            value(kept.or_else(|| account_begins(sight, at, &member.key)), example, out);
        }
        Source::Alias(key) => value(record.field(key), example, out),
        Source::Tied(relation) => {
            let tied = sight.caller.account.is_some() && sight.tie(*relation, &record.id).is_some();
            flag(example, tied).write(out);
        }
        Source::Held(holding) => {
            flag(example, sight.caller.account.is_some() && sight.holds(holding, &record.id)).write(out);
        }
        Source::TieCount(relation) => {
            let field = sight.collection(*relation).relation.as_ref().map(|relation| Arc::clone(&relation.field));
            let tied = field.map_or(0, |field| sight.count(*relation, &field, &record.id));
            let base = text_of(record.field(&member.key)).and_then(|text| text.parse::<usize>().ok()).unwrap_or(0);
            example.write_in_form(&(base + tied).to_string(), out);
        }
        Source::ChildCount(child, field) => {
            example.write_in_form(&sight.count(*child, field, &record.id).to_string(), out);
        }
        Source::Children(field, template) => children(sight, field, template, record, out),
        Source::ReferredAll(field, template) => match own() {
            Some(own) => value(Some(own), example, out),
            None => referred_all(sight, field, template, record, out),
        },
        Source::Referred(field, template) => {
            let found = referred(sight, template.collection, field, record);
            match (own().and_then(Json::as_object), found) {
                // As it was when the record was made.
                (Some(kept), _) => copied(sight, template, kept, found, out),
                (None, Some(found)) => write(sight, template, found, out),
                (None, None) => value(own(), example, out),
            }
        }
        Source::ReferredField(target, field, name) => {
            let found = referred(sight, *target, field, record);
            // Nothing was set: what is referred to says it. A tie keeps nothing of what it ties to.
            let is_tie = sight.collection(at).relation.is_some();
            let own = own().filter(|own| found.is_none() || (!is_tie && own.scalar_text() != Some("0")));
            match (own, found, name) {
                (Some(own), ..) if name.is_some() => value(Some(own), example, out),
                (_, Some(found), Some(name)) => {
                    value(found.field(name).or_else(|| initial(sight, *target, name)), example, out);
                }
                (_, Some(found), None) => example.write_in_form(&found.id, out),
                (_, None, None) => value(record.field(field), example, out),
                (_, None, Some(_)) => example.emptied().write(out),
            }
        }
        Source::Through(target, field, then) => match referred(sight, *target, field, record) {
            Some(found) => self::member(sight, then, *target, found, out),
            None => value(own(), example, out),
        },
        Source::Mine(own, other) => mine(sight, record, own, other).unwrap_or(example).write(out),
        Source::Founder(own, other) => {
            let relation = sight.collection(at).relation.as_ref();
            let target = relation.and_then(|relation| referred(sight, relation.target, &relation.field, record));
            let made = target.is_some_and(|target| target.owner.is_some() && target.owner == record.owner);
            if made { own } else { other }.write(out);
        }
        Source::OfTie(relation, key) => {
            let tie = sight.caller.account.as_ref().and_then(|_| sight.tie(*relation, &record.id));
            match tie {
                Some(tie) if sight.collection(*relation).id.key.as_ref() == Some(key) => {
                    example.write_in_form(&tie.id, out);
                }
                Some(tie) => value(tie.field(key), example, out),
                None => example.write(out),
            }
        }
        Source::OwnerTied(relation) => {
            let tied = owner(sight, record).is_some_and(|account| sight.tie(*relation, &account.id).is_some());
            flag(example, tied && sight.caller.account.is_some()).write(out);
        }
        Source::OwnerId | Source::OwnerIdentity | Source::OwnerField(_) => owner_part(sight, member, at, record, out),
        Source::Owner(all) => match (own(), owner(sight, record)) {
            (Some(own), None) => value(Some(own), example, out),
            (_, None) => example.write(out),
            (_, Some(_)) => members(sight, all, at, record, out),
        },
        Source::Product(..) | Source::Times(..) => worked_out(sight, member, at, record, out),
        Source::Label(status) => {
            let machine = sight.collection(at).machine(status);
            let known = record.field(status).and_then(|value| machine?.known(value));
            match known {
                Some(known) => write_string(label_head(&known.words), out),
                None => value(record.field(&member.key), example, out),
            }
        }
        Source::Lines(all) => lines(sight, all, record.field(&member.key), out),
        Source::Nested(all) => match own() {
            Some(Json::Object(stored)) => nested(sight, all, stored, at, record, out),
            _ => members(sight, all, at, record, out),
        },
    }
}

/// What an account has where nothing was set, as its profile shows it.
fn account_begins<'a>(sight: Sight<'a>, at: usize, key: &str) -> Option<&'a Json> {
    let of_accounts = sight.collection(at).holds_accounts();
    let field = sight.model.accounts.field(key).filter(|_| of_accounts)?;
    (!field.role.is_secret()).then_some(&field.initial)
}

/// What a price and a quantity come to, unless the record says so itself.
fn worked_out(sight: Sight<'_>, member: &ItemMember, at: usize, record: &Record, out: &mut Vec<u8>) {
    let example = &member.example;
    let own = record.field(&member.key).filter(|value| !is_blank(value) && value.scalar_text() != Some("0"));
    if own.is_some() {
        return value(own, example, out);
    }
    let number = |text: Option<&str>| text.and_then(|text| text.parse::<f64>().ok());
    let both = match &member.source {
        Source::Product(price, quantity) => {
            let shown = |key: &str| number(shown(sight, key, at, record).as_deref());
            shown(price).zip(shown(quantity))
        }
        Source::Times(target, field, price, quantity) => {
            let found = referred(sight, *target, field, record);
            let quantity = number(text_of(record.field(quantity))).unwrap_or(1.0);
            found.and_then(|found| number(text_of(found.field(price)))).map(|price| (price, quantity))
        }
        _ => None,
    };
    match both {
        Some((price, quantity)) => example.write_in_form(&product(price * quantity, example), out),
        None => value(record.field(&member.key), example, out),
    }
}

/// One of two by whether the caller made the record; nothing where nobody did.
fn mine<'a>(sight: Sight<'_>, record: &Record, own: &'a Json, other: &'a Json) -> Option<&'a Json> {
    let by = record.owner.as_ref()?;
    let is_caller = super::records::owner_of(sight.caller).is_some_and(|caller| caller == *by);
    Some(if is_caller { own } else { other })
}

/// A record as another keeps it; what it does not keep is as it is now.
fn copied(
    sight: Sight<'_>,
    template: &ItemTemplate,
    kept: &[(Arc<str>, Json)],
    now: Option<&Arc<Record>>,
    out: &mut Vec<u8>,
) {
    out.push(b'{');
    for (number, member) in template.members.iter().enumerate() {
        if number > 0 {
            out.push(b',');
        }
        write_string(&member.key, out);
        out.push(b':');
        match (kept.iter().find(|(key, _)| *key == member.key), now) {
            (Some((_, known)), _) => value(Some(known), &member.example, out),
            (None, Some(now)) => self::member(sight, member, template.collection, now, out),
            (None, None) => member.example.emptied().write(out),
        }
    }
    out.push(b'}');
}

/// In the example's form; its empty value where there is nothing.
fn value(value: Option<&Json>, example: &Json, out: &mut Vec<u8>) {
    match value {
        None => example.emptied().write(out),
        Some(value) => match value.scalar_text() {
            Some(text) if !matches!(example, Json::Null | Json::Array(_) | Json::Object(_)) => {
                example.write_in_form(text, out);
            }
            _ => value.write(out),
        },
    }
}

fn is_blank(value: &Json) -> bool {
    match value {
        Json::Null => true,
        Json::Object(members) => members.is_empty(),
        scalar => scalar.scalar_text().is_some_and(str::is_empty),
    }
}

/// Yes or no in the form of the example.
pub(super) fn flag(example: &Json, yes: bool) -> Json {
    match example {
        Json::Bool(_) => Json::Bool(yes),
        _ => example.in_form(if yes { "1" } else { "0" }),
    }
}

/// What an account has before anything was set.
fn initial<'a>(sight: Sight<'a>, target: usize, field: &str) -> Option<&'a Json> {
    let known = Some(sight.collection(target)).filter(|target| target.holds_accounts())?;
    match &known.field(field)?.initial {
        crate::behavior::collection::Initial::Value(value) => Some(value),
        _ => None,
    }
}

fn referred<'a>(sight: Sight<'a>, target: usize, field: &str, record: &Record) -> Option<&'a Arc<Record>> {
    sight.named(target, text_of(record.field(field))?)
}

fn owner<'a>(sight: Sight<'a>, record: &Record) -> Option<&'a Arc<Record>> {
    let owner = record.owner.as_ref()?;
    sight.world.record(COLLECTION, owner.seq)
}

fn owner_part(sight: Sight<'_>, member: &ItemMember, at: usize, record: &Record, out: &mut Vec<u8>) {
    let example = &member.example;
    // An account is its own.
    let itself = || sight.world.record(COLLECTION, record.seq).filter(|_| sight.collection(at).holds_accounts());
    let Some(account) = itself().or_else(|| owner(sight, record)) else {
        // A record of the examples shows whom the example shows.
        let own = record.field(&member.key).filter(|value| !is_blank(value));
        return value(Some(own.unwrap_or(example)), example, out);
    };
    match &member.source {
        Source::OwnerId => example.write_in_form(&account.id, out),
        Source::OwnerIdentity => {
            let name = super::decide::identity(account).map_or("", |name| &**name);
            example.write_in_form(name, out);
        }
        Source::OwnerField(key) => {
            let fields = &sight.model.accounts.fields;
            let initial = fields.iter().find(|field| field.key == *key).map(|field| &field.initial);
            value(account.field(key).or(initial), example, out);
        }
        _ => example.write(out),
    }
}

fn children(sight: Sight<'_>, field: &str, template: &ItemTemplate, record: &Record, out: &mut Vec<u8>) {
    let shape = sight.collection(template.collection);
    let all = sight.world.collection(&shape.name).into_iter().flat_map(crate::world::Collection::iter);
    // Who is in a group is shown with it; what somebody made is shown to those who see it.
    let own = all.filter(|child| {
        let seen = || shape.relation.is_some() || sight.is_seen(template.collection, child, false);
        text_of(child.field(field)) == Some(&*record.id) && seen() && shape.lets_in(&child.fields)
    });
    write_all(sight, template, own, out);
}

/// Those that a field lists, in its order.
fn referred_all(sight: Sight<'_>, field: &str, template: &ItemTemplate, record: &Record, out: &mut Vec<u8>) {
    let named = super::records::listed(record.field(field));
    let found = named.iter().filter_map(|id| sight.named(template.collection, id));
    write_all(sight, template, found, out);
}

fn write_all<'r>(
    sight: Sight<'_>,
    template: &ItemTemplate,
    records: impl Iterator<Item = &'r Arc<Record>>,
    out: &mut Vec<u8>,
) {
    out.push(b'[');
    for (number, record) in records.enumerate() {
        if number > 0 {
            out.push(b',');
        }
        write(sight, template, record, out);
    }
    out.push(b']');
}

/// The text that a member of an item shows, for what is worked out of it.
pub(super) fn shown(sight: Sight<'_>, key: &str, at: usize, record: &Record) -> Option<String> {
    let own = text_of(record.field(key)).filter(|text| !text.is_empty()).map(str::to_owned);
    // `0` is what nobody set: what is referred to says it.
    if own.as_deref().is_some_and(|own| own != "0") {
        return own;
    }
    let collection = sight.collection(at);
    let referred = collection.references.iter().find_map(|reference| {
        let found = referred(sight, reference.collection, &reference.field, record)?;
        let target = sight.collection(reference.collection);
        let direct = target.field(key);
        let bare = || {
            let key = crate::lexicon::compact(key);
            target.fields.iter().find(|field| key.ends_with(&crate::lexicon::compact(&field.key)))
        };
        text_of(found.field(&direct.or_else(bare)?.key)).map(str::to_owned)
    });
    referred.or(own)
}

/// As many decimals as the example has, two where it is a text with none and there are some.
pub(super) fn product(number: f64, example: &Json) -> String {
    let places =
        example.scalar_text().and_then(|text| text.split_once('.')).map_or(0, |(_, places)| places.len().min(6));
    let whole = (number - number.round()).abs() < 1e-9;
    match places {
        0 if whole => format!("{number:.0}"),
        0 => format!("{number:.2}"),
        places => format!("{number:.places$}"),
    }
}

fn lines(sight: Sight<'_>, all: &[ItemMember], stored: Option<&Json>, out: &mut Vec<u8>) {
    let items = match stored {
        Some(Json::Array(items)) => items.as_slice(),
        _ => &[],
    };
    out.push(b'[');
    for (number, item) in items.iter().enumerate() {
        if number > 0 {
            out.push(b',');
        }
        let Some(members) = item.as_object() else {
            item.write(out);
            continue;
        };
        out.push(b'{');
        for (number, member) in all.iter().enumerate() {
            if number > 0 {
                out.push(b',');
            }
            write_string(&member.key, out);
            out.push(b':');
            let own = members.iter().find(|(key, _)| *key == member.key).map(|(_, value)| value);
            let from_reference = || match &member.source {
                Source::ReferredField(target, reference, Some(name)) => {
                    let id =
                        members.iter().find(|(key, _)| key == reference).and_then(|(_, value)| value.scalar_text())?;
                    sight.world.record_by_id(&sight.collection(*target).name, id)?.field(name).cloned()
                }
                _ => None,
            };
            match own {
                Some(own) => value(Some(own), &member.example, out),
                None => value(from_reference().as_ref(), &member.example, out),
            }
        }
        out.push(b'}');
    }
    out.push(b']');
}

fn nested(
    sight: Sight<'_>,
    all: &[ItemMember],
    stored: &[(Arc<str>, Json)],
    at: usize,
    record: &Record,
    out: &mut Vec<u8>,
) {
    out.push(b'{');
    for (number, member) in all.iter().enumerate() {
        if number > 0 {
            out.push(b',');
        }
        write_string(&member.key, out);
        out.push(b':');
        match stored.iter().find(|(key, _)| *key == member.key) {
            Some((_, own)) => value(Some(own), &member.example, out),
            None => self::member(sight, member, at, record, out),
        }
    }
    out.push(b'}');
}
