//! Runs the programs and puts their figures into one table.

use std::process::ExitCode;
use std::thread;
use std::time::Duration;

use basics::error::{Error, Result};
use basics::output::warn;
use basics::parse;
use basics::say;
use clap::builder::PossibleValuesParser;
use clap::value_parser;
use clap_derive::Args;
use indicatif::{ProgressBar, ProgressStyle};
use timeline::Job;
use timeline::save::Target;

pub mod machine;
pub mod page;
pub mod run;
pub mod table;
mod verdict;

use crate::cargo::{self, Executables, Program};
use crate::children::{is_told_to_end, listen_for_the_end};
use run::{Setting, number_for_half_a_second, run};
use table::{ARTICLES_LATENCY, ARTICLES_NUMBER, ARTICLES_TIMES};
use table::{Comparison, LESSONS, Lesson, Row, Run};

#[derive(Args)]
pub struct Options {
    /// Programs to run, by name [default: all]
    #[arg(
        value_name = "PROGRAM",
        value_parser = PossibleValuesParser::new(LESSONS.map(|lesson| lesson.name)),
        hide_possible_values = true,
    )]
    programs: Vec<String>,
    /// Runs of each program; the fastest counts
    #[arg(
        long,
        value_name = "N",
        value_parser = value_parser!(u16).range(1..=1000),
        default_value_t = 3,
    )]
    runs: u16,
    /// Give every I/O program that has -c this concurrency
    #[arg(long, value_name = "N", value_parser = parse::count)]
    at: Option<usize>,
    /// Download each page this often
    #[arg(short = 'n', long, value_name = "N", value_parser = parse::count, default_value = ARTICLES_TIMES)]
    times: usize,
    /// Time to each answer, in milliseconds
    #[arg(
        long,
        value_name = "MS",
        value_parser = parse::whole_number,
        default_value = ARTICLES_LATENCY,
    )]
    latency: u64,
    /// First number of the sums [default: for half a second]
    #[arg(long, value_name = "N", value_parser = parse::whole_number)]
    number: Option<u64>,
    /// How long one run of a program may take
    #[arg(long, value_name = "SECONDS", value_parser = parse::seconds, default_value = "300")]
    timeout: Duration,
    /// Save the report as .html, or as .json for replay
    #[arg(long, value_name = "FILE", value_parser = page::target)]
    save: Option<Target>,
}

/// Builds what is missing, runs the programs and prints the table.
pub fn compare(options: &Options) -> Result<ExitCode> {
    // A file that cannot be written is found out before the runs.
    if let Some(target) = &options.save {
        target.check()?;
    }
    listen_for_the_end()?;
    let lessons = options.lessons();
    let bar = bar(lessons.len() * usize::from(options.runs), "runs");
    let executables = build(&lessons, options, &bar)?;
    let number = match options.number {
        None if computes(&lessons) => Some(calibrate(&executables, options, &bar)?),
        number => number,
    };
    let mut rows = Vec::new();
    for lesson in lessons {
        rows.push(run_all(lesson, options, number, &executables, &bar)?);
    }
    bar.finish_and_clear();
    report(rows, options)
}

/// A bar of so many steps, beside the time and what is done now.
pub fn bar(steps: usize, what: &str) -> ProgressBar {
    let bar = ProgressBar::new(steps as u64);
    let template = format!("{{bar:24}} {{pos}} of {{len}} {what}, {{elapsed}}: {{msg}}");
    if let Ok(style) = ProgressStyle::with_template(&template) {
        bar.set_style(style);
    }
    // It needs a thread, and panics if there is none.
    if thread::Builder::new().spawn(|| {}).is_ok_and(|thread| thread.join().is_ok()) {
        bar.enable_steady_tick(Duration::from_millis(200));
    }
    bar
}

