//! `early_flag`, solved.

use std::process::ExitCode;

use judge::{Acquire, AtomicBool, AtomicU64, Outcome, Relaxed, Release, check, two_threads};

#[path = "../../exercises/judge/mod.rs"]
mod judge; // tries every order of the steps; its types have names

const NUMBER: u64 = 42;

const HINT: &str = "The flag promises that the number is there, so it has to come last. On a real \
                    machine `Relaxed` may still turn the two writes around for other threads: \
                    `Release` for the write of the flag and `Acquire` for its read forbid that. This \
                    judge knows the order of the lines only.";

fn send(number: &AtomicU64, is_there: &AtomicBool) {
    number.store(NUMBER, Relaxed);
    is_there.store(true, Release);
}

fn receive(number: &AtomicU64, is_there: &AtomicBool) -> Option<u64> {
    if is_there.load(Acquire) { Some(number.load(Relaxed)) } else { None }
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
