//! `cures`: what it costs to lose nothing, in four ways.
//!
//! - **Run** `cargo run -p race_condition --example cures`
//! - **See** four counters that are exact, one that is not, and the time of one increment in each.
//! - **Why** A counter of its own is plain memory. During a `fetch_add` no other core may touch the
//!   counter, and a lone thread pays for that too. A lock takes two such steps, one to lock and one
//!   to unlock. A channel stores a message. And with more cores at work, a shared counter also has
//!   to travel from core to core.
//! - **Try** `-- --threads 1`: how much of each cost is left for a thread that is alone?
//! - **Next** `torn_lines`, for shared data that looks like none.

use std::hint::black_box;
use std::ops::Range;
use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Barrier, Mutex, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use clap::{Arg, Command};
use experiment::{Verdict, claim};
use lesson::{parse, say, thousands};

const THREADS: u32 = 8; // the article's 5,000 would measure how threads start
const MOST_THREADS: u32 = 32;
const INCREMENTS: u32 = 500_000; // by each thread; the article's 100 would be over too soon to time
const ROUNDS: usize = 3; // of all ways in turn; the best time of each counts

/// What the counter has come to, and how long it took from the first increment to the last.
type Outcome = (u64, Duration);

fn no_cure(threads: u32) -> Outcome {
    let counter = AtomicU64::new(0);
    let span =
        run_threads(threads, || repeat(|| counter.store(counter.load(Relaxed) + 1, Relaxed)));
    (counter.into_inner(), span.end - span.start)
}

fn own_counters(threads: u32) -> Outcome {
    let total = AtomicU64::new(0);
    let span = run_threads(threads, || {
        let mut counter = 0;
        // Without `black_box` the compiler makes one addition of all: no loop would be left to time.
        repeat(|| *black_box(&mut counter) += 1);
        total.fetch_add(counter, Relaxed);
    });
    (total.into_inner(), span.end - span.start)
}

fn fetch_add(threads: u32) -> Outcome {
    let counter = AtomicU64::new(0);
    let span = run_threads(threads, || repeat(|| _ = counter.fetch_add(1, Relaxed)));
    (counter.into_inner(), span.end - span.start)
}

fn mutex(threads: u32) -> Outcome {
    let counter = Mutex::new(0);
    let no_panic = "no thread panics with the lock";
    let span = run_threads(threads, || repeat(|| *counter.lock().expect(no_panic) += 1));
    (counter.into_inner().expect(no_panic), span.end - span.start)
}

fn channel(threads: u32) -> Outcome {
    let (sender, receiver) = mpsc::channel();
    thread::scope(|scope| {
        // The counter belongs to one thread; the others tell it what to add.
        let owner = scope.spawn(|| (receiver.into_iter().sum(), Instant::now()));
        let span =
            run_threads(threads, || repeat(|| sender.send(1).expect("its owner is receiving")));
        drop(sender); // so that the owner knows that nothing more will come
        let (counter, end) = owner.join().expect("an addition does not panic");
        (counter, end - span.start)
    })
}

fn repeat(mut increment: impl FnMut()) {
    (0..INCREMENTS).for_each(|_| increment());
}

/// Starts all threads, lets them begin together, and returns from when to when they were at work.
fn run_threads(threads: u32, work: impl Fn() + Sync) -> Range<Instant> {
    let start_line = Barrier::new(threads as usize);
    let timed = || {
        start_line.wait();
        let start = Instant::now();
        work();
        start..Instant::now()
    };
    thread::scope(|scope| {
        let threads: Vec<_> = (1..threads).map(|_| scope.spawn(timed)).collect();
        threads.into_iter().fold(timed(), |all, thread| {
            let one = thread.join().expect("no increment panics");
            all.start.min(one.start)..all.end.max(one.end)
        })
    })
}

/// A way to count, and when to take it.
type Way = (&'static str, fn(u32) -> Outcome, &'static str);

const WAYS: [Way; 5] = [
    ("a counter per thread", own_counters, "if the sum is wanted only at the end"),
    ("fetch_add", fetch_add, "if one number is all that is shared"),
    ("Mutex", mutex, "if several values must change together"),
    ("channel", channel, "if one thread is to own the data"),
    ("no cure", no_cure, ""),
];

/// How many threads, as the command line says.
fn threads() -> u32 {
    let at_most = |text: &str| match parse::count(text)?.try_into() {
        Ok(threads @ ..=MOST_THREADS) => Ok(threads),
        _ => Err(format!("at most {MOST_THREADS} threads are compared")),
    };
    let argument = Arg::new("threads").long("threads").value_name("N").help("How many threads");
    let matches = Command::new("cures")
        .version(env!("CARGO_PKG_VERSION"))
        .about("Counts in five ways, and measures what an increment costs in each.")
        .max_term_width(80)
        .arg(argument.value_parser(at_most).default_value(THREADS.to_string()))
        .get_matches();
    matches.get_one("threads").copied().expect("it has a default")
}

fn main() -> ExitCode {
    let threads = threads();
    let expected = u64::from(threads) * u64::from(INCREMENTS);
    say!("Threads: {threads}. Increments by each: {}.", thousands(INCREMENTS));
    say!("Timed from the first increment to the last, all threads together.\n");

    let mut lost = [0; WAYS.len()]; // in the worst round
    let mut best = [Duration::MAX; WAYS.len()];
    for _ in 0..ROUNDS {
        for (way, (_, count, _)) in WAYS.iter().enumerate() {
            let (counter, time) = count(threads);
            lost[way] = lost[way].max(expected.abs_diff(counter));
            best[way] = best[way].min(time);
        }
    }

    let [times @ .., _] = best;
    let [cures @ .., _] = WAYS;
    let cheapest = times.into_iter().min().unwrap_or_default();
    say!("{:22}{:>10}{:>18}{:>16}", "", "lost", "an increment", "times cheapest");
    for (way, (name, ..)) in WAYS.iter().enumerate() {
        let seconds = best[way].as_secs_f64();
        let nanoseconds = 1e9 * seconds / f64::from(INCREMENTS) / f64::from(threads);
        let (lost, ratio) = (thousands(lost[way]), seconds / cheapest.as_secs_f64());
        say!("{name:22}{lost:>10}{nanoseconds:>15.1} ns{ratio:>16.1}");
    }
    if let Some(((name, ..), _)) = cures.iter().zip(times).min_by_key(|(_, time)| *time) {
        say!("The cheapest cure: {name}.");
    }
    say!("");
    for (name, _, when) in cures {
        say!("{name:22}{when}");
    }
    let [cures @ .., none] = lost;
    let nothing_lost = cures.iter().all(|lost| *lost == 0);
    let (worst, none) = (thousands(cures.into_iter().max().unwrap_or_default()), thousands(none));
    let numbers =
        format!("the cures lost {worst} of {} updates, no cure {none}", thousands(expected));
    say!("");
    claim("C48", Verdict::old_counted(nothing_lost), numbers);
    if threads > 1 {
        say!("\nQuestion: what does each cost a thread that is alone? Predict, then run");
        say!("cargo run -p race_condition --example cures -- --threads 1");
    }
    if nothing_lost { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
