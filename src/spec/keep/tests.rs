//! A page before and after; what is served then, and why.

use super::super::{Settings, lower};
use super::*;
use crate::lexicon::Lexicon;
use crate::source::Source;

fn block(title: &str, path: &str) -> String {
    let name = path.rsplit('/').next().unwrap();
    format!(
        "## {title}\n+++\npost:{path}\n*{name}=手机号 #\n<<<\nsuccess\n{{\n\"data\": {{\n\"token\": \"{name}\"\n}},\n\"code\": 1000\n}}\n<<<\nerror\n{{\"code\": 1001}}\n可能返回的错误:\n1001 错误\n+++\n"
    )
}

fn page() -> String {
    [block("注册", "u/register"), block("登录", "u/login"), block("退出", "u/exit")].concat()
}

fn read(files: &[(&str, &str)]) -> DocSet {
    let sources = files.iter().map(|(name, text)| Source::new(*name, *text)).collect();
    lower(sources, &Settings::default(), &Lexicon::standard())
}

/// Every endpoint's path; those that were kept with why, and the line where the new text is broken.
fn shown(set: &DocSet, kept: &[Kept]) -> String {
    let one = |(at, endpoint): (usize, &Endpoint)| {
        let why = kept.iter().find(|kept| kept.endpoint == at);
        let why = why.map(|kept| format!("[{:?} {}]", kept.because, set.file_line(kept.place)));
        endpoint.id.clone() + &why.unwrap_or_default()
    };
    set.endpoints.iter().enumerate().map(one).collect::<Vec<_>>().join(", ")
}

/// What becomes of the page when it is edited, and then edited again.
fn edited(versions: &[&str]) -> String {
    let mut old = read(&[("a.md", versions[0])]);
    let mut last = String::new();
    for version in &versions[1..] {
        let mut new = read(&[("a.md", version)]);
        let kept = keep_last_good(&mut new, &old);
        last = shown(&new, &kept);
        let findings = new.diagnostics.iter().filter(|found| found.rule == "last-good-kept").count();
        assert_eq!(findings, kept.len());
        for endpoint in &new.endpoints {
            // Wherever it was read from, the text there is that of this endpoint.
            assert!(new.text(endpoint.place).ends_with(endpoint.path.trim_start_matches('/')), "{}", endpoint.id);
            for param in &endpoint.params {
                assert!(new.text(param.place).contains(&param.name), "{} {}", endpoint.id, param.name);
            }
            assert!(endpoint.envelope < new.envelopes.len());
        }
        old = new;
    }
    last
}

const ALL: &str = "POST /u/register, POST /u/login, POST /u/exit";

#[test]
fn a_sound_edit_is_taken_as_it_is() {
    let page = page();
    assert_eq!(edited(&[&page, &page]), ALL);
    assert_eq!(edited(&[&page, &page.replace("u/login", "v2/login")]), ALL.replace("/u/login", "/v2/login"));
    assert_eq!(edited(&[&page, &page.replace("## 登录", "## 用户登录")]), ALL);
    assert_eq!(edited(&[&page, &page.replace("\"token\": \"login\"", "“token”: \"login\",")]), ALL);
}

#[test]
fn a_lost_request_line_keeps_the_endpoint() {
    let page = page();
    let kept = "POST /u/register, POST /u/login[NoBlock a.md:19], POST /u/exit";
    assert_eq!(edited(&[&page, &page.replace("post:u/login\n", "")]), kept);
    let tilde = page.replace("## 登录\n+++", "## 登录\n~~~[api]").replace(
        "login\"\n},\n\"code\": 1000\n}\n<<<\nerror\n{\"code\": 1001}\n可能返回的错误:\n1001 错误\n+++",
        "login\"\n}\n}\n~~~",
    );
    let kept = "POST /u/register, POST /u/login[NoRequestLine a.md:20], POST /u/exit";
    assert_eq!(edited(&[&tilde, &tilde.replace("post:u/login\n", "")]), kept);
}

#[test]
fn a_body_that_is_cut_keeps_the_endpoint() {
    let page = page();
    let cut = page.replace("\"token\": \"login\"\n},", "\"token\": \"login\"\n");
    let kept = "POST /u/register, POST /u/login[BrokenExample a.md:25], POST /u/exit";
    assert_eq!(edited(&[&page, &cut]), kept);
    let open_string = page.replace("\"login\"", "\"login");
    assert!(edited(&[&page, &open_string]).contains("/u/login[BrokenExample"));
    // What was never sound has no better self.
    assert_eq!(edited(&[&cut, &cut.replace("1001 ", "1002 ")]), ALL);
    // Mended, it is live again; broken on, it stays.
    assert_eq!(edited(&[&page, &cut, &page.replace("u/login", "u/log_in")]), ALL.replace("login", "log_in"));
    assert_eq!(edited(&[&page, &cut, &format!("{cut}\ntext\n"), &format!("more\n\n{cut}")]), kept.replace("25", "27"));
}

