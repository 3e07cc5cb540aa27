//! Real browsers, asked what they make of a page.
//!
//! They have no driver: Chromium runs a script in a copy of the page and prints what has become of
//! it, and both it and Firefox save a picture. All of that ends by itself or is ended.

use std::fmt::Write as _;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::Instant;

use serde::de::DeserializeOwned;

use super::folder::Folder;
use super::waiting::{DEADLINE, POLL_INTERVAL};

/// The most memory that a process of a browser may take for our pages, in megabytes.
const MOST_MEMORY: u64 = 1_000;

/// A browser that is installed here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Browser {
    /// Chromium, or Chrome.
    Chromium,
    /// Firefox, of any edition.
    Firefox,
}

impl Browser {
    /// Whether there is such a browser; if not, that is said.
    pub fn is_here(self) -> bool {
        let is_here = self.program().is_some();
        if !is_here {
            say_skipped(&format!("{self:?}"));
        }
        is_here
    }

    /// Where it is, if it is installed.
    pub fn program(self) -> Option<PathBuf> {
        match self {
            Self::Chromium => program(&["chromium", "chromium-browser", "google-chrome"]),
            Self::Firefox => program(&["firefox-esr", "firefox"]),
        }
    }

    /// Opens a page in a window of this size and saves its picture in a folder.
    #[track_caller]
    pub fn picture(self, page: &Path, (width, height): (u32, u32), to: &Folder) -> PathBuf {
        let picture = to.path().join(format!("{self:?}.png"));
        let _ = fs::remove_file(&picture); // of the page before
        let shot = format!("--screenshot={}", text(&picture));
        match self {
            Self::Chromium => {
                let size = format!("--window-size={width},{height}");
                let _ = chromium(&["--hide-scrollbars", &size, &shot], page);
            }
            Self::Firefox => {
                let profile = Folder::new("firefox");
                let size = format!("--window-size={width},{height}");
                let mut firefox = Command::new(self.program().expect("it is here"));
                firefox.args(["--headless", "--no-remote", "--profile", text(profile.path())]);
                // Firefox knows it as two words only.
                firefox.args([&size, "--screenshot", text(&picture), &address(page)]);
                let _ = run(&mut firefox, &profile);
            }
        }
        assert!(picture.is_file(), "{self:?} has made no picture of {}", page.display());
        picture
    }
}

/// Says that this test is left out, because something is not here.
pub fn say_skipped(needs: &str) {
    // Not with `eprintln!`, which is not seen when a test passes.
    let test = thread::current().name().unwrap_or("this test").to_string();
    let _ = writeln!(std::io::stderr(), "skipped: {test} needs {needs}");
}

/// What an asynchronous function of the page's own language returns, given its body, in a window of
/// this width. Nothing on the page may fail meanwhile.
#[track_caller]
pub fn ask<T: DeserializeOwned>(page: &Path, width: u32, body: &str) -> T {
    let folder = Folder::new("ask");
    let copy = folder.path().join("page.html");
    let html = fs::read_to_string(page).expect("there is a page");
    let (head, rest) = html.split_once("<main>").expect("the page has a main part");
    // A frame is drawn when a timer says so, because this browser's clock runs as fast as it can.
    let html = format!(
        "{head}<script>const failed = [];
        addEventListener('error', (event) => failed.push(event.message));
        addEventListener('securitypolicyviolation', (event) => failed.push(event.blockedURI));
        requestAnimationFrame = (draw) => setTimeout(() => draw(performance.now()), 16);
        const click = (what) => document.querySelector(`[data-do=${{what}}]`).click();
        const wait = (ms) => new Promise((done) => setTimeout(done, ms));
        </script><main>{rest}<script>(async () => {{
            const answer = {{}};
            try {{ answer.value = await (async () => {{ {body} }})(); }}
            catch (error) {{ failed.push(String(error)); }}
            answer.failed = failed;
            const pre = document.createElement('pre');
            pre.id = 'answer';
            pre.textContent = JSON.stringify(answer).replace(/[&<>\\u00a0]/g,
                (sign) => '\\\\u' + sign.charCodeAt(0).toString(16).padStart(4, '0'));
            document.body.append(pre);
        }})()</script>"
    );
    fs::write(&copy, html).expect("there is room");
    let size = format!("--window-size={width},900");
    let dom = chromium(&["--dump-dom", &size], &copy);
    let answer = dom.split_once("<pre id=\"answer\">").and_then(|(_, rest)| rest.split_once('<'));
    let (answer, _) = answer.unwrap_or_else(|| panic!("no answer: {body}"));
    let mut answer: serde_json::Value = serde_json::from_str(answer).expect("an answer is JSON");
    assert_eq!(answer["failed"], serde_json::json!([]), "{body}");
    let value = answer["value"].take();
    serde_json::from_value(value.clone()).unwrap_or_else(|error| panic!("{value}: {error}"))
}

