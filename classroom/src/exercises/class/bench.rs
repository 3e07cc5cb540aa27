//! Builds what a student has written with the original check, and runs it.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{PoisonError, RwLock};
use std::time::Duration;

use basics::error::{Error, Result};
use basics::words::printable;
use experiment::Exercise;
use serde_json::Value;

use super::bounds::{Bounds, Limits};
use super::words::barred;
use crate::cargo::{Executables, rustc};
use crate::children::{ProcessOutput, run_to_end};
use crate::exercises::state::{self, State};
use crate::exercises::{LINE, file, sum_of};

/// How long the compiler may take. It needs a few seconds.
const PATIENCE: Duration = Duration::from_secs(180);

const OF_THE_COMPILER: Limits = Limits { seconds: 120, mebibytes: 8192, file: 512 };
const OF_A_PROGRAM: Limits = Limits { seconds: 60, mebibytes: 4096, file: 0 };

/// The exercise whose sum is made for a program that is fast.
const COMPUTES: &str = "sum_blocks_the_loop";

/// What stands above the checks, and above their `main`, with the crates that a solution may use.
struct Frame {
    head: &'static str,
    tail: &'static str,
    crates: &'static [&'static str],
}

const RACE: Frame = Frame {
    head: "use judge::*;",
    tail: "type Judged = ::judge::Outcome;
fn judged(outcome: Judged) -> Judged { outcome }
fn main() -> ::std::process::ExitCode { ::judge::every_order(part::the_attempt) }",
    crates: &["judge"],
};

const DOWNLOAD: Frame = Frame {
    head: "use io_lesson::*; use std::time::Duration; use tokio::runtime::{Builder, LocalOptions};",
    tail: "type Judged = ::io_lesson::Result<bool>;
fn judged<const N: usize>(goals: ::io_lesson::Result<[Goal; N]>) -> Judged {
    goals.map(|goals| ::experiment::all_reached(&goals))
}
fn main() -> ::std::process::ExitCode { ::experiment::exercise(part::the_attempt) }",
    crates: &["experiment", "futures_util", "io_lesson", "num_cpus", "rayon", "reqwest", "tokio"],
};

/// Where the work of a class is judged. What a student has written is a module of its own, so that no
/// name of it can stand for another one in the check.
pub struct Bench<'a> {
    pub workspace: &'a Path,
    pub executables: &'a Executables,
    pub bounds: Bounds,
    /// The folder in which all is built.
    pub folder: PathBuf,
    /// Whoever needs the machine for himself holds it alone.
    pub machine: RwLock<()>,
}

/// What belongs to one exercise.
pub struct Original {
    pub exercise: Exercise,
    /// The check, without its `main`.
    check: String,
    /// How it is called: `count_to_two(increment)`.
    call: String,
}

impl Original {
    /// Reads the check of an exercise.
    ///
    /// # Errors
    ///
    /// It has been edited.
    pub fn read(exercise: Exercise, workspace: &Path) -> Result<Self> {
        let text = fs::read_to_string(workspace.join(file(exercise)))?.replace("\r\n", "\n");
        let parts = text.split_once(LINE).and_then(|(_, below)| below.split_once("\nfn main()"));
        let Some((check, main)) = parts.filter(|_| sum_of(&text) == exercise.check) else {
            return Err(Error::new(format!(
                "The check in {0} was edited. Put the original back: git restore -p {0}",
                file(exercise).display()
            )));
        };
        let call = call(main).unwrap_or_default();
        Ok(Self { exercise, check: check.into(), call })
    }

    fn frame(&self) -> &'static Frame {
        if self.is_a_race() { &RACE } else { &DOWNLOAD }
    }

    /// To make a program fast takes the compiler longer than all else; only a sum needs it.
    fn optimised(&self) -> u8 {
        if self.exercise.name == COMPUTES { 3 } else { 0 }
    }

    fn is_a_race(&self) -> bool {
        self.exercise.package == "race_exercises"
    }
}

/// The innermost call of a `main`: `count_to_two(increment)`.
fn call(main: &str) -> Option<String> {
    let (before, _) = main.split_once(")?").or(main.split_once("))"))?;
    let (name, arguments) = before.rsplit_once('(')?;
    let name = name.rsplit(|c: char| c != '_' && !c.is_alphanumeric()).next()?;
    Some(format!("{name}({arguments})"))
}

