//! Opens in a real browser the pictures of runs that are known to the microsecond.

use std::fs;
use std::path::Path;

use testing::Folder;
use testing::browser::Browser;
use testing::pictures::downloads;
use timeline::{Engine, Timeline, trace};

const PROGRAM: &str = env!("CARGO_BIN_EXE_classroom");

/// The moment that is shown, in seconds.
const NOW: &str = "groups.get('run').now";
/// Whether the rest of the run is hidden.
const VEILED: &str = "!document.querySelector('.veil').hidden";
const TIP: &str = "document.getElementById('tip')";

/// A browser that shows the page of a run.
fn page(run: &Timeline) -> Option<Browser> {
    let mut browser = Browser::start()?;
    browser.open_picture(run, "run.html");
    Some(browser)
}

#[test]
fn the_area_of_a_colour_is_its_share_of_the_time() {
    let Some(mut browser) = Browser::start() else { return };
    for (worked, shares) in [(60, 0.0..0.02), (45_000, 0.45..0.55), (90_000, 0.9..1.01)] {
        for (items, lanes) in [(160, 1), (10, 5), (4, 160)] {
            browser.check_work(&downloads(lanes, items, worked), &shares);
        }
    }
}

#[test]
fn what_is_too_short_to_see_is_said_and_seen_when_it_is_larger() {
    let Some(browser) = page(&downloads(1, 160, 60)) else { return };
    let is_said = "document.querySelector('.short').checkVisibility()";
    let said: String = browser.evaluate("document.querySelector('.short').textContent");
    assert_eq!(said, "Work is 0.07 % of the time, too short to see here: zoom in.");
    assert!(browser.evaluate::<bool>(is_said));
    // At every size nothing looks larger than it is, and the numbers of the axis have room.
    for times in 1..=15 {
        browser.run("zoom(groups.get('run'), 0.5, 0)");
        let length: f64 = browser.evaluate("document.querySelector('.bars').viewBox.baseVal.width");
        let (blue, share) = (browser.blue_share(), 60.0 / length.min(90_000.0));
        assert!((blue - share).abs() < 0.02, "{blue} for {share}, {times} times");
        let longest: usize = browser.evaluate(
            "Math.max(...[...document.querySelector('.axis').children].map((s) => s.textContent.length))",
        );
        assert!((1..=12).contains(&longest), "{longest} letters, {times} times");
    }
    assert!(!browser.evaluate::<bool>(is_said));
    browser.check_quiet();
}

#[test]
fn the_pointer_and_the_keys_tell_about_a_bar() {
    let Some(browser) = page(&downloads(3, 8, 60)) else { return };
    browser.run(
        "const { left, top, width } = document.querySelector('.bars').getBoundingClientRect();
        document.querySelector('.bars').dispatchEvent(new PointerEvent('pointermove',
            { clientX: left + 0.95 * width, clientY: top + 30, bubbles: true }))",
    );
    let said: String = browser.evaluate(&format!("{TIP}.textContent"));
    assert!(said.starts_with("http://127.0.0.1/7: thread 2, from 630 ms to 720 ms"), "{said}");
    assert!(said.ends_with("90.0 ms long: worked 60.0 µs, waited 89.9 ms"), "{said}");
    browser.run("document.querySelector('.bar').focus()");
    for (key, label) in [("ArrowRight", "/1: thread 1,"), ("ArrowDown", "/1: thread 2,")] {
        browser.run(&format!(
            "document.activeElement.dispatchEvent(new KeyboardEvent('keydown',
                {{ key: '{key}', bubbles: true }}))"
        ));
        assert!(
            browser.evaluate::<bool>(&format!("{TIP}.textContent.includes('{label}')")),
            "{key}"
        );
    }
    browser.check_quiet();
}

#[test]
fn a_run_is_played_and_paused() {
    let Some(browser) = page(&downloads(2, 400, 60)) else { return };
    assert!(!browser.evaluate::<bool>(VEILED), "nothing moves by itself");
    browser.click("Play");
    browser.wait_for(&format!("{NOW} > 0.2 && {NOW} < 36 && {VEILED}"));
    browser.click("Pause");
    assert!(!browser.evaluate::<bool>("groups.get('run').isPlaying"));
    let said: String = browser.evaluate("document.querySelector('output').textContent");
    assert!(said.contains(" s: 2 wait, 0 work; "), "{said}");
    assert!(said.ends_with("of 800 downloads done"), "{said}");
    // Ten times as fast it is soon at its end, and all of it is seen again.
    browser.run("groups.get('run').speed.value = '10'");
    browser.click("Play");
    browser.wait_for(&format!("{NOW} === 36 && !({VEILED})"));
    browser.check_quiet();
}

