//! The terminal of a lecture, and what is typed there.

use std::env;
use std::io::{self, BufRead, Read, Write};
use std::path::Path;
use std::process::{Command, Output};

use basics::error::{Error, Result};
use basics::say;
use console::Term;
#[cfg(unix)]
use nix::sys::termios::{FlushArg, SetArg, tcflush, tcgetattr, tcsetattr};

use super::answers::{Input, Question};

/// The lines of a screen, without those around them.
const PAGE: usize = 18;

/// No line that is understood is longer, in bytes.
const MOST: u64 = 10_000;

/// Begins an empty screen; elsewhere than in a terminal, an empty line.
pub fn clear() {
    // Where it cannot be cleared, the next lines stand below the others.
    if !is_screen() || Term::stdout().clear_screen().is_err() {
        say!("");
    }
}

/// Whether what is printed goes to a terminal that can be cleared and has colours.
pub fn is_screen() -> bool {
    Term::stdout().is_term() && env::var_os("TERM").is_none_or(|term| term != "dumb")
}

/// Lends the terminal to what `work` runs, and then sets it as it was before: a program that is killed
/// cannot do that.
pub fn lend<T>(work: impl FnOnce() -> T) -> T {
    #[cfg(unix)]
    let before = tcgetattr(io::stdin());
    let result = work();
    // Where it cannot be set, there is no terminal.
    #[cfg(unix)]
    let _ = before.and_then(|before| tcsetattr(io::stdin(), SetArg::TCSANOW, &before));
    result
}

/// Leaves the screen of its own that a program had, and shows the cursor.
pub fn leave_screen() {
    if is_screen() {
        // Fails only if the terminal is gone.
        let _ = Term::stdout().write_str("\x1b[?1049l").and_then(|()| Term::stdout().show_cursor());
    }
}

/// A line that somebody types; nothing at the end of the input.
fn line() -> Result<Option<String>> {
    // If nobody reads it, somebody may still be typing.
    let _ = write!(io::stdout(), "  > ").and_then(|()| io::stdout().flush());
    let mut line = Vec::new();
    let read = io::stdin().lock().take(MOST).read_until(b'\n', &mut line);
    let length = read.map_err(|error| Error::new(format!("Cannot read what is typed: {error}")))?;
    if length == 0 {
        say!("");
        return Ok(None);
    }
    Ok(Some(String::from_utf8_lossy(&line).into_owned()))
}

/// Shows two files of the workspace beside each other, or how to look at them.
pub fn show_diff(files: Option<&[String; 2]>, workspace: &Path) -> Result<()> {
    let Some([before, after]) = files else {
        say!("  This step has no two files to compare.");
        return Ok(());
    };
    let output = Command::new("diff").args([before, after]).current_dir(workspace).output();
    // It ends with status 1 if the files differ, as they should, and with more if it has failed.
    let is_shown = |output: &Output| matches!(output.status.code(), Some(0 | 1));
    let Some(output) = output.ok().filter(is_shown) else {
        say!("  The program `diff` does not show them. Open both files: {before} and {after}");
        return Ok(());
    };
    let text = String::from_utf8_lossy(&output.stdout);
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

/// Reads what is typed. What is not understood is said, and asked for again.
pub fn input(question: Option<&Question>) -> Result<Input> {
    loop {
        let Some(line) = line()? else { return Ok(Input::Quit) };
        match Input::read(&line, question) {
            Ok(input) => return Ok(input),
            Err(how) => say!("  {how}"),
        }
    }
}

/// Throws away what was typed while a program ran: it was not meant for what comes now. Where that
/// cannot be done, it is obeyed, which is no reason to end a lesson.
pub fn forget_typed() {
    #[cfg(unix)]
    let _ = tcflush(io::stdin(), FlushArg::TCIFLUSH);
}
