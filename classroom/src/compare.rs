//! Runs the programs and puts their figures into one table.

use std::path::PathBuf;
use std::process::ExitCode;

use crate::cargo;
use basics::error::{Error, Result};
use basics::output::warn;
use basics::parse;
use basics::say;
use clap::builder::PossibleValuesParser;
use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};
use indicatif::{ProgressBar, ProgressStyle};
use lesson::options;
use timeline::save::Target;

pub mod machine;
pub mod page;
pub mod run;
pub mod table;
mod verdict;

use crate::children::{INTERRUPTED, is_told_to_end, listen_for_the_end};
use run::{Told, build, number_for_half_a_second, run};
use table::{ARTICLES_LATENCY, ARTICLES_NUMBER, ARTICLES_TIMES};
use table::{Comparison, Job, PROGRAMS, Program, Row, Run};

/// The most runs of a program: a thousand of them take hours.
const MOST_RUNS: usize = 1_000;

/// The command line of `classroom compare`.
pub fn command() -> Command {
    let number = |name: &'static str, help: &'static str| {
        Arg::new(name).long(name).value_name("N").help(help)
    };
    Command::new("compare")
        .about("Run the programs several times and print one table of their figures")
        .arg(
            Arg::new("program")
                .value_name("PROGRAM")
                .action(ArgAction::Append)
                .value_parser(PossibleValuesParser::new(PROGRAMS.map(|program| program.name)))
                .hide_possible_values(true)
                .help("Programs to run, by name [default: all]"),
        )
        .args([
            number("runs", "Runs of each program; the fastest counts")
                .value_parser(runs)
                .default_value("3"),
            number("at", "Give every I/O program that has -c this concurrency")
                .value_parser(parse::count),
            number("times", "Download each page this often")
                .short('n')
                .value_parser(parse::count)
                .default_value(ARTICLES_TIMES),
            number("latency", "Time to each answer, in milliseconds")
                .value_name("MS")
                .value_parser(parse::whole_number)
                .default_value(ARTICLES_LATENCY),
            number("number", "The first number to sum up to [default: for half a second]")
                .value_parser(parse::whole_number),
            Arg::new("json")
                .long("json")
                .value_name("FILE")
                .value_parser(value_parser!(PathBuf))
                .help("Write all figures to this file, too"),
            options::save("Save the report as .html, or as .json for classroom replay")
                .value_parser(page::target),
        ])
}

/// Builds what is missing, runs the programs and prints the table.
pub fn compare(matches: &ArgMatches) -> Result<ExitCode> {
    let done = compare_all(matches);
    if is_told_to_end() { Ok(ExitCode::from(INTERRUPTED)) } else { done }
}

fn compare_all(matches: &ArgMatches) -> Result<ExitCode> {
    let named: Vec<&String> = matches.get_many("program").unwrap_or_default().collect();
    let wanted =
        |program: &&Program| named.is_empty() || named.iter().any(|name| *name == program.name);
    let programs: Vec<&'static Program> = PROGRAMS.iter().filter(wanted).collect();
    let runs: usize = *matches.get_one("runs").expect("--runs has a default");
    // A file that cannot be written is found out before the runs.
    let json = matches.get_one::<PathBuf>("json").cloned().map(Target::json);
    if let Some(target) = &json {
        target.check()?;
    }
    let save = matches.get_one::<Target>("save");
    if let Some(target) = save {
        target.check()?;
    }

    listen_for_the_end()?;
    let bar = ProgressBar::new((programs.len() * runs) as u64);
    if let Ok(style) =
        ProgressStyle::with_template("{bar:24} {pos} of {len} runs, {elapsed}: {msg}")
    {
        bar.set_style(style);
    }
    bar.enable_steady_tick(std::time::Duration::from_millis(200));
    let workspace = cargo::workspace()?;
    let mut executables = Vec::new();
    for program in &programs {
        bar.set_message(format!("building {}", program.name));
        executables.push(build(&workspace, program.name)?);
    }
    let mut failed = false;
    let mut number = matches.get_one("number").copied();
    let mut is_chosen = false;
    if number.is_none() && programs.iter().any(|program| program.job == Job::Sum) {
        bar.set_message("how long does a sum take?");
        let one_core = build(&workspace, "cpu_non_concurrent")?;
        let chosen = number_for_half_a_second(&one_core).unwrap_or_else(|error| {
            failed = true;
            if !is_told_to_end() {
                bar.suspend(|| warn(format_args!("cpu_non_concurrent failed: {error}")));
            }
            ARTICLES_NUMBER
        });
        // Where the article's sums take longer than that anyway, they are computed as they are.
        is_chosen = chosen != ARTICLES_NUMBER;
        number = Some(chosen);
    }
    let mut rows = Vec::new();
    for (program, executable) in programs.into_iter().zip(executables) {
        bar.set_message(program.name);
        let told = told(program, matches, number);
        let mut row = Row { program, runs: Vec::new() };
        for _ in 0..runs {
            match run(&executable, &told, save.is_some() && program.job != Job::Race, None) {
                Ok(mut run) => {
                    if is_chosen && program.job == Job::Sum {
                        run.figures = run.figures.with("number_chosen", 1);
                    }
                    row.runs.push(run);
                }
                Err(error) => {
                    if is_told_to_end() {
                        return Err(error);
                    }
                    failed = true;
                    bar.suspend(|| warn(format_args!("{} failed: {error}", program.name)));
                }
            }
            bar.inc(1);
        }
        let seconds = |run: &Run| run.figures.number("seconds").unwrap_or(f64::INFINITY);
        row.runs.sort_by(|a, b| seconds(a).total_cmp(&seconds(b)));
        // The picture is of the run that counts.
        row.runs.iter_mut().skip(1).for_each(|run| run.timeline = None);
        rows.push(row);
    }
    bar.finish_and_clear();
    rows.retain(|row| !row.runs.is_empty());
    if rows.is_empty() {
        return Err(Error::new("No run succeeded, so there is nothing to compare"));
    }

    let comparison = Comparison { machine: machine::this_machine(), rows };
    comparison.print();
    if let Some(target) = json {
        target.write(|file| writeln!(file, "{:#}", comparison.to_json()))?;
    }
    if let Some(target) = save {
        page::save(&comparison, target)?;
        say!("\nSaved as {target}");
    }
    Ok(if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// Reads how many runs of each program.
fn runs(text: &str) -> Result<usize, String> {
    match parse::count(text)? {
        runs if runs > MOST_RUNS => Err(format!("it must be at most {MOST_RUNS}")),
        runs => Ok(runs),
    }
}

/// What a program is told to do; `number` is the first number of the sums.
fn told(program: &Program, matches: &ArgMatches, number: Option<u64>) -> Told {
    let count = |name| matches.get_one::<usize>(name).map(|count| *count as u64);
    let latency = matches.get_one::<u64>("latency").copied();
    let told = match program.job {
        Job::Download => vec![
            ("times", "--times", count("times")),
            ("latency_ms", "--latency", latency),
            ("asked_at_once", "--concurrency", count("at").filter(|_| program.is_concurrent)),
        ],
        Job::Sum => vec![("number", "--number", number)],
        Job::Race => Vec::new(),
    };
    told.into_iter().filter_map(|(name, option, value)| Some((name, option, value?))).collect()
}
