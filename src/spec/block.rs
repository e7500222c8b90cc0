//! One block becomes one endpoint: its target, parameters, sections, codes and remarks.

use super::code_lines::Told;
use super::own_codes::Unsure;
use super::page::Part;
use super::prose::Reader;
use super::target::{self, Target, UrlParam};
use super::{BodyForm, CodeTable, Endpoint, Example, In, Note, Param, Section, SectionKind, Settings};
use super::{code_objects, commented_codes, example, inline_replies, labels, requests, rows};
use crate::diagnostic::{Diagnostic, Severity};
use crate::source::Place;
use crate::syntax::ast::{self, Block, Fence, ParamLine};
use crate::syntax::json;
use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// An endpoint, and what was odd about the way it is written.
pub(super) struct Found {
    pub(super) endpoint: Endpoint,
    pub(super) diagnostics: Vec<Diagnostic>,
    /// What examples of the request send.
    pub(super) sent: Vec<Param>,
    /// Lines below it that may tell its codes.
    pub(super) unsure: Vec<Unsure>,
}

impl Found {
    /// Takes what stands around the block.
    pub(super) fn belongs(&mut self, reader: &Reader<'_>, part: &Part<'_, '_>) {
        let heading = part.heading.map(|(_, text)| text);
        let told = part.tells_codes(reader);
        let announced = told == Told::Words;
        for rows in &part.tables {
            match reader.code_table(rows, announced) {
                Some(table) => add_rows(&mut self.endpoint.codes, table),
                None => {
                    let mut table = reader.table(heading, rows);
                    table.caption = part.caption(reader, table.place);
                    self.endpoint.tables.push(table);
                }
            }
        }
        let mut rows = Vec::new();
        for line in part.quotes.iter().chain(&part.lines) {
            inline_replies::add(&mut self.endpoint, reader, line);
            let told_errors = reader.told_errors(line);
            if !told_errors.is_empty() {
                if told_errors.iter().any(|row| !row.when.is_empty()) {
                    self.endpoint.notes.push(Note { text: (*line).to_owned(), place: reader.place(line) });
                }
                let (said, bare): (Vec<_>, Vec<_>) = told_errors.into_iter().partition(|row| !row.text.is_empty());
                rows.extend(said);
                self.endpoint.quoted.extend(bare);
                continue;
            }
            let quoted = reader.quoted_codes(line);
            if !quoted.is_empty() {
                self.endpoint.quoted.extend(quoted);
            } else if let Some(row) = reader.code_row_around(line, told) {
                rows.push(row);
            } else {
                self.endpoint.quoted.extend(reader.told_codes(line));
                let below = reader.place(line).span.start >= self.endpoint.block.span.end;
                let row = reader.code_row(line).filter(|row| below && reader.is_listed(row, line));
                self.unsure.extend(row.map(|row| Unsure { row }));
                self.endpoint.notes.push(Note { text: (*line).to_owned(), place: reader.place(line) });
            }
        }
        add_rows(&mut self.endpoint.codes, CodeTable::new(rows));
    }
}

/// The first row for a code stands.
pub(super) fn add_rows(table: &mut CodeTable, more: CodeTable) {
    let mut known: HashMap<Arc<str>, String> = HashMap::new(); // the first text of each code
    for row in &table.rows {
        known.entry(Arc::clone(&row.code)).or_insert_with(|| row.text.clone());
    }
    for row in more.rows {
        let first = known.entry(Arc::clone(&row.code));
        if matches!(&first, Entry::Occupied(first) if *first.get() == row.text) {
            continue;
        }
        first.or_insert_with(|| row.text.clone());
        table.rows.push(row);
    }
}

pub(super) struct BlockReader<'a, 's> {
    pub(super) reader: Reader<'a>,
    pub(super) settings: &'s Settings,
}

