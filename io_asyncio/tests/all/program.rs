//! Runs the real program.

use testing::pictures::record;
use testing::{SiteCounts, check_help, check_wrong_usage, run};

const PROGRAM: &str = env!("CARGO_BIN_EXE_io_asyncio");

testing_downloads::tests_of_engine!(PROGRAM);

#[test]
fn all_pages_are_under_way_at_once() {
    // The first answer comes long after the last request.
    let ended = run(PROGRAM, &["--latency", "1500"]).well();
    let counts = SiteCounts { connections: 160, at_once: 160, answered: 160 };
    assert_eq!(ended.site_counts(), counts, "{ended}");
    ended.assert_line("160 requests of 1500 ms, 160 at a time, cannot take less than 1.500 s");
    assert_eq!(ended.times_read("10966 /jython"), 80, "{ended}");
    assert_eq!(ended.times_read("280 /dice"), 80, "{ended}");
}

#[test]
fn the_number_of_tasks_can_be_limited() {
    for tasks in [1, 5] {
        let arguments = ["-c", &tasks.to_string(), "-n", "20", "--latency", "50"];
        let ended = run(PROGRAM, &arguments).well();
        let saw = ended.site_counts();
        assert_eq!((saw.at_once, saw.answered), (tasks, 40), "{ended}");
    }
}

#[test]
fn a_thousand_pages_are_under_way_at_once() {
    // Two files for each page, and the system's limit may be lower than that.
    let arguments = ["-n", "500", "--latency", "3000", "--timeout", "30"];
    let ended = run(PROGRAM, &arguments).with_status(0);
    assert_eq!(ended.downloaded(), 1000, "{ended}");
    let most = match ended.stderr.strip_prefix("Keeping at most ") {
        Some(told) => told.split(' ').next().expect("a number").replace(',', ""),
        None => "1000".into(),
    };
    assert_eq!(ended.site_counts().at_once.to_string(), most, "{ended}");
}

#[cfg(unix)]
#[test]
fn a_limit_on_open_files_is_told() {
    use testing::{Running, command_with_ulimit};

    let arguments = ["-n", "40", "--latency", "5"];
    let mut command = command_with_ulimit("-n 64", PROGRAM, &arguments);
    let ended = Running::start(&mut command).end().with_status(0);
    ended.assert_error("Keeping at most 20 downloads under way at once (open files: at most 64)");
    assert!(ended.site_counts().at_once <= 20, "{ended}");
    assert_eq!(ended.site_counts().answered, 80, "{ended}");
}

#[test]
fn the_number_of_tasks_is_an_option() {
    check_help(PROGRAM, &["-c", "--concurrency"]);
    check_wrong_usage(PROGRAM, &["-c", "0"], &["'0'", "--concurrency"]);
    check_wrong_usage(PROGRAM, &["-c", "all"], &["'all'", "--concurrency"]);
}

#[test]
fn every_task_is_a_lane() {
    let recorded = record(PROGRAM, &[], 0);
    assert_eq!(recorded.lanes.len(), 160);
    for (number, lane) in (1..).zip(&recorded.lanes) {
        assert_eq!(lane.name, format!("task {number}"));
        assert_eq!(lane.items.len(), 1, "{lane:?}");
        assert!(lane.items[0].work.len() >= 2, "a task is polled again when its answer comes");
    }
    let drawn = run(PROGRAM, &["-q", "--diagram"]).well();
    let whole_run = drawn.line_with("whole run ");
    assert!(whole_run.ends_with(", 150 more tasks like these"), "{drawn}");
    // One thread does the work of all of them.
    let one_thread = drawn.line_with("the one thread ");
    // On a busy machine it works in no column from end to end, or has no core.
    assert!(one_thread.contains(['█', '▓', '#']), "{drawn}");
}
