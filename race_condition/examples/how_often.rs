//! `how_often`: in how many runs does the race lose updates, and how many?
//!
//! - **Claim** The article: "You can run this program thousands of times and never see the problem."
//! - **Run** `cargo run -p race_condition --example how_often`
//! - **See** a bar for each of four races: by chance or with a switch, one by one or all together.
//! - **Why** An update is lost if another thread writes between the read and the write of this one. A
//!   thread of 100 increments is over in microseconds, and starting the next one takes far longer. So
//!   the threads hardly ever meet, unless they begin together or stop for a switch.
//! - **Try** `-- --threads 2 --increments 1_000_000`: predict each of the four rows.
//! - **Next** `lost_update`, where nothing is left to chance.

use std::collections::HashSet;
use std::process::ExitCode;
use std::sync::atomic::AtomicU64;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, ThreadId};
use std::time::Duration;

use clap::{Arg, ArgAction, ArgMatches, Command};
use experiment::{Verdict, claim};
use lesson::output::warn;
use lesson::{Error, Result, parse, plural, say, thousands, threads_alive};

// The program itself and no copy of it: a call between its read and its write, which a copy may
// have, loses updates three times as often.
#[allow(dead_code, reason = "its `main` and the cures are not measured")]
#[path = "../src/main.rs"]
mod race_condition;

use race_condition::{increment_counter, run_threads};

const THREADS: usize = 5_000;
const INCREMENTS: usize = 100; // by each thread
const RUNS: usize = 4; // of each race: all of them take 10 to 15 seconds
const MOST_THREADS: usize = 10_000; // alive at once; about twice as many would end the program on Linux
const PATIENCE: Duration = Duration::from_secs(10); // at the gate, for threads that never come
const BAR: usize = 10; // characters for all runs

/// Where threads wait until all of them have been started.
struct Gate {
    threads: usize,
    arrived: Mutex<HashSet<ThreadId>>,
    open: Condvar,
}

impl Gate {
    fn new(threads: usize) -> Self {
        Self { threads, arrived: Mutex::default(), open: Condvar::new() }
    }

