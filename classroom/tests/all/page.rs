//! Opens in real browsers the pictures of runs that are known to the microsecond.

use std::fs;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use testing::browser::{Browser, Gallery, ask};
use testing::pictures::downloads;
use testing::{Folder, Running};
use timeline::save::Target;
use timeline::{Engine, Job, Timeline, trace};

const PROGRAM: &str = env!("CARGO_BIN_EXE_classroom");

/// Saves runs under this name, whose ending picks the form.
fn save(folder: &Folder, name: &str, runs: &[Timeline]) -> PathBuf {
    let path = folder.file(name);
    let target = Target::parse(&path).expect("a picture has one of the endings");
    target.save(runs).expect("there is room");
    path.into()
}

/// 160 downloads in tasks, which one thread works on one after the other.
fn tasks() -> Timeline {
    let mut run = Timeline { engine: Engine::Task, ..downloads(160, 1, 400) };
    for (lane, number) in run.lanes.iter_mut().zip(0..) {
        let work = &mut lane.items[0].work[0];
        let later = Duration::from_micros(400) * number;
        (work.start, work.end) = (later, later + work.worked);
    }
    run
}

/// Runs of every kind: how much of them is work, and how they wait.
fn all_kinds() -> Vec<(&'static str, Timeline)> {
    let mut half = downloads(5, 10, 90_000);
    for item in half.lanes.iter_mut().flat_map(|lane| &mut lane.items) {
        item.work[0].worked /= 2;
    }
    vec![
        ("one", downloads(1, 160, 60)),
        ("five", downloads(5, 32, 9_000)),
        ("half", half),
        ("many", downloads(160, 4, 45_000)),
        ("tasks", tasks()),
    ]
}

#[test]
fn browsers_draw_alike_and_a_colour_is_as_large_as_its_time() {
    let here = [Browser::Chromium, Browser::Firefox].map(Browser::is_here);
    let folder = Folder::new("kinds");
    let mut pages = Vec::new();
    for (name, run) in all_kinds() {
        let runs = std::slice::from_ref(&run);
        pages.extend(["html", "svg"].map(|form| save(&folder, &format!("{name}.{form}"), runs)));
    }
    let gallery = Gallery::of(&pages, &[390, 1280]);
    if here[0] {
        let chromium = gallery.shares_of_work(Browser::Chromium);
        for (name, run) in all_kinds() {
            let totals = run.totals();
            let (worked, waited) = (totals.worked.as_secs_f64(), totals.waited.as_secs_f64());
            let share = worked / (worked + waited);
            let page = format!("{name}.html");
            for (_, width, blue) in chromium.iter().filter(|(of, ..)| *of == page) {
                let name = (&page, width);
                assert!((blue - share).abs() < 0.03, "{blue:.4} for {share:.4}: {name:?}");
            }
        }
        if here[1] {
            let firefox = gallery.shares_of_work(Browser::Firefox);
            for (one, other) in chromium.iter().zip(&firefox) {
                assert!((one.2 - other.2).abs() < 0.015, "{one:?} {other:?}");
            }
        }
    }
}

#[test]
fn work_that_is_too_short_to_see_is_said_and_found() {
    if !Browser::Chromium.is_here() {
        return;
    }
    let folder = Folder::new("short");
    let page = save(&folder, "run.html", &[downloads(1, 160, 60)]);
    let (said, is_said, wide, seen, still_said): (String, bool, f64, f64, bool) = ask(
        &page,
        1280,
        "const note = document.querySelector('.short');
        const [said, isSaid] = [note.textContent, note.checkVisibility()];
        click('work');
        await wait(100);
        const view = document.querySelector('.view');
        const svg = document.querySelector('svg.bars').getBoundingClientRect();
        const seen = svg.left - document.querySelector('.names').getBoundingClientRect().right;
        return [said, isSaid, view.scrollWidth / view.clientWidth, seen, note.checkVisibility()]",
    );
    let words = "Of the time that the downloads take, 0.07 % is work: too short to see here. ";
    assert_eq!(said, format!("{words}Zoom to it"));
    assert!(is_said && !still_said);
    assert!(wide > 4_000.0 && (-30.0..30.0).contains(&seen), "{wide} {seen}");
}

#[test]
fn the_pointer_tells_about_a_bar_and_zooms_where_it_is() {
    if !Browser::Chromium.is_here() {
        return;
    }
    let folder = Folder::new("pointer");
    let page = save(&folder, "run.html", &[downloads(3, 8, 60)]);
    let (said, held, axis, part): (String, f64, String, f64) = ask(
        &page,
        1280,
        "const svg = document.querySelector('svg.bars');
        const place = () => svg.getBoundingClientRect();
        const { left, top, width } = place();
        const clientX = left + 0.95 * width;
        svg.dispatchEvent(new PointerEvent('pointermove', { clientX, clientY: top + 30, bubbles: true }));
        const said = document.getElementById('tip').textContent;
        for (const key of '+++') document.body.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
        await wait(100);
        const held = (clientX - place().left) / place().width;
        const axis = document.querySelector('.axis').textContent;
        return [said, held, axis, document.querySelector('.overview i').getBoundingClientRect().left / innerWidth]",
    );
    let words = "http://127.0.0.1/7: thread 2, from 0.630000 s to 0.720000 s, 0.090000 s long";
    assert!(said.starts_with(words), "{said}");
    assert!(said.ends_with("worked 0.000060 s, waited 0.089940 s"), "{said}");
    assert!((held - 0.95).abs() < 0.01, "{held}");
    assert!(axis.contains("0.68") && part > 0.7, "{axis} {part}");
}

