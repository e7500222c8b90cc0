//! What calls take and give back: stock, money, quantities.

use crate::behavior::collection::Count;
use crate::behavior::collection::items::example_forms::is_number;
use crate::behavior::collection::items::gather::key_for;
use crate::behavior::collection::items::heads::says_how_many;
use crate::behavior::collection::machine::chosen_deeds::chosen_deeds;
use crate::behavior::collection::{Collection, ItemField, Lines, LinesFrom, OnRecords, RecordId, Taken};
use crate::behavior::failure::Failure;
use crate::behavior::failures::told_order::share_a_word;
use crate::behavior::records::{Records, Wish};
use crate::behavior::{Action, Adjust, Demand, HowMany, Line, Stock, enumeration};
use crate::lexicon::{Class, Operation, Role, Verb, label_head};
use std::sync::Arc;

impl Records<'_> {
    /// What paying takes from the caller's balance, where a failure says that it can be too little.
    pub(in crate::behavior) fn charge(
        &self,
        on: &OnRecords,
        records: &Collection,
    ) -> Option<(RecordId, Arc<str>, Arc<str>)> {
        let (balance, id) = (self.balance.clone()?, on.id.clone()?);
        let amount = self.worked_out.charges.of(self.at, on.collection, || self.charged(records))?;
        Some((id, amount, balance))
    }

    /// The field of the record that says how much.
    fn charged(&self, records: &Collection) -> Option<Arc<str>> {
        let lexicon = self.gathering.lexicon;
        if self.operation() != Operation::Transition || self.prolonged_by().is_some() {
            return None;
        }
        let catalog = self.gathering.chooser.catalog;
        let short = |failure: &&Failure| failure.classes.contains(&Class::Insufficient);
        let told = self.failures().iter().find(short).or_else(|| {
            let verb = lexicon.verbs().verb(&self.endpoint().title, &self.gathering.nouns[self.at].words);
            catalog.shared.iter().find(short).filter(|_| verb.is_some_and(|(name, _)| name == "pay"))
        });
        told?;
        let mut amounts = records.fields.iter().filter(|field| field.role == Role::Amount);
        let payable = amounts
            .clone()
            .find(|field| lexicon.is_named("sum-amount", &field.key) || lexicon.speaks_of("sum-amount", &field.words));
        let due = records.sums.as_ref().and_then(|sums| records.field(&sums.due));
        let amount = due.or(payable).or_else(|| amounts.next())?;
        Some(Arc::clone(&amount.key))
    }

    /// What cancelling gives back: what making the record took.
    pub(in crate::behavior) fn given_back(&self, on: &OnRecords, records: &Collection) -> Vec<Action> {
        let gathering = self.gathering;
        if self.movement().is_some_and(|movement| movement.is_chosen()) {
            return self.given_back_as_sent(on, records);
        }
        let known = gathering.lexicon.verbs().verb(&self.endpoint().title, &gathering.nouns[self.at].words);
        let own = if known.is_none() { gathering.own_verb(self.at, &records.machines) } else { None };
        let Some((name, verb)) = known.or_else(|| own.as_ref().map(|(name, verb)| (&**name, verb))) else {
            return Vec::new();
        };
        let makers = gathering.makers(self.at, records);
        let taken = self.taken_back(records, name, verb, &gathering.deeds(self.at, verb));
        let id = on.id.clone();
        let gives = taken
            .and_then(|taken| Some(Action::GiveBack { collection: on.collection, id: id.clone()?, taken, sent: None }));
        let returns = makers.iter().filter(|_| name == "cancel").find_map(|at| self.returned(on, records, *at, verb));
        gives.into_iter().chain(returns).collect()
    }

    /// The same where an input says which deed is done: `action # cancel取消 return归还`.
    fn given_back_as_sent(&self, on: &OnRecords, records: &Collection) -> Vec<Action> {
        let deeds = chosen_deeds(self.endpoint(), self.inputs(), self.gathering.lexicon);
        let Some(((input, deeds), id)) = deeds.zip(on.id.clone()) else { return Vec::new() };
        let mut found: Option<(Taken, Vec<String>)> = None;
        for deed in &deeds {
            let Some((name, verb)) = &deed.verb else { continue };
            let words: Vec<&str> = verb.words.iter().chain([&deed.words]).map(String::as_str).collect();
            let words: Vec<&str> = words.into_iter().filter(|word| word.chars().count() > 1).collect();
            let Some(taken) = self.taken_back(records, name, verb, &words) else { continue };
            found.get_or_insert_with(|| (taken, Vec::new())).1.push(deed.value.clone());
        }
        let gives = found.map(|(taken, values)| Action::GiveBack {
            collection: on.collection,
            id,
            taken,
            sent: Some((input, values)),
        });
        gives.into_iter().collect()
    }

    /// What a deed gives back, where it cancels or a clause says so.
    fn taken_back(&self, records: &Collection, name: &str, verb: &Verb, deeds: &[&str]) -> Option<Taken> {
        let gathering = self.gathering;
        let lexicon = gathering.lexicon;
        // `取消或者离场车位加1`
        let makers = gathering.makers(self.at, records);
        let clauses = makers.iter().chain([&self.at]).map(|at| gathering.clauses(*at).collect());
        let clauses: Vec<Vec<&str>> = clauses.collect();
        let told = |field: &ItemField, maker: &Records<'_>| {
            // `余额不足` is of the purse, and no name of what is there.
            let short = maker.failures().iter().filter(|failure| {
                failure.classes.contains(&Class::Insufficient) && !lexicon.speaks_of("purse", &failure.message)
            });
            let names: Vec<&str> = short.map(|failure| &*failure.message).chain([label_head(&field.words)]).collect();
            // What is given back may be named in the clause before: `下单占一个库存,取消后放回去`.
            let names_it = |clause: &str| {
                lexicon.speaks_of("stock", clause) || names.iter().any(|name| share_a_word(name, clause))
            };
            // `20 分钟没付款的失效，名额还回去` is said of no payment.
            let is_done = |clause: &str, deed: &str| {
                clause.match_indices(deed).any(|(at, _)| !lexicon.ends_with("denial", &clause[..at]))
            };
            // `取消和归还加1` where the title is 还书: before what is given back stands another word for the deed.
            let otherwise = |clause: &str| {
                let ends = self.last_before("gives-back", clause);
                let mut words = verb.words.iter().filter(|word| word.chars().count() > 1);
                words.any(|word| is_done(&clause[..ends], word))
            };
            let has_deed = |clause: &str| deeds.iter().any(|deed| is_done(clause, deed)) || otherwise(clause);
            // `取消或者退地后，余量加回去`
            let bare = |clause: &str| lexicon.verbs().verb(clause, &[]).is_none();
            let speaks = |clause: &str, before: &str| {
                lexicon.speaks_of("gives-back", clause)
                    && (has_deed(clause) || (bare(clause) && has_deed(before)))
                    && (names_it(clause) || names_it(before))
            };
            let said = |clauses: &Vec<&str>| {
                (0..clauses.len()).any(|at| speaks(clauses[at], at.checked_sub(1).map_or("", |at| clauses[at])))
            };
            // `库存加1` beside the deed itself.
            let own = |clause: &str| lexicon.speaks_of("gives-back", clause) && bare(clause) && names_it(clause);
            clauses.iter().any(said) || self.told_of(self.at).any(own)
        };
        let taken = makers.iter().filter_map(|at| {
            let at = *at;
            let maker = Records { at, balance: None, ..*self };
            let stock = maker.stock().filter(|stock| stock.line.is_none())?;
            let known = self.collections[stock.collection].field(&stock.field)?;
            if name != "cancel" && !told(known, &maker) {
                return None;
            }
            maker.taken_of(stock, records)
        });
        let mut taken: Vec<Taken> = taken.collect();
        // What names one thing itself and keeps it as a line as well took it once.
        if let Some(lines) = taken.iter().position(|taken| taken.lines.is_some()) {
            taken.swap(0, lines);
        }
        taken.into_iter().next()
    }

    /// Where the last word of a topic begins; where there is none, where the text ends.
    fn last_before(&self, topic: &str, text: &str) -> usize {
        let lexicon = self.gathering.lexicon;
        let (mut at, mut last) = (0, text.len());
        while let (Some(start), Some(end)) = (lexicon.before(topic, &text[at..]), lexicon.after(topic, &text[at..])) {
            last = at + start;
            at += end.max(1);
        }
        last
    }

    /// What making a record takes, as another deed on the record finds it.
    pub(in crate::behavior) fn taken_of(&self, stock: Stock, records: &Collection) -> Option<Taken> {
        let inputs = self.inputs();
        let key = |input: usize| key_for(records, &inputs[input]).unwrap_or_else(|| Arc::clone(&inputs[input].name));
        let not_yet = self.taken_later(&stock, records).and_then(|(_, not_yet)| not_yet);
        let (collection, field) = (stock.collection, stock.field);
        Some(match stock.lines {
            Some(lines) => {
                let count = lines.count.map(Count::Number);
                Taken { reference: lines.reference, collection, field, count, lines: Some(lines.kept), not_yet }
            }
            None => {
                let count = stock.quantity.map(|quantity| match quantity {
                    HowMany::Number(input) => Count::Number(key(input)),
                    HowMany::Listed(input) => Count::Listed(key(input)),
                });
                let reference = key(stock.input?);
                Taken { reference, collection, field, count, lines: None, not_yet }
            }
        })
    }

    /// What a new record is made up of, where that is more than what it names itself.
    pub(in crate::behavior) fn lines(&self) -> Option<Lines> {
        let collection = self.on?.collection;
        self.worked_out.lines.of(self.at, collection, || self.gathering.lines(self.at, collection, self.collections))
    }

    /// Lines have to be there, and to name things that there are.
    pub(in crate::behavior) fn lined(&self, wishes: &mut Vec<Wish>) {
        let Some(lines) = self.lines() else { return };
        match &lines.from {
            LinesFrom::Sent(_) => {
                let because = self.because("its lines name what there is");
                wishes.push((Demand::LinesNamed(Box::new(lines)), because, None));
            }
            LinesFrom::Basket { collection, input, .. } if input.is_none_or(|input| !self.inputs()[input].required) => {
                let said = self.nothing_gathered(*collection);
                let because = self.because("it is made of what is in the basket");
                wishes.push((Demand::SomeLines(Box::new(lines)), because, said));
            }
            _ => {}
        }
    }

    /// The failure that says that a basket is empty: in such words, else naming it where no deed on one of its records fails so.
    fn nothing_gathered(&self, basket: usize) -> Option<Failure> {
        let lexicon = self.gathering.lexicon;
        let own = self.failures();
        let says = |failure: &&Failure| lexicon.speaks_of("nothing-to-order", failure.says());
        let of_one = |failure: &Failure| {
            let group = self.gathering.groups.get(basket);
            group.into_iter().flat_map(|group| &group.endpoints).any(|at| {
                let own = &self.gathering.chooser.catalog.own[*at];
                own.iter().any(|known| known.message == failure.message && known.code == failure.code)
            })
        };
        let titles = &self.collections[basket].titles;
        let names_it = |failure: &&Failure| titles.iter().any(|title| failure.message.contains(title.as_str()));
        // `请先选择门店` asks for another thing.
        let of_another = |failure: &&Failure| {
            let things = self.collections[basket].references.iter().map(|reference| reference.collection);
            let near: Vec<usize> = things.chain([basket]).collect();
            let others = self.collections.iter().enumerate().filter(|(at, _)| !near.contains(at));
            others.flat_map(|(_, other)| &other.titles).any(|title| failure.message.contains(title.as_str()))
        };
        let said = own.iter().filter(says).find(names_it).or_else(|| {
            let own = own.iter().filter(says);
            own.clone().find(|failure| !of_another(failure)).or_else(|| own.clone().next())
        });
        said.or_else(|| own.iter().filter(names_it).find(|failure| !of_one(failure))).cloned()
    }

    /// Stock, where a failure says that it can run out and the record has such a field.
    pub(in crate::behavior) fn enough(&self, wishes: &mut Vec<Wish>) {
        if let Some(stock) = self.stock() {
            // `积分不够` beside `没货了` is of the caller's.
            let short = |failure: &&Failure| failure.classes.first() == Some(&Class::Insufficient);
            let short = || self.failures().iter().filter(short);
            let of_goods = || short().find(|failure| !self.names_what_caller_has(failure)).cloned();
            let in_table = || {
                let lexicon = self.gathering.lexicon;
                let mut shared = self.gathering.chooser.catalog.shared.iter();
                let goods = |failure: &&Failure| {
                    failure.classes.first() == Some(&Class::Insufficient)
                        && !lexicon.speaks_of("purse", &failure.message)
                };
                shared.find(goods).cloned()
            };
            let said = match short().count() {
                0 => in_table(),
                1 => None,
                _ => of_goods(),
            };
            wishes.push((Demand::Enough(stock), self.because("a failure says that there can be too little"), said));
        }
    }

    /// What a call takes from.
    pub(in crate::behavior) fn stock(&self) -> Option<Stock> {
        match self.on {
            Some(on) => self.worked_out.stocks.of(self.at, on.collection, || self.find_stock()),
            None => self.find_stock(),
        }
    }

    /// What is taken of the very thing that is exchanged, where no order is made of it: `Goods/exchange` with how many.
    fn stock_itself(&self) -> Option<Stock> {
        let on = self.on.filter(|_| self.operation() == Operation::Transition)?;
        let input = on.id.as_ref().filter(|id| id.via.is_none())?.input;
        let known = &self.collections[on.collection];
        let lexicon = self.gathering.lexicon;
        let field = known.fields.iter().find(|field| {
            lexicon.is_named("stock", &field.key) || lexicon.is_nothing_but("stock", label_head(&field.words))
        })?;
        let of_goods = |failure: &&Failure| {
            failure.classes.first() == Some(&Class::Insufficient) && !self.names_what_caller_has(failure)
        };
        let told =
            self.failures().iter().any(|failure| of_goods(&failure)) || self.says_of_stock(on.collection, &field.key);
        let quantity = self.quantity().map(HowMany::Number);
        (told && self.movement().is_none()).then(|| Stock {
            collection: on.collection,
            input: Some(input),
            field: Arc::clone(&field.key),
            quantity,
            line: None,
            lines: None,
        })
    }

    fn find_stock(&self) -> Option<Stock> {
        if self.operation() == Operation::Transition {
            return self.stock_itself();
        }
        if !matches!(self.operation(), Operation::Create | Operation::Save | Operation::Increment | Operation::Update) {
            return None;
        }
        let short = || self.failures().iter().filter(|failure| failure.classes.contains(&Class::Insufficient));
        // `下单减库存`, `借出库存减1` says it where no failure of its own does.
        let refuses = short().next().is_some();
        let is_told = |collection: usize, key: &str| refuses || self.says_of_stock(collection, key);
        let lexicon = self.gathering.lexicon;
        let stocked = |collection: usize| {
            let mut fields = self.collections[collection].fields.iter();
            let found = fields.clone().find(|field| {
                lexicon.is_named("stock", &field.key)
                    || lexicon.is_nothing_but("stock", crate::lexicon::label_head(&field.words))
            });
            // `还剩的名额` is what `名额不够` speaks of.
            let said = |field: &&ItemField| {
                let word = lexicon.word_of("stock", &field.words).filter(|_| is_number(&field.example));
                word.is_some_and(|word| short().any(|failure| failure.message.contains(word)))
            };
            found.or_else(|| fields.find(said)).map(|found| Arc::clone(&found.key))
        };
        let own = self.on.map(|on| on.collection);
        let lines = self.lines().filter(|lines| !matches!(lines.from, LinesFrom::One { .. }));
        if let Some(lines) = lines {
            let (collection, field) = (lines.things, stocked(lines.things)?);
            if !is_told(collection, &field) {
                return None;
            }
            let lines = Some(Box::new(lines));
            return Some(Stock { collection, input: None, field, quantity: None, line: None, lines });
        }
        let by_input = self.inputs().iter().enumerate().find_map(|(input, _)| {
            let collection = self.referred(input, own)?;
            Some((collection, Some(input), stocked(collection)?))
        });
        let by_line = || {
            let references = &self.collections[own?].references;
            references.iter().find_map(|reference| Some((reference.collection, None, stocked(reference.collection)?)))
        };
        let (collection, input, field) = by_input.or_else(by_line)?;
        if !is_told(collection, &field) {
            return None;
        }
        Some(Stock {
            collection,
            input,
            field,
            quantity: self.how_many(collection),
            line: self.line(collection),
            lines: None,
        })
    }

    /// The caller's line that holds some already, where a request adds to it.
    pub(in crate::behavior) fn line(&self, stocked: usize) -> Option<Line> {
        let on = self.on?;
        let records = &self.collections[on.collection];
        let reference = records.references.iter().find(|reference| reference.collection == stocked)?;
        let (count, adjust, direction) = match self.adjusting(on.collection, records, on.id.clone()) {
            Some(Action::AdjustRecord { field, adjust, direction, .. }) if self.operation() == Operation::Increment => {
                (field, adjust, direction)
            }
            // What sets the number says how many it is then.
            Some(Action::AdjustRecord { field, input: Some(_), .. }) if self.operation() == Operation::Update => {
                (field, Adjust::Set, None)
            }
            _ => (self.merge(records)?.field, Adjust::More, None),
        };
        let id = on.id.clone();
        Some(Line { collection: on.collection, id, reference: Arc::clone(&reference.field), count, adjust, direction })
    }

    pub(in crate::behavior) fn quantity(&self) -> Option<usize> {
        let lexicon = self.gathering.lexicon;
        self.inputs().iter().position(|input| says_how_many(input, lexicon))
    }

    /// How many a new record is to take of what it names: by a number, else by those that it is for.
    fn how_many(&self, thing: usize) -> Option<HowMany> {
        let heads = || {
            let heads = self.gathering.heads(self.at, &self.collections[self.on?.collection])?;
            Some(HowMany::Listed(heads.input))
        };
        let people = || self.gathering.people(self.at, &self.collections[thing]);
        self.quantity().or_else(people).map(HowMany::Number).or_else(heads)
    }

    pub(in crate::behavior) fn adjusting(
        &self,
        collection: usize,
        records: &Collection,
        id: Option<RecordId>,
    ) -> Option<Action> {
        let id = id?;
        let lexicon = self.gathering.lexicon;
        let quantity = self.quantity();
        let by_input = quantity.and_then(|input| key_for(records, &self.inputs()[input]));
        let by_name = || {
            records
                .fields
                .iter()
                .find(|field| lexicon.is_named("quantity", &field.key))
                .map(|field| Arc::clone(&field.key))
        };
        let field = by_input.or_else(by_name)?;
        let direction = self.inputs().iter().enumerate().find_map(|(at, input)| {
            let said = self.endpoint().params.get(at).map_or_else(String::new, crate::spec::Param::all_words);
            let items = enumeration::read(&said, &lexicon.rules().enumerations);
            let less: Vec<String> = items
                .iter()
                .filter(|item| lexicon.speaks_of("less", &format!("{} {}", item.value, item.words)))
                .map(|item| item.value.clone())
                .collect();
            (!less.is_empty() && !input.discriminates && Some(at) != quantity).then_some((at, less))
        });
        let says = |topic: &str| {
            let words = &self.gathering.nouns[self.at].words;
            words.iter().any(|word| lexicon.is_named(topic, word)) || lexicon.speaks_of(topic, &self.endpoint().title)
        };
        let adjust = match () {
            () if direction.is_some() => Adjust::More,
            () if says("less") && !says("more") => Adjust::Less,
            () if says("more") && !says("less") => Adjust::More,
            () => Adjust::Set,
        };
        Some(Action::AdjustRecord { collection, id, field, input: quantity, direction, adjust })
    }
}
