//! Scenarios against servers that are not docsim's own simulator: a running docsim, and a backend that knows nothing of it.

use super::backend;
use super::cli::Served;
use serde_json::Value;
use std::path::Path;
use std::process::{Command, Output};

fn run(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_docsim"))
        .arg("run")
        .args(args)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap()
}

/// What a run came to, as its JSON report has it: the name of each scenario, how it ended, and why.
fn ended(args: &[&str]) -> (Option<i32>, Vec<(String, String, String)>) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("report.json");
    let form = format!("json={}", path.display());
    let ran = run(&[args, &["--report", &form]].concat());
    let report = std::fs::read_to_string(path)
        .unwrap_or_else(|_| panic!("{}{}", String::from_utf8_lossy(&ran.stdout), String::from_utf8_lossy(&ran.stderr)));
    let report: Value = serde_json::from_str(&report).unwrap();
    let text = |ran: &Value, member: &str| ran[member].as_str().unwrap_or_default().to_owned();
    let all = report["scenarios"].as_array().unwrap().iter();
    (ran.status.code(), all.map(|ran| (text(ran, "name"), text(ran, "end"), text(ran, "reason"))).collect())
}

fn count(ended: &[(String, String, String)], how: &str) -> usize {
    ended.iter().filter(|(_, end, _)| end == how).count()
}

/// One that only a simulator can play, and two that any backend can, with a passcode.
const SCENARIOS: &str = "\
name: 需要时钟
steps:
  - clock: +11m
  - { call: 用户登录, with: { phone: \"13800000001\", password: abc12345 }, expect: { code: 1010 } }
---
name: 注册后登录
vars: { phone: \"13800000002\" }
steps:
  - { sms: \"${phone}\", save: code }
  - call: 用户注册
    with: { phone: \"${phone}\", code: \"${code}\", password: abc12345, RegistrationID: r1 }
    expect: { code: 1000 }
  - { call: 用户登录, with: { phone: \"${phone}\", password: abc12345 }, expect: { code: 1000 } }
---
name: 密码太短
steps:
  - { sms: \"13800000003\", save: code }
  - call: 用户注册
    with: { phone: \"13800000003\", code: \"${code}\", password: \"12345\", RegistrationID: r1 }
    expect: { code: 1006 }
";

fn written(folder: &Path) -> String {
    let path = folder.join("a.yaml");
    std::fs::write(&path, SCENARIOS).unwrap();
    path.display().to_string()
}

#[test]
fn a_backend_plays_what_it_can_and_the_rest_is_skipped_never_green() {
    let folder = tempfile::tempdir().unwrap();
    let scenarios = written(folder.path());
    let target = format!("http://{}", backend::start(""));
    let args = [&*scenarios, "--target", &target, "--passcode", backend::PASSCODE];
    // Twice: the phone of the file is made fresh for each run, so the second does not meet the first one's account.
    for _ in 0..2 {
        let (status, ended) = ended(&args);
        assert_eq!((status, count(&ended, "passed"), count(&ended, "skipped")), (Some(0), 2, 1), "{ended:#?}");
        let (_, _, why) = ended.iter().find(|(name, ..)| name == "需要时钟").unwrap();
        assert!(why.contains("needs the simulator") && why.contains("clock"), "{why}");
    }
    let said = String::from_utf8_lossy(&run(&args).stdout).into_owned();
    assert!(said.contains("skipped") && said.contains("2 passed, 0 failed, 1 skipped"), "{said}");
    // Without a way to a passcode nothing is claimed.
    let (_, ended) = ended(&args[..3]);
    assert_eq!((count(&ended, "passed"), count(&ended, "skipped")), (0, 3), "{ended:#?}");
}

#[test]
fn a_bug_of_the_backend_fails_the_scenario_that_meets_it() {
    let folder = tempfile::tempdir().unwrap();
    let scenarios = written(folder.path());
    let args =
        |target: &str| ended(&[&scenarios, "--name", "密码太短", "--target", target, "--passcode", backend::PASSCODE]);
    let (status, right) = args(&format!("http://{}", backend::start("")));
    assert_eq!((status, count(&right, "passed")), (Some(0), 1), "{right:#?}");
    let (status, wrong) = args(&format!("http://{}", backend::start("short-password")));
    assert_eq!((status, count(&wrong, "failed")), (Some(1), 1), "{wrong:#?}");
}

/// The command gets the identity as one argument, and no shell reads it.
#[cfg(unix)]
#[test]
fn passcodes_come_from_a_command() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let scenarios = written(folder.path());
    let (command, asked) = (folder.path().join("last sms"), folder.path().join("asked"));
    let script = format!("#!/bin/sh\nprintf '%s|' \"$@\" >> '{}'\necho {}\n", asked.display(), backend::PASSCODE);
    std::fs::write(&command, script).unwrap();
    std::fs::set_permissions(&command, std::fs::Permissions::from_mode(0o755)).unwrap();
    let target = format!("http://{}", backend::start(""));
    let command = format!("'{}' --of {{identity}} '$(id); x'", command.display());
    let (status, ended) = ended(&[&scenarios, "--target", &target, "--passcode-command", &command]);
    assert_eq!((status, count(&ended, "passed")), (Some(0), 2), "{ended:#?}");
    let asked = std::fs::read_to_string(asked).unwrap();
    let parts: Vec<&str> = asked.trim_end_matches('|').split('|').collect();
    assert!(parts.len() == 6 && parts[0] == "--of" && parts[2] == "$(id); x", "{asked}");
    assert_ne!(parts[1], parts[4]);
    assert!(parts[1].len() == 11 && parts[1].bytes().all(|byte| byte.is_ascii_digit()), "{asked}");
}

/// A running docsim is recognised: clock, accounts and faults are to be had there, in a world of each scenario's own.
#[test]
fn a_running_docsim_plays_all_and_keeps_its_own_world() {
    let served = Served::start(Path::new(env!("CARGO_MANIFEST_DIR")), &["api-docs"]);
    let before = served.ask("GET", "/__docsim/state", "", "");
    let target = format!("http://{}", served.address);
    let (status, ended) = ended(&["scenarios", "tests/cases/target/first.yaml", "--target", &target]);
    assert_eq!(status, Some(0), "{ended:#?}");
    assert_eq!(count(&ended, "passed"), ended.len(), "{ended:#?}");
    assert!(ended.len() >= 30);
    assert_eq!(served.ask("GET", "/__docsim/state", "", ""), before);
}
