//! A new object for each step, and one object for all steps.

use std::hint::black_box;
use std::time::{Duration, Instant};

use experiment::{Verdict, claim};
use lesson::thousands;

const STEPS: u64 = 1_000_000;
const ROUNDS: usize = 3; // the fastest counts

fn time(mut step: impl FnMut(u64)) -> Duration {
    let round = |_| {
        let start_time = Instant::now();
        (0..STEPS).for_each(&mut step);
        start_time.elapsed()
    };
    (0..ROUNDS).map(round).min().unwrap_or_default()
}

/// Compares new objects with one that is used again.
pub fn compare() {
    let new = time(|i| drop(black_box(vec![i; 16])));
    let mut object = vec![0; 16];
    let again = time(|i| black_box(&mut object).fill(i));
    let ratio = new.as_secs_f64() / again.as_secs_f64();
    let verdict = if ratio > 1.0 { Verdict::PythonOnly } else { Verdict::Undecided };
    let steps = thousands(STEPS);
    claim(
        "C86",
        verdict,
        format!("{steps} new objects take {ratio:.1} times as long as one used again"),
    );
}
