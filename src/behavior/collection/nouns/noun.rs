//! What an endpoint is about: the things that its path and its title name.
//!
//! In: an endpoint and the lexicon. Out: the noun of its path (`order` of `order/list`), what stands before it, and the
//! noun of its title (`订单`). Does not know which endpoints belong together.

use super::short_deeds;
use crate::behavior::collection::items::shape;
use crate::behavior::inputs::fixed::{self, Shared};
use crate::behavior::operation::split_words;
use crate::lexicon::{Lexicon, Operation, Role, Shows, compact};
use crate::spec::{DocSet, Endpoint, Param, Segment};
use std::collections::BTreeSet;

/// The things that an endpoint names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::behavior) struct Nouns {
    /// In the singular, without marks; empty where the path names nothing.
    pub(in crate::behavior) path: String,
    /// The things before it in the path, nearest last: `article` of `article/comment`.
    pub(in crate::behavior) before: Vec<String>,
    pub(in crate::behavior) title: String,
    /// All words of the path, for verbs and relations.
    pub(in crate::behavior) words: Vec<String>,
}

impl Nouns {
    /// What its own noun stands below, nearest first: `article` of `article/comment`, `coupon` of `coupon_fetch`.
    pub(in crate::behavior::collection) fn heads(&self) -> impl Iterator<Item = &String> {
        let begins = |word: &&String| self.path.len() > word.len() && self.path.starts_with(word.as_str());
        self.words.iter().filter(begins).chain(self.before.iter().rev())
    }
}

/// The nouns of every endpoint, each in the light of the others' words.
pub(in crate::behavior) fn read(set: &DocSet, lexicon: &Lexicon) -> Vec<Nouns> {
    let endpoints = &set.endpoints;
    let script = only_script(endpoints);
    let script = script.as_slice();
    let shared = Shared::of(set);
    let words: Vec<Vec<Vec<String>>> =
        endpoints.iter().map(|endpoint| path_words(endpoint, script, &shared, lexicon)).collect();
    let known: BTreeSet<&str> = words.iter().flatten().flatten().map(String::as_str).collect();
    let stems: BTreeSet<String> =
        endpoints.iter().flat_map(|endpoint| &endpoint.params).filter_map(|param| id_stem(&param.name)).collect();
    let deeds = Deeds::known();
    let shared = shared_start(&words);
    let shown = endpoints.iter().flat_map(|endpoint| shape::members_shown(set, endpoint, lexicon));
    let named: BTreeSet<String> = shown.filter_map(|name| id_stem(&name)).chain(stems.iter().cloned()).collect();
    let short = short_deeds::read(&words, &named, lexicon);
    let split = |word: &String| run_together(word, deeds.deeds, &|part| known.contains(part) || stems.contains(part));
    // `tz/jb` of 举报帖子 makes a report on what its id is taken of.
    let files = |endpoint: &Endpoint| {
        let takes_id = endpoint.params.iter().any(|param| id_stem(&param.name).is_some());
        takes_id && lexicon.speaks_of("filed-against", &endpoint.title)
    };
    let nouns = |(segments, endpoint): (&Vec<Vec<String>>, &Endpoint)| {
        let segments: Vec<Vec<String>> = segments.iter().map(|words| words.iter().flat_map(split).collect()).collect();
        let things = match &segments[..] {
            [before @ .., last] if !before.is_empty() && short.contains(&last.concat()) && !files(endpoint) => before,
            all => all,
        };
        let account = people(segments.get(shared..).unwrap_or_default(), lexicon);
        let (path, before) = account.map_or_else(|| deeds.noun(things, lexicon), |account| (account, Vec::new()));
        // `举报帖子` is about the report, and only names the post.
        let title =
            if files(endpoint) || !endpoint.titled { String::new() } else { title_noun(&endpoint.title, lexicon) };
        Nouns { path, before, title, words: segments.concat() }
    };
    let mut nouns: Vec<Nouns> = words.iter().zip(endpoints).map(nouns).collect();
    by_ids(set, lexicon, &mut nouns);
    ledgers_apart(set, lexicon, &mut nouns);
    nouns
}

