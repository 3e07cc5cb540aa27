//! Runs the exercises that check themselves, and shows which are solved.

use std::fmt::{self, Display, Formatter};
use std::fs;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::Duration;

use basics::error::Result;
use basics::output::warn;
use basics::say;

use crate::cargo::{self, Executables, Program};
use crate::children::{is_told_to_end, listen_for_the_end, run_with_input};

/// An exercise: a program with a fault, above its check, which is left as it is.
#[derive(Clone, Copy)]
struct Exercise {
    program: Program<'static>,
    /// The folder of its package.
    folder: &'static str,
    /// The [`sum_of`] its check.
    check: u64,
}

const fn race(name: &'static str, check: u64) -> Exercise {
    Exercise { program: Program::bin("race_exercises", name), folder: "race_condition", check }
}

const fn download(package: &'static str, name: &'static str, check: u64) -> Exercise {
    Exercise { program: Program::example(package, name), folder: package, check }
}

/// All exercises, in the order in which one does them.
const EXERCISES: [Exercise; 11] = [
    race("broken_counter", 0x86da_d1cc_3d6a_0279),
    race("half_locked", 0x642e_e0e8_3237_47a3),
    race("check_then_act", 0x43be_9cf7_1201_3f86),
    race("bank_transfer", 0x22d2_1e83_b7aa_21dd),
    race("early_flag", 0x50fc_ee91_e07b_e35f),
    download("io_threading", "session_per_page", 0xc4af_249c_8ed2_d353),
    download("io_threading", "errors_vanish", 0x429b_1324_6fa0_c6d5),
    download("io_asyncio", "await_in_the_loop", 0xdc02_5759_07dc_35ab),
    download("io_asyncio", "blocking_client", 0x6b9c_b486_d7d1_33ec),
    download("io_asyncio", "no_limit", 0x0e29_21d8_e09d_3c61),
    download("io_asyncio", "sum_blocks_the_loop", 0x233b_a021_c9d4_7b46),
];

/// The line above the check.
const LINE: &str = "// From here on it is the check: leave it as it is.";

/// How long an exercise may run. It ends itself sooner, unless what it prints keeps it from that.
const PATIENCE: Duration = Duration::from_secs(60);

/// How an exercise stands.
#[derive(Clone, Debug, PartialEq, Eq)]
enum State {
    Solved,
    /// Its check says so, and perhaps why.
    NotYet(&'static str),
    /// It cannot be judged, and why.
    Unknown(String),
}

impl Display for State {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Solved => f.write_str("solved"),
            Self::NotYet(why) => write!(f, "not solved yet{why}"),
            Self::Unknown(why) => f.write_str(why),
        }
    }
}

/// Runs all exercises and prints a line for each. The exit status says whether all could be judged.
pub fn exercises() -> Result<ExitCode> {
    listen_for_the_end()?;
    let workspace = cargo::workspace()?;
    let programs = EXERCISES.map(|exercise| exercise.program);
    let executables = Executables::build(&workspace, programs, |what| {
        warn(format_args!("{what} …"));
    })?;
    let mut states = Vec::new();
    for exercise in EXERCISES {
        let state = exercise.state(&workspace, &executables);
        if is_told_to_end() {
            return Ok(ExitCode::FAILURE);
        }
        say!("{:22}{:17}{state}", exercise.program.name, exercise.program.package);
        states.push(state);
    }
    let solved = states.iter().filter(|state| **state == State::Solved).count();
    say!("\nSolved: {solved} of {}.", EXERCISES.len());
    match states.iter().position(|state| *state != State::Solved) {
        Some(next) => say!("The next one: {}", EXERCISES[next].program.command()),
        None => say!("What next: the end of classroom/pages/exercises.md."),
    }
    let are_judged = !states.iter().any(|state| matches!(state, State::Unknown(_)));
    Ok(if are_judged { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

impl Exercise {
    fn state(self, workspace: &Path, executables: &Executables) -> State {
        let executable = match executables.path(self.program) {
            Ok(executable) => executable,
            Err(reason) => {
                warn(format_args!("\n{reason}\n"));
                return State::Unknown("does not compile".into());
            }
        };
        let text = fs::read_to_string(self.file(workspace)).unwrap_or_default();
        if sum_of(&text) != self.check {
            return State::Unknown("its check was edited".into());
        }
        run(executable).unwrap_or_else(|error| State::Unknown(error.to_string()))
    }

    fn file(self, workspace: &Path) -> PathBuf {
        let name = format!("{}.rs", self.program.name);
        workspace.join(self.folder).join("exercises").join(name)
    }
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

/// Runs an exercise, and asks it how it stands. That it is solved counts only with a word that
/// it has been told, and that a learner's part cannot know: that part may print anything, and end the
/// program with any status.
fn run(executable: &Path) -> Result<State> {
    let password = RandomState::new().build_hasher().finish().to_string();
    let (input, mut writer) = io::pipe()?;
    writer.write_all(password.as_bytes())?;
    drop(writer);
    let output = run_with_input(Command::new(executable).arg("--password"), input, Some(PATIENCE))?;
    let has_said = |text: &str| [&output.stdout, &output.stderr].iter().any(|it| it.contains(text));
    Ok(match output.status.code() {
        Some(0) if has_said(&format!("Solved. {password}\n")) => State::Solved,
        Some(1) if has_said("Not solved yet: it has not ended") => {
            State::NotYet(": it did not end")
        }
        Some(1) if has_said("Not solved yet") => State::NotYet(""),
        _ => State::Unknown("it ended before its check".into()),
    })
}

#[cfg(test)]
mod tests {
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
        let mut listed = EXERCISES.map(|exercise| exercise.program.name.to_string());
        found.sort();
        listed.sort();
        assert_eq!(found, listed);
        for exercise in EXERCISES {
            let file = exercise.file(workspace);
            let sum = sum_of(&fs::read_to_string(&file).expect("it has just been found"));
            assert_eq!(sum, exercise.check, "{} has {sum:#018x}", file.display());
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
