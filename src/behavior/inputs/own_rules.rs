//! The rules that a parameter's own line states: signs, lengths, ranges, dates, values.

use super::date::DateForm;
use super::rule;
use super::signs::Signs;
use super::{clocks, steps, unit_bounds};
use crate::behavior::collection::items::heads;
use crate::behavior::{Confidence, Evidence, Form, InputRule, enumeration};
use crate::lexicon::{Lexicon, Role, label_head};
use crate::spec::Param;

/// The rules that a parameter's own line states.
pub(in crate::behavior) fn own_rules(param: &Param, role: Role, lexicon: &Lexicon) -> Vec<InputRule> {
    let words = param.all_words();
    let mut rules = sign_rules(param, &words, role, lexicon);
    // A sample alone shows a form, and does not say that others are refused.
    let told = DateForm::read(&words).map(|form| (form, Confidence::Certain));
    let told = told.or_else(|| form_by_sample(&words, lexicon).map(|form| (form, Confidence::Likely)));
    let sample = || Some((DateForm::of_sample(param.default.as_deref()?)?, Confidence::Guess));
    if let Some((form, confidence)) = told.or_else(sample) {
        let because = Evidence::new(words.clone(), param.place, confidence);
        if lexicon.speaks_of("not-past", &words) {
            rules.push(InputRule { form: Form::NotPast(form.clone()), because: because.clone() });
        }
        rules.push(InputRule { form: Form::Date(form), because });
    }
    // `租期，最长30` of what is a number bounds the number.
    let is_length = |_: &rule::Length| !numeric(param) || rule::counts_signs(&words, &lexicon.rules().lengths);
    if let Some(length) = rule::length(&words, &lexicon.rules().lengths).filter(is_length) {
        let because = Evidence::new(words.clone(), param.place, Confidence::Certain);
        rules.push(InputRule { form: Form::Length(length), because });
    }
    // `*star=星级 # 1-5`, `*hours=小时数 # 1到24小时`: nothing else is said of it.
    let bare =
        [&words, &param.description].into_iter().any(|text| rule::is_nothing_but_range(text, &lexicon.rules().lengths));
    // `*score#打分 1-5`, where that is no sample of what is itself called by two numbers: `年龄段 18-25`.
    let bare = bare || {
        let head = words.split([',', '，', ' ', ':', '：', '(', '（']).next().unwrap_or_default();
        let sample = param.default.as_deref().is_some_and(|value| !value.bytes().all(|byte| byte.is_ascii_digit()));
        let called_so = lexicon.ends_with("called-by-two", head) || lexicon.speaks_of("open-list", &words);
        !sample && !called_so && rule::states_range_alone(&words, &lexicon.rules().lengths)
    };
    if let Some((least, most)) = (bare || numeric(param) || rule::is_of_numbers(&words, &lexicon.rules().lengths))
        .then(|| rule::range(&words, &lexicon.rules().lengths))
        .flatten()
    {
        let because = Evidence::new(words.clone(), param.place, Confidence::Certain);
        rules.push(InputRule { form: Form::Range(least, most), because });
    }
    // How many are wanted is a number, whether or not the line says so.
    let counts =
        heads::is_quantity(&param.name, &param.label, lexicon) || heads::is_people(&param.name, &param.label, lexicon);
    let ranged = rules.iter().any(|rule| matches!(rule.form, Form::Range(..) | Form::Length(_)));
    // `图，逗号分隔，最多3张`: the number is of those that are listed.
    let ranged = ranged || lexicon.speaks_of("comma-between", &words);
    // A sum of money is a number, too.
    let is_number = counts
        || role == Role::Amount
        || numeric(param)
        || (role == Role::Plain && rule::is_of_numbers(&words, &lexicon.rules().lengths));
    // `num=2 # 数量,不能大于库存`: an example value is no bound.
    let said = format!("{} {}", param.label, param.description);
    let bounds = (!ranged && is_number).then(|| rule::bounds(&said, &lexicon.rules().lengths)).flatten();
    let counted = matches!(role, Role::Plain | Role::Amount) && !ranged;
    let of_one_unit = counted.then(|| unit_bounds::of_one_unit(&said, &lexicon.rules().lengths)).flatten();
    let units = || counted.then(|| unit_bounds::unit_bounds(&said, &lexicon.rules().lengths)).flatten();
    // `维修费，不能是负数`
    let not_negative = || (!ranged && lexicon.speaks_of("not-negative", &said)).then_some((0, i64::MAX));
    let bounds = of_one_unit.or(bounds.filter(|(least, most)| least <= most));
    if let Some((least, most)) = bounds.or_else(units).or_else(not_negative) {
        let because = Evidence::new(words.clone(), param.place, Confidence::Certain);
        rules.push(InputRule { form: Form::Range(least, most), because });
    }
    let beside = param.default.as_deref().unwrap_or_default();
    let mut items = enumeration::read_beside(&words, beside, &lexicon.rules().enumerations);
    // `第一页为 0，第二页为 1，以此类推` lists no values, but how they go on.
    if matches!(role, Role::Page | Role::PageSize) || lexicon.speaks_of("goes-on", &words) {
        items.clear();
    }
    // A label that stands for the description as well is not read twice.
    let told = [&param.label, &param.description, &said].into_iter().map(|text| unit_bounds::steps(text, lexicon));
    let mut told = told.filter(|sums| role == Role::Amount && !sums.is_empty());
    let sums = told.next().unwrap_or_default();
    // `上午09:00/下午14:00`: with what is said of it or without.
    let timed = |item: &enumeration::Item| item.words != item.value && clocks::has_time(&item.value);
    let clocked: Vec<String> =
        items.iter().filter(|item| timed(item)).map(|item| format!("{}{}", item.words, item.value)).collect();
    let mut values: Vec<String> = items.into_iter().map(|item| item.value).chain(clocked).collect();
    if values.is_empty() {
        values = sums;
    }
    let either = unit_bounds::either_of(&words, lexicon);
    if !either.is_empty() {
        values = either;
    }
    if let Some(step) = steps::own(param, &words, lexicon) {
        rules.push(step);
        values.clear();
    }
    if !values.is_empty() {
        with_all_values(&mut values, &words, lexicon);
    }
    // `6 to 20 characters` lists nothing.
    let bounds: Vec<String> = rules
        .iter()
        .filter_map(|rule| match &rule.form {
            Form::Length(length) => Some([length.min.map(i64::from), length.max.map(i64::from)]),
            Form::Range(least, most) => Some([Some(*least), Some(*most)]),
            _ => None,
        })
        .flatten()
        .flatten()
        .map(|bound| bound.to_string())
        .collect();
    if values.iter().all(|value| bounds.contains(value)) {
        values.clear();
    }
    // An example value that is not among them shows that the list was misread or is not closed.
    let example = param.default.as_deref().filter(|value| value.is_ascii() && *value != "\"\"");
    // `只支持jpg,png` is said of the file that an address leads to.
    let is_file = matches!(role, Role::File | Role::Picture | Role::Avatar);
    if !values.is_empty() && !is_file && example.is_none_or(|value| values.iter().any(|known| known == value)) {
        let because = Evidence::new(words, param.place, Confidence::Likely);
        rules.push(InputRule { form: Form::OneOf(values), because });
    }
    rules
}