/// What a set calls its accounts: `authors` of `POST /authors`, which registers one, beside `/authors/me`.
pub(in crate::behavior) fn owners(set: &DocSet, lexicon: &Lexicon) -> Vec<String> {
    let literal = |segment: &Segment| match segment {
        Segment::Literal(text) => Some(text.clone()),
        Segment::Param(_) => None,
    };
    let before_self: BTreeSet<String> = set
        .endpoints
        .iter()
        .flat_map(|endpoint| endpoint.segments.windows(2))
        .filter_map(|pair| literal(&pair[0]).zip(literal(&pair[1])))
        .filter(|(_, own)| lexicon.is_named("caller-segment", own))
        .map(|(noun, _)| noun)
        .collect();
    let mut found: Vec<String> = Vec::new();
    for endpoint in set.endpoints.iter().filter(|_| !before_self.is_empty()) {
        let Some(noun) = endpoint.segments.last().and_then(literal).filter(|noun| before_self.contains(noun)) else {
            continue;
        };
        let registers = lexicon.operations_in(&endpoint.title).iter().any(|(known, _)| *known == Operation::Register);
        if !registers || lexicon.is_named("account-noun", &noun) {
            continue;
        }
        found.push(singular(&noun));
        // 作者 of 作者注册.
        let title = title_noun(&lexicon.without("registering", &endpoint.title), lexicon);
        found.extend([noun, title].into_iter().filter(|name| name.chars().count() > 1));
    }
    found.sort();
    found.dedup();
    found
}

/// `pass/records` that is titled 次数明细 is no list of passes, where another endpoint lists those.
fn ledgers_apart(set: &DocSet, lexicon: &Lexicon, nouns: &mut [Nouns]) {
    let is_ledger = |endpoint: &Endpoint| lexicon.speaks_of("ledger-name", &endpoint.title);
    let others: BTreeSet<String> = set
        .endpoints
        .iter()
        .zip(nouns.iter())
        .filter(|(endpoint, _)| !is_ledger(endpoint) && shape::of_endpoint(set, endpoint, lexicon).is(Shows::List))
        .map(|(_, nouns)| nouns.path.clone())
        .collect();
    for (endpoint, nouns) in set.endpoints.iter().zip(nouns).filter(|(endpoint, _)| is_ledger(endpoint)) {
        let last = nouns.words.last().map(|word| singular(word)).filter(|last| *last != nouns.path);
        let lists = shape::of_endpoint(set, endpoint, lexicon).is(Shows::List);
        if let Some(last) = last.filter(|_| lists && others.contains(&nouns.path)) {
            nouns.path.push_str(&last);
        }
    }
}

/// `order_id` and `orderId` are about `order`, `id` about nothing in particular.
pub(in crate::behavior) fn id_stem(name: &str) -> Option<String> {
    let words = split_words(name);
    let (last, before) = words.split_last()?;
    let joined = before.concat();
    let is_id = matches!(last.as_str(), "id" | "ids" | "no" | "sn" | "uuid");
    if is_id && !joined.is_empty() {
        return Some(singular(&joined));
    }
    let whole = compact(name);
    let stem = whole.strip_suffix("ids").or_else(|| whole.strip_suffix("id"))?;
    (stem.len() >= 2 && !is_word_in_id(&whole)).then(|| singular(stem))
}

/// Whether a short name ends in the letters of an id and is none: `paid`.
pub(in crate::behavior::collection) fn is_word_in_id(name: &str) -> bool {
    matches!(
        name,
        "paid" | "void" | "said" | "bid" | "grid" | "laid" | "maid" | "raid" | "acid" | "guid" | "uuid" | "rfid"
    )
}

/// Whether a name is that of a number by which records go: `code`, `sn`, `wash_no`.
pub(in crate::behavior) fn is_numbered(name: &str, lexicon: &Lexicon) -> bool {
    let ends = || {
        let words = split_words(name);
        words.last().is_some_and(|last| last != "code" && lexicon.is_named("record-number", last))
    };
    lexicon.is_named("record-number", name) || (id_stem(name).is_some() && ends())
}

/// `goods` is `good` here, and `categories` `category`: only compared, never shown.
pub(in crate::behavior) fn singular(word: &str) -> String {
    let word = compact(word);
    match word.strip_suffix("ies") {
        Some(stem) if stem.len() > 2 => format!("{stem}y"),
        _ => match word.strip_suffix("sses").map(|stem| format!("{stem}ss")) {
            Some(stem) => stem,
            None if ["ches", "shes", "xes", "zes"].iter().any(|end| word.ends_with(end)) && word.len() > 4 => {
                word[..word.len() - 2].to_owned()
            }
            None if word.ends_with("ss") || word.len() < 4 => word,
            None => word.strip_suffix('s').map_or(word.clone(), str::to_owned),
        },
    }
}

