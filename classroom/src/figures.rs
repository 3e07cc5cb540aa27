//! Draws the figures of the pages anew.

use std::process::{Command, ExitCode};
use std::time::Duration;

use basics::error::{Error, Result};
use basics::say;

use crate::cargo::{Executables, Program, workspace};
use crate::children::{listen_for_the_end, run_to_end};
use crate::compare::table::LESSONS;

/// How long a run may take: four times as long as the longest takes.
const LIMIT: Duration = Duration::from_secs(60);

/// Runs each of the eight programs once and saves its picture for the pages.
pub fn figures() -> Result<ExitCode> {
    listen_for_the_end()?;
    let workspace = workspace()?;
    let folder = workspace.join("classroom").join("pages").join("figures");
    let programs = LESSONS.iter().map(|lesson| Program::of(lesson.name));
    let executables = Executables::build(&workspace, programs, |what| say!("{what}"))?;
    for lesson in &LESSONS {
        let executable = executables.path(Program::of(lesson.name))?;
        let file = folder.join(format!("{}.svg", lesson.name));
        let mut command = Command::new(executable);
        let output = run_to_end(command.arg("--quiet").arg("--save").arg(&file), Some(LIMIT))?;
        if !output.status.success() {
            let reason = output.stderr.trim_end();
            return Err(Error::new(format!("{} failed: {reason}", lesson.name)));
        }
        say!("{}", file.display());
    }
    Ok(ExitCode::SUCCESS)
}
