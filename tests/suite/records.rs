//! The admin interface's records: what there is of each collection, and the back office's hand on it.

use crate::server::{Server, start_documents};
use serde_json::{Value, json};

/// A repair service: its types are there from the start, its tickets and addresses belong to who made them.
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
## 报修类型列表
+++
get:/type/list
<<<
success
{"code": 0, "msg": "ok", "data": [{"id": "1", "name": "水电", "price": 20}, {"id": "2", "name": "门窗", "price": 30}]}
+++
## 添加地址
+++
post:/address/add
*token=用户token#
*city=城市#
is_default=是否默认#0否 1是
<<<
success
{"code": 0, "msg": "ok", "data": {"id": "7"}}
<<<
error
{"code": 999, "msg": "请先登录", "data": ""}
+++
## 地址列表
+++
get:/address/list
*token=用户token#
<<<
success
{"code": 0, "msg": "ok", "data": [{"id": "7", "city": "杭州", "is_default": "1"}]}
<<<
error
{"code": 999, "msg": "请先登录", "data": ""}
+++
## 提交报修单
+++
post:/repair/add
*token=用户token#
*type_id=报修类型id#
*content=内容#
<<<
success
{"code": 0, "msg": "ok", "data": {"id": "5"}}
<<<
error
{"code": 999, "msg": "请先登录", "data": ""}
+++
## 报修单列表
+++
get:/repair/list
*token=用户token#
<<<
success
{"code": 0, "msg": "ok", "data": [{"id": "5", "content": "灯不亮", "status": "0", "repair_no": "BX20230405000001"}]} //status 0待受理 1已受理 2已完成
<<<
error
{"code": 999, "msg": "请先登录", "data": ""}
+++
## 报修单详情
+++
get:/repair/detail
*token=用户token#
*id=报修单id#
<<<
success
{"code": 0, "msg": "ok", "data": {"id": "5", "content": "灯不亮", "status": "0", //0待受理 1已受理 2已完成
"repair_no": "BX20230405000001"}}
<<<
error
{"code": 999, "msg": "请先登录", "data": ""}
+++
"#;

fn start() -> Server {
    start_documents(DOCUMENT)
}

#[track_caller]
fn made(server: &Server, collection: &str, record: &Value) -> Value {
    let answer = server.admin("POST", &format!("records/{collection}"), record);
    assert_eq!(answer.status, 201, "{}", answer.text);
    answer.json()
}

fn account(server: &Server, phone: &str) -> String {
    let account = json!({ "identity": phone, "password": "s3cret1" });
    assert_eq!(server.admin("POST", "accounts", &account).status, 201);
    let login = server.form("/user/login", &format!("phone={phone}&password=s3cret1"));
    login.json()["data"]["token"].as_str().unwrap_or_else(|| panic!("{}", login.text)).to_owned()
}

#[test]
fn reading_shows_what_would_be_there_and_makes_nothing() {
    let server = start();
    let all = server.get("/@new/__docsim/records").json();
    let type_of = |all: &Value| {
        all["items"].as_array().unwrap().iter().find(|item| item["name"] == "type").map(|item| item["count"].clone())
    };
    assert_eq!(type_of(&all), Some(json!(2)), "{all}");
    let first = server.get("/@new/__docsim/records/type?limit=1").json();
    assert_eq!((&first["total"], first["items"].as_array().unwrap().len()), (&json!(2), 1));
    let after = format!("/@new/__docsim/records/types?limit=1&after={}", first["next"].as_str().unwrap());
    let second = server.get(&after).json();
    assert_eq!(second["next"], Value::Null);
    assert_ne!(first["items"][0]["id"], second["items"][0]["id"]);
    let one = server.get("/@new/__docsim/records/%E6%8A%A5%E4%BF%AE%E7%B1%BB%E5%9E%8B/2").json();
    assert_eq!(one, json!({ "id": "2", "owner": null, "name": "门窗", "price": 30 }));
    let worlds = server.get("worlds").json();
    assert!(!worlds.to_string().contains("\"new\""), "{worlds}");
}

