//! Lines for people: whole, one at a time, and quiet when the reader goes away.

use std::fmt::Arguments;
use std::io::{self, ErrorKind, Write};
use std::process;
use std::sync::OnceLock;

use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;

use crate::this_process::is_worker;

/// Prints a line on standard output.
///
/// Where `println!` panics when its reader has gone away (`| head`), this ends the program, quietly.
#[macro_export]
macro_rules! say {
    ($($line:tt)*) => { $crate::output::line(format_args!($($line)*)) };
}

/// The bar that `--quiet` shows in place of a line per item.
static BAR: OnceLock<ProgressBar> = OnceLock::new();

/// The character that begins each record of a worker: the mark of JSON text sequences (RFC 7464).
pub(crate) const RS: u8 = 0x1E;

/// Replaces the lines of the items by a bar of so many steps.
pub(crate) fn quiet(steps: u64) {
    let bar = if is_worker() { ProgressBar::hidden() } else { ProgressBar::new(steps) };
    let style = ProgressStyle::with_template("{bar:40} {pos} of {len}, {elapsed}");
    // Only a mistake in the template can fail, and then the built-in style serves.
    let bar = if let Ok(style) = style { bar.with_style(style) } else { bar };
    BAR.get_or_init(|| bar);
}

/// Takes the bar away, for the lines that follow it.
pub(crate) fn end_of_items() {
    if let Some(bar) = BAR.get() {
        bar.finish_and_clear();
    }
}

/// Moves the bar of `--quiet` one step; without `--quiet` nothing happens.
pub(crate) fn step() {
    let Some(bar) = BAR.get() else { return };
    if is_worker() {
        send("step", &());
    } else {
        bar.inc(1);
    }
}

/// Sends a record from a worker process to its parent, on standard output.
pub(crate) fn send(kind: &str, content: &impl Serialize) {
    let content = serde_json::to_string(content).unwrap_or_else(|error| {
        // The parent cannot read this record and says so.
        error.to_string()
    });
    bytes(format!("{}{kind} {content}\n", char::from(RS)).as_bytes());
}

/// Prints a line on standard output: [`say!`](crate::say).
pub fn line(line: Arguments) {
    bytes(format!("{line}\n").as_bytes());
}

/// Prints the line of an item, unless `--quiet` shows a bar instead.
pub fn progress(text: Arguments) {
    if BAR.get().is_none() {
        line(text);
    }
}

/// Writes whole lines to standard output, in one piece.
pub(crate) fn bytes(lines: &[u8]) {
    let mut stdout = io::stdout().lock();
    match stdout.write_all(lines).and_then(|()| stdout.flush()) {
        Ok(()) => {}
        // The reader has all that it wanted.
        Err(error) if error.kind() == ErrorKind::BrokenPipe => process::exit(0),
        Err(error) => {
            warn(format_args!("Cannot write to standard output: {error}"));
            process::exit(1);
        }
    }
}

/// Prints a line on standard error, in one write, so that no other process breaks into it.
pub fn warn(line: Arguments) {
    let print = || {
        // Nowhere is left to report that standard error itself has failed.
        let _ = io::stderr().write_all(format!("{line}\n").as_bytes());
    };
    match BAR.get() {
        Some(bar) => bar.suspend(print),
        None => print(),
    }
}
