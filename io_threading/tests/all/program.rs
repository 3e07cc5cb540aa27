//! Runs the real program.

use testing::pictures::{lane_names, record};
use testing::{SiteCounts, check_wrong_usage, run};

pub const PROGRAM: &str = env!("CARGO_BIN_EXE_io_threading");

testing_downloads::tests_of_engine!(PROGRAM);

#[test]
fn the_articles_run_keeps_five_requests_under_way() {
    let ended = run(PROGRAM, &[]).well();
    let counts = SiteCounts { connections: 5, at_once: 5, answered: 160 };
    assert_eq!(ended.site_counts(), counts, "{ended}");
    ended.assert_line("the site saw 5 connections, at most 5 requests at once, 160 answered");
    ended.assert_line("160 requests of 90 ms, 5 at a time, cannot take less than 2.880 s");
    assert_eq!(ended.times_read("10966 /jython"), 80, "{ended}");
    assert_eq!(ended.times_read("280 /dice"), 80, "{ended}");
    assert_eq!(ended.downloaded(), 160, "{ended}");
}

#[test]
fn each_thread_has_its_session_and_one_request_under_way() {
    // Ten rounds take a second: time enough for the last thread to begin.
    for (threads, latency) in [("1", "5"), ("20", "100")] {
        let number: usize = threads.parse().expect("a number");
        let times = (5 * number).to_string();
        let ended = run(PROGRAM, &["-c", threads, "-n", &times, "--latency", latency]).well();
        let counts = SiteCounts { connections: number, at_once: number, answered: 10 * number };
        assert_eq!(ended.site_counts(), counts, "{ended}");
    }
}

#[test]
fn who_waits_for_a_turn_is_under_way() {
    let arguments = ["-c", "4", "-n", "20", "--latency", "50", "--capacity", "2"];
    let ended = run(PROGRAM, &arguments).well();
    let counts = SiteCounts { connections: 4, at_once: 4, answered: 40 };
    assert_eq!(ended.site_counts(), counts, "{ended}");
    ended.assert_line("40 requests of 50 ms, 2 at a time, cannot take less than 1.000 s");
}

#[test]
fn the_number_of_threads_is_an_option() {
    check_wrong_usage(PROGRAM, &["-c", "0"], &["'0'", "--concurrency"]);
    check_wrong_usage(PROGRAM, &["-c", "five"], &["'five'", "--concurrency"]);
    // As it is called in Python, and by `race_condition`.
    check_wrong_usage(PROGRAM, &["--threads", "0"], &["'0'", "--concurrency"]);
    check_wrong_usage(PROGRAM, &["--workers", "0"], &["'0'", "--concurrency"]);
}

#[test]
fn the_picture_has_five_threads_that_wait_nearly_all_the_time() {
    let run = record(PROGRAM, &["-n", "20"], 0);
    assert_eq!(lane_names(&run), ["thread 1", "thread 2", "thread 3", "thread 4", "thread 5"]);
    let totals = run.totals();
    assert_eq!(totals.items, 40);
    // The site has made each of them wait for 90 ms.
    let least = 40.0 * 0.09;
    assert!(totals.waited.as_secs_f64() >= 0.99 * least, "{totals:?}");
}
