//! `by_chance`: threads that increment one counter, and nothing that makes them meet.
//!
//! - **Run** `cargo run -p race_condition --example by_chance`
//! - **See** five runs of two threads, each with another result; about half of the updates are lost.
//! - **Why** An update is lost if another thread writes between the read and the write of this one.
//!   Threads that are under way for milliseconds meet: on two cores at the same moment, on one core
//!   because the system switches between them. Threads that are over in microseconds hardly ever do.
//! - **Try** `-- --article`, which is 5,000 threads with 100 increments: predict what is lost.
//! - **Next** `cargo run -p race_condition`, where such short threads are made to meet.

use std::collections::HashSet;
use std::ops::Range;
use std::sync::atomic::AtomicU64;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use clap::{Arg, ArgAction, Command};
use lesson::{Result, plural, possible_threads, race_options, say, started_threads, thousands};

// The program itself and no copy of it.
#[allow(dead_code, reason = "its `main` and the cures are not run here")]
#[path = "../src/main.rs"]
mod race_condition;

use race_condition::{increment_counter, run_threads};

const THREADS: usize = 2;
// By each thread, for tens of milliseconds. With a million, the first thread was at times over before
// the second had begun.
const INCREMENTS: usize = 20_000_000;
const ARTICLE: (usize, u64) = (5_000, 100); // threads and increments
const RUNS: usize = 5;

/// From when to when a thread was under way.
type Span = Range<Instant>;

/// Runs the race once. Returns the counter, and when each of the threads that could be started was
/// under way, in the order in which they began.
fn race(threads: usize, increments: u64) -> (u64, Vec<Span>) {
    let counter = AtomicU64::new(0);
    let spans = Mutex::new(Vec::new());
    run_threads(threads, || {
        let start = Instant::now();
        // The line that matters: nothing here makes the threads meet, and nothing keeps them apart.
        increment_counter(&counter, increments, |_| ());
        let span = start..Instant::now();
        spans.lock().unwrap_or_else(PoisonError::into_inner).push(span);
    });
    let mut spans = spans.into_inner().unwrap_or_else(PoisonError::into_inner);
    spans.sort_by_key(|span| span.start);
    (counter.into_inner(), spans)
}

// From here on: what is printed.

const FEW: u64 = 100; // one of so many updates is few
const DRAWN: usize = 5; // threads
const COLUMNS: usize = 66; // for a bar

/// Draws when the first threads were under way.
fn draw(spans: &[Span]) {
    let drawn = &spans[..spans.len().min(DRAWN)];
    let time = |at: Instant| (at - drawn[0].start).as_nanos();
    let all = drawn.iter().map(|span| time(span.end)).max().unwrap_or(0).max(1);
    let column = |at| usize::try_from(time(at) * COLUMNS as u128 / all).unwrap_or(COLUMNS);
    say!("\nThe last run, from left to right:\n");
    for (span, number) in drawn.iter().zip(1..) {
        // A thread that was very short is drawn, too.
        let from = column(span.start).min(COLUMNS - 1);
        let bar = "█".repeat(column(span.end).saturating_sub(from).max(1));
        say!("thread {number:<4} {:from$}{bar}", "");
    }
    match spans.len() - drawn.len() {
        0 => {}
        others => say!("            … {} like these", plural(others as u64, "more thread")),
    }
    say!("");
}

/// How many threads were under way at the same time as another one.
fn met(spans: &[Span]) -> usize {
    let mut met = 0;
    let mut latest_end = None; // of the threads that began before
    for (thread, span) in spans.iter().enumerate() {
        let met_earlier_one = latest_end.is_some_and(|end| span.start < end);
        let met_next_one = spans.get(thread + 1).is_some_and(|next| next.start < span.end);
        met += usize::from(met_earlier_one || met_next_one);
        latest_end = latest_end.max(Some(span.end));
    }
    met
}

/// Says what the runs have lost of all updates.
fn say_lost(lost: &[u64], updates: u64, is_alone: bool) {
    let sum: u64 = lost.iter().sum();
    let of_each = updates / RUNS as u64;
    let halves = lost.iter().filter(|lost| **lost * 2 == of_each).count();
    if halves > 0 && !is_alone {
        say!(
            "Exactly half was lost in {}: each thread has counted for itself, and",
            plural(halves as u64, "run")
        );
        say!("the one that wrote last has won.");
    }
    if sum * FEW > updates {
        let runs = lost.iter().filter(|lost| **lost > 0).count();
        let results = lost.iter().collect::<HashSet<_>>().len();
        let results = plural(results as u64, "different result");
        say!("Updates were lost in {runs} of {RUNS} runs, with {results}.");
    } else if sum > 0 {
        let (sum, updates) = (thousands(sum), thousands(updates));
        say!("Only {sum} of {updates} updates were lost, and yet the race is there.");
    } else if is_alone {
        say!("Nothing was lost: one thread alone has nobody to meet.");
    } else {
        say!("Nothing was lost, and yet the race is there.");
    }
}

fn options() -> (usize, u64) {
    let article = Arg::new("article")
        .long("article")
        .action(ArgAction::SetTrue)
        .conflicts_with_all(["threads", "increments"])
        .help("The article's 5,000 threads and 100 increments");
    let command = Command::new("by_chance")
        .version(env!("CARGO_PKG_VERSION"))
        .about("Runs the race five times, and draws when its threads were under way.")
        .arg(article);
    let (matches, threads, increments) = race_options(command, THREADS, INCREMENTS);
    if matches.get_flag("article") { ARTICLE } else { (threads, increments) }
}

fn main() -> Result<()> {
    let (threads, increments) = options();
    let mut threads = possible_threads(threads)?;
    say!("Read, then write: {RUNS} runs, {} each.\n", plural(increments, "increment"));
    say!("{:8}{:>12}{:>16}{:>16}{:>16}", "", "threads", "should be", "is", "lost");
    let (mut lost, mut updates, mut last_run) = (Vec::new(), 0, Vec::new());
    for run in 1..=RUNS {
        let (counter, spans) = race(threads, increments);
        threads = started_threads(spans.len(), threads)?;
        let expected = threads as u64 * increments;
        let numbers = [threads as u64, expected, counter, expected - counter].map(thousands);
        say!(
            "run {run:<4}{:>12}{:>16}{:>16}{:>16}",
            numbers[0],
            numbers[1],
            numbers[2],
            numbers[3]
        );
        lost.push(expected - counter);
        updates += expected;
        last_run = spans;
    }
    draw(&last_run);
    if threads > 1 {
        let (met, all) = (thousands(met(&last_run) as u64), thousands(threads as u64));
        say!("In it {met} of {all} threads were under way at the same time as another one.");
    }
    say_lost(&lost, updates, threads == 1);
    Ok(())
}
