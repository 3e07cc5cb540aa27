//! Saved files that were damaged, by accident or on purpose: whatever is in them, they are drawn, or
//! one sentence says what is wrong.

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use classroom::testing::pictures::Folder;
use classroom::testing::{Ended, run};
use classroom::timeline::{Item, Lane, Timeline, Work, html, svg, terminal, trace};
use fastrand::Rng;
use serde_json::{Value, json};

const PROGRAM: &str = env!("CARGO_BIN_EXE_classroom");

/// The damages in memory, and those in files, which each start the program three times.
const DAMAGES: u64 = 4_000;
const DAMAGED_FILES: u64 = 15;

/// What stands where something else was.
const VALUES: [&str; 22] = [
    "null",
    "true",
    "0",
    "-0",
    "1",
    "-1",
    "0.5",
    "1e-320",
    "1e15",
    "8999999999999.5",
    "1e308",
    "1e999",
    "18446744073709551615",
    "18446744073709551616",
    "NaN",
    "\"\"",
    "\"1\"",
    "\"\\u001b[2J\\u202e\\u200b\\ufffe\"",
    "\"\\ud800\"",
    "[]",
    "{}",
    "[[[{\"ph\":\"X\"}]]]",
];

/// A run of this many lanes, each with three items.
fn timeline(program: &str, lane: &str, label: &str, lanes: u64) -> Timeline {
    let ms = Duration::from_millis;
    let item = |number: u64| {
        let (ready, start, end) = (ms(9 * number), ms(10 * number), ms(10 * number + 9));
        let first = Work { start, end: start + ms(1), worked: ms(1) };
        let last = Work { start: start + ms(7), end, worked: ms(1) };
        let failure = (number == 1).then(|| "500 Internal Server Error".into());
        Item { label: label.into(), ready, start, end, work: Box::new([first, last]), failure }
    };
    let lanes = (1..=lanes)
        .map(|number| Lane { name: format!("{lane} {number}"), items: (0..3).map(item).collect() });
    let lanes = lanes.collect();
    Timeline { program: program.into(), duration: ms(30), cores: Some(2), lanes }
}

/// A comparison of three programs, as a file.
fn honest() -> Vec<u8> {
    let figures = json!({
        "seconds": 0.03, "bound_seconds": 0.027, "cpu_seconds": 0.01, "at_once": 2, "answered": 6,
        "most_at_once": 2, "times": 80, "latency_ms": 90,
    });
    let rows = ["io_threading", "io_asyncio", "cpu_mp"]
        .map(|program| json!({ "program": program, "runs": [figures, figures] }));
    let comparison = json!({ "machine": "2 cores", "runs": 2, "programs": rows });
    let runs = [
        timeline("io_threading", "thread", "http://127.0.0.1/dice", 2),
        timeline("io_asyncio", "task", "http://127.0.0.1/jython", 2),
        timeline("cpu_mp", "SpawnPoolWorker", "5000000", 1),
    ];
    saved(&runs, &comparison)
}

fn saved(runs: &[Timeline], comparison: &Value) -> Vec<u8> {
    let mut text = Vec::new();
    trace::write(runs, comparison, &mut text).expect("a vector takes everything");
    text
}

/// A part of a text, of at most so many bytes.
fn part(text: &[u8], most: usize, rng: &mut Rng) -> std::ops::Range<usize> {
    let start = rng.usize(..text.len());
    start..(start + rng.usize(..=most)).min(text.len())
}

/// The places of the values in a text, such as `40.5` in `"dur":40.5,`.
fn values(text: &[u8]) -> Vec<std::ops::Range<usize>> {
    let begins = text.iter().enumerate().filter(|(_, byte)| **byte == b':').map(|(at, _)| at + 1);
    let value = |start: usize| {
        let length = text[start..].iter().position(|byte| b",}]\n".contains(byte));
        start..start + length.unwrap_or(text.len() - start)
    };
    begins.map(value).collect()
}

