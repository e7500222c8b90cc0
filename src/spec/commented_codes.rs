//! Codes in the remark beside the code of a reply: `"code": 200, //200成功 4000缺参数 4101验证码不正确`.
//!
//! In: the examples of a section. Out: the codes other than what succeeds. The remark beside a record's status is of the same form:
//! what is no code of three places is one where the reply's own is called a success and what another says goes wrong.

use super::prose::{Reader, is_telling};
use super::{CodeRow, Example};
use crate::json::{Json, Step};
use crate::lexicon::EnvelopeKey;

pub(super) fn rows(examples: &[Example], reader: &Reader<'_>) -> Vec<CodeRow> {
    let remarks = examples.iter().filter(|example| !example.is_table).flat_map(|example| {
        let told = example.comments.iter().filter(|note| is_code_member(&note.path, reader));
        told.filter_map(|note| Some((example.value.at(&note.path).and_then(Json::scalar_text)?, note)))
    });
    let found = remarks.flat_map(|(own, note)| {
        let mut rows = reader.codes_at(&note.text, note.place);
        let fine = rows.iter().any(|row| *row.code == *own && is_success(&row.text, reader));
        rows.retain(|row| *row.code != *own);
        let says =
            |row: &CodeRow| [&row.text, &row.when].iter().any(|text| !reader.lexicon.meaning(text).classes.is_empty());
        let telling = rows.iter().all(|row| is_telling(&row.code) && says(row));
        let told = telling || (fine && rows.iter().any(says));
        rows.retain(|row| told && !(row.text.is_empty() && row.when.is_empty()) && !is_success(&row.text, reader));
        rows
    });
    found.collect()
}

/// A member at the top or right below it that is called as codes are.
fn is_code_member(path: &[Step], reader: &Reader<'_>) -> bool {
    let by_name = |key: &str| reader.lexicon.envelope_rank(EnvelopeKey::Code, key).is_some();
    matches!(path, [Step::Key(key)] | [Step::Key(_), Step::Key(key)] if by_name(key))
}

fn is_success(text: &str, reader: &Reader<'_>) -> bool {
    reader.lexicon.is_nothing_but("success-label", text) && reader.lexicon.speaks_of("on-success", text)
}

#[cfg(test)]
mod tests {
    use super::super::{Settings, lower};
    use crate::lexicon::Lexicon;
    use crate::source::Source;

    fn rows(reply: &str) -> Vec<String> {
        let text = format!("## 注册\n~~~[api]\npost:/join\n*phone#手机号\n<<<\nsuccess\n{reply}\n~~~\n");
        let set = lower(vec![Source::new("a.md", text)], &Settings::default(), &Lexicon::standard());
        set.endpoints[0].codes.rows.iter().map(|row| format!("{} {}", row.code, row.text)).collect()
    }

    #[test]
    fn remarks_beside_a_code_list_codes() {
        let both = ["4000 缺参数", "4101 验证码不正确"];
        let told = |remark: &str| rows(&format!("{{\n\"code\":200, //{remark}\n\"msg\":\"ok\"\n}}"));
        assert_eq!(told("200成功 4000缺参数 4101验证码不正确"), both);
        assert_eq!(told("200:成功,4000:缺参数,4101:验证码不正确"), both);
        assert_eq!(told("200 成功；4000 缺参数；4101 验证码不正确"), both);
        assert_eq!(told("4000缺参数 4101验证码不正确"), both);
        assert_eq!(told("200已发送 4000缺参数 4101验证码不正确"), both);
        assert_eq!(rows("{\"code\":0, //0成功 1缺参数 2验证码不正确\n\"msg\":\"\"}"), ["1 缺参数", "2 验证码不正确"]);
        assert!(told("状态码").is_empty());
        assert!(rows("{\"status\":1, //0待支付 1已支付 2已取消\n\"id\":3}").is_empty());
        assert!(rows("{\"code\":0,\"data\":{\"status\":1 //1正常 2审核中\n}}").is_empty());
    }
}
