//! Which lines outside of the blocks speak of what, so that each is read once and not once for every collection.

pub(super) mod remarks;
pub(in crate::behavior) mod section;

use crate::behavior::enumeration;
use crate::behavior::failure::Failure;
use crate::lexicon::{Lexicon, Role, compact};
use crate::source::{FileId, Place, Span};
use crate::spec::rows;
use crate::spec::{DocSet, Endpoint, Note};
use crate::syntax::line;
use std::cell::{OnceCell, RefCell};
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

/// Lines by what they say; each is worked out when it is first asked for. All lists are in the order of the lines.
pub(in crate::behavior) struct Said<'a> {
    notes: &'a [Note],
    lexicon: &'a Lexicon,
    by_word: OnceCell<HashMap<String, Vec<usize>>>,
    of_statuses: OnceCell<Vec<usize>>,
    again: OnceCell<Vec<(FileId, String)>>,
    of_sums: OnceCell<HashMap<FileId, Vec<usize>>>,
    by_topic: RefCell<HashMap<&'static str, Rc<[usize]>>>,
    tables: OnceCell<Vec<MoveTable>>,
    bracketed: OnceCell<Vec<usize>>,
    limits: OnceCell<Vec<usize>>,
    owners: OnceCell<Vec<(FileId, u32, u32, usize)>>,
    /// The files in which endpoints stand.
    documenting: OnceCell<HashSet<FileId>>,
}

/// A table that says which deeds lead from which statuses where.
#[derive(Debug)]
pub(in crate::behavior) struct MoveTable {
    pub(super) file: FileId,
    pub(in crate::behavior) place: Place,
    /// No endpoint stands in its file: it speaks of all.
    pub(in crate::behavior) is_free: bool,
    pub(super) header: Vec<String>,
    pub(in crate::behavior) rows: Vec<Vec<String>>,
    /// None where marks say what is allowed.
    pub(in crate::behavior) columns: Option<Columns>,
}

#[derive(Clone, Copy, Debug)]
pub(in crate::behavior) struct Columns {
    pub(in crate::behavior) from: Option<usize>,
    pub(in crate::behavior) to: Option<usize>,
    pub(in crate::behavior) deed: Option<usize>,
}

impl<'a> Said<'a> {
    pub(in crate::behavior) fn new(notes: &'a [Note], lexicon: &'a Lexicon) -> Self {
        let by_topic = RefCell::default();
        Self {
            notes,
            lexicon,
            by_word: OnceCell::new(),
            of_statuses: OnceCell::new(),
            again: OnceCell::new(),
            of_sums: OnceCell::new(),
            by_topic,
            tables: OnceCell::new(),
            bracketed: OnceCell::new(),
            limits: OnceCell::new(),
            owners: OnceCell::new(),
            documenting: OnceCell::new(),
        }
    }

    /// The tables of moves.
    pub(in crate::behavior) fn move_tables(&self, set: &DocSet) -> &[MoveTable] {
        self.tables.get_or_init(|| {
            let files: HashSet<FileId> = set.endpoints.iter().map(|endpoint| endpoint.place.file).collect();
            let mut found = Vec::new();
            let mut at = 0;
            while at < self.notes.len() {
                let file = self.notes[at].place.file;
                let rows: Vec<&Note> = one_table(&self.notes[at..]).iter().collect();
                at += rows.len().max(1);
                if rows.len() > 2 && rows[1].text.contains("--") {
                    found.extend(self.move_table(&rows, !files.contains(&file)));
                }
            }
            found
        })
    }

    /// Those of the failures of a whole set that say that there can be so many and no more.
    pub(in crate::behavior) fn limits(&self, shared: &[Failure]) -> &[usize] {
        self.limits.get_or_init(|| {
            let topics = ["only-once", "at-most", "times-limit"];
            let says = |at: &usize| topics.iter().any(|topic| self.lexicon.speaks_of(topic, &shared[*at].message));
            (0..shared.len()).filter(says).collect()
        })
    }

