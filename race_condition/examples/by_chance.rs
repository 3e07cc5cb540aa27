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

use clap::error::ErrorKind;
use clap::{Arg, ArgAction, Command};
use lesson::output::warn;
use lesson::{Error, Result, parse, plural, say, thousands, threads_alive};

// The program itself and no copy of it.
#[allow(dead_code, reason = "its `main` and the cures are not run here")]
#[path = "../src/main.rs"]
mod race_condition;

use race_condition::{increment_counter, run_threads};

const THREADS: usize = 2;
// By each thread, for tens of milliseconds. With a million, the first thread was at times over before
// the second had begun.
const INCREMENTS: usize = 20_000_000;
const ARTICLE: (usize, usize) = (5_000, 100); // threads and increments
const RUNS: usize = 5;
const MOST_THREADS: usize = 10_000; // about twice as many at once would end the program on Linux
const MOST_INCREMENTS: usize = 1_000_000_000; // by all threads together: some seconds for all runs
const FEW: u64 = 100; // one of so many updates is few
const DRAWN: usize = 5; // threads
const COLUMNS: usize = 66; // for a bar

/// From when to when a thread was under way.
type Span = Range<Instant>;

/// Runs the race once. Returns when each thread was under way, in the order in which they began,
/// and the counter.
fn race(threads: usize, increments: u64) -> (Vec<Span>, u64) {
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
    (spans, counter.into_inner())
}

/// How many threads were under way at the same time as another one.
fn met(spans: &[Span]) -> usize {
    let mut met = HashSet::new();
    let mut latest = 0; // the thread that ends last, of those that have begun
    for (thread, span) in spans.iter().enumerate().skip(1) {
        if span.start < spans[latest].end {
            met.extend([latest, thread]);
        }
        if span.end > spans[latest].end {
            latest = thread;
        }
    }
    met.len()
}

/// Draws when the first threads were under way.
fn draw(spans: &[Span]) {
    let drawn = &spans[..spans.len().min(DRAWN)];
    let start = drawn[0].start;
    let time = |at: Instant| (at - start).as_nanos();
    let all = drawn.iter().map(|span| time(span.end)).max().unwrap_or(0).max(1);
    let column = |at| usize::try_from(time(at) * COLUMNS as u128 / all).unwrap_or(COLUMNS);
    say!("The last run, from left to right:\n");
    for (span, number) in drawn.iter().zip(1..) {
        // A thread that was very short is drawn, too.
        let from = column(span.start).min(COLUMNS - 1);
        let bar = "█".repeat(column(span.end).saturating_sub(from).max(1));
        say!("{:11} {:from$}{bar}", format!("thread {number}"), "");
    }
    match spans.len() - drawn.len() {
        0 => {}
        others => say!("            … {} like these", plural(others as u64, "more thread")),
    }
}

/// Says what the runs have lost of all updates.
fn say_lost(lost: &[u64], all: u64, is_alone: bool) {
    let sum: u64 = lost.iter().sum();
    if sum == 0 && is_alone {
        say!("Nothing was lost: one thread alone has nobody to meet.");
    } else if sum * FEW > all {
        let runs = lost.iter().filter(|lost| **lost > 0).count();
        let results: HashSet<&u64> = lost.iter().collect();
        let results = plural(results.len() as u64, "different result");
        say!("Updates were lost in {runs} of {RUNS} runs, with {results}.");
    } else {
        let few = format!("Only {} of {} updates were lost", thousands(sum), thousands(all));
        let few = if sum == 0 { "Nothing was lost" } else { &few };
        say!("{few}, and yet the race is there.");
    }
}

fn options() -> (usize, usize) {
    let number = |name: &'static str, default: usize, help: &'static str| {
        let argument = Arg::new(name).long(name).value_name("N").help(help);
        argument.value_parser(parse::count).default_value(default.to_string())
    };
    let mut command = Command::new("by_chance")
        .version(env!("CARGO_PKG_VERSION"))
        .about("Runs the race five times, and draws when its threads were under way.")
        .max_term_width(80)
        .args([
            number("threads", THREADS, "How many threads"),
            number("increments", INCREMENTS, "How often each thread increments it"),
            Arg::new("article")
                .long("article")
                .action(ArgAction::SetTrue)
                .conflicts_with_all(["threads", "increments"])
                .help("The article's 5,000 threads and 100 increments"),
        ]);
    let matches = command.get_matches_mut();
    if matches.get_flag("article") {
        return ARTICLE;
    }
    let number = |name| matches.get_one::<usize>(name).copied().expect("it has a default");
    let (threads, increments) = (number("threads"), number("increments"));
    let mut refuse = |sentence| command.error(ErrorKind::ValueValidation, sentence).exit();
    if threads > MOST_THREADS {
        refuse(format!("--threads is at most {}", thousands(MOST_THREADS as u64)));
    }
    if threads.saturating_mul(increments) > MOST_INCREMENTS {
        let most = thousands(MOST_INCREMENTS as u64);
        refuse(format!("--threads times --increments is at most {most}"));
    }
    (threads, increments)
}

fn main() -> Result<()> {
    let (mut threads, increments) = options();
    if let Some(most) = threads_alive()?.filter(|most| *most < threads) {
        let most_threads = plural(most as u64, "thread");
        warn(format_args!("Going on with {most_threads}: the system has room for no more"));
        threads = most;
    }
    say!("Read, then write: {RUNS} runs, {} each.\n", plural(increments as u64, "increment"));
    say!("{:8}{:>12}{:>16}{:>16}{:>16}", "", "threads", "should be", "is", "lost");
    let mut lost = Vec::new();
    let mut all = 0; // increments in all runs
    let mut spans = Vec::new();
    for run in 1..=RUNS {
        let counter;
        (spans, counter) = race(threads, increments as u64);
        if spans.is_empty() {
            return Err(Error::new("No thread could be started; raise the limit (ulimit -u)"));
        }
        if spans.len() < threads {
            threads = spans.len();
            let some = plural(threads as u64, "thread");
            warn(format_args!("Going on with {some}: the system has started no more"));
        }
        let expected = spans.len() as u64 * increments as u64;
        all += expected;
        lost.push(expected - counter);
        let numbers = [threads as u64, expected, counter, expected - counter].map(thousands);
        let [threads, expected, counter, lost] = numbers;
        say!("{:8}{threads:>12}{expected:>16}{counter:>16}{lost:>16}", format!("run {run}"));
    }
    say!("");
    draw(&spans);
    say!("");
    if threads > 1 {
        let (met, all) = (thousands(met(&spans) as u64), thousands(threads as u64));
        say!("In it {met} of {all} threads were under way at the same time as another one.");
    }
    say_lost(&lost, all, threads == 1);
    Ok(())
}
