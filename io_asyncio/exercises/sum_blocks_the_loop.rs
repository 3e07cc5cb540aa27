//! `sum_blocks_the_loop`: a task computes, and the heart of the program stops.
//!
//! - **Run** `cargo run -p io_asyncio --example sum_blocks_the_loop`
//! - **Fault** The sum has no `.await`, so no other task has a turn before it is done.
//! - **Reach** The heart beats at least ten times while the sum is computed.
//! - **Hint** `cargo run -p io_asyncio --example sum_blocks_the_loop -- --hint`
//! - **Next** `cargo run -p classroom -- exercises`, for those that you have not solved yet.

use std::hint::black_box;
use std::process::ExitCode;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::time::Duration;

use classroom::lesson::{self, Goal, Result};
use tokio::runtime::{Builder, LocalOptions};
use tokio::time::sleep;

const NUMBER: u128 = 300_000_000; // about a quarter of a second
const BEAT: Duration = Duration::from_millis(1);

const HINT: &str = "`tokio::task::spawn_blocking(|| sum_of_squares(NUMBER))` computes on a thread of \
                    its own, and its result can be awaited. Or give the other tasks a turn every \
                    million steps: `tokio::task::yield_now().await`.";

static BEATS: AtomicUsize = AtomicUsize::new(0);
static BEGIN: OnceLock<usize> = OnceLock::new(); // the beat at which the sum began
static HEARD: AtomicUsize = AtomicUsize::new(0); // beats until it ended

async fn heartbeat() {
    loop {
        sleep(BEAT).await;
        BEATS.fetch_add(1, Relaxed);
    }
}

fn sum_of_squares(number: u128) -> u128 {
    let begin = BEGIN.get_or_init(|| BEATS.load(Relaxed));
    let sum = (0..number).map(|i| black_box(i) * i).sum();
    HEARD.store(BEATS.load(Relaxed) - begin, Relaxed);
    sum
}

#[allow(clippy::unused_async, reason = "a solution may wait here")]
async fn compute() -> Result<u128> {
    Ok(sum_of_squares(NUMBER))
}

fn attempt() -> Result<bool> {
    let event_loop =
        Builder::new_current_thread().enable_all().build_local(LocalOptions::default())?;
    let sum = event_loop.block_on(async {
        tokio::task::spawn_local(heartbeat());
        compute().await
    })?;
    let is_right = sum == (NUMBER - 1) * NUMBER * (2 * NUMBER - 1) / 6;
    Ok(lesson::all_reached(&[
        Goal::at_least("beats while the sum was computed", 10, HEARD.load(Relaxed)),
        Goal::exactly("sums that are right", 1, usize::from(is_right)),
    ]))
}

fn main() -> ExitCode {
    lesson::exercise(HINT, attempt)
}
