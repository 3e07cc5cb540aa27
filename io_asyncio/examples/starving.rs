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
use std::thread::sleep;
use std::time::Duration;

use experiment::{Verdict, claim};
use io_lesson::{Behaviour, Result, room_for_threads, say};
use tokio::runtime::Builder;
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use tokio::task::{JoinSet, spawn_blocking, yield_now};
use tokio::time::{self, Instant, sleep_until};

const JOBS: usize = 20;
const WAIT: Duration = Duration::from_millis(50); // of each job that waits
const NUMBER: u64 = 20_000_000; // squares in the sum of each job that computes
const BEAT: Duration = Duration::from_millis(5); // from one beat of the heart to the next

/// The heart: a task that wants a turn at every beat, and sends by how much it came too late.
async fn beat(delays: UnboundedSender<Duration>) {
    let mut due = Instant::now();
    while delays.send(due.elapsed()).is_ok() {
        due = Instant::now() + BEAT;
        sleep_until(due).await;
    }
}

/// What the heart did while the jobs ran.
struct Heart {
    time: Duration, // of all jobs
    beats: usize,
    longest_delay: Duration,
}

/// Runs the jobs in an event loop with so many threads, beside a heart.
fn beside_a_heart<J>(threads: usize, job: impl Fn() -> J) -> Result<Heart>
where
    J: Future<Output: Send> + Send + 'static,
{
    let mut event_loop = match threads {
        1 => Builder::new_current_thread(),
        _ => Builder::new_multi_thread(),
    };
    event_loop.worker_threads(threads).enable_all().build()?.block_on(async {
        let (sender, mut delays) = unbounded_channel();
        tokio::spawn(beat(sender));
        delays.recv().await; // it beats
        let start = Instant::now();
        let mut jobs = JoinSet::new();
        (0..JOBS).for_each(|_| drop(jobs.spawn(job())));
        jobs.join_all().await;
        let (time, beats) = (start.elapsed(), delays.len());
        let mut longest_delay = Duration::ZERO;
        // The last of these beats was due before the jobs had ended.
        for _ in 0..=beats {
            longest_delay = longest_delay.max(delays.recv().await.unwrap_or_default());
        }
        Ok(Heart { time, beats, longest_delay })
    })
}

fn compute(part: u64) {
    black_box((0..NUMBER / part).map(|i| black_box(u128::from(i)).pow(2)).sum::<u128>());
}

fn main() -> Result<()> {
    let site = io_lesson::open_site(Behaviour { latency: WAIT, ..Behaviour::default() })?;
    let (url, session) = (site.url("/dice"), io_lesson::session()?);
    room_for_threads(JOBS)?; // for `spawn_blocking`
    let download = || {
        let request = session.get(&url);
        // The line that matters: `send` keeps the thread until the page is there. (If its own debug
        // assertions are on, as in a crate of yours, reqwest panics here and says so.)
        async { drop(request.send()) }
    };
    let in_parts = || async {
        for _ in 0..20 {
            compute(20);
            yield_now().await;
        }
    };
    say!("  {JOBS} jobs, each a task                        time   beats  longest delay\n");
    let waiting = run("tokio's sleep", 1, || time::sleep(WAIT))?.beats;
    let asleep = run("the thread's sleep", 1, || async { sleep(WAIT) })?.beats;
    run("a client that blocks", 1, download)?;
    let frozen = run("a sum", 1, || async { compute(1) })?;
    say!("");
    run("a sum that gives way 20 times", 1, in_parts)?;
    run("the thread's sleep, with two threads", 2, || async { sleep(WAIT) })?;
    run("the thread's sleep, in spawn_blocking", 1, || spawn_blocking(|| sleep(WAIT)))?;
    let apart = run("a sum, in spawn_blocking", 1, || spawn_blocking(|| compute(1)))?;

    // From here on: what is judged.
    let (counts, cores, beats) = (site.counts(), num_cpus::get(), apart.beats);
    // Only where there are more threads than cores can one be taken away from its core.
    let goes_on = Verdict::Holds.counted(beats > 1);
    let taken_away = if cores < JOBS { goes_on } else { Verdict::Undecided };
    let in_turns = Verdict::HoldsDifferently.counted(beats > 1);
    let starved = Verdict::Holds.counted(asleep < waiting);
    let one_by_one = Verdict::Holds.counted(counts.most_at_once == 1);
    let one_by_one = if counts.answered == JOBS { one_by_one } else { Verdict::Undecided };
    let [late, too_late] = [apart, frozen].map(|heart| heart.longest_delay);
    let calm = Verdict::Holds.timed(too_late.div_duration_f64(late));
    let between = format!("{JOBS} threads computed on {cores} cores, with {beats} beats between");
    say!("");
    claim("C03", taken_away, &between);
    let beside = format!("{waiting} beats, but {asleep} beside tasks that keep the thread");
    claim("C12", starved, beside);
    claim("C13", one_by_one, counts);
    claim("C14", in_turns, &between);
    claim("C16", calm, format!("a beat was late by {late:.0?} instead of {too_late:.0?}"));
    say!("\nWhat keeps the thread belongs in spawn_blocking, or has to give way.");
    Ok(())
}

/// Runs the jobs beside a heart, and prints what it did as a row of the table.
fn run<J>(how: &str, threads: usize, job: impl Fn() -> J) -> Result<Heart>
where
    J: Future<Output: Send> + Send + 'static,
{
    let heart = beside_a_heart(threads, job)?;
    let [time, late] = [heart.time, heart.longest_delay].map(|time| time.as_millis());
    say!("  {how:<38}{time:>7} ms{:>8}{late:>12} ms", heart.beats);
    Ok(heart)
}
