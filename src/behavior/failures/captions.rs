//! What stands above an error value of when it comes: `// 未传入token` above `Signature has expired.`.
//!
//! In: an example, and what its message means. Out: the message's words and the caption's together, and what both mean.

use crate::lexicon::{Class, Meaning};
use crate::spec::Example;
use std::sync::Arc;

/// None where nothing stands above the value, or nothing that tells of any failure.
pub(in crate::behavior) fn read(
    example: &Example,
    message: &str,
    meaning: &mut Meaning,
    meaning_of: impl Fn(&str) -> Meaning,
) -> Option<Arc<str>> {
    let mut captioned: Option<String> = None;
    for note in example.comments.iter().filter(|note| note.path.is_empty() && !note.text.trim().is_empty()) {
        let caption = meaning_of(&note.text);
        // `失败示例` says nothing, and `参数错误` no more than the message does.
        if caption.classes.iter().all(|class| *class == Class::Failed) {
            continue;
        }
        let plain = |class: &Class| !matches!(class, Class::Malformed | Class::Failed);
        let open = meaning.classes.iter().all(|class| matches!(class, Class::Expired | Class::Failed));
        let leads = open || caption.classes.iter().any(plain);
        let more: Vec<Class> = caption.classes.into_iter().filter(|class| !leads || *class != Class::Failed).collect();
        if leads {
            meaning.classes.retain(|class| !more.contains(class));
            meaning.classes.splice(0..0, more);
        } else {
            let is_new = |class: &Class| !meaning.classes.contains(class);
            let more: Vec<Class> = more.into_iter().filter(is_new).collect();
            meaning.classes.extend(more);
        }
        for subject in caption.subjects {
            if !meaning.subjects.contains(&subject) {
                meaning.subjects.push(subject);
            }
        }
        let words = captioned.get_or_insert_with(String::new);
        words.push_str(note.text.trim());
        words.push('\n');
    }
    captioned.map(|words| (words + message).into())
}
