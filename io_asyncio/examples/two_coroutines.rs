//! `two_coroutines`: two coroutines that sleep for 5 seconds each, done after 5 seconds and not 10.
//!
//! - **Run** `cargo run -p io_asyncio --example two_coroutines`
//! - **See** that none has begun before both are awaited, and both end at the same time.
//! - **Why** Each hands the thread back where it awaits its sleep, and the other one goes on. So they
//!   sleep at the same time. There is one thread and no line of them runs at the same time as another.
//! - **Try** `thread::sleep(SLEEP)` in place of tokio's: how long does it take?
//! - **Next** `lost_update_async`, for what can happen at an `.await`.

use std::cell::Cell;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use futures_util::future::join;
use io_lesson::{Result, say};
use tokio::runtime::Builder;
use tokio::time::sleep;

const NUMBER: i32 = 7;
const SLEEP: Duration = Duration::from_secs(5); // of each

async fn add_two(number: i32, begun: &Cell<u32>) {
    begun.set(begun.get() + 1);
    say!("Addition started work: {:.3}", time());
    sleep(SLEEP).await;
    say!("Addition: {}", number + 2);
    say!("Addition ended work: {:.3}", time());
}

async fn subtract_two(number: i32, begun: &Cell<u32>) {
    begun.set(begun.get() + 1);
    say!("Subtraction started work: {:.3}", time());
    sleep(SLEEP).await;
    say!("Subtraction: {}", number - 2);
    say!("Subtraction ended work: {:.3}", time());
}

/// Seconds since 1970, as Python's `time.time()`.
fn time() -> f64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs_f64()
}

fn main() -> Result<()> {
    let event_loop = Builder::new_current_thread().enable_time().build()?;
    // A `Cell` may not be shared between threads, so the compiler has checked that there is one.
    let begun = Cell::new(0);
    let start_time = Instant::now();
    let (addition, subtraction) = (add_two(NUMBER, &begun), subtract_two(NUMBER, &begun));
    say!("Two coroutines are made, and {} have begun.\n", begun.get());

    // The line that matters: one coroutine of both. To await one and then the other takes 10 seconds.
    event_loop.block_on(join(addition, subtraction));

    // From here on: what else is printed.
    let (took, both) = (start_time.elapsed().as_secs_f64(), 2.0 * SLEEP.as_secs_f64());
    say!("\nTogether they have slept {both:.0} seconds, and it took {took:.2} seconds.");
    say!("Python 3.11 and later refuse the text's program: wait() takes only tasks there.");
    Ok(())
}
