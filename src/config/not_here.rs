//! Keys that people may look for in the file and that only the command line has: a file among the documents comes from
//! wherever the documents come from, so it must not open the server or decide whom it trusts.

use super::nearest::same;

/// Key, and what sets it instead. These open the server to more than this machine and its user.
const OPENING: &[(&str, &str)] = &[
    ("listen", "--listen"),
    ("bind", "--listen"),
    ("address", "--listen"),
    ("host", "--listen"),
    ("port", "--listen"),
    ("server", "--listen"),
    ("allow-host", "--allow-host"),
    ("allow-hosts", "--allow-host"),
    ("allowed-hosts", "--allow-host"),
    ("allow-origin", "--allow-origin"),
    ("allow-origins", "--allow-origin"),
    ("allowed-origins", "--allow-origin"),
    ("cors", "--allow-origin"),
    ("admin-token", "DOCSIM_ADMIN_TOKEN"),
];

/// These belong to one run, not to the documents.
const OF_A_RUN: &[(&str, &str)] = &[
    ("seed", "--seed"),
    ("clock", "--clock"),
    ("state", "--state"),
    ("strict-worlds", "--strict-worlds"),
    ("read-only", "--read-only"),
];

/// What to do instead of writing this key, if it is one of them.
pub(super) fn instead(key: &str) -> Option<String> {
    let among =
        |keys: &[(&str, &'static str)]| keys.iter().find(|(name, _)| same(name, key)).map(|(_, instead)| *instead);
    if let Some(instead) = among(OPENING) {
        let way = if instead.starts_with('-') { "on the command line" } else { "in the environment" };
        return Some(format!("set `{instead}` {way}: a file among the documents cannot open the server"));
    }
    among(OF_A_RUN).map(|instead| format!("set `{instead}` on the command line: it belongs to one run"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_of_the_command_line_are_known_in_any_spelling() {
        let opens = ": a file among the documents cannot open the server";
        assert_eq!(instead("Allow_Host"), Some(format!("set `--allow-host` on the command line{opens}")));
        assert_eq!(instead("adminToken"), Some(format!("set `DOCSIM_ADMIN_TOKEN` in the environment{opens}")));
        assert_eq!(instead("seed").as_deref(), Some("set `--seed` on the command line: it belongs to one run"));
        assert_eq!(instead("token"), None);
    }
}
