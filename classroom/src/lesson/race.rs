//! Around the race: how many threads, how often each increments, and how many updates were lost.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use clap::Arg;
use cpu_time::ProcessTime;

use super::{Error, Result, Summary, options, plural, thousands};
use crate::output::warn;
use crate::say;

/// The options of the race, and what has been lost so far.
pub struct RaceLesson {
    threads: usize,
    increments: u64,
    quiet: bool,
    summary: Option<PathBuf>,
    started: (Instant, ProcessTime),
    lost: Vec<u64>,
}

/// Reads the command line of the race.
///
/// `threads` and `increments` count if the options do not say. Wrong usage ends the program with
/// status 2.
#[must_use]
pub fn race(threads: usize, increments: usize) -> RaceLesson {
    let number = |name: &'static str, what: &str, default: usize| {
        Arg::new(name)
            .long(name)
            .value_name("N")
            .value_parser(options::count)
            .help(format!("{what} [default: {default}]"))
    };
    let matches = options::command(
        "Increments one counter from many threads, with and without protection, and says how many \
         updates were lost."
            .into(),
    )
    .args([
        number("threads", "How many threads", threads),
        number("increments", "How often each thread increments the counter", increments),
    ])
    .mut_arg("quiet", |quiet| quiet.help("Print the numbers alone"))
    .get_matches();
    let count = |name, default| matches.get_one::<usize>(name).copied().unwrap_or(default);
    RaceLesson {
        threads: count("threads", threads),
        increments: count("increments", increments) as u64,
        quiet: matches.get_flag("quiet"),
        summary: matches.get_one("summary").cloned(),
        started: (Instant::now(), ProcessTime::now()),
        lost: Vec::new(),
    }
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

    /// Prints what the counter should be, what it is, and how many updates were lost.
    ///
    /// `started` is how many threads could be started: the others are left out of the sum.
    pub fn show(&mut self, how: &str, started: usize, counter: u64) {
        if started < self.threads {
            warn(format_args!(
                "Only {} of {} could be started; going on with those",
                thousands(started as u64),
                plural(self.threads as u64, "thread"),
            ));
            // The races that follow are run by as many, so that they can be compared.
            self.threads = started;
        }
        if started == 0 {
            return;
        }
        let expected = started as u64 * self.increments;
        let lost = expected.abs_diff(counter);
        if self.lost.is_empty() && !self.quiet {
            say!(
                "{} increment one counter {} each.\n",
                plural(started as u64, "thread"),
                plural(self.increments, "time"),
            );
            say!("{:37} {:>13} {:>13} {:>13}", "", "should be", "is", "lost");
        }
        let [expected, counter, shown] = [expected, counter, lost].map(thousands);
        say!("{how:37} {expected:>13} {counter:>13} {shown:>13}");
        self.lost.push(lost);
    }

    /// Says in a sentence what happened.
    pub fn report(self) -> Result<ExitCode> {
        if self.threads == 0 {
            return Err(Error::new("No thread could be started; raise the limit (ulimit -u)"));
        }
        let (wall, cpu) = (self.started.0.elapsed(), self.started.1.elapsed());
        if let (false, &[by_chance, forced, ..]) = (self.quiet, &self.lost[..]) {
            say!("");
            if by_chance == 0 {
                say!("As the article writes it, no update was lost this time. Run it again.");
            }
            if forced > 0 {
                say!(
                    "A lost update: two threads read the same value, and both write that value + 1."
                );
            } else {
                say!("No update was lost: it takes at least two threads at work at the same time.");
            }
        }
        let names = ["lost_by_chance", "lost_forced", "lost_mutex", "lost_fetch_add"];
        let lost = names.into_iter().zip(self.lost);
        lost.fold(Summary::default(), |summary, (name, lost)| summary.with(name, lost))
            .with("seconds", wall.as_secs_f64())
            .with("cpu_seconds", cpu.as_secs_f64())
            .with("at_once", self.threads)
            .write(self.summary.as_deref())?;
        Ok(ExitCode::SUCCESS)
    }
}
