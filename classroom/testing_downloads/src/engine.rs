//! Tests of what each program that downloads does in its own way; see [`tests_of_engine!`].
//!
//! [`tests_of_engine!`]: crate::tests_of_engine

use std::time::Duration;

use site::{Behaviour, PAGES, Site};
use testing::{ProcessOutput, Running, check_head, command, pictures, run};

use crate::servers::{NOBODY, server_that_redirects_to, server_that_stops_halfway};

/// Makes tests of functions in this module, for the program at this path.
#[macro_export]
macro_rules! tests_of_engine {
    ($program:expr) => {
        $crate::tests_of_engine! { $program;
            every_page_is_read_as_often_as_asked
            every_seventh_page_fails
            a_page_that_never_comes_fails_in_time
            a_bad_page_does_not_stop_the_others
            every_page_is_recorded
            a_reader_that_goes_away_ends_it_quietly
        }
    };
    ($program:expr; $($name:ident)*) => {
        $(
            #[test]
            fn $name() {
                $crate::engine::$name($program);
            }
        )*
    };
}

/// Both pages, so often, and nothing else, were read and counted.
#[track_caller]
pub fn assert_all_read(ended: &ProcessOutput, times: usize) {
    assert_eq!(ended.times_read("10966 /jython"), times, "{ended}");
    assert_eq!(ended.times_read("280 /dice"), times, "{ended}");
    assert_eq!(ended.reads().len(), 2 * times, "{ended}");
    assert_eq!(ended.downloaded(), 2 * times, "{ended}");
    assert_eq!(ended.site_counts().answered, 2 * times, "{ended}");
}

/// `-n`: the lines and the referee agree.
pub fn every_page_is_read_as_often_as_asked(program: &str) {
    let ended = run(program, &["-n", "3", "--latency", "5"]).well();
    assert_all_read(&ended, 3);
    let bound = ended.line_with("cannot take less than");
    assert!(bound.starts_with("6 requests of 5 ms, "), "{ended}");
}

/// `--fail`: a page with an error status is named, counted and not counted as downloaded.
pub fn every_seventh_page_fails(program: &str) {
    let ended = run(program, &["--latency", "5", "--fail", "7"]).with_status(1);
    assert_eq!(ended.downloaded(), 138, "{ended}");
    assert_eq!(ended.reads().len(), 138, "{ended}");
    assert_eq!(ended.site_counts().answered, 160, "{ended}");
    ended.assert_error("22 of 160 failed:");
    // Both pages, or the one page that happened to fail every time.
    let named: Vec<&str> = ended.stderr.lines().skip(1).collect();
    assert!([1, 2].contains(&named.len()), "{ended}");
    let (address, reason) = ("  http://127.0.0.1:", ": 500 Internal Server Error");
    assert!(named.iter().all(|line| line.starts_with(address) && line.contains(reason)), "{ended}");
}

/// `--hang` and `--timeout`: the time limit ends the wait, and the others are read.
pub fn a_page_that_never_comes_fails_in_time(program: &str) {
    let arguments = ["-n", "3", "--latency", "5", "--hang", "6", "--timeout", "2"];
    let ended = run(program, &arguments).with_status(1);
    assert_eq!(ended.downloaded(), 5, "{ended}");
    assert_eq!(ended.site_counts().answered, 5, "{ended}");
    ended.assert_error("1 of 6 failed:");
    ended.assert_error(": no answer within 2 s");
}

/// Each bad page is named with what is wrong with it, once, and the good ones are read.
pub fn a_bad_page_does_not_stop_the_others(program: &str) {
    let site = Site::open(0, Behaviour::default()).expect("a port is free");
    let good = site.url("/dice");
    let missing = site.url("/nothing");
    let halfway = server_that_stops_halfway();
    let circle = server_that_redirects_to("/");
    let pages = [&*good, &missing, NOBODY, &halfway, &circle, &good];
    // Windows knocks at a closed port for two seconds before it calls the connection refused.
    let arguments = [&["-n", "1", "--timeout", "30"], &pages[..]].concat();
    let ended = run(program, &arguments).with_status(1);
    assert_eq!(ended.times_read("280 /dice"), 2, "{ended}");
    assert_eq!(ended.downloaded(), 2, "{ended}");
    ended.assert_error("4 of 6 failed:");
    ended.assert_error(&format!("{missing}: 404 Not Found"));
    for (page, reason) in
        [(NOBODY, "refused"), (&halfway, "cut off"), (&circle, "redirected too often")]
    {
        let mut lines = ended.stderr.lines();
        let named = |line: &str| line.contains(&format!("{page}: ")) && line.contains(reason);
        assert!(lines.any(named), "not named: {page} ({reason}) by {ended}");
    }
    assert_eq!(ended.stderr.lines().count(), 5, "{ended}");
}

/// The recording has every page once, with the waiting that the site made sure of and with what went
/// wrong.
pub fn every_page_is_recorded(program: &str) {
    let arguments = ["-n", "20", "--latency", "30", "--fail", "7"];
    let run = pictures::record(program, &arguments, 1);
    for page in PAGES {
        assert_eq!(run.items().filter(|item| item.label.ends_with(page)).count(), 20, "{page}");
    }
    for item in run.items() {
        assert!(item.length() >= Duration::from_millis(30), "{item:?}");
    }
    let failures: Vec<&String> = run.items().filter_map(|item| item.failure.as_ref()).collect();
    assert_eq!(failures, ["500 Internal Server Error"; 5]);
    let totals = run.totals();
    assert_eq!((totals.items, totals.failed), (40, 5));
    assert!(totals.waited > totals.worked, "{totals:?}");
    // The clock of a thread moves in steps of 16 ms on Windows: too long for what a page needs.
    assert!(cfg!(windows) || totals.worked > Duration::ZERO, "{totals:?}");
}

/// `| head -3`: it ends soon, and not after the half hour that all pages would take.
pub fn a_reader_that_goes_away_ends_it_quietly(program: &str) {
    check_head(program, &["--latency", "100", "-n", "100_000"], 3);
}

/// A reader that does nothing for longer than the time limit of a page: no page is lost to that, and
/// no worker.
pub fn a_slow_reader_loses_no_page(program: &str) {
    let mut command = command(program, &["-n", "800", "--latency", "0", "--timeout", "1"]);
    // More lines than a pipe holds, so that the program would have to wait for its reader.
    let running = Running::start_paused(&mut command, Duration::from_secs(3));
    let ended = running.end().well();
    assert_eq!(ended.downloaded(), 1600, "{}", ended.stderr);
    assert_eq!(ended.reads().len(), 1600);
}
