//! `sums_as_tasks`: the sums of the CPU-bound programs, as tasks of an event loop.
//!
//! - **Run** `cargo run -p io_asyncio --example sums_as_tasks`
//! - **See** twenty sums one after the other, as tasks on one thread, and as tasks on a thread for
//!   each core: how long that took, and how many threads were seen at work.
//! - **Why** A task that computes never waits, so there is nothing that the others could use. On one
//!   thread the tasks come one after the other. What helps is a second core, and so a second thread.
//! - **Try** `worker_threads(8)`: what do more threads than cores bring?
//! - **Next** `cpu_threading`, which has threads and no tasks.

use std::collections::HashSet;
use std::hint::black_box;
use std::thread::{self, ThreadId};
use std::time::Instant;

use experiment::{Verdict, claim};
use io_lesson::{Error, Result, plural, room_for_threads, say, thousands};
use tokio::runtime::{Builder, Runtime};
use tokio::task::JoinSet;

const NUMBER: u64 = 25_000_000; // the first number; with the article's 5,000,000 it is over too soon
const COUNT: u64 = 20; // how many numbers

/// A sum, and the thread that has computed it.
type Sum = (u128, ThreadId);

fn cpu_bound(number: u64) -> Sum {
    let sum = (0..number).map(black_box).map(|i| u128::from(i) * u128::from(i)).sum();
    (sum, thread::current().id())
}

fn one_after_the_other() -> Vec<Sum> {
    (NUMBER..NUMBER + COUNT).map(cpu_bound).collect()
}

fn as_tasks(event_loop: &Runtime) -> Vec<Sum> {
    event_loop.block_on(async {
        let mut tasks = JoinSet::new();
        for number in NUMBER..NUMBER + COUNT {
            // The line that matters: there is no `.await` in this task, so it never gives way.
            tasks.spawn(async move { cpu_bound(number) });
        }
        tasks.join_all().await
    })
}

// From here on: what is printed and judged.

/// Computes all sums. Returns the seconds that it took, and how many threads and sums there were.
fn run(how: &str, find_sums: impl FnOnce() -> Vec<Sum>) -> Result<(f64, usize, usize)> {
    let start = Instant::now();
    let sums = find_sums();
    let seconds = start.elapsed().as_secs_f64();
    let threads: HashSet<ThreadId> = sums.iter().map(|(_, thread)| *thread).collect();
    let squares_below = |n: u128| (n - 1) * n * (2 * n - 1) / 6;
    let expected: u128 = (NUMBER..NUMBER + COUNT).map(|n| squares_below(n.into())).sum();
    if sums.iter().map(|(sum, _)| sum).sum::<u128>() != expected {
        return Err(Error::new("The sums are wrong"));
    }
    say!("  {how:<30}{seconds:>8.3} s{:>12}", plural(threads.len() as u64, "thread"));
    Ok((seconds, threads.len(), sums.len()))
}

fn main() -> Result<()> {
    let threads = num_cpus::get().max(2);
    room_for_threads(threads)?;
    let one = Builder::new_current_thread().build()?;
    let several = Builder::new_multi_thread().worker_threads(threads).build()?;
    say!("{COUNT} sums, of {} squares and more each\n", thousands(NUMBER));
    let (plain, ..) = run("one after the other", one_after_the_other)?;
    let (alone, one, _) = run("tasks, in io_asyncio's loop", || as_tasks(&one))?;
    let (shared, many, back) = run("tasks, in tokio's usual loop", || as_tasks(&several))?;

    let [alone, shared] = [alone, shared].map(|seconds| seconds / plain);
    let all_back = Verdict::PythonOnly.counted(back as u64 == COUNT);
    let several_threads = Verdict::HoldsDifferently.counted(many > one);
    let no_help_alone = Verdict::HoldsDifferently.timed(alone / 0.9);
    say!("");
    claim("C10", all_back, format!("a `JoinSet` took {COUNT} tasks and gave {back} sums back"));
    claim("C17", several_threads, format!("the same tasks ran on {one} thread, and on {many}"));
    let times = format!("on one thread they took {alone:.2} times as long, on {many} {shared:.2}");
    claim("C77", no_help_alone, times);
    say!("\nA task leaves to the others the time in which it waits. These never wait.");
    Ok(())
}
