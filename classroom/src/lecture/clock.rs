//! The minute of a lecture.

use std::time::{Duration, Instant};

/// Counts the minutes since a lecture began. One that begins in the middle begins at the minute that
/// the plan has there.
pub struct Clock {
    began: Instant,
    planned: Duration,
}

impl Clock {
    /// A clock that now shows this minute.
    pub fn begin_at(minute: Option<u16>) -> Self {
        let planned = Duration::from_secs(60 * u64::from(minute.unwrap_or(0)));
        Self { began: Instant::now(), planned }
    }

    /// The minute of the plan that it is now.
    pub fn minute(&self) -> u64 {
        (self.planned + self.began.elapsed()).as_secs() / 60
    }

    /// How long the lecture has taken, in whole minutes.
    pub fn minutes_taken(&self) -> u64 {
        (self.began.elapsed().as_secs() + 30) / 60
    }
}