impl Options {
    /// The programs that are asked for, in the article's order.
    fn lessons(&self) -> Vec<&'static Lesson> {
        let is_wanted = |lesson: &&Lesson| {
            self.programs.is_empty() || self.programs.iter().any(|name| name == lesson.name)
        };
        LESSONS.iter().filter(is_wanted).collect()
    }

    /// What a program is told to do; `number` is the first number of the sums.
    fn settings(&self, lesson: &Lesson, number: Option<u64>) -> Vec<Setting> {
        let at = self.at.filter(|_| lesson.is_concurrent).map(|at| at as u64);
        let settings = match lesson.job {
            Job::Download => vec![
                ("times", "--times", Some(self.times as u64)),
                ("latency_ms", "--latency", Some(self.latency)),
                ("asked_at_once", "--concurrency", at),
            ],
            Job::Sum => vec![("number", "--number", number)],
            Job::Race => Vec::new(),
        };
        let given = |(figure, option, value): (_, _, Option<u64>)| {
            Some(Setting { figure, option, value: value? })
        };
        settings.into_iter().filter_map(given).collect()
    }
}

/// Whether sums are among the jobs.
fn computes(lessons: &[&Lesson]) -> bool {
    lessons.iter().any(|lesson| lesson.job == Job::Sum)
}

/// The program that shows how long a sum takes.
const ONE_CORE: Program = Program::of("cpu_non_concurrent");

fn build(lessons: &[&Lesson], options: &Options, bar: &ProgressBar) -> Result<Executables> {
    let programs = lessons.iter().map(|lesson| Program::of(lesson.name));
    let one_core = (options.number.is_none() && computes(lessons)).then_some(ONE_CORE);
    Executables::build(&cargo::workspace()?, programs.chain(one_core), |what| {
        bar.set_message(what.to_string());
    })
}

/// The first number of sums that take long enough to be compared.
fn calibrate(executables: &Executables, options: &Options, bar: &ProgressBar) -> Result<u64> {
    bar.set_message("how long does a sum take?");
    number_for_half_a_second(executables.path(ONE_CORE)?, options.timeout)
        .map_err(|error| Error::new(format!("{} failed: {error}", ONE_CORE.name)))
}

/// Runs a program as often as is asked for; the fastest run is the first in its row. A run that fails
/// is not in it.
fn run_all(
    lesson: &'static Lesson,
    options: &Options,
    number: Option<u64>,
    executables: &Executables,
    bar: &ProgressBar,
) -> Result<Row> {
    bar.set_message(lesson.name);
    let executable = executables.path(Program::of(lesson.name))?;
    let settings = options.settings(lesson, number);
    let is_recorded = options.save.is_some() && lesson.job != Job::Race;
    // Where the article's sums take longer than half a second anyway, they are computed as they are.
    let is_chosen =
        lesson.job == Job::Sum && options.number.is_none() && number != Some(ARTICLES_NUMBER);
    let mut runs = Vec::new();
    for _ in 0..options.runs {
        match run(executable, &settings, is_recorded, options.timeout) {
            Ok(Run { figures, timeline }) => {
                let figures = if is_chosen { figures.with("number_chosen", 1) } else { figures };
                runs.push(Run { figures, timeline });
            }
            Err(error) if is_told_to_end() => return Err(error),
            Err(error) => bar.suspend(|| warn(format_args!("{} failed: {error}", lesson.name))),
        }
        bar.inc(1);
    }
    let mut row = Row::new(lesson, runs);
    // The picture is of the run that counts.
    row.runs.iter_mut().skip(1).for_each(|run| run.timeline = None);
    Ok(row)
}

/// Prints the table and saves the report. The exit status is 1 if a run has failed.
fn report(mut rows: Vec<Row>, options: &Options) -> Result<ExitCode> {
    let has_failed = rows.iter().any(|row| row.runs.len() < usize::from(options.runs));
    rows.retain(|row| !row.runs.is_empty());
    if rows.is_empty() {
        return Err(Error::new("No run succeeded, so there is nothing to compare"));
    }
    let comparison = Comparison { machine: machine::this_machine(), rows };
    comparison.print();
    if let Some(target) = &options.save {
        page::save(&comparison, target)?;
        say!("\nSaved as {target}");
    }
    Ok(if has_failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}
