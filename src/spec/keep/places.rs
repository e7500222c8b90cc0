//! Moves an endpoint from one document set into another: every place that it names must point into the other's sources.

use crate::source::{FileId, Place, Source};
use crate::spec::{CodeRow, CodeTable, DocSet, Endpoint, Example, FieldNote, Note, Param, Section, Table};
use std::collections::HashMap;

/// Which source of the new set stands for one of the old set. Texts that the new set does not have are added to it.
pub(super) struct Sources<'o> {
    old: &'o DocSet,
    of_old: HashMap<FileId, FileId>,
}

impl<'o> Sources<'o> {
    pub(super) fn new(old: &'o DocSet) -> Self {
        Self { old, of_old: HashMap::new() }
    }

    pub(super) fn endpoint(&mut self, endpoint: &Endpoint, sources: &mut Vec<Source>) -> Endpoint {
        let mut endpoint = endpoint.clone();
        each_place(&mut endpoint, &mut |place| self.place(place, sources));
        endpoint
    }

    pub(super) fn table(&mut self, table: &CodeTable, sources: &mut Vec<Source>) -> CodeTable {
        let mut table = table.clone();
        each_row(&mut table.rows, &mut |place| self.place(place, sources));
        table
    }

    fn place(&mut self, place: &mut Place, sources: &mut Vec<Source>) {
        // A place outside of all sources is one in nothing that was read, such as a default.
        let Some(source) = self.old.source(place.file) else { return };
        place.file = *self.of_old.entry(place.file).or_insert_with(|| {
            let same = |known: &Source| known.name() == source.name() && known.text() == source.text();
            let at = sources.iter().position(same).unwrap_or_else(|| {
                sources.push(source.clone());
                sources.len() - 1
            });
            FileId(u32::try_from(at).unwrap_or(u32::MAX))
        });
    }
}

/// Takes everything apart by name, so that a place added to an endpoint one day is not forgotten here.
fn each_place(endpoint: &mut Endpoint, visit: &mut impl FnMut(&mut Place)) {
    let Endpoint {
        id: _,
        title: _,
        titled: _,
        group: _,
        method: _,
        path: _,
        origin: _,
        segments: _,
        body: _,
        params,
        sections,
        sample: _,
        codes: CodeTable { rows, .. },
        quoted,
        notes,
        tables,
        place,
        block,
        title_place,
        fenced: _,
        envelope: _,
    } = endpoint;
    visit(place);
    visit(block);
    title_place.iter_mut().for_each(&mut *visit);
    for param in params {
        let Param {
            name: _,
            public: _,
            location: _,
            type_name: _,
            starred: _,
            default: _,
            description: _,
            values: _,
            label: _,
            discriminates: _,
            listed: _,
            place,
        } = param;
        visit(place);
    }
    for section in sections {
        let Section { label: _, kind: _, place, examples, http_status: _, words_only: _ } = section;
        visit(place);
        for example in examples {
            each_in_example(example, visit);
        }
    }
    each_row(rows, visit);
    each_row(quoted, visit);
    for Note { text: _, place } in notes {
        visit(place);
    }
    for Table { heading: _, caption: _, rows: _, place } in tables {
        visit(place);
    }
}

fn each_in_example(example: &mut Example, visit: &mut impl FnMut(&mut Place)) {
    let Example { value: _, http_status: _, comments, place, members, is_table: _ } = example;
    visit(place);
    for FieldNote { path: _, text: _, place } in comments {
        visit(place);
    }
    for (_, place) in members {
        visit(place);
    }
}

fn each_row(rows: &mut [CodeRow], visit: &mut impl FnMut(&mut Place)) {
    for CodeRow { code: _, text: _, when: _, http_status: _, place } in rows {
        visit(place);
    }
}
