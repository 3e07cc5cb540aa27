//! `half_locked`, solved.

use std::process::ExitCode;

use judge::{Mutex, Outcome, check, two_threads};

#[path = "../../exercises/judge/mod.rs"]
mod judge; // tries every order; its `lock` returns the guard itself

const HINT: &str = "`lock` returns a guard, and the lock is held until the guard is dropped. Here \
                    each line has a guard of its own. Keep one for both lines.";

fn increment(counter: &Mutex<u64>) {
    let mut counter = counter.lock();
    let value = *counter;
    *counter = value + 1;
}

// From here on it is the check: leave it as it is.

fn count_to_two() -> Outcome {
    let counter = Mutex::new("counter", 0);
    two_threads(|| increment(&counter), || increment(&counter));
    let counter = *counter.lock();
    check(counter == 2, format!("Two increments, and the counter is {counter}"))
}

fn main() -> ExitCode {
    judge::every_order(HINT, count_to_two)
}
