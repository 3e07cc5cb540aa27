//! Files that were saved: whatever is in them is drawn or refused in a sentence, and they are
//! written whole.

use std::fs;
use std::time::Duration;

use serde_json::{Value, json};
use testing::browser::Browser;
use testing::pictures::Folder;
use testing::{ProcessOutput, run};
use timeline::{Item, Lane, Timeline, Work, trace};

const PROGRAM: &str = env!("CARGO_BIN_EXE_classroom");

/// Characters that a terminal obeys, or that XML does not allow.
const HOSTILE: &str = "\u{1b}]0;title\u{7}\u{1b}[2J\u{9b}31m\u{7f}\u{202e}\r\n\u{fffe}\u{ffff}";

/// Items of so many milliseconds, one after the other on one lane.
fn items(label: &str, lengths: &[u64]) -> Lane {
    let mut now = Duration::ZERO;
    let item = |milliseconds: &u64| {
        let start = now;
        now += Duration::from_millis(*milliseconds);
        Item { label: label.into(), start, end: now, ..Item::default() }
    };
    Lane { name: "thread 1".into(), items: lengths.iter().map(item).collect() }
}

/// A run whose lanes take this long at most.
fn timeline(lanes: Vec<Lane>) -> Timeline {
    let ends = lanes.iter().filter_map(|lane| Some(lane.items.last()?.end));
    let duration = ends.max().unwrap_or_default();
    Timeline { program: "saved".into(), duration, lanes, ..Timeline::default() }
}

/// What a run looks like in a file.
fn text(runs: &[Timeline], comparison: &Value) -> String {
    let mut text = Vec::new();
    trace::write(runs, comparison, &mut text).expect("a vector takes everything");
    String::from_utf8(text).expect("JSON is text")
}

/// Draws what is in a file.
fn replay(folder: &Folder, text: impl AsRef<[u8]>, options: &[&str]) -> ProcessOutput {
    let file = folder.file("saved.json");
    fs::write(&file, text).expect("there is room");
    run(PROGRAM, &[&["replay", &file], options].concat())
}

/// The figures of a comparison of one program.
fn comparison(figures: Value) -> Value {
    let row = json!({ "program": "io_mp", "runs": [figures] });
    json!({ "machine": "2 cores", "runs": 1, "programs": [row] })
}

#[test]
fn text_of_a_file_cannot_command_the_terminal() {
    let folder = Folder::new("hostile");
    let mut lane = items(HOSTILE, &[40, 50]);
    lane.name = HOSTILE.into();
    lane.items[0].failure = Some(HOSTILE.into());
    let mut run_of = timeline(vec![lane]);
    run_of.program = HOSTILE.into();
    let saved = text(std::slice::from_ref(&run_of), &Value::Null);
    let mut figures = comparison(json!({ "seconds": 1.5 }));
    figures["machine"] = HOSTILE.into();
    run_of.program = "io_mp".into();
    let compared = text(&[run_of], &figures);
    for (saved, options) in [(&saved, &[][..]), (&saved, &["--speed", "1000"]), (&compared, &[])] {
        let ended = replay(&folder, saved, options).well();
        let obeyed = |c: char| c != '\n' && (c.is_control() || c == '\u{202e}');
        assert!(!ended.stdout.contains(obeyed), "{:?}", ended.stdout);
        assert!(ended.stdout.contains('\u{fffd}'), "{:?}", ended.stdout);
    }
    for name in ["run.svg", "run.html"] {
        let picture = folder.file(name);
        let _ = replay(&folder, &saved, &["--save", &picture]).well();
        let picture = fs::read_to_string(&picture).expect("it is saved");
        assert!(picture.contains("failed: "), "{name}");
        let allowed =
            |c: char| c == '\n' || !(c.is_control() || matches!(c, '\u{fffe}'..='\u{ffff}'));
        assert!(picture.chars().all(allowed), "{name}");
    }
}

#[test]
fn a_byte_order_mark_is_skipped() {
    let folder = Folder::new("mark");
    let saved = text(&[timeline(vec![items("1", &[40])])], &Value::Null);
    let ended = replay(&folder, format!("\u{feff}{saved}"), &[]).well();
    ended.assert_line("saved: 0.040 s");
}

