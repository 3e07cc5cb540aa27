//! Builds the programs, runs them and collects their figures.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use classroom::cargo;
use classroom::error::{Error, Result};
use classroom::lesson::Summary;
use classroom::timeline::trace;
use serde_json::Value;

use super::table::Run;

/// Builds a program of the workspace and returns the path of its executable.
pub fn build(workspace: &Path, name: &str) -> Result<PathBuf> {
    let output = cargo::build(workspace, name)
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
        Error::new(format!("cargo could not build {name}. It says:\n\n{}", reason.trim_end()))
    })
}

/// What a program is told to do: the name of a figure, its option, its value.
///
/// The values become figures of the run, so that a saved comparison tells what it measured.
pub type Told = Vec<(&'static str, &'static str, u64)>;

/// Runs a program once and returns its figures, and what it did if that is to be recorded.
pub fn run(executable: &Path, told: &Told, recorded: bool) -> Result<Run> {
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
    let output = command.stdin(Stdio::null()).output()?;
    if !output.status.success() {
        let reason = String::from_utf8_lossy(&output.stderr);
        return Err(match reason.trim_end() {
            // A program that was killed has not said why.
            "" => Error::new(output.status),
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
