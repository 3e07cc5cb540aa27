//! The experiments: the examples that print their verdicts, and what the lessons themselves show.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use basics::error::{Error, Result};
use basics::words::short;
use experiment::{Finding, judged};

use super::{compiler, lessons};
use crate::cargo::{Executables, Program};
use crate::children::{ProcessOutput, run_to_end};

/// How a claim is tried.
#[derive(Clone, Copy, Debug)]
pub enum Trial {
    /// This experiment measures it, and computes the verdict from what it has measured.
    By(Experiment),
    /// It is an idea, and nothing can be measured: why.
    Idea(&'static str),
}

/// How some claims are tried together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Experiment {
    /// A program that prints its verdicts.
    Program(Program<'static>),
    /// The four programs that download, with the article's widths and with equal ones.
    Widths,
    /// A download program and a site whose times vary.
    Jitter,
    /// A download program and a site that is slow in several ways.
    Weather,
    /// The sums, one after the other.
    OneCore,
    /// A job of a pool that panics.
    Trouble,
    /// Programs of a package that the compiler refuses.
    Refused { package: &'static str },
}

const fn example(package: &'static str, name: &'static str) -> Trial {
    Trial::By(Experiment::Program(Program::example(package, name)))
}

pub const BETTER_ALGORITHM: Trial = example("cpu_non_concurrent", "better_algorithm");
pub const CHUNKS: Trial = example("cpu_mp", "chunks");
pub const CURES: Trial = example("race_condition", "cures");
pub const DOWNLOAD_FILES: Trial = example("io_threading", "download_files");
pub const EVENT_LOOP: Trial = example("io_asyncio", "event_loop");
pub const EVERY_INTERLEAVING: Trial =
    Trial::By(Experiment::Program(Program::of("every_interleaving")));
pub const FETCH_PAGES: Trial = example("io_asyncio", "fetch_pages");
pub const GIL: Trial = example("cpu_threading", "gil");
pub const HOW_MANY_PROCESSES: Trial = example("io_mp", "how_many_processes");
pub const HOW_MANY_THREADS: Trial = example("io_threading", "how_many_threads");
pub const HOW_OFTEN: Trial = example("race_condition", "how_often");
pub const LOST_UPDATE: Trial = example("race_condition", "lost_update");
pub const LOST_UPDATE_ASYNC: Trial = example("io_asyncio", "lost_update_async");
pub const MIXED_JOB: Trial = example("io_asyncio", "mixed_job");
pub const OWN_MEMORY: Trial = example("io_mp", "own_memory");
pub const POOL_BY_HAND: Trial = example("io_threading", "pool_by_hand");
pub const PRICE_LIST: Trial = example("io_asyncio", "price_list");
pub const PRIMES: Trial = example("cpu_mp", "primes");
pub const RECURSION: Trial = example("cpu_threading", "recursion");
pub const SCALING: Trial = example("cpu_threading", "scaling");
pub const SESSIONS: Trial = example("io_threading", "sessions");
pub const STARVING: Trial = example("io_asyncio", "starving");
pub const SUMS_AS_TASKS: Trial = example("io_asyncio", "sums_as_tasks");
pub const TORN_LINES: Trial = example("race_condition", "torn_lines");
pub const TWO_THREADS: Trial = example("cpu_threading", "two_threads");
pub const ZOMBIES_AND_ORPHANS: Trial = example("io_mp", "zombies_and_orphans");

pub const JITTER: Trial = Trial::By(Experiment::Jitter);
pub const ONE_CORE: Trial = Trial::By(Experiment::OneCore);
pub const REFUSED_COUNTERS: Trial = Trial::By(Experiment::Refused { package: "race_condition" });
pub const REFUSED_SESSIONS: Trial = Trial::By(Experiment::Refused { package: "io_threading" });
pub const TROUBLE: Trial = Trial::By(Experiment::Trouble);
pub const WEATHER: Trial = Trial::By(Experiment::Weather);
pub const WIDTHS: Trial = Trial::By(Experiment::Widths);

/// The program whose job panics in a worker process.
pub const POOL_TROUBLE: Program = Program::example("pool", "pool_trouble");

impl Experiment {
    /// The programs that it runs.
    pub fn programs(self) -> Vec<Program<'static>> {
        match self {
            Self::Program(program) => vec![program],
            Self::Widths => ["io_non_concurrent", "io_threading", "io_asyncio", "io_mp"]
                .map(Program::of)
                .to_vec(),
            Self::Jitter => vec![Program::of("io_non_concurrent")],
            Self::Weather => vec![Program::of("io_threading")],
            Self::OneCore => vec![Program::of("cpu_non_concurrent")],
            Self::Trouble => vec![POOL_TROUBLE],
            Self::Refused { .. } => Vec::new(),
        }
    }

    /// The command that shows it, as it is typed.
    pub fn command(self) -> String {
        match self {
            Self::Program(program) => program.command(),
            Self::Widths => "cargo run -p classroom -- compare".into(),
            Self::Jitter => "cargo run -p io_non_concurrent -- -q --jitter 90 --seed 1".into(),
            Self::Weather => "cargo run -p io_threading -- -q --capacity 1".into(),
            Self::OneCore => "cargo run -p cpu_non_concurrent".into(),
            Self::Trouble => format!("{} -- panic", POOL_TROUBLE.command()),
            Self::Refused { package } => {
                let program = compiler::first_program(package);
                format!("rustc --edition 2024 {package}/refused/{program}.rs")
            }
        }
    }

    /// What runs meanwhile, in few words.
    pub fn name(self) -> &'static str {
        match self {
            Self::Program(program) => program.name,
            Self::Widths => "four download programs",
            Self::Jitter => "io_non_concurrent",
            Self::Weather => "io_threading",
            Self::OneCore => "cpu_non_concurrent",
            Self::Trouble => POOL_TROUBLE.name,
            Self::Refused { .. } => "rustc",
        }
    }

    /// Runs it, and returns what it says about its claims.
    ///
    /// # Errors
    ///
    /// A program of it does not compile, failed, or took longer than `limit`.
    pub fn run(
        self,
        workspace: &Path,
        executables: &Executables,
        limit: Duration,
    ) -> Result<Vec<Finding>> {
        match self {
            Self::Program(program) => {
                let mut command = Command::new(executables.path(program)?);
                let output = run_to_end(&mut command, Some(limit))?;
                check(&output)?;
                Ok(judged(&output.stdout))
            }
            Self::Widths => lessons::widths(executables, limit),
            Self::Jitter => lessons::jitter(executables, limit),
            Self::Weather => lessons::weather(executables, limit),
            Self::OneCore => lessons::one_core(executables, limit),
            Self::Trouble => lessons::trouble(executables, limit),
            Self::Refused { package } => compiler::refused(workspace, package, limit),
        }
    }
}

/// A program that did not end well has something to say about that, or nothing.
fn check(output: &ProcessOutput) -> Result<()> {
    if output.status.success() {
        return Ok(());
    }
    let last =
        output.stderr.lines().rfind(|line| !line.trim().is_empty() && !line.starts_with("note: "));
    Err(Error::new(match last {
        Some(reason) => format!("it ended with {}: {}", output.status, short(reason.trim())),
        None => format!("it ended with {}", output.status),
    }))
}
