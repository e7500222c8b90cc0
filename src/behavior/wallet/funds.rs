//! Which endpoints show what a caller has, and which change it: they show nothing but fields of the account.

use crate::behavior::collection::nouns::noun::id_stem;
use crate::behavior::operation::by_shape::{Shapes, is_id};
use crate::behavior::operation::is_data;
use crate::behavior::operation::neighbours::Neighbours;
use crate::behavior::{Confidence, Evidence, Input, account};
use crate::json::Json;
use crate::lexicon::{Operation, Role, Shows, compact, label_head};
use std::collections::BTreeSet;

impl Shapes<'_> {
    /// Settles both. `fields` are the members that endpoints show of accounts.
    pub(in crate::behavior) fn on_what_callers_have(
        &self,
        operations: &mut [(Operation, Evidence)],
        beside: &Neighbours<'_>,
        fields: &mut BTreeSet<String>,
        told: &dyn Fn(usize) -> bool,
    ) {
        let open = |at: usize, operations: &[(Operation, Evidence)]| {
            let (operation, because) = &operations[at];
            *operation == Operation::Answer && because.confidence == Confidence::Guess && !told(at)
        };
        for at in (0..operations.len()).filter(|at| self.can_be_told(*at)) {
            if open(at, operations) && self.looks(at) && self.shows_funds(at, beside) {
                let because = self.because(at, "it shows what who calls has");
                operations[at] = (Operation::Profile, because);
                fields.extend(beside.members[at].iter().map(|name| compact(name)));
            }
        }
        for at in (0..operations.len()).filter(|at| self.can_be_told(*at) && !told(*at)) {
            let Some(deed) = self.checks_in(at, operations[at].0, beside) else { continue };
            let (operation, text) = if deed {
                (Operation::AccountDeed, "it is done day by day")
            } else {
                (Operation::Profile, "it shows for how many days who calls did it")
            };
            operations[at] = (operation, self.because(at, text));
            fields.extend(beside.members[at].iter().map(|name| compact(name)));
        }
        for at in (0..operations.len()).filter(|at| !told(*at)) {
            if self.changes_standing(at, operations[at].0, beside, fields) {
                let because = self.because(at, "its title says that it changes how the caller's account stands");
                operations[at] = (Operation::AccountDeed, because);
            }
        }
        for at in (0..operations.len()).filter(|at| self.can_be_told(*at) && !told(*at)) {
            // `退押金` answers `押金已退回余额` and shows nothing: that is no look at a wallet.
            let profile = operations[at].0 == Operation::Profile && self.shown_scalars(at, beside).is_none();
            if profile && !self.looks(at) && self.is_titled_deed(at) {
                let because = self.because(at, "its title says that it changes what who calls has");
                operations[at] = (Operation::AccountDeed, because);
            }
            let could = matches!(
                operations[at].0,
                Operation::Answer
                    | Operation::Transition
                    | Operation::Toggle
                    | Operation::Create
                    | Operation::Increment
                    | Operation::Update
                    | Operation::Save
            ) || operations[at].0 == Operation::TopUp
                && !self.inputs[at].iter().any(|input| input.word == Role::Amount);
            let by_title = could && !self.looks(at) && self.buys_unshown(at, operations[at].0, beside, fields);
            if by_title {
                let because = self.because(at, "its title says that it changes what who calls has");
                operations[at] = (Operation::AccountDeed, because);
            }
            if could && !by_title && !self.looks(at) && self.changes_funds(at, operations[at].0, beside, fields) {
                let because = self.because(at, "its success shows nothing but fields of the account");
                operations[at] = (Operation::AccountDeed, because);
            }
        }
    }

    /// `coupons/{id}/receive` beside a list of what is offered and one of what the caller has.
    pub(in crate::behavior) fn grants(
        &self,
        at: usize,
        operations: &[(Operation, Evidence)],
        beside: &Neighbours<'_>,
    ) -> bool {
        let endpoint = &self.set.endpoints[at];
        let could = matches!(
            operations[at].0,
            Operation::Transition | Operation::Answer | Operation::Detail | Operation::Update | Operation::List
        );
        if !could || endpoint.method.as_deref() == Some("GET") || !self.lexicon.speaks_of("grants", &endpoint.title) {
            return false;
        }
        let mut data = self.inputs[at].iter().filter(|input| is_data(input)).peekable();
        if data.peek().is_none() || !data.all(|input| is_id(input, self.lexicon)) {
            return false;
        }
        let mine = |at: &usize| self.lexicon.speaks_of("mine", &self.set.endpoints[*at].title);
        let stems = self.inputs[at].iter().filter_map(|input| id_stem(&input.name));
        let mut things = stems.chain(std::iter::once(self.nouns[at].path.clone())).chain(self.nouns[at].before.clone());
        things.any(|thing| {
            let lists = beside.lists_of(&thing);
            lists.iter().any(mine) && !lists.iter().all(mine)
        })
    }

    fn because(&self, at: usize, text: &str) -> Evidence {
        let endpoint = &self.set.endpoints[at];
        Evidence::new(text, endpoint.title_place.unwrap_or(endpoint.place), Confidence::Likely)
    }

    /// Whether the endpoint takes a token, or stands where nothing says that it does not.
    fn can_be_told(&self, at: usize) -> bool {
        let secret = |input: &Input| input.word.is_secret();
        !self.inputs[at].iter().any(secret)
    }

    /// `签到` that takes nothing and shows numbers of the caller's, where a failure or a line says that it is done day by day; false
    /// where it only shows how that stands.
    fn checks_in(&self, at: usize, operation: Operation, beside: &Neighbours<'_>) -> Option<bool> {
        let endpoint = &self.set.endpoints[at];
        let could = matches!(
            operation,
            Operation::Answer | Operation::Transition | Operation::Create | Operation::Profile | Operation::Detail
        );
        if !could || !self.lexicon.speaks_of("checks-in", &endpoint.title) || self.inputs[at].iter().any(is_data) {
            return None;
        }
        let shown = self.shown_scalars(at, beside)?;
        let number = |value: &Json| {
            matches!(value, Json::Bool(_)) || value.scalar_text().is_some_and(|text| text.parse::<f64>().is_ok())
        };
        if !shown.iter().all(|member| number(member.value) && member.role != Role::RecordId) {
            return None;
        }
        let looks = endpoint.method.as_deref() == Some("GET")
            || self.lexicon.ends_with("looks-at-funds", label_head(&endpoint.title));
        let daily = self.catalog.own[at].iter().any(|failure| self.lexicon.speaks_of("today", failure.says()))
            || endpoint
                .notes
                .iter()
                .any(|note| ["today", "in-a-row"].iter().any(|topic| self.lexicon.speaks_of(topic, &note.text)));
        let streak = shown.iter().any(|member| {
            self.lexicon.is_named("streak-days", member.name)
                || self.lexicon.speaks_of("in-a-row", &member.words)
                || self.lexicon.speaks_of("today", &member.words)
        });
        (looks || daily || streak).then_some(!looks)
    }

    /// `GET`, and `查询余额` where all is posted.
    fn looks(&self, at: usize) -> bool {
        let endpoint = &self.set.endpoints[at];
        let titled = || {
            let doing = ["title-takes", "title-adds", "title-buys"]
                .iter()
                .any(|topic| self.lexicon.speaks_of(topic, &endpoint.title));
            self.lexicon.speaks_of("looks-at-funds", &endpoint.title) && !doing
        };
        endpoint.method.as_deref() == Some("GET") && !self.lexicon.speaks_of("title-adds", &endpoint.title) || titled()
    }

    fn is_titled_deed(&self, at: usize) -> bool {
        let title = &self.set.endpoints[at].title;
        ["title-takes", "title-adds", "title-undoes"].iter().any(|topic| self.lexicon.speaks_of(topic, title))
    }

    fn shown_scalars(&self, at: usize, beside: &Neighbours<'_>) -> Option<Vec<account::Shown<'_>>> {
        if beside.shown[at].is(Shows::List) {
            return None;
        }
        let endpoint = &self.set.endpoints[at];
        let envelope = self.set.envelope(endpoint);
        let example = endpoint.successes().next()?;
        let data = envelope.data.as_ref().and_then(|key| example.value.get(key));
        let nested =
            |value: &Json| value.as_object().is_some_and(|members| members.iter().any(|(_, inner)| !inner.is_scalar()));
        if data.is_some_and(nested) {
            return None;
        }
        let bare = envelope.data.is_none();
        let shown = account::shown(self.set, endpoint, example, self.lexicon);
        let shown: Vec<_> = shown.into_iter().filter(|member| member.path.len() > 1 || bare).collect();
        (!shown.is_empty()).then_some(shown)
    }

    fn is_fund(&self, member: &account::Shown<'_>) -> bool {
        let label = label_head(&member.words);
        let number = member.value.scalar_text().is_some_and(|text| text.parse::<f64>().is_ok());
        number
            && ["balance", "points-name", "times-left", "frozen-funds"].iter().any(|topic| {
                self.lexicon.is_named(topic, member.name)
                    || (!label.is_empty() && self.lexicon.is_nothing_but(topic, label))
            })
    }

    /// Nothing goes in, and money or points come out.
    fn shows_funds(&self, at: usize, beside: &Neighbours<'_>) -> bool {
        if self.inputs[at].iter().any(is_data) {
            return false;
        }
        let shown = self.shown_scalars(at, beside).unwrap_or_default();
        shown.iter().any(|member| self.is_fund(member)) && shown.iter().all(|member| member.role != Role::RecordId)
    }

    /// `账户挂失`, `解挂`: nothing goes in but what proves who calls, and nothing comes out but how the account stands.
    fn changes_standing(
        &self,
        at: usize,
        operation: Operation,
        beside: &Neighbours<'_>,
        fields: &BTreeSet<String>,
    ) -> bool {
        let endpoint = &self.set.endpoints[at];
        let could = matches!(operation, Operation::Answer | Operation::Transition | Operation::Update);
        let verb = self.lexicon.verbs().verb(&endpoint.title, &[]);
        let stands = verb.is_some_and(|(_, verb)| verb.stands);
        if !could || !stands || endpoint.method.as_deref() == Some("GET") || beside.shown[at].is(Shows::List) {
            return false;
        }
        let proves = |input: &Input| input.word.is_secret() || input.word == Role::Plain && !is_id(input, self.lexicon);
        if !self.inputs[at].iter().filter(|input| is_data(input)).all(proves) {
            return false;
        }
        let shown = self.shown_scalars(at, beside).unwrap_or_default();
        let noun = &self.nouns[at].title;
        let own = noun.is_empty() || self.lexicon.ends_with("own-card", noun);
        own && shown.iter().all(|member| fields.contains(&compact(member.name)) || member.role == Role::Status)
    }

    /// `购买课时` that answers nothing, where accounts show how many lessons they have.
    fn buys_unshown(
        &self,
        at: usize,
        operation: Operation,
        beside: &Neighbours<'_>,
        fields: &BTreeSet<String>,
    ) -> bool {
        let title = &self.set.endpoints[at].title;
        let makes = matches!(operation, Operation::Create | Operation::Save | Operation::Toggle);
        !makes
            && self.shown_scalars(at, beside).is_none()
            && !beside.shown[at].is(Shows::List)
            && self.inputs[at].iter().any(is_data)
            && self.lexicon.speaks_of("title-buys", title)
            && self.lexicon.speaks_of("times-left", title)
            && fields.iter().any(|field| self.lexicon.is_named("times-left", field))
    }

    fn changes_funds(
        &self,
        at: usize,
        operation: Operation,
        beside: &Neighbours<'_>,
        fields: &BTreeSet<String>,
    ) -> bool {
        let Some(shown) = self.shown_scalars(at, beside) else { return false };
        let is_field = |member: &account::Shown<'_>| fields.contains(&compact(member.name));
        let gained = |member: &account::Shown<'_>| {
            self.lexicon.is_named("gained", member.name) || self.lexicon.speaks_of("gained", label_head(&member.words))
        };
        let of_who = |member: &account::Shown<'_>| {
            matches!(
                member.role,
                Role::Nickname
                    | Role::Avatar
                    | Role::Phone
                    | Role::Email
                    | Role::Account
                    | Role::RealName
                    | Role::IdCard
                    | Role::Token
                    | Role::RecordId
                    | Role::UserId
                    | Role::Verified
            )
        };
        let sent = |member: &account::Shown<'_>| {
            self.inputs[at].iter().any(|input| is_data(input) && compact(&input.name) == compact(member.name))
        };
        let known = operation != Operation::Answer;
        let names = self.inputs[at]
            .iter()
            .any(|input| (is_data(input) && is_id(input, self.lexicon)) || (known && input.word == Role::UserId));
        // `买次卡` names a card and shows what the account has then.
        let title = &self.set.endpoints[at].title;
        let buys = !matches!(operation, Operation::Create | Operation::Save)
            && self.lexicon.speaks_of("title-buys", title)
            && shown.iter().all(|member| self.is_fund(member));
        // What moves a record shows that record's status, which the account has, too.
        let plain_status = shown.iter().all(|member| member.role == Role::Status);
        shown.iter().any(is_field)
            && shown.iter().all(|member| (is_field(member) || gained(member)) && !of_who(member))
            // `金币兑现` takes how many and shows how many are left.
            && (!shown.iter().any(sent) || self.lexicon.speaks_of("exchanges", title))
            && !(names && (known && !buys || !shown.iter().any(|member| self.is_fund(member))))
            && !plain_status
    }
}
