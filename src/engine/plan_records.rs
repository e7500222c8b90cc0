//! What an accepted call changes of records, as data.

use super::lines;
use super::plan::Planner;
use super::records::{self, Sight};
use crate::behavior::account;
use crate::behavior::collection::items::example_forms::time_form;
use crate::behavior::collection::{Initial, Lines, LinesFrom};
use crate::behavior::{Adjust, Case, CaseOf, Collection, Goes, Merge, Named, RecordId, Tying};
use crate::json::Json;
use crate::lexicon::{Role, StatusKind};
use crate::world::{Change, Record};
use std::sync::Arc;

impl Planner<'_> {
    pub(super) fn sight(&self) -> Sight<'_> {
        Sight::of(self.model, self.world, self.caller, self.behavior)
    }

    pub(super) fn targets(&self, collection: usize, id: Option<&RecordId>) -> Vec<Arc<Record>> {
        let sight = self.sight();
        match id.filter(|id| self.call.is_present(id.input)) {
            Some(id) => {
                let ids = records::ids(self.call, id.input);
                ids.iter().filter_map(|text| sight.find(collection, id, text, true)).cloned().collect()
            }
            // All of the caller's, and where nothing is anybody's all that there are.
            None => {
                let shape = &self.model.collections[collection];
                let known = self.world.collection(&shape.name);
                let account = self.caller.account.as_ref();
                let own = |record: &&Arc<Record>| !shape.owned || sight.is_of(collection, record, account);
                known.map_or_else(Vec::new, |known| known.iter().filter(own).cloned().collect())
            }
        }
    }

    /// Records that an input names, whoever they belong to.
    pub(super) fn referred(&self, collection: usize, id: &RecordId) -> Vec<Arc<Record>> {
        let sight = self.sight();
        records::ids(self.call, id.input).iter().filter_map(|text| sight.look(collection, id, text)).cloned().collect()
    }

    pub(super) fn sent(&self, collection: usize, fields: &[(Arc<str>, usize)]) -> Vec<(Arc<str>, Json)> {
        let shape = &self.model.collections[collection];
        let sent = fields.iter().filter(|(_, input)| self.call.is_present(*input));
        let sent = sent.filter_map(|(key, input)| {
            let value = self.call.json(*input)?;
            Some((Arc::clone(key), records::in_form(shape.field(key).map(|field| &field.example), value)))
        });
        let mut sent: Vec<(Arc<str>, Json)> = sent.collect();
        sent.extend(super::taking::appointed(self.model, self.world, shape, &sent));
        sent
    }

    pub(super) fn create_record(
        &mut self,
        collection: usize,
        fields: &[(Arc<str>, usize)],
        merge: Option<&Merge>,
        lines: Option<&Lines>,
    ) {
        let sent = self.sent(collection, fields);
        if let Some(merge) = merge
            && let Some(known) = self.same_as(collection, merge)
        {
            let more = merge.quantity.and_then(|input| self.call.text(input)?.parse::<f64>().ok()).unwrap_or(1.0);
            self.add_to(collection, &known, &merge.field, more);
            self.planned.record = Some((collection, known));
            return;
        }
        let mut sent = sent;
        if let Some(merge) = merge.filter(|merge| !sent.iter().any(|(key, _)| *key == merge.field)) {
            let example = self.model.collections[collection].field(&merge.field).map(|field| field.example.clone());
            sent.push((Arc::clone(&merge.field), example.unwrap_or_else(|| Json::string("")).in_form("1")));
        }
        let owner = records::owner_of(self.caller);
        let wares = lines.map_or_else(Vec::new, |lines| lines::wares(self.sight(), self.call, lines));
        if let Some(lines) = lines {
            sent.retain(|(key, _)| *key != lines.kept);
            sent.push((Arc::clone(&lines.kept), Json::Array(wares.iter().map(|ware| ware.kept.clone()).collect())));
        }
        let mut record = records::new_record(self.model, collection, sent, owner, &wares, self.world, self.now);
        if let Some(LinesFrom::Basket { collection: basket, .. }) = lines.map(|lines| &lines.from) {
            let name = &self.model.collections[*basket].name;
            let held = wares.iter().filter_map(|ware| ware.held.clone());
            let gone = held.map(|record| Change::RecordRemoved { collection: Arc::clone(name), record });
            self.planned.changes.extend(gone);
        }
        let shape = &self.model.collections[collection];
        if let Some(flag) = shape.default_flag.as_ref().filter(|_| shape.first_is_default)
            && let Some(owner) = &record.owner
            && self.world.collection(&shape.name).is_none_or(|known| known.owned_by(owner).next().is_none())
        {
            let yes = records::flag_of(shape, flag, true);
            Arc::make_mut(&mut record).fields.set(flag, Some(yes));
        }
        if let Some(flag) = shape.default_flag.clone().filter(|flag| records::is_yes(record.field(flag))) {
            self.unchoose(collection, &record, &flag);
        }
        let name = Arc::clone(&shape.name);
        self.planned.changes.push(Change::RecordCreated { collection: name, record: Arc::clone(&record) });
        self.found(collection, &record);
        self.planned.record = Some((collection, record));
    }

    /// Whoever makes a group is its first member.
    fn found(&mut self, collection: usize, record: &Arc<Record>) {
        let Some((relation, _)) = self.model.collections[collection].founded else { return };
        let shape = &self.model.collections[relation];
        let Some(known) = &shape.relation else { return };
        let example = shape.field(&known.field).map_or_else(|| Json::string(""), |field| field.example.clone());
        let mut sent = vec![(Arc::clone(&known.field), example.in_form(&record.id))];
        sent.extend(known.admission.as_ref().map(|known| (Arc::clone(&known.field), known.inside.clone())));
        let owner = records::owner_of(self.caller);
        let tie = records::new_record(self.model, relation, sent, owner, &[], self.world, self.now);
        self.planned.changes.push(Change::RecordCreated { collection: Arc::clone(&shape.name), record: tie });
    }

    /// What is full once one more is tied says so, and what has a place again does not any more.
    fn follow_places(&mut self, relation: usize, target: &Arc<Record>, untie: bool) {
        let Some(known) = &self.model.collections[relation].relation else { return };
        let Some(full) = &known.full else { return };
        let tied = self.sight().count(relation, &known.field, &target.id);
        let status = records::text_of(target.field(&full.status));
        let is = |value: &Json| value.scalar_text() == status;
        let most = records::number_in(target.field(&full.most));
        #[allow(clippy::cast_precision_loss, reason = "no record has so many members")]
        let fills = most.is_some_and(|most| most > 0.0 && (tied + 1) as f64 >= most);
        let to = match untie {
            true if is(&full.full) => &full.open,
            false if fills && is(&full.open) => &full.full,
            _ => return,
        };
        let shape = &self.model.collections[known.target];
        let moved = vec![(Arc::clone(&full.status), to.clone())];
        self.planned.changes.extend(records::changes(shape, target, moved));
    }

    /// A record of the caller's that has what makes it the same.
    pub(super) fn same_as(&self, collection: usize, merge: &Merge) -> Option<Arc<Record>> {
        let shape = &self.model.collections[collection];
        let owner = records::owner_of(self.caller)?;
        let mut own = self.world.collection(&shape.name)?.owned_by(&owner);
        let same = |record: &&Arc<Record>| {
            merge.same.iter().all(|(field, input)| records::text_of(record.field(field)) == self.call.text(*input))
        };
        own.find(same).cloned()
    }

    pub(super) fn update_records(&mut self, collection: usize, id: &RecordId, fields: &[(Arc<str>, usize)]) {
        let mut sent = self.sent(collection, fields);
        let shape = &self.model.collections[collection];
        for field in shape.fields.iter().filter(|field| field.initial == Initial::Now && field.is_updated) {
            if let Some(form) = time_form(&field.example) {
                let now = records::write_time(form, self.now, self.model.utc_offset);
                sent.push((Arc::clone(&field.key), field.example.in_form(&now)));
            }
        }
        let mut targets = self.targets(collection, Some(id));
        if !self.call.is_present(id.input) {
            // Who does not say which means the one that there is of the caller's, and never what others see.
            let owner = records::owner_of(self.caller);
            targets.retain(|record| record.owner.is_some() && record.owner == owner);
            targets.truncate(usize::from(targets.len() == 1));
        }
        let is_nothing = |value: &Json| records::number_in(Some(value)).is_some_and(|number| number <= 0.0);
        let gone = sent.iter().any(|(key, value)| shape.gone_at.as_ref() == Some(key) && is_nothing(value));
        for record in targets {
            if gone {
                self.drop_record(collection, &record);
                self.planned.record = Some((collection, record));
                continue;
            }
            self.planned.changes.extend(records::changes(shape, &record, sent.clone()));
            // Of an account a new password can be among what is sent.
            let password = self.behavior.inputs.iter().position(|input| input.role == Role::Password);
            if let Some(text) = password.filter(|_| shape.holds_accounts()).and_then(|input| self.call.text(input)) {
                let hash = self.world.password_key().hash(text);
                self.planned.changes.push(Change::password(&shape.name, &record, Some(hash)));
            }
            if let Some(flag) = &shape.default_flag
                && sent.iter().any(|(key, value)| key == flag && records::is_yes(Some(value)))
            {
                self.unchoose(collection, &record, flag);
            }
            self.planned.record = Some((collection, record));
        }
    }

    pub(super) fn remove_records(&mut self, collection: usize, id: Option<&RecordId>, into: Option<Goes>) {
        let name = Arc::clone(&self.model.collections[collection].name);
        let removed = self.targets(collection, id);
        if self.model.collections[collection].holds_accounts() {
            return removed.iter().for_each(|account| self.delete_account(account));
        }
        let heirs = records::heirs(&self.model.collections[collection], self.world, &removed);
        self.planned.removed += removed.len();
        for record in removed {
            if let Some(Goes::Bin(into) | Goes::Back(into)) = into {
                let kept = records::kept_in(self.model, into, &record, self.world, self.now);
                let Some(kept) = kept else {
                    self.planned.removed -= 1;
                    continue; // another like it is there by now
                };
                let name = Arc::clone(&self.model.collections[into].name);
                self.planned.changes.push(Change::RecordCreated { collection: name, record: kept });
            }
            self.planned.record = Some((collection, Arc::clone(&record)));
            self.planned.changes.push(Change::RecordRemoved { collection: Arc::clone(&name), record });
        }
        self.planned.changes.extend(heirs);
    }

    /// What names the records that are removed in a field goes, too, or names nothing.
    pub(super) fn remove_children(
        &mut self,
        (collection, id): (usize, &RecordId),
        child: usize,
        field: &Arc<str>,
        emptied: bool,
    ) {
        let shape = &self.model.collections[child];
        let removed = self.targets(collection, Some(id));
        let Some(known) = self.world.collection(&shape.name) else { return };
        let names = |record: &&Arc<Record>| {
            let text = records::text_of(record.field(field));
            removed.iter().any(|gone| text == Some(&*gone.id) && !(child == collection && record.seq == gone.seq))
        };
        for record in known.iter().filter(names) {
            let change = if emptied {
                let empty = shape.field(field).map_or_else(|| Json::string(""), |field| field.example.emptied());
                Change::field(&shape.name, record, field, Some(empty))
            } else {
                Change::RecordRemoved { collection: Arc::clone(&shape.name), record: Arc::clone(record) }
            };
            self.planned.changes.push(change);
        }
    }

    /// A request that says which value the flag gets is obeyed.
    pub(super) fn choose(&mut self, collection: usize, record: &Arc<Record>, flag: &Arc<str>) {
        let shape = &self.model.collections[collection];
        let told =
            self.behavior.inputs.iter().position(|input| *input.name == **flag).and_then(|input| self.call.json(input));
        let example = shape.field(flag).map_or_else(|| Json::string("1"), |field| field.example.clone());
        let value =
            told.map_or_else(|| super::item::flag(&example, true), |told| records::in_form(Some(&example), told));
        let yes = records::is_yes(Some(&value));
        self.planned.changes.push(Change::field(&shape.name, record, flag, Some(value)));
        if yes {
            self.unchoose(collection, record, flag);
        }
        self.planned.record = Some((collection, Arc::clone(record)));
    }

    /// The owner's others are not the chosen one.
    pub(super) fn unchoose(&mut self, collection: usize, record: &Arc<Record>, flag: &Arc<str>) {
        let shape = &self.model.collections[collection];
        self.planned.changes.extend(records::unchosen(shape, self.world, record, flag));
    }

    pub(super) fn move_records(
        &mut self,
        collection: usize,
        id: Option<&RecordId>,
        field: &Arc<str>,
        (from, to, cases): (&[Json], &Json, &[Case]),
        stamps: &[Arc<str>],
    ) {
        if self.mark_read(collection, id, field, to) {
            return;
        }
        let shape = &self.model.collections[collection];
        for record in self.targets(collection, id) {
            let status = records::text_of(record.field(field));
            let holds = |case: &&Case| match &case.of {
                CaseOf::Field { field, from } => {
                    let value = records::text_of(record.field(field));
                    from.iter().any(|known| known.scalar_text() == value)
                }
                CaseOf::Input { input, values, .. } => {
                    self.call.text(*input).is_some_and(|text| values.iter().any(|value| value == text))
                }
            };
            let case = cases.iter().find(holds);
            let to = case.map_or(to, |case| &case.to);
            let own = case.and_then(|case| match &case.of {
                CaseOf::Input { from, .. } if !from.is_empty() => Some(from.as_slice()),
                _ => None,
            });
            let from = own.unwrap_or(from);
            let leaves = from.is_empty() || from.iter().any(|known| known.scalar_text() == status) || status.is_none();
            if leaves && status != to.scalar_text() {
                self.planned.changes.extend(records::changes(shape, &record, vec![(Arc::clone(field), to.clone())]));
                self.shut_out(shape, &record, to);
                for stamp in stamps {
                    let Some(field) = shape.field(stamp) else { continue };
                    let Some((form, example)) = shape.time_form(field) else { continue };
                    let now = example.in_form(&records::write_time(form, self.now, self.model.utc_offset));
                    self.planned.changes.push(Change::field(&shape.name, &record, stamp, Some(now)));
                }
            }
            self.planned.record = Some((collection, record));
        }
    }

    /// An account that is frozen from now on is logged in nowhere.
    fn shut_out(&mut self, shape: &Collection, record: &Arc<Record>, to: &Json) {
        let kind = self.model.accounts.machine.as_ref().and_then(|machine| machine.kind(to));
        if shape.holds_accounts() && kind == Some(StatusKind::Frozen) {
            let tokens = self.world.tokens_of(&shape.name, record.seq).cloned();
            self.planned.changes.extend(tokens.map(Change::TokenRevoked));
        }
    }

    /// What the request names, or the record that it is about, gets another status.
    pub(super) fn move_named(&mut self, collection: usize, by: &Named, field: &Arc<str>, to: &Json) {
        let named = match by {
            Named::Input(input) => self.referred(collection, &RecordId { input: *input, via: None }),
            Named::Field { of, id, reference } => {
                let records = self.targets(*of, Some(id)).into_iter();
                let named = |record: Arc<Record>| {
                    super::parties::named_by(self.model, self.world, &record, reference, collection)
                };
                records.filter_map(named).collect()
            }
        };
        let shape = &self.model.collections[collection];
        for record in named.iter().filter(|record| record.field(field) != Some(to)) {
            self.planned.changes.extend(records::changes(shape, record, vec![(Arc::clone(field), to.clone())]));
        }
    }

    pub(super) fn take(&mut self, collection: usize, id: &RecordId) {
        let Some(account) = self.caller.account.clone() else { return };
        let shape = &self.model.collections[collection];
        for record in self.targets(collection, Some(id)) {
            let fields = super::taking::taken(self.model, shape, &account);
            self.planned.changes.extend(records::changes(shape, &record, fields));
        }
    }

    pub(super) fn leave(&mut self, collection: usize, id: &RecordId) {
        let shape = &self.model.collections[collection];
        for record in self.targets(collection, Some(id)) {
            self.planned.changes.extend(records::changes(shape, &record, super::taking::left(shape)));
        }
    }

    pub(super) fn tie(&mut self, relation: usize, id: &RecordId, how: &Tying, fields: &[(Arc<str>, usize)]) {
        let shape = &self.model.collections[relation];
        let Some(known) = &shape.relation else { return };
        for target in self.referred(known.target, id) {
            let sight = self.sight();
            let out = |input: usize| {
                let account = self.world.record_by_id(account::COLLECTION, self.call.text(input)?)?;
                sight.tie_of(relation, &target.id, Some(&records::owner(account)))
            };
            let tie = match how {
                Tying::Out(input) => out(*input),
                _ => sight.tie(relation, &target.id),
            };
            let tie = tie.cloned();
            let untie = match how {
                Tying::Tie => false,
                Tying::Untie | Tying::Out(_) => true,
                Tying::Toggle => tie.is_some(),
                Tying::Told { input, untie, .. } => {
                    self.call.text(*input).is_some_and(|text| untie.iter().any(|value| value == text))
                }
            };
            let name = Arc::clone(&shape.name);
            match (untie, tie) {
                (true, Some(record)) => {
                    self.move_up(relation, &record, &target);
                    self.planned.changes.push(Change::RecordRemoved { collection: name, record });
                    self.follow_places(relation, &target, true);
                }
                (false, None) => {
                    let example =
                        shape.field(&known.field).map_or_else(|| Json::string(""), |field| field.example.clone());
                    let mut sent = self.sent(relation, fields);
                    sent.retain(|(key, _)| *key != known.field);
                    sent.push((Arc::clone(&known.field), example.in_form(&target.id)));
                    sent.extend(self.waits_for_place(relation, &target));
                    let owner = records::owner_of(self.caller);
                    let record = records::new_record(self.model, relation, sent, owner, &[], self.world, self.now);
                    self.planned.changes.push(Change::RecordCreated { collection: name, record });
                    self.follow_places(relation, &target, false);
                }
                _ => {}
            }
            self.planned.undone = untie;
            self.planned.record = Some((known.target, target));
        }
    }

    pub(super) fn adjust(
        &mut self,
        collection: usize,
        id: &RecordId,
        field: &Arc<str>,
        input: Option<usize>,
        how: Adjust,
    ) {
        let shape = &self.model.collections[collection];
        let given = input.and_then(|input| self.call.text(input)?.parse::<f64>().ok());
        for record in self.targets(collection, Some(id)) {
            match (how, given) {
                (Adjust::Set, Some(number)) => {
                    let example = shape.field(field).map_or_else(|| Json::string("0"), |field| field.example.clone());
                    let value = example.in_form(&records::number(number));
                    if number > 0.0 || shape.gone_at.as_ref() != Some(field) {
                        self.planned.changes.push(Change::field(&shape.name, &record, field, Some(value)));
                    } else {
                        self.drop_record(collection, &record);
                    }
                }
                (Adjust::Less, number) => self.add_to(collection, &record, field, -number.unwrap_or(1.0)),
                (_, number) => self.add_to(collection, &record, field, number.unwrap_or(1.0)),
            }
            self.planned.record = Some((collection, record));
        }
    }

    /// Who only looks at a record need not own it.
    pub(super) fn count_view(&mut self, collection: usize, id: &RecordId, field: &Arc<str>) {
        let sight = self.sight();
        let named = records::ids(self.call, id.input);
        let seen: Vec<Arc<Record>> =
            named.iter().filter_map(|text| sight.find(collection, id, text, false)).cloned().collect();
        for record in seen {
            self.add_to(collection, &record, field, 1.0);
        }
    }

    /// When it was done to a record.
    pub(super) fn mark_record(&mut self, collection: usize, id: &RecordId, field: &Arc<str>) {
        let now = Json::Number(self.now.to_string().into());
        let name = Arc::clone(&self.model.collections[collection].name);
        for record in self.targets(collection, Some(id)) {
            self.planned.changes.push(Change::field(&name, &record, field, Some(now.clone())));
        }
    }

    pub(super) fn add_funds(&mut self, balance: &Arc<str>, more: f64) {
        let Some(account) = self.caller.account.clone() else { return };
        self.add_funds_of(&account, balance, more);
    }

    pub(super) fn add_funds_of(&mut self, account: &Arc<Record>, balance: &Arc<str>, more: f64) {
        let initial = self.model.accounts.fields.iter().find(|field| field.key == *balance).map(|field| &field.initial);
        let known = account.field(balance).or(initial);
        let there = records::text_of(known).and_then(|text| text.parse::<f64>().ok()).unwrap_or(0.0);
        let form = initial.cloned().unwrap_or_else(|| Json::string("0"));
        let value = form.in_form(&super::item::product((there + more).max(0.0), &form));
        self.planned.changes.push(Change::field(&self.collection, account, balance, Some(value)));
    }

    fn drop_record(&mut self, collection: usize, record: &Arc<Record>) {
        let collection = Arc::clone(&self.model.collections[collection].name);
        self.planned.changes.push(Change::RecordRemoved { collection, record: Arc::clone(record) });
    }

    pub(super) fn add_to(&mut self, collection: usize, record: &Arc<Record>, field: &Arc<str>, more: f64) {
        let shape = &self.model.collections[collection];
        let known = records::text_of(record.field(field)).and_then(|text| text.parse::<f64>().ok()).unwrap_or(0.0);
        let example = shape.field(field).map_or_else(|| Json::string("0"), |field| field.example.clone());
        if known + more <= 0.0 && shape.gone_at.as_ref() == Some(field) {
            self.drop_record(collection, record);
            return;
        }
        let value = example.in_form(&records::number((known + more).max(0.0)));
        self.planned.changes.push(Change::field(&shape.name, record, field, Some(value)));
    }
}
