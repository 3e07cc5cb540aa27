//! How much may be under way at once: what makes sense, and what the system allows.

use std::fs;
use std::thread::available_parallelism;

use super::measure::Concurrency;
use crate::error::{Error, Result};
use crate::output::warn;
use crate::this_process::is_worker;
use crate::words::{plural, thousands};

/// The most threads of a rayon pool. Its threads search each other for work, and the time that
/// takes grows with the square of their number: 500 downloads on 500 threads take 1.3 s, 1,000 on
/// 1,000 take 8.5 s (measured on 2 cores).
const MOST_THREADS: usize = 500;

/// The most worker processes. Each takes a few MB.
const MOST_PROCESSES: usize = 1_000;

/// The most connections that one thread keeps by itself. With 5,000 the same 100,000 pages take
/// longer than with 2,000, and twice the memory (measured on 2 cores).
#[cfg(feature = "io")]
pub(super) const MOST_CONNECTIONS: usize = 2_000;

/// The most connections on which the site always watches for clients that leave: 4 MB.
#[cfg(feature = "io")]
pub(super) const MOST_WATCHED: usize = 500;

/// The most downloads of one run: a list of this many addresses takes about 1 GB.
#[cfg(feature = "io")]
pub(super) const MOST_DOWNLOADS: usize = 10_000_000;

/// Files that a program has open besides its connections: standard input, output and error, the
/// event queues of its runtimes, the site's listener; and some to spare.
#[cfg(feature = "io")]
const OTHER_FILES: u64 = 24;

/// The fewest files that a program needs.
#[cfg(feature = "io")]
const FEWEST_FILES: u64 = 20;

/// As many at once as were asked for, or as make sense.
pub(super) fn sensible(how: Concurrency, wanted: usize) -> usize {
    let (most, noun, why) = match how {
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

/// As many downloads at once as are wanted, or as the system's limit on open files allows.
///
/// Raises the soft limit to the hard one first.
///
/// # Errors
///
/// There are too few files for a single download.
#[cfg(feature = "io")]
pub(super) fn by_files(how: Concurrency, wanted: usize, built_in: bool) -> Result<usize> {
    // A system without such a limit reports the number that was asked for.
    let Ok(files) = rlimit::increase_nofile_limit(u64::MAX) else { return Ok(wanted) };
    if files < FEWEST_FILES {
        return Err(Error::new(format!(
            "The system lets this program open only {}; it needs {FEWEST_FILES} (ulimit -n)",
            plural(files, "file"),
        )));
    }
    // A connection is a file. A session with a thread of its own has three more for its event
    // queue; a worker process is at the other end of two pipes.
    let own = match how {
        Concurrency::Sequential | Concurrency::Tasks => 1,
        Concurrency::Threads(_) => 4,
        Concurrency::Processes(_) | Concurrency::Workers(_) => 2,
    };
    // The built-in site has the other end of each connection, in this process.
    let each = own + u64::from(built_in);
    let allowed = (files.saturating_sub(OTHER_FILES) / each).max(1);
    let allowed = usize::try_from(allowed).unwrap_or(wanted);
    if wanted > allowed && !is_worker() {
        warn(format_args!(
            "Keeping at most {} under way at once (open files: at most {})",
            plural(allowed as u64, "download"),
            thousands(files),
        ));
    }
    Ok(wanted.min(allowed))
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
    let cores = available_parallelism().map_or(1, usize::from) as u64;
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
