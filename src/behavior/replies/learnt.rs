//! What is answered where no example shows a success: the envelope that the others have, else a failure's with another code.

use super::Replies;
use crate::json::Json;
use crate::source::Place;

impl Replies<'_> {
    /// Without a success example: the learnt envelope with empty data.
    pub(super) fn learnt_success(&self) -> (Json, Place) {
        let endpoint = self.endpoint();
        let envelope = self.set.envelope(endpoint);
        let like = self.elsewhere.success_like(endpoint);
        let mut value = like.map_or_else(|| self.unfailed(), |example| example.value.clone());
        self.empty_data(&mut value);
        if let Some(path) = envelope.message_of(&value).map(|(path, _)| path.clone())
            && envelope.marker.as_ref() != Some(&path)
        {
            value.set_at(&path, Json::string(""));
        }
        (value, endpoint.place)
    }

    /// Where no success of the set is shown, a failure turned into one: its form with another code.
    fn unfailed(&self) -> Json {
        let envelope = self.set.envelope(self.endpoint());
        let mut failures = self.endpoint().errors().filter(|example| !example.is_table);
        let Some(failure) = failures.find(|example| example.value.as_object().is_some()) else {
            return Json::empty_object();
        };
        let mut value = failure.value.clone();
        if let Some((path, code)) = envelope.code_of(&failure.value) {
            let form = value.at(path).cloned().unwrap_or_default();
            let told = match code {
                "false" => "true",
                "0" => "1",
                _ => "0",
            };
            if code.parse::<i64>().is_err() && code != "false" {
                return Json::empty_object();
            }
            value.set_at(&path.clone(), form.in_form(told));
        }
        value
    }

    pub(super) fn empty_data(&self, value: &mut Json) {
        let envelope = self.set.envelope(self.endpoint());
        if let Some(data) = &envelope.data {
            let emptied = value.get(data).map(Json::emptied);
            if let Some(emptied) = emptied {
                value.set(data, emptied);
            }
        }
    }
}
