//! The terminal of a lesson: what is typed there, and the programs that run in it.

use std::env;
use std::fs;
use std::io::{self, BufRead, Read, Write};
use std::path::Path;
use std::process::{self, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use classroom::error::Result;
use classroom::lesson::Summary;
use classroom::say;
use console::{Term, strip_ansi_codes};

/// Whether a program is running, which Ctrl-C reaches by itself.
static RUNNING: AtomicBool = AtomicBool::new(false);

/// The exit status after Ctrl-C: 128 and the number of the signal.
const INTERRUPTED: i32 = 130;

/// A program that has ended in this terminal.
pub struct Shown {
    /// What it printed, if that was looked at.
    pub printed: Option<String>,
    /// What it measured, if it was asked for that.
    pub figures: Option<Summary>,
}

/// Has Ctrl-C end a program that is running, and else this one. It is always between two lines, so
/// the terminal stays whole.
pub fn listen_for_interrupts() -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    thread::Builder::new().spawn(move || {
        runtime.block_on(async {
            while tokio::signal::ctrl_c().await.is_ok() {
                if !RUNNING.load(Ordering::SeqCst) {
                    say!("");
                    process::exit(INTERRUPTED);
                }
            }
        });
    })?;
    Ok(())
}

/// Begins an empty screen; elsewhere than in a terminal, an empty line.
pub fn clear() {
    // Where it cannot be cleared, the next lines stand below the others.
    if !Term::stdout().is_term() || Term::stdout().clear_screen().is_err() {
        say!("");
    }
}

/// Whether so many lines are seen at once, with those around them.
pub fn has_room_for(lines: usize) -> bool {
    // The command above the program's output, and what is typed below.
    const OTHERS: usize = 5;
    Term::stdout().size_checked().is_none_or(|(rows, _)| lines + OTHERS <= rows.into())
}

/// A line that somebody types; nothing at the end of the input.
pub fn line() -> Result<Option<String>> {
    print!("  > ");
    io::stdout().flush()?;
    let mut line = String::new();
    let length = io::stdin().lock().read_line(&mut line)?;
    if length == 0 {
        say!("");
        return Ok(None);
    }
    Ok(Some(line))
}

/// Shows two files of the workspace beside each other, or how to look at them.
pub fn diff(files: Option<&[String; 2]>, workspace: &Path) {
    let Some([before, after]) = files else {
        say!("  This step has no two files to compare.");
        return;
    };
    // It ends with status 1 if the files differ, as they should.
    if Command::new("diff").args([before, after]).current_dir(workspace).status().is_err() {
        say!("  There is no program `diff` here. Open both files: {before} and {after}");
    }
}

/// Runs a program in this terminal. Its output is looked at if `is_read`, and it is asked for its
/// figures if `is_measured`.
pub fn run(
    executable: &Path,
    arguments: &[String],
    is_read: bool,
    is_measured: bool,
) -> Result<Shown> {
    let figures = env::temp_dir().join(format!("classroom-{}.summary", process::id()));
    let mut command = Command::new(executable);
    command.args(arguments);
    if is_measured {
        command.arg("--summary").arg(&figures);
    }
    RUNNING.store(true, Ordering::SeqCst);
    let ended = if is_read {
        run_and_read(&mut command)
    } else {
        command.status().map(|status| (status, None))
    };
    RUNNING.store(false, Ordering::SeqCst);
    let (_, printed) = ended?;
    let measured = if is_measured { Summary::read(&figures).ok() } else { None };
    // A program that was interrupted may not have written it.
    let _ = fs::remove_file(&figures);
    Ok(Shown { printed, figures: measured })
}

/// Runs a program and prints what it prints, as it comes.
fn run_and_read(command: &mut Command) -> io::Result<(ExitStatus, Option<String>)> {
    if Term::stdout().is_term() && env::var_os("NO_COLOR").is_none() {
        command.env("CLICOLOR_FORCE", "1");
    }
    let mut program = command.stdout(Stdio::piped()).spawn()?;
    let mut printed = Vec::new();
    if let Some(mut output) = program.stdout.take() {
        let mut some = [0; 4096];
        while let Ok(length @ 1..) = output.read(&mut some) {
            io::stdout().write_all(&some[..length])?;
            io::stdout().flush()?;
            printed.extend(&some[..length]);
        }
    }
    let printed = strip_ansi_codes(&String::from_utf8_lossy(&printed)).into_owned();
    Ok((program.wait()?, Some(printed)))
}
