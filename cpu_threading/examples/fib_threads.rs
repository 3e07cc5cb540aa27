//! `fib_threads`: what today's edition of the article computes, fib(35) twenty times, on 5 threads.
//!
//! - **Run** `cargo run -p cpu_threading --example fib_threads`
//! - **See** on 2 cores about half the time of `fib`, and both cores busy.
//! - **Why** The calls share nothing, and Rust has no lock around its threads. In the article's Python
//!   they take turns.
//! - **Diff** `diff cpu_non_concurrent/examples/fib.rs cpu_threading/examples/fib_threads.rs`
//! - **Next** `fib_tasks` of `io_asyncio`.

use experiment::{Stopwatch, number_or};
use lesson::Result;
use rayon::ThreadPoolBuilder;
use rayon::prelude::*;

const TIMES: usize = 20;
const THREADS: usize = 5;

fn fib(n: u32) -> u64 {
    if n < 2 { n.into() } else { fib(n - 2) + fib(n - 1) }
}

fn main() -> Result<()> {
    let numbers = [number_or(35); TIMES];
    let watch = Stopwatch::start();
    let pool = ThreadPoolBuilder::new().num_threads(THREADS).build()?;
    let numbers = numbers.into_par_iter().with_max_len(1);
    // The line that matters: a thread that is free takes the next call.
    let results: Vec<u64> = pool.install(|| numbers.map(fib).collect());
    watch.computed(&results);
    Ok(())
}
