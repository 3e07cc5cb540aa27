//! `half_locked`: each access to the counter is locked, and an update is lost all the same.
//!
//! - **Run** `cargo run -p race_exercises --bin half_locked`
//! - **Fault** The counter ends at 1 in some orders of the steps.
//! - **Reach** The counter is 2 in every order, and 3 after one more increment.
//! - **Hint** `cargo run -p race_exercises --bin half_locked -- --hint`
//! - **Next** `check_then_act`, where nobody counts, and the same fault costs money.

use std::process::ExitCode;

// The judge tries every order. Its `lock` returns the guard itself.
use judge::Mutex;

fn increment(counter: &Mutex<u64>) {
    let value = *counter.lock();
    *counter.lock() = value + 1;
}

// From here on it is the check: leave it as it is.

use judge::{Outcome, check, two_threads};

/// Two threads increment once each, and then there is one more increment.
pub fn count_to_two(increment: fn(&Mutex<u64>)) -> Outcome {
    let counter = Mutex::new("counter", 0);
    two_threads(|| increment(&counter), || increment(&counter));
    let two = *counter.lock();
    check(two == 2, format!("Two increments, and the counter is {two}"))?;
    increment(&counter);
    let three = *counter.lock();
    check(three == 3, format!("One more increment, and the counter is {three}"))
}

fn main() -> ExitCode {
    judge::every_order(|| count_to_two(increment))
}
