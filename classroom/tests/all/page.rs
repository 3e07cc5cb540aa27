//! Opens in a real browser the pictures of runs that are known to the microsecond.

use std::fs;
use std::time::Duration;

use testing::browser::{Browser, key};
use testing::pictures::Folder;
use timeline::{Item, Lane, Timeline, Work, trace};

const PROGRAM: &str = env!("CARGO_BIN_EXE_classroom");

const TIP: &str = "document.getElementById('tip')";
const BAR: &str = "document.querySelector('.bars').querySelectorAll('.bar')";

/// Downloads of 90 ms on each lane, one after the other, each with so many microseconds of work.
fn downloads(lanes: u64, items: u64, worked: u64) -> Timeline {
    run("http://127.0.0.1/", lanes, items, worked)
}

/// Items of 90 ms on each lane, one after the other; the end of a label is the number of the item.
fn run(label: &str, lanes: u64, items: u64, worked: u64) -> Timeline {
    let ms = Duration::from_millis;
    let item = |number: u64| {
        let (start, end) = (ms(90 * number), ms(90 * (number + 1)));
        let worked = Duration::from_micros(worked);
        let work = [Work { start, end: start + worked, worked }].into();
        let label = format!("{label}{number}");
        Item { label, ready: start, start, end, work, ..Item::default() }
    };
    let lane =
        |number| Lane { name: format!("thread {number}"), items: (0..items).map(item).collect() };
    Timeline {
        program: "known".into(),
        duration: ms(90 * items),
        cores: Some(2),
        lanes: (1..=lanes).map(lane).collect(),
    }
}

/// A browser that shows the page of a run.
fn page(run: &Timeline) -> Option<Browser> {
    let mut browser = Browser::start()?;
    browser.resize(1280, 800);
    browser.open_picture(run, "run.html");
    Some(browser)
}

/// The part of the time that is seen: its begin and its length, in microseconds.
fn view(browser: &Browser) -> (f64, f64) {
    let view = "document.querySelector('.bars').viewBox.baseVal";
    browser.evaluate(&format!("[{view}.x, {view}.width]"))
}

#[test]
fn the_area_of_a_colour_is_its_share_of_the_time() {
    let Some(mut browser) = Browser::start() else { return };
    for (worked, shares) in [(60, 0.0..0.02), (45_000, 0.45..0.55), (90_000, 0.9..1.01)] {
        for (items, lanes) in [(160, 1), (10, 5), (4, 160)] {
            for name in ["run.html", "run.svg"] {
                browser.open_picture(&downloads(lanes, items, worked), name);
                browser.check_work(shares.clone());
            }
        }
    }
}

#[test]
fn what_is_too_short_to_see_is_said_and_seen_when_it_is_larger() {
    let Some(browser) = page(&downloads(1, 160, 60)) else { return };
    let note = "document.querySelector('.short')";
    let said: String = browser.evaluate(&format!("{note}.textContent"));
    assert_eq!(said, "Work is 0.07 % of the time, too short to see here: zoom in.");
    assert!(browser.evaluate::<bool>(&format!("{note}.checkVisibility()")));
    // At every size nothing looks larger than it is.
    for times in 1..=15 {
        browser.run("zoom(groups.get('run'), 0.5, 0)");
        let blue = browser.blue_share("document.querySelector('svg.bars')");
        let (_, length) = view(&browser);
        let true_share = 60.0 / length.min(90_000.0);
        assert!((blue - true_share).abs() < 0.02, "{blue} for {true_share}, {times} times");
    }
    assert!(!browser.evaluate::<bool>(&format!("{note}.checkVisibility()")));
    browser.check_quiet();
}

#[test]
fn the_wheel_scrolls_the_page_and_control_and_the_wheel_is_the_browsers() {
    let Some(browser) = page(&downloads(5, 400, 60)) else { return };
    browser.resize(1280, 300);
    let whole = view(&browser);
    let scrolled = || browser.evaluate::<f64>("scrollY");
    assert!(scrolled() < 1.0);
    browser.wheel(browser.middle(&format!("{BAR}[7]")), 40);
    browser.wait_for("scrollY >= 30");
    assert_eq!(view(&browser), whole);
    let is_free = |modifier: &str| -> bool {
        browser.evaluate(&format!(
            "{BAR}[7].dispatchEvent(new WheelEvent('wheel',
                {{ deltaY: -100, {modifier} bubbles: true, cancelable: true }}))"
        ))
    };
    assert!(is_free("") && is_free("ctrlKey: true,"), "the page has taken the wheel");
    assert_eq!(view(&browser), whole);
}

