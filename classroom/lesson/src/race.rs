//! Around the race: how many threads, how often each increments, and how many updates were lost.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::{Mutex, PoisonError};
use std::thread::{self, ThreadId};
use std::time::Instant;

use clap::Arg;
use clap::error::ErrorKind;
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

/// The options of the race, and what has been lost so far.
pub struct RaceLesson {
    threads: usize,
    increments: u64,
    quiet: bool,
    picture: PictureOptions,
    summary: Option<PathBuf>,
    timeline: Option<Timeline>,
    started: (Instant, ProcessTime),
    lost: Vec<u64>,
    watched: Mutex<Vec<Increment>>,
}

/// One increment, as the thread that made it saw it.
struct Increment {
    thread: ThreadId,
    /// What it read; it wrote one more.
    value: u64,
    /// Some time after it had read.
    has_read: Instant,
    /// Some time before it wrote.
    will_write: Instant,
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
    let number = |name: &'static str, what: &str, default: usize| {
        Arg::new(name)
            .long(name)
            .value_name("N")
            .value_parser(parse::count)
            .help(format!("{what} [default: {default}]"))
    };
    let mut command = options::command(
        "Increments one counter from many threads, with and without protection, and\n\
         says how many updates were lost.",
    )
    .args([
        number("threads", "How many threads", threads),
        number("increments", "How often each thread increments it", increments),
    ])
    .mut_arg("quiet", |quiet| quiet.help("Print the numbers alone"));
    let matches = command.get_matches_mut();
    let count = |name, default| matches.get_one::<usize>(name).copied().unwrap_or(default);
    let (mut threads, increments) = (count("threads", threads), count("increments", increments));
    if threads.checked_mul(increments).is_none_or(|all| all > MOST_INCREMENTS) {
        let most = thousands(MOST_INCREMENTS as u64);
        let sentence = format!("--threads times --increments is at most {most}");
        command.error(ErrorKind::ValueValidation, sentence).exit();
    }
    if let Some(most) = limits::threads_alive()?.filter(|most| *most < threads) {
        let most_threads = plural(most as u64, "thread");
        warn(format_args!("Going on with {most_threads}: the system has room for no more"));
        threads = most;
    }
    Ok(RaceLesson {
        threads,
        increments: increments as u64,
        quiet: matches.get_flag("quiet"),
        picture: PictureOptions::if_asked(&matches, Job::Race, Concurrency::Threads(threads))?,
        summary: matches.get_one("summary").cloned(),
        timeline: None,
        started: (Instant::now(), ProcessTime::now()),
        lost: Vec::new(),
        watched: Mutex::new(Vec::new()),
    })
}

impl RaceLesson {
    /// How many threads to start.
    #[must_use]
    pub fn threads(&self) -> usize {
        self.threads
    }

    /// How often each thread increments the counter.
    #[must_use]
    pub fn increments(&self) -> u64 {
        self.increments
    }

    /// Does `switch` and remembers that the calling thread has read `value` before it, and writes
    /// the next value after it.
    pub fn watch(&self, value: u64, switch: impl FnOnce()) {
        let has_read = Instant::now();
        switch();
        let will_write = Instant::now();
        // A thread that finds the list in use goes on: to wait for it would change the race.
        if let Ok(mut watched) = self.watched.try_lock()
            && watched.len() < WATCHED
        {
            let thread = thread::current().id();
            watched.push(Increment { thread, value, has_read, will_write });
        }
    }

