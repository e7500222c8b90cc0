use super::super::{DocSet, SectionKind, Settings, lower};
use crate::lexicon::Lexicon;
use crate::source::Source;

fn read(pages: &[&str]) -> DocSet {
    let sources = pages.iter().enumerate().map(|(at, text)| Source::new(format!("{at}.md"), (*text).to_owned()));
    lower(sources.collect(), &Settings::default(), &Lexicon::standard())
}

/// `id title (parameters; s and e for each section)`, one a line.
fn shape(page: &str) -> String {
    let set = read(&[page]);
    let endpoints = set.endpoints.iter().map(|endpoint| {
        let names: Vec<String> = endpoint
            .params
            .iter()
            .map(|param| format!("{}{}", if param.starred { "*" } else { "" }, param.name))
            .collect();
        let kinds = endpoint.sections.iter().map(|section| if section.kind == SectionKind::Error { 'e' } else { 's' });
        format!("{} {} ({}; {})", endpoint.id, endpoint.title, names.join(" "), kinds.collect::<String>())
    });
    endpoints.collect::<Vec<_>>().join("\n")
}

const TABLE: &str = "|参数名|必选|说明|\n|:--|:--|:--|\n|phone|是|手机号|\n|nick|否|昵称|\n";
const REPLY: &str = "```json\n{\"code\":0,\"msg\":\"ok\"}\n```\n";

#[test]
fn an_address_and_its_method_stand_in_many_ways() {
    for request in [
        "**请求URL：**\n- ` http://a.test/member/add `\n\n**请求方式：**\n- POST\n",
        "##### 请求URL\n- `/member/add`\n##### 请求方式\n- POST\n",
        "请求方式：POST\n请求地址：/member/add\n",
        "接口地址：/member/add  请求方式：POST\n",
        "- 接口地址:POST /member/add\n",
        "`POST /member/add`\n",
        "**POST** `/member/add`\n",
        "POST /member/add\n",
        "URL: POST http://a.test/member/add\n",
        "**Path：** /member/add\n\n**Method：** POST\n",
        "| 请求地址 | /member/add |\n|---|---|\n| 请求方式 | POST |\n",
        "#### 请求URL:\n- http://domain/member/add\n#### 请求方式：\n- <font color=red>POST</font>\n",
        "**请求URL：** ` member/add `\n\n**请求方式：** POST\n",
    ] {
        let page = format!("# 会员\n\n## 新增会员\n\n{request}\n**参数**\n\n{TABLE}\n**返回示例**\n\n{REPLY}");
        assert_eq!(shape(&page), "POST /member/add 新增会员 (*phone nick; s)", "{request}");
    }
    let in_title = |title: &str| shape(&format!("# 会员\n\n### {title}\n\n{TABLE}\n返回\n\n{REPLY}"));
    for title in ["1.1 新增会员 `POST /member/add`", "1.1 新增会员 [POST /member/add]", "POST /member/add 1.1 新增会员"]
    {
        assert_eq!(in_title(title), "POST /member/add 1.1 新增会员 (*phone nick; s)", "{title}");
    }
}

#[test]
fn parameters_stand_in_lists_and_in_samples_and_replies_in_no_fence() {
    let page = "会员模块\n\n1、新增会员\n接口地址：/member/add 请求方式：POST\n参数：\n- phone：手机号，必填\n- `nick` 昵称\n返回：\n{\n  \"code\": 0,\n  \"msg\": \"ok\"\n}\n失败：\n{\"code\": 1, \"msg\": \"手机号已存在\"}\n\n2、会员列表\n接口地址：/member/list 请求方式：GET\n返回：\n{\"code\": 0, \"data\": []}\n";
    assert_eq!(shape(page), "POST /member/add 1、新增会员 (phone nick; se)\nGET /member/list 2、会员列表 (; s)");
    let sample = format!(
        "## 登录 [POST /login]\n+ Request (application/json)\n```\n{{\"phone\":\"1\"}}\n```\n+ Response 200\n{REPLY}"
    );
    assert_eq!(shape(&sample), "POST /login 登录 (phone; s)");
}

#[test]
fn a_line_above_a_reply_says_when_it_comes() {
    let failure = "```json\n{\"code\":7,\"msg\":\"手机号已被占用\"}\n```\n";
    let page = format!("## 新增会员\n`POST /member/add`\n\n{TABLE}\n成功\n\n{REPLY}\n手机号重复\n\n{failure}");
    assert_eq!(shape(&page), "POST /member/add 新增会员 (*phone nick; se)");
}

#[test]
fn prose_that_names_an_address_documents_none() {
    assert_eq!(shape("# 说明\n先调 `POST /login` 拿到 token，再调 `GET /me`。\n"), "");
    assert_eq!(
        shape(&format!("# 说明\n接口地址：https://a.test/api\n\n{REPLY}\n## 登录\n`POST /login`\n\n{REPLY}")),
        "POST /login 登录 (; s)"
    );
    let fenced = format!("## 登录\n+++\npost:/login\n+++\n\n## 说明\n`POST /member/add`\n\n{TABLE}\n{REPLY}");
    assert_eq!(shape(&fenced).lines().count(), 1);
    assert!(shape("# 图片\n头像在 GET /uploads/7.jpg\n").is_empty());
}

