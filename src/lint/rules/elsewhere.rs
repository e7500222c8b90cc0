//! Rules of a document's form and of its file: their findings arise while documents are loaded and read, or while findings
//! are collected, and not here. They are listed so that they are documented, configured and allowed like all others.

use crate::config;
use crate::diagnostic::Severity;
use crate::lint::{Find, Rule};

pub(in crate::lint) const UNKNOWN_RULE: Rule =
    Rule::warning("unknown-rule", "a comment allows a rule that does not exist", Find::Elsewhere);
pub(in crate::lint) const MISSING_REQUEST_LINE: Rule = Rule::new(
    "missing-request-line",
    Severity::Error,
    "a block has no request line, so nothing can be served for it",
    Find::Elsewhere,
);
pub(in crate::lint) const DUPLICATE_ENDPOINT: Rule = Rule::new(
    "duplicate-endpoint",
    Severity::Error,
    "two blocks document the same request, and nothing tells them apart",
    Find::Elsewhere,
);
pub(in crate::lint) const UNCLOSED_BLOCK: Rule =
    Rule::warning("unclosed-block", "a block is not closed by a fence of its kind", Find::Elsewhere);
pub(in crate::lint) const LOST_FENCE: Rule =
    Rule::warning("lost-fence", "a request line stands outside of any block", Find::Elsewhere);
pub(in crate::lint) const UNFENCED_ENDPOINT: Rule = Rule::warning(
    "unfenced-endpoint",
    "an endpoint is documented outside of any block, where others have blocks",
    Find::Elsewhere,
);
pub(in crate::lint) const STRAY_LINE: Rule =
    Rule::warning("stray-line", "a line among the parameters has the form of nothing", Find::Elsewhere);
pub(in crate::lint) const PARAM_WITHOUT_HASH: Rule =
    Rule::warning("param-without-hash", "no # stands between a parameter and its description", Find::Elsewhere);
pub(in crate::lint) const FULL_WIDTH_SIGN: Rule =
    Rule::warning("full-width-sign", "a parameter is written with full-width signs", Find::Elsewhere);
pub(in crate::lint) const JSON_ARROW: Rule =
    Rule::warning("json-arrow", "=> or = stands between key and value", Find::Elsewhere);
pub(in crate::lint) const JSON_BAD_ESCAPE: Rule =
    Rule::warning("json-bad-escape", "a backslash begins no escape of JSON", Find::Elsewhere);
pub(in crate::lint) const JSON_BARE_KEY: Rule = Rule::warning("json-bare-key", "a key has no quotes", Find::Elsewhere);
pub(in crate::lint) const JSON_BARE_NOTE: Rule =
    Rule::warning("json-bare-note", "words stand between the values of an example", Find::Elsewhere);
pub(in crate::lint) const JSON_BARE_SCALAR: Rule =
    Rule::warning("json-bare-scalar", "something that is no JSON value stands for one", Find::Elsewhere);
pub(in crate::lint) const JSON_BOM: Rule =
    Rule::warning("json-bom", "an invisible byte order mark stands in an example", Find::Elsewhere);
pub(in crate::lint) const JSON_COMMENT: Rule =
    Rule::info("json-comment", "a comment stands in an example", Find::Elsewhere);
pub(in crate::lint) const JSON_CONTROL_CHARACTER: Rule =
    Rule::warning("json-control-character", "a bare control character stands inside a string", Find::Elsewhere);
pub(in crate::lint) const JSON_DOUBLE_COMMA: Rule =
    Rule::warning("json-double-comma", "a comma has nothing before it", Find::Elsewhere);
pub(in crate::lint) const JSON_DUPLICATE_KEY: Rule =
    Rule::warning("json-duplicate-key", "a key comes twice in one object", Find::Elsewhere);
pub(in crate::lint) const JSON_ELLIPSIS: Rule =
    Rule::warning("json-ellipsis", "dots stand for what was left out of an example", Find::Elsewhere);
pub(in crate::lint) const JSON_FULL_WIDTH: Rule =
    Rule::warning("json-full-width", "a full-width sign stands for one of JSON's", Find::Elsewhere);
pub(in crate::lint) const JSON_KEY_BLANK: Rule =
    Rule::warning("json-key-blank", "blanks stand at the edge of a key", Find::Elsewhere);
pub(in crate::lint) const JSON_MISSING_COLON: Rule =
    Rule::warning("json-missing-colon", "no colon stands after a key", Find::Elsewhere);
