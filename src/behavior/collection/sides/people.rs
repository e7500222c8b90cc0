//! What items and profiles show of people: who follows whom, who wrote to whom, who made a thing.

use crate::behavior::Slot;
use crate::behavior::account::others;
use crate::behavior::collection::Collection;
use crate::behavior::collection::items::item::{ItemMember, ItemTemplate, Items, Source};
use crate::behavior::collection::items::shape;
use crate::behavior::enumeration::{self, Item};
use crate::json::Json;
use crate::lexicon::{Lexicon, Role, compact};
use std::sync::Arc;

impl Items<'_> {
    /// The relation that ties callers to accounts and has such a name among its words.
    fn account_relation(&self, has: impl Fn(&crate::lexicon::Relation) -> bool) -> Option<usize> {
        self.collections.iter().position(|known| {
            known.relation.as_ref().is_some_and(|relation| {
                let to_account = self.collections.get(relation.target).is_some_and(Collection::holds_accounts);
                let mut words = self.lexicon.verbs().relations();
                to_account && words.any(|(name, words)| name == relation.name && has(words))
            })
        })
    }

    /// The same by what is said of a member.
    fn account_relation_said(&self, words: &str) -> Option<usize> {
        let (said, ..) = self.lexicon.verbs().relation(words, &[]).filter(|(.., off)| !off)?;
        self.collections.iter().position(|known| {
            let relation = known.relation.as_ref().filter(|relation| relation.name == said);
            relation.is_some_and(|own| self.collections.get(own.target).is_some_and(Collection::holds_accounts))
        })
    }

    /// `fans_num` counts those who follow an account, `follow_num` those whom it follows; `粉丝数`, `关注了几个人`.
    pub(in crate::behavior::collection) fn tied_accounts(&self, name: &str, words: &str) -> Option<Slot> {
        let by_name = self.account_relation(|known| known.counts.iter().any(|count| count == name));
        let counts = !words.is_empty() && self.lexicon.speaks_of("tie-count", words);
        let back_said = || self.account_relation(|known| known.is_seen_back(words, "")).filter(|_| counts);
        if let Some(collection) = back_said().filter(|_| by_name.is_none()) {
            return Some(Slot::TieCount(collection));
        }
        let collection = by_name.or_else(|| self.account_relation_said(words).filter(|_| counts))?;
        let back = self.account_relation(|words| words.counts_back(name)).is_some();
        Some(if back { Slot::TieCount(collection) } else { Slot::Counted { collection, mine: true, only: None } })
    }

    /// `is_follow` of a profile, `我关注他没`: whether the caller is tied to it.
    pub(in crate::behavior) fn tied_flag(&self, name: &str, words: &str, value: &Json) -> Option<Slot> {
        let name = compact(name);
        let counts = || self.lexicon.speaks_of("tie-count", words);
        let asks = || self.lexicon.speaks_of("tie-asked", words) && !counts();
        let said = || self.account_relation_said(words).filter(|_| asks());
        let relation = self.account_relation(|words| words.flags.contains(&name)).or_else(said)?;
        others::is_flag(value).then_some(Slot::Tied(relation))
    }

    /// Those who are tied to an account, each with what the example shows.
    pub(in crate::behavior) fn tied_owners(&self, at: usize, item: &Json) -> ItemTemplate {
        let mut members = self.owner_members(item);
        let founder = self.collections[at].relation.as_ref().and_then(|relation| relation.founder.as_ref());
        let id = self.collections[at].id.key.as_ref();
        for member in &mut members {
            let kept = self.collections[at].machine(&member.key).is_some() && member.source == Source::Constant;
            match founder.filter(|founder| founder.key == member.key) {
                Some(founder) => member.source = Source::Founder(founder.own.clone(), founder.other.clone()),
                None if id == Some(&member.key) => member.source = Source::Id,
                None if kept => member.source = Source::Field,
                None => {}
            }
        }
        for member in members.iter_mut().filter(|member| member.source == Source::Constant) {
            let words = self.collections[at].field(&member.key).map_or("", |field| field.words.as_str());
            member.source = match self.tied_flag(&member.key, words, &member.example) {
                Some(Slot::Tied(relation)) => Source::OwnerTied(relation),
                _ => Source::Constant,
            };
        }
        ItemTemplate { collection: at, members }
    }

    /// `wo // 1我发的 0对方发的`, `is_me // 是否自己发的`: whether the caller made the record.
    pub(in crate::behavior::collection) fn mine(
        &self,
        collection: &Collection,
        key: &str,
        example: &Json,
    ) -> Option<Source> {
        let field = collection.field(key)?;
        let lexicon = self.lexicon;
        if !collection.owned || collection.holds_accounts() || collection.written || !example.is_scalar() {
            return None;
        }
        let values = enumeration::read(&field.words, &lexicon.rules().enumerations);
        let of_other = |value: &Item| lexicon.speaks_of("theirs-said", &value.words);
        let own = |value: &Item| !of_other(value) && lexicon.speaks_of("mine-said", &value.words);
        let asked = lexicon.speaks_of("mine-asked", &field.words);
        let shown = |value: &Item| example.in_form(&value.value);
        match values.as_slice() {
            [one, other] | [other, one]
                if own(one) && (asked || (collection.recipient.is_some() && of_other(other))) =>
            {
                Some(Source::Mine(shown(one), shown(other)))
            }
            [one, other] | [other, one] if asked && lexicon.is_mark("yes-mark", &one.words) => {
                Some(Source::Mine(shown(one), shown(other)))
            }
            _ if asked && others::is_flag(example) => {
                let flag = |yes| match example {
                    Json::Bool(_) => Json::Bool(yes),
                    _ => example.in_form(if yes { "1" } else { "0" }),
                };
                Some(Source::Mine(flag(true), flag(false)))
            }
            _ => None,
        }
    }

    /// `coach_name` of a lesson that only coaches make, `带队教练` beside any name.
    fn names_maker(&self, collection: &Collection, key: &str) -> bool {
        let kinds = self.accounts.kinds.as_ref();
        let kind = collection.made_by.and_then(|kind| kinds?.kinds.get(kind));
        let Some(kind) = kind.filter(|_| collection.taker.is_none()) else { return false };
        let words = crate::behavior::operation::split_words(key);
        let first = words.first().map_or("", String::as_str);
        let referred = collection.references.iter().any(|reference| {
            crate::behavior::collection::nouns::noun::id_stem(&reference.field).is_some_and(|stem| stem == first)
        });
        let label = collection.field(key).map_or("", |field| crate::lexicon::label_head(&field.words));
        let labelled = kind.words.chars().count() > 1 && label.contains(kind.words.as_str());
        let named = compact(&kind.value) == first || (kind.serves && self.lexicon.is_named("serving-side", first));
        !referred && (labelled || named)
    }

    /// `from_uid`, `from_nick` and `to_nick` of what one account sends to another, `author_name` of what one made.
    pub(in crate::behavior::collection) fn of_people(
        &self,
        collection: &Collection,
        key: &str,
        role: Role,
    ) -> Option<Source> {
        if collection.recipient.as_deref() == Some(key) {
            return Some(Source::Field);
        }
        let words = crate::behavior::operation::split_words(key);
        if collection.owned && self.accounts.any && self.lexicon.is_named("author", key) {
            return self.owner_field(key, Role::Account);
        }
        let (first, rest) = words.split_first().filter(|(_, rest)| !rest.is_empty())?;
        let rest = rest.concat();
        let is_id = self.lexicon.is_named("account-id", &rest) || rest == "id" || role == Role::UserId;
        let of_rest = || self.lexicon.role(&rest, "").map_or(role, |(role, _)| role);
        let maker = collection.taker.as_ref().and_then(|taker| taker.maker.as_ref());
        let called =
            self.lexicon.is_named("author", first) || maker == Some(first) || self.names_maker(collection, key);
        let made = collection.owned && self.accounts.any && called;
        if made || (collection.recipient.is_some() && self.lexicon.is_named("sender-part", first)) {
            // Whose real name nobody is told goes by another.
            let called = || self.owner_field(&rest, Role::Account).filter(|_| of_rest() == Role::RealName);
            // `applicantName` beside an `approverName`.
            let beside = || collection.taker.as_ref().and_then(|taker| taker.shown_as(&rest));
            let named = || beside().or_else(|| self.owner_field(&rest, of_rest())).or_else(called);
            return if is_id { Some(Source::OwnerId) } else { named() };
        }
        let recipient = collection.recipient.as_ref()?;
        if self.lexicon.is_named("recipient-part", first) {
            if is_id {
                return Some(Source::Alias(Arc::clone(recipient)));
            }
            let accounts = self.collections.iter().position(Collection::holds_all_accounts)?;
            return match self.owner_field(&rest, of_rest())? {
                Source::OwnerField(field) => Some(Source::ReferredField(accounts, Arc::clone(recipient), Some(field))),
                _ => None,
            };
        }
        None
    }

    pub(in crate::behavior::collection) fn owner_members(&self, example: &Json) -> Vec<ItemMember> {
        let members = example.as_object().unwrap_or_default().iter();
        members
            .map(|(key, example)| {
                let role = self.lexicon.role(key, "").map_or(Role::Plain, |(role, _)| role);
                let source = if shape::is_id(key) {
                    Source::OwnerId
                } else {
                    self.owner_field(key, role).unwrap_or(Source::Constant)
                };
                ItemMember { key: Arc::clone(key), example: example.clone(), source }
            })
            .collect()
    }

    pub(in crate::behavior) fn owner_field(&self, key: &str, role: Role) -> Option<Source> {
        let accounts = self.accounts;
        if let Some(field) = accounts.field(key) {
            return Some(Source::OwnerField(Arc::clone(&field.key)));
        }
        // A name that is shown beside what someone wrote is the one that they go by, and not their phone.
        let called = [Role::Nickname, Role::RealName].into_iter().find_map(|role| accounts.key_of_role(role));
        if let Some(key) = called.filter(|_| role == Role::Account) {
            return Some(Source::OwnerField(Arc::clone(key)));
        }
        if accounts.identities.contains(&role)
            || role == Role::Account
            || accounts.identity_names.contains(&compact(key))
        {
            return Some(Source::OwnerIdentity);
        }
        // `name` of whoever only goes by a nickname.
        let nick = || accounts.key_of_role(Role::Nickname).filter(|_| role == Role::RealName);
        matches!(role, Role::Nickname | Role::Avatar | Role::RealName)
            .then(|| accounts.key_of_role(role).or_else(nick).map(|key| Source::OwnerField(Arc::clone(key))))
            .flatten()
    }

    /// What a member whose name says nothing is for, where accounts show who somebody is under that name.
    pub(in crate::behavior::collection) fn role_in_accounts(&self, collection: &Collection, key: &str) -> Option<Role> {
        let role = self.accounts.field(key).map(|known| known.role).filter(|_| collection.owned)?;
        matches!(role, Role::Nickname | Role::Avatar).then_some(role)
    }

    /// Who made a record, or got it, and whether that is the caller. What the system wrote shows who did something, and not whom it was written for.
    pub(in crate::behavior::collection) fn of_someone(
        &self,
        collection: &Collection,
        key: &Arc<str>,
        role: Role,
        example: &Json,
    ) -> Option<Source> {
        if let Some(source) = self.mine(collection, key, example) {
            return Some(source);
        }
        let someone = matches!(role, Role::Nickname | Role::Avatar | Role::UserId | Role::RealName | Role::Account);
        if collection.written {
            return someone.then_some(Source::Field);
        }
        let is_account = role == Role::UserId || self.accounts.id_name.as_deref() == Some(compact(key).as_str());
        let owner = || (is_account && collection.owned).then_some(Source::OwnerId);
        let of_side = || self.of_side(collection, key, role, example);
        self.of_people(collection, key, role).or_else(of_side).or_else(owner)
    }
}

