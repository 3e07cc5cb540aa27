//! A real browser, asked what it makes of a page.
//!
//! It is Chromium without a window, led by `chromedriver` over `WebDriver`. Everything that it is
//! asked for has an end: a command that is not answered fails the test.

use std::io::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread;

use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use testing::browser::{program, text};
use testing::{Connection, Folder, Running, command, wait_until};

/// A browser with an empty profile and one window; it leaves when the test ends.
pub struct Browser {
    driver: Running,
    address: String,
    /// Empty until there is one.
    session: String,
    folder: Folder,
}

impl Browser {
    /// Starts a browser; nothing if there is none here, which is said.
    #[track_caller]
    pub fn start() -> Option<Self> {
        let driver = program(&["chromedriver"]);
        let browser = testing::browser::Browser::Chromium.program();
        let (Some(driver), Some(browser)) = (driver, browser) else {
            // Not with `eprintln!`, which is not seen when a test passes.
            let _ = writeln!(
                std::io::stderr(),
                "skipped: {} needs chromedriver and Chromium",
                thread::current().name().unwrap_or("this test"),
            );
            return None;
        };
        let driver = Running::start(&mut command(text(&driver), &["--port=0"]));
        let folder = Folder::new("browser");
        let mut started = Self { driver, address: String::new(), session: String::new(), folder };
        wait_until("chromedriver tells its port", || {
            let said = started.driver.stdout();
            let port = said.split("started successfully on port ").nth(1);
            let port = port.and_then(|port| port.split_once('.'));
            port.is_some_and(|(port, _)| {
                started.address = format!("http://127.0.0.1:{port}");
                true
            })
        });
        let profile = format!("--user-data-dir={}", started.folder.file("profile"));
        let options = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", &profile];
        let session = started.command(
            "POST",
            "/session",
            &json!({"capabilities": {"alwaysMatch": {
                "browserName": "chrome",
                "goog:chromeOptions": {"binary": text(&browser), "args": options},
                "goog:loggingPrefs": {"browser": "ALL"},
            }}}),
        );
        let id = session["sessionId"].as_str().expect("a session has a number");
        started.session = format!("/session/{id}");
        started.resize(1280, 800);
        Some(started)
    }

    /// Opens the page at an address and forgets what other pages have logged.
    #[track_caller]
    pub fn visit(&mut self, url: &str) {
        let _ = self.log();
        self.post("/url", &json!({"url": url}));
    }

    /// The value of an expression of the page's own language.
    #[track_caller]
    pub fn evaluate<T: DeserializeOwned>(&self, expression: &str) -> T {
        let script = format!("return {expression}");
        let value = self.post("/execute/sync", &json!({"script": script, "args": []}));
        serde_json::from_value(value).unwrap_or_else(|error| panic!("{expression}: {error}"))
    }

    /// Runs statements of the page's own language.
    #[track_caller]
    pub fn run(&self, script: &str) {
        self.post("/execute/sync", &json!({"script": script, "args": []}));
    }

    /// Clicks on the button with this text.
    #[track_caller]
    pub fn click(&self, button: &str) {
        self.run(&format!(
            "[...document.querySelectorAll('button')].find((b) => b.textContent.includes('{button}'))
                .click()"
        ));
    }

    /// Waits until an expression is true.
    #[track_caller]
    pub fn wait_for(&self, expression: &str) {
        wait_until(expression, || self.evaluate(expression));
    }

    /// Gives the window this size in pixels, to the pixel.
    #[track_caller]
    pub fn resize(&self, width: u32, height: u32) {
        let size =
            json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false});
        self.chromium("Emulation.setDeviceMetricsOverride", &size);
        self.wait_for(&format!("innerWidth === {width} && innerHeight === {height}"));
    }

    /// Prefers `light` or `dark` colours.
    #[track_caller]
    fn prefer(&self, scheme: &str) {
        let features = json!([{"name": "prefers-color-scheme", "value": scheme}]);
        self.chromium("Emulation.setEmulatedMedia", &json!({"features": features}));
        self.wait_for(&format!("matchMedia('(prefers-color-scheme:{scheme})').matches"));
    }

    /// Checks that the page fits into a wide and a narrow window without a scroll bar below, and has
    /// light and dark colours.
    #[track_caller]
    pub fn check_looks(&self) {
        let colours = [(1280, "light"), (390, "dark")].map(|(width, scheme)| {
            self.prefer(scheme);
            self.resize(width, 844);
            let wide =
                "document.documentElement.scrollWidth - document.documentElement.clientWidth";
            assert!(self.evaluate::<i32>(wide) <= 0, "the page is wider than {width}");
            self.evaluate::<String>("getComputedStyle(document.body).backgroundColor")
        });
        assert_ne!(colours[0], colours[1], "light and dark");
    }

    /// Checks that nothing on the page has failed. A page that asks for more than itself does, because
    /// its policy forbids it.
    #[track_caller]
    pub fn check_quiet(&self) {
        let mut errors = self.log();
        errors.retain(|entry| entry["level"] == "SEVERE");
        assert!(errors.is_empty(), "on the console: {errors:#?}");
    }

    /// What was logged since the last time.
    #[track_caller]
    fn log(&self) -> Vec<Value> {
        match self.post("/se/log", &json!({"type": "browser"})) {
            Value::Array(entries) => entries,
            other => panic!("not a log: {other}"),
        }
    }

    /// Asks for something that only Chromium has.
    #[track_caller]
    fn chromium(&self, command: &str, parameters: &Value) {
        self.post("/goog/cdp/execute", &json!({"cmd": command, "params": parameters}));
    }

    #[track_caller]
    fn post(&self, path: &str, body: &Value) -> Value {
        self.command("POST", &format!("{}{path}", self.session), body)
    }

    #[track_caller]
    fn command(&self, method: &str, path: &str, body: &Value) -> Value {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let mut connection = Connection::to(&self.address);
        connection.ask_with(&format!("{method} {path}"), &body);
        let answer = connection.answer(true);
        let mut value: Value = serde_json::from_slice(&answer.body).expect("an answer is JSON");
        let value = value["value"].take();
        assert!(
            answer.status.contains(" 200 "),
            "{method} {path} {body}: {}: {}",
            value["error"],
            value["message"].as_str().unwrap_or_default(),
        );
        value
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // A test that has failed says why, and not that the browser has gone too.
        let _ = catch_unwind(AssertUnwindSafe(|| {
            self.command("DELETE", &self.session, &Value::Null);
        }));
    }
}
