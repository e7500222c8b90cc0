//! Which endpoint a request asks for: a lookup by path, then method and whatever discriminates.
//!
//! General routers reject exactly what these documents do: one path for many endpoints, name–value pairs in the path,
//! letter case that does not matter.

use super::{Endpoint, Param, Segment};
use crate::diagnostic::Diagnostic;
use foldhash::fast::FixedState;
use percent_encoding::percent_decode_str;
use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

/// Paths of one document set, taken apart once.
#[derive(Debug, Default)]
pub struct Router {
    nodes: Vec<Node>,
    routes: Vec<Route>,
    /// Put before every path; tried first, then the path without it.
    bases: Vec<Vec<String>>,
    /// Paths exactly as documented, with the node that the search would come to first: most requests ask for these.
    exact: HashMap<Box<str>, usize, FixedState>,
}

#[derive(Debug, Default)]
struct Node {
    literals: HashMap<Box<str>, usize, FixedState>,
    param: Option<usize>,
    /// Endpoints that end here.
    endpoints: Vec<usize>,
}

/// What is asked of a request once its path fits.
#[derive(Debug)]
struct Route {
    methods: Vec<Box<str>>,
    discriminators: Vec<(Box<str>, Box<str>)>,
    /// Names that may stand as pairs after the path.
    declared: Vec<Box<str>>,
    /// Names of the path's parameters, in order.
    names: Vec<Box<str>>,
    /// The path as documented, for those that differ only in letter case.
    literal: String,
    shown: String,
}

/// Values found in the path.
pub type PathValues<'p> = Vec<(Cow<'p, str>, Cow<'p, str>)>;

#[derive(Debug, PartialEq)]
pub enum Routed<'p> {
    Found {
        endpoint: usize,
        values: PathValues<'p>,
    },
    /// The path is known, the method is not: the methods that are.
    WrongMethod {
        allowed: Vec<String>,
    },
    /// The nearest endpoints, most like first.
    NotFound {
        near: Vec<usize>,
    },
}