/// The address at which all endpoints are that a parameter tells apart: it names none of their things.
fn only_script(endpoints: &[Endpoint]) -> Vec<&str> {
    let mut routed = endpoints.iter().filter(|endpoint| endpoint.discriminators().next().is_some());
    let Some(first) = routed.next() else { return Vec::new() };
    let others = routed.clone().count();
    let literal = |segment: &'_ Segment| match segment {
        Segment::Literal(_) => true,
        Segment::Param(_) => false,
    };
    let texts = first.segments.iter().filter(|segment| literal(segment)).map(|segment| match segment {
        Segment::Literal(text) | Segment::Param(text) => text.as_str(),
    });
    let texts: Vec<&str> = texts.collect();
    let last = texts.last().copied().filter(|text| text.contains('.'));
    let same_last = |endpoint: &Endpoint| matches!(endpoint.segments.last(), Some(Segment::Literal(text)) if Some(text.as_str()) == last);
    match () {
        // `gateway` of a whole system's transactions.
        () if others + 1 >= FEWEST_ROUTED && routed.clone().all(|endpoint| endpoint.segments == first.segments) => {
            texts
        }
        () if last.is_some() && routed.all(same_last) => last.into_iter().collect(),
        () => Vec::new(),
    }
}

/// So many endpoints at one address are about several things.
const FEWEST_ROUTED: usize = 8;

/// Where neither its path nor what tells it apart names anything, an endpoint is about what the id is of that it hands out, that
/// its list shows first, or that alone it takes: `vehicleId`.
fn by_ids(set: &DocSet, lexicon: &Lexicon, nouns: &mut [Nouns]) {
    for (endpoint, nouns) in set.endpoints.iter().zip(nouns) {
        if !nouns.path.is_empty() || endpoint.discriminators().next().is_none() {
            continue;
        }
        let stem = |name: &str| {
            let of_account = lexicon.is_named("account-id", name);
            let stem = id_stem(name).filter(|_| !of_account && (shape::is_id(name) || is_numbered(name, lexicon)))?;
            (!lexicon.is_named("account-noun", &stem)).then_some(stem)
        };
        let takes = |name: &str| endpoint.params.iter().any(|param| compact(&param.name) == compact(name));
        let members = shape::members_shown(set, endpoint, lexicon);
        let is_list = shape::of_endpoint(set, endpoint, lexicon).is(Shows::List);
        let first = members.iter().filter(|name| is_list || !takes(name)).find_map(|name| stem(name));
        let taken = || {
            // `sessionNo` says who calls.
            let calls = |param: &&Param| {
                lexicon.role(&param.name, &param.label).is_some_and(|(role, points)| role == Role::Token && points >= 4)
            };
            let mut taken = endpoint.params.iter().filter(|param| !param.discriminates && !calls(param));
            taken
                .clone()
                .find_map(|param| stem(&param.name))
                .filter(|only| taken.all(|param| stem(&param.name).is_none_or(|other| other == *only)))
        };
        // `借阅明细` that takes the one id that it shows first is about what that names, and not about what comes next.
        let details = lexicon.operations_in(&endpoint.title).iter().any(|(known, _)| *known == Operation::Detail);
        let leads = || members.iter().find_map(|name| stem(name)).filter(|leads| taken().as_ref() == Some(leads));
        let own = if details && !is_list { leads() } else { None };
        if let Some(thing) = own.or(first).or_else(taken) {
            nouns.words.push(thing.clone());
            nouns.path = thing;
        }
    }
}

/// The words of each segment of a path, discriminators and constants of the query too.
fn path_words(endpoint: &Endpoint, script: &[&str], shared: &Shared<'_>, lexicon: &Lexicon) -> Vec<Vec<String>> {
    let literals = endpoint.segments.iter().filter_map(|segment| match segment {
        Segment::Literal(text) => Some(text.as_str()).filter(|text| !script.contains(text)),
        Segment::Param(_) => None,
    });
    // `&sid=token` and `&token=mine` name no thing, nor does `&phone=mine`.
    let is_token = |value: &str| lexicon.role(value, "").is_some_and(|(role, _)| role == Role::Token);
    let carries = |name: &str| {
        let role = lexicon.role(name, "").filter(|(_, points)| *points >= 4);
        role.is_some_and(|(role, _)| matches!(role, Role::Token | Role::Keyword | Role::Phone | Role::RecordId))
    };
    let telling = fixed::params(endpoint).filter(|param| param.discriminates || !carries(&param.name));
    let pairs = telling.filter_map(|param| Some((param.name.as_str(), param.default.as_deref()?)));
    let pairs: Vec<(&str, &str)> = pairs.filter(|(_, value)| value.is_ascii() && !is_token(value)).collect();
    let names_thing = |value: &str| {
        split_words(value).iter().any(|word| is_word(word, lexicon) && !lexicon.is_named("account-noun", word))
    };
    let values = shared.telling(&pairs, lexicon, &names_thing).into_iter();
    let pieces: Vec<&str> = literals.chain(values.flat_map(|value| value.split(['/', '.']))).collect();
    let words = |wanted: &dyn Fn(&str) -> bool| -> Vec<Vec<String>> {
        let pieces = pieces.iter().map(|piece| split_words(piece).into_iter().filter(|word| wanted(word)).collect());
        pieces.filter(|words: &Vec<String>| !words.is_empty()).collect()
    };
    let found = words(&|word| is_word(word, lexicon));
    // `service/list`: what mostly only fills a path is the thing where nothing else is left before the deed.
    if found.len() < 2 && pieces.len() > 1 {
        let more = words(&|word| is_word(word, lexicon) || lexicon.is_named("filler-or-thing", word));
        if more.len() == found.len() + 1 && more.len() > 1 {
            return more;
        }
    }
    found
}