#[test]
fn a_tap_tells_about_a_bar_and_two_fingers_zoom() {
    let Some(browser) = page(&downloads(5, 40, 60)) else { return };
    let (_, whole) = view(&browser);
    let place = browser.middle(&format!("{BAR}[47]"));
    browser.tap(place);
    browser.wait_for(&format!("!{TIP}.hidden"));
    let said: String = browser.evaluate(&format!("{TIP}.textContent"));
    assert!(said.starts_with("http://127.0.0.1/7: thread 2, from 630 ms to 720 ms"), "{said}");
    assert!(said.ends_with("90.0 ms long: worked 60.0 µs, waited 89.9 ms"), "{said}");
    browser.tap((4, 4));
    browser.wait_for(&format!("{TIP}.hidden"));

    let under = |x: i32| -> f64 {
        browser.evaluate(&format!(
            "((svg) => {{
                const {{ left, width }} = svg.getBoundingClientRect();
                const {{ x, width: length }} = svg.viewBox.baseVal;
                return x + length * ({x} - left) / width;
            }})(document.querySelector('.bars'))"
        ))
    };
    let held = (under(place.0 - 50), under(place.0 + 50));
    browser.pinch(place, 100, 400);
    browser.wait_for(&format!(
        "document.querySelector('.bars').viewBox.baseVal.width < {}",
        0.3 * whole
    ));
    // What was under the fingers is still under them.
    let now = (under(place.0 - 200), under(place.0 + 200));
    let pixel = view(&browser).1 / 1_000.0;
    assert!((held.0 - now.0).abs() < 3.0 * pixel, "{held:?}, {now:?}");
    assert!((held.1 - now.1).abs() < 3.0 * pixel, "{held:?}, {now:?}");
    browser.pinch(place, 300, 30);
    browser.wait_for(&format!("document.querySelector('.bars').viewBox.baseVal.width === {whole}"));
    browser.check_quiet();
}

#[test]
fn a_button_that_is_let_go_beside_the_picture_holds_nothing() {
    let Some(browser) = page(&downloads(5, 40, 60)) else { return };
    browser.click("document.querySelector('[aria-label=\"Zoom in\"]')");
    let seen = view(&browser);
    let (x, y) = browser.middle(&format!("{BAR}[20]"));
    let top: i32 =
        browser.evaluate("Math.round(document.querySelector('.bars').getBoundingClientRect().top)");
    browser.drag((x, top + 2), (x, top - 3));
    browser.point((x + 200, y));
    assert_eq!(view(&browser), seen);
}

const NOW: &str = "groups.get('run').now";
const VEILED: &str = "!document.querySelector('.veil').hidden";

fn button(text: &str) -> String {
    format!(
        "[...document.querySelectorAll('button')].find((b) => b.textContent.includes('{text}'))"
    )
}

#[test]
fn a_run_is_played_paused_and_gone_through_step_by_step() {
    let Some(browser) = page(&downloads(2, 400, 60)) else { return };
    assert!(!browser.evaluate::<bool>(VEILED), "nothing moves by itself");
    browser.click(&button("Play"));
    browser.wait_for(&format!("{NOW} > 0.2 && {NOW} < 36 && {VEILED}"));
    browser.click(&button("Pause"));
    let paused: f64 = browser.evaluate(NOW);
    std::thread::sleep(Duration::from_millis(100));
    assert!((browser.evaluate::<f64>(NOW) - paused).abs() < 1e-9, "it goes on");
    let said: String = browser.evaluate("document.querySelector('output').textContent");
    assert!(
        said.contains(" s: 2 wait, 0 work; ") && said.ends_with("of 800 downloads done"),
        "{said}"
    );

    // To the next end, which is the next begin as well, and back.
    let next = 0.09 * ((paused / 0.09).floor() + 1.0);
    let is_at = |time: f64| {
        let now: f64 = browser.evaluate(NOW);
        assert!((now - time).abs() < 1e-6, "{now} instead of {time}");
    };
    browser.press(&['.']);
    is_at(next);
    browser.press(&['.']);
    is_at(next + 0.09);
    browser.press(&[',']);
    is_at(next);
    browser.press(&['p']);
    browser.wait_for(&format!("{NOW} > {next} + 0.1"));
    browser.press(&['p']);
    assert!(!browser.evaluate::<bool>("groups.get('run').isPlaying"));
    // Ten times as fast it is soon at its end, and all of it is seen again.
    browser.run("groups.get('run').speed.value = '10'");
    browser.press(&['p']);
    browser.wait_for(&format!("{NOW} === 36 && !({VEILED})"));
    browser.check_quiet();
}

