//! `fib_processes`: what today's edition of the article computes, fib(35) twenty times, in processes.
//!
//! - **Run** `cargo run -p cpu_mp --example fib_processes`
//! - **See** the time of `fib_threads`, and both cores busy.
//! - **Why** A call takes far longer than it takes to send a number and its result. In the article's
//!   Python processes are the only way to use more than one core.
//! - **Diff** `diff cpu_threading/examples/fib_threads.rs cpu_mp/examples/fib_processes.rs`
//! - **Next** `race_condition`, for what threads can do to each other.

use experiment::{Stopwatch, number_or};
use lesson::Result;
use pool::{Pool, Worker};

const TIMES: usize = 20;

static WORKER: Worker<u32, u64> = Worker::new(fib);

fn fib(n: u32) -> u64 {
    if n < 2 { n.into() } else { fib(n - 2) + fib(n - 1) }
}

fn main() -> Result<()> {
    let numbers = [number_or(35); TIMES];
    WORKER.run_if_worker();
    let watch = Stopwatch::start();
    let mut pool = Pool::start(&WORKER, num_cpus::get(), lesson::time_limit())?;
    // The line that matters: a process that is free takes the next call.
    let results: Vec<u64> = pool.map(&numbers).into_iter().flatten().collect();
    watch.computed(&results);
    Ok(())
}