/// Whether items are people: who one is, what one is called, and nothing that accounts have not: `{"uid": 7, "nick": "…"}`.
pub(in crate::behavior) fn are_people<'k>(keys: impl Iterator<Item = &'k str>, lexicon: &Lexicon) -> bool {
    let (mut named, mut called) = (0, 0);
    for key in keys {
        let role = lexicon.role(key, "").map_or(Role::Plain, |(role, _)| role);
        match role {
            _ if role == Role::UserId || lexicon.is_named("account-id", key) => named += 1,
            Role::Nickname | Role::RealName | Role::Account => called += 1,
            Role::Avatar | Role::Phone | Role::Email | Role::Time => {}
            _ if lexicon.is_named("person-name", key) => called += 1,
            _ => return false,
        }
    }
    named == 1 && called > 0
}

/// The same of those who are tied to a record, with what the tie says of each.
pub(in crate::behavior) fn are_members<'k>(
    keys: impl Iterator<Item = &'k str>,
    of_tie: &dyn Fn(&str) -> bool,
    lexicon: &Lexicon,
) -> bool {
    let is_of_tie = |key: &&str| {
        let role = lexicon.role(key, "").map_or(Role::Plain, |(role, _)| role);
        let plain = matches!(role, Role::Plain | Role::Status) && !shape::is_id(key);
        plain && (lexicon.is_named("member-part", key) || of_tie(key))
    };
    are_people(keys.filter(|key| !is_of_tie(key)), lexicon)
}

/// Whether a member is somebody: an object with what people are called by in it, `"seller": {"id": 7, "nickname": "…"}`.
pub(in crate::behavior) fn is_somebody(example: &Json, lexicon: &Lexicon) -> bool {
    let named = |(key, _): &(std::sync::Arc<str>, Json)| {
        lexicon.role(key, "").is_some_and(|(role, _)| matches!(role, Role::Nickname | Role::Avatar))
    };
    example.as_object().unwrap_or_default().iter().any(named)
}

/// `author`, `author_name`: a member that shows who made the record.
pub(in crate::behavior) fn is_of_author(key: &str, lexicon: &Lexicon) -> bool {
    let words = crate::behavior::operation::split_words(key);
    let is_author = |word: &String| lexicon.is_named("author", word);
    let calls = |rest: &str| {
        let role = lexicon.role(rest, "").map(|(role, _)| role);
        matches!(role, Some(Role::Nickname | Role::Avatar | Role::RealName))
    };
    let part = words.split_first().is_some_and(|(first, rest)| is_author(first) && calls(&rest.concat()));
    part || lexicon.is_named("author", key)
}
