//! Whether all is ready for a lesson: the programs, the screen, the machine.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::thread::available_parallelism;
use std::time::Duration;

use crate::cargo;
use basics::error::{Error, Result};
use basics::say;
use basics::words::plural;
use console::Term;

use super::plan::{Plan, Program};
use super::screen::indented;
use crate::children::run_to_end;

/// The screen that the programs are made for, in lines and columns.
const SCREEN: (u16, u16) = (24, 80);

/// How long the first program may take to show what it should.
const PATIENCE: Duration = Duration::from_secs(30);

/// The executables of a plan's programs, by their names.
pub type Executables = BTreeMap<String, PathBuf>;

/// Builds what is missing, and says what of the machine the lesson has to know.
///
/// # Errors
///
/// A program does not build.
pub fn prepare(plan: &Plan, workspace: &Path) -> Result<Executables> {
    let built = build(plan, workspace)?;
    report("programs", &format!("all {} are built", built.len()));
    report("screen", &screen(Term::stdout().size_checked()));
    let cores = available_parallelism().map_or(1, usize::from);
    report(
        "cores",
        &format!("{cores}{}", if cores == 1 { ": nothing runs at the same moment" } else { "" }),
    );
    let first = &plan.steps[0];
    if let Some(shows) = &first.shows {
        let mut command = std::process::Command::new(&built[first.program.name()]);
        // No figures: they would answer the first question.
        let advice = first.otherwise.as_deref().unwrap_or("Run it again.");
        let missed = format!("It did not show this time. {advice}");
        let found = match run_to_end(command.args(&first.program.arguments), Some(PATIENCE)) {
            Ok(ended) if ended.stdout.contains(shows) => "It shows on this machine.".into(),
            Ok(_) => missed,
            Err(error) => format!("{} does not run well here: {error}.", first.program.name()),
        };
        report("step 1", &found);
    }
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
    Ok(built)
}

fn report(what: &str, found: &str) {
    let text = indented(found, 14);
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

/// Builds all programs of a plan, crate by crate, as `cargo run` does.
fn build(plan: &Plan, workspace: &Path) -> Result<Executables> {
    let programs: BTreeSet<(&str, Option<&str>)> =
        plan.steps.iter().map(|step| parts(&step.program)).collect();
    let packages: BTreeSet<&str> = programs.iter().map(|(package, _)| *package).collect();
    let mut built = Executables::new();
    for package in packages {
        let of_it = || programs.iter().filter(|(other, _)| *other == package);
        let examples: Vec<&str> = of_it().filter_map(|(_, example)| *example).collect();
        let count = of_it().count();
        say!("  building {}: {}", package, plural(count as u64, "program"));
        let mut commands = Vec::new();
        if examples.len() < count {
            commands.push(cargo::build(workspace, package));
        }
        if !examples.is_empty() {
            commands.push(cargo::build_examples(workspace, package, &examples));
        }
        for mut command in commands {
            let ended = run_to_end(&mut command, None).map_err(|error| {
                Error::new(format!("Cannot start cargo to build {package}: {error}"))
            })?;
            if !ended.status.success() {
                let reason = ended.stderr.trim_end().to_string();
                return Err(Error::new(format!(
                    "cargo could not build {package}. It says:\n\n{reason}"
                )));
            }
            built.extend(cargo::executables(&ended.stdout));
        }
    }
    for (package, example) in programs {
        let name = example.unwrap_or(package);
        if !built.contains_key(name) {
            return Err(Error::new(format!("cargo has built no program {name} in {package}")));
        }
    }
    Ok(built)
}

fn parts(program: &Program) -> (&str, Option<&str>) {
    (&program.package, program.example.as_deref())
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
