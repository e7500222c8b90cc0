//! The real binary on a free port, and a page of another origin.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

pub(crate) struct Server {
    process: Child,
    port: u16,
    folder: tempfile::TempDir,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Server {
    /// A copy of the documents in `api-docs`.
    pub(crate) fn of_api_docs() -> Self {
        let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("api-docs/user.md")).unwrap();
        Self::of(&text)
    }

    pub(crate) fn of(document: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("user.md"), document).unwrap();
        let mut process = Command::new(env!("CARGO_BIN_EXE_docsim"))
            .args(["serve", ".", "--listen", "127.0.0.1:0", "--seed", "1"])
            .current_dir(folder.path())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(process.stderr.take().unwrap()).lines();
        let port = lines.by_ref().map_while(Result::ok).find_map(|line| {
            let rest = line.split("http://127.0.0.1:").nth(1)?;
            rest.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
        });
        // What it says later must not fill the pipe.
        std::thread::spawn(move || lines.for_each(drop));
        Self { process, port: port.expect("it says where it listens"), folder }
    }

    /// The same behind a proxy whose backend nobody is: the console's port, and the API's.
    pub(crate) fn behind_a_proxy() -> (Self, u16) {
        let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("api-docs/user.md")).unwrap();
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("user.md"), text).unwrap();
        let nobody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let mut process = Command::new(env!("CARGO_BIN_EXE_docsim"))
            .args(["proxy", "user.md", "--target", &format!("http://{nobody}")])
            .args(["--listen", "127.0.0.1:0", "--admin-listen", "127.0.0.1:0", "--seed", "1"])
            .current_dir(folder.path())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(process.stderr.take().unwrap()).lines();
        let port = |line: &str, before: &str| -> Option<u16> {
            let rest = line.split(before).nth(1)?.split("http://127.0.0.1:").nth(1)?;
            rest.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
        };
        let mut said = lines.by_ref().map_while(Result::ok);
        let api = said.find_map(|line| port(&line, " at ")).expect("it says where the API is");
        let desk = said.find_map(|line| port(&line, "accounts: ")).expect("it says where the console is");
        std::thread::spawn(move || lines.for_each(drop));
        (Self { process, port: desk, folder }, api)
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    pub(crate) fn base(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    pub(crate) fn console(&self, view: &str) -> String {
        format!("{}/__docsim/#/{view}", self.base())
    }

    pub(crate) fn document(&self) -> PathBuf {
        self.folder.path().join("user.md")
    }

    /// Fails unless the scenario runs through with the same documents.
    pub(crate) fn runs(&self, scenario: &str) {
        std::fs::write(self.folder.path().join("seen.yaml"), scenario).unwrap();
        let ran = Command::new(env!("CARGO_BIN_EXE_docsim"))
            .args(["run", "seen.yaml", "--docs", "user.md"])
            .current_dir(self.folder.path())
            .output()
            .unwrap();
        let said = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        assert!(ran.status.success(), "{}{}\n{scenario}", said(&ran.stdout), said(&ran.stderr));
    }

    pub(crate) fn get(&self, path: &str) -> String {
        self.ask("GET", path, "", "")
    }

    pub(crate) fn admin(&self, method: &str, path: &str, body: &str) -> String {
        self.ask(method, &format!("/__docsim/{path}"), "application/json", body)
    }

    pub(crate) fn form(&self, path: &str, body: &str) -> String {
        self.ask("POST", path, "application/x-www-form-urlencoded", body)
    }

    pub(crate) fn passcode(&self, phone: &str) -> String {
        let issued = self.admin("POST", "codes", &format!("{{\"phone\":\"{phone}\"}}"));
        let issued: serde_json::Value = serde_json::from_str(&issued).unwrap();
        issued["code"].as_str().unwrap().to_owned()
    }

    /// Asks by another name of this machine.
    pub(crate) fn get_at(&self, host: &str, path: &str) -> String {
        self.ask_at(host, "GET", path, "", "")
    }

    fn ask(&self, method: &str, path: &str, content_type: &str, body: &str) -> String {
        self.ask_at("127.0.0.1", method, path, content_type, body)
    }

    fn ask_at(&self, host: &str, method: &str, path: &str, content_type: &str, body: &str) -> String {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        let content = if content_type.is_empty() { String::new() } else { format!("Content-Type: {content_type}\r\n") };
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: {host}:{}\r\nConnection: close\r\n{content}Content-Length: {}\r\n\r\n{body}",
            self.port,
            body.len()
        );
        stream.write_all(request.as_bytes()).unwrap();
        let mut reply = String::new();
        stream.read_to_string(&mut reply).unwrap();
        reply.split_once("\r\n\r\n").map(|(_, body)| body.to_owned()).unwrap_or_default()
    }

    /// KiB of memory that the process has; 0 where the system does not say.
    pub(crate) fn memory(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.process.id())).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok()).unwrap_or(0)
    }

    /// Follows the events and reads them all, until it is dropped.
    pub(crate) fn follow(&self) -> TcpStream {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        let request = format!("GET /__docsim/events HTTP/1.1\r\nHost: 127.0.0.1:{}\r\n\r\n", self.port);
        stream.write_all(request.as_bytes()).unwrap();
        let mut reading = stream.try_clone().unwrap();
        std::thread::spawn(move || std::io::copy(&mut reading, &mut std::io::sink()));
        stream
    }

    /// So many requests over one connection; how many were answered.
    pub(crate) async fn many(&self, count: usize) -> usize {
        let port = self.port;
        tokio::task::spawn_blocking(move || {
            let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
            let request = format!("GET /Api/User/get_user_details?token=x HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n");
            let mut reader = BufReader::new(stream.try_clone().unwrap());
            (0..count).filter(|_| stream.write_all(request.as_bytes()).is_ok() && read_reply(&mut reader)).count()
        })
        .await
        .unwrap()
    }
}

fn read_reply(reader: &mut impl BufRead) -> bool {
    let mut length = 0;
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).unwrap_or(0) == 0 {
            return false;
        }
        if line == "\r\n" {
            return reader.read_exact(&mut vec![0; length]).is_ok();
        }
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
    }
}

/// One page on a port of its own, that is: of another origin.
pub(crate) struct Page {
    port: u16,
}

impl Page {
    pub(crate) fn serve(html: &'static str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        std::thread::spawn(move || {
            for mut stream in listener.incoming().map_while(Result::ok) {
                let mut scrap = [0; 4096];
                let _ = stream.read(&mut scrap);
                let head = "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nConnection: close\r\n";
                let _ = write!(stream, "{head}Content-Length: {}\r\n\r\n{html}", html.len());
            }
        });
        Self { port }
    }

    pub(crate) fn address(&self) -> String {
        format!("http://127.0.0.1:{}/", self.port)
    }
}
