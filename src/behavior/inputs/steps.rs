//! Values that go by steps: `只能兑100的整数倍`, `整点或半点`, `必须是15分钟的倍数`.

use super::unit_bounds::may_count;
use crate::behavior::collection::prose::remarks;
use crate::behavior::failure::Catalog;
use crate::behavior::{Confidence, Evidence, Form, Input, InputRule};
use crate::lexicon::{Class, Lexicon, Role};
use crate::spec::{DocSet, Note, Param};
use std::fmt;

/// What a value is a multiple of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    Number(i64),
    /// Of a time of day.
    Minutes(i64),
}

impl Step {
    pub fn holds(self, text: &str) -> bool {
        match self {
            Self::Number(step) => text.trim().parse::<f64>().map_or(true, |number| {
                #[allow(clippy::cast_precision_loss, reason = "steps of documents are small")]
                let rest = number % step as f64;
                rest.abs() < 1e-9
            }),
            Self::Minutes(step) => minutes(text).is_none_or(|minutes| minutes % step == 0),
        }
    }

    /// The number that values are multiples of.
    pub fn number(self) -> Option<i64> {
        match self {
            Self::Number(step) => Some(step),
            Self::Minutes(_) => None,
        }
    }

    /// A value near that goes by the step, where this one does not.
    pub fn fitted(self, text: &str) -> String {
        match self {
            _ if self.holds(text) => text.to_owned(),
            Self::Number(step) => step.to_string(),
            Self::Minutes(_) => text.rfind(':').map_or_else(|| text.to_owned(), |at| format!("{}:00", &text[..at])),
        }
    }

    /// One that does not.
    pub fn missed(self) -> String {
        match self {
            Self::Number(step) => (step + 1).to_string(),
            Self::Minutes(_) => "10:07".to_owned(),
        }
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(step) => write!(f, "a multiple of {step}"),
            Self::Minutes(step) => write!(f, "a time at every {step} minutes"),
        }
    }
}

/// The minutes of the day at the end of a text: `09:30`, `2030-01-01 09:30`.
fn minutes(text: &str) -> Option<i64> {
    let clock = text.trim().rsplit([' ', 'T']).next()?;
    let (hours, rest) = clock.split_once(':')?;
    let whole = hours.parse::<i64>().ok()? * 60 + rest.get(..2)?.parse::<i64>().ok()?;
    Some(whole)
}

/// What a text says.
fn read(text: &str, clock: bool, lexicon: &Lexicon) -> Option<Step> {
    let number = || {
        let digits = text
            .char_indices()
            .filter(|(at, c)| c.is_ascii_digit() && !text[..*at].ends_with(|c: char| c.is_ascii_digit()));
        let mut told = digits.filter_map(|(at, _)| {
            let length = text[at..].bytes().take_while(u8::is_ascii_digit).count();
            let (number, rest) = text[at..].split_at(length);
            let number: i64 = number.parse().ok().filter(|number| (2..1_000_000).contains(number))?;
            Some((number, &text[..at], rest))
        });
        told.find(|(_, before, rest)| {
            lexicon.speaks_of("multiple-behind", rest.get(..rest.floor_char_boundary(24)).unwrap_or(rest))
                || lexicon.ends_with("multiple-before", before.trim_end())
        })
    };
    match number() {
        Some((step, _, rest)) if clock => {
            lexicon.begins_with("span-minutes", rest.trim_start()).then_some(Step::Minutes(step))
        }
        Some((step, ..)) => Some(Step::Number(step)),
        None if !clock => None,
        None if lexicon.speaks_of("half-hours", text) => Some(Step::Minutes(30)),
        None => lexicon.speaks_of("whole-hours", text).then_some(Step::Minutes(60)),
    }
}

/// The step that a parameter's own line states.
pub(in crate::behavior) fn own(param: &Param, words: &str, lexicon: &Lexicon) -> Option<InputRule> {
    let sample = param.default.as_deref().unwrap_or_default();
    let step = read(words, minutes(sample).is_some(), lexicon)?;
    Some(InputRule { form: Form::Step(step), because: Evidence::new(words, param.place, Confidence::Certain) })
}

/// What remarks and failures say of the one number that is sent.
pub(in crate::behavior) fn stated(
    set: &DocSet,
    lexicon: &Lexicon,
    catalog: &Catalog,
    prose: &[Note],
    inputs: &mut [Vec<Input>],
) {
    for (at, inputs) in inputs.iter_mut().enumerate() {
        let counts = |input: &Input| {
            let sample = set.endpoints[at].params.iter().find(|param| param.name == *input.name);
            let number = sample
                .and_then(|param| param.default.as_deref())
                .is_some_and(|text| text.trim().parse::<f64>().is_ok());
            input.required && may_count(input) && (number || input.role == Role::Amount)
        };
        if inputs.iter().filter(|input| counts(input)).count() != 1 || inputs.iter().any(has_step) {
            continue;
        }
        let refusals = catalog.own[at].iter().filter(|failure| {
            matches!(failure.classes.first(), None | Some(Class::Malformed | Class::Missing | Class::WrongState))
        });
        let refusals = refusals.map(|failure| (failure.message.as_str(), failure.place));
        let notes = remarks(prose, &set.endpoints[at]).map(|note| (note.text.as_str(), note.place));
        let mut clauses = refusals
            .chain(notes)
            .flat_map(|(text, place)| text.split(['，', ',', '。', '；', ';']).map(move |clause| (clause, place)));
        let told = clauses.find_map(|(text, place)| Some((read(text, false, lexicon)?, text, place)));
        let Some((step, text, place)) = told else { continue };
        if let Some(input) = inputs.iter_mut().find(|input| counts(input)) {
            input
                .rules
                .push(InputRule { form: Form::Step(step), because: Evidence::new(text, place, Confidence::Likely) });
        }
    }
}

fn has_step(input: &Input) -> bool {
    input.rules.iter().any(|rule| matches!(rule.form, Form::Step(_)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_of_numbers_and_times() {
        let lexicon = Lexicon::standard();
        assert_eq!(read("只能兑100的整数倍", false, &lexicon), Some(Step::Number(100)));
        assert_eq!(read("请输入100的整数倍", false, &lexicon), Some(Step::Number(100)));
        assert_eq!(read("金额必须是10元的倍数", false, &lexicon), Some(Step::Number(10)));
        assert_eq!(read("must be a multiple of 50", false, &lexicon), Some(Step::Number(50)));
        assert_eq!(read("会员积分2倍", false, &lexicon), None);
        assert_eq!(read("整点或半点", true, &lexicon), Some(Step::Minutes(30)));
        assert_eq!(read("开始时间，只能整点", true, &lexicon), Some(Step::Minutes(60)));
        assert_eq!(read("15分钟的倍数", true, &lexicon), Some(Step::Minutes(15)));
        assert_eq!(read("开始时间", true, &lexicon), None);
        assert!(Step::Minutes(30).holds("2030-01-01 10:30") && !Step::Minutes(30).holds("10:10"));
        assert!(Step::Number(100).holds("200.00") && !Step::Number(100).holds("120"));
    }
}
