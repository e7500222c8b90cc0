//! Which entry of `[endpoints]` speaks of which endpoint, once the documents are known.

use super::hint::{meant, shown};
use super::{Config, EndpointConfig, Language};
use crate::behavior::{EndpointOverrides, Overrides, UploadRules};
use crate::diagnostic::Diagnostic;
use crate::spec::DocSet;

/// How an entry names an endpoint, surest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum By {
    Id,
    MethodAndPath,
    Title,
}

impl Config {
    /// What is said of an endpoint. If several entries mean it, the id comes before method and path (in any letter case,
    /// `ANY` where the document has no method), and that before the title.
    pub fn for_endpoint(&self, id: &str, title: &str, method_and_path: &str) -> Option<&EndpointConfig> {
        self.chosen(id, title, method_and_path).map(|at| &self.endpoints[at])
    }

    /// What the behavior of a set's endpoints must obey.
    pub fn overrides(&self, set: &DocSet) -> Overrides {
        let of = |id: &str, title: &str| {
            self.for_endpoint(id, title, method_and_path(id)).map_or_else(EndpointOverrides::default, |told| {
                EndpointOverrides {
                    operation: told.operation,
                    collection: told.collection.clone(),
                    id: told.id.as_ref().map(|(name, _)| name.clone()),
                    transition: told.transition.as_ref().map(|(told, _)| told.clone()),
                    codes: told.codes.clone(),
                    http_status: told.http_status.clone(),
                }
            })
        };
        let usual = UploadRules::default();
        let mut endpoints: Vec<EndpointOverrides> =
            set.endpoints.iter().map(|endpoint| of(&endpoint.id, &endpoint.title)).collect();
        self.add_transitions(set, &mut endpoints);
        Overrides {
            endpoints,
            collections: self.collections.iter().map(|collection| collection.told.clone()).collect(),
            passcode_digits: self.passcode.length,
            passcode_lifetime_ms: self.passcode.lifetime_ms,
            passcode_interval_ms: self.passcode.interval_ms,
            universal_passcode: self.universal_passcode.clone(),
            token_lifetime_ms: self.token.lifetime_ms,
            tokens_per_account: self.token.per_account,
            uploads: UploadRules {
                file_bytes: self.uploads.file_bytes.unwrap_or(usual.file_bytes),
                world_bytes: self.uploads.world_bytes.unwrap_or(usual.world_bytes),
            },
            http_status: self.http_status.clone(),
            utc_offset: Some(self.time_zone.seconds()),
            chinese: self.language.map(|language| language == Language::Chinese),
        }
    }

    /// Entries that mean no endpoint, and entries that do nothing because another means the same endpoint more surely.
    /// `endpoints` are pairs of id and title.
    pub fn check_endpoints(&self, endpoints: &[(&str, &str)]) -> Vec<Diagnostic> {
        let mut winners: Vec<Option<usize>> = vec![None; self.endpoints.len()];
        for (id, title) in endpoints {
            let chosen = self.chosen(id, title, method_and_path(id));
            for (entry, winner) in self.endpoints.iter().zip(&mut winners) {
                let means = means(&entry.name, id, title, method_and_path(id)).is_some();
                let own = chosen.filter(|at| self.endpoints[*at].place == entry.place);
                if means {
                    *winner = own.or(*winner).or(chosen);
                }
            }
        }
        let mut found = Vec::new();
        for (at, (entry, winner)) in self.endpoints.iter().zip(winners).enumerate() {
            match winner {
                None => found.push(no_such_endpoint(entry, endpoints)),
                Some(winner) if winner != at => found.push(twice(entry, &self.endpoints[winner])),
                Some(_) => {}
            }
        }
        found
    }

    /// An index into `endpoints`.
    fn chosen(&self, id: &str, title: &str, method_and_path: &str) -> Option<usize> {
        let meant = self.endpoints.iter().enumerate();
        meant
            .filter_map(|(at, entry)| Some((means(&entry.name, id, title, method_and_path)?, at)))
            .min()
            .map(|(_, at)| at)
    }
}

/// The id of an endpoint without what tells it from others of its method and path.
pub fn method_and_path(id: &str) -> &str {
    let bare = id.split_once('?').map_or(id, |(bare, _)| bare);
    match bare.rsplit_once('#') {
        Some((bare, number)) if !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()) => bare,
        _ => bare,
    }
}

/// Whether a name is that endpoint's, and by what: its id before its method and path before its title.
pub(crate) fn means(name: &str, id: &str, title: &str, method_and_path: &str) -> Option<By> {
    let name = name.trim();
    let path = |text: &str| text.trim_end_matches('/').to_lowercase();
    if name == id {
        Some(By::Id)
    } else if path(name) == path(method_and_path) {
        Some(By::MethodAndPath)
    } else {
        (name == title.trim()).then_some(By::Title)
    }
}