impl Router {
    /// `declares` gives the names that an endpoint takes as pairs in the path.
    pub fn new<'e>(
        endpoints: &'e [Endpoint],
        bases: impl IntoIterator<Item = &'e str>,
        declares: impl Fn(usize) -> Vec<String>,
    ) -> Self {
        let mut router = Self { nodes: vec![Node::default()], ..Self::default() };
        for (at, endpoint) in endpoints.iter().enumerate() {
            router.add(at, endpoint, declares(at));
        }
        for base in bases {
            let base: Vec<String> = segments(base).map(str::to_ascii_lowercase).collect();
            if !base.is_empty() && !router.bases.contains(&base) {
                router.bases.push(base);
            }
        }
        router.exact = router.exact_paths();
        router
    }

    fn add(&mut self, at: usize, endpoint: &Endpoint, declared: Vec<String>) {
        let mut node = 0;
        let mut names = Vec::new();
        for segment in without_index(&endpoint.segments) {
            let next = self.nodes.len();
            let found = match segment {
                Segment::Literal(text) => *self.nodes[node].literals.entry(text.to_lowercase().into()).or_insert(next),
                Segment::Param(name) => {
                    names.push(name.as_str().into());
                    *self.nodes[node].param.get_or_insert(next)
                }
            };
            if found == next {
                self.nodes.push(Node::default());
            }
            node = found;
        }
        if endpoint.is_served() {
            self.nodes[node].endpoints.push(at);
        }
        let methods: Vec<Box<str>> = match endpoint.method.as_deref() {
            Some(method) => vec![method.into()],
            None => vec!["GET".into(), "POST".into()],
        };
        let discriminators = endpoint.discriminators();
        let discriminators =
            discriminators.map(|param| (param.name.as_str().into(), param.default.as_deref().unwrap_or("").into()));
        self.routes.push(Route {
            methods,
            discriminators: discriminators.collect(),
            declared: declared.into_iter().map(Into::into).collect(),
            names,
            literal: endpoint.path.clone(),
            shown: endpoint.path.to_lowercase(),
        });
    }

    /// The documented paths as they stand, below each base, where the search begins with a node at their very end.
    fn exact_paths(&self) -> HashMap<Box<str>, usize, FixedState> {
        let bases = self.bases.iter().map(|base| format!("/{}", base.join("/"))).chain([String::new()]);
        let paths = bases.flat_map(|base| {
            self.routes.iter().map(move |route| format!("{base}/{}", route.literal.trim_start_matches('/')))
        });
        let exact = paths.filter_map(|path| {
            let decoded = decoded(&path);
            let (behind, (node, depth, values)) = self
                .behind_bases(&decoded)
                .find_map(|behind| Some((behind, self.places(behind).into_iter().next()?)))?;
            (depth == behind.len() && values.is_empty()).then(|| (path.into(), node))
        });
        exact.collect()
    }

    /// `lookup` gives the value of a parameter of the query or body. `path` is percent-encoded, without the query.
    pub fn find<'p>(&self, method: &str, path: &'p str, lookup: &dyn Fn(&str) -> Option<String>) -> Routed<'p> {
        let mut wrong_method: Vec<String> = Vec::new();
        if let Some(node) = self.exact.get(path) {
            let asked = Asked { method, path, lookup, decoded: &[] };
            if let Some((endpoint, values)) = self.choose(&asked, &self.nodes[*node], &[], &[], &mut wrong_method) {
                return Routed::Found { endpoint, values };
            }
        }
        let decoded = decoded(path);
        for behind in self.behind_bases(&decoded) {
            let asked = Asked { method, path, lookup, decoded: behind };
            for (node, depth, values) in self.places(behind) {
                let rest = &behind[depth..];
                if let Some((endpoint, values)) =
                    self.choose(&asked, &self.nodes[node], &values, rest, &mut wrong_method)
                {
                    return Routed::Found { endpoint, values };
                }
            }
        }
        if wrong_method.is_empty() {
            return Routed::NotFound { near: self.near(path) };
        }
        wrong_method.sort();
        wrong_method.dedup();
        Routed::WrongMethod { allowed: wrong_method }
    }

    /// What of a path stands behind each base that it begins with, and the whole of it.
    fn behind_bases<'d, 'p>(&self, decoded: &'d [Cow<'p, str>]) -> impl Iterator<Item = &'d [Cow<'p, str>]> {
        self.bases.iter().map(Vec::as_slice).chain([&[] as &[String]]).filter_map(|base| {
            let (begin, behind) = decoded.split_at_checked(base.len())?;
            base.iter().zip(begin).all(|(base, segment)| segment.eq_ignore_ascii_case(base)).then_some(behind)
        })
    }

    /// Where the search looks, in its order, for a path behind its base.
    fn places(&self, decoded: &[Cow<'_, str>]) -> Vec<Place> {
        let mut places = Vec::new();
        // The walk calls itself for each segment; no document's path is that long.
        if decoded.len() > MOST_SEGMENTS {
            return places;
        }
        self.walk(0, decoded, 0, &mut Vec::new(), &mut places);
        // A leading `index.php/` may be there or not, in the document as in the request.
        if decoded.len() > 1 && decoded[0].eq_ignore_ascii_case(INDEX) {
            self.walk(0, decoded, 1, &mut Vec::new(), &mut places);
        }
        // The longest path first; literals before parameters, as they were walked.
        places.sort_by_key(|(_, depth, _)| std::cmp::Reverse(*depth));
        places
    }

    /// Every node on the way of these segments at which endpoints end, with the path's parameters so far.
    fn walk(
        &self,
        node: usize,
        segments: &[Cow<'_, str>],
        depth: usize,
        values: &mut Vec<usize>,
        places: &mut Vec<Place>,
    ) {
        let here = &self.nodes[node];
        if !here.endpoints.is_empty() {
            places.push((node, depth, values.clone()));
        }
        let Some(segment) = segments.get(depth) else { return };
        if let Some(next) = here.literals.get(segment.to_lowercase().as_str()) {
            self.walk(*next, segments, depth + 1, values, places);
        }
        if let Some(next) = here.param {
            values.push(depth);
            self.walk(next, segments, depth + 1, values, places);
            values.pop();
        }
    }

    fn choose<'p>(
        &self,
        asked: &Asked<'_, 'p>,
        node: &Node,
        values: &[usize],
        rest: &[Cow<'p, str>],
        wrong_method: &mut Vec<String>,
    ) -> Option<(usize, PathValues<'p>)> {
        let method = if asked.method == "HEAD" { "GET" } else { asked.method };
        let mut best: Option<(usize, (usize, bool))> = None;
        for &endpoint in &node.endpoints {
            let route = &self.routes[endpoint];
            if !pairs_fit(rest, &route.declared) {
                continue;
            }
            let pair = |name: &str| pair_value(rest, name).map(str::to_owned);
            let told = |(name, value): &(Box<str>, Box<str>)| {
                (asked.lookup)(name).or_else(|| pair(name)).is_some_and(|sent| sent == **value)
            };
            if !route.discriminators.iter().all(told) {
                continue;
            }
            if !route.methods.iter().any(|known| **known == *method) {
                wrong_method.extend(route.methods.iter().map(ToString::to_string));
                continue;
            }
            let exact = asked.path.trim_matches('/') == route.literal.trim_matches('/');
            let rank = (route.discriminators.len(), exact);
            if best.is_none_or(|(_, known)| rank > known) {
                best = Some((endpoint, rank));
            }
        }
        let (endpoint, _) = best?;
        let names = self.routes[endpoint].names.iter();
        let mut found: PathValues<'p> = names
            .zip(values)
            .filter_map(|(name, at)| Some((Cow::Owned(name.to_string()), asked.decoded.get(*at)?.clone())))
            .collect();
        for pair in rest.chunks(2) {
            let value = pair.get(1).cloned().unwrap_or_default();
            found.push((pair[0].clone(), value));
        }
        Some((endpoint, found))
    }

    /// The endpoints whose paths are most like this one; only those that resemble it at all.
    fn near(&self, path: &str) -> Vec<usize> {
        // Nobody mistypes that much, and comparing costs the product of the lengths.
        if path.len() > 200 {
            return Vec::new();
        }
        let path = path.to_lowercase();
        let mut scored: Vec<(f64, usize)> = self
            .routes
            .iter()
            .enumerate()
            .filter(|(_, route)| !route.shown.is_empty())
            .map(|(at, route)| (strsim::jaro_winkler(&path, &route.shown), at))
            .filter(|(score, _)| *score > 0.7)
            .collect();
        scored.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        scored.truncate(3);
        scored.into_iter().map(|(_, at)| at).collect()
    }
}

struct Asked<'a, 'p> {
    method: &'a str,
    path: &'p str,
    lookup: &'a dyn Fn(&str) -> Option<String>,
    decoded: &'a [Cow<'p, str>],
}