    fn pass(&self) {
        let mut arrived = lock(&self.arrived);
        arrived.insert(thread::current().id());
        if arrived.len() == self.threads {
            self.open.notify_all();
        }
        let closed = |arrived: &mut HashSet<_>| arrived.len() < self.threads;
        // If the system has no room for all threads, those that it has started go on without them.
        let waited = self.open.wait_timeout_while(arrived, PATIENCE, closed);
        drop(waited.unwrap_or_else(PoisonError::into_inner));
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Runs one race and returns how many threads were started, how many of them met at the gate, and
/// the counter.
fn race(threads: usize, increments: u64, forced: bool, together: bool) -> (usize, usize, u64) {
    let counter = AtomicU64::new(0);
    let gate = Gate::new(threads);
    let started = run_threads(threads, || {
        if together {
            gate.pass();
        }
        if forced {
            increment_counter(&counter, increments, |_| thread::yield_now());
        } else {
            increment_counter(&counter, increments, |_| ());
        }
    });
    let met = lock(&gate.arrived).len();
    (started, met, counter.into_inner())
}

/// Prints in how many runs updates were lost, and how many; returns the number of those runs.
fn show(forced: bool, together: bool, mut lost: Vec<u64>) -> usize {
    lost.sort_unstable();
    let runs = lost.len();
    let wrong = lost.iter().filter(|lost| **lost > 0).count();
    let switch = if forced { "switch forced" } else { "by chance" };
    let start = if together { "all begin together" } else { "begin one by one" };
    // Rounded up, so that a single wrong run among many still shows.
    let bar = "#".repeat((BAR * wrong).div_ceil(runs));
    let (how, share) = (format!("{switch}, {start}"), format!("{wrong}/{runs}"));
    let (median, worst) = (thousands(lost[runs / 2]), thousands(lost[runs - 1]));
    say!("{how:33} {bar:.<BAR$} {share:>9} {median:>11} {worst:>11}");
    wrong
}

/// Says what the article's numbers of threads and increments came to: in how many runs of the four
/// races updates were lost, and the most threads that were alive at once.
fn judge(wrong: [usize; 4], runs: usize, met: usize) {
    let [one_by_one, together, ..] = wrong;
    let verdict = match one_by_one + together {
        0 => Verdict::Holds,
        wrong if wrong < 2 * runs => Verdict::HoldsDifferently,
        _ => Verdict::DoesNotHoldHere,
    };
    let forced = wrong[2] + wrong[3];
    say!("");
    let numbers = format!(
        "updates were lost in {one_by_one} of {runs} runs that began one by one, in {together} of \
         {runs} that began together, and in {forced} of {} with the switch forced",
        2 * runs
    );
    claim("C45", verdict, numbers);
    let numbers = format!("{} threads, each with an id of its own, met", thousands(met as u64));
    claim("C49", Verdict::old_counted(met >= THREADS), &numbers);
    let each = if met >= THREADS { Verdict::PythonOnly } else { Verdict::Holds };
    claim("C92", each, &numbers);
}

fn options() -> ArgMatches {
    let number = |name: &'static str, default: usize, help: &'static str| {
        let argument = Arg::new(name).long(name).value_name("N").help(help);
        argument.value_parser(parse::count).default_value(default.to_string())
    };
    let at_most = |text: &str| match parse::count(text)? {
        threads @ ..=MOST_THREADS => Ok(threads),
        _ => Err(format!("at most {} threads can wait together", thousands(MOST_THREADS as u64))),
    };
    let quiet = Arg::new("quiet").short('q').long("quiet").action(ArgAction::SetTrue);
    Command::new("how_often")
        .version(env!("CARGO_PKG_VERSION"))
        .about("Runs four kinds of race several times and counts the runs that lost updates.")
        .max_term_width(80)
        .args([
            quiet.help("Print the four rows alone"),
            number("threads", THREADS, "How many threads").value_parser(at_most),
            number("increments", INCREMENTS, "How often each thread increments it"),
            number("runs", RUNS, "How many runs of each race"),
        ])
        .get_matches()
}

fn main() -> Result<ExitCode> {
    let options = options();
    let number = |name| options.get_one::<usize>(name).copied().expect("it has a default");
    let (mut threads, increments, runs) = (number("threads"), number("increments"), number("runs"));
    let increments = increments as u64;
    if let Some(most) = threads_alive()?.filter(|most| *most < threads) {
        let most_threads = plural(most as u64, "thread");
        warn(format_args!("Going on with {most_threads}: the system has room for no more"));
        threads = most;
    }
    if !options.get_flag("quiet") {
        say!("{} of each kind.\n", plural(runs as u64, "race"));
        say!("{:33} {:>20} {:>11} {:>11}", "", "runs that lost", "median", "worst");
    }
    let is_the_articles = (threads, increments) == (THREADS, INCREMENTS as u64);
    let (mut wrong, mut most_met) = ([0; 4], 0);
    let kinds = [(false, false), (false, true), (true, false), (true, true)];
    for (kind, (forced, together)) in kinds.into_iter().enumerate() {
        let mut lost = Vec::new();
        for _ in 0..runs {
            let (started, met, counter) = race(threads, increments, forced, together);
            if started == 0 {
                return Err(Error::new("No thread could be started; raise the limit (ulimit -u)"));
            }
            if started < threads {
                let (some, all) = (thousands(started as u64), thousands(threads as u64));
                warn(format_args!(
                    "Only {some} of {all} threads could be started; going on with those"
                ));
                threads = started;
            }
            most_met = most_met.max(met);
            lost.push((started as u64 * increments).abs_diff(counter));
        }
        wrong[kind] = show(forced, together, lost);
    }
    if is_the_articles && !options.get_flag("quiet") {
        judge(wrong, runs, most_met);
    }
    Ok(ExitCode::SUCCESS)
}
