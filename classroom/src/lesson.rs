//! The options of a program, and what is printed around its lesson.

use std::fmt::{self, Debug, Display, Formatter};
use std::sync::OnceLock;
use std::time::Duration;

mod cpu;
#[cfg(feature = "io")]
mod io_bound;
pub mod options;
mod picture;
mod race;
mod summary;
#[cfg(feature = "io")]
mod task;

pub use cpu::{CpuLesson, SumOf, cpu};
#[cfg(feature = "io")]
pub use io_bound::{At, Download, Failure, IoLesson, async_session, io, session};
pub use picture::save;
pub use race::{RaceLesson, race};
pub use summary::Summary;
#[cfg(feature = "io")]
pub use task::{Task, task};

pub use crate::{progress, say};

/// Why a program cannot go on, as a sentence.
///
/// `main` returns it, and Rust prints what `main` returns in its `Debug` form: so that form is the
/// sentence too.
#[derive(Clone)]
pub struct Error(String);

/// What a program's functions return that can fail as a whole.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// The error that says `sentence`.
    pub fn new(sentence: impl Display) -> Self {
        Self(sentence.to_string())
    }
}

impl Display for Error {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Debug for Error {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        Display::fmt(self, f)
    }
}

impl<E: std::error::Error + 'static> From<E> for Error {
    fn from(error: E) -> Self {
        let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(&error);
        while let Some(error) = cause {
            let system = error.downcast_ref::<std::io::Error>();
            if system.is_some_and(|error| error.kind() == std::io::ErrorKind::WouldBlock) {
                return Self::new(
                    "The system starts no more threads for you; choose a smaller -c, or raise the \
                     limit (ulimit -u)",
                );
            }
            cause = error.source();
        }
        Self(with_causes(&error))
    }
}

/// The error and everything that caused it, most general first, each said once.
fn with_causes(error: &dyn std::error::Error) -> String {
    let mut sentence = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let reason = error.to_string();
        if !sentence.contains(&reason) {
            sentence = format!("{sentence}: {reason}");
        }
        cause = error.source();
    }
    sentence
}

/// How a program does several things at once, and how many of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Concurrency {
    /// One thing after the other.
    None,
    /// A pool of so many threads.
    Threads(usize),
    /// One thread, one task for each item.
    Tasks,
    /// A pool of so many processes.
    Processes(usize),
}

impl Concurrency {
    /// How many there are when `-c` does not say; `items` is how many there can be at most.
    fn default_for(self, items: usize) -> usize {
        match self {
            Self::None => 1,
            Self::Threads(n) | Self::Processes(n) => n,
            Self::Tasks => items,
        }
    }
}

/// Whether this process was started by a pool, as one of its workers.
///
/// A pool starts a worker with `--worker NAME` as its first arguments; see `pool`.
#[must_use]
pub fn is_worker() -> bool {
    worker_name().is_some()
}

/// The name that the pool gave to this process, if it is a worker.
pub(crate) fn worker_name() -> Option<String> {
    let mut arguments = std::env::args_os().skip(1);
    let name = (arguments.next()? == "--worker").then(|| arguments.next().unwrap_or_default())?;
    Some(name.to_string_lossy().into_owned())
}

/// An item under way on this thread, until this is dropped.
#[must_use = "the item ends when the guard is dropped"]
pub struct Item(());

/// Begins a download or a sum on this thread: the guard stands for it.
///
/// It is recorded if a picture was asked for, and when it ends, the bar of `--quiet` moves one step.
pub fn item(label: impl Display) -> Item {
    crate::timeline::record::open(label);
    Item(())
}

/// Does `work` as an item on this thread.
pub fn as_item<T>(label: impl Display, work: impl FnOnce() -> T) -> T {
    let _item = item(label);
    work()
}

impl Drop for Item {
    fn drop(&mut self) {
        crate::timeline::record::close();
        crate::output::step();
    }
}

/// How long a job of a worker process may take; each program sets its own.
static TIME_LIMIT: OnceLock<Duration> = OnceLock::new();

/// How long a worker process may be silent before it counts as hung.
///
/// For a download that is its `--timeout` and a second more. For a sum it is far longer than even
/// a slow machine takes.
#[must_use]
pub fn time_limit() -> Duration {
    TIME_LIMIT.get().copied().unwrap_or(Duration::from_secs(60))
}

/// The time that this process and its finished part of the pool have spent computing.
fn cpu_time(start: cpu_time::ProcessTime) -> Duration {
    let own = start.elapsed();
    #[cfg(feature = "pool")]
    let own = own + crate::pool::workers_cpu_time();
    own
}

/// `1 thread`, `5 threads`.
#[must_use]
pub fn plural(count: impl Into<u128>, noun: &str) -> String {
    let count = count.into();
    match (count, noun) {
        (1, _) => format!("1 {noun}"),
        _ if noun.ends_with("process") => format!("{} {noun}es", thousands(count)),
        _ => format!("{} {noun}s", thousands(count)),
    }
}

/// A number as people read it: `160`, `5,000`, `10,000,000`.
#[must_use]
pub fn thousands(number: impl Into<u128>) -> String {
    let digits = number.into().to_string();
    let mut grouped = String::new();
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::{plural, thousands};

    #[test]
    fn numbers_are_grouped_by_thousands() {
        let numbers = [0_u32, 7, 160, 1_000, 12_345, 999_999, 1_000_000];
        let grouped = numbers.map(thousands);
        assert_eq!(grouped, ["0", "7", "160", "1,000", "12,345", "999,999", "1,000,000"]);
    }

    #[test]
    fn nouns_follow_their_number() {
        assert_eq!(plural(1_u32, "process"), "1 process");
        assert_eq!(plural(2_u32, "process"), "2 processes");
        assert_eq!(plural(5_000_u32, "thread"), "5,000 threads");
    }
}
