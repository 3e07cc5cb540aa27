//! `passing_runs`: a test that passes thousands of times, of code that is wrong.
//!
//! - **Run** `cargo run -p race_condition --example passing_runs`
//! - **See** 10,000 runs of the race, nearly all or all of them right, and then one that cannot be.
//! - **Why** Each run tries one order of the steps, and short threads nearly always come in a right one:
//!   the first is over before the second begins. The last run is the same function; only its threads
//!   wait for each other between their read and their write, as the system may make them wait.
//! - **Try** `RUNS: u32 = 100_000`: does it prove more?
//! - **Next** `every_interleaving`, which tries all orders instead of many runs.

use std::sync::Barrier;
use std::sync::atomic::AtomicU64;
use std::thread;

use lesson::{plural, say, thousands};

// The program itself and no copy of it.
#[allow(dead_code, reason = "its `main` and the cures are not run here")]
#[path = "../src/main.rs"]
mod race_condition;

use race_condition::{increment_counter, run_threads};

const RUNS: u32 = 10_000;

/// Two threads increment once, as the system happens to run them.
fn run() -> u64 {
    let counter = AtomicU64::new(0);
    run_threads(2, || increment_counter(&counter, 1, |_| ()));
    counter.into_inner()
}

/// Two threads increment once, and both read before either writes.
fn worst_run() -> u64 {
    let (counter, both_have_read) = (AtomicU64::new(0), Barrier::new(2));
    // The line that matters: the same function, with a wait at a place where the system may switch.
    let increment = || increment_counter(&counter, 1, |_| _ = both_have_read.wait());
    thread::scope(|scope| {
        scope.spawn(increment);
        increment();
    });
    counter.into_inner()
}

// From here on: what is printed.

fn main() {
    say!("2 threads increment one counter once each. It should be 2.\n");
    let passed = (0..RUNS).filter(|_| run() == 2).count();
    say!("{}: {} right.", plural(RUNS, "run"), thousands(passed as u64));

    let counter = worst_run();
    say!("One more run, in which both threads read before either writes: {counter}.\n");

    say!("It is the same function, so it was wrong all the time. A run tries one order of");
    say!("the steps. To prove that none is wrong, try all of them.");
}