impl Bench<'_> {
    /// How what a student has written stands.
    pub fn judge(&self, number: usize, original: &Original, text: &str) -> State {
        if let Some(word) = barred(text, original.is_a_race()) {
            return State::Unknown(format!("{word} leads out of the exercise; it was not run"));
        }
        let folder = self.folder.join(number.to_string());
        let state = match self.build(&folder, original, text) {
            Ok(Ok(executable)) => self.run(&executable, original.is_a_race()),
            Ok(Err(refused)) => refused,
            Err(error) => State::Unknown(error.to_string()),
        };
        // What is left there only takes room.
        let _ = fs::remove_dir_all(&folder);
        state
    }

    fn build(
        &self,
        folder: &Path,
        original: &Original,
        text: &str,
    ) -> Result<Result<PathBuf, State>> {
        let Frame { head, tail, crates } = original.frame();
        fs::create_dir_all(folder)?;
        let main = folder.join("main.rs");
        fs::write(&main, format!("{head}\n{}\nmod part;\n{tail}\n", original.check))?;
        // An attribute that stands at the end of the text belongs to the constant.
        let call = &original.call;
        let last = format!(
            "const _: () = ();\npub(super) fn the_attempt() -> super::Judged {{ \
             super::judged(super::{call}) }}\nuse super::*;\n"
        );
        fs::write(folder.join("part.rs"), format!("{text}{last}"))?;
        let executable = folder.join("exercise");
        let mut command = self.bounds.command(&rustc(), &OF_THE_COMPILER, Some(folder));
        command
            .args(["--edition=2024", "--error-format=json", "-Funsafe_code", "-Awarnings"])
            .arg(format!("-Copt-level={}", original.optimised()))
            .current_dir(self.workspace)
            .arg(&main)
            .arg("-o")
            .arg(&executable)
            .env("TMPDIR", folder);
        let (libraries, folders) = self.executables.libraries();
        for (name, path) in libraries.iter().filter(|(name, _)| crates.contains(&name.as_str())) {
            command.arg("--extern").arg(format!("{name}={}", path.display()));
        }
        for folder in folders {
            command.arg(format!("-Ldependency={}", folder.display()));
        }
        let _machine = self.machine.read().unwrap_or_else(PoisonError::into_inner);
        let output = run_to_end(&mut command, Some(PATIENCE))?;
        if output.status.success() {
            return Ok(Ok(executable));
        }
        Ok(Err(State::Refused(refusal(&output, text.lines().count()))))
    }

    fn run(&self, executable: &Path, is_a_race: bool) -> State {
        let run = || state::run(&mut self.bounds.command(executable, &OF_A_PROGRAM, None)).state;
        let beside_others = self.machine.read().unwrap_or_else(PoisonError::into_inner);
        let state = run();
        drop(beside_others);
        // Where requests have to be under way at once, a busy machine may be too slow for a solution.
        if is_a_race || !matches!(state, State::NotYet(_)) {
            return state;
        }
        let _alone = self.machine.write().unwrap_or_else(PoisonError::into_inner);
        run()
    }
}

/// Where and why the compiler refuses a text of so many lines.
fn refusal(output: &ProcessOutput, lines: usize) -> String {
    let messages = output.stderr.lines().filter_map(|line| serde_json::from_str(line).ok());
    let error = messages.into_iter().find(|message: &Value| message["level"] == "error");
    let Some(error) = error else {
        let last = output.stderr.lines().last().unwrap_or("it does not say why");
        return format!("the compiler has ended: {}", printable(last));
    };
    let message = printable(error["message"].as_str().unwrap_or_default());
    // An open bracket is missed only at the end: then the main place is not in the text.
    let spans = error["spans"].as_array().into_iter().flatten();
    let line = spans.filter_map(|span| {
        let is_in_part = span["file_name"].as_str()?.ends_with("part.rs");
        let line = span["line_start"].as_u64()? as usize;
        (is_in_part && line <= lines).then_some((span["is_primary"] != true, line))
    });
    match line.min() {
        Some((_, line)) => format!("line {line}: {message}"),
        None => format!("it does not fit its check: {message}"),
    }
}
