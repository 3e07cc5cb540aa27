//! `broken_counter`: two threads increment a counter once each, and it must end at 2.
//!
//! - **Run** `cargo run -p race_exercises --bin broken_counter`
//! - **Fault** The counter ends at 1 in some orders of the steps.
//! - **Reach** The counter is 2 in every order, and 3 after one more increment.
//! - **Hint** `cargo run -p race_exercises --bin broken_counter -- --hint`
//! - **Next** `half_locked`, where a lock is there and does not help.

use std::process::ExitCode;

// The judge tries every order.
use judge::{AtomicU64, Relaxed};

fn increment(counter: &AtomicU64) {
    let value = counter.load(Relaxed);
    counter.store(value + 1, Relaxed);
}

// From here on it is the check: leave it as it is.

use judge::{Outcome, check, two_threads};

/// Two threads increment once each, and then there is one more increment.
pub fn count_to_two(increment: fn(&AtomicU64)) -> Outcome {
    let counter = AtomicU64::new("counter", 0);
    two_threads(|| increment(&counter), || increment(&counter));
    let two = counter.load(judge::Relaxed);
    check(two == 2, format!("Two increments, and the counter is {two}"))?;
    increment(&counter);
    let three = counter.load(judge::Relaxed);
    check(three == 3, format!("One more increment, and the counter is {three}"))
}

fn main() -> ExitCode {
    judge::every_order(|| count_to_two(increment))
}