/// A node at which endpoints end, how many segments lead to it, and which of them are the path's parameters.
type Place = (usize, usize, Vec<usize>);

const INDEX: &str = "index.php";

/// Deeper paths are not found.
const MOST_SEGMENTS: usize = 200;

fn decoded(path: &str) -> Vec<Cow<'_, str>> {
    segments(path).map(|segment| percent_decode_str(segment).decode_utf8_lossy()).collect()
}

fn segments(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter(|segment| !segment.is_empty())
}

/// A documented path without a leading `index.php`, unless that is all there is.
fn without_index(segments: &[Segment]) -> &[Segment] {
    match segments {
        [Segment::Literal(first), rest @ ..] if first.eq_ignore_ascii_case(INDEX) && !rest.is_empty() => rest,
        all => all,
    }
}

/// What is left of a path must be pairs of a declared name and a value; the last value may be missing.
fn pairs_fit(rest: &[Cow<'_, str>], declared: &[Box<str>]) -> bool {
    rest.chunks(2).all(|pair| declared.iter().any(|name| **name == *pair[0]))
}

fn pair_value<'r>(rest: &'r [Cow<'_, str>], name: &str) -> Option<&'r str> {
    rest.chunks(2).find(|pair| pair[0] == name).and_then(|pair| pair.get(1)).map(AsRef::as_ref)
}

/// The finding about an endpoint that is documented twice; naming is what finds it.
pub(super) const DUPLICATE: &str = "duplicate-endpoint";

/// Gives every endpoint its id, and marks what tells endpoints of one method and path apart.
pub(super) fn name_endpoints(endpoints: &mut [Endpoint]) -> Vec<Diagnostic> {
    let mut groups: BTreeMap<(String, String), Vec<usize>> = BTreeMap::new();
    for (at, endpoint) in endpoints.iter().enumerate() {
        let method = endpoint.method.clone().unwrap_or_else(|| "ANY".to_owned());
        groups.entry((method, endpoint.path.trim_end_matches('/').to_lowercase())).or_default().push(at);
    }
    let mut found = Vec::new();
    for ((method, _), members) in groups {
        let telling = if members.len() > 1 { telling_names(endpoints, &members) } else { Vec::new() };
        let mut taken: HashMap<String, usize> = HashMap::new();
        for at in members {
            let endpoint = &mut endpoints[at];
            let mut told = Vec::new();
            for param in endpoint.params.iter_mut().filter(|param| telling.contains(&param.name)) {
                if let Some(value) = &param.default {
                    param.discriminates = true;
                    told.push(format!("{}={value}", param.name));
                }
            }
            let query = if told.is_empty() { String::new() } else { format!("?{}", told.join("&")) };
            let id = format!("{method} {}{query}", endpoint.path);
            if let Some(first) = taken.get(&id.to_lowercase()).copied() {
                let (first_place, message) = (endpoints[first].place, format!("{id} is documented twice"));
                let id = format!("{id}#{}", at + 1);
                found.push(
                    Diagnostic::error(DUPLICATE, endpoints[at].place, message)
                        .help("give it another path or method, or a parameter whose value tells the two apart; only the first is served")
                        .related(first_place, "first documented here")
                        .at_endpoint(&id),
                );
                endpoints[at].id = id;
                continue;
            }
            taken.insert(id.to_lowercase(), at);
            endpoint.id = id;
        }
    }
    found
}

/// Names of parameters with a constant that is not the same in all of these endpoints.
fn telling_names(endpoints: &[Endpoint], members: &[usize]) -> Vec<String> {
    let mut values: BTreeMap<&str, Vec<Option<&str>>> = BTreeMap::new();
    for (seen, at) in members.iter().enumerate() {
        for param in endpoints[*at].params.iter().filter(|param| is_constant(param)) {
            let known = values.entry(&param.name).or_insert_with(|| vec![None; members.len()]);
            known[seen] = param.default.as_deref();
        }
    }
    let differ = |values: &Vec<Option<&str>>| {
        let given: Vec<&str> = values.iter().flatten().copied().collect();
        given.len() > 1 && given.iter().any(|value| *value != given[0])
    };
    let names: Vec<&str> = values.iter().filter(|(_, values)| differ(values)).map(|(name, _)| *name).collect();
    // A value written in the URL tells more surely than a default that may be just an example.
    let in_query = |name: &str| {
        members.iter().any(|at| endpoints[*at].params.iter().any(|param| param.name == name && !param.listed))
    };
    let sure: Vec<&str> = names.iter().copied().filter(|name| in_query(name)).collect();
    let chosen = if sure.is_empty() { fixed(endpoints, members, &names) } else { sure };
    chosen.into_iter().map(str::to_owned).collect()
}

/// Among listed parameters, the first whose value is another in every endpoint (`api=K10001`), so that it alone tells.
fn fixed<'n>(endpoints: &[Endpoint], members: &[usize], names: &[&'n str]) -> Vec<&'n str> {
    let distinct = |name: &&&str| {
        let values: Vec<Option<&str>> =
            members.iter().map(|at| endpoints[*at].param(name).and_then(|param| param.default.as_deref())).collect();
        let mut seen = std::collections::HashSet::new();
        values.iter().all(|value| value.is_some_and(|value| seen.insert(value)))
    };
    let position = |name: &str| endpoints[members[0]].params.iter().position(|param| param.name == name);
    names.iter().filter(distinct).min_by_key(|name| position(name)).copied().into_iter().collect()
}

