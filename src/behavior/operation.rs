//! What an endpoint does, told by its title, its path, what its success says, and the roles of what it takes.

use super::by_shape;
use super::collection::noun::{Nouns, id_stem, is_numbered};
use super::collection::sayings;
use super::collection::shape::{self, Shown};
use super::deed_path::{is_deed_by_path, refuses_deed};
use super::failure::Failure;
use super::path_words::path_words;
pub(super) use super::path_words::{path_of, split_words};
use super::{Confidence, Evidence, Input};
use crate::lexicon::{Class, Lexicon, Operation, OperationWords, Role, compact, label_head};
use crate::spec::{DocSet, Endpoint, In, Segment};
use std::sync::Arc;

/// What an endpoint offers to judge by.
pub(super) struct Clues<'a> {
    pub(super) set: &'a DocSet,
    pub(super) endpoint: &'a Endpoint,
    pub(super) inputs: &'a [Input],
    pub(super) failures: &'a [Failure],
    pub(super) nouns: &'a Nouns,
    pub(super) shown: &'a Shown,
}

impl Clues<'_> {
    /// The names that the endpoint shows of a record.
    fn members(&self, lexicon: &Lexicon) -> Vec<Arc<str>> {
        shape::members_shown(self.set, self.endpoint, lexicon)
    }
}

/// Points from which an operation is held to be likely.
const ENOUGH: usize = 6;

pub(super) fn operation(clues: &Clues<'_>, lexicon: &Lexicon) -> (Operation, Evidence) {
    let texts = Texts::of(clues, lexicon);
    let mut best: Option<(usize, Scored)> = None;
    for words in lexicon.operations() {
        let Some(scored) = texts.score(words, clues, lexicon) else { continue };
        // What could be done to an account or to a record is done to the account.
        let outweighs = |points: usize, known: Operation| {
            let (new, old) = (scored.operation.is_on_records(), known.is_on_records());
            scored.points > points || (scored.points == points && old && !new)
        };
        if best.as_ref().is_none_or(|(points, known)| outweighs(*points, known.operation)) {
            best = Some((scored.points, scored));
        }
    }
    // `下架` under `book/delete` leaves nothing of it: a title's verb for a status yields to a path that says so.
    if let Some((points, scored)) = &mut best
        && scored.operation == Operation::Transition
        && !texts.says_in_path(Operation::Transition, lexicon)
        && texts.says_in_path(Operation::Delete, lexicon)
    {
        scored.operation = Operation::Delete;
        scored.reasons.push("its path".to_owned());
        *points += 2;
    }
    let place = clues.endpoint.title_place.unwrap_or(clues.endpoint.place);
    match best.filter(|(points, _)| *points >= ENOUGH) {
        Some((_, scored)) => {
            let confidence = match scored.reasons.len() {
                0 | 1 => Confidence::Guess,
                2 => Confidence::Likely,
                _ => Confidence::Certain,
            };
            (scored.operation, Evidence::new(scored.reasons.join(", "), place, confidence))
        }
        None if super::own::shows_caller(clues, lexicon) => {
            (Operation::Profile, Evidence::new("it shows an account's fields", place, Confidence::Likely))
        }
        None if super::upload::answers_address(clues.endpoint, clues.inputs, lexicon) => {
            let because = "it takes a file and answers an address";
            (Operation::Upload, Evidence::new(because, place, Confidence::Likely))
        }
        None => (Operation::Answer, Evidence::new("nothing tells what it does", place, Confidence::Guess)),
    }
}

/// More than a title, a path and failures together say for making or for changing alone.
const SAVES: usize = 30;
/// As a title says that names a deed in two characters.
const RATES: usize = 8;
/// 揽收 moves a record where statuses are called 待揽收 and 已揽收, and the endpoint takes a record's id.
pub(super) fn named_by_status(
    clues: &Clues<'_>,
    statuses: &[String],
    lexicon: &Lexicon,
) -> Option<(Operation, Evidence)> {
    let refused = clues.failures.iter().any(|failure| !failure.classes.contains(&Class::NotLoggedIn));
    let moves = takes_own_id(clues, lexicon) && refused && !clues.shown.is(crate::lexicon::Shows::List);
    let stem =
        sayings::stem_in(&clues.endpoint.title, statuses.iter().map(String::as_str), lexicon).filter(|_| moves)?;
    let place = clues.endpoint.title_place.unwrap_or(clues.endpoint.place);
    let because = format!("statuses are called by {stem}");
    Some((Operation::Transition, Evidence::new(because, place, Confidence::Likely)))
}

