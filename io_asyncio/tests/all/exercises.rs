//! Each exercise fails as it stands, in its own words, and its solution passes.

use testing::check_exercise;

#[test]
fn await_in_the_loop() {
    check_exercise(
        "await_in_the_loop",
        &["requests at once                                  40         1   not yet"],
    );
}

#[test]
fn blocking_client() {
    check_exercise(
        "blocking_client",
        &["requests at once                                  20         1   not yet"],
    );
}

#[test]
fn no_limit() {
    check_exercise(
        "no_limit",
        &["requests at once                                   8        40   not yet"],
    );
}

#[test]
fn sum_blocks_the_loop() {
    check_exercise(
        "sum_blocks_the_loop",
        &["beats from first to last number          at least 10         0   not yet"],
    );
}
