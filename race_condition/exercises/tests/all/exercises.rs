//! Each exercise fails with its fault, in its own words, and passes with a solution. Both stand here,
//! because a learner's file may be solved.

#![allow(dead_code, reason = "the check of an exercise is called, and not its main")]

use judge::{Acquire, AtomicBool, AtomicU64, Mutex, Relaxed, Release};

use super::judge::{check_fault, check_solved};

#[path = "../../bank_transfer.rs"]
mod bank_transfer;
#[path = "../../broken_counter.rs"]
mod broken_counter;
#[path = "../../check_then_act.rs"]
mod check_then_act;
#[path = "../../early_flag.rs"]
mod early_flag;
#[path = "../../half_locked.rs"]
mod half_locked;

use bank_transfer::{Account, transfer_both_ways};
use check_then_act::withdraw_twice;
use early_flag::hand_over;

#[test]
fn broken_counter() {
    fn in_two_steps(counter: &AtomicU64) {
        let value = counter.load(Relaxed);
        counter.store(value + 1, Relaxed);
    }
    fn in_one_step(counter: &AtomicU64) {
        counter.fetch_add(1, Relaxed);
    }
    let lines = [
        "Tried every order of the steps of two threads: 6 orders.",
        "4 of them go wrong. This is one:",
        "    thread 1                          thread 2",
        "    reads counter: 0",
        "    writes counter: 1",
        "Two increments, and the counter is 1.",
    ];
    check_fault(|| broken_counter::count_to_two(in_two_steps), &lines);
    check_solved(|| broken_counter::count_to_two(in_one_step));
}

#[test]
fn half_locked() {
    fn with_two_guards(counter: &Mutex<u64>) {
        let value = *counter.lock();
        *counter.lock() = value + 1;
    }
    fn with_one_guard(counter: &Mutex<u64>) {
        *counter.lock() += 1;
    }
    let lines = [
        "4 of them go wrong. This is one:",
        "    unlocks counter: 0",
        "    locks counter: 1",
        "Two increments, and the counter is 1.",
    ];
    check_fault(|| half_locked::count_to_two(with_two_guards), &lines);
    check_solved(|| half_locked::count_to_two(with_one_guard));
}

#[test]
fn check_then_act() {
    fn with_two_locks(account: &Mutex<i64>) {
        let has_enough = *account.lock() >= 80;
        if has_enough {
            *account.lock() -= 80;
        }
    }
    fn with_one_lock(account: &Mutex<i64>) {
        let mut balance = account.lock();
        if *balance >= 80 {
            *balance -= 80;
        }
    }
    let lines = [
        "4 of them go wrong. This is one:",
        "    unlocks account: -60",
        "The account is at -60, and must never be below 0.",
    ];
    check_fault(|| withdraw_twice(with_two_locks), &lines);
    check_solved(|| withdraw_twice(with_one_lock));
}

#[test]
fn bank_transfer() {
    fn as_it_comes(from: &Account, to: &Account, amount: i64) {
        let (mut from, mut to) = (from.balance.lock(), to.balance.lock());
        *from -= amount;
        *to += amount;
    }
    fn lower_number_first(from: &Account, to: &Account, amount: i64) {
        if from.number < to.number {
            as_it_comes(from, to, amount);
        } else {
            as_it_comes(to, from, -amount);
        }
    }
    let lines = [
        "    locks savings: 100",
        "    waits for wages",
        "Each waits for a lock that the other holds: a deadlock.",
    ];
    check_fault(|| transfer_both_ways(as_it_comes), &lines);
    check_solved(|| transfer_both_ways(lower_number_first));
}

#[test]
fn early_flag() {
    fn flag_first(number: &AtomicU64, is_there: &AtomicBool) {
        is_there.store(true, Relaxed);
        number.store(42, Relaxed);
    }
    fn flag_last(number: &AtomicU64, is_there: &AtomicBool) {
        number.store(42, Relaxed);
        is_there.store(true, Relaxed);
    }
    fn flag_released(number: &AtomicU64, is_there: &AtomicBool) {
        number.store(42, Relaxed);
        is_there.store(true, Release);
    }
    fn relaxed(number: &AtomicU64, is_there: &AtomicBool) -> Option<u64> {
        is_there.load(Relaxed).then(|| number.load(Relaxed))
    }
    fn acquired(number: &AtomicU64, is_there: &AtomicBool) -> Option<u64> {
        is_there.load(Acquire).then(|| number.load(Relaxed))
    }
    let lines = [
        "1 of them goes wrong:",
        "    writes flag: true",
        "    writes number: 42",
        "The flag was up, and the number was 0.",
    ];
    check_fault(|| hand_over(flag_first, relaxed), &lines);
    let but = "But with a `Relaxed` flag another core may see the flag before the number.";
    check_fault(|| hand_over(flag_last, relaxed), &["All of them go well.", but]);
    check_solved(|| hand_over(flag_released, acquired));
}

#[test]
fn the_programs_judge_what_is_in_their_files() {
    for program in [
        env!("CARGO_BIN_EXE_bank_transfer"),
        env!("CARGO_BIN_EXE_broken_counter"),
        env!("CARGO_BIN_EXE_check_then_act"),
        env!("CARGO_BIN_EXE_early_flag"),
        env!("CARGO_BIN_EXE_half_locked"),
    ] {
        testing::check_exercise(program);
    }
}