#[test]
fn pages_of_one_endpoint_each_are_named_by_their_files_or_titles() {
    let page = |path: &str| format!("**请求URL：**\n- `/{path}`\n\n**请求方式：**\n- GET\n\n**返回示例**\n\n{REPLY}");
    let set = read(&[&page("a"), &page("b")]);
    let ids: Vec<&str> = set.endpoints.iter().map(|endpoint| endpoint.id.as_str()).collect();
    assert_eq!(ids, ["GET /a", "GET /b"]);
}

#[test]
fn an_endpoint_in_prose_beside_blocks_is_told_of() {
    let block = "## 登录\n+++\npost:api/login\n<<<\nsuccess\n{}\n+++\n";
    let told = |page: &str| -> Vec<String> {
        let set = read(&[block, page]);
        assert_eq!(set.endpoints.len(), 1);
        let found = set.diagnostics.iter().filter(|found| found.rule == "unfenced-endpoint");
        found.map(|found| set.text(found.place).to_owned()).collect()
    };
    assert_eq!(told(&format!("## 新增会员\n`POST /member/add`\n\n{TABLE}\n{REPLY}")), ["/member/add"]);
    assert!(told(&format!("## 怎样登录\n`POST /api/login`\n\n{REPLY}")).is_empty());
    assert!(told("先调 `POST /member/add`，再调别的。\n").is_empty());
}

#[test]
fn parameters_stand_behind_their_label() {
    for told in [
        "- 接口参数: |手机号|phone|string|require| |昵称|nick|string|options|",
        "参数：| phone | 手机号 | 必填 | | nick | 昵称 | 可选 |",
    ] {
        let page = format!("## 新增会员\n\n- 接口地址:POST /member/add\n{told}\n\n返回\n\n{REPLY}");
        assert_eq!(shape(&page), "POST /member/add 新增会员 (*phone nick; s)", "{told}");
    }
    for told in [
        "参数：phone(手机号)、nick(昵称)",
        "请求参数：phone 手机号，nick 昵称",
        "入参: phone, nick",
        "Param\n\n* phone (*string*) 手机号\n* nick (*string*) 昵称",
        "Params:\n\n- `phone` (string) - the phone\n- `nick` (string, optional) - a name",
    ] {
        let page = format!("## 新增会员\n\n- 接口地址:POST /member/add\n\n{told}\n\n返回\n\n{REPLY}");
        assert_eq!(shape(&page), "POST /member/add 新增会员 (phone nick; s)", "{told}");
    }
    for told in ["参数：无", "参数：json", "说明：phone 手机号，nick 昵称", "返回参数：phone 手机号，nick 昵称"]
    {
        let page = format!("## 新增会员\n\n- 接口地址:POST /member/add\n\n{told}\n\n返回\n\n{REPLY}");
        assert_eq!(shape(&page), "POST /member/add 新增会员 (; s)", "{told}");
    }
}

#[test]
fn a_request_stands_in_a_fence_of_code() {
    for code in [
        "method:post\nurl:http://{{host}}/member/add\nbody:{\n  phone:vm.phone,(11位手机号)\n  nick:vm.nick\n}",
        "POST /member/add\n{\"phone\": \"13800000000\", \"nick\": \"a, b\"}",
        "POST /member/add HTTP/1.1\nContent-Type: application/json\n\n{\n  \"phone\": \"13800000000\", // 手机号\n  \"nick\": \"x\"\n}",
        "curl -X POST http://a.test/member/add -H 'Content-Type: application/json' -d '{\"phone\":\"1\",\"nick\":\"x\"}'",
        "curl http://a.test/member/add \\\n  -d '{\"phone\":\"1\",\"nick\":\"x\"}'",
    ] {
        let page = format!("# 会员\n\n## 新增会员\n\n请求\n\n```\n{code}\n```\n\n返回\n\n{REPLY}");
        assert_eq!(shape(&page), "POST /member/add 新增会员 (phone nick; s)", "{code}");
        // Below an address it only shows what is said already.
        let page = format!("## 新增会员\n\n`POST /member/add`\n\n{TABLE}\n\n```\n{code}\n```\n\n返回\n\n{REPLY}");
        assert_eq!(shape(&page), "POST /member/add 新增会员 (*phone nick; s)", "{code}");
    }
}

#[test]
fn a_table_below_its_caption_lists_what_is_sent_whatever_comes_back() {
    let table = "| 参数名 | 类型 | 备注 |\n|--|--|--|\n| email | string | 邮箱 |\n";
    let reply = "**成功：**\n```json\n{\"code\":0,\"data\":{\"email\":\"a@b.cn\",\"token\":\"x\"}}\n```\n";
    let page = |caption: &str| {
        format!("## 登录\n**接口：** `/login`\n\n**请求方式：** `POST`\n\n{caption}\n\n{table}\n{reply}")
    };
    assert_eq!(shape(&page("**请求参数：**")), "POST /login 登录 (email; s)");
    assert_eq!(shape(&page("**返回参数：**")), "POST /login 登录 (; s)");
}
