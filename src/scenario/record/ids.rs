//! Ids that one call of a recording showed and another names: the second takes it from the reply to the first, since a run
//! at another time makes records with other ids.

use crate::behavior::{Action, Demand, Model, RecordId};
use crate::json::{Json, Step as At, path_text};
use crate::scenario::ast::{Path, Save, Step};
use std::collections::BTreeMap;
use std::sync::Arc;

/// By the id's text: where it was shown.
#[derive(Default)]
pub(super) struct Shown {
    places: BTreeMap<String, Vec<Place>>,
    names: usize,
}

struct Place {
    step: usize,
    path: String,
    key: Arc<str>,
    /// Of which collection the object is that shows it, by its name.
    collection: Option<Arc<str>>,
    /// The reply is of the call that made the record.
    is_made: bool,
    /// The variable, once one is needed.
    name: Option<String>,
}

impl Shown {
    /// Notes what the reply of a step shows.
    pub(super) fn learn(&mut self, model: &Model, endpoint: usize, data: Option<&str>, body: &Json, step: usize) {
        let behavior = &model.behaviors[endpoint];
        let made = behavior.effects.iter().find_map(|effect| match &effect.action {
            Action::CreateRecord { collection, .. } | Action::SaveRecord { collection, .. } => Some(*collection),
            _ => None,
        });
        let listed = || behavior.list.as_ref().map(|plan| plan.collection);
        let about = made.or_else(listed).or_else(|| behavior.record.as_ref().map(|on| on.collection));
        let Some(about) = about.map(|about| &model.collections[about]) else { return };
        for (at, value) in body.leaves() {
            let ([before @ .., At::Key(key)], Some(text)) = (at.as_slice(), value.scalar_text()) else { continue };
            let is_id = crate::lexicon::compact(key).ends_with("id") || about.id.key.as_ref() == Some(key);
            if !is_id || text.is_empty() {
                continue;
            }
            let is_own = match before {
                [] => true,
                [At::Key(only)] => data == Some(&**only),
                [lists @ .., At::Index(_)] => lists.iter().all(|step| matches!(step, At::Key(_))),
                _ => false,
            };
            let place = Place {
                step,
                path: path_text(&at),
                key: Arc::clone(key),
                collection: is_own.then(|| Arc::clone(&about.name)),
                is_made: made.is_some(),
                name: None,
            };
            let known = self.places.entry(text.to_owned()).or_default();
            let same = known.iter().position(|known| known.key == place.key && known.collection == place.collection);
            match same {
                // Who made it says it best; of others the last, and what is used stays.
                Some(same) if known[same].name.is_none() && (place.is_made || !known[same].is_made) => {
                    known[same] = place;
                }
                Some(_) => {}
                None => known.push(place),
            }
        }
    }

    /// The variable for the id that an input sends, if an earlier reply has shown it; that step saves it from now on.
    pub(super) fn named(
        &mut self,
        model: &Model,
        endpoint: usize,
        input: usize,
        value: &Json,
        steps: &mut [Step],
    ) -> Option<Json> {
        let behavior = &model.behaviors[endpoint];
        let of_checks = behavior.checks.iter().find_map(|check| match inner(&check.demand) {
            Demand::Found { collection, id: RecordId { input: named, via: None }, .. }
            | Demand::Referenced { collection, input: named }
                if *named == input =>
            {
                Some(*collection)
            }
            _ => None,
        });
        let of_record = || {
            let on = behavior.record.as_ref()?;
            on.id.as_ref().filter(|id| id.input == input && id.via.is_none()).map(|_| on.collection)
        };
        let collection = &model.collections[of_checks.or_else(of_record)?];
        let known = self.places.get_mut(value.scalar_text()?)?;
        let fits = |place: &&mut Place| {
            let is_of_it = place.collection.as_ref() == Some(&collection.name);
            let is_generic = ["id", "_id"].contains(&&*place.key);
            let is_key = collection.id.key.as_ref() == Some(&place.key) || *place.key == *behavior.inputs[input].name;
            if is_generic { is_of_it } else { is_key }
        };
        let place = known.iter_mut().filter(fits).max_by_key(|place| (place.is_made, place.step))?;
        let name = match &place.name {
            Some(name) => name.clone(),
            None => {
                let path = Path::parse(&place.path).ok()?;
                let step = steps.get_mut(place.step)?;
                self.names += 1;
                let name = if self.names == 1 { "id".to_owned() } else { format!("id{}", self.names) };
                step.save.push(Save { name: name.clone(), path: Some(path), place: step.place });
                place.name = Some(name.clone());
                name
            }
        };
        Some(Json::string(format!("${{{name}}}")))
    }
}

fn inner(demand: &Demand) -> &Demand {
    match demand {
        Demand::When { demand, .. } => inner(demand),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generation::Generation;

    const DOCS: &str = r#"# 花摊
### 注册
~~~[api]
post:/register
*string:mobile=13600001111#手机号
*string:password=flower24#密码
<<<
success
{"code": 0, "msg": "ok", "data": {"token": "c0ffee00aa11bb22"}}
~~~
### 添加花篮【需登录】
~~~[api]
post:/basket/add
*string:name=玫瑰#名称
<<<
success
{"code": 0, "msg": "ok", "data": {"basket_id": 61}}
~~~
### 花篮详情【需登录】
~~~[api]
get:/basket/info
*int:basket_id=61#花篮id
<<<
success
{"code": 0, "msg": "ok", "data": {"basket_id": 61, "name": "玫瑰", "num": 61}}
<<<
error
{"code": 201, "msg": "花篮不存在", "data": null}
~~~
"#;

    #[test]
    fn an_id_is_taken_from_the_reply_that_showed_it() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("a.md"), DOCS).unwrap();
        let loaded = crate::load::load(&[folder.path().to_owned()], None).unwrap();
        let model = Generation::of_loaded(&loaded, None).model;
        let mut steps = vec![Step::default(), Step::default(), Step::default()];
        let mut shown = Shown::default();
        let body = |json: serde_json::Value| Json::from(&json);
        shown.learn(&model, 1, Some("data"), &body(serde_json::json!({"code": 0, "data": {"basket_id": 7}})), 1);
        shown.learn(&model, 2, Some("data"), &body(serde_json::json!({"data": {"basket_id": 7, "num": 9}})), 2);
        let mut named = |input: usize, text: &str| {
            shown.named(&model, 2, input, &Json::string(text), &mut steps).map(|value| value.to_string())
        };
        assert_eq!(named(0, "7").as_deref(), Some("\"${id}\""));
        assert_eq!(named(0, "7").as_deref(), Some("\"${id}\""), "saved once");
        assert_eq!(named(0, "9"), None, "a number is no id");
        assert_eq!(steps.iter().map(|step| step.save.len()).collect::<Vec<_>>(), [0, 1, 0]);
    }
}
