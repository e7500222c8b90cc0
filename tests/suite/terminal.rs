//! T15, at the terminal: whatever a document, its name or a configuration holds, nothing that is printed is a command to a
//! terminal.

use crate::cli::{Served, docsim};
use docsim::behavior::Overrides;
use docsim::diagnostic::{human, json, sarif};
use docsim::explain;
use docsim::generation::Generation;
use docsim::lexicon::Lexicon;
use docsim::lint;
use docsim::source::Source;
use docsim::spec::Settings;

/// Every place in a document at which somebody's text stands, one `⟦` for each.
const DOCUMENT: &str = "# ⟦接口\n\n> ⟦说明\n> 1001 ⟦参数错误\n\n## 用户登录⟦\n⟦作者的话\n+++\npost:Api/⟦User/login⟦\n\
    *phone⟦=手机号⟦ # ⟦说明 //⟦注\n*int:sex⟦=⟦性别#⟦1 //0:⟦男 1:女⟦\n*password=密码⟦ #\n<<<\nsuccess⟦\n\
    {\"code⟦\": 1000, \"info\": \"登录成功⟦\", //⟦注释\n“data⟦”: {\"status\": \"0\", //状态⟦,0:正常⟦ 1:冻结\n\"token\": \"⟦90a7\"},}\n<<<\n\
    error⟦\n{\"code\": 1010, \"info\": \"⟦账号密码错误\"} ⟦\n可能返回的错误:⟦\n代号⟦ 错误\n1006⟦ 账号密码格式不正确⟦\n1010 账号⟦密码错误\n+++\n\
    ## 订单列表⟦\n+++\nget:/order/list⟦\n*token=用户token⟦ #\n*page=页码⟦#\n<<<\nsuccess\n{\"code\":1,\"data\":[{\"id\":1,\"title⟦\":\"⟦一\"}]}\n+++\n";

/// What terminals obey: colors, titles, links, clipboards, reports that come back as typed keys, and all control characters.
fn payloads() -> Vec<String> {
    let known = [
        "\u{1b}[31m",
        "\u{1b}[2J\u{1b}[H",
        "\u{1b}]0;title\u{7}",
        "\u{1b}]52;c;cm0gLXJm\u{7}",
        "\u{1b}]8;;http://x\u{1b}\\a\u{1b}]8;;\u{1b}\\",
        "\u{1b}[6n",
        "\u{1b}[c",
        "\u{1b}P$q\"p\u{1b}\\",
        "\u{1b}c",
        "\u{1b}[?1049h",
        "\u{1b}[8;1;1t",
        "\u{1b}(0",
        "\u{1b}#8",
        "\u{1b}[5i",
        "\u{1b}_x\u{1b}\\",
        "\u{1b}^x\u{1b}\\",
        "\u{1b}]1337;File=inline=1:AAAA\u{7}",
        "\u{1b}]4;1;?\u{7}",
        "\u{1b}[>q",
        "\u{1b}[?25l",
        "\u{9b}31m",
        "\u{9d}0;x\u{9c}",
        "\u{90}q\u{9c}",
        "\r\u{1b}[K",
        "\u{8}\u{8}\u{8}",
        "a\rb",
        "\u{e}",
        "\u{f}",
        "\u{7}",
        "\u{202e}abc",
        "\u{2066}x\u{2069}",
        "\u{feff}",
        "\u{200f}",
        "\u{1b}",
        "\u{1b}[",
        "\u{1b}]",
    ];
    let controls = (0..32).chain(127..160).filter(|code| *code != 10 && *code != 9).filter_map(char::from_u32);
    known.iter().map(|text| (*text).to_owned()).chain(controls.map(|c| format!("x{c}y"))).collect()
}

#[track_caller]
fn harmless(what: &str, text: &str) {
    let commands = |c: char| c.is_control() && c != '\n';
    let turns = |c: char| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let at = text.find(|c| commands(c) || turns(c));
    assert_eq!(
        at,
        None,
        "{what}: {:?}",
        &text[text.floor_char_boundary(at.unwrap_or(0).saturating_sub(80))..][..80.min(text.len())].to_owned()
    );
}

fn filled(at: Option<usize>, payload: &str) -> String {
    let mut pieces = DOCUMENT.split('⟦');
    let mut text = pieces.next().unwrap_or_default().to_owned();
    for (slot, piece) in pieces.enumerate() {
        if at.is_none_or(|at| at == slot) {
            text.push_str(payload);
        }
        text.push_str(piece);
    }
    text
}

#[test]
fn nothing_that_a_document_says_is_a_command_to_the_terminal() {
    says_nothing_to_the_terminal(11);
}

/// Every payload in every place.
#[test]
#[ignore = "long: a minute"]
fn nothing_that_any_document_says_is_a_command_to_the_terminal() {
    says_nothing_to_the_terminal(1);
}

