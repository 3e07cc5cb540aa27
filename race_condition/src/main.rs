//! `race_condition`: 5,000 threads increment one counter, 100 times each.
//!
//! - **Run** `cargo run -p race_condition`
//! - **See** four counters that should be 500,000. The first one often is, the second one was not in
//!   any run we made, and the last two always are.
//! - **Why** `counter += 1` is a read, an addition and a write. If another thread writes between the
//!   read and the write of this one, that update is lost. The other thread may be on another core at
//!   the same moment, or the system may have switched to it.
//! - **Diff** none: it has no neighbour. Compare the four races in `main`.
//! - **Next** `race_condition/README.md`, with its experiments.

use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::thread::{self, Builder};

use lesson::Result;

const THREADS: usize = 5_000;
const INCREMENTS: usize = 100; // by each thread

// `pub` is for the programs in `examples`, which run these functions themselves.

/// In bytes, for each thread. A thread has 2 MB if one does not say.
pub const STACK: usize = 64 * 1024;

/// The article's `counter += 1`, with the read and the write apart, as the steps really are.
///
/// Between the two it calls `switch` with the value that it has read.
pub fn increment_counter(counter: &AtomicU64, increments: u64, switch: impl Fn(u64)) {
    for _ in 0..increments {
        let value = counter.load(Relaxed);
        switch(value);
        // The line that matters: another thread may have written since this one has read.
        counter.store(value + 1, Relaxed);
    }
}

fn increment_with_lock(counter: &Mutex<u64>, increments: u64) {
    for _ in 0..increments {
        *counter.lock().expect("no thread panics with the lock") += 1;
    }
}

fn increment_atomically(counter: &AtomicU64, increments: u64) {
    for _ in 0..increments {
        counter.fetch_add(1, Relaxed);
    }
}

/// Starts the threads, waits until they have ended and returns how many were started.
pub fn run_threads(threads: usize, work: impl Fn() + Sync) -> usize {
    let work = || lesson::as_item("increments", &work); // for --diagram; changes nothing else
    thread::scope(|scope| {
        for started in 0..threads {
            // Not `scope.spawn`, which panics when the system has no room for another thread.
            if Builder::new().stack_size(STACK).spawn_scoped(scope, work).is_err() {
                return started;
            }
        }
        threads
    })
}

fn main() -> Result<ExitCode> {
    let mut lesson = lesson::race(THREADS, INCREMENTS)?;
    let increments = lesson.increments();

    let counter = AtomicU64::new(0);
    let started = run_threads(lesson.threads(), || increment_counter(&counter, increments, |_| ()));
    lesson.show("Read, then write", started, counter.into_inner());

    // `yield_now` offers the core to another thread. `watch` notes what was read, and when.
    let switch = |value| lesson.watch(value, thread::yield_now);
    let counter = AtomicU64::new(0);
    let started = run_threads(lesson.threads(), || increment_counter(&counter, increments, switch));
    lesson.show("Read, switch, write", started, counter.into_inner());

    let counter = Mutex::new(0);
    let started = run_threads(lesson.threads(), || increment_with_lock(&counter, increments));
    lesson.show("With a Mutex", started, counter.into_inner()?);

    let counter = AtomicU64::new(0);
    let started = run_threads(lesson.threads(), || increment_atomically(&counter, increments));
    lesson.show("With fetch_add", started, counter.into_inner());

    // Prints one of the lost updates. --diagram draws the first two races.
    lesson.report()
}
