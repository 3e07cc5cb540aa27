//! Runs the real examples.

use classroom::lesson::Verdict;
use classroom::testing::{Ended, check_head, check_width, example, run};

/// Runs an example, which must end well and fit on the screen.
#[track_caller]
fn run_example(name: &str) -> Ended {
    let ended = run(&example(name), &[]).well();
    check_width(&ended.stdout);
    ended
}

/// The words of the line that begins so.
#[track_caller]
fn words<'a>(ended: &'a Ended, begin: &str) -> Vec<&'a str> {
    let mut lines = ended.stdout.lines().filter_map(|line| line.strip_prefix(begin));
    let line = lines.next().unwrap_or_else(|| panic!("no line begins with {begin:?}: {ended}"));
    line.split_whitespace().collect()
}

#[test]
fn a_kept_session_keeps_its_connection() {
    let ended = run_example("sessions");
    assert_eq!(words(&ended, "  each page  ")[..2], ["160", "160"], "{ended}");
    assert_eq!(words(&ended, "  each thread  ")[..2], ["5", "5"], "{ended}");
    assert_eq!(words(&ended, "  all threads  ")[..2], ["1", "5"], "{ended}");
    assert_eq!(ended.claim("C28").verdict, Verdict::HoldsDifferently, "{ended}");
    assert_eq!(ended.claim("C29").verdict, Verdict::Holds, "{ended}");
    assert_eq!(ended.claim("C30").verdict, Verdict::HoldsDifferently, "{ended}");
}

#[test]
fn a_reader_that_goes_away_ends_them_quietly() {
    check_head(&example("sessions"), &[], 1);
}
