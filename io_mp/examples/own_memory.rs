//! `own_memory`: what a process shares with the one that started it, and what it does not.
//!
//! - **Run** `cargo run -p io_mp --example own_memory`
//! - **See** a thread and a worker process look at the same things. The process has the environment,
//!   and neither the changed global nor the opened file.
//! - **Why** A worker is this program, started again. It begins with the values that stand in the
//!   source. What it needs to know comes as an argument, in the environment or through a pipe.
//! - **Try** `GLOBAL.store(7, …)` before `run_if_worker`, at the top of `main`: what does the worker
//!   see now, and who has changed it?
//! - **Next** `zombies_and_orphans`, for what is left of a process when it has ended.

use std::fmt::Display;
use std::fs::{self, File};
use std::process::Command;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering::SeqCst};
use std::{env, thread};

use experiment::{Verdict, claim};
use io_lesson::{Error, Result, say};
use pool::{Pool, Worker};

const WORKERS: usize = 2; // of the program that forgets its guard
const WITHOUT_GUARD: &str = "--without-guard"; // the option that makes it forget

static GLOBAL: AtomicU64 = AtomicU64::new(1);

static INITIALIZED: OnceLock<()> = OnceLock::new();

/// The global, how many variables the environment has, whether this program's file is open, and
/// whether the initializer has run.
type View = (u64, usize, bool, bool);

static WORKER: Worker<u64, View> = Worker::new(look).initializer(initialize);

fn initialize() -> Result<()> {
    INITIALIZED.set(()).map_err(|()| Error::new("A process calls this once"))
}

/// Looks at everything, and gives the global a new value.
fn look(new: u64) -> View {
    // Linux alone lists the open files of a process.
    let files = fs::read_dir("/proc/self/fd").into_iter().flatten().flatten();
    let mut open = files.filter_map(|file| fs::read_link(file.path()).ok());
    let is_open = open.any(|file| env::current_exe().is_ok_and(|own| own == file));
    // The line that matters: in another process this is another variable of the same name.
    (GLOBAL.swap(new, SeqCst), env::vars_os().count(), is_open, INITIALIZED.get().is_some())
}

/// Starts a program whose workers get past the guard, and counts how many there were, and how many
/// were refused a pool.
fn forget_the_guard() -> Result<[usize; 2]> {
    let ended = Command::new(env::current_exe()?).arg(WITHOUT_GUARD).output()?;
    let errors = String::from_utf8_lossy(&ended.stderr);
    let refused = "A worker process cannot start a pool of its own";
    Ok(["could not begin", refused].map(|what| errors.matches(what).count()))
}

fn main() -> Result<()> {
    if env::args().any(|argument| argument == WITHOUT_GUARD) {
        let lost = Pool::start(&WORKER, WORKERS, io_lesson::time_limit())?.map(&[0_u64]);
        return lost.into_iter().try_for_each(|job| job.map(drop).map_err(Error::new));
    }
    WORKER.run_if_worker(); // the guard

    let _open = File::open(env::current_exe()?)?;
    GLOBAL.store(2, SeqCst);
    let in_thread = thread::scope(|scope| scope.spawn(|| look(100)).join());
    let in_thread = in_thread.expect("to look at things does not panic");
    let after_thread = GLOBAL.swap(2, SeqCst);
    let mut answers = Pool::start(&WORKER, 1, io_lesson::time_limit())?.map(&[100_u64]);
    let in_process = answers.remove(0).map_err(Error::new)?;
    let after_process = GLOBAL.load(SeqCst);
    report(in_thread, in_process, [after_thread, after_process], forget_the_guard()?);
    Ok(())
}

// From here on: what is printed and judged.

fn report(
    (global, variables, file, set): View,
    (its_global, its_variables, its_file, its_set): View,
    [after_thread, after]: [u64; 2],
    [started, refused]: [usize; 2],
) {
    say!("  {:46}{:>10}{:>16}\n", "seen by", "a thread", "a process");
    let row = |what, thread: &dyn Display, process: &dyn Display| {
        say!("  {what:46}{thread:>10}{process:>16}");
    };
    row("a global of 1, after it was made 2 here", &global, &its_global);
    row("the same, here, after it was made 100 there", &after_thread, &after);
    row("variables of the environment", &variables, &its_variables);
    row("a file that is open here (Linux)", &file, &its_file);
    row("what the initializer of a worker has set", &set, &its_set);
    say!(
        "\nWithout the guard {started} workers start; {refused} are refused workers of their own."
    );

    say!("");
    let (holds, differently) = (Verdict::Holds, Verdict::HoldsDifferently);
    let set_there = holds.counted(its_set && !set);
    claim("C40", set_there, "a worker keeps what its initializer has set");
    let shared = differently.counted(after_thread == 100);
    claim("C50", shared, "a thread made it 100, through an atomic");
    claim("C60", holds.counted(after == 2), format!("100 there, {after} in its parent"));
    let from_the_start = differently.counted(its_global != 2);
    claim("C61", from_the_start, format!("it began with {its_global}, not 2"));
    let stopped = differently.counted(refused == started);
    let stopped = if started == WORKERS { stopped } else { Verdict::Undecided };
    claim("C62", stopped, format!("{refused} got no workers"));
    // There would be no answer otherwise.
    claim("C70", holds, "a number there, four values back, by pipe");
    if cfg!(target_os = "linux") {
        claim("C96", holds.counted(file && !its_file), "a file open here is not open there");
    }
}
