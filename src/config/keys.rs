//! Everything that `docsim.toml` may say. A new setting is a line here and one in `fill.rs`; the reader and the JSON
//! Schema know it then, and a test demands that it changes the `Config`.

use super::form::{ANY, BASE_ADDRESS, HEADER_NAME, HEADER_VALUE, LEXICON_WORD, SOMETHING, UTC_OFFSET};
use super::shape::{Key, Names, Other, Scalars, Shape, TableShape};
use super::vocabulary::Vocabulary;

/// The kinds of checks whose code can be told, and what each demands.
pub const CHECK_KINDS: &[(&str, &str)] = &[
    ("login", "The caller's token is alive."),
    ("missing", "Every required parameter is there and not empty."),
    ("malformed", "Every parameter has its form: mobile number, length, enumeration."),
    ("exists", "No account, or no record, has this identity or name yet."),
    ("not-found", "The account or the record that is named is there."),
    ("passcode", "The passcode was issued, is not spent and not expired."),
    ("credentials", "The password is right, and the account neither frozen nor deleted."),
    ("state", "The status allows it, and something changes."),
    ("identity", "The proof of identity is right, and nobody else's."),
    ("reference", "What a parameter names by its id is there."),
    ("deleted", "The caller's own account is not deleted."),
    ("interval", "The last passcode was sent long enough ago."),
];

/// A statement about time must leave room to add it to any date.
pub(super) const LONGEST_DURATION: i64 = 36_525 * 86_400_000;

/// The whole file.
pub(super) static ROOT: TableShape = TableShape { keys: ROOT_KEYS, other: None };

