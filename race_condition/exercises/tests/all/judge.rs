//! The judge of the exercises: what it lets pass, what it refuses, and what it cannot judge.

#![allow(
    clippy::unnecessary_wraps,
    reason = "an attempt says how it went, also where that is well"
)]

use std::mem;
use std::sync::{MutexGuard, PoisonError};
use std::time::Duration;

use judge::{
    Acquire, AtomicBool, AtomicU64, Judgement, Mutex, Outcome, Relaxed, check,
    check_in_every_order, judge, two_threads,
};

/// More than the orders of an attempt need.
const TIME: Duration = Duration::from_secs(10);

/// Python's `threading.Lock()`, beside the data.
pub static LOCK: Mutex<()> = Mutex::new("lock", ());

/// The judge takes one attempt at a time, and while it judges nobody sees why a test panics.
fn turn() -> MutexGuard<'static, ()> {
    static TURN: std::sync::Mutex<()> = std::sync::Mutex::new(());
    TURN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Checks that an attempt is a solution.
#[track_caller]
pub fn check_solved(attempt: fn() -> Outcome) {
    let _turn = turn();
    let Judgement { text, is_solved } = judge(attempt, TIME).expect("it can be judged");
    assert!(is_solved && text.ends_with("\nAll of them go well."), "{text}");
}

/// Checks that an attempt is none, and that these lines say so.
#[track_caller]
pub fn check_fault(attempt: impl Fn() -> Outcome + Send + Sync + 'static, lines: &[&str]) {
    let _turn = turn();
    let Judgement { text, is_solved } = judge(attempt, TIME).expect("it can be judged");
    assert!(!is_solved, "{text}");
    for line in lines {
        assert!(text.lines().any(|said| said == *line), "no {line:?} in {text}");
    }
}

/// Checks that none of the wrong mends is called solved, and that all of the right ones are. Each has
/// a line that says what it tries.
#[track_caller]
pub fn check_mends<M: Copy + Send + Sync + 'static>(
    attempt: fn(M) -> Outcome,
    wrong: &[(&str, M)],
    right: &[(&str, M)],
) {
    let _turn = turn();
    for (mends, is_right) in [(wrong, false), (right, true)] {
        for (tries, mend) in mends.iter().copied() {
            let (is_solved, says) = match judge(move || attempt(mend), TIME) {
                Ok(Judgement { text, is_solved }) => (is_solved, text),
                Err(refused) => (false, refused.to_string()),
            };
            assert_eq!(is_solved, is_right, "{tries}: {says}");
        }
    }
}

/// Checks that an attempt cannot be judged, for this reason.
#[track_caller]
fn check_refused(attempt: fn() -> Outcome, reason: &str) {
    let _turn = turn();
    let sentence = judge(attempt, TIME).err().expect("it cannot be judged").to_string();
    assert!(sentence.contains(reason), "{sentence}");
}

/// Increments until no other thread has changed the counter in between. That may take a second try.
fn increment(counter: &AtomicU64) {
    let mut value = counter.load(Relaxed);
    while let Err(is) = counter.compare_exchange(value, value + 1, Relaxed, Relaxed) {
        value = is;
    }
}

fn count_in_a_loop() -> Outcome {
    let counter = AtomicU64::new("counter", 0);
    two_threads(|| increment(&counter), || increment(&counter));
    check(counter.load(Relaxed) == 2, "The counter is wrong")
}

fn wait_in_a_loop() -> Outcome {
    let flag = AtomicBool::new("flag", false);
    two_threads(|| flag.store(true, Relaxed), || while !flag.load(Relaxed) {});
    Ok(())
}

/// A lock that is a number: 0 if it is free.
fn lock_in_a_loop() -> Outcome {
    let lock = AtomicU64::new("lock", 0);
    let work = || {
        while lock.compare_exchange(0, 1, Relaxed, Relaxed).is_err() {}
        lock.store(0, Relaxed);
    };
    two_threads(work, work);
    Ok(())
}

