//! Settings that stand beside the pages: a base address, public headers and parameters, also in named groups.
//!
//! The form is that of the site's `pluginsConfig.api`: `url`, `headers` (a map), `params` (a list), and groups with the same.

use crate::source::Place;
use std::collections::BTreeMap;

/// For all endpoints, or for those of a group.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Settings {
    /// Put before every path; may have scheme and host.
    pub url: Option<String>,
    pub headers: Vec<(String, String, Place)>,
    pub params: Vec<PublicParam>,
    pub groups: BTreeMap<String, Settings>,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct PublicParam {
    pub name: String,
    pub default: Option<String>,
    pub description: String,
    pub required: bool,
    pub type_name: Option<String>,
    pub place: Place,
}

impl Settings {
    /// The settings of a site's configuration file, or of an object with the same members. None if it has none of them.
    pub fn from_json(value: &serde_json::Value, place: Place) -> Option<Self> {
        let object = value.pointer("/pluginsConfig/api").unwrap_or(value).as_object()?;
        let known = |name: &str| matches!(name, "url" | "headers" | "params" | "explore");
        let mut settings = Self::read(object, place);
        for (name, group) in object.iter().filter(|(name, _)| !known(name)) {
            if let Some(group) = group.as_object().filter(|group| group.keys().any(|key| known(key))) {
                settings.groups.insert(name.clone(), Self::read(group, place));
            }
        }
        let says_something = value.pointer("/pluginsConfig/api").is_some() || settings != Self::default();
        says_something.then_some(settings)
    }

    fn read(object: &serde_json::Map<String, serde_json::Value>, place: Place) -> Self {
        let text = |value: &serde_json::Value| match value {
            serde_json::Value::String(text) => text.clone(),
            serde_json::Value::Null => String::new(),
            other => other.to_string(),
        };
        let url = object.get("url").map(text).filter(|url| !url.is_empty());
        let headers = object.get("headers").and_then(|headers| headers.as_object());
        let headers = headers.into_iter().flatten().map(|(name, value)| (name.clone(), text(value), place)).collect();
        let listed = object.get("params").and_then(|params| params.as_array());
        let params = listed
            .into_iter()
            .flatten()
            .filter_map(|param| {
                Some(PublicParam {
                    name: param.get("name").map(text).filter(|name| !name.is_empty())?,
                    default: param.get("default").map(text).filter(|default| !default.is_empty()),
                    description: param.get("desc").or_else(|| param.get("description")).map(text).unwrap_or_default(),
                    required: param.get("required").is_some_and(|value| value.as_bool() == Some(true)),
                    type_name: param.get("type").map(text).filter(|name| !name.is_empty()),
                    place,
                })
            })
            .collect();
        Self { url, headers, params, groups: BTreeMap::new() }
    }

    /// What holds for a block of this group: the group's own, else the group `default`, else what stands for all.
    pub fn of_group(&self, group: Option<&str>) -> &Self {
        group.or(Some("default")).and_then(|name| self.groups.get(name)).unwrap_or(self)
    }

    /// The path part of the base address, without a slash at its end; empty if there is none.
    pub fn base_path(&self) -> &str {
        let url = self.url.as_deref().unwrap_or("");
        let after_host = url.split_once("://").map_or(url, |(_, rest)| rest.find('/').map_or("", |at| &rest[at..]));
        after_host.trim_end_matches('/')
    }

    /// Adds what the other has, which wins where both speak of the same.
    pub fn merge(&mut self, other: Self) {
        self.url = other.url.or(self.url.take());
        for header in other.headers {
            self.headers.retain(|known| !known.0.eq_ignore_ascii_case(&header.0));
            self.headers.push(header);
        }
        for param in other.params {
            self.params.retain(|known| known.name != param.name);
            self.params.push(param);
        }
        for (name, group) in other.groups {
            self.groups.entry(name).or_default().merge(group);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sites_configuration_has_groups() {
        let json = serde_json::json!({"pluginsConfig": {"api": {
            "url": "http://h.test/v1/", "headers": {"X-App": "7"},
            "params": [{"name": "ver", "default": "2", "desc": "version", "required": true, "type": "int"}],
            "second": {"url": "/v2"},
        }}});
        let settings = Settings::from_json(&json, Place::default()).unwrap();
        assert_eq!(settings.base_path(), "/v1");
        assert_eq!(settings.of_group(Some("second")).base_path(), "/v2");
        assert_eq!(settings.of_group(None).params[0].name, "ver");
        assert!(Settings::from_json(&serde_json::json!({"title": "book"}), Place::default()).is_none());
    }
}