pub(in crate::lint) const JSON_MISSING_COMMA: Rule =
    Rule::warning("json-missing-comma", "no comma stands between two entries", Find::Elsewhere);
pub(in crate::lint) const JSON_MISSING_VALUE: Rule =
    Rule::warning("json-missing-value", "a key has no value", Find::Elsewhere);
pub(in crate::lint) const JSON_NAMED_ITEM: Rule =
    Rule::warning("json-named-item", "a name stands inside square brackets", Find::Elsewhere);
pub(in crate::lint) const JSON_NAMELESS_OBJECT: Rule =
    Rule::warning("json-nameless-object", "an object stands nameless inside an object", Find::Elsewhere);
pub(in crate::lint) const JSON_RAW_NEWLINE: Rule =
    Rule::warning("json-raw-newline", "a line break stands inside a string", Find::Elsewhere);
pub(in crate::lint) const JSON_SEVERAL_VALUES: Rule =
    Rule::warning("json-several-values", "one section holds several values", Find::Elsewhere);
pub(in crate::lint) const JSON_SINGLE_QUOTE: Rule =
    Rule::warning("json-single-quote", "single quotes stand for double ones", Find::Elsewhere);
pub(in crate::lint) const JSON_SMART_QUOTE: Rule =
    Rule::warning("json-smart-quote", "curly quotes stand for straight ones", Find::Elsewhere);
pub(in crate::lint) const JSON_SURPLUS: Rule =
    Rule::warning("json-surplus", "a bracket closes nothing", Find::Elsewhere);
pub(in crate::lint) const JSON_TOO_DEEP: Rule =
    Rule::warning("json-too-deep", "an example is nested too deeply to be read", Find::Elsewhere);
pub(in crate::lint) const JSON_TRAILING_COMMA: Rule =
    Rule::warning("json-trailing-comma", "a comma stands after the last entry", Find::Elsewhere);
pub(in crate::lint) const JSON_UNCLOSED: Rule =
    Rule::warning("json-unclosed", "a string, a comment or a bracket is never closed", Find::Elsewhere);
pub(in crate::lint) const JSON_WRONG_BRACKET: Rule =
    Rule::warning("json-wrong-bracket", "a bracket is closed by one of another kind", Find::Elsewhere);
pub(in crate::lint) const NOT_UTF8: Rule =
    Rule::info("not-utf8", "a file is in another encoding than UTF-8, and read as such", Find::Elsewhere);
pub(in crate::lint) const INVALID_UTF8: Rule =
    Rule::warning("invalid-utf8", "bytes in a file are no UTF-8", Find::Elsewhere);
pub(in crate::lint) const INVALID_ENCODING: Rule =
    Rule::warning("invalid-encoding", "bytes in a file fit no encoding that it can be in", Find::Elsewhere);
pub(in crate::lint) const UNREADABLE_FILE: Rule =
    Rule::new("unreadable-file", Severity::Error, "a file cannot be read", Find::Elsewhere);
pub(in crate::lint) const MISSING_PATH: Rule =
    Rule::new("missing-path", Severity::Error, "a path that was named does not exist", Find::Elsewhere);
pub(in crate::lint) const NO_DOCUMENTS: Rule =
    Rule::new("no-documents", Severity::Error, "a folder holds no documents", Find::Elsewhere);
pub(in crate::lint) const TOO_MANY_FILES: Rule =
    Rule::new("too-many-files", Severity::Error, "a folder holds more files than are read", Find::Elsewhere);
pub(in crate::lint) const BINARY_FILE: Rule =
    Rule::warning("binary-file", "a file with a document's extension holds no text", Find::Elsewhere);
pub(in crate::lint) const FILE_TOO_LARGE: Rule =
    Rule::warning("file-too-large", "a file is too large to be read as a document", Find::Elsewhere);
pub(in crate::lint) const SITE_SETTINGS: Rule =
    Rule::warning("site-settings", "a file of settings beside the pages holds no JSON", Find::Elsewhere);
pub(in crate::lint) const LAST_GOOD_KEPT: Rule =
    Rule::warning("last-good-kept", "a block no longer parses, and what it said before is served", Find::Elsewhere);

/// What the reader of the configuration file finds, in its words.
pub(in crate::lint) const fn of_config(at: usize) -> Rule {
    let (name, severity, about) = config::RULES[at];
    Rule::new(name, severity, about, Find::Elsewhere)
}
