//! The smallest texts that show a rule: what they mean, and what is said about them.

use super::*;

/// Exactly one value, equal to `expected`, and exactly these rules in the order of the text.
#[track_caller]
fn check(input: &str, expected: &str, rules: &[&str]) {
    let parsed = parse(input);
    let found: Vec<&str> = parsed.repairs.iter().map(|repair| repair.rule).collect();
    let values: Vec<String> = parsed.values.iter().map(|value| value.to_json().to_string()).collect();
    assert_eq!(values, [expected], "{input}\n{:#?}", parsed.repairs);
    assert_eq!(found, rules, "{input}\n{:#?}", parsed.repairs);
    for repair in &parsed.repairs {
        assert!(!repair.message.is_empty() && !repair.help.is_empty(), "{repair:?}");
        assert!(input.get(repair.span.range()).is_some(), "{repair:?}");
    }
}

/// The comments of the top members, in order; `-` where there is none.
fn comments(input: &str) -> Vec<String> {
    let parsed = parse(input);
    let text = |comment: &Option<Comment>| comment.as_ref().map_or("-".to_owned(), |comment| comment.text.clone());
    match &parsed.values[0].kind {
        Kind::Object(members) => members.iter().map(|member| text(&member.comment)).collect(),
        Kind::Array(items) => items.iter().map(|item| text(&item.comment)).collect(),
        _ => Vec::new(),
    }
}

