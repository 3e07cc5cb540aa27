//! The experiments: the examples that print their verdicts, and what the lessons themselves show.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use basics::error::{Error, Result};
use basics::words::short;
use experiment::{Claim, Finding, NO_CLAIMS, judged};

use super::{compiler, lessons};
use crate::cargo::{Executables, Program};
use crate::children::{ProcessOutput, run_to_end};

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

/// The program whose job panics in a worker process.
pub const POOL_TROUBLE: Program = Program::example("pool", "pool_trouble");

impl Experiment {
    /// The experiment that tries a claim, if it is more than an idea.
    pub fn of(claim: &'static Claim) -> Option<Self> {
        Some(match claim.tried_by?.split(' ').collect::<Vec<_>>()[..] {
            ["widths"] => Self::Widths,
            ["jitter"] => Self::Jitter,
            ["weather"] => Self::Weather,
            ["one_core"] => Self::OneCore,
            ["trouble"] => Self::Trouble,
            ["refused", package] => Self::Refused { package },
            [package, "--example", name] => Self::Program(Program::example(package, name)),
            _ => Self::Program(Program::of(claim.tried_by?)),
        })
    }

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
                let output = run_to_end(command.env_remove(NO_CLAIMS), Some(limit))?;
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