/// Damages a text in one of the ways that there are.
fn damage(text: &mut Vec<u8>, rng: &mut Rng) {
    if text.is_empty() {
        return;
    }
    match rng.u8(..12) {
        // A value is another one, which is what a reader has to look at most closely.
        0..=2 => {
            let value = rng.choice(values(text)).unwrap_or(0..0);
            text.splice(value, rng.choice(VALUES).expect("there are some").bytes());
        }
        // A number is a little different.
        3..=6 => {
            let digits = text.iter_mut().filter(|byte| byte.is_ascii_digit());
            if let Some(digit) = rng.choice(digits.collect::<Vec<&mut u8>>()) {
                *digit = rng.u8(b'0'..=b'9');
            }
        }
        7 => {
            let part = part(text, 4, rng);
            text[part].fill_with(|| rng.u8(..));
        }
        8 => drop(text.drain(part(text, 90, rng))),
        9 => {
            let twice = text[part(text, 300, rng)].to_vec();
            let at = rng.usize(..=text.len());
            text.splice(at..at, twice);
        }
        // Events are missing, there twice or in another order.
        10 => {
            let mut lines: Vec<&[u8]> = text.split(|byte| *byte == b'\n').collect();
            let (one, other) = (rng.usize(..lines.len()), rng.usize(..lines.len()));
            match rng.u8(..3) {
                0 => lines.swap(one, other),
                1 => lines[one] = lines[other],
                _ => drop(lines.remove(one)),
            }
            *text = lines.join(&b'\n');
        }
        _ => text.truncate(rng.usize(..text.len())),
    }
}

/// What is read makes sense: texts can be printed, and no lane did more than there was time for.
fn check_sense(run: &Timeline) {
    let names = run.lanes.iter().map(|lane| &lane.name).chain([&run.program]);
    let of_item = |item: &'_ Item| [Some(item.label.clone()), item.failure.clone()];
    let texts = names.cloned().chain(run.items().flat_map(of_item).flatten());
    for text in texts {
        let obeyed = |c: char| c.is_control() || "\u{202e}\u{200b}\u{fffe}".contains(c);
        assert!(!text.contains(obeyed) && text.chars().count() <= 201, "{text:?}");
    }
    let most = run.duration + run.duration / 10;
    for lane in &run.lanes {
        let mut free = Duration::ZERO;
        for item in &lane.items {
            assert!(free <= item.start && item.start <= item.end && item.end <= most, "{item:?}");
            free = item.end;
        }
        assert!(lane.items.iter().map(Item::worked).sum::<Duration>() <= most, "{lane:?}");
    }
    assert!(run.cores.is_none_or(|cores| cores < 1_000_000));
}

/// Draws everything that can be drawn of a run.
fn check_pictures(run: &Timeline) {
    let words = terminal::sentence(run);
    for width in [40, 80] {
        let whole = terminal::draw(run, width);
        let half = terminal::Film::of(run).draw_until(width, run.duration / 2);
        for line in [&whole, &half, &words].into_iter().flat_map(|text| text.lines()) {
            assert!(!line.contains(char::is_control), "{line:?}");
            assert!(console::measure_text_width(line) <= 80, "{line:?}");
        }
    }
    for picture in [svg::document(run), html::document(run)] {
        assert!(picture.len() < 1 << 20, "{} bytes", picture.len());
    }
}

#[test]
fn a_damaged_text_is_drawn_or_refused_in_a_sentence() {
    let honest = honest();
    let (mut drawn, mut refused) = (0, 0);
    for seed in 0..DAMAGES {
        let rng = &mut Rng::with_seed(seed);
        let mut text = honest.clone();
        for _ in 0..rng.u8(1..3) {
            damage(&mut text, rng);
        }
        let result = catch_unwind(AssertUnwindSafe(|| match trace::read(&text) {
            Ok((runs, _)) => {
                runs.iter().for_each(check_sense);
                runs.iter().for_each(check_pictures);
                drawn += 1;
            }
            Err(error) => {
                let sentence = error.to_string();
                assert!(!sentence.is_empty() && !sentence.contains(char::is_control));
                refused += 1;
            }
        }));
        assert!(result.is_ok(), "damage {seed}:\n{}", String::from_utf8_lossy(&text));
    }
    // Both happens often enough, or this test would show nothing.
    assert!(drawn > DAMAGES / 10 && refused > DAMAGES / 10, "{drawn} drawn, {refused} refused");
}

#[test]
fn a_text_that_breaks_off_is_refused_wherever_it_does() {
    let honest = honest();
    let end = honest.len() - 1;
    assert!(trace::read(&honest[..end]).is_ok(), "only the end of the last line is missing");
    for length in 0..end {
        let refused = trace::read(&honest[..length]).expect_err("it is not whole").to_string();
        // A number may break off behind its point.
        let reasons = ["it breaks off (", "it is not JSON (invalid number"];
        assert!(reasons.iter().any(|reason| refused.starts_with(reason)), "{length}: {refused}");
    }
}