fn never_unlock() -> Outcome {
    let lock = Mutex::new("counter", 0);
    two_threads(|| mem::forget(lock.lock()), || *lock.lock() += 1);
    Ok(())
}

/// Takes first and asks then.
fn take_and_give_back() -> Outcome {
    let account = Mutex::new("account", 100_i64).never_below(0);
    let withdraw = || {
        *account.lock() -= 80;
        if *account.lock() < 0 {
            *account.lock() += 80;
        }
    };
    two_threads(withdraw, withdraw);
    Ok(())
}

/// A lock of the standard library, which the judge cannot see.
fn lock_unseen() -> Outcome {
    static UNSEEN: std::sync::Mutex<()> = std::sync::Mutex::new(());
    let counter = Mutex::new("counter", 0);
    let work = || {
        let _guard = UNSEEN.lock();
        *counter.lock() += 1;
    };
    two_threads(work, work);
    Ok(())
}

fn share_nothing_that_is_seen() -> Outcome {
    two_threads(|| (), || ());
    Ok(())
}

/// The wrong one of the two.
fn store_with_acquire() -> Outcome {
    let flag = AtomicBool::new("flag", false);
    two_threads(|| flag.store(true, Acquire), || _ = flag.load(Relaxed));
    Ok(())
}

fn raise_a_relaxed_flag() -> Outcome {
    let flag = AtomicBool::new("flag", false);
    two_threads(|| flag.store(true, Relaxed), || _ = flag.load(Acquire));
    check_in_every_order(!flag.was_relaxed(), "the flag is relaxed")
}

/// A lost update, with more short locks than the orders of can be tried in the time.
fn lock_very_often() -> Outcome {
    let counter = Mutex::new("counter", 0);
    let work = || {
        for _ in 0..4 {
            let value = *counter.lock();
            *counter.lock() = value + 1;
        }
    };
    two_threads(work, work);
    let counter = *counter.lock();
    check(counter == 8, format!("The counter is {counter}"))
}

/// No fault, and as many orders.
fn add_very_often() -> Outcome {
    let counter = Mutex::new("counter", 0);
    let work = || (0..8).for_each(|_| *counter.lock() += 1);
    two_threads(work, work);
    Ok(())
}

fn panic_sometimes() -> Outcome {
    let counter = Mutex::new("counter", 0);
    two_threads(|| *counter.lock() = 1, || assert_eq!(*counter.lock(), 0));
    Ok(())
}

#[test]
fn a_loop_that_ends_is_no_fault() {
    check_solved(count_in_a_loop);
}

#[test]
fn what_goes_wrong_is_said() {
    let in_between = "The account is at -60, and must never be below 0.";
    check_fault(take_and_give_back, &[in_between]);
    let panic = "A thread panics: assertion `left == right` failed";
    check_fault(panic_sometimes, &[panic]);
    let order = "A thread panics: there is no Acquire store; Release is for stores.";
    check_fault(store_with_acquire, &[order]);
    check_fault(raise_a_relaxed_flag, &["But the flag is relaxed."]);
}

#[test]
fn what_was_seen_is_said_when_the_time_is_over() {
    let _turn = turn();
    for (attempt, says) in [
        (lock_very_often as fn() -> Outcome, "\nThe counter is "),
        (add_very_often, "\nThere are too many orders; let the threads take fewer steps."),
    ] {
        let second = Duration::from_secs(1);
        let Judgement { text, is_solved } = judge(attempt, second).expect("some can be judged");
        assert!(!is_solved && text.contains("; after 1 s there were more.\n"), "{text}");
        assert!(text.contains(says), "{text}");
    }
}

#[test]
fn what_cannot_be_judged_is_refused() {
    check_refused(wait_in_a_loop, "goes round in a loop");
    check_refused(lock_in_a_loop, "goes round in a loop");
    check_refused(never_unlock, "waits for a lock for ever");
    check_refused(share_nothing_that_is_seen, "no step that the judge can see");
    check_refused(lock_unseen, "no thread has taken a step for 3 s");
}
