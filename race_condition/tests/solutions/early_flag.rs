//! `early_flag`, solved.

use std::process::ExitCode;

use judge::{
    Acquire, AtomicBool, AtomicU64, Outcome, Relaxed, Release, check, check_in_every_order,
    two_threads,
};

#[path = "../../exercises/judge/mod.rs"]
mod judge; // tries every order; its `lock` returns the guard itself

const NUMBER: u64 = 42;

const HINT: &str = "The flag promises that the number is there, so it has to come last. But with \
                    `Relaxed` another core may see two writes in either order. `Release` for the \
                    write of the flag and `Acquire` for its read forbid that.";

fn send(number: &AtomicU64, is_there: &AtomicBool) {
    number.store(NUMBER, Relaxed);
    is_there.store(true, Release);
}

fn receive(number: &AtomicU64, is_there: &AtomicBool) -> Option<u64> {
    if is_there.load(Acquire) { Some(number.load(Relaxed)) } else { None }
}

// From here on it is the check: leave it as it is.

fn hand_over() -> Outcome {
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
    judge::every_order(HINT, hand_over)
}
