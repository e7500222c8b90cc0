//! Files of an accepted call: kept in the world, and replaced by their addresses before anything else looks at them. So a
//! field, a record and a reply hold the address, as they would in a real back end.

use super::Call;
use super::request::Value;
use super::room::{self, Scarce, TooLarge};
use crate::behavior::replies::address::{self, AddressForm};
use crate::behavior::{Action, Behavior, Model};
use crate::world::{Change, Millis, Picture, Upload, World, WorldName};
use base64::Engine;
use base64::alphabet::{STANDARD, URL_SAFE};
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use bytes::Bytes;
use std::borrow::Cow;
use std::sync::Arc;

/// A call whose files are in the world, and the changes that put them there.
pub(super) struct Kept<'r> {
    pub(super) call: Call<'r>,
    pub(super) changes: Vec<Change>,
}

struct Sent {
    bytes: Bytes,
    /// The extension of the name that the client gave it.
    extension: Option<String>,
}

/// Whether a call of that behavior may bring files that are kept.
pub(super) fn keeps(behavior: &Behavior) -> bool {
    behavior.effects.iter().any(|effect| matches!(effect.action, Action::KeepFiles { .. }))
}

/// None where the call brings no file that is to be kept. Draws names, and applies the changes if there is room for all.
pub(super) fn keep<'r>(
    model: &Model,
    behavior: &Behavior,
    call: &Call<'r>,
    world: &mut World,
    now: Millis,
) -> Result<Option<Kept<'r>>, TooLarge> {
    let files = behavior.effects.iter().find_map(|effect| match &effect.action {
        Action::KeepFiles { inputs, as_text } => Some((inputs, *as_text)),
        _ => None,
    });
    let Some((inputs, as_text)) = files else { return Ok(None) };
    let sent: Vec<(usize, &AddressForm, Sent)> = inputs
        .iter()
        .filter_map(|(input, form)| Some((*input, form, sent(call.values.get(*input)?.as_ref()?, as_text)?)))
        .collect();
    if sent.is_empty() {
        return Ok(None);
    }
    let rules = &model.uploads;
    if sent.iter().any(|(_, _, sent)| sent.bytes.len() > rules.file_bytes) {
        return Err(TooLarge { limit: rules.file_bytes, of: Scarce::File });
    }
    let size: usize = sent.iter().map(|(_, _, sent)| sent.bytes.len()).sum();
    if world.uploads().size().saturating_add(size) > rules.world_bytes {
        return Err(TooLarge { limit: rules.world_bytes, of: Scarce::Files });
    }
    room::together(world, size)?;
    let mut kept = Kept { call: call.clone(), changes: Vec::new() };
    for (input, form, sent) in sent {
        let written = new_path(model, form, &sent, world);
        let prefix = prefix(world.name());
        let shown = form.write(&written, call.host.filter(|host| is_host(host)), &prefix);
        let path = address::path_of(&written).unwrap_or(written);
        let number = world.uploads().next_number();
        let change = Change::FileKept(Arc::new(Upload { number, path: path.into(), bytes: sent.bytes, at: now }));
        world.apply(&change);
        kept.changes.push(change);
        if let Some(value) = kept.call.values.get_mut(input) {
            *value = Some(Value::Text(Cow::Owned(shown)));
        }
    }
    Ok(Some(kept))
}

/// The default world needs none.
fn prefix(world: &WorldName) -> String {
    if *world == WorldName::default() { String::new() } else { format!("/@{world}") }
}

/// A host as it may stand in an address, with its port; what a client sends beside that goes into no reply.
fn is_host(text: &str) -> bool {
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b':' | b'[' | b']' | b'_');
    (1..=255).contains(&text.len()) && text.bytes().all(is_part)
}

fn sent(value: &Value<'_>, as_text: bool) -> Option<Sent> {
    match value {
        Value::File(file) if !file.bytes.is_empty() => {
            let extension = file.name.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase());
            Some(Sent { bytes: file.bytes.clone(), extension: extension.filter(|extension| is_extension(extension)) })
        }
        Value::Text(text) if as_text => decoded(text),
        _ => None,
    }
}

