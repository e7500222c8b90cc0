//! Times as the examples write them.

use crate::behavior::collection::items::item::TimeForm;
use crate::world::Millis;
use jiff::Timestamp;
use jiff::tz::Offset;

/// A time as the example writes it.
pub fn write_time(form: TimeForm, now: Millis, utc_offset: i32) -> String {
    let offset = Offset::from_seconds(utc_offset).unwrap_or(Offset::UTC);
    let instant = Timestamp::from_millisecond(now).unwrap_or(Timestamp::UNIX_EPOCH);
    let at = |offset: Offset| offset.to_datetime(instant);
    let local = at(offset);
    let date = |mark: char| format!("{:04}{mark}{:02}{mark}{:02}", local.year(), local.month(), local.day());
    match form {
        TimeForm::Seconds => now.div_euclid(1000).to_string(),
        TimeForm::Milliseconds => now.to_string(),
        TimeForm::Date { mark } => date(mark),
        TimeForm::DateTime { mark, joint, seconds } => {
            let tail = if seconds { format!(":{:02}", local.second()) } else { String::new() };
            format!("{}{joint}{:02}:{:02}{tail}", date(mark), local.hour(), local.minute())
        }
        TimeForm::Iso { offset: shown, zulu, fraction } => {
            let time = if zulu { at(Offset::UTC) } else { local };
            let part = if fraction { format!(".{:03}", now.rem_euclid(1000)) } else { String::new() };
            let (sign, minutes) = (if utc_offset < 0 { '-' } else { '+' }, utc_offset.abs() / 60);
            let zone = match () {
                () if zulu => "Z".to_owned(),
                () if shown => format!("{sign}{:02}:{:02}", minutes / 60, minutes % 60),
                () => String::new(),
            };
            format!(
                "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}{part}{zone}",
                time.year(),
                time.month(),
                time.day(),
                time.hour(),
                time.minute(),
                time.second()
            )
        }
    }
}
