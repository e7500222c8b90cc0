//! What a client can make grow, and how far. One value, so that a test can turn every knob and a reader can see them all.

use std::time::Duration;

/// Sizes in bytes. The defaults suit a tool on a developer's machine in front of hostile pages and careless scripts.
#[derive(Clone, Debug)]
pub struct Limits {
    /// From accept, and from the first byte of each later request, to the end of its header.
    pub header_time: Duration,
    /// Request line and header together.
    pub header_size: usize,
    pub headers: usize,
    /// A JSON or form body.
    pub body_size: usize,
    /// A multipart body, all parts together.
    pub multipart_size: usize,
    /// A world that is put back through the admin interface.
    pub state_size: usize,
    /// Fields of a form, members of a JSON object, parts of a multipart body.
    pub fields: usize,
    /// Values in a JSON body, nested ones included.
    pub json_values: usize,
    /// Between two pieces of a body.
    pub body_gap: Duration,
    /// From the end of the header to the end of the body.
    pub body_time: Duration,
    /// How long a connection may lie idle between two requests, or a reply may wait for a client that does not read.
    pub idle_time: Duration,
    pub requests_per_connection: usize,
    pub connections: usize,
    /// Requests that wait because their client asked for a delay; their connections are missing to others meanwhile.
    pub delayed: usize,
    /// From the order to stop until what is still open is cut.
    pub drain_time: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            header_time: Duration::from_secs(10),
            header_size: 32 << 10,
            headers: 100,
            body_size: 1 << 20,
            multipart_size: 10 << 20,
            state_size: 256 << 20,
            fields: 1_000,
            json_values: 50_000,
            body_gap: Duration::from_secs(10),
            body_time: Duration::from_mins(1),
            idle_time: Duration::from_secs(30),
            requests_per_connection: 10_000,
            connections: 4_096,
            delayed: 1_024,
            drain_time: Duration::from_secs(5),
        }
    }
}

impl Limits {
    /// How often the connections are looked over: often enough that a limit is kept to within half a second, or to within
    /// a quarter of itself where it is shorter.
    pub(super) fn tick(&self) -> Duration {
        let shortest = self.header_time.min(self.body_gap).min(self.body_time).min(self.idle_time);
        (shortest / 4).clamp(Duration::from_millis(5), Duration::from_millis(250))
    }
}
