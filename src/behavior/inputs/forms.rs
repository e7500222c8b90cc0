//! What inputs must look like beyond their own lines: what failures say of them, what holds for their role everywhere, and what
//! a line of the same name in the same collection says.

use super::rule;
use super::signs::Signs;
use crate::behavior::choose::Chooser;
use crate::behavior::failure::Catalog;
use crate::behavior::{Confidence, Evidence, Form, Input, InputRule, checks, collection};
use crate::lexicon::{Class, Lexicon, Operation, Role};
use crate::source::Place;
use crate::spec::DocSet;
use std::sync::Arc;

/// Where stars say nothing, an input is required if a failure says that it is missing.
pub(in crate::behavior) fn require_what_failures_name(
    set: &DocSet,
    lexicon: &Lexicon,
    catalog: &Catalog,
    inputs: &mut [Vec<Input>],
    chinese: bool,
    stars: bool,
) {
    if stars {
        return;
    }
    let chooser = Chooser::new(set, lexicon, catalog, inputs, chinese, &[]);
    let named: Vec<(usize, usize)> = (0..inputs.len())
        .flat_map(|at| (0..inputs[at].len()).map(move |input| (at, input)))
        .filter(|(at, input)| chooser.is_named_missing(*at, *input))
        .collect();
    for (at, input) in named {
        inputs[at][input].required = true;
    }
}

/// Rules that hold for a role everywhere: the form of phones and cards, the length of passwords.
pub(in crate::behavior) fn add_role_rules(
    set: &DocSet,
    lexicon: &Lexicon,
    kinds: &[Operation],
    inputs: &mut [Vec<Input>],
) {
    let stated = checks::password_rules(inputs);
    for (at, inputs) in inputs.iter_mut().enumerate() {
        let place = |input: &Input| if input.place == Place::default() { set.endpoints[at].place } else { input.place };
        for input in inputs.iter_mut().filter(|input| !input.discriminates) {
            let certain = |text: &str, form: Form, input: &Input| InputRule {
                form,
                because: Evidence::new(text, place(input), Confidence::Certain),
            };
            match input.word {
                // A phone is an identity in operations on accounts only; elsewhere only its own line binds it.
                Role::Phone if input.role == Role::Identity => {
                    input.rules.retain(|rule| !matches!(rule.form, Form::Length(_)));
                    input.rules.push(certain("a mainland mobile number", Form::Mobile, input));
                }
                Role::Phone => {
                    for rule in input.rules.iter_mut().filter(|rule| is_mobile(rule, lexicon)) {
                        rule.form = Form::Mobile;
                    }
                }
                Role::Email if input.role == Role::Identity => {
                    input.rules.push(certain("an e-mail address", Form::Email, input));
                }
                Role::IdCard if input.role == Role::IdCard => {
                    input.rules.retain(|rule| !matches!(rule.form, Form::Length(_)));
                    input.rules.push(certain("the form of an ID card", Form::IdCard, input));
                }
                Role::Password | Role::NewPassword => {
                    // Who changes a password gives the old one as it is, whatever the rules say now.
                    let sets = input.word == Role::NewPassword || kinds[at] != Operation::ChangePassword;
                    let has = |rules: &[InputRule], wanted: &Form| {
                        rules.iter().any(|rule| std::mem::discriminant(&rule.form) == std::mem::discriminant(wanted))
                    };
                    let own = has(&input.rules, &Form::Length(rule::Length::default()));
                    let elsewhere = stated.iter().filter(|rule| sets && !own && !has(&input.rules, &rule.form));
                    let elsewhere: Vec<InputRule> = elsewhere.cloned().collect();
                    input.rules.extend(elsewhere);
                }
                _ => {}
            }
            if matches!(input.word, Role::Passcode | Role::Token) {
                // How long a passcode is says how they are made, not what is refused.
                input.rules.clear();
            }
        }
    }
}

/// `11位手机号`: a length that only mobile numbers have, of what is called one.
fn is_mobile(rule: &InputRule, lexicon: &Lexicon) -> bool {
    let length = rule::Length { min: Some(11), max: Some(11) };
    rule.form == Form::Length(length) && lexicon.speaks_of("mobile-number", &rule.because.text)
}

