//! `bank_transfer`: two transfers between two accounts, one in each direction, wait for each other.
//!
//! - **Run** `cargo run -p race_exercises --bin bank_transfer`
//! - **Fault** In some orders each transfer holds the account that the other one needs.
//! - **Reach** Both transfers are done in every order, and in the end no money is lost. What somebody
//!   sees who looks in between is not asked.
//! - **Hint** `cargo run -p race_exercises --bin bank_transfer -- --hint`
//! - **Next** `early_flag`, where no lock is needed, and the order of two lines decides.

use std::process::ExitCode;

// The judge tries every order. Its `lock` returns the guard itself.
use judge::Mutex;

fn transfer(from: &Account, to: &Account, amount: i64) {
    let mut from = from.balance.lock();
    let mut to = to.balance.lock();
    *from -= amount;
    *to += amount;
}

// From here on it is the check: leave it as it is.

use judge::{Outcome, check, two_threads};

/// An account of the bank.
pub struct Account {
    /// No two accounts have the same.
    pub number: u32,
    /// The money, and the lock that it is under.
    pub balance: Mutex<i64>,
}

/// Two transfers at the same time, one in each direction.
pub fn transfer_both_ways(transfer: fn(&Account, &Account, i64)) -> Outcome {
    let savings = Account { number: 1, balance: Mutex::new("savings", 100) };
    let wages = Account { number: 2, balance: Mutex::new("wages", 100) };
    two_threads(|| transfer(&savings, &wages, 10), || transfer(&wages, &savings, 30));
    let (savings, wages) = (*savings.balance.lock(), *wages.balance.lock());
    let found = format!("The accounts are at {savings} and {wages}, and should be at 120 and 80");
    check((savings, wages) == (120, 80), found)
}

fn main() -> ExitCode {
    judge::every_order(|| transfer_both_ways(transfer))
}
