//! `sum_blocks_the_loop`: a task computes, and the heart of the program stops.
//!
//! - **Run** `cargo run -p io_asyncio --example sum_blocks_the_loop`
//! - **Fault** The sum has no `.await`, so no other task has a turn before it is done.
//! - **Reach** While all `numbers()` are read, the heart beats at ten places or more, and not only
//!   before, after, or in one pause. The sum is right.
//! - **Hint** `cargo run -p io_asyncio --example sum_blocks_the_loop -- --hint`
//! - **Next** `cargo run -p classroom -- exercises`, for those that you have not solved yet.

use std::hint::black_box;
use std::process::ExitCode;

use io_lesson::Result;
use tokio::runtime::{Builder, LocalOptions};

fn sum_of_squares() -> u128 {
    numbers().map(|i| black_box(i) * i).sum()
}

#[allow(clippy::unused_async, reason = "a solution may wait here")]
async fn compute() -> Result<u128> {
    Ok(sum_of_squares())
}

// From here on it is the check: leave it as it is.

use experiment::{Goal, all_reached};

pub use heart::numbers;

const NUMBER: u128 = 200_000_000; // less than a second

/// The heart, which nothing else can make beat.
mod heart {
    use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
    use std::sync::{Mutex, PoisonError};
    use std::time::Duration;

    use super::NUMBER;

    const BEAT: Duration = Duration::from_millis(1);

    static BEATS: AtomicUsize = AtomicUsize::new(0);
    static HEARD: Mutex<Option<usize>> = Mutex::new(None);

    /// Begins to beat, as a task of its own.
    pub fn start() {
        hear(None);
        tokio::task::spawn_local(async {
            loop {
                tokio::time::sleep(BEAT).await;
                BEATS.fetch_add(1, Relaxed);
            }
        });
    }

    /// The numbers to be squared. A place is a number since whose predecessor the heart has beaten.
    pub fn numbers() -> impl Iterator<Item = u128> {
        let (mut last, mut places) = (None, 0);
        (0..NUMBER).inspect(move |number| {
            let beats = BEATS.load(Relaxed);
            places += usize::from(last.replace(beats).is_some_and(|last| last < beats));
            if *number == NUMBER - 1 {
                hear(Some(places));
            }
        })
    }

    fn hear(places: Option<usize>) {
        *HEARD.lock().unwrap_or_else(PoisonError::into_inner) = places;
    }

    /// The places, once the last number has been read.
    pub fn heard() -> Option<usize> {
        *HEARD.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A heart beats while the sum is computed.
pub fn check(compute: impl AsyncFn() -> Result<u128>) -> Result<[Goal; 3]> {
    let event_loop =
        Builder::new_current_thread().enable_all().build_local(LocalOptions::default())?;
    let sum = event_loop.block_on(async {
        heart::start();
        compute().await
    })?;
    let is_right = sum == (NUMBER - 1) * NUMBER * (2 * NUMBER - 1) / 6;
    let heard = heart::heard();
    Ok([
        Goal::exactly("sums that have read all `numbers()`", 1, usize::from(heard.is_some())),
        Goal::at_least("places with a beat, first to last", 10, heard.unwrap_or(0)),
        Goal::exactly("sums that are right", 1, usize::from(is_right)),
    ])
}

fn main() -> ExitCode {
    experiment::exercise(|| Ok(all_reached(&check(compute)?)))
}