struct Scored {
    operation: Operation,
    points: usize,
    reasons: Vec<String>,
}

/// The endpoint's words, looked up once for all operations.
struct Texts {
    title: String,
    /// Operations that the title names, with the points for it.
    in_title: Vec<(Operation, usize)>,
    in_messages: Vec<Operation>,
    /// The last segment's words and their joins, then those of the segments before it.
    path: (Vec<String>, Vec<String>),
    takes_id: bool,
    is_tie: bool,
}

impl Texts {
    fn of(clues: &Clues<'_>, lexicon: &Lexicon) -> Self {
        let title = clues.endpoint.title.as_str();
        let (outside, inside) = brackets(title);
        let mut in_title: Vec<(Operation, usize)> = lexicon
            .operations_in(&outside)
            .into_iter()
            .map(|(operation, length)| (operation, 6 + length.min(8)))
            .collect();
        in_title.extend(lexicon.operations_in(&inside).into_iter().map(|(operation, _)| (operation, 3)));
        let envelope = clues.set.envelope(clues.endpoint);
        let messages = clues.endpoint.successes().filter_map(|example| envelope.message_of(&example.value));
        let in_messages =
            messages.flat_map(|(_, text)| lexicon.operations_in(text)).map(|(operation, _)| operation).collect();
        Self {
            title: title.to_owned(),
            in_title,
            in_messages,
            path: path_words(clues.endpoint),
            takes_id: takes_own_id(clues, lexicon),
            is_tie: lexicon.verbs().relation(title, &clues.nouns.words).is_some(),
        }
    }

    /// Whether what goes in and comes out speaks against an operation on records, whatever the words say.
    fn goes_against(&self, operation: Operation, clues: &Clues<'_>, lexicon: &Lexicon) -> bool {
        let takes_id = self.takes_id;
        match operation {
            // What must be sent is kept: a new comment's id comes out of `POST topics/{id}/comments`, and no comment is
            // looked at.
            Operation::Detail => {
                let is_sent = |input: &Input| input.required && is_data(input) && !by_shape::is_id(input, lexicon);
                (clues.endpoint.method.as_deref() == Some("POST")
                    && (clues.inputs.iter().any(is_sent)
                        || tells_of_deed(clues, lexicon)
                        || (takes_id && Self::shows_status_alone(clues, lexicon) && is_deed_under_id(clues.endpoint))
                        || hands_out_own(clues, takes_id, lexicon)
                        || gives_for(clues, lexicon)))
                    || (Self::shows_status_alone(clues, lexicon) && self.is_no_look(clues, lexicon))
                    || self.moves(clues, lexicon)
                    || (clues.endpoint.method.as_deref() == Some("POST") && self.shows_tie(clues, lexicon))
            }
            // `车辆注销` with the vehicle's id ends no session.
            Operation::Logout => {
                clues.inputs.iter().any(|input| input.required && input.word == Role::RecordId && is_data(input))
            }
            // `绑定会员卡` that hands out the card's id makes a record.
            Operation::BindIdentity => makes_id(clues, lexicon) && !lexicon.is_named("account-noun", &clues.nouns.path),
            // Nothing is made of nothing, unless its id comes out: `下单时选地址` only shows what there is.
            Operation::Create if !clues.inputs.iter().any(is_data) && !makes_id(clues, lexicon) => true,
            // `{"status": "dropped"}`: what takes a record's id and shows nothing but its status leads it there.
            Operation::Create | Operation::Update | Operation::Save | Operation::Delete => {
                (takes_id && Self::shows_status_alone(clues, lexicon)) || self.moves(clues, lexicon)
            }
            // What hands out a record's id and takes none makes one.
            // `ordersAdd` of 兑换 with a `goods_id` makes an order, and moves no goods.
            Operation::Transition => {
                (!takes_id && (makes_id(clues, lexicon) || Self::adds(clues, lexicon)))
                    || self.makes_own(clues, lexicon)
            }
            _ => false,
        }
    }

