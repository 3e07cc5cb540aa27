//! `mixed_job`: items that wait and then compute, and which of the two holds a program up.
//!
//! - **Run** `cargo run -p io_asyncio --example mixed_job`
//! - **See** for each way the time, the CPU time, and how many cores that keeps busy: the CPU time
//!   divided by the time. That number tells what a program is bound by. Yours, too.
//! - **Why** Waiting overlaps on one thread as well as on many. Computing does not: it needs cores. So
//!   tasks on one thread do the first half together, and the second half one after the other.
//! - **Try** `NUMBER` = 200,000: which three ways are then equally fast?
//! - **Next** the first page of this project, *Which one to choose*.

use std::hint::black_box;
use std::thread::{scope, sleep};
use std::time::{Duration, Instant};

use experiment::{Verdict, claim};
use io_lesson::this_process::cpu_time;
use io_lesson::{Result, room_for_threads, say};
use tokio::runtime::{Builder, Runtime};
use tokio::task::{JoinSet, spawn_blocking};
use tokio::time;

const ITEMS: u32 = 12;
const WAIT: Duration = Duration::from_millis(20); // of each item; it stands for a page
const NUMBER: u32 = 10_000_000; // squares in the sum of each item

fn compute() {
    black_box((0..NUMBER).map(|i| black_box(u128::from(i)).pow(2)).sum::<u128>());
}

fn wait_and_compute() {
    sleep(WAIT);
    compute();
}

fn one_after_the_other(item: fn()) {
    (0..ITEMS).for_each(|_| item());
}

fn a_thread_for_each() {
    scope(|scope| (0..ITEMS).for_each(|_| drop(scope.spawn(wait_and_compute))));
}

fn a_task_for_each(event_loop: &Runtime, with_pool: bool) {
    event_loop.block_on(async {
        let mut tasks = JoinSet::new();
        for _ in 0..ITEMS {
            tasks.spawn(async move {
                time::sleep(WAIT).await;
                if with_pool {
                    // The line that matters: other threads compute, and this one can go on waiting.
                    spawn_blocking(compute).await.expect("a sum does not panic");
                } else {
                    compute();
                }
            });
        }
        tasks.join_all().await;
    });
}

// From here on: what is printed and judged.

/// Runs a job, and returns its seconds, and how many cores it kept busy on average.
fn run(how: &str, job: impl FnOnce()) -> (f64, f64) {
    let (start, before) = (Instant::now(), cpu_time());
    job();
    let (time, cpu) = (start.elapsed(), cpu_time().saturating_sub(before));
    let [time, cpu] = [time, cpu].map(|time| time.as_secs_f64());
    let busy = cpu / time;
    let bound = if busy < 0.5 { "waiting" } else { "computing" };
    say!("  {how:<27}{time:>8.3} s{cpu:>8.3} s{busy:>12.2}   {bound}");
    (time, busy)
}

fn main() -> Result<()> {
    room_for_threads(ITEMS as usize)?;
    let event_loop = Builder::new_current_thread().enable_all().build()?;
    say!("  {ITEMS} items                        time  CPU time  cores busy   bound by\n");
    let (_, waits) = run("only wait, in turn", || one_after_the_other(|| sleep(WAIT)));
    let (seconds, computes) = run("only compute, in turn", || one_after_the_other(compute));
    let (plain, _) = run("both, in turn", || one_after_the_other(wait_and_compute));
    let (_, parallel) = run("both, a thread for each", a_thread_for_each);
    let (alone, _) = run("both, tasks on one thread", || a_task_for_each(&event_loop, false));
    let (best, _) = run("both, tasks and a pool", || a_task_for_each(&event_loop, true));

    let many_cores = Verdict::PythonOnly.timed(parallel / 1.1);
    let overlap = Verdict::Holds.timed(f64::min(plain / alone, alone / best));
    let two_kinds = Verdict::Holds.timed(f64::min(0.2 / waits, computes / 0.8));
    let pool_computes = Verdict::HoldsDifferently.timed(alone / best);
    let millions = WAIT.as_secs_f64() * f64::from(ITEMS * NUMBER) / seconds / 1e6;
    let ways = format!("in turn {plain:.2} s, as tasks {alone:.2} s, with a pool {best:.2} s");
    let kinds = format!("{waits:.2} of a core busy for waiting, {computes:.2} for computing");
    say!("");
    claim("C02", many_cores, format!("threads of one process kept {parallel:.2} cores busy"));
    claim("C15", overlap, &ways);
    let far_more = Verdict::Holds.counted(millions > 0.001);
    let fits = format!("in {WAIT:?} of waiting fit {millions:.0} million multiplications");
    claim("C35", far_more, fits);
    claim("C36", two_kinds, kinds);
    let gain = format!("it takes {plain:.2} s in turn: little to gain");
    claim("C88", Verdict::Holds.timed(2.0 / plain), gain);
    claim("C89", pool_computes, format!("{ways}, and no process"));
    Ok(())
}
