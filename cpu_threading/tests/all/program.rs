//! Runs the real program.

use testing::pictures::{lane_names, record};
use testing::{check_help, check_wrong_usage, run};

const PROGRAM: &str = env!("CARGO_BIN_EXE_cpu_threading");

testing::tests_of_sums!(PROGRAM);

#[test]
fn any_number_of_threads_gives_the_same_sums() {
    for threads in ["1", "2", "5", "40"] {
        let ended = run(PROGRAM, &["-c", threads, "--number", "1000", "--count", "30"]).well();
        ended.assert_line("all 30 sums checked; together they are 10,428,183,870");
    }
}

#[test]
fn the_number_of_threads_is_an_option() {
    check_help(PROGRAM, &["-c", "--concurrency"]);
    check_wrong_usage(PROGRAM, &["-c", "0"], &["'0'", "--concurrency"]);
}

#[test]
fn the_picture_has_the_threads_of_the_pool() {
    // A thread that begins late may find nothing left to do; then there is more the next time.
    let has_all = |count| {
        let run = record(PROGRAM, &["-c", "3", "--count", count], 0);
        lane_names(&run) == ["thread 1", "thread 2", "thread 3"]
    };
    assert!(["60", "600", "6000"].into_iter().any(has_all));
}
