//! A browser of its own for each test, and what a person does with it.

use fantoccini::key::Key;
use fantoccini::{Client, ClientBuilder, Locator};
use serde_json::{Map, Value, json};
use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A condition that does not come true within this has failed.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

pub(crate) struct Browser {
    client: Client,
    driver: Driver,
}

/// `ChromeDriver`, and the browser that it has started; both end with it, whatever a test comes to.
struct Driver {
    process: Child,
    port: u16,
    /// As soon as there is one.
    session: Option<String>,
    profile: tempfile::TempDir,
}

impl Drop for Driver {
    fn drop(&mut self) {
        // Asked to end its session it ends the browser, and answers when that has gone; killed, it would leave it behind.
        if let Some(session) = &self.session {
            let _ = ask(
                ureq::delete(format!("http://127.0.0.1:{}/session/{session}", self.port)).force_send_body(),
                &json!({}),
            );
        }
        let _ = ask(ureq::get(format!("http://127.0.0.1:{}/shutdown", self.port)).force_send_body(), &json!({}));
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Sends a command to `ChromeDriver`; what its answer carries.
fn ask(request: ureq::RequestBuilder<ureq::typestate::WithBody>, body: &Value) -> Option<Value> {
    let config = request.config().timeout_global(Some(PATIENCE)).build();
    let text = config.content_type("application/json").send(body.to_string()).ok()?.body_mut().read_to_string().ok()?;
    serde_json::from_str::<Value>(&text).ok().map(|mut answer| answer["value"].take())
}

impl Browser {
    /// A driver, with port 0 if it ended without listening. None where this machine has none.
    fn driver() -> Option<Driver> {
        let started = Command::new("chromedriver").arg("--port=0").stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
        let process = match started {
            Ok(process) => process,
            Err(error) => {
                assert!(std::env::var_os("CI").is_none(), "chromedriver is needed: {error}");
                // Not `eprintln`: what a test that passes says so is not shown.
                let told = "LEFT OUT: chromedriver is not installed, so the console was not tried in a browser";
                let _ = writeln!(std::io::stderr(), "{told}");
                return None;
            }
        };
        let mut driver = Driver { process, port: 0, session: None, profile: tempfile::tempdir().unwrap() };
        let mut lines = BufReader::new(driver.process.stdout.take().unwrap()).lines();
        let port = lines.by_ref().map_while(Result::ok).find_map(|line| {
            let port = line.split("on port ").nth(1)?;
            // It begins by saying 0, which is what it was told.
            port.trim_end_matches('.').parse::<u16>().ok().filter(|port| *port > 0)
        });
        // What it says later must not fill the pipe.
        std::thread::spawn(move || lines.for_each(drop));
        driver.port = port.unwrap_or(0);
        Some(driver)
    }

    /// None where this machine has no browser, unless it is a CI server's.
    pub(crate) async fn start() -> Option<Self> {
        let mut driver = Self::driver()?;
        // What another program took in the meantime is no port for it, and it ends.
        for _ in 0..2 {
            if driver.port == 0 {
                driver = Self::driver()?;
            }
        }
        assert!(driver.port > 0, "chromedriver says on which port it listens");
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
        args.push(json!(format!("--user-data-dir={}", driver.profile.path().display())));
        let mut capabilities = Map::new();
        capabilities.insert("goog:chromeOptions".to_owned(), json!({ "args": args }));
        capabilities.insert("goog:loggingPrefs".to_owned(), json!({ "browser": "ALL" }));
        let address = format!("http://127.0.0.1:{}", driver.port);
        let client = ClientBuilder::new(hyper_connector()).capabilities(capabilities).connect(&address).await.unwrap();
        driver.session = client.session_id().await.unwrap();
        Some(Self { client, driver })
    }

    /// Where the browser keeps its files: its processes name it in their command lines.
    pub(crate) fn profile(&self) -> PathBuf {
        self.driver.profile.path().to_owned()
    }

    fn command(&self, command: &str, body: &Value) -> Value {
        let session = self.driver.session.as_deref().unwrap();
        let address = format!("http://127.0.0.1:{}/session/{session}/{command}", self.driver.port);
        ask(ureq::post(address), body).unwrap_or_else(|| panic!("{command} is not answered"))
    }

    /// From now on the page is so wide, as on a phone, whatever the window is.
    pub(crate) fn set_width(&self, width: u32) {
        let metrics = json!({ "width": width, "height": 900, "deviceScaleFactor": 1, "mobile": false });
        self.command("goog/cdp/execute", &json!({ "cmd": "Emulation.setDeviceMetricsOverride", "params": metrics }));
    }

    /// Has a script run before all scripts of every page that is opened from now on.
    pub(crate) fn before_every_page(&self, script: &str) {
        let params = json!({ "source": script });
        self.command("goog/cdp/execute", &json!({ "cmd": "Page.addScriptToEvaluateOnNewDocument", "params": params }));
    }

    /// What the whole page looks like, as a PNG file.
    pub(crate) fn picture(&self) -> Vec<u8> {
        self.command(
            "goog/cdp/execute",
            &json!({ "cmd": "Emulation.setScrollbarsHidden", "params": { "hidden": true } }),
        );
        let params = json!({ "format": "png", "captureBeyondViewport": true });
        let taken = self.command("goog/cdp/execute", &json!({ "cmd": "Page.captureScreenshot", "params": params }));
        let text = taken["data"].as_str().expect("a picture comes as base64");
        base64::Engine::decode(&base64::engine::general_purpose::STANDARD, text).unwrap()
    }

    /// What the browser's console has said of errors since it was last asked: scripts that threw, files that did not come,
    /// what the policy forbids.
    pub(crate) fn errors(&self) -> Vec<String> {
        let log = self.command("se/log", &json!({ "type": "browser" }));
        let entries = log.as_array().expect("the log is a list");
        let errors = entries.iter().filter(|entry| entry["level"] == "SEVERE");
        errors.map(|entry| entry["message"].to_string()).collect()
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

    /// Presses Escape where the keyboard is.
    pub(crate) async fn escape(&self) {
        self.client.active_element().await.unwrap().send_keys(&char::from(Key::Escape).to_string()).await.unwrap();
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
