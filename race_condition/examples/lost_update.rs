//! `lost_update`: two threads, one increment each, and one update that is lost every time.
//!
//! - **Run** `cargo run -p race_condition --example lost_update`
//! - **See** four steps, printed as they happen, and a counter of 1 that should be 2.
//! - **Why** Both threads read before either writes, so both write the same value. By chance that
//!   order is rare. Here a `Barrier` after each step makes the threads keep to it.
//! - **Try** another order: predict the counter for `-- --schedule 1122`, then run.
//! - **Next** `every_interleaving`, which counts how many orders there are and how many are right.

use std::str::FromStr;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Barrier, Mutex};
use std::thread;

use clap::{Arg, Command, value_parser};
use experiment::{Verdict, claim};
use lesson::{plural, say};

const SCHEDULE: &str = "1212"; // which thread takes each step

/// Which thread takes each step. A thread's first step is a read, its second a write.
#[derive(Clone, Copy)]
struct Schedule([usize; 4]);

impl FromStr for Schedule {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let steps = text.chars().filter_map(|thread| Some(thread.to_digit(10)? as usize));
        let steps: Vec<usize> = steps.collect();
        let mut sorted = steps.clone();
        sorted.sort_unstable();
        match (text.chars().count(), sorted[..] == [1, 1, 2, 2], steps[..].try_into()) {
            (4, true, Ok(steps)) => Ok(Self(steps)),
            _ => Err("each of the threads 1 and 2 takes two steps, as in 1212"),
        }
    }
}

/// Takes the steps of one thread and returns how many increments it has finished.
fn increment_counter(
    counter: &AtomicU64,
    schedule: Schedule,
    me: usize,
    end_of_step: &Barrier,
) -> u64 {
    let mut increments = 0;
    let mut read = None; // what this thread has read and not yet written back
    for (step, turn) in schedule.0.into_iter().enumerate() {
        if turn == me {
            // `Relaxed` is enough: the `Barrier` shows each step to the thread of the next one.
            if let Some(value) = read.take() {
                counter.store(value + 1, Relaxed);
                increments += 1;
                tell(step + 1, me, &format!("writes {value} + 1 = {}", value + 1), counter);
            } else {
                let value = counter.load(Relaxed);
                read = Some(value);
                tell(step + 1, me, &format!("reads {value}"), counter);
            }
        }
        // The line that matters: here the other thread may go on, between a read and its write too.
        end_of_step.wait();
    }
    increments
}

/// Prints what a thread has just done. The thread itself calls it, before the step is over.
fn tell(step: usize, me: usize, what: &str, counter: &AtomicU64) {
    let (first, second) = if me == 1 { (what, "") } else { ("", what) };
    say!("  {step:>4}   {first:<22}{second:<22}{:>7}", counter.load(Relaxed));
}

/// Runs both threads, and returns the increments of both.
fn run_threads(work: impl Fn(usize) -> u64 + Sync) -> u64 {
    thread::scope(|scope| {
        let first = scope.spawn(|| work(1));
        work(2) + first.join().expect("no increment panics")
    })
}

fn schedule() -> Schedule {
    let argument = Arg::new("schedule").long("schedule").value_name("STEPS");
    let argument = argument.help("Which thread takes each of the four steps");
    let matches = Command::new("lost_update")
        .version(env!("CARGO_PKG_VERSION"))
        .about("Has two threads increment one counter, step by step, in a given order.")
        .max_term_width(80)
        .arg(argument.value_parser(value_parser!(Schedule)).default_value(SCHEDULE))
        .get_matches();
    matches.get_one("schedule").copied().expect("it has a default")
}

fn main() {
    let schedule = schedule();
    say!("Two threads increment one counter, step by step.\n");
    say!("  {:>4}   {:<22}{:<22}{:>7}\n", "step", "thread 1", "thread 2", "counter");
    let counter = AtomicU64::new(0);
    let end_of_step = Barrier::new(2);
    let increments = run_threads(|me| increment_counter(&counter, schedule, me, &end_of_step));
    let counter = counter.into_inner();
    let lost = increments - counter;
    say!("\n  It should be {increments} and is {counter}: lost {lost}.");
    if lost > 0 {
        say!("  Between the read and the write of one thread, the other has written.");
    } else {
        say!("  No other thread wrote between the read and the write of a thread.");
    }
    let in_the_middle = if lost > 0 { Verdict::HoldsDifferently } else { Verdict::DoesNotHoldHere };
    claim("C04", in_the_middle, format!("lost {lost} of {}", plural(increments, "update")));

    say!("\nThe cure: make read, add and write one step, with no place for another thread.\n");
    let counter = AtomicU64::new(0);
    run_threads(|_| counter.fetch_add(1, Relaxed));
    say!("  fetch_add   the processor makes all three one step      {:>2}", counter.into_inner());
    let counter = Mutex::new(0);
    run_threads(|_| {
        *counter.lock().expect("no thread panics with the lock") += 1;
        1
    });
    let counter = counter.into_inner().expect("nor has one panicked");
    say!("  Mutex       the other thread waits until all are done   {counter:>2}");

    say!("\nQuestion: which of the six orders of these steps lose nothing? Try one:");
    say!("cargo run -p race_condition --example lost_update -- --schedule 1122");
}