impl BlockReader<'_, '_> {
    /// Reads a block under its heading, with the parts that stand before it and belong to it.
    pub(super) fn read(&self, block: &Block<'_>, heading: Option<&str>, parts: &[Part<'_, '_>]) -> Found {
        let request = block.request.as_ref();
        let target = request
            .map_or_else(Target::default, |request| target::read(request.path, request.query, self.reader.lexicon));
        let method = request.and_then(|request| request.method).map(str::to_ascii_uppercase);
        let method = method.or_else(|| heading.and_then(target::method_in).map(str::to_ascii_uppercase));
        let endpoint = Endpoint {
            id: String::new(),
            title: heading.map_or_else(|| file_title(self.reader.source.name()), clean_title),
            titled: heading.is_some(),
            group: block.group.map(str::to_owned),
            params: self.params(block, &target, method.as_deref()),
            method,
            path: target.path,
            origin: request.and_then(|request| request.origin).map(str::to_owned),
            segments: target.segments,
            body: BodyForm::default(),
            sections: Vec::new(),
            sample: Vec::new(),
            codes: CodeTable::default(),
            quoted: Vec::new(),
            notes: Vec::new(),
            tables: Vec::new(),
            place: self.reader.place(request.map_or(block.open, |request| request.line.trim())),
            fenced: block.fence != Fence::None,
            block: self.extent(block),
            title_place: heading.map(|text| self.reader.place(text)),
            envelope: 0,
        };
        let mut found = Found { endpoint, diagnostics: self.oddities(block), sent: Vec::new(), unsure: Vec::new() };
        for section in &block.sections {
            self.section(section, &mut found);
        }
        found.sent = requests::take(&mut found.endpoint, block, self.reader.lexicon);
        labels::settle(&mut found.endpoint, self.reader.lexicon);
        code_objects::settle(&mut found.endpoint, self.reader.lexicon);
        for part in parts {
            self.samples(part, &mut found);
            found.belongs(&self.reader, part);
        }
        let remarks =
            block.comments.iter().map(|text| Note { text: (*text).to_owned(), place: self.reader.place(text) });
        found.endpoint.notes.extend(remarks);
        self.public(&mut found.endpoint);
        found
    }

    fn extent(&self, block: &Block<'_>) -> Place {
        let place = |piece: &str| self.reader.place(piece);
        let first = place(block.open);
        let ends = block.request.iter().map(|request| place(request.line));
        let ends = ends.chain(block.params.iter().map(|param| place(param.line)));
        let ends = ends.chain(block.sections.iter().flat_map(|section| [place(section.mark), place(section.body)]));
        Place { file: first.file, span: ends.fold(first.span, |span, end| span.to(end.span)) }
    }

    fn params(&self, block: &Block<'_>, target: &Target<'_>, method: Option<&str>) -> Vec<Param> {
        let elsewhere = if matches!(method, Some("GET" | "HEAD" | "DELETE")) { In::Query } else { In::Body };
        let mut params: Vec<Param> = block.params.iter().map(|line| self.param(line, elsewhere)).collect();
        // The first of each name.
        let mut places: HashMap<String, usize> = HashMap::new();
        for (at, param) in params.iter().enumerate() {
            places.entry(param.name.clone()).or_insert(at);
        }
        for url in &target.params {
            // `/a/:name` with the line `*:name=…`; `?id=:ids` with the line `*:ids=…`.
            let stands_for = url.value.and_then(|value| value.strip_prefix(':')).unwrap_or(url.name);
            let known = [url.name, stands_for].iter().filter_map(|name| places.get(*name)).min().copied();
            match known.and_then(|at| Some((at, params.get_mut(at)?))) {
                Some((at, param)) => {
                    param.location = url.location;
                    places.remove(&param.name);
                    places.insert(url.name.to_owned(), at);
                    url.name.clone_into(&mut param.name);
                    if url.location == In::Path {
                        param.starred = true;
                    }
                }
                None => {
                    places.insert(url.name.to_owned(), params.len());
                    params.push(self.url_param(url));
                }
            }
        }
        params
    }

    fn param(&self, line: &ParamLine<'_>, location: In) -> Param {
        let default = line.default.map(str::to_owned);
        let mut description = line.description.to_owned();
        // Below what holds several values, lines name its members.
        let one = line.type_name.is_none_or(|name| !MANY.iter().any(|many| name.to_ascii_lowercase().contains(many)));
        for more in &line.more {
            description.push_str(if one { "\n" } else { " " });
            description.push_str(&if one { rows::beside(more) } else { (*more).to_owned() });
        }
        Param {
            values: String::new(),
            name: line.name.to_owned(),
            location,
            type_name: line.type_name.map(str::to_owned),
            starred: line.required,
            label: self.label(line).to_owned(),
            default,
            description,
            discriminates: false,
            listed: true,
            public: false,
            place: self.reader.place(line.line.trim()),
        }
    }

