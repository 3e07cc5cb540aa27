//! Lines for people: whole, one at a time, and never in the way of the work.
//!
//! The lines of items go to a thread that prints them, so that a slow reader (a paused terminal, a
//! pipe) makes no download late. When the reader has gone away (`| head`), the program ends, unless
//! it has something to finish.

use std::fmt::Arguments;
use std::io::{self, ErrorKind, Write};
use std::process;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use crate::this_process::is_worker;
use crate::words::presentable;

/// Prints a line on standard output, after the lines of all items.
///
/// `println!` would panic when its reader has gone away (`| head`).
#[macro_export]
macro_rules! say {
    ($($line:tt)*) => { $crate::output::line(format_args!($($line)*)) };
}

/// The character that begins each record of a worker: the mark of JSON text sequences (RFC 7464).
pub const RS: u8 = 0x1E;

/// The most that the printing thread writes at once, in bytes.
const CHUNK: usize = 64 * 1024;

/// The bar that `--quiet` shows in place of a line per item.
static BAR: OnceLock<ProgressBar> = OnceLock::new();

/// The way to the thread that prints, if it could be started.
static PRINTER: OnceLock<Option<Sender<ForPrinter>>> = OnceLock::new();

/// Whether the program goes on when the reader of standard output has gone away.
static FINISHES: AtomicBool = AtomicBool::new(false);

/// Whether the reader of standard output has gone away.
static GONE: AtomicBool = AtomicBool::new(false);

/// How long to wait for a reader that cannot take more at the moment.
const PAUSE: Duration = Duration::from_millis(10);

/// What the printing thread is handed.
enum ForPrinter {
    Lines(Vec<u8>),
    /// Asks for an answer when all lines before this have been printed.
    Flush(Sender<()>),
}

/// Sees to it that the lines of all items are printed, at the latest when this is dropped.
pub struct FlushAtEnd;

impl Drop for FlushAtEnd {
    fn drop(&mut self) {
        flush();
    }
}

/// Replaces the lines of the items by a bar of so many steps.
pub fn quiet(steps: u64) {
    let bar = if is_worker() { ProgressBar::hidden() } else { ProgressBar::new(steps) };
    let style = ProgressStyle::with_template("{bar:40} {pos} of {len}, {elapsed}");
    // Only a mistake in the template can fail, and then the built-in style serves.
    let bar = if let Ok(style) = style { bar.with_style(style) } else { bar };
    BAR.get_or_init(|| bar);
}

/// Moves the bar of `--quiet` one step; without `--quiet` nothing happens.
pub fn step() {
    let Some(bar) = BAR.get() else { return };
    if is_worker() {
        record("step", "null");
    } else {
        bar.inc(1);
    }
}

/// Sends a record from a worker process to its parent, on standard output; `content` is JSON.
pub fn record(kind: &str, content: &str) {
    write(format!("{}{kind} {content}\n", char::from(RS)).as_bytes());
}

/// Prints a line on standard output: [`say!`](crate::say).
pub fn line(line: Arguments) {
    // What is said with a bar on the screen is said in its place.
    if let Some(bar) = BAR.get() {
        bar.finish_and_clear();
    }
    flush();
    write(format!("{line}\n").as_bytes());
}

/// Prints the line of an item, unless `--quiet` shows a bar instead.
pub fn progress(line: Arguments) {
    if BAR.get().is_some() {
        return;
    }
    let line = format!("{}\n", presentable(&line.to_string())).into_bytes();
    // The parent always reads what a worker prints.
    if is_worker() { write(&line) } else { print(line) }
}

/// Hands whole lines to the thread that prints; without such a thread they are printed here.
pub fn print(lines: Vec<u8>) {
    let printer = PRINTER.get_or_init(|| {
        let (printer, lines) = mpsc::channel();
        let started = thread::Builder::new().name("printer".into()).spawn(|| print_all(lines));
        started.is_ok().then_some(printer)
    });
    let unsent = match printer {
        Some(printer) => printer.send(ForPrinter::Lines(lines)).err().map(|unsent| unsent.0),
        None => Some(ForPrinter::Lines(lines)),
    };
    if let Some(ForPrinter::Lines(lines)) = unsent {
        write(&lines);
    }
}

/// Prints what comes, many lines at once if many have come.
fn print_all(coming: Receiver<ForPrinter>) {
    while let Ok(first) = coming.recv() {
        let mut lines = Vec::new();
        let mut next = Some(first);
        while let Some(ForPrinter::Lines(more)) = next {
            lines.extend(more);
            next = if lines.len() < CHUNK { coming.try_recv().ok() } else { None };
        }
        write(&lines);
        if let Some(ForPrinter::Flush(done)) = next {
            // The thread that asked is waiting for this.
            let _ = done.send(());
        }
    }
}

/// Waits until the lines of all items have been printed.
fn flush() {
    if let Some(Some(printer)) = PRINTER.get() {
        let (done, wait) = mpsc::channel();
        if printer.send(ForPrinter::Flush(done)).is_ok() {
            // Fails only if the printer has ended, and then nothing is left to wait for.
            let _ = wait.recv();
        }
    }
}

/// Has the program go on to its end when the reader of standard output has gone away: it has a file to
/// save, say.
pub fn finish_without_reader() {
    FINISHES.store(true, Ordering::Relaxed);
}

/// Writes whole lines to standard output, in one piece.
fn write(lines: &[u8]) {
    if GONE.load(Ordering::Relaxed) {
        return;
    }
    match write_patiently(&mut io::stdout().lock(), lines) {
        Ok(()) => {}
        // The reader has all that it wanted; that of a worker is its parent.
        Err(error) if error.kind() == ErrorKind::BrokenPipe => {
            if is_worker() || !FINISHES.load(Ordering::Relaxed) {
                process::exit(0);
            }
            GONE.store(true, Ordering::Relaxed);
        }
        Err(error) => {
            warn(format_args!("Cannot write to standard output: {error}"));
            process::exit(1);
        }
    }
}

/// Writes all of it, also where a program that shares the pipe or the terminal has set it not to block.
fn write_patiently(to: &mut impl Write, mut bytes: &[u8]) -> io::Result<()> {
    loop {
        let written = if bytes.is_empty() { to.flush().map(|()| 0) } else { to.write(bytes) };
        match written {
            Ok(0) if bytes.is_empty() => return Ok(()),
            Ok(0) => return Err(ErrorKind::WriteZero.into()),
            Ok(length) => bytes = &bytes[length..],
            Err(error) if error.kind() == ErrorKind::WouldBlock => thread::sleep(PAUSE),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

/// Prints a line on standard error, in one write, so that no other process breaks into it.
pub fn warn(line: Arguments) {
    let print = || {
        // Nowhere is left to report that standard error itself has failed.
        let _ = write_patiently(&mut io::stderr(), format!("{line}\n").as_bytes());
    };
    match BAR.get() {
        Some(bar) => bar.suspend(print),
        None => print(),
    }
}
