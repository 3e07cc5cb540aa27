//! The judge of the exercises: what it lets pass, what it refuses, and what it cannot judge.

#![allow(
    clippy::unnecessary_wraps,
    reason = "an attempt says how it went, also where that is well"
)]

use std::mem;

use judge::{
    Acquire, AtomicBool, AtomicU64, Mutex, Outcome, Relaxed, all_go_well, check,
    check_in_every_order, two_threads,
};

#[path = "../exercises/judge/mod.rs"]
mod judge;

/// Asks the judge; an error as its sentence.
fn verdict(attempt: fn() -> Outcome) -> Result<bool, String> {
    all_go_well(attempt).map_err(|error| error.to_string())
}

#[track_caller]
fn check_refused(attempt: fn() -> Outcome, sentence: &str) {
    let refused = verdict(attempt).expect_err(sentence);
    assert!(refused.contains(sentence), "{refused}");
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

fn panic_sometimes() -> Outcome {
    let counter = Mutex::new("counter", 0);
    two_threads(|| *counter.lock() = 1, || assert_eq!(*counter.lock(), 0));
    Ok(())
}

// One test, because the judge tries one order at a time.
#[test]
fn the_judge_is_just() {
    assert_eq!(verdict(count_in_a_loop), Ok(true), "a loop that ends is no fault");
    assert_eq!(verdict(take_and_give_back), Ok(false), "the account is overdrawn in between");
    assert_eq!(verdict(panic_sometimes), Ok(false), "a panic is a fault");
    assert_eq!(verdict(store_with_acquire), Ok(false), "as with the standard library's");
    assert_eq!(verdict(raise_a_relaxed_flag), Ok(false), "it promises no order of two values");
    assert_eq!(verdict(lock_very_often), Ok(false), "a fault is shown when the time is over");
    check_refused(wait_in_a_loop, "goes round in a loop");
    check_refused(lock_in_a_loop, "goes round in a loop");
    check_refused(never_unlock, "waits for a lock for ever");
    check_refused(share_nothing_that_is_seen, "no step that the judge can see");
}
