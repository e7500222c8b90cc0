//! `empty-success-data`: a title promises data, and the success shows none.
//!
//! What the fields are called cannot be known from such an example, and the same emptiness is answered. Nothing is
//! owed by what changes or sends something, even if its title speaks of information.

use crate::json::{Json, Step};
use crate::lexicon::Operation;
use crate::lint::look::Look;
use crate::lint::{Find, Findings, Rule};
use crate::spec::Example;
use crate::spec::envelope::Envelope;

pub(super) const RULE: Rule =
    Rule::warning("empty-success-data", "a title promises data, and the success example has none", Find::Set(find));

fn find(look: &Look<'_>, found: &mut Findings) {
    for (endpoint, behavior) in look.endpoints() {
        if look.changes(behavior) || !promises_data(look, &endpoint.title) {
            continue;
        }
        let envelope = look.set.envelope(endpoint);
        let mut examples = endpoint.successes().filter(|example| !example.is_table).peekable();
        let Some(first) = examples.peek().copied() else { continue };
        if examples.any(|example| has_data(envelope, &example.value)) {
            continue;
        }
        let place = place_of_data(envelope, first);
        let message = format!("`{}` promises data, and its success has none", endpoint.title);
        let help = "show the fields that a success has, with a value each";
        let mut finding = RULE.at(place, message).help(help).at_endpoint(&endpoint.id);
        if let Some(title) = endpoint.title_place {
            finding = finding.related(title, "promised here");
        }
        found.push(finding);
    }
}

fn promises_data(look: &Look<'_>, title: &str) -> bool {
    let speaks_of = |topic: &str| look.lexicon.speaks_of(topic, title);
    (speaks_of("asks-for-data") || (speaks_of("promises-data") && !speaks_of("deeds")))
        && !speaks_of("changes-data")
        && !look.lexicon.operations_in(title).iter().any(|(operation, _)| *operation == Operation::SendPasscode)
}

/// Whether something stands where data belong, or beside the members that every reply has.
fn has_data(envelope: &Envelope, reply: &Json) -> bool {
    let Some(members) = reply.as_object() else { return !is_empty(reply) };
    let of_envelope = |key: &str| {
        let paths = envelope.marker.iter().chain(&envelope.code).chain(&envelope.message);
        paths.clone().any(|path| matches!(path.as_slice(), [Step::Key(known)] if &**known == key))
    };
    members.iter().any(|(key, value)| {
        let is_data = envelope.data.as_deref() == Some(key);
        // Beside a member that carries the data, a scalar such as a time says nothing about what was asked for.
        let says_something = is_data || !value.is_scalar() || (envelope.data.is_none() && !of_envelope(key));
        says_something && !is_empty(value)
    })
}

fn is_empty(value: &Json) -> bool {
    match value {
        Json::Null => true,
        Json::String(text) => text.is_empty(),
        Json::Array(items) => items.is_empty(),
        Json::Object(members) => members.is_empty(),
        Json::Bool(_) | Json::Number(_) => false,
    }
}

fn place_of_data(envelope: &Envelope, example: &Example) -> crate::source::Place {
    envelope.data.as_ref().map_or(example.place, |data| example.place_of(&[Step::Key(data.clone())]))
}

#[cfg(test)]
mod tests {
    use crate::lint::tests::found;

    fn check(title: &str, reply: &str, reported: bool) {
        let set = "## 登录\n+++\npost:/b\n<<<\nsuccess\n{\"code\":1,\"msg\":\"ok\",\"data\":{\"a\":1},\"time\":1}\n<<<\nerror\n{\"code\":0,\"msg\":\"失败\",\"data\":\"\",\"time\":1}\n+++\n";
        let document = format!("{set}## {title}\n+++\npost:/a\n<<<\nsuccess\n{reply}\n+++\n");
        assert_eq!(found("empty-success-data", &document).len(), usize::from(reported), "{title} {reply}");
    }

    #[test]
    fn promised_data_are_missing() {
        check("获取认证信息", r#"{"code":1,"msg":"获取成功","data":"","time":1}"#, true);
        check("订单列表", r#"{"code":1,"msg":"ok","data":[]}"#, true);
        check("订单详情", r#"{"code":1,"msg":"ok"}"#, true);
    }

    #[test]
    fn data_are_there_or_nobody_promised_them() {
        check("订单列表", r#"{"code":1,"msg":"ok","data":[{"id":1}]}"#, false);
        check("订单列表", r#"{"code":1,"msg":"ok","list":[{"id":1}]}"#, false);
        check("查询是否签到", r#"{"code":1,"msg":"ok","data":false}"#, false);
        check("退出登录", r#"{"code":1,"msg":"ok","data":""}"#, false);
        check("修改个人信息", r#"{"code":1,"msg":"ok","data":""}"#, false);
        check("企业信息认证", r#"{"code":1,"msg":"ok","data":""}"#, false);
        check("获取验证码", r#"{"code":1,"msg":"ok","data":""}"#, false);
    }
}