    /// None where the endpoint takes what the operation never takes, or lacks what it needs.
    fn score(&self, words: &OperationWords, clues: &Clues<'_>, lexicon: &Lexicon) -> Option<Scored> {
        let takes = |role: Role| clues.inputs.iter().any(|input| role.covers(input.word));
        let possible = words.takes.iter().all(|either| either.iter().any(|role| takes(*role)));
        let refused = words.never.iter().any(|role| clues.inputs.iter().any(|input| refuses(*role, input)));
        if !possible || refused {
            return None;
        }
        if words.reads && clues.endpoint.sections.is_empty() {
            return None;
        }
        if words.writes && !clues.inputs.iter().any(is_data) {
            return None;
        }
        if words.needs.as_deref().is_some_and(|topic| !self.speaks_of(topic, clues, lexicon)) {
            return None;
        }
        let on_records = words.operation.is_on_records();
        let takes_id = self.takes_id;
        let saves = words.operation == Operation::Save && self.makes_and_changes(clues, lexicon);
        let relates = words.operation == Operation::Toggle
            || *clues.shown == Shown::Nothing
            || clues.shown.is(crate::lexicon::Shows::List)
            || self.shows_tie(clues, lexicon);
        let is_tie = relates && self.is_tie;
        if on_records
            && ((!names_thing(clues) && !is_tie)
                || words.id.is_some_and(|id| id != takes_id && !saves && !bends(words, clues)))
        {
            return None;
        }
        // `Repair/evaluate` rates the repair that it takes, `ticket/comment` makes a comment on it.
        let of_another = !clues.nouns.path.is_empty() && !lexicon.is_nothing_but("remark-on", &clues.nouns.path);
        let rates = takes_id && of_another && lexicon.is_nothing_but("rating-deed", &clues.nouns.title);
        if rates && words.operation == Operation::Create {
            return None;
        }
        if words.shows.is_some_and(|shows| *clues.shown != Shown::Nothing && !clues.shown.is(shows)) {
            return None;
        }
        if self.goes_against(words.operation, clues, lexicon) {
            return None;
        }
        // What shows a list lists, whatever deed its title names: `我报名的活动`.
        if on_records && words.shows.is_none() && clues.shown.is(crate::lexicon::Shows::List) {
            return None;
        }
        let mut points = 0;
        let mut reasons = Vec::new();
        if let Some((_, found)) =
            self.in_title.iter().filter(|(operation, _)| *operation == words.operation).max_by_key(|(_, p)| *p)
        {
            points += found;
            reasons.push(format!("the title {}", self.title));
        }
        if saves {
            points += SAVES;
            reasons.push("that it makes as well as changes".to_owned());
        }
        if rates && words.operation == Operation::Transition {
            points += RATES;
            reasons.push(format!("the title {}", self.title));
        }
        if words.operation == Operation::Transition && self.moves(clues, lexicon) {
            points += RATES;
            reasons.push(format!("the title {} with its path", self.title));
        }
        if self.in_messages.contains(&words.operation) {
            points += 3;
            reasons.push("what its success says".to_owned());
        }
        let (last, before) = &self.path;
        if let Some(word) = words.path.iter().find(|word| last.contains(word)) {
            points += 5;
            reasons.push(format!("`{word}` in its path"));
            // `reviews/{id}/delete`: what stands behind an id is done to what has it.
            if words.operation == Operation::Delete && is_deed_by_path(clues) {
                points += 2;
            }
        } else if let Some(word) = words.path.iter().find(|word| before.contains(word)) {
            points += 2;
            reasons.push(format!("`{word}` in its path"));
        }
        if words.operation == Operation::Toggle && self.shows_tie(clues, lexicon) {
            points += RATES;
            reasons.push("what its success shows".to_owned());
        }
        if on_records {
            points += shape_points(words, clues, takes_id, &mut reasons, lexicon);
        }
        if reasons.is_empty() {
            return None;
        }
        if !words.takes.is_empty() {
            points += 2;
            reasons.push("what it takes".to_owned());
        }
        points += words.likes.iter().filter(|role| takes(**role)).count();
        let says = |class: &Class| clues.failures.iter().any(|failure| failure.classes.contains(class));
        if words.failures.iter().any(says) {
            points += 3;
            reasons.push("its failures".to_owned());
        }
        Some(Scored { operation: words.operation, points, reasons })
    }

