//! How much may be under way at once, and how much the system allows.

use crate::output::warn;
use crate::words::{plural, thousands};

/// Files that a program has open besides its connections: standard input, output and error, the
/// event queues of its runtimes, the site's listener; and some to spare.
const OTHER_FILES: u64 = 24;

/// The most connections that one thread keeps by itself. With 5,000 the same 100,000 pages take
/// longer than with 2,000, and twice the memory (measured on 2 cores).
pub(super) const MOST_CONNECTIONS: usize = 2_000;

/// The most downloads of one run: a list of this many addresses takes about 1 GB.
pub(super) const MOST_DOWNLOADS: usize = 10_000_000;

/// As many connections as are wanted, or as the system's limit on open files allows.
///
/// Raises the soft limit to the hard one first. The built-in site holds the other end of each
/// connection in the same process, so there one connection is two files.
pub(super) fn limit_connections(wanted: usize, built_in: bool) -> usize {
    // A system without such a limit reports the number that was asked for.
    let Ok(files) = rlimit::increase_nofile_limit(u64::MAX) else { return wanted };
    let files_each = if built_in { 2 } else { 1 };
    let allowed = (files.saturating_sub(OTHER_FILES) / files_each).max(1);
    let allowed = usize::try_from(allowed).unwrap_or(wanted);
    if wanted > allowed {
        warn(format_args!(
            "Keeping at most {} under way at once (open files: at most {})",
            plural(allowed as u64, "download"),
            thousands(files),
        ));
    }
    wanted.min(allowed)
}