    /// The lines that have several things in brackets.
    pub(in crate::behavior) fn with_brackets(&self) -> &[usize] {
        self.bracketed.get_or_init(|| {
            let many = |note: &Note| note.text.matches(['（', '(']).nth(1).is_some();
            (0..self.notes.len()).filter(|at| many(&self.notes[*at])).collect()
        })
    }

    fn move_table(&self, rows: &[&Note], is_free: bool) -> Option<MoveTable> {
        let cells = |note: &&Note| -> Vec<String> {
            let text = note.text.trim().trim_start_matches('|');
            text.strip_suffix('|').unwrap_or(text).split('|').map(|cell| cell.trim().to_owned()).collect()
        };
        let header = cells(rows.first()?);
        let body: Vec<Vec<String>> = rows.iter().skip(2).map(cells).collect();
        let column = |topic: &str| header.iter().position(|cell| self.lexicon.is_nothing_but(topic, cell));
        let columns = Columns { from: column("from-column"), to: column("to-column"), deed: column("deed-column") };
        // `| stage | 含义 | 谁能操作 |`: what a deed is told of can be called by the name of a field.
        let unnamed = columns.deed.filter(|_| columns.from.is_none() && columns.to.is_none());
        let columns = Columns { from: columns.from.or(unnamed.and_then(|deed| (deed > 0).then_some(0))), ..columns };
        let told = [columns.from, columns.to, columns.deed].iter().flatten().count() > 1;
        let marks = || {
            let marked =
                |cell: &String| self.lexicon.is_mark("yes-mark", cell) || self.lexicon.is_mark("no-mark", cell);
            header.len() > 2 && body.iter().all(|row| row.len() > 2 && row.iter().skip(1).all(marked))
        };
        let columns = if told { Some(columns) } else { None };
        if columns.is_none() && !marks() {
            return None;
        }
        let place = rows.first()?.place;
        Some(MoveTable { file: place.file, place, is_free, header, rows: body, columns })
    }

    /// The endpoint between whose title and block a line stands.
    pub(in crate::behavior) fn stands_at(&self, set: &DocSet, place: Place) -> Option<usize> {
        let (end, at) = self.begun(set, place)?;
        (place.span.end <= end).then_some(at)
    }

    /// Whether a line stands above all endpoints of its file.
    pub(in crate::behavior) fn is_at_head(&self, set: &DocSet, place: Place) -> bool {
        self.begun(set, place).is_none()
    }

    /// The last endpoint of a file whose title stands above a line, and where its block begins.
    fn begun(&self, set: &DocSet, place: Place) -> Option<(u32, usize)> {
        let owners = self.owners.get_or_init(|| {
            let known = set.endpoints.iter().enumerate().filter_map(|(at, endpoint)| {
                let title = endpoint.title_place.filter(|title| title.file == endpoint.block.file)?;
                Some((title.file, title.span.end, endpoint.block.span.start, at))
            });
            let mut known: Vec<_> = known.collect();
            known.sort_unstable();
            known
        });
        let after = owners.partition_point(|(file, start, ..)| (*file, *start) <= (place.file, place.span.start));
        let (file, _, end, at) = *owners.get(after.checked_sub(1)?)?;
        (file == place.file).then_some((end, at))
    }

    /// Whether a file documents endpoints, and does not only say what holds for those of others.
    pub(super) fn has_endpoints(&self, set: &DocSet, file: FileId) -> bool {
        let files = self.documenting.get_or_init(|| set.endpoints.iter().map(|endpoint| endpoint.place.file).collect());
        files.contains(&file)
    }