    /// `{"wanted": true}`, `{"joined": 2, "status": "open"}`: nothing but whether the caller is tied, how many are, and how it stands.
    fn shows_tie(&self, clues: &Clues<'_>, lexicon: &Lexicon) -> bool {
        let Some((_, relation, _)) = lexicon.verbs().relation(&self.title, &self.path.0) else { return false };
        let members = clues.members(lexicon);
        let named = |name: &str| {
            let name = compact(name);
            let deed =
                |word: &String| name == *word || name.strip_prefix("is") == Some(word) || name == format!("{word}ed");
            relation.flags.contains(&name) || relation.counts.contains(&name) || self.path.0.iter().any(deed)
        };
        let given = |name: &str| clues.inputs.iter().any(|input| compact(&input.name) == compact(name));
        let stands = |name: &str| lexicon.role(name, "").is_some_and(|(role, _)| role == Role::Status);
        self.takes_id
            && !sends_more(clues, lexicon)
            && !clues.shown.is(crate::lexicon::Shows::List)
            && (1..=3).contains(&members.len())
            && members.iter().any(|name| named(name))
            && members.iter().all(|name| named(name) || given(name) || stands(name))
    }

    /// `POST notes/{id}/publish` of 发布笔记: title and path name a deed, and nothing goes in but what names the record.
    fn moves(&self, clues: &Clues<'_>, lexicon: &Lexicon) -> bool {
        let writes = clues.endpoint.method.as_deref().is_none_or(|method| !matches!(method, "GET" | "DELETE"));
        let sends = sends_more(clues, lexicon);
        let alone = *clues.shown == Shown::Nothing || Self::shows_status_alone(clues, lexicon);
        // `approval/pass` with an `outing_id`: the one id that goes in is what the deed is done to.
        let mut ids = clues.inputs.iter().filter(|input| is_data(input) && by_shape::is_id(input, lexicon));
        let names_one = ids.next().is_some() && ids.next().is_none();
        writes
            && (self.takes_id || names_one)
            && !sends
            && alone
            && lexicon.verbs().agreed(&self.title, &self.path.0).is_some_and(|(_, verb)| !verb.titled.is_empty())
    }

    fn shows_status_alone(clues: &Clues<'_>, lexicon: &Lexicon) -> bool {
        let members = clues.members(lexicon);
        let is_status = |name: &str| lexicon.role(name, "").is_some_and(|(role, _)| role == Role::Status);
        let sends = sends_more(clues, lexicon);
        let by_path = is_deed_by_path(clues) && refuses_deed(clues.failures);
        let is_given = |name: &str| {
            let own = by_path && compact(name) == "id";
            own || clues.inputs.iter().any(|input| shape::is_id(name) && compact(&input.name) == compact(name))
        };
        // `{"id": 7, "stage": "sewing"}`
        if by_path {
            let shown = members.iter().filter(|name| !shape::is_id(name)).count();
            return !sends && (1..=2).contains(&shown) && !clues.shown.is(crate::lexicon::Shows::List);
        }
        !sends
            && members.iter().any(|name| is_status(name))
            && members.iter().all(|name| is_status(name) || is_given(name))
    }

    /// `POST tasks/{id}/deliver` whose words ask for nothing does something, where the failures say how the record has to stand
    /// or whose it has to be.
    fn is_no_look(&self, clues: &Clues<'_>, lexicon: &Lexicon) -> bool {
        let looks = self.in_title.iter().any(|(operation, _)| *operation == Operation::Detail)
            || self.says_in_path(Operation::Detail, lexicon)
            || lexicon.speaks_of("asks-for-data", &self.title);
        let told = is_deed_by_path(clues) || clues.endpoint.method.as_deref() == Some("POST");
        told && self.takes_id && !looks && refuses_deed(clues.failures)
    }

