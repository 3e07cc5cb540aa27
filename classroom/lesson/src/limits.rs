//! How much may be under way at once: what makes sense, and what the system allows.

use std::sync::Mutex;
use std::{fs, io, thread};

use super::concurrency::Concurrency;
use basics::error::{Error, Result};
use basics::output::warn;
use basics::this_process::is_worker;
use basics::words::{plural, thousands};

/// The most threads of a rayon pool. Its threads search each other for work, and the time that
/// takes grows with the square of their number: 500 downloads on 500 threads take 1.3 s, 1,000 on
/// 1,000 take 8.5 s (measured on 2 cores).
const MOST_THREADS: usize = 500;

/// The most worker processes. Each takes a few MB.
const MOST_PROCESSES: usize = 1_000;

/// As many at once as were asked for, or as make sense.
pub fn sensible(how: Concurrency, wanted: usize) -> usize {
    let (most, noun, why) = match how {
        Concurrency::Threads(usual) if threads_alive().is_err() => {
            (usual, "thread", "the limit on memory has no room for more (ulimit -v)")
        }
        Concurrency::Threads(_) => {
            (MOST_THREADS, "thread", "with more of them rayon's pool gets slower")
        }
        Concurrency::Processes(_) => (MOST_PROCESSES, "process", "each of them takes memory"),
        Concurrency::Workers(_) => (MOST_PROCESSES, "worker", "each of them takes memory"),
        Concurrency::Sequential | Concurrency::Tasks => return wanted,
    };
    if wanted > most && !is_worker() {
        warn(format_args!("Going on with {}: {why}", plural(most as u64, noun)));
    }
    wanted.min(most)
}

/// How many threads may be alive at once, if the system tells.
///
/// Beyond that the standard library could start a thread and not give it all that it needs, and
/// would end the program. Only Linux tells.
///
/// # Errors
///
/// The limit on memory leaves no room for threads.
pub fn threads_alive() -> Result<Option<usize>> {
    let number = |text: &str| text.trim().parse::<u64>().ok();
    // A thread has a stack and a small one for signals, each with a guard: four mappings.
    let mappings = fs::read_to_string("/proc/sys/vm/max_map_count");
    let by_mappings = mappings.ok().and_then(|most| Some(number(&most)?.saturating_sub(1_000) / 4));

    let limits = fs::read_to_string("/proc/self/limits").unwrap_or_default();
    let memory = limits.lines().find_map(|line| line.strip_prefix("Max address space"));
    let memory = memory.and_then(|limits| number(limits.split_whitespace().next()?));
    // The C library sets 64 MiB apart for each of eight threads per core; a thread has about 100 kB.
    let cores = num_cpus::get() as u64;
    let apart = (8 * cores * 64 + 32) << 20;
    let by_memory = memory.map(|memory| memory.saturating_sub(apart) / (128 << 10));
    if let (Some(memory), Some(0)) = (memory, by_memory) {
        return Err(Error::new(format!(
            "The limit on memory is too low for threads: {} kB, and they need {} kB (ulimit -v)",
            thousands(memory >> 10),
            thousands(apart >> 10),
        )));
    }
    let most = by_mappings.into_iter().chain(by_memory).min();
    Ok(most.and_then(|most| usize::try_from(most).ok()))
}

/// Sees to it that so many threads can be started: starts them, and ends them again.
///
/// For an experiment whose threads are started where nothing could be said about it, as in an event
/// loop.
///
/// # Errors
///
/// The system has no room for so many.
pub fn room_for_threads(wanted: usize) -> Result<()> {
    let gate = Mutex::new(());
    let closed = gate.lock();
    thread::scope(|scope| {
        let wait = || drop(gate.lock());
        let start = |_| thread::Builder::new().spawn_scoped(scope, wait);
        let started = (0..wanted).map(start).collect::<io::Result<Vec<_>>>();
        drop(closed);
        started.map(drop).map_err(|_| Error::no_more_threads())
    })
}
