//! Each exercise fails as it stands, in its own words, and its solution passes.

use classroom::testing::check_exercise;

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
            "The account is at -60, and should be at 20.",
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
            "1 of them goes wrong. This is one:",
            "    writes flag: true",
            "    writes number: 42",
            "The flag was up, and the number was 0.",
        ],
    );
}