#[test]
fn the_back_office_moves_a_record_whatever_its_machine_says() {
    let server = start();
    let token = account(&server, "13800000001");
    let sent = server.form("/repair/add", &format!("token={token}&type_id=1&content=x"));
    let id = sent.json()["data"]["id"].as_str().unwrap_or_else(|| panic!("{}", sent.text)).to_owned();
    let one = format!("records/repair/{id}");
    let before = server.get(&one).json();
    assert_eq!((&before["owner"], &before["status"]), (&json!("13800000001"), &json!("0")));
    let moved = server.admin("PATCH", &one, &json!({ "status": 2 })).json();
    assert_eq!(moved["status"], "2");
    assert_eq!(server.admin("PATCH", &one, &json!({ "status": "已受理" })).json()["status"], "1");
    let shown = server.ask("GET", &format!("/repair/detail?token={token}&id={id}"), &[], "").json();
    assert_eq!((&shown["data"]["status"], &shown["data"]["content"]), (&json!("1"), &json!("x")));
    // By its number, too, and the number is looked for where it now is.
    let number = moved["repair_no"].as_str().unwrap();
    assert_eq!(server.get(&format!("records/repair/{number}")).json()["id"], id);
    assert_eq!(server.admin("PATCH", &one, &json!({ "repair_no": "BX1" })).status, 200);
    assert_eq!(server.get(&format!("records/repair/{number}")).status, 404);
    assert_eq!(server.get("records/repair/BX1").json()["id"], id);
    let other = made(&server, "repair", &json!({}));
    let taken = server.admin(
        "PATCH",
        &format!("records/repair/{}", other["id"].as_str().unwrap()),
        &json!({ "repair_no": "BX1" }),
    );
    assert_eq!(taken.status, 409, "{}", taken.text);
}

#[test]
fn owners_are_named_as_people_name_them_and_one_default_is_theirs() {
    let server = start();
    let token = account(&server, "13800000001");
    let owner = server.get("accounts").json()["items"][0]["id"].clone();
    let first = made(&server, "address", &json!({ "owner": "13800000001", "city": "上海", "is_default": 1 }));
    let second =
        made(&server, "addresses", &json!({ "id": "home", "owner": owner, "city": "北京", "is_default": "1" }));
    assert_eq!((&second["id"], &second["owner"]), (&json!("home"), &json!("13800000001")));
    let list = || server.ask("GET", &format!("/address/list?token={token}"), &[], "").json()["data"].clone();
    let defaults = |list: &Value| list.as_array().unwrap().iter().filter(|item| item["is_default"] == "1").count();
    assert_eq!((list().as_array().unwrap().len(), defaults(&list())), (2, 1), "{}", list());
    let one = format!("records/address/{}", first["id"].as_str().unwrap());
    assert_eq!(server.admin("PATCH", &one, &json!({ "is_default": "1" })).status, 200);
    assert_eq!(server.get("records/address/home").json()["is_default"], "0");
    // Given to another, it is no longer the first one's; taken from all, it stays on record.
    account(&server, "13800000002");
    assert_eq!(server.admin("PATCH", &one, &json!({ "owner": "13800000002" })).json()["owner"], "13800000002");
    assert_eq!(list().as_array().unwrap().len(), 1);
    let put = server.admin("PUT", "records/address/home", &json!({ "owner": "13800000001", "city": "南京" })).json();
    assert_eq!(put, json!({ "id": "home", "owner": "13800000001", "city": "南京", "is_default": "" }));
    assert_eq!(server.admin("DELETE", "records/address/home", &Value::Null).status, 204);
    assert_eq!(server.get("records/address/home").status, 404);
    assert_eq!(list().as_array().map(Vec::len), Some(0));
}

#[test]
fn what_is_wrong_is_named_with_what_would_be_right() {
    let server = start();
    let check = |method: &str, path: &str, body: &Value, status: u16, words: &str| {
        let answer = server.admin(method, path, body);
        assert_eq!(answer.status, status, "{}", answer.text);
        let detail = answer.json()["detail"].as_str().unwrap().to_owned();
        assert!(detail.contains(words), "{detail}");
    };
    check("GET", "records/adress", &Value::Null, 404, "did you mean address?");
    check("GET", "records/type/3", &Value::Null, 404, "type has no record with the id 3");
    check("POST", "records/adress", &json!({}), 404, "did you mean address?");
    check("PATCH", "records/type/1", &json!({ "nmae": "x" }), 422, "did you mean name?");
    check("PATCH", "records/type/1", &json!({ "name": ["x"] }), 422, "name has to be a text");
    check("PATCH", "records/type/1", &json!({ "price": "much" }), 422, "price has to be a number");
    check("PATCH", "records/type/1", &json!({ "id": "9" }), 422, "an id stays what it is");
    check("POST", "records/type", &json!({ "id": "1" }), 409, "has this id already");
    check("POST", "records/type", &json!({ "owner": "nobody" }), 422, "no account with the identity or id nobody");
    check("POST", "records/type", &json!({ "owner": [] }), 422, "owner has to be");
    check("POST", "records/repair", &json!({ "status": "7" }), 422, "one of 0 待受理, 1 已受理, 2 已完成");
    check("PUT", "records/accounts/1", &json!({}), 405, "GET, PATCH, DELETE");
    assert_eq!(server.admin("PATCH", "records/type/1", &json!({ "id": "1", "name": "水" })).json()["name"], "水");
}
