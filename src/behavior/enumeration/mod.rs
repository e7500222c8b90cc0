//! Enumerations in words, however they are punctuated: `0:正常使用,1冻结,2:未审核(…)5为假性删除`, `1正常 0停用`, `0=暂停 1=开启`,
//! `(1表示全职,2表示兼职)`, `可选值:mobile,android,web`, `Y是 N否`, `NORMAL-正常 LOCKED-锁定`, `bind绑定手机 reset重置密码`.
//!
//! In: a comment or description. Out: values with what is said of them. Does not know what a value means.

mod numbered;

use crate::lexicon::{Bytes, EnumerationWords};
use numbered::numbered;

pub use crate::lexicon::Listed as Item;

/// The values that a text lists; fewer than two are no enumeration.
pub fn read(text: &str, words: &EnumerationWords) -> Vec<Item> {
    // No value is without a letter or a digit, or a sign that stands between them.
    if !text.bytes().any(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')) {
        return Vec::new();
    }
    Vec::clone(&words.listed(text, || listed(text, words)))
}

fn listed(text: &str, words: &EnumerationWords) -> Vec<Item> {
    // An example in JSON or PHP form lists nothing.
    if text.contains('{') || text.contains("=>") {
        return Vec::new();
    }
    let mut items = stacked(text);
    if items.len() < 2 {
        items = super::inputs::clocks::listed(text, words);
    }
    if items.len() < 2 {
        items = numbered(text, 0, words);
    }
    if items.len() < 2 {
        // `类型(1表示全职,2表示兼职)`: all of it stands in brackets.
        items = numbered(text, 1, words);
    }
    if items.len() < 2 {
        items = named(text, words);
    }
    if items.len() < 2 {
        items = lettered(text, words);
    }
    if items.len() < 2 {
        items = paired(text);
    }
    if items.len() < 2 {
        items = called(text);
    }
    if items.len() < 2 {
        items = told(text, words);
    }
    if items.len() < 2 {
        return Vec::new();
    }
    // `0先存着 1发布 默认1`: which counts where none is sent is said of none of them.
    let values: Vec<String> = items.iter().map(|item| item.value.clone()).collect();
    for item in &mut items {
        let stated = words.defaults.found_in(&item.words).find_map(|(start, word)| {
            let (said, rest) = (&item.words[..start], &item.words[start + word.len()..]);
            let rest = after_joints(rest, words);
            let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != '-').unwrap_or(rest.len());
            // The value behind the word may have been taken for the next one.
            let stands = rest.is_empty() || values.iter().any(|value| *value == rest[..end]);
            (stands && !said.trim().is_empty()).then(|| words_of(said, 0, &words.joints))
        });
        if let Some(said) = stated.filter(|said| !said.is_empty()) {
            item.words = said;
        }
    }
    items
}

/// `登录密码:login_password, 交易密码:pay_password`: what values are called before each, where all are called something of one kind.
fn called(text: &str) -> Vec<Item> {
    let is_value = |value: &str| {
        value.len() > 2
            && value.starts_with(|c: char| c.is_ascii_lowercase())
            && value
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'_' | b'-'))
    };
    let read = |piece: &str| -> Option<Item> {
        let (words, value) = piece.split_once([':', '：', '=', '＝'])?;
        let (words, value) = (words.trim(), value.trim());
        let named = words.chars().count() > 1 && words.chars().all(|c| !c.is_ascii() && c.is_alphabetic());
        (named && is_value(value)).then(|| Item { value: value.to_owned(), words: words.to_owned() })
    };
    let pieces = text.split([',', '，', '、', ';', '；', '/']).map(str::trim).filter(|piece| !piece.is_empty());
    let Some(items) = pieces.map(read).collect::<Option<Vec<Item>>>() else { return Vec::new() };
    let kind = |item: &Item| item.words.chars().next_back();
    let alike = items.iter().all(|item| kind(item) == items.first().and_then(kind));
    let apart = items.iter().enumerate().all(|(at, item)| items[..at].iter().all(|other| other.words != item.words));
    if alike && apart { items } else { Vec::new() }
}

