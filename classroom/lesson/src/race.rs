//! Around a race: how many threads, how often each increments, and how many updates were lost.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use clap::error::ErrorKind;
use clap::{Arg, ArgMatches, Command};
use cpu_time::ProcessTime;

use super::concurrency::Concurrency;
use super::limits;
use super::options;
use super::picture::PictureOptions;
use super::summary::Summary;
use basics::error::{Error, Result};
use basics::output::warn;
use basics::parse;
use basics::say;
use basics::words::{plural, thousands};
use timeline::{Job, Timeline, record};

/// The most increments of one race, by all threads together: some minutes of work.
const MOST_INCREMENTS: usize = 1_000_000_000;

/// How many increments are watched: far more than it takes until two of them meet.
const WATCHED: usize = 20_000;

/// How many races are drawn: the one that loses by chance, if at all, and the one that loses.
const RECORDED: usize = 2;

/// The options of the race, and what has been lost so far.
pub struct RaceLesson {
    threads: usize,
    increments: u64,
    quiet: bool,
    picture: PictureOptions,
    summary: Option<PathBuf>,
    timelines: Vec<Timeline>,
    started: (Instant, ProcessTime),
    lost: Vec<u64>,
    watched: Mutex<Vec<Increment>>,
}

/// One increment, as the thread that made it saw it.
struct Increment {
    thread: usize,
    /// What it read; it wrote one more.
    value: u64,
    /// Some time after it had read.
    has_read: Instant,
    /// Some time before it wrote.
    will_write: Instant,
}

/// How many threads are watched.
static THREADS: AtomicUsize = AtomicUsize::new(0);

thread_local! {
    /// The number of a thread, in the order in which they come to their first increment.
    static NUMBER: usize = 1 + THREADS.fetch_add(1, Relaxed);
}

/// Reads the command line of the race.
///
/// `threads` and `increments` count if the options do not say. Wrong usage ends the program with
/// status 2.
///
/// # Errors
///
/// The file of `--save` cannot be written.
pub fn race(threads: usize, increments: usize) -> Result<RaceLesson> {
    let command = options::command(
        "Increments one counter from many threads, with and without protection, and\n\
         says how many updates were lost.",
    )
    .mut_arg("quiet", |quiet| quiet.help("Print the numbers alone"));
    let (matches, threads, increments) = race_options(command, threads, increments);
    Ok(RaceLesson {
        threads: possible_threads(threads)?,
        increments,
        quiet: matches.get_flag("quiet"),
        picture: PictureOptions::if_asked(&matches, Job::Race, Concurrency::Threads(threads))?,
        summary: matches.get_one("summary").cloned(),
        timelines: Vec::new(),
        started: (Instant::now(), ProcessTime::now()),
        lost: Vec::new(),
        watched: Mutex::new(Vec::new()),
    })
}

/// Gives a command `--threads` and `--increments`, and reads the command line with it. Returns what
/// it says, how many threads there are to be, and how often each increments.
///
/// Wrong usage ends the program with status 2.
pub fn race_options(
    command: Command,
    threads: usize,
    increments: usize,
) -> (ArgMatches, usize, u64) {
    let number = |name: &'static str, help: &'static str, default: usize| {
        let number = Arg::new(name).long(name).value_name("N").help(help);
        number.value_parser(parse::count).default_value(default.to_string())
    };
    let mut command = command.args([
        number("threads", "How many threads", threads),
        number("increments", "How often each thread increments it", increments),
    ]);
    let matches = command.get_matches_mut();
    let number = |name| matches.get_one::<usize>(name).copied().expect("it has a default");
    let (threads, increments) = (number("threads"), number("increments"));
    if threads.saturating_mul(increments) > MOST_INCREMENTS {
        let most = thousands(MOST_INCREMENTS as u64);
        let sentence = format!("--threads times --increments is at most {most}");
        command.error(ErrorKind::ValueValidation, sentence).exit();
    }
    (matches, threads, increments as u64)
}

/// So many threads, or as many as the system has room for.
///
/// # Errors
///
/// It has room for none.
pub fn possible_threads(wanted: usize) -> Result<usize> {
    match limits::threads_alive()? {
        Some(most) if most < wanted => {
            let threads = plural(most as u64, "thread");
            warn(format_args!("Going on with {threads}: the system has room for no more"));
            Ok(most)
        }
        _ => Ok(wanted),
    }
}

/// How many threads the next race is run by, so that it can be compared: as many as were started.
///
/// # Errors
///
/// None was started.
pub fn started_threads(started: usize, wanted: usize) -> Result<usize> {
    if started == 0 {
        return Err(no_thread());
    }
    if started < wanted {
        let (some, all) = (thousands(started as u64), plural(wanted as u64, "thread"));
        warn(format_args!("Only {some} of {all} could be started; going on with those"));
    }
    Ok(started)
}

fn no_thread() -> Error {
    Error::new("No thread could be started; raise the limit (ulimit -u)")
}