/// What an endpoint's own failures say of the form of an input: `手机号格式有误` of a phone that names no account, `密码为6-16位`.
pub(in crate::behavior) fn add_stated_forms(
    set: &DocSet,
    lexicon: &Lexicon,
    catalog: &Catalog,
    inputs: &mut [Vec<Input>],
    chinese: bool,
) {
    let chooser = Chooser::new(set, lexicon, catalog, inputs, chinese, &[]);
    let mut stated: Vec<(usize, usize, InputRule)> = Vec::new();
    for (at, failures) in catalog.own.iter().enumerate() {
        for failure in failures.iter().filter(|failure| failure.classes.first() == Some(&Class::Malformed)) {
            let length = rule::length(&failure.message, &lexicon.rules().lengths);
            for input in chooser.named_inputs(at, failure.says()) {
                let known = &inputs[at][input];
                let because = Evidence::new(failure.message.clone(), failure.place, Confidence::Likely);
                let form = match length {
                    Some(length) if !known.rules.iter().any(|rule| matches!(rule.form, Form::Length(_))) => {
                        Form::Length(length)
                    }
                    None if known.word == Role::Phone && known.role == Role::Phone && known.rules.is_empty() => {
                        Form::Mobile
                    }
                    None if known.word == Role::Amount && lexicon.speaks_of("least-amount", failure.says()) => {
                        let ranged = known.rules.iter().any(|rule| matches!(rule.form, Form::Range(..)));
                        match crate::behavior::wallet::least_in(&failure.message, lexicon).filter(|_| !ranged) {
                            Some(least) => Form::Range(least, i64::MAX),
                            None => continue,
                        }
                    }
                    None if known.rules.iter().all(|rule| !matches!(rule.form, Form::MadeOf(_))) => {
                        match Signs::read(&failure.message, &lexicon.rules().signs) {
                            Some(signs) => Form::MadeOf(signs),
                            None => continue,
                        }
                    }
                    _ => continue,
                };
                stated.push((at, input, InputRule { form, because }));
            }
        }
    }
    crate::behavior::failures::least::add_least(&chooser, &mut stated);
    // An e-mail address has one form, whoever it is of; it is looked at where a failure can say that it is wrong.
    let shared = catalog.shared.iter().any(|failure| failure.classes.contains(&Class::Malformed));
    for (at, failures) in catalog.own.iter().enumerate() {
        let own = failures.iter().any(|failure| failure.classes.contains(&Class::Malformed) && !failure.states_rule);
        let addresses = inputs[at]
            .iter()
            .enumerate()
            .filter(|(_, input)| input.word == Role::Email && input.role != Role::Identity && !input.discriminates);
        for (input, known) in addresses.filter(|_| own || shared) {
            let because = Evidence::new("an e-mail address", known.place, Confidence::Likely);
            stated.push((at, input, InputRule { form: Form::Email, because }));
        }
    }
    for (at, input, rule) in stated {
        inputs[at][input].rules.push(rule);
    }
}

/// A line without a rule has that of a line of the same name in the same collection, accounts being one.
pub(in crate::behavior) fn inherit_rules(
    kinds: &[Operation],
    groups: &[collection::nouns::group::Group],
    inputs: &mut [Vec<Input>],
) {
    let accounts = (0..kinds.len()).filter(|at| !kinds[*at].is_on_records() && kinds[*at] != Operation::Answer);
    let groups = groups.iter().map(|group| group.endpoints.clone()).chain([accounts.collect()]);
    for group in groups {
        let writes = |at: &&usize| kinds[**at] != Operation::List;
        let stated: Vec<(Arc<str>, InputRule)> = group
            .iter()
            .filter(writes)
            .flat_map(|at| &inputs[*at])
            .filter(|input| !input.word.is_secret())
            .flat_map(|input| input.rules.iter().map(|rule| (Arc::clone(&input.name), rule.clone())))
            .collect();
        // What may be chosen when a record is made may be when it is changed; elsewhere a like name says other things.
        let keeps = |at: usize| {
            use Operation::{Create, EditProfile, Register, Save, Update};
            matches!(kinds[at], Create | Save | Update | Register | EditProfile)
        };
        let chosen: Vec<Arc<str>> = group
            .iter()
            .filter(|at| keeps(**at))
            .flat_map(|at| &inputs[*at])
            .filter(|input| input.rules.iter().any(|rule| matches!(rule.form, Form::OneOf(_))))
            .map(|input| Arc::clone(&input.name))
            .collect();
        for at in group.iter().filter(writes) {
            let passes = |name: &Arc<str>, form: &Form| match form {
                Form::Length(_) | Form::Range(..) => true,
                Form::OneOf(_) => keeps(*at) && chosen.contains(name),
                Form::Date(_) => keeps(*at),
                _ => false,
            };
            for input in inputs[*at].iter_mut().filter(|input| input.rules.is_empty() && !input.discriminates) {
                let known = stated.iter().find(|(name, rule)| *name == input.name && passes(name, &rule.form));
                if let Some((_, rule)) = known {
                    let because = Evidence { confidence: Confidence::Likely, ..rule.because.clone() };
                    input.rules.push(InputRule { form: rule.form.clone(), because });
                }
            }
        }
    }
}