#[test]
fn a_deleted_endpoint_is_deleted() {
    let page = page();
    let login = block("登录", "u/login");
    assert_eq!(edited(&[&page, &page.replace(&login, "")]), ALL.replace("POST /u/login, ", ""));
    assert_eq!(edited(&[&page, &page.replace(&block("退出", "u/exit"), "")]), ALL.replace(", POST /u/exit", ""));
    assert_eq!(edited(&[&page, ""]), "");
    // Its heading alone keeps it, until that goes, too.
    let heading = page.replace(&login, "## 登录\n\n");
    assert_eq!(edited(&[&page, &heading]), "POST /u/register, POST /u/login[NoBlock a.md:19], POST /u/exit");
    assert_eq!(edited(&[&page, &heading, &page.replace(&login, "")]), ALL.replace("POST /u/login, ", ""));
}

#[test]
fn without_headings_neighbors_tell() {
    let bare = |text: &str| {
        text.lines().filter(|line| !line.starts_with('#')).fold(String::new(), |all, line| all + line + "\n")
    };
    let page = bare(&page());
    let broken = page.replace("post:u/login\n", "");
    let kept = "POST /u/register, POST /u/login[NoBlock a.md:20], POST /u/exit";
    assert_eq!(edited(&[&page, &broken]), kept);
    assert_eq!(edited(&[&page, &broken, &broken.replace("exit", "leave")]), kept.replace("exit", "leave"));
    assert_eq!(
        edited(&[&page, &page.replace(&bare(&block("登录", "u/login")), "")]),
        ALL.replace("POST /u/login, ", "")
    );
    assert_eq!(edited(&[&page, &page.replace("u/login", "u/log_in")]), ALL.replace("login", "log_in"));
    // Heading and request line are lost at once: it stands between the same neighbors.
    let whole = self::page();
    let lost = whole.replace("## 登录\n+++\npost:u/login\n", "## 登陆\n~~~[api]\n");
    assert!(edited(&[&whole, &lost]).contains("POST /u/login[NoRequestLine"), "{}", edited(&[&whole, &lost]));
}

#[test]
fn a_page_that_is_still_being_written_loses_nothing() {
    let page = page();
    let mut kept_some = 0;
    for end in (1..page.len()).filter(|end| page.is_char_boundary(*end)) {
        let ids = edited(&[&page, &page[..end]]);
        let whole = ["u/register", "u/login", "u/exit"].iter().all(|path| ids.contains(path));
        // Only where a block has just ended could somebody have meant it.
        let at_end_of_block =
            page[..end].trim_end().ends_with("+++") && page[..end].matches("+++").count().is_multiple_of(2);
        assert!(whole || at_end_of_block, "{ids} from {:?}", &page[..end]);
        kept_some += usize::from(ids.contains('['));
    }
    assert!(kept_some > 300, "{kept_some}");
}

#[test]
fn an_unreadable_file_keeps_all_and_its_codes() {
    let text = page() + "\n## 公共错误码\n\n| 错误码 | 说明 |\n| --- | --- |\n| 999 | 未登录 |\n| 998 | 失败 |\n";
    let old = read(&[("a.md", &text), ("b.md", &block("其他", "o/x"))]);
    let mut new = read(&[("a.md", ""), ("b.md", &block("其他", "o/y"))]);
    let finding = Diagnostic::error("unreadable-file", Place::default(), "a.md cannot be read");
    new.diagnostics.push(finding);
    let tables = old.tables.len();
    let kept = keep_last_good(&mut new, &old);
    assert_eq!(kept.len(), 3);
    assert_eq!(shown(&new, &kept).replace("[UnreadableFile a.md:1]", ""), format!("{ALL}, POST /o/y"));
    assert!(tables > 0 && new.tables.len() == tables);
    assert_eq!(new.file_line(new.tables[0].rows[0].place), old.file_line(old.tables[0].rows[0].place));
    assert_eq!(new.file_line(new.endpoints[1].place), "a.md:21");
}

#[test]
fn an_endpoint_that_moved_is_not_kept_where_it_was() {
    let mut new =
        read(&[("a.md", &block("注册", "u/register")), ("b.md", &page().replace(&block("注册", "u/register"), ""))]);
    let old = read(&[("a.md", &page()), ("b.md", "text")]);
    assert_eq!(keep_last_good(&mut new, &old), []);
    let mut gone = read(&[("b.md", "text")]);
    assert_eq!(keep_last_good(&mut gone, &old), []);
    assert_eq!(gone.endpoints.len(), 0);
}

#[test]
fn findings_and_names_are_those_of_the_whole_set() {
    let page = page();
    let old = read(&[("a.md", &page), ("b.md", &block("登录2", "u/login"))]);
    let mut new = read(&[("a.md", &page.replace("post:u/login\n", "")), ("b.md", &block("登录2", "u/login"))]);
    assert!(new.diagnostics.iter().all(|found| found.rule != "duplicate-endpoint"));
    keep_last_good(&mut new, &old);
    let twice: Vec<_> = new.diagnostics.iter().filter(|found| found.rule == "duplicate-endpoint").collect();
    assert_eq!(twice.len(), 1);
    assert_eq!(twice[0].endpoint.as_deref(), Some("POST /u/login#4"));
    let kept = new.diagnostics.iter().find(|found| found.rule == "last-good-kept").unwrap();
    assert_eq!(kept.endpoint.as_deref(), Some("POST /u/login"));
    assert_eq!(new.file_line(kept.related[0].0), "a.md:21");
}
