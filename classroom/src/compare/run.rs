//! Builds the programs, runs them and collects their figures.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use crate::cargo;
use basics::error::{Error, Result};
use lesson::Summary;
use timeline::trace;

use super::table::{ARTICLES_NUMBER, Run};
use crate::children::run_to_end;

/// Builds a program of the workspace and returns the path of its executable.
pub fn build(workspace: &Path, name: &str) -> Result<PathBuf> {
    let ended = run_to_end(&mut cargo::build(workspace, name), None)
        .map_err(|error| Error::new(format!("Cannot start cargo to build {name}: {error}")))?;
    let executable = cargo::executables(&ended.stdout).remove(name);
    executable.filter(|_| ended.status.success()).ok_or_else(|| {
        let reason = ended.stderr.trim_end();
        Error::new(format!("cargo could not build {name}. It says:\n\n{reason}"))
    })
}

/// What a program is told to do: the name of a figure, its option, its value.
///
/// The values become figures of the run, so that a saved comparison tells what it measured.
pub type Told = Vec<(&'static str, &'static str, u64)>;

/// Runs a program once, no longer than `limit`, and returns its figures, and what it did if that is to
/// be recorded.
pub fn run(executable: &Path, told: &Told, recorded: bool, limit: Option<Duration>) -> Result<Run> {
    // Beside the executable, where cargo could write; two comparisons may run at once.
    let ours = std::process::id();
    let figures = Leftover(executable.with_extension(format!("{ours}.summary")));
    let recording = Leftover(executable.with_extension(format!("{ours}.json")));
    let mut command = Command::new(executable);
    command.arg("--quiet");
    for (_, option, value) in told {
        command.arg(option).arg(value.to_string());
    }
    command.arg("--summary").arg(&figures.0);
    if recorded {
        command.arg("--save").arg(&recording.0);
    }
    let ended = run_to_end(&mut command, limit)?;
    if !ended.status.success() {
        return Err(match ended.stderr.trim_end() {
            // A program that was killed has not said why.
            "" => Error::new(ended.status),
            reason => Error::new(reason),
        });
    }
    let read = Summary::read(&figures.0)?;
    let told = told.iter().map(|&(name, _, value)| (name, value));
    let figures = told.fold(read, |figures, (name, value)| figures.with(name, value));
    let timeline = if recorded { trace::read_file(&recording.0)?.0.pop() } else { None };
    Ok(Run { figures, timeline })
}

/// A file that a program leaves for us, removed when it is not needed any more.
struct Leftover(PathBuf);

impl Drop for Leftover {
    fn drop(&mut self) {
        // A program that failed may not have written it.
        let _ = fs::remove_file(&self.0);
    }
}

/// How long the sums of the comparison keep one core busy, in seconds. The article's take less than
/// a tenth of that, too little for the clock and for the start of a process.
const BUSY: f64 = 0.5;

/// The first number with which the 20 sums keep one core of this machine busy for about half a
/// second, at least the article's. `program` computes them one after the other.
pub fn number_for_half_a_second(program: &Path) -> Result<u64> {
    let mut number = ARTICLES_NUMBER;
    // The article's sums are too short to tell exactly; those of the next run may be long enough.
    for _ in 0..6 {
        let run = run(program, &vec![("number", "--number", number)], false, None)?;
        // Waiting for a core does not count: other programs may be running.
        let busy = run.figures.number("cpu_seconds").filter(|seconds| *seconds > 0.0);
        let busy = busy.or(run.figures.number("seconds")).unwrap_or(0.0);
        if busy >= BUSY / 2.0 {
            #[expect(clippy::cast_precision_loss, reason = "numbers are far below 2^52")]
            let steps = (number as f64 * BUSY / busy / ARTICLES_NUMBER as f64).round();
            #[expect(clippy::cast_possible_truncation, reason = "it is a small whole number")]
            #[expect(clippy::cast_sign_loss, reason = "it is at least 1")]
            return Ok(steps.max(1.0) as u64 * ARTICLES_NUMBER);
        }
        number *= 4;
    }
    Ok(ARTICLES_NUMBER)
}
