//! A backend of the first document as a team might have written it, with nothing of docsim in it: plain sockets, a form
//! parser, one function an action. One thing at a time can be wrong with it, or chosen otherwise where the document is silent.

use serde_json::{Value, json};
use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// Taken for every phone.
pub(crate) const PASSCODE: &str = "246810";

/// What can be wrong, with the action that it is wrong of.
pub(crate) const BUGS: [(&str, &str); 22] = [
    ("plain-text", "login"),
    ("id-number", "get_user_details"),
    ("leaks-password", "get_user_details"),
    ("nulls", "get_user_details"),
    ("first-user", "get_user_details"),
    ("unauthorized-1015", "get_user_details"),
    ("no-state", "getVerification"),
    ("answers-unverified", "getVerification"),
    ("html", "exit_login"),
    ("token-alive", "exit_login"),
    ("token-renamed", "login"),
    ("wrong-password-1006", "login"),
    ("any-password", "login"),
    ("kills-others", "login"),
    ("taken-1009", "register"),
    ("short-password", "register"),
    ("other-words", "register"),
    ("reset-1008", "retrieve_password"),
    ("reset-nothing", "retrieve_password"),
    ("portrait-lost", "uploadPortrait"),
    ("status-kept", "authenticationQualifications"),
    ("unverified", "verification"),
];

/// What the document leaves open.
pub(crate) const CHOICES: [&str; 12] = [
    "pretty",
    "large",
    "headers",
    "errors-are-400",
    "text-html",
    "passcode-first",
    "hex-ids",
    "tokens-survive-reset",
    "only-get",
    "only-post",
    "token-in-query-only",
    "own-code-for-qualifications",
];

#[derive(Default)]
struct Account {
    phone: String,
    password: String,
    device: String,
    portrait: String,
    pending: bool,
    card: Option<String>,
}

#[derive(Default)]
struct State {
    accounts: Vec<Account>,
    tokens: HashMap<String, usize>,
    issued: u64,
}

struct Backend {
    twist: String,
    state: Mutex<State>,
}

/// Starts one on a free port; it ends with the process.
pub(crate) fn start(twist: &str) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let backend = Arc::new(Backend { twist: twist.to_owned(), state: Mutex::default() });
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let backend = Arc::clone(&backend);
            std::thread::spawn(move || backend.converse(&stream));
        }
    });
    address
}

type Params = HashMap<String, String>;

fn failure(code: u32, info: &str) -> Value {
    json!({ "data": "", "info": info, "code": code, "state": 2 })
}

fn success(data: &Value, info: &str) -> Value {
    json!({ "data": data, "info": info, "code": 1000, "state": 1 })
}