#[test]
fn where_no_run_is_nothing_can_be_drawn() {
    let folder = Folder::new("no-run");
    let compared = text(&[], &comparison(json!({ "seconds": 1.5 })));
    let picture = folder.file("run.svg");
    for (saved, options) in [
        (text(&[], &Value::Null), &[][..]),
        (text(&[], &Value::Null), &["--save", &picture]),
        (text(&[], &Value::Null), &["--speed", "1"]),
        (compared, &["--speed", "1"]),
    ] {
        let ended = replay(&folder, saved, options).with_status(1);
        assert_eq!((&*ended.stdout, ended.stderr.lines().count()), ("", 1), "{ended}");
        ended.assert_error("saved.json holds 0 runs; there is nothing to draw");
    }
}

#[test]
fn times_that_no_run_has_had_are_refused() {
    let folder = Folder::new("times");
    let honest = timeline(vec![items("1", &[40, 50])]);
    let damage = |change: &dyn Fn(&mut Timeline)| {
        let mut run = honest.clone();
        change(&mut run);
        text(&[run], &Value::Null)
    };
    let _ = replay(&folder, damage(&|_| ()), &[]).well();
    let year = Duration::from_secs(90 * 86_400);
    let work = |start, end| Box::new([Work { start, end, worked: Duration::ZERO }]);
    let moment = Duration::from_millis(41);
    for (saved, reason) in [
        (damage(&|run| run.lanes[0].items[1].end = year), "after the end of the run"),
        (
            damage(&|run| run.lanes[0].items[1].work = work(moment, year)),
            "after the end of the run",
        ),
        (
            damage(&|run| run.lanes[0].items[1].work = work(Duration::ZERO, moment)),
            "before it begins",
        ),
        (damage(&|run| run.lanes[0].items[0].end = moment), "two items at the same time"),
        (damage(&|run| run.lanes[0].items.swap(0, 1)), "two items at the same time"),
        (damage(&|_| ()).replacen("\"dur\":40", "\"dur\":-40", 1), "is no time"),
        (damage(&|_| ()).replacen("\"dur\":40000.0", "\"dur\":1e99", 1), "is no time"),
        (damage(&|_| ()).replacen("thread_name", "no_name", 1), "missing"),
    ] {
        let ended = replay(&folder, saved, &[]).with_status(1);
        assert_eq!((&*ended.stdout, ended.stderr.lines().count()), ("", 1), "{ended}");
        ended.assert_error("saved.json: it is damaged: ");
        ended.assert_error(reason);
    }
}

#[test]
fn figures_that_make_no_sense_are_refused() {
    let folder = Folder::new("figures");
    let figures = |figures: Value| text(&[], &comparison(figures));
    let ended = replay(&folder, figures(json!({ "seconds": 1.5, "at_once": 5 })), &[]).well();
    assert_eq!(ended.line_with("io_mp  ").split_whitespace().nth(2), Some("1.500"), "{ended}");
    let mut none = comparison(json!({}));
    none["programs"] = json!([]);
    for saved in [
        figures(json!({})),
        figures(json!({ "at_once": 5 })),
        figures(json!({ "seconds": 0 })),
        figures(json!({ "seconds": "1.5" })),
        figures(json!({ "seconds": -1.5 })),
        figures(json!({ "seconds": 1.5, "bound_seconds": -1 })),
        figures(json!({ "seconds": 1.5, "at_once": 1e300 })),
        text(&[], &none),
        text(&[], &json!("another text")),
    ] {
        for options in [&[][..], &["--save", &folder.file("report.html")]] {
            let ended = replay(&folder, &saved, options).with_status(1);
            assert_eq!((&*ended.stdout, ended.stderr.lines().count()), ("", 1), "{ended}");
            ended.assert_error("saved.json: figures in it are missing or make no sense");
        }
    }
    assert_eq!(folder.files(), ["saved.json"]);
}

