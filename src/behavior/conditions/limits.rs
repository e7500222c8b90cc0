//! How many records of a kind somebody may have: `每人最多3个`, `最多添加3个联系人`, `地址数量已达上限`.

use crate::behavior::collection::items::heads::Heads;
use crate::behavior::collection::lists::paging::stated;
use crate::behavior::collection::prose::remarks;
use crate::behavior::failure::Failure;
use crate::behavior::records::{Records, Wish};
use crate::behavior::{Confidence, DayOf, Demand, Evidence};
use crate::lexicon::{Operation, label_head};
use crate::spec::Note;
use std::sync::Arc;

impl Records<'_> {
    /// The demand that the caller has fewer than the most, where a failure of its own says so. The number is the failure's, else
    /// that of a remark on the endpoint or on the part that it stands in.
    pub(in crate::behavior) fn room(&self, wishes: &mut Vec<Wish>) {
        let Some(on) = self.on.filter(|_| matches!(self.operation(), Operation::Create | Operation::Save)) else {
            return;
        };
        let heads = self.gathering.heads(self.at, &self.collections[on.collection]);
        if let Some((failure, most)) = heads.as_ref().and_then(|heads| self.most_heads(heads)) {
            let because = Evidence::new(format!("`{}`", failure.message), failure.place, Confidence::Likely);
            let demand = Demand::NoMoreListed { input: heads.map_or(0, |heads| heads.input), most };
            wishes.push((demand, because, Some(failure.clone())));
        }
        if let Some((failure, input, most)) = self.failures().iter().find_map(|failure| self.most_listed(failure)) {
            let because = Evidence::new(format!("`{}`", failure.message), failure.place, Confidence::Likely);
            wishes.push((Demand::NoMoreListed { input, most }, because, Some(failure.clone())));
        }
        if !self.collections[on.collection].owned {
            return;
        }
        let own = self.failures().iter().find_map(|failure| Some((failure, self.most_of(failure)?)));
        let shared = || {
            let mut named = self.limits_of_deed();
            named.find_map(|failure| Some((failure, self.counted(&failure.message)?)))
        };
        let daily = || {
            let mut named = self.daily_limits_of_deed();
            named.find_map(|failure| Some((failure, self.counted_times(&failure.message)?)))
        };
        let Some((failure, most)) = own.or_else(shared).or_else(daily) else { return };
        let because = Evidence::new(format!("`{}`", failure.message), failure.place, Confidence::Likely);
        let day = self.is_daily_limit(&failure.message).then(|| self.day_counted(on.collection));
        let demand = Demand::Room { collection: on.collection, most, id: on.id.clone(), day };
        wishes.push((demand, because, Some(failure.clone())));
    }

    /// The same of those that count by days.
    fn daily_limits_of_deed(&self) -> impl Iterator<Item = &Failure> {
        self.deed_limits().filter(|failure| self.is_daily_limit(&failure.message))
    }

    /// `每人每天最多预订2次`: how many, or how often.
    fn counted_times(&self, text: &str) -> Option<usize> {
        let lexicon = self.gathering.lexicon;
        self.counted(text).or_else(|| {
            let most = stated(lexicon, "at-most", text)?;
            let rest = &text[lexicon.after("at-most", text)?..];
            let (_, rest) = rest.split_once(&most.to_string())?;
            lexicon.begins_with("times-word", rest.trim_start()).then(|| usize::try_from(most).ok())?
        })
    }

    /// The failures of a table for all that say how often the very deed of this endpoint can be done, whatever the time.
    pub(in crate::behavior) fn limits_of_deed(&self) -> impl Iterator<Item = &Failure> {
        let lexicon = self.gathering.lexicon;
        let daily =
            |message: &str| ["per-day", "each-day", "each-time"].iter().any(|topic| lexicon.speaks_of(topic, message));
        self.deed_limits().filter(move |failure| !daily(&failure.message))
    }

    /// The failures of a table for all that say how often the very deed of this endpoint can be done: `每人最多同时借2本` beside 借书,
    /// `每本书只能续借1次` beside 续借. What is limited by days is another matter.
    fn deed_limits(&self) -> impl Iterator<Item = &Failure> {
        let lexicon = self.gathering.lexicon;
        let shared = &self.gathering.chooser.catalog.shared;
        let title = label_head(&self.endpoint().title);
        let verbs = lexicon.verbs().words_in(&title.to_lowercase());
        let names = move |message: &str| {
            let whole = title.chars().count() > 1 && message.contains(title);
            let by_verb = || verbs.iter().any(|verb| verb.chars().count() > 1 && message.contains(verb));
            // `最多同时借2本`: what stands right before the number.
            let by_sign = || {
                let (Some(first), Some(last)) = (title.chars().next(), title.chars().last()) else { return false };
                let Some(end) = lexicon.after("at-most", message) else { return false };
                let before = message[end..].split(|c: char| c.is_ascii_digit()).next().unwrap_or_default();
                !first.is_ascii() && title.chars().count() < 4 && before.trim_end().ends_with([first, last])
            };
            whole || by_verb() || by_sign()
        };
        let limits = self.gathering.said.limits(shared).iter().map(move |at| &shared[*at]);
        limits.filter(move |failure| names(&failure.message))
    }

    /// Whether a limit is one of each day.
    fn is_daily_limit(&self, message: &str) -> bool {
        ["per-day", "each-day"].iter().any(|topic| self.gathering.lexicon.speaks_of(topic, message))
    }

    /// Which day counts: that for which something is made, where it goes on or takes place on a day that is sent, else that on which it
    /// is made.
    fn day_counted(&self, collection: usize) -> DayOf {
        let records = &self.collections[collection];
        let mut notes = remarks(self.gathering.prose, self.endpoint());
        if notes.any(|note| self.gathering.lexicon.speaks_of("day-of-making", &note.text)) {
            return DayOf::Making;
        }
        let mut days = (0..self.inputs().len()).filter(|input| {
            self.inputs()[*input].required && crate::behavior::collection::has_day(&self.inputs()[*input])
        });
        let day = days.next();
        day.map_or(DayOf::Making, |input| {
            let known = &self.inputs()[input];
            let field = crate::behavior::collection::items::gather::key_for(records, known);
            DayOf::Field(field.unwrap_or_else(|| Arc::clone(&known.name)), input)
        })
    }

    /// How many a new record may be for, where a failure of its own says so: `一单最多5人`. The number is the failure's, else that
    /// of the input's words.
    fn most_heads(&self, heads: &Heads) -> Option<(&Failure, usize)> {
        let lexicon = self.gathering.lexicon;
        let number = |text: &str| stated(lexicon, "at-most", text).and_then(|most| usize::try_from(most).ok());
        let words = self.endpoint().params.get(heads.input).map(crate::spec::Param::all_words);
        self.failures().iter().find_map(|failure| {
            let own = number(&failure.message).filter(|_| lexicon.speaks_of("each-order", failure.says()));
            let told = || number(words.as_deref()?).filter(|_| lexicon.speaks_of("limit-reached", failure.says()));
            Some((failure, own.or_else(told)?))
        })
    }

    /// `图片最多9张` of what takes several, with commas between them.
    fn most_listed<'f>(&self, failure: &'f Failure) -> Option<(&'f Failure, usize, usize)> {
        let most = self.counted(&failure.message)?;
        let several = |at: &usize| {
            let (input, param) = (&self.inputs()[*at], self.endpoint().params.get(*at));
            let label = label_head(&input.label);
            let listed = param.is_some_and(|param| {
                let example = param.default.as_deref().unwrap_or_default();
                let joined = example.contains(',') || example.starts_with('[');
                joined || self.gathering.lexicon.speaks_of("comma-between", &param.all_words())
            });
            let long = label.chars().count() > 1;
            let named = if long { failure.message.contains(label) } else { failure.message.starts_with(label) };
            listed && !label.is_empty() && named
        };
        let input = (0..self.inputs().len()).find(several)?;
        Some((failure, input, most))
    }

    fn most_of(&self, failure: &Failure) -> Option<usize> {
        let lexicon = self.gathering.lexicon;
        let message = failure.message.as_str();
        // `图片最多9张`, `最多购买5件`: what is sent has too many, not who sends it.
        let named = self.gathering.chooser.named_inputs(self.at, message);
        if self.most_listed(failure).is_some() {
            return None;
        }
        let is_named = |input: &usize| {
            let label = label_head(&self.inputs()[*input].label);
            label.chars().count() > 1 && message.contains(label)
        };
        if named.iter().any(is_named) || lexicon.speaks_of("each-time", message) {
            return None;
        }
        if let Some(most) = self.counted(message) {
            return Some(most);
        }
        if !lexicon.speaks_of("limit-reached", message) {
            return None;
        }
        let set = self.gathering.set;
        let own = remarks(self.gathering.prose, self.endpoint()).map(|note: &Note| note.text.as_str());
        let title = set.endpoints[self.at].title_place;
        let above = title.into_iter().flat_map(|title| self.gathering.sections.above(title));
        let above = above.filter_map(|lines| self.gathering.prose.get(lines)).flatten().map(|note| note.text.as_str());
        let clauses = own.chain(above).flat_map(|text| text.split([',', '，', ';', '；', '。']));
        clauses.filter(|clause| !lexicon.speaks_of("each-time", clause)).find_map(|clause| self.counted(clause))
    }

    /// `最多添加3个`: a number of things, and not of characters or of money.
    fn counted(&self, text: &str) -> Option<usize> {
        let lexicon = self.gathering.lexicon;
        let most = stated(lexicon, "at-most", text)?;
        let rest = &text[lexicon.after("at-most", text)?..];
        let (_, rest) = rest.split_once(&most.to_string())?;
        let unit: String = rest.trim_start().chars().take(1).collect();
        // What is said of an input is said of its digits, and not of people.
        let labels =
            self.inputs().iter().map(|input| label_head(&input.label)).filter(|label| label.chars().count() > 1);
        let is_length = if lexicon.is_nothing_but("people-or-digits", &unit) {
            labels.into_iter().any(|label| text.contains(label))
        } else {
            crate::behavior::inputs::rule::length(text, &lexicon.rules().lengths).is_some()
        };
        let counts = lexicon.is_nothing_but("count-unit", &unit) || (text.is_ascii() && rest.starts_with(' '));
        (counts && !is_length).then(|| usize::try_from(most).ok())?
    }
}
