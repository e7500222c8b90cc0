//! Ids and numbers of new records: they continue the form of the examples.

use super::times::write_time;
use crate::behavior::collection::Collection;
use crate::behavior::collection::items::item::TimeForm;
use crate::engine::plan::numbered;
use crate::json::Json;
use crate::world::{Millis, Seq, World};
use std::sync::Arc;

/// Ids continue the form of the examples, after the greatest that there is.
pub(super) fn next_id(collection: &Collection, seq: Seq, world: &mut World, now: Millis, utc_offset: i32) -> Arc<str> {
    let example = collection.id.example.as_ref().and_then(Json::scalar_text).unwrap_or("").to_owned();
    let numbers = collection.seeds.iter().filter_map(|seed| seed.id.as_deref()?.parse::<u64>().ok());
    let greatest = numbers.chain(example.parse::<u64>().ok()).max();
    let free = |world: &World, id: &str| world.record_by_id(&collection.name, id).is_none();
    if example.is_empty() {
        return seq.to_string().into();
    }
    if let Some(greatest) = greatest.filter(|_| example.parse::<u64>().is_ok() && example.len() < 15) {
        let seeds = u64::try_from(collection.seeds.len()).unwrap_or(0);
        let mut next = greatest.saturating_add(seq.saturating_sub(seeds).max(1));
        let mut text = format!("{next:0>width$}", width = example.len());
        while !free(world, &text) && next < u64::MAX {
            next += 1;
            text = format!("{next:0>width$}", width = example.len());
        }
        return text.into();
    }
    if dated(&example).is_some() {
        let mut number = seq;
        loop {
            let text = next_number(&Json::string(example.as_str()), number, now, utc_offset);
            if free(world, &text) {
                return text.into();
            }
            number += 1;
        }
    }
    if let Some((prefix, number, width)) = numbered(&example) {
        let mut next = number.saturating_add(seq);
        // Where there is no greater number, another id is drawn.
        while let Some(after) = next.checked_add(1) {
            let text = format!("{prefix}{next:0>width$}");
            if free(world, &text) {
                return text.into();
            }
            next = after;
        }
    }
    let mut stream = world.stream();
    for _ in 0..64 {
        let text = stream.id_like(&example);
        if free(world, &text) {
            return text.into();
        }
    }
    (stream.token_like(&example) + &stream.digits(8)).into()
}

/// `BD20230405000001` is followed by the next number of the day that it is; other numbers count on.
pub(super) fn next_number(example: &Json, number: u64, now: Millis, utc_offset: i32) -> String {
    let text = example.scalar_text().unwrap_or("");
    match dated(text) {
        Some((start, end)) => {
            let day = write_time(TimeForm::Date { mark: '-' }, now, utc_offset).replace('-', "");
            let rest = &text[end..];
            let digits = rest.bytes().filter(u8::is_ascii_digit).count();
            let counted = format!("{number:0>digits$}");
            let joint = if rest.starts_with('-') { "-" } else { "" };
            format!("{}{day}{joint}{counted}", &text[..start])
        }
        None => {
            let digits = text.bytes().rev().take_while(u8::is_ascii_digit).count();
            let (before, tail) = text.split_at(text.len() - digits);
            let tail = &tail[tail.len().saturating_sub(15)..];
            let kept = &text[before.len()..text.len() - tail.len()];
            let next = tail.parse::<u64>().unwrap_or(0).saturating_add(number);
            format!("{before}{kept}{next:0>width$}", width = tail.len())
        }
    }
}

/// Whether ids of this form are drawn, not counted.
pub(in crate::engine) fn is_opaque(example: &str) -> bool {
    let is_counted = example.len() < 15 && example.parse::<u64>().is_ok();
    !is_counted && dated(example).is_none()
}

/// The day in a number that begins with letters and a date: `BD` `20230405` `000001`.
fn dated(example: &str) -> Option<(usize, usize)> {
    let prefix = example.bytes().take_while(|byte| !byte.is_ascii_digit()).count();
    let digits = example.get(prefix..)?;
    let day = digits.get(..8)?;
    let (month, date) = (day.get(4..6)?.parse::<u32>().ok()?, day.get(6..8)?.parse::<u32>().ok()?);
    let year = day.get(..4)?.parse::<u32>().ok()?;
    let is_day = (1990..2100).contains(&year) && (1..=12).contains(&month) && (1..=31).contains(&date);
    (is_day && digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-')).then_some((prefix, prefix + 8))
}
