//! A browser of its own for each test, and what a person does with it.

use fantoccini::key::Key;
use fantoccini::{Client, ClientBuilder, Locator};
use serde_json::{Map, Value, json};
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A condition that does not come true within this has failed.
const PATIENCE: Duration = Duration::from_secs(30);

pub(crate) struct Browser {
    client: Client,
    driver: Child,
    port: u16,
    _profile: tempfile::TempDir,
}

impl Drop for Browser {
    fn drop(&mut self) {
        // Asked to, it ends its browsers; killed, it leaves them behind.
        if let Ok(mut stream) = std::net::TcpStream::connect(("127.0.0.1", self.port)) {
            let _ = stream.set_read_timeout(Some(Duration::from_secs(5)));
            let _ = write!(stream, "GET /shutdown HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            let _ = std::io::Read::read_to_end(&mut stream, &mut Vec::new());
        }
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}

impl Browser {
    /// None where this machine has no browser, unless it is a CI server's.
    pub(crate) async fn start() -> Option<Self> {
        let started = Command::new("chromedriver").arg("--port=0").stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
        let mut driver = match started {
            Ok(driver) => driver,
            Err(error) => {
                assert!(std::env::var_os("CI").is_none(), "chromedriver is needed: {error}");
                // Not `eprintln`: what a test that passes says so is not shown.
                let told = "LEFT OUT: chromedriver is not installed, so the console was not tried in a browser";
                let _ = writeln!(std::io::stderr(), "{told}");
                return None;
            }
        };
        let mut lines = BufReader::new(driver.stdout.take().unwrap()).lines();
        let port = lines.by_ref().map_while(Result::ok).find_map(|line| {
            let port = line.split("on port ").nth(1)?;
            // It begins by saying 0, which is what it was told.
            port.trim_end_matches('.').parse::<u16>().ok().filter(|port| *port > 0)
        });
        // What it says later must not fill the pipe.
        std::thread::spawn(move || lines.for_each(drop));
        let port = port.expect("chromedriver says on which port it listens");
        let profile = tempfile::tempdir().unwrap();
        let args = [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--lang=en-US",
            "--window-size=1300,900",
            "--host-resolver-rules=MAP attacker.example 127.0.0.1",
        ];
        let mut args: Vec<Value> = args.iter().map(|arg| json!(arg)).collect();
        args.push(json!(format!("--user-data-dir={}", profile.path().display())));
        let mut capabilities = Map::new();
        capabilities.insert("goog:chromeOptions".to_owned(), json!({ "args": args }));
        let address = format!("http://127.0.0.1:{port}");
        let client = ClientBuilder::new(hyper_connector()).capabilities(capabilities).connect(&address).await.unwrap();
        Some(Self { client, driver, port, _profile: profile })
    }

    pub(crate) async fn close(self) {
        let _ = self.client.clone().close().await;
    }

    pub(crate) async fn open(&self, url: &str) {
        self.client.goto(url).await.unwrap();
    }

    pub(crate) async fn click(&self, selector: &str) {
        self.client.wait().at_most(PATIENCE).for_element(Locator::Css(selector)).await.unwrap().click().await.unwrap();
    }

    /// The button whose text is exactly that, within what the selector finds.
    pub(crate) async fn press(&self, within: &str, text: &str) {
        let find = format!(
            "[...document.querySelectorAll({})].find((one) => one.textContent.trim() === {})",
            json!(format!("{within} button")),
            json!(text)
        );
        self.until(&find).await;
        self.client.execute(&format!("{find}.click()"), vec![]).await.unwrap();
    }

    /// Puts a text into a field in place of what is there, as typing does.
    pub(crate) async fn fill(&self, selector: &str, text: &str) {
        let field = self.client.wait().at_most(PATIENCE).for_element(Locator::Css(selector)).await.unwrap();
        // Selected by keys: keys that are sent to a field go to its end, whatever a script has selected.
        field.send_keys(&format!("{}a{}", char::from(Key::Control), char::from(Key::Null))).await.unwrap();
        field.send_keys(text).await.unwrap();
    }

    /// Chooses a file in a file field.
    pub(crate) async fn choose_file(&self, selector: &str, path: &str) {
        self.client.find(Locator::Css(selector)).await.unwrap().send_keys(path).await.unwrap();
    }

    pub(crate) async fn text(&self, selector: &str) -> String {
        self.client.find(Locator::Css(selector)).await.unwrap().text().await.unwrap()
    }

    pub(crate) async fn number(&self, script: &str) -> u64 {
        self.value(script).await.as_u64().unwrap()
    }

    pub(crate) async fn value(&self, script: &str) -> Value {
        self.client.execute(&format!("return {script}"), vec![]).await.unwrap()
    }

    pub(crate) async fn run_async(&self, script: &str, args: Vec<Value>) -> Value {
        self.client.execute_async(script, args).await.unwrap()
    }

    /// Waits until a script says something that counts as true.
    pub(crate) async fn until(&self, script: &str) {
        let until = Instant::now() + PATIENCE;
        loop {
            let found = self
                .client
                .execute(&format!("try {{ return Boolean({script}) }} catch {{ return false }}"), vec![])
                .await
                .unwrap();
            if found == json!(true) {
                return;
            }
            if Instant::now() > until {
                let page = self.text("body").await;
                panic!("never true: {script}\n{page}");
            }
            tokio::time::sleep(Duration::from_millis(40)).await;
        }
    }

    pub(crate) async fn until_shown(&self, text: &str) {
        self.until(&format!("document.body.innerText.includes({})", json!(text))).await;
    }
}

fn hyper_connector() -> hyper_util::client::legacy::connect::HttpConnector {
    hyper_util::client::legacy::connect::HttpConnector::new()
}

impl Browser {
    /// Waits until something outside of the page is so.
    pub(crate) async fn until_asked(&self, so: impl Fn() -> bool) {
        let until = Instant::now() + PATIENCE;
        while !so() {
            assert!(Instant::now() < until, "never so");
            tokio::time::sleep(Duration::from_millis(40)).await;
        }
    }
}
