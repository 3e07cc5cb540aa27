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
fn a_lost_wake_up_and_half_an_update_are_explained() {
    check(
        "11:1221",
        true,
        "Thread 1 sleeps for ever.",
        "It had found 0, and did not sleep yet. Just then thread 2 set ready and woke nobody: that \
         wake-up is lost, and no other comes.",
    );
    let awake = "Both threads finished: none sleeps for ever.";
    check("11:1212", false, awake, "Thread 1 slept already when thread 2 woke it.");
    check("11:212", false, awake, "Thread 1 found that ready was 1, so it did not sleep.");
    check(
        "12:112211",
        true,
        "Thread 2 counted 40.",
        "It found 40 in the balance and 0 in the savings. It saw the 60 in neither: they had been \
         taken, and were not put yet. A mutex stops only those who lock it, too.",
    );
    check(
        "12:211112",
        false,
        "Thread 2 counted 160, not 40.",
        "It found 100 in the balance and 60 in the savings. It saw the 60 in both: it read one \
         before the move, and the other after it. A mutex stops only those who lock it, too.",
    );
    check(
        "12:221111",
        false,
        "Thread 2 counted 100, not 40.",
        "It found 100 in the balance and 0 in the savings: what belongs together.",
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
    check(
        "10:i",
        true,
        impossible,
        "There are 924 orders of the steps. All of them have been tried, and none ends at 1. \
         Whoever stores last has stored before, and loaded again after that. After a first store \
         no load finds 0. So it loads at least 1 and stores at least 2.",
    );
    for level in [1, 2, 3, 4, 6, 8, 9, 11, 12] {
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
        ("11:1", "Thread 1 finds that ready is 0, so it will sleep."),
        ("11:221", "Thread 1 finds that ready is 1: it has finished without sleep."),
        ("11:11", "Thread 1 goes to sleep, until another thread wakes it."),
        ("11:112", "Thread 2 sets ready to 1."),
        ("11:1122", "Thread 2 wakes thread 1."),
        ("11:22", "Thread 2 wakes nobody, as nobody sleeps."),
        ("12:2", "Thread 2 loads the balance: its register is now 100."),
        ("12:22", "Thread 2 adds the savings, 0: its register is now 100."),
        ("12:111", "Thread 1 puts 60: the savings were 0 and are now 60."),
        ("9:112", "Thread 2 finds 40: not enough, so it takes nothing and has finished."),
    ] {
        let last = play(text).moves().last().map(ToString::to_string);
        assert_eq!(last.as_deref(), Some(sentence));
    }
}

#[test]
fn the_lines_of_a_replay_fit_into_80_columns() {
    let claims = (1..=LEVELS.len()).map(|level| format!("{level}:i"));
    let schedules = [
        "3:122211211122",
        "4:123123123",
        "6:12",
        "7:1",
        "8:1112222222",
        "9:1212",
        "11:1212",
        "12:211112",
    ];
    for text in schedules.map(String::from).into_iter().chain(claims) {
        let lines = play(&text).lines().join("\n");
        assert!(lines.lines().all(|line| line.chars().count() <= 80), "{lines}");
    }
}