    /// The path says that something is made, and more goes in than what names another thing.
    fn adds(clues: &Clues<'_>, lexicon: &Lexicon) -> bool {
        let words = lexicon.operation_words(Operation::Create).map_or(&[] as &[String], |words| &words.path);
        let last = match clues.endpoint.segments.last() {
            Some(Segment::Literal(text)) => split_words(text).pop(),
            _ => None,
        };
        last.is_some_and(|last| words.contains(&last)) && sends_more(clues, lexicon)
    }

    /// `申请售后` answers the id of an application that was not sent, or stands beside a list of applications: it makes one.
    fn makes_own(&self, clues: &Clues<'_>, lexicon: &Lexicon) -> bool {
        let titled = self.in_title.iter().any(|(operation, _)| *operation == Operation::Create)
            || lexicon.speaks_of("applies", &self.title);
        let own = |name: &str| id_stem(name).is_some_and(|stem| stem == clues.nouns.path) || compact(name) == "id";
        let sent = clues.inputs.iter().any(|input| own(&input.name) && !input.discriminates);
        if !titled || sent || clues.nouns.path.is_empty() {
            return false;
        }
        let shows = shape::members_shown(clues.set, clues.endpoint, lexicon).iter().any(|key| own(key));
        let of_another = clues.inputs.iter().any(|input| id_stem(&input.name).is_some() && !input.discriminates);
        // `repair/cancel` beside `repair/list` says that nothing is made, whatever 报修 in its title is.
        let moves = || self.says_in_path(Operation::Transition, lexicon);
        shows || (of_another && !moves() && has_list_beside(clues, lexicon))
    }

    /// `新增地址、编辑地址`, or an id that is sent only to edit.
    fn makes_and_changes(&self, clues: &Clues<'_>, lexicon: &Lexicon) -> bool {
        let titled = |wanted: Operation| self.in_title.iter().any(|(operation, _)| *operation == wanted);
        let mut writes = clues.inputs.iter().zip(&clues.endpoint.params).filter(|(input, _)| !input.discriminates);
        let either = titled(Operation::Create) && titled(Operation::Update);
        either && !clues.shown.is(crate::lexicon::Shows::List)
            || writes.any(|(input, param)| {
                (input.word == Role::RecordId || compact(&input.name) == "id")
                    && lexicon.speaks_of("id-to-edit", &param.all_words())
            })
    }

    fn says_in_path(&self, operation: Operation, lexicon: &Lexicon) -> bool {
        let words = lexicon.operation_words(operation).map_or(&[] as &[String], |words| &words.path);
        words.iter().any(|word| self.path.0.contains(word))
    }

    fn speaks_of(&self, topic: &str, clues: &Clues<'_>, lexicon: &Lexicon) -> bool {
        let envelope = clues.set.envelope(clues.endpoint);
        let messages = clues.endpoint.successes().filter_map(|example| envelope.message_of(&example.value));
        let labels = clues.inputs.iter().map(|input| input.label.as_str());
        let mut texts = std::iter::once(self.title.as_str()).chain(messages.map(|(_, text)| text)).chain(labels);
        texts.any(|text| lexicon.speaks_of(topic, text))
    }
}

/// Whether an endpoint of the same path but for its end lists: `refund/list` beside `refund/apply`.
fn has_list_beside(clues: &Clues<'_>, lexicon: &Lexicon) -> bool {
    let literals = |endpoint: &Endpoint| path_words(endpoint);
    let (_, before) = literals(clues.endpoint);
    let listing = lexicon.operation_words(Operation::List).map_or(&[] as &[String], |words| &words.path);
    !before.is_empty()
        && clues.set.endpoints.iter().any(|other| {
            let (last, others) = literals(other);
            others == before && last.iter().any(|word| listing.contains(word))
        })
}