#[test]
fn valid_json_needs_no_repair() {
    check(
        " {\"a\" : [1, 2.50, -0e+1 , true,false,null, \"\\u4e2d\\n/\"], \"b\":{} }\r\n",
        r#"{"a":[1,2.50,-0e+1,true,false,null,"中\n/"],"b":{}}"#,
        &[],
    );
    check("[]", "[]", &[]);
    check(r#"{"":{"“a”":"，：“”//#"}}"#, r#"{"":{"“a”":"，：“”//#"}}"#, &[]);
}

#[test]
fn no_break_and_wide_spaces_are_blanks() {
    check("{\u{a0}\"a\":\u{3000}1}", r#"{"a":1}"#, &[]);
    check("\u{feff}{\"a\":1}", r#"{"a":1}"#, &["json-bom"]);
}

#[test]
fn comments_of_all_forms() {
    check("{\"a\":1 //状态\n}", r#"{"a":1}"#, &["json-comment"]);
    check("{/* x */\"a\":/**/1}", r#"{"a":1}"#, &["json-comment", "json-comment"]);
    check("{\"a\":1 # 状态\n}", r#"{"a":1}"#, &["json-comment"]);
    check("{\"a\":\"\", / 大棚位置\n\"b\":1}", r#"{"a":"","b":1}"#, &["json-comment"]);
    check("{\"a\":300//秒\n}", r#"{"a":300}"#, &["json-comment"]);
    check("{\"a\":1 /* 没有结束\n}", r#"{"a":1}"#, &["json-comment", "json-unclosed"]);
}

#[test]
fn a_comment_belongs_to_the_entry_on_its_line_or_the_next() {
    assert_eq!(comments("{\"a\":1, //甲\n//乙\n\"b\":2 //丙\n}"), ["甲", "乙\n丙"]);
    assert_eq!(comments("{\"a\":{ //甲\n\"x\":1\n}, //乙\n\"b\": //丙\n2}"), ["甲\n乙", "丙"]);
    assert_eq!(comments("{/* 甲 */ \"a\":1, /* 乙 */ \"b\":2 /* 丙 */, \"c\":3}"), ["甲", "乙\n丙", "-"]);
    assert_eq!(comments("[ //列表\n1, //甲\n//乙\n2]"), ["甲", "乙"]);
    assert_eq!(comments("{\"a\":1,(0否 1是)\n\"b\":2 状态\n}"), ["0否 1是", "状态"]);
    assert_eq!(comments("{\"a\":[\n//甲\n{\"x\":1}]\n//丙\n}"), ["-"]);
}

#[test]
fn a_comment_for_nothing_is_kept_apart() {
    let parsed = parse("{\"a\":1\n//\"b\":2\n}\n//完");
    let texts: Vec<&str> = parsed.comments.iter().map(|comment| comment.text.as_str()).collect();
    assert_eq!(texts, ["\"b\":2", "完"]);
}

#[test]
fn curly_quotes_are_quotes_only_outside() {
    check("{“a”:1}", r#"{"a":1}"#, &["json-smart-quote"]);
    check("{”a”:“b“}", r#"{"a":"b"}"#, &["json-smart-quote", "json-smart-quote"]);
    check("{“a\":\"b”,\n\"c”:1}", r#"{"a":"b","c":1}"#, &["json-smart-quote"; 3]);
    check("{‘a’:1}", r#"{"a":1}"#, &["json-smart-quote"]);
    check(r#"{"a":"他说“好”"}"#, r#"{"a":"他说“好”"}"#, &[]);
    let repair = &parse("{“authenticationState”:1}").repairs[0];
    assert_eq!(repair.message, "a curly quote “ stands at this key");
    assert_eq!(repair.help, "write `\"authenticationState\"`");
}

#[test]
fn single_quotes() {
    check(
        "{'a':'b\"c','d':'it\\'s'}",
        r#"{"a":"b\"c","d":"it's"}"#,
        &["json-single-quote", "json-single-quote", "json-single-quote", "json-single-quote", "json-bad-escape"],
    );
}

#[test]
fn commas_too_many_and_too_few() {
    check("{\"a\":1,}", r#"{"a":1}"#, &["json-trailing-comma"]);
    check("[1,2,\n]", "[1,2]", &["json-trailing-comma"]);
    check("{\"a\":1\n\"b\":2}", r#"{"a":1,"b":2}"#, &["json-missing-comma"]);
    check("[1 2 {}{}\"x\"]", "[1,2,{},{},\"x\"]", &["json-missing-comma"; 4]);
    check("{\"a\":1,,\"b\":2}", r#"{"a":1,"b":2}"#, &["json-double-comma"]);
    check("[,1]", "[1]", &["json-double-comma"]);
    check("{\"a\":1 b:2}", r#"{"a":1,"b":2}"#, &["json-missing-comma", "json-bare-key"]);
}

#[test]
fn an_ellipsis_stands_for_nothing() {
    check("[1,\n......\n]", "[1]", &["json-ellipsis"]);
    check("[1,...,2]", "[1,2]", &["json-ellipsis"]);
    check("{\"a\":[...],\"b\":{…},……}", r#"{"a":[],"b":{}}"#, &["json-ellipsis"; 3]);
    check("{\"a\":...}", r#"{"a":null}"#, &["json-ellipsis"]);
}

#[test]
fn words_between_values_are_notes() {
    check("{\n    同地址列表\n}", "{}", &["json-bare-note"]);
    check("{\"a\":1,(note)\n\"b\":2}", r#"{"a":1,"b":2}"#, &["json-bare-note"]);
    check("{\"a\":1（0:否,1:是）,\"b\":2}", r#"{"a":1,"b":2}"#, &["json-bare-note"]);
    check("{\"a\":1 已认证,\"b\":\"x\" 说明\n}", r#"{"a":1,"b":"x"}"#, &["json-bare-note", "json-bare-note"]);
    check("[{\"a\":1}, 同上，略]", r#"[{"a":1}]"#, &["json-trailing-comma", "json-bare-note"]);
    check("{说明：同上, \"a\":1}", r#"{"a":1}"#, &["json-bare-note"]);
    check("{\"a\":1, see http://x.test/a for more\n\"b\":2}", r#"{"a":1,"b":2}"#, &["json-bare-note"]);
}

#[test]
fn an_object_without_a_name_takes_the_place_of_the_empty_one() {
    check("{ {\"a\":1} }", r#"{"a":1}"#, &["json-nameless-object"]);
    check("{\"data\": { {\"a\":1} }, \"b\":2}", r#"{"data":{"a":1},"b":2}"#, &["json-nameless-object"]);
    check("{\"data\":\n{\n{\n\"a\":1\n}\n}\n}", r#"{"data":{"a":1}}"#, &["json-nameless-object"]);
    check("{ {\"a\":1}, {\"a\":2} }", r#"[{"a":1},{"a":2}]"#, &["json-nameless-object"; 2]);
    check("{\"a\":1, {\"b\":2,\"a\":3}, \"c\":4}", r#"{"a":1,"b":2,"c":4}"#, &["json-nameless-object"]);
    check("{\"a\":1, [2]}", r#"{"a":1}"#, &["json-nameless-object"]);
}

#[test]
fn arrows_and_arrays_of_scripts() {
    check("{\"a\" => 1}", r#"{"a":1}"#, &["json-arrow"]);
    check(
        "['shop_id' => ['coupon_id' => '优惠券id'], 2 => 'x']",
        r#"{"shop_id":{"coupon_id":"优惠券id"},"2":"x"}"#,
        &[
            "json-single-quote",
            "json-arrow",
            "json-single-quote",
            "json-arrow",
            "json-single-quote",
            "json-bare-key",
            "json-arrow",
            "json-single-quote",
        ],
    );
    check("[\"a\":1,\"b\":2]", r#"{"a":1,"b":2}"#, &["json-named-item"]);
}

#[test]
fn a_missing_value_is_null() {
    check("{\"a\": ,\"b\":1}", r#"{"a":null,"b":1}"#, &["json-missing-value"]);
    check("{\"b\":1,\"a\":}", r#"{"b":1,"a":null}"#, &["json-missing-value"]);
    check("{\"a\":\n\"b\":1}", r#"{"a":null,"b":1}"#, &["json-missing-value", "json-missing-comma"]);
    check("{\"a\"}", r#"{"a":null}"#, &["json-missing-value"]);
    check("{\"a\": // 说明\n}", r#"{"a":null}"#, &["json-missing-value", "json-comment"]);
}

#[test]
fn a_missing_colon() {
    check(
        "{\"a\" 1, \"b\" {}, c {}}",
        r#"{"a":1,"b":{},"c":{}}"#,
        &["json-missing-colon", "json-missing-colon", "json-missing-colon", "json-bare-key"],
    );
    check("{\"a\"::1}", r#"{"a":1}"#, &["json-surplus"]);
}

#[test]
fn bare_keys_and_scalars() {
    check("{code: 1, user name: 2, 姓名: \"x\"}", r#"{"code":1,"user name":2,"姓名":"x"}"#, &["json-bare-key"; 3]);
    check("{\"a\":!0}", r#"{"a":"!0"}"#, &["json-bare-scalar"]);
    check(
        "[007,undefined,+1,.5,1.,NaN,0x1F]",
        r#"["007","undefined","+1",".5","1.","NaN","0x1F"]"#,
        &["json-bare-scalar"; 7],
    );
    check(
        "{\"a\":2019-01-01 10:00:00,\"b\":10 000}",
        r#"{"a":"2019-01-01 10:00:00","b":"10 000"}"#,
        &["json-bare-scalar"; 2],
    );
    check("{\"a\":http://x.test/a //地址\n}", r#"{"a":"http://x.test/a"}"#, &["json-bare-scalar", "json-comment"]);
    check(
        "{\"a\":#fff,\"b\":/x/y,\"c\":成功，请登录,\"d\":int(1,2)}",
        r##"{"a":"#fff","b":"/x/y","c":"成功，请登录","d":"int(1,2)"}"##,
        &["json-bare-scalar"; 4],
    );
}

#[test]
fn full_width_marks_are_marks_outside_strings() {
    check("｛\"a\"：［1，2］，\"b\":\"：，\"｝", r#"{"a":[1,2],"b":"：，"}"#, &["json-full-width"; 7]);
    check("{＂a＂:1}", r#"{"a":1}"#, &["json-full-width"]);
}

#[test]
fn what_is_open_at_the_end() {
    check("{\"a\":{\"b\":[1", r#"{"a":{"b":[1]}}"#, &["json-unclosed"]);
    check("{\"a\":[1,2}", r#"{"a":[1,2]}"#, &["json-unclosed"]);
    check("{\"a\":\n", r#"{"a":null}"#, &["json-unclosed", "json-missing-value"]);
    check(
        "{\"a\":1,\"b\":2,\"a\":\n说明",
        r#"{"a":null,"b":2}"#,
        &["json-unclosed", "json-duplicate-key", "json-missing-value"],
    );
    check("{\"a\":\"b", r#"{"a":"b"}"#, &["json-unclosed", "json-unclosed"]);
    check(
        "{\"list\":[{\"a\":1},\n\"total\":5}",
        r#"{"list":[{"a":1}],"total":5}"#,
        &["json-unclosed", "json-trailing-comma"],
    );
    assert_eq!(parse("{\"a\":{\"b\":[1").repairs[0].help, "write `]}}` at the end");
}

#[test]
fn an_open_string_ends_with_its_line() {
    check("{\"a\": \"text,\n\"b\": \"x\"}", r#"{"a":"text","b":"x"}"#, &["json-unclosed"]);
    check("{\"a\": \"text, //说明\n\"b\": \"x\"\n}", r#"{"a":"text","b":"x"}"#, &["json-unclosed", "json-comment"]);
    check("{\"a\": \"text\n}", r#"{"a":"text"}"#, &["json-unclosed"]);
    check("{\"a\": \"text}", r#"{"a":"text"}"#, &["json-unclosed"]);
    check("{\"a\": \"{x},\n\"b: 1,\n\"c: \"d\"}", r#"{"a":"{x}","b":1,"c":"d"}"#, &["json-unclosed"; 3]);
}

#[test]
fn a_line_break_in_a_string_is_content() {
    check(
        "{\"a\": \"one,\r\n two\",\n\"b\": \"three\n\"\n}",
        r#"{"a":"one,\n two","b":"three\n"}"#,
        &["json-raw-newline"; 2],
    );
    check("[\"a\tb\"]", r#"["a\tb"]"#, &["json-control-character"]);
}

#[test]
fn escapes_that_are_none() {
    check(r#"["C:\dir","\u12","\ud83d","\ud83d\ude00"]"#, r#"["C:\\dir","\\u12","�","😀"]"#, &["json-bad-escape"; 3]);
}

#[test]
fn brackets_too_many_and_of_the_wrong_kind() {
    check("{\"a\":1}}", r#"{"a":1}"#, &["json-surplus"]);
    check("{\"a\":1}\n}\n", r#"{"a":1}"#, &["json-surplus"]);
    check("{\"a\":{\"b\":1}},\"c\":2}", r#"{"a":{"b":1},"c":2}"#, &["json-surplus"]);
    check("{\"a\":{\"b\":1}}\n\"c\":2}", r#"{"a":{"b":1},"c":2}"#, &["json-surplus", "json-missing-comma"]);
    check("{\"a\":[1,2},\"b\":3}", r#"{"a":[1,2],"b":3}"#, &["json-wrong-bracket"]);
    check("{\"a\":{\"b\":1],\"c\":2}", r#"{"a":{"b":1},"c":2}"#, &["json-wrong-bracket"]);
    check("{\"a\":1},", r#"{"a":1}"#, &["json-trailing-comma"]);
    check("{\"a\":1});", r#"{"a":1}"#, &["json-surplus", "json-surplus"]);
}

#[test]
fn keys_lose_their_blanks_and_come_once() {
    check("{\"a \":1,\" b\":2}", r#"{"a":1,"b":2}"#, &["json-key-blank"; 2]);
    check("{\"a\":1,\"b\":2,\"a\":3}", r#"{"a":3,"b":2}"#, &["json-duplicate-key"]);
    check("{\" \":1}", r#"{" ":1}"#, &[]);
}

#[test]
fn several_values_each_under_its_caption() {
    let parsed = parse("// 成功\n{\"a\":1}\n// 失败\n// 两行\n{\"a\":2} // 完\n返回值：{\"a\":3},[4]");
    let texts: Vec<String> = parsed.values.iter().map(|value| value.to_json().to_string()).collect();
    assert_eq!(texts, [r#"{"a":1}"#, r#"{"a":2}"#, r#"{"a":3}"#, "[4]"]);
    let captions = parsed.values.iter().map(|value| value.caption.as_ref().map_or("-", |caption| &caption.text));
    assert_eq!(captions.collect::<Vec<_>>(), ["成功", "失败\n两行\n完", "-", "-"]);
    assert_eq!(parsed.prose, ["返回值："]);
    let rules: Vec<&str> =
        parsed.repairs.iter().map(|repair| repair.rule).filter(|rule| *rule != "json-comment").collect();
    assert_eq!(rules, ["json-several-values"]);
}

#[test]
fn a_value_that_is_not_closed_leaves_the_next_alone() {
    let parsed = parse("// 成功\n{\n\"a\":1\n// 失败\n{\n\"a\":2\n}");
    let texts: Vec<String> = parsed.values.iter().map(|value| value.to_json().to_string()).collect();
    assert_eq!(texts, [r#"{"a":1}"#, r#"{"a":2}"#]);
    assert_eq!(parsed.values[1].caption.as_ref().unwrap().text, "失败");
}

#[test]
fn prose_is_kept_as_it_stands() {
    for body in ["{\"a\":1}", "{\"a\":1", "{\n\"a\":{\"b\":1}\n", "{\"a\":\"b"] {
        let text = format!("500\n{body}\n可能返回的错误:\n1006 输入的信息不符合\r\n\n1007:已存在, 请登录\n");
        let parsed = parse(&text);
        assert_eq!(parsed.values.len(), 1, "{body}");
        assert_eq!(parsed.prose, ["500", "可能返回的错误:", "1006 输入的信息不符合", "1007:已存在, 请登录"], "{body}");
        assert!(parsed.repairs.iter().all(|repair| repair.rule == "json-unclosed"), "{:?}", parsed.repairs);
        assert!(parsed.values[0].to_json().get("a").is_some());
    }
}

#[test]
fn words_alone_are_prose_without_a_complaint() {
    let text = "失败时 status 不等于 1，原因看 msg\n多种状态就再加一段 <<< ,\n## 标题\n[TOC]\n/api/{id}";
    let parsed = parse(text);
    assert_eq!(parsed.prose, text.lines().collect::<Vec<_>>());
    assert!(parsed.values.is_empty() && parsed.repairs.is_empty(), "{parsed:?}");
}

#[test]
fn a_lone_scalar_is_a_value_only_if_it_is_valid() {
    check(" \"ok\"\n", "\"ok\"", &[]);
    check("1.50", "1.50", &[]);
    check("null", "null", &[]);
    for prose in ["“ok”", "ok", "007", "1 2", "\"a\" \"b\""] {
        assert_eq!(parse(prose).prose, [prose]);
        assert!(parse(prose).values.is_empty(), "{prose}");
    }
    assert_eq!(parse(" \n\u{3000}\n"), Parsed::default());
}

#[test]
fn what_lies_too_deep_is_null() {
    let nested = |depth: usize| format!("{}1{}", "[".repeat(depth), "]".repeat(depth));
    assert_eq!(parse(&nested(128)).values[0].to_json().to_string(), nested(128));
    let text = nested(129);
    let parsed = parse(&text);
    assert_eq!(parsed.values[0].to_json().to_string(), nested(128).replace('1', "null"));
    assert_eq!(parsed.repairs.len(), 1);
    assert_eq!(parsed.repairs[0].rule, "json-too-deep");
    for text in ["[".repeat(100_000), "{\"a\":".repeat(100_000), nested(100_000), "{\"a\":[".repeat(50_000)] {
        assert_eq!(parse(&text).values.len(), 1);
    }
}

#[test]
fn places_are_those_of_the_text() {
    let text = "说明\n{“状态” : [ 1.5, \"x\" ] }";
    let parsed = parse(text);
    let Kind::Object(members) = &parsed.values[0].kind else { panic!("an object") };
    assert_eq!(&text[parsed.values[0].span.range()], "{“状态” : [ 1.5, \"x\" ] }");
    assert_eq!(&text[members[0].key_span.range()], "“状态”");
    assert_eq!(&text[members[0].value.span.range()], "[ 1.5, \"x\" ]");
    let Kind::Array(items) = &members[0].value.kind else { panic!("an array") };
    assert_eq!(items.iter().map(|item| &text[item.value.span.range()]).collect::<Vec<_>>(), ["1.5", "\"x\""]);
}

#[test]
fn words_right_behind_null_are_a_note() {
    check("{\"a\": null会员标志\n}", r#"{"a":null}"#, &["json-bare-note"]);
    check("{\"a\": true是否置顶,\n\"b\": 1个}", r#"{"a":true,"b":"1个"}"#, &["json-bare-note", "json-bare-scalar"]);
}

#[test]
fn corner_quotes() {
    check(
        "{「a」: 「好」, 『b』：『请点「确定」』}",
        r#"{"a":"好","b":"请点「确定」"}"#,
        &["json-smart-quote", "json-smart-quote", "json-smart-quote", "json-full-width", "json-smart-quote"],
    );
    check("{\"a\": \"请点「确定」\"}", r#"{"a":"请点「确定」"}"#, &[]);
}
