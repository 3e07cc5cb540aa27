//! `broken_counter` and `half_locked`: their faults, wrong mends and right ones.

#![allow(dead_code, reason = "the check of an exercise is called, and not its main")]

use std::thread::sleep;
use std::time::Duration;

use judge::{AtomicU64, Mutex, Relaxed, SeqCst};

use super::judge::{LOCK, check_fault, check_mends};

#[path = "../../broken_counter.rs"]
mod broken_counter;
#[path = "../../half_locked.rs"]
mod half_locked;

#[test]
fn broken_counter() {
    let lines = [
        "Tried every order of the steps of two threads: 6 orders.",
        "4 of them go wrong. This is one:",
        "    thread 1                          thread 2",
        "    reads counter: 0",
        "    writes counter: 1",
        "Two increments, and the counter is 1.",
    ];
    let in_two_steps = |counter: &AtomicU64| {
        let value = counter.load(Relaxed);
        counter.store(value + 1, Relaxed);
    };
    check_fault(move || broken_counter::count_to_two(in_two_steps), &lines);
    check_mends::<fn(&AtomicU64)>(
        broken_counter::count_to_two,
        &[
            ("the strictest order of memory", |counter| {
                let value = counter.load(SeqCst);
                counter.store(value + 1, SeqCst);
            }),
            ("a second look before the write", |counter| {
                let value = counter.load(Relaxed);
                if counter.load(Relaxed) == value {
                    counter.store(value + 1, Relaxed);
                }
            }),
            ("compare_exchange, and no loop", |counter| {
                let value = counter.load(Relaxed);
                let _ = counter.compare_exchange(value, value + 1, Relaxed, Relaxed);
            }),
            ("the number that is wanted", |counter| counter.store(2, Relaxed)),
            ("a lock for each thread", |counter| {
                let lock = Mutex::new("lock", ());
                let _guard = lock.lock();
                counter.store(counter.load(Relaxed) + 1, Relaxed);
            }),
        ],
        &[
            ("fetch_add", |counter| _ = counter.fetch_add(1, Relaxed)),
            ("compare_exchange in a loop", |counter| {
                let mut value = counter.load(Relaxed);
                while let Err(is) = counter.compare_exchange(value, value + 1, Relaxed, Relaxed) {
                    value = is;
                }
            }),
            ("a lock for both", |counter| {
                let _guard = LOCK.lock();
                counter.store(counter.load(Relaxed) + 1, Relaxed);
            }),
        ],
    );
}

#[test]
fn half_locked() {
    let lines = [
        "4 of them go wrong. This is one:",
        "    unlocks counter: 0",
        "    locks counter: 1",
        "Two increments, and the counter is 1.",
    ];
    let with_two_guards = |counter: &Mutex<u64>| {
        let value = *counter.lock();
        *counter.lock() = value + 1;
    };
    check_fault(move || half_locked::count_to_two(with_two_guards), &lines);
    check_mends::<fn(&Mutex<u64>)>(
        half_locked::count_to_two,
        &[
            ("the lock too late", |counter| {
                let value = *counter.lock();
                let mut guard = counter.lock();
                *guard = value + 1;
            }),
            ("the lock too early", |counter| {
                let guard = counter.lock();
                let value = *guard;
                drop(guard);
                *counter.lock() = value + 1;
            }),
            ("both locks in one statement", |counter| *counter.lock() = *counter.lock() + 1),
            ("a second look before the write", |counter| {
                let value = *counter.lock();
                if *counter.lock() == value {
                    *counter.lock() = value + 1;
                }
            }),
            ("a lock for each thread", |counter| {
                let lock = Mutex::new("lock", ());
                let _guard = lock.lock();
                let value = *counter.lock();
                *counter.lock() = value + 1;
            }),
            ("a pause", |counter| {
                let value = *counter.lock();
                sleep(Duration::from_millis(1));
                *counter.lock() = value + 1;
            }),
        ],
        &[
            ("one guard", |counter| {
                let mut counter = counter.lock();
                let value = *counter;
                *counter = value + 1;
            }),
            ("one statement", |counter| *counter.lock() += 1),
            ("again, if another thread was in between", |counter| {
                loop {
                    let value = *counter.lock();
                    let mut counter = counter.lock();
                    if *counter == value {
                        *counter = value + 1;
                        break;
                    }
                }
            }),
        ],
    );
}
