//! The programs that run in the terminal of a lecture.

use std::env;
use std::io::{self, BufRead, BufReader};
use std::path::Path;
use std::process::{self, Command, ExitStatus, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use basics::error::Result;
use basics::say;
use console::{Term, strip_ansi_codes};
use experiment::judged;
use lesson::Summary;

use super::plan::Step;
use super::terminal::forget_typed;
use crate::children::INTERRUPTED;
use crate::compare::run::TemporaryFile;

/// Who has the terminal.
static TURN: Mutex<Turn> = Mutex::new(Turn::Lecture);

enum Turn {
    Lecture,
    /// The program that this one runs. Ctrl-C reaches it by itself.
    Program,
    /// The lecture, since then, after a program.
    LectureSince(Instant),
}

/// How long after the end of a program Ctrl-C was still meant for it.
const REACTION: Duration = Duration::from_secs(3);

/// A run of a program in this terminal.
pub struct Demonstration {
    /// Whether it came to its end without a failure.
    pub has_ended_well: bool,
    /// What it printed, if that was kept.
    pub printed: Option<String>,
    /// What it measured, if it was asked for that.
    pub figures: Option<Summary>,
}

/// Has Ctrl-C end a program that is running, and else this one, with what `farewell` says. It is
/// always between two lines, so the terminal stays whole.
pub fn listen_for_interrupts(farewell: impl Fn() -> String + Send + 'static) -> Result<()> {
    Ok(ctrlc::set_handler(move || {
        let is_for_program = match *turn() {
            Turn::Lecture => false,
            Turn::Program => true,
            Turn::LectureSince(end) => end.elapsed() < REACTION,
        };
        if !is_for_program {
            say!("\n{}", farewell());
            process::exit(INTERRUPTED.into());
        }
    })?)
}

fn turn() -> MutexGuard<'static, Turn> {
    TURN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Runs the program of a step in this terminal. One that is played has the terminal for itself; the
/// output of any other is kept. It is asked for its figures if seconds were predicted.
pub fn run(executable: &Path, step: &Step) -> Result<Demonstration> {
    let summary = TemporaryFile::beside(executable, "summary");
    let mut command = Command::new(executable);
    command.args(&step.arguments);
    if step.choices.is_empty() {
        command.arg("--summary").arg(summary.path());
    }
    *turn() = Turn::Program;
    let result = if step.is_played {
        command.status().map(|status| (status, None))
    } else {
        run_and_keep(&mut command).map(|(status, printed)| (status, Some(printed)))
    };
    *turn() = Turn::LectureSince(Instant::now());
    let (status, printed) = result?;
    forget_typed();
    // A game is left by Ctrl-C as well as by its own key.
    let is_left = step.is_played && status.code() == Some(INTERRUPTED.into());
    let figures = Summary::read(summary.path()).ok().filter(|_| status.success());
    Ok(Demonstration { has_ended_well: status.success() || is_left, printed, figures })
}

/// Runs a program, and prints and keeps what it prints, as it comes. Its verdicts on sentences of the
/// texts are for `classroom claims`.
fn run_and_keep(command: &mut Command) -> io::Result<(ExitStatus, String)> {
    if Term::stdout().is_term() && env::var_os("NO_COLOR").is_none() {
        command.env("CLICOLOR_FORCE", "1");
    }
    let mut program = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn()?;
    let mut printed = String::new();
    if let Some(output) = program.stdout.take() {
        for line in BufReader::new(output).split(b'\n') {
            let line = line?;
            let line = String::from_utf8_lossy(&line);
            let plain = strip_ansi_codes(&line);
            if judged(&plain).is_empty() {
                say!("{line}");
                printed.extend([&*plain, "\n"]);
            }
        }
    }
    Ok((program.wait()?, printed))
}
