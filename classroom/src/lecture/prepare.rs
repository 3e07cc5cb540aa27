//! Whether all is ready for a lesson: the programs, the screen, the machine.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Write};
use std::path::Path;
use std::process::Command as Process;
use std::time::Duration;

use basics::error::Result;
use basics::say;
use basics::words::fill;
use console::{Term, truncate_str};
use experiment::EXERCISES;

use super::command::Command;
use super::draw::{COLUMNS, LINES};
use super::plan::Plan;
use super::questions::{self, Question};
use crate::cargo::{Executables, Program, Progress};
use crate::children::run_to_end;
use crate::exercises::program;
use crate::tty::is_screen;

/// How long the first program may take to show what it should.
const PATIENCE: Duration = Duration::from_secs(30);

/// Builds these programs, and says how far that is.
///
/// # Errors
///
/// One does not build.
pub fn build<'a>(
    workspace: &Path,
    programs: impl Iterator<Item = Program<'a>>,
) -> Result<Executables> {
    let programs: BTreeSet<Program> = programs.collect();
    let programs = programs.into_iter().filter(|program| program.package != "classroom");
    let programs: Vec<Program> = programs.collect();
    let built = Executables::build_and_report(workspace, programs.iter().copied(), |now| {
        match now {
            Progress::Package(what) | Progress::Waits(what) if !is_screen() => say!("  {what}"),
            Progress::Compiles(_) if !is_screen() => {}
            Progress::Package(what) | Progress::Waits(what) | Progress::Compiles(what) => {
                let what = truncate_str(what, COLUMNS - 3, "…");
                // Nobody misses what cannot be shown.
                let _ =
                    write!(io::stdout(), "\r\x1b[K  {what}").and_then(|()| io::stdout().flush());
            }
        }
    });
    if is_screen() {
        let _ = write!(io::stdout(), "\r\x1b[K").and_then(|()| io::stdout().flush());
    }
    let executables = built?;
    for program in programs {
        executables.path(program)?;
    }
    Ok(executables)
}

/// Builds all that a lesson and its pages can ask for, and says whether the machine is ready.
///
/// # Errors
///
/// A program does not build.
pub fn prepare(plan: &Plan, questions: &[Question], workspace: &Path, name: &str) -> Result<()> {
    say!("{}: is all ready?\n", plan.title);
    let mentioned = mentioned(plan, workspace);
    let proofs = questions.iter().filter_map(|question| question.proof.as_ref());
    let commands = plan.commands().chain(proofs).chain(&mentioned);
    let exercises = EXERCISES.iter().map(|exercise| program(*exercise));
    let executables = build(workspace, commands.map(Command::program).chain(exercises))?;
    report("programs", "All are built. From now on nothing here needs a network.");
    report("screen", &screen(Term::stdout().size_checked()));
    report(
        "cores",
        &match num_cpus::get() {
            1 => "1: nothing runs at the same moment, and a race shows less often.".into(),
            cores => cores.to_string(),
        },
    );
    report("step 1", &try_first(plan, &executables)?);
    if let Some(minutes) = plan.minutes {
        let planned = (0..plan.steps.len()).filter(|step| plan.is_planned(*step));
        let planned: Vec<String> = planned.map(|step| (step + 1).to_string()).collect();
        let steps = planned.join(", ");
        report("time", &format!("{minutes} minutes for steps {steps}, of {}", plan.steps.len()));
    }
    if plan.is_for_a_class() {
        let network = phones::choose(None);
        let network = network.map(|network| format!("With --phones they come in at {network}."));
        report("phones", &network.unwrap_or_else(|error| format!("{error}.")));
    }
    if let Some(before) = &plan.before {
        report("before", before);
    }
    report("begin", &format!("cargo run -p classroom -- lesson {name}"));
    Ok(())
}

/// The commands on the pages of a plan.
fn mentioned(plan: &Plan, workspace: &Path) -> Vec<Command> {
    let pages = plan.pages.iter().map(String::as_str).chain([questions::PAGE]);
    let texts = pages.filter_map(|page| fs::read_to_string(workspace.join(page)).ok());
    texts.flat_map(|text| Command::all_in(&text).collect::<Vec<_>>()).collect()
}

/// Whether the program of the first step shows here what it should.
fn try_first(plan: &Plan, executables: &Executables) -> Result<String> {
    let step = &plan.steps[0];
    let (Some(shows), Some(run)) = (&step.shows, &step.run) else { return Ok("ready".into()) };
    let mut process = Process::new(executables.path(run.program())?);
    Ok(match run_to_end(process.args(&run.arguments), Some(PATIENCE)) {
        Ok(output) if output.stdout.contains(shows) => "It shows on this machine.".into(),
        Ok(_) => {
            let advice = step.otherwise.as_deref().unwrap_or("Run it again.");
            format!("It did not show this time. {advice}")
        }
        Err(error) => format!("{} does not run well here: {error}.", run.program().name),
    })
}

fn report(what: &str, result: &str) {
    let columns = Term::stdout().size_checked().map_or(COLUMNS, |(_, columns)| columns.into());
    say!(
        "{}",
        fill(result, columns.clamp(40, COLUMNS) - 1, &format!("  {what:<10}"), &" ".repeat(12))
    );
}

/// What to say of a screen of so many lines and columns.
fn screen(size: Option<(u16, u16)>) -> String {
    match size {
        None => "none: this is not a terminal".into(),
        Some(size @ (lines, columns)) => {
            too_small(Some(size)).unwrap_or_else(|| format!("{columns} × {lines}"))
        }
    }
}

/// What to say of a screen that is too small for a lesson.
pub fn too_small(size: Option<(u16, u16)>) -> Option<String> {
    let (lines, columns) =
        size.map(|(lines, columns)| (usize::from(lines), usize::from(columns)))?;
    (lines < LINES || columns < COLUMNS).then(|| {
        format!(
            "{columns} × {lines} is too small: a lesson needs {COLUMNS} × {LINES}. Make the window \
             larger, or the letters smaller."
        )
    })
}

#[cfg(test)]
mod tests {
    use super::screen;

    #[test]
    fn a_small_screen_is_said_to_be_small() {
        assert_eq!(screen(Some((24, 80))), "80 × 24");
        for small in [(23, 80), (24, 79)] {
            assert!(screen(Some(small)).contains("needs 80 × 24"));
        }
    }
}
