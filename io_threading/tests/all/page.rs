//! Opens in a real browser what the program saves.

use testing::browser::{Browser, key};

const PROGRAM: &str = env!("CARGO_BIN_EXE_io_threading");

/// Milliseconds that the site takes for a page.
const LATENCY: u32 = 20;

const BARS: &str = "document.querySelector('.bars').querySelectorAll('.bar')";
const ACTIVE: &str = "document.activeElement";
const TIP: &str = "document.getElementById('tip')";

/// A browser that shows the program's picture.
fn saved(name: &str) -> Option<Browser> {
    let mut browser = Browser::start()?;
    browser.resize(1280, 800);
    browser.open_saved(PROGRAM, &["--latency", &LATENCY.to_string()], name);
    Some(browser)
}

/// The part of the time that is seen: its begin and its length, in microseconds.
fn view(browser: &Browser) -> (f64, f64) {
    let view = "document.querySelector('.bars').viewBox.baseVal";
    browser.evaluate(&format!("[{view}.x, {view}.width]"))
}

#[track_caller]
fn assert_view(browser: &Browser, begin: f64, length: f64) {
    let seen = view(browser);
    let differs = |a: f64, b: f64| (a - b).abs() > 1.0;
    let wrong = differs(seen.0, begin) || differs(seen.1, length);
    assert!(!wrong, "{seen:?} instead of {:?}", (begin, length));
}

/// Checks that what is said about a bar is shown, and returns it.
#[track_caller]
fn told(browser: &Browser, bar: &str) -> String {
    browser.wait_for(&format!("!{TIP}.hidden && {TIP}.checkVisibility()"));
    let label: String = browser.evaluate(&format!("{TIP}.textContent"));
    // What is shown is said, too.
    let is_said: bool = browser.evaluate(&format!(
        "!{bar}.matches(':focus') || {bar}.getAttribute('aria-label') === {TIP}.textContent"
    ));
    assert!(is_said, "{label}");
    for part in ["http://", ": thread ", ", from ", " to ", " long: worked ", ", waited "] {
        assert!(label.contains(part), "no {part:?} in {label:?}");
    }
    label
}

/// Presses Tab until a bar is reached.
#[track_caller]
fn tab_to_a_bar(browser: &Browser) {
    let reached = || {
        browser.press(&[key::TAB]);
        browser.evaluate::<bool>(&format!("{ACTIVE}.matches('.bar')"))
    };
    assert!((0..15).any(|_| reached()), "Tab reaches no bar");
}

#[test]
fn the_page_shows_five_threads_that_wait() {
    let Some(browser) = saved("run.html") else { return };
    let names: Vec<String> = browser
        .evaluate("[...document.querySelector('.names').children].map((s) => s.textContent)");
    assert_eq!(names, ["thread 1", "thread 2", "thread 3", "thread 4", "thread 5"]);
    assert_eq!(browser.evaluate::<u32>(&format!("{BARS}.length")), 160);
    let waited: Vec<String> = browser
        .evaluate("[...document.querySelectorAll('tbody tr')].map((r) => r.cells[7].textContent)");
    assert_eq!(waited.len(), 160);
    let milliseconds = |time: &String| -> f64 {
        let (number, unit) = time.split_once(' ').expect("a time has a unit");
        let size = match unit {
            "µs" => 0.001,
            "ms" => 1.0,
            "s" => 1_000.0,
            _ => panic!("{time:?}"),
        };
        size * number.replace(',', "").parse::<f64>().expect("a time is a number")
    };
    let waited: f64 = waited.iter().map(milliseconds).sum();
    assert!(waited >= 0.99 * f64::from(160 * LATENCY), "{waited}");
    browser.check_looks();
    browser.check_quiet();
}

#[test]
fn the_pointer_and_the_keys_tell_about_a_bar() {
    let Some(browser) = saved("run.html") else { return };
    let bar = format!("{BARS}[7]");
    browser.point(browser.middle(&bar));
    let _ = told(&browser, &bar);
    browser.point((1, 1));
    browser.wait_for(&format!("{TIP}.hidden"));
    tab_to_a_bar(&browser);
    let first = told(&browser, ACTIVE);
    assert!(first.contains("thread 1, from "), "{first}");
    for (key, there) in [
        (key::RIGHT, "bars.indexOf(active) === 1"),
        (key::LEFT, "bars.indexOf(active) === 0"),
        (key::DOWN, "active.getAttribute('aria-label').includes(': thread 2, ')"),
        (key::UP, "active.getAttribute('aria-label').includes(': thread 1, ')"),
        (key::END, "bars.indexOf(active) === 159"),
        (key::HOME, "bars.indexOf(active) === 0"),
    ] {
        browser.press(&[key]);
        browser.wait_for(&format!("((bars, active) => {there})([...{BARS}], {ACTIVE})"));
        let _ = told(&browser, ACTIVE);
    }
    browser.press(&[key::ESCAPE]);
    browser.wait_for(&format!("{TIP}.hidden"));
    browser.check_quiet();
}

#[test]
fn a_part_of_the_time_can_be_seen_larger() {
    let Some(browser) = saved("run.html") else { return };
    let (_, whole) = view(&browser);
    assert_view(&browser, 0.0, whole);
    tab_to_a_bar(&browser);
    // The bar stays where it is, so what is seen no longer begins at 0.
    browser.press(&['+']);
    let (begin, half) = view(&browser);
    assert_view(&browser, begin, whole / 2.0);
    browser.press(&[key::SHIFT, key::RIGHT]);
    assert_view(&browser, begin + half / 4.0, half);
    browser.press(&[key::SHIFT, key::LEFT]);
    assert_view(&browser, begin, half);
    browser.press(&['0']);
    assert_view(&browser, 0.0, whole);
    browser.press(&['-']);
    assert_view(&browser, 0.0, whole);

    let button =
        |label: &str| browser.click(&format!("document.querySelector('[aria-label=\"{label}\"]')"));
    button("Zoom in");
    assert_view(&browser, whole / 4.0, whole / 2.0);
    button("Zoom in");
    assert_view(&browser, whole * 0.375, whole / 4.0);
    button("Zoom out");
    assert_view(&browser, whole / 4.0, whole / 2.0);
    button("All: show the whole run");
    assert_view(&browser, 0.0, whole);

    button("Zoom in");
    let place = browser.middle(&format!("{BARS}[15]"));
    let (begin, length) = view(&browser);
    let width: f64 =
        browser.evaluate("document.querySelector('.bars').getBoundingClientRect().width");
    browser.drag(place, (place.0 - 40, place.1));
    assert_view(&browser, begin + length * 40.0 / width, length);
    browser.check_quiet();
}

#[test]
fn the_drawing_opens_by_itself() {
    let Some(browser) = saved("run.svg") else { return };
    assert_eq!(browser.evaluate::<u32>(&format!("{BARS}.length")), 160);
    let title: String = browser.evaluate("document.querySelector('text').textContent");
    assert!(title.starts_with("io_threading: 0.") && title.ends_with(" s"), "{title}");
    browser.check_quiet();
}