    /// The words for a parameter: its description, unless that is empty or a remark and the default's slot holds words.
    fn label<'l>(&self, line: &ParamLine<'l>) -> &'l str {
        let slot = line.default.filter(|slot| {
            let lexicon = self.reader.lexicon;
            let words = !slot.is_ascii() || (!slot.contains(' ') && lexicon.role("", slot).is_some());
            words && !lexicon.is_nothing_but("placeholder", slot)
        });
        match slot {
            Some(slot) if line.description.is_empty() || line.remark => slot,
            _ => line.description,
        }
    }

    fn url_param(&self, url: &UrlParam<'_>) -> Param {
        let words = url.value.filter(|value| target::is_placeholder(value));
        Param {
            values: String::new(),
            name: url.name.to_owned(),
            location: url.location,
            type_name: None,
            starred: url.location == In::Path || words.is_some(),
            default: url.value.map(str::to_owned),
            description: String::new(),
            label: words.unwrap_or_default().to_owned(),
            discriminates: false,
            listed: false,
            public: false,
            place: self.reader.place(url.piece),
        }
    }

    /// The samples of a request among what stands above the block.
    fn samples(&self, part: &Part<'_, '_>, found: &mut Found) {
        let location = requests::where_sent(&found.endpoint);
        for (_, body) in part.samples.iter().filter(|(said, _)| requests::announced(said, self.reader.lexicon)) {
            let parsed = json::parse(body);
            let at = self.at(body);
            found.sent.extend(
                parsed.values.iter().flat_map(|value| requests::members(&example::read(value, None, &at), location)),
            );
        }
    }

    /// Places in a body, by the spans in it.
    fn at(&self, body: &str) -> impl Fn(crate::source::Span) -> Place + use<> {
        let (file, offset) = (self.reader.file, self.reader.source.span_of(body).start as usize);
        move |span| Place { file, span: span.shifted(offset) }
    }

    fn section(&self, section: &ast::Section<'_>, found: &mut Found) {
        let endpoint = &mut found.endpoint;
        let kind = match section.label {
            Some(label) if self.reader.lexicon.speaks_of("error-label", label) => SectionKind::Error,
            Some(_) => SectionKind::Success,
            // Without labels, the first section is the success.
            None if endpoint.sections.is_empty() => SectionKind::Success,
            None => SectionKind::Error,
        };
        let parsed = json::parse(section.body);
        let at = self.at(section.body);
        let http_status = section.http_status.and_then(|status| status.parse().ok());
        let examples: Vec<Example> = parsed.values.iter().map(|value| example::read(value, http_status, &at)).collect();
        // A caption above a value says what it is an example of.
        let captions: HashSet<usize> = examples
            .iter()
            .flat_map(|example| &example.comments)
            .filter(|note| note.path.is_empty())
            .flat_map(|note| note.place.span.start..=note.place.span.end)
            .map(|at| at as usize)
            .collect();
        let is_caption = |repair: &json::Repair| {
            repair.rule == "json-comment" && captions.contains(&(at(repair.span).span.start as usize))
        };
        for repair in parsed.repairs.iter().filter(|repair| !is_caption(repair)) {
            let severity = if repair.rule == "json-comment" { Severity::Info } else { Severity::Warning };
            found.diagnostics.push(
                Diagnostic::new(repair.rule, severity, at(repair.span), repair.message.clone())
                    .help(repair.help.clone()),
            );
        }
        let words_only = examples.is_empty() && !section.body.trim().is_empty();
        let mut rows = Vec::new();
        for line in &parsed.prose {
            match self.reader.code_row(line) {
                Some(row) => rows.push(row),
                None => endpoint.notes.push(Note { text: (*line).to_owned(), place: self.reader.place(line) }),
            }
        }
        for example in examples.iter().filter(|example| example.is_table) {
            for (key, value) in example.value.as_object().into_iter().flatten() {
                let text = value.as_str().unwrap_or_default().to_owned();
                let row = super::CodeRow {
                    code: key.clone(),
                    text,
                    when: String::new(),
                    http_status: None,
                    place: example.place,
                };
                rows.push(row);
            }
        }
        rows.extend(commented_codes::rows(&examples, &self.reader));
        add_rows(&mut endpoint.codes, CodeTable::new(rows));
        let place = self.reader.place(section.label.unwrap_or(section.mark));
        let label = section.label.map(str::to_owned);
        endpoint.sections.push(Section { label, kind, place, examples, http_status, words_only });
    }

    /// Adds what the settings say of every endpoint of the group.
    fn public(&self, endpoint: &mut Endpoint) {
        let settings = self.settings.of_group(endpoint.group.as_deref());
        let elsewhere = if endpoint.method.as_deref() == Some("GET") { In::Query } else { In::Body };
        let params = settings.params.iter().map(|public| Param {
            values: String::new(),
            name: public.name.clone(),
            location: elsewhere,
            type_name: public.type_name.clone(),
            starred: public.required,
            default: public.default.clone(),
            description: public.description.clone(),
            label: public.description.clone(),
            discriminates: false,
            listed: false,
            public: true,
            place: public.place,
        });
        let headers = settings.headers.iter().map(|(name, value, place)| Param {
            values: String::new(),
            name: name.clone(),
            location: In::Header,
            type_name: None,
            starred: false,
            default: Some(value.clone()).filter(|value| !value.is_empty()),
            description: String::new(),
            label: String::new(),
            discriminates: false,
            listed: false,
            public: false,
            place: *place,
        });
        let more: Vec<Param> = params.chain(headers).filter(|param| endpoint.param(&param.name).is_none()).collect();
        endpoint.params.extend(more);
    }

    /// What is odd about the block's form. What is odd about its contents is for the rules of `lint`.
    fn oddities(&self, block: &Block<'_>) -> Vec<Diagnostic> {
        let mut found = Vec::new();
        let place = |piece: &str| self.reader.place(piece);
        if block.fence == Fence::Lost {
            let message = "this request line stands outside of any block";
            found.push(
                Diagnostic::warning("lost-fence", place(block.open), message)
                    .help("write +++ on a line of its own before it"),
            );
        }
        if !block.closed && block.fence != Fence::Lost {
            let message = "this block is never closed";
            let close = match block.fence {
                Fence::Tilde => "~~~",
                Fence::Backtick => "```",
                Fence::Plus | Fence::Lost | Fence::None => "+++",
            };
            let help = format!("write {close} on a line of its own after its last line");
            found.push(Diagnostic::warning("unclosed-block", place(block.open.trim()), message).help(help));
        }
        if block.request.is_none() {
            let message = "this block has no request line, so it cannot be served";
            let help = "write METHOD:PATH on its first line, such as post:Api/User/login";
            found.push(Diagnostic::error("missing-request-line", place(block.open.trim()), message).help(help));
        }
        for stray in &block.strays {
            let message = "this line is neither a parameter nor a comment";
            let help = "write *name=default#description, or // before a comment";
            found.push(Diagnostic::warning("stray-line", place(stray), message).help(help));
        }
        for param in &block.params {
            let line = param.line.trim();
            let star = if param.required { "*" } else { "" };
            if param.oddities.full_width {
                let message = "this parameter is written with full-width signs";
                let help = format!("write {}", half_width(line));
                found.push(Diagnostic::warning("full-width-sign", place(line), message).help(help));
            } else if param.oddities.no_hash && !param.description.is_empty() {
                let message = format!("there is no # between `{}` and its description", param.name);
                let type_name = param.type_name.map(|name| format!("{name}:")).unwrap_or_default();
                let value = param.default.map(|value| format!("={value}")).unwrap_or_default();
                let help = format!("write {star}{type_name}{}{value}#{}", param.name, param.description);
                found.push(Diagnostic::warning("param-without-hash", place(line), message).help(help));
            }
            for more in &param.more {
                let message = format!("this line is read as going on with what is said of `{}`", param.name);
                let help = format!("write it behind the # of `{}`, on one line", param.name);
                found.push(Diagnostic::warning("stray-line", place(more), message).help(help));
            }
        }
        found
    }
}

/// Parts of the names of types that hold several values.
const MANY: [&str; 6] = ["array", "list", "object", "json", "map", "[]"];

fn half_width(line: &str) -> String {
    line.chars()
        .map(|c| match c {
            '＊' => '*',
            '：' => ':',
            '＝' => '=',
            '＃' => '#',
            other => other,
        })
        .collect()
}

/// A heading's text without emphasis; its numbering stays, since people name endpoints by it.
pub(super) fn clean_title(text: &str) -> String {
    text.replace("**", "").trim().trim_matches(['*', '`', '_']).trim().to_owned()
}

/// `api-docs/user/login.md` → `login`.
fn file_title(name: &str) -> String {
    let file = name.rsplit(['/', '\\']).next().unwrap_or(name);
    file.rsplit_once('.').map_or(file, |(stem, _)| stem).to_owned()
}
