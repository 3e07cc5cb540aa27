//! `sum_blocks_the_loop`: a task computes, and the heart of the program stops.
//!
//! - **Run** `cargo run -p io_asyncio --example sum_blocks_the_loop`
//! - **Fault** The sum has no `.await`, so no other task has a turn before it is done.
//! - **Reach** The heart beats at least ten times while the sum of all `numbers()` is computed, and
//!   the sum is right.
//! - **Hint** `cargo run -p io_asyncio --example sum_blocks_the_loop -- --hint`
//! - **Next** `cargo run -p classroom -- exercises`, for those that you have not solved yet.

use std::hint::black_box;
use std::iter;
use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use experiment::{Goal, all_reached};
use io_lesson::Result;
use tokio::runtime::{Builder, LocalOptions};
use tokio::time::sleep;

fn sum_of_squares() -> u128 {
    numbers().map(|i| black_box(i) * i).sum()
}

#[allow(clippy::unused_async, reason = "a solution may wait here")]
async fn compute() -> Result<u128> {
    Ok(sum_of_squares())
}

// From here on it is the check: leave it as it is.

const NUMBER: u128 = 300_000_000; // less than a second
const BEAT: Duration = Duration::from_millis(1);

const HINT: &str = "`tokio::task::spawn_blocking` computes on a thread of its own, and its result can be \
                    awaited. Or go through `numbers()` in a loop, and give the other tasks a turn \
                    every million steps: `tokio::task::yield_now().await`.";

static BEATS: AtomicUsize = AtomicUsize::new(0);
static BEGIN: AtomicUsize = AtomicUsize::new(0); // the beat at the first number
static HEARD: Mutex<Option<usize>> = Mutex::new(None); // beats from the first number to the last

async fn heartbeat() {
    loop {
        sleep(BEAT).await;
        BEATS.fetch_add(1, Relaxed);
    }
}

/// The numbers to be squared, between two more zeros, at which the beats are counted.
pub fn numbers() -> impl Iterator<Item = u128> {
    let begin = iter::once_with(|| {
        BEGIN.store(BEATS.load(Relaxed), Relaxed);
        0
    });
    let end = iter::once_with(|| {
        let heard = BEATS.load(Relaxed) - BEGIN.load(Relaxed);
        *HEARD.lock().unwrap_or_else(PoisonError::into_inner) = Some(heard);
        0
    });
    begin.chain(0..NUMBER).chain(end)
}

/// A heart beats while the sum is computed.
pub fn check(compute: impl AsyncFn() -> Result<u128>) -> Result<[Goal; 3]> {
    let event_loop =
        Builder::new_current_thread().enable_all().build_local(LocalOptions::default())?;
    let sum = event_loop.block_on(async {
        tokio::task::spawn_local(heartbeat());
        compute().await
    })?;
    let is_right = sum == (NUMBER - 1) * NUMBER * (2 * NUMBER - 1) / 6;
    let heard = *HEARD.lock().unwrap_or_else(PoisonError::into_inner);
    Ok([
        Goal::exactly("sums that have read all `numbers()`", 1, usize::from(heard.is_some())),
        Goal::at_least("beats from first to last number", 10, heard.unwrap_or(0)),
        Goal::exactly("sums that are right", 1, usize::from(is_right)),
    ])
}

fn main() -> ExitCode {
    experiment::exercise(HINT, || Ok(all_reached(&check(compute)?)))
}