/// Runs Chromium without a window on a page.
#[track_caller]
fn chromium(options: &[&str], page: &Path) -> String {
    let profile = Folder::new("chromium");
    let mut chromium = Command::new(Browser::Chromium.program().expect("it is here"));
    chromium.args(["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run"]);
    // Scripts may read pictures of their own folder.
    chromium.args(["--allow-file-access-from-files", "--virtual-time-budget=60000"]);
    chromium.arg(format!("--user-data-dir={}", text(profile.path())));
    run(chromium.args(options).arg(address(page)), &profile)
}

/// Runs a browser to its end and returns what it prints. If it takes too long, or too much memory,
/// the test fails.
#[track_caller]
fn run(browser: &mut Command, profile: &Folder) -> String {
    let output = profile.path().join("printed");
    let file = fs::File::create(&output).expect("there is room");
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(browser, 0);
    let mut child = browser.stdin(Stdio::null()).stdout(file).stderr(Stdio::null()).spawn();
    let child = child.as_mut().expect("the browser starts");
    let begin = Instant::now();
    let mut most = 0;
    while child.try_wait().expect("it is our child").is_none() {
        most = most.max(memory(child.id()));
        if most > MOST_MEMORY || begin.elapsed() > DEADLINE {
            #[cfg(unix)]
            super::workers::signal("KILL", format!("-{}", child.id()));
            let _ = child.kill();
            let _ = child.wait();
            panic!("{browser:?} took {most} MB and {:?}", begin.elapsed());
        }
        thread::sleep(POLL_INTERVAL);
    }
    fs::read_to_string(output).expect("there is what it printed")
}

/// The memory of the largest of these processes in megabytes: of one and all that it has started.
#[cfg(target_os = "linux")]
fn memory(process: u32) -> u64 {
    let statm = fs::read_to_string(format!("/proc/{process}/statm")).unwrap_or_default();
    let pages = statm.split(' ').nth(1).and_then(|pages| pages.parse::<u64>().ok());
    let children = super::children_of(process).into_iter().map(memory);
    children.chain(pages.map(|pages| pages * 4 / 1024)).max().unwrap_or(0)
}

/// No other system tells it so simply.
#[cfg(not(target_os = "linux"))]
fn memory(_: u32) -> u64 {
    0
}

/// Pages beside and below each other, of each nothing but its bars, in frames of these widths: one
/// page, so that a browser draws all of them at once.
#[derive(Debug)]
pub struct Gallery {
    folder: Folder,
    names: Vec<String>,
    widths: &'static [u32],
}

/// The height of a frame, in pixels.
const FRAME: u32 = 1_100;