#[test]
fn ten_thousand_items_are_all_drawn() {
    let Some(browser) = page(&downloads(100, 100, 60)) else { return };
    let bars = "document.querySelector('.bars').querySelectorAll('.bar').length";
    assert_eq!(browser.evaluate::<usize>(bars), 10_000);
    // The script has run: the first bar can be reached.
    assert_eq!(browser.evaluate::<i32>("document.querySelector('.bar').tabIndex"), 0);
    browser.check_looks();
    browser.check_quiet();
}

/// A browser that shows the report of two programs: one page after the other, and 40 at once.
fn report() -> Option<Browser> {
    let mut browser = Browser::start()?;
    let slow = Timeline { program: "io_non_concurrent".into(), ..downloads(1, 40, 60) };
    let fast = Timeline { engine: Engine::Task, ..downloads(40, 1, 60) };
    let runs = [slow, Timeline { program: "io_asyncio".into(), ..fast }];
    let rows = runs.clone().map(|run| {
        let (at_once, seconds) = (run.lanes.len(), run.duration.as_secs_f64());
        let figures = serde_json::json!({
            "seconds": seconds, "bound_seconds": seconds, "cpu_seconds": 0.003, "answered": 40,
            "at_once": at_once, "most_at_once": at_once, "times": 80, "latency_ms": 90,
        });
        serde_json::json!({ "program": run.program, "runs": [figures] })
    });
    let figures = serde_json::json!({ "machine": "2 cores", "runs": 1, "programs": rows });
    let folder = Folder::new("report");
    let (saved, html) = (folder.file("saved.json"), folder.file("report.html"));
    let mut file = fs::File::create(&saved).expect("there is room");
    trace::write(&runs, &figures, &mut file).expect("there is room");
    let _ = testing::run(PROGRAM, &["replay", &saved, "--save", &html]).well();
    browser.open(Path::new(&html));
    Some(browser)
}

#[test]
fn the_report_shows_the_same_waiting_in_one_scale() {
    let Some(browser) = report() else { return };
    let first: String = browser.evaluate("document.querySelector('main p').textContent");
    assert_eq!(first, "3.60 s → 0.09 s, 40 times as fast: they waited together");
    // How many pixels are red in each of the two areas.
    let areas: [f64; 2] = browser.evaluate(
        "[...document.querySelectorAll('.areas .bars')].map((svg) =>
            [...svg.querySelectorAll('.wait')].reduce((sum, wait) => {
                const { width, height } = wait.getBoundingClientRect();
                return sum + width * height;
            }, 0))",
    );
    assert!((areas[0] / areas[1] - 1.0).abs() < 0.01, "{areas:?}");
    // The bars show it as well, and the article's times where there is room for them.
    let words: [String; 2] = browser.evaluate(
        "[...document.querySelectorAll('.times small')].map((words) => words.textContent)",
    );
    let beyond = "in the article 14.29 s (beyond the scale)";
    assert_eq!(words[0], format!("bound 3.600 s, {beyond}, 0.07 % of it is work"));
    assert_eq!(words[1], "bound 0.090 s, in the article 2.57 s, 0.07 % of it is work");
    let waited = "document.querySelector('.track .waits').clientWidth
        > 100 * document.querySelector('.track .works').clientWidth";
    assert!(browser.evaluate::<bool>(waited));
    // One run has no spread.
    let table: String = browser.evaluate("document.querySelector('details.printed').textContent");
    assert!(!table.contains('%'), "{table}");
    browser.check_looks();
    browser.check_quiet();
}

#[test]
fn the_report_plays_the_programs_against_each_other() {
    let Some(browser) = report() else { return };
    let done = || -> [String; 2] {
        browser.evaluate("[...document.querySelectorAll('.areas small')].map((s) => s.textContent)")
    };
    assert_eq!(done(), ["1 thread, 3.60 s", "40 tasks, 0.09 s"]);
    // Slowly, so that it is not over before one has looked.
    browser.run("groups.get('downloads').speed.value = '0.1'");
    browser.click("Play");
    browser.wait_for("groups.get('downloads').now > 0.1");
    browser.click("Pause");
    let [slow, fast] = done();
    assert_eq!(fast, "40 of 40 done");
    let count: u32 = slow.split(' ').next().and_then(|n| n.parse().ok()).expect("a number");
    assert!((1..40).contains(&count), "{slow}");
    browser.check_quiet();
}
