//! Around the Fibonacci numbers that today's edition of the article computes: which one, and what is
//! printed at the end.

use std::env;
use std::process;
use std::time::{Duration, Instant};

use basics::output::warn;
use basics::this_process::{cpu_time, is_worker};
use basics::words::thousands;
use basics::{say, workers};

/// The largest number: it takes some minutes.
const LARGEST: u32 = 50;

/// The clocks of a run.
pub struct Stopwatch {
    start: Instant,
    cpu_time: Duration,
}

impl Stopwatch {
    /// Starts now.
    pub fn start() -> Self {
        Self { start: Instant::now(), cpu_time: cpu_time() }
    }

    /// Prints how long it took, how many cores were busy, and the results, which should all be the
    /// same.
    pub fn computed(&self, results: &[u64]) {
        let time = self.start.elapsed().as_secs_f64();
        let own = cpu_time().saturating_sub(self.cpu_time);
        let cpu_time = (own + workers::cpu_time()).as_secs_f64();
        say!("Computed in {time:.3} seconds");
        say!("{:.2} cores were busy: {cpu_time:.3} s of CPU time", cpu_time / time);
        let same = results.iter().filter(|result| Some(*result) == results.first()).count();
        let result = results.first().copied().unwrap_or_default();
        say!("{same} of {} results are {}", results.len(), thousands(result));
    }
}

/// The number on the command line, or this one. Wrong usage ends the program with status 2.
pub fn number_or(default: u32) -> u32 {
    // A worker has been given `--worker NAME` before the program's own arguments.
    let own = env::args().nth(if is_worker() { 3 } else { 1 });
    let Some(text) = own else { return default };
    match text.parse() {
        Ok(number) if number <= LARGEST => number,
        _ => {
            warn(format_args!("error: '{text}' is no number from 0 to {LARGEST}"));
            process::exit(2);
        }
    }
}
