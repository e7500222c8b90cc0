//! `check` on whole documents: what it draws, what it finds in the corpus, and that nothing makes it fail.

use docsim::behavior::{Overrides, infer};
use docsim::lexicon::Lexicon;
use docsim::lint::{Report, Rule, check};
use docsim::source::Source;
use docsim::spec::{DocSet, Settings, lower};
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Applies every rule to one document.
fn check_text(name: &str, text: &str) -> (DocSet, Report) {
    let lexicon = Lexicon::standard();
    let set = lower(vec![Source::new(name, text)], &Settings::default(), &lexicon);
    let model = infer(&set, &lexicon, &Overrides::default());
    let report = check(&set, &model, &lexicon, &|_, _| None);
    (set, report)
}

fn checked(path: &Path) -> (DocSet, Report) {
    let name = path.file_name().unwrap().to_string_lossy().into_owned();
    check_text(&name, &std::fs::read_to_string(path).unwrap())
}

fn documents(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases").join(folder);
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "md"));
    paths.sort();
    assert!(!paths.is_empty());
    paths
}

#[test]
fn lint() {
    insta::glob!("../cases", "{documents/driver_app.md,lint/*.md}", |path| {
        let (set, report) = checked(path);
        insta::assert_snapshot!(report.draw(&set.sources, false));
    });
}

#[test]
fn every_finding_is_of_a_rule_that_is_listed_and_has_its_severity() {
    for path in documents("lint").iter().chain(&documents("corpus")) {
        for found in checked(path).1.diagnostics {
            let rule = Rule::named(found.rule).unwrap_or_else(|| panic!("{} is not listed", found.rule));
            assert_eq!(found.severity, rule.severity, "{} in {}", found.rule, path.display());
        }
    }
}

/// A rule that no table lists can be neither configured nor allowed nor looked up.
#[test]
fn every_rule_that_the_program_names_is_listed() {
    let mut named = BTreeSet::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    while let Some(folder) = folders.pop() {
        for path in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            if path.ends_with("tests.rs") {
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap_or_default();
            let program = text.split("#[cfg(test)]").next().unwrap_or_default();
            for after in program.split("Diagnostic::").skip(1).filter_map(|after| after.split_once('(')) {
                let rule = after.1.trim_start().strip_prefix('"').and_then(|rule| rule.split_once('"'));
                if let (true, Some((rule, _))) = (["new", "error", "warning", "info"].contains(&after.0), rule) {
                    named.insert(rule.to_owned());
                }
            }
        }
    }
    assert!(named.contains("stray-line") && named.len() > 8, "{named:?}");
    named.extend(docsim::config::RULES.iter().map(|(name, ..)| (*name).to_owned()));
    named.retain(|rule| Rule::named(rule).is_none());
    assert_eq!(named, BTreeSet::new());
}

/// How the corpus words a problem, the rule that finds it, and how many lines further down that rule points.
const WORDED: &[(&str, &str, usize)] = &[
    ("JSON 中夹杂说明文字", "json-bare-note", 0),
    ("中文引号代替了 JSON 引号", "json-smart-quote", 0),
    ("代码块没有结束标记", "unclosed-block", 0),
    ("写了完整 URL", "absolute-url", 0),
    ("参数行用了全角符号", "full-width-sign", 0),
    ("参数行缺少 #", "param-without-hash", 0),
    ("多余的尾逗号", "json-trailing-comma", 0),
    // The corpus names the line of the failure's words, the rule that of its state.
    ("失败响应的 state 与其他接口不一致", "error-looks-like-success", 2),
    // The corpus names the line of the mark, the rule that of the label below it.
    ("小节 error 不是 JSON", "words-only-section", 1),
    ("小节 error 没有内容", "empty-section", 1),
    ("小节 success 没有内容", "empty-section", 1),
    ("小节里有多余文字: 500", "(an HTTP status)", 0),
    ("成功与失败的状态码相同", "error-and-success-same-code", 0),
    ("未知的参数类型", "unknown-type", 0),
    ("标了 * 必填又写【可选】", "required-and-optional", 0),
    ("模板地址没有替换", "template-path", 0),
    ("模板文字没有替换", "template-text", 0),
    ("残缺的注释", "json-comment", 0),
    ("没有 error 小节", "no-error-example", 0),
    ("没有 success 小节", "no-success-example", 0),
    ("注释出现在 JSON 中", "json-comment", 0),
    ("用省略号代替内容", "json-ellipsis", 0),
    ("等号后面像是说明而不是默认值", "label-in-default-slot", 0),
    ("缺少请求方法", "missing-method", 0),
    ("说明里是 PHP 数组写法", "php-in-description", 0),
    ("非标准的小节名", "odd-label", 0),
    ("默认值和说明是同义的占位文字", "placeholder-default", 0),
    ("默认值是模板占位文字", "placeholder-default", 0),
];