    /// The lines that have a name as a word; for a status those, too, that speak of one.
    pub(super) fn naming(&self, name: &str, is_status: bool) -> Vec<usize> {
        let by_word = self.by_word.get_or_init(|| {
            let mut by_word: HashMap<String, Vec<usize>> = HashMap::new();
            for (at, note) in self.notes.iter().enumerate() {
                for word in words(&note.text) {
                    let known = by_word.entry(compact(word)).or_default();
                    if known.last() != Some(&at) {
                        known.push(at);
                    }
                }
            }
            by_word
        });
        let mut found = by_word.get(&compact(name)).cloned().unwrap_or_default();
        if is_status {
            found.extend(self.of_statuses.get_or_init(|| {
                let speaks = |at: &usize| speaks_of_status(self.lexicon, &self.notes[*at].text);
                (0..self.notes.len()).filter(speaks).collect()
            }));
            found.sort_unstable();
            found.dedup();
        }
        found
    }

    /// The clauses that let one do something again, with their files.
    pub(super) fn again(&self) -> &[(FileId, String)] {
        self.again.get_or_init(|| {
            let mut told = Vec::new();
            for note in self.notes {
                let mut before = "";
                for clause in note.text.split([',', '，', ';', '；', '。']) {
                    // `退课以后名额放出来，可以再报`: after what, the clause before says.
                    let bare = self.lexicon.begins_with("again-permitted", clause.trim());
                    let after = bare && self.lexicon.speaks_of("after-deed", before);
                    if after || self.lexicon.speaks_of("again-after", clause) {
                        let whole = if after { format!("{before}，{clause}") } else { clause.to_owned() };
                        told.push((note.place.file, whole));
                    }
                    before = clause;
                }
            }
            told
        })
    }

    /// The lines of a file that can say what something comes to: they write a formula, or an amount of money.
    pub(super) fn of_sums(&self, file: FileId) -> impl Iterator<Item = &'a Note> {
        let equals = &self.lexicon.rules().products.equals;
        let says = |text: &str| {
            equals.iter().any(|mark| text.contains(mark.as_str()))
                || (text.contains(|c: char| c.is_ascii_digit()) && self.lexicon.speaks_of("money-unit", text))
        };
        let of_sums = self.of_sums.get_or_init(|| {
            let mut found: HashMap<FileId, Vec<usize>> = HashMap::new();
            for (at, note) in self.notes.iter().enumerate().filter(|(_, note)| says(&note.text)) {
                found.entry(note.place.file).or_default().push(at);
            }
            found
        });
        of_sums.get(&file).map_or(&[][..], Vec::as_slice).iter().map(|at| &self.notes[*at])
    }

    /// The lines one of whose sentences speaks of a topic.
    pub(in crate::behavior) fn on(&self, topic: &'static str) -> Rc<[usize]> {
        let known = self.by_topic.borrow().get(topic).cloned();
        known.unwrap_or_else(|| {
            let speaks = |at: &usize| sentences(&self.notes[*at].text).any(|text| self.lexicon.speaks_of(topic, text));
            let found: Rc<[usize]> = (0..self.notes.len()).filter(speaks).collect();
            self.by_topic.borrow_mut().insert(topic, Rc::clone(&found));
            found
        })
    }
}

/// Items a page, as a sentence says that belongs to no endpoint: `每页 10 条`.
fn page_size(set: &DocSet, prose: &[Note], said: &Said<'_>) -> Option<u64> {
    let told = said.on("each-page");
    if told.is_empty() {
        return None;
    }
    let taken: HashSet<Place> =
        set.endpoints.iter().flat_map(|endpoint| remarks(prose, endpoint)).map(|note| note.place).collect();
    let mut free = told.iter().map(|at| &prose[*at]).filter(|note| !taken.contains(&note.place));
    free.find_map(|note| super::lists::paging::stated_size(said.lexicon, &note.text))
}

/// What sentences say of all lists.
#[derive(Clone, Copy)]
pub(in crate::behavior) struct AllLists {
    /// Items a page, as a sentence says that is about no endpoint in particular.
    pub(super) page_size: Option<u64>,
    pub(super) newest_first: bool,
}

pub(in crate::behavior) fn all_lists(set: &DocSet, prose: &[Note], said: &Said<'_>) -> AllLists {
    AllLists { page_size: page_size(set, prose, said), newest_first: lists_newest_first(prose, said) }
}

