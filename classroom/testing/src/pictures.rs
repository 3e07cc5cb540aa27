//! What `--diagram` and `--save` do in every program; see [`tests_of_pictures!`].
//!
//! [`tests_of_pictures!`]: crate::tests_of_pictures

use std::fs;
use std::time::Duration;

use super::checks::check_wrong_usage;
use super::folder::Folder;
use super::programs::run;
use timeline::{Item, Lane, Timeline, Work, trace};

/// Makes tests of this module's functions, for the program at this path and a short run of it.
#[macro_export]
macro_rules! tests_of_pictures {
    ($program:expr, $short:expr) => {
        $crate::tests_of! { pictures($program, $short);
            a_run_is_drawn_and_saved
            nothing_is_drawn_unasked
            another_ending_names_the_three
            an_unwritable_file_is_found_out_first
            an_older_file_is_replaced
        }
    };
}

/// A run of downloads on so many threads. Each of them takes 90 ms and works so many microseconds.
pub fn downloads(lanes: u32, items: u32, worked: u64) -> Timeline {
    let latency = Duration::from_millis(90);
    let item = |number: u32| {
        let (start, end) = (latency * number, latency * (number + 1));
        let worked = Duration::from_micros(worked);
        let work = vec![Work { start, end: start + worked, worked }];
        let label = format!("http://127.0.0.1/{number}");
        Item { label, ready: start, start, end, work, ..Item::default() }
    };
    let lane =
        |number| Lane { name: format!("thread {number}"), items: (0..items).map(item).collect() };
    Timeline {
        program: "known".into(),
        duration: latency * items,
        cores: 2,
        lanes: (1..=lanes).map(lane).collect(),
        ..Timeline::default()
    }
}

/// Runs a program with `--save` and reads the one run that it has recorded.
#[track_caller]
pub fn record(program: &str, arguments: &[&str], status: i32) -> Timeline {
    let mut runs = record_all(program, arguments, status);
    assert_eq!(runs.len(), 1, "{program} {arguments:?}");
    runs.remove(0)
}

/// Runs a program with `--save` and reads what it has recorded.
#[track_caller]
pub fn record_all(program: &str, arguments: &[&str], status: i32) -> Vec<Timeline> {
    let folder = Folder::new("record");
    let file = folder.file("run.json");
    let ended = run(program, &[arguments, &["--save", &file]].concat()).with_status(status);
    let text = fs::read_to_string(&file).unwrap_or_else(|error| panic!("{error}: {ended}"));
    let (runs, _) = trace::read(&text).unwrap_or_else(|error| panic!("{error}: {ended}"));
    runs.iter().for_each(check_order);
    runs
}

/// The names of the lanes, in the order in which they are drawn.
pub fn lane_names(run: &Timeline) -> Vec<&str> {
    run.lanes.iter().map(|lane| &*lane.name).collect()
}

/// Nothing begins before it is ready or ends after the run, a lane does one thing at a time, and
/// no lane works longer than there was time.
#[track_caller]
fn check_order(run: &Timeline) {
    for lane in &run.lanes {
        let mut free = Duration::ZERO;
        for item in &lane.items {
            assert!(item.ready <= item.start && item.start <= item.end, "{item:?}");
            assert!(free <= item.start, "{}: {item:?} begins before {free:?}", lane.name);
            assert!(item.end <= run.duration, "{item:?} ends after {:?}", run.duration);
            free = item.end;
            let mut end = item.start;
            for work in &item.work {
                assert!(end <= work.start && work.end <= item.end, "{item:?}");
                assert!(work.worked <= work.end.saturating_sub(work.start), "{item:?}");
                end = work.end;
            }
        }
    }
}

/// The three forms of a short run, and the picture in the terminal.
pub fn a_run_is_drawn_and_saved(program: &str, short: &[&str]) {
    let folder = Folder::new("save");
    for (name, begin, holds) in [
        ("run.svg", "<svg xmlns", "<g class=\"lane\">"),
        ("run.html", "<!doctype html>", "<g class=\"lane\">"),
        ("run.json", "{\"traceEvents\":", "\"cat\":\"item\""),
    ] {
        let file = folder.file(name);
        let ended = run(program, &[short, &["--diagram", "--save", &file]].concat()).well();
        assert!(ended.stdout.contains(" s of work, "), "{ended}");
        assert!(ended.stdout.lines().all(|line| line.chars().count() <= 80), "{ended}");
        assert!(!ended.stdout.contains('\x1b'), "no colour where there is no terminal: {ended}");
        let saved = fs::read_to_string(&file).unwrap_or_else(|error| panic!("{file}: {error}"));
        assert!(saved.starts_with(begin), "{name}: {}", &saved[..80]);
        assert!(saved.contains(holds), "{name}");
    }
    assert_eq!(folder.files().len(), 3, "nothing else is left: {:?}", folder.files());
}

/// Without being asked a program draws nothing.
pub fn nothing_is_drawn_unasked(program: &str, short: &[&str]) {
    let ended = run(program, short).well();
    assert!(!ended.stdout.contains(" s of work, "), "{ended}");
}

/// An ending that is none of the three is wrong usage.
pub fn another_ending_names_the_three(program: &str, short: &[&str]) {
    for file in ["run.png", "run"] {
        let arguments = [short, &["--save", file]].concat();
        check_wrong_usage(program, &arguments, &[file, ".svg", ".html", ".json"]);
    }
}

/// A file that cannot be written ends the program before its run, and nothing is left behind.
pub fn an_unwritable_file_is_found_out_first(program: &str, short: &[&str]) {
    let folder = Folder::new("unwritable");
    fs::create_dir(folder.path().join("folder.svg")).expect("there is room");
    for (name, reason) in [
        ("missing/run.svg", "there is no such folder; make it first"),
        ("folder.svg", "it is a folder or a pipe; name a file"),
    ] {
        let file = folder.file(name);
        let ended = run(program, &[short, &["--save", &file]].concat()).with_status(1);
        let sentence = format!("Error: Cannot write {file}: {reason}\n");
        assert_eq!((&*ended.stdout, &*ended.stderr), ("", &*sentence), "{ended}");
    }
    assert_eq!(folder.files(), ["folder.svg"]);
}

/// A file that is there is replaced as a whole.
pub fn an_older_file_is_replaced(program: &str, short: &[&str]) {
    let folder = Folder::new("replace");
    let file = folder.file("run.svg");
    fs::write(&file, "x".repeat(1 << 20)).expect("there is room for a megabyte");
    let _ = run(program, &[short, &["--save", &file]].concat()).well();
    let saved = fs::read_to_string(&file).expect("the file is there");
    assert!(saved.ends_with("</svg>\n"), "{}", &saved[saved.len() - 80..]);
    assert_eq!(folder.files(), ["run.svg"]);
}
