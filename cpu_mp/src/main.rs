//! `cpu_mp`: 20 sums of squares, shared by a pool of processes, one for each CPU.
//!
//! - **Run** `cargo run -p cpu_mp`
//! - **See** on 2 CPUs a little over half the time of `cpu_non_concurrent`, and both cores busy.
//! - **Why** Two processes compute at the same time. In the article's Python that is the only way. In
//!   Rust threads do it for less: no process has to start, and no number has to be sent.
//! - **Diff** `diff cpu_threading/src/main.rs cpu_mp/src/main.rs`
//! - **Next** `race_condition`, for what threads can do to each other.

use std::hint::black_box;
use std::process::ExitCode;
use std::time::Instant;

use lesson::{Concurrency, Result, say};
use pool::{Lost, Pool, Worker};

const NUMBER: u64 = 5_000_000; // the first number
const COUNT: usize = 20; // how many numbers

static WORKER: Worker<u64, u128> = Worker::new(cpu_bound);

fn cpu_bound(number: u64) -> u128 {
    let _item = lesson::item(number); // for --quiet and --diagram; changes nothing else
    // Without `black_box` the compiler may replace the loop by a formula. The sum needs 128 bits.
    (0..number).map(black_box).map(|i| u128::from(i) * u128::from(i)).sum()
}

fn find_sums(numbers: &[u64], processes: usize) -> Result<Vec<Result<u128, Lost>>> {
    let mut pool = Pool::start(&WORKER, processes, lesson::time_limit())?;
    // The line that matters: a process that is free takes the next number.
    Ok(pool.map(numbers))
}

fn main() -> Result<ExitCode> {
    let lesson = lesson::cpu(NUMBER, COUNT, Concurrency::Processes(num_cpus::get()))?;
    // A worker begins in this `main`, too. Here it does its jobs, and it never comes back.
    WORKER.run_if_worker();
    let numbers: Vec<u64> = (0..lesson.count()).map(|x| lesson.number() + x).collect();

    let start_time = Instant::now();
    let sums = find_sums(&numbers, lesson.concurrency())?;
    let duration = start_time.elapsed();

    say!("Duration {:.3} seconds", duration.as_secs_f64());
    // Prints how many cores were busy, and checks the sums. The exit status is 1 if one is wrong.
    lesson.report(&sums, duration)
}
