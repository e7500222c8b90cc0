//! How a list pages and filters when there are many records, and what making one more costs among few and among many.
//!
//! The limit: 20 ms for a page of a list over 100 000 records, filtered or not; a new record costs the same among 100.

use criterion::{Criterion, criterion_group, criterion_main};
use docsim::behavior::Overrides;
use docsim::engine::office::{self, AccountEdit};
use docsim::engine::request::{Headers, Request, Value};
use docsim::generation::Generation;
use docsim::json::Json;
use docsim::lexicon::Lexicon;
use docsim::source::Source;
use docsim::spec::Settings;
use docsim::spec::route::Routed;
use docsim::world::{Change, Clock, Fields, Mark, Owner, Record, World, WorldName};
use std::borrow::Cow;
use std::hint::black_box;
use std::sync::Arc;

const NOW: i64 = 1_700_000_000_000;

/// A forum: everyone reads the articles, which have comments; orders are their owners'.
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
## 分类列表
+++
get:/category/list
<<<
success
{"code": 0, "msg": "ok", "data": [{"id": "1", "name": "新闻"}, {"id": "2", "name": "生活"}]}
+++
## 文章列表
+++
get:/article/list
page=页码#
pagesize=每页条数#最多50
category_id=分类id#
keyword=关键词#
<<<
success
{"code": 0, "msg": "ok", "data": {"total": 2, "list": [
{"id": "7", "title": "春天到了", "category_id": "1", "author": "小王", "content": "公园里的花开了", "views": 12, "comment_count": 1, "add_time": "2023-04-05 09:00:00"},
{"id": "6", "title": "周末去哪里", "category_id": "2", "author": "小李", "content": "郊外走走", "views": 3, "comment_count": 0, "add_time": "2023-04-04 09:00:00"}]}}
+++
## 发表评论
+++
post:/comment/add
*token=用户token#
*article_id=文章id#
*content=内容#
<<<
success
{"code": 0, "msg": "ok", "data": {"id": "3"}}
<<<
error
{"code": 999, "msg": "请先登录", "data": ""}
+++
## 评论列表
+++
get:/comment/list
*article_id=文章id#
page=页码#
<<<
success
{"code": 0, "msg": "ok", "data": {"total": 1, "list": [{"id": "3", "article_id": "7", "nickname": "小张", "content": "好", "add_time": "2023-04-05 10:00:00"}]}}
+++
## 下单
+++
post:/order/create
*token=用户token#
*title=商品#
remark=备注#
<<<
success
{"code": 0, "msg": "ok", "data": {"order_no": "SO20230405000001"}}
<<<
error
{"code": 999, "msg": "请先登录", "data": ""}
+++
## 我的订单列表
+++
get:/order/list
*token=用户token#
status=状态#0待付款 1待发货 2已完成
page=页码#
<<<
success
{"code": 0, "msg": "ok", "data": {"total": 1, "list": [{"order_no": "SO20230405000001", "title": "苹果", "status": "0", "remark": "", "add_time": "2023-04-05 10:00:00"}]}}
<<<
error
{"code": 999, "msg": "请先登录", "data": ""}
+++
"#;

struct None;

impl Headers for None {
    fn get(&self, _: &str) -> Option<&str> {
        Option::None
    }

    fn all(&self) -> Vec<&str> {
        Vec::new()
    }
}

fn run(generation: &Generation, world: &mut World, method: &str, target: &str, form: &[(&str, &str)]) -> String {
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let text = |text| Cow::Borrowed(text);
    let body = form.iter().map(|(name, value)| (text(*name), Value::Text(text(*value)))).collect();
    let request = Request { method, path, query, headers: &None, body };
    let Routed::Found { endpoint, values } = generation.route(&request) else { panic!("{method} {target}") };
    let call = generation.call(endpoint, &request, &values);
    String::from_utf8(generation.step(endpoint, &call, world, NOW, true).body).expect("UTF-8")
}

