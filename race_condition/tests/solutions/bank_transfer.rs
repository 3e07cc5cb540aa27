//! `bank_transfer`, solved.

use std::process::ExitCode;

use judge::{Mutex, Outcome, check, two_threads};

#[path = "../../exercises/judge/mod.rs"]
mod judge; // tries every order; its `lock` returns the guard itself

const HINT: &str = "If everybody takes the locks in the same order, nobody can hold the second one \
                    and wait for the first. Accounts have numbers: lock the lower one first.";

struct Account {
    number: u32,
    balance: Mutex<i64>,
}

fn transfer(from: &Account, to: &Account, amount: i64) {
    let (mut from_balance, mut to_balance);
    if from.number < to.number {
        from_balance = from.balance.lock();
        to_balance = to.balance.lock();
    } else {
        to_balance = to.balance.lock();
        from_balance = from.balance.lock();
    }
    *from_balance -= amount;
    *to_balance += amount;
}

// From here on it is the check: leave it as it is.

fn transfer_both_ways() -> Outcome {
    let savings = Account { number: 1, balance: Mutex::new("savings", 100) };
    let wages = Account { number: 2, balance: Mutex::new("wages", 100) };
    two_threads(|| transfer(&savings, &wages, 10), || transfer(&wages, &savings, 30));
    let (savings, wages) = (*savings.balance.lock(), *wages.balance.lock());
    let found = format!("The accounts are at {savings} and {wages}, and should be at 120 and 80");
    check((savings, wages) == (120, 80), found)
}

fn main() -> ExitCode {
    judge::every_order(HINT, transfer_both_ways)
}
