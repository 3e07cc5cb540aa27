//! Around the race: how many threads, how often each increments, and how many updates were lost.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Arg, ArgMatches};

use super::{Result, Summary, options, plural, thousands};
use crate::output::warn;
use crate::say;

/// The options of the race, and what has been lost so far.
pub struct RaceLesson {
    threads: usize,
    increments: u64,
    quiet: bool,
    summary: Summary,
    summary_path: Option<PathBuf>,
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
        summary: Summary::default(),
        summary_path: matches.get_one("summary").cloned(),
    }
}
