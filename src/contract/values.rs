//! Statuses are among those that the documents list for them.

use super::{Finding, Kind, path};
use crate::behavior::collection::{ItemMember, Source};
use crate::behavior::{Machine, Slot};
use crate::generation::Generation;
use crate::json::{Json, Step};
use crate::scenario::ast::Basis;

/// Every status of a success that is none of its enumeration; empty ones are nothing that was said.
pub(super) fn statuses(generation: &Generation, endpoint: usize, body: &Json, found: &mut Vec<Finding>) {
    let model = &generation.model;
    let mut machines: Vec<&Machine> = Vec::new();
    for (slot, _) in model.behaviors[endpoint].success.body.slots() {
        match slot {
            Slot::Field(name) => {
                let all = model.accounts.machine.iter().chain(&model.accounts.review);
                machines.extend(all.filter(|machine| machine.field == *name));
            }
            Slot::Items { template, .. } | Slot::Item(template) => {
                let shows = |machine: &&Machine| template.members.iter().any(|member| is_field(member, machine));
                machines.extend(model.collections[template.collection].machines.iter().filter(shows));
            }
            _ => {}
        }
    }
    let envelope = generation.set.envelope(&generation.set.endpoints[endpoint]);
    // What says how the call went is called a status, too.
    let code = envelope.code_of(body).map(|(path, _)| path);
    let of_call: Vec<&Vec<Step>> = code.into_iter().chain(&envelope.marker).collect();
    for (at, value) in body.leaves().into_iter().filter(|(at, _)| !of_call.contains(&at)) {
        let Some(Step::Key(key)) = at.last() else { continue };
        let Some(text) = value.scalar_text().filter(|text| !text.is_empty()) else { continue };
        let Some(machine) = machines.iter().find(|machine| machine.field == *key) else { continue };
        let is_told = machine.values.len() > 1;
        let at = path(&at);
        if !is_told || machine.known(value).is_some() || found.iter().any(|known| known.at == at) {
            continue;
        }
        let known: Vec<&str> = machine.values.iter().filter_map(|value| value.value.scalar_text()).collect();
        found.push(Finding {
            kind: Kind::Value,
            basis: Basis::Inferred,
            place: machine.place,
            at,
            expected: format!("one of {}", known.join(", ")),
            got: text.to_owned(),
        });
    }
}

/// Whether a member shows that field itself, and not one that is only called so.
fn is_field(member: &ItemMember, machine: &Machine) -> bool {
    member.key == machine.field && matches!(member.source, Source::Field)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::behavior::Overrides;
    use crate::lexicon::Lexicon;
    use crate::source::Source;
    use crate::spec::Settings;

    const DOCUMENT: &str = "## 注册\n+++\npost:/register\n*phone=手机号 #\n*password=密码 #\n<<<\nsuccess\n\
        {\"data\":{\"token\":\"ab\"},\"info\":\"注册成功\",\"code\":1000}\n<<<\nerror\n\
        {\"data\":\"\",\"info\":\"账号已存在\",\"code\":1007}\n+++\n## 获取用户信息\n+++\nget:/user/info\n\
        *token=用户token #\n<<<\nsuccess\n{\"data\":{\"phone\":\"13800000000\",\n\
        \"status\":\"0\" //状态,0:正常,1:冻结\n},\"info\":\"\",\"code\":1000}\n+++\n";

    #[test]
    fn a_status_is_one_of_those_that_are_listed() {
        let sources = vec![Source::new("a.md", DOCUMENT)];
        let generation = Generation::compile(sources, &Settings::default(), Lexicon::standard(), &Overrides::default());
        let check = |status: &str, expected: usize| {
            let body = serde_json::json!({ "data": { "phone": "1", "status": status }, "info": "", "code": 1000 });
            let mut found = Vec::new();
            statuses(&generation, 1, &Json::from(&body), &mut found);
            assert_eq!(found.len(), expected, "{status} {found:?}");
        };
        check("1", 0);
        check("", 0);
        check("9", 1);
    }
}
