//! Runs the programs and collects their figures.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{self, Command};
use std::time::Duration;

use basics::error::{Error, Result};
use lesson::Summary;
use timeline::trace;

use super::table::{ARTICLES_NUMBER, Run};
use crate::children::run_to_end;

/// An option that a program is run with. Its value becomes a figure of the run, so that a saved
/// comparison tells what it measured.
#[derive(Clone, Copy)]
pub struct Setting {
    pub figure: &'static str,
    pub option: &'static str,
    pub value: u64,
}

/// Runs a program once, no longer than `limit`, and returns its figures, and what it did if that is to
/// be recorded.
pub fn run(
    executable: &Path,
    settings: &[Setting],
    is_recorded: bool,
    limit: Duration,
) -> Result<Run> {
    let summary = TemporaryFile::beside(executable, "summary");
    let recording = TemporaryFile::beside(executable, "json");
    let mut command = Command::new(executable);
    command.arg("--quiet").arg("--summary").arg(summary.path());
    for setting in settings {
        command.arg(setting.option).arg(setting.value.to_string());
    }
    if is_recorded {
        command.arg("--save").arg(recording.path());
    }
    let output = run_to_end(&mut command, Some(limit))?;
    if !output.status.success() {
        return Err(match output.stderr.trim_end() {
            // A program that was killed has not said why.
            "" => Error::new(output.status),
            reason => Error::new(reason),
        });
    }
    let mut figures = Summary::read(summary.path())?;
    for setting in settings {
        figures = figures.with(setting.figure, setting.value);
    }
    let timeline = if is_recorded { trace::read_file(recording.path())?.0.pop() } else { None };
    Ok(Run { figures, timeline })
}

/// A file that a program leaves for us, removed when it is not needed any more.
pub struct TemporaryFile(PathBuf);

impl TemporaryFile {
    /// A file with this ending, beside the executable, where cargo could write.
    pub fn beside(executable: &Path, ending: &str) -> Self {
        // Two of us may run at once.
        Self(executable.with_extension(format!("{}.{ending}", process::id())))
    }

    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for TemporaryFile {
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
pub fn number_for_half_a_second(program: &Path, limit: Duration) -> Result<u64> {
    let mut value = ARTICLES_NUMBER;
    // The article's sums are too short to tell exactly; those of the next run may be long enough.
    for _ in 0..6 {
        let setting = Setting { figure: "number", option: "--number", value };
        let run = run(program, &[setting], false, limit)?;
        // Waiting for a core does not count: other programs may be running.
        let busy = run.figures.number("cpu_seconds").filter(|seconds| *seconds > 0.0);
        let busy = busy.or(run.figures.number("seconds")).unwrap_or(0.0);
        if busy >= BUSY / 2.0 {
            let steps = (value as f64 * BUSY / busy / ARTICLES_NUMBER as f64).round();
            return Ok(steps.max(1.0) as u64 * ARTICLES_NUMBER);
        }
        value *= 4;
    }
    Ok(ARTICLES_NUMBER)
}
