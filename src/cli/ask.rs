//! How a server is asked: the options that `run`, `verify` and `proxy` have in common.

use crate::client::Options;
use std::time::Duration;

#[derive(Debug, clap::Args)]
#[group(id = "ask")]
pub(super) struct Args {
    /// A header for every request, such as 'X-Env: staging'; again for each
    #[arg(long, value_name = "HEADER", requires = "target")]
    header: Vec<String>,
    /// Take any certificate
    #[arg(long, requires = "target")]
    insecure: bool,
    /// Wait so long for a reply
    #[arg(long, value_name = "TIME", default_value = "30s", requires = "target")]
    timeout: String,
}

impl Args {
    pub(super) fn options(&self) -> Result<Options, String> {
        let header = |text: &String| {
            let (name, value) = text.split_once(':').ok_or_else(|| format!("--header {text}: write NAME: VALUE"))?;
            Ok((name.trim().to_owned(), value.trim().to_owned()))
        };
        let headers = self.header.iter().map(header).collect::<Result<_, String>>()?;
        let timeout = crate::world::parse_duration(&self.timeout).ok().and_then(|time| u64::try_from(time).ok());
        let timeout = timeout.filter(|time| *time > 0);
        let timeout =
            timeout.ok_or_else(|| format!("--timeout {}: write a length of time such as 30s", self.timeout))?;
        let timeout = Duration::from_millis(timeout);
        Ok(Options { headers, insecure: self.insecure, timeout, ..Options::default() })
    }
}
