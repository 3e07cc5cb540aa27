//! Runs the exercises that check themselves, and shows which are solved.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::{self, ExitCode};
use std::time::Duration;

use crate::cargo;
use basics::error::{Error, Result};
use basics::output::warn;
use basics::say;
use clap::Command;

use crate::children::run_to_end;

/// All exercises, in the order in which one does them: the crate, and the exercise.
pub const EXERCISES: [(&str, &str); 11] = [
    ("race_condition", "broken_counter"),
    ("race_condition", "half_locked"),
    ("race_condition", "check_then_act"),
    ("race_condition", "bank_transfer"),
    ("race_condition", "early_flag"),
    ("io_threading", "session_per_page"),
    ("io_threading", "errors_vanish"),
    ("io_asyncio", "await_in_the_loop"),
    ("io_asyncio", "blocking_client"),
    ("io_asyncio", "no_limit"),
    ("io_asyncio", "sum_blocks_the_loop"),
];

/// How long an exercise may run. It ends itself sooner, unless what it prints keeps it from that.
const PATIENCE: Duration = Duration::from_secs(60);

/// The command line of `classroom exercises`.
pub fn command() -> Command {
    Command::new("exercises")
        .about("Run the exercises that check themselves, and show which are solved")
}

/// Runs all exercises and prints a line for each.
pub fn exercises() -> Result<ExitCode> {
    let workspace = cargo::workspace()?;
    let mut solved = 0;
    let mut next = None;
    let packages: BTreeSet<&str> = EXERCISES.iter().map(|(package, _)| *package).collect();
    let mut built: BTreeMap<&str, BTreeMap<String, PathBuf>> = BTreeMap::new();
    for package in packages {
        built.insert(package, build(&workspace, package)?);
    }
    for (package, exercise) in EXERCISES {
        let state = built[package].get(exercise).map(|executable| run(executable));
        let (is_solved, state) = match state {
            Some(Ok(State::Solved)) => (true, "solved".into()),
            Some(Ok(State::NotSolved)) => (false, "not solved yet".into()),
            Some(Ok(State::Endless)) => (false, "not solved yet: it did not end".into()),
            Some(Err(error)) => (false, format!("not solved yet: {error}")),
            None => (false, "does not compile".into()),
        };
        say!("{exercise:22}{package:17}{state}");
        solved += usize::from(is_solved);
        if !is_solved && next.is_none() {
            next = Some(format!("cargo run -p {package} --example {exercise}"));
        }
    }
    say!("\nSolved: {solved} of {}.", EXERCISES.len());
    if let Some(command) = next {
        say!("The next one: {command}");
    } else {
        say!("What to do next is at the end of README.md, under \"What next\".");
    }
    Ok(ExitCode::SUCCESS)
}

/// Builds the exercises of a crate, and returns those that compile.
fn build(workspace: &Path, package: &str) -> Result<BTreeMap<String, PathBuf>> {
    warn(format_args!("Building the exercises of {package} …"));
    let of_it = EXERCISES.iter().filter(|(other, _)| *other == package);
    let names: Vec<&str> = of_it.map(|(_, exercise)| *exercise).collect();
    let ended = run_to_end(&mut cargo::build_examples(workspace, package, &names), None)
        .map_err(|error| Error::new(format!("Cannot start cargo to build {package}: {error}")))?;
    Ok(cargo::executables(&ended.stdout))
}

enum State {
    Solved,
    NotSolved,
    /// It has ended itself, because it would have gone on for ever.
    Endless,
}

/// What an exercise says of itself.
fn run(executable: &Path) -> Result<State> {
    let ended = run_to_end(&mut process::Command::new(executable), Some(PATIENCE))?;
    Ok(if ended.status.success() {
        State::Solved
    } else if ended.stderr.contains("has not ended after") {
        State::Endless
    } else {
        State::NotSolved
    })
}

#[cfg(test)]
mod tests {
    use std::ffi::OsStr;

    use super::*;

    #[test]
    fn every_exercise_is_in_the_list_once() {
        let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("it has a parent");
        let mut found = Vec::new();
        for krate in workspace.read_dir().expect("the workspace can be read").flatten() {
            let files = krate.path().join("exercises").read_dir().into_iter().flatten().flatten();
            let rust =
                files.filter(|file| file.path().extension().is_some_and(|kind| kind == "rs"));
            found.extend(rust.map(|file| {
                let name = file.path().file_stem().map(OsStr::to_os_string);
                (krate.file_name(), name.expect("a file has a name"))
            }));
        }
        let mut listed: Vec<_> =
            EXERCISES.iter().map(|(krate, name)| ((*krate).into(), (*name).into())).collect();
        found.sort();
        listed.sort();
        assert_eq!(found, listed);
    }
}
