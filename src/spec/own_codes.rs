//! Lines below blocks that tell codes, though nothing announces them: `1 邮箱已注册`, `2 昵称已被使用` under 注册.
//!
//! In: the endpoints of all documents with the lines that may do so. Out: their tables of codes. A list of values has the same form
//! (`1 待付款`): what tells them apart is that nearly all such lines of a document say what goes wrong.

use super::block::{Found, add_rows};
use super::code_lines::PLAIN;
use super::{CodeRow, CodeTable, Note};
use crate::lexicon::{Class, Lexicon};
use crate::source::FileId;
use std::collections::{HashMap, HashSet};

/// A line of that form, which is a note as long as nobody knows better.
pub(super) struct Unsure {
    pub(super) row: CodeRow,
}

#[derive(Default)]
struct Count {
    all: usize,
    understood: usize,
    plain: usize,
}

pub(super) fn settle(found: &mut [Found], lexicon: &Lexicon) {
    let mut counts: HashMap<FileId, Count> = HashMap::new();
    for row in found.iter().flat_map(|one| &one.unsure).map(|unsure| &unsure.row) {
        let count = counts.entry(row.place.file).or_default();
        let classes = lexicon.meaning(&row.text).classes;
        count.all += 1;
        count.understood += usize::from(fails(row, lexicon));
        let plain = |class: &Class| PLAIN.contains(class) || matches!(class, Class::NotFound | Class::Exists);
        count.plain += usize::from(classes.first().is_some_and(plain));
    }
    for one in found.iter_mut() {
        let unsure = std::mem::take(&mut one.unsure);
        let Some(first) = unsure.first() else { continue };
        let Some(count) = counts.get(&first.row.place.file) else { continue };
        let sure = count.all > 1 && count.plain > 1 && count.understood * MOST.1 >= count.all * MOST.0;
        // `0 未读`, `1 已读`: a list that begins with nought is one of values.
        let is_value = unsure.iter().any(|unsure| unsure.row.code.bytes().all(|byte| byte == b'0'));
        if !sure || is_value || !unsure.iter().any(|unsure| fails(&unsure.row, lexicon)) {
            continue;
        }
        let rows: Vec<CodeRow> = unsure.into_iter().map(|unsure| unsure.row).collect();
        let places: HashSet<_> = rows.iter().map(|row| row.place).collect();
        one.endpoint.notes.retain(|note: &Note| !places.contains(&note.place));
        add_rows(&mut one.endpoint.codes, CodeTable::new(rows));
    }
}

fn fails(row: &CodeRow, lexicon: &Lexicon) -> bool {
    row.text.chars().count() <= LONGEST && !lexicon.meaning(&row.text).classes.is_empty()
}

/// So many of so many lines have to say what goes wrong.
const MOST: (usize, usize) = (4, 5);
/// In characters, of a message.
const LONGEST: usize = 24;

#[cfg(test)]
mod tests {
    use crate::lexicon::Lexicon;
    use crate::source::Source;
    use crate::spec::{Settings, lower};

    fn codes(lists: [&str; 2]) -> String {
        let blocks = lists.map(|list| format!("## 接口\n+++\npost:/x/{}\n+++\n{list}\n\n", list.len()));
        let set = lower(vec![Source::new("a.md", blocks.concat())], &Settings::default(), &Lexicon::standard());
        let rows = set.endpoints.iter().flat_map(|endpoint| &endpoint.codes.rows);
        rows.map(|row| format!("{}{}", row.code, row.text)).collect::<Vec<_>>().join("|")
    }

    #[test]
    fn lines_below_blocks_tell_codes() {
        assert_eq!(codes(["1 邮箱已注册\n2 昵称已被使用", "1 用户不存在"]), "1邮箱已注册|2昵称已被使用|1用户不存在");
        assert_eq!(codes(["- 1 邮箱已注册\n- 2 验证码错误", "* 1：用户不存在"]), "1邮箱已注册|2验证码错误|1用户不存在");
        assert_eq!(codes(["错误：\n1 邮箱已注册", ""]), "1邮箱已注册");
    }

    #[test]
    fn values_stay_values() {
        assert_eq!(codes(["1 待付款\n2 已付款", "1 男\n2 女"]), "");
        assert_eq!(codes(["0 未注册\n1 已注册", "0 不存在\n1 已存在"]), "");
        assert_eq!(codes(["1、手机号不存在时会提示\n2、昵称已被使用时提示", ""]), "");
        assert_eq!(codes(["可能的错误：\n1、邮箱注册过时提示邮箱已注册\n2. 昵称重复时提示昵称已被使用", ""]), "");
        assert_eq!(codes(["可能的错误：\n1、邮箱已注册\n2、昵称已被使用", ""]), "1邮箱已注册|2昵称已被使用");
    }
}
