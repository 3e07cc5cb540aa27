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
#[cfg(not(test))]
use std::sync::{Mutex, RwLock, atomic::AtomicU64, atomic::Ordering::Relaxed};
use std::thread::{self, Builder};

use classroom::lesson::{self, RaceLesson, Result};
#[cfg(test)] // a model checker's, which tries every schedule of two threads
use shuttle::sync::{Mutex, RwLock, atomic::AtomicU64, atomic::Ordering::Relaxed};

#[cfg(test)]
mod every_schedule;

const THREADS: usize = 5_000;
const INCREMENTS: usize = 100; // by each thread
const STACK: usize = 64 * 1024; // bytes for each thread, of which it needs a few hundred

/// The article's `counter += 1`, with the read and the write apart, as the machine does them.
///
/// Between the two it calls `switch` with the value that it has read.
fn increment_counter(counter: &AtomicU64, increments: u64, switch: impl Fn(u64)) {
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
    (0..increments).for_each(|_| _ = counter.fetch_add(1, Relaxed));
}

/// Starts the threads, waits for their end and returns how many could be started.
///
/// Threads that begin together, as half of those of `--runs` do, wait at a gate until all of them have
/// been started.
fn run_threads(lesson: &RaceLesson, together: bool, work: impl Fn() + Sync) -> usize {
    let gate = RwLock::new(());
    // Through the gate, and then to work.
    let work = || (drop(gate.read()), lesson::as_item("increments", &work));
    thread::scope(|scope| {
        let closed = together.then(|| gate.write());
        let start = || Builder::new().stack_size(STACK).spawn_scoped(scope, work);
        // Up to the first that the system has no room for.
        let started = (0..lesson.threads()).take_while(|_| start().is_ok()).count();
        drop(closed);
        started
    })
}

/// Runs one race and returns how many threads could be started, and the counter.
fn race(lesson: &RaceLesson, together: bool, switch: impl Fn(u64) + Sync) -> (usize, u64) {
    let counter = AtomicU64::new(0);
    let work = || increment_counter(&counter, lesson.increments(), &switch);
    (run_threads(lesson, together, work), counter.into_inner())
}

fn main() -> Result<ExitCode> {
    let mut lesson = lesson::race(THREADS, INCREMENTS)?;
    lesson.meter_if_asked(race)?; // with `--runs` the program ends here

    let (started, counter) = race(&lesson, false, |_| ());
    lesson.show("As the article writes it", started, counter);

    // `yield_now` is the switch: the system lets another thread go on.
    let (started, counter) = race(&lesson, false, |value| lesson.watch(value, thread::yield_now));
    lesson.show("With a switch between read and write", started, counter);

    let counter = Mutex::new(0);
    let started =
        run_threads(&lesson, false, || increment_with_lock(&counter, lesson.increments()));
    lesson.show("With a Mutex", started, counter.into_inner()?);

    let counter = AtomicU64::new(0);
    let started =
        run_threads(&lesson, false, || increment_atomically(&counter, lesson.increments()));
    lesson.show("With fetch_add", started, counter.into_inner());

    lesson.report()
}
