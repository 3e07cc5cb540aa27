//! The terminal of a lesson: what is typed there, and the programs that run in it.

use std::env;
use std::fs;
use std::io::{self, BufRead, BufReader, Write};
use std::path::Path;
use std::process::{self, Command, ExitStatus, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use basics::error::Result;
use basics::say;
use console::{Term, strip_ansi_codes};
use experiment::judged;
use lesson::Summary;

use crate::children::INTERRUPTED;

/// The program that this one runs. Ctrl-C reaches it by itself.
static PROGRAM: Mutex<Program> = Mutex::new(Program::None);

enum Program {
    None,
    Running,
    Ended(Instant),
}

/// How long after the end of a program Ctrl-C was still meant for it.
const REACTION: Duration = Duration::from_secs(3);

/// The lines of a screen, without those around them.
const PAGE: usize = 18;

/// A program that has ended in this terminal.
pub struct Shown {
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
        let is_for_program = match *program() {
            Program::None => false,
            Program::Running => true,
            Program::Ended(at) => at.elapsed() < REACTION,
        };
        if !is_for_program {
            say!("\n{}", farewell());
            process::exit(INTERRUPTED.into());
        }
    })?)
}

fn program() -> MutexGuard<'static, Program> {
    PROGRAM.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Begins an empty screen; elsewhere than in a terminal, an empty line.
pub fn clear() {
    // Where it cannot be cleared, the next lines stand below the others.
    if !Term::stdout().is_term() || Term::stdout().clear_screen().is_err() {
        say!("");
    }
}

/// A line that somebody types; nothing at the end of the input.
pub fn line() -> Result<Option<String>> {
    // If nobody reads it, somebody may still be typing.
    let _ = write!(io::stdout(), "  > ").and_then(|()| io::stdout().flush());
    let mut line = Vec::new();
    let length = io::stdin().lock().read_until(b'\n', &mut line)?;
    if length == 0 {
        say!("");
        return Ok(None);
    }
    Ok(Some(String::from_utf8_lossy(&line).into_owned()))
}

/// Shows two files of the workspace beside each other, or how to look at them.
pub fn diff(files: Option<&[String; 2]>, workspace: &Path) -> Result<()> {
    let Some([before, after]) = files else {
        say!("  This step has no two files to compare.");
        return Ok(());
    };
    let ended = Command::new("diff").args([before, after]).current_dir(workspace).output();
    // It ends with status 1 if the files differ, as they should, and with more if it has failed.
    let Some(ended) = ended.ok().filter(|ended| matches!(ended.status.code(), Some(0 | 1))) else {
        say!("  The program `diff` does not show them. Open both files: {before} and {after}");
        return Ok(());
    };
    let text = String::from_utf8_lossy(&ended.stdout);
    let lines: Vec<&str> = text.lines().collect();
    let mut pages = lines.chunks(if Term::stdout().is_term() { PAGE } else { usize::MAX });
    while let Some(page) = pages.next() {
        for text in page {
            say!("{text}");
        }
        if pages.len() > 0 {
            say!("  Enter: more   quit");
            if line()?.is_none_or(|typed| !typed.trim().is_empty()) {
                break;
            }
        }
    }
    Ok(())
}

/// Runs a program in this terminal. One that is played has the terminal for itself; the output of
/// any other is kept. It is asked for its figures if `is_measured`.
pub fn run(
    executable: &Path,
    arguments: &[String],
    is_played: bool,
    is_measured: bool,
) -> Result<Shown> {
    let figures = env::temp_dir().join(format!("classroom-{}.summary", process::id()));
    let mut command = Command::new(executable);
    command.args(arguments);
    if is_measured {
        // One that a program of the same number has left behind is not this one's.
        let _ = fs::remove_file(&figures);
        command.arg("--summary").arg(&figures);
    }
    *program() = Program::Running;
    let ended = if is_played {
        command.status().map(|status| (status, None))
    } else {
        run_and_keep(&mut command).map(|(status, printed)| (status, Some(printed)))
    };
    *program() = Program::Ended(Instant::now());
    let measured = Summary::read(&figures).ok();
    // A program that was interrupted may not have written it.
    let _ = fs::remove_file(&figures);
    let (status, printed) = ended?;
    forget_typed();
    Ok(Shown {
        // A game is left by Ctrl-C as well as by its own key.
        has_ended_well: status.success()
            || (is_played && status.code() == Some(INTERRUPTED.into())),
        printed,
        figures: measured.filter(|_| is_measured && status.success()),
    })
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

/// Throws away what was typed while a program ran: it was not meant for what comes now. Where that
/// cannot be done, it is obeyed, which is no reason to end a lesson.
pub fn forget_typed() {
    #[cfg(unix)]
    let _ = nix::sys::termios::tcflush(io::stdin(), nix::sys::termios::FlushArg::TCIFLUSH);
}
