//! `torn_lines`: printing is sharing too.
//!
//! - **Run** `cargo run -p race_condition --example torn_lines`
//! - **See** how many of 8,000 lines arrive broken, and a few that did.
//! - **Why** Standard output has a lock. `println!` takes it once for a whole line. A line printed in
//!   pieces takes it once for each piece, and between two of them another thread may print its own.
//!   Python's `print` writes a text and the end of its line apart, so there plain lines break too.
//! - **Try** running it five times: which rows change, and which never do?
//! - **Next** `lost_update_async` of `io_asyncio`, for a race on a single thread.

use std::collections::{HashMap, HashSet};
use std::env;
use std::io::Write;
use std::process::{Command, ExitCode, Stdio};
use std::sync::Barrier;
use std::thread;

use experiment::{Verdict, claim};
use lesson::{Error, Result, say, thousands};

const THREADS: usize = 8; // numbered from 1
const LINES: usize = 1_000; // by each thread
const SHOWN: usize = 3; // broken lines to look at
const WIDEST: usize = 70; // columns of a line to look at

/// The first argument of the process that prints; the second is one of the ways to do so.
const PRINTER: &str = "--printer";

/// The ways to print a line.
const WAYS: [(&str, &str); 4] = [
    ("chance", "in pieces: print!, print!, println!"),
    ("forced", "in pieces, with a switch between them"),
    ("locked", "in pieces, with a switch, under one lock"),
    ("whole", "whole: println!"),
];

/// Prints the same word three times, so that a word of another thread can be told from it.
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

/// Prints the lines of all threads; runs in a process of its own.
fn print_lines(way: &str) {
    let start_line = &Barrier::new(THREADS);
    thread::scope(|scope| {
        for thread in 1..=THREADS {
            scope.spawn(move || {
                start_line.wait();
                words(thread).for_each(|word| print_line(way, &word));
            });
        }
    });
}

/// Starts this program again, to print into a pipe, and returns what comes out of it.
fn read_lines(way: &str) -> Result<String> {
    let mut printer = Command::new(env::current_exe()?);
    let output = printer.args([PRINTER, way]).stderr(Stdio::inherit()).output()?;
    if !output.status.success() {
        return Err(Error::new(format!("The process that prints ended with {}", output.status)));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

fn main() -> Result<ExitCode> {
    // Before all else, or the process that prints would start another, and so on without end.
    let mut arguments = env::args().skip(1);
    if arguments.next().as_deref() == Some(PRINTER) {
        print_lines(&arguments.next().unwrap_or_default());
        return Ok(ExitCode::SUCCESS);
    }

    let expected: HashSet<String> =
        (1..=THREADS).flat_map(words).map(|word| format!("{word} {word} {word}")).collect();
    let lines = thousands(LINES as u64);
    say!(
        "{THREADS} threads print {lines} lines each into one pipe, such as 1-0001 1-0001 1-0001\n"
    );
    say!("  {:42}{:>10}{:>10}", "", "printed", "broken");
    let mut samples: Vec<String> = Vec::new();
    let mut broken_in = HashMap::new();
    let mut status = ExitCode::SUCCESS;
    for (way, how) in WAYS {
        let output = read_lines(way)?;
        // A set, so that a line counts once however often it comes.
        let whole = output.lines().filter(|line| expected.contains(*line)).collect::<HashSet<_>>();
        let broken = expected.len() - whole.len();
        broken_in.insert(way, broken);
        let (printed, torn) = (thousands(expected.len() as u64), thousands(broken as u64));
        say!("  {how:42}{printed:>10}{torn:>10}");
        if way == "forced" {
            let others = output.lines().filter(|line| !expected.contains(*line));
            samples = others.take(SHOWN).map(|line| line.chars().take(WIDEST).collect()).collect();
        } else if way != "chance" && broken > 0 {
            status = ExitCode::FAILURE;
        }
    }
    say!("\nSome of the lines that came out of the pipe, in the second row:\n");
    for line in samples {
        say!("  {line}");
    }
    say!("\nThe cure: print a line at once, or hold the lock until it is whole.");
    let [whole, pieces] = ["whole", "forced"].map(|way| broken_in[way]);
    let verdict = match (whole, pieces) {
        (1.., _) => Verdict::Holds,
        (0, 1..) => Verdict::HoldsDifferently,
        (0, 0) => Verdict::DoesNotHoldHere,
    };
    let [all, whole, pieces] = [expected.len(), whole, pieces].map(|lines| thousands(lines as u64));
    claim("C52", verdict, format!("println! broke {whole} of {all} lines, pieces broke {pieces}"));
    say!("\nQuestion: the lock belongs to one process. Two processes print into one pipe:");
    say!("what keeps their lines whole?");
    Ok(status)
}
