//! Runs the programs and puts their figures into one table.

use std::path::{Path, PathBuf};
use std::process::{Command as Process, ExitCode, Stdio};

use clap::builder::PossibleValuesParser;
use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};
use classroom::cargo;
use classroom::error::{Error, Result};
use classroom::lesson::{Summary, options};
use classroom::output::warn;
use classroom::say;
use classroom::timeline::save::Target;
use classroom::timeline::trace;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::Value;

mod machine;
pub mod page;
pub mod table;

use table::{Comparison, Job, PROGRAMS, Program, Row, Run};

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
                .value_parser(options::count)
                .default_value("3"),
            number("at", "Give every I/O program that has -c this concurrency")
                .value_parser(options::count),
            number("times", "Download each page this often")
                .short('n')
                .value_parser(options::count)
                .default_value("80"),
            number("latency", "Time to each answer, in milliseconds")
                .value_name("MS")
                .value_parser(options::whole_number)
                .default_value("90"),
            number("number", "The first number to sum up to")
                .value_parser(options::whole_number)
                .default_value("5000000"),
            Arg::new("json")
                .long("json")
                .value_name("FILE")
                .value_parser(value_parser!(PathBuf))
                .help("Write all figures to this file, too"),
            options::save("Save the report as .html, or as .json for classroom replay"),
        ])
}

/// Builds what is missing, runs the programs and prints the table.
pub fn compare(matches: &ArgMatches) -> Result<ExitCode> {
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
        page::check_form(target)?;
        target.check()?;
    }

    let bar = ProgressBar::new((programs.len() * runs) as u64);
    if let Ok(style) =
        ProgressStyle::with_template("{bar:24} {pos} of {len} runs, {elapsed}: {msg}")
    {
        bar.set_style(style);
    }
    bar.enable_steady_tick(std::time::Duration::from_millis(200));
    let mut executables = Vec::new();
    for program in &programs {
        bar.set_message(format!("building {}", program.name));
        executables.push(build(program.name)?);
    }
    let mut rows = Vec::new();
    let mut failed = false;
    for (program, executable) in programs.into_iter().zip(executables) {
        bar.set_message(program.name);
        let arguments = arguments(program, matches);
        let mut row = Row { program, runs: Vec::new() };
        for _ in 0..runs {
            match run(&executable, &arguments, save.is_some() && program.job != Job::Race) {
                Ok(run) => row.runs.push(run),
                Err(error) => {
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

    let comparison = Comparison { machine: machine::this_machine(), rows };
    comparison.print();
    if let Some(target) = json {
        target.write(|file| writeln!(file, "{:#}", comparison.to_json()))?;
    }
    if let Some(target) = save {
        page::save(&comparison, target)?;
        say!("\nSaved as {}", target.path().display());
    }
    Ok(if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// Builds a program and returns the path of its executable.
fn build(name: &str) -> Result<PathBuf> {
    let output = cargo::build(name)
        .stdin(Stdio::null())
        .output()
        .map_err(|error| Error::new(format!("Cannot start cargo to build {name}: {error}")))?;
    let messages = String::from_utf8_lossy(&output.stdout);
    let executable = messages.lines().rev().find_map(|line| {
        let message: Value = serde_json::from_str(line).ok()?;
        message["executable"].as_str().map(PathBuf::from)
    });
    executable.filter(|_| output.status.success()).ok_or_else(|| {
        let reason = String::from_utf8_lossy(&output.stderr).into_owned();
        Error::new(format!("cargo could not build {name}:\n{}", reason.trim_end()))
    })
}

/// What a program is told.
fn arguments(program: &Program, matches: &ArgMatches) -> Vec<String> {
    let number = |name: &str| matches.get_one::<u64>(name).map_or(String::new(), u64::to_string);
    let mut arguments = vec!["--quiet".to_string()];
    match program.job {
        Job::Download => {
            let times: usize = *matches.get_one("times").expect("--times has a default");
            arguments.extend(["--times".into(), times.to_string()]);
            arguments.extend(["--latency".into(), number("latency")]);
            if let Some(at) = matches.get_one::<usize>("at").filter(|_| program.is_concurrent) {
                arguments.extend(["--concurrency".into(), at.to_string()]);
            }
        }
        Job::Sum => arguments.extend(["--number".into(), number("number")]),
        Job::Race => {}
    }
    arguments
}

/// Runs a program once and returns its figures, and what it did if that is to be recorded.
fn run(executable: &Path, arguments: &[String], recorded: bool) -> Result<Run> {
    // Beside the executable, where cargo could write; two comparisons may run at once.
    let ours = std::process::id();
    let figures = executable.with_extension(format!("{ours}.summary"));
    let recording = executable.with_extension(format!("{ours}.json"));
    let mut command = Process::new(executable);
    command.args(arguments).arg("--summary").arg(&figures);
    if recorded {
        command.arg("--save").arg(&recording);
    }
    let output = command.stdin(Stdio::null()).output()?;
    if !output.status.success() {
        return Err(Error::new(String::from_utf8_lossy(&output.stderr).trim_end()));
    }
    let figures = take(&figures, Summary::read)?;
    let timeline = if recorded { take(&recording, trace::read_file)?.0.pop() } else { None };
    Ok(Run { figures, timeline })
}

/// Reads a file that a program has left, and removes it.
fn take<T>(path: &Path, read: impl FnOnce(&Path) -> Result<T>) -> Result<T> {
    let content = read(path);
    // What cannot be removed is overwritten by the next run.
    let _ = std::fs::remove_file(path);
    content
}
