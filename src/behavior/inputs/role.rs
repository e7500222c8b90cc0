//! What each parameter is for, and the rules that its words state.

use super::own_rules::own_rules;
use crate::behavior::{Failure, Form, Input, enumeration};
use crate::lexicon::{Lexicon, Operation, Role, compact, label_head};
use crate::spec::{DocSet, Endpoint, In, Param, Segment};
use std::collections::HashMap;

/// The inputs of all endpoints, in the light of each other's names.
pub(in crate::behavior) fn all_inputs(
    set: &DocSet,
    lexicon: &Lexicon,
    failures: &[Vec<Failure>],
    stars: bool,
) -> Vec<Vec<Input>> {
    let mut all: Vec<Vec<Input>> = set.endpoints.iter().map(|endpoint| inputs(endpoint, lexicon, stars)).collect();
    crate::behavior::account::known_as::widen_everywhere(&mut all, lexicon);
    crate::behavior::account::same_name::settle(&mut all, lexicon);
    crate::behavior::login::callers_token::settle(&mut all);
    super::confirming::settle(failures, &mut all);
    all
}

/// The inputs of an endpoint before it is known what it does. `stars` is whether a star says anything in this set.
fn inputs(endpoint: &Endpoint, lexicon: &Lexicon, stars: bool) -> Vec<Input> {
    let mut inputs: Vec<Input> = endpoint.params.iter().map(|param| input(param, lexicon, stars)).collect();
    // `*:id=5#教练id` describes the `:id` of the path.
    for at in 0..inputs.len() {
        let Some(name) = inputs[at].name.strip_prefix(':').map(str::to_owned) else { continue };
        let Some(named) = inputs.iter().position(|input| *input.name == *name && input.location == In::Path) else {
            continue;
        };
        let (word, role, label, place) = (inputs[at].word, inputs[at].role, inputs[at].label.clone(), inputs[at].place);
        let rules = std::mem::take(&mut inputs[at].rules);
        inputs[named] = Input { role, word, label, rules, place, ..inputs[named].clone() };
        inputs[at].required = false;
        inputs[at].routes = true;
        (inputs[at].word, inputs[at].role) = (Role::Plain, Role::Plain);
    }
    let mut places: HashMap<&str, usize> = HashMap::new();
    for (at, segment) in endpoint.segments.iter().enumerate() {
        if let Segment::Param(name) = segment {
            places.entry(name).or_insert(at);
        }
    }
    let is_account = |input: &Input| {
        let at = places.get(&*input.name).filter(|_| input.location == In::Path);
        at.is_some_and(|at| is_account_in_path(endpoint, *at, input, lexicon))
    };
    for input in inputs.iter_mut().filter(|input| is_account(input)) {
        (input.word, input.role) = (Role::UserId, Role::UserId);
    }
    // `DELETE comments/{cid}`: what names a record in a path is no client's id, whatever its letters say.
    let names_record = |input: &Input| {
        let at = places.get(&*input.name).filter(|_| input.location == In::Path && input.word == Role::Device);
        let behind = at.and_then(|at| endpoint.segments.get(at.checked_sub(1)?));
        behind.is_some_and(|segment| matches!(segment, Segment::Literal(_)))
    };
    for input in inputs.iter_mut().filter(|input| names_record(input)) {
        (input.word, input.role) = (Role::RecordId, Role::RecordId);
    }
    super::confirming::by_name(&mut inputs, lexicon);
    let has = |inputs: &[Input], role: Role| inputs.iter().any(|input| input.word == role);
    // `password` beside `password_new` is the old one.
    let one_is_old =
        has(&inputs, Role::NewPassword) && !has(&inputs, Role::OldPassword) && !has(&inputs, Role::Passcode);
    let password = inputs.iter_mut().find(|input| input.word == Role::Password);
    if let Some(password) = password.filter(|_| one_is_old) {
        password.word = Role::OldPassword;
        password.role = Role::OldPassword;
    }
    inputs
}

/// `users/{id}/followers`: what stands behind `users` is the id of one. `PUT users/{id}` is about users as a back office has them.
fn is_account_in_path(endpoint: &Endpoint, at: usize, input: &Input, lexicon: &Lexicon) -> bool {
    let segments = &endpoint.segments;
    if at == 0 {
        return false;
    }
    let looks = endpoint.method.as_deref().is_none_or(|method| method == "GET") || at + 1 < segments.len();
    let behind = matches!(&segments[at - 1], Segment::Literal(text) if lexicon.is_named("account-noun", text));
    behind && looks && matches!(input.word, Role::RecordId | Role::Plain)
}

