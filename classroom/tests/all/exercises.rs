//! Asks which exercises are solved.

use std::time::Duration;

use testing::{Running, check_width, command};

#[test]
fn no_exercise_is_solved_as_it_stands() {
    let mut command = command(env!("CARGO_BIN_EXE_classroom"), &["exercises"]);
    // The exercises may have to be built first.
    let ended = Running::start(&mut command).end_within(Duration::from_secs(600)).with_status(0);
    check_width(&ended.stdout);
    assert_eq!(ended.stdout.matches("   not solved yet\n").count(), 11, "{ended}");
    ended.assert_line("Solved: 0 of 11.");
    ended.assert_line("The next one: cargo run -p race_exercises --bin broken_counter");
}