impl Gallery {
    /// A gallery of these pages and drawings.
    #[track_caller]
    pub fn of(pages: &[PathBuf], widths: &'static [u32]) -> Self {
        let folder = Folder::new("gallery");
        let mut names = Vec::new();
        let mut html = String::from("<!doctype html><body style=\"margin:0;line-height:0\">");
        for page in pages {
            let name = page.file_name().and_then(|name| name.to_str()).expect("it has a name");
            let hidden = if page.extension().is_some_and(|ending| ending == "svg") {
                "text,.tick,.legend,.whole,.drawn{display:none}</style>"
            } else {
                "*{visibility:hidden}svg.bars,svg.bars *{visibility:visible}</style>"
            };
            let shown = fs::read_to_string(page).expect("there is a page");
            let shown = shown.replacen("</style>", hidden, 1);
            fs::write(folder.path().join(name), shown).expect("there is room");
            for width in widths {
                let size = format!("width:{width}px;height:{FRAME}px;border:0");
                let _ = write!(html, "<iframe src=\"{name}\" style=\"{size}\"></iframe>");
            }
            html.push_str("<br>");
            names.push(name.to_string());
        }
        fs::write(folder.path().join("gallery.html"), html).expect("there is room");
        Self { folder, names, widths }
    }

    /// Which part of the bars in each frame is work, as this browser draws them.
    #[track_caller]
    pub fn shares_of_work(&self, browser: Browser) -> Vec<(String, u32, f64)> {
        let size = (self.widths.iter().sum(), FRAME * self.names.len() as u32);
        let page = self.folder.path().join("gallery.html");
        let picture = browser.picture(&page, size, &self.folder);
        let reader = self.folder.path().join("reader.html");
        let image =
            format!("<!doctype html><body><main><img src=\"{}\"></main>", address(&picture));
        fs::write(&reader, image).expect("there is room");
        let (widths, rows) = (self.widths, self.names.len());
        let body = format!("{READER}; return read({widths:?}, {FRAME}, {rows})");
        let shares: Vec<Vec<f64>> = ask(&reader, 800, &body);
        let mut all = Vec::new();
        for (name, shares) in self.names.iter().zip(shares) {
            for (width, share) in self.widths.iter().zip(shares) {
                all.push((name.clone(), *width, share));
            }
        }
        all
    }
}

/// Finds the share of blue in each frame of a picture. A pixel on an edge is a mixture, so the
/// mixture of a whole frame is told apart: how much of work and how much of waiting, beside the page,
/// gives its mean colour.
const READER: &str = "
    const COLOURS = { page: [255, 255, 255], work: [11, 92, 173], stripe: [200, 73, 47], wait: [246, 195, 184] };
    async function read(widths, height, rows) {
        const image = document.querySelector('img');
        if (!image.complete) await new Promise((loaded) => image.addEventListener('load', loaded));
        const canvas = new OffscreenCanvas(image.width, image.height).getContext('2d');
        canvas.drawImage(image, 0, 0);
        const away = (name) => COLOURS[name].map((part, at) => part - COLOURS.page[at]);
        const [work, stripe, wait] = ['work', 'stripe', 'wait'].map(away);
        const dot = (a, b) => a.reduce((sum, part, at) => sum + part * b[at], 0);
        const cross = (a, b) => [0, 1, 2].map((i) =>
            a[(i + 1) % 3] * b[(i + 2) % 3] - a[(i + 2) % 3] * b[(i + 1) % 3]);
        return Array.from({ length: rows }, (_, row) => {
            let left = 0;
            return widths.map((width) => {
                const { data } = canvas.getImageData(left, row * height, width, height);
                left += width;
                const sum = [0, 0, 0];
                for (let at = 0; at < data.length; at += 4)
                    for (const part of [0, 1, 2]) sum[part] += data[at + part] - COLOURS.page[part];
                // Cramer's rule, for three colours.
                const all = dot(work, cross(stripe, wait));
                const blue = dot(sum, cross(stripe, wait)) / all;
                const red = (dot(work, cross(sum, wait)) + dot(work, cross(stripe, sum))) / all;
                return blue / (blue + red);
            });
        });
    }";

/// The address of a file.
fn address(path: &Path) -> String {
    format!("file://{}", text(path))
}

/// Where the first of these programs is that is there.
pub fn program(names: &[&str]) -> Option<PathBuf> {
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
pub fn text(path: &Path) -> &str {
    path.to_str().expect("the path is text")
}
