//! What speaks against an operation on records, whatever the words say: what goes in, what comes out, and what they mean together.

use super::Clues;
use super::by_shape;
use super::deed_path::{is_deed_by_path, refuses_deed};
use super::in_and_out::{
    gives_for, hands_out_own, has_list_beside, is_data, is_deed_under_id, makes_id, sends_more, tells_of_deed,
};
use super::path_words::split_words;
use super::score::Texts;
use crate::behavior::Input;
use crate::behavior::collection::items::shape::{self, Shown};
use crate::behavior::collection::nouns::noun::id_stem;
use crate::lexicon::{Class, Lexicon, Operation, Role, Shows, compact, label_head};
use crate::spec::Segment;

impl Texts {
    /// Whether what goes in and comes out speaks against an operation on records, whatever the words say.
    pub(super) fn goes_against(&self, operation: Operation, clues: &Clues<'_>, lexicon: &Lexicon) -> bool {
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
            // `取消报名` with the id of the sign-up, which has to stand in a status: the record is moved, and no tie undone.
            Operation::Toggle => self.takes_tie_itself(clues, lexicon),
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

    /// Whether the id that goes in is that of what ties (`报名单id`), or all that comes out is what has become of it, where a failure
    /// says how it has to stand.
    fn takes_tie_itself(&self, clues: &Clues<'_>, lexicon: &Lexicon) -> bool {
        let Some((_, relation, undone)) = lexicon.verbs().relation(&self.title, &self.path.0) else { return false };
        let stands = clues.failures.iter().any(|failure| {
            let of_status = |class: &Class| matches!(class, Class::WrongState | Class::ForbiddenStatus);
            failure.classes.iter().any(of_status) && lexicon.speaks_of("only-from", failure.says())
        });
        if !undone || !self.takes_id || !stands || clues.shown.is(Shows::List) {
            return false;
        }
        let of_tie = |input: &Input| {
            let label = label_head(&input.label);
            is_data(input)
                && by_shape::is_id(input, lexicon)
                && relation.words.iter().any(|word| word.chars().count() > 1 && label.starts_with(word.as_str()))
        };
        let members = clues.members(lexicon);
        let became = || members.len() == 1 && !self.shows_tie(clues, lexicon);
        clues.inputs.iter().any(of_tie) || became()
    }

    /// `{"wanted": true}`, `{"joined": 2, "status": "open"}`: nothing but whether the caller is tied, how many are, and how it stands.
    pub(super) fn shows_tie(&self, clues: &Clues<'_>, lexicon: &Lexicon) -> bool {
        if !self.takes_id || clues.shown.is(Shows::List) || sends_more(clues, lexicon) {
            return false;
        }
        let members = clues.members(lexicon);
        if !(1..=3).contains(&members.len()) {
            return false;
        }
        let Some((_, relation, _)) = lexicon.verbs().relation(&self.title, &self.path.0) else { return false };
        let named = |name: &str| {
            let name = compact(name);
            let deed =
                |word: &String| name == *word || name.strip_prefix("is") == Some(word) || name == format!("{word}ed");
            relation.flags.contains(&name) || relation.counts.contains(&name) || self.path.0.iter().any(deed)
        };
        let given = |name: &str| clues.inputs.iter().any(|input| compact(&input.name) == compact(name));
        let stands = |name: &str| lexicon.role(name, "").is_some_and(|(role, _)| role == Role::Status);
        members.iter().any(|name| named(name)) && members.iter().all(|name| named(name) || given(name) || stands(name))
    }

    /// `POST notes/{id}/publish` of 发布笔记: title and path name a deed, and nothing goes in but what names the record.
    pub(super) fn moves(&self, clues: &Clues<'_>, lexicon: &Lexicon) -> bool {
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
            return !sends && (1..=2).contains(&shown) && !clues.shown.is(Shows::List);
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
}