static ROOT_KEYS: &[Key] = &[
    Key::new(
        "base_path",
        "Put before every path of the documents; may have scheme and host, which are left aside.",
        Shape::Text(&BASE_ADDRESS, Scalars::Texts),
        r#"base_path = "/v1""#,
    ),
    Key::new(
        "time_zone",
        "In which times are shown, as an offset from UTC. Default: +08:00.",
        Shape::Text(&UTC_OFFSET, Scalars::Texts),
        r#"time_zone = "+09:00""#,
    ),
    Key::new(
        "language",
        "Of docsim's own messages, where a document has none. Default: as the documents are.",
        Shape::Word(Vocabulary::Languages),
        r#"language = "zh""#,
    ),
    Key::new(
        "universal_passcode",
        "Accepted as a passcode for every identity, and never spent: for demonstrations. Default: none.",
        Shape::Text(&SOMETHING, Scalars::Codes),
        r#"universal_passcode = "246810""#,
    ),
    Key::new(
        "passcode",
        "How passcodes are made.",
        Shape::keys(PASSCODE),
        r#"passcode = { length = 6, lifetime = "10m" }"#,
    ),
    Key::new("token", "How long tokens live, and how many.", Shape::keys(TOKEN), r#"token = { lifetime = "30d" }"#),
    Key::new(
        "uploads",
        "How much a world keeps of uploaded files. Beyond it an upload is answered 413.",
        Shape::keys(UPLOADS),
        "uploads = { world_mb = 256 }",
    ),
    HTTP_STATUS,
    PARAMS,
    HEADERS,
    Key::new(
        "groups",
        "Settings for the blocks of one group (`~~~[api:name]`), instead of those that stand for all.",
        Shape::map(Other {
            names: Names::Of(&SOMETHING),
            says: "The settings of the group of this name.",
            shape: &Shape::keys(GROUP),
            sample: r#"second = { url = "/v2" }"#,
        }),
        r#"groups = { second = { url = "/v2" } }"#,
    ),
    Key::new(
        "lexicon",
        "Words of the trade that docsim does not know yet.",
        Shape::keys(LEXICON),
        r#"lexicon = { roles = { passcode = ["dynamic code"] } }"#,
    ),
    Key::new(
        "accounts",
        "Accounts that every world has from the start.",
        Shape::List { items: &Shape::Table(ACCOUNT), unique: Some("identity") },
        r#"accounts = [{ identity = "13800000000", password = "abc12345" }]"#,
    ),
    RULES,
    Key::new(
        "collections",
        "What docsim does not understand, or not rightly, of records of one kind.",
        Shape::map(Other {
            names: Names::Of(&SOMETHING),
            says: "The collection that paths, ids or titles call so, in the singular or the plural; `docsim explain` lists them.",
            shape: &Shape::keys(COLLECTION),
            sample: r#"order = { owner = "caller" }"#,
        }),
        r#"collections = { order = { owner = "caller" } }"#,
    ),
    Key::new(
        "endpoints",
        "What docsim does not understand, or not rightly, of single endpoints.",
        Shape::map(Other {
            names: Names::Of(&SOMETHING),
            says: "The endpoints with this title, or with this method and path (`POST /user/login`), or the one with this id.",
            shape: &Shape::keys(ENDPOINT),
            sample: r#""POST /user/login" = { operation = "login" }"#,
        }),
        r#"endpoints = { "POST /user/login" = { operation = "login" } }"#,
    ),
];

static PASSCODE: &[Key] = &[
    Key::new(
        "length",
        "How many digits a passcode has. Default: as the documents state, else 6.",
        Shape::Whole { least: 1, most: 20 },
        "length = 4",
    ),
    Key::new(
        "lifetime",
        "How long a passcode can be used. Default: as the documents state, else 10m.",
        Shape::Duration { least: 1 },
        r#"lifetime = "5m""#,
    ),
    Key::new(
        "interval",
        "How long the next passcode for one identity and purpose must wait; 0 is not at all. Default: as the documents state, else 60s.",
        Shape::Duration { least: 0 },
        r#"interval = "60s""#,
    ),
];

static UPLOADS: &[Key] = &[
    Key::new(
        "file_mb",
        "The largest file, in MiB; a request's body has room for 8. Default: 8.",
        Shape::Whole { least: 1, most: 8 },
        "file_mb = 2",
    ),
    Key::new(
        "world_mb",
        "All files of a world together, in MiB. Default: 64.",
        Shape::Whole { least: 1, most: 4_096 },
        "world_mb = 256",
    ),
];

static TOKEN: &[Key] = &[
    Key::new(
        "lifetime",
        "How long a token is alive. Default: 30d.",
        Shape::Duration { least: 1 },
        r#"lifetime = "12h""#,
    ),
    Key::new(
        "per_account",
        "How many tokens of an account are alive at a time, the newest ones; 1 signs other devices out. Default: 10.",
        Shape::Whole { least: 1, most: 1_000 },
        "per_account = 1",
    ),
];

const HTTP_STATUS: Key = Key::new(
    "http_status",
    "The HTTP status of replies with a code. Default: as the document states, else 200.",
    Shape::map(Other {
        names: Names::Of(&SOMETHING),
        says: "The HTTP status of replies with this code.",
        shape: &Shape::Whole { least: 200, most: 599 },
        sample: r#""999" = 401"#,
    }),
    r#"http_status = { "999" = 401 }"#,
);

const RULES: Key = Key::new(
    "rules",
    "What becomes of the findings of `docsim check`.",
    Shape::map(Other {
        names: Names::Known(Vocabulary::Rules),
        says: "What becomes of this rule's findings.",
        shape: &Shape::Word(Vocabulary::Levels),
        sample: r#"config-no-such-endpoint = "error""#,
    }),
    r#"rules = { config-no-such-endpoint = "error" }"#,
);

const HEADERS: Key = Key::new(
    "headers",
    "Headers that every request may carry: name and example.",
    Shape::map(Other {
        names: Names::Of(&HEADER_NAME),
        says: "An example of this header's value.",
        shape: &HEADER_TEXT,
        sample: r#""X-App" = "7""#,
    }),
    r#"headers = { "X-App" = "7" }"#,
);

static HEADER_TEXT: Shape = Shape::Text(&HEADER_VALUE, Scalars::All);

const PARAMS: Key = Key::new(
    "params",
    "Parameters that belong to every endpoint.",
    Shape::List { items: &PARAM_TABLE, unique: Some("name") },
    r#"params = [{ name = "ver", default = "2" }]"#,
);

static PARAM_TABLE: Shape = Shape::keys(PARAM);

static PARAM: &[Key] = &[
    Key::required("name", "The parameter's name.", Shape::Text(&SOMETHING, Scalars::Texts), r#"name = "ver""#),
    Key::new("default", "Its value where a request has none.", Shape::Text(&ANY, Scalars::All), r#"default = "2""#),
    Key::new("description", "What it is for.", Shape::Text(&ANY, Scalars::Texts), r#"description = "version""#),
    Key::new("required", "Whether a request must carry it. Default: false.", Shape::Flag, "required = true"),
    Key::new("type", "The name of its type.", Shape::Text(&SOMETHING, Scalars::Texts), r#"type = "int""#),
];

static GROUP: &[Key] = &[
    Key::new(
        "url",
        "Put before the group's paths; may have scheme and host, which are left aside.",
        Shape::Text(&BASE_ADDRESS, Scalars::Texts),
        r#"url = "/v2""#,
    ),
    HEADERS,
    PARAMS,
];

const fn words(
    name: &'static str,
    says: &'static str,
    names: Vocabulary,
    sample: &'static str,
    line: &'static str,
) -> Key {
    let other = Other { names: Names::Known(names), says, shape: &WORDS, sample: line };
    Key::new(name, says, Shape::map(other), sample)
}

static WORDS: Shape = Shape::list(&WORD);

static WORD: Shape = Shape::Text(&LEXICON_WORD, Scalars::Texts);

static LEXICON: &[Key] = &[
    words(
        "topics",
        "Words by which docsim tells what a piece of a document is.",
        Vocabulary::Topics,
        r#"topics = { error-label = ["trouble"] }"#,
        r#"error-label = ["trouble"]"#,
    ),
    words(
        "roles",
        "Words in labels that tell what a parameter is for.",
        Vocabulary::Roles,
        r#"roles = { passcode = ["dynamic code"] }"#,
        r#"passcode = ["dynamic code"]"#,
    ),
    words(
        "operations",
        "Words in titles that tell what an endpoint does.",
        Vocabulary::Operations,
        r#"operations = { login = ["clock in"] }"#,
        r#"login = ["clock in"]"#,
    ),
    words(
        "subjects",
        "Words in messages that tell what a failure speaks of.",
        Vocabulary::Subjects,
        r#"subjects = { account = ["member"] }"#,
        r#"account = ["member"]"#,
    ),
    words(
        "predicates",
        "Words in messages that tell what a failure says of it.",
        Vocabulary::Predicates,
        r#"predicates = { wrong = ["off the mark"] }"#,
        r#"wrong = ["off the mark"]"#,
    ),
    words(
        "statuses",
        "Words that tell what a value of a status means.",
        Vocabulary::Statuses,
        r#"statuses = { frozen = ["on ice"] }"#,
        r#"frozen = ["on ice"]"#,
    ),
];

const ACCOUNT: TableShape = TableShape {
    keys: &[
        Key::required(
            "identity",
            "What names the account: its phone, e-mail or name.",
            Shape::Text(&SOMETHING, Scalars::Codes),
            r#"identity = "13800000000""#,
        ),
        Key::new(
            "password",
            "Default: none, so that only a passcode lets its owner in.",
            Shape::Text(&SOMETHING, Scalars::Codes),
            r#"password = "abc12345""#,
        ),
        Key::new("status", "A value of the documents' status. Default: a new account's.", Shape::Scalar, "status = 0"),
    ],
    other: Some(Other {
        names: Names::Of(&SOMETHING),
        says: "The field of this name, as replies show it.",
        shape: &Shape::Any,
        sample: r#"nickname = "Li""#,
    }),
};

static ENDPOINT: &[Key] = &[
    Key::new(
        "operation",
        "What the endpoint does; `answer` only checks parameters and token.",
        Shape::Word(Vocabulary::Operations),
        r#"operation = "login""#,
    ),
    Key::new(
        "collection",
        "The collection whose records it is about: a name that paths, ids or titles have for it, or a new one.",
        Shape::Text(&SOMETHING, Scalars::Texts),
        r#"collection = "order""#,
    ),
    Key::new(
        "id",
        "The parameter that names the record.",
        Shape::Text(&SOMETHING, Scalars::Texts),
        r#"id = "order_id""#,
    ),
    Key::new(
        "transition",
        "Where it moves the record's status.",
        Shape::keys(TRANSITION),
        "transition = { from = [0], to = 1 }",
    ),
    Key::new(
        "codes",
        "The code that answers when a check fails.",
        Shape::map(Other {
            names: Names::Known(Vocabulary::CheckKinds),
            says: "The code that answers when this does not hold.",
            shape: &Shape::Text(&SOMETHING, Scalars::Codes),
            sample: "credentials = 1010",
        }),
        "codes = { credentials = 1010 }",
    ),
    RULES,
    HTTP_STATUS,
];

const FIELD: Key = Key::new(
    "field",
    "The field that is moved. Default: the status.",
    Shape::Text(&SOMETHING, Scalars::Texts),
    r#"field = "status""#,
);

const FROM: Key = Key::new(
    "from",
    "The statuses that it may leave; from any other it is refused. Default: it may leave any.",
    Shape::list(&Shape::Scalar),
    "from = [0]",
);

const TO: Key = Key::required("to", "The status that it leads to.", Shape::Scalar, "to = 1");

static TRANSITION: &[Key] = &[FIELD, FROM, TO];

static MOVE: &[Key] = &[
    Key::required(
        "by",
        "The endpoint that moves it: its title, its method and path, or its id.",
        Shape::Text(&SOMETHING, Scalars::Texts),
        r#"by = "POST /order/pay""#,
    ),
    FIELD,
    FROM,
    TO,
];

static MOVE_TABLE: Shape = Shape::keys(MOVE);

/// The most records that a file may have made up: each world gets them.
const MOST_RECORDS: i64 = 100_000;

static COLLECTION: &[Key] = &[
    Key::new(
        "owner",
        "Whose a record is. Default: the caller's, where making one needs a caller.",
        Shape::Word(Vocabulary::Owners),
        r#"owner = "caller""#,
    ),
    Key::new(
        "private",
        "Whether only its owner sees a record. Default: as the endpoints that show them demand.",
        Shape::Flag,
        "private = true",
    ),
    Key::new(
        "transitions",
        "Which endpoints move the status, from where and to where.",
        Shape::list(&MOVE_TABLE),
        r#"transitions = [{ by = "POST /order/pay", from = [0], to = 1 }]"#,
    ),
    Key::new(
        "records",
        "The records that there are from the start: these, or so many varied from the example. Default: those of the examples, where they are nobody's own.",
        Shape::Either { list: &RECORDS, other: &Shape::Whole { least: 0, most: MOST_RECORDS } },
        r#"records = [{ id = 7, name = "apples", owner = "13800000000" }]"#,
    ),
];

static RECORDS: Shape = Shape::list(&RECORD);

static RECORD: Shape = Shape::map(Other {
    names: Names::Of(&SOMETHING),
    says: "This field's value; `id` is the record's id, `owner` the identity of an account.",
    shape: &Shape::Any,
    sample: r#"name = "apples""#,
});
