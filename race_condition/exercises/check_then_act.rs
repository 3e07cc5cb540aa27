//! `check_then_act`: two withdrawals from one account, which must never be overdrawn.
//!
//! - **Run** `cargo run -p race_exercises --bin check_then_act`
//! - **Fault** In some orders both withdrawals find enough money, and both take it.
//! - **Reach** The balance is never below 0, and one of the two withdrawals gets its money.
//! - **Hint** `cargo run -p race_exercises --bin check_then_act -- --hint`
//! - **Next** `bank_transfer`, where every access is locked well, and nothing moves any more.

use std::process::ExitCode;

// The judge tries every order. Its `lock` returns the guard itself.
use judge::{Mutex, Outcome, check, two_threads};

const AMOUNT: i64 = 80; // of each withdrawal

fn withdraw(account: &Mutex<i64>) {
    let has_enough = *account.lock() >= AMOUNT;
    if has_enough {
        *account.lock() -= AMOUNT;
    }
}

// From here on it is the check: leave it as it is.

const HINT: &str = "What was true when you looked need not be true when you act. The check and the \
                    withdrawal have to be under one lock.";

/// There is enough for one of two withdrawals.
pub fn withdraw_twice(withdraw: fn(&Mutex<i64>)) -> Outcome {
    let account = Mutex::new("account", 100).never_below(0);
    two_threads(|| withdraw(&account), || withdraw(&account));
    let balance = *account.lock();
    check(balance == 20, format!("The account is at {balance}, and should be at 20"))
}

fn main() -> ExitCode {
    judge::every_order(HINT, || withdraw_twice(withdraw))
}