#[test]
fn a_run_is_played_and_paused() {
    if !Browser::Chromium.is_here() {
        return;
    }
    let folder = Folder::new("play");
    let page = save(&folder, "run.html", &[downloads(2, 400, 60)]);
    let (still, said, label, end, veiled): (bool, String, String, String, bool) = ask(
        &page,
        1280,
        "const [output, veil] = ['output', '.veil'].map((what) => document.querySelector(what));
        const still = veil.hidden;
        click('play');
        await wait(2000);
        click('play');
        const said = output.textContent;
        await wait(500);
        const label = document.querySelector('[data-do=play]').textContent;
        document.querySelector('select').value = '10';
        click('play');
        await wait(10000);
        return [still, said, label, output.textContent, !veil.hidden]",
    );
    assert!(still, "nothing moves by itself");
    assert!(
        said.contains(" s: 2 under way, 4") && said.ends_with("of 800 downloads done"),
        "{said}"
    );
    assert_eq!((&*label, &*end, veiled), ("▶ Play", "", false));
}

#[test]
fn ten_thousand_items_are_all_drawn_and_fit() {
    if !Browser::Chromium.is_here() {
        return;
    }
    let folder = Folder::new("many");
    let page = save(&folder, "run.html", &[downloads(100, 100, 60)]);
    let (drawn, over): (usize, f64) = ask(
        &page,
        500,
        "const paths = [...document.querySelectorAll('svg.bars .wait')];
        const drawn = paths.map((path) => path.getAttribute('d').split('M').length - 1);
        const { scrollWidth, clientWidth } = document.documentElement;
        return [drawn.reduce((sum, count) => sum + count), scrollWidth - clientWidth]",
    );
    assert_eq!((drawn, over), (10_000, 0.0));
}

/// Both races of `race_condition`, the verdict on a claim, and the notes of a lesson: what has no
/// downloads to compare.
fn other_pages(folder: &Folder) -> [PathBuf; 5] {
    let race = |threads| Timeline {
        program: "race_condition".into(),
        job: Job::Race,
        ..downloads(threads, 1, 60)
    };
    let [html, svg] = ["race.html", "race.svg"].map(|name| save(folder, name, &[race(4), race(6)]));
    let claims = folder.file("claims.html");
    let _ = testing::run(PROGRAM, &["claims", "--only", "C47", "--save", &claims]).well();
    let (plan, notes) = (folder.file("one_question.json"), folder.file("notes.html"));
    let question = r#"{"title": "t", "minutes": 1, "steps": [
        {"minute": 0, "question": "One?", "choices": {"a": "1", "b": "2"}, "answer": "b"}]}"#;
    fs::write(&plan, question).expect("there is room");
    let mut lesson = testing::command(PROGRAM, &["lesson", &plan, "--save", &notes]);
    let mut lesson = Running::start(lesson.stdin(Stdio::piped()));
    for line in ["", "12 3", "", "quit", "y"] {
        lesson.type_line(line);
    }
    let _ = lesson.end().well();
    [html, svg, claims.into(), notes.into(), report(folder).into()]
}

#[test]
fn browsers_open_every_other_page_with_little_memory() {
    let folder = Folder::new("others");
    let pages = other_pages(&folder);
    for browser in [Browser::Chromium, Browser::Firefox] {
        if browser.is_here() {
            for page in &pages {
                let picture = browser.picture(page, (1280, 900), &folder);
                let bytes = fs::metadata(&picture).expect("it is there").len();
                assert!(bytes > 8_000, "{browser:?} has drawn nothing of {}", page.display());
            }
        }
    }
}

/// Saves the report of two programs, as `compare` does.
fn report(folder: &Folder) -> String {
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
    let (saved, html) = (folder.file("saved.json"), folder.file("report.html"));
    let mut file = fs::File::create(&saved).expect("there is room");
    trace::write(&runs, &figures, &mut file).expect("there is room");
    let _ = testing::run(PROGRAM, &["replay", &saved, "--save", &html]).well();
    html
}

#[test]
fn the_report_plays_programs_against_each_other_in_one_scale() {
    if !Browser::Chromium.is_here() {
        return;
    }
    let folder = Folder::new("report");
    let html = report(&folder);
    let (head, areas, words, done): (String, [f64; 2], [String; 2], [String; 2]) = ask(
        html.as_ref(),
        1280,
        "const texts = (query) => [...document.querySelectorAll(query)].map((e) => e.textContent);
        const areas = [...document.querySelectorAll('svg.bars')].map((svg) =>
            [...svg.querySelectorAll('.wait')].reduce((sum, wait) => {
                const { width, height } = wait.getBoundingClientRect();
                return sum + width * height;
            }, 0));
        const words = texts('.names');
        // Slowly, so that it is not over before one has looked.
        document.querySelector('select').value = '0.1';
        click('play');
        await wait(3000);
        click('play');
        return [texts('main p')[0], areas, words, texts('.told')]",
    );
    assert_eq!(head, "3.60 s → 0.09 s, 40 times as fast: they waited together");
    assert!((areas[0] / areas[1] - 1.0).abs() < 0.01, "{areas:?}");
    let beyond = "in the article 14.29 s (not drawn)";
    assert_eq!(words[0], format!("io_non_concurrent1 thread, 3.60 sbound 3.60 s{beyond}"));
    assert_eq!(words[1], "io_asyncio40 tasks, 0.09 sbound 0.09 sin the article 2.57 s");
    assert_eq!(done[1], "40 of 40 done");
    let count: u32 = done[0].split(' ').next().and_then(|n| n.parse().ok()).expect("a number");
    assert!((1..40).contains(&count), "{done:?}");
}