fn after_joints<'t>(text: &'t str, words: &EnumerationWords) -> &'t str {
    let mut rest = text.trim_start();
    while let Some(joint) = words.joints.iter().find(|joint| rest.starts_with(joint.as_str())) {
        rest = rest[joint.len()..].trim_start();
    }
    rest
}

/// The value that counts where none is sent: `不传就是1`, `默认2`.
pub fn default(text: &str, items: &[Item], words: &EnumerationWords) -> Option<String> {
    let after = words.defaults.found_in(text).map(|(start, word)| &text[start + word.len()..]);
    let mut values = after.filter_map(|rest| {
        let rest = after_joints(rest, words);
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != '-').unwrap_or(rest.len());
        items.iter().find(|item| item.value == rest[..end]).map(|item| item.value.clone())
    });
    values.next()
}

/// The same beside an example value: a text that is nothing but a list of words with that value among them
/// (`active, suspended, deleted`) is an enumeration too.
pub fn read_beside(text: &str, example: &str, words: &EnumerationWords) -> Vec<Item> {
    let items = read(text, words);
    if !items.is_empty() {
        return items;
    }
    let whole = text;
    // `open, closed; all for all`: what comes after is another thing.
    let text = text.split([';', '；']).next().unwrap_or(text);
    let pieces = || text.split([',', '，', '/', '|', '、']).map(str::trim);
    let list = words_list(pieces(), words);
    let told = pieces().filter(|piece| !words.asides.iter().any(|aside| aside == piece)).count();
    let bare = list.len() >= 2 && list.len() == told && list.iter().any(|item| item.value == example);
    if bare {
        return list;
    }
    let list = run(whole, example, words);
    if list.is_empty() { spaced(whole, example) } else { list }
}

/// `口味 none/mild/spicy，默认none`: words in Latin letters apart by strokes, one of which is the example.
fn run(text: &str, example: &str, known: &EnumerationWords) -> Vec<Item> {
    // What tells a story lists in passing.
    if example.is_empty() || text.contains("//") || text.contains('。') {
        return Vec::new();
    }
    let is_sign = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '/' | '|' | ' ');
    let mut runs = text.split(|c: char| !is_sign(c)).map(str::trim);
    let found = runs.find_map(|run| {
        let pieces: Vec<&str> = run.split(['/', '|']).map(str::trim).collect();
        let is_word = |piece: &&str| {
            !piece.is_empty() && piece.chars().any(|c| c.is_ascii_alphabetic()) && !piece.contains(char::is_whitespace)
        };
        // What stands behind a blank after the last is another remark.
        let (last, before) = pieces.split_last()?;
        let last = last.split_whitespace().next()?;
        let first = before.first()?.split_whitespace().last()?;
        let words = std::iter::once(first).chain(before[1..].iter().copied()).chain([last]);
        let words: Vec<&str> = words.collect();
        let has = words.contains(&example);
        (has && words.iter().all(is_word)).then(|| words_list(words.into_iter(), known))
    });
    found.unwrap_or_default()
}

/// `draft 草稿，published 已发布`: words in Latin letters, each with what it says behind a blank, and the example among them.
fn spaced(text: &str, example: &str) -> Vec<Item> {
    let mut items: Vec<Item> = Vec::new();
    let marks = |c: char| ",，;；、。/|()（）:：".contains(c);
    for piece in text.split_inclusive(marks) {
        // `状态 status 有两个值：` only leads to a list.
        let leads = piece.ends_with([':', '：']);
        let piece = piece.trim_end_matches(marks);
        // `分类 baking 烘焙`: before the first stands what all of them are about; what is listed may have no marks between.
        let words: Vec<&str> = piece.split_whitespace().collect();
        let about = words.len() % 2;
        let (first, pairs) = words.split_at(about);
        if pairs.is_empty() || first.iter().any(|word| word.is_ascii() || !items.is_empty() || leads) {
            continue;
        }
        let pairs = pairs.chunks_exact(2).map(|pair| said_of(pair[0].trim_matches('`'), pair[1]));
        let Some(pairs) = pairs.collect::<Option<Vec<Item>>>() else { continue };
        for item in pairs {
            if !items.iter().any(|known| known.value == item.value) {
                items.push(item);
            }
        }
    }
    let listed = items.len() > 1 && !example.is_empty() && items.iter().any(|item| item.value == example);
    if listed { items } else { Vec::new() }
}

