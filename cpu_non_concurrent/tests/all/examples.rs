//! Runs the real examples.

use experiment::Verdict::{DoesNotHoldHere, Holds, HoldsDifferently, Undecided};
use testing::run_example;
use testing::sums::words_behind;

#[test]
fn the_squares_of_every_way_are_counted() {
    let ended = run_example("better_algorithm");
    for (how, squares) in [
        ("the loop  ", "100,000,190"),
        ("the loop, left to the compiler  ", "100,000,190"),
        ("a cache, empty at first  ", "5,000,019"),
        ("the same cache again  ", "0"),
        ("the formula  ", "0"),
    ] {
        assert_eq!(words_behind(&ended.stdout, how)[0], squares, "{ended}");
    }
    ended.assert_line("From 3,810,779 on a sum does not fit into 64 bits, so all have 128.");
    ended.assert_claims(&[
        ("C82", DoesNotHoldHere),
        ("C84", Holds),
        ("C98", Holds),
        ("C86", Undecided),
        ("C87", HoldsDifferently),
        ("C85", Undecided),
    ]);
}