/// Whether an input stands against an operation that never takes this role. What the settings add does not count.
fn refuses(role: Role, input: &Input) -> bool {
    let counts = input.location != In::Header && !input.discriminates && !input.routes;
    // A record of another kind that is only referred to (`clinic_id`) makes no operation one on records.
    let own_id = role != Role::RecordId || compact(&input.name) == "id";
    counts && own_id && role.covers(input.word) && (role != Role::Plain || is_data(input))
}

/// What method, id and example say of an operation on records.
fn shape_points(
    words: &OperationWords,
    clues: &Clues<'_>,
    takes_id: bool,
    reasons: &mut Vec<String>,
    lexicon: &Lexicon,
) -> usize {
    let mut points = 0;
    let method = clues.endpoint.method.as_deref();
    if let Some(method) = method.filter(|method| words.method.iter().any(|known| known == method)) {
        // Most documents use GET and POST for everything; the others say what is done.
        points += if matches!(method, "GET" | "POST") { 2 } else { 5 };
        reasons.push(format!("the method {method}"));
    }
    // `{"stage": "out"}` shows what has become of a record, not the record.
    let is_whole = words.operation != Operation::Detail || clues.members(lexicon).len() > 1;
    if is_whole && words.shows.is_some_and(|shows| clues.shown.is(shows)) {
        points += 4;
        reasons.push("what its success shows".to_owned());
    }
    if words.id == Some(true) && takes_id {
        points += 2;
        reasons.push("it takes a record's id".to_owned());
    }
    points
}

/// `POST works/{id}/issue`: what stands behind an id and is no look is done to what has it.
fn is_deed_under_id(endpoint: &Endpoint) -> bool {
    matches!(endpoint.segments.as_slice(), [.., Segment::Param(_), Segment::Literal(_)])
}

/// `还伞` answers `归还成功`: what a success says was done is what the title names, and no look.
fn tells_of_deed(clues: &Clues<'_>, lexicon: &Lexicon) -> bool {
    let envelope = clues.set.envelope(clues.endpoint);
    let mut said = clues.endpoint.successes().filter_map(|example| envelope.message_of(&example.value));
    said.any(|(_, text)| {
        let deed = lexicon.before_end("done", text.trim());
        let named = |c: char| c.is_alphabetic() && !c.is_ascii() && clues.endpoint.title.contains(c);
        deed.len() < text.trim().len() && !lexicon.speaks_of("only-looked", deed) && deed.contains(named)
    })
}

/// Whether a success shows an id that no input gave.
pub(super) fn makes_id(clues: &Clues<'_>, lexicon: &Lexicon) -> bool {
    let given = |name: &str| clues.inputs.iter().any(|input| compact(&input.name) == compact(name));
    let members = clues.members(lexicon);
    members.iter().any(|name| shape::is_id(name) && !given(name)) || hands_out_number(clues, lexicon)
}

/// Whether a success shows the number of what the endpoint is about, and none was sent: `lendNo`.
fn hands_out_number(clues: &Clues<'_>, lexicon: &Lexicon) -> bool {
    let own = |name: &str| {
        is_numbered(name, lexicon)
            && !clues.nouns.path.is_empty()
            && id_stem(name).is_some_and(|stem| stem == clues.nouns.path)
    };
    !clues.shown.is(crate::lexicon::Shows::List)
        && !clues.inputs.iter().any(|input| own(&input.name))
        && clues.members(lexicon).iter().any(|name| own(name))
}

/// `order/start` takes the id of a plug and answers that of an order: that is no look at one.
fn hands_out_own(clues: &Clues<'_>, takes_id: bool, lexicon: &Lexicon) -> bool {
    let own = |name: &str| id_stem(name).is_some_and(|stem| stem == clues.nouns.path);
    let takes_other = clues.inputs.iter().any(|input| input.word == Role::RecordId && !input.discriminates);
    !takes_id
        && takes_other
        && !lexicon.speaks_of("asks-for-data", &clues.endpoint.title)
        && clues.members(lexicon).iter().any(|name| own(name))
}

