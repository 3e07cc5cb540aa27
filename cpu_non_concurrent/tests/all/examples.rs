//! Runs the real examples.

use experiment::Verdict;
use testing::{ProcessOutput, check_head, check_width, example, run};

/// The words of the line that begins so.
#[track_caller]
fn words<'a>(ended: &'a ProcessOutput, begin: &str) -> Vec<&'a str> {
    let mut lines = ended.stdout.lines().filter_map(|line| line.strip_prefix(begin));
    let line = lines.next().unwrap_or_else(|| panic!("no line begins with {begin:?}: {ended}"));
    line.split_whitespace().collect()
}

#[test]
fn the_squares_of_every_way_are_counted() {
    let ended = run(&example("better_algorithm"), &[]).well();
    check_width(&ended.stdout);
    for (how, squares) in [
        ("the loop  ", "100,000,190"),
        ("the loop, left to the compiler  ", "100,000,190"),
        ("a cache, empty at first  ", "5,000,019"),
        ("the same cache again  ", "0"),
        ("the formula  ", "0"),
    ] {
        assert_eq!(words(&ended, how)[0], squares, "{ended}");
    }
    ended.assert_line("From 3,810,779 on a sum does not fit into 64 bits, so all have 128.");
    for (claim, verdict) in [
        ("C82", Verdict::DoesNotHoldHere),
        ("C84", Verdict::Holds),
        ("C87", Verdict::HoldsDifferently),
        ("C98", Verdict::Holds),
    ] {
        assert_eq!(ended.claim(claim).verdict, verdict, "{claim} in {ended}");
    }
    for claim in ["C85", "C86"] {
        assert_ne!(ended.claim(claim).numbers, "", "{ended}");
    }
}

#[test]
fn a_reader_that_goes_away_ends_it_quietly() {
    check_head(&example("better_algorithm"), &[], 1);
}
