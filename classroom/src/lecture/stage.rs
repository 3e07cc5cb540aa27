//! The programs that run in the terminal of a lecture.

use std::env;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{self, Child, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use basics::error::{Error, Result};
use basics::say;
use console::strip_ansi_codes;
use experiment::NO_CLAIMS;
use lesson::Summary;

use super::plan::Step;
use super::terminal::{forget_typed, is_screen, leave_screen, lend};
use crate::children::{INTERRUPTED, LAST_WORDS, POLL_INTERVAL};
use crate::children::{end_running, is_told_to_end, on_signal, start, tell_to_end};
use crate::compare::run::TemporaryFile;

/// Who has the terminal.
static TURN: Mutex<Turn> = Mutex::new(Turn::Lecture);

#[derive(Clone, Copy, PartialEq)]
enum Turn {
    Lecture,
    /// The program that this one runs, since then. Ctrl-C reaches it by itself.
    ProgramSince(Instant),
    /// The lecture, since then, after a program.
    LectureSince(Instant),
}

/// How long after the end of a program Ctrl-C was still meant for it.
const REACTION: Duration = Duration::from_secs(3);

/// How long a signal takes until it has ended what it was for.
const PATIENCE: Duration = Duration::from_secs(2);

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
pub fn listen_for_interrupts(farewell: impl Fn() -> String + Clone + Send + 'static) -> Result<()> {
    on_signal(move || {
        let before = *turn();
        match before {
            Turn::Lecture => leave(farewell.clone()),
            Turn::LectureSince(end) if end.elapsed() >= REACTION => leave(farewell.clone()),
            Turn::LectureSince(_) => {}
            Turn::ProgramSince(_) => {
                thread::sleep(PATIENCE);
                if *turn() == before {
                    // The signal was for this process alone.
                    tell_to_end();
                    thread::sleep(PATIENCE);
                    leave(farewell.clone());
                }
            }
        }
    })
}

/// Ends this program.
fn leave(farewell: impl FnOnce() -> String + Send + 'static) {
    let (done, is_said) = mpsc::channel();
    let say_it = move || {
        say!("\n{}", farewell());
        // Fails only if that took too long.
        let _ = done.send(());
    };
    // While nobody reads what was printed before, it cannot be said; nor without a thread for it.
    if thread::Builder::new().spawn(say_it).is_ok() {
        let _ = is_said.recv_timeout(PATIENCE);
    }
    end_running();
    process::exit(INTERRUPTED.into());
}

fn turn() -> MutexGuard<'static, Turn> {
    TURN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Runs the program of a step in this terminal. One that is played has the terminal for itself; the
/// output of any other is kept. It is asked for its figures if seconds were predicted.
pub fn run(executable: &Path, step: &Step) -> Result<Demonstration> {
    let summary = TemporaryFile::beside(executable, "summary");
    let mut command = Command::new(executable);
    // Its verdicts on sentences of the texts are for those who read them.
    command.args(&step.arguments).env(NO_CLAIMS, "1");
    if step.choices.is_empty() {
        command.arg("--summary").arg(summary.path());
    }
    if !step.is_played {
        command.stdin(Stdio::null()).stdout(Stdio::piped());
        if is_screen() && env::var_os("NO_COLOR").is_none() {
            command.env("CLICOLOR_FORCE", "1");
        }
    }
    *turn() = Turn::ProgramSince(Instant::now());
    let result = lend(|| start(&mut command).and_then(|mut program| wait(&mut program)));
    *turn() = Turn::LectureSince(Instant::now());
    let (status, printed) = result?;
    // One that a signal has ended could not do it.
    if step.is_played && status.code().is_none() {
        leave_screen();
    }
    forget_typed();
    // A game is left by Ctrl-C as well as by its own key.
    let is_left = step.is_played && status.code() == Some(INTERRUPTED.into());
    let figures = Summary::read(summary.path()).ok().filter(|_| status.success());
    let printed = (!step.is_played).then_some(printed);
    Ok(Demonstration { has_ended_well: status.success() || is_left, printed, figures })
}

/// Waits for the end of a program. If it has a pipe to print to, that is printed here and kept, as it
/// comes.
fn wait(program: &mut Child) -> Result<(ExitStatus, String)> {
    let lines = program.stdout.take().map(lines).transpose();
    let lines = lines.inspect_err(|_| drop(program.kill()))?;
    let mut printed = String::new();
    let mut end = None;
    loop {
        let is_all = match lines.as_ref().map(|lines| lines.recv_timeout(POLL_INTERVAL)) {
            Some(Ok(line)) => {
                keep(&line, &mut printed);
                false
            }
            Some(Err(RecvTimeoutError::Timeout)) => false,
            Some(Err(RecvTimeoutError::Disconnected)) | None => {
                thread::sleep(POLL_INTERVAL);
                true
            }
        };
        if end.is_none() {
            end = program.try_wait()?.map(|status| (Instant::now(), status));
        }
        match end {
            // A process that it has left behind may hold its output open.
            Some((end, status)) if is_all || end.elapsed() > LAST_WORDS => {
                return Ok((status, printed));
            }
            // Fails only if it has ended, which is what is wanted.
            None if is_told_to_end() => drop(program.kill()),
            _ => {}
        }
    }
}

/// The lines that a program prints, as they come.
fn lines(output: ChildStdout) -> Result<Receiver<Vec<u8>>> {
    let (sender, lines) = mpsc::sync_channel(100);
    thread::Builder::new()
        .spawn(move || {
            for line in BufReader::new(output).split(b'\n').map_while(Result::ok) {
                if sender.send(line).is_err() {
                    break; // It has ended, and its last words have taken too long.
                }
            }
        })
        .map_err(|_| Error::no_more_threads())?;
    Ok(lines)
}

/// Prints a line of a program and keeps it.
fn keep(line: &[u8], printed: &mut String) {
    let line = String::from_utf8_lossy(line);
    let plain = strip_ansi_codes(&line);
    say!("{line}");
    printed.extend([&*plain, "\n"]);
}
