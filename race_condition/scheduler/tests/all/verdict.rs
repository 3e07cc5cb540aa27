//! What is said about a step, about a schedule and about a claim.

use scheduler::{LEVELS, Play};

#[track_caller]
fn play(text: &str) -> Play {
    text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
}

#[track_caller]
fn check(text: &str, passed: bool, end: &str, why: &str) {
    let verdict = play(text).verdict().unwrap_or_else(|| panic!("{text} has no end"));
    assert_eq!((verdict.passed, &*verdict.end, &*verdict.why), (passed, end, why), "{text}");
}

#[test]
fn a_schedule_is_explained() {
    check(
        "2:222111",
        true,
        "The counter ended at 2.",
        "Thread 2 read 0 and wrote 1, thread 1 read 1 and wrote 2. Nobody stored between a \
         thread's load and its store, so no increment was lost.",
    );
    check(
        "3:122211211122",
        true,
        "The counter ended at 2.",
        "Thread 2 read 0 and wrote 1, thread 1 read 0 and wrote 1, thread 1 read 1 and wrote 2, \
         thread 2 read 1 and wrote 2. 2 of 4 increments are lost: a thread that stores knows \
         nothing of what was stored since its load.",
    );
    check(
        "8:11122222221111",
        true,
        "The counter ended at 1.",
        "Thread 2 read 0 and wrote 1, thread 1 read 0 and wrote 1. Thread 1 had loaded before \
         thread 2 stored, and wrote over it: 1 of 2 increments is lost.",
    );
    check(
        "9:1212",
        true,
        "The balance ended at -20.",
        "Thread 1 found 100 and took 60, thread 2 found 100 and took 60. Both had checked before \
         either took: when the second one took, what it had found was no longer true.",
    );
    check(
        "9:112",
        false,
        "The balance ended at 40, not at -20.",
        "Thread 1 found 100 and took 60, thread 2 found 40 and took nothing. The second one \
         checked after the first had taken, so it knew.",
    );
    check(
        "6:21",
        true,
        "This is a deadlock.",
        "Thread 1 holds A and waits for B, thread 2 holds B and waits for A. Neither will ever \
         let go: the program hangs.",
    );
}

#[test]
fn a_claim_is_answered() {
    let impossible = "It is impossible, as you have claimed.";
    check(
        "5:i",
        true,
        impossible,
        "Of 252 orders of the steps the lock leaves 2. All of them have been tried, and none ends \
         at 1. Between its lock and its unlock a thread is alone with the counter: no other can \
         load a value that it is about to replace.",
    );
    check(
        "7:i",
        true,
        impossible,
        "Of 3,432 orders of the steps the locks leave 2. All of them have been tried, and none is \
         a deadlock. The thread that holds B has locked A before, so it does not wait for A.",
    );
    for level in [1, 2, 3, 4, 6, 8, 9] {
        check(&format!("{level}:i"), false, "It can be done.", "This order does it:");
    }
}

#[test]
fn a_step_is_a_sentence() {
    for (text, sentence) in [
        ("1:2", "Thread 2 loads the counter: its register is now 0."),
        ("1:22", "Thread 2 adds 1: its register is now 1."),
        ("1:222", "Thread 2 stores its register: the counter was 0 and is now 1."),
        ("5:1", "Thread 1 locks mutex A."),
        ("5:11111", "Thread 1 unlocks mutex A."),
        ("9:1", "Thread 1 finds 100: enough, so it goes on."),
        ("9:11", "Thread 1 takes 60: the balance was 100 and is now 40."),
        ("9:112", "Thread 2 finds 40: not enough, so it has finished."),
    ] {
        let last = play(text).moves().last().map(ToString::to_string);
        assert_eq!(last.as_deref(), Some(sentence));
    }
}

#[test]
fn the_lines_of_a_replay_fit_into_80_columns() {
    let claims = (1..=LEVELS.len()).map(|level| format!("{level}:i"));
    let schedules = ["3:122211211122", "4:123123123", "6:12", "7:1", "8:1112222222", "9:1212"];
    for text in schedules.map(String::from).into_iter().chain(claims) {
        let lines = play(&text).lines().join("\n");
        assert!(lines.lines().all(|line| line.chars().count() <= 80), "{lines}");
    }
}