    /// Prints what the counter should be, what it is, and how many updates were lost.
    ///
    /// `started` is how many threads could be started. The sum leaves the others out.
    pub fn show(&mut self, how: &str, started: usize, counter: u64) {
        if self.timeline.is_none() {
            // The picture is of the first race only.
            let duration = record::now().unwrap_or_default();
            self.timeline = record::finish(duration);
        }
        self.say_if_fewer(started);
        if started == 0 {
            return;
        }
        let expected = started as u64 * self.increments;
        let lost = expected.abs_diff(counter);
        if self.lost.is_empty() && !self.quiet {
            let times = plural(self.increments, "time");
            if started == 1 {
                say!("1 thread increments one counter {times}.\n");
            } else {
                let threads = plural(started as u64, "thread");
                say!("{threads} increment one counter {times} each.\n");
            }
            say!("{:37} {:>13} {:>13} {:>13}", "", "should be", "is", "lost");
        }
        let [expected, counter, shown] = [expected, counter, lost].map(thousands);
        say!("{how:37} {expected:>13} {counter:>13} {shown:>13}");
        self.lost.push(lost);
    }

    /// Notices that the system has started fewer threads than were asked for.
    fn say_if_fewer(&mut self, started: usize) {
        if started < self.threads {
            warn(format_args!(
                "Only {} of {} could be started; going on with those",
                thousands(started as u64),
                plural(self.threads as u64, "thread"),
            ));
            // The races that follow are run by as many, so that they can be compared.
            self.threads = started;
        }
    }

    /// Shows a lost update of this run, and says in a sentence what happened.
    pub fn report(self) -> Result<ExitCode> {
        if self.threads == 0 {
            return no_threads();
        }
        let (wall, cpu) = (self.started.0.elapsed(), self.started.1.elapsed());
        if let (false, &[by_chance, forced, ..]) = (self.quiet, &self.lost[..]) {
            say!("");
            match (by_chance, forced) {
                (0, 0) => {
                    say!("No update was lost: it takes two threads at work at the same time.");
                }
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
        let names = ["lost_by_chance", "lost_forced", "lost_mutex", "lost_fetch_add"];
        let lost = names.into_iter().zip(self.lost);
        lost.fold(Summary::default(), |summary, (name, lost)| summary.with(name, lost))
            .with("seconds", wall.as_secs_f64())
            .with("cpu_seconds", cpu.as_secs_f64())
            .with("at_once", self.threads)
            .write(self.summary.as_deref())?;
        self.timeline.iter().try_for_each(|timeline| self.picture.show_timeline(timeline))?;
        Ok(ExitCode::SUCCESS)
    }

    /// Prints two increments of this run that met: both threads had read before either wrote.
    fn show_a_lost_update(&self) {
        let mut watched = self.watched.lock().unwrap_or_else(PoisonError::into_inner);
        watched.sort_by_key(|increment| (increment.value, increment.has_read));
        let met = watched.windows(2).find_map(|pair| {
            let [a, b] = pair else { return None };
            let same = a.value == b.value && a.thread != b.thread;
            let met = a.has_read < b.will_write && b.has_read < a.will_write;
            (same && met).then_some((a, b))
        });
        let Some((left, right)) = met else { return };
        // Threads are numbered from 1 in each race.
        let first = watched.iter().map(|increment| number(increment.thread)).min().unwrap_or(0);
        let name = |thread| format!("thread {}", number(thread) - first + 1);
        let (read, written) = (thousands(left.value), thousands(left.value + 1));
        let mut steps = [
            (left.has_read, format!("    {:24}", format!("reads {read}"))),
            (right.has_read, format!("    {:24}reads {read}", "")),
            (left.will_write, format!("    {:24}", format!("writes {written}"))),
            (right.will_write, format!("    {:24}writes {written}", "")),
        ];
        steps.sort();
        say!("One of the lost updates of the second row, as it happened:\n");
        say!("    {:24}{}", name(left.thread), name(right.thread));
        for (_, step) in steps {
            say!("{}", step.trim_end());
        }
        say!("\nBoth read {read} and wrote {written}: one update is lost.");
    }
}

/// The 17 of `ThreadId(17)`, which says in which order the threads were started.
fn number(thread: ThreadId) -> u64 {
    let id = format!("{thread:?}");
    id.trim_matches(|c: char| !c.is_ascii_digit()).parse().unwrap_or(0)
}

fn no_threads<T>() -> Result<T> {
    Err(Error::new("No thread could be started; raise the limit (ulimit -u)"))
}
