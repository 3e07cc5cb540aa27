//! Runs the exercises that check themselves, and shows which are solved.

use std::path::Path;
use std::process::{Command, ExitCode};
use std::time::Duration;

use basics::error::Result;
use basics::output::warn;
use basics::say;

use crate::cargo::{self, Executables, Program};
use crate::children::{is_told_to_end, listen_for_the_end, run_to_end};

/// All exercises, in the order in which one does them.
const EXERCISES: [Program; 11] = [
    Program::bin("race_exercises", "broken_counter"),
    Program::bin("race_exercises", "half_locked"),
    Program::bin("race_exercises", "check_then_act"),
    Program::bin("race_exercises", "bank_transfer"),
    Program::bin("race_exercises", "early_flag"),
    Program::example("io_threading", "session_per_page"),
    Program::example("io_threading", "errors_vanish"),
    Program::example("io_asyncio", "await_in_the_loop"),
    Program::example("io_asyncio", "blocking_client"),
    Program::example("io_asyncio", "no_limit"),
    Program::example("io_asyncio", "sum_blocks_the_loop"),
];

/// How long an exercise may run. It ends itself sooner, unless what it prints keeps it from that.
const PATIENCE: Duration = Duration::from_secs(60);

/// Runs all exercises and prints a line for each.
pub fn exercises() -> Result<ExitCode> {
    listen_for_the_end()?;
    let executables = Executables::build(&cargo::workspace()?, EXERCISES, |package| {
        warn(format_args!("Building the exercises of {package} …"));
    })?;
    let mut solved = 0;
    let mut next = None;
    for exercise in EXERCISES {
        let result = match executables.path(exercise) {
            Ok(executable) => run(executable),
            Err(reason) => {
                warn(format_args!("\n{reason}\n"));
                Err("does not compile".into())
            }
        };
        if is_told_to_end() {
            return Ok(ExitCode::FAILURE);
        }
        let state = result.as_ref().err().map_or("solved", String::as_str);
        say!("{:22}{:17}{state}", exercise.name, exercise.package);
        match result {
            Ok(()) => solved += 1,
            Err(_) => next = next.or(Some(exercise)),
        }
    }
    say!("\nSolved: {solved} of {}.", EXERCISES.len());
    match next {
        Some(next) => say!("The next one: {}", next.command()),
        None => say!("What to do next is at the end of README.md, under \"What next\"."),
    }
    Ok(ExitCode::SUCCESS)
}

/// What an exercise says of itself: that it is solved, or why not.
fn run(executable: &Path) -> Result<(), String> {
    match run_to_end(&mut Command::new(executable), Some(PATIENCE)) {
        Ok(output) if output.status.success() => Ok(()),
        Ok(output) if output.stderr.contains("has not ended after") => {
            Err("not solved yet: it did not end".into())
        }
        Ok(_) => Err("not solved yet".into()),
        Err(error) => Err(format!("not solved yet: {error}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_exercise_is_in_the_list_once() {
        let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("it has a parent");
        let mut found = Vec::new();
        for package in workspace.read_dir().expect("the workspace can be read").flatten() {
            let files = package.path().join("exercises").read_dir().into_iter().flatten().flatten();
            let names = files.filter_map(|file| file.file_name().into_string().ok());
            let names = names.filter(|name| name != "build.rs");
            found.extend(names.filter_map(|name| Some(name.strip_suffix(".rs")?.to_string())));
        }
        let mut listed = EXERCISES.map(|exercise| exercise.name.to_string());
        found.sort();
        listed.sort();
        assert_eq!(found, listed);
    }
}
