//! Runs the exercises that check themselves, and shows which are solved: once, again and again while
//! somebody mends them, or those of a class.

mod class;
mod screen;
mod state;
mod watch;

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use basics::error::Result;
use basics::output::warn;
use basics::say;
use clap_derive::Args;
use experiment::{EXERCISES, Exercise};

use crate::cargo::{self, Executables, Program};
use crate::children::{is_told_to_end, listen_for_the_end};
use state::{Judged, State};

/// The line above the check.
const LINE: &str = "// From here on it is the check: leave it as it is.";

/// The command-line options of `exercises`.
#[derive(Args)]
pub struct Options {
    /// Check the exercises of a class: in this folder each student has a folder
    #[arg(long, value_name = "FOLDER")]
    from: Option<PathBuf>,
    /// Keep the table of the class in a new file, for a spreadsheet
    #[arg(long, value_name = "FILE.csv", requires = "from")]
    save: Option<PathBuf>,
}

/// Shows which exercises are solved.
pub fn exercises(options: &Options) -> Result<ExitCode> {
    listen_for_the_end()?;
    let workspace = cargo::workspace()?;
    match &options.from {
        Some(folder) => class::check(&workspace, folder, options.save.as_deref()),
        None if screen::is_there() => watch::watch(&workspace),
        None => print(&workspace),
    }
}

/// Runs all exercises and prints a line for each. The exit status says whether all could be judged.
fn print(workspace: &Path) -> Result<ExitCode> {
    let executables = build(workspace, &EXERCISES, |what| warn(format_args!("{what} …")))?;
    let mut states = Vec::new();
    for exercise in EXERCISES {
        let Judged { state, says } = judge(exercise, workspace, &executables);
        if is_told_to_end() {
            return Ok(ExitCode::FAILURE);
        }
        if state.is_refused() {
            warn(format_args!("\n{says}\n"));
        }
        say!("{:22}{:17}{state}", exercise.name, exercise.package);
        states.push(state);
    }
    let solved = states.iter().filter(|state| **state == State::Solved).count();
    say!("\nSolved: {solved} of {}.", EXERCISES.len());
    match states.iter().position(|state| *state != State::Solved) {
        Some(next) => say!("The next one: {}", program(EXERCISES[next]).command()),
        None => say!("{AT_THE_END}"),
    }
    let are_judged = states.iter().all(State::is_judged);
    Ok(if are_judged { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// What to do when all are solved.
const AT_THE_END: &str = "What next: \"When all are solved\" in classroom/pages/exercises.md.";

/// The program of an exercise: the races are the programs of a package of their own.
pub fn program(exercise: Exercise) -> Program<'static> {
    match exercise.package {
        "race_exercises" => Program::bin(exercise.package, exercise.name),
        package => Program::example(package, exercise.name),
    }
}

fn build(
    workspace: &Path,
    exercises: &[Exercise],
    report: impl FnMut(&str),
) -> Result<Executables> {
    Executables::build(workspace, exercises.iter().map(|exercise| program(*exercise)), report)
}

/// The file of an exercise, in the folder of the workspace.
fn file(exercise: Exercise) -> PathBuf {
    Path::new(exercise.folder).join("exercises").join(format!("{}.rs", exercise.name))
}

/// How an exercise stands that has been built.
fn judge(exercise: Exercise, workspace: &Path, executables: &Executables) -> Judged {
    let executable = match executables.path(program(exercise)) {
        Ok(executable) => executable,
        Err(reason) => {
            return Judged { state: State::Refused(String::new()), says: reason.to_string() };
        }
    };
    let text = std::fs::read_to_string(workspace.join(file(exercise))).unwrap_or_default();
    if sum_of(&text) != exercise.check {
        let state = State::Unknown("its check was edited".into());
        let says = format!("git restore -p {} puts it back.", file(exercise).display());
        return Judged { state, says };
    }
    state::run(&mut Command::new(executable))
}

/// A number that changes when the check below the line does. Spaces and ends of lines do not count,
/// because an editor may change them. (It is the sum FNV-1a.)
fn sum_of(text: &str) -> u64 {
    let check = text.split_once(LINE).map_or("", |(_, check)| check);
    let bytes = check.split_whitespace().flat_map(str::bytes);
    bytes.fold(0xcbf2_9ce4_8422_2325, |sum, byte| {
        (sum ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn every_exercise_is_in_the_list_once_and_its_check_is_known() {
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
        for (exercise, next) in EXERCISES.iter().zip(EXERCISES[1..].iter().map(Some).chain([None]))
        {
            let file = file(*exercise);
            let text = fs::read_to_string(workspace.join(&file)).expect("it has just been found");
            let sum = sum_of(&text);
            assert_eq!(sum, exercise.check, "{} has {sum:#018x}", file.display());
            let command = program(*exercise).command();
            assert!(text.contains(&format!("**Run** `{command}`")), "{}", file.display());
            let next = next.map_or("cargo run -p classroom -- exercises", |next| next.name);
            assert!(text.contains(&format!("**Next** `{next}`")), "{}", file.display());
        }
    }

    #[test]
    fn the_sum_is_that_of_the_check_alone() {
        let text = format!("mended\n\n{LINE}\n\nfn main() {{\n    check()\n}}\n");
        let sum = sum_of(&text);
        assert_eq!(sum_of(&text.replace("mended", "// in another way\n")), sum);
        assert_eq!(sum_of(&text.replace('\n', "\r\n").replace("    ", "\t")), sum);
        for edited in [text.replace("check()", ""), text.replace(LINE, ""), format!("{LINE}{text}")]
        {
            assert_ne!(sum_of(&edited), sum, "{edited}");
        }
    }
}
