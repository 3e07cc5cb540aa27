//! A real browser, asked what it makes of a page and given real input.
//!
//! It is Chromium without a window, led by `chromedriver` over `WebDriver`. Everything that it is
//! asked for has an end: a command that is not answered fails the test.

use std::collections::HashMap;
use std::io::Write;
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use base64::prelude::{BASE64_STANDARD, Engine};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::http::Connection;
use super::pictures::Folder;
use super::programs::{Running, command, run};
use super::waiting::{POLL_INTERVAL, wait_until};
use timeline::Timeline;
use timeline::save::Target;

/// How long a browser may take to leave before it is killed.
const PATIENCE: Duration = Duration::from_secs(5);

/// Keys without a character, as `WebDriver` calls them.
pub mod key {
    /// Tab.
    pub const TAB: char = '\u{e004}';
    /// Shift.
    pub const SHIFT: char = '\u{e008}';
    /// Escape.
    pub const ESCAPE: char = '\u{e00c}';
    /// End.
    pub const END: char = '\u{e010}';
    /// Home.
    pub const HOME: char = '\u{e011}';
    /// The arrow to the left.
    pub const LEFT: char = '\u{e012}';
    /// The arrow upwards.
    pub const UP: char = '\u{e013}';
    /// The arrow to the right.
    pub const RIGHT: char = '\u{e014}';
    /// The arrow downwards.
    pub const DOWN: char = '\u{e015}';
}

/// A place in the window, in pixels from its top left corner.
pub type Place = (i32, i32);

/// A browser with an empty profile and one window; it leaves when the test ends.
pub struct Browser {
    driver: Running,
    address: String,
    /// Empty until there is one.
    session: String,
    folder: Folder,
    page: String,
}

impl Browser {
    /// Starts a browser; nothing if there is none here, which is said.
    #[track_caller]
    #[must_use]
    pub fn start() -> Option<Self> {
        static BROWSERS: AtomicUsize = AtomicUsize::new(0);
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
        let number = BROWSERS.fetch_add(1, Ordering::Relaxed);
        let folder = Folder::new(&format!("browser-{number}"));
        let driver = Running::start(&mut command(text(&driver), &["--port=0"]));
        let (address, session, page) = (String::new(), String::new(), String::new());
        let mut started = Self { driver, address, session, folder, page };
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
        let options = [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            &profile,
        ];
        let session = started.command(
            "POST",
            "/session",
            &json!({"capabilities": {"alwaysMatch": {
                "browserName": "chrome",
                "goog:chromeOptions": {"binary": text(&browser), "args": options},
                "goog:loggingPrefs": {"browser": "ALL", "performance": "ALL"},
            }}}),
        );
        let id = session["sessionId"].as_str().expect("a session has a number");
        started.session = format!("/session/{id}");
        Some(started)
    }

    /// Runs a program that saves a picture under this name, and opens the picture.
    #[track_caller]
    pub fn open_saved(&mut self, program: &str, arguments: &[&str], name: &str) {
        let path = self.folder.file(name);
        let _ = run(program, &[arguments, &["--save", &path]].concat()).well();
        self.open(Path::new(&path));
    }

    /// Saves the picture of a run under this name, whose ending picks the form, and opens it.
    #[track_caller]
    pub fn open_picture(&mut self, run: &Timeline, name: &str) {
        let path = self.folder.file(name);
        let target = Target::parse(&path).expect("a picture has one of the endings");
        target.save(run).expect("there is room");
        self.open(Path::new(&path));
    }

    /// Opens a file and forgets what other pages said and asked for.
    #[track_caller]
    pub fn open(&mut self, path: &Path) {
        for kind in ["browser", "performance"] {
            let _ = self.log(kind);
        }
        self.page = format!("file://{}", text(path));
        self.post("/url", &json!({"url": self.page}));
    }

    /// The value of an expression of the page's own language.
    #[track_caller]
    #[must_use]
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
    pub fn prefer(&self, scheme: &str) {
        let features = json!([{"name": "prefers-color-scheme", "value": scheme}]);
        self.chromium("Emulation.setEmulatedMedia", &json!({"features": features}));
        self.wait_for(&format!("matchMedia('(prefers-color-scheme:{scheme})').matches"));
    }

    /// Prefers that little moves.
    #[track_caller]
    pub fn prefer_stillness(&self) {
        let features = json!([{"name": "prefers-reduced-motion", "value": "reduce"}]);
        self.chromium("Emulation.setEmulatedMedia", &json!({"features": features}));
        self.wait_for("matchMedia('(prefers-reduced-motion: reduce)').matches");
    }

