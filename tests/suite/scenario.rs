//! Scenario files: those that the repository keeps, what is said of slips, what editors are told, what reports hold.

use docsim::diagnostic::human;
use docsim::generation::Generation;
use docsim::scenario::{load, names};
use docsim::source::Source;
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn docsim(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_docsim")).args(args).current_dir(root()).output().unwrap()
}

/// `docsim run`, as the README has it.
#[test]
fn the_scenarios_of_the_documents_pass_and_reach_every_outcome() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str| folder.path().join(name).display().to_string();
    let (junit, json, html) = (file("junit.xml"), file("report.json"), file("report.html"));
    let reports = [format!("junit={junit}"), format!("json={json}"), format!("html={html}")];
    let mut args = vec!["run", "--min-coverage", "100"];
    for report in &reports {
        args.extend(["--report", report]);
    }
    let ran = docsim(&args);
    let said = String::from_utf8_lossy(&ran.stdout);
    assert_eq!(ran.status.code(), Some(0), "{said}\n{}", String::from_utf8_lossy(&ran.stderr));
    assert!(said.contains(" 0 failed against a simulator"), "{said}");

    let report: Value = serde_json::from_str(&std::fs::read_to_string(json).unwrap()).unwrap();
    assert_eq!((report["failed"].as_u64(), report["coverage"]["percent"].as_f64()), (Some(0), Some(100.0)));
    let html = std::fs::read_to_string(html).unwrap();
    assert!(html.contains("Scenarios passed") && !html.contains("http-equiv=\"refresh\"") && !html.contains("<script"));
    let xml = std::fs::read_to_string(junit).unwrap();
    for endpoint in ["POST /Api/User/login 用户登录", "GET /Api/User/exit_login 退出登录"] {
        assert!(xml.contains(&format!("<testcase name=\"{endpoint}\" classname=\"endpoint\"")), "{endpoint}\n{xml}");
    }
}

/// What passes, fails, breaks and is skipped, in the form that CI servers take. Asks `xmllint` (libxml2-utils); with
/// `CI=true` it is never left out.
#[test]
#[allow(clippy::print_stderr, reason = "says what was left out")]
fn junit_is_valid_for_ci_servers() {
    if Command::new("xmllint").arg("--version").output().is_err() {
        assert_ne!(std::env::var("CI").as_deref(), Ok("true"), "xmllint is missing");
        eprintln!("left out: xmllint (libxml2-utils) is not here");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let (scenarios, report) = (folder.path().join("a.yaml"), folder.path().join("junit.xml"));
    let call = "call: 用户登录, with: { phone: \"13800000001\", password: \"<a href=\\\"x\\\">&\\u0007\\u0085 ]]>\" }";
    let text = format!(
        "name: 通过 <&>\"\nsteps:\n  - {{ {call}, expect: {{ code: 1006 }} }}\n---\nname: 失败 ]]>\nsteps:\n  - {{ {call}, \
         expect: {{ code: 1000 }}, because: \"<b>&\\u0001\" }}\n---\nname: 时钟\nsteps:\n  - clock: +11m\n"
    );
    std::fs::write(&scenarios, text).unwrap();
    let (scenarios, form) = (scenarios.display().to_string(), format!("junit={}", report.display()));
    let holds = |ended: &Output, status: i32, parts: &[&str]| {
        assert_eq!(ended.status.code(), Some(status), "{}", String::from_utf8_lossy(&ended.stderr));
        let checked = Command::new("xmllint")
            .args(["--noout", "--schema", "tests/cases/report/junit.xsd"])
            .arg(&report)
            .current_dir(root())
            .output()
            .unwrap();
        let xml = std::fs::read_to_string(&report).unwrap();
        assert!(checked.status.success(), "{}\n{xml}", String::from_utf8_lossy(&checked.stderr));
        assert!(parts.iter().all(|part| xml.contains(part)), "{xml}");
    };
    holds(&docsim(&["run", &scenarios, "--report", &form]), 1, &["<failure ", "<skipped "]);
    let target = format!("http://{}", super::backend::start(""));
    holds(
        &docsim(&["run", &scenarios, "--report", &form, "--target", &target]),
        1,
        &["<failure ", "needs the simulator"],
    );
    let broken =
        format!("name: 断\nsteps:\n  - fault: {{ endpoint: POST /Api/User/login, abort: reset }}\n  - {{ {call} }}\n");
    std::fs::write(&scenarios, broken).unwrap();
    holds(&docsim(&["run", &scenarios, "--report", &form]), 1, &["<error "]);
}

/// The same file twice, and alone, answers the same, tokens and passcodes included.
#[test]
fn a_run_is_the_same_alone_and_among_others() {
    let folder = tempfile::tempdir().unwrap();
    let replies = |name: &str, more: &[&str]| {
        let path = folder.path().join(name);
        let report = format!("json={}", path.display());
        let mut args = vec!["run", "--report", &report];
        args.extend(more);
        assert_eq!(docsim(&args).status.code(), Some(0));
        let report: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
        let ran = report["scenarios"].as_array().unwrap().iter().find(|ran| ran["name"] == "换头像").unwrap();
        let replies = ran["steps"].as_array().unwrap().iter().map(|step| step["reply"].clone());
        serde_json::to_string(&replies.collect::<Vec<_>>()).unwrap()
    };
    let all = replies("a.json", &[]);
    assert!(all.contains("token"), "{all}");
    assert_eq!(replies("b.json", &["--jobs", "1"]), all);
    assert_ne!(replies("c.json", &["--seed", "2"]), all);
}

/// A scenario that fails says what was sent, what came back, and which line decided.
#[test]
fn a_failure_is_explained() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.yaml");
    let text = "name: 会失败\nsteps:\n  - call: 用户登录\n    with: { phone: \"13800000001\", password: abc12345 }\n    expect: { code: 1000 }\n    because: 为了看看\n";
    std::fs::write(&path, text).unwrap();
    let ran = docsim(&["run", &path.display().to_string()]);
    let said = String::from_utf8_lossy(&ran.stdout);
    assert_eq!(ran.status.code(), Some(1), "{said}");
    for part in
        ["FAILED", "code expected 1000", "1010 账号密码错误", "phone=13800000001", "api-docs/user.md:", "为了看看"]
    {
        assert!(said.contains(part), "{part}\n{said}");
    }
}

