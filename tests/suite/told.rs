//! What `docsim.toml` says of records: that it holds, and that what `explain` proposes for it is what is understood.

use crate::talk::{Answer, Ask, Talk, case};
use docsim::engine::{office, seed};
use docsim::explain;
use docsim::generation::Generation;
use docsim::load::load;
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A machine for hire, whose document's words say little.
const DOCUMENT: &str = r#"
## 登录
+++
post:/user/login
*phone=手机号#
*password=密码#
<<<
success
{"code": 0, "msg": "ok", "data": {"token": "90a7575397a7b2cd74901e0c5c3e72d0ce2631"}}
<<<
error
{"code": 1001, "msg": "账号或密码错误", "data": ""}
+++
## 租机列表
+++
get:/rent/list
*token=用户token#
<<<
success
{"code": 0, "msg": "ok", "data": [{"id": "5", "title": "挖掘机", "phone": "13812345678", "price": "120.00",
"add_time": "2023-04-05 09:00:00", "photo": "http://h.test/up/7.jpg", "state": "0"}]}
<<<
error
{"code": 999, "msg": "请先登录", "data": ""}
+++
## 走起
+++
post:/x/y
*token=用户token#
*which=哪一个#
<<<
success
{"code": 0, "msg": "ok", "data": ""}
<<<
error
{"code": 999, "msg": "请先登录", "data": ""}
可能返回的错误:
2001 当前状态不允许此操作
2002 记录不存在
+++
"#;

fn generation(config: &str) -> Generation {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("rent.md"), DOCUMENT).unwrap();
    fs::write(folder.path().join("docsim.toml"), config).unwrap();
    Generation::of_loaded(&load(&[folder.path().to_owned()], None).unwrap(), None)
}

/// A client that is logged in, and its token.
fn talk(config: &str) -> (Talk, String) {
    let mut talk = Talk::new(&Arc::new(generation(config)));
    let identity = Some("13800000001".to_owned());
    let edit = office::AccountEdit { identity, password: Some("s3cret1".into()), ..office::AccountEdit::default() };
    office::create(&talk.generation.model, &mut talk.world, &edit, 0).unwrap();
    let form = [("phone", "13800000001"), ("password", "s3cret1")];
    let reply = body(&talk.ask(&Ask::new("POST", "/user/login", &form)));
    let token = reply["data"]["token"].as_str().unwrap_or_else(|| panic!("{reply}")).to_owned();
    (talk, token)
}

fn body(answer: &Answer) -> Value {
    match answer {
        Answer::Reply { body, .. } => serde_json::from_str(body).unwrap(),
        other => panic!("{other:?}"),
    }
}

fn listed(talk: &mut Talk, token: &str) -> Vec<Value> {
    let reply = body(&talk.ask(&Ask::new("GET", "/rent/list", &[("token", token)])));
    reply["data"].as_array().unwrap_or_else(|| panic!("{reply}")).clone()
}

#[test]
fn an_endpoint_that_nothing_is_understood_of_is_told_what_it_moves() {
    let (mut talk, token) = talk(
        r#"
[endpoints."走起"]
collection = "rent"
id = "which"
transition = { field = "state", from = ["0"], to = 1 }
"#,
    );
    let go = |talk: &mut Talk, id: &str| {
        body(&talk.ask(&Ask::new("POST", "/x/y", &[("token", token.as_str()), ("which", id)])))["code"].clone()
    };
    assert_eq!(go(&mut talk, "5"), 0);
    assert_eq!(listed(&mut talk, &token)[0]["state"], "1");
    assert_eq!(go(&mut talk, "5"), 2001, "it has left 0");
    assert_eq!(go(&mut talk, "6"), 2002);
}

#[test]
fn a_collection_lists_who_moves_it() {
    let (mut talk, token) = talk(
        r#"
[endpoints."走起"]
collection = "rents"
id = "which"
[collections.rent]
transitions = [{ by = "POST /x/y", from = [0, 2], to = 3, field = "state" }]
"#,
    );
    let moved = talk.ask(&Ask::new("POST", "/x/y", &[("token", token.as_str()), ("which", "5")]));
    assert_eq!(body(&moved)["code"], 0);
    assert_eq!(listed(&mut talk, &token)[0]["state"], "3");
}

