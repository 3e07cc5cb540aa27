//! What a pool of processes tells the program around it.

use std::fmt::{self, Display, Formatter};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering::Relaxed};
use std::time::Duration;

use crate::words::short;

/// Workers of the pool that was started last.
static WORKERS: AtomicUsize = AtomicUsize::new(0);

/// Workers that died before they were told to leave.
static LOST: AtomicUsize = AtomicUsize::new(0);

/// The time that the workers have spent computing, in nanoseconds.
static CPU_NANOS: AtomicU64 = AtomicU64::new(0);

/// A job of a pool that has no answer: it panicked, or its worker died or was stopped with it.
#[derive(Clone, Debug)]
pub struct Lost {
    /// The item of the job, as people read it.
    pub item: String,
    /// What became of it.
    pub reason: String,
}

impl Display for Lost {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", short(&self.item), self.reason)
    }
}

/// How many of so many jobs can have been under way at once: fewer than a pool was asked for, if the
/// system had no room for so many workers.
pub fn width(asked: usize) -> usize {
    match WORKERS.load(Relaxed) {
        0 => asked, // there is no pool
        workers => workers.min(asked),
    }
}

/// How many workers of this process have died before they were told to leave.
pub fn lost() -> usize {
    LOST.load(Relaxed)
}

/// The CPU time of all workers that this process has started, as of their last answers.
pub fn cpu_time() -> Duration {
    Duration::from_nanos(CPU_NANOS.load(Relaxed))
}

/// A pool has so many workers.
pub fn set_count(workers: usize) {
    WORKERS.store(workers, Relaxed);
}

/// A worker could not begin, and nobody takes its place.
pub fn leave_out_one() {
    WORKERS.fetch_sub(1, Relaxed);
}

/// A worker has died before it was told to leave.
pub fn add_lost() {
    LOST.fetch_add(1, Relaxed);
}

/// A worker has computed for so many nanoseconds.
pub fn add_cpu_nanos(nanoseconds: u64) {
    CPU_NANOS.fetch_add(nanoseconds, Relaxed);
}