/// `reg 注册、pwd 找回密码`, `场景：work 工作，life 生活`: nothing but words in Latin letters, each with what it says behind a blank, none
/// of which is what members are called.
fn told(text: &str, words: &EnumerationWords) -> Vec<Item> {
    let text = text.trim().trim_end_matches(['。', ';', '；']);
    let bare = text.strip_suffix([')', '）']);
    let led = bare.and_then(|text| text.split_once(['(', '（'])).or_else(|| text.split_once([':', '：']));
    let led = led.filter(|(lead, _)| lead.chars().count() <= MOST_SAID && !lead.contains(' '));
    let list = led.map_or(text, |(_, list)| list);
    let pieces = list.split([',', '，', ';', '；', '、', '/', '|']).map(str::trim).filter(|piece| !piece.is_empty());
    // `work 工作 life 生活` has no marks between.
    let pairs = pieces.flat_map(|piece| {
        let words: Vec<&str> = piece.split_whitespace().collect();
        words.chunks(2).map(|pair| (pair[0], pair.get(1).copied())).collect::<Vec<_>>()
    });
    let read = |(value, said): (&str, Option<&str>)| {
        let item = said_of(value.trim_matches('`'), said?)?;
        let is_word = item.value.starts_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_uppercase());
        let is_member = words.members.iter().any(|member| item.value.eq_ignore_ascii_case(member))
            || ["_id", "Id", "_name", "_time"].iter().any(|end| item.value.ends_with(end));
        (is_word && !is_member).then_some(item)
    };
    let items = pairs.map(read).collect::<Option<Vec<Item>>>().unwrap_or_default();
    let apart = items.iter().enumerate().all(|(at, item)| items[..at].iter().all(|other| other.value != item.value));
    if apart { items } else { Vec::new() }
}

/// A value in Latin letters, and the one word that is said of it.
fn said_of(value: &str, said: &str) -> Option<Item> {
    let is_name =
        !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
    let short =
        (1..=MOST_SAID).contains(&said.chars().count()) && said.chars().all(|c| !c.is_ascii() && c.is_alphabetic());
    (is_name && short).then(|| Item { value: value.to_owned(), words: said.to_owned() })
}

/// `owner 业主 / worker 师傅`: nothing but values in Latin letters, each with what it says behind a blank, apart by strokes. What is
/// listed apart by commas (`id 编号, name 姓名`) can be names of members.
fn paired(text: &str) -> Vec<Item> {
    let is_stroke = |c: char| matches!(c, '/' | '|');
    let mut items: Vec<Item> = Vec::new();
    let pieces: Vec<&str> = text.split(is_stroke).map(str::trim).collect();
    for (at, piece) in pieces.iter().enumerate() {
        // Before the first stands what all of them are about, behind the last what else is to be said.
        let start = if at == 0 { piece.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(0) } else { 0 };
        let end = |c: char| at + 1 == pieces.len() && ",，;；。(（".contains(c);
        let piece = piece[start..].split(end).next().unwrap_or_default().trim();
        let Some((value, said)) = piece.split_once(char::is_whitespace) else { return Vec::new() };
        let item = said_of(value, said.trim()).filter(|item| !items.iter().any(|known| known.value == item.value));
        let Some(item) = item else { return Vec::new() };
        items.push(item);
    }
    items
}

/// Below what all of them are about, a line for each: `all:全部的`, `son:直属下级的`.
fn stacked(text: &str) -> Vec<Item> {
    let item = |line: &str| {
        let (value, said) = line.trim().split_once([':', '：'])?;
        let is_value = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        let said = said.trim();
        (is_value && !said.is_empty()).then(|| Item { value: value.to_owned(), words: said.to_owned() })
    };
    text.lines().skip(1).map(item).collect::<Option<Vec<Item>>>().unwrap_or_default()
}

fn words_of(text: &str, depth: usize, joints: &[String]) -> String {
    let end = |words: &str| words.trim_end_matches(|c: char| c.is_whitespace() || ",，;；、。/|*`".contains(c)).len();
    let mut words = &text[..end(text)];
    words = words.trim_start();
    while let Some(joint) = joints.iter().find(|joint| words.starts_with(joint.as_str())) {
        let rest = words[joint.len()..].trim_start();
        // `1是 0否`: what joins can be all that is said.
        if rest.is_empty() && joint.chars().all(char::is_alphabetic) {
            break;
        }
        words = rest;
    }
    let words = if depth > 0 { words.trim_end_matches([')', '）', '】', ']']) } else { words };
    words.trim().to_owned()
}