    /// Shows the page as it is on paper.
    #[track_caller]
    pub fn print_media(&self) {
        self.chromium("Emulation.setEmulatedMedia", &json!({"media": "print"}));
        self.wait_for("matchMedia('print').matches");
    }

    /// Which part of the bars in what an expression returns is blue, as it is on the screen, pixel by
    /// pixel; the rest of them is red.
    #[track_caller]
    #[must_use]
    pub fn blue_share(&self, expression: &str) -> f64 {
        let element: HashMap<String, String> = self.evaluate(expression);
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
        assert!(blue + red > 100.0, "there are no bars in {expression}");
        blue / (blue + red)
    }

    /// Checks that the work of a run is drawn as large as it was, at every width and in both themes.
    #[track_caller]
    pub fn check_work_of(&mut self, run: &Timeline) {
        let totals = run.totals();
        let [worked, waited] = [totals.worked, totals.waited].map(|time| time.as_secs_f64());
        let share = worked / (worked + waited);
        for name in ["run.html", "run.svg"] {
            self.open_picture(run, name);
            // A bar is 22 pixels high. At each edge of the work a row of them may be of neither colour.
            let two_rows = 2.0 / 22.0;
            self.check_work(share - two_rows..share + two_rows);
            self.check_quiet();
        }
    }

    /// Checks that so much of the first picture of the page is work, at every width and in both
    /// themes.
    #[track_caller]
    pub fn check_work(&self, share: Range<f64>) {
        for scheme in ["light", "dark"] {
            self.prefer(scheme);
            for width in [390, 768, 1280, 1920] {
                self.resize(width, 800);
                let blue = self.blue_share("document.querySelector('svg.bars')");
                assert!(share.contains(&blue), "{blue:.4}, not in {share:?}, at {width}, {scheme}");
            }
        }
    }

    /// Taps with a finger.
    #[track_caller]
    pub fn tap(&self, (x, y): Place) {
        let finger = json!([{"x": x, "y": y, "id": 1}]);
        self.touch("touchStart", &finger);
        self.touch("touchEnd", &json!([]));
    }

    /// Puts two fingers on a line, `apart` at first and `then`, in pixels, and lets go.
    #[track_caller]
    pub fn pinch(&self, (x, y): Place, apart: i32, then: i32) {
        let fingers = |apart: i32| json!([{"x": x - apart / 2, "y": y, "id": 1}, {"x": x + apart / 2, "y": y, "id": 2}]);
        self.touch("touchStart", &fingers(apart));
        for step in 1..=10 {
            self.touch("touchMove", &fingers(apart + (then - apart) * step / 10));
        }
        self.touch("touchEnd", &json!([]));
    }

    #[track_caller]
    fn touch(&self, kind: &str, points: &Value) {
        self.chromium("Input.dispatchTouchEvent", &json!({"type": kind, "touchPoints": points}));
    }

    /// Moves the pointer.
    #[track_caller]
    pub fn point(&self, (x, y): Place) {
        self.act("pointer", &json!([{"type": "pointerMove", "x": x, "y": y}]));
    }

    /// Presses the first button of the pointer at one place and lets it go at another.
    #[track_caller]
    pub fn drag(&self, from: Place, to: Place) {
        self.point(from);
        self.act(
            "pointer",
            &json!([
                {"type": "pointerDown", "button": 0},
                {"type": "pointerMove", "x": to.0, "y": to.1, "duration": 100},
                {"type": "pointerUp", "button": 0},
            ]),
        );
    }

    /// Clicks on what an expression returns.
    #[track_caller]
    pub fn click(&self, expression: &str) {
        let place = self.middle(expression);
        self.drag(place, place);
    }

    /// Turns the wheel at a place, downwards if `delta` is positive.
    #[track_caller]
    pub fn wheel(&self, (x, y): Place, delta: i32) {
        self.act(
            "wheel",
            &json!([
                {"type": "scroll", "x": x, "y": y, "deltaX": 0, "deltaY": delta},
            ]),
        );
    }

    /// Presses keys together, as in Shift and Tab, and lets them go.
    #[track_caller]
    pub fn press(&self, keys: &[char]) {
        let act = |kind, key: &char| json!({"type": kind, "value": key});
        let down = keys.iter().map(|key| act("keyDown", key));
        let up = keys.iter().rev().map(|key| act("keyUp", key));
        self.act("key", &down.chain(up).collect());
    }

