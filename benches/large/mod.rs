//! Documents of many endpoints, as large systems have them: nothing in them stands twice but the form, save in copies.

use std::fmt::Write as _;

/// What the endpoints of a document are like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// Each with a table of six codes.
    Tables,
    /// Each with two failures as examples, and no table.
    Failures,
    /// Five on each kind of record, from making one to removing it.
    Records,
    /// One after the other of those.
    Mixed,
    /// The same, and one table of codes for all of them.
    Shared,
    /// One shop again and again in the same words, under other paths.
    Copies,
}

pub(crate) const SHAPES: [Shape; 6] =
    [Shape::Tables, Shape::Failures, Shape::Records, Shape::Mixed, Shape::Shared, Shape::Copies];

/// The endpoints from one to another of a document, with those by which accounts come to be if it begins at the first.
pub(crate) fn document(shape: Shape, from: usize, to: usize) -> String {
    let mut text = String::new();
    if shape == Shape::Copies {
        let copies = from.div_ceil(SHOP_ENDPOINTS)..to.div_ceil(SHOP_ENDPOINTS);
        return copies.map(|at| SHOP.concat().replace(":/snack/", &format!(":/snack{at}/"))).collect();
    }
    if from == 0 {
        if shape == Shape::Shared {
            text.push_str(CODES);
        }
        text.push_str(ACCOUNTS);
    }
    for at in from..to {
        match (shape, at / 5 % 3) {
            (Shape::Tables, _) | (Shape::Mixed | Shape::Shared, 0) => with_table(&mut text, at),
            (Shape::Failures, _) | (Shape::Mixed | Shape::Shared, 1) => with_failures(&mut text, at),
            _ => on_record(&mut text, at),
        }
    }
    text
}

const SHOP: [&str; 3] = [
    include_str!("../../tests/cases/applications/snack-shop/1-会员与商品.md"),
    include_str!("../../tests/cases/applications/snack-shop/2-购物车.md"),
    include_str!("../../tests/cases/applications/snack-shop/3-订单.md"),
];
const SHOP_ENDPOINTS: usize = 26;

const CODES: &str = "# 全局错误码

代号 错误
3000 参数错误
3001 未登录
3002 余额不足
3003 金额不能为空
3004 用户不存在
3005 手机号格式有误
3006 验证码错误
3007 验证码已过期
3008 密码错误
3009 账号已被禁用
3010 没有权限
3011 数据不存在
3012 系统繁忙
3013 操作失败
3014 标题不能为空
3015 价格不正确
3016 数量不足
3017 邮箱格式有误
3018 记录不存在
3019 已经收藏过了

";

const ACCOUNTS: &str = r#"## 注册
+++
post:/user/register
*phone=手机号#
*code=验证码#
*password=密码#
<<<
success
{"code": 0, "msg": "注册成功", "data": {"token": "90a7575397a7b2cd74901e0c5c3e72d0ce2631"}}
<<<
error
{"code": 1007, "msg": "该手机号已注册", "data": ""}
+++
## 登录
+++
post:/user/login
*phone=手机号#
*password=密码#
<<<
success
{"code": 0, "msg": "登录成功", "data": {"token": "90a7575397a7b2cd74901e0c5c3e72d0ce2631"}}
<<<
error
{"code": 1001, "msg": "账号或密码错误", "data": ""}
+++
"#;

fn with_table(text: &mut String, at: usize) {
    let Thing { path, noun } = Thing::new(at);
    let code = 20_000 + at * 6;
    let _ = write!(
        text,
        "## {noun}检查\n+++\npost:/{path}/inspect\n*token=用户token#\n*phone=手机号#\n*{path}=所选{noun}#\n*amount=数量#\nremark=备注#\n<<<\n\
         success\n{{\"code\": 0, \"msg\": \"{noun}检查成功\", \"data\": {{\"{path}\": \"甲\", \"amount\": 3}}}}\n<<<\n\
         error\n{{\"code\": {}, \"msg\": \"所选{noun}不能为空\", \"data\": \"\"}}\n可能返回的错误:\n代号 错误\n\
         {} 用户未登录\n{} 所选{noun}不能为空\n{} 手机号格式有误\n{} {noun}不存在\n{} 数量不足\n{} {noun}检查失败\n+++\n",
        code + 1,
        code,
        code + 1,
        code + 2,
        code + 3,
        code + 4,
        code + 5
    );
}

