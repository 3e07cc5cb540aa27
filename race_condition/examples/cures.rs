//! `cures`: what it costs to lose nothing, in four ways.
//!
//! - **Run** `cargo run -p race_condition --example cures`
//! - **See** four counters that are exact, with the time of one increment in each, and one without a
//!   cure, which has no price: what is wrong cannot be cheap.
//! - **Why** A counter of its own is plain memory. During a `fetch_add` no other core may touch the
//!   counter, and a lone thread pays for that too. A lock takes two such steps, one to lock and one
//!   to unlock. A channel stores a message. And with more cores at work, a shared counter also has
//!   to travel from core to core.
//! - **Try** `-- --threads 1`: how much of each cost is left for a thread that is alone?
//! - **Next** `torn_lines`, for shared data that looks like none.

use std::hint::black_box;
use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Barrier, Mutex, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use clap::{Arg, Command, value_parser};
use experiment::{Verdict::Holds, claim};
use lesson::{Result, room_for_threads, say, thousands};

const THREADS: u32 = 8; // the article's 5,000 would measure how threads start
const INCREMENTS: u32 = 500_000; // by each thread; the article's 100 would be over too soon to time

/// What the counter has come to, and how long it took from the first increment to the last.
type Outcome = (u64, Duration);

fn no_cure(threads: u32) -> Outcome {
    let counter = AtomicU64::new(0);
    let increment = || counter.store(counter.load(Relaxed) + 1, Relaxed);
    let span = run_threads(threads, || repeat(increment));
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
        let increment = || sender.send(1).expect("its owner is receiving");
        let span = run_threads(threads, || repeat(increment));
        drop(sender); // so that the owner knows that nothing more will come
        let (counter, end) = owner.join().expect("an addition does not panic");
        (counter, end - span.start)
    })
}

/// Increments so often as each thread is to.
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

// From here on: what is printed and judged.

const MOST_THREADS: i64 = 32;
const ROUNDS: usize = 3; // of all ways in turn

/// A way to count, and when to take it.
type Way = (&'static str, fn(u32) -> Outcome, &'static str);

const WAYS: [Way; 5] = [
    ("a counter per thread", own_counters, "if the sum is wanted only at the end"),
    ("fetch_add", fetch_add, "if one number is all that is shared"),
    ("Mutex", mutex, "if several values must change together"),
    ("channel", channel, "if one thread is to own the data"),
    ("no cure", no_cure, "never"),
];

/// What a way to count costs.
struct Cost {
    name: &'static str,
    lost: u64,      // in the worst round
    time: Duration, // in the best
}

fn measure(threads: u32, updates: u32) -> [Cost; WAYS.len()] {
    let mut costs = WAYS.map(|(name, ..)| Cost { name, lost: 0, time: Duration::MAX });
    for _ in 0..ROUNDS {
        for ((_, count, _), cost) in WAYS.iter().zip(&mut costs) {
            let (counter, time) = count(threads);
            cost.lost = cost.lost.max(u64::from(updates).abs_diff(counter));
            cost.time = cost.time.min(time);
        }
    }
    costs
}

/// How many threads, as the command line says.
fn threads() -> u32 {
    let argument = Arg::new("threads").long("threads").value_name("N").help("How many threads");
    let at_most = value_parser!(u32).range(1..=MOST_THREADS);
    let matches = Command::new("cures")
        .version(env!("CARGO_PKG_VERSION"))
        .about("Counts in five ways, and measures what an increment costs in each.")
        .arg(argument.value_parser(at_most).default_value(THREADS.to_string()))
        .get_matches();
    matches.get_one("threads").copied().expect("it has a default")
}

fn main() -> Result<()> {
    let threads = threads();
    room_for_threads(threads as usize)?; // without one of them the others would wait for ever
    let updates = threads * INCREMENTS;
    say!("Threads: {threads}. Increments by each: {}.", thousands(INCREMENTS));
    say!("Timed from the first increment to the last, all threads together.\n");

    let costs = measure(threads, updates);
    let [cures @ .., none] = &costs;
    let cheapest = cures.iter().min_by_key(|cure| cure.time).expect("there are cures");
    say!("{:22}{:>10}{:>18}{:>16}", "", "lost", "an increment", "times cheapest");
    for Cost { name, lost, time } in cures {
        let nanoseconds = 1e9 * time.as_secs_f64() / f64::from(updates);
        let ratio = time.div_duration_f64(cheapest.time);
        say!("{name:22}{:>10}{nanoseconds:>15.1} ns{ratio:>16.1}", thousands(*lost));
    }
    let remark = if none.lost == 0 { "   this time, as the threads hardly met" } else { "" };
    say!("{:22}{:>10}{remark}", none.name, thousands(none.lost));
    say!("The cheapest cure: {}.\n", cheapest.name);
    for (name, _, when) in &WAYS[..cures.len()] {
        say!("{name:22}{when}");
    }

    // Alone, nothing can be lost.
    if threads < 2 {
        return Ok(());
    }
    let lost = cures.iter().map(|cure| cure.lost).sum::<u64>();
    let nothing_is_lost = lost == 0;
    let [lost, all, without] = [lost, updates.into(), none.lost].map(thousands);
    let numbers = format!("the cures lost {lost} of {all} updates, no cure {without}");
    say!("");
    claim("C48", Holds.counted(nothing_is_lost), numbers);
    say!("\nQuestion: what does each cost a thread that is alone? Predict, then run");
    say!("cargo run -p race_condition --example cures -- --threads 1");
    Ok(())
}