/// It was drawn, or one sentence names the file and says what is wrong.
fn check_ended(ended: &Ended) {
    if ended.status.success() {
        return assert_eq!(ended.stderr, "", "{ended}");
    }
    assert_eq!((ended.status.code(), &*ended.stdout), (Some(1), ""), "{ended}");
    assert_eq!(ended.stderr.lines().count(), 1, "{ended}");
    ended.assert_error("damaged.json");
}

#[test]
fn a_damaged_comparison_is_shown_or_refused_in_a_sentence() {
    let folder = Folder::new("damaged");
    let (file, page) = (folder.file("damaged.json"), folder.file("report.html"));
    let honest = honest();
    for seed in 0..DAMAGED_FILES {
        let rng = &mut Rng::with_seed(DAMAGES + seed);
        // The end is about the comparison; the events are damaged above.
        let at = honest.windows(9).position(|word| word == b"otherData").expect("it has them");
        let mut about = honest[at + 10..].to_vec();
        damage(&mut about, rng);
        fs::write(&file, [&honest[..at + 10], &*about].concat()).expect("there is room");
        check_ended(&run(PROGRAM, &["replay", &file]));
        check_ended(&run(PROGRAM, &["replay", &file, "--speed", "1000"]));
        check_ended(&run(PROGRAM, &["replay", &file, "--save", &page]));
    }
}

#[test]
fn a_file_of_another_kind_is_refused_in_a_sentence() {
    let folder = Folder::new("kinds");
    let file = folder.file("damaged.json");
    let (nested, many) = ("[".repeat(100_000), "0,".repeat(2_000_000));
    for (content, reason) in [
        (&b""[..], "it is empty"),
        (b"\xef\xbb\xbf", "it is empty"),
        (b" \n ", "it breaks off"),
        (b"\x1f\x8b\x08\x00\x00\x00\x00\x00", "it is not JSON"),
        (b"\xff\xfe{\x00}\x00", "it is not JSON"),
        (b"{\"traceEvents\":[{\"ph\":\"\xff\"}]}", "it is not JSON"),
        (b"{} {}", "it is not JSON"),
        (b"7", "no program of this workspace has saved it"),
        (b"{\"traceEvents\":7}", "no program of this workspace has saved it"),
        (format!("{{\"otherData\":{nested}").as_bytes(), "it is not JSON (recursion limit"),
        (format!("{{\"x\":{nested}").as_bytes(), "it breaks off"),
        (format!("{{\"otherData\":[{many}0]}}").as_bytes(), "no program of this workspace"),
    ] {
        fs::write(&file, content).expect("there is room");
        let ended = run(PROGRAM, &["replay", &file]).with_status(1);
        check_ended(&ended);
        ended.assert_error(reason);
    }
    let ended = run(PROGRAM, &["replay", folder.path().to_str().expect("it is text")]);
    assert_eq!((ended.status.code(), ended.stderr.lines().count()), (Some(1), 1), "{ended}");
    #[cfg(target_os = "linux")]
    for (device, reason) in [("/dev/null", "it is empty"), ("/dev/zero", "it is not JSON")] {
        let ended = run(PROGRAM, &["replay", device]).with_status(1);
        ended.assert_error(&format!("Cannot read {device}: {reason}"));
    }
}

#[test]
fn a_name_without_end_fits_on_a_line() {
    let folder = Folder::new("endless");
    let file = folder.file("damaged.json");
    for letters in ["x", "並", "e\u{301}\u{302}\u{303}", "\u{200b}", "\u{202e}א", "👩\u{200d}👧"]
    {
        let mut run_of = timeline("p", "thread", "1", 2);
        let name = letters.repeat(100_000);
        run_of.program.clone_from(&name);
        run_of.lanes[0].name.clone_from(&name);
        run_of.lanes[0].items[0].label.clone_from(&name);
        fs::write(&file, saved(&[run_of], &Value::Null)).expect("there is room");
        let ended = run(PROGRAM, &["replay", &file]).well();
        for line in ended.stdout.lines() {
            assert!(console::measure_text_width(line) <= 80 && line.len() < 2_000, "{line:?}");
        }
        let _ = run(PROGRAM, &["replay", &file, "--save", &folder.file("run.svg")]).well();
    }
}
