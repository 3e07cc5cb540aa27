//! `fib_tasks`: what today's edition of the article computes with asyncio, fib(35) as tasks.
//!
//! - **Run** `cargo run -p io_asyncio --example fib_tasks`
//! - **See** one core busy, and about eleven times the time of `fib`.
//! - **Why** Nothing waits here, so the tasks run one after the other. An `async fn` that calls itself has
//!   no size: its future would hold a future that holds a future, and the compiler refuses it
//!   (E0733). `Box::pin` puts each of them into memory of its own: 30 million times for fib(35).
//! - **Try** to leave one `Box::pin` out.
//! - **Next** `fib_processes` of `cpu_mp`.

use experiment::{Stopwatch, number_or};
use io_lesson::Result;
use tokio::runtime::Builder;
use tokio::task::JoinSet;

const TIMES: usize = 20;

async fn fib(n: u32) -> u64 {
    // The line that matters: nothing here ever waits, so no other task gets a turn.
    if n < 2 { n.into() } else { Box::pin(fib(n - 2)).await + Box::pin(fib(n - 1)).await }
}

fn main() -> Result<()> {
    let numbers = [number_or(35); TIMES];
    let watch = Stopwatch::start();
    let results = Builder::new_current_thread().build()?.block_on(async {
        let mut tasks = JoinSet::new();
        for number in numbers {
            tasks.spawn(fib(number));
        }
        tasks.join_all().await
    });
    watch.computed(&results);
    Ok(())
}
