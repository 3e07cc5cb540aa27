//! From what size on a job is worth the start of processes.

use experiment::{Verdict, claim};
use lesson::{Result, plural, say, thousands};
use pool::Pool;

use crate::{WORKER, find_sums, share, time};

const NUMBERS: [u64; 4] = [5_000, 50_000, 500_000, 5_000_000]; // the last is the article's
const SUMS: usize = 20; // as in the article

/// Compares sums alone with sums by processes that have to be started first.
pub fn compare(processes: usize) -> Result<()> {
    say!("\nThe same, if the processes have to be started first:\n");
    say!("{:>15}{:>12}{:>16}{:>11}\n", "20 sums below", "alone", "with a pool", "as fast");
    let mut speeds = Vec::new();
    for number in NUMBERS {
        let numbers = vec![number; SUMS];
        let alone = time(|| Ok(find_sums(numbers.clone())))?;
        let shared = time(|| {
            let mut pool = Pool::start(&WORKER, processes, lesson::time_limit())?;
            share(&mut pool, &numbers, 1)
        })?;
        let speed = alone / shared;
        say!("{:>15}{alone:>9.2} ms{shared:>13.2} ms{speed:>11.2}", thousands(number));
        speeds.push(speed);
    }
    say!("");
    let (smallest, largest) = (speeds[0], speeds[NUMBERS.len() - 1]);
    let pays = match (smallest < 1.0, largest > 1.0) {
        (true, true) => Verdict::Holds,
        (false, _) => Verdict::DoesNotHoldHere,
        _ => Verdict::Undecided,
    };
    let numbers = format!(
        "{} are {smallest:.2} times as fast as none for small sums, and {largest:.2} times for large",
        plural(processes as u64, "process"),
    );
    claim("C67", pays, numbers);
    Ok(())
}