/// Whether a sentence says of all lists that they begin with what came last: `所有列表按时间倒序`.
fn lists_newest_first(prose: &[Note], said: &Said<'_>) -> bool {
    let newest =
        |text: &str| ["newest-first", "newest-in-front"].iter().any(|topic| said.lexicon.speaks_of(topic, text));
    let told = said.on("all-lists");
    let mut told = told.iter().map(|at| &prose[*at]).flat_map(|note| sentences(&note.text));
    told.any(|text| said.lexicon.speaks_of("all-lists", text) && newest(text))
}

/// The names that a line can have in it.
pub(in crate::behavior) fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
}

pub(in crate::behavior) fn sentences(text: &str) -> impl Iterator<Item = &str> {
    text.split(['；', ';', '。']).flat_map(|part| {
        // `不用登录. 后发的排前面`: a point behind a word that is no number and no name ends a sentence, too.
        let mut rest = Some(part);
        std::iter::from_fn(move || {
            let text = rest?;
            let mut points = text.match_indices(". ").map(|(at, _)| at);
            let end = points.find(|at| text[..*at].ends_with(|c: char| !c.is_ascii() && c.is_alphabetic()));
            rest = end.map(|end| &text[end + 2..]);
            Some(end.map_or(text, |end| &text[..end]))
        })
    })
}

pub(in crate::behavior) fn speaks_of_status(lexicon: &Lexicon, text: &str) -> bool {
    lexicon.role("", text).is_some_and(|(role, _)| role == Role::Status)
}

/// Whether a line can be the title of the values under it: `**报修单状态 status**`, `### 状态 status`, `状态 status：`.
fn can_head_values(line: &str) -> bool {
    let marked =
        (line.starts_with("**") && line.ends_with("**")) || line.starts_with('#') || line.ends_with(['：', ':']);
    marked && line.chars().count() <= LONGEST_TITLE && !line.contains(['，', '。', '|', '=', '/', '{'])
}

/// The values with their title, as if they stood in one line: `报修单状态 status：1待派单 2维修中`.
fn values_under(title: &str, text: &str, lexicon: &Lexicon) -> Option<String> {
    let title = title.trim_matches(|c: char| c.is_whitespace() || "*#：:".contains(c));
    let is_name = |word: &&str| word.starts_with(|c: char| c.is_ascii_lowercase()) && word.len() > 1;
    let named = words(title).filter(is_name).count() == 1 && !title.is_ascii();
    let items = || enumeration::read(text, &lexicon.rules().enumerations).len();
    let lists =
        text.starts_with(|c: char| c.is_ascii_digit()) && !lexicon.speaks_of("code-table", title) && items() > 1;
    (named && lists).then(|| format!("{title}：{text}"))
}

/// In characters, of a title.
const LONGEST_TITLE: usize = 24;

/// The lines of the pages outside of the blocks.
pub(in crate::behavior) fn lines(set: &DocSet, lexicon: &Lexicon) -> Vec<Note> {
    let mut blocks: HashMap<FileId, Vec<Span>> = HashMap::new();
    for block in set.endpoints.iter().map(|endpoint| endpoint.block) {
        blocks.entry(block.file).or_default().push(block.span);
    }
    let mut notes = Vec::new();
    // The configuration stands among the sources, and is no prose.
    let is_settings = |name: &str| [".toml", ".json"].iter().any(|end| name.ends_with(end));
    let documents = (0_u32..).map(FileId).zip(&set.sources).filter(|(_, source)| !is_settings(source.name()));
    for (file, source) in documents {
        let mut blocks = blocks.remove(&file).unwrap_or_default();
        blocks.sort_by_key(|block| block.start);
        let mut blocks = blocks.into_iter().peekable();
        let mut start = 0;
        let mut title: Option<&str> = None;
        for line in source.text().split_inclusive('\n') {
            let span = Span::new(start, start + line.trim_end().len());
            start += line.len();
            while blocks.next_if(|block| block.end < span.end).is_some() {} // they do not overlap
            let inside = blocks.peek().is_some_and(|block| block.start <= span.start);
            let text = line.trim().trim_start_matches(['>', '*', '-', '#', ' ']);
            if !inside && !text.is_empty() {
                let titled = title.take().and_then(|title| values_under(title, text, lexicon));
                notes.push(Note { text: titled.unwrap_or_else(|| text.to_owned()), place: Place { file, span } });
                title = Some(line.trim()).filter(|line| can_head_values(line));
            } else if inside {
                title = None;
            }
        }
    }
    close_rows(&mut notes, set);
    uncount(&mut notes, lexicon);
    notes
}