#[test]
fn the_records_from_the_start_are_the_given_ones() {
    let (mut talk, token) = talk(
        r#"
[collections."租机"]
owner = "caller"
private = true
records = [
    { id = 7, title = "吊车", price = 9.5, owner = "13800000001" },
    { id = 8, title = "叉车", owner = "13800000002" },
    { title = "卡车" },
]
"#,
    );
    let mut titles: Vec<String> = listed(&mut talk, &token)
        .iter()
        .map(|item| format!("{} {} {}", item["id"], item["title"], item["price"]))
        .collect();
    titles.sort();
    // The second belongs to nobody: there is no such account yet.
    assert_eq!(titles, [r#""3" "卡车" "0.00""#, r#""7" "吊车" "9.5""#, r#""8" "叉车" "0.00""#]);
    let one = office::find_record(&talk.generation.model, &talk.world, "rent", "7").unwrap().1.clone();
    assert!(one.owner.is_some());
    let none = talk_without("[collections.rent]\nrecords = []\n");
    assert_eq!(none, 0);
}

fn talk_without(config: &str) -> usize {
    let (mut talk, token) = talk(config);
    listed(&mut talk, &token).len()
}

#[test]
fn a_number_of_records_is_made_up_from_the_example_and_the_seed() {
    let generation = Arc::new(generation("[collections.rent]\nrecords = 23\n"));
    let drawn = |number: u64| {
        let mut talk = Talk::of_seed(&generation, number);
        // What was drawn before makes no difference.
        talk.sms("13800000009");
        let now = talk.world.now(0);
        seed(&generation.model, &mut talk.world, now);
        let (at, _) = office::find_record(&generation.model, &talk.world, "rent", "5").unwrap();
        let all = talk.world.collection("rent").unwrap();
        all.iter()
            .map(|record| office::shown_record(&generation.model, &talk.world, at, record).to_string())
            .collect::<Vec<_>>()
    };
    let mut plain = Talk::of_seed(&generation, 1);
    let now = plain.world.now(0);
    seed(&generation.model, &mut plain.world, now);
    let records = drawn(1);
    let first = plain.world.collection("rent").unwrap().iter().next().unwrap();
    assert!(
        records[0].contains("挖掘机") && first.field("title").is_some_and(|title| title.as_str() == Some("挖掘机"))
    );
    assert_eq!(records.len(), 23);
    assert_eq!(records, drawn(1));
    assert_ne!(records, drawn(2));
    let mut times: Vec<String> = Vec::new();
    for record in &records[1..] {
        let record: Value = serde_json::from_str(record).unwrap();
        let text = |name: &str| record[name].as_str().unwrap_or_else(|| panic!("{name} in {record}")).to_owned();
        let phone = text("phone");
        assert!(
            phone.len() == 11 && phone.starts_with('1') && ('3'..='9').contains(&phone.chars().nth(1).unwrap()),
            "{phone}"
        );
        let price: f64 = text("price").parse().unwrap();
        assert!((60.0..=240.0).contains(&price) && text("price").split_once('.').unwrap().1.len() == 2, "{price}");
        assert!(text("photo").starts_with("http://h.test/up/") && text("photo").split_once(".jpg").is_some());
        assert_eq!((text("title").is_ascii(), text("add_time").len()), (false, 19));
        times.push(text("add_time"));
    }
    assert!(times.is_sorted(), "{times:?}");
}

#[test]
fn names_that_the_documents_do_not_have_are_reported() {
    let found = generation(
        r#"
[collections.rents]
records = [{ titel = "x" }]
transitions = [{ by = "走器", to = 1 }]
[collections.orders]
private = true
[endpoints."走起"]
id = "wich"
transition = { to = 1 }
"#,
    );
    let of_config = found.diagnostics.iter().filter(|found| found.rule.starts_with("config-"));
    let said: Vec<String> =
        of_config.map(|found| format!("{}: {}; {}", found.rule, found.message, found.help)).collect();
    assert_eq!(
        said,
        [
            "config-no-such-parameter: a record of `rent` has no field `titel`; did you mean `title`?",
            "config-no-such-endpoint: no document has an endpoint `走器`; the endpoints are `登录`, `租机列表`, `走起`",
            "config-no-such-collection: the documents have no collection `orders`; the collections are `rent`, `y`",
            "config-no-such-parameter: `走起` takes no parameter `wich`; did you mean `which`?",
            "config-no-such-collection: `走起` moves nothing: no record with a status is understood to be meant; say which with `collection = \"NAME\"`, and which field with `field = \"NAME\"`",
        ]
    );
}

/// What `explain` proposes is what it has understood: pasted, it leaves nothing open and changes nothing.
#[test]
fn what_is_proposed_settles_everything_and_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    for application in fs::read_dir(case("applications")).unwrap().map(|entry| entry.unwrap().path()) {
        if !application.is_dir() {
            continue;
        }
        let copy = folder.path().join(application.file_name().unwrap());
        fs::create_dir(&copy).unwrap();
        let documents = files(&application);
        for file in &documents {
            fs::copy(file, copy.join(file.file_name().unwrap())).unwrap();
        }
        let read = || Generation::of_loaded(&load(std::slice::from_ref(&copy), None).unwrap(), None);
        let before = explain::document(&read());
        let lines = proposed(&before);
        assert!(lines.len() > 5, "{}", application.display());
        fs::write(copy.join("docsim.toml"), lines.join("\n")).unwrap();
        let generation = read();
        let odd: Vec<_> = generation.diagnostics.iter().filter(|found| found.rule.starts_with("config-")).collect();
        assert!(odd.is_empty(), "{odd:?}");
        let after = explain::document(&generation);
        assert_eq!(proposed(&after), Vec::<String>::new(), "{}", application.display());
        assert_eq!(doings(&before), doings(&after), "{}", application.display());
    }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let all = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    all.filter(|path| path.extension().is_some_and(|end| end == "md" || end == "json")).collect()
}

fn proposed(explained: &Value) -> Vec<String> {
    let of = |kind: &str| explained[kind].as_array().unwrap().clone();
    let all = of("endpoints").into_iter().chain(of("collections"));
    all.flat_map(|one| one["settle"].as_array().unwrap().clone())
        .map(|line| line.as_str().unwrap().to_owned())
        .collect()
}

/// What endpoints demand, change and answer, and whose records are whose, without how sure that is.
fn doings(explained: &Value) -> Vec<String> {
    let mut all = Vec::new();
    for endpoint in explained["endpoints"].as_array().unwrap() {
        let told = ["id", "operation", "collection", "reads", "writes"].map(|name| endpoint[name].to_string());
        all.push(told.join(" "));
        for check in endpoint["checks"].as_array().unwrap() {
            all.push(["check", "code", "message"].map(|name| check[name].to_string()).join(" "));
        }
        all.extend(endpoint["effects"].as_array().unwrap().iter().map(|effect| effect["effect"].to_string()));
    }
    for collection in explained["collections"].as_array().unwrap() {
        let told = ["name", "owner", "private", "records", "references", "unique"];
        all.push(told.map(|name| collection[name].to_string()).join(" "));
    }
    all
}
