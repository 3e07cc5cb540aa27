//! `early_flag`: one thread hands a number to another, and a flag says when it is there.
//!
//! - **Run** `cargo run -p race_exercises --bin early_flag`
//! - **Fault** In some orders the flag is up, and the number is not there yet.
//! - **Reach** In every order the reader finds the number that was sent, or `None`, and in the end the
//!   number. No access of the flag is `Relaxed`: on a real machine that promises no order of two
//!   values.
//! - **Hint** `cargo run -p race_exercises --bin early_flag -- --hint`
//! - **Next** `session_per_page` of `io_threading`, where the referee is the judge.

use std::process::ExitCode;

// The judge tries every order.
use judge::{AtomicBool, AtomicU64, Relaxed};

fn send(value: u64, number: &AtomicU64, is_there: &AtomicBool) {
    is_there.store(true, Relaxed);
    number.store(value, Relaxed);
}

fn receive(number: &AtomicU64, is_there: &AtomicBool) -> Option<u64> {
    if is_there.load(Relaxed) { Some(number.load(Relaxed)) } else { None }
}

// From here on it is the check: leave it as it is.

use judge::{Outcome, check, check_in_every_order, two_threads};

/// Sends a value.
pub type Send = fn(u64, &AtomicU64, &AtomicBool);
/// Looks once whether there is something.
pub type Receive = fn(&AtomicU64, &AtomicBool) -> Option<u64>;

/// One thread sends, the other looks once whether there is something. Then another number is sent.
pub fn hand_over(send: Send, receive: Receive) -> Outcome {
    let (number, is_there) = (AtomicU64::new("number", 0), AtomicBool::new("flag", false));
    let before = receive(&number, &is_there);
    let mut received = None;
    two_threads(|| send(42, &number, &is_there), || received = receive(&number, &is_there));
    check(before.is_none(), format!("Before the first step the reader finds {before:?}"))?;
    if let Some(number) = received {
        check(number == 42, format!("The flag was up, and the number was {number}"))?;
    }
    // Both are done, so now it is there.
    let found = receive(&number, &is_there);
    check(found == Some(42), format!("After the last step the reader finds {found:?}"))?;
    send(43, &number, &is_there);
    let found = receive(&number, &is_there);
    check(found == Some(43), format!("Then 43 is sent, and the reader finds {found:?}"))?;
    let otherwise = "with a `Relaxed` flag another core may see the flag before the number";
    check_in_every_order(!is_there.was_relaxed(), otherwise)
}

fn main() -> ExitCode {
    judge::every_order(|| hand_over(send, receive))
}