/// `可选值:mobile,android,web`, `male female secret 三选一`, `weixin or alipay`.
fn named(text: &str, words: &EnumerationWords) -> Vec<Item> {
    let bytes = Bytes::of(text);
    let start_of = |word: &String| bytes.may_make(word).then(|| text.find(word.as_str())).flatten();
    let end_of = |word: &String| start_of(word).map(|at| at + word.len());
    let list = if let Some(at) = words.introductions.iter().find_map(end_of) {
        &text[at..]
    } else if let Some(at) = words.closings.iter().find_map(start_of) {
        text[..at].trim_end_matches(|c: char| !c.is_ascii())
    } else if let Some((left, right)) = text.split_once(" or ") {
        // `all or nothing for all` lists nothing.
        let right = right.trim().trim_end_matches(['.', '。']);
        if right.contains(' ') {
            return Vec::new();
        }
        let right = right.split([',', '，']).next().unwrap_or(right);
        return words_list(before_or(left).into_iter().chain([right]), words);
    } else {
        return Vec::new();
    };
    words_list(list.split(|c: char| c.is_whitespace() || ":：,，、/|".contains(c)), words)
        .into_iter()
        .filter(|_| !super::inputs::clocks::has_time(list))
        .collect()
}

/// The words of a list before its `or`, from the first: `booked, picked, returned`; what stands before them is about them.
fn before_or(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    for piece in text.rsplit([',', '，', '、', '/']) {
        let piece = piece.trim();
        let word = piece.rsplit([' ', ':', '：']).next().unwrap_or(piece);
        if word.is_empty() {
            break;
        }
        found.push(word);
        if word.len() < piece.len() {
            break;
        }
    }
    found.reverse();
    found
}

/// Words or letters, each with what it says beside it: `Y是 N否`, `A-个人,B-企业`, `m男 f女`, `reg注册,login登录`. All are
/// written in one manner, so that a sentence with names in it (`token登录时返回,APP调用时带上`) is no list.
fn lettered(text: &str, words: &EnumerationWords) -> Vec<Item> {
    let text = &close_up(text);
    let pieces = text.split(|c: char| c.is_whitespace() || ",，;；、/|()（）[]【】".contains(c));
    let mut items: Vec<Item> = Vec::new();
    for piece in pieces.filter(|piece| !piece.is_empty()) {
        // `state：unpaid待付款`: what stands before a mark and a further word is what all of them are about.
        let after = piece.rsplit([':', '：', '=']).next().unwrap_or(piece);
        let is_first = items.is_empty() && after.starts_with(|c: char| c.is_ascii_alphabetic()) && !after.is_ascii();
        let piece = if is_first { after } else { piece };
        // `性别m男`, `用途:bind绑定`: before the first value stands what all of them are about.
        let start = piece.find(|c: char| c.is_ascii_alphabetic()).filter(|start| *start == 0 || items.is_empty());
        let Some(rest) = start.map(|start| &piece[start..]) else { continue };
        // `NEW新建、DONE办结。按时间排`: the list ends with its sentence.
        let (rest, ends) = rest.split_once('。').map_or((rest, false), |(rest, _)| (rest, true));
        let length = rest.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count();
        let said = words_of(&rest[length..], 0, &words.joints);
        let short =
            (1..=MOST_SAID).contains(&said.chars().count()) && !said.contains(|c: char| c.is_ascii_alphabetic());
        if short && !items.iter().any(|item| item.value == rest[..length]) {
            items.push(Item { value: rest[..length].to_owned(), words: said });
        }
        if ends && items.len() > 1 {
            break;
        }
    }
    let manner = |value: &str| {
        let upper = value.bytes().all(|byte| !byte.is_ascii_lowercase());
        let lower = value.bytes().all(|byte| !byte.is_ascii_uppercase());
        (value.len() == 1, upper, lower)
    };
    let alike = items.windows(2).all(|pair| manner(&pair[0].value) == manner(&pair[1].value));
    if alike { items } else { Vec::new() }
}

