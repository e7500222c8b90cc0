//! What a new record comes to: the price of what it names or of its lines, times how many, with freight added and vouchers
//! taken off where its fields say so.
//!
//! In: a collection with what its creations take, and what remarks say of sums (`应付 = 商品总额 + 运费 - 优惠`, `金额 = 单价 * 小时`,
//! `运费6元，满59元包邮`). Out: `Sums`. Does not know the records: sums are worked out when one is made.

pub(super) mod baskets;
pub(in crate::behavior) mod discount;
mod equations;
pub(in crate::behavior) mod formula;
pub(super) mod item_prices;
pub(in crate::behavior) mod lines;
pub(super) mod offers;
pub(super) mod stated;
pub(in crate::behavior) mod voucher;

use super::items::example_forms::is_number;
use super::items::gather::{Gathering, is_data, key_for};
use super::items::heads::is_quantity;
use super::nouns::group::Group;
use super::prose::remarks;
use super::{Collection, Count, ItemField, Reference};
use crate::behavior::Input;
use crate::json::Json;
use crate::lexicon::{Operation, Role, compact, label_head};
use formula::Term;
use stated::Stated;
use std::sync::Arc;
use voucher::{is_no_thing, voucher};

/// How the sums that a new record shows are worked out.
#[derive(Clone, Debug, PartialEq)]
pub struct Sums {
    /// What all comes to.
    pub due: Arc<str>,
    /// What the things alone come to, and how many they are.
    pub goods: Option<Arc<str>>,
    pub pieces: Option<Arc<str>>,
    /// The thing that a record without lines names itself.
    pub one: Option<One>,
    pub extras: Vec<Extra>,
    /// What a voucher takes off.
    pub voucher: Option<Part>,
    /// Some pay less.
    pub discount: Option<super::Discount>,
    /// A sentence writes it out in these terms, and nothing else counts.
    pub written: Vec<Term>,
    /// Other fields of the record that are written out so.
    pub apart: Vec<(Arc<str>, Vec<Term>)>,
}

impl Sums {
    pub(super) fn written(due: Arc<str>, written: Vec<Term>) -> Self {
        let (extras, apart) = (Vec::new(), Vec::new());
        Self { due, goods: None, pieces: None, one: None, extras, voucher: None, discount: None, written, apart }
    }
}

/// One thing with a price.
#[derive(Clone, Debug, PartialEq)]
pub struct One {
    pub price: Part,
    /// The field that says how many; one where there is none.
    pub count: Option<Count>,
}

/// A field of a record that another field names.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    pub reference: Arc<str>,
    pub collection: usize,
    pub field: Arc<str>,
}

/// What is added to a sum or taken off beside the things.
#[derive(Clone, Debug, PartialEq)]
pub struct Extra {
    pub field: Arc<str>,
    pub takes_off: bool,
    /// It shows what the voucher takes off.
    pub of_voucher: bool,
    /// What it is where nothing is sent.
    pub stated: Option<Stated>,
    /// The field of the things that says it.
    pub of_thing: Option<Arc<str>>,
}

/// The field of what a record costs.
pub(in crate::behavior) fn price_of(collection: &Collection) -> Option<Arc<str>> {
    let due = collection.sums.as_ref().map(|sums| &sums.due);
    let named = |test: &dyn Fn(&str) -> bool| collection.fields.iter().find(|field| test(&compact(&field.key)));
    let found = || {
        named(&|key| key == "price")
            .or_else(|| named(&|key| key.ends_with("price")))
            .or_else(|| collection.fields.iter().find(|field| field.role == Role::Amount))
    };
    due.or_else(|| found().map(|field| &field.key)).cloned()
}