/// Puts records in, with the fields of the collection's examples but for those given.
fn fill(
    generation: &Generation,
    world: &mut World,
    name: &str,
    count: u64,
    field: impl Fn(u64) -> Vec<(&'static str, String)>,
) {
    let at = generation.model.collection(name).unwrap_or_else(|| panic!("no {name}"));
    let shape = &generation.model.collections[at];
    let owner = shape.owned.then(|| Owner { collection: "accounts".into(), seq: 1 });
    for number in 0..count {
        let mut fields: Fields =
            shape.fields.iter().map(|field| (Arc::clone(&field.key), field.example.clone())).collect();
        for (key, value) in field(number) {
            let example = shape.field(key).map_or_else(|| Json::string(""), |field| field.example.clone());
            fields.set(&key.into(), Some(example.in_form(&value)));
        }
        let seq = world.next_seq(&shape.name);
        let record = Record {
            seq,
            id: (1_000 + number).to_string().into(),
            owner: owner.clone(),
            created_at: NOW,
            fields,
            password: Option::None,
            mark: Mark::Active,
            before_freeze: Option::None,
            keys: Vec::new(),
        };
        assert!(world.apply(&Change::RecordCreated { collection: Arc::clone(&shape.name), record: Arc::new(record) }));
    }
}

fn forum(generation: &Generation, count: u64, comments: u64) -> (World, String) {
    let mut world = World::new(WorldName::default(), 1, Clock::default());
    let account = AccountEdit {
        identity: Some("13800000001".to_owned()),
        password: Some("s3cret1".to_owned()),
        ..AccountEdit::default()
    };
    office::create(&generation.model, &mut world, &account, NOW).expect("an account");
    docsim::engine::seed(&generation.model, &mut world, NOW);
    fill(generation, &mut world, "article", count, |number| {
        let title = if number % 1_000 == 7 { "Docker 入门".to_owned() } else { format!("第 {number} 篇") };
        vec![("title", title), ("category_id", (number % 50).to_string())]
    });
    fill(generation, &mut world, "comment", comments, |number| {
        vec![("article_id", (1_000 + number % 997).to_string())]
    });
    fill(generation, &mut world, "order", count, |number| vec![("status", (number % 3).to_string())]);
    let login =
        run(generation, &mut world, "POST", "/user/login", &[("phone", "13800000001"), ("password", "s3cret1")]);
    let token =
        login.split_once("\"token\":\"").and_then(|(_, rest)| rest.split('"').next()).expect("a token").to_owned();
    (world, token)
}

fn records(criterion: &mut Criterion) {
    let sources = vec![Source::new("forum.md", DOCUMENT)];
    let generation = Generation::compile(sources, &Settings::default(), Lexicon::standard(), &Overrides::default());
    for count in [100, 100_000] {
        let (mut world, token) = forum(&generation, count, 100);
        let mut group = criterion.benchmark_group(format!("{count} records"));
        for (what, target, total) in [
            ("first page", "/article/list?page=1&pagesize=10", Some(count + 2)),
            ("last page", &*format!("/article/list?page={}&pagesize=10", count / 10), Some(count + 2)),
            ("filter", "/article/list?category_id=3&page=2&pagesize=10", Some(count / 50)),
            ("keyword", "/article/list?keyword=DOCKER&pagesize=10", Some((count / 1_000).max(1))),
            (
                "keyword in Chinese",
                "/article/list?keyword=%E5%85%A5%E9%97%A8&pagesize=10",
                Some((count / 1_000).max(1)),
            ),
            ("own, by status", &*format!("/order/list?token={token}&status=1&page=3"), Option::None),
        ] {
            let reply = run(&generation, &mut world, "GET", target, &[]);
            assert!(reply.contains("\"code\":0"), "{reply}");
            if let Some(total) = total {
                assert!(reply.contains(&format!("\"total\":{total},")), "{what}: {reply}");
            }
            group.bench_function(what, |bencher| {
                bencher.iter(|| black_box(run(&generation, &mut world, "GET", target, &[])));
            });
        }
        // A page that says of each article how many comments it has looks at all comments once.
        let (mut discussed, _) = forum(&generation, 100, count);
        for (what, target) in [
            ("of a parent", "/comment/list?article_id=1003"),
            ("with counts of the others", "/article/list?page=1&pagesize=10"),
        ] {
            assert!(run(&generation, &mut discussed, "GET", target, &[]).contains("\"code\":0"));
            group.bench_function(what, |bencher| {
                bencher.iter(|| black_box(run(&generation, &mut discussed, "GET", target, &[])));
            });
        }
        let form = [("token", token.as_str()), ("title", "苹果"), ("remark", "快点")];
        assert!(run(&generation, &mut world, "POST", "/order/create", &form).contains("\"code\":0"));
        group.bench_function("make one", |bencher| {
            let mut world = world.clone();
            bencher.iter(|| black_box(run(&generation, &mut world, "POST", "/order/create", &form)));
        });
        group.finish();
    }
}

criterion_group!(benches, records);
criterion_main!(benches);
