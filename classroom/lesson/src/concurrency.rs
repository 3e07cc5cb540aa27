//! What a run is measured by: its concurrency, its time limit, its CPU time.

use std::sync::OnceLock;
use std::time::Duration;

use basics::workers;
use clap::Arg;
use cpu_time::ProcessTime;

use super::options;

/// How a program does several things at once, and how many of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Concurrency {
    /// One after the other.
    Sequential,
    /// A pool of so many threads.
    Threads(usize),
    /// One thread, one task for each item.
    Tasks,
    /// A pool of so many processes.
    Processes(usize),
    /// So many workers on this machine, and any number on others.
    Workers(usize),
}

impl Concurrency {
    /// How many items are under way at once when `-c` does not say. `items` is how many there are.
    pub fn default_for(self, items: usize) -> usize {
        match self {
            Self::Sequential => 1,
            Self::Threads(n) | Self::Processes(n) | Self::Workers(n) => n,
            Self::Tasks => items,
        }
    }

    /// The end of a sentence that says what a program does; `item` is a page or a number.
    pub fn in_words(self, item: &str) -> String {
        match self {
            Self::Sequential => "one after the other".into(),
            Self::Threads(_) => "with a pool of threads".into(),
            Self::Tasks => format!("on one thread, with one task per {item}"),
            Self::Processes(_) => "with a pool of processes".into(),
            Self::Workers(_) => "on any number of machines".into(),
        }
    }

    /// The options that this concurrency needs: `-c`, and what a pool tells its workers.
    pub fn options(self, item: &str, most_tasks: &str) -> Vec<Arg> {
        match self {
            Self::Sequential => Vec::new(),
            Self::Threads(n) => vec![options::concurrency("Number of threads", &n.to_string())],
            Self::Tasks => {
                let default = format!("one per {item}, up to {most_tasks}");
                vec![options::concurrency("Tasks at once", &default)]
            }
            Self::Processes(n) => {
                let default = format!("{n}, one per CPU");
                vec![options::concurrency("Number of processes", &default), options::worker()]
            }
            Self::Workers(n) => {
                vec![options::concurrency("Number of workers on this machine", &n.to_string())]
            }
        }
    }
}

/// How long a job of a worker process may take; each program sets its own.
static TIME_LIMIT: OnceLock<Duration> = OnceLock::new();

/// How long a worker process may be silent before it counts as hung.
///
/// For a download that is its `--timeout` and a second more. For a sum it is far longer than even
/// a slow machine takes.
pub fn time_limit() -> Duration {
    TIME_LIMIT.get().copied().unwrap_or(Duration::from_secs(60))
}

/// Sets the time limit; the first call counts.
pub fn set_time_limit(limit: Duration) {
    TIME_LIMIT.get_or_init(|| limit);
}

/// The time that this process and its finished part of the pool have spent computing.
pub fn cpu_time(start: ProcessTime) -> Duration {
    start.elapsed() + workers::cpu_time()
}
