//! `no-code-sender`: endpoints take a passcode, and none sends one.
//!
//! Nobody who has these documents alone can get a passcode. While they are served, the admin interface issues it.

use crate::lexicon::{Operation, Role};
use crate::lint::look::Look;
use crate::lint::{Find, Findings, Rule};
use crate::spec::{Endpoint, In, Param};

pub(super) const RULE: Rule =
    Rule::warning("no-code-sender", "endpoints take a passcode, and none sends one", Find::Set(find));

fn find(look: &Look<'_>, found: &mut Findings) {
    let mut takers = look.set.endpoints.iter().filter_map(|endpoint| Some((endpoint, passcode(look, endpoint)?)));
    let Some((endpoint, param)) = takers.next() else { return };
    if look.set.endpoints.iter().any(|endpoint| sends(look, endpoint)) {
        return;
    }
    let message = format!("`{}` takes a passcode, and no endpoint sends one", param.name);
    let finding = RULE
        .at(param.place, message)
        .help("document the endpoint that sends it; until then the admin interface issues it")
        .at_endpoint(&endpoint.id);
    let finding = takers.fold(finding, |finding, (_, other)| finding.related(other.place, "taken here, too"));
    found.push(finding);
}

/// What takes the passcode: its label says so, or its name does and nothing speaks against it. A short name such as `code`
/// may stand for anything, and what is drawn is not sent.
fn passcode<'e>(look: &Look<'_>, endpoint: &'e Endpoint) -> Option<&'e Param> {
    let role = |name: &str, label: &str| look.lexicon.role(name, label).map(|(role, _)| role);
    let taken = |param: &&Param| {
        let said = role("", &param.label) == Some(Role::Passcode);
        let named = param.label.is_empty() && param.name.len() > 4 && role(&param.name, "") == Some(Role::Passcode);
        (said || named) && param.location != In::Header && !look.lexicon.speaks_of("drawn-passcode", &param.label)
    };
    endpoint.params.iter().find(taken)
}

/// By title, message or the passcode in a reply; by a path that names it, if someone to send it to is taken.
fn sends(look: &Look<'_>, endpoint: &Endpoint) -> bool {
    let says = |text: &str| {
        look.lexicon.operations_in(text).iter().any(|(operation, _)| *operation == Operation::SendPasscode)
    };
    let envelope = look.set.envelope(endpoint);
    let mut messages = endpoint.successes().filter_map(|example| envelope.message_of(&example.value));
    if passcode(look, endpoint).is_some() {
        return false;
    }
    if says(&endpoint.title) || messages.any(|(_, text)| says(text)) {
        return true;
    }
    let Some(words) = look.lexicon.operation_words(Operation::SendPasscode) else { return false };
    let roles: Vec<Role> = endpoint.params.iter().filter_map(|param| look.role(param)).collect();
    let addressed = roles.iter().any(|role| role.identifies()) && !roles.iter().any(|role| words.never.contains(role));
    addressed && path_words(&endpoint.path).any(|word| words.path.contains(&word))
}

/// `Captcha/sendSms` is captcha, sendsms.
fn path_words(path: &str) -> impl Iterator<Item = String> {
    path.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_ascii_lowercase)
}

#[cfg(test)]
mod tests {
    use crate::lint::tests::found;

    const TAKERS: &str =
        "## 注册\n+++\npost:/reg\n*phone=手机号 #\n*code=验证码 #\n+++\n## 找回\n+++\npost:/find\n*vcode#验证码\n+++\n";

    #[test]
    fn nobody_sends_the_passcode() {
        assert_eq!(found("no-code-sender", TAKERS), ["5: `code` takes a passcode, and no endpoint sends one"]);
    }

    #[test]
    fn somebody_sends_it() {
        for sender in [
            "## 获取验证码\n+++\npost:/x\n*phone#\n+++\n",
            "## A\n+++\nget:/captcha/push/:mobile\n*:mobile#手机号\n+++\n",
        ] {
            assert!(found("no-code-sender", &format!("{TAKERS}{sender}")).is_empty(), "{sender}");
        }
    }

    #[test]
    fn other_codes_are_no_passcodes() {
        let other = "## 登录\n+++\npost:/wx\n*code#微信登录凭证\n*v#图形验证码\ncode=0a1b2c#\n+++\n";
        assert!(found("no-code-sender", other).is_empty());
    }
}