/// `兑换` takes the id of goods, hands out one that was not sent, and can fail because there is too little: that is no look.
fn gives_for(clues: &Clues<'_>, lexicon: &Lexicon) -> bool {
    let short = clues.failures.iter().any(|failure| failure.classes.contains(&Class::Insufficient));
    short && !lexicon.speaks_of("asks-for-data", &clues.endpoint.title) && makes_id(clues, lexicon)
}

/// Whether path or title name anything that there could be records of.
fn names_thing(clues: &Clues<'_>) -> bool {
    !clues.nouns.path.is_empty() || !clues.nouns.title.is_empty()
}

/// Whether an endpoint takes the id of the very thing that it is about.
pub(super) fn takes_own_id(clues: &Clues<'_>, lexicon: &Lexicon) -> bool {
    let inputs = clues.inputs.iter().filter(|input| !input.discriminates && input.location != In::Header);
    let mut ids = inputs.filter(|input| input.word != Role::Token);
    ids.any(|input| {
        let name = compact(&input.name);
        let stem = id_stem(&input.name);
        let own = stem.as_ref().is_some_and(|stem| *stem == clues.nouns.path || clues.nouns.before.contains(stem));
        let titled = !clues.nouns.title.is_empty() && input.label.starts_with(clues.nouns.title.as_str());
        let id_like = stem.is_some() || input.word == Role::RecordId;
        // `no`, `order_sn`: a number is a name too.
        // `aidNo` of what hands out a `lendNo` is another thing's.
        let foreign =
            || stem.as_ref().is_some_and(|stem| *stem != clues.nouns.path) && hands_out_number(clues, lexicon);
        let numbered = is_numbered(&input.name, lexicon) && input.word != Role::Passcode && !foreign();
        name == "id" || name == "ids" || own || input.location == In::Path || (id_like && titled) || numbered
    })
}

/// An id that the path or the words do not tie to the thing can still be the thing's: `pay/submit` with an `order_id`; and
/// a child is created with the id of its parent.
fn bends(words: &OperationWords, clues: &Clues<'_>) -> bool {
    let any_id = clues.inputs.iter().any(|input| input.word == Role::RecordId && !input.discriminates);
    match words.operation {
        Operation::Create => {
            let bare = clues.inputs.iter().any(|input| matches!(compact(&input.name).as_str(), "id" | "ids"));
            let in_path = clues.inputs.iter().any(|input| input.location == In::Path);
            let own =
                clues.inputs.iter().any(|input| id_stem(&input.name).is_some_and(|stem| stem == clues.nouns.path));
            !own && (!clues.nouns.before.is_empty() || (!bare && !in_path))
                || clues.inputs.iter().all(|input| {
                    input.discriminates
                        || input.routes
                        || !matches!(compact(&input.name).as_str(), "id" | "ids") && input.location != In::Path
                })
        }
        _ => any_id,
    }
}

/// An input that carries something to be kept or looked for, and not who calls.
pub(super) fn is_data(input: &Input) -> bool {
    !matches!(input.word, Role::Token | Role::Openid | Role::UserId | Role::Device)
        && !input.discriminates
        && !input.routes
        && input.location != In::Header
}

/// Whether something goes in beside what names the record, and a word on the deed: `opinion`, `reason`.
fn sends_more(clues: &Clues<'_>, lexicon: &Lexicon) -> bool {
    let is_note = |input: &Input| {
        lexicon.is_named("deed-note", &input.name) || lexicon.ends_with("deed-note", label_head(&input.label))
    };
    clues.inputs.iter().any(|input| is_data(input) && !by_shape::is_id(input, lexicon) && !is_note(input))
}

/// The text outside of brackets, and the text inside.
fn brackets(title: &str) -> (String, String) {
    let mut depth = 0_usize;
    let (mut outside, mut inside) = (String::new(), String::new());
    for c in title.chars() {
        match c {
            '(' | '（' | '【' | '[' => depth += 1,
            ')' | '）' | '】' | ']' => depth = depth.saturating_sub(1),
            _ if depth > 0 => inside.push(c),
            _ => outside.push(c),
        }
    }
    (outside, inside)
}