impl Gathering<'_> {
    /// How the sums of each group's new records are worked out. What is asked back of an order is what that came to: so twice.
    pub(super) fn sum_up(&self, groups: &[Group], collections: &mut [Collection]) {
        for _ in 0..2 {
            for (at, group) in groups.iter().enumerate() {
                let told = self.told_apart(group, at, collections);
                let written = told.or_else(|| self.written_sum(group, at, collections));
                let sums = written.or_else(|| self.sums(group, at, collections));
                collections[at].sums = sums.or_else(|| self.told_alone(group, at, collections));
            }
        }
    }

    fn sums(&self, group: &Group, at: usize, all: &[Collection]) -> Option<Sums> {
        let records = &all[at];
        // What is in a basket comes to what its number says when it is looked at.
        let is_voucher = voucher(records, self.lexicon).is_some();
        if records.relation.is_some() || records.basket.is_some() || is_voucher {
            return None;
        }
        let makers = || group.endpoints.iter().copied().filter(|at| self.operations[*at] == Operation::Create);
        let lined = makers().find_map(|maker| Some((maker, self.lines(maker, at, all)?)));
        let is_sent = |field: &ItemField| {
            makers().any(|maker| self.inputs[maker].iter().any(|input| compact(&input.name) == compact(&field.key)))
        };
        let lexicon = self.lexicon;
        let is = |topic: &str, field: &ItemField| {
            lexicon.is_named(topic, &field.key) || lexicon.speaks_of(topic, label_head(&field.words))
        };
        let free = || records.fields.iter().filter(|field| !is_sent(field) && is_number(&field.example));
        let taken_off = |field: &ItemField| is("taken-off", field) || is("added-on", field);
        let is_goods = |field: &ItemField| is("goods-amount", field);
        let is_sum = |field: &&ItemField| {
            let named = ["sum-amount", "amount-of-all"].iter().any(|topic| lexicon.is_named(topic, &field.key));
            field.role == Role::Amount && (named || lexicon.speaks_of("sum-amount", &field.words)) && !taken_off(field)
        };
        let is_product =
            |field: &ItemField| lexicon.rules().products.signs.iter().any(|sign| field.words.contains(sign.as_str()));
        let payable =
            || free().filter(|field| !is_goods(field) && !taken_off(field)).find(|field| is("payable", field));
        let due = payable()
            .or_else(|| free().filter(|field| !is_goods(field)).find(is_sum))
            .or_else(|| free().find(is_sum))
            // `每人费用 × 人数`
            .or_else(|| free().find(|field| field.role == Role::Amount && is_product(field) && !taken_off(field)))
            // Of what is made up of lines, any amount that nothing else explains.
            .or_else(|| free().find(|field| lined.is_some() && field.role == Role::Amount && !taken_off(field)))
            .or_else(|| free().find(|field| lined.is_some() && lexicon.is_named("amount-of-all", &field.key)))
            .or_else(|| makers().find_map(|maker| self.made_by_product(maker, records)))
            .or_else(|| free().find(|field| !taken_off(field) && self.is_cost(group, at, field, all)))
            .or_else(|| free().find(|field| makers().any(|maker| self.keeps_price(maker, records, field, all))))?;
        let goods = free().filter(|field| field.key != due.key).find(|field| is_goods(field));
        // `实付 = 装备金额 + 邮费`: what a formula begins with is what the things come to.
        let first = || {
            let formula = makers().find_map(|maker| self.formula(maker, due))?;
            let end = formula.char_indices().find(|(_, c)| is_sign(*c).is_some() && !c.is_alphabetic())?.0;
            let fields = free().filter(|field| field.key != due.key && !taken_off(field));
            let mut first = fields.filter(|field| self.sign(&formula[..end], field) == Some(false));
            first.next().filter(|field| field.role != Role::Status && lined.is_some())
        };
        // `totalAmount` beside `payAmount`, where nothing is added.
        let whole = || {
            let pays = payable().is_some_and(|field| field.key == due.key);
            let adds = free().any(|field| is("added-on", field));
            free().filter(|field| field.key != due.key).find(is_sum).filter(|_| pays && !adds)
        };
        let goods = goods.or_else(first).or_else(whole);
        let one = makers().find_map(|maker| self.one(maker, records, due, all));
        if one.is_none() && lined.is_none() {
            return None;
        }
        let pieces = lined.as_ref().and_then(|_| {
            free().filter(|field| field.role != Role::Amount && field.key != due.key).find(|field| {
                let named = lexicon.is_named("sum-quantity", &field.key) || lexicon.is_named("quantity", &field.key);
                named || lexicon.speaks_of("sum-quantity", &field.words)
            })
        });
        // `zongfen: 2` beside lines that are two together.
        let pieces = pieces.or_else(|| {
            let lines = &lined.as_ref()?.1;
            let count = lines.count.as_ref()?;
            let kept = records.field(&lines.kept)?.example.as_array()?;
            let number = |value: Option<&Json>| value?.scalar_text()?.parse::<f64>().ok();
            let all = kept.iter().map(|line| number(line.get(count))).sum::<Option<f64>>()?;
            let is_all = |field: &&ItemField| {
                let plain = !matches!(field.role, Role::Amount | Role::Status | Role::RecordId);
                plain && field.key != due.key && number(Some(&field.example)) == Some(all)
            };
            free().find(is_all).filter(|_| all > 1.0)
        });
        let heads = || makers().find_map(|maker| self.heads(maker, records)?.shown);
        let pieces = pieces.map(|field| Arc::clone(&field.key)).or_else(heads);
        let vouched = makers().find_map(|maker| self.vouched_by(maker, records, all));
        let things = lined.as_ref().map(|(_, lines)| lines.things).or(one.as_ref().map(|one| one.price.collection));
        let maker = lined.as_ref().map(|(maker, _)| *maker).or_else(|| makers().next())?;
        let mut extras = self.extras(maker, records, due, |field| {
            goods.is_none_or(|goods| goods.key != field.key)
                && pieces.as_ref().is_none_or(|pieces| *pieces != field.key)
        });
        for extra in &mut extras {
            let thing = things.map(|things| &all[things]);
            extra.of_thing = thing.and_then(|thing| thing.field(&extra.field)).map(|field| Arc::clone(&field.key));
        }
        if vouched.is_some() {
            let own = |extra: &Extra| {
                records.field(&extra.field).is_some_and(|field| {
                    extra.takes_off && (is("voucher", field) || lexicon.speaks_of("voucher", &compact(&field.key)))
                })
            };
            let at = extras.iter().position(own).or_else(|| extras.iter().position(|extra| extra.takes_off));
            if let Some(extra) = at.and_then(|at| extras.get_mut(at)) {
                extra.of_voucher = true;
            }
        }
        let key = |field: &ItemField| Arc::clone(&field.key);
        let discount = makers().find_map(|maker| self.discount(maker));
        let (due, goods) = (key(due), goods.map(key));
        let (written, apart) = (Vec::new(), Vec::new());
        Some(Sums { due, goods, pieces, one, extras, voucher: vouched, discount, written, apart })
    }

    /// `cost` beside the id of one thing with a price, or what an example shows to be just that.
    fn is_cost(&self, group: &Group, at: usize, field: &ItemField, all: &[Collection]) -> bool {
        let lexicon = self.lexicon;
        if field.role == Role::Status || all[at].reference(&field.key).is_some() {
            return false;
        }
        let own = |reference: &&Reference| {
            !reference.many
                && !is_no_thing(reference.collection, all, lexicon)
                && !all[reference.collection].holds_accounts()
        };
        let priced = all[at].references.iter().filter(own);
        let mut priced = priced.filter_map(|reference| Some((reference, price_of(&all[reference.collection])?)));
        let Some((reference, price)) = priced.next().filter(|_| priced.next().is_none()) else { return false };
        // What is called as the thing's price is lent by the thing.
        if compact(&price) == compact(&field.key) {
            return false;
        }
        let named = lexicon.is_named("cost-named", &field.key)
            || lexicon.is_nothing_but("cost-named", label_head(&field.words));
        let shown = || {
            let text = |item: &Json, key: &str| Some(item.get(key)?.scalar_text()?.to_owned());
            self.sights(group).iter().any(|sight| {
                let id = text(sight.item, &reference.field);
                let seed = all[reference.collection].seeds.iter().find(|seed| seed.id.is_some() && seed.id == id);
                let price = seed.and_then(|seed| seed.fields.get(&price)?.scalar_text()?.parse::<f64>().ok());
                let own = text(sight.item, &field.key).and_then(|text| text.parse::<f64>().ok());
                price.is_some_and(|price| price > 1.0) && price == own
            })
        };
        named || (field.role == Role::Amount && shown())
    }

    /// `认养费 = 蜂场 month_fee × months`: what a sentence makes of a product.
    fn made_by_product<'c>(&self, maker: usize, records: &'c Collection) -> Option<&'c ItemField> {
        let words = &self.lexicon.rules().products;
        let mut clauses = self.page(maker).flat_map(|text| text.split([',', '，']));
        clauses.find_map(|clause| {
            let (made, formula) = self.equality(clause)?;
            parts(formula, &words.signs)?;
            self.made(maker, made.trim(), records)
        })
    }

    /// The one thing with a price that a creation names, of several none.
    fn one(&self, maker: usize, records: &Collection, due: &ItemField, all: &[Collection]) -> Option<One> {
        let named = self.named(maker, records);
        let is_thing =
            |reference: usize| !all[reference].holds_accounts() && !is_no_thing(reference, all, self.lexicon);
        let priced = named.iter().filter(|reference| is_thing(reference.collection));
        let mut priced = priced.filter_map(|reference| Some((reference, price_of(&all[reference.collection])?)));
        let (reference, price) = priced.next().filter(|_| priced.next().is_none())?;
        let field = all[reference.collection].fields.iter().find(|field| field.key == price)?;
        let told = self.factor(maker, records, due, (field, &all[reference.collection])).map(Count::Number);
        let count = told.or_else(|| self.heads(maker, records).map(|heads| Count::Listed(heads.field)));
        let price = Part { reference: Arc::clone(&reference.field), collection: reference.collection, field: price };
        Some(One { price, count })
    }

    /// `price` of a booking whose request names one room with a `price`, and does not say how many: what the room costs then.
    fn keeps_price(&self, maker: usize, records: &Collection, field: &ItemField, all: &[Collection]) -> bool {
        let same = |one: One| one.count.is_none() && compact(&one.price.field) == compact(&field.key);
        field.role == Role::Amount
            && !records.machines.is_empty()
            && !records.references.iter().any(|reference| reference.many)
            && self.one(maker, records, field, all).is_some_and(same)
    }

    /// The records that a creation's inputs name one of.
    pub(super) fn named<'c>(&self, maker: usize, records: &'c Collection) -> Vec<&'c Reference> {
        let inputs = self.inputs[maker].iter();
        let keys = inputs.map(|input| key_for(records, input).unwrap_or_else(|| Arc::clone(&input.name)));
        keys.filter_map(|key| records.reference(&key).filter(|reference| !reference.many)).collect()
    }

    fn vouched_by(&self, maker: usize, records: &Collection, all: &[Collection]) -> Option<Part> {
        self.named(maker, records).into_iter().find_map(|reference| {
            let voucher = voucher(&all[reference.collection], self.lexicon)?;
            Some(Part {
                reference: Arc::clone(&reference.field),
                collection: reference.collection,
                field: voucher.worth,
            })
        })
    }

    /// What goes into the sum beside the things: what a formula has with its sign, else what is called so.
    fn extras(
        &self,
        maker: usize,
        records: &Collection,
        due: &ItemField,
        is_free: impl Fn(&ItemField) -> bool,
    ) -> Vec<Extra> {
        let lexicon = self.lexicon;
        let is = |topic: &str, field: &ItemField| {
            lexicon.is_named(topic, &field.key) || lexicon.speaks_of(topic, label_head(&field.words))
        };
        let formula = self.formula(maker, due);
        let fields = records.fields.iter().filter(|field| {
            let names = field.role == Role::RecordId || records.reference(&field.key).is_some();
            is_number(&field.example) && field.key != due.key && field.role != Role::Status && !names && is_free(field)
        });
        let extras = fields.filter_map(|field| {
            let said = formula.and_then(|formula| self.sign(formula, field));
            let called = || match () {
                () if is("taken-off", field) => Some(true),
                () if is("added-on", field) => Some(false),
                () => None,
            };
            let takes_off = said.or_else(|| called().filter(|_| formula.is_none()))?;
            let key = Arc::clone(&field.key);
            Some(Extra { field: key, takes_off, of_voucher: false, stated: self.stated(maker, field), of_thing: None })
        });
        extras.collect()
    }

    /// What a remark says that the sum is made of.
    fn formula(&self, maker: usize, due: &ItemField) -> Option<&str> {
        let words = &self.lexicon.rules().products;
        self.page(maker).find_map(|text| {
            let (made, formula) = parts(text, &words.equals)?;
            let made = made.trim();
            let names = made
                .split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
                .any(|word| !word.is_empty() && compact(word) == compact(&due.key))
                || (!label_head(&due.words).is_empty() && label_head(&due.words) == made);
            (names && formula.contains(|c: char| is_sign(c).is_some())).then_some(formula)
        })
    }

    /// Whether a formula takes a field off; none where it does not have it.
    fn sign(&self, formula: &str, field: &ItemField) -> Option<bool> {
        let label = label_head(&field.words);
        let mut takes_off = false;
        let mut start = 0;
        let ends = formula.char_indices().map(|(at, c)| (at, at + c.len_utf8(), is_sign(c)));
        let mut pieces: Vec<(bool, &str)> = Vec::new();
        for (at, after, sign) in ends {
            let Some(sign) = sign else { continue };
            pieces.push((takes_off, &formula[start..at]));
            (takes_off, start) = (sign, after);
        }
        pieces.push((takes_off, &formula[start..]));
        let is_product =
            |piece: &str| self.lexicon.rules().products.signs.iter().any(|sign| piece.contains(sign.as_str()));
        let named = pieces.into_iter().filter(|(_, piece)| !is_product(piece)).find(|(_, piece)| {
            let mut words = piece.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
            let piece = piece.trim();
            words.any(|word| !word.is_empty() && compact(word) == compact(&field.key))
                || (label.chars().count() > 1
                    && (piece.contains(label) || (piece.chars().count() > 1 && label.contains(piece))))
        });
        named.map(|(takes_off, _)| takes_off)
    }

    /// The sentences about an endpoint, and those about sums of the page that it stands on.
    pub(super) fn page(&self, at: usize) -> impl Iterator<Item = &str> {
        let endpoint = self.endpoint(at);
        let page = self.said.of_sums(endpoint.place.file);
        endpoint.notes.iter().chain(page).flat_map(|note| note.text.split(['；', ';', '。']))
    }

    /// The field of what a price is multiplied by.
    fn factor(
        &self,
        maker: usize,
        records: &Collection,
        sum: &ItemField,
        (price, thing): (&ItemField, &Collection),
    ) -> Option<Arc<str>> {
        let lexicon = self.lexicon;
        let words = &lexicon.rules().products;
        let inputs = self.inputs[maker].iter().zip(&self.endpoint(maker).params);
        let inputs: Vec<&Input> =
            inputs.filter(|(input, param)| is_data(input, param.is_told())).map(|(input, _)| input).collect();
        let counted = || inputs.iter().copied().find(|input| is_quantity(&input.name, &input.label, lexicon));
        let called = |factor: &str| self.input_called(maker, factor, false);
        let is_amount = |text: &str| lexicon.role("", text).is_some_and(|(role, _)| role == Role::Amount);
        let of_product = |product: &str| {
            let product = product.split(|c: char| is_sign(c).is_some()).next().unwrap_or(product);
            let (one, other) = parts(product, &words.signs)?;
            [(one, other), (other, one)].into_iter().find_map(|(one, other)| {
                // `停车场 monthPrice × months` says whose price it is.
                let by_key = || words_of(one).any(|word| compact(word) == compact(&price.key));
                let priced = by_key() || is_amount(one) || lexicon.ends_with("a-price", one.trim());
                called(other).filter(|_| priced)
            })
        };
        let told = || {
            let clauses = remarks(self.prose, self.endpoint(maker))
                .flat_map(|note| note.text.split([',', '，', ';', '；', '。', '(', '（', ')', '）']));
            clauses.filter_map(|clause| self.equality(clause)).find_map(|(made, product)| {
                let made = made.trim();
                let makes = words_of(made).last().is_some_and(|word| compact(word) == compact(&sum.key))
                    || label_head(&sum.words) == made
                    || (!made.is_empty() && (is_amount(made) || lexicon.ends_with("a-price", made)));
                if makes { of_product(product) } else { None }
            })
        };
        // `课程单价×人数` beside the sum itself.
        let beside = || {
            let mut clauses = sum.words.split([',', '，', ';', '；', '。', '(', '（', ')', '）']);
            clauses.find_map(|clause| of_product(parts(clause, &words.equals).map_or(clause, |(_, product)| product)))
        };
        let people = || self.people(maker, thing).and_then(|input| self.inputs[maker].get(input));
        let for_one = || {
            let (_, unit) = parts(&price.words, &words.each)?;
            let unit: String = unit.trim_start().chars().take_while(|c| c.is_alphabetic()).collect();
            called(&unit).filter(|_| unit.chars().count() > 1)
        };
        let input = counted().or_else(told).or_else(beside).or_else(for_one).or_else(people)?;
        Some(key_for(records, input).unwrap_or_else(|| Arc::clone(&input.name)))
    }
}

/// The words in letters of a text.
fn words_of(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').filter(|word| !word.is_empty())
}

/// Whether a sign between the terms of a formula takes what follows off.
pub(super) fn is_sign(c: char) -> Option<bool> {
    match c {
        '+' | '＋' | '加' => Some(false),
        '-' | '－' | '−' | '–' | '减' => Some(true),
        _ => None,
    }
}

/// The numbers in a text, with what stands before and after each.
pub(super) fn numbers(text: &str) -> impl Iterator<Item = (&str, f64, &str)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at + text[at..].find(|c: char| c.is_ascii_digit())?;
        let rest = &text[start..];
        let end = start + rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
        at = end;
        Some((&text[..start], text[start..end].parse().unwrap_or(0.0), text[end..].trim_start()))
    })
}

/// What stands before and after the first of these marks.
pub(in crate::behavior) fn parts<'t>(text: &'t str, marks: &[String]) -> Option<(&'t str, &'t str)> {
    let first = marks.iter().filter_map(|mark| Some((text.find(mark.as_str())?, mark.len()))).min()?;
    Some((&text[..first.0], &text[first.0 + first.1..]))
}
