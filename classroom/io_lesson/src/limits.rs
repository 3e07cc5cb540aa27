//! How many downloads may be under way at once: what makes sense, and what the system allows.

use basics::error::{Error, Result};
use basics::output::warn;
use basics::this_process::is_worker;
use basics::words::{plural, thousands};
use lesson::Concurrency;

/// The most connections that one thread keeps by itself. With 5,000 the same 100,000 pages take
/// longer than with 2,000, and twice the memory (measured on 2 cores).
pub const MOST_CONNECTIONS: usize = 2_000;

/// The most downloads of one run: a list of this many addresses takes about 1 GB.
pub const MOST_DOWNLOADS: usize = 10_000_000;

/// Files that a program has open besides its connections: standard input, output and error, the
/// event queues of its runtimes, the site's listener; and some to spare.
const OTHER_FILES: u64 = 24;

/// The fewest files that a program needs.
const FEWEST_FILES: u64 = 20;

/// As many downloads at once as are wanted, or as the system's limit on open files allows.
///
/// Raises the soft limit to the hard one first.
///
/// # Errors
///
/// There are too few files for a single download.
pub fn by_files(how: Concurrency, wanted: usize, built_in: bool) -> Result<usize> {
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