/// `v1`, `k10001` and `index` are no words that name anything.
fn is_word(word: &str, lexicon: &Lexicon) -> bool {
    word.chars().all(char::is_alphabetic) && !lexicon.is_named("path-filler", word)
}

/// `addaddress` is two words where the rest of the set knows `address`.
fn run_together(word: &str, deeds: &[&str], known: &dyn Fn(&str) -> bool) -> Vec<String> {
    let both = |deed: &&str| deed.len() >= 3 && deed.len() + 3 <= word.len();
    for deed in deeds.iter().copied().filter(both) {
        if let Some(rest) = word.strip_prefix(deed).filter(|rest| rest.len() >= 3 && known(rest)) {
            return vec![deed.to_owned(), rest.to_owned()];
        }
        if let Some(rest) = word.strip_suffix(deed).filter(|rest| rest.len() >= 3 && known(rest)) {
            return vec![rest.to_owned(), deed.to_owned()];
        }
    }
    vec![word.to_owned()]
}

/// The words of a path that say what is done, in order.
struct Deeds {
    deeds: &'static [&'static str],
    relations: &'static [&'static str],
}

impl Deeds {
    fn known() -> Self {
        let [deeds, relations] = Lexicon::deed_names();
        Self { deeds, relations }
    }

    fn is_deed(&self, word: &str) -> bool {
        self.deeds.binary_search(&word).is_ok()
    }

    fn is_relation(&self, word: &str) -> bool {
        self.relations.binary_search(&word).is_ok()
    }

    /// The last thing that is named, and those before it. Only the last segment says what is done; the ones before it say
    /// to what.
    fn noun(&self, segments: &[Vec<String>], lexicon: &Lexicon) -> (String, Vec<String>) {
        let is_deed = |word: &str| self.is_deed(word) || self.is_relation(word);
        let mut things: Vec<String> = Vec::new();
        for (at, words) in segments.iter().enumerate() {
            let last = at + 1 == segments.len();
            let left: Vec<&String> = words
                .iter()
                .filter(|word| {
                    let names = !last || !is_deed(word);
                    names && !lexicon.is_named("account-noun", word)
                })
                .collect();
            // `unread` of `message/unread/count` names nothing either.
            let only_deeds = left.iter().all(|word| self.is_deed(word) && !lexicon.is_named("thing", word));
            if !left.is_empty() && (!only_deeds || things.is_empty()) {
                things.push(singular(&left.iter().map(|word| word.as_str()).collect::<String>()));
            }
        }
        if things.is_empty() {
            // `favorites`, `posts`: what could be a deed is the thing.
            let words = segments.iter().flatten().filter(|word| !lexicon.is_named("account-noun", word));
            let mut words: Vec<&String> = words.collect();
            words.sort_by_key(|word| !self.is_relation(word));
            return (words.first().map_or_else(String::new, |word| singular(word)), Vec::new());
        }
        (things.pop().unwrap_or_default(), things)
    }
}

/// How many segments all paths begin with alike: the name of the system, and no thing in it.
fn shared_start(words: &[Vec<Vec<String>>]) -> usize {
    let Some((first, others)) = words.split_first().filter(|(_, others)| !others.is_empty()) else { return 0 };
    let alike = |other: &Vec<Vec<String>>| first.iter().zip(other).take_while(|(one, two)| one == two).count();
    others.iter().map(alike).min().unwrap_or_default()
}