fn input(param: &Param, lexicon: &Lexicon, stars: bool) -> Input {
    // A line that only lists values, or says no more than that it is required, has no label.
    let items = enumeration::read(&param.label, &lexicon.rules().enumerations);
    let lists = items.first().is_some_and(|first| param.label.trim_start().starts_with(first.value.as_str()));
    let bare = ["required", "optional"].iter().any(|topic| lexicon.is_nothing_but(topic, &param.label));
    let named = param.label.is_empty() || lists || bare;
    let label = if named { param.name.as_str() } else { param.label.as_str() };
    // What the values of `1密码登录 2验证码登录` stand for is not what the parameter is for.
    let said = if lists { "" } else { param.label.as_str() };
    // `identity=owner # 身份：owner业主 master师傅` says of which kind somebody is, and not who.
    let is_kind = !items.is_empty()
        && (lexicon.is_named("account-kind", &param.name)
            || lexicon.is_nothing_but("account-kind", label_head(&param.label)));
    let role = if param.discriminates || is_kind { Role::Plain } else { role_of(&param.name, said, lexicon) };
    let role = if role == Role::IdCard && is_other_card(param, lexicon) { Role::Plain } else { role };
    // `pass=是否通过 # 1通过 0不通过` is no password, whatever its name: what is kept secret is not one of a few values.
    let by_name = lexicon.role(&param.name, "").is_some_and(|(known, points)| known == role && points >= 8);
    let few = |role: Role| match role {
        // `sign=plus # plus 加一 minus 减一`, `type # 登录密码:login, 支付密码:pay`
        Role::Signature => lists || is_listed(param, lexicon),
        role => role.is_secret() && (is_choice(param, lexicon) || (!by_name && is_listed(param, lexicon))),
    };
    let role = if few(role) { Role::Plain } else { role };
    let role = if role == Role::UserId && is_of_thing(&param.label, lexicon) { Role::Plain } else { role };
    let role = crate::behavior::account::known_as::widened(role, param, lexicon);
    let role = if role == Role::Plain && is_proof_in_header(param, lexicon) { Role::Token } else { role };
    let role = if role.is_secret() { without_purposes(param, role, lexicon) } else { role };
    // `?id=12` shows a value where others go, `?s=User.Login` is a part of the address.
    let is_value = matches!(role, Role::RecordId | Role::Page | Role::PageSize | Role::Keyword)
        || is_number_of_record(&param.name, param.default.as_deref().unwrap_or_default(), lexicon);
    Input {
        name: param.name.as_str().into(),
        role,
        word: role,
        // `1-5 分` tells of its numbers, and calls it nothing.
        label: Some(label_head(label)).filter(|head| head.contains(char::is_alphabetic)).unwrap_or_default().to_owned(),
        required: required(param, lexicon, stars),
        location: param.location,
        discriminates: param.discriminates,
        routes: param.public || (!param.is_told() && param.location == In::Query && !is_value),
        rules: own_rules(param, role, lexicon),
        place: param.place,
    }
}

/// `| X-Key | 登录（或注册）拿到的 token |` among request headers: all that is said of it counts, and not what it begins with.
fn is_proof_in_header(param: &Param, lexicon: &Lexicon) -> bool {
    let words = param.all_words();
    let of_token = || lexicon.meaning(&words).subjects.iter().any(|subject| subject == "token");
    param.location == In::Header
        && !param.discriminates
        && !param.public
        && !lexicon.is_nothing_but("ordinary-headers", &param.name)
        && (lexicon.speaks_of("login-proof", &words) || of_token())
}

/// `certNo=E12345678 # 证件号码`: a card whose example cannot be an ID card's number is another one.
fn is_other_card(param: &Param, lexicon: &Lexicon) -> bool {
    let example = param.default.as_deref().unwrap_or_default();
    let is_number = example.len() > 4 && example.bytes().all(|byte| byte.is_ascii_alphanumeric());
    is_number && !super::id_card::has_form(example) && !lexicon.speaks_of("id-card-word", &param.all_words())
}

/// `uid # 地图上店铺的唯一标识`: the id of what its label names, which is nobody.
fn is_of_thing(label: &str, lexicon: &Lexicon) -> bool {
    let head = label_head(label).trim();
    let owner = lexicon.before_end("id-of", head);
    let thing = owner.trim_end_matches(|c: char| !c.is_alphanumeric());
    let people = ["account-noun", "account-word", "maker-party", "other-party", "of-all"];
    owner.len() < head.len() && thing.chars().count() > 1 && !people.iter().any(|topic| lexicon.speaks_of(topic, thing))
}

