//! Ids in forms that cannot be counted on: whatever an example shows, a new record gets an id of its own.

use crate::server::start_all;
use docsim::http::Options;
use docsim::world::WorldsConfig;
use std::collections::BTreeSet;

fn document(record: &str, account: &str) -> String {
    format!(
        r#"## 添加留言
+++
post:v1/message/add
*content=内容
<<<
success
{{"code":200,"msg":"添加成功","data":{{"message_id":{record},"content":"你好"}}}}
+++
## 留言列表
+++
get:v1/message/list
page=页码
<<<
success
{{"code":200,"msg":"ok","data":[{{"message_id":{record},"content":"你好"}}]}}
+++
## 用户注册
+++
post:user/register
*phone=手机号
*password=密码
<<<
success
{{"code":200,"msg":"注册成功","data":{{"user_id":{account},"token":"90a7575397a7b2cd74901e0c5c3e72d0ce2631","phone":"13800000000"}}}}
<<<
error
{{"code":1,"msg":"已注册"}}
+++
"#
    )
}

#[test]
fn every_record_and_account_gets_an_id_of_its_own() {
    let ids = [
        "18446744073709551615",
        "18446744073709551614",
        "99999999999999999999999999",
        "\"18446744073709551615\"",
        "\"M18446744073709551615\"",
        "\"M18446744073709551614\"",
        "\"BD20230405000001\"",
        "\"BD20230405\"",
        "\"BD202304059999999999999999999999\"",
        "\"20230405-18446744073709551615\"",
        "9",
        "\"x\"",
        "\"-\"",
        "-1",
        "0",
        "1.5",
    ];
    for id in ids {
        let server = start_all(&document(id, id), Options::default(), WorldsConfig::default());
        let mut seen = BTreeSet::new();
        for _ in 0..12 {
            let answer = server.form("/v1/message/add", "content=x");
            assert_eq!(answer.status, 200, "{id}: {}", answer.text);
            let made = answer.json()["data"]["message_id"].to_string();
            assert!(seen.insert(made), "{id}: {}", answer.text);
        }
        seen.clear();
        for phone in 13_900_000_000_u64..13_900_000_012 {
            let answer = server.form("/user/register", &format!("phone={phone}&password=abc12345"));
            let made = answer.json()["data"]["user_id"].to_string();
            assert!(seen.insert(made), "{id}: {}", answer.text);
        }
    }
}