/// A value that is no placeholder in words and no mark.
fn is_constant(param: &Param) -> bool {
    param
        .default
        .as_deref()
        .is_some_and(|value| !super::target::is_placeholder(value) && value != "\"\"" && !value.contains(' '))
}

#[cfg(test)]
mod tests {
    use super::super::{Settings, lower};
    use super::*;
    use crate::lexicon::Lexicon;
    use crate::source::Source;

    fn routed(document: &str, method: &str, path: &str, sent: &[(&str, &str)]) -> String {
        let set = lower(vec![Source::new("a.md", document)], &Settings::default(), &Lexicon::standard());
        let declares = |at: usize| set.endpoints[at].params.iter().map(|param| param.name.clone()).collect();
        let router = Router::new(&set.endpoints, ["/base"], declares);
        let lookup = |name: &str| sent.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
        match router.find(method, path, &lookup) {
            Routed::Found { endpoint, values } => {
                let values: Vec<String> = values.iter().map(|(name, value)| format!(" {name}={value}")).collect();
                format!("{}{}", set.endpoints[endpoint].id, values.concat())
            }
            Routed::WrongMethod { allowed } => format!("405 {}", allowed.join(",")),
            Routed::NotFound { near } => {
                format!("404 {}", near.iter().map(|at| set.endpoints[*at].id.as_str()).collect::<Vec<_>>().join(","))
            }
        }
    }

