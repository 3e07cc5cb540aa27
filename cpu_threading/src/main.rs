//! `cpu_threading`: 20 sums of squares, shared by a pool of 5 threads.
//!
//! - **Run** `cargo run -p cpu_threading`
//! - **See** on 2 cores about half the time of `cpu_non_concurrent`, and both cores busy.
//! - **Why** Rust has no global interpreter lock: its threads compute at the same time, as many as
//!   there are cores. In the article the threads take turns, and the sums take longer.
//! - **Diff** `diff cpu_non_concurrent/src/main.rs cpu_threading/src/main.rs`
//! - **Next** `cpu_mp`, the same with processes.

use std::hint::black_box;
use std::process::ExitCode;
use std::time::Instant;

use lesson::{Concurrency, Result, say};
use rayon::ThreadPoolBuilder;
use rayon::prelude::*;

const NUMBER: u64 = 5_000_000; // the first number
const COUNT: usize = 20; // how many numbers
const THREADS: usize = 5;

fn cpu_bound(number: u64) -> u128 {
    let _item = lesson::item(number); // for --quiet and --diagram; changes nothing else
    // Without `black_box` the compiler may replace the loop by a formula. The sum needs 128 bits.
    (0..number).map(black_box).map(|i| u128::from(i) * u128::from(i)).sum()
}

fn find_sums(numbers: &[u64], threads: usize) -> Result<Vec<u128>> {
    let pool = ThreadPoolBuilder::new().num_threads(threads).build()?;
    // By itself rayon hands out several neighbours at once; `with_max_len(1)` hands out one.
    let numbers = numbers.par_iter().copied().with_max_len(1);
    // The line that matters: a thread that is free takes another number.
    Ok(pool.install(|| numbers.map(cpu_bound).collect()))
}

fn main() -> Result<ExitCode> {
    let lesson = lesson::cpu(NUMBER, COUNT, Concurrency::Threads(THREADS))?;
    let numbers: Vec<u64> = (0..lesson.count()).map(|x| lesson.number() + x).collect();

    let start_time = Instant::now();
    let sums = find_sums(&numbers, lesson.concurrency())?;
    let duration = start_time.elapsed();

    say!("Duration {:.3} seconds", duration.as_secs_f64());
    // Prints how many cores were busy, and checks the sums. The exit status is 1 if one is wrong.
    lesson.report(&sums, duration)
}
