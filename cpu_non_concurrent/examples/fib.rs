//! `fib`: what today's edition of the article computes, fib(35) twenty times, one after the other.
//!
//! - **Run** `cargo run -p cpu_non_concurrent --example fib`
//! - **See** a time of about a second, and one core busy.
//! - **Why** Each fib(35) is 30 million calls. No `black_box` is needed here: the compiler finds no formula
//!   for a function that calls itself twice. It leaves out no call either, not even one whose result
//!   nobody uses, because it cannot know that the function ever returns.
//! - **Try** `-- 40`, another number.
//! - **Next** `fib_threads` of `cpu_threading`.

use experiment::{Stopwatch, number_or};

const TIMES: usize = 20;

fn fib(n: u32) -> u64 {
    if n < 2 { n.into() } else { fib(n - 2) + fib(n - 1) }
}

fn main() {
    let numbers = [number_or(35); TIMES];
    let watch = Stopwatch::start();
    // The line that matters: a call begins when the one before it has ended.
    let results: Vec<u64> = numbers.into_iter().map(fib).collect();
    watch.computed(&results);
}