    /// The middle of what an expression returns, after scrolling to it.
    #[track_caller]
    #[must_use]
    pub fn middle(&self, expression: &str) -> Place {
        self.evaluate(&format!(
            "((there) => {{
                there.scrollIntoView({{ block: 'nearest', behavior: 'instant' }});
                const {{ left, right, top, bottom }} = there.getBoundingClientRect();
                return [Math.round((left + right) / 2), Math.round((top + bottom) / 2)];
            }})({expression})"
        ))
    }

    /// Checks that the page is no wider than the window.
    #[track_caller]
    fn check_width(&self) {
        let widths = "[document.documentElement.scrollWidth, document.documentElement.clientWidth]";
        let [page, window]: [u32; 2] = self.evaluate(widths);
        assert!(page <= window, "a page of {page} pixels in a window of {window}");
    }

    /// Checks that the page fits into a wide and a narrow window and has light and dark colours.
    #[track_caller]
    pub fn check_looks(&self) {
        let colours = ["light", "dark"].map(|scheme| {
            self.prefer(scheme);
            for (width, height) in [(1280, 800), (390, 844)] {
                self.resize(width, height);
                self.check_width();
            }
            self.evaluate::<String>("getComputedStyle(document.body).backgroundColor")
        });
        assert_ne!(colours[0], colours[1], "light and dark");
    }

    /// Checks that nothing on the page has failed, and that it asked for nothing but itself.
    #[track_caller]
    pub fn check_quiet(&self) {
        let errors: Vec<Value> =
            self.log("browser").into_iter().filter(|entry| entry["level"] == "SEVERE").collect();
        assert!(errors.is_empty(), "on the console: {errors:#?}");
        let requests = self.requests();
        assert!(requests.contains(&self.page), "the page itself is not among {requests:?}");
        let others: Vec<&String> = requests.iter().filter(|url| **url != self.page).collect();
        assert!(others.is_empty(), "the page asked for {others:?}");
    }

    /// The addresses that the page asked for, itself included.
    #[track_caller]
    fn requests(&self) -> Vec<String> {
        let request = |entry: Value| {
            let message: Value = serde_json::from_str(entry["message"].as_str()?).ok()?;
            let message = &message["message"];
            let is_request = message["method"] == "Network.requestWillBeSent";
            // A new browser still loads its own first page.
            let of = message["params"]["documentURL"].as_str().unwrap_or_default();
            let is_request = is_request && !of.starts_with("chrome:");
            let url = message["params"]["request"]["url"].as_str()?;
            is_request.then(|| url.to_owned())
        };
        self.log("performance").into_iter().filter_map(request).collect()
    }

    /// What was logged since the last time.
    #[track_caller]
    fn log(&self, kind: &str) -> Vec<Value> {
        match self.post("/se/log", &json!({"type": kind})) {
            Value::Array(entries) => entries,
            other => panic!("not a log: {other}"),
        }
    }

    /// Saves what the window shows as a PNG.
    #[track_caller]
    pub fn save(&self, path: &Path) {
        let picture = self.command("GET", &format!("{}/screenshot", self.session), &Value::Null);
        let picture = BASE64_STANDARD.decode(picture.as_str().expect("a picture is text"));
        let picture = picture.expect("a picture is in base 64");
        std::fs::write(path, picture).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    }

    /// Gives input, one act after the other.
    #[track_caller]
    fn act(&self, kind: &str, acts: &Value) {
        self.post("/actions", &json!({"actions": [{"type": kind, "id": kind, "actions": acts}]}));
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

    /// Whether a process of this browser still runs.
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
        if !self.session.is_empty() {
            // A test that has failed says why, and not that the browser has gone too.
            let _ = catch_unwind(AssertUnwindSafe(|| {
                if thread::panicking() {
                    let picture = self.folder.path().with_extension("png");
                    self.save(&picture);
                    eprintln!("the browser showed {}", picture.display());
                }
                self.command("DELETE", &self.session, &Value::Null);
            }));
        }
        let begin = Instant::now();
        loop {
            let processes = self.processes();
            if processes.is_empty() || begin.elapsed() > 2 * PATIENCE {
                break;
            }
            if begin.elapsed() > PATIENCE {
                #[cfg(unix)]
                for process in processes {
                    // It may have left meanwhile.
                    let _ = catch_unwind(|| super::workers::signal("KILL", process));
                }
            }
            thread::sleep(POLL_INTERVAL);
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
