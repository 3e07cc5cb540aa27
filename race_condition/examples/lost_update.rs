//! `lost_update`: two threads, one increment each, and one update that is lost every time.
//!
//! - **Run** `cargo run -p race_condition --example lost_update`
//! - **See** four steps, printed as they happen, and a counter of 1 that should be 2.
//! - **Why** Both threads read before either writes, so both write the same value. By chance that
//!   order is rare. Here a `Barrier` after each step makes the threads keep to it.
//! - **Try** another order: predict the counter for `-- --schedule 1122`, then run.
//! - **Next** `every_interleaving`, which counts how many orders there are and how many are right.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Barrier, Mutex};
use std::thread;

use clap::{Arg, Command};
use experiment::{Verdict::HoldsDifferently, claim};
use lesson::{Result, say};

/// Which thread takes each step. A thread's first step is a read, its second a write.
const SCHEDULE: &str = "1212";

/// Takes the steps of one thread.
fn increment_counter(counter: &AtomicU64, schedule: &str, me: char, end_of_step: &Barrier) {
    let mut read = None; // what this thread has read
    for (thread, step) in schedule.chars().zip(1..) {
        if thread == me {
            // `Relaxed` is enough: the `Barrier` shows each step to the thread of the next one.
            let what = match read {
                None => {
                    let value = counter.load(Relaxed);
                    read = Some(value);
                    format!("reads {value}")
                }
                Some(value) => {
                    counter.store(value + 1, Relaxed);
                    format!("writes {value} + 1 = {}", value + 1)
                }
            };
            show(step, me, &what, counter.load(Relaxed));
        }
        // The line that matters: here the other thread may go on, between a read and its write too.
        end_of_step.wait();
    }
}

fn step_by_step(schedule: &str) -> u64 {
    let (counter, end_of_step) = (AtomicU64::new(0), Barrier::new(2));
    run_threads(|me| increment_counter(&counter, schedule, me, &end_of_step));
    counter.into_inner()
}

fn with_fetch_add() -> u64 {
    let counter = AtomicU64::new(0);
    run_threads(|_| _ = counter.fetch_add(1, Relaxed));
    counter.into_inner()
}

fn with_a_mutex() -> Result<u64> {
    let counter = Mutex::new(0);
    run_threads(|_| *counter.lock().expect("no thread panics with the lock") += 1);
    Ok(counter.into_inner()?)
}

/// Runs both threads, and waits for both.
fn run_threads(work: impl Fn(char) + Sync) {
    thread::scope(|scope| {
        scope.spawn(|| work('1'));
        work('2');
    });
}

// From here on: what is printed and judged.

const SCHEDULES: [&str; 6] = ["1122", "1212", "1221", "2112", "2121", "2211"];

/// Prints what a thread has just done. The thread itself calls it, before the step is over.
fn show(step: usize, me: char, what: &str, counter: u64) {
    let (first, second) = if me == '1' { (what, "") } else { ("", what) };
    say!("  {step:>4}   {first:<22}{second:<22}{counter:>7}");
}

fn schedule() -> String {
    let argument = Arg::new("schedule").long("schedule").value_name("STEPS");
    let argument = argument.value_parser(SCHEDULES).hide_possible_values(true);
    let help = "Which thread takes each of the four steps";
    let matches = Command::new("lost_update")
        .version(env!("CARGO_PKG_VERSION"))
        .about("Has two threads increment one counter, step by step, in a given order.")
        .arg(argument.help(help).default_value(SCHEDULE))
        .get_matches();
    matches.get_one("schedule").cloned().expect("it has a default")
}

fn main() -> Result<()> {
    let schedule = schedule();
    say!("Two threads increment one counter, step by step.\n");
    say!("  {:>4}   {:<22}{:<22}{:>7}\n", "step", "thread 1", "thread 2", "counter");
    let counter = step_by_step(&schedule);
    let lost = 2 - counter;
    say!("\n  It should be 2 and is {counter}: lost {lost}.");
    let is_lost = lost > 0;
    if is_lost {
        say!("  Between the read and the write of one thread, the other has written.");
    } else {
        say!("  No other thread wrote between the read and the write of a thread.");
    }
    // In the other two orders no switch comes between a read and its write.
    if !["1122", "2211"].contains(&&*schedule) {
        claim("C04", HoldsDifferently.counted(is_lost), format!("lost {lost} of 2 updates"));
    }

    say!("\nThe cure: make read, add and write one step, with no place for another thread.\n");
    let (fetch_add, mutex) = (with_fetch_add(), with_a_mutex()?);
    say!("  fetch_add   the processor makes all three one step       {fetch_add}");
    say!("  Mutex       the other thread waits until all are done    {mutex}");

    say!("\nQuestion: which of the six orders of these steps lose nothing? Try one:");
    say!("cargo run -p race_condition --example lost_update -- --schedule 1122");
    Ok(())
}
