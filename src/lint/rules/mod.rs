//! The table of all rules. Each file beside this one says what its rule means and how it is found.

mod absolute_url;
mod code_means_two_things;
mod code_without_text;
mod duplicate_param;
pub(super) mod elsewhere;
mod empty_section;
mod empty_success_data;
mod error_and_success_same_code;
mod error_looks_like_success;
mod example_code_not_in_table;
mod failure_never_answered;
mod failure_not_documented;
mod get_with_body;
mod label_in_default_slot;
mod login_code_missing;
mod missing_method;
mod no_code_sender;
mod no_error_example;
mod no_success_example;
mod odd_label;
mod php_in_description;
mod placeholder_default;
mod quoted_code_unknown;
mod required_and_optional;
mod table_codes_repeated;
mod template_path;
mod template_text;
mod token_not_declared;
mod two_codes_one_meaning;
mod unknown_type;
mod words_only_section;

use super::Rule;

/// Every rule that there is: by what it looks at, from the request line to the whole set, then those of a document's form.
pub const RULES: &[Rule] = &[
    missing_method::RULE,
    absolute_url::RULE,
    template_path::RULE,
    placeholder_default::RULE,
    unknown_type::RULE,
    label_in_default_slot::RULE,
    required_and_optional::RULE,
    duplicate_param::RULE,
    php_in_description::RULE,
    odd_label::RULE,
    no_success_example::RULE,
    no_error_example::RULE,
    empty_section::RULE,
    words_only_section::RULE,
    template_text::RULE,
    empty_success_data::RULE,
    error_and_success_same_code::RULE,
    error_looks_like_success::RULE,
    example_code_not_in_table::RULE,
    table_codes_repeated::RULE,
    code_without_text::RULE,
    quoted_code_unknown::RULE,
    code_means_two_things::RULE,
    two_codes_one_meaning::RULE,
    login_code_missing::RULE,
    failure_not_documented::RULE,
    failure_never_answered::RULE,
    token_not_declared::RULE,
    get_with_body::RULE,
    no_code_sender::RULE,
    elsewhere::UNKNOWN_RULE,
    elsewhere::NOT_UTF8,
    elsewhere::INVALID_UTF8,
    elsewhere::INVALID_ENCODING,
    elsewhere::UNREADABLE_FILE,
    elsewhere::MISSING_PATH,
    elsewhere::NO_DOCUMENTS,
    elsewhere::TOO_MANY_FILES,
    elsewhere::BINARY_FILE,
    elsewhere::FILE_TOO_LARGE,
    elsewhere::SITE_SETTINGS,
    elsewhere::LAST_GOOD_KEPT,
    elsewhere::MISSING_REQUEST_LINE,
    elsewhere::DUPLICATE_ENDPOINT,
    elsewhere::UNCLOSED_BLOCK,
    elsewhere::LOST_FENCE,
    elsewhere::UNFENCED_ENDPOINT,
    elsewhere::STRAY_LINE,
    elsewhere::PARAM_WITHOUT_HASH,
    elsewhere::FULL_WIDTH_SIGN,
    elsewhere::JSON_ARROW,
    elsewhere::JSON_BAD_ESCAPE,
    elsewhere::JSON_BARE_KEY,
    elsewhere::JSON_BARE_NOTE,
    elsewhere::JSON_BARE_SCALAR,
    elsewhere::JSON_BOM,
    elsewhere::JSON_COMMENT,
    elsewhere::JSON_CONTROL_CHARACTER,
    elsewhere::JSON_DOUBLE_COMMA,
    elsewhere::JSON_DUPLICATE_KEY,
    elsewhere::JSON_ELLIPSIS,
    elsewhere::JSON_FULL_WIDTH,
    elsewhere::JSON_KEY_BLANK,
    elsewhere::JSON_MISSING_COLON,
    elsewhere::JSON_MISSING_COMMA,
    elsewhere::JSON_MISSING_VALUE,
    elsewhere::JSON_NAMED_ITEM,
    elsewhere::JSON_NAMELESS_OBJECT,
    elsewhere::JSON_RAW_NEWLINE,
    elsewhere::JSON_SEVERAL_VALUES,
    elsewhere::JSON_SINGLE_QUOTE,
    elsewhere::JSON_SMART_QUOTE,
    elsewhere::JSON_SURPLUS,
    elsewhere::JSON_TOO_DEEP,
    elsewhere::JSON_TRAILING_COMMA,
    elsewhere::JSON_UNCLOSED,
    elsewhere::JSON_WRONG_BRACKET,
    elsewhere::of_config(0),
    elsewhere::of_config(1),
    elsewhere::of_config(2),
    elsewhere::of_config(3),
    elsewhere::of_config(4),
    elsewhere::of_config(5),
    elsewhere::of_config(6),
    elsewhere::of_config(7),
    elsewhere::of_config(8),
];