#[test]
fn nothing_plays_where_little_is_to_move() {
    let Some(browser) = page(&downloads(2, 40, 60)) else { return };
    browser.prefer_stillness();
    browser.wait_for(&format!("!{}.checkVisibility()", button("Play")));
    browser.press(&['p']);
    std::thread::sleep(Duration::from_millis(100));
    assert!(!browser.evaluate::<bool>(VEILED));
    browser.press(&['.']);
    assert!(browser.evaluate::<bool>(VEILED), "a step is no motion");
    browser.check_quiet();
}

#[test]
fn for_a_projector_the_lanes_fill_the_height() {
    let Some(browser) = page(&downloads(5, 40, 60)) else { return };
    let height = "document.querySelector('.bars').getBoundingClientRect().height";
    let before: f64 = browser.evaluate(height);
    browser.press(&['b']);
    let size = "getComputedStyle(document.querySelector('.names')).fontSize";
    assert_eq!(browser.evaluate::<String>(size), "20px");
    assert!(browser.evaluate::<f64>(height) > 300.0);
    let overlap: bool = browser.evaluate(
        "((names) => names.some((name, at) => at > 0
            && names[at - 1].getBoundingClientRect().bottom > name.getBoundingClientRect().top))(
            [...document.querySelectorAll('.names span:not(.skipped)')])",
    );
    assert!(!overlap, "names lie over each other");
    browser.press(&['b']);
    assert!((browser.evaluate::<f64>(height) - before).abs() < 1.0);
    browser.check_quiet();
}

#[test]
fn ten_thousand_items_are_all_drawn() {
    let Some(browser) = page(&downloads(100, 100, 60)) else { return };
    assert_eq!(browser.evaluate::<usize>(&format!("{BAR}.length")), 10_000);
    // The script has run: the first bar can be reached.
    assert_eq!(browser.evaluate::<i32>(&format!("{BAR}[0].tabIndex")), 0);
    browser.check_quiet();
}

#[test]
fn the_axis_has_numbers_that_can_be_read_however_short_the_time_is() {
    let Some(browser) = page(&downloads(1, 160, 60)) else { return };
    browser.run("show(groups.get('run'), 0.0465555, 1e-6)");
    let labels: Vec<String> = browser
        .evaluate("[...document.querySelectorAll('.axis')[0].children].map((s) => s.textContent)");
    assert_eq!(labels[..3], ["46.5555 ms", "+100 ns", "+200"]);
    for zoom in 0..30 {
        browser.run("zoom(groups.get('run'), 2, 0.0465555)");
        let longest: usize = browser.evaluate(
            "Math.max(...[...document.querySelectorAll('.axis')[0].children].map((s) => s.textContent.length))",
        );
        assert!(longest <= 12, "{longest} letters after {zoom}");
    }
}

#[test]
fn tab_and_the_arrows_go_from_bar_to_bar() {
    let Some(browser) = page(&downloads(3, 4, 60)) else { return };
    browser.run(&format!("{BAR}[0].focus()"));
    for (key, label) in [
        (key::RIGHT, "/1: thread 1,"),
        (key::DOWN, "/1: thread 2,"),
        (key::DOWN, "/1: thread 3,"),
        (key::END, "/3: thread 3,"),
        (key::LEFT, "/2: thread 3,"),
        (key::UP, "/2: thread 2,"),
    ] {
        browser.press(&[key]);
        browser.wait_for(&format!("!{TIP}.hidden && {TIP}.textContent.includes('{label}')"));
    }
    browser.check_quiet();
}

/// The trace of a comparison of two programs that download: one page after the other, and 40 at once.
fn comparison() -> (Vec<Timeline>, serde_json::Value) {
    let slow = Timeline { program: "io_non_concurrent".into(), ..downloads(1, 40, 60) };
    let mut fast = Timeline { program: "io_asyncio".into(), ..downloads(40, 1, 60) };
    for (number, lane) in (1..).zip(&mut fast.lanes) {
        lane.name = format!("task {number}");
    }
    let row = |run: &Timeline| {
        let at_once = run.lanes.len();
        let seconds = run.duration.as_secs_f64();
        let figures = serde_json::json!({
            "seconds": seconds, "bound_seconds": seconds, "cpu_seconds": 0.003, "answered": 40,
            "at_once": at_once, "most_at_once": at_once, "times": 80, "latency_ms": 90,
        });
        serde_json::json!({ "program": run.program, "runs": [figures] })
    };
    let rows = [row(&slow), row(&fast)];
    let figures = serde_json::json!({ "machine": "2 cores", "runs": 1, "programs": rows });
    (vec![slow, fast], figures)
}

