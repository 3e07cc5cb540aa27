//! `chunks`: one large job, shared among processes in few large parts or in many small ones.
//!
//! - **Run** `cargo run -p cpu_mp --example chunks`
//! - **See** how large the largest part is, and how many times as fast as alone that makes the job.
//! - **Why** Each part costs a trip to a process and back, so few parts are good. But if one part is
//!   larger than the others, its process goes on alone at the end. Parts of equal length need not be
//!   equal work. Python's `Pool.map` cuts about four chunks for each process.
//! - **Try** 20,000 for `COUNT` and 10,000 for `NUMBER`: which way is the slowest now?
//! - **Next** `race_condition`, for parts that do need each other.

use std::hint::black_box;
use std::time::Instant;

use experiment::{Verdict, claim};
use lesson::{Error, Result, plural, say, thousands};
use pool::{Pool, Worker};

const COUNT: usize = 160; // sums
const NUMBER: u64 = 1_250_000; // below which each sums the squares; if uneven, on average
const SMALL_TO_LARGE: [u64; 4] = [5_000, 50_000, 500_000, 5_000_000]; // the last is the article's
const ROUNDS: usize = 3; // the fastest counts

static WORKER: Worker<Vec<u64>, Vec<u128>> = Worker::new(find_sums);

fn find_sums(numbers: Vec<u64>) -> Vec<u128> {
    let squares = |number| (0..number).map(black_box).map(|i: u64| u128::from(i) * u128::from(i));
    numbers.into_iter().map(|number| squares(number).sum()).collect()
}

fn share(pool: &mut Pool<Vec<u64>, Vec<u128>>, numbers: &[u64], size: usize) -> Result<Vec<u128>> {
    let parts: Vec<&[u64]> = numbers.chunks(size).collect();
    // The line that matters: a process that is free takes the next part.
    let sums: Result<Vec<Vec<u128>>, _> = pool.map(&parts).into_iter().collect();
    Ok(sums.map_err(Error::new)?.concat())
}

/// How many items Python's `Pool.map` sends at once.
fn pythons_size(items: usize, processes: usize) -> usize {
    items.div_ceil(4 * processes)
}

/// How much of the work is in the largest part, in percent.
fn largest_part(numbers: &[u64], size: usize) -> u64 {
    let work = |part: &[u64]| part.iter().sum::<u64>();
    let (largest, all) = (numbers.chunks(size).map(work).max().unwrap_or(0), work(numbers));
    (100 * largest + all / 2) / all
}

// From here on: what is printed and judged.

/// How many milliseconds the fastest of some rounds takes.
fn time(mut job: impl FnMut() -> Result<Vec<u128>>) -> Result<f64> {
    let mut fastest = f64::MAX;
    for _ in 0..ROUNDS {
        let start_time = Instant::now();
        black_box(job()?);
        fastest = fastest.min(1e3 * start_time.elapsed().as_secs_f64());
    }
    Ok(fastest)
}

/// Compares parts of several sizes. Returns how much of uneven work the largest part has, and how many
/// processes there were.
fn compare_parts(processes: usize) -> Result<(u64, usize)> {
    let by = plural(processes as u64, "process");
    say!("{COUNT} sums by {by}: the largest part, and how many times as fast as alone:\n");
    say!("{:26}{:>23}{:>23}", "", "even work", "uneven work");
    let (largest, speed) = ("largest", "as fast");
    say!("{:19}{:>7}{largest:>14}{speed:>9}{largest:>14}{speed:>9}\n", "", "parts");
    let even = vec![NUMBER; COUNT];
    let uneven: Vec<u64> = (1..=COUNT as u64).map(|i| i * 2 * NUMBER / COUNT as u64).collect();
    let (few, one_for_each) = (pythons_size(COUNT, processes), COUNT.div_ceil(processes));
    let mut pool = Pool::start(&WORKER, processes, lesson::time_limit())?;
    let ways = [("one at a time", 1), ("Python's chunks", few), ("one for each", one_for_each)];
    for (how, size) in ways {
        let mut compare = |numbers: &[u64]| -> Result<String> {
            let alone = time(|| Ok(find_sums(numbers.into())))?;
            let speed = alone / time(|| share(&mut pool, numbers, size))?;
            Ok(format!("{} %{speed:>9.2}", largest_part(numbers, size)))
        };
        let (even, uneven) = (compare(&even)?, compare(&uneven)?);
        say!("{how:19}{:>7}{even:>23}{uneven:>23}", COUNT.div_ceil(size));
    }
    Ok((largest_part(&uneven, one_for_each), pool.size()))
}

/// Compares 20 sums alone with 20 by processes that have to be started first, from small numbers to
/// large ones. Returns how many times as fast the processes were, and how many there were at least.
fn compare_starts(processes: usize) -> Result<(Vec<f64>, usize)> {
    say!("\nThe same, if the processes have to be started first:\n");
    say!("{:>15}{:>12}{:>16}{:>11}\n", "20 sums below", "alone", "with a pool", "as fast");
    let (mut speeds, mut least) = (Vec::new(), processes);
    for number in SMALL_TO_LARGE {
        let numbers = vec![number; 20];
        let alone = time(|| Ok(find_sums(numbers.clone())))?;
        let shared = time(|| {
            let mut pool = Pool::start(&WORKER, processes, lesson::time_limit())?;
            let sums = share(&mut pool, &numbers, 1);
            least = least.min(pool.size());
            sums
        })?;
        let speed = alone / shared;
        say!("{:>15}{alone:>9.2} ms{shared:>13.2} ms{speed:>11.2}", thousands(number));
        speeds.push(speed);
    }
    say!("");
    Ok((speeds, least))
}

/// How many of so many processes can begin, which is known after the first job.
fn begun(wanted: usize) -> Result<usize> {
    let mut pool = Pool::start(&WORKER, wanted, lesson::time_limit())?;
    share(&mut pool, &vec![0; wanted], 1)?;
    Ok(pool.size())
}

fn main() -> Result<()> {
    WORKER.run_if_worker();
    let wanted = num_cpus::get().max(2);
    let processes = begun(wanted)?;
    let (largest, one) = compare_parts(processes)?;
    let (speeds, other) = compare_starts(processes)?;
    let all_ran = one.min(other) == wanted;
    let judged = |verdict| if all_ran { verdict } else { Verdict::Undecided };
    let (small, large) = (speeds[0], speeds[speeds.len() - 1]);
    let numbers = format!(
        "{} {} {small:.2} times as fast as none for small sums, and {large:.2} times for large",
        plural(processes as u64, "process"),
        if processes == 1 { "is" } else { "are" },
    );
    claim("C67", judged(Verdict::Holds.counted(small < 1.0)), numbers);
    let size = pythons_size(20, processes);
    let single = if size == 1 { Verdict::Holds } else { Verdict::HoldsDifferently };
    let numbers = "of 20 sums this pool sends 1 at a time, and Python's map sends";
    claim("C69", judged(single), format!("{numbers} {size} at a time"));
    let hard_to_split = Verdict::Holds.counted(largest * processes as u64 > 120);
    let numbers = format!("in parts of equal length one has {largest} % of the work");
    claim("C71", judged(hard_to_split), numbers);
    Ok(())
}
