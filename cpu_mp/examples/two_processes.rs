//! `two_processes`: text 003's two processes: one adds, the other subtracts.
//!
//! - **Run** `cargo run -p cpu_mp --example two_processes`
//! - **See** `Addition: 9` and `Subtraction: 5`, in any order.
//! - **Why** Each line comes from a process of its own, so neither waits for the other. Python can
//!   start a process in the middle of a program. Rust starts a program from its beginning: here this
//!   one again, which does one job if it is told one, and otherwise starts the two.
//! - **Try** `child.wait()` inside the first loop: then the order is always the same. Why?
//! - **Next** `primes`, with more work for each process.

use std::env;
use std::process::{self, Command};

use lesson::{Error, Result, say};

const NUMBER: i32 = 7;

fn add_two(number: i32) {
    say!("Addition: {}", number + 2);
}

fn subtract_two(number: i32) {
    say!("Subtraction: {}", number - 2);
}

/// What this program does as one of the two processes.
fn do_job(job: &str) -> Result<()> {
    match job {
        "add_two" => add_two(NUMBER),
        "subtract_two" => subtract_two(NUMBER),
        _ => return Err(Error::new(format!("There is no job {job}; run it without an argument"))),
    }
    Ok(())
}

fn main() -> Result<()> {
    // This comes first, as `if __name__ == "__main__"` in Python: without it each process would start
    // two more.
    if let Some(job) = env::args().nth(1) {
        return do_job(&job);
    }
    let mut children = Vec::new();
    for job in ["add_two", "subtract_two"] {
        // The line that matters: it does not wait, so both run at the same time.
        children.push(Command::new(env::current_exe()?).arg(job).spawn()?);
    }
    let mut ids = Vec::new();
    for mut child in children {
        let status = child.wait()?;
        if !status.success() {
            return Err(Error::new(format!("Process {} has failed: {status}", child.id())));
        }
        ids.push(child.id().to_string());
    }
    say!(
        "\nProcesses {} printed these lines; process {} waited for both.",
        ids.join(" and "),
        process::id()
    );
    Ok(())
}
