//! `scaling`: how many times as fast a sum is on 1 thread, on 2, and so on to twice the cores.
//!
//! - **Run** `cargo run -p cpu_threading --example scaling`
//! - **See** bars that follow the ideal line up to the number of cores, and then stay as they are.
//! - **Why** A thread that computes needs a core of its own. With more threads than cores they take
//!   turns. And two of the cores that the system counts may be two halves of one: then the bars fall
//!   behind the line sooner.
//! - **Try** `PARTS` with 3 and `SQUARES` with `50_000_000`: what do 2 threads gain from 3 parts?
//! - **Next** `recursion`, for work that divides itself.

use std::collections::{BTreeMap, BTreeSet};
use std::hint::black_box;
use std::time::Instant;

use experiment::{Bar, Verdict, chart, claim};
use lesson::{Result, plural, say};
use rayon::ThreadPoolBuilder;
use rayon::prelude::*;

const PARTS: u64 = 840; // as many for each thread, with 1 to 8 threads
const SQUARES: u64 = 200_000; // in each part
const ROUNDS: usize = 5; // of all numbers of threads in turn; the fastest counts
const MOST_ROWS: u32 = 16; // about so many bars on a machine with many cores

fn sum_of_squares(part: u64) -> u128 {
    let squares = part * SQUARES..(part + 1) * SQUARES;
    squares.map(black_box).map(|i| u128::from(i) * u128::from(i)).sum()
}

/// The time that so many threads take for all parts together.
fn run(threads: usize) -> Result<f64> {
    let pool = ThreadPoolBuilder::new().num_threads(threads).build()?;
    let start_time = Instant::now();
    // The line that matters: nothing is shared, so each thread computes as if it were alone.
    let sum: u128 = pool.install(|| (0..PARTS).into_par_iter().map(sum_of_squares).sum());
    let time = start_time.elapsed();
    let n = u128::from(PARTS * SQUARES);
    assert_eq!(sum, (n - 1) * n * (2 * n - 1) / 6, "with {threads} threads");
    Ok(time.as_secs_f64())
}

// From here on: what is printed and judged.

fn main() -> Result<()> {
    let cores: u32 = num_cpus::get().try_into()?;
    let step = (2 * cores).div_ceil(MOST_ROWS);
    let mut widths = BTreeSet::from([1, cores, 2 * cores]);
    widths.extend((step..=2 * cores).step_by(step as usize));

    let mut times: BTreeMap<u32, Vec<f64>> = BTreeMap::new();
    for _ in 0..ROUNDS {
        for &threads in &widths {
            times.entry(threads).or_default().push(run(threads as usize)?);
        }
    }
    let fastest = |threads| times[&threads].iter().copied().fold(f64::MAX, f64::min);
    let speed = |threads| fastest(1) / fastest(threads);
    let bars = widths.iter().map(|&threads| Bar {
        label: plural(threads, "thread"),
        value: speed(threads),
        bound: Some(threads.into()),
        words: format!("{:.2} times, {:.3} s", speed(threads), fastest(threads)),
    });
    say!("Times as fast as 1 thread, on {}; | is the ideal line:\n", plural(cores, "core"));
    say!("{}\n", chart(&bars.collect::<Vec<_>>()));

    let (at_cores, at_most) = (speed(cores), speed(2 * cores));
    let gained = format!("{}: {at_cores:.2} times as fast as 1", plural(cores, "thread"));
    let needs_processes = Verdict::PythonOnly.counted(at_cores > 1.2);
    claim("C01", needs_processes, format!("{gained}, in one process"));
    claim("C78", needs_processes, format!("{gained}, and no process started"));
    let linear = Verdict::HoldsDifferently.timed(at_cores / (0.75 * f64::from(cores)));
    let beyond = format!("{}: {at_most:.2} times", plural(2 * cores, "thread"));
    claim("C79", linear, format!("{gained}; {beyond}"));
    let slowest = times[&1].iter().copied().fold(0.0, f64::max);
    let spread = slowest / fastest(1);
    let percent = 100.0 * (spread - 1.0);
    let longer =
        format!("the slowest of {ROUNDS} runs took {percent:.0} % longer than the fastest");
    claim("C81", Verdict::Holds.timed(1.25 / spread), longer);
    say!("\nQuestion: where would the bars end if each part waited for a page?");
    Ok(())
}
