//! `two_threads`: text 003's two threads, and what becomes of threads that nobody waits for.
//!
//! - **Run** `cargo run -p cpu_threading --example two_threads`
//! - **See** the lines of the text's program, and how many of its runs lose some of them.
//! - **Why** When `main` returns, a Rust program ends, and so do threads that are not done. Python
//!   waits for them at its end. A scope in Rust waits for every thread that began in it.
//! - **Try** `let thread = …` and `thread.join()` in `not_joined`. How many lines are lost then?
//! - **Next** `two_processes` of `cpu_mp`, the same with processes.

use std::env;
use std::process::Command;
use std::thread;

use experiment::{Verdict, claim};
use lesson::{Error, Result, say};

const NUMBER: u32 = 7;
const THREADS: usize = 2;
const RUNS: u32 = 100; // of each kind

fn add_two(number: u32) {
    say!("Addition: {}", number + 2);
}

fn joined() {
    thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| add_two(NUMBER));
        }
    });
    say!("List processing complete.");
}

fn not_joined() {
    for _ in 0..THREADS {
        // The line that matters: nobody keeps the thread's handle, so nobody can wait for it.
        thread::spawn(|| add_two(NUMBER));
    }
    say!("List processing complete.");
}

// From here on: what is judged.

/// Runs this program again and again: how many runs print no sum, how many one, and how many two.
fn count_lines(how: &str) -> Result<[u32; THREADS + 1]> {
    let mut runs = [0; THREADS + 1];
    for _ in 0..RUNS {
        let run = Command::new(env::current_exe()?).arg(how).output()?;
        if !run.status.success() {
            return Err(Error::new(format!("A run of {how} has failed: {}", run.status)));
        }
        let lines = String::from_utf8_lossy(&run.stdout).matches("Addition: 9").count();
        runs[lines.min(THREADS)] += 1;
    }
    Ok(runs)
}

fn main() -> Result<()> {
    match env::args().nth(1).as_deref() {
        Some("joined") => joined(),
        Some("not_joined") => not_joined(),
        _ => {
            joined();
            let (joined, not_joined) = (count_lines("joined")?, count_lines("not_joined")?);
            say!("\n{:24}{:>8}{:>8}{:>8}\n", "sums printed by a run", "none", "one", "both");
            for (how, [none, one, both]) in [("joined", joined), ("not joined", not_joined)] {
                say!("{how:24}{none:>8}{one:>8}{both:>8}");
            }
            let [.., all] = not_joined;
            say!("");
            let finished = Verdict::Holds.counted(all == RUNS);
            claim("C53", finished, format!("without a join {all} of {RUNS} runs print both sums"));
        }
    }
    Ok(())
}
