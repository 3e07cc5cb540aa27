//! `early_flag`: one thread hands a number to another, and a flag says when it is there.
//!
//! - **Run** `cargo run -p race_condition --example early_flag`
//! - **Fault** In some orders the flag is up, and the number is not there yet.
//! - **Reach** In every order the reader finds the number or no flag, and in the end the number.
//! - **Hint** `cargo run -p race_condition --example early_flag -- --hint`
//! - **Next** `session_per_page` of `io_threading`, where the referee is the judge.

use std::process::ExitCode;

use judge::{AtomicBool, AtomicU64, Outcome, Relaxed, check, two_threads};

mod judge; // tries every order of the steps; its types have names

const NUMBER: u64 = 42;

const HINT: &str = "The flag promises that the number is there, so it has to come last. On a real \
                    machine `Relaxed` may still turn the two writes around for other threads: \
                    `Release` for the write of the flag and `Acquire` for its read forbid that. This \
                    judge knows the order of the lines only.";

fn send(number: &AtomicU64, is_there: &AtomicBool) {
    is_there.store(true, Relaxed);
    number.store(NUMBER, Relaxed);
}

fn receive(number: &AtomicU64, is_there: &AtomicBool) -> Option<u64> {
    if is_there.load(Relaxed) { Some(number.load(Relaxed)) } else { None }
}

fn hand_over() -> Outcome {
    let (number, is_there) = (AtomicU64::new("number", 0), AtomicBool::new("flag", false));
    let mut received = None;
    two_threads(|| send(&number, &is_there), || received = receive(&number, &is_there));
    if let Some(number) = received {
        check(number == NUMBER, format!("The flag was up, and the number was {number}"))?;
    }
    // Both are done, so now it is there.
    let found = receive(&number, &is_there);
    check(found == Some(NUMBER), format!("After the last step the reader finds {found:?}"))
}

fn main() -> ExitCode {
    judge::every_order(HINT, hand_over)
}
