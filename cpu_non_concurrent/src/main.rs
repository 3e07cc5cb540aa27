//! `cpu_non_concurrent`: 20 sums of squares, one after the other.
//!
//! - **Run** `cargo run -p cpu_non_concurrent`
//! - **See** a time of about 0.06 s here, and one core busy.
//! - **Why** No waiting can overlap here. One core computes 100 million squares, each in less
//!   than a nanosecond. (The article's Python takes about 7.8 s for the same sums.)
//! - **Diff** none: the other two are compared with this one.
//! - **Next** `cpu_threading`, where Rust differs from the article.

use std::hint::black_box;
use std::process::ExitCode;
use std::time::Instant;

use lesson::{Concurrency, Result, say};

const NUMBER: u64 = 5_000_000; // the first number
const COUNT: usize = 20; // how many numbers

fn cpu_bound(number: u64) -> u128 {
    let _item = lesson::item(number); // for --quiet and --diagram; changes nothing else
    // Without `black_box` the compiler may replace the loop by a formula. The sum needs 128 bits.
    (0..number).map(black_box).map(|i| u128::from(i) * u128::from(i)).sum()
}

fn find_sums(numbers: &[u64]) -> Vec<u128> {
    // The line that matters: a sum begins when the one before it has ended.
    numbers.iter().copied().map(cpu_bound).collect()
}

fn main() -> Result<ExitCode> {
    let lesson = lesson::cpu(NUMBER, COUNT, Concurrency::Sequential)?;
    let numbers: Vec<u64> = (0..lesson.count()).map(|x| lesson.number() + x).collect();

    let start_time = Instant::now();
    let sums = find_sums(&numbers);
    let duration = start_time.elapsed();

    say!("Duration {:.3} seconds", duration.as_secs_f64());
    // Prints how many cores were busy, and checks the sums. The exit status is 1 if one is wrong.
    lesson.report(&sums, duration)
}