#[test]
fn the_fastest_run_comes_first_whatever_the_order_in_the_file() {
    let folder = Folder::new("order");
    let mut figures = comparison(json!({ "seconds": 3 }));
    figures["programs"][0]["runs"] = json!([{ "seconds": 3 }, { "seconds": 2 }]);
    let ended = replay(&folder, text(&[], &figures), &[]).well();
    let row: Vec<&str> = ended.line_with("io_mp  ").split_whitespace().collect();
    assert_eq!(row[2..4], ["2.000", "50%"], "{ended}");
    // One run has no spread.
    figures["programs"][0]["runs"] = json!([{ "seconds": 3 }]);
    let ended = replay(&folder, text(&[], &figures), &[]).well();
    let row: Vec<&str> = ended.line_with("io_mp  ").split_whitespace().collect();
    assert_eq!(row[2..], ["3.000"], "{ended}");
}

#[test]
fn a_name_stays_a_name_on_the_page() {
    let folder = Folder::new("names");
    let html = folder.file("run.html");
    let mut run = timeline(vec![items("1", &[40])]);
    run.program = "{{content}} {{title}}".into();
    let _ =
        replay(&folder, text(std::slice::from_ref(&run), &Value::Null), &["--save", &html]).well();
    let page = fs::read_to_string(&html).expect("it is saved");
    assert_eq!(page.matches("<figure").count(), 1);
    assert_eq!(page.matches("<h1>{{content}} {{title}}</h1>").count(), 1);

    run.program = "x".repeat(300);
    run.lanes[0].name = "y".repeat(300);
    let _ = replay(&folder, text(&[run], &Value::Null), &["--save", &html]).well();
    if let Some(mut browser) = Browser::start() {
        browser.open(std::path::Path::new(&html));
        for width in [1280, 390] {
            browser.resize(width, 800);
            let wide = "document.documentElement.scrollWidth - innerWidth";
            assert!(browser.evaluate::<i32>(wide) <= 0, "at {width}");
        }
    }
}

#[test]
fn wide_letters_do_not_shift_the_rows() {
    let folder = Folder::new("wide");
    let mut lanes = Vec::new();
    for name in ["スレッド 1", "线程 2", "e\u{301}te\u{301} 3", "thread 4", &"並".repeat(30)]
    {
        lanes.push(Lane { name: name.into(), ..items("1", &[40]) });
    }
    let ended = replay(&folder, text(&[timeline(lanes)], &Value::Null), &[]).well();
    let columns = |line: &str| Some(console::measure_text_width(line.split_once('▐')?.0));
    let mut rows = ended.stdout.lines().filter(|line| line.contains("▐░"));
    assert_eq!(rows.clone().count(), 5, "{ended}");
    assert!(rows.all(|row| columns(row) == Some(21)), "{ended}");
}

#[cfg(unix)]
#[test]
fn what_cannot_be_written_is_found_out_before_the_run() {
    let folder = Folder::new("before");
    let pipe = folder.file("pipe");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status();
    assert!(made.is_ok_and(|status| status.success()), "every Unix has mkfifo");
    let here = folder.path().to_str().expect("the path is text").to_string();
    let long = folder.file(&"x".repeat(300));
    let missing = folder.file("missing/run.json");
    for (file, reason) in [
        (&pipe, "it is a pipe; name a file"),
        (&here, "it is a folder; name a file"),
        (&long, "name too long"),
        (&missing, "make it first"),
    ] {
        let ended = run(PROGRAM, &["compare", "cpu_mp", "--json", file]).with_status(1);
        assert_eq!((&*ended.stdout, ended.stderr.lines().count()), ("", 1), "{ended}");
        ended.assert_error(&format!("Error: Cannot write {file}: "));
        ended.assert_error(reason);
    }
    assert_eq!(folder.files(), ["pipe"]);
}

#[cfg(unix)]
#[test]
fn a_picture_is_saved_through_a_link() {
    let folder = Folder::new("through");
    let (link, target) = (folder.file("link.svg"), folder.file("target.svg"));
    std::os::unix::fs::symlink("target.svg", &link).expect("a link can be made");
    let saved = text(&[timeline(vec![items("1", &[40])])], &Value::Null);
    let ended = replay(&folder, saved, &["--save", &link]).well();
    ended.assert_line(&format!("Saved as {link}"));
    assert!(std::path::Path::new(&link).is_symlink());
    assert!(fs::read_to_string(&target).is_ok_and(|svg| svg.ends_with("</svg>\n")));
}
