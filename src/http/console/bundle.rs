//! The scripts of the page as one, so that a browser asks once and not for each of them.
//!
//! In: modules in an order in which none comes before what it imports. Out: one module in which each is a function's body and
//! a constant that holds what it exports. It knows the forms of `import` and `export` that the console is written in, each at the
//! beginning of a line; the browser tests see to it that the page needs no other.

use std::fmt::Write as _;

/// `modules` are file names with their texts.
pub(super) fn bundle(modules: &[(&str, &str)]) -> String {
    let mut bundle = String::new();
    for (name, text) in modules {
        let (body, exported) = module(text);
        let _ = writeln!(
            bundle,
            "const {} = (() => {{\n{body}return {{ {} }};\n}})();",
            constant(name),
            exported.join(", ")
        );
    }
    bundle
}

/// The body of a module, and its exports as members of an object.
fn module(text: &str) -> (String, Vec<String>) {
    let mut body = String::with_capacity(text.len());
    let mut exported = Vec::new();
    for line in text.lines() {
        if let Some((names, from)) = line.strip_prefix("import {").and_then(|rest| rest.split_once("} from ")) {
            let _ = writeln!(body, "const {{ {} }} = {};", members(names, Side::Import).join(", "), constant(from));
        } else if let Some((before, names)) = exports_at_end(line) {
            body.push_str(before);
            body.push('\n');
            exported.extend(members(names, Side::Export));
        } else if let Some(declared) = line.strip_prefix("export ") {
            body.push_str(declared);
            body.push('\n');
            exported.extend(declared_name(declared).map(str::to_owned));
        } else {
            body.push_str(line);
            body.push('\n');
        }
    }
    (body, exported)
}

/// What comes before `export{…}` at the end of a line (all of a minified library), and the names in it.
fn exports_at_end(line: &str) -> Option<(&str, &str)> {
    let (before, rest) = line.rsplit_once("export{").or_else(|| line.rsplit_once("export {"))?;
    let (names, after) = rest.split_once('}')?;
    matches!(after.trim(), "" | ";").then_some((before, names))
}

/// `a, b as c` as members of an object: `a, b: c` of one that is taken apart, `a, c: b` of one that is put together.
fn members(names: &str, side: Side) -> Vec<String> {
    let names = names.split(',').map(str::trim).filter(|name| !name.is_empty());
    let member = |name: &str| match name.split_once(" as ") {
        None => name.to_owned(),
        Some((first, second)) => {
            let (key, value) = if side == Side::Import { (first, second) } else { (second, first) };
            format!("{key}: {value}")
        }
    };
    names.map(member).collect()
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Import,
    Export,
}

/// `async function name(`, `class Name extends`, `const name =`.
fn declared_name(declared: &str) -> Option<&str> {
    let words = declared.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == '$'));
    words.into_iter().find(|word| !word.is_empty() && !matches!(*word, "async" | "function" | "class" | "const"))
}

/// `$htm_preact` for `"./htm-preact.js";`.
fn constant(name: &str) -> String {
    let stem = name.trim_matches(['"', ';', ' ', '.', '/']).trim_end_matches(".js");
    format!("${}", stem.replace(|c: char| !c.is_ascii_alphanumeric(), "_"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_become_constants() {
        let library = "var a=1,b=2;export{a as one,b}\n";
        let own = "import { one, b as two } from \"./lib-a.js\";\nexport const sum = one + two;\nexport async function f() {}\n\
                   export class C extends D {}\nexport { two };\nconst hidden = 1;\n";
        assert_eq!(
            bundle(&[("lib-a.js", library), ("own.js", own)]),
            "const $lib_a = (() => {\nvar a=1,b=2;\nreturn { one: a, b };\n})();\n\
             const $own = (() => {\nconst { one, b: two } = $lib_a;\nconst sum = one + two;\nasync function f() {}\n\
             class C extends D {}\n\nconst hidden = 1;\nreturn { sum, f, C, two };\n})();\n"
        );
    }
}