fn is_mobile(text: &str) -> bool {
    text.len() == 11 && text.starts_with('1') && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn fits(password: &str) -> bool {
    (6..=16).contains(&password.chars().count())
}

/// GB 11643: a birth date that can be, and the check digit.
fn is_card(text: &str) -> bool {
    let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 = text.bytes().zip(weights).map(|(byte, weight)| u32::from(byte - b'0') * weight).sum();
    let month: u32 = text[10..12].parse().unwrap_or(0);
    (1..=12).contains(&month) && text.as_bytes()[17].to_ascii_uppercase() == b"10X98765432"[(sum % 11) as usize]
}

impl Backend {
    fn is(&self, twist: &str) -> bool {
        self.twist == twist
    }

    fn converse(&self, stream: &TcpStream) {
        let _ = stream.set_nodelay(true);
        let mut reader = BufReader::new(stream);
        loop {
            let mut line = String::new();
            if reader.read_line(&mut line).unwrap_or(0) == 0 {
                return;
            }
            let mut words = line.split_whitespace().map(str::to_owned);
            let (method, target) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
            let (mut length, mut token) = (0_usize, None);
            loop {
                let mut header = String::new();
                if reader.read_line(&mut header).unwrap_or(0) == 0 {
                    return;
                }
                let Some((name, value)) = header.trim().split_once(':') else { break };
                if name.eq_ignore_ascii_case("content-length") {
                    length = value.trim().parse().unwrap_or(0);
                } else if name.eq_ignore_ascii_case("token") {
                    token = Some(value.trim().to_owned());
                }
            }
            let mut body = vec![0; length];
            if reader.read_exact(&mut body).is_err() {
                return;
            }
            let (path, query) = target.split_once('?').unwrap_or((&target, ""));
            let in_query: Params = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
            let in_body: Params = form_urlencoded::parse(&body).into_owned().collect();
            let segments: Vec<&str> = path.split('/').filter(|segment| !segment.is_empty()).collect();
            let pairs = segments.get(3..).unwrap_or_default().chunks(2).filter(|pair| pair.len() == 2);
            let mut params: Params = pairs.map(|pair| (pair[0].to_owned(), pair[1].to_owned())).collect();
            let action = segments.get(2).copied().unwrap_or_default().to_owned();
            if self.is("token-in-query-only") {
                params.extend(in_body.into_iter().filter(|(name, _)| name != "token"));
            } else {
                params.extend(token.map(|token| ("token".to_owned(), token)));
                params.extend(in_body);
            }
            params.extend(in_query);
            params.retain(|_, value| !value.is_empty());
            let (status, kind, text) = self.answer(&method, &action, &params);
            let more = if self.is("headers") { "X-Powered-By: PHP/5.6\r\nSet-Cookie: PHPSESSID=1\r\n" } else { "" };
            let head =
                format!("HTTP/1.1 {status} X\r\nContent-Type: {kind}\r\n{more}Content-Length: {}\r\n\r\n", text.len());
            let mut out = stream;
            if out.write_all(head.as_bytes()).and_then(|()| out.write_all(text.as_bytes())).is_err() {
                return;
            }
        }
    }

    fn answer(&self, method: &str, action: &str, params: &Params) -> (u16, &'static str, String) {
        let open = matches!(action, "verification" | "getVerification");
        if open && ((self.is("only-get") && method != "GET") || (self.is("only-post") && method != "POST")) {
            return (405, "text/html", "<h1>405</h1>".to_owned());
        }
        let mut state = self.state.lock().unwrap();
        let mut reply = match action {
            "register" => self.register(&mut state, params),
            "login" => self.login(&mut state, params),
            "retrieve_password" => self.reset(&mut state, params),
            _ => self.known(&mut state, action, params),
        };
        if reply.is_null() {
            return (404, "text/html", "<h1>404</h1>".to_owned());
        }
        if action == "exit_login" && self.is("html") {
            return (200, "text/html", format!("<br /><b>Notice</b>: {reply}"));
        }
        if action == "getVerification" && self.is("no-state") {
            reply.as_object_mut().unwrap().remove("state");
        }
        let status = if self.is("errors-are-400") && reply["state"] == 2 { 400 } else { 200 };
        let is_plain = self.is("text-html") || (self.is("plain-text") && action == "login");
        let kind = if is_plain { "text/html; charset=utf-8" } else { "application/json" };
        let body = match self.twist.as_str() {
            "pretty" => format!("{reply:#}\n"),
            "large" => format!("{}{reply}", " ".repeat(100_000)),
            _ => reply.to_string(),
        };
        (status, kind, body)
    }

    fn token(state: &mut State, account: usize) -> String {
        state.issued += 1;
        let token = format!("{:038x}", state.issued * 7_919 + 0xA5_0000);
        state.tokens.insert(token.clone(), account);
        token
    }

    fn register(&self, state: &mut State, params: &Params) -> Value {
        let [phone, code, password, device] =
            ["phone", "code", "password", "RegistrationID"].map(|name| params.get(name));
        let bad_input = failure(1006, "输入的信息不符合");
        let (Some(phone), Some(code), Some(password), Some(device)) = (phone, code, password, device) else {
            return bad_input;
        };
        let words = if self.is("other-words") { "短信码不对" } else { "验证码有误" };
        if self.is("passcode-first") && code != PASSCODE {
            return failure(1008, words);
        }
        if !is_mobile(phone) || (!fits(password) && !self.is("short-password")) {
            return bad_input;
        }
        if state.accounts.iter().any(|account| account.phone == *phone) {
            return if self.is("taken-1009") {
                failure(1009, "注册失败")
            } else {
                failure(1007, "该账号已存在")
            };
        }
        if code != PASSCODE {
            return failure(1008, words);
        }
        let (phone, password, device) = (phone.clone(), password.clone(), device.clone());
        state.accounts.push(Account { phone, password, device, ..Account::default() });
        let account = state.accounts.len() - 1;
        let token = Self::token(state, account);
        success(&json!({ "token": token }), "注册成功")
    }

    fn login(&self, state: &mut State, params: &Params) -> Value {
        let (Some(phone), Some(password)) = (params.get("phone"), params.get("password")) else {
            return failure(1006, "账号密码格式不正确");
        };
        if !is_mobile(phone) || !fits(password) {
            return failure(1006, "账号密码格式不正确");
        }
        let found = state.accounts.iter().position(|account| account.phone == *phone);
        let Some(account) = found.filter(|at| state.accounts[*at].password == *password || self.is("any-password"))
        else {
            let code = if self.is("wrong-password-1006") && found.is_some() { 1006 } else { 1010 };
            return failure(code, if code == 1006 { "账号密码格式不正确" } else { "账号密码错误" });
        };
        if self.is("kills-others") {
            state.tokens.clear();
        }
        let token = Self::token(state, account);
        let verified = u8::from(state.accounts[account].card.is_some());
        let name = if self.is("token-renamed") { "access_token" } else { "token" };
        success(&json!({ "authenticationState": verified, name: token }), "登录成功")
    }

    fn reset(&self, state: &mut State, params: &Params) -> Value {
        let [phone, code, password] = ["account", "phone_code", "new_password"].map(|name| params.get(name));
        let (Some(phone), Some(code), Some(password)) = (phone, code, password) else {
            return failure(1006, "输入的信息不符合");
        };
        let found = state.accounts.iter().position(|account| account.phone == *phone);
        let Some(account) = found.filter(|_| fits(password)) else { return failure(1006, "输入的信息不符合") };
        if code != PASSCODE {
            return failure(if self.is("reset-1008") { 1008 } else { 1013 }, "验证码有误");
        }
        if !self.is("reset-nothing") {
            state.accounts[account].password.clone_from(password);
        }
        if !self.is("tokens-survive-reset") {
            state.tokens.retain(|_, owner| *owner != account);
        }
        success(&json!(""), "密码设置成功")
    }

    /// What only somebody who is logged in may do.
    fn known(&self, state: &mut State, action: &str, params: &Params) -> Value {
        let token = params.get("token").cloned().unwrap_or_default();
        let Some(me) = state.tokens.get(&token).copied() else {
            return match action {
                "get_user_details" if self.is("unauthorized-1015") => failure(1015, "用户不存在"),
                "authenticationQualifications" if self.is("own-code-for-qualifications") => {
                    failure(998, "资格证上传失败,请联系客服")
                }
                _ => failure(999, "用户未登录"),
            };
        };
        match action {
            "verification" => {
                let (Some(_), Some(card)) = (params.get("name"), params.get("cardno")) else {
                    return failure(1001, "输入的信息有误");
                };
                if card.len() != 18 || !card.as_bytes()[..17].iter().all(u8::is_ascii_digit) {
                    return failure(1001, "输入的信息有误");
                }
                if !is_card(card) {
                    return failure(1013, "认证失败,请填写正确的身份信息");
                }
                let card = card.to_ascii_uppercase();
                let is_others = state
                    .accounts
                    .iter()
                    .enumerate()
                    .any(|(at, account)| at != me && account.card.as_ref() == Some(&card));
                if is_others {
                    return failure(1012, "认证失败");
                }
                if !self.is("unverified") {
                    state.accounts[me].card = Some(card);
                }
                success(&json!(""), "认证成功")
            }
            "getVerification" => {
                let account = &state.accounts[me];
                let there = account.card.is_some() || account.pending || self.is("answers-unverified");
                if there { success(&json!(""), "获取成功") } else { failure(996, "获取失败") }
            }
            "get_user_details" => self.details(state, me),
            "uploadPortrait" => {
                let Some(portrait) = params.get("portrait") else { return failure(997, "缺少必须参数") };
                if !self.is("portrait-lost") {
                    state.accounts[me].portrait.clone_from(portrait);
                }
                success(&json!(""), "添加成功")
            }
            "authenticationQualifications" => {
                if !params.contains_key("picture") {
                    return failure(997, "图片名称地址不能空");
                }
                state.accounts[me].pending = !self.is("status-kept");
                success(&json!(""), "从业资格证上传成功,等待客服认证")
            }
            "exit_login" => {
                if !self.is("token-alive") {
                    state.tokens.remove(&token);
                }
                success(&json!(""), "退出成功")
            }
            _ => Value::Null,
        }
    }

    fn details(&self, state: &State, me: usize) -> Value {
        let account = &state.accounts[if self.is("first-user") { 0 } else { me }];
        let nothing = if self.is("nulls") { Value::Null } else { json!("") };
        let id = if self.is("hex-ids") { format!("5f3a{me:020x}") } else { (me + 300).to_string() };
        let portrait = if account.portrait.is_empty() { nothing.clone() } else { json!(account.portrait) };
        let mut data = json!({
            "_id": id,
            "account": account.phone,
            "integral": "0",
            "status": if account.pending { "4" } else { "2" },
            "uuid": account.device,
            "portrait": portrait,
            "currency": nothing,
            "virtual_currency": nothing,
        });
        if self.is("id-number") {
            data["_id"] = json!(me + 300);
        }
        if self.is("leaks-password") {
            data["password"] = json!(account.password);
        }
        success(&data, "")
    }
}
