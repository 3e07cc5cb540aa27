//! The programs that run in the terminal of a lesson.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use basics::error::{Error, Result};
use basics::say;
use console::strip_ansi_codes;
use experiment::NO_CLAIMS;
use lesson::Summary;

use super::terminal::{self, Event, Terminal};
use crate::children::{INTERRUPTED, LAST_WORDS, POLL_INTERVAL, start};
use crate::compare::run::TemporaryFile;
use crate::tty::Kept;

/// How long Ctrl-C, which reaches a program by itself, takes until it has ended it.
const PATIENCE: Duration = Duration::from_secs(2);

/// The variable that tells a game that it is played in a lesson, and the file for what was played.
const IN_LESSON: &str = "IN_LESSON";

/// A run of a program in this terminal.
#[derive(Default)]
pub struct Demonstration {
    /// Whether it came to its end without a failure.
    pub has_ended_well: bool,
    /// Whether a signal wants the lesson to end, too.
    pub is_last: bool,
    /// What it printed, with its colours.
    pub lines: Vec<String>,
    /// What replays the level of a game that was passed last.
    pub replay: Option<String>,
    /// What it measured, if it was asked for that.
    pub figures: Option<Summary>,
}

impl Demonstration {
    /// What it printed, without colours; nothing if that was nothing.
    pub fn printed(&self) -> Option<String> {
        let text = strip_ansi_codes(&self.lines.join("\n")).into_owned();
        (!text.is_empty()).then_some(text)
    }
}

/// How a program is run.
#[derive(Clone, Copy, PartialEq)]
pub enum Mode {
    /// It is played: it has the terminal for itself.
    Played,
    /// Its output is shown and kept.
    Shown,
    /// Its output is shown and kept, and it is asked what it has measured.
    Measured,
}

/// Runs a program in this terminal.
pub fn run(
    executable: &Path,
    arguments: &[String],
    mode: Mode,
    terminal: &mut Terminal,
) -> Result<Demonstration> {
    let summary = TemporaryFile::beside(executable, "summary");
    let mut command = Command::new(executable);
    // Its verdicts on sentences of the texts are for those who read them.
    command.args(arguments).env(NO_CLAIMS, "1");
    if mode == Mode::Measured {
        command.arg("--summary").arg(summary.path());
    }
    let played = TemporaryFile::beside(executable, "played");
    if mode == Mode::Played {
        command.env(IN_LESSON, played.path());
    } else {
        command.stdin(Stdio::null()).stdout(Stdio::piped());
        if terminal::has_colours() {
            command.env("CLICOLOR_FORCE", "1");
        }
    }
    let mut run = Demonstration::default();
    let kept = Kept::now();
    terminal::echo(mode == Mode::Played);
    let mut program = start(&mut command)?;
    let status = wait(&mut program, &mut run, terminal)?;
    drop(kept);
    // One that a signal has ended could not do it.
    if mode == Mode::Played && status.code().is_none() {
        terminal::leave_screen();
    }
    terminal::forget_typed();
    // A game is left by Ctrl-C as well as by its own key.
    let is_left = mode == Mode::Played && status.code() == Some(INTERRUPTED.into());
    run.has_ended_well = status.success() || is_left;
    run.replay = fs::read_to_string(played.path()).ok();
    run.figures = Summary::read(summary.path()).ok().filter(|_| status.success());
    while run.lines.last().is_some_and(|line| line.trim().is_empty()) {
        run.lines.pop();
    }
    Ok(run)
}

/// Waits for the end of a program. If it has a pipe to print to, that is printed here and kept, as it
/// comes.
fn wait(
    program: &mut Child,
    run: &mut Demonstration,
    terminal: &mut Terminal,
) -> Result<ExitStatus> {
    let lines = program.stdout.take().map(lines).transpose();
    let lines = lines.inspect_err(|_| drop(program.kill()))?;
    let (mut end, mut told) = (None, None);
    loop {
        let is_all = match lines.as_ref().map(|lines| lines.recv_timeout(POLL_INTERVAL)) {
            Some(Ok(line)) => {
                keep(&line, &mut run.lines);
                false
            }
            Some(Err(RecvTimeoutError::Timeout)) => false,
            Some(Err(RecvTimeoutError::Disconnected)) | None => {
                thread::sleep(POLL_INTERVAL);
                true
            }
        };
        match terminal.signal()? {
            Some(Event::Interrupt) => told = told.or(Some(Instant::now())),
            Some(Event::Terminate) => run.is_last = true,
            _ => {}
        }
        if end.is_none() {
            end = program.try_wait()?.map(|status| (Instant::now(), status));
        }
        match end {
            // A process that it has left behind may hold its output open.
            Some((end, status)) if is_all || end.elapsed() > LAST_WORDS => return Ok(status),
            // The signal was for this process alone. Fails only if the program has ended.
            None if run.is_last || told.is_some_and(|told| told.elapsed() > PATIENCE) => {
                drop(program.kill());
            }
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
fn keep(line: &[u8], lines: &mut Vec<String>) {
    let line = String::from_utf8_lossy(line).trim_end_matches('\r').to_string();
    // An empty line above what is left out would be the second one.
    if !line.is_empty() || lines.last().is_some_and(|last| !last.is_empty()) {
        say!("{line}");
        lines.push(line);
    }
}
