//! What is done day by day, and what it gives by how many days in a row it was done: `第1天5金币，每天多加5，第7天及以后都是35`.
//!
//! In: the sentences beside the deed. Out: what each day gives, as data. Knows no account.

use crate::behavior::wallet::{all_numbers, numeral_before};
use crate::lexicon::Lexicon;
use std::sync::Arc;

/// A deed of each day. The account keeps when it was done last, and for how many days in a row it was.
#[derive(Clone, Debug, PartialEq)]
pub struct Streak {
    pub mark: Arc<str>,
    pub count: Arc<str>,
    /// The field that shows whether it was done today.
    pub today: Option<Arc<str>>,
    pub pay: Option<Pay>,
}

impl Streak {
    /// The days in a row, where it was done last so many days ago with so many then.
    pub fn stands(last: Option<i64>, today: i64, days: u32) -> u32 {
        match last {
            Some(last) if today - last <= 1 => days,
            _ => 0,
        }
    }

    /// The days in a row once it is done today.
    pub fn with_today(last: Option<i64>, today: i64, days: u32) -> u32 {
        if last == Some(today) { days.max(1) } else { Self::stands(last, today, days).saturating_add(1) }
    }
}

/// What each day in a row gives.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Pay {
    /// What the n-th day gives; the last for all later ones, where `rest` says so.
    steps: Vec<(u32, f64)>,
    rest: bool,
    /// So much more each day.
    more: f64,
    most: Option<f64>,
    /// So much besides on that day.
    bonus: Vec<(u32, f64)>,
    /// After so many days it begins anew.
    round: Option<u32>,
}

/// Nobody pays by more days.
const MOST_DAYS: f64 = 400.0;

impl Pay {
    pub fn of(&self, day: u32) -> f64 {
        let day = match self.round {
            Some(round) if round > 0 && day > 0 => (day - 1) % round + 1,
            _ => day,
        };
        let last = self.steps.iter().filter(|(step, _)| *step <= day).max_by_key(|(step, _)| *step);
        let base = match last {
            Some((step, amount))
                if *step == day || (self.rest && self.steps.iter().all(|(other, _)| other <= step)) =>
            {
                *amount
            }
            Some((step, amount)) => amount + self.more * f64::from(day - step),
            None => 0.0,
        };
        let bonus: f64 = self.bonus.iter().filter(|(on, _)| *on == day).map(|(_, amount)| amount).sum();
        self.most.map_or(base, |most| base.min(most)) + bonus
    }

    /// What the sentences say, where they say it by days.
    pub(in crate::behavior) fn read<'t>(texts: impl Iterator<Item = &'t str>, lexicon: &Lexicon) -> Option<Self> {
        let mut pay = Self::default();
        for clause in texts.flat_map(|text| text.split([',', '，', '、', ';', '；', '。', '(', '（', ')', '）', '\n']))
        {
            pay.tell(clause.trim(), lexicon);
        }
        let told = !pay.steps.is_empty() && (pay.steps.len() > 1 || pay.more > 0.0 || !pay.bonus.is_empty());
        told.then_some(pay)
    }

    fn tell(&mut self, clause: &str, lexicon: &Lexicon) {
        let says = |topic: &str| lexicon.speaks_of(topic, clause);
        let amounts: Vec<f64> = all_numbers(clause)
            .filter(|(_, rest)| !lexicon.begins_with("day-unit", rest.trim_start()))
            .map(|(number, _)| number)
            .collect();
        let amount = || amounts.last().copied();
        if says("in-rounds") {
            self.round = days_in(clause, lexicon).or(self.round);
        } else if let Some(day) = day_named(clause, lexicon) {
            let Some(amount) = amount() else { return };
            self.rest = says("from-then-on");
            self.steps.push((day, amount));
        } else if says("given-besides") && says("in-a-row") {
            self.bonus.extend(days_in(clause, lexicon).zip(amount()));
        } else if says("more-each-day") {
            self.more = amount().unwrap_or(self.more);
        } else if says("at-the-most") {
            self.most = amount().or(self.most);
        } else if self.steps.is_empty() && says("each-day") && amounts.len() == 1 {
            self.steps.extend(amount().map(|amount| (1, amount)));
        }
    }
}

