//! Runs the real program.

use io_lesson::{Behaviour, PAGES, Site};
use testing::pictures::{lane_names, record};
use testing::{SiteCounts, check_wrong_usage, run};

const PROGRAM: &str = env!("CARGO_BIN_EXE_io_non_concurrent");

testing_downloads::tests_of_engine!(PROGRAM);

#[test]
fn one_request_at_a_time_on_one_connection() {
    let ended = run(PROGRAM, &["--latency", "5"]).well();
    let counts = SiteCounts { connections: 1, at_once: 1, answered: 160 };
    assert_eq!(ended.site_counts(), counts, "{ended}");
    ended.assert_line("the site saw 1 connection, at most 1 request at once, 160 answered");
    ended.assert_line("160 requests of 5 ms, 1 at a time, cannot take less than 0.800 s");
}

#[test]
fn the_pages_come_in_the_order_of_the_list() {
    let ended = run(PROGRAM, &["-n", "4", "--latency", "5"]).well();
    assert_eq!(ended.reads(), ["10966 /jython", "280 /dice"].repeat(4), "{ended}");

    let site = Site::open(0, Behaviour::default()).expect("a port is free");
    let [jython, dice] = PAGES.map(|page| site.url(page));
    let ended = run(PROGRAM, &["-n", "2", &dice, &dice, &jython]).well();
    assert_eq!(ended.reads(), ["280 /dice", "280 /dice", "10966 /jython"].repeat(2), "{ended}");
    assert_eq!(site.counts().connections, 1, "one session keeps one connection");
}

#[test]
fn there_is_nothing_to_do_at_once() {
    check_wrong_usage(PROGRAM, &["-c", "2"], &["'-c'"]);
    let help = run(PROGRAM, &["--help"]).well();
    assert!(!help.stdout.contains("--concurrency"), "{help}");
}

#[test]
fn the_main_thread_does_it_all() {
    let run = record(PROGRAM, &["-n", "5", "--latency", "5"], 0);
    assert_eq!(lane_names(&run), ["main thread"]);
}
