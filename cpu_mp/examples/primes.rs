//! `primes`: text 002's search for primes, and from what size on processes are worth their start.
//!
//! - **Run** `cargo run -p cpu_mp --example primes`
//! - **See** that for the text's numbers processes are no faster than none. With more numbers they are.
//! - **Why** To test the numbers below 100,000 takes a few milliseconds, and so does the start of the
//!   processes. The text's times, 4.5 and 1.3 seconds, are only an idea, as it says itself.
//! - **Try** `CHUNKS = 8` for each process. Why is that faster, though there is more to send?
//! - **Next** `chunks`, for how to divide such work.

use std::time::Instant;

use experiment::{Verdict, claim};
use lesson::{Error, Result, plural, say, thousands};
use pool::{Pool, Worker};

const LIMITS: [usize; 4] = [100_000, 300_000, 1_000_000, 3_000_000]; // the first is the text's
const CHUNKS: usize = 1; // for each process, as in the text
const ROUNDS: usize = 5; // the fastest counts

static WORKER: Worker<(usize, usize), Vec<usize>> = Worker::new(check_numbers_chunk);

fn is_prime(n: usize) -> bool {
    n == 2 || (n > 2 && n % 2 == 1 && (3..=n.isqrt()).step_by(2).all(|i| !n.is_multiple_of(i)))
}

/// The primes of a chunk. The text's function returns every number with a yes or a no.
fn check_numbers_chunk((first, end): (usize, usize)) -> Vec<usize> {
    (first..end).filter(|&n| is_prime(n)).collect()
}

/// Cuts the numbers below `limit` as the text does: a rest makes one chunk more.
fn chunks(limit: usize, processes: usize) -> Vec<(usize, usize)> {
    let size = ((limit - 1) / (processes * CHUNKS)).max(1);
    let chunk = |first| (first, limit.min(first + size));
    (1..limit).step_by(size).map(chunk).collect()
}

fn with_processes(limit: usize, processes: usize) -> Result<Vec<usize>> {
    // The line that matters: each process is started within the time, as in the text.
    let mut pool = Pool::start(&WORKER, processes, lesson::time_limit())?;
    let answers = pool.map(&chunks(limit, processes));
    let answers: Result<Vec<Vec<usize>>, _> = answers.into_iter().collect();
    Ok(answers.map_err(Error::new)?.concat())
}

// From here on: what is printed and judged.

fn main() -> Result<()> {
    WORKER.run_if_worker();
    let processes = num_cpus::get();
    let sizes: Vec<usize> =
        chunks(LIMITS[0], processes).iter().map(|(first, end)| end - first).collect();
    let (parts, last) = (plural(sizes.len() as u64, "chunk"), sizes[sizes.len() - 1] as u64);
    let (size, last) = (thousands(sizes[0] as u64), thousands(last));
    say!("The text's numbers make {parts}: {size} in the first, {last} in the last.\n");
    let (with, ratio) = ("processes", "ratio");
    say!("{:>13}{:>10}{:>12}{with:>16}{ratio:>8}\n", "numbers below", "primes", "alone");
    let mut ratios = Vec::new();
    for limit in LIMITS {
        let (mut alone, mut shared, mut primes) = (f64::MAX, f64::MAX, Vec::new());
        for _ in 0..ROUNDS {
            let start_time = Instant::now();
            primes = check_numbers_chunk((1, limit));
            alone = alone.min(1e3 * start_time.elapsed().as_secs_f64());
            let start_time = Instant::now();
            let found = with_processes(limit, processes)?;
            shared = shared.min(1e3 * start_time.elapsed().as_secs_f64());
            assert_eq!(found, primes);
        }
        ratios.push(alone / shared);
        let (limit, primes) = (thousands(limit as u64), thousands(primes.len() as u64));
        say!("{limit:>13}{primes:>10}{alone:>9.1} ms{shared:>13.1} ms{:>8.2}", alone / shared);
    }
    say!("");
    let (text, largest) = (ratios[0], ratios[LIMITS.len() - 1]);
    let with = plural(processes as u64, "process");
    let most = thousands(LIMITS[LIMITS.len() - 1] as u64);
    let numbers = format!("with {with} {text:.2} times as fast as without, and {largest:.2} times");
    let three_times_as_fast = Verdict::Holds.timed(text / 3.0);
    claim("C83", three_times_as_fast, format!("{numbers} for the numbers below {most}"));
    Ok(())
}
