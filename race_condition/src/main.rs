//! `race_condition`: 5,000 threads increment one counter, 100 times each.
//!
//! - **Run** `cargo run -p race_condition`
//! - **See** a counter that should be 500,000 and is not, and two cures that lose nothing.
//! - **Why** `counter += 1` is a read, an addition and a write. A thread that is interrupted in
//!   between writes back a stale value, and what the others wrote meanwhile is lost. As the article
//!   writes it this happens only sometimes; with a switch at that place it happens every time.
//! - **Diff** none: it has no neighbour. Compare the four races in its `main`.
//! - **Next** back to the table in the top-level `README.md`.

use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::thread;

use classroom::lesson::{self, Result};

const THREADS: usize = 5_000;
const INCREMENTS: usize = 100; // by each thread
const STACK: usize = 64 * 1024; // bytes for each thread, of which it needs a few hundred

/// The article's `counter += 1`, with the read and the write apart, as the machine does them.
fn increment_counter(counter: &AtomicU64, increments: u64, switch: impl Fn()) {
    for _ in 0..increments {
        let value = counter.load(Relaxed);
        switch();
        // The line that matters: another thread may have written since this one has read.
        counter.store(value + 1, Relaxed);
    }
}

/// Starts the threads, waits for their end and returns how many could be started.
fn run_threads(threads: usize, work: impl Fn() + Sync) -> usize {
    thread::scope(|scope| {
        let start = || thread::Builder::new().stack_size(STACK).spawn_scoped(scope, &work);
        (0..threads).take_while(|_| start().is_ok()).count()
    })
}

fn main() -> Result<ExitCode> {
    let mut lesson = lesson::race(THREADS, INCREMENTS);
    let increments = lesson.increments();

    let counter = AtomicU64::new(0);
    let started = run_threads(lesson.threads(), || increment_counter(&counter, increments, || ()));
    lesson.show("As the article writes it", started, counter.into_inner());

    let counter = AtomicU64::new(0);
    let switch = thread::yield_now;
    let started = run_threads(lesson.threads(), || increment_counter(&counter, increments, switch));
    lesson.show("With a switch between read and write", started, counter.into_inner());

    let counter = Mutex::new(0);
    let increment = || *counter.lock().expect("no thread panics with the lock") += 1;
    let started = run_threads(lesson.threads(), || (0..increments).for_each(|_| increment()));
    lesson.show("With a Mutex", started, counter.into_inner().expect("nor has one panicked"));

    let counter = AtomicU64::new(0);
    let increment = || _ = counter.fetch_add(1, Relaxed);
    let started = run_threads(lesson.threads(), || (0..increments).for_each(|_| increment()));
    lesson.show("With fetch_add", started, counter.into_inner());

    lesson.report()
}
