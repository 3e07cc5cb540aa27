//! `recursion`: a recursive function on all cores, which text 001 calls impossible.
//!
//! - **Run** `cargo run -p cpu_threading --example recursion`
//! - **See** the same result three times: on one thread, and twice on five, much slower and faster.
//! - **Why** The two calls inside the function do not need each other, so they may run at the same
//!   time. `rayon::join` offers the second call to idle threads, and does it itself if none has taken
//!   it. To offer a call costs more than a small call takes. So small ones stay where they are.
//! - **Try** `SMALLEST` with 34: why do fewer threads take part?
//! - **Next** `chunks` of `cpu_mp`, for work that is divided among processes.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Instant;

use experiment::{Verdict, claim};
use lesson::{Result, say, thousands};
use rayon::ThreadPoolBuilder;

const THREADS: usize = 5;
const NUMBER: u32 = 35; // as in the scripts that the article has today
const SMALLEST: u32 = 20; // smaller calls are not offered to other threads

/// How many of the smallest calls each thread has done.
type Calls = [AtomicU64; THREADS];

fn fib(n: u32) -> u64 {
    if n < 2 { n.into() } else { fib(n - 1) + fib(n - 2) }
}

fn fib_on_all_cores(n: u32, smallest: u32, calls: &Calls) -> u64 {
    if n < smallest {
        let thread = rayon::current_thread_index().expect("it runs on a thread of the pool");
        calls[thread].fetch_add(1, Relaxed);
        return fib(n);
    }
    // The line that matters: either call may be done by another thread, and both are waited for.
    let (one, other) = rayon::join(
        || fib_on_all_cores(n - 1, smallest, calls),
        || fib_on_all_cores(n - 2, smallest, calls),
    );
    one + other
}

// From here on: what is printed and judged.

fn main() -> Result<()> {
    let start_time = Instant::now();
    let result = fib(NUMBER);
    let alone = start_time.elapsed();
    say!("fib({NUMBER}), once alone and twice by {THREADS} threads:\n");
    say!("{:28}{:>12}{:>9}  {}", "", "result", "time", "small calls by thread");
    say!("{:28}{:>12}{:>7.3} s", "without join", thousands(result), alone.as_secs_f64());

    let pool = ThreadPoolBuilder::new().num_threads(THREADS).build()?;
    let down = format!("join down to fib({SMALLEST})");
    let mut at_work = 0;
    for (how, smallest) in [("join at every call", 2), (&*down, SMALLEST)] {
        let calls = Calls::default();
        let start_time = Instant::now();
        let shared = pool.install(|| fib_on_all_cores(NUMBER, smallest, &calls));
        let time = start_time.elapsed();
        assert_eq!(shared, result, "{how}");
        let calls = calls.map(AtomicU64::into_inner);
        let all: u64 = calls.iter().sum();
        at_work = calls.iter().filter(|&&calls| calls > 0).count().max(at_work);
        let parts = calls.map(|calls| format!("{} %", 100 * calls / all)).join(" ");
        say!("{how:28}{:>12}{:>7.3} s  {parts}", thousands(shared), time.as_secs_f64());
    }
    say!("");
    let impossible = Verdict::Holds.counted(at_work < 2);
    claim("C80", impossible, format!("the same result, and {at_work} threads took part in it"));
    say!("\nQuestion: what does it cost to offer a call, and why not offer only the first?");
    Ok(())
}
