//! Whether all is ready for a lecture: the programs, the screen, the machine.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use basics::error::Result;
use basics::say;
use console::Term;

use super::plan::{Plan, Step};
use super::screen::indented;
use crate::cargo::{Executables, Program};
use crate::children::run_to_end;

/// The screen that the programs are made for, in lines and columns.
const SCREEN: (u16, u16) = (24, 80);

/// How long the first program may take to show what it should.
const PATIENCE: Duration = Duration::from_secs(30);

/// Builds what is missing, and says what of the machine the lecture has to know.
///
/// # Errors
///
/// A program does not build.
pub fn prepare(plan: &Plan, workspace: &Path) -> Result<Executables> {
    let programs: BTreeSet<Program> = plan.steps.iter().map(Step::program).collect();
    let executables = Executables::build(workspace, programs.iter().copied(), |what| {
        say!("  {what}");
    })?;
    for program in &programs {
        executables.path(*program)?;
    }
    report("programs", &format!("all {} are built", programs.len()));
    report("screen", &screen(Term::stdout().size_checked()));
    let note = if num_cpus::get() == 1 { ": nothing runs at the same moment" } else { "" };
    report("cores", &format!("{}{note}", num_cpus::get()));
    try_first(&plan.steps[0], &executables)?;
    if let (Some(minutes), Some(of_all)) = (plan.minutes, plan.minutes_of_all) {
        let planned: Vec<String> = (1..)
            .zip(&plan.steps)
            .filter(|(_, step)| step.minute.is_some())
            .map(|(number, _)| number.to_string())
            .collect();
        let (planned, all) = (planned.join(", "), plan.steps.len());
        report(
            "time",
            &format!("{minutes} minutes for steps {planned}; about {of_all} for all {all}"),
        );
    }
    if let Some(before) = &plan.before {
        report("before", before);
    }
    Ok(executables)
}

/// Says whether the program of the first step shows here what it should.
fn try_first(step: &Step, executables: &Executables) -> Result<()> {
    let Some(shows) = &step.shows else { return Ok(()) };
    let mut command = Command::new(executables.path(step.program())?);
    // No figures are said: they would answer the first question.
    let result = match run_to_end(command.args(&step.arguments), Some(PATIENCE)) {
        Ok(output) if output.stdout.contains(shows) => "It shows on this machine.".into(),
        Ok(_) => {
            let advice = step.otherwise.as_deref().unwrap_or("Run it again.");
            format!("It did not show this time. {advice}")
        }
        Err(error) => format!("{} does not run well here: {error}.", step.program().name),
    };
    report("step 1", &result);
    Ok(())
}

fn report(what: &str, result: &str) {
    let text = indented(result, 14);
    say!("  {what:<12}{}", text.trim_start());
}

/// What to say of a screen of so many lines and columns.
fn screen(size: Option<(u16, u16)>) -> String {
    match size {
        None => "none: this is not a terminal".into(),
        Some((lines, columns)) if lines < SCREEN.0 || columns < SCREEN.1 => format!(
            "{columns} × {lines} is too small: the programs are made for {} × {}. Make the window \
             larger, or the letters smaller.",
            SCREEN.1, SCREEN.0
        ),
        Some((lines, columns)) => format!("{columns} × {lines}"),
    }
}

#[cfg(test)]
mod tests {
    use super::screen;

    #[test]
    fn a_small_screen_is_said_to_be_small() {
        assert_eq!(screen(Some((24, 80))), "80 × 24");
        for small in [(23, 80), (24, 79)] {
            assert!(screen(Some(small)).contains("made for 80 × 24"));
        }
    }
}
