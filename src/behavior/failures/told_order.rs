//! In which order an endpoint looks at things, where a sentence says it: `先看有没有领过，再看剩余，再看积分`.
//!
//! In: the checks of an endpoint, and the remarks on it. Out: the checks that the sentence speaks of, in its order, each group in
//! the places that these checks had together.

use crate::behavior::collection::prose::{remarks, sentences};
use crate::behavior::{Check, Demand};
use crate::lexicon::Lexicon;
use crate::spec::{Endpoint, Note};

pub(in crate::behavior) fn sort(checks: &mut Vec<Check>, endpoint: &Endpoint, prose: &[Note], lexicon: &Lexicon) {
    let notes = remarks(prose, endpoint).chain(&endpoint.notes);
    let told = notes.flat_map(|note| sentences(&note.text)).map(|text| steps(text, lexicon));
    for steps in told.filter(|steps| steps.len() > 1) {
        let step_of: Vec<Option<usize>> = checks.iter().map(|check| step_of(check, &steps, lexicon)).collect();
        let places: Vec<usize> = (0..checks.len()).filter(|at| step_of[*at].is_some()).collect();
        let mut sorted = places.clone();
        sorted.sort_by_key(|at| step_of[*at]);
        if sorted == places {
            continue;
        }
        let mut taken: Vec<Option<Check>> = std::mem::take(checks).into_iter().map(Some).collect();
        let order =
            (0..taken.len()).map(|at| places.iter().position(|place| *place == at).map_or(at, |nth| sorted[nth]));
        let order: Vec<usize> = order.collect();
        checks.extend(order.into_iter().filter_map(|at| taken[at].take()));
    }
}

/// What is looked at, in turn; nothing where no more than one is.
fn steps<'t>(text: &'t str, lexicon: &Lexicon) -> Vec<&'t str> {
    let Some(first) = lexicon.after("looks-first", text) else { return Vec::new() };
    let mut steps = Vec::new();
    for piece in text[first..].split([',', '，', '、', '→', '>', '＞']) {
        let mut rest = piece;
        while let (Some(start), Some(end)) = (lexicon.before("looks-then", rest), lexicon.after("looks-then", rest)) {
            steps.push(&rest[..start]);
            rest = &rest[end..];
        }
        steps.push(rest);
    }
    let mut steps: Vec<&str> =
        steps.into_iter().map(|step| step.trim_matches(|c: char| !c.is_alphanumeric())).collect();
    steps.retain(|step| !step.is_empty());
    steps
}

/// The step that speaks of what a check looks at, if one does more than the others.
fn step_of(check: &Check, steps: &[&str], lexicon: &Lexicon) -> Option<usize> {
    let message = check.failure.message.as_str();
    let topic = topic(&check.demand);
    let points = |step: &str| {
        let kind = topic.is_some_and(|topic| lexicon.speaks_of(topic, step));
        let voucher = |text: &str| lexicon.speaks_of("voucher-like", text);
        let shared = share_a_word(&lexicon.without("insufficient-word", message), step);
        usize::from(kind) + 2 * usize::from(shared) + 2 * usize::from(voucher(step) && voucher(message))
    };
    let all: Vec<usize> = steps.iter().map(|step| points(step)).collect();
    let most = all.iter().copied().max().filter(|most| *most > 0)?;
    all.iter().position(|points| *points == most)
}

/// The words in which a step says that it looks at such a thing.
fn topic(demand: &Demand) -> Option<&'static str> {
    match demand {
        Demand::Enough(_) | Demand::Places { .. } | Demand::Room { .. } => Some("step-left"),
        Demand::FewerThan { .. }
        | Demand::Unlike { .. }
        | Demand::Apart(_)
        | Demand::Unused { .. }
        | Demand::Untaken { .. }
        | Demand::NotDone { .. } => Some("step-done"),
        Demand::Funds { .. } => Some("step-funds"),
        Demand::InState { .. } => Some("step-state"),
        Demand::Found { .. } | Demand::Referenced { .. } => Some("step-exists"),
        Demand::Owned { .. } | Demand::NotOwn { .. } => Some("step-whose"),
        Demand::Timely { .. } => Some("step-time"),
        _ => None,
    }
}

/// Whether two characters that stand together in one text do in the other.
pub(in crate::behavior) fn share_a_word(one: &str, other: &str) -> bool {
    let characters: Vec<char> = one.chars().collect();
    let mut pairs = characters.windows(2).filter(|pair| pair.iter().all(|c| c.is_alphabetic() && !c.is_ascii()));
    pairs.any(|pair| other.contains(&pair.iter().collect::<String>()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_looked_at_in_turn() {
        let lexicon = Lexicon::standard();
        assert_eq!(steps("先看有没有领过，再看剩余，再看积分", &lexicon), ["有没有领过", "剩余", "积分"]);
        assert_eq!(steps("先看审核再看单子", &lexicon), ["审核", "单子"]);
        assert_eq!(steps("判断顺序：库存、优惠券、余额", &lexicon), ["库存", "优惠券", "余额"]);
        assert_eq!(steps("stock is checked first, then the balance", &lexicon), Vec::<&str>::new());
        assert!(steps("先看菜单再下单", &lexicon).len() < 2);
    }
}