/// `NEW 新建, DONE 办结` as `NEW新建, DONE办结`. Capitals only: `id 编号, name 姓名` are no values.
fn close_up(text: &str) -> String {
    let mut closed = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(char::is_whitespace) {
        let (before, after) = rest.split_at(at);
        let spaces = after.len() - after.trim_start().len();
        let word = before.rsplit(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).next().unwrap_or_default();
        let is_constant = word.len() > 2
            && word.bytes().all(|byte| !byte.is_ascii_lowercase())
            && word.starts_with(|c: char| c.is_ascii_uppercase());
        let says = after.trim_start().starts_with(|c: char| c.is_alphabetic() && !c.is_ascii());
        closed.push_str(before);
        closed.push_str(if is_constant && says { "" } else { &after[..spaces] });
        rest = &after[spaces..];
    }
    closed + rest
}

/// What is said of a value is a word or two.
const MOST_SAID: usize = 8;

fn words_list<'t>(list: impl Iterator<Item = &'t str>, words: &EnumerationWords) -> Vec<Item> {
    let name = |word: &&str| {
        !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-')
    };
    let aside = |word: &&str| words.asides.iter().any(|aside| aside == word);
    let listed = list.filter(name).filter(|word| !aside(word));
    listed.map(|word| Item { value: word.to_owned(), words: word.to_owned() }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_for_each_value() {
        let values = |text: &str| stacked(text).into_iter().map(|item| item.value).collect::<Vec<_>>();
        assert_eq!(values("哪些\nall:名下所有的房间\nson:直属下级名下的房间"), ["all", "son"]);
        assert!(values("哪些\nall:全部\n以后再加").is_empty());
        assert!(values("哪些 all:全部").is_empty());
    }
    use crate::lexicon::Lexicon;

    fn check(text: &str, expected: &str) {
        let shown: Vec<String> = read(text, &Lexicon::standard().rules().enumerations)
            .into_iter()
            .map(|item| format!("{}={}", item.value, item.words))
            .collect();
        assert_eq!(shown.join("|"), expected, "{text}");
    }

    #[test]
    fn all_seen_punctuations() {
        check(
            "状态,0:正常使用,1冻结,2:未审核(未上传验证信息),3:信息认证未通过,4为审核中(已上传验证信息)5为假性删除",
            "0=正常使用|1=冻结|2=未审核(未上传验证信息)|3=信息认证未通过|4=审核中(已上传验证信息)|5=假性删除",
        );
        check("认证状态 1为已认证 0为未认证", "1=已认证|0=未认证");
        check("状态 1 正常 0 停用 2 冻结", "1=正常|0=停用|2=冻结");
        check("0=暂停 1=开启", "0=暂停|1=开启");
        check("1调试，2警告，3提示", "1=调试|2=警告|3=提示");
        check("骑手类型(1表示全职,2表示兼职,3表示众包)", "1=全职|2=兼职|3=众包");
        check("-1已取消 0待付款 1待发货", "-1=已取消|0=待付款|1=待发货");
        check("客户端;可选值:mobile,android,web", "mobile=mobile|android=android|web=web");
        check("性别 male female secret 三选一", "male=male|female=female|secret=secret");
        check("weixin or alipay", "weixin=weixin|alipay=alipay");
        check(
            "booked, picked, returned or cancelled",
            "booked=booked|picked=picked|returned=returned|cancelled=cancelled",
        );
        check("paid by card, cash or voucher", "card=card|cash=cash|voucher=voucher");
        check("是否开票 0 不开 1 开", "0=不开|1=开");
        check("认证状态 1为已认证", "");
        check("密码长度不可小于6位,大于16位", "");
        check("密码(6-20位)", "");
        check("例如2019-3-8 11:30-12:00", "");
        check("发票类型 1 纸质 2 电子", "1=纸质|2=电子");
        check("是否绑定 1是 0否", "1=是|0=否");
        check("分类 1日常 2求助 3领养", "1=日常|2=求助|3=领养");
        check("提前1天 2小时内不可取消", "");
        check("`pay_time` like \"2023-04-05 09:00:00\"", "");
        check("分类 1 日常 2 求助 3 领养", "1=日常|2=求助|3=领养");
        check("学院路 12 号 3 幢 405", "");
        check("评分 1 到 5 分", "");
        check("1至10的整数", "");
        check("from 1 to 5", "");
        check("公斤,整数,5公斤起,最多50公斤", "");
        check("不少于5桶，不超过50桶", "");
        check("3本起借,6本封顶", "");
        check("状态 1已发起 2已完成", "1=已发起|2=已完成");
        check("状态 0未到 1到 2迟到", "0=未到|1=到|2=迟到");
    }

    #[test]
    fn letters_and_words_as_values() {
        check("是否实名 Y-是 N-否", "Y=是|N=否");
        check("Y是 N否", "Y=是|N=否");
        check("类型(A-个人,B-企业)", "A=个人|B=企业");
        check("性别m男 f女", "m=男|f=女");
        check("车型 1轿车 2SUV 3商务车", "1=轿车|2=SUV|3=商务车");
        check("reg注册,login登录", "reg=注册|login=登录");
        check("订单状态 state：unpaid待付款 paid待发货 closed已关闭", "unpaid=待付款|paid=待发货|closed=已关闭");
        check("bind绑定手机 reset重置密码", "bind=绑定手机|reset=重置密码");
        check("NORMAL-正常 LOCKED-锁定 CANCELLED-已注销", "NORMAL=正常|LOCKED=锁定|CANCELLED=已注销");
        check("status：NEW 新建、DONE 办结、DROPPED 作废。按时间排", "NEW=新建|DONE=办结|DROPPED=作废");
        check("NEW 新建,IN_WORK 处理中,DONE 办结；不传为全部", "NEW=新建|IN_WORK=处理中|DONE=办结");
        check("id 编号,name 姓名", "");
        check("登录时返回的token,调用API时使用", "");
        check("token登录时返回,APP调用时带上", "");
        check("active, suspended, deleted", "");
        let beside = |example: &str| {
            read_beside("active, suspended, deleted", example, &Lexicon::standard().rules().enumerations).len()
        };
        assert_eq!((beside("active"), beside("jane")), (3, 0));
        let lexicon = Lexicon::standard();
        let words = &lexicon.rules().enumerations;
        let spaced =
            read_beside("状态有两个 status：draft 草稿，published 已发布。别人只看得到已发布的", "draft", words);
        let spaced: Vec<&str> = spaced.iter().map(|item| item.words.as_str()).collect();
        assert_eq!(spaced, ["草稿", "已发布"]);
        let values = |text: &str| read(text, words).into_iter().map(|item| item.value).collect::<Vec<_>>().join(" ");
        assert_eq!(values("reg 注册、pwd 找回密码"), "reg pwd");
        assert_eq!(values("场景：work 工作，life 生活"), "work life");
        assert_eq!(values("类型（work 工作 life 生活）"), "work life");
        assert_eq!(values("id 编号、name 姓名"), "");
        assert_eq!(values("reg 注册，其他不填"), "");
        assert_eq!(read_beside("id 编号,name 姓名", "jane", words).len(), 0);
        let values = |text: &str, example: &str| -> Vec<String> {
            read_beside(text, example, words).into_iter().map(|item| item.value).collect()
        };
        assert_eq!(values("口味 none/mild/spicy", "mild"), ["none", "mild", "spicy"]);
        assert_eq!(values("口味（none|mild|spicy），默认none", "none"), ["none", "mild", "spicy"]);
        assert_eq!(values("分类 baking 烘焙，home 家常菜，soup 煲汤", "baking"), ["baking", "home", "soup"]);
        assert_eq!(values("normal 普通、urgent 加急", "normal"), ["normal", "urgent"]);
        assert_eq!(values("normal 普通 / urgent 加急", "urgent"), ["normal", "urgent"]);
        assert_eq!(values("draft 草稿 published 已发布", "published"), ["draft", "published"]);
        assert_eq!(values("类型 post 帖子 user 用户，不传全部", "post"), ["post", "user"]);
        assert_eq!(values("地址 http://a.test/b/c", "b"), [""; 0]);
        assert_eq!(values("单位 km/h", "60"), [""; 0]);
    }
}
