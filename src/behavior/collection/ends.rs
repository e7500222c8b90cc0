//! Until when something goes that is taken for a number of days, months or years: the day on which it begins, and so much.
//!
//! In: what makes records, and the examples of those. Out: how a field is worked out from two others. By the examples' own days
//! (`startDate 2022-05-01`, `months 3`, `endDate 2022-07-31`), else by words: `到期日 = 开始日期 加 月数 个月再减一天`.

use super::items::example_forms::time_form;
use super::items::gather::{Gathering, is_data, key_for};
use super::nouns::group::Group;
use super::prose::{remarks, words};
use super::{Collection, Initial, ItemField};
use crate::behavior::Input;
use crate::behavior::inputs::date::{self, Unit};
use crate::json::Json;
use crate::lexicon::{Lexicon, Role, compact, label_head};
use std::fmt;
use std::sync::Arc;

/// A time that comes so many days or months after another of the same record.
#[derive(Clone, Debug, PartialEq)]
pub struct Ending {
    pub from: Arc<str>,
    pub count: Arc<str>,
    pub unit: Unit,
    /// The day named is the last one that counts.
    pub last_day: bool,
}

impl fmt::Display for Ending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let last = if self.last_day { ", less a day" } else { "" };
        write!(f, "`{}` {}s after `{}`{last}", self.count, self.unit.name(), self.from)
    }
}

/// By topics of what such numbers are called.
const UNITS: [(&str, Unit); 6] = [
    ("span-months", Unit::Month),
    ("span-days", Unit::Day),
    ("span-weeks", Unit::Week),
    ("span-years", Unit::Year),
    ("span-hours", Unit::Hour),
    ("span-minutes", Unit::Minute),
];

/// Nobody writes down more as an example.
const MOST: i64 = 1000;

/// The unit of time that an input counts, by its name or its label.
pub(in crate::behavior) fn unit_of(input: &Input, lexicon: &Lexicon) -> Option<Unit> {
    let label = label_head(&input.label);
    let called = |topic: &str| lexicon.is_named(topic, &input.name) || lexicon.is_nothing_but(topic, label);
    let counts = matches!(input.word, Role::Plain | Role::Amount) && !input.discriminates && !input.routes;
    UNITS.into_iter().find(|(topic, _)| counts && called(topic)).map(|(_, unit)| unit)
}

