//! A real browser without a window, led as `WebDriver` says: Chromium by `chromedriver`, Firefox by
//! itself. What is not answered fails the test.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::panic::{AssertUnwindSafe, catch_unwind};

use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use testing::browser::{Browser as Kind, program, say_skipped, text};
use testing::{Connection, DEADLINE, Folder, Running, command, wait_until};

/// A browser with an empty profile and one window; it leaves when the test ends.
pub struct Browser {
    driver: Driver,
    _process: Running,
    _folder: Folder,
}

enum Driver {
    /// Where `chromedriver` listens, and the path of the session.
    Chromium { address: String, session: String },
    /// The connection, and how many commands it has carried.
    Firefox { stream: BufReader<TcpStream>, commands: u32 },
}

impl Browser {
    /// Starts this browser with light colours in Chromium and dark ones in Firefox; nothing if it is
    /// not here, which is said.
    #[track_caller]
    pub fn start(kind: Kind) -> Option<Self> {
        if !kind.is_here() {
            return None;
        }
        let browser = kind.program()?;
        match (kind, program(&["chromedriver"])) {
            (Kind::Firefox, _) => Some(Self::firefox(text(&browser))),
            (Kind::Chromium, Some(driver)) => Some(Self::chromium(text(&browser), text(&driver))),
            (Kind::Chromium, None) => {
                say_skipped("chromedriver");
                None
            }
        }
    }

    fn chromium(browser: &str, driver: &str) -> Self {
        let folder = Folder::new("browser");
        let process = Running::start(&mut command(driver, &["--port=0"]));
        let mut address = String::new();
        wait_until("chromedriver tells its port", || {
            let said = process.stdout();
            let port = said.split("started successfully on port ").nth(1);
            let port = port.and_then(|port| port.split_once('.'));
            address = port.map_or(String::new(), |(port, _)| format!("http://127.0.0.1:{port}"));
            !address.is_empty()
        });
        let profile = format!("--user-data-dir={}", folder.file("profile"));
        let options = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", &profile];
        let phone = json!({"deviceMetrics": {"width": 390, "height": 844, "pixelRatio": 1}});
        let wanted = json!({"capabilities": {"alwaysMatch": {"goog:chromeOptions": {
            "binary": browser, "args": options, "mobileEmulation": phone,
        }}}});
        let driver = Driver::Chromium { address, session: String::new() };
        let mut started = Self { driver, _process: process, _folder: folder };
        let answer = started.command("/session", "", &wanted);
        if let Driver::Chromium { session, .. } = &mut started.driver {
            *session = format!("/session/{}", answer["sessionId"].as_str().expect("it has a name"));
        }
        started
    }

    fn firefox(browser: &str) -> Self {
        let folder = Folder::new("browser");
        let settings = "user_pref('marionette.port', 0); user_pref('ui.systemUsesDarkTheme', 1);";
        fs::write(folder.file("user.js"), settings).expect("there is room");
        let profile = text(folder.path());
        let options = ["--headless", "--marionette", "--no-remote", "--profile", profile];
        let process = Running::start(&mut command(browser, &options));
        let mut port = None;
        wait_until("Firefox tells its port", || {
            let text = fs::read_to_string(folder.file("MarionetteActivePort"));
            port = text.ok().and_then(|text| text.trim().parse::<u16>().ok());
            port.is_some()
        });
        let address = ("127.0.0.1", port.expect("it was told"));
        let stream = TcpStream::connect(address).expect("Firefox listens");
        stream.set_read_timeout(Some(DEADLINE)).expect("the time is not zero");
        let mut stream = BufReader::new(stream);
        let _ = message(&mut stream);
        let driver = Driver::Firefox { stream, commands: 0 };
        let mut started = Self { driver, _process: process, _folder: folder };
        started.command("", "WebDriver:NewSession", &json!({}));
        started.command("", "WebDriver:SetWindowRect", &json!({"width": 390, "height": 844}));
        started
    }

    /// Opens the page at an address.
    #[track_caller]
    pub fn visit(&mut self, url: &str) {
        self.command("/url", "WebDriver:Navigate", &json!({"url": url}));
    }

    /// What a function with this body returns, in the page's own language.
    #[track_caller]
    pub fn run<T: DeserializeOwned>(&mut self, body: &str) -> T {
        let script = json!({"script": body, "args": []});
        let value = self.command("/execute/sync", "WebDriver:ExecuteScript", &script);
        serde_json::from_value(value).unwrap_or_else(|error| panic!("{body}: {error}"))
    }

    /// Clicks on the button with this text.
    #[track_caller]
    pub fn click(&mut self, button: &str) {
        let all = "[...document.querySelectorAll('button')]";
        let find = format!("{all}.find((it) => it.textContent.includes('{button}'))");
        assert!(
            self.run::<bool>(&format!("const it = {find}; if (it) it.click(); return !!it;")),
            "{button}"
        );
    }

    /// Waits until the page shows this text.
    #[track_caller]
    pub fn wait_for(&mut self, text: &str) {
        wait_until(text, || self.run::<String>("return document.body.innerText").contains(text));
    }

    /// Does what `WebDriver` has at this path, which Firefox calls by this name.
    #[track_caller]
    fn command(&mut self, path: &str, name: &str, parameters: &Value) -> Value {
        match &mut self.driver {
            Driver::Chromium { address, session } => {
                let mut connection = Connection::to(address);
                connection.ask_with(&format!("POST {session}{path}"), &parameters.to_string());
                let answer = connection.answer(true);
                let mut value: Value = serde_json::from_slice(&answer.body).expect("it is JSON");
                assert!(answer.status.contains(" 200 "), "{path} {parameters}: {value}");
                value["value"].take()
            }
            Driver::Firefox { stream, commands } => {
                *commands += 1;
                let command = json!([0, commands, name, parameters]).to_string();
                write!(stream.get_mut(), "{}:{command}", command.len()).expect("Firefox reads it");
                let mut answer = message(stream);
                assert!(answer[2].is_null(), "{name} {parameters}: {answer}");
                let mut answer = answer[3].take();
                answer.get_mut("value").map(Value::take).unwrap_or(answer)
            }
        }
    }
}

/// With the driver alone Chromium would stay.
impl Drop for Browser {
    fn drop(&mut self) {
        if let Driver::Chromium { address, session } = &self.driver {
            // A test that has failed says why, and not that the browser has gone too.
            let _ = catch_unwind(AssertUnwindSafe(|| {
                let mut connection = Connection::to(address);
                connection.ask(&format!("DELETE {session}"));
                connection.answer(true)
            }));
        }
    }
}

/// A message of Firefox: its length, a colon, and itself.
#[track_caller]
fn message(stream: &mut impl BufRead) -> Value {
    let mut length = Vec::new();
    stream.read_until(b':', &mut length).expect("Firefox answers in time");
    let length = String::from_utf8_lossy(&length).trim_end_matches(':').parse();
    let mut content = vec![0; length.expect("a message begins with its length")];
    stream.read_exact(&mut content).expect("Firefox answers in time");
    serde_json::from_slice(&content).expect("a message is JSON")
}
