//! `more_threads`: the same work by more threads, with a counter that is shared, and without.
//!
//! - **Run** `cargo run -p race_condition --example more_threads`
//! - **See** how long 40 million increments take with 1, 2, 4 and 8 threads: with one counter for all,
//!   and with a counter for each thread.
//! - **Why** Only one core at a time may touch the shared counter, and it has to travel between them. So
//!   a second core is worth little there, and mostly it costs time. Counters of their own gain from
//!   each core, and from no thread more than there are cores.
//! - **Try** `taskset -c 0 cargo run -p race_condition --example more_threads` (Linux): one core.
//! - **Next** `cures`, which compares this cost with that of the other cures.

use std::hint::black_box;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::thread;
use std::time::{Duration, Instant};

use experiment::{Bar, chart};
use lesson::{Result, plural, room_for_threads, say, thousands};

const INCREMENTS: u64 = 40_000_000; // by all threads together
const THREADS: [u64; 4] = [1, 2, 4, 8];
const ROUNDS: usize = 3; // the best time counts

/// Counts with so many threads, and returns how long that took.
fn count(threads: u64, work: impl Fn(&AtomicU64, u64) + Sync) -> Duration {
    let counter = AtomicU64::new(0);
    let start = Instant::now();
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| work(&counter, INCREMENTS / threads));
        }
    });
    let time = start.elapsed();
    assert_eq!(counter.into_inner(), INCREMENTS, "both ways lose nothing");
    time
}

fn shared(counter: &AtomicU64, increments: u64) {
    for _ in 0..increments {
        // The line that matters: all threads want the same counter, at each increment.
        counter.fetch_add(1, Relaxed);
    }
}

fn own(counter: &AtomicU64, increments: u64) {
    let mut mine = 0;
    for _ in 0..increments {
        *black_box(&mut mine) += 1; // without `black_box` no loop would be left to time
    }
    counter.fetch_add(mine, Relaxed);
}

// From here on: what is printed.

/// Draws how long it took with each number of threads.
fn compare(what: &str, work: impl Fn(&AtomicU64, u64) + Sync) {
    let time = |threads| (0..ROUNDS).map(|_| count(threads, &work)).min().unwrap_or_default();
    let times = THREADS.map(|threads| 1e3 * time(threads).as_secs_f64());
    let bars = THREADS.iter().zip(times).map(|(threads, time)| Bar {
        label: format!("{:>9}", plural(*threads, "thread")),
        value: time,
        bound: None,
        words: format!("{time:.1} ms"),
    });
    say!("\n{what}:\n\n{}\n", chart(&bars.collect::<Vec<_>>()));
    say!("Two threads took {:.2} times as long as one.", times[1] / times[0]);
}

fn main() -> Result<()> {
    room_for_threads(THREADS[THREADS.len() - 1] as usize)?;
    say!("{} increments, by all threads together.", thousands(INCREMENTS));
    compare("One counter, fetch_add", shared);
    compare("A counter per thread, added up at the end", own);
    Ok(())
}