fn no_such_endpoint(entry: &EndpointConfig, endpoints: &[(&str, &str)]) -> Diagnostic {
    let message = format!("no document has an endpoint {}", shown(&entry.name));
    let titles = endpoints.iter().map(|(_, title)| *title);
    let ids = endpoints.iter().map(|(id, _)| *id);
    let help = match super::nearest::nearest(&entry.name, titles.chain(ids)) {
        Some(near) => format!("did you mean `{near}`?"),
        None if endpoints.is_empty() => "the documents have no endpoints at all".to_owned(),
        None => meant(&entry.name, || endpoints.iter().map(|(_, title)| *title), "the endpoints are"),
    };
    Diagnostic::warning("config-no-such-endpoint", entry.place, message).help(help)
}

fn twice(entry: &EndpointConfig, winner: &EndpointConfig) -> Diagnostic {
    let message = format!("{} and {} are one endpoint", shown(&entry.name), shown(&winner.name));
    Diagnostic::warning("config-endpoint-twice", entry.place, message)
        .help("put all that is said of it below one of the two names")
        .related(winner.place, "only this one holds")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexicon::Lexicon;
    use crate::source::{FileId, Source};
    use crate::spec::Settings;

    const ENDPOINTS: &[(&str, &str)] = &[
        ("POST /Api/User/login", "用户登录"),
        ("POST /Api/User/register", "用户注册"),
        ("GET /index.php?a=list", "订单"),
        ("GET /index.php?a=show", "订单"),
        ("ANY /a/b", "别的"),
        ("ANY /a/b#7", "别的 "),
    ];

    fn config(text: &str) -> Config {
        let (config, found) = super::super::read(&Source::new("docsim.toml", text), FileId(0), &[]);
        assert_eq!(found, []);
        config
    }

    fn named(config: &Config, at: usize) -> Option<&str> {
        let (id, title) = ENDPOINTS[at];
        config.for_endpoint(id, title, method_and_path(id)).map(|entry| entry.name.as_str())
    }

    #[test]
    fn endpoints_are_named_in_three_ways() {
        let config = config(
            "[endpoints]\n\"用户登录\" = {}\n\"post /api/user/register/\" = {}\n\"GET /index.php?a=show\" = {}\n\"订单\" = {}\n\"ANY /a/b\" = {}\n",
        );
        let names: Vec<Option<&str>> = (0..ENDPOINTS.len()).map(|at| named(&config, at)).collect();
        let expected =
            ["用户登录", "post /api/user/register/", "订单", "GET /index.php?a=show", "ANY /a/b", "ANY /a/b"];
        assert_eq!(names, expected.map(Some));
        assert_eq!(config.check_endpoints(ENDPOINTS), []);
    }

    fn check(text: &str, expected: &[(&str, &str, &str)]) {
        let found = config(text).check_endpoints(ENDPOINTS);
        let found: Vec<_> = found.iter().map(|it| (it.rule, it.message.as_str(), it.help.as_str())).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn entries_that_do_nothing_are_found() {
        check(
            "[endpoints]\n\"用户登陆\" = {}\n\"POST /Api/User/regist\" = {}\n",
            &[
                ("config-no-such-endpoint", "no document has an endpoint `用户登陆`", "did you mean `用户登录`?"),
                (
                    "config-no-such-endpoint",
                    "no document has an endpoint `POST /Api/User/regist`",
                    "did you mean `POST /Api/User/register`?",
                ),
            ],
        );
        check(
            "[endpoints]\n\"用户登录\" = {}\n\"POST /Api/User/login\" = {}\n",
            &[(
                "config-endpoint-twice",
                "`用户登录` and `POST /Api/User/login` are one endpoint",
                "put all that is said of it below one of the two names",
            )],
        );
        let none = config("[endpoints]\n\"用户登录\" = {}\n").check_endpoints(&[]);
        assert_eq!(none[0].help, "the documents have no endpoints at all");
    }

    #[test]
    fn the_behavior_is_told() {
        let document = "## 用户登录\n+++\npost:/login\n+++\n## 别的\n+++\npost:/other\n+++\n";
        let set = crate::spec::lower(vec![Source::new("a.md", document)], &Settings::default(), &Lexicon::standard());
        let config = config(
            "language = \"zh\"\n[token]\nper_account = 1\n[endpoints.\"POST /other\"]\noperation = \"logout\"\ncodes = { login = 999 }\nhttp_status = { \"999\" = 401 }\n",
        );
        let told = config.overrides(&set);
        assert_eq!(told.tokens_per_account, Some(1));
        assert_eq!(told.chinese, Some(true));
        assert_eq!(told.endpoints[0], EndpointOverrides::default());
        assert_eq!(told.endpoints[1].operation, Some(crate::lexicon::Operation::Logout));
        assert_eq!(told.endpoints[1].codes["login"], "999");
        assert_eq!(told.endpoints[1].http_status["999"], 401);
    }
}
