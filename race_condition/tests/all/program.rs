//! Runs the real program.

use std::time::Duration;

use testing::pictures::{a_run_is_drawn_and_saved, record_all};
use testing::{check_head, check_help, check_wrong_usage, run};

const PROGRAM: &str = env!("CARGO_BIN_EXE_race_condition");

/// How many updates were lost in each row, and what else was printed. Every row adds up, and the last
/// two, which cannot lose an update, have lost none.
#[track_caller]
fn race(arguments: &[&str], expected: u64) -> ([u64; 4], String) {
    let printed = run(PROGRAM, arguments).well().stdout;
    let rows = ["Read, then write", "Read, switch, write", "With a Mutex", "With fetch_add"];
    let lost = rows.map(|name| {
        // A sentence may begin in the same way, but goes on with a colon.
        let row = printed.lines().find_map(|line| line.strip_prefix(&format!("{name}  ")));
        let numbers = row.into_iter().flat_map(str::split_whitespace);
        let numbers = numbers.map(|number| number.replace(',', "").parse().expect("a number"));
        let &[should_be, is, lost] = &numbers.collect::<Vec<u64>>()[..] else {
            panic!("no row {name:?} in {printed}")
        };
        assert_eq!([should_be, is + lost], [expected; 2], "{name}: {printed}");
        lost
    });
    assert_eq!(lost[2..], [0, 0], "{printed}");
    (lost, printed)
}

#[test]
fn the_race_shows_every_time() {
    let (lost, printed) = race(&[], 500_000);
    assert!(printed.starts_with("5,000 threads increment one counter 100 times each.\n\n"));
    assert!(lost[1] > 0, "{printed}");
    // It is said only of a row that has lost none.
    assert_eq!(printed.contains("nothing was lost this time"), lost[0] == 0, "{printed}");
    let (_, example) = printed
        .split_once("One of the lost updates of the second row, as it happened:\n\n")
        .unwrap_or_else(|| panic!("no lost update in {printed}"));
    let lines: Vec<&str> = example.lines().collect();
    let [threads, steps @ .., "", sentence] = &lines[..] else { panic!("{printed}") };
    assert_eq!(threads.matches("thread ").count(), 2, "{printed}");
    let count = |what: &str| steps.iter().filter(|step| step.contains(what)).count();
    assert_eq!((steps.len(), count("reads "), count("writes ")), (4, 2, 2), "{printed}");
    assert!(sentence.ends_with(": one update is lost."), "{printed}");
}

#[test]
fn one_thread_alone_loses_nothing() {
    let (lost, printed) = race(&["--threads", "1", "--increments", "1_000"], 1_000);
    assert_eq!(lost, [0; 4], "{printed}");
    assert!(printed.starts_with("1 thread increments one counter 1,000 times.\n"), "{printed}");
    let sentence = "No update was lost: it takes two threads at work at the same time.\n";
    assert!(printed.ends_with(sentence), "{printed}");
}

#[test]
fn quiet_prints_the_numbers_alone() {
    let (_, printed) = race(&["-q", "--threads", "7", "--increments", "3"], 21);
    assert_eq!(printed.lines().count(), 4, "{printed}");
}

#[test]
fn wrong_usage_is_one_message() {
    check_wrong_usage(PROGRAM, &["--threads", "0"], &["'0'", "--threads"]);
    check_wrong_usage(PROGRAM, &["--increments", "many"], &["'many'", "--increments"]);
    check_wrong_usage(PROGRAM, &["--increments", "1_000_000"], &["is at most 1,000,000,000"]);
    check_wrong_usage(PROGRAM, &["5000"], &["'5000'"]);
}

#[test]
fn help_names_every_option() {
    check_help(PROGRAM, &["--threads", "--increments"]);
}

#[test]
fn a_reader_that_goes_away_ends_it_quietly() {
    check_head(PROGRAM, &["--threads", "10"], 0);
}

#[test]
fn the_picture_has_the_race_that_loses_beside_the_first_one() {
    a_run_is_drawn_and_saved(PROGRAM, &["--threads", "50", "-q"]);
    let runs = record_all(PROGRAM, &["--threads", "50"], 0);
    for (run, what) in runs.iter().zip(["Read, then write", "Read, switch, write"]) {
        assert_eq!(run.program, format!("race_condition: {what}"));
        assert_eq!((run.lanes.len(), run.totals().items), (50, 50));
        assert_eq!(run.lanes[0].items[0].start, Duration::ZERO, "it begins with its first thread");
    }
    assert_eq!(runs.len(), 2);
}

/// Not an abort of the standard library, which has started threads that it cannot keep.
#[cfg(target_os = "linux")]
#[test]
fn too_little_memory_for_threads_is_a_sentence() {
    use testing::{Running, command_with_ulimit};

    let mut command = command_with_ulimit("-v 300000", PROGRAM, &["-q"]);
    let ended = Running::start(&mut command).end().with_status(1);
    ended.assert_error("The limit on memory is too low for threads: 300,000 kB");
}