/// Every payload in every `step`th place, each in others, and in all at once.
fn says_nothing_to_the_terminal(step: usize) {
    let slots = DOCUMENT.matches('⟦').count();
    assert!(slots > 35, "{slots}");
    let payloads = payloads();
    assert!(payloads.len() >= 95, "{}", payloads.len());
    let places = |first: usize| (first % step..slots).step_by(step).map(Some).chain([None]);
    let each = payloads.iter().enumerate();
    let all: Vec<(Option<usize>, &String)> =
        each.flat_map(|(first, payload)| places(first).map(move |at| (at, payload))).collect();
    crate::many::on_all_processors(&all, |(at, payload)| {
        let what = format!("slot {at:?}, {payload:?}");
        let sources = vec![Source::new(format!("a{payload}.md"), filled(*at, payload))];
        let generation = Generation::compile(sources, &Settings::default(), Lexicon::standard(), &Overrides::default());
        let report = lint::check(&generation.set, &generation.model, &generation.lexicon, &|_, _| None);
        let sources = &generation.set.sources;
        harmless(&what, &human::draw(&report.diagnostics, sources, false));
        harmless(&what, &explain::draw(&generation, None));
        harmless(&what, &explain::draw_list(&generation));
        let escaped = [
            json::document(&report.diagnostics, sources, 2).to_string(),
            sarif::document(&report.diagnostics, sources, &[]).to_string(),
            explain::document(&generation).to_string(),
        ];
        for text in escaped {
            assert!(!text.contains('\u{1b}'), "{what}");
        }
    });
}

/// The program itself, with all of it at once: a file's name, a configuration, what is said at the start and at a reload.
#[test]
fn nothing_that_is_printed_is_a_command_to_the_terminal() {
    let payload = "\u{1b}]0;owned\u{7}\u{1b}[31m\u{9b}5i\r\u{8}";
    let folder = tempfile::tempdir().expect("a folder");
    let docs = folder.path().join(format!("docs{payload}"));
    std::fs::create_dir(&docs).expect("a folder");
    let name = format!("a{payload}.md");
    std::fs::write(docs.join(&name), filled(None, payload)).expect("a file");
    std::fs::write(docs.join(format!("b{payload}.md")), [0; 99]).expect("a file");
    // Something has to be served: only its titles have it.
    let good = DOCUMENT.replace("登录⟦", &format!("登录{payload}")).replace('⟦', "");
    std::fs::write(docs.join("good.md"), good).expect("a file");
    let config = format!("base_path = \"/v1\"\n[\"x{payload}\"]\ny = 1\n[rules]\n\"z\\u001b[31m\" = \"error\"\n");
    std::fs::write(docs.join("docsim.toml"), config).expect("a file");
    let docs = docs.to_str().expect("text").to_owned();
    let missing = format!("{docs}/none{payload}.md");
    let endpoint = format!("POST /none{payload}");
    // Outcomes that no scenario reaches, told of by name.
    let unreached = format!("{docs}/good.md");
    let runs: [&[&str]; 12] = [
        &["check", &docs],
        &["check", &docs, "--format", "json"],
        &["check", &docs, "--format", "sarif"],
        &["explain", &docs],
        &["explain", &docs, "--format", "json"],
        &["explain", &docs, &endpoint],
        &["check", &missing],
        &["serve", &missing],
        &["run", "--generate", "--docs", &unreached],
        &["run", "--generate", "--docs", &unreached, "--coverage", "--tag", payload],
        &["verify", &unreached, "--target", "http://127.0.0.1:1"],
        &["proxy", &unreached, "--target", "http://127.0.0.1:1", "--mock", payload],
    ];
    for args in runs {
        let output = docsim(folder.path(), args);
        for bytes in [output.stdout, output.stderr] {
            let text = String::from_utf8(bytes).expect("what is said is UTF-8");
            harmless(&format!("{args:?}"), &text);
        }
    }
    for form in ["human", "json"] {
        let mut served = Served::start(folder.path(), &[&docs, "--log", form, "--log-level", "debug", "--log-secrets"]);
        served.ask("GET", "/v1/nothing%1b[31m?x=%1b", "X-Odd: \u{1b}[31m\r\n", "");
        served.form("/v1/order/list\u{1b}[31m", "a=\u{1b}[31m\u{7}");
        std::fs::write(format!("{docs}/{name}"), filled(None, payload).replace("get:", "gt:")).expect("saved");
        let line = served.wait_for("reloaded");
        harmless("a reload", line.trim_end());
        let told = served.terminate();
        harmless(&format!("the log as {form}"), &told);
        std::fs::write(format!("{docs}/{name}"), filled(None, payload)).expect("saved");
    }
}