/// `2021-05-01这种格式`, `格式如 2021/05/01`, `如：2021-05-01 09:30`: words that say of a day beside them that it shows a form.
fn form_by_sample(words: &str, lexicon: &Lexicon) -> Option<DateForm> {
    let (form, at) = DateForm::shown_in(words)?;
    let aside = |c: char| !c.is_alphanumeric();
    let (before, after) = (words[..at.start].trim_end_matches(aside), words[at.end..].trim_start_matches(aside));
    let before = before.rsplit(['，', ',', '。', '；', ';']).next().unwrap_or(before);
    let shows = lexicon.ends_with("form-before-sample", before) || lexicon.begins_with("form-behind-sample", after);
    shows.then_some(form)
}

/// Adds to the values of a list those that stand for all there are.
pub(in crate::behavior) fn with_all_values(values: &mut Vec<String>, words: &str, lexicon: &Lexicon) {
    for value in all_values(words, lexicon) {
        if !values.contains(&value) {
            values.push(value);
        }
    }
}

/// Values that stand for all there are where they are said beside leaving it out: `0或不传全部`, `all或不传为全部`.
pub(in crate::behavior) fn all_values(words: &str, lexicon: &Lexicon) -> Vec<String> {
    let clauses = words.split([',', '，', ';', '；', '。', ' ', '、']);
    let open =
        clauses.filter(|clause| lexicon.ends_with("all-values", clause) && lexicon.speaks_of("optional", clause));
    let bare = |clause: &str| {
        let before = lexicon.before_end("all-values", clause);
        let rest = lexicon.without("optional", before);
        let rest = lexicon.without("all-joint", &rest);
        let value = rest.trim_matches(|c: char| !c.is_alphanumeric() && c != '-').trim_end_matches('-');
        let is_value = value.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
        let numbered = value.trim_start_matches('-').bytes().next().is_some_and(|byte| byte.is_ascii_digit());
        (before.len() < clause.len() && is_value && (numbered || lexicon.is_named("all-values", value)))
            .then(|| value.to_owned())
    };
    let marks = [',', '，', ';', '；', '。', '、'];
    let mut said: Vec<String> = words.split(marks).chain(words.split(' ')).filter_map(bare).collect();
    said.dedup();
    let value = |clause: &str| {
        let start = clause.find(|c: char| c.is_ascii_alphanumeric() || c == '-')?;
        let rest = &clause[start..];
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '-' | '_')).unwrap_or(rest.len());
        Some(rest[..end].trim_end_matches('-').to_owned())
    };
    open.filter_map(value).chain(said).collect()
}