impl Gathering<'_> {
    /// Settles when new records end.
    pub(super) fn settle_ends(&self, group: &Group, creators: &[usize], collection: &mut Collection) {
        let is_sent = |key: &str| {
            let mut inputs = creators.iter().flat_map(|at| &self.inputs[*at]);
            inputs.any(|input| compact(&input.name) == compact(key))
        };
        let ends: Vec<usize> = (0..collection.fields.len())
            .filter(|at| {
                let field = &collection.fields[*at];
                let open = matches!(field.initial, Initial::Value(_)) && !is_sent(&field.key);
                open && time_form(&field.example).is_some()
            })
            .collect();
        for end in ends {
            let field = &collection.fields[end];
            let mut makers = creators.iter().copied();
            let found = makers.find_map(|maker| self.ending(group, maker, field, collection));
            if let Some(ending) = found {
                collection.fields[end].initial = Initial::Ending(Arc::new(ending));
            }
        }
    }

    fn ending(&self, group: &Group, maker: usize, end: &ItemField, collection: &Collection) -> Option<Ending> {
        let params = &self.endpoint(maker).params;
        let inputs = || {
            let all = self.inputs[maker].iter().zip(params);
            all.filter(|(input, param)| is_data(input, param.is_told()))
        };
        let key = |input: &Input| key_for(collection, input).unwrap_or_else(|| Arc::clone(&input.name));
        let sample = |key: &Arc<str>, value: Option<&str>| {
            value.filter(|text| !text.is_empty()).map(|text| (Arc::clone(key), Json::string(text)))
        };
        let sent: Vec<(Arc<str>, Json)> =
            inputs().filter_map(|(input, param)| sample(&key(input), param.default.as_deref())).collect();
        let begins = inputs().filter(|(input, param)| {
            let shown = param.default.as_deref().is_some_and(|text| time_form(&Json::string(text)).is_some());
            input.word == Role::Time || shown
        });
        let mut begins: Vec<(Arc<str>, String)> =
            begins.map(|(input, _)| (key(input), label_head(&input.label).to_owned())).collect();
        let made = collection.fields.iter().filter(|field| field.initial == Initial::Now);
        begins.extend(made.map(|field| (Arc::clone(&field.key), label_head(&field.words).to_owned())));
        let mut counts = inputs().filter(|(input, param)| {
            let number = |text: &str| text.trim().parse::<i64>().is_ok_and(|number| (1..=MOST).contains(&number));
            let shown = param.default.as_deref().is_some_and(number);
            let plain = matches!(input.word, Role::Plain | Role::Amount);
            plain && (shown || unit_of(input, self.lexicon).is_some())
        });
        counts.find_map(|(input, _)| {
            let count = (key(input), label_head(&input.label), unit_of(input, self.lexicon));
            begins.iter().find_map(|(from, label)| {
                let fits = |unit: Unit, last_day: bool| Ending {
                    from: Arc::clone(from),
                    count: Arc::clone(&count.0),
                    unit,
                    last_day,
                };
                let shown = self.shown_ending(group, maker, (end, from, &count.0), count.2, &sent);
                let told = || self.told_ending(maker, end, (from, label), (&count.0, count.1), count.2);
                shown.or_else(told).map(|(unit, last_day)| fits(unit, last_day))
            })
        })
    }

    /// What the examples' own days say.
    fn shown_ending(
        &self,
        group: &Group,
        maker: usize,
        (end, from, count): (&ItemField, &Arc<str>, &Arc<str>),
        unit: Option<Unit>,
        sent: &[(Arc<str>, Json)],
    ) -> Option<(Unit, bool)> {
        let units: Vec<Unit> = match unit {
            Some(unit) => vec![unit],
            None => UNITS.iter().take(2).map(|(_, unit)| *unit).collect(),
        };
        let fits = |from: &Json, count: &Json, end: &Json| {
            let number = count.scalar_text()?.trim().parse::<i64>().ok().filter(|n| (1..=MOST).contains(n))?;
            let (from, end) = (from.scalar_text()?, end.scalar_text()?);
            let same = |unit: Unit, last_day: bool| {
                let day = |text: &str| text.get(..10).unwrap_or(text).to_owned();
                date::later(from, number, unit, last_day).is_some_and(|later| match unit {
                    Unit::Hour | Unit::Minute => later == end,
                    _ => day(&later) == day(end),
                })
            };
            let pairs = units.iter().flat_map(|unit| [(*unit, false), (*unit, true)]);
            pairs.into_iter().find(|(unit, last_day)| same(*unit, *last_day))
        };
        let of_items = self.sights(group).into_iter().find_map(|sight| {
            let get = |key: &Arc<str>| sight.item.get(key);
            fits(get(from)?, get(count)?, get(&end.key)?)
        });
        of_items.or_else(|| {
            let of = |key: &Arc<str>| sent.iter().find(|(known, _)| known == key).map(|(_, value)| value);
            let item = super::items::shape::item_shown(self.set, self.endpoint(maker), self.lexicon);
            let (_, shown) = item.iter().find(|(key, _)| *key == end.key)?;
            let begins = of(from).or_else(|| item.iter().find(|(key, _)| key == from).map(|(_, value)| value));
            fits(begins?, of(count)?, shown)
        })
    }

    /// `endDate = startDate 加 months 个月再减一天`, `到期日为开始日期往后推 N 个月`.
    fn told_ending(
        &self,
        maker: usize,
        end: &ItemField,
        (from, from_label): (&str, &str),
        (count, count_label): (&str, &str),
        unit: Option<Unit>,
    ) -> Option<(Unit, bool)> {
        let lexicon = self.lexicon;
        let place = |text: &str, key: &str, label: &str| {
            let by_label = if label.chars().count() > 1 { text.find(label) } else { None };
            let by_key = || words(text).find(|word| compact(word) == compact(key)).and_then(|word| text.find(word));
            by_label.or_else(by_key)
        };
        let notes = remarks(self.prose, self.endpoint(maker)).map(|note| note.text.as_str());
        let texts = notes.chain([end.words.as_str()]).flat_map(|text| text.split(['，', ',', '；', ';', '。']));
        let own = label_head(&end.words);
        texts.into_iter().find_map(|text| {
            let (begins, counted) = (place(text, from, from_label)?, place(text, count, count_label)?);
            let beside = std::ptr::eq(text.as_ptr(), end.words.as_ptr());
            let named = beside || place(text, &end.key, own).is_some_and(|at| at < begins);
            let unit = unit.or_else(|| {
                let rest = &text[counted..];
                UNITS.into_iter().find(|(topic, _)| lexicon.speaks_of(topic, rest)).map(|(_, unit)| unit)
            })?;
            (named && begins < counted).then(|| (unit, lexicon.speaks_of("less-a-day", text)))
        })
    }
}