fn with_failures(text: &mut String, at: usize) {
    let Thing { path, noun } = Thing::new(at);
    let code = 100_000 + at * 2;
    let _ = write!(
        text,
        "## {noun}计算\n+++\npost:/{path}/calculate\n*token=用户token#\n*{path}_type={noun}类型#\n*email=邮箱#\n<<<\n\
         success\n{{\"code\": 0, \"msg\": \"ok\", \"data\": {{\"result\": 5}}}}\n<<<\n\
         error\n{{\"code\": {code}, \"msg\": \"{noun}类型不正确\", \"data\": \"\"}}\n<<<\n\
         error\n{{\"code\": {}, \"msg\": \"{noun}计算失败\", \"data\": \"\"}}\n+++\n",
        code + 1
    );
}

fn on_record(text: &mut String, at: usize) {
    let Thing { path, noun } = Thing::new(at / 5);
    let fields = "*title=标题#\n*price=价格#\nremark=备注#\n";
    let item = r#"{"id": "7", "title": "第一", "price": "12.50", "remark": "无"}"#;
    let (title, name, params, data, failure) = match at % 5 {
        0 => ("添加", "add", fields.to_owned(), r#"{"id": "7"}"#.to_owned(), "标题不能为空".to_owned()),
        1 => ("修改", "update", format!("*id={noun}id#\n{fields}"), "\"\"".to_owned(), format!("{noun}不存在")),
        2 => ("删除", "delete", format!("*id={noun}id#\n"), "\"\"".to_owned(), "请先登录".to_owned()),
        3 => ("详情", "detail", format!("*id={noun}id#\n"), item.to_owned(), format!("{noun}已下架")),
        _ => {
            ("列表", "list", "page=页码#\n".to_owned(), format!("{{\"total\": 1, \"list\": [{item}]}}"), String::new())
        }
    };
    let title = if at % 5 < 3 { format!("{title}{noun}") } else { format!("{noun}{title}") };
    let method = if at % 5 < 3 { "post" } else { "get" };
    let _ = write!(
        text,
        "## {title}\n+++\n{method}:/{path}/{name}\n*token=用户token#\n{params}<<<\n\
         success\n{{\"code\": 0, \"msg\": \"ok\", \"data\": {data}}}\n"
    );
    if !failure.is_empty() {
        let _ = write!(text, "<<<\nerror\n{{\"code\": {}, \"msg\": \"{failure}\", \"data\": \"\"}}\n", 5_000 + at % 7);
    }
    text.push_str("+++\n");
}

/// A made-up thing and its name in paths.
struct Thing {
    path: String,
    noun: String,
}

impl Thing {
    fn new(at: usize) -> Self {
        const SYLLABLES: [&str; 24] = [
            "ba", "ce", "di", "fo", "gu", "ha", "ke", "li", "mo", "nu", "pa", "re", "si", "to", "vu", "wa", "xe", "yi",
            "zo", "bu", "ca", "de", "fi", "go",
        ];
        let signs: Vec<char> = "松柏桐柳梅兰菊荷鹰雁鹤鹭狮虎鹿熊铜铁锡铅山河湖海".chars().collect();
        let digits = [at % 24, at / 24 % 24, at / 576 % 24];
        let path = format!("{}{}{}n", SYLLABLES[digits[2]], SYLLABLES[digits[1]], SYLLABLES[digits[0]]);
        Self { path, noun: digits.iter().rev().map(|digit| signs[*digit]).collect() }
    }
}
