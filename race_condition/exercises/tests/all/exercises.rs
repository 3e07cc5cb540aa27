//! Each exercise fails as it stands, in its own words, and its solution passes.

use testing::{check_exercise, example, run};

#[test]
fn broken_counter() {
    check_exercise(
        "broken_counter",
        &[
            "4 of them go wrong. This is one:",
            "    reads counter: 0",
            "    writes counter: 1",
            "Two increments, and the counter is 1.",
        ],
    );
}

#[test]
fn half_locked() {
    check_exercise(
        "half_locked",
        &[
            "4 of them go wrong. This is one:",
            "    unlocks counter: 0",
            "    locks counter: 1",
            "Two increments, and the counter is 1.",
        ],
    );
}

#[test]
fn check_then_act() {
    check_exercise(
        "check_then_act",
        &[
            "4 of them go wrong. This is one:",
            "    unlocks account: -60",
            "The account is at -60, and must never be below 0.",
        ],
    );
}

#[test]
fn bank_transfer() {
    check_exercise(
        "bank_transfer",
        &[
            "    locks savings: 100",
            "    waits for wages",
            "Each waits for a lock that the other holds: a deadlock.",
        ],
    );
}

#[test]
fn early_flag() {
    check_exercise(
        "early_flag",
        &[
            "1 of them goes wrong:",
            "    writes flag: true",
            "    writes number: 42",
            "The flag was up, and the number was 0.",
        ],
    );
}

/// Runs an attempt that ends with this sentence.
#[track_caller]
fn check_attempt(name: &str, sentence: &str) {
    let ended = run(&example(name), &[]).with_status(1);
    assert!(ended.stderr.contains(sentence), "{ended}");
    // The compiler writes the path as its own system does.
    let stderr = ended.stderr.replace('\\', "/");
    let to_do = format!(
        "Its file: race_condition/tests/attempts/{name}.rs\nFor a hint, add -- --hint to the command.\n"
    );
    assert!(stderr.ends_with(&to_do), "{ended}");
}

#[test]
fn a_panic_is_no_solution() {
    check_attempt("panics", "the attempt gives up");
    check_attempt("panics", "Not solved yet: it has panicked.");
}

#[test]
fn an_attempt_that_waits_for_ever_is_ended() {
    check_attempt("waits_for_ever", "Not solved yet: it has not ended after 20 s.");
}