fn is_extension(text: &str) -> bool {
    (1..=8).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// A data URI, or bare base64 of a picture; any other text (an address, mostly) is a text.
fn decoded(text: &str) -> Option<Sent> {
    let text = text.trim();
    if let Some((head, data)) =
        text.get(..5).filter(|scheme| scheme.eq_ignore_ascii_case("data:")).and_then(|_| text[5..].split_once(','))
    {
        let (media_type, rest) = head.split_once(';').unwrap_or((head, ""));
        let is_base64 = rest.split(';').any(|part| part.trim().eq_ignore_ascii_case("base64"));
        let subtype = media_type.rsplit_once('/').map(|(_, subtype)| subtype.to_ascii_lowercase());
        let bytes = is_base64.then(|| base64(data)).flatten().filter(|bytes| !bytes.is_empty())?;
        return Some(Sent { bytes, extension: subtype.filter(|subtype| is_extension(subtype)) });
    }
    let bytes = base64(text)?;
    Picture::of(&bytes).map(|_| Sent { bytes, extension: None })
}

fn base64(text: &str) -> Option<Bytes> {
    const LENIENT: GeneralPurposeConfig =
        GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    // In a form a plus that was not escaped comes as a blank; long texts come in lines.
    let text: String =
        text.chars().filter(|c| !matches!(c, '\r' | '\n')).map(|c| if c == ' ' { '+' } else { c }).collect();
    let url_safe = text.contains(['-', '_']);
    let engine = GeneralPurpose::new(if url_safe { &URL_SAFE } else { &STANDARD }, LENIENT);
    engine.decode(text.as_bytes()).ok().map(Bytes::from)
}

/// A name in the form of the example's, with the extension of what the file is: a number goes on counting, all else is drawn.
/// No path is given out twice, nor one that an example names.
fn new_path(model: &Model, form: &AddressForm, sent: &Sent, world: &mut World) -> String {
    let extension = extension(form, sent);
    let is_taken = |path: &str, world: &World| {
        let path = address::path_of(path).unwrap_or_default();
        world.uploads().get(&path).is_some() || model.pictures.contains_key(&path)
    };
    if form.stem.bytes().all(|byte| byte.is_ascii_digit())
        && let Ok(example) = form.stem.parse::<u64>()
    {
        let width = form.stem.len();
        let mut number = example.saturating_add(world.uploads().next_number());
        loop {
            let path = form.path(&format!("{number:0>width$}"), &extension);
            if !is_taken(&path, world) || number == u64::MAX {
                return path;
            }
            number += 1;
        }
    }
    let mut stream = world.stream();
    let mut stem = stream.token_like(&form.stem);
    loop {
        let path = form.path(&stem, &extension);
        if !is_taken(&path, world) {
            return path;
        }
        stem += &stream.digits(8);
    }
}

/// The picture's own, as the example spells it where it is the same; else what the client's name says. An address that shows
/// none has none.
fn extension(form: &AddressForm, sent: &Sent) -> String {
    if form.extension.is_empty() {
        return String::new();
    }
    match Picture::of(&sent.bytes) {
        Some(picture) => {
            let own = picture.extensions();
            let same = own.iter().find(|own| form.extension.eq_ignore_ascii_case(own)).map(|_| form.extension.as_str());
            same.unwrap_or(own[0]).to_owned()
        }
        None => sent.extension.clone().unwrap_or_else(|| "bin".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_in_texts_are_found_and_other_texts_left_alone() {
        let check = |text: &str, expected: Option<(usize, Option<&str>)>| {
            let found = decoded(text);
            let found = found.as_ref().map(|sent| (sent.bytes.len(), sent.extension.as_deref()));
            assert_eq!(found, expected, "{text}");
        };
        check("data:image/png;base64,iVBORw0KGgo=", Some((8, Some("png"))));
        check("data:image/png;charset=x;base64,iVBORw0KGgo", Some((8, Some("png"))));
        check("data:application/octet-stream;base64,AAAA", Some((3, None)));
        check("iVBORw0KGgo=", Some((8, None)));
        check("iVBORw0K\r\nGgo=", Some((8, None)));
        check("R0lGODlh/+ //w==", Some((9 + 1, None)));
        check("data:image/png,abc", None);
        check("data:image/png;base64,", None);
        check("/uploads/7.jpg", None);
        check("aGVsbG8gd29ybGQ=", None);
        check("头像", None);
        check("", None);
    }
}