/// `?orderNo=BX2104250007`: the number of a record, and no word that routes. A few letters before many digits are one
/// whatever it is called.
fn is_number_of_record(name: &str, value: &str, lexicon: &Lexicon) -> bool {
    let digits = value.trim_start_matches(|c: char| c.is_ascii_uppercase());
    let is_serial = digits.bytes().all(|byte| byte.is_ascii_digit()) && value.len() - digits.len() <= 4;
    let is_named = digits.len() >= 4 && lexicon.is_named("record-number", name);
    is_serial && (is_named || (digits.len() >= 6 && digits.len() < value.len()))
}

/// Whether its line lists all the values that it has.
fn is_listed(param: &Param, lexicon: &Lexicon) -> bool {
    own_rules(param, Role::Plain, lexicon)
        .iter()
        .any(|rule| matches!(&rule.form, Form::OneOf(values) if values.len() > 1))
}

/// Whether a parameter takes one of a few signs: `1通过 0不通过`.
fn is_choice(param: &Param, lexicon: &Lexicon) -> bool {
    let is_few = |values: &Vec<String>| values.len() > 1 && values.iter().all(|value| value.len() <= 2);
    let rules = own_rules(param, Role::Plain, lexicon);
    rules.iter().any(|rule| matches!(&rule.form, Form::OneOf(values) if is_few(values)))
}

/// `scene # signup 注册、reset 重置密码`: what a code is sent for, and no password; nor is `scene # 重置密码 或 注册`.
fn without_purposes(param: &Param, role: Role, lexicon: &Lexicon) -> Role {
    let by_name = role_of(&param.name, "", lexicon);
    let listed = crate::behavior::login::purposes::listed(&param.label, lexicon);
    let first = listed.first().filter(|_| listed.len() > 1).and_then(|(value, _)| param.label.find(value.as_str()));
    let Some(first) = first else {
        let names_deed = |text: &str| !lexicon.operations_in(text).is_empty();
        // `use # 重置密码/注册`: each is a deed, and not each ends in a password.
        let pieces = || lexicon.rules().joints.choices_of(&param.label);
        let deeds_alone = pieces().nth(1).is_some()
            && pieces().all(names_deed)
            && pieces().any(|piece| role_of("", piece, lexicon) == Role::Plain);
        let is_purpose = deeds_alone || (by_name == Role::Purpose && names_deed(&param.label));
        return if is_purpose { Role::Purpose } else { role };
    };
    let about = param.label.get(..first).unwrap_or_default().trim();
    let told = if about.is_empty() { by_name } else { role_of(&param.name, about, lexicon) };
    if told.is_secret() && about.is_empty() { Role::Plain } else { told }
}

fn role_of(name: &str, label: &str, lexicon: &Lexicon) -> Role {
    match lexicon.role(name, label) {
        Some((role, points)) if points >= 4 => role,
        _ => Role::Plain,
    }
}

fn required(param: &Param, lexicon: &Lexicon, stars: bool) -> bool {
    if param.discriminates || param.location == In::Header {
        return false;
    }
    if param.location == In::Path {
        return true;
    }
    let words = param.all_words();
    if super::adding::says_adding(&words, lexicon) {
        return true;
    }
    if lexicon.speaks_of("conditional", &words) || lexicon.speaks_of("optional", &words) {
        return false;
    }
    if lexicon.speaks_of("required", &words) {
        return true;
    }
    // Without any star in the set, a star says nothing; then words and failures decide.
    param.starred && (stars || !param.listed)
}

/// What is said of whether an input has to be sent.
#[derive(Clone, Copy, Default)]
pub(in crate::behavior) struct Stated {
    /// The set has no star, and the line no word.
    nothing: bool,
    /// It may be left out, whatever else is sent.
    pub(in crate::behavior) optional: bool,
}

/// What is known of the names of accounts before an endpoint's inputs are settled.
pub(in crate::behavior) struct Names<'n> {
    /// Under which accounts log in.
    pub(in crate::behavior) logins: &'n [String],
    /// The endpoint hands out the name under which its account logs in.
    pub(in crate::behavior) numbers: bool,
    /// A login says that any of several names of an account will do.
    pub(in crate::behavior) either: bool,
}

pub(in crate::behavior) fn stated(param: &Param, lexicon: &Lexicon, stars: bool) -> Stated {
    let words = param.all_words();
    let conditional = lexicon.speaks_of("conditional", &words);
    let optional = lexicon.speaks_of("optional", &words);
    let nothing = !stars && param.listed && !param.discriminates && !conditional && !optional;
    Stated { nothing, optional: optional && !conditional }
}

