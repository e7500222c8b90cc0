//! Writes the driver app's document anew under other names: what is said stays, how it is said does not.
//!
//! In: the document and the names. Out: a document. It knows the forms of this one document and refuses any other line,
//! so nothing slips through unrenamed.

use super::names::{Kind, Names};

/// The whole document, its endpoints in the order that the names give.
pub(super) fn rewrite(document: &str, names: &Names) -> String {
    let sections: Vec<&str> = document.split("## ").skip(1).collect();
    let mut written: Vec<String> = sections.iter().enumerate().map(|(at, section)| block(section, names, at)).collect();
    names.shuffle(&mut written);
    written.concat()
}

fn block(section: &str, names: &Names, at: usize) -> String {
    let (title, rest) = section.split_once('\n').unwrap_or((section, ""));
    let tilde = names.draw("fence", at, 2) == 0;
    let mut out = format!("{} {}\n", names.marks(at), names.other(Kind::Title, title));
    let mut lines = rest.lines();
    let (mut open, mut deep) = (false, false);
    while let Some(line) = lines.next() {
        if line == "+++" {
            open = !open;
            out += if !tilde {
                "+++"
            } else if open {
                "~~~[api]"
            } else {
                "~~~"
            };
            out += "\n";
            if open {
                out += &target(lines.next().unwrap_or_default(), names, at);
                out += "\n";
            }
            continue;
        }
        if line.starts_with("\"data\": {") {
            deep = true;
            out.extend(["\"", names.other(Kind::Envelope, "data"), "\": {\n"]);
            continue;
        }
        deep &= line != "},";
        out += &renamed(line, deep, names);
        out += "\n";
    }
    out
}

fn renamed(line: &str, deep: bool, names: &Names) -> String {
    let plain = ["<<<", "success", "error", "{", "}", "},", "可能返回的错误:", "代号 错误"];
    if plain.contains(&line) || line.starts_with(">注意") {
        return line.to_owned();
    }
    if let Some(codes) = line.strip_prefix(">可能返回的错误码:") {
        let codes: Vec<&str> = codes.split(',').map(|code| names.code(code)).collect();
        return format!(">可能返回的错误码:{}", codes.join(","));
    }
    if let Some(param) = line.strip_prefix('*') {
        return parameter(param, names);
    }
    if line.starts_with(['"', '“']) {
        return member(line, deep, names);
    }
    match line.split_once(' ') {
        Some((code, text)) if code.bytes().all(|byte| byte.is_ascii_digit()) => {
            format!("{} {}", names.code(code), names.other(Kind::Message, text))
        }
        _ => panic!("no form of the document: {line}"),
    }
}

/// `post:Api/User/login`, `Api/User/verification/token/用户token`, `get:Api/User/exit_login?token=用户token`.
fn target(line: &str, names: &Names, at: usize) -> String {
    let (method, path) = line.split_once(':').map_or((None, line), |(method, path)| (Some(method), path));
    let (path, query) = path.split_once('?').map_or((path, None), |(path, query)| (path, Some(query)));
    let mut out = match method {
        Some(method) if names.draw("method", at, 4) == 0 => method.to_uppercase() + ":",
        Some(method) => format!("{method}:"),
        None => String::new(),
    };
    if names.draw("slash", at, 2) == 0 {
        out += "/";
    }
    out += &names.path(path);
    if let Some((name, value)) = query.and_then(|query| query.split_once('=')) {
        out.extend(["?", names.other(Kind::Param, name), "=", names.other(Kind::Label, value)]);
    }
    out
}

/// `phone=手机号 #` and `password=密码 # //密码长度不可小于6位,大于16位`, without the star.
fn parameter(line: &str, names: &Names) -> String {
    let (name, rest) = line.split_once('=').expect("a label");
    let (label, note) = rest.split_once('#').expect("a mark");
    let mut out = format!("*{}={} #", names.other(Kind::Param, name), names.other(Kind::Label, label.trim()));
    if let Some(note) = note.trim().strip_prefix("//") {
        out.extend([" //", names.other(Kind::Note, note)]);
    }
    out
}

/// `"info": "验证码有误", //错误原因`; `deep` within `data`.
fn member(line: &str, deep: bool, names: &Names) -> String {
    let quotes = if line.starts_with('“') { ('“', '”') } else { ('"', '"') };
    let (key, rest) = line[quotes.0.len_utf8()..].split_once(quotes.1).expect("a key");
    let (value, note) = rest.split_once(" //").map_or((rest, None), |(value, note)| (value, Some(note)));
    let kind = if deep { Kind::Field } else { Kind::Envelope };
    let value = match (deep, key) {
        (false, "code") => value.replace(digits(value), names.code(digits(value))),
        (false, "info") => {
            let text = value.split('"').nth(1).expect("a text");
            value.replace(text, names.other(Kind::Message, text))
        }
        (true, "status") => value.replace(digits(value), names.status(digits(value))),
        _ => value.to_owned(),
    };
    let mut out = format!("{}{}{}{value}", quotes.0, names.other(kind, key), quotes.1);
    if let Some(note) = note {
        out += " //";
        out += &if key == "status" { names.statuses(note) } else { names.other(Kind::Note, note).to_owned() };
    }
    out
}

fn digits(text: &str) -> &str {
    text.trim_matches(|sign: char| !sign.is_ascii_digit())
}
