//! What is understood of one sentence: each of a table is put into the same document, and what it adds to `explain` or takes
//! away is kept. Where it says nothing of the kind, nothing may come of it.

use crate::talk::case;
use docsim::explain;
use docsim::generation::Generation;
use docsim::load::load;
use std::collections::HashMap;
use std::fmt::Write;
use std::fs;

#[test]
fn sentences_are_understood_in_many_wordings() {
    let template = fs::read_to_string(case("wordings").join("kites.md")).unwrap();
    let table = fs::read_to_string(case("wordings").join("sentences.txt")).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let mut bare: HashMap<bool, Vec<String>> = HashMap::new();
    let mut understood = String::new();
    for row in table.lines().filter(|row| !row.is_empty() && !row.starts_with('#')) {
        let (place, sentence) = row.split_once(" | ").unwrap();
        assert!(template.contains(&format!("{{{place}}}")), "no place {place}");
        // What holds for the whole application is said where no endpoint lists the token.
        let by_header = place == "head";
        let told = |place: &str, sentence: &str| {
            let file = folder.path().join("kites.md");
            fs::write(&file, document(&template, by_header, place, sentence)).unwrap();
            lines(&explain::draw(&Generation::of_loaded(&load(&[file], None).unwrap(), None), None))
        };
        let before = bare.entry(by_header).or_insert_with(|| told("", ""));
        writeln!(understood, "{row}").unwrap();
        let after = told(place, sentence);
        for (sign, line) in difference(before, &after) {
            writeln!(understood, "    {sign} {line}").unwrap();
        }
    }
    insta::assert_snapshot!(understood);
}

/// The template with the sentence in its place, and nothing in the others.
fn document(template: &str, by_header: bool, place: &str, sentence: &str) -> String {
    let lines = template.lines().filter(|line| !by_header || !line.starts_with("*token="));
    let filled = lines.map(|line| {
        let Some((before, rest)) = line.split_once('{').filter(|_| line.ends_with('}') && !line.contains('"')) else {
            return line.to_owned();
        };
        format!("{before}{}", if rest.trim_end_matches('}') == place { sentence } else { "" })
    });
    filled.collect::<Vec<_>>().join("\n")
}

/// Without where they were read, and without what only repeats the document or the codes.
fn lines(explained: &str) -> Vec<String> {
    let told = explained.lines().map(|line| {
        let words = line.split_whitespace().filter(|word| !word.contains("kites.md:"));
        let line = words.collect::<Vec<_>>().join(" ");
        line.strip_prefix("checks ").or(line.strip_prefix("fields ")).unwrap_or(&line).to_owned()
    });
    told.filter(|line| !line.is_empty() && !line.starts_with("codes = ")).collect()
}

fn difference<'l>(before: &'l [String], after: &'l [String]) -> Vec<(char, &'l str)> {
    let lacks = |line: &str, from: &[String], upto: &[String]| {
        let count = |lines: &[String]| lines.iter().filter(|known| *known == line).count();
        count(upto) > count(from)
    };
    let news = after.iter().enumerate().filter(|(at, line)| lacks(line, before, &after[..=*at]));
    let lost = before.iter().enumerate().filter(|(at, line)| lacks(line, after, &before[..=*at]));
    let signed = |sign: char| move |(_, line): (usize, &'l String)| (sign, line.as_str());
    news.map(signed('+')).chain(lost.map(signed('-'))).collect()
}
