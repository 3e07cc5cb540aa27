//! Runs the real program.

use testing::pictures::record;
use testing::{ProcessOutput, check_head, check_help, check_wrong_usage, run};

const PROGRAM: &str = env!("CARGO_BIN_EXE_race_condition");

testing::tests_of_pictures!(PROGRAM, &["--threads", "50", "-q"]);

const BY_CHANCE: &str = "Read, then write";
const FORCED: &str = "Read, switch, write";
const MUTEX: &str = "With a Mutex";
const FETCH_ADD: &str = "With fetch_add";

/// What the counter should be, what it is, and how many updates were lost.
#[track_caller]
fn row(ended: &ProcessOutput, name: &str) -> [u64; 3] {
    // A sentence may begin in the same way, but goes on with a colon.
    let numbers = ended.line_with(&format!("{name}  ")).trim_start_matches(name);
    let numbers = numbers.split_whitespace().map(|number| number.replace(',', "").parse());
    let numbers = numbers.collect::<Result<Vec<u64>, _>>().expect("numbers follow the name");
    numbers.try_into().expect("three numbers")
}

/// Every row adds up, and those that cannot lose an update have lost none.
#[track_caller]
fn check(ended: &ProcessOutput, expected: u64) {
    for name in [BY_CHANCE, FORCED, MUTEX, FETCH_ADD] {
        let [should_be, is, lost] = row(ended, name);
        assert_eq!(should_be, expected, "{name}: {ended}");
        assert_eq!(is + lost, expected, "{name}: {ended}");
    }
    for name in [MUTEX, FETCH_ADD] {
        assert_eq!(row(ended, name)[2], 0, "{name}: {ended}");
    }
}

#[test]
fn the_race_shows_every_time() {
    let ended = run(PROGRAM, &[]).well();
    ended.assert_line("5,000 threads increment one counter 100 times each.");
    check(&ended, 500_000);
    assert!(row(&ended, FORCED)[2] > 0, "{ended}");
    // It is said only of a row that has lost none.
    let [_, _, by_chance] = row(&ended, BY_CHANCE);
    assert_eq!(ended.stdout.contains("nothing was lost this time"), by_chance == 0, "{ended}");
    assert!(!ended.stdout.contains("No update was lost"), "{ended}");
    assert!(
        ended.stdout.contains("One of the lost updates of the second row, as it happened:"),
        "{ended}"
    );
}

#[test]
fn one_thread_alone_loses_nothing() {
    let ended = run(PROGRAM, &["--threads", "1", "--increments", "1_000"]).well();
    check(&ended, 1_000);
    for name in [BY_CHANCE, FORCED] {
        assert_eq!(row(&ended, name)[2], 0, "{ended}");
    }
    ended.assert_line("1 thread increments one counter 1,000 times.");
    assert!(ended.stdout.contains("No update was lost: "), "{ended}");
    assert!(!ended.stdout.contains("Run it again"), "that would not help: {ended}");
    assert!(!ended.stdout.contains("lost updates"), "{ended}");
}

#[test]
fn few_threads_and_few_increments_add_up() {
    for (threads, increments, expected) in [("2", "1", 2), ("7", "3", 21), ("50", "1_000", 50_000)]
    {
        let arguments = ["--threads", threads, "--increments", increments];
        check(&run(PROGRAM, &arguments).well(), expected);
    }
}

#[test]
fn quiet_prints_the_numbers_alone() {
    let ended = run(PROGRAM, &["-q", "--threads", "4", "--increments", "5"]).well();
    check(&ended, 20);
    assert_eq!(ended.stdout.lines().count(), 4, "{ended}");
}

#[test]
fn wrong_usage_is_one_message() {
    check_wrong_usage(PROGRAM, &["--threads", "0"], &["'0'", "--threads"]);
    check_wrong_usage(PROGRAM, &["--threads", "many"], &["'many'", "--threads"]);
    check_wrong_usage(PROGRAM, &["--increments", "0"], &["'0'", "--increments"]);
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

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_a_sentence() {
    testing::check_full_disk(PROGRAM, &["--threads", "10"]);
}

#[test]
fn the_picture_has_the_threads_of_the_first_race() {
    let run = record(PROGRAM, &["--threads", "50"], 0);
    assert_eq!(run.lanes.len(), 50);
    assert_eq!(run.totals().items, 50);
}
