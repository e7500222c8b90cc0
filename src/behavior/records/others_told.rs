//! What a remark says of records that are another's: `看别人的预约返回 403（下面支付、取消也一样）`, `别的师傅接的单返回 4030`.
//!
//! In: the remarks of an endpoint, and lines above it that say that what they tell holds for it, too. Out: the failure that they name.
//! Where they name what is not there (`别人的当不存在，返回 404`), nothing is told apart.

use super::Records;
use super::refusals::is_of;
use crate::behavior::choose::Subject;
use crate::behavior::collection::prose::{remarks, sentences};
use crate::behavior::failure::{Failure, Origin};
use crate::behavior::operation::titles::bare;
use crate::lexicon::Class;
use crate::spec::Note;

/// So many lines above an endpoint are read for what they say of those below.
const LINES_ABOVE: usize = 24;

impl Records<'_> {
    /// The failure that words name for what is there and another's.
    pub(super) fn others_told(&self) -> Option<Failure> {
        let lines = self.gathering.said.on("others-thing");
        if lines.is_empty() {
            return None;
        }
        let own = self.failures().iter().filter(|failure| failure.origin != Origin::Quote);
        let own = own.chain(self.gathering.chooser.shared(self.at, Subject::None));
        let permission = own.clone().find(is_of(Class::NotYours))?;
        let names = self.names_of(permission);
        let says = |note: &Note| sentences(&note.text).any(|sentence| self.names_refusal(sentence, &names));
        let endpoint = self.endpoint();
        let here = || remarks(self.gathering.prose, endpoint).any(says);
        let begins = endpoint.title_place.unwrap_or(endpoint.place);
        let above = lines.partition_point(|at| {
            let place = self.gathering.prose[*at].place;
            (place.file, place.span.start) < (begins.file, begins.span.start)
        });
        let above = || {
            let near = lines[..above].iter().rev().take(LINES_ABOVE).map(|at| &self.gathering.prose[*at]);
            let mut near = near.take_while(|note| note.place.file == begins.file);
            near.any(|note| says(note) && (self.carries_on(&note.text) || self.is_of_page(note)))
        };
        (here() || above()).then(|| match permission.origin {
            Origin::Set => Failure { origin: Origin::Set, ..permission.clone() },
            _ => permission.clone(),
        })
    }

    /// Whether a line at the head of a page speaks of the records: `别人的预约一律 403`.
    fn is_of_page(&self, note: &Note) -> bool {
        let gathering = self.gathering;
        let titles = self.on.map(|on| &self.collections[on.collection].titles);
        let named = titles.into_iter().flatten().any(|title| note.text.contains(title.as_str()));
        let kinds = gathering.accounts.kinds.as_ref().map(|kinds| &kinds.kinds);
        let of_kind = kinds.is_some_and(|kinds| kinds.iter().any(|kind| note.text.contains(kind.words.as_str())));
        named && !of_kind && gathering.said.is_at_head(gathering.set, note.place)
    }

    /// By what words name a failure: its code, its HTTP status, its message.
    fn names_of(&self, failure: &Failure) -> Vec<String> {
        let set = self.gathering.set;
        let envelope = set.envelope(self.endpoint());
        let shown = self
            .endpoint()
            .errors()
            .filter(|example| envelope.code_of(&example.value).is_some_and(|(_, code)| *code == *failure.code));
        let rows = set.tables.iter().flat_map(|table| &table.rows).filter(|row| row.code == failure.code);
        let statuses = shown.filter_map(|example| example.http_status).chain(rows.filter_map(|row| row.http_status));
        let statuses = statuses.take(1).map(|status| status.to_string());
        let words = [failure.code.to_string(), failure.message.clone()];
        words.into_iter().chain(statuses).filter(|name| name.chars().count() > 2).collect()
    }

    /// Whether the first failure that a sentence names behind what is another's is that one.
    fn names_refusal(&self, sentence: &str, names: &[String]) -> bool {
        let Some(end) = self.gathering.lexicon.after("others-thing", sentence) else { return false };
        let is_sign = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let is_code = |word: &&str| word.len() > 2 && word.bytes().all(|byte| byte.is_ascii_digit());
        let rest = &sentence[end..];
        let code = rest.split(|c| !is_sign(c)).find(|word| is_code(word) || names.iter().any(|name| name == word));
        match code {
            Some(code) => names.iter().any(|name| name == code),
            None => names.iter().any(|name| !name.is_ascii() && rest.contains(name.as_str())),
        }
    }

    /// `（下面支付、签到、取消也一样）`, `以下接口同理`: whether a line says of the endpoint, which stands below it, that it is so there.
    fn carries_on(&self, text: &str) -> bool {
        let lexicon = self.gathering.lexicon;
        let title = bare(&self.endpoint().title);
        let parts = text.split(['(', '（', ')', '）', '。', '；', ';']);
        let mut told = parts.filter(|part| lexicon.speaks_of("carried-on", part));
        told.any(|part| {
            let end = lexicon.before("carried-on", part).unwrap_or(part.len());
            let named = lexicon.without("below-this", &part[..end]);
            let pieces = || {
                let clause = named.rsplit(['，', ',']).find(|clause| clause.chars().any(char::is_alphabetic));
                let pieces = clause.into_iter().flat_map(|clause| lexicon.rules().joints.things_of(clause));
                pieces.map(bare).filter(|piece| piece.chars().count() > 1)
            };
            let all = pieces().all(|piece| lexicon.is_nothing_but("endpoint-noun", &piece));
            let below = lexicon.speaks_of("below-this", &part[..end]);
            (below && all) || pieces().any(|piece| title.contains(&piece))
        })
    }
}
