//! Runs the programs and puts their figures into one table.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command as Process, ExitCode, Stdio};

use clap::builder::PossibleValuesParser;
use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};
use classroom::lesson::{Error, Result, Summary, options};
use classroom::output::warn;
use classroom::say;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::{Value, json};

/// A program, the job it does and the article's own time for it, in seconds.
struct Program {
    name: &'static str,
    job: Job,
    article: Option<f64>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Job {
    Download,
    Sum,
    Race,
}

const fn program(name: &'static str, job: Job, article: Option<f64>) -> Program {
    Program { name, job, article }
}

/// All programs, in the article's order, with the times of its sample runs.
const PROGRAMS: [Program; 8] = [
    program("io_non_concurrent", Job::Download, Some(14.289_619)),
    program("io_threading", Job::Download, Some(3.723_883)),
    program("io_asyncio", Job::Download, Some(2.572_790)),
    program("io_mp", Job::Download, Some(5.718_175)),
    program("cpu_non_concurrent", Job::Sum, Some(7.834_432)),
    program("cpu_threading", Job::Sum, Some(10.407_078)),
    program("cpu_mp", Job::Sum, Some(2.517_540)),
    program("race_condition", Job::Race, None),
];

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
        ])
}

/// The figures of all runs of one program, the fastest first.
struct Row {
    program: &'static Program,
    runs: Vec<Summary>,
}

impl Row {
    /// A figure of the fastest run.
    fn figure(&self, name: &str) -> Option<f64> {
        self.runs.first()?.number(name)
    }

    fn seconds(&self) -> f64 {
        self.figure("seconds").unwrap_or(f64::INFINITY)
    }

    fn at_once(&self) -> f64 {
        self.figure("at_once").unwrap_or(1.0)
    }

    /// How much longer the slowest run took, as a part of the fastest.
    fn spread(&self) -> f64 {
        let slowest = self.runs.last().and_then(|run| run.number("seconds"));
        slowest.map_or(0.0, |slowest| slowest / self.seconds() - 1.0)
    }

    /// The time of the fastest run as a multiple of its bound.
    fn ratio(&self) -> Option<f64> {
        self.figure("bound_seconds")
            .filter(|bound| *bound > 0.0)
            .map(|bound| self.seconds() / bound)
    }
}

/// Builds what is missing, runs the programs and prints the table.
pub fn compare(matches: &ArgMatches) -> Result<ExitCode> {
    let named: Vec<&String> = matches.get_many("program").unwrap_or_default().collect();
    let wanted =
        |program: &&Program| named.is_empty() || named.iter().any(|name| *name == program.name);
    let programs: Vec<&'static Program> = PROGRAMS.iter().filter(wanted).collect();
    let runs: usize = *matches.get_one("runs").expect("--runs has a default");
    // A file that cannot be written is found out before the runs.
    let json_file = matches.get_one::<PathBuf>("json").map(|path| create(path)).transpose()?;

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
        let arguments = arguments(program.job, matches);
        let mut row = Row { program, runs: Vec::new() };
        for _ in 0..runs {
            match run(&executable, &arguments) {
                Ok(figures) => row.runs.push(figures),
                Err(error) => {
                    failed = true;
                    bar.suspend(|| warn(format_args!("{} failed: {error}", program.name)));
                }
            }
            bar.inc(1);
        }
        let seconds = |run: &Summary| run.number("seconds").unwrap_or(f64::INFINITY);
        row.runs.sort_by(|a, b| seconds(a).total_cmp(&seconds(b)));
        rows.push(row);
    }
    bar.finish_and_clear();
    rows.retain(|row| !row.runs.is_empty());

    print_table(&rows, runs);
    for job in [Job::Download, Job::Sum, Job::Race] {
        let rows: Vec<&Row> = rows.iter().filter(|row| row.program.job == job).collect();
        if let Some(sentence) = sentence(job, &rows) {
            say!("\n{sentence}");
        }
    }
    if let Some((mut file, path)) = json_file {
        let report =
            json!({ "runs": runs, "programs": rows.iter().map(as_json).collect::<Vec<_>>() });
        writeln!(file, "{report:#}").map_err(|error| cannot_write(&path, &error))?;
    }
    Ok(if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn create(path: &Path) -> Result<(File, PathBuf)> {
    let file = File::create(path).map_err(|error| cannot_write(path, &error))?;
    Ok((file, path.into()))
}

fn cannot_write(path: &Path, error: &std::io::Error) -> Error {
    Error::new(format!("Cannot write {}: {error}", path.display()))
}

/// Builds a program as `cargo run -p` does, and returns the path of its executable.
///
/// One by one, because cargo would build them with each other's features if asked for all at once.
fn build(name: &str) -> Result<PathBuf> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).with_file_name("Cargo.toml");
    let mut command = Process::new(cargo);
    command
        .args(["build", "--quiet", "--message-format=json", "-p", name, "--manifest-path"])
        .arg(root);
    if !cfg!(debug_assertions) {
        command.arg("--release");
    }
    let output = command
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

