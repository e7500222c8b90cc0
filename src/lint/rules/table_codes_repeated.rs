//! `table-codes-repeated`: a table lists one code several times, with different texts.

use crate::lint::look::Look;
use crate::lint::{Find, Findings, Rule};
use crate::spec::CodeRow;
use std::collections::HashMap;

pub(super) const RULE: Rule = Rule::warning(
    "table-codes-repeated",
    "a table lists one code several times, with different texts",
    Find::Set(find),
);

fn find(look: &Look<'_>, found: &mut Findings) {
    for endpoint in &look.set.endpoints {
        let from = found.len();
        in_table(&endpoint.codes.rows, found);
        found[from..].iter_mut().for_each(|finding| finding.endpoint = Some(endpoint.id.clone()));
    }
    for table in &look.set.tables {
        in_table(&table.rows, found);
    }
}

fn in_table(rows: &[CodeRow], found: &mut Findings) {
    let mut seen: HashMap<&str, (&CodeRow, usize)> = HashMap::new();
    for row in rows {
        let (first, times) = seen.entry(&row.code).or_insert((row, 0));
        *times += 1;
        // Once for a code, however often it comes.
        if *times == 2 && first.text != row.text {
            let message = format!("the table lists {} again, with another text", row.code);
            let help = "give each failure a code of its own";
            found.push(RULE.at(row.place, message).help(help).related(first.place, "listed first here"));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::lint::tests::found;

    #[test]
    fn a_code_comes_twice() {
        let table = "1001 参数错误\n1002 未登录\n1001 余额不足\n1001 库存不足\n";
        let document = format!("+++\nget:/a\n<<<\nerror\n{{\"code\":1001}}\n{table}+++\n");
        assert_eq!(found("table-codes-repeated", &document), ["8: the table lists 1001 again, with another text"]);
        assert!(found("table-codes-repeated", &document.replace("\n1001 ", "\n1003 ")).len() < 2);
    }

    #[test]
    fn every_code_comes_once() {
        let document = "+++\nget:/a\n<<<\nerror\n{\"code\":1001}\n1001 参数错误\n1002 未登录\n1002 未登录\n+++\n";
        assert!(found("table-codes-repeated", document).is_empty());
    }
}
