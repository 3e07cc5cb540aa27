//! `early_flag`: one thread hands a number to another, and a flag says when it is there.
//!
//! - **Run** `cargo run -p race_exercises --bin early_flag`
//! - **Fault** In some orders the flag is up, and the number is not there yet.
//! - **Reach** In every order the reader finds the number or no flag, and in the end the number; on
//!   a real machine, too, where `Relaxed` promises no order of two values.
//! - **Hint** `cargo run -p race_exercises --bin early_flag -- --hint`
//! - **Next** `session_per_page` of `io_threading`, where the referee is the judge.

use std::process::ExitCode;

// The judge tries every order.
use judge::{AtomicBool, AtomicU64, Outcome, Relaxed, check, check_in_every_order, two_threads};

const NUMBER: u64 = 42;

fn send(number: &AtomicU64, is_there: &AtomicBool) {
    is_there.store(true, Relaxed);
    number.store(NUMBER, Relaxed);
}

fn receive(number: &AtomicU64, is_there: &AtomicBool) -> Option<u64> {
    if is_there.load(Relaxed) { Some(number.load(Relaxed)) } else { None }
}

// From here on it is the check: leave it as it is.

const HINT: &str = "The flag promises that the number is there, so it has to come last. But with \
                    `Relaxed` another core may see two writes in either order. `Release` for the \
                    write of the flag and `Acquire` for its read forbid that.";

type Send = fn(&AtomicU64, &AtomicBool);
type Receive = fn(&AtomicU64, &AtomicBool) -> Option<u64>;

/// One thread sends, the other looks once whether there is something.
pub fn hand_over(send: Send, receive: Receive) -> Outcome {
    let (number, is_there) = (AtomicU64::new("number", 0), AtomicBool::new("flag", false));
    let mut received = None;
    two_threads(|| send(&number, &is_there), || received = receive(&number, &is_there));
    if let Some(number) = received {
        check(number == NUMBER, format!("The flag was up, and the number was {number}"))?;
    }
    // Both are done, so now it is there.
    let found = receive(&number, &is_there);
    check(found == Some(NUMBER), format!("After the last step the reader finds {found:?}"))?;
    let otherwise = "with a `Relaxed` flag another core may see the flag before the number";
    check_in_every_order(!is_there.was_relaxed(), otherwise)
}

fn main() -> ExitCode {
    judge::every_order(HINT, || hand_over(send, receive))
}