/// Rules about what documents lack, as a whole.
const LACKING: [&str; 4] =
    ["failure-not-documented", "failure-never-answered", "token-never-issued", "operation-unknown"];

/// Where we and the corpus differ on purpose: `-` what we do not report, `+` what we report besides.
const DIFFERENCES: &[(&str, &str)] = &[
    // A number of three digits under the label is the HTTP status of that reply, and is answered as such.
    ("-16-wallet.md:14 (an HTTP status)", "read as what it is"),
    ("-16-wallet.md:33 (an HTTP status)", "read as what it is"),
    ("-16-wallet.md:51 (an HTTP status)", "read as what it is"),
    ("-19-team-chat.md:10 no-success-example", "`return` is read as the success, and reported as an odd label"),
    ("-19-team-chat.md:34 no-success-example", "`return` is read as the success, and reported as an odd label"),
    ("+04-clinic-signup.md:7 no-code-sender", "the corpus looks at each block alone"),
    ("+08-farm-profile.md:72 no-code-sender", "the corpus looks at each block alone"),
    ("+20-courier-account.md:5 no-code-sender", "the corpus looks at each block alone"),
    ("+20-courier-account.md:6 label-in-default-slot", "a label before the # all the same, with a remark after it"),
    ("+20-courier-account.md:144 token-not-declared", "the corpus looks at each block alone"),
];

#[test]
fn the_corpus_has_the_problems_that_a_good_reader_sees() {
    let mut expected = BTreeSet::new();
    let mut reported = BTreeSet::new();
    for path in documents("corpus") {
        let (set, report) = checked(&path);
        let name = set.sources[0].name();
        // The corpus says what is wrong with what stands there, and not what is lacking.
        for found in report.diagnostics.iter().filter(|found| !LACKING.contains(&found.rule)) {
            reported.insert(format!("{name}:{} {}", set.sources[0].line(found.place.span.start), found.rule));
        }
        let expect = std::fs::read_to_string(path.with_extension("expect.json")).unwrap();
        let expect: serde_json::Value = serde_json::from_str(&expect).unwrap();
        for problem in expect["problems"].as_array().unwrap() {
            let (line, words) = problem.as_str().and_then(|text| text.strip_prefix("line ")?.split_once(": ")).unwrap();
            let (_, rule, below) = WORDED.iter().find(|(known, ..)| words.starts_with(known)).expect(words);
            expected.insert(format!("{name}:{} {rule}", line.parse::<usize>().unwrap() + below));
        }
    }
    let missing = expected.difference(&reported).map(|problem| format!("-{problem}"));
    let more = reported.difference(&expected).map(|problem| format!("+{problem}"));
    let differences: BTreeSet<String> = missing.chain(more).collect();
    let explained: BTreeSet<String> = DIFFERENCES.iter().map(|(difference, _)| (*difference).to_owned()).collect();
    assert_eq!(differences, explained);
}

/// Lines of all documents that we have, in any order.
fn shuffled() -> impl Strategy<Value = String> {
    let paths = documents("lint").into_iter().chain(documents("corpus"));
    let texts: Vec<String> = paths.map(|path| std::fs::read_to_string(path).unwrap()).collect();
    let lines: Vec<String> = texts.iter().flat_map(|text| text.lines().map(str::to_owned)).collect();
    prop::collection::vec(prop::sample::select(lines), 0..80).prop_map(|lines| lines.join("\n"))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn no_document_makes_it_fail(text in shuffled()) {
        let (set, report) = check_text("any.md", &text);
        let drawn = report.draw(&set.sources, false);
        prop_assert!(drawn.chars().all(|c| c == '\n' || !c.is_control()));
        let all = &report.json(&set.sources)["diagnostics"];
        prop_assert_eq!(all.as_array().map(Vec::len), Some(report.diagnostics.len()));
    }
}