/// Whether a parameter is a number: by its type, or by its example.
fn numeric(param: &Param) -> bool {
    let typed = param.type_name.as_deref().map(str::to_lowercase);
    let number = |name: &String| {
        ["int", "number", "float", "double", "decimal", "long"].iter().any(|known| name.starts_with(known))
    };
    typed.as_ref().is_some_and(number)
        || (typed.is_none()
            && param.default.as_deref().is_some_and(|text| text.len() < 9 && text.parse::<f64>().is_ok()))
}

/// Whether a value stands for all there are: `0全部`, `all所有订单` of what is called 订单, and not 全部完成.
pub(in crate::behavior) fn stands_for_all(value: &str, words: &str, about: &[&str], lexicon: &Lexicon) -> bool {
    let head = label_head(words);
    let rest = || {
        let end = lexicon.after("all-values", head).filter(|_| lexicon.begins_with("all-values", head))?;
        Some(head[end..].trim_start_matches(|c: char| !c.is_alphanumeric()))
    };
    let of_them = |rest: &str| {
        rest.is_empty() || lexicon.is_named("all-values", value) || about.iter().any(|about| about.contains(rest))
    };
    lexicon.is_nothing_but("all-values", words) || rest().is_some_and(of_them)
}

/// Of which signs a value may be made, or must be.
fn sign_rules(param: &Param, words: &str, role: Role, lexicon: &Lexicon) -> Vec<InputRule> {
    let mut rules = Vec::new();
    let is_password = matches!(role, Role::Password | Role::NewPassword);
    let signs = Signs::read(words, &lexicon.rules().signs);
    let digits = || {
        let stated = role == Role::PayPassword || is_password;
        let alone = || Signs::digits_alone(words, &lexicon.rules().signs, &lexicon.rules().lengths.parts);
        alone().filter(|digits| stated && param.default.as_deref().is_none_or(|shown| digits.hold(shown)))
    };
    if let Some(signs) = signs.or_else(digits) {
        let because = Evidence::new(words, param.place, Confidence::Certain);
        rules.push(InputRule { form: Form::MadeOf(signs), because });
    }
    if is_password
        && !(signs.is_some() && Signs::are_alone(words, &lexicon.rules().signs))
        && lexicon.speaks_of("letters-and-digits", words)
    {
        let because = Evidence::new(words, param.place, Confidence::Certain);
        rules.push(InputRule { form: Form::LettersAndDigits, because });
    }
    rules
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_that_stand_for_all_are_told_from_others() {
        let check = |words: &str, expected: &[&str]| {
            assert_eq!(all_values(words, &Lexicon::standard()), expected, "{words}");
        };
        check("按状态过滤，0全部", &["0"]);
        check("版块，-1为全部", &["-1"]);
        check("1待付款 2已付款 0表示全部", &["0"]);
        check("1上架 2下架，不传全部", &[]);
        check("每页10条", &[]);
        check("3天内全部", &[]);
        check("0 means all", &["0"]);
        check("单据状态 all-全部 waiting-等待派单", &["all"]);
    }
}