fn drawn(path: &Path) -> String {
    let documents = docsim::load::load(&[root().join("api-docs")], None).unwrap();
    let generation = Generation::of_loaded(&documents, None);
    let mut loaded = load::load(&[path.to_path_buf()]).unwrap();
    let name = path.file_name().unwrap().to_string_lossy().into_owned();
    let sources: Vec<Source> = loaded.sources.iter().map(|source| Source::new(name.as_str(), source.text())).collect();
    loaded.diagnostics.extend(names::check(&loaded.scenarios, &generation, &sources));
    docsim::diagnostic::sort(&mut loaded.diagnostics);
    human::draw(&loaded.diagnostics, &sources, false)
}

#[test]
fn slips_are_marked() {
    insta::glob!("../cases", "scenario/*.yaml", |path| insta::assert_snapshot!(drawn(path)));
}

/// What editors check by is what the reader takes.
#[test]
fn the_schema_fits_the_files_and_is_the_one_that_is_kept() {
    let printed = docsim(&["schema", "scenario"]);
    let kept = std::fs::read(root().join("scenarios/scenario.schema.json")).unwrap();
    assert_eq!(
        String::from_utf8_lossy(&printed.stdout),
        String::from_utf8_lossy(&kept),
        "docsim schema scenario > scenarios/scenario.schema.json"
    );
    let validator = jsonschema::validator_for(&serde_json::from_slice(&kept).unwrap()).unwrap();
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(root().join("scenarios")).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "yaml"));
    assert!(files.len() >= 4);
    let documents =
        |path: &Path| -> Vec<Value> { serde_saphyr::from_multiple(&std::fs::read_to_string(path).unwrap()).unwrap() };
    for path in &files {
        for document in documents(path) {
            let errors: Vec<String> =
                validator.iter_errors(&document).map(|error| format!("{error} at {}", error.instance_path())).collect();
            assert!(errors.is_empty(), "{}: {errors:?}", path.display());
        }
    }
    for document in documents(&root().join("tests/cases/scenario/slips_of_the_hand.yaml")) {
        assert!(!validator.is_valid(&document), "the schema lets slips through");
    }
}
