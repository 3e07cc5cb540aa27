//! Tests of the programs that compute. [`tests_of_sums!`] makes all of them, for one program; of the
//! others those are made in which the engine has a part.
//!
//! [`tests_of_sums!`]: crate::tests_of_sums

use std::time::Duration;

use super::checks::{check_head, check_help, check_wrong_usage};
use super::pictures;
use super::programs::run;

/// Makes tests of the functions in `testing::sums`, for the program at this path.
#[macro_export]
macro_rules! tests_of_sums {
    ($program:expr) => {
        $crate::tests_of_pictures!($program, &$crate::sums::SHORT);
        $crate::tests_of! { sums($program);
            the_articles_sums_are_exact
            the_options_choose_the_numbers
            the_smallest_numbers_are_summed_too
            quiet_prints_the_same
            wrong_usage_is_one_message
            help_names_every_option
            every_sum_is_recorded
            a_reader_that_goes_away_ends_it_quietly
            #[cfg(target_os = "linux")] a_full_disk_is_a_sentence
        }
    };
}

/// The words behind this beginning of a line that an experiment has printed.
#[track_caller]
pub fn words_behind<'a>(stdout: &'a str, beginning: &str) -> Vec<&'a str> {
    let line = stdout.lines().find_map(|line| line.trim_start().strip_prefix(beginning));
    line.unwrap_or_else(|| panic!("no line begins with {beginning:?}: {stdout}"))
        .split_whitespace()
        .collect()
}

/// The article's 20 numbers, which need more than 64 bits.
pub fn the_articles_sums_are_exact(program: &str) {
    let ended = run(program, &[]).well();
    ended.assert_line("all 20 sums checked; together they are 833,337,833,344,750,010,830");
    let duration = ended.line_with("Duration ");
    let words: Vec<&str> = duration.split(' ').collect();
    let ["Duration", seconds, "seconds"] = words[..] else { panic!("{duration:?}") };
    assert!(seconds.parse::<f64>().is_ok(), "{duration:?}");
    assert!(ended.line_with("busy: ").contains(" s of CPU time in "), "{ended}");
    assert_eq!(ended.stdout.lines().count(), 3, "{ended}");
}

/// `--number` and `--count`: 999 · 1,000 · 1,999 / 6 and the two after it.
pub fn the_options_choose_the_numbers(program: &str) {
    for number in ["1000", "1_000", "1_0_0_0"] {
        let ended = run(program, &["--number", number, "--count", "3"]).well();
        ended.assert_line("all 3 sums checked; together they are 1,001,502,501");
    }
}

/// The sums below 0 and 1 are empty, the sum below 2 is 1, and below 3 it is 5.
pub fn the_smallest_numbers_are_summed_too(program: &str) {
    for (number, count, line) in [
        ("0", "1", "the sum was checked; it is 0"),
        ("0", "4", "all 4 sums checked; together they are 6"),
    ] {
        run(program, &["--number", number, "--count", count]).well().assert_line(line);
    }
}

/// `--quiet`: the bar needs a terminal, so only the result is left.
pub fn quiet_prints_the_same(program: &str) {
    let ended = run(program, &["-q", "--number", "1000", "--count", "3"]).well();
    ended.assert_line("all 3 sums checked; together they are 1,001,502,501");
    assert_eq!(ended.stdout.lines().count(), 3, "{ended}");
}

/// Status 2 and what is wrong, before anything is computed.
pub fn wrong_usage_is_one_message(program: &str) {
    let wrong: [(&[&str], &[&str]); 8] = [
        (&["--number", "abc"], &["'abc'", "--number"]),
        (&["--number", "-5"], &["-5"]),
        (&["--number", "1.5"], &["'1.5'", "--number"]),
        (&["--number", ""], &["--number"]),
        (&["--number", "1_000_000_000_001"], &["--number", "1_000_000_000_000"]),
        (&["--count", "0"], &["'0'", "--count"]),
        (&["--count", "many"], &["'many'", "--count"]),
        (&["extra"], &["'extra'"]),
    ];
    for (arguments, named) in wrong {
        check_wrong_usage(program, arguments, named);
    }
}

/// The options that all programs that compute have.
pub fn help_names_every_option(program: &str) {
    check_help(program, &["--number", "--count"]);
}

/// `| head -0`: gone before the first line.
pub fn a_reader_that_goes_away_ends_it_quietly(program: &str) {
    check_head(program, &["--number", "1_000_000"], 0);
}

/// `> /dev/full`.
#[cfg(target_os = "linux")]
pub fn a_full_disk_is_a_sentence(program: &str) {
    super::checks::check_full_disk(program, &["--number", "1000"]);
}

/// A short run.
pub const SHORT: [&str; 2] = ["--number", "1000"];

/// The recording has every sum once, and all of them were work.
pub fn every_sum_is_recorded(program: &str) {
    // Each sum takes longer than a step of the thread clock, which is 16 ms on Windows.
    let run = pictures::record(program, &["--number", "100_000_000", "--count", "4"], 0);
    let mut labels: Vec<&str> = run.items().map(|item| &*item.label).collect();
    labels.sort_unstable();
    assert_eq!(labels, ["100000000", "100000001", "100000002", "100000003"]);
    // A tenth of a nanosecond for each square would be too fast for any machine.
    let least = Duration::from_millis(10);
    for item in run.items() {
        // A clock that moves in steps may miss a thread that has to share its core.
        assert!(cfg!(windows) || item.worked() > least, "{item:?}");
    }
    assert!(run.totals().worked > least, "{:?}", run.totals());
}
