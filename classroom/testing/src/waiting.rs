//! Waiting that has an end.

use std::thread;
use std::time::{Duration, Instant};

/// Nothing that a test waits for takes nearly as long, so a wait of this length is a hang.
pub const DEADLINE: Duration = Duration::from_secs(60);

/// How long to wait between two looks.
pub(super) const POLL_INTERVAL: Duration = Duration::from_millis(5);

/// Waits until `happened` returns true; the test fails if that takes too long.
#[track_caller]
pub fn wait_until(what: &str, mut happened: impl FnMut() -> bool) {
    let begin = Instant::now();
    while !happened() {
        assert!(begin.elapsed() < DEADLINE, "waited {DEADLINE:?} in vain: {what}");
        thread::sleep(POLL_INTERVAL);
    }
}
