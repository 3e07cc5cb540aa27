//! `torn_lines`: printing is sharing too.
//!
//! - **Run** `cargo run -p race_condition --example torn_lines`
//! - **See** how many of 8,000 lines arrive broken, and a few that did.
//! - **Why** Standard output has a lock. `println!` takes it once for a whole line. A line printed in
//!   pieces takes it once for each piece, and between two of them another thread may print its own.
//!   Python's `print` writes a text and the end of its line apart, so there plain lines break too.
//! - **Try** running it five times: which rows change, and which never do?
//! - **Next** `lost_update_async` of `io_asyncio`, for a race on a single thread.

use std::collections::HashSet;
use std::io::Write;
use std::process::{Command, Stdio};
use std::sync::Barrier;
use std::{env, panic, process, thread};

use experiment::{Verdict::HoldsDifferently, claim};
use lesson::{Error, Result, room_for_threads, say, thousands};

const THREADS: usize = 8; // numbered from 1
const LINES: usize = 1_000; // by each thread

/// Prints the same word three times, in one of four ways. A word of another thread can be told from
/// it.
fn print_line(way: &str, word: &str) {
    match way {
        "whole" => println!("{word} {word} {word}"),
        "locked" => {
            let mut stdout = std::io::stdout().lock(); // to the end of this block
            for end in [" ", " ", "\n"] {
                // It fails when the reader has gone away, and then there is nobody to tell.
                let _ = write!(stdout, "{word}{end}");
                thread::yield_now();
            }
        }
        _ => {
            for end in [" ", " ", "\n"] {
                // The line that matters: after it the lock is free, with the line half printed.
                print!("{word}{end}");
                if way == "forced" {
                    thread::yield_now();
                }
            }
        }
    }
}

/// The words that a thread prints, one for each line: `1-0001`, `1-0002` and so on.
fn words(thread: usize) -> impl Iterator<Item = String> {
    (1..=LINES).map(move |line| format!("{thread}-{line:04}"))
}

/// Prints the lines of all threads.
fn print_lines(way: &str) -> Result<()> {
    room_for_threads(THREADS)?; // without one of them the others would wait for ever
    let start_line = &Barrier::new(THREADS);
    thread::scope(|scope| {
        for thread in 1..=THREADS {
            scope.spawn(move || {
                start_line.wait();
                words(thread).for_each(|word| print_line(way, &word));
            });
        }
    });
    Ok(())
}

// From here on: what is printed and judged.

/// The first argument of the process that prints; the second is the way to do so.
const PRINTER: &str = "--printer";
const SHOWN: usize = 3; // broken lines to look at
const WIDEST: usize = 70; // columns of a line to look at

/// What came out of the pipe: how many lines are missing, and what came in their place.
struct Output {
    broken: usize,
    others: Vec<String>,
}

/// Starts this program again, to print into a pipe, and reads what comes out of it.
fn read_lines(way: &str) -> Result<Output> {
    let mut printer = Command::new(env::current_exe()?);
    let output = printer.args([PRINTER, way]).stderr(Stdio::inherit()).output()?;
    match output.status.code() {
        Some(0) => {}
        Some(1) => process::exit(1), // it has said why
        _ => return Err(Error::new(format!("The process that prints ended: {}", output.status))),
    }
    let words = (1..=THREADS).flat_map(words);
    let mut missing: HashSet<String> = words.map(|word| format!("{word} {word} {word}")).collect();
    let lines = String::from_utf8_lossy(&output.stdout);
    let others = lines.lines().filter(|line| !missing.remove(*line)).map(String::from).collect();
    Ok(Output { broken: missing.len(), others })
}

/// Reads the lines that are printed in this way, and prints how many are broken.
fn show(way: &str, how: &str) -> Result<Output> {
    let output = read_lines(way)?;
    let [all, broken] = [THREADS * LINES, output.broken].map(|lines| thousands(lines as u64));
    say!("  {how:42}{all:>10}{broken:>10}");
    Ok(output)
}

fn main() -> Result<()> {
    // Before all else, or the process that prints would start another, and so on without end.
    let mut arguments = env::args().skip(1);
    if arguments.next().as_deref() == Some(PRINTER) {
        // `println!` panics when its reader has gone, and then there is nobody to tell.
        panic::set_hook(Box::new(|_| process::exit(2)));
        return print_lines(&arguments.next().unwrap_or_default());
    }

    let lines = thousands(LINES as u64);
    say!(
        "{THREADS} threads print {lines} lines each into one pipe, such as 1-0001 1-0001 1-0001\n"
    );
    say!("  {:42}{:>10}{:>10}", "", "printed", "broken");
    show("chance", "in pieces: print!, print!, println!")?;
    let pieces = show("forced", "in pieces, with a switch between them")?;
    show("locked", "in pieces, with a switch, under one lock")?;
    let whole = show("whole", "whole: println!")?;

    say!("\nSome of the lines that came out of the pipe, in the second row:\n");
    for line in pieces.others.iter().take(SHOWN) {
        say!("  {}", line.chars().take(WIDEST).collect::<String>());
    }
    say!("\nThe cure: print a line at once, or hold the lock until it is whole.");
    let only_pieces_break = whole.broken == 0 && pieces.broken > 0;
    let [all, whole, pieces] =
        [THREADS * LINES, whole.broken, pieces.broken].map(|lines| thousands(lines as u64));
    let numbers = format!("println! broke {whole} of {all} lines, pieces broke {pieces}");
    claim("C52", HoldsDifferently.counted(only_pieces_break), numbers);
    say!("\nQuestion: the lock belongs to one process. Two processes print into one pipe:");
    say!("what keeps their lines whole?");
    Ok(())
}