/// Gives the rows of a table that has no strokes at its ends those that others have: `值 | 说明` over `---|---`.
fn close_rows(notes: &mut [Note], set: &DocSet) {
    let raw = |note: &Note| {
        let text = set.source(note.place.file).map_or("", crate::source::Source::text);
        text.get(note.place.span.start as usize..note.place.span.end as usize).unwrap_or_default().trim()
    };
    let mut at = 0;
    while at + 1 < notes.len() {
        let file = notes[at].place.file;
        let open = |note: &Note| note.place.file == file && raw(note).contains('|') && !raw(note).starts_with('|');
        if !(open(&notes[at]) && open(&notes[at + 1]) && line::table_rule(raw(&notes[at + 1]))) {
            at += 1;
            continue;
        }
        let rows = notes[at..].iter().take_while(|note| open(note)).count();
        for note in &mut notes[at..at + rows] {
            note.text = format!("|{}|", raw(note).trim_end_matches('|'));
        }
        at += rows;
    }
}

/// Takes a column that only counts the rows out of the lines of tables: `|2|type|1:私 2:商|`.
fn uncount(notes: &mut [Note], lexicon: &Lexicon) {
    let mut at = 0;
    while at < notes.len() {
        let length = one_table(&notes[at..]).len();
        let table = &mut notes[at..at + length];
        at += length.max(1);
        let ruled = table.get(1).is_some_and(|note| line::table_rule(&note.text));
        let cells = |note: &Note| line::table_row(&note.text).map(|row| row.cells.len()).unwrap_or_default();
        if !ruled || table.iter().any(|note| cells(note) < 2) {
            continue;
        }
        let rows: Vec<Vec<&str>> = table
            .iter()
            .enumerate()
            .filter(|(number, _)| *number != 1)
            .filter_map(|(_, note)| Some(line::table_row(&note.text)?.cells))
            .collect();
        if rows::first_counts(&rows, lexicon) {
            for note in table {
                let rest = note.text.trim_start_matches('|').find('|').unwrap_or(0);
                note.text = note.text.trim_start_matches('|')[rest..].to_owned();
            }
        }
    }
}

fn is_row(note: &Note) -> bool {
    note.text.starts_with('|')
}

/// The rows of the table that begins with the first of some lines; what follows it with a header of its own is another.
pub(in crate::behavior) fn one_table(notes: &[Note]) -> &[Note] {
    let file = notes.first().map(|note| note.place.file);
    let rows = notes.iter().take_while(|note| is_row(note) && Some(note.place.file) == file).count();
    let rules = |at: &usize| *at > 1 && line::table_rule(&notes[*at].text);
    // The line above a rule is the next one's header.
    let end = (0..rows).find(rules).map_or(rows, |rule| rule - 1);
    &notes[..end]
}

/// What is said of an endpoint: in its block, and between its title and its block.
pub(in crate::behavior) fn remarks<'n>(prose: &'n [Note], endpoint: &'n Endpoint) -> impl Iterator<Item = &'n Note> {
    let block = endpoint.block;
    let title = endpoint.title_place.filter(|title| title.file == block.file);
    // The lines are in the order of the files, and of the places in each.
    let from = title.map_or(prose.len(), |title| {
        prose.partition_point(|note| (note.place.file, note.place.span.start) < (title.file, title.span.end))
    });
    let between = move |note: &&Note| note.place.file == block.file && note.place.span.end <= block.span.start;
    endpoint.notes.iter().chain(prose[from..].iter().take_while(between))
}
