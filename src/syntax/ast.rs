//! What stands in a document, as slices of its text: a slice knows where it lies, so the tree keeps no positions.

/// One file, in the order written.
#[derive(Debug, Default)]
pub struct Document<'a> {
    pub items: Vec<Item<'a>>,
}

#[derive(Debug)]
pub enum Item<'a> {
    /// `## 用户注册`, or a text underlined with `===` or `---`; marks removed.
    Heading {
        level: u8,
        text: &'a str,
    },
    /// One line of a quote, without its `>`.
    Quote(&'a str),
    /// The rows of a Markdown table, header first, the line of dashes left out.
    Table(Vec<Row<'a>>),
    /// Any other line that is not blank.
    Line(&'a str),
    /// A fenced piece of code that documents no endpoint; its body.
    Code(&'a str),
    Block(Block<'a>),
}

#[derive(Debug)]
pub struct Row<'a> {
    pub line: &'a str,
    pub cells: Vec<&'a str>,
}

/// What stands between two fences: one endpoint.
#[derive(Debug)]
pub struct Block<'a> {
    /// The line that opened it: a fence, or the request line itself where the fence is lost.
    pub open: &'a str,
    pub fence: Fence,
    /// `GROUP` of `~~~[api:GROUP]`.
    pub group: Option<&'a str>,
    /// A fence of its own kind closed it, and not a heading, another fence or the end of the file.
    pub closed: bool,
    pub request: Option<RequestLine<'a>>,
    pub params: Vec<ParamLine<'a>>,
    /// Comment lines between the request line and the first section.
    pub comments: Vec<&'a str>,
    /// Lines there that have the form of nothing.
    pub strays: Vec<&'a str>,
    pub sections: Vec<Section<'a>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fence {
    /// `+++`, which both opens and closes.
    Plus,
    /// `~~~[api]`, closed by `~~~`.
    Tilde,
    /// The same with backticks.
    Backtick,
    /// No fence: the block was known by its request line.
    Lost,
    /// The set has no fences: the endpoint stands in headings, tables and plain code.
    None,
}

/// `post:Api/User/login`, `get:http://host/a?b=c`, or a path alone.
#[derive(Debug, PartialEq)]
pub struct RequestLine<'a> {
    pub line: &'a str,
    pub method: Option<&'a str>,
    /// Scheme and host, if written: `http://127.0.0.1:8080`.
    pub origin: Option<&'a str>,
    /// As written, with or without its leading slash; without the query.
    pub path: &'a str,
    /// Without the question mark.
    pub query: Option<&'a str>,
}

/// `*string:phone=手机号 # //11位`.
#[derive(Debug, PartialEq)]
pub struct ParamLine<'a> {
    pub line: &'a str,
    pub required: bool,
    pub type_name: Option<&'a str>,
    pub name: &'a str,
    /// Raw text between `=` and `#`, trimmed; none where empty.
    pub default: Option<&'a str>,
    /// Text after `#`, trimmed, a leading `//` removed.
    pub description: &'a str,
    /// The description had a leading `//`: a remark, so that the text before the `#` may be the label.
    pub remark: bool,
    /// Lines below it, deeper than it, that go on with what it says: `all 全部`, `son 下级`.
    pub more: Vec<&'a str>,
    pub oddities: Oddities,
}

/// Ways in which a parameter line departs from the grammar and was read all the same.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Oddities {
    pub no_hash: bool,
    pub full_width: bool,
}

/// `<<<`, a label, perhaps an HTTP status, then an example or words.
#[derive(Debug)]
pub struct Section<'a> {
    /// The `<<<` line.
    pub mark: &'a str,
    pub label: Option<&'a str>,
    /// A line of three digits under the label.
    pub http_status: Option<&'a str>,
    pub body: &'a str,
}