impl RaceLesson {
    /// How many threads to start.
    pub fn threads(&self) -> usize {
        self.threads
    }

    /// How often each thread increments the counter.
    pub fn increments(&self) -> u64 {
        self.increments
    }

    /// Does `switch` and remembers that the calling thread has read `value` before it, and writes
    /// the next value after it.
    pub fn watch(&self, value: u64, switch: impl FnOnce()) {
        let (thread, has_read) = (NUMBER.with(|number| *number), Instant::now());
        switch();
        let will_write = Instant::now();
        // A thread that finds the list in use goes on: to wait for it would change the race.
        if let Ok(mut watched) = self.watched.try_lock()
            && watched.len() < WATCHED
        {
            watched.push(Increment { thread, value, has_read, will_write });
        }
    }

    /// Prints what the counter should be, what it is, and how many updates were lost.
    ///
    /// `started` is how many threads could be started. The sum leaves the others out.
    ///
    /// The first two races are recorded, if a picture was asked for.
    pub fn show(&mut self, how: &str, started: usize, counter: u64) {
        if self.timelines.len() < RECORDED {
            self.timelines.extend(record::cut(how));
        }
        self.threads = started_threads(started, self.threads).unwrap_or(0);
        if self.threads == 0 {
            return; // `report` fails
        }
        if self.lost.is_empty() && !self.quiet {
            self.show_head();
        }
        let expected = self.threads as u64 * self.increments;
        let lost = expected.abs_diff(counter);
        self.lost.push(lost);
        let [expected, counter, lost] = [expected, counter, lost].map(thousands);
        say!("{how:37} {expected:>13} {counter:>13} {lost:>13}");
    }

    fn show_head(&self) {
        let times = plural(self.increments, "time");
        match self.threads {
            1 => say!("1 thread increments one counter {times}.\n"),
            threads => {
                say!("{} increment one counter {times} each.\n", plural(threads as u64, "thread"));
            }
        }
        say!("{:37} {:>13} {:>13} {:>13}", "", "should be", "is", "lost");
    }

    /// Shows a lost update of this run, and says in a sentence what happened.
    ///
    /// # Errors
    ///
    /// No thread could be started for a race, or a file cannot be written.
    pub fn report(self) -> Result<ExitCode> {
        if self.threads == 0 {
            return Err(no_thread());
        }
        let (wall, cpu) = (self.started.0.elapsed(), self.started.1.elapsed());
        if !self.quiet {
            self.say_what_happened();
        }
        let names = ["lost_by_chance", "lost_forced", "lost_mutex", "lost_fetch_add"];
        let lost = names.into_iter().zip(self.lost);
        lost.fold(Summary::default(), |summary, (name, lost)| summary.with(name, lost))
            .with("seconds", wall.as_secs_f64())
            .with("cpu_seconds", cpu.as_secs_f64())
            .with("at_once", self.threads)
            .write(self.summary.as_deref())?;
        if !self.timelines.is_empty() {
            self.picture.show_runs(&self.timelines)?;
        }
        Ok(ExitCode::SUCCESS)
    }

    fn say_what_happened(&self) {
        let &[by_chance, forced, ..] = &self.lost[..] else { return };
        say!("");
        match (by_chance, forced) {
            (0, 0) => say!("No update was lost: it takes two threads at work at the same time."),
            (0, _) => {
                say!(
                    "Read, then write: nothing was lost this time. It shows with two long threads:"
                );
                say!("cargo run -p race_condition --example by_chance\n");
            }
            (_, 0) => say!("Read, switch, write: nothing was lost this time. Run it again."),
            _ => {}
        }
        if forced > 0 {
            self.show_a_lost_update();
        }
    }

    /// Prints two increments of this run that met: both threads had read before either wrote.
    fn show_a_lost_update(&self) {
        let mut watched = self.watched.lock().unwrap_or_else(PoisonError::into_inner);
        watched.sort_by_key(|increment| (increment.value, increment.has_read));
        let met = watched.windows(2).find(|pair| {
            let [a, b] = pair else { return false };
            let same = a.value == b.value && a.thread != b.thread;
            same && a.has_read < b.will_write && b.has_read < a.will_write
        });
        let Some([left, right]) = met else { return };
        let (read, written) = (thousands(left.value), thousands(left.value + 1));
        let mut steps = [
            (left.has_read, format!("    reads {read}")),
            (right.has_read, format!("    {:24}reads {read}", "")),
            (left.will_write, format!("    writes {written}")),
            (right.will_write, format!("    {:24}writes {written}", "")),
        ];
        steps.sort();
        say!("One of the lost updates of the second row, as it happened:\n");
        say!("    {:24}thread {}", format!("thread {}", left.thread), right.thread);
        for (_, step) in steps {
            say!("{step}");
        }
        say!("\nBoth read {read} and wrote {written}: one update is lost.");
    }
}