/// What a program of this job is told.
fn arguments(job: Job, matches: &ArgMatches) -> Vec<String> {
    let number = |name: &str| matches.get_one::<u64>(name).map_or(String::new(), u64::to_string);
    let mut arguments = vec!["--quiet".to_string()];
    match job {
        Job::Download => {
            let times: usize = *matches.get_one("times").expect("--times has a default");
            arguments.extend(["--times".into(), times.to_string()]);
            arguments.extend(["--latency".into(), number("latency")]);
            if let Some(at) = matches.get_one::<usize>("at") {
                arguments.extend(["--concurrency".into(), at.to_string()]);
            }
        }
        Job::Sum => arguments.extend(["--number".into(), number("number")]),
        Job::Race => {}
    }
    arguments
}

/// Runs a program once and returns its figures.
fn run(executable: &Path, arguments: &[String]) -> Result<Summary> {
    // Beside the executable, where this program could write already.
    let figures = executable.with_extension("summary");
    let single = executable.file_stem().is_some_and(|name| name == "io_non_concurrent");
    let concurrency = arguments.iter().position(|argument| argument == "--concurrency");
    let end = concurrency.filter(|_| single).unwrap_or(arguments.len());
    let output = Process::new(executable)
        .args(&arguments[..end])
        .arg("--summary")
        .arg(&figures)
        .stdin(Stdio::null())
        .output()?;
    if !output.status.success() {
        return Err(Error::new(String::from_utf8_lossy(&output.stderr).trim_end()));
    }
    let summary = Summary::read(&figures);
    // What cannot be removed is overwritten by the next run.
    let _ = std::fs::remove_file(&figures);
    summary
}

fn print_table(rows: &[Row], runs: usize) {
    match runs {
        1 => say!("One run of each program, times in seconds.\n"),
        _ => say!(
            "The fastest of {runs} runs, in seconds; spread: how much longer the slowest took.\n"
        ),
    }
    say!(
        "{:18} {:>7} {:>7} {:>6} {:>7} {:>5} {:>6} {:>6} {:>9}",
        "",
        "at once",
        "time",
        "spread",
        "bound",
        "ratio",
        "CPU",
        "seen",
        "article"
    );
    for row in rows {
        let optional = |value: Option<f64>, digits: usize| {
            value.map_or(String::new(), |value| format!("{value:.digits$}"))
        };
        say!(
            "{:18} {:>7} {:>7.3} {:>5.0}% {:>7} {:>5} {:>6} {:>6} {:>9}",
            row.program.name,
            row.at_once(),
            row.seconds(),
            100.0 * row.spread(),
            optional(row.figure("bound_seconds"), 3),
            optional(row.ratio(), 2),
            optional(row.figure("cpu_seconds"), 3),
            optional(row.figure("most_at_once"), 0),
            optional(row.program.article, 2),
        );
    }
    say!("\nbound: no program can be faster (waiting or work, divided by what runs at once)");
    say!("seen: the most requests that the built-in site saw at once");
}

/// Which program of a job was fastest, by how much, and why.
fn sentence(job: Job, rows: &[&Row]) -> Option<String> {
    if job == Job::Race {
        let runs = &rows.first()?.runs;
        let lossy = |name| runs.iter().filter(|run| run.number(name) > Some(0.0)).count();
        return Some(format!(
            "Race: as the article writes it, updates were lost in {} of {} runs; with a switch\n\
             between read and write in {}; with a Mutex in {}; with fetch_add in {}.",
            lossy("lost_by_chance"),
            runs.len(),
            lossy("lost_forced"),
            lossy("lost_mutex"),
            lossy("lost_fetch_add"),
        ));
    }
    let by_time = |a: &&&Row, b: &&&Row| a.seconds().total_cmp(&b.seconds());
    let fastest = rows.iter().min_by(by_time)?;
    let slowest = rows.iter().max_by(by_time)?;
    if fastest.program.name == slowest.program.name {
        return None;
    }
    let times = slowest.seconds() / fastest.seconds();
    let head = format!(
        "{} was fastest, {times:.1} times as fast as {}",
        fastest.program.name, slowest.program.name
    );
    let busy = |row: &Row| row.figure("cpu_seconds").unwrap_or(0.0) / row.seconds();
    Some(match job {
        _ if times < 1.05 => {
            let (fast, slow) = (fastest.program.name, slowest.program.name);
            format!("{fast} and {slow} took the same time, within a twentieth.")
        }
        Job::Sum => format!(
            "Sums: {head}:\n{:.1} cores were busy instead of {:.1}.",
            busy(fastest),
            busy(slowest)
        ),
        _ => format!(
            "Downloads: {head}:\n{} of them waited at the same time instead of {}.",
            fastest.at_once(),
            slowest.at_once()
        ),
    })
}

fn as_json(row: &Row) -> Value {
    let names = [
        "seconds",
        "bound_seconds",
        "cpu_seconds",
        "at_once",
        "items",
        "ok",
        "connections",
        "answered",
        "most_at_once",
        "lost_by_chance",
        "lost_forced",
        "lost_mutex",
        "lost_fetch_add",
    ];
    let run = |run: &Summary| -> Value {
        let figures =
            names.iter().filter_map(|name| Some(((*name).into(), run.number(name)?.into())));
        Value::Object(figures.collect())
    };
    json!({
        "program": row.program.name,
        "article_seconds": row.program.article,
        "spread": row.spread(),
        "ratio": row.ratio(),
        "runs": row.runs.iter().map(run).collect::<Vec<_>>(),
    })
}
