//! `check_then_act`: two withdrawals from one account, which must never be overdrawn.
//!
//! - **Run** `cargo run -p race_exercises --bin check_then_act`
//! - **Fault** In some orders both withdrawals find enough money, and both take it.
//! - **Reach** One of the two withdrawals is paid, and the other one is not. The balance is never
//!   below 0, and in the end it is 20.
//! - **Hint** `cargo run -p race_exercises --bin check_then_act -- --hint`
//! - **Next** `bank_transfer`, where every access is locked well, and nothing moves any more.

use std::process::ExitCode;

// The judge tries every order. Its `lock` returns the guard itself.
use judge::Mutex;

const AMOUNT: i64 = 80; // of each withdrawal

/// Returns whether the money is paid.
fn withdraw(account: &Mutex<i64>) -> bool {
    let has_enough = *account.lock() >= AMOUNT;
    if has_enough {
        *account.lock() -= AMOUNT;
    }
    has_enough
}

// From here on it is the check: leave it as it is.

use judge::{Outcome, check, two_threads};

/// There is enough for one of two withdrawals.
pub fn withdraw_twice(withdraw: fn(&Mutex<i64>) -> bool) -> Outcome {
    let account = Mutex::new("account", 100).never_below(0);
    let (mut one, mut other) = (false, false);
    two_threads(|| one = withdraw(&account), || other = withdraw(&account));
    let paid = u8::from(one) + u8::from(other);
    check(paid == 1, format!("{paid} withdrawals are paid, and it should be 1"))?;
    let balance = *account.lock();
    check(balance == 20, format!("The account is at {balance}, and should be at 20"))
}

fn main() -> ExitCode {
    judge::every_order(|| withdraw_twice(withdraw))
}
