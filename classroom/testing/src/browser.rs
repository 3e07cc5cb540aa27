//! A real browser, asked what it makes of a page.
//!
//! It is Chromium without a window, led by `chromedriver` over `WebDriver`. Everything that it is
//! asked for has an end: a command that is not answered fails the test.

use std::collections::HashMap;
use std::io::Write;
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::folder::Folder;
use super::http::Connection;
use super::programs::{Running, command};
use super::waiting::{POLL_INTERVAL, wait_until};
use timeline::Timeline;
use timeline::save::Target;

/// How long a browser may take to leave before it is killed.
const PATIENCE: Duration = Duration::from_secs(5);

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
        let browser = program(&["chromium", "chromium-browser", "google-chrome"]);
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

    /// Saves the picture of a run under this name, whose ending picks the form, and opens it.
    #[track_caller]
    pub fn open_picture(&mut self, run: &Timeline, name: &str) {
        let path = self.folder.file(name);
        let target = Target::parse(&path).expect("a picture has one of the endings");
        target.save(run).expect("there is room");
        self.open(Path::new(&path));
    }

    /// Opens a file and forgets what other pages have logged.
    #[track_caller]
    pub fn open(&mut self, path: &Path) {
        self.visit(&format!("file://{}", text(path)));
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

    /// Which part of the bars of the first picture is blue, as it is on the screen, pixel by pixel; the
    /// rest of them is red.
    #[track_caller]
    pub fn blue_share(&self) -> f64 {
        let element: HashMap<String, String> = self.evaluate("document.querySelector('svg.bars')");
        let element = element.values().next().expect("an element has a number");
        let path = format!("{}/element/{element}/screenshot", self.session);
        let picture = self.command("GET", &path, &Value::Null);
        let script = "const [picture, done] = arguments;
            (async () => {
                const bytes = Uint8Array.from(atob(picture), (byte) => byte.charCodeAt(0));
                const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
                const canvas = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d');
                canvas.drawImage(bitmap, 0, 0);
                const { data } = canvas.getImageData(0, 0, bitmap.width, bitmap.height);
                let [blue, red] = [0, 0];
                for (let at = 0; at < data.length; at += 4) {
                    const bluer = data[at + 2] - data[at];
                    blue += bluer > 60;
                    red += bluer < -40;
                }
                done([blue, red]);
            })();";
        let counted = self.post("/execute/async", &json!({"script": script, "args": [picture]}));
        let [blue, red]: [f64; 2] = serde_json::from_value(counted).expect("two numbers");
        assert!(blue + red > 100.0, "there are no bars");
        blue / (blue + red)
    }

    /// Checks the page of a run, and that its work is drawn as large as it was.
    #[track_caller]
    pub fn check_work_of(&mut self, run: &Timeline) {
        self.open_picture(run, "run.html");
        self.check_looks();
        let totals = run.totals();
        let [worked, waited] = [totals.worked, totals.waited].map(|time| time.as_secs_f64());
        let share = worked / (worked + waited);
        // A bar is 22 pixels high. At each edge of the work a row of them may be of neither colour.
        let two_rows = 2.0 / 22.0;
        self.check_work(run, &(share - two_rows..share + two_rows));
    }

    /// Checks that so much of a picture is work, on a page and in a drawing, on a telephone and on a
    /// desk, and in both themes.
    #[track_caller]
    pub fn check_work(&mut self, run: &Timeline, share: &Range<f64>) {
        for name in ["run.html", "run.svg"] {
            self.open_picture(run, name);
            for (width, scheme) in [(390, "light"), (1280, "dark")] {
                self.prefer(scheme);
                self.resize(width, 800);
                let blue = self.blue_share();
                assert!(share.contains(&blue), "{blue:.4}, not in {share:?}: {name}, {width}");
            }
            self.check_quiet();
        }
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

    /// The processes of this browser that still run.
    fn processes(&self) -> Vec<u32> {
        #[cfg(unix)]
        let processes = super::workers::processes();
        #[cfg(not(unix))]
        let processes: Vec<(u32, u32, Vec<String>)> = Vec::new();
        let folder = text(self.folder.path());
        let is_own = |arguments: &[String]| arguments.iter().any(|part| part.contains(folder));
        let own = processes.into_iter().filter(|(_, _, arguments)| is_own(arguments));
        own.map(|(id, ..)| id).collect()
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // A test that has failed says why, and not that the browser has gone too.
        let _ = catch_unwind(AssertUnwindSafe(|| {
            self.command("DELETE", &self.session, &Value::Null);
        }));
        let begin = Instant::now();
        while !self.processes().is_empty() && begin.elapsed() < PATIENCE {
            thread::sleep(POLL_INTERVAL);
        }
        #[cfg(unix)]
        for process in self.processes() {
            // It may have left meanwhile.
            let _ = catch_unwind(|| super::workers::signal("KILL", process));
        }
    }
}

/// Where the first of these programs is that is there.
fn program(names: &[&str]) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    let file = |name: &&str| {
        let name = format!("{name}{}", std::env::consts::EXE_SUFFIX);
        folders.iter().map(|folder| folder.join(&name)).find(|file| file.is_file())
    };
    names.iter().find_map(file)
}

/// A path as text, which it is unless someone has given a folder a strange name.
#[track_caller]
fn text(path: &Path) -> &str {
    path.to_str().expect("the path is text")
}
