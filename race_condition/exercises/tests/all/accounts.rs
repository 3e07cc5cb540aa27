//! `check_then_act` and `bank_transfer`: their faults, wrong mends and right ones.

#![allow(dead_code, reason = "the check of an exercise is called, and not its main")]

use std::thread::sleep;
use std::time::Duration;

use judge::Mutex;

use super::judge::{LOCK, check_fault, check_mends};

#[path = "../../bank_transfer.rs"]
mod bank_transfer;
#[path = "../../check_then_act.rs"]
mod check_then_act;

use bank_transfer::{Account, transfer_both_ways};
use check_then_act::withdraw_twice;

#[test]
fn check_then_act() {
    let lines = [
        "4 of them go wrong. This is one:",
        "    unlocks account: -60",
        "The account is at -60, and must never be below 0.",
    ];
    let with_two_locks = |account: &Mutex<i64>| {
        let has_enough = *account.lock() >= 80;
        if has_enough {
            *account.lock() -= 80;
        }
        has_enough
    };
    check_fault(move || withdraw_twice(with_two_locks), &lines);
    check_mends::<fn(&Mutex<i64>) -> bool>(
        withdraw_twice,
        &[
            ("the number out, work on it, the number back", |account| {
                let mut balance = *account.lock();
                let has_enough = balance >= 80;
                if has_enough {
                    balance -= 80;
                    *account.lock() = balance;
                }
                has_enough
            }),
            ("the lock too late", |account| {
                let balance = *account.lock();
                let mut account = account.lock();
                if balance >= 80 {
                    *account = balance - 80;
                }
                balance >= 80
            }),
            ("the money is taken, and given back if it was too much", |account| {
                *account.lock() -= 80;
                let is_overdrawn = *account.lock() < 0;
                if is_overdrawn {
                    *account.lock() += 80;
                }
                !is_overdrawn
            }),
            ("one lock, and both are told that they are paid", |account| {
                let mut balance = account.lock();
                if *balance >= 80 {
                    *balance -= 80;
                }
                true
            }),
            ("one lock, and the answer comes from the first look", |account| {
                let has_enough = *account.lock() >= 80;
                let mut balance = account.lock();
                if *balance >= 80 {
                    *balance -= 80;
                }
                has_enough
            }),
            ("a pause", |account| {
                let has_enough = *account.lock() >= 80;
                sleep(Duration::from_millis(1));
                if has_enough {
                    *account.lock() -= 80;
                }
                has_enough
            }),
        ],
        &[
            ("one lock", |account| {
                let mut balance = account.lock();
                let has_enough = *balance >= 80;
                if has_enough {
                    *balance -= 80;
                }
                has_enough
            }),
            ("a second look, under the lock", |account| {
                if *account.lock() < 80 {
                    return false;
                }
                let mut balance = account.lock();
                if *balance < 80 {
                    return false;
                }
                *balance -= 80;
                true
            }),
            ("a lock around the others", |account| {
                let _guard = LOCK.lock();
                let has_enough = *account.lock() >= 80;
                if has_enough {
                    *account.lock() -= 80;
                }
                has_enough
            }),
        ],
    );
}

/// The locks as they come, and a deadlock.
fn transfer(from: &Account, to: &Account, amount: i64) {
    let (mut from, mut to) = (from.balance.lock(), to.balance.lock());
    *from -= amount;
    *to += amount;
}

#[test]
fn bank_transfer() {
    let lines = [
        "    locks savings: 100",
        "    waits for wages",
        "Each waits for a lock that the other holds: a deadlock.",
    ];
    check_fault(|| transfer_both_ways(transfer), &lines);
    check_mends::<fn(&Account, &Account, i64)>(
        transfer_both_ways,
        &[
            ("the other account first", |from, to, amount| transfer(to, from, -amount)),
            ("the numbers out, work on them, the numbers back", |from, to, amount| {
                let (has, gets) = (*from.balance.lock(), *to.balance.lock());
                *from.balance.lock() = has - amount;
                *to.balance.lock() = gets + amount;
            }),
            ("the poorer account first", |from, to, amount| {
                if *from.balance.lock() <= *to.balance.lock() {
                    transfer(from, to, amount);
                } else {
                    transfer(to, from, -amount);
                }
            }),
            ("a pause between the locks", |from, to, amount| {
                let mut from = from.balance.lock();
                sleep(Duration::from_millis(1));
                let mut to = to.balance.lock();
                *from -= amount;
                *to += amount;
            }),
            ("one of the two gives up", |from, to, amount| {
                if from.number < to.number {
                    transfer(from, to, amount);
                }
            }),
        ],
        &[
            ("the lower number first", |from, to, amount| {
                if from.number < to.number {
                    transfer(from, to, amount);
                } else {
                    transfer(to, from, -amount);
                }
            }),
            ("one lock for everything", |from, to, amount| {
                let _guard = LOCK.lock();
                transfer(from, to, amount);
            }),
            ("one account after the other", |from, to, amount| {
                *from.balance.lock() -= amount;
                *to.balance.lock() += amount;
            }),
        ],
    );
}