/// `第1天`, `第七天`, `首日`, `day 3`.
fn day_named(clause: &str, lexicon: &Lexicon) -> Option<u32> {
    if lexicon.speaks_of("first-day", clause) {
        return Some(1);
    }
    let start = lexicon.after("ordinal-day", clause)?;
    let rest = clause.get(start..)?.trim_start();
    days_at_start(rest, lexicon)
}

fn days_at_start(text: &str, lexicon: &Lexicon) -> Option<u32> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    if digits > 0 {
        let behind = text[digits..].trim_start();
        let ends = lexicon.begins_with("day-unit", behind) || text.is_ascii();
        return text[..digits].parse().ok().filter(|_| ends);
    }
    let end = text.char_indices().find(|(at, _)| lexicon.begins_with("day-unit", &text[*at..])).map(|(at, _)| at)?;
    numeral_before(&text[..end], lexicon)
}

/// `连续7天`: how many.
fn days_in(clause: &str, lexicon: &Lexicon) -> Option<u32> {
    let mut numbers = all_numbers(clause).filter(|(_, rest)| lexicon.begins_with("day-unit", rest.trim_start()));
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked to be small and whole")]
    numbers.next().map(|(number, _)| number).filter(|days| (1.0..MOST_DAYS).contains(days)).map(|days| days as u32)
}

/// What a line says behind a name: `连续天数` of `days` in `days 连续天数 coin 本次得的金币`.
pub(in crate::behavior) fn said_of<'t>(text: &'t str, name: &str) -> Option<&'t str> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let start = text
        .match_indices(name)
        .map(|(at, _)| at)
        .find(|at| !text[..*at].ends_with(is_part) && !text[at + name.len()..].starts_with(is_part))?;
    let rest = text[start + name.len()..].trim_start_matches([' ', ':', '：', '=', '`', '-']);
    let end = rest.find(['；', ';', '。', '\n']).unwrap_or(rest.len());
    let rest = &rest[..end];
    // The next name begins with a blank before it and is no number.
    let next = rest
        .match_indices(' ')
        .map(|(at, _)| at)
        .find(|at| rest[at + 1..].starts_with(|c: char| c.is_ascii_lowercase()));
    Some(rest[..next.unwrap_or(rest.len())].trim()).filter(|said| !said.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_each_day_in_a_row_gives() {
        let lexicon = Lexicon::standard();
        let check = |text: &str, expected: &[(u32, f64)]| {
            let pay = Pay::read(std::iter::once(text), &lexicon);
            for (day, amount) in expected {
                assert_eq!(pay.as_ref().map(|pay| pay.of(*day)), Some(*amount), "{text}: day {day}");
            }
            assert_eq!(pay.is_some(), !expected.is_empty(), "{text}");
        };
        let rising = [(1, 5.0), (2, 10.0), (6, 30.0), (7, 35.0), (30, 35.0)];
        check("第1天5金币，连续签到每天多加5，第7天及以后都是35。断一天从第1天重来。", &rising);
        check("首日5积分，之后每天递增5，最高35", &rising);
        check("第一天得1分，第二天得2分，第三天得5分，3天一轮", &[(1, 1.0), (2, 2.0), (3, 5.0), (4, 1.0)]);
        check("每天签到得5积分，连续7天额外奖励20积分", &[(1, 5.0), (6, 5.0), (7, 25.0)]);
        check("每天签到得5积分", &[]);
        check("连续签到7天可领券", &[]);
    }

    #[test]
    fn what_is_said_of_a_name() {
        assert_eq!(said_of("days 连续天数 coin 本次得的金币", "days"), Some("连续天数"));
        assert_eq!(said_of("days 连续天数 coin 本次得的金币", "coin"), Some("本次得的金币"));
        assert_eq!(said_of("today 今天签了没 0没 1签了；days 到目前连续几天", "today"), Some("今天签了没 0没 1签了"));
        assert_eq!(said_of("holidays 假期", "days"), None);
    }

    #[test]
    fn days_in_a_row() {
        assert_eq!(Streak::with_today(None, 10, 4), 1);
        assert_eq!(Streak::with_today(Some(9), 10, 4), 5);
        assert_eq!(Streak::with_today(Some(8), 10, 4), 1);
        assert_eq!((Streak::stands(Some(9), 10, 4), Streak::stands(Some(8), 10, 4)), (4, 0));
    }
}
