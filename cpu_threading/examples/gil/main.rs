//! `gil`: threads that gain nothing and lose a little, under a lock like Python's.
//!
//! - **Run** `cargo run -p cpu_threading --example gil`
//! - **See** five threads that take as long as one, longer if the lock is handed on more often, and
//!   half as long without it.
//! - **Why** Python has one lock for all threads, the GIL. Only the thread that has it runs Python
//!   code, and hands it on every 5 ms. So one core computes, and each hand-over costs a little. A
//!   thread that waits for a page gives the lock up, and so waits overlap: that is why the article's
//!   `io_threading` is fast. Rust has no such lock. Here `lock.rs` stands for it.
//! - **Try** `OFTEN` with 20 microseconds. How many hand-overs are there, and what do they cost?
//! - **Next** `scaling`, for what threads gain without it.

mod lock;
mod meanwhile;

use std::hint::black_box;
use std::time::{Duration, Instant};

use experiment::{Verdict, claim};
use lesson::words::readable;
use lesson::{Result, say, thousands};
use lock::{Gil, HandOvers};
use rayon::ThreadPoolBuilder;

const THREADS: usize = 5;
const NUMBER: u64 = 200_000_000; // the squares below it are summed, by all threads together
const PIECE: usize = 10_000; // squares from one look at the clock to the next
const ROUNDS: usize = 3; // of all runs in turn; the fastest counts
const SWITCH: Duration = Duration::from_millis(5); // how long a thread has the lock, as in Python
const OFTEN: Duration = Duration::from_micros(100);

/// Sums the squares: how long that takes, and how often the lock was handed on meanwhile.
fn find_sum(threads: usize, locks: usize, interval: Duration) -> Result<(Duration, HandOvers)> {
    let pool = ThreadPoolBuilder::new().num_threads(threads).build()?;
    let gils: Vec<Gil> = (0..locks).map(|_| Gil::new(interval)).collect();
    let start_time = Instant::now();
    let sums = pool.broadcast(|thread| {
        let gil = &gils[thread.index() % locks];
        let pieces = (0..NUMBER).step_by(PIECE).skip(thread.index()).step_by(threads);
        let sum_of_piece = |start| -> u128 {
            // The line that matters: only the thread that has the lock computes.
            gil.hand_on_in_time();
            let piece = start..start + PIECE as u64;
            piece.map(black_box).map(|i| u128::from(i) * u128::from(i)).sum()
        };
        gil.hold(gil.queue(), || pieces.map(sum_of_piece).sum::<u128>())
    });
    let (time, hand_overs) = (start_time.elapsed(), gils[0].hand_overs());
    let n = u128::from(NUMBER);
    assert_eq!(sums.into_iter().sum::<u128>(), (n - 1) * n * (2 * n - 1) / 6);
    Ok((time, hand_overs))
}

fn main() -> Result<()> {
    let every = |interval| format!("{THREADS} threads, one lock, every {}", readable(interval));
    let runs = [
        ("1 thread".into(), 1, 1, SWITCH),
        (every(SWITCH), THREADS, 1, SWITCH),
        (every(OFTEN), THREADS, 1, OFTEN),
        (format!("{THREADS} threads, a lock for each"), THREADS, THREADS, SWITCH),
    ];
    let mut best = [(Duration::MAX, HandOvers::default()); 4];
    for _ in 0..ROUNDS {
        for (best, (_, threads, locks, interval)) in best.iter_mut().zip(&runs) {
            *best = find_sum(*threads, *locks, *interval)?.min(*best);
        }
    }
    say!("The squares below {}, summed by threads that need a lock:\n", thousands(NUMBER));
    say!("{:34}{:>11}{:>9}{:>13}{:>11}\n", "", "time", "ratio", "hand-overs", "they took");
    let ratios = best.map(|(time, _)| time.div_duration_f64(best[0].0));
    for (((name, ..), (time, all)), ratio) in runs.into_iter().zip(best).zip(ratios) {
        let took = readable(all.took);
        say!("{name:34}{:>11}{ratio:>9.2}{:>13}{took:>11}", readable(time), all.count);
    }
    let (kept, released) = (meanwhile::wait(true)?, meanwhile::wait(false)?);
    let counter = meanwhile::increment()?;
    say!("\nWaiting at once: {kept} with the lock, {released} without it.");
    say!("Two threads add 1, and hand the lock on before they write: {counter}, not 2.\n");

    let only = |so| if so { Verdict::PythonOnly } else { Verdict::Undecided };
    let [_, locked, often, free] = ratios;
    let take_turns = locked > 0.9 && free < 0.8;
    let share = |(time, hand_overs): (Duration, HandOvers)| {
        let percent = 100.0 * hand_overs.took.div_duration_f64(time);
        format!("{} hand-overs took {percent:.1} % of the time", thousands(hand_overs.count))
    };
    let numbers = format!("{}, and made it {often:.2} times as long", share(best[2]));
    claim("C76", only(often > 1.0 && take_turns).old_timed(), numbers);
    let numbers = format!("under one lock {locked:.2} times as long as 1 thread, else {free:.2}");
    claim("C90", only(take_turns).old_timed(), numbers);
    let numbers = format!("one thread ran at a time, and the counter is {counter} instead of 2");
    claim("C91", Verdict::old_counted(counter == 2), numbers);
    let numbers = format!("{released} waited at once without the lock, {kept} with it");
    claim("C93", only(kept == 1 && released > 1), numbers);
    Ok(())
}