/// A browser that shows the report of [`comparison`].
fn report() -> Option<Browser> {
    let mut browser = Browser::start()?;
    browser.resize(1280, 800);
    let (runs, figures) = comparison();
    let folder = Folder::new("report-of-two");
    let (saved, html) = (folder.file("saved.json"), folder.file("report.html"));
    let mut file = fs::File::create(&saved).expect("there is room");
    trace::write(&runs, &figures, &mut file).expect("there is room");
    let _ = testing::run(PROGRAM, &["replay", &saved, "--save", &html]).well();
    browser.open(std::path::Path::new(&html));
    Some(browser)
}

#[test]
fn the_report_opens_with_its_sentence_and_the_same_waiting_in_one_scale() {
    let Some(browser) = report() else { return };
    let first: String = browser.evaluate("document.querySelector('main p').textContent");
    assert_eq!(first, "3.60 s → 0.09 s, 40 times as fast: they waited together");
    let size = "Number.parseFloat(getComputedStyle(document.querySelector('.headline')).fontSize)";
    assert!(browser.evaluate::<f64>(size) > 40.0);
    // How many pixels are red in each of the two areas.
    let areas: Vec<f64> = browser.evaluate(
        "[...document.querySelectorAll('.areas .bars')].map((svg) =>
            [...svg.querySelectorAll('.wait')].reduce((sum, wait) => {
                const { width, height } = wait.getBoundingClientRect();
                return sum + width * height;
            }, 0))",
    );
    assert_eq!(areas.len(), 2);
    assert!((areas[0] / areas[1] - 1.0).abs() < 0.01, "{areas:?}");
    // The bars show it as well, and the article's times where there is room for them.
    let words: Vec<String> = browser.evaluate(
        "[...document.querySelectorAll('.times small')].map((words) => words.textContent)",
    );
    let beyond = "in the article 14.29 s (beyond the scale)";
    assert_eq!(words[0], format!("bound 3.600 s, {beyond}, 0.07 % of it is work"));
    assert_eq!(words[1], "bound 0.090 s, in the article 2.57 s, 0.07 % of it is work");
    let waited = "document.querySelector('.track .waits').clientWidth
        > 100 * document.querySelector('.track .works').clientWidth";
    assert!(browser.evaluate::<bool>(waited));
    let folded: bool = browser.evaluate(
        "((table) => !table.open && table === [...document.querySelectorAll('details')].at(-1))(
            document.querySelector('details.printed'))",
    );
    assert!(folded, "the table is not folded at the end");
    // One run has no spread.
    let table: String = browser.evaluate("document.querySelector('details.printed').textContent");
    assert!(!table.contains('%'), "{table}");
    browser.check_looks();
    browser.check_quiet();
}

#[test]
fn the_report_plays_the_programs_against_each_other() {
    let Some(browser) = report() else { return };
    let done = || -> Vec<String> {
        browser.evaluate("[...document.querySelectorAll('.areas small')].map((s) => s.textContent)")
    };
    assert_eq!(done(), ["1 thread, 3.60 s", "40 tasks, 0.09 s"]);
    // Slowly, so that it is not over before one has looked.
    browser.run("groups.get('downloads').speed.value = '0.1'");
    browser.click(&button("Play"));
    browser.wait_for("groups.get('downloads').now > 0.1");
    browser.press(&['p']);
    let [slow, fast] = <[String; 2]>::try_from(done()).expect("there are two");
    assert_eq!(fast, "40 of 40 done");
    let count: u32 = slow.split(' ').next().and_then(|n| n.parse().ok()).expect("a number");
    assert!((1..40).contains(&count), "{slow}");
    browser.check_quiet();
}

#[test]
fn on_paper_the_table_is_unfolded_and_nothing_is_cut() {
    let Some(browser) = report() else { return };
    browser.run("dispatchEvent(new Event('beforeprint'))");
    assert!(browser.evaluate::<bool>("document.querySelector('details.printed').open"));
    browser.run("dispatchEvent(new Event('afterprint'))");
    assert!(!browser.evaluate::<bool>("document.querySelector('details.printed').open"));
    browser.print_media();
    // As wide as an A4 page between its margins.
    browser.resize(680, 900);
    browser.run("document.querySelector('details.printed').open = true");
    let wide = "document.documentElement.scrollWidth - innerWidth";
    assert!(browser.evaluate::<i32>(wide) <= 0, "the page is wider than the paper");
    let cut = "(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)(
        document.querySelector('details.printed .scroll'))";
    assert!(browser.evaluate::<i32>(cut) <= 0, "columns are cut");
}