/// `user/add`, `admin/member/get_member_list`: where nothing is named but accounts and what is done, it is done to those.
fn people(segments: &[Vec<String>], lexicon: &Lexicon) -> Option<String> {
    let is_account = |word: &&String| lexicon.is_named("people-noun", word);
    let mut named = segments.iter().flatten().filter(is_account);
    let found = named.next_back()?;
    let deed = |word: &&String| lexicon.is_named("bare-deed", word);
    let (last, before) = segments.split_last()?;
    let only_deeds = last.iter().filter(|word| !is_account(word)).all(|word| deed(&word));
    // `user/list` looks, `user` alone names what the caller is.
    let does = last.iter().any(|word| deed(&word));
    let under = |word: &String| is_account(&word) || lexicon.is_named("back-office", word);
    (does && only_deeds && before.iter().flatten().all(under)).then(|| singular(found))
}

/// `添加收货地址` is about `收货地址`, `文章的评论列表` about `评论`.
fn title_noun(title: &str, lexicon: &Lexicon) -> String {
    let numbered = title.trim_start_matches(|c: char| c.is_ascii_digit() || ".、 )）".contains(c));
    let head = numbered.split(['(', '（', '[', '【', '-', '—', ':', '：']).find(|part| !part.trim().is_empty());
    // `Reply to a ticket`: English has what it is about before what that belongs to.
    let head = head.unwrap_or(numbered);
    let joints = [" to ", " of ", " for ", " from ", " in ", " on ", " by ", " as ", " with "];
    let cut = joints.iter().filter_map(|joint| head.find(joint)).min().filter(|_| head.is_ascii());
    let head = cut.map_or(head, |cut| &head[..cut]);
    let bare = lexicon.without("title-filler", &lexicon.without_operations(head));
    let last = lexicon.head_of(&bare);
    let pieces: Vec<&str> = last.split_whitespace().filter(|piece| piece.chars().any(char::is_alphabetic)).collect();
    let noun = if last.is_ascii() { pieces.last().map(|piece| singular(piece)) } else { Some(pieces.concat()) };
    let noun = noun.unwrap_or_default();
    if lexicon.is_named("account-noun", &noun) {
        return String::new();
    }
    // `下单` is about `订单`, though it does not say so.
    if noun.chars().count() < 2 { lexicon.implied_thing(title).map_or(noun, str::to_owned) } else { noun }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Source;
    use crate::spec;

    fn check(title: &str, request: &str, expected: (&str, &[&str], &str)) {
        let text = format!("## {title}\n+++\n{request}\n*id=1#id\n+++\n");
        let lexicon = Lexicon::standard();
        let set = spec::lower(vec![Source::new("a.md", text)], &spec::Settings::default(), &lexicon);
        let nouns = &read(&set, &lexicon)[0];
        assert_eq!((nouns.path.as_str(), nouns.title.as_str()), (expected.0, expected.2), "{title} {request}");
        assert_eq!(nouns.before, expected.1, "{title} {request}");
    }

    #[test]
    fn paths_and_titles_name_things() {
        check("收货地址列表", "get:/api/v1/user/address/list", ("address", &[], "收货地址"));
        check("添加收货地址", "post:/user/addAddress", ("address", &[], "收货地址"));
        check("取消订单", "post:/orders/{id}/cancel", ("order", &[], "订单"));
        check("发表评论", "post:/article/comment", ("comment", &["article"], "评论"));
        check("收藏文章", "post:/article/favorite", ("article", &[], "文章"));
        check("我的收藏", "get:/favorite/list", ("favorite", &[], ""));
        check("订单列表", "get:/index.php?c=order&a=list", ("order", &[], "订单"));
        check("订单列表", "get:/index.php?i=2&a=list&c=order", ("order", &[], "订单"));
        check("取消订单", "post:/index.php?i=2&ac=order&op=cancel&do=api&m=shop", ("order", &[], "订单"));
        check("取消订单", "post:/index.php?act=cancel&mod=order&i=3", ("order", &[], "订单"));
        check("Ticket detail", "get:/tickets/{id}", ("ticket", &[], "ticket"));
        check("消息列表", "get:/message/unread/list", ("message", &[], "消息"));
        check("Reply to a ticket", "post:/tickets/{id}/replies", ("reply", &["ticket"], "reply"));
        check("教练列表", "get:/v2/coaches", ("coach", &[], "教练"));
        check("下单", "post:/index.php?api=K10001", ("", &[], "订单"));
        check("订单列表", "get:/order/list?token=xxx", ("order", &[], "订单"));
        check("订单列表", "get:/order/list?phone=mine", ("order", &[], "订单"));
    }
}
