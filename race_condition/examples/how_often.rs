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

use std::sync::RwLock;
use std::sync::atomic::AtomicU64;
use std::thread::{self, Builder};

use clap::{Arg, ArgAction, ArgMatches, Command};
use experiment::Verdict::{Holds, HoldsDifferently, PythonOnly, Undecided};
use experiment::claim;
use lesson::{
    Result, parse, plural, possible_threads, race_options, say, started_threads, thousands,
};

// The program itself and no copy of it: a call between its read and its write, which a copy may
// have, loses updates three times as often.
#[allow(dead_code, reason = "its `main` and the cures are not measured")]
#[path = "../src/main.rs"]
mod race_condition;

use race_condition::{STACK, increment_counter, run_threads};

const THREADS: usize = 5_000;
const INCREMENTS: usize = 100; // by each thread
const RUNS: usize = 4; // of each race: all of them take 10 to 15 seconds

/// Runs one race, and returns how many threads were started, and the counter.
fn race(threads: usize, increments: u64, forced: bool, together: bool) -> (usize, u64) {
    let counter = AtomicU64::new(0);
    let by_chance = || increment_counter(&counter, increments, |_| ());
    let with_a_switch = || increment_counter(&counter, increments, |_| thread::yield_now());
    let started = match (forced, together) {
        (false, false) => run_threads(threads, by_chance),
        (false, true) => run_threads_together(threads, by_chance),
        (true, false) => run_threads(threads, with_a_switch),
        (true, true) => run_threads_together(threads, with_a_switch),
    };
    (started, counter.into_inner())
}

/// As `run_threads`, but no thread begins to work before all of them have been started.
fn run_threads_together(threads: usize, work: impl Fn() + Sync) -> usize {
    let gate = RwLock::new(());
    let closed = gate.write();
    let pass_and_work = || {
        drop(gate.read());
        work();
    };
    thread::scope(|scope| {
        let start = || Builder::new().stack_size(STACK).spawn_scoped(scope, pass_and_work);
        let started = (0..threads).take_while(|_| start().is_ok()).count();
        drop(closed);
        started
    })
}

// From here on: what is printed and judged.

const BAR: usize = 10; // characters for all runs

/// Prints in how many runs updates were lost, and how many; returns the number of those runs.
fn show(kind: &str, mut lost: Vec<u64>) -> usize {
    lost.sort_unstable();
    let runs = lost.len();
    let wrong = lost.iter().filter(|lost| **lost > 0).count();
    // Rounded up, so that a single wrong run among many still shows.
    let bar = "#".repeat((BAR * wrong).div_ceil(runs));
    let share = format!("{wrong}/{runs}");
    let (median, worst) = (thousands(lost[runs / 2]), thousands(lost[runs - 1]));
    say!("{kind:33} {bar:.<BAR$} {share:>9} {median:>11} {worst:>11}");
    wrong
}

/// Says what the article's numbers of threads and increments came to: in how many runs of the four
/// races updates were lost, and the threads that were alive at once.
fn judge(wrong: &[usize], runs: usize, alive: usize) {
    let &[one_by_one, together, forced, forced_together] = wrong else { return };
    let (by_chance, forced) = (one_by_one + together, forced + forced_together);
    let seldom = if by_chance == 0 { Holds } else { HoldsDifferently };
    let some_runs_lose_nothing = by_chance < 2 * runs;
    let numbers = format!(
        "updates were lost in {one_by_one} of {runs} runs that began one by one, in {together} of \
         {runs} that began together, and in {forced} of {} with the switch forced",
        2 * runs
    );
    // Fewer threads are another experiment.
    let judged = |verdict| if alive >= THREADS { verdict } else { Undecided };
    say!("");
    claim("C45", judged(seldom.counted(some_runs_lose_nothing)), numbers);
    let numbers = format!("{} were alive at once", plural(alive as u64, "thread"));
    claim("C49", judged(Holds), &numbers);
    claim("C92", judged(PythonOnly), &numbers);
}

fn options() -> (ArgMatches, usize, u64) {
    let quiet = Arg::new("quiet").short('q').long("quiet").action(ArgAction::SetTrue);
    let runs = Arg::new("runs").long("runs").value_name("N").help("How many runs of each race");
    let command = Command::new("how_often")
        .version(env!("CARGO_PKG_VERSION"))
        .about("Runs four kinds of race several times and counts the runs that lost updates.")
        .arg(quiet.help("Print the four rows alone"))
        .arg(runs.value_parser(parse::count).default_value(RUNS.to_string()));
    race_options(command, THREADS, INCREMENTS)
}

fn main() -> Result<()> {
    let (options, threads, increments) = options();
    let mut threads = possible_threads(threads)?;
    let runs: usize = options.get_one("runs").copied().expect("it has a default");
    let is_quiet = options.get_flag("quiet");
    if !is_quiet {
        say!("{} of each kind.\n", plural(runs as u64, "race"));
        say!("{:33} {:>20} {:>11} {:>11}", "", "runs that lost", "median", "worst");
    }
    let is_the_articles = (threads, increments) == (THREADS, INCREMENTS as u64);
    let mut wrong = Vec::new();
    for (kind, forced, together) in [
        ("by chance, begin one by one", false, false),
        ("by chance, all begin together", false, true),
        ("switch forced, begin one by one", true, false),
        ("switch forced, all begin together", true, true),
    ] {
        let mut lost = Vec::new();
        for _ in 0..runs {
            let (started, counter) = race(threads, increments, forced, together);
            threads = started_threads(started, threads)?;
            lost.push((threads as u64 * increments).abs_diff(counter));
        }
        wrong.push(show(kind, lost));
    }
    if is_the_articles && !is_quiet {
        judge(&wrong, runs, threads);
    }
    Ok(())
}
