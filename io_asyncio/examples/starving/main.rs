//! `starving`: a task that does not give way, and what it does to all the others.
//!
//! - **Run** `cargo run -p io_asyncio --example starving`
//! - **See** twenty jobs in eight ways, each beside a heart: one more task, which wants a turn every
//!   5 ms. The last column is the longest time by which a beat was late.
//! - **Why** The event loop has one thread. A task that sleeps with its thread, uses a client that
//!   blocks, or computes keeps that thread, and nothing can take it away. The jobs come one after the
//!   other, and the heart stands still.
//! - **Try** `JOBS` = 40: which times become twice as long, and which delays?
//! - **Next** `mixed_job`, for jobs that wait and compute.

use std::hint::black_box;
use std::thread::{available_parallelism, sleep};
use std::time::Duration;

use experiment::{Verdict, claim};
use io_lesson::Behaviour;
use io_lesson::{Result, say};

mod heart;

use heart::Heart;
use tokio::task::{spawn_blocking, yield_now};
use tokio::time;

const JOBS: usize = 20;
const WAIT: Duration = Duration::from_millis(50); // of each job that waits
const NUMBER: u64 = 20_000_000; // squares in the sum of each job that computes

fn compute(part: u64) {
    black_box((0..NUMBER / part).map(|i| black_box(u128::from(i)).pow(2)).sum::<u128>());
}

/// Runs the jobs in an event loop with so many threads, beside a heart.
fn run<J>(how: &str, threads: usize, job: impl Fn() -> J) -> Result<Heart>
where
    J: Future<Output: Send> + Send + 'static,
{
    let heart = Heart::beside((0..JOBS).map(|_| job()), threads)?;
    let [time, late] = [heart.time, heart.longest_delay].map(|time| time.as_millis());
    say!("  {how:<38}{time:>7} ms{:>8}{late:>12} ms", heart.beats);
    Ok(heart)
}

fn main() -> Result<()> {
    let site = io_lesson::open_site(Behaviour { latency: WAIT, ..Behaviour::default() })?;
    let (url, session) = (site.url("/dice"), io_lesson::session()?);
    say!("  {JOBS} jobs, each a task                        time   beats  longest delay\n");
    let waiting = run("tokio's sleep", 1, || time::sleep(WAIT))?.beats;
    let asleep = run("the thread's sleep", 1, || async { sleep(WAIT) })?.beats;
    let download = || {
        let request = session.get(&url);
        // The line that matters: `send` keeps the thread until the page is there. (If its own debug
        // assertions are on, as in a crate of yours, reqwest panics here and says so.)
        async { drop(request.send()) }
    };
    run("a client that blocks", 1, download)?;
    let frozen = run("a sum", 1, || async { compute(1) })?;
    let in_parts = || async {
        for _ in 0..20 {
            compute(20);
            yield_now().await;
        }
    };
    say!("");
    run("a sum that gives way 20 times", 1, in_parts)?;
    run("the thread's sleep, with two threads", 2, || async { sleep(WAIT) })?;
    run("the thread's sleep, in spawn_blocking", 1, || spawn_blocking(|| sleep(WAIT)))?;
    let apart = run("a sum, in spawn_blocking", 1, || spawn_blocking(|| compute(1)))?;

    let (saw, cores, beats) = (site.counts(), available_parallelism()?.get(), apart.beats);
    let taken_away =
        if cores < JOBS { Verdict::old_counted(beats > 1) } else { Verdict::Undecided };
    let in_turns = if beats > 1 { Verdict::HoldsDifferently } else { taken_away };
    let [late, too_late] = [apart, frozen].map(|heart| heart.longest_delay);
    say!("");
    let between = format!("{JOBS} threads computed on {cores} cores, with {beats} beats between");
    claim("C03", taken_away, &between);
    let starved = Verdict::old_counted(asleep < waiting);
    claim(
        "C12",
        starved,
        format!("{waiting} beats, but {asleep} beside tasks that keep the thread"),
    );
    let one = Verdict::old_counted(saw.most_at_once == 1 && saw.answered == JOBS);
    claim("C13", one, format!("{saw}"));
    claim("C14", in_turns, &between);
    let calm = Verdict::old_counted(late < too_late).old_timed();
    claim("C16", calm, format!("a beat was late by {late:.0?} instead of {too_late:.0?}"));
    say!("\nWhat keeps the thread belongs in spawn_blocking, or has to give way.");
    Ok(())
}
