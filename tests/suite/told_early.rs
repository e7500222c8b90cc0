//! What would spoil the end is said at the start, with exit status 2.

use crate::cli::{docsim, site};
use std::net::TcpListener;

#[track_caller]
fn refused(args: &[&str], wanted: &[&str]) {
    let folder = site();
    let scenario = "name: x\nsteps: [{call: 用户登录, with: {phone: \"1\", password: \"x\"}}]\n";
    std::fs::write(folder.path().join("s.yaml"), scenario).expect("a file");
    let sevenfold = |at: usize| format!("a{at}: \"{}\"", format!("${{a{}}}", at - 1).repeat(10));
    let vars: Vec<String> = (1..10).map(sevenfold).collect();
    let bomb =
        format!("name: x\nvars: {{a0: \"xxxxxxxxxx\", {}}}\n{}", vars.join(", "), &scenario["name: x\n".len()..]);
    std::fs::write(folder.path().join("bomb.yaml"), bomb).expect("a file");
    let output = docsim(folder.path(), args);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{args:?}: {said}");
    for wanted in wanted {
        assert!(said.contains(wanted), "{args:?}: no {wanted:?} in {said}");
    }
}

#[test]
fn a_share_that_is_none_is_refused() {
    for share in ["nan", "inf", "-1", "101", "x"] {
        let option = format!("--min-coverage={share}");
        refused(&["run", "s.yaml", "--docs", "a.md", &option], &["a number from 0 to 100"]);
    }
}

#[test]
fn a_report_that_cannot_be_written_is_no_run() {
    let run = |report| refused(&["run", "s.yaml", "--docs", "a.md", "--report", report], &["--report ", "\n"]);
    run("html=nowhere/x.html");
    run("json=.");
    let (listener, report) = (TcpListener::bind("127.0.0.1:0").expect("a port"), "junit=nowhere/x");
    let target = format!("http://{}", listener.local_addr().expect("an address"));
    refused(&["verify", "a.md", "--target", &target, "--report", report], &["--report nowhere/x"]);
    listener.set_nonblocking(true).expect("a mode");
    assert!(listener.accept().is_err(), "the backend was not asked");
}

#[test]
fn a_proxy_before_itself_is_refused() {
    let free = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port");
    for (listen, target) in [("127.0.0.1", "127.0.0.1"), ("127.0.0.1", "localhost"), ("0.0.0.0", "127.0.0.1")] {
        let (listen, target) = (format!("{listen}:{}", free.port()), format!("http://{target}:{}/api", free.port()));
        let args = ["proxy", "a.md", "--target", &target, "--listen", &listen, "--admin-listen", "127.0.0.1:0"];
        refused(&args, &["that is this proxy itself"]);
    }
}

#[test]
fn variables_of_variables_are_measured_before_anything_runs() {
    refused(
        &["run", "bomb.yaml", "--docs", "a.md"],
        &["a6: with ${a5} the value is larger than 4 MiB", "bomb.yaml:2:"],
    );
}

#[test]
fn documents_in_the_place_of_scenarios_are_told_where_they_go() {
    let wanted = ["a.md holds documents, and not scenarios", "docsim run --generate --docs a.md"];
    refused(&["run", "a.md"], &wanted);
}