/// Makes identities of the inputs that name an account, now that it is known what the endpoint does, and requires what
/// proves who someone is.
pub(in crate::behavior) fn settle(inputs: &mut [Input], operation: Operation, stated: &[Stated], names: &Names<'_>) {
    let logins = names.logins;
    if sets_secret(operation) {
        for (input, _) in inputs.iter_mut().zip(stated).filter(|(_, stated)| stated.nothing) {
            input.required |= input.word.is_secret();
        }
    }
    if operation != Operation::List && operation.is_on_records() {
        // `num` is a page's size in a list, and how many are wanted anywhere else.
        let paging = |input: &&mut Input| matches!(input.word, Role::PageSize | Role::Page | Role::Keyword);
        for input in inputs.iter_mut().filter(paging) {
            input.word = Role::Plain;
            input.role = Role::Plain;
        }
    }
    let names_account = matches!(
        operation,
        Operation::Register
            | Operation::Login
            | Operation::ResetPassword
            | Operation::SendPasscode
            | Operation::BindIdentity
    );
    if !names_account {
        return;
    }
    require_secret(inputs, operation);
    let registers = operation == Operation::Register;
    // `nickname` names nobody, but where accounts log in under it.
    let taken = |input: &Input| {
        registers && !input.word.is_secret() && !input.discriminates && logins.contains(&compact(&input.name))
    };
    let is_name = |input: &Input| Role::Identity.covers(input.word) || taken(input);
    // What has to be given names the account before what can be left out, and what logs in before what does not.
    let logs_in = |input: &Input| is_name(input) && logins.contains(&compact(&input.name));
    let told = registers && inputs.iter().any(logs_in);
    // A passcode comes to a phone, whether or not the line says that it may be left out.
    let by_code = inputs.iter().any(|input| input.word == Role::Passcode);
    let is_left_out = |at: usize| registers && !by_code && stated.get(at).is_some_and(|stated| stated.optional);
    let others = (0..inputs.len()).any(|at| is_name(&inputs[at]) && !is_left_out(at));
    let open: Vec<bool> = (0..inputs.len()).map(|at| others && is_left_out(at)).collect();
    // Beside the name with which accounts log in, and which has to be given, a phone that may be left out is a field.
    let named_so = told && !by_code && !names.either && inputs.iter().any(|input| logs_in(input) && input.required);
    let mut found: Vec<Role> = Vec::new();
    for (input, left_out) in inputs.iter_mut().zip(&open).filter(|(input, _)| is_name(input)) {
        // A second phone is somebody else's.
        let first = !found.contains(&input.word);
        let known = logs_in(input);
        let usual = input.word == Role::Phone && !left_out && (input.required || !named_so);
        if first && (input.required || !registers || known || usual) {
            input.role = Role::Identity;
            found.push(input.word);
        }
    }
    let mut found = !found.is_empty();
    let mut candidates = inputs.iter_mut().zip(&open).filter(|(input, left_out)| is_name(input) && !**left_out);
    if let Some((input, _)) = candidates.next().filter(|_| !found) {
        input.role = Role::Identity;
        found = true;
    }
    // Who is given a number has that name, and others may be called as they are.
    if !found
        && !names.numbers
        && matches!(operation, Operation::Login | Operation::ResetPassword | Operation::Register)
    {
        // By elimination: what is neither secret nor device names the account.
        let named = inputs.iter_mut().find(|input| {
            !input.discriminates
                && input.location != In::Header
                && matches!(
                    input.word,
                    Role::Plain | Role::UserId | Role::IdCard | Role::RecordId | Role::Nickname | Role::RealName
                )
                && !input.rules.iter().any(|rule| matches!(rule.form, Form::OneOf(_)))
        });
        if let Some(input) = named {
            input.role = Role::Identity;
        }
    }
    // Nobody is registered, let in or reset without a name, whatever the stars say.
    let demanded = inputs.iter().any(|input| input.role == Role::Identity && input.required);
    let named = |input: &&mut Input| input.role == Role::Identity;
    let known = inputs.iter().position(|input| input.role == Role::Identity && told && logs_in(input));
    let first = match known {
        Some(at) => inputs.get_mut(at),
        None => inputs.iter_mut().find(named),
    };
    if let Some(input) = first.filter(|_| !demanded) {
        input.required = true;
    }
}

fn sets_secret(operation: Operation) -> bool {
    matches!(
        operation,
        Operation::Register | Operation::ResetPassword | Operation::ChangePassword | Operation::BindIdentity
    )
}

/// Nobody gets in, and no password is set, without the one secret that is taken, whether or not it has a star.
fn require_secret(inputs: &mut [Input], operation: Operation) {
    let secret = |input: &Input| match operation {
        Operation::Login => matches!(input.word, Role::Password | Role::Passcode),
        Operation::Register => matches!(input.word, Role::Password | Role::Passcode),
        Operation::ResetPassword | Operation::BindIdentity => input.word == Role::Passcode,
        _ => false,
    };
    if inputs.iter().filter(|input| secret(input)).count() == 1 {
        inputs.iter_mut().filter(|input| secret(input)).for_each(|input| input.required = true);
    }
}
