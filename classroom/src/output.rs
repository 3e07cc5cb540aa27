//! Lines for people: whole, one at a time, and quiet when the reader goes away.

use std::fmt::Arguments;
use std::io::{self, ErrorKind, Write};
use std::process;
use std::sync::OnceLock;

use indicatif::{ProgressBar, ProgressStyle};

/// Prints a line on standard output.
///
/// Where `println!` panics when its reader has gone away (`| head`), this ends the program, quietly.
#[macro_export]
macro_rules! say {
    ($($line:tt)*) => { $crate::output::line(format_args!($($line)*)) };
}

/// Prints the line of one item, unless `--quiet` shows a bar instead.
#[macro_export]
macro_rules! progress {
    ($($line:tt)*) => { $crate::output::item(format_args!($($line)*)) };
}

/// The bar that `--quiet` shows in place of a line per item.
static BAR: OnceLock<ProgressBar> = OnceLock::new();

/// Replaces the lines of [`progress!`](crate::progress) by a bar of so many steps.
pub(crate) fn quiet(steps: u64) {
    let bar = if cfg!(feature = "pool") && crate::lesson::is_worker() {
        ProgressBar::hidden()
    } else {
        ProgressBar::new(steps)
    };
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
    #[cfg(feature = "pool")]
    if crate::lesson::is_worker() {
        crate::pool::send_step();
        return;
    }
    bar.inc(1);
}

/// Prints a line on standard output: [`say!`](crate::say).
pub fn line(line: Arguments) {
    bytes(format!("{line}\n").as_bytes());
}

/// Prints the line of an item: [`progress!`](crate::progress).
pub fn item(text: Arguments) {
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