    const USERS: &str = "## A\n+++\npost:Api/User/login\n*phone=手机号 #\n+++\n## B\n+++\nApi/User/verification/token/用户token\n*name=姓名 #\n+++\n## C\n+++\nget:/a/:id\n+++\n## D\n+++\nget:/a/mine\n+++\n";

    #[test]
    fn what_has_no_request_line_is_at_no_path() {
        let document = "## A\n+++\n*id#编号\n<<<\nsuccess\n{\"code\":0}\n+++\n## B\n+++\nget:/\n+++\n";
        assert_eq!(routed(document, "GET", "/", &[]), "GET /");
        assert_eq!(routed(document, "POST", "/", &[]), "405 GET");
        assert_eq!(routed(&document[..document.find("## B").unwrap()], "GET", "/", &[]), "404 ");
    }

    #[test]
    fn paths() {
        assert_eq!(routed(USERS, "POST", "/api/user/LOGIN/", &[]), "POST /Api/User/login");
        assert_eq!(routed(USERS, "POST", "/index.php/Api/User/login", &[]), "POST /Api/User/login");
        assert_eq!(routed(USERS, "POST", "/base/Api/User/login", &[]), "POST /Api/User/login");
        assert_eq!(routed(USERS, "GET", "/Api/User/login", &[]), "405 POST");
        assert_eq!(
            routed(USERS, "GET", "/Api/User/verification/token/abc/name/%E5%BC%A0", &[]),
            "ANY /Api/User/verification/token/用户token token=abc name=张"
        );
        assert_eq!(routed(USERS, "POST", "/Api/User/verification", &[]), "ANY /Api/User/verification/token/用户token");
        assert_eq!(routed(USERS, "GET", "/Api/User/verification/other/x", &[]).split(' ').next(), Some("404"));
        assert_eq!(routed(USERS, "GET", "/a/7", &[]), "GET /a/:id id=7");
        assert_eq!(routed(USERS, "GET", "/a/mine", &[]), "GET /a/mine");
        assert_eq!(routed(USERS, "POST", "/Api/User/logn", &[]).split(',').next(), Some("404 POST /Api/User/login"));
    }

    #[test]
    fn one_path_for_many_endpoints() {
        let front = "## A\n+++\npost:/index.php?c=order&a=list\n+++\n## B\n+++\npost:/index.php?c=order&a=show\n+++\n";
        assert_eq!(routed(front, "POST", "/index.php", &[("c", "order"), ("a", "show")]), "POST /index.php?a=show");
        assert_eq!(routed(front, "POST", "/index.php", &[("c", "order")]).split(' ').next(), Some("404"));
        let fixed = "## A\n+++\npost:/gw\n*api=K1#\n*page=1#\n+++\n## B\n+++\npost:/gw\n*api=K2#\n*page=1#\n+++\n";
        assert_eq!(routed(fixed, "POST", "/gw", &[("api", "K2")]), "POST /gw?api=K2");
    }
}
